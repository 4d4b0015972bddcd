//! Constants, random bits, what differentiation adds, control flow, effects.

use super::row::{Case, Derive, Limitation, Row, built, case};
use super::select::derive_for;
use super::shapes::KINDS;
use super::values::{any, at, dtype, number, scalar, seq, shape, tensor};
use cotangent_core::ir::{
    BinaryOp, Builder, CompareOp, ConstOp, ControlOp, CustomRule, DType, DeriveKind, Dim, EffectOp,
    Func, FuncId, Module, RngBits, TangentOp, Type, UnaryOp,
};
use cotangent_core::value::{Scalar, Tensor, Val};
use std::sync::Arc;

pub mod constants {
    use super::ConstOp as C;
    crate::variants! { C:
        "scalar" C::Scalar(_),
        "tensor" C::Tensor(_),
        "default" C::Default(_),
    }
}
pub mod tangents {
    use super::TangentOp as T;
    crate::variants! { T:
        "zeros_like" T::ZerosLike,
        "accumulate" T::Accumulate,
        "custom_linear" T::CustomLinear { .. },
    }
}
pub mod controls {
    use super::ControlOp as C;
    crate::variants! { C:
        "if" C::If,
        "switch" C::Switch,
        "while" C::While,
        "for" C::For,
        "map" C::Map,
        "call" C::Call(_),
        "derive" C::Derive { .. },
    }
}
pub mod effects {
    use super::EffectOp as E;
    crate::variants! { E:
        "assert" E::Assert(_),
        "panic" E::Panic(_),
    }
}

fn row(
    family: &'static str,
    name: &str,
    doc: &str,
    cases: Vec<Case>,
    limits: &[Limitation],
) -> Row {
    Row {
        family,
        name: name.into(),
        doc: doc.into(),
        types: "all".into(),
        domain: "any",
        cases,
        limits: limits.to_vec(),
    }
}

pub fn const_rows() -> Vec<Row> {
    let none = [Limitation::NoTangent("constant")];
    let mut cases: [Vec<Case>; 3] = Default::default();
    for d in DType::ALL {
        let s = scalar(d, num_complex::Complex64::new(3.0, -1.5));
        cases[0].push(case(
            ConstOp::Scalar(s),
            format!("{d}"),
            |_| vec![],
            move |_| vec![Val::Scalar(s)],
        ));
        for n in [0, 3] {
            let t = Tensor::new(
                vec![n, 2],
                match tensor(d, &[n, 2], |_| s) {
                    Val::Tensor(t) => t.data.clone(),
                    other => panic!("{other:?}"),
                },
            );
            let t = Arc::new(t.unwrap());
            let want = t.clone();
            cases[1].push(case(
                ConstOp::Tensor(t),
                format!("{d}[{n},2]"),
                |_| vec![],
                move |_| vec![Val::Tensor(want.clone())],
            ));
        }
        let ty = Type::record([
            Type::known(d, &[2]),
            Type::tensor(d, [Dim::Dynamic, Dim::Known(2)]),
            Type::seq(d.into()),
            Type::unit(),
        ]);
        cases[2].push(case(
            ConstOp::Default(ty),
            format!("of {d}"),
            |_| vec![],
            move |_| {
                let z = |sh: &[usize]| tensor(d, sh, |_| Scalar::zero(d));
                vec![Val::record(vec![
                    z(&[2]),
                    z(&[0, 2]),
                    seq(vec![]),
                    Val::Unit,
                ])]
            },
        ));
    }
    let [a, b, c] = cases;
    vec![
        row("Const", "scalar", "A scalar constant.", a, &none),
        row("Const", "tensor", "A tensor constant.", b, &none),
        row(
            "Const",
            "default",
            "The zero of a type; 0 for each `?`.",
            c,
            &none,
        ),
    ]
}

/// Threefry-2x32 with 20 rounds on the words as `u64`, written from the paper's tables.
fn threefry(key: [u64; 2], mut x: [u64; 2]) -> [u64; 2] {
    const M: u64 = 0xffff_ffff;
    let ks = [key[0], key[1], 0x1bd1_1bda ^ key[0] ^ key[1]];
    x = [(x[0] + ks[0]) & M, (x[1] + ks[1]) & M];
    for round in 0..20usize {
        let r = [13, 15, 26, 6, 17, 29, 16, 24][round % 8];
        x[0] = (x[0] + x[1]) & M;
        x[1] = ((x[1] << r | x[1] >> (32 - r)) & M) ^ x[0];
        if round % 4 == 3 {
            let s = round / 4 + 1;
            x[0] = (x[0] + ks[s % 3]) & M;
            x[1] = (x[1] + ks[(s + 1) % 3] + s as u64) & M;
        }
    }
    x
}

