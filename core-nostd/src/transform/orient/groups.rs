//! Values that have their axes in one order because elementwise operations bind them, and the operations between such groups.

use super::cost::BYTE;
use super::{Order, identity};
use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{ConstOp, ControlOp, Func, Op, Reduction, ShapeOp, TangentOp, Type, ValueDef};
use crate::pass::layout::{Layout, Use};
use alloc::vec::Vec;

/// What an operation asks of the orders of its operands and results.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// All have one.
    Alike,
    /// A transposition: any.
    Turn,
    /// A broadcast: that of the operand within that of the result.
    Spread,
    /// A reduction: that of the result within that of the operand.
    Fold,
    /// See [`super::contraction`].
    Contraction,
    /// A constant, which the compiler turns.
    Constant,
    /// As the types say.
    Fixed,
}

/// The groups of a function.
pub(super) struct Groups {
    of: SecondaryMap<Value, Option<u32>>,
    pub(super) roles: SecondaryMap<Inst, Option<Role>>,
    /// How many axes the values of each have.
    pub(super) ranks: Vec<usize>,
    /// What it costs if its order is not that of the types.
    pub(super) fixed: Vec<u64>,
    /// The operations between groups.
    pub(super) between: Vec<Inst>,
}

/// Whether a value may have its axes in another order.
fn is_movable(ty: &Type) -> bool {
    ty.as_tensor()
        .is_some_and(|t| t.shape.len() >= 2 && t.shape.iter().all(|n| n.known().is_some()))
}

/// What a value takes in memory.
pub(super) fn bytes(f: &Func, v: Value) -> u64 {
    let Some(t) = f.ty(v).as_tensor() else {
        return 0;
    };
    let n = t.shape.iter().map(|n| n.known().unwrap_or(1));
    n.fold(t.dtype.bytes() as u64, u64::saturating_mul)
}

fn role(f: &Func, i: Inst) -> Role {
    let d = &f.insts[i];
    let many = |v: &Value| {
        let t = f.ty(*v).as_tensor();
        t.is_some_and(|t| t.shape.len() >= 2) && !is_movable(f.ty(*v))
    };
    if d.args.iter().chain(&d.results).any(many) {
        return Role::Fixed;
    }
    match &d.op {
        Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) | Op::Compare(_) | Op::Convert(_) => {
            Role::Alike
        }
        Op::Shape(op) => match op {
            ShapeOp::Transpose(_) => Role::Turn,
            ShapeOp::Broadcast { .. } => Role::Spread,
            ShapeOp::Concat(_)
            | ShapeOp::Pad(_)
            | ShapeOp::StridedSlice(_)
            | ShapeOp::Reverse(_)
            | ShapeOp::Iota { .. } => Role::Alike,
            ShapeOp::Reshape(_) => Role::Fixed,
        },
        Op::Reduce(op) => match op {
            Reduction::Axes(..) | Reduction::Arg(..) => Role::Fold,
            Reduction::Cumulative { .. } => Role::Alike,
        },
        Op::Sort(_) => Role::Alike,
        Op::Dot(_) => Role::Contraction,
        Op::Const(op) => match op {
            ConstOp::Scalar(_) | ConstOp::Tensor(_) | ConstOp::Default(_) => Role::Constant,
        },
        Op::Tangent(op) => match op {
            TangentOp::ZerosLike | TangentOp::Accumulate => Role::Alike,
            TangentOp::CustomLinear { .. } => Role::Fixed,
        },
        Op::Control(op) => match op {
            ControlOp::Map => Role::Alike,
            ControlOp::If
            | ControlOp::Switch
            | ControlOp::While
            | ControlOp::For
            | ControlOp::Call(_)
            | ControlOp::Derive { .. } => Role::Fixed,
        },
        Op::Place(_)
        | Op::Array(_)
        | Op::Index(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Effect(_)
        | Op::Slot(_) => Role::Fixed,
    }
}

impl Role {
    /// Whether what it makes is made in the order of the types.
    pub(super) fn makes_plain(self) -> bool {
        matches!(self, Role::Constant | Role::Fixed)
    }
}

