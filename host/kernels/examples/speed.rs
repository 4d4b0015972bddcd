//! The least time per element of every function (and of kernels) over many short runs: useful on a loaded machine, where the
//! medians of the benchmarks say little. `cargo run --release -p cotangent-kernels --example speed [name]`.

use cotangent_kernels::Isa;
use cotangent_kernels::math::{Element, Fn1, Fn2, entry_sincos, entry1, entry2};
use std::time::Instant;

const N: usize = 4096;

fn least(mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..600 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
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

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    all::<f64>("f64", &only, |x| x);
    all::<f32>("f32", &only, |x| x as f32);
}
