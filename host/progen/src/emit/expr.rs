//! Expressions.

use super::Emit;
use crate::program::{Bool, Float, Int};
use cotangent_core::ir::{
    BinaryOp, CompareOp, ControlOp, ConvertOp, DType, FuncId, Step, UnaryOp, Value,
};

impl Emit<'_> {
    pub(super) fn float(&mut self, x: &Float) -> Value {
        match x {
            Float::Const(c) => self.real(*c),
            Float::Var(k) => self.get(self.floats[usize::from(*k)]),
            Float::Param(k) => self.params[usize::from(*k)],
            Float::Elem => match self.elem {
                Some(v) => v,
                None => self.real(0.25),
            },
            Float::Array(k, i) => {
                let i = self.index(i, None);
                self.b
                    .slot_get(self.arrays[usize::from(*k)], vec![Step::Index], &[i])
            }
            Float::Record(i) => {
                let i = self.index(i, None);
                self.b
                    .slot_get(self.record, vec![Step::Field(1), Step::Index], &[i])
            }
            Float::Vector(i) => {
                let s = self.vector;
                self.element(s, vec![], i)
            }
            Float::Node(i) => {
                let s = self.nodes;
                self.element(s, vec![Step::Field(0)], i)
            }
            Float::NodeArray(i, j) => self.node_array(i, j),
            Float::Row(i, j) => self.row(i, j),
            Float::Reduce(r) => self.reduce(*r),
            Float::Complex(part) => self.complex_part(*part),
            Float::Select(c, x, y) => {
                let c = self.bool(c);
                let (x, y) = (self.float(x), self.float(y));
                self.b.select(c, x, y)
            }
            Float::Stop(x) => {
                let x = self.float(x);
                self.b.unary(UnaryOp::StopGradient, x)
            }
            Float::Derive(f, x, n) => {
                let x = self.float(x);
                self.derive(*f, x, *n)
            }
            Float::Rule(r, x) => {
                let x = self.float(x);
                let a = self.get(self.arrays[0]);
                let id = self.ids.rules + 2 * u32::from(*r % 2);
                let ty = self.scalar_ty();
                self.b.call(FuncId(id), &[x, a], &[ty])[0]
            }
            Float::FromInt(i) => {
                let i = self.int(i);
                let x = self.b.inst1(ConvertOp::To(self.float), &[i]);
                let k = self.real(0.0625);
                self.b.mul(x, k)
            }
            Float::Unary(op, x) => {
                let x = self.float(x);
                self.unary(*op, x)
            }
            Float::Binary(op, x, y) => {
                let (x, y) = (self.float(x), self.float(y));
                self.binary(*op, x, y)
            }
            Float::If(c, x, y) => {
                let c = self.bool(c);
                self.b.open(&[]);
                let x = self.float(x);
                let a = self.b.close(&[x]);
                self.b.open(&[]);
                let y = self.float(y);
                let o = self.b.close(&[y]);
                self.b.region_op(ControlOp::If, &[c], &[a, o])[0]
            }
            Float::Call(f, x, n) => {
                let x = self.float(x);
                // What the function changes of its arguments is dropped.
                match self.call(*f, x, *n, 0) {
                    Some((y, _)) => y,
                    None => x,
                }
            }
        }
    }
    /// Smooth, and bounded if the operand is.
    pub(super) fn unary(&mut self, op: u8, x: Value) -> Value {
        match op {
            0 => self.b.unary(UnaryOp::Sin, x),
            1 => self.b.unary(UnaryOp::Tanh, x),
            2 => self.b.scale(x, 0.5),
            3 => {
                let y = self.b.mul(x, x);
                let one = self.real(1.0);
                let y = self.b.add(one, y);
                self.b.unary(UnaryOp::Sqrt, y)
            }
            4 => self.b.unary(UnaryOp::Neg, x),
            _ => {
                let y = self.b.unary(UnaryOp::Cos, x);
                self.b.unary(UnaryOp::Exp, y)
            }
        }
    }
    fn binary(&mut self, op: u8, x: Value, y: Value) -> Value {
        match op {
            0 => {
                let s = self.b.add(x, y);
                self.b.scale(s, 0.5)
            }
            1 => {
                let s = self.b.mul(x, y);
                self.b.unary(UnaryOp::Tanh, s)
            }
            2 => {
                let d = self.b.sub(x, y);
                self.b.unary(UnaryOp::Sin, d)
            }
            _ => {
                // x / (1.5 + y*y)
                let k = self.real(1.5);
                let d = self.b.mul(y, y);
                let d = self.b.add(k, d);
                self.b.div(x, d)
            }
        }
    }
    pub(super) fn int(&mut self, i: &Int) -> Value {
        let bounded = |e: &mut Self, v: Value, n: i64| {
            let n = e.b.scalar(n);
            e.b.binary(BinaryOp::Rem, v, n)
        };
        match i {
            Int::Const(c) => self.b.scalar(*c),
            Int::Var(k) => self.get(self.ints[usize::from(*k)]),
            Int::Param => bounded(self, self.n, 11),
            Int::Len => {
                let s = self.vector;
                self.len_of(s)
            }
            Int::Add(a, b) => {
                let (a, b) = (self.int(a), self.int(b));
                let s = self.b.add(a, b);
                bounded(self, s, 23)
            }
            Int::Mul(a, b) => {
                let (a, b) = (self.int(a), self.int(b));
                let s = self.b.mul(a, b);
                bounded(self, s, 19)
            }
        }
    }
    pub(super) fn bool(&mut self, c: &Bool) -> Value {
        match c {
            Bool::Less(a, b) => {
                let (a, b) = (self.int(a), self.int(b));
                self.b.compare(CompareOp::Lt, a, b)
            }
            Bool::Equal(a, b) => {
                let (a, b) = (self.int(a), self.int(b));
                self.b.compare(CompareOp::Eq, a, b)
            }
            Bool::FloatLess(x, c) => {
                let x = self.float(x);
                let c = self.real(*c);
                self.b.compare(CompareOp::Lt, x, c)
            }
            Bool::Not(a) => {
                let a = self.bool(a);
                self.b.unary(UnaryOp::Not, a)
            }
            // A map must not write slots.
            Bool::And(a, b) if self.elem.is_some() => {
                let (a, b) = (self.bool(a), self.bool(b));
                self.b.binary(BinaryOp::And, a, b)
            }
            Bool::And(a, b) => {
                let t = self.b.slot(DType::Bool.into(), "and");
                let a = self.bool(a);
                self.if_(
                    a,
                    |e| {
                        let b = e.bool(b);
                        e.set(t, b);
                    },
                    |e| {
                        let no = e.b.scalar(false);
                        e.set(t, no);
                    },
                );
                self.get(t)
            }
        }
    }
}
