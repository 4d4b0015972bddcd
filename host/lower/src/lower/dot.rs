//! Contractions: `dot_general`.
//!
//! Each operand is seen as `[batch, free, contracted]` with a stride for each, packed into a new block first where a group of axes is
//! not one axis. Long float contractions go to the kernels for inner products and matrix products, which may add in another order; all
//! else is loops in core's order.

use super::control::{load_scalar, store_scalar};
use super::cx::Cx;
use super::elementwise::{each, in_turn};
use super::reduce::{plus, times};
use super::shape::{RANK, address, check_shapes, dtype, extents, fresh, zero};
use super::strided::{self, View};
use super::{Unsupported, fallback};
use crate::layout::scalar_ty;
use crate::lir::{Cmp, Opnd, Reg, RtFn, Rv, Stmt};
use cotangent_core::entity::Inst;
use cotangent_core::ir::{DType, DotDims, InstData};

const OP: &str = "dot_general";

/// Fewer products than this are computed in place, if all extents are known.
const FEW: u64 = 64;

/// An operand as three groups of axes: the position of an element is the sum of the indices times the strides.
struct Operand {
    data: Opnd,
    batch: Opnd,
    free: Opnd,
    along: Opnd,
    /// A packed copy, to be given up.
    block: Option<Reg>,
}

/// The extents of a contraction.
#[derive(Copy, Clone)]
struct Sizes {
    batch: Opnd,
    rows: Opnd,
    cols: Opnd,
    len: Opnd,
}

/// Lowers a contraction.
pub(super) fn lower(op: &DotDims, cx: &mut Cx<'_>, i: Inst) -> Result<(), Unsupported> {
    let d = cx.inst(i);
    let rank = |v| cx.func.ty(v).as_tensor().map_or(0, |t| t.shape.len());
    let (l_rank, r_rank) = (rank(d.args[0]), rank(d.args[1]));
    if l_rank == 0 || r_rank == 0 || l_rank > RANK || r_rank > RANK {
        return fallback::lower(cx, i);
    }
    let (l, r) = (extents(cx, d, 0), extents(cx, d, 1));
    let mut bad = Opnd::bool(false);
    let pairs = |a: &[u32], b: &[u32]| -> Vec<(u32, u32)> {
        a.iter().copied().zip(b.iter().copied()).collect()
    };
    let mut both = pairs(&op.lhs_batch, &op.rhs_batch);
    both.extend(pairs(&op.lhs_contract, &op.rhs_contract));
    for (a, b) in both {
        let differs = cx.set(Rv::Cmp(Cmp::Ne, l[a as usize], r[b as usize]));
        bad = cx.either(bad, differs);
    }
    check_shapes(cx, bad, OP, &l, &r);
    let left = free(l_rank, &op.lhs_batch, &op.lhs_contract);
    let right = free(r_rank, &op.rhs_batch, &op.rhs_contract);
    let of = |shape: &[Opnd], axes: &[u32]| -> Vec<Opnd> {
        axes.iter().map(|&k| shape[k as usize]).collect()
    };
    let mut shape = of(&l, &op.lhs_batch);
    let sizes = Sizes {
        batch: cx.product(&shape),
        rows: cx.product(&of(&l, &left)),
        cols: cx.product(&of(&r, &right)),
        len: cx.product(&of(&l, &op.lhs_contract)),
    };
    shape.extend(of(&l, &left));
    shape.extend(of(&r, &right));
    let lhs = operand(cx, d, 0, &[&op.lhs_batch, &left, &op.lhs_contract]);
    let rhs = operand(cx, d, 1, &[&op.rhs_batch, &right, &op.rhs_contract]);
    let e = dtype(cx, d, 0);
    let mut blocks = vec![lhs.block, rhs.block];
    if shape.is_empty() {
        let x = inner(cx, &lhs, &rhs, Opnd::i64(0), Opnd::i64(0), sizes.len, e);
        cx.result(d, 0, x);
    } else {
        let (_, data) = fresh(cx, d, &shape);
        contract(cx, &lhs, &rhs, sizes, data.into(), e, &mut blocks);
    }
    for block in blocks.into_iter().flatten() {
        cx.emit(Stmt::Release(block.into()));
    }
    Ok(())
}

