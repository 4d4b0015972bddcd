//! Unit tests of the shape changes.

use super::super::testing::{run, run_typed};
use super::*;
use crate::value::Element;

fn t(shape: &[usize], v: Vec<i32>) -> Val {
    Val::tensor(Tensor::new(shape.to_vec(), i32::data(v)).unwrap())
}
fn same(r: Result<Val, TrapKind>, want: &Val) {
    let r = r.unwrap();
    assert!(r.same_bits(want), "{r:?} is not {want:?}");
}
fn known(shape: &[u64]) -> Vec<Dim> {
    shape.iter().map(|&n| Dim::Known(n)).collect()
}

#[test]
fn reshapes() {
    let m = t(&[2, 3], (0..6).collect());
    same(
        run(ShapeOp::Reshape(known(&[3, 2])), std::slice::from_ref(&m)),
        &t(&[3, 2], (0..6).collect()),
    );
    let open = ShapeOp::Reshape(vec![Dim::Dynamic, Dim::Known(2)]);
    same(
        run(open.clone(), &[m.clone(), 3u64.into()]),
        &t(&[3, 2], (0..6).collect()),
    );
    assert!(matches!(
        run(open, &[m.clone(), 4u64.into()]),
        Err(TrapKind::ShapeMismatch { .. })
    ));
    same(
        run(ShapeOp::Reshape(vec![]), &[t(&[1, 1], vec![5])]),
        &5.into(),
    );
    same(
        run(ShapeOp::Reshape(known(&[1])), &[5.into()]),
        &t(&[1], vec![5]),
    );
    assert!(infer(&ShapeOp::Reshape(known(&[7])), &[m_type(&m)]).is_err());
}

fn m_type(v: &Val) -> Type {
    super::super::testing::type_of(v)
}

#[test]
fn transposes_agree_with_indexing() {
    let a = t(&[2, 3, 4], (0..24).collect());
    let r = run(ShapeOp::Transpose(vec![2, 0, 1]), &[a]).unwrap();
    let mut want = Vec::new();
    for k in 0..4 {
        for i in 0..2 {
            for j in 0..3 {
                want.push(i * 12 + j * 4 + k);
            }
        }
    }
    assert!(r.same_bits(&t(&[4, 2, 3], want)));
    assert!(
        infer(
            &ShapeOp::Transpose(vec![0, 0]),
            &[Type::known(DType::F64, &[2, 2])]
        )
        .is_err()
    );
}

#[test]
fn broadcasts_stretch_and_add_axes() {
    let col = t(&[2, 1], vec![1, 2]);
    let op = ShapeOp::Broadcast {
        shape: known(&[2, 2, 3]),
        dims: vec![1, 2],
    };
    same(
        run(op, &[col]),
        &t(&[2, 2, 3], vec![1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]),
    );
    let op = ShapeOp::Broadcast {
        shape: vec![Dim::Dynamic, Dim::Known(2)],
        dims: vec![],
    };
    same(run(op, &[7.into(), 2u64.into()]), &t(&[2, 2], vec![7; 4]));
    let op = ShapeOp::Broadcast {
        shape: vec![Dim::Dynamic],
        dims: vec![0],
    };
    assert!(matches!(
        run(op, &[t(&[2], vec![1, 2]), 3u64.into()]),
        Err(TrapKind::ShapeMismatch { .. })
    ));
}

#[test]
fn concatenates_along_any_axis_and_sequences() {
    let (a, b) = (t(&[2, 1], vec![1, 2]), t(&[2, 2], vec![3, 4, 5, 6]));
    same(
        run(ShapeOp::Concat(1), &[a.clone(), b.clone()]),
        &t(&[2, 3], vec![1, 3, 4, 2, 5, 6]),
    );
    same(
        run(ShapeOp::Concat(0), &[b.clone(), b.clone()]),
        &t(&[4, 2], vec![3, 4, 5, 6, 3, 4, 5, 6]),
    );
    assert!(infer(&ShapeOp::Concat(0), &[m_type(&a), m_type(&b)]).is_err());
    let s = Val::Seq(Arc::new(vec![a, b]));
    let ty = Type::seq(Type::tensor(DType::I32, [Dim::Known(2), Dim::Dynamic]));
    let r = run_typed(
        &ShapeOp::Concat(0).into(),
        &[ty.clone(), ty],
        &[s.clone(), s],
    )
    .unwrap();
    let Val::Seq(r) = &r[0] else { panic!() };
    assert_eq!(r.len(), 4);
}

