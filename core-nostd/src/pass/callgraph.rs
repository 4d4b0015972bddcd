//! Who calls whom: call sites, recursion, an order in which callees come first.

use crate::entity::{FuncId, PrimaryMap};
use crate::ir::{ControlOp, CustomRule, Func, Module, Op, TangentOp};
use alloc::vec;
use alloc::vec::Vec;

/// The call graph of a module.
#[derive(Clone, Debug)]
pub struct CallGraph {
    /// For each function, the callee of each call site.
    pub calls: PrimaryMap<FuncId, Vec<FuncId>>,
    /// For each function, how many call sites in the module name it.
    pub sites: PrimaryMap<FuncId, u32>,
    /// Whether the function can reach itself by calls.
    pub recursive: PrimaryMap<FuncId, bool>,
    /// All functions; the callees of one that is not recursive come before it.
    pub bottom_up: Vec<FuncId>,
}

impl CallGraph {
    /// Analyses a module. A call of a function that is not in the module is ignored.
    pub fn of(m: &Module) -> CallGraph {
        let mut g = CallGraph {
            calls: PrimaryMap::new(),
            sites: PrimaryMap::new(),
            recursive: PrimaryMap::new(),
            bottom_up: Vec::new(),
        };
        for _ in m.funcs.keys() {
            g.sites.push(0);
            g.recursive.push(false);
        }
        for f in m.funcs.values() {
            let mut calls = Vec::new();
            f.visit(f.body, &mut |_, d| {
                if let Op::Control(ControlOp::Call(c)) = d.op
                    && g.sites.get(c).is_some()
                {
                    calls.push(c);
                    g.sites[c] += 1;
                }
            });
            g.calls.push(calls);
        }
        g.components();
        g
    }
    /// Tarjan's strongly connected components, with an explicit stack: call chains may be long.
    fn components(&mut self) {
        const NEW: u32 = u32::MAX;
        let n = self.calls.len();
        let (mut index, mut low) = (vec![NEW; n], vec![0u32; n]);
        let mut on_stack = vec![false; n];
        let (mut stack, mut next) = (Vec::new(), 0u32);
        for root in 0..n {
            if index[root] != NEW {
                continue;
            }
            // (function, next call site to look at)
            let mut frames = vec![(root, 0usize)];
            while let Some(frame) = frames.last_mut() {
                let (v, k) = *frame;
                frame.1 += 1;
                if k == 0 {
                    index[v] = next;
                    low[v] = next;
                    next += 1;
                    stack.push(v);
                    on_stack[v] = true;
                }
                if let Some(w) = self.calls[FuncId(v as u32)].get(k) {
                    let w = w.0 as usize;
                    if w == v {
                        self.recursive[FuncId(v as u32)] = true;
                    }
                    if index[w] == NEW {
                        frames.push((w, 0));
                    } else if on_stack[w] {
                        low[v] = low[v].min(index[w]);
                    }
                    continue;
                }
                frames.pop();
                if let Some(&(u, _)) = frames.last() {
                    low[u] = low[u].min(low[v]);
                }
                if low[v] == index[v] {
                    let many = stack.last() != Some(&v);
                    while let Some(w) = stack.pop() {
                        on_stack[w] = false;
                        let id = FuncId(w as u32);
                        self.recursive[id] |= many;
                        self.bottom_up.push(id);
                        if w == v {
                            break;
                        }
                    }
                }
            }
        }
    }
}

/// Calls `see` on every function that `f` names: callees, transposes, the rule.
pub fn references(f: &mut Func, see: &mut impl FnMut(&mut FuncId)) {
    for d in f.insts.values_mut() {
        match &mut d.op {
            Op::Control(ControlOp::Call(g) | ControlOp::Derive { func: g, .. })
            | Op::Tangent(TangentOp::CustomLinear { transpose: g, .. }) => see(g),
            _ => {}
        }
    }
    match &mut f.rule {
        Some(CustomRule::Jvp(g) | CustomRule::Vjp(g)) => see(g),
        Some(CustomRule::Forward) | None => {}
    }
}
