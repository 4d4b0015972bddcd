//! The machine that runs the code: its features, the settings of the code generator, and memory that holds code.
//!
//! Invariant: nobody calls an entry of a [`Code`] after the code was dropped; [`Code::entry`] says so.

use crate::{Error, entry, func, library};
use cotangent_core::entity::{Entity, PrimaryMap};
use cotangent_lower::abi::Callback;
use cotangent_lower::lir::{FnId, Program, Stmt};
use cotangent_runtime::{Entry, in_parallel};
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, AbiParam, Signature, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_jit::{ArenaMemoryProvider, JITBuilder, JITModule};
use cranelift_module::{FuncId, Module, ModuleReloc, default_libcall_names};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Where callbacks are.
pub type Addresses<'a> = &'a dyn Fn(Callback) -> *const u8;

/// The convention of calls between functions of a program: many results in registers.
pub(crate) const INTERNAL: CallConv = CallConv::Tail;

/// Address space set aside for the code of a program, at least.
const MIN_CODE: usize = 16 << 20;
/// Bytes of code that a statement may become; far more than it does.
const STATEMENT: usize = 1 << 10;

/// The code generator for this machine, made once.
fn isa() -> Result<OwnedTargetIsa, Error> {
    static ISA: OnceLock<Result<OwnedTargetIsa, Error>> = OnceLock::new();
    ISA.get_or_init(make_isa).clone()
}

fn make_isa() -> Result<OwnedTargetIsa, Error> {
    let backend = |e: &dyn std::fmt::Display| Error::Backend(e.to_string());
    let mut flags = settings::builder();
    let verify = if cfg!(debug_assertions) {
        "true"
    } else {
        "false"
    };
    for (name, value) in [
        ("opt_level", "speed"),
        ("enable_verifier", verify),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
        // Functions return any number of results; those beyond the registers go through memory.
        ("enable_multi_ret_implicit_sret", "true"),
        // Programs run with their own data only.
        ("enable_table_access_spectre_mitigation", "false"),
        ("enable_heap_access_spectre_mitigation", "false"),
    ] {
        flags.set(name, value).map_err(|e| backend(&e))?;
    }
    let machine = cranelift_native::builder().map_err(|e| Error::Machine(e.into()))?;
    let isa = machine
        .finish(settings::Flags::new(flags))
        .map_err(|e| backend(&e))?;
    if isa.pointer_bits() != 64 || cfg!(target_endian = "big") {
        return Err(Error::Machine("it needs 64-bit little-endian".into()));
    }
    Ok(isa)
}

/// Machine code of a program.
pub struct Code {
    /// Taken when dropped.
    module: Option<JITModule>,
    entries: PrimaryMap<FnId, Entry>,
}

// SAFETY: finished code is never written again, and the module that owns its memory is used only to free it, by the last owner; a
// shared reference gives nothing but addresses.
unsafe impl Sync for Code {}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({} functions)", self.entries.len())
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: whoever calls an entry keeps this alive meanwhile (contract of `entry`).
            unsafe { module.free_memory() }
        }
    }
}

impl Code {
    /// Compiles all functions of a program that passes [`cotangent_lower::lir::verify::verify`].
    ///
    /// # Errors
    /// What the code generator refuses: a machine it does not know, a function that is too large.
    pub fn new(program: &Program, addresses: Addresses<'_>) -> Result<Code, Error> {
        build(program, addresses, None)
    }

    /// The address of a function, a [`cotangent_runtime::Entry`]. To call it is sound only while this lives, with a context and arguments as
    /// [`cotangent_lower::abi`] and [`cotangent_lower::layout`] describe.
    pub fn entry(&self, f: FnId) -> Option<Entry> {
        self.entries.get(f).copied()
    }
}

/// The code of a program as text: what the code generator was given, and what it made, for people.
///
/// # Errors
/// As [`Code::new`].
pub fn listing(program: &Program, addresses: Addresses<'_>) -> Result<String, Error> {
    let mut text = String::new();
    build(program, addresses, Some(&mut text))?;
    Ok(text)
}

