//! Types of IR values.
//!
//! A scalar is a rank-0 tensor, so there is one op set. Rust's `Vec<f64>` is `f64[?]`, `[[f64; 3]; 4]` is `f64[4,3]`,
//! `Vec<Vec<f64>>` is `seq<f64[?]>`, and a vector of structs is a `seq` of records.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// The element type of a tensor.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DType {
    /// `true` or `false`.
    Bool,
    /// 8-bit signed integer.
    I8,
    /// 16-bit signed integer.
    I16,
    /// 32-bit signed integer.
    I32,
    /// 64-bit signed integer.
    I64,
    /// 8-bit unsigned integer.
    U8,
    /// 16-bit unsigned integer.
    U16,
    /// 32-bit unsigned integer.
    U32,
    /// 64-bit unsigned integer; Rust's `usize` too.
    U64,
    /// IEEE single precision.
    F32,
    /// IEEE double precision.
    F64,
    /// Complex number of two `f32`.
    C64,
    /// Complex number of two `f64`.
    C128,
}

impl DType {
    /// All element types, in the order of their binary codes.
    pub const ALL: [DType; 13] = [
        DType::Bool,
        DType::I8,
        DType::I16,
        DType::I32,
        DType::I64,
        DType::U8,
        DType::U16,
        DType::U32,
        DType::U64,
        DType::F32,
        DType::F64,
        DType::C64,
        DType::C128,
    ];
    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::I8 => "i8",
            DType::I16 => "i16",
            DType::I32 => "i32",
            DType::I64 => "i64",
            DType::U8 => "u8",
            DType::U16 => "u16",
            DType::U32 => "u32",
            DType::U64 => "u64",
            DType::F32 => "f32",
            DType::F64 => "f64",
            DType::C64 => "c64",
            DType::C128 => "c128",
        }
    }
    /// The element type of that name.
    pub fn from_name(s: &str) -> Option<DType> {
        DType::ALL.into_iter().find(|d| d.name() == s)
    }
    /// Bytes of one element in memory.
    pub const fn bytes(self) -> usize {
        match self {
            DType::Bool | DType::I8 | DType::U8 => 1,
            DType::I16 | DType::U16 => 2,
            DType::I32 | DType::U32 | DType::F32 => 4,
            DType::I64 | DType::U64 | DType::F64 | DType::C64 => 8,
            DType::C128 => 16,
        }
    }
    /// A real floating-point type.
    pub const fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F64)
    }
    /// A complex type.
    pub const fn is_complex(self) -> bool {
        matches!(self, DType::C64 | DType::C128)
    }
    /// Real or complex floating point: the types that have a tangent space.
    pub const fn is_differentiable(self) -> bool {
        self.is_float() || self.is_complex()
    }
    /// An integer type (`bool` is none).
    pub const fn is_int(self) -> bool {
        self.is_signed() || self.is_unsigned()
    }
    /// A signed integer type.
    pub const fn is_signed(self) -> bool {
        matches!(self, DType::I8 | DType::I16 | DType::I32 | DType::I64)
    }
    /// An unsigned integer type.
    pub const fn is_unsigned(self) -> bool {
        matches!(self, DType::U8 | DType::U16 | DType::U32 | DType::U64)
    }
    /// The type of the real part; a real type is its own.
    pub const fn real(self) -> DType {
        match self {
            DType::C64 => DType::F32,
            DType::C128 => DType::F64,
            other => other,
        }
    }
    /// The complex type over a real float type.
    pub const fn complex(self) -> Option<DType> {
        match self {
            DType::F32 => Some(DType::C64),
            DType::F64 => Some(DType::C128),
            _ => None,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One extent of a shape.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dim {
    /// Known when the program is built.
    Known(u64),
    /// Known only when it runs; `?` in the text form.
    Dynamic,
}

impl Dim {
    /// The extent, if known.
    pub const fn known(self) -> Option<u64> {
        match self {
            Dim::Known(n) => Some(n),
            Dim::Dynamic => None,
        }
    }
    /// Whether a value with extent `self` may stand where `want` is expected.
    pub fn fits(self, want: Dim) -> bool {
        want == Dim::Dynamic || self == want
    }
    /// The extent of two operands that must be equal at run time; `None` if they certainly differ.
    pub fn meet(self, other: Dim) -> Option<Dim> {
        match (self, other) {
            (Dim::Dynamic, d) | (d, Dim::Dynamic) => Some(d),
            (Dim::Known(a), Dim::Known(b)) => (a == b).then_some(self),
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dim::Known(n) => write!(f, "{n}"),
            Dim::Dynamic => f.write_str("?"),
        }
    }
}

/// The extents of a tensor, outermost first. Empty for a scalar.
pub type Shape = Vec<Dim>;

/// Element type and shape of a tensor.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TensorType {
    /// The element type.
    pub dtype: DType,
    /// The extents, outermost first.
    pub shape: Shape,
}

/// The type of an IR value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    /// A tensor; a scalar if its shape is empty.
    Tensor(TensorType),
    /// A record of unnamed fields: a tuple, a struct, or an enum's tag and payloads. `{}` is the unit type.
    Record(Arc<[Type]>),
    /// A growable sequence of values that are no statically shaped tensors (those are a tensor with one more extent).
    Seq(Arc<Type>),
    /// A last-in first-out store of residuals.
    Stack(Arc<Type>),
}

