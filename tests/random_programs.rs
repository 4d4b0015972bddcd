//! Random programs, checked: round trips, passes, derivatives. See `cotangent_progen::check` for what must hold.
//!
//! `cargo run --release -- fuzz --programs 20000 --seed 1` runs many; `COTANGENT_CASES` and `COTANGENT_SEED` choose here.

use cotangent::{Limits, Options};
use cotangent_core::error::Trap;
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::text::{parse, print};
use cotangent_core::value::Val;
use cotangent_progen::Rng;
use cotangent_progen::agree::Runner;
use cotangent_progen::check::{Derivatives, Outcome, arguments, check_module};
use cotangent_progen::emit::module;
use cotangent_progen::fuzz::{Case, Counts, Ended};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(default)
}

#[test]
fn random_programs_keep_their_meaning_and_have_right_derivatives() {
    let (cases, seed) = (number("COTANGENT_CASES", 240), number("COTANGENT_SEED", 1));
    let mut counts = Counts::default();
    for number in 0..cases {
        let case = Case::new(seed, number);
        match case.check(None) {
            Ok(outcome) => counts.add(case.kind, outcome),
            Err(failure) => {
                let (small, failure) = case.shrunk(&failure, None);
                panic!("{failure}\n{}", small.file(&failure));
            }
        }
    }
    println!("{cases} programs, seed {seed}\n{}", counts.table());
    let checked = counts.ended(Ended::Passed);
    assert!(
        checked * 10 > cases * 9,
        "only {checked} of {cases} were checked fully"
    );
}

/// An executor of that name.
struct On(&'static str);

impl Runner for On {
    fn name(&self) -> &str {
        self.0
    }
    fn run(
        &self,
        m: &Module,
        f: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String> {
        let executor = Options::new().executor(self.0).find_executor();
        let prepared = executor.and_then(|e| e.prepare(m));
        let prepared = prepared.map_err(|e| e.to_string())?;
        Ok(prepared.run(f, args.to_vec(), limits))
    }
}

#[test]
fn every_executor_agrees_with_the_interpreter() {
    let (cases, seed) = (number("COTANGENT_CASES", 60), number("COTANGENT_SEED", 1));
    for name in cotangent::list_executors() {
        if name == "interpreter" {
            continue;
        }
        let on = On(name);
        let usable = cotangent::executor(name).and_then(|e| e.prepare(&Module::new()));
        if let Err(why) = usable {
            println!("{name} is not tested: {why}");
            continue;
        }
        // A C compiler takes its time.
        let cases = if name == "c" {
            cases.div_ceil(6)
        } else {
            cases
        };
        let mut counts = Counts::default();
        for number in 0..cases {
            let case = Case::new(seed, number);
            match case.check(Some(&on)) {
                Ok(outcome) => counts.add(case.kind, outcome),
                Err(failure) => {
                    let (small, failure) = case.shrunk(&failure, Some(&on));
                    panic!("{failure}\n{}", small.file(&failure));
                }
            }
        }
        println!("{name}: {cases} programs, seed {seed}\n{}", counts.table());
        let checked = counts.ended(Ended::Passed) + counts.ended(Ended::Trapped);
        assert!(
            checked * 10 > cases * 8,
            "only {checked} of {cases} were checked fully on {name}"
        );
    }
}

#[test]
fn lanes_of_a_batch_do_what_they_do_alone() {
    let (cases, seed) = (number("COTANGENT_CASES", 60), number("COTANGENT_SEED", 1));
    let mut counts = Counts::default();
    for number in 0..cases {
        let case = Case::new(seed, number);
        match case.check_batched(None) {
            Ok(outcome) => counts.add(case.kind, outcome),
            Err(failure) => {
                let (small, failure) = case.shrunk_batched(&failure, None);
                panic!("{failure}\n{}", small.file(&failure));
            }
        }
    }
    println!("{cases} programs, seed {seed}\n{}", counts.table());
    let checked = counts.ended(Ended::Passed) + counts.ended(Ended::Trapped);
    assert!(
        checked * 10 > cases * 8,
        "only {checked} of {cases} were checked fully"
    );
}

#[test]
fn batches_agree_on_machine_code() {
    let (cases, seed) = (number("COTANGENT_CASES", 30), number("COTANGENT_SEED", 1));
    let on = On("jit");
    for number in 0..cases {
        let case = Case::new(seed, number);
        if let Err(failure) = case.check_batched(Some(&on)) {
            let (small, failure) = case.shrunk_batched(&failure, Some(&on));
            panic!("{failure}\n{}", small.file(&failure));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_program() {
    for number in 0..20 {
        let (a, b) = (Case::new(3, number), Case::new(3, number));
        assert_eq!(a.program, b.program);
        assert!(a.args.iter().zip(&b.args).all(|(x, y)| x.same_bits(y)));
    }
}

/// A rule with the wrong factor: what the check is for.
#[test]
fn a_wrong_derivative_is_found() {
    let text = |factor: &str| {
        format!(
            "cotangent 1
            func @f(x: f64, y: f64, n: i64, a: f64[4]) -> (f64, f64[4], i64) {{
              r = call @square(x) : f64
              return r, a, n
            }}
            func @square(x: f64) -> (f64) rule jvp @square_jvp {{
              y = multiply x, x : f64
              return y
            }}
            func @square_jvp(x: f64, t: f64) -> (f64, f64) {{
              y = multiply x, x : f64
              k = const f64 {factor}
              s = multiply x, k : f64
              d = multiply s, t : f64
              return y, d
            }}"
        )
    };
    let how = Derivatives {
        order: 1,
        differences: true,
    };
    let args = arguments(&mut Rng(1));
    let check = |factor| check_module(parse(&text(factor)).unwrap(), &args, &how);
    assert_eq!(check("2.0"), Ok(Outcome::Passed(1)));
    let failure = check("2.001").unwrap_err();
    assert_eq!(failure.property, "derivatives");
}

#[test]
fn programs_use_everything() {
    let mut text = String::new();
    let (mut rules, mut derivatives) = (0, 0);
    for number in 0..400 {
        let case = Case::new(1, number);
        rules += u32::from(case.program.uses_rules());
        derivatives += u32::from(case.program.uses_derivatives());
        text += &print(&module(&case.program));
    }
    assert!(rules > 20 && derivatives > 20, "{rules} {derivatives}");
    let ops = [
        "if ",
        "switch ",
        "while ",
        "for ",
        "map ",
        "call ",
        "derive jvp",
        "derive gradient",
        "block ",
        "br ",
        "slice ",
        "update_slice ",
        "concat",
        "fill ",
        "push ",
        "pop ",
        "len ",
        "reduce_sum",
        "reduce_prod",
        "dot_general",
        "reverse",
        "cumsum",
        "select ",
        "complex ",
        "conj ",
        "stop_gradient ",
        "rule0",
        "rule1",
        "assert",
        "broadcast",
    ];
    let missing: Vec<&str> = ops.into_iter().filter(|op| !text.contains(op)).collect();
    assert!(missing.is_empty(), "never generated: {missing:?}");
}
