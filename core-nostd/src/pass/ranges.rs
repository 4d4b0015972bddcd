//! What integers can be: whether an index is certainly in range, a comparison certainly true.
//!
//! An integer is a polynomial over what is not known ([`poly`]): arithmetic that traps on overflow is exact, so identities of
//! integers hold. Unsigned values are not negative, and the index of `for i in lo..hi` lies between its bounds. So with
//! `a = fill x, k * d`, in `for c in 0..k { for j in 0..d { … a[c * d + j] } }` the index is in range: its greatest value is
//! `(k - 1) * d + d - 1`, which is below `k * d`.
//!
//! Extents are followed through what keeps them: stores, elementwise operations, loops and branches ([`Ranges::extent`]).
//!
//! The pass removes assertions and checks that hold, and asks for an extent where it was made: `len` of what a loop carries
//! is the length that the array was made with. Executors that compile ask [`proofs`] which accesses need no check.

mod poly;
mod proofs;

pub use proofs::proofs;

use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, BinaryOp, CompareOp, ConstOp, ControlOp, ConvertOp, DType, Dim, EffectOp, Func,
    Module, Op, PlaceOp, ShapeOp, TangentOp, Type, ValueDef,
};
use crate::pass::facts::int_constant;
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use poly::{Atom, Poly};

/// How many indices of enclosing loops are replaced by their bounds in one proof.
const MAX_STEPS: usize = 12;
/// How deep the analysis of one value goes.
const MAX_DEPTH: usize = 64;

/// Facts about the integers of one function. The function must not change while it is asked.
pub struct Ranges<'f> {
    f: &'f Func,
    polys: SecondaryMap<Value, Option<Poly>>,
    /// Towards the value whose extents a value has.
    links: SecondaryMap<Value, Link>,
    /// The instruction that a region belongs to.
    owner: SecondaryMap<Region, Option<Inst>>,
    /// The region that an instruction is in.
    home: SecondaryMap<Inst, Option<Region>>,
}

