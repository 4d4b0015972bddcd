//! How a value of the forward pass can be computed again in the backward pass, and from what.
//!
//! Only what is cheap: arithmetic without division and transcendental functions (of integers: all but powers), comparisons,
//! choices, records, extents, reads of arrays that may be kept, induction variables.

use super::backward::Back;
use super::extent::{Extent, initial};
use super::induction::{Inductions, Part};
use super::keep::carried;
use super::residual::{Kind, Scope};
use crate::entity::{Inst, Value};
use crate::ir::{ArrayOp, ControlOp, InstData, Op, PlaceOp, Step, TernaryOp, Type, ValueDef};
use crate::pass::facts::{cheap_binary, cheap_unary};
use alloc::vec;
use alloc::vec::Vec;

/// How far a chain of views is followed.
const DEPTH: u32 = 64;

/// A way to compute a value.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// The operation itself; which result.
    Again(Inst),
    /// An element: of the array, at the index plus these offsets (the starts of the slices in between).
    Read(Inst, Value, Vec<Value>),
    /// An extent.
    Extent(Extent),
    /// The same in every iteration of this loop: saved once.
    Last(Inst),
    /// The `k`-th carried value of a loop, from the iteration's number.
    Counted(Inst, usize),
    /// The `k`-th result of a loop, from the number of its iterations.
    Total(Inst, usize),
    /// The `k`-th carried value of a loop, from the value after the iteration.
    CountedBack(Inst, usize),
}

/// A way to compute a value, and the values it takes.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) way: Way,
    pub(super) inputs: Vec<Value>,
}

