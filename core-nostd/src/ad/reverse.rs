//! Reverse mode: forward and backward functions per jvp function, cotangent mask and accumulator mask.
//!
//! Functions of a recursive cycle keep their residuals on one stack, threaded through all of them: a forward function pushes its record last,
//! its backward function pops it first, so calls in between nest. The record's type is the fields of all functions of
//! the cycle in a row; it is known when all their backward functions are made, until then a placeholder stands for it.

use super::demand::{Demands, Key};
use super::forward::Layout;
use super::jvp::{JvpKey, select};
use super::linear::Marks;
use super::{Ad, Mask, Vjp};
use crate::entity::{FuncId, Inst, Value};
use crate::error::AdError;
use crate::ir::{Builder, ControlOp, CustomRule, DeriveKind, Func, Op, PlaceOp, Step, Type};
use alloc::format;
use alloc::vec::Vec;
use hashbrown::{HashMap, HashSet};

/// How many calls may nest (other than recursively) in a program to be differentiated: bounds this module's recursion.
const MAX_NESTING: usize = 256;

/// Which vjp of a jvp function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct VjpKey {
    pub(crate) jvp: FuncId,
    /// Which tangent results have a cotangent.
    pub(crate) cts: Mask,
    /// For which tangent parameters an accumulator goes in, to come out with the cotangent added.
    pub(crate) accs: Mask,
}

/// The primal part of a jvp function's signature: the rest are tangents.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct JvpShape {
    pub(crate) params: usize,
    pub(crate) results: usize,
}

/// Something the backward function takes from its caller.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Operand {
    /// An operand of the call.
    Value(usize),
    /// Its extent along an axis.
    Extent(usize, u32),
}

/// A forward and a backward function.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) forward: FuncId,
    pub(crate) backward: FuncId,
    pub(crate) residuals: Vec<Type>,
    /// What the backward function takes of the call's operands, after the residuals.
    pub(crate) operands: Vec<Operand>,
    /// The residuals are one stack (of type `stack`), in and out of both functions.
    pub(crate) recursive: bool,
    pub(crate) stack: Type,
    /// Asked for from within the cycle that it belongs to.
    pub(crate) within: bool,
}

/// The pairs made so far, and the cycles being worked on.
#[derive(Default)]
pub(crate) struct Pairs {
    made: HashMap<VjpKey, Pair>,
    cycles: Vec<Cycle>,
    nesting: usize,
    marks: HashMap<FuncId, Marks>,
}

impl Pairs {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.made.len()
    }
}

struct Cycle {
    members: HashSet<FuncId>,
    queue: Vec<VjpKey>,
    done: Vec<Member>,
}

struct Member {
    key: VjpKey,
    demands: Demands,
    fields: Vec<Inst>,
}

/// Stands for the stack type of a cycle until it is known. No program has this type: a stack holds records.
fn hole() -> Type {
    Type::stack(Type::stack(Type::stack(Type::unit())))
}

