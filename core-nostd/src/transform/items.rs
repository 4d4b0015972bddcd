//! Short sequences whose items have unlike extents (the layers of a network) as records, a field for each item.
//!
//! ```text
//! layers: seq<{f64[?], f64[?]}>            layers: {{f64[100], f64[50]}, {f64[100], f64[2]}}
//! for i: u64 in 0..len layers (…) {         b0 = get layers.0.1 : f64[50]
//!   b = get layers[i].1 : f64[?]       =>   …
//!   …                                       b1 = get layers.1.1 : f64[2]
//! }                                         …
//! ```
//!
//! Every access must name its item when the program is made: lengths become constants, and loops whose counters are indices into such a sequence are
//! unrolled. What is made of a sequence (a stored item, what a branch or a loop gives) is a record like it; functions that are called with it get versions.
//! Where that cannot be, [`apart`] says why, with the place in the source.
//!
//! In a function, lengths and loops come first, while types are still those of the sequence; when every index is known all types and paths change at once.

use super::specialise;
use crate::entity::{FuncId, Inst, Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, ConstOp, ControlOp, DeriveKind, Func, Module, Op, Path, PlaceOp, Span, Step, Type,
    ValueDef,
};
use crate::ops;
use crate::pass::facts::int_constant;
use crate::pass::layout::Layout;
use crate::pass::{tidy_one, unroll};
use crate::value::Scalar;
use crate::verify;
use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

/// How often loops of a function are unrolled, or lengths put in, until all indices are known.
const ROUNDS: usize = 64;

/// How many versions of functions are made at most.
const VERSIONS: usize = 64;

/// What is unrolled: as many iterations as a short sequence has items, while the function does not become too large.
const UNROLL: unroll::Policy = unroll::Policy {
    trips: 64,
    budget: 20_000,
    limit: 40_000,
};

/// Why a sequence cannot be taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The reason.
    pub why: &'static str,
    /// Where it is in the source.
    pub span: Span,
}

type Result<T> = core::result::Result<T, Refused>;

/// Whether a type has records where `own`, a parameter's type, has sequences.
pub(super) fn is_apart(ty: &Type, own: &Type) -> bool {
    match (ty, own) {
        (Type::Record(_), Type::Seq(_)) => true,
        (Type::Record(a), Type::Record(b)) => a.iter().zip(b.iter()).any(|(x, y)| is_apart(x, y)),
        (Type::Seq(a), Type::Seq(b)) | (Type::Stack(a), Type::Stack(b)) => is_apart(a, b),
        _ => false,
    }
}

/// Gives the parameters of a function these types, which have records where its own have sequences.
///
/// # Errors
/// If an access does not name its item, or the sequence is used whole in another way.
pub(super) fn apart(m: &mut Module, func: FuncId, types: &[Type]) -> Result<()> {
    let mut pass = Apart {
        m,
        made: Vec::new(),
    };
    pass.func(func, types)
}

/// A version of a function, and for what types it is.
struct Version {
    of: FuncId,
    types: Vec<Type>,
    func: FuncId,
    /// Whether what it returns is known.
    done: bool,
}

struct Apart<'m> {
    m: &'m mut Module,
    made: Vec<Version>,
}

impl Apart<'_> {
    fn func(&mut self, id: FuncId, types: &[Type]) -> Result<()> {
        for _ in 0..ROUNDS {
            let f = &self.m.funcs[id];
            let mut look = Look::new(self, f);
            for (&v, ty) in f.params().iter().zip(types) {
                look.note(v, ty.clone());
            }
            look.region(f.body)?;
            let found = look.found;
            if !found.calls.is_empty() {
                for (callee, types) in found.calls {
                    let span = self.m.funcs[id].span;
                    self.version(callee, &types, span)?;
                }
                continue;
            }
            if found.lens.is_empty() && found.loops.is_empty() {
                found.commit(&mut self.m.funcs[id]);
                return Ok(());
            }
            let mut changed = !found.lens.is_empty();
            let f = &mut self.m.funcs[id];
            for (i, n) in found.lens {
                let d = &mut f.insts[i];
                d.op = ConstOp::Scalar(Scalar::U64(n)).into();
                d.args = vec![];
            }
            changed |= unroll::chosen(f, &found.loops, UNROLL);
            if !changed {
                return Err(Refused {
                    why: "loops over its items would become too long",
                    span: f.span,
                });
            }
            tidy_one(self.m, id);
        }
        Err(Refused {
            why: "its items are reached through more loops in one another than are unrolled",
            span: self.m.funcs[id].span,
        })
    }
    /// The version of a function for arguments of those types.
    fn version(&mut self, of: FuncId, types: &[Type], span: Span) -> Result<()> {
        if self.find(of, types).is_some() {
            return Ok(());
        }
        if self.made.len() >= VERSIONS {
            let why = "too many functions are called with it";
            return Err(Refused { why, span });
        }
        let func = specialise::version(self.m, of, types);
        self.made.push(Version {
            of,
            types: types.to_vec(),
            func,
            done: false,
        });
        let n = self.made.len() - 1;
        self.func(func, types)?;
        self.made[n].done = true;
        Ok(())
    }
    fn find(&self, of: FuncId, types: &[Type]) -> Option<&Version> {
        self.made.iter().find(|v| v.of == of && v.types == types)
    }
}

