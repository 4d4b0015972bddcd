//! A function for arguments whose extents are known: what follows from them is known in it.
//!
//! The types of Rust's `Vec` and slices say `?` where a run's arguments have a number. [`specialise`] makes a version of a function whose parameters say
//! that number, and lets it run through the program until nothing more becomes known: types follow their operands, what a loop carries too
//! ([`sharpen::loops_from`]); lengths become constants, and so do the extents of arrays that are made by them; a function
//! that is called with sharper arguments gets a version of its own. Then loops have bounds that are known, rows have one length, and
//! [`vectorize`](super::vectorize) can make array operations of them.
//!
//! A function that calls itself gets a version for each integer that it is called with and that is known: so recursion that a number ends is straight code.
//! Short sequences of unlike items become records ([`items`]).
//!
//! A part `a[lo..hi]` of which only the length is known is followed by a `reshape` to that length, which changes nothing.
//!
//! The new functions stand behind those that were there, which stay as they are.

use crate::entity::{FuncId, Inst, Value};
use crate::ir::{
    ArrayOp, ConstOp, ControlOp, DeriveKind, Dim, Func, IndexOp, InstData, Module, Op, ShapeOp,
    Type, ValueDef,
};
use crate::pass::callgraph::CallGraph;
use crate::pass::facts::{constant, int_constant};
use crate::pass::inline::{self, Policy};
use crate::pass::layout::{Change, Layout, Use, place};
use crate::pass::ranges::{self, Ranges};
use crate::pass::{optimize_from, sharpen, tidy_one};
use crate::transform::items::{self, Refused};
use crate::value::Scalar;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// How often what is known is carried on.
const ROUNDS: usize = 8;

/// How many versions of functions are made at most: recursion may ask for ever more.
const VERSIONS: usize = 64;

/// What is inlined: all that is called, as far as a function does not become too large. What a caller knows is then known in the callee.
const INLINE: Policy = Policy {
    small: 200,
    few: 4000,
    once: 20_000,
    limit: 40_000,
};

/// Adds the version of `func` for arguments of these types, which fit those of its parameters, and returns it. Where `known` has a
/// value for a scalar parameter, it is that value in the version. Where a type is a record and the parameter a sequence, it has a field for each item.
/// The module is lowered.
///
/// # Errors
/// If a sequence cannot be a record.
pub fn specialise(
    m: &mut Module,
    func: FuncId,
    types: &[Type],
    known: &[Option<Scalar>],
) -> Result<FuncId, Refused> {
    let first = m.funcs.next_key();
    let mut root = version(m, func, types);
    insert_known(&mut m.funcs[root], known);
    let own = m.funcs[func].param_types();
    if types
        .iter()
        .zip(&own)
        .any(|(t, own)| items::is_apart(t, own))
    {
        inline::within(m, INLINE, &|id| id >= first);
        root = optimize_from(m, first, &[root])[0];
        items::apart(m, root, types)?;
    }
    Ok(carry(m, first, root))
}

/// Carries what is known on in a function and all that it calls, after something was made of a version. Returns its new number; functions
/// that it does not need are gone.
pub fn settle(m: &mut Module, root: FuncId) -> FuncId {
    carry(m, FuncId(0), root)
}

/// Carries what is known on in one function, after a part of it was replaced.
pub(super) fn refresh(m: &mut Module, id: FuncId) {
    for _ in 0..ROUNDS {
        sharpen::loops_of(m, id);
        let f = &mut m.funcs[id];
        let changed = ranges::func(f) | extents(f);
        tidy_one(m, id);
        if !changed {
            return;
        }
    }
}

fn carry(m: &mut Module, first: FuncId, mut root: FuncId) -> FuncId {
    inline::within(m, INLINE, &|id| id >= first);
    let mut made = Vec::new();
    let mut rounds = 0;
    while rounds < ROUNDS {
        root = optimize_from(m, first, &[root])[0];
        sharpen::loops_from(m, first);
        let mut changed = false;
        let (before, graph) = (made.len(), CallGraph::of(m));
        for id in m.funcs.keys().filter(|&id| id >= first).collect::<Vec<_>>() {
            changed |= ranges::func(&mut m.funcs[id]);
            changed |= extents(&mut m.funcs[id]);
            changed |= results(&mut m.funcs[id]);
            changed |= calls(m, id, &graph, &mut made);
        }
        if !changed {
            break;
        }
        // Every call of a recursion is made in a round of its own; there are so many versions at most.
        rounds += usize::from(made.len() == before);
    }
    optimize_from(m, first, &[root])[0]
}

