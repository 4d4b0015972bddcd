//! The IR of what can be done with tensors. Operands are tensors of floats (or numbers, where it says so) of the rank that the method has.

use crate::entity::Value;
use crate::ir::{
    ArrayOp, BinaryOp, Builder, CompareOp, Convolution, DType, Dim, Extreme, IndexOp, ReduceOp,
    Reduction, ShapeOp, UnaryOp, WindowAxis, WindowOp, WindowReduce, Windows,
};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// Windows that are alike along height and width.
#[derive(Copy, Clone)]
pub(super) struct Axis {
    pub(super) size: u64,
    pub(super) stride: u64,
    pub(super) pad: u64,
}

pub(super) fn shape_of(b: &Builder, v: Value) -> Vec<Dim> {
    b.ty(v).as_tensor().map_or(vec![], |t| t.shape.clone())
}

pub(super) fn dtype(b: &Builder, v: Value) -> DType {
    b.ty(v).dtype().unwrap_or(DType::F64)
}

/// The extents that a shape does not know, of a value of that shape.
pub(super) fn open_extents(b: &mut Builder, shape: &[Dim], v: Value) -> Vec<Value> {
    let open = (0..shape.len()).filter(|&k| shape[k] == Dim::Dynamic);
    open.map(|k| b.inst1(ArrayOp::Dim(k as u32), &[v]))
        .collect()
}

pub(super) fn extent(b: &mut Builder, v: Value, axis: usize) -> Value {
    match shape_of(b, v).get(axis) {
        Some(Dim::Known(n)) => b.index(*n),
        Some(Dim::Dynamic) | None => b.inst1(ArrayOp::Dim(axis as u32), &[v]),
    }
}

/// The product of the extents from an axis on.
fn count_from(b: &mut Builder, v: Value, axis: usize) -> Value {
    let rank = shape_of(b, v).len();
    let one = b.index(1);
    (axis..rank).fold(one, |n, k| {
        let d = extent(b, v, k);
        b.binary(BinaryOp::Mul, n, d)
    })
}

/// The number of elements.
pub(super) fn count(b: &mut Builder, v: Value) -> Value {
    count_from(b, v, 0)
}

/// A row for each index of the first axis.
pub(super) fn rows(b: &mut Builder, v: Value) -> Value {
    let n = extent(b, v, 0);
    let m = count_from(b, v, 1);
    b.inst1(ShapeOp::Reshape(vec![Dim::Dynamic; 2]), &[v, n, m])
}

/// The maximum of x and 0, NaN where x is; as a choice, whose derivative at 0 is 0.
pub(super) fn relu(b: &mut Builder, x: Value) -> Value {
    let zero = b.real_like(x, 0.0);
    let below = b.compare(CompareOp::Le, x, zero);
    b.select(below, zero, x)
}

/// `v`, which lacks the last axis of `like`, repeated along it.
pub(super) fn along_last(b: &mut Builder, v: Value, like: Value) -> Value {
    let shape = shape_of(b, like);
    let dims = (0..shape.len() as u32 - 1).collect();
    let mut args = vec![v];
    args.extend(open_extents(b, &shape, like));
    b.inst1(ShapeOp::Broadcast { shape, dims }, &args)
}

/// Each element less the greatest of its line, which no derivative needs to know.
fn shifted(b: &mut Builder, x: Value, last: u32) -> Value {
    let most = b.inst1(Reduction::Axes(ReduceOp::Max, vec![last]), &[x]);
    let most = b.unary(UnaryOp::StopGradient, most);
    let most = along_last(b, most, x);
    b.sub(x, most)
}

/// The last axis; the tensor itself where there is none.
pub(super) fn last(b: &Builder, x: Value) -> Option<u32> {
    (shape_of(b, x).len() as u32).checked_sub(1)
}