/// The axes of an operand of that rank that are neither batch nor contracted.
fn free(rank: usize, batch: &[u32], contract: &[u32]) -> Vec<u32> {
    (0..rank as u32)
        .filter(|k| !batch.contains(k) && !contract.contains(k))
        .collect()
}

/// Operand `k` by its groups of axes.
fn operand(cx: &mut Cx<'_>, d: &InstData, k: usize, groups: &[&[u32]; 3]) -> Operand {
    let shape = extents(cx, d, k);
    let data = cx.arg(d, k)[1];
    let whole = View::whole(cx, &shape);
    if groups.iter().all(|g| g.len() <= 1) {
        let stride = |g: &[u32]| {
            g.first()
                .map_or(Opnd::i64(0), |&a| whole.strides[a as usize])
        };
        return Operand {
            data,
            batch: stride(groups[0]),
            free: stride(groups[1]),
            along: stride(groups[2]),
            block: None,
        };
    }
    let perm: Vec<usize> = groups
        .iter()
        .flat_map(|g| g.iter())
        .map(|&a| a as usize)
        .collect();
    let order: Vec<Opnd> = perm.iter().map(|&p| shape[p]).collect();
    let len = cx.product(&order[perm.len() - groups[2].len()..]);
    let rows = cx.product(&order[groups[0].len()..]);
    let (data, block) = if perm.iter().enumerate().all(|(i, &p)| i == p) {
        (data, None)
    } else {
        let from = View {
            base: whole.base,
            strides: perm.iter().map(|&p| whole.strides[p]).collect(),
        };
        let (data, block) = packed(cx, d, k, &order, data, &from);
        (data, Some(block))
    };
    Operand {
        data,
        batch: rows,
        free: len,
        along: Opnd::i64(1),
        block,
    }
}

/// A copy of a view of operand `k`, row-major in `shape`.
fn packed(
    cx: &mut Cx<'_>,
    d: &InstData,
    k: usize,
    shape: &[Opnd],
    src: Opnd,
    from: &View,
) -> (Opnd, Reg) {
    let e = dtype(cx, d, k);
    copied(cx, shape, src, from, e)
}

fn copied(cx: &mut Cx<'_>, shape: &[Opnd], src: Opnd, from: &View, e: DType) -> (Opnd, Reg) {
    let layout = cx.shared.layout(crate::layout::memory_layout(
        &cotangent_core::ir::Type::scalar(e),
    ));
    let n = cx.product(shape);
    let (block, data) = cx.alloc(n, layout);
    let to = View::whole(cx, shape);
    strided::copy(cx, shape, (data.into(), &to), (src, from), e);
    (data.into(), block)
}

/// The inner product of the rows at `p` and `q`.
fn inner(
    cx: &mut Cx<'_>,
    l: &Operand,
    r: &Operand,
    p: Opnd,
    q: Opnd,
    len: Opnd,
    e: DType,
) -> Vec<Opnd> {
    let one = Opnd::i64(1);
    let long = len.constant().is_none_or(|n| n >= super::fuse::KERNEL);
    if e.is_float() && long && l.along == one && r.along == one {
        let ty = scalar_ty(e);
        let (x, y) = (address(cx, l.data, p, e), address(cx, r.data, q, e));
        let out = cx.reg(ty);
        cx.emit(Stmt::Rt(RtFn::Dot(ty), vec![len, x, y], Some(out), None));
        return vec![out.into()];
    }
    let acc: Vec<Reg> = zero(e).iter().map(|&a| cx.copy(a)).collect();
    in_turn(cx, len, |cx, k| {
        let (i, j) = (cx.mul(k, l.along), cx.mul(k, r.along));
        let (i, j) = (cx.add(p, i), cx.add(q, j));
        let (x, y) = (load_scalar(cx, l.data, i, e), load_scalar(cx, r.data, j, e));
        let xy = times(cx, &x, &y, e, OP);
        let so_far: Vec<Opnd> = acc.iter().map(|&r| r.into()).collect();
        let sum = plus(cx, &so_far, &xy, e, OP);
        for (&r, &s) in acc.iter().zip(&sum) {
            cx.emit(Stmt::Set(r, Rv::Copy(s)));
        }
    });
    acc.iter().map(|&r| r.into()).collect()
}

