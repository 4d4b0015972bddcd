//! Fewer coefficients: rewrites of the linear part of a jvp function, so that its transpose needs fewer residuals.
//!
//! * A chain of products, quotients and negations with no other use is one product: `(t a) b` is `t (a b)`.
//! * Products of one tangent that are only added are one product: `t a + t b` is `t (a + b)`.
//!
//! No rewrite adds work: where both factors are at hand in the backward pass, there the product is computed anew; where
//! they are not, one number is saved in place of two. Numbers only, since a product of arrays is one more array.

use super::linear::Marks;
use crate::entity::{Inst, Region, SecondaryMap, Value};
use crate::ir::{BinaryOp, ConstOp, DType, Func, Op, Span, TangentOp, Type, UnaryOp};
use crate::value::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// Rewrites a jvp function with those marks.
pub(super) fn coefficients(f: &mut Func, marks: &Marks) {
    let uses = f.uses();
    for r in f.regions.keys() {
        let insts = core::mem::take(&mut f.regions[r].insts);
        let mut pass = Fuse {
            f,
            marks,
            uses: &uses,
            region: r,
            out: Vec::with_capacity(insts.len()),
        };
        for i in insts {
            pass.inst(i);
            pass.out.push(i);
        }
        let out = pass.out;
        f.regions[r].insts = out;
    }
}

/// A linear function of one number.
#[derive(Copy, Clone)]
enum Form {
    /// The tangent as it is.
    One(Value),
    /// Its negative.
    Minus(Value),
    /// Times a known number.
    Times(Value, Value),
    /// Divided by a known number.
    Over(Value, Value),
}

struct Fuse<'a> {
    f: &'a mut Func,
    marks: &'a Marks,
    uses: &'a SecondaryMap<Value, u32>,
    region: Region,
    out: Vec<Inst>,
}

