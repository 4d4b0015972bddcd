//! Quadrature, roots, ordinary differential equations.

use cotangent::differentiable;

#[differentiable]
fn simpson(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 {
    let h = (b - a) / n as f64;
    let mut s = f(a) + f(b);
    for i in 1..n {
        let w = if i % 2 == 1 { 4.0 } else { 2.0 };
        s += w * f(a + i as f64 * h);
    }
    s * h / 3.0
}

#[differentiable]
fn gauss_integral(mu: f64, sigma: f64, a: f64, b: f64) -> f64 {
    simpson(
        |x| (-(x - mu).powi(2) / (2.0 * sigma * sigma)).exp() / sigma,
        a,
        b,
        20,
    )
}

#[differentiable]
fn double_integral(k: f64) -> f64 {
    simpson(
        |x| simpson(|y| (k * x * y).sin() + y, 0.0, x, 8),
        0.0,
        1.0,
        8,
    )
}

#[differentiable]
fn newton(a: f64, b: f64) -> f64 {
    let mut x = 1.5;
    let mut steps = 0;
    while steps < 100 {
        let f = x * x * x - a * x - b;
        let df = 3.0 * x * x - a;
        let dx = f / df;
        x -= dx;
        if dx.abs() < 1e-15 {
            break;
        }
        steps += 1;
    }
    x
}

#[differentiable]
fn bisection(target: f64) -> f64 {
    let f = |x: f64| x.exp() + x - target;
    let (mut lo, mut hi) = (-10.0, 10.0);
    while hi - lo > 1e-3 {
        let mid = 0.5 * (lo + hi);
        if f(mid) > 0.0 { hi = mid } else { lo = mid }
    }
    // Newton's steps, so that the result depends on the target.
    (0..2).fold(lo, |x, _| x - f(x) / (x.exp() + 1.0))
}

#[differentiable]
fn rk4_step<F>(f: &F, t: f64, y: [f64; 2], h: f64) -> [f64; 2]
where
    F: Fn(f64, [f64; 2]) -> [f64; 2],
{
    let add = |a: [f64; 2], k: [f64; 2], s: f64| [a[0] + s * k[0], a[1] + s * k[1]];
    let k1 = f(t, y);
    let k2 = f(t + h / 2.0, add(y, k1, h / 2.0));
    let k3 = f(t + h / 2.0, add(y, k2, h / 2.0));
    let k4 = f(t + h, add(y, k3, h));
    let mut out = y;
    for i in 0..2 {
        out[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    out
}

#[differentiable]
fn pendulum(theta: f64, omega: f64, g: f64, steps: usize) -> f64 {
    let rhs = |t: f64, y: [f64; 2]| [y[1], -g * y[0].sin() + 0.1 * t.cos()];
    let mut y = [theta, omega];
    let h = 0.05;
    for i in 0..steps {
        y = rk4_step(&rhs, i as f64 * h, y, h);
    }
    y[0] * y[0] + y[1]
}

#[differentiable]
fn lotka_volterra(p: [f64; 4], x0: f64, y0: f64) -> f64 {
    let [a, b, c, d] = p;
    let (mut x, mut y) = (x0, y0);
    let dt = 0.01;
    for _ in 0..100 {
        let (dx, dy) = (a * x - b * x * y, -c * y + d * x * y);
        (x, y) = (x + dt * dx, y + dt * dy);
    }
    x - y
}

/// Heun with a step that adapts to the error.
#[differentiable]
fn adaptive(k: f64) -> f64 {
    let mut t = 0.0;
    let mut y = 1.0;
    let mut h = 0.1;
    let mut rejected = 0u32;
    while t < 1.0 {
        if t + h > 1.0 {
            h = 1.0 - t;
        }
        let k1 = -k * y;
        let k2 = -k * (y + h * k1);
        let err = (0.5 * h * (k2 - k1)).abs();
        if err > 0.02 && h > 1e-4 {
            h *= 0.5;
            rejected += 1;
            continue;
        }
        y += 0.5 * h * (k1 + k2);
        t += h;
    }
    y + rejected as f64
}

#[differentiable]
fn horner(c: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for a in c.iter().rev() {
        y = y * x + a;
    }
    y
}

#[differentiable]
fn derivative_of_poly(c: &[f64], x: f64) -> f64 {
    c.iter()
        .enumerate()
        .skip(1)
        .map(|(i, a)| i as f64 * a * x.powi(i as i32 - 1))
        .sum()
}

#[differentiable]
fn trapezoid(xs: &[f64], ys: &[f64]) -> f64 {
    xs.windows(2)
        .zip(ys.windows(2))
        .map(|(x, y)| 0.5 * (x[1] - x[0]) * (y[0] + y[1]))
        .sum()
}

#[differentiable]
fn lagrange(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let mut total = 0.0;
    for (i, (xi, yi)) in xs.iter().zip(ys).enumerate() {
        let mut l = 1.0;
        for (j, xj) in xs.iter().enumerate() {
            if i == j {
                continue;
            }
            l *= (x - xj) / (xi - xj);
        }
        total += l * yi;
    }
    total
}

#[differentiable]
fn logistic_map(r: f64, x0: f64, n: u32) -> f64 {
    (0..n).fold(x0, |x, _| r * x * (1.0 - x))
}

#[differentiable]
fn series(x: f64) -> f64 {
    let mut term = x;
    let mut sum = 0.0;
    let mut n = 1;
    loop {
        sum += term;
        term *= -x * x / ((2 * n) * (2 * n + 1)) as f64;
        n += 1;
        if term.abs() < 1e-17 {
            break sum;
        }
    }
}

#[differentiable]
fn continued_fraction(a: &[f64]) -> f64 {
    match a.split_last() {
        None => 0.0,
        Some((last, rest)) => rest.iter().rev().fold(*last, |acc, x| x + 1.0 / acc),
    }
}

#[differentiable]
fn arithmetic_geometric_mean(a: f64, b: f64) -> f64 {
    let (mut a, mut b) = (a, b);
    while (a - b).abs() > 1e-14 * a {
        let m = (a + b) / 2.0;
        b = (a * b).sqrt();
        a = m;
    }
    a
}

#[differentiable]
fn golden_section(c: f64) -> f64 {
    const PHI: f64 = 0.618_033_988_749_895;
    let f = |x: f64| (x - c) * (x - c) + 0.1 * x;
    let (mut a, mut b) = (0.0f64, 3.0f64);
    for _ in 0..5 {
        let x1 = b - PHI * (b - a);
        let x2 = a + PHI * (b - a);
        if f(x1) < f(x2) {
            b = x2;
        } else {
            a = x1;
        }
    }
    f(0.5 * (a + b))
}

#[test]
fn integrals() {
    check!(gauss_integral(0.3, 1.2, -1.0, 2.0));
    check!(double_integral(1.3));
    check!(trapezoid(&[0.0, 0.5, 2.0], &[1.0, -1.0, 3.0]));
}

#[test]
fn roots() {
    check!(newton(2.0, 3.0));
    check!(bisection(3.0));
    check!(golden_section(1.1));
    check!(arithmetic_geometric_mean(3.0, 1.0));
}

#[test]
fn equations() {
    check!(pendulum(0.4, 0.1, 9.8, 30));
    check!(lotka_volterra([1.1, 0.4, 0.4, 0.1], 3.0, 2.0));
    check!(adaptive(3.0));
    check!(logistic_map(2.9, 0.3, 6));
}

#[test]
fn polynomials() {
    check!(horner(&[1.0, -2.0, 0.5, 3.0], 1.5));
    check!(horner(&[0.0; 0], 1.5));
    check!(derivative_of_poly(&[1.0, -2.0, 0.5, 3.0], 1.5));
    check!(lagrange(&[0.0, 1.0, 3.0], &[1.0, 2.0, -1.0], 1.7));
    check!(series(1.2));
    check!(continued_fraction(&[1.0, 2.0, 3.0, 4.0]));
    check!(continued_fraction(&[0.0; 0]));
}
