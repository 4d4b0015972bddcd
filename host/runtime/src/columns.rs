//! Stacks to memory and back, column by column: residuals of a pullback are as many as the steps of a loop.
//!
//! A stack's scalars lie in vectors, one for each field; in memory its elements lie one after another. A column of scalars is moved by a
//! strided loop, without a value for each.

use crate::block::{Head, Heap, data_of};
use crate::context::Context;
use crate::marshal::{Ownership, Plan, Source, Target, confusion, vector};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::DType;
use cotangent_core::on_each;
use cotangent_core::value::{Column, Data, Element, Stack};
use cotangent_lower::lir::Layout;
use num_complex::Complex;
use std::alloc::Layout as Shape;
use std::ptr;

/// The columns of elements: each field's plan, and where its first leaf is among the element's.
fn fields(element: &Plan) -> impl Iterator<Item = (&Plan, usize)> {
    let fields = match element {
        Plan::Record(fs) => fs.as_slice(),
        Plan::Scalar(_) | Plan::Tensor { .. } | Plan::List { .. } => std::slice::from_ref(element),
    };
    fields.iter().scan(0, |next, f| {
        let at = *next;
        *next += f.words();
        Some((f, at))
    })
}

/// Writes the elements of a stack.
///
/// # Safety
/// `base` has room for the elements; as [`Plan::lower`].
pub(crate) unsafe fn lower(
    s: &Stack,
    element: &Plan,
    base: *mut u8,
    memory: &Layout,
    cx: &mut Context,
    how: Ownership,
) -> Result<(), TrapKind> {
    let size = memory.size as usize;
    for (c, (plan, leaf)) in s.columns().iter().zip(fields(element)) {
        match (c, plan) {
            (Column::Scalars(d), Plan::Scalar(ty)) if d.dtype() == *ty => {
                let at = base.wrapping_add(memory.leaves[leaf].0 as usize);
                // SAFETY: each element has such a scalar there, aligned as its parts are; there is room for all.
                on_each!(Data, d, v => unsafe { scatter(v, at, size) });
            }
            (Column::Values(vs), _) => {
                for (i, v) in vs.iter().enumerate() {
                    let place = base.wrapping_add(i * size);
                    let mut to = Target::element(place, &memory.leaves[leaf..]);
                    // SAFETY: there is room for the field's leaves; the rest is the caller's promise.
                    unsafe { plan.lower(v, cx, &mut to, how) }?;
                }
            }
            (Column::Scalars(_), _) => return Err(confusion("a stack at the boundary")),
        }
    }
    Ok(())
}

/// # Safety
/// There is room for a `T` at each of the places, which are aligned.
unsafe fn scatter<T: Copy>(v: &[T], at: *mut u8, size: usize) {
    for (i, x) in v.iter().enumerate() {
        // SAFETY: the caller's promise.
        unsafe { at.wrapping_add(i * size).cast::<T>().write(*x) };
    }
}

/// Reads a stack of `n` elements, as [`Plan::lift`] does.
///
/// # Safety
/// `base` is the address of that many live elements; as [`Plan::lift`].
pub(crate) unsafe fn lift(
    n: usize,
    element: &Plan,
    base: *const u8,
    memory: &Layout,
    mut heap: Option<&mut Heap>,
) -> Result<Stack, TrapKind> {
    let size = memory.size as usize;
    let mut columns = Vec::new();
    for (plan, leaf) in fields(element) {
        columns.push(if let Plan::Scalar(d) = plan {
            let at = base.wrapping_add(memory.leaves[leaf].0 as usize);
            // SAFETY: the caller's promise: each element has such a scalar there.
            Column::Scalars(unsafe { gather(*d, n, at, size) }?)
        } else {
            let mut vs = vector(n)?;
            for i in 0..n {
                let place = base.wrapping_add(i * size);
                let mut from = Source::element(place, &memory.leaves[leaf..]);
                // SAFETY: the caller's promise.
                vs.push(unsafe { plan.lift(&mut from, heap.as_deref_mut()) }?);
            }
            Column::Values(vs)
        });
    }
    let record = matches!(element, Plan::Record(_));
    Stack::from_columns(n, record, columns).ok_or_else(|| confusion("a stack at the boundary"))
}

