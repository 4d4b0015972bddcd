//! Is a file a whole shared library for this machine? Asked before it is loaded, because the loader kills the process for some files that
//! are cut short, and says little about others.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The number of this machine's instruction set in ELF files, and its name.
const HERE: Option<(u16, &str)> = if cfg!(target_arch = "x86_64") {
    Some((62, "x86-64"))
} else if cfg!(target_arch = "aarch64") {
    Some((183, "AArch64"))
} else {
    None
};

fn machine_name(number: u16) -> String {
    match number {
        3 => "32-bit x86".into(),
        40 => "32-bit ARM".into(),
        62 => "x86-64".into(),
        183 => "AArch64".into(),
        243 => "RISC-V".into(),
        n => format!("machine number {n}"),
    }
}

/// Why the file cannot be loaded, if that can be told from its first bytes and its length. Says nothing on systems whose libraries are no ELF
/// files.
pub(super) fn problem(path: &Path) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    match check(path) {
        Ok(problem) => problem,
        Err(e) => Some(e.to_string()),
    }
}

fn check(path: &Path) -> std::io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(Some("it is not a file".into()));
    }
    let len = meta.len();
    let mut head = [0u8; 64];
    if len < 64 {
        return Ok(Some(format!("it has only {len} bytes")));
    }
    file.read_exact(&mut head)?;
    if head[..4] != *b"\x7fELF" {
        return Ok(Some("it is not a shared library (an ELF file)".into()));
    }
    if head[4] != 2 || head[5] != 1 {
        return Ok(Some("it is for a 32-bit or big-endian machine".into()));
    }
    let u16_at = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
    let u64_at = |bytes: &[u8], at: usize| {
        bytes[at..at + 8]
            .iter()
            .rev()
            .fold(0u64, |n, b| n << 8 | u64::from(*b))
    };
    if let Some((number, name)) = HERE {
        let found = u16_at(18);
        if found != number {
            let found = machine_name(found);
            return Ok(Some(format!("it is for {found}, this machine is {name}")));
        }
    }
    if u16_at(16) != 3 {
        return Ok(Some("it is an ELF file, but not a shared library".into()));
    }
    let mut end = 64u64;
    let mut needs = |offset: u64, bytes: u64| end = end.max(offset.saturating_add(bytes));
    let (programs, sections) = (u64_at(&head, 32), u64_at(&head, 40));
    let (size, count) = (u64::from(u16_at(54)), u64::from(u16_at(56)));
    needs(programs, size * count);
    if sections != 0 {
        needs(sections, u64::from(u16_at(58)) * u64::from(u16_at(60)));
    }
    if size >= 56 && programs.saturating_add(size * count) <= len {
        for i in 0..count {
            let mut entry = [0u8; 56];
            file.seek(SeekFrom::Start(programs + i * size))?;
            file.read_exact(&mut entry)?;
            // Only what is loaded has to be there.
            if entry[..4] == [1, 0, 0, 0] {
                needs(u64_at(&entry, 8), u64_at(&entry, 32));
            }
        }
    }
    if end > len {
        return Ok(Some(format!(
            "it is cut short: {len} bytes are there, its header tells of {end}"
        )));
    }
    Ok(None)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn this_program_is_whole_and_its_pieces_are_not() {
        let me = std::env::current_exe().unwrap();
        let bytes = fs::read(&me).unwrap();
        assert_eq!(
            problem(&me),
            None,
            "a position-independent program passes as a shared library"
        );
        let dir = std::env::temp_dir().join(format!("cotangent-elf-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let file = dir.join("piece");
        let says = |bytes: &[u8]| {
            fs::write(&file, bytes).unwrap();
            problem(&file).unwrap_or_default()
        };
        assert!(says(&bytes[..bytes.len() / 2]).contains("cut short"));
        assert!(says(&bytes[..4096]).contains("cut short"));
        assert!(says(&bytes[..10]).contains("10 bytes"));
        assert!(says(&[b'<'; 100]).contains("not a shared library"));
        let mut other = bytes[..4096].to_vec();
        (other[18], other[19]) = (243, 0);
        assert!(says(&other).contains("RISC-V"));
        assert!(problem(&dir).unwrap().contains("not a file"));
        assert!(problem(&dir.join("none")).is_some());
        fs::remove_dir_all(&dir).unwrap();
    }
}
