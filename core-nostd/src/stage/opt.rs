//! `Option` and `Result`: a `bool` tag and the payloads; what is not there holds the zeros of its types.

use super::expr::{Expr, lit};
use super::flow::{assert, diverge, if_};
use super::scalar::Scalar;
use super::staged::{Leaves, Staged};
use super::stager::B;
use super::var::{Var, rd};
use super::{Diff, StagedEq};
use crate::entity::Value;
use crate::ir::{BinaryOp, Type};
use alloc::vec::Vec;

/// The proxy of `Option<T>`.
#[derive(Copy, Clone, Debug)]
pub struct Opt<'b, P> {
    b: B<'b>,
    tag: Expr<'b, bool>,
    val: P,
}

/// The proxy of `Result<T, E>`.
#[derive(Copy, Clone, Debug)]
pub struct Res<'b, P, E> {
    b: B<'b>,
    tag: Expr<'b, bool>,
    val: P,
    err: E,
}

/// The places of the parts of an [`Opt`].
#[derive(Copy, Clone, Debug)]
pub struct OptRefs<'b, P> {
    tag: Var<'b, Expr<'b, bool>>,
    val: Var<'b, P>,
}

/// The places of the parts of a [`Res`].
#[derive(Copy, Clone, Debug)]
pub struct ResRefs<'b, P, E> {
    tag: Var<'b, Expr<'b, bool>>,
    val: Var<'b, P>,
    err: Var<'b, E>,
}

/// `Some(x)`.
pub fn some<'b, P: Staged<'b>>(b: B<'b>, x: P) -> Opt<'b, P> {
    Opt {
        b,
        tag: lit(b, true),
        val: x,
    }
}
/// `None`.
pub fn none<'b, P: Staged<'b>>(b: B<'b>) -> Opt<'b, P> {
    Opt {
        b,
        tag: lit(b, false),
        val: diverge(b),
    }
}
/// `Ok(x)`.
pub fn ok<'b, P: Staged<'b>, E: Staged<'b>>(b: B<'b>, x: P) -> Res<'b, P, E> {
    Res {
        b,
        tag: lit(b, true),
        val: x,
        err: diverge(b),
    }
}
/// `Err(e)`.
pub fn err<'b, P: Staged<'b>, E: Staged<'b>>(b: B<'b>, e: E) -> Res<'b, P, E> {
    Res {
        b,
        tag: lit(b, false),
        val: diverge(b),
        err: e,
    }
}

impl<'b, P: Staged<'b>> Staged<'b> for Opt<'b, P> {
    type Refs = OptRefs<'b, P>;
    fn types(out: &mut Vec<Type>) {
        out.push(bool::DTYPE.into());
        P::types(out);
    }
    fn put(&self, out: &mut Vec<Value>) {
        self.tag.put(out);
        self.val.put(out);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        Opt {
            b,
            tag: Expr::take(b, from),
            val: P::take(b, from),
        }
    }
    fn refs(v: Var<'b, Self>) -> Self::Refs {
        let mut parts = v.split();
        OptRefs {
            tag: parts.field(),
            val: parts.field(),
        }
    }
}

impl<'b, P: Staged<'b>, E: Staged<'b>> Staged<'b> for Res<'b, P, E> {
    type Refs = ResRefs<'b, P, E>;
    fn types(out: &mut Vec<Type>) {
        out.push(bool::DTYPE.into());
        P::types(out);
        E::types(out);
    }
    fn put(&self, out: &mut Vec<Value>) {
        self.tag.put(out);
        self.val.put(out);
        self.err.put(out);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        Res {
            b,
            tag: Expr::take(b, from),
            val: P::take(b, from),
            err: E::take(b, from),
        }
    }
    fn refs(v: Var<'b, Self>) -> Self::Refs {
        let mut parts = v.split();
        ResRefs {
            tag: parts.field(),
            val: parts.field(),
            err: parts.field(),
        }
    }
}