pub fn random_rows() -> Vec<Row> {
    let mut cases = Vec::new();
    for d in [DType::U32, DType::U64] {
        for sh in [&[][..], &[5], &[2, 3], &[0]] {
            let dims = sh.iter().map(|&n| Dim::Known(n as u64)).collect();
            let c = case(
                RngBits {
                    dtype: d,
                    shape: dims,
                },
                format!("{d}{sh:?}"),
                |rng| vec![Val::vector(vec![rng.bits() as u32, rng.bits() as u32])],
                move |args| {
                    let word = |i| at(&args[0], &[i]).as_int().unwrap() as u64;
                    let mut n = 0u64;
                    vec![tensor(d, sh, |_| {
                        n += 1;
                        let i = n - 1;
                        if d == DType::U64 {
                            let [x, y] = threefry([word(0), word(1)], [0, i]);
                            Scalar::U64(x << 32 | y)
                        } else {
                            let b = threefry([word(0), word(1)], [0, i / 2]);
                            Scalar::U32(b[i as usize % 2] as u32)
                        }
                    })]
                },
            );
            cases.push(c.closed());
        }
    }
    let limits = [
        Limitation::NoTangent("integer result"),
        Limitation::KnownExtents("the key is `u32[2]`, the shape an attribute"),
    ];
    vec![row(
        "Random",
        "rng_bits",
        "Threefry-2x32 bits by key and counter.",
        cases,
        &limits,
    )]
}

/// A function `sin(x) * k` over vectors of any length, with its transpose as the rule of a doubled cotangent.
fn with_rule(m: &mut Module) {
    let v = Type::tensor(DType::F64, [Dim::Dynamic]);
    let mut b = Builder::new("rule", &[v.clone(), v.clone()]);
    let p = b.params();
    let c = b.unary(UnaryOp::Cos, p[0]);
    let y = b.mul(c, p[1]);
    let y = b.scale(y, 2.0);
    let rule = m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("f", &[v]);
    let x = b.params()[0];
    let y = b.unary(UnaryOp::Sin, x);
    let mut f = b.finish(&[y]).unwrap();
    f.rule = Some(CustomRule::Vjp(rule));
    m.funcs.push(f);
}

pub fn tangent_rows() -> Vec<Row> {
    let (mut zeros, mut sums) = (Vec::new(), Vec::new());
    for d in KINDS {
        for sh in [&[][..], &[3], &[2, 2], &[0]] {
            let c = case(
                TangentOp::ZerosLike,
                format!("{d}{sh:?}"),
                move |rng| vec![any(rng, d, sh)],
                move |_| {
                    vec![if d.is_differentiable() {
                        tensor(d, sh, |_| Scalar::zero(d))
                    } else {
                        Val::Unit
                    }]
                },
            );
            zeros.push(c.derive(derive_for(d)));
        }
        if d.is_differentiable() {
            for sh in [&[][..], &[3], &[2, 2], &[0]] {
                let c = case(
                    TangentOp::Accumulate,
                    format!("{d}{sh:?}"),
                    move |rng| vec![any(rng, d, sh), any(rng, d, sh)],
                    |args| vec![added(&args[0], &args[1])],
                );
                sums.push(c.derive(derive_for(d)).within(1e-6));
            }
            let c = case(
                TangentOp::Accumulate,
                format!("{{{d}[2], {{}}, seq<{d}[?]>}}"),
                move |rng| {
                    let mut one = || {
                        let s = seq(vec![any(rng, d, &[1]), any(rng, d, &[2])]);
                        Val::record(vec![any(rng, d, &[2]), Val::Unit, s])
                    };
                    vec![one(), one()]
                },
                |args| vec![added(&args[0], &args[1])],
            );
            sums.push(c.derive(derive_for(d)).within(1e-6));
        }
    }
    // The jvp of a function with only a reverse-mode rule is what has this op; it is never run.
    let rule = built(
        "a call of a function with a vjp rule",
        |b, vs| {
            let ty = b.ty(vs[0]).clone();
            b.call(
                FuncId(1),
                vs,
                &[Type::tensor(ty.dtype().unwrap(), [Dim::Dynamic])],
            )
        },
        |rng| vec![any(rng, DType::F64, &[3])],
        |args| {
            vec![tensor(DType::F64, &shape(&args[0]), |ix| {
                Scalar::F64(number(at(&args[0], ix)).re.sin())
            })]
        },
    );
    let rule = rule
        .with(with_rule)
        .within(1e-15)
        .derive(Derive::ReverseOnly);
    vec![
        row(
            "Tangent",
            "zeros_like",
            "The zero of the operand's tangent type.",
            zeros,
            &[Limitation::NoTangent("constant")],
        ),
        row(
            "Tangent",
            "accumulate",
            "Structural sum of two tangents.",
            sums,
            &[],
        ),
        row(
            "Tangent",
            "custom_linear",
            "A linear map known only by its transpose: of functions with a vjp rule.",
            vec![rule],
            &[Limitation::ReverseOnly(
                "the rule is a transpose; the edges check its gradient",
            )],
        ),
    ]
}

