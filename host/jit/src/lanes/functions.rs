//! Calls of one function in a row, computed by its kernel at once: for eight numbers it takes little longer than for one.

use super::kernel;
use crate::func::{Fx, Memory, clif};
use cotangent_lower::lir::{Math1, Opnd, Reg, RtFn, Rv, Stmt, Ty, Un};
use cotangent_lower::opt::gather::FEW;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, types};

/// The most that are computed at once.
const MOST: usize = 32;
/// Kernels take so many at a time; fewer cost more than these.
const WHOLE: usize = 8;

impl Fx<'_, '_, '_> {
    /// Translates the calls of one function that the statements start with, if they are enough and independent; how many.
    pub(crate) fn together(&mut self, stmts: &[Stmt]) -> usize {
        let Some((_, _, first)) = self.kernel_call(&stmts[0]) else {
            return 0;
        };
        let mut results: Vec<Reg> = Vec::new();
        let mut args: Vec<Opnd> = Vec::new();
        for s in stmts.iter().take(MOST) {
            match self.kernel_call(s) {
                Some((r, a, f)) if f == first => {
                    if a.reg().is_some_and(|a| results.contains(&a)) || results.contains(&r) {
                        break;
                    }
                    results.push(r);
                    args.push(a);
                }
                _ => break,
            }
        }
        if args.len() < FEW {
            return 0;
        }
        let (f, ty) = first;
        let bytes = ty.bytes();
        // Filled up with what is there.
        let whole = args.len().next_multiple_of(WHOLE);
        args.resize(whole, args[0]);
        let room = bytes * whole as u32;
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, room, 4);
        let slot = self.b.create_sized_stack_slot(data);
        let buffer = self.b.ins().stack_addr(types::I64, slot, 0);
        let flags = self.flags(Memory::Slots);
        for (k, &a) in args.iter().enumerate() {
            let v = self.get(a);
            let at = (bytes * k as u32) as i32;
            self.b.ins().store(flags, v, buffer, at);
        }
        let n = self.int(whole as u64);
        self.callback(RtFn::Map(f, ty).callback(), &[n, buffer, buffer]);
        for (k, &r) in results.iter().enumerate() {
            let at = (bytes * k as u32) as i32;
            let v = self.b.ins().load(clif(ty), flags, buffer, at);
            self.set(r, v);
        }
        results.len()
    }

    /// A call of a function with a kernel.
    fn kernel_call(&self, s: &Stmt) -> Option<(Reg, Opnd, (Math1, Ty))> {
        match s {
            Stmt::Set(r, Rv::Un(Un::Math(f), a)) if kernel(*f) => {
                Some((*r, *a, (*f, self.f.regs[*r])))
            }
            _ => None,
        }
    }
}
