//! Derivatives of the array families: every rule against finite differences and the inner-product test, twice
//! differentiated, with known extents and with `?`.

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{
    ArrayOp, Builder, CumOp, DType, Dim, DotDims, IndexOp, Module, Op, PlaceOp, ReduceOp,
    Reduction, ShapeOp, Step, Type, Value,
};
use cotangent_core::ops::distributions;
use cotangent_core::pass;
use cotangent_core::value::{Data, Element, Tensor, Val};
use num_complex::Complex;
use std::sync::Arc;

fn tensor<T: Element>(shape: &[usize], v: Vec<T>) -> Val {
    Val::tensor(Tensor::new(shape.to_vec(), T::data(v)).expect("as many elements"))
}
/// Different numbers of both signs.
fn numbers(shape: &[usize], seed: usize) -> Val {
    let n: usize = shape.iter().product();
    let at = |i: usize| ((i * 37 + seed * 11 + 5) % 23) as f64 / 7.0 - 1.4;
    tensor(shape, (0..n).map(at).collect())
}
fn seq(vs: Vec<Val>) -> Val {
    Val::Seq(Arc::new(vs))
}
fn static_type(v: &Val) -> Type {
    match v {
        Val::Scalar(s) => s.dtype().into(),
        Val::Tensor(t) => t.ty(),
        other => panic!("give the type of {other:?}"),
    }
}
/// The type with every extent `?`.
fn open(t: &Type) -> Type {
    match t {
        Type::Tensor(t) => Type::tensor(t.dtype, t.shape.iter().map(|_| Dim::Dynamic)),
        other => other.clone(),
    }
}
fn known(shape: &[u64]) -> Vec<Dim> {
    shape.iter().map(|&n| Dim::Known(n)).collect()
}

fn typed(name: &str, tys: &[Type], args: &[Val], f: impl Fn(&mut Builder, &[Value]) -> Vec<Value>) {
    let mut b = Builder::new(name, tys);
    let p = b.params();
    let ys = f(&mut b, &p);
    let mut m = Module::new();
    let id = m
        .funcs
        .push(b.finish(&ys).unwrap_or_else(|e| panic!("{name}: {e}")));
    pass::lower(&mut m).unwrap();
    let how = Check {
        order: 2,
        tolerance: 1e-6,
        ..Check::default()
    };
    if let Err(e) = check_derivatives(&mut m, id, args, &how) {
        panic!("{name}: {e}");
    }
}
/// With known extents, then with `?`. The elements are squared first, so that the second derivative is not 0.
fn both(name: &str, args: &[Val], f: impl Fn(&mut Builder, &[Value]) -> Vec<Value>) {
    let g = |b: &mut Builder, p: &[Value]| {
        let p: Vec<Value> = p
            .iter()
            .map(|&v| match b.ty(v).dtype() {
                Some(d) if d.is_differentiable() => b.mul(v, v),
                _ => v,
            })
            .collect();
        f(b, &p)
    };
    let tys: Vec<Type> = args.iter().map(static_type).collect();
    typed(name, &tys, args, g);
    let tys: Vec<Type> = tys.iter().map(open).collect();
    typed(&format!("{name} of unknown extents"), &tys, args, g);
}

#[test]
fn places() {
    let m = numbers(&[3, 2], 1);
    let (i, j) = (Val::from(2u64), Val::from(1i32));
    both("get", &[m.clone(), i.clone(), j.clone()], |b, p| {
        let row = b.get(p[0], vec![Step::Index], &[p[1]]);
        let x = b.get(p[0], vec![Step::Index, Step::Index], &[p[1], p[2]]);
        vec![row, x]
    });
    both(
        "update",
        &[m.clone(), numbers(&[2], 2), 0.7.into(), i, j],
        |b, p| {
            let a = b.update(p[0], p[1], vec![Step::Index], &[p[4]]);
            vec![b.update(a, p[2], vec![Step::Index, Step::Index], &[p[3], p[4]])]
        },
    );
    both("add_at", &[m, numbers(&[2], 2), 1u64.into()], |b, p| {
        vec![b.add_at(p[0], p[1], vec![Step::Index], &[p[2]])]
    });
}

