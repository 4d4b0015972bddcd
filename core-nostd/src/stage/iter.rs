//! Iterators: what they are in the twin, and where they start.
//!
//! An iterator opens regions, gives the item of one iteration, and closes them: so adaptors are ordinary code here, and the
//! body of a `for` stays inline in the twin. One that knows its length can also give its `i`-th item; then it is a counted
//! loop and can be reversed, zipped and skipped. One that does not (`filter`, `take_while`) only opens and closes.

use super::adapt::*;
use super::expr::{Expr, lit};
use super::flow::for_range;
use super::scalar::Int;
use super::seq::{Arr, AsSeq, Seq};
use super::staged::Staged;
use super::stager::B;
use super::var::{Var, rd, var, wr};
use crate::ir::DType;

/// How many items an iterator has.
#[derive(Copy, Clone, Debug)]
pub enum Len<'b> {
    /// Not known before it runs; there is no `i`-th item.
    Unknown,
    /// No end.
    Endless,
    /// So many.
    Known(Expr<'b, usize>),
}

impl<'b> Len<'b> {
    /// The smaller one.
    pub(super) fn min(self, other: Len<'b>) -> Len<'b> {
        match (self, other) {
            (Len::Known(a), Len::Known(b)) => Len::Known(a.min(b)),
            (Len::Known(a), _) | (_, Len::Known(a)) => Len::Known(a),
            (Len::Endless, Len::Endless) => Len::Endless,
            (Len::Unknown, _) | (_, Len::Unknown) => Len::Unknown,
        }
    }
    /// With another number of items, where it is known.
    pub(super) fn with(self, f: impl FnOnce(Expr<'b, usize>) -> Expr<'b, usize>) -> Len<'b> {
        match self {
            Len::Known(n) => Len::Known(f(n)),
            other => other,
        }
    }
}

/// An iterator. Its consuming methods (`sum`, `fold`, …) are in [`super::reduce`], its adaptors in [`super::adapt`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be iterated over in a `#[differentiable]` function"
)]
pub trait Iter<'b>: Copy {
    /// What it gives.
    type Item;
    /// What it is staged into.
    fn b(&self) -> B<'b>;
    /// How many items.
    fn length(&self) -> Len<'b>;
    /// Item `i`, if the length is not `Unknown`.
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item>;
    /// Opens the loop and gives the item; together with its index if there is one at no cost.
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, Self::Item) {
        open_by_index(self)
    }
    /// Closes what `open_at` opened.
    fn shut(&mut self) {
        self.b().close();
    }
    /// Opens the loop and gives the item.
    fn open(&mut self, _: B<'b>) -> Self::Item {
        self.open_at().1
    }
    /// Closes what [`open`](Self::open) opened.
    fn close(&mut self, _: B<'b>) {
        self.shut();
    }

    /// `it.map(f)`.
    fn map<R, F: Fn(Self::Item) -> R + Copy>(self, f: F) -> Map<Self, F> {
        Map { it: self, f }
    }
    /// `it.enumerate()`.
    fn enumerate(self) -> Enumerate<Self> {
        Enumerate { it: self }
    }
    /// `it.zip(other)`.
    fn zip<J: IntoStagedIter<'b>>(self, other: J) -> Zip<Self, J::Iter>
    where
        Self: Indexed<'b>,
        J::Iter: Indexed<'b>,
    {
        Zip {
            a: self,
            b: other.into_staged_iter(),
        }
    }
    /// `it.chain(other)`.
    fn chain<J: IntoStagedIter<'b>>(self, other: J) -> Chain<Self, J::Iter>
    where
        Self: Indexed<'b>,
        J::Iter: Indexed<'b>,
    {
        Chain {
            a: self,
            b: other.into_staged_iter(),
        }
    }
    /// `it.rev()`.
    fn rev(self) -> Rev<Self>
    where
        Self: Indexed<'b>,
    {
        Rev { it: self }
    }
    /// `it.step_by(n)`.
    fn step_by(self, n: Expr<'b, usize>) -> StepBy<'b, Self>
    where
        Self: Indexed<'b>,
    {
        let ok = super::gt(self.b(), n, lit(self.b(), 0));
        super::assert(self.b(), ok, "assertion failed: step != 0");
        StepBy { it: self, n }
    }
    /// `it.skip(n)`.
    fn skip(self, n: Expr<'b, usize>) -> Skip<'b, Self> {
        Skip {
            it: self,
            n,
            count: None,
        }
    }
    /// `it.take(n)`.
    fn take(self, n: Expr<'b, usize>) -> Take<'b, Self> {
        Take {
            it: self,
            n,
            count: None,
        }
    }
    /// `it.cycle()`.
    fn cycle(self) -> Cycle<Self>
    where
        Self: Indexed<'b>,
    {
        Cycle { it: self }
    }
    /// `it.filter(f)`.
    fn filter<F: Fn(Self::Item) -> Expr<'b, bool> + Copy>(self, f: F) -> Filter<Self, F> {
        Filter { it: self, f }
    }
    /// `it.filter_map(f)`.
    fn filter_map<P: Staged<'b>, F: Fn(Self::Item) -> super::Opt<'b, P> + Copy>(
        self,
        f: F,
    ) -> FilterMap<Self, F> {
        FilterMap { it: self, f }
    }
    /// `it.take_while(f)`.
    fn take_while<F: Fn(Self::Item) -> Expr<'b, bool> + Copy>(self, f: F) -> TakeWhile<Self, F> {
        TakeWhile { it: self, f }
    }
    /// `it.skip_while(f)`.
    fn skip_while<F: Fn(Self::Item) -> Expr<'b, bool> + Copy>(
        self,
        f: F,
    ) -> SkipWhile<'b, Self, F> {
        SkipWhile {
            it: self,
            f,
            going: None,
        }
    }
    /// `it.map_while(f)`.
    fn map_while<P: Staged<'b>, F: Fn(Self::Item) -> super::Opt<'b, P> + Copy>(
        self,
        f: F,
    ) -> MapWhile<Self, F> {
        MapWhile { it: self, f }
    }
    /// `it.scan(init, f)`.
    fn scan<S: Staged<'b>, P: Staged<'b>, F>(self, init: S, f: F) -> Scan<'b, Self, S, F>
    where
        F: Fn(Var<'b, S>, Self::Item) -> super::Opt<'b, P> + Copy,
    {
        Scan {
            it: self,
            init,
            f,
            state: None,
        }
    }
    /// `it.flat_map(f)`.
    fn flat_map<J: IntoStagedIter<'b>, F: Fn(Self::Item) -> J + Copy>(
        self,
        f: F,
    ) -> FlatMap<Self, F, J::Iter> {
        FlatMap {
            it: self,
            f,
            inner: None,
        }
    }
    /// `it.flatten()`.
    fn flatten(self) -> Flatten<'b, Self>
    where
        Self::Item: IntoStagedIter<'b>,
    {
        FlatMap {
            it: self,
            f: |x| x,
            inner: None,
        }
    }
    /// `it.inspect(f)`.
    fn inspect<F: Fn(Self::Item) + Copy>(self, f: F) -> Inspect<Self, F>
    where
        Self::Item: Copy,
    {
        Inspect { it: self, f }
    }
    /// `it.copied()`.
    fn copied(self) -> Self {
        self
    }
    /// `it.cloned()`.
    fn cloned(self) -> Self {
        self
    }
    /// `it.into_iter()`, `it.iter()` of an iterator.
    fn into_iter(self) -> Self {
        self
    }
    /// `it.peekable()`.
    fn peekable(self) -> Self {
        self
    }
    /// `it.fuse()`.
    fn fuse(self) -> Self {
        self
    }
}

