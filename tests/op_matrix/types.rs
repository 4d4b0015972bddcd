//! Every op with operands of every type: the type rule answers and never panics; on operands it admits, evaluation gives values of the
//! inferred types or a trap that its effects allow, never a confusion of types.

use super::values::{Rng, any_scalar, seq, tensor};
use cotangent_core::entity::FuncId;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{
    ArgReduceOp, ArrayOp, BinaryOp, Budget, CompareOp, ConstOp, ControlOp, ConvertOp, Convolution,
    CumOp, DType, Dim, DotDims, EffectOp, Extreme, FftOp, HostCall, HostFn, IndexOp, Label,
    LinalgOp, Op, PlaceOp, ReduceOp, Reduction, RngBits, ShapeOp, Slot, SlotOp, Step, TangentOp,
    TernaryOp, TransposeA, Triangular, Type, UnaryOp, WindowAxis, WindowOp, WindowReduce, Windows,
};
use cotangent_core::ops::{self, Args, Effects, EvalCx};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Every op, those with attributes with several, hostile ones among them.
pub fn all_ops() -> Vec<Op> {
    let mut out: Vec<Op> = Vec::new();
    out.extend(UnaryOp::ALL.iter().map(|&o| Op::from(o)));
    out.extend(BinaryOp::ALL.iter().map(|&o| Op::from(o)));
    out.extend(TernaryOp::ALL.iter().map(|&o| Op::from(o)));
    out.extend(CompareOp::ALL.iter().map(|&o| Op::from(o)));
    for d in DType::ALL {
        out.push(ConvertOp::To(d).into());
        out.push(ConvertOp::Bitcast(d).into());
    }
    let (i, f) = (Step::Index, Step::Field);
    for path in [
        vec![],
        vec![i],
        vec![i, i],
        vec![f(0)],
        vec![f(1), i],
        vec![f(9)],
        vec![i, f(0)],
    ] {
        out.push(PlaceOp::Get(path.clone()).into());
        out.push(PlaceOp::Update(path.clone()).into());
        out.push(PlaceOp::AddAt(path).into());
    }
    out.push(PlaceOp::Record.into());
    use ArrayOp as A;
    for a in [
        A::Slice,
        A::UpdateSlice,
        A::AddSlice,
        A::Len,
        A::Fill,
        A::Array,
        A::Push,
        A::Pop,
    ] {
        out.push(a.into());
    }
    let axes = [0, 1, u32::MAX];
    let k = |n| Dim::Known(n);
    for axis in axes {
        out.push(ArrayOp::Dim(axis).into());
        out.push(ShapeOp::Concat(axis).into());
        out.push(ShapeOp::Reverse(vec![axis]).into());
        out.push(IndexOp::Gather(axis).into());
        out.push(IndexOp::ScatterAdd(axis).into());
        out.push(Op::Sort(axis));
        out.extend(
            ReduceOp::ALL
                .iter()
                .map(|&o| Op::from(Reduction::Axes(o, vec![axis]))),
        );
        out.extend(
            ReduceOp::ALL
                .iter()
                .map(|&o| Op::from(Reduction::Axes(o, vec![0, axis]))),
        );
        out.extend(
            ArgReduceOp::ALL
                .iter()
                .map(|&o| Op::from(Reduction::Arg(o, axis))),
        );
        for &op in CumOp::ALL {
            out.push(
                Reduction::Cumulative {
                    op,
                    axis,
                    reverse: axis == 1,
                }
                .into(),
            );
        }
        for d in DType::ALL {
            out.push(
                ShapeOp::Iota {
                    dtype: d,
                    shape: vec![k(3), Dim::Dynamic],
                    axis,
                }
                .into(),
            );
            out.push(
                ShapeOp::Iota {
                    dtype: d,
                    shape: vec![k(300)],
                    axis,
                }
                .into(),
            );
        }
        let one = vec![axis];
        for (b, c) in [
            (vec![], one.clone()),
            (one.clone(), vec![]),
            (one.clone(), one),
        ] {
            out.push(
                DotDims {
                    lhs_batch: b.clone(),
                    rhs_batch: b,
                    lhs_contract: c.clone(),
                    rhs_contract: c,
                }
                .into(),
            );
        }
    }
    out.push(
        DotDims {
            lhs_batch: vec![0],
            ..DotDims::default()
        }
        .into(),
    );
    let huge = u64::MAX;
    for shape in [
        vec![],
        vec![k(3)],
        vec![k(6)],
        vec![Dim::Dynamic],
        vec![k(2), k(3)],
        vec![k(huge), k(huge)],
        vec![k(0), k(huge)],
    ] {
        out.push(ShapeOp::Reshape(shape.clone()).into());
        for dims in [vec![], vec![0], vec![1], vec![0, 1], vec![1, 0], vec![7]] {
            out.push(
                ShapeOp::Broadcast {
                    shape: shape.clone(),
                    dims,
                }
                .into(),
            );
        }
        for dtype in [DType::U32, DType::U64, DType::F64] {
            out.push(
                RngBits {
                    dtype,
                    shape: shape.clone(),
                }
                .into(),
            );
        }
    }
    for op in [
        LinalgOp::Cholesky,
        LinalgOp::Lu,
        LinalgOp::Qr,
        LinalgOp::Eigh,
    ] {
        out.push(op.into());
    }
    for transpose in [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint] {
        out.push(LinalgOp::LuSolve(transpose).into());
    }
    for bits in 0..8 {
        for transpose in [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint] {
            let how = Triangular {
                left: bits & 1 != 0,
                lower: bits & 2 != 0,
                unit: bits & 4 != 0,
                transpose,
            };
            out.push(LinalgOp::TriangularSolve(how).into());
        }
    }
    for op in [FftOp::Fft, FftOp::Ifft, FftOp::Rfft] {
        out.push(op.into());
    }
    for n in [k(0), k(1), k(5), k(huge), Dim::Dynamic] {
        out.push(FftOp::Irfft(n).into());
    }
    for (size, axis) in [
        (0, WindowAxis::default()),
        (2, WindowAxis::default()),
        (1, WindowAxis::strided(0)),
        (huge, WindowAxis::strided(huge).padded(i64::MAX, i64::MIN)),
        (3, WindowAxis::strided(2).padded(-1, 1)),
    ] {
        for rank in 0..3 {
            let w = Windows {
                size: vec![size; rank],
                axes: vec![axis; rank],
            };
            let of = vec![k(2); rank];
            for r in [WindowReduce::Sum, WindowReduce::Min, WindowReduce::Max] {
                out.push(WindowOp::Reduce(r, w.clone()).into());
            }
            out.push(WindowOp::Spread(w.clone(), of).into());
            out.push(WindowOp::SelectAndScatter(Extreme::Max, w.clone()).into());
            out.push(WindowOp::SelectAndGather(Extreme::Min, w).into());
            let c = Box::new(Convolution::channels_last(vec![axis; rank]));
            let of = vec![k(size); rank + 2];
            out.push(WindowOp::Convolution(c.clone()).into());
            out.push(WindowOp::ConvolutionLhs(c.clone(), of.clone()).into());
            out.push(WindowOp::ConvolutionRhs(c, of).into());
        }
    }
    out.push(WindowOp::Convolution(Box::default()).into());
    for perm in [vec![], vec![0], vec![1, 0], vec![0, 0], vec![5]] {
        out.push(ShapeOp::Transpose(perm.clone()).into());
        out.push(ShapeOp::Reverse(perm).into());
    }
    for a in [
        (0, 0, 0),
        (1, -1, 2),
        (-3, -3, 0),
        (i64::MAX, i64::MAX, u64::MAX),
        (i64::MIN, 0, 0),
        (0, 0, u64::MAX),
    ] {
        out.push(ShapeOp::Pad(vec![a]).into());
        out.push(ShapeOp::Pad(vec![a, (0, 1, 0)]).into());
    }
    for r in [
        (0, 2, 1),
        (1, 3, 2),
        (3, 2, 1),
        (0, 1, 0),
        (0, huge, 1),
        (huge, huge, huge),
        (0, 2, huge),
    ] {
        out.push(ShapeOp::StridedSlice(vec![r]).into());
        out.push(ShapeOp::StridedSlice(vec![(0, 2, 1), r]).into());
    }
    out.push(ConstOp::Scalar(Scalar::U8(3)).into());
    let t = |shape: Vec<usize>, n| {
        Arc::new(Tensor {
            shape,
            data: Data::F64(vec![0.0; n]),
        })
    };
    out.push(ConstOp::Tensor(t(vec![2, 3], 6)).into());
    out.push(ConstOp::Tensor(t(vec![2, 3], 5)).into());
    out.push(ConstOp::Tensor(t(vec![usize::MAX, 3], 5)).into());
    for ty in palette(true) {
        out.push(ConstOp::Default(ty).into());
    }
    out.push(ConstOp::Default(Type::known(DType::F64, &[huge, huge])).into());
    out.push(TangentOp::ZerosLike.into());
    out.push(TangentOp::Accumulate.into());
    for tangents in [0, 1, 9] {
        out.push(
            TangentOp::CustomLinear {
                transpose: FuncId(7),
                tangents,
                results: vec![DType::F64.into()],
            }
            .into(),
        );
    }
    for c in [
        ControlOp::If,
        ControlOp::Switch,
        ControlOp::While,
        ControlOp::For,
        ControlOp::Map,
        ControlOp::Call(FuncId(9)),
    ] {
        out.push(c.into());
    }
    out.push(EffectOp::Assert("a".into()).into());
    out.push(EffectOp::Panic("p".into()).into());
    out.push(EffectOp::CheckIndex.into());
    out.push(EffectOp::CheckRange.into());
    out.push(EffectOp::Checkpoint(Budget::Slots).into());
    out.push(EffectOp::Checkpoint(Budget::Bytes).into());
    out.push(doubled().into());
    out.push(SlotOp::Get(Slot(3), vec![i]).into());
    out.push(SlotOp::Set(Slot(3), vec![i]).into());
    out.push(SlotOp::Block(Label(0)).into());
    out.push(SlotOp::Br(Label(0)).into());
    out
}

