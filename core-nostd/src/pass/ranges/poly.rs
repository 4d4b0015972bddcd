//! Polynomials with integer coefficients over the integers of a program.

use crate::entity::Value;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// An integer that is not analysed further.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Atom {
    /// An integer value of the program.
    Value(Value),
    /// The extent of an array along an axis.
    Extent(Value, u32),
}

/// The most terms, and factors of a term.
const MAX_TERMS: usize = 24;
const MAX_DEGREE: usize = 5;

/// A sum of products: coefficient of each product of atoms (sorted, repeated for powers). No coefficient is 0.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Poly {
    terms: BTreeMap<Vec<Atom>, i128>,
    /// Equal only modulo 2^64: some operation on the way wraps.
    pub(super) modular: bool,
}

impl Poly {
    pub(super) fn constant(n: i128) -> Poly {
        let mut p = Poly::default();
        if n != 0 {
            p.terms.insert(Vec::new(), n);
        }
        p
    }
    pub(super) fn atom(a: Atom) -> Poly {
        Poly {
            terms: [(vec![a], 1)].into_iter().collect(),
            modular: false,
        }
    }
    /// The same modulo 2^64.
    pub(super) fn wrapped(mut self) -> Poly {
        self.modular = true;
        self
    }
    /// The terms: atoms and coefficient.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&[Atom], i128)> {
        self.terms.iter().map(|(m, &k)| (&m[..], k))
    }
    /// The single atom that it is.
    pub(super) fn as_atom(&self) -> Option<Atom> {
        let mut terms = self.terms();
        match (terms.next()?, terms.next()) {
            (([a], 1), None) => Some(*a),
            _ => None,
        }
    }
    /// The constant that it is.
    pub(super) fn as_constant(&self) -> Option<i128> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Vec::new()).copied(),
            _ => None,
        }
    }
    /// `self + k * other`; `None` if it grows too large.
    pub(super) fn plus(&self, other: &Poly, k: i128) -> Option<Poly> {
        let mut out = self.clone();
        out.modular |= other.modular;
        for (m, &c) in &other.terms {
            out.add(m.clone(), c.checked_mul(k)?)?;
        }
        out.bounded()
    }
    pub(super) fn times(&self, other: &Poly) -> Option<Poly> {
        let mut out = Poly {
            modular: self.modular || other.modular,
            ..Poly::default()
        };
        for (m, &c) in &self.terms {
            for (n, &d) in &other.terms {
                let mut all = [&m[..], &n[..]].concat();
                all.sort();
                out.add(all, c.checked_mul(d)?)?;
            }
        }
        out.bounded()
    }
    /// With an atom replaced.
    pub(super) fn replace(&self, a: Atom, by: &Poly) -> Option<Poly> {
        let mut out = Poly {
            modular: self.modular || by.modular,
            ..Poly::default()
        };
        for (m, &c) in &self.terms {
            let (same, rest): (Vec<Atom>, Vec<Atom>) = m.iter().partition(|&&x| x == a);
            let mut term = Poly::default();
            term.add(rest, c)?;
            for _ in same {
                term = term.times(by)?;
            }
            out = out.plus(&term, 1)?;
        }
        Some(out)
    }
    fn add(&mut self, m: Vec<Atom>, c: i128) -> Option<()> {
        if c == 0 {
            return Some(());
        }
        let now = self.terms.get(&m).copied().unwrap_or(0).checked_add(c)?;
        if now == 0 {
            self.terms.remove(&m);
        } else {
            self.terms.insert(m, now);
        }
        Some(())
    }
    fn bounded(self) -> Option<Poly> {
        let small =
            self.terms.len() <= MAX_TERMS && self.terms.keys().all(|m| m.len() <= MAX_DEGREE);
        small.then_some(self)
    }
}
