//! Unrolls counted loops of few iterations whose number is known.
//!
//! ```text
//! s = for k: u64 in 0..3 (t = z: f64) {      a0 = get v[0] : f64
//!   a = get v[k] : f64                       t0 = add z, a0 : f64
//!   u = add t, a : f64                  =>   a1 = get v[1] : f64
//!   yield u                                  t1 = add t0, a1 : f64
//! }                                          …
//! ```
//!
//! This is what makes the indices of small arrays constants, so that [`scalarize`](super::scalarize) can take the arrays apart.
//! Inner loops first, so a nest of small loops becomes straight code if all of it stays within the budget.

use crate::entity::{Inst, Region};
use crate::ir::{Builder, ControlOp, Copier, Func, Module, Op};
use crate::pass::facts::int_constant;
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::collections::BTreeSet;

/// Which loops are unrolled.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// The most iterations.
    pub trips: u64,
    /// The most instructions that all iterations of a loop may have together.
    pub budget: usize,
    /// A function that has grown to so many instructions is left as it is.
    pub limit: usize,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            trips: 8,
            budget: 512,
            limit: 8000,
        }
    }
}

/// Runs on every function with the default policy.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f, Policy::default());
    }
}

/// Unrolls in one function. Returns whether anything changed.
pub fn func(f: &mut Func, policy: Policy) -> bool {
    within(f, policy, None)
}

/// As [`func`], of these loops only.
pub(crate) fn chosen(f: &mut Func, loops: &BTreeSet<Inst>, policy: Policy) -> bool {
    within(f, policy, Some(loops))
}

fn within(f: &mut Func, policy: Policy, only: Option<&BTreeSet<Inst>>) -> bool {
    let mut any = false;
    f.visit(f.body, &mut |_, d| {
        any |= matches!(d.op, Op::Control(ControlOp::For));
    });
    if !any {
        return false;
    }
    let body = f.body;
    let whole = core::mem::replace(f, Func::new("", &[], &[]));
    let mut pass = Unroll {
        policy,
        only,
        size: whole.size(),
        b: Builder::on(whole),
        copier: Copier::new(),
        subst: Subst::new(),
        changed: false,
    };
    pass.region(body);
    *f = pass.b.func;
    pass.changed
}

struct Unroll<'a> {
    policy: Policy,
    /// The loops that may be unrolled, if not all.
    only: Option<&'a BTreeSet<Inst>>,
    /// The size of the function so far.
    size: usize,
    b: Builder,
    /// One for all loops: an instruction is copied only after all that its operands name have been.
    copier: Copier,
    subst: Subst,
    changed: bool,
}

impl Unroll<'_> {
    /// Returns how many instructions the region has now.
    fn region(&mut self, r: Region) -> usize {
        let insts = core::mem::take(&mut self.b.func.regions[r].insts);
        let mut n = 0;
        for i in insts {
            // At once: what is copied must name copies, not what they replace.
            self.subst.all(&mut self.b.func.insts[i].args);
            let mut inner = 0;
            for q in self.b.func.insts[i].regions.clone() {
                inner += self.region(q);
            }
            match self.trips(i) {
                Some((lo, trips)) if self.pays(trips, inner) => {
                    self.expand(r, i, lo, trips);
                    n += trips as usize * (inner + 1);
                    self.size += trips as usize * (inner + 1);
                }
                _ => {
                    self.b.func.regions[r].insts.push(i);
                    n += 1 + inner;
                }
            }
        }
        self.subst.all(&mut self.b.func.regions[r].yields);
        n
    }
    fn pays(&self, trips: u64, inner: usize) -> bool {
        let size = (inner + 1).saturating_mul(trips as usize);
        size <= self.policy.budget && self.size.saturating_add(size) <= self.policy.limit
    }
    /// First index and number of iterations of a loop that qualifies. Of no iterations there is one too: none.
    fn trips(&self, i: Inst) -> Option<(i128, u64)> {
        let f = &self.b.func;
        let d = &f.insts[i];
        if !matches!(d.op, Op::Control(ControlOp::For))
            || self.only.is_some_and(|only| !only.contains(&i))
        {
            return None;
        }
        let (lo, hi) = (int_constant(f, d.args[0])?, int_constant(f, d.args[1])?);
        let trips = u64::try_from((hi - lo).max(0)).ok()?;
        (trips <= self.policy.trips).then_some((lo, trips))
    }
    /// Copies the body of the loop `i` to the end of region `r`, once for each index.
    fn expand(&mut self, r: Region, i: Inst, lo: i128, trips: u64) {
        let yields = self.b.func.regions[r].yields.clone();
        let d = self.b.func.insts[i].clone();
        let body = d.regions[0];
        let params = self.b.func.regions[body].params.clone();
        let dtype = self.b.ty(params[0]).dtype();
        self.b.open_at(r);
        self.b.set_span(d.span);
        let mut carried = d.args[2..].to_vec();
        for k in 0..trips {
            let index = dtype.and_then(|t| Scalar::from_int(t, lo + i128::from(k)));
            let index = self
                .b
                .scalar(index.expect("an index between the bounds is of their type"));
            self.copier.map(params[0], index);
            self.copier.map_all(&params[1..], &carried);
            carried = self.copier.insts(&mut self.b, None, body);
        }
        self.b.close(&yields);
        for (&old, &new) in d.results.iter().zip(&carried) {
            self.subst.set(old, new);
        }
        self.changed = true;
    }
}
