//! The system's C compiler: found, asked for its version, run.
//!
//! `COTANGENT_CC` names the compiler and may hold flags (`clang -O2`); else `CC`; else the first of `cc`, `gcc`, `clang` that answers.
//! What is compiled is kept in memory only: the shared object is removed once it is loaded.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, io, process};

/// How C is compiled: optimised for this machine; no operation reordered but where the source says that it may be.
pub const FLAGS: [&str; 10] = [
    "-std=gnu99",
    "-O3",
    "-march=native",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=off",
    "-fopenmp-simd",
    "-fPIC",
    "-shared",
    "-w",
];

/// Why nothing could be compiled.
#[derive(Clone, PartialEq, Debug)]
pub enum CcError {
    /// No compiler answers.
    Missing {
        /// What was tried.
        tried: Vec<String>,
    },
    /// The compiler could not be run, or its files not be written.
    Io {
        /// What was done.
        what: String,
        /// The system's message.
        message: String,
    },
    /// The compiler refused the source: a bug of this crate, or an odd compiler.
    Failed {
        /// The command.
        command: String,
        /// The first lines it printed.
        message: String,
    },
}

impl fmt::Display for CcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CcError::Missing { tried } => write!(
                f,
                "no C compiler found (tried {}); install one, or name it in the environment variable COTANGENT_CC, or use another executor",
                tried.join(", ")
            ),
            CcError::Io { what, message } => write!(f, "{what}: {message}"),
            CcError::Failed { command, message } => {
                write!(f, "the C compiler failed: `{command}`\n{message}")
            }
        }
    }
}

impl std::error::Error for CcError {}

/// A C compiler and the flags that its name came with.
#[derive(Clone, Debug)]
pub struct Compiler {
    program: String,
    flags: Vec<String>,
}

impl Compiler {
    /// The compiler to use; looked for once.
    ///
    /// # Errors
    /// [`CcError::Missing`] if none answers.
    pub fn find() -> Result<&'static Compiler, CcError> {
        static FOUND: OnceLock<Result<Compiler, CcError>> = OnceLock::new();
        FOUND.get_or_init(search).as_ref().map_err(Clone::clone)
    }
    /// A compiler by command: program, then flags.
    pub fn new(command: &str) -> Option<Compiler> {
        let mut words = command.split_whitespace().map(String::from);
        Some(Compiler {
            program: words.next()?,
            flags: words.collect(),
        })
    }
    fn answers(&self) -> bool {
        Command::new(&self.program)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    }
    /// Compiles a source to a shared object in a fresh file. The caller removes the file ([`Built`] does when dropped).
    ///
    /// # Errors
    /// [`CcError`] with what the compiler says.
    pub fn build(&self, source: &str) -> Result<Built, CcError> {
        let dir = fresh_dir().map_err(|e| io_error("a directory for the C compiler", &e))?;
        let built = Built {
            object: dir.join("program.so"),
            dir,
        };
        let file = built.dir.join("program.c");
        fs::write(&file, source).map_err(|e| io_error("writing C", &e))?;
        let mut args: Vec<OsString> = FLAGS.iter().map(OsString::from).collect();
        args.extend(self.flags.iter().map(OsString::from));
        args.extend([
            "-o".into(),
            built.object.clone().into(),
            file.into(),
            "-lm".into(),
        ]);
        let out = Command::new(&self.program)
            .args(&args)
            .stdin(Stdio::null())
            .output()
            .map_err(|e| io_error(&format!("running `{}`", self.program), &e))?;
        if out.status.success() {
            return Ok(built);
        }
        let words: Vec<_> = args.iter().map(|a| a.to_string_lossy()).collect();
        let said = String::from_utf8_lossy(&out.stderr);
        Err(CcError::Failed {
            command: format!("{} {}", self.program, words.join(" ")),
            message: said.lines().take(20).collect::<Vec<_>>().join("\n"),
        })
    }
}

fn search() -> Result<Compiler, CcError> {
    let named: Vec<String> = ["COTANGENT_CC", "CC"]
        .iter()
        .filter_map(|v| env::var(v).ok())
        .filter(|v| !v.trim().is_empty())
        .take(1)
        .collect();
    let tried = if named.is_empty() {
        ["cc", "gcc", "clang"].map(String::from).to_vec()
    } else {
        named
    };
    tried
        .iter()
        .filter_map(|c| Compiler::new(c))
        .find(Compiler::answers)
        .ok_or(CcError::Missing { tried })
}

fn io_error(what: &str, e: &io::Error) -> CcError {
    CcError::Io {
        what: what.into(),
        message: e.to_string(),
    }
}

/// A new directory of this process in the system's place for temporary files; nobody else's: creating it fails if it exists.
fn fresh_dir() -> io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = env::temp_dir().join(format!("cotangent-{}-{n}", process::id()));
        match fs::create_dir(&dir) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
            Ok(()) => return Ok(dir),
        }
    }
}

/// A shared object on disk; removed when dropped.
#[derive(Debug)]
pub struct Built {
    dir: PathBuf,
    object: PathBuf,
}

impl Built {
    /// The shared object.
    pub fn object(&self) -> &Path {
        &self.object
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        // A file left behind does no harm.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_compiler_and_a_wrong_source_are_clear_errors() {
        let no = Compiler::new("no-such-compiler-anywhere -O3").expect("a command");
        assert!(!no.answers());
        assert!(matches!(no.build("int x;"), Err(CcError::Io { .. })));
        let e = CcError::Missing {
            tried: vec!["cc".into()],
        };
        assert!(e.to_string().contains("COTANGENT_CC"));
        if let Ok(cc) = Compiler::find() {
            let e = cc.build("this is not C").expect_err("not C");
            assert!(e.to_string().contains("error"), "{e}");
            let built = cc.build("int answer(void) { return 42; }").expect("C");
            assert!(built.object().exists());
            let dir = built.dir.clone();
            drop(built);
            assert!(!dir.exists());
        } else {
            println!("no C compiler on this machine: nothing was compiled");
        }
    }
}
