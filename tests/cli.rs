//! The `cotangent` command as a user runs it: what it prints, and what it says about mistakes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const ENERGY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ir/energy.ct");

/// Runs the command with `input` as its standard input.
fn cotangent(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cotangent"))
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that does not read its input may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the command ends")
}

/// Standard output of a run that succeeds.
fn good(args: &[&str], input: &str) -> String {
    let out = cotangent(args, input);
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{args:?}: {err}");
    String::from_utf8(out.stdout).expect("text")
}

/// Standard error of a run that fails with exit code 1, its line breaks made spaces.
fn bad(args: &[&str], input: &str) -> String {
    let out = cotangent(args, input);
    assert_eq!(out.status.code(), Some(1), "{args:?}");
    assert!(out.stdout.is_empty(), "{args:?}");
    String::from_utf8(out.stderr).expect("text")
}

fn assert_all(text: &str, parts: &[&str]) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for p in parts {
        assert!(flat.contains(p), "`{p}` is not in:\n{text}");
    }
}

fn energy() -> String {
    std::fs::read_to_string(ENERGY).expect("the example")
}

#[test]
fn run_prints_results_and_grad_the_gradient() {
    let args = ["2", "[0, 1, 3]"];
    assert_eq!(good(&[&["run", ENERGY][..], &args].concat(), ""), "5.0\n");
    assert_eq!(
        good(&[&["grad", ENERGY][..], &args].concat(), ""),
        "value: 5.0\ngradient 0: 2.5\ngradient 1: [-2.0, -2.0, 4.0]\n"
    );
    assert_eq!(
        good(&["grad", ENERGY, "--wrt", "0", "-2", "[0.5, -1]"], ""),
        "value: -2.25\ngradient 0: 1.125\n"
    );
}

#[test]
fn first_bad_says_where_a_nan_arises() {
    let root = "cotangent 1\nfile 0 \"root.rs\"\nfunc @f(x: f64) -> (f64) {\n  y = log x : f64 @0:3:4\n  z = sqrt y : f64 @0:5:6\n  return z\n}\n";
    let primal = good(&["run", "-", "--first-bad", "0"], root);
    assert_all(
        &primal,
        &[
            "first NaN or infinity: it arises in the function: `log` of 0.0 gives -inf (in `f` at root.rs:3:4)",
        ],
    );
    assert_all(
        &good(&["run", "-", "--first-nan", "0"], root),
        &[
            "first NaN: it arises in the function: `sqrt` of -inf",
            "root.rs:5:6",
        ],
    );
    // The value at 1 is 0; the derivative of the root is not there.
    assert_eq!(
        good(&["run", "-", "--first-bad", "1"], root),
        "no NaN or infinity arises\n"
    );
    assert_all(
        &good(&["grad", "-", "--first-bad", "1"], root),
        &["it arises in the derivative", "root.rs:5:6"],
    );
    assert_all(
        &good(&["run", "-", "--first-nan", "nan"], root),
        &["first NaN: argument 0 holds it already"],
    );
    // A function of the host that nobody gave: an error that names it.
    let host =
        "cotangent 1\nfunc @f(x: f64) -> (f64) { y = host \"absent\" -> (f64) x : f64 return y }";
    assert_all(
        &bad(&["run", "-", "2"], host),
        &["`absent`: no function of that name is bound"],
    );
}

#[test]
fn what_grad_prints_is_a_program() {
    let g = good(&["grad", ENERGY, "--kind", "gradient"], "");
    let at = ["run", "-", "2", "[0, 1, 3]"];
    assert_eq!(good(&at, &g), "2.5\n[-2.0, -2.0, 4.0]\n");
    // And again: the derivative of the derivative of sin is -sin.
    let sin = "cotangent 1\nfunc @f(x: f64) -> (f64) {\n  y = sine x : f64\n  return y\n}\n";
    let first = good(&["grad", "-", "--kind", "gradient"], sin);
    let second = good(&["grad", "-", "--kind", "gradient"], &first);
    let y: f64 = good(&["run", "-", "0.5"], &second).trim().parse().unwrap();
    assert!((y + 0.5f64.sin()).abs() < 1e-15, "{y}");
}

#[test]
fn show_prints_what_check_accepts() {
    let text = good(&["show", ENERGY, "--optimize"], "");
    assert_eq!(good(&["show", "-"], &text), text);
    assert_all(&good(&["check", "-"], &text), &["-: ok: 1 function(s)"]);
}

