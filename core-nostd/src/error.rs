//! Errors of the core, as plain enums: building, differentiating, running.
//!
//! Each names the op, the operands' types and what to do about it. A [`Trap`] is a run-time failure of the *program*
//! (index out of range, `panic!`, out of fuel); the others are mistakes in how the program was made.

use crate::ir::Type;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why operands do not suit an op.
#[derive(Clone, PartialEq, Debug)]
pub enum Why {
    /// Wrong number of operands.
    Arity {
        /// What the op takes, as text ("2", "at least 1").
        want: &'static str,
    },
    /// An operand's element type or kind is not one the op takes.
    Kind {
        /// Which operand, from 0.
        operand: usize,
        /// What it should be ("a float tensor").
        want: &'static str,
    },
    /// Two operands should agree.
    Mismatch {
        /// The first, from 0.
        a: usize,
        /// The second, from 0.
        b: usize,
        /// In what ("shape", "element type").
        what: &'static str,
    },
    /// An axis is not one of the operand's, or given twice.
    Axis {
        /// The axis.
        axis: u32,
        /// The operand's rank.
        rank: usize,
    },
    /// A path does not lead anywhere in the operand.
    Path {
        /// The step at which it leaves the type, from 0.
        step: usize,
    },
    /// An attribute of the op does not suit the operands.
    Attribute(&'static str),
    /// What a region takes or yields is wrong.
    Region(&'static str),
}

/// An op applied to operands it does not take.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeError {
    /// The op, in text form.
    pub op: String,
    /// The operands' types.
    pub operands: Vec<Type>,
    /// What is wrong.
    pub why: Why,
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of (", self.op)?;
        for (i, t) in self.operands.iter().enumerate() {
            write!(f, "{}{t}", if i == 0 { "" } else { ", " })?;
        }
        f.write_str("): ")?;
        let ty = |i: usize| {
            self.operands
                .get(i)
                .map(|t| alloc::format!("{t}"))
                .unwrap_or_default()
        };
        match &self.why {
            Why::Arity { want } => {
                write!(f, "takes {want} operand(s), got {}", self.operands.len())
            }
            Why::Kind { operand, want } => write!(
                f,
                "operand {operand} must be {want}, it is {}",
                ty(*operand)
            ),
            Why::Mismatch { a, b, what } => {
                write!(
                    f,
                    "operands {a} and {b} must agree in {what}, they are {} and {}",
                    ty(*a),
                    ty(*b)
                )
            }
            Why::Axis { axis, rank } => write!(
                f,
                "axis {axis} is out of range or repeated; the rank is {rank}"
            ),
            Why::Path { step } => write!(f, "step {step} of the path leaves the type {}", ty(0)),
            Why::Attribute(s) | Why::Region(s) => f.write_str(s),
        }
    }
}

impl core::error::Error for TypeError {}

/// What went wrong while a program ran.
#[derive(Clone, PartialEq, Debug)]
pub enum TrapKind {
    /// An index outside an array.
    IndexOutOfRange {
        /// The index.
        index: i128,
        /// The length.
        len: u64,
    },
    /// A range that does not lie in an array, or is reversed.
    RangeOutOfRange {
        /// Its start.
        lo: i128,
        /// Its end, exclusive.
        hi: i128,
        /// The length.
        len: u64,
    },
    /// Two extents that must be equal are not.
    ShapeMismatch {
        /// The op.
        op: String,
        /// One operand's extents.
        a: Vec<usize>,
        /// The other's.
        b: Vec<usize>,
    },
    /// An integer result that does not fit its type.
    IntegerOverflow {
        /// The op.
        op: &'static str,
    },
    /// An integer division by zero.
    DivisionByZero,
    /// A shift by at least the number of bits, or by a negative amount.
    ShiftOutOfRange {
        /// The amount.
        amount: i128,
    },
    /// `pop` of an empty array, or an extreme of nothing.
    Empty {
        /// The op.
        op: &'static str,
    },
    /// A matrix that cannot be factored or solved with.
    Matrix {
        /// The op.
        op: &'static str,
        /// The extents of the operand.
        shape: Vec<usize>,
        /// What is wrong with it.
        fault: MatrixFault,
    },
    /// `panic!` or a failed assertion of the program.
    Panic(String),
    /// The fuel given for the run is used up.
    OutOfFuel {
        /// How much was given.
        limit: u64,
    },
    /// Calls nest deeper than allowed.
    RecursionLimit {
        /// How deep was allowed.
        limit: u32,
    },
    /// A value would need more memory than allowed or there is.
    OutOfMemory {
        /// How many bytes were asked for.
        bytes: u64,
    },
    /// A function of the host that the program calls failed, or is not there.
    Host {
        /// Its name.
        name: String,
        /// What it says.
        message: String,
    },
    /// A function with only a reverse-mode rule was differentiated forward.
    NoForwardRule,
    /// The executor cannot run the function, or failed on its own side.
    Executor(String),
    /// An operand of the wrong type or shape: an argument that does not suit the function, or IR that was not verified.
    TypeConfusion {
        /// The op or function.
        op: String,
    },
}

/// Why a matrix cannot be factored or solved with.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum MatrixFault {
    /// It has another number of rows than of columns.
    NotSquare,
    /// A Cholesky factorization met a pivot that is not positive, at that row.
    NotPositiveDefinite(usize),
    /// The element of the diagonal in that row is zero.
    Singular(usize),
    /// The eigenvalue of that number was not found in as many steps as are tried.
    NotConverged(usize),
}