/// The names that patterns use; see `macros/src/pattern.rs`.
#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b, P: Staged<'b>> Opt<'b, P> {
    pub fn __is_Some(self) -> Expr<'b, bool> {
        self.tag
    }
    pub fn __is_None(self) -> Expr<'b, bool> {
        !self.tag
    }
    pub fn __get_Some(self) -> (P,) {
        (self.val,)
    }
}
#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b, P: Staged<'b>> OptRefs<'b, P> {
    pub fn __is_Some(self) -> Expr<'b, bool> {
        rd(self.tag)
    }
    pub fn __is_None(self) -> Expr<'b, bool> {
        !rd(self.tag)
    }
    pub fn __get_Some(self) -> (Var<'b, P>,) {
        (self.val,)
    }
}
#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b, P: Staged<'b>, E: Staged<'b>> Res<'b, P, E> {
    pub fn __is_Ok(self) -> Expr<'b, bool> {
        self.tag
    }
    pub fn __is_Err(self) -> Expr<'b, bool> {
        !self.tag
    }
    pub fn __get_Ok(self) -> (P,) {
        (self.val,)
    }
    pub fn __get_Err(self) -> (E,) {
        (self.err,)
    }
}
#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b, P: Staged<'b>, E: Staged<'b>> ResRefs<'b, P, E> {
    pub fn __is_Ok(self) -> Expr<'b, bool> {
        rd(self.tag)
    }
    pub fn __is_Err(self) -> Expr<'b, bool> {
        !rd(self.tag)
    }
    pub fn __get_Ok(self) -> (Var<'b, P>,) {
        (self.val,)
    }
    pub fn __get_Err(self) -> (Var<'b, E>,) {
        (self.err,)
    }
}

