//! The transform of one line: mixed radix (Stockham's self-sorting form) where all prime factors are small, else Bluestein's convolution.
//!
//! The `2 pi j k / n` of every factor are computed in double precision, each by itself, so errors grow with the logarithm of the length.

use super::super::extent::no_memory;
use super::super::float::Float;
use crate::error::TrapKind;
use crate::ir::DType;
use alloc::boxed::Box;
use alloc::vec::Vec;
use num_complex::Complex;

/// `f32` or `f64`, of which there are complex numbers.
pub(super) trait Real: Float {}
impl Real for f32 {}
impl Real for f64 {}

type C<T> = Complex<T>;

/// Prime factors above this go to Bluestein's algorithm: a butterfly costs the square of its factor.
const MOST: usize = 23;

/// What is computed once for all lines of a length.
pub(super) struct Plan<T> {
    n: usize,
    how: How<T>,
    work: Vec<C<T>>,
}

enum How<T> {
    /// Factors of the length, and the powers of its root of unity.
    Mixed(Vec<usize>, Vec<C<T>>),
    /// As a cyclic convolution of a length that is a power of two.
    Bluestein(Box<Bluestein<T>>),
}

struct Bluestein<T> {
    /// `e^(-pi i k^2 / n)`.
    chirp: Vec<C<T>>,
    /// The transform of the conjugate chirp, wrapped around, over the length.
    kernel: Vec<C<T>>,
    inner: Plan<T>,
    line: Vec<C<T>>,
}

fn zero<T: Real>() -> C<T> {
    Complex {
        re: T::ZERO,
        im: T::ZERO,
    }
}

fn conj<T: Real>(z: C<T>) -> C<T> {
    Complex {
        re: z.re,
        im: -z.im,
    }
}

fn times<T: Real>(a: C<T>, b: C<T>) -> C<T> {
    Complex {
        re: a.re * b.re - a.im * b.im,
        im: a.re * b.im + a.im * b.re,
    }
}

fn plus<T: Real>(a: C<T>, b: C<T>) -> C<T> {
    Complex {
        re: a.re + b.re,
        im: a.im + b.im,
    }
}

fn minus<T: Real>(a: C<T>, b: C<T>) -> C<T> {
    Complex {
        re: a.re - b.re,
        im: a.im - b.im,
    }
}

fn filled<T: Real>(n: usize) -> Result<Vec<C<T>>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(n)
        .map_err(|_| no_memory(n, DType::C128))?;
    v.resize(n, zero());
    Ok(v)
}

/// `e^(-2 pi i j / n)`, `j < n`.
fn root<T: Real>(j: usize, n: usize) -> C<T> {
    let angle = -2.0 * core::f64::consts::PI * (j as f64) / (n as f64);
    Complex {
        re: T::from_f64(libm::cos(angle)),
        im: T::from_f64(libm::sin(angle)),
    }
}

/// The factors of a length, fours before twos; `None` if one is too large.
fn factors(mut n: usize) -> Option<Vec<usize>> {
    let mut out = Vec::new();
    for p in [4, 2, 3].into_iter().chain((5..=MOST).step_by(2)) {
        while n.is_multiple_of(p) {
            out.push(p);
            n /= p;
        }
    }
    (n == 1).then_some(out)
}

impl<T: Real> Plan<T> {
    /// For lines of `n` elements, at least one.
    pub(super) fn new(n: usize) -> Result<Plan<T>, TrapKind> {
        let how = match factors(n) {
            Some(f) => {
                let mut powers = filled(n)?;
                for (j, w) in powers.iter_mut().enumerate() {
                    // The second half are the conjugates of the first.
                    *w = if 2 * j <= n {
                        root(j, n)
                    } else {
                        conj(root(n - j, n))
                    };
                }
                How::Mixed(f, powers)
            }
            None => How::Bluestein(Box::new(Bluestein::new(n)?)),
        };
        let work = filled(match how {
            How::Mixed(..) => n,
            How::Bluestein(_) => 0,
        })?;
        Ok(Plan { n, how, work })
    }

    /// Transforms a line in place; the inverse with the factor `1/n`.
    pub(super) fn run(&mut self, x: &mut [C<T>], inverse: bool) {
        if inverse {
            // The conjugate of the transform of the conjugate.
            x.iter_mut().for_each(|z| *z = conj(*z));
        }
        match &mut self.how {
            How::Mixed(f, powers) => mixed(x, &mut self.work, f, powers),
            How::Bluestein(b) => b.run(x),
        }
        if inverse {
            let k = T::from_f64(1.0 / self.n as f64);
            x.iter_mut().for_each(|z| {
                *z = Complex {
                    re: z.re * k,
                    im: -(z.im * k),
                };
            });
        }
    }
}

