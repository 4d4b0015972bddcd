//! Arrays that are as long as one another: a sequence and its tangent, say, which grow together. What a condition says of one length then holds of both.
//!
//! Their lengths have one name. Operations that give both names of their own (branches, loops) are asked here whether the lengths agree on every way.

use super::value::Sym;

/// Whether both are arrays of one length, as is known.
pub(super) fn are(a: &Sym, b: &Sym) -> bool {
    let (Sym::Array(a), Sym::Array(b)) = (a, b) else {
        return false;
    };
    a.len.ty.shape.is_empty() && b.len.ty.shape.is_empty() && a.len.minus(&b.len) == Some(0)
}

/// For each value the first one that is as long as it on every way, or itself.
pub(super) fn of(ways: &[&[Sym]]) -> Vec<usize> {
    let n = ways.first().map_or(0, |w| w.len());
    let like = |k: usize| (0..k).find(|&j| ways.iter().all(|w| are(&w[j], &w[k])));
    (0..n).map(|k| like(k).unwrap_or(k)).collect()
}

/// Those that are still as long as one another.
pub(super) fn kept(twins: &[usize], values: &[Sym]) -> Vec<usize> {
    let pairs = twins.iter().enumerate();
    pairs
        .map(|(k, &j)| match j == k || are(&values[j], &values[k]) {
            true => j,
            false => k,
        })
        .collect()
}

/// Gives the lengths of twins one name.
pub(super) fn unite(values: &mut [Sym], twins: &[usize]) {
    for (k, &j) in twins.iter().enumerate() {
        if j == k {
            continue;
        }
        if let (Sym::Array(first), Sym::Array(_)) = (&values[j], &values[k]) {
            let len = first.len.clone();
            if let Sym::Array(a) = &mut values[k] {
                a.len = len;
            }
        }
    }
}