pub(super) fn log_softmax(b: &mut Builder, x: Value) -> Value {
    let Some(k) = last(b, x) else {
        return b.sub(x, x);
    };
    let x = shifted(b, x, k);
    let e = b.unary(UnaryOp::Exp, x);
    let sum = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![k]), &[e]);
    let log = b.unary(UnaryOp::Log, sum);
    let log = along_last(b, log, x);
    b.sub(x, log)
}

pub(super) fn softmax(b: &mut Builder, x: Value) -> Value {
    let Some(k) = last(b, x) else {
        return b.real_like(x, 1.0);
    };
    let x = shifted(b, x, k);
    let e = b.unary(UnaryOp::Exp, x);
    let sum = b.inst1(Reduction::Axes(ReduceOp::Sum, vec![k]), &[e]);
    let sum = along_last(b, sum, e);
    b.div(e, sum)
}

/// The sum of all elements of the first value.
pub(super) fn sum_of(b: &mut Builder, p: &[Value]) -> Value {
    let axes = (0..shape_of(b, p[0]).len() as u32).collect();
    b.inst1(Reduction::Axes(ReduceOp::Sum, axes), &[p[0]])
}

pub(super) fn mean(b: &mut Builder, x: Value) -> Value {
    let sum = sum_of(b, &[x]);
    let n = count(b, x);
    let d = dtype(b, x);
    let n = b.convert(d, n);
    b.div(sum, n)
}

/// Each element times a scalar.
pub(super) fn scale(b: &mut Builder, x: Value, k: Value) -> Value {
    let k = b.splat_like(k, x);
    b.mul(x, k)
}

/// Each element with the number of a vector that stands at its place in the last axis.
pub(super) fn by_feature(b: &mut Builder, op: BinaryOp, x: Value, vector: Value) -> Value {
    let shape = shape_of(b, x);
    let Some(k) = last(b, x) else {
        return x;
    };
    let mut args = vec![vector];
    args.extend(open_extents(b, &shape, x));
    let dims = vec![k];
    let vector = b.inst1(ShapeOp::Broadcast { shape, dims }, &args);
    b.binary(op, x, vector)
}

pub(super) fn bias(b: &mut Builder, x: Value, bias: Value) -> Value {
    by_feature(b, BinaryOp::Add, x, bias)
}

/// The mean of the elements of the rows of `x` at the columns `labels`, negated.
pub(super) fn pick_loss(b: &mut Builder, x: Value, labels: Value) -> Value {
    // As elements of a vector: those of row `i` start at `i` times the number of columns.
    let (m, n) = (extent(b, x, 0), extent(b, x, 1));
    let size = b.binary(BinaryOp::Mul, m, n);
    let all = b.inst1(ShapeOp::Reshape(vec![Dim::Dynamic]), &[x, size]);
    let count = b.len(labels);
    let iota = ShapeOp::Iota {
        dtype: DType::U64,
        shape: vec![Dim::Dynamic],
        axis: 0,
    };
    // A label for each row, and each a column: the sum below is of what it says.
    let greatest = b.inst1(Reduction::Axes(ReduceOp::Max, vec![0]), &[labels]);
    b.inst(crate::ir::EffectOp::CheckIndex, &[greatest, n]);
    let zero = b.index(0);
    b.inst(crate::ir::EffectOp::CheckRange, &[zero, count, m]);
    b.inst(crate::ir::EffectOp::CheckRange, &[zero, m, count]);
    let row = b.inst1(iota, &[count]);
    let width = b.splat_like(n, row);
    let start = b.binary(BinaryOp::Mul, row, width);
    let at = b.binary(BinaryOp::Add, start, labels);
    let picked = b.inst1(IndexOp::Gather(0), &[all, at]);
    let mean = mean(b, picked);
    b.neg(mean)
}

