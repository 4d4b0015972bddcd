//! Threads for work that several may do at once: [`each`] for numbered pieces, [`Team`] for work that gives out its pieces itself.
//!
//! How many work on a run is the caller's choice ([`Limits::threads`](cotangent_core::interp::Limits)), else what the environment variable
//! `COTANGENT_THREADS` says, else as many as the machine runs at once. Whoever has work does it himself, and summons others. Those take the
//! next piece that nobody has taken; nobody waits for one who has not come yet. Pools of threads are made when they are first needed,
//! one for each number, and kept. A run that is itself on a thread of a pool stays on that pool unless a number was chosen: parallel
//! loops around runs and in them share their threads.
//!
//! Waking a thread takes tens of microseconds, which is as long as a piece. So one who has nothing to do looks out for more for about as
//! long ([`PATIENCE`]) before it sleeps.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::any::Any;
use std::collections::HashMap;
use std::hint::spin_loop;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// More threads than this are not made.
const MOST: usize = 256;
/// How long a thread that has nothing to do looks out for something before it sleeps.
const PATIENCE: Duration = Duration::from_micros(50);
/// How many summons may lie in a pool's queue, for each of its threads: those of a thread that is in the pool itself are answered late.
const QUEUED: usize = 4;

/// Work that others may join.
pub(crate) trait Work: Send + Sync {
    /// Does pieces of it until there have been none to take for a while.
    fn help(&self);
}

/// Looks out for a while.
pub(crate) struct Lookout {
    looks: u32,
    since: Option<Instant>,
}

impl Lookout {
    pub(crate) fn new() -> Lookout {
        Lookout {
            looks: 0,
            since: None,
        }
    }
    /// Waits a moment; whether it is worth waiting on.
    pub(crate) fn again(&mut self) -> bool {
        spin_loop();
        self.looks = self.looks.wrapping_add(1);
        // The clock takes as long as many looks.
        !self.looks.is_multiple_of(32)
            || self.since.get_or_insert_with(Instant::now).elapsed() < PATIENCE
    }
}

/// A thread that waits for what others do.
pub(crate) struct Waiter {
    thread: Thread,
    asleep: AtomicBool,
}

impl Waiter {
    /// This thread.
    pub(crate) fn new() -> Waiter {
        Waiter {
            thread: thread::current(),
            asleep: AtomicBool::new(false),
        }
    }
    /// Waits until it is so: only on the thread that has made the waiter.
    pub(crate) fn wait(&self, so: impl Fn() -> bool) {
        let mut lookout = Lookout::new();
        while !so() {
            if lookout.again() {
                continue;
            }
            self.asleep.store(true, Ordering::Relaxed);
            // Either this thread sees what was done, or who did it sees that this thread sleeps.
            fence(Ordering::SeqCst);
            if !so() {
                thread::park();
            }
            self.asleep.store(false, Ordering::Relaxed);
        }
    }
    /// To be called after something was done that may be waited for.
    pub(crate) fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::Relaxed) {
            self.thread.unpark();
        }
    }
}

/// What a mutex guards, also after a panic.
pub(crate) fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many threads a run gets that chooses no number.
fn usual() -> usize {
    static USUAL: OnceLock<usize> = OnceLock::new();
    *USUAL.get_or_init(|| {
        let said = std::env::var("COTANGENT_THREADS").ok();
        let said = said
            .and_then(|s| s.trim().parse().ok())
            .filter(|&n: &usize| n > 0);
        let machine = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        said.unwrap_or_else(machine).min(MOST)
    })
}

/// Threads that can be summoned.
struct Pool {
    /// `None`: those of the pool that the summoning thread is in.
    threads: Option<ThreadPool>,
    /// Summons that have not been answered.
    queued: AtomicUsize,
    lookouts: Mutex<Lookouts>,
    /// How many offers there are.
    offers: AtomicUsize,
}

/// Threads that look out for work. Invariant: there are not more offers than such threads.
#[derive(Default)]
struct Lookouts {
    threads: usize,
    offers: Vec<Arc<dyn Work>>,
}

