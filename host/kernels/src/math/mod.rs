//! The mathematical functions: their list, their one-lane forms, and [`map1`], [`map2`], [`sincos`] over arrays.
//!
//! Where to start: [`Fn1`] names them; `double/` and `single.rs` are the methods; `entry.rs` compiles them for each instruction set,
//! `table.rs` chooses one.
//! Error bounds are in units in the last place of the exact result; [`Fn1::bound`] gives them and a test measures them.

pub(crate) mod coef;
pub(crate) mod double;
mod entry;
pub(crate) mod single;
mod table;

use crate::lane::Lane;
pub use entry::{Element, Entry1, Entry2, EntrySinCos};
pub use table::{
    entry_sincos, entry1, entry2, map1, map1_in_place, map2, scalar1, scalar2, sincos,
};

/// What stands for a function at compile time. (A private module, since public traits mention it.)
mod function {
    use crate::lane::Lane;

    /// A function of one number in both precisions. `FULL` is false for a block of arguments that all lie within `LIMIT`.
    pub trait Function1 {
        /// The largest magnitude for which `FULL` makes no difference.
        const LIMIT: f64 = f64::INFINITY;
        fn double<const FULL: bool, L: Lane>(x: L) -> L;
        fn single<const FULL: bool, L: Lane>(x: L) -> L;
    }

    /// A function of two numbers in both precisions.
    pub trait Function2 {
        fn double<L: Lane>(x: L, y: L) -> L;
        fn single<L: Lane>(x: L, y: L) -> L;
    }
}
pub(crate) use function::{Function1, Function2};

/// What is done with the type of a function of one number.
pub(crate) trait Visit1 {
    type Out;
    fn visit<F: Function1>(self) -> Self::Out;
}

/// What is done with the type of a function of two numbers.
pub(crate) trait Visit2 {
    type Out;
    fn visit<F: Function2>(self) -> Self::Out;
}

/// The types that stand for the functions at compile time.
pub(crate) mod kinds {
    use super::{Function1, Function2, Lane, double, single};

    macro_rules! kinds {
        ($($kind:ident $family:ident :: $name:ident;)+) => {$(
            pub(crate) struct $kind;
            impl Function1 for $kind {
                #[inline(always)]
                fn double<const FULL: bool, L: Lane>(x: L) -> L {
                    double::$family::$name(x)
                }
                #[inline(always)]
                fn single<const FULL: bool, L: Lane>(x: L) -> L {
                    single::$name(x)
                }
            }
        )+};
    }
    kinds! {
        Exp exp::exp; Exp2 exp::exp2; Expm1 exp::expm1;
        Log log::log; Log2 log::log2; Log10 log::log10; Log1p log::log1p;
        Tanh hyper::tanh; Sinh hyper::sinh; Cosh hyper::cosh; Logistic hyper::logistic;
        Atan inverse::atan; Asin inverse::asin; Acos inverse::acos;
        Erf erf::erf; Erfc erf::erfc; Cbrt root::cbrt;
    }

    macro_rules! trig {
        ($($kind:ident |$family:ident, $x:ident| $double:expr, $single:expr;)+) => {$(
            pub(crate) struct $kind;
            impl Function1 for $kind {
                const LIMIT: f64 = double::trig::SMALL;
                #[inline(always)]
                fn double<const FULL: bool, L: Lane>($x: L) -> L {
                    $double
                }
                #[inline(always)]
                fn single<const FULL: bool, L: Lane>($x: L) -> L {
                    $single
                }
            }
        )+};
    }
    trig! {
        Sin |trig, x| double::trig::sincos::<FULL, L>(x).0, single::sincos::<FULL, L>(x).0;
        Cos |trig, x| double::trig::sincos::<FULL, L>(x).1, single::sincos::<FULL, L>(x).1;
        Tan |trig, x| double::trig::tan::<FULL, L>(x), single::tan::<FULL, L>(x);
    }

