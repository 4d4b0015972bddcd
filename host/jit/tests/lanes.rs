//! Loops in lanes do what the same loops do iteration by iteration: random bodies over arrays of every element type, all short lengths,
//! special values, addresses that rise, fall and jump, arrays updated in place, dependences that forbid lanes.
//!
//! The same loop with a check that never fails is not run in lanes, so it is the reference.

use cotangent_core::entity::PrimaryMap;
use cotangent_jit::Code;
use cotangent_lower::lir::verify::verify;
use cotangent_lower::lir::{
    Addr, Bin, Block, Cmp, Cvt, FnId, Function, Hint, Math1, Opnd, Program, Reg, RtFn, Rv, Site,
    SiteData, Stmt, TrapAt, Ty, Un,
};
use cotangent_runtime::Context;

/// Elements of an array; loops stay below.
const ROOM: usize = 260;
/// Two arrays of each of these.
const TYPES: [Ty; 4] = [Ty::F64, Ty::F32, Ty::I64, Ty::I32];

struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let x = self.0;
        (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 16
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Memory of the arrays, as words that are aligned.
type Memory = Vec<Vec<u64>>;

fn memory(rng: &mut Rng) -> Memory {
    let special = [
        0.0,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MIN_POSITIVE / 4.0,
        1e300,
        -2.5,
    ];
    let mut out = Vec::new();
    for ty in TYPES {
        for _ in 0..2 {
            let mut words = vec![0u64; ROOM];
            for w in &mut words {
                let odd = rng.below(6) == 0;
                let x = match odd {
                    true => rng.of(&special),
                    false => (rng.below(2000) as f64 - 1000.0) / 64.0,
                };
                let y = (rng.below(2000) as f32 - 1000.0) / 32.0;
                *w = match ty {
                    Ty::F64 => x.to_bits(),
                    Ty::F32 => u64::from((x as f32).to_bits()) | u64::from(y.to_bits()) << 32,
                    _ => rng.next(),
                };
            }
            out.push(words);
        }
    }
    out
}

/// A function with one loop; its arguments are the arrays, the limits, two numbers.
struct Maker<'r> {
    rng: &'r mut Rng,
    regs: PrimaryMap<Reg, Ty>,
    params: Vec<Reg>,
    before: Block,
    body: Block,
    index: Reg,
    /// Integers that addresses are made of, and by how much they grow.
    places: Vec<(Reg, i64)>,
    /// Values of each type.
    values: Vec<(Ty, Opnd)>,
    truths: Vec<Opnd>,
    results: Vec<Opnd>,
}

