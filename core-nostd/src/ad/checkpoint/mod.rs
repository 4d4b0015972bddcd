//! Checkpoints: loops and functions of which reverse mode keeps states instead of residuals.
//!
//! A program marks them with [`EffectOp::Checkpoint`]. Before a function is differentiated in reverse, each marked loop becomes a
//! function of its own ([`outline`]), with a reverse rule: its cotangents are computed from its arguments alone, by
//! [`drive`], which keeps states of the loop as [`schedule`] says, goes back to them, and reverses one iteration at a
//! time. A marked function gets the rule that computes it again. Rules are ordinary functions, so derivatives of any order follow.
//!
//! What the loop uses of its surroundings are arguments as well, and the function of one iteration returns those that have
//! cotangents: so these accumulate in place from iteration to iteration.

mod drive;
mod kept;
pub mod schedule;
pub mod unbounded;

pub use kept::{Kept, kept};

use super::expand::reaches;
use super::outline::{Again, Needs};
use crate::entity::{FuncId, Inst, Region, Value};
use crate::error::AdError;
use crate::ir::{
    Budget, Builder, ControlOp, CustomRule, DeriveKind, EffectOp, Func, Module, Op, Span, Type,
};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashSet;

/// A marked loop as functions.
struct Loop {
    /// The values that iterations hand on.
    state: Vec<Type>,
    /// What it uses of its surroundings.
    captured: Vec<Type>,
    /// The type of the index, if it counts.
    index: Option<Type>,
    budget: Budget,
    /// `(index?, state.., captured..) -> (state..)`
    body: FuncId,
    /// As `body`, but returns the captured values that have a tangent space as well.
    step: FuncId,
    /// `(state.., captured..) -> (bool)`, if it does not count.
    cond: Option<FuncId>,
}

impl Loop {
    /// The parameters of the function of the whole loop: bounds, initial state, budget, captured values.
    fn params(&self) -> Vec<Type> {
        let bounds = self.index.iter().flat_map(|t| [t.clone(), t.clone()]);
        bounds
            .chain(self.state.iter().cloned())
            .chain([crate::ir::DType::U64.into()])
            .chain(self.captured.iter().cloned())
            .collect()
    }
}

/// A mark, and what it marks.
struct Mark {
    at: Inst,
    budget: Budget,
    operand: Value,
    /// The loops around it, innermost last.
    loops: Vec<Inst>,
}

fn marks(f: &Func, r: Region, loops: &mut Vec<Inst>, out: &mut Vec<Mark>) {
    for &i in &f.regions[r].insts {
        let d = &f.insts[i];
        if let Op::Effect(EffectOp::Checkpoint(budget)) = &d.op {
            out.push(Mark {
                at: i,
                budget: *budget,
                operand: d.args[0],
                loops: loops.clone(),
            });
        }
        let is_loop = matches!(d.op, Op::Control(ControlOp::While | ControlOp::For));
        loops.extend(is_loop.then_some(i));
        for &q in &d.regions {
            marks(f, q, loops, out);
        }
        if is_loop {
            loops.pop();
        }
    }
}

/// The marked loops of a function that are in no other marked loop, each with its first mark.
fn outermost(f: &Func) -> Vec<(Inst, Mark)> {
    let mut all = Vec::new();
    marks(f, f.body, &mut Vec::new(), &mut all);
    let marked: HashSet<Inst> = all.iter().filter_map(|m| m.loops.last().copied()).collect();
    let mut seen = HashSet::new();
    all.into_iter()
        .filter_map(|m| {
            let (&i, outer) = m.loops.split_last()?;
            let first = !outer.iter().any(|o| marked.contains(o)) && seen.insert(i);
            first.then_some((i, m))
        })
        .collect()
}

/// Makes the marked loops of these functions functions with rules.
pub(super) fn outline(m: &mut Module, funcs: &[FuncId]) -> Result<(), AdError> {
    for &id in funcs {
        for (i, mark) in outermost(&m.funcs[id]) {
            one(m, id, i, &mark)?;
        }
    }
    Ok(())
}

/// Whether a function is marked as a whole: by a mark in no loop.
pub(super) fn is_marked(f: &Func) -> bool {
    let mut all = Vec::new();
    marks(f, f.body, &mut Vec::new(), &mut all);
    all.iter().any(|m| m.loops.is_empty())
}

