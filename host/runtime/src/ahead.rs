//! Calls of a loop made ahead of their turn, several at once: the callback behind [`Stmt::Ahead`].
//!
//! The loop asks for the results of one index after the other. When those of an index are not there yet, they are computed for a *window* of
//! indices from it on, by the threads of a pool; so at most a window of results is kept. Each call has a context of its own, which
//! lives until the loop asks for the next index: results stay where the call has put them. Arrays among the arguments are seen under heads
//! of the call's own, so no two threads change the same count.
//!
//! What is computed does not depend on the window, so neither do results depend on the number of threads. A trap is kept with its index and
//! told when the loop comes to it.

use crate::block::Head;
use crate::checked;
use crate::compiled::Entry;
use crate::constants::Blocks;
use crate::context::{Context, Lease};
use crate::stack::{self, Entry as Where, Need};
use crate::tables::{Signature, Tables};
use crate::threads;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::Limits;
use cotangent_lower::abi::{self, IMMORTAL};
use cotangent_lower::lir::{Program, Stmt};
use std::collections::VecDeque;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// A function that is called ahead.
#[derive(Debug)]
pub(crate) struct Called {
    entry: Entry,
    need: Need,
}

/// The functions of a program that are called ahead, by number.
pub(crate) fn calls(program: &Program, entries: &[Entry], needs: &[Need]) -> Vec<Option<Called>> {
    let mut called: Vec<Option<Called>> = entries.iter().map(|_| None).collect();
    for f in program.funcs.values() {
        for s in &f.body {
            s.visit(&mut |s| {
                if let Stmt::Ahead { func, .. } = s
                    && let (Some(&entry), Some(need)) =
                        (entries.get(func.0 as usize), needs.get(func.0 as usize))
                {
                    called[func.0 as usize] = Some(Called { entry, need: *need });
                }
            });
        }
    }
    called
}

/// Calls in a window, for each thread: many, as threads are slow to wake up and each window waits for its last call.
const TIMES: usize = 32;

/// A call that was made.
#[derive(Debug)]
struct Row {
    /// Its context, in which its results are.
    lease: Lease,
    constants: Option<Box<Blocks>>,
    /// The words of its arguments, then those of its results.
    words: Vec<u64>,
    /// How it ended.
    status: u64,
}
// SAFETY: a row owns its context and its constants, and one thread at a time uses it.
unsafe impl Send for Row {}

/// A loop whose calls are made ahead.
#[derive(Debug)]
pub(crate) struct Group {
    func: u64,
    hi: u64,
    /// The next index that will be asked for.
    next: u64,
    /// The call whose results were given last.
    current: Option<Row>,
    /// Those made for later indices, in order.
    rows: VecDeque<Row>,
}

impl Group {
    /// Ends all calls. Their contexts are kept.
    pub(crate) fn end(mut self, spare: &mut Vec<Lease>) {
        for row in self.current.take().into_iter().chain(self.rows.drain(..)) {
            keep(row, spare);
        }
    }
}

/// Keeps the context of a call whose results are not needed any more.
fn keep(mut row: Row, spare: &mut Vec<Lease>) {
    row.lease.get().heap.reset();
    spare.push(row.lease);
}

/// # Safety
/// `ctx` is the running context; `func` a function of its program that is called ahead, `args` points to the words of its arguments, which
/// are those of all indices from `index` to `hi` but for the first, and whose blocks live as long as the loop; `results` to room for the
/// words of its results. What was given for the index before is not used any more.
pub(crate) unsafe extern "C" fn ahead(
    ctx: *mut Context,
    func: u64,
    index: u64,
    hi: u64,
    args: *const u64,
    results: *mut u64,
) -> u64 {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    let at = func as usize;
    let (Some(Some(called)), Some(s)) = (tables.calls.get(at), tables.signatures.get(at)) else {
        return confused(cx);
    };
    let goes_on = |g: &Group| g.func == func && g.hi == hi && g.next == index;
    if !cx.ahead.as_deref().is_some_and(goes_on) {
        cx.end_ahead();
    }
    let mut group = cx.ahead.take().unwrap_or_else(|| {
        Box::new(Group {
            func,
            hi,
            next: index,
            current: None,
            rows: VecDeque::new(),
        })
    });
    if let Some(mut row) = group.current.take() {
        tables.constants.give_back(row.constants.take());
        keep(row, &mut cx.spare);
    }
    if group.rows.is_empty() {
        // SAFETY: the caller's promise.
        let args = unsafe { std::slice::from_raw_parts(args, s.words.0) };
        let rows = window(cx, tables, called, s, index..hi, args);
        group.rows.extend(rows);
    }
    let Some(mut row) = group.rows.pop_front() else {
        return confused(cx);
    };
    let status = row.status;
    if status == abi::OK {
        // SAFETY: a row has the words of the results after those of the arguments; the caller's promise for the room.
        unsafe { ptr::copy_nonoverlapping(row.words[s.words.0..].as_ptr(), results, s.words.1) };
    } else {
        let own = row.lease.get();
        (cx.site, cx.numbers, cx.trap) = (own.site, own.numbers, own.trap.take());
    }
    group.next = index.wrapping_add(1);
    group.current = Some(row);
    cx.ahead = Some(group);
    status
}

