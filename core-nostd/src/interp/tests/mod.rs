//! Tests of the interpreter: control flow, calls, limits, traps, and updates in place ([`in_place`]).

mod in_place;

use super::{Limits, Program};
use crate::entity::FuncId;
use crate::error::{Trap, TrapKind};
use crate::ir::{
    BinaryOp, Builder, CompareOp, ControlOp, DType, Dim, EffectOp, Func, Label, Module, Path,
    SlotOp, Span, Step, Type, UnaryOp,
};
use crate::value::{Data, Element, Scalar, Tensor, Val};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

fn f64s() -> Type {
    Type::tensor(DType::F64, [Dim::Dynamic])
}

/// A module of one function.
fn module(f: Func) -> (Module, FuncId) {
    let mut m = Module::new();
    let id = m.funcs.push(f);
    (m, id)
}

/// Builds a function of one body and runs it.
fn run_with(
    limits: &Limits,
    params: &[Type],
    args: Vec<Val>,
    body: impl FnOnce(&mut Builder) -> Vec<crate::ir::Value>,
) -> Result<Vec<Val>, Trap> {
    let mut b = Builder::new("f", params);
    let ys = body(&mut b);
    let (m, id) = module(b.finish(&ys).expect("well typed"));
    Program::new(&m).run(id, args, limits)
}

fn run(
    params: &[Type],
    args: Vec<Val>,
    body: impl FnOnce(&mut Builder) -> Vec<crate::ir::Value>,
) -> Result<Vec<Val>, Trap> {
    run_with(&Limits::default(), params, args, body)
}

fn one<T: Element>(r: Result<Vec<Val>, Trap>) -> T {
    let vals = r.expect("no trap");
    assert_eq!(vals.len(), 1);
    T::from_scalar(vals[0].as_scalar().expect("a scalar")).expect("of that type")
}

fn kind(r: Result<Vec<Val>, Trap>) -> TrapKind {
    r.expect_err("a trap").kind
}

#[test]
fn if_takes_the_arm_of_its_condition() {
    for (c, want) in [(true, 1.0), (false, 2.0)] {
        let y: f64 = one(run(&[DType::Bool.into()], vec![c.into()], |b| {
            let c = b.params()[0];
            b.if_(c, |b| vec![b.scalar(1.0)], |b| vec![b.scalar(2.0)])
        }));
        assert_eq!(y, want);
    }
}

#[test]
fn switch_out_of_range_takes_the_last() {
    for (i, want) in [(0, 10), (1, 11), (2, 12), (3, 12), (-1, 12), (i64::MIN, 12)] {
        let y: i64 = one(run(&[DType::I64.into()], vec![i.into()], |b| {
            let i = b.params()[0];
            let arms: Vec<_> = (10..13i64)
                .map(|k| {
                    b.open(&[]);
                    let y = b.scalar(k);
                    b.close(&[y])
                })
                .collect();
            b.region_op(ControlOp::Switch, &[i], &arms)
        }));
        assert_eq!(y, want, "{i}");
    }
}

#[test]
fn while_runs_until_its_condition_fails() {
    // Collatz steps of 27.
    let y: u64 = one(run(&[DType::U64.into()], vec![27u64.into()], |b| {
        let n = b.params()[0];
        let zero = b.index(0);
        let r = b.while_(
            &[n, zero],
            |b, p| {
                let one = b.index(1);
                b.compare(CompareOp::Ne, p[0], one)
            },
            |b, p| {
                let (one, two, three) = (b.index(1), b.index(2), b.index(3));
                let odd = b.binary(BinaryOp::Rem, p[0], two);
                let odd = b.compare(CompareOp::Eq, odd, one);
                let n = b.if_(
                    odd,
                    |b| {
                        let t = b.mul(p[0], three);
                        vec![b.add(t, one)]
                    },
                    |b| vec![b.div(p[0], two)],
                );
                let k = b.add(p[1], one);
                vec![n[0], k]
            },
        );
        vec![r[1]]
    }));
    assert_eq!(y, 111);
}

