//! A compiled program: entry points, what the runtime needs to enter them, and the code's owner.
//!
//! Start at [`Compiled::run`]. A run takes the thread's context, makes words of the arguments, enters the function, and copies the results
//! out; [`Compiled::run_flat`] is the same for functions of scalars, without values. Any number of threads may run at once.

use crate::ahead;
use crate::block::Head;
use crate::checked;
use crate::context::{Context, Lease};
use crate::marshal::{Ownership, Source, Target};
use crate::split::Part;
use crate::stack::{self, Need};
use crate::tables::{Signature, Tables};
use crate::trap::Sites;
use cotangent_core::entity::{Entity, FuncId};
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::Limits;
use cotangent_core::value::{Lent, Val};
use cotangent_lower::abi;
use cotangent_lower::lir::{Function, Program, Stmt};
use std::any::Any;
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// A compiled function: the context, the words of the arguments, room for those of the results; [`abi::OK`] or [`abi::TRAPPED`].
pub type Entry = unsafe extern "C" fn(*mut Context, *const u64, *mut u64) -> u64;

/// A function of scalars that needs neither constants nor more stack than there always is: what a call of it looks at, in one place.
struct Simple {
    entry: Entry,
    /// The words of its parameters and of its results.
    words: (usize, usize),
}

/// A compiled program.
pub struct Compiled {
    tables: Tables,
    sites: Sites,
    entries: Vec<Entry>,
    needs: Vec<Need>,
    /// Functions that needed more stack than there was: they run on a new one at once.
    deep: Vec<AtomicBool>,
    /// Which functions are entered with nothing but a context.
    simple: Vec<Option<Simple>>,
    _code: Box<dyn Any + Send + Sync>,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.tables.signatures.iter().map(|s| &s.name);
        f.debug_list().entries(names).finish()
    }
}

/// How a run ended without results.
enum Failed {
    /// At the context's site, or as told here.
    Trapped(Option<TrapKind>),
    /// There was too little stack. It is to be done again, and will get more.
    Short,
    /// Before or after the program: arguments or results could not be moved.
    Boundary(TrapKind),
}

/// A trap outside the program's text.
fn nowhere(kind: TrapKind, func: &str) -> Trap {
    Trap {
        kind,
        func: func.into(),
        file: String::new(),
        line: 0,
        col: 0,
    }
}

fn confused(func: &str, op: String) -> Trap {
    nowhere(TrapKind::TypeConfusion { op }, func)
}

/// The functions of a program that run ranges of loops.
fn parts(program: &Program, entries: &[Entry], needs: &[Need]) -> Vec<Option<Part>> {
    let mut called = vec![false; entries.len()];
    for f in program.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::Split { func, .. } = s
                    && let Some(c) = called.get_mut(func.index())
                {
                    *c = true;
                }
            });
        }
    }
    let funcs = program.funcs.values().zip(entries).zip(needs);
    let part = |(((f, &entry), need), called): (((&Function, &Entry), &Need), bool)| {
        let args = f.params.len().checked_sub(2).filter(|_| called)?;
        Some(Part {
            entry,
            args,
            sums: f.result_types.clone(),
            need: *need,
        })
    };
    funcs.zip(called).map(part).collect()
}