/// `it.flatten()`.
pub type Flatten<'b, I> = FlatMap<
    I,
    fn(<I as Iter<'b>>::Item) -> <I as Iter<'b>>::Item,
    <<I as Iter<'b>>::Item as IntoStagedIter<'b>>::Iter,
>;

/// An iterator with a known length, or none: it has an `i`-th item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be reversed, zipped, chained or stepped in a `#[differentiable]` function: its length is not known in advance",
    note = "collect it into a Vec first"
)]
pub trait Indexed<'b>: Iter<'b> {}

/// Opens a loop over the indices of an iterator that has items by index.
pub(super) fn open_by_index<'b, I: Iter<'b>>(it: &I) -> (Option<Expr<'b, usize>>, I::Item) {
    let b = it.b();
    let i = match it.length() {
        Len::Known(n) => for_range(lit(b, 0), n),
        Len::Endless | Len::Unknown => {
            let count = var(b, lit(b, 0usize));
            b.open_cond();
            b.open_body(lit(b, true).v());
            let i = rd(count);
            wr(count, i + lit(b, 1));
            i
        }
    };
    match it.nth_item(i) {
        Some(x) => (Some(i), x),
        None => unreachable!("an iterator without items by index opens its own loop"),
    }
}

/// What `for` and `zip` take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be iterated over in a `#[differentiable]` function"
)]
pub trait IntoStagedIter<'b> {
    /// The iterator.
    type Iter: Iter<'b>;
    /// Makes it.
    fn into_staged_iter(self) -> Self::Iter;
}
impl<'b, I: Iter<'b>> IntoStagedIter<'b> for I {
    type Iter = I;
    fn into_staged_iter(self) -> I {
        self
    }
}
/// Makes an iterator of what a `for` loops over.
pub fn into_iter<'b, T: IntoStagedIter<'b>>(x: T) -> T::Iter {
    x.into_staged_iter()
}

