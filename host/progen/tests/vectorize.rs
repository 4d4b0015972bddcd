//! Loops as array operations (`transform::vectorize`) in random programs: what they give, and their gradients, stay what they are. Programs that trap have no meaning
//! for it. `COTANGENT_CASES` and `COTANGENT_SEED` choose how many and which.

use cotangent_core::ad::derive;
use cotangent_core::error::Trap;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{ControlOp, DeriveKind, FuncId, Module, Op};
use cotangent_core::pass;
use cotangent_core::text::print;
use cotangent_core::transform::{orient, vectorize};
use cotangent_core::value::Val;
use cotangent_core::verify::verify_lowered;
use cotangent_progen::agree::{Runner, check_function};
use cotangent_progen::check::Outcome;
use cotangent_progen::emit::module;
use cotangent_progen::fuzz::Case;

/// The interpreter, with another version of the program.
struct Version(Module, FuncId);

impl Runner for Version {
    fn name(&self) -> &str {
        "the version in array operations"
    }
    fn run(
        &self,
        _: &Module,
        _: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String> {
        Ok(Program::new(&self.0).run(self.1, args.to_vec(), limits))
    }
}

fn loops(m: &Module) -> usize {
    let mut n = 0;
    for f in m.funcs.values() {
        f.visit(f.body, &mut |_, d| {
            n += usize::from(matches!(
                d.op,
                Op::Control(ControlOp::For | ControlOp::While)
            ));
        });
    }
    n
}

fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|s| s.parse().ok()).unwrap_or(default)
}

#[test]
fn random_programs_keep_their_meaning() {
    let (cases, seed) = (number("COTANGENT_CASES", 400), number("COTANGENT_SEED", 1));
    let entry = FuncId(0);
    let (mut compared, mut changed, mut before, mut rewritten) = (0, 0, 0, 0);
    for k in 0..cases {
        let case = Case::new(seed, k);
        let mut m = module(&case.program);
        pass::lower(&mut m).unwrap();
        pass::optimize(&mut m);
        let mut v = m.clone();
        let n = vectorize::run(&mut v);
        if let Err(e) = verify_lowered(&v) {
            panic!("seed {seed}, case {k}: {}\n{}", e[0], print(&v));
        }
        before += loops(&m);
        rewritten += n;
        changed += usize::from(n > 0);
        let free = Limits {
            fuel: Some(1_000_000),
            ..Limits::default()
        };
        if n == 0
            || Program::new(&m)
                .run(entry, case.args.clone(), &free)
                .is_err()
        {
            continue;
        }
        let check = |m: &Module, f: FuncId, v: Module, g: FuncId, args: &[Val], what: &str| {
            let text = print(&v);
            match check_function(m, f, args, &Version(v, g)) {
                Ok(Outcome::Passed(_)) => true,
                Ok(_) => false,
                Err(e) => panic!("seed {seed}, case {k}, {what}: {e}\n{}\n{text}", print(m)),
            }
        };
        compared += usize::from(check(&m, entry, v.clone(), entry, &case.args, "value"));
        // With the axes of all values in some order.
        let mut w = v.clone();
        let mut turn = 0;
        for f in w.funcs.values_mut() {
            let mut choose = |rank: usize| {
                turn += 1;
                let mut order: Vec<u32> = (0..rank as u32).collect();
                order.rotate_left(turn % rank.max(1));
                order
            };
            assert!(orient::arrange(f, &mut choose));
        }
        if let Err(e) = verify_lowered(&w) {
            panic!("seed {seed}, case {k}: {}\n{}", e[0], print(&w));
        }
        compared += usize::from(check(&m, entry, w, entry, &case.args, "orders of axes"));
        let (mut dm, mut dv) = (m.clone(), v);
        let wrt = [0, 1, 3];
        if let (Ok(f), Ok(g)) = (
            derive(&mut dm, entry, DeriveKind::Vjp, &wrt),
            derive(&mut dv, entry, DeriveKind::Vjp, &wrt),
        ) {
            let all = [case.args.clone(), vec![1.0.into(), case.args[3].clone()]].concat();
            compared += usize::from(check(&dm, f, dv, g, &all, "vjp"));
        }
    }
    println!(
        "{cases} programs, seed {seed}: {rewritten} of {before} loops rewritten in {changed} programs, {compared} comparisons"
    );
    assert!(changed as u64 * 10 >= cases, "{changed} programs changed");
    assert!(compared as u64 * 10 >= cases, "{compared} comparisons");
}
