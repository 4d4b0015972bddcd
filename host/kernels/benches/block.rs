//! Elements per second of the block kernels, in the first-level cache and beyond it, on the best instruction set.

use std::time::Duration;

use cotangent_kernels::block::{self, Number};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Lengths: in the first cache, in the second, in memory.
const LENGTHS: [usize; 3] = [1024, 32 * 1024, 8 << 20];

fn vectors<T: Number>(c: &mut Criterion, kind: &str, to: fn(f64) -> T) {
    let mut group = c.benchmark_group(kind);
    for n in LENGTHS {
        let x: Vec<T> = (0..n).map(|i| to(1.0 / (i + 1) as f64)).collect();
        let mut y = x.clone();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::new("axpy", n), |b| {
            b.iter(|| block::axpy(to(1e-9), &x, &mut y))
        });
        group.bench_function(BenchmarkId::new("dot", n), |b| {
            b.iter(|| block::dot(&x, &y))
        });
        group.bench_function(BenchmarkId::new("sum", n), |b| b.iter(|| block::sum(&x)));
        group.bench_function(BenchmarkId::new("max", n), |b| b.iter(|| block::max(&x)));
    }
    for m in [16, 64, 512] {
        let a: Vec<T> = (0..m * m).map(|i| to((i % 7) as f64)).collect();
        let (x, mut y) = (a[..m].to_vec(), a[..m].to_vec());
        let mut p = a.clone();
        group.throughput(Throughput::Elements((m * m) as u64));
        group.bench_function(BenchmarkId::new("gemv", m), |b| {
            b.iter(|| block::gemv(&a, &x, &mut y))
        });
        group.bench_function(BenchmarkId::new("gemv_t", m), |b| {
            b.iter(|| block::gemv_t(&a, &x, &mut y))
        });
        group.bench_function(BenchmarkId::new("ger", m), |b| {
            b.iter(|| block::ger(&x, &y, &mut p))
        });
        group.throughput(Throughput::Elements((m * m * m) as u64));
        group.bench_function(BenchmarkId::new("gemm", m), |b| {
            b.iter(|| block::gemm((m, m, m), &a, &a, &mut p))
        });
    }
    group.finish();
}

fn all(c: &mut Criterion) {
    vectors::<f64>(c, "f64", |x| x);
    vectors::<f32>(c, "f32", |x| x as f32);
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(300)).sample_size(20);
    targets = all
}
criterion_main!(benches);
