//! Elements per second of every mathematical function over 16384 elements, on the best instruction set.
//! `cargo bench -p cotangent-kernels --bench math -- exp` runs those whose names contain `exp`.

use cotangent_kernels::math::{Element, Fn1, Fn2, map1, map2, sincos};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::time::Duration;

const N: usize = 16_384;

/// Arguments in the usual range of the function.
fn arguments(f: Fn1) -> Vec<f64> {
    let (a, b) = match f {
        Fn1::Asin | Fn1::Acos => (-0.999, 0.999),
        Fn1::Log | Fn1::Log2 | Fn1::Log10 | Fn1::Log1p | Fn1::Sqrt | Fn1::Rsqrt => (1e-3, 100.0),
        _ => (-5.0, 5.0),
    };
    (0..N)
        .map(|i| a + (b - a) * (i as f64 + 0.5) / N as f64)
        .collect()
}

fn one<T: Element + Default>(c: &mut Criterion, kind: &str, to: fn(f64) -> T) {
    let mut group = c.benchmark_group(kind);
    group.throughput(Throughput::Elements(N as u64));
    for &f in Fn1::ALL {
        let x: Vec<T> = arguments(f).into_iter().map(to).collect();
        let mut y = vec![T::default(); N];
        group.bench_function(BenchmarkId::from_parameter(f.name()), |b| {
            b.iter(|| map1(f, &x, &mut y))
        });
    }
    let x: Vec<T> = arguments(Fn1::Sin).into_iter().map(to).collect();
    let p: Vec<T> = arguments(Fn1::Log).into_iter().map(to).collect();
    let (mut s, mut t) = (vec![T::default(); N], vec![T::default(); N]);
    group.bench_function("sincos", |b| b.iter(|| sincos(&x, &mut s, &mut t)));
    group.bench_function("pow", |b| b.iter(|| map2(Fn2::Pow, &p, &x, &mut s)));
    if kind == "f64" {
        let huge: Vec<T> = (0..N).map(|i| to(1e15 + 3e17 * i as f64)).collect();
        group.bench_function("sin huge", |b| b.iter(|| map1(Fn1::Sin, &huge, &mut s)));
    }
    group.finish();
}

fn math(c: &mut Criterion) {
    one::<f64>(c, "f64", |x| x);
    one::<f32>(c, "f32", |x| x as f32);
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(300)).sample_size(20);
    targets = math
}
criterion_main!(benches);
