//! Cheaper operations with the same bits: what is best done last, when nothing is differentiated any more.
//!
//! | before | after |
//! |---|---|
//! | `accumulate x, y` of real floating-point arrays | `add x, y`, which other rules know; of scalars it stays: a sum in any order |
//! | `divide x, k`, `k` a power of two | `multiply x, 1/k` (both are the exact quotient, rounded once) |
//! | `powi x, n`, `2 < |n| <= 16` | the multiplications that it stands for, in its order |
//! | `multiply (negate x), k`, `negate (multiply x, k)`, `k` constant | `multiply x, -k` |

use crate::entity::{Inst, Value};
use crate::ir::{
    BinaryOp, Builder, ConstOp, DType, Func, InstData, Module, Op, TangentOp, Type, UnaryOp,
};
use crate::ops;
use crate::pass::facts::{constant, int_constant};
use crate::pass::subst::Subst;
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// The greatest power that becomes multiplications.
const MAX_POWER: i128 = 16;

/// Runs on every function.
pub fn run(m: &mut Module) {
    for f in m.funcs.values_mut() {
        func(f);
    }
}

/// Runs on one function. Returns whether anything changed.
pub fn func(f: &mut Func) -> bool {
    let mut changed = false;
    let mut powers: Vec<Inst> = Vec::new();
    let mut all: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, _| all.push(i));
    let mut constants: Vec<(Inst, Inst)> = Vec::new();
    for i in all {
        let d = &f.insts[i];
        if let Some(op) = sum(f, d) {
            f.insts[i].op = op;
            changed = true;
        } else if power(f, d).is_some() {
            powers.push(i);
        } else if let Some((x, k)) = product(f, d) {
            let ty = Type::scalar(k.dtype());
            let c = f.make_inst(
                ConstOp::Scalar(k).into(),
                vec![],
                vec![],
                core::slice::from_ref(&ty),
                f.insts[i].span,
            );
            let k = f.insts[c].results[0];
            let d = &mut f.insts[i];
            d.op = BinaryOp::Mul.into();
            d.args = vec![x, k];
            constants.push((i, c));
            changed = true;
        }
    }
    let before = constants
        .into_iter()
        .map(|(i, c)| super::layout::Change::before(i, vec![c]))
        .collect();
    super::layout::place(f, before);
    if !powers.is_empty() {
        expand_powers(f, &powers);
        changed = true;
    }
    changed
}

/// A structural sum that is a plain one.
fn sum(f: &Func, d: &InstData) -> Option<Op> {
    let real = |&v: &Value| f.ty(v).dtype().is_some_and(DType::is_float);
    if d.op != Op::Tangent(TangentOp::Accumulate) || !d.args.iter().all(real) {
        return None;
    }
    let tys: Vec<Type> = d.args.iter().map(|&v| f.ty(v).clone()).collect();
    let op = Op::Binary(BinaryOp::Add);
    // The shapes must be known to agree: the two trap under different names.
    let same = tys[0] == tys[1] && tys[0].is_static() && !tys[0].is_scalar();
    let fits = ops::infer(&op, &tys).is_ok_and(|r| r[0] == *f.ty(d.results[0]));
    (same && fits).then_some(op)
}

/// `x * k` for a constant `k`, if the instruction is that.
fn product(f: &Func, d: &InstData) -> Option<(Value, Scalar)> {
    let scalar = |v: Value| f.ty(v).is_scalar() && f.ty(v).dtype().is_some_and(DType::is_float);
    if !d.args.iter().all(|&v| scalar(v)) {
        return None;
    }
    let negated = |v: Value| {
        let d = &f.insts[f.def_inst(v)?];
        (d.op == Op::Unary(UnaryOp::Neg)).then(|| d.args[0])
    };
    let times = |d: &InstData| {
        let k = constant(f, d.args[1]).map(|k| (d.args[0], k));
        k.or_else(|| Some((d.args[1], constant(f, d.args[0])?)))
    };
    match &d.op {
        Op::Binary(BinaryOp::Mul) => {
            let (x, k) = times(d)?;
            Some((negated(x)?, minus(k)?))
        }
        Op::Unary(UnaryOp::Neg) => {
            let inner = &f.insts[f.def_inst(d.args[0])?];
            if inner.op != Op::Binary(BinaryOp::Mul) {
                return None;
            }
            let (x, k) = times(inner)?;
            Some((x, minus(k)?))
        }
        Op::Binary(BinaryOp::Div) => Some((d.args[0], reciprocal(constant(f, d.args[1])?)?)),
        _ => None,
    }
}

fn minus(k: Scalar) -> Option<Scalar> {
    match k {
        Scalar::F32(x) => Some(Scalar::F32(-x)),
        Scalar::F64(x) => Some(Scalar::F64(-x)),
        _ => None,
    }
}

/// `1/k` of a power of two, if it is a normal number.
fn reciprocal(k: Scalar) -> Option<Scalar> {
    match k {
        Scalar::F32(x) => {
            let r = 1.0 / x;
            let power = x.to_bits() << 9 == 0 && x.is_normal() && r.is_normal();
            power.then_some(Scalar::F32(r))
        }
        Scalar::F64(x) => {
            let r = 1.0 / x;
            let power = x.to_bits() << 12 == 0 && x.is_normal() && r.is_normal();
            power.then_some(Scalar::F64(r))
        }
        _ => None,
    }
}

/// Base and exponent of a power that becomes multiplications.
fn power(f: &Func, d: &InstData) -> Option<(Value, i128)> {
    if d.op != Op::Binary(BinaryOp::Powi) || !f.ty(d.args[0]).dtype()?.is_float() {
        return None;
    }
    if f.ty(d.args[0]) != f.ty(d.results[0]) || !f.ty(d.args[1]).is_scalar() {
        return None;
    }
    let n = int_constant(f, d.args[1])?;
    (2..=MAX_POWER).contains(&n.abs()).then_some((d.args[0], n))
}

/// Writes powers as `ops::float::powi` computes them: squares, and the products of those whose bit is set.
fn expand_powers(f: &mut Func, powers: &[Inst]) {
    let whole = core::mem::replace(f, Func::new("", &[], &[]));
    let mut b = Builder::on(whole);
    let scratch = b.func.make_region(&[]);
    let mut subst = Subst::new();
    let mut changes = Vec::new();
    for &i in powers {
        let d = b.func.insts[i].clone();
        let Some((x, n)) = power(&b.func, &d) else {
            continue;
        };
        b.open_at(scratch);
        b.set_span(d.span);
        let mut k = n.unsigned_abs();
        let mut square = x;
        let mut product: Option<Value> = None;
        while k != 0 {
            if k & 1 == 1 {
                product = Some(match product {
                    Some(p) => b.mul(p, square),
                    None => square,
                });
            }
            k >>= 1;
            if k != 0 {
                square = b.mul(square, square);
            }
        }
        let mut y = product.unwrap_or(x);
        if n < 0 {
            y = b.unary(UnaryOp::Recip, y);
        }
        b.close(&[]);
        let new = core::mem::take(&mut b.func.regions[scratch].insts);
        subst.set(d.results[0], y);
        changes.push(super::layout::Change::instead(i, new));
    }
    *f = b.func;
    super::layout::place(f, changes);
    subst.apply(f);
}