#[test]
fn for_swaps_carried_values_at_once() {
    let r = run(&[DType::U64.into()], vec![5u64.into()], |b| {
        let n = b.params()[0];
        let zero = b.index(0);
        let (x, y, z) = (b.scalar(1.0), b.scalar(2.0), b.scalar(3.0));
        b.for_(zero, n, &[x, y, z], |_, _, c| vec![c[1], c[2], c[0]])
    })
    .unwrap();
    let got: Vec<Scalar> = r.iter().map(|v| v.as_scalar().unwrap()).collect();
    assert_eq!(got, [Scalar::F64(3.0), Scalar::F64(1.0), Scalar::F64(2.0)]);
}

/// The number of iterations and the last index of `lo..hi`.
fn count(lo: Scalar, hi: Scalar) -> (u64, Scalar) {
    let r = run(&[], vec![], |b| {
        let (l, h) = (b.scalar(lo), b.scalar(hi));
        let zero = b.index(0);
        b.for_(l, h, &[zero, l], |b, i, c| {
            let one = b.index(1);
            vec![b.add(c[0], one), i]
        })
    })
    .unwrap();
    (
        u64::from_scalar(r[0].as_scalar().unwrap()).unwrap(),
        r[1].as_scalar().unwrap(),
    )
}

#[test]
fn for_counts_in_any_integer_type_up_to_its_maximum() {
    assert_eq!(
        count(Scalar::U8(250), Scalar::U8(255)),
        (5, Scalar::U8(254))
    );
    assert_eq!(
        count(Scalar::I8(-128), Scalar::I8(127)),
        (255, Scalar::I8(126))
    );
    assert_eq!(
        count(Scalar::U64(u64::MAX - 2), Scalar::U64(u64::MAX)),
        (2, Scalar::U64(u64::MAX - 1))
    );
    assert_eq!(
        count(Scalar::I64(i64::MAX - 1), Scalar::I64(i64::MAX)),
        (1, Scalar::I64(i64::MAX - 1))
    );
    assert_eq!(count(Scalar::I32(3), Scalar::I32(3)).0, 0);
    assert_eq!(count(Scalar::I32(3), Scalar::I32(-3)).0, 0);
}

#[test]
fn nested_loops_see_outer_values() {
    // sum over i < 4, j < i of n * i + j
    let y: u64 = one(run(&[DType::U64.into()], vec![10u64.into()], |b| {
        let n = b.params()[0];
        let (zero, four) = (b.index(0), b.index(4));
        b.for_(zero, four, &[zero], |b, i, s| {
            b.for_(zero, i, &[s[0]], |b, j, s| {
                let t = b.mul(n, i);
                let t = b.add(t, j);
                vec![b.add(s[0], t)]
            })
        })
    }));
    let want: u64 = (0..4).flat_map(|i| (0..i).map(move |j| 10 * i + j)).sum();
    assert_eq!(y, want);
}

fn map_square_plus(x: Val) -> Result<Vec<Val>, Trap> {
    let ty = match &x {
        Val::Tensor(t) => t.ty(),
        _ => DType::F64.into(),
    };
    run(&[ty, DType::F64.into()], vec![x, 0.5.into()], |b| {
        let (x, k) = (b.params()[0], b.params()[1]);
        b.map(&[x, x], |b, p| {
            let s = b.mul(p[0], p[1]);
            let big = b.compare(CompareOp::Gt, s, k);
            vec![b.add(s, k), big]
        })
    })
}

#[test]
fn map_is_elementwise_over_any_rank() {
    let t = |shape: &[usize], v: Vec<f64>| {
        Val::tensor(Tensor::new(shape.to_vec(), Data::F64(v)).unwrap())
    };
    let r = map_square_plus(t(&[2, 2], vec![0.0, 1.0, 2.0, 3.0])).unwrap();
    assert!(r[0].same_bits(&t(&[2, 2], vec![0.5, 1.5, 4.5, 9.5])));
    let Val::Tensor(big) = &r[1] else { panic!() };
    assert_eq!(big.data, Data::Bool(vec![false, true, true, true]));
    let r = map_square_plus(t(&[3, 0], vec![])).unwrap();
    assert!(r[0].same_bits(&t(&[3, 0], vec![])));
    let r = map_square_plus(3.0.into()).unwrap();
    assert!(r[0].same_bits(&9.5.into()) && r[1].same_bits(&true.into()));
}

