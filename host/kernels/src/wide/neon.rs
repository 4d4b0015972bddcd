//! Two numbers in a NEON register (AArch64, where it is part of the base instruction set).

use std::arch::aarch64::*;
use std::ops::{BitAnd, BitOr, Neg, Not};

use super::{Wide, operators};
use crate::lane::{Lane, Table};

/// Two numbers.
#[derive(Debug, Clone, Copy)]
pub struct X2(float64x2_t);
/// Their bits.
#[derive(Debug, Clone, Copy)]
pub struct X2Bits(uint64x2_t);
/// All bits or none, for each.
#[derive(Debug, Clone, Copy)]
pub struct X2Mask(uint64x2_t);

operators! {
    X2: Add add vaddq_f64;
    X2: Sub sub vsubq_f64;
    X2: Mul mul vmulq_f64;
    X2: Div div vdivq_f64;
    X2Bits: Add add vaddq_u64;
    X2Bits: Sub sub vsubq_u64;
    X2Bits: BitAnd bitand vandq_u64;
    X2Bits: BitOr bitor vorrq_u64;
    X2Bits: BitXor bitxor veorq_u64;
}

// SAFETY (all blocks): NEON is part of the base instruction set of the architecture.
#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "one reason for all, given above"
)]
mod methods {
    use super::*;

    impl Neg for X2 {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            Self(unsafe { vnegq_f64(self.0) })
        }
    }
    impl BitAnd for X2Mask {
        type Output = Self;
        #[inline(always)]
        fn bitand(self, other: Self) -> Self {
            Self(unsafe { vandq_u64(self.0, other.0) })
        }
    }
    impl BitOr for X2Mask {
        type Output = Self;
        #[inline(always)]
        fn bitor(self, other: Self) -> Self {
            Self(unsafe { vorrq_u64(self.0, other.0) })
        }
    }
    impl Not for X2Mask {
        type Output = Self;
        #[inline(always)]
        fn not(self) -> Self {
            Self(unsafe { veorq_u64(self.0, vdupq_n_u64(u64::MAX)) })
        }
    }

    impl Lane for X2 {
        type Bits = X2Bits;
        type Mask = X2Mask;

        #[inline(always)]
        fn c(value: f64) -> Self {
            Self(unsafe { vdupq_n_f64(value) })
        }
        #[inline(always)]
        fn mul_add(self, a: Self, b: Self) -> Self {
            Self(unsafe { vfmaq_f64(b.0, self.0, a.0) })
        }
        #[inline(always)]
        fn mul_add_exact(self, a: Self, b: Self) -> Self {
            self.mul_add(a, b)
        }
        #[inline(always)]
        fn product_error(self, a: Self, p: Self) -> Self {
            self.mul_add(a, -p)
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            Self(unsafe { vsqrtq_f64(self.0) })
        }
        #[inline(always)]
        fn to_bits(self) -> X2Bits {
            X2Bits(unsafe { vreinterpretq_u64_f64(self.0) })
        }
        #[inline(always)]
        fn from_bits(bits: X2Bits) -> Self {
            Self(unsafe { vreinterpretq_f64_u64(bits.0) })
        }
        #[inline(always)]
        fn bits(value: u64) -> X2Bits {
            X2Bits(unsafe { vdupq_n_u64(value) })
        }
        #[inline(always)]
        fn shl(bits: X2Bits, by: u32) -> X2Bits {
            X2Bits(unsafe { vshlq_u64(bits.0, vdupq_n_s64(i64::from(by))) })
        }
        #[inline(always)]
        fn shr(bits: X2Bits, by: u32) -> X2Bits {
            X2Bits(unsafe { vshlq_u64(bits.0, vdupq_n_s64(-i64::from(by))) })
        }
        #[inline(always)]
        fn lt(self, other: Self) -> X2Mask {
            X2Mask(unsafe { vcltq_f64(self.0, other.0) })
        }
        #[inline(always)]
        fn le(self, other: Self) -> X2Mask {
            X2Mask(unsafe { vcleq_f64(self.0, other.0) })
        }
        #[inline(always)]
        fn is(self, other: Self) -> X2Mask {
            X2Mask(unsafe { vceqq_f64(self.0, other.0) })
        }
        #[inline(always)]
        fn any(bits: X2Bits) -> X2Mask {
            X2Mask(unsafe { vtstq_u64(bits.0, bits.0) })
        }
        #[inline(always)]
        fn select(mask: X2Mask, a: Self, b: Self) -> Self {
            Self(unsafe { vbslq_f64(mask.0, a.0, b.0) })
        }
        #[inline(always)]
        fn lookup(table: &'static Table, index: X2Bits) -> Self {
            let last = table.values.len() - 1;
            let (a, b) = unsafe { (vgetq_lane_u64::<0>(index.0), vgetq_lane_u64::<1>(index.0)) };
            let pair = [
                table.values[a as usize & last],
                table.values[b as usize & last],
            ];
            Self(unsafe { vld1q_f64(pair.as_ptr()) })
        }
    }

    impl Wide for X2 {
        const LANES: usize = 2;
        #[inline(always)]
        unsafe fn load(p: *const f64) -> Self {
            Self(unsafe { vld1q_f64(p) })
        }
        #[inline(always)]
        unsafe fn store(self, p: *mut f64) {
            unsafe { vst1q_f64(p, self.0) }
        }
        #[inline(always)]
        unsafe fn load_single(p: *const f32) -> Self {
            Self(unsafe { vcvt_f64_f32(vld1_f32(p)) })
        }
        #[inline(always)]
        unsafe fn store_single(self, p: *mut f32) {
            unsafe { vst1_f32(p, vcvt_f32_f64(self.0)) }
        }
        #[inline(always)]
        fn holds_anywhere(mask: X2Mask) -> bool {
            unsafe { vgetq_lane_u64::<0>(mask.0) | vgetq_lane_u64::<1>(mask.0) != 0 }
        }
    }
}