fn added(a: &Val, b: &Val) -> Val {
    let all = |x: &[Val], y: &[Val]| {
        x.iter()
            .zip(y)
            .map(|(a, b)| added(a, b))
            .collect::<Vec<_>>()
    };
    match (a, b) {
        (Val::Record(x), Val::Record(y)) => Val::record(all(x, y)),
        (Val::Seq(x), Val::Seq(y)) => seq(all(x, y)),
        (Val::Unit, Val::Unit) => Val::Unit,
        _ => {
            let d = dtype(a);
            tensor(d, &shape(a), |ix| {
                scalar(d, number(at(a, ix)) + number(at(b, ix)))
            })
        }
    }
}

fn f64_of(v: &Val) -> f64 {
    number(at(v, &[])).re
}

fn scalar_function(name: &str, op: UnaryOp) -> Func {
    let mut b = Builder::new(name, &[DType::F64.into()]);
    let x = b.params()[0];
    let y = b.unary(op, x);
    b.finish(&[y]).unwrap()
}

pub fn control_rows() -> Vec<Row> {
    let real = |rng: &mut super::values::Rng| Val::from(rng.real(0.3, 1.7));
    let mut out = Vec::new();
    let mut add = |name: &str, doc: &str, c: Case, limits: &[Limitation]| {
        out.push(row("Control", name, doc, vec![c.within(1e-13)], limits));
    };
    add(
        "if",
        "One of two regions.",
        built(
            "sin or square of a captured value",
            |b, v| {
                let x = v[1];
                b.if_(
                    v[0],
                    |b| vec![b.unary(UnaryOp::Sin, x)],
                    |b| vec![b.unary(UnaryOp::Square, x)],
                )
            },
            move |rng| vec![Val::from(rng.below(2) == 0), real(rng)],
            |a| {
                let x = f64_of(&a[1]);
                vec![Val::from(if number(at(&a[0], &[])).re != 0.0 {
                    x.sin()
                } else {
                    x * x
                })]
            },
        ),
        &[],
    );
    add(
        "switch",
        "One of several regions; out of range takes the last.",
        built(
            "of three",
            |b, v| {
                let x = v[1];
                let arms: Vec<_> = [UnaryOp::Sin, UnaryOp::Exp, UnaryOp::Square]
                    .into_iter()
                    .map(|op| {
                        b.open(&[]);
                        let y = b.unary(op, x);
                        b.close(&[y])
                    })
                    .collect();
                b.region_op(ControlOp::Switch, &[v[0]], &arms)
            },
            move |rng| vec![Val::from(rng.below(6) as i64 - 1), real(rng)],
            |a| {
                let x = f64_of(&a[1]);
                vec![Val::from(match at(&a[0], &[]).as_int().unwrap() {
                    0 => x.sin(),
                    1 => x.exp(),
                    _ => x * x,
                })]
            },
        ),
        &[],
    );
    add(
        "while",
        "Repeats while a region's condition holds.",
        built(
            "doubles until beyond 50",
            |b, v| {
                let k = v[1];
                b.while_(
                    &[v[0]],
                    |b, p| {
                        let top = b.scalar(50.0);
                        b.compare(CompareOp::Lt, p[0], top)
                    },
                    |b, p| {
                        let y = b.mul(p[0], k);
                        vec![b.add(y, p[0])]
                    },
                )
            },
            move |rng| vec![real(rng), Val::from(rng.real(0.9, 1.1))],
            |a| {
                let mut x = f64_of(&a[0]);
                while x < 50.0 {
                    x *= 1.0 + f64_of(&a[1]);
                }
                vec![Val::from(x)]
            },
        ),
        &[],
    );
    add(
        "for",
        "Repeats for each index of a range.",
        built(
            "a power",
            |b, v| {
                let (lo, x) = (b.index(0), v[1]);
                b.for_(lo, v[0], &[x], |b, _, p| vec![b.mul(p[0], x)])
            },
            move |rng| vec![Val::from(rng.below(5)), real(rng)],
            |a| {
                let n = at(&a[0], &[]).as_int().unwrap() as f64;
                vec![Val::from(((n + 1.0) * f64_of(&a[1]).ln()).exp())]
            },
        ),
        &[],
    );
    add(
        "map",
        "A scalar region on every element.",
        built(
            "sin of products with a captured value",
            |b, v| {
                let k = v[2];
                b.map(&v[..2], |b, p| {
                    let y = b.mul(p[0], p[1]);
                    let y = b.mul(y, k);
                    vec![b.unary(UnaryOp::Sin, y)]
                })
            },
            move |rng| {
                vec![
                    any(rng, DType::F64, &[2, 3]),
                    any(rng, DType::F64, &[2, 3]),
                    real(rng),
                ]
            },
            |a| {
                vec![tensor(DType::F64, &[2, 3], |ix| {
                    let p = number(at(&a[0], ix)).re * number(at(&a[1], ix)).re;
                    Scalar::F64((p * f64_of(&a[2])).sin())
                })]
            },
        ),
        &[],
    );
    add(
        "call",
        "A function of the module.",
        built(
            "sin of twice x",
            |b, v| {
                let x = b.add(v[0], v[0]);
                b.call(FuncId(0), &[x], &[DType::F64.into()])
            },
            move |rng| vec![real(rng)],
            |a| vec![Val::from((2.0 * f64_of(&a[0])).sin())],
        )
        .with(|m| {
            m.funcs.push(scalar_function("f", UnaryOp::Sin));
        }),
        &[],
    );
    add(
        "derive",
        "A derivative of a function; expanded before running.",
        built(
            "the gradient of sin, expanded",
            |b, v| b.call(FuncId(1), v, &[DType::F64.into()]),
            move |rng| vec![real(rng)],
            |a| vec![Val::from(f64_of(&a[0]).cos())],
        )
        .with(|m| {
            m.funcs.push(scalar_function("f", UnaryOp::Sin));
            let f = FuncId(0);
            let mut b = Builder::new("g", &[DType::F64.into()]);
            let x = b.params()[0];
            let op = ControlOp::Derive {
                func: f,
                kind: DeriveKind::Gradient,
                wrt: vec![0],
            };
            let i = b.raw(op, &[x], &[], &[DType::F64.into()]);
            let y = b.func.insts[i].results[0];
            m.funcs.push(b.finish(&[y]).unwrap());
            cotangent_core::ad::expand(m).unwrap();
        }),
        &[Limitation::Note("not run itself: `ad::expand` replaces it")],
    );
    out
}

