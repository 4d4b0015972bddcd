//! The parser of operations: attributes, operands and the parameters of regions, by op.

use super::cursor::{Cursor, Result};
use super::lex::{Kind, Token};
use super::names::{DERIVE_KINDS, TRANSPOSES, derive_kind, transpose_word};
use super::parse::{FuncParser, Regions};
use crate::entity::Value;
use crate::ir::{
    ArrayOp, ConstOp, ControlOp, ConvertOp, DotDims, EffectOp, FftOp, HostCall, HostFn, IndexOp,
    LinalgOp, Op, Path, PlaceOp, Reduction, RngBits, ShapeOp, SlotOp, Step, TangentOp, TransposeA,
    Triangular, Type,
};
use crate::value::{Data, Tensor};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// A line up to the result types.
pub(super) struct Header<'s> {
    pub(super) op: Op,
    pub(super) args: Vec<Value>,
    /// The parameters of the first region.
    pub(super) params: Vec<(Token<'s>, Type)>,
    /// The types of the results, where the line says them.
    pub(super) implied: Option<Vec<Type>>,
    pub(super) regions: Regions,
}

impl Header<'_> {
    fn plain(op: impl Into<Op>, args: Vec<Value>) -> Result<Self> {
        Ok(Header {
            op: op.into(),
            args,
            params: Vec::new(),
            implied: None,
            regions: Regions::None,
        })
    }
    fn constant(c: ConstOp, ty: Type) -> Result<Self> {
        Ok(Header {
            implied: Some(vec![ty]),
            ..Header::plain(c, Vec::new())?
        })
    }
}

fn axis(c: &mut Cursor<'_>) -> Result<u32> {
    c.int("an axis")
}

