//! Control flow, calls, traps, memory: each statement on its way through and off it.

mod common;
use common::{Ctx, Fun, Machine, Trapped, site};
use cotangent_core::ir::{DType, Op, Type};
use cotangent_lower::abi;
use cotangent_lower::lir::{
    Addr, Bin, Block, Cmp, ConstData, Cvt, EvalData, FnId, Hint, Layout, LayoutId, Math1, Opnd,
    Program, Reg, RtFn, Rv, Stmt, TrapAt, Ty, Un,
};

fn set(r: Reg, rv: Rv) -> Stmt {
    Stmt::Set(r, rv)
}
fn add(a: impl Into<Opnd>, b: impl Into<Opnd>) -> Rv {
    Rv::Bin(Bin::Add, a.into(), b.into())
}
fn program(f: Fun, results: &[Opnd]) -> Program {
    let mut p = Program::default();
    p.funcs.push(f.done(results));
    p
}

/// The sum of `lo..hi` counted by a loop of the kind, with what the loop's body adds.
fn counted(signed: bool) -> Machine {
    let mut f = Fun::new("f", &[Ty::I64, Ty::I64], &[Ty::I64, Ty::I64]);
    let (i, sum, n) = (f.reg(Ty::I64), f.reg(Ty::I64), f.reg(Ty::I64));
    f.push(set(sum, Rv::Copy(Opnd::i64(0))));
    f.push(set(n, Rv::Copy(Opnd::i64(0))));
    f.push(Stmt::For {
        index: i,
        lo: f.arg(0),
        hi: f.arg(1),
        signed,
        body: vec![set(sum, add(sum, i)), set(n, add(n, Opnd::i64(1)))],
        hint: Hint::default(),
    });
    Machine::new(&program(f, &[sum.into(), n.into()]))
}

#[test]
fn for_runs_each_index_once() {
    let (s, u) = (counted(true), counted(false));
    assert_eq!(s.run(0, &[0, 10]), Ok(vec![45, 10]));
    assert_eq!(s.run(0, &[10, 10]), Ok(vec![0, 0]));
    assert_eq!(s.run(0, &[11, 10]), Ok(vec![0, 0]));
    assert_eq!(s.run(0, &[-3i64 as u64, 2]), Ok(vec![-5i64 as u64, 5]));
    assert_eq!(u.run(0, &[-3i64 as u64, 2]), Ok(vec![0, 0]));
    assert_eq!(
        u.run(0, &[u64::MAX - 2, u64::MAX]),
        Ok(vec![-5i64 as u64, 2])
    );
    let max = i64::MAX as u64;
    assert_eq!(s.run(0, &[max - 1, max]), Ok(vec![max - 1, 1]));
}

/// Collatz: how many steps to 1, by a head of `extra` statements more.
fn collatz(extra: usize) -> Machine {
    let mut f = Fun::new("f", &[Ty::I64], &[Ty::I64, Ty::I64]);
    let (x, n, c, odd) = (
        f.reg(Ty::I64),
        f.reg(Ty::I64),
        f.reg(Ty::I8),
        f.reg(Ty::I64),
    );
    f.push(set(x, Rv::Copy(f.arg(0))));
    f.push(set(n, Rv::Copy(Opnd::i64(0))));
    f.push(set(odd, Rv::Copy(Opnd::i64(0))));
    let mut head: Block = vec![set(c, Rv::Cmp(Cmp::Ne, x.into(), Opnd::i64(1)))];
    head.extend((0..extra).map(|_| set(odd, add(odd, Opnd::i64(1)))));
    let b = f.reg(Ty::I64);
    let t = f.reg(Ty::I8);
    let body = vec![
        set(n, add(n, Opnd::i64(1))),
        set(b, Rv::Bin(Bin::And, x.into(), Opnd::i64(1))),
        set(t, Rv::Cvt(Cvt::Trunc, Ty::I8, b.into())),
        Stmt::If(
            t.into(),
            vec![
                set(x, Rv::Bin(Bin::Mul, x.into(), Opnd::i64(3))),
                set(x, add(x, Opnd::i64(1))),
            ],
            vec![set(x, Rv::Bin(Bin::ShrU, x.into(), Opnd::i64(1)))],
        ),
    ];
    let cond = c.into();
    f.push(Stmt::While { head, cond, body });
    Machine::new(&program(f, &[n.into(), odd.into()]))
}

