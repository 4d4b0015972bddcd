//! Run-time values: what constants hold and what the interpreter computes with.
//!
//! Arrays are values with copy-on-write: an executor that holds the only reference updates in place
//! ([`Arc::make_mut`]), so a store into an array nobody else sees is O(1).

use crate::error::TrapKind;
mod lend;
mod stack;

pub use lend::{Lent, LentArray, LentList, LentRows, MAX_LENT_RANK, Slice};
pub use stack::{Column, Stack};

use crate::ir::{DType, Dim, Type};
use alloc::sync::Arc;
use alloc::vec::Vec;
use num_complex::Complex;

/// Runs `$body` with `$v` bound to the typed content of each variant of a [`Scalar`] or [`Data`] (or of a matching pair).
///
/// `on_each!(Scalar, s, v => expr)`; in `expr` the type of `v` differs by arm.
#[macro_export]
macro_rules! on_each {
    ($enum:ident, $x:expr, $v:ident => $body:expr) => {
        match $x {
            $enum::Bool($v) => $body,
            $enum::I8($v) => $body,
            $enum::I16($v) => $body,
            $enum::I32($v) => $body,
            $enum::I64($v) => $body,
            $enum::U8($v) => $body,
            $enum::U16($v) => $body,
            $enum::U32($v) => $body,
            $enum::U64($v) => $body,
            $enum::F32($v) => $body,
            $enum::F64($v) => $body,
            $enum::C64($v) => $body,
            $enum::C128($v) => $body,
        }
    };
}

/// One element.
#[derive(Copy, Clone, PartialEq, Debug)]
#[allow(
    missing_docs,
    reason = "the variants are named after the element types"
)]
pub enum Scalar {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    F32(f32),
    F64(f64),
    C64(Complex<f32>),
    C128(Complex<f64>),
}

/// The elements of a tensor, row-major.
#[derive(Clone, PartialEq, Debug)]
#[allow(
    missing_docs,
    reason = "the variants are named after the element types"
)]
pub enum Data {
    Bool(Vec<bool>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    C64(Vec<Complex<f32>>),
    C128(Vec<Complex<f64>>),
}

/// A Rust type that is the element type of a tensor.
pub trait Element: Copy + PartialEq + core::fmt::Debug + 'static {
    /// Its name in the IR.
    const DTYPE: DType;
    /// The zero (`false` for `bool`).
    const ZERO: Self;
    /// As a dynamically typed scalar.
    fn scalar(self) -> Scalar;
    /// From a dynamically typed scalar of exactly this type.
    fn from_scalar(s: Scalar) -> Option<Self>;
    /// The typed elements, if the data are of this type.
    fn slice(d: &Data) -> Option<&[Self]>;
    /// The typed vector, if the data are of this type.
    fn vec_mut(d: &mut Data) -> Option<&mut Vec<Self>>;
    /// Wraps typed elements.
    fn data(v: Vec<Self>) -> Data;
}