impl<'s> FuncParser<'_, 's> {
    /// Reads the rest of an instruction that starts as `proto`, up to the result types.
    pub(super) fn header(&mut self, proto: Op) -> Result<Header<'s>> {
        match proto {
            Op::Const(ConstOp::Default(_)) => {
                let ty = self.c.ty()?;
                Header::constant(ConstOp::Default(ty.clone()), ty)
            }
            Op::Const(ConstOp::Scalar(_) | ConstOp::Tensor(_)) => self.constant(),
            Op::Convert(o) => {
                let d = self.c.dtype()?;
                let op = match o {
                    ConvertOp::To(_) => ConvertOp::To(d),
                    ConvertOp::Bitcast(_) => ConvertOp::Bitcast(d),
                };
                Header::plain(op, self.operands()?)
            }
            Op::Place(PlaceOp::Get(_)) => {
                let base = self.value()?;
                let (path, indices) = self.path()?;
                Header::plain(PlaceOp::Get(path), cat(vec![base], indices))
            }
            Op::Place(PlaceOp::Update(_)) => {
                let (path, args) = self.store("=")?;
                Header::plain(PlaceOp::Update(path), args)
            }
            Op::Place(PlaceOp::AddAt(_)) => {
                let (path, args) = self.store("+=")?;
                Header::plain(PlaceOp::AddAt(path), args)
            }
            Op::Array(ArrayOp::Dim(_)) => {
                let k = self.axis()?;
                Header::plain(ArrayOp::Dim(k), self.operands()?)
            }
            Op::Shape(o) => {
                let op = self.shape_op(o)?;
                Header::plain(op, self.operands()?)
            }
            Op::Index(o) => {
                let k = self.axis()?;
                let op = match o {
                    IndexOp::Gather(_) => IndexOp::Gather(k),
                    IndexOp::ScatterAdd(_) => IndexOp::ScatterAdd(k),
                };
                Header::plain(op, self.operands()?)
            }
            Op::Reduce(o) => {
                let op = match o {
                    Reduction::Axes(o, _) => Reduction::Axes(o, self.c.brackets(axis)?),
                    Reduction::Arg(o, _) => Reduction::Arg(o, self.axis()?),
                    Reduction::Cumulative { op, .. } => {
                        self.c.expect("[")?;
                        let axis = axis(self.c)?;
                        let reverse = self.c.eat(",");
                        if reverse {
                            self.c.expect("reverse")?;
                        }
                        self.c.expect("]")?;
                        Reduction::Cumulative { op, axis, reverse }
                    }
                };
                Header::plain(op, self.operands()?)
            }
            Op::Sort(_) => {
                let k = self.axis()?;
                Header::plain(Op::Sort(k), self.operands()?)
            }
            Op::Dot(_) => {
                let mut d = DotDims::default();
                if self.attribute("batch") {
                    (d.lhs_batch, d.rhs_batch) = self.axis_lists()?;
                }
                if self.attribute("contract") {
                    (d.lhs_contract, d.rhs_contract) = self.axis_lists()?;
                }
                Header::plain(d, self.operands()?)
            }
            Op::Random(_) => {
                let dtype = self.c.dtype()?;
                let shape = if self.c.is("[") {
                    self.c.shape()?
                } else {
                    Vec::new()
                };
                Header::plain(Op::Random(RngBits { dtype, shape }), self.operands()?)
            }
            Op::Linalg(LinalgOp::TriangularSolve(_)) => {
                let t = self.triangular()?;
                Header::plain(LinalgOp::TriangularSolve(t), self.operands()?)
            }
            Op::Linalg(LinalgOp::LuSolve(_)) => {
                let mut t = TransposeA::No;
                if self.c.eat("[") {
                    t = match self.transpose_a() {
                        Some(t) => t,
                        None => return Err(self.c.expected("`transpose` or `adjoint`")),
                    };
                    self.c.expect("]")?;
                }
                Header::plain(LinalgOp::LuSolve(t), self.operands()?)
            }
            Op::Fft(FftOp::Irfft(_)) => {
                let start = self.c.peek();
                let n = match self.c.shape()?[..] {
                    [n] => n,
                    _ => return Err(start.error("a transform has one length")),
                };
                Header::plain(FftOp::Irfft(n), self.operands()?)
            }
            Op::Window(o) => {
                let op = self.window_op(o)?;
                Header::plain(op, self.operands()?)
            }
            Op::Tangent(TangentOp::CustomLinear { .. }) => {
                self.c.expect("[")?;
                let tangents = self.c.int("the number of tangents")?;
                self.c.expect("]")?;
                let transpose = self.callee()?;
                self.c.expect("->")?;
                self.c.expect("(")?;
                let results = self.c.list(")", Cursor::ty)?;
                let op = TangentOp::CustomLinear {
                    transpose,
                    tangents,
                    results,
                };
                Header::plain(op, self.operands()?)
            }
            Op::Control(o) => self.control(o),
            Op::Effect(EffectOp::Assert(_)) => {
                let v = self.value()?;
                self.c.expect(",")?;
                Header::plain(EffectOp::Assert(self.c.string()?), vec![v])
            }
            Op::Effect(EffectOp::Panic(_)) => {
                Header::plain(EffectOp::Panic(self.c.string()?), Vec::new())
            }
            Op::Effect(EffectOp::Host(_)) => {
                let name = self.c.string()?;
                self.c.expect("->")?;
                self.c.expect("(")?;
                let results = self.c.list(")", Cursor::ty)?;
                let call = HostCall {
                    name,
                    results,
                    func: HostFn::default(),
                };
                Header::plain(EffectOp::Host(call), self.operands()?)
            }
            Op::Effect(
                o @ (EffectOp::CheckIndex | EffectOp::CheckRange | EffectOp::Checkpoint(_)),
            ) => Header::plain(o, self.operands()?),
            Op::Slot(SlotOp::Get(..)) => {
                let s = self.slot()?;
                let (path, indices) = self.path()?;
                Header::plain(SlotOp::Get(s, path), indices)
            }
            Op::Slot(SlotOp::Set(..)) => {
                let s = self.slot()?;
                let (path, indices) = self.path()?;
                self.c.expect("=")?;
                let x = self.value()?;
                Header::plain(SlotOp::Set(s, path), cat(vec![x], indices))
            }
            Op::Slot(SlotOp::Block(_)) => {
                let l = self.label()?;
                Ok(Header {
                    regions: Regions::One,
                    ..Header::plain(SlotOp::Block(l), Vec::new())?
                })
            }
            Op::Slot(SlotOp::Br(_)) => {
                let l = self.label()?;
                Header::plain(SlotOp::Br(l), Vec::new())
            }
            op @ (Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Place(PlaceOp::Record)
            | Op::Linalg(LinalgOp::Cholesky | LinalgOp::Lu | LinalgOp::Qr | LinalgOp::Eigh)
            | Op::Fft(FftOp::Fft | FftOp::Ifft | FftOp::Rfft)
            | Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate)
            | Op::Array(
                ArrayOp::Slice
                | ArrayOp::UpdateSlice
                | ArrayOp::AddSlice
                | ArrayOp::Len
                | ArrayOp::Fill
                | ArrayOp::Array
                | ArrayOp::Push
                | ArrayOp::Pop,
            )) => Header::plain(op, self.operands()?),
        }
    }

    /// `[axis]`.
    fn axis(&mut self) -> Result<u32> {
        self.c.expect("[")?;
        let k = axis(self.c)?;
        self.c.expect("]")?;
        Ok(k)
    }

    /// Takes the word for how a matrix is taken, if it is one.
    fn transpose_a(&mut self) -> Option<TransposeA> {
        let is = |t: &TransposeA| transpose_word(*t).is_some_and(|w| self.c.is(w));
        let found = TRANSPOSES.into_iter().find(is)?;
        self.c.next();
        Some(found)
    }

    /// `[left, lower, adjoint, unit]`; the last two may be missing.
    fn triangular(&mut self) -> Result<Triangular> {
        self.c.expect("[")?;
        let left = self.c.eat("left");
        if !left {
            self.c.expect("right")?;
        }
        self.c.expect(",")?;
        let lower = self.c.eat("lower");
        if !lower {
            self.c.expect("upper")?;
        }
        let (mut transpose, mut unit) = (TransposeA::No, false);
        while self.c.eat(",") {
            if unit {
                return Err(self.c.expected("`]`"));
            }
            let before = transpose == TransposeA::No;
            match self.transpose_a().filter(|_| before) {
                Some(t) => transpose = t,
                None => {
                    self.c.expect("unit")?;
                    unit = true;
                }
            }
        }
        self.c.expect("]")?;
        Ok(Triangular {
            left,
            lower,
            unit,
            transpose,
        })
    }

    /// Takes the word if a bracket follows it: an attribute, no value of that name.
    pub(super) fn attribute(&mut self, word: &str) -> bool {
        let yes = self.c.is(word) && self.c.ahead(1).text == "[";
        yes && self.c.eat(word)
    }

    fn axis_lists(&mut self) -> Result<(Vec<u32>, Vec<u32>)> {
        Ok((self.c.brackets(axis)?, self.c.brackets(axis)?))
    }

    /// `(1, 2, 3)` for each axis, in brackets.
    fn triples<A: TryFrom<i128>>(&mut self) -> Result<Vec<(A, A, u64)>> {
        self.c.brackets(|c| {
            c.expect("(")?;
            let a = c.int("a position")?;
            c.expect(",")?;
            let b = c.int("a position")?;
            c.expect(",")?;
            let k = c.int("a distance")?;
            c.expect(")")?;
            Ok((a, b, k))
        })
    }

    fn constant(&mut self) -> Result<Header<'s>> {
        let start = self.c.peek();
        let ty = self.c.ty()?;
        let Some(t) = ty.as_tensor() else {
            return Err(start.error("a constant is a scalar or tensor; for others use `default`"));
        };
        if !self.c.is("[") {
            if !t.shape.is_empty() {
                return Err(self.c.expected("`[` and the elements, row-major"));
            }
            let s = self.c.scalar(t.dtype)?;
            return Header::constant(ConstOp::Scalar(s), ty);
        }
        let shape: Option<Vec<usize>> = t
            .shape
            .iter()
            .map(|d| d.known().and_then(|n| usize::try_from(n).ok()))
            .collect();
        let Some(shape) = shape else {
            return Err(start.error("the extents of a constant must be known"));
        };
        let open = self.c.expect("[")?;
        let Some(mut data) = Data::with_capacity(t.dtype, 0) else {
            return Err(open.error("out of memory"));
        };
        self.c.elements(t.dtype, &mut data)?;
        let n = data.len();
        match Tensor::new(shape, data) {
            Some(t) => Header::constant(ConstOp::Tensor(Arc::new(t)), ty),
            None => Err(open.error(format!(
                "{n} element(s) for a constant of type {ty}, which has another number of them"
            ))),
        }
    }

    /// `[index].field…`, maybe empty.
    fn path(&mut self) -> Result<(Path, Vec<Value>)> {
        let (mut path, mut indices) = (Vec::new(), Vec::new());
        loop {
            if self.c.eat("[") {
                indices.push(self.value()?);
                path.push(Step::Index);
                self.c.expect("]")?;
            } else if self.c.eat(".") {
                path.push(Step::Field(self.c.int("a field's number")?));
            } else {
                return Ok((path, indices));
            }
        }
    }

    /// `base[path] = value`: the path, and the operands base, value, indices.
    fn store(&mut self, sign: &str) -> Result<(Path, Vec<Value>)> {
        let base = self.value()?;
        let (path, indices) = self.path()?;
        self.c.expect(sign)?;
        let x = self.value()?;
        Ok((path, cat(vec![base, x], indices)))
    }

    fn shape_op(&mut self, proto: ShapeOp) -> Result<ShapeOp> {
        Ok(match proto {
            ShapeOp::Reshape(_) => ShapeOp::Reshape(self.c.shape()?),
            ShapeOp::Transpose(_) => ShapeOp::Transpose(self.c.brackets(axis)?),
            ShapeOp::Broadcast { .. } => {
                let shape = self.c.shape()?;
                let dims = if self.attribute("dims") {
                    self.c.brackets(axis)?
                } else {
                    Vec::new()
                };
                ShapeOp::Broadcast { shape, dims }
            }
            ShapeOp::Concat(_) => ShapeOp::Concat(self.axis()?),
            ShapeOp::Pad(_) => ShapeOp::Pad(self.triples()?),
            ShapeOp::StridedSlice(_) => ShapeOp::StridedSlice(self.triples()?),
            ShapeOp::Reverse(_) => ShapeOp::Reverse(self.c.brackets(axis)?),
            ShapeOp::Iota { .. } => {
                let axis = self.axis()?;
                let dtype = self.c.dtype()?;
                let shape = if self.c.is("[") {
                    self.c.shape()?
                } else {
                    Vec::new()
                };
                ShapeOp::Iota { dtype, shape, axis }
            }
        })
    }

    fn control(&mut self, proto: ControlOp) -> Result<Header<'s>> {
        match proto {
            ControlOp::If => Ok(Header {
                regions: Regions::Else,
                ..Header::plain(proto, vec![self.value()?])?
            }),
            ControlOp::Switch => Ok(Header {
                regions: Regions::Cases,
                ..Header::plain(proto, vec![self.value()?])?
            }),
            ControlOp::While => {
                let (params, args) = self.carried()?;
                Ok(Header {
                    implied: Some(params.iter().map(|(_, t)| t.clone()).collect()),
                    params,
                    regions: Regions::Do,
                    ..Header::plain(proto, args)?
                })
            }
            ControlOp::For => {
                let index = self.param()?;
                self.c.expect("in")?;
                let lo = self.value()?;
                self.c.expect("..")?;
                let hi = self.value()?;
                let (params, args) = if self.c.is("(") {
                    self.carried()?
                } else {
                    (Vec::new(), Vec::new())
                };
                Ok(Header {
                    implied: Some(params.iter().map(|(_, t)| t.clone()).collect()),
                    params: cat(vec![index], params),
                    regions: Regions::One,
                    ..Header::plain(proto, cat(vec![lo, hi], args))?
                })
            }
            ControlOp::Map => {
                let (params, args) = self.carried()?;
                Ok(Header {
                    params,
                    regions: Regions::One,
                    ..Header::plain(proto, args)?
                })
            }
            ControlOp::Call(_) => {
                let f = self.callee()?;
                Header::plain(ControlOp::Call(f), self.arguments()?)
            }
            ControlOp::Derive { .. } => {
                let t = self.c.kind(Kind::Ident, "a kind of derivative")?;
                let Some(kind) = DERIVE_KINDS.into_iter().find(|&k| derive_kind(k) == t.text)
                else {
                    return Err(t.error(format!(
                        "expected `gradient`, `value_and_gradient`, `jvp`, `vjp` or `batch`, found {}",
                        t.describe()
                    )));
                };
                let func = self.callee()?;
                self.c.expect("wrt")?;
                let wrt = self.c.brackets(|c| c.int("a parameter's number"))?;
                let op = ControlOp::Derive { func, kind, wrt };
                Header::plain(op, self.arguments()?)
            }
        }
    }

    /// `(value, value)`.
    fn arguments(&mut self) -> Result<Vec<Value>> {
        self.c.expect("(")?;
        let args = self.operands()?;
        self.c.expect(")")?;
        Ok(args)
    }

    /// `(param = value: type, …)`.
    #[allow(clippy::type_complexity, reason = "a pair of lists, used once")]
    fn carried(&mut self) -> Result<(Vec<(Token<'s>, Type)>, Vec<Value>)> {
        self.c.expect("(")?;
        let (mut params, mut args) = (Vec::new(), Vec::new());
        while !self.c.eat(")") {
            if !params.is_empty() && !self.c.eat(",") {
                return Err(self.c.expected("`,` or `)`"));
            }
            let t = self.c.kind(Kind::Ident, "a parameter's name")?;
            self.c.expect("=")?;
            args.push(self.value()?);
            self.c.expect(":")?;
            params.push((t, self.c.ty()?));
        }
        Ok((params, args))
    }
}

fn cat<T>(mut a: Vec<T>, b: Vec<T>) -> Vec<T> {
    a.extend(b);
    a
}
