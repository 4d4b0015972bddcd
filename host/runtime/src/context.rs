//! Contexts: what a running program carries along.
//!
//! A thread has one context for each run in progress on it and keeps one between runs, with its memory; so a run takes no lock and, once the
//! memory is there, allocates nothing. Compiled code knows the first fields only ([`cotangent_lower::abi`]).
//!
//! Invariant: while a context runs a program, `tables` points to that program's [`Tables`].

use crate::ahead::{Group, Spare};
use crate::block::{Head, Heap};
use crate::tables::Tables;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::Limits;
use cotangent_lower::abi;
use std::cell::Cell;
use std::mem::offset_of;
use std::ptr;
use std::sync::Arc;

/// What a running program carries along.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    /// Fuel left.
    pub fuel: u64,
    /// How many more calls of recursive functions may nest.
    pub depth: u64,
    /// The stack pointer must not be below.
    pub stack: u64,
    /// The blocks of the constant arrays.
    pub consts: *const *mut Head,
    /// The addresses of the callbacks.
    pub callbacks: *const *const u8,
    /// Where the program trapped.
    pub site: u64,
    /// The site's numbers.
    pub numbers: [u64; abi::SITE_NUMBERS],
    /// The trap, if it is one that the site does not say: an evaluated operation's, or the runtime's own.
    pub(crate) trap: Option<TrapKind>,
    /// The limits of the run.
    pub(crate) limits: Limits,
    /// The most bytes one value may take.
    pub(crate) max_bytes: u64,
    /// What callbacks need of the program.
    pub(crate) tables: *const Tables,
    /// The memory of blocks.
    pub(crate) heap: Heap,
    /// Room for the words of arguments and results, kept between runs.
    pub(crate) words: Vec<u64>,
    /// The loop whose calls are made ahead, if one is.
    pub(crate) ahead: Option<Box<Group>>,
    /// What such calls leave for the next.
    pub(crate) spare: Arc<Spare>,
}

const _: () = {
    assert!(offset_of!(Context, fuel) == abi::CTX_FUEL as usize);
    assert!(offset_of!(Context, depth) == abi::CTX_DEPTH as usize);
    assert!(offset_of!(Context, stack) == abi::CTX_STACK as usize);
    assert!(offset_of!(Context, consts) == abi::CTX_CONSTS as usize);
    assert!(offset_of!(Context, callbacks) == abi::CTX_CALLBACKS as usize);
    assert!(offset_of!(Context, site) == abi::CTX_SITE as usize);
    assert!(offset_of!(Context, numbers) == abi::CTX_NUMBERS as usize);
};

impl Context {
    fn new() -> Context {
        Context {
            fuel: 0,
            depth: 0,
            stack: 0,
            consts: ptr::null(),
            callbacks: crate::callbacks::table().as_ptr(),
            site: 0,
            numbers: [0; abi::SITE_NUMBERS],
            trap: None,
            limits: Limits::default(),
            max_bytes: 0,
            tables: ptr::null(),
            heap: Heap::new(),
            words: Vec::new(),
            ahead: None,
            spare: Arc::default(),
        }
    }
    /// Makes it ready for a run.
    #[inline]
    pub(crate) fn start(&mut self, tables: &Tables, limits: &Limits) {
        self.fuel = limits.fuel.unwrap_or(u64::MAX);
        self.depth = u64::from(limits.depth);
        self.stack = 0;
        self.limits = *limits;
        self.max_bytes = limits.max_bytes;
        self.tables = tables;
        self.trap = None;
        self.end_ahead();
    }
    /// Ends the calls that were made ahead, if there are any. To be called when a run ends, before its arguments do.
    #[inline]
    pub(crate) fn end_ahead(&mut self) {
        if self.ahead.is_some() {
            self.end_group();
        }
    }
    #[cold]
    fn end_group(&mut self) {
        if let Some(g) = self.ahead.take() {
            g.end();
        }
    }
    /// A block for a value of that many bytes; `None` if there is no memory or the limit is exceeded, which number 0 then tells.
    pub(crate) fn alloc(&mut self, bytes: u64, layout: u32) -> Option<*mut Head> {
        self.alloc_for(bytes, layout, false).map(|found| found.0)
    }
    /// As [`alloc`](Self::alloc); with whether the room is known to be zero, which is tried if it is asked for.
    #[inline]
    pub(crate) fn alloc_for(
        &mut self,
        bytes: u64,
        layout: u32,
        zero: bool,
    ) -> Option<(*mut Head, bool)> {
        if bytes <= self.max_bytes {
            let found = if Heap::is_large(bytes) {
                let align = self.alignment(layout);
                self.heap.alloc_for(bytes, layout, align, zero)
            } else {
                (self.heap.alloc(bytes, layout), false)
            };
            if !found.0.is_null() {
                return Some(found);
            }
        }
        self.numbers[0] = bytes;
        None
    }
    /// What elements of a layout are aligned to: as their widest leaf.
    fn alignment(&self, layout: u32) -> usize {
        // SAFETY: a running context's tables are its program's, alive during the run.
        let tables = unsafe { self.tables.as_ref() };
        let layout = tables.and_then(|t| t.layouts.get(layout as usize));
        let leaves = layout.iter().flat_map(|l| &l.leaves);
        leaves.map(|l| l.1.bytes()).max().unwrap_or(8) as usize
    }
    /// As [`alloc`](Self::alloc), with the trap that it means.
    pub(crate) fn try_alloc(&mut self, bytes: u64, layout: u32) -> Result<*mut Head, TrapKind> {
        self.alloc(bytes, layout)
            .ok_or(TrapKind::OutOfMemory { bytes })
    }
}

