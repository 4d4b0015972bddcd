//! Checks the invariants of LIR: types, that registers are set before they are read on every path, that what is named exists.
//!
//! Start at [`verify`]. Recurses as deep as blocks nest, which is bounded by the nesting of the IR's regions.

use super::print::Line;
use super::{
    Addr, Bin, Block, Cmp, Cvt, FnId, Function, LayoutId, Opnd, Program, Reg, RtFn, Rv, Site, Stmt,
    TrapAt, Ty, Un,
};
use crate::abi::SITE_NUMBERS;
use crate::layout;
use cotangent_core::entity::{Entity, PrimaryMap};
use cotangent_core::ir::Type;
use std::fmt::{self, Display};

/// A broken invariant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The function.
    pub func: String,
    /// The statement, if one is to blame.
    pub stmt: String,
    /// What is wrong.
    pub message: String,
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.func, self.message)?;
        if !self.stmt.is_empty() {
            write!(f, " in `{}`", self.stmt)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Checks a program.
///
/// # Errors
/// The first invariant that is broken.
pub fn verify(p: &Program) -> Result<(), Error> {
    let of_program = |message: String| Error {
        func: "program".into(),
        stmt: String::new(),
        message,
    };
    for (id, l) in p.layouts.iter() {
        let inside = |&(at, ty): &(u32, Ty)| {
            at.is_multiple_of(ty.bytes()) && u64::from(at) + u64::from(ty.bytes()) <= l.size.into()
        };
        let block = |b: &u32| l.leaves.contains(&(*b, Ty::Ptr));
        if !l.leaves.iter().all(inside) || !l.blocks.iter().all(block) || !l.blocks.is_sorted() {
            return Err(of_program(format!("{id} does not hold together")));
        }
    }
    for (id, e) in p.evals.iter() {
        if p.sites.get(e.site).is_none() {
            return Err(of_program(format!("{id}: there is no {}", e.site)));
        }
    }
    if p.signatures.len() > p.funcs.len() {
        return Err(of_program("more signatures than functions".into()));
    }
    for (id, f) in p.funcs.iter() {
        let checked = Checker::new(p, f).function(p.signatures.get(id.index()));
        checked.map_err(|(stmt, message)| Error {
            func: format!("{id} {}", f.name),
            stmt,
            message,
        })?;
    }
    Ok(())
}

/// What is known to be set at a point of a function; `None` where control does not come.
type Known = Option<Vec<bool>>;

/// What both know.
fn meet(a: Known, b: Known) -> Known {
    match (a, b) {
        (None, k) | (k, None) => k,
        (Some(mut a), Some(b)) => {
            for (x, y) in a.iter_mut().zip(b) {
                *x &= y;
            }
            Some(a)
        }
    }
}

struct Checker<'a> {
    program: &'a Program,
    regs: &'a PrimaryMap<Reg, Ty>,
    func: &'a Function,
    known: Known,
    /// The indices of the loops around.
    indices: Vec<Reg>,
    /// The innermost statement that failed.
    stmt: String,
}

/// What is wrong.
type Check<T = ()> = Result<T, String>;

fn ensure(ok: bool, message: impl FnOnce() -> String) -> Check {
    if ok { Ok(()) } else { Err(message()) }
}

impl<'a> Checker<'a> {
    fn new(program: &'a Program, func: &'a Function) -> Self {
        Checker {
            program,
            regs: &func.regs,
            func,
            known: Some(vec![false; func.regs.len()]),
            indices: Vec::new(),
            stmt: String::new(),
        }
    }

    fn function(
        mut self,
        signature: Option<&(Vec<Type>, Vec<Type>)>,
    ) -> Result<(), (String, String)> {
        let checked = self.whole(signature);
        checked.map_err(|message| (std::mem::take(&mut self.stmt), message))
    }

