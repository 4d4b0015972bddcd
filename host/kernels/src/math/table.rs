//! Entry points by function, and the safe functions over slices.

use std::marker::PhantomData;

use super::entry::{array_sincos, array1, array2, scalar_1, scalar_2};
use super::{Element, Entry1, Entry2, EntrySinCos, Fn1, Fn2, Function1, Function2, Visit1, Visit2};
use crate::target::{Isa, Target, for_isa};

/// The entry points of a function for a target.
struct For<T, G>(PhantomData<(T, G)>);

impl<T: Element, G: Target> Visit1 for For<T, G> {
    type Out = (Entry1<T>, extern "C" fn(T) -> T);
    fn visit<F: Function1>(self) -> Self::Out {
        (array1::<T, F, G>, scalar_1::<T, F, G>)
    }
}

impl<T: Element, G: Target> Visit2 for For<T, G> {
    type Out = (Entry2<T>, extern "C" fn(T, T) -> T);
    fn visit<F: Function2>(self) -> Self::Out {
        (array2::<T, F, G>, scalar_2::<T, F, G>)
    }
}

/// Both forms of a function of one number.
fn both1<T: Element>(isa: Isa, f: Fn1) -> (Entry1<T>, extern "C" fn(T) -> T) {
    assert_available(isa);
    for_isa!(isa, G => f.visit(For::<T, G>(PhantomData)))
}

/// Both forms of a function of two numbers.
fn both2<T: Element>(isa: Isa, f: Fn2) -> (Entry2<T>, extern "C" fn(T, T) -> T) {
    assert_available(isa);
    for_isa!(isa, G => f.visit(For::<T, G>(PhantomData)))
}

/// Code of an instruction set that the machine lacks must not be handed out.
fn assert_available(isa: Isa) {
    assert!(isa.is_available(), "this machine has no {isa:?}");
}

/// The function over arrays, for the best instruction set or a given one.
///
/// # Panics
/// If the machine has no such instruction set: choose among [`Isa::available`].
pub fn entry1<T: Element>(isa: Isa, f: Fn1) -> Entry1<T> {
    both1(isa, f).0
}

/// As [`entry1`], for functions of two numbers.
///
/// # Panics
/// As [`entry1`].
pub fn entry2<T: Element>(isa: Isa, f: Fn2) -> Entry2<T> {
    both2(isa, f).0
}

/// As [`entry1`], for sine and cosine at once.
///
/// # Panics
/// As [`entry1`].
pub fn entry_sincos<T: Element>(isa: Isa) -> EntrySinCos<T> {
    assert_available(isa);
    for_isa!(isa, G => array_sincos::<T, G>)
}

/// The function of one number, the same bits as in an array.
///
/// # Panics
/// As [`entry1`].
pub fn scalar1<T: Element>(isa: Isa, f: Fn1) -> extern "C" fn(T) -> T {
    both1(isa, f).1
}

/// The function of two numbers, the same bits as in an array.
///
/// # Panics
/// As [`entry1`].
pub fn scalar2<T: Element>(isa: Isa, f: Fn2) -> extern "C" fn(T, T) -> T {
    both2(isa, f).1
}

/// `dst[i] = f(src[i])`, for as many elements as both have.
pub fn map1<T: Element>(f: Fn1, src: &[T], dst: &mut [T]) {
    let n = src.len().min(dst.len());
    // SAFETY: both slices have n elements and are apart, as their types say.
    unsafe { entry1(Isa::best(), f)(n, src.as_ptr(), dst.as_mut_ptr()) }
}

/// `x[i] = f(x[i])`.
pub fn map1_in_place<T: Element>(f: Fn1, x: &mut [T]) {
    let p = x.as_mut_ptr();
    // SAFETY: the slice is readable and writable; equal pointers are allowed.
    unsafe { entry1(Isa::best(), f)(x.len(), p, p) }
}

/// `dst[i] = f(a[i], b[i])`, for as many elements as all have.
pub fn map2<T: Element>(f: Fn2, a: &[T], b: &[T], dst: &mut [T]) {
    let n = a.len().min(b.len()).min(dst.len());
    // SAFETY: the slices have n elements, and the destination is apart.
    unsafe { entry2(Isa::best(), f)(n, a.as_ptr(), b.as_ptr(), dst.as_mut_ptr()) }
}

/// The sines and cosines of `src`, for as many elements as all have.
pub fn sincos<T: Element>(src: &[T], sin: &mut [T], cos: &mut [T]) {
    let n = src.len().min(sin.len()).min(cos.len());
    // SAFETY: the slices have n elements, and the destinations are apart.
    unsafe { entry_sincos(Isa::best())(n, src.as_ptr(), sin.as_mut_ptr(), cos.as_mut_ptr()) }
}
