//! Fitting: networks, clusters, likelihoods, builders.

use cotangent::{Differentiable, Float, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Layer {
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
}

#[derive(Clone, Debug, Differentiable)]
struct Net {
    layers: Vec<Layer>,
    rate: f64,
}

#[differentiable]
impl Layer {
    fn apply(&self, x: &[f64]) -> Vec<f64> {
        self.w
            .iter()
            .zip(&self.b)
            .map(|(row, b)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b)
            .collect()
    }
}

#[differentiable]
impl Net {
    fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut h = x.to_vec();
        for (i, layer) in self.layers.iter().enumerate() {
            h = layer.apply(&h);
            if i + 1 < self.layers.len() {
                for v in h.iter_mut() {
                    *v = v.tanh();
                }
            }
        }
        h
    }
}

#[differentiable]
fn softmax(z: &[f64]) -> Vec<f64> {
    let m = z.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    let e: Vec<f64> = z.iter().map(|x| (x - m).exp()).collect();
    let s: f64 = e.iter().sum();
    e.into_iter().map(|x| x / s).collect()
}

#[differentiable]
fn cross_entropy(net: &Net, xs: &[Vec<f64>], labels: &[usize]) -> f64 {
    let mut loss = 0.0;
    for (x, &label) in xs.iter().zip(labels.iter()) {
        let p = softmax(&net.forward(x));
        loss -= p[label].ln();
    }
    loss / xs.len() as f64 + net.rate
}

#[differentiable]
fn distance2(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
}

#[differentiable]
fn k_means(points: &[[f64; 2]], centers: &[[f64; 2]]) -> f64 {
    let mut inertia = 0.0;
    for p in points {
        let mut best: Option<(usize, f64)> = None;
        for (i, c) in centers.iter().enumerate() {
            let d = distance2(p, c);
            best = match best {
                Some((_, old)) if old <= d => best,
                _ => Some((i, d)),
            };
        }
        if let Some((i, d)) = best {
            inertia += d * (1.0 + i as f64);
        }
    }
    inertia
}

#[differentiable]
fn lloyd(points: &[[f64; 2]], start: [[f64; 2]; 2]) -> f64 {
    let mut c = start;
    for _ in 0..3 {
        let mut sums = [[0.0; 2]; 2];
        let mut counts = [0usize; 2];
        for p in points {
            let k = if distance2(p, &c[0]) < distance2(p, &c[1]) {
                0
            } else {
                1
            };
            counts[k] += 1;
            for (s, x) in sums[k].iter_mut().zip(p) {
                *s += x;
            }
        }
        for k in 0..2 {
            if counts[k] > 0 {
                c[k] = sums[k].map(|s| s / counts[k] as f64);
            }
        }
    }
    distance2(&c[0], &c[1])
}

#[differentiable]
fn logistic_loss(w: &[f64], xs: &[[f64; 2]], ys: &[bool]) -> f64 {
    let mut loss = 0.0;
    for (x, y) in xs.iter().zip(ys) {
        let z = w[0] * x[0] + w[1] * x[1] + w[2];
        let p = 1.0 / (1.0 + (-z).exp());
        loss -= if *y { p.ln() } else { (1.0 - p).ln() };
    }
    loss
}

#[differentiable]
fn huber(residuals: &[f64], delta: f64) -> f64 {
    residuals
        .iter()
        .map(|r| {
            let a = r.abs();
            if a <= delta {
                0.5 * a * a
            } else {
                delta * (a - 0.5 * delta)
            }
        })
        .sum()
}