/// The elements of a slice, by value.
#[derive(Copy, Clone, Debug)]
pub struct Items<'b, P> {
    of: Seq<'b, P>,
}
impl<'b, P: Staged<'b>> Iter<'b> for Items<'b, P> {
    type Item = P;
    fn b(&self) -> B<'b> {
        self.of.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Known(self.of.len())
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<P> {
        Some(self.of.get_unchecked(i))
    }
}
impl<'b, P: Staged<'b>> Indexed<'b> for Items<'b, P> {}

/// The elements of a slice, as places.
#[derive(Debug)]
pub struct IterMut<'b, S> {
    of: Var<'b, S>,
    len: Expr<'b, usize>,
}
impl<S> Copy for IterMut<'_, S> {}
impl<S> Clone for IterMut<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<'b, S: AsSeq<'b>> IterMut<'b, S> {
    pub(super) fn new(of: Var<'b, S>) -> Self {
        IterMut {
            of,
            len: rd(of).as_seq().len(),
        }
    }
}
impl<'b, S: AsSeq<'b>> Iter<'b> for IterMut<'b, S> {
    type Item = Var<'b, S::Elem>;
    fn b(&self) -> B<'b> {
        self.of.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Known(self.len)
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        Some(self.of.element(i.v()))
    }
}
impl<'b, S: AsSeq<'b>> Indexed<'b> for IterMut<'b, S> {}

impl<'b, P: Staged<'b>> IntoStagedIter<'b> for Seq<'b, P> {
    type Iter = Items<'b, P>;
    fn into_staged_iter(self) -> Items<'b, P> {
        Items { of: self }
    }
}
impl<'b, P: Staged<'b>, const N: usize> IntoStagedIter<'b> for Arr<'b, P, N> {
    type Iter = Items<'b, P>;
    fn into_staged_iter(self) -> Items<'b, P> {
        Items { of: self.seq() }
    }
}
impl<'b, S: AsSeq<'b>> IntoStagedIter<'b> for Var<'b, S> {
    type Iter = IterMut<'b, S>;
    fn into_staged_iter(self) -> IterMut<'b, S> {
        IterMut::new(self)
    }
}
impl<'b, P: Staged<'b>> IntoStagedIter<'b> for super::Opt<'b, P> {
    type Iter = Items<'b, P>;
    fn into_staged_iter(self) -> Items<'b, P> {
        let b = self.is_some().b();
        let out = var(b, Seq::empty(b));
        b.open_if(self.is_some().v());
        wr(out, rd(out).pushed(self.__get_Some().0));
        b.close();
        Items { of: rd(out) }
    }
}