    fn whole(&mut self, signature: Option<&(Vec<Type>, Vec<Type>)>) -> Check {
        let f = self.func;
        let mut params = Vec::new();
        for &r in &f.params {
            params.push(self.reg_ty(r)?);
            let known = self.known.as_mut().map(|k| &mut k[r.index()]);
            if let Some(k) = known {
                ensure(!*k, || format!("{r} is two parameters"))?;
                *k = true;
            }
        }
        if let Some((takes, gives)) = signature {
            ensure(params == flat(takes), || {
                "parameters differ from the signature".into()
            })?;
            ensure(f.result_types == flat(gives), || {
                "results differ from the signature".into()
            })?;
        }
        if let Some(site) = f.recursive {
            self.site(site, &[], |k| matches!(k, TrapAt::Recursion))?;
        }
        self.block(&f.body)?;
        ensure(f.results.len() == f.result_types.len(), || {
            "number of results".into()
        })?;
        for (&r, &ty) in f.results.iter().zip(&f.result_types) {
            self.read(r, ty)?;
        }
        Ok(())
    }

    fn reg_ty(&self, r: Reg) -> Check<Ty> {
        self.regs
            .get(r)
            .copied()
            .ok_or_else(|| format!("there is no {r}"))
    }

    /// An operand's type; it has been set.
    fn ty(&self, a: Opnd) -> Check<Ty> {
        match a {
            Opnd::Const(ty, _) => Ok(ty),
            Opnd::Reg(r) => {
                let ty = self.reg_ty(r)?;
                let set = self.known.as_ref().is_none_or(|k| k[r.index()]);
                ensure(set, || format!("{r} is read before it is set"))?;
                Ok(ty)
            }
        }
    }

    fn read(&self, a: Opnd, want: Ty) -> Check {
        let ty = self.ty(a)?;
        ensure(ty == want, || format!("{a} is {ty}, not {want}"))
    }

    fn write(&mut self, r: Reg, ty: Ty) -> Check {
        let has = self.reg_ty(r)?;
        ensure(has == ty, || format!("{r} is {has} and set to {ty}"))?;
        ensure(!self.indices.contains(&r), || {
            format!("{r} is the index of a loop around")
        })?;
        if let Some(k) = &mut self.known {
            k[r.index()] = true;
        }
        Ok(())
    }

    /// A function that is called, and the types of its parameters.
    fn callee(&self, f: FnId) -> Result<(&'a Function, Vec<Ty>), String> {
        let callee = self.program.funcs.get(f);
        let callee = callee.ok_or_else(|| format!("there is no {f}"))?;
        let params = callee.params.iter().map(|r| callee.regs.get(*r).copied());
        let params = params.collect::<Option<Vec<Ty>>>();
        Ok((
            callee,
            params.ok_or_else(|| format!("{f} lacks a parameter"))?,
        ))
    }
    /// A list of operands of the types.
    fn reads(&self, args: &[Opnd], want: &[Ty]) -> Check {
        ensure(args.len() == want.len(), || {
            format!("{} operands instead of {}", args.len(), want.len())
        })?;
        args.iter()
            .zip(want)
            .try_for_each(|(&a, &ty)| self.read(a, ty))
    }

    fn writes(&mut self, regs: &[Reg], types: &[Ty]) -> Check {
        ensure(regs.len() == types.len(), || {
            format!("{} results instead of {}", regs.len(), types.len())
        })?;
        let again = regs
            .iter()
            .enumerate()
            .find(|(i, r)| regs[..*i].contains(r));
        ensure(again.is_none(), || "a register is two results".into())?;
        regs.iter()
            .zip(types)
            .try_for_each(|(&r, &ty)| self.write(r, ty))
    }

    fn addr(&self, a: Addr) -> Check {
        self.read(a.base, Ty::Ptr)?;
        a.index.map_or(Ok(()), |(i, _)| self.read(i, Ty::I64))
    }

    fn site(&self, s: Site, numbers: &[Opnd], fits: impl FnOnce(&TrapAt) -> bool) -> Check {
        let data = self
            .program
            .sites
            .get(s)
            .ok_or_else(|| format!("there is no {s}"))?;
        ensure(fits(&data.kind), || {
            format!("{s} is not for this: {}", data.kind)
        })?;
        numbers.iter().try_for_each(|&n| self.read(n, Ty::I64))
    }