impl Maker<'_> {
    fn new(rng: &mut Rng) -> Maker<'_> {
        let mut regs: PrimaryMap<Reg, Ty> = PrimaryMap::new();
        let mut params = Vec::new();
        for ty in [Ty::Ptr; 8]
            .into_iter()
            .chain([Ty::I64, Ty::I64, Ty::F64, Ty::F32])
        {
            params.push(regs.push(ty));
        }
        let index = regs.push(Ty::I64);
        let values = vec![
            (Ty::F64, params[10].into()),
            (Ty::F32, params[11].into()),
            (Ty::F64, Opnd::f64(1.5)),
            (Ty::F32, Opnd::Const(Ty::F32, (-0.75f32).to_bits().into())),
            (Ty::I32, Opnd::Const(Ty::I32, 0xffff_fff0)),
            (Ty::I64, Opnd::i64(7)),
        ];
        Maker {
            rng,
            regs,
            params,
            before: Vec::new(),
            body: Vec::new(),
            index,
            places: vec![(index, 1)],
            values,
            truths: Vec::new(),
            results: Vec::new(),
        }
    }
    fn set(&mut self, rv: Rv) -> Opnd {
        let r = self.regs.push(rv.ty(&self.regs));
        self.body.push(Stmt::Set(r, rv));
        r.into()
    }
    fn value(&mut self, ty: Ty) -> Opnd {
        let all: Vec<Opnd> = self
            .values
            .iter()
            .filter(|v| v.0 == ty)
            .map(|v| v.1)
            .collect();
        // Late ones more often.
        let k = self.rng.below(all.len()).max(self.rng.below(all.len()));
        all[k]
    }
    fn place(&mut self) -> Reg {
        let k = self.rng.below(self.places.len());
        self.places[k].0
    }
    /// More integers that grow by a constant.
    fn counters(&mut self) {
        let i: Opnd = self.index.into();
        let (lo, hi) = (self.params[8].into(), self.params[9].into());
        if self.rng.below(2) == 0 {
            let t = self.set(Rv::Bin(Bin::Sub, hi, Opnd::i64(1)));
            let t = self.set(Rv::Bin(Bin::Sub, t, i));
            let t = self.set(Rv::Bin(Bin::Add, t, lo));
            self.places.push((t.reg().unwrap(), -1));
        }
        if self.rng.below(3) == 0 {
            let t = self.set(Rv::Bin(Bin::Mul, i, Opnd::i64(2)));
            let t = self.set(Rv::Bin(Bin::Add, t, Opnd::i64(3)));
            self.places.push((t.reg().unwrap(), 2));
        }
        if self.rng.below(2) == 0 {
            // Down from 130, or up from 5.
            let (from, op) = self.rng.of(&[(130, Bin::Sub), (5, Bin::Add)]);
            let j = self.regs.push(Ty::I64);
            self.before.push(Stmt::Set(j, Rv::Copy(Opnd::i64(from))));
            let step = Rv::Bin(op, j.into(), Opnd::i64(1));
            if self.rng.below(2) == 0 {
                self.body.push(Stmt::Set(j, step));
            } else {
                let t = self.set(step);
                self.body.push(Stmt::Set(j, Rv::Copy(t)));
            }
            self.places.push((j, if op == Bin::Sub { -1 } else { 1 }));
            self.results.push(j.into());
        }
    }
    fn address(&mut self, ty: Ty) -> Addr {
        let k = TYPES.iter().position(|t| *t == ty).unwrap();
        let base = self.params[2 * k + self.rng.below(2)];
        let mut addr = Addr::at(base, self.place(), ty.bytes());
        if self.rng.below(4) == 0 {
            addr.offset = (ty.bytes() * self.rng.below(3) as u32) as i32;
        }
        if self.rng.below(12) == 0 {
            // The same memory by another base.
            let r = self.regs.push(Ty::Ptr);
            let lea = Rv::Lea(Addr::base(base).plus(ty.bytes() as i32));
            self.before.push(Stmt::Set(r, lea));
            addr.base = r.into();
        }
        addr
    }
    fn step(&mut self) {
        let ty = self.rng.of(&[Ty::F64, Ty::F64, Ty::F32, Ty::I64, Ty::I32]);
        let float = ty.is_float();
        match self.rng.below(12) {
            0 | 1 => {
                let addr = self.address(ty);
                let v = self.set(Rv::Load(ty, addr));
                self.values.push((ty, v));
            }
            2 | 3 => {
                let addr = self.address(ty);
                let v = self.value(ty);
                self.body.push(Stmt::Store(ty, addr, v));
            }
            4..=6 => {
                let float_ops = [
                    Bin::Add,
                    Bin::Sub,
                    Bin::Mul,
                    Bin::FDiv,
                    Bin::FMin,
                    Bin::FMax,
                    Bin::FMinNumber,
                    Bin::FMaxNumber,
                    Bin::Copysign,
                ];
                let int_ops = [
                    Bin::Add,
                    Bin::Sub,
                    Bin::Mul,
                    Bin::And,
                    Bin::Or,
                    Bin::Xor,
                    Bin::SMax,
                    Bin::UMin,
                ];
                let op = match float {
                    true => self.rng.of(&float_ops),
                    false => self.rng.of(&int_ops),
                };
                let (a, b) = (self.value(ty), self.value(ty));
                let v = self.set(Rv::Bin(op, a, b));
                self.values.push((ty, v));
            }
            7 => {
                let ops = [
                    Un::Neg,
                    Un::FAbs,
                    Un::Floor,
                    Un::Ceil,
                    Un::Trunc,
                    Un::Nearest,
                    Un::Sqrt,
                ];
                let op = match float {
                    true => self.rng.of(&ops),
                    false => self.rng.of(&[Un::Neg, Un::Not, Un::PopCount]),
                };
                let a = self.value(ty);
                let v = self.set(Rv::Un(op, a));
                self.values.push((ty, v));
            }
            8 => {
                let float_ops = [Cmp::FEq, Cmp::FNe, Cmp::FLt, Cmp::FLe, Cmp::FGt, Cmp::FGe];
                let int_ops = [Cmp::Eq, Cmp::Ne, Cmp::SLt, Cmp::SGe, Cmp::ULt];
                let op = match float {
                    true => self.rng.of(&float_ops),
                    false => self.rng.of(&int_ops),
                };
                let (a, b) = (self.value(ty), self.value(ty));
                let mut c = self.set(Rv::Cmp(op, a, b));
                if let (Some(&other), true) = (self.truths.last(), self.rng.below(2) == 0) {
                    let op = self.rng.of(&[Bin::And, Bin::Or, Bin::Xor]);
                    c = self.set(Rv::Bin(op, c, other));
                }
                if self.rng.below(4) == 0 {
                    c = self.set(Rv::Cmp(Cmp::Eq, c, Opnd::bool(false)));
                }
                self.truths.push(c);
            }
            9 => {
                if let Some(&c) = self.truths.last() {
                    let (a, b) = (self.value(ty), self.value(ty));
                    let v = self.set(Rv::Select(c, a, b));
                    self.values.push((ty, v));
                }
            }
            10 => {
                let (op, from, to) = self.rng.of(&[
                    (Cvt::Promote, Ty::F32, Ty::F64),
                    (Cvt::Demote, Ty::F64, Ty::F32),
                    (Cvt::SToF, Ty::I64, Ty::F64),
                    (Cvt::SExt, Ty::I32, Ty::I64),
                    (Cvt::FToS, Ty::F64, Ty::I64),
                ]);
                let a = match (op, self.rng.below(2)) {
                    (Cvt::SToF, 0) => self.place().into(),
                    _ => self.value(from),
                };
                let v = self.set(Rv::Cvt(op, to, a));
                self.values.push((to, v));
            }
            _ => self.accumulate(ty),
        }
    }
    /// Something carried from iteration to iteration.
    fn accumulate(&mut self, ty: Ty) {
        let acc = self.regs.push(ty);
        let start = match ty {
            Ty::F64 => Opnd::f64(0.5),
            Ty::F32 => Opnd::Const(ty, 0.5f32.to_bits().into()),
            _ => Opnd::Const(ty, 3),
        };
        self.before.push(Stmt::Set(acc, Rv::Copy(start)));
        let op = match ty.is_float() {
            true => self.rng.of(&[
                Bin::Add,
                Bin::Sub,
                Bin::FMax,
                Bin::FMin,
                Bin::FMaxNumber,
                Bin::FMinNumber,
                Bin::Mul,
            ]),
            false => self
                .rng
                .of(&[Bin::Add, Bin::Sub, Bin::Xor, Bin::And, Bin::Or, Bin::Mul]),
        };
        let x = self.value(ty);
        let (a, b) = match self.rng.below(3) {
            0 => (x, acc.into()),
            _ => (acc.into(), x),
        };
        if self.rng.below(2) == 0 {
            self.body.push(Stmt::Set(acc, Rv::Bin(op, a, b)));
        } else {
            let t = self.set(Rv::Bin(op, a, b));
            if self.rng.below(4) == 0 {
                self.values.push((ty, t));
            }
            self.body.push(Stmt::Set(acc, Rv::Copy(t)));
        }
        self.results.push(acc.into());
    }
    fn done(self) -> Function {
        let Maker {
            regs,
            params,
            mut before,
            body,
            index,
            results,
            ..
        } = self;
        before.push(Stmt::For {
            index,
            lo: params[8].into(),
            hi: params[9].into(),
            signed: false,
            body,
            hint: Hint::default(),
        });
        Function {
            name: "f".into(),
            result_types: results.iter().map(|r| r.ty(&regs)).collect(),
            regs,
            params,
            results,
            body: before,
            recursive: None,
        }
    }
}

