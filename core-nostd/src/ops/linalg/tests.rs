//! Factorizations of random matrices against their definitions, in all element types; what is refused, and how.

use super::super::testing::{run_typed, type_of};
use super::*;
use crate::ir::{DType, TransposeA, Triangular};
use crate::value::{Element, Scalar};
use num_complex::Complex;

type C = Complex<f64>;

const TYPES: [DType; 4] = [DType::F32, DType::F64, DType::C64, DType::C128];

/// A matrix in double precision, whatever the elements are.
#[derive(Clone, Debug)]
struct Mat {
    m: usize,
    n: usize,
    v: Vec<C>,
}

impl Mat {
    fn from(m: usize, n: usize, f: impl Fn(usize, usize) -> C) -> Mat {
        let v = (0..m * n).map(|k| f(k / n, k % n)).collect();
        Mat { m, n, v }
    }
    fn at(&self, i: usize, j: usize) -> C {
        self.v[i * self.n + j]
    }
    fn times(&self, o: &Mat) -> Mat {
        assert_eq!(self.n, o.m);
        Mat::from(self.m, o.n, |i, j| {
            (0..self.n).map(|k| self.at(i, k) * o.at(k, j)).sum()
        })
    }
    fn turned(&self, conj: bool) -> Mat {
        Mat::from(self.n, self.m, |i, j| {
            let z = self.at(j, i);
            if conj { z.conj() } else { z }
        })
    }
    fn identity(n: usize) -> Mat {
        Mat::from(n, n, |i, j| f64::from(u8::from(i == j)).into())
    }
    fn near(&self, o: &Mat, tolerance: f64, what: &str) {
        assert_eq!((self.m, self.n), (o.m, o.n), "{what}");
        let scale = o.v.iter().map(|z| z.norm()).fold(1.0, f64::max);
        for (x, y) in self.v.iter().zip(&o.v) {
            assert!(
                (x - y).norm() <= tolerance * scale,
                "{what}: {self:?} {o:?}"
            );
        }
    }
}

struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
    fn matrix(&mut self, d: DType, m: usize, n: usize) -> Mat {
        let v = (0..m * n)
            .map(|_| {
                let (re, im) = (self.next(), self.next());
                let single = matches!(d, DType::F32 | DType::C64);
                let r = |x: f64| if single { f64::from(x as f32) } else { x };
                C::new(r(re), if d.is_complex() { r(im) } else { 0.0 })
            })
            .collect();
        Mat { m, n, v }
    }
    /// Hermitian with eigenvalues from 1 on.
    fn positive(&mut self, d: DType, n: usize) -> Mat {
        let b = self.matrix(d, n, n);
        let mut a = b.times(&b.turned(true));
        (0..n).for_each(|i| a.v[i * n + i] += 1.0);
        a
    }
}

fn val(d: DType, batch: &[usize], ms: &[Mat]) -> Val {
    let mut data = Data::with_capacity(d, 0).unwrap();
    for z in ms.iter().flat_map(|m| &m.v) {
        data.push(match d {
            DType::F32 => Scalar::F32(z.re as f32),
            DType::F64 => Scalar::F64(z.re),
            DType::C64 => Scalar::C64(Complex::new(z.re as f32, z.im as f32)),
            _ => Scalar::C128(*z),
        });
    }
    let shape = batch.iter().copied().chain([ms[0].m, ms[0].n]).collect();
    Val::tensor(Tensor::new(shape, data).unwrap())
}

fn mats(v: &Val) -> Vec<Mat> {
    let Val::Tensor(t) = v else { panic!("{v:?}") };
    let (m, n) = (t.shape[t.shape.len() - 2], t.shape[t.shape.len() - 1]);
    let all: Vec<C> = (0..t.data.len())
        .map(|i| match t.data.get(i) {
            Scalar::F32(x) => C::new(x.into(), 0.0),
            Scalar::F64(x) => C::new(x, 0.0),
            Scalar::C64(z) => C::new(z.re.into(), z.im.into()),
            Scalar::C128(z) => z,
            s => panic!("{s:?}"),
        })
        .collect();
    all.chunks(m * n)
        .map(|v| Mat {
            m,
            n,
            v: v.to_vec(),
        })
        .collect()
}

fn floats(v: &Val) -> Vec<f64> {
    let Val::Tensor(t) = v else { panic!("{v:?}") };
    (0..t.data.len())
        .map(|i| super::super::testing::scalar(&Val::Scalar(t.data.get(i))))
        .collect()
}

fn tolerance(d: DType, n: usize) -> f64 {
    let e = if matches!(d, DType::F32 | DType::C64) {
        1e-5
    } else {
        1e-14
    };
    e * (n + 1) as f64
}

