//! One op of each name ([`crate::ops::mnemonic`]) for readers to find and fill in, and the names of attributes.

use crate::entity::{FuncId, Label, Slot};
use crate::ir::{
    ArgReduceOp, ArrayOp, BinaryOp, Budget, CompareOp, ConstOp, ControlOp, ConvertOp, Convolution,
    CumOp, DType, DeriveKind, Dim, DotDims, EffectOp, Extreme, FftOp, HostCall, HostFn, IndexOp,
    LinalgOp, Op, PlaceOp, ReduceOp, Reduction, RngBits, ShapeOp, SlotOp, TangentOp, TernaryOp,
    TransposeA, Triangular, Type, UnaryOp, WindowOp, WindowReduce, Windows,
};
use crate::value::Scalar;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// The kinds of derivative, in the order of their binary codes.
pub(super) const DERIVE_KINDS: [DeriveKind; 5] = [
    DeriveKind::Gradient,
    DeriveKind::ValueAndGradient,
    DeriveKind::Jvp,
    DeriveKind::Vjp,
    DeriveKind::Batch,
];

/// How the matrix of a triangular system is taken, in the order of the binary codes.
pub(super) const TRANSPOSES: [TransposeA; 3] =
    [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint];

/// The word for how the matrix of a triangular system is taken; none if it is as it is.
pub(super) fn transpose_word(t: TransposeA) -> Option<&'static str> {
    match t {
        TransposeA::No => None,
        TransposeA::Transpose => Some("transpose"),
        TransposeA::Adjoint => Some("adjoint"),
    }
}

/// The name of a kind of derivative.
pub(super) fn derive_kind(k: DeriveKind) -> &'static str {
    match k {
        DeriveKind::Gradient => "gradient",
        DeriveKind::ValueAndGradient => "value_and_gradient",
        DeriveKind::Jvp => "jvp",
        DeriveKind::Vjp => "vjp",
        DeriveKind::Batch => "batch",
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
        LinalgOp::Cholesky.into(),
        LinalgOp::TriangularSolve(Triangular {
            left: true,
            lower: true,
            unit: false,
            transpose: TransposeA::No,
        })
        .into(),
        LinalgOp::Lu.into(),
        LinalgOp::LuSolve(TransposeA::No).into(),
        LinalgOp::Qr.into(),
        LinalgOp::Eigh.into(),
        FftOp::Fft.into(),
        FftOp::Ifft.into(),
        FftOp::Rfft.into(),
        FftOp::Irfft(Dim::Dynamic).into(),
    ]);
    all.extend(window_ops().map(Op::Window));
    all.extend([
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
        EffectOp::CheckIndex.into(),
        EffectOp::CheckRange.into(),
        EffectOp::Checkpoint(Budget::Slots).into(),
        EffectOp::Checkpoint(Budget::Bytes).into(),
        EffectOp::Host(HostCall {
            name: String::new(),
            results: Vec::new(),
            func: HostFn::default(),
        })
        .into(),
        SlotOp::Get(s, Vec::new()).into(),
        SlotOp::Set(s, Vec::new()).into(),
        SlotOp::Block(l).into(),
        SlotOp::Br(l).into(),
    ]);
    all
}

/// The ops on windows, without attributes, in the order of their binary codes.
pub(super) fn window_ops() -> impl Iterator<Item = WindowOp> {
    let (c, w) = (|| Box::new(Convolution::default()), || Windows::default());
    [
        WindowOp::Convolution(c()),
        WindowOp::ConvolutionLhs(c(), Vec::new()),
        WindowOp::ConvolutionRhs(c(), Vec::new()),
        WindowOp::Reduce(WindowReduce::Sum, w()),
        WindowOp::Reduce(WindowReduce::Min, w()),
        WindowOp::Reduce(WindowReduce::Max, w()),
        WindowOp::Spread(w(), Vec::new()),
        WindowOp::SelectAndScatter(Extreme::Min, w()),
        WindowOp::SelectAndScatter(Extreme::Max, w()),
        WindowOp::SelectAndGather(Extreme::Min, w()),
        WindowOp::SelectAndGather(Extreme::Max, w()),
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::mnemonic;
    use alloc::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let all = prototypes();
        let names: BTreeSet<&str> = all.iter().map(mnemonic).collect();
        assert_eq!(names.len(), all.len());
    }
}
