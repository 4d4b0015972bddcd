//! The least time per element of every function (and of kernels) over many short runs: useful on a loaded machine, where the
//! medians of the benchmarks say little. `cargo run --release -p cotangent-kernels --example speed [name]`.

use cotangent_kernels::Isa;
use cotangent_kernels::block::{Kernels, Number};
use cotangent_kernels::math::{Element, Fn1, Fn2, entry_sincos, entry1, entry2};
use std::time::Instant;

const N: usize = 4096;

fn least(mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let begin = Instant::now();
    for _ in 0..600 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
        if begin.elapsed().as_secs_f64() > 0.3 {
            break;
        }
    }
    best
}

fn report(kind: &str, name: &str, isa: Isa, seconds: f64) {
    println!(
        "{kind} {name:9} {isa:?}: {:.3} Gelem/s",
        N as f64 / seconds * 1e-9
    );
}

fn all<T: Element + Default>(kind: &str, only: &str, to: fn(f64) -> T) {
    for isa in Isa::available().into_iter().rev() {
        for &f in Fn1::ALL {
            let (a, b) = match f {
                Fn1::Asin | Fn1::Acos => (-0.999, 0.999),
                Fn1::Log | Fn1::Log2 | Fn1::Log10 | Fn1::Log1p | Fn1::Sqrt | Fn1::Rsqrt => {
                    (1e-3, 100.0)
                }
                _ => (-5.0, 5.0),
            };
            let x: Vec<T> = (0..N)
                .map(|i| to(a + (b - a) * (i as f64 + 0.5) / N as f64))
                .collect();
            let mut y = vec![T::default(); N];
            let entry = entry1::<T>(isa, f);
            if f.name().contains(only) {
                // SAFETY: both arrays have N elements.
                report(
                    kind,
                    f.name(),
                    isa,
                    least(|| unsafe { entry(N, x.as_ptr(), y.as_mut_ptr()) }),
                );
            }
        }
        let x: Vec<T> = (0..N).map(|i| to(0.01 + i as f64 * 0.01)).collect();
        let huge: Vec<T> = (0..N).map(|i| to(1e15 + 3e17 * i as f64)).collect();
        let (mut y, mut z) = (vec![T::default(); N], vec![T::default(); N]);
        if "pow".contains(only) {
            let pow = entry2::<T>(isa, Fn2::Pow);
            // SAFETY: all arrays have N elements.
            report(
                kind,
                "pow",
                isa,
                least(|| unsafe { pow(N, x.as_ptr(), x.as_ptr(), y.as_mut_ptr()) }),
            );
        }
        if "sincos".contains(only) {
            let both = entry_sincos::<T>(isa);
            // SAFETY: all arrays have N elements.
            report(
                kind,
                "sincos",
                isa,
                least(|| unsafe { both(N, x.as_ptr(), y.as_mut_ptr(), z.as_mut_ptr()) }),
            );
            let sin = entry1::<T>(isa, Fn1::Sin);
            // SAFETY: all arrays have N elements.
            report(
                kind,
                "sin huge",
                isa,
                least(|| unsafe { sin(N, huge.as_ptr(), y.as_mut_ptr()) }),
            );
        }
    }
}

/// Kernels over arrays in the first-level cache, and small matrices.
fn kernels<T: Number>(kind: &str, only: &str, to: fn(f64) -> T) {
    const M: usize = 64;
    let x: Vec<T> = (0..N).map(|i| to(1.0 / (i + 1) as f64)).collect();
    let (mut y, mut z) = (x.clone(), x.clone());
    let (zero, n) = (to(1e-9), 1024);
    for isa in Isa::available().into_iter().rev() {
        let k = Kernels::<T>::new(isa);
        let (xp, yp, zp): (*const T, *mut T, *mut T) = (x.as_ptr(), y.as_mut_ptr(), z.as_mut_ptr());
        let mut sink = zero;
        let run = |name: &str, elements: usize, f: &mut dyn FnMut()| {
            if name.contains(only) {
                let repeat = 16.min(1 + 4_000_000 / elements);
                let seconds = least(|| (0..repeat).for_each(|_| f()));
                println!(
                    "{kind} {name:9} {isa:?}: {:.2} Gelem/s",
                    (repeat * elements) as f64 / seconds * 1e-9
                );
            }
        };
        const L: usize = 400;
        let big: Vec<T> = (0..L * L).map(|i| to((i % 7) as f64)).collect();
        let mut out = big.clone();
        let out = out.as_mut_ptr();
        // SAFETY: the matrices are L by L.
        run("gemm 400", L * L * L / 16, &mut || unsafe {
            (k.gemm)(L, L, L / 16, big.as_ptr(), big.as_ptr(), out)
        });
        // SAFETY: each matrix has at least 200 by 200 elements.
        run("gemm 200", 200 * 200 * 200, &mut || unsafe {
            (k.gemm)(200, 200, 200, big.as_ptr(), big.as_ptr(), out)
        });
        // SAFETY: all arrays have N = M * M elements, and n is less.
        unsafe {
            run("axpy", n, &mut || (k.axpy)(n, zero, xp, yp));
            run("scale", n, &mut || (k.scale)(n, zero, xp, yp));
            run("fill", n, &mut || (k.fill)(n, zero, yp));
            run("mul", n, &mut || (k.mul)(n, xp, xp, yp));
            run("mul_add", n, &mut || (k.mul_add)(n, xp, xp, yp));
            run("dot", n, &mut || sink = (k.dot)(n, xp, yp));
            run("sum", n, &mut || sink = (k.sum)(n, xp));
            run("max", n, &mut || sink = (k.max)(n, xp));
            run("argmax", n, &mut || {
                std::hint::black_box((k.argmax)(n, xp.add(n)));
            });
            run("gemv", M * M, &mut || (k.gemv)(M, M, xp, xp, yp));
            run("gemv_t", M * M, &mut || (k.gemv_t)(M, M, xp, xp, yp));
            run("ger", M * M, &mut || (k.ger)(M, M, xp, xp, zp));
            run("gemm 8", 8 * 8 * 8, &mut || (k.gemm)(8, 8, 8, xp, xp, yp));
            run("gemm 32", 32 * 32 * 32, &mut || {
                (k.gemm)(32, 32, 32, xp, xp, yp)
            });
            run("gemm 64", M * M * M, &mut || (k.gemm)(M, M, M, xp, xp, yp));
        }
        std::hint::black_box(sink);
    }
}

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    all::<f64>("f64", &only, |x| x);
    all::<f32>("f32", &only, |x| x as f32);
    kernels::<f64>("f64", &only, |x| x);
    kernels::<f32>("f32", &only, |x| x as f32);
}
