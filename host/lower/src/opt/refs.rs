//! References taken and given up again with nothing between that could tell.
//!
//! A `retain` and the next `release` of the same register in a block cancel if the statements between neither give up references, nor look
//! at counts, nor write over the register: without the pair the count is one less between them, and still not 0, since who held the block
//! when it was retained still holds it.

use crate::abi::BLOCK_COUNT;
use crate::lir::{Block, Function, Opnd, Reg, RtFn, Rv, Stmt};

/// Runs the pass.
pub(super) fn run(f: &mut Function) {
    block(&mut f.body);
}

fn block(b: &mut Block) {
    for s in b.iter_mut() {
        for inner in s.blocks_mut() {
            block(inner);
        }
    }
    let mut keep = vec![true; b.len()];
    for k in 0..b.len() {
        let Stmt::Retain(Opnd::Reg(r)) = b[k] else {
            continue;
        };
        // The same reference under the names it is copied to.
        let mut names = vec![r];
        for j in k + 1..b.len() {
            match &b[j] {
                Stmt::Release(Opnd::Reg(q)) if keep[j] && names.contains(q) => {
                    keep[k] = false;
                    keep[j] = false;
                    break;
                }
                Stmt::Set(d, Rv::Copy(Opnd::Reg(q))) if names.contains(q) => names.push(*d),
                s if keep[j] && !harmless(s, &mut names) => break,
                _ => {}
            }
        }
    }
    let mut kept = keep.into_iter();
    b.retain(|_| kept.next().unwrap_or(true));
}

/// Whether a statement, its blocks too, leaves counts alone; names that it sets are no longer the reference's.
fn harmless(s: &Stmt, names: &mut Vec<Reg>) -> bool {
    let mut good = true;
    s.visit(&mut |s| {
        s.results(&mut |r| names.retain(|&n| n != r));
        good &= match s {
            Stmt::Set(_, Rv::Load(_, at)) => at.offset != BLOCK_COUNT || at.index.is_some(),
            Stmt::Rt(f, ..) => match f {
                RtFn::Grow | RtFn::ReleaseElems => false,
                RtFn::Alloc
                | RtFn::AllocZero
                | RtFn::Copy
                | RtFn::Zero
                | RtFn::RetainElems
                | RtFn::Map(..)
                | RtFn::Dot(_)
                | RtFn::Sum(_)
                | RtFn::Axpy(_)
                | RtFn::Gemm(_) => true,
            },
            Stmt::Set(..)
            | Stmt::Check(..)
            | Stmt::If(..)
            | Stmt::Switch(..)
            | Stmt::While { .. }
            | Stmt::For { .. }
            | Stmt::Retain(_) => true,
            // A block stored somewhere may be given up from there; elements are not, but look alike.
            Stmt::Store(ty, ..) => *ty != crate::lir::Ty::Ptr,
            Stmt::Trap(..)
            | Stmt::Release(_)
            | Stmt::Unique { .. }
            | Stmt::Reserve { .. }
            | Stmt::Call(..)
            | Stmt::Split { .. }
            | Stmt::Ahead { .. }
            | Stmt::Eval(..)
            | Stmt::Fuel(_) => false,
        };
    });
    good && !names.is_empty()
}