impl Groups {
    pub(super) fn of(f: &Func) -> Groups {
        let mut roles: SecondaryMap<Inst, Option<Role>> = SecondaryMap::new();
        let mut parents: SecondaryMap<Value, Option<Value>> = SecondaryMap::new();
        let mut between = Vec::new();
        f.visit(f.body, &mut |i, d| {
            let role = role(f, i);
            roles[i] = Some(role);
            match role {
                Role::Alike => {
                    let all = d.args.iter().chain(&d.results);
                    let mut all = all.copied().filter(|v| is_movable(f.ty(*v)));
                    if let Some(first) = all.next() {
                        all.for_each(|v| join(&mut parents, first, v));
                    }
                }
                Role::Turn | Role::Spread | Role::Fold | Role::Contraction => between.push(i),
                Role::Constant | Role::Fixed => {}
            }
        });
        let mut out = Groups {
            of: SecondaryMap::new(),
            roles,
            ranks: Vec::new(),
            fixed: Vec::new(),
            between,
        };
        let mut numbers: SecondaryMap<Value, Option<u32>> = SecondaryMap::new();
        let layout = Layout::of(f);
        for v in f.values.keys().filter(|&v| is_movable(f.ty(v))) {
            let root = root(&mut parents, v);
            let g = match numbers[root] {
                Some(g) => g,
                None => {
                    let g = out.ranks.len() as u32;
                    numbers[root] = Some(g);
                    out.ranks
                        .push(f.ty(v).as_tensor().map_or(0, |t| t.shape.len()));
                    out.fixed.push(0);
                    g
                }
            };
            out.of[v] = Some(g);
            let (plain, turned) = out.uses(&layout, v);
            let is_plain = out.is_made_plain(f, v);
            let is_constant = match f.values[v].def {
                ValueDef::Result(i, _) => out.roles[i] == Some(Role::Constant),
                ValueDef::Param(..) => false,
            };
            if !is_constant && (if is_plain { turned } else { plain }) {
                let cost = &mut out.fixed[g as usize];
                *cost = cost.saturating_add(bytes(f, v).saturating_mul(BYTE));
            }
        }
        out
    }
    /// The group of a value.
    pub(super) fn group(&self, v: Value) -> Option<usize> {
        self.of[v].map(|g| g as usize)
    }
    /// The order of a value, if the groups have those.
    pub(super) fn order(&self, f: &Func, orders: &[Order], v: Value) -> Order {
        match self.group(v) {
            Some(g) => orders[g].clone(),
            None => identity(f.ty(v).as_tensor().map_or(0, |t| t.shape.len())),
        }
    }
    /// Whether a value is made with its axes as its type says.
    pub(super) fn is_made_plain(&self, f: &Func, v: Value) -> bool {
        match f.values[v].def {
            ValueDef::Result(i, _) => self.roles[i].is_none_or(Role::makes_plain),
            ValueDef::Param(..) => true,
        }
    }
    /// Whether a value is used with its axes as its type says, and whether in the order of its group.
    pub(super) fn uses(&self, layout: &Layout, v: Value) -> (bool, bool) {
        let is_plain = |u: &Use| match u {
            Use::Arg(i, _) => self.roles[*i].is_none_or(Role::makes_plain),
            Use::Yield(..) => true,
        };
        let uses = &layout.uses[v];
        (uses.iter().any(is_plain), uses.iter().any(|u| !is_plain(u)))
    }
}

fn root(parents: &mut SecondaryMap<Value, Option<Value>>, v: Value) -> Value {
    let mut end = v;
    while let Some(next) = parents[end] {
        end = next;
    }
    let mut at = v;
    while let Some(next) = parents[at] {
        parents[at] = Some(end);
        at = next;
    }
    end
}

fn join(parents: &mut SecondaryMap<Value, Option<Value>>, a: Value, b: Value) {
    let (a, b) = (root(parents, a), root(parents, b));
    if a != b {
        parents[b] = Some(a);
    }
}
