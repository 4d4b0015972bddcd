//! sin, cos, sincos, tan.
//!
//! Method: `|x| = n pi/2 + hi + lo`, minimax polynomials on [-pi/4, pi/4], and a choice by the quadrant `n mod 4`. Up to
//! [`SMALL`] the reduction subtracts multiples of pi/2 in three parts (Cody and Waite). Above it, pi/2 has too few bits in three
//! parts; there `x = X 2^(16 j)` with `X` an integer, and `2^(16 j) 2/pi mod 4` comes from a table with 212 bits (the idea of
//! M. Payne and R. Hanek, 1983, in floating point). Both are computed in one stream when `FULL`; a block of numbers that are all
//! small runs without the second, with the same bits.

use super::pair::{fast_two_sum, product, quotient, two_sum};
use crate::lane::{Lane, SHIFT, Table};
use crate::math::coef::{
    COS, HALF_PI_1, HALF_PI_2, HALF_PI_3, SIN, TWO_OVER_PI, TWO_OVER_PI_1, TWO_OVER_PI_2,
    TWO_OVER_PI_3, TWO_OVER_PI_4,
};

/// The largest magnitude that the short reduction takes: 2^39.
pub(crate) const SMALL: f64 = 549_755_813_888.0;

static TABLES: [Table; 4] = [
    Table {
        name: "ct_two_over_pi_1",
        values: &TWO_OVER_PI_1,
    },
    Table {
        name: "ct_two_over_pi_2",
        values: &TWO_OVER_PI_2,
    },
    Table {
        name: "ct_two_over_pi_3",
        values: &TWO_OVER_PI_3,
    },
    Table {
        name: "ct_two_over_pi_4",
        values: &TWO_OVER_PI_4,
    },
];

/// A reduced angle: `hi + lo` in [-pi/4, pi/4] and bits whose lowest two are the quadrant.
pub(crate) struct Angle<L: Lane> {
    pub(crate) hi: L,
    pub(crate) lo: L,
    pub(crate) quadrant: L::Bits,
}

/// For `0 <= a <= SMALL`.
#[inline(always)]
fn reduce_small<L: Lane>(a: L) -> Angle<L> {
    let t = a.mul_add(L::c(TWO_OVER_PI), L::c(SHIFT));
    let n = t - L::c(SHIFT);
    let r = n.mul_add_exact(L::c(-HALF_PI_1), a);
    let (p, pe) = product(n, L::c(-HALF_PI_2));
    let (hi, e) = two_sum(r, p);
    let lo = n.mul_add(L::c(-HALF_PI_3), e + pe);
    Angle {
        hi,
        lo,
        quadrant: t.to_bits(),
    }
}

/// Less a multiple of 4; the rest need not be the smallest one. Not for numbers between -2^53 and -2^51: a quarter of these becomes less
/// than 2^52 when [`SHIFT`] is added, and is not rounded to a whole number. The first part of the table is not negative for that reason.
#[inline(always)]
fn modulo_4<L: Lane>(x: L) -> L {
    x - L::c(4.0) * (x * L::c(0.25)).round()
}

/// For finite `a > SMALL`; for others some finite nonsense.
#[inline(always)]
fn reduce_huge<L: Lane>(a: L) -> Angle<L> {
    let bits = a.to_bits();
    // j = (exponent - 52) / 16, at least 0: four bits are dropped from the exponent.
    let floor = L::c(4_503_599_627_370_496.0);
    let j = L::shr(
        L::select(a.lt(floor), floor, a).to_bits() - floor.to_bits(),
        56,
    );
    let x = L::from_bits(bits - L::shl(j, 56));
    let t1 = L::lookup(&TABLES[0], j);
    let t2 = L::lookup(&TABLES[1], j);
    let t3 = L::lookup(&TABLES[2], j);
    let t4 = L::lookup(&TABLES[3], j);
    let (p1, e1) = product(x, t1);
    let (p2, e2) = product(x, t2);
    let (p3, e3) = product(x, t3);
    let (s, c1) = two_sum(modulo_4(p1), modulo_4(e1));
    let (s, c2) = two_sum(s, modulo_4(p2));
    let shifted = s + L::c(SHIFT);
    let s = s - (shifted - L::c(SHIFT));
    let (s, d1) = two_sum(s, c1);
    let (s, d2) = two_sum(s, c2);
    let (s, d3) = two_sum(s, e2);
    let (s, d4) = two_sum(s, p3);
    let rest = x.mul_add(t4, e3 + d4) + ((d1 + d2) + d3);
    let (h, l) = product(s, L::c(HALF_PI_1));
    let l = rest.mul_add(L::c(HALF_PI_1), s.mul_add(L::c(HALF_PI_2), l));
    let (hi, lo) = fast_two_sum(h, l);
    Angle {
        hi,
        lo,
        quadrant: shifted.to_bits(),
    }
}

