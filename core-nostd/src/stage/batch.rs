//! Batches called inside a function: how they are staged.
//!
//! `f::vmap(each(&xs), shared(w))` in a twin becomes a call of the IR that asks for the batch of a function made here: one that takes the
//! item of each array as one value, and gives its result as one value, so that arrays of structs are arguments like all
//! others. As a derivative called inside, it is always `Ok`.

use super::nested::Callee;
use super::seq::{Seq, ToSeq};
use super::staged::{AsVal, Staged, elem_type, leaves, types};
use super::stager::B;
use crate::entity::Value;
use crate::ir::{Builder, ControlOp, DeriveKind, Dim, PlaceOp, Type};
use alloc::vec::Vec;

/// An argument of a batch for a parameter that is a `P` in the twin.
#[diagnostic::on_unimplemented(
    message = "the arguments of a batch are `each(&items)`, the items of the parameter's type, or `shared(value)`",
    label = "not an argument of a batch"
)]
pub trait LaneArg<'b, P: Staged<'b>>: Copy {
    /// Whether it differs between the lanes.
    const EACH: bool;
    /// Its leaves: the array, or those of the value.
    fn operands(&self) -> Vec<Value>;
}

/// An array with an item for each lane.
#[derive(Copy, Clone, Debug)]
pub struct EachArg<S>(S);

/// One value for all lanes.
#[derive(Copy, Clone, Debug)]
pub struct SharedArg<P>(P);

/// The items of an array, one for each lane.
pub fn each<'b, S: ToSeq<'b>>(items: S) -> EachArg<Seq<'b, S::Elem>> {
    EachArg(items.to_seq())
}

/// A value that all lanes share.
pub fn shared<'b, X: AsVal<'b>>(x: X) -> SharedArg<X::Out> {
    SharedArg(x.val())
}

impl<'b, P: Staged<'b>> LaneArg<'b, P> for EachArg<Seq<'b, P>> {
    const EACH: bool = true;
    fn operands(&self) -> Vec<Value> {
        leaves(&self.0)
    }
}

impl<'b, P: Staged<'b>> LaneArg<'b, P> for SharedArg<P> {
    const EACH: bool = false;
    fn operands(&self) -> Vec<Value> {
        leaves(&self.0)
    }
}

/// A batch under construction: the arguments in order, then the call.
#[derive(Debug)]
pub struct Batched<'b> {
    b: B<'b>,
    callee: Callee,
    operands: Vec<Value>,
    /// The types of the leaves, by argument, and whether it differs between the lanes.
    args: Vec<(Vec<Type>, bool)>,
}

impl<'b> Batched<'b> {
    /// Starts a call.
    pub fn new(b: B<'b>, callee: Callee) -> Self {
        Batched {
            b,
            callee,
            operands: Vec::new(),
            args: Vec::new(),
        }
    }
    /// Adds the argument for a parameter that is a `P`.
    pub fn arg<P: Staged<'b>, A: LaneArg<'b, P>>(&mut self, a: A) {
        self.operands.extend(a.operands());
        self.args.push((types::<P>(), A::EACH));
    }
    /// The results of all lanes.
    pub fn call<R: Staged<'b>>(self) -> Seq<'b, R> {
        let Callee { name, key, build } = self.callee;
        let func = self.b.function(name, key, build);
        let (args, given) = (&self.args, types::<R>());
        let result = elem_type::<R>();
        let mut wrt = Vec::new();
        let item = self.b.add_func(|fresh| {
            let one = |tys: &Vec<Type>| match &tys[..] {
                [t] => t.clone(),
                _ => Type::record(tys.iter().cloned()),
            };
            let mut params = Vec::new();
            for (tys, each) in args {
                if *each {
                    wrt.push(params.len() as u32);
                    params.push(one(tys));
                } else {
                    params.extend(tys.iter().cloned());
                }
            }
            let mut f = Builder::new(fresh("lane"), &params);
            let mut ps = f.params().into_iter();
            let mut vs = Vec::new();
            for (tys, each) in args {
                let n = if *each { 1 } else { tys.len() };
                let own: Vec<Value> = ps.by_ref().take(n).collect();
                match own[..] {
                    [v] if *each && tys.len() != 1 => {
                        vs.extend((0..tys.len()).map(|k| f.field(v, k as u32)));
                    }
                    _ => vs.extend(own),
                }
            }
            let out = f.call(func, &vs, &given);
            let y = match out[..] {
                [y] => y,
                _ => f.inst1(PlaceOp::Record, &out),
            };
            f.finish(&[y])
        });
        let ty = result.array_of(Dim::Dynamic);
        let mut b = self.b.ir();
        let out = match item {
            Some(func) => {
                let op = ControlOp::Derive {
                    func,
                    kind: DeriveKind::Batch,
                    wrt,
                };
                let i = b.raw(op, &self.operands, &[], &[ty]);
                b.func.insts[i].results.clone()
            }
            // The error is kept.
            None => alloc::vec![b.default(ty)],
        };
        drop(b);
        Seq::take(self.b, &mut out.iter())
    }
}