fn go(op: LinalgOp, args: &[Val]) -> Result<Vec<Val>, TrapKind> {
    let tys: Vec<Type> = args.iter().map(type_of).collect();
    run_typed(&op.into(), &tys, args)
}

const SIZES: [usize; 8] = [1, 2, 3, 4, 7, 12, 25, 40];

#[test]
fn cholesky_factors() {
    let mut r = Noise(1);
    for d in TYPES {
        for n in SIZES {
            let all = [r.positive(d, n), r.positive(d, n)];
            // The upper triangle is not read.
            let lower: Vec<Mat> = all
                .iter()
                .map(|a| {
                    Mat::from(
                        n,
                        n,
                        |i, j| if j > i { C::new(9.0, 9.0) } else { a.at(i, j) },
                    )
                })
                .collect();
            let l = mats(&go(LinalgOp::Cholesky, &[val(d, &[2], &lower)]).unwrap()[0]);
            for (l, a) in l.iter().zip(&all) {
                l.times(&l.turned(true)).near(a, tolerance(d, n), "l l^H");
                for i in 0..n {
                    assert!(l.at(i, i).re > 0.0 && l.at(i, i).im == 0.0);
                    assert!((i + 1..n).all(|j| l.at(i, j) == C::ZERO));
                }
            }
        }
    }
}

#[test]
fn triangular_systems_of_every_form() {
    let mut r = Noise(2);
    for d in TYPES {
        for n in [1, 2, 5, 17] {
            for bits in 0..8 {
                for transpose in [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint] {
                    let how = Triangular {
                        left: bits & 1 != 0,
                        lower: bits & 2 != 0,
                        unit: bits & 4 != 0,
                        transpose,
                    };
                    let mut a = r.matrix(d, n, n);
                    for z in &mut a.v {
                        *z /= n as f64;
                    }
                    (0..n).for_each(|i| a.v[i * n + i] += 2.0);
                    let read = Mat::from(n, n, |i, j| match i.cmp(&j) {
                        core::cmp::Ordering::Equal if how.unit => 1.0.into(),
                        core::cmp::Ordering::Less if how.lower => C::ZERO,
                        core::cmp::Ordering::Greater if !how.lower => C::ZERO,
                        _ => a.at(i, j),
                    });
                    let read = match transpose {
                        TransposeA::No => read,
                        TransposeA::Transpose => read.turned(false),
                        TransposeA::Adjoint => read.turned(true),
                    };
                    let b = if how.left {
                        r.matrix(d, n, 3)
                    } else {
                        r.matrix(d, 3, n)
                    };
                    let args = [val(d, &[1], &[a]), val(d, &[1], std::slice::from_ref(&b))];
                    let x = &mats(&go(LinalgOp::TriangularSolve(how), &args).unwrap()[0])[0];
                    let back = if how.left {
                        read.times(x)
                    } else {
                        x.times(&read)
                    };
                    back.near(&b, tolerance(d, n), &alloc::format!("{how:?} of {n}, {d}"));
                }
            }
        }
    }
}

#[test]
fn elimination() {
    let mut r = Noise(3);
    for d in TYPES {
        for n in SIZES {
            let all = [r.matrix(d, n, n), r.matrix(d, n, n)];
            let out = go(LinalgOp::Lu, &[val(d, &[2], &all)]).unwrap();
            let (Val::Tensor(rows), Val::Tensor(swaps)) = (&out[1], &out[2]) else {
                panic!("{out:?}")
            };
            let rows: Vec<usize> = u64::slice(&rows.data)
                .unwrap()
                .iter()
                .map(|&k| k as usize)
                .collect();
            for (k, (lu, a)) in mats(&out[0]).iter().zip(&all).enumerate() {
                let rows = &rows[k * n..(k + 1) * n];
                let l = Mat::from(n, n, |i, j| match i.cmp(&j) {
                    core::cmp::Ordering::Greater => lu.at(i, j),
                    core::cmp::Ordering::Equal => 1.0.into(),
                    core::cmp::Ordering::Less => C::ZERO,
                });
                let u = Mat::from(n, n, |i, j| if j >= i { lu.at(i, j) } else { C::ZERO });
                assert!(l.v.iter().all(|z| z.norm() <= 1.0 + 1e-6));
                let taken = Mat::from(n, n, |i, j| a.at(rows[i], j));
                l.times(&u).near(&taken, tolerance(d, n), "l u");
                // The sign of the permutation, by counting what is out of order.
                let wrong = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
                let wrong = wrong.filter(|&(i, j)| rows[j] > rows[i]).count() as u64;
                assert_eq!(u64::slice(&swaps.data).unwrap()[k] % 2, wrong % 2);
            }
        }
    }
    // A singular matrix has factors.
    let zero = Mat::from(3, 3, |i, j| {
        if i == 0 {
            C::ZERO
        } else {
            ((i * j) as f64).into()
        }
    });
    let out = go(LinalgOp::Lu, &[val(DType::F64, &[], &[zero])]).unwrap();
    assert_eq!(mats(&out[0])[0].at(2, 2), C::ZERO);
}

