//! The boundary of compiled programs, on entries written by hand in place of compiled code: values through and back, traps, limits, memory used
//! again, threads, stacks.

use cotangent_core::entity::{FileId, FuncId, PrimaryMap};
use cotangent_core::error::TrapKind;
use cotangent_core::interp::Limits;
use cotangent_core::ir::{DType, Dim, Op, Span, Type};
use cotangent_core::value::{
    Data, Lent, LentArray, LentList, LentRows, Scalar, Slice, Tensor, Val,
};
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::layout::{leaves, memory_layout};
use cotangent_lower::lir::{
    ConstData, EvalData, FnId, Function, Opnd, Program, Site, SiteData, Stmt, TrapAt, Ty,
};
use cotangent_runtime::block::{Head, data_of};
use cotangent_runtime::context::thread_stats;
use cotangent_runtime::{Compiled, Context, Entry, address};
use num_complex::Complex;
use std::ptr::with_exposed_provenance_mut as at;

/// A program of one function.
fn program(params: &[Type], results: &[Type]) -> Program {
    let mut p = Program::default();
    p.funcs.push(Function {
        name: "f".into(),
        regs: PrimaryMap::default(),
        params: Vec::new(),
        results: Vec::new(),
        result_types: results
            .iter()
            .flat_map(|t| leaves(t).into_iter().map(|l| l.ty()))
            .collect(),
        body: Vec::new(),
        recursive: None,
    });
    p.signatures.push((params.to_vec(), results.to_vec()));
    p.files.push("f.rs".into());
    p
}

/// A place that traps.
fn site(p: &mut Program, kind: TrapAt) -> Site {
    p.sites.push(SiteData {
        kind,
        func: "g".into(),
        span: Span {
            file: FileId(0),
            line: 3,
            col: 7,
        },
    })
}

fn compiled(p: &Program, entry: Entry) -> Compiled {
    // SAFETY: the tests' entries follow the convention for their program.
    unsafe { Compiled::new(p, vec![entry], Box::new(())) }
}

fn run(c: &Compiled, args: &[Val]) -> Result<Vec<Val>, cotangent_core::error::Trap> {
    c.run(FuncId(0), args, &Limits::default())
}

fn vector() -> Type {
    Type::tensor(DType::F64, [Dim::Dynamic])
}

/// A callback's function.
macro_rules! callback {
    ($cb:expr, fn($($arg:ty),*) $(-> $ret:ty)?) => {
        // SAFETY: the callback's signature.
        unsafe { std::mem::transmute::<*const u8, unsafe extern "C" fn($($arg),*) $(-> $ret)?>(address($cb)) }
    };
}

/// Returns its `N` argument words.
unsafe extern "C" fn identity<const N: usize>(
    _: *mut Context,
    args: *const u64,
    results: *mut u64,
) -> u64 {
    // SAFETY: the program has `N` words of arguments and of results.
    unsafe { args.copy_to_nonoverlapping(results, N) };
    abi::OK
}

fn passes<const N: usize>(ty: &Type, v: &Val) {
    assert_eq!(leaves(ty).len(), N, "{ty}");
    let c = compiled(
        &program(std::slice::from_ref(ty), std::slice::from_ref(ty)),
        identity::<N>,
    );
    let out = run(&c, std::slice::from_ref(v)).unwrap();
    assert!(out[0].same_bits(v), "{ty}: {:?} for {v:?}", out[0]);
    assert!(out[0].is_of(ty));
}

