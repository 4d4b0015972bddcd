//! References, fuel and depth, callbacks: what compiled code does by itself, and what it asks the runtime for.
//!
//! The way through is short and inline; what is rare (a block's end, a copy because somebody else holds it, a failure) is in cold blocks
//! that [`Fx::run_later`] fills in when the function is done.

use crate::Error;
use crate::entry::{RESULT, callback_signature};
use crate::func::{Fx, Memory, clif};
use cotangent_core::entity::Entity;
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::rt::Signature;
use cotangent_lower::lir::{EvalId, FnId, LayoutId, Opnd, Reg, RtFn, Site, Ty};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, Block, BlockArg, InstBuilder, StackSlotData, StackSlotKind, Value, types,
};
use cranelift_module::Module;

/// A cold block to fill in.
pub(crate) enum Later {
    /// Frees a block and goes back.
    Free {
        /// The cold block.
        at: Block,
        /// The block of memory.
        buf: Value,
        /// Where to go on.
        back: Block,
    },
    /// Makes a block unique, or larger, and goes back with it and its data.
    Renew {
        /// The cold block.
        at: Block,
        /// What does it.
        how: Callback,
        /// Its arguments before the layout.
        args: Vec<Value>,
        /// The elements.
        layout: LayoutId,
        /// Where to go on.
        back: Block,
        /// Where it fails.
        site: Site,
    },
}

