//! Complex numbers: core's formulas as LIR, in double precision. Single-precision numbers are widened before and rounded after, but for
//! sums, products and what changes no bits. Where a formula has cases, all are computed and the right one chosen.

use super::super::cx::{Cx, Flat};
use super::{power, unary};
use crate::layout::scalar_ty;
use crate::lir::{Bin, Cmp, Cvt, Math1, Math2, Opnd, Ty, Un};
use cotangent_core::ir::{BinaryOp, DType, UnaryOp};
use std::f64::consts::{LN_2, LOG2_E, LOG10_E};

/// A number in double precision: real and imaginary part.
type Z = (Opnd, Opnd);

const ONE: Z = (Opnd::f64(1.0), Opnd::f64(0.0));

fn widen(cx: &mut Cx<'_>, a: &[Opnd], d: DType) -> Z {
    let mut part = |x: Opnd| match scalar_ty(d) {
        Ty::F32 => cx.cvt(Cvt::Promote, Ty::F64, x),
        _ => x,
    };
    (part(a[0]), part(a[1]))
}

fn narrow(cx: &mut Cx<'_>, x: Opnd, d: DType) -> Opnd {
    match scalar_ty(d) {
        Ty::F32 => cx.cvt(Cvt::Demote, Ty::F32, x),
        _ => x,
    }
}

fn narrow_both(cx: &mut Cx<'_>, z: Z, d: DType) -> Flat {
    vec![narrow(cx, z.0, d), narrow(cx, z.1, d)]
}

/// The operation on one number; its result may be real or a truth value.
pub(super) fn unary(cx: &mut Cx<'_>, op: UnaryOp, a: &[Opnd], d: DType) -> Flat {
    use UnaryOp as U;
    match op {
        U::Neg => return vec![cx.un(Un::Neg, a[0]), cx.un(Un::Neg, a[1])],
        U::Conj => return vec![a[0], cx.un(Un::Neg, a[1])],
        U::Real => return vec![a[0]],
        U::Imag => return vec![a[1]],
        U::IsFinite => {
            let (re, im) = (unary::finite(cx, a[0]), unary::finite(cx, a[1]));
            return vec![cx.both(re, im)];
        }
        U::IsNan => {
            let (re, im) = (cx.cmp(Cmp::FNe, a[0], a[0]), cx.cmp(Cmp::FNe, a[1], a[1]));
            return vec![cx.either(re, im)];
        }
        U::Abs => {
            let z = widen(cx, a, d);
            let r = cx.math2(Math2::Hypot, z.0, z.1);
            return vec![narrow(cx, r, d)];
        }
        // The type rule lets no complex number have these but the last, which was handled before.
        U::Not
        | U::Floor
        | U::Ceil
        | U::Round
        | U::RoundEven
        | U::Trunc
        | U::Erf
        | U::Erfc
        | U::ErfInv
        | U::Lgamma
        | U::Digamma
        | U::PopCount
        | U::LeadingZeros
        | U::TrailingZeros
        | U::StopGradient => return a.to_vec(),
        U::Sign
        | U::Sqrt
        | U::Rsqrt
        | U::Cbrt
        | U::Recip
        | U::Square
        | U::Exp
        | U::Exp2
        | U::Expm1
        | U::Log
        | U::Log2
        | U::Log10
        | U::Log1p
        | U::Sin
        | U::Cos
        | U::Tan
        | U::Asin
        | U::Acos
        | U::Atan
        | U::Sinh
        | U::Cosh
        | U::Tanh
        | U::Asinh
        | U::Acosh
        | U::Atanh
        | U::Logistic => {}
    }
    let z = widen(cx, a, d);
    let mut f = Formula(cx);
    let w = f.unary(op, z);
    narrow_both(cx, w, d)
}

