//! Programs written by hand, and a machine that runs them with callbacks of its own.
#![allow(dead_code, reason = "each test uses its part")]

use cotangent_core::entity::PrimaryMap;
use cotangent_core::ir::Span;
use cotangent_jit::Code;
use cotangent_lower::abi::{self, Callback};
use cotangent_lower::lir::verify::verify;
use cotangent_lower::lir::{
    Block, FnId, Function, Math1, Math2, Opnd, Program, Reg, Rv, Site, SiteData, Stmt, TrapAt, Ty,
};
use cotangent_runtime::Context;
use std::alloc::{Layout, alloc_zeroed, dealloc};

/// A function under construction.
pub struct Fun {
    pub f: Function,
}

impl Fun {
    pub fn new(name: &str, params: &[Ty], results: &[Ty]) -> Fun {
        let mut f = Function {
            name: name.into(),
            regs: PrimaryMap::new(),
            params: Vec::new(),
            results: Vec::new(),
            result_types: results.to_vec(),
            body: Vec::new(),
            recursive: None,
        };
        for &ty in params {
            let r = f.regs.push(ty);
            f.params.push(r);
        }
        Fun { f }
    }
    pub fn arg(&self, i: usize) -> Opnd {
        self.f.params[i].into()
    }
    pub fn reg(&mut self, ty: Ty) -> Reg {
        self.f.regs.push(ty)
    }
    /// Computes into a new register, at the end of the body.
    pub fn set(&mut self, rv: Rv) -> Opnd {
        let r = self.f.regs.push(rv.ty(&self.f.regs));
        self.f.body.push(Stmt::Set(r, rv));
        r.into()
    }
    pub fn push(&mut self, s: Stmt) {
        self.f.body.push(s);
    }
    pub fn body(&mut self, b: Block) {
        self.f.body.extend(b);
    }
    pub fn done(mut self, results: &[Opnd]) -> Function {
        self.f.results = results.to_vec();
        self.f
    }
}

/// A site of the kind.
pub fn site(p: &mut Program, kind: TrapAt) -> Site {
    p.sites.push(SiteData {
        kind,
        func: "f".into(),
        span: Span::NONE,
    })
}

/// The context of these tests: the fields that code knows, then their own.
#[repr(C)]
pub struct Ctx {
    pub fuel: u64,
    pub depth: u64,
    pub stack: u64,
    pub consts: *const *mut u64,
    pub callbacks: *const *const u8,
    pub site: u64,
    pub numbers: [u64; abi::SITE_NUMBERS],
    /// What was allocated and not freed.
    pub live: Vec<*mut u64>,
    /// How many blocks were freed.
    pub freed: u64,
    /// Fails allocations of more bytes.
    pub limit: u64,
}

const ROOM: usize = 1 << 12;

fn layout() -> Layout {
    Layout::from_size_align(abi::HEAD as usize + ROOM, 64).unwrap()
}

impl Default for Ctx {
    fn default() -> Self {
        Ctx {
            fuel: u64::MAX,
            depth: 100,
            stack: 0,
            consts: std::ptr::null(),
            callbacks: std::ptr::null(),
            site: 0,
            numbers: [0; abi::SITE_NUMBERS],
            live: Vec::new(),
            freed: 0,
            limit: ROOM as u64,
        }
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        for &b in &self.live {
            // SAFETY: it came from `alloc` below with this layout and was not freed.
            unsafe { dealloc(b.cast(), layout()) }
        }
    }
}

extern "C" fn alloc(ctx: &mut Ctx, bytes: u64, _: u64) -> *mut u64 {
    if bytes > ctx.limit {
        ctx.numbers[0] = bytes;
        return std::ptr::null_mut();
    }
    // SAFETY: the layout is not empty; the count is the first word of a block.
    unsafe {
        let b = alloc_zeroed(layout()).cast::<u64>();
        assert!(!b.is_null());
        *b = 1;
        let room = b.cast::<u8>().add(abi::HEAD as usize);
        b.byte_add(abi::BLOCK_DATA as usize)
            .cast::<*mut u8>()
            .write(room);
        ctx.live.push(b);
        b
    }
}

extern "C" fn unique(ctx: &mut Ctx, b: *mut u64, data: *const u8, count: u64, l: u64) -> *mut u64 {
    let new = alloc(ctx, count * 8, l);
    if new.is_null() {
        return new;
    }
    // SAFETY: tests call this with blocks and data of theirs, elements of 8 bytes, `count` of them.
    unsafe {
        let to = new.cast::<u8>().add(abi::HEAD as usize);
        std::ptr::copy_nonoverlapping(data, to, count as usize * 8);
        *b -= 1;
    }
    new
}

extern "C" fn free(ctx: &mut Ctx, b: *mut u64) {
    ctx.freed += 1;
    let at = ctx.live.iter().position(|&x| x == b).expect("a live block");
    ctx.live.swap_remove(at);
    // SAFETY: it came from `alloc` and was live until now.
    unsafe { dealloc(b.cast(), layout()) }
}

