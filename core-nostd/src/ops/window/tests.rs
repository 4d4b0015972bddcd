//! Convolutions against the definition with operands dilated and padded in memory; transposes by inner products, which of integers are
//! exact; extremes by hand.

use super::super::testing::{call, run};
use super::*;
use crate::error::TrapKind;
use crate::ir::{Builder, Convolution, Extreme, ImageAxes, KernelAxes, WindowAxis};
use crate::value::{Data, Element, Tensor};
use alloc::boxed::Box;

fn t<T: Element>(shape: &[usize], v: Vec<T>) -> Val {
    Val::tensor(Tensor::new(shape.to_vec(), T::data(v)).unwrap())
}

struct Rng(u64);
impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1);
        (self.0 >> 33) % n
    }
    fn ints(&mut self, shape: &[usize]) -> Val {
        let n = shape.iter().product();
        t(shape, (0..n).map(|_| self.below(9) as i64 - 4).collect())
    }
    fn order(&mut self, n: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (0..n).collect();
        for k in (1..all.len()).rev() {
            all.swap(k, self.below(k as u64 + 1) as usize);
        }
        all
    }
    fn axis(&mut self) -> WindowAxis {
        WindowAxis {
            stride: 1 + self.below(3),
            low: self.below(5) as i64 - 1,
            high: self.below(5) as i64 - 1,
            base_dilation: 1 + self.below(3),
            window_dilation: 1 + self.below(2),
            reversed: self.below(2) == 1,
        }
    }
}

fn ints(v: &Val) -> (&[usize], &[i64]) {
    let Val::Tensor(t) = v else { panic!("{v:?}") };
    let Data::I64(d) = &t.data else {
        panic!("{v:?}")
    };
    (&t.shape, d)
}

/// Row-major walk.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &n in shape {
        all = all
            .into_iter()
            .flat_map(|p: Vec<usize>| (0..n).map(move |i| [&p[..], &[i]].concat()))
            .collect();
    }
    all
}

fn at(shape: &[usize], index: &[usize]) -> usize {
    index.iter().zip(shape).fold(0, |a, (i, n)| a * n + i)
}

/// The element at place `p` of an axis with gaps and places around, by writing the axis down.
fn written(a: &WindowAxis, n: usize) -> Vec<Option<usize>> {
    let mut line: Vec<Option<usize>> = Vec::new();
    for i in 0..n {
        if i > 0 {
            line.extend(core::iter::repeat_n(None, a.base_dilation as usize - 1));
        }
        line.push(Some(i));
    }
    for _ in 0..a.low.max(0) {
        line.insert(0, None);
    }
    for _ in 0..(-a.low).max(0).min(line.len() as i64) {
        line.remove(0);
    }
    for _ in 0..a.high.max(0) {
        line.push(None);
    }
    for _ in 0..(-a.high).max(0) {
        line.pop();
    }
    line
}

fn by_definition(c: &Convolution, l: &Val, r: &Val, out: &[usize]) -> Vec<i64> {
    let ((ls, l), (rs, r)) = (ints(l), ints(r));
    let lines: Vec<_> = (0..c.window.len())
        .map(|k| written(&c.window[k], ls[c.lhs.spatial[k] as usize]))
        .collect();
    let inputs = rs[c.rhs.input as usize];
    let outputs = rs[c.rhs.output as usize];
    let (g, h) = (c.feature_groups as usize, c.batch_groups as usize);
    indices(out)
        .iter()
        .map(|o| {
            let (n, f) = (o[c.out.batch as usize], o[c.out.feature as usize]);
            let mut sum = 0;
            for ri in indices(rs)
                .iter()
                .filter(|ri| ri[c.rhs.output as usize] == f)
            {
                let mut li = vec![0; ls.len()];
                let i = ri[c.rhs.input as usize];
                li[c.lhs.batch as usize] = f / (outputs / h) * (ls[c.lhs.batch as usize] / h) + n;
                li[c.lhs.feature as usize] = f / (outputs / g) * inputs + i;
                let inside = c.window.iter().enumerate().all(|(k, w)| {
                    let size = rs[c.rhs.spatial[k] as usize];
                    let j = ri[c.rhs.spatial[k] as usize];
                    let j = if w.reversed { size - 1 - j } else { j };
                    let place = o[c.out.spatial[k] as usize] * w.stride as usize
                        + j * w.window_dilation as usize;
                    match lines[k].get(place) {
                        Some(Some(i)) => {
                            li[c.lhs.spatial[k] as usize] = *i;
                            true
                        }
                        _ => false,
                    }
                });
                if inside {
                    sum += l[at(ls, &li)] * r[at(rs, ri)];
                }
            }
            sum
        })
        .collect()
}

