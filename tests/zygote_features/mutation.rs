//! What Zygote's documentation lists first among its limitations: arrays that are changed.

use cotangent::{Differentiable, differentiable};

#[differentiable]
fn set_elements(x: f64, y: f64) -> f64 {
    let mut a = [1.0, 2.0, 3.0];
    a[0] = x;
    a[1] = a[0] * y;
    a[0] = 5.0;
    a[0] + a[1] * a[2]
}

#[test]
fn setindex() {
    check!(|x| set_elements(x[0], x[1]), [2.0, 3.0] => 23.0, [9.0, 6.0]);
}

#[differentiable]
fn update_elements(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    a[0] += a[1];
    a[1] *= a[0];
    a[2] -= a[1];
    a[0] /= a[2];
    a[0]
}

#[test]
fn compound_assignment_of_elements() {
    // (x + y) / (z - y (x + y)) at (1, 2, 4): 3 / -2.
    check!(|x| update_elements(x), [1.0, 2.0, 4.0] => -1.5, [1.0, 3.25, -0.75]);
}

#[differentiable]
fn push_and_pop(x: f64, n: usize) -> f64 {
    let mut stack = Vec::new();
    for i in 0..n {
        stack.push(x * i as f64);
    }
    let mut sum = 0.0;
    while let Some(v) = stack.pop() {
        sum = sum * 0.5 + v * v;
    }
    sum
}

#[test]
fn push_and_pop_vectors() {
    // 0 + (1 + (4 + 9/2)/2)/2 with all terms times x squared.
    check!(|x| push_and_pop(x[0], 4), [2.0] => 10.5, [10.5]);
}

#[differentiable]
fn fill_then_read(x: f64) -> f64 {
    let mut a = vec![1.0; 4];
    a.fill(x);
    a[2] = 7.0;
    a[0] * a[1] + a[2]
}

#[test]
fn fill() {
    check!(|x| fill_then_read(x[0]), [3.0] => 16.0, [6.0]);
}

#[differentiable]
fn swap_elements(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    a.swap(0, 2);
    a.swap(1, 2);
    a[0] + 10.0 * a[1] + 100.0 * a[2]
}

#[test]
fn swap() {
    check!(|x| swap_elements(x), [1.0, 2.0, 3.0] => 213.0, [10.0, 100.0, 1.0]);
}

#[differentiable]
fn swap_variables(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    std::mem::swap(&mut a, &mut b);
    let old = std::mem::replace(&mut a, x * 2.0);
    a + 3.0 * b + 5.0 * old
}

#[test]
fn swap_and_replace() {
    check!(|x| swap_variables(x[0], x[1]), [2.0, 3.0] => 25.0, [5.0, 5.0]);
}

#[differentiable]
fn copy_slices(x: &[f64]) -> f64 {
    let mut a = [0.0; 5];
    a[1..3].copy_from_slice(x);
    a[3..5].copy_from_slice(x);
    a[2] = a[3] * a[4];
    a[1] * a[2]
}

#[test]
fn copyto() {
    check!(|x| copy_slices(x), [2.0, 3.0] => 12.0, [12.0, 4.0]);
}

#[differentiable]
fn extend_and_append(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let mut more = vec![a[0] * a[1], 2.0 * a[0]];
    a.append(&mut more);
    a.extend_from_slice(x);
    let mut sum = more.len() as f64;
    for i in 0..a.len() {
        sum += (i + 1) as f64 * a[i];
    }
    sum
}

#[test]
fn append_and_extend() {
    // x + 2y + 3xy + 4*2x + 5x + 6y
    check!(|x| extend_and_append(x), [2.0, 3.0] => 70.0, [23.0, 14.0]);
}

#[differentiable]
fn insert_and_remove(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    a.insert(1, 10.0);
    let taken = a.remove(0);
    a.truncate(2);
    taken * taken + a[0] * a[1] + a.len() as f64
}