#[test]
fn while_with_short_and_long_heads() {
    for extra in [0, 3, 40] {
        let m = collatz(extra);
        let e = extra as u64;
        assert_eq!(m.run(0, &[1]), Ok(vec![0, e]));
        assert_eq!(m.run(0, &[27]), Ok(vec![111, 112 * e]));
    }
}

#[test]
fn switch_takes_the_last_if_out_of_range() {
    let mut f = Fun::new("f", &[Ty::I64], &[Ty::I64]);
    let r = f.reg(Ty::I64);
    let arm = |v: u64| vec![set(r, Rv::Copy(Opnd::i64(v)))];
    let s = Stmt::Switch(f.arg(0), vec![arm(10), arm(11), arm(12)]);
    f.push(s);
    let m = Machine::new(&program(f, &[r.into()]));
    for (i, want) in [
        (0, 10),
        (1, 11),
        (2, 12),
        (3, 12),
        (u64::MAX, 12),
        (1 << 32, 12),
    ] {
        assert_eq!(m.run(0, &[i]), Ok(vec![want]));
    }
}

#[test]
fn checks_record_site_and_numbers() {
    let mut p = Program::default();
    site(&mut p, TrapAt::DivisionByZero);
    let at = site(&mut p, TrapAt::Index(false));
    let other = site(&mut p, TrapAt::Range(false, false));
    let mut f = Fun::new("f", &[Ty::I64], &[Ty::I64]);
    let (x, ten) = (f.arg(0), Opnd::i64(10));
    let bad = f.set(Rv::Cmp(Cmp::UGe, x, ten));
    f.push(Stmt::Check(bad, at, vec![x, ten]));
    let three = f.set(Rv::Cmp(Cmp::Eq, x, Opnd::i64(3)));
    let r = f.reg(Ty::I64);
    let trap = Stmt::Trap(other, vec![x, Opnd::i64(5), ten]);
    f.push(Stmt::If(three, vec![trap], vec![set(r, add(x, ten))]));
    p.funcs.push(f.done(&[r.into()]));
    let m = Machine::new(&p);
    assert_eq!(m.run(0, &[9]), Ok(vec![19]));
    let Err(Trapped(s, n)) = m.run(0, &[12]) else {
        panic!("no trap")
    };
    assert_eq!((s, &n[..2]), (1, &[12, 10][..]));
    let Err(Trapped(s, n)) = m.run(0, &[3]) else {
        panic!("no trap")
    };
    assert_eq!((s, &n[..3]), (2, &[3, 5, 10][..]));
}

#[test]
fn arms_that_only_trap_leave_nothing_behind() {
    // Both arms trap; the loop's body does; what follows is never run.
    let mut p = Program::default();
    let at = site(&mut p, TrapAt::DivisionByZero);
    let trap = || vec![Stmt::Trap(at, vec![])];
    let mut f = Fun::new("f", &[Ty::I8], &[Ty::I64]);
    let r = f.reg(Ty::I64);
    let both = Stmt::If(f.arg(0), trap(), trap());
    f.body(vec![both, set(r, Rv::Copy(Opnd::i64(1)))]);
    p.funcs.push(f.done(&[r.into()]));
    let mut f = Fun::new("g", &[Ty::I64], &[Ty::I64]);
    let i = f.reg(Ty::I64);
    let (hi, hint) = (f.arg(0), Hint::default());
    f.push(Stmt::For {
        index: i,
        lo: Opnd::i64(0),
        hi,
        signed: true,
        body: trap(),
        hint,
    });
    let c = f.reg(Ty::I8);
    let zero = Rv::Cmp(Cmp::Eq, hi, Opnd::i64(0));
    f.push(Stmt::While {
        head: vec![set(c, zero)],
        cond: c.into(),
        body: trap(),
    });
    p.funcs.push(f.done(&[hi]));
    let mut f = Fun::new("h", &[Ty::I64], &[]);
    let s = Stmt::Switch(f.arg(0), vec![trap(), vec![], trap()]);
    f.push(s);
    p.funcs.push(f.done(&[]));
    let m = Machine::new(&p);
    let trapped = |r: Result<Vec<u64>, Trapped>| r.is_err_and(|t| t.0 == 0);
    assert!(trapped(m.run(0, &[0])) && trapped(m.run(0, &[1])));
    assert!(trapped(m.run(1, &[0])) && trapped(m.run(1, &[1])));
    assert_eq!(m.run(1, &[-1i64 as u64]), Ok(vec![-1i64 as u64]));
    assert!(trapped(m.run(2, &[0])) && trapped(m.run(2, &[5])));
    assert_eq!(m.run(2, &[1]), Ok(vec![]));
}

