//! Elementwise operations: on scalars straight, on tensors one loop for all that is fused ([`super::fuse`]).
//!
//! The loop writes into an operand's memory where that dies here and nobody else holds it, which is found out once before the loop.
//! Elements are computed in order, so the first trap is the interpreter's.

use super::Unsupported;
use super::control::{load_scalar, store_scalar};
use super::cx::{Cx, Flat};
use super::fuse::{kernel, passes, small};
use super::scalar::{self, Elementwise};
use crate::abi::BLOCK_COUNT;
use crate::layout::scalar_ty;
use crate::lir::{Addr, Block, Cmp, Hint, Opnd, Reg, RtFn, Rv, Stmt, Ty};
use cotangent_core::entity::{Inst, Value};
use cotangent_core::ir::{DType, Dim, InstData, TernaryOp, Type};
use hashbrown::HashMap;

/// Lowers an elementwise instruction.
pub(super) fn lower(cx: &mut Cx<'_>, op: Elementwise, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let ty = cx.func.ty(d.results[0]).clone();
    if ty.is_scalar() {
        let args: Vec<Flat> = (0..d.args.len()).map(|k| cx.arg(d, k)).collect();
        let dtypes = dtypes(cx, d);
        let out = scalar::lower(cx, op, &args, &dtypes);
        cx.result(d, 0, out);
        return Ok(());
    }
    if passes(op, cx.func, i) {
        let from = cx.func.ty(d.args[0]).clone();
        let flat = cx.take(d, 0);
        let flat = cx.coerce(flat, &from, &ty);
        cx.result(d, 0, flat);
        return Ok(());
    }
    let extents = agreed(cx, op, d);
    if defer(cx, i, &extents) {
        return Ok(());
    }
    let fused = cx.fusion.groups.contains_key(&i);
    let whole = matches!(op, Elementwise::Ternary(TernaryOp::Select))
        && cx.func.ty(d.args[0]).is_scalar()
        && !fused;
    if whole {
        choose(cx, d, &extents);
    } else {
        run(cx, op, i, &extents);
    }
    Ok(())
}

fn dtypes(cx: &Cx<'_>, d: &InstData) -> Vec<DType> {
    d.args
        .iter()
        .map(|&v| cx.func.ty(v).dtype().unwrap_or(DType::F64))
        .collect()
}

/// If the instruction is fused into a later one: its extents are what is known of it until then, and what dies at it is held.
pub(super) fn defer(cx: &mut Cx<'_>, i: Inst, extents: &[Opnd]) -> bool {
    let Some(root) = cx.fusion.root[i] else {
        return false;
    };
    let d = cx.inst(i);
    let nowhere = Opnd::Const(Ty::Ptr, 0);
    let ty = cx.func.ty(d.results[0]).clone();
    let flat = cx.array(&ty, nowhere, nowhere, extents);
    cx.result(d, 0, flat);
    let dying = std::mem::take(&mut cx.dying);
    cx.held.entry(root).or_default().extend(dying);
    true
}

/// The extents of the result, after checking that the operands' agree as the interpreter does.
fn agreed(cx: &mut Cx<'_>, op: Elementwise, d: &InstData) -> Vec<Opnd> {
    let of = |cx: &Cx<'_>, k: usize| {
        let flat = cx.arg(d, k);
        cx.extents(&flat, cx.func.ty(d.args[k]))
    };
    let scalar = |cx: &Cx<'_>, k: usize| cx.func.ty(d.args[k]).is_scalar();
    let pairs: &[(usize, usize)] = match op {
        Elementwise::Unary(_) | Elementwise::Convert(_) => &[],
        // An exponent or amount may be a scalar.
        Elementwise::Binary(_) if scalar(cx, 1) => &[],
        Elementwise::Binary(_) | Elementwise::Compare(_) => &[(0, 1)],
        Elementwise::Ternary(TernaryOp::Select) if scalar(cx, 0) => &[(1, 2)],
        Elementwise::Ternary(TernaryOp::Select) => &[(1, 2), (0, 1)],
        Elementwise::Ternary(TernaryOp::Clamp | TernaryOp::Fma) => &[(0, 1), (0, 2)],
    };
    for &(a, b) in pairs {
        let (x, y) = (of(cx, a), of(cx, b));
        cx.check_same(op.name(), &x, &y);
    }
    let first = usize::from(matches!(op, Elementwise::Ternary(TernaryOp::Select)));
    let known = match cx.func.ty(d.results[0]) {
        Type::Tensor(t) => t.shape.clone(),
        Type::Record(_) | Type::Seq(_) | Type::Stack(_) => Vec::new(),
    };
    let mut extents = of(cx, first);
    for (e, dim) in extents.iter_mut().zip(known) {
        if let Dim::Known(n) = dim {
            *e = Opnd::i64(n);
        }
    }
    extents
}

