//! A row of the matrix: an op, where it is tried, what it should give, and what it cannot do, as data.

use super::values::Rng;
use cotangent_core::ir::{Builder, Module, Op, Type, Value};
use cotangent_core::value::Val;
use std::rc::Rc;

/// What an op cannot do, and why.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Limitation {
    /// The derivative is zero or has no space: the result is no float, or the op is constant between jumps.
    NoTangent(&'static str),
    /// Asking for a derivative is an error whose text has the second string.
    NotDifferentiable(&'static str, &'static str),
    /// Only in reverse mode.
    ReverseOnly(&'static str),
    /// A `?` is not taken somewhere.
    KnownExtents(&'static str),
    /// Anything else worth knowing.
    Note(&'static str),
}

impl Limitation {
    pub fn text(&self) -> String {
        match self {
            Limitation::NoTangent(s) => format!("no tangent: {s}"),
            Limitation::NotDifferentiable(s, _) => format!("not differentiable: {s}"),
            Limitation::ReverseOnly(s) => format!("reverse mode only: {s}"),
            Limitation::KnownExtents(s) => format!("known extents only: {s}"),
            Limitation::Note(s) => (*s).into(),
        }
    }
}

pub type Args = Rc<dyn Fn(&mut Rng) -> Vec<Val>>;
pub type Want = Rc<dyn Fn(&[Val]) -> Vec<Val>>;
pub type Build = Rc<dyn Fn(&mut Builder, &[Value]) -> Vec<Value>>;
/// Adds what a case needs to the module before its function.
pub type Prelude = Rc<dyn Fn(&mut Module)>;

/// How the derivatives of a case are checked.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Derive {
    /// Against finite differences, inner products, order 2; to that tolerance.
    Check(f64),
    /// First order only, coarsely: single precision leaves few digits for differences.
    Coarse,
    /// It must be an error.
    Error,
    /// Reverse mode only: the jvp is an error, the gradient is checked elsewhere.
    ReverseOnly,
    /// Nothing to check; the value part stands for it.
    Skip,
}

/// One way to try an op.
#[derive(Clone)]
pub struct Case {
    pub label: String,
    pub build: Build,
    pub prelude: Option<Prelude>,
    pub args: Args,
    /// The types of the operands, if they do not follow from the values.
    pub tys: Option<Vec<Type>>,
    /// Whether the op also takes the operands with every extent `?`.
    pub open: bool,
    pub want: Want,
    pub tolerance: f64,
    pub derive: Derive,
    /// The operands that derivatives are taken by, if not all that have a tangent space.
    pub wrt: Option<Vec<u32>>,
}

/// A case of one op applied to the operands.
pub fn case(
    op: impl Into<Op>,
    label: impl Into<String>,
    args: impl Fn(&mut Rng) -> Vec<Val> + 'static,
    want: impl Fn(&[Val]) -> Vec<Val> + 'static,
) -> Case {
    let op = op.into();
    built(label, move |b, vs| b.inst(op.clone(), vs), args, want)
}

/// A case of a function built by hand: control flow, and ops with operands made on the way.
pub fn built(
    label: impl Into<String>,
    build: impl Fn(&mut Builder, &[Value]) -> Vec<Value> + 'static,
    args: impl Fn(&mut Rng) -> Vec<Val> + 'static,
    want: impl Fn(&[Val]) -> Vec<Val> + 'static,
) -> Case {
    Case {
        label: label.into(),
        build: Rc::new(build),
        prelude: None,
        args: Rc::new(args),
        tys: None,
        open: true,
        want: Rc::new(want),
        tolerance: 0.0,
        derive: Derive::Check(1e-7),
        wrt: None,
    }
}

impl Case {
    pub fn typed(mut self, tys: &[Type]) -> Case {
        self.tys = Some(tys.to_vec());
        self
    }
    pub fn closed(mut self) -> Case {
        self.open = false;
        self
    }
    pub fn within(mut self, tolerance: f64) -> Case {
        self.tolerance = tolerance;
        self
    }
    pub fn derive(mut self, how: Derive) -> Case {
        self.derive = how;
        self
    }
    pub fn by(mut self, wrt: &[u32]) -> Case {
        self.wrt = Some(wrt.to_vec());
        self
    }
    pub fn with(mut self, prelude: impl Fn(&mut Module) + 'static) -> Case {
        self.prelude = Some(Rc::new(prelude));
        self
    }
}

/// An op with its cases and limitations.
pub struct Row {
    pub family: &'static str,
    /// The op's name in the text form; for a family of variants, the variant.
    pub name: String,
    pub doc: String,
    /// The element types it is tried with, in words.
    pub types: String,
    /// The input domain, and why it is that.
    pub domain: &'static str,
    pub cases: Vec<Case>,
    pub limits: Vec<Limitation>,
}

/// The variants of an enum of ops with data: a name for each, by an exhaustive match, and the list of the names. A new variant does not
/// compile here, and a name without a row fails its family's test.
#[macro_export]
macro_rules! variants {
    ($ty:ident: $($name:literal $pat:pat,)*) => {
        pub const NAMES: &[&str] = &[$($name),*];
        /// The row of an op.
        #[allow(dead_code, reason = "what counts is that it compiles")]
        pub fn name_of(op: &$ty) -> &'static str {
            match op {
                $($pat => $name,)*
            }
        }
    };
}
