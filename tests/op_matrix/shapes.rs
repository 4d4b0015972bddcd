//! The shape changes: every element of the result is looked up by its index in the operand.

use super::row::{Case, Limitation, Row, case};
use super::select::derive_for;
use super::values::{any, at, dtype, seq, shape, tensor};
use cotangent_core::ir::{DType, Dim, ShapeOp as S, Type};
use cotangent_core::value::{Scalar, Val};

crate::variants! { S:
    "reshape" S::Reshape(_),
    "transpose" S::Transpose(_),
    "broadcast_in_dim" S::Broadcast { .. },
    "concatenate" S::Concat(_),
    "pad" S::Pad(_),
    "strided_slice" S::StridedSlice(_),
    "reverse" S::Reverse(_),
    "iota" S::Iota { .. },
}

/// The element types that array ops are tried with.
pub const KINDS: [DType; 7] = [
    DType::F64,
    DType::C128,
    DType::F32,
    DType::C64,
    DType::I32,
    DType::U8,
    DType::Bool,
];

fn known(s: &[u64]) -> Vec<Dim> {
    s.iter().map(|&n| Dim::Known(n)).collect()
}

fn flat(sh: &[usize], ix: &[usize]) -> usize {
    ix.iter().zip(sh).fold(0, |f, (i, n)| f * n + i)
}

fn unflat(sh: &[usize], mut f: usize) -> Vec<usize> {
    let mut ix = vec![0; sh.len()];
    for k in (0..sh.len()).rev() {
        ix[k] = f % sh[k];
        f /= sh[k];
    }
    ix
}

fn reshape(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (a, to, open) in [
        (&[2, 3][..], &[3, 2][..], false),
        (&[2, 3], &[6], true),
        (&[6], &[2, 3], false),
        (&[1, 1], &[], false),
        (&[], &[1, 1], false),
        (&[2, 0], &[0, 3], false),
        (&[6], &[3, 2], true),
    ] {
        let dims: Vec<Dim> = to
            .iter()
            .enumerate()
            .map(|(k, &n)| {
                if open && k == 0 {
                    Dim::Dynamic
                } else {
                    Dim::Known(n as u64)
                }
            })
            .collect();
        out.push(case(
            S::Reshape(dims),
            format!("{d}{a:?} to {to:?}{}", if open { " with `?`" } else { "" }),
            move |rng| {
                let mut v = vec![any(rng, d, a)];
                if open {
                    v.push((to[0] as u64).into());
                }
                v
            },
            move |args| vec![tensor(d, to, |ix| at(&args[0], &unflat(a, flat(to, ix))))],
        ));
    }
    out
}

fn transpose(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, perm) in [
        (&[][..], &[][..]),
        (&[3], &[0]),
        (&[2, 3], &[1, 0]),
        (&[2, 3, 2], &[2, 0, 1]),
        (&[2, 0], &[1, 0]),
    ] {
        let to: Vec<usize> = perm.iter().map(|&p: &u32| sh[p as usize]).collect();
        out.push(case(
            S::Transpose(perm.to_vec()),
            format!("{d}{sh:?} by {perm:?}"),
            move |rng| vec![any(rng, d, sh)],
            move |args| {
                vec![tensor(d, &to, |ix| {
                    let mut from = vec![0; ix.len()];
                    for (i, &p) in perm.iter().enumerate() {
                        from[p as usize] = ix[i];
                    }
                    at(&args[0], &from)
                })]
            },
        ));
    }
    out
}

fn broadcast(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (a, to, dims, open) in [
        (&[][..], &[2, 3][..], &[][..], false),
        (&[], &[3], &[], true),
        (&[3], &[2, 3], &[1], false),
        (&[2], &[2, 3], &[0], true),
        (&[1, 3], &[2, 2, 3], &[1, 2], false),
        (&[2, 1], &[2, 3], &[0, 1], false),
        (&[0], &[2, 0], &[1], false),
    ] {
        let shape: Vec<Dim> = if open {
            to.iter().map(|_| Dim::Dynamic).collect()
        } else {
            to.iter().map(|&n| Dim::Known(n as u64)).collect()
        };
        // Which extents stretch must be known: `?` means "as the result's".
        let stretches = a.contains(&1);
        let c = case(
            S::Broadcast {
                shape,
                dims: dims.to_vec(),
            },
            format!(
                "{d}{a:?} to {to:?} at {dims:?}{}",
                if open { " with `?`" } else { "" }
            ),
            move |rng| {
                let mut v = vec![any(rng, d, a)];
                if open {
                    v.extend(to.iter().map(|&n| Val::from(n as u64)));
                }
                v
            },
            move |args| {
                vec![tensor(d, to, |ix| {
                    let from: Vec<usize> = dims
                        .iter()
                        .zip(a)
                        .map(|(&k, &n): (&u32, &usize)| if n == 1 { 0 } else { ix[k as usize] })
                        .collect();
                    at(&args[0], &from)
                })]
            },
        );
        out.push(if stretches { c.closed() } else { c });
    }
    out
}

