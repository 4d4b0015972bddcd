//! In which order tensors have their axes: chosen so that little is transposed, for executors that store them as their types say (XLA on a CPU).
//!
//! ```text
//! x = subtract (broadcast points[n,j]), (broadcast means[c,j])     : f64[n,c,j]
//! y = transpose (dot_general a[c,r,j], x, batch c)                 : f64[n,c,r]
//!     becomes
//! x = subtract …   : f64[c,n,j]
//! y = dot_general x, a   : f64[c,n,r]
//! ```
//!
//! A contraction wants the batch axes of its operands in front, what is contracted together and what is free together, and gives batch, left free, right free; with
//! other orders XLA writes copies. Loops made array operations of ([`vectorize`](super::vectorize)) and cotangents have the axes in the order of the loops. Values
//! that elementwise operations bind are a [group](groups), of one order. What it costs that the groups of an operation do not agree is the bytes that are then
//! transposed ([`cost`]); each group in turn takes the order of least cost until none gains. Then the operations are [rewritten](rewrite).
//!
//! Invariants: values stay what they are up to the order of axes; parameters, yields and operands of operations that are not known here keep theirs. Only tensors
//! of at least two axes, all of known extent, are changed.

mod contraction;
mod cost;
mod groups;
mod rewrite;
mod step;

use crate::ir::{Func, Module};
use alloc::vec::Vec;

/// An order of axes: in position `p` stands axis `order[p]` of the type that the value had.
type Order = Vec<u32>;

/// Chooses the orders of all functions, and rewrites them. Returns how many groups of values have another one now.
pub fn run(m: &mut Module) -> usize {
    m.funcs.values_mut().map(func).sum()
}

/// Chooses the orders of a function, and rewrites it.
pub fn func(f: &mut Func) -> usize {
    let groups = groups::Groups::of(f);
    let orders = cost::choose(f, &groups);
    let changed = orders.iter().filter(|o| !is_identity(o)).count();
    if changed > 0 {
        rewrite::apply(f, &groups, &orders);
    }
    changed
}

/// Rewrites a function for orders that the caller chooses, by the number of axes: any are right, if not quick. Returns whether they are permutations.
pub fn arrange(f: &mut Func, choose: &mut dyn FnMut(usize) -> Vec<u32>) -> bool {
    let groups = groups::Groups::of(f);
    let orders: Vec<Order> = groups.ranks.iter().map(|&n| choose(n)).collect();
    let fine = groups.ranks.iter().zip(&orders).all(|(&n, o)| {
        let mut axes = o.clone();
        axes.sort_unstable();
        axes == identity(n)
    });
    if fine {
        rewrite::apply(f, &groups, &orders);
    }
    fine
}

fn identity(rank: usize) -> Order {
    (0..rank as u32).collect()
}

fn is_identity(o: &[u32]) -> bool {
    o.iter().enumerate().all(|(i, &k)| i == k as usize)
}

/// Where each axis stands.
fn inverse(o: &[u32]) -> Order {
    let mut out = identity(o.len());
    for (i, &k) in o.iter().enumerate() {
        out[k as usize] = i as u32;
    }
    out
}
