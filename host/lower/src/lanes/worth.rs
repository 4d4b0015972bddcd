//! Whether lanes pay: what vectors have an instruction for, and what is taken apart lane by lane.

use super::{Analysis, Class};
use crate::lir::{Addr, Bin, Cmp, Cvt, Reg, Rv, Stmt, Ty, Un};
use cotangent_core::entity::PrimaryMap;

impl Analysis<'_> {
    /// Whether lanes save more than they cost. Loads alone do not pay, nor does what lanes are taken apart for.
    pub(super) fn pays(&self, stages: u32) -> Option<()> {
        let (mut gain, mut cost) = (0usize, 0usize);
        for (k, c) in self.classes.iter().enumerate() {
            match (c, &self.l.body[k]) {
                (Class::Lanes, Stmt::Store(ty, addr, _)) => {
                    let dense = self.dense(addr, ty.bytes());
                    *(if dense { &mut gain } else { &mut cost }) += 1;
                }
                (Class::Lanes, Stmt::Set(_, Rv::Load(ty, addr))) => {
                    if !self.dense(addr, ty.bytes()) {
                        cost += 1;
                    }
                }
                (Class::Lanes, Stmt::Set(_, rv)) => match whole(rv, self.l.regs) {
                    _ if self.kernel(k) => gain += 8,
                    Some(0) => {}
                    Some(n) => gain += n,
                    None => cost += 2,
                },
                // One by one, extremes wait for each other.
                (Class::Fold(f), _) => gain += if self.is_extreme(*f) { 2 } else { 1 },
                (Class::Serial, _) => cost += 1,
                (Class::Scalar, _) | (Class::Lanes, _) => {}
            }
        }
        (gain > cost && (gain >= 2 || stages > 1)).then_some(())
    }

    /// Whether an accumulator is the least or the largest of floats.
    fn is_extreme(&self, fold: usize) -> bool {
        let op = self.folds.get(fold).map(|f| f.op);
        op.is_some_and(|op| {
            matches!(
                op,
                Bin::FMin | Bin::FMax | Bin::FMinNumber | Bin::FMaxNumber
            )
        })
    }

    pub(super) fn dense(&self, addr: &Addr, bytes: u32) -> bool {
        let step = self.grows_addr(addr).unwrap_or(0);
        step.unsigned_abs() == u64::from(bytes) && matches!(bytes, 4 | 8)
    }

    pub(super) fn widths(&self) -> (u32, u32) {
        let mut all = Vec::new();
        for (k, c) in self.classes.iter().enumerate() {
            if matches!(c, Class::Lanes | Class::Fold(_)) {
                match &self.l.body[k] {
                    Stmt::Set(r, _) => all.push(self.l.regs[*r]),
                    Stmt::Store(ty, ..) => all.push(*ty),
                    _ => {}
                }
            }
        }
        let bytes = all.iter().map(|t| t.bytes()).filter(|b| *b >= 4);
        let (lo, hi) = bytes.fold((8, 4), |(lo, hi), b| (lo.min(b), hi.max(b)));
        (hi.max(lo), lo.min(hi))
    }
}

/// What a right-hand side of vectors is worth if vectors have an instruction for it (0: hardly any); `None` if it is done lane by lane.
pub fn whole(rv: &Rv, regs: &PrimaryMap<Reg, Ty>) -> Option<usize> {
    let lane = |ty: Ty| matches!(ty, Ty::F32 | Ty::F64 | Ty::I32 | Ty::I64);
    match rv {
        Rv::Copy(_) => Some(0),
        Rv::Load(ty, _) => lane(*ty).then_some(0),
        Rv::Un(op, a) => {
            let ty = a.ty(regs);
            match op {
                Un::Neg | Un::Not => lane(ty).then_some(1),
                Un::FAbs | Un::Floor | Un::Ceil | Un::Trunc | Un::Nearest => Some(1),
                Un::Sqrt => Some(2),
                Un::PopCount | Un::Clz | Un::Ctz | Un::Math(_) => None,
            }
        }
        Rv::Bin(op, a, _) => {
            let ty = a.ty(regs);
            match op {
                Bin::Add | Bin::Sub | Bin::Accumulate => lane(ty).then_some(1),
                Bin::Mul => (ty.is_float() || ty == Ty::I32).then_some(1),
                Bin::And | Bin::Or | Bin::Xor => (lane(ty) || ty == Ty::I8).then_some(1),
                Bin::FDiv | Bin::FMin | Bin::FMax => Some(2),
                Bin::FMinNumber | Bin::FMaxNumber => Some(2),
                Bin::Copysign => Some(1),
                Bin::SDiv
                | Bin::UDiv
                | Bin::SRem
                | Bin::URem
                | Bin::Shl
                | Bin::ShrS
                | Bin::ShrU
                | Bin::SMin
                | Bin::SMax
                | Bin::UMin
                | Bin::UMax
                | Bin::Math(_) => None,
            }
        }
        Rv::Cmp(op, a, _) => match op {
            Cmp::FEq | Cmp::FNe | Cmp::FLt | Cmp::FLe | Cmp::FGt | Cmp::FGe => Some(1),
            Cmp::Eq | Cmp::Ne => (lane(a.ty(regs)) || a.ty(regs) == Ty::I8).then_some(1),
            Cmp::SLt | Cmp::SLe | Cmp::SGt | Cmp::SGe => (a.ty(regs) == Ty::I32).then_some(1),
            Cmp::ULt
            | Cmp::ULe
            | Cmp::UGt
            | Cmp::UGe
            | Cmp::SAddOv
            | Cmp::SSubOv
            | Cmp::SMulOv
            | Cmp::UAddOv
            | Cmp::USubOv
            | Cmp::UMulOv => None,
        },
        Rv::Fma(..) => Some(2),
        Rv::Select(_, b, _) => lane(b.ty(regs)).then_some(1),
        Rv::Cvt(op, _, _) => match op {
            Cvt::Promote | Cvt::Demote => Some(1),
            Cvt::SExt
            | Cvt::ZExt
            | Cvt::Trunc
            | Cvt::SToF
            | Cvt::UToF
            | Cvt::FToS
            | Cvt::FToU
            | Cvt::Bits => None,
        },
        Rv::Lea(_) | Rv::Const(_) => None,
    }
}