/// A call of the host that gives twice a number, whatever else it is given.
pub fn doubled() -> EffectOp {
    let double = |args: &[Val]| {
        let x = args.iter().find_map(|v| match v {
            Val::Scalar(Scalar::F64(x)) => Some(*x),
            _ => None,
        });
        Ok(vec![Val::from(2.0 * x.unwrap_or(0.5))])
    };
    EffectOp::Host(HostCall {
        name: "double".into(),
        results: vec![DType::F64.into()],
        func: HostFn::new(double),
    })
}

/// Types to try: every element type and rank for few operands, a representative of each kind for many.
pub fn palette(full: bool) -> Vec<Type> {
    let few = [DType::Bool, DType::U64, DType::F64, DType::C128];
    let dtypes: &[DType] = if full { &DType::ALL } else { &few };
    let q = Dim::Dynamic;
    let mut out = Vec::new();
    for &d in dtypes {
        out.push(Type::scalar(d));
        out.push(Type::known(d, &[3]));
        out.push(Type::tensor(d, [q, Dim::Known(3)]));
        if full {
            out.push(Type::known(d, &[2, 3]));
            out.push(Type::known(d, &[3, 3]));
            out.push(Type::tensor(d, [q]));
        }
    }
    let vector = Type::tensor(DType::F64, [q]);
    out.push(Type::seq(vector.clone()));
    out.push(Type::record([
        DType::F64.into(),
        Type::seq(vector.clone()),
        DType::I64.into(),
    ]));
    if full {
        out.push(Type::known(DType::U32, &[2]));
        out.push(Type::known(DType::F64, &[0, 3]));
        out.push(Type::unit());
        out.push(Type::stack(DType::F64.into()));
        out.push(Type::seq(Type::record([vector, DType::Bool.into()])));
        out.push(Type::seq(DType::I64.into()));
    }
    out
}

