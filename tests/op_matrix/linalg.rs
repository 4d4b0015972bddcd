//! Factorizations and systems of equations: against other algorithms than the core's.

use super::row::{Case, Derive, Limitation, Row, built, case};
use super::values::{Rng, any, dtype, elements, from, number, scalar, shape};
use cotangent_core::ir::{BinaryOp, DType, LinalgOp, TransposeA, Triangular, UnaryOp};
use cotangent_core::value::{Data, Tensor, Val};
use num_complex::Complex64 as C;

pub mod factors {
    use super::LinalgOp as L;
    crate::variants! { L:
        "cholesky" L::Cholesky,
        "triangular_solve" L::TriangularSolve(_),
        "lu" L::Lu,
        "lu_solve" L::LuSolve(_),
        "qr" L::Qr,
        "eigh" L::Eigh,
    }
}
/// A matrix of complex numbers, whatever the elements were.
#[derive(Clone)]
struct Mat {
    m: usize,
    n: usize,
    v: Vec<C>,
}

impl Mat {
    fn from(m: usize, n: usize, mut f: impl FnMut(usize, usize) -> C) -> Mat {
        let v = (0..m * n).map(|k| f(k / n, k % n)).collect();
        Mat { m, n, v }
    }
    fn at(&self, i: usize, j: usize) -> C {
        self.v[i * self.n + j]
    }
    fn column(&self, j: usize) -> Vec<C> {
        (0..self.m).map(|i| self.at(i, j)).collect()
    }
    fn times(&self, o: &Mat) -> Mat {
        Mat::from(self.m, o.n, |i, j| {
            (0..self.n).map(|k| self.at(i, k) * o.at(k, j)).sum()
        })
    }
    fn adjoint(&self) -> Mat {
        Mat::from(self.n, self.m, |i, j| self.at(j, i).conj())
    }
    /// The Hermitian matrix with this lower triangle.
    fn hermitian(&self) -> Mat {
        Mat::from(self.n, self.n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Greater => self.at(i, j),
            std::cmp::Ordering::Equal => self.at(i, j).re.into(),
            std::cmp::Ordering::Less => self.at(j, i).conj(),
        })
    }
}

/// The matrices of a batch.
fn split(v: &Val) -> Vec<Mat> {
    let sh = shape(v);
    let (m, n) = (sh[sh.len() - 2], sh[sh.len() - 1]);
    let all: Vec<C> = elements(v).into_iter().map(number).collect();
    if m * n == 0 {
        return vec![];
    }
    all.chunks(m * n)
        .map(|v| Mat {
            m,
            n,
            v: v.to_vec(),
        })
        .collect()
}

/// Elements as a tensor: the batch axes of `like`, then these.
fn join(like: &Val, d: DType, last: &[usize], v: Vec<C>) -> Val {
    let sh = shape(like);
    let sh: Vec<usize> = sh[..sh.len() - 2].iter().chain(last).copied().collect();
    let mut data = Data::with_capacity(d, v.len()).unwrap();
    for z in v {
        assert!(data.push(scalar(d, z)));
    }
    Val::tensor(Tensor::new(sh, data).unwrap())
}

fn joined(like: &Val, last: &[usize], ms: &[Mat]) -> Val {
    let v = ms.iter().flat_map(|m| m.v.clone()).collect();
    join(like, dtype(like), last, v)
}

/// By columns, each as soon as those before it are known.
fn cholesky(a: &Mat) -> Mat {
    let n = a.n;
    let mut a = a.hermitian();
    let mut l = Mat::from(n, n, |_, _| C::ZERO);
    for k in 0..n {
        let d = a.at(k, k).re.sqrt();
        for i in k..n {
            l.v[i * n + k] = a.at(i, k) / d;
        }
        for i in k + 1..n {
            for j in k + 1..n {
                a.v[i * n + j] -= l.at(i, k) * l.at(j, k).conj();
            }
        }
    }
    l
}

