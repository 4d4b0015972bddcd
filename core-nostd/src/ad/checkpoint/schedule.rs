//! Where checkpoints go: the optimal schedule for a known number of steps.
//!
//! Griewank and Walther, "Algorithm 799: revolve" (ACM TOMS 26, 2000): with `s` checkpoints, the one at the start counted, and no
//! step computed more than `r` times before it is reversed, at most `beta(s, r) = (s + r)! / (s! r!)` steps can be reversed.
//! The fewest steps that must be computed to reverse `n` of them are `r n - beta(s + 1, r - 1)`, for the least `r` with
//! `beta(s, r) >= n` ([`least_steps`]). That is reached by putting the next checkpoint after [`split`] steps:
//! any `m` with `beta(s, r - 2) <= m <= beta(s, r - 1)` and `beta(s - 1, r - 1) <= n - m <= beta(s - 1, r)` does.

use crate::entity::Value;
use crate::ir::{BinaryOp, Builder, CompareOp};

/// More checkpoints than this are never used: with so many, no step is computed more than twice before the count of steps overflows.
pub(super) const MOST: u64 = 1 << 16;

/// The least `r` with `beta(s, r) >= n`, and that `beta(s, r)`, for `s >= 1`.
fn repetitions(n: u64, s: u64) -> (u64, u64) {
    let (mut r, mut beta) = (1, s + 1);
    while beta < n {
        r += 1;
        beta = beta * (s + r) / r;
    }
    (r, beta)
}

/// How many of `n >= 2` steps to compute before the next of `s >= 2` checkpoints.
pub fn split(n: u64, s: u64) -> u64 {
    let (r, beta) = repetitions(n, s);
    let before = beta * r / (s + r); // beta(s, r - 1)
    let low = before * (r - 1) / (s + r - 1); // beta(s, r - 2)
    let rest = beta * s / (s + r); // beta(s - 1, r)
    low.max(n.saturating_sub(rest)).max(1)
}

/// The fewest steps that must be computed to reverse `n` of them with `s >= 1` checkpoints, the one at the start counted; what is
/// computed within the reversal of a step does not count.
pub fn least_steps(n: u64, s: u64) -> u64 {
    if n == 0 {
        return 0;
    }
    let (r, beta) = repetitions(n, s);
    // beta(s + 1, r - 1) = beta(s, r) r / (s + 1)
    r * n - beta * r / (s + 1)
}

/// [`split`] of run-time values.
pub(super) fn emit_split(b: &mut Builder, n: Value, s: Value) -> Value {
    let one = b.index(1);
    let first = b.add(s, one);
    let found = b.while_(
        &[one, first],
        |b, v| b.compare(CompareOp::Lt, v[1], n),
        |b, v| {
            let one = b.index(1);
            let r = b.add(v[0], one);
            let more = b.add(s, r);
            let product = b.mul(v[1], more);
            let beta = b.div(product, r);
            alloc::vec![r, beta]
        },
    );
    let (r, beta) = (found[0], found[1]);
    let sum = b.add(s, r);
    let ratio = |b: &mut Builder, x: Value, y: Value, z: Value| {
        let product = b.mul(x, y);
        b.div(product, z)
    };
    let before = ratio(b, beta, r, sum);
    let fewer = b.sub(r, one);
    let less = b.sub(sum, one);
    let low = ratio(b, before, fewer, less);
    let rest = ratio(b, beta, s, sum);
    let rest = b.binary(BinaryOp::Min, rest, n);
    let high = b.sub(n, rest);
    let m = b.binary(BinaryOp::Max, low, high);
    b.binary(BinaryOp::Max, m, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    /// The steps that the schedule computes, and the fewest that any does, by trying every place of the next checkpoint.
    fn tables(most: usize, slots: usize) -> (Vec<Vec<u64>>, Vec<Vec<u64>>) {
        let mut ours = vec![vec![0; most + 1]; slots + 1];
        let mut best = ours.clone();
        for s in 1..=slots {
            for n in 2..=most {
                let all_again = (n * (n - 1) / 2) as u64;
                if s == 1 {
                    (ours[s][n], best[s][n]) = (all_again, all_again);
                    continue;
                }
                let cost = |t: &[Vec<u64>], m: usize| m as u64 + t[s - 1][n - m] + t[s][m];
                ours[s][n] = cost(&ours, split(n as u64, s as u64) as usize);
                best[s][n] = (1..n).map(|m| cost(&best, m)).min().unwrap();
            }
        }
        (ours, best)
    }

    #[test]
    fn the_schedule_is_optimal() {
        let (ours, best) = tables(300, 12);
        for s in 1..=12 {
            for n in 1..=300 {
                assert_eq!(ours[s][n], best[s][n], "{n} steps, {s} checkpoints");
                assert_eq!(
                    ours[s][n],
                    least_steps(n as u64, s as u64),
                    "{n} steps, {s} checkpoints"
                );
            }
        }
    }

    #[test]
    fn long_loops_and_many_checkpoints() {
        for n in [1_u64 << 20, 1 << 31, 1 << 40] {
            for s in [2, 3, 10, 1000, MOST] {
                let m = split(n, s);
                assert!((1..n).contains(&m), "{n} {s} {m}");
                assert_eq!(
                    least_steps(n, s),
                    m + least_steps(n - m, s - 1) + least_steps(m, s),
                    "{n} {s}"
                );
            }
        }
    }
}
