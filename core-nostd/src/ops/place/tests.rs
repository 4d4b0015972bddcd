//! Unit tests of the family's evaluation, typing and simplification.

use super::super::testing::{CX, run, run_typed};
use super::*;
use crate::ir::{Builder, DType, Dim};
use crate::value::Scalar;

fn index_path() -> Vec<Step> {
    vec![Step::Index]
}
fn seq(vs: Vec<Val>) -> Val {
    Val::Seq(Arc::new(vs))
}
fn matrix(rows: usize, cols: usize) -> Val {
    let v: Vec<f64> = (0..rows * cols).map(|i| i as f64).collect();
    Val::tensor(Tensor::new(vec![rows, cols], f64::data(v)).unwrap())
}
use crate::value::Element;

#[test]
fn get_walks_records_sequences_and_tensors() {
    let v = Val::record(vec![
        Val::from(true),
        seq(vec![Val::record(vec![matrix(2, 3)])]),
    ]);
    let path = vec![
        Step::Field(1),
        Step::Index,
        Step::Field(0),
        Step::Index,
        Step::Index,
    ];
    let at = |i: u64, j: i32, k: u8| {
        run(
            PlaceOp::Get(path.clone()),
            &[v.clone(), i.into(), j.into(), k.into()],
        )
    };
    assert!(at(0, 1, 2).unwrap().same_bits(&5.0.into()));
    assert_eq!(
        at(0, -1, 2).unwrap_err(),
        TrapKind::IndexOutOfRange { index: -1, len: 2 }
    );
    assert_eq!(
        at(0, 1, 3).unwrap_err(),
        TrapKind::IndexOutOfRange { index: 3, len: 3 }
    );
    assert_eq!(
        at(1, 1, 1).unwrap_err(),
        TrapKind::IndexOutOfRange { index: 1, len: 1 }
    );
    let row = run(PlaceOp::Get(index_path()), &[matrix(2, 3), 1u64.into()]).unwrap();
    assert!(row.same_bits(&Val::vector(vec![3.0, 4.0, 5.0])));
}

#[test]
fn update_and_add_store_in_place_when_unique() {
    let base = Val::record(vec![seq(vec![
        Val::vector(vec![1.0, 2.0]),
        Val::vector(vec![3.0]),
    ])]);
    let address = |v: &Val| -> *const f64 {
        let Val::Record(r) = v else { panic!() };
        let Val::Seq(s) = &r[0] else { panic!() };
        let Val::Tensor(t) = &s[0] else { panic!() };
        f64::slice(&t.data).unwrap().as_ptr()
    };
    let before = address(&base);
    let path = vec![Step::Field(0), Step::Index, Step::Index];
    let mut regs = vec![base, 9.0.into(), 0u64.into(), 1u64.into()];
    let places = [(0, true), (1, true), (2, true), (3, true)];
    let mut out = Vec::new();
    let op = Op::Place(PlaceOp::Update(path.clone()));
    super::super::eval(&op, &mut Args::new(&mut regs, &places), &mut out, &CX).unwrap();
    assert_eq!(address(&out[0]), before);
    let mut regs = vec![out.remove(0), 0.5.into(), 0u64.into(), 1u64.into()];
    let op = Op::Place(PlaceOp::AddAt(path.clone()));
    super::super::eval(&op, &mut Args::new(&mut regs, &places), &mut out, &CX).unwrap();
    assert_eq!(address(&out[0]), before);
    let r = run(
        PlaceOp::Get(path),
        &[out[0].clone(), 0u64.into(), 1u64.into()],
    )
    .unwrap();
    assert!(r.same_bits(&9.5.into()));
}

#[test]
fn a_shared_base_is_left_alone() {
    let a = Val::vector(vec![1.0, 2.0]);
    let b = run(
        PlaceOp::Update(index_path()),
        &[a.clone(), 7.0.into(), 0u64.into()],
    )
    .unwrap();
    assert!(a.same_bits(&Val::vector(vec![1.0, 2.0])));
    assert!(b.same_bits(&Val::vector(vec![7.0, 2.0])));
}