impl Fuse<'_> {
    fn is_number(&self, v: Value) -> bool {
        let t = self.f.ty(v);
        t.is_scalar() && t.dtype().is_some_and(DType::is_float)
    }

    /// What an instruction computes of its linear operand.
    fn form(&self, i: Inst) -> Option<Form> {
        let d = &self.f.insts[i];
        let linear = |k: usize| self.marks.linear[d.args[k]];
        if d.results.len() != 1 || !self.is_number(d.results[0]) {
            return None;
        }
        if let Op::Unary(UnaryOp::Neg) = d.op {
            return linear(0).then_some(Form::Minus(d.args[0]));
        }
        if let Op::Binary(BinaryOp::Mul) = d.op {
            return match (linear(0), linear(1)) {
                (true, false) => Some(Form::Times(d.args[0], d.args[1])),
                (false, true) => Some(Form::Times(d.args[1], d.args[0])),
                (true, true) | (false, false) => None,
            };
        }
        let over = matches!(d.op, Op::Binary(BinaryOp::Div)) && linear(0) && !linear(1);
        over.then(|| Form::Over(d.args[0], d.args[1]))
    }

    /// The form of a value that is used only here and computed in this region, else the value itself.
    fn operand(&self, v: Value) -> Form {
        let here = self.f.def_inst(v).filter(|_| {
            self.uses[v] == 1 && self.marks.linear[v] && self.marks.home[v] == self.region
        });
        here.and_then(|i| self.form(i)).unwrap_or(Form::One(v))
    }

    fn inst(&mut self, i: Inst) {
        let d = &self.f.insts[i];
        if !d.results.iter().any(|&v| self.marks.useful[v]) {
            return;
        }
        if let Some(outer) = self.form(i) {
            let (Form::Minus(v) | Form::Times(v, _) | Form::Over(v, _) | Form::One(v)) = outer;
            let inner = self.operand(v);
            if let Some(form) = self.compose(inner, outer, d.span) {
                self.turn_into(i, form);
            }
            return;
        }
        let minus = matches!(d.op, Op::Binary(BinaryOp::Sub));
        let plus = matches!(
            d.op,
            Op::Binary(BinaryOp::Add) | Op::Tangent(TangentOp::Accumulate)
        );
        if !(plus || minus) || !self.is_number(d.results[0]) {
            return;
        }
        let span = d.span;
        let (p, q) = (self.operand(d.args[0]), self.operand(d.args[1]));
        // One operand at least is a product; a sum of a tangent with itself is as good as its double.
        let (t, a) = match p {
            Form::Times(t, a) => (t, Some(a)),
            Form::One(t) => (t, None),
            Form::Minus(_) | Form::Over(..) => return,
        };
        let (u, b) = match q {
            Form::Times(u, b) => (u, Some(b)),
            Form::One(u) => (u, None),
            Form::Minus(_) | Form::Over(..) => return,
        };
        if t != u || (a.is_none() && b.is_none()) || !self.marks.linear[t] {
            return;
        }
        let a = self.or_one(a, t, span);
        let b = self.or_one(b, t, span);
        let op = if minus { BinaryOp::Sub } else { BinaryOp::Add };
        let k = self.emit(op.into(), &[a, b], span);
        self.turn_into(i, Form::Times(t, k));
    }

    /// The outer form applied to the inner one; `None` if nothing is gained.
    fn compose(&mut self, inner: Form, outer: Form, span: Span) -> Option<Form> {
        use BinaryOp as B;
        let mul = |s: &mut Self, a, b| s.emit(B::Mul.into(), &[a, b], span);
        let div = |s: &mut Self, a, b| s.emit(B::Div.into(), &[a, b], span);
        let neg = |s: &mut Self, a| s.emit(UnaryOp::Neg.into(), &[a], span);
        Some(match (inner, outer) {
            (Form::One(_), _) | (_, Form::One(_)) | (Form::Minus(_), Form::Minus(_)) => {
                return None;
            }
            (Form::Minus(t), Form::Times(_, a)) | (Form::Times(t, a), Form::Minus(_)) => {
                Form::Times(t, neg(self, a))
            }
            (Form::Minus(t), Form::Over(_, a)) | (Form::Over(t, a), Form::Minus(_)) => {
                Form::Over(t, neg(self, a))
            }
            (Form::Times(t, a), Form::Times(_, b)) => Form::Times(t, mul(self, a, b)),
            (Form::Over(t, a), Form::Times(_, b)) => Form::Times(t, div(self, b, a)),
            (Form::Times(t, a), Form::Over(_, b)) => Form::Times(t, div(self, a, b)),
            (Form::Over(t, a), Form::Over(_, b)) => Form::Over(t, mul(self, a, b)),
        })
    }

    fn turn_into(&mut self, i: Inst, form: Form) {
        let d = &mut self.f.insts[i];
        match form {
            Form::Times(t, k) => {
                d.op = BinaryOp::Mul.into();
                d.args = vec![t, k];
            }
            Form::Over(t, k) => {
                d.op = BinaryOp::Div.into();
                d.args = vec![t, k];
            }
            Form::One(_) | Form::Minus(_) => {}
        }
    }

    fn or_one(&mut self, k: Option<Value>, like: Value, span: Span) -> Value {
        if let Some(k) = k {
            return k;
        }
        let d = self.f.ty(like).dtype().unwrap_or(DType::F64);
        let one = Scalar::from_f64(d, 1.0).unwrap_or(Scalar::F64(1.0));
        let op = ConstOp::Scalar(one).into();
        let i = self.f.make_inst(op, vec![], vec![], &[d.into()], span);
        self.out.push(i);
        self.f.insts[i].results[0]
    }

    fn emit(&mut self, op: Op, args: &[Value], span: Span) -> Value {
        let ty: Type = self.f.ty(args[0]).clone();
        let i = self.f.make_inst(op, args.to_vec(), vec![], &[ty], span);
        self.out.push(i);
        self.f.insts[i].results[0]
    }
}
