//! What cannot be offloaded, why, and where it says so: one table, printed. What any test here finds that is refused must be in it, and each of its entries is
//! shown by a program; one that is not refused any more fails.

use crate::batch::{Task, written};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_values};
use cotangent_xla::emit::{Options, Unsupported};

/// One thing that is refused.
struct Refused {
    /// What, in a few words.
    title: &'static str,
    /// What is in the message.
    says: &'static str,
    /// The function `f` of a program, which has a source place `@0:LINE:1` where it is refused.
    program: &'static str,
    /// Arguments it is called with.
    args: &'static str,
    /// Whether only programs are refused that find no traps; others trap there.
    unchecked: bool,
}

/// The line of the source that all messages here name.
const LINE: u32 = 42;

const TABLE: &[Refused] = &[
    Refused {
        title: "calls of the host",
        says: "a device cannot call the host",
        program: "func @f(x: f64) -> (f64) {
            y = host \"sensor\" -> (f64) x : f64 @0:42:1
            return y
        }",
        args: "1.0",
        unchecked: false,
    },
    Refused {
        title: "stacks of residuals as arguments or results",
        says: "does not leave a device",
        program: "func @f(s: stack<f64>) -> (u64) @0:42:1 {
            n = len s : u64
            return n
        }",
        args: "[1.0]",
        unchecked: false,
    },
    Refused {
        title: "recursion whose depth the data decide",
        says: "calls are written in place",
        program: "func @f(x: f64) -> (f64) {
            one = const f64 1.0
            go = gt x, one : bool
            r = if go : f64 {
                y = subtract x, one : f64
                z = call @f(y) : f64 @0:42:1
                yield z
            } else {
                yield x
            }
            return r
        }",
        args: "3.0",
        unchecked: false,
    },
    Refused {
        title: "programs that are too long with all calls written in place",
        says: "with all calls written in place it has more than",
        program: "func @g(n: i64, x: f64) -> (f64) {
            zero = const i64 0
            one = const i64 1
            go = gt n, zero : bool
            r = if go : f64 {
                k = subtract n, one : i64
                a = call @g(k, x) : f64 @0:42:1
                b = call @g(k, a) : f64 @0:42:1
                s = multiply a, b : f64
                yield s
            } else {
                y = sine x : f64
                yield y
            }
            return r
        }
        func @f(x: f64) -> (f64) {
            n = const i64 100
            r = call @g(n, x) : f64 @0:42:1
            return r
        }",
        args: "3.0",
        unchecked: false,
    },
    Refused {
        title: "shapes that the data decide",
        says: "to an extent that is known only when it runs",
        program: "func @f(x: f64) -> (f64[?]) {
            n = convert u64 x : u64
            r = broadcast_in_dim[?] x, n : f64[?] @0:42:1
            return r
        }",
        args: "3.0",
        unchecked: false,
    },
    Refused {
        title: "operations that mix the rows of arrays whose length the run decides",
        says: "of an array of unknown length",
        program: "func @f(xs: f64[?], c: bool) -> (f64[?]) {
            one = const f64 1.0
            a = if c : f64[?] {
                p = push xs, one : f64[?]
                yield p
            } else {
                yield xs
            }
            r = reverse[0] a : f64[?] @0:42:1
            return r
        }",
        args: "[1.0, 2.0], true",
        unchecked: false,
    },
    Refused {
        title: "gathers along another axis by indices whose number the run decides",
        says: "along an axis that is not the leading one",
        program: "func @f(xs: f64[2,2], i: u64[?], c: bool) -> (f64[2,?]) {
            one = const u64 1
            a = if c : u64[?] {
                p = push i, one : u64[?]
                yield p
            } else {
                yield i
            }
            r = gather[1] xs, a : f64[2,?] @0:42:1
            return r
        }",
        args: "[[1.0, 2.0], [3.0, 4.0]], [0], true",
        unchecked: false,
    },
    Refused {
        title: "values with two shapes",
        says: "give it one shape",
        program: "func @f(a: f64[?,?], b: f64[?,?], c: bool) -> (f64[?,?]) {
            r = if c : f64[?,?] @0:42:1 {
                yield a
            } else {
                yield b
            }
            return r
        }",
        args: "[[1.0, 2.0]], [[3.0]], true",
        unchecked: false,
    },
    Refused {
        title: "values larger than any memory",
        says: "it is larger than any memory",
        program: "func @f(x: f64) -> (f64[?,?]) {
            n = const u64 1000000000000
            r = broadcast_in_dim[?,?] x, n, n : f64[?,?] @0:42:1
            return r
        }",
        args: "3.0",
        unchecked: false,
    },
    Refused {
        title: "extents that do not suit (with traps found: a trap)",
        says: "whenever it runs it traps",
        program: "func @f(a: f64[?], b: f64[?]) -> (f64) {
            r = dot_general contract[0][0] a, b : f64 @0:42:1
            return r
        }",
        args: "[1.0, 2.0], [3.0]",
        unchecked: true,
    },
];

/// What it is that has that reason.
pub fn title(why: &str) -> Option<&'static str> {
    let of = TABLE.iter().find(|r| why.contains(r.says));
    of.map(|r| r.title)
}

fn try_it(r: &Refused, checked: bool) -> Result<(), Unsupported> {
    let text = format!("cotangent 1\nfile 0 \"model.rs\"\n{}", r.program);
    let mut m = parse(&text).unwrap_or_else(|e| panic!("{}: {}", r.title, e.render(&text)));
    pass::lower(&mut m).unwrap();
    let f = m.find("f").unwrap();
    let args = parse_values(r.args, &m.funcs[f].param_types()).unwrap();
    let options = Options {
        checked,
        ..Options::default()
    };
    let task = Task::new(r.title.into(), &m, f, args);
    written(&task, options).map(|_| ())
}

/// The table in the README, between two marks.
fn documented(table: &str) -> Result<(), String> {
    const MARKS: [&str; 2] = [
        "<!-- refused: written by BLESS=1 cargo test -p cotangent-xla --test offload refused -->\n",
        "<!-- end -->",
    ];
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let (head, rest) = text.split_once(MARKS[0]).ok_or("no table in the README")?;
    let (have, tail) = rest
        .split_once(MARKS[1])
        .ok_or("no end of the table in the README")?;
    if have == table {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        let new = [head, MARKS[0], table, MARKS[1], tail].concat();
        return std::fs::write(path, new).map_err(|e| e.to_string());
    }
    Err(format!("the README has\n{have}\ninstead of\n{table}"))
}

#[test]
fn what_cannot_be_offloaded() {
    let mut table =
        String::from("| what cannot be offloaded | what the message says |\n|---|---|\n");
    for r in TABLE {
        let e = try_it(r, false).expect_err(r.title);
        let text = e.to_string();
        assert!(text.contains(r.says), "{}: {text}", r.title);
        let at = (e.file.as_str(), e.line);
        assert_eq!(at, ("model.rs", LINE), "{}: {text}", r.title);
        assert_eq!(title(&text), Some(r.title));
        table += &format!("| {} | {text} |\n", r.title);
        let checked = try_it(r, true);
        assert_eq!(checked.is_ok(), r.unchecked, "{}: {checked:?}", r.title);
    }
    println!("{table}");
    documented(&table).unwrap();
}