#[test]
fn pads_agree_with_the_definition() {
    let cases = [
        (0, 0, 0),
        (1, 2, 0),
        (-1, 0, 0),
        (0, -2, 1),
        (-2, 3, 2),
        (2, -3, 1),
        (-3, -3, 3),
    ];
    for n in 0..4usize {
        for a in cases {
            let v: Vec<i32> = (1..=n as i32).collect();
            let Some(len) = padded(n as u64, a) else {
                assert!(
                    infer(
                        &ShapeOp::Pad(vec![a]),
                        &[Type::known(DType::I32, &[n as u64]), DType::I32.into()]
                    )
                    .is_err()
                );
                continue;
            };
            let mut want = vec![9; len as usize];
            for (i, &x) in v.iter().enumerate() {
                let at = a.0 + i as i64 * (a.2 as i64 + 1);
                if (0..len as i64).contains(&at) {
                    want[at as usize] = x;
                }
            }
            same(
                run(ShapeOp::Pad(vec![a]), &[t(&[n], v), 9.into()]),
                &t(&[len as usize], want),
            );
        }
    }
    let m = t(&[2, 2], vec![1, 2, 3, 4]);
    same(
        run(ShapeOp::Pad(vec![(1, 0, 0), (0, 0, 1)]), &[m, 0.into()]),
        &t(&[3, 3], vec![0, 0, 0, 1, 0, 2, 3, 0, 4]),
    );
}

#[test]
fn slices_and_reversals() {
    let m = t(&[3, 4], (0..12).collect());
    same(
        run(
            ShapeOp::StridedSlice(vec![(0, 3, 2), (1, 4, 2)]),
            std::slice::from_ref(&m),
        ),
        &t(&[2, 2], vec![1, 3, 9, 11]),
    );
    same(
        run(ShapeOp::Reverse(vec![0, 1]), std::slice::from_ref(&m)),
        &t(&[3, 4], (0..12).rev().collect()),
    );
    same(
        run(ShapeOp::Reverse(vec![1]), &[t(&[2, 2], vec![1, 2, 3, 4])]),
        &t(&[2, 2], vec![2, 1, 4, 3]),
    );
    let open = [Type::tensor(DType::I32, [Dim::Dynamic])];
    let r = run_typed(
        &ShapeOp::StridedSlice(vec![(1, 5, 1)]).into(),
        &open,
        &[t(&[3], vec![1, 2, 3])],
    );
    assert!(matches!(
        r,
        Err(TrapKind::RangeOutOfRange { hi: 5, len: 3, .. })
    ));
}

#[test]
fn iotas() {
    let op = |dtype, axis| ShapeOp::Iota {
        dtype,
        shape: known(&[2, 3]),
        axis,
    };
    same(
        run(op(DType::I32, 1), &[]),
        &t(&[2, 3], vec![0, 1, 2, 0, 1, 2]),
    );
    same(
        run(op(DType::I32, 0), &[]),
        &t(&[2, 3], vec![0, 0, 0, 1, 1, 1]),
    );
    let r = run(op(DType::F64, 1), &[]).unwrap();
    assert!(r.is_of(&Type::known(DType::F64, &[2, 3])));
    let long = ShapeOp::Iota {
        dtype: DType::U8,
        shape: vec![Dim::Dynamic],
        axis: 0,
    };
    assert!(run(long.clone(), &[256u64.into()]).is_ok());
    assert!(matches!(
        run(long, &[257u64.into()]),
        Err(TrapKind::IntegerOverflow { .. })
    ));
}

#[test]
fn results_beyond_the_memory_bound_trap() {
    let op = ShapeOp::Broadcast {
        shape: vec![Dim::Dynamic, Dim::Dynamic],
        dims: vec![],
    };
    let r = run(op, &[1.into(), u64::MAX.into(), u64::MAX.into()]);
    assert!(matches!(r, Err(TrapKind::OutOfMemory { .. })));
    let op = ShapeOp::Pad(vec![(i64::MAX, 0, 0)]);
    let r = run(op, &[t(&[1], vec![1]), 0.into()]);
    assert!(matches!(r, Err(TrapKind::OutOfMemory { .. })));
}
