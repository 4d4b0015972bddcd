//! What a proxy is: a value made of IR values whose types are known statically.

use super::stager::{B, Stager};
use super::var::Var;
use crate::entity::Value;
use crate::ir::{PlaceOp, Step, Type};
use alloc::vec;
use alloc::vec::Vec;

/// The IR values that a proxy is rebuilt from, in order.
pub type Leaves<'a> = core::slice::Iter<'a, Value>;

/// A proxy: stands in the twin for a value of a plain type.
///
/// `types` and `put` agree in number and order: field by field, depth first. A container is one leaf.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be held in a variable, branch or call of a `#[differentiable]` function",
    label = "not a staged value",
    note = "numbers, bool, tuples, arrays, Vec, slices, Option, Result and types with derive(Differentiable) can"
)]
pub trait Staged<'b>: Copy {
    /// The places of its fields: what `p.x` is when `p` is a variable.
    type Refs;
    /// The types of the leaves.
    fn types(out: &mut Vec<Type>);
    /// The leaves.
    fn put(&self, out: &mut Vec<Value>);
    /// The proxy of those leaves. Takes exactly as many as `put` gives.
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self;
    /// The places of the fields of a variable.
    fn refs(v: Var<'b, Self>) -> Self::Refs;
}

/// The types of the leaves of `P`.
pub fn types<'b, P: Staged<'b>>() -> Vec<Type> {
    let mut out = Vec::new();
    P::types(&mut out);
    out
}

/// The leaves of a proxy.
pub(super) fn leaves<'b, P: Staged<'b>>(p: &P) -> Vec<Value> {
    let mut out = Stager::none();
    p.put(&mut out);
    out
}

/// The type of a `P` as the element of a container: its only leaf, or the record of its leaves.
pub fn elem_type<'b, P: Staged<'b>>() -> Type {
    let mut tys = types::<P>();
    match tys.len() {
        1 => tys.remove(0),
        _ => Type::record(tys),
    }
}

/// A proxy as one IR value, of [`elem_type`].
pub fn pack<'b, P: Staged<'b>>(b: B<'b>, p: &P) -> Value {
    let vs = leaves(p);
    match vs[..] {
        [v] => v,
        _ => b.op(PlaceOp::Record, &vs),
    }
}

/// The proxy that [`pack`] made one value of.
pub fn unpack<'b, P: Staged<'b>>(b: B<'b>, v: Value) -> P {
    element(b, v, vec![], &[])
}

/// The proxy at `base[path]`, which has [`elem_type`].
pub(super) fn element<'b, P: Staged<'b>>(
    b: B<'b>,
    base: Value,
    path: Vec<Step>,
    idx: &[Value],
) -> P {
    let n = types::<P>().len();
    let vs: Vec<Value> = match n {
        1 if path.is_empty() => vec![base],
        1 => vec![b.ir().get(base, path, idx)],
        _ => (0..n)
            .map(|k| {
                let mut path = path.clone();
                path.push(Step::Field(k as u32));
                b.ir().get(base, path, idx)
            })
            .collect(),
    };
    P::take(b, &mut vs.iter())
}

/// What a name stands for when it is read: a proxy for itself, a place for what is in it.
///
/// Used where the twin cannot tell from the syntax whether a name is a `&mut` reference.
pub trait AsVal<'b>: Copy {
    /// What is read.
    type Out;
    /// Reads it.
    fn val(self) -> Self::Out;
    /// Writes back what a method with `&mut self` may have changed.
    fn back(self, old: &Self::Out, new: &Self::Out);
}

/// Reads a name; see [`AsVal`].
pub fn val<'b, T: AsVal<'b>>(x: T) -> T::Out {
    x.val()
}

macro_rules! tuples {
    ($($T:ident $i:tt),*) => {
        impl<'b, $($T: Staged<'b>),*> Staged<'b> for ($($T,)*) {
            type Refs = ($(Var<'b, $T>,)*);
            fn types(_out: &mut Vec<Type>) {
                $($T::types(_out);)*
            }
            fn put(&self, _out: &mut Vec<Value>) {
                $(self.$i.put(_out);)*
            }
            #[allow(clippy::unused_unit, reason = "the tuple of no fields")]
            fn take(_b: B<'b>, _from: &mut Leaves<'_>) -> Self {
                ($($T::take(_b, _from),)*)
            }
            #[allow(clippy::unused_unit, reason = "the tuple of no fields")]
            fn refs(v: Var<'b, Self>) -> Self::Refs {
                let mut _c = v.split();
                ($(_c.field::<$T>(),)*)
            }
        }
    };
}
tuples!();
tuples!(P0 0);
tuples!(P0 0, P1 1);
tuples!(P0 0, P1 1, P2 2);
tuples!(P0 0, P1 1, P2 2, P3 3);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7, P8 8);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7, P8 8, P9 9);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7, P8 8, P9 9, P10 10);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5, P6 6, P7 7, P8 8, P9 9, P10 10, P11 11);

impl<'b, P: Staged<'b>> AsVal<'b> for P {
    type Out = P;
    fn val(self) -> P {
        self
    }
    fn back(self, _: &P, _: &P) {}
}

impl<'b, P: Staged<'b>> AsVal<'b> for Var<'b, P> {
    type Out = P;
    fn val(self) -> P {
        super::var::rd(self)
    }
    fn back(self, old: &P, new: &P) {
        self.write_changed(old, new);
    }
}
