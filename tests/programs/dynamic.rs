//! Dynamic programming, recursion, trees in vectors, randomness by hand.

use cotangent::{Differentiable, differentiable};

#[differentiable]
fn softmin(a: f64, b: f64, c: f64) -> f64 {
    let m = a.min(b).min(c);
    m - ((m - a).exp() + (m - b).exp() + (m - c).exp()).ln()
}

#[differentiable]
fn soft_edit_distance(a: &[f64], b: &[f64]) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut d = vec![vec![0.0; m + 1]; n + 1];
    for i in 0..=n {
        d[i][0] = i as f64;
    }
    for j in 0..=m {
        d[0][j] = j as f64;
    }
    for i in 1..=n {
        for j in 1..=m {
            let cost = (a[i - 1] - b[j - 1]).powi(2);
            d[i][j] = softmin(d[i - 1][j] + 1.0, d[i][j - 1] + 1.0, d[i - 1][j - 1] + cost);
        }
    }
    d[n][m]
}

#[differentiable]
fn time_warp(a: &[f64], b: &[f64]) -> f64 {
    let mut row: Vec<f64> = vec![f64::INFINITY; b.len() + 1];
    row[0] = 0.0;
    for x in a {
        let mut diagonal = row[0];
        row[0] = f64::INFINITY;
        for j in 1..=b.len() {
            let up = row[j];
            let cost = (x - b[j - 1]) * (x - b[j - 1]);
            row[j] = cost + up.min(row[j - 1]).min(diagonal);
            diagonal = up;
        }
    }
    row[b.len()]
}

#[differentiable]
fn knapsack(values: &[f64], weights: &[usize], capacity: usize) -> f64 {
    let mut best = vec![0.0f64; capacity + 1];
    for (v, &w) in values.iter().zip(weights) {
        for c in (w..=capacity).rev() {
            best[c] = best[c].max(best[c - w] + v * v);
        }
    }
    best[capacity]
}

#[differentiable]
fn viterbi(start: [f64; 2], step: [[f64; 2]; 2], emit: &[[f64; 2]]) -> f64 {
    let mut score = [start[0] + emit[0][0], start[1] + emit[0][1]];
    for e in emit.iter().skip(1) {
        let mut next = [f64::NEG_INFINITY; 2];
        for to in 0..2 {
            for from in 0..2 {
                let s = score[from] + step[from][to] + e[to];
                if s > next[to] {
                    next[to] = s;
                }
            }
        }
        score = next;
    }
    score[0].max(score[1])
}