#[test]
fn mistakes_in_a_program_are_underlined() {
    let e = bad(
        &["check", "-"],
        &energy().replace("subtract a, b", "subtrct a, b"),
    );
    assert_all(
        &e,
        &["unknown op `subtrct`; did you mean `subtract`?", "[-:12:9]"],
    );
    let e = bad(
        &["check", "-"],
        &energy().replace("multiply d, d", "multiply d, n"),
    );
    assert_all(
        &e,
        &["V7: `multiply` of (f64, u64)", "[-:13:10]", "f64 and u64"],
    );
    let cut = &energy()[..300];
    assert_all(&bad(&["check", "-"], cut), &["found the end of the text"]);
    assert_all(&bad(&["check", "-"], ""), &["cotangent 1"]);
    assert_all(
        &bad(&["check", "/nonexistent"], ""),
        &["cannot read /nonexistent"],
    );
}

#[test]
fn damaged_programs_are_errors_and_not_crashes() {
    let text = energy();
    for i in (0..text.len())
        .step_by(7)
        .filter(|&i| text.is_char_boundary(i))
    {
        for damaged in [
            text[..i].to_string(),
            format!("{}\u{1F980}{}", &text[..i], &text[i..]),
            format!("{}}}{}", &text[..i], &text[i..]),
        ] {
            let out = cotangent(&["check", "-"], &damaged);
            assert!(
                matches!(out.status.code(), Some(0 | 1)),
                "{i}: {:?}",
                out.status
            );
        }
    }
    let out = cotangent(&["check", "-"], "\u{0}\u{1}\u{2}");
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn wrong_arguments_say_what_is_wanted() {
    assert_all(
        &bad(&["run", ENERGY, "2"], ""),
        &["takes 2 argument(s), 1 given", "energy takes (f64, f64[?])"],
    );
    assert_all(
        &bad(&["run", ENERGY, "2", "[0, 1,, 3]"], ""),
        &["argument 1 is not a f64[?]", "argument 1:1:7"],
    );
    assert_all(
        &bad(&["run", ENERGY, "--fn", "enrgy"], ""),
        &["has no function `enrgy`", "its functions are: energy"],
    );
    assert_all(
        &bad(&["grad", ENERGY, "--wrt", "7"], ""),
        &["`energy` has no parameter 7"],
    );
    assert_all(
        &bad(&["show", ENERGY, "--pass", "magic"], ""),
        &["no pass is called `magic`", "mem2reg"],
    );
}

#[test]
fn failures_of_a_program_say_where() {
    let source = "cotangent 1\nfile 0 \"model.rs\"\nfunc @f(xs: f64[?], i: u64) -> (f64) {\n  y = get xs[i] : f64 @3:7\n  return y\n}\n";
    let e = bad(&["run", "-", "[1, 2]", "5"], source);
    assert_all(
        &e,
        &["index 5 out of range for length 2", "`f` at model.rs:3:7"],
    );
    let e = bad(
        &[
            "run",
            ENERGY,
            "--fuel",
            "5",
            "2",
            "[1, 2, 3, 4, 5, 6, 7, 8]",
        ],
        "",
    );
    assert_all(&e, &["out of fuel after 5 steps", "--fuel"]);
    let endless =
        "cotangent 1\nfunc @f(x: u64) -> (u64) {\n  y = call @f(x) : u64\n  return y\n}\n";
    let e = bad(&["run", "-", "1"], endless);
    assert_all(&e, &["deeper than the limit of 100000", "--depth"]);
}

#[test]
fn the_demo_finds_the_certified_fit() {
    assert_all(
        &good(&["demo"], ""),
        &[
            "14 measurements",
            "finite differences",
            "b1 2.38942129",
            "digits agree",
        ],
    );
}

#[test]
fn help_has_examples() {
    assert_all(&good(&["--help"], ""), &["Examples:", "cotangent grad"]);
    assert_eq!(cotangent(&["frobnicate"], "").status.code(), Some(2));
}

#[test]
fn fuzz_counts_what_it_checked() {
    let out = good(&["fuzz", "--programs", "20", "--seed", "7"], "");
    assert!(
        out.starts_with("20 programs, seed 7, numbers 0 to 19, 2 thread(s), "),
        "{out}"
    );
    assert!(out.contains("passed"), "{out}");
}
