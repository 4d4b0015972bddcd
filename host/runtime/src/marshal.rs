//! Values to words and back: the boundary of compiled programs.
//!
//! A [`Plan`] is a type made ready for this. [`Plan::lower`] writes a value's leaves to a [`Target`], [`Plan::lift`] reads them from a
//! [`Source`]; both are words of 8 bytes, one a leaf, or an element in memory with its layout. Tensors among arguments are not copied: their
//! block has no room, an immortal count, and its data are where the value has them. Nor are large tensors among results, if their memory can be
//! given away.
//!
//! Invariant: the order of leaves is that of [`cotangent_lower::layout::leaves`]; a test compares.

use crate::block::{Head, Heap, data_of};
use crate::columns;
use crate::context::Context;
use crate::tables::Tables;
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, Dim, Type};
use cotangent_core::on_each;
use cotangent_core::value::{
    Data, Lent, LentArray, LentList, LentRows, Scalar, Tensor, Val, elements,
};
use cotangent_lower::abi::IMMORTAL;
use cotangent_lower::layout::{parts, scalar_ty};
use cotangent_lower::lir::{Layout, Ty};
use std::ptr;
use std::sync::Arc;

/// A type made ready for moving its values.
#[derive(Debug)]
pub(crate) enum Plan {
    Scalar(DType),
    Record(Vec<Plan>),
    Tensor {
        dtype: DType,
        dims: Vec<Dim>,
        layout: u32,
    },
    List {
        element: Box<Plan>,
        stack: bool,
        layout: u32,
        /// What `layout` stands for.
        memory: Layout,
    },
}

/// What the blocks of tensors are. Those of lists are new in any case, with one reference, so that the program may change them in place.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Ownership {
    /// Immortal, and their data are the value's own, which outlives the run.
    Lent,
    /// Counted, and copies.
    Copied,
}

/// Where leaves are written.
pub(crate) struct Target<'a>(Cursor<'a>);
/// Where leaves are read.
pub(crate) struct Source<'a>(Cursor<'a>);

/// Leaves one after another.
enum Cursor<'a> {
    Words(*mut u64),
    /// An element: its address and the leaves still to come.
    Element(*mut u8, &'a [(u32, Ty)]),
}

impl Cursor<'_> {
    /// The next leaf's place and type in memory; for words, a leaf of 8 bytes.
    fn next(&mut self) -> (*mut u8, Ty) {
        match self {
            Cursor::Words(at) => {
                let here = *at;
                *at = here.wrapping_add(1);
                (here.cast(), Ty::I64)
            }
            Cursor::Element(base, leaves) => match leaves.split_first() {
                Some((&(offset, ty), rest)) => {
                    *leaves = rest;
                    (base.wrapping_add(offset as usize), ty)
                }
                None => unreachable!("a layout has the leaves of its type"),
            },
        }
    }
}

impl<'a> Target<'a> {
    /// Words of 8 bytes.
    pub(crate) fn words(at: *mut u64) -> Target<'static> {
        Target(Cursor::Words(at))
    }
    /// The leaves of an element, or some of them.
    pub(crate) fn element(at: *mut u8, leaves: &'a [(u32, Ty)]) -> Target<'a> {
        Target(Cursor::Element(at, leaves))
    }
    /// # Safety
    /// There is room for another leaf.
    unsafe fn put(&mut self, bits: u64) {
        let (at, ty) = self.0.next();
        // SAFETY: the caller's promise; leaves are aligned in words and in elements.
        unsafe {
            match ty.bytes() {
                1 => at.write(bits as u8),
                2 => at.cast::<u16>().write(bits as u16),
                4 => at.cast::<u32>().write(bits as u32),
                _ => at.cast::<u64>().write(bits),
            }
        }
    }
    /// # Safety
    /// As [`put`](Self::put).
    unsafe fn put_address<T>(&mut self, p: *mut T) {
        // SAFETY: the caller's promise.
        unsafe { self.put(p.expose_provenance() as u64) }
    }
}

