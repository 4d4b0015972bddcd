//! A value of a type where one with fewer known extents is expected.

use super::cx::{Cx, Flat};
use crate::layout::{self, field_range};
use crate::lir::{Addr, Opnd};
use cotangent_core::ir::{Dim, Type};

impl Cx<'_> {
    /// The registers of an owned value of type `from` as one of type `to`, which it fits: known extents become registers where `to` has
    /// `?`. Where the elements of a sequence lie otherwise in memory, they are moved to a new block.
    pub(crate) fn coerce(&mut self, flat: Flat, from: &Type, to: &Type) -> Flat {
        if from == to {
            return flat;
        }
        match (from, to) {
            (Type::Tensor(a), Type::Tensor(b)) if !a.shape.is_empty() => {
                let extents = self.extents(&flat, from);
                let mut out = flat[..2].to_vec();
                out.extend(
                    b.shape
                        .iter()
                        .zip(extents)
                        .filter(|(d, _)| **d == Dim::Dynamic)
                        .map(|(_, e)| e),
                );
                out
            }
            (Type::Record(a), Type::Record(b)) => {
                let mut out = Flat::new();
                for (k, (x, y)) in a.iter().zip(b.iter()).enumerate() {
                    let part = flat[field_range(a, k)].to_vec();
                    out.extend(self.coerce(part, x, y));
                }
                out
            }
            (Type::Seq(a), Type::Seq(b)) | (Type::Stack(a), Type::Stack(b)) => {
                let (la, lb) = (layout::memory_layout(a), layout::memory_layout(b));
                if la == lb {
                    return flat;
                }
                self.relayout(flat, (a, &la), (b, &lb), to)
            }
            (Type::Tensor(_) | Type::Record(_) | Type::Seq(_) | Type::Stack(_), _) => flat,
        }
    }
    /// A new block with the elements of a sequence in another layout; the old one is released.
    fn relayout(
        &mut self,
        flat: Flat,
        (a, la): (&Type, &crate::lir::Layout),
        (b, lb): (&Type, &crate::lir::Layout),
        to: &Type,
    ) -> Flat {
        let n = flat[2];
        let (id, _) = self.elements(to);
        let (block, data) = self.alloc(n, id);
        self.for_range(Opnd::i64(0), n, false, |cx, i| {
            let e = cx.load(Addr::at(flat[1], i, la.size), la);
            let e = cx.share(&e, a);
            let e = cx.coerce(e, a, b);
            cx.store(Addr::at(data, i, lb.size), lb, &e);
        });
        self.set_len(block, n, id);
        self.release(&flat, to);
        vec![block.into(), data.into(), n]
    }
}
