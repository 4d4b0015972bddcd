//! Eight numbers in an AVX-512 register.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Neg, Not};

use super::{Wide, operators};
use crate::lane::{Lane, SIGN, Table};

/// Eight numbers.
#[derive(Debug, Clone, Copy)]
pub struct X8(__m512d);
/// Their bits.
#[derive(Debug, Clone, Copy)]
pub struct X8Bits(__m512i);
/// One bit for each.
#[derive(Debug, Clone, Copy)]
pub struct X8Mask(__mmask8);

operators! {
    X8: Add add _mm512_add_pd;
    X8: Sub sub _mm512_sub_pd;
    X8: Mul mul _mm512_mul_pd;
    X8: Div div _mm512_div_pd;
    X8Bits: Add add _mm512_add_epi64;
    X8Bits: Sub sub _mm512_sub_epi64;
    X8Bits: BitAnd bitand _mm512_and_si512;
    X8Bits: BitOr bitor _mm512_or_si512;
    X8Bits: BitXor bitxor _mm512_xor_si512;
}

impl Neg for X8 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.flip(Self::bits(SIGN))
    }
}
impl BitAnd for X8Mask {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
impl BitOr for X8Mask {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
impl Not for X8Mask {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

// SAFETY (all blocks): values of these types exist only below `Target::run` of `Avx512`, on machines that have the instructions.
#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "one reason for all, given above"
)]
impl Lane for X8 {
    type Bits = X8Bits;
    type Mask = X8Mask;

    #[inline(always)]
    fn c(value: f64) -> Self {
        Self(unsafe { _mm512_set1_pd(value) })
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(unsafe { _mm512_fmadd_pd(self.0, a.0, b.0) })
    }
    #[inline(always)]
    fn mul_add_exact(self, a: Self, b: Self) -> Self {
        self.mul_add(a, b)
    }
    #[inline(always)]
    fn product_error(self, a: Self, p: Self) -> Self {
        Self(unsafe { _mm512_fmsub_pd(self.0, a.0, p.0) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm512_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn to_bits(self) -> X8Bits {
        X8Bits(unsafe { _mm512_castpd_si512(self.0) })
    }
    #[inline(always)]
    fn from_bits(bits: X8Bits) -> Self {
        Self(unsafe { _mm512_castsi512_pd(bits.0) })
    }
    #[inline(always)]
    fn bits(value: u64) -> X8Bits {
        X8Bits(unsafe { _mm512_set1_epi64(value.cast_signed()) })
    }
    #[inline(always)]
    fn shl(bits: X8Bits, by: u32) -> X8Bits {
        X8Bits(unsafe { _mm512_sll_epi64(bits.0, _mm_cvtsi32_si128(by.cast_signed())) })
    }
    #[inline(always)]
    fn shr(bits: X8Bits, by: u32) -> X8Bits {
        X8Bits(unsafe { _mm512_srl_epi64(bits.0, _mm_cvtsi32_si128(by.cast_signed())) })
    }
    #[inline(always)]
    fn lt(self, other: Self) -> X8Mask {
        X8Mask(unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn le(self, other: Self) -> X8Mask {
        X8Mask(unsafe { _mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn is(self, other: Self) -> X8Mask {
        X8Mask(unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn any(bits: X8Bits) -> X8Mask {
        X8Mask(unsafe { _mm512_test_epi64_mask(bits.0, bits.0) })
    }
    #[inline(always)]
    fn select(mask: X8Mask, a: Self, b: Self) -> Self {
        Self(unsafe { _mm512_mask_blend_pd(mask.0, b.0, a.0) })
    }
    #[inline(always)]
    fn lookup(table: &'static Table, index: X8Bits) -> Self {
        let index = index & Self::bits(table.values.len() as u64 - 1);
        // The index is below the table's length, a power of two.
        Self(unsafe { _mm512_i64gather_pd::<8>(index.0, table.values.as_ptr().cast()) })
    }
}

#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "as above, and the callers' promises of pointers"
)]
impl Wide for X8 {
    const LANES: usize = 8;
    #[inline(always)]
    unsafe fn load(p: *const f64) -> Self {
        Self(unsafe { _mm512_loadu_pd(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64) {
        unsafe { _mm512_storeu_pd(p, self.0) }
    }
    #[inline(always)]
    unsafe fn load_single(p: *const f32) -> Self {
        Self(unsafe { _mm512_cvtps_pd(_mm256_loadu_ps(p)) })
    }
    #[inline(always)]
    unsafe fn store_single(self, p: *mut f32) {
        unsafe { _mm256_storeu_ps(p, _mm512_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn holds_anywhere(mask: X8Mask) -> bool {
        mask.0 != 0
    }
}