impl Fx<'_, '_, '_> {
    /// Calls the runtime.
    pub(crate) fn callback(&mut self, c: Callback, args: &[Value]) -> Option<Value> {
        let signature = c.signature();
        let ctx = signature.ctx.then_some(self.ctx);
        let args: Vec<Value> = ctx.into_iter().chain(args.iter().copied()).collect();
        let sig = self.import(signature);
        let address = (self.unit.addresses)(c);
        let address = self.int(address as u64);
        let call = self.b.ins().call_indirect(sig, address, &args);
        self.b.inst_results(call).first().copied()
    }

    /// As [`callback`](Self::callback), for cold blocks: through a detour that keeps all registers.
    fn seldom(&mut self, c: Callback, args: &[Value]) -> Result<Option<Value>, Error> {
        let signature = c.signature();
        let callee = match self.detours.get(&c) {
            Some(&f) => f,
            None => {
                let id = self.unit.detour(c)?;
                let f = self.unit.module.declare_func_in_func(id, self.b.func);
                self.detours.insert(c, f);
                f
            }
        };
        let args: Vec<Value> = [self.ctx].into_iter().chain(args.iter().copied()).collect();
        self.b.ins().call(callee, &args);
        let flags = self.flags(Memory::Context);
        let load = |ty| self.b.ins().load(clif(ty), flags, self.ctx, RESULT);
        Ok(signature.result.map(load))
    }

    /// The signature of callbacks like this one.
    fn import(&mut self, s: Signature) -> ir::SigRef {
        if let Some(&sig) = self.signatures.get(&s) {
            return sig;
        }
        let sig = callback_signature(self.unit, &s);
        let sig = self.b.import_signature(sig);
        self.signatures.insert(s, sig);
        sig
    }

    pub(crate) fn retain(&mut self, a: Opnd) {
        let buf = self.get(a);
        let flags = self.flags(Memory::Elements);
        let n = self.b.ins().load(types::I64, flags, buf, abi::BLOCK_COUNT);
        let n = self.b.ins().iadd_imm_s(n, 1);
        self.b.ins().store(flags, n, buf, abi::BLOCK_COUNT);
    }

    pub(crate) fn release(&mut self, a: Opnd) {
        let buf = self.get(a);
        let flags = self.flags(Memory::Elements);
        let n = self.b.ins().load(types::I64, flags, buf, abi::BLOCK_COUNT);
        let n = self.b.ins().iadd_imm_s(n, -1);
        self.b.ins().store(flags, n, buf, abi::BLOCK_COUNT);
        let (at, back) = (self.cold_block(), self.b.create_block());
        self.branch(n, back, at);
        self.later.push(Later::Free { at, buf, back });
        self.resume(back);
    }

    /// Goes on at a block that a cold one will jump to as well.
    fn resume(&mut self, back: Block) {
        self.b.switch_to_block(back);
        self.wide = None;
    }

    pub(crate) fn unique(
        &mut self,
        buf: Reg,
        data: Reg,
        count: Opnd,
        layout: LayoutId,
        site: Site,
    ) {
        let block = self.get(buf.into());
        let elements = self.get(data.into());
        let count = self.get(count);
        let flags = self.flags(Memory::Elements);
        let ins = self.b.ins();
        let n = ins.load(types::I64, flags, block, abi::BLOCK_COUNT);
        let one = self.b.ins().icmp_imm_u(IntCC::Equal, n, 1);
        let (at, back) = (self.cold_block(), self.b.create_block());
        let new_block = self.b.append_block_param(back, types::I64);
        let new_data = self.b.append_block_param(back, types::I64);
        let same = [BlockArg::Value(block), BlockArg::Value(elements)];
        self.b.ins().brif(one, back, &same, at, &[]);
        self.later.push(Later::Renew {
            at,
            how: Callback::Unique,
            args: vec![block, elements, count],
            layout,
            back,
            site,
        });
        self.resume(back);
        self.set(buf, new_block);
        self.set(data, new_data);
    }

    pub(crate) fn reserve(
        &mut self,
        buf: Reg,
        data: Reg,
        len: Opnd,
        more: Opnd,
        layout: LayoutId,
        site: Site,
    ) {
        let size = self.unit.program.layouts[layout].size;
        let (block, elements) = (self.get(buf.into()), self.get(data.into()));
        let (len, more) = (self.get(len), self.get(more));
        let flags = self.flags(Memory::Elements);
        let need = self.b.ins().iadd(len, more);
        let bytes = self.b.ins().imul_imm_u(need, i64::from(size));
        let start = self.b.ins().load(types::I64, flags, block, abi::BLOCK_DATA);
        let before = self.b.ins().isub(elements, start);
        let end = self.b.ins().iadd(before, bytes);
        let room = self.b.ins().load(types::I64, flags, block, abi::BLOCK_ROOM);
        let fits = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, end, room);
        let n = self
            .b
            .ins()
            .load(types::I64, flags, block, abi::BLOCK_COUNT);
        let one = self.b.ins().icmp_imm_u(IntCC::Equal, n, 1);
        let ready = self.b.ins().band(fits, one);
        let (at, back) = (self.cold_block(), self.b.create_block());
        let new_block = self.b.append_block_param(back, types::I64);
        let new_data = self.b.append_block_param(back, types::I64);
        let same = [BlockArg::Value(block), BlockArg::Value(elements)];
        self.b.ins().brif(ready, back, &same, at, &[]);
        self.later.push(Later::Renew {
            at,
            how: Callback::Grow,
            args: vec![block, elements, len, need],
            layout,
            back,
            site,
        });
        self.resume(back);
        self.set(buf, new_block);
        self.set(data, new_data);
    }

    /// Fills in a cold block.
    pub(crate) fn run_later(&mut self, later: Later) -> Result<(), Error> {
        match later {
            Later::Free { at, buf, back } => {
                self.start(at);
                self.seldom(Callback::Free, &[buf])?;
                self.jump(back);
                self.b.seal_block(back);
            }
            Later::Renew {
                at,
                how,
                mut args,
                layout,
                back,
                site,
            } => {
                self.start(at);
                args.push(self.int(layout.index() as u64));
                if let Some(new) = self.seldom(how, &args)? {
                    let to = self.site(site);
                    let ok = self.b.create_block();
                    self.branch(new, ok, to);
                    self.start(ok);
                    let flags = self.flags(Memory::Elements);
                    let data = self.b.ins().load(types::I64, flags, new, abi::BLOCK_DATA);
                    let args = [BlockArg::Value(new), BlockArg::Value(data)];
                    self.b.ins().jump(back, &args);
                }
                self.b.seal_block(back);
            }
        }
        Ok(())
    }

    pub(crate) fn rt(
        &mut self,
        rt: RtFn,
        args: &[Opnd],
        r: Option<Reg>,
        site: Option<Site>,
    ) -> Result<(), Error> {
        let mut values = Vec::new();
        for &a in args {
            values.push(self.get(a));
        }
        let result = match rt {
            // Capacities double.
            RtFn::Grow => self.seldom(rt.callback(), &values)?,
            RtFn::Alloc
            | RtFn::AllocZero
            | RtFn::Copy
            | RtFn::Zero
            | RtFn::RetainElems
            | RtFn::ReleaseElems
            | RtFn::Map(..)
            | RtFn::Dot(_)
            | RtFn::Sum(_)
            | RtFn::Axpy(_)
            | RtFn::Gemm(_) => self.callback(rt.callback(), &values),
        };
        if let (Some(v), Some(site)) = (result, site) {
            let to = self.site(site);
            let go_on = self.b.create_block();
            self.branch(v, go_on, to);
            self.start(go_on);
        }
        if let (Some(r), Some(v)) = (r, result) {
            self.set(r, v);
        }
        Ok(())
    }

    pub(crate) fn eval(&mut self, e: EvalId, args: &[Opnd], rs: &[Reg]) {
        let program = self.unit.program;
        let slot = self.scratch();
        let flags = self.flags(Memory::Slots);
        let base = self.b.ins().stack_addr(types::I64, slot, 0);
        for (i, &a) in args.iter().enumerate() {
            let v = self.get(a);
            self.b.ins().store(flags, v, base, 8 * i as i32);
        }
        let number = self.int(e.index() as u64);
        let back = 8 * args.len() as i32;
        let results = self.b.ins().iadd_imm_u(base, i64::from(back));
        if let Some(status) = self.callback(Callback::Eval, &[number, base, results]) {
            let to = self.site(program.evals[e].site);
            self.trap_if(status, to);
        }
        for (i, &r) in rs.iter().enumerate() {
            let ty = clif(self.f.regs[r]);
            let at = back + 8 * i as i32;
            let v = self.b.ins().load(ty, flags, base, at);
            self.set(r, v);
        }
    }

    pub(crate) fn split(
        &mut self,
        func: FnId,
        args: &[Opnd],
        [lo, hi, work]: [Opnd; 3],
        sums: &[Reg],
    ) {
        let (base, out, back) = self.words(args, sums.len());
        let number = self.int(func.index() as u64);
        let (lo, hi, work) = (self.get(lo), self.get(hi), self.get(work));
        if let Some(status) = self.callback(Callback::Split, &[number, lo, hi, work, base, out]) {
            let to = self.passed_on();
            self.trap_if(status, to);
        }
        let flags = self.flags(Memory::Slots);
        for (i, &r) in sums.iter().enumerate() {
            let ty = clif(self.f.regs[r]);
            let more = self.b.ins().load(ty, flags, base, back + 8 * i as i32);
            let before = self.get(r.into());
            let sum = self.b.ins().fadd(before, more);
            self.set(r, sum);
        }
    }

    pub(crate) fn ahead(&mut self, func: FnId, args: &[Opnd], hi: Opnd, results: &[Reg]) {
        let (base, out, back) = self.words(args, results.len());
        let number = self.int(func.index() as u64);
        let (index, hi) = (self.get(args[0]), self.get(hi));
        if let Some(status) = self.callback(Callback::Ahead, &[number, index, hi, base, out]) {
            let to = self.passed_on();
            self.trap_if(status, to);
        }
        let flags = self.flags(Memory::Slots);
        for (i, &r) in results.iter().enumerate() {
            let ty = clif(self.f.regs[r]);
            let v = self.b.ins().load(ty, flags, base, back + 8 * i as i32);
            self.set(r, v);
        }
    }

    /// Slots with the arguments as words and room for results: their address, that of the room, and how far apart these are.
    fn words(&mut self, args: &[Opnd], results: usize) -> (ir::Value, ir::Value, i32) {
        let bytes = 8 * (args.len() + results).max(1) as u32;
        let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
        let slot = self.b.create_sized_stack_slot(slot);
        let flags = self.flags(Memory::Slots);
        let base = self.b.ins().stack_addr(types::I64, slot, 0);
        for (i, &a) in args.iter().enumerate() {
            let v = self.get(a);
            self.b.ins().store(flags, v, base, 8 * i as i32);
        }
        let back = 8 * args.len() as i32;
        let out = self.b.ins().iadd_imm_u(base, i64::from(back));
        (base, out, back)
    }

    /// The slots that operations evaluated by the interpreter share: enough for the widest of the program.
    fn scratch(&mut self) -> ir::StackSlot {
        if let Some(s) = self.scratch {
            return s;
        }
        let width = |types: &[_]| {
            types
                .iter()
                .map(cotangent_lower::layout::width)
                .sum::<usize>()
        };
        let evals = self.unit.program.evals.values();
        let widest = evals.map(|e| width(&e.args) + width(&e.results)).max();
        let bytes = 8 * widest.unwrap_or(0).max(1) as u32;
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
        *self.scratch.insert(self.b.create_sized_stack_slot(data))
    }

    pub(crate) fn fuel(&mut self, site: Site) {
        let flags = self.flags(Memory::Context);
        let left = self
            .b
            .ins()
            .load(types::I64, flags, self.ctx, abi::CTX_FUEL);
        let none = self.b.ins().icmp_imm_u(IntCC::Equal, left, 0);
        let to = self.site(site);
        self.trap_if(none, to);
        let left = self.b.ins().iadd_imm_s(left, -1);
        self.b.ins().store(flags, left, self.ctx, abi::CTX_FUEL);
    }

    /// On entry of a recursive function: one level deeper, if depth and stack allow.
    pub(crate) fn enter(&mut self, site: Site) {
        let flags = self.flags(Memory::Context);
        let to = self.site(site);
        let sp = self.b.ins().get_stack_pointer(types::I64);
        let end = self
            .b
            .ins()
            .load(types::I64, flags, self.ctx, abi::CTX_STACK);
        let low = self.b.ins().icmp(IntCC::UnsignedLessThan, sp, end);
        self.trap_if(low, to);
        let left = self
            .b
            .ins()
            .load(types::I64, flags, self.ctx, abi::CTX_DEPTH);
        let none = self.b.ins().icmp_imm_u(IntCC::Equal, left, 0);
        self.trap_if(none, to);
        let left = self.b.ins().iadd_imm_s(left, -1);
        self.b.ins().store(flags, left, self.ctx, abi::CTX_DEPTH);
    }

    /// On the way out of one.
    pub(crate) fn leave(&mut self) {
        let flags = self.flags(Memory::Context);
        let left = self
            .b
            .ins()
            .load(types::I64, flags, self.ctx, abi::CTX_DEPTH);
        let left = self.b.ins().iadd_imm_s(left, 1);
        self.b.ins().store(flags, left, self.ctx, abi::CTX_DEPTH);
    }

    /// A callback of floats only.
    pub(crate) fn math(&mut self, c: Callback, args: &[Value], ty: Ty) -> Value {
        match self.callback(c, args) {
            Some(v) => v,
            None => self.constant(ty, 0),
        }
    }
}
