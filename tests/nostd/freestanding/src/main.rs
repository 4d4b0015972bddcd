//! A program without `std` and without Rust's `main`: it builds the IR of a function, differentiates it, interprets both, and
//! exits 0 only if value and gradient are right. Memory comes from a static array by a bump allocator.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};
use cotangent_core::ad;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{Builder, DType, DeriveKind, Dim, Module, Type, UnaryOp};
use cotangent_core::pass;
use cotangent_core::value::{Element, Scalar, Val};

/// How much memory the program has.
const HEAP: usize = 16 << 20;

/// Hands out memory of a static array and takes none back.
struct Bump {
    memory: UnsafeCell<[u8; HEAP]>,
    used: AtomicUsize,
}

// SAFETY: `used` decides who gets which bytes, and it only changes atomically; the bytes themselves belong to whoever got them.
unsafe impl Sync for Bump {}

// SAFETY: each call returns bytes that no other call returns: the range is reserved by advancing `used` in one atomic
// step. The range lies in the array, since its end is checked, and it starts at a multiple of the wanted alignment.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.memory.get() as usize;
        let mut at = 0;
        let reserve = |used: usize| {
            let first = (start + used).next_multiple_of(layout.align()) - start;
            let end = first.checked_add(layout.size())?;
            at = first;
            (end <= HEAP).then_some(end)
        };
        match self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, reserve)
        {
            // SAFETY: `at + size <= HEAP`, so the pointer stays in the array.
            Ok(_) => unsafe { self.memory.get().cast::<u8>().add(at) },
            Err(_) => core::ptr::null_mut(),
        }
    }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static MEMORY: Bump = Bump {
    memory: UnsafeCell::new([0; HEAP]),
    used: AtomicUsize::new(0),
};

unsafe extern "C" {
    fn abort() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: the C library's `abort` takes nothing and does not return.
    unsafe { abort() }
}

/// What the shipped `alloc` library names for unwinding. Nothing unwinds here, so none of it is called.
mod unwinding {
    #[unsafe(no_mangle)]
    extern "C" fn rust_eh_personality() {}
    #[unsafe(no_mangle)]
    extern "C" fn _Unwind_Resume() -> ! {
        // SAFETY: the C library's `abort` takes nothing and does not return.
        unsafe { super::abort() }
    }
}

/// `f(xs) = sum of sin(x)^2`, as a loop.
fn function() -> Option<Module> {
    let mut b = Builder::new("f", &[Type::tensor(DType::F64, [Dim::Dynamic])]);
    let xs = b.params()[0];
    let n = b.len(xs);
    let (first, zero) = (b.index(0), b.scalar(0.0));
    let y = b.for_(first, n, &[zero], |b, i, sum| {
        let x = b.at(xs, i);
        let s = b.unary(UnaryOp::Sin, x);
        let s = b.mul(s, s);
        vec![b.add(sum[0], s)]
    });
    let mut m = Module::new();
    m.funcs.push(b.finish(&y).ok()?);
    Some(m)
}

/// Whether value and gradient are right.
fn check() -> Option<bool> {
    let mut m = function()?;
    let f = m.find("f")?;
    pass::lower(&mut m).ok()?;
    let g = ad::derive(&mut m, f, DeriveKind::ValueAndGradient, &[0]).ok()?;
    let p = Program::new(&m);
    let xs: Vec<f64> = vec![0.25, -1.5, 2.0];
    let limits = Limits {
        fuel: Some(100_000),
        ..Limits::default()
    };
    let r = p.run(g, vec![Val::vector(xs.clone())], &limits).ok()?;
    let [Val::Scalar(Scalar::F64(y)), Val::Tensor(dy)] = &r[..] else {
        return None;
    };
    let (s, c) = (sine, |x| sine(x + core::f64::consts::FRAC_PI_2));
    let close = |a: f64, b: f64| (a - b) * (a - b) < 1e-24;
    let value: f64 = xs.iter().map(|&x| s(x) * s(x)).sum();
    let gradient = f64::slice(&dy.data)?;
    Some(
        close(*y, value)
            && gradient.len() == xs.len()
            && xs
                .iter()
                .zip(gradient)
                .all(|(&x, &g)| close(g, 2.0 * s(x) * c(x))),
    )
}

/// The sine by its series: independent of the core's.
fn sine(x: f64) -> f64 {
    let (mut term, mut sum, mut k) = (x, x, 1.0);
    while k < 40.0 {
        term *= -x * x / ((k + 1.0) * (k + 2.0));
        sum += term;
        k += 2.0;
    }
    sum
}

/// What the C library's start-up code calls.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    match check() {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    }
}