/// Gradient descent written out; its result is differentiated again.
#[differentiable]
fn trained(rate: f64, xs: &[f64], ys: &[f64]) -> f64 {
    let (mut a, mut b) = (0.0, 0.0);
    for _ in 0..10 {
        let (mut da, mut db) = (0.0, 0.0);
        for (x, y) in xs.iter().zip(ys) {
            let e = a * x + b - y;
            da += e * x;
            db += e;
        }
        a -= rate * da;
        b -= rate * db;
    }
    xs.iter()
        .zip(ys)
        .map(|(x, y)| (a * x + b - y).powi(2))
        .sum()
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Settings {
    gain: f64,
    offset: f64,
    order: u32,
    limit: Option<f64>,
}

#[differentiable]
impl Settings {
    fn new() -> Self {
        Settings {
            gain: 1.0,
            offset: 0.0,
            order: 1,
            limit: None,
        }
    }
    fn gain(mut self, g: f64) -> Self {
        self.gain = g;
        self
    }
    fn offset(self, offset: f64) -> Self {
        Self { offset, ..self }
    }
    fn order(mut self, n: u32) -> Self {
        self.order = n;
        self
    }
    fn limit(mut self, l: f64) -> Self {
        self.limit = Some(l);
        self
    }
    fn run(&self, x: f64) -> f64 {
        let y = (0..self.order).fold(x, |y, _| self.gain * y + self.offset);
        match self.limit {
            Some(l) if y > l => l + (y - l) * 0.1,
            _ => y,
        }
    }
}

#[differentiable]
fn built(g: f64, o: f64, l: f64, x: f64) -> f64 {
    let s = Settings::new().gain(g).offset(o).order(3);
    s.run(x) + s.limit(l).run(x)
}

#[derive(Clone, Copy, Debug, Differentiable)]
enum Shape {
    Circle { r: f64 },
    Rect(f64, f64),
    Triangle([f64; 3]),
    Nothing,
}

#[differentiable]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Circle { r } => std::f64::consts::PI * r * r,
            Shape::Rect(w, h) => w * h,
            Shape::Triangle([a, b, c]) => {
                let s = (a + b + c) / 2.0;
                (s * (s - a) * (s - b) * (s - c)).sqrt()
            }
            Self::Nothing => 0.0,
        }
    }
}

#[differentiable]
fn areas(k: f64) -> f64 {
    let shapes = [
        Shape::Circle { r: k },
        Shape::Rect(k, 2.0),
        Shape::Triangle([3.0 * k, 4.0 * k, 5.0 * k]),
        Shape::Nothing,
    ];
    let mut total = 0.0;
    for s in shapes.iter() {
        total += s.area();
    }
    total
}

#[differentiable]
fn biggest(shapes: &[Shape]) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for s in shapes {
        let a = s.area();
        if a > best {
            best = a;
        }
    }
    best
}

#[differentiable]
fn rms<T: Float + From<f32>>(xs: &[T], zero: T) -> T {
    let mut s = zero;
    let mut n = zero;
    for &x in xs {
        s = s + x * x;
        n = n + T::from(1.0f32);
    }
    (s / n).sqrt()
}

#[differentiable]
fn generic_rms(xs: &[f64]) -> f64 {
    rms(xs, 0.0) + rms(&[1.0f32, 2.0], 0.0) as f64
}

#[differentiable]
fn weighted<const N: usize>(w: [f64; N], x: [f64; N]) -> f64 {
    let mut s = 0.0;
    for i in 0..N {
        s += w[i] * x[i] / N as f64;
    }
    s
}

#[differentiable]
fn const_generic(a: [f64; 2], b: [f64; 3]) -> f64 {
    weighted(a, [1.0, 2.0]) * weighted::<3>(b, b)
}

fn net() -> Net {
    Net {
        layers: vec![
            Layer {
                w: vec![vec![0.1, -0.3], vec![0.5, 0.2], vec![-0.4, 0.7]],
                b: vec![0.1, 0.0, -0.2],
            },
            Layer {
                w: vec![vec![0.3, 0.1, -0.5], vec![-0.2, 0.6, 0.4]],
                b: vec![0.05, -0.05],
            },
        ],
        rate: 0.5,
    }
}

#[test]
fn networks() {
    check!(cross_entropy(
        &net(),
        &[vec![1.0, 2.0], vec![-0.5, 0.3]],
        &[0, 1]
    ));
    check!(logistic_loss(
        &[0.1, -0.2, 0.3],
        &[[1.0, 2.0], [0.5, -1.0]],
        &[true, false]
    ));
    check!(huber(&[0.1, -2.0, 1.5], 1.0));
    check!(trained(0.05, &[1.0, 2.0, 3.0], &[2.0, 3.0, 5.0]));
}

#[test]
fn clusters() {
    let points = [[0.0, 0.1], [0.2, -0.1], [2.0, 2.1], [1.9, 2.4]];
    check!(k_means(&points, &[[0.1, 0.0], [2.0, 2.0]]));
    check!(lloyd(&points, [[0.5, 0.5], [1.5, 1.5]]));
}

#[test]
fn types() {
    check!(built(1.2, 0.3, 1.5, 0.8));
    check!(areas(1.3));
    check!(biggest(&[
        Shape::Rect(1.0, 2.0),
        Shape::Circle { r: 1.5 },
        Shape::Nothing
    ]));
    check!(generic_rms(&[1.0, 2.0, 4.0]));
    check!(const_generic([1.0, 0.5], [0.3, 0.2, 0.1]));
}
