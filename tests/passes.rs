//! Random programs mean the same before and after every pass: results to the last bit, and the same trap if one.
//!
//! `COTANGENT_CASES=20000 COTANGENT_SEED=7 cargo test --test passes` runs more, or others.

use cotangent_core::pass;
use cotangent_core::text::print;
use cotangent_core::value::Val;
use cotangent_core::verify::verify;
use cotangent_progen::check::{arguments, run, same};
use cotangent_progen::emit::module;
use cotangent_progen::shrink::shrink;
use cotangent_progen::{Options, Program, Rng, generate};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(default)
}

/// The passes applied one after another; `None` if all agree, else the step at which the meaning changed.
fn difference(p: &Program, args: &[Val], steps: &[&str]) -> Option<String> {
    let mut m = module(p);
    if let Err(e) = verify(&m) {
        let e = &e[0];
        return Some(format!("the generated program: {e}"));
    }
    let want = run(&m, args)?;
    for (n, name) in steps.iter().enumerate() {
        pass::by_name(name).expect("a pass of that name")(&mut m);
        if *name == "mem2reg" {
            for f in m.funcs.values() {
                assert!(f.slots.is_empty() && f.labels == 0);
            }
        }
        if let Err(e) = verify(&m) {
            let e = &e[0];
            return Some(format!("step {n} ({name}): {e}\n{}", print(&m)));
        }
        let got = run(&m, args);
        if got.as_ref().is_none_or(|got| !same(&want, got)) {
            return Some(format!(
                "step {n} ({name}): {want:?} became {got:?}\n{}",
                print(&m)
            ));
        }
    }
    None
}

fn check(name: &str, options: Options, steps: &[&str]) {
    let cases = number("COTANGENT_CASES", 300);
    let seed = number("COTANGENT_SEED", 1);
    let (mut ran, mut trapped) = (0, 0);
    for case in 0..cases {
        let mut rng = Rng(seed.wrapping_mul(0x1_0000_0000).wrapping_add(case));
        let p = generate(&mut rng, &options);
        let args = arguments(&mut rng);
        match run(&module(&p), &args) {
            None => continue,
            Some(Ok(_)) => ran += 1,
            Some(Err(_)) => trapped += 1,
        }
        if difference(&p, &args, steps).is_some() {
            let p = shrink(&p, &mut |p| difference(p, &args, steps).is_some());
            let why = difference(&p, &args, steps).unwrap_or_default();
            panic!(
                "{name}, case {case} of seed {seed}, arguments {args:?}\n{p:#?}\n{}\n{why}",
                print(&module(&p))
            );
        }
    }
    println!("{name}: {ran} programs ran, {trapped} trapped, seed {seed}");
    assert!(
        ran * 2 > cases,
        "most programs should run: {ran} of {cases}"
    );
}

const PLAIN: Options = Options {
    float_compare: true,
    derive: false,
    ..Options::SMOOTH
};

#[test]
fn lowering_keeps_the_meaning() {
    check("lowering", PLAIN, &["structurize", "mem2reg", "compact"]);
}

#[test]
fn each_pass_keeps_the_meaning() {
    let steps = [
        "mem2reg", "dce", "simplify", "dce", "cse", "fold", "simplify", "dce", "licm", "cse",
        "inline", "simplify", "dce", "compact", "optimize", "optimize",
    ];
    check("passes", PLAIN, &steps);
}

#[test]
fn what_compiled_executors_run_keeps_the_meaning() {
    let steps = [
        "mem2reg",
        "inline",
        "slices",
        "ranges",
        "promote",
        "scalarize",
        "stores",
        "if_convert",
        "strength",
        "unroll",
        "simplify",
        "scalarize",
        "optimize",
        "finish",
        "finish",
    ];
    check("finish", PLAIN, &steps);
    let options = Options {
        traps: true,
        ..PLAIN
    };
    check("finish, traps", options, &["mem2reg", "finish"]);
}

#[test]
fn traps_stay() {
    let options = Options {
        traps: true,
        ..PLAIN
    };
    check("traps", options, &["mem2reg", "optimize"]);
}

#[test]
fn passes_run_on_the_slot_stage_too() {
    let steps = [
        "cse",
        "fold",
        "simplify",
        "dce",
        "licm",
        "structurize",
        "mem2reg",
    ];
    check("slot stage", PLAIN, &steps);
}
