//! Arguments that are lent to a run instead of copied: what an executor that can read foreign memory takes.
//!
//! A [`Lent`] is a value whose elements may still be where the caller has them. It has the structure of the [`Val`] it stands
//! for ([`Lent::to_val`] copies it into one), so executors that need a `Val` lose nothing but the copy. Start with [`Lent`].

use super::{Data, Element, Scalar, Tensor, Val, elements};
use crate::ir::{DType, Type};
use alloc::sync::Arc;
use alloc::vec::Vec;
use num_complex::Complex;

/// Most extents a lent array may have; arrays of more are passed as [`Lent::Val`].
pub const MAX_LENT_RANK: usize = 4;

/// An argument of a run, lent for its duration.
#[derive(Clone, Debug)]
pub enum Lent<'a> {
    /// A rank-0 tensor.
    Scalar(Scalar),
    /// A tensor of rank 1 to [`MAX_LENT_RANK`] whose elements belong to somebody else.
    Array(LentArray<'a>),
    /// A sequence of records of scalars, as words.
    Rows(LentRows),
    /// A sequence of other elements, each lent.
    List(LentList<'a>),
    /// Anything else, as a value.
    Val(Val),
}

/// A lent tensor. Invariant: the product of the extents is the number of elements.
#[derive(Copy, Clone, Debug)]
pub struct LentArray<'a> {
    elements: Slice<'a>,
    extents: [usize; MAX_LENT_RANK],
    rank: usize,
}

/// A sequence whose elements are scalars, or records of such: the words of each ([`Scalar::to_words`]), one after another. Invariant: there are
/// [`each`](Self::each) words for each element, at least one, as many as its type has.
#[derive(Clone, Debug)]
pub struct LentRows {
    element: Type,
    each: usize,
    words: Vec<u64>,
}

/// A sequence of elements of one leaf or of a record of several. Invariant: there are [`each`](Self::each) leaves for each element, at least one.
#[derive(Clone, Debug)]
pub struct LentList<'a> {
    each: usize,
    leaves: Vec<Lent<'a>>,
}

/// Adds the types of the scalars in a type; `None` if there is anything else in it.
fn scalars(ty: &Type, out: &mut Vec<DType>) -> Option<()> {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => out.push(t.dtype),
        Type::Record(fs) => fs.iter().try_for_each(|f| scalars(f, out))?,
        Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => return None,
    }
    Some(())
}

/// The value of that type with these words; there are enough.
fn of_words(ty: &Type, words: &mut core::slice::Iter<'_, u64>) -> Val {
    let mut next = || words.next().copied().unwrap_or(0);
    match ty {
        Type::Tensor(t) => {
            let first = next();
            let second = if t.dtype.is_complex() { next() } else { 0 };
            Val::Scalar(Scalar::from_words(t.dtype, first, second))
        }
        Type::Record(fs) => Val::record(fs.iter().map(|f| of_words(f, words)).collect()),
        Type::Seq(_) | Type::Stack(_) => Val::Unit,
    }
}

