//! The text of LIR, for people and for tests: deterministic, one statement a line.
//!
//! ```text
//! fn f0 dot(r0: ptr, r1: ptr, r2: i64) -> (f64) {
//!   regs r3: f64, r4: i64
//!   r3 = copy 0.0
//!   for r4 in 0..r2 {
//! ```
//! Constants are written as Rust writes them: integers as signed decimals with their type unless it is `i64`, floats with their
//! type unless it is `f64`; NaNs by their bits.

use super::{
    Addr, Bin, Block, Cmp, Cvt, Function, Math1, Math2, Opnd, Program, Reg, RtFn, Rv, SiteData,
    Stmt, TrapAt, Ty, Un,
};
use cotangent_core::entity::PrimaryMap;
use cotangent_core::ops::mnemonic;
use std::fmt::{self, Display, Formatter, Result, Write};

impl Display for Ty {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Ty::I8 => "i8",
            Ty::I16 => "i16",
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::Ptr => "ptr",
        })
    }
}

impl Display for Opnd {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Opnd::Reg(r) => write!(f, "{r}"),
            Opnd::Const(Ty::I8, v) => write!(f, "{}i8", v as i8),
            Opnd::Const(Ty::I16, v) => write!(f, "{}i16", v as i16),
            Opnd::Const(Ty::I32, v) => write!(f, "{}i32", v as i32),
            Opnd::Const(Ty::I64, v) => write!(f, "{}", v as i64),
            Opnd::Const(Ty::Ptr, v) => write!(f, "ptr:{v:#x}"),
            Opnd::Const(Ty::F32, v) => {
                let x = f32::from_bits(v as u32);
                if x.is_nan() {
                    write!(f, "nan:{:#x}f32", v as u32)
                } else {
                    write!(f, "{x:?}f32")
                }
            }
            Opnd::Const(Ty::F64, v) => {
                let x = f64::from_bits(v);
                if x.is_nan() {
                    write!(f, "nan:{v:#x}")
                } else {
                    write!(f, "{x:?}")
                }
            }
        }
    }
}

impl Display for Addr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "[{}", self.base)?;
        if let Some((i, scale)) = self.index {
            write!(f, " + {i}*{scale}")?;
        }
        match self.offset {
            0 => {}
            o if o < 0 => write!(f, " - {}", o.unsigned_abs())?,
            o => write!(f, " + {o}")?,
        }
        f.write_char(']')
    }
}

/// The name of an operation without payload: its variant's, in lower case.
fn lower(f: &mut Formatter<'_>, name: impl fmt::Debug) -> Result {
    f.write_str(&format!("{name:?}").to_lowercase())
}

macro_rules! lower_case {
    ($($ty:ident)*) => {$(
        impl Display for $ty {
            fn fmt(&self, f: &mut Formatter<'_>) -> Result {
                lower(f, self)
            }
        }
    )*};
}
lower_case! { Cmp Cvt Math1 Math2 }

impl Display for Un {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Un::Math(m) => write!(f, "{m}"),
            Un::Neg
            | Un::Not
            | Un::FAbs
            | Un::Floor
            | Un::Ceil
            | Un::Trunc
            | Un::Nearest
            | Un::Sqrt
            | Un::PopCount
            | Un::Clz
            | Un::Ctz => lower(f, self),
        }
    }
}

impl Display for Bin {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Bin::Math(m) => write!(f, "{m}"),
            Bin::Add
            | Bin::Accumulate
            | Bin::Sub
            | Bin::Mul
            | Bin::FDiv
            | Bin::SDiv
            | Bin::UDiv
            | Bin::SRem
            | Bin::URem
            | Bin::And
            | Bin::Or
            | Bin::Xor
            | Bin::Shl
            | Bin::ShrS
            | Bin::ShrU
            | Bin::SMin
            | Bin::SMax
            | Bin::UMin
            | Bin::UMax
            | Bin::FMin
            | Bin::FMax
            | Bin::FMinNumber
            | Bin::FMaxNumber
            | Bin::Copysign => lower(f, self),
        }
    }
}

impl Display for RtFn {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            RtFn::Map(m, ty) => write!(f, "map.{m}.{ty}"),
            RtFn::Dot(ty) => write!(f, "dot.{ty}"),
            RtFn::Sum(ty) => write!(f, "sum.{ty}"),
            RtFn::Axpy(ty) => write!(f, "axpy.{ty}"),
            RtFn::Gemm(ty) => write!(f, "gemm.{ty}"),
            RtFn::Alloc
            | RtFn::AllocZero
            | RtFn::Grow
            | RtFn::Copy
            | RtFn::Zero
            | RtFn::RetainElems
            | RtFn::ReleaseElems => lower(f, self),
        }
    }
}

