//! Long loops that only add multiples of arrays to arrays, by the kernel for that: its vectors are as wide as the machine has.
//!
//! ```text
//! for i in lo..hi { y = load [b + i*8]; x = load [a + i*8]; t = mul c, x; z = add y, t; store [b + i*8], z }
//! ```
//!
//! Several such sums may be in one body; then each is a pass of its own, for none reads what another stores.

use super::{Counted, Group};
use crate::func::Fx;
use cotangent_lower::lanes::{Class, Plan};
use cotangent_lower::lir::{Addr, Bin, Block, Opnd, Reg, RtFn, Rv, Stmt, Ty};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};
use std::collections::HashMap;

/// Loops of fewer iterations are faster in place.
const LONG: i64 = 48;

/// One sum: the positions of the store and of the load of what is added, and the factor.
pub(super) struct Sum {
    ty: Ty,
    store: usize,
    load: usize,
    factor: Option<Opnd>,
}

/// The sums that a body consists of, if it does.
pub(super) fn sums(plan: &Plan, body: &Block, regs: &dyn Fn(Opnd) -> Ty) -> Option<Vec<Sum>> {
    if plan.stages > 1 || !plan.folds.is_empty() {
        return None;
    }
    let mut set: HashMap<Reg, usize> = HashMap::new();
    for (k, s) in body.iter().enumerate() {
        if let Stmt::Set(r, _) = s
            && plan.classes[k] == Class::Lanes
        {
            set.insert(*r, k);
        }
    }
    let rv = |a: Opnd| -> Option<(usize, &Rv)> {
        let k = *set.get(&a.reg()?)?;
        match &body[k] {
            Stmt::Set(_, rv) => Some((k, rv)),
            _ => None,
        }
    };
    let load = |a: Opnd| match rv(a)? {
        (k, Rv::Load(_, addr)) => Some((k, *addr)),
        _ => None,
    };
    let mut used = vec![false; body.len()];
    let mut out = Vec::new();
    for (k, s) in body.iter().enumerate() {
        if plan.classes[k] == Class::Serial {
            return None;
        }
        let Stmt::Store(ty, to, v) = s else { continue };
        let (add, Rv::Bin(Bin::Add | Bin::Accumulate, p, q)) = rv(*v)? else {
            return None;
        };
        let ((old, _), term) = match (load(*p), load(*q)) {
            (Some(l), _) if l.1 == *to => (l, *q),
            (_, Some(l)) if l.1 == *to => (l, *p),
            _ => return None,
        };
        let (x, factor) = match rv(term)? {
            (x, Rv::Load(..)) => (x, None),
            (m, Rv::Bin(Bin::Mul, a, b)) => {
                used[m] = true;
                match (load(*a), load(*b)) {
                    (Some(x), None) if rv(*b).is_none() => (x.0, Some(*b)),
                    (None, Some(x)) if rv(*a).is_none() => (x.0, Some(*a)),
                    _ => return None,
                }
            }
            _ => return None,
        };
        if !ty.is_float() || factor.is_some_and(|f| regs(f) != *ty) {
            return None;
        }
        for k in [k, add, old, x] {
            used[k] = true;
        }
        out.push(Sum {
            ty: *ty,
            store: k,
            load: x,
            factor,
        });
    }
    let done = |k: usize| used[k] || plan.classes[k] == Class::Scalar;
    if out.is_empty() || !(0..body.len()).all(done) {
        return None;
    }
    let addr = |k: usize| match &body[k] {
        Stmt::Store(_, addr, _) | Stmt::Set(_, Rv::Load(_, addr)) => Some(*addr),
        _ => None,
    };
    for s in &out {
        let (to, from) = (addr(s.store)?, addr(s.load)?);
        let size = i64::from(s.ty.bytes());
        let step = bytes_apart(plan, &to);
        if step.abs() != size || bytes_apart(plan, &from) != step {
            return None;
        }
        // No pass reads or writes what another writes.
        for o in &out {
            let other = addr(o.store)?;
            if other.base == from.base || o.store != s.store && other.base == to.base {
                return None;
            }
        }
    }
    Some(out)
}

/// The bytes from one iteration's address to the next one's.
fn bytes_apart(plan: &Plan, addr: &Addr) -> i64 {
    let of = |a: Opnd| {
        a.reg()
            .and_then(|r| plan.steps.get(&r))
            .copied()
            .unwrap_or(0)
    };
    let index = addr
        .index
        .map_or(0, |(i, scale)| of(i).wrapping_mul(scale.into()));
    of(addr.base).wrapping_add(index)
}

impl Fx<'_, '_, '_> {
    /// Does the whole loop by kernels if it is long; then the index is at its end.
    pub(super) fn by_kernels(
        &mut self,
        g: &mut Group<'_>,
        l: &Counted<'_>,
        first: &[Value],
        sums: &[Sum],
    ) {
        let (start, after) = (self.b.create_block(), self.b.create_block());
        let n = self.b.ins().isub(l.hi, l.lo);
        let some = self.b.ins().icmp(l.below, l.lo, l.hi);
        let many = self
            .b
            .ins()
            .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, n, LONG);
        let both = self.b.ins().band(some, many);
        self.branch(both, start, after);
        self.start(start);
        // The least address is the last iteration's where they fall.
        let width = std::mem::replace(&mut g.width, 1);
        let last = self.b.ins().iadd_imm_s(l.hi, -1);
        for s in sums {
            let Stmt::Store(_, to, _) = &g.body[s.store] else {
                continue;
            };
            let at = if bytes_apart(g.plan, to) < 0 {
                last
            } else {
                l.lo
            };
            self.enter_group(g, l, first, at);
            self.over_scalars(g);
            let factor = match s.factor {
                Some(f) => self.get(f),
                None => self.constant(s.ty, one(s.ty)),
            };
            self.over.clear();
            let place = |fx: &mut Self, k: usize| {
                let (p, offset) = g.at[k].unwrap_or((l.lo, 0));
                fx.b.ins().iadd_imm_s(p, i64::from(offset))
            };
            let (x, y) = (place(self, s.load), place(self, s.store));
            self.callback(RtFn::Axpy(s.ty).callback(), &[n, factor, x, y]);
        }
        g.width = width;
        for (&(r, step), &v) in g.plan.inductions.iter().zip(first) {
            let v = self.advance(v, n, step);
            self.set(r, v);
        }
        self.set(l.index, l.hi);
        self.jump(after);
        self.start(after);
    }
}

/// The number 1.
fn one(ty: Ty) -> u64 {
    match ty {
        Ty::F32 => 1f32.to_bits().into(),
        _ => 1f64.to_bits(),
    }
}
