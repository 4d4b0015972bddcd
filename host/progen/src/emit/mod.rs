//! Random programs to slot IR.
//!
//! Start with [`module`]. `expr` emits expressions, `data` what is done to collections, `call` calls, derivatives and the
//! functions with rules of their own.

mod call;
mod data;
mod expr;

use crate::program::{ARRAYS, Bool, FLOATS, Function, INTS, Int, LEN, Program, Stmt};
use cotangent_core::ir::{
    BinaryOp, Builder, CompareOp, ControlOp, ConvertOp, DType, Dim, EffectOp, Func, Label, Module,
    Slot, SlotOp, Step, Type, UnaryOp, Value,
};

/// The module of a program; its first function is the entry.
pub fn module(p: &Program) -> Module {
    module_of(p, DType::F64)
}

/// As [`module`], with floats of that type (`f32` or `f64`).
pub fn module_of(p: &Program, float: DType) -> Module {
    let mut m = Module::new();
    for (n, f) in p.functions.iter().enumerate() {
        m.funcs.push(function(p, f, n, float));
    }
    if p.uses_rules() {
        for f in call::rules(p.functions.len() as u32, float) {
            m.funcs.push(f);
        }
    }
    m
}

fn i64_() -> Type {
    DType::I64.into()
}

/// The types of a program's variables.
#[derive(Copy, Clone)]
struct Types(DType);

impl Types {
    fn scalar(self) -> Type {
        self.0.into()
    }
    fn array(self) -> Type {
        Type::known(self.0, &[LEN])
    }
    fn vector(self) -> Type {
        Type::tensor(self.0, [Dim::Dynamic])
    }
    fn record(self) -> Type {
        Type::record([i64_(), self.array()])
    }
    fn node(self) -> Type {
        Type::record([self.scalar(), i64_(), self.array()])
    }
    fn nodes(self) -> Type {
        Type::seq(self.node())
    }
    fn rows(self) -> Type {
        Type::seq(self.vector())
    }
    fn complex(self) -> Type {
        if self.0 == DType::F32 {
            DType::C64.into()
        } else {
            DType::C128.into()
        }
    }
    /// What a helper takes and gives back besides the number, as its signature says.
    fn shared(self, f: &Function) -> Vec<Type> {
        let all = [self.array(), self.record(), self.vector(), self.nodes()];
        let chosen = all.into_iter().zip(f.shares);
        chosen.filter(|(_, s)| *s).map(|(t, _)| t).collect()
    }
}

/// Numbers of functions that calls need.
#[derive(Copy, Clone)]
struct Ids {
    /// This function.
    own: usize,
    /// The first function with a rule.
    rules: u32,
}

struct Emit<'p> {
    b: Builder,
    program: &'p Program,
    ids: Ids,
    float: DType,
    floats: Vec<Slot>,
    ints: Vec<Slot>,
    arrays: Vec<Slot>,
    record: Slot,
    vector: Slot,
    nodes: Slot,
    rows: Slot,
    z: Slot,
    ret: Slot,
    /// The float parameters (twice the same in a helper), the integer.
    params: [Value; 2],
    n: Value,
    labels: Vec<Label>,
    elem: Option<Value>,
}

