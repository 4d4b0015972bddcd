//! The state of lowering one function, and what families emit with.
//!
//! Invariants: each value that owns a reference has block and data registers of its own, which no other owning value names, so that
//! writing in place may change them; a family takes an operand that it consumes with [`Cx::take`] and looks at others with [`Cx::arg`];
//! what it defines owns its reference, unless the value is lent ([`super::live::Lent`]). What was not taken and dies at the instruction
//! is released after it.

use super::fuse::Fusion;
use super::live::{Lent, Liveness};
use super::{Options, Shared};
use crate::abi::{BLOCK_DATA, SITE_NUMBERS};
use crate::layout::{self, Leaf, leaves};
use crate::lir::{
    Addr, Bin, Block, Cmp, ConstData, Cvt, Function, Hint, LayoutId, Opnd, Reg, RtFn, Rv, Site,
    SiteData, Stmt, TrapAt, Ty,
};
use crate::opt::fold;
use cotangent_core::entity::{Inst, SecondaryMap, Value};
use cotangent_core::ir::{DType, Dim, Func, InstData, Module, Span, Type};
use cotangent_core::pass::ranges;
use hashbrown::HashMap;

/// The registers (or constants) of a value, in the order of its leaves.
pub(crate) type Flat = Vec<Opnd>;

/// Lowers one function.
pub(crate) struct Cx<'m> {
    pub(crate) module: &'m Module,
    pub(crate) func: &'m Func,
    pub(crate) options: &'m Options,
    pub(crate) shared: &'m mut Shared,
    pub(crate) out: Function,
    pub(crate) live: Liveness,
    /// The indices of each access that need no check.
    proven: SecondaryMap<Inst, Vec<Value>>,
    /// Those of the running instruction.
    safe: Vec<Value>,
    pub(crate) fusion: Fusion,
    /// For a root of fused operations, what died at them and is given up after it.
    pub(crate) held: HashMap<Inst, Vec<Value>>,
    pub(crate) flats: SecondaryMap<Value, Option<Flat>>,
    /// Instructions that certainly trap, because of their operands' types.
    pub(crate) traps: Vec<Inst>,
    /// Open blocks, innermost last.
    blocks: Vec<Block>,
    /// Operands of the running instruction that die at it and were not taken.
    pub(crate) dying: Vec<Value>,
    pub(crate) span: Span,
}

