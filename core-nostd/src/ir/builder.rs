//! Makes functions: one method per kind of instruction, types inferred and checked.
//!
//! Errors are sticky: the first one is kept, what follows returns dummy values, and [`Builder::finish`] reports it. So
//! code that emits IR reads straight through.

use super::func::{Func, Span};
use super::op::{
    ArrayOp, BinaryOp, CompareOp, ConstOp, ControlOp, ConvertOp, Op, Path, PlaceOp, ShapeOp,
    SlotOp, Step, TernaryOp, UnaryOp,
};
use super::types::{DType, Dim, Type};
use crate::entity::{FuncId, Inst, Label, Region, Slot, Value};
use crate::error::{TypeError, Why};
use crate::ops;
use crate::value::Scalar;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Builds one function.
///
/// ```
/// use cotangent_core::ir::{Builder, DType, UnaryOp};
/// let mut b = Builder::new("f", &[DType::F64.into()]);
/// let x = b.params()[0];
/// let c = b.unary(UnaryOp::Cos, x);
/// let y = b.unary(UnaryOp::Sin, c);
/// let f = b.finish(&[y]).unwrap();
/// assert_eq!(f.size(), 2);
/// ```
#[derive(Debug)]
pub struct Builder {
    /// The function under construction. Direct changes are for passes; keep the open regions consistent.
    pub func: Func,
    open: Vec<Region>,
    span: Span,
    error: Option<TypeError>,
}

impl Builder {
    /// Starts a function with parameters of those types. The result types are those of what [`finish`](Self::finish) is given.
    pub fn new(name: impl Into<String>, params: &[Type]) -> Builder {
        Builder::on(Func::new(name, params, &[]))
    }
    /// Continues a function at the end of its body.
    pub fn on(func: Func) -> Builder {
        let body = func.body;
        Builder {
            func,
            open: vec![body],
            span: Span::NONE,
            error: None,
        }
    }
    /// The function's parameters.
    pub fn params(&self) -> Vec<Value> {
        self.func.params().to_vec()
    }
    /// A value's type.
    pub fn ty(&self, v: Value) -> &Type {
        self.func.ty(v)
    }
    /// The source place given to the following instructions.
    pub fn set_span(&mut self, span: Span) {
        self.span = span;
    }
    /// The source place given to the following instructions.
    pub fn span(&self) -> Span {
        self.span
    }
    /// The region that instructions go to.
    pub fn region(&self) -> Region {
        *self.open.last().expect("the body is always open")
    }
    /// The first error so far.
    pub fn error(&self) -> Option<&TypeError> {
        self.error.as_ref()
    }
    /// Records an error unless there is one already.
    pub fn fail(&mut self, op: &Op, args: &[Value], why: Why) {
        let operands = args.iter().map(|&v| self.ty(v).clone()).collect();
        self.error.get_or_insert(TypeError {
            op: ops::name(op),
            operands,
            why,
        });
    }
    /// Ends the function with these results.
    pub fn finish(mut self, results: &[Value]) -> Result<Func, TypeError> {
        self.func.results = results.iter().map(|&v| self.ty(v).clone()).collect();
        let body = self.func.body;
        self.func.regions[body].yields = results.to_vec();
        match self.error {
            Some(e) => Err(e),
            None => Ok(self.func),
        }
    }

    // Regions.

    /// Opens a region with parameters of those types: instructions go there until [`close`](Self::close).
    pub fn open(&mut self, params: &[Type]) -> (Region, Vec<Value>) {
        let r = self.func.make_region(params);
        self.open.push(r);
        (r, self.func.regions[r].params.clone())
    }
    /// Opens a region that exists already.
    pub fn open_at(&mut self, r: Region) {
        self.open.push(r);
    }
    /// Closes the open region, which yields these values.
    pub fn close(&mut self, yields: &[Value]) -> Region {
        let r = self.open.pop().expect("a region is open");
        self.func.regions[r].yields = yields.to_vec();
        r
    }