impl Type {
    /// A scalar type.
    pub const fn scalar(dtype: DType) -> Type {
        Type::Tensor(TensorType {
            dtype,
            shape: Vec::new(),
        })
    }
    /// A tensor type.
    pub fn tensor(dtype: DType, shape: impl IntoIterator<Item = Dim>) -> Type {
        Type::Tensor(TensorType {
            dtype,
            shape: shape.into_iter().collect(),
        })
    }
    /// A tensor type with known extents.
    pub fn known(dtype: DType, shape: &[u64]) -> Type {
        Type::tensor(dtype, shape.iter().map(|&n| Dim::Known(n)))
    }
    /// A record type.
    pub fn record(fields: impl IntoIterator<Item = Type>) -> Type {
        Type::Record(fields.into_iter().collect())
    }
    /// The record of no fields; the tangent type of everything that has no tangent space.
    pub fn unit() -> Type {
        Type::Record(Arc::from([]))
    }
    /// A sequence type with that element.
    pub fn seq(elem: Type) -> Type {
        Type::Seq(Arc::new(elem))
    }
    /// A stack type with that element.
    pub fn stack(elem: Type) -> Type {
        Type::Stack(Arc::new(elem))
    }
    /// The type of an array of `self` with leading extent `dim`: a tensor where the element is a statically shaped
    /// tensor, else a sequence.
    pub fn array_of(self, dim: Dim) -> Type {
        match self {
            Type::Tensor(t) if t.shape.iter().all(|d| d.known().is_some()) => {
                Type::tensor(t.dtype, core::iter::once(dim).chain(t.shape))
            }
            other => Type::seq(other),
        }
    }
    /// The element type of an array-like type (tensor of rank >= 1, sequence, stack): what one index step reaches.
    pub fn element(&self) -> Option<Type> {
        match self {
            Type::Tensor(t) if !t.shape.is_empty() => {
                Some(Type::tensor(t.dtype, t.shape[1..].iter().copied()))
            }
            Type::Seq(e) | Type::Stack(e) => Some((**e).clone()),
            Type::Tensor(_) | Type::Record(_) => None,
        }
    }
    /// The tensor type, if it is one.
    pub fn as_tensor(&self) -> Option<&TensorType> {
        match self {
            Type::Tensor(t) => Some(t),
            Type::Record(_) | Type::Seq(_) | Type::Stack(_) => None,
        }
    }
    /// The element type, if it is a tensor.
    pub fn dtype(&self) -> Option<DType> {
        self.as_tensor().map(|t| t.dtype)
    }
    /// Whether it is a scalar (rank-0 tensor).
    pub fn is_scalar(&self) -> bool {
        self.as_tensor().is_some_and(|t| t.shape.is_empty())
    }
    /// Whether it is the record of no fields.
    pub fn is_unit(&self) -> bool {
        matches!(self, Type::Record(f) if f.is_empty())
    }
    /// Whether every extent in it is known and it holds no sequence or stack: a value of it has a fixed size.
    pub fn is_static(&self) -> bool {
        match self {
            Type::Tensor(t) => t.shape.iter().all(|d| d.known().is_some()),
            Type::Record(fs) => fs.iter().all(Type::is_static),
            Type::Seq(_) | Type::Stack(_) => false,
        }
    }
    /// Whether it has a tangent space: some leaf is real or complex floating point.
    pub fn has_tangent(&self) -> bool {
        match self {
            Type::Tensor(t) => t.dtype.is_differentiable(),
            Type::Record(fs) => fs.iter().any(Type::has_tangent),
            Type::Seq(e) | Type::Stack(e) => e.has_tangent(),
        }
    }
    /// The tangent type: the same structure, with the unit record at each leaf that has no tangent space. A path into
    /// the primal is a path into the tangent.
    pub fn tangent(&self) -> Type {
        if !self.has_tangent() {
            return Type::unit();
        }
        match self {
            Type::Tensor(_) => self.clone(),
            Type::Record(fs) => Type::record(fs.iter().map(Type::tangent)),
            Type::Seq(e) => Type::seq(e.tangent()),
            Type::Stack(e) => Type::stack(e.tangent()),
        }
    }
    /// Whether a value of type `self` may stand where `want` is expected: equal up to known extents where `want` has `?`.
    pub fn fits(&self, want: &Type) -> bool {
        match (self, want) {
            (Type::Tensor(a), Type::Tensor(b)) => {
                a.dtype == b.dtype
                    && a.shape.len() == b.shape.len()
                    && a.shape.iter().zip(&b.shape).all(|(x, y)| x.fits(*y))
            }
            (Type::Record(a), Type::Record(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.fits(y))
            }
            (Type::Seq(a), Type::Seq(b)) | (Type::Stack(a), Type::Stack(b)) => a.fits(b),
            _ => false,
        }
    }
    /// The least type that both fit: extents that differ become `?`. `None` if the structures differ.
    pub fn join(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Tensor(a), Type::Tensor(b))
                if a.dtype == b.dtype && a.shape.len() == b.shape.len() =>
            {
                Some(Type::tensor(
                    a.dtype,
                    a.shape
                        .iter()
                        .zip(&b.shape)
                        .map(|(x, y)| if x == y { *x } else { Dim::Dynamic }),
                ))
            }
            (Type::Record(a), Type::Record(b)) if a.len() == b.len() => a
                .iter()
                .zip(b.iter())
                .map(|(x, y)| x.join(y))
                .collect::<Option<Vec<_>>>()
                .map(Type::record),
            (Type::Seq(a), Type::Seq(b)) => a.join(b).map(Type::seq),
            (Type::Stack(a), Type::Stack(b)) => a.join(b).map(Type::stack),
            _ => None,
        }
    }
    /// The type with no known extents.
    pub fn loosest(&self) -> Type {
        match self {
            Type::Tensor(t) => Type::tensor(t.dtype, t.shape.iter().map(|_| Dim::Dynamic)),
            Type::Record(fields) => Type::record(fields.iter().map(Type::loosest)),
            Type::Seq(e) => Type::seq(e.loosest()),
            Type::Stack(e) => Type::stack(e.loosest()),
        }
    }
    /// How deeply records, sequences and stacks nest. The verifier bounds it.
    pub fn depth(&self) -> usize {
        match self {
            Type::Tensor(_) => 0,
            Type::Record(fs) => 1 + fs.iter().map(Type::depth).max().unwrap_or(0),
            Type::Seq(e) | Type::Stack(e) => 1 + e.depth(),
        }
    }
}

impl From<DType> for Type {
    fn from(d: DType) -> Type {
        Type::scalar(d)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Tensor(t) => {
                write!(f, "{}", t.dtype)?;
                if !t.shape.is_empty() {
                    f.write_str("[")?;
                    for (i, d) in t.shape.iter().enumerate() {
                        write!(f, "{}{d}", if i == 0 { "" } else { "," })?;
                    }
                    f.write_str("]")?;
                }
                Ok(())
            }
            Type::Record(fs) => {
                f.write_str("{")?;
                for (i, t) in fs.iter().enumerate() {
                    write!(f, "{}{t}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
            Type::Seq(e) => write!(f, "seq<{e}>"),
            Type::Stack(e) => write!(f, "stack<{e}>"),
        }
    }
}
