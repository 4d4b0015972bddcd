//! Replaces calls by the body of the callee.
//!
//! Callees first, so that what is inlined has itself been inlined into. Never a recursive function, nor one with a
//! derivative rule of its own (the rule belongs to the call), nor one with slots (they start afresh at every call), nor one
//! that is to stay [apart](crate::ir::Func::apart).

use crate::entity::{FuncId, PrimaryMap, Region};
use crate::ir::{Builder, ControlOp, Copier, Func, Module, Op};
use crate::pass::callgraph::CallGraph;
use crate::pass::subst::Subst;
use alloc::vec::Vec;

/// Which calls are inlined.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// A callee of at most so many instructions is inlined at every call.
    pub small: usize,
    /// A callee is inlined at every call if all the copies have at most so many instructions together.
    pub few: usize,
    /// A callee of at most so many instructions is inlined if there is one call of it.
    pub once: usize,
    /// A function that has grown to so many instructions takes no more.
    pub limit: usize,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            small: 24,
            few: 200,
            once: 2000,
            limit: 20_000,
        }
    }
}

/// The deepest nesting of regions that inlining makes.
const MAX_NEST: usize = 100;

/// Runs on every function with the default policy.
pub fn run(m: &mut Module) {
    all(m, Policy::default());
}

/// Inlines in every function. Returns whether anything changed.
pub fn all(m: &mut Module, policy: Policy) -> bool {
    !within(m, policy, &|_| true).is_empty()
}

/// Inlines in the functions for which `only` holds. Returns those that changed.
pub fn within(m: &mut Module, policy: Policy, only: &dyn Fn(FuncId) -> bool) -> Vec<FuncId> {
    let graph = CallGraph::of(m);
    let mut sizes: PrimaryMap<FuncId, Shape> = PrimaryMap::new();
    for f in m.funcs.values() {
        sizes.push(Shape::of(f));
    }
    let mut changed = Vec::new();
    for &id in graph.bottom_up.iter().filter(|&&id| only(id)) {
        let choose = |callee: FuncId, grown: usize, nest: usize| {
            let Some(s) = sizes.get(callee) else {
                return false;
            };
            let wanted = s.size <= policy.small
                || s.size.saturating_mul(graph.sites[callee] as usize) <= policy.few
                || (graph.sites[callee] == 1 && s.size <= policy.once);
            wanted
                && !graph.recursive[callee]
                && m.funcs[callee].rule.is_none()
                && !m.funcs[callee].apart
                && m.funcs[callee].slots.is_empty()
                && grown + s.size <= policy.limit
                && nest + s.nest <= MAX_NEST
        };
        let Some(f) = inlined(m, id, &choose) else {
            continue;
        };
        sizes[id] = Shape::of(&f);
        m.funcs[id] = f;
        changed.push(id);
    }
    changed
}

/// Inlines the calls in `f` that are chosen by callee, size of `f` so far and nesting of the call. Returns whether anything
/// changed. A call of `f` itself is left alone.
pub fn inline_calls(
    m: &mut Module,
    f: FuncId,
    choose: &dyn Fn(FuncId, usize, usize) -> bool,
) -> bool {
    match inlined(m, f, choose) {
        Some(new) => {
            m.funcs[f] = new;
            true
        }
        None => false,
    }
}

#[derive(Copy, Clone, Debug)]
struct Shape {
    size: usize,
    nest: usize,
}

impl Shape {
    fn of(f: &Func) -> Shape {
        fn nest(f: &Func, r: Region) -> usize {
            let inner = f.regions[r].insts.iter().flat_map(|&i| &f.insts[i].regions);
            1 + inner.map(|&q| nest(f, q)).max().unwrap_or(0)
        }
        Shape {
            size: f.size(),
            nest: nest(f, f.body),
        }
    }
}

fn inlined(m: &Module, id: FuncId, choose: &dyn Fn(FuncId, usize, usize) -> bool) -> Option<Func> {
    let f = &m.funcs[id];
    let mut any = false;
    f.visit(f.body, &mut |_, d| {
        any |= matches!(d.op, Op::Control(ControlOp::Call(g)) if g != id && choose(g, 0, 0));
    });
    if !any {
        return None;
    }
    let mut pass = Inline {
        m,
        id,
        choose,
        size: f.size(),
        subst: Subst::new(),
        b: Builder::on(f.clone()),
    };
    pass.region(f.body, 1);
    let (mut f, mut subst) = (pass.b.func, pass.subst);
    subst.apply(&mut f);
    Some(f)
}

struct Inline<'a> {
    m: &'a Module,
    id: FuncId,
    choose: &'a dyn Fn(FuncId, usize, usize) -> bool,
    size: usize,
    subst: Subst,
    b: Builder,
}

impl Inline<'_> {
    fn region(&mut self, r: Region, nest: usize) {
        let insts = core::mem::take(&mut self.b.func.regions[r].insts);
        for i in insts {
            for q in self.b.func.insts[i].regions.clone() {
                self.region(q, nest + 1);
            }
            let d = &self.b.func.insts[i];
            match d.op {
                Op::Control(ControlOp::Call(g))
                    if g != self.id && (self.choose)(g, self.size, nest) =>
                {
                    let callee = &self.m.funcs[g];
                    self.size += callee.insts.len();
                    let (args, results) = (d.args.clone(), d.results.clone());
                    let yields = self.body(callee, r, &args);
                    for (&old, &new) in results.iter().zip(&yields) {
                        self.subst.set(old, new);
                    }
                }
                _ => self.b.func.regions[r].insts.push(i),
            }
        }
    }
    /// Copies the callee's body to the end of region `r`.
    fn body(
        &mut self,
        callee: &Func,
        r: Region,
        args: &[crate::ir::Value],
    ) -> Vec<crate::ir::Value> {
        let yields = self.b.func.regions[r].yields.clone();
        self.b.open_at(r);
        let mut copier = Copier::new();
        copier.map_all(callee.params(), args);
        let results = copier.insts(&mut self.b, Some(callee), callee.body);
        self.b.close(&yields);
        results
    }
}
