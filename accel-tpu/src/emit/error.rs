//! Why a program, or a place in it, cannot be offloaded.

use cotangent_core::error::TrapKind;
use cotangent_core::ir::{Module, Span};
use std::fmt;

/// What cannot be written as StableHLO, why, and where it is in the source.
#[derive(Clone, PartialEq, Debug)]
pub struct Unsupported {
    /// The operation, in the text form's name, or what else it is.
    pub what: String,
    /// The reason, and the way out.
    pub why: String,
    /// The file, if known.
    pub file: String,
    /// The line, 0 if unknown.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The trap that it is whenever it runs, if it is one: a checked program has it there.
    pub trap: Option<Box<TrapKind>>,
    /// What may help.
    pub help: Help,
}

/// What may help a program that cannot be written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Help {
    /// That is not known.
    Unknown,
    /// Room for some number of items, which no array was to get that has a length that the data decide ([`Options::exact`](super::Options::exact)).
    Room,
    /// Nothing: it is too long, and another way to write it would be as long.
    Nothing,
}

impl Unsupported {
    /// Not to be offloaded, for that reason; the place is added by [`at`](Self::at).
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Unsupported {
        Unsupported {
            what: what.into(),
            why: why.into(),
            file: String::new(),
            line: 0,
            column: 0,
            trap: None,
            help: Help::Unknown,
        }
    }
    /// An operation that always traps, as is known now.
    pub fn traps(op: &str, why: impl fmt::Display, kind: TrapKind) -> Unsupported {
        Unsupported {
            trap: Some(Box::new(kind)),
            ..Unsupported::new(
                format!("`{op}`"),
                format!("whenever it runs it traps: {why}"),
            )
        }
    }
    /// Operands whose extents do not suit the operation.
    pub fn mismatch(op: &str, why: impl fmt::Display) -> Unsupported {
        Unsupported::traps(op, why, mismatch(op))
    }
    /// With the source place, unless it has one.
    pub fn at(mut self, module: &Module, span: Span) -> Unsupported {
        if self.line == 0 && span.is_known() {
            self.file = module.files[span.file].clone();
            self.line = span.line;
            self.column = span.col;
        }
        self
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be offloaded: {}", self.what, self.why)?;
        if self.line != 0 {
            write!(f, " ({}:{}:{})", self.file, self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for Unsupported {}

/// The trap of a range that does not lie where it should; where it is is not carried out of a device.
pub(super) fn out_of_range() -> TrapKind {
    TrapKind::RangeOutOfRange {
        lo: 0,
        hi: 0,
        len: 0,
    }
}

/// The trap of extents that do not agree; what they are is not carried out of a device.
pub(super) fn mismatch(op: &str) -> TrapKind {
    TrapKind::ShapeMismatch {
        op: op.into(),
        a: Vec::new(),
        b: Vec::new(),
    }
}

/// The result of writing something.
pub type Result<T, E = Unsupported> = std::result::Result<T, E>;