/// A copy of a function with sharper parameters.
pub(super) fn version(m: &mut Module, func: FuncId, types: &[Type]) -> FuncId {
    let mut f = m.funcs[func].clone();
    f.name = m.fresh_name(&format!("{}.at", f.name));
    let params = f.regions[f.body].params.clone();
    for (&v, ty) in params.iter().zip(types) {
        if ty.fits(f.ty(v)) {
            f.values[v].ty = ty.clone();
        }
    }
    m.funcs.push(f)
}

/// Puts constants in the place of scalar parameters.
fn insert_known(f: &mut Func, known: &[Option<Scalar>]) {
    let params = f.regions[f.body].params.clone();
    let mut subst = crate::pass::subst::Subst::new();
    let mut new = Vec::new();
    for (&v, s) in params.iter().zip(known) {
        let Some(s) = s.filter(|s| *f.ty(v) == Type::scalar(s.dtype())) else {
            continue;
        };
        let ty = f.ty(v).clone();
        let i = f.make_inst(ConstOp::Scalar(s).into(), vec![], vec![], &[ty], f.span);
        subst.set(v, f.insts[i].results[0]);
        new.push(i);
    }
    subst.apply(f);
    let body = f.body;
    f.regions[body].insts.splice(0..0, new);
}

/// The types that a function returns, as sharp as what it returns.
fn results(f: &mut Func) -> bool {
    let mut changed = false;
    for k in 0..f.results.len() {
        let ty = f.ty(f.regions[f.body].yields[k]).clone();
        if ty != f.results[k] && ty.fits(&f.results[k]) {
            f.results[k] = ty;
            changed = true;
        }
    }
    changed
}

/// A version of a function, by the names of both: numbers change.
struct Made {
    of: String,
    types: Vec<Type>,
    known: Vec<Option<Scalar>>,
    name: String,
}

/// Versions of the functions that this one calls with sharper arguments than they ask for. Of a function that calls itself integers that are known
/// make it another too.
fn calls(m: &mut Module, id: FuncId, graph: &CallGraph, made: &mut Vec<Made>) -> bool {
    let mut sites: Vec<(Inst, FuncId, Vec<Type>, Vec<Option<Scalar>>)> = Vec::new();
    let f = &m.funcs[id];
    f.visit(f.body, &mut |i, d| {
        let g = match &d.op {
            Op::Control(ControlOp::Call(g)) => *g,
            Op::Control(ControlOp::Derive { func, kind, .. }) if *kind != DeriveKind::Batch => {
                *func
            }
            _ => return,
        };
        let callee = &m.funcs[g];
        let args = || d.args.iter().take(callee.params().len());
        let types: Vec<Type> = args().map(|&v| f.ty(v).clone()).collect();
        let recursive = graph.recursive.get(g).is_some_and(|&r| r);
        let had = made.iter().find(|v| v.name == callee.name);
        let had = |k: usize| had.and_then(|v| v.known.get(k).copied().flatten());
        let integer = |(k, &v): (usize, &Value)| {
            let s = constant(f, v).filter(|s| s.as_int().is_some());
            s.filter(|_| recursive && had(k) != s)
        };
        let known: Vec<Option<Scalar>> = args().enumerate().map(integer).collect();
        // A rule is a function of its own, of exactly these types.
        if callee.rule.is_none()
            && (types != callee.param_types() || known.iter().any(Option::is_some))
        {
            sites.push((i, g, types, known));
        }
    });
    let mut changed = false;
    for (i, g, types, known) in sites {
        let of = &m.funcs[g].name;
        let same = |v: &&Made| v.of == *of && v.types == types && v.known == known;
        let have = made.iter().find(same).and_then(|v| m.find(&v.name));
        let new = match have {
            Some(new) if new == g => continue,
            Some(new) => new,
            None if made.len() < VERSIONS => {
                let of = of.clone();
                let new = version(m, g, &types);
                insert_known(&mut m.funcs[new], &known);
                let name = m.funcs[new].name.clone();
                made.push(Made {
                    of,
                    types,
                    known,
                    name,
                });
                new
            }
            None => continue,
        };
        match &mut m.funcs[id].insts[i].op {
            Op::Control(ControlOp::Call(g)) => *g = new,
            Op::Control(ControlOp::Derive { func, .. }) => *func = new,
            _ => {}
        }
        changed = true;
    }
    changed
}

