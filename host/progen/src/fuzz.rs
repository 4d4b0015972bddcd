//! Many random programs: seeds, threads, counts, and the report of a failure.

use crate::agree::{Runner, check_agrees};
use crate::batch::{Batch, check_batched};
use crate::check::{Derivatives, Failure, Outcome, arguments, check_program, check_reverse};
use crate::emit::module;
use crate::generate::{Options, generate};
use crate::program::Program;
use crate::rng::Rng;
use crate::shrink::shrink;
use cotangent_core::text::{print, print_values};
use cotangent_core::value::Val;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What kind of programs a case is about; every kind gets its share of the cases.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Smooth programs, first derivatives.
    Smooth,
    /// Small smooth programs, second derivatives.
    Second,
    /// Branches that depend on floats.
    Branches,
    /// Indices out of range, assertions that fail.
    Traps,
    /// `stop_gradient`: the two modes against each other.
    Stopped,
    /// Reverse mode alone, also through rules for it: against finite differences, and in single precision.
    Single,
}

impl Kind {
    /// All kinds, as often as they take turns.
    pub const ROUND: [Kind; 10] = [
        Kind::Smooth,
        Kind::Second,
        Kind::Smooth,
        Kind::Branches,
        Kind::Smooth,
        Kind::Second,
        Kind::Smooth,
        Kind::Traps,
        Kind::Stopped,
        Kind::Single,
    ];

    fn options(self) -> Options {
        Options {
            float_compare: matches!(self, Kind::Branches | Kind::Traps),
            traps: self == Kind::Traps,
            // A derivative call may be a jvp, which a rule for reverse mode lacks.
            derive: !matches!(self, Kind::Traps | Kind::Single),
            vjp_rules: self == Kind::Single,
            stop: self == Kind::Stopped,
            size: if self == Kind::Second { 10 } else { 40 },
            ..Options::SMOOTH
        }
    }

    fn derivatives(self) -> Derivatives {
        Derivatives {
            order: if self == Kind::Second { 2 } else { 1 },
            differences: self != Kind::Stopped,
        }
    }
}

/// One case: a program and a point, from a seed.
#[derive(Clone, Debug)]
pub struct Case {
    /// The seed of the run.
    pub seed: u64,
    /// The number of the case in it.
    pub number: u64,
    /// Its kind.
    pub kind: Kind,
    /// The program.
    pub program: Program,
    /// The point.
    pub args: Vec<Val>,
}

impl Case {
    /// The case of that number.
    pub fn new(seed: u64, number: u64) -> Case {
        let mut rng = Rng(seed.wrapping_mul(0x1_0000_0000).wrapping_add(number));
        let kind = Kind::ROUND[(number % Kind::ROUND.len() as u64) as usize];
        let program = generate(&mut rng, &kind.options());
        let args = arguments(&mut rng);
        Case {
            seed,
            number,
            kind,
            program,
            args,
        }
    }