#[test]
fn values_of_every_kind_pass_through() {
    passes::<1>(&DType::F64.into(), &Val::from(-0.0));
    passes::<1>(&DType::F32.into(), &Val::from(f32::NAN));
    passes::<1>(&DType::I8.into(), &Val::from(-3i8));
    passes::<1>(&DType::Bool.into(), &Val::from(true));
    passes::<1>(&DType::I32.into(), &Val::from(i32::MIN));
    passes::<1>(&DType::U64.into(), &Val::from(u64::MAX));
    passes::<2>(&DType::C64.into(), &Val::from(Complex::new(1.5f32, -2.0)));
    passes::<2>(&DType::C128.into(), &Val::from(Complex::new(1.5, -2.0)));
    passes::<0>(&Type::unit(), &Val::Unit);
    passes::<3>(&vector(), &Val::vector(vec![1.0, 2.0]));
    passes::<3>(&vector(), &Val::vector::<f64>(vec![]));
    passes::<2>(
        &Type::known(DType::U16, &[3]),
        &Val::vector(vec![1u16, 2, 3]),
    );
    passes::<3>(
        &Type::tensor(DType::Bool, [Dim::Dynamic]),
        &Val::vector(vec![true, false]),
    );
    let matrix = Type::tensor(DType::C64, [Dim::Dynamic, Dim::Known(2), Dim::Dynamic]);
    let data: Vec<Complex<f32>> = (0..12).map(|k| Complex::new(k as f32, -1.0)).collect();
    let t = Tensor::new(vec![2, 2, 3], Data::C64(data)).unwrap();
    passes::<4>(&matrix, &Val::tensor(t));
    passes::<4>(
        &matrix,
        &Val::tensor(Tensor::new(vec![0, 2, 7], Data::C64(vec![])).unwrap()),
    );

    let point = Type::record([
        DType::Bool.into(),
        DType::C128.into(),
        vector(),
        DType::I16.into(),
    ]);
    let a_point = |x: f64| {
        Val::record(vec![
            Val::from(x > 1.0),
            Val::from(Complex::new(x, 0.5)),
            Val::vector(vec![x; 3]),
            Val::from(-5i16),
        ])
    };
    passes::<7>(&point, &a_point(2.0));
    let points = Type::seq(point.clone());
    passes::<3>(&points, &seq(vec![a_point(1.0), a_point(2.0)]));
    passes::<3>(&points, &seq(vec![]));
    passes::<3>(
        &Type::seq(points.clone()),
        &seq(vec![seq(vec![a_point(1.0)]), seq(vec![])]),
    );
    passes::<3>(&Type::seq(Type::unit()), &seq(vec![Val::Unit; 5]));
    passes::<3>(
        &Type::stack(DType::F32.into()),
        &Val::stack([Val::from(1f32), Val::from(2f32)]),
    );
    passes::<3>(
        &Type::stack(point.clone()),
        &Val::stack([a_point(1.0), a_point(3.0)]),
    );
    passes::<3>(&Type::stack(points), &Val::stack([seq(vec![a_point(4.0)])]));
    passes::<3>(
        &Type::stack(Type::unit()),
        &Val::stack([Val::Unit, Val::Unit]),
    );
}

fn seq(vs: Vec<Val>) -> Val {
    Val::Seq(std::sync::Arc::new(vs))
}

#[test]
fn lists_are_written_from_words_and_item_by_item() {
    let element = Type::record(vec![
        DType::F64.into(),
        DType::Bool.into(),
        DType::C64.into(),
    ]);
    let ty = Type::seq(element.clone());
    let value = |x: f64| {
        let z = Complex::new(x as f32, -1.0);
        Val::record(vec![Val::from(x), Val::from(x > 1.0), Val::from(z)])
    };
    let c = compiled(
        &program(std::slice::from_ref(&ty), std::slice::from_ref(&ty)),
        identity::<3>,
    );
    let words = |x: f64| {
        let bits = |v: f32| u64::from(v.to_bits());
        [x.to_bits(), u64::from(x > 1.0), bits(x as f32), bits(-1.0)]
    };
    let l = Limits::default();
    for xs in [vec![], vec![1.0], vec![1.0, 2.0, 3.0]] {
        let want = seq(xs.iter().map(|x| value(*x)).collect());
        let rows = LentRows::new(element.clone(), xs.iter().flat_map(|x| words(*x)).collect());
        let out = c.run_lent(FuncId(0), &[Lent::Rows(rows.unwrap())], &l);
        assert!(out.unwrap()[0].same_bits(&want));
    }
    let other = Type::record(vec![
        DType::F64.into(),
        DType::Bool.into(),
        DType::C128.into(),
    ]);
    let rows = LentRows::new(other, words(1.0).to_vec()).unwrap();
    assert!(c.run_lent(FuncId(0), &[Lent::Rows(rows)], &l).is_err());

    let ty = Type::seq(Type::record(vec![vector(), DType::F64.into()]));
    let c = compiled(
        &program(std::slice::from_ref(&ty), std::slice::from_ref(&ty)),
        identity::<3>,
    );
    let xs = [1.0, 2.0, 3.0];
    let item = |n: usize| {
        let array = LentArray::vector(Slice::F64(&xs[..n]));
        [Lent::Array(array), Lent::Scalar(Scalar::F64(n as f64))]
    };
    let list = LentList::new(2, [item(2), item(0), item(3)].concat()).unwrap();
    let out = c.run_lent(FuncId(0), &[Lent::List(list.clone())], &l);
    assert!(out.unwrap()[0].same_bits(&Lent::List(list).to_val()));
    let short = LentList::new(1, item(1).to_vec()).unwrap();
    assert!(c.run_lent(FuncId(0), &[Lent::List(short)], &l).is_err());
}

