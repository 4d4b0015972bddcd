//! Kernels of the runtime on parts of their arrays.

use super::{Outline, Pass, much};
use crate::lir::{Addr, Bin, Block, Cmp, Cvt, Opnd, RtFn, Rv, Stmt, Ty};

/// Rows of a product that one index stands for: what the kernel computes together.
const ROWS: u64 = 16;
/// What a function of an element costs in simple operations.
const FUNCTION: u64 = 5;

/// A kernel as a split, and whether it is much work; `None` if it stays.
pub(super) fn split(
    pass: &mut Pass,
    f: RtFn,
    args: &[Opnd],
    out: &mut Block,
) -> Option<(Opnd, Stmt)> {
    match (f, args) {
        (RtFn::Gemm(ty), &[m, n, k, a, b, c]) => gemm(pass, ty, [m, n, k], [a, b, c], out),
        (RtFn::Map(g, ty), &[n, src, dst]) => {
            let limit = Opnd::i64((much() / FUNCTION).max(2));
            let much = pass.set(Rv::Cmp(Cmp::UGe, n, limit), out);
            if much.constant() == Some(0) {
                return None;
            }
            let mut part = Part::new(pass, &[src, dst]);
            let n = part.extent();
            let [lo, _] = part.f.range;
            let src = part.shifted(src, lo.into(), ty);
            let dst = part.shifted(dst, lo.into(), ty);
            let call = Stmt::Rt(RtFn::Map(g, ty), vec![n, src, dst], None, None);
            Some((
                much,
                part.finish(pass, call, Opnd::i64(0), n_of(args), Opnd::i64(FUNCTION)),
            ))
        }
        (
            RtFn::Gemm(_)
            | RtFn::Map(..)
            | RtFn::Alloc
            | RtFn::AllocZero
            | RtFn::Grow
            | RtFn::Copy
            | RtFn::Zero
            | RtFn::RetainElems
            | RtFn::ReleaseElems
            | RtFn::Dot(_)
            | RtFn::Sum(_)
            | RtFn::Axpy(_),
            _,
        ) => None,
    }
}

fn n_of(args: &[Opnd]) -> Opnd {
    args.first().copied().unwrap_or(Opnd::i64(0))
}

/// `c = a b` by rows of `a` and `c`.
fn gemm(
    pass: &mut Pass,
    ty: Ty,
    [m, n, k]: [Opnd; 3],
    [a, b, c]: [Opnd; 3],
    out: &mut Block,
) -> Option<(Opnd, Stmt)> {
    // The kernel does 8 products in about the time of a simple operation. Arrays of these extents exist, so only the product of all three
    // may be beyond 64 bits.
    let row = pass.set(Rv::Bin(Bin::Mul, n, k), out);
    let work = pass.set(Rv::Bin(Bin::Mul, row, Opnd::i64(ROWS / 8)), out);
    let [x, y] = [m, row].map(|v| pass.set(Rv::Cvt(Cvt::UToF, Ty::F64, v), out));
    let all = pass.set(Rv::Bin(Bin::Mul, x, y), out);
    let limit = Opnd::Const(Ty::F64, (8.0 * much() as f64).to_bits());
    let much = pass.set(Rv::Cmp(Cmp::FGe, all, limit), out);
    if much.constant() == Some(0) {
        return None;
    }
    let m1 = pass.set(Rv::Bin(Bin::Add, m, Opnd::i64(ROWS - 1)), out);
    let tiles = pass.set(
        Rv::Bin(Bin::ShrU, m1, Opnd::i64(ROWS.trailing_zeros().into())),
        out,
    );
    let mut part = Part::new(pass, &[m, n, k, a, b, c]);
    let [m, n, k, a, b, c] = [m, n, k, a, b, c].map(|v| part.here(v));
    let [first, end] = part.f.range.map(|r| {
        let rows = part.f.set(Rv::Bin(Bin::Mul, r.into(), Opnd::i64(ROWS)));
        part.f.set(Rv::Bin(Bin::UMin, rows, m))
    });
    let rows = part.f.set(Rv::Bin(Bin::Sub, end, first));
    let at_a = part.f.set(Rv::Bin(Bin::Mul, first, k));
    let at_c = part.f.set(Rv::Bin(Bin::Mul, first, n));
    let a = part.f.set(Rv::Lea(Addr::at(a, at_a, ty.bytes())));
    let c = part.f.set(Rv::Lea(Addr::at(c, at_c, ty.bytes())));
    let call = Stmt::Rt(RtFn::Gemm(ty), vec![rows, n, k, a, b, c], None, None);
    Some((much, part.finish(pass, call, Opnd::i64(0), tiles, work)))
}

/// A function that calls a kernel on a range.
struct Part {
    f: Outline,
    args: Vec<Opnd>,
}

impl Part {
    /// With parameters for those operands that are registers.
    fn new(pass: &Pass, operands: &[Opnd]) -> Part {
        let mut taken: Vec<_> = operands.iter().filter_map(|a| a.reg()).collect();
        taken.sort_unstable();
        taken.dedup();
        Part {
            f: Outline::new(pass, &taken),
            args: taken.into_iter().map(Opnd::Reg).collect(),
        }
    }
    /// What an operand is in the function.
    fn here(&self, a: Opnd) -> Opnd {
        match a {
            Opnd::Reg(r) => self.f.names[&r].into(),
            Opnd::Const(..) => a,
        }
    }
    /// How long the range is.
    fn extent(&mut self) -> Opnd {
        let [lo, hi] = self.f.range;
        self.f.set(Rv::Bin(Bin::Sub, hi.into(), lo.into()))
    }
    /// The address of an element.
    fn shifted(&mut self, data: Opnd, by: Opnd, ty: Ty) -> Opnd {
        let data = self.here(data);
        self.f.set(Rv::Lea(Addr::at(data, by, ty.bytes())))
    }
    fn finish(mut self, pass: &mut Pass, call: Stmt, lo: Opnd, hi: Opnd, work: Opnd) -> Stmt {
        self.f.body.push(call);
        Stmt::Split {
            func: self.f.finish(pass, &[]),
            args: self.args,
            lo,
            hi,
            work,
            sums: Vec::new(),
        }
    }
}
