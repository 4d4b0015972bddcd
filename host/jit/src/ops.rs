//! What registers are set to: one Cranelift instruction where there is one.
//!
//! Meaning: [`cotangent_lower::lir`]. Minimum and maximum of floats are IEEE 754's `minimum` and `maximum` (-0 below 0, NaN wins), as the
//! interpreter's.

use crate::func::{Fx, Memory, clif};
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::{Bin, Cmp, Cvt, Opnd, Rv, Ty, Un};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

impl Fx<'_, '_, '_> {
    /// The value of the right-hand side.
    pub(crate) fn rv(&mut self, rv: &Rv) -> Value {
        match *rv {
            Rv::Copy(a) => self.get(a),
            Rv::Un(op, a) => self.un(op, a),
            Rv::Bin(op, a, b) => self.bin(op, a, b),
            Rv::Cmp(op, a, b) => self.cmp(op, a, b),
            Rv::Fma(a, b, c) => {
                let (a, b, c) = (self.get(a), self.get(b), self.get(c));
                self.b.ins().fma(a, b, c)
            }
            Rv::Select(a, b, c) => {
                let (a, b, c) = (self.get(a), self.get(b), self.get(c));
                self.b.ins().select(a, b, c)
            }
            Rv::Cvt(op, to, a) => self.cvt(op, to, a),
            Rv::Load(ty, addr) => {
                let (at, offset) = self.addr(addr);
                let flags = self.flags(Memory::Elements);
                self.b.ins().load(clif(ty), flags, at, offset)
            }
            Rv::Lea(addr) => {
                let (at, offset) = self.addr(addr);
                match offset {
                    0 => at,
                    o => self.b.ins().iadd_imm_s(at, i64::from(o)),
                }
            }
            Rv::Const(c) => {
                // Neither the table nor the field changes while the program runs.
                let flags = self.flags(Memory::Context).with_readonly().with_can_move();
                let table = self
                    .b
                    .ins()
                    .load(types::I64, flags, self.ctx, abi::CTX_CONSTS);
                self.b.ins().load(types::I64, flags, table, 8 * c.0 as i32)
            }
        }
    }

    fn un(&mut self, op: Un, a: Opnd) -> Value {
        let ty = a.ty(&self.f.regs);
        let a = self.get(a);
        let ins = self.b.ins();
        match op {
            Un::Neg if ty.is_float() => ins.fneg(a),
            Un::Neg => ins.ineg(a),
            Un::Not => ins.bnot(a),
            Un::FAbs => ins.fabs(a),
            Un::Floor => ins.floor(a),
            Un::Ceil => ins.ceil(a),
            Un::Trunc => ins.trunc(a),
            Un::Nearest => ins.nearest(a),
            Un::Sqrt => ins.sqrt(a),
            Un::PopCount => ins.popcnt(a),
            Un::Clz => ins.clz(a),
            Un::Ctz => ins.ctz(a),
            Un::Math(f) => self.math(Callback::Math1(f, ty), &[a], ty),
        }
    }

    fn bin(&mut self, op: Bin, a: Opnd, b: Opnd) -> Value {
        let ty = a.ty(&self.f.regs);
        let (a, b) = (self.get(a), self.get(b));
        if let Some((done, x, y, v)) = self.wide
            && (done, x, y) == (op, a, b)
        {
            return v;
        }
        let float = ty.is_float();
        if let Bin::FMinNumber | Bin::FMaxNumber = op {
            return self.extreme_number(op, a, b);
        }
        let ins = self.b.ins();
        match op {
            Bin::Accumulate => ins.fadd(a, b),
            Bin::Add if float => ins.fadd(a, b),
            Bin::Add => ins.iadd(a, b),
            Bin::Sub if float => ins.fsub(a, b),
            Bin::Sub => ins.isub(a, b),
            Bin::Mul if float => ins.fmul(a, b),
            Bin::Mul => ins.imul(a, b),
            Bin::FDiv => ins.fdiv(a, b),
            Bin::SDiv => ins.sdiv(a, b),
            Bin::UDiv => ins.udiv(a, b),
            Bin::SRem => ins.srem(a, b),
            Bin::URem => ins.urem(a, b),
            Bin::And => ins.band(a, b),
            Bin::Or => ins.bor(a, b),
            Bin::Xor => ins.bxor(a, b),
            Bin::Shl => ins.ishl(a, b),
            Bin::ShrS => ins.sshr(a, b),
            Bin::ShrU => ins.ushr(a, b),
            Bin::SMin => ins.smin(a, b),
            Bin::SMax => ins.smax(a, b),
            Bin::UMin => ins.umin(a, b),
            Bin::UMax => ins.umax(a, b),
            Bin::FMin => ins.fmin(a, b),
            Bin::FMax => ins.fmax(a, b),
            // Above.
            Bin::FMinNumber | Bin::FMaxNumber => a,
            Bin::Copysign => ins.fcopysign(a, b),
            Bin::Math(f) => self.math(Callback::Math2(f, ty), &[a, b], ty),
        }
    }

    /// The extreme of two floats of which one that is NaN does not count. One by one that is decided by branches, which are foreseen, so that in a
    /// loop each need not wait for what the one before was compared with.
    fn extreme_number(&mut self, op: Bin, a: Value, b: Value) -> Value {
        let both = match op {
            Bin::FMinNumber => self.b.ins().fmin(a, b),
            _ => self.b.ins().fmax(a, b),
        };
        let b_nan = self.b.ins().fcmp(FloatCC::NotEqual, b, b);
        let first = self.b.ins().select(b_nan, a, both);
        let a_nan = self.b.ins().fcmp(FloatCC::NotEqual, a, a);
        self.b.ins().select(a_nan, b, first)
    }

    fn cmp(&mut self, op: Cmp, x: Opnd, y: Opnd) -> Value {
        let (a, b) = (self.get(x), self.get(y));
        let int = |cc: IntCC| Ok(cc);
        let float = |cc: FloatCC| Err(cc);
        let cc = match op {
            Cmp::Eq => int(IntCC::Equal),
            Cmp::Ne => int(IntCC::NotEqual),
            Cmp::SLt => int(IntCC::SignedLessThan),
            Cmp::SLe => int(IntCC::SignedLessThanOrEqual),
            Cmp::SGt => int(IntCC::SignedGreaterThan),
            Cmp::SGe => int(IntCC::SignedGreaterThanOrEqual),
            Cmp::ULt | Cmp::USubOv => int(IntCC::UnsignedLessThan),
            Cmp::ULe => int(IntCC::UnsignedLessThanOrEqual),
            Cmp::UGt => int(IntCC::UnsignedGreaterThan),
            Cmp::UGe => int(IntCC::UnsignedGreaterThanOrEqual),
            Cmp::FEq => float(FloatCC::Equal),
            Cmp::FNe => float(FloatCC::NotEqual),
            Cmp::FLt => float(FloatCC::LessThan),
            Cmp::FLe => float(FloatCC::LessThanOrEqual),
            Cmp::FGt => float(FloatCC::GreaterThan),
            Cmp::FGe => float(FloatCC::GreaterThanOrEqual),
            Cmp::UAddOv => {
                let sum = self.b.ins().iadd(a, b);
                self.wide = Some((Bin::Add, a, b, sum));
                return self.b.ins().icmp(IntCC::UnsignedLessThan, sum, a);
            }
            Cmp::SAddOv | Cmp::SSubOv => return self.signed_overflow(op, a, b, x, y),
            Cmp::SMulOv => {
                let (v, over) = self.b.ins().smul_overflow(a, b);
                self.wide = Some((Bin::Mul, a, b, v));
                return over;
            }
            Cmp::UMulOv => {
                let (v, over) = self.b.ins().umul_overflow(a, b);
                self.wide = Some((Bin::Mul, a, b, v));
                return over;
            }
        };
        match cc {
            Ok(cc) => self.b.ins().icmp(cc, a, b),
            Err(cc) => self.b.ins().fcmp(cc, a, b),
        }
    }

    /// Whether a signed sum or difference overflows. With a constant, comparing the result with the other operand tells.
    fn signed_overflow(&mut self, op: Cmp, a: Value, b: Value, x: Opnd, y: Opnd) -> Value {
        let signed = |o: Opnd| match o {
            Opnd::Const(ty, v) => {
                let unused = 64 - 8 * ty.bytes();
                Some((v << unused) as i64 >> unused)
            }
            Opnd::Reg(_) => None,
        };
        if op == Cmp::SSubOv {
            if let Some(c) = signed(y) {
                let v = self.b.ins().isub(a, b);
                self.wide = Some((Bin::Sub, a, b, v));
                let cc = if c < 0 {
                    IntCC::SignedLessThan
                } else {
                    IntCC::SignedGreaterThan
                };
                return self.b.ins().icmp(cc, v, a);
            }
            let (v, over) = self.b.ins().ssub_overflow(a, b);
            self.wide = Some((Bin::Sub, a, b, v));
            return over;
        }
        let constant = signed(y).map(|c| (c, a)).or(signed(x).map(|c| (c, b)));
        if let Some((c, other)) = constant {
            let v = self.b.ins().iadd(a, b);
            self.wide = Some((Bin::Add, a, b, v));
            let cc = if c < 0 {
                IntCC::SignedGreaterThan
            } else {
                IntCC::SignedLessThan
            };
            return self.b.ins().icmp(cc, v, other);
        }
        let (v, over) = self.b.ins().sadd_overflow(a, b);
        self.wide = Some((Bin::Add, a, b, v));
        over
    }

    fn cvt(&mut self, op: Cvt, to: Ty, a: Opnd) -> Value {
        let from = a.ty(&self.f.regs);
        let a = self.get(a);
        let out = clif(to);
        let ins = self.b.ins();
        match op {
            Cvt::SExt => ins.sextend(out, a),
            Cvt::ZExt => ins.uextend(out, a),
            Cvt::Trunc => ins.ireduce(out, a),
            Cvt::SToF => {
                let a = match from {
                    Ty::I8 | Ty::I16 => ins.sextend(types::I32, a),
                    Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => a,
                };
                self.b.ins().fcvt_from_sint(out, a)
            }
            // Narrow integers are converted as wider signed ones, for which machines have an instruction.
            Cvt::UToF => match from {
                Ty::I8 | Ty::I16 => {
                    let a = ins.uextend(types::I32, a);
                    self.b.ins().fcvt_from_sint(out, a)
                }
                Ty::I32 => {
                    let a = ins.uextend(types::I64, a);
                    self.b.ins().fcvt_from_sint(out, a)
                }
                Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => ins.fcvt_from_uint(out, a),
            },
            Cvt::FToS => match to {
                Ty::I8 => self.clamped(a, out, i8::MIN.into(), i8::MAX.into()),
                Ty::I16 => self.clamped(a, out, i16::MIN.into(), i16::MAX.into()),
                Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => ins.fcvt_to_sint_sat(out, a),
            },
            Cvt::FToU => match to {
                Ty::I8 => self.clamped(a, out, 0, u8::MAX.into()),
                Ty::I16 => self.clamped(a, out, 0, u16::MAX.into()),
                Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64 | Ty::Ptr => ins.fcvt_to_uint_sat(out, a),
            },
            Cvt::Promote => ins.fpromote(out, a),
            Cvt::Demote => ins.fdemote(out, a),
            Cvt::Bits if from.is_float() == to.is_float() => a,
            Cvt::Bits => ins.bitcast(out, MemFlagsData::new(), a),
        }
    }

    /// A float to an integer narrower than 32 bits, saturating.
    fn clamped(&mut self, a: Value, out: types::Type, lo: i64, hi: i64) -> Value {
        let v = self.b.ins().fcvt_to_sint_sat(types::I32, a);
        // Operands are 32 bits wide; the bits above must be zero.
        let lo = self.b.ins().iconst(types::I32, lo & 0xffff_ffff);
        let hi = self.b.ins().iconst(types::I32, hi);
        let v = self.b.ins().smax(v, lo);
        let v = self.b.ins().smin(v, hi);
        self.b.ins().ireduce(out, v)
    }
}
