//! Extents of arrays traced to where they were decided, so that a loop over an array that is stored into need not save
//! its length: a store changes no extent, and a loop that only stores carries one through.

use super::keep::carried;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, ControlOp, Dim, Func, Op, PlaceOp, ShapeOp, Step, TangentOp, TernaryOp, Type,
    ValueDef, WindowOp,
};
use crate::ops::window::given_shape;
use core::cell::RefCell;
use hashbrown::HashMap;

/// How far an extent is traced.
const DEPTH: u32 = 64;

/// An extent of an array.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    /// Known.
    Known(u64),
    /// A value of type `u64`.
    Value(Value),
    /// The difference of two values of type `u64`.
    Difference(Value, Value),
    /// The extent of that value along that axis.
    Of(Value, u32),
}

/// The extents of a function's values.
pub(super) struct Extents {
    /// For tangents, the primal of the same structure.
    pub(super) witness: HashMap<Value, Value>,
    pub(super) owner: SecondaryMap<Region, Option<Inst>>,
    /// Whether a loop keeps the extent of a carried value; that it is being found out counts as yes, the question being
    /// whether the body keeps it if it is kept so far.
    kept: RefCell<HashMap<(Inst, usize, u32), Kept>>,
}

#[derive(Copy, Clone, PartialEq)]
enum Kept {
    Asking,
    Yes,
    No,
}

impl Extents {
    pub(super) fn new(
        owner: SecondaryMap<Region, Option<Inst>>,
        witness: HashMap<Value, Value>,
    ) -> Extents {
        Extents {
            witness,
            owner,
            kept: RefCell::new(HashMap::new()),
        }
    }

    /// The extent of `v` along an axis (of a sequence, axis 0: its length).
    pub(super) fn of(&self, f: &Func, v: Value, axis: u32) -> Extent {
        self.trace(f, v, axis, DEPTH)
    }

    fn trace(&self, f: &Func, v: Value, axis: u32, depth: u32) -> Extent {
        let stop = Extent::Of(v, axis);
        let dim = match f.ty(v) {
            Type::Tensor(t) => match t.shape.get(axis as usize) {
                Some(Dim::Known(n)) => return Extent::Known(*n),
                d => d.copied(),
            },
            Type::Seq(_) | Type::Stack(_) | Type::Record(_) => None,
        };
        if depth == 0 {
            return stop;
        }
        let next = |v: Value, axis: u32| self.trace(f, v, axis, depth - 1);
        if let Some(&p) = self.witness.get(&v) {
            return next(p, axis);
        }
        if let Some((l, k)) = carried(f, &self.owner, v) {
            return match self.kept(f, l, k, axis, depth) {
                Kept::Yes => next(initial(f, l, k), axis),
                Kept::Asking | Kept::No => stop,
            };
        }
        let ValueDef::Result(i, n) = f.values[v].def else {
            return stop;
        };
        let d = &f.insts[i];
        // The operands that give the unknown extents of a shape, in order, after the first `skip`.
        let given = |shape: &[Dim], skip: usize| {
            let before = shape.iter().take(axis as usize);
            let k = before.filter(|d| **d == Dim::Dynamic).count();
            d.args.get(skip + k).map_or(stop, |&a| Extent::Value(a))
        };
        match &d.op {
            Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) => {
                let whole = path.is_empty() || matches!(path[0], Step::Field(_));
                if whole { stop } else { next(d.args[0], axis) }
            }
            Op::Array(ArrayOp::UpdateSlice | ArrayOp::AddSlice) => next(d.args[0], axis),
            Op::Array(ArrayOp::Slice) if axis == 0 => Extent::Difference(d.args[2], d.args[1]),
            Op::Array(ArrayOp::Slice) => next(d.args[0], axis),
            Op::Array(ArrayOp::Fill) if axis == 0 => Extent::Value(d.args[1]),
            Op::Shape(ShapeOp::Broadcast { shape, .. }) if dim.is_some() => given(shape, 1),
            Op::Shape(ShapeOp::Iota { shape, .. }) if dim.is_some() => given(shape, 0),
            Op::Shape(ShapeOp::Reshape(shape)) if dim.is_some() => given(shape, 1),
            Op::Unary(_) | Op::Convert(_) | Op::Binary(_) => next(d.args[0], axis),
            Op::Ternary(TernaryOp::Select | TernaryOp::Clamp | TernaryOp::Fma) => {
                next(d.args[1], axis)
            }
            Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate) => next(d.args[0], axis),
            Op::Window(o) if dim.is_some() && given_shape(o).is_some() => {
                given_shape(o).map_or(stop, |(shape, skip)| given(shape, skip))
            }
            Op::Window(WindowOp::SelectAndScatter(..)) => next(d.args[0], axis),
            Op::Control(ControlOp::For | ControlOp::While) => {
                let k = n as usize;
                match self.kept(f, i, k, axis, depth) {
                    Kept::Yes => next(initial(f, i, k), axis),
                    Kept::Asking | Kept::No => stop,
                }
            }
            Op::Const(_)
            | Op::Compare(_)
            | Op::Place(PlaceOp::Record | PlaceOp::Get(_))
            | Op::Array(
                ArrayOp::Fill
                | ArrayOp::Len
                | ArrayOp::Dim(_)
                | ArrayOp::Array
                | ArrayOp::Push
                | ArrayOp::Pop,
            )
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Tangent(TangentOp::CustomLinear { .. })
            | Op::Control(
                ControlOp::If
                | ControlOp::Switch
                | ControlOp::Map
                | ControlOp::Call(_)
                | ControlOp::Derive { .. },
            )
            | Op::Effect(_)
            | Op::Slot(_) => stop,
        }
    }

    /// Whether loop `l` leaves the extent of its `k`-th carried value as it is.
    fn kept(&self, f: &Func, l: Inst, k: usize, axis: u32, depth: u32) -> Kept {
        let key = (l, k, axis);
        if let Some(&known) = self.kept.borrow().get(&key) {
            return known;
        }
        let d = &f.insts[l];
        let Some(&body) = d.regions.last() else {
            return Kept::No;
        };
        self.kept.borrow_mut().insert(key, Kept::Asking);
        let y = f.regions[body].yields[k];
        let end = self.trace(f, y, axis, depth - 1);
        let same = match end {
            // The loop's own, unchanged; its witness stands for it.
            Extent::Of(v, a) => a == axis && carried(f, &self.owner, v) == Some((l, k)),
            Extent::Known(_) | Extent::Value(_) | Extent::Difference(..) => false,
        };
        let answer = if same { Kept::Yes } else { Kept::No };
        self.kept.borrow_mut().insert(key, answer);
        answer
    }
}

/// The initial value of a loop's `k`-th carried value.
pub(super) fn initial(f: &Func, l: Inst, k: usize) -> Value {
    let is_for = matches!(f.insts[l].op, Op::Control(ControlOp::For));
    let head = if is_for { 2 } else { 0 };
    f.insts[l].args[head + k]
}
