//! The split of a jvp function into its nonlinear and its linear part, as marks on its values.
//!
//! *Linear*: the value is computed from the tangent parameters and has a tangent type. Everything else is nonlinear
//! (also an extent of a tangent: that is a fact of the primal). *Useful*: a linear value from which a tangent result is
//! computed. Only useful values get cotangents, so what no requested derivative needs is neither computed nor stored.

use super::reverse::JvpShape;
use crate::entity::{FuncId, Inst, Region, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, Op, ValueDef};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::{HashMap, HashSet};

/// The primal parts of the signatures of the jvp functions.
type Shapes = HashMap<FuncId, JvpShape>;

/// The marks of a jvp function.
#[derive(Clone, Debug)]
pub(crate) struct Marks {
    pub(crate) linear: SecondaryMap<Value, bool>,
    pub(crate) useful: SecondaryMap<Value, bool>,
    /// The region in which a value is defined.
    pub(crate) home: SecondaryMap<Value, Region>,
    /// The region in which an instruction stands.
    pub(crate) inst_home: SecondaryMap<Inst, Region>,
    /// For an instruction with regions: the useful linear values of outside that are used inside.
    pub(crate) captured: HashMap<Inst, Vec<Value>>,
}

impl Marks {
    /// Marks `f`, of whose parameters those from `tangents` on are tangents and of whose results those from `outs` on.
    pub(crate) fn new(f: &Func, shapes: &Shapes, tangents: usize, outs: usize) -> Marks {
        let mut m = Marks {
            linear: SecondaryMap::new(),
            useful: SecondaryMap::new(),
            home: SecondaryMap::with_default(f.body),
            inst_home: SecondaryMap::with_default(f.body),
            captured: HashMap::new(),
        };
        for &p in &f.params()[tangents..] {
            m.linear[p] = f.ty(p).has_tangent();
        }
        while m.forward(f, shapes, f.body) {}
        m.homes(f, f.body);
        m.backward(f, shapes, outs);
        m.captures(f, f.body, &mut Vec::new());
        m
    }

    fn set(&mut self, f: &Func, v: Value, linear: bool) -> bool {
        let new = linear && !self.linear[v] && f.ty(v).has_tangent();
        if new {
            self.linear[v] = true;
        }
        new
    }

