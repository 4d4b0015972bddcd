//! Random bits: threefry2x32 with 20 rounds, written out, so that every bit is the core's on every plugin.

use super::array::concat;
use super::error::Result;
use super::value::{Sym, Tensor, TensorLayout};
use super::writer::Cx;
use cotangent_core::ir::{DType, RngBits};

/// Writes the operation.
pub(super) fn emit(cx: &mut Cx<'_>, op: &RngBits, args: &[Sym]) -> Result<Vec<Sym>> {
    let key = cx.fixed(&args[0], "rng_bits")?;
    let (shape, _) = super::shape::extents(cx, &op.shape, &[], "rng_bits")?;
    let ty = TensorLayout::new(op.dtype, shape);
    let n = ty.elements();
    let is_wide = op.dtype == DType::U64;
    // A block gives two words of 32 bits.
    let blocks = if is_wide { n } else { n.div_ceil(2) };
    let count = cx.iota(TensorLayout::new(DType::U64, [blocks]), 0);
    let low = cx.cast(&count, DType::U32);
    let by = cx.whole(32, &count);
    let high = cx.bin("shift_right_logical", &count, &by);
    let high = cx.cast(&high, DType::U32);
    let word = |cx: &mut Cx<'_>, k: u64| {
        let part = cx.part(&key, 0, k, 1);
        let scalar = cx.reshape(&part, TensorLayout::scalar(DType::U32));
        cx.broadcast(&scalar, low.ty.clone())
    };
    let key = [word(cx, 0), word(cx, 1)];
    let [x, y] = threefry(cx, &key, [high, low]);
    let out = if is_wide {
        let (x, y) = (cx.cast(&x, DType::U64), cx.cast(&y, DType::U64));
        let x = cx.bin("shift_left", &x, &by);
        cx.or(&x, &y)
    } else {
        // Both words of a block, then of the next.
        let column = TensorLayout::new(DType::U32, [blocks, 1]);
        let (x, y) = (cx.reshape(&x, column.clone()), cx.reshape(&y, column));
        let both = concat(cx, &[x, y], 1);
        let flat = cx.reshape(&both, TensorLayout::new(DType::U32, [2 * blocks]));
        cx.head(&flat, 0, n)
    };
    Ok(vec![cx.reshape(&out, ty).into()])
}

const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];

fn threefry(cx: &mut Cx<'_>, key: &[Tensor; 2], counter: [Tensor; 2]) -> [Tensor; 2] {
    let [a, b] = key;
    let mix = cx.bin("xor", a, b);
    let parity = cx.whole(0x1bd1_1bda, a);
    let mix = cx.bin("xor", &mix, &parity);
    let keys = [a.clone(), b.clone(), mix];
    let [x, y] = counter;
    let (mut x, mut y) = (cx.add(&x, &keys[0]), cx.add(&y, &keys[1]));
    for round in 0..5 {
        for r in ROTATIONS[round % 2] {
            x = cx.add(&x, &y);
            let (left, right) = (cx.whole(r.into(), &y), cx.whole((32 - r).into(), &y));
            let high = cx.bin("shift_left", &y, &left);
            let low = cx.bin("shift_right_logical", &y, &right);
            let turned = cx.or(&high, &low);
            y = cx.bin("xor", &turned, &x);
        }
        let k = round + 1;
        x = cx.add(&x, &keys[k % 3]);
        y = cx.add(&y, &keys[(k + 1) % 3]);
        let n = cx.whole(k as i128, &y);
        y = cx.add(&y, &n);
    }
    [x, y]
}
