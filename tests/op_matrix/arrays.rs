//! Records and places, Rust's arrays (tensors by their leading extent, sequences, stacks), gather and scatter.

use super::row::{Case, Limitation, Row, case};
use super::select::derive_for;
use super::shapes::KINDS;
use super::values::{any, at, number, scalar, seq, shape, stacked, tensor};
use cotangent_core::ir::{ArrayOp as A, DType, Dim, IndexOp as I, PlaceOp as P, Step, Type};
use cotangent_core::value::{Scalar, Val};
use std::sync::Arc;

/// The names of the rows of places, arrays and index ops, each by an exhaustive match.
pub mod places {
    use super::P;
    crate::variants! { P:
        "record" P::Record,
        "get" P::Get(_),
        "update" P::Update(_),
        "add_at" P::AddAt(_),
    }
}
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

const IX: Step = Step::Index;

fn sum(a: Scalar, b: Scalar) -> Scalar {
    scalar(a.dtype(), number(a) + number(b))
}

fn items(v: &Val) -> Vec<Val> {
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
fn changed(v: &Val, prefix: &[usize], f: impl Fn(Scalar, &[usize]) -> Scalar) -> Val {
    tensor(super::values::dtype(v), &shape(v), |ix| {
        let old = at(v, ix);
        if ix.starts_with(prefix) {
            f(old, &ix[prefix.len()..])
        } else {
            old
        }
    })
}

fn part(v: &Val, prefix: &[usize]) -> Val {
    tensor(super::values::dtype(v), &shape(v)[prefix.len()..], |ix| {
        at(v, &[prefix, ix].concat())
    })
}

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

fn each(f: impl Fn(DType) -> Vec<Case>) -> Vec<Case> {
    KINDS
        .iter()
        .flat_map(|&d| f(d).into_iter().map(move |c| c.derive(derive_for(d))))
        .collect()
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
        domain: "linear in the data",
        cases,
        limits: limits.to_vec(),
    }
}

pub fn place_rows() -> Vec<Row> {
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
