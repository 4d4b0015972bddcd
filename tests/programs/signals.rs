//! Fourier transforms, filters, windows, statistics of sequences.

use cotangent::differentiable;
use num_complex::{Complex, Complex64};
use std::f64::consts::PI;

#[differentiable]
fn fft(x: &[Complex<f64>]) -> Vec<Complex<f64>> {
    let n = x.len();
    if n <= 1 {
        return x.to_vec();
    }
    let even: Vec<Complex<f64>> = x.iter().step_by(2).cloned().collect();
    let odd: Vec<Complex<f64>> = x.iter().skip(1).step_by(2).cloned().collect();
    let e = fft(&even);
    let o = fft(&odd);
    let mut out = vec![Complex::new(0.0, 0.0); n];
    for k in 0..n / 2 {
        let angle = -2.0 * PI * k as f64 / n as f64;
        let t = Complex::from_polar(1.0, angle) * o[k];
        out[k] = e[k] + t;
        out[k + n / 2] = e[k] - t;
    }
    out
}

#[differentiable]
fn spectrum_peak(x: &[f64]) -> f64 {
    let z: Vec<Complex64> = x.iter().map(|&v| Complex64::new(v, 0.0)).collect();
    let s = fft(&z);
    s[1].norm_sqr() + 0.5 * s[2].norm() + s[3].re * s[3].im
}

#[differentiable]
fn dft_energy(x: &[f64]) -> f64 {
    let n = x.len();
    let mut total = 0.0;
    for k in 0..n {
        let mut re = 0.0;
        let mut im = 0.0;
        for (t, v) in x.iter().enumerate() {
            let a = 2.0 * PI * (k * t) as f64 / n as f64;
            re += v * a.cos();
            im -= v * a.sin();
        }
        total += (re * re + im * im) * k as f64;
    }
    total
}

#[differentiable]
fn complex_poly(c: &[Complex64], z: Complex64) -> f64 {
    let mut y = Complex64::new(0.0, 0.0);
    for a in c.iter().rev() {
        y = y * z + *a;
    }
    (y.exp() / (y + 2.0)).norm_sqr()
}

#[differentiable]
fn convolve(signal: &[f64], kernel: &[f64]) -> Vec<f64> {
    let n = signal.len() + kernel.len() - 1;
    let mut out = vec![0.0; n];
    for (i, s) in signal.iter().enumerate() {
        for (j, k) in kernel.iter().enumerate() {
            out[i + j] += s * k;
        }
    }
    out
}

