//! Rust's arrays (tensors by their leading extent, sequences, stacks), gather and scatter.

use super::row::{Case, Limitation, Row, case};
use super::select::derive_for;
use super::shapes::KINDS;
use super::values::{any, at, number, scalar, seq, shape, stacked, tensor};
use cotangent_core::ir::{ArrayOp as A, DType, Dim, IndexOp as I, Type};
use cotangent_core::value::{Scalar, Val};
use std::sync::Arc;

/// The names of the rows, each by an exhaustive match.
pub mod lists {
    use super::A;
    crate::variants! { A:
        "slice" A::Slice,
        "update_slice" A::UpdateSlice,
        "add_slice" A::AddSlice,
        "len" A::Len,
        "dim" A::Dim(_),
        "fill" A::Fill,
        "array" A::Array,
        "push" A::Push,
        "pop" A::Pop,
    }
}
pub mod indexed {
    use super::I;
    crate::variants! { I:
        "gather" I::Gather(_),
        "scatter_add" I::ScatterAdd(_),
    }
}

pub fn sum(a: Scalar, b: Scalar) -> Scalar {
    scalar(a.dtype(), number(a) + number(b))
}

pub fn items(v: &Val) -> Vec<Val> {
    match v {
        Val::Seq(s) => s.to_vec(),
        Val::Record(s) => s.to_vec(),
        Val::Stack(s) => stacked(s),
        other => panic!("{other:?}"),
    }
}

fn int(v: &Val) -> usize {
    at(v, &[]).as_int().unwrap() as usize
}

/// A tensor with the elements from an index prefix on replaced by a function of the old element and its place below the prefix.
pub fn changed(v: &Val, prefix: &[usize], f: impl Fn(Scalar, &[usize]) -> Scalar) -> Val {
    tensor(super::values::dtype(v), &shape(v), |ix| {
        let old = at(v, ix);
        if ix.starts_with(prefix) {
            f(old, &ix[prefix.len()..])
        } else {
            old
        }
    })
}

pub fn part(v: &Val, prefix: &[usize]) -> Val {
    tensor(super::values::dtype(v), &shape(v)[prefix.len()..], |ix| {
        at(v, &[prefix, ix].concat())
    })
}

fn ragged(d: DType) -> Type {
    Type::seq(Type::tensor(d, [Dim::Dynamic]))
}

fn rows_of(v: &Val, r: std::ops::Range<usize>) -> Val {
    match v {
        Val::Seq(s) => seq(s[r].to_vec()),
        t => {
            let mut sh = shape(t);
            sh[0] = r.len();
            tensor(super::values::dtype(t), &sh, |ix| {
                let mut ix = ix.to_vec();
                ix[0] += r.start;
                at(t, &ix)
            })
        }
    }
}

fn slice(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, lo, hi) in [
        (&[5][..], 1, 4),
        (&[5], 2, 2),
        (&[3], 0, 3),
        (&[3, 2], 1, 3),
        (&[0], 0, 0),
    ] {
        out.push(case(
            A::Slice,
            format!("{d}{sh:?} {lo}..{hi}"),
            move |rng| vec![any(rng, d, sh), (lo as u64).into(), hi.into()],
            |args| vec![rows_of(&args[0], int(&args[1])..int(&args[2]))],
        ));
    }
    let u: Type = DType::U64.into();
    out.push(
        case(
            A::Slice,
            format!("seq<{d}[?]>"),
            move |rng| {
                vec![
                    seq((0..3).map(|n| any(rng, d, &[n])).collect()),
                    1u64.into(),
                    3u64.into(),
                ]
            },
            |args| vec![rows_of(&args[0], int(&args[1])..int(&args[2]))],
        )
        .typed(&[ragged(d), u.clone(), u]),
    );
    out
}

fn write_slice(d: DType, add: bool) -> Vec<Case> {
    let op = if add { A::AddSlice } else { A::UpdateSlice };
    let merge = move |old: Scalar, new: Scalar| if add { sum(old, new) } else { new };
    let mut out = Vec::new();
    if add && d == DType::Bool {
        return out;
    }
    for (sh, n, lo) in [
        (&[5][..], 2, 1),
        (&[5], 0, 5),
        (&[3], 3, 0),
        (&[3, 2], 2, 1),
    ] {
        out.push(case(
            op.clone(),
            format!("{d}{sh:?} {n} from {lo}"),
            move |rng| {
                let mut part = sh.to_vec();
                part[0] = n;
                vec![any(rng, d, sh), any(rng, d, &part), (lo as i64).into()]
            },
            move |args| {
                vec![tensor(d, sh, |ix| {
                    let old = at(&args[0], ix);
                    let mut from = ix.to_vec();
                    if ix[0] < lo || ix[0] >= lo + n {
                        return old;
                    }
                    from[0] -= lo;
                    merge(old, at(&args[1], &from))
                })]
            },
        ));
    }
    if !add || d.is_differentiable() {
        out.push(
            case(
                op,
                format!("seq<{d}[?]>"),
                move |rng| {
                    let a = (1..4).map(|n| any(rng, d, &[n])).collect();
                    let b = (2..4).map(|n| any(rng, d, &[n])).collect();
                    vec![seq(a), seq(b), 1u64.into()]
                },
                move |args| {
                    let (mut a, b) = (items(&args[0]), items(&args[1]));
                    for (i, x) in b.iter().enumerate() {
                        a[1 + i] = changed(&a[1 + i], &[], |old, ix| merge(old, at(x, ix)));
                    }
                    vec![seq(a)]
                },
            )
            .typed(&[ragged(d), ragged(d), DType::U64.into()]),
        );
    }
    out
}

