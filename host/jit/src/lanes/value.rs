//! A register's values in a group of iterations: as vectors, one by one, or as one value and a step; and the ways between these.

use super::{Group, again};
use crate::func::{Fx, clif};
use cotangent_lower::lanes::Class;
use cotangent_lower::lir::{Opnd, Reg, Rv, Stmt, Ty};
use cranelift_codegen::ir::{
    ConstantData, Endianness, InstBuilder, MemFlagsData, StackSlot, Type, Value, types,
};

/// A register's values in a group of iterations.
#[derive(Clone, Debug)]
pub(super) enum Lane {
    /// Lane 0's value, and by how much iterations differ.
    Scalar(Value, i64),
    /// Vectors, lane 0 first.
    Parts(Vec<Value>),
    /// Truth values as vectors of integers of so many bytes: all bits or none.
    Mask(Vec<Value>, u32),
    /// One value for each lane.
    Each(Vec<Value>),
}

/// The vector type of elements.
pub(super) const fn vector(ty: Ty) -> Type {
    match ty {
        Ty::F64 => types::F64X2,
        Ty::F32 => types::F32X4,
        Ty::I64 | Ty::Ptr => types::I64X2,
        Ty::I32 => types::I32X4,
        Ty::I16 => types::I16X8,
        Ty::I8 => types::I8X16,
    }
}

/// The vector type of masks of so many bytes.
pub(super) const fn mask(bytes: u32) -> Type {
    if bytes == 8 {
        types::I64X2
    } else {
        types::I32X4
    }
}

/// Reads the same bits as another type.
pub(super) const fn plain() -> MemFlagsData {
    MemFlagsData::new().with_endianness(Endianness::Little)
}

