//! Derivatives of whole programs: every control construct, arrays, records, sequences, recursion, custom rules, each
//! against finite differences and the inner product, to order 2 (see `ad::check`).

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::ad::{derive, vjp};
use cotangent_core::entity::{FuncId, Value};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::*;
use cotangent_core::value::{Scalar, Tensor, Val};

const F: DType = DType::F64;

fn f64s() -> Type {
    Type::tensor(F, [Dim::Dynamic])
}
fn val(x: f64) -> Val {
    Val::from(x)
}
fn vec_of(xs: &[f64]) -> Val {
    Val::vector(xs.to_vec())
}
fn number(v: &Val) -> f64 {
    match v {
        Val::Scalar(Scalar::F64(x)) => *x,
        other => panic!("not a number: {other:?}"),
    }
}
fn numbers(v: &Val) -> Vec<f64> {
    match v {
        Val::Tensor(t) => (0..t.data.len())
            .map(|i| number(&Val::Scalar(t.data.get(i))))
            .collect(),
        other => panic!("not an array: {other:?}"),
    }
}

/// One function in a module.
fn one(
    name: &str,
    params: &[Type],
    body: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
) -> (Module, FuncId) {
    let mut m = Module::new();
    let f = add(&mut m, name, params, body);
    (m, f)
}
fn add(
    m: &mut Module,
    name: &str,
    params: &[Type],
    body: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
) -> FuncId {
    let mut b = Builder::new(name, params);
    let ps = b.params();
    let ys = body(&mut b, &ps);
    let f = b.finish(&ys).expect("well typed");
    m.funcs.push(f)
}

/// Checks to order 2.
fn check(m: &mut Module, f: FuncId, args: &[Val]) {
    let how = Check {
        order: 2,
        ..Check::default()
    };
    if let Err(e) = check_derivatives(m, f, args, &how) {
        panic!("{e}");
    }
}
fn gradient(m: &mut Module, f: FuncId, wrt: &[u32], args: &[Val]) -> Vec<Val> {
    let g = derive(m, f, DeriveKind::Gradient, wrt).expect("differentiable");
    Program::new(m)
        .run(g, args.to_vec(), &Limits::default())
        .expect("runs")
}

#[test]
fn sin_of_cos() {
    let (mut m, f) = one("f", &[F.into()], |b, p| {
        let c = b.unary(UnaryOp::Cos, p[0]);
        vec![b.unary(UnaryOp::Sin, c)]
    });
    let g = gradient(&mut m, f, &[0], &[val(0.5)]);
    assert!((number(&g[0]) - -0.30635890918999453).abs() < 1e-15);
    check(&mut m, f, &[val(0.5)]);
}

#[test]
fn values_used_twice_and_not_at_all() {
    let (mut m, f) = one("f", &[F.into(), F.into()], |b, p| {
        let a = b.mul(p[0], p[0]);
        let c = b.add(a, p[0]);
        vec![b.mul(c, a)]
    });
    let g = gradient(&mut m, f, &[0, 1], &[val(2.0), val(7.0)]);
    assert_eq!((number(&g[0]), number(&g[1])), (4.0 * 8.0 + 3.0 * 4.0, 0.0));
    check(&mut m, f, &[val(2.0), val(7.0)]);
}

/// `r = 1; for i in 0..n { r = r * x + sin(r) }`
fn power(m: &mut Module) -> FuncId {
    add(m, "power", &[F.into(), DType::U64.into()], |b, p| {
        let (lo, one) = (b.index(0), b.scalar(1.0));
        b.for_(lo, p[1], &[one], |b, _, c| {
            let t = b.mul(c[0], p[0]);
            let s = b.unary(UnaryOp::Sin, c[0]);
            vec![b.add(t, s)]
        })
    })
}

