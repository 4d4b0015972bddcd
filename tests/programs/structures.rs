//! Data structures: queues, grids, sparse matrices, matrices as structs, graphs.

use cotangent::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Matrix {
    data: Vec<f64>,
    rows: usize,
    cols: usize,
}

#[differentiable]
impl Matrix {
    fn zeros(rows: usize, cols: usize) -> Matrix {
        Matrix {
            data: vec![0.0; rows * cols],
            rows,
            cols,
        }
    }
    fn get(&self, i: usize, j: usize) -> f64 {
        self.data[i * self.cols + j]
    }
    fn set(&mut self, i: usize, j: usize, x: f64) {
        self.data[i * self.cols + j] = x;
    }
    fn mul(&self, o: &Matrix) -> Matrix {
        assert_eq!(self.cols, o.rows, "shapes do not match");
        let mut out = Matrix::zeros(self.rows, o.cols);
        for i in 0..self.rows {
            for j in 0..o.cols {
                let mut s = 0.0;
                for k in 0..self.cols {
                    s += self.get(i, k) * o.get(k, j);
                }
                out.set(i, j, s);
            }
        }
        out
    }
    fn trace(&self) -> f64 {
        (0..self.rows.min(self.cols)).map(|i| self.get(i, i)).sum()
    }
}

#[differentiable]
fn trace_of_cube(m: &Matrix) -> f64 {
    m.mul(m).mul(m).trace()
}

#[derive(Clone, Debug, Differentiable)]
struct Sparse {
    starts: Vec<usize>,
    cols: Vec<usize>,
    values: Vec<f64>,
}

#[differentiable]
fn sparse_product(m: &Sparse, x: &[f64]) -> f64 {
    let mut y = vec![0.0; m.starts.len() - 1];
    for i in 0..y.len() {
        for k in m.starts[i]..m.starts[i + 1] {
            y[i] += m.values[k] * x[m.cols[k]];
        }
    }
    y.iter().map(|v| v * v).sum()
}

