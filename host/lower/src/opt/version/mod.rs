//! Counted loops in two versions: one without the checks that can be decided before the loop, and the original.
//!
//! ```text
//! for i in lo..hi { check(i < n); s += a[i] }
//!     becomes
//! if (lo or hi - 1 would fail) { for i in lo..hi { check(i < n); s += a[i] } } else { for i in lo..hi { s += a[i] } }
//! ```
//!
//! A check is decided before the loop if what it compares is affine in the index: sums, differences and products with invariants of the
//! index and of registers that every iteration changes by an invariant amount. Such a value is monotone, so what holds for the first and
//! the last iteration holds between them, as long as nothing wraps: the test before the loop computes both ends with signed overflow
//! tests of its own on every operation, and asks that operands of unsigned comparisons are not negative. If the test fails the original
//! loop runs, and traps where and as it should.
//!
//! The version without checks runs at least once, so what does not change in it is computed before it, loads too. A load of an array that
//! the loop does not store into is such a value: arrays are values, so no store into one is seen through another.
//!
//! Only checks that every iteration reaches are looked at (not those in a branch), and those of loops in the loop ([`nest`]). Loops in the
//! original get no versions of their own: where the test fails the loop is most often empty, or about to trap, so it need only be right. So
//! each loop is copied at most once for each loop around it.

mod affine;
mod hoist;
mod nest;

use super::names::{Occurrences, copy};
use super::nature::{self, Counts};
use crate::lir::{Block, Function, Reg, Stmt, Ty};
use cotangent_core::entity::{Entity, PrimaryMap};
use hashbrown::HashMap;

/// Statements of a loop of which no version is made.
const LARGE: usize = 250;

/// Makes versions of the loops of a function.
pub(super) fn run(f: &mut Function) {
    let mut roots = nature::addresses(f);
    let mut body = std::mem::take(&mut f.body);
    let all = Occurrences::of(f, &body);
    block(&mut body, &mut f.regs, &all, &mut roots);
    f.body = body;
}

/// A copy of a loop, with what its own addresses come from.
fn copy_of(
    s: &Stmt,
    regs: &mut PrimaryMap<Reg, Ty>,
    all: &Occurrences,
    roots: &mut HashMap<Reg, Reg>,
) -> Stmt {
    let known = regs.len();
    let slow = vec![copy(s, regs, all)];
    let new = nature::roots(&slow, &Counts::of(&slow));
    roots.extend(new.into_iter().filter(|(r, _)| r.index() >= known));
    let [slow] = <[Stmt; 1]>::try_from(slow).expect("one statement");
    slow
}

/// Whether a loop is better left alone: the checks are a small part of such a body, its copy a large one of the program.
fn is_large(s: &Stmt) -> bool {
    let mut statements = 0;
    s.visit(&mut |_| statements += 1);
    statements > LARGE
}

fn block(
    b: &mut Block,
    regs: &mut PrimaryMap<Reg, Ty>,
    all: &Occurrences,
    roots: &mut HashMap<Reg, Reg>,
) {
    let mut out = Block::with_capacity(b.len());
    for mut s in std::mem::take(b) {
        let plan = match &s {
            Stmt::For { .. } if !is_large(&s) => affine::plan(&s, regs),
            _ => None,
        };
        let Some(mut plan) = plan else {
            for inner in s.blocks_mut() {
                block(inner, regs, all, roots);
            }
            out.push(s);
            continue;
        };
        let slow = copy_of(&s, regs, all, roots);
        let mut fast = Block::new();
        if let Stmt::For { index, body, .. } = &mut s {
            for (k, decided) in &plan.nested {
                if let Stmt::For { body, .. } = &mut body[*k] {
                    let mut j = 0;
                    body.retain(|_| {
                        j += 1;
                        !decided.contains(&(j - 1))
                    });
                }
            }
            let mut k = 0;
            body.retain(|_| {
                k += 1;
                !plan.decided.contains(&(k - 1))
            });
            fast = hoist::hoist(body, *index, roots);
            block(body, regs, all, roots);
        }
        fast.push(s);
        out.append(&mut plan.before);
        out.push(Stmt::If(plan.bad, vec![slow], fast));
    }
    *b = out;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lir::{Addr, Bin, Cmp, Hint, Opnd, Rv, Site};

    /// `for i in lo..hi { t = i * d + j; check(overflow); check(t >= n); s = load; j = j + 1 }`
    fn example() -> Function {
        let mut regs = PrimaryMap::new();
        let p: Vec<Reg> = [Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::Ptr]
            .map(|t| regs.push(t))
            .to_vec();
        let [index, m, over, t, out, j, j2] =
            [Ty::I64, Ty::I64, Ty::I8, Ty::I64, Ty::I8, Ty::I64, Ty::I64].map(|t| regs.push(t));
        let x = regs.push(Ty::F64);
        let body = vec![
            Stmt::Set(m, Rv::Bin(Bin::Mul, index.into(), p[2].into())),
            Stmt::Set(over, Rv::Cmp(Cmp::UMulOv, index.into(), p[2].into())),
            Stmt::Check(over.into(), Site(0), vec![]),
            Stmt::Set(t, Rv::Bin(Bin::Add, m.into(), j.into())),
            Stmt::Set(out, Rv::Cmp(Cmp::UGe, t.into(), p[3].into())),
            Stmt::Check(out.into(), Site(1), vec![t.into(), p[3].into()]),
            Stmt::Set(x, Rv::Load(Ty::F64, Addr::at(p[4], t, 8))),
            Stmt::Set(j2, Rv::Bin(Bin::Add, j.into(), Opnd::i64(1))),
            Stmt::Set(j, Rv::Copy(j2.into())),
        ];
        Function {
            name: "f".into(),
            regs,
            params: p.clone(),
            results: vec![],
            result_types: vec![],
            body: vec![
                Stmt::Set(j, Rv::Copy(Opnd::i64(0))),
                Stmt::For {
                    index,
                    lo: p[0].into(),
                    hi: p[1].into(),
                    signed: false,
                    body,
                    hint: Hint::default(),
                },
            ],
            recursive: None,
        }
    }

    #[test]
    fn affine_checks_leave_one_version_and_stay_in_the_other() {
        let mut f = example();
        run(&mut f);
        let Some(Stmt::If(_, slow, fast)) = f.body.last() else {
            panic!("two versions")
        };
        let checks = |b: &Block| {
            let mut n = 0;
            for s in b {
                s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Check(..))));
            }
            n
        };
        assert_eq!((checks(slow), checks(fast)), (2, 0));
    }

    #[test]
    fn a_check_of_something_else_stays() {
        let mut f = example();
        // `j` is set twice: no induction any more, so the second check cannot be decided; the first can.
        if let Some(Stmt::For { body, .. }) = f.body.last_mut() {
            let again = body[8].clone();
            body.push(again);
        }
        run(&mut f);
        let Some(Stmt::If(_, _, fast)) = f.body.last() else {
            panic!("two versions")
        };
        let mut n = 0;
        for s in fast {
            s.visit(&mut |s| n += usize::from(matches!(s, Stmt::Check(..))));
        }
        assert_eq!(n, 1);
    }
}
