//! Random programs to slot IR.

use crate::program::{ARRAYS, Bool, FLOATS, Float, Function, INTS, Int, LEN, Program, Stmt};
use cotangent_core::ir::{
    ArrayOp, BinaryOp, Builder, CompareOp, ControlOp, ConvertOp, DType, Dim, EffectOp, FuncId,
    Label, Module, PlaceOp, Slot, SlotOp, Step, Type, UnaryOp, Value,
};

/// The module of a program; its first function is the entry.
pub fn module(p: &Program) -> Module {
    let mut m = Module::new();
    for (n, f) in p.functions.iter().enumerate() {
        m.funcs.push(function(f, n, p.functions.len()));
    }
    m
}

fn f64_() -> Type {
    DType::F64.into()
}
fn i64_() -> Type {
    DType::I64.into()
}
fn array_ty() -> Type {
    Type::known(DType::F64, &[LEN])
}
fn vector_ty() -> Type {
    Type::tensor(DType::F64, [Dim::Dynamic])
}

struct Emit {
    b: Builder,
    functions: usize,
    entry: bool,
    floats: Vec<Slot>,
    ints: Vec<Slot>,
    arrays: Vec<Slot>,
    record: Slot,
    vector: Slot,
    ret: Slot,
    /// The float parameters (twice the same in a helper), the integer.
    params: [Value; 2],
    n: Value,
    labels: Vec<Label>,
    elem: Option<Value>,
}

fn function(f: &Function, n: usize, functions: usize) -> cotangent_core::ir::Func {
    let entry = n == 0;
    let params = if entry {
        vec![f64_(), f64_(), i64_(), array_ty()]
    } else {
        vec![f64_(), i64_()]
    };
    let mut b = Builder::new(format!("f{n}"), &params);
    let ps = b.params();
    let mut slots = |n: u8, ty: Type, name: &str| -> Vec<Slot> {
        (0..n)
            .map(|k| b.slot(ty.clone(), format!("{name}{k}")))
            .collect()
    };
    let floats = slots(FLOATS, f64_(), "x");
    let ints = slots(INTS, i64_(), "i");
    let arrays = slots(ARRAYS, array_ty(), "a");
    let record = slots(1, Type::record([i64_(), array_ty()]), "r")[0];
    let vector = slots(1, vector_ty(), "v")[0];
    let ret = slots(1, f64_(), "ret")[0];
    let mut e = Emit {
        b,
        functions,
        entry,
        floats,
        ints,
        arrays,
        record,
        vector,
        ret,
        params: if entry {
            [ps[0], ps[1]]
        } else {
            [ps[0], ps[0]]
        },
        n: if entry { ps[2] } else { ps[1] },
        labels: vec![],
        elem: None,
    };
    e.set(e.floats[0], ps[0]);
    if entry {
        e.set(e.arrays[0], ps[3]);
    }
    // The body is a block whose label returns. A helper starts with `if n <= 0 { return tanh(x) }`.
    e.block(|e| {
        if !entry {
            let zero = e.b.scalar(0i64);
            let stop = e.b.compare(CompareOp::Le, e.n, zero);
            e.if_(
                stop,
                |e| {
                    let y = e.b.unary(UnaryOp::Tanh, e.params[0]);
                    e.set(e.ret, y);
                    let l = e.labels[0];
                    e.b.raw(SlotOp::Br(l), &[], &[], &[]);
                },
                |_| {},
            );
        }
        e.stmts(&f.body);
        let x = e.get(e.floats[0]);
        let y = e.get(e.floats[1]);
        let s = e.b.add(x, y);
        e.set(e.ret, s);
    });
    let r = e.get(e.ret);
    let mut results = vec![r];
    if entry {
        results.push(e.get(e.arrays[0]));
        results.push(e.get(e.ints[0]));
    }
    e.b.finish(&results)
        .expect("a generated program is well typed")
}

