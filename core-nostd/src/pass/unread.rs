//! Arrays that a loop fills and nobody reads are not filled.
//!
//! ```text
//! a, s = for i in 0..n (p = z: f64[?], t = 0: f64) {      s = for i in 0..n (t = 0: f64) {
//!   x = get v[i]; q = update p[i] = x              =>       x = get v[i]
//!   u = add t, x; yield q, u                                u = add t, x; yield u
//! }                                                       }
//! ```
//!
//! where `a` is not used, and the stores are certainly in range ([`proofs`]): dead code whose removal
//! [`dce`](super::dce) cannot answer for, as a store may trap. Merging loops leaves such arrays, and so does computing elements where they are read.

use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{ControlOp, Func, Module, Op, PlaceOp, Type};
use crate::pass::effects;
use crate::pass::layout::{Change, Layout, Use, place};
use crate::pass::ranges::proofs;
use crate::pass::subst::Subst;
use alloc::vec::Vec;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    if !any(f) {
        return false;
    }
    let layout = Layout::of(f);
    let mut unread: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if d.op == Op::Control(ControlOp::For) {
            for k in 0..d.results.len() {
                unread.extend(stores(f, &layout, i, k).unwrap_or_default());
            }
        }
    });
    if unread.is_empty() {
        return false;
    }
    let proofs: SecondaryMap<Inst, Vec<Value>> = proofs(f);
    unread.retain(|&i| effects::is_sure(f, &f.insts[i], &proofs[i]));
    let mut subst = Subst::new();
    let mut changes = Vec::new();
    for i in unread {
        // What is carried is then what it was.
        subst.set(f.insts[i].results[0], f.insts[i].args[0]);
        changes.push(Change::instead(i, Vec::new()));
    }
    let changed = !changes.is_empty();
    place(f, changes);
    subst.apply(f);
    changed
}

/// Whether there is a loop with an array nobody uses as a result: most functions have none.
fn any(f: &Func) -> bool {
    let uses = f.uses();
    let mut unread = false;
    f.visit(f.body, &mut |_, d| {
        let mut arrays = d.results.iter().filter(|&&v| is_array(f.ty(v)));
        unread |= d.op == Op::Control(ControlOp::For) && arrays.any(|&v| uses[v] == 0);
    });
    unread
}

fn is_array(ty: &Type) -> bool {
    matches!(ty, Type::Tensor(t) if !t.shape.is_empty())
}

/// All that is done with the `k`-th value that a loop carries, if it is an array which is stored into and not used otherwise.
fn stores(f: &Func, layout: &Layout, at: Inst, k: usize) -> Option<Vec<Inst>> {
    let d = &f.insts[at];
    let body = d.regions[0];
    let mut v = f.regions[body].params[k + 1];
    if !is_array(f.ty(v)) || !layout.uses[d.results[k]].is_empty() {
        return None;
    }
    let mut out = Vec::new();
    loop {
        match layout.uses[v][..] {
            [Use::Arg(i, 0)] if layout.home[i] == Some(body) => {
                let Op::Place(PlaceOp::Update(_) | PlaceOp::AddAt(_)) = f.insts[i].op else {
                    return None;
                };
                out.push(i);
                v = f.insts[i].results[0];
            }
            [Use::Yield(r, n)] if r == body && n == k => return Some(out),
            _ => return None,
        }
    }
}
