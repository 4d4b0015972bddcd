//! Control flow and effects.

use super::row::{Case, Derive, Limitation, Row, built, case};
use super::special::row;
use super::values::{any, at, number, tensor};
use cotangent_core::ir::{
    BinaryOp, Budget, Builder, CompareOp, ControlOp, DType, DeriveKind, EffectOp, Func, FuncId,
    UnaryOp,
};
use cotangent_core::value::{Scalar, Val};

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
        "check_index" E::CheckIndex,
        "check_range" E::CheckRange,
        "checkpoint_slots" E::Checkpoint(super::Budget::Slots),
        "checkpoint_bytes" E::Checkpoint(super::Budget::Bytes),
        "host" E::Host(_),
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
    let check = |title: &'static str, op: EffectOp| {
        built(
            title,
            move |b, v| {
                let (one, two, three) = (b.index(1), b.index(2), b.index(3));
                let args = match op {
                    EffectOp::CheckRange => vec![one, two, three],
                    EffectOp::Checkpoint(_) => vec![three],
                    _ => vec![two, three],
                };
                b.raw(op.clone(), &args, &[], &[]);
                vec![b.binary(BinaryOp::Mul, v[0], v[0])]
            },
            |rng| vec![Val::from(rng.real(0.5, 1.0))],
            |a| vec![Val::from(f64_of(&a[0]).powi(2))],
        )
    };
    let index = check("an index within", EffectOp::CheckIndex);
    let range = check("a range within", EffectOp::CheckRange);
    let slots = check("a mark", EffectOp::Checkpoint(Budget::Slots));
    let bytes = check("a mark", EffectOp::Checkpoint(Budget::Bytes));
    let r = |name, doc, c: Case| {
        row(
            "Effect",
            name,
            doc,
            vec![c.within(1e-15)],
            &[Limitation::NoTangent("no result")],
        )
    };
    let host = case(
        super::types::doubled(),
        "twice a number",
        |rng| vec![Val::from(rng.real(-1.0, 1.0))],
        |a| vec![Val::from(2.0 * f64_of(&a[0]))],
    );
    vec![
        r("assert", "Traps unless the operand holds.", assert),
        r("panic", "Traps.", panic),
        r(
            "check_index",
            "Traps unless an index is below a length.",
            index,
        ),
        r(
            "check_range",
            "Traps unless a range lies within a length.",
            range,
        ),
        r(
            "checkpoint_slots",
            "Nothing; reverse mode keeps at most so many states of the loop around it.",
            slots,
        ),
        r(
            "checkpoint_bytes",
            "Nothing; reverse mode keeps as many states of the loop around it as fit into so many bytes.",
            bytes,
        ),
        row(
            "Effect",
            "host",
            "Calls a function of the host.",
            vec![host.derive(Derive::Error)],
            &[Limitation::NotDifferentiable(
                "the function that calls it may have a rule",
                "no derivative by itself",
            )],
        ),
    ]
}
