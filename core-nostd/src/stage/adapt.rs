//! Iterator adaptors.

use super::expr::{Expr, lit};
use super::iter::{Indexed, IntoStagedIter, Iter, Len};
use super::opt::Opt;
use super::staged::Staged;
use super::stager::B;
use super::var::{Var, rd, var, wr};

/// `it.map(f)`.
#[derive(Copy, Clone, Debug)]
pub struct Map<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, R, F: Fn(I::Item) -> R + Copy> Iter<'b> for Map<I, F> {
    type Item = R;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        self.it.length()
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<R> {
        self.it.nth_item(i).map(self.f)
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, R) {
        let (i, x) = self.it.open_at();
        (i, (self.f)(x))
    }
    fn shut(&mut self) {
        self.it.shut();
    }
}
impl<'b, I: Indexed<'b>, R, F: Fn(I::Item) -> R + Copy> Indexed<'b> for Map<I, F> {}

/// `it.inspect(f)`.
#[derive(Copy, Clone, Debug)]
pub struct Inspect<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, F: Fn(I::Item) + Copy> Iter<'b> for Inspect<I, F>
where
    I::Item: Copy,
{
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        self.it.length()
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        self.it.nth_item(i).inspect(|x| (self.f)(*x))
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        let (i, x) = self.it.open_at();
        (self.f)(x);
        (i, x)
    }
    fn shut(&mut self) {
        self.it.shut();
    }
}

/// `it.enumerate()`.
#[derive(Copy, Clone, Debug)]
pub struct Enumerate<I> {
    pub(super) it: I,
}
impl<'b, I: Iter<'b>> Iter<'b> for Enumerate<I> {
    type Item = (Expr<'b, usize>, I::Item);
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        self.it.length()
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        self.it.nth_item(i).map(|x| (i, x))
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, Self::Item) {
        let b = self.b();
        // A counter, in case the loop has no index of its own; unused, it is removed later.
        let count = var(b, lit(b, 0usize));
        let (i, x) = self.it.open_at();
        let i = match i {
            Some(i) => i,
            None => {
                let i = rd(count);
                wr(count, i + lit(b, 1));
                i
            }
        };
        (Some(i), (i, x))
    }
    fn shut(&mut self) {
        self.it.shut();
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for Enumerate<I> {}

/// `a.zip(b)`.
#[derive(Copy, Clone, Debug)]
pub struct Zip<I, J> {
    pub(super) a: I,
    pub(super) b: J,
}
impl<'b, I: Indexed<'b>, J: Indexed<'b>> Iter<'b> for Zip<I, J> {
    type Item = (I::Item, J::Item);
    fn b(&self) -> B<'b> {
        self.a.b()
    }
    fn length(&self) -> Len<'b> {
        self.a.length().min(self.b.length())
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        Some((self.a.nth_item(i)?, self.b.nth_item(i)?))
    }
}
impl<'b, I: Indexed<'b>, J: Indexed<'b>> Indexed<'b> for Zip<I, J> {}

/// `std::iter::zip(a, b)`.
pub fn zip<'b, I: IntoStagedIter<'b>, J: IntoStagedIter<'b>>(
    _: B<'b>,
    a: I,
    b: J,
) -> Zip<I::Iter, J::Iter>
where
    I::Iter: Indexed<'b>,
    J::Iter: Indexed<'b>,
{
    Zip {
        a: a.into_staged_iter(),
        b: b.into_staged_iter(),
    }
}

/// `a.chain(b)`.
#[derive(Copy, Clone, Debug)]
pub struct Chain<I, J> {
    pub(super) a: I,
    pub(super) b: J,
}
impl<'b, P: Staged<'b>, I: Indexed<'b, Item = P>, J: Indexed<'b, Item = P>> Iter<'b>
    for Chain<I, J>
{
    type Item = P;
    fn b(&self) -> B<'b> {
        self.a.b()
    }
    fn length(&self) -> Len<'b> {
        match (self.a.length(), self.b.length()) {
            (Len::Known(a), Len::Known(b)) => Len::Known(a + b),
            (Len::Unknown, _) | (_, Len::Unknown) => Len::Unknown,
            (Len::Endless, _) | (_, Len::Endless) => Len::Endless,
        }
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<P> {
        let Len::Known(n) = self.a.length() else {
            return self.a.nth_item(i);
        };
        let b = self.b();
        let k = super::if_(b, super::lt(b, i, n));
        let x = self.a.nth_item(i)?;
        let k = k.else_(x);
        let y = self.b.nth_item(i - n)?;
        Some(k.end(y))
    }
}
impl<'b, P: Staged<'b>, I: Indexed<'b, Item = P>, J: Indexed<'b, Item = P>> Indexed<'b>
    for Chain<I, J>
{
}

