//! erf, erfc.
//!
//! Method: `(1 + 2a) exp(a^2) erfc(a)` varies between 1 and 1.25 over all `a >= 0`; it is a polynomial in `(a - 4) / (a + 4)`
//! (M. M. Shepherd, J. G. Laframboise, Math. Comp. 36, 1981; here refitted). The exponential and the quotient are kept in two
//! parts. Near zero `erf` is its own odd polynomial.

use super::exp::{exp_parts, scale};
use super::pair::{fast_two_sum, product, quotient, two_sum};
use crate::lane::Lane;
use crate::math::coef::{ERF, ERFC, ERFC_MID, ERFC_MID_LO};

/// erfc(a) for `a >= 0`.
#[inline(always)]
fn erfc_positive<L: Lane>(a: L) -> L {
    let a = a.at_most(28.0);
    let (p, pe) = product(a, a);
    let (k, eh, el) = exp_parts(-p, -pe);
    let t = (a - L::c(4.0)) / (a + L::c(4.0));
    let (qh, ql) = fast_two_sum(L::c(ERFC_MID), t * t.poly(ERFC));
    let ql = ql + L::c(ERFC_MID_LO);
    let (n, ne) = product(eh, qh);
    let num = (n, el.mul_add(qh, eh.mul_add(ql, ne)));
    let den = two_sum(L::one(), a + a);
    scale(quotient(num, den), k)
}

/// erf x, for `|x| <= 1`.
#[inline(always)]
fn erf_near<L: Lane>(x: L) -> L {
    x.mul_add((x * x).poly(ERF), x)
}

/// erfc x. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn erfc<L: Lane>(x: L) -> L {
    let a = x.abs();
    let r = erfc_positive(a);
    let far = L::select(x.lt(L::c(0.0)), L::c(2.0) - r, r);
    // Near zero the polynomial in (a - 4) / (a + 4) is steep and doubles the error of its argument.
    L::select(a.lt(L::c(0.5)), L::one() - erf_near(x), far)
}

/// erf x. Error below 1.5 ulp.
#[inline(always)]
pub(crate) fn erf<L: Lane>(x: L) -> L {
    let a = x.abs();
    let far = L::one() - erfc_positive(a);
    L::select(a.lt(L::one()), erf_near(a), far).flip(x.sign())
}
