//! Random variables as IR: functions that emit, into a [`Builder`], samples made of the bits of [`RngBits`].
//!
//! A key is a `u32[2]` value and gives the same sample every time; use each key once and [`split`] it for more. Samples of
//! parametrised distributions are differentiable functions of the parameters (reparameterised), so gradients flow through them;
//! discrete samples have derivative zero. Parameters are scalars or have the sample's shape. All extents are known.

use super::along::shape_of;
use crate::entity::Value;
use crate::ir::{
    ArgReduceOp, BinaryOp, Builder, CompareOp, ConvertOp, DType, Dim, IndexOp, Op, Reduction,
    RngBits, ShapeOp, Step, TernaryOp, Type, UnaryOp,
};
use alloc::vec;
use alloc::vec::Vec;

fn known(shape: &[u64]) -> Vec<Dim> {
    shape.iter().map(|&n| Dim::Known(n)).collect()
}

fn bits(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let shape = known(shape);
    b.inst1(RngBits { dtype, shape }, &[key])
}

/// `x` repeated to the shape of `like`, if it is a scalar.
fn fit(b: &mut Builder, x: Value, like: Value) -> Value {
    if b.ty(x).is_scalar() && !b.ty(like).is_scalar() {
        b.splat_like(x, like)
    } else {
        x
    }
}

/// The two words of a `u64`, high first, as `u32[2]`.
fn words(b: &mut Builder, x: Value) -> Value {
    let x = b.convert(DType::U64, x);
    let half = b.index(32);
    let high = b.binary(BinaryOp::Shr, x, half);
    let mask = b.index(0xffff_ffff);
    let low = b.binary(BinaryOp::And, x, mask);
    let (high, low) = (b.convert(DType::U32, high), b.convert(DType::U32, low));
    b.inst1(crate::ir::ArrayOp::Array, &[high, low])
}

/// The key of a seed (an integer scalar).
pub fn key(b: &mut Builder, seed: Value) -> Value {
    words(b, seed)
}

/// `n` new keys, a `u32[n,2]`.
pub fn split(b: &mut Builder, key: Value, n: u64) -> Value {
    bits(b, key, DType::U32, &[n, 2])
}

/// The `i`-th key of a [`split`].
pub fn nth(b: &mut Builder, keys: Value, i: u64) -> Value {
    let i = b.index(i);
    b.get(keys, vec![Step::Index], &[i])
}

/// A new key of a key and an integer scalar: for a loop's counter, say. The integer is mixed into a key derived from
/// the given one, so distinct integers give independent keys.
pub fn fold_in(b: &mut Builder, key: Value, data: Value) -> Value {
    let fresh = bits(b, key, DType::U32, &[2]);
    let data = words(b, data);
    let mixed = b.binary(BinaryOp::Xor, fresh, data);
    bits(b, mixed, DType::U32, &[2])
}

/// Uniform in `[0, 1)`: `f32` of 23 random bits, `f64` of 52.
pub fn uniform(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let (raw, drop, exponent) = if dtype == DType::F32 {
        let raw = bits(b, key, DType::U32, shape);
        let e = b.scalar(0x3f80_0000_u32);
        (raw, b.scalar(9u32), e)
    } else {
        let raw = bits(b, key, DType::U64, shape);
        let e = b.scalar(0x3ff0_0000_0000_0000_u64);
        (raw, b.scalar(12u64), e)
    };
    // Random mantissa bits under the exponent of 1 give a number of [1, 2).
    let (drop, exponent) = (fit(b, drop, raw), fit(b, exponent, raw));
    let mantissa = b.binary(BinaryOp::Shr, raw, drop);
    let x = b.binary(BinaryOp::Or, mantissa, exponent);
    let x = b.inst1(ConvertOp::Bitcast(dtype), &[x]);
    let one = b.real_like(x, 1.0);
    b.sub(x, one)
}

/// Uniform in `[lo, hi)`.
pub fn uniform_range(b: &mut Builder, key: Value, lo: Value, hi: Value, shape: &[u64]) -> Value {
    let d = b.ty(lo).dtype().unwrap_or(DType::F64);
    let u = uniform(b, key, d, shape);
    let (lo, hi) = (fit(b, lo, u), fit(b, hi, u));
    let width = b.sub(hi, lo);
    let t = b.mul(u, width);
    b.add(lo, t)
}