impl LentRows {
    /// Elements of that type; `None` if it has other parts than scalars, or none, or if these are not the words of a number of them.
    pub fn new(element: Type, words: Vec<u64>) -> Option<LentRows> {
        let mut dtypes = Vec::new();
        scalars(&element, &mut dtypes)?;
        let each = dtypes.iter().map(|d| 1 + usize::from(d.is_complex())).sum();
        (each > 0 && words.len().is_multiple_of(each)).then_some(LentRows {
            element,
            each,
            words,
        })
    }
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.words.len() / self.each
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
    /// The words of an element.
    pub fn each(&self) -> usize {
        self.each
    }
    /// All words.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

impl<'a> LentList<'a> {
    /// Elements of so many leaves each; `None` if that is none, or if these are not the leaves of a number of them.
    pub fn new(each: usize, leaves: Vec<Lent<'a>>) -> Option<LentList<'a>> {
        (each > 0 && leaves.len().is_multiple_of(each)).then_some(LentList { each, leaves })
    }
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.leaves.len() / self.each
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }
    /// The leaves of an element.
    pub fn each(&self) -> usize {
        self.each
    }
    /// The leaves of each element.
    pub fn items(&self) -> impl Iterator<Item = &[Lent<'a>]> {
        self.leaves.chunks_exact(self.each)
    }
    fn is_of(&self, element: &Type) -> bool {
        match element {
            ty if self.each == 1 => self.leaves.iter().all(|v| v.is_of(ty)),
            Type::Record(fs) => {
                let fits = |item: &[Lent<'_>]| item.iter().zip(fs.iter()).all(|(v, f)| v.is_of(f));
                fs.len() == self.each && self.items().all(fits)
            }
            Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => false,
        }
    }
}

/// Lent elements, row-major.
#[derive(Copy, Clone, Debug)]
#[allow(
    missing_docs,
    reason = "the variants are named after the element types"
)]
pub enum Slice<'a> {
    Bool(&'a [bool]),
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
    F32(&'a [f32]),
    F64(&'a [f64]),
    C64(&'a [Complex<f32>]),
    C128(&'a [Complex<f64>]),
    /// Elements of type `u64` in the IR, of the pointer's size here.
    Usize(&'a [usize]),
    /// Elements of type `i64` in the IR, of the pointer's size here.
    Isize(&'a [isize]),
}

/// Runs `$body` with `$v` bound to the slice of each variant.
macro_rules! on_slice {
    ($s:expr, $v:ident => $body:expr) => {
        match $s {
            Slice::Bool($v) => $body,
            Slice::I8($v) => $body,
            Slice::I16($v) => $body,
            Slice::I32($v) => $body,
            Slice::I64($v) => $body,
            Slice::U8($v) => $body,
            Slice::U16($v) => $body,
            Slice::U32($v) => $body,
            Slice::U64($v) => $body,
            Slice::F32($v) => $body,
            Slice::F64($v) => $body,
            Slice::C64($v) => $body,
            Slice::C128($v) => $body,
            Slice::Usize($v) => $body,
            Slice::Isize($v) => $body,
        }
    };
}

impl Slice<'_> {
    /// The number of elements.
    pub fn len(&self) -> usize {
        on_slice!(self, v => v.len())
    }
    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The element type in the IR.
    pub fn dtype(&self) -> DType {
        match self {
            Slice::Bool(_) => DType::Bool,
            Slice::I8(_) => DType::I8,
            Slice::I16(_) => DType::I16,
            Slice::I32(_) => DType::I32,
            Slice::I64(_) | Slice::Isize(_) => DType::I64,
            Slice::U8(_) => DType::U8,
            Slice::U16(_) => DType::U16,
            Slice::U32(_) => DType::U32,
            Slice::U64(_) | Slice::Usize(_) => DType::U64,
            Slice::F32(_) => DType::F32,
            Slice::F64(_) => DType::F64,
            Slice::C64(_) => DType::C64,
            Slice::C128(_) => DType::C128,
        }
    }
    /// Where the elements are, if they lie there as [`dtype`](Self::dtype) says: [`len`](Self::len) of them, [`DType::bytes`] each, aligned.
    /// `None` for pointer-sized integers on a host where they do not have 64 bits.
    pub fn as_ptr(&self) -> Option<*const u8> {
        let same = match self {
            Slice::Usize(_) | Slice::Isize(_) => size_of::<usize>() == size_of::<u64>(),
            Slice::Bool(_)
            | Slice::I8(_)
            | Slice::I16(_)
            | Slice::I32(_)
            | Slice::I64(_)
            | Slice::U8(_)
            | Slice::U16(_)
            | Slice::U32(_)
            | Slice::U64(_)
            | Slice::F32(_)
            | Slice::F64(_)
            | Slice::C64(_)
            | Slice::C128(_) => true,
        };
        same.then(|| on_slice!(self, v => v.as_ptr().cast::<u8>()))
    }
    /// A copy of the elements.
    pub fn to_data(&self) -> Data {
        match *self {
            Slice::Bool(v) => Element::data(v.to_vec()),
            Slice::I8(v) => Element::data(v.to_vec()),
            Slice::I16(v) => Element::data(v.to_vec()),
            Slice::I32(v) => Element::data(v.to_vec()),
            Slice::I64(v) => Element::data(v.to_vec()),
            Slice::U8(v) => Element::data(v.to_vec()),
            Slice::U16(v) => Element::data(v.to_vec()),
            Slice::U32(v) => Element::data(v.to_vec()),
            Slice::U64(v) => Element::data(v.to_vec()),
            Slice::F32(v) => Element::data(v.to_vec()),
            Slice::F64(v) => Element::data(v.to_vec()),
            Slice::C64(v) => Element::data(v.to_vec()),
            Slice::C128(v) => Element::data(v.to_vec()),
            Slice::Usize(v) => Element::data(v.iter().map(|&x| x as u64).collect::<Vec<_>>()),
            Slice::Isize(v) => Element::data(v.iter().map(|&x| x as i64).collect::<Vec<_>>()),
        }
    }
    /// Appends the elements to others; false, and nothing is done, if those are of another type.
    pub fn append_to(&self, to: &mut Data) -> bool {
        match (self, to) {
            (Slice::Bool(v), Data::Bool(to)) => to.extend_from_slice(v),
            (Slice::I8(v), Data::I8(to)) => to.extend_from_slice(v),
            (Slice::I16(v), Data::I16(to)) => to.extend_from_slice(v),
            (Slice::I32(v), Data::I32(to)) => to.extend_from_slice(v),
            (Slice::I64(v), Data::I64(to)) => to.extend_from_slice(v),
            (Slice::U8(v), Data::U8(to)) => to.extend_from_slice(v),
            (Slice::U16(v), Data::U16(to)) => to.extend_from_slice(v),
            (Slice::U32(v), Data::U32(to)) => to.extend_from_slice(v),
            (Slice::U64(v), Data::U64(to)) => to.extend_from_slice(v),
            (Slice::F32(v), Data::F32(to)) => to.extend_from_slice(v),
            (Slice::F64(v), Data::F64(to)) => to.extend_from_slice(v),
            (Slice::C64(v), Data::C64(to)) => to.extend_from_slice(v),
            (Slice::C128(v), Data::C128(to)) => to.extend_from_slice(v),
            (Slice::Usize(v), Data::U64(to)) => to.extend(v.iter().map(|&x| x as u64)),
            (Slice::Isize(v), Data::I64(to)) => to.extend(v.iter().map(|&x| x as i64)),
            _ => return false,
        }
        true
    }
}

impl<'a> LentArray<'a> {
    /// Elements with these extents, outermost first; `None` if there are no extents or more than [`MAX_LENT_RANK`], or if their product
    /// is not the number of elements.
    pub fn new(elements_: Slice<'a>, shape: &[usize]) -> Option<LentArray<'a>> {
        let rank = shape.len();
        if rank == 0 || rank > MAX_LENT_RANK || elements(shape)? != elements_.len() {
            return None;
        }
        let mut extents = [0; MAX_LENT_RANK];
        extents[..rank].copy_from_slice(shape);
        Some(LentArray {
            elements: elements_,
            extents,
            rank,
        })
    }
    /// Elements with one extent.
    pub fn vector(elements: Slice<'a>) -> LentArray<'a> {
        let mut extents = [0; MAX_LENT_RANK];
        extents[0] = elements.len();
        LentArray {
            elements,
            extents,
            rank: 1,
        }
    }
    /// The same elements with the first extent split into two; `None` if their product is another, or if there would be too many.
    pub fn rows(mut self, rows: usize, columns: usize) -> Option<LentArray<'a>> {
        if self.rank == MAX_LENT_RANK || rows.checked_mul(columns) != Some(self.extents[0]) {
            return None;
        }
        self.extents.copy_within(1..self.rank, 2);
        self.extents[..2].copy_from_slice(&[rows, columns]);
        self.rank += 1;
        Some(self)
    }
    /// The elements.
    pub fn elements(&self) -> Slice<'a> {
        self.elements
    }
    /// The extents, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.extents[..self.rank]
    }
}

impl Lent<'_> {
    /// The value, its elements copied if they were lent.
    pub fn to_val(&self) -> Val {
        match self {
            Lent::Scalar(s) => Val::Scalar(*s),
            Lent::Array(a) => Val::Tensor(Arc::new(Tensor {
                shape: a.shape().to_vec(),
                data: a.elements.to_data(),
            })),
            Lent::Rows(rows) => {
                let mut words = rows.words.iter();
                let elements = (0..rows.len()).map(|_| of_words(&rows.element, &mut words));
                Val::Seq(Arc::new(elements.collect()))
            }
            Lent::List(list) => {
                let element = |item: &[Lent<'_>]| match item {
                    [one] => one.to_val(),
                    several => Val::record(several.iter().map(Lent::to_val).collect()),
                };
                Val::Seq(Arc::new(list.items().map(element).collect()))
            }
            Lent::Val(v) => v.clone(),
        }
    }
    /// Whether the value is one of that type, as [`Val::is_of`].
    pub fn is_of(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Lent::Scalar(s), Type::Tensor(t)) => t.shape.is_empty() && s.dtype() == t.dtype,
            (Lent::Array(a), Type::Tensor(t)) => {
                a.elements.dtype() == t.dtype
                    && a.rank == t.shape.len()
                    && a.shape()
                        .iter()
                        .zip(t.shape.iter())
                        .all(|(&n, d)| d.known().is_none_or(|k| k == n as u64))
            }
            (Lent::Rows(rows), Type::Seq(e)) => rows.element == **e,
            (Lent::List(list), Type::Seq(e)) => list.is_of(e),
            (Lent::Val(v), ty) => v.is_of(ty),
            (Lent::Scalar(_) | Lent::Array(_), Type::Record(_) | Type::Seq(_) | Type::Stack(_)) => {
                false
            }
            (Lent::Rows(_) | Lent::List(_), Type::Tensor(_) | Type::Record(_) | Type::Stack(_)) => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Dim;

    #[test]
    fn a_lent_array_is_the_value_it_stands_for() {
        let xs = [1usize, 2, 3, 4, 5, 6];
        let a = LentArray::new(Slice::Usize(&xs), &[2, 3]).unwrap();
        let v = Lent::Array(a).to_val();
        let want = Tensor::new(alloc::vec![2, 3], Data::U64(alloc::vec![1, 2, 3, 4, 5, 6]));
        assert!(v.same_bits(&Val::tensor(want.unwrap())));
        for (ty, is) in [
            (
                Type::tensor(DType::U64, [Dim::Dynamic, Dim::Known(3)]),
                true,
            ),
            (
                Type::tensor(DType::U64, [Dim::Known(2), Dim::Dynamic]),
                true,
            ),
            (Type::tensor(DType::U64, [Dim::Dynamic]), false),
            (
                Type::tensor(DType::U64, [Dim::Dynamic, Dim::Known(2)]),
                false,
            ),
            (
                Type::tensor(DType::I64, [Dim::Dynamic, Dim::Known(3)]),
                false,
            ),
            (Type::scalar(DType::U64), false),
        ] {
            assert_eq!(Lent::Array(a).is_of(&ty), is, "{ty}");
            assert_eq!(v.is_of(&ty), is, "{ty}");
        }
        assert_eq!(a.elements().as_ptr(), Some(xs.as_ptr().cast()));
    }

    #[test]
    fn extents_that_do_not_fit_are_refused() {
        let xs = [0.0f64; 6];
        for shape in [&[][..], &[5], &[2, 2], &[1, 1, 1, 1, 6], &[usize::MAX, 2]] {
            assert!(
                LentArray::new(Slice::F64(&xs), shape).is_none(),
                "{shape:?}"
            );
        }
        assert!(LentArray::new(Slice::F64(&[]), &[0, 3]).is_some());
        let a = LentArray::vector(Slice::F64(&xs));
        assert_eq!(a.shape(), [6]);
        assert_eq!(a.rows(3, 2).unwrap().shape(), [3, 2]);
        assert_eq!(a.rows(3, 2).unwrap().rows(1, 3).unwrap().shape(), [1, 3, 2]);
        assert!(a.rows(4, 2).is_none() && a.rows(usize::MAX, 2).is_none());
        let most = a.rows(3, 2).unwrap().rows(3, 1).unwrap().rows(3, 1);
        assert!(most.is_some_and(|a| a.rows(3, 1).is_none()));
    }
}