#[test]
fn places_in_records_and_sequences() {
    let v = Type::tensor(DType::F64, [Dim::Dynamic]);
    let row = Type::record([DType::I64.into(), v.clone()]);
    let ty = Type::seq(row);
    let entry = |n: usize| Val::record(vec![(n as i64).into(), numbers(&[n], n)]);
    let args = [seq(vec![entry(2), entry(3)]), numbers(&[4], 1), 1u64.into()];
    typed(
        "record in sequence",
        &[ty, v, DType::U64.into()],
        &args,
        |b, p| {
            let path = vec![Step::Index, Step::Field(1)];
            let old = b.get(p[0], path.clone(), &[p[2]]);
            let square = b.mul(old, old);
            let s = b.update(p[0], p[1], path.clone(), &[p[2]]);
            let back = b.get(s, path, &[p[2]]);
            let r = b.record(&[square, p[2], back]);
            vec![s, r]
        },
    );
}

#[test]
fn slices() {
    let args = [
        numbers(&[5, 2], 1),
        numbers(&[2, 2], 3),
        1u64.into(),
        4u64.into(),
    ];
    both("slice", &args, |b, p| {
        vec![b.inst1(ArrayOp::Slice, &[p[0], p[2], p[3]])]
    });
    both("update_slice", &args, |b, p| {
        vec![b.inst1(ArrayOp::UpdateSlice, &[p[0], p[1], p[2]])]
    });
    both("add_slice", &args, |b, p| {
        vec![b.inst1(ArrayOp::AddSlice, &[p[0], p[1], p[2]])]
    });
    let ty = Type::seq(Type::tensor(DType::F64, [Dim::Dynamic]));
    let s = seq(vec![numbers(&[2], 1), numbers(&[1], 2), numbers(&[3], 3)]);
    let t = seq(vec![numbers(&[2], 5)]);
    let tys = [ty.clone(), ty, DType::U64.into(), DType::U64.into()];
    typed(
        "slices of sequences",
        &tys,
        &[s, t, 1u64.into(), 3u64.into()],
        |b, p| {
            let a = b.inst1(ArrayOp::UpdateSlice, &[p[0], p[1], p[2]]);
            vec![b.inst1(ArrayOp::Slice, &[a, p[2], p[3]])]
        },
    );
}

#[test]
fn fills_arrays_pushes_and_pops() {
    let v = numbers(&[3], 1);
    both(
        "fill",
        &[v.clone(), 0.3.into(), 2u64.into(), 0u64.into()],
        |b, p| {
            let a = b.inst1(ArrayOp::Fill, &[p[0], p[2]]);
            let none = b.inst1(ArrayOp::Fill, &[p[0], p[3]]);
            let c = b.inst1(ArrayOp::Fill, &[p[1], p[2]]);
            vec![a, none, c]
        },
    );
    both("array", &[v.clone(), numbers(&[3], 2)], |b, p| {
        let x = b.mul(p[0], p[1]);
        vec![b.inst1(ArrayOp::Array, &[p[0], x, p[1]])]
    });
    both("push and pop", &[numbers(&[2, 3], 4), v], |b, p| {
        let a = b.inst1(ArrayOp::Push, &[p[0], p[1]]);
        let [rest, x] = b.inst(ArrayOp::Pop, &[p[0]])[..] else {
            return vec![];
        };
        let c = b.inst1(ArrayOp::Push, &[rest, p[1]]);
        vec![a, rest, x, c]
    });
    let ty = Type::seq(Type::tensor(DType::F64, [Dim::Dynamic]));
    let args = [
        seq(vec![numbers(&[2], 1), numbers(&[1], 2)]),
        numbers(&[3], 3),
    ];
    let tys = [ty, Type::tensor(DType::F64, [Dim::Dynamic])];
    typed("push and pop of sequences", &tys, &args, |b, p| {
        let [rest, x] = b.inst(ArrayOp::Pop, &[p[0]])[..] else {
            return vec![];
        };
        let y = b.mul(p[1], p[1]);
        let x = b.mul(x, x);
        let a = b.inst1(ArrayOp::Push, &[rest, y]);
        vec![b.inst1(ArrayOp::Push, &[a, x])]
    });
}