/// Uniform in `(-1, 1)`.
fn symmetric(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = uniform(b, key, dtype, shape);
    let (two, one) = (b.real_like(u, 2.0), b.real_like(u, 1.0));
    let u = b.mul(u, two);
    let u = b.sub(u, one);
    let above = if dtype == DType::F32 {
        f64::from(-1.0f32 + f32::EPSILON / 2.0)
    } else {
        -1.0 + f64::EPSILON / 2.0
    };
    let above = b.real_like(u, above);
    b.binary(BinaryOp::Max, u, above)
}

/// Uniform in `(0, 1)`.
fn positive(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = uniform(b, key, dtype, shape);
    let tiny = if dtype == DType::F32 {
        f64::from(f32::MIN_POSITIVE)
    } else {
        f64::MIN_POSITIVE
    };
    let tiny = b.real_like(u, tiny);
    b.binary(BinaryOp::Max, u, tiny)
}

/// Standard normal, by the inverse error function.
pub fn normal(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = symmetric(b, key, dtype, shape);
    let z = b.unary(UnaryOp::ErfInv, u);
    b.scale(z, core::f64::consts::SQRT_2)
}

/// Normal with a mean and a standard deviation.
pub fn normal_with(b: &mut Builder, key: Value, mean: Value, std: Value, shape: &[u64]) -> Value {
    let d = b.ty(mean).dtype().unwrap_or(DType::F64);
    let z = normal(b, key, d, shape);
    located(b, z, mean, std)
}

/// `location + scale * x`.
pub fn located(b: &mut Builder, x: Value, location: Value, scale: Value) -> Value {
    let (location, scale) = (fit(b, location, x), fit(b, scale, x));
    let t = b.mul(scale, x);
    b.add(location, t)
}

/// Standard normal given that it lies in `[lo, hi]`.
pub fn truncated_normal(b: &mut Builder, key: Value, lo: Value, hi: Value, shape: &[u64]) -> Value {
    let cdf = |b: &mut Builder, x: Value| {
        let x = b.scale(x, core::f64::consts::FRAC_1_SQRT_2);
        b.unary(UnaryOp::Erf, x)
    };
    let (p, q) = (cdf(b, lo), cdf(b, hi));
    let u = uniform_range(b, key, p, q, shape);
    let z = b.unary(UnaryOp::ErfInv, u);
    let z = b.scale(z, core::f64::consts::SQRT_2);
    let (lo, hi) = (fit(b, lo, z), fit(b, hi, z));
    b.inst1(TernaryOp::Clamp, &[lo, z, hi])
}

/// `true` with probability `p`.
pub fn bernoulli(b: &mut Builder, key: Value, p: Value, shape: &[u64]) -> Value {
    let d = b.ty(p).dtype().unwrap_or(DType::F64);
    let u = uniform(b, key, d, shape);
    let p = fit(b, p, u);
    b.compare(CompareOp::Lt, u, p)
}

/// Standard exponential; divide by the rate.
pub fn exponential(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = uniform(b, key, dtype, shape);
    let u = b.neg(u);
    let t = b.unary(UnaryOp::Log1p, u);
    b.neg(t)
}

/// Standard Gumbel.
pub fn gumbel(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let mut u = positive(b, key, dtype, shape);
    for _ in 0..2 {
        let t = b.unary(UnaryOp::Log, u);
        u = b.neg(t);
    }
    u
}

/// Standard Laplace.
pub fn laplace(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = symmetric(b, key, dtype, shape);
    let (sign, size) = (b.unary(UnaryOp::Sign, u), b.unary(UnaryOp::Abs, u));
    let size = b.neg(size);
    let t = b.unary(UnaryOp::Log1p, size);
    let t = b.mul(sign, t);
    b.neg(t)
}

/// Standard logistic.
pub fn logistic(b: &mut Builder, key: Value, dtype: DType, shape: &[u64]) -> Value {
    let u = positive(b, key, dtype, shape);
    let p = b.unary(UnaryOp::Log, u);
    let v = b.neg(u);
    let q = b.unary(UnaryOp::Log1p, v);
    b.sub(p, q)
}