    fn forward(&mut self, f: &Func, shapes: &Shapes, r: Region) -> bool {
        let mut grew = false;
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            if let Op::Control(c) = &d.op {
                for (&to, from) in flows(f, shapes, d, c)
                    .iter()
                    .flat_map(|(to, from)| from.iter().map(move |x| (to, x)))
                {
                    let linear = self.linear[*from];
                    grew |= self.set(f, to, linear);
                }
                for &q in &d.regions {
                    grew |= self.forward(f, shapes, q);
                }
                continue;
            }
            // Zeros of a tangent are zeros, whatever the tangent is.
            let zeros = matches!(d.op, Op::Tangent(crate::ir::TangentOp::ZerosLike));
            let any = !zeros && d.args.iter().any(|&a| self.linear[a]);
            for &v in &d.results {
                grew |= self.set(f, v, any);
            }
        }
        grew
    }

    fn homes(&mut self, f: &Func, r: Region) {
        for &p in &f.regions[r].params {
            self.home[p] = r;
        }
        for &i in &f.regions[r].insts {
            self.inst_home[i] = r;
            for &v in &f.insts[i].results {
                self.home[v] = r;
            }
            for &q in &f.insts[i].regions {
                self.homes(f, q);
            }
        }
    }

    /// From the tangent results backwards along linear values.
    fn backward(&mut self, f: &Func, shapes: &Shapes, outs: usize) {
        let mut work: Vec<Value> = f.regions[f.body].yields[outs..].to_vec();
        // What a region parameter gets its value from: the loop's initial values and yields, a map's operands.
        let mut params: HashMap<Value, Vec<Value>> = HashMap::new();
        let mut results: HashMap<Value, Vec<Value>> = HashMap::new();
        f.visit(f.body, &mut |_, d| {
            if let Op::Control(c) = &d.op {
                for (to, from) in flows(f, shapes, d, c) {
                    let map = if matches!(f.values[to].def, ValueDef::Param(..)) {
                        &mut params
                    } else {
                        &mut results
                    };
                    map.entry(to).or_default().extend(from);
                }
            }
        });
        while let Some(v) = work.pop() {
            if !self.linear[v] || self.useful[v] {
                continue;
            }
            self.useful[v] = true;
            if let Some(from) = params.get(&v).or_else(|| results.get(&v)) {
                work.extend(from);
            } else if let ValueDef::Result(i, _) = f.values[v].def {
                work.extend(&f.insts[i].args);
            }
        }
    }

    fn captures(
        &mut self,
        f: &Func,
        r: Region,
        stack: &mut Vec<(Inst, HashSet<Value>, Vec<Value>)>,
    ) {
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            self.uses(&d.args, stack);
            if d.regions.is_empty() {
                continue;
            }
            stack.push((i, HashSet::new(), vec![]));
            for &q in &d.regions {
                self.captures(f, q, stack);
                self.uses(&f.regions[q].yields, stack);
            }
            let (i, _, order) = stack.pop().expect("pushed above");
            // Inside: defined in one of the instruction's regions, at any depth.
            let mut inner = HashSet::new();
            for &q in &d.regions {
                inner_regions(f, q, &mut inner);
            }
            let order: Vec<Value> = order
                .into_iter()
                .filter(|&v| !inner.contains(&self.home[v]))
                .collect();
            self.captured.insert(i, order);
        }
    }

    fn uses(&self, vs: &[Value], stack: &mut [(Inst, HashSet<Value>, Vec<Value>)]) {
        for &v in vs.iter().filter(|&&v| self.useful[v]) {
            for (_, seen, order) in stack.iter_mut() {
                if seen.insert(v) {
                    order.push(v);
                }
            }
        }
    }
}

fn inner_regions(f: &Func, r: Region, out: &mut HashSet<Region>) {
    out.insert(r);
    for &i in &f.regions[r].insts {
        for &q in &f.insts[i].regions {
            inner_regions(f, q, out);
        }
    }
}

/// How values flow through a control instruction: (destination, sources).
fn flows(
    f: &Func,
    shapes: &Shapes,
    d: &crate::ir::InstData,
    c: &ControlOp,
) -> Vec<(Value, Vec<Value>)> {
    let mut out = Vec::new();
    match c {
        ControlOp::If | ControlOp::Switch => {
            for (k, &res) in d.results.iter().enumerate() {
                out.push((
                    res,
                    d.regions.iter().map(|&q| f.regions[q].yields[k]).collect(),
                ));
            }
        }
        ControlOp::While | ControlOp::For => {
            let head = if matches!(c, ControlOp::For) { 2 } else { 0 };
            let skip = usize::from(head == 2);
            let body = d.regions[d.regions.len() - 1];
            for (k, &res) in d.results.iter().enumerate() {
                let (init, y) = (d.args[head + k], f.regions[body].yields[k]);
                out.push((f.regions[body].params[skip + k], vec![init, y]));
                if head == 0 {
                    out.push((f.regions[d.regions[0]].params[k], vec![init, y]));
                }
                out.push((res, vec![init, y]));
            }
        }
        ControlOp::Map => {
            let body = d.regions[0];
            for (&a, &p) in d.args.iter().zip(&f.regions[body].params) {
                out.push((p, vec![a]));
            }
            for (&y, &res) in f.regions[body].yields.iter().zip(&d.results) {
                out.push((res, vec![y]));
            }
        }
        ControlOp::Call(g) => {
            // Of a jvp, only the tangent results depend on the tangent operands; of another function, all may.
            let (args, results) = shapes.get(g).map_or((0, 0), |s| (s.params, s.results));
            for &res in &d.results[results..] {
                out.push((res, d.args[args..].to_vec()));
            }
        }
        ControlOp::Derive { .. } => {}
    }
    out
}