/// The operands' shapes, and the axis.
const JOINED: &[(&[&[usize]], usize)] = &[
    (&[&[2], &[3]], 0),
    (&[&[2], &[0], &[1]], 0),
    (&[&[2, 2], &[1, 2]], 0),
    (&[&[2, 1], &[2, 3], &[2, 2]], 1),
    (&[&[2, 0], &[2, 0]], 1),
    (&[&[3]], 0),
];

fn concat(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for &(shapes, axis) in JOINED {
        let mut to = shapes[0].to_vec();
        to[axis] = shapes.iter().map(|s| s[axis]).sum();
        out.push(case(
            S::Concat(axis as u32),
            format!("{d}{shapes:?} along {axis}"),
            move |rng| shapes.iter().map(|s| any(rng, d, s)).collect(),
            move |args| {
                vec![tensor(d, &to, |ix| {
                    let mut ix = ix.to_vec();
                    for v in args {
                        let n = shape(v)[axis];
                        if ix[axis] < n {
                            return at(v, &ix);
                        }
                        ix[axis] -= n;
                    }
                    unreachable!("within the sum")
                })]
            },
        ));
    }
    let ragged = Type::seq(Type::tensor(d, [Dim::Dynamic]));
    out.push(
        case(
            S::Concat(0),
            format!("seq<{d}[?]>"),
            move |rng| {
                let a = vec![any(rng, d, &[2]), any(rng, d, &[1])];
                vec![seq(a), seq(vec![any(rng, d, &[3])]), seq(vec![])]
            },
            |args| {
                let all = args.iter().flat_map(|v| match v {
                    Val::Seq(s) => s.to_vec(),
                    _ => vec![],
                });
                vec![seq(all.collect())]
            },
        )
        .typed(&[ragged.clone(), ragged.clone(), ragged]),
    );
    out
}

/// An amount of padding per axis: low, high, interior.
type Amounts = &'static [(i64, i64, u64)];

fn pad(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, amounts) in [
        (&[][..], &[][..] as Amounts),
        (&[3], &[(1, 2, 0)]),
        (&[3], &[(0, 0, 2)]),
        (&[4], &[(-1, 2, 1)]),
        (&[4], &[(2, -1, 0)]),
        (&[4], &[(-1, -2, 0)]),
        (&[2, 3], &[(0, 1, 0), (1, 0, 1)]),
        (&[2, 3], &[(-1, 1, 1), (0, -1, 0)]),
        (&[2, 2], &[(0, 0, 0), (0, 0, 0)]),
        (&[0], &[(1, 2, 3)]),
        (&[2], &[(-2, 3, 0)]),
        (&[3], &[(-4, 1, 2)]),
    ] {
        let to: Vec<usize> = sh
            .iter()
            .zip(amounts)
            .map(|(&n, &(lo, hi, gap))| {
                (lo + hi + n as i64 + gap as i64 * (n as i64 - 1).max(0)) as usize
            })
            .collect();
        out.push(case(
            S::Pad(amounts.to_vec()),
            format!("{d}{sh:?} by {amounts:?}"),
            move |rng| vec![any(rng, d, sh), any(rng, d, &[])],
            move |args| {
                vec![tensor(d, &to, |ix| {
                    let mut from = Vec::new();
                    for (k, &(lo, _, gap)) in amounts.iter().enumerate() {
                        let at = ix[k] as i64 - lo;
                        let step = gap as i64 + 1;
                        if at < 0 || at % step != 0 || at / step >= sh[k] as i64 {
                            return at_pad(&args[1]);
                        }
                        from.push((at / step) as usize);
                    }
                    at(&args[0], &from)
                })]
            },
        ));
    }
    out
}

fn at_pad(v: &Val) -> Scalar {
    at(v, &[])
}

fn strided(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, ranges) in [
        (&[][..], &[][..]),
        (&[5], &[(1, 4, 1)]),
        (&[5], &[(0, 5, 2)]),
        (&[5], &[(1, 5, 3)]),
        (&[5], &[(2, 2, 1)]),
        (&[5], &[(4, 5, 7)]),
        (&[4, 3], &[(1, 4, 2), (0, 3, 1)]),
        (&[4, 3], &[(0, 3, 2), (1, 3, 1)]),
        (&[2, 0], &[(0, 2, 1), (0, 0, 1)]),
    ] {
        let to: Vec<usize> = ranges
            .iter()
            .map(|&(lo, hi, by): &(u64, u64, u64)| (lo..hi).step_by(by as usize).count())
            .collect();
        out.push(case(
            S::StridedSlice(ranges.to_vec()),
            format!("{d}{sh:?} at {ranges:?}"),
            move |rng| vec![any(rng, d, sh)],
            move |args| {
                vec![tensor(d, &to, |ix| {
                    let from: Vec<usize> = ix
                        .iter()
                        .zip(ranges)
                        .map(|(&i, r)| r.0 as usize + i * r.2 as usize)
                        .collect();
                    at(&args[0], &from)
                })]
            },
        ));
    }
    out
}