/// The function, and the same with a check in the loop.
fn both(f: &Function) -> Program {
    let mut p = Program::default();
    p.sites.push(SiteData {
        kind: TrapAt::DivisionByZero,
        func: "f".into(),
        span: cotangent_core::ir::Span::NONE,
    });
    p.funcs.push(f.clone());
    let mut slow = f.clone();
    for s in &mut slow.body {
        if let Stmt::For { body, .. } = s {
            body.insert(0, Stmt::Check(Opnd::bool(false), Site(0), vec![]));
        }
    }
    p.funcs.push(slow);
    if let Err(e) = verify(&p) {
        panic!("{e}\n{p}");
    }
    p
}

fn run(code: &Code, f: u32, m: &mut Memory, lo: u64, hi: u64, results: usize) -> Vec<u64> {
    let mut args: Vec<u64> = m.iter_mut().map(|a| a.as_mut_ptr() as u64).collect();
    args.extend([lo, hi, 2.5f64.to_bits(), u64::from(1.25f32.to_bits())]);
    let mut out = vec![0u64; results.max(1)];
    let entry = code.entry(FnId(f)).unwrap();
    // SAFETY: the code lives; arguments and results are as many as the function has; it uses no context and stays within the arrays, whose
    // elements are 2 * ROOM halves or ROOM words: indices are at most 2 * 72 + 5.
    let status = unsafe {
        let context = std::ptr::null_mut::<Context>();
        entry(context, args.as_ptr(), out.as_mut_ptr())
    };
    assert_eq!(status, 0);
    out
}