impl fmt::Display for MatrixFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MatrixFault::NotSquare => f.write_str("the matrix is not square"),
            MatrixFault::NotPositiveDefinite(k) => write!(
                f,
                "the matrix is not positive definite (the pivot of row {k} is not positive)"
            ),
            MatrixFault::Singular(k) => write!(
                f,
                "the matrix is singular (the element of the diagonal in row {k} is zero)"
            ),
            MatrixFault::NotConverged(k) => {
                write!(
                    f,
                    "eigenvalue {k} was not found in as many steps as are tried"
                )
            }
        }
    }
}

impl fmt::Display for TrapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrapKind::IndexOutOfRange { index, len } => {
                write!(f, "index {index} out of range for length {len}")
            }
            TrapKind::RangeOutOfRange { lo, hi, len } => {
                write!(f, "range {lo}..{hi} out of range for length {len}")
            }
            TrapKind::ShapeMismatch { op, a, b } => {
                write!(f, "`{op}`: shapes {a:?} and {b:?} do not agree")
            }
            TrapKind::IntegerOverflow { op } => write!(f, "`{op}` overflowed its integer type"),
            TrapKind::DivisionByZero => f.write_str("integer division by zero"),
            TrapKind::ShiftOutOfRange { amount } => {
                write!(f, "shift by {amount}: not below the number of bits")
            }
            TrapKind::Empty { op } => write!(f, "`{op}` of an empty array"),
            TrapKind::Matrix { op, shape, fault } => write!(f, "`{op}` of {shape:?}: {fault}"),
            TrapKind::Panic(m) => write!(f, "the program panicked: {m}"),
            TrapKind::OutOfFuel { limit } => {
                write!(
                    f,
                    "out of fuel after {limit} steps; an endless loop? Raise the limit if not"
                )
            }
            TrapKind::RecursionLimit { limit } => {
                write!(f, "calls nest deeper than the limit of {limit}")
            }
            TrapKind::OutOfMemory { bytes } => {
                write!(f, "a value of {bytes} bytes exceeds the memory limit")
            }
            TrapKind::Host { name, message } => {
                write!(f, "the host's function `{name}`: {message}")
            }
            TrapKind::NoForwardRule => f.write_str(
                "a function with only a vjp rule has no forward derivative; give it a jvp rule",
            ),
            TrapKind::Executor(message) => f.write_str(message),
            TrapKind::TypeConfusion { op } => {
                write!(f, "`{op}`: a value is not of the type it should have")
            }
        }
    }
}

/// A run-time failure of a program and where it happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Trap {
    /// What went wrong.
    pub kind: TrapKind,
    /// The function that was running.
    pub func: String,
    /// The source file, or empty.
    pub file: String,
    /// The source line from 1, or 0 if unknown.
    pub line: u32,
    /// The source column from 1, or 0 if unknown.
    pub col: u32,
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (in `{}`", self.kind, self.func)?;
        if self.line != 0 {
            write!(f, " at {}:{}:{}", self.file, self.line, self.col)?;
        }
        f.write_str(")")
    }
}

impl core::error::Error for Trap {}

