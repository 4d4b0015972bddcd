//! Control flow, globals, closures, arguments and iterators.

use cotangent::differentiable;

#[differentiable]
fn pow_for(x: f64, n: i32) -> f64 {
    let mut r = 1.0;
    for _ in 0..n {
        r *= x;
    }
    r
}

#[test]
fn pow_by_for() {
    check!(|x| pow_for(x[0], 3), [2.0] => 8.0, [12.0]);
}

#[differentiable]
fn three_way(x: f64, y: f64) -> f64 {
    let z = if x > 1.0 {
        x * x
    } else if y > 1.0 {
        y * x
    } else {
        x + y
    };
    z * 2.0
}

#[test]
fn three_way_merge() {
    check!(|x| three_way(x[0], x[1]), [3.0, 0.0] => 18.0, [12.0, 0.0]);
    check!(|x| three_way(x[0], x[1]), [0.5, 3.0] => 3.0, [6.0, 1.0]);
    check!(|x| three_way(x[0], x[1]), [0.5, 0.25] => 1.5, [2.0, 2.0]);
}

#[differentiable]
fn early(x: f64) -> f64 {
    if x > 0.0 {
        return x * x;
    }
    let mut y = x;
    for _ in 0..10 {
        y -= 1.0;
        if y < -5.0 {
            return 3.0 * y;
        }
    }
    y
}

#[test]
fn early_return() {
    check!(|x| early(x[0]), [2.0] => 4.0, [4.0]);
    check!(|x| early(x[0]), [-1.5] => -16.5, [3.0]);
}

#[differentiable]
fn short_circuit(x: &[f64], i: usize) -> f64 {
    // The second condition would be out of range where the first one fails.
    if i < x.len() && x[i] > 0.0 || i == 99 {
        x[0] * 3.0
    } else {
        x[0] * x[0]
    }
}

#[test]
fn short_circuits() {
    check!(|x| short_circuit(x, 1), [2.0, 1.0] => 6.0, [3.0, 0.0]);
    check!(|x| short_circuit(x, 2), [2.0, 1.0] => 4.0, [4.0, 0.0]);
    check!(|x| short_circuit(x, 99), [2.0, 1.0] => 6.0, [3.0, 0.0]);
}

#[differentiable]
fn swaps(x: f64, n: usize) -> f64 {
    let mut a = x;
    let mut b = 2.0 * x;
    for _ in 0..n {
        let t = a;
        a = b;
        b = t;
    }
    a + 0.0 * b
}

#[test]
fn loop_swapping_variables() {
    check!(|x| swaps(x[0], 3), [1.0] => 2.0, [2.0]);
    check!(|x| swaps(x[0], 4), [1.0] => 1.0, [1.0]);
}

#[differentiable]
fn rotations(x: f64, n: usize) -> f64 {
    let (mut a, mut b, mut c) = (x, 2.0 * x, 3.0 * x);
    for _ in 0..n {
        (a, b, c) = (b, c, a);
    }
    a + 0.0 * (b + c)
}

#[test]
fn loop_rotating_variables() {
    check!(|x| rotations(x[0], 4), [1.0] => 2.0, [2.0]);
    check!(|x| rotations(x[0], 5), [1.0] => 3.0, [3.0]);
}

const WEIGHTS: [f64; 3] = [2.0, 3.0, 4.0];
static OFFSET: f64 = 1.5;

#[differentiable]
fn with_globals(x: &[f64]) -> f64 {
    let mut sum = OFFSET;
    for i in 0..x.len() {
        sum += WEIGHTS[i] * x[i];
    }
    sum
}

#[test]
fn globals() {
    check!(|x| with_globals(x), [1.0, 1.0, 2.0] => 14.5, [2.0, 3.0, 4.0]);
}

#[differentiable]
fn captured(x: f64, y: f64) -> f64 {
    let f = |z: f64| x + z * 2.0;
    f(y)
}

#[test]
fn gradient_of_captured_variables() {
    check!(|x| captured(x[0], x[1]), [3.0, 4.0] => 11.0, [1.0, 2.0]);
}

#[differentiable]
fn counting(x: f64) -> f64 {
    let mut total = 0.0;
    let mut add = |v: f64| total += v * x;
    add(1.0);
    add(x);
    total
}

#[test]
fn closure_that_changes_what_it_captured() {
    check!(|x| counting(x[0]), [3.0] => 12.0, [7.0]);
}

#[differentiable]
fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

#[differentiable]
fn higher_order(x: f64, y: f64) -> f64 {
    apply(|v| v * y, x)
}

#[test]
fn functions_as_arguments() {
    check!(|x| higher_order(x[0], x[1]), [2.0, 3.0] => 18.0, [9.0, 12.0]);
}

#[differentiable]
fn largest(xs: &[f64]) -> f64 {
    let mut m = xs[0];
    for &x in xs {
        m = m.max(x);
    }
    m
}

#[differentiable]
fn smallest(xs: &[f64]) -> f64 {
    xs.iter().fold(f64::INFINITY, |a, x| a.min(*x))
}

#[test]
fn splat_into_max_and_min() {
    check!(|x| largest(x), [1.0, 3.0, 2.0] => 3.0, [0.0, 1.0, 0.0]);
    check!(|x| smallest(x), [1.0, 3.0, 2.0] => 1.0, [1.0, 0.0, 0.0]);
}