/// The context a thread keeps; freed when the thread ends.
struct Kept(Cell<*mut Context>);

impl Drop for Kept {
    fn drop(&mut self) {
        let ctx = self.0.replace(ptr::null_mut());
        if !ctx.is_null() {
            // SAFETY: the cell owns the context, which came from `Box::into_raw`.
            drop(unsafe { Box::from_raw(ctx) });
        }
    }
}

thread_local! {
    static KEPT: Kept = const { Kept(Cell::new(ptr::null_mut())) };
}

/// A context in use by this thread; kept for the next run when dropped.
#[derive(Debug)]
pub(crate) struct Lease(*mut Context);

impl Lease {
    /// The thread's context, or a new one if that is in use or the thread is ending.
    #[inline]
    pub(crate) fn take() -> Lease {
        let kept = KEPT.try_with(|k| k.0.replace(ptr::null_mut()));
        match kept {
            Ok(ctx) if !ctx.is_null() => Lease(ctx),
            Ok(_) | Err(_) => Lease::another(),
        }
    }
    /// A new context, which no thread keeps yet.
    #[cold]
    #[inline(never)]
    pub(crate) fn another() -> Lease {
        Lease(Box::into_raw(Box::new(Context::new())))
    }
    /// For compiled code.
    #[inline]
    pub(crate) fn as_ptr(&self) -> *mut Context {
        self.0
    }
    /// For everybody else, while no compiled code runs.
    #[inline]
    pub(crate) fn get(&mut self) -> &mut Context {
        // SAFETY: a lease owns its context; compiled code uses it only during a call, which needs `self` too.
        unsafe { &mut *self.0 }
    }
}

impl Drop for Lease {
    #[inline]
    fn drop(&mut self) {
        let cx = self.get();
        cx.end_ahead();
        cx.heap.reset();
        let left = KEPT.try_with(|k| k.0.replace(self.0)).unwrap_or(self.0);
        if !left.is_null() {
            // SAFETY: either this lease's own context or one that another lease has put there: both owned, from `Box::into_raw`.
            unsafe { discard(left) }
        }
    }
}

/// Frees a context.
///
/// # Safety
/// It came from `Box::into_raw`, and nobody uses it any more.
#[cold]
#[inline(never)]
unsafe fn discard(ctx: *mut Context) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(ctx) });
}

/// How the context that this thread keeps has used its heap; for tests and measurements.
pub fn thread_stats() -> crate::block::Stats {
    Lease::take().get().heap.stats()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_keeps_one_context() {
        let first = Lease::take();
        let at = first.as_ptr();
        let second = Lease::take();
        assert_ne!(at, second.as_ptr());
        drop(first);
        // The second one replaces the first.
        let kept = second.as_ptr();
        drop(second);
        assert_eq!(Lease::take().as_ptr(), kept);
    }

    #[test]
    fn contexts_survive_the_end_of_their_thread_only_if_used() {
        std::thread::spawn(|| {
            let mut a = Lease::take();
            assert!(!a.get().heap.alloc(100, 0).is_null());
        })
        .join()
        .unwrap();
    }
}