#[test]
fn map_of_different_lengths_traps() {
    let k = kind(run(
        &[f64s(), f64s()],
        vec![Val::vector(vec![1.0, 2.0]), Val::vector(vec![1.0])],
        |b| {
            let p = b.params();
            b.map(&p, |b, p| vec![b.add(p[0], p[1])])
        },
    ));
    let TrapKind::ShapeMismatch { a, b, .. } = k else {
        panic!("{k:?}")
    };
    assert_eq!((a, b), (vec![2], vec![1]));
}

/// `fib`, mutually recursive `even`/`odd`, and `ackermann`, in one module.
fn recursive() -> Module {
    let mut m = Module::new();
    let u = Type::from(DType::U64);
    let (fib, even, odd, ack) = (FuncId(0), FuncId(1), FuncId(2), FuncId(3));
    let mut b = Builder::new("fib", core::slice::from_ref(&u));
    let n = b.params()[0];
    let (one, two) = (b.index(1), b.index(2));
    let small = b.compare(CompareOp::Lt, n, two);
    let y = b.if_(
        small,
        |_| vec![n],
        |b| {
            let (p, q) = (b.sub(n, one), b.sub(n, two));
            let p = b.call(fib, &[p], &[Type::from(DType::U64)]);
            let q = b.call(fib, &[q], &[Type::from(DType::U64)]);
            vec![b.add(p[0], q[0])]
        },
    );
    m.funcs.push(b.finish(&y).unwrap());
    for (name, other, at_zero) in [("even", odd, true), ("odd", even, false)] {
        let mut b = Builder::new(name, core::slice::from_ref(&u));
        let n = b.params()[0];
        let (zero, one) = (b.index(0), b.index(1));
        let end = b.compare(CompareOp::Eq, n, zero);
        let y = b.if_(
            end,
            |b| vec![b.scalar(at_zero)],
            |b| {
                let p = b.sub(n, one);
                b.call(other, &[p], &[DType::Bool.into()])
            },
        );
        m.funcs.push(b.finish(&y).unwrap());
    }
    let mut b = Builder::new("ack", &[u.clone(), u.clone()]);
    let (i, j) = (b.params()[0], b.params()[1]);
    let (zero, one) = (b.index(0), b.index(1));
    let base = b.compare(CompareOp::Eq, i, zero);
    let y = b.if_(
        base,
        |b| vec![b.add(j, one)],
        |b| {
            let less = b.sub(i, one);
            let edge = b.compare(CompareOp::Eq, j, zero);
            let inner = b.if_(
                edge,
                |_| vec![one],
                |b| {
                    let k = b.sub(j, one);
                    b.call(ack, &[i, k], &[Type::from(DType::U64)])
                },
            );
            b.call(ack, &[less, inner[0]], &[Type::from(DType::U64)])
        },
    );
    m.funcs.push(b.finish(&y).unwrap());
    m
}

#[test]
fn recursion() {
    let p = Program::new(&recursive());
    let run = |f: u32, args: &[u64]| {
        let args = args.iter().map(|&x| x.into()).collect();
        p.run(FuncId(f), args, &Limits::default())
    };
    assert_eq!(one::<u64>(run(0, &[15])), 610);
    assert!(one::<bool>(run(1, &[1000])));
    assert!(!one::<bool>(run(2, &[1000])));
    assert_eq!(one::<u64>(run(3, &[2, 3])), 9);
}

#[test]
fn recursion_a_million_deep_traps_or_runs() {
    let p = Program::new(&recursive());
    let k = kind(p.run(FuncId(1), vec![1_000_000u64.into()], &Limits::default()));
    assert_eq!(k, TrapKind::RecursionLimit { limit: 100_000 });
    let deep = Limits {
        depth: 2_000_000,
        ..Limits::default()
    };
    assert!(one::<bool>(p.run(
        FuncId(1),
        vec![1_000_000u64.into()],
        &deep
    )));
    let narrow = Limits {
        depth: u32::MAX,
        stack_bytes: 1 << 20,
        ..Limits::default()
    };
    let k = kind(p.run(FuncId(1), vec![u64::MAX.into()], &narrow));
    assert!(matches!(k, TrapKind::OutOfMemory { .. }), "{k:?}");
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let limits = Limits {
        fuel: Some(1000),
        ..Limits::default()
    };
    // `while true {}` and a loop of moves only.
    let k = kind(run_with(
        &limits,
        &[DType::Bool.into()],
        vec![true.into()],
        |b| {
            let c = b.params()[0];
            b.while_(&[], |_, _| c, |_, _| vec![])
        },
    ));
    assert_eq!(k, TrapKind::OutOfFuel { limit: 1000 });
    let y: u64 = one(run_with(&limits, &[], vec![], |b| vec![b.index(3)]));
    assert_eq!(y, 3);
}

