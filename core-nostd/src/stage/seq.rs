//! Arrays: [`Seq`] stands for `Vec<T>` and `&[T]`, [`Arr`] for `[T; N]`. Both are one IR value.
//!
//! They are generic over the *proxy* of the element, not over the plain element: then `Vec::new()` followed by `push`
//! infers as in plain Rust.

use super::expr::{Expr, lit};
use super::plain::array_type;
use super::scalar::Int;
use super::staged::{Leaves, Staged, elem_type, element, pack};
use super::stager::B;
use super::var::{Var, fit};
use crate::entity::Value;
use crate::ir::{ArrayOp, Builder, ConstOp, Dim, Path, ShapeOp, Step, Type};
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The proxy of `Vec<T>`, `[T]` and `&[T]`.
pub struct Seq<'b, P> {
    b: B<'b>,
    v: Value,
    of: PhantomData<P>,
}

/// The proxy of `[T; N]`.
pub struct Arr<'b, P, const N: usize> {
    b: B<'b>,
    v: Value,
    of: PhantomData<P>,
}

impl<P> Copy for Seq<'_, P> {}
impl<P> Clone for Seq<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P, const N: usize> Copy for Arr<'_, P, N> {}
impl<P, const N: usize> Clone for Arr<'_, P, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> core::fmt::Debug for Seq<'_, P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.v)
    }
}
impl<P, const N: usize> core::fmt::Debug for Arr<'_, P, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.v)
    }
}

impl<'b, P: Staged<'b>> Staged<'b> for Seq<'b, P> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        out.push(array_type::<P>(None));
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.v);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        let v = from.next().copied();
        Seq::of(b, v.unwrap_or_else(|| Self::empty(b).v))
    }
    fn refs(_: Var<'b, Self>) {}
}

impl<'b, P: Staged<'b>, const N: usize> Staged<'b> for Arr<'b, P, N> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        out.push(array_type::<P>(Some(N)));
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.v);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        let v = from.next().copied();
        let ty = array_type::<P>(Some(N));
        Arr::of(b, v.unwrap_or_else(|| b.op(ConstOp::Default(ty), &[])))
    }
    fn refs(_: Var<'b, Self>) {}
}

impl<'b, P> Seq<'b, P> {
    /// The proxy of an IR value, which must be a sequence of `P`.
    pub fn of(b: B<'b>, v: Value) -> Self {
        Seq {
            b,
            v,
            of: PhantomData,
        }
    }
    /// The IR value.
    pub fn v(self) -> Value {
        self.v
    }
    /// What it is staged into.
    pub fn b(self) -> B<'b> {
        self.b
    }
}

impl<'b, P: Staged<'b>> Seq<'b, P> {
    /// No elements.
    pub fn empty(b: B<'b>) -> Self {
        Seq::of(b, b.op(ConstOp::Default(array_type::<P>(None)), &[]))
    }
    /// `n` copies of `x`.
    pub fn filled(b: B<'b>, x: P, n: Expr<'b, usize>) -> Self {
        let x = pack(b, &x);
        let elem = elem_type::<P>();
        if elem.is_static() {
            return Seq::of(b, b.op(ArrayOp::Fill, &[x, n.v()]));
        }
        // As in `Arr::new`: the elements are of the declared type, whatever is known of `x`.
        let none = b.op(ConstOp::Default(elem), &[]);
        let all = b.op(ArrayOp::Fill, &[none, n.v()]);
        let zero = lit(b, 0usize).v();
        let each = |b: &mut Builder, i: Value, all: &[Value]| {
            vec![b.update(all[0], x, vec![Step::Index], &[i])]
        };
        Seq::of(b, b.ir().for_(zero, n.v(), &[all], each)[0])
    }
    /// Element `i`, which traps if out of range.
    pub(super) fn get_unchecked(self, i: Expr<'b, usize>) -> P {
        element(self.b, self.v, vec![Step::Index], &[i.v()])
    }
    /// The number of elements.
    pub fn len(self) -> Expr<'b, usize> {
        Expr::of(self.b, self.b.op(ArrayOp::Len, &[self.v]))
    }
    /// Element `i` replaced.
    pub(super) fn with(self, i: Expr<'b, usize>, x: P) -> Self {
        let x = pack(self.b, &x);
        let path: Path = vec![Step::Index];
        Seq::of(self.b, self.b.ir().update(self.v, x, path, &[i.v()]))
    }
    /// Elements `lo..hi`.
    pub fn slice(self, lo: Expr<'b, usize>, hi: Expr<'b, usize>) -> Self {
        let v = self.b.op(ArrayOp::Slice, &[self.v, lo.v(), hi.v()]);
        Seq::of(self.b, v)
    }
}

impl<'b, P, const N: usize> Arr<'b, P, N> {
    /// The proxy of an IR value, which must be an array of `N` `P`s.
    pub fn of(b: B<'b>, v: Value) -> Self {
        Arr {
            b,
            v,
            of: PhantomData,
        }
    }
    /// As a slice.
    pub fn seq(self) -> Seq<'b, P> {
        Seq::of(self.b, self.v)
    }
    /// What it is staged into.
    pub fn b(self) -> B<'b> {
        self.b
    }
}