/// Equal bits, or both not a number.
fn same(ty: Ty, a: u64, b: u64) -> bool {
    let single =
        |a: u32, b: u32| a == b || (f32::from_bits(a).is_nan() && f32::from_bits(b).is_nan());
    match ty {
        Ty::F64 => a == b || (f64::from_bits(a).is_nan() && f64::from_bits(b).is_nan()),
        Ty::F32 => single(a as u32, b as u32) && single((a >> 32) as u32, (b >> 32) as u32),
        Ty::I32 | Ty::I64 | Ty::I8 | Ty::I16 | Ty::Ptr => a == b,
    }
}

fn agree(p: &Program, code: &Code, rng: &mut Rng, lo: u64, n: u64) {
    let f = &p.funcs[FnId(0)];
    let first = memory(rng);
    let (mut fast, mut slow) = (first.clone(), first);
    let count = f.results.len();
    let got = run(code, 0, &mut fast, lo, lo + n, count);
    let want = run(code, 1, &mut slow, lo, lo + n, count);
    for (k, &ty) in f.result_types.iter().enumerate() {
        // A narrow result fills the lower half of its word.
        let low = |w: u64| if ty.bytes() == 4 { w & 0xffff_ffff } else { w };
        let (g, w) = (low(got[k]), low(want[k]));
        assert!(same(ty, g, w), "result {k} of {n}: {g:x} {w:x}\n{p}");
    }
    for (a, (x, y)) in fast.iter().zip(&slow).enumerate() {
        for (i, (&x, &y)) in x.iter().zip(y).enumerate() {
            let ty = TYPES[a / 2];
            assert!(
                same(ty, x, y),
                "array {a} word {i} of {n}: {x:x} {y:x}\n{p}"
            );
        }
    }
}

fn code(p: &Program) -> Code {
    Code::new(p, &cotangent_runtime::address).unwrap()
}

fn random(seed: u64, programs: usize) -> usize {
    let mut rng = Rng(seed);
    let mut vectors = 0;
    for _ in 0..programs {
        let mut m = Maker::new(&mut rng);
        m.counters();
        let steps = 3 + m.rng.below(14);
        for _ in 0..steps {
            m.step();
        }
        let f = m.done();
        let p = both(&f);
        let c = code(&p);
        let text = cotangent_jit::listing(&p, &cotangent_runtime::address).unwrap();
        vectors += usize::from(text.contains("64x2") || text.contains("32x4"));
        for n in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 70] {
            let lo = rng.below(3) as u64;
            agree(&p, &c, &mut rng, lo, n);
        }
    }
    vectors
}