/// Gauss's elimination of the whole system, as if nothing were known to be zero.
fn gauss(a: &Mat, b: &Mat) -> Mat {
    let (mut a, mut b, n) = (a.clone(), b.clone(), a.n);
    for k in 0..n {
        let p = (k..n)
            .max_by(|&i, &j| a.at(i, k).norm().total_cmp(&a.at(j, k).norm()))
            .unwrap();
        for j in 0..n {
            a.v.swap(k * n + j, p * n + j);
        }
        for j in 0..b.n {
            b.v.swap(k * b.n + j, p * b.n + j);
        }
        for i in (0..n).filter(|&i| i != k) {
            let f = a.at(i, k) / a.at(k, k);
            for j in 0..n {
                let x = a.at(k, j);
                a.v[i * n + j] -= f * x;
            }
            for j in 0..b.n {
                let x = b.at(k, j);
                b.v[i * b.n + j] -= f * x;
            }
        }
    }
    Mat::from(n, b.n, |i, j| b.at(i, j) / a.at(i, i))
}

/// What a triangular solve reads, as a whole matrix.
fn read(how: Triangular, a: &Mat) -> Mat {
    let t = Mat::from(a.n, a.n, |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Equal if how.unit => 1.0.into(),
        std::cmp::Ordering::Greater if !how.lower => C::ZERO,
        std::cmp::Ordering::Less if how.lower => C::ZERO,
        _ => a.at(i, j),
    });
    taken(how, &t)
}

/// The matrix as a system takes it.
fn taken(how: Triangular, t: &Mat) -> Mat {
    match how.transpose {
        TransposeA::No => t.clone(),
        TransposeA::Transpose => Mat::from(t.n, t.n, |i, j| t.at(j, i)),
        TransposeA::Adjoint => t.adjoint(),
    }
}

/// Column by column (Crout's order), the rows exchanged as a whole.
fn lu(a: &Mat) -> (Mat, Vec<usize>, u64) {
    let n = a.n;
    let mut a = a.clone();
    let mut rows: Vec<usize> = (0..n).collect();
    let mut swaps = 0;
    for j in 0..n {
        for i in 0..n {
            let s: C = (0..i.min(j)).map(|k| a.at(i, k) * a.at(k, j)).sum();
            a.v[i * n + j] -= s;
        }
        let p = (j..n).fold(j, |p, i| {
            if a.at(i, j).norm() > a.at(p, j).norm() {
                i
            } else {
                p
            }
        });
        if p != j {
            swaps += 1;
            rows.swap(j, p);
            for k in 0..n {
                a.v.swap(j * n + k, p * n + k);
            }
        }
        for i in j + 1..n {
            let d = a.at(j, j);
            a.v[i * n + j] /= d;
        }
    }
    (a, rows, swaps)
}

/// Gram and Schmidt, every projection twice.
fn qr(a: &Mat) -> (Mat, Mat) {
    let k = a.m.min(a.n);
    let mut q: Vec<Vec<C>> = Vec::new();
    for j in 0..k {
        let mut c = a.column(j);
        for _ in 0..2 {
            for v in &q {
                let s: C = v.iter().zip(&c).map(|(v, c)| v.conj() * c).sum();
                c.iter_mut().zip(v).for_each(|(c, v)| *c -= s * v);
            }
        }
        let norm = c.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
        q.push(c.into_iter().map(|z| z / norm).collect());
    }
    let q = Mat::from(a.m, k, |i, j| q[j][i]);
    let r = q.adjoint().times(a);
    let r = Mat::from(k, a.n, |i, j| if i > j { C::ZERO } else { r.at(i, j) });
    (q, r)
}

