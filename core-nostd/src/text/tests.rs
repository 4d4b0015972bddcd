//! Round trips of the text form, and what the parser says to wrong texts.

use super::names::prototypes;
use super::{parse, print};
use crate::ir::{Op, Reduction};
use crate::ops::mnemonic;
use alloc::format;
use alloc::string::{String, ToString};
use std::collections::BTreeSet;

/// A text with every notation (not well typed).
pub(super) const EVERY: &str = include_str!("every_op.ct");

/// The notations that came after the binary form of [`EVERY`] was fixed.
pub(super) const LATER: &str = include_str!("later_ops.ct");

#[test]
fn every_notation_round_trips_byte_for_byte() {
    for text in [EVERY, LATER] {
        let m = parse(text).unwrap_or_else(|e| panic!("{}", e.render(text)));
        assert_eq!(print(&m), text);
    }
    let words = EVERY.split_whitespace().chain(LATER.split_whitespace());
    let names: BTreeSet<&str> = words.collect();
    for op in prototypes() {
        // The ops of a list share one notation.
        if !matches!(
            op,
            Op::Unary(_) | Op::Binary(_) | Op::Compare(_) | Op::Reduce(_)
        ) {
            let n = mnemonic(&op);
            let there = names.iter().any(|w| w.split('[').next() == Some(n));
            assert!(there, "`{n}` is in neither every_op.ct nor later_ops.ct");
        }
    }
}

#[test]
fn every_listed_op_reads_back() {
    for op in prototypes() {
        let (attrs, n) = match &op {
            Op::Unary(_) => ("", 1),
            Op::Binary(_) | Op::Compare(_) => ("", 2),
            Op::Reduce(Reduction::Axes(..)) => ("[0, 1]", 1),
            Op::Reduce(Reduction::Arg(..) | Reduction::Cumulative { .. }) => ("[3]", 1),
            _ => continue,
        };
        let args = if n == 1 { "v0" } else { "v0, v0" };
        let text = format!(
            "cotangent 1\n\nfunc @f(v0: f64) -> (f64) {{\n  v1 = {}{attrs} {args} : f64\n  return v1\n}}\n",
            mnemonic(&op)
        );
        assert_eq!(print(&parse(&text).unwrap()), text);
    }
}

#[test]
fn names_become_numbers() {
    let m = parse(
        "cotangent 1 func @f(x: f64) -> (f64) {
            block out { b = add a, x : f64 br out }
            a = exponential x : f64 ; used above: only the verifier minds
            return a }",
    )
    .unwrap();
    assert_eq!(
        print(&m),
        "cotangent 1

func @f(v0: f64) -> (f64) {
  block l0 {
    v1 = add v2, v0 : f64
    br l0
  }
  v2 = exponential v0 : f64
  return v2
}
"
    );
}

fn message(body: &str) -> String {
    let text = format!("cotangent 1\nfunc @f(x: f64, i: u64) -> (f64) {{\n{body}\n}}\n");
    parse(&text).unwrap_err().to_string()
}

#[test]
fn errors_name_the_place_and_the_remedy() {
    for (body, want) in [
        ("return y", "3:8: value `y` is not defined"),
        (
            "a = sinne x : f64",
            "3:5: unknown op `sinne`; did you mean `sine`?",
        ),
        (
            "a = sine x",
            "4:1: expected `:` and the types of the results, found `}`",
        ),
        (
            "a = sine x : f65",
            "3:14: unknown type `f65`; did you mean `f64`?",
        ),
        (
            "a, b = sine x : f64",
            "3:1: 2 result(s) named for 1 type(s)",
        ),
        ("x = sine x : f64", "3:1: value `x` is defined twice"),
        ("a = const u8 256", "3:14: 256 is out of the range of u8"),
        (
            "a = const f32 0x1.0000001p0",
            "3:15: more digits than the type holds",
        ),
        (
            "a = const f64[3] [1, 2]",
            "3:18: 2 element(s) for a constant of type f64[3], which has another number of them",
        ),
        ("a = get x[1] : f64", "3:11: expected a value, found `1`"),
        ("a = call @g(x) : f64", "3:10: function `@g` is not defined"),
        ("a = slot_get q : f64", "3:14: slot `q` is not declared"),
        (
            "a = if x : f64 { yield x }",
            "4:1: expected `else`, found `}`",
        ),
        ("yield x", "3:1: expected `return`, found `yield`"),
        (
            "return x return x",
            "3:10: expected `}` (nothing follows `return`), found `return`",
        ),
        (
            "a = sine x : f64 @1:2",
            "3:18: file 0 is not in the file table",
        ),
        (
            "panic \"x",
            "3:7: a string without closing quote on its line",
        ),
        (
            "a = switch i : f64 case 1 {}",
            "3:25: cases are numbered in order; this is case 0",
        ),
    ] {
        assert_eq!(message(body), want, "{body}");
    }
    assert_eq!(
        parse("").unwrap_err().to_string(),
        "1:1: expected `cotangent 1` as the first line, found the end of the text"
    );
    assert!(
        parse("cotangent 2")
            .unwrap_err()
            .message
            .contains("version 2")
    );
    assert_eq!(
        parse("cotangent 1\nfunc @f() -> () {\n")
            .unwrap_err()
            .to_string(),
        "3:1: expected `}` for the `{` of line 2, found the end of the text"
    );
    let e = parse("cotangent 1\nfunc @f() -> (f65) {}").unwrap_err();
    assert_eq!(
        e.render("cotangent 1\nfunc @f() -> (f65) {}"),
        "error: unknown type `f65`; did you mean `f64`?\n  |\n2 | func @f() -> (f65) {}\n  |               ^^^\n"
    );
}

#[test]
fn deep_nesting_is_an_error() {
    let regions = |n: usize| {
        format!(
            "cotangent 1 func @f() -> () {{ {} {} }}",
            "block l {".repeat(n),
            "}".repeat(n)
        )
    };
    assert!(parse(&regions(200)).is_ok());
    assert!(
        parse(&regions(201))
            .unwrap_err()
            .message
            .contains("deeper than 200")
    );
    assert!(parse(&regions(1_000_000)).is_err());
    let types = |n: usize| {
        format!(
            "cotangent 1 func @f(x: {}f64{}) -> () {{}}",
            "seq<".repeat(n),
            ">".repeat(n)
        )
    };
    assert!(parse(&types(64)).is_ok());
    assert!(
        parse(&types(65))
            .unwrap_err()
            .message
            .contains("deeper than 64")
    );
    assert!(parse(&types(1_000_000)).is_err());
}