/// `it.rev()`.
#[derive(Copy, Clone, Debug)]
pub struct Rev<I> {
    pub(super) it: I,
}
impl<'b, I: Indexed<'b>> Iter<'b> for Rev<I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        self.it.length()
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        match self.it.length() {
            Len::Known(n) => self.it.nth_item(n - lit(self.b(), 1) - i),
            Len::Endless | Len::Unknown => self.it.nth_item(i),
        }
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for Rev<I> {}

/// `it.step_by(n)`.
#[derive(Copy, Clone, Debug)]
pub struct StepBy<'b, I> {
    pub(super) it: I,
    pub(super) n: Expr<'b, usize>,
}
impl<'b, I: Indexed<'b>> Iter<'b> for StepBy<'b, I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        let one = lit(self.b(), 1);
        self.it.length().with(|len| (len + self.n - one) / self.n)
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        self.it.nth_item(i * self.n)
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for StepBy<'b, I> {}

/// `it.cycle()`.
#[derive(Copy, Clone, Debug)]
pub struct Cycle<I> {
    pub(super) it: I,
}
impl<'b, I: Indexed<'b>> Iter<'b> for Cycle<I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        // Of nothing, nothing.
        match self.it.length() {
            Len::Known(n) => {
                let b = self.b();
                let none = super::eq(b, n, lit(b, 0));
                Len::Known(none.select(lit(b, 0), lit(b, usize::MAX)))
            }
            other => other,
        }
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        match self.it.length() {
            Len::Known(n) => self.it.nth_item(i % n),
            _ => self.it.nth_item(i),
        }
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for Cycle<I> {}

/// `it.skip(n)`.
#[derive(Copy, Clone, Debug)]
pub struct Skip<'b, I> {
    pub(super) it: I,
    pub(super) n: Expr<'b, usize>,
    pub(super) count: Option<Var<'b, Expr<'b, usize>>>,
}
impl<'b, I: Iter<'b>> Iter<'b> for Skip<'b, I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        self.it.length().with(|n| n.saturating_sub(self.n))
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        self.it.nth_item(i + self.n)
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        if !matches!(self.it.length(), Len::Unknown) {
            return super::iter::open_by_index(self);
        }
        let b = self.b();
        let count = var(b, lit(b, 0usize));
        self.count = Some(count);
        let (_, x) = self.it.open_at();
        let i = rd(count);
        wr(count, i + lit(b, 1));
        b.open_if(super::ge(b, i, self.n).v());
        (None, x)
    }
    fn shut(&mut self) {
        let b = self.b();
        b.close();
        if self.count.is_some() {
            self.it.shut();
        }
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for Skip<'b, I> {}

/// `it.take(n)`.
#[derive(Copy, Clone, Debug)]
pub struct Take<'b, I> {
    pub(super) it: I,
    pub(super) n: Expr<'b, usize>,
    pub(super) count: Option<Var<'b, Expr<'b, usize>>>,
}
impl<'b, I: Iter<'b>> Iter<'b> for Take<'b, I> {
    type Item = I::Item;
    fn b(&self) -> B<'b> {
        self.it.b()
    }
    fn length(&self) -> Len<'b> {
        match self.it.length() {
            Len::Unknown => Len::Unknown,
            len => len.min(Len::Known(self.n)),
        }
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<I::Item> {
        self.it.nth_item(i)
    }
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        if !matches!(self.it.length(), Len::Unknown) {
            return super::iter::open_by_index(self);
        }
        let b = self.b();
        let count = var(b, lit(b, 0usize));
        self.count = Some(count);
        let l = b.open_block();
        let (_, x) = self.it.open_at();
        let i = rd(count);
        b.open_if(super::ge(b, i, self.n).v());
        b.br(l);
        b.close();
        wr(count, i + lit(b, 1));
        (Some(i), x)
    }
    fn shut(&mut self) {
        let b = self.b();
        if self.count.is_some() {
            self.it.shut();
        }
        b.close();
    }
}
impl<'b, I: Indexed<'b>> Indexed<'b> for Take<'b, I> {}

/// What every adaptor that drops items has in common: it has no items by index.
macro_rules! no_index {
    () => {
        fn b(&self) -> B<'b> {
            self.it.b()
        }
        fn length(&self) -> Len<'b> {
            Len::Unknown
        }
        fn nth_item(&self, _: Expr<'b, usize>) -> Option<Self::Item> {
            None
        }
    };
}

