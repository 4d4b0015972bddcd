//! Loops one after the other over the same range become one loop, so that what the first stores the second has at hand.
//!
//! ```text
//! a = for i in 0..n (p = z: f64[?]) {       a, b = for i in 0..n (p = z: f64[?], q = z: f64[?]) {
//!   x = get v[i]; c = update p[i] = x         x = get v[i]; c = update p[i] = x
//!   yield c                                   d = multiply x, x; e = update q[i] = d
//! }                                     =>    yield c, e
//! b = for j in 0..n (q = z: f64[?]) {       }
//!   y = get a[j]; d = multiply y, y
//!   e = update q[j] = d; yield e
//! }
//! ```
//!
//! Where the first loop's array is read nowhere else it goes ([`unread`](super::unread)), and its derivative needs neither it nor its cotangent.
//!
//! It is the same program if iteration `i` of the second loop needs of the first loop nothing but what iteration `i` of that made: of its arrays, each of
//! which both touch at the iteration's own index only ([`Key`]), that row. At most one of the two may trap, so that the same trap comes first.
//! Merged are loops without inner loops and branches: others have shapes of their own that executors know, products of matrices, say.

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, BinaryOp, ControlOp, Func, Module, Op, PlaceOp, Step, TangentOp, Type, ValueDef,
};
use crate::ops::Effects;
use crate::pass::effects::{self, join};
use crate::pass::facts::{cheap_binary, cheap_unary};
use crate::pass::layout::{Layout, Use};
use crate::pass::ranges::proofs;
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// Loops of more instructions together stay two.
const MOST: usize = 60;
/// How many loops before one are looked at.
const BACK: usize = 4;
/// The most loops merged in one function.
const TIMES: usize = 64;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut changed = false;
    for _ in 0..TIMES {
        let Some(plan) = find(f) else { break };
        plan.apply(f);
        changed = true;
    }
    changed
}

/// The first two loops that can be merged.
fn find(f: &Func) -> Option<Plan> {
    let mut regions = vec![f.body];
    let mut facts = None;
    while let Some(r) = regions.pop() {
        let mut before: Vec<(usize, Inst)> = Vec::new();
        for (n, &i) in f.regions[r].insts.iter().enumerate() {
            regions.extend(&f.insts[i].regions);
            if !is_leaf(f, i) {
                continue;
            }
            for &(m, first) in before.iter().rev().take(BACK) {
                if is_alike(f, first, i) && share(f, first, i) {
                    let facts = facts.get_or_insert_with(|| Facts::of(f));
                    if let Some(plan) = facts.plan(r, m, n) {
                        return Some(plan);
                    }
                }
            }
            before.push((n, i));
        }
    }
    None
}

/// Whether it is a counted loop without inner regions.
fn is_leaf(f: &Func, i: Inst) -> bool {
    let d = &f.insts[i];
    d.op == Op::Control(ControlOp::For)
        && f.regions[d.regions[0]]
            .insts
            .iter()
            .all(|&i| f.insts[i].regions.is_empty())
}

/// Whether two loops run over the same range and are small enough.
fn is_alike(f: &Func, a: Inst, b: Inst) -> bool {
    let (a, b) = (&f.insts[a], &f.insts[b]);
    let size = |r: Region| f.regions[r].insts.len();
    a.args[..2] == b.args[..2] && size(a.regions[0]) + size(b.regions[0]) <= MOST
}

/// Whether the second loop has to do with a result of the first, or both read one array: what can be told without looking at the whole function.
fn share(f: &Func, first: Inst, second: Inst) -> bool {
    let inner = |i: Inst| f.regions[f.insts[i].regions[0]].insts.iter();
    let reads = |i: Inst| match f.insts[i].op {
        Op::Place(PlaceOp::Get(_)) => Some(f.insts[i].args[0]),
        _ => None,
    };
    let results = &f.insts[first].results;
    f.insts[second].args.iter().any(|v| results.contains(v))
        || inner(second).any(|&i| f.insts[i].args.iter().any(|v| results.contains(v)))
        || inner(second)
            .filter_map(|&i| reads(i))
            .any(|v| inner(first).any(|&i| reads(i) == Some(v)))
}

