//! LIR: a structured imperative program over typed scalar registers and memory.
//!
//! What the back ends (Cranelift, C) translate. Every value of the IR has become registers ([`crate::layout`]); arrays are
//! reference-counted blocks of memory ([`crate::abi`]) that are written in place where nobody else holds them; every check is
//! explicit. Control flow stays structured, so C reads like a program and passes over loops ([`crate::opt`]) need no analysis of a
//! flow graph.
//!
//! Invariants (checked by [`verify`](fn@verify::verify)): a register is set before it is read on every path; operands have the types
//! that [`Rv::ty`] and the statements' docs ask for; `I8` that stands for a truth value is 0 or 1; a pointer to a block comes from an
//! allocation, a constant or the caller.

pub mod print;
pub mod rt;
pub mod verify;
mod walk;

pub use walk::Straight;

use cotangent_core::entity::PrimaryMap;
use cotangent_core::ir::{Op, Span, Type};

cotangent_core::entity! {
    /// A register of a function: a mutable variable of a [`Ty`].
    Reg "r";
    /// A function of a program. Those of the module come first, in the module's order.
    FnId "f";
    /// A place that may trap.
    Site "t";
    /// How elements of an array lie in memory.
    LayoutId "layout";
    /// An operation left to the interpreter's evaluation.
    EvalId "eval";
    /// A constant array.
    ConstId "const";
}

/// The type of a register. Integers have no sign here, operations do. Truth values are `I8`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Ty {
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    /// An address, as wide as the machine's.
    Ptr,
}

impl Ty {
    /// Bytes in memory.
    pub const fn bytes(self) -> u32 {
        match self {
            Ty::I8 => 1,
            Ty::I16 => 2,
            Ty::I32 | Ty::F32 => 4,
            Ty::I64 | Ty::F64 | Ty::Ptr => 8,
        }
    }
    /// A floating-point type.
    pub const fn is_float(self) -> bool {
        matches!(self, Ty::F32 | Ty::F64)
    }
}

/// An operand: a register or a constant.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Opnd {
    /// What the register holds.
    Reg(Reg),
    /// A constant: the low bits are the integer's, or the float's representation.
    Const(Ty, u64),
}

impl Opnd {
    /// A 64-bit integer.
    pub const fn i64(v: u64) -> Opnd {
        Opnd::Const(Ty::I64, v)
    }
    /// A truth value.
    pub const fn bool(v: bool) -> Opnd {
        Opnd::Const(Ty::I8, v as u64)
    }
    /// A double.
    pub const fn f64(v: f64) -> Opnd {
        Opnd::Const(Ty::F64, v.to_bits())
    }
    /// The constant's bits, if it is one.
    pub const fn constant(self) -> Option<u64> {
        match self {
            Opnd::Const(_, v) => Some(v),
            Opnd::Reg(_) => None,
        }
    }
    /// The register, if it is one.
    pub const fn reg(self) -> Option<Reg> {
        match self {
            Opnd::Reg(r) => Some(r),
            Opnd::Const(..) => None,
        }
    }
}

impl From<Reg> for Opnd {
    fn from(r: Reg) -> Opnd {
        Opnd::Reg(r)
    }
}

/// An address: `base + index * scale + offset`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Addr {
    /// A `Ptr`.
    pub base: Opnd,
    /// An `I64` and the bytes it counts.
    pub index: Option<(Opnd, u32)>,
    /// In bytes.
    pub offset: i32,
}

impl Addr {
    /// The address itself.
    pub fn base(base: impl Into<Opnd>) -> Addr {
        Addr {
            base: base.into(),
            index: None,
            offset: 0,
        }
    }
    /// Bytes further on.
    pub fn plus(self, bytes: i32) -> Addr {
        Addr {
            offset: self.offset + bytes,
            ..self
        }
    }
    /// Element `i` of elements of `scale` bytes.
    pub fn at(base: impl Into<Opnd>, i: impl Into<Opnd>, scale: u32) -> Addr {
        Addr {
            base: base.into(),
            index: Some((i.into(), scale)),
            offset: 0,
        }
    }
}

