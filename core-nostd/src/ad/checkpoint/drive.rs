//! The reverse rule of a marked loop: go forward keeping states, then back, one iteration at a time.
//!
//! States are kept in a sequence, with the number of the iteration that they are the start of. Going back, the last state
//! kept is where iterations are computed again from; while there is room, states are kept on the way, where
//! [`super::schedule`] says, so that the whole is the optimal schedule for as many iterations as are known to be left.
//! A counted loop starts with its initial state only. A loop of unknown length runs once, keeping every `stride`-th state; when
//! half the room is taken, every other state is dropped and the stride is doubled, so that the other half is left for the way back.

use super::schedule::{MOST, emit_split};
use super::{Loop, vjp};
use crate::entity::{FuncId, Value};
use crate::error::AdError;
use crate::ir::{
    ArrayOp, BinaryOp, Budget, Builder, CompareOp, DType, Dim, Module, PlaceOp, Step, TangentOp,
    Type,
};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// The function `(the loop's arguments.., cotangents of its results..) -> (cotangents of its arguments..)`.
pub(super) fn backward(m: &mut Module, l: &Loop, whole: FuncId) -> Result<FuncId, AdError> {
    let f = &m.funcs[whole];
    let mut params = f.param_types();
    let mut cts = l
        .state
        .iter()
        .filter(|t| t.has_tangent())
        .map(Type::tangent);
    params.extend(&mut cts);
    let mut b = Builder::new(m.fresh_name(&format!("{}.backward", f.name)), &params);
    b.func.span = f.span;
    let args = b.params();
    let bounds = if l.index.is_some() { 2 } else { 0 };
    let (bounds, rest) = args.split_at(bounds);
    let (init, rest) = rest.split_at(l.state.len());
    let (captured, cts) = rest[1..].split_at(l.captured.len());
    let drive = Drive {
        m,
        l,
        lo: bounds.first().copied(),
        captured: captured.to_vec(),
        kept: kept_type(l),
    };
    let slots = drive.slots(&mut b, rest[0], init);
    let (count, kept) = match bounds {
        [lo, hi] => {
            let n = trip_count(&mut b, *lo, *hi);
            let zero = b.index(0);
            let first = drive.entry(&mut b, zero, init);
            (n, b.inst1(ArrayOp::Array, &[first]))
        }
        _ => drive.forward(&mut b, init, slots),
    };
    let mut acc = cts.to_vec();
    for &c in captured {
        if b.ty(c).has_tangent() {
            acc.push(b.inst1(TangentOp::ZerosLike, &[c]));
        }
    }
    let out = drive.back(&mut b, count, kept, slots, &acc);
    let func = b.finish(&out).map_err(AdError::Build)?;
    Ok(m.funcs.push(func))
}

/// The type of the states kept.
fn kept_type(l: &Loop) -> Type {
    let fields = [Type::scalar(DType::U64)]
        .into_iter()
        .chain(l.state.iter().cloned());
    Type::seq(Type::record(fields))
}

/// How often a counted loop runs.
fn trip_count(b: &mut Builder, lo: Value, hi: Value) -> Value {
    let some = b.compare(CompareOp::Lt, lo, hi);
    b.if_(
        some,
        |b| {
            let n = b.sub(hi, lo);
            vec![b.convert(DType::U64, n)]
        },
        |b| vec![b.index(0)],
    )[0]
}

/// The bytes that a value's elements take.
fn bytes(b: &mut Builder, v: Value) -> Value {
    let ty = b.ty(v).clone();
    match &ty {
        Type::Tensor(t) => {
            let mut n = b.index(t.dtype.bytes() as u64);
            for (k, d) in (0..).zip(&t.shape) {
                let d = match d {
                    Dim::Known(d) => b.index(*d),
                    Dim::Dynamic => b.inst1(ArrayOp::Dim(k), &[v]),
                };
                n = b.mul(n, d);
            }
            n
        }
        Type::Record(fields) => {
            let mut n = b.index(0);
            for k in 0..fields.len() as u32 {
                let part = b.field(v, k);
                let part = bytes(b, part);
                n = b.add(n, part);
            }
            n
        }
        Type::Seq(_) => {
            let (zero, len) = (b.index(0), b.len(v));
            b.for_(zero, len, &[zero], |b, i, n| {
                let part = b.at(v, i);
                let part = bytes(b, part);
                vec![b.add(n[0], part)]
            })[0]
        }
        // Residuals of an inner derivative: their elements cannot be looked at.
        Type::Stack(_) => {
            let (len, each) = (b.len(v), b.index(64));
            b.mul(len, each)
        }
    }
}

