//! What can go wrong between the command line and the result.

use std::fmt;
use std::path::PathBuf;

/// An error for the user: what happened, where, and what was expected.
#[derive(Debug)]
pub enum Error {
    /// A file cannot be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file has something other than what its format asks for.
    Format {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A derivative could not be computed.
    Derivative(String),
    /// A derivative was computed but disagrees with a check.
    Check(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Error::Format {
                path,
                line,
                message,
            } => write!(f, "{}:{line}: {message}", path.display()),
            Error::Derivative(message) => write!(f, "derivative: {message}"),
            Error::Check(message) => write!(f, "check failed: {message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Format { .. } | Error::Derivative(_) | Error::Check(_) => None,
        }
    }
}
