//! What is known of the values of integer registers: the least and the greatest, as unsigned numbers of the register's width.

use crate::layout::{Leaf, element_layout, leaves};
use crate::lir::{Bin, Cmp, Cvt, Opnd, Rv, Ty};
use cotangent_core::ir::{Dim, Type};

/// Bounds, both inclusive.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub(super) lo: u64,
    pub(super) hi: u64,
}

/// The greatest value of an integer type without sign.
pub(super) const fn greatest(ty: Ty) -> u64 {
    u64::MAX >> (64 - 8 * ty.bytes())
}

/// The greatest value of an integer type with sign.
const fn positive(ty: Ty) -> u64 {
    greatest(ty) >> 1
}

impl Range {
    pub(super) const fn exactly(v: u64) -> Range {
        Range { lo: v, hi: v }
    }
    pub(super) const fn all(ty: Ty) -> Range {
        Range {
            lo: 0,
            hi: greatest(ty),
        }
    }
    /// What both allow; the second if they contradict each other (where control does not come).
    pub(super) fn meet(self, o: Range) -> Range {
        let (lo, hi) = (self.lo.max(o.lo), self.hi.min(o.hi));
        if lo <= hi { Range { lo, hi } } else { o }
    }
    fn hull(self, o: Range) -> Range {
        Range {
            lo: self.lo.min(o.lo),
            hi: self.hi.max(o.hi),
        }
    }
    fn below(hi: u64) -> Range {
        Range { lo: 0, hi }
    }
}

/// What is known of a function's parameters by their types: the length of an array whose elements take memory is at most what fits into it.
pub(super) fn of_params(types: &[Type]) -> Vec<Option<Range>> {
    let mut out = Vec::new();
    for ty in types {
        of_leaves(ty, &mut out);
    }
    out
}

fn of_leaves(ty: &Type, out: &mut Vec<Option<Range>>) {
    if let Type::Record(fields) = ty {
        return fields.iter().for_each(|f| of_leaves(f, out));
    }
    // Of an array of several unknown extents one may be 0, and then the others anything.
    let each = match ty {
        Type::Tensor(t) => {
            let mut known = t.shape.iter().filter_map(|d| d.known());
            let one = t.shape.iter().filter(|d| **d == Dim::Dynamic).count() == 1;
            known
                .try_fold(t.dtype.bytes() as u64, u64::checked_mul)
                .filter(|_| one)
        }
        Type::Seq(_) | Type::Stack(_) => element_layout(ty).map(|l| l.size.into()),
        Type::Record(_) => None,
    };
    let extent = each
        .filter(|&each| each > 0)
        .map(|each| Range::below(i64::MAX.cast_unsigned() / each));
    out.extend(
        leaves(ty)
            .into_iter()
            .map(|leaf| extent.filter(|_| leaf == Leaf::Extent)),
    );
}

/// The range of what a register is set to, of type `ty`; `of` knows the operands.
pub(super) fn of(rv: &Rv, ty: Ty, of: impl Fn(Opnd) -> Range, wide: impl Fn(Opnd) -> Ty) -> Range {
    let all = Range::all(ty);
    let fits = |r: Option<Range>| r.filter(|r| r.hi <= greatest(ty)).unwrap_or(all);
    match *rv {
        Rv::Copy(a) => of(a),
        Rv::Select(_, a, b) => of(a).hull(of(b)),
        Rv::Cmp(..) => Range::below(1),
        Rv::Cvt(Cvt::ZExt, _, a) => of(a),
        Rv::Cvt(Cvt::SExt, _, a) if of(a).hi <= positive(wide(a)) => of(a),
        Rv::Cvt(Cvt::Trunc, _, a) => fits(Some(of(a))),
        Rv::Bin(op, a, b) if !ty.is_float() => {
            let (x, y) = (of(a), of(b));
            let both = |f: fn(u64, u64) -> Option<u64>| {
                Some(Range {
                    lo: f(x.lo, y.lo)?,
                    hi: f(x.hi, y.hi)?,
                })
            };
            let divisor = (y.lo == y.hi && y.lo > 0).then_some(y.lo);
            match op {
                Bin::Add => fits(both(u64::checked_add)),
                Bin::Mul => fits(both(u64::checked_mul)),
                Bin::Sub if x.lo >= y.hi => Range {
                    lo: x.lo - y.hi,
                    hi: x.hi - y.lo,
                },
                Bin::UMin => Range {
                    lo: x.lo.min(y.lo),
                    hi: x.hi.min(y.hi),
                },
                Bin::UMax => Range {
                    lo: x.lo.max(y.lo),
                    hi: x.hi.max(y.hi),
                },
                Bin::And => Range::below(x.hi.min(y.hi)),
                Bin::URem => match divisor {
                    Some(d) => Range::below(x.hi.min(d - 1)),
                    None => Range::below(x.hi),
                },
                Bin::UDiv => match divisor {
                    Some(d) => Range {
                        lo: x.lo / d,
                        hi: x.hi / d,
                    },
                    None => Range::below(x.hi),
                },
                Bin::ShrU => Range::below(x.hi),
                _ => all,
            }
        }
        Rv::Bin(..)
        | Rv::Un(..)
        | Rv::Cvt(..)
        | Rv::Fma(..)
        | Rv::Load(..)
        | Rv::Lea(_)
        | Rv::Const(_) => all,
    }
}