macro_rules! elements {
    ($($variant:ident $ty:ty, $zero:expr;)*) => {
        $(
            impl Element for $ty {
                const DTYPE: DType = DType::$variant;
                const ZERO: Self = $zero;
                fn scalar(self) -> Scalar {
                    Scalar::$variant(self)
                }
                fn from_scalar(s: Scalar) -> Option<Self> {
                    if let Scalar::$variant(v) = s { Some(v) } else { None }
                }
                fn slice(d: &Data) -> Option<&[Self]> {
                    if let Data::$variant(v) = d { Some(v) } else { None }
                }
                fn vec_mut(d: &mut Data) -> Option<&mut Vec<Self>> {
                    if let Data::$variant(v) = d { Some(v) } else { None }
                }
                fn data(v: Vec<Self>) -> Data {
                    Data::$variant(v)
                }
            }
            impl From<$ty> for Scalar {
                fn from(v: $ty) -> Scalar {
                    Scalar::$variant(v)
                }
            }
        )*
        impl Scalar {
            /// The element type.
            pub const fn dtype(self) -> DType {
                match self { $(Scalar::$variant(_) => DType::$variant,)* }
            }
            /// The zero of an element type (`false` for `bool`).
            pub const fn zero(d: DType) -> Scalar {
                match d { $(DType::$variant => Scalar::$variant($zero),)* }
            }
        }
        impl Data {
            /// The element type.
            pub const fn dtype(&self) -> DType {
                match self { $(Data::$variant(_) => DType::$variant,)* }
            }
            /// No elements of a type, with room for `n`; `None` if that memory cannot be had.
            pub fn with_capacity(d: DType, n: usize) -> Option<Data> {
                match d { $(DType::$variant => {
                    let mut v: Vec<$ty> = Vec::new();
                    v.try_reserve_exact(n).ok()?;
                    Some(Data::$variant(v))
                })* }
            }
            /// `n` copies of a scalar; `None` if that memory cannot be had.
            pub fn splat(s: Scalar, n: usize) -> Option<Data> {
                match s { $(Scalar::$variant(x) => {
                    let mut v: Vec<$ty> = Vec::new();
                    v.try_reserve_exact(n).ok()?;
                    v.resize(n, x);
                    Some(Data::$variant(v))
                })* }
            }
            /// The `i`-th element. Panics if out of range.
            pub fn get(&self, i: usize) -> Scalar {
                match self { $(Data::$variant(v) => Scalar::$variant(v[i]),)* }
            }
            /// Sets the `i`-th element. Panics if out of range or of another type.
            pub fn set(&mut self, i: usize, s: Scalar) {
                match (self, s) {
                    $((Data::$variant(v), Scalar::$variant(x)) => v[i] = x,)*
                    (d, s) => panic!("{} stored into {}", s.dtype(), d.dtype()),
                }
            }
            /// Appends elements `range` of `src`. Panics if out of range or of another type.
            pub fn extend_from(&mut self, src: &Data, range: core::ops::Range<usize>) {
                match (self, src) {
                    $((Data::$variant(v), Data::$variant(s)) => v.extend_from_slice(&s[range]),)*
                    (d, s) => panic!("{} appended to {}", s.dtype(), d.dtype()),
                }
            }
            /// Overwrites the elements from `at` with all of `src`. Panics if out of range or of another type.
            pub fn copy_from(&mut self, at: usize, src: &Data) {
                match (self, src) {
                    $((Data::$variant(v), Data::$variant(s)) => v[at..at + s.len()].copy_from_slice(s),)*
                    (d, s) => panic!("{} copied into {}", s.dtype(), d.dtype()),
                }
            }
            /// Appends an element; false if it is of another type.
            pub fn push(&mut self, s: Scalar) -> bool {
                match (self, s) {
                    $((Data::$variant(v), Scalar::$variant(x)) => v.push(x),)*
                    _ => return false,
                }
                true
            }
            /// Keeps the first `n` elements.
            pub fn truncate(&mut self, n: usize) {
                match self { $(Data::$variant(v) => v.truncate(n),)* }
            }
            /// The number of elements.
            pub fn len(&self) -> usize {
                match self { $(Data::$variant(v) => v.len(),)* }
            }
        }
    };
}

elements! {
    Bool bool, false;
    I8 i8, 0;
    I16 i16, 0;
    I32 i32, 0;
    I64 i64, 0;
    U8 u8, 0;
    U16 u16, 0;
    U32 u32, 0;
    U64 u64, 0;
    F32 f32, 0.0;
    F64 f64, 0.0;
    C64 Complex<f32>, Complex { re: 0.0, im: 0.0 };
    C128 Complex<f64>, Complex { re: 0.0, im: 0.0 };
}

