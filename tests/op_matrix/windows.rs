//! Convolutions and reductions over windows: against sums over all pairs of elements, each put where the windows say that it belongs.

use super::reductions::{finish, operand};
use super::row::{Case, Derive, Row, case};
use super::values::{any, at, number, scalar, shape, tensor};
use cotangent_core::ir::{
    Convolution, DType, Dim, Extreme, Type, WindowAxis, WindowOp, WindowReduce, Windows,
};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;
use std::collections::BTreeMap;

pub mod ops {
    use super::{Extreme as E, WindowOp as W, WindowReduce as R};
    crate::variants! { W:
        "convolution" W::Convolution(_),
        "convolution_lhs" W::ConvolutionLhs(..),
        "convolution_rhs" W::ConvolutionRhs(..),
        "reduce_window_sum" W::Reduce(R::Sum, _),
        "reduce_window_min" W::Reduce(R::Min, _),
        "reduce_window_max" W::Reduce(R::Max, _),
        "spread_window" W::Spread(..),
        "select_and_scatter_min" W::SelectAndScatter(E::Min, _),
        "select_and_scatter_max" W::SelectAndScatter(E::Max, _),
        "select_and_gather_min" W::SelectAndGather(E::Min, _),
        "select_and_gather_max" W::SelectAndGather(E::Max, _),
    }
}

/// The window in which place `j` is element `i`, if there is one.
fn window_of(a: &WindowAxis, i: usize, j: usize) -> Option<usize> {
    let at = i as i64 * a.base_dilation as i64 + a.low - j as i64 * a.window_dilation as i64;
    (at >= 0 && at % a.stride as i64 == 0).then(|| (at / a.stride as i64) as usize)
}

fn indices(sh: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &n in sh {
        all = all
            .into_iter()
            .flat_map(|p: Vec<usize>| (0..n).map(move |i| [&p[..], &[i]].concat()))
            .collect();
    }
    all
}

type Index = Vec<usize>;

/// The indices of operand, kernel and result that belong together.
fn triples(c: &Convolution, ls: &[usize], rs: &[usize], os: &[usize]) -> Vec<[Index; 3]> {
    let (g, h) = (c.feature_groups as usize, c.batch_groups as usize);
    let mut out = Vec::new();
    for l in indices(ls) {
        for r in indices(rs) {
            let mut o = vec![0; os.len()];
            let (feature, batch) = (l[c.lhs.feature as usize], l[c.lhs.batch as usize]);
            let output = r[c.rhs.output as usize];
            let per = rs[c.rhs.output as usize] / (g * h);
            let inputs = rs[c.rhs.input as usize];
            let batches = ls[c.lhs.batch as usize] / h;
            let group = output / per;
            let fits = feature % inputs == r[c.rhs.input as usize]
                && (g == 1 || feature / inputs == group)
                && (h == 1 || batch / batches == group);
            o[c.out.batch as usize] = batch % batches;
            o[c.out.feature as usize] = output;
            let inside = (0..c.window.len()).all(|k| {
                let (w, to) = (&c.window[k], c.out.spatial[k] as usize);
                let j = r[c.rhs.spatial[k] as usize];
                let j = if w.reversed {
                    rs[c.rhs.spatial[k] as usize] - 1 - j
                } else {
                    j
                };
                let found = window_of(w, l[c.lhs.spatial[k] as usize], j);
                o[to] = found.unwrap_or(usize::MAX);
                o[to] < os[to]
            });
            if fits && inside {
                out.push([l.clone(), r, o]);
            }
        }
    }
    out
}

/// The sum of products of what belongs together, of two of operand, kernel and result, as the third (number `to`).
fn paired(d: DType, all: &[[Index; 3]], args: &[Val], to: usize, sh: &[usize]) -> Val {
    let from: Vec<usize> = (0..3).filter(|&k| k != to).collect();
    let mut sums: BTreeMap<&Index, C> = BTreeMap::new();
    // The transpose by the operand has the result's place first.
    for t in all {
        let mut pair = [&t[from[0]], &t[from[1]]];
        if to == 0 {
            pair.swap(0, 1);
        }
        let x = number(at(&args[0], pair[0])) * number(at(&args[1], pair[1]));
        *sums.entry(&t[to]).or_default() += x;
    }
    tensor(d, sh, |ix| {
        scalar(d, sums.get(&ix.to_vec()).copied().unwrap_or_default())
    })
}