/// The operation on a number and another, or an integer of type `e`.
pub(super) fn binary(
    cx: &mut Cx<'_>,
    op: BinaryOp,
    a: &[Opnd],
    b: &[Opnd],
    d: DType,
    e: DType,
) -> Flat {
    use BinaryOp as B;
    let each = |cx: &mut Cx<'_>, op: Bin| vec![cx.bin(op, a[0], b[0]), cx.bin(op, a[1], b[1])];
    match op {
        B::Add => each(cx, Bin::Add),
        B::Sub => each(cx, Bin::Sub),
        B::Mul => {
            let z = Formula(cx).mul((a[0], a[1]), (b[0], b[1]));
            vec![z.0, z.1]
        }
        B::Div => {
            let (a, b) = (widen(cx, a, d), widen(cx, b, d));
            let z = Formula(cx).div(a, b);
            narrow_both(cx, z, d)
        }
        B::Pow => {
            let (a, b) = (widen(cx, a, d), widen(cx, b, d));
            let z = Formula(cx).pow(a, b);
            narrow_both(cx, z, d)
        }
        B::Powi => {
            let z = widen(cx, a, d);
            let n = cx.extend(b[0], e.is_signed());
            let z = powi(cx, z, n, e.is_signed());
            narrow_both(cx, z, d)
        }
        // The type rule lets no complex number have these.
        B::Rem
        | B::RemEuclid
        | B::DivEuclid
        | B::WrappingAdd
        | B::WrappingSub
        | B::WrappingMul
        | B::Min
        | B::Max
        | B::FMin
        | B::FMax
        | B::Atan2
        | B::Hypot
        | B::Copysign
        | B::And
        | B::Or
        | B::Xor
        | B::Shl
        | B::Shr
        | B::Complex
        | B::Polygamma => a.to_vec(),
    }
}

/// The product of two numbers of one precision.
pub(in crate::lower) fn product(cx: &mut Cx<'_>, a: &[Opnd], b: &[Opnd]) -> Flat {
    let z = Formula(cx).mul((a[0], a[1]), (b[0], b[1]));
    vec![z.0, z.1]
}

fn powi(cx: &mut Cx<'_>, z: Z, n: Opnd, signed: bool) -> Z {
    let p = power(cx, &[z.0, z.1], &[ONE.0, ONE.1], n, signed, product);
    let p = (p[0], p[1]);
    if !signed {
        return p;
    }
    let negative = cx.cmp(Cmp::SLt, n, Opnd::i64(0));
    if negative == Opnd::bool(false) {
        return p;
    }
    let mut f = Formula(cx);
    let inverse = f.recip(p);
    f.choose(negative, inverse, p)
}

/// Formulas over doubles.
struct Formula<'a, 'm>(&'a mut Cx<'m>);

impl Formula<'_, '_> {
    fn add(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.0.bin(Bin::Add, a, b)
    }
    fn sub(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.0.bin(Bin::Sub, a, b)
    }
    fn times(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.0.bin(Bin::Mul, a, b)
    }
    fn over(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.0.bin(Bin::FDiv, a, b)
    }
    fn neg(&mut self, a: Opnd) -> Opnd {
        self.0.un(Un::Neg, a)
    }
    fn size(&mut self, a: Opnd) -> Opnd {
        self.0.un(Un::FAbs, a)
    }
    fn f(&mut self, f: Math1, a: Opnd) -> Opnd {
        self.0.math(f, a)
    }
    fn is(&mut self, op: Cmp, a: Opnd, b: Opnd) -> Opnd {
        self.0.cmp(op, a, b)
    }
    fn choose(&mut self, c: Opnd, a: Z, b: Z) -> Z {
        (self.0.choose(c, a.0, b.0), self.0.choose(c, a.1, b.1))
    }
    fn is_zero(&mut self, z: Z) -> Opnd {
        let re = self.is(Cmp::FEq, z.0, Opnd::f64(0.0));
        let im = self.is(Cmp::FEq, z.1, Opnd::f64(0.0));
        self.0.both(re, im)
    }

