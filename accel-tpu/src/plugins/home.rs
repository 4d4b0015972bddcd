//! The folder in which this program keeps what belongs to a user: plugins, and compiled programs.

use std::env;
use std::path::{Path, PathBuf};

/// A folder for plugins and compiled programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// In that folder, which need not exist.
    pub fn at(folder: impl Into<PathBuf>) -> Home {
        Home {
            folder: folder.into(),
        }
    }
    /// `COTANGENT_HOME`, or `cotangent` in the folder that the system has for data of a user; none where the system has none.
    pub fn of_user() -> Option<Home> {
        let var = |name: &str| {
            env::var_os(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        if let Some(folder) = var("COTANGENT_HOME") {
            return Some(Home { folder });
        }
        let data = if cfg!(windows) {
            var("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            var("HOME").map(|h| h.join("Library/Application Support"))
        } else {
            var("XDG_DATA_HOME").or_else(|| var("HOME").map(|h| h.join(".local/share")))
        };
        data.map(|d| Home {
            folder: d.join("cotangent"),
        })
    }
    /// `cotangent-plugins` beside the program that runs, or in one of the three folders above: for programs that bring their plugins, and for
    /// tests, whose folder is the build's `target`.
    pub fn beside_program() -> Option<Home> {
        let program = env::current_exe().ok()?;
        program
            .ancestors()
            .skip(1)
            .take(4)
            .map(|f| f.join("cotangent-plugins"))
            .find(|f| f.is_dir())
            .map(Home::at)
    }
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// Where installed plugins are.
    pub fn plugins(&self) -> PathBuf {
        self.folder.join("plugins")
    }
    /// Where compiled programs are kept.
    pub fn cache(&self) -> PathBuf {
        self.folder.join("executables")
    }
    /// The file that says which plugins to use: lines like `cpu = /opt/xla/plugin.so`, `#` for comments.
    pub fn config(&self) -> PathBuf {
        self.folder.join("plugins.conf")
    }
}
