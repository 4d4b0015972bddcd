//! The block kernels against plain loops: every instruction set, both element types, every small length, every alignment, and that
//! nothing outside the arrays is written.

mod common;

use common::Rng;
use cotangent_kernels::Isa;
use cotangent_kernels::block::{self, Kernels, Number};

/// Elements that no kernel may touch, before and after an array.
const GUARD: usize = 40;

/// An element type of these tests.
trait Real: Number {
    const EPSILON: f64;
    fn of(x: f64) -> Self;
    fn to(self) -> f64;
}
impl Real for f64 {
    const EPSILON: f64 = f64::EPSILON;
    fn of(x: f64) -> Self {
        x
    }
    fn to(self) -> f64 {
        self
    }
}
impl Real for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
    fn of(x: f64) -> Self {
        x as f32
    }
    fn to(self) -> f64 {
        f64::from(self)
    }
}

/// An array of `n` random elements at an odd place within guards.
struct Array<T> {
    all: Vec<T>,
    at: usize,
    n: usize,
}

impl<T: Real> Array<T> {
    fn new(n: usize, rng: &mut Rng) -> Self {
        let at = GUARD + (rng.bits() % 8) as usize;
        let mut all = vec![T::of(12345.0); at + n + GUARD];
        for x in &mut all[at..at + n] {
            *x = T::of(rng.between(-2.0, 2.0));
        }
        Self { all, at, n }
    }
    fn slice(&self) -> &[T] {
        &self.all[self.at..self.at + self.n]
    }
    fn pointer(&mut self) -> *mut T {
        self.all[self.at..].as_mut_ptr()
    }
    fn doubles(&self) -> Vec<f64> {
        self.slice().iter().map(|x| x.to()).collect()
    }
    fn assert_guards(&self) {
        let untouched = |x: &T| x.to() == 12345.0;
        assert!(
            self.all[..self.at].iter().all(untouched)
                && self.all[self.at + self.n..].iter().all(untouched)
        );
    }
}

/// Whether a result is within some roundings of the exact one, whose terms' magnitudes sum to `scale`.
fn close<T: Real>(got: T, want: f64, scale: f64, roundings: usize, what: &str) {
    let tolerance = T::EPSILON * (roundings as f64 + 2.0) * (scale + want.abs());
    assert!(
        (got.to() - want).abs() <= tolerance,
        "{what}: {got:?}, not {want}"
    );
}

fn lengths() -> impl Iterator<Item = usize> {
    (0..75).chain([127, 128, 129, 255, 1000, 1023])
}

fn elementwise<T: Real>(isa: Isa) {
    let k = Kernels::<T>::new(isa);
    let mut rng = Rng(1);
    for n in lengths() {
        let (mut x, mut y, mut z) = (
            Array::<T>::new(n, &mut rng),
            Array::new(n, &mut rng),
            Array::new(n, &mut rng),
        );
        let a = T::of(rng.between(-3.0, 3.0));
        let (xs, ys) = (x.doubles(), y.doubles());
        let (xp, yp, zp) = (x.pointer(), y.pointer(), z.pointer());
        let binary = [(k.add, "add"), (k.sub, "sub"), (k.mul, "mul")];
        for (f, name) in binary {
            // SAFETY: all have n elements.
            unsafe { f(n, xp, yp, zp) };
            for (i, r) in z.slice().iter().enumerate() {
                let want = match name {
                    "add" => xs[i] + ys[i],
                    "sub" => xs[i] - ys[i],
                    _ => xs[i] * ys[i],
                };
                assert!(r.to() == T::of(want).to(), "{isa:?} {name} {n} {i}");
            }
        }
        let zs = z.doubles();
        // SAFETY: all have n elements.
        unsafe { (k.mul_add)(n, xp, yp, zp) };
        for (i, &r) in z.slice().iter().enumerate() {
            close(r, xs[i] * ys[i] + zs[i], 4.0, 1, "mul_add");
        }
        // SAFETY: both have n elements.
        unsafe { (k.axpy)(n, a, xp, yp) };
        for (i, &r) in y.slice().iter().enumerate() {
            close(r, a.to() * xs[i] + ys[i], 6.0, 1, "axpy");
        }
        let ys = y.doubles();
        // SAFETY: both have n elements.
        unsafe { (k.add_scaled)(n, a, xp, yp) };
        for (i, &r) in y.slice().iter().enumerate() {
            let want = T::of(T::of(a.to() * xs[i]).to() + ys[i]);
            assert!(r.to() == want.to(), "{isa:?} add_scaled {n} {i}");
        }
        // SAFETY: both have n elements; the second call is in place.
        unsafe {
            (k.scale)(n, a, xp, zp);
            (k.scale)(n, a, xp, xp);
        }
        for (i, r) in z.slice().iter().enumerate() {
            assert!(
                r.to() == T::of(a.to() * xs[i]).to() && *r == x.slice()[i],
                "{isa:?} scale {n} {i}"
            );
        }
        // SAFETY: it has n elements.
        unsafe { (k.fill)(n, a, zp) };
        assert!(z.slice().iter().all(|&v| v == a));
        for array in [&x, &y, &z] {
            array.assert_guards();
        }
    }
}