    fn negated(&mut self, z: Z) -> Z {
        (self.neg(z.0), self.neg(z.1))
    }
    fn conj(&mut self, z: Z) -> Z {
        (z.0, self.neg(z.1))
    }
    fn sum(&mut self, a: Z, b: Z) -> Z {
        (self.add(a.0, b.0), self.add(a.1, b.1))
    }
    fn mul(&mut self, a: Z, b: Z) -> Z {
        let (p, q) = (self.times(a.0, b.0), self.times(a.1, b.1));
        let re = self.sub(p, q);
        let (p, q) = (self.times(a.0, b.1), self.times(a.1, b.0));
        (re, self.add(p, q))
    }
    fn scaled(&mut self, z: Z, by: f64) -> Z {
        let by = Opnd::f64(by);
        (self.times(z.0, by), self.times(z.1, by))
    }
    /// Scaled by the divisor's larger part `p`; `q` is the other.
    fn div(&mut self, a: Z, b: Z) -> Z {
        let (re, im) = (self.size(b.0), self.size(b.1));
        let big = self.is(Cmp::FGe, re, im);
        let (p, q) = (self.0.choose(big, b.0, b.1), self.0.choose(big, b.1, b.0));
        let (u, v) = (self.0.choose(big, a.0, a.1), self.0.choose(big, a.1, a.0));
        let r = self.over(q, p);
        let scaled = self.times(q, r);
        let d = self.add(p, scaled);
        let vr = self.times(v, r);
        let x = self.add(u, vr);
        let x = self.over(x, d);
        let ur = self.times(u, r);
        let (y, z) = (self.sub(v, ur), self.sub(ur, v));
        let y = self.0.choose(big, y, z);
        let y = self.over(y, d);
        // By zero: as the real number's magnitude divides.
        let none = self.is(Cmp::FEq, b.0, Opnd::f64(0.0));
        let none = self.0.both(big, none);
        let by_zero = (self.over(a.0, re), self.over(a.1, re));
        self.choose(none, by_zero, (x, y))
    }
    fn recip(&mut self, z: Z) -> Z {
        self.div(ONE, z)
    }
    fn polar(&mut self, r: Opnd, angle: Opnd) -> Z {
        let (s, c) = (self.f(Math1::Sin, angle), self.f(Math1::Cos, angle));
        (self.times(r, c), self.times(r, s))
    }
    fn abs(&mut self, z: Z) -> Opnd {
        self.0.math2(Math2::Hypot, z.0, z.1)
    }
    fn angle(&mut self, z: Z) -> Opnd {
        self.0.math2(Math2::Atan2, z.1, z.0)
    }
    /// `i z`.
    fn times_i(&mut self, z: Z) -> Z {
        (self.neg(z.1), z.0)
    }
    /// `-i z`.
    fn over_i(&mut self, z: Z) -> Z {
        (z.1, self.neg(z.0))
    }

