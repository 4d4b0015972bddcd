//! The proxy of a number, its literals and operators.
//!
//! One operator implementation per operator and pair of types: then a float literal on either side takes the other's
//! type, as in plain Rust. References vanish in the twin, so there are no implementations for references.

use super::scalar::{Float, Int, Num, Scalar};
use super::staged::{Leaves, Staged};
use super::stager::B;
use super::var::Var;
use crate::entity::Value;
use crate::ir::{BinaryOp, ConstOp, Type, UnaryOp};
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops;
use num_complex::Complex;

/// The proxy of a scalar.
pub struct Expr<'b, T> {
    b: B<'b>,
    v: Value,
    of: PhantomData<T>,
}

impl<T> Copy for Expr<'_, T> {}
impl<T> Clone for Expr<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> core::fmt::Debug for Expr<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.v)
    }
}

/// A literal. `T` is rustc's own inference variable, so an unsuffixed literal falls back to `f64` or `i32` as in Rust.
pub fn lit<T: Scalar>(b: B<'_>, v: T) -> Expr<'_, T> {
    Expr::of(b, b.op(ConstOp::Scalar(v.to_scalar()), &[]))
}

impl<'b, T> Expr<'b, T> {
    /// The proxy of an IR value, which must be a scalar of the element type of `T`.
    pub fn of(b: B<'b>, v: Value) -> Self {
        Expr {
            b,
            v,
            of: PhantomData,
        }
    }
    /// The IR value.
    pub fn v(self) -> Value {
        self.v
    }
    /// What it is staged into.
    pub fn b(self) -> B<'b> {
        self.b
    }
    pub(super) fn unary<U>(self, op: UnaryOp) -> Expr<'b, U> {
        Expr::of(self.b, self.b.op(op, &[self.v]))
    }
    pub(super) fn binary<U, V>(self, op: BinaryOp, other: Expr<'b, U>) -> Expr<'b, V> {
        Expr::of(self.b, self.b.op(op, &[self.v, other.v]))
    }
}

impl<'b, T: Scalar> Staged<'b> for Expr<'b, T> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        out.push(T::DTYPE.into());
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.v);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        let v = from.next().copied();
        Expr::of(
            b,
            v.unwrap_or_else(|| b.op(ConstOp::Default(T::DTYPE.into()), &[])),
        )
    }
    fn refs(_: Var<'b, Self>) {}
}

macro_rules! arithmetic {
    ($($trait:ident $f:ident $op:ident;)*) => {$(
        impl<'b, T: Num> ops::$trait for Expr<'b, T> {
            type Output = Self;
            fn $f(self, other: Self) -> Self {
                self.binary(BinaryOp::$op, other)
            }
        }
        impl<'b, F: Float> ops::$trait<Expr<'b, F>> for Expr<'b, Complex<F>>
        where
            Complex<F>: Num,
        {
            type Output = Self;
            fn $f(self, other: Expr<'b, F>) -> Self {
                let other: Self = other.convert();
                self.binary(BinaryOp::$op, other)
            }
        }
        impl<'b> ops::$trait<Expr<'b, Complex<f64>>> for Expr<'b, f64> {
            type Output = Expr<'b, Complex<f64>>;
            fn $f(self, other: Expr<'b, Complex<f64>>) -> Self::Output {
                let this: Expr<'b, Complex<f64>> = self.convert();
                this.binary(BinaryOp::$op, other)
            }
        }
        impl<'b> ops::$trait<Expr<'b, Complex<f32>>> for Expr<'b, f32> {
            type Output = Expr<'b, Complex<f32>>;
            fn $f(self, other: Expr<'b, Complex<f32>>) -> Self::Output {
                let this: Expr<'b, Complex<f32>> = self.convert();
                this.binary(BinaryOp::$op, other)
            }
        }
    )*};
}
arithmetic! { Add add Add; Sub sub Sub; Mul mul Mul; Div div Div; Rem rem Rem; }

macro_rules! bits {
    ($($trait:ident $f:ident $op:ident;)*) => {$(
        impl<'b, T: Scalar + ops::$trait> ops::$trait for Expr<'b, T> {
            type Output = Self;
            fn $f(self, other: Self) -> Self {
                self.binary(BinaryOp::$op, other)
            }
        }
    )*};
}
bits! { BitAnd bitand And; BitOr bitor Or; BitXor bitxor Xor; }

macro_rules! shifts {
    ($($trait:ident $f:ident $op:ident;)*) => {$(
        impl<'b, T: Int, U: Int> ops::$trait<Expr<'b, U>> for Expr<'b, T> {
            type Output = Self;
            fn $f(self, other: Expr<'b, U>) -> Self {
                self.binary(BinaryOp::$op, other)
            }
        }
    )*};
}
shifts! { Shl shl Shl; Shr shr Shr; }

impl<T: Num> ops::Neg for Expr<'_, T> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(UnaryOp::Neg)
    }
}

impl<T: Scalar + ops::Not> ops::Not for Expr<'_, T> {
    type Output = Self;
    fn not(self) -> Self {
        self.unary(UnaryOp::Not)
    }
}
