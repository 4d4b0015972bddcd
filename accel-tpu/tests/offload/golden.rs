//! Golden texts: the StableHLO of small programs, so that a change of the emitter is seen in review.
//!
//! `golden/NAME.ct` is a program whose first `; run:` or `; grad:` line says what is written and for which arguments, with traps found if a line says `; xla-checked`;
//! `golden/NAME.mlir` is its text. `BLESS=1 cargo test -p cotangent-xla --test offload golden` writes the texts; read the difference before keeping it.

use crate::agree::Nearness;
use crate::batch::{Batch, Task, written};
use crate::file_tests::{Line, files};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::DeriveKind;
use cotangent_core::pass;
use cotangent_core::text::parse;
use cotangent_xla::emit::Options;
use std::fs;
use std::path::{Path, PathBuf};

/// A program, how it is written, and what is to be written of it.
struct Golden {
    path: PathBuf,
    options: Options,
    task: Task,
}

fn all() -> Vec<Golden> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offload/golden");
    files(&folder)
        .into_iter()
        .map(|(path, text)| {
            let options = Options {
                checked: text.lines().any(|l| l == "; xla-checked"),
                ..Options::default()
            };
            let mut m = parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text)));
            pass::lower(&mut m).unwrap();
            let lowered = m.clone();
            let mut lines = text.lines().enumerate();
            let line = lines.find_map(|(n, l)| Line::parse(n, l, &mut m).unwrap());
            let line = line.unwrap_or_else(|| panic!("{}: nothing is run", path.display()));
            let run = Program::new(&m).run(line.target, line.args.clone(), &Limits::default());
            let wanted = run.clone().map_err(|t| t.kind);
            if let Err(got) = line.judge(&m, run) {
                panic!("{}: {}\ngot {got}", path.display(), line.text);
            }
            let name = path.display().to_string();
            let task = Task {
                derive: line.wrt.map(|wrt| (DeriveKind::Gradient, wrt)),
                wanted: Some(wanted),
                ..Task::new(name, &lowered, line.of, line.args).with(Nearness::Within(1e-12))
            };
            Golden {
                path,
                options,
                task,
            }
        })
        .collect()
}

#[test]
fn texts_are_as_they_were() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut changed = Vec::new();
    let all = all();
    assert!(all.len() >= 10);
    for g in all {
        let program = written(&g.task, g.options).unwrap().program;
        let path = g.path.with_extension("mlir");
        let want = fs::read_to_string(&path).unwrap_or_default();
        if want == program.text {
            continue;
        }
        if bless {
            fs::write(&path, &program.text).unwrap();
        } else {
            let at = want.lines().zip(program.text.lines());
            let first = at.filter(|(a, b)| a != b).map(|(a, b)| format!("{a}\n{b}"));
            let first = first.take(1).collect::<String>();
            changed.push(format!("{}:\n{first}", path.display()));
        }
    }
    assert!(
        changed.is_empty(),
        "{}\n\nIf the new texts are right: BLESS=1 cargo test -p cotangent-xla --test offload golden",
        changed.join("\n\n")
    );
}

#[test]
fn texts_run() {
    for checked in [false, true] {
        let mut batch = Batch::new(checked);
        for g in all().into_iter().filter(|g| g.options.checked == checked) {
            batch.add(g.task);
        }
        batch.flush();
        batch.found.report("golden texts");
        assert!(batch.found.refused.is_empty() && batch.found.compared > 0);
    }
}
