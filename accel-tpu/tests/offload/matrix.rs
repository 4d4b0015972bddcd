//! The op matrix: each op's values, tangents, cotangents, second derivatives and batches.

use crate::agree::Nearness;
use crate::batch::{Batch, Task};
use crate::op_matrix::row::{Case, Derive, Row};
use crate::op_matrix::values::{Rng, any, opened, shape, type_of};
use crate::op_matrix::{
    arrays, binary, contractions, control, fourier, linalg, places, reductions, select, shapes,
    special, unary, windows,
};
use cotangent_core::ad::derive;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{Builder, DeriveKind, Dim, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, vmap};
use cotangent_core::value::Val;

fn module(case: &Case, tys: &[Type]) -> Option<(Module, FuncId)> {
    let mut m = Module::new();
    if let Some(p) = &case.prelude {
        p(&mut m);
    }
    let mut b = Builder::new("case", tys);
    let params = b.params();
    let out = (case.build)(&mut b, &params);
    let f = b.finish(&out).ok()?;
    let f = m.funcs.push(f);
    Some((m, f))
}

fn call(m: &Module, f: FuncId, args: &[Val]) -> Option<Vec<Val>> {
    let out = Program::new(m).run(f, args.to_vec(), &Limits::default());
    out.ok()
}

/// Small tangents or cotangents of a value, of its structure; none where there is no tangent space.
fn direction(rng: &mut Rng, v: &Val, ty: &Type) -> Val {
    if !ty.has_tangent() {
        return Val::Unit;
    }
    match (v, ty) {
        (Val::Scalar(s), _) => any(rng, s.dtype(), &[]),
        (Val::Tensor(t), _) => any(rng, t.dtype(), &shape(v)[..t.shape.len()]),
        (Val::Record(vs), Type::Record(ts)) => Val::record(
            vs.iter()
                .zip(ts.iter())
                .map(|(v, t)| direction(rng, v, t))
                .collect(),
        ),
        (Val::Seq(vs), Type::Seq(t)) => Val::Seq(
            vs.iter()
                .map(|v| direction(rng, v, t))
                .collect::<Vec<_>>()
                .into(),
        ),
        _ => v.clone(),
    }
}

fn directions(rng: &mut Rng, of: &[Val], tys: &[Type]) -> Vec<Val> {
    of.iter()
        .zip(tys)
        .filter(|(_, t)| t.has_tangent())
        .map(|(v, t)| direction(rng, v, t))
        .collect()
}