    fn trap_site(&self, s: Site, numbers: &[Opnd]) -> Check {
        let n = numbers.len();
        ensure(n <= SITE_NUMBERS, || format!("{n} numbers"))?;
        self.site(s, numbers, |k| match k {
            TrapAt::Index(_) => n == 2,
            TrapAt::Range(..) => n == 3,
            TrapAt::Shape(_, first) => *first <= n,
            TrapAt::Shift(_) | TrapAt::Memory => n == 1,
            TrapAt::Overflow(_)
            | TrapAt::DivisionByZero
            | TrapAt::Empty(_)
            | TrapAt::Panic(_)
            | TrapAt::Fuel
            | TrapAt::Recursion
            | TrapAt::Confusion(_) => n == 0,
        })
    }

    fn layout(&self, l: LayoutId) -> Check {
        ensure(self.program.layouts.get(l).is_some(), || {
            format!("there is no {l}")
        })
    }

    fn block(&mut self, b: &Block) -> Check {
        for s in b {
            if let Err(e) = self.stmt(s) {
                if self.stmt.is_empty() {
                    self.stmt = Line(s).to_string();
                }
                return Err(e);
            }
        }
        Ok(())
    }

    /// A block run or not from here: gives what is known after it, and restores what was known before.
    fn branch(&mut self, b: &Block) -> Check<Known> {
        let before = self.known.clone();
        self.block(b)?;
        Ok(std::mem::replace(&mut self.known, before))
    }

