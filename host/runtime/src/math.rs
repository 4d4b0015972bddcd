//! Mathematical functions and array kernels with the C calling convention.
//!
//! The functions are those of the system's mathematical library, which plain Rust uses too; what it lacks is the interpreter's.

use cotangent_core::ops::special;
use cotangent_kernels::Isa;
use cotangent_kernels::block::Kernels;
use cotangent_kernels::math::{Fn1, entry1};
use cotangent_lower::lir::{Math1, Math2, Ty};
use std::sync::LazyLock;

/// A function of one float.
trait Unary {
    fn double(x: f64) -> f64;
    fn single(x: f32) -> f32;
}

/// A function of two floats.
trait Binary {
    fn double(x: f64, y: f64) -> f64;
    fn single(x: f32, y: f32) -> f32;
}

macro_rules! unary {
    ($($name:ident: $x:ident => $f64:expr, $f32:expr;)*) => {
        $(
            struct $name;
            impl Unary for $name {
                fn double($x: f64) -> f64 { $f64 }
                fn single($x: f32) -> f32 { $f32 }
            }
        )*
        /// The address of a function of one float.
        pub(crate) fn math1(f: Math1, ty: Ty) -> *const u8 {
            match f {
                $(Math1::$name => of(ty, double1::<$name> as *const u8, single1::<$name> as *const u8),)*
            }
        }
        /// The address of a function applied to an array, element by element.
        fn map_one_by_one(f: Math1, ty: Ty) -> *const u8 {
            match f {
                $(Math1::$name => of(ty, map64::<$name> as *const u8, map32::<$name> as *const u8),)*
            }
        }
    };
}

macro_rules! binary {
    ($($name:ident: $x:ident, $y:ident => $f64:expr, $f32:expr;)*) => {
        $(
            struct $name;
            impl Binary for $name {
                fn double($x: f64, $y: f64) -> f64 { $f64 }
                fn single($x: f32, $y: f32) -> f32 { $f32 }
            }
        )*
        /// The address of a function of two floats.
        pub(crate) fn math2(f: Math2, ty: Ty) -> *const u8 {
            match f {
                $(Math2::$name => of(ty, double2::<$name> as *const u8, single2::<$name> as *const u8),)*
            }
        }
    };
}

unary! {
    Exp: x => x.exp(), x.exp();
    Exp2: x => x.exp2(), x.exp2();
    Expm1: x => x.exp_m1(), x.exp_m1();
    Log: x => x.ln(), x.ln();
    Log2: x => x.log2(), x.log2();
    Log10: x => x.log10(), x.log10();
    Log1p: x => x.ln_1p(), x.ln_1p();
    Sin: x => x.sin(), x.sin();
    Cos: x => x.cos(), x.cos();
    Tan: x => x.tan(), x.tan();
    Asin: x => x.asin(), x.asin();
    Acos: x => x.acos(), x.acos();
    Atan: x => x.atan(), x.atan();
    Sinh: x => x.sinh(), x.sinh();
    Cosh: x => x.cosh(), x.cosh();
    Tanh: x => x.tanh(), x.tanh();
    // Rust's own formulas for these three lose digits near 0 and 1.
    Asinh: x => libm::asinh(x), libm::asinhf(x);
    Acosh: x => libm::acosh(x), special::acoshf(x);
    Atanh: x => libm::atanh(x), libm::atanhf(x);
    Cbrt: x => x.cbrt(), x.cbrt();
    Erf: x => libm::erf(x), libm::erff(x);
    Erfc: x => libm::erfc(x), libm::erfcf(x);
    Logistic: x => logistic(x), logistic(x.into()) as f32;
    Lgamma: x => libm::lgamma_r(x).0, libm::lgammaf_r(x).0;
    Digamma: x => special::digamma(x), special::digamma(x.into()) as f32;
    ErfInv: x => special::erf_inv(x), special::erf_inv(x.into()) as f32;
    Round: x => x.round(), x.round();
}

binary! {
    Pow: x, y => x.powf(y), x.powf(y);
    Atan2: y, x => y.atan2(x), y.atan2(x);
    Hypot: x, y => x.hypot(y), x.hypot(y);
    Fmod: x, y => x % y, x % y;
    Polygamma: n, x => special::polygamma(n, x), special::polygamma(n.into(), x.into()) as f32;
}

/// `1/(1 + e^-x)`, without overflow for either sign; as the interpreter's, with the system's exponential.
fn logistic(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x >= 0.0 {
        1.0 / (1.0 + e)
    } else {
        e / (1.0 + e)
    }
}

/// The address of a function applied to an array.
pub(crate) fn map(f: Math1, ty: Ty) -> *const u8 {
    match vector(f) {
        Some(k) => of(
            ty,
            entry1::<f64>(Isa::best(), k) as *const u8,
            entry1::<f32>(Isa::best(), k) as *const u8,
        ),
        None => map_one_by_one(f, ty),
    }
}