impl Scalar {
    /// The words that it is passed in: its value in the low bits (signed integers extended, floats their bits); a second one for the imaginary
    /// part of a complex number.
    pub fn to_words(self) -> (u64, Option<u64>) {
        match self {
            Scalar::Bool(v) => (v.into(), None),
            Scalar::I8(v) => (v as u64, None),
            Scalar::I16(v) => (v as u64, None),
            Scalar::I32(v) => (v as u64, None),
            Scalar::I64(v) => (v as u64, None),
            Scalar::U8(v) => (v.into(), None),
            Scalar::U16(v) => (v.into(), None),
            Scalar::U32(v) => (v.into(), None),
            Scalar::U64(v) => (v, None),
            Scalar::F32(v) => (v.to_bits().into(), None),
            Scalar::F64(v) => (v.to_bits(), None),
            Scalar::C64(v) => (v.re.to_bits().into(), Some(v.im.to_bits().into())),
            Scalar::C128(v) => (v.re.to_bits(), Some(v.im.to_bits())),
        }
    }
    /// The scalar of that type with those words; upper bits that it does not use are ignored, and so is a second word that it does not have.
    pub fn from_words(d: DType, a: u64, b: u64) -> Scalar {
        let single = |w: u64| f32::from_bits(w as u32);
        match d {
            DType::Bool => Scalar::Bool(a & 1 != 0),
            DType::I8 => Scalar::I8(a as i8),
            DType::I16 => Scalar::I16(a as i16),
            DType::I32 => Scalar::I32(a as i32),
            DType::I64 => Scalar::I64(a as i64),
            DType::U8 => Scalar::U8(a as u8),
            DType::U16 => Scalar::U16(a as u16),
            DType::U32 => Scalar::U32(a as u32),
            DType::U64 => Scalar::U64(a),
            DType::F32 => Scalar::F32(single(a)),
            DType::F64 => Scalar::F64(f64::from_bits(a)),
            DType::C64 => Scalar::C64(Complex::new(single(a), single(b))),
            DType::C128 => Scalar::C128(Complex::new(f64::from_bits(a), f64::from_bits(b))),
        }
    }
    /// The value as an index, length or amount: any integer type. `None` for other types.
    pub fn as_int(self) -> Option<i128> {
        Some(match self {
            Scalar::I8(v) => v.into(),
            Scalar::I16(v) => v.into(),
            Scalar::I32(v) => v.into(),
            Scalar::I64(v) => v.into(),
            Scalar::U8(v) => v.into(),
            Scalar::U16(v) => v.into(),
            Scalar::U32(v) => v.into(),
            Scalar::U64(v) => v.into(),
            Scalar::Bool(_)
            | Scalar::F32(_)
            | Scalar::F64(_)
            | Scalar::C64(_)
            | Scalar::C128(_) => return None,
        })
    }
    /// An integer converted to an integer type; `None` if it does not fit or the type is no integer.
    pub fn from_int(d: DType, v: i128) -> Option<Scalar> {
        Some(match d {
            DType::I8 => Scalar::I8(v.try_into().ok()?),
            DType::I16 => Scalar::I16(v.try_into().ok()?),
            DType::I32 => Scalar::I32(v.try_into().ok()?),
            DType::I64 => Scalar::I64(v.try_into().ok()?),
            DType::U8 => Scalar::U8(v.try_into().ok()?),
            DType::U16 => Scalar::U16(v.try_into().ok()?),
            DType::U32 => Scalar::U32(v.try_into().ok()?),
            DType::U64 => Scalar::U64(v.try_into().ok()?),
            DType::Bool | DType::F32 | DType::F64 | DType::C64 | DType::C128 => return None,
        })
    }
    /// A real number in a float or complex type (rounded to `f32` where that is the type); `None` for other types.
    pub fn from_f64(d: DType, v: f64) -> Option<Scalar> {
        Some(match d {
            DType::F32 => Scalar::F32(v as f32),
            DType::F64 => Scalar::F64(v),
            DType::C64 => Scalar::C64(Complex::new(v as f32, 0.0)),
            DType::C128 => Scalar::C128(Complex::new(v, 0.0)),
            DType::Bool
            | DType::I8
            | DType::I16
            | DType::I32
            | DType::I64
            | DType::U8
            | DType::U16
            | DType::U32
            | DType::U64 => return None,
        })
    }
    /// Whether two scalars have the same type and the same bits (NaN equals itself, -0 differs from 0).
    pub fn same_bits(self, other: Scalar) -> bool {
        match (self, other) {
            (Scalar::F32(a), Scalar::F32(b)) => a.to_bits() == b.to_bits(),
            (Scalar::F64(a), Scalar::F64(b)) => a.to_bits() == b.to_bits(),
            (Scalar::C64(a), Scalar::C64(b)) => {
                a.re.to_bits() == b.re.to_bits() && a.im.to_bits() == b.im.to_bits()
            }
            (Scalar::C128(a), Scalar::C128(b)) => {
                a.re.to_bits() == b.re.to_bits() && a.im.to_bits() == b.im.to_bits()
            }
            (a, b) => a == b,
        }
    }
}

