//! The names of operations in the text form.

use crate::ir::{
    ArrayOp, ConstOp, ControlOp, ConvertOp, DeriveKind, EffectOp, IndexOp, Op, PlaceOp, Reduction,
    ShapeOp, SlotOp, TangentOp,
};

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
