//! What functions do besides computing results: the least fixed point over the call graph.
//!
//! Termination is not an effect: a loop or a recursion that computes nothing used may be removed whether it would end or not.

use crate::entity::{FuncId, Inst, PrimaryMap, SecondaryMap, Value};
use crate::ir::{
    ControlOp, DType, Dim, Func, InstData, Module, Op, Path, PlaceOp, SlotOp, Step, Type,
};
use crate::ops::{self, Effects};
use crate::pass::facts::is_in_range;
use alloc::vec::Vec;

/// The effects of every function of a module.
#[derive(Clone, Debug)]
pub struct FuncEffects {
    funcs: SecondaryMap<FuncId, Effects>,
}

impl FuncEffects {
    /// Analyses the functions that a module's instructions name: nobody asks about others.
    pub fn of(m: &Module) -> FuncEffects {
        // An unknown function (a hostile module) does anything.
        let mut out = FuncEffects {
            funcs: SecondaryMap::with_default(Effects::Effect),
        };
        let mut named: Vec<FuncId> = Vec::new();
        let mut callers: PrimaryMap<FuncId, Vec<FuncId>> = PrimaryMap::new();
        for f in m.funcs.values() {
            callers.push(Vec::new());
            f.visit(f.body, &mut |_, d| {
                if let Op::Control(ControlOp::Call(g) | ControlOp::Derive { func: g, .. }) = d.op
                    && m.funcs.get(g).is_some()
                    && out.funcs[g] != Effects::Pure
                {
                    out.funcs[g] = Effects::Pure;
                    named.push(g);
                }
            });
        }
        let mut work = Vec::new();
        for id in named {
            let f = &m.funcs[id];
            let mut own = Effects::Pure;
            f.visit(f.body, &mut |_, d| {
                match &d.op {
                    Op::Control(ControlOp::Call(g)) if callers.get(*g).is_some() => {
                        callers[*g].push(id);
                    }
                    Op::Control(ControlOp::Derive { func: g, .. }) if callers.get(*g).is_some() => {
                        callers[*g].push(id);
                        own = join(own, Effects::MayTrap);
                    }
                    // Slots are the function's own; only a path's index may trap.
                    Op::Slot(SlotOp::Get(_, path) | SlotOp::Set(_, path)) => {
                        if path.contains(&Step::Index) {
                            own = join(own, Effects::MayTrap);
                        }
                    }
                    Op::Slot(SlotOp::Br(_)) => {}
                    _ => own = join(own, out.inst(f, d)),
                }
            });
            if own != Effects::Pure {
                out.funcs[id] = own;
                work.push(id);
            }
        }
        while let Some(g) = work.pop() {
            for &id in &callers[g] {
                let new = join(out.funcs[id], out.funcs[g]);
                if new != out.funcs[id] {
                    out.funcs[id] = new;
                    work.push(id);
                }
            }
        }
        out
    }
    /// The effects of an instruction itself, without those of the instructions in its regions.
    pub fn inst(&self, f: &Func, d: &InstData) -> Effects {
        match &d.op {
            Op::Control(ControlOp::Call(g)) => self.funcs[*g],
            // The derivative of a function traps where the function does, at least.
            Op::Control(ControlOp::Derive { func, .. }) => {
                join(self.funcs[*func], Effects::MayTrap)
            }
            Op::Control(ControlOp::Map) => map_effects(f, d),
            Op::Control(ControlOp::If | ControlOp::Switch | ControlOp::While | ControlOp::For)
            | Op::Slot(SlotOp::Block(_)) => Effects::Pure,
            _ => alone(f, d),
        }
    }
    /// As [`inst`](Self::inst), with the instructions in its regions.
    pub fn tree(&self, f: &Func, i: Inst) -> Effects {
        let d = &f.insts[i];
        let mut e = self.inst(f, d);
        for &r in &d.regions {
            f.visit(r, &mut |_, d| e = join(e, self.inst(f, d)));
        }
        e
    }
}

/// The effects of an instruction that is no control flow.
pub(crate) fn alone(f: &Func, d: &InstData) -> Effects {
    match &d.op {
        Op::Place(op) if is_safe(f, op, &d.args) => Effects::Pure,
        // This is asked of every instruction many times: few operands take no memory.
        op => match d.args[..] {
            [] => ops::effects(op, &[]),
            [a] => ops::effects(op, &[f.ty(a)]),
            [a, b] => ops::effects(op, &[f.ty(a), f.ty(b)]),
            [a, b, c] => ops::effects(op, &[f.ty(a), f.ty(b), f.ty(c)]),
            ref args => {
                let tys: Vec<&Type> = args.iter().map(|&v| f.ty(v)).collect();
                ops::effects(op, &tys)
            }
        },
    }
}

/// Whether an instruction is an access that cannot trap, if the indices among its operands that are proven are in range
/// ([`proofs`](super::ranges::proofs)).
pub(crate) fn is_sure(f: &Func, d: &InstData, proven: &[Value]) -> bool {
    let Op::Place(op) = &d.op else { return false };
    accesses(f, op, &d.args, |_, indices| {
        indices.iter().all(|v| proven.contains(v))
    })
}

/// Whether the indices of an access are constants within known extents, and what is written is of the place's size.
fn is_safe(f: &Func, op: &PlaceOp, args: &[Value]) -> bool {
    accesses(f, op, args, |path, indices| {
        is_in_range(f, f.ty(args[0]), path, indices)
    })
}

/// Whether an access cannot trap: its indices are `right`, and what is written is of the place's size.
fn accesses(
    f: &Func,
    op: &PlaceOp,
    args: &[Value],
    right: impl Fn(&Path, &[Value]) -> bool,
) -> bool {
    let written = |path: &Path| {
        let (base, x) = (f.ty(args[0]), f.ty(args[1]));
        right(path, &args[2..])
            && ops::place_type(base, path).is_ok_and(|want| x.is_static() && *x == want)
    };
    match op {
        PlaceOp::Record => true,
        PlaceOp::Get(path) => right(path, &args[1..]),
        PlaceOp::Update(path) => written(path),
        PlaceOp::AddAt(path) => {
            f.ty(args[1]).dtype().is_some_and(DType::is_differentiable) && written(path)
        }
    }
}

/// The stronger of two effects.
pub fn join(a: Effects, b: Effects) -> Effects {
    match (a, b) {
        (Effects::Effect, _) | (_, Effects::Effect) => Effects::Effect,
        (Effects::MayTrap, _) | (_, Effects::MayTrap) => Effects::MayTrap,
        (Effects::Pure, Effects::Pure) => Effects::Pure,
    }
}

/// A map traps where its operands' extents differ at run time.
fn map_effects(f: &Func, d: &InstData) -> Effects {
    let mut shapes = d.args.iter().filter_map(|&v| f.ty(v).as_tensor());
    let Some(first) = shapes.next() else {
        return Effects::Pure;
    };
    let mut same = true;
    for t in shapes {
        same &= t.shape == first.shape && !t.shape.contains(&Dim::Dynamic);
    }
    if same {
        Effects::Pure
    } else {
        Effects::MayTrap
    }
}