    // Any instruction.

    /// Adds an instruction whose result types are known, without checking it.
    pub fn raw(
        &mut self,
        op: impl Into<Op>,
        args: &[Value],
        regions: &[Region],
        results: &[Type],
    ) -> Inst {
        let i = self.func.make_inst(
            op.into(),
            args.to_vec(),
            regions.to_vec(),
            results,
            self.span,
        );
        let r = self.region();
        self.func.regions[r].insts.push(i);
        i
    }
    /// Adds an instruction without regions; its results' types are inferred.
    pub fn inst(&mut self, op: impl Into<Op>, args: &[Value]) -> Vec<Value> {
        let op = op.into();
        let tys: Vec<Type> = args.iter().map(|&v| self.ty(v).clone()).collect();
        let results = match ops::infer(&op, &tys) {
            Ok(r) => r,
            Err(e) => {
                self.error.get_or_insert(e);
                vec![Type::unit(); ops::result_count(&op, args.len())]
            }
        };
        let i = self.raw(op, args, &[], &results);
        self.func.insts[i].results.clone()
    }
    /// As [`inst`](Self::inst), for an op of one result.
    pub fn inst1(&mut self, op: impl Into<Op>, args: &[Value]) -> Value {
        self.inst(op, args)[0]
    }

    // Constants.

    /// A scalar constant.
    pub fn scalar(&mut self, s: impl Into<Scalar>) -> Value {
        self.inst1(ConstOp::Scalar(s.into()), &[])
    }
    /// A `u64` constant.
    pub fn index(&mut self, i: u64) -> Value {
        self.scalar(i)
    }
    /// A real number in a float or complex element type. An error for other types.
    pub fn real(&mut self, d: DType, x: f64) -> Value {
        match Scalar::from_f64(d, x) {
            Some(s) => self.scalar(s),
            None => {
                self.fail(
                    &ConvertOp::To(d).into(),
                    &[],
                    Why::Attribute("a real constant needs a float or complex type"),
                );
                self.scalar(x)
            }
        }
    }
    /// A real number with element type and shape of `like` (a float or complex tensor).
    pub fn real_like(&mut self, like: Value, x: f64) -> Value {
        let d = self.ty(like).dtype().unwrap_or(DType::F64);
        let s = self.real(d, x);
        self.splat_like(s, like)
    }
    /// A scalar broadcast to the shape of the tensor `like`, unknown extents taken from it at run time.
    pub fn splat_like(&mut self, s: Value, like: Value) -> Value {
        let shape = match self.ty(like).as_tensor() {
            Some(t) => t.shape.clone(),
            None => {
                self.fail(
                    &ShapeOp::Broadcast {
                        shape: vec![],
                        dims: vec![],
                    }
                    .into(),
                    &[s, like],
                    Why::Kind {
                        operand: 1,
                        want: "a tensor",
                    },
                );
                return s;
            }
        };
        if shape.is_empty() {
            return s;
        }
        let mut args = vec![s];
        for (k, d) in shape.iter().enumerate() {
            if *d == Dim::Dynamic {
                let n = self.inst1(ArrayOp::Dim(k as u32), &[like]);
                args.push(n);
            }
        }
        self.inst1(
            ShapeOp::Broadcast {
                shape,
                dims: vec![],
            },
            &args,
        )
    }
    /// The zero of a type; see [`ConstOp::Default`].
    pub fn default(&mut self, ty: Type) -> Value {
        self.inst1(ConstOp::Default(ty), &[])
    }

    // Elementwise.

