//! Walks over statements: what each reads, what it sets, the blocks in it. Passes and back ends share these.

use super::{Addr, Block, Opnd, Reg, Rv, Stmt, Ty};

impl Addr {
    /// Calls `f` on each operand, to replace it.
    pub fn operands_mut(&mut self, f: &mut impl FnMut(&mut Opnd)) {
        f(&mut self.base);
        if let Some((i, _)) = &mut self.index {
            f(i);
        }
    }
}

impl Rv {
    /// Calls `f` on each operand, to replace it.
    pub fn operands_mut(&mut self, f: &mut impl FnMut(&mut Opnd)) {
        match self {
            Rv::Copy(a) | Rv::Un(_, a) | Rv::Cvt(_, _, a) => f(a),
            Rv::Bin(_, a, b) | Rv::Cmp(_, a, b) => {
                f(a);
                f(b);
            }
            Rv::Fma(a, b, c) | Rv::Select(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Rv::Load(_, addr) | Rv::Lea(addr) => addr.operands_mut(f),
            Rv::Const(_) => {}
        }
    }
}

/// A statement that is neither control flow nor a check, a count of references or a call.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Straight<'s> {
    /// [`Stmt::Set`].
    Set(Reg, &'s Rv),
    /// [`Stmt::Store`].
    Store(Ty, &'s Addr, Opnd),
}

impl Stmt {
    /// Calls `f` on each operand of the statement itself, not of its blocks. A `While`'s condition is read after its head; the
    /// registers of `Unique` and `Reserve` and the sums of `Split` are read too.
    pub fn operands(&self, f: &mut impl FnMut(Opnd)) {
        match self {
            Stmt::Set(_, rv) => rv.operands(f),
            Stmt::Store(_, addr, a) => {
                addr.operands(f);
                f(*a);
            }
            Stmt::Check(a, _, numbers) => {
                f(*a);
                numbers.iter().copied().for_each(f);
            }
            Stmt::Trap(_, args)
            | Stmt::Call(_, args, _)
            | Stmt::Rt(_, args, _, _)
            | Stmt::Eval(_, args, _) => {
                args.iter().copied().for_each(f);
            }
            Stmt::If(a, ..) | Stmt::Switch(a, _) | Stmt::Retain(a) | Stmt::Release(a) => f(*a),
            Stmt::While { cond, .. } => f(*cond),
            Stmt::For { lo, hi, .. } => {
                f(*lo);
                f(*hi);
            }
            Stmt::Unique {
                buf, data, count, ..
            } => {
                f((*buf).into());
                f((*data).into());
                f(*count);
            }
            Stmt::Reserve {
                buf,
                data,
                len,
                more,
                ..
            } => {
                f((*buf).into());
                f((*data).into());
                f(*len);
                f(*more);
            }
            Stmt::Split {
                args,
                lo,
                hi,
                work,
                sums,
                ..
            } => {
                args.iter().copied().for_each(&mut *f);
                [*lo, *hi, *work].into_iter().for_each(&mut *f);
                sums.iter().for_each(|r| f((*r).into()));
            }
            Stmt::Ahead { args, hi, .. } => {
                args.iter().copied().for_each(&mut *f);
                f(*hi);
            }
            Stmt::Fuel(_) => {}
        }
    }
    /// As [`operands`](Self::operands), to replace them; without the registers of `Unique` and `Reserve` and the sums
    /// of `Split`, which they set too.
    pub fn operands_mut(&mut self, f: &mut impl FnMut(&mut Opnd)) {
        match self {
            Stmt::Set(_, rv) => rv.operands_mut(f),
            Stmt::Store(_, addr, a) => {
                addr.operands_mut(f);
                f(a);
            }
            Stmt::Check(a, _, numbers) => {
                f(a);
                numbers.iter_mut().for_each(f);
            }
            Stmt::Trap(_, args)
            | Stmt::Call(_, args, _)
            | Stmt::Rt(_, args, _, _)
            | Stmt::Eval(_, args, _) => {
                args.iter_mut().for_each(f);
            }
            Stmt::If(a, ..) | Stmt::Switch(a, _) | Stmt::Retain(a) | Stmt::Release(a) => f(a),
            Stmt::While { cond, .. } => f(cond),
            Stmt::For { lo, hi, .. } => {
                f(lo);
                f(hi);
            }
            Stmt::Unique { count, .. } => f(count),
            Stmt::Reserve { len, more, .. } => {
                f(len);
                f(more);
            }
            Stmt::Split {
                args, lo, hi, work, ..
            } => {
                args.iter_mut().for_each(&mut *f);
                [lo, hi, work].into_iter().for_each(f);
            }
            Stmt::Ahead { args, hi, .. } => {
                args.iter_mut().for_each(&mut *f);
                f(hi);
            }
            Stmt::Fuel(_) => {}
        }
    }
    /// Calls `f` on each register that the statement itself sets, not its blocks.
    pub fn results(&self, f: &mut impl FnMut(Reg)) {
        match self {
            Stmt::Set(r, _) => f(*r),
            Stmt::For { index, .. } => f(*index),
            Stmt::Unique { buf, data, .. } | Stmt::Reserve { buf, data, .. } => {
                f(*buf);
                f(*data);
            }
            Stmt::Call(_, _, rs) | Stmt::Eval(_, _, rs) => rs.iter().copied().for_each(f),
            Stmt::Rt(_, _, r, _) => r.iter().copied().for_each(f),
            Stmt::Split { sums: rs, .. } | Stmt::Ahead { results: rs, .. } => {
                rs.iter().copied().for_each(f)
            }
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
    /// As [`results`](Self::results), to replace them.
    pub fn results_mut(&mut self, f: &mut impl FnMut(&mut Reg)) {
        match self {
            Stmt::Set(r, _) => f(r),
            Stmt::For { index, .. } => f(index),
            Stmt::Unique { buf, data, .. } | Stmt::Reserve { buf, data, .. } => {
                f(buf);
                f(data);
            }
            Stmt::Call(_, _, rs) | Stmt::Eval(_, _, rs) => rs.iter_mut().for_each(f),
            Stmt::Rt(_, _, r, _) => r.iter_mut().for_each(f),
            Stmt::Split { sums: rs, .. } | Stmt::Ahead { results: rs, .. } => {
                rs.iter_mut().for_each(f)
            }
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
    /// The blocks in the statement, in the order of the text.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            Stmt::If(_, a, b) => vec![a, b],
            Stmt::Switch(_, arms) => arms.iter().collect(),
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            Stmt::Set(..)
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => Vec::new(),
        }
    }
    /// The blocks in the statement, to change them.
    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match self {
            Stmt::If(_, a, b) => vec![a, b],
            Stmt::Switch(_, arms) => arms.iter_mut().collect(),
            Stmt::While { head, body, .. } => vec![head, body],
            Stmt::For { body, .. } => vec![body],
            Stmt::Set(..)
            | Stmt::Store(..)
            | Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => Vec::new(),
        }
    }
    /// The statement, if it is straight-line code that cannot leave the loop it is in and calls nothing of the runtime.
    pub fn straight(&self) -> Option<Straight<'_>> {
        match self {
            Stmt::Set(r, rv) => Some(Straight::Set(*r, rv)),
            Stmt::Store(ty, addr, a) => Some(Straight::Store(*ty, addr, *a)),
            Stmt::Check(..)
            | Stmt::Trap(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Rt(..)
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => None,
        }
    }
    /// Calls `f` on the statement and all in its blocks, an outer one before those in it.
    pub fn visit<'s>(&'s self, f: &mut impl FnMut(&'s Stmt)) {
        f(self);
        for b in self.blocks() {
            for s in b {
                s.visit(f);
            }
        }
    }
}