/// `select` of whole tensors by a scalar: one of them, without a loop.
fn choose(cx: &mut Cx<'_>, d: &InstData, extents: &[Opnd]) {
    let c = cx.arg(d, 0)[0];
    let (a, b) = (cx.take(d, 1), cx.take(d, 2));
    let (block, data) = (cx.reg(Ty::Ptr), cx.reg(Ty::Ptr));
    let arm = |keep: &Flat, drop: &Flat| -> Block {
        vec![
            Stmt::Set(block, Rv::Copy(keep[0])),
            Stmt::Set(data, Rv::Copy(keep[1])),
            Stmt::Release(drop[0]),
        ]
    };
    let (then, other) = (arm(&a, &b), arm(&b, &a));
    cx.emit(Stmt::If(c, then, other));
    let ty = cx.func.ty(d.results[0]).clone();
    let flat = cx.array(&ty, block.into(), data.into(), extents);
    cx.result(d, 0, flat);
}

/// The loop of an instruction and all that is fused into it.
fn run(cx: &mut Cx<'_>, op: Elementwise, i: Inst, extents: &[Opnd]) {
    let d = cx.inst(i);
    let ty = cx.func.ty(d.results[0]).clone();
    let to = ty.dtype().unwrap_or(DType::F64);
    let n = cx.product(extents);
    let function = kernel(op, cx.func, i).filter(|_| !small(&ty));
    let fused = cx.fusion.groups.contains_key(&i);
    let (block, data) = destination(cx, i, &ty, n);
    let types = dtypes(cx, d);
    match function {
        Some(f) => {
            let source = if fused {
                each(cx, n, |cx, k| {
                    let x = operands(cx, i, k).swap_remove(0);
                    store_scalar(cx, data.into(), k, to, &x);
                });
                data.into()
            } else {
                cx.arg(d, 0)[1]
            };
            let args = vec![n, source, data.into()];
            cx.emit(Stmt::Rt(RtFn::Map(f, scalar_ty(to)), args, None, None));
        }
        None => each(cx, n, |cx, k| {
            let args = operands(cx, i, k);
            let x = scalar::lower(cx, op, &args, &types);
            store_scalar(cx, data.into(), k, to, &x);
        }),
    }
    let flat = cx.array(&ty, block.into(), data.into(), extents);
    cx.result(d, 0, flat);
    release_held(cx, i);
}

/// Gives up what was held for a root.
pub(super) fn release_held(cx: &mut Cx<'_>, root: Inst) {
    if let Some(held) = cx.held.remove(&root) {
        cx.release_values(&held);
    }
}