impl<'a> Source<'a> {
    /// Words of 8 bytes.
    pub(crate) fn words(at: *const u64) -> Source<'static> {
        Source(Cursor::Words(at.cast_mut()))
    }
    /// The leaves of an element, or some of them.
    pub(crate) fn element(at: *const u8, leaves: &'a [(u32, Ty)]) -> Source<'a> {
        Source(Cursor::Element(at.cast_mut(), leaves))
    }
    /// # Safety
    /// There is another initialised leaf.
    unsafe fn get(&mut self) -> u64 {
        let (at, ty) = self.0.next();
        // SAFETY: the caller's promise; leaves are aligned in words and in elements.
        unsafe {
            match ty.bytes() {
                1 => u64::from(at.read()),
                2 => u64::from(at.cast::<u16>().read()),
                4 => u64::from(at.cast::<u32>().read()),
                _ => at.cast::<u64>().read(),
            }
        }
    }
    /// # Safety
    /// As [`get`](Self::get).
    unsafe fn get_address<T>(&mut self) -> *mut T {
        // SAFETY: the caller's promise.
        ptr::with_exposed_provenance_mut(unsafe { self.get() } as usize)
    }
}

/// # Safety
/// There is room for the scalar's leaves.
unsafe fn put_scalar(s: Scalar, to: &mut Target<'_>) {
    let (a, b) = s.to_words();
    // SAFETY: the caller's promise.
    unsafe {
        to.put(a);
        if let Some(b) = b {
            to.put(b);
        }
    }
}

/// Where a tensor's elements are.
fn address_of(d: &Data) -> *mut u8 {
    on_each!(Data, d, v => v.as_ptr().cast::<u8>().cast_mut())
}

pub(crate) fn confusion(op: &str) -> TrapKind {
    TrapKind::TypeConfusion { op: op.into() }
}

