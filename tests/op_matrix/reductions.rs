//! Reductions, positions of extremes, running reductions.

use super::row::{Case, Derive, Limitation, Row, case};
use super::select::derive_for;
use super::shapes::KINDS;
use super::values::{Rng, any, at, number, scalar, shape, tensor};
use cotangent_core::ir::{ArgReduceOp, CumOp, DType, ReduceOp, Reduction};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;

/// Distinct elements for extremes: well apart, in random order. For other reductions random elements away from 0.
pub fn operand(rng: &mut Rng, d: DType, sh: &[usize], distinct: bool) -> Val {
    if d == DType::Bool {
        return any(rng, d, sh);
    }
    let n: usize = sh.iter().product();
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, rng.below(i as u64 + 1) as usize);
    }
    let mut next = 0;
    tensor(d, sh, |_| {
        next += 1;
        if distinct {
            let x = order[next - 1] as f64 * 0.5 + rng.real(0.0, 0.2)
                - if d.is_unsigned() { 0.0 } else { 1.0 };
            if d.is_int() {
                return Scalar::from_int(d, order[next - 1] as i128).unwrap();
            }
            return scalar(d, C::new(x, 0.0));
        }
        if d.is_int() {
            return Scalar::from_int(d, 1 + i128::from(rng.below(2))).unwrap();
        }
        scalar(d, C::new(rng.real(0.5, 1.5), rng.real(-1.0, 1.0)))
    })
}

/// The elements of the lines along axes, for each index of the other axes; extents as a result.
fn lines(v: &Val, axes: &[u32]) -> (Vec<usize>, Vec<Vec<Scalar>>) {
    let sh = shape(v);
    let kept: Vec<usize> = (0..sh.len())
        .filter(|k| !axes.contains(&(*k as u32)))
        .collect();
    let to: Vec<usize> = kept.iter().map(|&k| sh[k]).collect();
    let mut out: Vec<(Vec<usize>, Vec<Scalar>)> = Vec::new();
    tensor(DType::Bool, &to, |ix| {
        out.push((ix.to_vec(), vec![]));
        Scalar::Bool(false)
    });
    tensor(DType::Bool, &sh, |ix| {
        let key: Vec<usize> = kept.iter().map(|&k| ix[k]).collect();
        let line = out.iter_mut().find(|l| l.0 == key).unwrap();
        line.1.push(at(v, ix));
        Scalar::Bool(false)
    });
    (to, out.into_iter().map(|l| l.1).collect())
}

fn fold(op: ReduceOp, d: DType, line: &[Scalar]) -> Scalar {
    let truths = || line.iter().map(|s| number(*s).re != 0.0);
    let zs = || line.iter().map(|s| number(*s));
    let sorted = || {
        let mut v: Vec<f64> = zs().map(|z| z.re).collect();
        v.sort_by(f64::total_cmp);
        v
    };
    let pick = |x: Option<f64>, none: f64| match x {
        Some(x) => scalar(d, C::new(x, 0.0)),
        None if d.is_int() => {
            let width = super::elementwise::bits(d);
            let (lo, hi) = if d.is_signed() {
                (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1)
            } else {
                (0, (1i128 << width) - 1)
            };
            Scalar::from_int(d, if none > 0.0 { hi } else { lo }).unwrap()
        }
        None => Scalar::from_f64(d, none).unwrap(),
    };
    match op {
        ReduceOp::Sum => scalar(d, zs().rev().sum()),
        ReduceOp::Prod => scalar(d, zs().rev().product()),
        ReduceOp::Min => pick(sorted().first().copied(), f64::INFINITY),
        ReduceOp::Max => pick(sorted().last().copied(), f64::NEG_INFINITY),
        ReduceOp::Any => Scalar::Bool(truths().filter(|b| *b).count() > 0),
        ReduceOp::All => Scalar::Bool(truths().filter(|b| !*b).count() == 0),
    }
}

const SHAPES: &[(&[usize], &[u32])] = &[
    (&[4], &[0]),
    (&[2, 3], &[0]),
    (&[2, 3], &[1]),
    (&[2, 3], &[0, 1]),
    (&[2, 2, 2], &[0, 2]),
    (&[2, 2, 2], &[1]),
    (&[2, 2], &[]),
    (&[], &[]),
    (&[0], &[0]),
    (&[2, 0], &[1]),
    (&[0, 2], &[1]),
];

fn single(d: DType) -> bool {
    d.real() == DType::F32
}

pub fn finish(c: Case, d: DType, sh: &[usize]) -> Case {
    let c = c
        .within(if single(d) { 2e-6 } else { 1e-14 })
        .derive(derive_for(d));
    if sh.is_empty() { c.closed() } else { c }
}