/// The vector kernel of a function, if there is one. Whoever writes code for a loop (the C back end) asks here too.
pub const fn vector(f: Math1) -> Option<Fn1> {
    Some(match f {
        Math1::Exp => Fn1::Exp,
        Math1::Exp2 => Fn1::Exp2,
        Math1::Expm1 => Fn1::Expm1,
        Math1::Log => Fn1::Log,
        Math1::Log2 => Fn1::Log2,
        Math1::Log10 => Fn1::Log10,
        Math1::Log1p => Fn1::Log1p,
        Math1::Sin => Fn1::Sin,
        Math1::Cos => Fn1::Cos,
        Math1::Tan => Fn1::Tan,
        Math1::Asin => Fn1::Asin,
        Math1::Acos => Fn1::Acos,
        Math1::Atan => Fn1::Atan,
        Math1::Sinh => Fn1::Sinh,
        Math1::Cosh => Fn1::Cosh,
        Math1::Tanh => Fn1::Tanh,
        Math1::Cbrt => Fn1::Cbrt,
        Math1::Erf => Fn1::Erf,
        Math1::Erfc => Fn1::Erfc,
        Math1::Logistic => Fn1::Logistic,
        Math1::Asinh
        | Math1::Acosh
        | Math1::Atanh
        | Math1::Lgamma
        | Math1::Digamma
        | Math1::ErfInv
        | Math1::Round => return None,
    })
}

/// The address for the float type. Others are never asked for: [`cotangent_lower::abi::Callback::all`] has none.
fn of(ty: Ty, double: *const u8, single: *const u8) -> *const u8 {
    match ty {
        Ty::F64 => double,
        Ty::F32 => single,
        Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr => std::ptr::null(),
    }
}

extern "C" fn double1<F: Unary>(x: f64) -> f64 {
    F::double(x)
}
extern "C" fn single1<F: Unary>(x: f32) -> f32 {
    F::single(x)
}
extern "C" fn double2<F: Binary>(x: f64, y: f64) -> f64 {
    F::double(x, y)
}
extern "C" fn single2<F: Binary>(x: f32, y: f32) -> f32 {
    F::single(x, y)
}

macro_rules! map_each {
    ($float:ident, $map:ident $one:ident) => {
        /// # Safety
        /// `src` has `n` floats, `dst` room for as many; they are the same or apart.
        unsafe extern "C" fn $map<F: Unary>(n: u64, src: *const $float, dst: *mut $float) {
            for i in 0..n as usize {
                // SAFETY: the caller's promise.
                unsafe { *dst.add(i) = F::$one(*src.add(i)) };
            }
        }
    };
}
map_each!(f64, map64 double);
map_each!(f32, map32 single);

/// The block kernels of this machine.
struct Blocks {
    double: Kernels<f64>,
    single: Kernels<f32>,
}
static BLOCKS: LazyLock<Blocks> = LazyLock::new(|| Blocks {
    double: Kernels::new(Isa::best()),
    single: Kernels::new(Isa::best()),
});

macro_rules! product {
    ($name:ident, $float:ident, $kernels:ident) => {
        /// # Safety
        /// `a` has `m k` floats, `b` `k n`, `c` room for `m n`, apart from the others.
        unsafe extern "C" fn $name(
            m: u64,
            n: u64,
            k: u64,
            a: *const $float,
            b: *const $float,
            c: *mut $float,
        ) {
            let (m, n, k) = (m as usize, n as usize, k as usize);
            // SAFETY: the caller's promise; the kernel adds to what is there.
            unsafe {
                c.write_bytes(0, m * n);
                (BLOCKS.$kernels.gemm)(m, n, k, a, b, c);
            }
        }
    };
}
product!(gemm64, f64, double);
product!(gemm32, f32, single);

