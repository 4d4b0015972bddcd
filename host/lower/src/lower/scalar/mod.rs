//! Scalar operations of all element types as LIR: what the elementwise families do to one element.
//!
//! [`lower`] takes the registers of each operand and gives those of the result; the same code serves scalars and, inside a loop,
//! tensors ([`super::elementwise`]). Everything has the interpreter's meaning: the same formulas in the same order, the same traps in the
//! same order. `bool` is 0 or 1 in an `I8`; a complex number is two registers and is computed in double precision but for sums and
//! products, as core does.

mod binary;
mod compare;
mod complex;
mod convert;
mod ternary;
mod unary;

pub(super) use complex::product;
pub(super) use unary::function;

use super::cx::{Cx, Flat};
use crate::layout::scalar_ty;
use crate::lir::{Bin, Cmp, Cvt, Math1, Math2, Opnd, Rv, TrapAt, Ty, Un};
use crate::opt::fold;
use cotangent_core::ir::{BinaryOp, CompareOp, ConvertOp, DType, Op, TernaryOp, UnaryOp};

/// An operation that works element by element.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) enum Elementwise {
    Unary(UnaryOp),
    Binary(BinaryOp),
    Ternary(TernaryOp),
    Compare(CompareOp),
    Convert(ConvertOp),
}

impl Elementwise {
    /// The operation, if it is one.
    pub(crate) fn of(op: &Op) -> Option<Elementwise> {
        Some(match op {
            Op::Unary(o) => Elementwise::Unary(*o),
            Op::Binary(o) => Elementwise::Binary(*o),
            Op::Ternary(o) => Elementwise::Ternary(*o),
            Op::Compare(o) => Elementwise::Compare(*o),
            Op::Convert(o) => Elementwise::Convert(*o),
            Op::Const(_)
            | Op::Place(_)
            | Op::Array(_)
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Tangent(_)
            | Op::Control(_)
            | Op::Effect(_)
            | Op::Slot(_) => return None,
        })
    }
    /// Its name in the text form.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Elementwise::Unary(o) => o.name(),
            Elementwise::Binary(o) => o.name(),
            Elementwise::Ternary(o) => o.name(),
            Elementwise::Compare(o) => o.name(),
            Elementwise::Convert(ConvertOp::To(_)) => "convert",
            Elementwise::Convert(ConvertOp::Bitcast(_)) => "bitcast_convert",
        }
    }
}

/// Emits the operation on one element. `d` are the operands' element types.
pub(crate) fn lower(cx: &mut Cx<'_>, op: Elementwise, args: &[Flat], d: &[DType]) -> Flat {
    match op {
        Elementwise::Unary(o) => unary::lower(cx, o, &args[0], d[0]),
        Elementwise::Binary(o) => binary::lower(cx, o, &args[0], &args[1], d[0], d[1]),
        Elementwise::Ternary(o) => ternary::lower(cx, o, args, d[1]),
        Elementwise::Compare(o) => vec![compare::lower(cx, o, &args[0], &args[1], d[0])],
        Elementwise::Convert(o) => convert::lower(cx, o, &args[0], d[0]),
    }
}

/// An integer constant of an element type's register.
pub(super) fn int(d: DType, v: i64) -> Opnd {
    fold::constant(scalar_ty(d), v.cast_unsigned())
}

/// A float constant of the type of `like`.
fn real(cx: &Cx<'_>, like: Opnd, v: f64) -> Opnd {
    fold::float(cx.ty(like), v)
}

/// The least value of a signed integer type.
fn least(d: DType) -> Opnd {
    let ty = scalar_ty(d);
    fold::constant(ty, 1 << (8 * ty.bytes() - 1))
}