/// `it.filter(f)`.
#[derive(Copy, Clone, Debug)]
pub struct Filter<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, F: Fn(I::Item) -> Expr<'b, bool> + Copy> Iter<'b> for Filter<I, F>
where
    I::Item: Copy,
{
    type Item = I::Item;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        let (_, x) = self.it.open_at();
        self.b().open_if((self.f)(x).v());
        (None, x)
    }
    fn shut(&mut self) {
        self.b().close();
        self.it.shut();
    }
}

/// `it.filter_map(f)`.
#[derive(Copy, Clone, Debug)]
pub struct FilterMap<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, P: Staged<'b>, F: Fn(I::Item) -> Opt<'b, P> + Copy> Iter<'b>
    for FilterMap<I, F>
{
    type Item = P;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, P) {
        let (_, x) = self.it.open_at();
        let y = (self.f)(x);
        self.b().open_if(y.is_some().v());
        (None, y.__get_Some().0)
    }
    fn shut(&mut self) {
        self.b().close();
        self.it.shut();
    }
}

/// `it.take_while(f)`.
#[derive(Copy, Clone, Debug)]
pub struct TakeWhile<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, F: Fn(I::Item) -> Expr<'b, bool> + Copy> Iter<'b> for TakeWhile<I, F>
where
    I::Item: Copy,
{
    type Item = I::Item;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        let b = self.b();
        let l = b.open_block();
        let (i, x) = self.it.open_at();
        let stop = !(self.f)(x);
        b.open_if(stop.v());
        b.br(l);
        b.close();
        (i, x)
    }
    fn shut(&mut self) {
        self.it.shut();
        self.b().close();
    }
}

/// `it.skip_while(f)`.
#[derive(Copy, Clone, Debug)]
pub struct SkipWhile<'b, I, F> {
    pub(super) it: I,
    pub(super) f: F,
    pub(super) going: Option<Var<'b, Expr<'b, bool>>>,
}
impl<'b, I: Iter<'b>, F: Fn(I::Item) -> Expr<'b, bool> + Copy> Iter<'b> for SkipWhile<'b, I, F>
where
    I::Item: Copy,
{
    type Item = I::Item;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, I::Item) {
        let b = self.b();
        let going = var(b, lit(b, false));
        self.going = Some(going);
        let (_, x) = self.it.open_at();
        b.open_if((!rd(going)).v());
        wr(going, !(self.f)(x));
        b.close();
        b.open_if(rd(going).v());
        (None, x)
    }
    fn shut(&mut self) {
        self.b().close();
        self.it.shut();
    }
}

/// `it.map_while(f)`.
#[derive(Copy, Clone, Debug)]
pub struct MapWhile<I, F> {
    pub(super) it: I,
    pub(super) f: F,
}
impl<'b, I: Iter<'b>, P: Staged<'b>, F: Fn(I::Item) -> Opt<'b, P> + Copy> Iter<'b>
    for MapWhile<I, F>
{
    type Item = P;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, P) {
        let b = self.b();
        let l = b.open_block();
        let (i, x) = self.it.open_at();
        let y = (self.f)(x);
        b.open_if(y.is_none().v());
        b.br(l);
        b.close();
        (i, y.__get_Some().0)
    }
    fn shut(&mut self) {
        self.it.shut();
        self.b().close();
    }
}

/// `it.scan(init, f)`.
#[derive(Copy, Clone, Debug)]
pub struct Scan<'b, I, S, F> {
    pub(super) it: I,
    pub(super) init: S,
    pub(super) f: F,
    pub(super) state: Option<Var<'b, S>>,
}
impl<'b, I, S, P, F> Iter<'b> for Scan<'b, I, S, F>
where
    I: Iter<'b>,
    S: Staged<'b>,
    P: Staged<'b>,
    F: Fn(Var<'b, S>, I::Item) -> Opt<'b, P> + Copy,
{
    type Item = P;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, P) {
        let b = self.b();
        let state = var(b, self.init);
        self.state = Some(state);
        let l = b.open_block();
        let (i, x) = self.it.open_at();
        let y = (self.f)(state, x);
        b.open_if(y.is_none().v());
        b.br(l);
        b.close();
        (i, y.__get_Some().0)
    }
    fn shut(&mut self) {
        self.it.shut();
        self.b().close();
    }
}