    fn stmt(&mut self, s: &Stmt) -> Check {
        match s {
            Stmt::Set(r, rv) => {
                let ty = self.rv(rv)?;
                self.write(*r, ty)
            }
            Stmt::Store(ty, addr, v) => {
                self.addr(*addr)?;
                self.read(*v, *ty)
            }
            Stmt::Check(c, site, numbers) => {
                self.read(*c, Ty::I8)?;
                self.trap_site(*site, numbers)
            }
            Stmt::Trap(site, numbers) => {
                self.trap_site(*site, numbers)?;
                self.known = None;
                Ok(())
            }
            Stmt::If(c, then, other) => {
                self.read(*c, Ty::I8)?;
                let a = self.branch(then)?;
                let b = self.branch(other)?;
                self.known = meet(a, b);
                Ok(())
            }
            Stmt::Switch(i, blocks) => {
                self.read(*i, Ty::I64)?;
                ensure(!blocks.is_empty(), || "no blocks".into())?;
                let mut after = None;
                for b in blocks {
                    let known = self.branch(b)?;
                    after = meet(after, known);
                }
                self.known = after;
                Ok(())
            }
            Stmt::While { head, cond, body } => {
                self.block(head)?;
                self.read(*cond, Ty::I8)?;
                self.branch(body).map(|_| ())
            }
            Stmt::For {
                index,
                lo,
                hi,
                signed: _,
                body,
                hint: _,
            } => {
                self.read(*lo, Ty::I64)?;
                self.read(*hi, Ty::I64)?;
                let before = self.known.clone();
                self.write(*index, Ty::I64)?;
                self.indices.push(*index);
                self.block(body)?;
                self.indices.pop();
                self.known = before;
                Ok(())
            }
            Stmt::Retain(a) | Stmt::Release(a) => self.read(*a, Ty::Ptr),
            Stmt::Unique {
                buf,
                data,
                count,
                layout,
                site,
            } => {
                self.read((*buf).into(), Ty::Ptr)?;
                self.read((*data).into(), Ty::Ptr)?;
                self.read(*count, Ty::I64)?;
                self.layout(*layout)?;
                self.site(*site, &[], |k| matches!(k, TrapAt::Memory))?;
                self.writes(&[*buf, *data], &[Ty::Ptr, Ty::Ptr])
            }
            Stmt::Reserve {
                buf,
                data,
                len,
                more,
                layout,
                site,
            } => {
                self.read((*buf).into(), Ty::Ptr)?;
                self.read((*data).into(), Ty::Ptr)?;
                self.read(*len, Ty::I64)?;
                self.read(*more, Ty::I64)?;
                self.layout(*layout)?;
                self.site(*site, &[], |k| matches!(k, TrapAt::Memory))?;
                self.writes(&[*buf, *data], &[Ty::Ptr, Ty::Ptr])
            }
            Stmt::Call(to, args, rs) => {
                let (callee, params) = self.callee(*to)?;
                self.reads(args, &params)?;
                self.writes(rs, &callee.result_types)
            }
            Stmt::Split {
                func,
                args,
                lo,
                hi,
                work,
                sums,
            } => {
                let (callee, params) = self.callee(*func)?;
                let all: Vec<Opnd> = args.iter().copied().chain([*lo, *hi]).collect();
                self.reads(&all, &params)?;
                ensure(params.ends_with(&[Ty::I64; 2]), || {
                    format!("{func} takes no range")
                })?;
                self.read(*work, Ty::I64)?;
                ensure(callee.result_types.iter().all(|t| t.is_float()), || {
                    format!("{func} gives more than sums")
                })?;
                for (&r, &ty) in sums.iter().zip(&callee.result_types) {
                    self.read(r.into(), ty)?;
                }
                self.writes(sums, &callee.result_types)
            }
            Stmt::Ahead {
                func,
                args,
                hi,
                results,
            } => {
                let (callee, params) = self.callee(*func)?;
                ensure(params.first() == Some(&Ty::I64), || {
                    format!("{func} takes no index")
                })?;
                self.reads(args, &params)?;
                self.read(*hi, Ty::I64)?;
                self.writes(results, &callee.result_types)
            }
            Stmt::Rt(rt, args, r, site) => self.callback(*rt, args, *r, *site),
            Stmt::Eval(e, args, rs) => {
                let data = self
                    .program
                    .evals
                    .get(*e)
                    .ok_or_else(|| format!("there is no {e}"))?;
                self.reads(args, &flat(&data.args))?;
                self.writes(rs, &flat(&data.results))
            }
            Stmt::Fuel(site) => self.site(*site, &[], |k| matches!(k, TrapAt::Fuel)),
        }
    }

    fn callback(&mut self, rt: RtFn, args: &[Opnd], r: Option<Reg>, site: Option<Site>) -> Check {
        let signature = rt.signature();
        self.reads(args, &signature.params)?;
        match rt {
            RtFn::Map(_, ty) | RtFn::Dot(ty) | RtFn::Sum(ty) | RtFn::Axpy(ty) | RtFn::Gemm(ty) => {
                ensure(ty.is_float(), || format!("of {ty}"))?;
            }
            RtFn::Alloc
            | RtFn::AllocZero
            | RtFn::Grow
            | RtFn::Copy
            | RtFn::Zero
            | RtFn::RetainElems
            | RtFn::ReleaseElems => {}
        }
        match (signature.fails, site) {
            (true, Some(s)) => self.site(s, &[], |k| matches!(k, TrapAt::Memory))?,
            (true, None) => return Err("it may fail and has no site".into()),
            (false, Some(_)) => return Err("it cannot fail and has a site".into()),
            (false, None) => {}
        }
        match (signature.result, r) {
            (Some(ty), Some(r)) => self.write(r, ty),
            (None, None) => Ok(()),
            (Some(_), None) => Err("its result is lost".into()),
            (None, Some(_)) => Err("it has no result".into()),
        }
    }