/// What is seen of a function in which sequences are to be records.
#[derive(Default)]
struct Found {
    /// The types of values that have records in the place of sequences.
    types: SecondaryMap<Value, Option<Type>>,
    /// Lengths that are known.
    lens: Vec<(Inst, u64)>,
    /// Loops whose counters are indices.
    loops: BTreeSet<Inst>,
    /// Versions of functions that are needed first.
    calls: Vec<(FuncId, Vec<Type>)>,
    /// What instructions become.
    new: Vec<(Inst, Op, Vec<Value>)>,
    /// What the function returns.
    results: Vec<Type>,
}

impl Found {
    fn commit(self, f: &mut Func) {
        for v in f.values.keys().collect::<Vec<_>>() {
            if let Some(ty) = &self.types[v] {
                f.values[v].ty = ty.clone();
            }
        }
        for (i, op, args) in self.new {
            let d = &mut f.insts[i];
            d.op = op;
            d.args = args;
        }
        f.results = self.results;
    }
}

struct Look<'a> {
    pass: &'a Apart<'a>,
    f: &'a Func,
    layout: Layout,
    found: Found,
    /// Whether something was met whose type is not known yet: what follows from there is seen in the next round.
    open: bool,
}

impl<'a> Look<'a> {
    fn new(pass: &'a Apart<'_>, f: &'a Func) -> Look<'a> {
        Look {
            pass,
            f,
            layout: Layout::of(f),
            found: Found::default(),
            open: false,
        }
    }
    /// That the value is of that type, if that has records where its own has sequences.
    fn note(&mut self, v: Value, ty: Type) {
        if is_apart(&ty, self.f.ty(v)) {
            self.found.types[v] = Some(ty);
        }
    }
    fn ty(&self, v: Value) -> Type {
        self.found.types[v]
            .clone()
            .unwrap_or_else(|| self.f.ty(v).clone())
    }
    fn is_noted(&self, v: Value) -> bool {
        self.found.types[v].is_some()
    }
    fn refused<T>(&self, i: Inst, why: &'static str) -> Result<T> {
        let span = self.f.insts[i].span;
        Err(Refused { why, span })
    }
    /// Regions nest to the verifier's bound at most.
    fn region(&mut self, r: Region) -> Result<()> {
        for &i in &self.f.regions[r].insts {
            self.inst(i)?;
            // Types of what comes after are not known yet.
            if self.open {
                return Ok(());
            }
        }
        if r == self.f.body {
            let own = self.f.regions[r].yields.iter().zip(&self.f.results);
            self.found.results = own
                .map(|(&v, ty)| self.found.types[v].clone().unwrap_or_else(|| ty.clone()))
                .collect();
        }
        Ok(())
    }
    fn inst(&mut self, i: Inst) -> Result<()> {
        let d = &self.f.insts[i];
        if !d.regions.is_empty() {
            return self.control(i);
        }
        if !d.args.iter().any(|&v| self.is_noted(v)) {
            return Ok(());
        }
        const WHOLE: &str =
            "the program uses it whole: only its length and its items, one by one, are known";
        match &d.op {
            Op::Place(op) => self.place(i, op),
            Op::Array(ArrayOp::Len) => match self.ty(d.args[0]) {
                Type::Record(items) => {
                    self.found.lens.push((i, items.len() as u64));
                    Ok(())
                }
                // Of a sequence whose items are apart.
                Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => Ok(()),
            },
            Op::Control(ControlOp::Call(g)) => self.call(i, *g, None),
            Op::Control(ControlOp::Derive { func, kind, wrt }) if *kind != DeriveKind::Batch => {
                self.call(i, *func, Some((*kind, wrt)))
            }
            Op::Const(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Array(_)
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
            | Op::Slot(_) => self.refused(i, WHOLE),
        }
    }
    /// A record, or an access by a path.
    fn place(&mut self, i: Inst, op: &PlaceOp) -> Result<()> {
        let d = &self.f.insts[i];
        let (path, own, make): (_, _, fn(Path) -> PlaceOp) = match op {
            PlaceOp::Record => {
                let ty = Type::record(d.args.iter().map(|&v| self.ty(v)));
                self.note(d.results[0], ty);
                return Ok(());
            }
            PlaceOp::Get(path) => (path, 1, PlaceOp::Get),
            PlaceOp::Update(path) => (path, 2, PlaceOp::Update),
            PlaceOp::AddAt(path) => (path, 2, PlaceOp::AddAt),
        };
        let mut ty = self.ty(d.args[0]);
        let mut indices = d.args[own..].iter();
        let (mut new, mut args) = (Vec::new(), d.args[..own].to_vec());
        for step in path {
            let next = match (step, &ty) {
                (Step::Field(k), Type::Record(fields)) => {
                    new.push(*step);
                    fields.get(*k as usize).cloned()
                }
                (Step::Index, Type::Record(items)) => {
                    let Some(&v) = indices.next() else {
                        return self.refused(i, "its accesses lack an index");
                    };
                    let Some(at) = int_constant(self.f, v) else {
                        self.unknown(i, v)?;
                        let result = d.results[0];
                        if own == 1 {
                            self.open |= has_seq(self.f.ty(result));
                        } else {
                            self.note(result, self.ty(d.args[0]));
                        }
                        return Ok(());
                    };
                    let at = u32::try_from(at).unwrap_or(u32::MAX);
                    new.push(Step::Field(at));
                    items.get(at as usize).cloned()
                }
                (Step::Index, other) => {
                    new.push(*step);
                    args.extend(indices.next());
                    other.element()
                }
                (Step::Field(_), _) => None,
            };
            let Some(next) = next else {
                return self.refused(i, "there is no such item: whenever it runs it traps");
            };
            ty = next;
        }
        let op = Op::Place(make(new));
        let types: Vec<Type> = args.iter().map(|&v| self.ty(v)).collect();
        let Ok(given) = ops::infer(&op, &types) else {
            let why = "another item is stored, of which it is not known that it has the extents of the one before";
            return self.refused(i, why);
        };
        self.found.new.push((i, op, args));
        for (&v, ty) in d.results.iter().zip(given) {
            self.note(v, ty);
        }
        Ok(())
    }
    /// An index is not known: the loops that decide it are unrolled.
    fn unknown(&mut self, i: Inst, index: Value) -> Result<()> {
        const DATA: &str = "which of its items is meant is known only when it runs: their extents differ, so take them by constants or by the counters of loops";
        let before = self.found.lens.len();
        let mut rest = vec![index];
        let mut seen = BTreeSet::new();
        while let Some(v) = rest.pop() {
            if !seen.insert(v) || int_constant(self.f, v).is_some() {
                continue;
            }
            match self.f.values[v].def {
                ValueDef::Param(r, k) => {
                    let owner = self.layout.owner[r];
                    let Some(at) = owner.filter(|&at| is_counted(self.f, at)) else {
                        return self.refused(i, DATA);
                    };
                    let d = &self.f.insts[at];
                    rest.extend(&d.args[..2]);
                    if k > 0 {
                        // Carried: what it is after some iterations follows from these.
                        rest.push(d.args[1 + k as usize]);
                        rest.push(self.f.regions[r].yields[k as usize - 1]);
                    }
                    if d.args[..2]
                        .iter()
                        .all(|&v| int_constant(self.f, v).is_some())
                    {
                        self.found.loops.insert(at);
                    }
                }
                ValueDef::Result(at, k) => {
                    let d = &self.f.insts[at];
                    match &d.op {
                        Op::Unary(_)
                        | Op::Binary(_)
                        | Op::Ternary(_)
                        | Op::Compare(_)
                        | Op::Convert(_) => rest.extend(&d.args),
                        Op::Control(ControlOp::If | ControlOp::Switch) => {
                            rest.extend(&d.args);
                            let yields = d.regions.iter().map(|&q| &self.f.regions[q].yields);
                            rest.extend(yields.map(|y| y[k as usize]));
                        }
                        Op::Control(ControlOp::For) => {
                            let inner = self.f.regions[d.regions[0]].params[1 + k as usize];
                            rest.push(inner);
                        }
                        // A length, which is put in now.
                        Op::Array(ArrayOp::Len) if self.is_noted(d.args[0]) => {}
                        Op::Control(_)
                        | Op::Const(_)
                        | Op::Place(_)
                        | Op::Array(_)
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
                        | Op::Effect(_)
                        | Op::Slot(_) => return self.refused(i, DATA),
                    }
                }
            }
        }
        // What decides it is unrolled already, or will be when the bounds of that are known.
        if before == 0 && self.found.loops.is_empty() {
            return self.refused(i, DATA);
        }
        Ok(())
    }
    fn call(&mut self, i: Inst, g: FuncId, derive: Option<(DeriveKind, &Vec<u32>)>) -> Result<()> {
        let d = &self.f.insts[i];
        let callee = &self.pass.m.funcs[g];
        if callee.rule.is_some() {
            let why = "a function with a derivative rule of its own takes it";
            return self.refused(i, why);
        }
        let n = callee.params().len();
        let types: Vec<Type> = d.args[..n].iter().map(|&v| self.ty(v)).collect();
        let own = callee.param_types();
        if !types.iter().zip(&own).any(|(t, own)| is_apart(t, own)) {
            return self.refused(i, "a derivative is taken in its direction");
        }
        let Some(version) = self.pass.find(g, &types) else {
            self.found.calls.push((g, types));
            self.open = true;
            return Ok(());
        };
        let results = self.pass.m.funcs[version.func].results.clone();
        if !version.done && results.iter().any(has_seq) {
            return self.refused(i, "a recursive function gives sequences");
        }
        let version = version.func;
        let (op, results) = match derive {
            None => (ControlOp::Call(version), results),
            Some((kind, wrt)) => {
                let params = self.pass.m.funcs[version].param_types();
                let Ok(results) = verify::derived(&params, &results, kind, wrt) else {
                    return self.refused(i, "it has no such derivative");
                };
                let op = ControlOp::Derive {
                    func: version,
                    kind,
                    wrt: wrt.clone(),
                };
                (op, results)
            }
        };
        self.found.new.push((i, op.into(), d.args.clone()));
        for (&v, ty) in d.results.iter().zip(results) {
            self.note(v, ty);
        }
        Ok(())
    }
    /// Branches and loops, which may give and carry it.
    fn control(&mut self, i: Inst) -> Result<()> {
        const UNLIKE: &str =
            "it is a sequence of other extents on another way, or in another iteration";
        let d = &self.f.insts[i];
        let Op::Control(op) = &d.op else {
            return self.refused(i, "an operation with a region takes it");
        };
        let (inits, skip) = match op {
            ControlOp::For => (&d.args[2..], 1),
            ControlOp::While => (&d.args[..], 0),
            ControlOp::If
            | ControlOp::Switch
            | ControlOp::Map
            | ControlOp::Call(_)
            | ControlOp::Derive { .. } => (&[][..], 0),
        };
        for (k, &v) in inits.iter().enumerate() {
            for &r in &d.regions {
                self.note(self.f.regions[r].params[skip + k], self.ty(v));
            }
        }
        for &r in &d.regions {
            self.region(r)?;
            if self.open {
                return Ok(());
            }
        }
        let is_loop = matches!(op, ControlOp::For | ControlOp::While);
        for (k, &v) in d.results.iter().enumerate() {
            // Of a loop the body, which is the last region.
            let regions = if is_loop {
                &d.regions[d.regions.len() - 1..]
            } else {
                &d.regions[..]
            };
            let made: Vec<Type> = regions
                .iter()
                .filter_map(|&r| self.f.regions[r].yields.get(k).map(|&y| self.ty(y)))
                .collect();
            let Some(first) = made.first() else { continue };
            let ty = match inits.get(k) {
                Some(&init) => self.ty(init),
                None => first.clone(),
            };
            let noted = is_apart(&ty, self.f.ty(v));
            if noted && made.iter().any(|t| !t.fits(&ty))
                || !noted && made.iter().any(|t| is_apart(t, self.f.ty(v)))
            {
                return self.refused(i, UNLIKE);
            }
            self.note(v, ty);
        }
        Ok(())
    }
}

/// Whether there are sequences in it.
fn has_seq(ty: &Type) -> bool {
    match ty {
        Type::Tensor(_) => false,
        Type::Record(fields) => fields.iter().any(has_seq),
        Type::Seq(_) | Type::Stack(_) => true,
    }
}

fn is_counted(f: &Func, i: Inst) -> bool {
    matches!(f.insts[i].op, Op::Control(ControlOp::For))
}