impl<'f> Ranges<'f> {
    /// Of a function.
    pub fn of(f: &'f Func) -> Ranges<'f> {
        let mut owner = SecondaryMap::new();
        let mut home = SecondaryMap::new();
        let mut note = |r: Region| {
            for &i in &f.regions[r].insts {
                home[i] = Some(r);
            }
        };
        note(f.body);
        f.visit(f.body, &mut |i, d| {
            for &r in &d.regions {
                owner[r] = Some(i);
                note(r);
            }
        });
        Ranges {
            f,
            polys: SecondaryMap::new(),
            links: SecondaryMap::new(),
            owner,
            home,
        }
    }

    /// Whether `0 <= index < extent of the array along the axis` certainly holds where the index is used.
    pub fn in_range(&mut self, index: Value, array: Value, axis: u32) -> bool {
        let extent = self.extent(array, axis, 0);
        self.is_below(index, &extent)
    }

    /// Whether `lo..hi` certainly is the whole of the array along its first axis.
    pub fn is_whole(&mut self, lo: Value, hi: Value, array: Value) -> bool {
        let (lo, hi) = (self.poly(lo, 0), self.poly(hi, 0));
        let extent = self.extent(array, 0, 0);
        let known = !hi.modular && !extent.modular && lo == Poly::constant(0);
        known && extent.plus(&hi, -1) == Some(Poly::constant(0))
    }

    /// `a - b`, if that is certainly one number.
    pub fn difference(&mut self, a: Value, b: Value) -> Option<i128> {
        let (a, b) = (self.poly(a, 0), self.poly(b, 0));
        if a.modular || b.modular {
            return None;
        }
        let d = a.plus(&b, -1)?;
        if d == Poly::constant(0) {
            return Some(0);
        }
        d.as_constant()
    }

    fn is_below(&mut self, index: Value, extent: &Poly) -> bool {
        let i = self.poly(index, 0);
        let Some(room) = extent
            .plus(&i, -1)
            .and_then(|p| p.plus(&Poly::constant(1), -1))
        else {
            return false;
        };
        // An unsigned value is not negative, unless it is only known modulo 2^64.
        let known = self.is_unsigned(index) && !i.modular;
        !extent.modular && self.is_at_least_zero(&room) && (known || self.is_at_least_zero(&i))
    }

    /// Whether a comparison of integers certainly holds.
    fn holds(&mut self, op: CompareOp, a: Value, b: Value) -> bool {
        let (x, y) = (self.poly(a, 0), self.poly(b, 0));
        if x.modular || y.modular {
            return false;
        }
        let (greater, less, gap) = match op {
            CompareOp::Le => (y, x, 0),
            CompareOp::Lt => (y, x, 1),
            CompareOp::Ge => (x, y, 0),
            CompareOp::Gt => (x, y, 1),
            CompareOp::Eq | CompareOp::Ne => return false,
        };
        greater
            .plus(&less, -1)
            .and_then(|p| p.plus(&Poly::constant(gap), -1))
            .is_some_and(|p| self.is_at_least_zero(&p))
    }

    /// Whether the range `lo..hi` certainly lies in `0..n`.
    fn is_within(&mut self, lo: Value, hi: Value, n: Value) -> bool {
        let zero = self.is_unsigned(lo) || {
            let p = self.poly(lo, 0);
            self.is_at_least_zero(&p)
        };
        zero && self.holds(CompareOp::Le, lo, hi) && self.holds(CompareOp::Le, hi, n)
    }

    fn is_unsigned(&self, v: Value) -> bool {
        self.f.ty(v).dtype().is_some_and(DType::is_unsigned)
    }

    /// Whether an integer that is equal to the polynomial cannot be negative.
    fn is_at_least_zero(&mut self, p: &Poly) -> bool {
        let mut p = p.clone();
        for _ in 0..MAX_STEPS {
            if p.terms().all(|(m, k)| k > 0 && self.not_negative(m)) {
                return true;
            }
            let Some((index, bound)) = self.worst(&p) else {
                return false;
            };
            match p.replace(index, &bound) {
                Some(q) => p = q,
                None => return false,
            }
        }
        false
    }

    fn not_negative(&self, m: &[Atom]) -> bool {
        m.iter().all(|a| match *a {
            Atom::Extent(..) => true,
            Atom::Value(v) => self.is_unsigned(v),
        })
    }

    /// A loop's index in the polynomial, and the bound at which the polynomial is least: the upper one if it counts
    /// negatively. The innermost such loop first, since its bounds may hold the indices of outer ones.
    fn worst(&mut self, p: &Poly) -> Option<(Atom, Poly)> {
        let mut found: Option<(Value, i128)> = None;
        for (m, k) in p.terms() {
            for a in m {
                let Atom::Value(v) = *a else { continue };
                // Values are numbered outside in.
                if self.bounds(v).is_some() && found.is_none_or(|(w, _)| w < v) {
                    found = Some((v, k.signum()));
                }
            }
        }
        let Some((v, sign)) = found else {
            return self.quotient(p);
        };
        let atom = Atom::Value(v);
        if !self.is_monotone(p, atom, sign) {
            return None;
        }
        let (lo, hi) = self.bounds(v)?;
        let bound = if sign < 0 {
            self.poly(hi, 0).plus(&Poly::constant(1), -1)?
        } else {
            self.poly(lo, 0)
        };
        (!bound.modular).then_some((atom, bound))
    }

    /// Whether an atom occurs once in each term it is in, with that sign, and what it is multiplied with is not negative.
    fn is_monotone(&self, p: &Poly, atom: Atom, sign: i128) -> bool {
        p.terms().all(|(m, k)| {
            let times = m.iter().filter(|&&a| a == atom).count();
            let others: Vec<Atom> = m.iter().copied().filter(|&a| a != atom).collect();
            times == 0 || (k.signum() == sign && times == 1 && self.not_negative(&others))
        })
    }

    /// If `q = n / d` counts negatively and `n` positively: `n`, and its least value `q * d`.
    fn quotient(&mut self, p: &Poly) -> Option<(Atom, Poly)> {
        let f = self.f;
        for (m, _) in p.terms().filter(|(_, k)| *k < 0) {
            for a in m {
                let Atom::Value(q) = *a else { continue };
                let Some(i) = f.def_inst(q) else { continue };
                let d = &f.insts[i];
                if d.op != Op::Binary(BinaryOp::Div) || !self.is_unsigned(q) {
                    continue;
                }
                let (n, by) = (self.poly(d.args[0], 0), self.poly(d.args[1], 0));
                let Some(whole) = n.as_atom() else { continue };
                if !n.modular
                    && !by.modular
                    && p.terms().any(|(m, _)| m.contains(&whole))
                    && self.is_monotone(p, whole, 1)
                {
                    return Some((whole, by.times(&Poly::atom(*a))?));
                }
            }
        }
        None
    }

    /// The bounds of the loop whose index a value is.
    fn bounds(&self, v: Value) -> Option<(Value, Value)> {
        let ValueDef::Param(r, 0) = self.f.values[v].def else {
            return None;
        };
        let d = &self.f.insts[self.owner[r]?];
        matches!(d.op, Op::Control(ControlOp::For)).then(|| (d.args[0], d.args[1]))
    }

    /// The polynomial that an integer scalar is equal to.
    fn poly(&mut self, v: Value, depth: usize) -> Poly {
        if let Some(p) = &self.polys[v] {
            return p.clone();
        }
        let itself = Poly::atom(Atom::Value(v));
        if depth > MAX_DEPTH {
            return itself;
        }
        let p = self.compute(v, depth + 1).unwrap_or(itself);
        self.polys[v] = Some(p.clone());
        p
    }

    fn compute(&mut self, v: Value, depth: usize) -> Option<Poly> {
        if let Some(n) = int_constant(self.f, v) {
            return Some(Poly::constant(n));
        }
        let f = self.f;
        let d = &f.insts[f.def_inst(v)?];
        let mut arg = |k: usize| self.poly(d.args[k], depth);
        let wide = f.ty(v).dtype() == Some(DType::U64);
        let wrapping = |p: Option<Poly>| p.filter(|_| wide).map(Poly::wrapped);
        match &d.op {
            // What is known modulo 2^64 stays so: the sum, exact or not, is that of the operands modulo 2^64.
            Op::Binary(BinaryOp::Add) => arg(0).plus(&arg(1), 1),
            Op::Binary(BinaryOp::Sub) => arg(0).plus(&arg(1), -1),
            Op::Binary(BinaryOp::Mul) => arg(0).times(&arg(1)),
            Op::Binary(BinaryOp::WrappingAdd) => wrapping(arg(0).plus(&arg(1), 1)),
            Op::Binary(BinaryOp::WrappingSub) => wrapping(arg(0).plus(&arg(1), -1)),
            Op::Binary(BinaryOp::WrappingMul) => wrapping(arg(0).times(&arg(1))),
            Op::Convert(ConvertOp::To(to)) => {
                let from = f.ty(d.args[0]).dtype()?;
                let keeps =
                    to.is_int() && from.is_unsigned() && (from.bytes() < to.bytes() || *to == from);
                keeps.then(|| arg(0)).filter(|p| !p.modular)
            }
            Op::Array(ArrayOp::Len) => Some(self.extent(d.args[0], 0, depth)),
            Op::Array(ArrayOp::Dim(k)) => Some(self.extent(d.args[0], *k, depth)),
            _ => None,
        }
    }

    /// The extent of an array along an axis.
    fn extent(&mut self, v: Value, axis: u32, depth: usize) -> Poly {
        let root = self.root(v, depth);
        let f = self.f;
        let atom = Poly::atom(Atom::Extent(root, axis));
        if depth > MAX_DEPTH {
            return atom;
        }
        if let Some(Dim::Known(n)) = f
            .ty(root)
            .as_tensor()
            .and_then(|t| t.shape.get(axis as usize))
        {
            return Poly::constant((*n).into());
        }
        let Some(i) = f.def_inst(root) else {
            return atom;
        };
        let d = &f.insts[i];
        let depth = depth + 1;
        let dynamic = |shape: &[Dim]| {
            let before = shape[..axis as usize]
                .iter()
                .filter(|d| **d == Dim::Dynamic)
                .count();
            (shape[axis as usize] == Dim::Dynamic).then(|| d.args[1 + before])
        };
        match &d.op {
            Op::Array(ArrayOp::Fill) if axis == 0 => self.poly(d.args[1], depth),
            Op::Array(ArrayOp::Fill) => self.extent(d.args[0], axis - 1, depth),
            Op::Array(ArrayOp::Slice) if axis == 0 => {
                let (lo, hi) = (self.poly(d.args[1], depth), self.poly(d.args[2], depth));
                hi.plus(&lo, -1).unwrap_or(atom)
            }
            Op::Array(ArrayOp::Slice) => self.extent(d.args[0], axis, depth),
            Op::Shape(ShapeOp::Reshape(shape) | ShapeOp::Broadcast { shape, .. }) => {
                match dynamic(shape) {
                    Some(n) => self.poly(n, depth),
                    None => atom,
                }
            }
            _ => atom,
        }
    }

    /// The value that a value has its extents from: the start of the loop that carries it, the array stored into.
    fn root(&mut self, v: Value, depth: usize) -> Value {
        let mut at = v;
        // Links lead to what was made earlier, so they end.
        while let Some(next) = self.link(at, depth) {
            at = next;
        }
        at
    }

    /// A value with the same extents, one step nearer to where they come from.
    fn link(&mut self, v: Value, depth: usize) -> Option<Value> {
        match self.links[v] {
            Link::Next(next) => return Some(next),
            Link::End => return None,
            Link::Unknown if depth > MAX_DEPTH => return None,
            Link::Unknown => {}
        }
        // A carried value is the end until what its loop does to it is known.
        self.links[v] = Link::End;
        let next = self.find_link(v, depth + 1).filter(|&next| next != v);
        self.links[v] = match next {
            Some(next) => Link::Next(next),
            // A loop asked about while it was undecided may be decided later; to ask again costs nothing.
            None if self.is_loop(v) => Link::Unknown,
            None => Link::End,
        };
        next
    }

    fn is_loop(&self, v: Value) -> bool {
        let def = self.f.def_inst(v).map(|i| &self.f.insts[i].op);
        matches!(def, Some(Op::Control(ControlOp::For | ControlOp::While)))
    }

    fn find_link(&mut self, v: Value, depth: usize) -> Option<Value> {
        let f = self.f;
        match f.values[v].def {
            ValueDef::Param(r, k) => {
                let d = &f.insts[self.owner[r]?];
                let (bounds, k) = match d.op {
                    Op::Control(ControlOp::For) => (2, (k as usize).checked_sub(1)?),
                    Op::Control(ControlOp::While) => (0, k as usize),
                    _ => return None,
                };
                let body = *d.regions.last()?;
                // The parameter of a condition has the extents of the body's.
                let param = f.regions[body].params[k + bounds.min(1)];
                if param != v {
                    return Some(param);
                }
                let start = d.args[k + bounds];
                let end = self.root(f.regions[body].yields[k], depth);
                (end == v || end == self.root(start, depth)).then_some(start)
            }
            ValueDef::Result(i, k) => {
                let d = &f.insts[i];
                let k = k as usize;
                match &d.op {
                    Op::Place(PlaceOp::Update(p) | PlaceOp::AddAt(p)) if !p.is_empty() => {
                        Some(d.args[0])
                    }
                    Op::Array(ArrayOp::UpdateSlice | ArrayOp::AddSlice)
                    | Op::Unary(_)
                    | Op::Compare(_)
                    | Op::Convert(_)
                    | Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate) => Some(d.args[0]),
                    Op::Control(ControlOp::For | ControlOp::While) => {
                        let first = usize::from(d.op == Op::Control(ControlOp::For));
                        let body = *d.regions.last()?;
                        let param = f.regions[body].params[k + first];
                        // Only if the loop keeps the extents.
                        self.link(param, depth)
                    }
                    Op::Control(ControlOp::If | ControlOp::Switch) => {
                        let mut same = None;
                        for &q in &d.regions {
                            let r = self.root(f.regions[q].yields[k], depth);
                            if *same.get_or_insert(r) != r {
                                return None;
                            }
                        }
                        // Its arms' common root is defined outside them, or it is not common.
                        same
                    }
                    _ => None,
                }
            }
        }
    }
}