/// Whether a condition holds of operands of type `ty` with those ranges, if that is decided.
pub(super) fn decide(op: Cmp, ty: Ty, x: Range, y: Range) -> Option<bool> {
    if ty.is_float() {
        return None;
    }
    let natural = x.hi <= positive(ty) && y.hi <= positive(ty);
    let less = |x: Range, y: Range| {
        if x.hi < y.lo {
            Some(true)
        } else if x.lo >= y.hi {
            Some(false)
        } else {
            None
        }
    };
    let beyond = |most: u64, f: fn(u64, u64) -> Option<u64>| {
        let fits = f(x.hi, y.hi).is_some_and(|v| v <= most);
        fits.then_some(false)
    };
    match op {
        Cmp::Eq if x.lo == x.hi && x == y => Some(true),
        Cmp::Ne if x.lo == x.hi && x == y => Some(false),
        Cmp::Eq if x.hi < y.lo || y.hi < x.lo => Some(false),
        Cmp::Ne if x.hi < y.lo || y.hi < x.lo => Some(true),
        Cmp::ULt => less(x, y),
        Cmp::UGt => less(y, x),
        Cmp::UGe => less(x, y).map(|b| !b),
        Cmp::ULe => less(y, x).map(|b| !b),
        Cmp::SLt if natural => less(x, y),
        Cmp::SGt if natural => less(y, x),
        Cmp::SGe if natural => less(x, y).map(|b| !b),
        Cmp::SLe if natural => less(y, x).map(|b| !b),
        Cmp::UAddOv => beyond(greatest(ty), u64::checked_add),
        Cmp::UMulOv => beyond(greatest(ty), u64::checked_mul),
        Cmp::USubOv if x.lo >= y.hi => Some(false),
        Cmp::USubOv if x.hi < y.lo => Some(true),
        Cmp::SAddOv if natural => beyond(positive(ty), u64::checked_add),
        Cmp::SMulOv if natural => beyond(positive(ty), u64::checked_mul),
        Cmp::SSubOv if natural => Some(false),
        Cmp::Eq
        | Cmp::Ne
        | Cmp::SLt
        | Cmp::SLe
        | Cmp::SGt
        | Cmp::SGe
        | Cmp::FEq
        | Cmp::FNe
        | Cmp::FLt
        | Cmp::FLe
        | Cmp::FGt
        | Cmp::FGe
        | Cmp::SAddOv
        | Cmp::SSubOv
        | Cmp::SMulOv
        | Cmp::USubOv => None,
    }
}

/// What a condition that holds says of its operands, of type `ty`.
pub(super) fn implied(op: Cmp, ty: Ty, x: Range, y: Range) -> (Range, Range) {
    let top = greatest(ty);
    let natural = |r: Range| r.hi <= positive(ty);
    match op {
        Cmp::Eq => (y, x),
        Cmp::ULt => (
            Range::below(y.hi.saturating_sub(1)),
            Range {
                lo: x.lo.saturating_add(1).min(top),
                hi: top,
            },
        ),
        Cmp::ULe => (Range::below(y.hi), Range { lo: x.lo, hi: top }),
        Cmp::UGt => {
            let (b, a) = implied(Cmp::ULt, ty, y, x);
            (a, b)
        }
        Cmp::UGe => {
            let (b, a) = implied(Cmp::ULe, ty, y, x);
            (a, b)
        }
        // At least a number that is not negative.
        Cmp::SGe if natural(y) => (
            Range {
                lo: y.lo,
                hi: positive(ty),
            },
            Range::all(ty),
        ),
        Cmp::SGt if natural(y) => (
            Range {
                lo: (y.lo + 1).min(positive(ty)),
                hi: positive(ty),
            },
            Range::all(ty),
        ),
        Cmp::SLt | Cmp::SLe if natural(x) && natural(y) => {
            implied(if op == Cmp::SLt { Cmp::ULt } else { Cmp::ULe }, ty, x, y)
        }
        _ => (Range::all(ty), Range::all(ty)),
    }
}

/// The condition that holds where this one does not; `None` for floats and overflows.
pub(super) const fn opposite(op: Cmp) -> Option<Cmp> {
    Some(match op {
        Cmp::Eq => Cmp::Ne,
        Cmp::Ne => Cmp::Eq,
        Cmp::SLt => Cmp::SGe,
        Cmp::SGe => Cmp::SLt,
        Cmp::SLe => Cmp::SGt,
        Cmp::SGt => Cmp::SLe,
        Cmp::ULt => Cmp::UGe,
        Cmp::UGe => Cmp::ULt,
        Cmp::ULe => Cmp::UGt,
        Cmp::UGt => Cmp::ULe,
        Cmp::FEq
        | Cmp::FNe
        | Cmp::FLt
        | Cmp::FLe
        | Cmp::FGt
        | Cmp::FGe
        | Cmp::SAddOv
        | Cmp::SSubOv
        | Cmp::SMulOv
        | Cmp::UAddOv
        | Cmp::USubOv
        | Cmp::UMulOv => return None,
    })
}
