//! Calls out of a program: functions of the host that the program knows by name only.
//!
//! A [`HostCall`] is data: a name and the types of the results. What it calls is bound to it as a [`HostFn`]; programs read from
//! text are unbound, and trap where they call. Whoever has the functions binds them with [`Module::bind_host`].
//!
//! Invariant: a call out may do anything, so passes neither drop, repeat, merge nor reorder it.

use super::func::Module;
use super::op::{EffectOp, Op};
use super::types::Type;
use crate::value::Val;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// What a [`HostFn`] is made of: from the operands to the results, or to what went wrong.
pub type HostBody = dyn Fn(&[Val]) -> Result<Vec<Val>, String> + Send + Sync;

/// A function of the host, or none yet. Two are equal if they are one.
#[derive(Clone, Default)]
pub struct HostFn(Option<Arc<HostBody>>);

impl HostFn {
    /// A function of the host. It must not panic: the panic would go through the executor.
    pub fn new(f: impl Fn(&[Val]) -> Result<Vec<Val>, String> + Send + Sync + 'static) -> HostFn {
        HostFn(Some(Arc::new(f)))
    }
    /// The function, if one is bound.
    pub fn get(&self) -> Option<&HostBody> {
        self.0.as_deref()
    }
}

// What a function shares, it shares between threads too (`Sync`): a panic leaves it no stranger than another thread could.
impl core::panic::UnwindSafe for HostFn {}
impl core::panic::RefUnwindSafe for HostFn {}

impl PartialEq for HostFn {
    fn eq(&self, other: &HostFn) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}
impl Eq for HostFn {}

impl fmt::Debug for HostFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "bound" } else { "unbound" })
    }
}

/// A call of a function of the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostCall {
    /// The name of the function.
    pub name: String,
    /// The types of the results.
    pub results: Vec<Type>,
    /// What is called.
    pub func: HostFn,
}

impl Module {
    /// Binds the calls that are not bound yet to what `find` gives for their names.
    pub fn bind_host(&mut self, mut find: impl FnMut(&str) -> Option<HostFn>) {
        for f in self.funcs.values_mut() {
            for d in f.insts.values_mut() {
                if let Op::Effect(EffectOp::Host(h)) = &mut d.op
                    && h.func.get().is_none()
                    && let Some(bound) = find(&h.name)
                {
                    h.func = bound;
                }
            }
        }
    }
}