/// What is computed again must not need itself: its derivative would be made of its own derivative.
fn check(m: &Module, id: FuncId, calls: &[FuncId], span: Span) -> Result<(), AdError> {
    if !calls
        .iter()
        .any(|&g| reaches(m, g, &[id].into_iter().collect()))
    {
        return Ok(());
    }
    Err(AdError::NotDifferentiable {
        op: "checkpoint".into(),
        why: "what it marks calls the function that it is in; take the recursion out of it, or the mark",
        file: m.files.get(span.file).cloned().unwrap_or_default(),
        line: span.line,
        col: span.col,
    })
}

/// The functions that a region calls.
fn calls(f: &Func, r: Region) -> Vec<FuncId> {
    let mut out = Vec::new();
    f.visit(r, &mut |_, d| {
        if let Op::Control(ControlOp::Call(g)) = d.op {
            out.push(g);
        }
    });
    out
}

/// Removes all marks: where nothing is differentiated any more, they would only be in the way.
pub fn forget(f: &mut Func) {
    let mark = |i: &Inst| matches!(f.insts[*i].op, Op::Effect(EffectOp::Checkpoint(_)));
    for r in f.regions.values_mut() {
        r.insts.retain(|i| !mark(i));
    }
}

/// Gives a copy of the function `of`, which is marked as a whole, the rule that computes it again.
pub(super) fn recompute(m: &mut Module, of: FuncId, id: FuncId) -> Result<(), AdError> {
    let f = &m.funcs[of];
    check(m, of, &calls(f, f.body), f.span)?;
    let mut plain = m.funcs[id].clone();
    plain.name = m.fresh_name(&format!("{}.again", plain.name));
    unmark(&mut plain);
    let (params, results) = (plain.param_types(), plain.results.clone());
    let span = plain.span;
    let plain = m.funcs.push(plain);
    let cts = results
        .iter()
        .filter(|t| t.has_tangent())
        .map(Type::tangent);
    let all: Vec<Type> = params.iter().cloned().chain(cts).collect();
    let name = m.fresh_name(&format!("{}.backward", m.funcs[id].name));
    let mut b = Builder::new(name, &all);
    b.func.span = span;
    let args = b.params();
    let out = vjp(&mut b, plain, &params, &results, &args);
    let backward = b.finish(&out).map_err(AdError::Build)?;
    let backward = m.funcs.push(backward);
    m.funcs[id].rule = Some(CustomRule::Vjp(backward));
    Ok(())
}

/// The cotangents of the parameters that have a tangent space.
fn vjp(
    b: &mut Builder,
    func: FuncId,
    params: &[Type],
    results: &[Type],
    args: &[Value],
) -> Vec<Value> {
    let wrt: Vec<u32> = (0..)
        .zip(params)
        .filter(|(_, t)| t.has_tangent())
        .map(|(k, _)| k)
        .collect();
    let tangents = params.iter().filter(|t| t.has_tangent()).map(Type::tangent);
    let tys: Vec<Type> = results.iter().cloned().chain(tangents).collect();
    let op = ControlOp::Derive {
        func,
        kind: DeriveKind::Vjp,
        wrt,
    };
    let i = b.raw(op, args, &[], &tys);
    b.func.insts[i].results[results.len()..].to_vec()
}