/// An index of its own for each iteration.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Key {
    /// The loop's index.
    Index,
    /// That minus the loop's index, as in loops that run backwards.
    Mirrored(Value),
}

/// Two loops that become one.
struct Plan {
    region: Region,
    first: Inst,
    second: Inst,
    /// Instructions between them that the second one needs.
    needed: Vec<Inst>,
    /// For each value that the second loop carries, the result of the first that it starts with.
    chained: Vec<Option<usize>>,
}

/// What is asked about a function again and again.
struct Facts<'f> {
    f: &'f Func,
    layout: Layout,
    /// Most pairs of loops are refused before these are asked for.
    proofs: OnceCell<SecondaryMap<Inst, Vec<Value>>>,
}

/// What the second loop does with a result of the first.
enum Relation {
    None,
    Reads,
    /// It starts with it what it carries as that.
    Carries(usize),
}

impl<'f> Facts<'f> {
    fn of(f: &'f Func) -> Facts<'f> {
        Facts {
            f,
            layout: Layout::of(f),
            proofs: OnceCell::new(),
        }
    }

    fn proofs(&self) -> &SecondaryMap<Inst, Vec<Value>> {
        self.proofs.get_or_init(|| proofs(self.f))
    }

    /// How the instructions `m` and `n` of a region can be merged.
    fn plan(&self, region: Region, m: usize, n: usize) -> Option<Plan> {
        let f = self.f;
        let insts = &f.regions[region].insts;
        let (first, second) = (insts[m], insts[n]);
        if self.is_serial(first) != self.is_serial(second)
            && (self.is_costly(first) || self.is_costly(second))
        {
            return None;
        }
        let results = f.insts[first].results.len();
        let mut chained = vec![None; f.insts[second].results.len()];
        let mut related = self.reads_alike(first, second);
        for k in 0..results {
            match self.relation(first, second, k)? {
                Relation::None => {}
                Relation::Reads => related = true,
                Relation::Carries(j) => {
                    related = true;
                    chained[j] = Some(k);
                }
            }
        }
        if !related {
            return None;
        }
        let (a, b) = (self.effects(first), self.later(first, second));
        let harmless = |e: Effects, other: Effects| match e {
            Effects::Pure => true,
            Effects::MayTrap => other == Effects::Pure,
            Effects::Effect => false,
        };
        if !harmless(a, b) || !harmless(b, a) {
            return None;
        }
        // What is between them: before both if the second one needs it, else after.
        let mut needs: Vec<Value> = f.insts[second].args.clone();
        needs.extend(f.captured(second));
        let own = |v: Value| f.def_inst(v) == Some(first);
        needs.retain(|&v| !own(v));
        let mut is_needed = vec![false; n - m - 1];
        for (at, &i) in insts[m + 1..n].iter().enumerate().rev() {
            let d = &f.insts[i];
            if d.results.iter().any(|v| needs.contains(v)) {
                needs.extend(&d.args);
                needs.extend(f.captured(i));
                is_needed[at] = true;
            }
        }
        if needs.iter().any(|&v| own(v)) {
            return None;
        }
        let (mut needed, mut passed) = (Vec::new(), a);
        for (&i, &is_needed) in insts[m + 1..n].iter().zip(&is_needed) {
            let e = self.effects(i);
            let over = if is_needed { passed } else { b };
            if !harmless(e, over) {
                return None;
            }
            match is_needed {
                true => needed.push(i),
                false => passed = join(passed, e),
            }
        }
        Some(Plan {
            region,
            first,
            second,
            needed,
            chained,
        })
    }

    /// What the second loop does with the `k`-th result of the first, if that allows merging them.
    fn relation(&self, first: Inst, second: Inst, k: usize) -> Option<Relation> {
        let f = self.f;
        let result = f.insts[first].results[k];
        let body = f.insts[second].regions[0];
        let mut inside = false;
        let mut start = None;
        for &u in &self.layout.uses[result] {
            match u {
                Use::Arg(i, n) if i == second => match (start, n.checked_sub(2)) {
                    (None, Some(j)) => start = Some(j),
                    _ => return None,
                },
                Use::Arg(i, _) => inside |= self.layout.home[i] == Some(body),
                Use::Yield(r, _) if r == body => return None,
                Use::Yield(..) => {}
            }
        }
        if !inside && start.is_none() {
            return Some(Relation::None);
        }
        let mut key = None;
        self.stays_in_row(
            first,
            f.regions[f.insts[first].regions[0]].params[k + 1],
            Some(k),
            &mut key,
        )?;
        // Something the first loop leaves as it was would have no key.
        key?;
        match start {
            None => self.stays_in_row(second, result, None, &mut key)?,
            Some(j) => {
                // The older version is not needed beside the newer one.
                if self.layout.uses[result].len() > 1 {
                    return None;
                }
                self.stays_in_row(second, f.regions[body].params[j + 1], Some(j), &mut key)?;
                return Some(Relation::Carries(j));
            }
        }
        Some(Relation::Reads)
    }

    /// Whether a loop touches an array, and what it makes of it, at the key only, and what is made of it is carried on as `yields`, if anything is.
    fn stays_in_row(
        &self,
        at: Inst,
        array: Value,
        yields: Option<usize>,
        key: &mut Option<Key>,
    ) -> Option<()> {
        let f = self.f;
        let body = f.insts[at].regions[0];
        matches!(f.ty(array), Type::Tensor(_)).then_some(())?;
        let mut carried = None;
        let mut versions = vec![array];
        let mut done = 0;
        while let Some(&v) = versions.get(done) {
            done += 1;
            for &u in &self.layout.uses[v] {
                let (i, n) = match u {
                    Use::Arg(i, n) => (i, n),
                    Use::Yield(r, k) if r == body && Some(k) == yields => {
                        carried = Some(v);
                        continue;
                    }
                    // Of a result of another loop: not here.
                    Use::Yield(r, _) if r != body && v == array => continue,
                    Use::Yield(..) => return None,
                };
                if self.layout.home[i] != Some(body) {
                    // The array is used elsewhere too.
                    (v == array).then_some(())?;
                    continue;
                }
                let d = &f.insts[i];
                let (path, index) = match &d.op {
                    Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) => continue,
                    Op::Place(PlaceOp::Get(path)) => (path, 1),
                    Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) => (path, 2),
                    _ => return None,
                };
                (n == 0 && path.first() == Some(&Step::Index)).then_some(())?;
                let this = self.key(at, d.args[index])?;
                (*key.get_or_insert(this) == this).then_some(())?;
                if index == 2 {
                    versions.push(d.results[0]);
                }
            }
        }
        match yields {
            None => Some(()),
            Some(k) => (carried == Some(f.regions[body].yields[k])).then_some(()),
        }
    }

    /// Whether a value is an index that no two iterations of the loop share.
    fn key(&self, at: Inst, index: Value) -> Option<Key> {
        let f = self.f;
        let own = f.regions[f.insts[at].regions[0]].params[0];
        if index == own {
            return Some(Key::Index);
        }
        let d = &f.insts[f.def_inst(index)?];
        let outside = |v: Value| self.layout.defined(f, v) < self.layout.order[at];
        match d.op {
            Op::Binary(BinaryOp::Sub | BinaryOp::WrappingSub)
                if d.args[1] == own && outside(d.args[0]) =>
            {
                Some(Key::Mirrored(d.args[0]))
            }
            _ => None,
        }
    }

    /// The reads of the loop of arrays from outside at an index of each iteration's own.
    fn reads(&self, at: Inst) -> impl Iterator<Item = (Value, Key)> + '_ {
        let f = self.f;
        f.regions[f.insts[at].regions[0]]
            .insts
            .iter()
            .filter_map(move |&i| {
                let d = &f.insts[i];
                let Op::Place(PlaceOp::Get(_)) = d.op else {
                    return None;
                };
                let outside = self.layout.defined(f, d.args[0]) < self.layout.order[at];
                let key = self.key(at, *d.args.get(1)?)?;
                outside.then_some((d.args[0], key))
            })
    }

    /// Whether both loops read the same elements of an array.
    fn reads_alike(&self, first: Inst, second: Inst) -> bool {
        let reads: Vec<(Value, Key)> = self.reads(first).collect();
        self.reads(second).any(|r| reads.contains(&r))
    }

    /// Whether iterations wait for one another: a number is carried whose order of sums, say, is the program's.
    fn is_serial(&self, at: Inst) -> bool {
        let f = self.f;
        let body = &f.regions[f.insts[at].regions[0]];
        body.yields.iter().any(|&v| {
            let free = f
                .def_inst(v)
                .is_some_and(|i| matches!(f.insts[i].op, Op::Tangent(TangentOp::Accumulate)));
            f.ty(v).is_scalar() && !free
        })
    }

    /// Whether it does more than sums and products of numbers: executors may then use several threads, if it is not serial.
    fn is_costly(&self, at: Inst) -> bool {
        let f = self.f;
        let of = |i: Inst| f.insts[i].args.first().and_then(|&v| f.ty(v).dtype());
        f.regions[f.insts[at].regions[0]]
            .insts
            .iter()
            .any(|&i| match f.insts[i].op {
                Op::Unary(op) => !of(i).is_some_and(|ty| cheap_unary(op, ty)),
                Op::Binary(op) => !of(i).is_some_and(|ty| cheap_binary(op, ty)),
                _ => false,
            })
    }

    /// What an instruction, or those in it, may do beside computing results, with what is known of indices.
    fn effects(&self, i: Inst) -> Effects {
        let f = self.f;
        let d = &f.insts[i];
        let mut e = self.own(i, d.op == Op::Control(ControlOp::For));
        for &r in &d.regions {
            f.visit(r, &mut |i, d| {
                e = join(e, self.own(i, d.op == Op::Control(ControlOp::For)));
            });
        }
        e
    }

    fn own(&self, i: Inst, is_loop: bool) -> Effects {
        let d = &self.f.insts[i];
        match &d.op {
            _ if is_loop => Effects::Pure,
            Op::Control(ControlOp::If | ControlOp::Switch | ControlOp::While) => Effects::Pure,
            // Nothing is known of other functions here.
            Op::Control(_) | Op::Slot(_) => Effects::Effect,
            _ if effects::is_sure(self.f, d, &self.proofs()[i]) => Effects::Pure,
            _ => effects::alone(self.f, d),
        }
    }

    /// As [`effects`](Self::effects) of the second loop, without the accesses at which the first one traps in the same iteration.
    fn later(&self, first: Inst, second: Inst) -> Effects {
        let f = self.f;
        let body = |i: Inst| &f.regions[f.insts[i].regions[0]].insts;
        let outside = |v: Value| self.layout.defined(f, v) < self.layout.order[first];
        let access = |at: Inst, i: Inst| {
            let d = &f.insts[i];
            let (path, from) = match &d.op {
                Op::Place(PlaceOp::Get(path)) => (path, 1),
                Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) => (path, 2),
                _ => return None,
            };
            let array = self.root(at, d.args[0]);
            (path[..] == [Step::Index] && outside(array))
                .then(|| Some((array, self.key(at, d.args[from])?)))?
        };
        let mut e = Effects::Pure;
        for &i in body(second) {
            let own = self.own(i, false);
            let seen = own == Effects::MayTrap
                && self.writes_numbers(i)
                && access(second, i)
                    .is_some_and(|a| body(first).iter().any(|&j| access(first, j) == Some(a)));
            if !seen {
                e = join(e, own);
            }
        }
        e
    }

    /// Whether an access traps for its index only.
    fn writes_numbers(&self, i: Inst) -> bool {
        let d = &self.f.insts[i];
        match &d.op {
            Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_)) => self.f.ty(d.args[1]).is_scalar(),
            _ => true,
        }
    }

    /// The array from outside of the loop that has the extents of this one, if stores and the loop lead there.
    fn root(&self, at: Inst, mut v: Value) -> Value {
        let f = self.f;
        let body = f.insts[at].regions[0];
        loop {
            match f.values[v].def {
                ValueDef::Param(r, k) if r == body && k > 0 => {
                    return f.insts[at].args[k as usize + 1];
                }
                ValueDef::Param(..) => return v,
                ValueDef::Result(i, _) => match &f.insts[i].op {
                    Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_)) => v = f.insts[i].args[0],
                    _ => return v,
                },
            }
        }
    }
}