/// `?`: whether it leaves, and what it gives otherwise.
pub trait Try<'b>: Copy {
    /// What `x?` is.
    type Out;
    /// Whether the function is left.
    fn failed(self, b: B<'b>) -> Expr<'b, bool>;
    /// What `x?` is where it is not.
    fn output(self) -> Self::Out;
    /// What the function returns where it is.
    fn residual<R: From_<'b, Self>>(self, b: B<'b>) -> R {
        R::from_residual(self, b)
    }
}
/// What a function returns where `?` leaves it.
pub trait From_<'b, T>: Staged<'b> {
    /// The result made of what `?` was applied to.
    fn from_residual(t: T, b: B<'b>) -> Self;
}
impl<'b, P: Staged<'b>> Try<'b> for Opt<'b, P> {
    type Out = P;
    fn failed(self, _: B<'b>) -> Expr<'b, bool> {
        !self.tag
    }
    fn output(self) -> P {
        self.val
    }
}
impl<'b, P: Staged<'b>, Q: Staged<'b>> From_<'b, Opt<'b, P>> for Opt<'b, Q> {
    fn from_residual(_: Opt<'b, P>, b: B<'b>) -> Self {
        none(b)
    }
}
impl<'b, P: Staged<'b>, E: Staged<'b>> Try<'b> for Res<'b, P, E> {
    type Out = P;
    fn failed(self, _: B<'b>) -> Expr<'b, bool> {
        !self.tag
    }
    fn output(self) -> P {
        self.val
    }
}
impl<'b, P: Staged<'b>, Q: Staged<'b>, E: Staged<'b>, F: Staged<'b> + From<E>>
    From_<'b, Res<'b, P, E>> for Res<'b, Q, F>
{
    fn from_residual(t: Res<'b, P, E>, b: B<'b>) -> Self {
        err(b, t.err.into())
    }
}

impl<'b, P: Staged<'b>> Opt<'b, P> {
    /// The value where there is one: `then` is staged under the tag.
    fn cases<Q: Staged<'b>>(self, then: impl FnOnce(P) -> Q, other: impl FnOnce() -> Q) -> Q {
        let k = if_(self.b, self.tag);
        let v = then(self.val);
        let k = k.else_(v);
        k.end(other())
    }
    /// `x.is_some()`.
    pub fn is_some(self) -> Expr<'b, bool> {
        self.tag
    }
    /// `x.is_none()`.
    pub fn is_none(self) -> Expr<'b, bool> {
        !self.tag
    }
    /// `x.is_some_and(f)`.
    pub fn is_some_and(self, f: impl FnOnce(P) -> Expr<'b, bool>) -> Expr<'b, bool> {
        let b = self.b;
        self.cases(f, || lit(b, false))
    }
    /// `x.unwrap()`.
    pub fn unwrap(self) -> P {
        let msg = "called `Option::unwrap()` on a `None` value";
        assert(self.b, self.tag, msg);
        self.val
    }
    /// `x.expect(msg)`.
    pub fn expect(self, msg: &str) -> P {
        assert(self.b, self.tag, msg);
        self.val
    }
    /// `x.unwrap_or(y)`.
    pub fn unwrap_or(self, other: P) -> P {
        self.cases(|x| x, || other)
    }
    /// `x.unwrap_or_else(f)`.
    pub fn unwrap_or_else(self, f: impl FnOnce() -> P) -> P {
        self.cases(|x| x, f)
    }
    /// `x.unwrap_or_default()`.
    pub fn unwrap_or_default(self) -> P
    where
        P: super::StagedDefault<'b>,
    {
        let b = self.b;
        self.cases(|x| x, || P::staged_default(b))
    }
    /// `x.map(f)`.
    pub fn map<Q: Staged<'b>>(self, f: impl FnOnce(P) -> Q) -> Opt<'b, Q> {
        let b = self.b;
        self.cases(|x| some(b, f(x)), || none(b))
    }
    /// `x.map_or(y, f)`.
    pub fn map_or<Q: Staged<'b>>(self, other: Q, f: impl FnOnce(P) -> Q) -> Q {
        self.cases(f, || other)
    }
    /// `x.map_or_else(g, f)`.
    pub fn map_or_else<Q: Staged<'b>>(
        self,
        other: impl FnOnce() -> Q,
        f: impl FnOnce(P) -> Q,
    ) -> Q {
        self.cases(f, other)
    }
    /// `x.and_then(f)`.
    pub fn and_then<Q: Staged<'b>>(self, f: impl FnOnce(P) -> Opt<'b, Q>) -> Opt<'b, Q> {
        let b = self.b;
        self.cases(f, || none(b))
    }
    /// `x.filter(f)`.
    pub fn filter(self, f: impl FnOnce(P) -> Expr<'b, bool>) -> Self {
        let b = self.b;
        let keep = self.cases(f, || lit(b, false));
        Opt { tag: keep, ..self }
    }
    /// `x.or(y)`.
    pub fn or(self, other: Self) -> Self {
        self.cases(|_| self, || other)
    }
    /// `x.or_else(f)`.
    pub fn or_else(self, f: impl FnOnce() -> Self) -> Self {
        self.cases(|_| self, f)
    }
    /// `x.ok_or(e)`.
    pub fn ok_or<E: Staged<'b>>(self, e: E) -> Res<'b, P, E> {
        Res {
            b: self.b,
            tag: self.tag,
            val: self.val,
            err: e,
        }
    }
    /// `x.zip(y)`.
    pub fn zip<Q: Staged<'b>>(self, other: Opt<'b, Q>) -> Opt<'b, (P, Q)> {
        Opt {
            b: self.b,
            tag: self.tag & other.tag,
            val: (self.val, other.val),
        }
    }
    /// `x.as_ref()`, `x.copied()`, `x.cloned()`.
    pub fn as_ref(self) -> Self {
        self
    }
    /// `x.copied()`.
    pub fn copied(self) -> Self {
        self
    }
    /// `x.cloned()`.
    pub fn cloned(self) -> Self {
        self
    }
    /// `x.take()` of a variable.
    pub fn take(&mut self) -> Self {
        let old = *self;
        *self = none(self.b);
        old
    }
    /// `x.replace(v)` of a variable.
    pub fn replace(&mut self, v: P) -> Self {
        let old = *self;
        *self = some(self.b, v);
        old
    }
    /// `x.insert(v)` of a variable.
    pub fn insert(&mut self, v: P) {
        *self = some(self.b, v);
    }
}

impl<'b, P: Staged<'b>> Var<'b, Opt<'b, P>> {
    /// `x.as_mut()`: a place where there is a value.
    pub fn as_mut(self) -> OptVar<'b, P> {
        let parts = super::refs(self);
        OptVar {
            tag: rd(parts.tag),
            val: parts.val,
        }
    }
}