/// Where a loop writes its result: the memory of an operand that dies, if nobody else holds it, else a new block.
fn destination(cx: &mut Cx<'_>, root: Inst, ty: &Type, n: Opnd) -> (Reg, Reg) {
    let (layout, l) = cx.elements(ty);
    let suits = |cx: &Cx<'_>, v: Value| {
        let t = cx.func.ty(v);
        matches!(t, Type::Tensor(t) if !t.shape.is_empty())
            && t.dtype().is_some_and(|d| d.bytes() as u32 == l.size)
    };
    // All tensors that a group reads have the result's shape.
    let dying = cx.dying.iter().position(|&v| suits(cx, v));
    let old = match dying {
        Some(k) => Some(cx.dying.swap_remove(k)),
        None => {
            let at = cx
                .held
                .get(&root)
                .and_then(|h| h.iter().position(|&v| suits(cx, v)));
            at.and_then(|k| cx.held.get_mut(&root).map(|h| h.swap_remove(k)))
        }
    };
    let Some(old) = old else {
        return cx.alloc(n, layout);
    };
    let old = cx.flat(old);
    let (block, data) = (cx.reg(Ty::Ptr), cx.reg(Ty::Ptr));
    let count = cx.set(Rv::Load(Ty::I64, Addr::base(old[0]).plus(BLOCK_COUNT)));
    let alone = cx.cmp(Cmp::Eq, count, Opnd::i64(1));
    let reuse = vec![
        Stmt::Set(block, Rv::Copy(old[0])),
        Stmt::Set(data, Rv::Copy(old[1])),
    ];
    let (fresh, ()) = cx.block(|cx| {
        let (b, d) = cx.alloc(n, layout);
        cx.emit(Stmt::Set(block, Rv::Copy(b.into())));
        cx.emit(Stmt::Set(data, Rv::Copy(d.into())));
        // The others that hold it keep it while the loop reads it.
        cx.emit(Stmt::Release(old[0]));
    });
    cx.emit(Stmt::If(alone, reuse, fresh));
    (block, data)
}

/// The elements at an index of an instruction's operands, computing what is fused into it.
pub(super) fn operands(cx: &mut Cx<'_>, root: Inst, index: Opnd) -> Vec<Flat> {
    let mut known: HashMap<Value, Flat> = HashMap::new();
    let nodes = cx.fusion.groups.get(&root).cloned().unwrap_or_default();
    for i in nodes {
        let d = cx.inst(i);
        let args: Vec<Flat> = d
            .args
            .iter()
            .map(|&v| element(cx, v, index, &mut known))
            .collect();
        let x = match Elementwise::of(&d.op) {
            Some(op) => {
                let types = dtypes(cx, d);
                scalar::lower(cx, op, &args, &types)
            }
            // A scalar repeated.
            None => args[0].clone(),
        };
        known.insert(d.results[0], x);
    }
    let d = cx.inst(root);
    d.args
        .iter()
        .map(|&v| element(cx, v, index, &mut known))
        .collect()
}

fn element(cx: &mut Cx<'_>, v: Value, index: Opnd, known: &mut HashMap<Value, Flat>) -> Flat {
    if let Some(x) = known.get(&v) {
        return x.clone();
    }
    let flat = cx.flat(v);
    let ty = cx.func.ty(v);
    if ty.is_scalar() {
        return flat;
    }
    let d = ty.dtype().unwrap_or(DType::F64);
    let x = load_scalar(cx, flat[1], index, d);
    known.insert(v, x.clone());
    x
}

/// `f` for each of `n` indices in order, which do not depend on each other: marked parallel where nothing traps.
pub(super) fn each(cx: &mut Cx<'_>, n: Opnd, f: impl FnMut(&mut Cx<'_>, Opnd)) {
    count(cx, n, true, f);
}

/// `f` for each of `n` indices in order, which may depend on the ones before.
pub(super) fn in_turn(cx: &mut Cx<'_>, n: Opnd, f: impl FnMut(&mut Cx<'_>, Opnd)) {
    count(cx, n, false, f);
}

/// One after another if they are few, else a loop.
fn count(cx: &mut Cx<'_>, n: Opnd, apart: bool, mut f: impl FnMut(&mut Cx<'_>, Opnd)) {
    const FEW: u64 = 4;
    if let Some(n) = n.constant()
        && n <= FEW
    {
        for k in 0..n {
            f(cx, Opnd::i64(k));
        }
        return;
    }
    let index = cx.reg(Ty::I64);
    let (body, ()) = cx.block(|cx| f(cx, index.into()));
    let hint = Hint::parallel(apart && !body.iter().any(traps));
    cx.emit(Stmt::For {
        index,
        lo: Opnd::i64(0),
        hi: n,
        signed: false,
        body,
        hint,
    });
}

fn traps(s: &Stmt) -> bool {
    let mut found = false;
    s.visit(&mut |s| found |= matches!(s, Stmt::Check(..) | Stmt::Trap(..)));
    found
}