impl Plan {
    fn apply(self, f: &mut Func) {
        let (a, b) = (f.insts[self.first].clone(), f.insts[self.second].clone());
        let (body_a, body_b) = (a.regions[0], b.regions[0]);
        let fresh: Vec<usize> = (0..b.results.len())
            .filter(|&j| self.chained[j].is_none())
            .collect();
        // In the second body the first one's results are what this iteration has made of them.
        let made = f.regions[body_a].yields.clone();
        let now = |v: Value| {
            a.results
                .iter()
                .position(|&r| r == v)
                .map_or(v, |k| made[k])
        };
        for i in f.regions[body_b].insts.clone() {
            for v in &mut f.insts[i].args {
                *v = now(*v);
            }
        }
        let carried = a.results.iter().chain(fresh.iter().map(|&j| &b.results[j]));
        let types: Vec<Type> = carried.map(|&v| f.ty(v).clone()).collect();
        let index = f.ty(f.regions[body_a].params[0]).clone();
        let mut params = vec![index];
        params.extend(types.iter().cloned());
        let body = f.make_region(&params);
        let args = a.args.iter().copied();
        let args: Vec<Value> = args.chain(fresh.iter().map(|&j| b.args[j + 2])).collect();
        let merged = f.make_inst(ControlOp::For.into(), args, vec![body], &types, a.span);
        let mut subst = Subst::new();
        for (k, &v) in f.regions[body_a].params.iter().enumerate() {
            subst.set(v, f.regions[body].params[k]);
        }
        for (k, &v) in a.results.iter().enumerate() {
            subst.set(v, f.insts[merged].results[k]);
        }
        let mut yields = made.clone();
        subst.set(f.regions[body_b].params[0], f.regions[body].params[0]);
        for j in 0..b.results.len() {
            let param = f.regions[body_b].params[j + 1];
            let made_b = f.regions[body_b].yields[j];
            match self.chained[j] {
                Some(k) => {
                    subst.set(param, made[k]);
                    subst.set(b.results[j], f.insts[merged].results[k]);
                    yields[k] = made_b;
                }
                None => {
                    let at = yields.len();
                    subst.set(param, f.regions[body].params[at + 1]);
                    subst.set(b.results[j], f.insts[merged].results[at]);
                    yields.push(made_b);
                }
            }
        }
        let mut insts = core::mem::take(&mut f.regions[body_a].insts);
        insts.append(&mut f.regions[body_b].insts);
        f.regions[body].insts = insts;
        f.regions[body].yields = yields;
        let old = core::mem::take(&mut f.regions[self.region].insts);
        let mut new = Vec::with_capacity(old.len());
        for i in old {
            if i == self.first {
                new.extend(&self.needed);
                new.push(merged);
            } else if i != self.second && !self.needed.contains(&i) {
                new.push(i);
            }
        }
        f.regions[self.region].insts = new;
        // The old loops are nowhere any more: what they were made of may not keep values alive.
        for i in [self.first, self.second] {
            f.insts[i].args.clear();
        }
        subst.apply(f);
    }
}