impl Data {
    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A tensor of rank >= 1 (or a rank-0 one inside constants): extents and row-major elements.
///
/// Invariant: the product of the extents is the number of elements.
#[derive(Clone, PartialEq, Debug)]
pub struct Tensor {
    /// The extents, outermost first.
    pub shape: Vec<usize>,
    /// The elements, row-major.
    pub data: Data,
}

impl Tensor {
    /// A tensor of those extents; `None` if the number of elements is not their product.
    pub fn new(shape: Vec<usize>, data: Data) -> Option<Tensor> {
        (elements(&shape)? == data.len()).then_some(Tensor { shape, data })
    }
    /// A tensor of one extent.
    pub fn vector<T: Element>(v: Vec<T>) -> Tensor {
        Tensor {
            shape: alloc::vec![v.len()],
            data: T::data(v),
        }
    }
    /// The element type.
    pub fn dtype(&self) -> DType {
        self.data.dtype()
    }
    /// The tensor to be written: copied first if others hold it too.
    ///
    /// # Errors
    /// [`TrapKind::OutOfMemory`] if the copy cannot be had.
    pub fn unique(this: &mut Arc<Tensor>) -> Result<&mut Tensor, TrapKind> {
        if Arc::get_mut(this).is_none() {
            let (d, n) = (this.dtype(), this.data.len());
            let mut data = Data::with_capacity(d, n).ok_or(TrapKind::OutOfMemory {
                bytes: (n as u64).saturating_mul(d.bytes() as u64),
            })?;
            data.extend_from(&this.data, 0..n);
            let shape = this.shape.clone();
            *this = Arc::new(Tensor { shape, data });
        }
        // Already unique, so this does not copy.
        Ok(Arc::make_mut(this))
    }
    /// The type with every extent known.
    pub fn ty(&self) -> Type {
        Type::tensor(
            self.dtype(),
            self.shape.iter().map(|&n| Dim::Known(n as u64)),
        )
    }
}

/// The number of elements of a tensor of those extents; `None` if it overflows.
pub fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))
}

/// A value of any IR type.
///
/// A rank-0 tensor is always [`Val::Scalar`]; [`Val::Tensor`] has rank >= 1. [`Val::Unit`] is the record of no fields.
#[derive(Clone, Debug, Default)]
pub enum Val {
    /// The record of no fields; also what a moved-out register holds.
    #[default]
    Unit,
    /// A rank-0 tensor.
    Scalar(Scalar),
    /// A tensor of rank >= 1.
    Tensor(Arc<Tensor>),
    /// A record of at least one field.
    Record(Arc<Vec<Val>>),
    /// A sequence.
    Seq(Arc<Vec<Val>>),
    /// A stack; the last element is the top.
    Stack(Arc<Stack>),
}