fn inner(a: &Val, b: &Val) -> i64 {
    let ((sa, a), (sb, b)) = (ints(a), ints(b));
    assert_eq!(sa, sb);
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// What [`forward::emit`] makes of an op.
fn as_forward(op: &WindowOp, args: &[Val]) -> Val {
    let tys: Vec<Type> = args.iter().map(super::super::testing::type_of).collect();
    let mut b = Builder::new("f", &tys);
    let ps = b.params();
    let y = forward::emit(&mut b, op, &ps).expect("the extents are known");
    let f = b.finish(&[y]).unwrap();
    for i in &f.regions[f.body].insts {
        if let crate::ir::Op::Window(o) = &f.insts[*i].op {
            assert!(given_shape(o).is_none(), "{o:?}");
        }
    }
    call(&f, args).remove(0)
}

fn shape_of(v: &Val) -> Shape {
    let (s, _) = ints(v);
    s.iter().map(|&n| Dim::Known(n as u64)).collect()
}

#[test]
fn convolutions_and_their_transposes_agree_with_the_definition() {
    let mut rng = Rng(7);
    let mut with_elements = 0;
    for round in 0..400 {
        let spatial = rng.below(3) as usize;
        let mut image = || {
            let o = rng.order(spatial as u32 + 2);
            ImageAxes {
                batch: o[0],
                feature: o[1],
                spatial: o[2..].to_vec(),
            }
        };
        let (lhs, out) = (image(), image());
        let o = rng.order(spatial as u32 + 2);
        let rhs = KernelAxes {
            input: o[0],
            output: o[1],
            spatial: o[2..].to_vec(),
        };
        let (g, h) = [(1, 1), (2, 1), (1, 2), (3, 1), (1, 3)][rng.below(5) as usize];
        let c = Convolution {
            lhs,
            rhs,
            out,
            window: (0..spatial).map(|_| rng.axis()).collect(),
            feature_groups: g,
            batch_groups: h,
        };
        let mut small = |least: u64| (least + rng.below(3)) as usize;
        let inputs = small(1);
        let least = u64::from(round % 10 != 0);
        let (mut ls, mut rs) = (vec![0; spatial + 2], vec![0; spatial + 2]);
        ls[c.lhs.batch as usize] = small(1) * h as usize;
        ls[c.lhs.feature as usize] = inputs * g as usize;
        rs[c.rhs.input as usize] = inputs;
        rs[c.rhs.output as usize] = small(1) * (g * h) as usize;
        for k in 0..spatial {
            ls[c.lhs.spatial[k] as usize] = small(least) + 1;
            rs[c.rhs.spatial[k] as usize] = small(least);
        }
        let (l, r) = (rng.ints(&ls), rng.ints(&rs));
        let op = WindowOp::Convolution(Box::new(c.clone()));
        let y = run(op, &[l.clone(), r.clone()]).unwrap();
        let (os, v) = ints(&y);
        assert_eq!(
            v,
            by_definition(&c, &l, &r, os),
            "{c:?} of {ls:?} and {rs:?}"
        );
        with_elements += usize::from(!v.is_empty());
        let o = rng.ints(os);
        let whole = inner(&y, &o);
        let by_lhs = WindowOp::ConvolutionLhs(Box::new(c.clone()), shape_of(&l));
        let args = [o.clone(), r.clone()];
        let lt = run(by_lhs.clone(), &args).unwrap();
        assert_eq!(inner(&lt, &l), whole, "{c:?} by lhs");
        assert!(as_forward(&by_lhs, &args).same_bits(&lt), "{c:?} by lhs");
        let by_rhs = WindowOp::ConvolutionRhs(Box::new(c.clone()), shape_of(&r));
        let args = [l.clone(), o.clone()];
        let rt = run(by_rhs.clone(), &args).unwrap();
        assert_eq!(inner(&rt, &r), whole, "{c:?} by rhs");
        assert!(as_forward(&by_rhs, &args).same_bits(&rt), "{c:?} by rhs");
    }
    assert!(with_elements > 200, "{with_elements}");
}

fn random_windows(rng: &mut Rng, rank: usize) -> Windows {
    Windows {
        size: (0..rank).map(|_| 1 + rng.below(3)).collect(),
        axes: (0..rank)
            .map(|_| WindowAxis {
                reversed: false,
                ..rng.axis()
            })
            .collect(),
    }
}

#[test]
fn reductions_over_windows_agree_with_the_definition() {
    let mut rng = Rng(3);
    for _ in 0..300 {
        let rank = 1 + rng.below(2) as usize;
        let w = random_windows(&mut rng, rank);
        let shape: Vec<usize> = (0..rank).map(|_| rng.below(5) as usize).collect();
        let x = rng.ints(&shape);
        let lines: Vec<_> = (0..rank).map(|k| written(&w.axes[k], shape[k])).collect();
        let reduce = |r| run(WindowOp::Reduce(r, w.clone()), std::slice::from_ref(&x));
        let sums = reduce(WindowReduce::Sum);
        let (greatest, least) = (reduce(WindowReduce::Max), reduce(WindowReduce::Min));
        let sums = sums.unwrap();
        let (os, s) = ints(&sums);
        let size: Vec<usize> = w.size.iter().map(|&n| n as usize).collect();
        let source = rng.ints(os);
        let (_, values) = ints(&x);
        let mut scattered = vec![0i64; values.len()];
        let mut gathered = Vec::new();
        for (at_out, o) in indices(os).iter().enumerate() {
            let mut inside = Vec::new();
            for j in indices(&size) {
                let of: Option<Vec<usize>> = (0..rank)
                    .map(|k| {
                        let a = &w.axes[k];
                        let p = o[k] * a.stride as usize + j[k] * a.window_dilation as usize;
                        lines[k].get(p).copied().flatten()
                    })
                    .collect();
                inside.extend(of.map(|i| at(&shape, &i)));
            }
            let sum: i64 = inside.iter().map(|&i| values[i]).sum();
            assert_eq!(s[at_out], sum, "{w:?} of {shape:?}");
            let most = inside.iter().map(|&i| values[i]).max();
            let first = inside.iter().find(|&&i| Some(values[i]) == most);
            if let Some(&i) = first {
                scattered[i] += ints(&source).1[at_out];
            }
            gathered.push(first.map_or(0, |&i| i as i64));
            let greatest = greatest.as_ref().unwrap();
            assert_eq!(ints(greatest).1[at_out], most.unwrap_or(i64::MIN));
            let least = least.as_ref().unwrap();
            let want = inside.iter().map(|&i| values[i]).min();
            assert_eq!(ints(least).1[at_out], want.unwrap_or(i64::MAX));
        }
        let op = WindowOp::SelectAndScatter(Extreme::Max, w.clone());
        let r = run(op, &[x.clone(), source.clone()]).unwrap();
        assert_eq!(ints(&r).1, scattered, "{w:?} of {shape:?}");
        let places = t(&shape, (0..values.len() as i64).collect());
        let op = WindowOp::SelectAndGather(Extreme::Max, w.clone());
        let r = run(op, &[x.clone(), places]).unwrap();
        assert_eq!(ints(&r).1, gathered, "{w:?} of {shape:?}");
        let op = WindowOp::Spread(w.clone(), shape_of(&x));
        let spread = run(op.clone(), std::slice::from_ref(&source)).unwrap();
        let r = spread;
        assert_eq!(inner(&r, &x), inner(&sums, &source), "{w:?} of {shape:?}");
        let again = as_forward(&op, std::slice::from_ref(&source));
        assert_eq!(ints(&again).1, ints(&r).1);
    }
}

#[test]
fn the_first_of_equals_is_selected_and_a_nan_before_all() {
    let w = Windows {
        size: vec![3],
        axes: vec![WindowAxis::strided(3)],
    };
    let x = t(&[6], vec![1.0, 2.0, 2.0, 9.0, f64::NAN, f64::NAN]);
    let dx = t(&[6], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let gather = WindowOp::SelectAndGather(Extreme::Max, w.clone());
    let r = run(gather, &[x.clone(), dx]).unwrap();
    assert!(r.same_bits(&t(&[2], vec![2.0, 5.0])), "{r:?}");
    let scatter = WindowOp::SelectAndScatter(Extreme::Min, w);
    let r = run(scatter, &[x, t(&[2], vec![1.0, 10.0])]).unwrap();
    assert!(r.same_bits(&t(&[6], vec![1.0, 0.0, 0.0, 0.0, 10.0, 0.0])));
}

#[test]
fn shapes_that_do_not_agree_are_refused() {
    let known = |s: &[u64]| Type::known(DType::F32, s);
    let c = || Convolution::channels_last(vec![WindowAxis::default(); 2]);
    let of = |c: Convolution, l: &[u64], r: &[u64]| {
        infer(&WindowOp::Convolution(Box::new(c)), &[known(l), known(r)])
    };
    let ok = of(c(), &[1, 8, 8, 3], &[3, 3, 3, 16]).unwrap();
    assert_eq!(ok, [known(&[1, 6, 6, 16])]);
    assert!(of(c(), &[1, 8, 8, 4], &[3, 3, 3, 16]).is_err());
    assert!(of(c(), &[1, 8, 8], &[3, 3, 3, 16]).is_err());
    let stride = vec![WindowAxis::strided(0); 2];
    assert!(
        of(
            Convolution::channels_last(stride),
            &[1, 8, 8, 3],
            &[3, 3, 3, 16]
        )
        .is_err()
    );
    let twice = Convolution {
        feature_groups: 2,
        batch_groups: 2,
        ..c()
    };
    assert!(of(twice, &[2, 8, 8, 6], &[3, 3, 3, 16]).is_err());
    let mut same = c();
    same.out.batch = same.out.feature;
    assert!(of(same, &[1, 8, 8, 3], &[3, 3, 3, 16]).is_err());
    // At run time.
    let open = Type::tensor(DType::F32, [Dim::Dynamic; 4]);
    let op = WindowOp::ConvolutionLhs(Box::new(c()), vec![Dim::Dynamic; 4]);
    let sizes = [1u64, 5, 5, 2].map(Val::from);
    let mut args = vec![
        t(&[1, 4, 4, 1], vec![0f32; 16]),
        t(&[3, 3, 2, 1], vec![0f32; 18]),
    ];
    args.extend(sizes);
    let mut tys = vec![open.clone(), open];
    tys.extend([1; 4].map(|_| Type::from(DType::U64)));
    let r = super::super::testing::run_typed(&op.into(), &tys, &args);
    assert!(matches!(r, Err(TrapKind::ShapeMismatch { .. })), "{r:?}");
}

#[test]
fn hostile_attributes_cost_nothing() {
    let far = WindowAxis {
        stride: 1,
        low: i64::MAX,
        high: i64::MAX,
        base_dilation: u64::MAX,
        window_dilation: 1,
        reversed: false,
    };
    let w = Windows {
        size: vec![u64::MAX - 1],
        axes: vec![far],
    };
    let x = t(&[3], vec![1.0, 2.0, 3.0]);
    let r = run(
        WindowOp::Reduce(WindowReduce::Sum, w),
        core::slice::from_ref(&x),
    );
    assert!(matches!(r, Err(TrapKind::OutOfMemory { .. })), "{r:?}");
    let wide = Windows {
        size: vec![1 << 40],
        axes: vec![WindowAxis::strided(1).padded(1 << 40, 0)],
    };
    let r = run(WindowOp::Reduce(WindowReduce::Sum, wide), &[x]).unwrap();
    let want = t(&[4], vec![0.0, 1.0, 3.0, 6.0]);
    assert!(r.same_bits(&want), "{r:?}");
}