fn function(p: &Program, f: &Function, n: usize, float: DType) -> Func {
    let entry = n == 0;
    let t = Types(float);
    let mut params = if entry {
        vec![t.scalar(), t.scalar(), i64_(), t.array()]
    } else {
        vec![t.scalar(), i64_()]
    };
    if !entry {
        params.extend(t.shared(f));
    }
    let mut b = Builder::new(format!("f{n}"), &params);
    let ps = b.params();
    let mut slots = |n: u8, ty: Type, name: &str| -> Vec<Slot> {
        (0..n)
            .map(|k| b.slot(ty.clone(), format!("{name}{k}")))
            .collect()
    };
    let floats = slots(FLOATS, t.scalar(), "x");
    let ints = slots(INTS, i64_(), "i");
    let arrays = slots(ARRAYS, t.array(), "a");
    let record = slots(1, t.record(), "r")[0];
    let vector = slots(1, t.vector(), "v")[0];
    let nodes = slots(1, t.nodes(), "nodes")[0];
    let rows = slots(1, t.rows(), "rows")[0];
    let z = slots(1, t.complex(), "z")[0];
    let ret = slots(1, t.scalar(), "ret")[0];
    let ids = Ids {
        own: n,
        rules: p.functions.len() as u32,
    };
    let mut e = Emit {
        b,
        program: p,
        ids,
        float,
        floats,
        ints,
        arrays,
        record,
        vector,
        nodes,
        rows,
        z,
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
    let shared = e.shared(f);
    if entry {
        e.set(e.arrays[0], ps[3]);
    } else {
        for (&s, &p) in shared.iter().zip(&ps[2..]) {
            e.set(s, p);
        }
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
    } else {
        results.extend(shared.into_iter().map(|s| e.get(s)));
    }
    e.b.finish(&results)
        .expect("a generated program is well typed")
}

impl Emit<'_> {
    /// The variables a helper shares with its caller, as its signature says.
    fn shared(&self, f: &Function) -> Vec<Slot> {
        let all = [self.arrays[0], self.record, self.vector, self.nodes];
        let chosen = all.into_iter().zip(f.shares);
        chosen.filter(|(_, s)| *s).map(|(t, _)| t).collect()
    }
    fn types(&self) -> Types {
        Types(self.float)
    }
    fn scalar_ty(&self) -> Type {
        self.float.into()
    }
    fn real(&mut self, x: f64) -> Value {
        self.b.real(self.float, x)
    }
    fn get(&mut self, s: Slot) -> Value {
        self.b.slot_get(s, vec![], &[])
    }
    fn set(&mut self, s: Slot, v: Value) {
        self.b.slot_set(s, v, vec![], &[]);
    }
    fn block(&mut self, body: impl FnOnce(&mut Self)) {
        let l = self.b.label();
        self.labels.push(l);
        self.b.open(&[]);
        body(self);
        let r = self.b.close(&[]);
        self.labels.pop();
        self.b.raw(SlotOp::Block(l), &[], &[r], &[]);
    }
    fn if_(&mut self, c: Value, then: impl FnOnce(&mut Self), otherwise: impl FnOnce(&mut Self)) {
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
    fn len_of(&mut self, s: Slot) -> Value {
        let v = self.get(s);
        let n = self.b.len(v);
        self.b.convert(DType::I64, n)
    }
    /// Does something if the collection of that length is not empty.
    fn if_some(&mut self, n: Value, then: impl FnOnce(&mut Self)) {
        let zero = self.b.scalar(0i64);
        let some = self.b.compare(CompareOp::Gt, n, zero);
        self.if_(some, then, |_| {});
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
                let s = self.vector;
                self.push(s, x);
            }
            Stmt::Pop(k) => {
                let (s, x) = (self.vector, self.floats[usize::from(*k)]);
                self.pop(s, |e, popped| e.set(x, popped));
            }
            Stmt::Swap(a, b) => {
                let (a, b) = (self.floats[usize::from(*a)], self.floats[usize::from(*b)]);
                self.swap(a, b);
            }
            Stmt::SwapArrays => {
                let (a, b) = (self.arrays[0], self.arrays[1]);
                self.swap(a, b);
            }
            Stmt::Node(op, i, x) => self.node(*op, i, x),
            Stmt::Row(op, i, j, x) => self.row_op(*op, i, j, x),
            Stmt::Vector(op, i, x) => self.vector_op(*op, i, x),
            Stmt::Arrays(op, k, i, x) => self.arrays_op(*op, *k, i, x),
            Stmt::Complex(op, x) => self.complex(*op, x),
            Stmt::Call { f, to, x, n, array } => {
                let x = self.float(x);
                if let Some((y, shared)) = self.call(*f, x, *n, *array) {
                    for (s, v) in shared {
                        self.set(s, v);
                    }
                    self.set(self.floats[usize::from(*to)], y);
                }
            }
            Stmt::Map(k, x) => {
                let s = self.arrays[usize::from(*k)];
                let a = self.get(s);
                let (_, ps) = self.b.open(&[self.float.into()]);
                let outer = self.elem.replace(ps[0]);
                let y = self.float(x);
                self.elem = outer;
                let r = self.b.close(&[y]);
                let a = self.b.region_op(ControlOp::Map, &[a], &[r])[0];
                self.set(s, a);
            }
            Stmt::Sum(v, n, x) => {
                let (lo, hi) = (self.b.scalar(1i64), self.b.scalar(i64::from(*n) + 1));
                let zero = self.real(0.0);
                let (_, ps) = self.b.open(&[i64_(), self.float.into()]);
                let k = self.b.inst1(ConvertOp::To(self.float), &[ps[0]]);
                let part = self.real(0.0625);
                let k = self.b.mul(k, part);
                let outer = self.elem.replace(k);
                let term = self.float(x);
                self.elem = outer;
                let next = self.b.add(ps[1], term);
                let r = self.b.close(&[next]);
                let sum = self.b.region_op(ControlOp::For, &[lo, hi, zero], &[r])[0];
                let y = self.unary(0, sum);
                self.set(self.floats[usize::from(*v)], y);
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
        let step = |e: &mut Self| {
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
}
