//! Particles, heat, waves, filters.

use cotangent::{Differentiable, differentiable};
use std::ops::{Add, Mul, Sub};

#[differentiable]
fn heat(u0: &[f64], alpha: f64, steps: usize) -> f64 {
    let n = u0.len();
    let mut u = u0.to_vec();
    let mut next = vec![0.0; n];
    for _ in 0..steps {
        next[0] = u[0];
        next[n - 1] = u[n - 1];
        for i in 1..n - 1 {
            next[i] = u[i] + alpha * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u.iter().map(|x| x * x).sum()
}

#[differentiable]
fn laplace(top: f64, left: f64) -> f64 {
    let mut g = [[0.0; 5]; 5];
    for i in 0..5 {
        g[0][i] = top;
        g[i][0] = left * i as f64;
    }
    for _ in 0..10 {
        for i in 1..4 {
            for j in 1..4 {
                g[i][j] = 0.25 * (g[i - 1][j] + g[i + 1][j] + g[i][j - 1] + g[i][j + 1]);
            }
        }
    }
    g[2][2] * g[3][1]
}

#[differentiable]
fn wave(c: f64, amplitude: f64) -> f64 {
    const N: usize = 12;
    let mut prev = [0.0; N];
    let mut cur = [0.0; N];
    for i in 1..N - 1 {
        cur[i] = amplitude * (i as f64 * 0.3).sin();
        prev[i] = cur[i];
    }
    for _ in 0..8 {
        let mut next = cur;
        for i in 1..N - 1 {
            next[i] = 2.0 * cur[i] - prev[i] + c * c * (cur[i + 1] - 2.0 * cur[i] + cur[i - 1]);
        }
        prev = cur;
        cur = next;
    }
    cur.iter().map(|x| x.powi(2)).sum::<f64>()
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct V3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl V3 {
    const ZERO: V3 = V3 {
        x: 0.0,
        y: 0.0,
        z: 0.0,
    };
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }
    fn dot(self, o: V3) -> f64 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    fn cross(&self, o: &V3) -> V3 {
        V3::new(
            self.y * o.z - self.z * o.y,
            self.z * o.x - self.x * o.z,
            self.x * o.y - self.y * o.x,
        )
    }
    fn norm(&self) -> f64 {
        self.dot(*self).sqrt()
    }
}

#[differentiable]
impl Add for V3 {
    type Output = V3;
    fn add(self, o: V3) -> V3 {
        V3 {
            x: self.x + o.x,
            y: self.y + o.y,
            z: self.z + o.z,
        }
    }
}
#[differentiable]
impl Sub for V3 {
    type Output = V3;
    fn sub(self, o: V3) -> V3 {
        V3 {
            x: self.x - o.x,
            y: self.y - o.y,
            z: self.z - o.z,
        }
    }
}
#[differentiable]
impl Mul<f64> for V3 {
    type Output = V3;
    fn mul(self, k: f64) -> V3 {
        V3 {
            x: self.x * k,
            y: self.y * k,
            z: self.z * k,
        }
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Particle {
    pos: V3,
    vel: V3,
    mass: f64,
    id: usize,
}

#[differentiable]
fn forces(ps: &[Particle]) -> Vec<V3> {
    let mut f = vec![V3::ZERO; ps.len()];
    for i in 0..ps.len() {
        for j in 0..i {
            let d = ps[j].pos - ps[i].pos;
            let r = d.norm() + 0.1;
            let pull = d * (ps[i].mass * ps[j].mass / (r * r * r));
            f[i] = f[i] + pull;
            f[j] = f[j] - pull;
        }
    }
    f
}

#[differentiable]
fn n_body(ps: &[Particle], steps: usize, dt: f64) -> f64 {
    let mut ps = ps.to_vec();
    for _ in 0..steps {
        let f = forces(&ps);
        for (p, f) in ps.iter_mut().zip(f.iter()) {
            p.vel = p.vel + *f * (dt / p.mass);
            p.pos = p.pos + p.vel * dt;
        }
    }
    let kinetic: f64 = ps.iter().map(|p| 0.5 * p.mass * p.vel.dot(p.vel)).sum();
    let spin = ps
        .iter()
        .fold(V3::ZERO, |a, p| a + p.pos.cross(&p.vel) * p.mass);
    kinetic + spin.norm() + ps[0].id as f64
}

#[differentiable]
fn bounce(y0: f64, v0: f64, restitution: f64) -> f64 {
    let (mut y, mut v) = (y0, v0);
    let dt = 0.01;
    let mut bounces = 0;
    for _ in 0..150 {
        v -= 9.81 * dt;
        y += v * dt;
        if y < 0.0 {
            y = -y * restitution;
            v = -v * restitution;
            bounces += 1;
            if bounces >= 3 {
                break;
            }
        }
    }
    y + 0.1 * v
}

type M3 = [[f64; 3]; 3];

#[differentiable]
fn mul3(a: &M3, b: &M3) -> M3 {
    let mut c = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            for k in 0..3 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

#[differentiable]
fn transposed(a: &M3) -> M3 {
    std::array::from_fn(|i| std::array::from_fn(|j| a[j][i]))
}

#[derive(Clone, Differentiable)]
struct Kalman {
    x: [f64; 3],
    p: M3,
}

#[differentiable]
impl Kalman {
    fn predict(&mut self, f: &M3, q: f64) {
        let mut x = [0.0; 3];
        for i in 0..3 {
            for j in 0..3 {
                x[i] += f[i][j] * self.x[j];
            }
        }
        self.x = x;
        let fp = mul3(f, &self.p);
        self.p = mul3(&fp, &transposed(f));
        for i in 0..3 {
            self.p[i][i] += q;
        }
    }
    fn update(&mut self, z: f64, r: f64) -> f64 {
        let innovation = z - self.x[0];
        let s = self.p[0][0] + r;
        let k = [self.p[0][0] / s, self.p[1][0] / s, self.p[2][0] / s];
        for i in 0..3 {
            self.x[i] += k[i] * innovation;
        }
        let row = self.p[0];
        for i in 0..3 {
            for j in 0..3 {
                self.p[i][j] -= k[i] * row[j];
            }
        }
        0.5 * (innovation * innovation / s + s.ln())
    }
}

#[differentiable]
fn kalman(zs: &[f64], q: f64, r: f64, dt: f64) -> f64 {
    let f = [[1.0, dt, 0.5 * dt * dt], [0.0, 1.0, dt], [0.0, 0.0, 1.0]];
    let mut filter = Kalman {
        x: [0.0; 3],
        p: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };
    let mut nll = 0.0;
    for &z in zs {
        filter.predict(&f, q);
        nll += filter.update(z, r);
    }
    nll
}

/// Ising-like energy with periodic neighbours.
#[differentiable]
fn ring_energy(angles: &[f64], j: f64) -> f64 {
    let n = angles.len() as isize;
    let mut e = 0.0;
    for i in 0..n {
        for step in [-1, 1] {
            let k = (i + step).rem_euclid(n) as usize;
            e -= 0.5 * j * (angles[i as usize] - angles[k]).cos();
        }
    }
    e
}

#[differentiable]
fn lennard_jones(pos: &[[f64; 2]], eps: f64, sigma: f64) -> f64 {
    let mut e = 0.0;
    for (i, a) in pos.iter().enumerate() {
        for b in &pos[i + 1..] {
            let r2 = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
            if r2 > 9.0 {
                continue;
            }
            let s6 = (sigma * sigma / r2).powi(3);
            e += 4.0 * eps * (s6 * s6 - s6);
        }
    }
    e
}

#[test]
fn fields() {
    check!(heat(&[0.0, 1.0, 3.0, -1.0, 2.0, 0.5], 0.2, 7));
    check!(laplace(1.5, 0.5));
    check!(wave(0.6, 1.2));
    check!(ring_energy(&[0.1, 1.2, -0.7, 2.0], 1.5));
}

#[test]
fn bodies() {
    let p = |x: f64, m: f64, id| Particle {
        pos: V3 {
            x,
            y: 0.5 * x,
            z: 1.0 - x,
        },
        vel: V3 {
            x: 0.1,
            y: -0.2 * x,
            z: 0.3,
        },
        mass: m,
        id,
    };
    let ps = [p(0.0, 1.0, 3), p(1.0, 2.0, 1), p(-1.5, 0.5, 2)];
    check!(n_body(&ps, 4, 0.05));
    check!(bounce(0.5, 0.3, 0.8));
    check!(lennard_jones(
        &[[0.0, 0.0], [1.1, 0.2], [0.3, 1.3], [7.0, 7.0]],
        0.8,
        1.0
    ));
}

#[test]
fn filters() {
    check!(kalman(&[0.1, 0.5, 1.2, 1.8, 3.1], 0.01, 0.2, 0.5));
}
