//! The instruction sets code is compiled for, and the choice among them at run time (by pulp).
//!
//! A [`Target`] runs a [`Job`] inside a function compiled for its instruction set; everything in the job must be
//! `#[inline(always)]`, so that it is compiled for that set too. Tables of entry points are made for every target; `Isa::best`
//! chooses one, once per process.

use std::sync::OnceLock;

use crate::lane::One;
use crate::wide::Wide;

/// Work to be compiled for an instruction set. `run` and all that it calls must be `#[inline(always)]` (so not closures, which
/// cannot promise it).
pub(crate) trait Job {
    type Out;
    /// # Safety
    /// What the job says; and the machine must have the instruction set that the job was made for.
    unsafe fn run(self) -> Self::Out;
}

/// An instruction set.
pub(crate) trait Target: 'static {
    /// The widest vector.
    type Wide: Wide;
    /// One number, with the same arithmetic.
    type Single: Wide;
    /// pulp's vectors of the set.
    type Simd: pulp::Simd;
    /// The token for them.
    ///
    /// # Safety
    /// The machine must have the instruction set.
    unsafe fn simd() -> Self::Simd;
    /// Runs the job, compiled for this instruction set.
    ///
    /// # Safety
    /// The machine must have it; and what the job says.
    unsafe fn run<J: Job>(job: J) -> J::Out;
}

/// Whether the base instruction set multiplies and adds with one rounding: on AArch64 it does.
const FUSED: bool = cfg!(target_arch = "aarch64") || cfg!(target_feature = "fma");

/// What every machine of the architecture has.
pub(crate) struct Portable;

impl Target for Portable {
    #[cfg(target_arch = "aarch64")]
    type Wide = crate::wide::neon::X2;
    #[cfg(not(target_arch = "aarch64"))]
    type Wide = One<FUSED>;
    type Single = One<FUSED>;
    #[cfg(target_arch = "aarch64")]
    type Simd = pulp::aarch64::Neon;
    #[cfg(not(target_arch = "aarch64"))]
    type Simd = pulp::Scalar;
    #[inline(always)]
    unsafe fn simd() -> Self::Simd {
        #[cfg(target_arch = "aarch64")]
        // SAFETY: NEON is part of the base instruction set.
        let simd = unsafe { pulp::aarch64::Neon::new_unchecked() };
        #[cfg(not(target_arch = "aarch64"))]
        let simd = pulp::Scalar::new();
        simd
    }
    #[inline(always)]
    unsafe fn run<J: Job>(job: J) -> J::Out {
        // SAFETY: the caller's promise.
        unsafe { job.run() }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Job, Target};
    use crate::lane::One;
    use pulp::NullaryFnOnce;
    use pulp::x86::{V3, V4};

    /// A job whose caller has promised what it asks for.
    struct Promised<J>(J);
    impl<J: Job> NullaryFnOnce for Promised<J> {
        type Output = J::Out;
        #[inline(always)]
        fn call(self) -> J::Out {
            // SAFETY: made only in `Target::run`, whose caller made the promise.
            unsafe { self.0.run() }
        }
    }

    /// AVX2 and FMA.
    pub(crate) struct Avx2;
    impl Target for Avx2 {
        type Wide = crate::wide::avx2::X4;
        type Single = One<true>;
        type Simd = V3;
        #[inline(always)]
        unsafe fn simd() -> V3 {
            // SAFETY: the caller vouches for the instruction set.
            unsafe { V3::new_unchecked() }
        }
        #[inline(always)]
        unsafe fn run<J: Job>(job: J) -> J::Out {
            // SAFETY: the caller vouches for the instruction set.
            unsafe { Self::simd() }.vectorize(Promised(job))
        }
    }

    /// AVX-512 (F, BW, CD, DQ, VL).
    pub(crate) struct Avx512;
    impl Target for Avx512 {
        type Wide = crate::wide::avx512::X8;
        type Single = One<true>;
        type Simd = V4;
        #[inline(always)]
        unsafe fn simd() -> V4 {
            // SAFETY: the caller vouches for the instruction set.
            unsafe { V4::new_unchecked() }
        }
        #[inline(always)]
        unsafe fn run<J: Job>(job: J) -> J::Out {
            // SAFETY: the caller vouches for the instruction set.
            unsafe { Self::simd() }.vectorize(Promised(job))
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// Which target a machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isa {
    /// The base instruction set (NEON on AArch64).
    Portable,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX-512.
    Avx512,
}

impl Isa {
    /// The best one this machine has; found once.
    pub fn best() -> Self {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| Self::available().last().copied().unwrap_or(Self::Portable))
    }

    /// All that this machine has, the best one last.
    pub fn available() -> Vec<Self> {
        [Self::Portable, Self::Avx2, Self::Avx512]
            .into_iter()
            .filter(|isa| isa.is_available())
            .collect()
    }

    /// Whether this machine has it.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => pulp::x86::V3::is_available(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => pulp::x86::V4::is_available(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Whether its results are those of a fused multiply-add.
    pub fn is_fused(self) -> bool {
        match self {
            Self::Portable => FUSED,
            Self::Avx2 | Self::Avx512 => true,
        }
    }
}

/// `Table::<Target>::TABLE` for the target of an [`Isa`]; sets of other architectures cannot occur.
macro_rules! for_isa {
    ($isa:expr, $target:ident => $e:expr) => {
        match $isa {
            #[cfg(target_arch = "x86_64")]
            $crate::target::Isa::Avx2 => {
                type $target = $crate::target::Avx2;
                $e
            }
            #[cfg(target_arch = "x86_64")]
            $crate::target::Isa::Avx512 => {
                type $target = $crate::target::Avx512;
                $e
            }
            #[cfg(not(target_arch = "x86_64"))]
            $crate::target::Isa::Avx2 | $crate::target::Isa::Avx512 => {
                type $target = $crate::target::Portable;
                $e
            }
            $crate::target::Isa::Portable => {
                type $target = $crate::target::Portable;
                $e
            }
        }
    };
}
pub(crate) use for_isa;