/// Integers of `lo..hi` (scalars of one integer type). The remainder of 64 random bits: the bias is below `(hi - lo) / 2^64`.
/// Traps (division by zero) if `lo == hi`.
pub fn randint(b: &mut Builder, key: Value, lo: Value, hi: Value, shape: &[u64]) -> Value {
    let d = b.ty(lo).dtype().unwrap_or(DType::U64);
    let raw = bits(b, key, DType::U64, shape);
    // Modulo 2^64, which signed types survive.
    let (lo, hi) = (b.convert(DType::U64, lo), b.convert(DType::U64, hi));
    let span = b.binary(BinaryOp::WrappingSub, hi, lo);
    let (span, lo) = (fit(b, span, raw), fit(b, lo, raw));
    let t = b.binary(BinaryOp::Rem, raw, span);
    let t = b.binary(BinaryOp::WrappingAdd, lo, t);
    b.convert(d, t)
}

/// Indices along the last axis with probabilities proportional to the exponentials of the logits.
pub fn categorical(b: &mut Builder, key: Value, logits: Value) -> Value {
    let shape: Vec<u64> = shape_of(b, logits)
        .iter()
        .map(|d| d.known().unwrap_or(0))
        .collect();
    let d = b.ty(logits).dtype().unwrap_or(DType::F64);
    let noise = gumbel(b, key, d, &shape);
    let t = b.add(logits, noise);
    let last = (shape.len() as u32).saturating_sub(1);
    b.inst1(Reduction::Arg(ArgReduceOp::ArgMax, last), &[t])
}

/// A random order of `0..n`, as `u64[n]`.
pub fn permutation(b: &mut Builder, key: Value, n: u64) -> Value {
    let keys = bits(b, key, DType::U64, &[n]);
    let own = b.inst1(
        ShapeOp::Iota {
            dtype: DType::U64,
            shape: known(&[n]),
            axis: 0,
        },
        &[],
    );
    b.inst(Op::Sort(0), &[keys, own])[1]
}

/// The elements of `x` along its leading axis (of known extent) in random order.
pub fn shuffle(b: &mut Builder, key: Value, x: Value) -> Value {
    let n = shape_of(b, x).first().and_then(|d| d.known()).unwrap_or(0);
    let at = permutation(b, key, n);
    b.inst1(IndexOp::Gather(0), &[x, at])
}