impl Compiled {
    /// A program with its compiled functions, in the order of the program, and what keeps their code alive.
    ///
    /// # Safety
    /// Each entry is the program's function of that number, compiled to [`Entry`]'s convention and to what [`cotangent_lower::abi`] says; it
    /// stays callable, from any thread, until `code` is dropped.
    pub unsafe fn new(
        program: &Program,
        entries: Vec<Entry>,
        code: Box<dyn Any + Send + Sync>,
    ) -> Compiled {
        assert_eq!(entries.len(), program.funcs.len(), "an entry per function");
        let (mut tables, needs) = (Tables::new(program), stack::needs(program));
        tables.parts = parts(program, &entries, &needs);
        tables.calls = ahead::calls(program, &entries, &needs);
        let simple = |((s, need), &entry): ((&Signature, &Need), &Entry)| {
            let simple = s.flat && need.is_little() && program.consts.is_empty();
            let words = s.words;
            simple.then_some(Simple { entry, words })
        };
        let all = tables.signatures.iter().zip(&needs).zip(&entries);
        Compiled {
            simple: all.map(simple).collect(),
            tables,
            sites: Sites::new(program),
            needs,
            deep: entries.iter().map(|_| AtomicBool::new(false)).collect(),
            entries,
            _code: code,
        }
    }
    /// Runs a function. The arguments' arrays are used where they are, and copied only if the program stores into them.
    ///
    /// # Errors
    /// The [`Trap`] that ended it; [`TrapKind::TypeConfusion`] if the arguments do not suit the function.
    pub fn run(&self, func: FuncId, args: &[Val], limits: &Limits) -> Result<Vec<Val>, Trap> {
        let s = self.signature(func, args.len())?;
        for (i, (v, (ty, _))) in args.iter().zip(&s.params).enumerate() {
            if !v.is_of(ty) {
                return Err(confused(
                    &s.name,
                    format!("{}: argument {i} of type {ty}", s.name),
                ));
            }
        }
        self.run_with(func, s, limits, |cx, to| {
            for (v, (_, plan)) in args.iter().zip(&s.params) {
                // SAFETY: there is room for the words of all parameters; `args` outlives the run.
                unsafe { plan.lower(v, cx, to, Ownership::Lent) }?;
            }
            Ok(())
        })
    }
    /// As [`run`](Self::run), on arguments whose elements may be anywhere.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_lent(
        &self,
        func: FuncId,
        args: &[Lent<'_>],
        limits: &Limits,
    ) -> Result<Vec<Val>, Trap> {
        let s = self.signature(func, args.len())?;
        for (i, (v, (ty, _))) in args.iter().zip(&s.params).enumerate() {
            if !v.is_of(ty) {
                return Err(confused(
                    &s.name,
                    format!("{}: argument {i} of type {ty}", s.name),
                ));
            }
        }
        self.run_with(func, s, limits, |cx, to| {
            for (v, (_, plan)) in args.iter().zip(&s.params) {
                // SAFETY: there is room for the words of all parameters; `args` and what it lends outlive the run.
                unsafe { plan.lower_lent(v, cx, to) }?;
            }
            Ok(())
        })
    }
    /// Runs a function whose parameters and results are scalars, or records of such, on their words in order; nothing is allocated. `None`,
    /// and nothing has been run, if the function is another or the lengths do not agree with it.
    ///
    /// # Errors
    /// The [`Trap`] that ended it.
    pub fn run_flat(
        &self,
        func: FuncId,
        args: &[u64],
        results: &mut [u64],
        limits: &Limits,
    ) -> Option<Result<(), Trap>> {
        let simple = self.simple.get(func.index())?;
        let (Some(simple), false) = (simple, checked::is_on()) else {
            return self.run_flat_fully(func, args, results, limits);
        };
        if simple.words != (args.len(), results.len()) {
            return None;
        }
        let mut lease = Lease::take();
        let cx = lease.get();
        cx.start(&self.tables, limits);
        cx.consts = ptr::null();
        // SAFETY: the entry is the function's, which uses no constants; the lengths are those of the function's words; its frames and those of
        // what it calls are little.
        let outcome =
            unsafe { (simple.entry)(lease.as_ptr(), args.as_ptr(), results.as_mut_ptr()) };
        if outcome == abi::OK {
            return Some(Ok(()));
        }
        let s = &self.tables.signatures[func.index()];
        lease.get().end_ahead();
        let failed = Failed::Trapped(lease.get().trap.take());
        Some(Err(self.trap(&mut lease, s, failed, limits)))
    }
    /// As [`run_flat`](Self::run_flat), whatever the function needs.
    #[cold]
    fn run_flat_fully(
        &self,
        func: FuncId,
        args: &[u64],
        results: &mut [u64],
        limits: &Limits,
    ) -> Option<Result<(), Trap>> {
        let s = self.tables.signatures.get(func.index())?;
        if !s.flat || s.words != (args.len(), results.len()) {
            return None;
        }
        let mut lease = Lease::take();
        let mut outcome = Err(Failed::Short);
        while matches!(outcome, Err(Failed::Short)) {
            if checked::is_on() {
                lease.get().heap.checked = Some(Box::default());
            }
            // SAFETY: the lengths are those of the function's words.
            outcome = unsafe {
                self.enter(
                    func.index(),
                    &mut lease,
                    args.as_ptr(),
                    results.as_mut_ptr(),
                    limits,
                )
            };
            if outcome.is_ok() {
                outcome = self.check_memory(&mut lease, s, results);
            }
        }
        Some(outcome.map_err(|e| self.trap(&mut lease, s, e, limits)))
    }

