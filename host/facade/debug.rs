//! Looking into a derivative: values and cotangents at a point of a function, and where the first NaN arises.
//!
//! [`value`] and [`cotangent`] are written into an annotated function. Every run of its program, on any executor, then shows what comes by
//! there, in the order in which it is computed: a value on the way forward, a cotangent on the way back. In a loop they show something in each
//! iteration. It is printed to standard error, or collected by [`collect`]. Plain calls of the function show nothing.
//!
//! ```
//! use cotangent::{debug, differentiable};
//!
//! #[differentiable]
//! fn f(x: f64) -> f64 {
//!     let mut y = x;
//!     for _ in 0..3 {
//!         y = debug::cotangent("y", y * 2.0);
//!     }
//!     y
//! }
//!
//! let (slope, seen) = debug::collect(|| f::gradient(1.0));
//! assert_eq!(slope?, 8.0);
//! let cotangents: Vec<f64> = seen.iter().filter_map(|s| s.get::<f64>()).collect();
//! assert_eq!(cotangents, [1.0, 2.0, 4.0]); // the last iteration first
//! # Ok::<(), cotangent::Error>(())
//! ```
//!
//! A cotangent is shown where it is computed: not in a derivative with respect to something else, nor where the result does not depend on the
//! value. Tangents of forward mode pass through without being shown. A loop whose iterations are [computed again](crate::checkpoint) shows the
//! values of each computation.
//!
//! `f::first_bad(..)` runs a function and its derivative in the interpreter and tells where the first NaN or infinity arises; see [`FirstBad`].
//! Also `cotangent run --first-bad`, `cotangent grad --first-bad`.

use crate::api::Runner;
use crate::error::Error;
use crate::error::Result;
use crate::executor::Options;
use crate::function::{Function, Wrt};
use crate::vals::with_reals;
use cotangent_core::interp::{Bad, Origin, Program, holds};
use cotangent_core::ir::{DeriveKind, HostFn};
use cotangent_core::stage::data::{Datum, DiffFn, default_of, strip_discrete, types_of};
use cotangent_core::text::print_value;
use cotangent_core::value::Val;
use std::cell::RefCell;
use std::fmt;

/// Whether a [`Seen`] is a value or a cotangent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A value, by [`value`].
    Value,
    /// The cotangent of a value, by [`cotangent`].
    Cotangent,
}

/// What came by at a point of a function.
#[derive(Clone, Debug)]
pub struct Seen {
    /// A value or a cotangent.
    pub what: What,
    /// The name given to the point.
    pub name: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The source line.
    pub line: u32,
    /// The leaves of the value; of a cotangent those that have a tangent space.
    pub leaves: Vec<Val>,
}

impl Seen {
    /// As Rust data, of the type of the value; `None` if it is of another one. What a cotangent has no part for holds defaults.
    pub fn get<T: Datum>(&self) -> Option<T::Owned> {
        let mut given = self.leaves.iter().cloned();
        let leaves: Option<Vec<Val>> = types_of::<T>()
            .iter()
            .map(|ty| match self.what {
                What::Cotangent if !ty.has_tangent() => Some(default_of(ty)),
                What::Value | What::Cotangent => given.next().filter(|v| v.is_of(ty)),
            })
            .collect();
        let leaves = leaves.filter(|_| given.next().is_none())?;
        T::unflatten(&mut leaves.into_iter())
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Value => "value",
            What::Cotangent => "cotangent",
        };
        write!(f, "{what} of {} at {}:{}:", self.name, self.file, self.line)?;
        for v in &self.leaves {
            write!(f, " {}", brief(v))?;
        }
        Ok(())
    }
}

/// A value as text, cut where it is long.
fn brief(v: &Val) -> String {
    const MOST: usize = 400;
    let text = print_value(v);
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `x` itself; a run of the program of the `#[differentiable]` function that this is in shows it. The name is a string literal.
pub fn value<T>(name: &str, x: T) -> T {
    let _ = name;
    x
}

/// `x` itself; a derivative in reverse mode shows its cotangent. The name is a string literal.
pub fn cotangent<T>(name: &str, x: T) -> T {
    let _ = name;
    x
}

thread_local! {
    /// What is being collected on this thread, innermost last. Programs call the host on the thread that runs them.
    static COLLECTING: RefCell<Vec<Vec<Seen>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `f` and gives all that was shown on this thread meanwhile, in order, instead of printing it. Calls may be nested; the innermost
/// collects.
pub fn collect<R>(f: impl FnOnce() -> R) -> (R, Vec<Seen>) {
    /// Ends collecting also where `f` panics.
    struct Open;
    impl Drop for Open {
        fn drop(&mut self) {
            COLLECTING.with_borrow_mut(|all| drop(all.pop()));
        }
    }
    COLLECTING.with_borrow_mut(|all| all.push(Vec::new()));
    let open = Open;
    let result = f();
    let seen = COLLECTING.with_borrow_mut(|all| all.last_mut().map(std::mem::take));
    drop(open);
    (result, seen.unwrap_or_default())
}

/// What a point of a function gives its values to.
#[doc(hidden)]
pub fn __shown(what: &'static str, name: &'static str, file: &'static str, line: u32) -> HostFn {
    let what = match what {
        "value" => What::Value,
        _ => What::Cotangent,
    };
    HostFn::new(move |leaves| {
        let seen = Seen {
            what,
            name,
            file,
            line,
            leaves: leaves.to_vec(),
        };
        COLLECTING.with_borrow_mut(|all| match all.last_mut() {
            Some(list) => list.push(seen),
            None => eprintln!("{seen}"),
        });
        Ok(Vec::new())
    })
}

/// Where a NaN or infinity comes from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FirstBad {
    /// It was given: the argument of that number, from 0, holds one.
    Argument(usize),
    /// It arose while the function itself ran.
    Primal(Origin),
    /// It arose in the derivative, in reverse mode with cotangent 1 of every number of the result. The source place is that of the
    /// operation whose derivative it is.
    Derivative(Origin),
}

impl FirstBad {
    /// The operation, unless it was given.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            FirstBad::Argument(_) => None,
            FirstBad::Primal(o) | FirstBad::Derivative(o) => Some(o),
        }
    }
}

