//! The commands about plugins, devices and offloading as a user runs them.

#![cfg(feature = "xla")]

use cotangent_xla::plugins::{self, Kind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ENERGY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ir/energy.ct");

/// A folder without plugins, removed afterwards.
struct Empty(PathBuf);

impl Empty {
    fn new(name: &str) -> Empty {
        let path =
            std::env::temp_dir().join(format!("cotangent-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Empty(path)
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The command with that folder for plugins, and a plugin named by the environment.
fn command(home: &Path, plugin: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cotangent"))
        .args(args)
        .env("NO_COLOR", "1")
        .env("COTANGENT_HOME", home)
        .env("COTANGENT_XLA_PLUGIN", plugin)
        .output()
        .unwrap()
}

/// What a run prints that succeeds, or says that fails; its line breaks made spaces.
fn flat(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<&str> = text.split_whitespace().filter(|w| *w != "│").collect();
    words.join(" ")
}

fn good(home: &Path, plugin: &str, args: &[&str]) -> String {
    let out = command(home, plugin, args);
    assert!(out.status.success(), "{args:?}: {}", flat(&out.stderr));
    flat(&out.stdout)
}

fn bad(home: &Path, plugin: &str, args: &[&str]) -> String {
    let out = command(home, plugin, args);
    assert_eq!(
        out.status.code(),
        Some(1),
        "{args:?}: {}",
        flat(&out.stdout)
    );
    flat(&out.stderr)
}

fn assert_all(text: &str, parts: &[&str]) {
    for p in parts {
        assert!(text.contains(p), "`{p}` is not in:\n{text}");
    }
}

fn cpu_plugin() -> String {
    let plugin = plugins::for_tests(Kind::Cpu).unwrap();
    format!("cpu={}", plugin.path().display())
}

#[test]
fn plugins_and_devices_are_listed() {
    let home = Empty::new("list");
    let cpu = cpu_plugin();
    let list = good(&home.0, &cpu, &["plugin", "list"]);
    assert_all(
        &list,
        &[
            "cpu named by COTANGENT_XLA_PLUGIN: PJRT 0.",
            "StableHLO 0.9.0 to 1.",
            "cotangent plugin install cpu --package xla-cpu-pjrt",
        ],
    );
    let devices = good(&home.0, &cpu, &["devices", "cpu", "--count", "3"]);
    assert_all(&devices, &["cpu 0: cpu", "cpu 2: cpu"]);
    let many = bad(&home.0, &cpu, &["devices", "cpu", "--count", "0"]);
    assert_all(&many, &["0 is not from 1 to 1024"]);
    // Not a plugin, not even a file.
    let e = bad(&home.0, "/no/such/plugin.so", &["devices", "cpu"]);
    assert_all(
        &e,
        &[
            "cannot load the plugin /no/such/plugin.so",
            "plugin install",
        ],
    );
    let list = good(&home.0, "/no/such/plugin.so", &["plugin", "list"]);
    assert_all(&list, &["cannot load the plugin /no/such/plugin.so"]);
}

#[test]
fn without_pip_the_message_says_what_to_do() {
    let home = Empty::new("nopip");
    let out = Command::new(env!("CARGO_BIN_EXE_cotangent"))
        .args(["plugin", "install", "cpu"])
        .env("NO_COLOR", "1")
        .env("COTANGENT_HOME", &home.0)
        .env("PATH", &home.0)
        .env_remove("COTANGENT_PIP")
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert_all(
        &flat(&out.stderr),
        &[
            "there is no pip on this machine",
            "download the wheel",
            "COTANGENT_XLA_PLUGIN",
        ],
    );
    let unknown = bad(
        &home.0,
        "",
        &["plugin", "install", "cpu", "--package", "libtpu"],
    );
    assert_all(&unknown, &["no package of that name is known for cpu"]);
    // Nothing half done is left.
    let left = std::fs::read_dir(home.0.join("plugins"))
        .into_iter()
        .flatten();
    for entry in left.flatten() {
        assert_eq!(entry.file_name(), ".lock");
    }
}

#[test]
fn a_program_is_offloaded_and_reported() {
    let home = Empty::new("offload");
    let cpu = cpu_plugin();
    let report = good(
        &home.0,
        &cpu,
        &["offload", ENERGY, "--grad", "--report", "2", "f64[1000]"],
    );
    assert_all(
        &report,
        &[
            "compiled in",
            "arguments 8.01 KB",
            "fusions; all in one executable",
        ],
    );
    let text = good(
        &home.0,
        &cpu,
        &["offload", ENERGY, "--stablehlo", "-", "2", "[0, 1, 3]"],
    );
    assert_all(
        &text,
        &["func.func public @main", "tensor<3xf64>", "stablehlo."],
    );
    for (args, says) in [
        (&["2"][..], "1 argument(s) given, the function takes 2"),
        (&["2", "f32[7]"], "argument 1 is no f64[?]"),
    ] {
        let e = bad(&home.0, &cpu, &[&["offload", ENERGY][..], args].concat());
        assert_all(&e, &[says]);
    }
    let out = command(
        &home.0,
        &cpu,
        &["offload", ENERGY, "--to", "tpu:v5e", "2", "f64[7]"],
    );
    assert_eq!(out.status.code(), Some(2));
    assert_all(&flat(&out.stderr), &["a topology is like v5e:2x2"]);
}

/// A loop that data ends: what its gradient keeps, and what that costs.
#[test]
fn states_that_are_kept_are_reported() {
    let home = Empty::new("kept");
    let file = home.0.join("root.ct");
    let program = "cotangent 1
func @root(a: f64) -> (f64) {
  one = const f64 1.0
  half = const f64 0.5
  tol = const f64 1e-12
  x = while (x1 = one: f64) {
    y = multiply x1, x1 : f64
    d = subtract y, a : f64
    e = abs d : f64
    go = gt e, tol : bool
    yield go
  } do (x2: f64) {
    q = divide a, x2 : f64
    s = add x2, q : f64
    n = multiply s, half : f64
    yield n
  }
  return x
}
";
    std::fs::write(&file, program).unwrap();
    let file = file.to_str().unwrap();
    let args = ["offload", file, "--grad", "--report", "--slots", "8", "2.0"];
    let told = good(&home.0, &cpu_plugin(), &args);
    assert_all(
        &told,
        &[
            "states kept 8 of 16 bytes for the loop at",
            "an iteration is computed again, at least:",
            "of 10000",
        ],
    );
}