    fn signature(&self, func: FuncId, args: usize) -> Result<&Signature, Trap> {
        let Some(s) = self.tables.signatures.get(func.index()) else {
            return Err(confused(&func.to_string(), String::from("run")));
        };
        if s.params.len() != args {
            let (name, want) = (&s.name, s.params.len());
            let op = format!("{name}: takes {want} argument(s), got {args}");
            return Err(confused(name, op));
        }
        Ok(s)
    }
    /// Runs a function on what `put` writes; checks are done.
    fn run_with(
        &self,
        func: FuncId,
        s: &Signature,
        limits: &Limits,
        put: impl Fn(&mut Context, &mut Target<'_>) -> Result<(), TrapKind>,
    ) -> Result<Vec<Val>, Trap> {
        let mut lease = Lease::take();
        let mut words = std::mem::take(&mut lease.get().words);
        words.clear();
        words.resize(s.words.0 + s.words.1, 0);
        let (args, results) = words.split_at_mut(s.words.0);
        let mut outcome = Err(Failed::Short);
        while matches!(outcome, Err(Failed::Short)) {
            // Blocks of a run that is done again are dead.
            lease.get().heap.reset();
            if checked::is_on() {
                lease.get().heap.checked = Some(Box::default());
            }
            let put = put(lease.get(), &mut Target::words(args.as_mut_ptr()));
            outcome = put.map_err(Failed::Boundary).and_then(|()| {
                // SAFETY: `words` has the function's words, and `put` has written those of the arguments.
                unsafe {
                    self.enter(
                        func.index(),
                        &mut lease,
                        args.as_ptr(),
                        results.as_mut_ptr(),
                        limits,
                    )
                }
            });
        }
        let outcome = outcome.and_then(|()| {
            self.check_memory(&mut lease, s, results)?;
            let mut from = Source::words(results.as_ptr());
            let mut out = Vec::with_capacity(s.results.len());
            for plan in &s.results {
                let heap = &mut lease.get().heap;
                // SAFETY: the function has written the words of its results, and has ended.
                let v = unsafe { plan.lift(&mut from, Some(heap)) };
                out.push(v.map_err(Failed::Boundary)?);
            }
            Ok(out)
        });
        lease.get().words = words;
        outcome.map_err(|e| self.trap(&mut lease, s, e, limits))
    }
    /// Enters a function, on a stack that suffices as far as is known.
    ///
    /// # Safety
    /// `args` points to the words of the function's arguments, whose blocks are the context's, `results` to room for those of its results.
    #[inline]
    unsafe fn enter(
        &self,
        func: usize,
        lease: &mut Lease,
        args: *const u64,
        results: *mut u64,
        limits: &Limits,
    ) -> Result<(), Failed> {
        let constants = self.tables.constants.lend().map_err(Failed::Boundary)?;
        let blocks = constants.as_ref().map_or(ptr::null(), |c| c.blocks());
        let entry = self.entries[func];
        let deep = self.deep[func].load(Ordering::Relaxed);
        let outcome = self.needs[func].run_lightly(limits, deep, |stack| {
            let cx = lease.get();
            cx.start(&self.tables, limits);
            cx.stack = stack as u64;
            cx.consts = blocks;
            // SAFETY: the entry is the function's; arguments and results are the caller's promise.
            unsafe { entry(lease.as_ptr(), args, results) }
        });
        lease.get().end_ahead();
        self.tables.constants.give_back(constants);
        match outcome {
            Some(abi::OK) => Ok(()),
            Some(_) if !deep && self.short_of_stack(lease.get()) => {
                self.deep[func].store(true, Ordering::Relaxed);
                Err(Failed::Short)
            }
            Some(_) => Err(Failed::Trapped(lease.get().trap.take())),
            None => Err(Failed::Boundary(TrapKind::RecursionLimit {
                limit: limits.depth,
            })),
        }
    }
    /// While the check is on: whether the program counted references right.
    fn check_memory(
        &self,
        lease: &mut Lease,
        s: &Signature,
        results: &[u64],
    ) -> Result<(), Failed> {
        let Some(c) = &lease.get().heap.checked else {
            return Ok(());
        };
        let block = |&k: &usize| ptr::with_exposed_provenance_mut(results[k] as usize);
        let blocks: Vec<*mut Head> = s.blocks.iter().map(block).collect();
        // SAFETY: the function has written its results, and has ended.
        let ends = unsafe { c.ends(&self.tables, &blocks) };
        ends.map_err(|e| {
            let op = format!("memory: {e}");
            Failed::Boundary(TrapKind::TypeConfusion { op })
        })
    }
    /// Whether the program trapped because the stack, not the depth of calls, was used up.
    fn short_of_stack(&self, cx: &Context) -> bool {
        cx.trap.is_none() && cx.depth > 0 && self.sites.is_recursion(cx.site)
    }
    /// What a failure is called.
    #[cold]
    fn trap(&self, lease: &mut Lease, s: &Signature, e: Failed, limits: &Limits) -> Trap {
        let cx = lease.get();
        match e {
            Failed::Trapped(kind) => self.sites.trap(cx.site, &cx.numbers, kind, limits, &s.name),
            Failed::Boundary(kind) => nowhere(kind, &s.name),
            Failed::Short => {
                let limit = limits.depth;
                nowhere(TrapKind::RecursionLimit { limit }, &s.name)
            }
        }
    }
}