#[test]
fn shapes() {
    let m = numbers(&[2, 3], 1);
    both("reshape", &[m.clone(), 3u64.into()], |b, p| {
        let a = b.inst1(ShapeOp::Reshape(known(&[6])), &[p[0]]);
        let c = b.inst1(
            ShapeOp::Reshape(vec![Dim::Dynamic, Dim::Known(2)]),
            &[p[0], p[1]],
        );
        vec![a, c]
    });
    both("transpose", &[numbers(&[2, 3, 4], 1)], |b, p| {
        vec![b.inst1(ShapeOp::Transpose(vec![2, 0, 1]), &[p[0]])]
    });
    both("reverse", std::slice::from_ref(&m), |b, p| {
        vec![b.inst1(ShapeOp::Reverse(vec![1]), &[p[0]])]
    });
    both(
        "concat",
        &[m.clone(), numbers(&[2, 3], 2), numbers(&[2, 3], 5)],
        |b, p| {
            let a = b.inst1(ShapeOp::Concat(0), p);
            let c = b.inst1(ShapeOp::Concat(1), p);
            vec![a, c]
        },
    );
    both(
        "broadcast",
        &[numbers(&[3], 1), 2u64.into(), 3u64.into()],
        |b, p| {
            let shape = vec![Dim::Dynamic, Dim::Dynamic];
            vec![b.inst1(
                ShapeOp::Broadcast {
                    shape,
                    dims: vec![1],
                },
                p,
            )]
        },
    );
    typed(
        "stretch",
        &[Type::known(DType::F64, &[2, 1])],
        &[numbers(&[2, 1], 1)],
        |b, p| {
            let shape = known(&[4, 2, 3]);
            let a = b.mul(p[0], p[0]);
            vec![b.inst1(
                ShapeOp::Broadcast {
                    shape,
                    dims: vec![1, 2],
                },
                &[a],
            )]
        },
    );
    for amounts in [
        vec![(1, 2, 0), (0, 0, 0)],
        vec![(-1, 1, 0), (2, -1, 1)],
        vec![(0, 0, 2), (-1, -1, 2)],
    ] {
        both(
            &format!("pad {amounts:?}"),
            &[m.clone(), 0.6.into()],
            |b, p| vec![b.inst1(ShapeOp::Pad(amounts.clone()), p)],
        );
    }
    for ranges in [
        vec![(0, 2, 1), (0, 3, 2)],
        vec![(1, 2, 3), (1, 3, 1)],
        vec![(1, 1, 1), (2, 3, 1)],
    ] {
        both(
            &format!("strided_slice {ranges:?}"),
            std::slice::from_ref(&m),
            |b, p| vec![b.inst1(ShapeOp::StridedSlice(ranges.clone()), p)],
        );
    }
    let ty = Type::seq(Type::tensor(DType::F64, [Dim::Dynamic]));
    let args = [
        seq(vec![numbers(&[2], 1)]),
        seq(vec![numbers(&[1], 2), numbers(&[3], 3)]),
    ];
    typed("concat of sequences", &[ty.clone(), ty], &args, |b, p| {
        vec![b.inst1(ShapeOp::Concat(0), &[p[0], p[1], p[0]])]
    });
}

#[test]
fn gathers_and_scatters() {
    let m = numbers(&[3, 4], 1);
    let at = Val::vector(vec![2u64, 0, 2]);
    both("gather", &[m.clone(), at.clone(), 1u8.into()], |b, p| {
        let a = b.inst1(IndexOp::Gather(0), &[p[0], p[1]]);
        let c = b.inst1(IndexOp::Gather(1), &[p[0], p[1]]);
        let d = b.inst1(IndexOp::Gather(1), &[p[0], p[2]]);
        vec![a, c, d]
    });
    both("scatter_add", &[m, at, numbers(&[3, 3], 4)], |b, p| {
        vec![b.inst1(IndexOp::ScatterAdd(1), p)]
    });
}