/// Replaces a marked loop by a call of a function with a rule.
fn one(m: &mut Module, id: FuncId, i: Inst, mark: &Mark) -> Result<(), AdError> {
    let f = m.funcs[id].clone();
    let d = f.insts[i].clone();
    for &r in &d.regions {
        check(m, id, &calls(&f, r), d.span)?;
    }
    let counted = matches!(d.op, Op::Control(ControlOp::For));
    let head = if counted { 2 } else { 0 };
    let name = m.fresh_name(&format!("{}.loop", f.name));
    // The budget may be a constant inside; otherwise it must be known outside.
    let budget = f
        .def_inst(mark.operand)
        .filter(|&c| matches!(f.insts[c].op, Op::Const(_)));
    if budget.is_none() && !f.captured(i).contains(&mark.operand) {
        return Err(AdError::NotDifferentiable {
            op: crate::ops::name(&f.insts[mark.at].op),
            why: "the budget of checkpoints must be known before the loop",
            file: m.files.get(d.span.file).cloned().unwrap_or_default(),
            line: d.span.line,
            col: d.span.col,
        });
    }
    let needs = Needs::of(&f, i, &[], Again::Constants);
    let captured = &needs.captured;
    let body_region = d.regions[d.regions.len() - 1];
    let params = &f.regions[body_region].params;
    let (index, state) = params.split_at(usize::from(counted));
    let types = |vs: &[Value]| -> Vec<Type> { vs.iter().map(|&v| f.ty(v).clone()).collect() };
    let (state_tys, captured_tys) = (types(state), types(captured));

    // A region as a function.
    let function =
        |m: &mut Module, end: &str, r: Region, returns: &dyn Fn(&[Value]) -> Vec<usize>| {
            let params = &f.regions[r].params;
            let mut tys = types(params);
            tys.extend(captured_tys.iter().cloned());
            let mut b = Builder::new(m.fresh_name(&format!("{name}.{end}")), &tys);
            b.func.span = d.span;
            let new = b.params();
            let mut copier = needs.given(&mut b, &f, &new[params.len()..]);
            copier.map_all(params, &new[..params.len()]);
            let mut out = copier.insts(&mut b, Some(&f), r);
            out.extend(returns(captured).into_iter().map(|k| new[params.len() + k]));
            let func = b.finish(&out).map_err(AdError::Build)?;
            Ok::<FuncId, AdError>(m.funcs.push(func))
        };
    let nothing = |_: &[Value]| Vec::new();
    let with_tangents = |vs: &[Value]| -> Vec<usize> {
        (0..vs.len())
            .filter(|&k| f.ty(vs[k]).has_tangent())
            .collect()
    };
    let body = function(m, "body", body_region, &nothing)?;
    let step = function(m, "step", body_region, &with_tangents)?;
    for g in [body, step] {
        // What iterations hand on has the types of the loop's parameters.
        m.funcs[g].results[..state_tys.len()].clone_from_slice(&state_tys);
        unmark(&mut m.funcs[g]);
    }
    let cond = match counted {
        true => None,
        false => Some(function(m, "cond", d.regions[0], &nothing)?),
    };
    let l = Loop {
        index: index.first().map(|&v| f.ty(v).clone()),
        state: state_tys,
        captured: captured_tys,
        budget: mark.budget,
        body,
        step,
        cond,
    };

    // The loop itself, mark and all: its own derivative is taken where this one's is.
    let mut b = Builder::new(name, &l.params());
    b.func.span = d.span;
    let new = b.params();
    let n = l.state.len();
    let mut copier = needs.given(&mut b, &f, &new[head + n + 1..]);
    let regions: Vec<Region> = d
        .regions
        .iter()
        .map(|&r| copier.region(&mut b, Some(&f), r))
        .collect();
    let out = b.region_op(
        if counted {
            ControlOp::For
        } else {
            ControlOp::While
        },
        &new[..head + n],
        &regions,
    );
    let whole = b.finish(&out).map_err(AdError::Build)?;
    let whole = m.funcs.push(whole);
    let backward = drive::backward(m, &l, whole)?;
    m.funcs[whole].rule = Some(CustomRule::Vjp(backward));

    // The call in its place.
    let mut args: Vec<Value> = d.args.clone();
    let func = &mut m.funcs[id];
    let mut new = Vec::new();
    args.push(match budget {
        None => mark.operand,
        Some(c) => {
            let c = func.insts[c].clone();
            let tys: Vec<Type> = c.results.iter().map(|&v| func.ty(v).clone()).collect();
            let c = func.make_inst(c.op, vec![], vec![], &tys, c.span);
            new.push(c);
            func.insts[c].results[0]
        }
    });
    args.extend(captured);
    let data = &mut func.insts[i];
    data.op = ControlOp::Call(whole).into();
    data.args = args;
    data.regions = vec![];
    crate::pass::layout::place(func, vec![crate::pass::layout::Change::before(i, new)]);
    Ok(())
}

/// Removes the marks that are not in a loop.
fn unmark(f: &mut Func) {
    fn region(f: &mut Func, r: Region) {
        let insts = core::mem::take(&mut f.regions[r].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for i in insts {
            match &f.insts[i].op {
                Op::Effect(EffectOp::Checkpoint(_)) => continue,
                Op::Control(ControlOp::If | ControlOp::Switch) => {
                    for q in f.insts[i].regions.clone() {
                        region(f, q);
                    }
                }
                _ => {}
            }
            kept.push(i);
        }
        f.regions[r].insts = kept;
    }
    region(f, f.body);
}
