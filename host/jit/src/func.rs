//! Functions: registers, statements and control flow.
//!
//! Registers that are set at one place only are Cranelift values; the others are variables of its front end, which finds their SSA form.
//! Checks branch to cold blocks at the end of the function. Recurses as deep as blocks nest, which the IR bounds.

use crate::Error;
use crate::machine::{INTERNAL, Unit};
use cotangent_core::entity::PrimaryMap;
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::{self, Addr, FnId, Opnd, Reg, Site, Stmt, Ty};
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegion, AliasRegionData, Block, BlockArg, FuncRef, InstBuilder,
    MemFlagsData, SigRef, Signature, StackSlot, Type, Value, types,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use cranelift_module::Module;
use std::collections::HashMap;

/// The type of a register.
pub(crate) const fn clif(ty: Ty) -> Type {
    match ty {
        Ty::I8 => types::I8,
        Ty::I16 => types::I16,
        Ty::I32 => types::I32,
        Ty::I64 | Ty::Ptr => types::I64,
        Ty::F32 => types::F32,
        Ty::F64 => types::F64,
    }
}

/// A function's signature inside the program: context and leaves to status and leaves.
pub(crate) fn signature(f: &lir::Function) -> Signature {
    let mut s = Signature::new(INTERNAL);
    s.params.push(AbiParam::new(types::I64));
    let params = f.params.iter().map(|&r| AbiParam::new(clif(f.regs[r])));
    s.params.extend(params);
    s.returns.push(AbiParam::new(types::I64));
    let results = f.result_types.iter().map(|&ty| AbiParam::new(clif(ty)));
    s.returns.extend(results);
    s
}

/// The head of a loop with at most so many statements, all simple, is repeated at the loop's end: one jump less per iteration.
const REPEATED_HEAD: usize = 12;

pub(crate) fn repeats(head: &[Stmt]) -> bool {
    head.len() <= REPEATED_HEAD && head.iter().all(|s| s.blocks().is_empty())
}

/// What a register is.
#[derive(Copy, Clone)]
pub(crate) enum Slot {
    /// Not set yet; set at one place.
    Unset,
    /// Set once.
    Value(Value),
    /// Set at several places.
    Variable(Variable),
}

/// How often registers are set in the code that statements become.
fn count(b: &[Stmt], times: u32, sets: &mut PrimaryMap<Reg, u32>) {
    let mut set = |r: Reg, n: u32| sets[r] = sets[r].saturating_add(n);
    for s in b {
        match s {
            Stmt::Set(r, _) => set(*r, times),
            Stmt::Unique { buf, data, .. } | Stmt::Reserve { buf, data, .. } => {
                set(*buf, times + 1);
                set(*data, times + 1);
            }
            Stmt::Call(_, _, rs) | Stmt::Eval(_, _, rs) => rs.iter().for_each(|r| set(*r, times)),
            Stmt::Rt(_, _, r, _) => r.iter().for_each(|r| set(*r, times)),
            Stmt::Split { sums: rs, .. } | Stmt::Ahead { results: rs, .. } => {
                rs.iter().for_each(|r| set(*r, times));
            }
            Stmt::For { index, .. } => set(*index, 2),
            Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fuel(_) => {}
        }
    }
    for s in b {
        match s {
            Stmt::While { head, body, .. } => {
                count(head, if repeats(head) { 2 * times } else { times }, sets);
                count(body, times, sets);
            }
            s => s.blocks().into_iter().for_each(|b| count(b, times, sets)),
        }
    }
}

/// Which memory an access is to.
#[derive(Copy, Clone)]
pub(crate) enum Memory {
    /// The fields of the context.
    Context,
    /// Blocks. Their heads too: programs read counts and lengths like elements.
    Elements,
    /// This function's own: slots of arguments and results.
    Slots,
}

