//! Counter-based random bits: threefry2x32 with 20 rounds (Salmon and others, "Parallel random numbers: as easy as 1, 2,
//! 3").
//!
//! Layout: the `i`-th block has the counter words `(i >> 32, i & 0xffff_ffff)` and gives two words. A `u32` result
//! takes both words of block 0, then of block 1, and so on; a `u64` result takes one block an element, its first word the high
//! half. So a prefix of a longer result is the shorter one.

use super::batch::{BatchCx, Batched};
use super::extent::{arity, confusion, no_memory, room};
use super::{Args, Effects, EvalCx, JvpCx, Simplified, SimplifyCx, TransposeCx};
use crate::error::{AdError, TrapKind, Why};
use crate::ir::{DType, RngBits, Type};
use crate::value::{Data, Tensor, Val};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn mnemonic(_: &RngBits) -> &'static str {
    "rng_bits"
}

pub(super) fn infer(op: &RngBits, tys: &[Type]) -> Result<Vec<Type>, Why> {
    arity(tys, 1, "1")?;
    if tys[0] != Type::known(DType::U32, &[2]) {
        return Err(Why::Kind {
            operand: 0,
            want: "a key u32[2]",
        });
    }
    if !matches!(op.dtype, DType::U32 | DType::U64) {
        return Err(Why::Attribute("gives u32 or u64"));
    }
    if super::extent::unknowns(&op.shape) > 0 {
        return Err(Why::Attribute("every extent must be known"));
    }
    Ok(vec![Type::tensor(op.dtype, op.shape.iter().copied())])
}

pub(super) fn effects(_: &RngBits, _: &[&Type]) -> Effects {
    Effects::Pure
}

/// One block of threefry2x32, 20 rounds.
pub fn threefry2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda];
    let mut x = counter[0].wrapping_add(keys[0]);
    let mut y = counter[1].wrapping_add(keys[1]);
    for round in 0..5u32 {
        for r in ROTATIONS[round as usize % 2] {
            x = x.wrapping_add(y);
            y = y.rotate_left(r) ^ x;
        }
        let k = round as usize + 1;
        x = x.wrapping_add(keys[k % 3]);
        y = y.wrapping_add(keys[(k + 1) % 3]).wrapping_add(round + 1);
    }
    [x, y]
}

pub(super) fn eval(
    op: &RngBits,
    args: &mut Args<'_>,
    out: &mut Vec<Val>,
    cx: &EvalCx<'_>,
) -> Result<(), TrapKind> {
    const OP: &str = "rng_bits";
    let key = match args.get(0) {
        Val::Tensor(t) => match &t.data {
            Data::U32(k) if k.len() == 2 => [k[0], k[1]],
            _ => return Err(confusion(OP)),
        },
        _ => return Err(confusion(OP)),
    };
    let shape = super::extent::extents(&op.shape, args, 1)?;
    let n = room(&shape, op.dtype, cx)?;
    let mut data = Data::with_capacity(op.dtype, n).ok_or_else(|| no_memory(n, op.dtype))?;
    let block = |i: u64| threefry2x32(key, [(i >> 32) as u32, i as u32]);
    match &mut data {
        Data::U32(v) => {
            for i in 0..n.div_ceil(2) as u64 {
                let [x, y] = block(i);
                v.push(x);
                if v.len() < n {
                    v.push(y);
                }
            }
        }
        Data::U64(v) => v.extend((0..n as u64).map(|i| {
            let [x, y] = block(i);
            u64::from(x) << 32 | u64::from(y)
        })),
        _ => return Err(confusion(OP)),
    }
    out.push(Val::tensor(Tensor { shape, data }));
    Ok(())
}

pub(super) fn jvp(_: &RngBits, _: &mut JvpCx<'_>) -> Result<(), AdError> {
    Ok(())
}

pub(super) fn transpose(_: &RngBits, _: &mut dyn TransposeCx) -> Result<(), AdError> {
    Ok(())
}

pub(super) fn simplify(_: &RngBits, _: &SimplifyCx<'_>) -> Option<Simplified> {
    None
}

pub(super) fn batch(_: &RngBits, _: &mut BatchCx<'_>) -> Batched {
    // Each lane draws by its own key.
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;
    use crate::ir::Dim;

    #[test]
    fn known_answers_of_random123() {
        let all = u32::MAX;
        assert_eq!(threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(
            threefry2x32([all, all], [all, all]),
            [0x1cb9_96fc, 0xbb00_2be7]
        );
        assert_eq!(
            threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]),
            [0xc492_3a9c, 0x483d_f7a0]
        );
    }

    #[test]
    fn the_layout_is_as_documented() {
        let bits = |dtype, shape: &[u64]| {
            let shape = shape.iter().map(|&n| Dim::Known(n)).collect();
            run(RngBits { dtype, shape }, &[Val::vector(vec![0u32, 0])]).unwrap()
        };
        let second = threefry2x32([0, 0], [0, 1]);
        assert!(bits(DType::U32, &[3]).same_bits(&Val::vector(vec![
            0x6b20_0159,
            0x99ba_4efe,
            second[0]
        ])));
        assert!(bits(DType::U64, &[]).same_bits(&0x6b20_0159_99ba_4efe_u64.into()));
        assert!(bits(DType::U64, &[2, 2]).is_of(&Type::known(DType::U64, &[2, 2])));
        assert!(bits(DType::U32, &[0]).is_of(&Type::known(DType::U32, &[0])));
    }
}