#[test]
fn reductions() {
    let m = numbers(&[2, 3, 2], 1);
    for axes in [vec![], vec![1], vec![0, 2], vec![0, 1, 2]] {
        for op in [ReduceOp::Sum, ReduceOp::Prod, ReduceOp::Min, ReduceOp::Max] {
            both(
                &format!("{} {axes:?}", op.name()),
                std::slice::from_ref(&m),
                |b, p| vec![b.inst1(Reduction::Axes(op, axes.clone()), p)],
            );
        }
    }
    for axis in 0..3 {
        for reverse in [false, true] {
            for op in [CumOp::Sum, CumOp::Prod, CumOp::Min, CumOp::Max] {
                both(
                    &format!("{} {axis} {reverse}", op.name()),
                    std::slice::from_ref(&m),
                    |b, p| vec![b.inst1(Reduction::Cumulative { op, axis, reverse }, p)],
                );
            }
        }
    }
}

#[test]
fn products_with_zeros() {
    let v = tensor(&[2, 3], vec![0.0, 2.0, 3.0, 0.0, 0.0, 5.0]);
    let ty = [Type::known(DType::F64, &[2, 3])];
    typed("product", &ty, std::slice::from_ref(&v), |b, p| {
        let a = b.inst1(Reduction::Axes(ReduceOp::Prod, vec![1]), p);
        let c = b.inst1(Reduction::Axes(ReduceOp::Prod, vec![0, 1]), p);
        vec![a, c]
    });
    typed("running product", &ty, &[v], |b, p| {
        let op = CumOp::Prod;
        let a = b.inst1(
            Reduction::Cumulative {
                op,
                axis: 1,
                reverse: false,
            },
            p,
        );
        let c = b.inst1(
            Reduction::Cumulative {
                op,
                axis: 0,
                reverse: true,
            },
            p,
        );
        vec![a, c]
    });
}