/// Jacobi's rotations until nothing is left beside the diagonal.
fn eigh(a: &Mat) -> (Vec<f64>, Mat) {
    let n = a.n;
    let mut a = a.hermitian();
    let mut v = Mat::from(n, n, |i, j| f64::from(u8::from(i == j)).into());
    for _ in 0..60 {
        for p in 0..n {
            for q in p + 1..n {
                let x = a.at(p, q);
                if x.norm() == 0.0 {
                    continue;
                }
                let phase = x / x.norm();
                let theta = 0.5 * (2.0 * x.norm()).atan2(a.at(q, q).re - a.at(p, p).re);
                let (s, c) = theta.sin_cos();
                let g = Mat::from(n, n, |i, j| match (i, j) {
                    _ if (i, j) == (p, p) => c.into(),
                    _ if (i, j) == (q, q) => c.into(),
                    _ if (i, j) == (p, q) => phase * s,
                    _ if (i, j) == (q, p) => -phase.conj() * s,
                    _ => f64::from(u8::from(i == j)).into(),
                });
                a = g.adjoint().times(&a).times(&g);
                v = v.times(&g);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a.at(i, i).re.total_cmp(&a.at(j, j).re));
    let w = order.iter().map(|&k| a.at(k, k).re).collect();
    let v = Mat::from(n, n, |i, j| {
        let column = v.column(order[j]);
        let most = column.iter().map(|z| z.norm()).fold(0.0, f64::max);
        let lead = column.iter().find(|z| z.norm() >= 0.999 * most).unwrap();
        column[i] * lead.conj() / lead.norm()
    });
    (w, v)
}

const REAL: [DType; 4] = [DType::F64, DType::C128, DType::F32, DType::C64];

fn single(d: DType) -> bool {
    matches!(d, DType::F32 | DType::C64)
}

/// How close values are, and how derivatives are checked.
pub fn finish(c: Case, d: DType, sh: &[usize]) -> Case {
    let c = c.within(if single(d) { 2e-4 } else { 1e-11 });
    if sh.contains(&0) {
        c.derive(Derive::Skip)
    } else if single(d) {
        c.derive(Derive::Coarse)
    } else {
        c.derive(Derive::Check(1e-6))
    }
}

/// Random elements, with something added where the row is that far after the column.
fn heavy(
    rng: &mut Rng,
    d: DType,
    sh: &[usize],
    after: usize,
    weight: impl Fn(usize) -> f64,
) -> Val {
    let v = from(rng, d, sh, &[(-0.5, 0.5)]);
    let (m, n) = (sh[sh.len() - 2], sh[sh.len() - 1]);
    let mut k = 0;
    super::values::tensor(d, sh, |ix| {
        let z = number(super::values::at(&v, ix));
        let (i, j) = (k / n.max(1) % m.max(1), k % n.max(1));
        k += 1;
        let on = i == (j + after) % m;
        scalar(d, if on { z + weight(j) } else { z })
    })
}

const SQUARE: [&[usize]; 5] = [&[3, 3], &[1, 1], &[2, 2, 2], &[5, 5], &[0, 0]];

fn cholesky_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for sh in SQUARE {
            let n = sh[sh.len() - 1];
            let c = case(
                LinalgOp::Cholesky,
                format!("{d}{sh:?}"),
                move |rng| vec![heavy(rng, d, sh, 0, |_| 3.0)],
                move |args| {
                    let l: Vec<Mat> = split(&args[0]).iter().map(cholesky).collect();
                    vec![joined(&args[0], &[n, n], &l)]
                },
            );
            out.push(finish(c, d, sh));
        }
    }
    out
}

fn triangular_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for bits in 0..8 {
            for transpose in [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint] {
                let how = Triangular {
                    left: bits & 1 != 0,
                    lower: bits & 2 != 0,
                    unit: bits & 4 != 0,
                    transpose,
                };
                // All forms in double precision; one of each side in single.
                if single(d) && (!how.lower || how.unit) {
                    continue;
                }
                for (sh, other) in [(&[3, 3][..], 2), (&[2, 2, 2], 1), (&[3, 3], 0)] {
                    let plain = transpose == TransposeA::No;
                    if (other == 0 || sh.len() == 3) && (bits > 1 || !plain) {
                        continue;
                    }
                    let n = sh[sh.len() - 1];
                    let last = if how.left { [n, other] } else { [other, n] };
                    let rhs: Vec<usize> = sh[..sh.len() - 2].iter().chain(&last).copied().collect();
                    let empty = other == 0;
                    let c = case(
                        LinalgOp::TriangularSolve(how),
                        format!("{how:?}, {d}{sh:?} and {other}"),
                        move |rng| vec![heavy(rng, d, sh, 0, |_| 1.5), any(rng, d, &rhs)],
                        move |args| {
                            let (a, b) = (split(&args[0]), split(&args[1]));
                            let one = |(a, b): (&Mat, &Mat)| {
                                let a = read(how, a);
                                if how.left {
                                    gauss(&a, b)
                                } else {
                                    gauss(&a.adjoint(), &b.adjoint()).adjoint()
                                }
                            };
                            let x: Vec<Mat> = a.iter().zip(&b).map(one).collect();
                            vec![joined(&args[1], &last, &x)]
                        },
                    );
                    out.push(finish(c, d, if empty { &[0] } else { sh }));
                }
            }
        }
    }
    out
}

