//! Looks for the first NaN or infinity that arises in a run.
//!
//! A value *arises* where an instruction gives a NaN though none of its operands is one, or an infinity though its operands are
//! finite. What only moves values (reads, slices, records, branches) makes neither. An infinite constant is meant; a NaN constant is not.
//!
//! Invariant: watching changes nothing but the time a run takes. Stores into arrays stay in place: of the array before the store only the
//! element is looked at.

use crate::error::TrapKind;
use crate::ir::{ArrayOp, ConstOp, EffectOp, IndexOp, Op, PlaceOp, Step, TangentOp, UnaryOp};
use crate::ops::{self, Args, EvalCx};
use crate::value::Val;
use alloc::string::String;
use alloc::vec::Vec;

/// What to look for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Bad {
    /// A NaN or an infinity.
    NanOrInfinity,
    /// A NaN.
    Nan,
}

/// Where a NaN or an infinity arose.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The operation, by its name in the text form.
    pub op: String,
    /// Its operands. Of an `add_at` these are the element that was there and what was added to it.
    pub operands: Vec<Val>,
    /// Its results; of an `add_at` the element.
    pub results: Vec<Val>,
    /// The function it is in.
    pub func: String,
    /// The source file, or empty.
    pub file: String,
    /// The source line from 1, or 0 if unknown.
    pub line: u32,
    /// The source column from 1, or 0 if unknown.
    pub col: u32,
}

/// How bad a value is; ordered.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    Finite,
    Infinite,
    Nan,
}

fn level_of(x: f64) -> Level {
    if x.is_nan() {
        Level::Nan
    } else if x.is_infinite() {
        Level::Infinite
    } else {
        Level::Finite
    }
}

/// The worst number in a value.
fn level(v: &Val) -> Level {
    let mut worst = Level::Finite;
    v.each_float(&mut |re, im| {
        worst = worst
            .max(level_of(re))
            .max(im.map_or(Level::Finite, level_of))
    });
    worst
}

/// Whether a value holds what is looked for.
pub fn holds(v: &Val, bad: Bad) -> bool {
    match bad {
        Bad::NanOrInfinity => level(v) > Level::Finite,
        Bad::Nan => level(v) == Level::Nan,
    }
}

/// What of an op is to be looked at.
enum Look<'o> {
    /// Nothing: it moves values, or makes no floating-point number.
    No,
    /// All operands and results.
    All,
    /// Only for a NaN that was written down.
    Constant,
    /// The element at a path.
    At(&'o [Step]),
}

fn look(op: &Op) -> Look<'_> {
    match op {
        Op::Const(ConstOp::Scalar(_) | ConstOp::Tensor(_)) => Look::Constant,
        Op::Unary(UnaryOp::StopGradient) => Look::No,
        Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Convert(_)
        | Op::Array(ArrayOp::AddSlice)
        | Op::Index(IndexOp::ScatterAdd(_))
        | Op::Reduce(_)
        | Op::Dot(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Tangent(TangentOp::Accumulate)
        | Op::Effect(EffectOp::Host(_)) => Look::All,
        Op::Place(PlaceOp::AddAt(path)) => Look::At(path),
        Op::Const(ConstOp::Default(_))
        | Op::Compare(_)
        | Op::Place(PlaceOp::Record | PlaceOp::Get(_) | PlaceOp::Update(_))
        | Op::Array(
            ArrayOp::Slice
            | ArrayOp::UpdateSlice
            | ArrayOp::Len
            | ArrayOp::Dim(_)
            | ArrayOp::Fill
            | ArrayOp::Array
            | ArrayOp::Push
            | ArrayOp::Pop,
        )
        | Op::Shape(_)
        | Op::Index(IndexOp::Gather(_))
        | Op::Sort(_)
        | Op::Random(_)
        | Op::Tangent(TangentOp::ZerosLike | TangentOp::CustomLinear { .. })
        | Op::Control(_)
        | Op::Effect(
            EffectOp::Assert(_)
            | EffectOp::Panic(_)
            | EffectOp::CheckIndex
            | EffectOp::CheckRange
            | EffectOp::Checkpoint(_),
        )
        | Op::Slot(_) => Look::No,
    }
}

/// Looks at every instruction of a run, until something arises.
#[derive(Debug)]
pub(super) struct Watch {
    bad: Bad,
    /// The operands and results of what was found.
    pub(super) found: Option<(Vec<Val>, Vec<Val>)>,
}

