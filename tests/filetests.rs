//! File tests: every `tests/filetests/**/*.ct` is a program in the text form with what is expected of it in comments.
//!
//! | directive | meaning |
//! |---|---|
//! | `; test print` | the printed module is the `; expect:` block |
//! | `; test verify` | the module verifies |
//! | `; test lower` | the lowered module is the `; expect:` block |
//! | `; test pass NAME…` | the module after these passes is the `; expect:` block |
//! | `; test lir` | the low-level program made of the module, after its own passes, is the `; expect:` block |
//! | `; test memory` | what reverse mode saves in the loops of the first function is the `; expect:` block |
//! | `; test run` | the `run`, `approx`, `trap` and `grad` lines hold, on every executor, lowered and optimised, with and without a limit on fuel |
//! | `; test error` | each `; error: MESSAGE` is what the parser or verifier says about the line above it, and it says no more |
//! | `; run: @f(ARGS) == RESULTS` | the results, to the last bit |
//! | `; approx TOLERANCE: @f(ARGS) == RESULTS` | the results, nearly |
//! | `; trap: @f(ARGS) MESSAGE` | the run traps with a message that contains this |
//! | `; grad: @f(ARGS) wrt 0, 2 == RESULTS`, `; grad TOLERANCE: …` | the gradient |
//! | `; expect:` | the lines after it, to the end of the file |
//!
//! Whatever a file is for, if it parses it must survive both round trips (text and binary). `BLESS=1 cargo test --test filetests` writes what is
//! computed into `expect`, `run` and `grad`; read the difference before keeping it.

use cotangent::core::ad::explain;
use cotangent::core::ir::{DeriveKind, Dim, Module, Type};
use cotangent::core::pass;
use cotangent::core::text::{decode, encode, parse, parse_values, print, seal};
use cotangent::core::value::Val;
use cotangent::core::verify::{verify, verify_lowered};
use cotangent::{Executor, Limits, executor, list_executors};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[allow(
    dead_code,
    reason = "what derivative a line asks for: the tests of XLA take it themselves"
)]
#[path = "filetests/lines.rs"]
mod lines;
use lines::{Line, Outcome, directive, near};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests")
}

fn is_expect(line: &str) -> bool {
    matches!(directive(line), Some(("expect", _)))
}

/// What is to be written back.
struct File {
    lines: Vec<String>,
    bless: bool,
    changed: bool,
}

