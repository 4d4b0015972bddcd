//! Which plugin to use: the one that an argument names, else the environment, else the configuration, else the one installed last.

use super::home::Home;
use super::install::installed;
use super::packages::Kind;
use crate::pjrt::{Error, Plugin, Result};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The variable that names a plugin: a path, for any kind; or `cpu=path;tpu=path`.
pub(super) const VARIABLE: &str = "COTANGENT_XLA_PLUGIN";

/// A plugin's file, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it drives, as far as is known.
    pub kind: Kind,
    /// The file.
    pub path: PathBuf,
    /// Who named it.
    pub source: Source,
}

/// Who named a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The caller.
    Argument,
    /// The environment variable `COTANGENT_XLA_PLUGIN`.
    Environment,
    /// This file.
    Config(PathBuf),
    /// `cotangent plugin install`: the package and its version.
    Installed(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Argument => write!(f, "named by the caller"),
            Source::Environment => write!(f, "named by {VARIABLE}"),
            Source::Config(file) => write!(f, "named in {}", file.display()),
            Source::Installed(package) => write!(f, "{package}"),
        }
    }
}

/// The plugin of that kind. `argument` is what the user asked for, if anything. Whether the file is a plugin is seen when it is loaded.
pub fn find(kind: Kind, argument: Option<&Path>, home: Option<&Home>) -> Result<Found> {
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    find_in(kind, argument, &variable, home)
}

fn find_in(
    kind: Kind,
    argument: Option<&Path>,
    variable: &str,
    home: Option<&Home>,
) -> Result<Found> {
    let found = |path: PathBuf, source| Ok(Found { kind, path, source });
    if let Some(path) = argument {
        return found(path.into(), Source::Argument);
    }
    if let Some(path) = in_variable(variable, kind) {
        return found(path, Source::Environment);
    }
    let mut searched = vec![format!("the variable {VARIABLE}")];
    match home {
        None => searched.push("no folder of the user: HOME and COTANGENT_HOME are not set".into()),
        Some(home) => {
            let config = home.config();
            match fs::read_to_string(&config) {
                Ok(text) => {
                    if let Some(path) = in_config(&text, kind, &config)? {
                        return found(path, Source::Config(config));
                    }
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    return Err(Error::File {
                        what: "cannot read",
                        path: config,
                        reason: e.to_string(),
                    });
                }
            }
            searched.push(config.display().to_string());
            let last = installed(home)
                .into_iter()
                .filter(|i| i.kind == kind)
                .max_by_key(|i| i.time);
            if let Some(i) = last {
                return found(i.library, Source::Installed(i.package));
            }
            searched.push(home.plugins().display().to_string());
        }
    }
    Err(Error::NoPlugin {
        kind: kind.name().into(),
        searched,
    })
}

/// The plugin of that kind, loaded: what the argument or the environment names, else what the user's folder has, else what is beside the
/// program ([`Home::beside_program`]).
pub fn load(kind: Kind, argument: Option<&Path>) -> Result<Plugin> {
    Plugin::load(find_anywhere(kind, argument)?.path)
}

/// As [`load`], without loading.
pub fn find_anywhere(kind: Kind, argument: Option<&Path>) -> Result<Found> {
    let user = find(kind, argument, Home::of_user().as_ref());
    match (user, Home::beside_program()) {
        (
            Err(Error::NoPlugin {
                kind: name,
                mut searched,
            }),
            Some(beside),
        ) => find(kind, None, Some(&beside)).map_err(|_| {
            searched.push(beside.plugins().display().to_string());
            Error::NoPlugin {
                kind: name,
                searched,
            }
        }),
        (found, _) => found,
    }
}

/// What the variable names for a kind.
fn in_variable(text: &str, kind: Kind) -> Option<PathBuf> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let named = |part: &str| -> Option<(Kind, PathBuf)> {
        let (name, path) = part.split_once('=')?;
        Some((name.trim().parse().ok()?, path.trim().into()))
    };
    if named(text.split(';').next()?).is_none() {
        return Some(text.into());
    }
    text.split(';')
        .filter_map(named)
        .find(|(k, _)| *k == kind)
        .map(|(_, path)| path)
}

/// What the configuration names for a kind.
fn in_config(text: &str, kind: Kind, file: &Path) -> Result<Option<PathBuf>> {
    for (i, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let wrong = |reason: String| Error::File {
            what: "cannot use",
            path: file.into(),
            reason: format!("line {}: {reason}", i + 1),
        };
        let Some((name, path)) = line.split_once('=') else {
            return Err(wrong("not of the form `cpu = path`".into()));
        };
        let of: Kind = name.trim().parse().map_err(wrong)?;
        if of == kind {
            return Ok(Some(path.trim().into()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_argument_variable_config_installed() {
        let dir = std::env::temp_dir().join(format!("cotangent-find-{}", std::process::id()));
        let home = Home::at(&dir);
        let find = |kind, argument: Option<&str>, variable: &str| {
            find_in(kind, argument.map(Path::new), variable, Some(&home))
        };
        let e = find(Kind::Cpu, None, "").unwrap_err();
        assert!(matches!(&e, Error::NoPlugin { searched, .. } if searched.len() == 3));
        assert!(e.help().unwrap().contains("plugin install cpu"));
        let package = home.plugins().join("cpu-some-1.0");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("plugin.txt"), "some 1.0\nlib/p.so\n17\n").unwrap();
        let f = find(Kind::Cpu, None, "").unwrap();
        assert_eq!(f.path, package.join("lib/p.so"));
        assert_eq!(f.source, Source::Installed("some 1.0".into()));
        fs::write(home.config(), "# mine\n\ncpu = /c/p.so # yes\n").unwrap();
        assert_eq!(
            find(Kind::Cpu, None, "").unwrap().path,
            Path::new("/c/p.so")
        );
        assert!(find(Kind::Tpu, None, "").is_err());
        assert_eq!(
            find(Kind::Cpu, None, "/v.so").unwrap().path,
            Path::new("/v.so")
        );
        let f = find(Kind::Tpu, None, "cpu=/v.so; tpu = /t.so").unwrap();
        assert_eq!(
            (f.path.as_path(), f.source),
            (Path::new("/t.so"), Source::Environment)
        );
        assert_eq!(
            find(Kind::Cpu, None, "tpu=/t.so").unwrap().path,
            Path::new("/c/p.so")
        );
        let f = find(Kind::Cpu, Some("/a.so"), "/v.so").unwrap();
        assert_eq!(f.source, Source::Argument);
        fs::write(home.config(), "gpu = x").unwrap();
        let e = find(Kind::Cpu, None, "").unwrap_err().to_string();
        assert!(e.contains("line 1: gpu"), "{e}");
        fs::remove_dir_all(&dir).unwrap();
    }
}