fn contract(
    cx: &mut Cx<'_>,
    l: &Operand,
    r: &Operand,
    s: Sizes,
    out: Opnd,
    e: DType,
    blocks: &mut Vec<Option<Reg>>,
) {
    let one = Opnd::i64(1);
    let few = [s.rows, s.cols, s.len]
        .iter()
        .try_fold(1u64, |n, x| n.checked_mul(x.constant()?))
        .is_some_and(|n| n < FEW);
    let vector = s.rows == one || s.cols == one;
    if !e.is_float() || few || vector && l.along == one && r.along == one {
        by_rows(cx, l, r, s, out, e);
        return;
    }
    let ty = scalar_ty(e);
    let size = cx.mul(s.rows, s.cols);
    if s.cols == one && l.free == one && l.along == s.rows && r.along == one {
        // A transposed matrix by a vector is the vector by the matrix.
        each(cx, s.batch, |cx, b| {
            let (p, q) = (cx.mul(b, l.batch), cx.mul(b, r.batch));
            let at = cx.mul(b, size);
            let (a, m) = (address(cx, r.data, q, e), address(cx, l.data, p, e));
            let c = address(cx, out, at, e);
            cx.emit(Stmt::Rt(
                RtFn::Gemm(ty),
                vec![one, s.rows, s.len, a, m, c],
                None,
                None,
            ));
        });
        return;
    }
    let both_rows = l.along == one && r.along == one && l.free == s.len && r.free == s.len;
    if both_rows && s.batch == one {
        // The right operand would be turned: if it is the larger one, what is turned is the left one and the result.
        let turn = cx.cmp(Cmp::SLt, s.rows, s.cols);
        let (other, ()) = cx.block(|cx| {
            let mut blocks = Vec::new();
            product(cx, l, r, s, out, e, &mut blocks);
            release(cx, &blocks);
        });
        let (turned, ()) = cx.block(|cx| turned_product(cx, l, r, s, out, e));
        cx.emit(Stmt::If(turn, turned, other));
        return;
    }
    product(cx, l, r, s, out, e, blocks);
}

/// Gives up copies.
fn release(cx: &mut Cx<'_>, blocks: &[Option<Reg>]) {
    for block in blocks.iter().flatten() {
        cx.emit(Stmt::Release((*block).into()));
    }
}

/// `l r^T` as the transpose of `r l^T`, both by rows of `len` elements.
fn turned_product(cx: &mut Cx<'_>, l: &Operand, r: &Operand, s: Sizes, out: Opnd, e: DType) {
    let one = Opnd::i64(1);
    let by_column = |cx: &mut Cx<'_>, data: Opnd, rows: Opnd, cols: Opnd| {
        let from = View {
            base: Opnd::i64(0),
            strides: vec![one, cols],
        };
        copied(cx, &[cols, rows], data, &from, e)
    };
    let (left, block) = by_column(cx, l.data, s.rows, s.len);
    let layout = cx.shared.layout(crate::layout::memory_layout(
        &cotangent_core::ir::Type::scalar(e),
    ));
    let n = cx.product(&[s.rows, s.cols]);
    let (whole, made) = cx.alloc(n, layout);
    let args = vec![s.cols, s.rows, s.len, r.data, left, made.into()];
    cx.emit(Stmt::Rt(RtFn::Gemm(scalar_ty(e)), args, None, None));
    let shape = [s.rows, s.cols];
    let from = View {
        base: Opnd::i64(0),
        strides: vec![one, s.rows],
    };
    let to = View::whole(cx, &shape);
    strided::copy(cx, &shape, (out, &to), (made.into(), &from), e);
    release(cx, &[Some(block), Some(whole)]);
}

