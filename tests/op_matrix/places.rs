//! Records, and reads and writes at a path.

use super::arrays::{changed, each, items, part, row, sum};
use super::row::{Case, Limitation, Row, case};
use super::values::{any, at, seq, shape};
use cotangent_core::ir::{DType, Dim, PlaceOp as P, Step, Type};
use cotangent_core::value::{Scalar, Val};

crate::variants! { P:
    "record" P::Record,
    "get" P::Get(_),
    "update" P::Update(_),
    "add_at" P::AddAt(_),
}

const IX: Step = Step::Index;

fn record_cases(d: DType) -> Vec<Case> {
    vec![
        case(
            P::Record,
            format!("{{{d}, i64, {d}[2]}}"),
            move |rng| vec![any(rng, d, &[]), 3i64.into(), any(rng, d, &[2])],
            |args| vec![Val::record(args.to_vec())],
        ),
        case(P::Record, "{}", |_| vec![], |_| vec![Val::Unit]).closed(),
    ]
}

/// `{d, seq<d[?]>, d[2,3]}`: a base with every kind of step.
fn base(rng: &mut super::values::Rng, d: DType) -> Val {
    let rows = vec![any(rng, d, &[2]), any(rng, d, &[3])];
    Val::record(vec![any(rng, d, &[]), seq(rows), any(rng, d, &[2, 3])])
}

fn place_cases(d: DType, kind: fn(Vec<Step>) -> P) -> Vec<Case> {
    let get = matches!(kind(vec![]), P::Get(_));
    let add = matches!(kind(vec![]), P::AddAt(_));
    let merge = move |old: Scalar, new: Scalar| if add { sum(old, new) } else { new };
    let mut out = Vec::new();
    // In a tensor: indices of several types.
    for (sh, to) in [
        (&[4][..], &[2][..]),
        (&[2, 3], &[1]),
        (&[2, 3], &[1, 2]),
        (&[2, 2, 2], &[1, 0]),
    ] {
        out.push(case(
            kind(vec![IX; to.len()]),
            format!("{d}{sh:?} at {to:?}"),
            move |rng| {
                let mut v = vec![any(rng, d, sh)];
                if !get {
                    v.push(any(rng, d, &sh[to.len()..]));
                }
                v.extend(to.iter().enumerate().map(|(k, &i): (usize, &usize)| {
                    if k == 0 {
                        Val::from(i as u64)
                    } else {
                        Val::from(i as i32)
                    }
                }));
                v
            },
            move |args| {
                vec![if get {
                    part(&args[0], to)
                } else {
                    changed(&args[0], to, |old, ix| merge(old, at(&args[1], ix)))
                }]
            },
        ));
    }
    // Without a step: all of it.
    if !add || d.is_differentiable() {
        let whole = case(
            kind(vec![]),
            format!("{d}[3] whole"),
            move |rng| {
                let mut v = vec![any(rng, d, &[3])];
                if !get {
                    v.push(any(rng, d, &[3]));
                }
                v
            },
            move |args| {
                vec![if get {
                    args[0].clone()
                } else {
                    changed(&args[0], &[], |old, ix| merge(old, at(&args[1], ix)))
                }]
            },
        );
        // A whole value must be of the place's type, so not less known than a constant there.
        out.push(if get { whole } else { whole.closed() });
    }
    // Through a record and a sequence.
    let f = Step::Field;
    for (path, to) in [
        (vec![f(0)], vec![]),
        (vec![f(1), IX], vec![1usize]),
        (vec![f(1), IX, IX], vec![0, 1]),
        (vec![f(2), IX, IX], vec![1, 2]),
        (vec![f(2)], vec![]),
    ] {
        let in_tensor = path.len() == 3;
        if add && !d.is_differentiable() && !in_tensor {
            continue;
        }
        let (p, q) = (path.clone(), path.clone());
        let tys = {
            let b = Type::record([
                d.into(),
                Type::seq(Type::tensor(d, [Dim::Dynamic])),
                Type::known(d, &[2, 3]),
            ]);
            let x: Type = match path.len() {
                1 if path[0] == f(0) => d.into(),
                1 => Type::known(d, &[2, 3]),
                2 => Type::tensor(d, [Dim::Dynamic]),
                _ => d.into(),
            };
            let mut tys = vec![b];
            if !get {
                tys.push(x);
            }
            tys.extend(to.iter().map(|_| Type::from(DType::U64)));
            tys
        };
        let (to2, to) = (to.clone(), to);
        out.push(
            case(
                kind(path),
                format!("record of {d} at {q:?}"),
                move |rng| {
                    let b = base(rng, d);
                    let x = {
                        let mut v = items(&b)[match p[0] {
                            Step::Field(k) => k as usize,
                            Step::Index => unreachable!("starts with a field"),
                        }]
                        .clone();
                        for (k, &i) in to.iter().enumerate() {
                            v = match &v {
                                Val::Seq(s) => s[i].clone(),
                                t => part(t, &to[k..=k]),
                            };
                        }
                        any(rng, d, &shape(&v))
                    };
                    let mut v = vec![b];
                    if !get {
                        v.push(x);
                    }
                    v.extend(to.iter().map(|&i| Val::from(i as u64)));
                    v
                },
                move |args| {
                    let k = match q[0] {
                        Step::Field(k) => k as usize,
                        Step::Index => unreachable!("starts with a field"),
                    };
                    let mut fields = items(&args[0]);
                    let v = fields[k].clone();
                    if get {
                        return vec![match &v {
                            Val::Seq(s) => part(&s[to2[0]], &to2[1..]),
                            t => part(t, &to2),
                        }];
                    }
                    let put = |v: &Val, to: &[usize]| {
                        changed(v, to, |old, ix| merge(old, at(&args[1], ix)))
                    };
                    fields[k] = match &v {
                        Val::Seq(s) => {
                            let mut s = s.to_vec();
                            // A whole element may change its length.
                            s[to2[0]] = if to2.len() == 1 && !add {
                                args[1].clone()
                            } else {
                                put(&s[to2[0]], &to2[1..])
                            };
                            seq(s)
                        }
                        t => put(t, &to2),
                    };
                    vec![Val::record(fields)]
                },
            )
            .typed(&tys),
        );
    }
    out
}

pub fn rows() -> Vec<Row> {
    let tangents = [Limitation::Note(
        "adds tangents anywhere, and numbers of any type within a tensor",
    )];
    let sums = |d: DType| {
        if d == DType::Bool {
            vec![]
        } else {
            place_cases(d, P::AddAt)
        }
    };
    vec![
        row(
            "Place",
            "record",
            "A record of the operands.",
            each(record_cases),
            &[],
        ),
        row(
            "Place",
            "get",
            "What is at a path.",
            each(|d| place_cases(d, P::Get)),
            &[],
        ),
        row(
            "Place",
            "update",
            "What is at a path replaced.",
            each(|d| place_cases(d, P::Update)),
            &[],
        ),
        row(
            "Place",
            "add_at",
            "What is at a path increased.",
            each(sums),
            &tangents,
        ),
    ]
}
