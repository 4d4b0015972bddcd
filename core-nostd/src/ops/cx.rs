//! What the families' functions are given: operands to evaluate, a builder for derivative rules, a view to simplify.

use crate::entity::{Inst, Value};
use crate::error::{AdError, TrapKind};
use crate::ir::{Builder, ConstOp, Func, InstData, Op, ShapeOp, TangentOp, Type};
use crate::value::{Scalar, Val};
use alloc::string::String;
use alloc::vec::Vec;

/// Whether an instruction may be removed, duplicated or moved.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Effects {
    /// No effect and cannot trap: may be removed, merged, hoisted.
    Pure,
    /// May trap, without other effect: may be merged with an equal one that dominates it; must not be removed or hoisted
    /// to where it might not have run. (Removal is allowed where traps are not kept; see `pass::dce`.)
    MayTrap,
    /// Writes a slot, leaves a block, or panics: must stay where it is.
    Effect,
}

/// The operands of one instruction being evaluated.
///
/// An operand whose register is not used afterwards can be moved out ([`take`](Self::take)); then the value is uniquely
/// owned if nobody else holds it, and [`alloc::sync::Arc::make_mut`] updates in place.
pub struct Args<'a> {
    regs: &'a mut [Val],
    args: &'a [(u32, bool)],
}

impl<'a> Args<'a> {
    /// Operands: register numbers, and whether this is the last use of the register.
    pub fn new(regs: &'a mut [Val], args: &'a [(u32, bool)]) -> Args<'a> {
        Args { regs, args }
    }
    /// The number of operands.
    pub fn len(&self) -> usize {
        self.args.len()
    }
    /// Whether there are no operands.
    pub fn is_empty(&self) -> bool {
        self.args.is_empty()
    }
    /// The `i`-th operand.
    pub fn get(&self, i: usize) -> &Val {
        &self.regs[self.args[i].0 as usize]
    }
    /// The `i`-th operand by value: moved out if this is its last use, else cloned (arrays share their elements). Take an
    /// operand once, and read operands that may be in the same register before.
    pub fn take(&mut self, i: usize) -> Val {
        let last = self.is_last(i);
        let v = &mut self.regs[self.args[i].0 as usize];
        if last { core::mem::take(v) } else { v.clone() }
    }
    /// Whether [`take`](Self::take) moves operand `i` out of its register.
    pub fn is_last(&self, i: usize) -> bool {
        let (r, last) = self.args[i];
        last && !self
            .args
            .iter()
            .enumerate()
            .any(|(k, a)| k != i && a.0 == r)
    }
    /// The `i`-th operand as a scalar.
    pub fn scalar(&self, i: usize) -> Result<Scalar, TrapKind> {
        self.get(i)
            .as_scalar()
            .ok_or_else(|| TrapKind::TypeConfusion {
                op: String::from("scalar operand"),
            })
    }
    /// The `i`-th operand as an integer of any type.
    pub fn int(&self, i: usize) -> Result<i128, TrapKind> {
        self.scalar(i)?
            .as_int()
            .ok_or_else(|| TrapKind::TypeConfusion {
                op: String::from("integer operand"),
            })
    }
}

/// What evaluation may use besides the operands.
#[derive(Copy, Clone, Debug)]
pub struct EvalCx<'a> {
    /// The most bytes one value may take.
    pub max_bytes: u64,
    /// The types of the results: an array of `f64[?]` is a sequence and one of `f64[3]` a tensor, which values do not tell.
    pub results: &'a [Type],
}

impl EvalCx<'_> {
    /// Checks that a value of `n` elements of `bytes` each may be made.
    pub fn reserve(&self, n: usize, bytes: usize) -> Result<(), TrapKind> {
        let want = (n as u64).saturating_mul(bytes as u64);
        if want > self.max_bytes {
            Err(TrapKind::OutOfMemory { bytes: want })
        } else {
            Ok(())
        }
    }
}

/// What a jvp rule is given and gives: emit the tangents of the results, linear in the tangents of the operands.
#[derive(Debug)]
pub struct JvpCx<'a> {
    /// Where to emit. The primal instruction has been emitted already.
    pub b: &'a mut Builder,
    /// The primal operands.
    pub args: &'a [Value],
    /// The primal results.
    pub results: &'a [Value],
    /// The operands' tangents; `None` is a symbolic zero or no tangent space. At least one is there.
    pub tangents: &'a [Option<Value>],
    /// The results' tangents, to be filled in; `None` is zero.
    pub out: Vec<Option<Value>>,
}