/// The gradient of the sum of what `f` gives.
fn gradient(x: Val, f: impl Fn(&mut Builder, Value) -> Value) -> Vec<f64> {
    let mut b = Builder::new("f", &[static_type(&x)]);
    let p = b.params()[0];
    let y = f(&mut b, p);
    let rank = b.ty(y).as_tensor().map_or(0, |t| t.shape.len() as u32);
    let y = b.inst1(Reduction::Axes(ReduceOp::Sum, (0..rank).collect()), &[y]);
    let mut m = Module::new();
    let id = m.funcs.push(b.finish(&[y]).unwrap());
    pass::lower(&mut m).unwrap();
    let g = cotangent_core::ad::derive(&mut m, id, cotangent_core::ir::DeriveKind::Gradient, &[0])
        .unwrap();
    let r = Program::new(&m)
        .run(g, vec![x], &Limits::default())
        .unwrap();
    match &r[0] {
        Val::Tensor(t) => f64::slice(&t.data).unwrap().to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn ties_share_and_the_first_running_extreme_wins() {
    let v = Val::vector(vec![1.0, 4.0, 4.0, 2.0]);
    let g = gradient(v.clone(), |b, x| {
        b.inst1(Reduction::Axes(ReduceOp::Max, vec![0]), &[x])
    });
    assert_eq!(g, [0.0, 0.5, 0.5, 0.0]);
    let cum = |reverse| {
        move |b: &mut Builder, x: Value| {
            let op = CumOp::Max;
            b.inst1(
                Reduction::Cumulative {
                    op,
                    axis: 0,
                    reverse,
                },
                &[x],
            )
        }
    };
    assert_eq!(gradient(v.clone(), cum(false)), [1.0, 3.0, 0.0, 0.0]);
    assert_eq!(gradient(v, cum(true)), [0.0, 0.0, 3.0, 1.0]);
    let none = Val::vector::<f64>(vec![]);
    let g = gradient(none, |b, x| {
        b.inst1(Reduction::Axes(ReduceOp::Max, vec![0]), &[x])
    });
    assert_eq!(g, [0.0; 0]);
}

#[test]
fn sorts() {
    let (k, v) = (numbers(&[2, 4], 1), numbers(&[2, 4], 6));
    for axis in 0..2 {
        both(&format!("sort {axis}"), &[k.clone(), v.clone()], |b, p| {
            b.inst(Op::Sort(axis), p)
        });
    }
    both("sort of a vector", &[numbers(&[5], 2)], |b, p| {
        b.inst(Op::Sort(0), p)
    });
}

fn dims(lb: &[u32], rb: &[u32], lc: &[u32], rc: &[u32]) -> DotDims {
    DotDims {
        lhs_batch: lb.to_vec(),
        rhs_batch: rb.to_vec(),
        lhs_contract: lc.to_vec(),
        rhs_contract: rc.to_vec(),
    }
}

#[test]
fn contractions() {
    let n = numbers;
    let cases = [
        (dims(&[], &[], &[1], &[0]), n(&[2, 3], 1), n(&[3, 4], 2)),
        (dims(&[], &[], &[1], &[0]), n(&[2, 3], 1), n(&[3], 2)),
        (dims(&[], &[], &[0], &[0]), n(&[3], 1), n(&[3], 2)),
        (dims(&[], &[], &[], &[]), n(&[2], 1), n(&[3], 2)),
        (
            dims(&[0], &[3], &[3, 1], &[0, 2]),
            n(&[2, 3, 2, 4], 1),
            n(&[4, 2, 3, 2], 2),
        ),
        (
            dims(&[1], &[0], &[0], &[1]),
            n(&[2, 3], 1),
            n(&[3, 2, 2], 2),
        ),
    ];
    for (op, l, r) in cases {
        both(&format!("{op:?}"), &[l, r], |b, p| {
            vec![b.inst1(op.clone(), p)]
        });
    }
}

#[test]
fn complex_arrays() {
    let c = |n: usize, s: usize| -> Vec<Complex<f64>> {
        let at = |i: usize| ((i * 7 + s) % 5) as f64 - 1.5;
        (0..n).map(|i| Complex::new(at(i), at(i + 3))).collect()
    };
    let (l, r) = (tensor(&[2, 3], c(6, 0)), tensor(&[3, 2], c(6, 2)));
    both("complex dot", &[l.clone(), r], |b, p| {
        vec![b.inst1(dims(&[], &[], &[1], &[0]), p)]
    });
    both("complex reductions", &[l], |b, p| {
        let a = b.inst1(Reduction::Axes(ReduceOp::Prod, vec![1]), p);
        let op = CumOp::Prod;
        let c = b.inst1(
            Reduction::Cumulative {
                op,
                axis: 0,
                reverse: false,
            },
            p,
        );
        vec![a, c]
    });
}

#[test]
fn samples_are_differentiable_in_their_parameters() {
    let tys = [Type::from(DType::F64), DType::F64.into()];
    typed("samples", &tys, &[0.4.into(), 1.3.into()], |b, p| {
        let seed = b.index(3);
        let key = distributions::key(b, seed);
        let keys = distributions::split(b, key, 3);
        let k: Vec<Value> = (0..3).map(|i| distributions::nth(b, keys, i)).collect();
        let x = distributions::normal_with(b, k[0], p[0], p[1], &[4]);
        let u = distributions::uniform_range(b, k[1], p[0], p[1], &[2, 2]);
        let t = distributions::truncated_normal(b, k[2], p[0], p[1], &[3]);
        vec![x, u, t]
    });
}

#[test]
fn what_traps_in_the_function_traps_in_the_derivative() {
    let mut b = Builder::new(
        "f",
        &[Type::tensor(DType::F64, [Dim::Dynamic]), DType::U64.into()],
    );
    let p = b.params();
    let y = b.inst1(PlaceOp::Get(vec![Step::Index]), &[p[0], p[1]]);
    let mut m = Module::new();
    let id = m.funcs.push(b.finish(&[y]).unwrap());
    pass::lower(&mut m).unwrap();
    let g = cotangent_core::ad::derive(&mut m, id, cotangent_core::ir::DeriveKind::Gradient, &[0])
        .unwrap();
    let args = vec![
        Val::Tensor(Arc::new(Tensor {
            shape: vec![2],
            data: Data::F64(vec![1.0, 2.0]),
        })),
        2u64.into(),
    ];
    assert!(Program::new(&m).run(g, args, &Limits::default()).is_err());
}