/// For registers set once to an address in the memory of another one: that one, or what it was computed from.
fn roots(f: &lir::Function, sets: &PrimaryMap<Reg, u32>) -> HashMap<Reg, Reg> {
    let mut roots: HashMap<Reg, Reg> = HashMap::new();
    for s in &f.body {
        s.visit(&mut |s| {
            if let Stmt::Set(r, lir::Rv::Lea(Addr { base, .. }) | lir::Rv::Copy(base)) = s
                && let Opnd::Reg(from) = base
                && f.regs[*r] == Ty::Ptr
                && sets[*r] == 1
            {
                let root = roots.get(from).copied().unwrap_or(*from);
                roots.insert(*r, root);
            }
        });
    }
    roots
}

/// A function being translated.
pub(crate) struct Fx<'a, 'b, 'p> {
    pub(crate) b: FunctionBuilder<'b>,
    pub(crate) unit: &'a mut Unit<'p>,
    pub(crate) f: &'p lir::Function,
    /// The context.
    pub(crate) ctx: Value,
    /// Room for results, of an entry.
    results: Option<Value>,
    regs: PrimaryMap<Reg, Slot>,
    regions: [AliasRegion; 3],
    /// Where a site traps without numbers.
    sites: HashMap<Site, Block>,
    /// Traps with numbers: where, the site, the numbers.
    checks: Vec<(Block, Site, Vec<Opnd>, Vec<Option<Value>>)>,
    /// A register that was read before it was set, which breaks an invariant.
    unset: Option<Reg>,
    /// Where a call's trap is passed on.
    pub(crate) propagate: Option<Block>,
    /// Signatures of callbacks.
    pub(crate) signatures: HashMap<lir::rt::Signature, SigRef>,
    /// Functions called.
    pub(crate) callees: HashMap<FnId, FuncRef>,
    /// Detours to callbacks.
    pub(crate) detours: HashMap<Callback, FuncRef>,
    /// Cold blocks of callbacks, emitted at the end.
    pub(crate) later: Vec<crate::memory::Later>,
    /// Slots for operations evaluated by the interpreter: arguments and results of any of them.
    pub(crate) scratch: Option<StackSlot>,
    /// What registers are for now, whatever they were set to: while a loop is translated in lanes.
    pub(crate) over: HashMap<Reg, Value>,
    /// The registers that addresses were computed from.
    pub(crate) roots: HashMap<Reg, Reg>,
    /// A sum or product computed with its overflow, in the present block.
    pub(crate) wide: Option<(lir::Bin, Value, Value, Value)>,
}

/// Fills in function `id`: as an entry that takes slots, or as functions of the program call each other.
pub(crate) fn translate<'p>(
    unit: &mut Unit<'p>,
    id: FnId,
    entry: bool,
    out: &mut ir::Function,
    shared: &mut FunctionBuilderContext,
) -> Result<(), Error> {
    let program: &'p lir::Program = unit.program;
    let f = &program.funcs[id];
    let config = unit.module.target_config();
    let mut b = FunctionBuilder::new(out, shared);
    let first = b.create_block();
    b.append_block_params_for_function_params(first);
    b.switch_to_block(first);
    b.seal_block(first);
    let given = b.block_params(first).to_vec();
    let mut sets = PrimaryMap::new();
    for _ in f.regs.keys() {
        sets.push(0);
    }
    for &r in &f.params {
        sets[r] += 1;
    }
    count(&f.body, 1, &mut sets);
    let mut regs = PrimaryMap::new();
    for (r, &n) in sets.iter() {
        regs.push(if n > 1 {
            Slot::Variable(b.declare_var(clif(f.regs[r])))
        } else {
            Slot::Unset
        });
    }
    let regions = [(0, "context"), (1, "blocks"), (2, "slots")];
    let regions = regions.map(|(user_id, name)| {
        b.func.dfg.alias_regions.insert(AliasRegionData {
            user_id,
            description: name.into(),
        })
    });
    let mut fx = Fx {
        ctx: given[0],
        results: entry.then(|| given[2]),
        b,
        unit,
        f,
        regs,
        regions,
        sites: HashMap::new(),
        checks: Vec::new(),
        unset: None,
        propagate: None,
        signatures: HashMap::new(),
        callees: HashMap::new(),
        detours: HashMap::new(),
        later: Vec::new(),
        scratch: None,
        over: HashMap::new(),
        roots: roots(f, &sets),
        wide: None,
    };
    for (i, &r) in f.params.iter().enumerate() {
        let v = if entry {
            let flags = fx.flags(Memory::Slots);
            fx.b.ins()
                .load(clif(f.regs[r]), flags, given[1], 8 * i as i32)
        } else {
            given[i + 1]
        };
        fx.set(r, v);
    }
    if let Some(site) = f.recursive {
        fx.enter(site);
    }
    if fx.block(&f.body)? {
        fx.return_();
    }
    fx.cold()?;
    let unset = fx.unset;
    fx.b.finalize(config);
    match unset {
        None => Ok(()),
        Some(r) => Err(Error::Invalid(format!(
            "{}: {r} is read before it is set",
            f.name
        ))),
    }
}