impl Back<'_, '_> {
    pub(super) fn inductions(&self) -> Inductions<'_> {
        Inductions {
            f: self.src,
            owner: &self.facts.extents.owner,
            home: &self.marks.home,
            inst_home: &self.marks.inst_home,
        }
    }

    /// How to compute `v`, whose scope is `scope`, or where else it comes from than from that scope.
    pub(super) fn recipe(&self, scope: &Scope, v: Value) -> Option<Recipe> {
        self.cheap(scope, v).or_else(|| {
            let l = self.facts.invariants.outermost(self.src, self.marks, v)?;
            self.src.ty(v).is_scalar().then_some(Recipe {
                way: Way::Last(l),
                inputs: vec![],
            })
        })
    }

    fn cheap(&self, scope: &Scope, v: Value) -> Option<Recipe> {
        if self.marks.linear[v] {
            return None;
        }
        let (i, n) = match self.src.values[v].def {
            ValueDef::Param(..) => return self.induction(scope, v),
            ValueDef::Result(i, n) => (i, n as usize),
        };
        let d = &self.src.insts[i];
        if let Op::Control(ControlOp::For) = d.op {
            return self.total(i, n);
        }
        let again = || {
            Some(Recipe {
                way: Way::Again(i),
                inputs: d.args.clone(),
            })
        };
        let scalar = self.src.ty(v).is_scalar();
        let operand = || self.src.ty(d.args[0]).dtype();
        let cheap = match &d.op {
            Op::Const(_) => true,
            Op::Unary(op) => scalar && operand().is_some_and(|ty| cheap_unary(*op, ty)),
            Op::Binary(op) => scalar && operand().is_some_and(|ty| cheap_binary(*op, ty)),
            Op::Ternary(op) => scalar && matches!(op, TernaryOp::Select | TernaryOp::Clamp),
            Op::Compare(_) | Op::Convert(_) => scalar,
            Op::Place(PlaceOp::Record) => true,
            Op::Place(PlaceOp::Get(path)) => {
                if !path.contains(&Step::Index) {
                    return again();
                }
                return self.read(scope, i, d);
            }
            Op::Array(ArrayOp::Slice) => self.readable(scope, d.args[0], DEPTH),
            Op::Array(ArrayOp::Len) => return self.extent_again(v, d.args[0], 0),
            Op::Array(ArrayOp::Dim(axis)) => return self.extent_again(v, d.args[0], *axis),
            Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_))
            | Op::Array(
                ArrayOp::UpdateSlice
                | ArrayOp::AddSlice
                | ArrayOp::Fill
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
            | Op::Tangent(_)
            | Op::Control(_)
            | Op::Effect(_)
            | Op::Slot(_) => false,
        };
        if cheap { again() } else { None }
    }

    fn extent_again(&self, v: Value, of: Value, axis: u32) -> Option<Recipe> {
        let extent = self.facts.extents.of(self.src, of, axis);
        let inputs = match extent {
            Extent::Known(_) => vec![],
            Extent::Value(n) => vec![n],
            Extent::Difference(hi, lo) => vec![hi, lo],
            Extent::Of(a, _) => {
                // An array of this scope: its extent would have to be saved as well.
                let (own, from) = (self.marks.home[v], self.marks.home[a]);
                let outer = from != own && self.scope_of(from).is_some();
                return outer.then_some(Recipe {
                    way: Way::Extent(extent),
                    inputs: vec![],
                });
            }
        };
        Some(Recipe {
            way: Way::Extent(extent),
            inputs,
        })
    }

    /// A read from an array, through the slices it is a part of.
    fn read(&self, scope: &Scope, i: Inst, d: &InstData) -> Option<Recipe> {
        let Op::Place(PlaceOp::Get(path)) = &d.op else {
            return None;
        };
        let (mut base, mut offsets) = (d.args[0], Vec::new());
        if !self.readable(scope, base, DEPTH) {
            return None;
        }
        for _ in 0..DEPTH {
            let Some(def) = self.src.def_inst(base) else {
                break;
            };
            let def = &self.src.insts[def];
            if path[0] != Step::Index || !matches!(def.op, Op::Array(ArrayOp::Slice)) {
                break;
            }
            base = def.args[0];
            offsets.push(def.args[1]);
        }
        let mut inputs = vec![base];
        inputs.extend(&d.args[1..]);
        inputs.extend(&offsets);
        Some(Recipe {
            way: Way::Read(i, base, offsets),
            inputs,
        })
    }

    /// Whether an array is at hand in the backward pass: one of the outermost function that nobody stores into, or a part of one.
    fn readable(&self, scope: &Scope, a: Value, depth: u32) -> bool {
        if depth == 0 || self.marks.linear[a] || !self.facts.keep.ok(a) {
            return false;
        }
        let home = self.marks.home[a];
        if home == self.src.body {
            return !(scope.region == home
                && matches!(scope.kind, Kind::Body | Kind::Recursion(_)))
                || self.chain(scope, a, depth);
        }
        self.chain(scope, a, depth)
    }

    fn chain(&self, scope: &Scope, a: Value, depth: u32) -> bool {
        let Some(i) = self.src.def_inst(a) else {
            return false;
        };
        let d = &self.src.insts[i];
        let part = matches!(d.op, Op::Place(PlaceOp::Get(_)) | Op::Array(ArrayOp::Slice));
        part && self.readable(scope, d.args[0], depth - 1)
    }

    /// A carried integer.
    fn induction(&self, scope: &Scope, v: Value) -> Option<Recipe> {
        let Kind::Iteration(_) = scope.kind else {
            return None;
        };
        let (l, k) = carried(self.src, &self.facts.extents.owner, v)?;
        let d = &self.src.insts[l];
        if self.marks.home[v] != *d.regions.last()? {
            return None;
        }
        let ind = self.inductions();
        if let Some(step) = ind.step(l, k) {
            let mut inputs = vec![initial(self.src, l, k)];
            inputs.extend(step.iter().map(|(s, _)| s));
            if matches!(d.op, Op::Control(ControlOp::For)) {
                inputs.push(d.args[0]);
            }
            return Some(Recipe {
                way: Way::Counted(l, k),
                inputs,
            });
        }
        let parts = ind.added(l, k)?;
        let mut inputs = Vec::new();
        for p in &parts {
            match p {
                Part::Value(s, _) => inputs.push(*s),
                Part::Loop(inner, steps) => {
                    inputs.extend(&self.src.insts[*inner].args[..2]);
                    inputs.extend(steps.iter().map(|(s, _)| s));
                }
            }
        }
        inputs
            .iter()
            .all(|&s| ind.independent(l, s))
            .then_some(Recipe {
                way: Way::CountedBack(l, k),
                inputs,
            })
    }

    /// A counter after a counted loop.
    fn total(&self, l: Inst, k: usize) -> Option<Recipe> {
        let step = self.inductions().step(l, k)?;
        let d = &self.src.insts[l];
        let mut inputs = vec![initial(self.src, l, k), d.args[0], d.args[1]];
        inputs.extend(step.iter().map(|(s, _)| s));
        Some(Recipe {
            way: Way::Total(l, k),
            inputs,
        })
    }
}

/// What it costs to save a value, in bytes. Arrays are dear: they are saved only if they are needed themselves.
pub(super) fn bytes(t: &Type) -> u64 {
    const ARRAY: u64 = 1 << 40;
    match t {
        Type::Tensor(t) if t.shape.is_empty() => t.dtype.bytes() as u64,
        Type::Record(fields) => fields.iter().fold(0, |n, t| (n + bytes(t)).min(ARRAY)),
        Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => ARRAY,
    }
}
