//! Where pictures go.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a picture, and makes the folder that it is to be in.
pub fn save(path: &Path, picture: &[u8]) -> io::Result<()> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(named)?;
    }
    fs::write(path, picture).map_err(named)
}