#[test]
fn random_loops_give_the_same_bits() {
    let vectors = random(1, 400);
    assert!(vectors > 60, "only {vectors} ran in lanes");
}

#[test]
fn functions_are_their_kernels_at_every_place_of_every_length() {
    type Map = unsafe extern "C" fn(u64, *const f64, *mut f64);
    let kernel = |f: Math1, x: f64| {
        let mut y = 0.0;
        // SAFETY: the callback's signature; one number.
        unsafe {
            let at = cotangent_runtime::address(RtFn::Map(f, Ty::F64).callback());
            std::mem::transmute::<*const u8, Map>(at)(1, &x, &mut y);
        }
        y
    };
    // y = exp(a[i] * 0.5); s = s + y; b[i] = log(y + a[i]) - y, rising and falling.
    for down in [false, true] {
        let mut rng = Rng(6);
        let mut m = Maker::new(&mut rng);
        let s = m.regs.push(Ty::F64);
        m.before.push(Stmt::Set(s, Rv::Copy(Opnd::f64(0.25))));
        let mut place: Opnd = m.index.into();
        if down {
            place = m.set(Rv::Bin(Bin::Sub, Opnd::i64(100), place));
        }
        let x = m.set(Rv::Load(Ty::F64, Addr::at(m.params[0], place, 8)));
        let y = m.set(Rv::Bin(Bin::Mul, x, Opnd::f64(0.5)));
        let y = m.set(Rv::Un(Un::Math(Math1::Exp), y));
        let t = m.set(Rv::Bin(Bin::Add, s.into(), y));
        m.body.push(Stmt::Set(s, Rv::Copy(t)));
        let z = m.set(Rv::Bin(Bin::Add, y, x));
        let z = m.set(Rv::Un(Un::Math(Math1::Log), z));
        let z = m.set(Rv::Bin(Bin::Sub, z, y));
        let to = Addr::at(m.params[1], place, 8);
        m.body.push(Stmt::Store(Ty::F64, to, z));
        m.results.push(s.into());
        let p = both(&m.done());
        let c = code(&p);
        for n in 0..100usize {
            let mut all = memory(&mut rng);
            for (k, w) in all[0].iter_mut().enumerate() {
                *w = (0.1 + (k as f64 * 0.37).sin().abs()).to_bits();
            }
            let mut want = all.clone();
            let mut sum = 0.25;
            for i in 0..n {
                let k = if down { 100 - i } else { i };
                let x = f64::from_bits(want[0][k]);
                let y = kernel(Math1::Exp, x * 0.5);
                sum += y;
                want[1][k] = (kernel(Math1::Log, y + x) - y).to_bits();
            }
            let got = run(&c, 0, &mut all, 0, n as u64, 1);
            assert_eq!(f64::from_bits(got[0]), sum, "{n}");
            assert_eq!(all, want, "{n}");
        }
        // A long loop: several tiles.
        let mut all = vec![vec![1.0f64.to_bits(); 1200]; 8];
        let (lo, n) = if down { (0, 101) } else { (3, 1100) };
        run(&c, 0, &mut all, lo, lo + n, 1);
        let z =
            (kernel(Math1::Log, 1.0 + kernel(Math1::Exp, 0.5)) - kernel(Math1::Exp, 0.5)).to_bits();
        let changed = all[1].iter().filter(|&&w| w == z).count();
        assert_eq!(changed as u64, n);
    }
}