#[test]
fn orthogonal_factors() {
    let mut r = Noise(4);
    for d in TYPES {
        for (m, n) in [
            (1, 1),
            (3, 3),
            (5, 2),
            (2, 5),
            (12, 12),
            (30, 7),
            (7, 30),
            (1, 4),
            (4, 1),
        ] {
            let mut all = [r.matrix(d, m, n), r.matrix(d, m, n), r.matrix(d, m, n)];
            // One with a column of zeros, and one of numbers whose squares vanish.
            (0..m).for_each(|i| all[1].v[i * n] = C::ZERO);
            all[2].v.iter_mut().for_each(|z| *z *= 1e-30);
            let out = go(LinalgOp::Qr, &[val(d, &[3], &all)]).unwrap();
            let k = m.min(n);
            for ((q, rr), a) in mats(&out[0]).iter().zip(&mats(&out[1])).zip(&all) {
                assert_eq!((q.n, rr.m), (k, k));
                q.turned(true)
                    .times(q)
                    .near(&Mat::identity(k), tolerance(d, m), "q^H q");
                let big = a.v.iter().map(|z| z.norm()).fold(1e-100, f64::max);
                let unit = |x: &Mat| Mat::from(x.m, x.n, |i, j| x.at(i, j) / big);
                unit(&q.times(rr)).near(&unit(a), tolerance(d, m), "q r");
                for i in 0..k {
                    assert!(rr.at(i, i).re >= 0.0 && rr.at(i, i).im == 0.0);
                    assert!((0..i.min(n)).all(|j| rr.at(i, j) == C::ZERO));
                }
            }
        }
    }
}

#[test]
fn eigenvalues_and_vectors() {
    let mut r = Noise(5);
    for d in TYPES {
        for n in SIZES {
            let h = |a: Mat| Mat::from(n, n, |i, j| (a.at(i, j) + a.at(j, i).conj()) / 2.0);
            let (x, y) = (h(r.matrix(d, n, n)), h(r.matrix(d, n, n)));
            let diagonal = Mat::from(n, n, |i, j| {
                if i == j {
                    ((i * 7 % 5) as f64).into()
                } else {
                    C::ZERO
                }
            });
            let ones = Mat::from(n, n, |_, _| 1.0.into());
            let huge = Mat::from(n, n, |i, j| x.at(i, j) * 1e30);
            let all = [x.clone(), y, diagonal, ones, huge];
            let out = go(LinalgOp::Eigh, &[val(d, &[5], &all)]).unwrap();
            let w = floats(&out[0]);
            for (k, (v, a)) in mats(&out[1]).iter().zip(&all).enumerate() {
                let w = &w[k * n..(k + 1) * n];
                assert!(w.is_sorted(), "{w:?}");
                let big = a.v.iter().map(|z| z.norm()).fold(1.0, f64::max);
                let scaled = Mat::from(n, n, |i, j| v.at(i, j) * w[j] / big);
                let av = a.times(v);
                let av = Mat::from(n, n, |i, j| av.at(i, j) / big);
                av.near(&scaled, tolerance(d, 2 * n), "a v");
                v.turned(true)
                    .times(v)
                    .near(&Mat::identity(n), tolerance(d, 2 * n), "v^H v");
                for j in 0..n {
                    let most = (0..n).map(|i| v.at(i, j).norm()).fold(0.0, f64::max);
                    let leads = (0..n).find(|&i| v.at(i, j).norm() >= 0.9989 * most);
                    let z = v.at(leads.unwrap(), j);
                    let close = z.re > 0.0 && z.im.abs() < 1e-6;
                    assert!(close, "column {j} of {v:?}");
                }
            }
        }
    }
}

#[test]
fn matrices_of_nothing() {
    for d in TYPES {
        for op in [
            LinalgOp::Cholesky,
            LinalgOp::Lu,
            LinalgOp::Qr,
            LinalgOp::Eigh,
        ] {
            for shape in [&[0, 0][..], &[2, 0, 0], &[0, 3, 3]] {
                let data = Data::with_capacity(d, 0).unwrap();
                let v = Val::tensor(Tensor::new(shape.to_vec(), data).unwrap());
                let out = go(op, &[v]).unwrap();
                assert_eq!(out.len(), result_count(&op));
            }
        }
        let none =
            Val::tensor(Tensor::new([3, 0].into(), Data::with_capacity(d, 0).unwrap()).unwrap());
        assert_eq!(
            go(LinalgOp::Qr, std::slice::from_ref(&none)).unwrap().len(),
            2
        );
        let a = val(d, &[], &[Mat::identity(3)]);
        let how = rules::plain(true, true);
        let x = go(LinalgOp::TriangularSolve(how), &[a, none.clone()]).unwrap();
        assert!(x[0].same_bits(&none));
    }
}

