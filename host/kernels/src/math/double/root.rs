//! sqrt, rsqrt, cbrt.

use super::pair::product;
use crate::lane::Lane;
use crate::math::coef::{CBRT, CBRT_POWER};

/// The square root, correctly rounded.
#[inline(always)]
pub(crate) fn sqrt<L: Lane>(x: L) -> L {
    x.sqrt()
}

/// 1 / sqrt x, rounded twice. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn rsqrt<L: Lane>(x: L) -> L {
    L::one() / x.sqrt()
}

/// One of three constants.
#[inline(always)]
fn pick<L: Lane>(below: L::Mask, above: L::Mask, v: [f64; 3]) -> L {
    L::select(below, L::c(v[0]), L::select(above, L::c(v[2]), L::c(v[1])))
}

/// The cube root. Error below 1 ulp.
///
/// Method: `|x| = 2^(3q) M` with `M` in [1/2, 4); a polynomial guess, one step of Halley's iteration (to 2^-50), and one of
/// Newton's with the residual `M - y^3` in two parts.
#[inline(always)]
pub(crate) fn cbrt<L: Lane>(x: L) -> L {
    let a = x.abs();
    let small = a.lt(L::c(f64::MIN_POSITIVE));
    let n = L::select(small, a * L::c((1u64 << 54) as f64), a);
    let exponent = L::shr(n.to_bits(), 52);
    let e = L::from_bits(exponent | L::bits(0x4330_0000_0000_0000))
        - L::c(4_503_599_627_370_496.0 + 1023.0);
    let q = (e * L::c(1.0 / 3.0)).round();
    let rem = q.mul_add(L::c(-3.0), e);
    let m = L::from_bits((n.to_bits() & L::bits(0x000f_ffff_ffff_ffff)) | L::one().to_bits());
    let (below, above) = (rem.lt(L::c(0.0)), L::c(0.0).lt(rem));
    let big_m = m * pick(below, above, [0.5, 1.0, 2.0]);
    let guess = m.poly(CBRT) * pick(below, above, CBRT_POWER);
    let cube = guess * guess * guess;
    let r = L::one() / (cube + cube + big_m);
    let y = guess * (big_m + big_m + cube) * r;
    let (p, pe) = product(y, y);
    let (c, ce) = product(p, y);
    let residual = ((big_m - c) - ce) - pe * y;
    let y = (residual * r).mul_add(y, y);
    // 2^q, less the 18 that the 54 above are worth.
    let q = q - L::select(small, L::c(18.0), L::c(0.0));
    let power = L::from_bits(L::shl(
        (q + L::c(crate::lane::SHIFT + 1023.0)).to_bits() & L::bits(0xfff),
        52,
    ));
    let regular = L::c(0.0).lt(a) & a.lt(L::c(f64::INFINITY));
    L::select(regular, y * power, a).flip(x.sign())
}
