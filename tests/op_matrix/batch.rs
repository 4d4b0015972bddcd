//! Batches of every op: all operands batched, and each alone, in lockstep; what comes out for each lane is what the op gives alone.

use super::row::{Case, Row};
use super::run::{call, executors, module, same, types_of};
use super::values::Rng;
use cotangent_core::ir::{ControlOp, Dim, Func, FuncId, Inst, Module, Op, Region, Type};
use cotangent_core::ops;
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, split_lanes, vmap};
use cotangent_core::value::Val;
use cotangent_core::{pass, text, verify};

const LANES: u64 = 3;

/// The points of a case that are of one type, so that they can be lanes of one batch.
fn lanes(case: &Case, open: bool) -> (Vec<Type>, Vec<Vec<Val>>) {
    let points: Vec<Vec<Val>> = (0..LANES)
        .map(|s| (case.args)(&mut Rng(s * 77 + 5)))
        .collect();
    let tys = types_of(case, &points[0], open);
    let of = |p: &Vec<Val>| p.iter().zip(&tys).all(|(v, t)| v.is_of(t));
    (tys.clone(), points.into_iter().filter(of).collect())
}

fn batched(m: &Module, f: FuncId, axes: &[Axes], out: Axes) -> Result<(Module, FuncId), String> {
    let mut m = m.clone();
    pass::lower(&mut m).map_err(|e| e.to_string())?;
    let spec = Spec {
        args: axes.to_vec(),
        out,
        lanes: Dim::Dynamic,
        strategy: Strategy::Lockstep,
        guard: true,
    };
    let g = vmap(&mut m, f, &spec).map_err(|e| e.to_string())?;
    verify::verify_lowered(&m).map_err(|e| format!("not valid: {}\n{}", e[0], text::print(&m)))?;
    Ok((m, g))
}

fn check_axes(
    case: &Case,
    m: &Module,
    f: FuncId,
    axes: &[Axes],
    points: &[Vec<Val>],
    machine: bool,
) -> Result<(), String> {
    let (tys, results) = (m.funcs[f].param_types(), m.funcs[f].results.clone());
    let own = |p: &Vec<Val>| -> Vec<Val> {
        let parts = p.iter().zip(&points[0]).zip(axes);
        parts
            .map(|((v, first), a)| if a.is_same() { first } else { v }.clone())
            .collect()
    };
    let points: Vec<Vec<Val>> = points.iter().map(own).collect();
    let joined: Option<Vec<Val>> = (0..tys.len())
        .map(|k| {
            let column: Vec<Val> = points.iter().map(|p| p[k].clone()).collect();
            join_lanes(&column, &tys[k], &axes[k])
        })
        .collect();
    // Arrays of different extents cannot be stacked.
    let Some(joined) = joined else { return Ok(()) };
    let (bm, g) = batched(m, f, axes, Axes::Rows)?;
    let got = call(&bm, g, &joined);
    let mut want = Vec::new();
    for p in &points {
        match call(m, f, p) {
            Ok(y) => want.push(y),
            Err(_) if got.is_err() => return Ok(()),
            Err(e) => return Err(format!("a lane traps, the batch does not: {e}")),
        }
    }
    let got = got?;
    for (k, (v, ty)) in got.iter().zip(&results).enumerate() {
        let split = split_lanes(v, ty, &Axes::Rows, points.len())
            .ok_or_else(|| format!("{v:?} is no batch of {ty}"))?;
        let alone: Vec<Val> = want.iter().map(|w| w[k].clone()).collect();
        same(&alone, &split, &format!("batching by {axes:?}"), &bm)?;
    }
    if machine {
        executors(&bm, g, &joined, &got, case.tolerance.max(1e-12))?;
    }
    Ok(())
}

fn check_case(case: &Case, open: bool) -> Result<usize, String> {
    let (tys, points) = lanes(case, open);
    if tys.is_empty() || points.is_empty() {
        return Ok(0);
    }
    let none = vec![None; tys.len()];
    let (mut m, f) = module(case, &tys, &none)?;
    pass::lower(&mut m).map_err(|e| e.to_string())?;
    let f = m.find("case").unwrap_or(f);
    let n = tys.len();
    let mut count = 0;
    for along in [Axes::At(0), Axes::Rows] {
        let mut choices = vec![vec![along.clone(); n]];
        if n > 1 {
            choices.extend((0..n).map(|k| {
                let mut one = vec![Axes::Same; n];
                one[k] = along.clone();
                one
            }));
        }
        for (k, axes) in choices.iter().enumerate() {
            let machine = k == 0 && !open && along == Axes::At(0);
            check_axes(case, &m, f, axes, &points, machine)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Tries all rows of a family; panics with all failures. Gives how many batches there were.
pub fn run(rows: &[Row]) -> usize {
    let (mut failures, mut count) = (Vec::new(), 0);
    for row in rows {
        for case in &row.cases {
            for open in [false, true] {
                if open && !case.open {
                    continue;
                }
                match check_case(case, open) {
                    Ok(n) => count += n,
                    Err(e) => failures.push(format!("{} ({}): {e}", row.name, case.label)),
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    count
}

/// How an op whose operands are all batched is run: of its cases with known extents, the first that has operands.
pub fn how(row: &Row) -> &'static str {
    let found = row.cases.iter().find_map(|case| {
        let (tys, _) = lanes(case, false);
        if tys.is_empty() {
            return None;
        }
        let (m, f) = module(case, &tys, &vec![None; tys.len()]).ok()?;
        let names: Vec<&str> = {
            let f = &m.funcs[f];
            let mut names = Vec::new();
            f.visit(f.body, &mut |_, d| names.push(ops::mnemonic(&d.op)));
            names
        };
        let (m, g) = batched(&m, f, &vec![Axes::At(0); tys.len()], Axes::At(0)).ok()?;
        let looped = m
            .funcs
            .iter()
            .filter(|(id, _)| *id >= g || m.funcs[*id].name.contains(".batch"))
            .any(|(_, f)| in_loop(f, f.body, false, &names));
        Some(if looped { "lane by lane" } else { "at once" })
    });
    found.unwrap_or("shared")
}

/// Whether a loop that is not one of the program's has one of the ops in it.
fn in_loop(f: &Func, r: Region, inside: bool, names: &[&str]) -> bool {
    f.regions[r].insts.iter().any(|&i: &Inst| {
        let d = &f.insts[i];
        let own = names.contains(&ops::mnemonic(&d.op));
        let is_loop = matches!(d.op, Op::Control(ControlOp::For)) && !names.contains(&"for");
        inside && own
            || d.regions
                .iter()
                .any(|&q| in_loop(f, q, inside || is_loop, names))
    })
}
