//! Why a program, or a place in it, cannot be offloaded.

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
        }
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

/// The result of writing something.
pub type Result<T, E = Unsupported> = std::result::Result<T, E>;