/// Operations of one register; the result has the operand's type unless said otherwise.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Un {
    /// `-x`, wrapping for integers; floats: the sign bit flipped.
    Neg,
    /// Bitwise complement of an integer (for truth values use `Xor` with 1).
    Not,
    /// Absolute value of a float.
    FAbs,
    /// Round down, a float.
    Floor,
    /// Round up, a float.
    Ceil,
    /// Round towards zero, a float.
    Trunc,
    /// Round to nearest, ties to even, a float.
    Nearest,
    /// Square root of a float.
    Sqrt,
    /// Number of one bits of an integer.
    PopCount,
    /// Leading zeros of an integer.
    Clz,
    /// Trailing zeros of an integer; the width for 0.
    Ctz,
    /// A mathematical function of a float.
    Math(Math1),
}

/// Operations of two registers of one type, which is the result's. Integer division: the divisor is not 0 and the quotient fits
/// (checked before). Shift amounts are below the width (checked before) and of the type of the shifted.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Bin {
    /// Wrapping for integers.
    Add,
    /// The sum of two floats whose place in a chain of such sums is free: a back end may add the terms in another order.
    Accumulate,
    Sub,
    Mul,
    /// Floats.
    FDiv,
    SDiv,
    UDiv,
    SRem,
    URem,
    And,
    Or,
    Xor,
    Shl,
    /// Arithmetic.
    ShrS,
    /// Logical.
    ShrU,
    SMin,
    SMax,
    UMin,
    UMax,
    /// The smaller; NaN if either is NaN; -0 is below 0.
    FMin,
    /// The larger, likewise.
    FMax,
    /// The smaller; of a NaN and a number the number; -0 is below 0.
    FMinNumber,
    /// The larger, likewise.
    FMaxNumber,
    Copysign,
    /// A mathematical function of two floats.
    Math(Math2),
}

/// Conditions: operands of one type, result `I8`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Cmp {
    Eq,
    Ne,
    SLt,
    SLe,
    SGt,
    SGe,
    ULt,
    ULe,
    UGt,
    UGe,
    /// Floats: ordered, false with a NaN; `FNe` is true with one.
    FEq,
    FNe,
    FLt,
    FLe,
    FGt,
    FGe,
    /// Whether the signed sum does not fit.
    SAddOv,
    SSubOv,
    SMulOv,
    UAddOv,
    USubOv,
    UMulOv,
}

/// Conversions.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Cvt {
    /// Integer to a wider integer by sign.
    SExt,
    /// Integer to a wider integer by zeros.
    ZExt,
    /// Integer to a narrower integer.
    Trunc,
    /// Signed integer to float.
    SToF,
    /// Unsigned integer to float.
    UToF,
    /// Float to signed integer as Rust's `as`: towards zero, saturating, NaN to 0.
    FToS,
    /// Float to unsigned integer as Rust's `as`.
    FToU,
    /// `F32` to `F64`.
    Promote,
    /// `F64` to `F32`, rounding to nearest.
    Demote,
    /// The same bits in a type of the same size.
    Bits,
}

/// Mathematical functions of one float.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names are those of C's or the IR's")]
pub enum Math1 {
    Exp,
    Exp2,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Cbrt,
    Erf,
    Erfc,
    Logistic,
    Lgamma,
    Digamma,
    ErfInv,
    /// Rust's `round`: ties away from zero.
    Round,
}

impl Math1 {
    /// All of them.
    pub const ALL: &'static [Math1] = &[
        Math1::Exp,
        Math1::Exp2,
        Math1::Expm1,
        Math1::Log,
        Math1::Log2,
        Math1::Log10,
        Math1::Log1p,
        Math1::Sin,
        Math1::Cos,
        Math1::Tan,
        Math1::Asin,
        Math1::Acos,
        Math1::Atan,
        Math1::Sinh,
        Math1::Cosh,
        Math1::Tanh,
        Math1::Asinh,
        Math1::Acosh,
        Math1::Atanh,
        Math1::Cbrt,
        Math1::Erf,
        Math1::Erfc,
        Math1::Logistic,
        Math1::Lgamma,
        Math1::Digamma,
        Math1::ErfInv,
        Math1::Round,
    ];
}

/// Mathematical functions of two floats.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names are those of C's or the IR's")]
pub enum Math2 {
    Pow,
    Atan2,
    Hypot,
    /// Rust's `%`, C's `fmod`.
    Fmod,
    Polygamma,
}