#[test]
fn every_file_does_what_it_says() {
    let bless = std::env::var_os("BLESS").is_some();
    let files = lines::files(&folder());
    assert!(files.len() >= 25, "only {} file tests", files.len());
    let mut failures = Vec::new();
    for (path, text) in &files {
        let mut file = File {
            lines: text.lines().map(String::from).collect(),
            bless,
            changed: false,
        };
        let name = path.strip_prefix(folder()).unwrap().display();
        if let Err(e) = check(text, &mut file) {
            failures.push(format!("{name}: {e}"));
        }
        if file.changed {
            fs::write(path, file.lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n\nIf the new output is right: BLESS=1 cargo test --test filetests",
        failures.join("\n\n")
    );
}

/// What the gradient of the first function saves and computes again, with respect to all it can be taken.
fn memory(m: &Module) -> Outcome<String> {
    let (id, f) = m.funcs.iter().next().ok_or("no function")?;
    let wrt: Vec<u32> = (0..)
        .zip(f.param_types())
        .filter(|(_, t)| t.has_tangent())
        .map(|(k, _)| k)
        .collect();
    let loops = explain(m, id, DeriveKind::Vjp, &wrt).map_err(|e| e.to_string())?;
    Ok(loops.iter().map(|l| l.render(m)).collect())
}

/// The low-level program that the compiled executors translate.
#[cfg(feature = "jit")]
fn low_level(m: &Module) -> Outcome<String> {
    let program = cotangent_lower::lower(m, &cotangent_lower::Options::default());
    let mut program = program.map_err(|e| e.to_string())?;
    cotangent_lower::optimize(&mut program);
    cotangent_lower::lir::verify::verify(&program).map_err(|e| format!("{e:?}"))?;
    Ok(program.to_string())
}
#[cfg(not(feature = "jit"))]
fn low_level(_: &Module) -> Outcome<String> {
    Err("without the feature `jit` there is no low-level program".into())
}

fn check(text: &str, file: &mut File) -> Outcome {
    let tests: Vec<&str> = text
        .lines()
        .filter_map(directive)
        .filter(|(name, _)| *name == "test")
        .map(|(_, what)| what)
        .collect();
    if tests.is_empty() {
        return Err("no `; test …` line".into());
    }
    for t in tests {
        let words: Vec<&str> = t.split_whitespace().collect();
        if words == ["error"] {
            errors(text)?;
            continue;
        }
        let m = parse(text).map_err(|e| e.render(text))?;
        round_trips(&m)?;
        match words.as_slice() {
            ["verify"] => verified(&m)?,
            ["print"] => expect(file, &print(&m))?,
            ["lower"] => {
                verified(&m)?;
                expect(file, &print(&lowered(&m)?))?;
            }
            ["memory"] => {
                verified(&m)?;
                expect(file, &memory(&lowered(&m)?)?)?;
            }
            ["lir"] => {
                verified(&m)?;
                expect(file, &low_level(&lowered(&m)?)?)?;
            }
            ["pass", passes @ ..] => {
                verified(&m)?;
                let mut m = m;
                for name in passes {
                    pass::by_name(name).ok_or_else(|| format!("no pass `{name}`"))?(&mut m);
                    verified(&m).map_err(|e| format!("after {name}: {e}"))?;
                }
                round_trips(&m)?;
                expect(file, &print(&m))?;
            }
            ["run"] => runs(&m, text, file)?,
            _ => return Err(format!("unknown test `{t}`")),
        }
    }
    Ok(())
}

fn verified(m: &Module) -> Outcome {
    let all = |e: Vec<cotangent::core::verify::VerifyError>| {
        e.iter().map(|e| format!("{e}\n")).collect::<String>()
    };
    verify(m).map_err(all)
}

fn lowered(m: &Module) -> Outcome<Module> {
    let mut m = m.clone();
    pass::lower(&mut m).map_err(|e| e.to_string())?;
    verify_lowered(&m).map_err(|e| format!("after lowering: {}\n{}", e[0], print(&m)))?;
    Ok(m)
}

/// `parse(print(m))` and `decode(encode(m))` print as `m` does.
fn round_trips(m: &Module) -> Outcome {
    let text = print(m);
    let again = parse(&text).map_err(|e| format!("printed text: {}", e.render(&text)))?;
    let bytes = encode(m);
    let decoded = decode(&bytes).map_err(|e| format!("encoded bytes: {e}"))?;
    if print(&again) != text || print(&decoded) != text || encode(&decoded) != bytes {
        return Err(format!("does not round-trip:\n{text}"));
    }
    Ok(())
}

/// Compares with the block at the end of the file.
fn expect(file: &mut File, got: &str) -> Outcome {
    let at = file.lines.iter().position(|l| is_expect(l));
    let want: Vec<&str> = at.map_or(vec![], |at| {
        let block = file.lines[at + 1..].iter();
        block
            .map(|l| l.strip_prefix("; ").or(l.strip_prefix(';')).unwrap_or(l))
            .collect()
    });
    let got: Vec<&str> = got.trim_end().lines().collect();
    if want == got {
        return Ok(());
    }
    if file.bless {
        file.changed = true;
        file.lines.truncate(at.unwrap_or(file.lines.len()));
        file.lines.push("; expect:".into());
        let line = |l: &&str| format!("; {l}").trim_end().to_string();
        file.lines.extend(got.iter().map(line));
        return Ok(());
    }
    Err(format!(
        "got\n{}\nexpected\n{}",
        got.join("\n"),
        want.join("\n")
    ))
}

/// Each error is about the source line above its `; error:` comment.
fn errors(text: &str) -> Outcome {
    let mut above = (0, "");
    let mut want = Vec::new();
    for (n, line) in text.lines().enumerate() {
        match directive(line) {
            Some(("error", message)) => want.push((above.0, above.1, message)),
            Some(_) => {}
            None => above = (n + 1, line.split(';').next().unwrap_or("").trim()),
        }
    }
    // What is said, and the number or (as the verifier knows the printed line) the text of the line it is said of.
    let got: Vec<(Option<usize>, String, String)> = match parse(text) {
        Err(e) => vec![(Some(e.line as usize), String::new(), e.message)],
        Ok(m) => {
            round_trips(&m)?;
            let said = verify(&m).err().unwrap_or_default();
            said.iter()
                .map(|e| {
                    let lines: Vec<&str> = e.context.lines().collect();
                    let note = lines.iter().position(|l| l.trim_start().starts_with("; ^"));
                    let line = note.and_then(|k| lines.get(k.wrapping_sub(1)));
                    let line = line.map_or("", |l| l.split(';').next().unwrap_or("").trim());
                    (
                        None,
                        line.to_string(),
                        format!("V{}: {}", e.rule, e.message),
                    )
                })
                .collect()
        }
    };
    let ok = got.len() == want.len()
        && got.iter().zip(&want).all(|((n, line, message), w)| {
            n.map_or(line == w.1, |n| n == w.0) && message.contains(w.2)
        });
    if ok && !want.is_empty() {
        Ok(())
    } else {
        Err(format!("the errors are\n{got:#?}\nexpected\n{want:#?}"))
    }
}

/// All modules that must give the same results: as lowered, and optimised.
fn variants(m: &Module) -> Outcome<Vec<(&'static str, Module)>> {
    let low = lowered(m)?;
    let mut optimised = low.clone();
    pass::optimize(&mut optimised);
    verify_lowered(&optimised).map_err(|e| format!("after optimisation: {}", e[0]))?;
    Ok(vec![("lowered", low), ("optimised", optimised)])
}

/// The executors to test. One that has no compiler to work with is left out, and said so.
fn executors() -> Vec<Arc<dyn Executor>> {
    let nothing = Module::new();
    let all = list_executors().into_iter();
    all.map(|name| executor(name).unwrap())
        .filter(|e| match e.prepare(&nothing) {
            Ok(_) => true,
            Err(why) => {
                println!("{} is not tested: {why}", e.name());
                false
            }
        })
        .collect()
}

fn runs(m: &Module, text: &str, file: &mut File) -> Outcome {
    verified(m)?;
    let limited = Limits {
        fuel: Some(10_000_000),
        depth: 10_000,
        ..Limits::default()
    };
    let free = Limits {
        fuel: None,
        ..limited
    };
    for (kind, mut m) in variants(m)? {
        let mut lines = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let parsed = Line::parse(n, line, &mut m);
            lines.extend(parsed.map_err(|e| format!("line {}: {line}\n{e}", n + 1))?);
        }
        if lines.is_empty() {
            return Err("nothing is run".into());
        }
        round_trips(&m)?;
        for e in executors() {
            // What is compiled is optimised in any case, and a C compiler takes its time.
            let slow = e.name() == "c";
            if slow && kind != "lowered" {
                continue;
            }
            let program = e
                .prepare(&m)
                .map_err(|why| format!("{}, {kind}: {why}", e.name()))?;
            for line in &lines {
                let limits: &[&Limits] = match (e.name(), line.is_endless()) {
                    ("interpreter", _) | (_, true) => &[&limited],
                    ("c", false) => &[&free],
                    (_, false) => &[&limited, &free],
                };
                for l in limits {
                    let got = program.run(line.target, line.args.clone(), l);
                    match line.judge(&m, got) {
                        Ok(()) => {}
                        Err(got)
                            if file.bless
                                && e.name() == "interpreter"
                                && line.tolerance.is_none()
                                && line.head != "trap" =>
                        {
                            let left = line.text.rsplit_once("==").map_or(line.text, |(l, _)| l);
                            file.lines[line.n] = format!("{} == {got}", left.trim_end());
                            file.changed = true;
                        }
                        Err(got) => {
                            let (n, text) = (line.n + 1, line.text);
                            let name = e.name();
                            return Err(format!("line {n}: {text}\n{name}, {kind}: got {got}"));
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// A small generator: the same cases in every run.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// A text with some words swapped, repeated, dropped or cut.
fn mutate_text(rng: &mut Rng, text: &str) -> String {
    let mut words: Vec<&str> = text
        .split_inclusive(|c: char| !c.is_alphanumeric())
        .collect();
    for _ in 0..1 + rng.below(4) {
        let (i, j) = (rng.below(words.len()), rng.below(words.len()));
        if words.is_empty() {
            break;
        }
        match rng.below(5) {
            0 => words.swap(i, j),
            1 => words[i] = words[j],
            2 => words.insert(i, words[j]),
            3 => drop(words.remove(i)),
            _ => {
                words[i] =
                    ["99999999999999999999", "?", "}", "{", "v0", "@f", "\"", "é"][rng.below(8)]
            }
        }
    }
    if rng.below(8) == 0 {
        words.truncate(rng.below(words.len()));
    }
    words.concat()
}

fn mutate_bytes(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let mut b = bytes.to_vec();
    for _ in 0..1 + rng.below(2) {
        let at = 5 + rng.below(b.len() - 13);
        match rng.below(8) {
            0 => b.insert(at, rng.next() as u8),
            1 if b.len() > 14 => drop(b.remove(at)),
            2 => b[at] = rng.next() as u8,
            _ => b[at] ^= 1 << rng.below(8),
        }
    }
    if rng.below(8) == 0 {
        b.truncate(5 + rng.below(b.len() - 13));
        b.extend([0; 8]);
    }
    seal(&mut b);
    b
}

/// What must hold of any module that was read: it verifies or not, and a module that verifies survives everything after.
fn use_module(m: &Module) -> bool {
    let text = print(m);
    let bytes = encode(m);
    assert_eq!(print(&decode(&bytes).unwrap()), text);
    match verify(m) {
        Err(e) => {
            assert!(e.iter().all(|e| !e.to_string().is_empty()));
            false
        }
        Ok(()) => {
            assert_eq!(print(&parse(&text).unwrap()), text);
            true
        }
    }
}

/// `COTANGENT_CASES=1000000` tries more.
#[test]
fn mutated_text_and_bytes_never_panic() {
    let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
    let files = lines::files(&folder());
    let (mut parsed, mut decoded, mut valid) = (0, 0, 0);
    let cases = std::env::var("COTANGENT_CASES")
        .ok()
        .and_then(|s| s.parse().ok());
    let rounds = cases.unwrap_or(4000) / files.len() + 1;
    for (_, text) in &files {
        let bytes = parse(text).ok().map(|m| encode(&m));
        for _ in 0..rounds {
            if let Ok(m) = parse(&mutate_text(&mut rng, text)) {
                parsed += 1;
                valid += usize::from(use_module(&m));
            }
            if let Some(b) = &bytes
                && let Ok(m) = decode(&mutate_bytes(&mut rng, b))
            {
                decoded += 1;
                valid += usize::from(use_module(&m));
            }
        }
    }
    // The mutations are mild enough that the verifier is reached, and sometimes passed.
    assert!(
        parsed > 200 && decoded > 200 && valid > 50,
        "{parsed} {decoded} {valid}"
    );
}

#[test]
fn values_suit_dynamic_types() {
    let ty = Type::tensor(cotangent::core::ir::DType::F64, [Dim::Dynamic]);
    let v = parse_values("[1, 2]", &[ty]).unwrap();
    assert!(v[0].same_bits(&Val::vector(vec![1.0, 2.0])));
    assert!(!near(&v[0], &Val::vector(vec![1.0, 2.1]), 1e-3));
    assert!(near(&v[0], &Val::vector(vec![1.0, 2.1]), 1e-1));
}
