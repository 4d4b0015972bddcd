//! Powers with integer exponents, by repeated multiplication in the core's order: low bits of the exponent first.

use super::binary::{product, product_fits};
use super::complex;
use super::value::{Tensor, TensorLayout};
use super::writer::Cx;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::DType;
use cotangent_core::value::Scalar;

/// `1/x`; of integers nothing, they have no negative powers.
fn recip(cx: &mut Cx<'_>, x: &Tensor) -> Tensor {
    if x.ty.dtype.is_complex() {
        return complex::recip(cx, x);
    }
    let one = cx.num(1.0, x);
    cx.div(&one, x)
}

/// The power by an exponent that is known.
pub(super) fn constant(cx: &mut Cx<'_>, op: &'static str, x: &Tensor, n: i128) -> Tensor {
    let integer = x.ty.dtype.is_int();
    if integer && n < 0 {
        let never = cx.constant(Scalar::Bool(false));
        cx.check_all(&never, TrapKind::IntegerOverflow { op });
    }
    let mut k = exponent(n, integer);
    let times = |cx: &mut Cx<'_>, a: &Tensor, b: &Tensor| {
        if integer {
            product(cx, op, a, b)
        } else {
            cx.mul(a, b)
        }
    };
    let mut square = x.clone();
    let mut power: Option<Tensor> = None;
    while k != 0 {
        if k & 1 == 1 {
            power = Some(match power {
                Some(p) => times(cx, &p, &square),
                None => square.clone(),
            });
        }
        k >>= 1;
        if k != 0 {
            square = times(cx, &square, &square);
        }
    }
    let power = power.unwrap_or_else(|| cx.num(1.0, x));
    if n < 0 && !integer {
        recip(cx, &power)
    } else {
        power
    }
}

/// An exponent of as few bits as can be that gives what `n` gives: no integer but -1, 0 and 1 has a power above 64 that fits.
fn exponent(n: i128, integer: bool) -> u128 {
    if integer && n > 64 {
        return (64 + (n & 1)) as u128;
    }
    n.unsigned_abs()
}

/// The power by an exponent that is not known: a loop over its bits.
pub(super) fn dynamic(cx: &mut Cx<'_>, op: &'static str, x: &Tensor, n: &Tensor) -> Tensor {
    let integer = x.ty.dtype.is_int();
    let signed = n.ty.dtype.is_signed();
    let below = signed.then(|| cx.versus("LT", n, 0.0));
    if let (Some(below), true) = (&below, integer) {
        let fits = cx.un("not", below);
        cx.check_all(&fits, TrapKind::IntegerOverflow { op });
    }
    // The size of the exponent, of which the least number has one too in the unsigned type.
    let wide = cx.cast(n, if signed { DType::I64 } else { DType::U64 });
    let mut k = if signed { cx.un("abs", &wide) } else { wide };
    k = cx.cast(&k, DType::U64);
    if integer {
        let limit = cx.whole(64, &k);
        let one = cx.whole(1, &k);
        let odd = cx.and(&k, &one);
        let most = cx.add(&limit, &odd);
        let large = cx.compared("GT", &k, &limit);
        k = cx.pick(&large, &most, &k);
    }
    let one = cx.num(1.0, x);
    let fine = cx.splat(Scalar::Bool(true), x.ty.with(DType::Bool));
    let types: Vec<TensorLayout> = [&k, x, &one, &fine].map(|t| t.ty.clone()).to_vec();
    let go = cx.block(&types, |cx, p| {
        let some = cx.versus("NE", &p[0], 0.0);
        let axes: Vec<usize> = (0..some.ty.shape.len()).collect();
        let some = if axes.is_empty() {
            some
        } else {
            cx.fold("or", &some, &axes, Scalar::Bool(false))
        };
        Ok::<_, std::convert::Infallible>(vec![some])
    });
    let step = cx.block(&types, |cx, p| {
        let (k, square, power, fine) = (&p[0], &p[1], &p[2], &p[3]);
        let one = cx.whole(1, k);
        let low = cx.and(k, &one);
        let set = cx.compared("EQ", &low, &one);
        let more = cx.mul(power, square);
        let next = cx.pick(&set, &more, power);
        let rest = cx.bin("shift_right_logical", k, &one);
        let squared = cx.mul(square, square);
        let mut fine = fine.clone();
        if integer && cx.is_checked() {
            // What is multiplied and not used may overflow.
            let unset = cx.un("not", &set);
            let fits = product_fits(cx, power, square, &more);
            let fits = cx.or(&fits, &unset);
            fine = cx.and(&fine, &fits);
            let last = cx.versus("EQ", &rest, 0.0);
            let fits = product_fits(cx, square, square, &squared);
            let fits = cx.or(&fits, &last);
            fine = cx.and(&fine, &fits);
        }
        Ok::<_, std::convert::Infallible>(vec![rest, squared, next, fine])
    });
    let (Ok(go), Ok(step)) = (go, step);
    let out = cx.op_with_blocks("while", &[&k, x, &one, &fine], "", types, &[go, step]);
    let power = out[2].clone();
    if integer {
        cx.check_all(&out[3], TrapKind::IntegerOverflow { op });
        return power;
    }
    match below {
        Some(below) => {
            let over = recip(cx, &power);
            cx.pick(&below, &over, &power)
        }
        None => power,
    }
}
