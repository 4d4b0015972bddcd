//! The lines of all file tests that run something, their gradients too: what the interpreter gives, with traps found and without.

use crate::agree::Nearness;
use crate::batch::{Batch, Task};
use crate::file_tests::{Line, files};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::DeriveKind;
use cotangent_core::pass;
use cotangent_core::text::parse;
use std::path::Path;

/// Lines that cannot be offloaded: the file, what is called, and a part of the reason.
const REFUSED: &[(&str, &str, &str)] = &[("run/control.ct", "@deep(1)", "recursion of `deep`")];

#[test]
fn lines_of_file_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/filetests");
    let only = std::env::var("COTANGENT_FILE").unwrap_or_default();
    for checked in [true, false] {
        let mut batch = Batch::new(checked);
        for (path, text) in files(&folder) {
            let file = path.strip_prefix(&folder).unwrap().display().to_string();
            let runs = text.lines().any(|l| l.trim() == "; test run");
            if !runs || !file.contains(&only) {
                continue;
            }
            let mut plain = parse(&text).unwrap();
            pass::lower(&mut plain).unwrap();
            let lowered = plain.clone();
            for (n, source) in text.lines().enumerate() {
                let Some(line) = Line::parse(n, source, &mut plain).unwrap() else {
                    continue;
                };
                // Only fuel ends it, which a device has none of.
                if line.is_endless() {
                    continue;
                }
                let run =
                    Program::new(&plain).run(line.target, line.args.clone(), &Limits::default());
                let tolerance = line.tolerance.unwrap_or(0.0).max(1e-12);
                let name = format!("{file}:{}: {}", n + 1, source.trim());
                let task = Task::new(name, &lowered, line.of, line.args.clone())
                    .with(Nearness::Within(tolerance));
                let derive = line.wrt.map(|wrt| (DeriveKind::Gradient, wrt));
                batch.add(Task {
                    derive,
                    wanted: Some(run.map_err(|t| t.kind)),
                    ..task
                });
            }
        }
        batch.flush();
        let how = if checked { "xla-checked" } else { "xla" };
        batch.found.report(&format!("file tests, {how}"));
        let refused = batch.found.refused_names();
        for (name, why) in &refused {
            let listed = |(file, call, part): &&(&str, &str, &str)| {
                name.contains(file) && name.contains(call) && why.contains(part)
            };
            let found = REFUSED.iter().find(listed);
            assert!(found.is_some(), "{name} is refused: {why}");
        }
        if only.is_empty() {
            assert!(batch.found.compared > 100);
            for (file, call, _) in REFUSED {
                let is = |(n, _): &(&str, &str)| n.contains(file) && n.contains(call);
                // Without traps nothing is said of what traps.
                let is = !checked || refused.iter().any(is);
                assert!(is, "{file}: {call} is not refused any more");
            }
        }
    }
}
