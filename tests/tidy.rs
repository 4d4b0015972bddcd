//! House rules that no compiler checks: layering, file size, module docs, no `std` in the core, nothing unfinished.
//!
//! Each rule is a function from a file's text to complaints, tried on bad text first, so that a rule that never complains
//! fails its own test.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the project with one of those endings, as `(path from the root, text)`.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().into()];
    while let Some(dir) = folders.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            let hidden = name.starts_with('.') && name != ".ci";
            if entry.file_type().unwrap().is_dir() {
                if !hidden && name != "target" {
                    folders.push(path);
                }
            } else if endings.iter().any(|e| name.ends_with(e)) {
                let rel = path.strip_prefix(root()).unwrap().to_str().unwrap();
                let text = fs::read_to_string(&path).unwrap();
                found.push((rel.replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no files with {endings:?}");
    found
}

type Rule = fn(&str, &str) -> Vec<String>;

/// Applies a rule to files; `bad` is text it must complain about.
fn check(files: &[(String, String)], rule: Rule, bad: (&str, &str)) {
    assert!(
        !rule(bad.0, bad.1).is_empty(),
        "the rule does not complain about {bad:?}"
    );
    let complaints: Vec<String> = files.iter().flat_map(|(p, t)| rule(p, t)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The lines for which `wrong` holds, with their numbers.
fn lines(path: &str, text: &str, what: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    text.lines()
        .enumerate()
        .filter(|(_, l)| wrong(l))
        .map(|(i, l)| format!("{path}:{}: {what}: {l}", i + 1))
        .collect()
}

/// The code of a file before its unit tests, without comments.
fn code(text: &str) -> String {
    let end = text
        .find("\n#[cfg(test)]\nmod ")
        .or_else(|| text.find("\n#[cfg(test)]\npub"));
    text[..end.unwrap_or(text.len())]
        .lines()
        .map(|l| l.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/")
        || path.starts_with("tests/")
        || path.contains("/tests_")
        || path.ends_with("/tests.rs")
        || path.ends_with("/testing.rs")
}

#[test]
fn every_file_says_what_it_is() {
    let rule: Rule = |path, text| {
        let ok = text.starts_with("//! ") || text.starts_with("#![doc");
        let missing = format!("{path}: starts without a `//!` doc");
        if ok { vec![] } else { vec![missing] }
    };
    // The macro's expected messages are about files as users write them.
    let files: Vec<_> = files(&[".rs"])
        .into_iter()
        .filter(|(p, _)| !p.contains("/ui/"))
        .collect();
    check(&files, rule, ("a.rs", "use x;\n"));
}

#[test]
fn no_file_is_too_long() {
    let rule: Rule = |path, text| {
        let n = text.lines().count();
        if n > 800 {
            vec![format!("{path}: {n} lines; split it by idea (at most 800)")]
        } else {
            vec![]
        }
    };
    check(&files(&[".rs", ".sh"]), rule, ("a.rs", &"\n".repeat(801)));
}

#[test]
fn nothing_is_unfinished() {
    // Put together at run time, so that this file does not complain about itself.
    let rule: Rule = |path, text| {
        let mut marks = ["todo", "unimplemented", "dbg"]
            .map(|m| format!("{m}!("))
            .to_vec();
        marks.push(format!("#[{}", "ignore"));
        lines(path, text, "unfinished", |l| {
            marks.iter().any(|m| l.contains(m.as_str()))
        })
    };
    for m in ["todo", "unimplemented", "dbg"] {
        assert_eq!(rule("a.rs", &format!("    {m}!(x)")).len(), 1, "{m}");
    }
    let bad = format!("#[{}]", "ignore");
    check(&files(&[".rs"]), rule, ("a.rs", &bad));
}

#[test]
fn no_trailing_space_and_no_home_folders() {
    let rule: Rule = |path, text| {
        let home = ["/home", "/root", "/Users"].map(|h| format!("{h}/"));
        lines(path, text, "trailing space or a home folder", |l| {
            l.ends_with([' ', '\t']) || home.iter().any(|h| l.contains(h))
        })
    };
    let endings = [
        ".rs", ".toml", ".md", ".sh", ".ct", ".csv", ".py", ".c", ".h", "run",
    ];
    check(&files(&endings), rule, ("a.rs", "let x = 1; \n"));
    check(
        &[],
        rule,
        ("a.rs", &["let x = ", "\"/home", "/me\";"].concat()),
    );
}

#[test]
fn the_core_uses_no_std_and_no_unsafe_code() {
    let rule: Rule = |path, text| {
        lines(path, &code(text), "std in the core", |l| {
            l.contains("std::") || l.contains("println!")
        })
    };
    let core: Vec<_> = files(&[".rs"])
        .into_iter()
        .filter(|(p, _)| p.starts_with("core-nostd/src/") && !is_test(p))
        .collect();
    check(&core, rule, ("core-nostd/src/a.rs", "use std::vec::Vec;"));
    let lib = &core
        .iter()
        .find(|(p, _)| p == "core-nostd/src/lib.rs")
        .unwrap()
        .1;
    for attribute in ["#![no_std]", "#![forbid(unsafe_code)]"] {
        assert!(lib.contains(attribute), "lib.rs lacks {attribute}");
    }
}

#[test]
fn float_math_in_the_core_is_libms() {
    // `f64::sin` and friends are not in `core`, so they cannot be named there; but a hosted build would let them
    // through by method syntax once `std` is linked for tests.
    let rule: Rule = |path, text| {
        lines(path, &code(text), "use libm", |l| {
            [".sin()", ".cos()", ".exp()", ".ln()", ".powf(", ".tanh()"]
                .iter()
                .any(|m| l.contains(&format!("f64{m}")) || l.contains(&format!("f32{m}")))
        })
    };
    let core: Vec<_> = files(&[".rs"])
        .into_iter()
        .filter(|(p, _)| p.starts_with("core-nostd/src/") && !is_test(p))
        .collect();
    check(&core, rule, ("a.rs", "let y = 1f64.sin();"));
}

/// Which of our packages a package's folder may depend on: core <- hosts <- facade <- {models, ffi}.
const LAYERS: [(&str, &[&str]); 13] = [
    ("core-nostd", &[]),
    ("core-nostd/macros", &[]),
    ("host/kernels", &[]),
    ("host/lower", &["cotangent-core"]),
    (
        "host/runtime",
        &["cotangent-core", "cotangent-kernels", "cotangent-lower"],
    ),
    (
        "host/jit",
        &["cotangent-core", "cotangent-lower", "cotangent-runtime"],
    ),
    (
        "host/codegen-c",
        &[
            "cotangent-core",
            "cotangent-kernels",
            "cotangent-lower",
            "cotangent-runtime",
        ],
    ),
    ("host/progen", &["cotangent-core"]),
    ("accel-tpu", &["cotangent-core"]),
    ("accel-tpu/mock-plugin", &[]),
    (
        "",
        &[
            "cotangent-core",
            "cotangent-macros",
            "cotangent-jit",
            "cotangent-kernels",
            "cotangent-codegen-c",
            "cotangent-lower",
            "cotangent-progen",
            "cotangent-runtime",
            "cotangent-xla",
        ],
    ),
    ("models", &["cotangent"]),
    ("ffi-c", &["cotangent"]),
];

/// The names of our packages that a manifest's ordinary dependencies name.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut ours = Vec::new();
    let mut relevant = false;
    for line in manifest.lines() {
        let line = line.trim();
        if line.starts_with('[') {
            relevant = line.ends_with("dependencies]")
                && !line.contains("workspace.")
                && !line.contains("dev-");
        } else if relevant && line.starts_with("cotangent") {
            let name: String = line
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '-')
                .collect();
            ours.push(name);
        }
    }
    ours
}

#[test]
fn layers_depend_downwards_only() {
    assert_eq!(
        dependencies(
            "[dependencies]\ncotangent-core.workspace = true\nlibm = \"1\"\n[dev-dependencies]\ncotangent = \"1\""
        ),
        ["cotangent-core"]
    );
    for (path, text) in files(&["Cargo.toml"]) {
        let folder = path.trim_end_matches("Cargo.toml").trim_end_matches('/');
        let exempt = ["tests/", "fuzz", "benches/", "examples/"];
        if exempt.iter().any(|e| folder.starts_with(e)) {
            continue;
        }
        let Some((_, may)) = LAYERS.iter().find(|(f, _)| *f == folder) else {
            panic!("{path}: a package of no layer; add it to LAYERS");
        };
        for d in dependencies(&text) {
            assert!(
                may.contains(&d.as_str()),
                "{path}: {folder} must not depend on {d}"
            );
        }
    }
}

/// The commands of the README's first fenced block.
fn readme_commands() -> Vec<String> {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    text.split("```")
        .nth(1)
        .expect("a fenced block")
        .lines()
        .skip(1)
        .map(|l| l.split('#').next().unwrap_or_default().trim().to_string())
        .filter(|l| !l.is_empty())
        .collect()
}

#[test]
fn the_readme_starts_with_the_two_commands() {
    assert_eq!(
        readme_commands(),
        ["cargo run --release -- demo", "cargo test --workspace"]
    );
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(
        ci.contains("README.md") && !ci.contains("cargo test --workspace"),
        "CI must take the test command from the README"
    );
}

#[test]
fn what_the_readme_links_to_exists() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let links: Vec<&str> = text
        .split("](")
        .skip(1)
        .filter_map(|s| s.split(')').next())
        .collect();
    assert!(!links.is_empty());
    // A heading is linked to by its letters in small, spaces as hyphens.
    let anchors: Vec<String> = text
        .lines()
        .filter(|l| l.starts_with('#'))
        .map(|l| {
            let title = l.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect();
    for link in links {
        let there = match link.strip_prefix('#') {
            Some(anchor) => anchors.iter().any(|a| a == anchor),
            None => link.starts_with("http") || root().join(link).exists(),
        };
        assert!(there, "README.md links to {link}");
    }
}
