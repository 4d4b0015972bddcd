//! What can go wrong with a plugin, as values: what failed, why, and what to do about it.

use super::element::ArrayType;
use std::path::PathBuf;

/// The result of anything that a plugin takes part in.
pub type Result<T> = std::result::Result<T, Error>;

/// The codes of the C interface.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The operation was cancelled.
    Cancelled,
    /// The plugin does not say, or says a code that this crate does not know.
    Unknown,
    /// The caller gave something wrong: a program that does not parse, say.
    InvalidArgument,
    /// Too late.
    DeadlineExceeded,
    /// No such thing; also what a plugin says when it finds no hardware.
    NotFound,
    /// Made already.
    AlreadyExists,
    /// Not allowed.
    PermissionDenied,
    /// Out of memory, on the host or on the device.
    ResourceExhausted,
    /// Not in the state for that.
    FailedPrecondition,
    /// Stopped.
    Aborted,
    /// Outside of a valid range.
    OutOfRange,
    /// The plugin has no such function.
    Unimplemented,
    /// The plugin broke one of its own rules.
    Internal,
    /// Not reachable now.
    Unavailable,
    /// Damaged.
    DataLoss,
    /// Not allowed without credentials.
    Unauthenticated,
}

impl Code {
    /// From the number in the C interface.
    pub fn from_number(n: i32) -> Code {
        match n {
            1 => Code::Cancelled,
            3 => Code::InvalidArgument,
            4 => Code::DeadlineExceeded,
            5 => Code::NotFound,
            6 => Code::AlreadyExists,
            7 => Code::PermissionDenied,
            8 => Code::ResourceExhausted,
            9 => Code::FailedPrecondition,
            10 => Code::Aborted,
            11 => Code::OutOfRange,
            12 => Code::Unimplemented,
            13 => Code::Internal,
            14 => Code::Unavailable,
            15 => Code::DataLoss,
            16 => Code::Unauthenticated,
            _ => Code::Unknown,
        }
    }
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Code::Cancelled => "cancelled",
            Code::Unknown => "unknown error",
            Code::InvalidArgument => "invalid argument",
            Code::DeadlineExceeded => "deadline exceeded",
            Code::NotFound => "not found",
            Code::AlreadyExists => "already exists",
            Code::PermissionDenied => "permission denied",
            Code::ResourceExhausted => "out of memory",
            Code::FailedPrecondition => "failed precondition",
            Code::Aborted => "aborted",
            Code::OutOfRange => "out of range",
            Code::Unimplemented => "not implemented by the plugin",
            Code::Internal => "internal error of the plugin",
            Code::Unavailable => "unavailable",
            Code::DataLoss => "data loss",
            Code::Unauthenticated => "unauthenticated",
        }
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No plugin was found.
    #[error("no PJRT plugin for {kind}: looked at {}", searched.join(", "))]
    NoPlugin {
        /// What it should be for: `cpu`, `tpu`, `cuda`.
        kind: String,
        /// Where it was looked for.
        searched: Vec<String>,
    },
    /// A file is no plugin that can be loaded here.
    #[error("cannot load the plugin {}: {reason}", path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A plugin speaks another version of the interface.
    #[error("the plugin {} has version {}.{} of the PJRT interface; {}.{} or newer is needed, with the same first number",
            path.display(), found.0, found.1, oldest.0, oldest.1)]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: (i32, i32),
        /// The oldest that works.
        oldest: (i32, i32),
    },
    /// A plugin lacks a function.
    #[error("the plugin {} (PJRT {}.{}) has no {function}", path.display(), version.0, version.1)]
    Missing {
        /// The C name.
        function: &'static str,
        /// The plugin.
        path: PathBuf,
        /// Its version.
        version: (i32, i32),
    },
    /// A function of the plugin gave an error.
    #[error("{function}: {}: {message}", code.name())]
    Plugin {
        /// The C name.
        function: &'static str,
        /// Which kind of error.
        code: Code,
        /// What the plugin says.
        message: String,
    },
    /// A function of the plugin gave something that cannot be.
    #[error("{function} gave {what}")]
    Nonsense {
        /// The C name.
        function: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The program was refused before a plugin saw it.
    #[error("the program cannot be compiled: {0}")]
    Program(String),
    /// Options that no plugin should see.
    #[error("option {name}: {problem}")]
    Options {
        /// The option.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An executable was given another number of arguments than it takes.
    #[error("the executable takes {expected} arguments, {found} were given")]
    ArgumentCount {
        /// So many it takes.
        expected: usize,
        /// So many were given.
        found: usize,
    },
    /// An argument has another type than the executable takes.
    #[error("argument {index} is {found}, the executable takes {expected}")]
    ArgumentType {
        /// Which argument, from 0.
        index: usize,
        /// What the executable takes.
        expected: ArrayType,
        /// What was given.
        found: ArrayType,
    },
    /// An argument is on another device, or of another client, than the executable.
    #[error("argument {index} is on {found}, the executable runs on {expected}")]
    ArgumentDevice {
        /// Which argument, from 0.
        index: usize,
        /// Where the executable runs.
        expected: String,
        /// Where the argument is.
        found: String,
    },
    /// The executable runs on another number of devices than there are lists of arguments.
    #[error("the executable runs on {expected} devices, arguments for {found} were given")]
    DeviceCount {
        /// Devices of the executable.
        expected: usize,
        /// Lists of arguments.
        found: usize,
    },
    /// Host data that is no array of the stated type.
    #[error("host data: {0}")]
    Host(String),
    /// A file could not be read or written.
    #[error("{what} {}: {reason}", path.display())]
    File {
        /// What was to be done.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it could not.
        reason: String,
    },
    /// A plugin could not be installed.
    #[error("cannot install {package}: {reason}")]
    Install {
        /// The package.
        package: String,
        /// Why not.
        reason: String,
    },
}

/// What libtpu says where another process has it.
const LOCKED: &str = "libtpu multi-process lockfile";

impl Error {
    /// What went wrong, and what to do about it, in one sentence.
    pub fn with_help(&self) -> String {
        match self.help() {
            Some(help) => format!("{self}; {help}"),
            None => self.to_string(),
        }
    }
    /// What to do about it, where there is something.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Error::NoPlugin { kind, .. } => format!(
                "install one with `cotangent plugin install {kind}`, or set COTANGENT_XLA_PLUGIN to the path of one"
            ),
            Error::Load { .. } => {
                "install it again with `cotangent plugin install`, or set COTANGENT_XLA_PLUGIN to the path of another one".into()
            }
            Error::Version { found, oldest, .. } if *found < *oldest => {
                "install a newer plugin with `cotangent plugin install`".into()
            }
            Error::Version { .. } => {
                "install the version that this release is made for with `cotangent plugin install`".into()
            }
            Error::Missing { .. } => {
                "a newer version of the plugin may have it: `cotangent plugin install`".into()
            }
            Error::Plugin { code: Code::ResourceExhausted, .. } => {
                "use smaller batches, or checkpoints in the reverse pass; `cotangent offload --report` tells what needs the memory".into()
            }
            // libtpu's own advice is to remove the file.
            Error::Plugin { function: "PJRT_Plugin_Initialize", message, .. } if message.contains(LOCKED) => {
                "another process uses libtpu: wait until it ends; or, where this one only compiles ahead of time, set ALLOW_MULTIPLE_LIBTPU_LOAD=1".into()
            }
            Error::Plugin { code: Code::NotFound | Code::FailedPrecondition, function: "PJRT_Client_Create", .. } => {
                "the plugin found no hardware that it can drive; it can still compile ahead of time".into()
            }
            Error::ArgumentCount { .. } | Error::ArgumentType { .. } => {
                "an executable is compiled for arguments of fixed types and shapes; compile again for others".into()
            }
            Error::ArgumentDevice { .. } => "upload the argument to that device, or copy it there".into(),
            Error::Install { .. } => {
                "download the wheel on a machine with network, unpack it, and set COTANGENT_XLA_PLUGIN to the .so in it".into()
            }
            Error::Plugin { .. }
            | Error::Nonsense { .. }
            | Error::Program(_)
            | Error::Options { .. }
            | Error::DeviceCount { .. }
            | Error::Host(_)
            | Error::File { .. } => return None,
        };
        Some(text)
    }
    /// The code, where the plugin gave one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Plugin { code, .. } => Some(*code),
            Error::Missing { .. } => Some(Code::Unimplemented),
            _ => None,
        }
    }
}
