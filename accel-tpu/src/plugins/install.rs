//! Installing plugins: pip downloads the wheels, checks them against the pinned checksums and unpacks them into a folder of ours.
//!
//! Several processes may install at once: one does, the others wait for it. A plugin's folder appears complete, by renaming, or not at all.

use super::discover::{find, find_anywhere};
use super::home::Home;
use super::packages::{Kind, Package};
use crate::pjrt::{Error, Plugin, Result};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, io, thread};

/// What to install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    package: &'static Package,
    version: Option<String>,
    sha256: Option<String>,
}

impl Request {
    /// The package of that name, or the preferred one of the kind, in its pinned version.
    pub fn new(kind: Kind, package: Option<&str>) -> Result<Request> {
        let Some(found) = Package::find(kind, package) else {
            return Err(Error::Install {
                package: package.unwrap_or_default().into(),
                reason: format!("no package of that name is known for {kind}"),
            });
        };
        Ok(Request {
            package: found,
            version: None,
            sha256: None,
        })
    }
    /// Another version than the pinned one; without a checksum it is not checked.
    pub fn version(mut self, version: &str, sha256: Option<&str>) -> Request {
        self.version = Some(version.into());
        self.sha256 = sha256.map(Into::into);
        self
    }
    /// The package.
    pub fn package(&self) -> &'static Package {
        self.package
    }
    fn pinned(&self) -> bool {
        self.version.is_none()
    }
    /// `lammps-jax-pjrt-cpu 0.11.2`.
    pub fn name(&self) -> String {
        let wheel = &self.package.wheel;
        let version = self.version.as_deref().unwrap_or(wheel.version);
        format!("{} {version}", wheel.name)
    }
    /// What pip is to install, a line for each file.
    fn requirements(&self) -> String {
        let wheel = &self.package.wheel;
        let mut lines = match (&self.version, &self.sha256) {
            (None, _) => format!(
                "{}=={} --hash=sha256:{}\n",
                wheel.name, wheel.version, wheel.sha256
            ),
            (Some(v), Some(h)) => format!("{}=={v} --hash=sha256:{h}\n", wheel.name),
            (Some(v), None) => format!("{}=={v}\n", wheel.name),
        };
        for w in self.package.extra {
            lines += &format!("{}=={}", w.name, w.version);
            if self.hashed() {
                lines += &format!(" --hash=sha256:{}", w.sha256);
            }
            lines.push('\n');
        }
        lines
    }
    fn hashed(&self) -> bool {
        self.pinned() || self.sha256.is_some()
    }
}

/// A plugin that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What it drives.
    pub kind: Kind,
    /// Package and version.
    pub package: String,
    /// The shared library.
    pub library: PathBuf,
    /// When, in seconds since 1970.
    pub time: u64,
}

/// How far an installation is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Bytes written so far.
    pub done: u64,
    /// Bytes to download; 0 if not known.
    pub total: u64,
}

/// What an installation does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Another process installs; this one waits.
    Waiting,
    /// Files are coming.
    Downloading,
    /// Files are unpacked.
    Unpacking,
}

/// The file in a plugin's folder that says what it is: package and version, the library's path, the time.
const MARK: &str = "plugin.txt";

/// Plugins that are installed in a folder.
pub fn installed(home: &Home) -> Vec<Installed> {
    let mut found = Vec::new();
    for entry in fs::read_dir(home.plugins()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let kind = name
            .to_str()
            .and_then(|n| n.split('-').next())
            .and_then(|k| k.parse().ok());
        let text = fs::read_to_string(entry.path().join(MARK));
        if let (Some(kind), Ok(text)) = (kind, text) {
            let mut lines = text.lines();
            let mut line = || lines.next().unwrap_or_default().to_string();
            let (package, library, time) = (line(), line(), line());
            found.push(Installed {
                kind,
                package,
                library: entry.path().join(library),
                time: time.parse().unwrap_or(0),
            });
        }
    }
    found.sort_by(|a, b| (a.kind, &a.package).cmp(&(b.kind, &b.package)));
    found
}

