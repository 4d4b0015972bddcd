//! What a value of the program is while its module is written: tensors of known extents, by name, and structure around them.
//!
//! Records become lists of tensors. What has a length that only the run decides, or elements that are no plain tensors (`Vec` of records, of
//! `Vec`s, stacks of residuals), is an [`Array`]: items with room for a known number of them, and a length. In the items of an array every
//! tensor has one more leading axis, so an array of arrays of records is again a flat list of tensors.
//!
//! Invariants: `len <= most <= room` of every array; [`Layout::leaves`], [`Sym::leaves`] and [`Sym::from_leaves`] agree on the order; a tensor of the
//! program is an [`Array`] only if its leading extent is not known here.

use cotangent_core::ir::{DType, Type};
use cotangent_core::value::Scalar;
use std::fmt;

/// Element type and extents of a tensor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TensorLayout {
    /// The element type.
    pub dtype: DType,
    /// The extents, outermost first.
    pub shape: Vec<u64>,
}

impl TensorLayout {
    /// A scalar of that element type.
    pub const fn scalar(dtype: DType) -> TensorLayout {
        TensorLayout {
            dtype,
            shape: Vec::new(),
        }
    }
    /// A tensor of that element type and those extents.
    pub fn new(dtype: DType, shape: impl IntoIterator<Item = u64>) -> TensorLayout {
        TensorLayout {
            dtype,
            shape: shape.into_iter().collect(),
        }
    }
    /// The same extents with another element type.
    pub fn with(&self, dtype: DType) -> TensorLayout {
        TensorLayout {
            dtype,
            shape: self.shape.clone(),
        }
    }
    /// How many elements there are; where they are more than can be counted, the greatest number.
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1, |n, &k| n.saturating_mul(k))
    }
}

/// The element type as StableHLO writes it.
pub const fn element(d: DType) -> &'static str {
    match d {
        DType::Bool => "i1",
        DType::I8 => "i8",
        DType::I16 => "i16",
        DType::I32 => "i32",
        DType::I64 => "i64",
        DType::U8 => "ui8",
        DType::U16 => "ui16",
        DType::U32 => "ui32",
        DType::U64 => "ui64",
        DType::F32 => "f32",
        DType::F64 => "f64",
        DType::C64 => "complex<f32>",
        DType::C128 => "complex<f64>",
    }
}

/// As StableHLO writes the type: `tensor<2x3xf32>`.
impl fmt::Display for TensorLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensor<")?;
        for n in &self.shape {
            write!(f, "{n}x")?;
        }
        write!(f, "{}>", element(self.dtype))
    }
}

/// How a value is laid out in tensors.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Layout {
    /// A tensor.
    Tensor(TensorLayout),
    /// A record, field by field.
    Record(Vec<Layout>),
    /// An array with room for that many items; its length is one more tensor, after those of the items.
    Array {
        /// The layout of one item.
        item: Box<Layout>,
        /// For how many items there is room.
        room: u64,
        /// The most items there may be.
        most: u64,
        /// How many items there are, if that is known.
        len: Option<u64>,
    },
}

impl Layout {
    /// The tensors it consists of, in order.
    pub fn leaves(&self) -> Vec<TensorLayout> {
        let mut out = Vec::new();
        self.push_leaves(&mut Vec::new(), &mut out);
        out
    }
    /// The type, with the extents that values of this layout have. Where items of an array are of different extents, these stay unknown.
    pub fn sharpened(&self, ty: &Type) -> Type {
        match (self, ty) {
            (Layout::Tensor(t), Type::Tensor(_)) => Type::known(t.dtype, &t.shape),
            (Layout::Record(fields), Type::Record(types)) => {
                Type::record(fields.iter().zip(types.iter()).map(|(l, t)| l.sharpened(t)))
            }
            (Layout::Array { item, .. }, Type::Seq(t)) => Type::seq(item.sharpened(t)),
            // Items of unlike extents, one by one.
            (Layout::Record(items), Type::Seq(t)) => {
                Type::record(items.iter().map(|l| l.sharpened(t)))
            }
            (Layout::Tensor(_) | Layout::Record(_) | Layout::Array { .. }, _) => ty.clone(),
        }
    }
    fn push_leaves(&self, prefix: &mut Vec<u64>, out: &mut Vec<TensorLayout>) {
        let with = |t: &TensorLayout, prefix: &[u64]| {
            TensorLayout::new(t.dtype, prefix.iter().chain(&t.shape).copied())
        };
        match self {
            Layout::Tensor(t) => out.push(with(t, prefix)),
            Layout::Record(fields) => fields.iter().for_each(|l| l.push_leaves(prefix, out)),
            Layout::Array { item, room, .. } => {
                let length = with(&TensorLayout::scalar(DType::U64), prefix);
                prefix.push(*room);
                item.push_leaves(prefix, out);
                prefix.pop();
                out.push(length);
            }
        }
    }
}

/// A name of the module being written: `%7`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name(pub u32);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

/// What is known of a scalar.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Fact {
    /// Nothing.
    None,
    /// Its value.
    Const(Scalar),
    /// An integer that is so much more than another.
    Offset(Name, i64),
}

/// A tensor of the module, by name.
#[derive(Clone, PartialEq, Debug)]
pub struct Tensor {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TensorLayout,
    /// What is known of it, if it is a scalar.
    pub fact: Fact,
    /// The most it can be, if it is an integer scalar that is not negative.
    pub most: Option<u64>,
}