/// The `n` scalars of a block from `at` on in the memory where they are, if that is all of what the block holds and its heap gives it away.
///
/// # Safety
/// There are that many initialised scalars of the type. The block is null or live; what it is read for from now on ends before the data change.
pub(crate) unsafe fn given(
    d: DType,
    n: usize,
    at: *mut u8,
    block: *mut Head,
    heap: &mut Heap,
) -> Option<Data> {
    /// # Safety
    /// As [`given`]; the bits are valid for `T`, and `at` is where the block's room starts.
    unsafe fn of<T: Element>(n: usize, block: *mut Head, heap: &mut Heap) -> Option<Data> {
        // SAFETY: the caller's promise.
        let (at, room) = unsafe { heap.give(block, n, Shape::new::<T>()) }?;
        // SAFETY: the memory was allocated like that of a vector with that capacity, starts with `n` initialised elements, and is nobody else's.
        Some(T::data(unsafe {
            Vec::from_raw_parts(at.cast::<T>(), n, room)
        }))
    }
    // SAFETY: the caller's promise.
    if block.is_null() || unsafe { data_of(block) } != at {
        return None;
    }
    // SAFETY: the caller's promise.
    unsafe {
        match d {
            // Bytes are looked at one by one.
            DType::Bool => None,
            DType::I8 => of::<i8>(n, block, heap),
            DType::I16 => of::<i16>(n, block, heap),
            DType::I32 => of::<i32>(n, block, heap),
            DType::I64 => of::<i64>(n, block, heap),
            DType::U8 => of::<u8>(n, block, heap),
            DType::U16 => of::<u16>(n, block, heap),
            DType::U32 => of::<u32>(n, block, heap),
            DType::U64 => of::<u64>(n, block, heap),
            DType::F32 => of::<f32>(n, block, heap),
            DType::F64 => of::<f64>(n, block, heap),
            DType::C64 => of::<Complex<f32>>(n, block, heap),
            DType::C128 => of::<Complex<f64>>(n, block, heap),
        }
    }
}

/// The scalars at `n` places, `size` bytes from one to the next.
///
/// # Safety
/// Each of the places has an initialised scalar of the type, aligned as its parts are.
pub(crate) unsafe fn gather(
    d: DType,
    n: usize,
    at: *const u8,
    size: usize,
) -> Result<Data, TrapKind> {
    /// # Safety
    /// As [`gather`]; the bits are valid for `T`.
    unsafe fn of<T: Element>(n: usize, at: *const u8, size: usize) -> Result<Data, TrapKind> {
        // SAFETY: the caller's promise.
        Ok(T::data(unsafe { read(n, at, size) }?))
    }
    /// # Safety
    /// As [`of`].
    unsafe fn read<T: Copy>(n: usize, at: *const u8, size: usize) -> Result<Vec<T>, TrapKind> {
        let mut v: Vec<T> = vector(n)?;
        if size == size_of::<T>() {
            // SAFETY: the caller's promise: the places lie one after another; the vector has room for them.
            unsafe {
                ptr::copy_nonoverlapping(at.cast::<T>(), v.as_mut_ptr(), n);
                v.set_len(n);
            }
            return Ok(v);
        }
        // SAFETY: the caller's promise.
        v.extend((0..n).map(|i| unsafe { at.wrapping_add(i * size).cast::<T>().read() }));
        Ok(v)
    }
    // SAFETY: the caller's promise. Bytes that stand for truth values are made such, whatever they are.
    unsafe {
        match d {
            DType::Bool => {
                let bytes: Vec<u8> = read(n, at, size)?;
                Ok(Data::Bool(bytes.into_iter().map(|b| b != 0).collect()))
            }
            DType::I8 => of::<i8>(n, at, size),
            DType::I16 => of::<i16>(n, at, size),
            DType::I32 => of::<i32>(n, at, size),
            DType::I64 => of::<i64>(n, at, size),
            DType::U8 => of::<u8>(n, at, size),
            DType::U16 => of::<u16>(n, at, size),
            DType::U32 => of::<u32>(n, at, size),
            DType::U64 => of::<u64>(n, at, size),
            DType::F32 => of::<f32>(n, at, size),
            DType::F64 => of::<f64>(n, at, size),
            DType::C64 => of::<Complex<f32>>(n, at, size),
            DType::C128 => of::<Complex<f64>>(n, at, size),
        }
    }
}