#[test]
fn traps_name_the_function_and_the_place() {
    let mut m = Module::new();
    let file = m.file("src/model.rs");
    let mut b = Builder::new("inner", &[DType::I64.into()]);
    let x = b.params()[0];
    b.set_span(Span {
        file,
        line: 7,
        col: 12,
    });
    let y = b.neg(x);
    let inner = m.funcs.push(b.finish(&[y]).unwrap());
    let mut b = Builder::new("outer", &[DType::I64.into()]);
    let x = b.params()[0];
    let y = b.call(inner, &[x], &[DType::I64.into()]);
    b.set_span(Span {
        file,
        line: 20,
        col: 1,
    });
    let no = b.scalar(false);
    b.raw(EffectOp::Assert(String::from("never")), &[no], &[], &[]);
    let outer = m.funcs.push(b.finish(&y).unwrap());
    let p = Program::new(&m);
    let t = p
        .run(outer, vec![i64::MIN.into()], &Limits::default())
        .unwrap_err();
    assert_eq!(t.kind, TrapKind::IntegerOverflow { op: "negate" });
    assert_eq!(
        (t.func.as_str(), t.file.as_str(), t.line, t.col),
        ("inner", "src/model.rs", 7, 12)
    );
    let t = p
        .run(outer, vec![1i64.into()], &Limits::default())
        .unwrap_err();
    assert_eq!(t.kind, TrapKind::Panic(String::from("never")));
    assert_eq!((t.func.as_str(), t.line), ("outer", 20));
}

#[test]
fn arguments_are_checked() {
    let mut b = Builder::new("f", &[f64s(), DType::I32.into()]);
    let x = b.params()[0];
    let y = b.unary(UnaryOp::Neg, x);
    let (m, f) = module(b.finish(&[y]).unwrap());
    let p = Program::new(&m);
    let go = |args| kind(p.run(f, args, &Limits::default()));
    let good = Val::vector(vec![1.0]);
    for (args, want) in [
        (vec![good.clone()], "2 argument"),
        (vec![good.clone(), 1.0.into()], "argument 1 of type i32"),
        (vec![1.0.into(), 1i32.into()], "argument 0 of type f64[?]"),
        (
            vec![Val::vector(vec![1f32]), 1i32.into()],
            "argument 0 of type f64[?]",
        ),
    ] {
        let TrapKind::TypeConfusion { op } = go(args) else {
            panic!()
        };
        assert!(op.contains(want), "{op}");
    }
    assert!(
        p.run(f, vec![good, 1i32.into()], &Limits::default())
            .is_ok()
    );
    assert!(p.run(FuncId(9), vec![], &Limits::default()).is_err());
}

#[test]
fn a_value_too_large_traps() {
    let limits = Limits {
        max_bytes: 1000,
        ..Limits::default()
    };
    let x = Val::vector(vec![0.0; 126]);
    let k = kind(run_with(&limits, &[f64s()], vec![x], |b| {
        let x = b.params()[0];
        b.map(&[x], |_, p| vec![p[0]])
    }));
    assert_eq!(k, TrapKind::OutOfMemory { bytes: 1008 });
}

/// The slot stage: the first `i` for which `xs[i] > limit`, by an early exit from a loop; `n` if there is none.
fn find_first() -> Func {
    let mut b = Builder::new("find", &[f64s(), DType::F64.into()]);
    let (xs, limit) = (b.params()[0], b.params()[1]);
    let found = b.slot(DType::U64.into(), "found");
    let n = b.len(xs);
    b.slot_set(found, n, vec![], &[]);
    let zero = b.index(0);
    let out = b.label();
    let (block, _) = b.open(&[]);
    b.for_(zero, n, &[], |b, i, _| {
        let x = b.at(xs, i);
        let hit = b.compare(CompareOp::Gt, x, limit);
        b.if_(
            hit,
            |b| {
                b.slot_set(found, i, vec![], &[]);
                leave(b, out);
                vec![]
            },
            |_| vec![],
        );
        vec![]
    });
    b.close(&[]);
    b.raw(SlotOp::Block(out), &[], &[block], &[]);
    let y = b.slot_get(found, vec![], &[]);
    b.finish(&[y]).unwrap()
}