/// Installs a plugin into a folder, unless it is there.
pub fn install(
    request: &Request,
    home: &Home,
    progress: &mut dyn FnMut(Progress),
) -> Result<Installed> {
    let fail = |reason: String| Error::Install {
        package: request.name(),
        reason,
    };
    let (os, arch) = (env::consts::OS, env::consts::ARCH);
    if (os, arch) != ("linux", "x86_64") {
        return Err(fail(format!("there is no file of it for {os} on {arch}")));
    }
    let plugins = home.plugins();
    let io = |what: &'static str, path: &Path, e: io::Error| Error::File {
        what,
        path: path.into(),
        reason: e.to_string(),
    };
    fs::create_dir_all(&plugins).map_err(|e| io("cannot make", &plugins, e))?;
    let lock_path = plugins.join(".lock");
    let lock = File::create(&lock_path).map_err(|e| io("cannot make", &lock_path, e))?;
    if lock.try_lock().is_err() {
        progress(Progress {
            phase: Phase::Waiting,
            done: 0,
            total: 0,
        });
        lock.lock().map_err(|e| io("cannot lock", &lock_path, e))?;
    }
    // From here on this process is the only one.
    let package = request.package;
    let folder = plugins.join(format!(
        "{}-{}",
        package.kind,
        request.name().replace(' ', "-")
    ));
    let there = installed(home)
        .into_iter()
        .find(|i| i.library.starts_with(&folder) && i.library.is_file());
    if let Some(there) = there {
        return Ok(there);
    }
    let work = plugins.join(".work");
    // What a process that was killed has left.
    for old in [&work, &folder] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(|e| io("cannot remove", old, e))?;
        }
    }
    let result = unpack(request, &work, progress)
        .map_err(|reason| fail(reason.to_string()))
        .and_then(|target| fs::rename(&target, &folder).map_err(|e| io("cannot make", &folder, e)));
    let _ = fs::remove_dir_all(&work);
    result?;
    installed(home)
        .into_iter()
        .find(|i| i.library.starts_with(&folder))
        .ok_or_else(|| fail(format!("it is not in {}", folder.display())))
}

/// Has pip download and unpack into a folder in `work`, and gives that folder.
fn unpack(
    request: &Request,
    work: &Path,
    progress: &mut dyn FnMut(Progress),
) -> std::result::Result<PathBuf, Box<dyn std::error::Error>> {
    let package = request.package;
    let (target, temporary) = (work.join("target"), work.join("tmp"));
    fs::create_dir_all(&target)?;
    fs::create_dir_all(&temporary)?;
    let list = work.join("requirements.txt");
    fs::write(&list, request.requirements())?;
    let mut command = pip()?;
    command.args([
        "install",
        "--no-deps",
        "--no-compile",
        "--only-binary=:all:",
    ]);
    command.args(["--disable-pip-version-check", "--no-input", "--quiet"]);
    command.args(["--progress-bar=off", "--retries=2"]);
    // Files for one version of Python only: which one does not matter.
    if let Some(python) = package.python {
        let abi = format!("cp{}", python.replace('.', ""));
        command.args(["--python-version", python, "--implementation=cp"]);
        command.args(["--abi", &abi, "--platform", package.platform]);
    }
    if request.hashed() {
        command.arg("--require-hashes");
    }
    command.arg("--target").arg(&target).arg("-r").arg(&list);
    command
        // pip works in there, so that its progress can be seen, and renaming is cheap.
        .env("TMPDIR", &temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut errors = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(errors) = &mut errors {
            let _ = errors.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    let total = if request.pinned() { package.bytes() } else { 0 };
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let done = size(work);
        progress(Progress {
            phase: if total > 0 && done > total + (1 << 16) {
                Phase::Unpacking
            } else {
                Phase::Downloading
            },
            done: if total > 0 { done.min(total) } else { done },
            total,
        });
        thread::sleep(Duration::from_millis(50));
    };
    let errors = reader.join().unwrap_or_default();
    if !status.success() {
        return Err(reason(&errors).into());
    }
    if !target.join(package.library).is_file() {
        return Err(format!("it has no {}", package.library).into());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |d| d.as_secs());
    fs::write(
        target.join(MARK),
        format!("{}\n{}\n{now}\n", request.name(), package.library),
    )?;
    Ok(target)
}

/// The pip of this machine: what `COTANGENT_PIP` names, or one that answers.
fn pip() -> std::result::Result<Command, String> {
    let answers = |command: &mut Command| {
        command
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    };
    if let Some(named) = env::var_os("COTANGENT_PIP") {
        return if answers(&mut Command::new(&named)) {
            Ok(Command::new(named))
        } else {
            Err(format!(
                "COTANGENT_PIP is {}, which is no pip",
                named.display()
            ))
        };
    }
    for python in ["python3", "python"] {
        let mut command = Command::new(python);
        if answers(command.args(["-m", "pip"])) {
            let mut command = Command::new(python);
            command.args(["-m", "pip"]);
            return Ok(command);
        }
    }
    for name in ["pip3", "pip"] {
        if answers(&mut Command::new(name)) {
            return Ok(Command::new(name));
        }
    }
    Err("there is no pip on this machine (looked for `python3 -m pip`, `pip3`, `pip`, and COTANGENT_PIP)".into())
}

/// What of pip's messages says why it failed.
fn reason(messages: &str) -> String {
    let lines: Vec<&str> = messages
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    if lines.iter().any(|l| l.contains("DO NOT MATCH THE HASHES")) {
        return "the file that pip downloaded has another checksum than the pinned one".into();
    }
    let offline = [
        "NewConnectionError",
        "Name or service not known",
        "ConnectTimeout",
        "Temporary failure in name resolution",
        "ProxyError",
    ];
    if lines.iter().any(|l| offline.iter().any(|o| l.contains(o))) {
        return "pip cannot reach the package index; is there a network?".into();
    }
    let errors: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|l| l.starts_with("ERROR"))
        .collect();
    let told = if errors.is_empty() { &lines } else { &errors };
    match told.as_slice() {
        [] => "pip failed and says nothing".into(),
        [.., before, last] => format!("pip says: {before} {last}"),
        [one] => format!("pip says: {one}"),
    }
}

