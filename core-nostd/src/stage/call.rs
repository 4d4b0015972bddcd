//! Calls between staged functions, and what a function's twin offers.

use super::staged::{Leaves, Staged, leaves, types};
use super::stager::B;
use super::var::{Var, var};
use crate::entity::Value;
use crate::ir::Type;
use alloc::vec::Vec;
use core::any::TypeId;

/// A parameter of the function under construction.
pub fn bind<'b, A: Arg<'b>>(b: B<'b>) -> A {
    A::bind(b)
}

/// The identity of a build function, and so of the function it stages.
pub fn key<F: 'static>(_: F) -> TypeId {
    TypeId::of::<F>()
}

/// What can be passed to a function: a value, or a place for a `&mut` parameter.
pub trait Arg<'b>: Copy {
    /// The leaves passed.
    fn pass(self) -> Vec<Value>;
    /// The types of the extra results.
    fn back_types(out: &mut Vec<Type>);
    /// Writes the extra results back.
    fn back(self, b: B<'b>, from: &mut Leaves<'_>);
    /// The parameter, in the callee.
    fn bind(b: B<'b>) -> Self;
}

impl<'b, P: Staged<'b>> Arg<'b> for P {
    fn pass(self) -> Vec<Value> {
        leaves(&self)
    }
    fn back_types(_: &mut Vec<Type>) {}
    fn back(self, _: B<'b>, _: &mut Leaves<'_>) {}
    fn bind(b: B<'b>) -> Self {
        b.params()
    }
}

impl<'b, P: Staged<'b>> Arg<'b> for Var<'b, P> {
    fn pass(self) -> Vec<Value> {
        leaves(&self.read())
    }
    fn back_types(out: &mut Vec<Type>) {
        P::types(out);
    }
    fn back(self, b: B<'b>, from: &mut Leaves<'_>) {
        self.write(&P::take(b, from));
    }
    fn bind(b: B<'b>) -> Self {
        var(b, b.params())
    }
}

/// A call under construction: arguments in order, then [`end`](Self::end).
#[derive(Debug)]
pub struct Call<'b> {
    b: B<'b>,
    args: Vec<Value>,
    back: Vec<Type>,
    results: Vec<Value>,
    next: usize,
}

impl<'b> Call<'b> {
    /// Starts a call.
    pub fn new(b: B<'b>) -> Self {
        Call {
            b,
            args: Vec::new(),
            back: Vec::new(),
            results: Vec::new(),
            next: 0,
        }
    }
    /// Passes an argument.
    pub fn arg<A: Arg<'b>>(&mut self, a: A) {
        self.args.extend(a.pass());
        A::back_types(&mut self.back);
    }
    /// Emits the call and gives the result. Then [`back`](Self::back) for each argument.
    pub fn end<R: Staged<'b>>(&mut self, name: &str, key: TypeId, build: fn(B<'_>)) -> R {
        let f = self.b.function(name, key, build);
        self.emit(|b, args, tys| b.ir().call(f, args, tys))
    }
    /// Emits what computes the results, which are of the types given, of the arguments.
    pub(super) fn emit<R: Staged<'b>>(
        &mut self,
        emit: impl FnOnce(B<'b>, &[Value], &[Type]) -> Vec<Value>,
    ) -> R {
        let mut tys = types::<R>();
        let n = tys.len();
        tys.append(&mut self.back);
        self.results = emit(self.b, &self.args, &tys);
        self.next = n;
        R::take(self.b, &mut self.results[..n].iter())
    }
    /// Writes back what the call stored through a `&mut` argument.
    pub fn back<A: Arg<'b>>(&mut self, a: A) {
        let mut it = self.results[self.next..].iter();
        a.back(self.b, &mut it);
        self.next = self.results.len() - it.len();
    }
}

/// The results of a function: those of its value, then of its `&mut` parameters ([`Outs::back`] in order).
#[derive(Debug)]
pub struct Outs(Vec<Value>, Vec<Type>);

impl Outs {
    /// Starts with the value.
    pub fn new<'b, R: Staged<'b>>(r: R) -> Outs {
        Outs(leaves(&r), types::<R>())
    }
    /// Adds what a parameter gives back.
    pub fn back<'b, A: Arg<'b>>(&mut self, a: A) {
        let mut tys = Vec::new();
        A::back_types(&mut tys);
        if !tys.is_empty() {
            self.0.extend(a.pass());
            self.1.extend(tys);
        }
    }
    /// Ends the function.
    pub fn end(self, b: B<'_>) {
        b.finish(self.0, self.1);
    }
}
