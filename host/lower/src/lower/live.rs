//! Who owns what: where each value that refers to memory is used for the last time.
//!
//! A value of a type with a block owns a reference to it. An operation that consumes an operand at its last use takes that reference
//! over; elsewhere it takes another one. What is found here, by walking regions backwards:
//! * for an instruction, the operands that die at it;
//! * for an arm of a branch, the values that die before it because only another arm uses them;
//! * for a loop, the captured values that die after it: inside they live on for the next iteration;
//! * for a region, whether each yield is the last use of its value.
//!
//! Values without blocks (scalars) are left out everywhere.
//!
//! Some values own nothing, they are *lent* ([`Lent`]): what a `get`, `slice` or `pop` takes from an array, if at every point where it is
//! needed the array is needed too. Then reading costs no reference counting, and the array can still be written in place once
//! what was read from it is no longer needed. Invariant: while a lent value is live, what it was taken from is live, and not written.
//! Constant arrays are lent too.

use super::place;
use crate::layout::{Leaf, leaves};
use cotangent_core::entity::{Inst, Region, SecondaryMap, Value};
use cotangent_core::ir::{ArrayOp, ConstOp, ControlOp, Func, InstData, Op, PlaceOp, Type};
use hashbrown::{HashMap, HashSet};

/// A value that owns no reference.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Lent {
    /// A field, an element, a constant: taking another reference to its blocks makes it owned.
    Whole,
    /// Part of a larger array: a copy makes it owned. A reference would keep the larger array from being written in place.
    Part,
}

/// The last uses in a function.
#[derive(Debug, Default)]
pub(crate) struct Liveness {
    /// Operands whose last use the instruction is, each once.
    pub(crate) dying: SecondaryMap<Inst, Vec<Value>>,
    /// Values that die before the region runs; its parameters that nothing uses among them.
    pub(crate) before: SecondaryMap<Region, Vec<Value>>,
    /// Values captured by a loop that die after it.
    pub(crate) after: SecondaryMap<Inst, Vec<Value>>,
    /// For each yield, whether it takes over the value's reference.
    pub(crate) moves: SecondaryMap<Region, Vec<bool>>,
    /// Results that nothing uses.
    pub(crate) unused: SecondaryMap<Inst, Vec<Value>>,
    /// Values that own nothing; none of the lists above has them.
    pub(crate) lent: SecondaryMap<Value, Option<Lent>>,
}

type Set = HashSet<Value>;

/// What an instruction gives that refers to an array's memory: the value, the array, and how.
pub(super) fn taken_from(f: &Func, d: &InstData) -> Option<(Value, Option<Value>, Lent)> {
    match &d.op {
        Op::Const(ConstOp::Tensor(_)) => Some((d.results[0], None, Lent::Whole)),
        Op::Place(PlaceOp::Get(path)) => {
            let part = place::ends_in_tensor(f.ty(d.args[0]), path);
            let how = if part { Lent::Part } else { Lent::Whole };
            Some((d.results[0], Some(d.args[0]), how))
        }
        Op::Array(ArrayOp::Slice) => {
            let ty = f.ty(d.args[0]);
            let plain = crate::layout::element_layout(ty).is_some_and(|l| l.blocks.is_empty());
            plain.then_some((d.results[0], Some(d.args[0]), Lent::Part))
        }
        Op::Array(ArrayOp::Pop) => matches!(f.ty(d.args[0]), Type::Tensor(_)).then_some((
            d.results[1],
            Some(d.results[0]),
            Lent::Part,
        )),
        _ => None,
    }
}

struct Walk<'f> {
    f: &'f Func,
    owning: SecondaryMap<Value, bool>,
    /// What was taken from each array.
    taken: HashMap<Value, Vec<Value>>,
    /// What lives longer than the array it was taken from.
    outlives: HashSet<Value>,
    out: Liveness,
}

impl Liveness {
    /// Analyses a function.
    pub(crate) fn of(f: &Func) -> Liveness {
        let mut owning = SecondaryMap::new();
        for (v, d) in f.values.iter() {
            if leaves(&d.ty).contains(&Leaf::Block) {
                owning[v] = true;
            }
        }
        let mut w = Walk {
            f,
            owning,
            taken: HashMap::new(),
            outlives: HashSet::new(),
            out: Liveness::default(),
        };
        let mut found = Vec::new();
        f.visit(f.body, &mut |_, d| {
            if let Some((v, array, how)) = taken_from(f, d)
                && w.owning[v]
            {
                found.push((v, how));
                if let Some(a) = array {
                    w.taken.entry(a).or_default().push(v);
                }
            }
        });
        w.region(f.body, Set::new(), &[]);
        for (v, how) in found {
            if !w.outlives.contains(&v) {
                w.out.lent[v] = Some(how);
            }
        }
        w.out.leave_out_lent(f);
        w.out
    }
    /// Takes lent values out of the lists of what is given up.
    fn leave_out_lent(&mut self, f: &Func) {
        let Liveness {
            dying,
            before,
            after,
            moves,
            unused,
            lent,
        } = self;
        let owned = |v: &Value| lent[*v].is_none();
        for i in f.insts.keys() {
            for list in [&mut *dying, after, unused] {
                if !list[i].is_empty() {
                    list[i].retain(owned);
                }
            }
        }
        for (r, data) in f.regions.iter() {
            before[r].retain(owned);
            for (m, v) in moves[r].iter_mut().zip(&data.yields) {
                *m &= owned(v);
            }
        }
    }
}

