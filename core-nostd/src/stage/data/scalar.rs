//! Numbers and `bool`: one leaf, a scalar.

use super::{Datum, Discrete, Row, Smooth, Space, WordBuf, Words};
use crate::ir::{DType, Type};
use crate::value::{Data, Element, Lent, LentArray, Slice, Val};
use alloc::vec::Vec;
use num_complex::Complex;

/// A scalar as words.
trait AsWords: Sized {
    const COUNT: usize;
    fn put(self, out: &mut WordBuf<'_>);
    fn take(words: &mut core::slice::Iter<'_, u64>) -> Option<Self>;
}

macro_rules! words {
    ($($ty:ty: $x:ident => $word:expr, $w:ident => $value:expr;)*) => {$(
        impl AsWords for $ty {
            const COUNT: usize = 1;
            #[inline]
            fn put(self, out: &mut WordBuf<'_>) {
                let $x = self;
                out.push($word);
            }
            #[inline]
            fn take(words: &mut core::slice::Iter<'_, u64>) -> Option<$ty> {
                let $w = *words.next()?;
                Some($value)
            }
        }
    )*};
}
words! {
    bool: x => u64::from(x), w => w & 1 == 1;
    i8: x => x as u64, w => w as i8;
    i16: x => x as u64, w => w as i16;
    i32: x => x as u64, w => w as i32;
    i64: x => x as u64, w => w as i64;
    u8: x => u64::from(x), w => w as u8;
    u16: x => u64::from(x), w => w as u16;
    u32: x => u64::from(x), w => w as u32;
    u64: x => x, w => w;
    f32: x => u64::from(x.to_bits()), w => f32::from_bits(w as u32);
    f64: x => x.to_bits(), w => f64::from_bits(w);
}

impl<T: AsWords> AsWords for Complex<T> {
    const COUNT: usize = 2;
    #[inline]
    fn put(self, out: &mut WordBuf<'_>) {
        self.re.put(out);
        self.im.put(out);
    }
    #[inline]
    fn take(words: &mut core::slice::Iter<'_, u64>) -> Option<Self> {
        Some(Complex::new(T::take(words)?, T::take(words)?))
    }
}

macro_rules! elements {
    ($space:ty: $($ty:ty, $variant:ident;)*) => {$(
        impl Datum for $ty {
            type Owned = $ty;
            type Space = $space;
            const LEAVES: usize = 1;
            const ROW: Option<Row> = Some(Row::scalar(<$ty>::DTYPE));
            const WORDS: Words = Words::scalar(<$ty as AsWords>::COUNT, <$space>::SMOOTH);
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
            fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
                out.push(Lent::Scalar((*self).into()));
            }
            fn lend_dense(xs: &[$ty]) -> Option<LentArray<'_>> {
                Some(LentArray::vector(Slice::$variant(xs)))
            }
            #[inline]
            fn put_words(&self, out: &mut WordBuf<'_>) {
                self.put(out);
            }
            #[inline]
            fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<$ty> {
                AsWords::take(words)
            }
        }
    )*};
}
elements!(Discrete: bool, Bool; i8, I8; i16, I16; i32, I32; i64, I64; u8, U8; u16, U16; u32, U32; u64, U64;);
elements!(Smooth: f32, F32; f64, F64; Complex<f32>, C64; Complex<f64>, C128;);

/// Pointer-sized integers are 64-bit ones in the IR, on every host.
macro_rules! sized {
    ($($ty:ty as $wide:ty, $dtype:ident, $variant:ident;)*) => {$(
        impl Datum for $ty {
            type Owned = $ty;
            type Space = Discrete;
            const LEAVES: usize = 1;
            const ROW: Option<Row> = Some(Row::scalar(DType::$dtype));
            const WORDS: Words = Words::scalar(1, false);
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
            fn lend<'a>(&'a self, out: &mut Vec<Lent<'a>>) {
                out.push(Lent::Scalar((*self as $wide).into()));
            }
            fn lend_dense(xs: &[$ty]) -> Option<LentArray<'_>> {
                Some(LentArray::vector(Slice::$variant(xs)))
            }
            #[inline]
            fn put_words(&self, out: &mut WordBuf<'_>) {
                (*self as $wide).put(out);
            }
            #[inline]
            fn take_words(words: &mut core::slice::Iter<'_, u64>) -> Option<$ty> {
                <$wide as AsWords>::take(words)?.try_into().ok()
            }
        }
    )*};
}
sized! {
    usize as u64, U64, Usize;
    isize as i64, I64, Isize;
}
