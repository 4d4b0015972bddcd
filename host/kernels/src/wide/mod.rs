//! Vectors of numbers as [`Lane`]s: one file per instruction set, each a thin layer over its instructions.
//!
//! Invariant: each operation does to each lane what [`One`] does to one number, bit for bit (a test runs the functions over all).
//! The methods are inlined into functions compiled for the instruction set; called elsewhere they would be slow, or unsound on a
//! machine without it, which is why the types stay within the crate and are only used below [`crate::target::Target::run`].

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;

use crate::lane::{Lane, One, OneMask};

/// A vector that arrays go through.
pub trait Wide: Lane {
    /// How many numbers it holds.
    const LANES: usize;
    /// Reads them.
    ///
    /// # Safety
    /// `p` must be readable for as many numbers; it need not be aligned to the vector's size.
    unsafe fn load(p: *const f64) -> Self;
    /// Writes them.
    ///
    /// # Safety
    /// `p` must be writable for as many numbers.
    unsafe fn store(self, p: *mut f64);
    /// Reads numbers of single precision.
    ///
    /// # Safety
    /// As [`Wide::load`].
    unsafe fn load_single(p: *const f32) -> Self;
    /// Writes them, rounded to single precision.
    ///
    /// # Safety
    /// As [`Wide::store`].
    unsafe fn store_single(self, p: *mut f32);
    /// Whether the mask holds in some lane.
    fn holds_anywhere(mask: Self::Mask) -> bool;
}

impl<const FUSED: bool> Wide for One<FUSED> {
    const LANES: usize = 1;
    #[inline(always)]
    unsafe fn load(p: *const f64) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { p.read() })
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { p.write(self.0) }
    }
    #[inline(always)]
    unsafe fn load_single(p: *const f32) -> Self {
        // SAFETY: the caller's promise.
        Self(f64::from(unsafe { p.read() }))
    }
    #[inline(always)]
    unsafe fn store_single(self, p: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe { p.write(self.0 as f32) }
    }
    #[inline(always)]
    fn holds_anywhere(mask: OneMask) -> bool {
        mask.0
    }
}

/// Implements a binary operator on a vector type by one instruction.
macro_rules! operators {
    ($($ty:ident: $tr:ident $f:ident $instruction:path;)+) => {$(
        impl std::ops::$tr for $ty {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                // SAFETY: values of these types exist only below `Target::run`, on machines that have the instruction.
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    )+};
}
use operators;
