//! The methods of slices, arrays and `Vec`.
//!
//! Methods that change the receiver are ordinary `&mut self` methods of the proxy; the twin writes the proxy back where it
//! came from. Methods that give references (`iter_mut`, `last_mut`) are on the place.

use super::StagedEq;
use super::adapt::{Chunks, ChunksMut};
use super::cmp::Order;
use super::expr::{Expr, lit};
use super::flow::{assert, for_range, if_};
use super::iter::{IntoStagedIter, Items, Iter, IterMut};
use super::opt::{Opt, OptVar, none, some};
use super::reduce::Consume;
use super::scalar::{Float, Int, Real};
use super::seq::{Arr, AsSeq, Seq, Span};
use super::staged::Staged;
use super::stager::B;
use super::var::{Var, rd, var, wr};
use crate::ir::Op;

/// `std::array::from_fn(f)`.
pub fn array_from_fn<'b, P: Staged<'b>, const N: usize>(
    b: B<'b>,
    f: impl Fn(Expr<'b, usize>) -> P,
) -> Arr<'b, P, N> {
    Arr::new(b, core::array::from_fn(|i| f(lit(b, i))))
}

impl<'b, P: Staged<'b>> Seq<'b, P> {
    fn size(self, n: usize) -> Expr<'b, usize> {
        lit(self.b(), n)
    }
    /// `x.is_empty()`.
    pub fn is_empty(self) -> Expr<'b, bool> {
        super::eq(self.b(), self.len(), self.size(0))
    }
    /// `x.iter()`.
    pub fn iter(self) -> Items<'b, P> {
        self.into_staged_iter()
    }
    /// `x.into_iter()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn into_iter(self) -> Items<'b, P> {
        self.into_staged_iter()
    }
    /// `x.drain(..)` of everything.
    pub fn to_vec(self) -> Self {
        self
    }
    /// `x.to_owned()`.
    pub fn to_owned(self) -> Self {
        self
    }
    /// `x.as_slice()`.
    pub fn as_slice(self) -> Self {
        self
    }
    /// `x.as_ref()`.
    pub fn as_ref(self) -> Self {
        self
    }
    /// `x.into_boxed_slice()` and the like have no twin; `x.clone()` is this.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn clone(self) -> Self {
        self
    }
    /// `x.capacity()` is not known; `x.reserve(n)` does nothing.
    pub fn reserve(self, _: Expr<'b, usize>) {}
    /// `x.shrink_to_fit()` does nothing.
    pub fn shrink_to_fit(self) {}
    /// `x.get(i)`.
    pub fn get(self, i: Expr<'b, usize>) -> Opt<'b, P> {
        let b = self.b();
        let k = if_(b, super::lt(b, i, self.len()));
        let x = self.get_unchecked(i);
        let k = k.else_(some(b, x));
        k.end(none(b))
    }
    /// `x.first()`.
    pub fn first(self) -> Opt<'b, P> {
        self.get(self.size(0))
    }
    /// `x.last()`.
    pub fn last(self) -> Opt<'b, P> {
        let b = self.b();
        let k = if_(b, self.is_empty());
        let k = k.else_(none(b));
        k.end(some(b, self.get_unchecked(self.len() - self.size(1))))
    }
    /// `x.split_at(i)`.
    pub fn split_at(self, i: Expr<'b, usize>) -> (Self, Self) {
        (self.slice(self.size(0), i), self.slice(i, self.len()))
    }
    /// `x.split_first()`.
    pub fn split_first(self) -> Opt<'b, (P, Self)> {
        let b = self.b();
        let k = if_(b, self.is_empty());
        let k = k.else_(none(b));
        let rest = self.slice(self.size(1), self.len());
        k.end(some(b, (self.get_unchecked(self.size(0)), rest)))
    }
    /// `x.split_last()`.
    pub fn split_last(self) -> Opt<'b, (P, Self)> {
        let b = self.b();
        let k = if_(b, self.is_empty());
        let k = k.else_(none(b));
        let n = self.len() - self.size(1);
        k.end(some(
            b,
            (self.get_unchecked(n), self.slice(self.size(0), n)),
        ))
    }
    fn positive(self, n: Expr<'b, usize>, what: &str) {
        assert(self.b(), super::gt(self.b(), n, self.size(0)), what);
    }
    /// `x.windows(n)`.
    pub fn windows(self, n: Expr<'b, usize>) -> Chunks<'b, P> {
        self.positive(n, "window size must be non-zero");
        let one = self.size(1);
        Chunks {
            of: self,
            count: (self.len() + one).saturating_sub(n),
            step: one,
            size: n,
        }
    }
    /// `x.chunks(n)`.
    pub fn chunks(self, n: Expr<'b, usize>) -> Chunks<'b, P> {
        self.positive(n, "chunk size must be non-zero");
        Chunks {
            of: self,
            count: (self.len() + n - self.size(1)) / n,
            step: n,
            size: n,
        }
    }
    /// `x.chunks_exact(n)`.
    pub fn chunks_exact(self, n: Expr<'b, usize>) -> Chunks<'b, P> {
        self.positive(n, "chunk size must be non-zero");
        Chunks {
            of: self,
            count: self.len() / n,
            step: n,
            size: n,
        }
    }
    /// `x.contains(&y)`.
    pub fn contains(self, y: P) -> Expr<'b, bool>
    where
        P: StagedEq<'b>,
    {
        let b = self.b();
        self.iter().any(|x| x.equal(b, y))
    }
    /// `x.try_into().unwrap()` of a slice into an array: see [`Arr::from_seq`].
    pub fn try_into<const N: usize>(self) -> Opt<'b, Arr<'b, P, N>> {
        let b = self.b();
        let k = if_(b, super::eq(b, self.len(), self.size(N)));
        let k = k.else_(some(b, Arr::from_seq(self)));
        k.end(none(b))
    }
    /// `x.repeat(n)`.
    pub fn repeat(self, n: Expr<'b, usize>) -> Self {
        let b = self.b();
        let out = var(b, Seq::empty(b));
        let _ = for_range(self.size(0), n);
        wr(out, rd(out).joined(self));
        b.close();
        rd(out)
    }

    // Methods that change the receiver.

    /// `x.push(v)`.
    pub fn push(&mut self, v: P) {
        *self = self.pushed(v);
    }
    /// `x.pop()`.
    pub fn pop(&mut self) -> Opt<'b, P> {
        let b = self.b();
        let out = var(b, none(b));
        let all = var(b, *self);
        b.open_if((!self.is_empty()).v());
        let (rest, x) = self.popped();
        wr(out, some(b, x));
        wr(all, rest);
        b.close();
        *self = rd(all);
        rd(out)
    }
    /// `x.swap(i, j)`.
    pub fn swap(&mut self, i: Expr<'b, usize>, j: Expr<'b, usize>) {
        let (x, y) = (self.get_unchecked(i), self.get_unchecked(j));
        *self = self.with(i, y).with(j, x);
    }
    /// `x.clear()`.
    pub fn clear(&mut self) {
        *self = Seq::empty(self.b());
    }
    /// `x.truncate(n)`.
    pub fn truncate(&mut self, n: Expr<'b, usize>) {
        *self = self.slice(self.size(0), n.min(self.len()));
    }
    /// `x.insert(i, v)`.
    pub fn insert(&mut self, i: Expr<'b, usize>, v: P) {
        let (head, tail) = self.split_at(i);
        *self = head.pushed(v).joined(tail);
    }
    /// `x.remove(i)`.
    pub fn remove(&mut self, i: Expr<'b, usize>) -> P {
        let x = self.get_unchecked(i);
        let (head, tail) = self.split_at(i);
        *self = head.joined(tail.slice(self.size(1), tail.len()));
        x
    }
    /// `x.swap_remove(i)`.
    pub fn swap_remove(&mut self, i: Expr<'b, usize>) -> P {
        let x = self.get_unchecked(i);
        let last = self.get_unchecked(self.len() - self.size(1));
        let (rest, _) = self.with(i, last).popped();
        *self = rest;
        x
    }
    /// `x.resize(n, v)`.
    pub fn resize(&mut self, n: Expr<'b, usize>, v: P) {
        let len = self.len();
        let more = Seq::filled(self.b(), v, n.saturating_sub(len));
        *self = self.slice(self.size(0), n.min(len)).joined(more);
    }
    /// `x.extend(items)`.
    pub fn extend<J: IntoStagedIter<'b>>(&mut self, items: J)
    where
        J::Iter: Iter<'b, Item = P>,
    {
        let more: Self = items.into_staged_iter().collect();
        *self = self.joined(more);
    }
    /// `x.extend_from_slice(y)`.
    pub fn extend_from_slice(&mut self, y: impl AsSeq<'b, Elem = P>) {
        *self = self.joined(y.as_seq());
    }
    /// `x.append(&mut y)`.
    pub fn append(&mut self, y: Var<'b, Self>) {
        *self = self.joined(rd(y));
        wr(y, Seq::empty(self.b()));
    }
    /// `x.split_off(i)`.
    pub fn split_off(&mut self, i: Expr<'b, usize>) -> Self {
        let (head, tail) = self.split_at(i);
        *self = head;
        tail
    }
    /// `x.fill(v)`.
    pub fn fill(&mut self, v: P) {
        *self = Seq::filled(self.b(), v, self.len());
    }
    /// `x.copy_from_slice(y)`, `x.clone_from_slice(y)`: traps if the lengths differ.
    pub fn copy_from_slice(&mut self, y: impl AsSeq<'b, Elem = P>) {
        let (b, y) = (self.b(), y.as_seq());
        let same = super::eq(b, self.len(), y.len());
        assert(
            b,
            same,
            "copy_from_slice: the slices have different lengths",
        );
        *self = y;
    }
    /// `x.clone_from_slice(y)`.
    pub fn clone_from_slice(&mut self, y: impl AsSeq<'b, Elem = P>) {
        self.copy_from_slice(y);
    }
    /// `x.reverse()`.
    pub fn reverse(&mut self) {
        *self = self.iter().rev().collect();
    }
    /// `x.rotate_left(k)`.
    pub fn rotate_left(&mut self, k: Expr<'b, usize>) {
        let (head, tail) = self.split_at(k);
        *self = tail.joined(head);
    }
    /// `x.rotate_right(k)`.
    pub fn rotate_right(&mut self, k: Expr<'b, usize>) {
        self.rotate_left(self.len() - k);
    }
    /// `x.retain(f)`.
    pub fn retain(&mut self, f: impl Fn(P) -> Expr<'b, bool> + Copy) {
        *self = self.iter().filter(f).collect();
    }
    /// `x.dedup()`.
    pub fn dedup(&mut self)
    where
        P: StagedEq<'b>,
    {
        let b = self.b();
        let out: Var<'b, Self> = var(b, Seq::empty(b));
        let mut it = self.iter();
        let x = it.open(b);
        let same = rd(out).last().is_some_and(|y| x.equal(b, y));
        b.open_if((!same).v());
        wr(out, rd(out).pushed(x));
        b.close();
        it.close(b);
        *self = rd(out);
    }
    /// `x.sort_by(f)`, also `sort_unstable_by`: insertion sort, in as many steps as comparisons need.
    pub fn sort_by(&mut self, f: impl Fn(P, P) -> Order<'b>) {
        let b = self.b();
        let all: Var<'b, Self> = var(b, *self);
        let i = for_range(self.size(1), self.len().max(self.size(1)));
        let x = self.get_unchecked(i);
        let j = var(b, i);
        b.open_cond();
        let more = var(b, super::gt(b, rd(j), self.size(0)));
        b.open_if(rd(more).v());
        let before = rd(all).get_unchecked(rd(j) - self.size(1));
        wr(more, f(before, x).is_gt());
        b.close();
        b.open_body(rd(more).v());
        let at = rd(j);
        wr(
            all.element(at.v()),
            rd(all).get_unchecked(at - self.size(1)),
        );
        wr(j, at - self.size(1));
        b.close();
        wr(all.element(rd(j).v()), x);
        b.close();
        *self = rd(all);
    }
    /// `x.sort_unstable_by(f)`.
    pub fn sort_unstable_by(&mut self, f: impl Fn(P, P) -> Order<'b>) {
        self.sort_by(f);
    }
}

impl<'b, T: Real> Seq<'b, Expr<'b, T>> {
    fn sorted(self) -> Self {
        Seq::of(self.b(), self.b().ops(Op::Sort(0), &[self.v()])[0])
    }
}
impl<'b, T: Int> Seq<'b, Expr<'b, T>> {
    /// `x.sort()`, of integers.
    pub fn sort(&mut self) {
        *self = self.sorted();
    }
    /// `x.sort_unstable()`.
    pub fn sort_unstable(&mut self) {
        *self = self.sorted();
    }
}
impl<'b, T: Float> Seq<'b, Expr<'b, T>> {
    /// Ascending by the total order.
    pub fn sort_floats(&mut self) {
        *self = self.sorted();
    }
}