impl Ad<'_> {
    /// Registers the signatures of all jvp functions, and of the users' jvp rules.
    fn register_shapes(&mut self) {
        for (key, j) in &self.jvps {
            let f = &self.m.funcs[key.func];
            self.shapes.insert(
                j.id,
                JvpShape {
                    params: f.params().len(),
                    results: f.results.len(),
                },
            );
        }
        for f in self.m.funcs.values() {
            if let Some(CustomRule::Jvp(rule)) = f.rule {
                self.shapes.insert(
                    rule,
                    JvpShape {
                        params: f.params().len(),
                        results: f.results.len(),
                    },
                );
            }
        }
    }

    /// Rewrites the linear parts of all jvp functions made for reverse mode, to need less and to do less.
    fn rewrite_linear(&mut self) {
        let jvps = self.jvps.iter().filter(|(k, _)| k.reverse);
        let mut ids: Vec<FuncId> = jvps.map(|(_, j)| j.id).collect();
        ids.sort_unstable();
        for id in ids {
            if self.rewritten.insert(id) {
                let shape = self.shapes[&id];
                let f = &mut self.m.funcs[id];
                let marks = Marks::new(f, &self.shapes, shape.params, shape.results);
                super::reads::rewrite(f, &marks);
                let marks = Marks::new(f, &self.shapes, shape.params, shape.results);
                super::fuse::coefficients(f, &marks);
            }
        }
    }

    /// The pair for a key; made, with all it calls, if it is not there yet.
    pub(crate) fn pair(&mut self, key: &VjpKey) -> Result<Pair, AdError> {
        if let Some(p) = self.pairs.made.get(key) {
            return Ok(p.clone());
        }
        if self.pairs.nesting >= MAX_NESTING {
            return Err(AdError::TooDeep {
                func: self.m.funcs[key.jvp].name.clone(),
            });
        }
        let members = self.cycle_of(key.jvp);
        if members.is_empty() {
            self.pairs.nesting += 1;
            let p = self.make_pair(key);
            self.pairs.nesting -= 1;
            return p;
        }
        if let Some(n) = self
            .pairs
            .cycles
            .iter()
            .position(|c| c.members.contains(&key.jvp))
        {
            let p = self.declare(key);
            self.pairs.cycles[n].queue.push(key.clone());
            return Ok(p);
        }
        self.pairs.nesting += 1;
        self.pairs.cycles.push(Cycle {
            members,
            queue: Vec::new(),
            done: Vec::new(),
        });
        self.declare(key);
        let depth = self.pairs.cycles.len() - 1;
        self.pairs.cycles[depth].queue.push(key.clone());
        let r = self.make_cycle(depth);
        self.pairs.cycles.pop();
        self.pairs.nesting -= 1;
        r?;
        Ok(self.pairs.made[key].clone())
    }

    fn marks(&mut self, jvp: FuncId, src: &Func) -> Marks {
        if let Some(m) = self.pairs.marks.get(&jvp) {
            return m.clone();
        }
        let shape = self.shapes[&jvp];
        let m = Marks::new(src, &self.shapes, shape.params, shape.results);
        self.pairs.marks.insert(jvp, m.clone());
        m
    }

    fn make_pair(&mut self, key: &VjpKey) -> Result<Pair, AdError> {
        let src = self.m.funcs[key.jvp].clone();
        let marks = self.marks(key.jvp, &src);
        let values = &src.regions[src.body].yields[..self.shapes[&key.jvp].results];
        if values.iter().any(|&y| marks.linear[y]) {
            // Only what a user wrote can be so.
            return Err(AdError::Rule {
                func: self.name(key.jvp),
                why: "its value depends on a tangent; it returns the value first, then the tangent"
                    .into(),
            });
        }
        let root = self.pairs.nesting == 1;
        let back = self.backward(key, &src, &marks, None, root)?;
        let position = |v: Value| src.params().iter().position(|&p| p == v);
        let operand = |&(key, _): &(Key, Type)| match key {
            Key::Value(v) => position(v).map(Operand::Value),
            Key::Dim(v, axis) => position(v).map(|k| Operand::Extent(k, axis)),
            Key::Zeros(_)
            | Key::Extra(..)
            | Key::Callee(..)
            | Key::Stack(_)
            | Key::Last(..)
            | Key::Count(_) => None,
        };
        let operands = back.demands.operands.iter().filter_map(operand).collect();
        let residuals: Vec<Type> = back
            .demands
            .regions
            .get(&src.body)
            .into_iter()
            .flatten()
            .map(|(_, t)| t.clone())
            .collect();
        let fwd = self.forward(key, &src, &marks, &back.demands, None)?;
        let forward = self.m.funcs.push(fwd);
        let backward = self.m.funcs.push(back.func);
        let p = Pair {
            forward,
            backward,
            residuals,
            operands,
            recursive: false,
            stack: Type::unit(),
            within: false,
        };
        self.finish(&[forward, backward]);
        self.pairs.made.insert(key.clone(), p.clone());
        Ok(p)
    }

    /// From slots to SSA.
    fn finish(&mut self, funcs: &[FuncId]) {
        for &f in funcs {
            crate::pass::mem2reg::func(&mut self.m.funcs[f]);
        }
    }

    /// Reserves the two functions of a recursive pair, with their signatures.
    fn declare(&mut self, key: &VjpKey) -> Pair {
        let shape = self.shapes[&key.jvp];
        let f = &self.m.funcs[key.jvp];
        let (name, params) = (f.name.clone(), f.param_types());
        let outs = &f.results[shape.results..];
        let mut fwd_results = f.results[..shape.results].to_vec();
        fwd_results.push(hole());
        let mut back_params: Vec<Type> = select(outs, &key.cts).cloned().collect();
        back_params.extend(select(&params[shape.params..], &key.accs).cloned());
        back_params.push(hole());
        let mut back_results = params[shape.params..].to_vec();
        back_results.push(hole());
        let mut fwd_params = params[..shape.params].to_vec();
        fwd_params.push(hole());
        let fname = self.m.fresh_name(&format!("{name}.forward"));
        let forward = self
            .m
            .funcs
            .push(Func::new(fname, &fwd_params, &fwd_results));
        let bname = self.m.fresh_name(&format!("{name}.backward"));
        let backward = self
            .m
            .funcs
            .push(Func::new(bname, &back_params, &back_results));
        let p = Pair {
            forward,
            backward,
            residuals: alloc::vec![hole()],
            operands: Vec::new(),
            recursive: true,
            stack: hole(),
            within: true,
        };
        self.pairs.made.insert(key.clone(), p.clone());
        p
    }

    fn make_cycle(&mut self, depth: usize) -> Result<(), AdError> {
        while let Some(key) = self.pairs.cycles[depth].queue.pop() {
            let src = self.m.funcs[key.jvp].clone();
            let marks = self.marks(key.jvp, &src);
            let back = self.backward(&key, &src, &marks, Some(&hole()), false)?;
            let id = self.pairs.made[&key].backward;
            let name = core::mem::take(&mut self.m.funcs[id].name);
            self.m.funcs[id] = back.func;
            self.m.funcs[id].name = name;
            self.pairs.cycles[depth].done.push(Member {
                key,
                demands: back.demands,
                fields: back.fields,
            });
        }
        // Now all fields are known: the record, and each member's place in it.
        let members = core::mem::take(&mut self.pairs.cycles[depth].done);
        let body_fields = |ad: &Ad<'_>, m: &Member| -> Vec<Type> {
            let body = ad.m.funcs[m.key.jvp].body;
            m.demands
                .regions
                .get(&body)
                .into_iter()
                .flatten()
                .map(|(_, t)| t.clone())
                .collect()
        };
        let mut fields = Vec::new();
        let mut offsets = Vec::new();
        for m in &members {
            offsets.push(fields.len());
            fields.extend(body_fields(self, m));
        }
        let record = Type::record(fields);
        let stack = Type::stack(record.clone());
        let mut funcs = Vec::new();
        for (m, &offset) in members.iter().zip(&offsets) {
            let pair = self.pairs.made[&m.key].clone();
            let f = &mut self.m.funcs[pair.backward];
            for v in f.values.values_mut() {
                if v.ty == hole() {
                    v.ty = stack.clone();
                }
            }
            for s in f.slots.values_mut() {
                if s.ty == hole() {
                    s.ty = stack.clone();
                }
            }
            for t in &mut f.results {
                if *t == hole() {
                    *t = stack.clone();
                }
            }
            for &i in &m.fields {
                if let Op::Place(PlaceOp::Get(path)) = &mut f.insts[i].op
                    && let Some(Step::Field(k)) = path.first_mut()
                {
                    *k += offset as u32;
                }
            }
            // The popped record and the stack before it: made with a unit type, since unknown.
            patch_record(f, &stack, &record);
            let src = self.m.funcs[m.key.jvp].clone();
            let marks = self.marks(m.key.jvp, &src);
            let layout = Layout {
                stack: stack.clone(),
                offset,
            };
            let mut fwd = self.forward(&m.key, &src, &marks, &m.demands, Some(&layout))?;
            fwd.name = core::mem::take(&mut self.m.funcs[pair.forward].name);
            self.m.funcs[pair.forward] = fwd;
            funcs.extend([pair.forward, pair.backward]);
        }
        for m in &members {
            let p = self.pairs.made.get_mut(&m.key).expect("declared");
            p.residuals = alloc::vec![stack.clone()];
            p.stack = stack.clone();
            p.within = false;
        }
        self.finish(&funcs);
        Ok(())
    }

    /// The cycle of calls that a jvp function belongs to; empty if it does not call itself, directly or not.
    fn cycle_of(&self, f: FuncId) -> HashSet<FuncId> {
        let callees = |g: FuncId| {
            let func = &self.m.funcs[g];
            let mut out = Vec::new();
            func.visit(func.body, &mut |_, d| {
                if let Op::Control(ControlOp::Call(h)) = d.op
                    && self.shapes.contains_key(&h)
                {
                    out.push(h);
                }
            });
            out
        };
        let mut seen: HashMap<FuncId, Vec<FuncId>> = HashMap::new();
        let mut work = alloc::vec![f];
        while let Some(g) = work.pop() {
            if !seen.contains_key(&g) {
                let cs = callees(g);
                work.extend(&cs);
                seen.insert(g, cs);
            }
        }
        // Those from which `f` is reached again.
        let mut back: HashMap<FuncId, Vec<FuncId>> = HashMap::new();
        for (&g, cs) in &seen {
            for &c in cs {
                back.entry(c).or_default().push(g);
            }
        }
        let mut cycle = HashSet::new();
        let mut work = back.get(&f).cloned().unwrap_or_default();
        while let Some(g) = work.pop() {
            if cycle.insert(g) {
                work.extend(back.get(&g).into_iter().flatten());
            }
        }
        cycle
    }

    fn make_jvp_for(&mut self, f: FuncId, mask: &Mask) -> Result<(FuncId, Mask), AdError> {
        let key = JvpKey {
            func: f,
            mask: mask.clone(),
            reverse: true,
        };
        let id = self.jvp(&key)?;
        self.register_shapes();
        self.rewrite_linear();
        Ok((id, self.jvps[&key].outs.clone()))
    }

    /// Forward and backward functions of `f` with the public signatures of [`Vjp`].
    pub(crate) fn split(&mut self, f: FuncId, mask: Mask) -> Result<Vjp, AdError> {
        let (jvp, outs) = self.make_jvp_for(f, &mask)?;
        let n = mask.iter().filter(|m| **m).count();
        let cts: Mask = outs.iter().filter(|o| **o).copied().collect();
        let pair = self.pair(&VjpKey {
            jvp,
            cts,
            accs: alloc::vec![false; n],
        })?;
        let func = &self.m.funcs[f];
        let (params, results) = (func.param_types(), func.results.clone());
        let name = self.name(f);
        let mut b = Builder::new(self.m.fresh_name(&format!("{name}.pull_forward")), &params);
        let args = b.params();
        let (ys, residuals) = emit_forward(&mut b, &pair, &args, &results);
        let out: Vec<Value> = ys.into_iter().chain(residuals).collect();
        let fwd = b.finish(&out).map_err(AdError::Build)?;
        let forward = self.m.funcs.push(fwd);
        let spaces: Vec<Type> = results
            .iter()
            .filter(|t| t.has_tangent())
            .map(Type::tangent)
            .collect();
        let mut bparams = spaces.clone();
        bparams.extend(pair.residuals.iter().cloned());
        let mut b = Builder::new(
            self.m.fresh_name(&format!("{name}.pull_backward")),
            &bparams,
        );
        let ps = b.params();
        let tangents: Vec<Type> = select(&params, &mask).map(Type::tangent).collect();
        let cts = active_cts(&results, &outs, &ps);
        let out = emit_backward(&mut b, &pair, &cts, &ps[spaces.len()..], &tangents);
        let back = b.finish(&out).map_err(AdError::Build)?;
        let backward = self.m.funcs.push(back);
        Ok(Vjp {
            forward,
            backward,
            residuals: pair.residuals.len(),
        })
    }

    /// Gradient, value and gradient, or vjp in one function.
    pub(crate) fn wrap_reverse(
        &mut self,
        f: FuncId,
        kind: DeriveKind,
        mask: Mask,
    ) -> Result<FuncId, AdError> {
        let (jvp, outs) = self.make_jvp_for(f, &mask)?;
        let func = &self.m.funcs[f];
        let (mut params, results) = (func.param_types(), func.results.clone());
        let name = self.name(f);
        let count = params.len();
        let tangents: Vec<Type> = select(&params, &mask).map(Type::tangent).collect();
        let suffix = match kind {
            DeriveKind::Gradient => "gradient",
            DeriveKind::ValueAndGradient => "value_and_gradient",
            DeriveKind::Vjp | DeriveKind::Jvp | DeriveKind::Batch => "vjp_of",
        };
        if kind == DeriveKind::Vjp {
            params.extend(
                results
                    .iter()
                    .filter(|t| t.has_tangent())
                    .map(Type::tangent),
            );
        }
        let cts: Mask = outs.iter().filter(|o| **o).copied().collect();
        let pair = self.pair(&VjpKey {
            jvp,
            cts,
            accs: alloc::vec![false; tangents.len()],
        })?;
        let mut b = Builder::new(self.m.fresh_name(&format!("{name}.{suffix}")), &params);
        let ps = b.params();
        let (ys, residuals) = emit_forward(&mut b, &pair, &ps[..count], &results);
        let cts = if kind == DeriveKind::Vjp {
            active_cts(&results, &outs, &ps[count..])
        } else if outs[0] {
            let d = results[0].dtype().expect("checked to be a scalar");
            alloc::vec![b.real(d, 1.0)]
        } else {
            Vec::new()
        };
        let grads = emit_backward(&mut b, &pair, &cts, &residuals, &tangents);
        let out: Vec<Value> = if kind == DeriveKind::Gradient {
            grads
        } else {
            ys.into_iter().chain(grads).collect()
        };
        let func = b.finish(&out).map_err(AdError::Build)?;
        Ok(self.m.funcs.push(func))
    }
}