impl Display for Rv {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Rv::Copy(a) => write!(f, "copy {a}"),
            Rv::Un(op, a) => write!(f, "{op} {a}"),
            Rv::Bin(op, a, b) => write!(f, "{op} {a}, {b}"),
            Rv::Cmp(op, a, b) => write!(f, "{op} {a}, {b}"),
            Rv::Fma(a, b, c) => write!(f, "fma {a}, {b}, {c}"),
            Rv::Select(a, b, c) => write!(f, "select {a}, {b}, {c}"),
            Rv::Cvt(op, ty, a) => write!(f, "{op}.{ty} {a}"),
            Rv::Load(ty, addr) => write!(f, "load.{ty} {addr}"),
            Rv::Lea(addr) => write!(f, "lea {addr}"),
            Rv::Const(c) => write!(f, "{c}"),
        }
    }
}

/// Items with commas between.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (i, x) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{x}")?;
        }
        Ok(())
    }
}

/// Results and an equals sign, if there are results.
fn results(f: &mut Formatter<'_>, regs: &[Reg]) -> Result {
    if regs.is_empty() {
        return Ok(());
    }
    write!(f, "{} = ", List(regs))
}

/// A block in braces, its statements indented once more than `depth`.
fn block(f: &mut Formatter<'_>, b: &Block, depth: usize) -> Result {
    f.write_str("{\n")?;
    for s in b {
        stmt(f, s, depth + 1)?;
    }
    write!(f, "{:1$}}}", "", depth * 2)
}

/// A statement with its line's indent and end.
fn stmt(f: &mut Formatter<'_>, s: &Stmt, depth: usize) -> Result {
    write!(f, "{:1$}", "", depth * 2)?;
    match s {
        Stmt::If(c, t, e) => {
            write!(f, "if {c} ")?;
            block(f, t, depth)?;
            if !e.is_empty() {
                f.write_str(" else ")?;
                block(f, e, depth)?;
            }
        }
        Stmt::Switch(i, blocks) => {
            writeln!(f, "switch {i} {{")?;
            for (k, b) in blocks.iter().enumerate() {
                write!(f, "{:1$}{k}: ", "", (depth + 1) * 2)?;
                block(f, b, depth + 1)?;
                f.write_char('\n')?;
            }
            write!(f, "{:1$}}}", "", depth * 2)?;
        }
        Stmt::While { head, cond, body } => {
            f.write_str("while ")?;
            block(f, head, depth)?;
            write!(f, " {cond} ")?;
            block(f, body, depth)?;
        }
        Stmt::For {
            index,
            lo,
            hi,
            signed,
            body,
            hint,
        } => {
            let sign = if *signed { "signed " } else { "" };
            let parallel = if hint.parallel { "parallel " } else { "" };
            write!(f, "for {index} in {sign}{lo}..{hi} {parallel}")?;
            if !hint.reductions.is_empty() {
                write!(f, "sums({}) ", List(&hint.reductions))?;
            }
            if !hint.in_turn.is_empty() {
                write!(f, "in_turn({}) ", List(&hint.in_turn))?;
            }
            block(f, body, depth)?;
        }
        Stmt::Set(..)
        | Stmt::Store(..)
        | Stmt::Ahead { .. }
        | Stmt::Check(..)
        | Stmt::Trap(..)
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Unique { .. }
        | Stmt::Reserve { .. }
        | Stmt::Call(..)
        | Stmt::Split { .. }
        | Stmt::Rt(..)
        | Stmt::Eval(..)
        | Stmt::Fuel(_) => write!(f, "{}", Line(s))?,
    }
    f.write_char('\n')
}

/// A statement on one line: blocks inside it are left out.
pub(super) struct Line<'a>(pub(super) &'a Stmt);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Stmt::Set(r, rv) => write!(f, "{r} = {rv}"),
            Stmt::Store(ty, addr, v) => write!(f, "store.{ty} {addr}, {v}"),
            Stmt::Check(c, site, ns) => write!(f, "check {c} {site}({})", List(ns)),
            Stmt::Trap(site, ns) => write!(f, "trap {site}({})", List(ns)),
            Stmt::If(c, ..) => write!(f, "if {c} {{…}}"),
            Stmt::Switch(i, _) => write!(f, "switch {i} {{…}}"),
            Stmt::While { cond, .. } => write!(f, "while {{…}} {cond} {{…}}"),
            Stmt::For { index, lo, hi, .. } => write!(f, "for {index} in {lo}..{hi} {{…}}"),
            Stmt::Retain(a) => write!(f, "retain {a}"),
            Stmt::Release(a) => write!(f, "release {a}"),
            Stmt::Unique {
                buf,
                data,
                count,
                layout,
                site,
            } => write!(
                f,
                "{buf}, {data} = unique {buf}, {data}, {count}, {layout}, {site}"
            ),
            Stmt::Reserve {
                buf,
                data,
                len,
                more,
                layout,
                site,
            } => write!(
                f,
                "{buf}, {data} = reserve {buf}, {data}, {len}, {more}, {layout}, {site}"
            ),
            Stmt::Call(to, args, rs) => {
                results(f, rs)?;
                write!(f, "call {to}({})", List(args))
            }
            Stmt::Split {
                func,
                args,
                lo,
                hi,
                work,
                sums,
            } => {
                results(f, sums)?;
                write!(f, "split {func}({}) {lo}..{hi} work {work}", List(args))
            }
            Stmt::Ahead {
                func,
                args,
                hi,
                results: rs,
            } => {
                results(f, rs)?;
                write!(f, "ahead {func}({}) up to {hi}", List(args))
            }
            Stmt::Rt(rt, args, r, site) => {
                results(f, r.as_slice())?;
                write!(f, "rt.{rt}({})", List(args))?;
                site.map_or(Ok(()), |s| write!(f, " {s}"))
            }
            Stmt::Eval(e, args, rs) => {
                results(f, rs)?;
                write!(f, "{e}({})", List(args))
            }
            Stmt::Fuel(site) => write!(f, "fuel {site}"),
        }
    }
}

