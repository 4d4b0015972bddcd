//! What consumes an iterator: sums, folds, searches, `collect`.

use super::cmp::Order;
use super::expr::{Expr, lit};
use super::flow::for_range;
use super::iter::{Iter, Len};
use super::opt::{Opt, none, some};
use super::plain::array_type;
use super::scalar::{Num, Real};
use super::seq::Seq;
use super::staged::{Staged, elem_type};
use super::stager::B;
use super::var::{Var, rd, var, wr};
use super::{StagedEq, StagedOrd};
use crate::ir::{ArrayOp, ConvertOp};

/// What `sum` gives for items of type `P`.
#[diagnostic::on_unimplemented(
    message = "a sum of `{P}` cannot be `{Self}` in a `#[differentiable]` function"
)]
pub trait Sum<'b, P>: Staged<'b> {
    /// The sum of nothing.
    fn zero(b: B<'b>) -> Self;
    /// One more.
    fn plus(self, x: P) -> Self;
}
/// What `product` gives for items of type `P`.
pub trait Product<'b, P>: Staged<'b> {
    /// The product of nothing.
    fn one(b: B<'b>) -> Self;
    /// One more.
    fn times(self, x: P) -> Self;
}
impl<'b, T: Num> Sum<'b, Expr<'b, T>> for Expr<'b, T> {
    fn zero(b: B<'b>) -> Self {
        // The sum of no floats is -0 in Rust, which changes no sum.
        let zero = lit(b, T::small(0));
        if T::DTYPE.is_float() { -zero } else { zero }
    }
    fn plus(self, x: Self) -> Self {
        self + x
    }
}
impl<'b, T: Num> Product<'b, Expr<'b, T>> for Expr<'b, T> {
    fn one(b: B<'b>) -> Self {
        lit(b, T::small(1))
    }
    fn times(self, x: Self) -> Self {
        self * x
    }
}

/// What `collect` makes of items of type `P`.
#[diagnostic::on_unimplemented(
    message = "items of type `{P}` cannot be collected into `{Self}` in a `#[differentiable]` function",
    note = "collect into a Vec"
)]
pub trait Collect<'b, P>: Sized {
    /// Runs the iterator.
    fn collect_from<I: Iter<'b, Item = P>>(it: I) -> Self;
}
impl<'b, P: Staged<'b>> Collect<'b, P> for Seq<'b, P> {
    fn collect_from<I: Iter<'b, Item = P>>(mut it: I) -> Self {
        let b = it.b();
        if let Len::Known(n) = it.length()
            && elem_type::<P>().is_static()
            && elem_type::<P>().as_tensor().is_some()
        {
            // As many as the length: an array filled in place.
            let blank = b.op(crate::ir::ConstOp::Default(elem_type::<P>()), &[]);
            let all = b.op(ArrayOp::Fill, &[blank, n.v()]);
            debug_assert!(b.ty(all).fits(&array_type::<P>(None)));
            let out: Var<'b, Seq<'b, P>> = var(b, Seq::of(b, all));
            let i = for_range(lit(b, 0), n);
            if let Some(x) = it.nth_item(i) {
                wr(out.element(i.v()), x);
            }
            b.close();
            return rd(out);
        }
        let out = var(b, Seq::empty(b));
        let x = it.open(b);
        wr(out, rd(out).pushed(x));
        it.close(b);
        rd(out)
    }
}
impl<'b, P: Staged<'b>> Collect<'b, Opt<'b, P>> for Opt<'b, Seq<'b, P>> {
    fn collect_from<I: Iter<'b, Item = Opt<'b, P>>>(mut it: I) -> Self {
        let b = it.b();
        let out = var(b, some(b, Seq::empty(b)));
        let l = b.open_block();
        let x = it.open(b);
        b.open_if(x.is_none().v());
        wr(out, none(b));
        b.br(l);
        b.close();
        let all = rd(out).__get_Some().0;
        wr(out, some(b, all.pushed(x.__get_Some().0)));
        it.close(b);
        b.close();
        rd(out)
    }
}