/// Evaluation 0 adds its two arguments; it traps if the first is 7.
extern "C" fn eval(ctx: &mut Ctx, e: u64, args: *const u64, results: *mut u64) -> u64 {
    // SAFETY: the tests' evaluations have two arguments and one result.
    unsafe {
        if *args == 7 {
            ctx.site = 99;
            return abi::TRAPPED;
        }
        *results = *args + *args.add(1) + e;
    }
    abi::OK
}

extern "C" fn sin(x: f64) -> f64 {
    x.sin()
}
extern "C" fn sinf(x: f32) -> f32 {
    x.sin()
}
extern "C" fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
extern "C" fn axpy(n: u64, a: f64, x: *const f64, y: *mut f64) {
    for i in 0..n as usize {
        // SAFETY: tests pass arrays of `n` elements.
        unsafe { *y.add(i) += a * *x.add(i) }
    }
}
extern "C" fn sum(n: u64, x: *const f64) -> f64 {
    // SAFETY: tests pass arrays of `n` elements.
    (0..n as usize).map(|i| unsafe { *x.add(i) }).sum()
}
extern "C" fn missing() {
    panic!("a callback that these tests lack");
}

fn address(c: Callback) -> *const u8 {
    match c {
        Callback::Alloc => alloc as *const u8,
        Callback::Unique => unique as *const u8,
        Callback::Free => free as *const u8,
        Callback::Eval => eval as *const u8,
        Callback::Math1(Math1::Sin, Ty::F64) => sin as *const u8,
        Callback::Math1(Math1::Sin, Ty::F32) => sinf as *const u8,
        Callback::Math2(Math2::Pow, Ty::F64) => pow as *const u8,
        Callback::Axpy(Ty::F64) => axpy as *const u8,
        Callback::Sum(Ty::F64) => sum as *const u8,
        _ => missing as *const u8,
    }
}

/// A compiled program.
pub struct Machine {
    code: Code,
    widths: Vec<usize>,
}

/// A run that trapped: the site, and the context's numbers.
#[derive(PartialEq, Eq, Debug)]
pub struct Trapped(pub u64, pub Vec<u64>);

impl Machine {
    pub fn new(p: &Program) -> Machine {
        if let Err(e) = verify(p) {
            panic!("{e}\n{p}");
        }
        Machine {
            code: Code::new(p, &address).unwrap(),
            widths: p.funcs.values().map(|f| f.results.len()).collect(),
        }
    }
    /// Runs a function.
    pub fn run(&self, f: usize, args: &[u64]) -> Result<Vec<u64>, Trapped> {
        self.run_in(&mut Ctx::default(), f, args)
    }
    /// Runs a function in a context.
    pub fn run_in(&self, ctx: &mut Ctx, f: usize, args: &[u64]) -> Result<Vec<u64>, Trapped> {
        let mut results = vec![0; self.widths[f]];
        let entry = self.code.entry(FnId(f as u32)).unwrap();
        // SAFETY: the code lives; the address is that of an entry; the tests pass as many slots as the function has leaves.
        let status = unsafe {
            let ctx: *mut Ctx = ctx;
            entry(ctx.cast::<Context>(), args.as_ptr(), results.as_mut_ptr())
        };
        match status {
            abi::OK => Ok(results),
            _ => Err(Trapped(ctx.site, ctx.numbers.to_vec())),
        }
    }
}

/// Compiles without asking the verifier first.
pub fn try_compile(p: &Program) -> Result<Code, cotangent_jit::Error> {
    Code::new(p, &address)
}

/// The code of a program as text.
pub fn listing(p: &Program) -> String {
    cotangent_jit::listing(p, &address).unwrap()
}

/// Every integer type with its bits.
pub const INTS: [(Ty, u32); 4] = [(Ty::I8, 8), (Ty::I16, 16), (Ty::I32, 32), (Ty::I64, 64)];

/// Integers at the edges of a width, as bits of it.
pub fn edges(bits: u32) -> Vec<u64> {
    let mask = u64::MAX >> (64 - bits);
    let min = 1u64 << (bits - 1);
    [
        0,
        1,
        2,
        3,
        7,
        bits as u64 - 1,
        min - 2,
        min - 1,
        min,
        min + 1,
        mask - 2,
        mask - 1,
        mask,
        0x5555_5555_5555_5555 & mask,
        0x9e37_79b9_7f4a_7c15 & mask,
    ]
    .to_vec()
}

/// The bits as a signed integer.
pub fn signed(v: u64, bits: u32) -> i128 {
    i128::from(((v << (64 - bits)) as i64) >> (64 - bits))
}

/// The bits as an unsigned integer.
pub fn unsigned(v: u64, bits: u32) -> i128 {
    i128::from(v & (u64::MAX >> (64 - bits)))
}
