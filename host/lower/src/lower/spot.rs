//! Where a value is while an operation works on it: in registers, or in memory as an element of an array.
//!
//! Leaves are loaded only when asked for. Nothing here counts references: whoever moves or copies what a spot holds does.

use super::cx::{Cx, Flat};
use crate::layout::{Leaf, field_range, leaves, memory_layout};
use crate::lir::{Addr, Opnd, Rv, Stmt, Ty};
use cotangent_core::ir::Type;
use std::ops::Range;

/// Where the leaves of a value are.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    /// In these registers.
    Regs(Flat),
    /// At these offsets from an address.
    Mem(Addr, Vec<(u32, Ty)>),
}

impl Spot {
    /// Element `i` of an array whose first element is at `data`.
    pub(super) fn element(data: Opnd, i: Opnd, ty: &Type) -> Spot {
        let l = memory_layout(ty);
        Spot::Mem(Addr::at(data, i, l.size), l.leaves)
    }
    /// Leaf `k`.
    pub(super) fn leaf(&self, cx: &mut Cx<'_>, k: usize) -> Opnd {
        match self {
            Spot::Regs(flat) => flat[k],
            Spot::Mem(at, leaves) => {
                let (offset, ty) = leaves[k];
                cx.set(Rv::Load(ty, at.plus(offset as i32)))
            }
        }
    }
    /// Sets leaf `k`.
    pub(super) fn put(&mut self, cx: &mut Cx<'_>, k: usize, a: Opnd) {
        match self {
            Spot::Regs(flat) => flat[k] = a,
            Spot::Mem(at, leaves) => {
                let (offset, ty) = leaves[k];
                cx.emit(Stmt::Store(ty, at.plus(offset as i32), a));
            }
        }
    }
    /// All leaves.
    pub(super) fn load(&self, cx: &mut Cx<'_>) -> Flat {
        match self {
            Spot::Regs(flat) => flat.clone(),
            Spot::Mem(_, leaves) => (0..leaves.len()).map(|k| self.leaf(cx, k)).collect(),
        }
    }
    /// Sets all leaves.
    pub(super) fn store(&mut self, cx: &mut Cx<'_>, flat: Flat) {
        match self {
            Spot::Regs(r) => *r = flat,
            Spot::Mem(..) => {
                for (k, a) in flat.into_iter().enumerate() {
                    self.put(cx, k, a);
                }
            }
        }
    }
    /// The leaves of an array but for its block, which is read only if asked for.
    pub(super) fn borrow_array(&self, cx: &mut Cx<'_>) -> Flat {
        match self {
            Spot::Regs(flat) => flat.clone(),
            Spot::Mem(_, leaves) => {
                let mut out = vec![Opnd::Const(Ty::Ptr, 0)];
                out.extend((1..leaves.len()).map(|k| self.leaf(cx, k)));
                out
            }
        }
    }
    /// Some of its leaves.
    pub(super) fn part(&self, range: Range<usize>) -> Spot {
        match self {
            Spot::Regs(flat) => Spot::Regs(flat[range].to_vec()),
            Spot::Mem(at, leaves) => Spot::Mem(*at, leaves[range].to_vec()),
        }
    }
    /// Field `k` of a record.
    pub(super) fn field(&self, fields: &[Type], k: usize) -> Spot {
        self.part(field_range(fields, k))
    }
    /// Puts back field `k` of a record, which was worked on.
    pub(super) fn set_field(&mut self, fields: &[Type], k: usize, field: Spot) {
        if let (Spot::Regs(all), Spot::Regs(new)) = (self, field) {
            all[field_range(fields, k)].clone_from_slice(&new);
        }
    }
    /// Gives up the blocks that leaves outside of a range refer to.
    pub(super) fn release_others(flat: &[Opnd], ty: &Type, keep: &Range<usize>, cx: &mut Cx<'_>) {
        for (k, (&a, leaf)) in flat.iter().zip(leaves(ty)).enumerate() {
            if leaf == Leaf::Block && !keep.contains(&k) {
                cx.emit(Stmt::Release(a));
            }
        }
    }
    /// Makes the array here, whose leaves were loaded, uniquely owned, and gives its registers.
    pub(super) fn unique(&mut self, cx: &mut Cx<'_>, ty: &Type, mut flat: Flat) -> Flat {
        cx.unique(&mut flat, ty);
        match self {
            Spot::Regs(r) => r.clone_from(&flat),
            Spot::Mem(..) => {
                for (k, &a) in flat.iter().enumerate().take(2) {
                    self.put(cx, k, a);
                }
            }
        }
        flat
    }
}
