//! Derivatives called inside a function, and derivative rules: how they are staged.
//!
//! `f::gradient(x)` in a twin becomes a derivative call of the IR, which lowering replaces by a call of the derived function.
//! Its Rust type is a `Result`; staging has no way to fail here, so the staged one is always `Ok`.

use super::staged::{Staged, leaves, types};
use super::stager::{B, Stager};
use crate::entity::Value;
use crate::error::Why;
use crate::ir::{ControlOp, CustomRule, DeriveKind, Op, PlaceOp, Type};
use alloc::vec::Vec;
use core::any::TypeId;

/// The function that a derivative is taken of.
#[derive(Copy, Clone, Debug)]
pub struct Callee {
    /// Its name.
    pub name: &'static str,
    /// Its identity; see [`key`](super::key()).
    pub key: TypeId,
    /// Emits its body.
    pub build: fn(B<'_>),
}

/// A derivative call under construction: the arguments in order, then one of the derivatives.
#[derive(Debug)]
pub struct Derived<'b> {
    b: B<'b>,
    callee: Callee,
    /// The leaves and their types, by argument.
    args: Vec<(Vec<Value>, Vec<Type>)>,
}

impl<'b> Derived<'b> {
    /// Starts a call.
    pub fn new(b: B<'b>, callee: Callee) -> Self {
        Derived {
            b,
            callee,
            args: Vec::new(),
        }
    }
    /// Adds an argument.
    pub fn arg<P: Staged<'b>>(&mut self, p: P) {
        self.args.push((leaves(&p), types::<P>()));
    }
    /// The gradient with respect to all arguments, or to one.
    pub fn gradient<G: Staged<'b>>(self, which: Option<usize>) -> G {
        let cts = self.call(DeriveKind::Gradient, which, &[], &[]);
        self.gradients(which, cts)
    }
    /// The value and the gradient.
    pub fn value_and_gradient<R: Staged<'b>, G: Staged<'b>>(self, which: Option<usize>) -> (R, G) {
        let tys = types::<R>();
        let mut out = self.call(DeriveKind::ValueAndGradient, which, &[], &tys);
        let cts = out.split_off(tys.len().min(out.len()));
        (R::take(self.b, &mut out.iter()), self.gradients(which, cts))
    }
    /// The value and its derivative in the direction of the tangents, one for each argument: a proxy like the argument, or
    /// of no leaves.
    pub fn jvp<R: Staged<'b>, T: Staged<'b>, D: Staged<'b>>(self, tangents: T) -> (R, D) {
        let tys = types::<R>();
        let given = leaves(&tangents);
        let mut given = given.into_iter();
        let mut ts = Vec::new();
        for (_, leaf) in &self.args {
            if leaf.iter().any(Type::has_tangent) {
                for ty in leaf {
                    let t = given.next();
                    if ty.has_tangent() {
                        self.smooth(ty);
                        ts.extend(t);
                    }
                }
            }
        }
        let mut out = self.call(DeriveKind::Jvp, None, &ts, &tys);
        let mut dys = out.split_off(tys.len().min(out.len())).into_iter();
        // The derivative of a result is like the result; what has no tangent space is copied.
        let smooth = tys.iter().any(Type::has_tangent);
        let mut ds = Vec::new();
        for (&y, ty) in out.iter().zip(&tys) {
            if ty.has_tangent() {
                self.smooth(ty);
                ds.extend(dys.next());
            } else if smooth {
                ds.push(y);
            }
        }
        (
            R::take(self.b, &mut out.iter()),
            D::take(self.b, &mut ds.iter()),
        )
    }

    /// The arguments chosen.
    fn chosen(&self, which: Option<usize>) -> impl Iterator<Item = &(Vec<Value>, Vec<Type>)> {
        self.args
            .iter()
            .enumerate()
            .filter(move |(i, _)| which.is_none_or(|w| w == *i))
            .map(|(_, a)| a)
    }
    /// Emits the call: the operands are all arguments and `more`; the results are of the types `first`, then a tangent for each
    /// chosen leaf or, for a jvp, for each of the first results.
    fn call(
        &self,
        kind: DeriveKind,
        which: Option<usize>,
        more: &[Value],
        first: &[Type],
    ) -> Vec<Value> {
        let Callee { name, key, build } = self.callee;
        let func = self.b.function(name, key, build);
        let mut operands = Vec::new();
        let (mut wrt, mut results) = (Vec::new(), first.to_vec());
        for (i, (vs, tys)) in self.args.iter().enumerate() {
            for (&v, ty) in vs.iter().zip(tys) {
                if ty.has_tangent() && which.is_none_or(|w| w == i) {
                    wrt.push(operands.len() as u32);
                    if kind != DeriveKind::Jvp {
                        results.push(ty.tangent());
                    }
                }
                operands.push(v);
            }
        }
        if kind == DeriveKind::Jvp {
            let tangents = first.iter().filter(|t| t.has_tangent()).map(Type::tangent);
            results.extend(tangents);
        }
        operands.extend(more);
        let op = ControlOp::Derive { func, kind, wrt };
        let mut b = self.b.ir();
        let i = b.raw(op, &operands, &[], &results);
        b.func.insts[i].results.clone()
    }
    /// The gradients, shaped like the arguments: what has no tangent space is copied, an argument without any has none.
    fn gradients<G: Staged<'b>>(&self, which: Option<usize>, cts: Vec<Value>) -> G {
        let mut cts = cts.into_iter();
        let mut out = Vec::new();
        for (vs, tys) in self.chosen(which) {
            if tys.iter().any(Type::has_tangent) {
                for (&v, ty) in vs.iter().zip(tys) {
                    if ty.has_tangent() {
                        self.smooth(ty);
                        out.extend(cts.next());
                    } else {
                        out.push(v);
                    }
                }
            }
        }
        G::take(self.b, &mut out.iter())
    }
    /// Refuses a leaf that mixes floating point and others: its tangent is not a value of its type.
    fn smooth(&self, ty: &Type) {
        if ty.tangent() != *ty {
            let op = Op::from(PlaceOp::Record);
            self.b.ir().fail(
                &op,
                &[],
                Why::Attribute(
                    "a derivative inside a function of a vector of structs that hold integers too; split the vector",
                ),
            );
        }
    }
}

impl Stager {
    /// Gives the function under construction a rule for forward mode. Part of a build function.
    pub fn jvp_rule(&self, rule: Callee) {
        let id = self.function(rule.name, rule.key, rule.build);
        self.ir().func.rule = Some(CustomRule::Jvp(id));
    }
    /// Marks the function under construction: reverse mode takes its derivative forward. Part of a build function.
    pub fn forward_rule(&self) {
        self.ir().func.rule = Some(CustomRule::Forward);
    }
    /// Gives the function under construction a rule for reverse mode. Part of a build function.
    pub fn vjp_rule(&self, rule: Callee) {
        let id = self.function(rule.name, rule.key, rule.build);
        self.ir().func.rule = Some(CustomRule::Vjp(id));
    }
}

/// `hook(x, g)`: `x`, whose cotangent goes through `g`.
pub fn hook<'b, P: Staged<'b>>(b: B<'b>, x: P, g: Callee) -> P {
    let results: Vec<Type> = types::<P>().into_iter().filter(Type::has_tangent).collect();
    let g = b.function(g.name, g.key, g.build);
    super::host::pass(b, x, "hook", |f, cts| f.call(g, cts, &results))
}