#[test]
fn rows_of_unknown_length_are_checked() {
    let ty = Type::tensor(DType::F64, [Dim::Dynamic, Dim::Dynamic]);
    let row = Type::tensor(DType::F64, [Dim::Dynamic]);
    let tys = [ty, row, DType::U64.into()];
    let op = Op::Place(PlaceOp::Update(index_path()));
    let r = run_typed(
        &op,
        &tys,
        &[matrix(2, 3), Val::vector(vec![1.0; 2]), 0u64.into()],
    );
    assert!(matches!(r, Err(TrapKind::ShapeMismatch { .. })));
}

#[test]
fn integers_add_with_a_trap_on_overflow() {
    let a = Val::vector(vec![250u8, 1]);
    let add = |i: u64| {
        run(
            PlaceOp::AddAt(index_path()),
            &[a.clone(), 6u8.into(), i.into()],
        )
    };
    assert!(add(1).unwrap().same_bits(&Val::vector(vec![250u8, 7])));
    assert!(matches!(add(0), Err(TrapKind::IntegerOverflow { .. })));
}

#[test]
fn a_field_of_a_dying_record_is_moved_out() {
    let inner = Val::vector(vec![1.0]);
    let mut regs = vec![Val::record(vec![inner, Val::from(1.0)])];
    let mut out = Vec::new();
    let op = Op::Place(PlaceOp::Get(vec![Step::Field(0)]));
    super::super::eval(&op, &mut Args::new(&mut regs, &[(0, true)]), &mut out, &CX).unwrap();
    let Val::Tensor(t) = &out[0] else { panic!() };
    assert_eq!(Arc::strong_count(t), 1);
}

#[test]
fn wrong_operands_are_type_errors() {
    let f: Type = DType::F64.into();
    let v = Type::known(DType::F64, &[3]);
    assert!(infer(&PlaceOp::Get(index_path()), &[v.clone(), f.clone()]).is_err());
    assert!(
        infer(
            &PlaceOp::Get(vec![Step::Field(0)]),
            std::slice::from_ref(&v)
        )
        .is_err()
    );
    let op = PlaceOp::Update(index_path());
    assert!(infer(&op, &[v.clone(), DType::F32.into(), DType::U64.into()]).is_err());
    assert_eq!(infer(&op, &[v.clone(), f, DType::U64.into()]), Ok(vec![v]));
    let r = Type::record([Type::from(DType::Bool)]);
    let op = PlaceOp::AddAt(vec![Step::Field(0)]);
    assert!(infer(&op, &[r, DType::Bool.into()]).is_err());
}

#[test]
fn reads_see_through_records_and_updates() {
    let f: Type = DType::F64.into();
    let pair = Type::record([f.clone(), f.clone()]);
    let mut b = Builder::new("f", &[pair, f.clone(), f]);
    let p = b.params();
    let r = b.record(&[p[1], p[2]]);
    let g = b.field(r, 1);
    let u = b.update(p[0], p[1], vec![Step::Field(0)], &[]);
    let same = b.field(u, 0);
    let other = b.field(u, 1);
    let (x, y) = (b.field(p[0], 0), b.field(p[0], 1));
    let again = b.record(&[x, y]);
    let func = b.finish(&[g]).unwrap();
    let simple = |v: Value| {
        let inst = func.def_inst(v).unwrap();
        super::super::simplify(&func.insts[inst].op, &SimplifyCx { func: &func, inst })
    };
    assert_eq!(simple(g), Some(Simplified::Values(vec![p[2]])));
    assert_eq!(simple(same), Some(Simplified::Values(vec![p[1]])));
    assert_eq!(
        simple(other),
        None,
        "the older record would live beyond the store"
    );
    assert_eq!(simple(again), Some(Simplified::Values(vec![p[0]])));
    assert_eq!(simple(x), None);
}

#[test]
fn an_empty_path_is_the_value_itself() {
    let r = run(PlaceOp::Get(vec![]), &[2.0.into()]).unwrap();
    assert_eq!(r.as_scalar(), Some(Scalar::F64(2.0)));
    let r = run(PlaceOp::Update(vec![]), &[2.0.into(), 3.0.into()]).unwrap();
    assert_eq!(r.as_scalar(), Some(Scalar::F64(3.0)));
}