#[test]
fn calls_pass_many_values_of_all_types() {
    let types: Vec<Ty> = [Ty::I8, Ty::F32, Ty::I64, Ty::F64, Ty::I16, Ty::I32]
        .into_iter()
        .cycle()
        .take(40)
        .collect();
    let mut p = Program::default();
    let callee = Fun::new("callee", &types, &types);
    let mut back: Vec<Opnd> = callee.f.params.iter().map(|&r| r.into()).collect();
    p.funcs.push(callee.done(&back));
    let mut f = Fun::new("caller", &types, &types);
    let regs: Vec<Reg> = types.iter().map(|&ty| f.reg(ty)).collect();
    let args = back.clone();
    f.push(Stmt::Call(FnId(0), args, regs.clone()));
    back = regs.iter().map(|&r| r.into()).collect();
    p.funcs.push(f.done(&back));
    let m = Machine::new(&p);
    let args: Vec<u64> = (0..40).map(|i| 0x4041_4243_4445_4600 + i).collect();
    for f in [0, 1] {
        let got = m.run(f, &args).unwrap();
        for ((got, want), ty) in got.iter().zip(&args).zip(&types) {
            let mask = u64::MAX >> (64 - 8 * ty.bytes());
            assert_eq!(got & mask, want & mask, "{ty}");
        }
    }
}

/// `f(n) = n == 0 ? 0 : 1 + f(n - 1)`, which traps on 1000 + 7.
fn recursive() -> Program {
    let mut p = Program::default();
    let deep = site(&mut p, TrapAt::Recursion);
    let zero = site(&mut p, TrapAt::DivisionByZero);
    let mut f = Fun::new("f", &[Ty::I64], &[Ty::I64]);
    let (n, r) = (f.arg(0), f.reg(Ty::I64));
    let seven = f.set(Rv::Cmp(Cmp::Eq, n, Opnd::i64(1007)));
    f.push(Stmt::Check(seven, zero, vec![]));
    let more = f.set(Rv::Cmp(Cmp::Ne, n, Opnd::i64(0)));
    let (less, inner) = (f.reg(Ty::I64), f.reg(Ty::I64));
    f.push(Stmt::If(
        more,
        vec![
            set(less, Rv::Bin(Bin::Sub, n, Opnd::i64(1))),
            Stmt::Call(FnId(0), vec![less.into()], vec![inner]),
            set(r, add(inner, Opnd::i64(1))),
        ],
        vec![set(r, Rv::Copy(Opnd::i64(0)))],
    ));
    f.f.recursive = Some(deep);
    p.funcs.push(f.done(&[r.into()]));
    p
}

#[test]
fn recursion_is_bounded_by_depth_and_stack() {
    let m = Machine::new(&recursive());
    let mut ctx = Ctx::default();
    assert_eq!(m.run_in(&mut ctx, 0, &[99]), Ok(vec![99]));
    assert_eq!(ctx.depth, 100, "restored on return");
    assert_eq!(m.run(0, &[100]).map_err(|t| t.0), Err(0));
    ctx.depth = 5000;
    assert_eq!(m.run_in(&mut ctx, 0, &[1000]), Ok(vec![1000]));
    assert_eq!(
        m.run_in(&mut ctx, 0, &[1100]).map_err(|t| t.0),
        Err(1),
        "a trap below"
    );
    ctx.depth = u64::MAX;
    let here = &raw const ctx as u64;
    ctx.stack = here - (64 << 10);
    assert_eq!(
        m.run_in(&mut ctx, 0, &[1 << 40]).map_err(|t| t.0),
        Err(0),
        "no stack left"
    );
}

#[test]
fn fuel_runs_out() {
    let mut p = Program::default();
    let at = site(&mut p, TrapAt::Fuel);
    let mut f = Fun::new("f", &[Ty::I64], &[]);
    let i = f.reg(Ty::I64);
    f.push(Stmt::For {
        index: i,
        lo: Opnd::i64(0),
        hi: f.arg(0),
        signed: false,
        body: vec![Stmt::Fuel(at)],
        hint: Hint::default(),
    });
    p.funcs.push(f.done(&[]));
    let m = Machine::new(&p);
    let mut ctx = Ctx::default();
    ctx.fuel = 10;
    assert_eq!(m.run_in(&mut ctx, 0, &[7]), Ok(vec![]));
    assert_eq!(ctx.fuel, 3);
    assert_eq!(m.run_in(&mut ctx, 0, &[3]), Ok(vec![]));
    assert_eq!(m.run_in(&mut ctx, 0, &[1]).map_err(|t| t.0), Err(0));
    assert_eq!(ctx.fuel, 0);
}