/// Bytes of all files in a folder.
fn size(folder: &Path) -> u64 {
    let mut total = 0;
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // Files come and go while pip works.
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                open.push(entry.path());
            } else {
                total += meta.len();
            }
        }
    }
    total
}

/// The plugin of that kind, loaded: one that is there (see [`super::load`]), else installed into `home` first.
pub fn ensure(kind: Kind, home: &Home, progress: &mut dyn FnMut(Progress)) -> Result<Plugin> {
    let found = match find_anywhere(kind, None) {
        Err(Error::NoPlugin { .. }) => find(kind, None, Some(home)),
        other => other,
    };
    let path = match found {
        Ok(found) => found.path,
        Err(Error::NoPlugin { .. }) => install(&Request::new(kind, None)?, home, progress)?.library,
        Err(e) => return Err(e),
    };
    Plugin::load(path)
}

/// The plugin of that kind for tests: one that is there, else one that is installed into the build's `target` folder, where [`super::load`] finds it
/// too. Several test programs may ask at once.
pub fn for_tests(kind: Kind) -> Result<Plugin> {
    // target/debug/deps/program, or target/debug/examples/program.
    let program = env::current_exe().unwrap_or_default();
    let target = program.ancestors().nth(3).unwrap_or(Path::new("."));
    ensure(
        kind,
        &Home::at(target.join("cotangent-plugins")),
        &mut |_| {},
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_name_checksums_unless_the_user_takes_another_version() {
        let r = Request::new(Kind::Cuda, None).unwrap();
        assert_eq!(r.requirements().matches("--hash=sha256:").count(), 3);
        let r = Request::new(Kind::Cpu, None).unwrap();
        assert_eq!(r.name(), "lammps-jax-pjrt-cpu 0.11.2");
        let other = r.clone().version("1.0", None);
        assert_eq!(other.requirements(), "lammps-jax-pjrt-cpu==1.0\n");
        assert!(!other.hashed());
        let other = r.version("1.0", Some("ab"));
        assert_eq!(
            other.requirements(),
            "lammps-jax-pjrt-cpu==1.0 --hash=sha256:ab\n"
        );
        assert!(Request::new(Kind::Cpu, Some("libtpu")).is_err());
    }

    #[test]
    fn reasons_are_short() {
        assert!(reason("").contains("says nothing"));
        let text = "WARNING: x\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM";
        assert!(reason(text).contains("checksum"));
        assert!(reason("NewConnectionError('..')").contains("network"));
        assert_eq!(
            reason("WARNING: a\nERROR: b\nERROR: c\n"),
            "pip says: ERROR: b ERROR: c"
        );
    }
}