impl JvpCx<'_> {
    /// The tangent of operand `i`, a symbolic zero made a value.
    pub fn tangent(&mut self, i: usize) -> Value {
        match self.tangents[i] {
            Some(t) => t,
            None => self.b.inst1(TangentOp::ZerosLike, &[self.args[i]]),
        }
    }
    /// Adds to the tangent of result `i`.
    pub fn add(&mut self, i: usize, t: Value) {
        self.out[i] = Some(match self.out[i] {
            Some(s) => self.b.inst1(TangentOp::Accumulate, &[s, t]),
            None => t,
        });
    }
}

/// What a transpose rule is given and gives. The instruction is linear in the operands for which
/// [`is_linear`](Self::is_linear) holds; all others are known values.
///
/// A rule reads the results' cotangents, emits code into [`b`](Self::b), and adds to the linear operands' cotangents.
/// Complex: the transpose is that of the real inner product `Re(conj(u) v)`, so coefficients are conjugated.
pub trait TransposeCx {
    /// Where to emit.
    fn b(&mut self) -> &mut Builder;
    /// Whether the instruction is linear in operand `i` (it has a cotangent to be found).
    fn is_linear(&self, i: usize) -> bool;
    /// The number of operands.
    fn operands(&self) -> usize;
    /// The type of operand `i`.
    fn ty(&self, i: usize) -> Type;
    /// The value of operand `i`, which is not linear.
    fn known(&mut self, i: usize) -> Value;
    /// The extent along `axis` of operand `i`, linear or not, as `u64`.
    fn dim(&mut self, i: usize, axis: u32) -> Value;
    /// The cotangent of result `j`; `None` if zero.
    fn ct(&self, j: usize) -> Option<Value>;
    /// The cotangent of result `j`, a symbolic zero made a value.
    fn ct_or_zero(&mut self, j: usize) -> Value;
    /// Adds `ct` to the cotangent of the linear operand `i`. `ct` has the operand's type.
    fn add(&mut self, i: usize, ct: Value);
    /// Replaces the cotangent `acc` of the linear operand `i` by `f(acc)`, which adds to part of it: so an adjoint of an
    /// indexed read is an in-place, O(1) `add_at`. A symbolic zero is made a value first.
    fn accumulate(&mut self, i: usize, f: &mut dyn FnMut(&mut Builder, Value) -> Value);
}

/// The error for an op that is not differentiable at all.
pub(crate) fn not_differentiable(op: &Op, why: &'static str) -> AdError {
    AdError::NotDifferentiable {
        op: super::name(op),
        why,
        file: String::new(),
        line: 0,
        col: 0,
    }
}

/// What [`super::simplify`] found.
#[derive(Clone, PartialEq, Debug)]
pub enum Simplified {
    /// The results are these existing values.
    Values(Vec<Value>),
    /// The (single) result is this instruction's.
    Inst(Op, Vec<Value>),
}

/// A view of an instruction and what defines its operands.
#[derive(Copy, Clone, Debug)]
pub struct SimplifyCx<'a> {
    /// The function.
    pub func: &'a Func,
    /// The instruction.
    pub inst: Inst,
}

impl<'a> SimplifyCx<'a> {
    /// The instruction's data.
    pub fn data(&self) -> &'a InstData {
        &self.func.insts[self.inst]
    }
    /// Operand `i`.
    pub fn arg(&self, i: usize) -> Value {
        self.data().args[i]
    }
    /// The instruction that defines a value.
    pub fn def(&self, v: Value) -> Option<&'a InstData> {
        self.func.def_inst(v).map(|i| &self.func.insts[i])
    }
    /// The scalar constant that a value is, seen through a broadcast.
    pub fn constant(&self, v: Value) -> Option<Scalar> {
        let d = self.def(v)?;
        match &d.op {
            Op::Const(ConstOp::Scalar(s)) => Some(*s),
            Op::Shape(ShapeOp::Broadcast { .. }) => self.constant(d.args[0]),
            Op::Const(ConstOp::Default(Type::Tensor(t))) if Type::Tensor(t.clone()).is_static() => {
                Some(Scalar::zero(t.dtype))
            }
            _ => None,
        }
    }
    /// The type of operand `i`.
    pub fn ty(&self, i: usize) -> &'a Type {
        self.func.ty(self.arg(i))
    }
}