impl Math2 {
    /// All of them.
    pub const ALL: &'static [Math2] = &[
        Math2::Pow,
        Math2::Atan2,
        Math2::Hypot,
        Math2::Fmod,
        Math2::Polygamma,
    ];
}

/// What a register is set to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Rv {
    /// The operand.
    Copy(Opnd),
    /// One operand.
    Un(Un, Opnd),
    /// Two operands of one type.
    Bin(Bin, Opnd, Opnd),
    /// A condition; `I8`.
    Cmp(Cmp, Opnd, Opnd),
    /// `a * b + c` rounded once.
    Fma(Opnd, Opnd, Opnd),
    /// `a` (an `I8`) chooses `b`, else `c`.
    Select(Opnd, Opnd, Opnd),
    /// A conversion to the type.
    Cvt(Cvt, Ty, Opnd),
    /// What memory holds there.
    Load(Ty, Addr),
    /// An address as a `Ptr`.
    Lea(Addr),
    /// The block of a constant array (immortal).
    Const(ConstId),
}

/// Callbacks into the runtime. Arguments and results are registers; one that fails returns a null pointer, and the function traps.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum RtFn {
    /// `(bytes: I64, layout: I64) -> Ptr`: a block with room for `bytes` and reference count 1, contents undefined. Fails if out of memory.
    Alloc,
    /// The same, the bytes are 0.
    AllocZero,
    /// `(block, data, len, need, layout) -> Ptr`: a uniquely owned block whose data start with the `len` elements from `data` and have room for
    /// `need` at least (capacity doubles); takes over the reference to `block`. The block itself if it suits. Fails if out of memory.
    Grow,
    /// `(dst: Ptr, src: Ptr, bytes: I64)`: copies; the ranges may overlap.
    Copy,
    /// `(dst: Ptr, bytes: I64)`: sets to zero.
    Zero,
    /// `(data: Ptr, count: I64, layout: I64)`: one more reference to each block that elements refer to.
    RetainElems,
    /// `(data: Ptr, count: I64, layout: I64)`: one reference less.
    ReleaseElems,
    /// `(n: I64, src: Ptr, dst: Ptr)`: the function of `n` floats of the type.
    Map(Math1, Ty),
    /// `(n: I64, x: Ptr, y: Ptr) -> float`: inner product.
    Dot(Ty),
    /// `(n: I64, x: Ptr) -> float`: sum.
    Sum(Ty),
    /// `(n: I64, a: float, x: Ptr, y: Ptr)`: `y += a x`, the product rounded before it is added.
    Axpy(Ty),
    /// `(m: I64, n: I64, k: I64, a: Ptr, b: Ptr, c: Ptr)`: `c = a b`, row-major.
    Gemm(Ty),
}

/// A loop's nature, found by passes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Hint {
    /// No iteration reads or writes what another writes, but for `reductions`: any order, any width.
    pub parallel: bool,
    /// Registers that the body does nothing with but [`Bin::Accumulate`] terms to them, once or more: what they hold before the loop and
    /// the terms of all iterations may be added in any order. Ascending; set by the last pass.
    pub reductions: Vec<Reg>,
    /// If the loop is not parallel only because of registers to each of which every iteration adds one term, in order: those registers. Then
    /// terms of several iterations may be computed at once, and added after.
    pub in_turn: Vec<Reg>,
}

impl Hint {
    /// Of a loop whose iterations are independent, if they are.
    pub fn parallel(parallel: bool) -> Hint {
        Hint {
            parallel,
            ..Hint::default()
        }
    }
}

