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

/// Both Wirtinger derivatives, from the pullbacks of 1 and of i.
fn wirtinger(of_one: Complex64, of_i: Complex64) -> (Complex64, Complex64) {
    let i = Complex64::i();
    (
        (of_one.conj() + i * of_i.conj()) / 2.0,
        (of_one + i * of_i) / 2.0,
    )
}

#[test]
fn wirtinger_derivatives() {
    let (value, pullback) = polynomial::pullback(c(1.0, 2.0)).unwrap();
    same(value, c(-6.0, 16.0));
    let (holomorphic, conjugate) = wirtinger(
        pullback.call(c(1.0, 0.0)).unwrap(),
        pullback.call(Complex64::i()).unwrap(),
    );
    same(holomorphic, c(8.0, 12.0));
    same(conjugate, c(0.0, 0.0));

    let (_, pullback) = complex_abs2::pullback(c(1.0, 2.0)).unwrap();
    let (holomorphic, conjugate) = wirtinger(
        pullback.call(c(1.0, 0.0)).unwrap(),
        pullback.call(Complex64::i()).unwrap(),
    );
    same(holomorphic, c(1.0, -2.0));
    same(conjugate, c(1.0, 2.0));
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
