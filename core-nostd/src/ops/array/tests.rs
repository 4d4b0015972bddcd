//! Unit tests of the family's evaluation, typing and simplification.

use super::super::testing::{CX, run, run_typed};
use super::*;
use crate::value::Element;

fn seq(vs: Vec<Val>) -> Val {
    Val::Seq(Arc::new(vs))
}
fn matrix(rows: usize, v: Vec<f64>) -> Val {
    let cols = v.len() / rows;
    Val::tensor(Tensor::new(vec![rows, cols], f64::data(v)).unwrap())
}

#[test]
fn slices_of_tensors_and_sequences() {
    let v = Val::vector(vec![1.0, 2.0, 3.0]);
    let cut = |a: &Val, lo: i64, hi: i64| run(ArrayOp::Slice, &[a.clone(), lo.into(), hi.into()]);
    assert!(
        cut(&v, 1, 3)
            .unwrap()
            .same_bits(&Val::vector(vec![2.0, 3.0]))
    );
    assert!(
        cut(&v, 3, 3)
            .unwrap()
            .same_bits(&Val::vector::<f64>(vec![]))
    );
    for (lo, hi) in [(-1, 2), (2, 1), (0, 4)] {
        assert_eq!(
            cut(&v, lo, hi).unwrap_err(),
            TrapKind::RangeOutOfRange {
                lo: lo.into(),
                hi: hi.into(),
                len: 3
            }
        );
    }
    let m = matrix(2, vec![1.0, 2.0, 3.0, 4.0]);
    assert!(cut(&m, 1, 2).unwrap().same_bits(&matrix(1, vec![3.0, 4.0])));
    let s = seq(vec![v.clone(), Val::vector(vec![9.0])]);
    assert!(
        cut(&s, 1, 2)
            .unwrap()
            .same_bits(&seq(vec![Val::vector(vec![9.0])]))
    );
}

#[test]
fn slices_are_written_and_summed() {
    let v = Val::vector(vec![1, 2, 3]);
    let w = Val::vector(vec![10, 20]);
    let args = |lo: u64| [v.clone(), w.clone(), lo.into()];
    let r = run(ArrayOp::UpdateSlice, &args(1)).unwrap();
    assert!(r.same_bits(&Val::vector(vec![1, 10, 20])));
    let r = run(ArrayOp::AddSlice, &args(0)).unwrap();
    assert!(r.same_bits(&Val::vector(vec![11, 22, 3])));
    assert!(matches!(
        run(ArrayOp::AddSlice, &args(2)),
        Err(TrapKind::RangeOutOfRange {
            lo: 2,
            hi: 4,
            len: 3
        })
    ));
    let s = seq(vec![Val::vector(vec![1.0]), Val::vector(vec![2.0, 3.0])]);
    let t = seq(vec![Val::vector(vec![0.5, 0.25])]);
    let tys = [
        Type::seq(Type::tensor(DType::F64, [Dim::Dynamic])),
        Type::seq(Type::tensor(DType::F64, [Dim::Dynamic])),
        DType::U64.into(),
    ];
    let r = run_typed(&ArrayOp::AddSlice.into(), &tys, &[s, t, 1u64.into()]).unwrap();
    assert!(r[0].same_bits(&seq(vec![
        Val::vector(vec![1.0]),
        Val::vector(vec![2.5, 3.25])
    ])));
}

#[test]
fn arrays_and_fills_are_tensors_or_sequences_by_type() {
    let row = Val::vector(vec![1.0, 2.0]);
    let r = run(ArrayOp::Array, &[row.clone(), row.clone()]).unwrap();
    assert!(r.same_bits(&matrix(2, vec![1.0, 2.0, 1.0, 2.0])));
    let dynamic = Type::tensor(DType::F64, [Dim::Dynamic]);
    let args = [row.clone(), row.clone()];
    let op = ArrayOp::Array.into();
    let r = run_typed(&op, &[dynamic.clone(), dynamic.clone()], &args).unwrap();
    assert!(r[0].same_bits(&seq(args.to_vec())));
    let r = run(ArrayOp::Fill, &[row.clone(), 0u64.into()]).unwrap();
    assert!(r.is_of(&Type::known(DType::F64, &[0, 2])));
    let op = ArrayOp::Fill.into();
    let r = run_typed(
        &op,
        &[dynamic, DType::U8.into()],
        &[row.clone(), 3u8.into()],
    )
    .unwrap();
    assert!(r[0].same_bits(&seq(vec![row; 3])));
    let r = run(ArrayOp::Fill, &[0.5f32.into(), 2i64.into()]).unwrap();
    assert!(r.same_bits(&Val::vector(vec![0.5f32; 2])));
}

