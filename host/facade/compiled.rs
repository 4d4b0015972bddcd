//! Executors that make machine code: one adapter for all, over [`cotangent_runtime::Compiled`].
//!
//! A module is prepared in two versions ([`Tiered`]): one without fuel now, one that counts it when the first run with a limit asks.

use crate::error::{Error, Result};
use crate::executor::{Executor, Prepared};
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::Limits;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::pass;
use cotangent_core::value::{Lent, Val};
use cotangent_runtime::{Compiled, Tiered};
use std::sync::Arc;

/// Machine code at run time, by Cranelift.
#[cfg(feature = "jit")]
#[derive(Copy, Clone, Default, Debug)]
pub struct Jit;

#[cfg(feature = "jit")]
impl Executor for Jit {
    fn name(&self) -> &'static str {
        "jit"
    }
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>> {
        prepare(module, |m, fuel| {
            let options = cotangent_lower::Options { fuel };
            cotangent_jit::compile(m, &options).map_err(|e| match e {
                cotangent_jit::Error::Unsupported(e) => Error::Unsupported {
                    what: e.to_string(),
                },
                e @ cotangent_jit::Error::Machine(_) => Error::Unsupported {
                    what: format!("{e}; choose another executor"),
                },
                e @ (cotangent_jit::Error::Backend(_) | cotangent_jit::Error::Invalid(_)) => {
                    Error::Internal(e.to_string())
                }
            })
        })
    }
}

/// C, compiled by the system's compiler to a library and loaded: slow to make, fast to run.
#[cfg(feature = "c")]
#[derive(Copy, Clone, Default, Debug)]
pub struct C;

#[cfg(feature = "c")]
impl Executor for C {
    fn name(&self) -> &'static str {
        "c"
    }
    fn prepare(&self, module: &Module) -> Result<Arc<dyn Prepared>> {
        use cotangent_codegen_c::cc::CcError;
        prepare(module, |m, fuel| {
            let options = cotangent_lower::Options { fuel };
            cotangent_codegen_c::compile(m, &options).map_err(|e| {
                let what = e.to_string();
                match e {
                    cotangent_codegen_c::Error::Unsupported(_)
                    | cotangent_codegen_c::Error::Compiler(
                        CcError::Missing { .. } | CcError::Io { .. },
                    )
                    | cotangent_codegen_c::Error::Load(_) => Error::Unsupported { what },
                    cotangent_codegen_c::Error::Compiler(CcError::Failed { .. }) => {
                        Error::Internal(what)
                    }
                }
            })
        })
    }
}

/// Makes a module ready by a compiler, which is told whether to count fuel.
fn prepare(
    module: &Module,
    compile: impl Fn(&Module, bool) -> Result<Compiled> + Send + Sync + 'static,
) -> Result<Arc<dyn Prepared>> {
    let mut module = module.clone();
    pass::finish(&mut module);
    let code = Tiered::new(move |fuel| compile(&module, fuel))?;
    Ok(Arc::new(Code(code)))
}

/// A compiled module.
#[derive(Debug)]
struct Code(Tiered<Compiled, Error>);

impl Code {
    /// The version for these limits.
    fn get(&self, limits: &Limits) -> Result<&Compiled, Trap> {
        self.0.get(limits.fuel.is_some()).map_err(|e| Trap {
            kind: TrapKind::TypeConfusion { op: e.to_string() },
            func: String::new(),
            file: String::new(),
            line: 0,
            col: 0,
        })
    }
}

impl Prepared for Code {
    fn run(&self, func: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap> {
        self.get(limits)?.run(func, &args, limits)
    }
    fn run_lent(&self, func: FuncId, args: &[Lent<'_>], limits: &Limits) -> Result<Vec<Val>, Trap> {
        self.get(limits)?.run_lent(func, args, limits)
    }
    fn run_giving(
        &self,
        func: FuncId,
        args: Vec<Lent<'_>>,
        limits: &Limits,
    ) -> Result<Vec<Val>, Trap> {
        self.run_lent(func, &args, limits)
    }
    fn run_flat(
        &self,
        func: FuncId,
        args: &[u64],
        results: &mut [u64],
        limits: &Limits,
    ) -> Option<Result<(), Trap>> {
        if limits.fuel.is_none() {
            return self.0.plain().run_flat(func, args, results, limits);
        }
        match self.get(limits) {
            Ok(code) => code.run_flat(func, args, results, limits),
            Err(trap) => Some(Err(trap)),
        }
    }
}
