//! Control flow: conditions, loops, calls.
//!
//! Loops test at their end. Recurses as deep as blocks nest, which the IR bounds.

use crate::Error;
use crate::func::{Fx, repeats};
use crate::lanes::Counted;
use cotangent_lower::lir::{self, FnId, Opnd, Reg, Stmt};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder};
use cranelift_frontend::Switch;
use cranelift_module::Module;

/// Whether a block is seldom run: the program traps, or there is much work for one call.
fn seldom(stmts: &[Stmt]) -> bool {
    matches!(stmts.first(), Some(Stmt::Trap(..) | Stmt::Split { .. }))
}

impl Fx<'_, '_, '_> {
    pub(crate) fn if_(&mut self, c: Opnd, then: &[Stmt], other: &[Stmt]) -> Result<bool, Error> {
        let c = self.get(c);
        let next = self.b.create_block();
        let mut target = |stmts: &[Stmt]| {
            if stmts.is_empty() {
                next
            } else {
                self.b.create_block()
            }
        };
        let (yes, no) = (target(then), target(other));
        for (b, arm) in [(yes, then), (no, other)] {
            if seldom(arm) {
                self.b.set_cold_block(b);
            }
        }
        self.branch(c, yes, no);
        let a = yes == next || self.arm(yes, then, next)?;
        let b = no == next || self.arm(no, other, next)?;
        if a || b {
            self.start(next);
        }
        Ok(a || b)
    }

    pub(crate) fn switch(&mut self, i: Opnd, arms: &[lir::Block]) -> Result<bool, Error> {
        let Some((last, others)) = arms.split_last() else {
            return Err(Error::Invalid("a switch without blocks".into()));
        };
        let i = self.get(i);
        let next = self.b.create_block();
        let mut switch = Switch::new();
        let mut targets = Vec::new();
        for k in 0..others.len() {
            let b = self.b.create_block();
            switch.set_entry(k as u128, b);
            targets.push(b);
        }
        let otherwise = self.b.create_block();
        switch.emit(&mut self.b, i, otherwise);
        let mut ends = false;
        for (b, arm) in targets.into_iter().zip(others) {
            ends |= self.arm(b, arm, next)?;
        }
        ends |= self.arm(otherwise, last, next)?;
        if ends {
            self.start(next);
        }
        Ok(ends)
    }

    pub(crate) fn while_(
        &mut self,
        head: &[Stmt],
        cond: Opnd,
        body: &[Stmt],
    ) -> Result<bool, Error> {
        let (top, next) = (self.b.create_block(), self.b.create_block());
        if repeats(head) {
            // head; if cond { top: body; head; if cond → top }
            if !self.block(head)? {
                return Ok(false);
            }
            let c = self.get(cond);
            self.branch(c, top, next);
            self.b.switch_to_block(top);
            self.wide = None;
            if self.block(body)? && self.block(head)? {
                let c = self.get(cond);
                self.branch(c, top, next);
            }
            self.b.seal_block(top);
        } else {
            self.jump(top);
            self.b.switch_to_block(top);
            self.wide = None;
            if !self.block(head)? {
                self.b.seal_block(top);
                return Ok(false);
            }
            let c = self.get(cond);
            let inside = self.b.create_block();
            self.branch(c, inside, next);
            self.arm(inside, body, top)?;
            self.b.seal_block(top);
        }
        self.start(next);
        Ok(true)
    }

    pub(crate) fn for_(
        &mut self,
        index: Reg,
        (lo, hi): (Opnd, Opnd),
        signed: bool,
        body: &lir::Block,
        hint: &lir::Hint,
    ) -> Result<(), Error> {
        let below = if signed {
            IntCC::SignedLessThan
        } else {
            IntCC::UnsignedLessThan
        };
        let (lo, hi) = (self.get(lo), self.get(hi));
        self.set(index, lo);
        if self.in_lanes(&Counted {
            index,
            lo,
            hi,
            below,
            body,
            parallel: hint.parallel,
        }) {
            return Ok(());
        }
        let (top, next) = (self.b.create_block(), self.b.create_block());
        let lo = self.get(index.into());
        let any = self.b.ins().icmp(below, lo, hi);
        self.branch(any, top, next);
        self.b.switch_to_block(top);
        self.wide = None;
        if self.block(body)? {
            let i = self.get(index.into());
            // Below `hi`, so it does not wrap.
            let i = self.b.ins().iadd_imm_s(i, 1);
            self.set(index, i);
            let more = self.b.ins().icmp(below, i, hi);
            self.branch(more, top, next);
        }
        self.b.seal_block(top);
        self.start(next);
        Ok(())
    }

    /// Where a trap of something called is passed on.
    pub(crate) fn passed_on(&mut self) -> Block {
        match self.propagate {
            Some(b) => b,
            None => {
                let b = self.cold_block();
                *self.propagate.insert(b)
            }
        }
    }

    pub(crate) fn call(&mut self, to: FnId, args: &[Opnd], rs: &[Reg]) -> Result<(), Error> {
        let callee = match self.callees.get(&to) {
            Some(&c) => c,
            None => {
                let id = self.unit.internal(to)?;
                let c = self.unit.module.declare_func_in_func(id, self.b.func);
                self.callees.insert(to, c);
                c
            }
        };
        let mut values = vec![self.ctx];
        for &a in args {
            values.push(self.get(a));
        }
        let call = self.b.ins().call(callee, &values);
        let returned = self.b.inst_results(call).to_vec();
        let trapped = self.passed_on();
        self.trap_if(returned[0], trapped);
        for (&r, &v) in rs.iter().zip(&returned[1..]) {
            self.set(r, v);
        }
        Ok(())
    }
}