    macro_rules! roots {
        ($($kind:ident $name:ident;)+) => {$(
            pub(crate) struct $kind;
            impl Function1 for $kind {
                #[inline(always)]
                fn double<const FULL: bool, L: Lane>(x: L) -> L {
                    double::root::$name(x)
                }
                #[inline(always)]
                fn single<const FULL: bool, L: Lane>(x: L) -> L {
                    double::root::$name(x)
                }
            }
        )+};
    }
    roots! { Sqrt sqrt; Rsqrt rsqrt; }

    pub(crate) struct Pow;
    impl Function2 for Pow {
        #[inline(always)]
        fn double<L: Lane>(x: L, y: L) -> L {
            double::pow::pow(x, y)
        }
        #[inline(always)]
        fn single<L: Lane>(x: L, y: L) -> L {
            single::pow(x, y)
        }
    }
}

macro_rules! functions {
    ($(#[$meta:meta])* $enum:ident $visit:ident { $($(#[$doc:meta])* $kind:ident $name:literal $c:literal $bound:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $enum {
            $($(#[$doc])* $kind,)+
        }

        impl $enum {
            /// All of them, in the order of their tables.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The name, as in the IR.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// The name of the double-precision function in C; the single-precision one has an `f` after it.
            pub const fn c_name(self) -> &'static str {
                match self { $(Self::$kind => $c),+ }
            }

            /// The greatest error of the double-precision function in units in the last place. Single precision: 1.
            pub const fn bound(self) -> f64 {
                match self { $(Self::$kind => $bound),+ }
            }
        }

        impl $enum {
            /// Calls the visitor with the type that stands for this function.
            pub(crate) fn visit<V: $visit>(self, v: V) -> V::Out {
                match self { $(Self::$kind => v.visit::<kinds::$kind>()),+ }
            }
        }
    };
}

functions! {
    /// The functions of one number.
    Fn1 Visit1 {
        /// e^x.
        Exp "exp" "ct_exp" 1.5;
        /// 2^x.
        Exp2 "exp2" "ct_exp2" 1.5;
        /// e^x - 1, accurate near zero.
        Expm1 "expm1" "ct_expm1" 1.5;
        /// Natural logarithm.
        Log "log" "ct_log" 1.0;
        /// Logarithm to base 2.
        Log2 "log2" "ct_log2" 1.0;
        /// Logarithm to base 10.
        Log10 "log10" "ct_log10" 1.0;
        /// ln(1 + x), accurate near zero.
        Log1p "log1p" "ct_log1p" 1.0;
        /// Sine.
        Sin "sin" "ct_sin" 1.0;
        /// Cosine.
        Cos "cos" "ct_cos" 1.0;
        /// Tangent.
        Tan "tan" "ct_tan" 1.0;
        /// Hyperbolic tangent.
        Tanh "tanh" "ct_tanh" 1.0;
        /// Hyperbolic sine.
        Sinh "sinh" "ct_sinh" 1.0;
        /// Hyperbolic cosine.
        Cosh "cosh" "ct_cosh" 1.0;
        /// Arc tangent.
        Atan "atan" "ct_atan" 1.0;
        /// Arc sine.
        Asin "asin" "ct_asin" 1.0;
        /// Arc cosine.
        Acos "acos" "ct_acos" 1.0;
        /// 1 / (1 + exp(-x)).
        Logistic "logistic" "ct_logistic" 1.0;
        /// Error function.
        Erf "erf" "ct_erf" 1.5;
        /// 1 - erf(x), accurate for large x.
        Erfc "erfc" "ct_erfc" 1.5;
        /// Cube root.
        Cbrt "cbrt" "ct_cbrt" 1.0;
        /// Square root, correctly rounded.
        Sqrt "sqrt" "ct_sqrt" 0.5;
        /// 1 / sqrt x.
        Rsqrt "rsqrt" "ct_rsqrt" 1.5;
    }
}

functions! {
    /// The functions of two numbers.
    Fn2 Visit2 {
        /// x^y.
        Pow "pow" "ct_pow" 1.0;
    }
}