/// A statement.
#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    /// Sets a register.
    Set(Reg, Rv),
    /// Writes memory.
    Store(Ty, Addr, Opnd),
    /// Traps at the site, with the site's numbers (`I64`s), if the `I8` is 1.
    Check(Opnd, Site, Vec<Opnd>),
    /// Traps.
    Trap(Site, Vec<Opnd>),
    /// Runs one of two blocks by an `I8`.
    If(Opnd, Block, Block),
    /// Runs the block of that number (`I64`, unsigned); the last if out of range.
    Switch(Opnd, Vec<Block>),
    /// Runs `head`, leaves if the `I8` is 0, runs `body`, again.
    While {
        /// Computes the condition.
        head: Block,
        /// Whether to go on.
        cond: Opnd,
        /// The body.
        body: Block,
    },
    /// Runs the body for each index of `lo..hi` in order. The index is set before each iteration; the body must not set it. `lo`
    /// and `hi` are evaluated once.
    For {
        /// The index, `I64`.
        index: Reg,
        /// First index.
        lo: Opnd,
        /// Past the last.
        hi: Opnd,
        /// How `lo` and `hi` compare.
        signed: bool,
        /// The body.
        body: Block,
        /// What is known of it.
        hint: Hint,
    },
    /// One more reference to a block.
    Retain(Opnd),
    /// One reference less; the block is freed with the last.
    Release(Opnd),
    /// Makes the block in `buf` uniquely owned: if it is not, it becomes a copy of the `count` elements from `data`, and `data` points
    /// there. Fails if out of memory.
    Unique {
        /// The block, `Ptr`.
        buf: Reg,
        /// The first element, `Ptr`.
        data: Reg,
        /// How many elements, `I64`.
        count: Opnd,
        /// What they are.
        layout: LayoutId,
        /// Where failure is reported (a [`TrapAt::Memory`] whose number the runtime records).
        site: Site,
    },
    /// Makes the block in `buf` uniquely owned, with room for `more` elements after the `len` from `data`: if it is not, those go to another
    /// block, at least twice as large if room was short, or to the start of this one, and `data` points there. Fails if out of memory.
    Reserve {
        /// The block, `Ptr`.
        buf: Reg,
        /// The first element, `Ptr`.
        data: Reg,
        /// How many elements there are, `I64`.
        len: Opnd,
        /// How many more there will be, `I64`.
        more: Opnd,
        /// What they are.
        layout: LayoutId,
        /// Where failure is reported, as for `Unique`.
        site: Site,
    },
    /// A call. A trap in it is the caller's.
    Call(FnId, Vec<Opnd>, Vec<Reg>),
    /// Runs a function for ranges that together are `lo..hi`, which is not empty, perhaps several at once. Its parameters are the arguments and
    /// the ends of a range, `I64`s; its results, floats, are added to `sums`. Which ranges these are and in which order their results are
    /// added follows from `lo`, `hi` and `work` alone. A trap is that of the first range that traps.
    Split {
        /// The function. It leaves counts of references alone.
        func: FnId,
        /// Its arguments before the range.
        args: Vec<Opnd>,
        /// First index, `I64`.
        lo: Opnd,
        /// Past the last.
        hi: Opnd,
        /// What an index costs, `I64`, in simple operations.
        work: Opnd,
        /// What the results are added to.
        sums: Vec<Reg>,
    },
    /// Results of a function for an index, which is its first argument: those of a call, but arrays among the arguments and the results are only lent,
    /// the latter until the next statement of the kind. The loop around it goes on with the same arguments for each index up to `hi`, so
    /// results for later indices may be computed at the same time. A trap is that of the index.
    Ahead {
        /// The function.
        func: FnId,
        /// Its arguments, the index first.
        args: Vec<Opnd>,
        /// Where the indices end, `I64`.
        hi: Opnd,
        /// Its results.
        results: Vec<Reg>,
    },
    /// A callback: arguments, result if it has one, and where failure is reported if it may fail (as for `Unique`).
    Rt(RtFn, Vec<Opnd>, Option<Reg>, Option<Site>),
    /// An operation evaluated as the interpreter does: operands and results flattened. Operands are borrowed, results owned.
    Eval(EvalId, Vec<Opnd>, Vec<Reg>),
    /// Uses up one unit of fuel; traps at the site if there is none.
    Fuel(Site),
}

/// Statements in order.
pub type Block = Vec<Stmt>;

/// A function.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Its name in the module.
    pub name: String,
    /// The registers.
    pub regs: PrimaryMap<Reg, Ty>,
    /// Those that hold the arguments.
    pub params: Vec<Reg>,
    /// What it returns.
    pub results: Vec<Opnd>,
    /// The types of the results.
    pub result_types: Vec<Ty>,
    /// The body.
    pub body: Block,
    /// Whether it may call itself, through others too: such a function checks depth and stack on entry, and traps at this site.
    pub recursive: Option<Site>,
}