    /// Checks it, or that the executor agrees on it with the interpreter; a panic is a failure.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check(&self, with: Option<&dyn Runner>) -> Result<Outcome, Failure> {
        self.check_of(&self.program, with)
    }

    fn check_of(&self, p: &Program, with: Option<&dyn Runner>) -> Result<Outcome, Failure> {
        guarded(|| match (with, self.kind) {
            (Some(runner), _) => check_agrees(p, &self.args, runner),
            (None, Kind::Single) => check_reverse(p, &self.args),
            (None, Kind::Smooth | Kind::Second | Kind::Branches | Kind::Traps | Kind::Stopped) => {
                check_program(p, &self.args, &self.kind.derivatives())
            }
        })
    }

    /// Checks that it does in every lane of a random batch what it does alone (on an executor, if one is given).
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check_batched(&self, with: Option<&dyn Runner>) -> Result<Outcome, Failure> {
        self.check_batched_of(&self.program, with)
    }

    fn check_batched_of(&self, p: &Program, with: Option<&dyn Runner>) -> Result<Outcome, Failure> {
        let batch = Batch::new(&mut Rng(self.seed ^ self.number << 20));
        guarded(|| check_batched(p, &batch, with))
    }

    /// As [`shrunk`](Self::shrunk), of a failure of [`check_batched`](Self::check_batched).
    pub fn shrunk_batched(&self, failure: &Failure, with: Option<&dyn Runner>) -> (Case, Failure) {
        self.shrunk_by(failure, |p| self.check_batched_of(p, with))
    }

    /// The smallest case found that breaks the same property, and how.
    pub fn shrunk(&self, failure: &Failure, with: Option<&dyn Runner>) -> (Case, Failure) {
        self.shrunk_by(failure, |p| self.check_of(p, with))
    }

    fn shrunk_by(
        &self,
        failure: &Failure,
        check: impl Fn(&Program) -> Result<Outcome, Failure>,
    ) -> (Case, Failure) {
        let mut last = failure.clone();
        let program = shrink(&self.program, &mut |p| match check(p) {
            Err(f) if f.property == failure.property => {
                last = f;
                true
            }
            Ok(_) | Err(_) => false,
        });
        let case = Case {
            program,
            ..self.clone()
        };
        (case, last)
    }

    /// The program as a file of IR text, with what is wrong in comments.
    pub fn file(&self, failure: &Failure) -> String {
        let mut out = format!(
            "; cotangent fuzz --programs 1 --seed {} --start {}\n; arguments of the first function: {}\n",
            self.seed,
            self.number,
            print_values(&self.args)
        );
        for line in failure.to_string().lines().take(6) {
            let _ = writeln!(out, "; {line}");
        }
        let text = print(&module(&self.program));
        // The version comes first in a file.
        match text.split_once('\n') {
            Some((version, rest)) => format!("{version}\n{out}{rest}"),
            None => text,
        }
    }
}

/// What a check gives; a panic is a failure.
fn guarded(run: impl FnOnce() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|e| {
        let text = e
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| e.downcast_ref::<&str>().copied());
        Err(Failure {
            property: "nothing panics",
            detail: text.unwrap_or("a panic").to_string(),
        })
    })
}

/// How many cases of each kind ended how.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts(pub BTreeMap<(Kind, Ended), u64>);

/// An [`Outcome`] without figures.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ended {
    /// Everything was checked.
    Passed,
    /// A trap, the same everywhere.
    Trapped,
    /// Skipped: out of fuel.
    OutOfFuel,
    /// Finite differences skipped: they have not converged.
    NotConverged,
    /// Derivatives skipped: out of fuel.
    DerivativeOutOfFuel,
}

impl Counts {
    /// Counts a case.
    pub fn add(&mut self, kind: Kind, outcome: Outcome) {
        let ended = match outcome {
            Outcome::Passed(_) => Ended::Passed,
            Outcome::Trapped => Ended::Trapped,
            Outcome::OutOfFuel => Ended::OutOfFuel,
            Outcome::NotConverged(_) => Ended::NotConverged,
            Outcome::DerivativeOutOfFuel(_) => Ended::DerivativeOutOfFuel,
        };
        *self.0.entry((kind, ended)).or_default() += 1;
    }

    /// Adds what another thread counted.
    pub fn merge(&mut self, other: &Counts) {
        for (k, n) in &other.0 {
            *self.0.entry(*k).or_default() += n;
        }
    }

    /// How many ended so.
    pub fn ended(&self, how: Ended) -> u64 {
        let hits = self.0.iter().filter(|((_, e), _)| *e == how);
        hits.map(|(_, n)| n).sum()
    }

    /// How many there were.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// A table: a line for each kind and end.
    pub fn table(&self) -> String {
        let mut out = String::new();
        for ((kind, ended), n) in &self.0 {
            let why = match ended {
                Ended::Passed => "passed",
                Ended::Trapped => "trapped, alike before and after every pass",
                Ended::OutOfFuel => "skipped: out of fuel",
                Ended::NotConverged => {
                    "passed but for finite differences, which have not converged there"
                }
                Ended::DerivativeOutOfFuel => "derivatives skipped: out of fuel",
            };
            let kind = match kind {
                Kind::Smooth => "smooth, order 1",
                Kind::Second => "smooth, order 2",
                Kind::Branches => "branches on floats",
                Kind::Traps => "traps",
                Kind::Stopped => "stop_gradient",
                Kind::Single => "reverse mode alone, single precision",
            };
            let _ = writeln!(out, "{n:>8}  {kind}: {why}");
        }
        out
    }
}
