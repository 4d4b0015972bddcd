//! Integers to which every iteration adds what it knows without the others: what they are in an iteration is a sum over those before it.
//!
//! ```text
//! for i in 0..n (k = k0) { … a[k] …; k += c(i) }
//!     becomes, with the sums of the c(i) in `before`,
//! for i in 0..n { k = k0 + before[i]; … a[k] … }
//! ```
//!
//! Where `c` is a constant, `k` is `k0 + i * c`.

use crate::entity::{Inst, Region, Value};
use crate::ir::{
    BinaryOp, Builder, ConstOp, ControlOp, Copier, CumOp, DType, Func, Op, Reduction, Step, Type,
    ValueDef,
};
use crate::pass::facts::int_constant;
use crate::pass::layout::{Change, Layout, place};
use alloc::vec;
use alloc::vec::Vec;
use hashbrown::HashSet;

/// Takes the first such integer out of what a loop from 0 to a constant carries. Returns the loop that computes what is added, if there is one now.
/// Layouts made before are of no use afterwards.
pub(super) fn take(f: &mut Func, at: Inst) -> Option<Option<Inst>> {
    let d = f.insts[at].clone();
    let n = int_constant(f, d.args[1]).and_then(|n| u64::try_from(n).ok())?;
    if int_constant(f, d.args[0]) != Some(0) || n == 0 {
        return None;
    }
    let body = d.regions[0];
    let layout = Layout::of(f);
    let params = f.regions[body].params.clone();
    for k in 0..d.results.len() {
        let (p, y) = (params[k + 1], f.regions[body].yields[k]);
        if p == y || *f.ty(p) != Type::scalar(DType::U64) {
            continue;
        }
        let Some(add) = f.def_inst(y).filter(|&i| layout.home[i] == Some(body)) else {
            continue;
        };
        let q = &f.insts[add];
        let c = match (&q.op, &q.args[..]) {
            (Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd), &[a, b]) if a == p => b,
            (Op::Binary(BinaryOp::Add | BinaryOp::WrappingAdd), &[a, b]) if b == p => a,
            _ => continue,
        };
        let Some(slice) = alone(f, &layout, body, &params[1..], c) else {
            continue;
        };
        return Some(rewrite(f, at, k, n, c, &slice));
    }
    None
}

/// The instructions of the body that compute a value, if they need nothing that the loop carries.
fn alone(
    f: &Func,
    layout: &Layout,
    body: Region,
    carried: &[Value],
    v: Value,
) -> Option<Vec<Inst>> {
    let mut need: HashSet<Inst> = HashSet::new();
    let mut goals = vec![v];
    while let Some(v) = goals.pop() {
        if carried.contains(&v) {
            return None;
        }
        let ValueDef::Result(i, _) = f.values[v].def else {
            continue;
        };
        if layout.home[i] != Some(body) || !need.insert(i) {
            continue;
        }
        if !f.insts[i].regions.is_empty() {
            return None;
        }
        goals.extend(&f.insts[i].args);
    }
    let list = f.regions[body].insts.iter().copied();
    Some(list.filter(|i| need.contains(i)).collect())
}

fn rewrite(f: &mut Func, at: Inst, k: usize, n: u64, c: Value, slice: &[Inst]) -> Option<Inst> {
    let d = f.insts[at].clone();
    let body = d.regions[0];
    let params = f.regions[body].params.clone();
    let (index, p, from, result) = (params[0], params[k + 1], d.args[2 + k], d.results[k]);
    let u64 = Type::scalar(DType::U64);
    let vector = Type::known(DType::U64, &[n]);
    // New instructions are made in a region of no instruction, and then moved.
    let room = f.make_region(&[]);
    let mut b = Builder::on(core::mem::replace(f, Func::new("", &[], &[])));
    b.set_span(d.span);
    b.open_at(room);
    let mut made = None;
    let known = int_constant(&b.func, c);
    let (inner, total) = match known {
        Some(c) => {
            let all = i128::from(n).wrapping_mul(c).rem_euclid(1 << 64) as u64;
            (None, b.index(all))
        }
        None => {
            let zero = b.index(0);
            let end = b.index(n);
            let blank = b.raw(
                ConstOp::Default(vector.clone()),
                &[],
                &[],
                core::slice::from_ref(&vector),
            );
            let blank = b.func.insts[blank].results[0];
            let (_, own) = b.open(&[u64.clone(), vector.clone()]);
            let mut copier = Copier::new();
            copier.map(index, own[0]);
            for &i in slice {
                copier.inst(&mut b, None, i);
            }
            let x = copier.value(c);
            let next = b.update(own[1], x, vec![Step::Index], &[own[0]]);
            let region = b.close(&[next]);
            let out = b.region_op(ControlOp::For, &[zero, end, blank], &[region]);
            made = b.func.def_inst(out[0]);
            let sums = Reduction::Cumulative {
                op: CumOp::Sum,
                axis: 0,
                reverse: false,
            };
            let sums = b.inst1(sums, &[out[0]]);
            let before = b.binary(BinaryOp::WrappingSub, sums, out[0]);
            let last = b.index(n - 1);
            let total = b.at(sums, last);
            (Some(before), total)
        }
    };
    let after = b.binary(BinaryOp::WrappingAdd, from, total);
    b.close(&[]);
    let inside = b.func.make_region(&[]);
    b.open_at(inside);
    let way = match (inner, known) {
        (Some(before), _) => b.at(before, index),
        (None, c) => {
            let c = b.index(c.unwrap_or(0).rem_euclid(1 << 64) as u64);
            b.binary(BinaryOp::WrappingMul, index, c)
        }
    };
    let now = b.binary(BinaryOp::WrappingAdd, from, way);
    b.close(&[]);
    *f = b.func;
    let before = core::mem::take(&mut f.regions[room].insts);
    let head = core::mem::take(&mut f.regions[inside].insts);
    // The value of this iteration stands for what was carried, which no longer changes.
    let mut subst = crate::pass::subst::Subst::new();
    subst.set(p, now);
    subst.set(result, after);
    subst.apply(f);
    f.regions[body].yields[k] = p;
    f.regions[body].insts.splice(0..0, head);
    place(f, vec![Change::before(at, before)]);
    made
}
