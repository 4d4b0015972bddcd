//! Runs a function for each lane and for all at once.

use cotangent_core::entity::FuncId;
use cotangent_core::error::Trap;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{Dim, Module, Type};
use cotangent_core::pass;
use cotangent_core::text::{parse, print};
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, split_lanes, vmap};
use cotangent_core::value::Val;
use cotangent_core::verify::verify_lowered;

/// A lowered module of a text without its first line.
pub fn module(text: &str) -> Module {
    let text = format!("cotangent 1\n{text}");
    let mut m = parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text)));
    pass::lower(&mut m).unwrap();
    verify_lowered(&m).unwrap_or_else(|e| panic!("{}", e[0]));
    m
}

pub fn run(m: &Module, f: FuncId, args: Vec<Val>) -> Result<Vec<Val>, Trap> {
    Program::new(m).run(f, args, &Limits::default())
}

pub fn batch(m: &Module, f: FuncId, spec: &Spec) -> (Module, FuncId) {
    let mut m = m.clone();
    let g = vmap(&mut m, f, spec).unwrap_or_else(|e| panic!("{e}"));
    verify_lowered(&m).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(&m)));
    (m, g)
}

/// All ways to batch these arguments (`lanes[l][k]`): both strategies, the number of lanes known or not, as axis 0 or as rows.
pub fn specs(args: &[Axes], n: usize) -> Vec<Spec> {
    let mut out = Vec::new();
    for strategy in [Strategy::Lockstep, Strategy::LaneByLane] {
        for lanes in [Dim::Dynamic, Dim::Known(n as u64)] {
            for rows in [false, true] {
                let to = |a: &Axes| match a {
                    Axes::At(0) if rows => Axes::Rows,
                    a => a.clone(),
                };
                out.push(Spec {
                    args: args.iter().map(to).collect(),
                    out: if rows { Axes::Rows } else { Axes::At(0) },
                    lanes,
                    strategy,
                    guard: true,
                });
            }
        }
    }
    out
}

/// The first function of the module does in each lane what it does alone, however it is batched.
pub fn agree(m: &Module, args: &[Axes], lanes: &[Vec<Val>]) {
    let f = FuncId(0);
    let (params, results) = (m.funcs[f].param_types(), m.funcs[f].results.clone());
    let want: Vec<Result<Vec<Val>, Trap>> = lanes.iter().map(|a| run(m, f, a.clone())).collect();
    for spec in specs(args, lanes.len()) {
        let (b, g) = batch(m, f, &spec);
        let Some(joined) = joined(lanes, &params, &spec) else {
            continue;
        };
        let got = run(&b, g, joined);
        let failure = || format!("{spec:?}\n{got:?}\nwant {want:?}\n{}", print(&b));
        if want.iter().any(Result::is_err) {
            let kinds: Vec<_> = want.iter().flat_map(|w| w.as_ref().err()).collect();
            let ok = got
                .as_ref()
                .is_err_and(|t| kinds.iter().any(|k| k.kind == t.kind));
            assert!(ok, "{}", failure());
            continue;
        }
        let Ok(got) = &got else {
            panic!("{}", failure())
        };
        for (k, (v, ty)) in got.iter().zip(&results).enumerate() {
            let split = split_lanes(v, ty, &spec.out, lanes.len());
            let Some(split) = split else {
                panic!("{}", failure())
            };
            for (v, w) in split.iter().zip(&want) {
                let w = &w.as_ref().unwrap()[k];
                assert!(v.same_bits(w), "{}", failure());
            }
        }
    }
}

/// The arguments of a batched call; none if they cannot be held so.
pub fn joined(lanes: &[Vec<Val>], params: &[Type], spec: &Spec) -> Option<Vec<Val>> {
    let one = |k: usize| {
        let column: Vec<Val> = lanes.iter().map(|a| a[k].clone()).collect();
        join_lanes(&column, &params[k], &spec.args[k])
    };
    (0..params.len()).map(one).collect()
}

/// [`agree`] on a text, one number for each lane.
pub fn numbers(text: &str, xs: &[f64]) {
    let lanes: Vec<Vec<Val>> = xs.iter().map(|&x| vec![Val::from(x)]).collect();
    agree(&module(text), &[Axes::At(0)], &lanes);
}

/// [`agree`] on a text, one integer for each lane.
pub fn integers(text: &str, xs: &[i64]) {
    let lanes: Vec<Vec<Val>> = xs.iter().map(|&x| vec![Val::from(x)]).collect();
    agree(&module(text), &[Axes::At(0)], &lanes);
}
