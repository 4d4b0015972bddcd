//! Compiled programs on disk. What a file holds is compared with what is asked for, byte by byte: program, options, plugin and machine; the
//! name is only where to look. A damaged file is as none.
//!
//! Several processes may use one folder: files appear by renaming.

use super::client::Client;
use super::error::{Error, Result};
use super::executable::Executable;
use super::options::CompileOptions;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of compiled programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
}

/// Where an executable came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A file.
    Loaded,
    /// It was compiled, and is a file now.
    Stored,
    /// It was compiled; why it could not be made a file.
    NotStored(Error),
}

const MAGIC: &[u8] = b"cotangent executable 1\n";

impl Cache {
    /// In that folder, which need not exist; the files used longest ago are removed beyond 4 GiB.
    pub fn at(folder: impl Into<PathBuf>) -> Cache {
        Cache {
            folder: folder.into(),
            limit: 4 << 30,
        }
    }
    /// In the folder that the variable `COTANGENT_XLA_CACHE` names, if it names one.
    pub fn of_environment() -> Option<Cache> {
        let folder = std::env::var_os("COTANGENT_XLA_CACHE")?;
        (!folder.is_empty()).then(|| Cache::at(folder))
    }
    /// With another limit, in bytes.
    pub fn limit(mut self, bytes: u64) -> Cache {
        self.limit = bytes;
        self
    }
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// Removes what was used longest ago until the rest is within the limit.
    fn shrink(&self) {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let meta = entry.metadata().ok()?;
                Some((meta.modified().ok()?, meta.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|f| f.1).sum();
        // The newest stays, however large.
        for (_, size, path) in files.iter().rev().skip(1).rev() {
            if total <= self.limit {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
    }
}

/// What an executable belongs to, as the beginning of its file.
fn head(client: &Client, text: &str, options: &[u8]) -> Result<Vec<u8>> {
    let plugin = client.plugin();
    let meta = fs::metadata(plugin.path()).ok();
    let identity = format!(
        "{} {:?} {:?} {:?} {} {} {}\n{}",
        plugin.path().display(),
        meta.as_ref().map(fs::Metadata::len),
        meta.and_then(|m| m.modified().ok()),
        plugin.api_version(),
        client.platform_version()?,
        client.devices().len(),
        client.devices()[0].description()?.kind,
        machine()
    );
    let mut head = MAGIC.to_vec();
    for part in [identity.as_bytes(), options, text.as_bytes()] {
        head.extend_from_slice(&(part.len() as u64).to_le_bytes());
        head.extend_from_slice(part);
    }
    Ok(head)
}

/// The processor: machine code for one may not run on another. A folder may be shared by several machines.
fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let about = text.lines().filter(|l| {
        ["model name", "flags", "Features", "CPU part"]
            .iter()
            .any(|n| l.starts_with(n))
    });
    let mut about: Vec<&str> = about.collect();
    about.sort_unstable();
    about.dedup();
    format!("{} {}", std::env::consts::ARCH, about.join("\n"))
}

/// FNV-1a, for names and to see damage.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The executable in a file with that head, if the file is whole.
fn read<'a>(file: &'a [u8], head: &[u8]) -> Option<&'a [u8]> {
    let rest = file.strip_prefix(head)?;
    let (sum, payload) = rest.split_at_checked(8)?;
    (sum == hash(payload).to_le_bytes()).then_some(payload)
}

impl Client {
    /// As [`Client::compile`], from a file of the cache if there is one, and into a file if not.
    pub fn compile_cached(
        &self,
        stablehlo: &str,
        options: &CompileOptions,
        cache: &Cache,
    ) -> Result<(Executable, Origin)> {
        let head = head(self, stablehlo, &options.encode()?)?;
        let path = cache.folder.join(format!("{:016x}.xla", hash(&head)));
        let file = fs::read(&path).unwrap_or_default();
        if let Some(payload) = read(&file, &head)
            && let Ok(executable) = self.deserialize(payload)
        {
            if let Ok(file) = File::options().append(true).open(&path) {
                let _ = file.set_modified(SystemTime::now());
            }
            return Ok((executable, Origin::Loaded));
        }
        let executable = self.compile(stablehlo, options)?;
        let stored = executable
            .serialize()
            .and_then(|payload| store(cache, &path, &head, &payload));
        let origin = match stored {
            Ok(()) => Origin::Stored,
            Err(e) => Origin::NotStored(e),
        };
        Ok((executable, origin))
    }
}

fn store(cache: &Cache, path: &Path, head: &[u8], payload: &[u8]) -> Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let write = || {
        fs::create_dir_all(&cache.folder)?;
        let mut file = File::create(&temporary)?;
        file.write_all(head)?;
        file.write_all(&hash(payload).to_le_bytes())?;
        file.write_all(payload)?;
        drop(file);
        fs::rename(&temporary, path)
    };
    write().map_err(|e| {
        let _ = fs::remove_file(&temporary);
        Error::File {
            what: "cannot write",
            path: path.into(),
            reason: e.to_string(),
        }
    })?;
    cache.shrink();
    Ok(())
}
