//! Calls of a loop made ahead of their turn, several at once: the callback behind [`Stmt::Ahead`].
//!
//! The loop asks for the results of one index after the other. Whoever has time takes the next call that nobody has taken: the threads that
//! were summoned, and the loop's own thread whenever the results it asks for are not there yet. So nobody waits for a window of
//! calls, and the loop's thread sleeps only if all calls that may be made are others'. At most a window of results is kept. Each call
//! has a context of its own, which lives until the loop asks for the next index: results stay where the call has put them. Arrays
//! among the arguments are seen under heads of the call's own, so no two threads change the same count.
//!
//! What is computed does not depend on who computes it, so neither do results depend on the number of threads. A trap is kept with its index
//! and told when the loop comes to it; then the run ends, and with it all calls ([`Context::end_ahead`]).

use crate::block::Head;
use crate::checked;
use crate::compiled::Entry;
use crate::constants::Blocks;
use crate::context::{Context, Lease};
use crate::stack::Need;
use crate::tables::{Signature, Tables};
use crate::threads::{Lookout, Team, Waiter, Work, lock};
use cotangent_core::error::TrapKind;
use cotangent_core::interp::Limits;
use cotangent_lower::abi::{self, IMMORTAL};
use cotangent_lower::lir::{Program, Stmt};
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

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

/// Calls in a window, for each thread: enough that one who is held up does not soon hold up the others.
const WINDOW: usize = 16;

/// A call, made or to be made.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its context, in which its results are.
    lease: Lease,
    constants: Option<Box<Blocks>>,
    /// The words of its arguments, then those of its results.
    words: Vec<u64>,
    /// How it ended.
    status: u64,
    /// Who makes it: see [`Spare`].
    by: usize,
}
// SAFETY: a row owns its context and its constants, and one thread at a time uses it.
unsafe impl Send for Row {}

/// Rows of calls that ended, kept for the next: those of each thread, so that memory stays near it.
pub(crate) type Spare = Mutex<Vec<Vec<Row>>>;

/// Where a call is put when it was made.
#[derive(Default)]
struct Slot {
    row: Mutex<Option<Row>>,
    /// Whether it is there.
    made: AtomicBool,
}

/// The calls of a loop, as all threads see them: counted from the first that was asked for.
struct Calls {
    tables: *const Tables,
    func: usize,
    limits: Limits,
    /// The words of the arguments of the first call, and the layouts of those that are blocks.
    args: Vec<u64>,
    layouts: Vec<(usize, u32)>,
    count: u64,
    /// The first call that nobody has taken; `count` if no more are to be made.
    next: AtomicU64,
    /// Those below may be made: there are slots for them. At most `count`.
    room: AtomicU64,
    /// For each call the slot of its number modulo the window.
    slots: Vec<Slot>,
    spare: Arc<Spare>,
    /// How many were summoned and have not left.
    helpers: AtomicUsize,
    waiter: Waiter,
}
// SAFETY: the tables, and the blocks among the arguments, live until the loop's thread has ended the calls; the tables and what is in those
// blocks are only read meanwhile. Everything else is made for several threads.
unsafe impl Send for Calls {}
// SAFETY: as above.
unsafe impl Sync for Calls {}

impl Calls {
    fn slot(&self, k: u64) -> &Slot {
        &self.slots[(k % self.slots.len() as u64) as usize]
    }
    /// Takes the next call and makes it; whether there was one.
    fn make_next(&self) -> bool {
        let free = |k: u64| (k < self.room.load(Ordering::Acquire)).then_some(k + 1);
        let taken = self
            .next
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, free);
        let Ok(k) = taken else {
            return false;
        };
        let mut row = self.row();
        row.call(self, k);
        let slot = self.slot(k);
        *lock(&slot.row) = Some(row);
        slot.made.store(true, Ordering::Release);
        self.waiter.wake();
        true
    }
    /// A row for a call of this thread.
    fn row(&self) -> Row {
        let by = rayon::current_thread_index().map_or(0, |t| t + 1);
        let mut spare = lock(&self.spare);
        if spare.len() <= by {
            spare.resize_with(by + 1, Vec::new);
        }
        spare[by].pop().unwrap_or_else(|| Row {
            lease: Lease::another(),
            constants: None,
            words: Vec::new(),
            status: abi::TRAPPED,
            by,
        })
    }
    /// Keeps a row whose results are not needed any more.
    fn keep(&self, mut row: Row, tables: &Tables) {
        tables.constants.give_back(row.constants.take());
        row.lease.get().heap.reset();
        lock(&self.spare)[row.by].push(row);
    }
}