#[differentiable]
fn concatenated(a: &[f64], b: &[f64]) -> f64 {
    let mut all = Vec::new();
    all.extend_from_slice(a);
    all.extend_from_slice(b);
    let mut sum = 0.0;
    for i in 0..all.len() {
        sum += (i + 1) as f64 * all[i];
    }
    sum
}

#[test]
fn splat_into_vcat() {
    check!(|x| concatenated(&x[..2], &x[2..]), [1.0, 1.0, 1.0] => 6.0, [1.0, 2.0, 3.0]);
}

#[differentiable]
fn zipped(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, y) in a.iter().zip(b) {
        sum += x * y;
    }
    sum
}

#[test]
fn zip() {
    check!(|x| zipped(&x[..2], &x[2..]), [1.0, 2.0, 3.0, 4.0] => 11.0, [3.0, 4.0, 1.0, 2.0]);
}

#[differentiable]
fn enumerated(a: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, x) in a.iter().enumerate() {
        sum += i as f64 * x * x;
    }
    sum
}

#[test]
fn enumerate() {
    check!(|x| enumerated(x), [5.0, 1.0, 2.0] => 9.0, [0.0, 2.0, 8.0]);
}

#[differentiable]
fn filtered(a: &[f64]) -> f64 {
    a.iter().filter(|x| **x > 1.0).map(|x| x * x).sum::<f64>()
}

#[test]
fn filter() {
    check!(|x| filtered(x), [0.5, 2.0, 3.0] => 13.0, [0.0, 4.0, 6.0]);
}

#[differentiable]
fn products(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in a {
        for y in b {
            sum += x * y;
        }
    }
    sum
}

#[test]
fn product_of_iterators() {
    check!(|x| products(&x[..2], &x[2..]), [1.0, 2.0, 3.0, 4.0] => 21.0, [7.0, 7.0, 3.0, 3.0]);
}

#[differentiable]
fn comprehension(a: &[f64]) -> f64 {
    let squares: Vec<f64> = a.iter().map(|x| x * x).collect();
    squares[0] + 2.0 * squares[1]
}

#[test]
fn comprehensions() {
    check!(|x| comprehension(x), [3.0, 4.0] => 41.0, [6.0, 16.0]);
}

#[differentiable]
fn reversed(a: &[f64]) -> f64 {
    let mut weight = 1.0;
    let mut sum = 0.0;
    for x in a.iter().rev() {
        sum += weight * x;
        weight *= 2.0;
    }
    sum
}

#[test]
fn reverse_iterator() {
    check!(|x| reversed(x), [1.0, 1.0, 1.0] => 7.0, [4.0, 2.0, 1.0]);
}

#[differentiable]
fn simd_loop(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * y[i];
    }
    s
}

#[test]
fn simd() {
    check!(|x| simd_loop(&x[..2], &x[2..]), [1.0, 2.0, 3.0, 4.0] => 11.0, [3.0, 4.0, 1.0, 2.0]);
}

#[differentiable]
fn defined_or_not(x: f64, define: bool) -> f64 {
    let mut y: Option<f64> = None;
    if define {
        y = Some(x * x);
    }
    match y {
        Some(y) => y,
        None => 42.0 * x,
    }
}

#[test]
fn isdefined_branch() {
    check!(|x| defined_or_not(x[0], true), [3.0] => 9.0, [6.0]);
    check!(|x| defined_or_not(x[0], false), [3.0] => 126.0, [42.0]);
}

#[differentiable]
fn comparison(x: f64, y: f64) -> f64 {
    let larger = x > y;
    larger as i32 as f64
}

#[test]
fn comparison_has_no_gradient() {
    check!(|x| comparison(x[0], x[1]), [2.0, 1.0] => 1.0, [0.0, 0.0]);
}

#[differentiable]
fn labelled(x: f64) -> f64 {
    let mut sum = 0.0;
    'outer: for i in 0..5 {
        for j in 0..5 {
            if i * j == 6 {
                break 'outer;
            }
            if j > i {
                continue 'outer;
            }
            sum += x * (i + j) as f64;
        }
    }
    sum
}

#[test]
fn labelled_loops() {
    // Pairs (i, j) with j <= i before (2, 3): sums 0, 1, 2, 2, 3, 4.
    check!(|x| labelled(x[0]), [2.0] => 24.0, [12.0]);
}

#[differentiable]
fn newton_root(a: f64) -> f64 {
    let mut x = a;
    loop {
        let next = 0.5 * (x + a / x);
        if (next - x).abs() < 1e-12 {
            break next;
        }
        x = next;
    }
}

#[test]
fn loop_until_converged() {
    check!(|x| newton_root(x[0]), [9.0] => 3.0, [1.0 / 6.0]);
}

#[differentiable]
fn is_even(n: u32, x: f64) -> f64 {
    if n == 0 { x } else { is_odd(n - 1, x * 2.0) }
}

#[differentiable]
fn is_odd(n: u32, x: f64) -> f64 {
    if n == 0 { -x } else { is_even(n - 1, x * 3.0) }
}

#[test]
fn mutual_recursion() {
    check!(|x| is_even(4, x[0]), [1.0] => 36.0, [36.0]);
    check!(|x| is_even(3, x[0]), [1.0] => -12.0, [-12.0]);
}