fn reductions<T: Real>(isa: Isa) {
    let k = Kernels::<T>::new(isa);
    let mut rng = Rng(2);
    for n in lengths() {
        let (mut x, mut y) = (Array::<T>::new(n, &mut rng), Array::new(n, &mut rng));
        let (xs, ys) = (x.doubles(), y.doubles());
        let (xp, yp) = (x.pointer(), y.pointer());
        // SAFETY: both have n elements.
        let (dot, sum, squares, max, min, at) = unsafe {
            (
                (k.dot)(n, xp, yp),
                (k.sum)(n, xp),
                (k.sum_of_squares)(n, xp),
                (k.max)(n, xp),
                (k.min)(n, xp),
                (k.argmax)(n, xp),
            )
        };
        let scale = 4.0 * n as f64;
        close(
            dot,
            xs.iter().zip(&ys).map(|(a, b)| a * b).sum(),
            scale,
            8,
            "dot",
        );
        close(sum, xs.iter().sum(), scale, 8, "sum");
        close(
            squares,
            xs.iter().map(|a| a * a).sum(),
            scale,
            8,
            "sum of squares",
        );
        let greatest = xs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!(
            max.to() == greatest && min.to() == xs.iter().copied().fold(f64::INFINITY, f64::min)
        );
        assert_eq!(at, xs.iter().position(|&v| v == greatest).unwrap_or(0));
        // The same bits wherever the array lies.
        for shift in 0..5 {
            let mut moved = vec![T::of(9.0); shift];
            moved.extend_from_slice(x.slice());
            // SAFETY: n elements follow the shift.
            let again = unsafe { (k.sum)(n, moved[shift..].as_ptr()) };
            assert!(again == sum, "{isa:?}: the sum of {n} depends on alignment");
        }
        // NaN anywhere is the extreme.
        if n > 0 {
            let place = (rng.bits() as usize) % n;
            let mut with = x.slice().to_vec();
            with[place] = T::of(f64::NAN);
            // SAFETY: it has n elements.
            let (max, min, at) = unsafe {
                (
                    (k.max)(n, with.as_ptr()),
                    (k.min)(n, with.as_ptr()),
                    (k.argmax)(n, with.as_ptr()),
                )
            };
            assert!(
                max.to().is_nan() && min.to().is_nan() && at == place,
                "{isa:?} {n} {place}"
            );
        }
    }
}