/// The type of a key.
pub fn key_type() -> Type {
    Type::known(DType::U32, &[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interp::{Limits, Program};
    use crate::ir::Module;
    use crate::value::{Element, Val};

    /// Runs a sampler with the key of a seed.
    fn sample(seed: u64, f: impl FnOnce(&mut Builder, Value) -> Value) -> Val {
        let mut b = Builder::new("f", &[DType::U64.into()]);
        let seed_value = b.params()[0];
        let k = key(&mut b, seed_value);
        let y = f(&mut b, k);
        let mut m = Module::new();
        let id = m.funcs.push(b.finish(&[y]).unwrap());
        let r = Program::new(&m).run(id, vec![seed.into()], &Limits::default());
        r.unwrap().remove(0)
    }
    fn floats(v: &Val) -> Vec<f64> {
        let Val::Tensor(t) = v else { panic!() };
        match f64::slice(&t.data) {
            Some(v) => v.to_vec(),
            None => {
                let v = f32::slice(&t.data).unwrap();
                v.iter().map(|&x| x.into()).collect()
            }
        }
    }
    const N: u64 = 20_000;
    /// Checks mean and variance within five standard errors (of the mean; the variance within 10 %).
    fn moments(name: &str, v: &Val, mean: f64, var: f64) {
        let v = floats(v);
        let n = v.len() as f64;
        let m = v.iter().sum::<f64>() / n;
        let s = v.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / n;
        assert!(
            (m - mean).abs() < 5.0 * (var / n).sqrt(),
            "{name}: mean {m}"
        );
        assert!((s / var - 1.0).abs() < 0.1, "{name}: variance {s}");
    }

    #[test]
    fn moments_are_right() {
        const PI: f64 = core::f64::consts::PI;
        const EULER: f64 = 0.577_215_664_901_532_9;
        for d in [DType::F32, DType::F64] {
            let n = &[N];
            moments(
                "uniform",
                &sample(1, |b, k| uniform(b, k, d, n)),
                0.5,
                1.0 / 12.0,
            );
            moments("normal", &sample(2, |b, k| normal(b, k, d, n)), 0.0, 1.0);
            moments(
                "exponential",
                &sample(3, |b, k| exponential(b, k, d, n)),
                1.0,
                1.0,
            );
            moments(
                "gumbel",
                &sample(4, |b, k| gumbel(b, k, d, n)),
                EULER,
                PI * PI / 6.0,
            );
            moments("laplace", &sample(5, |b, k| laplace(b, k, d, n)), 0.0, 2.0);
            moments(
                "logistic",
                &sample(6, |b, k| logistic(b, k, d, n)),
                0.0,
                PI * PI / 3.0,
            );
        }
        let v = sample(7, |b, k| {
            let (m, s) = (b.scalar(3.0), b.scalar(0.5));
            normal_with(b, k, m, s, &[N])
        });
        moments("normal_with", &v, 3.0, 0.25);
        // Of a normal in [-1, 1] the variance is 1 - 2 phi(1) / (2 Phi(1) - 1).
        let v = sample(8, |b, k| {
            let (l, h) = (b.scalar(-1.0), b.scalar(1.0));
            truncated_normal(b, k, l, h, &[N])
        });
        moments("truncated_normal", &v, 0.0, 0.291_125_1);
        assert!(floats(&v).iter().all(|x| x.abs() <= 1.0));
    }

    #[test]
    fn discrete_samples_have_their_frequencies() {
        let v = sample(1, |b, k| {
            let p = b.scalar(0.3);
            bernoulli(b, k, p, &[N])
        });
        let Val::Tensor(t) = &v else { panic!() };
        let hits = bool::slice(&t.data).unwrap().iter().filter(|x| **x).count();
        assert!((hits as f64 / N as f64 - 0.3).abs() < 0.02);
        let v = sample(2, |b, k| {
            let (l, h) = (b.scalar(-2i8), b.scalar(3i8));
            randint(b, k, l, h, &[N])
        });
        let Val::Tensor(t) = &v else { panic!() };
        let v = i8::slice(&t.data).unwrap();
        for want in -2..3 {
            let n = v.iter().filter(|x| **x == want).count();
            assert!((n as f64 / N as f64 - 0.2).abs() < 0.02);
        }
        assert!(v.iter().all(|x| (-2..3).contains(x)));
        let v = sample(3, |b, k| {
            let p = b.scalar((0.25f64).ln());
            let q = b.scalar((0.75f64).ln());
            let p = b.inst1(crate::ir::ArrayOp::Array, &[p, q]);
            let logits = b.inst1(
                ShapeOp::Broadcast {
                    shape: known(&[N, 2]),
                    dims: vec![1],
                },
                &[p],
            );
            categorical(b, k, logits)
        });
        let Val::Tensor(t) = &v else { panic!() };
        let ones = u64::slice(&t.data).unwrap().iter().sum::<u64>();
        assert!((ones as f64 / N as f64 - 0.75).abs() < 0.02);
    }

    #[test]
    fn permutations_and_keys() {
        let v = sample(4, |b, k| permutation(b, k, 100));
        let Val::Tensor(t) = &v else { panic!() };
        let mut v = u64::slice(&t.data).unwrap().to_vec();
        assert!(v.windows(2).any(|w| w[0] > w[1]));
        v.sort_unstable();
        assert!(v.iter().enumerate().all(|(i, x)| *x == i as u64));
        let a = sample(5, |b, k| split(b, k, 3));
        assert!(a.is_of(&Type::known(DType::U32, &[3, 2])));
        let fold = |seed, i: u32| {
            sample(seed, |b, k| {
                let i = b.scalar(i);
                fold_in(b, k, i)
            })
        };
        assert!(fold(1, 2).is_of(&key_type()) && fold(1, 2).same_bits(&fold(1, 2)));
        assert!(!fold(1, 2).same_bits(&fold(1, 3)) && !fold(2, 2).same_bits(&fold(1, 2)));
    }
}