/// A program with one layout, of doubles.
fn doubles() -> (Program, LayoutId) {
    let mut p = Program::default();
    let l = p.layouts.push(Layout {
        size: 8,
        leaves: vec![(0, Ty::F64)],
        blocks: vec![],
    });
    (p, l)
}

#[test]
fn blocks_are_counted_copied_and_freed() {
    let (mut p, layout) = doubles();
    let at = site(&mut p, TrapAt::Memory);
    // Allocates, stores, shares if asked, stores once more after making unique, and gives back both first elements.
    let mut f = Fun::new("f", &[Ty::I8, Ty::I64], &[Ty::F64, Ty::F64]);
    let (b, d, old) = (f.reg(Ty::Ptr), f.reg(Ty::Ptr), f.reg(Ty::Ptr));
    let (share, bytes) = (f.arg(0), f.arg(1));
    let (x, y) = (f.reg(Ty::F64), f.reg(Ty::F64));
    let head = abi::HEAD as i32;
    f.body(vec![
        Stmt::Rt(RtFn::Alloc, vec![bytes, Opnd::i64(0)], Some(b), Some(at)),
        set(d, Rv::Load(Ty::Ptr, Addr::base(b).plus(abi::BLOCK_DATA))),
        Stmt::Store(Ty::F64, Addr::base(d), Opnd::f64(1.5)),
        Stmt::Store(Ty::F64, Addr::at(d, Opnd::i64(1), 8), Opnd::f64(2.5)),
        set(old, Rv::Copy(b.into())),
        Stmt::If(share, vec![Stmt::Retain(b.into())], vec![]),
        Stmt::Unique {
            buf: b,
            data: d,
            count: Opnd::i64(2),
            layout,
            site: at,
        },
        Stmt::Store(Ty::F64, Addr::base(d), Opnd::f64(9.0)),
        set(x, Rv::Load(Ty::F64, Addr::base(old).plus(head))),
        set(y, Rv::Load(Ty::F64, Addr::base(d).plus(8))),
        Stmt::Release(b.into()),
        Stmt::If(share, vec![Stmt::Release(old.into())], vec![]),
    ]);
    p.funcs.push(f.done(&[x.into(), y.into()]));
    let m = Machine::new(&p);
    let bits = |v: [f64; 2]| Ok(v.map(f64::to_bits).to_vec());
    let mut ctx = Ctx::default();
    assert_eq!(m.run_in(&mut ctx, 0, &[0, 16]), bits([9.0, 2.5]));
    assert_eq!((ctx.freed, ctx.live.len()), (1, 0));
    assert_eq!(m.run_in(&mut ctx, 0, &[1, 16]), bits([1.5, 2.5]));
    assert_eq!((ctx.freed, ctx.live.len()), (3, 0));
    let failed = m.run_in(&mut ctx, 0, &[0, 1 << 20]);
    assert_eq!(failed.map_err(|t| (t.0, t.1[0])), Err((0, 1 << 20)));
    ctx.limit = 15;
    let failed = m.run_in(&mut ctx, 0, &[1, 8]);
    assert_eq!(
        failed.map_err(|t| (t.0, t.1[0])),
        Err((0, 16)),
        "the copy fails"
    );
}

#[test]
fn what_is_in_registers_survives_the_calls_of_cold_blocks() {
    let (mut p, layout) = doubles();
    let at = site(&mut p, TrapAt::Memory);
    let types = [[Ty::F64; 14], [Ty::I64; 14]].concat();
    let mut f = Fun::new("f", &types, &types);
    let (b, d, old) = (f.reg(Ty::Ptr), f.reg(Ty::Ptr), f.reg(Ty::Ptr));
    let before: Vec<Opnd> = (0..types.len())
        .map(|i| {
            let a = f.arg(i);
            f.set(Rv::Bin(Bin::Add, a, a))
        })
        .collect();
    f.body(vec![
        Stmt::Rt(
            RtFn::Alloc,
            vec![Opnd::i64(8), Opnd::i64(0)],
            Some(b),
            Some(at),
        ),
        set(d, Rv::Load(Ty::Ptr, Addr::base(b).plus(abi::BLOCK_DATA))),
        set(old, Rv::Copy(b.into())),
        Stmt::Retain(b.into()),
        Stmt::Unique {
            buf: b,
            data: d,
            count: Opnd::i64(1),
            layout,
            site: at,
        },
        Stmt::Release(b.into()),
        Stmt::Release(old.into()),
    ]);
    p.funcs.push(f.done(&before));
    let m = Machine::new(&p);
    let args: Vec<u64> = (0..28)
        .map(|i| if i < 14 { (i as f64).to_bits() } else { i })
        .collect();
    let mut ctx = Ctx::default();
    let got = m.run_in(&mut ctx, 0, &args).unwrap();
    assert_eq!((ctx.freed, ctx.live.len()), (2, 0));
    for (i, v) in got.into_iter().enumerate() {
        let v = if i < 14 {
            f64::from_bits(v) as usize
        } else {
            v as usize
        };
        assert_eq!(v, 2 * i);
    }
}

