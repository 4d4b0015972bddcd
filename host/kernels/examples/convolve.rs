//! Convolutions of 3 by 3 of images against products of matrices of the same size, in GFLOP/s on one thread: the least time of many short runs.
//! `cargo run --release -p cotangent-kernels --example convolve`.

use cotangent_kernels::Isa;
use cotangent_kernels::block::{Kernels, gemm};
use cotangent_kernels::window::conv::{
    Gathered, Group, backward, backward_parts, forward, forward_parts,
};
use cotangent_kernels::window::{Axis, NONE};
use std::time::Instant;

/// Seconds of the fastest run of each, taken in turns, so that what else the machine does meets all alike.
fn least<const N: usize>(mut runs: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut best = [f64::INFINITY; N];
    let begin = Instant::now();
    while begin.elapsed().as_secs_f64() < 2.0 {
        for (best, run) in best.iter_mut().zip(&mut runs) {
            let start = Instant::now();
            run();
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best
}

/// Windows of three places, one place around.
fn axis(n: usize) -> Axis {
    let at = |k: usize| match (k / 3 + k % 3).checked_sub(1) {
        Some(i) if i < n => i as u32,
        _ => NONE,
    };
    Axis {
        rows: n,
        taps: 3,
        source: n,
        at: (0..3 * n).map(at).collect(),
    }
}

fn main() {
    let kernels = Kernels::<f32>::new(Isa::best());
    println!(
        "{:>22} {:>9} {:>9} {:>9} {:>9}",
        "GFLOP/s", "forward", "operand", "kernel", "gemm"
    );
    for (n, from, to) in [
        (224, 3, 64),
        (224, 64, 64),
        (112, 64, 128),
        (56, 256, 256),
        (28, 512, 512),
        (14, 512, 512),
    ] {
        let (rows, columns) = (n * n, 9 * from);
        let x = vec![0.5f32; rows * from];
        let w = vec![0.5f32; columns * to];
        let mut y = vec![0f32; rows * to];
        let mut dw = vec![0f32; columns * to];
        let mut dx = vec![0f32; rows * from];
        let flops = 2.0 * rows as f64 * columns as f64 * to as f64 * 1e-9;
        let windows = |features| Gathered::new(1, vec![axis(n), axis(n)], features, features);
        let g = windows(from).expect("the tables are right");
        let (m, k) = forward_parts(&g, to);
        let out = y.as_mut_ptr();
        // SAFETY: the arrays are as long as the extents say, here and below.
        let mut there = || unsafe {
            let all = Group {
                source: x.as_ptr(),
                right: (w.as_ptr(), to),
                out: (out, to),
                outputs: to,
            };
            (0..m * k).for_each(|p| forward(&kernels, &g, all, p));
        };
        let back = windows(to).expect("the tables are right");
        let (m, k) = forward_parts(&back, from);
        let out = dx.as_mut_ptr();
        // SAFETY: see above.
        let mut operand = || unsafe {
            let all = Group {
                source: y.as_ptr(),
                right: (w.as_ptr(), from),
                out: (out, from),
                outputs: from,
            };
            (0..m * k).for_each(|p| forward(&kernels, &back, all, p));
        };
        let (m, k) = backward_parts(&g, to);
        let out = dw.as_mut_ptr();
        // SAFETY: see above.
        let mut kernel = || unsafe {
            let all = Group {
                source: x.as_ptr(),
                right: (y.as_ptr(), to),
                out: (out, to),
                outputs: to,
            };
            (0..m * k).for_each(|p| backward(&kernels, &g, all, p));
        };
        let some = rows.min(1024);
        let a = vec![0.5f32; some * columns];
        let mut c = vec![0f32; some * to];
        let mut product = || gemm((some, to, columns), &a, &w, &mut c);
        let [there, operand, kernel, product] =
            least([&mut there, &mut operand, &mut kernel, &mut product]);
        let share = some as f64 / rows as f64;
        println!(
            "{:>22} {:9.1} {:9.1} {:9.1} {:9.1}",
            format!("{n} x {n}, {from} -> {to}"),
            flops / there,
            flops / operand,
            flops / kernel,
            flops * share / product,
        );
    }
}