/// The inner product of two arrays.
pub(crate) fn dot(ty: Ty) -> *const u8 {
    let b = &*BLOCKS;
    of(ty, b.double.dot as *const u8, b.single.dot as *const u8)
}
/// The sum of an array.
pub(crate) fn sum(ty: Ty) -> *const u8 {
    let b = &*BLOCKS;
    of(ty, b.double.sum as *const u8, b.single.sum as *const u8)
}
/// `y += a x`, as a loop computes it.
pub(crate) fn axpy(ty: Ty) -> *const u8 {
    let b = &*BLOCKS;
    of(
        ty,
        b.double.add_scaled as *const u8,
        b.single.add_scaled as *const u8,
    )
}
/// The product of two matrices.
pub(crate) fn gemm(ty: Ty) -> *const u8 {
    of(ty, gemm64 as *const u8, gemm32 as *const u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callbacks::{address, table};
    use cotangent_lower::abi::Callback;

    #[test]
    fn every_callback_has_an_address_of_its_own() {
        let all = Callback::all();
        assert_eq!(table().len(), all.len());
        for (k, &cb) in all.iter().enumerate() {
            assert_eq!(table()[k], address(cb));
            assert!(!table()[k].is_null(), "{cb:?}");
        }
        for (a, b) in [
            (Math1::Sin, Math1::Cos),
            (Math1::Erf, Math1::Erfc),
            (Math1::Exp, Math1::Round),
        ] {
            assert_ne!(math1(a, Ty::F64), math1(b, Ty::F64));
            assert_ne!(map(a, Ty::F64), map(b, Ty::F64));
        }
    }

    #[test]
    fn functions_agree_with_the_interpreters() {
        type F = extern "C" fn(f64) -> f64;
        for &f in Math1::ALL {
            // SAFETY: the callback's signature.
            let call: F = unsafe { std::mem::transmute(math1(f, Ty::F64)) };
            let want: fn(f64) -> f64 = match f {
                Math1::Exp => libm::exp,
                Math1::Exp2 => libm::exp2,
                Math1::Expm1 => libm::expm1,
                Math1::Log => libm::log,
                Math1::Log2 => libm::log2,
                Math1::Log10 => libm::log10,
                Math1::Log1p => libm::log1p,
                Math1::Sin => libm::sin,
                Math1::Cos => libm::cos,
                Math1::Tan => libm::tan,
                Math1::Asin => libm::asin,
                Math1::Acos => libm::acos,
                Math1::Atan => libm::atan,
                Math1::Sinh => libm::sinh,
                Math1::Cosh => libm::cosh,
                Math1::Tanh => libm::tanh,
                Math1::Asinh => libm::asinh,
                Math1::Acosh => libm::acosh,
                Math1::Atanh => libm::atanh,
                Math1::Cbrt => libm::cbrt,
                Math1::Erf => libm::erf,
                Math1::Erfc => libm::erfc,
                Math1::Logistic => special::logistic,
                Math1::Lgamma => libm::lgamma,
                Math1::Digamma => special::digamma,
                Math1::ErfInv => special::erf_inv,
                Math1::Round => libm::round,
            };
            for x in [-0.75, -0.0, 0.1, 0.5, 0.875, 1.5, 30.0, -800.0, f64::NAN] {
                let (got, want) = (call(x), want(x));
                let near = (got - want).abs() <= 1e-14 * want.abs();
                assert!(
                    near || got == want || (got.is_nan() && want.is_nan()),
                    "{f:?}({x}) = {got}, not {want}"
                );
            }
        }
    }

    #[test]
    fn maps_agree_with_functions_of_one_number() {
        type F = extern "C" fn(f64) -> f64;
        type Map = unsafe extern "C" fn(u64, *const f64, *mut f64);
        let xs: Vec<f64> = (0..37).map(|k| f64::from(k) * 0.05 - 0.85).collect();
        for &f in Math1::ALL {
            // SAFETY: the callbacks' signatures.
            let (one, all) = unsafe {
                (
                    std::mem::transmute::<*const u8, F>(math1(f, Ty::F64)),
                    std::mem::transmute::<*const u8, Map>(map(f, Ty::F64)),
                )
            };
            let mut ys = xs.clone();
            // SAFETY: as many floats, in place.
            unsafe { all(ys.len() as u64, ys.as_ptr(), ys.as_mut_ptr()) };
            for (x, y) in xs.iter().zip(ys) {
                let want = one(*x);
                let near = (y - want).abs() <= 4.0 * f64::EPSILON * want.abs();
                assert!(
                    near || (y.is_nan() && want.is_nan()),
                    "{f:?}({x}) = {y}, not {want}"
                );
            }
        }
    }

    #[test]
    fn kernels_compute_what_their_names_say() {
        let (x, y) = ([1.0f64, 2.0, 3.0], [4.0f64, 5.0, 6.0]);
        let mut z = y;
        let mut c = [f64::NAN; 4];
        let (a, b) = (
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            [1.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        );
        // SAFETY: the arrays have the lengths given.
        unsafe {
            let best = &BLOCKS.double;
            assert_eq!((best.dot)(3, x.as_ptr(), y.as_ptr()), 32.0);
            assert_eq!((best.sum)(3, x.as_ptr()), 6.0);
            (best.add_scaled)(3, 2.0, x.as_ptr(), z.as_mut_ptr());
            gemm64(2, 2, 3, a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
            map64::<Exp>(3, z.as_ptr(), z.as_mut_ptr());
        }
        assert_eq!(c, [4.0, 5.0, 10.0, 11.0]);
        assert_eq!(z, [6f64.exp(), 9f64.exp(), 12f64.exp()]);
    }
}