/// The angle of `a >= 0`; NaN for infinity.
#[inline(always)]
pub(crate) fn reduce<const FULL: bool, L: Lane>(a: L) -> Angle<L> {
    let small = reduce_small(a);
    if !FULL {
        return small;
    }
    let huge = reduce_huge(a);
    let is_huge = L::c(SMALL).lt(a);
    let quadrant = L::select(
        is_huge,
        L::from_bits(huge.quadrant),
        L::from_bits(small.quadrant),
    );
    Angle {
        hi: L::select(is_huge, huge.hi, small.hi).nan_where(!a.lt(L::c(f64::INFINITY))),
        lo: L::select(is_huge, huge.lo, small.lo),
        quadrant: quadrant.to_bits(),
    }
}

/// The sine of a reduced angle is `hi` and this.
#[inline(always)]
fn sin_tail<L: Lane>(hi: L, lo: L, z: L) -> L {
    (hi * z).mul_add(z.poly(SIN), (lo * z).mul_add(L::c(-0.5), lo))
}

/// The cosine of a reduced angle, as a head and a tail.
#[inline(always)]
fn cos_parts<L: Lane>(hi: L, lo: L, z: L) -> (L, L) {
    let half = z * L::c(0.5);
    let head = L::one() - half;
    let e = (L::one() - head) - half;
    (head, (z * z).mul_add(z.poly(COS), (-hi).mul_add(lo, e)))
}

/// Bit 1 of the quadrant, as a sign.
#[inline(always)]
pub(crate) fn sign_of<L: Lane>(quadrant: L::Bits) -> L::Bits {
    L::shl(L::shr(quadrant, 1), 63)
}

/// sin x and cos x. Errors below 1 ulp.
#[inline(always)]
pub(crate) fn sincos<const FULL: bool, L: Lane>(x: L) -> (L, L) {
    let Angle { hi, lo, quadrant } = reduce::<FULL, L>(x.abs());
    let z = hi * hi;
    let s = hi + sin_tail(hi, lo, z);
    let (c, c_tail) = cos_parts(hi, lo, z);
    let c = c + c_tail;
    let odd = L::any(quadrant & L::bits(1));
    let sin = L::select(odd, c, s).flip(sign_of::<L>(quadrant) ^ x.sign());
    let cos = L::select(odd, s, c).flip(sign_of::<L>(quadrant + L::bits(1)));
    (sin, cos)
}

/// tan x. Error below 1 ulp.
#[inline(always)]
pub(crate) fn tan<const FULL: bool, L: Lane>(x: L) -> L {
    let Angle { hi, lo, quadrant } = reduce::<FULL, L>(x.abs());
    let z = hi * hi;
    let s = fast_two_sum(hi, sin_tail(hi, lo, z));
    let (c, c_tail) = cos_parts(hi, lo, z);
    let c = fast_two_sum(c, c_tail);
    let odd = L::any(quadrant & L::bits(1));
    let num = (L::select(odd, c.0, s.0), L::select(odd, c.1, s.1));
    let den = (L::select(odd, s.0, c.0), L::select(odd, s.1, c.1));
    quotient(num, den).flip(L::shl(quadrant, 63) ^ x.sign())
}