fn confused(cx: &mut Context) -> u64 {
    cx.trap = Some(TrapKind::TypeConfusion {
        op: String::from("a call ahead of its turn"),
    });
    abi::TRAPPED
}

/// Makes the calls for the first of the indices: at least for one.
fn window(
    cx: &mut Context,
    tables: &Tables,
    called: &Called,
    s: &Signature,
    indices: std::ops::Range<u64>,
    args: &[u64],
) -> Vec<Row> {
    let threads = cx.limits.threads;
    let several = match threads::count(threads) {
        1 => 1,
        n => n * TIMES,
    };
    let left = indices.end.saturating_sub(indices.start).max(1);
    let n = usize::try_from(left).unwrap_or(several).min(several);
    let rows: Vec<Mutex<Row>> = (0..n as u64)
        .map(|k| {
            let mut words = args.to_vec();
            words.resize(s.words.0 + s.words.1, 0);
            words[0] = indices.start.wrapping_add(k);
            Mutex::new(Row {
                lease: cx.spare.pop().unwrap_or_else(Lease::another),
                constants: None,
                words,
                status: abi::TRAPPED,
            })
        })
        .collect();
    let limits = cx.limits;
    threads::each(threads, n, |k| {
        let mut row = rows[k].lock().unwrap_or_else(PoisonError::into_inner);
        row.call(tables, called, s, &limits);
    });
    rows.into_iter()
        .map(|r| r.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

impl Row {
    fn call(&mut self, tables: &Tables, called: &Called, s: &Signature, limits: &Limits) {
        let cx = self.lease.get();
        cx.start(tables, limits);
        if checked::is_on() {
            cx.heap.checked = Some(Box::default());
        }
        if let Err(trap) = self.prepare(tables, s) {
            self.lease.get().trap = Some(trap);
            return;
        }
        let (args, results) = self.words.split_at_mut(s.words.0);
        let lease = &mut self.lease;
        let mut call = |stack: usize| {
            lease.get().stack = stack as u64;
            // SAFETY: the entry is the function's; the words are those of its arguments, whose blocks are the context's own or null, and room for
            // those of its results.
            unsafe { (called.entry)(lease.as_ptr(), args.as_ptr(), results.as_mut_ptr()) }
        };
        // A function that calls itself has a stack of its own: how much of this one is left differs from thread to thread.
        let outcome = match called.need.entry(limits, called.need.is_recursive()) {
            Where::Here(stack) => Some(call(stack)),
            Where::Grow(bytes, zone) => stack::on_new(bytes, zone, call),
        };
        let Some(status) = outcome else {
            let limit = limits.depth;
            self.lease.get().trap = Some(TrapKind::RecursionLimit { limit });
            return;
        };
        self.status = status;
        if self.status != abi::OK {
            return;
        }
        let blocks: Vec<*mut Head> = s
            .blocks
            .iter()
            .map(|&k| ptr::with_exposed_provenance_mut(results[k] as usize))
            .collect();
        if let Some(c) = &self.lease.get().heap.checked {
            // SAFETY: the function has written its results, and has ended.
            if let Err(e) = unsafe { c.ends(tables, &blocks) } {
                let op = format!("memory: {e}");
                self.lease.get().trap = Some(TrapKind::TypeConfusion { op });
                self.status = abi::TRAPPED;
                return;
            }
        }
        for block in blocks {
            if !block.is_null() {
                // SAFETY: a block of the function's results, which lives as long as its context; nobody else uses it. Immortal, so that
                // giving up references to it does not free it.
                unsafe { (*block).count = IMMORTAL };
            }
        }
    }
    /// Arrays of the caller under heads of the context's own; constants.
    fn prepare(&mut self, tables: &Tables, s: &Signature) -> Result<(), TrapKind> {
        self.constants = tables.constants.lend()?;
        let cx = self.lease.get();
        cx.consts = self.constants.as_ref().map_or(ptr::null(), |c| c.blocks());
        for &k in &s.taken {
            let theirs: *const Head = ptr::with_exposed_provenance(self.words[k] as usize);
            if theirs.is_null() {
                continue;
            }
            // SAFETY: the caller's block, which lives as long as the loop; its layout never changes.
            let layout = unsafe { (&raw const (*theirs).layout).read() };
            let own = cx.try_alloc(0, layout)?;
            // SAFETY: a new block.
            unsafe { (*own).count = IMMORTAL };
            self.words[k] = own.expose_provenance() as u64;
        }
        Ok(())
    }
}