#[test]
fn arguments_are_checked_as_by_the_interpreter() {
    let text = "cotangent 1\nfunc @f(a: f64[?], x: f64) -> (f64) { return x }\n";
    let module = cotangent_core::text::parse(text).expect("a module");
    let oracle = cotangent_core::interp::Program::new(&module);
    let c = compiled(
        &program(&[vector(), DType::F64.into()], &[DType::F64.into()]),
        identity::<1>,
    );
    let l = Limits::default();
    let two = Val::from(2.0);
    for args in [
        vec![],
        vec![two.clone()],
        vec![two.clone(), two.clone()],
        vec![Val::vector(vec![1.0]), Val::from(1f32)],
        vec![Val::vector(vec![1f32]), two.clone()],
        vec![Val::Unit, two],
    ] {
        let want = oracle.run(FuncId(0), args.clone(), &l).unwrap_err();
        assert_eq!(c.run(FuncId(0), &args, &l).unwrap_err(), want);
        let lent: Vec<Lent<'_>> = args.into_iter().map(Lent::Val).collect();
        assert_eq!(c.run_lent(FuncId(0), &lent, &l).unwrap_err(), want);
    }
    let want = oracle.run(FuncId(9), vec![], &l).unwrap_err();
    assert_eq!(c.run(FuncId(9), &[], &l).unwrap_err(), want);
}

/// Twice the elements, in a new array.
unsafe extern "C" fn twice(ctx: *mut Context, args: *const u64, results: *mut u64) -> u64 {
    let alloc = callback!(Callback::Alloc, fn(*mut Context, u64, u64) -> *mut Head);
    // SAFETY: the words are those of an `f64[?]`; the context is the caller's.
    unsafe {
        let (data, n) = (at::<f64>(*args.add(1) as usize), *args.add(2));
        let block = alloc(ctx, n * 8, 0);
        if block.is_null() {
            (*ctx).site = 0;
            return abi::TRAPPED;
        }
        let out = data_of(block).cast::<f64>();
        for i in 0..n as usize {
            *out.add(i) = *data.add(i) * 2.0;
        }
        *results = block.expose_provenance() as u64;
        *results.add(1) = out.expose_provenance() as u64;
        *results.add(2) = n;
    }
    abi::OK
}

fn twice_program() -> Compiled {
    let mut p = program(&[vector()], &[vector()]);
    p.layouts.push(memory_layout(&DType::F64.into()));
    site(&mut p, TrapAt::Memory);
    compiled(&p, twice)
}

#[test]
fn memory_is_used_again_and_limited() {
    let c = twice_program();
    // The memory of large results is given away; each of the calls below has one.
    for (n, given) in [(3usize, 0), (3000, 0), (100_000, 21)] {
        let xs: Vec<f64> = (0..n).map(|k| k as f64).collect();
        let args = [Val::vector(xs.clone())];
        let want: Vec<f64> = xs.iter().map(|x| x * 2.0).collect();
        run(&c, &args).unwrap();
        let first = thread_stats();
        for _ in 0..20 {
            let out = run(&c, &args).unwrap();
            assert!(out[0].same_bits(&Val::vector(want.clone())));
        }
        assert_eq!(thread_stats().held, first.held);
        assert!(thread_stats().blocks > first.blocks);
        let lent = LentArray::new(Slice::F64(&xs), &[n]).unwrap();
        let out = c
            .run_lent(FuncId(0), &[Lent::Array(lent)], &Limits::default())
            .unwrap();
        assert!(out[0].same_bits(&Val::vector(want.clone())));
        assert_eq!(thread_stats().system, first.system + given);
    }
    let limits = Limits {
        max_bytes: 79,
        ..Limits::default()
    };
    let args = [Val::vector(vec![1.0; 10])];
    let trap = c.run(FuncId(0), &args, &limits).unwrap_err();
    assert_eq!(trap.kind, TrapKind::OutOfMemory { bytes: 80 });
    assert_eq!(
        (trap.func.as_str(), trap.file.as_str(), trap.line, trap.col),
        ("g", "f.rs", 3, 7)
    );
}