#[test]
fn a_block_released_in_a_loop_stays_while_it_is_held() {
    let (mut p, _) = doubles();
    let at = site(&mut p, TrapAt::Memory);
    let mut f = Fun::new("f", &[Ty::I64], &[Ty::I64]);
    let (b, i, n) = (f.reg(Ty::Ptr), f.reg(Ty::I64), f.reg(Ty::I64));
    f.push(Stmt::Rt(
        RtFn::Alloc,
        vec![Opnd::i64(8), Opnd::i64(0)],
        Some(b),
        Some(at),
    ));
    f.push(Stmt::For {
        index: i,
        lo: Opnd::i64(0),
        hi: f.arg(0),
        signed: false,
        body: vec![
            Stmt::Retain(b.into()),
            Stmt::Retain(b.into()),
            Stmt::Release(b.into()),
            Stmt::Release(b.into()),
        ],
        hint: Hint::default(),
    });
    f.push(set(
        n,
        Rv::Load(Ty::I64, Addr::base(b).plus(abi::BLOCK_COUNT)),
    ));
    f.push(Stmt::Release(b.into()));
    p.funcs.push(f.done(&[n.into()]));
    let m = Machine::new(&p);
    let mut ctx = Ctx::default();
    assert_eq!(m.run_in(&mut ctx, 0, &[1000]), Ok(vec![1]));
    assert_eq!((ctx.freed, ctx.live.len()), (1, 0));
}

#[test]
fn memory_of_every_type_at_every_kind_of_address() {
    for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::Ptr] {
        for scale in [1u32, 2, 3, 8, 24] {
            let size = ty.bytes();
            let scale = scale * size;
            let mut f = Fun::new("f", &[Ty::Ptr, Ty::I64, ty], &[ty, ty, Ty::Ptr]);
            let (p, i, v) = (f.arg(0), f.arg(1), f.arg(2));
            let at = Addr::at(p, i, scale).plus(-(scale as i32));
            f.push(Stmt::Store(ty, at, v));
            let a = f.set(Rv::Load(ty, at));
            let b = f.set(Rv::Load(
                ty,
                Addr::at(p, Opnd::i64(2), scale).plus(-(scale as i32)),
            ));
            let c = f.set(Rv::Lea(at));
            let m = Machine::new(&program(f, &[a, b, c]));
            let mut memory = [0u64; 64];
            let base = memory.as_mut_ptr() as u64;
            let value = 0x1234_5678_9abc_def0u64;
            let got = m.run(0, &[base, 2, value]).unwrap();
            let mask = u64::MAX >> (64 - 8 * size);
            assert_eq!(got[0] & mask, value & mask, "{ty}");
            assert_eq!(got[1] & mask, value & mask, "{ty} by a constant index");
            assert_eq!(got[2], base + u64::from(scale));
            let bytes: Vec<u8> = memory.iter().flat_map(|w| w.to_le_bytes()).collect();
            let from = scale as usize;
            let to = from + size as usize;
            assert_eq!(bytes[from..to], value.to_le_bytes()[..size as usize]);
            assert!(bytes[..from].iter().chain(&bytes[to..]).all(|&b| b == 0));
        }
    }
}

#[test]
fn constants_come_from_the_context() {
    let mut p = Program::default();
    for k in 0..2 {
        p.consts.push(ConstData { bytes: vec![k; 8] });
    }
    let mut f = Fun::new("f", &[], &[Ty::I64]);
    let c = f.set(Rv::Const(cotangent_lower::lir::ConstId(1)));
    let v = f.set(Rv::Load(Ty::I64, Addr::base(c).plus(abi::HEAD as i32)));
    p.funcs.push(f.done(&[v]));
    let m = Machine::new(&p);
    let mut block = [0u64; 9];
    block[8] = 77;
    let table = [std::ptr::null_mut(), block.as_mut_ptr()];
    let mut ctx = Ctx::default();
    ctx.consts = table.as_ptr();
    assert_eq!(m.run_in(&mut ctx, 0, &[]), Ok(vec![77]));
}

