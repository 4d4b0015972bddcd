//! What callbacks take and give: the one place that says so, for the verifier and the back ends.

use super::{RtFn, Ty};
use crate::abi::Callback;

/// The signature of a callback.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    /// Whether the context comes first.
    pub ctx: bool,
    /// The parameters after it.
    pub params: Vec<Ty>,
    /// The result.
    pub result: Option<Ty>,
    /// Whether a null result means failure.
    pub fails: bool,
}

impl RtFn {
    /// The callback that does it.
    pub const fn callback(self) -> Callback {
        match self {
            RtFn::Alloc => Callback::Alloc,
            RtFn::AllocZero => Callback::AllocZero,
            RtFn::Grow => Callback::Grow,
            RtFn::Copy => Callback::Copy,
            RtFn::Zero => Callback::Zero,
            RtFn::RetainElems => Callback::RetainElems,
            RtFn::ReleaseElems => Callback::ReleaseElems,
            RtFn::Map(f, ty) => Callback::Map(f, ty),
            RtFn::Dot(ty) => Callback::Dot(ty),
            RtFn::Sum(ty) => Callback::Sum(ty),
            RtFn::Axpy(ty) => Callback::Axpy(ty),
            RtFn::Gemm(ty) => Callback::Gemm(ty),
        }
    }
    /// What it takes and gives, the context apart.
    pub fn signature(self) -> Signature {
        self.callback().signature()
    }
}

impl Callback {
    /// What it takes and gives.
    pub fn signature(self) -> Signature {
        use Ty::{I64, Ptr};
        let (ctx, params, result, fails) = match self {
            Callback::Alloc | Callback::AllocZero => (true, vec![I64, I64], Some(Ptr), true),
            Callback::Grow => (true, vec![Ptr, Ptr, I64, I64, I64], Some(Ptr), true),
            Callback::Unique => (true, vec![Ptr, Ptr, I64, I64], Some(Ptr), true),
            Callback::Free => (true, vec![Ptr], None, false),
            Callback::Copy => (false, vec![Ptr, Ptr, I64], None, false),
            Callback::Zero => (false, vec![Ptr, I64], None, false),
            Callback::RetainElems | Callback::ReleaseElems => {
                (true, vec![Ptr, I64, I64], None, false)
            }
            Callback::Eval => (true, vec![I64, Ptr, Ptr], Some(I64), false),
            Callback::Split => (true, vec![I64, I64, I64, I64, Ptr, Ptr], Some(I64), false),
            Callback::Ahead => (true, vec![I64, I64, I64, Ptr, Ptr], Some(I64), false),
            Callback::Math1(_, ty) => (false, vec![ty], Some(ty), false),
            Callback::Math2(_, ty) => (false, vec![ty, ty], Some(ty), false),
            Callback::Map(..) => (false, vec![I64, Ptr, Ptr], None, false),
            Callback::Dot(ty) => (false, vec![I64, Ptr, Ptr], Some(ty), false),
            Callback::Sum(ty) => (false, vec![I64, Ptr], Some(ty), false),
            Callback::Axpy(ty) => (false, vec![I64, ty, Ptr, Ptr], None, false),
            Callback::Gemm(_) => (false, vec![I64, I64, I64, Ptr, Ptr, Ptr], None, false),
        };
        Signature {
            ctx,
            params,
            result,
            fails,
        }
    }
}
