//! Four numbers in an AVX2 register.

use std::arch::x86_64::*;
use std::ops::{Neg, Not};

use super::{Wide, operators};
use crate::lane::{Lane, SIGN, Table};

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub struct X4(__m256d);
/// Their bits.
#[derive(Debug, Clone, Copy)]
pub struct X4Bits(__m256i);
/// All bits or none, for each.
#[derive(Debug, Clone, Copy)]
pub struct X4Mask(__m256d);

operators! {
    X4: Add add _mm256_add_pd;
    X4: Sub sub _mm256_sub_pd;
    X4: Mul mul _mm256_mul_pd;
    X4: Div div _mm256_div_pd;
    X4Bits: Add add _mm256_add_epi64;
    X4Bits: Sub sub _mm256_sub_epi64;
    X4Bits: BitAnd bitand _mm256_and_si256;
    X4Bits: BitOr bitor _mm256_or_si256;
    X4Bits: BitXor bitxor _mm256_xor_si256;
    X4Mask: BitAnd bitand _mm256_and_pd;
    X4Mask: BitOr bitor _mm256_or_pd;
}

impl Neg for X4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.flip(Self::bits(SIGN))
    }
}
impl Not for X4Mask {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_xor_pd(self.0, _mm256_castsi256_pd(_mm256_set1_epi64x(-1))) })
    }
}

// SAFETY (all blocks): values of these types exist only below `Target::run` of `Avx2`, on machines that have the instructions.
#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "one reason for all, given above"
)]
impl Lane for X4 {
    type Bits = X4Bits;
    type Mask = X4Mask;

    #[inline(always)]
    fn c(value: f64) -> Self {
        Self(unsafe { _mm256_set1_pd(value) })
    }
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(unsafe { _mm256_fmadd_pd(self.0, a.0, b.0) })
    }
    #[inline(always)]
    fn mul_add_exact(self, a: Self, b: Self) -> Self {
        self.mul_add(a, b)
    }
    #[inline(always)]
    fn product_error(self, a: Self, p: Self) -> Self {
        Self(unsafe { _mm256_fmsub_pd(self.0, a.0, p.0) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm256_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn to_bits(self) -> X4Bits {
        X4Bits(unsafe { _mm256_castpd_si256(self.0) })
    }
    #[inline(always)]
    fn from_bits(bits: X4Bits) -> Self {
        Self(unsafe { _mm256_castsi256_pd(bits.0) })
    }
    #[inline(always)]
    fn bits(value: u64) -> X4Bits {
        X4Bits(unsafe { _mm256_set1_epi64x(value.cast_signed()) })
    }
    #[inline(always)]
    fn shl(bits: X4Bits, by: u32) -> X4Bits {
        X4Bits(unsafe { _mm256_sll_epi64(bits.0, _mm_cvtsi32_si128(by.cast_signed())) })
    }
    #[inline(always)]
    fn shr(bits: X4Bits, by: u32) -> X4Bits {
        X4Bits(unsafe { _mm256_srl_epi64(bits.0, _mm_cvtsi32_si128(by.cast_signed())) })
    }
    #[inline(always)]
    fn lt(self, other: Self) -> X4Mask {
        X4Mask(unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn le(self, other: Self) -> X4Mask {
        X4Mask(unsafe { _mm256_cmp_pd::<_CMP_LE_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn is(self, other: Self) -> X4Mask {
        X4Mask(unsafe { _mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn any(bits: X4Bits) -> X4Mask {
        !X4Mask(unsafe { _mm256_castsi256_pd(_mm256_cmpeq_epi64(bits.0, _mm256_setzero_si256())) })
    }
    #[inline(always)]
    fn select(mask: X4Mask, a: Self, b: Self) -> Self {
        Self(unsafe { _mm256_blendv_pd(b.0, a.0, mask.0) })
    }
    #[inline(always)]
    fn lookup(table: &'static Table, index: X4Bits) -> Self {
        let index = index & Self::bits(table.values.len() as u64 - 1);
        // The index is below the table's length, a power of two.
        Self(unsafe { _mm256_i64gather_pd::<8>(table.values.as_ptr(), index.0) })
    }
}

#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "as above, and the callers' promises of pointers"
)]
impl Wide for X4 {
    const LANES: usize = 4;
    #[inline(always)]
    unsafe fn load(p: *const f64) -> Self {
        Self(unsafe { _mm256_loadu_pd(p) })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64) {
        unsafe { _mm256_storeu_pd(p, self.0) }
    }
    #[inline(always)]
    unsafe fn load_single(p: *const f32) -> Self {
        Self(unsafe { _mm256_cvtps_pd(_mm_loadu_ps(p)) })
    }
    #[inline(always)]
    unsafe fn store_single(self, p: *mut f32) {
        unsafe { _mm_storeu_ps(p, _mm256_cvtpd_ps(self.0)) }
    }
    #[inline(always)]
    fn holds_anywhere(mask: X4Mask) -> bool {
        unsafe { _mm256_movemask_pd(mask.0) != 0 }
    }
}
