//! Cases of elementwise ops from a formula for each kind of element: every element type and ranks 0, 1 and 2, and arrays of nothing.

use super::row::{Case, Derive, case};
use super::values::{Rng, dtype, elements, number, scalar, shape, tensor};
use cotangent_core::ir::{DType, Op};
use cotangent_core::value::{Scalar, Val};
use num_complex::Complex64 as C;

pub type Ranges = &'static [(f64, f64)];
pub const SIGNED: [DType; 4] = [DType::I8, DType::I16, DType::I32, DType::I64];
pub const UNSIGNED: [DType; 4] = [DType::U8, DType::U16, DType::U32, DType::U64];

/// An op as formulas.
#[derive(Copy, Clone)]
pub struct Formula {
    /// Where operands are drawn from, floats and both parts of complex numbers: one entry for all operands or one each.
    pub ranges: &'static [Ranges],
    pub real: Option<fn(&[f64]) -> f64>,
    /// Of complex operands; drawn from `complex_ranges`.
    pub complex: Option<fn(&[C]) -> C>,
    pub complex_ranges: &'static [Ranges],
    /// Of integers of that type.
    pub int: Option<fn(DType, &[i128]) -> i128>,
    pub int_ranges: &'static [(i128, i128)],
    pub signed_only: bool,
    pub bool: Option<fn(&[bool]) -> bool>,
    /// The element type of the result.
    pub result: fn(DType) -> DType,
    /// In units of the double precision's epsilon.
    pub ulps: f64,
    /// For finite differences.
    pub tolerance: f64,
}

pub const NONE: Formula = Formula {
    ranges: &[&[(-2.0, 2.0)]],
    real: None,
    complex: None,
    complex_ranges: &[&[(0.2, 1.4)]],
    int: None,
    int_ranges: &[(-6, 6)],
    signed_only: false,
    bool: None,
    result: |d| d,
    ulps: 20.0,
    tolerance: 1e-7,
};

impl Formula {
    /// The element types in words.
    pub fn types(&self) -> String {
        let mut s = Vec::new();
        if self.bool.is_some() {
            s.push("bool");
        }
        if self.int.is_some() {
            s.push(if self.signed_only { "signed" } else { "int" });
        }
        if self.real.is_some() {
            s.push("float");
        }
        if self.complex.is_some() {
            s.push("complex");
        }
        s.join(", ")
    }
    /// The cases of an op of `n` operands.
    pub fn cases(&self, op: impl Into<Op>, n: usize) -> Vec<Case> {
        let op = op.into();
        let mut out = Vec::new();
        let mut add = |d: DType, sh: &'static [usize], derive: Derive| {
            let (f, g) = (*self, *self);
            let c = case(
                op.clone(),
                format!("{d}{sh:?}"),
                move |rng| (0..n).map(|i| f.operand(rng, i, d, sh)).collect(),
                move |args| vec![g.apply(args)],
            );
            let eps = if d.real() == DType::F32 {
                1.2e-7
            } else {
                2.3e-16
            };
            let c = c.within(self.ulps * eps).derive(derive);
            out.push(if sh.is_empty() { c.closed() } else { c });
        };
        let check = Derive::Check(self.tolerance);
        if self.real.is_some() {
            for (sh, how) in [
                (&[][..], check),
                (&[3], Derive::Skip),
                (&[2, 2], check),
                (&[0], check),
                (&[2, 0], Derive::Skip),
            ] {
                add(DType::F64, sh, how);
            }
            add(DType::F32, &[], Derive::Skip);
            add(DType::F32, &[3], Derive::Coarse);
        }
        if self.complex.is_some() {
            add(DType::C128, &[], Derive::Skip);
            add(DType::C128, &[2], check);
            add(DType::C128, &[2, 0], Derive::Skip);
            add(DType::C64, &[3], Derive::Coarse);
        }
        if self.int.is_some() {
            for d in SIGNED.into_iter().chain(UNSIGNED) {
                if !(self.signed_only && d.is_unsigned()) {
                    add(d, &[], Derive::Skip);
                    add(d, &[2, 3], Derive::Skip);
                }
            }
        }
        if self.bool.is_some() {
            add(DType::Bool, &[], Derive::Skip);
            add(DType::Bool, &[4], Derive::Skip);
        }
        out
    }
    /// A random operand.
    pub fn operand(&self, rng: &mut Rng, i: usize, d: DType, sh: &[usize]) -> Val {
        let pick = |r: &'static [Ranges]| if r.len() == 1 { r[0] } else { r[i] };
        tensor(d, sh, |_| {
            if d.is_int() {
                let r = self.int_ranges;
                let (lo, hi) = if r.len() == 1 { r[0] } else { r[i] };
                let lo = if d.is_unsigned() { lo.max(0) } else { lo };
                let n = lo + i128::from(rng.below((hi - lo + 1) as u64));
                // No zero from a range that has none on one side: divisors are given as positive ranges.
                Scalar::from_int(d, n).unwrap()
            } else if d == DType::Bool {
                Scalar::Bool(rng.below(2) == 1)
            } else {
                let ranges = if d.is_complex() {
                    pick(self.complex_ranges)
                } else {
                    pick(self.ranges)
                };
                let (re, im) = (rng.of(ranges), rng.of(ranges));
                scalar(d, C::new(re, im))
            }
        })
    }
    /// The value by the formula, element by element.
    pub fn apply(&self, args: &[Val]) -> Val {
        let d = dtype(&args[0]);
        let out = (self.result)(d);
        let all: Vec<Vec<Scalar>> = args.iter().map(elements).collect();
        let mut next = 0;
        tensor(out, &shape(&args[0]), |_| {
            let xs: Vec<Scalar> = all.iter().map(|v| v[next]).collect();
            next += 1;
            self.scalar(d, out, &xs)
        })
    }
    fn scalar(&self, d: DType, out: DType, xs: &[Scalar]) -> Scalar {
        let z = if d.is_complex() {
            let zs: Vec<C> = xs.iter().map(|s| number(*s)).collect();
            self.complex.unwrap()(&zs)
        } else if d.is_int() {
            let ns: Vec<i128> = xs.iter().map(|s| s.as_int().unwrap()).collect();
            let n = self.int.unwrap()(d, &ns);
            return if out == DType::Bool {
                Scalar::Bool(n != 0)
            } else {
                Scalar::from_int(out, n).expect("the formula's result is of the type")
            };
        } else if d == DType::Bool {
            let bs: Vec<bool> = xs.iter().map(|s| number(*s).re != 0.0).collect();
            return Scalar::Bool(self.bool.unwrap()(&bs));
        } else {
            let rs: Vec<f64> = xs.iter().map(|s| number(*s).re).collect();
            C::new(self.real.unwrap()(&rs), 0.0)
        };
        scalar(out, z)
    }
}

/// Bits of an integer type.
pub fn bits(d: DType) -> u32 {
    8 * d.bytes() as u32
}

/// The integer modulo 2^bits, in the type's range.
pub fn wrap(d: DType, n: i128) -> i128 {
    let m = 1i128 << bits(d);
    let r = n.rem_euclid(m);
    if d.is_signed() && r >= m / 2 {
        r - m
    } else {
        r
    }
}