impl<'b, P: Staged<'b>, const N: usize> Arr<'b, P, N> {
    /// `[a, b, c]`.
    pub fn new(b: B<'b>, items: [P; N]) -> Self {
        if N == 0 {
            return Arr::of(b, b.op(ConstOp::Default(array_type::<P>(Some(0))), &[]));
        }
        if !elem_type::<P>().is_static() {
            // `array` of an `f64[2]` is an `f64[1,2]`, which is no sequence of `f64[?]`: what is pushed fits what the sequence is of.
            let all = items.iter().fold(Seq::empty(b), |all, &x| all.pushed(x));
            return Arr::of(b, all.v());
        }
        let vs: Vec<Value> = items.iter().map(|p| pack(b, p)).collect();
        Arr::of(b, b.op(ArrayOp::Array, &vs))
    }
    /// `[x; N]`.
    pub fn filled(b: B<'b>, item: P) -> Self {
        let elem = elem_type::<P>();
        let v = match &elem {
            Type::Tensor(t) if elem.is_static() => {
                let x = pack(b, &item);
                let mut shape = vec![Dim::Known(N as u64)];
                shape.extend(&t.shape);
                let dims = (1..=t.shape.len() as u32).collect();
                b.op(ShapeOp::Broadcast { shape, dims }, &[x])
            }
            _ => Seq::filled(b, item, lit(b, N)).v(),
        };
        Arr::of(b, v)
    }
    /// The array of the elements of a slice, which traps if there are not `N`.
    pub fn from_seq(s: Seq<'b, P>) -> Self {
        Arr::of(s.b, fit(s.b, s.v, &array_type::<P>(Some(N))))
    }
}

/// `a[i]` of a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be indexed by `{I}` in a `#[differentiable]` function"
)]
pub trait At<'b, I> {
    /// The element.
    type Out;
    /// Reads it.
    fn at(self, i: I) -> Self::Out;
}

/// `a[i]` of a place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be indexed by `{I}` in a `#[differentiable]` function"
)]
pub trait AtMut<'b, I>: Staged<'b> {
    /// The element.
    type Out;
    /// Its place.
    fn at_mut(v: Var<'b, Self>, i: I) -> Var<'b, Self::Out>;
}

/// Reads `a[i]`. The last operand of these functions gives the source place, after the others were evaluated.
pub fn at<'b, I, C: At<'b, I>>(c: C, i: I, _at: ()) -> C::Out {
    c.at(i)
}
/// The place `a[i]`.
pub fn elem<'b, I, P: AtMut<'b, I>>(v: Var<'b, P>, i: I, _at: ()) -> Var<'b, P::Out> {
    P::at_mut(v, i)
}

impl<'b, P: Staged<'b>> At<'b, Expr<'b, usize>> for Seq<'b, P> {
    type Out = P;
    fn at(self, i: Expr<'b, usize>) -> P {
        self.get_unchecked(i)
    }
}
impl<'b, P: Staged<'b>> AtMut<'b, Expr<'b, usize>> for Seq<'b, P> {
    type Out = P;
    fn at_mut(v: Var<'b, Self>, i: Expr<'b, usize>) -> Var<'b, P> {
        v.element(i.v())
    }
}
impl<'b, P: Staged<'b>, const N: usize> At<'b, Expr<'b, usize>> for Arr<'b, P, N> {
    type Out = P;
    fn at(self, i: Expr<'b, usize>) -> P {
        self.seq().get_unchecked(i)
    }
}
impl<'b, P: Staged<'b>, const N: usize> AtMut<'b, Expr<'b, usize>> for Arr<'b, P, N> {
    type Out = P;
    fn at_mut(v: Var<'b, Self>, i: Expr<'b, usize>) -> Var<'b, P> {
        v.element(i.v())
    }
}

/// Indexing by a range held in a variable.
impl<'b, P: Staged<'b>> At<'b, super::Range<'b, usize>> for Seq<'b, P> {
    type Out = Seq<'b, P>;
    fn at(self, r: super::Range<'b, usize>) -> Seq<'b, P> {
        self.slice(r.start, r.end)
    }
}
impl<'b, P: Staged<'b>, const N: usize> At<'b, super::Range<'b, usize>> for Arr<'b, P, N> {
    type Out = Seq<'b, P>;
    fn at(self, r: super::Range<'b, usize>) -> Seq<'b, P> {
        self.seq().slice(r.start, r.end)
    }
}
impl<'b, P: Staged<'b>> AtMut<'b, super::Range<'b, usize>> for Seq<'b, P> {
    type Out = Seq<'b, P>;
    fn at_mut(v: Var<'b, Self>, r: super::Range<'b, usize>) -> Var<'b, Seq<'b, P>> {
        v.window(r.start.v(), r.end.v())
    }
}
impl<'b, P: Staged<'b>, const N: usize> AtMut<'b, super::Range<'b, usize>> for Arr<'b, P, N> {
    type Out = Seq<'b, P>;
    fn at_mut(v: Var<'b, Self>, r: super::Range<'b, usize>) -> Var<'b, Seq<'b, P>> {
        v.window(r.start.v(), r.end.v())
    }
}