impl Work for Calls {
    fn help(&self) {
        let mut lookout = Lookout::new();
        loop {
            if self.make_next() {
                lookout = Lookout::new();
            } else if self.next.load(Ordering::Relaxed) >= self.count || !lookout.again() {
                break;
            }
        }
        self.helpers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A loop whose calls are made ahead.
pub(crate) struct Group {
    calls: Arc<Calls>,
    team: Team,
    func: u64,
    hi: u64,
    /// The first index, and the next one that will be asked for.
    first: u64,
    next: u64,
    /// The call whose results were given last.
    current: Option<Row>,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Group { func, next, hi, .. } = self;
        write!(f, "calls of {func} for {next}..{hi}")
    }
}

impl Group {
    /// # Safety
    /// As [`ahead`].
    unsafe fn new(
        cx: &mut Context,
        s: &Signature,
        func: u64,
        (index, hi): (u64, u64),
        args: *const u64,
    ) -> Group {
        // SAFETY: the caller's promise.
        let args = unsafe { std::slice::from_raw_parts(args, s.words.0) }.to_vec();
        let layout = |&k: &usize| {
            let block: *const Head = ptr::with_exposed_provenance(args[k] as usize);
            // SAFETY: the caller's block, which lives as long as the loop; its layout never changes.
            (!block.is_null()).then(|| (k, unsafe { (&raw const (*block).layout).read() }))
        };
        let team = Team::of(cx.limits.threads);
        let count = hi.wrapping_sub(index).max(1);
        let window = match team.threads() {
            1 => 1,
            n => (n * WINDOW).min(usize::try_from(count).unwrap_or(usize::MAX)),
        };
        let calls = Calls {
            tables: cx.tables,
            func: func as usize,
            limits: cx.limits,
            layouts: s.taken.iter().filter_map(layout).collect(),
            args,
            count,
            next: AtomicU64::new(0),
            room: AtomicU64::new(0),
            slots: std::iter::repeat_with(Slot::default).take(window).collect(),
            spare: cx.spare.clone(),
            helpers: AtomicUsize::new(0),
            waiter: Waiter::new(),
        };
        Group {
            calls: Arc::new(calls),
            team,
            func,
            hi,
            first: index,
            next: index,
            current: None,
        }
    }
    /// The call for the next index; that of the one before has ended.
    fn advance(&mut self, tables: &Tables) -> Option<&mut Row> {
        if let Some(row) = self.current.take() {
            self.calls.keep(row, tables);
        }
        let calls = &self.calls;
        let k = self.next.wrapping_sub(self.first);
        self.next = self.next.wrapping_add(1);
        let room = k.saturating_add(calls.slots.len() as u64).min(calls.count);
        calls.room.store(room, Ordering::Release);
        let slot = calls.slot(k);
        let made = || slot.made.load(Ordering::Acquire);
        // One call of those that may be made is this thread's.
        let open = || room.saturating_sub(calls.next.load(Ordering::Relaxed).max(k) + 1);
        let helpers = || calls.helpers.load(Ordering::Relaxed);
        while (helpers() as u64) < open().min(self.team.threads() as u64 - 1) {
            calls.helpers.fetch_add(1, Ordering::Relaxed);
            if !self.team.summon(calls.clone()) {
                calls.helpers.fetch_sub(1, Ordering::Relaxed);
                break;
            }
        }
        while !made() {
            if !calls.make_next() {
                calls.waiter.wait(made);
            }
        }
        slot.made.store(false, Ordering::Relaxed);
        self.current = lock(&slot.row).take();
        self.current.as_mut()
    }
    /// Ends all calls.
    pub(crate) fn end(mut self) {
        let calls = &self.calls;
        // SAFETY: they live until this function has ended.
        let tables = unsafe { &*calls.tables };
        let taken = calls.next.swap(calls.count, Ordering::Relaxed);
        for k in self.next.wrapping_sub(self.first)..taken {
            let slot = calls.slot(k);
            calls.waiter.wait(|| slot.made.load(Ordering::Acquire));
            if let Some(row) = lock(&slot.row).take() {
                calls.keep(row, tables);
            }
        }
        if let Some(row) = self.current.take() {
            calls.keep(row, tables);
        }
    }
}

/// # Safety
/// `ctx` is the running context; `func` a function of its program that is called ahead, `args` points to the words of its arguments, which
/// are those of all indices from `index` to `hi` but for the first, and whose blocks live, unchanged but for their counts, as long as the
/// loop; `results` to room for the words of its results. What was given for the index before is not used any more.
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
    let (Some(Some(_)), Some(s)) = (tables.calls.get(at), tables.signatures.get(at)) else {
        return confused(cx);
    };
    let goes_on = |g: &Group| g.func == func && g.hi == hi && g.next == index;
    if !cx.ahead.as_deref().is_some_and(goes_on) {
        cx.end_ahead();
    }
    let mut group = cx.ahead.take().unwrap_or_else(|| {
        // SAFETY: the caller's promise.
        Box::new(unsafe { Group::new(cx, s, func, (index, hi), args) })
    });
    let Some(row) = group.advance(tables) else {
        cx.ahead = Some(group);
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
    cx.ahead = Some(group);
    status
}

fn confused(cx: &mut Context) -> u64 {
    cx.trap = Some(TrapKind::TypeConfusion {
        op: String::from("a call ahead of its turn"),
    });
    abi::TRAPPED
}

impl Row {
    /// Makes a call.
    fn call(&mut self, calls: &Calls, k: u64) {
        // SAFETY: alive until all calls that were taken are made.
        let tables = unsafe { &*calls.tables };
        self.status = abi::TRAPPED;
        let (Some(Some(called)), Some(s)) = (
            tables.calls.get(calls.func),
            tables.signatures.get(calls.func),
        ) else {
            return;
        };
        self.words.clear();
        self.words.extend_from_slice(&calls.args);
        self.words[0] = calls.args[0].wrapping_add(k);
        self.words.resize(s.words.0 + s.words.1, 0);
        let cx = self.lease.get();
        cx.start(tables, &calls.limits);
        if checked::is_on() {
            cx.heap.checked = Some(Box::default());
        }
        if let Err(trap) = self.prepare(tables, &calls.layouts) {
            self.lease.get().trap = Some(trap);
            return;
        }
        let (args, results) = self.words.split_at_mut(s.words.0);
        let lease = &mut self.lease;
        // A function that calls itself has a stack of its own: how much of this one is left differs from thread to thread.
        let deep = called.need.is_recursive();
        let outcome = called.need.run(&calls.limits, deep, |stack| {
            lease.get().stack = stack as u64;
            // SAFETY: the entry is the function's; the words are those of its arguments, whose blocks are the context's own or null, and room for
            // those of its results.
            unsafe { (called.entry)(lease.as_ptr(), args.as_ptr(), results.as_mut_ptr()) }
        });
        self.lease.get().end_ahead();
        let Some(status) = outcome else {
            let limit = calls.limits.depth;
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
    fn prepare(&mut self, tables: &Tables, layouts: &[(usize, u32)]) -> Result<(), TrapKind> {
        self.constants = tables.constants.lend()?;
        let cx = self.lease.get();
        cx.consts = self.constants.as_ref().map_or(ptr::null(), |c| c.blocks());
        for &(k, layout) in layouts {
            let own = cx.try_alloc(0, layout)?;
            // SAFETY: a new block.
            unsafe { (*own).count = IMMORTAL };
            self.words[k] = own.expose_provenance() as u64;
        }
        Ok(())
    }
}
