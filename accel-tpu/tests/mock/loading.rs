//! Files that are no plugins, and plugins that are not of this time.

use crate::support::{Mock, bytes, place};
use cotangent_xla::pjrt::{ClientOptions, Code, Error, Plugin};
use std::fs;

/// The message of an error at loading.
fn refused(wishes: &str) -> Error {
    Mock::new(wishes).plugin.clone().unwrap_err()
}

#[test]
fn versions() {
    let old = refused("minor=12");
    assert!(matches!(old, Error::Version { found: (0, 12), .. }));
    assert!(old.help().unwrap().contains("newer"), "{old}");
    let other = refused("major=1");
    assert!(other.to_string().contains("version 1."), "{other}");
    assert!(other.help().unwrap().contains("this release"));
    // Newer ones work: the interface only grows.
    let new = Mock::new("minor=999");
    assert_eq!(new.plugin().api_version(), (0, 999));
}

#[test]
fn no_table_and_short_tables() {
    assert!(refused("null").to_string().contains("gives nothing"));
    assert!(refused("table=8").to_string().contains("8 bytes"));
    // So short that even the first call is missing.
    let e = refused("table=40");
    assert!(
        matches!(
            e,
            Error::Missing {
                function: "PJRT_Plugin_Initialize",
                ..
            }
        ),
        "{e}"
    );
    assert!(e.help().is_some());
    let short = Mock::new("table=120");
    let e = short.plugin().client(&ClientOptions::new()).unwrap_err();
    assert!(e.to_string().contains("PJRT_Client_Create"), "{e}");
}

#[test]
fn one_that_another_process_has() {
    let e = refused("fail=3:1:10:when_accessing_libtpu_multi-process_lockfile._Run_sudo_rm");
    assert_eq!(e.code(), Some(Code::Aborted), "{e}");
    assert!(e.help().unwrap().contains("another process"), "{e}");
    // Another error there says nothing of that.
    assert!(refused("fail=3:1:10:no_such_thing").help().is_none());
}

#[test]
fn the_same_file_is_the_same_plugin() {
    let mock = Mock::new("");
    let again = Plugin::load(mock.path()).unwrap();
    assert_eq!(again.path(), mock.plugin().path());
    assert_eq!(mock.counts()["calls PJRT_Plugin_Initialize"], 1);
}

#[test]
fn files_that_are_no_plugins() {
    let file = place("so");
    let e = Plugin::load(&file).unwrap_err();
    assert!(matches!(e, Error::Load { .. }), "{e}");
    assert!(e.help().unwrap().contains("plugin install"));
    let says = |bytes: &[u8], what: &str| {
        fs::write(&file, bytes).unwrap();
        let e = Plugin::load(&file).unwrap_err().to_string();
        assert!(e.contains(what), "{e}");
    };
    says(b"", "0 bytes");
    says(
        "<html>not found</html>".repeat(9).as_bytes(),
        "not a shared library",
    );
    let whole = bytes("");
    for n in [100, 4096, whole.len() / 2, whole.len() - 1] {
        says(&whole[..n], "cut short");
    }
    let mut other = whole.clone();
    other[18] = 183;
    says(&other, "AArch64");
    let mut small = whole.clone();
    small[4] = 1;
    says(&small, "32-bit");
    fs::remove_file(&file).unwrap();
    // A library, but no plugin: one that every Linux has.
    let libraries = [
        "/lib/x86_64-linux-gnu/libm.so.6",
        "/lib64/libm.so.6",
        "/usr/lib/libm.so.6",
    ];
    if let Some(libm) = libraries.iter().find(|l| fs::exists(l).unwrap_or(false)) {
        let e = Plugin::load(libm).unwrap_err().to_string();
        assert!(e.contains("no GetPjrtApi"), "{e}");
    }
}
