//! The names of operations in the text form, and one op of each name to read them by.

use crate::entity::{FuncId, Label, Slot};
use crate::ir::{
    ArgReduceOp, ArrayOp, BinaryOp, CompareOp, ConstOp, ControlOp, ConvertOp, CumOp, DType,
    DeriveKind, DotDims, EffectOp, IndexOp, Op, PlaceOp, ReduceOp, Reduction, RngBits, ShapeOp,
    SlotOp, TangentOp, TernaryOp, Type, UnaryOp,
};
use crate::value::Scalar;
use alloc::string::String;
use alloc::vec::Vec;

/// The name of an op, without attributes.
pub(super) fn mnemonic(op: &Op) -> &'static str {
    match op {
        Op::Const(ConstOp::Scalar(_) | ConstOp::Tensor(_)) => "const",
        Op::Const(ConstOp::Default(_)) => "default",
        Op::Unary(o) => o.name(),
        Op::Binary(o) => o.name(),
        Op::Ternary(o) => o.name(),
        Op::Compare(o) => o.name(),
        Op::Convert(ConvertOp::To(_)) => "convert",
        Op::Convert(ConvertOp::Bitcast(_)) => "bitcast_convert",
        Op::Place(PlaceOp::Record) => "record",
        Op::Place(PlaceOp::Get(_)) => "get",
        Op::Place(PlaceOp::Update(_)) => "update",
        Op::Place(PlaceOp::AddAt(_)) => "add_at",
        Op::Array(ArrayOp::Slice) => "slice",
        Op::Array(ArrayOp::UpdateSlice) => "update_slice",
        Op::Array(ArrayOp::AddSlice) => "add_slice",
        Op::Array(ArrayOp::Len) => "len",
        Op::Array(ArrayOp::Dim(_)) => "dim",
        Op::Array(ArrayOp::Fill) => "fill",
        Op::Array(ArrayOp::Array) => "array",
        Op::Array(ArrayOp::Push) => "push",
        Op::Array(ArrayOp::Pop) => "pop",
        Op::Shape(ShapeOp::Reshape(_)) => "reshape",
        Op::Shape(ShapeOp::Transpose(_)) => "transpose",
        Op::Shape(ShapeOp::Broadcast { .. }) => "broadcast_in_dim",
        Op::Shape(ShapeOp::Concat(_)) => "concatenate",
        Op::Shape(ShapeOp::Pad(_)) => "pad",
        Op::Shape(ShapeOp::StridedSlice(_)) => "strided_slice",
        Op::Shape(ShapeOp::Reverse(_)) => "reverse",
        Op::Shape(ShapeOp::Iota { .. }) => "iota",
        Op::Index(IndexOp::Gather(_)) => "gather",
        Op::Index(IndexOp::ScatterAdd(_)) => "scatter_add",
        Op::Reduce(Reduction::Axes(o, _)) => o.name(),
        Op::Reduce(Reduction::Arg(o, _)) => o.name(),
        Op::Reduce(Reduction::Cumulative { op, .. }) => op.name(),
        Op::Sort(_) => "sort",
        Op::Dot(_) => "dot_general",
        Op::Random(_) => "rng_bits",
        Op::Tangent(TangentOp::ZerosLike) => "zeros_like",
        Op::Tangent(TangentOp::Accumulate) => "accumulate",
        Op::Tangent(TangentOp::CustomLinear { .. }) => "custom_linear",
        Op::Control(ControlOp::If) => "if",
        Op::Control(ControlOp::Switch) => "switch",
        Op::Control(ControlOp::While) => "while",
        Op::Control(ControlOp::For) => "for",
        Op::Control(ControlOp::Map) => "map",
        Op::Control(ControlOp::Call(_)) => "call",
        Op::Control(ControlOp::Derive { .. }) => "derive",
        Op::Effect(EffectOp::Assert(_)) => "assert",
        Op::Effect(EffectOp::Panic(_)) => "panic",
        Op::Slot(SlotOp::Get(..)) => "slot_get",
        Op::Slot(SlotOp::Set(..)) => "slot_set",
        Op::Slot(SlotOp::Block(_)) => "block",
        Op::Slot(SlotOp::Br(_)) => "br",
    }
}

/// The kinds of derivative, in the order of their binary codes.
pub(super) const DERIVE_KINDS: [DeriveKind; 4] = [
    DeriveKind::Gradient,
    DeriveKind::ValueAndGradient,
    DeriveKind::Jvp,
    DeriveKind::Vjp,
];

