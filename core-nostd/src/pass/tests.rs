//! Tests of passes on small programs; random programs are in the workspace's `tests/passes.rs`.

use super::*;
use crate::entity::FuncId;
use crate::interp::{Limits, Program};
use crate::ir::{
    BinaryOp, Builder, CompareOp, ControlOp, DType, Op, SlotOp, Step, Type, UnaryOp, Value,
};
use crate::value::Val;
use crate::verify::verify;
use alloc::vec;
use alloc::vec::Vec;

fn module(b: Builder, results: &[Value]) -> Module {
    let mut m = Module::new();
    m.funcs.push(b.finish(results).unwrap());
    assert!(verify(&m).is_ok(), "{}", crate::text::print(&m));
    m
}

fn run(m: &Module, args: &[Val]) -> Vec<Val> {
    let out = Program::new(m).run(FuncId(0), args.to_vec(), &Limits::default());
    out.unwrap()
}

/// How many instructions of a kind the first function has.
fn count(m: &Module, what: impl Fn(&Op) -> bool) -> usize {
    let f = &m.funcs[FuncId(0)];
    let mut n = 0;
    f.visit(f.body, &mut |_, d| n += usize::from(what(&d.op)));
    n
}

/// `n` times `if i == k { return x_k }`, where `x_{k+1} = x_k + 1` is used across all later guards.
fn guards(n: i64) -> Module {
    let f64_: Type = DType::F64.into();
    let mut b = Builder::new("guards", &[f64_.clone(), DType::I64.into()]);
    let (x, i) = (b.params()[0], b.params()[1]);
    let ret = b.slot(f64_, "ret");
    let l = b.label();
    let one = b.scalar(1.0);
    b.open(&[]);
    let mut x = x;
    for k in 0..n {
        let k = b.scalar(k);
        let hit = b.compare(CompareOp::Eq, i, k);
        b.open(&[]);
        b.slot_set(ret, x, vec![], &[]);
        b.raw(SlotOp::Br(l), &[], &[], &[]);
        let then = b.close(&[]);
        b.open(&[]);
        let otherwise = b.close(&[]);
        b.region_op(ControlOp::If, &[hit], &[then, otherwise]);
        x = b.add(x, one);
    }
    b.slot_set(ret, x, vec![], &[]);
    let body = b.close(&[]);
    b.raw(SlotOp::Block(l), &[], &[body], &[]);
    let y = b.slot_get(ret, vec![], &[]);
    module(b, &[y])
}

#[test]
fn thousands_of_early_exits_nest_no_deeper_than_a_few() {
    for n in [3, 40, 60, 3000] {
        let mut m = guards(n);
        mem2reg::run(&mut m);
        assert!(verify(&m).is_ok());
        optimize(&mut m);
        assert_eq!(count(&m, |op| matches!(op, Op::Slot(_))), 0);
        for i in [0, 1, n / 2, n - 1, n, -5] {
            let want = if (0..n).contains(&i) { i } else { n };
            let got = run(&m, &[0.5.into(), i.into()]);
            assert!(got[0].same_bits(&(want as f64 + 0.5).into()), "{n} {i}");
        }
    }
}

#[test]
fn guard_clauses_need_no_flag() {
    let mut m = guards(3);
    mem2reg::run(&mut m);
    tidy(&mut m);
    assert_eq!(count(&m, |op| matches!(op, Op::Compare(_))), 3);
    assert_eq!(count(&m, |op| matches!(op, Op::Control(ControlOp::If))), 3);
}

/// `s = 0; t = 0; for i in 0..n { t = a[i]; s += t * k; u = i }; return s`, with `k` in a slot nothing in the loop writes.
#[test]
fn a_loop_carries_only_what_it_needs() {
    let (f64_, i64_): (Type, Type) = (DType::F64.into(), DType::I64.into());
    let arr = Type::tensor(DType::F64, [crate::ir::Dim::Dynamic]);
    let mut b = Builder::new("f", &[arr.clone(), i64_.clone(), f64_.clone()]);
    let (a, n, k) = (b.params()[0], b.params()[1], b.params()[2]);
    let s = b.slot(f64_.clone(), "s");
    let t = b.slot(f64_.clone(), "t");
    let u = b.slot(i64_.clone(), "u");
    let ks = b.slot(f64_.clone(), "k");
    let xs = b.slot(arr, "a");
    b.slot_set(xs, a, vec![], &[]);
    b.slot_set(ks, k, vec![], &[]);
    let zero = b.scalar(0i64);
    let (_, ps) = b.open(core::slice::from_ref(&i64_));
    let x = b.slot_get(xs, vec![Step::Index], &[ps[0]]);
    b.slot_set(t, x, vec![], &[]);
    let x = b.slot_get(t, vec![], &[]);
    let k = b.slot_get(ks, vec![], &[]);
    let y = b.mul(x, k);
    let acc = b.slot_get(s, vec![], &[]);
    let acc = b.add(acc, y);
    b.slot_set(s, acc, vec![], &[]);
    b.slot_set(u, ps[0], vec![], &[]);
    let r = b.close(&[]);
    b.region_op(ControlOp::For, &[zero, n], &[r]);
    let y = b.slot_get(s, vec![], &[]);
    let mut m = module(b, &[y]);
    mem2reg::run(&mut m);
    let f = &m.funcs[FuncId(0)];
    f.visit(f.body, &mut |_, d| {
        if matches!(d.op, Op::Control(ControlOp::For)) {
            assert_eq!(d.results.len(), 1);
        }
    });
    let a = Val::vector(vec![1.0, 2.0, 4.0]);
    let got = run(&m, &[a, 3i64.into(), 10.0.into()]);
    assert!(got[0].same_bits(&70.0.into()));
}