/// Extents that operands decide, where these are constants now.
fn extents(f: &mut Func) -> bool {
    let mut found = Vec::new();
    {
        let layout = Layout::of(f);
        let mut ranges = Ranges::of(f);
        f.visit(f.body, &mut |i, _| {
            if let Some(new) = known(f, &layout, &mut ranges, i) {
                found.push((i, new));
            }
        });
    }
    let mut changes = Vec::new();
    let changed = !found.is_empty();
    for (i, new) in found {
        match new {
            Known::Op(op, args, ty) => {
                let d = &mut f.insts[i];
                d.op = op.into();
                d.args = args;
                let v = d.results[0];
                f.values[v].ty = ty;
            }
            Known::Part(op, of, ty) => {
                let span = f.insts[i].span;
                let part = f.make_inst(op.into(), vec![of], vec![], &[ty], span);
                let v = f.insts[part].results[0];
                let to = f.ty(f.insts[i].results[0]).as_tensor();
                let shape = to.map(|t| t.shape.clone()).unwrap_or_default();
                let d = &mut f.insts[i];
                d.op = ShapeOp::Reshape(shape).into();
                d.args = vec![v];
                changes.push(Change::before(i, vec![part]));
            }
            Known::Cast(ty) => {
                let whole = f.insts[i].results[0];
                let part = f.values.push(crate::ir::ValueData {
                    ty: f.ty(whole).clone(),
                    def: ValueDef::Result(i, 0),
                });
                f.insts[i].results[0] = part;
                let shape = ty.as_tensor().map(|t| t.shape.clone()).unwrap_or_default();
                let cast = f.make_inst(
                    ShapeOp::Reshape(shape).into(),
                    vec![part],
                    vec![],
                    &[ty],
                    f.insts[i].span,
                );
                let made = f.insts[cast].results[0];
                // The reshaped value takes the name that is used.
                f.values[whole].ty = f.ty(made).clone();
                f.values[whole].def = ValueDef::Result(cast, 0);
                f.insts[cast].results[0] = whole;
                changes.push(Change::after(i, vec![cast]));
            }
        }
    }
    if !changes.is_empty() {
        place(f, changes);
    }
    changed
}

/// What an instruction with known extents becomes.
enum Known {
    /// Another operation, of that type.
    Op(ShapeOp, Vec<Value>, Type),
    /// The same, and after it a reshape to that type.
    Cast(Type),
    /// That operation, of that type, and then a reshape to what it was.
    Part(ShapeOp, Value, Type),
}