/// Registers with their types.
struct Typed<'a>(&'a PrimaryMap<Reg, Ty>, Vec<Reg>);

impl Display for Typed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (i, &r) in self.1.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            match self.0.get(r) {
                Some(ty) => write!(f, "{r}: {ty}")?,
                None => write!(f, "{r}: ?")?,
            }
        }
        Ok(())
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let params = Typed(&self.regs, self.params.clone());
        write!(
            f,
            "fn {}({params}) -> ({})",
            self.name,
            List(&self.result_types)
        )?;
        if let Some(site) = self.recursive {
            write!(f, " recursive {site}")?;
        }
        f.write_str(" {\n")?;
        let others = self.regs.keys().filter(|r| !self.params.contains(r));
        let others: Vec<Reg> = others.collect();
        if !others.is_empty() {
            writeln!(f, "  regs {}", Typed(&self.regs, others))?;
        }
        for s in &self.body {
            stmt(f, s, 1)?;
        }
        writeln!(f, "  return {}\n}}", List(&self.results))
    }
}

impl Display for TrapAt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let sign = |signed: &bool| if *signed { "signed" } else { "unsigned" };
        match self {
            TrapAt::Index(s) => write!(f, "index {}", sign(s)),
            TrapAt::Range(a, b) => write!(f, "range {} {}", sign(a), sign(b)),
            TrapAt::Shape(op, n) => write!(f, "shape {op} {n}"),
            TrapAt::Overflow(op) => write!(f, "overflow {op}"),
            TrapAt::DivisionByZero => f.write_str("division by zero"),
            TrapAt::Shift(s) => write!(f, "shift {}", sign(s)),
            TrapAt::Empty(op) => write!(f, "empty {op}"),
            TrapAt::Panic(m) => write!(f, "panic {m:?}"),
            TrapAt::Fuel => f.write_str("fuel"),
            TrapAt::Recursion => f.write_str("recursion"),
            TrapAt::Memory => f.write_str("memory"),
            TrapAt::Confusion(m) => write!(f, "confusion {m:?}"),
        }
    }
}

impl Display for SiteData {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} in {}", self.kind, self.func)?;
        if self.span.is_known() {
            write!(
                f,
                " at {}:{}:{}",
                self.span.file, self.span.line, self.span.col
            )?;
        }
        Ok(())
    }
}

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (id, l) in self.layouts.iter() {
            write!(f, "{id} = {} bytes {{", l.size)?;
            for (i, (at, ty)) in l.leaves.iter().enumerate() {
                let comma = if i > 0 { ", " } else { "" };
                let owned = if l.blocks.contains(at) { " block" } else { "" };
                write!(f, "{comma}{at}: {ty}{owned}")?;
            }
            f.write_str("}\n")?;
        }
        for (id, c) in self.consts.iter() {
            write!(f, "{id} = {} bytes", c.bytes.len())?;
            for b in c.bytes.iter().take(32) {
                write!(f, " {b:02x}")?;
            }
            f.write_str(if c.bytes.len() > 32 { " …\n" } else { "\n" })?;
        }
        for (id, e) in self.evals.iter() {
            let (args, res) = (List(&e.args), List(&e.results));
            writeln!(
                f,
                "{id} = {}({args}) -> ({res}) {}",
                mnemonic(&e.op),
                e.site
            )?;
        }
        for (id, s) in self.sites.iter() {
            writeln!(f, "{id} = {s}")?;
        }
        for (id, func) in self.funcs.iter() {
            write!(f, "\n// {id}\n{func}")?;
        }
        Ok(())
    }
}
