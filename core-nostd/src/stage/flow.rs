//! Control-flow tokens: the twin's `if`, `while`, `for`, blocks, `break` and `return`.
//!
//! A token opens a region when it is made and closes it at its end, so bodies stay inline in the twin and rustc's
//! inference flows through them. Values leave a region through slots.

use super::expr::Expr;
use super::scalar::Int;
use super::staged::Staged;
use super::stager::B;
use super::var::{Var, rd, wr};
use crate::ir::{Budget, ConstOp, EffectOp};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The condition and first arm of an `if`.
#[derive(Copy, Clone, Debug)]
pub struct If<'b> {
    b: B<'b>,
}

/// The second arm of an `if` whose value is a `P`.
#[derive(Copy, Clone, Debug)]
pub struct Else<'b, P> {
    b: B<'b>,
    out: Var<'b, P>,
}

/// Opens the first arm: `let k = if_(b, c); let v = A; let k = k.else_(v); let v = B; k.end(v)`.
pub fn if_<'b>(b: B<'b>, c: Expr<'b, bool>) -> If<'b> {
    b.open_if(c.v());
    If { b }
}

impl<'b> If<'b> {
    /// Ends the first arm with its value and opens the second.
    pub fn else_<P: Staged<'b>>(self, v: P) -> Else<'b, P> {
        let out = Var::uninit(self.b);
        wr(out, v);
        self.b.open_else();
        Else { b: self.b, out }
    }
    /// Ends an `if` without `else`.
    pub fn end(self) {
        self.b.close();
    }
}

impl<'b, P: Staged<'b>> Else<'b, P> {
    /// Ends the second arm with its value, and gives the value of the whole.
    pub fn end(self, v: P) -> P {
        wr(self.out, v);
        self.b.close();
        rd(self.out)
    }
}

/// A `while` loop under construction.
#[derive(Copy, Clone, Debug)]
pub struct While<'b> {
    b: B<'b>,
}

/// Opens the condition of a loop.
pub fn while_(b: B<'_>) -> While<'_> {
    b.open_cond();
    While { b }
}

impl<'b> While<'b> {
    /// Ends the condition and opens the body.
    pub fn cond(self, c: Expr<'b, bool>) {
        self.b.open_body(c.v());
    }
    /// Ends the body.
    pub fn end(self) {
        self.b.close();
    }
}

/// A block that can be left with a `P`: what `break`, `continue` and `return` are made of.
#[derive(Debug)]
pub struct Label<'b, P> {
    b: B<'b>,
    label: crate::entity::Label,
    out: Var<'b, P>,
    of: PhantomData<P>,
}

impl<P> Copy for Label<'_, P> {}
impl<P> Clone for Label<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Opens a block.
pub fn blk<'b, P: Staged<'b>>(b: B<'b>) -> Label<'b, P> {
    let out = Var::uninit(b);
    Label {
        b,
        label: b.open_block(),
        out,
        of: PhantomData,
    }
}

impl<'b, P: Staged<'b>> Label<'b, P> {
    /// Leaves the block with a value.
    pub fn br(self, v: P) {
        wr(self.out, v);
        self.b.br(self.label);
    }
    /// Ends a block whose end is never reached, and gives the value it was left with.
    pub fn end_never(self) -> P {
        self.b.close();
        rd(self.out)
    }
    /// Ends the block with a value, and gives the value of the whole.
    pub fn end(self, v: P) -> P {
        wr(self.out, v);
        self.b.close();
        rd(self.out)
    }
}

/// Stands for the value of code that is never reached.
pub fn diverge<'b, P: Staged<'b>>(b: B<'b>) -> P {
    let vs: Vec<_> = super::staged::types::<P>()
        .into_iter()
        .map(|ty| b.op(ConstOp::Default(ty), &[]))
        .collect();
    P::take(b, &mut vs.iter())
}

/// `panic!`: traps with the message.
pub fn panic(b: B<'_>, msg: &str) {
    b.ops(EffectOp::Panic(msg.into()), &[]);
}

/// `assert!`: traps with the message unless `c` holds.
pub fn assert<'b>(b: B<'b>, c: Expr<'b, bool>, msg: &str) {
    b.ops(EffectOp::Assert(msg.into()), &[c.v()]);
}

/// `checkpoint::slots(n)`.
pub fn checkpoint_slots<'b>(b: B<'b>, n: Expr<'b, usize>) {
    b.ops(EffectOp::Checkpoint(Budget::Slots), &[n.v()]);
}
/// `checkpoint::bytes(n)`.
pub fn checkpoint_bytes<'b>(b: B<'b>, n: Expr<'b, usize>) {
    b.ops(EffectOp::Checkpoint(Budget::Bytes), &[n.v()]);
}
/// `checkpoint::recompute()`.
pub fn checkpoint_recompute(b: B<'_>) {
    let one = b.op(ConstOp::Scalar(1_u64.into()), &[]);
    b.ops(EffectOp::Checkpoint(Budget::Slots), &[one]);
}

/// Opens a counted loop over `lo..hi` and gives the index; close it with [`Stager::close`](super::Stager::close).
pub fn for_range<'b, T: Int>(lo: Expr<'b, T>, hi: Expr<'b, T>) -> Expr<'b, T> {
    let b = lo.b();
    Expr::of(b, b.open_for(lo.v(), hi.v()))
}