/// What a trap says; the numbers it carries are the site's operands in order.
#[derive(Clone, PartialEq, Debug)]
pub enum TrapAt {
    /// Numbers: index, length. Whether the index is signed.
    Index(bool),
    /// Numbers: lo, hi, length. Whether lo and hi are signed.
    Range(bool, bool),
    /// Numbers: extents of the first operand, then those of the second; how many the first has.
    Shape(&'static str, usize),
    /// No numbers.
    Overflow(&'static str),
    /// No numbers.
    DivisionByZero,
    /// Numbers: the amount. Whether it is signed.
    Shift(bool),
    /// No numbers.
    Empty(&'static str),
    /// No numbers.
    Panic(String),
    /// No numbers.
    Fuel,
    /// No numbers.
    Recursion,
    /// Numbers: bytes.
    Memory,
    /// No numbers.
    Confusion(String),
}

/// A place that may trap.
#[derive(Clone, PartialEq, Debug)]
pub struct SiteData {
    /// What it says.
    pub kind: TrapAt,
    /// The function, in the module.
    pub func: String,
    /// The source place.
    pub span: Span,
}

/// An operation left to the interpreter's evaluation.
#[derive(Clone, PartialEq, Debug)]
pub struct EvalData {
    /// The operation.
    pub op: Op,
    /// The operands' types.
    pub args: Vec<Type>,
    /// The results' types.
    pub results: Vec<Type>,
    /// Where its traps are reported.
    pub site: Site,
}

/// How an element lies in memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Layout {
    /// Bytes from one element to the next.
    pub size: u32,
    /// The registers an element is loaded into, and where each lies.
    pub leaves: Vec<(u32, Ty)>,
    /// The offsets of the blocks it refers to (each a `Ptr`), ascending.
    pub blocks: Vec<u32>,
}

/// A constant array, as it lies in memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConstData {
    /// The elements.
    pub bytes: Vec<u8>,
}

/// A program.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Program {
    /// The functions.
    pub funcs: PrimaryMap<FnId, Function>,
    /// The IR types of each function's parameters and results, for the boundary.
    pub signatures: Vec<(Vec<Type>, Vec<Type>)>,
    /// Functions whose calls stay calls, ascending: see [`Stmt::Ahead`].
    pub apart: Vec<FnId>,
    /// Places that may trap.
    pub sites: PrimaryMap<Site, SiteData>,
    /// Layouts of elements.
    pub layouts: PrimaryMap<LayoutId, Layout>,
    /// Operations left to the interpreter.
    pub evals: PrimaryMap<EvalId, EvalData>,
    /// Constant arrays.
    pub consts: PrimaryMap<ConstId, ConstData>,
    /// The names of source files.
    pub files: Vec<String>,
}

impl Rv {
    /// The type of the result, given the function's registers.
    pub fn ty(&self, regs: &PrimaryMap<Reg, Ty>) -> Ty {
        match self {
            Rv::Copy(a) | Rv::Un(_, a) | Rv::Bin(_, a, _) | Rv::Fma(a, _, _) => a.ty(regs),
            Rv::Select(_, b, _) => b.ty(regs),
            Rv::Cmp(..) => Ty::I8,
            Rv::Cvt(_, ty, _) | Rv::Load(ty, _) => *ty,
            Rv::Lea(_) | Rv::Const(_) => Ty::Ptr,
        }
    }
    /// Calls `f` on each operand.
    pub fn operands(&self, f: &mut impl FnMut(Opnd)) {
        match *self {
            Rv::Copy(a) | Rv::Un(_, a) | Rv::Cvt(_, _, a) => f(a),
            Rv::Bin(_, a, b) | Rv::Cmp(_, a, b) => {
                f(a);
                f(b);
            }
            Rv::Fma(a, b, c) | Rv::Select(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Rv::Load(_, addr) | Rv::Lea(addr) => addr.operands(f),
            Rv::Const(_) => {}
        }
    }
}

impl Addr {
    /// Calls `f` on each operand.
    pub fn operands(&self, f: &mut impl FnMut(Opnd)) {
        f(self.base);
        if let Some((i, _)) = self.index {
            f(i);
        }
    }
}

impl Opnd {
    /// Its type, given the function's registers.
    pub fn ty(self, regs: &PrimaryMap<Reg, Ty>) -> Ty {
        match self {
            Opnd::Reg(r) => regs[r],
            Opnd::Const(ty, _) => ty,
        }
    }
}
