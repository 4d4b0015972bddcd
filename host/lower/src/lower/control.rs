//! Control flow: branches, loops, maps and calls.

use super::cx::{Cx, Flat};
use super::live::Lent;
use super::{Unsupported, family};
use crate::layout::{Leaf, leaves, parts, scalar_ty};
use crate::lir::{Addr, Cmp, Cvt, Hint, Opnd, Reg, Rv, Stmt, Ty};
use cotangent_core::entity::{Inst, Region};
use cotangent_core::ir::{ControlOp, DType, InstData, Type};

/// Lowers a control operation.
pub(super) fn lower(op: &ControlOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    match op {
        ControlOp::If | ControlOp::Switch => branch(op, cx, i),
        ControlOp::While => while_loop(cx, i),
        ControlOp::For => for_loop(cx, i),
        ControlOp::Map => map(cx, i),
        ControlOp::Call(f) => {
            let d = cx.inst(i);
            let callee = &cx.module.funcs[*f];
            let (params, results) = (callee.param_types(), callee.results.clone());
            let mut args = Flat::new();
            for (k, to) in params.iter().enumerate() {
                let from = cx.func.ty(d.args[k]).clone();
                let a = lend(cx, d, k);
                args.extend(cx.coerce(a, &from, to));
            }
            let mut regs = Vec::new();
            let mut flats = Vec::new();
            for ty in &results {
                let r: Vec<Reg> = leaves(ty).iter().map(|l| cx.reg(l.ty())).collect();
                flats.push(r.iter().map(|&r| Opnd::Reg(r)).collect::<Flat>());
                regs.extend(r);
            }
            cx.emit(Stmt::Call(crate::lir::FnId(f.0), args, regs));
            for (k, (flat, ty)) in flats.into_iter().zip(&results).enumerate() {
                cx.define(d.results[k], flat, ty);
            }
            Ok(())
        }
        ControlOp::Derive { .. } => {
            Err(cx.unsupported("derive", "a derivative that was not expanded"))
        }
    }
}

/// Operand `k` of a call, owned. Part of an array is passed without a copy: the caller needs it no longer than the call.
fn lend(cx: &mut Cx<'_>, d: &InstData, k: usize) -> Flat {
    match cx.live.lent[d.args[k]] {
        Some(Lent::Part) => {
            let (flat, ty) = (cx.arg(d, k), cx.func.ty(d.args[k]).clone());
            cx.share(&flat, &ty)
        }
        Some(Lent::Whole) | None => cx.take(d, k),
    }
}

/// Lowers the instructions of a region into the open block and gives what it yields, owned, as the types asked for.
pub(super) fn region(cx: &mut Cx<'_>, r: Region, want: &[Type]) -> Result<Vec<Flat>, Unsupported> {
    let data = &cx.func.regions[r];
    let before = cx.live.before[r].clone();
    cx.release_values(&before);
    for &i in &data.insts {
        family(cx, i)?;
    }
    let moves = cx.live.moves[r].clone();
    let mut out = Vec::with_capacity(want.len());
    for ((&v, to), moved) in data.yields.iter().zip(want).zip(moves) {
        let ty = cx.func.ty(v).clone();
        let flat = if moved { cx.flat(v) } else { cx.share_value(v) };
        out.push(cx.coerce(flat, &ty, to));
    }
    Ok(out)
}

fn types(cx: &Cx<'_>, vs: &[cotangent_core::entity::Value]) -> Vec<Type> {
    vs.iter().map(|&v| cx.func.ty(v).clone()).collect()
}

fn branch(op: &ControlOp, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let want = types(cx, &d.results);
    let selector = if matches!(op, ControlOp::If) {
        cx.arg(d, 0)[0]
    } else {
        cx.widen(d.args[0]).0
    };
    let mut blocks = Vec::new();
    let mut yields: Vec<Flat> = Vec::new();
    for &r in &d.regions {
        cx.open();
        let flats = region(cx, r, &want);
        blocks.push(cx.close());
        yields.push(flats?.concat());
    }
    // What every arm leaves in the same register stays there.
    let width = yields.first().map_or(0, Vec::len);
    let mut out = Flat::with_capacity(width);
    for k in 0..width {
        let first = yields[0][k];
        if yields.iter().all(|y| y[k] == first) {
            out.push(first);
            continue;
        }
        let ty = cx.ty(first);
        let r = cx.reg(ty);
        for (b, y) in blocks.iter_mut().zip(&yields) {
            b.push(Stmt::Set(r, Rv::Copy(y[k])));
        }
        out.push(r.into());
    }
    let mut blocks = blocks.into_iter();
    cx.emit(match op {
        ControlOp::If => Stmt::If(
            selector,
            blocks.next().unwrap_or_default(),
            blocks.next().unwrap_or_default(),
        ),
        _ => Stmt::Switch(selector, blocks.collect()),
    });
    let mut rest = out.as_slice();
    for (&v, ty) in d.results.iter().zip(&want) {
        let (flat, more) = rest.split_at(leaves(ty).len());
        cx.flats[v] = Some(flat.to_vec());
        rest = more;
    }
    Ok(())
}