pub fn reduce_rows() -> Vec<Row> {
    let mut out = Vec::new();
    for &op in ReduceOp::ALL {
        let ordered = matches!(op, ReduceOp::Min | ReduceOp::Max);
        let boolean = matches!(op, ReduceOp::Any | ReduceOp::All);
        let mut cases = Vec::new();
        for d in KINDS {
            if (d == DType::Bool) != boolean || ordered && d.is_complex() {
                continue;
            }
            for &(sh, axes) in SHAPES {
                let c = case(
                    Reduction::Axes(op, axes.to_vec()),
                    format!("{d}{sh:?} over {axes:?}"),
                    move |rng| vec![operand(rng, d, sh, ordered)],
                    move |args| {
                        let (to, ls) = lines(&args[0], axes);
                        let mut next = ls.iter();
                        vec![tensor(d, &to, |_| fold(op, d, next.next().unwrap()))]
                    },
                );
                let c = finish(c, d, sh);
                // The extreme of nothing is infinite, and differences of infinities are NaN.
                let infinite =
                    ordered && sh.contains(&0) && axes.iter().any(|&k| sh[k as usize] == 0);
                cases.push(if infinite { c.derive(Derive::Skip) } else { c });
            }
        }
        let (types, domain, limits) = match op {
            ReduceOp::Sum => ("int, float, complex", "linear", vec![]),
            ReduceOp::Prod => ("int, float, complex", "any; zeros among the edges", vec![]),
            ReduceOp::Min | ReduceOp::Max => (
                "int, float",
                "distinct elements; ties among the edges",
                vec![],
            ),
            ReduceOp::Any | ReduceOp::All => {
                ("bool", "any", vec![Limitation::NoTangent("bool result")])
            }
        };
        out.push(row(op.name(), op.doc(), types, domain, cases, limits));
    }
    for &op in ArgReduceOp::ALL {
        let mut cases = Vec::new();
        for d in KINDS
            .into_iter()
            .filter(|d| *d != DType::Bool && !d.is_complex())
        {
            for (sh, k) in [(&[4][..], 0), (&[2, 3], 0), (&[2, 3], 1), (&[0, 2], 1)] {
                let c = case(
                    Reduction::Arg(op, k),
                    format!("{d}{sh:?} along {k}"),
                    move |rng| vec![operand(rng, d, sh, true)],
                    move |args| {
                        let (to, ls) = lines(&args[0], &[k]);
                        let extreme = if op == ArgReduceOp::ArgMin {
                            ReduceOp::Min
                        } else {
                            ReduceOp::Max
                        };
                        let mut next = ls.iter();
                        vec![tensor(DType::U64, &to, |_| {
                            let l = next.next().unwrap();
                            let x = fold(extreme, d, l);
                            Scalar::U64(l.iter().position(|s| *s == x).unwrap() as u64)
                        })]
                    },
                );
                cases.push(finish(c, d, sh));
            }
        }
        let limits = vec![Limitation::NoTangent("integer result")];
        out.push(row(
            op.name(),
            op.doc(),
            "int, float",
            "distinct elements",
            cases,
            limits,
        ));
    }
    for &op in CumOp::ALL {
        let base = match op {
            CumOp::Sum => ReduceOp::Sum,
            CumOp::Prod => ReduceOp::Prod,
            CumOp::Min => ReduceOp::Min,
            CumOp::Max => ReduceOp::Max,
        };
        let ordered = matches!(op, CumOp::Min | CumOp::Max);
        let mut cases = Vec::new();
        for d in KINDS {
            if d == DType::Bool || ordered && d.is_complex() {
                continue;
            }
            for (sh, k) in [
                (&[4][..], 0),
                (&[2, 3], 0),
                (&[2, 3], 1),
                (&[2, 2, 2], 1),
                (&[0], 0),
                (&[2, 0], 1),
            ] {
                for reverse in [false, true] {
                    let c = case(
                        Reduction::Cumulative {
                            op,
                            axis: k as u32,
                            reverse,
                        },
                        format!(
                            "{d}{sh:?} along {k}{}",
                            if reverse { " from the end" } else { "" }
                        ),
                        move |rng| vec![operand(rng, d, sh, ordered)],
                        move |args| {
                            vec![tensor(d, sh, |ix| {
                                let range = if reverse { ix[k]..sh[k] } else { 0..ix[k] + 1 };
                                let line: Vec<Scalar> = range
                                    .map(|i| {
                                        let mut ix = ix.to_vec();
                                        ix[k] = i;
                                        at(&args[0], &ix)
                                    })
                                    .collect();
                                fold(base, d, &line)
                            })]
                        },
                    );
                    cases.push(finish(c, d, sh));
                }
            }
        }
        let types = if ordered {
            "int, float"
        } else {
            "int, float, complex"
        };
        let domain = if ordered {
            "distinct elements; ties among the edges"
        } else {
            "any"
        };
        out.push(row(op.name(), op.doc(), types, domain, cases, vec![]));
    }
    out
}

fn row(
    name: &str,
    doc: &str,
    types: &str,
    domain: &'static str,
    cases: Vec<Case>,
    limits: Vec<Limitation>,
) -> Row {
    Row {
        family: "Reduce",
        name: name.into(),
        doc: doc.into(),
        types: types.into(),
        domain,
        cases,
        limits,
    }
}