/// Short names for what formulas are made of.
impl Cx<'_> {
    pub(in crate::lower) fn un(&mut self, op: Un, a: Opnd) -> Opnd {
        self.set(Rv::Un(op, a))
    }
    pub(in crate::lower) fn bin(&mut self, op: Bin, a: Opnd, b: Opnd) -> Opnd {
        self.set(Rv::Bin(op, a, b))
    }
    pub(super) fn math(&mut self, f: Math1, a: Opnd) -> Opnd {
        self.un(Un::Math(f), a)
    }
    pub(super) fn math2(&mut self, f: Math2, a: Opnd, b: Opnd) -> Opnd {
        self.bin(Bin::Math(f), a, b)
    }
    pub(in crate::lower) fn choose(&mut self, c: Opnd, a: Opnd, b: Opnd) -> Opnd {
        self.set(Rv::Select(c, a, b))
    }
    pub(in crate::lower) fn cvt(&mut self, op: Cvt, to: Ty, a: Opnd) -> Opnd {
        self.set(Rv::Cvt(op, to, a))
    }
    /// `a & b` on truth values.
    pub(in crate::lower) fn both(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.bin(Bin::And, a, b)
    }
    /// `a | b` on truth values.
    pub(in crate::lower) fn either(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.bin(Bin::Or, a, b)
    }
    /// The opposite of a truth value.
    pub(in crate::lower) fn opposite(&mut self, a: Opnd) -> Opnd {
        self.bin(Bin::Xor, a, Opnd::bool(true))
    }
    /// Traps on overflow of an integer operation if `bad`.
    pub(in crate::lower) fn overflow(&mut self, bad: Opnd, op: &'static str) {
        self.check(bad, TrapAt::Overflow(op), Vec::new());
    }
    /// The checked sum, difference or product of two integers of an element type.
    pub(in crate::lower) fn checked(
        &mut self,
        op: Bin,
        a: Opnd,
        b: Opnd,
        d: DType,
        name: &'static str,
    ) -> Opnd {
        let signed = d.is_signed();
        let overflows = match op {
            Bin::Add if signed => Some(Cmp::SAddOv),
            Bin::Add => Some(Cmp::UAddOv),
            Bin::Sub if signed => Some(Cmp::SSubOv),
            Bin::Sub => Some(Cmp::USubOv),
            Bin::Mul if signed => Some(Cmp::SMulOv),
            Bin::Mul => Some(Cmp::UMulOv),
            _ => None,
        };
        if let Some(overflows) = overflows {
            let bad = self.cmp(overflows, a, b);
            self.overflow(bad, name);
        }
        self.bin(op, a, b)
    }
}

/// `base` to an integer power, low bits first and without a product by one, as core does: `n` is an `I64` of which the magnitude counts
/// if `signed`. `mul` is the product of two bases; the caller inverts for negative powers. Gives the power, one for 0.
fn power(
    cx: &mut Cx<'_>,
    base: &[Opnd],
    one: &[Opnd],
    n: Opnd,
    signed: bool,
    mul: impl Fn(&mut Cx<'_>, &[Opnd], &[Opnd]) -> Flat,
) -> Flat {
    if let Some(n) = n.constant() {
        let mut k = if signed {
            n.cast_signed().unsigned_abs()
        } else {
            n
        };
        let mut square = base.to_vec();
        let mut out: Option<Flat> = None;
        while k != 0 {
            if k & 1 == 1 {
                out = Some(match out {
                    Some(p) => mul(cx, &p, &square),
                    None => square.clone(),
                });
            }
            k >>= 1;
            if k != 0 {
                square = mul(cx, &square, &square);
            }
        }
        return out.unwrap_or_else(|| one.to_vec());
    }
    let magnitude = if signed {
        let negative = cx.cmp(Cmp::SLt, n, Opnd::i64(0));
        let minus = cx.un(Un::Neg, n);
        cx.choose(negative, minus, n)
    } else {
        n
    };
    let k = cx.copy(magnitude);
    let started = cx.copy(Opnd::bool(false));
    let square: Vec<_> = base.iter().map(|&a| cx.copy(a)).collect();
    let out: Vec<_> = one.iter().map(|&a| cx.copy(a)).collect();
    let opnds = |rs: &[crate::lir::Reg]| rs.iter().map(|&r| Opnd::Reg(r)).collect::<Flat>();
    let (head, cond) = cx.block(|cx| cx.cmp(Cmp::Ne, k.into(), Opnd::i64(0)));
    let (body, ()) = cx.block(|cx| {
        let bit = cx.bin(Bin::And, k.into(), Opnd::i64(1));
        let bit = cx.cvt(Cvt::Trunc, Ty::I8, bit);
        let (take, ()) = cx.block(|cx| {
            let product = mul(cx, &opnds(&out), &opnds(&square));
            for ((&r, p), &s) in out.iter().zip(product).zip(&square) {
                let p = cx.choose(started.into(), p, s.into());
                cx.emit(crate::lir::Stmt::Set(r, Rv::Copy(p)));
            }
            cx.emit(crate::lir::Stmt::Set(started, Rv::Copy(Opnd::bool(true))));
        });
        cx.emit(crate::lir::Stmt::If(bit, take, Vec::new()));
        let rest = cx.bin(Bin::ShrU, k.into(), Opnd::i64(1));
        cx.emit(crate::lir::Stmt::Set(k, Rv::Copy(rest)));
        let next = mul(cx, &opnds(&square), &opnds(&square));
        for (&r, p) in square.iter().zip(next) {
            cx.emit(crate::lir::Stmt::Set(r, Rv::Copy(p)));
        }
    });
    cx.emit(crate::lir::Stmt::While { head, cond, body });
    opnds(&out)
}