fn lu_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for sh in SQUARE {
            let n = sh[sh.len() - 1];
            let c = case(
                LinalgOp::Lu,
                format!("{d}{sh:?}"),
                move |rng| vec![heavy(rng, d, sh, 1, |_| 3.0)],
                move |args| {
                    let a = &args[0];
                    let all: Vec<_> = split(a).iter().map(lu).collect();
                    let index = |v: Vec<u64>| v.into_iter().map(|k| C::from(k as f64)).collect();
                    let rows = all.iter().flat_map(|x| x.1.iter().map(|&k| k as u64));
                    let mut swaps: Vec<u64> = all.iter().map(|x| x.2).collect();
                    if n == 0 {
                        swaps.push(0);
                    }
                    let lu: Vec<Mat> = all.iter().map(|x| x.0.clone()).collect();
                    vec![
                        joined(a, &[n, n], &lu),
                        join(a, DType::U64, &[n], index(rows.collect())),
                        join(a, DType::U64, &[], index(swaps)),
                    ]
                },
            );
            out.push(finish(c, d, sh));
        }
    }
    out
}

fn lu_solve_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for transpose in [TransposeA::No, TransposeA::Transpose, TransposeA::Adjoint] {
            for (sh, cols) in [
                (&[3, 3][..], 2),
                (&[2, 2, 2], 1),
                (&[3, 3], 0),
                (&[0, 0], 2),
            ] {
                let n = sh[sh.len() - 1];
                let rhs: Vec<usize> = sh[..sh.len() - 1].iter().copied().chain([cols]).collect();
                let how = Triangular {
                    left: true,
                    lower: false,
                    unit: false,
                    transpose,
                };
                let c = built(
                    format!("{transpose:?}, {d}{sh:?} and {cols}"),
                    move |b, ps| {
                        let fixed = b.unary(UnaryOp::StopGradient, ps[0]);
                        let f = b.inst(LinalgOp::Lu, &[fixed]);
                        let args = [ps[0], f[0], f[1], ps[1]];
                        b.inst(LinalgOp::LuSolve(transpose), &args)
                    },
                    move |rng| vec![heavy(rng, d, sh, 1, |_| 3.0), any(rng, d, &rhs)],
                    move |args| {
                        let (a, b) = (split(&args[0]), split(&args[1]));
                        let pairs = a.iter().zip(&b);
                        let x: Vec<Mat> = pairs.map(|(a, b)| gauss(&taken(how, a), b)).collect();
                        vec![joined(&args[1], &[n, cols], &x)]
                    },
                );
                out.push(finish(c, d, if cols == 0 { &[0] } else { sh }));
            }
        }
    }
    out
}

fn qr_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for sh in [
            &[3, 3][..],
            &[4, 2],
            &[2, 4],
            &[1, 1],
            &[2, 3, 2],
            &[0, 2],
            &[2, 0],
        ] {
            let (m, n) = (sh[sh.len() - 2], sh[sh.len() - 1]);
            let k = m.min(n);
            let c = case(
                LinalgOp::Qr,
                format!("{d}{sh:?}"),
                move |rng| vec![heavy(rng, d, sh, 0, |j| if j < m { 2.0 } else { 0.0 })],
                move |args| {
                    let all: Vec<_> = split(&args[0]).iter().map(qr).collect();
                    let (q, r): (Vec<Mat>, Vec<Mat>) = all.into_iter().unzip();
                    vec![joined(&args[0], &[m, k], &q), joined(&args[0], &[k, n], &r)]
                },
            );
            out.push(finish(c, d, sh));
        }
    }
    out
}

