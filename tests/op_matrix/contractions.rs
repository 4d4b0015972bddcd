//! Sort and contractions.

use super::reductions::{finish, operand};
use super::row::{Case, Derive, Row, case};
use super::values::{any, at, number, scalar, tensor};
use cotangent_core::ir::{DType, DotDims, Op};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;

fn sort_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for (d, e) in [
        (DType::F64, DType::C128),
        (DType::F64, DType::F64),
        (DType::F32, DType::U8),
        (DType::I32, DType::F64),
        (DType::U8, DType::Bool),
    ] {
        for (sh, k) in [
            (&[5][..], 0),
            (&[2, 3], 0),
            (&[2, 3], 1),
            (&[2, 3, 2], 1),
            (&[0], 0),
            (&[2, 0], 1),
        ] {
            for n in 1..=3 {
                let c = case(
                    Op::Sort(k as u32),
                    format!("{n} of {d}{sh:?} with {e} along {k}"),
                    move |rng| {
                        let mut v = vec![operand(rng, d, sh, true)];
                        v.extend((1..n).map(|_| any(rng, e, sh)));
                        v
                    },
                    move |args| {
                        // By counting the smaller ones: the element of rank `i` goes to place `i`.
                        let source = |ix: &[usize]| {
                            (0..sh[k])
                                .map(|i| {
                                    let mut ix = ix.to_vec();
                                    ix[k] = i;
                                    ix
                                })
                                .find(|c| {
                                    let mine = number(at(&args[0], c)).re;
                                    let below = (0..sh[k])
                                        .filter(|&i| {
                                            let mut o = c.clone();
                                            o[k] = i;
                                            number(at(&args[0], &o)).re < mine
                                        })
                                        .count();
                                    below == ix[k]
                                })
                                .unwrap()
                        };
                        args.iter()
                            .map(|v| tensor(super::values::dtype(v), sh, |ix| at(v, &source(ix))))
                            .collect()
                    },
                );
                let how = match (d, e) {
                    (DType::F64, DType::F64 | DType::C128) | (DType::I32, _) => Derive::Check(1e-7),
                    (DType::F32, _) => Derive::Coarse,
                    _ => Derive::Skip,
                };
                out.push(c.derive(how));
            }
        }
    }
    out
}

/// Shapes of the operands and paired axes.
struct Dot {
    l: &'static [usize],
    r: &'static [usize],
    batch: (&'static [u32], &'static [u32]),
    contract: (&'static [u32], &'static [u32]),
}

const DOTS: &[Dot] = &[
    Dot {
        l: &[3],
        r: &[3],
        batch: (&[], &[]),
        contract: (&[0], &[0]),
    },
    Dot {
        l: &[2, 3],
        r: &[3],
        batch: (&[], &[]),
        contract: (&[1], &[0]),
    },
    Dot {
        l: &[2, 3],
        r: &[3, 2],
        batch: (&[], &[]),
        contract: (&[1], &[0]),
    },
    Dot {
        l: &[3, 2],
        r: &[2, 3],
        batch: (&[], &[]),
        contract: (&[0], &[1]),
    },
    Dot {
        l: &[2],
        r: &[3],
        batch: (&[], &[]),
        contract: (&[], &[]),
    },
    Dot {
        l: &[],
        r: &[3],
        batch: (&[], &[]),
        contract: (&[], &[]),
    },
    Dot {
        l: &[2, 3],
        r: &[3, 2],
        batch: (&[], &[]),
        contract: (&[0, 1], &[1, 0]),
    },
    Dot {
        l: &[2, 2, 3],
        r: &[2, 3, 2],
        batch: (&[0], &[0]),
        contract: (&[2], &[1]),
    },
    Dot {
        l: &[2, 3, 2],
        r: &[2, 2, 3],
        batch: (&[2], &[1]),
        contract: (&[1], &[2]),
    },
    Dot {
        l: &[2, 3, 2, 2],
        r: &[2, 2, 2, 3],
        batch: (&[0], &[2]),
        contract: (&[3, 1], &[0, 3]),
    },
    Dot {
        l: &[2, 3],
        r: &[2, 3],
        batch: (&[0, 1], &[0, 1]),
        contract: (&[], &[]),
    },
    Dot {
        l: &[2, 0],
        r: &[0, 2],
        batch: (&[], &[]),
        contract: (&[1], &[0]),
    },
    Dot {
        l: &[0, 2],
        r: &[2, 2],
        batch: (&[], &[]),
        contract: (&[1], &[0]),
    },
];

/// The sum over all pairs of indices that agree on the paired axes, put at the result's index.
fn contracted(c: &Dot, d: DType, a: &Val, b: &Val) -> Val {
    let free = |sh: &[usize], used: [&[u32]; 2]| -> Vec<usize> {
        (0..sh.len())
            .filter(|k| !used.concat().contains(&(*k as u32)))
            .collect()
    };
    let (fl, fr) = (
        free(c.l, [c.batch.0, c.contract.0]),
        free(c.r, [c.batch.1, c.contract.1]),
    );
    let mut to: Vec<usize> = c.batch.0.iter().map(|&k| c.l[k as usize]).collect();
    to.extend(fl.iter().map(|&k| c.l[k]));
    to.extend(fr.iter().map(|&k| c.r[k]));
    tensor(d, &to, |ix| {
        let mut sum = C::new(0.0, 0.0);
        tensor(DType::Bool, c.l, |il| {
            tensor(DType::Bool, c.r, |ir| {
                let pick = |axes: &[u32], i: &[usize]| -> Vec<usize> {
                    axes.iter().map(|&k| i[k as usize]).collect()
                };
                let paired = pick(c.batch.0, il) == pick(c.batch.1, ir)
                    && pick(c.contract.0, il) == pick(c.contract.1, ir);
                let mut here = pick(c.batch.0, il);
                here.extend(fl.iter().map(|&k| il[k]));
                here.extend(fr.iter().map(|&k| ir[k]));
                if paired && here == ix {
                    sum += number(at(a, il)) * number(at(b, ir));
                }
                Scalar::Bool(true)
            });
            Scalar::Bool(true)
        });
        scalar(d, sum)
    })
}

fn dot_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in [
        DType::F64,
        DType::C128,
        DType::F32,
        DType::C64,
        DType::I32,
        DType::U8,
    ] {
        for c in DOTS {
            let dims = DotDims {
                lhs_batch: c.batch.0.to_vec(),
                rhs_batch: c.batch.1.to_vec(),
                lhs_contract: c.contract.0.to_vec(),
                rhs_contract: c.contract.1.to_vec(),
            };
            let made = case(
                dims,
                format!(
                    "{d}{:?} and {:?}, batch {:?}, over {:?}",
                    c.l, c.r, c.batch, c.contract
                ),
                move |rng| vec![any(rng, d, c.l), any(rng, d, c.r)],
                move |args| vec![contracted(c, d, &args[0], &args[1])],
            );
            out.push(finish(made, d, &[1]));
        }
    }
    out
}

pub fn rows() -> Vec<Row> {
    let r = |family, name: &str, doc: &str, types: &str, domain, cases| Row {
        family,
        name: name.into(),
        doc: doc.into(),
        types: types.into(),
        domain,
        cases,
        limits: vec![],
    };
    vec![
        r(
            "Sort",
            "sort",
            "Stable, along an axis by the first operand; the others alike.",
            "bool, int, float; others all",
            "distinct keys",
            sort_cases(),
        ),
        r(
            "Dot",
            "dot_general",
            "Contraction of paired axes.",
            "int, float, complex",
            "linear in each operand",
            dot_cases(),
        ),
    ]
}