#[test]
fn operations_of_the_interpreter() {
    let mut p = Program::default();
    let at = site(&mut p, TrapAt::DivisionByZero);
    let ty: Type = DType::I64.into();
    for _ in 0..2 {
        p.evals.push(EvalData {
            op: Op::Sort(0),
            args: vec![ty.clone(), ty.clone()],
            results: vec![ty.clone()],
            site: at,
        });
    }
    let mut f = Fun::new("f", &[Ty::I64, Ty::I64], &[Ty::I64]);
    let (a, b) = (f.reg(Ty::I64), f.reg(Ty::I64));
    let (e0, e1) = (
        cotangent_lower::lir::EvalId(0),
        cotangent_lower::lir::EvalId(1),
    );
    f.push(Stmt::Eval(e0, vec![f.arg(0), f.arg(1)], vec![a]));
    f.push(Stmt::Eval(e1, vec![a.into(), f.arg(1)], vec![b]));
    p.funcs.push(f.done(&[b.into()]));
    let m = Machine::new(&p);
    assert_eq!(m.run(0, &[10, 3]), Ok(vec![17]));
    assert!(m.run(0, &[7, 3]).is_err() && m.run(0, &[4, 3]).is_err());
}

#[test]
fn callbacks_with_and_without_results() {
    let mut f = Fun::new(
        "f",
        &[Ty::I64, Ty::F64, Ty::Ptr, Ty::Ptr],
        &[Ty::F64, Ty::F32],
    );
    let s = f.reg(Ty::F64);
    let (n, a, x, y) = (f.arg(0), f.arg(1), f.arg(2), f.arg(3));
    f.push(Stmt::Rt(RtFn::Axpy(Ty::F64), vec![n, a, x, y], None, None));
    f.push(Stmt::Rt(RtFn::Sum(Ty::F64), vec![n, y], Some(s), None));
    let narrow = f.set(Rv::Cvt(Cvt::Demote, Ty::F32, s.into()));
    let sine = f.set(Rv::Un(Un::Math(Math1::Sin), narrow));
    let m = Machine::new(&program(f, &[s.into(), sine]));
    let (x, mut y) = ([1.0, 2.0, 3.0], [10.0, 20.0, 30.0]);
    let args = [
        3,
        0.5f64.to_bits(),
        x.as_ptr() as u64,
        y.as_mut_ptr() as u64,
    ];
    let got = m.run(0, &args).unwrap();
    assert_eq!(f64::from_bits(got[0]), 63.0);
    assert_eq!(f32::from_bits(got[1] as u32), 63f32.sin());
    assert_eq!(y, [10.5, 21.0, 31.5]);
}

#[test]
fn code_is_shared_between_threads_and_freed() {
    let m = collatz(0);
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                for _ in 0..100 {
                    assert_eq!(m.run(0, &[27]), Ok(vec![111, 0]));
                }
            });
        }
    });
    for _ in 0..200 {
        drop(collatz(0));
    }
}

#[test]
fn a_program_that_breaks_an_invariant_is_an_error() {
    let mut f = Fun::new("f", &[], &[Ty::I64]);
    let r = f.reg(Ty::I64);
    let p = program(f, &[r.into()]);
    let e = common::try_compile(&p).unwrap_err().to_string();
    assert!(e.contains("r0 is read before it is set"), "{e}");
}

#[test]
fn deep_nesting_is_fine() {
    let mut f = Fun::new("f", &[Ty::I8], &[Ty::I64]);
    let r = f.reg(Ty::I64);
    f.push(set(r, Rv::Copy(Opnd::i64(0))));
    let mut inner = vec![set(r, add(r, Opnd::i64(1)))];
    for _ in 0..400 {
        inner = vec![Stmt::If(f.arg(0), inner, vec![])];
    }
    f.body(inner);
    let m = Machine::new(&program(f, &[r.into()]));
    assert_eq!(m.run(0, &[1]), Ok(vec![1]));
    assert_eq!(m.run(0, &[0]), Ok(vec![0]));
}

#[test]
fn the_listing_names_functions() {
    let text = common::listing(&recursive());
    assert!(text.contains("; f0 f") && text.contains("icmp"), "{text}");
}