/// What is compiled of a program, and the means.
pub(crate) struct Unit<'a> {
    pub(crate) program: &'a Program,
    pub(crate) addresses: Addresses<'a>,
    pub(crate) module: JITModule,
    /// The functions that others call, by that convention.
    pub(crate) internal: PrimaryMap<FnId, Option<FuncId>>,
    /// Detours to callbacks, in the order of their first use.
    detours: Vec<(Callback, FuncId)>,
}

fn build(
    program: &Program,
    addresses: Addresses<'_>,
    mut text: Option<&mut String>,
) -> Result<Code, Error> {
    let isa = isa()?;
    let host = isa.default_call_conv();
    let mut builder = JITBuilder::with_isa(isa, default_libcall_names());
    for (name, address) in library::library() {
        builder.symbol(name, address);
    }
    let mut size = Size::default();
    for f in program.funcs.values() {
        size.block(&f.body);
    }
    let reserve = MIN_CODE.max(size.statements * STATEMENT);
    let memory = ArenaMemoryProvider::new_with_size(reserve).map_err(Error::backend)?;
    builder.memory_provider(Box::new(memory));
    let mut unit = Unit {
        program,
        addresses,
        module: JITModule::new(builder),
        internal: PrimaryMap::new(),
        detours: Vec::new(),
    };
    for (id, f) in program.funcs.iter() {
        let func = if size.called.contains(&id) {
            let signature = func::signature(f);
            let made = unit.module.declare_anonymous_function(&signature);
            Some(made.map_err(Error::backend)?)
        } else {
            None
        };
        unit.internal.push(func);
    }
    let mut shared = FunctionBuilderContext::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut made = Vec::new();
    for id in program.funcs.keys() {
        let name = format!("{id} {}", program.funcs[id].name);
        if let Some(func) = unit.internal[id] {
            let mut part = Part::new(func, name.clone(), func::signature(&program.funcs[id]));
            func::translate(&mut unit, id, false, &mut part.cx.func, &mut shared)?;
            parts.push(part);
        }
        let signature = entry_signature(host);
        let outer = unit.module.declare_anonymous_function(&signature);
        let outer = outer.map_err(Error::backend)?;
        let mut part = Part::new(outer, name, signature);
        if let Some(inner) = unit.internal[id] {
            entry::translate(&mut unit, id, inner, &mut part.cx.func, &mut shared);
        } else {
            func::translate(&mut unit, id, true, &mut part.cx.func, &mut shared)?;
        }
        parts.push(part);
        made.push(outer);
    }
    for (c, func) in unit.detours.clone() {
        let mut part = Part::new(
            func,
            format!("{c:?}"),
            entry::detour_signature(&c.signature()),
        );
        entry::detour(&mut unit, c, &mut part.cx.func, &mut shared);
        parts.push(part);
    }
    let mut module = unit.module;
    for part in compiled(parts, module.isa(), text.is_some())? {
        part.define(&mut module, &mut text)?;
    }
    module.finalize_definitions().map_err(Error::backend)?;
    let mut entries = PrimaryMap::new();
    for id in made {
        let address = module.get_finalized_function(id);
        // SAFETY: the function was compiled with `entry_signature`, which is that of `Entry` in the host's convention.
        entries.push(unsafe { std::mem::transmute::<*const u8, Entry>(address) });
    }
    Ok(Code {
        module: Some(module),
        entries,
    })
}

/// A function on its way to machine code.
struct Part {
    func: FuncId,
    name: String,
    cx: cranelift_codegen::Context,
    /// What the code generator was given, if that is asked for.
    before: Option<String>,
    failed: Option<String>,
}

/// The most instructions that one thread compiles before others are asked to help.
const ALONE: usize = 2000;

