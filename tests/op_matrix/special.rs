//! Constants, random bits, what differentiation adds.

use super::row::{Case, Derive, Limitation, Row, built, case};
use super::select::derive_for;
use super::shapes::KINDS;
use super::values::{any, at, dtype, number, scalar, seq, shape, tensor};
use cotangent_core::ir::{
    Builder, ConstOp, CustomRule, DType, Dim, FuncId, Module, RngBits, TangentOp, Type, UnaryOp,
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
pub fn row(
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