/// The consuming methods of iterators.
pub trait Consume<'b>: Iter<'b> {
    /// `it.sum()`.
    fn sum<S: Sum<'b, Self::Item>>(self) -> S {
        let b = self.b();
        self.fold(S::zero(b), |s, x| s.plus(x))
    }
    /// `it.product()`.
    fn product<S: Product<'b, Self::Item>>(self) -> S {
        let b = self.b();
        self.fold(S::one(b), |s, x| s.times(x))
    }
    /// `it.fold(init, f)`.
    fn fold<S: Staged<'b>>(mut self, init: S, f: impl Fn(S, Self::Item) -> S) -> S {
        let b = self.b();
        let acc = var(b, init);
        let x = self.open(b);
        wr(acc, f(rd(acc), x));
        self.close(b);
        rd(acc)
    }
    /// `it.reduce(f)`.
    fn reduce<P: Staged<'b>>(mut self, f: impl Fn(P, P) -> P) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        let acc = var(b, none(b));
        let x = self.open(b);
        let old: Opt<'b, P> = rd(acc);
        let k = super::if_(b, old.is_some());
        let y = f(old.__get_Some().0, x);
        let k = k.else_(y);
        wr(acc, some(b, k.end(x)));
        self.close(b);
        rd(acc)
    }
    /// `it.for_each(f)`.
    fn for_each(mut self, f: impl Fn(Self::Item)) {
        let b = self.b();
        let x = self.open(b);
        f(x);
        self.close(b);
    }
    /// `it.count()`.
    fn count(mut self) -> Expr<'b, usize> {
        let b = self.b();
        if let Len::Known(n) = self.length() {
            return n;
        }
        let n = var(b, lit(b, 0usize));
        let _ = self.open(b);
        wr(n, rd(n) + lit(b, 1));
        self.close(b);
        rd(n)
    }
    /// `it.last()`.
    fn last<P: Staged<'b>>(mut self) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        let out = var(b, none(b));
        let x = self.open(b);
        wr(out, some(b, x));
        self.close(b);
        rd(out)
    }
    /// `it.nth(n)` of an iterator not used afterwards.
    fn nth<P: Staged<'b>>(self, n: Expr<'b, usize>) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        self.skip(n).find(|_| lit(n.b(), true))
    }
    /// `it.find(f)`.
    fn find<P: Staged<'b>>(mut self, f: impl Fn(P) -> Expr<'b, bool>) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        let out = var(b, none(b));
        let l = b.open_block();
        let x = self.open(b);
        b.open_if(f(x).v());
        wr(out, some(b, x));
        b.br(l);
        b.close();
        self.close(b);
        b.close();
        rd(out)
    }
    /// `it.find_map(f)`.
    fn find_map<P: Staged<'b>>(mut self, f: impl Fn(Self::Item) -> Opt<'b, P>) -> Opt<'b, P> {
        let b = self.b();
        let out = var(b, none(b));
        let l = b.open_block();
        let x = self.open(b);
        let y = f(x);
        b.open_if(y.is_some().v());
        wr(out, y);
        b.br(l);
        b.close();
        self.close(b);
        b.close();
        rd(out)
    }
    /// `it.position(f)`.
    fn position(self, f: impl Fn(Self::Item) -> Expr<'b, bool> + Copy) -> Opt<'b, Expr<'b, usize>> {
        let b = self.b();
        self.enumerate().find_map(|(i, x)| {
            let k = super::if_(b, f(x));
            let k = k.else_(some(b, i));
            k.end(none(b))
        })
    }
    /// `it.any(f)`.
    fn any(self, f: impl Fn(Self::Item) -> Expr<'b, bool>) -> Expr<'b, bool> {
        self.until(f, true)
    }
    /// `it.all(f)`.
    fn all(self, f: impl Fn(Self::Item) -> Expr<'b, bool>) -> Expr<'b, bool> {
        self.until(|x| !f(x), false)
    }
    /// `found` if some item satisfies `f`, else not.
    #[doc(hidden)]
    fn until(mut self, f: impl Fn(Self::Item) -> Expr<'b, bool>, found: bool) -> Expr<'b, bool> {
        let b = self.b();
        let out = var(b, lit(b, !found));
        let l = b.open_block();
        let x = self.open(b);
        b.open_if(f(x).v());
        wr(out, lit(b, found));
        b.br(l);
        b.close();
        self.close(b);
        b.close();
        rd(out)
    }
    /// `it.collect()`.
    fn collect<C: Collect<'b, Self::Item>>(self) -> C {
        C::collect_from(self)
    }
    /// `it.unzip()`.
    fn unzip<P: Staged<'b>, Q: Staged<'b>>(mut self) -> (Seq<'b, P>, Seq<'b, Q>)
    where
        Self: Iter<'b, Item = (P, Q)>,
    {
        let b = self.b();
        let (ps, qs) = (var(b, Seq::empty(b)), var(b, Seq::empty(b)));
        let (p, q) = self.open(b);
        wr(ps, rd(ps).pushed(p));
        wr(qs, rd(qs).pushed(q));
        self.close(b);
        (rd(ps), rd(qs))
    }
    /// `it.min_by(f)`: the first of several.
    fn min_by<P: Staged<'b>>(self, f: impl Fn(P, P) -> Order<'b>) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        self.reduce(|x, y| x.choose(f(x, y).is_gt(), y))
    }
    /// `it.max_by(f)`: the last of several.
    fn max_by<P: Staged<'b>>(self, f: impl Fn(P, P) -> Order<'b>) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        self.reduce(|x, y| x.choose(f(x, y).is_le(), y))
    }
    /// `it.min()`.
    fn min<P: Staged<'b> + StagedOrd<'b>>(self) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        self.reduce(|x, y| x.choose(y.less(b, x), y))
    }
    /// `it.max()`.
    fn max<P: Staged<'b> + StagedOrd<'b>>(self) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        self.reduce(|x, y| x.choose(x.less_eq(b, y), y))
    }
    /// `it.min_by_key(f)`.
    fn min_by_key<P: Staged<'b>, K: Staged<'b> + StagedOrd<'b>>(
        self,
        f: impl Fn(P) -> K + Copy,
    ) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        self.reduce(|x, y| x.choose(f(y).less(b, f(x)), y))
    }
    /// `it.max_by_key(f)`.
    fn max_by_key<P: Staged<'b>, K: Staged<'b> + StagedOrd<'b>>(
        self,
        f: impl Fn(P) -> K + Copy,
    ) -> Opt<'b, P>
    where
        Self: Iter<'b, Item = P>,
    {
        let b = self.b();
        self.reduce(|x, y| x.choose(f(x).less_eq(b, f(y)), y))
    }
    /// `it.eq(other)` of iterators of known length.
    fn eq<P: Staged<'b> + StagedEq<'b>, J: super::IntoStagedIter<'b>>(
        self,
        other: J,
    ) -> Expr<'b, bool>
    where
        Self: Iter<'b, Item = P>,
        J::Iter: Iter<'b, Item = P>,
    {
        let b = self.b();
        let xs: Seq<'b, P> = self.collect();
        let ys: Seq<'b, P> = other.into_staged_iter().collect();
        xs.equal(b, ys)
    }
}
impl<'b, I: Iter<'b>> Consume<'b> for I {}