/// Why a function cannot be batched.
#[derive(Clone, PartialEq, Debug)]
pub enum BatchError {
    /// Not one place for the lanes given for each parameter.
    Arguments {
        /// The function.
        func: String,
        /// How many parameters it has.
        want: usize,
        /// How many were given.
        have: usize,
    },
    /// No argument has lanes.
    NoLanes {
        /// The function.
        func: String,
    },
    /// A parameter or result that cannot hold the lanes where they are wanted.
    Axis {
        /// The function.
        func: String,
        /// Which parameter or result.
        place: String,
        /// Its type for one lane.
        ty: Type,
    },
    /// The input still has slots, blocks or derivative calls: passes were not run.
    NotLowered {
        /// The function.
        func: String,
    },
    /// A batching rule emitted code that does not type-check: a bug of this crate.
    Build(TypeError),
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BatchError::Arguments { func, want, have } => write!(
                f,
                "`{func}` has {want} parameters; axes were given for {have}"
            ),
            BatchError::NoLanes { func } => write!(
                f,
                "no argument of `{func}` is batched; give at least one an axis"
            ),
            BatchError::Axis { func, place, ty } => write!(
                f,
                "{place} of `{func}` has type {ty} for one lane, which cannot hold the lanes along that axis"
            ),
            BatchError::NotLowered { func } => {
                write!(f, "`{func}` was not lowered before batching")
            }
            BatchError::Build(e) => write!(
                f,
                "internal error: a batching rule emitted a wrong instruction: {e}"
            ),
        }
    }
}

impl core::error::Error for BatchError {}

/// Why a program has no derivative.
#[derive(Clone, PartialEq, Debug)]
pub enum AdError {
    /// An op without a derivative on the path from the chosen parameters to the result.
    NotDifferentiable {
        /// The op.
        op: String,
        /// Why, and what to do.
        why: &'static str,
        /// The source file, or empty.
        file: String,
        /// The source line, or 0.
        line: u32,
        /// The source column, or 0.
        col: u32,
    },
    /// A parameter chosen that does not exist or has no tangent space.
    Parameter {
        /// The function.
        func: String,
        /// The parameter, from 0.
        index: u32,
        /// Its type, if it exists.
        ty: Option<Type>,
    },
    /// The chosen parameters do not ascend: results come in the order of the parameters.
    Order {
        /// The function.
        func: String,
    },
    /// A gradient asked of a function whose result is not one float scalar.
    NotScalar {
        /// The function.
        func: String,
        /// What it returns.
        results: Vec<Type>,
    },
    /// A function whose derivative needs its own derivative.
    SelfReference {
        /// The function.
        func: String,
    },
    /// The input still has slots, blocks or derivative calls: passes were not run.
    NotLowered {
        /// The function.
        func: String,
    },
    /// A derivative rule emitted code that does not type-check: a bug of this crate.
    Build(TypeError),
    /// Calls nest too deeply to be differentiated.
    TooDeep {
        /// The function at which the bound was reached.
        func: String,
    },
    /// A batch that cannot be made.
    Batch(BatchError),
    /// A custom rule whose signature does not suit its function.
    Rule {
        /// The function.
        func: String,
        /// What is wrong.
        why: String,
    },
}

impl fmt::Display for AdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdError::NotDifferentiable {
                op,
                why,
                file,
                line,
                col,
            } => {
                write!(f, "`{op}` has no derivative here: {why}")?;
                if *line != 0 {
                    write!(f, " (at {file}:{line}:{col})")?;
                }
                Ok(())
            }
            AdError::Parameter {
                func,
                index,
                ty: Some(ty),
            } => {
                write!(
                    f,
                    "parameter {index} of `{func}` has type {ty}, which has no tangent space"
                )
            }
            AdError::Parameter {
                func,
                index,
                ty: None,
            } => write!(f, "`{func}` has no parameter {index}"),
            AdError::Order { func } => {
                write!(
                    f,
                    "the parameters chosen of `{func}` must ascend, without repetition; results come in that order"
                )
            }
            AdError::NotScalar { func, results } => {
                write!(
                    f,
                    "the gradient of `{func}` needs one real scalar result, it returns ("
                )?;
                for (i, t) in results.iter().enumerate() {
                    write!(f, "{}{t}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("); use a pullback or a Jacobian")
            }
            AdError::SelfReference { func } => {
                write!(
                    f,
                    "the derivative of `{func}` is needed to define `{func}` itself; that recursion does not end"
                )
            }
            AdError::NotLowered { func } => {
                write!(f, "`{func}` was not lowered before differentiation")
            }
            AdError::Build(e) => write!(
                f,
                "internal error: a derivative rule emitted a wrong instruction: {e}"
            ),
            AdError::TooDeep { func } => {
                write!(f, "calls nest too deeply at `{func}` to be differentiated")
            }
            AdError::Batch(e) => write!(f, "{e}"),
            AdError::Rule { func, why } => write!(f, "the derivative rule of `{func}`: {why}"),
        }
    }
}

impl core::error::Error for AdError {}