/// Images `[batch, height, width, features]` with kernels `[height, width, from, to]`.
pub(super) fn conv(b: &mut Builder, x: Value, kernel: Value, a: Axis) -> Value {
    let pad = i64::try_from(a.pad).unwrap_or(i64::MAX);
    let axis = WindowAxis::strided(a.stride).padded(pad, pad);
    let c = Convolution::channels_last(vec![axis; 2]);
    b.inst1(WindowOp::Convolution(Box::new(c)), &[x, kernel])
}

/// Windows over height and width.
fn windows(a: Axis) -> Windows {
    let (one, axis) = (WindowAxis::default(), WindowAxis::strided(a.stride));
    Windows {
        size: vec![1, a.size, a.size, 1],
        axes: vec![one, axis, axis, one],
    }
}

pub(super) fn extreme_pool(b: &mut Builder, x: Value, a: Axis, which: Extreme) -> Value {
    let reduce = match which {
        Extreme::Max => WindowReduce::Max,
        Extreme::Min => WindowReduce::Min,
    };
    b.inst1(WindowOp::Reduce(reduce, windows(a)), &[x])
}

pub(super) fn mean_pool(b: &mut Builder, x: Value, a: Axis) -> Value {
    let sum = b.inst1(WindowOp::Reduce(WindowReduce::Sum, windows(a)), &[x]);
    let n = a.size as f64;
    b.scale(sum, 1.0 / (n * n))
}

/// Random bits by place: a counter and a key, mixed by the rounds of "Squares" (B. Widynski, 2020).
fn random_like(b: &mut Builder, x: Value, key: Value) -> Value {
    let shape = shape_of(b, x);
    let n = count(b, x);
    let iota = ShapeOp::Iota {
        dtype: DType::U64,
        shape: vec![Dim::Dynamic],
        axis: 0,
    };
    let place = b.inst1(iota, &[n]);
    // Keys that differ little give streams that do not: the key is mixed, and made odd.
    let odd = b.scalar(0x9e37_79b9_7f4a_7c15u64);
    let key = b.binary(BinaryOp::WrappingMul, key, odd);
    let offset = b.scalar(0xc58e_fd15_4ce3_2f6du64);
    let key = b.binary(BinaryOp::WrappingAdd, key, offset);
    let one = b.index(1);
    let key = b.binary(BinaryOp::Or, key, one);
    let key = b.splat_like(key, place);
    let first = b.binary(BinaryOp::WrappingMul, place, key);
    let second = b.binary(BinaryOp::WrappingAdd, first, key);
    let half = b.index(32);
    let half = b.splat_like(half, place);
    let mut bits = first;
    for add in [first, second, first, second] {
        let square = b.binary(BinaryOp::WrappingMul, bits, bits);
        let sum = b.binary(BinaryOp::WrappingAdd, square, add);
        let low = b.binary(BinaryOp::Shl, sum, half);
        let high = b.binary(BinaryOp::Shr, sum, half);
        bits = b.binary(BinaryOp::Or, low, high);
    }
    let mut args = vec![bits];
    args.extend(open_extents(b, &shape, x));
    b.inst1(ShapeOp::Reshape(shape), &args)
}

pub(super) fn dropout(b: &mut Builder, x: Value, rate: Value, key: Value) -> Value {
    let d = dtype(b, x);
    let bits = random_like(b, x, key);
    // 24 bits are exact in either float.
    let by = b.index(40);
    let by = b.splat_like(by, bits);
    let bits = b.binary(BinaryOp::Shr, bits, by);
    let uniform = b.convert(d, bits);
    let uniform = b.scale(uniform, 1.0 / (1u64 << 24) as f64);
    let rates = b.splat_like(rate, uniform);
    let kept = b.compare(CompareOp::Ge, uniform, rates);
    let one = b.real_like(rate, 1.0);
    let left = b.sub(one, rate);
    let left = b.splat_like(left, x);
    let (grown, zero) = (b.div(x, left), b.real_like(x, 0.0));
    b.select(kept, grown, zero)
}