/// The name of a kind of derivative.
pub(super) fn derive_kind(k: DeriveKind) -> &'static str {
    match k {
        DeriveKind::Gradient => "gradient",
        DeriveKind::ValueAndGradient => "value_and_gradient",
        DeriveKind::Jvp => "jvp",
        DeriveKind::Vjp => "vjp",
    }
}

/// One op of each name, without attributes: what a reader finds by name and then fills in. Every op but the two kinds of constant, which share a
/// name.
pub(super) fn prototypes() -> Vec<Op> {
    let mut all: Vec<Op> = Vec::new();
    all.extend(UnaryOp::ALL.iter().map(|&o| Op::Unary(o)));
    all.extend(BinaryOp::ALL.iter().map(|&o| Op::Binary(o)));
    all.extend(TernaryOp::ALL.iter().map(|&o| Op::Ternary(o)));
    all.extend(CompareOp::ALL.iter().map(|&o| Op::Compare(o)));
    all.extend(
        ReduceOp::ALL
            .iter()
            .map(|&o| Op::Reduce(Reduction::Axes(o, Vec::new()))),
    );
    all.extend(
        ArgReduceOp::ALL
            .iter()
            .map(|&o| Op::Reduce(Reduction::Arg(o, 0))),
    );
    all.extend(CumOp::ALL.iter().map(|&op| {
        Op::Reduce(Reduction::Cumulative {
            op,
            axis: 0,
            reverse: false,
        })
    }));
    let (f, s, l) = (FuncId(0), Slot(0), Label(0));
    let kind = DeriveKind::Gradient;
    let dtype = DType::F64;
    all.extend([
        ConstOp::Scalar(Scalar::Bool(false)).into(),
        ConstOp::Default(Type::scalar(dtype)).into(),
        ConvertOp::To(dtype).into(),
        ConvertOp::Bitcast(dtype).into(),
        PlaceOp::Record.into(),
        PlaceOp::Get(Vec::new()).into(),
        PlaceOp::Update(Vec::new()).into(),
        PlaceOp::AddAt(Vec::new()).into(),
        ArrayOp::Slice.into(),
        ArrayOp::UpdateSlice.into(),
        ArrayOp::AddSlice.into(),
        ArrayOp::Len.into(),
        ArrayOp::Dim(0).into(),
        ArrayOp::Fill.into(),
        ArrayOp::Array.into(),
        ArrayOp::Push.into(),
        ArrayOp::Pop.into(),
    ]);
    all.extend([
        ShapeOp::Reshape(Vec::new()).into(),
        ShapeOp::Transpose(Vec::new()).into(),
        ShapeOp::Broadcast {
            shape: Vec::new(),
            dims: Vec::new(),
        }
        .into(),
        ShapeOp::Concat(0).into(),
        ShapeOp::Pad(Vec::new()).into(),
        ShapeOp::StridedSlice(Vec::new()).into(),
        ShapeOp::Reverse(Vec::new()).into(),
        ShapeOp::Iota {
            dtype,
            shape: Vec::new(),
            axis: 0,
        }
        .into(),
        IndexOp::Gather(0).into(),
        IndexOp::ScatterAdd(0).into(),
        Op::Sort(0),
        Op::Dot(DotDims::default()),
        Op::Random(RngBits {
            dtype,
            shape: Vec::new(),
        }),
        TangentOp::ZerosLike.into(),
        TangentOp::Accumulate.into(),
        TangentOp::CustomLinear {
            transpose: f,
            tangents: 0,
            results: Vec::new(),
        }
        .into(),
        ControlOp::If.into(),
        ControlOp::Switch.into(),
        ControlOp::While.into(),
        ControlOp::For.into(),
        ControlOp::Map.into(),
        ControlOp::Call(f).into(),
        ControlOp::Derive {
            func: f,
            kind,
            wrt: Vec::new(),
        }
        .into(),
        EffectOp::Assert(String::new()).into(),
        EffectOp::Panic(String::new()).into(),
        SlotOp::Get(s, Vec::new()).into(),
        SlotOp::Set(s, Vec::new()).into(),
        SlotOp::Block(l).into(),
        SlotOp::Br(l).into(),
    ]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let all = prototypes();
        let names: BTreeSet<&str> = all.iter().map(mnemonic).collect();
        assert_eq!(names.len(), all.len());
    }
}