    /// The type of what a register is set to.
    fn rv(&self, rv: &Rv) -> Check<Ty> {
        match *rv {
            Rv::Copy(a) => self.ty(a),
            Rv::Un(op, a) => {
                let ty = self.ty(a)?;
                let ok = match op {
                    Un::Neg => ty != Ty::Ptr,
                    Un::Not | Un::PopCount | Un::Clz | Un::Ctz => integer(ty),
                    Un::FAbs
                    | Un::Floor
                    | Un::Ceil
                    | Un::Trunc
                    | Un::Nearest
                    | Un::Sqrt
                    | Un::Math(_) => ty.is_float(),
                };
                ensure(ok, || format!("not of {ty}"))?;
                Ok(ty)
            }
            Rv::Bin(op, a, b) => {
                let ty = self.ty(a)?;
                self.read(b, ty)?;
                let ok = match op {
                    Bin::Add | Bin::Sub | Bin::Mul => ty != Ty::Ptr,
                    Bin::SDiv
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
                    | Bin::UMax => integer(ty),
                    Bin::Accumulate
                    | Bin::FDiv
                    | Bin::FMin
                    | Bin::FMax
                    | Bin::FMinNumber
                    | Bin::FMaxNumber
                    | Bin::Copysign
                    | Bin::Math(_) => ty.is_float(),
                };
                ensure(ok, || format!("not of {ty}"))?;
                Ok(ty)
            }
            Rv::Cmp(op, a, b) => {
                let ty = self.ty(a)?;
                self.read(b, ty)?;
                let ok = match op {
                    Cmp::Eq | Cmp::Ne | Cmp::ULt | Cmp::ULe | Cmp::UGt | Cmp::UGe => !ty.is_float(),
                    Cmp::SLt
                    | Cmp::SLe
                    | Cmp::SGt
                    | Cmp::SGe
                    | Cmp::SAddOv
                    | Cmp::SSubOv
                    | Cmp::SMulOv
                    | Cmp::UAddOv
                    | Cmp::USubOv
                    | Cmp::UMulOv => integer(ty),
                    Cmp::FEq | Cmp::FNe | Cmp::FLt | Cmp::FLe | Cmp::FGt | Cmp::FGe => {
                        ty.is_float()
                    }
                };
                ensure(ok, || format!("not of {ty}"))?;
                Ok(Ty::I8)
            }
            Rv::Fma(a, b, c) => {
                let ty = self.ty(a)?;
                ensure(ty.is_float(), || format!("not of {ty}"))?;
                self.read(b, ty)?;
                self.read(c, ty)?;
                Ok(ty)
            }
            Rv::Select(a, b, c) => {
                self.read(a, Ty::I8)?;
                let ty = self.ty(b)?;
                self.read(c, ty)?;
                Ok(ty)
            }
            Rv::Cvt(op, to, a) => {
                let from = self.ty(a)?;
                let ok = match op {
                    Cvt::SExt | Cvt::ZExt => {
                        integer(from) && integer(to) && from.bytes() < to.bytes()
                    }
                    Cvt::Trunc => integer(from) && integer(to) && from.bytes() > to.bytes(),
                    Cvt::SToF | Cvt::UToF => integer(from) && to.is_float(),
                    Cvt::FToS | Cvt::FToU => from.is_float() && integer(to),
                    Cvt::Promote => from == Ty::F32 && to == Ty::F64,
                    Cvt::Demote => from == Ty::F64 && to == Ty::F32,
                    Cvt::Bits => from.bytes() == to.bytes(),
                };
                ensure(ok, || format!("from {from} to {to}"))?;
                Ok(to)
            }
            Rv::Load(ty, addr) => self.addr(addr).map(|()| ty),
            Rv::Lea(addr) => self.addr(addr).map(|()| Ty::Ptr),
            Rv::Const(c) => {
                ensure(self.program.consts.get(c).is_some(), || {
                    format!("there is no {c}")
                })?;
                Ok(Ty::Ptr)
            }
        }
    }
}

const fn integer(ty: Ty) -> bool {
    matches!(ty, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64)
}

/// The types of the leaves of values.
fn flat(types: &[Type]) -> Vec<Ty> {
    let leaves = types.iter().flat_map(layout::leaves);
    leaves.map(layout::Leaf::ty).collect()
}