#[test]
fn calls_in_a_row_are_their_kernels() {
    type Map = unsafe extern "C" fn(u64, *const f64, *mut f64);
    for count in 1..40 {
        let mut rng = Rng(7);
        let mut m = Maker::new(&mut rng);
        for k in 0..count {
            let addr = Addr::at(m.params[0], Opnd::i64(k), 8);
            let x = m.set(Rv::Load(Ty::F64, addr));
            let y = m.set(Rv::Un(Un::Math(Math1::Tanh), x));
            m.results.push(y);
        }
        let Maker {
            regs,
            params,
            body,
            results,
            ..
        } = m;
        let mut p = Program::default();
        let result_types = vec![Ty::F64; results.len()];
        // Calls first apart, then brought together.
        p.funcs.push(Function {
            name: "f".into(),
            regs,
            params,
            results,
            result_types,
            body,
            recursive: None,
        });
        cotangent_lower::optimize(&mut p);
        let c = code(&p);
        let mut all = memory(&mut rng);
        for (k, w) in all[0].iter_mut().enumerate() {
            *w = (k as f64 * 0.7 - 9.0).to_bits();
        }
        let got = run(&c, 0, &mut all, 0, 0, count as usize);
        for (k, got) in got.into_iter().enumerate() {
            let x = f64::from_bits(all[0][k]);
            let mut y = 0.0;
            // SAFETY: the callback's signature; one number.
            unsafe {
                let at = cotangent_runtime::address(RtFn::Map(Math1::Tanh, Ty::F64).callback());
                std::mem::transmute::<*const u8, Map>(at)(1, &x, &mut y);
            }
            let want = if count < 3 { x.tanh() } else { y };
            assert_eq!(f64::from_bits(got), want, "{k} of {count}");
        }
    }
}

#[test]
fn sums_whose_order_is_free_add_up() {
    // Small whole numbers: every order gives the same sum.
    for (ty, base) in [(Ty::F64, 0), (Ty::F32, 2)] {
        let mut rng = Rng(3);
        let mut m = Maker::new(&mut rng);
        let (s, t) = (m.regs.push(ty), m.regs.push(ty));
        let number = |x: f64| match ty {
            Ty::F64 => Opnd::f64(x),
            _ => Opnd::Const(ty, (x as f32).to_bits().into()),
        };
        m.before.push(Stmt::Set(s, Rv::Copy(number(3.0))));
        m.before.push(Stmt::Set(t, Rv::Copy(number(4.0))));
        let addr = Addr::at(m.params[base], m.index, ty.bytes());
        let x = m.set(Rv::Load(ty, addr));
        let y = m.set(Rv::Bin(Bin::Mul, x, number(2.0)));
        // s = s + x + y, t = y + t.
        let first = m.set(Rv::Bin(Bin::Accumulate, s.into(), x));
        let second = m.set(Rv::Bin(Bin::Accumulate, y, first));
        m.body.push(Stmt::Set(s, Rv::Copy(second)));
        m.body
            .push(Stmt::Set(t, Rv::Bin(Bin::Accumulate, y, t.into())));
        m.results.extend([Opnd::Reg(s), Opnd::Reg(t)]);
        let p = both(&m.done());
        let c = code(&p);
        for n in 0..70u64 {
            let mut all = memory(&mut rng);
            for a in &mut all {
                for (k, w) in a.iter_mut().enumerate() {
                    let x = (k % 7) as f64;
                    *w = match ty {
                        Ty::F64 => x.to_bits(),
                        _ => u64::from((x as f32).to_bits()) * 0x1_0000_0001,
                    };
                }
            }
            let got = run(&c, 0, &mut all, 1, 1 + n, 2);
            let want = run(&c, 1, &mut all, 1, 1 + n, 2);
            let low = |w: u64| if ty == Ty::F32 { w & 0xffff_ffff } else { w };
            for (g, w) in got.into_iter().zip(want) {
                assert_eq!(low(g), low(w), "{n} of {ty}");
            }
        }
        let text = cotangent_jit::listing(&p, &cotangent_runtime::address).unwrap();
        assert!(text.contains("f64x2") || text.contains("f32x4"));
    }
}