fn try_case(batch: &mut Batch, row: &Row, case: &Case, open: bool, derived: bool) {
    let args = (case.args)(&mut Rng(5));
    let tys = match &case.tys {
        Some(tys) => tys.clone(),
        None => args.iter().map(type_of).collect(),
    };
    let tys: Vec<Type> = if open {
        tys.iter().map(opened).collect()
    } else {
        tys
    };
    let Some((m, f)) = module(case, &tys) else {
        return;
    };
    let name = |what: &str| {
        let extents = if open { ", `?`" } else { "" };
        format!("{} ({}{extents}) {what}", row.name, case.label)
    };
    let mut add = |m: &Module, f: FuncId, args: Vec<Val>, what: &str, tolerance: f64| {
        let nearness = Nearness::Within(tolerance.max(case.tolerance));
        batch.add(Task::new(name(what), m, f, args).with(nearness));
    };
    add(&m, f, args.clone(), "value", 0.0);
    if !derived {
        return;
    }
    let Some(out) = call(&m, f, &args) else {
        return;
    };
    let rng = &mut Rng(17);
    // Derivatives, once: with known extents, or if there are none.
    let wrt: Vec<u32> = match &case.wrt {
        Some(w) => w.clone(),
        None => (0..tys.len() as u32)
            .filter(|&k| tys[k as usize].has_tangent())
            .collect(),
    };
    if !open && !wrt.is_empty() && matches!(case.derive, Derive::Check(_) | Derive::Coarse) {
        let results = m.funcs[f].results.clone();
        let chosen: Vec<Val> = wrt.iter().map(|&k| args[k as usize].clone()).collect();
        let chosen_types: Vec<Type> = wrt.iter().map(|&k| tys[k as usize].clone()).collect();
        let mut jm = m.clone();
        if let Ok(g) = derive(&mut jm, f, DeriveKind::Jvp, &wrt) {
            let mut all = args.clone();
            all.extend(directions(rng, &chosen, &chosen_types));
            add(&jm, g, all, "jvp", 1e-12);
        }
        let mut vm = m.clone();
        if let Ok(g) = derive(&mut vm, f, DeriveKind::Vjp, &wrt) {
            let mut all = args.clone();
            all.extend(directions(rng, &out, &results));
            add(&vm, g, all.clone(), "vjp", 1e-12);
            // A tangent through it.
            let inner = vm.funcs[g].param_types();
            if matches!(case.derive, Derive::Check(_))
                && let Ok(h) = derive(&mut vm, g, DeriveKind::Jvp, &wrt)
            {
                let chosen: Vec<Val> = wrt.iter().map(|&k| all[k as usize].clone()).collect();
                let types: Vec<Type> = wrt.iter().map(|&k| inner[k as usize].clone()).collect();
                all.extend(directions(rng, &chosen, &types));
                add(&vm, h, all, "order 2", 1e-11);
            }
        }
    }
    if open {
        return;
    }
    // Three lanes.
    let lanes: Vec<Vec<Val>> = (0..3).map(|s| (case.args)(&mut Rng(s * 77 + 5))).collect();
    let fits = |p: &Vec<Val>| p.iter().zip(&tys).all(|(v, t)| v.is_of(t));
    if tys.is_empty() || !lanes.iter().all(fits) {
        return;
    }
    let axes = vec![Axes::At(0); tys.len()];
    let joined: Option<Vec<Val>> = (0..tys.len())
        .map(|k| {
            let column: Vec<Val> = lanes.iter().map(|p| p[k].clone()).collect();
            join_lanes(&column, &tys[k], &axes[k])
        })
        .collect();
    let mut bm = m.clone();
    if let Some(joined) = joined
        && pass::lower(&mut bm).is_ok()
        && let Some(f) = bm.find("case")
    {
        let spec = Spec {
            args: axes,
            out: Axes::Rows,
            lanes: Dim::Dynamic,
            strategy: Strategy::Lockstep,
            guard: true,
        };
        if let Ok(g) = vmap(&mut bm, f, &spec) {
            add(&bm, g, joined, "batch", 1e-12);
        }
    }
}

/// Rows of some families; with `COTANGENT_ROW` that one alone, with `COTANGENT_EVERY_CASE` the derivatives and batches of
/// every case, else of every `nth`.
fn check(title: &str, nth: usize, families: Vec<Vec<Row>>) {
    let mut batch = Batch::new(false);
    let every = std::env::var_os("COTANGENT_EVERY_CASE").is_some();
    let only = std::env::var("COTANGENT_ROW").unwrap_or_default();
    for row in families.iter().flatten() {
        if !only.is_empty() && row.name != only {
            continue;
        }
        for (k, case) in row.cases.iter().enumerate() {
            // Compiling takes long: of many cases that differ in type and shape, some have their derivatives tried.
            let derived = every || k % nth == 0;
            try_case(&mut batch, row, case, false, derived);
            if case.open && (every || k == 1) {
                try_case(&mut batch, row, case, true, false);
            }
        }
    }
    batch.flush();
    batch.found.report(title);
    assert!(!only.is_empty() || batch.found.compared > 20);
}

#[test]
fn unary_ops() {
    check("unary", 4, vec![unary::rows()]);
}

#[test]
fn binary_ops() {
    check("binary", 4, vec![binary::rows()]);
}

#[test]
fn other_elementwise_ops() {
    let rows = vec![select::ternary(), select::compare(), select::convert()];
    check("ternary, comparisons, conversions", 4, rows);
}

#[test]
fn arrays_and_shapes() {
    let rows = vec![
        places::rows(),
        arrays::array_rows(),
        shapes::rows(),
        arrays::index_rows(),
    ];
    check("arrays and shapes", 4, rows);
}

#[test]
fn reductions_and_contractions() {
    let rows = vec![reductions::reduce_rows(), contractions::rows()];
    check("reductions and contractions", 4, rows);
}

#[test]
fn linear_algebra_and_transforms() {
    check("linear algebra", 12, vec![linalg::rows(), fourier::rows()]);
}

#[test]
fn convolutions_and_windows() {
    check("windows", 4, vec![windows::rows()]);
}

#[test]
fn control_flow_and_others() {
    let rows = vec![
        special::const_rows(),
        special::random_rows(),
        special::tangent_rows(),
        control::control_rows(),
        control::effect_rows(),
    ];
    check("control flow and others", 4, rows);
}