    /// An elementwise op of one operand.
    pub fn unary(&mut self, op: UnaryOp, x: Value) -> Value {
        self.inst1(op, &[x])
    }
    /// An elementwise op of two operands of one shape.
    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        self.inst1(op, &[a, b])
    }
    /// `a + b`.
    pub fn add(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Add, a, b)
    }
    /// `a - b`.
    pub fn sub(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Sub, a, b)
    }
    /// `a * b`.
    pub fn mul(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Mul, a, b)
    }
    /// `a / b`.
    pub fn div(&mut self, a: Value, b: Value) -> Value {
        self.binary(BinaryOp::Div, a, b)
    }
    /// `-x`.
    pub fn neg(&mut self, x: Value) -> Value {
        self.unary(UnaryOp::Neg, x)
    }
    /// `x` times a real number.
    pub fn scale(&mut self, x: Value, k: f64) -> Value {
        let k = self.real_like(x, k);
        self.mul(x, k)
    }
    /// A comparison.
    pub fn compare(&mut self, op: CompareOp, a: Value, b: Value) -> Value {
        self.inst1(op, &[a, b])
    }
    /// `if c { a } else { b }`, elementwise, both evaluated.
    pub fn select(&mut self, c: Value, a: Value, b: Value) -> Value {
        self.inst1(TernaryOp::Select, &[c, a, b])
    }
    /// Conversion of element type; `x` itself if it has that type.
    pub fn convert(&mut self, d: DType, x: Value) -> Value {
        if self.ty(x).dtype() == Some(d) {
            x
        } else {
            self.inst1(ConvertOp::To(d), &[x])
        }
    }

    // Places.

    /// `base[path]`.
    pub fn get(&mut self, base: Value, path: Path, indices: &[Value]) -> Value {
        self.inst1(PlaceOp::Get(path), &cat(&[base], indices))
    }
    /// `base[i]`.
    pub fn at(&mut self, base: Value, i: Value) -> Value {
        self.get(base, vec![Step::Index], &[i])
    }
    /// `base.k` of a record.
    pub fn field(&mut self, base: Value, k: u32) -> Value {
        self.get(base, vec![Step::Field(k)], &[])
    }
    /// `base` with `base[path]` replaced by `x`.
    pub fn update(&mut self, base: Value, x: Value, path: Path, indices: &[Value]) -> Value {
        self.inst1(PlaceOp::Update(path), &cat(&[base, x], indices))
    }
    /// `base` with `x` added to `base[path]`.
    pub fn add_at(&mut self, base: Value, x: Value, path: Path, indices: &[Value]) -> Value {
        self.inst1(PlaceOp::AddAt(path), &cat(&[base, x], indices))
    }
    /// A record of the values.
    pub fn record(&mut self, fields: &[Value]) -> Value {
        self.inst1(PlaceOp::Record, fields)
    }
    /// The number of elements, as `u64`.
    pub fn len(&mut self, a: Value) -> Value {
        self.inst1(ArrayOp::Len, &[a])
    }

    // Control.

    /// `if cond { then } else { otherwise }`; the results' types are the join of what the arms yield.
    pub fn if_(
        &mut self,
        cond: Value,
        then: impl FnOnce(&mut Builder) -> Vec<Value>,
        otherwise: impl FnOnce(&mut Builder) -> Vec<Value>,
    ) -> Vec<Value> {
        let (_, _) = self.open(&[]);
        let ys = then(self);
        let a = self.close(&ys);
        self.open(&[]);
        let zs = otherwise(self);
        let b = self.close(&zs);
        self.region_op(ControlOp::If, &[cond], &[a, b])
    }
    /// `for i in lo..hi` with carried values, whose types are those of `init`.
    pub fn for_(
        &mut self,
        lo: Value,
        hi: Value,
        init: &[Value],
        body: impl FnOnce(&mut Builder, Value, &[Value]) -> Vec<Value>,
    ) -> Vec<Value> {
        let mut tys = vec![self.ty(lo).clone()];
        tys.extend(init.iter().map(|&v| self.ty(v).clone()));
        let (_, ps) = self.open(&tys);
        let ys = body(self, ps[0], &ps[1..]);
        let r = self.close(&ys);
        self.region_op(ControlOp::For, &cat(&[lo, hi], init), &[r])
    }
    /// `while cond { body }` with carried values, whose types are those of `init`.
    pub fn while_(
        &mut self,
        init: &[Value],
        cond: impl FnOnce(&mut Builder, &[Value]) -> Value,
        body: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
    ) -> Vec<Value> {
        let tys: Vec<Type> = init.iter().map(|&v| self.ty(v).clone()).collect();
        let (_, ps) = self.open(&tys);
        let c = cond(self, &ps);
        let c = self.close(&[c]);
        let (_, ps) = self.open(&tys);
        let ys = body(self, &ps);
        let r = self.close(&ys);
        self.region_op(ControlOp::While, init, &[c, r])
    }
    /// A scalar region applied elementwise to tensors of one shape.
    pub fn map(
        &mut self,
        xs: &[Value],
        body: impl FnOnce(&mut Builder, &[Value]) -> Vec<Value>,
    ) -> Vec<Value> {
        let tys: Vec<Type> = xs
            .iter()
            .map(|&v| Type::scalar(self.ty(v).dtype().unwrap_or(DType::F64)))
            .collect();
        let (_, ps) = self.open(&tys);
        let ys = body(self, &ps);
        let r = self.close(&ys);
        self.region_op(ControlOp::Map, xs, &[r])
    }
    /// An instruction with regions; the results' types are inferred from them.
    pub fn region_op(&mut self, op: ControlOp, args: &[Value], regions: &[Region]) -> Vec<Value> {
        let results = match ops::control::infer_regions(&self.func, &op, args, regions) {
            Ok(r) => r,
            Err(e) => {
                self.error.get_or_insert(e);
                let n = regions
                    .last()
                    .map_or(0, |&r| self.func.regions[r].yields.len());
                vec![Type::unit(); n]
            }
        };
        let i = self.raw(op, args, regions, &results);
        self.func.insts[i].results.clone()
    }
    /// A call; the caller knows the function's result types.
    pub fn call(&mut self, f: FuncId, args: &[Value], results: &[Type]) -> Vec<Value> {
        let i = self.raw(ControlOp::Call(f), args, &[], results);
        self.func.insts[i].results.clone()
    }

    // The slot stage.

    /// Makes a variable.
    pub fn slot(&mut self, ty: Type, name: impl Into<String>) -> Slot {
        self.func.slots.push(super::func::SlotData {
            ty,
            name: name.into(),
        })
    }
    /// Reads `slot[path]`.
    pub fn slot_get(&mut self, s: Slot, path: Path, indices: &[Value]) -> Value {
        let base = self.func.slots[s].ty.clone();
        let ty = match ops::place_type(&base, &path) {
            Ok(t) => t,
            Err(step) => {
                self.fail(
                    &SlotOp::Get(s, path.clone()).into(),
                    indices,
                    Why::Path { step },
                );
                Type::unit()
            }
        };
        let i = self.raw(SlotOp::Get(s, path), indices, &[], &[ty]);
        self.func.insts[i].results[0]
    }
    /// Writes `slot[path]`.
    pub fn slot_set(&mut self, s: Slot, x: Value, path: Path, indices: &[Value]) {
        match ops::place_type(&self.func.slots[s].ty, &path) {
            Ok(want) if self.ty(x).fits(&want) => {}
            Ok(_) => self.fail(
                &SlotOp::Set(s, path.clone()).into(),
                &[x],
                Why::Kind {
                    operand: 0,
                    want: "of the place's type",
                },
            ),
            Err(step) => self.fail(
                &SlotOp::Set(s, path.clone()).into(),
                &[x],
                Why::Path { step },
            ),
        }
        self.raw(SlotOp::Set(s, path), &cat(&[x], indices), &[], &[]);
    }
    /// A fresh label for a block.
    pub fn label(&mut self) -> Label {
        self.func.labels += 1;
        Label(self.func.labels - 1)
    }
}

fn cat(a: &[Value], b: &[Value]) -> Vec<Value> {
    a.iter().chain(b).copied().collect()
}