/// `if c { other } else { self }` of any proxy.
trait Choose<'b>: Staged<'b> {
    fn choose(self, c: Expr<'b, bool>, other: Self) -> Self {
        let k = super::if_(c.b(), c);
        let k = k.else_(other);
        k.end(self)
    }
}
impl<'b, P: Staged<'b>> Choose<'b> for P {}

/// Orders of numbers, for comparators.
impl<'b, T: Real> Expr<'b, T> {
    /// `x.partial_cmp(&y)`; `None` where either is NaN.
    pub fn partial_cmp(self, other: Self) -> Opt<'b, Order<'b>> {
        let b = self.b();
        let known = super::eq(b, self, self) & super::eq(b, other, other);
        let o = self.cmp(other);
        let k = super::if_(b, known);
        let k = k.else_(some(b, o));
        k.end(none(b))
    }
    /// `x.cmp(&y)`.
    #[allow(clippy::should_implement_trait, reason = "the method the user calls")]
    pub fn cmp(self, other: Self) -> Order<'b> {
        let b = self.b();
        Order::of(super::lt(b, self, other), super::gt(b, self, other))
    }
}
macro_rules! total {
    ($($f:ty, $i:ty, $shift:expr;)*) => {$(
        impl<'b> Expr<'b, $f> {
            /// `x.total_cmp(&y)`: the order of IEEE 754, from the bits.
            pub fn total_cmp(self, other: Self) -> Order<'b> {
                let key = |x: Self| -> Expr<'b, $i> {
                    let bits: Expr<'b, $i> = x.bits();
                    let sign = bits >> lit(self.b(), $shift);
                    // The magnitude bits of negative numbers are flipped.
                    bits ^ (sign & lit(self.b(), <$i>::MAX))
                };
                key(self).cmp(key(other))
            }
            fn bits(self) -> Expr<'b, $i> {
                let op = ConvertOp::Bitcast(<$i as super::Scalar>::DTYPE);
                Expr::of(self.b(), self.b().op(op, &[self.v()]))
            }
        }
    )*};
}
total! { f64, i64, 63i32; f32, i32, 31i32; }