    fn sqrt(&mut self, z: Z) -> Z {
        let zero = self.is_zero(z);
        let half = Opnd::f64(0.5);
        let (x, y) = (self.times(z.0, half), self.times(z.1, half));
        let (h, s) = (self.abs((x, y)), self.size(x));
        let u = self.add(h, s);
        let u = self.0.un(Un::Sqrt, u);
        let right = (u, self.over(y, u));
        let s = self.size(y);
        let left = (self.over(s, u), self.0.bin(Bin::Copysign, u, z.1));
        let positive = self.is(Cmp::FGe, x, Opnd::f64(0.0));
        let root = self.choose(positive, right, left);
        self.choose(zero, (Opnd::f64(0.0), z.1), root)
    }
    fn exp_like(&mut self, e: Opnd, im: Opnd, angle: Opnd) -> Z {
        let real = self.is(Cmp::FEq, im, Opnd::f64(0.0));
        let p = self.polar(e, angle);
        self.choose(real, (e, im), p)
    }
    fn exp(&mut self, z: Z) -> Z {
        let e = self.f(Math1::Exp, z.0);
        self.exp_like(e, z.1, z.1)
    }
    fn log(&mut self, z: Z) -> Z {
        let angle = self.angle(z);
        let r = self.abs(z);
        let (x, y) = (self.size(z.0), self.size(z.1));
        let wide = self.is(Cmp::FGt, x, y);
        let (a, b) = (self.0.choose(wide, x, y), self.0.choose(wide, z.1, z.0));
        let (less, more) = (self.sub(a, ONE.0), self.add(a, ONE.0));
        let (p, q) = (self.times(less, more), self.times(b, b));
        let near = self.add(p, q);
        let near = self.f(Math1::Log1p, near);
        let near = self.times(Opnd::f64(0.5), near);
        let far = self.f(Math1::Log, r);
        let above = self.is(Cmp::FGe, r, Opnd::f64(0.5));
        let below = self.is(Cmp::FLt, r, Opnd::f64(2.0));
        let close = self.0.both(above, below);
        (self.0.choose(close, near, far), angle)
    }
    fn log1p(&mut self, z: Z) -> Z {
        let up = self.add(ONE.0, z.0);
        let far = self.log((up, z.1));
        let two = self.add(Opnd::f64(2.0), z.0);
        let (p, q) = (self.times(z.0, two), self.times(z.1, z.1));
        let s = self.add(p, q);
        let l = self.f(Math1::Log1p, s);
        let near = (self.times(Opnd::f64(0.5), l), self.angle((up, z.1)));
        let (x, y) = (self.size(z.0), self.size(z.1));
        let x = self.is(Cmp::FGt, x, Opnd::f64(0.5));
        let y = self.is(Cmp::FGt, y, Opnd::f64(1.0));
        let away = self.0.either(x, y);
        self.choose(away, far, near)
    }
    fn sinh(&mut self, z: Z) -> Z {
        let (h, k) = (self.f(Math1::Sinh, z.0), self.f(Math1::Cosh, z.0));
        let (s, c) = (self.f(Math1::Sin, z.1), self.f(Math1::Cos, z.1));
        (self.times(h, c), self.times(k, s))
    }
    fn cosh(&mut self, z: Z) -> Z {
        let (h, k) = (self.f(Math1::Sinh, z.0), self.f(Math1::Cosh, z.0));
        let (s, c) = (self.f(Math1::Sin, z.1), self.f(Math1::Cos, z.1));
        (self.times(k, c), self.times(h, s))
    }
    fn tanh(&mut self, z: Z) -> Z {
        let (s, c) = (self.f(Math1::Sin, z.1), self.f(Math1::Cos, z.1));
        let size = self.size(z.0);
        let e = self.times(Opnd::f64(-2.0), size);
        let e = self.f(Math1::Exp, e);
        let four = self.times(Opnd::f64(4.0), s);
        let four = self.times(four, c);
        let far = (self.0.bin(Bin::Copysign, ONE.0, z.0), self.times(four, e));
        let (h, k) = (self.f(Math1::Sinh, z.0), self.f(Math1::Cosh, z.0));
        let (p, q) = (self.times(h, h), self.times(c, c));
        let d = self.add(p, q);
        let (x, y) = (self.times(h, k), self.times(s, c));
        let near = (self.over(x, d), self.over(y, d));
        let away = self.is(Cmp::FGt, size, Opnd::f64(20.0));
        self.choose(away, far, near)
    }
    /// The roots of `1 - z` (with the sign of a zero imaginary part of `-z`) and `1 + z`.
    fn roots(&mut self, z: Z) -> (Z, Z) {
        let down = (self.sub(ONE.0, z.0), self.neg(z.1));
        let up = (self.add(ONE.0, z.0), z.1);
        (self.sqrt(down), self.sqrt(up))
    }
    fn asin(&mut self, z: Z) -> Z {
        let (a, b) = self.roots(z);
        let p = self.mul(a, b);
        let re = self.0.math2(Math2::Atan2, z.0, p.0);
        let a = self.conj(a);
        let q = self.mul(a, b);
        (re, self.f(Math1::Asinh, q.1))
    }
    fn acos(&mut self, z: Z) -> Z {
        let (a, b) = self.roots(z);
        let re = self.0.math2(Math2::Atan2, a.0, b.0);
        let b = self.conj(b);
        let q = self.mul(b, a);
        (self.times(Opnd::f64(2.0), re), self.f(Math1::Asinh, q.1))
    }
    fn acosh(&mut self, z: Z) -> Z {
        let (less, more) = (self.sub(z.0, ONE.0), self.add(z.0, ONE.0));
        let (a, b) = (self.sqrt((less, z.1)), self.sqrt((more, z.1)));
        let im = self.0.math2(Math2::Atan2, a.1, b.0);
        let a = self.conj(a);
        let p = self.mul(a, b);
        (self.f(Math1::Asinh, p.0), self.times(Opnd::f64(2.0), im))
    }
    fn atanh(&mut self, z: Z) -> Z {
        let (x, y) = z;
        let (less, more) = (self.sub(ONE.0, x), self.add(ONE.0, x));
        let (p, q) = (self.times(less, less), self.times(y, y));
        let d = self.add(p, q);
        let four = self.times(Opnd::f64(4.0), x);
        let four = self.over(four, d);
        let l = self.f(Math1::Log1p, four);
        let p = self.times(less, more);
        let below = self.sub(p, q);
        let twice = self.times(Opnd::f64(2.0), y);
        let angle = self.0.math2(Math2::Atan2, twice, below);
        (
            self.times(Opnd::f64(0.25), l),
            self.times(Opnd::f64(0.5), angle),
        )
    }
    fn logistic(&mut self, z: Z) -> Z {
        let minus = self.negated(z);
        let e = self.exp(minus);
        let s = self.sum(ONE, e);
        let right = self.recip(s);
        let e = self.exp(z);
        let s = self.sum(ONE, e);
        let left = self.div(e, s);
        let positive = self.is(Cmp::FGe, z.0, Opnd::f64(0.0));
        self.choose(positive, right, left)
    }
    fn pow(&mut self, z: Z, w: Z) -> Z {
        let l = self.log(z);
        let p = self.mul(w, l);
        let p = self.exp(p);
        let (nan, zero) = (Opnd::f64(f64::NAN), Opnd::f64(0.0));
        let up = self.is(Cmp::FGt, w.0, zero);
        let of_zero = self.choose(up, (zero, zero), (nan, nan));
        let base = self.is_zero(z);
        let p = self.choose(base, of_zero, p);
        let none = self.is_zero(w);
        self.choose(none, ONE, p)
    }