fn len_and_dim(d: DType, axis: Option<u32>) -> Vec<Case> {
    let mut out = Vec::new();
    let k = axis.unwrap_or(0) as usize;
    let op = axis.map_or(A::Len, A::Dim);
    for sh in [&[3][..], &[2, 4], &[0, 2]] {
        if k < sh.len() {
            out.push(case(
                op.clone(),
                format!("{d}{sh:?}"),
                move |rng| vec![any(rng, d, sh)],
                move |_| vec![(sh[k] as u64).into()],
            ));
        }
    }
    if axis.is_none() {
        let c = case(
            A::Len,
            format!("seq<{d}[?]>"),
            move |rng| vec![seq((0..3).map(|n| any(rng, d, &[n])).collect())],
            |_| vec![3u64.into()],
        );
        out.push(c.typed(&[ragged(d)]));
        let c = case(
            A::Len,
            format!("stack<{d}>"),
            move |rng| {
                vec![Val::Stack(Arc::new(
                    (0..4).map(|_| any(rng, d, &[])).collect(),
                ))]
            },
            |_| vec![4u64.into()],
        );
        out.push(c);
    }
    out
}

fn fill(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, n) in [(&[][..], 3), (&[2], 3), (&[2, 2], 2), (&[], 0)] {
        out.push(
            case(
                A::Fill,
                format!("{n} of {d}{sh:?}"),
                move |rng| vec![any(rng, d, sh), (n as u64).into()],
                move |args| vec![tensor(d, &[&[n], sh].concat(), |ix| at(&args[0], &ix[1..]))],
            )
            .closed(),
        );
    }
    out.push(
        case(
            A::Fill,
            format!("2 of {d}[?]: a sequence"),
            move |rng| vec![any(rng, d, &[3]), 2u64.into()],
            |args| vec![seq(vec![args[0].clone(); 2])],
        )
        .typed(&[Type::tensor(d, [Dim::Dynamic]), DType::U64.into()]),
    );
    out
}

fn array(d: DType) -> Vec<Case> {
    let mut out = Vec::new();
    for (sh, n) in [(&[][..], 3), (&[2], 2), (&[2, 2], 1)] {
        out.push(
            case(
                A::Array,
                format!("{n} of {d}{sh:?}"),
                move |rng| (0..n).map(|_| any(rng, d, sh)).collect(),
                move |args| {
                    vec![tensor(d, &[&[n], sh].concat(), |ix| {
                        at(&args[ix[0]], &ix[1..])
                    })]
                },
            )
            .closed(),
        );
    }
    out.push(case(
        A::Array,
        format!("of {d}[2] and {d}[3]: a sequence"),
        move |rng| vec![any(rng, d, &[2]), any(rng, d, &[3])],
        |args| vec![seq(args.to_vec())],
    ));
    out
}

fn push_pop(d: DType, push: bool) -> Vec<Case> {
    let mut out = Vec::new();
    for sh in [&[3][..], &[2, 2], &[1]] {
        let n = sh[0];
        let mut longer = sh.to_vec();
        longer[0] += 1;
        out.push(if push {
            case(
                A::Push,
                format!("{d}{sh:?}"),
                move |rng| vec![any(rng, d, sh), any(rng, d, &sh[1..])],
                move |args| {
                    vec![tensor(d, &longer, |ix| {
                        if ix[0] < n {
                            at(&args[0], ix)
                        } else {
                            at(&args[1], &ix[1..])
                        }
                    })]
                },
            )
        } else {
            case(
                A::Pop,
                format!("{d}{sh:?}"),
                move |rng| vec![any(rng, d, sh)],
                move |args| vec![rows_of(&args[0], 0..n - 1), part(&args[0], &[n - 1])],
            )
        });
    }
    if push {
        let c = case(
            A::Push,
            format!("seq<{d}[?]>"),
            move |rng| vec![seq(vec![any(rng, d, &[2])]), any(rng, d, &[3])],
            |args| vec![seq(vec![items(&args[0])[0].clone(), args[1].clone()])],
        );
        out.push(c.typed(&[ragged(d), Type::tensor(d, [Dim::Dynamic])]));
    } else {
        let c = case(
            A::Pop,
            format!("seq<{d}[?]>"),
            move |rng| vec![seq(vec![any(rng, d, &[2]), any(rng, d, &[3])])],
            |args| {
                vec![
                    seq(items(&args[0])[..1].to_vec()),
                    items(&args[0])[1].clone(),
                ]
            },
        );
        out.push(c.typed(&[ragged(d)]));
    }
    out
}