impl Tensor {
    /// Its value, if that is known; scalars only.
    pub fn constant(&self) -> Option<Scalar> {
        match self.fact {
            Fact::Const(s) => Some(s),
            Fact::None | Fact::Offset(..) => None,
        }
    }
    /// Its value as an integer, if that is known.
    pub fn int(&self) -> Option<i128> {
        self.constant()?.as_int()
    }
    /// The most it can be, if that is known.
    pub fn bound(&self) -> Option<u64> {
        match self.int() {
            Some(n) => u64::try_from(n).ok(),
            None => self.most,
        }
    }
    /// The integer scalar as another one and what is added to it.
    pub fn offset(&self) -> (Name, i64) {
        match self.fact {
            Fact::Offset(base, k) => (base, k),
            Fact::None | Fact::Const(_) => (self.name, 0),
        }
    }
    /// `self - other`, if it is known.
    pub fn minus(&self, other: &Tensor) -> Option<i64> {
        if let (Some(a), Some(b)) = (self.int(), other.int()) {
            return i64::try_from(a - b).ok();
        }
        let ((a, i), (b, j)) = (self.offset(), other.offset());
        (a == b).then(|| i.checked_sub(j)).flatten()
    }
}

/// An array: a sequence, a stack, or a tensor whose leading extent is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct Array {
    /// The items: every tensor in it has one more leading axis, of `room`.
    pub items: Box<Sym>,
    /// How many there are: `u64`, of the extents that are around the array.
    pub len: Tensor,
    /// For how many there is room.
    pub room: u64,
    /// The most there may be.
    pub most: u64,
}

impl Array {
    /// How many items there are, if that is known.
    pub fn known_len(&self) -> Option<u64> {
        match self.most {
            0 => Some(0),
            _ => u64::try_from(self.len.int()?).ok(),
        }
    }
}

/// A value of the program.
#[derive(Clone, PartialEq, Debug)]
pub enum Sym {
    /// A tensor of known extents.
    Tensor(Tensor),
    /// A record.
    Record(Vec<Sym>),
    /// Items and a length.
    Array(Array),
}

impl Sym {
    /// The unit value.
    pub const fn unit() -> Sym {
        Sym::Record(Vec::new())
    }
    /// The tensors it consists of, in order.
    pub fn leaves(&self) -> Vec<Tensor> {
        let mut out = Vec::new();
        self.each_leaf(&mut |t| out.push(t.clone()));
        out
    }
    fn each_leaf(&self, f: &mut impl FnMut(&Tensor)) {
        match self {
            Sym::Tensor(t) => f(t),
            Sym::Record(fields) => fields.iter().for_each(|s| s.each_leaf(f)),
            Sym::Array(a) => {
                a.items.each_leaf(f);
                f(&a.len);
            }
        }
    }
    /// The value of that layout whose tensors are `leaves`, in order. `None` if there are too few.
    pub fn from_leaves(layout: &Layout, leaves: &mut impl Iterator<Item = Tensor>) -> Option<Sym> {
        Some(match layout {
            Layout::Tensor(_) => Sym::Tensor(leaves.next()?),
            Layout::Record(fields) => Sym::Record(
                fields
                    .iter()
                    .map(|l| Sym::from_leaves(l, leaves))
                    .collect::<Option<_>>()?,
            ),
            Layout::Array {
                item,
                room,
                most,
                len,
            } => {
                let items = Box::new(Sym::from_leaves(item, leaves)?);
                let mut count = leaves.next()?;
                if let (Some(n), true) = (len, count.ty.shape.is_empty()) {
                    count.fact = Fact::Const(Scalar::U64(*n));
                }
                Sym::Array(Array {
                    items,
                    len: count,
                    room: *room,
                    most: *most,
                })
            }
        })
    }
    /// Its layout.
    pub fn layout(&self) -> Layout {
        self.layout_within(0)
    }
    /// The layout of one item of what is inside `depth` arrays.
    pub(super) fn layout_within(&self, depth: usize) -> Layout {
        match self {
            Sym::Tensor(t) => Layout::Tensor(TensorLayout::new(
                t.ty.dtype,
                t.ty.shape.iter().skip(depth).copied(),
            )),
            Sym::Record(fields) => {
                Layout::Record(fields.iter().map(|s| s.layout_within(depth)).collect())
            }
            Sym::Array(a) => Layout::Array {
                item: Box::new(a.items.layout_within(depth + 1)),
                room: a.room,
                most: a.most,
                len: a.len.int().and_then(|n| u64::try_from(n).ok()),
            },
        }
    }
    /// The value with each tensor replaced, in order.
    pub fn map<E>(&self, f: &mut impl FnMut(&Tensor) -> Result<Tensor, E>) -> Result<Sym, E> {
        Ok(match self {
            Sym::Tensor(t) => Sym::Tensor(f(t)?),
            Sym::Record(fields) => {
                Sym::Record(fields.iter().map(|s| s.map(f)).collect::<Result<_, E>>()?)
            }
            Sym::Array(a) => Sym::Array(Array {
                items: Box::new(a.items.map(f)?),
                len: f(&a.len)?,
                room: a.room,
                most: a.most,
            }),
        })
    }
}

impl From<Tensor> for Sym {
    fn from(t: Tensor) -> Sym {
        Sym::Tensor(t)
    }
}