/// The proxy of `lo..hi` and `lo..=hi`.
#[derive(Debug)]
pub struct Range<'b, T> {
    /// The first.
    pub start: Expr<'b, T>,
    /// The end, exclusive; of an inclusive range one more than written.
    pub end: Expr<'b, T>,
}
impl<T> Copy for Range<'_, T> {}
impl<T> Clone for Range<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// `lo..hi`.
pub fn range<'b, T>(start: Expr<'b, T>, end: Expr<'b, T>) -> Range<'b, T> {
    Range { start, end }
}
/// `lo..=hi`.
pub fn range_inclusive<'b, T: super::Num>(start: Expr<'b, T>, end: Expr<'b, T>) -> Range<'b, T> {
    let end = end + lit(end.b(), T::small(1));
    Range { start, end }
}
impl<'b, T: Int> Range<'b, T> {
    /// `(lo..hi).len()`.
    pub fn len(self) -> Expr<'b, usize> {
        let b = self.start.b();
        let some = super::lt(b, self.start, self.end);
        let n = self.end.wrapping_sub(self.start);
        let n = Expr::of(b, b.ir().convert(DType::U64, n.v()));
        some.select(n, lit(b, 0))
    }
    /// `(lo..hi).is_empty()`.
    pub fn is_empty(self) -> Expr<'b, bool> {
        super::ge(self.start.b(), self.start, self.end)
    }
}
impl<'b, T: super::Real> Range<'b, T> {
    /// `(lo..hi).contains(&x)`.
    pub fn contains(self, x: Expr<'b, T>) -> Expr<'b, bool> {
        let b = x.b();
        super::le(b, self.start, x) & super::lt(b, x, self.end)
    }
}
impl<'b, T: Int> Iter<'b> for Range<'b, T> {
    type Item = Expr<'b, T>;
    fn b(&self) -> B<'b> {
        self.start.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Known(self.len())
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        let b = self.start.b();
        let i = Expr::of(b, b.ir().convert(T::DTYPE, i.v()));
        Some(self.start + i)
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, Self::Item) {
        (None, for_range(self.start, self.end))
    }
}
impl<'b, T: Int> Indexed<'b> for Range<'b, T> {}

/// The proxy of `lo..`.
#[derive(Debug)]
pub struct RangeFrom<'b, T> {
    start: Expr<'b, T>,
}
impl<T> Copy for RangeFrom<'_, T> {}
impl<T> Clone for RangeFrom<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
/// `lo..`.
pub fn range_from<T>(start: Expr<'_, T>) -> RangeFrom<'_, T> {
    RangeFrom { start }
}
impl<'b, T: Int> Iter<'b> for RangeFrom<'b, T> {
    type Item = Expr<'b, T>;
    fn b(&self) -> B<'b> {
        self.start.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Endless
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        let b = self.start.b();
        let i = Expr::of(b, b.ir().convert(T::DTYPE, i.v()));
        Some(self.start + i)
    }
}
impl<'b, T: Int> Indexed<'b> for RangeFrom<'b, T> {}

/// A variable that holds an iterator: the iterator, and how far it is.
#[derive(Copy, Clone, Debug)]
pub struct Cursor<'b, I> {
    it: I,
    at: Var<'b, Expr<'b, usize>>,
}
/// `let mut it = ...`
pub fn cursor<'b, I: Indexed<'b>>(b: B<'b>, it: I) -> Cursor<'b, I> {
    Cursor {
        it,
        at: var(b, lit(b, 0)),
    }
}
impl<'b, I: Indexed<'b>> Cursor<'b, I> {
    /// Whether there is a next item.
    fn more(&self) -> Expr<'b, bool> {
        let b = self.it.b();
        match self.it.length() {
            Len::Known(n) => super::lt(b, rd(self.at), n),
            Len::Endless | Len::Unknown => lit(b, true),
        }
    }
    fn look(&self, step: usize) -> super::Opt<'b, I::Item>
    where
        I::Item: Staged<'b>,
    {
        let b = self.it.b();
        let out = var(b, super::none(b));
        b.open_if(self.more().v());
        let i = rd(self.at);
        if let Some(x) = self.it.nth_item(i) {
            wr(out, super::some(b, x));
        }
        wr(self.at, i + lit(b, step));
        b.close();
        rd(out)
    }
    /// `it.next()`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn next(self) -> super::Opt<'b, I::Item>
    where
        I::Item: Staged<'b>,
    {
        self.look(1)
    }
    /// `it.peek()`.
    pub fn peek(self) -> super::Opt<'b, I::Item>
    where
        I::Item: Staged<'b>,
    {
        self.look(0)
    }
    /// `it.by_ref()`.
    pub fn by_ref(self) -> Self {
        self
    }
    /// `it.len()`.
    pub fn len(self) -> Expr<'b, usize> {
        match self.it.length() {
            Len::Known(n) => n - rd(self.at),
            Len::Endless | Len::Unknown => lit(self.it.b(), usize::MAX),
        }
    }
}
impl<'b, I: Indexed<'b>> Iter<'b> for Cursor<'b, I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Unknown
    }
    fn nth_item(&self, _: Expr<'b, usize>) -> Option<I::Item> {
        None
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        let b = self.it.b();
        b.open_cond();
        b.open_body(self.more().v());
        let i = rd(self.at);
        wr(self.at, i + lit(b, 1));
        match self.it.nth_item(i) {
            Some(x) => (None, x),
            None => unreachable!("a cursor's iterator has items by index"),
        }
    }
}