/// Decimation in frequency, factor by factor, to and fro between two buffers.
fn mixed<T: Real>(x: &mut [C<T>], work: &mut [C<T>], factors: &[usize], powers: &[C<T>]) {
    let (mut n, mut s) = (x.len(), 1);
    let (mut from, mut to) = (&mut *x, &mut *work);
    for &p in factors {
        match p {
            2 => two(n, s, from, to, powers),
            4 => four(n, s, from, to, powers),
            _ => any(p, n, s, from, to, powers),
        }
        n /= p;
        s *= p;
        core::mem::swap(&mut from, &mut to);
    }
    if factors.len() % 2 == 1 {
        x.copy_from_slice(work);
    }
}

fn two<T: Real>(n: usize, s: usize, from: &[C<T>], to: &mut [C<T>], powers: &[C<T>]) {
    let m = n / 2;
    for k in 0..m {
        let w = powers[k * s];
        for q in 0..s {
            let (a, b) = (from[q + s * k], from[q + s * (k + m)]);
            to[q + s * 2 * k] = plus(a, b);
            to[q + s * (2 * k + 1)] = times(minus(a, b), w);
        }
    }
}

fn four<T: Real>(n: usize, s: usize, from: &[C<T>], to: &mut [C<T>], powers: &[C<T>]) {
    let m = n / 4;
    for k in 0..m {
        let (w1, w2, w3) = (powers[k * s], powers[2 * k * s], powers[3 * k * s]);
        for q in 0..s {
            let at = |j: usize| from[q + s * (k + m * j)];
            let (a, b, c, d) = (at(0), at(1), at(2), at(3));
            let (ac, a_c) = (plus(a, c), minus(a, c));
            let (bd, b_d) = (plus(b, d), minus(b, d));
            // -i (b - d)
            let turned = Complex {
                re: b_d.im,
                im: -b_d.re,
            };
            let y = &mut to[q + s * 4 * k..];
            y[0] = plus(ac, bd);
            y[s] = times(plus(a_c, turned), w1);
            y[2 * s] = times(minus(ac, bd), w2);
            y[3 * s] = times(minus(a_c, turned), w3);
        }
    }
}

fn any<T: Real>(p: usize, n: usize, s: usize, from: &[C<T>], to: &mut [C<T>], powers: &[C<T>]) {
    let m = n / p;
    let step = powers.len() / p;
    for k in 0..m {
        for q in 0..s {
            for r in 0..p {
                let mut sum = from[q + s * k];
                let mut turn = 0;
                for j in 1..p {
                    turn += r;
                    if turn >= p {
                        turn -= p;
                    }
                    let x = from[q + s * (k + m * j)];
                    sum = plus(sum, times(x, powers[turn * step]));
                }
                to[q + s * (p * k + r)] = times(sum, powers[k * r * s]);
            }
        }
    }
}

impl<T: Real> Bluestein<T> {
    fn new(n: usize) -> Result<Bluestein<T>, TrapKind> {
        let m = n
            .checked_mul(2)
            .and_then(|m| m.checked_next_power_of_two())
            .ok_or_else(|| no_memory(usize::MAX, DType::C128))?;
        let mut inner = Plan::new(m)?;
        let mut chirp = filled(n)?;
        // The square modulo 2 n, for the angle to stay exact.
        let mut square = 0;
        for (k, c) in chirp.iter_mut().enumerate() {
            *c = root(square, 2 * n);
            square = (square + 2 * k + 1) % (2 * n);
        }
        let mut kernel = filled(m)?;
        for (k, &c) in chirp.iter().enumerate() {
            kernel[k] = conj(c);
            kernel[(m - k) % m] = conj(c);
        }
        inner.run(&mut kernel, false);
        Ok(Bluestein {
            chirp,
            kernel,
            inner,
            line: filled(m)?,
        })
    }

    fn run(&mut self, x: &mut [C<T>]) {
        self.line.fill(zero());
        for ((y, &x), &c) in self.line.iter_mut().zip(&*x).zip(&self.chirp) {
            *y = times(x, c);
        }
        self.inner.run(&mut self.line, false);
        for (y, &k) in self.line.iter_mut().zip(&self.kernel) {
            *y = times(*y, k);
        }
        self.inner.run(&mut self.line, true);
        for ((x, &y), &c) in x.iter_mut().zip(&self.line).zip(&self.chirp) {
            *x = times(y, c);
        }
    }
}
