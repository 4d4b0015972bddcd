//! Plain types: which proxy each has; and constants.

use super::data::{Datum, flatten};
use super::expr::Expr;
use super::seq::{Arr, Seq};
use super::staged::{Staged, elem_type, types};
use super::stager::B;
use crate::entity::Value;
use crate::ir::{ArrayOp, ConstOp, Dim, PlaceOp, Type};
use crate::value::Val;
use alloc::sync::Arc;
use alloc::vec::Vec;
use num_complex::Complex;

/// A plain type that a `#[differentiable]` function can compute with. Its proxy has the leaves that [`Datum`] gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in a `#[differentiable]` function",
    label = "no differentiable form is known for this type",
    note = "numbers, bool, tuples, arrays, Vec, slices, Option and Result are known; give a struct or enum of your own `#[derive(Differentiable)]`"
)]
pub trait Diff: Datum {
    /// What stands for it in the twin.
    type Proxy<'b>: Staged<'b>;
}

/// A constant or static of the program as a proxy.
pub fn konst<'b, T: Diff + ?Sized>(b: B<'b>, x: &T) -> T::Proxy<'b> {
    let tys = types::<T::Proxy<'b>>();
    let vs: Vec<Value> = flatten(x)
        .into_iter()
        .zip(&tys)
        .map(|(v, t)| constant(b, v, t))
        .collect();
    <T::Proxy<'b>>::take(b, &mut vs.iter())
}

/// A value as constants of a type. Constants nest as deep as Rust types do.
fn constant(b: B<'_>, v: Val, ty: &Type) -> Value {
    match (v, ty) {
        (Val::Scalar(s), _) => b.op(ConstOp::Scalar(s), &[]),
        (Val::Tensor(t), _) if !t.data.is_empty() => b.op(ConstOp::Tensor(t), &[]),
        (Val::Record(r), Type::Record(tys)) => {
            let vs: Vec<Value> = Arc::unwrap_or_clone(r)
                .into_iter()
                .zip(tys.iter())
                .map(|(v, t)| constant(b, v, t))
                .collect();
            b.op(PlaceOp::Record, &vs)
        }
        (Val::Seq(s), Type::Seq(e)) if !s.is_empty() => {
            let vs: Vec<Value> = Arc::unwrap_or_clone(s)
                .into_iter()
                .map(|v| constant(b, v, e))
                .collect();
            b.op(ArrayOp::Array, &vs)
        }
        _ => b.op(ConstOp::Default(ty.clone()), &[]),
    }
}

macro_rules! scalars {
    ($($t:ty)*) => {$(
        impl Diff for $t {
            type Proxy<'b> = Expr<'b, $t>;
        }
    )*};
}
scalars!(bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 Complex<f32> Complex<f64>);

impl<T: Diff + ?Sized> Diff for &T {
    type Proxy<'b> = T::Proxy<'b>;
}
impl<T: Diff + ?Sized> Diff for &mut T {
    type Proxy<'b> = T::Proxy<'b>;
}
impl<T: Diff> Diff for [T] {
    type Proxy<'b> = Seq<'b, T::Proxy<'b>>;
}
impl<T: Diff> Diff for Vec<T> {
    type Proxy<'b> = Seq<'b, T::Proxy<'b>>;
}
impl<T: Diff, const N: usize> Diff for [T; N] {
    type Proxy<'b> = Arr<'b, T::Proxy<'b>, N>;
}

macro_rules! tuples {
    ($($T:ident)*) => {
        impl<$($T: Diff),*> Diff for ($($T,)*) {
            type Proxy<'b> = ($($T::Proxy<'b>,)*);
        }
    };
}
tuples!();
tuples!(T0);
tuples!(T0 T1);
tuples!(T0 T1 T2);
tuples!(T0 T1 T2 T3);
tuples!(T0 T1 T2 T3 T4);
tuples!(T0 T1 T2 T3 T4 T5);
tuples!(T0 T1 T2 T3 T4 T5 T6);
tuples!(T0 T1 T2 T3 T4 T5 T6 T7);
tuples!(T0 T1 T2 T3 T4 T5 T6 T7 T8);
tuples!(T0 T1 T2 T3 T4 T5 T6 T7 T8 T9);
tuples!(T0 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10);
tuples!(T0 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11);

/// The type of a sequence of `P`, of a known number of elements or not.
pub(super) fn array_type<'b, P: Staged<'b>>(n: Option<usize>) -> Type {
    let dim = n.map_or(Dim::Dynamic, |n| Dim::Known(n as u64));
    elem_type::<P>().array_of(dim)
}
