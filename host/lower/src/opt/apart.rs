//! Places of an array that a loop's iterations never share, though they are reached by different indices.
//!
//! ```text
//! for i in 0..n { x[a + i] = f(x[a + n + i]) }
//! ```
//!
//! The two indices differ by the number of iterations, or a multiple of it: what one reaches in some iteration the other reaches in
//! none. Indices are compared as sums of registers that are set once in the function; integers wrap, so sums may be taken apart in any way,
//! and no array is so large that two of its elements are the same one modulo 2^64.

use super::indices::Sum;
use super::nature::Counts;
use crate::lir::{Addr, Bin, Block, Opnd, Reg, Rv, Stmt, Ty};
use hashbrown::HashMap;

/// How many registers of a sum are replaced by what they are.
const STEPS: usize = 64;
/// Longer sums are not looked at.
const MOST: usize = 12;
/// Larger multiples are not looked at: so many times the number of elements of any array is less than 2^64.
const TIMES: u64 = 1 << 16;

/// What the registers are that are set once, if that is a sum.
pub(super) struct Sums(HashMap<Reg, Sum>);

impl Sums {
    /// Of a function's body. A register that is set once is not read before.
    pub(super) fn of(b: &Block, all: &Counts) -> Sums {
        let mut sums = HashMap::new();
        for s in b {
            s.visit(&mut |s| {
                if let Stmt::Set(r, rv) = s
                    && all.times(*r).1 == 1
                    && let Some(sum) = sum(rv, all)
                {
                    sums.insert(*r, sum);
                }
            });
        }
        Sums(sums)
    }
    /// An operand in registers of which no more is known.
    fn whole(&self, a: Opnd) -> Option<Sum> {
        let mut sum = Sum::of(a);
        for _ in 0..STEPS {
            let known = |t: &&(Reg, u64)| self.0.contains_key(&t.0);
            let Some(&(r, n)) = sum.terms.iter().find(known) else {
                return Some(sum);
            };
            let of = &self.0[&r];
            sum = sum.add(&Sum::of(r.into()), n.wrapping_neg()).add(of, n);
            if sum.terms.len() > MOST {
                return None;
            }
        }
        None
    }
}

/// A right-hand side as a sum of operands that are set once, or never.
fn sum(rv: &Rv, all: &Counts) -> Option<Sum> {
    let of = |a: Opnd| {
        let fixed = a.reg().is_none_or(|r| all.times(r).1 <= 1);
        fixed.then(|| Sum::of(a))
    };
    match *rv {
        Rv::Copy(a) => of(a),
        Rv::Bin(Bin::Add, a, b) => Some(of(a)?.add(&of(b)?, 1)),
        Rv::Bin(Bin::Sub, a, b) => Some(of(a)?.add(&of(b)?, u64::MAX)),
        Rv::Bin(Bin::Mul, a, Opnd::Const(Ty::I64, n))
        | Rv::Bin(Bin::Mul, Opnd::Const(Ty::I64, n), a) => Some(Sum::default().add(&of(a)?, n)),
        _ => None,
    }
}

/// The iterations of a loop.
pub(super) struct Range<'a> {
    pub(super) sums: &'a Sums,
    pub(super) lo: Opnd,
    pub(super) hi: Opnd,
}