#[differentiable]
fn forward_algorithm(start: &[f64], step: &[Vec<f64>], emit: &[Vec<f64>], seen: &[usize]) -> f64 {
    let n = start.len();
    let mut alpha: Vec<f64> = (0..n).map(|i| start[i] * emit[i][seen[0]]).collect();
    for &o in &seen[1..] {
        alpha = (0..n)
            .map(|j| (0..n).map(|i| alpha[i] * step[i][j]).sum::<f64>() * emit[j][o])
            .collect();
    }
    alpha.iter().sum::<f64>().ln()
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Node {
    value: f64,
    left: Option<usize>,
    right: Option<usize>,
}

#[differentiable]
fn tree_sum(nodes: &[Node], at: usize, depth: i32) -> f64 {
    let node = nodes[at];
    let mut s = node.value.powi(depth);
    if let Some(l) = node.left {
        s += tree_sum(nodes, l, depth + 1);
    }
    if let Some(r) = node.right {
        s *= tree_sum(nodes, r, depth + 1);
    }
    s
}

#[differentiable]
fn tree_max(nodes: &[Node], at: Option<usize>) -> Option<f64> {
    let node = nodes[at?];
    let l = tree_max(nodes, node.left);
    let r = tree_max(nodes, node.right);
    let mut best = node.value;
    for x in [l, r] {
        if let Some(x) = x {
            if x > best {
                best = x;
            }
        }
    }
    Some(best)
}

#[differentiable]
fn tree_max_or(nodes: &[Node]) -> f64 {
    tree_max(nodes, if nodes.is_empty() { None } else { Some(0) }).map_or(-1.0, |x| x * x)
}

/// An explicit stack in place of recursion.
#[differentiable]
fn tree_walk(nodes: &[Node]) -> f64 {
    let mut stack = vec![(0usize, 1.0)];
    let mut total = 0.0;
    while let Some((at, weight)) = stack.pop() {
        let n = &nodes[at];
        total += weight * n.value * n.value;
        if let Some(l) = n.left {
            stack.push((l, weight * 0.5));
        }
        if let Some(r) = n.right {
            stack.push((r, weight * n.value));
        }
    }
    total
}

#[differentiable]
fn monte_carlo(mu: f64, sigma: f64, n: usize) -> f64 {
    let mut state: u64 = 42;
    let mut total = 0.0;
    for _ in 0..n {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let u = (state >> 11) as f64 / (1u64 << 53) as f64;
        let x = mu + sigma * (u - 0.5);
        total += x * x * x.exp();
    }
    total / n as f64
}

#[differentiable]
fn xorshift_walk(drift: f64) -> f64 {
    let mut s = 0x9E37_79B9u32;
    let mut x = 0.0;
    for _ in 0..20 {
        s ^= s << 13;
        s ^= s >> 17;
        s ^= s << 5;
        x += if s & 1 == 0 { drift } else { -0.5 * x * drift };
    }
    x
}

#[differentiable]
fn ackermann_like(x: f64, m: u32, n: u32) -> f64 {
    if m == 0 {
        return x * (n + 1) as f64;
    }
    if n == 0 {
        return ackermann_like(x.sin(), m - 1, 1);
    }
    ackermann_like(x, m - 1, n - 1) + 0.5 * ackermann_like(x * 0.9, m, n - 1)
}

#[differentiable]
fn is_even(n: u32, x: f64) -> f64 {
    if n == 0 { x } else { is_odd(n - 1, x * 1.1) }
}
#[differentiable]
fn is_odd(n: u32, x: f64) -> f64 {
    if n == 0 { -x } else { is_even(n - 1, x + 0.5) }
}

#[differentiable]
fn bezier(points: &[[f64; 2]], t: f64) -> f64 {
    let mut p = points.to_vec();
    while p.len() > 1 {
        p = p
            .windows(2)
            .map(|w| {
                [
                    w[0][0] * (1.0 - t) + w[1][0] * t,
                    w[0][1] * (1.0 - t) + w[1][1] * t,
                ]
            })
            .collect();
    }
    p[0][0] * p[0][1]
}

#[differentiable]
fn merge_sum(xs: &[f64]) -> f64 {
    match xs.len() {
        0 => 0.0,
        1 => xs[0] * xs[0],
        n => {
            let (a, b) = xs.split_at(n / 2);
            merge_sum(a) + 0.5 * merge_sum(b)
        }
    }
}

#[differentiable]
fn memo_fibonacci(x: f64, n: usize) -> f64 {
    fn go(n: usize, x: f64, memo: &mut Vec<Option<f64>>) -> f64 {
        if n < 2 {
            return x + n as f64;
        }
        if let Some(v) = memo[n] {
            return v;
        }
        let v = go(n - 1, x, memo) + 0.3 * go(n - 2, x, memo);
        memo[n] = Some(v);
        v
    }
    let mut memo = vec![None; n + 1];
    go(n, x, &mut memo)
}

fn tree() -> Vec<Node> {
    let node = |value, left, right| Node { value, left, right };
    vec![
        node(1.5, Some(1), Some(2)),
        node(0.5, None, Some(3)),
        node(2.0, Some(4), None),
        node(1.25, None, None),
        node(3.0, None, None),
    ]
}

#[test]
fn tables() {
    check!(soft_edit_distance(&[0.1, 0.9, 0.4], &[0.2, 0.5]));
    check!(time_warp(&[1.0, 2.0, 4.0], &[1.1, 3.0, 3.9, 5.0]));
    check!(knapsack(&[1.0, 2.0, 1.5], &[2, 3, 2], 5));
    check!(viterbi(
        [0.1, 0.2],
        [[0.3, -0.1], [0.2, 0.6]],
        &[[0.5, 0.1], [0.2, 0.9], [1.0, 0.3]]
    ));
    check!(forward_algorithm(
        &[0.6, 0.4],
        &[vec![0.7, 0.3], vec![0.4, 0.6]],
        &[vec![0.1, 0.4, 0.5], vec![0.6, 0.3, 0.1]],
        &[0, 1, 2]
    ));
    check!(memo_fibonacci(0.7, 8));
}

#[test]
fn trees() {
    check!(tree_sum(&tree(), 0, 1));
    check!(tree_max_or(&tree()));
    check!(tree_max_or(&[] as &[Node]));
    check!(tree_walk(&tree()));
}

#[test]
fn recursion() {
    check!(ackermann_like(0.8, 2, 3));
    check!(is_even(5, 0.4));
    check!(bezier(
        &[[0.0, 1.0], [1.0, 2.0], [2.0, -1.0], [3.0, 0.5]],
        0.3
    ));
    check!(merge_sum(&[1.0, 2.0, 3.0, 4.0, 5.0]));
    check!(merge_sum(&[0.0; 0]));
}

#[test]
fn randomness() {
    check!(monte_carlo(0.2, 1.3, 50));
    check!(xorshift_walk(0.3));
}
