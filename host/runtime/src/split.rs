//! Loops whose ranges may run at once: the callback behind [`Stmt::Split`](cotangent_lower::lir::Stmt::Split).
//!
//! Into how many ranges a loop is split, and in which order their sums are added, depends on the loop alone. So results are the same bits on
//! any number of threads. A range is run with a context of its own, which shares nothing with others but constants; the code of a
//! range changes no counts of references (see `cotangent_lower`'s pass).

use crate::checked;
use crate::compiled::Entry;
use crate::context::{Context, Lease};
use crate::stack::Need;
use crate::tables::Tables;
use crate::threads;
use cotangent_core::error::TrapKind;
use cotangent_lower::abi;
use cotangent_lower::lir::Ty;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A function that runs a range.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) entry: Entry,
    /// The words of its arguments before the range.
    pub(crate) args: usize,
    /// The types of its sums.
    pub(crate) sums: Vec<Ty>,
    pub(crate) need: Need,
}

/// Work of a range, in simple operations, that is worth a switch of threads.
const RANGE: u64 = 60_000;
/// The most ranges of a loop.
const RANGES: u64 = 64;

/// How many ranges there are for `n` indices that cost `work` each.
fn ranges(n: u64, work: u64) -> u64 {
    let total = n.saturating_mul(work.max(1));
    // While memory is checked, short loops are to be split as well.
    let range = if checked::is_on() { 1 } else { RANGE };
    (total / range).clamp(1, RANGES).min(n)
}

/// Where range `k` of `m` starts among `n` indices.
fn start(n: u64, k: u64, m: u64) -> u64 {
    (u128::from(n) * u128::from(k) / u128::from(m)) as u64
}

/// A trap in a range: the range, and what the context says.
struct Trapped {
    range: usize,
    site: u64,
    numbers: [u64; abi::SITE_NUMBERS],
    kind: Option<TrapKind>,
}

/// Addresses that ranges share.
struct Shared {
    tables: *const Tables,
    consts: *const *mut crate::block::Head,
    args: *const u64,
    sums: *mut u64,
}
// SAFETY: while ranges run, tables and arguments are read only; constants are read only by code that changes no counts; each range writes its
// own sums.
unsafe impl Sync for Shared {}

/// # Safety
/// `ctx` is the running context; `func` a function for ranges of its program; `lo..hi` is not empty; `args` points to the words of its
/// arguments, `sums` to room for those of its results.
pub(crate) unsafe extern "C" fn split(
    ctx: *mut Context,
    func: u64,
    lo: u64,
    hi: u64,
    work: u64,
    args: *const u64,
    sums: *mut u64,
) -> u64 {
    // SAFETY: compiled code passes the context it runs with; nobody else uses it meanwhile.
    let cx = unsafe { &mut *ctx };
    // SAFETY: a running context's tables are its program's, alive during the run.
    let tables = unsafe { &*cx.tables };
    let Some(part) = tables.parts.get(func as usize).and_then(Option::as_ref) else {
        cx.trap = Some(TrapKind::TypeConfusion {
            op: String::from("a loop's range"),
        });
        return abi::TRAPPED;
    };
    let n = hi.wrapping_sub(lo);
    let m = ranges(n, work);
    let width = part.sums.len();
    let mut partial = vec![0u64; m as usize * width];
    let shared = Shared {
        tables,
        consts: cx.consts,
        args,
        sums: partial.as_mut_ptr(),
    };
    let first = AtomicUsize::new(usize::MAX);
    let trapped: Mutex<Option<Trapped>> = Mutex::new(None);
    let limits = cx.limits;
    let range = |k: usize| {
        if k > first.load(Ordering::Relaxed) {
            // An earlier range has trapped: what this one would do is not seen.
            return;
        }
        let mut words = Vec::with_capacity(part.args + 2);
        let shared = &shared;
        // SAFETY: the caller's promise.
        words.extend_from_slice(unsafe { std::slice::from_raw_parts(shared.args, part.args) });
        words.push(lo.wrapping_add(start(n, k as u64, m)));
        words.push(lo.wrapping_add(start(n, k as u64 + 1, m)));
        let mut lease = Lease::take();
        let own = lease.get();
        // SAFETY: alive during the run, which waits for all ranges.
        own.start(unsafe { &*shared.tables }, &limits);
        own.consts = shared.consts;
        let deep = part.need.is_recursive();
        let outcome = part.need.run(&limits, deep, |stack| {
            lease.get().stack = stack as u64;
            // SAFETY: the entry is the function's; the words are those of its arguments; the sums of this range lie within `partial`.
            unsafe {
                let sums = shared.sums.add(k * width);
                (part.entry)(lease.as_ptr(), words.as_ptr(), sums)
            }
        });
        lease.get().end_ahead();
        if outcome.is_none() {
            let limit = limits.depth;
            lease.get().trap = Some(TrapKind::RecursionLimit { limit });
        }
        if outcome != Some(abi::OK) {
            let own = lease.get();
            let mut trapped = trapped.lock().unwrap_or_else(PoisonError::into_inner);
            if trapped.as_ref().is_none_or(|t| t.range > k) {
                first.fetch_min(k, Ordering::Relaxed);
                *trapped = Some(Trapped {
                    range: k,
                    site: own.site,
                    numbers: own.numbers,
                    kind: own.trap.take(),
                });
            }
        }
    };
    threads::each(limits.threads, m as usize, range);
    if let Some(t) = trapped.into_inner().unwrap_or_else(PoisonError::into_inner) {
        (cx.site, cx.numbers, cx.trap) = (t.site, t.numbers, t.kind);
        return abi::TRAPPED;
    }
    for (j, ty) in part.sums.iter().enumerate() {
        let column = (0..m as usize).map(|k| partial[k * width + j]);
        // -0 is what changes no sum.
        let total = match ty {
            Ty::F32 => {
                let sum = column.fold(-0.0f32, |s, w| s + f32::from_bits(w as u32));
                u64::from(sum.to_bits())
            }
            Ty::F64 => column.fold(-0.0f64, |s, w| s + f64::from_bits(w)).to_bits(),
            Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => 0,
        };
        // SAFETY: the caller's promise: room for the sums.
        unsafe { ptr::write(sums.add(j), total) };
    }
    abi::OK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_fixed_and_cover_all_indices() {
        for (n, work) in [
            (1, 1),
            (7, u64::MAX),
            (1000, 600),
            (1 << 40, 3),
            (u64::MAX, 1),
        ] {
            let m = ranges(n, work);
            assert!((1..=RANGES).contains(&m) && m <= n);
            assert_eq!((start(n, 0, m), start(n, m, m)), (0, n));
            assert!((0..m).all(|k| start(n, k, m) < start(n, k + 1, m)));
        }
        assert_eq!(ranges(100, 1), 1);
        assert_eq!(ranges(1 << 30, 1), RANGES);
    }
}