/// Registers for a loop's values, set to the operands from `first` on, which are consumed.
fn carried(cx: &mut Cx<'_>, i: Inst, first: usize, want: &[Type]) -> Vec<Vec<Reg>> {
    let d = cx.inst(i);
    let mut out = Vec::new();
    for (k, to) in want.iter().enumerate() {
        let from = cx.func.ty(d.args[first + k]).clone();
        let flat = cx.take(d, first + k);
        let flat = cx.coerce(flat, &from, to);
        let mut regs = Vec::with_capacity(flat.len());
        for (a, leaf) in flat.into_iter().zip(leaves(to)) {
            regs.push(match (a, leaf) {
                // An array's registers are its own: what is written in place stays in one register from outside to inside.
                (Opnd::Reg(r), Leaf::Block | Leaf::Data) => r,
                _ => cx.copy(a),
            });
        }
        out.push(regs);
    }
    out
}

fn as_flat(regs: &[Reg]) -> Flat {
    regs.iter().map(|&r| Opnd::Reg(r)).collect()
}

/// Sets the loop's registers to what the body yields, all at once.
fn next(cx: &mut Cx<'_>, regs: &[Vec<Reg>], yields: Vec<Flat>) {
    let pairs: Vec<(Reg, Opnd)> = regs
        .iter()
        .flatten()
        .copied()
        .zip(yields.into_iter().flatten())
        .filter(|(r, a)| *a != Opnd::Reg(*r))
        .collect();
    let written: Vec<Reg> = pairs.iter().map(|p| p.0).collect();
    // A source that another assignment overwrites first goes through a register of its own.
    let sources: Vec<Opnd> = pairs
        .iter()
        .map(|&(_, a)| match a {
            Opnd::Reg(s) if written.contains(&s) => cx.copy(a).into(),
            Opnd::Reg(_) | Opnd::Const(..) => a,
        })
        .collect();
    for ((r, _), a) in pairs.into_iter().zip(sources) {
        cx.emit(Stmt::Set(r, Rv::Copy(a)));
    }
}

fn finish_loop(cx: &mut Cx<'_>, i: Inst, regs: &[Vec<Reg>], want: &[Type]) {
    let d = cx.inst(i);
    for ((&v, r), ty) in d.results.iter().zip(regs).zip(want) {
        cx.define(v, as_flat(r), ty);
    }
    let after = cx.live.after[i].clone();
    cx.release_values(&after);
}

fn while_loop(cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let (head_region, body_region) = (d.regions[0], d.regions[1]);
    let params = cx.func.regions[body_region].params.clone();
    let want = types(cx, &params);
    let regs = carried(cx, i, 0, &want);
    for (k, r) in regs.iter().enumerate() {
        let looked = cx.func.regions[head_region].params[k];
        cx.flats[looked] = Some(as_flat(r));
        cx.flats[params[k]] = Some(as_flat(r));
    }
    cx.open();
    cx.fuel();
    let cond = region(cx, head_region, &[DType::Bool.into()]);
    let head = cx.close();
    let cond = cond?[0][0];
    cx.open();
    let yields = region(cx, body_region, &want);
    if let Ok(y) = yields {
        next(cx, &regs, y);
        let body = cx.close();
        cx.emit(Stmt::While { head, cond, body });
    } else {
        cx.close();
        return yields.map(|_| ());
    }
    finish_loop(cx, i, &regs, &want);
    Ok(())
}