struct Drive<'a> {
    m: &'a Module,
    l: &'a Loop,
    /// The first index of a counted loop.
    lo: Option<Value>,
    captured: Vec<Value>,
    /// The type of the states kept.
    kept: Type,
}

impl Drive<'_> {
    /// How many states may be kept, one at least.
    fn slots(&self, b: &mut Builder, budget: Value, init: &[Value]) -> Value {
        let slots = match self.l.budget {
            Budget::Slots => budget,
            Budget::Bytes => {
                let state = b.record(init);
                let mut each = bytes(b, state);
                // The number kept with it.
                let number = b.index(8);
                each = b.add(each, number);
                b.div(budget, each)
            }
        };
        let (one, most) = (b.index(1), b.index(MOST));
        let slots = b.binary(BinaryOp::Max, slots, one);
        b.binary(BinaryOp::Min, slots, most)
    }
    fn entry(&self, b: &mut Builder, k: Value, state: &[Value]) -> Value {
        let fields: Vec<Value> = [k].iter().chain(state).copied().collect();
        b.record(&fields)
    }
    /// The index of iteration `k`, if the loop counts.
    fn index(&self, b: &mut Builder, k: Value) -> Option<Value> {
        let (lo, ty) = (self.lo?, self.l.index.as_ref()?);
        let k = b.convert(ty.dtype().unwrap_or(DType::U64), k);
        Some(b.add(lo, k))
    }
    fn operands(&self, index: Option<Value>, state: &[Value]) -> Vec<Value> {
        index
            .iter()
            .chain(state)
            .chain(&self.captured)
            .copied()
            .collect()
    }
    /// The state after iteration `k`.
    fn run(&self, b: &mut Builder, k: Value, state: &[Value]) -> Vec<Value> {
        let index = self.index(b, k);
        let args = self.operands(index, state);
        b.call(self.l.body, &args, &self.l.state)
    }
    /// The state before iteration `to`, given that before `from`.
    fn advance(&self, b: &mut Builder, from: Value, to: Value, state: &[Value]) -> Vec<Value> {
        b.for_(from, to, state, |b, k, state| self.run(b, k, state))
    }

    /// Runs a loop of unknown length. Returns how often it ran, and the states kept.
    fn forward(&self, b: &mut Builder, init: &[Value], slots: Value) -> (Value, Value) {
        let n = self.l.state.len();
        let (zero, one, two) = (b.index(0), b.index(1), b.index(2));
        let half = b.div(slots, two);
        let room = b.binary(BinaryOp::Max, half, one);
        let none = b.default(self.kept.clone());
        // The state, how often the loop ran, the states kept, every which is.
        let carried: Vec<Value> = init.iter().copied().chain([zero, none, one]).collect();
        let end = b.while_(
            &carried,
            |b, v| match self.l.cond {
                Some(cond) => {
                    let args = self.operands(None, &v[..n]);
                    b.call(cond, &args, &[DType::Bool.into()])[0]
                }
                None => b.scalar(false),
            },
            |b, v| {
                let (state, k) = (&v[..n], v[n]);
                let left = b.binary(BinaryOp::Rem, k, v[n + 2]);
                let due = b.compare(CompareOp::Eq, left, zero);
                let kept = b.if_(
                    due,
                    |b| {
                        let len = b.len(v[n + 1]);
                        let full = b.compare(CompareOp::Ge, len, room);
                        let thin = b.if_(
                            full,
                            |b| {
                                let kept = self.every_other(b, v[n + 1]);
                                vec![kept, b.mul(v[n + 2], two)]
                            },
                            |_| vec![v[n + 1], v[n + 2]],
                        );
                        let left = b.binary(BinaryOp::Rem, k, thin[1]);
                        let len = b.len(thin[0]);
                        let due = b.compare(CompareOp::Eq, left, zero);
                        let fits = b.compare(CompareOp::Lt, len, room);
                        let keep = b.binary(BinaryOp::And, due, fits);
                        let kept = b.if_(
                            keep,
                            |b| {
                                let e = self.entry(b, k, state);
                                vec![b.inst1(ArrayOp::Push, &[thin[0], e])]
                            },
                            |_| vec![thin[0]],
                        );
                        vec![kept[0], thin[1]]
                    },
                    |_| vec![v[n + 1], v[n + 2]],
                );
                let mut next = self.run(b, k, state);
                next.extend([b.add(k, one), kept[0], kept[1]]);
                next
            },
        );
        (end[n], end[n + 1])
    }
    /// The states kept with even places, where the states were: so there is never room for more.
    fn every_other(&self, b: &mut Builder, kept: Value) -> Value {
        let (zero, one, two) = (b.index(0), b.index(1), b.index(2));
        let len = b.len(kept);
        let up = b.add(len, one);
        let half = b.div(up, two);
        let moved = b.for_(zero, half, &[kept], |b, j, kept| {
            let from = b.mul(j, two);
            let e = b.at(kept[0], from);
            vec![b.inst1(PlaceOp::Update(vec![Step::Index]), &[kept[0], e, j])]
        })[0];
        b.for_(half, len, &[moved], |b, _, kept| {
            vec![b.inst(ArrayOp::Pop, &[kept[0]])[0]]
        })[0]
    }

    /// Reverses `count` iterations, the cotangents `acc` being those of the results, then of the captured values.
    fn back(
        &self,
        b: &mut Builder,
        count: Value,
        kept: Value,
        slots: Value,
        acc: &[Value],
    ) -> Vec<Value> {
        let n = self.l.state.len();
        let one = b.index(1);
        let carried: Vec<Value> = [count, kept].iter().chain(acc).copied().collect();
        let end = b.while_(
            &carried,
            |b, v| {
                let zero = b.index(0);
                b.compare(CompareOp::Gt, v[0], zero)
            },
            |b, v| {
                let (end, kept) = (v[0], v[1]);
                let len = b.len(kept);
                let last = b.sub(len, one);
                let path = |k: u32| vec![Step::Index, Step::Field(k)];
                let at = b.get(kept, path(0), &[last]);
                let state: Vec<Value> = (0..n as u32)
                    .map(|k| b.get(kept, path(k + 1), &[last]))
                    .collect();
                let gap = b.sub(end, at);
                let room = b.compare(CompareOp::Lt, len, slots);
                let apart = b.compare(CompareOp::Gt, gap, one);
                let more = b.binary(BinaryOp::And, room, apart);
                b.if_(
                    more,
                    |b| {
                        let used = b.sub(slots, last);
                        let m = emit_split(b, gap, used);
                        let to = b.add(at, m);
                        let state = self.advance(b, at, to, &state);
                        let e = self.entry(b, to, &state);
                        let kept = b.inst1(ArrayOp::Push, &[kept, e]);
                        [end, kept].iter().chain(&v[2..]).copied().collect()
                    },
                    |b| {
                        let k = b.sub(end, one);
                        let state = self.advance(b, at, k, &state);
                        let kept = b.if_(
                            apart,
                            |_| vec![kept],
                            |b| vec![b.inst(ArrayOp::Pop, &[kept])[0]],
                        );
                        let cts = self.reverse(b, k, &state, &v[2..]);
                        [k, kept[0]].iter().chain(&cts).copied().collect()
                    },
                )
            },
        );
        end[2..].to_vec()
    }
    /// The cotangents before iteration `k`, given the state there and those after it.
    fn reverse(&self, b: &mut Builder, k: Value, state: &[Value], cts: &[Value]) -> Vec<Value> {
        let index = self.index(b, k);
        let mut args = self.operands(index, state);
        args.extend(cts);
        let step = &self.m.funcs[self.l.step];
        vjp(b, self.l.step, &step.param_types(), &step.results, &args)
    }
}