pub fn effect_rows() -> Vec<Row> {
    let assert = built(
        "one that holds",
        |b, v| {
            let zero = b.scalar(0.0);
            let c = b.compare(CompareOp::Gt, v[0], zero);
            b.raw(EffectOp::Assert("positive".into()), &[c], &[], &[]);
            vec![b.binary(BinaryOp::Mul, v[0], v[0])]
        },
        |rng| vec![Val::from(rng.real(0.5, 1.0))],
        |a| vec![Val::from(f64_of(&a[0]).powi(2))],
    );
    let panic = built(
        "in an arm not taken",
        |b, v| {
            let zero = b.scalar(0.0);
            let c = b.compare(CompareOp::Gt, v[0], zero);
            let x = v[0];
            b.if_(
                c,
                |b| vec![b.unary(UnaryOp::Exp, x)],
                |b| {
                    b.raw(EffectOp::Panic("negative".into()), &[], &[], &[]);
                    vec![b.default(DType::F64.into())]
                },
            )
        },
        |rng| vec![Val::from(rng.real(0.5, 1.0))],
        |a| vec![Val::from(f64_of(&a[0]).exp())],
    );
    let r = |name, doc, c: Case| {
        row(
            "Effect",
            name,
            doc,
            vec![c.within(1e-15)],
            &[Limitation::NoTangent("no result")],
        )
    };
    vec![
        r("assert", "Traps unless the operand holds.", assert),
        r("panic", "Traps.", panic),
    ]
}