fn for_loop(cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let (lo, signed) = cx.widen(d.args[0]);
    let (hi, _) = cx.widen(d.args[1]);
    let body_region = d.regions[0];
    let params = cx.func.regions[body_region].params.clone();
    let want = types(cx, &params[1..]);
    let regs = carried(cx, i, 2, &want);
    for (k, r) in regs.iter().enumerate() {
        cx.flats[params[k + 1]] = Some(as_flat(r));
    }
    let index = cx.reg(Ty::I64);
    cx.open();
    cx.fuel();
    let ty = scalar_ty(cx.func.ty(params[0]).dtype().unwrap_or(DType::U64));
    let narrow = if ty == Ty::I64 {
        index.into()
    } else {
        cx.set(Rv::Cvt(Cvt::Trunc, ty, index.into()))
    };
    cx.flats[params[0]] = Some(vec![narrow]);
    let yields = region(cx, body_region, &want);
    if let Ok(y) = yields {
        next(cx, &regs, y);
        let body = cx.close();
        cx.emit(Stmt::For {
            index,
            lo,
            hi,
            signed,
            body,
            hint: Hint::default(),
        });
    } else {
        cx.close();
        return yields.map(|_| ());
    }
    finish_loop(cx, i, &regs, &want);
    Ok(())
}

/// The scalar `k` of an array: one register, or two of a complex number.
pub(super) fn load_scalar(cx: &mut Cx<'_>, data: Opnd, k: Opnd, d: DType) -> Flat {
    let ty = scalar_ty(d);
    let at = Addr::at(data, k, d.bytes() as u32);
    (0..parts(d))
        .map(|p| cx.set(Rv::Load(ty, at.plus((p as u32 * ty.bytes()) as i32))))
        .collect()
}

/// Stores scalar `k` of an array.
pub(super) fn store_scalar(cx: &mut Cx<'_>, data: Opnd, k: Opnd, d: DType, x: &[Opnd]) {
    let ty = scalar_ty(d);
    let at = Addr::at(data, k, d.bytes() as u32);
    for (p, &a) in x.iter().enumerate() {
        cx.emit(Stmt::Store(ty, at.plus((p as u32 * ty.bytes()) as i32), a));
    }
}

fn map(cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let r = d.regions[0];
    let params = cx.func.regions[r].params.clone();
    let tys = types(cx, &d.args);
    let yield_types: Vec<Type> = types(cx, &cx.func.regions[r].yields.clone());
    if tys.first().is_none_or(Type::is_scalar) {
        for (k, &p) in params.iter().enumerate() {
            cx.flats[p] = Some(cx.arg(d, k));
        }
        let ys = region(cx, r, &yield_types)?;
        for (k, y) in ys.into_iter().enumerate() {
            cx.result(d, k, y);
        }
        let after = cx.live.after[i].clone();
        cx.release_values(&after);
        return Ok(());
    }
    let flats: Vec<Flat> = (0..d.args.len()).map(|k| cx.arg(d, k)).collect();
    let extents = cx.extents(&flats[0], &tys[0]);
    for (f, t) in flats.iter().zip(&tys).skip(1) {
        let other = cx.extents(f, t);
        cx.check_same("map", &extents, &other);
    }
    let n = cx.product(&extents);
    let outs: Vec<(Reg, Reg)> = d
        .results
        .iter()
        .map(|&v| {
            let ty = cx.func.ty(v).clone();
            let (layout, _) = cx.elements(&ty);
            cx.alloc(n, layout)
        })
        .collect();
    let index = cx.reg(Ty::I64);
    cx.open();
    cx.fuel();
    for (k, &p) in params.iter().enumerate() {
        let dtype = tys[k].dtype().unwrap_or(DType::F64);
        let x = load_scalar(cx, flats[k][1], index.into(), dtype);
        cx.flats[p] = Some(x);
    }
    let ys = region(cx, r, &yield_types);
    if let Ok(ys) = &ys {
        for (k, y) in ys.iter().enumerate() {
            let dtype = yield_types[k].dtype().unwrap_or(DType::F64);
            store_scalar(cx, outs[k].1.into(), index.into(), dtype, y);
        }
    }
    let body = cx.close();
    ys?;
    cx.emit(Stmt::For {
        index,
        lo: Opnd::i64(0),
        hi: n,
        signed: false,
        body,
        hint: Hint::parallel(true),
    });
    for (k, &(block, data)) in outs.iter().enumerate() {
        let ty = cx.func.ty(d.results[k]).clone();
        let flat = cx.array(&ty, block.into(), data.into(), &extents);
        cx.result(d, k, flat);
    }
    let after = cx.live.after[i].clone();
    cx.release_values(&after);
    Ok(())
}

/// Whether an `I8` is 0.
pub(super) fn not(cx: &mut Cx<'_>, a: Opnd) -> Opnd {
    match a.constant() {
        Some(v) => Opnd::bool(v == 0),
        None => cx.cmp(Cmp::Eq, a, Opnd::bool(false)),
    }
}
