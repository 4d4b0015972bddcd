//! Traps of compiled programs, told as the interpreter does.

use cotangent_core::entity::Entity;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::Limits;
use cotangent_core::ir::Span;
use cotangent_lower::lir::{Program, SiteData, Stmt, TrapAt};

/// Where programs trap, and the names of their files.
#[derive(Debug)]
pub(crate) struct Sites {
    sites: Vec<SiteData>,
    /// How many numbers each site is given.
    counts: Vec<usize>,
    files: Vec<String>,
}

/// The number as an index or amount.
fn integer(n: u64, signed: bool) -> i128 {
    if signed {
        i128::from(n as i64)
    } else {
        i128::from(n)
    }
}

impl Sites {
    pub(crate) fn new(program: &Program) -> Sites {
        let mut counts = vec![0; program.sites.len()];
        for s in program.funcs.values().flat_map(|f| &f.body) {
            s.visit(&mut |s| {
                if let Stmt::Check(_, site, numbers) | Stmt::Trap(site, numbers) = s {
                    counts[site.index()] = numbers.len();
                }
            });
        }
        Sites {
            sites: program.sites.values().cloned().collect(),
            counts,
            files: program.files.clone(),
        }
    }
    /// The trap at a site: `kind` if it is known already, else what the site and its numbers say.
    pub(crate) fn trap(
        &self,
        site: u64,
        numbers: &[u64],
        kind: Option<TrapKind>,
        limits: &Limits,
        func: &str,
    ) -> Trap {
        let found = usize::try_from(site).ok().and_then(|i| self.sites.get(i));
        let (said, func, span) = match found {
            Some(s) => {
                // Out of memory is told by the runtime, without the program.
                let n = self.counts[site as usize].max(1).min(numbers.len());
                let numbers = &numbers[..n];
                (told(&s.kind, numbers, limits), s.func.as_str(), s.span)
            }
            None => {
                let op = String::from("a trap at no place");
                (TrapKind::TypeConfusion { op }, func, Span::NONE)
            }
        };
        let file = span
            .is_known()
            .then(|| self.files.get(span.file.0 as usize).cloned())
            .flatten();
        Trap {
            kind: kind.unwrap_or(said),
            func: func.into(),
            file: file.unwrap_or_default(),
            line: span.line,
            col: if span.is_known() { span.col } else { 0 },
        }
    }
    /// Whether the site is where a function refuses to nest deeper.
    pub(crate) fn is_recursion(&self, site: u64) -> bool {
        let found = usize::try_from(site).ok().and_then(|i| self.sites.get(i));
        found.is_some_and(|s| matches!(s.kind, TrapAt::Recursion))
    }
}

fn told(at: &TrapAt, numbers: &[u64], limits: &Limits) -> TrapKind {
    let n = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let extents = |r: std::ops::Range<usize>| r.map(|i| n(i) as usize).collect();
    match at {
        TrapAt::Index(signed) => TrapKind::IndexOutOfRange {
            index: integer(n(0), *signed),
            len: n(1),
        },
        TrapAt::Range(lo, hi) => TrapKind::RangeOutOfRange {
            lo: integer(n(0), *lo),
            hi: integer(n(1), *hi),
            len: n(2),
        },
        TrapAt::Shape(op, first) => TrapKind::ShapeMismatch {
            op: String::from(*op),
            a: extents(0..*first),
            b: extents(*first..numbers.len().max(*first)),
        },
        TrapAt::Overflow(op) => TrapKind::IntegerOverflow { op },
        TrapAt::DivisionByZero => TrapKind::DivisionByZero,
        TrapAt::Shift(signed) => TrapKind::ShiftOutOfRange {
            amount: integer(n(0), *signed),
        },
        TrapAt::Empty(op) => TrapKind::Empty { op },
        TrapAt::Panic(message) => TrapKind::Panic(message.clone()),
        TrapAt::Fuel => TrapKind::OutOfFuel {
            limit: limits.fuel.unwrap_or(u64::MAX),
        },
        TrapAt::Recursion => TrapKind::RecursionLimit {
            limit: limits.depth,
        },
        TrapAt::Memory => TrapKind::OutOfMemory { bytes: n(0) },
        TrapAt::Confusion(op) => TrapKind::TypeConfusion { op: op.clone() },
    }
}