impl Plan {
    pub(crate) fn new(ty: &Type, tables: &mut Tables) -> Plan {
        match ty {
            Type::Tensor(t) if t.shape.is_empty() => Plan::Scalar(t.dtype),
            Type::Tensor(t) => Plan::Tensor {
                dtype: t.dtype,
                dims: t.shape.clone(),
                layout: tables.layout_of(&Type::scalar(t.dtype)),
            },
            Type::Record(fs) => Plan::Record(fs.iter().map(|f| Plan::new(f, tables)).collect()),
            Type::Seq(e) | Type::Stack(e) => {
                let layout = tables.layout_of(e);
                Plan::List {
                    element: Box::new(Plan::new(e, tables)),
                    stack: matches!(ty, Type::Stack(_)),
                    layout,
                    memory: tables.layouts[layout as usize].clone(),
                }
            }
        }
    }
    /// How many leaves it has.
    pub(crate) fn words(&self) -> usize {
        match self {
            Plan::Scalar(d) => parts(*d),
            Plan::Record(fs) => fs.iter().map(Plan::words).sum(),
            Plan::Tensor { dims, .. } => 2 + dims.iter().filter(|d| **d == Dim::Dynamic).count(),
            Plan::List { .. } => 3,
        }
    }
    /// Whether it is a scalar or a record of such.
    pub(crate) fn flat(&self) -> bool {
        match self {
            Plan::Scalar(_) => true,
            Plan::Record(fs) => fs.iter().all(Plan::flat),
            Plan::Tensor { .. } | Plan::List { .. } => false,
        }
    }
    /// Writes the leaves of a value; arrays become blocks.
    ///
    /// # Safety
    /// There is room for the leaves. With [`Ownership::Lent`], the value is not dropped or changed while the blocks are used.
    pub(crate) unsafe fn lower(
        &self,
        v: &Val,
        cx: &mut Context,
        to: &mut Target<'_>,
        how: Ownership,
    ) -> Result<(), TrapKind> {
        // SAFETY: the caller's promises, passed on for the parts.
        unsafe {
            match (self, v) {
                (Plan::Scalar(d), Val::Scalar(s)) if s.dtype() == *d => put_scalar(*s, to),
                (Plan::Record(fs), Val::Unit) if fs.is_empty() => {}
                (Plan::Record(fs), Val::Record(vs)) if fs.len() == vs.len() => {
                    for (f, v) in fs.iter().zip(vs.iter()) {
                        f.lower(v, cx, to, how)?;
                    }
                }
                (Plan::Tensor { dtype, .. }, Val::Tensor(t)) if t.dtype() == *dtype => {
                    let at = address_of(&t.data);
                    self.lower_tensor(at, &t.shape, cx, to, how)?;
                }
                (Plan::List { stack: false, .. }, Val::Seq(vs)) => {
                    self.lower_list(vs.len(), |i| vs.get(i), cx, to, how)?;
                }
                (
                    Plan::List {
                        stack: true,
                        element,
                        layout,
                        memory,
                    },
                    Val::Stack(s),
                ) => {
                    let (block, base) = list_block(s.len(), *layout, memory, cx)?;
                    columns::lower(s, element, base, memory, cx, how)?;
                    finish_list(block, s.len(), memory, to);
                }
                (
                    Plan::Scalar(_) | Plan::Record(_) | Plan::Tensor { .. } | Plan::List { .. },
                    _,
                ) => return Err(confusion("a value at the boundary")),
            }
        }
        Ok(())
    }
    /// Writes the leaves of an argument, its parts lent where that can be.
    ///
    /// # Safety
    /// There is room for the leaves; the argument and what it lends are not changed or dropped while the blocks are used.
    pub(crate) unsafe fn lower_lent(
        &self,
        v: &Lent<'_>,
        cx: &mut Context,
        to: &mut Target<'_>,
    ) -> Result<(), TrapKind> {
        // SAFETY: the caller's promises, passed on for the parts.
        unsafe {
            match v {
                Lent::Scalar(x) => self.lower(&Val::Scalar(*x), cx, to, Ownership::Lent),
                Lent::Array(a) => self.lower_array(a, cx, to),
                Lent::Rows(rows) => self.lower_rows(rows, cx, to),
                Lent::List(list) => self.lower_items(list, cx, to),
                Lent::Val(v) => self.lower(v, cx, to, Ownership::Lent),
            }
        }
    }
    /// Of a sequence: the elements, their layout by number, and itself.
    fn list(&self) -> Result<(&Plan, u32, &Layout), TrapKind> {
        match self {
            Plan::List {
                element,
                stack: false,
                layout,
                memory,
            } => Ok((element, *layout, memory)),
            Plan::Scalar(_) | Plan::Record(_) | Plan::Tensor { .. } | Plan::List { .. } => {
                Err(confusion("a value at the boundary"))
            }
        }
    }
    /// Writes the leaves of a list whose elements are words.
    ///
    /// # Safety
    /// There is room for the leaves.
    unsafe fn lower_rows(
        &self,
        rows: &LentRows,
        cx: &mut Context,
        to: &mut Target<'_>,
    ) -> Result<(), TrapKind> {
        let each = rows.each();
        let (element, layout, memory) = self.list()?;
        if !element.flat() || element.words() != each {
            return Err(confusion("a value at the boundary"));
        }
        let (block, base) = list_block(rows.len(), layout, memory, cx)?;
        for (i, row) in rows.words().chunks_exact(each).enumerate() {
            let place = base.wrapping_add(i * memory.size as usize);
            let mut to = Target::element(place, &memory.leaves);
            for word in row {
                // SAFETY: the block has room for the elements, and an element for its words.
                unsafe { to.put(*word) };
            }
        }
        // SAFETY: all elements have been written; the rest is the caller's promise.
        unsafe { finish_list(block, rows.len(), memory, to) };
        Ok(())
    }
    /// Writes the leaves of a list whose elements are lent one by one.
    ///
    /// # Safety
    /// As [`lower_lent`](Self::lower_lent).
    unsafe fn lower_items(
        &self,
        list: &LentList<'_>,
        cx: &mut Context,
        to: &mut Target<'_>,
    ) -> Result<(), TrapKind> {
        let (element, layout, memory) = self.list()?;
        let fields = match (element, list.each()) {
            (plan, 1) => std::slice::from_ref(plan),
            (Plan::Record(fs), each) if fs.len() == each => fs.as_slice(),
            (Plan::Scalar(_) | Plan::Record(_) | Plan::Tensor { .. } | Plan::List { .. }, _) => {
                return Err(confusion("a value at the boundary"));
            }
        };
        let (block, base) = list_block(list.len(), layout, memory, cx)?;
        for (i, item) in list.items().enumerate() {
            let place = base.wrapping_add(i * memory.size as usize);
            let mut to = Target::element(place, &memory.leaves);
            for (plan, leaf) in fields.iter().zip(item) {
                // SAFETY: the block has room for the elements; the rest is the caller's promise.
                unsafe { plan.lower_lent(leaf, cx, &mut to) }?;
            }
        }
        // SAFETY: all elements have been written; the rest is the caller's promise.
        unsafe { finish_list(block, list.len(), memory, to) };
        Ok(())
    }
    /// Writes the leaves of an array lent by the caller.
    ///
    /// # Safety
    /// There is room for the leaves; the elements are not changed or freed while the block is used.
    pub(crate) unsafe fn lower_array(
        &self,
        a: &LentArray<'_>,
        cx: &mut Context,
        to: &mut Target<'_>,
    ) -> Result<(), TrapKind> {
        match (self, a.elements().as_ptr()) {
            (Plan::Tensor { dtype, .. }, Some(at)) if *dtype == a.elements().dtype() => {
                // SAFETY: the caller's promise.
                unsafe { self.lower_tensor(at.cast_mut(), a.shape(), cx, to, Ownership::Lent) }
            }
            (Plan::Tensor { .. }, None) => {
                let data = a.elements().to_data();
                // SAFETY: the caller's promise; these elements are copied.
                unsafe {
                    self.lower_tensor(address_of(&data), a.shape(), cx, to, Ownership::Copied)
                }
            }
            (Plan::Tensor { .. } | Plan::Scalar(_) | Plan::Record(_) | Plan::List { .. }, _) => {
                Err(confusion("a value at the boundary"))
            }
        }
    }
    /// # Safety
    /// As [`lower`](Self::lower); `at` is the address of the elements.
    unsafe fn lower_tensor(
        &self,
        at: *mut u8,
        shape: &[usize],
        cx: &mut Context,
        to: &mut Target<'_>,
        how: Ownership,
    ) -> Result<(), TrapKind> {
        let Plan::Tensor {
            dtype,
            dims,
            layout,
        } = self
        else {
            return Err(confusion("a value at the boundary"));
        };
        let fits = |(n, d): (&usize, &Dim)| d.known().is_none_or(|k| k == *n as u64);
        if shape.len() != dims.len() || !shape.iter().zip(dims).all(fits) {
            return Err(confusion("a value at the boundary"));
        }
        let bytes = elements(shape).unwrap_or(usize::MAX) as u64 * dtype.bytes() as u64;
        let (block, data) = match how {
            Ownership::Lent => {
                let block = cx.heap.alloc(0, *layout);
                if block.is_null() {
                    return Err(TrapKind::OutOfMemory { bytes });
                }
                // SAFETY: a new block.
                unsafe { (*block).count = IMMORTAL };
                (block, at)
            }
            Ownership::Copied => {
                let block = cx.try_alloc(bytes, *layout)?;
                // SAFETY: a new block.
                let data = unsafe { data_of(block) };
                // SAFETY: the block has room for the elements.
                unsafe { ptr::copy_nonoverlapping(at, data, bytes as usize) };
                (block, data)
            }
        };
        // SAFETY: there is room for the leaves of the tensor's type.
        unsafe {
            to.put_address(block);
            to.put_address(data);
            for (n, d) in shape.iter().zip(dims) {
                if *d == Dim::Dynamic {
                    to.put(*n as u64);
                }
            }
        }
        Ok(())
    }
    /// # Safety
    /// As [`lower`](Self::lower).
    unsafe fn lower_list<'v>(
        &self,
        n: usize,
        get: impl Fn(usize) -> Option<&'v Val>,
        cx: &mut Context,
        to: &mut Target<'_>,
        how: Ownership,
    ) -> Result<(), TrapKind> {
        let Plan::List {
            element,
            layout,
            memory,
            ..
        } = self
        else {
            return Err(confusion("a value at the boundary"));
        };
        let (block, base) = list_block(n, *layout, memory, cx)?;
        for i in 0..n {
            let place = base.wrapping_add(i * memory.size as usize);
            let mut to = Target::element(place, &memory.leaves);
            if let Some(v) = get(i) {
                // SAFETY: the block has room for `n` elements; the rest is the caller's promise.
                unsafe { element.lower(v, cx, &mut to, how) }?;
            }
        }
        // SAFETY: all elements have been written, there is room for the list's leaves.
        unsafe { finish_list(block, n, memory, to) };
        Ok(())
    }
    /// Reads a value: nothing refers to the blocks afterwards. It is a copy, but for the large tensors whose memory `heap`, if there is one,
    /// gives away; then all that may be done with the blocks is to read further values from them, before this one is changed or dropped.
    ///
    /// # Safety
    /// The leaves are those of a value of the plan's type, and its blocks are alive. With a heap, what they were counted for has ended.
    pub(crate) unsafe fn lift(
        &self,
        from: &mut Source<'_>,
        mut heap: Option<&mut Heap>,
    ) -> Result<Val, TrapKind> {
        // SAFETY: the caller's promise, passed on for the parts.
        unsafe {
            Ok(match self {
                Plan::Scalar(d) => {
                    let a = from.get();
                    let b = if parts(*d) == 2 { from.get() } else { 0 };
                    Val::Scalar(Scalar::from_words(*d, a, b))
                }
                Plan::Record(fs) => {
                    let mut vs = Vec::with_capacity(fs.len());
                    for f in fs {
                        vs.push(f.lift(from, heap.as_deref_mut())?);
                    }
                    Val::record(vs)
                }
                Plan::Tensor { dtype, dims, .. } => {
                    let block: *mut Head = from.get_address();
                    let at: *mut u8 = from.get_address();
                    let mut shape = Vec::with_capacity(dims.len());
                    for d in dims {
                        let n = match d {
                            Dim::Known(n) => *n,
                            Dim::Dynamic => from.get(),
                        };
                        shape.push(n as usize);
                    }
                    let n = elements(&shape).ok_or_else(|| confusion("an array's extents"))?;
                    let given = heap.and_then(|h| columns::given(*dtype, n, at, block, h));
                    let data = match given {
                        Some(data) => data,
                        None => columns::gather(*dtype, n, at, dtype.bytes())?,
                    };
                    Val::Tensor(Arc::new(Tensor { shape, data }))
                }
                Plan::List {
                    element,
                    stack,
                    memory,
                    ..
                } => {
                    let _block: *mut Head = from.get_address();
                    let at: *mut u8 = from.get_address();
                    let n = from.get() as usize;
                    if *stack {
                        Val::Stack(Arc::new(columns::lift(n, element, at, memory, heap)?))
                    } else {
                        let mut vs = vector(n)?;
                        for i in 0..n {
                            let place = at.wrapping_add(i * memory.size as usize);
                            let mut from = Source::element(place, &memory.leaves);
                            vs.push(element.lift(&mut from, heap.as_deref_mut())?);
                        }
                        Val::Seq(Arc::new(vs))
                    }
                }
            })
        }
    }
}