#[test]
fn insert_remove_truncate() {
    check!(|x| insert_and_remove(x), [2.0, 3.0, 4.0] => 36.0, [4.0, 10.0, 0.0]);
}

#[differentiable]
fn clear_and_reuse(x: f64) -> f64 {
    let mut a = vec![x, x * x];
    let first = a[1];
    a.clear();
    a.push(3.0 * x);
    a.resize(3, x);
    first + a[0] * a[2] + a.len() as f64
}

#[test]
fn clear_and_resize() {
    check!(|x| clear_and_reuse(x[0]), [2.0] => 19.0, [16.0]);
}

#[differentiable]
fn square_in_place(a: &mut [f64]) {
    for v in a.iter_mut() {
        *v = *v * *v;
    }
}

#[differentiable]
fn prefix_sums_in_place(a: &mut [f64]) {
    for i in 1..a.len() {
        a[i] += a[i - 1];
    }
}

#[differentiable]
fn in_place_functions(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    square_in_place(&mut a);
    prefix_sums_in_place(&mut a);
    square_in_place(&mut a[1..]);
    a[0] + a[1] + a[2]
}

#[test]
fn functions_that_change_their_arguments() {
    // x² + (x² + y²)² + (x² + y² + z²)²
    check!(|x| in_place_functions(x), [1.0, 2.0, 1.0] => 62.0, [2.0 + 20.0 + 24.0, 40.0 + 48.0, 24.0]);
}

#[differentiable]
fn bubble_sort(a: &mut [f64]) {
    let n = a.len();
    for i in 0..n {
        for j in 0..n - 1 - i {
            if a[j] > a[j + 1] {
                a.swap(j, j + 1);
            }
        }
    }
}

#[differentiable]
fn weighted_order(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    bubble_sort(&mut a);
    a[0] + 10.0 * a[1] + 100.0 * a[2]
}

#[test]
fn sorting_in_place() {
    check!(|x| weighted_order(x), [3.0, 1.0, 2.0] => 321.0, [100.0, 1.0, 10.0]);
}

#[differentiable]
fn library_sort(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    a.sort_by(|p, q| p.total_cmp(q));
    a.reverse();
    a[0] + 10.0 * a[1] + 100.0 * a[2]
}

#[test]
fn sort_and_reverse() {
    check!(|x| library_sort(x), [3.0, 1.0, 2.0] => 123.0, [1.0, 100.0, 10.0]);
}