impl Range<'_> {
    /// Whether what the first address reaches, in any iteration, the second one does in none; they have the same base, and so many bytes
    /// are reached.
    pub(super) fn are_apart(&self, (a, n): (&Addr, u32), (b, m): (&Addr, u32)) -> bool {
        let (Some((i, size)), Some((j, other))) = (a.index, b.index) else {
            return false;
        };
        // Both within the element that the index counts.
        let within = |offset: i32, bytes: u32| {
            u32::try_from(offset).is_ok_and(|at| at.checked_add(bytes).is_some_and(|e| e <= size))
        };
        if size != other || !within(a.offset, n) || !within(b.offset, m) {
            return false;
        }
        if i == j {
            let (first, last) = if a.offset < b.offset {
                (a.offset + n.cast_signed(), b.offset)
            } else {
                (b.offset + m.cast_signed(), a.offset)
            };
            return first <= last;
        }
        self.differ(i, j).is_some_and(|d| d)
    }
    /// Whether two indices differ by a multiple of the number of iterations, other than none.
    fn differ(&self, i: Opnd, j: Opnd) -> Option<bool> {
        let minus = |a: Opnd, b: Opnd| -> Option<Sum> {
            let (a, b) = (self.sums.whole(a)?, self.sums.whole(b)?);
            Some(a.add(&b, u64::MAX))
        };
        let (by, count) = (minus(i, j)?, minus(self.hi, self.lo)?);
        let Some(&(r, n)) = count.terms.first() else {
            // A number of iterations.
            let (by, constant) = (by.terms.is_empty(), by.constant.cast_signed());
            let count = count.constant.cast_signed();
            return Some(by && count > 0 && constant.unsigned_abs() >= count.unsigned_abs());
        };
        let (n, of) = (n.cast_signed(), by.terms.iter().find(|t| t.0 == r)?);
        let times = of.1.cast_signed().checked_div(n)?;
        let rest = by.add(&count, times.wrapping_neg().cast_unsigned());
        Some(
            (1..=TIMES).contains(&times.unsigned_abs())
                && rest.terms.is_empty()
                && rest.constant == 0,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lir::Function;
    use cotangent_core::entity::PrimaryMap;

    /// `n`, `a` parameters; `t = a + n`, `u = t + n`, `v = 2 n`, `w = n` set twice; what is set in the loop: `i`.
    fn example() -> (Block, Vec<Reg>) {
        let mut regs = PrimaryMap::new();
        let r: Vec<Reg> = (0..9).map(|_| regs.push(Ty::I64)).collect();
        let [n, a, t, u, v, w, x, y, z] = r[..] else {
            panic!("nine registers")
        };
        let add = |to, a: Reg, b: Reg| Stmt::Set(to, Rv::Bin(Bin::Add, a.into(), b.into()));
        let body = vec![
            add(t, a, n),
            add(u, t, n),
            Stmt::Set(v, Rv::Bin(Bin::Mul, n.into(), Opnd::i64(2))),
            add(w, a, n),
            add(w, a, n),
            add(x, w, n),
            add(y, a, v),
            Stmt::Set(z, Rv::Bin(Bin::Add, t.into(), Opnd::i64(1))),
        ];
        (body, r)
    }

    fn apart(i: Reg, j: Reg, lo: Opnd, hi: Opnd) -> bool {
        let (body, _) = example();
        let f = Function {
            name: "f".into(),
            regs: PrimaryMap::new(),
            params: vec![],
            results: vec![],
            result_types: vec![],
            body,
            recursive: None,
        };
        let sums = &Sums::of(&f.body, &Counts::of(&f.body));
        let base = Opnd::i64(0);
        let at = |i: Reg| Addr::at(base, i, 8);
        Range { sums, lo, hi }.are_apart((&at(i), 8), (&at(j), 8))
    }

    #[test]
    fn multiples_of_the_number_of_iterations_are_apart() {
        let (_, r) = example();
        let [n, a, t, u, _, w, x, y, z] = r[..] else {
            panic!("nine registers")
        };
        let zero = Opnd::i64(0);
        assert!(apart(t, a, zero, n.into()) && apart(a, t, zero, n.into()));
        assert!(apart(u, a, zero, n.into()) && apart(y, a, zero, n.into()));
        assert!(!apart(u, y, zero, n.into()), "the same");
        assert!(!apart(t, z, zero, n.into()), "one apart");
        assert!(apart(t, z, zero, Opnd::i64(1)) && !apart(t, z, zero, Opnd::i64(2)));
        assert!(!apart(z, a, zero, n.into()), "one more");
        assert!(!apart(w, a, zero, n.into()), "set twice");
        assert!(!apart(x, w, zero, n.into()), "of what is set twice");
        // From `a` to `a + n`, which is `n` iterations as well.
        assert!(apart(t, a, a.into(), t.into()));
        assert!(!apart(t, a, a.into(), u.into()));
    }

    #[test]
    fn fields_of_an_element_are_apart_if_they_do_not_overlap() {
        let (body, r) = example();
        let sums = &Sums::of(&body, &Counts::of(&body));
        let range = Range {
            sums,
            lo: Opnd::i64(0),
            hi: r[0].into(),
        };
        let at = |offset: i32| Addr {
            offset,
            ..Addr::at(Opnd::i64(0), r[1], 16)
        };
        assert!(range.are_apart((&at(0), 8), (&at(8), 8)));
        assert!(range.are_apart((&at(8), 8), (&at(0), 8)));
        assert!(!range.are_apart((&at(0), 8), (&at(4), 8)));
        assert!(!range.are_apart((&at(0), 8), (&at(12), 8)), "of the next");
        assert!(!range.are_apart((&at(0), 8), (&at(-8), 8)), "of the last");
    }
}
