//! The ∂P paper's examples, and the test list of the week "Don't Unroll Adjoint" appeared.

use crate::support::near;
use cotangent::{Differentiable, differentiable};

// --- "Differentiate programs, not formulas" -----------------------------------------------------------------------------

#[differentiable]
fn factorial(n: i32) -> f64 {
    let mut product = 1.0;
    for k in 2..=n {
        product *= k as f64;
    }
    product
}

#[differentiable]
fn is_odd(n: i32) -> bool {
    n % 2 == 1
}

#[differentiable]
fn sine_series(x: f64) -> f64 {
    let mut t = 0.0;
    let mut sign = -1.0;
    for i in 1..20 {
        if is_odd(i) {
            let term = x.powi(i) / factorial(i);
            if term.abs() < 1e-8 {
                return t;
            }
            sign = -sign;
            t += sign * term;
        }
    }
    t
}

#[test]
fn sine_as_a_program() {
    check!(|x| sine_series(x[0]), [1.0] => 0.841470984648068, [0.540302303791887]);
}

#[differentiable]
fn polynomial(x: f64) -> f64 {
    x * x + 3.0 * x + 1.0
}

#[test]
fn polynomial_at_a_third() {
    let x = 1.0 / 3.0;
    check!(|x| polynomial(x[0]), [x] => x * x + 2.0, [3.6666666666666665]);
}

/// A number with an uncertainty, in the manner of Measurements.jl: the error goes along to first order.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Measured {
    value: f64,
    error: f64,
}

#[differentiable]
impl std::ops::Add for Measured {
    type Output = Measured;
    fn add(self, other: Measured) -> Measured {
        Measured {
            value: self.value + other.value,
            error: self.error + other.error,
        }
    }
}

#[differentiable]
impl std::ops::Mul for Measured {
    type Output = Measured;
    fn mul(self, other: Measured) -> Measured {
        Measured {
            value: self.value * other.value,
            error: self.value * other.error + other.value * self.error,
        }
    }
}

#[differentiable]
fn exactly(value: f64) -> Measured {
    Measured { value, error: 0.0 }
}

#[differentiable]
fn measured_polynomial(x: Measured) -> Measured {
    x * x + exactly(3.0) * x + exactly(1.0)
}

#[differentiable]
fn measured_error(value: f64, error: f64) -> f64 {
    measured_polynomial(Measured { value, error }).error
}

#[test]
fn polynomial_of_a_measurement() {
    // The error of the polynomial is its slope times the error; the slope's own error is 2 * 0.01.
    let slope = 3.6666666666666665;
    check!(|x| measured_error(x[0], x[1]), [1.0 / 3.0, 0.01] => slope * 0.01, [0.02, slope]);
}

// --- The test list of October 2018 ----------------------------------------------------------------------------------------

#[differentiable]
fn mul(a: f64, b: f64) -> f64 {
    a * b
}

#[test]
fn multiplication() {
    check!(|x| mul(x[0], x[1]), [2.0, 3.0] => 6.0, [3.0, 2.0]);
}

const CHOOSE_FIRST: bool = true;

#[differentiable]
fn branch_on_global(x: f64, y: f64) -> f64 {
    if CHOOSE_FIRST { x * y } else { x / y }
}

#[test]
fn boolean_global_branch() {
    check!(|x| branch_on_global(x[0], x[1]), [2.0, 3.0] => 6.0, [3.0, 2.0]);
}

const SCALE: f64 = 5.0;

#[differentiable]
fn scale_by_global(x: f64) -> f64 {
    SCALE * x
}

#[differentiable]
fn through_global_function(x: f64) -> f64 {
    let f = scale_by_global;
    f(x) + 3.0
}

#[test]
fn global_closure() {
    check!(|x| through_global_function(x[0]), [10.0] => 53.0, [5.0]);
}

#[differentiable]
fn sum_of_squares(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum
}

#[test]
fn sum_of_elementwise_product() {
    check!(|x| sum_of_squares(x), [1.0, 2.0, 3.0] => 14.0, [2.0, 4.0, 6.0]);
}

#[differentiable]
fn pow(x: f64, n: i32) -> f64 {
    let mut n = n;
    let mut r = 1.0;
    while n > 0 {
        n -= 1;
        r *= x;
    }
    r
}

#[test]
fn pow_by_while() {
    check!(|x| pow(x[0], 3), [2.0] => 8.0, [12.0]);
}

#[differentiable]
fn multiply_into(r: &mut f64, x: f64) {
    *r *= x;
}

#[differentiable]
fn pow_mut(x: f64, n: i32) -> f64 {
    let mut n = n;
    let mut r = 1.0;
    while n > 0 {
        n -= 1;
        multiply_into(&mut r, x);
    }
    r
}

#[test]
fn pow_by_mutation() {
    check!(|x| pow_mut(x[0], 3), [2.0] => 8.0, [12.0]);
}

#[differentiable]
fn constant(_x: f64) -> f64 {
    1.0
}

#[test]
fn constant_has_no_gradient() {
    check!(|x| constant(x[0]), [2.0] => 1.0, [0.0]);
}

#[differentiable]
fn second_of_pair(p: (f64, f64)) -> f64 {
    p.1
}