fn known(f: &Func, layout: &Layout, ranges: &mut Ranges<'_>, i: Inst) -> Option<Known> {
    let d = &f.insts[i];
    let count = |v: Value| int_constant(f, v).and_then(|n| u64::try_from(n).ok());
    let ty = f.ty(*d.results.first()?).as_tensor()?.clone();
    if let Op::Index(IndexOp::Gather(axis)) = d.op {
        return row(f, d, axis);
    }
    if ty.shape.iter().all(|n| n.known().is_some()) {
        return None;
    }
    let of = |shape: Vec<Dim>| Type::tensor(ty.dtype, shape);
    match &d.op {
        Op::Array(ArrayOp::Fill) => {
            let n = count(d.args[1])?;
            let mut shape = f.ty(d.args[0]).as_tensor()?.shape.clone();
            let dims = (1..=shape.len() as u32).collect();
            shape.insert(0, Dim::Known(n));
            shape.iter().all(|n| n.known().is_some()).then(|| {
                let op = ShapeOp::Broadcast {
                    shape: shape.clone(),
                    dims,
                };
                Known::Op(op, vec![d.args[0]], of(shape))
            })
        }
        Op::Array(ArrayOp::Slice) => {
            let from = f.ty(d.args[0]).as_tensor()?;
            let extents: Option<Vec<u64>> = from.shape.iter().map(|n| n.known()).collect();
            if let (Some(all), Some(lo), Some(hi)) = (&extents, count(d.args[1]), count(d.args[2]))
                && lo <= hi
                && hi <= all[0]
            {
                let mut parts: Vec<(u64, u64, u64)> = all.iter().map(|&n| (0, n, 1)).collect();
                parts[0] = (lo, hi, 1);
                let mut shape = from.shape.clone();
                shape[0] = Dim::Known(hi - lo);
                return Some(Known::Op(
                    ShapeOp::StridedSlice(parts),
                    vec![d.args[0]],
                    of(shape),
                ));
            }
            let cast = |u: &Use| match u {
                Use::Arg(j, 0) => matches!(f.insts[*j].op, Op::Shape(ShapeOp::Reshape(_))),
                Use::Arg(..) | Use::Yield(..) => false,
            };
            if layout.uses[d.results[0]].iter().all(cast) {
                return None;
            }
            let n = ranges.difference(d.args[2], d.args[1])?;
            let mut shape = from.shape.clone();
            shape[0] = Dim::Known(u64::try_from(n).ok()?);
            shape
                .iter()
                .all(|n| n.known().is_some())
                .then(|| Known::Cast(of(shape)))
        }
        Op::Shape(ShapeOp::Reshape(shape)) => {
            let (shape, args) = filled(f, shape, &d.args, 1)?;
            Some(Known::Op(ShapeOp::Reshape(shape.clone()), args, of(shape)))
        }
        Op::Shape(ShapeOp::Broadcast { shape, dims }) => {
            let (shape, args) = filled(f, shape, &d.args, 1)?;
            let op = ShapeOp::Broadcast {
                shape: shape.clone(),
                dims: dims.clone(),
            };
            Some(Known::Op(op, args, of(shape)))
        }
        Op::Shape(ShapeOp::Iota { dtype, shape, axis }) => {
            let (shape, args) = filled(f, shape, &d.args, 0)?;
            let op = ShapeOp::Iota {
                dtype: *dtype,
                shape: shape.clone(),
                axis: *axis,
            };
            Some(Known::Op(op, args, of(shape)))
        }
        _ => None,
    }
}

/// One row of a tensor, by an index that is a constant: no indices are needed to take it, nor to add to it.
fn row(f: &Func, d: &InstData, axis: u32) -> Option<Known> {
    let from = f.ty(d.args[0]).as_tensor()?;
    let extents: Vec<u64> = from
        .shape
        .iter()
        .map(|n| n.known())
        .collect::<Option<_>>()?;
    let at = u64::try_from(int_constant(f, d.args[1])?).ok()?;
    let axis = axis as usize;
    if !f.ty(d.args[1]).is_scalar() || at >= extents[axis] {
        return None;
    }
    let mut parts: Vec<(u64, u64, u64)> = extents.iter().map(|&n| (0, n, 1)).collect();
    parts[axis] = (at, at + 1, 1);
    let mut shape = from.shape.clone();
    shape[axis] = Dim::Known(1);
    Some(Known::Part(
        ShapeOp::StridedSlice(parts),
        d.args[0],
        Type::tensor(from.dtype, shape),
    ))
}

/// A shape with the operands that are constants put in; `None` if there is none.
fn filled(f: &Func, shape: &[Dim], args: &[Value], head: usize) -> Option<(Vec<Dim>, Vec<Value>)> {
    let mut rest = args[head..].iter();
    let mut kept = args[..head].to_vec();
    let mut out = Vec::with_capacity(shape.len());
    let mut any = false;
    for &n in shape {
        let v = match n {
            Dim::Known(_) => {
                out.push(n);
                continue;
            }
            Dim::Dynamic => *rest.next()?,
        };
        match int_constant(f, v).and_then(|n| u64::try_from(n).ok()) {
            Some(n) => {
                any = true;
                out.push(Dim::Known(n));
            }
            None => {
                kept.push(v);
                out.push(Dim::Dynamic);
            }
        }
    }
    any.then_some((out, kept))
}