#[test]
fn fills_that_cannot_be_made_trap() {
    let fill = |n: i64| run(ArrayOp::Fill, &[1.0.into(), n.into()]);
    assert!(matches!(fill(i64::MAX), Err(TrapKind::OutOfMemory { .. })));
    assert!(matches!(fill(-1), Err(TrapKind::RangeOutOfRange { .. })));
    let dynamic = Type::tensor(DType::F64, [Dim::Dynamic]);
    let args = [Val::vector(vec![1.0]), Val::from(u64::MAX)];
    let r = run_typed(&ArrayOp::Fill.into(), &[dynamic, DType::U64.into()], &args);
    assert!(matches!(r, Err(TrapKind::OutOfMemory { .. })));
}

#[test]
fn push_and_pop_keep_the_buffer() {
    let mut regs = vec![Val::vector::<f64>(vec![]), 1.5.into()];
    for n in 1..=100u64 {
        let mut out = Vec::new();
        let places = [(0, true), (1, false)];
        eval(
            &ArrayOp::Push,
            &mut Args::new(&mut regs, &places),
            &mut out,
            &CX,
        )
        .unwrap();
        assert_eq!(len(&out[0]).unwrap() as u64, n);
        regs[0] = out.remove(0);
    }
    let Val::Tensor(t) = &regs[0] else { panic!() };
    let before = f64::slice(&t.data).unwrap().as_ptr();
    let mut out = Vec::new();
    eval(
        &ArrayOp::Pop,
        &mut Args::new(&mut regs, &[(0, true)]),
        &mut out,
        &CX,
    )
    .unwrap();
    let Val::Tensor(t) = &out[0] else { panic!() };
    assert_eq!(f64::slice(&t.data).unwrap().as_ptr(), before);
    assert_eq!(t.shape, [99]);
    assert_eq!(out[1].as_scalar(), Some(Scalar::F64(1.5)));
}

#[test]
fn pushes_of_rows_and_onto_stacks() {
    let empty = Val::tensor(Tensor::new(vec![0, 0], f64::data(vec![])).unwrap());
    let ty = Type::tensor(DType::F64, [Dim::Dynamic, Dim::Dynamic]);
    let row = Type::known(DType::F64, &[2]);
    let op = ArrayOp::Push.into();
    let args = [empty, Val::vector(vec![1.0, 2.0])];
    let r = run_typed(&op, &[ty.clone(), row.clone()], &args).unwrap();
    assert!(r[0].same_bits(&matrix(1, vec![1.0, 2.0])));
    let args = [r[0].clone(), Val::vector(vec![1.0])];
    let r = run_typed(&op, &[ty, Type::known(DType::F64, &[1])], &args);
    assert!(matches!(r, Err(TrapKind::ShapeMismatch { .. })));
    let stack = Val::stack([]);
    let sty = Type::stack(DType::F64.into());
    let r = run_typed(
        &op,
        &[sty.clone(), DType::F64.into()],
        &[stack.clone(), 2.0.into()],
    );
    let full = r.unwrap().remove(0);
    let r = run_typed(&ArrayOp::Pop.into(), std::slice::from_ref(&sty), &[full]).unwrap();
    assert!(r[0].same_bits(&stack) && r[1].same_bits(&2.0.into()));
    let r = run_typed(&ArrayOp::Pop.into(), &[sty], &[stack]);
    assert_eq!(r.unwrap_err(), TrapKind::Empty { op: "pop" });
}

#[test]
fn extents() {
    let m = matrix(2, vec![0.0; 6]);
    assert!(
        run(ArrayOp::Len, std::slice::from_ref(&m))
            .unwrap()
            .same_bits(&2u64.into())
    );
    assert!(run(ArrayOp::Dim(1), &[m]).unwrap().same_bits(&3u64.into()));
    assert!(infer(&ArrayOp::Dim(2), &[Type::known(DType::F64, &[2, 3])]).is_err());
    assert!(infer(&ArrayOp::Len, &[DType::F64.into()]).is_err());
}