fn gather(d: DType, scatter: bool) -> Vec<Case> {
    let mut out = Vec::new();
    if scatter && d == DType::Bool {
        return out;
    }
    for (sh, axis, ish) in [
        (&[4][..], 0, &[3][..]),
        (&[4], 0, &[]),
        (&[4], 0, &[0]),
        (&[3, 2], 0, &[2, 2]),
        (&[2, 3], 1, &[4]),
        (&[2, 3], 1, &[]),
        (&[2, 3, 2], 1, &[2]),
    ] {
        for it in [DType::U64, DType::I32] {
            let rshape = [&sh[..axis], ish, &sh[axis + 1..]].concat();
            let (r2, n) = (rshape.clone(), ish.len());
            let op = if scatter {
                I::ScatterAdd(axis as u32)
            } else {
                I::Gather(axis as u32)
            };
            out.push(
                case(
                    op,
                    format!("{d}{sh:?} along {axis} by {it}{ish:?}"),
                    move |rng| {
                        let a = any(rng, d, sh);
                        let i = tensor(it, ish, |_| {
                            Scalar::from_int(it, i128::from(rng.below(sh[axis] as u64))).unwrap()
                        });
                        let mut v = vec![a, i];
                        if scatter {
                            v.push(any(rng, d, &rshape));
                        }
                        v
                    },
                    move |args| {
                        // Index of the result, or of the updates, to index of the operand.
                        let to = |ix: &[usize]| {
                            let i = at(&args[1], &ix[axis..axis + n]).as_int().unwrap() as usize;
                            [&ix[..axis], &[i], &ix[axis + n..]].concat()
                        };
                        if !scatter {
                            return vec![tensor(d, &r2, |ix| at(&args[0], &to(ix)))];
                        }
                        let mut acc = args[0].clone();
                        tensor(d, &r2, |ix| {
                            let x = at(&args[2], ix);
                            acc = changed(&acc, &to(ix), |old, _| sum(old, x));
                            x
                        });
                        vec![acc]
                    },
                )
                .within(if scatter { 1e-6 } else { 0.0 }),
            );
        }
    }
    out
}

pub fn each(f: impl Fn(DType) -> Vec<Case>) -> Vec<Case> {
    KINDS
        .iter()
        .flat_map(|&d| f(d).into_iter().map(move |c| c.derive(derive_for(d))))
        .collect()
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
        domain: "linear in the data",
        cases,
        limits: limits.to_vec(),
    }
}

pub fn array_rows() -> Vec<Row> {
    let count = [Limitation::NoTangent("integer result")];
    let r = |name, doc, cases, limits: &[Limitation]| row("Array", name, doc, cases, limits);
    vec![
        r("slice", "Elements `lo..hi`.", each(slice), &[]),
        r(
            "update_slice",
            "Elements replaced.",
            each(|d| write_slice(d, false)),
            &[],
        ),
        r(
            "add_slice",
            "Elements increased.",
            each(|d| write_slice(d, true)),
            &[],
        ),
        r(
            "len",
            "The number of elements.",
            each(|d| len_and_dim(d, None)),
            &count,
        ),
        r(
            "dim",
            "An extent.",
            each(|d| [len_and_dim(d, Some(0)), len_and_dim(d, Some(1))].concat()),
            &count,
        ),
        r("fill", "`n` copies.", each(fill), &[]),
        r("array", "An array of the operands.", each(array), &[]),
        r(
            "push",
            "With an element appended.",
            each(|d| push_pop(d, true)),
            &[],
        ),
        r(
            "pop",
            "Without the last element, and that.",
            each(|d| push_pop(d, false)),
            &[],
        ),
    ]
}

pub fn index_rows() -> Vec<Row> {
    let r = |name, doc, cases| row("Index", name, doc, cases, &[]);
    vec![
        r(
            "gather",
            "Rows by index along an axis.",
            each(|d| gather(d, false)),
        ),
        r(
            "scatter_add",
            "With updates added along an axis.",
            each(|d| gather(d, true)),
        ),
    ]
}
