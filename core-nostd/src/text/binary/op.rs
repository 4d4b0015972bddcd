//! Operations as bytes: a family, a code in it, the attributes.
//!
//! The codes are part of the format: never change or reuse one, add new ones at the end. The same holds for the order of the
//! `ALL` lists of ops and element types.

use super::io::{Reader, Result, Writer, code};
use super::{Names, Numbers};
use crate::entity::FuncId;
use crate::entity::{Label, Slot};
use crate::ir::{
    ArgReduceOp, ArrayOp, BinaryOp, Budget, CompareOp, ConstOp, ControlOp, ConvertOp, CumOp, DType,
    DotDims, EffectOp, FftOp, HostCall, HostFn, IndexOp, LinalgOp, Op, PlaceOp, ReduceOp,
    Reduction, RngBits, ShapeOp, SlotOp, Step, TangentOp, TernaryOp, Triangular, UnaryOp,
};
use crate::text::names::{DERIVE_KINDS, TRANSPOSES};
use crate::value::{Data, Scalar, Tensor};
use alloc::sync::Arc;
use alloc::vec::Vec;
use num_complex::Complex;

impl Writer {
    fn scalar(&mut self, s: Scalar) {
        match s {
            Scalar::Bool(v) => self.byte(v.into()),
            Scalar::I8(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::I16(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::I32(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::I64(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::U8(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::U16(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::U32(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::U64(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::F32(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::F64(v) => self.bytes.extend(v.to_le_bytes()),
            Scalar::C64(v) => {
                self.bytes.extend(v.re.to_le_bytes());
                self.bytes.extend(v.im.to_le_bytes());
            }
            Scalar::C128(v) => {
                self.bytes.extend(v.re.to_le_bytes());
                self.bytes.extend(v.im.to_le_bytes());
            }
        }
    }
    fn path(&mut self, path: &[Step]) {
        // A field is its number plus one.
        self.list(path, |w, s| match s {
            Step::Index => w.uint(0),
            Step::Field(k) => w.uint(u64::from(*k) + 1),
        });
    }
    fn start(&mut self, family: u8, code: u8) {
        self.byte(family);
        self.byte(code);
    }

    pub(super) fn op(&mut self, op: &Op, numbers: &Numbers<'_>) {
        match op {
            Op::Const(ConstOp::Scalar(s)) => {
                self.start(0, 0);
                self.dtype(s.dtype());
                self.scalar(*s);
            }
            Op::Const(ConstOp::Tensor(t)) => {
                self.start(0, 1);
                self.dtype(t.dtype());
                self.list(&t.shape, |w, &n| w.uint(n as u64));
                self.uint(t.data.len() as u64);
                for i in 0..t.data.len() {
                    self.scalar(t.data.get(i));
                }
            }
            Op::Const(ConstOp::Default(t)) => {
                self.start(0, 2);
                self.ty(t);
            }
            Op::Unary(o) => self.start(1, code(UnaryOp::ALL, *o)),
            Op::Binary(o) => self.start(2, code(BinaryOp::ALL, *o)),
            Op::Ternary(o) => self.start(3, code(TernaryOp::ALL, *o)),
            Op::Compare(o) => self.start(4, code(CompareOp::ALL, *o)),
            Op::Convert(o) => {
                let (k, d) = match o {
                    ConvertOp::To(d) => (0, d),
                    ConvertOp::Bitcast(d) => (1, d),
                };
                self.start(5, k);
                self.dtype(*d);
            }
            Op::Place(PlaceOp::Record) => self.start(6, 0),
            Op::Place(PlaceOp::Get(p)) => {
                self.start(6, 1);
                self.path(p);
            }
            Op::Place(PlaceOp::Update(p)) => {
                self.start(6, 2);
                self.path(p);
            }
            Op::Place(PlaceOp::AddAt(p)) => {
                self.start(6, 3);
                self.path(p);
            }
            Op::Array(o) => match o {
                ArrayOp::Slice => self.start(7, 0),
                ArrayOp::UpdateSlice => self.start(7, 1),
                ArrayOp::AddSlice => self.start(7, 2),
                ArrayOp::Len => self.start(7, 3),
                ArrayOp::Dim(k) => {
                    self.start(7, 4);
                    self.u32(*k);
                }
                ArrayOp::Fill => self.start(7, 5),
                ArrayOp::Array => self.start(7, 6),
                ArrayOp::Push => self.start(7, 7),
                ArrayOp::Pop => self.start(7, 8),
            },
            Op::Shape(o) => self.shape_op(o),
            Op::Index(o) => {
                let (c, k) = match o {
                    IndexOp::Gather(k) => (0, k),
                    IndexOp::ScatterAdd(k) => (1, k),
                };
                self.start(9, c);
                self.u32(*k);
            }
            Op::Reduce(Reduction::Axes(o, axes)) => {
                self.start(10, 0);
                self.byte(code(ReduceOp::ALL, *o));
                self.u32s(axes);
            }
            Op::Reduce(Reduction::Arg(o, axis)) => {
                self.start(10, 1);
                self.byte(code(ArgReduceOp::ALL, *o));
                self.u32(*axis);
            }
            Op::Reduce(Reduction::Cumulative { op, axis, reverse }) => {
                self.start(10, if *reverse { 3 } else { 2 });
                self.byte(code(CumOp::ALL, *op));
                self.u32(*axis);
            }
            Op::Sort(k) => {
                self.start(11, 0);
                self.u32(*k);
            }
            Op::Dot(d) => {
                self.start(12, 0);
                self.u32s(&d.lhs_batch);
                self.u32s(&d.rhs_batch);
                self.u32s(&d.lhs_contract);
                self.u32s(&d.rhs_contract);
            }
            Op::Random(r) => {
                self.start(13, 0);
                self.dtype(r.dtype);
                self.shape(&r.shape);
            }
            Op::Linalg(o) => match o {
                LinalgOp::Cholesky => self.start(18, 0),
                LinalgOp::TriangularSolve(t) => {
                    self.start(18, 1);
                    self.byte(u8::from(t.left) | u8::from(t.lower) << 1 | u8::from(t.unit) << 2);
                    self.byte(code(&TRANSPOSES, t.transpose));
                }
                LinalgOp::Lu => self.start(18, 2),
                LinalgOp::Qr => self.start(18, 3),
                LinalgOp::Eigh => self.start(18, 4),
                LinalgOp::LuSolve(t) => {
                    self.start(18, 5);
                    self.byte(code(&TRANSPOSES, *t));
                }
            },
            Op::Fft(o) => match o {
                FftOp::Fft => self.start(19, 0),
                FftOp::Ifft => self.start(19, 1),
                FftOp::Rfft => self.start(19, 2),
                FftOp::Irfft(n) => {
                    self.start(19, 3);
                    self.shape(&[*n]);
                }
            },
            Op::Window(o) => self.window_op(o),
            Op::Tangent(TangentOp::ZerosLike) => self.start(14, 0),
            Op::Tangent(TangentOp::Accumulate) => self.start(14, 1),
            Op::Tangent(TangentOp::CustomLinear {
                transpose,
                tangents,
                results,
            }) => {
                self.start(14, 2);
                self.u32(transpose.0);
                self.u32(*tangents);
                self.types(results);
            }
            Op::Control(o) => match o {
                ControlOp::If => self.start(15, 0),
                ControlOp::Switch => self.start(15, 1),
                ControlOp::While => self.start(15, 2),
                ControlOp::For => self.start(15, 3),
                ControlOp::Map => self.start(15, 4),
                ControlOp::Call(f) => {
                    self.start(15, 5);
                    self.u32(f.0);
                }
                ControlOp::Derive { func, kind, wrt } => {
                    self.start(15, 6);
                    self.u32(func.0);
                    self.byte(code(&DERIVE_KINDS, *kind));
                    self.u32s(wrt);
                }
            },
            Op::Effect(EffectOp::Assert(s)) => {
                self.start(16, 0);
                self.string(s);
            }
            Op::Effect(EffectOp::Panic(s)) => {
                self.start(16, 1);
                self.string(s);
            }
            Op::Effect(EffectOp::CheckIndex) => self.start(16, 2),
            Op::Effect(EffectOp::CheckRange) => self.start(16, 3),
            Op::Effect(EffectOp::Checkpoint(Budget::Slots)) => self.start(16, 4),
            Op::Effect(EffectOp::Checkpoint(Budget::Bytes)) => self.start(16, 5),
            Op::Effect(EffectOp::Host(h)) => {
                self.start(16, 6);
                self.string(&h.name);
                self.types(&h.results);
            }
            Op::Slot(SlotOp::Get(s, p)) => {
                self.start(17, 0);
                self.u32(s.0);
                self.path(p);
            }
            Op::Slot(SlotOp::Set(s, p)) => {
                self.start(17, 1);
                self.u32(s.0);
                self.path(p);
            }
            Op::Slot(SlotOp::Block(l)) => {
                self.start(17, 2);
                self.u32(numbers.label(*l));
            }
            Op::Slot(SlotOp::Br(l)) => {
                self.start(17, 3);
                self.u32(numbers.label(*l));
            }
        }
    }

    fn shape_op(&mut self, o: &ShapeOp) {
        match o {
            ShapeOp::Reshape(s) => {
                self.start(8, 0);
                self.shape(s);
            }
            ShapeOp::Transpose(p) => {
                self.start(8, 1);
                self.u32s(p);
            }
            ShapeOp::Broadcast { shape, dims } => {
                self.start(8, 2);
                self.shape(shape);
                self.u32s(dims);
            }
            ShapeOp::Concat(k) => {
                self.start(8, 3);
                self.u32(*k);
            }
            ShapeOp::Pad(axes) => {
                self.start(8, 4);
                self.list(axes, |w, (lo, hi, inner)| {
                    w.int(*lo);
                    w.int(*hi);
                    w.uint(*inner);
                });
            }
            ShapeOp::StridedSlice(axes) => {
                self.start(8, 5);
                self.list(axes, |w, (lo, hi, step)| {
                    w.uint(*lo);
                    w.uint(*hi);
                    w.uint(*step);
                });
            }
            ShapeOp::Reverse(axes) => {
                self.start(8, 6);
                self.u32s(axes);
            }
            ShapeOp::Iota { dtype, shape, axis } => {
                self.start(8, 7);
                self.dtype(*dtype);
                self.shape(shape);
                self.u32(*axis);
            }
        }
    }
}

impl Reader<'_> {
    fn scalar(&mut self, d: DType) -> Result<Scalar> {
        Ok(match d {
            DType::Bool => Scalar::Bool(self.one_of(&[false, true], "a `bool` is 0 or 1")?),
            DType::I8 => Scalar::I8(i8::from_le_bytes(self.array()?)),
            DType::I16 => Scalar::I16(i16::from_le_bytes(self.array()?)),
            DType::I32 => Scalar::I32(i32::from_le_bytes(self.array()?)),
            DType::I64 => Scalar::I64(i64::from_le_bytes(self.array()?)),
            DType::U8 => Scalar::U8(u8::from_le_bytes(self.array()?)),
            DType::U16 => Scalar::U16(u16::from_le_bytes(self.array()?)),
            DType::U32 => Scalar::U32(u32::from_le_bytes(self.array()?)),
            DType::U64 => Scalar::U64(u64::from_le_bytes(self.array()?)),
            DType::F32 => Scalar::F32(f32::from_le_bytes(self.array()?)),
            DType::F64 => Scalar::F64(f64::from_le_bytes(self.array()?)),
            DType::C64 => Scalar::C64(Complex {
                re: f32::from_le_bytes(self.array()?),
                im: f32::from_le_bytes(self.array()?),
            }),
            DType::C128 => Scalar::C128(Complex {
                re: f64::from_le_bytes(self.array()?),
                im: f64::from_le_bytes(self.array()?),
            }),
        })
    }
    fn path(&mut self) -> Result<Vec<Step>> {
        self.list(|r| match r.uint()?.checked_sub(1) {
            None => Ok(Step::Index),
            Some(k) => match k.try_into() {
                Ok(k) => Ok(Step::Field(k)),
                Err(_) => r.error("a field's number does not fit 32 bits"),
            },
        })
    }
    fn tensor(&mut self) -> Result<Tensor> {
        let d = self.dtype()?;
        let shape = self.list(|r| match usize::try_from(r.uint()?) {
            Ok(n) => Ok(n),
            Err(_) => r.error("an extent does not fit this machine"),
        })?;
        let n = self.len()?;
        let Some(mut data) = Data::with_capacity(d, 0) else {
            return self.error("out of memory");
        };
        for _ in 0..n {
            let s = self.scalar(d)?;
            // The scalar was read as of that type.
            data.push(s);
        }
        Ok(Tensor { shape, data })
    }

    pub(super) fn op(&mut self, names: &Names) -> Result<Op> {
        let family = self.byte()?;
        let code = self.byte()?;
        let listed = |r: &Self, found: Option<Op>| match found {
            Some(op) => Ok(op),
            None => r.error("no such op"),
        };
        let at = code as usize;
        Ok(match (family, code) {
            (0, 0) => {
                let d = self.dtype()?;
                ConstOp::Scalar(self.scalar(d)?).into()
            }
            (0, 1) => ConstOp::Tensor(Arc::new(self.tensor()?)).into(),
            (0, 2) => ConstOp::Default(self.ty()?).into(),
            (1, _) => listed(self, UnaryOp::ALL.get(at).map(|&o| o.into()))?,
            (2, _) => listed(self, BinaryOp::ALL.get(at).map(|&o| o.into()))?,
            (3, _) => listed(self, TernaryOp::ALL.get(at).map(|&o| o.into()))?,
            (4, _) => listed(self, CompareOp::ALL.get(at).map(|&o| o.into()))?,
            (5, 0) => ConvertOp::To(self.dtype()?).into(),
            (5, 1) => ConvertOp::Bitcast(self.dtype()?).into(),
            (6, 0) => PlaceOp::Record.into(),
            (6, 1) => PlaceOp::Get(self.path()?).into(),
            (6, 2) => PlaceOp::Update(self.path()?).into(),
            (6, 3) => PlaceOp::AddAt(self.path()?).into(),
            (7, 0) => ArrayOp::Slice.into(),
            (7, 1) => ArrayOp::UpdateSlice.into(),
            (7, 2) => ArrayOp::AddSlice.into(),
            (7, 3) => ArrayOp::Len.into(),
            (7, 4) => ArrayOp::Dim(self.u32()?).into(),
            (7, 5) => ArrayOp::Fill.into(),
            (7, 6) => ArrayOp::Array.into(),
            (7, 7) => ArrayOp::Push.into(),
            (7, 8) => ArrayOp::Pop.into(),
            (8, 0) => ShapeOp::Reshape(self.shape()?).into(),
            (8, 1) => ShapeOp::Transpose(self.u32s()?).into(),
            (8, 2) => ShapeOp::Broadcast {
                shape: self.shape()?,
                dims: self.u32s()?,
            }
            .into(),
            (8, 3) => ShapeOp::Concat(self.u32()?).into(),
            (8, 4) => ShapeOp::Pad(self.list(|r| Ok((r.int()?, r.int()?, r.uint()?)))?).into(),
            (8, 5) => {
                ShapeOp::StridedSlice(self.list(|r| Ok((r.uint()?, r.uint()?, r.uint()?)))?).into()
            }
            (8, 6) => ShapeOp::Reverse(self.u32s()?).into(),
            (8, 7) => ShapeOp::Iota {
                dtype: self.dtype()?,
                shape: self.shape()?,
                axis: self.u32()?,
            }
            .into(),
            (9, 0) => IndexOp::Gather(self.u32()?).into(),
            (9, 1) => IndexOp::ScatterAdd(self.u32()?).into(),
            (10, 0) => {
                let o = self.one_of(ReduceOp::ALL, "no such reduction")?;
                Reduction::Axes(o, self.u32s()?).into()
            }
            (10, 1) => {
                let o = self.one_of(ArgReduceOp::ALL, "no such reduction")?;
                Reduction::Arg(o, self.u32()?).into()
            }
            (10, 2 | 3) => Reduction::Cumulative {
                op: self.one_of(CumOp::ALL, "no such reduction")?,
                axis: self.u32()?,
                reverse: code == 3,
            }
            .into(),
            (11, 0) => Op::Sort(self.u32()?),
            (12, 0) => DotDims {
                lhs_batch: self.u32s()?,
                rhs_batch: self.u32s()?,
                lhs_contract: self.u32s()?,
                rhs_contract: self.u32s()?,
            }
            .into(),
            (13, 0) => RngBits {
                dtype: self.dtype()?,
                shape: self.shape()?,
            }
            .into(),
            (14, 0) => TangentOp::ZerosLike.into(),
            (14, 1) => TangentOp::Accumulate.into(),
            (14, 2) => TangentOp::CustomLinear {
                transpose: self.callee(names)?,
                tangents: self.u32()?,
                results: self.types()?,
            }
            .into(),
            (15, 0) => ControlOp::If.into(),
            (15, 1) => ControlOp::Switch.into(),
            (15, 2) => ControlOp::While.into(),
            (15, 3) => ControlOp::For.into(),
            (15, 4) => ControlOp::Map.into(),
            (15, 5) => ControlOp::Call(self.callee(names)?).into(),
            (15, 6) => ControlOp::Derive {
                func: self.callee(names)?,
                kind: self.one_of(&DERIVE_KINDS, "no such kind of derivative")?,
                wrt: self.u32s()?,
            }
            .into(),
            (16, 0) => EffectOp::Assert(self.string()?).into(),
            (16, 1) => EffectOp::Panic(self.string()?).into(),
            (16, 2) => EffectOp::CheckIndex.into(),
            (16, 3) => EffectOp::CheckRange.into(),
            (16, 4) => EffectOp::Checkpoint(Budget::Slots).into(),
            (16, 5) => EffectOp::Checkpoint(Budget::Bytes).into(),
            (16, 6) => EffectOp::Host(HostCall {
                name: self.string()?,
                results: self.types()?,
                func: HostFn::default(),
            })
            .into(),
            (17, 0) => SlotOp::Get(self.slot(names)?, self.path()?).into(),
            (17, 1) => SlotOp::Set(self.slot(names)?, self.path()?).into(),
            (17, 2) => SlotOp::Block(self.label(names)?).into(),
            (17, 3) => SlotOp::Br(self.label(names)?).into(),
            (18, 0) => LinalgOp::Cholesky.into(),
            (18, 1) => {
                let bits = self.byte()?;
                if bits > 7 {
                    return self.error("no such triangular solve");
                }
                LinalgOp::TriangularSolve(Triangular {
                    left: bits & 1 != 0,
                    lower: bits & 2 != 0,
                    unit: bits & 4 != 0,
                    transpose: self.one_of(&TRANSPOSES, "no such transposition")?,
                })
                .into()
            }
            (18, 2) => LinalgOp::Lu.into(),
            (18, 3) => LinalgOp::Qr.into(),
            (18, 4) => LinalgOp::Eigh.into(),
            (18, 5) => LinalgOp::LuSolve(self.one_of(&TRANSPOSES, "no such transposition")?).into(),
            (19, 0) => FftOp::Fft.into(),
            (19, 1) => FftOp::Ifft.into(),
            (19, 2) => FftOp::Rfft.into(),
            (19, 3) => match self.shape()?[..] {
                [n] => FftOp::Irfft(n).into(),
                _ => return self.error("a transform has one length"),
            },
            (20, _) => self.window_op(code)?.into(),
            _ => return self.error("no such op"),
        })
    }

    pub(super) fn callee(&mut self, names: &Names) -> Result<FuncId> {
        Ok(FuncId(self.below(names.funcs, "no such function")?))
    }
    fn slot(&mut self, names: &Names) -> Result<Slot> {
        Ok(Slot(self.below(names.slots, "no such slot")?))
    }
    fn label(&mut self, names: &Names) -> Result<Label> {
        Ok(Label(self.below(names.labels as usize, "no such label")?))
    }
}