#[differentiable]
fn smooth(signal: &[f64], kernel: &[f64]) -> f64 {
    let c = convolve(signal, kernel);
    c.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

#[differentiable]
fn moving_average(xs: &[f64], k: usize) -> f64 {
    xs.windows(k)
        .map(|w| w.iter().sum::<f64>() / k as f64)
        .map(|m| m * m)
        .sum()
}

#[differentiable]
fn chunk_norms(xs: &[f64]) -> f64 {
    let mut best = 0.0;
    for c in xs.chunks(3) {
        let n = c.iter().map(|x| x * x).sum::<f64>().sqrt();
        if n > best {
            best = n;
        }
    }
    best
}

#[differentiable]
fn low_pass(xs: &[f64], alpha: f64) -> f64 {
    let mut y = xs[0];
    let mut out = Vec::with_capacity(xs.len());
    for &x in xs {
        y += alpha * (x - y);
        out.push(y);
    }
    *out.last().unwrap() + out.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[differentiable]
fn prefix_sums(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    for i in 1..v.len() {
        v[i] += v[i - 1];
    }
    v.iter().map(|x| x * x).sum()
}

#[differentiable]
fn bubble_sort(v: &mut [f64]) -> usize {
    let mut swaps = 0;
    let mut n = v.len();
    loop {
        let mut swapped = false;
        for i in 1..n {
            if v[i - 1] > v[i] {
                v.swap(i - 1, i);
                swapped = true;
                swaps += 1;
            }
        }
        n -= 1;
        if !swapped {
            break;
        }
    }
    swaps
}

#[differentiable]
fn sorted_weighted(xs: &[f64]) -> f64 {
    let mut v = xs.to_vec();
    let swaps = bubble_sort(&mut v);
    v.iter()
        .enumerate()
        .map(|(i, x)| (i + 1) as f64 * x * x)
        .sum::<f64>()
        + swaps as f64
}

/// The median, without sorting: the element with as many below as above.
#[differentiable]
fn median(xs: &[f64]) -> f64 {
    let half = xs.len() / 2;
    for &x in xs {
        let below = xs.iter().filter(|&&y| y < x).count();
        if below == half {
            return x;
        }
    }
    f64::NAN
}

#[differentiable]
fn insertion_sort_quantile(xs: &[f64], q: f64) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    for &x in xs {
        let mut i = v.len();
        v.push(x);
        while i > 0 && v[i - 1] > x {
            v[i] = v[i - 1];
            i -= 1;
        }
        v[i] = x;
    }
    let at = q * (v.len() - 1) as f64;
    let k = at.floor() as usize;
    let t = at - k as f64;
    v[k] * (1.0 - t) + v[k + 1] * t
}

#[differentiable]
fn variance(xs: &[f64]) -> f64 {
    let mean = xs.iter().sum::<f64>() / xs.len() as f64;
    xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (xs.len() - 1) as f64
}

#[differentiable]
fn welford(xs: &[f64]) -> f64 {
    let (mut mean, mut m2, mut n) = (0.0, 0.0, 0.0);
    for x in xs {
        n += 1.0;
        let d = x - mean;
        mean += d / n;
        m2 += d * (x - mean);
    }
    m2 / (n - 1.0)
}

#[differentiable]
fn autocorrelation(xs: &[f64], lag: usize) -> f64 {
    xs.iter()
        .zip(xs.iter().skip(lag))
        .map(|(a, b)| a * b)
        .sum::<f64>()
        / variance(xs)
}

#[differentiable]
fn run_length(xs: &[f64], threshold: f64) -> f64 {
    let mut best = 0.0f64;
    let mut current = 0.0;
    'scan: for (i, x) in xs.iter().enumerate() {
        if *x > threshold {
            current += x - threshold;
            for later in &xs[i..] {
                if *later > 10.0 {
                    break 'scan;
                }
            }
        } else {
            current = 0.0;
        }
        best = best.max(current);
    }
    best
}

#[test]
fn fourier() {
    check!(spectrum_peak(&[0.5, 1.0, -2.0, 0.25, 3.0, 1.5, -0.5, 0.75]));
    check!(dft_energy(&[0.5, 1.0, -2.0, 0.25, 3.0]));
    check!(complex_poly(
        &[Complex64::new(0.5, 0.1), Complex64::new(-0.3, 0.4)],
        Complex64::new(0.7, -0.2)
    ));
}

#[test]
fn filters() {
    check!(smooth(&[1.0, -0.5, 2.0, 0.25], &[0.25, 0.5, 0.25]));
    check!(moving_average(&[1.0, -0.5, 2.0, 0.25, 3.0], 3));
    check!(chunk_norms(&[1.0, -0.5, 2.0, 0.25, 3.0]));
    check!(low_pass(&[1.0, -0.5, 2.0, 0.25, 3.0], 0.4));
    check!(run_length(&[1.0, 0.4, 2.0, 2.5, 0.1], 0.5));
    check!(run_length(&[1.0, 0.4, 2.0, 12.5, 0.1], 0.5));
}

#[test]
fn statistics() {
    let xs = [1.0, -0.5, 2.0, 0.25, 3.0];
    check!(prefix_sums(&xs));
    check!(sorted_weighted(&xs));
    check!(median(&xs));
    check!(insertion_sort_quantile(&xs, 0.3));
    check!(variance(&xs));
    check!(welford(&xs));
    check!(autocorrelation(&xs, 2));
}
