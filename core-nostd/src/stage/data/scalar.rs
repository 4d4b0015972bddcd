//! Numbers and `bool`: one leaf, a scalar.

use super::{Datum, Discrete, Smooth};
use crate::ir::{DType, Type};
use crate::value::{Data, Element, Val};
use alloc::vec::Vec;
use num_complex::Complex;

macro_rules! elements {
    ($space:ty: $($ty:ty)*) => {$(
        impl Datum for $ty {
            type Owned = $ty;
            type Space = $space;
            fn types(out: &mut Vec<Type>) {
                out.push(Type::scalar(<$ty>::DTYPE));
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                out.push(Val::from(*self));
            }
            fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<$ty> {
                <$ty>::from_scalar(vals.next()?.as_scalar()?)
            }
            fn extend_dense(xs: &[$ty], out: &mut Data) {
                if let Some(v) = <$ty>::vec_mut(out) {
                    v.extend_from_slice(xs);
                }
            }
            fn collect_dense(mut elements: Data, n: usize) -> Option<Vec<$ty>> {
                let v = core::mem::take(<$ty>::vec_mut(&mut elements)?);
                (v.len() == n).then_some(v)
            }
        }
    )*};
}
elements!(Discrete: bool i8 i16 i32 i64 u8 u16 u32 u64);
elements!(Smooth: f32 f64 Complex<f32> Complex<f64>);

/// Pointer-sized integers are 64-bit ones in the IR, on every host.
macro_rules! sized {
    ($($ty:ty as $wide:ty, $dtype:ident;)*) => {$(
        impl Datum for $ty {
            type Owned = $ty;
            type Space = Discrete;
            fn types(out: &mut Vec<Type>) {
                out.push(Type::scalar(DType::$dtype));
            }
            fn flatten(&self, out: &mut Vec<Val>) {
                out.push(Val::from(*self as $wide));
            }
            fn unflatten(vals: &mut dyn Iterator<Item = Val>) -> Option<$ty> {
                <$wide>::unflatten(vals)?.try_into().ok()
            }
            fn extend_dense(xs: &[$ty], out: &mut Data) {
                if let Some(v) = <$wide>::vec_mut(out) {
                    v.extend(xs.iter().map(|&x| x as $wide));
                }
            }
            fn collect_dense(elements: Data, n: usize) -> Option<Vec<$ty>> {
                let v = <$wide>::collect_dense(elements, n)?;
                v.into_iter().map(|x| x.try_into().ok()).collect()
            }
        }
    )*};
}
sized! {
    usize as u64, U64;
    isize as i64, I64;
}