impl Watch {
    pub(super) fn new(bad: Bad) -> Watch {
        Watch { bad, found: None }
    }
    /// The operands, before the instruction is run.
    pub(super) fn before(&self, op: &Op, args: &Args<'_>) -> Vec<Val> {
        match look(op) {
            Look::No | Look::Constant => Vec::new(),
            Look::All => (0..args.len()).map(|i| args.get(i).clone()).collect(),
            Look::At(path) => {
                let mut old: Vec<Val> = element(path, args.get(0), args).into_iter().collect();
                old.push(args.get(1).clone());
                // The indices, to find the element again.
                old.extend((2..args.len()).map(|i| args.get(i).clone()));
                old
            }
        }
    }
    /// Looks at the results; true if the run is to end here.
    pub(super) fn after(&mut self, op: &Op, mut before: Vec<Val>, results: &[Val]) -> bool {
        let (old, new) = match look(op) {
            Look::No => return false,
            Look::Constant => (Level::Infinite, results.to_vec()),
            Look::All => {
                let worst = before.iter().map(level).max();
                if results.iter().map(level).max() <= worst {
                    return false;
                }
                (worst.unwrap_or(Level::Finite), results.to_vec())
            }
            Look::At(path) => {
                let indices = before.split_off(before.len().min(2));
                let worst = before.iter().map(level).max();
                let mut regs = indices;
                let uses: Vec<(u32, bool)> = (0..regs.len() as u32).map(|i| (i, false)).collect();
                let base = results.first().cloned().unwrap_or_default();
                let new = get(path, base, &Args::new(&mut regs, &uses), 0);
                (worst.unwrap_or(Level::Finite), new.into_iter().collect())
            }
        };
        let level = new.iter().map(level).max().unwrap_or(Level::Finite);
        let found = level > old && (level == Level::Nan || self.bad == Bad::NanOrInfinity);
        if found {
            self.found = Some((before, new));
        }
        found
    }
}

/// The element at a path whose indices follow two operands.
fn element(path: &[Step], base: &Val, args: &Args<'_>) -> Option<Val> {
    get(path, base.clone(), args, 2)
}

/// The element at a path; the indices are the operands from `first` on.
fn get(path: &[Step], base: Val, args: &Args<'_>, first: usize) -> Option<Val> {
    let mut regs: Vec<Val> = core::iter::once(base)
        .chain((first..args.len()).map(|i| args.get(i).clone()))
        .collect();
    let uses: Vec<(u32, bool)> = (0..regs.len() as u32).map(|i| (i, false)).collect();
    let mut out = Vec::new();
    let cx = EvalCx {
        max_bytes: u64::MAX,
        results: &[],
    };
    let op = PlaceOp::Get(path.to_vec()).into();
    let got: Result<(), TrapKind> = ops::eval(&op, &mut Args::new(&mut regs, &uses), &mut out, &cx);
    got.ok().and(out.pop())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::FuncId;
    use crate::interp::{Limits, Program};
    use crate::text::parse;

    fn origin(text: &str, args: Vec<Val>, bad: Bad) -> Option<Origin> {
        let m = parse(text).unwrap();
        crate::verify::verify(&m).unwrap();
        Program::new(&m)
            .first_bad(FuncId(0), args, &Limits::default(), bad)
            .unwrap()
    }

    fn same(a: &[Val], b: &[Val]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_bits(b))
    }

    const DIVIDE: &str = "cotangent 1\nfunc @f(x: f64, y: f64) -> (f64) { q = divide x, y : f64 z = subtract q, q : f64 return z }\n";

    #[test]
    fn an_infinity_and_then_a_nan() {
        let args = || alloc::vec![Val::from(2.0), Val::from(0.0)];
        let o = origin(DIVIDE, args(), Bad::NanOrInfinity).unwrap();
        assert_eq!(o.op, "divide");
        assert!(same(&o.operands, &args()));
        assert!(same(&o.results, &[Val::from(f64::INFINITY)]));
        let o = origin(DIVIDE, args(), Bad::Nan).unwrap();
        assert_eq!(o.op, "subtract");
        let fine = alloc::vec![Val::from(2.0), Val::from(1.0)];
        assert!(origin(DIVIDE, fine, Bad::NanOrInfinity).is_none());
        // It was there before.
        let given = alloc::vec![Val::from(f64::NAN), Val::from(1.0)];
        assert!(origin(DIVIDE, given, Bad::NanOrInfinity).is_none());
    }

    #[test]
    fn an_element_that_overflows() {
        let text = "cotangent 1\nfunc @f(a: f64[?], x: f64, i: u64) -> (f64[?]) { b = add_at a[i] += x : f64[?] return b }\n";
        let args = |x: f64| {
            alloc::vec![
                Val::vector(alloc::vec![f64::INFINITY, 1.0, x]),
                Val::from(f64::MAX),
                Val::from(2u64)
            ]
        };
        let o = origin(text, args(f64::MAX), Bad::NanOrInfinity).unwrap();
        assert_eq!(o.op, "add_at");
        assert!(same(
            &o.operands,
            &[Val::from(f64::MAX), Val::from(f64::MAX)]
        ));
        assert!(same(&o.results, &[Val::from(f64::INFINITY)]));
        assert!(origin(text, args(-1.0), Bad::NanOrInfinity).is_none());
    }
}