/// A random value of a type: small extents for `?`.
pub fn value_of(rng: &mut Rng, t: &Type) -> Val {
    match t {
        Type::Tensor(t) => {
            let shape: Vec<usize> = t
                .shape
                .iter()
                .map(|d| match d {
                    Dim::Known(n) => *n as usize,
                    Dim::Dynamic => [0, 2, 3][rng.below(3) as usize],
                })
                .collect();
            tensor(t.dtype, &shape, |_| any_scalar(rng, t.dtype))
        }
        Type::Record(fs) => Val::record(fs.iter().map(|t| value_of(rng, t)).collect()),
        Type::Seq(e) => seq((0..rng.below(3)).map(|_| value_of(rng, e)).collect()),
        Type::Stack(e) => Val::Stack(Arc::new(
            (0..rng.below(3)).map(|_| value_of(rng, e)).collect(),
        )),
    }
}

/// What must hold of an op with operands of those types; an answer says what does not.
fn attempt(op: &Op, tys: &[Type], rng: &mut Rng, counts: &mut [usize; 2]) -> Option<String> {
    counts[0] += 1;
    let Ok(results) = ops::infer(op, tys) else {
        return None;
    };
    counts[1] += 1;
    if results.len() != ops::result_count(op, tys.len()) {
        return Some(format!(
            "{} results, not {}",
            results.len(),
            ops::result_count(op, tys.len())
        ));
    }
    let effects = ops::effects(op, &tys.iter().collect::<Vec<_>>());
    let args: Vec<Val> = tys.iter().map(|t| value_of(rng, t)).collect();
    let mut regs = args.clone();
    let places: Vec<(u32, bool)> = (0..args.len() as u32).map(|i| (i, true)).collect();
    let mut out = Vec::new();
    let cx = EvalCx {
        max_bytes: 1 << 16,
        results: &results,
    };
    match ops::eval(op, &mut Args::new(&mut regs, &places), &mut out, &cx) {
        Ok(()) => {
            let fits =
                out.len() == results.len() && out.iter().zip(&results).all(|(v, t)| v.is_of(t));
            (!fits).then(|| format!("{out:?} of inferred {results:?}"))
        }
        // A map known only by its transpose is never run, by its meaning.
        Err(TrapKind::NoForwardRule | TrapKind::OutOfMemory { .. }) => None,
        Err(t @ TrapKind::TypeConfusion { .. }) => Some(format!("{t} on {args:?}")),
        Err(t) if effects == Effects::Pure => Some(format!("pure, but traps: {t}; on {args:?}")),
        Err(_) => None,
    }
}