#[test]
fn carried_values_that_feed_only_themselves_or_never_change_go() {
    let f64_: Type = DType::F64.into();
    let mut b = Builder::new("f", &[DType::I64.into(), f64_.clone(), f64_]);
    let (n, x, k) = (b.params()[0], b.params()[1], b.params()[2]);
    let zero = b.scalar(0i64);
    let ys = b.for_(zero, n, &[x, x, k], |b, _, p| {
        let dead = b.mul(p[1], p[1]);
        let s = b.add(p[0], p[2]);
        let k = b.unary(UnaryOp::Sin, p[2]);
        let _ = k;
        vec![s, dead, p[2]]
    });
    let mut m = module(b, &[ys[0]]);
    simplify::run(&mut m);
    dce::run(&mut m);
    let f = &m.funcs[FuncId(0)];
    f.visit(f.body, &mut |_, d| {
        if matches!(d.op, Op::Control(ControlOp::For)) {
            assert_eq!((d.results.len(), d.args.len()), (1, 3));
        }
    });
    assert_eq!(count(&m, |op| matches!(op, Op::Unary(_))), 0);
}

#[test]
fn loop_invariants_leave_all_loops_but_traps_stay() {
    let mut b = Builder::new("f", &[DType::I64.into(), DType::F64.into()]);
    let (n, x) = (b.params()[0], b.params()[1]);
    let zero = b.scalar(0i64);
    let ys = b.for_(zero, n, &[x], |b, _, p| {
        b.for_(zero, n, &[p[0]], |b, _, q| {
            let s = b.unary(UnaryOp::Sin, x);
            let trap = b.binary(BinaryOp::Div, n, n);
            let t = b.convert(DType::F64, trap);
            let s = b.add(s, t);
            vec![b.add(q[0], s)]
        })
    });
    let mut m = module(b, &[ys[0]]);
    licm::run(&mut m);
    assert!(verify(&m).is_ok());
    let f = &m.funcs[FuncId(0)];
    let top = |want: fn(&Op) -> bool| {
        let insts = &f.regions[f.body].insts;
        insts.iter().any(|&i| want(&f.insts[i].op))
    };
    assert!(top(|op| matches!(op, Op::Unary(_))));
    assert!(!top(|op| matches!(op, Op::Binary(_))));
}

#[test]
fn calls_are_inlined_and_functions_nobody_calls_go() {
    let f64_: Type = DType::F64.into();
    let mut m = Module::new();
    let mut b = Builder::new("main", core::slice::from_ref(&f64_));
    let x = b.params()[0];
    let y = b.call(FuncId(1), &[x], core::slice::from_ref(&f64_))[0];
    let y = b.call(FuncId(2), &[y], core::slice::from_ref(&f64_))[0];
    m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("double", core::slice::from_ref(&f64_));
    let x = b.params()[0];
    let y = b.add(x, x);
    m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("again", core::slice::from_ref(&f64_));
    let x = b.params()[0];
    let y = b.call(FuncId(2), &[x], core::slice::from_ref(&f64_))[0];
    m.funcs.push(b.finish(&[y]).unwrap());
    inline::run(&mut m);
    assert_eq!(
        count(&m, |op| matches!(op, Op::Control(ControlOp::Call(_)))),
        1,
        "the recursive one stays"
    );
    let names = prune::prune(&mut m, &[FuncId(0)]);
    assert_eq!((m.funcs.len(), names[FuncId(2)]), (2, Some(FuncId(1))));
    assert!(verify(&m).is_ok());
}

#[test]
fn large_functions_pass_in_linear_time() {
    let time = |n: i64| {
        let mut m = guards(n);
        let start = std::time::Instant::now();
        mem2reg::run(&mut m);
        optimize(&mut m);
        start.elapsed()
    };
    time(500);
    let (small, large) = (time(1000), time(8000));
    // 8 times the size; quadratic would be 64.
    assert!(large < small * 32, "{small:?} {large:?}");
}