fn window(stride: u64, low: i64, high: i64, base: u64, within: u64, reversed: bool) -> WindowAxis {
    WindowAxis {
        stride,
        low,
        high,
        base_dilation: base,
        window_dilation: within,
        reversed,
    }
}

/// Convolutions with the shapes of operand, kernel and result.
fn convolutions() -> Vec<(Convolution, [&'static [usize]; 3])> {
    let last = |w: &[WindowAxis]| Convolution::channels_last(w.to_vec());
    let grouped = |c: Convolution, g, h| Convolution {
        feature_groups: g,
        batch_groups: h,
        ..c
    };
    let mut turned = last(&[window(2, 1, 0, 1, 1, false)]);
    turned.out.batch = 2;
    turned.out.feature = 0;
    (turned.rhs.input, turned.rhs.output) = (2, 1);
    vec![
        (
            last(&[WindowAxis::default()]),
            [&[1, 4, 2], &[2, 2, 2], &[1, 3, 2]],
        ),
        (
            Convolution::channels_first(vec![
                window(2, 1, 1, 1, 1, false),
                window(1, 0, 1, 1, 1, false),
            ]),
            [&[1, 1, 3, 2], &[2, 1, 2, 2], &[1, 2, 2, 2]],
        ),
        (
            last(&[window(1, -1, 2, 2, 2, true)]),
            [&[2, 3, 1], &[2, 1, 1], &[2, 4, 1]],
        ),
        (turned, [&[2, 4, 1], &[2, 2, 1], &[2, 2, 2]]),
        (
            grouped(last(&[WindowAxis::default()]), 2, 1),
            [&[1, 3, 4], &[2, 2, 2], &[1, 2, 2]],
        ),
        (
            grouped(last(&[WindowAxis::strided(1).padded(1, 0)]), 1, 2),
            [&[2, 2, 2], &[2, 2, 2], &[1, 2, 2]],
        ),
        (last(&[]), [&[2, 2], &[2, 3], &[2, 3]]),
        (
            last(&[WindowAxis::default()]),
            [&[1, 1, 2], &[2, 2, 1], &[1, 0, 1]],
        ),
    ]
}

fn dims(sh: &[usize]) -> Vec<Dim> {
    sh.iter().map(|&n| Dim::Known(n as u64)).collect()
}

fn typed(d: DType, sh: &[usize]) -> Type {
    Type::tensor(d, dims(sh))
}

/// Operands of those shapes, and the extents of a shape that is all `?`.
fn with_sizes(c: Case, d: DType, given: &[&'static [usize]], sizes: usize) -> Case {
    let mut tys: Vec<Type> = given.iter().map(|s| typed(d, s)).collect();
    tys.extend((0..sizes).map(|_| Type::from(DType::U64)));
    c.typed(&tys)
}

fn convolution_cases(to: usize) -> Vec<Case> {
    let mut out = Vec::new();
    for d in [DType::F64, DType::C128, DType::F32, DType::I32] {
        for (k, (c, shapes)) in convolutions().into_iter().enumerate() {
            let given: Vec<&'static [usize]> = match to {
                0 => vec![shapes[2], shapes[1]],
                1 => vec![shapes[0], shapes[2]],
                _ => vec![shapes[0], shapes[1]],
            };
            for open in [false, true] {
                if open && (to == 2 || k % 3 != 0) {
                    continue;
                }
                let sh = shapes[to];
                let of = if open {
                    vec![Dim::Dynamic; sh.len()]
                } else {
                    dims(sh)
                };
                let c = Box::new(c.clone());
                let op = match to {
                    0 => WindowOp::ConvolutionLhs(c.clone(), of),
                    1 => WindowOp::ConvolutionRhs(c.clone(), of),
                    _ => WindowOp::Convolution(c.clone()),
                };
                let (a, b) = (given[0], given[1]);
                let label = format!("{d}, number {k}, open {open}");
                let made = case(
                    op,
                    label,
                    move |rng| {
                        let mut v = vec![any(rng, d, a), any(rng, d, b)];
                        if open {
                            v.extend(sh.iter().map(|&n| Val::Scalar(Scalar::U64(n as u64))));
                        }
                        v
                    },
                    move |args| {
                        let all = triples(&c, shapes[0], shapes[1], shapes[2]);
                        vec![paired(d, &all, args, to, sh)]
                    },
                );
                let sizes = if open { sh.len() } else { 0 };
                out.push(finish(with_sizes(made, d, &given, sizes), d, &[1]));
            }
        }
    }
    out
}

/// Windows with the shapes of operand and result.
fn reductions() -> Vec<(Windows, [&'static [usize]; 2])> {
    let of = |size: &[u64], axes: &[WindowAxis]| Windows {
        size: size.to_vec(),
        axes: axes.to_vec(),
    };
    let one = WindowAxis::default();
    vec![
        (of(&[2], &[one]), [&[4], &[3]]),
        (
            of(
                &[1, 2, 2],
                &[one, WindowAxis::strided(2), WindowAxis::strided(2)],
            ),
            [&[1, 4, 2], &[1, 2, 1]],
        ),
        (of(&[2], &[window(2, 1, 1, 2, 3, false)]), [&[3], &[2]]),
        (
            of(&[2, 2], &[one.padded(1, 0), window(2, -1, 1, 1, 1, false)]),
            [&[2, 3], &[2, 1]],
        ),
    ]
}

/// Which elements each window has, in row-major order.
fn members(w: &Windows, from: &[usize], to: &[usize]) -> BTreeMap<Index, Vec<Index>> {
    let mut all: BTreeMap<Index, Vec<Index>> =
        indices(to).into_iter().map(|o| (o, vec![])).collect();
    let size: Vec<usize> = w.size.iter().map(|&n| n as usize).collect();
    for i in indices(from) {
        for j in indices(&size) {
            let o: Option<Index> = (0..from.len())
                .map(|k| window_of(&w.axes[k], i[k], j[k]))
                .collect();
            if let Some(list) = o.and_then(|o| all.get_mut(&o)) {
                list.push(i.clone());
            }
        }
    }
    all
}

/// The element that is selected, if there is one.
fn chosen(x: &Val, list: &[Index], max: bool) -> Option<Index> {
    let value = |i: &Index| number(at(x, i)).re;
    let best = list
        .iter()
        .map(value)
        .reduce(|a, b| if max { a.max(b) } else { a.min(b) })?;
    list.iter().find(|i| value(i) == best).cloned()
}

const KINDS: [DType; 3] = [DType::F64, DType::F32, DType::I32];

fn reduce_cases(r: WindowReduce) -> Vec<Case> {
    let mut out = Vec::new();
    let kinds = if r == WindowReduce::Sum {
        vec![DType::F64, DType::F32, DType::I32, DType::C128]
    } else {
        KINDS.to_vec()
    };
    for d in kinds {
        for (k, (w, [from, to])) in reductions().into_iter().enumerate() {
            let op = WindowOp::Reduce(r, w.clone());
            let made = case(
                op,
                format!("{d}{from:?}, number {k}"),
                move |rng| vec![operand(rng, d, from, r != WindowReduce::Sum)],
                move |args| {
                    let all = members(&w, from, to);
                    vec![tensor(d, to, |o| {
                        let list = &all[o];
                        let max = r == WindowReduce::Max;
                        match r {
                            WindowReduce::Sum => {
                                scalar(d, list.iter().map(|i| number(at(&args[0], i))).sum())
                            }
                            WindowReduce::Min | WindowReduce::Max => {
                                let i = chosen(&args[0], list, max);
                                at(&args[0], &i.expect("no window is empty"))
                            }
                        }
                    })]
                },
            );
            out.push(finish(made, d, from));
        }
    }
    out
}

fn spread_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in [DType::F64, DType::F32, DType::I32, DType::C128] {
        for (k, (w, [from, to])) in reductions().into_iter().enumerate() {
            for open in [false, true] {
                let of = if open {
                    vec![Dim::Dynamic; from.len()]
                } else {
                    dims(from)
                };
                let w = w.clone();
                let made = case(
                    WindowOp::Spread(w.clone(), of),
                    format!("{d}{to:?}, number {k}, open {open}"),
                    move |rng| {
                        let mut v = vec![any(rng, d, to)];
                        if open {
                            v.extend(from.iter().map(|&n| Val::Scalar(Scalar::U64(n as u64))));
                        }
                        v
                    },
                    move |args| {
                        let all = members(&w, from, to);
                        vec![tensor(d, from, |i| {
                            let of = |(o, list): (&Index, &Vec<Index>)| {
                                let times = list.iter().filter(|m| *m == i).count();
                                number(at(&args[0], o)) * times as f64
                            };
                            scalar(d, all.iter().map(of).sum())
                        })]
                    },
                );
                let sizes = if open { from.len() } else { 0 };
                out.push(finish(with_sizes(made, d, &[to], sizes), d, from));
            }
        }
    }
    out
}

fn select_cases(which: Extreme, scatter: bool) -> Vec<Case> {
    let mut out = Vec::new();
    for d in KINDS {
        for (k, (w, [from, to])) in reductions().into_iter().enumerate() {
            let op = if scatter {
                WindowOp::SelectAndScatter(which, w.clone())
            } else {
                WindowOp::SelectAndGather(which, w.clone())
            };
            let second = if scatter { to } else { from };
            let made = case(
                op,
                format!("{d}{from:?}, number {k}"),
                move |rng| vec![operand(rng, d, from, true), operand(rng, d, second, false)],
                move |args| {
                    let all = members(&w, from, to);
                    let best = |list: &[Index]| chosen(&args[0], list, which == Extreme::Max);
                    let y = if scatter {
                        tensor(d, &shape(&args[0]), |i| {
                            let here = all.iter().filter(|(_, l)| best(l).as_deref() == Some(i));
                            scalar(d, here.map(|(o, _)| number(at(&args[1], o))).sum())
                        })
                    } else {
                        tensor(d, to, |o| {
                            at(&args[1], &best(&all[o]).expect("no window is empty"))
                        })
                    };
                    vec![y]
                },
            );
            // Differences by the first operand are zero, as its elements are apart.
            let made = finish(made, d, from);
            out.push(if d == DType::I32 {
                made.derive(Derive::Skip)
            } else {
                made
            });
        }
    }
    out
}

pub fn rows() -> Vec<Row> {
    let r = |name: &str, doc: &str, types: &str, domain, cases| Row {
        family: "Window",
        name: name.into(),
        doc: doc.into(),
        types: types.into(),
        domain,
        cases,
        limits: vec![],
    };
    let all = "int, float, complex";
    let ordered = "int, float";
    let (linear, distinct) = ("linear in each operand", "distinct elements");
    let extremes = [
        (WindowReduce::Min, Extreme::Min, "min"),
        (WindowReduce::Max, Extreme::Max, "max"),
    ];
    let mut rows = vec![
        r(
            "convolution",
            "StableHLO's, with strides, padding, dilations, reversal and groups.",
            all,
            linear,
            convolution_cases(2),
        ),
        r(
            "convolution_lhs",
            "Its transpose by the left operand, whose shape is given.",
            all,
            linear,
            convolution_cases(0),
        ),
        r(
            "convolution_rhs",
            "Its transpose by the kernel, whose shape is given.",
            all,
            linear,
            convolution_cases(1),
        ),
        r(
            "reduce_window_sum",
            "The sum of each window.",
            all,
            "linear",
            reduce_cases(WindowReduce::Sum),
        ),
        r(
            "spread_window",
            "Its transpose: each element added to all of its window.",
            all,
            "linear",
            spread_cases(),
        ),
    ];
    for (reduce, extreme, name) in extremes {
        rows.push(r(
            &format!("reduce_window_{name}"),
            "The extreme of each window.",
            ordered,
            distinct,
            reduce_cases(reduce),
        ));
        rows.push(r(
            &format!("select_and_scatter_{name}"),
            "Each element of the second added where the first has the window's extreme, the first of equals.",
            ordered,
            distinct,
            select_cases(extreme, true),
        ));
        rows.push(r(
            &format!("select_and_gather_{name}"),
            "The second's element where the first has the window's extreme.",
            ordered,
            distinct,
            select_cases(extreme, false),
        ));
    }
    rows
}
