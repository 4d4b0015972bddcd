//! Arithmetic of tensors in a shorthand, for operations that are written as several: every operand has the shape of the first.
//!
//! Where to start: [`Cx::bin`], [`Cx::num`] and [`Cx::pick`]; [`Cx::check_all`] for what traps elementwise.

use super::error::mismatch;
use super::value::{Tensor, TensorLayout};
use super::writer::{Block, Cx, i64s};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::DType;
use cotangent_core::value::Scalar;

impl<'m> Cx<'m> {
    /// An operation of one operand that keeps its type.
    pub(super) fn un(&mut self, name: &str, x: &Tensor) -> Tensor {
        self.op(name, &[x], "", x.ty.clone())
    }
    /// An operation of two operands of one type that gives that type.
    pub(super) fn bin(&mut self, name: &str, a: &Tensor, b: &Tensor) -> Tensor {
        self.op(name, &[a, b], "", a.ty.clone())
    }
    pub(super) fn add(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("add", a, b)
    }
    pub(super) fn sub(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("subtract", a, b)
    }
    pub(super) fn mul(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("multiply", a, b)
    }
    pub(super) fn div(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("divide", a, b)
    }
    pub(super) fn neg(&mut self, x: &Tensor) -> Tensor {
        self.un("negate", x)
    }
    /// `a` times a number.
    pub(super) fn scaled(&mut self, a: &Tensor, k: f64) -> Tensor {
        let k = self.num(k, a);
        self.mul(a, &k)
    }
    /// `a` and a number.
    pub(super) fn shifted(&mut self, a: &Tensor, k: f64) -> Tensor {
        let k = self.num(k, a);
        self.add(a, &k)
    }
    /// The absolute value; of a complex number its real modulus.
    pub(super) fn abs(&mut self, x: &Tensor) -> Tensor {
        let ty = x.ty.with(x.ty.dtype.real());
        self.op("abs", &[x], "", ty)
    }
    /// A number as a tensor of the type of another, rounded to its element type.
    pub(super) fn num(&mut self, x: f64, like: &Tensor) -> Tensor {
        self.splat(number(like.ty.dtype, x), like.ty.clone())
    }
    /// An integer as a tensor of the type of another; 0 where it does not fit.
    pub(super) fn whole(&mut self, n: i128, like: &Tensor) -> Tensor {
        let s = Scalar::from_int(like.ty.dtype, n).unwrap_or(Scalar::zero(like.ty.dtype));
        self.splat(s, like.ty.clone())
    }
    /// `a` where `p` holds, else `b`.
    pub(super) fn pick(&mut self, p: &Tensor, a: &Tensor, b: &Tensor) -> Tensor {
        self.op("select", &[p, a, b], "", a.ty.clone())
    }
    /// Another element type, by StableHLO's conversion.
    pub(super) fn cast(&mut self, x: &Tensor, to: DType) -> Tensor {
        if x.ty.dtype == to {
            return x.clone();
        }
        let ty = x.ty.with(to);
        self.op("convert", &[x], "", ty)
    }
    /// The same bits as another element type of the same size.
    pub(super) fn bits(&mut self, x: &Tensor, to: DType) -> Tensor {
        if x.ty.dtype == to {
            return x.clone();
        }
        let ty = x.ty.with(to);
        self.op("bitcast_convert", &[x], "", ty)
    }
    /// Where a float is not a number.
    pub(super) fn is_nan(&mut self, x: &Tensor) -> Tensor {
        self.compared("NE", x, x)
    }
    /// A comparison with a number.
    pub(super) fn versus(&mut self, direction: &str, x: &Tensor, k: f64) -> Tensor {
        let k = self.num(k, x);
        self.compared(direction, x, &k)
    }
    pub(super) fn and(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("and", a, b)
    }
    pub(super) fn or(&mut self, a: &Tensor, b: &Tensor) -> Tensor {
        self.bin("or", a, b)
    }
    /// A polynomial, lowest coefficient first.
    pub(super) fn poly(&mut self, x: &Tensor, coefficients: &[f64]) -> Tensor {
        let Some((&last, rest)) = coefficients.split_last() else {
            return self.num(0.0, x);
        };
        let mut sum = self.num(last, x);
        for &c in rest.iter().rev() {
            sum = self.mul(&sum, x);
            sum = self.shifted(&sum, c);
        }
        sum
    }
    /// The number that counts places along an axis.
    pub(super) fn iota(&mut self, ty: TensorLayout, axis: usize) -> Tensor {
        self.op("iota", &[], &format!("iota_dimension = {axis} : i64"), ty)
    }
    /// The tensor with axes where it has none: its axis `i` becomes axis `dims[i]`.
    pub(super) fn spread(&mut self, x: &Tensor, shape: &[u64], dims: &[usize]) -> Tensor {
        let ty = TensorLayout::new(x.ty.dtype, shape.iter().copied());
        if x.ty == ty {
            return x.clone();
        }
        let attribute = format!(
            "broadcast_dimensions = {}",
            i64s(dims.iter().map(|&d| d as i64))
        );
        self.op("broadcast_in_dim", &[x], &attribute, ty)
    }
    /// A region of two scalars that gives `name` of them.
    pub(super) fn pairwise(&mut self, name: &str, d: DType) -> Block {
        let s = TensorLayout::scalar(d);
        let made = self.block(&[s.clone(), s], |cx, p| {
            Ok::<_, std::convert::Infallible>(vec![cx.bin(name, &p[0], &p[1])])
        });
        match made {
            Ok(block) => block,
            Err(never) => match never {},
        }
    }
    /// The elements along axes taken together by `name`, from `start` on. The axes are dropped.
    pub(super) fn fold(&mut self, name: &str, x: &Tensor, axes: &[usize], start: Scalar) -> Tensor {
        let block = self.pairwise(name, x.ty.dtype);
        let start = self.constant(start);
        let mut k = 0..;
        let mut shape = x.ty.shape.clone();
        shape.retain(|_| k.next().is_none_or(|k| !axes.contains(&k)));
        let ty = TensorLayout::new(x.ty.dtype, shape);
        let attribute = format!("dimensions = {}", i64s(axes.iter().map(|&k| k as i64)));
        let mut out = self.op_with_blocks("reduce", &[x, &start], &attribute, vec![ty], &[block]);
        out.pop().expect("one result was asked for")
    }
    /// Whether all elements hold.
    pub(super) fn all(&mut self, x: &Tensor) -> Tensor {
        if x.ty.shape.is_empty() {
            return x.clone();
        }
        let axes: Vec<usize> = (0..x.ty.shape.len()).collect();
        self.fold("and", x, &axes, Scalar::Bool(true))
    }
    /// In a checked program, traps unless two lengths agree.
    pub(super) fn check_same(&mut self, op: &str, a: &Tensor, b: &Tensor) {
        if a.name != b.name && self.is_checked() {
            let same = self.compared("EQ", a, b);
            self.check_all(&same, mismatch(op));
        }
    }
    /// In a checked program, traps unless every element holds. What is beyond the length of an array is not looked at.
    pub(super) fn check_all(&mut self, holds: &Tensor, kind: TrapKind) {
        if !self.is_checked() {
            return;
        }
        let mut holds = holds.clone();
        if let Some(len) = self.live.clone()
            && !holds.ty.shape.is_empty()
        {
            let shape = holds.ty.shape.clone();
            let inside = self.inside(&len, &shape);
            let beyond = self.un("not", &inside);
            holds = self.or(&holds, &beyond);
        }
        let holds = self.all(&holds);
        self.check(&holds, kind);
    }
}

/// A number of an element type: rounded to a float or complex type; of an integer type what fits, else 0.
pub(super) fn number(d: DType, x: f64) -> Scalar {
    Scalar::from_f64(d, x)
        .or_else(|| Scalar::from_int(d, x as i128))
        .unwrap_or(Scalar::zero(d))
}

/// The greatest value of a type (`true`, infinity), or the least.
pub(super) fn extreme(d: DType, greatest: bool) -> Scalar {
    let bits = 8 * d.bytes() as u32;
    let int = if d.is_signed() {
        let top = 1i128 << (bits - 1);
        if greatest { top - 1 } else { -top }
    } else if greatest && d.is_unsigned() {
        (1i128 << bits) - 1
    } else {
        0
    };
    let float = if greatest {
        f64::INFINITY
    } else {
        f64::NEG_INFINITY
    };
    match d {
        DType::Bool => Scalar::Bool(greatest),
        _ if d.is_float() => number(d, float),
        _ => Scalar::from_int(d, int).unwrap_or(Scalar::zero(d)),
    }
}