impl Fx<'_, '_, '_> {
    /// The amount by which lanes differ.
    pub(super) fn lane_step(g: &Group<'_>, step: i64) -> i64 {
        if g.plan.reversed {
            step.wrapping_neg()
        } else {
            step
        }
    }

    /// What the statement being translated sees of a register that the loop sets; `None` for others, and those that have an order.
    pub(super) fn lane(&mut self, g: &mut Group<'_>, r: Reg) -> Option<Lane> {
        let at = g.set.get(&r).copied();
        if at.is_none_or(|at| g.now <= at)
            && let Some(l) = g.before.get(&r)
        {
            return Some(l.clone());
        }
        if let Some(l) = g.env.get(&r) {
            return Some(l.clone());
        }
        let at = at?;
        if g.plan.classes[at] != Class::Lanes {
            return None;
        }
        // Of an earlier stage.
        let ty = self.f.regs[r];
        let lane = if let Some(&slot) = g.buffers.get(&at) {
            self.unspill(g, slot, ty)
        } else if again(g.plan, g.body, at) {
            let Stmt::Set(_, rv @ Rv::Load(..)) = &g.body[at] else {
                return None;
            };
            self.lanes(g, rv, at)
        } else {
            return None;
        };
        g.env.insert(r, lane.clone());
        Some(lane)
    }

    /// A register's value in one lane; `None` as above.
    pub(super) fn one_lane(&mut self, g: &mut Group<'_>, r: Reg, lane: u32) -> Option<Value> {
        let ty = self.f.regs[r];
        // A single number is read from its buffer faster than it is taken out of a vector.
        if let Some(&at) = g.set.get(&r)
            && g.plan.stage[at] < g.stage
            && let Some(&slot) = g.buffers.get(&at)
            && let Some(into) = g.into
        {
            let base = self.b.ins().stack_addr(types::I64, slot, 0);
            let shift = i64::from(ty.bytes().ilog2());
            let bytes = self.b.ins().ishl_imm_u(into, shift);
            let p = self.b.ins().iadd(base, bytes);
            let flags = self.flags(crate::func::Memory::Slots);
            let offset = (lane * ty.bytes()) as i32;
            return Some(self.b.ins().load(clif(ty), flags, p, offset));
        }
        let l = self.lane(g, r)?;
        Some(self.pick(g, &l, ty, lane))
    }

    fn pick(&mut self, g: &Group<'_>, l: &Lane, ty: Ty, lane: u32) -> Value {
        match l {
            Lane::Scalar(v, 0) => *v,
            Lane::Scalar(v, step) => {
                let by = Self::lane_step(g, *step).wrapping_mul(lane.into());
                self.b.ins().iadd_imm_s(*v, by)
            }
            Lane::Parts(ps) => {
                let per = 16 / ty.bytes();
                let part = ps[(lane / per) as usize];
                self.b.ins().extractlane(part, (lane % per) as u8)
            }
            Lane::Mask(ps, bytes) => {
                let per = 16 / bytes;
                let part = ps[(lane / per) as usize];
                let bits = self.b.ins().extractlane(part, (lane % per) as u8);
                let low = self.b.ins().ireduce(types::I8, bits);
                self.b.ins().band_imm_s(low, 1)
            }
            Lane::Each(vs) => vs[lane as usize],
        }
    }

    /// An operand's values one by one.
    pub(super) fn each(&mut self, g: &mut Group<'_>, a: Opnd, ty: Ty) -> Vec<Value> {
        let lane = a.reg().and_then(|r| self.lane(g, r));
        match lane {
            Some(l) => (0..g.width).map(|k| self.pick(g, &l, ty, k)).collect(),
            None => {
                let v = self.get(a);
                vec![v; g.width as usize]
            }
        }
    }

    /// An operand's values as vectors.
    pub(super) fn parts(&mut self, g: &mut Group<'_>, a: Opnd, ty: Ty) -> Vec<Value> {
        let count = (g.width * ty.bytes() / 16) as usize;
        let lane = a.reg().and_then(|r| self.lane(g, r));
        match lane {
            Some(Lane::Parts(ps)) => ps,
            Some(Lane::Scalar(v, 0)) => {
                let v = self.b.ins().splat(vector(ty), v);
                vec![v; count]
            }
            None => {
                let v = self.get(a);
                let v = self.b.ins().splat(vector(ty), v);
                vec![v; count]
            }
            Some(l) => {
                let each: Vec<Value> = (0..g.width).map(|k| self.pick(g, &l, ty, k)).collect();
                self.gathered(&each, ty)
            }
        }
    }

    /// Vectors of single values.
    pub(super) fn gathered(&mut self, each: &[Value], ty: Ty) -> Vec<Value> {
        let per = (16 / ty.bytes()) as usize;
        let vector = vector(ty);
        let mut out = Vec::new();
        for group in each.chunks(per) {
            let mut v = self.b.ins().scalar_to_vector(vector, group[0]);
            for (k, &x) in group.iter().enumerate().skip(1) {
                v = self.b.ins().insertlane(v, x, k as u8);
            }
            out.push(v);
        }
        out
    }

    /// A condition as masks of so many bytes; `None` if it is the same in all lanes.
    pub(super) fn masks(&mut self, g: &mut Group<'_>, a: Opnd, bytes: u32) -> Option<Vec<Value>> {
        let lane = a.reg().and_then(|r| self.lane(g, r))?;
        let (mut ps, from) = match lane {
            Lane::Scalar(_, 0) => return None,
            Lane::Mask(ps, from) => (ps, from),
            l => {
                let ty = if bytes == 8 { Ty::I64 } else { Ty::I32 };
                let mut each = Vec::new();
                for k in 0..g.width {
                    let v = self.pick(g, &l, Ty::I8, k);
                    each.push(self.b.ins().bmask(clif(ty), v));
                }
                return Some(self.gathered(&each, ty));
            }
        };
        if from < bytes {
            let mut wide = Vec::new();
            for p in ps {
                wide.push(self.b.ins().swiden_low(p));
                wide.push(self.b.ins().swiden_high(p));
            }
            ps = wide;
        } else if from > bytes {
            let even = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
            let pairs: Vec<[Value; 2]> = ps.as_chunks().0.to_vec();
            ps = pairs
                .into_iter()
                .map(|[a, b]| self.shuffled(a, b, types::I32X4, even))
                .collect();
        }
        Some(ps)
    }

    /// Bytes of two vectors, chosen by number.
    pub(super) fn shuffled(&mut self, a: Value, b: Value, out: Type, bytes: [u8; 16]) -> Value {
        let mask = ConstantData::from(&bytes[..]);
        let mask = self.b.func.dfg.immediates.push(mask);
        let a = self.b.ins().bitcast(types::I8X16, plain(), a);
        let b = self.b.ins().bitcast(types::I8X16, plain(), b);
        let v = self.b.ins().shuffle(a, b, mask);
        self.b.ins().bitcast(out, plain(), v)
    }

    /// Lanes in the other order.
    pub(super) fn turned(&mut self, v: Value, ty: Ty) -> Value {
        let size = ty.bytes() as u8;
        let bytes = std::array::from_fn(|k| {
            let k = k as u8;
            (16 - size) - k / size * size + k % size
        });
        self.shuffled(v, v, vector(ty), bytes)
    }

    fn place(&mut self, g: &Group<'_>, slot: StackSlot, ty: Ty) -> Value {
        let base = self.b.ins().stack_addr(types::I64, slot, 0);
        match g.into {
            None => base,
            Some(into) => {
                let shift = i64::from(ty.bytes().ilog2());
                let bytes = self.b.ins().ishl_imm_u(into, shift);
                self.b.ins().iadd(base, bytes)
            }
        }
    }

    /// Keeps a result for a later stage.
    pub(super) fn spill(&mut self, g: &mut Group<'_>, slot: StackSlot, lane: &Lane, ty: Ty) {
        let parts = match lane {
            l if g.width == 1 => vec![self.pick(g, l, ty, 0)],
            Lane::Parts(ps) => ps.clone(),
            Lane::Scalar(v, 0) => {
                let v = self.b.ins().splat(vector(ty), *v);
                vec![v; (g.width * ty.bytes() / 16) as usize]
            }
            l => {
                let each: Vec<Value> = (0..g.width).map(|k| self.pick(g, l, ty, k)).collect();
                self.gathered(&each, ty)
            }
        };
        let p = self.place(g, slot, ty);
        let flags = self.flags(crate::func::Memory::Slots);
        for (k, v) in parts.into_iter().enumerate() {
            self.b.ins().store(flags, v, p, 16 * k as i32);
        }
    }

    fn unspill(&mut self, g: &Group<'_>, slot: StackSlot, ty: Ty) -> Lane {
        let p = self.place(g, slot, ty);
        let flags = self.flags(crate::func::Memory::Slots);
        if g.width == 1 {
            return Lane::Each(vec![self.b.ins().load(clif(ty), flags, p, 0)]);
        }
        let count = g.width * ty.bytes() / 16;
        let load = |k| self.b.ins().load(vector(ty), flags, p, 16 * k as i32);
        Lane::Parts((0..count).map(load).collect())
    }
}
