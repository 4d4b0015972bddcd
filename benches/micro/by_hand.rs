//! Value and gradient of the micro problems as a careful person writes them: forward or reverse as suits, buffers reused.
//!
//! Each fills `out` with the value and then the gradient, in the order in which Cotangent's gradient has its numbers.

#![allow(
    clippy::needless_range_loop,
    reason = "loops over indices, as in the problems"
)]

use super::problems::{Cell, Logistic, Mlp};

pub fn square(x: f64, out: &mut [f64]) {
    out[0] = x * x;
    out[1] = 2.0 * x;
}

pub fn sincos(x: f64, out: &mut [f64]) {
    let c = x.cos();
    out[0] = c.sin();
    out[1] = -c.cos() * x.sin();
}

pub fn sine_power(x: f64, n: usize, out: &mut [f64]) {
    // The sine is the same in every iteration, but the problem computes it each time, and so does this.
    let (mut r, mut d) = (1.0, 0.0);
    for _ in 0..n {
        let (s, c) = std::hint::black_box(x).sin_cos();
        d = d * s + r * c;
        r *= s;
    }
    out[0] = r;
    out[1] = d;
}

pub fn power(x: f64, n: usize, out: &mut [f64]) {
    let (mut r, mut d) = (1.0, 0.0);
    for _ in 0..n {
        d = d * x + r;
        r *= x;
    }
    out[0] = r;
    out[1] = d;
}

pub fn sinmul(x: f64, n: usize, out: &mut [f64]) {
    let (mut r, mut d) = (x, 1.0);
    for _ in 0..n {
        let (s, c) = (r * x).sin_cos();
        d = c * (d * x + r);
        r = s;
    }
    out[0] = r;
    out[1] = d;
}

pub fn logsumexp(x: &[f64], out: &mut [f64]) {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (value, gradient) = out.split_at_mut(1);
    let mut sum = 0.0;
    for (g, v) in gradient.iter_mut().zip(x) {
        *g = (v - largest).exp();
        sum += *g;
    }
    let scale = 1.0 / sum;
    for g in gradient {
        *g *= scale;
    }
    value[0] = largest + sum.ln();
}

pub fn maps(x: &[f64], c: f64, out: &mut [f64]) {
    let (value, rest) = out.split_at_mut(1);
    let (dx, dc) = rest.split_at_mut(x.len());
    let (mut sum, mut slope) = (0.0, 0.0);
    for (dx, &x) in dx.iter_mut().zip(x) {
        let a = x * c + 1.0;
        let b = a * a - x;
        sum += b * a;
        let da = b + 2.0 * a * a;
        *dx = da * c - a;
        slope += da * x;
    }
    value[0] = sum;
    dc[0] = slope;
}

pub fn logistic(w: &[f64], b: &[f64], x: &[f64], out: &mut [f64]) {
    let n = x.len();
    let (value, rest) = out.split_at_mut(1);
    let (dw, rest) = rest.split_at_mut(w.len());
    let (db, dx) = rest.split_at_mut(b.len());
    let mut sum = 0.0;
    dx.fill(0.0);
    for i in 0..b.len() {
        let row = &w[i * n..(i + 1) * n];
        let mut z = b[i];
        for (w, x) in row.iter().zip(x) {
            z += w * x;
        }
        let s = 1.0 / (1.0 + (-z).exp());
        sum += s;
        let ds = s * (1.0 - s);
        db[i] = ds;
        for (dw, x) in dw[i * n..(i + 1) * n].iter_mut().zip(x) {
            *dw = ds * x;
        }
        for (dx, w) in dx.iter_mut().zip(row) {
            *dx += ds * w;
        }
    }
    value[0] = sum;
}

/// With respect to the parameters.
pub fn logistic_loss(m: &Logistic, x: &[f64], y: &[f64], out: &mut [f64]) {
    let (w, b) = (&m.weights, m.bias);
    let n = w.len();
    let scale = 1.0 / y.len() as f64;
    out.fill(0.0);
    for i in 0..y.len() {
        let row = &x[i * n..(i + 1) * n];
        let mut z = b;
        for (x, w) in row.iter().zip(w) {
            z += x * w;
        }
        let e = z.exp();
        out[0] += e.ln_1p() - y[i] * z;
        let d = (e / (1.0 + e) - y[i]) * scale;
        for (g, x) in out[1..=n].iter_mut().zip(row) {
            *g += d * x;
        }
        out[n + 1] += d;
    }
    out[0] *= scale;
}

/// What the gradient of the network needs of the forward pass, and the gradient itself.
pub struct MlpBuffers {
    hidden: Vec<f32>,
    out: Vec<f32>,
    back: Vec<f32>,
    pub gradient: Mlp,
}

impl MlpBuffers {
    pub fn new(m: &Mlp) -> MlpBuffers {
        MlpBuffers {
            hidden: m.b1.clone(),
            out: m.b2.clone(),
            back: m.b1.clone(),
            gradient: m.clone(),
        }
    }
}