fn leave(b: &mut Builder, l: Label) {
    b.raw(SlotOp::Br(l), &[], &[], &[]);
}

#[test]
fn the_slot_stage_runs_too() {
    let (m, f) = module(find_first());
    let p = Program::new(&m);
    for (limit, want) in [(0.5, 0u64), (2.5, 2), (9.0, 4)] {
        let args = vec![Val::vector(vec![1.0, 2.0, 3.0, 2.0]), limit.into()];
        assert_eq!(one::<u64>(p.run(f, args, &Limits::default())), want);
    }
}

#[test]
fn slots_hold_arrays_and_are_written_at_a_path() {
    let r = run(&[f64s()], vec![Val::vector(vec![1.0, 2.0, 3.0])], |b| {
        let xs = b.params()[0];
        let s = b.slot(Type::record([f64s(), DType::F64.into()]), "s");
        b.slot_set(s, xs, vec![Step::Field(0)], &[]);
        let path: Path = vec![Step::Field(0), Step::Index];
        let (one, nine) = (b.index(1), b.scalar(9.0));
        b.slot_set(s, nine, path.clone(), &[one]);
        let whole = b.slot_get(s, vec![], &[]);
        let at = b.slot_get(s, path, &[one]);
        vec![whole, at]
    })
    .unwrap();
    let want = Val::record(vec![Val::vector(vec![1.0, 9.0, 3.0]), 0.0.into()]);
    assert!(r[0].same_bits(&want), "{r:?}");
    assert!(r[1].same_bits(&9.0.into()));
}

#[test]
fn a_branch_out_of_a_map_closes_it() {
    let x = Val::vector(vec![1.0, -2.0, 3.0]);
    let y: f64 = one(run(&[f64s()], vec![x.clone()], |b| {
        let xs = b.params()[0];
        let first = b.slot(DType::F64.into(), "first negative");
        let l = b.label();
        let (block, _) = b.open(&[]);
        b.map(&[xs], |b, p| {
            let zero = b.scalar(0.0);
            let neg = b.compare(CompareOp::Lt, p[0], zero);
            b.if_(
                neg,
                |b| {
                    b.slot_set(first, p[0], vec![], &[]);
                    leave(b, l);
                    vec![]
                },
                |_| vec![],
            );
            vec![p[0]]
        });
        b.close(&[]);
        b.raw(SlotOp::Block(l), &[], &[block], &[]);
        let more = b.map(&[xs], |b, p| vec![b.neg(p[0])]);
        let two = b.index(2);
        let last = b.at(more[0], two);
        let y = b.slot_get(first, vec![], &[]);
        vec![b.add(y, last)]
    }));
    assert_eq!(y, -5.0);
}

#[test]
fn unverified_ir_traps() {
    let u = Type::from(DType::U64);
    // A call with a missing argument, a call of nothing, a value of another type than it says, a `br` to nowhere.
    for case in 0..4 {
        let mut m = Module::new();
        let b = Builder::new("callee", core::slice::from_ref(&u));
        let p = b.params()[0];
        m.funcs.push(b.finish(&[p]).unwrap());
        let mut b = Builder::new("f", core::slice::from_ref(&u));
        let x = b.params()[0];
        match case {
            0 => drop(b.call(FuncId(0), &[], core::slice::from_ref(&u))),
            1 => drop(b.call(FuncId(7), &[x], core::slice::from_ref(&u))),
            2 => {
                b.open(&[]);
                let r = b.close(&[]);
                b.open(&[]);
                let q = b.close(&[]);
                b.raw(ControlOp::If, &[x], &[r, q], &[]);
            }
            _ => leave(&mut b, Label(3)),
        }
        let f = m.funcs.push(b.finish(&[x]).unwrap());
        let k = kind(Program::new(&m).run(f, vec![1u64.into()], &Limits::default()));
        assert!(matches!(k, TrapKind::TypeConfusion { .. }), "{case}: {k:?}");
    }
}
