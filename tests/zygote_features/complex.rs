//! Complex numbers: the gradient of a real-valued function is its slope along x plus i times its slope along y.

use cotangent::differentiable;
use num_complex::Complex64;

#[track_caller]
fn same(found: Complex64, expected: Complex64) {
    assert!(
        (found - expected).norm() < 1e-14,
        "{found} instead of {expected}"
    );
}

fn c(re: f64, im: f64) -> Complex64 {
    Complex64::new(re, im)
}

#[differentiable]
fn abs2(z: Complex64) -> f64 {
    z.norm_sqr()
}

#[differentiable]
fn product_of_parts(z: Complex64) -> f64 {
    z.re * z.im
}

#[differentiable]
fn abs2_of_scaled(z: Complex64) -> f64 {
    let w = z * z.re;
    w.norm_sqr()
}

#[test]
fn gradients_of_real_functions() {
    same(abs2::gradient(c(1.0, 2.0)).unwrap(), c(2.0, 4.0));
    same(
        product_of_parts::gradient(c(2.0, 3.0)).unwrap(),
        c(3.0, 2.0),
    );
    same(
        abs2_of_scaled::gradient(c(4.0, 5.0)).unwrap(),
        c(456.0, 160.0),
    );
}

#[differentiable]
fn real_part_of_log(z: Complex64) -> f64 {
    z.ln().re
}

#[differentiable]
fn imaginary_part_of_log(z: Complex64) -> f64 {
    z.ln().im
}

#[test]
fn holomorphic_derivative() {
    let derivative = real_part_of_log::gradient(c(1.0, 2.0)).unwrap().conj();
    same(derivative, c(0.2, -0.4));
    // Cauchy and Riemann: the imaginary part has the same derivative, turned by i.
    let other = imaginary_part_of_log::gradient(c(1.0, 2.0)).unwrap().conj();
    same(other * Complex64::i(), derivative);
}

#[differentiable]
fn polynomial(z: Complex64) -> Complex64 {
    z * z * 3.0 + z * 2.0 + 1.0
}

#[differentiable]
fn complex_abs2(z: Complex64) -> Complex64 {
    Complex64::new(z.norm_sqr(), 0.0)
}

#[test]
fn wirtinger_derivatives() {
    let z = c(1.0, 2.0);
    let (value, pullback) = polynomial::pullback(z).unwrap();
    same(value, c(-6.0, 16.0));
    // By hand, from the pullbacks of 1 and of i; and by the method.
    let i = Complex64::i();
    let of_one = pullback.call(c(1.0, 0.0)).unwrap();
    let of_i = pullback.call(i).unwrap();
    same((of_one.conj() + i * of_i.conj()) / 2.0, c(8.0, 12.0));
    same((of_one + i * of_i) / 2.0, c(0.0, 0.0));
    let (holomorphic, conjugate) = polynomial::wirtinger(z).unwrap();
    same(holomorphic, c(8.0, 12.0));
    same(conjugate, c(0.0, 0.0));

    for (holomorphic, conjugate) in
        [complex_abs2::wirtinger(z), abs2::wirtinger(z)].map(Result::unwrap)
    {
        same(holomorphic, c(1.0, -2.0));
        same(conjugate, c(1.0, 2.0));
    }
}

#[differentiable]
fn log(z: Complex64) -> Complex64 {
    z.ln()
}

#[differentiable]
fn rotated(z: Complex64, angle: f64, w: num_complex::Complex32) -> Complex64 {
    z.conj() * Complex64::from_polar(1.0, angle) * f64::from(w.re)
}

#[differentiable]
fn spectrum(zs: &[Complex64]) -> Vec<Complex64> {
    let n = zs.len();
    let mut out = vec![Complex64::new(0.0, 0.0); n];
    for k in 0..n {
        for j in 0..n {
            let angle = -std::f64::consts::TAU * (j * k) as f64 / n as f64;
            out[k] += zs[j] * zs[j] * Complex64::cis(angle);
        }
    }
    out
}