/// With respect to the network; the value is returned.
pub fn mlp(m: &Mlp, x: &[f32], label: usize, buf: &mut MlpBuffers) -> f32 {
    let MlpBuffers {
        hidden,
        out,
        back,
        gradient: g,
    } = buf;
    let affine = |w: &[f32], b: &[f32], x: &[f32], out: &mut [f32]| {
        for (i, out) in out.iter_mut().enumerate() {
            let row = &w[i * x.len()..(i + 1) * x.len()];
            *out = b[i] + row.iter().zip(x).map(|(w, x)| w * x).sum::<f32>();
        }
    };
    affine(&m.w1, &m.b1, x, hidden);
    for h in hidden.iter_mut() {
        *h = h.max(0.0);
    }
    affine(&m.w2, &m.b2, hidden, out);
    let largest = out.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let at_label = out[label];
    let mut sum = 0.0;
    for o in out.iter_mut() {
        *o = (*o - largest).exp();
        sum += *o;
    }
    back.fill(0.0);
    let n = hidden.len();
    for i in 0..out.len() {
        let d = out[i] / sum - if i == label { 1.0 } else { 0.0 };
        g.b2[i] = d;
        for j in 0..n {
            g.w2[i * n + j] = d * hidden[j];
            back[j] += d * m.w2[i * n + j];
        }
    }
    for j in 0..n {
        let d = if hidden[j] > 0.0 { back[j] } else { 0.0 };
        g.b1[j] = d;
        for (g, x) in g.w1[j * x.len()..(j + 1) * x.len()].iter_mut().zip(x) {
            *g = d * x;
        }
    }
    largest + sum.ln() - at_label
}

/// What the backward pass of an LSTM step needs.
#[derive(Clone, Copy, Default)]
pub struct Step {
    x: [f64; 4],
    h: [f64; 4],
    c: [f64; 4],
    /// The gates after their functions.
    gates: [f64; 16],
    /// `tanh` of the new cell state.
    squashed: [f64; 4],
}

/// Numbers of a cell.
pub const CELL: usize = 152;

/// With respect to the cells and the input; `steps` is room for four steps of each cell.
pub fn lstm(cells: &[Cell], x: &[f64; 4], steps: &mut [Step], out: &mut [f64]) {
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let layers = cells.len();
    let mut state: [([f64; 4], [f64; 4]); 3] = Default::default();
    for (s, cell) in state.iter_mut().zip(cells) {
        *s = (cell.h, cell.c);
    }
    let mut x = *x;
    for t in 0..4 {
        for (l, m) in cells.iter().enumerate() {
            let (h, c) = &mut state[l];
            let mut g = m.bias;
            for i in 0..16 {
                for j in 0..4 {
                    g[i] += m.input[i][j] * x[j] + m.hidden[i][j] * h[j];
                }
            }
            let step = &mut steps[t * layers + l];
            (step.x, step.h, step.c) = (x, *h, *c);
            for i in 0..4 {
                let (a, f) = (sigmoid(g[i]), sigmoid(g[4 + i]));
                let (change, o) = (g[8 + i].tanh(), sigmoid(g[12 + i]));
                c[i] = f * c[i] + a * change;
                step.squashed[i] = c[i].tanh();
                h[i] = o * step.squashed[i];
                for (k, v) in [a, f, change, o].into_iter().enumerate() {
                    step.gates[4 * k + i] = v;
                }
            }
            x = *h;
        }
    }
    out.fill(0.0);
    out[0] = x[0] + x[1] + x[2] + x[3];
    let (dcells, dinput) = out[1..].split_at_mut(CELL * layers);
    let mut dx = [1.0; 4];
    let mut back: [([f64; 4], [f64; 4]); 3] = Default::default();
    for t in (0..4).rev() {
        for (l, m) in cells.iter().enumerate().rev() {
            let step = &steps[t * layers + l];
            let (dh, dc) = &mut back[l];
            let mut z = [0.0; 16];
            for i in 0..4 {
                let [a, f, change, o] = [0, 4, 8, 12].map(|k| step.gates[k + i]);
                let dh = dx[i] + dh[i];
                let tc = step.squashed[i];
                let d = dc[i] + dh * o * (1.0 - tc * tc);
                z[i] = d * change * a * (1.0 - a);
                z[4 + i] = d * step.c[i] * f * (1.0 - f);
                z[8 + i] = d * a * (1.0 - change * change);
                z[12 + i] = dh * tc * o * (1.0 - o);
                dc[i] = d * f;
            }
            (dx, *dh) = ([0.0; 4], [0.0; 4]);
            let dcell = &mut dcells[CELL * l..CELL * (l + 1)];
            for i in 0..16 {
                for j in 0..4 {
                    dcell[4 * i + j] += z[i] * step.x[j];
                    dcell[64 + 4 * i + j] += z[i] * step.h[j];
                    dx[j] += z[i] * m.input[i][j];
                    dh[j] += z[i] * m.hidden[i][j];
                }
                dcell[128 + i] += z[i];
            }
        }
    }
    for (l, (dh, dc)) in back.iter().take(layers).enumerate() {
        dcells[CELL * l + 144..CELL * l + 148].copy_from_slice(dh);
        dcells[CELL * l + 148..CELL * (l + 1)].copy_from_slice(dc);
    }
    dinput.copy_from_slice(&dx);
}