/// The proxy of `Option<&mut T>`.
#[derive(Copy, Clone, Debug)]
pub struct OptVar<'b, P> {
    pub(super) tag: Expr<'b, bool>,
    pub(super) val: Var<'b, P>,
}
#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b, P: Staged<'b>> OptVar<'b, P> {
    pub fn __is_Some(self) -> Expr<'b, bool> {
        self.tag
    }
    pub fn __is_None(self) -> Expr<'b, bool> {
        !self.tag
    }
    pub fn __get_Some(self) -> (Var<'b, P>,) {
        (self.val,)
    }
    pub fn is_some(self) -> Expr<'b, bool> {
        self.tag
    }
    pub fn unwrap(self) -> Var<'b, P> {
        let msg = "called `Option::unwrap()` on a `None` value";
        assert(self.tag.b(), self.tag, msg);
        self.val
    }
    pub fn expect(self, msg: &str) -> Var<'b, P> {
        assert(self.tag.b(), self.tag, msg);
        self.val
    }
}
impl<'b, P: Staged<'b>> super::AsVal<'b> for OptVar<'b, P> {
    type Out = Self;
    fn val(self) -> Self {
        self
    }
    fn back(self, _: &Self, _: &Self) {}
}

impl<'b, P: Staged<'b>, E: Staged<'b>> Res<'b, P, E> {
    fn cases<Q: Staged<'b>>(self, then: impl FnOnce(P) -> Q, other: impl FnOnce(E) -> Q) -> Q {
        let k = if_(self.b, self.tag);
        let v = then(self.val);
        let k = k.else_(v);
        k.end(other(self.err))
    }
    /// `x.is_ok()`.
    pub fn is_ok(self) -> Expr<'b, bool> {
        self.tag
    }
    /// `x.is_err()`.
    pub fn is_err(self) -> Expr<'b, bool> {
        !self.tag
    }
    /// `x.ok()`.
    pub fn ok(self) -> Opt<'b, P> {
        Opt {
            b: self.b,
            tag: self.tag,
            val: self.val,
        }
    }
    /// `x.err()`.
    pub fn err(self) -> Opt<'b, E> {
        Opt {
            b: self.b,
            tag: !self.tag,
            val: self.err,
        }
    }
    /// `x.unwrap()`.
    pub fn unwrap(self) -> P {
        let msg = "called `Result::unwrap()` on an `Err` value";
        assert(self.b, self.tag, msg);
        self.val
    }
    /// `x.expect(msg)`.
    pub fn expect(self, msg: &str) -> P {
        assert(self.b, self.tag, msg);
        self.val
    }
    /// `x.unwrap_or(y)`.
    pub fn unwrap_or(self, other: P) -> P {
        self.cases(|x| x, |_| other)
    }
    /// `x.unwrap_or_else(f)`.
    pub fn unwrap_or_else(self, f: impl FnOnce(E) -> P) -> P {
        self.cases(|x| x, f)
    }
    /// `x.map(f)`.
    pub fn map<Q: Staged<'b>>(self, f: impl FnOnce(P) -> Q) -> Res<'b, Q, E> {
        let b = self.b;
        self.cases(|x| ok(b, f(x)), |e| err(b, e))
    }
    /// `x.map_err(f)`.
    pub fn map_err<F: Staged<'b>>(self, f: impl FnOnce(E) -> F) -> Res<'b, P, F> {
        let b = self.b;
        self.cases(|x| ok(b, x), |e| err(b, f(e)))
    }
    /// `x.and_then(f)`.
    pub fn and_then<Q: Staged<'b>>(self, f: impl FnOnce(P) -> Res<'b, Q, E>) -> Res<'b, Q, E> {
        let b = self.b;
        self.cases(f, |e| err(b, e))
    }
}

impl<'b, P: Staged<'b> + StagedEq<'b>> StagedEq<'b> for Opt<'b, P> {
    fn equal(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
        let same = self.tag.equal(b, other.tag);
        let k = if_(b, self.tag & other.tag);
        let v = self.val.equal(b, other.val);
        let k = k.else_(v);
        k.end(same)
    }
}
impl<'b, P: Staged<'b> + StagedEq<'b>, E: Staged<'b> + StagedEq<'b>> StagedEq<'b>
    for Res<'b, P, E>
{
    fn equal(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
        let same = self.tag.equal(b, other.tag);
        let vals = self.ok().equal(b, other.ok());
        let errs = self.err().equal(b, other.err());
        let all: Expr<'b, bool> = same.binary(BinaryOp::And, vals);
        all.binary(BinaryOp::And, errs)
    }
}

impl<T: Diff> Diff for Option<T> {
    type Proxy<'b> = Opt<'b, T::Proxy<'b>>;
}
impl<T: Diff, E: Diff> Diff for Result<T, E> {
    type Proxy<'b> = Res<'b, T::Proxy<'b>, E::Proxy<'b>>;
}
