//! The core without `std`: builds `tests/nostd/freestanding` and runs it. (`tests/nostd/build.sh` builds the core for wasm and
//! Cortex-M.)

use std::path::Path;
use std::process::Command;

#[test]
fn a_freestanding_program_differentiates() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nostd/freestanding");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("freestanding");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--target-dir"])
        .arg(&target)
        .current_dir(&dir)
        .env_remove("RUSTFLAGS")
        .status()
        .expect("cargo starts");
    assert!(built.success(), "the freestanding program does not build");
    let ran = Command::new(target.join("debug/freestanding"))
        .status()
        .expect("the program starts");
    assert_eq!(
        ran.code(),
        Some(0),
        "1: a wrong number; 2: an error of the core; no code: it crashed"
    );
}