/// The proxy of `lo..hi`, with either end open.
#[derive(Copy, Clone, Debug)]
pub struct Span<'b> {
    /// The start, if given.
    pub lo: Option<Expr<'b, usize>>,
    /// The end, exclusive, if given.
    pub hi: Option<Expr<'b, usize>>,
}

impl<'b> Span<'b> {
    fn ends(self, b: B<'b>, len: Expr<'b, usize>) -> (Expr<'b, usize>, Expr<'b, usize>) {
        (self.lo.unwrap_or_else(|| lit(b, 0)), self.hi.unwrap_or(len))
    }
}

/// What is a slice or can be borrowed as one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array, a slice or a Vec")]
pub trait AsSeq<'b>: Staged<'b> {
    /// The element.
    type Elem: Staged<'b>;
    /// As a slice.
    fn as_seq(self) -> Seq<'b, Self::Elem>;
}
impl<'b, P: Staged<'b>> AsSeq<'b> for Seq<'b, P> {
    type Elem = P;
    fn as_seq(self) -> Seq<'b, P> {
        self
    }
}
impl<'b, P: Staged<'b>, const N: usize> AsSeq<'b> for Arr<'b, P, N> {
    type Elem = P;
    fn as_seq(self) -> Seq<'b, P> {
        self.seq()
    }
}

/// What a parameter `&[T]` takes: a slice, what can be borrowed as one, or a `&mut` to such.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array, a slice or a Vec")]
pub trait ToSeq<'b>: Copy {
    /// The element.
    type Elem: Staged<'b>;
    /// As a slice.
    fn to_seq(self) -> Seq<'b, Self::Elem>;
}
impl<'b, S: AsSeq<'b>> ToSeq<'b> for S {
    type Elem = S::Elem;
    fn to_seq(self) -> Seq<'b, S::Elem> {
        self.as_seq()
    }
}
impl<'b, S: AsSeq<'b>> ToSeq<'b> for Var<'b, S> {
    type Elem = S::Elem;
    fn to_seq(self) -> Seq<'b, S::Elem> {
        self.read().as_seq()
    }
}

/// `&mut` of something that is a slice or can be borrowed as one.
pub trait AsSeqMut<'b>: Copy {
    /// The element.
    type Elem: Staged<'b>;
    /// As a mutable slice.
    fn as_seq_mut(self) -> Var<'b, Seq<'b, Self::Elem>>;
}
impl<'b, S: AsSeq<'b>> AsSeqMut<'b> for Var<'b, S> {
    type Elem = S::Elem;
    fn as_seq_mut(self) -> Var<'b, Seq<'b, S::Elem>> {
        self.retype()
    }
}

/// Reads `a[lo..hi]`.
pub fn slice<'b, S: AsSeq<'b>>(s: S, r: Span<'b>, _at: ()) -> Seq<'b, S::Elem> {
    let s = s.as_seq();
    let (lo, hi) = r.ends(s.b, s.len());
    s.slice(lo, hi)
}
/// The place `a[lo..hi]`.
pub fn slice_mut<'b, S: AsSeq<'b>>(
    v: Var<'b, S>,
    r: Span<'b>,
    _at: (),
) -> Var<'b, Seq<'b, S::Elem>> {
    let b = v.b();
    let (lo, hi) = match (r.lo, r.hi) {
        (Some(lo), Some(hi)) => (lo, hi),
        _ => r.ends(b, v.read().as_seq().len()),
    };
    v.window(lo.v(), hi.v())
}

/// `hi + 1` of an inclusive range.
pub fn after<'b, T: Int>(hi: Expr<'b, T>) -> Expr<'b, T> {
    hi + lit(hi.b(), T::small(1))
}

/// `[a, b, c]`, `vec![a, b, c]`.
pub fn array<'b, P: Staged<'b>, const N: usize>(b: B<'b>, items: [P; N]) -> Arr<'b, P, N> {
    Arr::new(b, items)
}

impl<'b, P: Staged<'b>> Seq<'b, P> {
    /// With an element appended.
    pub(super) fn pushed(self, x: P) -> Self {
        let x = pack(self.b, &x);
        Seq::of(self.b, self.b.op(ArrayOp::Push, &[self.v, x]))
    }
    /// Two sequences, one after the other.
    pub(super) fn joined(self, other: Self) -> Self {
        let v = self.b.op(ShapeOp::Concat(0), &[self.v, other.v]);
        Seq::of(self.b, v)
    }
    /// Without the last element, and the last element.
    pub(super) fn popped(self) -> (Self, P) {
        let vs = self.b.ops(ArrayOp::Pop, &[self.v]);
        let x = super::staged::unpack(self.b, vs[1]);
        (Seq::of(self.b, vs[0]), x)
    }
}