impl Pool {
    fn new(threads: Option<ThreadPool>) -> Pool {
        Pool {
            threads,
            queued: AtomicUsize::new(0),
            lookouts: Mutex::default(),
            offers: AtomicUsize::new(0),
        }
    }
    /// The pool for work of that many threads, who has the work among them; `None` if there is none to be had.
    fn of(threads: usize) -> Option<Arc<Pool>> {
        static POOLS: OnceLock<Mutex<HashMap<usize, Option<Arc<Pool>>>>> = OnceLock::new();
        let mut pools = lock(POOLS.get_or_init(Mutex::default));
        let made = pools.entry(threads).or_insert_with(|| {
            let builder = ThreadPoolBuilder::new()
                .num_threads(threads - 1)
                .thread_name(|k| format!("cotangent-{k}"));
            let made = builder.build().ok()?;
            Some(Arc::new(Pool::new(Some(made))))
        });
        made.clone()
    }
    /// The pool that this thread is in.
    fn around() -> Arc<Pool> {
        static AROUND: OnceLock<Arc<Pool>> = OnceLock::new();
        AROUND.get_or_init(|| Arc::new(Pool::new(None))).clone()
    }
    /// Has a thread join the work: one that looks out for some, else the next that has time.
    fn summon(self: &Arc<Pool>, work: Arc<dyn Work>) -> bool {
        let mut l = lock(&self.lookouts);
        if l.threads > l.offers.len() {
            l.offers.push(work);
            self.offers.store(l.offers.len(), Ordering::Release);
            return true;
        }
        drop(l);
        let threads = match &self.threads {
            Some(t) => t.current_num_threads(),
            None => rayon::current_num_threads(),
        };
        if self.queued.load(Ordering::Relaxed) >= threads * QUEUED {
            return false;
        }
        self.queued.fetch_add(1, Ordering::Relaxed);
        let pool = self.clone();
        let job = move || {
            pool.queued.fetch_sub(1, Ordering::Relaxed);
            let mut next = Some(work);
            while let Some(work) = next.take() {
                work.help();
                drop(work);
                next = pool.threads.as_ref().and_then(|_| pool.look_out());
            }
        };
        match &self.threads {
            Some(t) => t.spawn(job),
            None => rayon::spawn(job),
        }
        true
    }
    /// Looks out for work for a while.
    fn look_out(&self) -> Option<Arc<dyn Work>> {
        lock(&self.lookouts).threads += 1;
        let mut lookout = Lookout::new();
        loop {
            let goes_on = lookout.again();
            if goes_on && self.offers.load(Ordering::Acquire) == 0 {
                continue;
            }
            let mut l = lock(&self.lookouts);
            let offer = l.offers.pop();
            if offer.is_some() || !goes_on {
                l.threads -= 1;
                self.offers.store(l.offers.len(), Ordering::Release);
                return offer;
            }
        }
    }
}

/// The threads that work on something, who has it among them.
#[derive(Clone)]
pub(crate) struct Team {
    threads: usize,
    pool: Option<Arc<Pool>>,
}

impl Team {
    /// Of the number that was chosen.
    pub(crate) fn of(chosen: Option<u32>) -> Team {
        let (threads, pool) = if chosen.is_none() && rayon::current_thread_index().is_some() {
            (rayon::current_num_threads(), Some(Pool::around()))
        } else {
            match chosen.map_or_else(usual, |t| (t as usize).clamp(1, MOST)) {
                1 => (1, None),
                n => (n, Pool::of(n)),
            }
        };
        Team {
            threads: if pool.is_some() { threads } else { 1 },
            pool,
        }
    }
    /// How many they are.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }
    /// Has one more thread join the work, some time; whether it will.
    pub(crate) fn summon(&self, work: Arc<dyn Work>) -> bool {
        self.pool.as_ref().is_some_and(|p| p.summon(work))
    }
}

