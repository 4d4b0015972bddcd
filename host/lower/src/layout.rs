//! How values become registers, and how elements lie in memory.
//!
//! A value is flattened into *leaves*, one register each, in the order of its type:
//! * a scalar is one register (`bool` an `I8`); a complex number two (real, imaginary part);
//! * a tensor of rank >= 1, a sequence and a stack are an array: its block, the address of its first element, then one `I64` for
//!   each extent that is not known (a sequence and a stack have one: their length);
//! * a record is its fields one after another; the unit record is nothing.
//!
//! In memory (elements of sequences and stacks) each leaf lies at the next offset that suits its size. The elements of a tensor are its
//! scalars, packed; complex numbers as real and imaginary part.
//!
//! Invariant: only arrays whose elements refer to no block are views into a larger block; others are copied when sliced, so that a
//! block's `LEN` says how many of its elements hold references.

use crate::lir::{Layout, Ty};
use cotangent_core::ir::{DType, Dim, TensorType, Type};

/// One register of a flattened value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Leaf {
    /// A scalar, or a part of a complex one.
    Scalar(Ty),
    /// The block of an array; owns a reference.
    Block,
    /// The address of an array's first element.
    Data,
    /// An extent.
    Extent,
}

impl Leaf {
    /// The register's type.
    pub const fn ty(self) -> Ty {
        match self {
            Leaf::Scalar(ty) => ty,
            Leaf::Block | Leaf::Data => Ty::Ptr,
            Leaf::Extent => Ty::I64,
        }
    }
}

/// The register type of an element type; of a complex one, of its parts.
pub const fn scalar_ty(d: DType) -> Ty {
    match d {
        DType::Bool | DType::I8 | DType::U8 => Ty::I8,
        DType::I16 | DType::U16 => Ty::I16,
        DType::I32 | DType::U32 => Ty::I32,
        DType::I64 | DType::U64 => Ty::I64,
        DType::F32 | DType::C64 => Ty::F32,
        DType::F64 | DType::C128 => Ty::F64,
    }
}

/// How many registers a scalar takes.
pub const fn parts(d: DType) -> usize {
    if d.is_complex() { 2 } else { 1 }
}

/// The leaves of a type, in order.
pub fn leaves(ty: &Type) -> Vec<Leaf> {
    let mut out = Vec::new();
    add_leaves(ty, &mut out);
    out
}

fn add_leaves(ty: &Type, out: &mut Vec<Leaf>) {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => {
            out.extend(
                [Leaf::Scalar(scalar_ty(t.dtype)); 2]
                    .iter()
                    .take(parts(t.dtype)),
            );
        }
        Type::Tensor(t) => {
            out.extend([Leaf::Block, Leaf::Data]);
            out.extend(
                t.shape
                    .iter()
                    .filter(|d| **d == Dim::Dynamic)
                    .map(|_| Leaf::Extent),
            );
        }
        Type::Record(fs) => {
            for f in fs.iter() {
                add_leaves(f, out);
            }
        }
        Type::Seq(_) | Type::Stack(_) => out.extend([Leaf::Block, Leaf::Data, Leaf::Extent]),
    }
}

/// How many registers a value of the type takes.
pub fn width(ty: &Type) -> usize {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => parts(t.dtype),
        Type::Tensor(t) => 2 + t.shape.iter().filter(|d| **d == Dim::Dynamic).count(),
        Type::Record(fs) => fs.iter().map(width).sum(),
        Type::Seq(_) | Type::Stack(_) => 3,
    }
}

/// The registers of field `k` of a record type.
pub fn field_range(fields: &[Type], k: usize) -> std::ops::Range<usize> {
    let start = fields[..k].iter().map(width).sum();
    start..start + width(&fields[k])
}

/// How the elements of an array type lie in memory: a tensor's scalars, a sequence's or stack's elements. `None` for other types.
pub fn element_layout(ty: &Type) -> Option<Layout> {
    match ty {
        Type::Tensor(t) if !t.shape.is_empty() => Some(scalar_layout(t)),
        Type::Seq(e) | Type::Stack(e) => Some(memory_layout(e)),
        Type::Tensor(_) | Type::Record(_) => None,
    }
}

fn scalar_layout(t: &TensorType) -> Layout {
    memory_layout(&Type::scalar(t.dtype))
}

/// How a value of the type lies in memory.
pub fn memory_layout(ty: &Type) -> Layout {
    let mut at = 0;
    let mut align = 1;
    let mut out = Layout {
        size: 0,
        leaves: Vec::new(),
        blocks: Vec::new(),
    };
    for leaf in leaves(ty) {
        let bytes = leaf.ty().bytes();
        align = align.max(bytes);
        at = u32::next_multiple_of(at, bytes);
        if leaf == Leaf::Block {
            out.blocks.push(at);
        }
        out.leaves.push((at, leaf.ty()));
        at += bytes;
    }
    out.size = at.next_multiple_of(align);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_flatten_and_lie_aligned() {
        let v = Type::tensor(DType::F64, [Dim::Dynamic, Dim::Known(3)]);
        let t = Type::record([
            DType::Bool.into(),
            DType::C64.into(),
            v.clone(),
            Type::unit(),
        ]);
        assert_eq!(width(&t), 6);
        assert_eq!(leaves(&t).len(), 6);
        let m = memory_layout(&t);
        assert_eq!(
            m.leaves.iter().map(|l| l.0).collect::<Vec<_>>(),
            [0, 4, 8, 16, 24, 32]
        );
        assert_eq!((m.size, m.blocks), (40, vec![16]));
        let Type::Record(fs) = &t else { unreachable!() };
        assert_eq!(field_range(fs, 2), 3..6);
        assert_eq!(element_layout(&v).map(|l| l.size), Some(8));
        assert_eq!(element_layout(&Type::seq(v)).map(|l| l.size), Some(24));
    }
}