#[test]
fn many_threads_run_at_once() {
    let c = twice_program();
    std::thread::scope(|s| {
        for t in 0..8 {
            let c = &c;
            s.spawn(move || {
                for k in 0..200 {
                    let x = f64::from(t * 1000 + k);
                    let out = run(c, &[Val::vector(vec![x; 1 + k as usize])]).unwrap();
                    assert!(out[0].same_bits(&Val::vector(vec![2.0 * x; 1 + k as usize])));
                }
            });
        }
    });
}

/// Traps at the site that its argument says, with numbers 5, 6, 7, ….
unsafe extern "C" fn trap_at(ctx: *mut Context, args: *const u64, _: *mut u64) -> u64 {
    // SAFETY: the program has one word of arguments; the context is the caller's.
    unsafe {
        (*ctx).site = *args;
        for (k, n) in (*ctx).numbers.iter_mut().enumerate() {
            *n = k as u64 + 5;
        }
        (*ctx).numbers[3] = u64::MAX;
    }
    abi::TRAPPED
}

#[test]
fn traps_say_what_the_site_and_its_numbers_mean() {
    let op = String::from("dot");
    let kinds = [
        (
            TrapAt::Index(false),
            2,
            TrapKind::IndexOutOfRange { index: 5, len: 6 },
        ),
        (
            TrapAt::Range(true, false),
            3,
            TrapKind::RangeOutOfRange {
                lo: 5,
                hi: 6,
                len: 7,
            },
        ),
        (
            TrapAt::Shape("dot", 2),
            3,
            TrapKind::ShapeMismatch {
                op,
                a: vec![5, 6],
                b: vec![7],
            },
        ),
        (
            TrapAt::Overflow("mul"),
            0,
            TrapKind::IntegerOverflow { op: "mul" },
        ),
        (TrapAt::DivisionByZero, 0, TrapKind::DivisionByZero),
        (
            TrapAt::Shift(true),
            1,
            TrapKind::ShiftOutOfRange { amount: 5 },
        ),
        (TrapAt::Empty("pop"), 0, TrapKind::Empty { op: "pop" }),
        (TrapAt::Panic("no".into()), 0, TrapKind::Panic("no".into())),
        (TrapAt::Fuel, 0, TrapKind::OutOfFuel { limit: 9 }),
        (TrapAt::Memory, 0, TrapKind::OutOfMemory { bytes: 5 }),
        (
            TrapAt::Confusion("x".into()),
            0,
            TrapKind::TypeConfusion { op: "x".into() },
        ),
    ];
    let mut p = program(&[DType::U64.into()], &[]);
    for (at, n, _) in &kinds {
        let s = site(&mut p, at.clone());
        p.funcs[FnId(0)]
            .body
            .push(Stmt::Trap(s, vec![Opnd::i64(0); *n]));
    }
    let c = compiled(&p, trap_at);
    let limits = Limits {
        fuel: Some(9),
        ..Limits::default()
    };
    for (k, (_, _, want)) in kinds.iter().enumerate() {
        let trap = c.run_flat(FuncId(0), &[k as u64], &mut [], &limits);
        let trap = trap.unwrap().unwrap_err();
        assert_eq!(trap.kind, *want);
        assert_eq!((trap.func.as_str(), trap.line, trap.col), ("g", 3, 7));
        let again = c.run(FuncId(0), &[Val::from(k as u64)], &limits);
        assert_eq!(again.unwrap_err(), trap);
    }
    // A site that does not exist is an error, not a panic.
    let trap = run(&c, &[Val::from(u64::MAX)]).unwrap_err();
    assert!(matches!(trap.kind, TrapKind::TypeConfusion { .. }));
}

#[test]
fn scalar_functions_run_on_words() {
    let pair = Type::record([DType::F64.into(), DType::I8.into()]);
    let c = compiled(
        &program(std::slice::from_ref(&pair), std::slice::from_ref(&pair)),
        identity::<2>,
    );
    let mut out = [0; 2];
    let l = Limits::default();
    let before = thread_stats();
    let ran = c.run_flat(FuncId(0), &[1.5f64.to_bits(), 3], &mut out, &l);
    assert!(ran.is_some_and(|r| r.is_ok()));
    assert_eq!(out, [1.5f64.to_bits(), 3]);
    assert_eq!(thread_stats(), before);
    assert!(c.run_flat(FuncId(0), &[1], &mut out, &l).is_none());
    assert!(c.run_flat(FuncId(0), &[1, 2], &mut out[..1], &l).is_none());
    assert!(c.run_flat(FuncId(1), &[1, 2], &mut out, &l).is_none());
    let arrays = twice_program();
    assert!(
        arrays
            .run_flat(FuncId(0), &[0; 3], &mut [0; 3], &l)
            .is_none()
    );
}