fn reverse(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, axes) in [
        (&[][..], &[][..]),
        (&[3], &[0]),
        (&[2, 3], &[1]),
        (&[2, 3], &[0, 1]),
        (&[2, 3], &[]),
        (&[0], &[0]),
    ] {
        out.push(case(
            S::Reverse(axes.to_vec()),
            format!("{d}{sh:?} along {axes:?}"),
            move |rng| vec![any(rng, d, sh)],
            move |args| {
                vec![tensor(d, sh, |ix| {
                    let mut from = ix.to_vec();
                    for &k in axes {
                        let k: u32 = k;
                        from[k as usize] = sh[k as usize] - 1 - ix[k as usize];
                    }
                    at(&args[0], &from)
                })]
            },
        ));
    }
    out
}

fn iota() -> Vec<Case> {
    let mut out = Vec::new();
    for d in DType::ALL.into_iter().filter(|d| *d != DType::Bool) {
        for (sh, axis) in [(&[4][..], 0), (&[2, 3], 0), (&[2, 3], 1), (&[0], 0)] {
            for open in [false, true] {
                let dims = if open {
                    sh.iter().map(|_| Dim::Dynamic).collect()
                } else {
                    known(&sh.iter().map(|&n| n as u64).collect::<Vec<_>>())
                };
                let c = case(
                    S::Iota {
                        dtype: d,
                        shape: dims,
                        axis: axis as u32,
                    },
                    format!(
                        "{d}{sh:?} along {axis}{}",
                        if open { " with `?`" } else { "" }
                    ),
                    move |_| {
                        if open {
                            sh.iter().map(|&n| Val::from(n as u64)).collect()
                        } else {
                            vec![]
                        }
                    },
                    move |_| {
                        vec![tensor(d, sh, |ix| {
                            super::values::scalar(
                                d,
                                num_complex::Complex64::new(ix[axis] as f64, 0.0),
                            )
                        })]
                    },
                );
                out.push(c.closed());
            }
        }
    }
    out
}

pub fn rows() -> Vec<Row> {
    let each = |f: fn(DType) -> Vec<Case>| -> Vec<Case> {
        KINDS
            .iter()
            .flat_map(|&d| f(d).into_iter().map(move |c| c.derive(derive_for(d))))
            .collect()
    };
    let row = |name: &str, doc: &str, cases: Vec<Case>, limits: Vec<Limitation>| Row {
        family: "Shape",
        name: name.into(),
        doc: doc.into(),
        types: if name == "iota" {
            "int, float, complex"
        } else {
            "all"
        }
        .into(),
        domain: "linear in the data",
        cases,
        limits,
    };
    vec![
        row(
            "reshape",
            "The same elements in another shape; each `?` is an operand.",
            each(reshape),
            vec![],
        ),
        row("transpose", "Permutation of axes.", each(transpose), vec![]),
        row(
            "broadcast_in_dim",
            "Operand axis `i` becomes result axis `dims[i]`; extent 1 stretches.",
            each(broadcast),
            vec![],
        ),
        row(
            "concatenate",
            "Operands one after another along an axis; sequences too.",
            each(concat),
            vec![],
        ),
        row(
            "pad",
            "Padding with a scalar: low, high (may be negative) and interior.",
            each(pad),
            vec![],
        ),
        row(
            "strided_slice",
            "A range with a stride along each axis.",
            each(strided),
            vec![],
        ),
        row(
            "reverse",
            "Order reversed along axes.",
            each(reverse),
            vec![],
        ),
        row(
            "iota",
            "0, 1, 2, … along an axis.",
            iota(),
            vec![Limitation::NoTangent("constant")],
        ),
    ]
}

#[test]
fn lookups_by_index() {
    let v = tensor(DType::I32, &[2, 3], |ix| {
        Scalar::I32((10 * ix[0] + ix[1]) as i32)
    });
    assert_eq!(at(&v, &[1, 2]), Scalar::I32(12));
    assert_eq!(unflat(&[2, 3], flat(&[2, 3], &[1, 2])), [1, 2]);
    assert_eq!(dtype(&v), DType::I32);
}