impl fmt::Display for FirstBad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (part, o) = match self {
            FirstBad::Argument(i) => return write!(f, "argument {i} holds it already"),
            FirstBad::Primal(o) => ("the function", o),
            FirstBad::Derivative(o) => ("the derivative", o),
        };
        write!(f, "it arises in {part}: `{}`", o.op)?;
        match spot(o) {
            Some(i) => {
                let at = |vs: &[Val]| {
                    let one = vs.iter().map(|v| element(v, i).unwrap_or_else(|| brief(v)));
                    one.collect::<Vec<_>>().join(", ")
                };
                write!(
                    f,
                    " of {} gives {} at element {i}",
                    at(&o.operands),
                    at(&o.results)
                )?;
            }
            None => {
                let list = |vs: &[Val]| vs.iter().map(brief).collect::<Vec<_>>().join(", ");
                write!(f, " of {} gives {}", list(&o.operands), list(&o.results))?;
            }
        }
        write!(f, " (in `{}`", o.func)?;
        if o.line != 0 {
            write!(f, " at {}:{}:{}", o.file, o.line, o.col)?;
        }
        f.write_str(")")
    }
}

/// The first element of the result that is bad, where the operation goes element by element.
fn spot(o: &Origin) -> Option<usize> {
    let [Val::Tensor(t)] = &o.results[..] else {
        return None;
    };
    let same = |v: &Val| match v {
        Val::Scalar(_) => true,
        Val::Tensor(u) => u.shape == t.shape,
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => false,
    };
    let bad = |i: &usize| holds(&Val::Scalar(t.data.get(*i)), Bad::NanOrInfinity);
    o.operands
        .iter()
        .all(same)
        .then(|| (0..t.data.len()).find(bad))?
}

fn element(v: &Val, i: usize) -> Option<String> {
    match v {
        Val::Tensor(t) if i < t.data.len() => Some(print_value(&Val::Scalar(t.data.get(i)))),
        Val::Scalar(_) => Some(print_value(v)),
        Val::Tensor(_) | Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => None,
    }
}

impl Function {
    /// Where the first NaN or infinity arises in a run of the function, and then in its derivative with respect to the chosen parameters.
    /// `None` if neither makes one. Runs in the interpreter, within the limits of the options.
    ///
    /// # Errors
    /// As [`call`](Self::call), and [`Error::Ad`](crate::Error::Ad) if there is no derivative.
    pub fn first_bad(
        &self,
        args: Vec<Val>,
        wrt: &Wrt,
        bad: Bad,
        options: &Options,
    ) -> Result<Option<FirstBad>> {
        let options = options.clone().executor("interpreter");
        // Also checks the arguments. What ends in a trap is looked at up to there.
        let results = match self.call(args.clone(), &options) {
            Err(e) if !matches!(e, Error::Trap(_)) => return Err(e),
            results => results,
        };
        if let Some(i) = args.iter().position(|v| holds(v, bad)) {
            return Ok(Some(FirstBad::Argument(self.argument_of(i))));
        }
        let limits = options.limits();
        let (module, id) = self.module();
        let primal = Program::new(module).first_bad(id, args.clone(), limits, bad)?;
        if let Some(o) = primal {
            return Ok(Some(FirstBad::Primal(o)));
        }
        let results = results?;
        let smooth = results
            .iter()
            .zip(self.results())
            .filter(|(_, t)| t.has_tangent());
        let cts: Vec<Val> = smooth
            .map(|(v, t)| with_reals(&strip_discrete(v.clone(), t), &mut std::iter::repeat(1.0)))
            .collect();
        if self.params_of(wrt).is_empty() || cts.is_empty() {
            return Ok(None);
        }
        let (module, id) = self.derivative(DeriveKind::Vjp, wrt)?;
        let args = args.into_iter().chain(cts).collect();
        let found = Program::new(&module).first_bad(id, args, limits, bad)?;
        Ok(found.map(FirstBad::Derivative))
    }
}

impl<F: DiffFn> Runner<F> {
    /// Where the first NaN or infinity arises, in the function or in its derivative; `None` if nowhere. Runs in the interpreter.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback).
    pub fn first_bad(&self, args: F::Args<'_>) -> Result<Option<FirstBad>> {
        self.first(args, Bad::NanOrInfinity)
    }
    /// As [`first_bad`](Self::first_bad), of NaN alone: where infinities are part of the work.
    ///
    /// # Errors
    /// As [`pullback`](Self::pullback).
    pub fn first_nan(&self, args: F::Args<'_>) -> Result<Option<FirstBad>> {
        self.first(args, Bad::Nan)
    }
    fn first(&self, args: F::Args<'_>, bad: Bad) -> Result<Option<FirstBad>> {
        let (f, args) = self.values(&args)?;
        f.first_bad(args, &Wrt::All, bad, self.options())
    }
}