#[test]
fn what_is_refused() {
    let fault = |op, m: &Mat| match go(op, &[val(DType::F64, &[], std::slice::from_ref(m))]) {
        Err(TrapKind::Matrix { fault, .. }) => Some(fault),
        _ => None,
    };
    let a = Mat::from(3, 3, |i, j| {
        if i == j {
            (1.0 - i as f64).into()
        } else {
            C::ZERO
        }
    });
    assert_eq!(
        fault(LinalgOp::Cholesky, &a),
        Some(MatrixFault::NotPositiveDefinite(1))
    );
    let how = rules::plain(true, false);
    let args = [
        val(DType::F64, &[], core::slice::from_ref(&a)),
        val(DType::F64, &[], &[Mat::identity(3)]),
    ];
    let r = go(LinalgOp::TriangularSolve(how), &args).unwrap_err();
    assert!(matches!(
        r,
        TrapKind::Matrix {
            fault: MatrixFault::Singular(1),
            ..
        }
    ));
    assert_eq!(
        alloc::format!("{r}"),
        "`triangular_solve` of [3, 3]: the matrix is singular (the element of the diagonal in row 1 is zero)"
    );
    // Extents that only a run tells.
    let open = Type::tensor(DType::F64, [Dim::Dynamic, Dim::Dynamic]);
    let wide = val(DType::F64, &[], &[Mat::from(2, 3, |_, _| C::ZERO)]);
    for op in [LinalgOp::Cholesky, LinalgOp::Lu, LinalgOp::Eigh] {
        let r = run_typed(
            &op.into(),
            std::slice::from_ref(&open),
            std::slice::from_ref(&wide),
        );
        assert!(matches!(
            r,
            Err(TrapKind::Matrix {
                fault: MatrixFault::NotSquare,
                ..
            })
        ));
    }
    // Not a number is no fault.
    let nan = Mat::from(3, 3, |_, _| f64::NAN.into());
    for op in [
        LinalgOp::Cholesky,
        LinalgOp::Lu,
        LinalgOp::Qr,
        LinalgOp::Eigh,
    ] {
        let out = go(op, &[val(DType::F64, &[], std::slice::from_ref(&nan))]).unwrap();
        assert!(floats(&out[0]).iter().any(|x| x.is_nan()), "{op:?}");
    }
}

#[test]
fn types() {
    let q = Dim::Dynamic;
    let f = |shape: &[u64]| Type::known(DType::F64, shape);
    let e = infer(&LinalgOp::Cholesky, &[f(&[2, 3])]).unwrap_err();
    let text = alloc::format!(
        "{}",
        super::super::type_error(&LinalgOp::Cholesky.into(), &[f(&[2, 3])], e)
    );
    assert!(
        text.contains("square") && text.contains("f64[2,3]"),
        "{text}"
    );
    assert!(infer(&LinalgOp::Lu, &[f(&[3])]).is_err());
    assert!(infer(&LinalgOp::Lu, &[Type::known(DType::I32, &[3, 3])]).is_err());
    assert_eq!(
        infer(
            &LinalgOp::Eigh,
            &[Type::tensor(DType::C64, [q, Dim::Known(3), q])]
        ),
        Ok([
            Type::tensor(DType::F32, [q, Dim::Known(3)]),
            Type::tensor(DType::C64, [q, Dim::Known(3), Dim::Known(3)]),
        ]
        .into())
    );
    assert_eq!(
        infer(&LinalgOp::Qr, &[f(&[4, 5, 3])]),
        Ok([f(&[4, 5, 3]), f(&[4, 3, 3])].into())
    );
    assert_eq!(
        infer(&LinalgOp::Lu, &[f(&[4, 3, 3])]),
        Ok([
            f(&[4, 3, 3]),
            Type::known(DType::U64, &[4, 3]),
            Type::known(DType::U64, &[4])
        ]
        .into())
    );
    let how = LinalgOp::TriangularSolve(rules::plain(true, true));
    assert!(infer(&how, &[f(&[3, 3]), f(&[2, 3])]).is_err());
    assert!(infer(&how, &[f(&[3, 3]), f(&[3])]).is_err());
    assert!(infer(&how, &[f(&[2, 3, 3]), f(&[4, 3, 3])]).is_err());
    assert_eq!(
        infer(&how, &[f(&[3, 3]), f(&[3, 2])]),
        Ok([f(&[3, 2])].into())
    );
}
