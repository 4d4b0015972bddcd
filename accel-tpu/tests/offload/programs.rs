//! Random programs and their derivatives in both modes, with traps found and without.
//!
//! `COTANGENT_CASES` and `COTANGENT_SEED` choose how many and which. A difference counts only if it is far above what the interpreter's own result moves by when the
//! arguments do, in the last place (`cotangent_progen::agree`).

use crate::batch::{Batch, Outcome, Task};
use cotangent_core::ad::derive;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DeriveKind, FuncId, Module};
use cotangent_core::pass;
use cotangent_core::value::Val;
use cotangent_progen::agree::{Runner, check_function};
use cotangent_progen::emit::module;
use cotangent_progen::fuzz::Case;
use std::rc::Rc;

/// What the interpreter may take; without fuel a device does not stop.
const FUEL: u64 = 1_000_000;

/// An executor that gives what is known already.
struct Given(Outcome);

impl Runner for Given {
    fn name(&self) -> &str {
        "xla"
    }
    fn run(
        &self,
        _: &Module,
        _: FuncId,
        _: &[Val],
        _: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String> {
        let trap = |kind: TrapKind| Trap {
            kind,
            func: String::new(),
            file: String::new(),
            line: 0,
            col: 0,
        };
        Ok(self.0.clone().map_err(trap))
    }
}

/// A function, or a derivative of it, that gives what that of `own` does; none if that does not end.
fn task(name: String, m: &Module, own: (&Module, FuncId), args: &[Val]) -> Option<Task> {
    let limits = Limits {
        fuel: Some(FUEL),
        ..Limits::default()
    };
    let run = Program::new(own.0).run(own.1, args.to_vec(), &limits);
    let wanted = match run.map_err(|t| t.kind) {
        Err(TrapKind::OutOfFuel { .. }) => return None,
        wanted => wanted,
    };
    let (own, again) = ((own.0.clone(), own.1), args.to_vec());
    let excuse =
        move |out: &Outcome| check_function(&own.0, own.1, &again, &Given(out.clone())).is_ok();
    Some(Task {
        wanted: Some(wanted),
        excuse: Some(Rc::new(excuse)),
        ..Task::new(name, m, ENTRY, args.to_vec())
    })
}

/// The first function of a program.
const ENTRY: FuncId = FuncId(0);

/// The program and its derivatives, of which what has none in a mode is checked elsewhere.
fn tasks(case: &Case) -> Vec<Task> {
    let mut plain = module(&case.program);
    pass::lower(&mut plain).unwrap();
    let name = |what: &str| format!("seed {}, case {}, {what}", case.seed, case.number);
    let args = &case.args;
    let mut out = Vec::new();
    out.extend(task(name("value"), &plain, (&plain, ENTRY), args));
    if !matches!(
        out.first(),
        Some(Task {
            wanted: Some(Ok(_)),
            ..
        })
    ) {
        return out;
    }
    let wrt = vec![0, 1, 3];
    let vjp = vec![Val::from(1.0), args[3].clone()];
    let jvp = vec![Val::from(0.75), Val::from(-0.5), args[3].clone()];
    for (kind, directions, what) in [(DeriveKind::Vjp, vjp, "vjp"), (DeriveKind::Jvp, jvp, "jvp")] {
        let mut own = plain.clone();
        let Ok(f) = derive(&mut own, ENTRY, kind, &wrt) else {
            continue;
        };
        let all = [args.clone(), directions].concat();
        let task = task(name(what), &plain, (&own, f), &all);
        out.extend(task.map(|t| Task {
            derive: Some((kind, wrt.clone())),
            ..t
        }));
    }
    out
}

fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|s| s.parse().ok()).unwrap_or(default)
}

#[test]
fn random_programs() {
    let (cases, seed) = (number("COTANGENT_CASES", 40), number("COTANGENT_SEED", 1));
    for checked in [true, false] {
        let mut batch = Batch::new(checked);
        for k in 0..cases {
            for task in tasks(&Case::new(seed, k)) {
                batch.add(task);
            }
        }
        batch.flush();
        let how = if checked { "xla-checked" } else { "xla" };
        batch
            .found
            .report(&format!("{cases} random programs, {how}"));
        let refused = batch.found.refused_names().len();
        assert!(batch.found.compared as u64 >= 2 * cases);
        assert!(refused * 3 <= batch.found.compared, "{refused} refused");
    }
}
