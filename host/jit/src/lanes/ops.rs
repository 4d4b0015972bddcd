//! Operations on lanes: a vector instruction where there is one, else the ordinary code for each lane.

use super::value::{Lane, mask, plain, vector};
use super::{Group, is_kernel};
use crate::func::{Fx, Memory, clif};
use cotangent_lower::lanes::whole;
use cotangent_lower::lir::{Bin, Cmp, Cvt, Opnd, Rv, Stmt, Ty, Un};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

/// What fits an offset even for the last lane.
const FAR: i64 = 1 << 24;

impl Fx<'_, '_, '_> {
    /// The right-hand side of statement `k` in all lanes; of a function with a kernel, its argument.
    pub(super) fn lanes(&mut self, g: &mut Group<'_>, rv: &Rv, k: usize) -> Lane {
        if let (Rv::Un(Un::Math(_), a), true) = (rv, is_kernel(g.plan, &g.body[k], k)) {
            let ty = a.ty(&self.f.regs);
            return match g.width {
                1 => Lane::Each(self.each(g, *a, ty)),
                _ => Lane::Parts(self.parts(g, *a, ty)),
            };
        }
        if let Rv::Load(ty, addr) = rv {
            let step = self.bytes_apart(g, addr);
            return self.load_lanes(g, *ty, k, step);
        }
        if g.width > 1
            && whole(rv, &self.f.regs).is_some()
            && let Some(l) = self.vectors(g, rv)
        {
            return l;
        }
        let s = Stmt::Set(cotangent_lower::lir::Reg(0), rv.clone());
        let mut each = Vec::new();
        for lane in 0..g.width {
            self.over_lane(g, &s, lane);
            let v = self.rv(rv);
            self.over.clear();
            each.push(v);
        }
        Lane::Each(each)
    }

    /// The bytes from one lane to the next.
    fn bytes_apart(&mut self, g: &Group<'_>, addr: &cotangent_lower::lir::Addr) -> i64 {
        let of = |a: Opnd| {
            let r = a.reg()?;
            g.plan.steps.get(&r).copied()
        };
        let index = addr
            .index
            .and_then(|(i, scale)| Some(of(i)?.wrapping_mul(scale.into())));
        let step = of(addr.base).unwrap_or(0).wrapping_add(index.unwrap_or(0));
        Self::lane_step(g, step)
    }

    /// An access of whole vectors: nothing is known of its alignment.
    fn wide_flags(&self) -> MemFlagsData {
        let region = self.flags(Memory::Elements).alias_region();
        MemFlagsData::new().with_notrap().with_alias_region(region)
    }

    fn load_lanes(&mut self, g: &mut Group<'_>, ty: Ty, k: usize, step: i64) -> Lane {
        let Some((p, offset)) = g.at[k] else {
            return Lane::Each(Vec::new());
        };
        let size = i64::from(ty.bytes());
        let count = g.width * ty.bytes() / 16;
        if dense(g, ty, step) {
            let flags = self.wide_flags();
            let mut parts = Vec::new();
            for part in 0..count as i32 {
                let v = if step > 0 {
                    let at = offset + 16 * part;
                    self.b.ins().load(vector(ty), flags, p, at)
                } else {
                    let at = offset - 16 * (part + 1) + size as i32;
                    let v = self.b.ins().load(vector(ty), flags, p, at);
                    self.turned(v, ty)
                };
                parts.push(v);
            }
            return Lane::Parts(parts);
        }
        let flags = self.flags(Memory::Elements);
        let mut each = Vec::new();
        for lane in 0..g.width {
            let (p, at) = self.lane_address(p, offset, step, lane);
            each.push(self.b.ins().load(clif(ty), flags, p, at));
        }
        Lane::Each(each)
    }

    fn lane_address(&mut self, p: Value, offset: i32, step: i64, lane: u32) -> (Value, i32) {
        if step.abs() <= FAR && offset.unsigned_abs() < FAR as u32 {
            return (p, offset + (step * i64::from(lane)) as i32);
        }
        let by = step.wrapping_mul(lane.into());
        (self.b.ins().iadd_imm_s(p, by), offset)
    }

    pub(super) fn store_lanes(&mut self, g: &mut Group<'_>, ty: Ty, v: Opnd, k: usize) {
        let (Some((p, offset)), Stmt::Store(_, addr, _)) = (g.at[k], &g.body[k]) else {
            return;
        };
        let step = self.bytes_apart(g, addr);
        let size = i64::from(ty.bytes());
        if dense(g, ty, step) {
            let parts = self.parts(g, v, ty);
            let flags = self.wide_flags();
            for (part, v) in parts.into_iter().enumerate() {
                let part = part as i32;
                if step > 0 {
                    self.b.ins().store(flags, v, p, offset + 16 * part);
                } else {
                    let at = offset - 16 * (part + 1) + size as i32;
                    let v = self.turned(v, ty);
                    self.b.ins().store(flags, v, p, at);
                }
            }
            return;
        }
        let each = self.each(g, v, ty);
        let flags = self.flags(Memory::Elements);
        for (lane, v) in each.into_iter().enumerate() {
            let (p, at) = self.lane_address(p, offset, step, lane as u32);
            self.b.ins().store(flags, v, p, at);
        }
    }

    /// By vector instructions, if the operands are such.
    fn vectors(&mut self, g: &mut Group<'_>, rv: &Rv) -> Option<Lane> {
        Some(match *rv {
            Rv::Copy(a) => match a.reg().and_then(|r| self.lane(g, r)) {
                Some(l) => l,
                None => Lane::Scalar(self.get(a), 0),
            },
            Rv::Un(op, a) => {
                let ty = a.ty(&self.f.regs);
                let parts = self.parts(g, a, ty);
                let mut out = Vec::new();
                for v in parts {
                    out.push(self.un_part(op, ty, v)?);
                }
                Lane::Parts(out)
            }
            Rv::Bin(op, a, b) if a.ty(&self.f.regs) == Ty::I8 => self.truth(g, op, a, b)?,
            Rv::Bin(op, a, b) => {
                let ty = a.ty(&self.f.regs);
                let (x, y) = (self.parts(g, a, ty), self.parts(g, b, ty));
                let mut out = Vec::new();
                for (x, y) in x.into_iter().zip(y) {
                    out.push(self.bin_parts(op, ty, x, y));
                }
                Lane::Parts(out)
            }
            Rv::Cmp(op, a, b) => self.compare(g, op, a, b)?,
            Rv::Fma(a, b, c) => {
                let ty = a.ty(&self.f.regs);
                let [a, b, c] = [a, b, c].map(|x| self.parts(g, x, ty));
                let mut out = Vec::new();
                for ((a, b), c) in a.into_iter().zip(b).zip(c) {
                    out.push(self.b.ins().fma(a, b, c));
                }
                Lane::Parts(out)
            }
            Rv::Select(c, a, b) => {
                let ty = a.ty(&self.f.regs);
                let masks = self.masks(g, c, ty.bytes());
                let (x, y) = (self.parts(g, a, ty), self.parts(g, b, ty));
                let mut out = Vec::new();
                match masks {
                    Some(ms) => {
                        for ((m, x), y) in ms.into_iter().zip(x).zip(y) {
                            let m = self.b.ins().bitcast(vector(ty), plain(), m);
                            out.push(self.b.ins().bitselect(m, x, y));
                        }
                    }
                    None => {
                        let c = match c.reg().and_then(|r| self.lane(g, r)) {
                            Some(Lane::Scalar(v, _)) => v,
                            _ => self.get(c),
                        };
                        for (x, y) in x.into_iter().zip(y) {
                            out.push(self.b.ins().select(c, x, y));
                        }
                    }
                }
                Lane::Parts(out)
            }
            Rv::Cvt(Cvt::Promote, _, a) => {
                let high = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
                let mut out = Vec::new();
                for v in self.parts(g, a, Ty::F32) {
                    out.push(self.b.ins().fvpromote_low(v));
                    let h = self.shuffled(v, v, types::F32X4, high);
                    out.push(self.b.ins().fvpromote_low(h));
                }
                Lane::Parts(out)
            }
            Rv::Cvt(Cvt::Demote, _, a) => {
                let low = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
                let parts = self.parts(g, a, Ty::F64);
                let mut out = Vec::new();
                for &[x, y] in parts.as_chunks().0 {
                    let (x, y) = (self.b.ins().fvdemote(x), self.b.ins().fvdemote(y));
                    out.push(self.shuffled(x, y, types::F32X4, low));
                }
                Lane::Parts(out)
            }
            Rv::Cvt(..) | Rv::Load(..) | Rv::Lea(_) | Rv::Const(_) => return None,
        })
    }

    fn un_part(&mut self, op: Un, ty: Ty, v: Value) -> Option<Value> {
        let ins = self.b.ins();
        Some(match op {
            Un::Neg if ty.is_float() => ins.fneg(v),
            Un::Neg => ins.ineg(v),
            Un::Not => ins.bnot(v),
            Un::FAbs => ins.fabs(v),
            Un::Floor => ins.floor(v),
            Un::Ceil => ins.ceil(v),
            Un::Trunc => ins.trunc(v),
            Un::Nearest => ins.nearest(v),
            Un::Sqrt => ins.sqrt(v),
            Un::PopCount | Un::Clz | Un::Ctz | Un::Math(_) => return None,
        })
    }

    /// A binary operation that vectors have, on vectors or single values.
    pub(super) fn bin_parts(&mut self, op: Bin, ty: Ty, a: Value, b: Value) -> Value {
        let float = ty.is_float();
        if let Bin::FMinNumber | Bin::FMaxNumber = op {
            return self.extreme_numbers(op == Bin::FMaxNumber, ty, a, b);
        }
        let ins = self.b.ins();
        match op {
            Bin::Add if float => ins.fadd(a, b),
            Bin::Accumulate => ins.fadd(a, b),
            Bin::Add => ins.iadd(a, b),
            Bin::Sub if float => ins.fsub(a, b),
            Bin::Sub => ins.isub(a, b),
            Bin::Mul if float => ins.fmul(a, b),
            Bin::Mul => ins.imul(a, b),
            Bin::FDiv => ins.fdiv(a, b),
            Bin::And => ins.band(a, b),
            Bin::Or => ins.bor(a, b),
            Bin::Xor => ins.bxor(a, b),
            Bin::FMin => ins.fmin(a, b),
            Bin::FMax => ins.fmax(a, b),
            Bin::Copysign => {
                let bits = if ty == Ty::F64 {
                    self.constant(ty, (-0.0f64).to_bits())
                } else {
                    self.constant(ty, (-0.0f32).to_bits().into())
                };
                let sign = self.b.ins().splat(vector(ty), bits);
                self.b.ins().bitselect(sign, b, a)
            }
            // `whole` says that there is nothing else; two are above.
            Bin::FMinNumber
            | Bin::FMaxNumber
            | Bin::SDiv
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
            | Bin::Math(_) => a,
        }
    }

    /// The extremes of floats of which one that is NaN does not count, in vectors or single values.
    ///
    /// Where the second is beyond the first it is that, else the first, which has the wrong sign only if both are zeros: where they are equal, the
    /// bits of both are put together.
    fn extreme_numbers(&mut self, largest: bool, ty: Ty, a: Value, b: Value) -> Value {
        if !self.b.func.dfg.value_type(a).is_vector() {
            let [x, y] = [a, b].map(|v| self.b.ins().scalar_to_vector(vector(ty), v));
            let v = self.extreme_numbers(largest, ty, x, y);
            return self.b.ins().extractlane(v, 0);
        }
        let bits = mask(ty.bytes());
        let as_bits = |fx: &mut Self, v: Value| fx.b.ins().bitcast(bits, plain(), v);
        let beyond = match largest {
            true => FloatCC::GreaterThan,
            false => FloatCC::LessThan,
        };
        let beyond = self.b.ins().fcmp(beyond, b, a);
        let beyond = self.b.ins().bitcast(vector(ty), plain(), beyond);
        let chosen = self.b.ins().bitselect(beyond, b, a);
        let (chosen, second) = (as_bits(self, chosen), as_bits(self, b));
        let signed = if largest {
            let differ = self.b.ins().fcmp(FloatCC::NotEqual, a, b);
            let keep = self.b.ins().bor(differ, second);
            self.b.ins().band(chosen, keep)
        } else {
            let equal = self.b.ins().fcmp(FloatCC::Equal, a, b);
            let also = self.b.ins().band(equal, second);
            self.b.ins().bor(chosen, also)
        };
        let none = self.b.ins().fcmp(FloatCC::NotEqual, a, a);
        let found = self.b.ins().bitselect(none, second, signed);
        self.b.ins().bitcast(vector(ty), plain(), found)
    }

    /// `and`, `or`, `xor` of truth values that are masks; `None` for bytes that are none.
    fn truth(&mut self, g: &mut Group<'_>, op: Bin, a: Opnd, b: Opnd) -> Option<Lane> {
        let bytes = self.mask_bytes(g, a).or_else(|| self.mask_bytes(g, b))?;
        let (x, y) = (self.mask_of(g, a, bytes)?, self.mask_of(g, b, bytes)?);
        let mut out = Vec::new();
        for (x, y) in x.into_iter().zip(y) {
            let ins = self.b.ins();
            out.push(match op {
                Bin::And => ins.band(x, y),
                Bin::Or => ins.bor(x, y),
                Bin::Xor => ins.bxor(x, y),
                _ => return None,
            });
        }
        Some(Lane::Mask(out, bytes))
    }

    fn mask_bytes(&mut self, g: &mut Group<'_>, a: Opnd) -> Option<u32> {
        match self.lane(g, a.reg()?)? {
            Lane::Mask(_, bytes) => Some(bytes),
            Lane::Scalar(..) | Lane::Parts(_) | Lane::Each(_) => None,
        }
    }

    /// A truth value as masks, one that is the same in all lanes too.
    fn mask_of(&mut self, g: &mut Group<'_>, a: Opnd, bytes: u32) -> Option<Vec<Value>> {
        if let Some(ms) = self.masks(g, a, bytes) {
            return Some(ms);
        }
        let v = match a.reg().and_then(|r| self.lane(g, r)) {
            Some(Lane::Scalar(v, 0)) => v,
            Some(_) => return None,
            None => self.get(a),
        };
        let ty = mask(bytes);
        let v = self.b.ins().bmask(ty.lane_type(), v);
        let v = self.b.ins().splat(ty, v);
        Some(vec![v; (g.width * bytes / 16) as usize])
    }

    fn compare(&mut self, g: &mut Group<'_>, op: Cmp, a: Opnd, b: Opnd) -> Option<Lane> {
        let ty = a.ty(&self.f.regs);
        if ty == Ty::I8 {
            // Whether truth values are the same: one of them is a constant as a rule.
            let Lane::Mask(ms, bytes) = self.truth(g, Bin::Xor, a, b)? else {
                return None;
            };
            let mut out = ms;
            if op == Cmp::Eq {
                for m in &mut out {
                    *m = self.b.ins().bnot(*m);
                }
            }
            return Some(Lane::Mask(out, bytes));
        }
        let int = |cc: IntCC| Some(Ok(cc));
        let float = |cc: FloatCC| Some(Err(cc));
        let cc = match op {
            Cmp::Eq => int(IntCC::Equal),
            Cmp::Ne => int(IntCC::NotEqual),
            Cmp::SLt => int(IntCC::SignedLessThan),
            Cmp::SLe => int(IntCC::SignedLessThanOrEqual),
            Cmp::SGt => int(IntCC::SignedGreaterThan),
            Cmp::SGe => int(IntCC::SignedGreaterThanOrEqual),
            Cmp::FEq => float(FloatCC::Equal),
            Cmp::FNe => float(FloatCC::NotEqual),
            Cmp::FLt => float(FloatCC::LessThan),
            Cmp::FLe => float(FloatCC::LessThanOrEqual),
            Cmp::FGt => float(FloatCC::GreaterThan),
            Cmp::FGe => float(FloatCC::GreaterThanOrEqual),
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
        }?;
        let (x, y) = (self.parts(g, a, ty), self.parts(g, b, ty));
        let mut out = Vec::new();
        for (x, y) in x.into_iter().zip(y) {
            out.push(match cc {
                Ok(cc) => self.b.ins().icmp(cc, x, y),
                Err(cc) => self.b.ins().fcmp(cc, x, y),
            });
        }
        Some(Lane::Mask(out, ty.bytes()))
    }
}

/// Whether lanes lie side by side, in either order.
fn dense(g: &Group<'_>, ty: Ty, step: i64) -> bool {
    let whole = matches!(ty, Ty::F32 | Ty::F64 | Ty::I32 | Ty::I64);
    g.width > 1 && whole && step.unsigned_abs() == u64::from(ty.bytes())
}