/// `b[i] = b[i] * 2 + a[i]` and the like where `a` is `b`: each iteration reads before it writes, so lanes may do the same.
#[test]
fn arrays_updated_in_place() {
    let mut rng = Rng(4);
    let mut m = Maker::new(&mut rng);
    let index = m.index;
    let (a, b) = (m.params[0], m.params[1]);
    let x = m.set(Rv::Load(Ty::F64, Addr::at(a, index, 8)));
    let y = m.set(Rv::Load(Ty::F64, Addr::at(b, index, 8)));
    let z = m.set(Rv::Bin(Bin::Mul, y, Opnd::f64(2.0)));
    let z = m.set(Rv::Bin(Bin::Add, z, x));
    m.body.push(Stmt::Store(Ty::F64, Addr::at(b, index, 8), z));
    let p = both(&m.done());
    let c = code(&p);
    for n in 0..70usize {
        let mut numbers: Vec<f64> = (0..80).map(|k| f64::from(k) * 0.5).collect();
        let want: Vec<f64> = (0..80)
            .map(|k| if k < n { numbers[k] * 3.0 } else { numbers[k] })
            .collect();
        let at = numbers.as_mut_ptr() as u64;
        let mut args = vec![at; 8];
        args.extend([0, n as u64, 0, 0]);
        let entry = c.entry(FnId(0)).unwrap();
        // SAFETY: as in `run`; both arrays are this one, of 80 numbers.
        let status = unsafe {
            entry(
                std::ptr::null_mut::<Context>(),
                args.as_ptr(),
                [0u64].as_mut_ptr(),
            )
        };
        assert_eq!((status, &numbers), (0, &want));
    }
}

/// A store that a later iteration reads forbids lanes: each element depends on the one before.
#[test]
fn dependences_keep_their_order() {
    let mut rng = Rng(5);
    let mut m = Maker::new(&mut rng);
    let (a, index) = (m.params[0], m.index);
    let x = m.set(Rv::Load(Ty::F64, Addr::at(a, index, 8)));
    let y = m.set(Rv::Bin(Bin::Mul, x, Opnd::f64(1.5)));
    let y = m.set(Rv::Bin(Bin::Add, y, Opnd::f64(1.0)));
    m.body
        .push(Stmt::Store(Ty::F64, Addr::at(a, index, 8).plus(8), y));
    let p = both(&m.done());
    let c = code(&p);
    for n in 0..40 {
        agree(&p, &c, &mut rng, 0, n);
    }
    let text = cotangent_jit::listing(&p, &cotangent_runtime::address).unwrap();
    assert!(!text.contains("f64x2"), "{text}");
}

/// Sums that a kernel does when the loop is long: `y[i] += c x[i]`, two at a time, rising and falling, from odd places.
#[test]
fn multiples_added_to_arrays() {
    for (ty, base) in [(Ty::F64, 0), (Ty::F32, 2)] {
        for variant in 0..8u32 {
            let mut rng = Rng(8 + u64::from(variant));
            let mut m = Maker::new(&mut rng);
            let (a, b) = (m.params[base], m.params[base + 1]);
            let c: Opnd = m.params[if ty == Ty::F64 { 10 } else { 11 }].into();
            let mut place: Opnd = m.index.into();
            if variant & 1 == 1 {
                place = m.set(Rv::Bin(Bin::Sub, Opnd::i64(200), place));
            }
            let bytes = ty.bytes();
            let (from, to) = (
                Addr::at(a, place, bytes).plus(bytes as i32),
                Addr::at(b, place, bytes),
            );
            let mut t = m.set(Rv::Load(ty, from));
            if variant & 2 == 2 {
                t = m.set(Rv::Bin(Bin::Mul, c, t));
            }
            let y = m.set(Rv::Load(ty, to));
            let sum = match variant & 4 {
                0 => Rv::Bin(Bin::Add, y, t),
                _ => Rv::Bin(Bin::Accumulate, t, y),
            };
            let z = m.set(sum);
            m.body.push(Stmt::Store(ty, to, z));
            let p = both(&m.done());
            let text = cotangent_jit::listing(&p, &cotangent_runtime::address).unwrap();
            assert!(text.contains("call_indirect"), "{text}");
            let compiled = code(&p);
            for n in (0..60).chain([63, 64, 65, 100, 127, 128, 180]) {
                agree(&p, &compiled, &mut rng, 1, n);
            }
        }
    }
}