/// Adds up `n, n - 1, …, 1` by recursion, with frames of some size.
unsafe extern "C" fn triangle(ctx: *mut Context, args: *const u64, results: *mut u64) -> u64 {
    let frame = std::hint::black_box([0u64; 16]);
    // SAFETY: one word of arguments, one of results; the context is the caller's.
    unsafe {
        let cx = &mut *ctx;
        if ((&raw const frame).addr() as u64) < cx.stack || cx.depth == 0 {
            cx.site = 0;
            return abi::TRAPPED;
        }
        cx.depth -= 1;
        let n = *args;
        let mut below = 0;
        if n > 0 {
            let next = n - 1;
            if triangle(ctx, &raw const next, &raw mut below) != abi::OK {
                return abi::TRAPPED;
            }
        }
        *results = n + below + frame[3];
        (*ctx).depth += 1;
    }
    abi::OK
}

fn triangle_program() -> Compiled {
    let mut p = program(&[DType::U64.into()], &[DType::U64.into()]);
    let s = site(&mut p, TrapAt::Recursion);
    p.funcs[FnId(0)].recursive = Some(s);
    for _ in 0..64 {
        p.funcs[FnId(0)].regs.push(Ty::I64);
    }
    compiled(&p, triangle)
}

#[test]
fn recursion_ends_at_its_limit_and_never_at_the_stacks() {
    let deep = if cfg!(miri) { 50 } else { 90_000 };
    let run = move || {
        let c = triangle_program();
        for n in [3u64, deep, 4] {
            let out = run(&c, &[Val::from(n)]).unwrap();
            assert!(out[0].same_bits(&Val::from(n * (n + 1) / 2)));
            let mut word = [0];
            let l = Limits::default();
            let ran = c.run_flat(FuncId(0), &[n], &mut word, &l);
            assert!(ran.is_some_and(|r| r.is_ok()));
            assert_eq!(word, [n * (n + 1) / 2]);
        }
        for depth in [0, 10, 60_000] {
            let limits = Limits {
                depth,
                ..Limits::default()
            };
            let trap = c.run(FuncId(0), &[Val::from(deep * 10)], &limits);
            assert_eq!(
                trap.unwrap_err().kind,
                TrapKind::RecursionLimit { limit: depth }
            );
        }
        // More calls than any stack has room for.
        let limits = Limits {
            depth: u32::MAX,
            stack_bytes: 4 << 20,
            ..Limits::default()
        };
        let trap = c.run(FuncId(0), &[Val::from(u64::MAX)], &limits);
        assert_eq!(
            trap.unwrap_err().kind,
            TrapKind::RecursionLimit { limit: u32::MAX }
        );
    };
    run();
    // A thread with little stack.
    let small = std::thread::Builder::new().stack_size(64 << 10);
    small.spawn(run).unwrap().join().unwrap();
}

/// Sorts by the interpreter's operation.
unsafe extern "C" fn sorted(ctx: *mut Context, args: *const u64, results: *mut u64) -> u64 {
    let eval = callback!(
        Callback::Eval,
        fn(*mut Context, u64, *const u64, *mut u64) -> u64
    );
    // SAFETY: the words are those of the operation's operands and results.
    unsafe { eval(ctx, 0, args, results) }
}

#[test]
fn operations_are_left_to_the_interpreter() {
    let sort = |args: &[Type], results: &[Type]| {
        let mut p = program(args, results);
        let s = site(&mut p, TrapAt::Confusion("sort".into()));
        p.evals.push(EvalData {
            op: Op::Sort(0),
            args: args.to_vec(),
            results: results.to_vec(),
            site: s,
        });
        compiled(&p, sorted)
    };
    let c = sort(&[vector(), vector()], &[vector(), vector()]);
    let args = [
        Val::vector(vec![3.0, 1.0, 2.0]),
        Val::vector(vec![30.0, 10.0, 20.0]),
    ];
    let out = run(&c, &args).unwrap();
    assert!(out[0].same_bits(&Val::vector(vec![1.0, 2.0, 3.0])));
    assert!(out[1].same_bits(&Val::vector(vec![10.0, 20.0, 30.0])));
    // The arguments are as they were.
    assert!(args[0].same_bits(&Val::vector(vec![3.0, 1.0, 2.0])));
    let unequal = [Val::vector(vec![3.0]), Val::vector(vec![1.0, 2.0])];
    let trap = run(&c, &unequal).unwrap_err();
    assert!(
        matches!(trap.kind, TrapKind::ShapeMismatch { .. }),
        "{trap}"
    );
    assert_eq!((trap.func.as_str(), trap.line), ("g", 3));
    // Results that are not of the type said never reach compiled code.
    let wrong = sort(&[vector()], &[Type::known(DType::F64, &[2])]);
    let trap = run(&wrong, &args[..1]).unwrap_err();
    assert!(matches!(trap.kind, TrapKind::TypeConfusion { .. }));
}