#[test]
fn counted_loop() {
    let mut m = Module::new();
    let f = power(&mut m);
    for n in [0u64, 1, 2, 7] {
        check(&mut m, f, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn unbounded_loop_newton() {
    // while |y*y - x| > 1e-13: y = (y + x/y) / 2
    let (mut m, f) = one("newton", &[F.into()], |b, p| {
        let one = b.scalar(1.0);
        b.while_(
            &[one],
            |b, c| {
                let sq = b.mul(c[0], c[0]);
                let d = b.sub(sq, p[0]);
                let a = b.unary(UnaryOp::Abs, d);
                let eps = b.scalar(1e-13);
                b.compare(CompareOp::Gt, a, eps)
            },
            |b, c| {
                let q = b.div(p[0], c[0]);
                let s = b.add(c[0], q);
                let h = b.scalar(0.5);
                vec![b.mul(s, h)]
            },
        )
    });
    let g = gradient(&mut m, f, &[0], &[val(2.0)]);
    assert!((number(&g[0]) - 0.5 / 2f64.sqrt()).abs() < 1e-12);
    check(&mut m, f, &[val(2.0)]);
}

#[test]
fn branches_in_a_loop() {
    let (mut m, f) = one("f", &[F.into(), DType::U64.into()], |b, p| {
        let (lo, x0) = (b.index(0), b.scalar(0.3));
        b.for_(lo, p[1], &[x0], |b, i, c| {
            let (two, zero) = (b.index(2), b.index(0));
            let r = b.binary(BinaryOp::Rem, i, two);
            let even = b.compare(CompareOp::Eq, r, zero);
            b.if_(
                even,
                |b| {
                    let s = b.unary(UnaryOp::Sin, c[0]);
                    vec![b.mul(s, p[0])]
                },
                |b| {
                    let e = b.unary(UnaryOp::Tanh, p[0]);
                    vec![b.add(c[0], e)]
                },
            )
        })
    });
    for n in [0u64, 1, 5] {
        check(&mut m, f, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn switch_cases() {
    let (mut m, f) = one("f", &[F.into(), DType::I32.into()], |b, p| {
        let mut arms = Vec::new();
        for k in 0..3 {
            b.open(&[]);
            let y = match k {
                0 => b.mul(p[0], p[0]),
                1 => b.unary(UnaryOp::Exp, p[0]),
                _ => b.scalar(4.0),
            };
            arms.push(b.close(&[y]));
        }
        b.region_op(ControlOp::Switch, &[p[1]], &arms)
    });
    for k in [-1i32, 0, 1, 2, 9] {
        check(&mut m, f, &[val(0.7), Val::from(k)]);
    }
}

#[test]
fn array_written_in_a_loop() {
    // a[0] = x; a[i] = sin(a[i-1]) * a[i] + w[i];  sum of squares at the end
    let (mut m, f) = one("f", &[F.into(), f64s(), f64s()], |b, p| {
        let (zero, one) = (b.index(0), b.index(1));
        let n = b.len(p[1]);
        let a = b.update(p[1], p[0], vec![Step::Index], &[zero]);
        let a = b.for_(one, n, &[a], |b, i, c| {
            let j = b.sub(i, one);
            let prev = b.at(c[0], j);
            let s = b.unary(UnaryOp::Sin, prev);
            let cur = b.at(c[0], i);
            let t = b.mul(s, cur);
            let w = b.at(p[2], i);
            let t = b.add(t, w);
            vec![b.update(c[0], t, vec![Step::Index], &[i])]
        })[0];
        let z = b.scalar(0.0);
        b.for_(zero, n, &[z], |b, i, c| {
            let x = b.at(a, i);
            let x2 = b.mul(x, x);
            vec![b.add(c[0], x2)]
        })
    });
    check(
        &mut m,
        f,
        &[
            val(0.7),
            vec_of(&[0.1, 0.2, 0.3, 0.4]),
            vec_of(&[1.0, -0.5, 0.25, 2.0]),
        ],
    );
    check(&mut m, f, &[val(0.7), vec_of(&[0.1]), vec_of(&[1.0])]);
}

#[test]
fn nested_loops_read_captured_arrays() {
    // sum_ij sin(x[i] * y[j]) * x[j]
    let (mut m, f) = one("f", &[f64s(), f64s()], |b, p| {
        let (zero, n) = (b.index(0), b.len(p[0]));
        let z = b.scalar(0.0);
        b.for_(zero, n, &[z], |b, i, c| {
            let xi = b.at(p[0], i);
            b.for_(zero, n, c, |b, j, c| {
                let yj = b.at(p[1], j);
                let q = b.mul(xi, yj);
                let s = b.unary(UnaryOp::Sin, q);
                let xj = b.at(p[0], j);
                let t = b.mul(s, xj);
                vec![b.add(c[0], t)]
            })
        })
    });
    check(
        &mut m,
        f,
        &[vec_of(&[0.1, 0.2, 0.3]), vec_of(&[1.0, -0.5, 0.25])],
    );
    check(&mut m, f, &[vec_of(&[]), vec_of(&[])]);
}

#[test]
fn branch_that_reads_a_captured_array() {
    let (mut m, f) = one("f", &[f64s()], |b, p| {
        let (zero, n) = (b.index(0), b.len(p[0]));
        let z = b.scalar(0.5);
        b.for_(zero, n, &[z], |b, i, c| {
            let x = b.at(p[0], i);
            let pos = b.compare(CompareOp::Gt, x, c[0]);
            b.if_(
                pos,
                |b| {
                    let y = b.at(p[0], i);
                    let y = b.mul(y, y);
                    vec![b.add(c[0], y)]
                },
                |_| vec![c[0]],
            )
        })
    });
    check(&mut m, f, &[vec_of(&[0.1, 0.7, 2.0, 0.3])]);
}

/// `fn rec(x, n) = if n == 0 { 1 } else { x * sin(rec(x, n - 1)) + x }`
fn recursive(m: &mut Module) -> FuncId {
    let id = m.funcs.next_key();
    add(m, "rec", &[F.into(), DType::U64.into()], |b, p| {
        let zero = b.index(0);
        let stop = b.compare(CompareOp::Eq, p[1], zero);
        b.if_(
            stop,
            |b| vec![b.scalar(1.0)],
            |b| {
                let one = b.index(1);
                let k = b.sub(p[1], one);
                let r = b.call(id, &[p[0], k], &[F.into()])[0];
                let s = b.unary(UnaryOp::Sin, r);
                let t = b.mul(p[0], s);
                vec![b.add(t, p[0])]
            },
        )
    })
}

#[test]
fn recursion() {
    let mut m = Module::new();
    let f = recursive(&mut m);
    for n in [0u64, 1, 2, 5] {
        check(&mut m, f, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn recursion_called_from_a_loop() {
    let mut m = Module::new();
    let f = recursive(&mut m);
    let g = add(&mut m, "g", &[F.into(), DType::U64.into()], |b, p| {
        let lo = b.index(0);
        b.for_(lo, p[1], &[p[0]], |b, i, c| {
            let r = b.call(f, &[c[0], i], &[F.into()])[0];
            vec![b.mul(r, c[0])]
        })
    });
    for n in [0u64, 1, 4] {
        check(&mut m, g, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn mutual_and_tree_recursion() {
    // even(x, n) = n == 0 ? x : odd(sin x, n-1) * x;  odd(x, n) = n == 0 ? x*x : even(x*0.5, n-1) + even(x, n-1)
    let mut m = Module::new();
    let even = m.funcs.next_key();
    let odd = FuncId(even.0 + 1);
    let params: [Type; 2] = [F.into(), DType::U64.into()];
    add(&mut m, "even", &params, |b, p| {
        let zero = b.index(0);
        let stop = b.compare(CompareOp::Eq, p[1], zero);
        b.if_(
            stop,
            |_| vec![p[0]],
            |b| {
                let one = b.index(1);
                let k = b.sub(p[1], one);
                let s = b.unary(UnaryOp::Sin, p[0]);
                let r = b.call(odd, &[s, k], &[F.into()])[0];
                vec![b.mul(r, p[0])]
            },
        )
    });
    add(&mut m, "odd", &params, |b, p| {
        let zero = b.index(0);
        let stop = b.compare(CompareOp::Eq, p[1], zero);
        b.if_(
            stop,
            |b| vec![b.mul(p[0], p[0])],
            |b| {
                let one = b.index(1);
                let k = b.sub(p[1], one);
                let h = b.scale(p[0], 0.5);
                let r = b.call(even, &[h, k], &[F.into()])[0];
                let s = b.call(even, &[p[0], k], &[F.into()])[0];
                vec![b.add(r, s)]
            },
        )
    });
    for n in [0u64, 1, 2, 3, 6] {
        check(&mut m, even, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn recursion_over_an_array_and_a_loop() {
    // rec(a, i) = i == len ? 0 : (sum_{k<=i} a[k] * a[i]) + sin(rec(a, i+1))
    let mut m = Module::new();
    let id = m.funcs.next_key();
    let f = add(&mut m, "rec", &[f64s(), DType::U64.into()], |b, p| {
        let n = b.len(p[0]);
        let stop = b.compare(CompareOp::Eq, p[1], n);
        b.if_(
            stop,
            |b| vec![b.scalar(0.0)],
            |b| {
                let (zero, one) = (b.index(0), b.index(1));
                let next = b.add(p[1], one);
                let ai = b.at(p[0], p[1]);
                let z = b.scalar(0.0);
                let s = b.for_(zero, next, &[z], |b, k, c| {
                    let ak = b.at(p[0], k);
                    let t = b.mul(ak, ai);
                    vec![b.add(c[0], t)]
                })[0];
                let r = b.call(id, &[p[0], next], &[F.into()])[0];
                let r = b.unary(UnaryOp::Sin, r);
                vec![b.add(s, r)]
            },
        )
    });
    check(&mut m, f, &[vec_of(&[0.3, -0.2, 0.9]), Val::from(0u64)]);
}

#[test]
fn calls_that_mutate_an_array() {
    // step(a, i): a[i] = a[i] * a[0] + 1;   f(a): for i { a = step(a, i) } ; sum
    let mut m = Module::new();
    let step = add(&mut m, "step", &[f64s(), DType::U64.into()], |b, p| {
        let zero = b.index(0);
        let (x, a0) = (b.at(p[0], p[1]), b.at(p[0], zero));
        let t = b.mul(x, a0);
        let one = b.scalar(1.0);
        let t = b.add(t, one);
        vec![b.update(p[0], t, vec![Step::Index], &[p[1]])]
    });
    let f = add(&mut m, "f", &[f64s()], |b, p| {
        let (zero, n) = (b.index(0), b.len(p[0]));
        let a = b.for_(zero, n, &[p[0]], |b, i, c| {
            b.call(step, &[c[0], i], &[f64s()])
        })[0];
        let z = b.scalar(0.0);
        b.for_(zero, n, &[z], |b, i, c| {
            let x = b.at(a, i);
            let x = b.mul(x, x);
            vec![b.add(c[0], x)]
        })
    });
    check(&mut m, f, &[vec_of(&[0.3, -0.2, 0.9])]);
}

#[test]
fn sequences_push_and_pop() {
    // push x^i, then pop all, folding with sin
    let (mut m, f) = one("f", &[F.into(), DType::U64.into()], |b, p| {
        let zero = b.index(0);
        let (one, empty) = (b.scalar(1.0), b.default(f64s()));
        let out = b.for_(zero, p[1], &[empty, one], |b, _, c| {
            let v = b.inst1(ArrayOp::Push, &[c[0], c[1]]);
            vec![v, b.mul(c[1], p[0])]
        });
        let acc = b.scalar(0.2);
        let r = b.while_(
            &[out[0], acc],
            |b, c| {
                let n = b.len(c[0]);
                b.compare(CompareOp::Gt, n, zero)
            },
            |b, c| {
                let r = b.inst(ArrayOp::Pop, &[c[0]]);
                let s = b.unary(UnaryOp::Sin, c[1]);
                let t = b.mul(r[1], s);
                vec![r[0], b.add(t, p[0])]
            },
        );
        vec![r[1]]
    });
    for n in [0u64, 1, 4] {
        check(&mut m, f, &[val(0.7), Val::from(n)]);
    }
}

#[test]
fn sequence_of_records() {
    // seq<{f64, u64}>: sum of x * n^2 after updating one field
    let rec = Type::record([F.into(), DType::U64.into()]);
    let (mut m, f) = one("f", &[Type::seq(rec)], |b, p| {
        let (zero, n) = (b.index(0), b.len(p[0]));
        let x = b.get(p[0], vec![Step::Index, Step::Field(0)], &[zero]);
        let x = b.unary(UnaryOp::Sin, x);
        let s = b.update(p[0], x, vec![Step::Index, Step::Field(0)], &[zero]);
        let z = b.scalar(0.0);
        b.for_(zero, n, &[z], |b, i, c| {
            let r = b.at(s, i);
            let (x, k) = (b.field(r, 0), b.field(r, 1));
            let k = b.convert(F, k);
            let t = b.mul(x, x);
            let t = b.mul(t, k);
            vec![b.add(c[0], t)]
        })
    });
    let r = |x: f64, k: u64| Val::record(vec![val(x), Val::from(k)]);
    let s = Val::Seq(vec![r(0.3, 2), r(0.8, 3)].into());
    check(&mut m, f, &[s]);
}

#[test]
fn ragged_sequences() {
    // seq<f64[?]>: sum of squares, after doubling one element
    let (mut m, f) = one("f", &[Type::seq(f64s()), F.into()], |b, p| {
        let (zero, n) = (b.index(0), b.len(p[0]));
        let x = b.get(p[0], vec![Step::Index, Step::Index], &[zero, zero]);
        let x = b.mul(x, p[1]);
        let s = b.update(p[0], x, vec![Step::Index, Step::Index], &[zero, zero]);
        let z = b.scalar(0.0);
        b.for_(zero, n, &[z], |b, i, c| {
            let row = b.at(s, i);
            let k = b.len(row);
            b.for_(zero, k, c, |b, j, c| {
                let x = b.at(row, j);
                let t = b.mul(x, x);
                vec![b.add(c[0], t)]
            })
        })
    });
    let s = Val::Seq(vec![vec_of(&[0.3]), vec_of(&[]), vec_of(&[1.0, 2.0])].into());
    check(&mut m, f, &[s, val(1.5)]);
}

#[test]
fn map_with_captured_scalar() {
    let (mut m, f) = one("f", &[f64s(), F.into()], |b, p| {
        let y = b.map(&[p[0]], |b, x| {
            let t = b.mul(x[0], p[1]);
            vec![b.unary(UnaryOp::Sin, t)]
        })[0];
        vec![b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[y])]
    });
    check(&mut m, f, &[vec_of(&[0.3, 0.4, 2.0]), val(1.5)]);
    check(&mut m, f, &[vec_of(&[]), val(1.5)]);
}

#[test]
fn tensors_of_unknown_extents() {
    let (mut m, f) = one("f", &[f64s(), f64s()], |b, p| {
        let t = b.mul(p[0], p[1]);
        let t = b.scale(t, 2.0);
        let s = b.unary(UnaryOp::Exp, t);
        vec![b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0]), &[s])]
    });
    let g = gradient(&mut m, f, &[0], &[vec_of(&[0.0, 0.0]), vec_of(&[1.0, 3.0])]);
    assert_eq!(numbers(&g[0]), [2.0, 6.0]);
    check(
        &mut m,
        f,
        &[vec_of(&[0.3, 0.4, 0.1]), vec_of(&[0.5, -0.2, 0.3])],
    );
}

#[test]
fn several_results_and_integers_between() {
    let (mut m, f) = one("f", &[F.into(), DType::I64.into(), F.into()], |b, p| {
        let k = b.convert(F, p[1]);
        let a = b.mul(p[0], k);
        let a = b.mul(a, p[2]);
        let s = b.unary(UnaryOp::Sin, p[2]);
        vec![a, p[1], s]
    });
    check(&mut m, f, &[val(0.7), Val::from(3i64), val(0.4)]);
}

#[test]
fn complex_numbers() {
    use num_complex::Complex64;
    let c: Type = DType::C128.into();
    let (mut m, f) = one("f", &[c.clone(), c], |b, p| {
        let t = b.mul(p[0], p[1]);
        let e = b.unary(UnaryOp::Exp, t);
        let q = b.div(e, p[0]);
        let a = b.unary(UnaryOp::Abs, q);
        let s = b.unary(UnaryOp::Conj, q);
        let s = b.unary(UnaryOp::Imag, s);
        vec![b.add(a, s)]
    });
    let z = |re, im| Val::from(Complex64::new(re, im));
    check(&mut m, f, &[z(0.3, 0.4), z(-0.2, 0.7)]);
    // The gradient of |z|^2 is 2 z.
    let (mut m, f) = one("g", &[DType::C128.into()], |b, p| {
        let c = b.unary(UnaryOp::Conj, p[0]);
        let t = b.mul(c, p[0]);
        vec![b.unary(UnaryOp::Real, t)]
    });
    let g = gradient(&mut m, f, &[0], &[z(1.0, 2.0)]);
    assert!(g[0].same_bits(&z(2.0, 4.0)));
}

#[test]
fn stop_gradient_stops() {
    let (mut m, f) = one("f", &[F.into()], |b, p| {
        let s = b.unary(UnaryOp::StopGradient, p[0]);
        vec![b.mul(s, p[0])]
    });
    assert_eq!(number(&gradient(&mut m, f, &[0], &[val(3.0)])[0]), 3.0);
}

#[test]
fn custom_rules() {
    // f(x) = x * x with rules that say the derivative is 10 x (to be seen to be used).
    for reverse in [false, true] {
        let mut m = Module::new();
        let f = add(&mut m, "f", &[F.into()], |b, p| vec![b.mul(p[0], p[0])]);
        let rule = add(&mut m, "rule", &[F.into(), F.into()], |b, p| {
            let k = b.scale(p[0], 10.0);
            let d = b.mul(p[1], k);
            if reverse {
                vec![d]
            } else {
                vec![b.mul(p[0], p[0]), d]
            }
        });
        m.funcs[f].rule = Some(if reverse {
            CustomRule::Vjp(rule)
        } else {
            CustomRule::Jvp(rule)
        });
        let g = add(&mut m, "g", &[F.into()], |b, p| {
            let y = b.call(f, &[p[0]], &[F.into()])[0];
            vec![b.unary(UnaryOp::Sin, y)]
        });
        let d = gradient(&mut m, g, &[0], &[val(3.0)]);
        assert!(
            (number(&d[0]) - 9f64.cos() * 30.0).abs() < 1e-12,
            "reverse rule: {reverse}"
        );
    }
}

#[test]
fn nested_derivatives() {
    // D(x -> D(y -> x * y, 1) * x)(4) = 8, with the inner function taking x as a parameter.
    let mut m = Module::new();
    let inner = add(&mut m, "inner", &[F.into(), F.into()], |b, p| {
        vec![b.mul(p[0], p[1])]
    });
    let outer = add(&mut m, "outer", &[F.into()], |b, p| {
        let one = b.scalar(1.0);
        let op = ControlOp::Derive {
            func: inner,
            kind: DeriveKind::Gradient,
            wrt: vec![1],
        };
        let i = b.raw(op, &[p[0], one], &[], &[F.into()]);
        let d = b.func.insts[i].results[0];
        vec![b.mul(d, p[0])]
    });
    cotangent_core::ad::expand(&mut m).expect("no cycle");
    let d = gradient(&mut m, outer, &[0], &[val(4.0)]);
    assert_eq!(number(&d[0]), 8.0);
}

#[test]
fn third_derivative_of_sin() {
    let (mut m, f) = one("f", &[F.into()], |b, p| vec![b.unary(UnaryOp::Sin, p[0])]);
    let mut g = f;
    for _ in 0..3 {
        g = derive(&mut m, g, DeriveKind::Gradient, &[0]).expect("differentiable");
    }
    let out = Program::new(&m)
        .run(g, vec![val(1.0)], &Limits::default())
        .expect("runs");
    assert!((number(&out[0]) - -(1f64.cos())).abs() < 1e-15);
}

#[test]
fn pullback_in_two_functions() {
    let mut m = Module::new();
    let f = power(&mut m);
    let v = vjp(&mut m, f, &[0]).expect("differentiable");
    let p = Program::new(&m);
    let mut out = p
        .run(
            v.forward,
            vec![val(0.7), Val::from(4u64)],
            &Limits::default(),
        )
        .expect("runs");
    let residuals = out.split_off(1);
    assert_eq!(residuals.len(), v.residuals);
    let back = |ct: f64| {
        let args: Vec<Val> = [val(ct)]
            .into_iter()
            .chain(residuals.iter().cloned())
            .collect();
        number(&p.run(v.backward, args, &Limits::default()).expect("runs")[0])
    };
    assert!((back(3.0) - 3.0 * back(1.0)).abs() < 1e-12);
}

#[test]
fn wrong_requests_are_errors() {
    let mut m = Module::new();
    let f = power(&mut m);
    assert!(
        derive(&mut m, f, DeriveKind::Gradient, &[1]).is_err(),
        "an integer has no tangent space"
    );
    assert!(
        derive(&mut m, f, DeriveKind::Gradient, &[5]).is_err(),
        "there is no such parameter"
    );
    let (mut m2, f2) = one("f", &[F.into(), F.into()], |b, p| vec![b.mul(p[0], p[1])]);
    for wrt in [[1, 0], [0, 0]] {
        let e = derive(&mut m2, f2, DeriveKind::Gradient, &wrt).unwrap_err();
        assert!(e.to_string().contains("must ascend"), "{e}");
    }
    let (mut m, f) = one("f", &[f64s()], |b, p| vec![b.mul(p[0], p[0])]);
    assert!(
        derive(&mut m, f, DeriveKind::Gradient, &[0]).is_err(),
        "the result is not a scalar"
    );
}

#[test]
fn tensor_constants_and_rank_two() {
    let ty = Type::known(F, &[2, 2]);
    let (mut m, f) = one("f", &[ty], |b, p| {
        let t = Tensor {
            shape: vec![2, 2],
            data: cotangent_core::value::Data::F64(vec![1.0, 2.0, 3.0, 4.0]),
        };
        let c = b.inst1(ConstOp::Tensor(t.into()), &[]);
        let d = b.inst1(
            DotDims {
                lhs_contract: vec![1],
                rhs_contract: vec![0],
                ..DotDims::default()
            },
            &[p[0], c],
        );
        let e = b.unary(UnaryOp::Tanh, d);
        vec![b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0, 1]), &[e])]
    });
    let x = Tensor {
        shape: vec![2, 2],
        data: cotangent_core::value::Data::F64(vec![0.1, -0.2, 0.3, 0.4]),
    };
    check(&mut m, f, &[Val::tensor(x)]);
}

#[test]
fn a_broadcast_whose_operand_has_an_unknown_extent() {
    let ty = Type::tensor(F, [Dim::Dynamic, Dim::Known(2)]);
    let (mut m, f) = one("f", &[ty, DType::U64.into()], |b, p| {
        let op = ShapeOp::Broadcast {
            shape: vec![Dim::Dynamic, Dim::Known(2)],
            dims: vec![0, 1],
        };
        let y = b.inst1(op, &[p[0], p[1]]);
        let y = b.mul(y, y);
        vec![b.inst1(Reduction::Axes(ReduceOp::Sum, vec![0, 1]), &[y])]
    });
    let x = |shape: Vec<usize>, xs: Vec<f64>| {
        Val::tensor(Tensor {
            shape,
            data: cotangent_core::value::Data::F64(xs),
        })
    };
    // An extent of 1 stretches to 3; one of 3 stays.
    let g = gradient(
        &mut m,
        f,
        &[0],
        &[x(vec![1, 2], vec![1.0, 2.0]), Val::from(3u64)],
    );
    assert_eq!(numbers(&g[0]), [6.0, 12.0]);
    check(&mut m, f, &[x(vec![1, 2], vec![1.0, 2.0]), Val::from(3u64)]);
    check(
        &mut m,
        f,
        &[x(vec![2, 2], vec![1.0, 2.0, 3.0, 4.0]), Val::from(2u64)],
    );
}