impl<'m> Cx<'m> {
    pub(crate) fn new(
        module: &'m Module,
        func: &'m Func,
        options: &'m Options,
        shared: &'m mut Shared,
        out: Function,
    ) -> Cx<'m> {
        let mut live = Liveness::of(func);
        let fusion = Fusion::of(func, &live.dying);
        fusion.forget(func, &mut live.dying);
        Cx {
            module,
            func,
            options,
            shared,
            out,
            proven: ranges::proofs(func),
            safe: Vec::new(),
            live,
            fusion,
            held: HashMap::new(),
            flats: SecondaryMap::new(),
            traps: Vec::new(),
            blocks: vec![Block::new()],
            dying: Vec::new(),
            span: func.span,
        }
    }

    // Statements and registers.

    /// Adds a statement to the open block.
    pub(crate) fn emit(&mut self, s: Stmt) {
        if let Some(b) = self.blocks.last_mut() {
            b.push(s);
        }
    }
    /// A new register.
    pub(crate) fn reg(&mut self, ty: Ty) -> Reg {
        self.out.regs.push(ty)
    }
    /// What that gives, in a new register unless it is known to be a constant or one of its operands. A `Copy` is always a new register.
    pub(crate) fn set(&mut self, rv: Rv) -> Opnd {
        if matches!(rv, Rv::Copy(_)) {
            return self.set_reg(rv).into();
        }
        match fold::fold(rv) {
            Rv::Copy(a) => a,
            rv => self.set_reg(rv).into(),
        }
    }
    /// A new register set to that.
    pub(crate) fn set_reg(&mut self, rv: Rv) -> Reg {
        let ty = rv.ty(&self.out.regs);
        let r = self.reg(ty);
        self.emit(Stmt::Set(r, rv));
        r
    }
    /// A new register holding what the operand holds now.
    pub(crate) fn copy(&mut self, a: Opnd) -> Reg {
        self.set_reg(Rv::Copy(a))
    }
    /// The type of an operand.
    pub(crate) fn ty(&self, a: Opnd) -> Ty {
        a.ty(&self.out.regs)
    }
    /// Starts a nested block.
    pub(crate) fn open(&mut self) {
        self.blocks.push(Block::new());
    }
    /// Ends the nested block.
    pub(crate) fn close(&mut self) -> Block {
        self.blocks.pop().unwrap_or_default()
    }
    /// The block that `f` fills.
    pub(crate) fn block<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> (Block, T) {
        self.open();
        let t = f(self);
        (self.close(), t)
    }
    /// `for i in lo..hi`, unsigned; the hint says whether iterations are independent.
    pub(crate) fn for_range(
        &mut self,
        lo: Opnd,
        hi: Opnd,
        parallel: bool,
        f: impl FnOnce(&mut Self, Opnd),
    ) {
        let index = self.reg(Ty::I64);
        let (body, ()) = self.block(|cx| f(cx, index.into()));
        self.emit(Stmt::For {
            index,
            lo,
            hi,
            signed: false,
            body,
            hint: Hint::parallel(parallel),
        });
    }

    // Arithmetic on 64-bit integers, folded where constant.

    /// A wrapping binary operation on `I64`s.
    pub(crate) fn int(&mut self, op: Bin, a: Opnd, b: Opnd) -> Opnd {
        match (op, a.constant(), b.constant()) {
            (Bin::Add, Some(x), Some(y)) => Opnd::i64(x.wrapping_add(y)),
            (Bin::Sub, Some(x), Some(y)) => Opnd::i64(x.wrapping_sub(y)),
            (Bin::Mul, Some(x), Some(y)) => Opnd::i64(x.wrapping_mul(y)),
            (Bin::Add, Some(0), _) | (Bin::Mul, Some(1), _) => b,
            (Bin::Add | Bin::Sub, _, Some(0)) | (Bin::Mul, _, Some(1)) => a,
            _ => self.set(Rv::Bin(op, a, b)),
        }
    }
    /// `a + b` on `I64`s.
    pub(crate) fn add(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.int(Bin::Add, a, b)
    }
    /// `a - b` on `I64`s.
    pub(crate) fn sub(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.int(Bin::Sub, a, b)
    }
    /// `a * b` on `I64`s.
    pub(crate) fn mul(&mut self, a: Opnd, b: Opnd) -> Opnd {
        self.int(Bin::Mul, a, b)
    }
    /// A condition.
    pub(crate) fn cmp(&mut self, op: Cmp, a: Opnd, b: Opnd) -> Opnd {
        self.set(Rv::Cmp(op, a, b))
    }
    /// `a & b` on truth values.
    pub(crate) fn and(&mut self, a: Opnd, b: Opnd) -> Opnd {
        match (a.constant(), b.constant()) {
            (Some(0), _) | (_, Some(0)) => Opnd::bool(false),
            (Some(_), _) => b,
            (_, Some(_)) => a,
            (None, None) => self.set(Rv::Bin(Bin::And, a, b)),
        }
    }
    /// `a | b` on truth values.
    pub(crate) fn or(&mut self, a: Opnd, b: Opnd) -> Opnd {
        match (a.constant(), b.constant()) {
            (Some(0), _) => b,
            (_, Some(0)) => a,
            (Some(_), _) | (_, Some(_)) => Opnd::bool(true),
            (None, None) => self.set(Rv::Bin(Bin::Or, a, b)),
        }
    }
    /// An integer scalar of the IR as an `I64`, and whether it is signed.
    pub(crate) fn widen(&mut self, v: Value) -> (Opnd, bool) {
        let signed = self.func.ty(v).dtype().is_some_and(|d| d.is_signed());
        let a = self.flat(v)[0];
        (self.extend(a, signed), signed)
    }
    /// An integer operand as an `I64`.
    pub(crate) fn extend(&mut self, a: Opnd, signed: bool) -> Opnd {
        let ty = self.ty(a);
        match a {
            _ if ty == Ty::I64 => a,
            Opnd::Const(_, bits) => {
                let shift = 64 - 8 * ty.bytes();
                let bits = bits << shift;
                Opnd::i64(if signed {
                    (bits.cast_signed() >> shift).cast_unsigned()
                } else {
                    bits >> shift
                })
            }
            Opnd::Reg(_) => {
                let how = if signed { Cvt::SExt } else { Cvt::ZExt };
                self.set(Rv::Cvt(how, Ty::I64, a))
            }
        }
    }

    // Traps.

    /// A place at the running instruction.
    pub(crate) fn site(&mut self, kind: TrapAt) -> Site {
        let d = SiteData {
            kind,
            func: self.func.name.clone(),
            span: self.span,
        };
        self.shared.program.sites.push(d)
    }
    /// Traps if `bad`.
    pub(crate) fn check(&mut self, bad: Opnd, kind: TrapAt, numbers: Vec<Opnd>) {
        match bad.constant() {
            Some(0) => {}
            Some(_) => {
                let s = self.site(kind);
                self.emit(Stmt::Trap(s, numbers));
            }
            None => {
                let s = self.site(kind);
                self.emit(Stmt::Check(bad, s, numbers));
            }
        }
    }
    /// Says which instruction runs from here on.
    pub(crate) fn start(&mut self, i: Inst) {
        let span = self.func.insts[i].span;
        if span.is_known() {
            self.span = span;
        }
        self.safe.clone_from(&self.proven[i]);
    }
    /// Checks the index of an access, unless it is known to be in range.
    pub(crate) fn check_access(&mut self, v: Value, index: Opnd, signed: bool, len: Opnd) {
        if !self.safe.contains(&v) {
            self.check_index(index, signed, len);
        }
    }
    /// Checks that an index lies below `len`.
    pub(crate) fn check_index(&mut self, index: Opnd, signed: bool, len: Opnd) {
        // A negative index is a large unsigned one.
        let bad = self.cmp(Cmp::UGe, index, len);
        self.check(bad, TrapAt::Index(signed), vec![index, len]);
    }
    /// Checks that a range, its ends given with whether they are signed, lies within `len`.
    pub(crate) fn check_range(&mut self, lo: (Opnd, bool), hi: (Opnd, bool), len: Opnd) {
        // Negative ends are large unsigned ones.
        let beyond = self.cmp(Cmp::UGt, hi.0, len);
        let reversed = self.cmp(Cmp::UGt, lo.0, hi.0);
        let bad = self.or(beyond, reversed);
        self.check(bad, TrapAt::Range(lo.1, hi.1), vec![lo.0, hi.0, len]);
    }
    /// Checks that two extents agree; `numbers` are both shapes.
    pub(crate) fn check_same(&mut self, op: &'static str, a: &[Opnd], b: &[Opnd]) {
        let mut bad = Opnd::bool(a.len() != b.len());
        for (&x, &y) in a.iter().zip(b) {
            if x == y {
                continue;
            }
            let ne = self.cmp(Cmp::Ne, x, y);
            bad = self.or(bad, ne);
        }
        self.check_shapes(bad, op, a, b);
    }
    /// Traps if `bad`, saying that two shapes differ.
    pub(crate) fn check_shapes(&mut self, bad: Opnd, op: &'static str, a: &[Opnd], b: &[Opnd]) {
        let numbers: Vec<Opnd> = a.iter().chain(b).copied().collect();
        if numbers.len() > SITE_NUMBERS {
            // More axes than a site has numbers for.
            self.check(bad, TrapAt::Confusion(op.into()), Vec::new());
            return;
        }
        self.check(bad, TrapAt::Shape(op, a.len()), numbers);
    }
    /// Uses up fuel, if this version of the program counts it.
    pub(crate) fn fuel(&mut self) {
        if self.options.fuel {
            let s = self.site(TrapAt::Fuel);
            self.emit(Stmt::Fuel(s));
        }
    }

    // Values.

    /// The registers of a value. Borrowed: not to be consumed.
    pub(crate) fn flat(&self, v: Value) -> Flat {
        self.flats[v].clone().unwrap_or_default()
    }
    /// Operand `i` of an instruction, borrowed.
    pub(crate) fn arg(&self, d: &InstData, i: usize) -> Flat {
        self.flat(d.args[i])
    }
    /// Operand `i`, owned: its reference is taken over if it dies here, else there is another one.
    pub(crate) fn take(&mut self, d: &InstData, i: usize) -> Flat {
        if self.dies(d, i) {
            return self.give(d, i);
        }
        self.share_value(d.args[i])
    }
    /// Whether [`take`](Self::take) gives operand `i` itself: it dies here, and is no other operand.
    pub(crate) fn dies(&self, d: &InstData, i: usize) -> bool {
        let v = d.args[i];
        self.dying.contains(&v) && d.args.iter().filter(|&&a| a == v).count() == 1
    }
    /// Operand `i`, which dies here: whoever calls this answers for its references.
    pub(crate) fn give(&mut self, d: &InstData, i: usize) -> Flat {
        self.dying.retain(|&v| v != d.args[i]);
        self.flat(d.args[i])
    }
    /// A value, owned, while it lives on.
    pub(crate) fn share_value(&mut self, v: Value) -> Flat {
        let (flat, ty) = (self.flat(v), self.func.ty(v).clone());
        match self.live.lent[v] {
            Some(Lent::Part) => self.duplicate(&flat, &ty),
            Some(Lent::Whole) | None => self.share(&flat, &ty),
        }
    }
    /// Another reference to each block of a value, in registers of its own.
    pub(crate) fn share(&mut self, flat: &[Opnd], ty: &Type) -> Flat {
        let leaves = leaves(ty);
        let mut out = Vec::with_capacity(flat.len());
        for (&a, leaf) in flat.iter().zip(leaves) {
            out.push(match leaf {
                Leaf::Block => {
                    self.emit(Stmt::Retain(a));
                    self.copy(a).into()
                }
                Leaf::Data => self.copy(a).into(),
                Leaf::Scalar(_) | Leaf::Extent => a,
            });
        }
        out
    }
    /// Gives up a value's references.
    pub(crate) fn release(&mut self, flat: &[Opnd], ty: &Type) {
        for (&a, leaf) in flat.iter().zip(leaves(ty)) {
            if leaf == Leaf::Block {
                self.emit(Stmt::Release(a));
            }
        }
    }
    /// Gives up values that die here.
    pub(crate) fn release_values(&mut self, vs: &[Value]) {
        for &v in vs {
            let (flat, ty) = (self.flat(v), self.func.ty(v).clone());
            self.release(&flat, &ty);
        }
    }
    /// Defines a value. The registers are of type `from`, which fits the value's.
    pub(crate) fn define(&mut self, v: Value, flat: Flat, from: &Type) {
        let to = self.func.ty(v).clone();
        let flat = self.coerce(flat, from, &to);
        self.flats[v] = Some(flat);
    }
    /// Defines result `i`, of its own type.
    pub(crate) fn result(&mut self, d: &InstData, i: usize, flat: Flat) {
        self.flats[d.results[i]] = Some(flat);
    }

    // Arrays.

    /// The layout of an array type's elements.
    pub(crate) fn elements(&mut self, ty: &Type) -> (LayoutId, crate::lir::Layout) {
        let l = layout::element_layout(ty).unwrap_or_else(|| layout::memory_layout(&Type::unit()));
        (self.shared.layout(l.clone()), l)
    }
    /// All extents of an array's registers: known ones as constants. Of a sequence or stack, its length.
    pub(crate) fn extents(&self, flat: &[Opnd], ty: &Type) -> Vec<Opnd> {
        match ty {
            Type::Tensor(t) => {
                let mut dynamic = flat.iter().skip(2).copied();
                t.shape
                    .iter()
                    .map(|d| match d {
                        Dim::Known(n) => Opnd::i64(*n),
                        Dim::Dynamic => dynamic.next().unwrap_or(Opnd::i64(0)),
                    })
                    .collect()
            }
            Type::Seq(_) | Type::Stack(_) => flat[2..].to_vec(),
            Type::Record(_) => Vec::new(),
        }
    }
    /// The product of extents.
    pub(crate) fn product(&mut self, extents: &[Opnd]) -> Opnd {
        let mut n = Opnd::i64(1);
        for &e in extents {
            n = self.mul(n, e);
        }
        n
    }
    /// The number of elements of an array to be made; traps if it is more than a `u64` holds.
    pub(crate) fn room(&mut self, extents: &[Opnd]) -> Opnd {
        let mut n = Opnd::i64(1);
        let mut over = Opnd::bool(false);
        for &e in extents {
            if n != Opnd::i64(1) {
                let o = self.cmp(Cmp::UMulOv, n, e);
                over = self.or(over, o);
            }
            n = self.mul(n, e);
        }
        self.check(over, TrapAt::Memory, vec![Opnd::i64(u64::MAX)]);
        n
    }
    /// The registers of an array of that type with those extents.
    pub(crate) fn array(&self, ty: &Type, block: Opnd, data: Opnd, extents: &[Opnd]) -> Flat {
        let mut out = vec![block, data];
        match ty {
            Type::Tensor(t) => out.extend(
                t.shape
                    .iter()
                    .zip(extents)
                    .filter(|(d, _)| **d == Dim::Dynamic)
                    .map(|(_, e)| *e),
            ),
            Type::Seq(_) | Type::Stack(_) => out.extend(extents),
            Type::Record(_) => {}
        }
        out
    }
    /// A new block for `count` elements, contents undefined: block and data. Fails at run time if that is too much memory.
    pub(crate) fn alloc(&mut self, count: Opnd, layout: LayoutId) -> (Reg, Reg) {
        let size = self.shared.program.layouts[layout].size;
        let bytes = match count.constant() {
            Some(n) => Opnd::i64(n.saturating_mul(size.into())),
            None => {
                // A count whose bytes overflow is asked for as the most there is, which fails.
                let size = Opnd::i64(size.into());
                let over = self.cmp(Cmp::UMulOv, count, size);
                let bytes = self.mul(count, size);
                self.set(Rv::Select(over, Opnd::i64(u64::MAX), bytes))
            }
        };
        let block = self.reg(Ty::Ptr);
        let site = self.site(TrapAt::Memory);
        let args = vec![bytes, Opnd::i64(layout.0.into())];
        self.emit(Stmt::Rt(RtFn::Alloc, args, Some(block), Some(site)));
        let data = self.data_of(block);
        (block, data)
    }
    /// Where the elements of a fresh block start.
    pub(crate) fn data_of(&mut self, block: Reg) -> Reg {
        let at = Addr::base(block).plus(BLOCK_DATA);
        self.set_reg(Rv::Load(Ty::Ptr, at))
    }
    /// The layout of a tensor's elements.
    pub(crate) fn scalar_layout(&self, d: DType) -> crate::lir::Layout {
        layout::memory_layout(&Type::scalar(d))
    }
    /// The bytes of `n` elements; the array exists, so they fit.
    pub(crate) fn bytes(&mut self, n: Opnd, layout: &crate::lir::Layout) -> Opnd {
        self.mul(n, Opnd::i64(layout.size.into()))
    }
    /// How many elements, if a few stores are as good as a callback.
    fn few(n: Opnd, layout: &crate::lir::Layout) -> Option<u32> {
        let n = n.constant()?;
        let stores = n.saturating_mul(layout.leaves.len() as u64);
        (stores <= 8).then_some(n as u32)
    }
    /// Moves `n` elements in memory, without regard to references. The ranges may overlap.
    pub(crate) fn move_elements(
        &mut self,
        to: Opnd,
        from: Opnd,
        n: Opnd,
        layout: &crate::lir::Layout,
    ) {
        let Some(few) = Self::few(n, layout) else {
            let bytes = self.bytes(n, layout);
            self.emit(Stmt::Rt(RtFn::Copy, vec![to, from, bytes], None, None));
            return;
        };
        let at = |base: Opnd, k: u32| Addr::base(base).plus((k * layout.size) as i32);
        let all: Vec<Flat> = (0..few).map(|k| self.load(at(from, k), layout)).collect();
        for (k, flat) in all.iter().enumerate() {
            self.store(at(to, k as u32), layout, flat);
        }
    }
    /// Sets `n` elements without references to zero.
    pub(crate) fn zero_elements(&mut self, to: Opnd, n: Opnd, layout: &crate::lir::Layout) {
        let Some(few) = Self::few(n, layout) else {
            let bytes = self.bytes(n, layout);
            self.zero(to, bytes);
            return;
        };
        let zero: Flat = layout
            .leaves
            .iter()
            .map(|&(_, ty)| Opnd::Const(ty, 0))
            .collect();
        for k in 0..few {
            let at = Addr::base(to).plus((k * layout.size) as i32);
            self.store(at, layout, &zero);
        }
    }
    /// Sets so many bytes to zero; if they are those of a block that was allocated just now, by asking for such a block.
    pub(crate) fn zero(&mut self, to: Opnd, bytes: Opnd) {
        let mut block = None;
        for s in self.blocks.last_mut().into_iter().flatten().rev() {
            match s {
                Stmt::Set(r, Rv::Load(_, at))
                    if Opnd::Reg(*r) == to && *at == Addr::base(at.base).plus(BLOCK_DATA) =>
                {
                    block = at.base.reg();
                }
                Stmt::Rt(f @ RtFn::Alloc, _, r, _) if block.is_some() && *r == block => {
                    *f = RtFn::AllocZero;
                    return;
                }
                Stmt::Set(r, _) if Opnd::Reg(*r) != to && Some(*r) != block => {}
                _ => break,
            }
        }
        self.emit(Stmt::Rt(RtFn::Zero, vec![to, bytes], None, None));
    }
    /// One more reference to each block that `n` elements refer to.
    pub(crate) fn retain_elements(&mut self, data: Opnd, n: Opnd, layout: LayoutId) {
        self.count_elements(RtFn::RetainElems, data, n, layout);
    }
    /// One reference less to each block that `n` elements refer to.
    pub(crate) fn release_elements(&mut self, data: Opnd, n: Opnd, layout: LayoutId) {
        self.count_elements(RtFn::ReleaseElems, data, n, layout);
    }
    fn count_elements(&mut self, f: RtFn, data: Opnd, n: Opnd, layout: LayoutId) {
        if !self.shared.program.layouts[layout].blocks.is_empty() {
            let args = vec![data, n, Opnd::i64(layout.0.into())];
            self.emit(Stmt::Rt(f, args, None, None));
        }
    }
    /// An array of its own with the elements of one of that type.
    pub(crate) fn duplicate(&mut self, flat: &[Opnd], ty: &Type) -> Flat {
        let (id, layout) = self.elements(ty);
        let extents = self.extents(flat, ty);
        let n = self.product(&extents);
        let (block, data) = self.alloc(n, id);
        self.move_elements(data.into(), flat[1], n, &layout);
        self.retain_elements(data.into(), n, id);
        self.set_len(block, n, id);
        self.array(ty, block.into(), data.into(), &extents)
    }
    /// A constant array's block, which needs no reference, and where its elements are.
    pub(crate) fn constant(&mut self, bytes: Vec<u8>) -> (Reg, Reg) {
        let id = self.shared.constant(ConstData { bytes });
        let block = self.set_reg(Rv::Const(id));
        (block, self.data_of(block))
    }
    /// An owned array without elements.
    pub(crate) fn empty(&mut self, ty: &Type, extents: &[Opnd]) -> Flat {
        let (block, data) = self.constant(Vec::new());
        self.emit(Stmt::Retain(block.into()));
        self.array(ty, block.into(), data.into(), extents)
    }
    /// An element's leaves from memory; borrowed.
    pub(crate) fn load(&mut self, at: Addr, layout: &crate::lir::Layout) -> Flat {
        layout
            .leaves
            .iter()
            .map(|&(o, ty)| self.set(Rv::Load(ty, at.plus(o as i32))))
            .collect()
    }
    /// An element's leaves to memory.
    pub(crate) fn store(&mut self, at: Addr, layout: &crate::lir::Layout, flat: &[Opnd]) {
        for (&(o, ty), &a) in layout.leaves.iter().zip(flat) {
            self.emit(Stmt::Store(ty, at.plus(o as i32), a));
        }
    }
    /// Makes an owned array uniquely owned, so that it can be written. Its registers must be its own (see [`Cx::take`]).
    pub(crate) fn unique(&mut self, flat: &mut Flat, ty: &Type) {
        let (layout, _) = self.elements(ty);
        let extents = self.extents(flat, ty);
        let count = self.product(&extents);
        let (buf, data) = self.own(flat);
        let site = self.site(TrapAt::Memory);
        self.emit(Stmt::Unique {
            buf,
            data,
            count,
            layout,
            site,
        });
    }
    /// Block and data registers of an owned array; constants become registers.
    pub(crate) fn own(&mut self, flat: &mut Flat) -> (Reg, Reg) {
        let mut get = |k: usize| match flat[k] {
            Opnd::Reg(r) => r,
            c @ Opnd::Const(..) => {
                let r = self.copy(c);
                flat[k] = r.into();
                r
            }
        };
        (get(0), get(1))
    }
    /// Records how many elements of a block hold references; only where elements do.
    pub(crate) fn set_len(&mut self, block: Reg, len: Opnd, layout: LayoutId) {
        if !self.shared.program.layouts[layout].blocks.is_empty() {
            let at = Addr::base(block).plus(crate::abi::BLOCK_LEN);
            self.emit(Stmt::Store(Ty::I64, at, len));
        }
    }
    /// The instruction's data.
    pub(crate) fn inst(&self, i: Inst) -> &'m InstData {
        &self.func.insts[i]
    }
}