    fn unary(&mut self, op: UnaryOp, z: Z) -> Z {
        use UnaryOp as U;
        match op {
            U::Sign => {
                let zero = self.is_zero(z);
                let r = self.abs(z);
                let w = (self.over(z.0, r), self.over(z.1, r));
                self.choose(zero, z, w)
            }
            U::Sqrt => self.sqrt(z),
            U::Rsqrt => {
                let w = self.sqrt(z);
                self.recip(w)
            }
            U::Cbrt => {
                let zero = self.is_zero(z);
                let r = self.abs(z);
                let r = self.f(Math1::Cbrt, r);
                let angle = self.angle(z);
                let angle = self.over(angle, Opnd::f64(3.0));
                let w = self.polar(r, angle);
                self.choose(zero, z, w)
            }
            U::Recip => self.recip(z),
            U::Square => self.mul(z, z),
            U::Exp => self.exp(z),
            U::Exp2 => {
                let e = self.f(Math1::Exp2, z.0);
                let angle = self.times(z.1, Opnd::f64(LN_2));
                self.exp_like(e, z.1, angle)
            }
            U::Expm1 => {
                let half = self.times(z.1, Opnd::f64(0.5));
                let s = self.f(Math1::Sin, half);
                let e = self.f(Math1::Expm1, z.0);
                let cos = self.f(Math1::Cos, z.1);
                let p = self.times(e, cos);
                let twice = self.times(Opnd::f64(2.0), s);
                let q = self.times(twice, s);
                let re = self.sub(p, q);
                let up = self.add(e, ONE.0);
                let sin = self.f(Math1::Sin, z.1);
                (re, self.times(up, sin))
            }
            U::Log => self.log(z),
            U::Log2 => {
                let w = self.log(z);
                self.scaled(w, LOG2_E)
            }
            U::Log10 => {
                let w = self.log(z);
                self.scaled(w, LOG10_E)
            }
            U::Log1p => self.log1p(z),
            U::Sin => {
                let w = self.times_i(z);
                let w = self.sinh(w);
                self.over_i(w)
            }
            U::Cos => {
                let w = self.times_i(z);
                self.cosh(w)
            }
            U::Tan => {
                let w = self.times_i(z);
                let w = self.tanh(w);
                self.over_i(w)
            }
            U::Asin => self.asin(z),
            U::Acos => self.acos(z),
            U::Atan => {
                let w = self.times_i(z);
                let w = self.atanh(w);
                self.over_i(w)
            }
            U::Sinh => self.sinh(z),
            U::Cosh => self.cosh(z),
            U::Tanh => self.tanh(z),
            U::Asinh => {
                let w = self.times_i(z);
                let w = self.asin(w);
                self.over_i(w)
            }
            U::Acosh => self.acosh(z),
            U::Atanh => self.atanh(z),
            U::Logistic => self.logistic(z),
            // Handled by the caller.
            U::Neg
            | U::Not
            | U::Abs
            | U::Floor
            | U::Ceil
            | U::Round
            | U::RoundEven
            | U::Trunc
            | U::Erf
            | U::Erfc
            | U::ErfInv
            | U::Lgamma
            | U::Digamma
            | U::IsFinite
            | U::IsNan
            | U::Real
            | U::Imag
            | U::Conj
            | U::PopCount
            | U::LeadingZeros
            | U::TrailingZeros
            | U::StopGradient => z,
        }
    }
}