/// An empty vector with room for `n` elements.
pub(crate) fn vector<T>(n: usize) -> Result<Vec<T>, TrapKind> {
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| TrapKind::OutOfMemory {
        bytes: (n as u64).saturating_mul(size_of::<T>() as u64),
    })?;
    Ok(v)
}

/// A block for the elements of a list, and where they are.
fn list_block(
    n: usize,
    layout: u32,
    memory: &Layout,
    cx: &mut Context,
) -> Result<(*mut Head, *mut u8), TrapKind> {
    let bytes = (n as u64).saturating_mul(u64::from(memory.size));
    // What the caller has made is not limited, only what the program makes.
    let block = cx.heap.alloc(bytes, layout);
    if block.is_null() {
        return Err(TrapKind::OutOfMemory { bytes });
    }
    // SAFETY: a new block.
    Ok((block, unsafe { data_of(block) }))
}

/// Writes the leaves of a list whose elements have been written.
///
/// # Safety
/// `block` is a live block of `n` such elements; there is room for three leaves.
unsafe fn finish_list(block: *mut Head, n: usize, memory: &Layout, to: &mut Target<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        if !memory.blocks.is_empty() {
            (*block).len = n as u64;
        }
        to.put_address(block);
        to.put_address(data_of(block));
        to.put(n as u64);
    }
}

/// A word's type and a scalar's word ([`Scalar::to_words`]) agree.
const _: () = {
    assert!(scalar_ty(DType::C64).bytes() == 4 && scalar_ty(DType::C128).bytes() == 8);
};