#[test]
fn holomorphic_derivatives_by_the_method() {
    for executor in cotangent::list_executors() {
        let options = cotangent::Options::new().executor(executor);
        let d = log::with(&options)
            .holomorphic_derivative((c(1.0, 2.0),))
            .unwrap();
        same(d, c(0.2, -0.4));
    }
    same(
        polynomial::holomorphic_derivative(c(1.0, 2.0)).unwrap(),
        c(8.0, 12.0),
    );
    // Of arrays: of each output by each input.
    let zs = [c(1.0, 2.0), c(-0.5, 0.25), c(3.0, 0.0), c(0.0, 1.0)];
    let f = cotangent::function::<spectrum>().unwrap();
    let args = vec![cotangent::core::value::Val::vector(zs.to_vec())];
    let options = cotangent::Options::new();
    let d = f
        .holomorphic_derivative(args, &cotangent::Wrt::All, &options)
        .unwrap();
    for (j, z) in zs.iter().enumerate() {
        for k in 0..4 {
            let turn = Complex64::cis(-std::f64::consts::FRAC_PI_2 * (j * k) as f64);
            same(d[(k, j)], 2.0 * z * turn);
        }
    }
}

#[test]
fn a_function_that_is_not_holomorphic_says_so() {
    let e = complex_abs2::holomorphic_derivative(c(1.0, 2.0)).unwrap_err();
    assert!(matches!(e, cotangent::Error::NotHolomorphic { .. }));
    let e = e.to_string();
    assert!(
        e.contains("`complex_abs2` is not holomorphic")
            && e.contains("is 1-2i along z, but also 1+2i"),
        "{e}"
    );
    // By one argument among others, where it is antiholomorphic.
    let args = || (c(1.0, 2.0), 0.5, num_complex::Complex32::new(2.0, 1.0));
    let run = rotated::with(&cotangent::Options::new());
    let (dz, dconj) = run.wirtinger_wrt::<0>(args()).unwrap();
    same(dz, c(0.0, 0.0));
    same(dconj, Complex64::from_polar(2.0, 0.5));
    assert!(run.holomorphic_derivative_wrt::<0>(args()).is_err());
    let e = run.wirtinger_wrt::<1>(args()).unwrap_err().to_string();
    assert!(e.contains("holds real ones"), "{e}");
    assert!(rotated::wirtinger(c(1.0, 2.0), 0.5, num_complex::Complex32::new(2.0, 1.0)).is_err());
}

#[test]
fn jacobians_of_real_and_imaginary_parts() {
    let m = log::real_jacobian(c(1.0, 2.0)).unwrap();
    for (found, want) in m.as_slice().iter().zip([0.2, 0.4, -0.4, 0.2]) {
        assert!((found - want).abs() < 1e-14, "{m}");
    }
    let m = abs2::real_jacobian(c(1.0, 2.0)).unwrap();
    assert_eq!(m.to_rows(), [[2.0, 4.0]]);
    // Real arguments have one column, complex ones two.
    let m =
        rotated::real_jacobian(c(1.0, 0.0), 0.0, num_complex::Complex32::new(2.0, 1.0)).unwrap();
    assert_eq!(
        m.to_rows(),
        [[2.0, 0.0, 0.0, 1.0, 0.0], [0.0, -2.0, 2.0, 0.0, 0.0]]
    );
    // The plain one is of real numbers, and says what there is.
    let e = log::jacobian(c(1.0, 2.0)).unwrap_err().to_string();
    assert!(e.contains("real_jacobian"), "{e}");
}

#[differentiable]
fn real_input(x: f64) -> f64 {
    let z = Complex64::new(x, 1.0);
    let w = z * z;
    w.re + 2.0 * w.im
}

#[test]
fn gradients_of_real_inputs_are_real() {
    // x² - 1 + 4x
    check!(|x| real_input(x[0]), [3.0] => 20.0, [10.0]);
}