/// The pop that reads a recursion's record was made with unit types.
fn patch_record(f: &mut Func, stack: &Type, record: &Type) {
    let body = f.body;
    for i in f.regions[body].insts.clone() {
        let d = f.insts[i].clone();
        if matches!(d.op, Op::Array(crate::ir::ArrayOp::Pop)) {
            f.values[d.args[0]].ty = stack.clone();
            f.values[d.results[0]].ty = stack.clone();
            f.values[d.results[1]].ty = record.clone();
            return;
        }
    }
}

/// Of the cotangents of all results that have a tangent space, those of the active ones.
fn active_cts(results: &[Type], outs: &[bool], cts: &[Value]) -> Vec<Value> {
    let with = results.iter().zip(outs).filter(|(t, _)| t.has_tangent());
    with.zip(cts)
        .filter(|((_, o), _)| **o)
        .map(|(_, &c)| c)
        .collect()
}

/// Calls a forward function; returns the results and the residuals.
fn emit_forward(
    b: &mut Builder,
    pair: &Pair,
    args: &[Value],
    results: &[Type],
) -> (Vec<Value>, Vec<Value>) {
    let mut args = args.to_vec();
    if pair.recursive {
        args.push(b.default(pair.stack.clone()));
    }
    let tys: Vec<Type> = results.iter().chain(&pair.residuals).cloned().collect();
    let out = b.call(pair.forward, &args, &tys);
    (out[..results.len()].to_vec(), out[results.len()..].to_vec())
}

/// Calls a backward function; returns the cotangents.
fn emit_backward(
    b: &mut Builder,
    pair: &Pair,
    cts: &[Value],
    residuals: &[Value],
    tangents: &[Type],
) -> Vec<Value> {
    let args: Vec<Value> = cts.iter().chain(residuals).copied().collect();
    let mut tys = tangents.to_vec();
    if pair.recursive {
        tys.push(pair.stack.clone());
    }
    let mut out = b.call(pair.backward, &args, &tys);
    out.truncate(tangents.len());
    out
}