impl Val {
    /// A tensor value; a scalar if the rank is 0.
    pub fn tensor(t: Tensor) -> Val {
        if t.shape.is_empty() {
            Val::Scalar(t.data.get(0))
        } else {
            Val::Tensor(Arc::new(t))
        }
    }
    /// A record value; unit if it has no fields.
    pub fn record(fields: Vec<Val>) -> Val {
        if fields.is_empty() {
            Val::Unit
        } else {
            Val::Record(Arc::new(fields))
        }
    }
    /// A stack value; the last element is the top. Elements unlike the first are left out.
    pub fn stack(elements: impl IntoIterator<Item = Val>) -> Val {
        Val::Stack(Arc::new(elements.into_iter().collect()))
    }
    /// A vector of elements: a rank-1 tensor.
    pub fn vector<T: Element>(v: Vec<T>) -> Val {
        Val::Tensor(Arc::new(Tensor::vector(v)))
    }
    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<Scalar> {
        if let Val::Scalar(s) = self {
            Some(*s)
        } else {
            None
        }
    }
    /// Whether the value is one of that type: structure, element types and known extents agree.
    pub fn is_of(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Val::Scalar(s), Type::Tensor(t)) => t.shape.is_empty() && s.dtype() == t.dtype,
            (Val::Tensor(v), Type::Tensor(t)) => v.ty().fits(ty) && !t.shape.is_empty(),
            (Val::Unit, Type::Record(fs)) => fs.is_empty(),
            (Val::Record(vs), Type::Record(fs)) => {
                vs.len() == fs.len() && vs.iter().zip(fs.iter()).all(|(v, t)| v.is_of(t))
            }
            (Val::Seq(vs), Type::Seq(e)) => vs.iter().all(|v| v.is_of(e)),
            (Val::Stack(s), Type::Stack(e)) => s.holds(e),
            _ => false,
        }
    }
    /// Whether two values are the same to the last bit (NaN equals itself).
    pub fn same_bits(&self, other: &Val) -> bool {
        match (self, other) {
            (Val::Unit, Val::Unit) => true,
            (Val::Scalar(a), Val::Scalar(b)) => a.same_bits(*b),
            (Val::Tensor(a), Val::Tensor(b)) => {
                a.shape == b.shape
                    && a.dtype() == b.dtype()
                    && (0..a.data.len()).all(|i| a.data.get(i).same_bits(b.data.get(i)))
            }
            (Val::Record(a), Val::Record(b)) | (Val::Seq(a), Val::Seq(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same_bits(y))
            }
            (Val::Stack(a), Val::Stack(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same_bits(&y))
            }
            _ => false,
        }
    }
    /// Every floating-point number in it, in order, with its imaginary part if it is complex.
    pub fn each_float(&self, f: &mut dyn FnMut(f64, Option<f64>)) {
        match self {
            Val::Unit => {}
            Val::Scalar(s) => match s {
                Scalar::F64(x) => f(*x, None),
                Scalar::F32(x) => f(f64::from(*x), None),
                Scalar::C128(z) => f(z.re, Some(z.im)),
                Scalar::C64(z) => f(f64::from(z.re), Some(f64::from(z.im))),
                Scalar::Bool(_)
                | Scalar::I8(_)
                | Scalar::I16(_)
                | Scalar::I32(_)
                | Scalar::I64(_)
                | Scalar::U8(_)
                | Scalar::U16(_)
                | Scalar::U32(_)
                | Scalar::U64(_) => {}
            },
            Val::Tensor(t) => match &t.data {
                Data::F64(xs) => xs.iter().for_each(|&x| f(x, None)),
                Data::F32(xs) => xs.iter().for_each(|&x| f(f64::from(x), None)),
                Data::C128(zs) => zs.iter().for_each(|z| f(z.re, Some(z.im))),
                Data::C64(zs) => zs
                    .iter()
                    .for_each(|z| f(f64::from(z.re), Some(f64::from(z.im)))),
                Data::Bool(_)
                | Data::I8(_)
                | Data::I16(_)
                | Data::I32(_)
                | Data::I64(_)
                | Data::U8(_)
                | Data::U16(_)
                | Data::U32(_)
                | Data::U64(_) => {}
            },
            Val::Record(vs) | Val::Seq(vs) => vs.iter().for_each(|v| v.each_float(f)),
            Val::Stack(s) => s.iter().for_each(|v| v.each_float(f)),
        }
    }
}

impl<T: Element> From<T> for Val {
    fn from(v: T) -> Val {
        Val::Scalar(v.scalar())
    }
}