/// The elements of constant 0, which a run may keep references to.
unsafe extern "C" fn constant(ctx: *mut Context, _: *const u64, results: *mut u64) -> u64 {
    // SAFETY: the program has a constant of 3 floats and returns an `f64[3]`.
    unsafe {
        let block = *(*ctx).consts;
        (*block).count += 1;
        *results = block.expose_provenance() as u64;
        *results.add(1) = data_of(block).expose_provenance() as u64;
    }
    abi::OK
}

#[test]
fn constants_are_there_in_every_thread() {
    let mut p = program(&[], &[Type::known(DType::F64, &[3])]);
    let xs = [1.0f64, 2.0, 3.0];
    p.consts.push(ConstData {
        bytes: xs.iter().flat_map(|x| x.to_ne_bytes()).collect(),
    });
    let c = compiled(&p, constant);
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                for _ in 0..100 {
                    let out = run(&c, &[]).unwrap();
                    assert!(out[0].same_bits(&Val::vector(xs.to_vec())));
                }
            });
        }
    });
}

/// Runs `f` of the program whose address is the second argument, on the first, while its own run is in progress; then allocates a block.
unsafe extern "C" fn nested(ctx: *mut Context, args: *const u64, results: *mut u64) -> u64 {
    let alloc = callback!(Callback::Alloc, fn(*mut Context, u64, u64) -> *mut Head);
    // SAFETY: two words of arguments, one of results; the address is that of a program that lives.
    unsafe {
        let inner = &*at::<Compiled>(*args.add(1) as usize);
        let before = (*ctx).depth;
        let l = Limits {
            depth: 1,
            ..Limits::default()
        };
        let mut word = [0];
        let ran = inner.run_flat(FuncId(0), &[*args], &mut word, &l);
        if !matches!(ran, Some(Ok(()))) || (*ctx).depth != before || alloc(ctx, 64, 0).is_null() {
            (*ctx).site = 0;
            return abi::TRAPPED;
        }
        *results = word[0] + 1;
    }
    abi::OK
}

#[test]
fn a_run_within_a_run_has_its_own_context() {
    let word: Type = DType::U64.into();
    let inner = compiled(
        &program(std::slice::from_ref(&word), std::slice::from_ref(&word)),
        identity::<1>,
    );
    let mut p = program(&[word.clone(), word.clone()], &[word]);
    site(&mut p, TrapAt::Panic("nested".into()));
    let outer = compiled(&p, nested);
    let inner_at = (&raw const inner).expose_provenance() as u64;
    std::thread::scope(|s| {
        for t in 0..3 {
            let outer = &outer;
            s.spawn(move || {
                for n in 0..200u64 {
                    let mut out = [0];
                    let args = [n + t, inner_at];
                    let ran = outer.run_flat(FuncId(0), &args, &mut out, &Limits::default());
                    assert!(matches!(ran, Some(Ok(()))));
                    assert_eq!(out, [n + t + 1]);
                }
            });
        }
    });
}

/// Adds element 1 of constant 0 to a word.
unsafe extern "C" fn plus_constant(ctx: *mut Context, args: *const u64, results: *mut u64) -> u64 {
    // SAFETY: one word each; the program has a constant of 3 words.
    unsafe { *results = *args + *data_of(*(*ctx).consts).cast::<u64>().add(1) };
    abi::OK
}

#[test]
fn scalar_functions_find_their_constants() {
    let word: Type = DType::U64.into();
    let mut p = program(std::slice::from_ref(&word), std::slice::from_ref(&word));
    p.consts.push(ConstData {
        bytes: [1u64, 20, 3].iter().flat_map(|x| x.to_ne_bytes()).collect(),
    });
    let c = compiled(&p, plus_constant);
    for n in 0..3 {
        let mut out = [0];
        let ran = c.run_flat(FuncId(0), &[n], &mut out, &Limits::default());
        assert!(matches!(ran, Some(Ok(()))));
        assert_eq!(out, [n + 20]);
    }
}