/// Compiles functions, on several threads if they are much; each by itself, so the code does not depend on that.
fn compiled(parts: Vec<Part>, isa: &dyn TargetIsa, text: bool) -> Result<Vec<Part>, Error> {
    let size = |p: &Part| p.cx.func.dfg.num_insts();
    let much = parts.iter().map(size).sum::<usize>() > ALONE;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    // What takes longest first.
    order.sort_by_key(|&k| std::cmp::Reverse(size(&parts[k])));
    let parts: Vec<Mutex<Part>> = parts.into_iter().map(Mutex::new).collect();
    in_parallel((!much).then_some(1), parts.len(), |k| {
        let mut part = parts[order[k]]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        part.compile(isa, text);
    });
    let mut out = Vec::new();
    for part in parts {
        let part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = part.failed {
            return Err(Error::Backend(format!("{}: {why}", part.name)));
        }
        out.push(part);
    }
    Ok(out)
}

impl Part {
    fn new(func: FuncId, name: String, signature: Signature) -> Part {
        let mut cx = cranelift_codegen::Context::new();
        cx.func.name = ir::UserFuncName::user(0, func.as_u32());
        cx.func.signature = signature;
        Part {
            func,
            name,
            cx,
            before: None,
            failed: None,
        }
    }
    fn compile(&mut self, isa: &dyn TargetIsa, text: bool) {
        self.cx.set_disasm(text);
        self.before = text.then(|| self.cx.func.display().to_string());
        if let Err(e) = self.cx.compile(isa, &mut ControlPlane::default()) {
            self.failed = Some(format!("{:?}", e.inner));
        }
    }
    /// Gives the code to the module, and tells the text of it.
    fn define(&self, module: &mut JITModule, text: &mut Option<&mut String>) -> Result<(), Error> {
        use std::fmt::Write;
        let name = &self.name;
        let code = self.cx.compiled_code();
        let code = code.ok_or_else(|| Error::Backend(format!("{name}: no code")))?;
        let relocs = code.buffer.relocs().iter();
        let relocs: Vec<ModuleReloc> = relocs
            .map(|r| ModuleReloc::from_mach_reloc(r, &self.cx.func, self.func))
            .collect();
        let alignment = u64::from(code.buffer.alignment);
        let defined =
            module.define_function_bytes(self.func, alignment, code.code_buffer(), &relocs);
        defined.map_err(|e| Error::Backend(format!("{name}: {e:?}")))?;
        if let (Some(text), Some(before)) = (text, &self.before) {
            let code = code.vcode.as_deref().unwrap_or_default();
            let _ = writeln!(text, "; {name}\n{before}\n{code}");
        }
        Ok(())
    }
}

fn entry_signature(host: CallConv) -> Signature {
    let mut s = Signature::new(host);
    s.params = vec![AbiParam::new(types::I64); 3];
    s.returns = vec![AbiParam::new(types::I64)];
    s
}

/// How large a program is, and what it calls.
#[derive(Default)]
struct Size {
    statements: usize,
    called: std::collections::HashSet<FnId>,
}

impl Size {
    fn block(&mut self, b: &[Stmt]) {
        self.statements += b.len();
        for s in b {
            if let Stmt::Call(f, ..) = s {
                self.called.insert(*f);
            }
            for inner in s.blocks() {
                self.block(inner);
            }
        }
    }
}

impl Unit<'_> {
    /// The function as others call it.
    pub(crate) fn internal(&self, f: FnId) -> Result<FuncId, Error> {
        let found = self.internal.get(f).copied().flatten();
        found
            .ok_or_else(|| Error::Backend(format!("{} is not called", FnId::from_index(f.index()))))
    }

    /// The detour to a callback.
    pub(crate) fn detour(&mut self, c: Callback) -> Result<FuncId, Error> {
        if let Some((_, id)) = self.detours.iter().find(|d| d.0 == c) {
            return Ok(*id);
        }
        let signature = entry::detour_signature(&c.signature());
        let id = self.module.declare_anonymous_function(&signature);
        let id = id.map_err(Error::backend)?;
        self.detours.push((c, id));
        Ok(id)
    }
}