impl<'b, P: Staged<'b>, S: AsSeq<'b, Elem = P>> Seq<'b, S> {
    /// `x.concat()`.
    pub fn concat(self) -> Seq<'b, P> {
        let b = self.b();
        let out = var(b, Seq::empty(b));
        let mut it = self.iter();
        let x = it.open(b);
        wr(out, rd(out).joined(x.as_seq()));
        it.close(b);
        rd(out)
    }
}

/// Methods of arrays that are those of slices.
macro_rules! of_slice {
    ($($(#[$m:meta])* fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
        impl<'b, P: Staged<'b>, const N: usize> Arr<'b, P, N> {$(
            #[doc = concat!("`x.", stringify!($name), "()`, as of a slice.")]
            $(#[$m])*
            pub fn $name(self, $($arg: $ty),*) -> $ret {
                self.seq().$name($($arg),*)
            }
        )*}
    };
}
of_slice! {
    fn is_empty() -> Expr<'b, bool>;
    fn iter() -> Items<'b, P>;
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    fn into_iter() -> Items<'b, P>;
    fn to_vec() -> Seq<'b, P>;
    fn as_slice() -> Seq<'b, P>;
    fn get(i: Expr<'b, usize>) -> Opt<'b, P>;
    fn first() -> Opt<'b, P>;
    fn last() -> Opt<'b, P>;
    fn split_at(i: Expr<'b, usize>) -> (Seq<'b, P>, Seq<'b, P>);
    fn windows(n: Expr<'b, usize>) -> Chunks<'b, P>;
    fn chunks(n: Expr<'b, usize>) -> Chunks<'b, P>;
    fn chunks_exact(n: Expr<'b, usize>) -> Chunks<'b, P>;
}

impl<'b, P: Staged<'b>, const N: usize> Arr<'b, P, N> {
    /// The array with its elements changed by a method of slices that keeps their number.
    fn change(&mut self, f: impl FnOnce(&mut Seq<'b, P>)) {
        let mut s = self.seq();
        f(&mut s);
        *self = Arr::from_seq(s);
    }
    /// `x.len()`.
    pub fn len(self) -> Expr<'b, usize> {
        lit(self.b(), N)
    }
    /// `x.clone()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn clone(self) -> Self {
        self
    }
    /// `x.contains(&y)`.
    pub fn contains(self, y: P) -> Expr<'b, bool>
    where
        P: StagedEq<'b>,
    {
        self.seq().contains(y)
    }
    /// `x.map(f)`.
    pub fn map<Q: Staged<'b>>(self, f: impl Fn(P) -> Q + Copy) -> Arr<'b, Q, N> {
        Arr::from_seq(self.iter().map(f).collect())
    }
    /// `x.concat()`.
    pub fn concat<Q: Staged<'b>>(self) -> Seq<'b, Q>
    where
        P: AsSeq<'b, Elem = Q>,
    {
        self.seq().concat()
    }
    /// `x.swap(i, j)`.
    pub fn swap(&mut self, i: Expr<'b, usize>, j: Expr<'b, usize>) {
        self.change(|s| s.swap(i, j));
    }
    /// `x.fill(v)`.
    pub fn fill(&mut self, v: P) {
        *self = Arr::filled(self.b(), v);
    }
    /// `x.copy_from_slice(y)`.
    pub fn copy_from_slice(&mut self, y: impl AsSeq<'b, Elem = P>) {
        self.change(|s| s.copy_from_slice(y));
    }
    /// `x.clone_from_slice(y)`.
    pub fn clone_from_slice(&mut self, y: impl AsSeq<'b, Elem = P>) {
        self.change(|s| s.copy_from_slice(y));
    }
    /// `x.reverse()`.
    pub fn reverse(&mut self) {
        self.change(Seq::reverse);
    }
    /// `x.rotate_left(k)`.
    pub fn rotate_left(&mut self, k: Expr<'b, usize>) {
        self.change(|s| s.rotate_left(k));
    }
    /// `x.rotate_right(k)`.
    pub fn rotate_right(&mut self, k: Expr<'b, usize>) {
        self.change(|s| s.rotate_right(k));
    }
    /// `x.sort_by(f)`.
    pub fn sort_by(&mut self, f: impl Fn(P, P) -> Order<'b>) {
        self.change(|s| s.sort_by(f));
    }
    /// `x.sort_unstable_by(f)`.
    pub fn sort_unstable_by(&mut self, f: impl Fn(P, P) -> Order<'b>) {
        self.change(|s| s.sort_by(f));
    }
}

/// The place of a part of an `S`: the proxy of `&mut [T]`.
pub type SliceMut<'b, S> = Var<'b, Seq<'b, <S as AsSeq<'b>>::Elem>>;

/// Methods of places that give references into them.
impl<'b, S: AsSeq<'b>> Var<'b, S> {
    fn whole(self) -> Seq<'b, S::Elem> {
        rd(self).as_seq()
    }
    /// `x.iter_mut()`.
    pub fn iter_mut(self) -> IterMut<'b, S> {
        IterMut::new(self)
    }
    /// `x.as_mut_slice()`.
    pub fn as_mut_slice(self) -> Var<'b, Seq<'b, S::Elem>> {
        self.retype()
    }
    /// `x.get_mut(i)`.
    pub fn get_mut(self, i: Expr<'b, usize>) -> OptVar<'b, S::Elem> {
        OptVar {
            tag: super::lt(self.b(), i, self.whole().len()),
            val: self.element(i.v()),
        }
    }
    /// `x.first_mut()`.
    pub fn first_mut(self) -> OptVar<'b, S::Elem> {
        self.get_mut(lit(self.b(), 0))
    }
    /// `x.last_mut()`.
    pub fn last_mut(self) -> OptVar<'b, S::Elem> {
        let n = self.whole().len();
        self.get_mut(n.wrapping_sub(lit(self.b(), 1)))
    }
    /// `x.split_at_mut(i)`.
    pub fn split_at_mut(self, i: Expr<'b, usize>) -> (SliceMut<'b, S>, SliceMut<'b, S>) {
        let n = self.whole().len();
        let zero = lit(self.b(), 0usize);
        (self.window(zero.v(), i.v()), self.window(i.v(), n.v()))
    }
    /// `x.chunks_mut(n)`.
    pub fn chunks_mut(self, n: Expr<'b, usize>) -> ChunksMut<'b, S> {
        let len = self.whole().len();
        let one = lit(self.b(), 1);
        ChunksMut {
            of: self,
            len,
            count: (len + n - one) / n,
            size: n,
        }
    }
    /// `x.chunks_exact_mut(n)`.
    pub fn chunks_exact_mut(self, n: Expr<'b, usize>) -> ChunksMut<'b, S> {
        let len = self.whole().len();
        ChunksMut {
            of: self,
            len,
            count: len / n,
            size: n,
        }
    }
}

impl<'b, P: Staged<'b>> Seq<'b, P> {
    /// `mem::take` of the elements of a range is not there; this is `x.drain(r)`, which removes and gives them.
    pub fn drain(&mut self, r: impl DrainRange<'b>) -> Items<'b, P> {
        let r = r.span();
        let lo = r.lo.unwrap_or_else(|| self.size(0));
        let hi = r.hi.unwrap_or_else(|| self.len());
        let out = self.slice(lo, hi);
        let (head, _) = self.split_at(lo);
        *self = head.joined(self.slice(hi, self.len()));
        out.iter()
    }
}
/// A range given to `drain`.
pub trait DrainRange<'b> {
    /// Its ends.
    fn span(self) -> Span<'b>;
}
impl<'b> DrainRange<'b> for super::Range<'b, usize> {
    fn span(self) -> Span<'b> {
        Span {
            lo: Some(self.start),
            hi: Some(self.end),
        }
    }
}