impl Fx<'_, '_, '_> {
    /// The flags of an access: aligned, and it cannot fail.
    pub(crate) fn flags(&self, m: Memory) -> MemFlagsData {
        let region = match m {
            Memory::Context => 0,
            Memory::Elements => 1,
            Memory::Slots => 2,
        };
        MemFlagsData::trusted().with_alias_region(Some(self.regions[region]))
    }

    /// A 64-bit constant.
    pub(crate) fn int(&mut self, v: u64) -> Value {
        self.b.ins().iconst(types::I64, v as i64)
    }

    /// An operand's value.
    pub(crate) fn get(&mut self, a: Opnd) -> Value {
        if let Opnd::Reg(r) = a
            && !self.over.is_empty()
            && let Some(&v) = self.over.get(&r)
        {
            return v;
        }
        match a {
            Opnd::Reg(r) => match self.regs[r] {
                Slot::Value(v) => v,
                Slot::Variable(v) => self.b.use_var(v),
                Slot::Unset => {
                    self.unset = Some(r);
                    self.constant(self.f.regs[r], 0)
                }
            },
            Opnd::Const(ty, bits) => self.constant(ty, bits),
        }
    }

    pub(crate) fn constant(&mut self, ty: Ty, bits: u64) -> Value {
        let ins = self.b.ins();
        match ty {
            Ty::F32 => ins.f32const(ir::immediates::Ieee32::with_bits(bits as u32)),
            Ty::F64 => ins.f64const(ir::immediates::Ieee64::with_bits(bits)),
            // The code generator wants the bits above the type to be zero.
            Ty::I8 => ins.iconst(types::I8, i64::from(bits as u8)),
            Ty::I16 => ins.iconst(types::I16, i64::from(bits as u16)),
            Ty::I32 => ins.iconst(types::I32, i64::from(bits as u32)),
            Ty::I64 | Ty::Ptr => ins.iconst(types::I64, bits as i64),
        }
    }

    /// What a register is.
    pub(crate) fn slot(&self, r: Reg) -> Slot {
        self.regs[r]
    }

    /// Writes memory.
    pub(crate) fn store(&mut self, addr: Addr, v: Opnd) {
        let v = self.get(v);
        let (at, offset) = self.addr(addr);
        let flags = self.flags(Memory::Elements);
        self.b.ins().store(flags, v, at, offset);
    }

    /// Sets a register.
    pub(crate) fn set(&mut self, r: Reg, v: Value) {
        match self.regs[r] {
            Slot::Variable(var) => self.b.def_var(var, v),
            Slot::Unset | Slot::Value(_) => self.regs[r] = Slot::Value(v),
        }
    }

    /// An address, and what is to be added to it.
    pub(crate) fn addr(&mut self, a: Addr) -> (Value, i32) {
        let base = self.get(a.base);
        let Some((index, scale)) = a.index else {
            return (base, a.offset);
        };
        let folded = index.constant().and_then(|i| {
            let bytes = (i as i64).checked_mul(i64::from(scale))?;
            i32::try_from(bytes.checked_add(a.offset.into())?).ok()
        });
        if let Some(offset) = folded {
            return (base, offset);
        }
        let i = self.get(index);
        let bytes = match scale {
            1 => i,
            s if s.is_power_of_two() => self.b.ins().ishl_imm_u(i, i64::from(s.ilog2())),
            s => self.b.ins().imul_imm_u(i, i64::from(s)),
        };
        (self.b.ins().iadd(base, bytes), a.offset)
    }

    /// Starts a block, all of whose predecessors are known.
    pub(crate) fn start(&mut self, b: Block) {
        self.b.switch_to_block(b);
        self.b.seal_block(b);
        self.wide = None;
    }

    pub(crate) fn jump(&mut self, to: Block) {
        self.b.ins().jump(to, &[]);
    }

    pub(crate) fn branch(&mut self, c: Value, yes: Block, no: Block) {
        self.b.ins().brif(c, yes, &[], no, &[]);
    }

    /// A block that is seldom run.
    pub(crate) fn cold_block(&mut self) -> Block {
        let b = self.b.create_block();
        self.b.set_cold_block(b);
        b
    }

    /// Where a site traps without numbers of its own.
    pub(crate) fn site(&mut self, s: Site) -> Block {
        if let Some(&b) = self.sites.get(&s) {
            return b;
        }
        let b = self.cold_block();
        self.sites.insert(s, b);
        b
    }

    /// Traps if the condition holds.
    pub(crate) fn trap_if(&mut self, c: Value, to: Block) {
        let go_on = self.b.create_block();
        self.branch(c, to, go_on);
        // What was computed before still dominates.
        let wide = self.wide;
        self.start(go_on);
        self.wide = wide;
    }

    /// Where a site traps with these numbers, whose values now are kept.
    fn check(&mut self, site: Site, numbers: &[Opnd]) -> Block {
        if numbers.is_empty() {
            return self.site(site);
        }
        let b = self.cold_block();
        let values = numbers
            .iter()
            .map(|n| n.reg().map(|r| self.get(r.into())))
            .collect();
        self.checks.push((b, site, numbers.to_vec(), values));
        b
    }

    /// The cold blocks.
    fn cold(&mut self) -> Result<(), Error> {
        for later in std::mem::take(&mut self.later) {
            self.run_later(later)?;
        }
        let numbered = std::mem::take(&mut self.checks);
        let sites = std::mem::take(&mut self.sites);
        if !numbered.is_empty() || !sites.is_empty() {
            let exit = self.cold_block();
            self.b.append_block_param(exit, types::I64);
            let flags = self.flags(Memory::Context);
            for (block, site, numbers, values) in numbered {
                self.start(block);
                for (i, (n, v)) in numbers.into_iter().zip(values).enumerate() {
                    let v = v.unwrap_or_else(|| self.get(n));
                    let at = abi::CTX_NUMBERS + 8 * i as i32;
                    self.b.ins().store(flags, v, self.ctx, at);
                }
                self.trapped(exit, site);
            }
            let mut sites: Vec<(Site, Block)> = sites.into_iter().collect();
            sites.sort();
            for (site, block) in sites {
                self.start(block);
                self.trapped(exit, site);
            }
            self.start(exit);
            let site = self.b.block_params(exit)[0];
            self.b.ins().store(flags, site, self.ctx, abi::CTX_SITE);
            self.give_up();
        }
        if let Some(b) = self.propagate.take() {
            self.start(b);
            self.give_up();
        }
        Ok(())
    }

    fn trapped(&mut self, exit: Block, site: Site) {
        let v = self.int(site.0.into());
        self.b.ins().jump(exit, &[BlockArg::Value(v)]);
    }

    /// Returns that the function trapped.
    fn give_up(&mut self) {
        let mut values = vec![self.int(abi::TRAPPED)];
        if self.results.is_none() {
            for &ty in &self.f.result_types {
                values.push(self.constant(ty, 0));
            }
        }
        self.b.ins().return_(&values);
    }

    /// Returns the results.
    fn return_(&mut self) {
        if self.f.recursive.is_some() {
            self.leave();
        }
        let mut values = vec![self.int(abi::OK)];
        let mut results = Vec::new();
        for &r in &self.f.results {
            results.push(self.get(r));
        }
        match self.results {
            Some(to) => {
                let flags = self.flags(Memory::Slots);
                for (i, v) in results.into_iter().enumerate() {
                    self.b.ins().store(flags, v, to, 8 * i as i32);
                }
            }
            None => values.extend(results),
        }
        self.b.ins().return_(&values);
    }

    /// Statements; whether control comes to their end.
    pub(crate) fn block(&mut self, stmts: &[Stmt]) -> Result<bool, Error> {
        let mut rest = stmts;
        while let Some((s, after)) = rest.split_first() {
            let together = self.together(rest);
            if together > 0 {
                rest = &rest[together..];
                continue;
            }
            if !self.stmt(s)? {
                return Ok(false);
            }
            rest = after;
        }
        Ok(true)
    }

    /// A block of its own that goes on at `next`; whether it does.
    pub(crate) fn arm(&mut self, at: Block, stmts: &[Stmt], next: Block) -> Result<bool, Error> {
        self.start(at);
        let ends = self.block(stmts)?;
        if ends {
            self.jump(next);
        }
        Ok(ends)
    }

    /// A statement; whether control comes to its end.
    fn stmt(&mut self, s: &Stmt) -> Result<bool, Error> {
        match s {
            Stmt::Set(r, rv) => {
                let v = self.rv(rv);
                self.set(*r, v);
            }
            Stmt::Store(_, addr, v) => self.store(*addr, *v),
            Stmt::Check(c, site, numbers) => {
                let c = self.get(*c);
                let to = self.check(*site, numbers);
                self.trap_if(c, to);
            }
            Stmt::Trap(site, numbers) => {
                let to = self.check(*site, numbers);
                self.jump(to);
                return Ok(false);
            }
            Stmt::If(c, then, other) => return self.if_(*c, then, other),
            Stmt::Switch(i, arms) => return self.switch(*i, arms),
            Stmt::While { head, cond, body } => return self.while_(head, *cond, body),
            Stmt::For {
                index,
                lo,
                hi,
                signed,
                body,
                hint,
            } => self.for_(*index, (*lo, *hi), *signed, body, hint)?,
            Stmt::Retain(a) => self.retain(*a),
            Stmt::Release(a) => self.release(*a),
            Stmt::Unique {
                buf,
                data,
                count,
                layout,
                site,
            } => self.unique(*buf, *data, *count, *layout, *site),
            Stmt::Reserve {
                buf,
                data,
                len,
                more,
                layout,
                site,
            } => self.reserve(*buf, *data, *len, *more, *layout, *site),
            Stmt::Call(to, args, rs) => self.call(*to, args, rs)?,
            Stmt::Split {
                func,
                args,
                lo,
                hi,
                work,
                sums,
            } => self.split(*func, args, [*lo, *hi, *work], sums),
            Stmt::Ahead {
                func,
                args,
                hi,
                results,
            } => self.ahead(*func, args, *hi, results),
            Stmt::Rt(rt, args, r, site) => self.rt(*rt, args, *r, *site)?,
            Stmt::Eval(e, args, rs) => self.eval(*e, args, rs),
            Stmt::Fuel(site) => self.fuel(*site),
        }
        Ok(true)
    }
}