impl Walk<'_> {
    /// Walks a region after which `live` is needed, and `borrowed` of its parameters are the caller's; gives what is needed before it.
    fn region(&mut self, r: Region, mut live: Set, borrowed: &[Value]) -> Set {
        live.extend(borrowed.iter().copied().filter(|&v| self.owning[v]));
        let data = &self.f.regions[r];
        let mut moves = vec![false; data.yields.len()];
        for (k, &v) in data.yields.iter().enumerate().rev() {
            if self.owning[v] && live.insert(v) {
                moves[k] = true;
            }
        }
        for (&v, &moved) in data.yields.iter().zip(&moves) {
            if moved {
                self.ends(v, &live);
            }
        }
        self.out.moves[r] = moves;
        for &i in data.insts.iter().rev() {
            self.inst(i, &mut live);
        }
        let mut unused = Vec::new();
        for &p in &data.params {
            if self.owning[p] && !live.remove(&p) {
                unused.push(p);
            }
        }
        self.out.before[r].extend(unused);
        live
    }
    /// Notes what is needed where an array is no longer needed.
    fn ends(&mut self, array: Value, needed: &Set) {
        if let Some(taken) = self.taken.get(&array) {
            let longer = taken.iter().filter(|v| needed.contains(*v));
            self.outlives.extend(longer);
        }
    }
    fn inst(&mut self, i: Inst, live: &mut Set) {
        let d = &self.f.insts[i];
        for &v in &d.results {
            if self.owning[v] && !live.contains(&v) {
                self.ends(v, live);
                self.out.unused[i].push(v);
            }
        }
        for v in &d.results {
            live.remove(v);
        }
        match &d.op {
            Op::Control(ControlOp::If | ControlOp::Switch) => {
                let arms: Vec<Set> = d
                    .regions
                    .iter()
                    .map(|&r| self.region(r, live.clone(), &[]))
                    .collect();
                let mut all = live.clone();
                for a in &arms {
                    all.extend(a);
                }
                for (&r, a) in d.regions.iter().zip(&arms) {
                    let mut gone: Vec<Value> = all.difference(a).copied().collect();
                    gone.sort();
                    for &v in &gone {
                        self.ends(v, a);
                    }
                    self.out.before[r].extend(gone);
                }
                *live = all;
            }
            Op::Control(ControlOp::While | ControlOp::For | ControlOp::Map) => {
                let mut used = Set::new();
                for &r in &d.regions {
                    self.captured(r, &mut used);
                }
                let mut after: Vec<Value> = used.difference(live).copied().collect();
                after.sort();
                for &v in &after {
                    self.ends(v, live);
                }
                live.extend(&used);
                self.out.after[i] = after;
                for (k, &r) in d.regions.iter().enumerate() {
                    // The condition of a `while` looks at the loop's values; the body consumes them.
                    let looks = matches!(d.op, Op::Control(ControlOp::While)) && k == 0;
                    let params = if looks {
                        self.f.regions[r].params.as_slice()
                    } else {
                        &[]
                    };
                    self.region(r, live.clone(), params);
                }
            }
            _ => {}
        }
        let mut dying = Vec::new();
        for &v in &d.args {
            if self.owning[v] && live.insert(v) {
                dying.push(v);
            }
        }
        // What is made or used together with the end of its array counts as needed longer: the array may be written here.
        for &v in &dying {
            self.ends(v, live);
            let taken = self.taken.get(&v).into_iter().flatten();
            self.outlives
                .extend(taken.filter(|t| d.results.contains(t)));
        }
        self.out.dying[i] = dying;
    }
    /// Values from outside that a region uses, its inner regions too.
    fn captured(&self, r: Region, used: &mut Set) {
        let mut inside: Set = self.f.regions[r].params.iter().copied().collect();
        let mut uses = self.f.regions[r].yields.clone();
        self.f.visit(r, &mut |_, d| {
            inside.extend(&d.results);
            uses.extend(&d.args);
            for &q in &d.regions {
                inside.extend(&self.f.regions[q].params);
                uses.extend(&self.f.regions[q].yields);
            }
        });
        used.extend(
            uses.into_iter()
                .filter(|v| self.owning[*v] && !inside.contains(v)),
        );
    }
}
