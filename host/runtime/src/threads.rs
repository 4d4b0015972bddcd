//! Threads for loops whose ranges may run at once.
//!
//! How many work on a run is the caller's choice ([`Limits::threads`](cotangent_core::interp::Limits)), else what the environment variable
//! `COTANGENT_THREADS` says, else as many as the machine runs at once. Pools are made when they are first needed, one for each number, and
//! kept. A run that is itself on a thread of a pool stays on that pool unless a number was chosen: parallel loops around runs and in
//! them share their threads.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// More threads than this are not made.
const MOST: usize = 256;

/// How many threads a run gets that chooses no number.
fn usual() -> usize {
    static USUAL: OnceLock<usize> = OnceLock::new();
    *USUAL.get_or_init(|| {
        let said = std::env::var("COTANGENT_THREADS").ok();
        let said = said
            .and_then(|s| s.trim().parse().ok())
            .filter(|&n: &usize| n > 0);
        let machine = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        said.unwrap_or_else(machine).min(MOST)
    })
}

/// The pool of that many threads; `None` if there is none to be had.
fn pool(threads: usize) -> Option<Arc<ThreadPool>> {
    static POOLS: OnceLock<Mutex<HashMap<usize, Option<Arc<ThreadPool>>>>> = OnceLock::new();
    let pools = POOLS.get_or_init(Mutex::default);
    let mut pools = pools.lock().unwrap_or_else(PoisonError::into_inner);
    let made = pools.entry(threads).or_insert_with(|| {
        let builder = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|k| format!("cotangent-{k}"));
        builder.build().ok().map(Arc::new)
    });
    made.clone()
}

/// How many threads [`each`] would use.
pub(crate) fn count(chosen: Option<u32>) -> usize {
    if chosen.is_none() && rayon::current_thread_index().is_some() {
        return rayon::current_num_threads();
    }
    chosen.map_or_else(usual, |t| (t as usize).clamp(1, MOST))
}

/// Calls `f` for each number below `n` in some order, perhaps several at once, and waits for all; in order if there is one thread.
pub(crate) fn each(chosen: Option<u32>, n: usize, f: impl Fn(usize) + Sync) {
    use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
    let all = || {
        (0..n).into_par_iter().with_max_len(1).for_each(&f);
    };
    let threads = chosen.map(|t| (t as usize).clamp(1, MOST));
    if threads.is_none() && rayon::current_thread_index().is_some() {
        return all();
    }
    match threads.unwrap_or_else(usual) {
        1 => (0..n).for_each(f),
        threads => match pool(threads) {
            Some(pool) => pool.install(all),
            None => (0..n).for_each(f),
        },
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
}