/// What is known of where a value has its extents from.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
enum Link {
    #[default]
    Unknown,
    /// From itself, or not known yet.
    End,
    Next(Value),
}

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Uses what is known in one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut found = Found::default();
    found.look(f);
    let changed = !(found.constants.is_empty()
        && found.dead.is_empty()
        && found.same.is_empty()
        && found.lengths.is_empty());
    if changed {
        found.apply(f);
    }
    changed
}

/// What the pass changes.
#[derive(Default)]
struct Found {
    constants: Vec<(Inst, Scalar)>,
    dead: Vec<Inst>,
    same: Vec<(Value, Value)>,
    /// Extents of parameters of the function, asked for elsewhere.
    lengths: Vec<(Value, (Value, u32))>,
    /// The integers in scope, by type and polynomial.
    known: BTreeMap<(DType, Poly), Value>,
}

impl Found {
    fn look(&mut self, f: &Func) {
        let mut asked = false;
        f.visit(f.body, &mut |_, d| {
            asked |= matches!(
                d.op,
                Op::Compare(_)
                    | Op::Binary(_)
                    | Op::Array(ArrayOp::Len | ArrayOp::Dim(_))
                    | Op::Effect(EffectOp::CheckIndex | EffectOp::CheckRange)
            );
        });
        if asked {
            let mut ranges = Ranges::of(f);
            self.region(&mut ranges, f.body, &mut vec![f.body]);
        }
    }
    /// `scope` holds the region and those around it.
    fn region(&mut self, ranges: &mut Ranges<'_>, r: Region, scope: &mut Vec<Region>) {
        let f = ranges.f;
        let mut entered = Vec::new();
        for &v in &f.regions[r].params {
            self.integer(ranges, v, &mut entered);
        }
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            for &q in &d.regions {
                scope.push(q);
                self.region(ranges, q, scope);
                scope.pop();
            }
            for &v in &d.results {
                self.integer(ranges, v, &mut entered);
            }
            match &d.op {
                Op::Compare(op) => {
                    let ty = f.ty(d.args[0]);
                    if ty.is_scalar() && ty.dtype().is_some_and(DType::is_int) {
                        self.compare(ranges, i, *op);
                    }
                }
                Op::Effect(EffectOp::CheckIndex) => {
                    let n = ranges.poly(d.args[1], 0);
                    if ranges.is_below(d.args[0], &n) {
                        self.dead.push(i);
                    }
                }
                Op::Effect(EffectOp::CheckRange)
                    if ranges.is_within(d.args[0], d.args[1], d.args[2]) =>
                {
                    self.dead.push(i);
                }
                Op::Array(ArrayOp::Len) => self.extent(ranges, i, 0, scope),
                Op::Array(ArrayOp::Dim(k)) => self.extent(ranges, i, *k, scope),
                _ => {}
            }
        }
        for key in entered {
            self.known.remove(&key);
        }
    }
    /// Remembers an integer for those to come, or finds that there is an equal one.
    fn integer(&mut self, ranges: &mut Ranges<'_>, v: Value, entered: &mut Vec<(DType, Poly)>) {
        let f = ranges.f;
        let Some(dtype) = f
            .ty(v)
            .dtype()
            .filter(|t| t.is_int() && f.ty(v).is_scalar())
        else {
            return;
        };
        let p = ranges.poly(v, 0);
        let key = (dtype, p);
        let Some(&same) = self.known.get(&key) else {
            self.known.insert(key.clone(), v);
            entered.push(key);
            return;
        };
        let Some(i) = f.def_inst(v) else { return };
        // Equal to what is there, the result is within its type: the operation cannot trap. Modulo 2^64 it could.
        let replaced = match &f.insts[i].op {
            Op::Binary(BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul) => !key.1.modular,
            Op::Binary(BinaryOp::WrappingAdd | BinaryOp::WrappingSub | BinaryOp::WrappingMul) => {
                true
            }
            Op::Convert(_) => !key.1.modular,
            Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) => true,
            _ => false,
        };
        if replaced {
            self.same.push((v, same));
            self.dead.push(i);
        }
    }
    fn compare(&mut self, ranges: &mut Ranges<'_>, i: Inst, op: CompareOp) {
        let d = &ranges.f.insts[i];
        let (a, b) = (d.args[0], d.args[1]);
        let opposite = match op {
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
            CompareOp::Eq | CompareOp::Ne => return,
        };
        for (op, known) in [(op, true), (opposite, false)] {
            if ranges.holds(op, a, b) {
                self.constants.push((i, Scalar::Bool(known)));
                return;
            }
        }
    }
    /// An extent that is known otherwise.
    fn extent(&mut self, ranges: &mut Ranges<'_>, i: Inst, axis: u32, scope: &[Region]) {
        let f = ranges.f;
        let d = &f.insts[i];
        let p = ranges.extent(d.args[0], axis, 0);
        let result = d.results[0];
        if p.modular {
            return;
        }
        if let Some(n) = p.as_constant() {
            if let Ok(n) = u64::try_from(n) {
                self.constants.push((i, Scalar::U64(n)));
            }
            return;
        }
        match p.as_atom() {
            Some(Atom::Value(v)) if v != result && f.ty(v) == f.ty(result) => {
                let home = match f.values[v].def {
                    ValueDef::Param(r, _) => Some(r),
                    ValueDef::Result(i, _) => ranges.home[i],
                };
                // Defined in a region around this one, and before: it made the array.
                if home.is_some_and(|r| scope.contains(&r)) {
                    self.same.push((result, v));
                }
            }
            Some(Atom::Extent(root, k))
                if root != d.args[0]
                    && matches!(f.values[root].def, ValueDef::Param(r, _) if r == f.body) =>
            {
                self.lengths.push((result, (root, k)));
            }
            _ => {}
        }
    }
    fn apply(self, f: &mut Func) {
        for (i, c) in self.constants {
            let d = &mut f.insts[i];
            d.op = ConstOp::Scalar(c).into();
            d.args.clear();
        }
        let mut subst = Subst::new();
        for (a, b) in self.same {
            subst.set(a, b);
        }
        let mut made: Vec<((Value, u32), Value)> = Vec::new();
        let mut first = Vec::new();
        for (v, key) in self.lengths {
            let known = made.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
            let n = known.unwrap_or_else(|| {
                let op = match key.1 {
                    0 => ArrayOp::Len,
                    k => ArrayOp::Dim(k),
                };
                let ty = Type::scalar(DType::U64);
                let i = f.make_inst(
                    op.into(),
                    vec![key.0],
                    vec![],
                    core::slice::from_ref(&ty),
                    crate::ir::Span::NONE,
                );
                first.push(i);
                let n = f.insts[i].results[0];
                made.push((key, n));
                n
            });
            subst.set(v, n);
        }
        let body = f.body;
        f.regions[body].insts.splice(0..0, first);
        let mut dead: SecondaryMap<Inst, bool> = SecondaryMap::new();
        for i in self.dead {
            dead[i] = true;
        }
        for r in f.regions.values_mut() {
            r.insts.retain(|&i| !dead[i]);
        }
        subst.apply(f);
    }
}