#[test]
fn tuple_index() {
    check!(|x| second_of_pair((x[0], x[1])), [5.0, 10.0] => 10.0, [0.0, 1.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex {
    re: f64,
    im: f64,
}

#[differentiable]
fn re_times_im(z: Complex) -> f64 {
    z.re * z.im
}

#[test]
fn complex_parts() {
    check!(|x| re_times_im(Complex { re: x[0], im: x[1] }), [2.0, 3.0] => 6.0, [3.0, 2.0]);
}

#[differentiable]
fn make_and_take(a: f64, b: f64) -> f64 {
    let z = Complex { re: a, im: b };
    let t = (z.re, z.im * 2.0);
    t.0 * t.1
}

#[test]
fn structs_and_tuples() {
    check!(|x| make_and_take(x[0], x[1]), [2.0, 3.0] => 12.0, [6.0, 4.0]);
}

#[differentiable]
fn capture(a: f64, b: f64) -> f64 {
    let f = |c: f64| c * a;
    f(b)
}

#[test]
fn closure_capture() {
    check!(|x| capture(x[0], x[1]), [2.0, 3.0] => 6.0, [3.0, 2.0]);
}

#[differentiable]
fn product_of_rest(first: f64, rest: &[f64]) -> f64 {
    let mut product = first;
    for r in rest {
        product *= r;
    }
    product
}

#[test]
fn varargs() {
    check!(|x| product_of_rest(x[0], &x[1..]), [2.0, 3.0, 4.0] => 24.0, [12.0, 8.0, 6.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Keywords {
    a: f64,
    b: f64,
}

const DEFAULTS: Keywords = Keywords { a: 2.0, b: 3.0 };

#[differentiable]
fn with_keywords(k: Keywords) -> f64 {
    k.a * k.a * k.b
}

#[differentiable]
fn with_one_keyword(b: f64) -> f64 {
    with_keywords(Keywords { b, ..DEFAULTS })
}

#[test]
fn keyword_arguments() {
    check!(|x| with_one_keyword(x[0]), [5.0] => 20.0, [4.0]);
}

#[differentiable]
fn product(xs: &[f64]) -> f64 {
    let mut p = 1.0;
    for x in xs {
        p *= x;
    }
    p
}

#[test]
fn for_loop_product() {
    check!(|x| product(x), [1.0, 2.0, 3.0] => 6.0, [6.0, 3.0, 2.0]);
}

#[differentiable]
fn vector_literal(a: f64, b: f64) -> f64 {
    let v = vec![a, b, a * b];
    v[0] + v[1] * v[2]
}

#[test]
fn vector_literals() {
    check!(|x| vector_literal(x[0], x[1]), [2.0, 3.0] => 20.0, [10.0, 12.0]);
}

/// Where a key is, or the length.
#[differentiable]
fn find(map: &[(usize, f64)], key: usize) -> usize {
    let mut at = 0;
    while at < map.len() && map[at].0 != key {
        at += 1;
    }
    at
}

#[differentiable]
fn dict_set_get(x: f64) -> f64 {
    let mut map = vec![(7, 1.0), (9, 2.0)];
    let at = find(&map, 9);
    map[at].1 = x;
    let at = find(&map, 9);
    map[at].1 * map[at].1
}

#[test]
fn dictionary_set_and_get() {
    check!(|x| dict_set_get(x[0]), [2.0] => 4.0, [4.0]);
}

#[differentiable]
fn pow_rec(x: f64, n: i32) -> f64 {
    if n == 0 { 1.0 } else { x * pow_rec(x, n - 1) }
}

#[test]
fn recursion() {
    check!(|x| pow_rec(x[0], 3), [2.0] => 8.0, [12.0]);
}

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert!(a.len() == b.len(), "dimension mismatch");
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    sum
}

#[test]
fn dimension_mismatch_is_catchable() {
    check!(|x| dot(&x[..2], &x[2..]), [1.0, 2.0, 3.0, 4.0] => 11.0, [3.0, 4.0, 1.0, 2.0]);
    assert!(std::panic::catch_unwind(|| dot(&[1.0], &[1.0, 2.0])).is_err());
    let error = dot::gradient(&[1.0], &[1.0, 2.0])
        .expect_err("lengths differ")
        .to_string();
    assert!(error.contains("dimension mismatch"), "{error}");
}

/// A layer: weights, bias, and a call.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Dense {
    weights: Vec<Vec<f64>>,
    bias: Vec<f64>,
}

#[differentiable]
impl Dense {
    fn call(&self, x: &[f64]) -> Vec<f64> {
        let mut out = self.bias.clone();
        for i in 0..out.len() {
            for j in 0..x.len() {
                out[i] += self.weights[i][j] * x[j];
            }
        }
        out
    }
}

#[differentiable]
fn layer_loss(layer: &Dense, x: &[f64]) -> f64 {
    let y = layer.call(x);
    sum_of_squares(&y)
}

#[test]
fn callable_struct_and_its_parameters() {
    let layer = |x: &[f64]| Dense {
        weights: vec![vec![x[0], x[1]]],
        bias: vec![x[2]],
    };
    // y = 2*1 + 3*(-1) + 4 = 3; the loss is y^2.
    check!(|x| layer_loss(&layer(x), &x[3..]), [2.0, 3.0, 4.0, 1.0, -1.0] => 9.0, [6.0, -6.0, 6.0, 12.0, 18.0]);
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[test]
fn derivative_of_cube() {
    check!(|x| cube(x[0]), [2.0] => 8.0, [12.0]);
    near(cube(-1.5), -3.375, 1e-15, "cube");
}