fn eigh_cases() -> Vec<Case> {
    let mut out = Vec::new();
    for d in REAL {
        for sh in SQUARE {
            let n = sh[sh.len() - 1];
            let want = move |a: &Val| {
                let all: Vec<_> = split(a).iter().map(eigh).collect();
                let w = all.iter().flat_map(|x| x.0.iter().map(|&w| C::from(w)));
                let w = join(a, d.real(), &[n], w.collect());
                let v: Vec<Mat> = all.into_iter().map(|x| x.1).collect();
                (w, v)
            };
            let args = move |rng: &mut Rng| vec![heavy(rng, d, sh, 0, |j| 2.0 * j as f64)];
            let c = case(LinalgOp::Eigh, format!("{d}{sh:?}"), args, move |args| {
                let (w, v) = want(&args[0]);
                vec![w, joined(&args[0], &[n, n], &v)]
            });
            let c = finish(c, d, sh);
            out.push(if d.is_complex() {
                c.derive(Derive::Skip)
            } else {
                c
            });
            if d.is_complex() {
                // What does not depend on the phases of the vectors.
                let c = built(
                    format!("{d}{sh:?}, squares of moduli"),
                    |b, ps| {
                        let out = b.inst(LinalgOp::Eigh, ps);
                        let other = b.unary(UnaryOp::Conj, out[1]);
                        let square = b.binary(BinaryOp::Mul, out[1], other);
                        vec![out[0], b.unary(UnaryOp::Real, square)]
                    },
                    args,
                    move |args| {
                        let (w, v) = want(&args[0]);
                        let squares = v
                            .iter()
                            .flat_map(|m| m.v.iter().map(|z| C::from(z.norm_sqr())));
                        vec![w, join(&args[0], d.real(), &[n, n], squares.collect())]
                    },
                );
                out.push(finish(c, d, sh));
            }
        }
    }
    out
}

pub fn rows() -> Vec<Row> {
    let r = |name: &str, doc: &str, domain, cases, limits: &[Limitation]| Row {
        family: "Linalg",
        name: name.into(),
        doc: doc.into(),
        types: "float, complex".into(),
        domain,
        cases,
        limits: limits.to_vec(),
    };
    vec![
        r(
            "cholesky",
            "Lower factor of the Hermitian matrix with this lower triangle.",
            "diagonally dominant",
            cholesky_cases(),
            &[Limitation::Note("traps unless positive definite")],
        ),
        r(
            "triangular_solve",
            "Solution of `op(a) x = b` or `x op(a) = b`.",
            "diagonally dominant",
            triangular_cases(),
            &[Limitation::Note("traps on a zero on the diagonal")],
        ),
        r(
            "lu",
            "Elimination with row exchanges: packed factors, rows, number of exchanges.",
            "dominant below the diagonal",
            lu_cases(),
            &[
                Limitation::Note("square matrices"),
                Limitation::Note("the derivative traps at a singular matrix"),
            ],
        ),
        r(
            "lu_solve",
            "Solution of `op(a) x = b` by the factors of `a`.",
            "dominant below the diagonal",
            lu_solve_cases(),
            &[
                Limitation::Note("traps on a zero on the diagonal of `u`"),
                Limitation::Note("the factors must be those of `a`, whose derivative it has"),
            ],
        ),
        r(
            "qr",
            "Orthonormal columns and an upper triangle with a diagonal not negative.",
            "diagonally dominant",
            qr_cases(),
            &[Limitation::Note(
                "the derivative traps where the columns that decide `q` are dependent",
            )],
        ),
        r(
            "eigh",
            "Eigenvalues, ascending, and eigenvectors of the Hermitian matrix with this lower triangle.",
            "distinct eigenvalues",
            eigh_cases(),
            &[
                Limitation::Note("vectors of a repeated eigenvalue have an infinite derivative"),
                Limitation::Note("complex vectors: right for what does not depend on their phases"),
            ],
        ),
    ]
}