fn products<T: Real>(isa: Isa) {
    let k = Kernels::<T>::new(isa);
    let mut rng = Rng(3);
    for (m, n) in [
        (0, 3),
        (3, 0),
        (1, 1),
        (4, 8),
        (5, 7),
        (9, 33),
        (4, 64),
        (17, 100),
        (2, 1000),
    ] {
        let mut a = Array::<T>::new(m * n, &mut rng);
        let (mut x, mut y) = (Array::<T>::new(n, &mut rng), Array::<T>::new(m, &mut rng));
        let (am, xs, ys) = (a.doubles(), x.doubles(), y.doubles());
        let (ap, xp, yp) = (a.pointer(), x.pointer(), y.pointer());
        let before = y.slice().to_vec();
        // SAFETY: the sizes fit.
        unsafe { (k.gemv)(m, n, ap, xp, yp) };
        for i in 0..m {
            let want = ys[i] + (0..n).map(|j| am[i * n + j] * xs[j]).sum::<f64>();
            close(y.slice()[i], want, 4.0 * n as f64, 8, "gemv");
            // The same bits for the row alone.
            let mut alone = [before[i]];
            // SAFETY: one row.
            unsafe { (k.gemv)(1, n, ap.add(i * n), xp, alone.as_mut_ptr()) };
            assert!(
                alone[0] == y.slice()[i],
                "{isa:?}: row {i} depends on its neighbours"
            );
        }
        let (ys, before) = (y.doubles(), x.doubles());
        // SAFETY: the sizes fit.
        unsafe { (k.gemv_t)(m, n, ap, yp, xp) };
        for j in 0..n {
            let want = before[j] + (0..m).map(|i| am[i * n + j] * ys[i]).sum::<f64>();
            let scale = (0..m).map(|i| (am[i * n + j] * ys[i]).abs()).sum::<f64>();
            close(x.slice()[j], want, scale, m, "gemv_t");
        }
        let xs = x.doubles();
        // SAFETY: the sizes fit.
        unsafe { (k.ger)(m, n, yp, xp, ap) };
        for i in 0..m {
            for j in 0..n {
                let want = am[i * n + j] + ys[i] * xs[j];
                close(a.slice()[i * n + j], want, (ys[i] * xs[j]).abs(), 1, "ger");
            }
        }
        for array in [&a, &x, &y] {
            array.assert_guards();
        }
    }
    let sizes = [
        (0, 2, 2),
        (2, 2, 0),
        (1, 1, 1),
        (3, 5, 2),
        (4, 16, 8),
        (7, 33, 9),
        (10, 10, 10),
        (32, 32, 32),
        (5, 3, 400),
        (70, 50, 60),
    ];
    for (m, n, kk) in sizes {
        let (mut a, mut b) = (
            Array::<T>::new(m * kk, &mut rng),
            Array::<T>::new(kk * n, &mut rng),
        );
        let mut c = Array::<T>::new(m * n, &mut rng);
        let (am, bm, cm) = (a.doubles(), b.doubles(), c.doubles());
        // SAFETY: the sizes fit.
        unsafe { (k.gemm)(m, n, kk, a.pointer(), b.pointer(), c.pointer()) };
        for i in 0..m {
            for j in 0..n {
                let want =
                    cm[i * n + j] + (0..kk).map(|l| am[i * kk + l] * bm[l * n + j]).sum::<f64>();
                close(c.slice()[i * n + j], want, 4.0 * kk as f64, kk, "gemm");
            }
        }
        c.assert_guards();
    }
}

#[test]
fn element_by_element() {
    for isa in Isa::available() {
        elementwise::<f64>(isa);
        elementwise::<f32>(isa);
    }
}

#[test]
fn sums_and_extremes() {
    for isa in Isa::available() {
        reductions::<f64>(isa);
        reductions::<f32>(isa);
    }
}

#[test]
fn matrices() {
    for isa in Isa::available() {
        products::<f64>(isa);
        products::<f32>(isa);
    }
}

#[test]
fn slices() {
    let x = [1.0, 2.0, 3.0];
    let mut y = [10.0, 20.0, 30.0, 40.0];
    block::axpy(2.0, &x, &mut y);
    assert_eq!(y, [12.0, 24.0, 36.0, 40.0]);
    block::add_scaled(-2.0, &x, &mut y);
    assert_eq!(y, [10.0, 20.0, 30.0, 40.0]);
    block::add_scaled(2.0, &x, &mut y);
    block::scale(0.5, &y.clone(), &mut y);
    block::fill(1.0, &mut y[3..]);
    assert_eq!(y, [6.0, 12.0, 18.0, 1.0]);
    let mut z = [0.0; 3];
    block::add(&x, &y, &mut z);
    block::sub(&z.clone(), &x, &mut z);
    block::mul(&x, &z.clone(), &mut z);
    block::mul_add(&x, &x, &mut z);
    assert_eq!(z, [7.0, 28.0, 63.0]);
    assert_eq!(
        (
            block::dot(&x, &y),
            block::sum(&x),
            block::sum_of_squares(&x)
        ),
        (84.0, 6.0, 14.0)
    );
    assert_eq!(
        (block::max(&x), block::min(&x), block::argmax(&x)),
        (3.0, 1.0, Some(2))
    );
    assert_eq!(
        (
            block::argmax::<f64>(&[]),
            block::max::<f32>(&[]),
            block::sum::<f64>(&[])
        ),
        (None, f32::NEG_INFINITY, 0.0)
    );
    let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let mut u = [0.0; 2];
    block::gemv(&a, &x, &mut u);
    assert_eq!(u, [14.0, 32.0]);
    let mut v = [0.0; 3];
    block::gemv_t(&a, &[1.0, 1.0], &mut v);
    assert_eq!(v, [5.0, 7.0, 9.0]);
    let mut b = a;
    block::ger(&[1.0, 2.0], &x, &mut b);
    assert_eq!(b, [2.0, 4.0, 6.0, 6.0, 9.0, 12.0]);
    let mut c = [0.0; 4];
    block::gemm((2, 2, 3), &a, &a, &mut c);
    assert_eq!(c, [22.0, 28.0, 49.0, 64.0]);
}

#[test]
#[should_panic(expected = "a matrix of 2 by 3")]
fn sizes_are_checked() {
    block::gemv(&[0.0; 5], &[0.0; 3], &mut [0.0; 2]);
}