#[differentiable]
fn matrix_rows(x: &[f64]) -> f64 {
    let mut m = vec![vec![0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            m[i][j] = x[i] * x[j];
        }
    }
    for row in m.iter_mut() {
        for v in row.iter_mut() {
            *v += 1.0;
        }
    }
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[test]
fn nested_arrays() {
    // (x² + 1)(y² + 1) - (xy + 1)² = (x - y)²
    check!(|x| matrix_rows(x), [2.0, 5.0] => 9.0, [-6.0, 6.0]);
}

#[differentiable]
fn solve_in_place(m: &mut [[f64; 2]; 2], b: &mut [f64; 2]) {
    for k in 0..2 {
        let mut pivot = k;
        for i in k + 1..2 {
            if m[i][k].abs() > m[pivot][k].abs() {
                pivot = i;
            }
        }
        m.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..2 {
            let factor = m[i][k] / m[k][k];
            for j in k..2 {
                m[i][j] -= factor * m[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for k in (0..2).rev() {
        for j in k + 1..2 {
            b[k] -= m[k][j] * b[j];
        }
        b[k] /= m[k][k];
    }
}

#[differentiable]
fn solved(x: &[f64]) -> f64 {
    let mut m = [[x[0], 2.0], [3.0, 4.0]];
    let mut b = [x[1], 1.0];
    solve_in_place(&mut m, &mut b);
    b[0] + 2.0 * b[1]
}

#[test]
fn elimination_with_pivoting() {
    // With a = x[0], c = x[1]: (4c - 2 + 2a - 6c) / (4a - 6).
    check!(|x| solved(x), [1.0, 5.0] => 5.0, [2.0 / -2.0 - -10.0 * 4.0 / 4.0, -2.0 / -2.0]);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Particle {
    position: [f64; 2],
    velocity: [f64; 2],
}

#[differentiable]
fn simulate(particles: &mut [Particle], steps: usize, dt: f64) {
    for _ in 0..steps {
        for p in particles.iter_mut() {
            for k in 0..2 {
                p.velocity[k] -= dt * p.position[k];
                p.position[k] += dt * p.velocity[k];
            }
        }
    }
}

#[differentiable]
fn end_of_simulation(speed: f64) -> f64 {
    let mut particles = vec![
        Particle {
            position: [1.0, 0.0],
            velocity: [0.0, speed],
        },
        Particle {
            position: [0.0, speed],
            velocity: [1.0, 0.0],
        },
    ];
    simulate(&mut particles, 2, 0.5);
    particles[0].position[1] + particles[1].position[1]
}

#[test]
fn fields_of_structs_in_arrays() {
    // First: v, then position v/2; velocity 3v/4, position 7v/8. Second: position 5v/8 after -v/2 + ..., see the loop.
    let first = 0.875;
    let second = 0.75 + 0.5 * (-0.5 - 0.375);
    check!(|x| end_of_simulation(x[0]), [2.0] => 2.0 * (first + second), [first + second]);
}

#[differentiable]
fn buffered(x: &[f64]) -> Vec<f64> {
    let mut buffer = vec![0.0; x.len()];
    buffer[0] = x[0];
    for i in 1..x.len() {
        buffer[i] = buffer[i - 1] * x[i];
    }
    buffer
}

#[differentiable]
fn buffer_sum(x: &[f64]) -> f64 {
    let products = buffered(x);
    products.iter().sum::<f64>()
}

#[test]
fn buffer_that_is_returned() {
    check!(|x| buffer_sum(x), [2.0, 3.0, 4.0] => 32.0, [16.0, 10.0, 6.0]);
}

#[differentiable]
fn diffuse(u: &[f64], steps: usize) -> f64 {
    let mut now = u.to_vec();
    let mut next = vec![0.0; u.len()];
    for _ in 0..steps {
        for i in 0..u.len() {
            let left = if i > 0 { now[i - 1] } else { 0.0 };
            let right = if i + 1 < u.len() { now[i + 1] } else { 0.0 };
            next[i] = now[i] + 0.25 * (left - 2.0 * now[i] + right);
        }
        std::mem::swap(&mut now, &mut next);
    }
    now[1]
}

#[test]
fn two_buffers_that_are_swapped() {
    // The squared stencil [1/4, 1/2, 1/4] with zero outside, middle row: 1/4, 3/8, 1/4.
    check!(|u| diffuse(u, 2), [1.0, 2.0, 4.0] => 2.0, [0.25, 0.375, 0.25]);
}

#[differentiable]
fn largest_element(a: &mut [f64]) -> usize {
    let mut at = 0;
    for i in 1..a.len() {
        if a[i] > a[at] {
            at = i;
        }
    }
    at
}

#[differentiable]
fn change_through_reference(x: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let at = largest_element(&mut a);
    let r = &mut a[at];
    *r *= 2.0;
    *r += 1.0;
    a[0] * a[1]
}

#[test]
fn change_through_a_reference() {
    check!(|x| change_through_reference(x), [2.0, 3.0] => 14.0, [7.0, 4.0]);
}

#[differentiable]
fn overwritten(x: f64) -> f64 {
    let mut a = [x, x];
    a[0] = a[0] * a[0];
    a[0] = 1.0;
    a[1] = a[0] + a[1];
    a[1]
}

#[test]
fn overwritten_values_have_no_gradient() {
    check!(|x| overwritten(x[0]), [3.0] => 4.0, [1.0]);
}