/// Calls `f` for each number below `n` in some order, perhaps several at once, and waits for all; in order if there is one thread.
pub fn each(chosen: Option<u32>, n: usize, f: impl Fn(usize) + Sync) {
    let team = if n > 1 {
        Team::of(chosen)
    } else {
        Team::of(Some(1))
    };
    if team.threads() == 1 {
        return (0..n).for_each(f);
    }
    let f: *const (dyn Fn(usize) + Sync + '_) = &raw const f;
    let all = Arc::new(Each {
        // SAFETY: only the lifetime changes, see there.
        f: unsafe { std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const Piece>(f) },
        n,
        taken: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        panic: Mutex::new(None),
        waiter: Waiter::new(),
    });
    for _ in 1..team.threads().min(n) {
        team.summon(all.clone());
    }
    all.help();
    all.waiter.wait(|| all.done.load(Ordering::Acquire) == n);
    let panic = lock(&all.panic).take();
    if let Some(p) = panic {
        resume_unwind(p);
    }
}

/// A numbered piece of work.
type Piece = dyn Fn(usize) + Sync;

/// Numbered pieces of work.
struct Each {
    /// Alive until `done` is `n`, as [`each`] neither ends nor unwinds before.
    f: *const Piece,
    n: usize,
    taken: AtomicUsize,
    done: AtomicUsize,
    /// Of a piece that panicked.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    waiter: Waiter,
}

// SAFETY: what `f` points to may be called by several threads at once.
unsafe impl Send for Each {}
// SAFETY: as above.
unsafe impl Sync for Each {}

impl Work for Each {
    fn help(&self) {
        while let k = self.taken.fetch_add(1, Ordering::Relaxed)
            && k < self.n
        {
            // SAFETY: a piece was taken that is not done, so `f` is alive.
            let f = unsafe { &*self.f };
            if let Err(p) = catch_unwind(AssertUnwindSafe(|| f(k))) {
                lock(&self.panic).get_or_insert(p);
            }
            if self.done.fetch_add(1, Ordering::AcqRel) + 1 == self.n {
                self.waiter.wake();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_number_is_called_once() {
        for threads in [None, Some(1), Some(2), Some(3), Some(8)] {
            let calls: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
            each(threads, 100, |k| {
                calls[k].fetch_add(1, Ordering::Relaxed);
                // One in another.
                if k % 10 == 0 {
                    each(None, 10, |j| {
                        calls[k + j].fetch_add(1000, Ordering::Relaxed);
                    });
                }
            });
            assert!(calls.iter().all(|c| c.load(Ordering::Relaxed) == 1001));
        }
    }

    #[test]
    fn a_panic_is_passed_on_after_all_pieces_are_done() {
        for threads in [2, 5] {
            let calls = AtomicUsize::new(0);
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                each(Some(threads), 50, |k| {
                    calls.fetch_add(1, Ordering::Relaxed);
                    assert!(k != 7, "a piece that panics");
                });
            }));
            assert!(outcome.is_err());
            assert_eq!(calls.load(Ordering::Relaxed), 50);
        }
    }

    #[test]
    fn work_goes_on_without_those_who_do_not_come() {
        let pool = Pool::of(4).unwrap();
        let busy = Arc::new(AtomicBool::new(true));
        for _ in 0..3 {
            let busy = busy.clone();
            pool.threads.as_ref().unwrap().spawn(move || {
                while busy.load(Ordering::Relaxed) {
                    thread::yield_now();
                }
            });
        }
        let calls = AtomicUsize::new(0);
        for _ in 0..100 {
            each(Some(4), 7, |_| {
                calls.fetch_add(1, Ordering::Relaxed);
            });
        }
        assert_eq!(calls.load(Ordering::Relaxed), 700);
        assert!(pool.queued.load(Ordering::Relaxed) <= 3 * QUEUED);
        busy.store(false, Ordering::Relaxed);
    }

    #[test]
    fn one_who_sleeps_is_woken() {
        for _ in 0..20 {
            let waiter = Waiter::new();
            let done = AtomicBool::new(false);
            thread::scope(|s| {
                s.spawn(|| {
                    thread::sleep(PATIENCE * 4);
                    done.store(true, Ordering::Release);
                    waiter.wake();
                });
                waiter.wait(|| done.load(Ordering::Acquire));
            });
        }
    }
}