/// `it.flat_map(f)`.
#[derive(Copy, Clone, Debug)]
pub struct FlatMap<I, F, J> {
    pub(super) it: I,
    pub(super) f: F,
    pub(super) inner: Option<J>,
}
impl<'b, I: Iter<'b>, K: IntoStagedIter<'b>, F: Fn(I::Item) -> K + Copy> Iter<'b>
    for FlatMap<I, F, K::Iter>
{
    type Item = <K::Iter as Iter<'b>>::Item;
    no_index!();
    fn open_at(&mut self) -> (Option<Expr<'b, usize>>, Self::Item) {
        let (_, x) = self.it.open_at();
        let mut inner = (self.f)(x).into_staged_iter();
        let (_, y) = inner.open_at();
        self.inner = Some(inner);
        (None, y)
    }
    fn shut(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.shut();
        }
        self.it.shut();
    }
}

/// `std::iter::repeat(x)`.
#[derive(Copy, Clone, Debug)]
pub struct Repeat<'b, P> {
    b: B<'b>,
    x: P,
    n: Len<'b>,
}
/// `std::iter::once(x)` is a repetition.
pub type Once<'b, P> = Repeat<'b, P>;
impl<'b, P: Staged<'b>> Iter<'b> for Repeat<'b, P> {
    type Item = P;
    fn b(&self) -> B<'b> {
        self.b
    }
    fn length(&self) -> Len<'b> {
        self.n
    }
    fn nth_item(&self, _: Expr<'b, usize>) -> Option<P> {
        Some(self.x)
    }
}
impl<'b, P: Staged<'b>> Indexed<'b> for Repeat<'b, P> {}
/// `std::iter::repeat(x)`.
pub fn repeat<'b, P: Staged<'b>>(b: B<'b>, x: P) -> Repeat<'b, P> {
    let n = Len::Endless;
    Repeat { b, x, n }
}
/// `std::iter::repeat_n(x, n)`.
pub fn repeat_n<'b, P: Staged<'b>>(b: B<'b>, x: P, n: Expr<'b, usize>) -> Repeat<'b, P> {
    let n = Len::Known(n);
    Repeat { b, x, n }
}
/// `std::iter::once(x)`.
pub fn once<'b, P: Staged<'b>>(b: B<'b>, x: P) -> Repeat<'b, P> {
    let n = Len::Known(lit(b, 1));
    Repeat { b, x, n }
}

/// `x.chunks(n)`, `x.windows(n)`, `x.chunks_exact(n)`: slices at regular places.
#[derive(Debug)]
pub struct Chunks<'b, P> {
    pub(super) of: super::Seq<'b, P>,
    /// The number of slices.
    pub(super) count: Expr<'b, usize>,
    /// From the start of one to the start of the next.
    pub(super) step: Expr<'b, usize>,
    /// The length of each; the last one may be cut short.
    pub(super) size: Expr<'b, usize>,
}
impl<P> Copy for Chunks<'_, P> {}
impl<P> Clone for Chunks<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<'b, P: Staged<'b>> Iter<'b> for Chunks<'b, P> {
    type Item = super::Seq<'b, P>;
    fn b(&self) -> B<'b> {
        self.of.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Known(self.count)
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        let lo = i * self.step;
        let hi = (lo + self.size).min(self.of.len());
        Some(self.of.slice(lo, hi))
    }
}
impl<'b, P: Staged<'b>> Indexed<'b> for Chunks<'b, P> {}

/// `x.chunks_mut(n)`, `x.chunks_exact_mut(n)`.
#[derive(Debug)]
pub struct ChunksMut<'b, S> {
    pub(super) of: Var<'b, S>,
    pub(super) len: Expr<'b, usize>,
    pub(super) count: Expr<'b, usize>,
    pub(super) size: Expr<'b, usize>,
}
impl<S> Copy for ChunksMut<'_, S> {}
impl<S> Clone for ChunksMut<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<'b, S: super::AsSeq<'b>> Iter<'b> for ChunksMut<'b, S> {
    type Item = Var<'b, super::Seq<'b, S::Elem>>;
    fn b(&self) -> B<'b> {
        self.of.b()
    }
    fn length(&self) -> Len<'b> {
        Len::Known(self.count)
    }
    fn nth_item(&self, i: Expr<'b, usize>) -> Option<Self::Item> {
        let lo = i * self.size;
        let hi = (lo + self.size).min(self.len);
        Some(self.of.window(lo.v(), hi.v()))
    }
}
impl<'b, S: super::AsSeq<'b>> Indexed<'b> for ChunksMut<'b, S> {}