/// Bellman and Ford.
#[differentiable]
fn shortest_path(edges: &[(usize, usize, f64)], n: usize) -> f64 {
    let mut dist = vec![f64::INFINITY; n];
    dist[0] = 0.0;
    for _ in 1..n {
        let mut changed = false;
        for &(a, b, w) in edges {
            if dist[a] + w < dist[b] {
                dist[b] = dist[a] + w;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    dist[n - 1]
}

#[derive(Clone, Debug, Differentiable)]
struct Ring {
    items: [f64; 4],
    head: usize,
    len: usize,
}

#[differentiable]
impl Ring {
    fn push(&mut self, x: f64) -> Option<f64> {
        let at = (self.head + self.len) % 4;
        if self.len == 4 {
            let old = self.items[self.head];
            self.items[self.head] = x;
            self.head = (self.head + 1) % 4;
            return Some(old);
        }
        self.items[at] = x;
        self.len += 1;
        None
    }
}

#[differentiable]
fn ring_buffer(xs: &[f64]) -> f64 {
    let mut r = Ring {
        items: [0.0; 4],
        head: 0,
        len: 0,
    };
    let mut dropped = 0.0;
    for (i, x) in xs.iter().enumerate() {
        if let Some(old) = r.push(x * x) {
            dropped += old * i as f64;
        }
    }
    dropped + r.items[r.head] * 3.0
}

#[differentiable]
fn group_sums(keys: &[usize], values: &[f64]) -> f64 {
    let mut groups: Vec<Vec<f64>> = vec![Vec::new(); 3];
    for (k, v) in keys.iter().zip(values) {
        groups[*k].push(*v);
    }
    groups
        .iter()
        .filter(|g| !g.is_empty())
        .map(|g| g.iter().sum::<f64>() / g.len() as f64)
        .map(|m| m.powi(2))
        .sum()
}

#[differentiable]
fn life(grid: &[Vec<f64>], k: f64) -> f64 {
    let (h, w) = (grid.len() as i32, grid[0].len() as i32);
    let mut total = 0.0;
    for y in 0..h {
        for x in 0..w {
            let mut around = 0.0;
            for dy in -1..=1 {
                for dx in -1i32..=1 {
                    if (dx, dy) == (0, 0) {
                        continue;
                    }
                    let (nx, ny) = (x + dx, y + dy);
                    if nx >= 0 && nx < w && ny >= 0 && ny < h {
                        around += grid[ny as usize][nx as usize];
                    }
                }
            }
            total += (k * around - grid[y as usize][x as usize]).tanh();
        }
    }
    total
}

#[derive(Clone, Debug, Differentiable)]
struct Account {
    balance: f64,
    history: Vec<f64>,
}

#[differentiable]
fn transfer(accounts: &mut [Account], from: usize, to: usize, amount: f64) {
    accounts[from].balance -= amount;
    accounts[to].balance += amount;
    let b = accounts[to].balance;
    accounts[to].history.push(b);
}

#[differentiable]
fn ledger(balances: &[f64], fee: f64) -> f64 {
    let mut accounts: Vec<Account> = balances
        .iter()
        .map(|&balance| Account {
            balance,
            history: vec![],
        })
        .collect();
    for i in 0..4 {
        let n = accounts.len();
        transfer(&mut accounts, i % n, (i + 1) % n, 0.5 * fee);
        let last = accounts.last_mut().unwrap();
        last.balance *= 1.0 - fee;
    }
    accounts
        .iter()
        .map(|a| a.balance * a.balance + a.history.iter().map(|h| h * fee).sum::<f64>())
        .sum()
}

#[differentiable]
fn polygon_area(points: &[(f64, f64)]) -> f64 {
    let mut a = 0.0;
    let mut prev = *points.last().unwrap();
    for &p in points {
        a += prev.0 * p.1 - p.0 * prev.1;
        prev = p;
    }
    a.abs() / 2.0
}

#[differentiable]
fn option_fields(xs: &[Option<f64>]) -> f64 {
    let known: Vec<f64> = xs.iter().filter_map(|x| *x).collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    xs.iter().map(|x| x.unwrap_or(mean)).map(|x| x * x).sum()
}

#[differentiable]
fn nested_arrays(t: &[[[f64; 2]; 2]]) -> f64 {
    let mut s = 0.0;
    for plane in t {
        for row in plane {
            let [a, b] = *row;
            s += a * b;
        }
        s *= plane[0][1];
    }
    s
}

/// Karatsuba on coefficient vectors.
#[differentiable]
fn multiply_polys(a: &[f64], b: &[f64]) -> Vec<f64> {
    if a.len() <= 1 {
        return b
            .iter()
            .map(|x| x * a.first().copied().unwrap_or(0.0))
            .collect();
    }
    let h = a.len() / 2;
    let low = multiply_polys(&a[..h], b);
    let high = multiply_polys(&a[h..], b);
    let mut out = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in low.iter().enumerate() {
        out[i] += x;
    }
    for (i, x) in high.iter().enumerate() {
        out[i + h] += x;
    }
    out
}

#[differentiable]
fn poly_norm(a: &[f64], b: &[f64]) -> f64 {
    multiply_polys(a, b)
        .iter()
        .map(|x| x * x)
        .sum::<f64>()
        .sqrt()
}

#[test]
fn matrices() {
    check!(trace_of_cube(&Matrix {
        data: vec![1.0, 0.5, -0.3, 2.0],
        rows: 2,
        cols: 2
    }));
    let m = Sparse {
        starts: vec![0, 2, 3],
        cols: vec![0, 2, 1],
        values: vec![1.0, 2.0, -0.5],
    };
    check!(sparse_product(&m, &[1.0, 0.5, 2.0]));
    check!(nested_arrays(&[
        [[1.0, 2.0], [3.0, 0.5]],
        [[0.2, 0.7], [1.5, -1.0]]
    ]));
}

#[test]
fn graphs() {
    check!(shortest_path(
        &[
            (0, 1, 1.0),
            (1, 2, 2.5),
            (0, 2, 4.0),
            (2, 3, 1.0),
            (1, 3, 3.8)
        ],
        4
    ));
    check!(polygon_area(&[
        (0.0, 0.0),
        (2.0, 0.3),
        (2.5, 1.5),
        (0.5, 1.0)
    ]));
    check!(life(&[vec![0.1, 0.9, 0.3], vec![0.5, 0.2, 0.8]], 0.4));
}

#[test]
fn collections() {
    check!(ring_buffer(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    check!(group_sums(&[0, 2, 0, 2, 2], &[1.0, 2.0, 3.0, 4.0, 5.0]));
    check!(ledger(&[1.0, 2.0, 3.0], 0.1));
    check!(option_fields(&[Some(1.0), None, Some(3.0)]));
    check!(poly_norm(&[1.0, 2.0, 3.0], &[0.5, -1.0]));
}