impl Emit {
    fn get(&mut self, s: Slot) -> Value {
        self.b.slot_get(s, vec![], &[])
    }
    fn set(&mut self, s: Slot, v: Value) {
        self.b.slot_set(s, v, vec![], &[]);
    }
    fn block(&mut self, body: impl FnOnce(&mut Emit)) {
        let l = self.b.label();
        self.labels.push(l);
        self.b.open(&[]);
        body(self);
        let r = self.b.close(&[]);
        self.labels.pop();
        self.b.raw(SlotOp::Block(l), &[], &[r], &[]);
    }
    fn if_(&mut self, c: Value, then: impl FnOnce(&mut Emit), otherwise: impl FnOnce(&mut Emit)) {
        self.b.open(&[]);
        then(self);
        let a = self.b.close(&[]);
        self.b.open(&[]);
        otherwise(self);
        let o = self.b.close(&[]);
        self.b.region_op(ControlOp::If, &[c], &[a, o]);
    }
    fn br(&mut self, n: u8) {
        let k = self.labels.len() - 1 - usize::from(n) % self.labels.len();
        let l = self.labels[k];
        self.b.raw(SlotOp::Br(l), &[], &[], &[]);
    }
    fn stmts(&mut self, list: &[Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }
    fn index(&mut self, i: &Int, len: Option<Value>) -> Value {
        let i = self.int(i);
        let n = match len {
            Some(n) => n,
            None => self.b.scalar(LEN as i64),
        };
        self.b.binary(BinaryOp::RemEuclid, i, n)
    }
    fn vector_len(&mut self) -> Value {
        let v = self.get(self.vector);
        let n = self.b.len(v);
        self.b.convert(DType::I64, n)
    }

    fn stmt(&mut self, s: &Stmt) {
        match s {
            Stmt::SetFloat(k, x) => {
                let v = self.float(x);
                self.set(self.floats[usize::from(*k)], v);
            }
            Stmt::SetInt(k, i) => {
                let v = self.int(i);
                self.set(self.ints[usize::from(*k)], v);
            }
            Stmt::SetArray(k, i, x) => {
                let i = self.index(i, None);
                let v = self.float(x);
                self.b
                    .slot_set(self.arrays[usize::from(*k)], v, vec![Step::Index], &[i]);
            }
            Stmt::SetRaw(k, i, x) => {
                let i = self.int(i);
                let v = self.float(x);
                self.b
                    .slot_set(self.arrays[usize::from(*k)], v, vec![Step::Index], &[i]);
            }
            Stmt::CopyArray(to, from) => {
                let v = self.get(self.arrays[usize::from(*from)]);
                self.set(self.arrays[usize::from(*to)], v);
            }
            Stmt::SetRecord(i, x) => {
                let i = self.index(i, None);
                let v = self.float(x);
                self.b
                    .slot_set(self.record, v, vec![Step::Field(1), Step::Index], &[i]);
            }
            Stmt::Push(x) => {
                let x = self.float(x);
                let v = self.get(self.vector);
                let v = self.b.inst1(ArrayOp::Push, &[v, x]);
                self.set(self.vector, v);
            }
            Stmt::Pop(k) => {
                let n = self.vector_len();
                let zero = self.b.scalar(0i64);
                let some = self.b.compare(CompareOp::Gt, n, zero);
                let x = self.floats[usize::from(*k)];
                self.if_(
                    some,
                    |e| {
                        let v = e.get(e.vector);
                        let popped = e.b.inst(ArrayOp::Pop, &[v]);
                        e.set(e.vector, popped[0]);
                        e.set(x, popped[1]);
                    },
                    |_| {},
                );
            }
            Stmt::Map(k, x) => {
                let s = self.arrays[usize::from(*k)];
                let a = self.get(s);
                let (_, ps) = self.b.open(&[f64_()]);
                let outer = self.elem.replace(ps[0]);
                let y = self.float(x);
                self.elem = outer;
                let r = self.b.close(&[y]);
                let a = self.b.region_op(ControlOp::Map, &[a], &[r])[0];
                self.set(s, a);
            }
            Stmt::Assert(c) => {
                let c = self.bool(c);
                self.b
                    .raw(EffectOp::Assert("generated".into()), &[c], &[], &[]);
            }
            Stmt::If(c, then, otherwise) => {
                let c = self.bool(c);
                self.if_(c, |e| e.stmts(then), |e| e.stmts(otherwise));
            }
            Stmt::Switch(i, arms) => {
                let i = self.int(i);
                let regions: Vec<_> = arms
                    .iter()
                    .map(|a| {
                        self.b.open(&[]);
                        self.stmts(a);
                        self.b.close(&[])
                    })
                    .collect();
                self.b.region_op(ControlOp::Switch, &[i], &regions);
            }
            Stmt::For(trips, var, body) => {
                let lo = self.b.scalar(1i64);
                let hi = self.b.scalar(i64::from(*trips) + 1);
                let var = self.ints[usize::from(*var)];
                self.block(|e| {
                    let (_, ps) = e.b.open(&[i64_()]);
                    e.block(|e| {
                        e.set(var, ps[0]);
                        e.stmts(body);
                    });
                    let r = e.b.close(&[]);
                    e.b.region_op(ControlOp::For, &[lo, hi], &[r]);
                });
            }
            Stmt::While {
                trips,
                cond,
                counts,
                body,
            } => self.while_(*trips, cond, *counts, body),
            Stmt::Block(body) => self.block(|e| e.stmts(body)),
            Stmt::Br(n) => self.br(*n),
            Stmt::Return(x) => {
                let v = self.float(x);
                self.set(self.ret, v);
                let l = self.labels[0];
                self.b.raw(SlotOp::Br(l), &[], &[], &[]);
            }
        }
    }
    fn while_(&mut self, trips: u8, cond: &Bool, counts: bool, body: &[Stmt]) {
        let left = self.b.slot(i64_(), "left");
        let n = self.b.scalar(i64::from(trips));
        self.set(left, n);
        let step = |e: &mut Emit| {
            let n = e.get(left);
            let one = e.b.scalar(1i64);
            let n = e.b.sub(n, one);
            e.set(left, n);
        };
        self.block(|e| {
            e.b.open(&[]);
            if counts {
                step(e);
            }
            let n = e.get(left);
            let zero = e.b.scalar(0i64);
            let more = e.b.compare(CompareOp::Gt, n, zero);
            let c = e.bool(cond);
            let c = e.b.binary(BinaryOp::And, more, c);
            let test = e.b.close(&[c]);
            e.b.open(&[]);
            if !counts {
                step(e);
            }
            e.block(|e| e.stmts(body));
            let r = e.b.close(&[]);
            e.b.region_op(ControlOp::While, &[], &[test, r]);
        });
    }

    fn float(&mut self, x: &Float) -> Value {
        match x {
            Float::Const(c) => self.b.scalar(*c),
            Float::Var(k) => self.get(self.floats[usize::from(*k)]),
            Float::Param(k) => self.params[usize::from(*k)],
            Float::Elem => match self.elem {
                Some(v) => v,
                None => self.b.scalar(0.25),
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
                let n = self.vector_len();
                let zero = self.b.scalar(0i64);
                let some = self.b.compare(CompareOp::Gt, n, zero);
                self.b.open(&[]);
                let i = self.index(i, Some(n));
                let v = self.get(self.vector);
                let x = self.b.inst1(PlaceOp::Get(vec![Step::Index]), &[v, i]);
                let a = self.b.close(&[x]);
                self.b.open(&[]);
                let x = self.b.scalar(0.125);
                let o = self.b.close(&[x]);
                self.b.region_op(ControlOp::If, &[some], &[a, o])[0]
            }
            Float::FromInt(i) => {
                let i = self.int(i);
                let x = self.b.inst1(ConvertOp::To(DType::F64), &[i]);
                let k = self.b.scalar(0.0625);
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
                if self.functions < 2 {
                    return x;
                }
                let f = 1 + (usize::from(*f) - 1) % (self.functions - 1);
                // The entry starts a recursion, a helper goes down by one.
                let n = if self.entry {
                    self.b.scalar(i64::from(*n % 4))
                } else {
                    let one = self.b.scalar(1i64);
                    self.b.sub(self.n, one)
                };
                self.b.call(FuncId(f as u32), &[x, n], &[f64_()])[0]
            }
        }
    }
    /// Smooth, and bounded if the operand is.
    fn unary(&mut self, op: u8, x: Value) -> Value {
        match op {
            0 => self.b.unary(UnaryOp::Sin, x),
            1 => self.b.unary(UnaryOp::Tanh, x),
            2 => self.b.scale(x, 0.5),
            3 => {
                let y = self.b.mul(x, x);
                let one = self.b.scalar(1.0);
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
                let k = self.b.scalar(1.5);
                let d = self.b.mul(y, y);
                let d = self.b.add(k, d);
                self.b.div(x, d)
            }
        }
    }
    fn int(&mut self, i: &Int) -> Value {
        let bounded = |e: &mut Emit, v: Value, n: i64| {
            let n = e.b.scalar(n);
            e.b.binary(BinaryOp::Rem, v, n)
        };
        match i {
            Int::Const(c) => self.b.scalar(*c),
            Int::Var(k) => self.get(self.ints[usize::from(*k)]),
            Int::Param => bounded(self, self.n, 11),
            Int::Len => self.vector_len(),
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
    fn bool(&mut self, c: &Bool) -> Value {
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
                let c = self.b.scalar(*c);
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