#[test]
fn every_op_with_operands_of_every_type() {
    let (full, few) = (palette(true), palette(false));
    let mut rng = Rng(1);
    let mut counts = [0, 0];
    let mut wrong: Vec<String> = Vec::new();
    for op in all_ops() {
        let mut found = 0;
        let mut go = |tys: &[Type]| {
            let r = catch_unwind(AssertUnwindSafe(|| {
                attempt(&op, tys, &mut rng, &mut counts)
            }));
            let what = match r {
                Ok(None) => return,
                Ok(Some(what)) => what,
                Err(_) => "panics".into(),
            };
            found += 1;
            if found <= 2 {
                let tys: Vec<String> = tys.iter().map(ToString::to_string).collect();
                wrong.push(format!("{op:?} of ({}): {what}", tys.join(", ")));
            }
        };
        go(&[]);
        for a in &full {
            go(std::slice::from_ref(a));
            for b in &full {
                go(&[a.clone(), b.clone()]);
            }
        }
        for a in &few {
            for b in &few {
                for c in &few {
                    go(&[a.clone(), b.clone(), c.clone()]);
                }
                go(&[a.clone(), b.clone(), DType::U64.into(), DType::I32.into()]);
            }
        }
    }
    println!(
        "types: {} combinations, {} of them evaluated",
        counts[0], counts[1]
    );
    assert!(counts[1] > 10_000, "{counts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