/// As products of row-major matrices.
fn product(
    cx: &mut Cx<'_>,
    l: &Operand,
    r: &Operand,
    s: Sizes,
    out: Opnd,
    e: DType,
    blocks: &mut Vec<Option<Reg>>,
) {
    let ty = scalar_ty(e);
    let size = cx.mul(s.rows, s.cols);
    let lhs = rows_by_len(cx, l, s.batch, s.rows, s.len, e, false);
    let rhs = rows_by_len(cx, r, s.batch, s.cols, s.len, e, true);
    each(cx, s.batch, |cx, b| {
        let (p, q) = (cx.mul(b, lhs.batch), cx.mul(b, rhs.batch));
        let at = cx.mul(b, size);
        let (x, y) = (address(cx, lhs.data, p, e), address(cx, rhs.data, q, e));
        let c = address(cx, out, at, e);
        cx.emit(Stmt::Rt(
            RtFn::Gemm(ty),
            vec![s.rows, s.cols, s.len, x, y, c],
            None,
            None,
        ));
    });
    blocks.extend([lhs.block, rhs.block]);
}

/// An operand as row-major matrices `[free, contracted]`, or `[contracted, free]` if `turned`; a copy if it is not.
fn rows_by_len(
    cx: &mut Cx<'_>,
    a: &Operand,
    batch: Opnd,
    free: Opnd,
    len: Opnd,
    e: DType,
    turned: bool,
) -> Operand {
    let one = Opnd::i64(1);
    let (outer, inner, row) = if turned {
        (a.along, a.free, free)
    } else {
        (a.free, a.along, len)
    };
    let alone = if turned { len == one } else { free == one };
    let single = row == one;
    let ready = (inner == one || single) && (outer == row || alone);
    if ready {
        return Operand {
            data: a.data,
            batch: a.batch,
            free: a.free,
            along: a.along,
            block: None,
        };
    }
    let (shape, strides) = if turned {
        (vec![batch, len, free], vec![a.batch, a.along, a.free])
    } else {
        (vec![batch, free, len], vec![a.batch, a.free, a.along])
    };
    let from = View {
        base: Opnd::i64(0),
        strides,
    };
    let (data, block) = copied(cx, &shape, a.data, &from, e);
    Operand {
        data,
        batch: cx.mul(free, len),
        free: Opnd::i64(0),
        along: Opnd::i64(0),
        block: Some(block),
    }
}

/// Each result by its own inner product.
fn by_rows(cx: &mut Cx<'_>, l: &Operand, r: &Operand, s: Sizes, out: Opnd, e: DType) {
    let size = cx.mul(s.rows, s.cols);
    each(cx, s.batch, |cx, b| {
        let (p, q) = (cx.mul(b, l.batch), cx.mul(b, r.batch));
        let at = cx.mul(b, size);
        each(cx, s.rows, |cx, i| {
            let p = {
                let by = cx.mul(i, l.free);
                cx.add(p, by)
            };
            let row = cx.mul(i, s.cols);
            let at = cx.add(at, row);
            each(cx, s.cols, |cx, j| {
                let q = {
                    let by = cx.mul(j, r.free);
                    cx.add(q, by)
                };
                let x = inner(cx, l, r, p, q, s.len, e);
                let at = cx.add(at, j);
                store_scalar(cx, out, at, e, &x);
            });
        });
    });
}
