//! Calls, calls of derivatives, and functions with derivative rules of their own.

use super::{Emit, Types};
use cotangent_core::ir::{
    Builder, ControlOp, CustomRule, DType, DeriveKind, Func, FuncId, Slot, Step, Type, UnaryOp,
    Value,
};

impl Emit<'_> {
    /// The counter of a call: the entry starts a recursion, a helper goes down by one.
    fn counter(&mut self, n: u8) -> Value {
        if self.ids.own == 0 {
            return self.b.scalar(i64::from(n % 4));
        }
        let one = self.b.scalar(1i64);
        self.b.sub(self.n, one)
    }

    fn arguments(&mut self, f: usize, x: Value, n: u8, array: u8) -> (Vec<Value>, Vec<Slot>) {
        let mut shared = self.shared(&self.program.functions[f]);
        if self.program.functions[f].shares[0] {
            shared[0] = self.arrays[usize::from(array)];
        }
        let n = self.counter(n);
        let mut args = vec![x, n];
        args.extend(shared.iter().map(|&s| self.get(s)));
        (args, shared)
    }

    /// A call: the result, and what becomes of the variables it shares. `None` if there is nothing to call.
    pub(super) fn call(
        &mut self,
        f: u8,
        x: Value,
        n: u8,
        array: u8,
    ) -> Option<(Value, Vec<(Slot, Value)>)> {
        let f = self.program.callee(self.ids.own, f)?;
        let (args, shared) = self.arguments(f, x, n, array);
        let mut tys = vec![self.scalar_ty()];
        tys.extend(self.types().shared(&self.program.functions[f]));
        let out = self.b.call(FuncId(f as u32), &args, &tys);
        Some((out[0], shared.into_iter().zip(out[1..].to_vec()).collect()))
    }

    /// `tanh` of the derivative of a helper by its number. The entry may ask for any helper's, a helper only for that of one
    /// that calls nothing: so no derivative needs itself.
    pub(super) fn derive(&mut self, f: u8, x: Value, n: u8) -> Value {
        let leaf = self.program.functions.iter().rposition(|f| f.leaf);
        let f = if self.ids.own == 0 {
            self.program.callee(self.ids.own, f)
        } else {
            leaf
        };
        let Some(f) = f.filter(|f| *f != self.ids.own) else {
            return x;
        };
        let (mut args, _) = self.arguments(f, x, n, 0);
        let scalar = self.scalar_ty();
        let shared = self.types().shared(&self.program.functions[f]);
        let func = FuncId(f as u32);
        let wrt = vec![0];
        let d = if shared.is_empty() {
            let kind = DeriveKind::Gradient;
            let op = ControlOp::Derive { func, kind, wrt };
            let i = self.b.raw(op, &args, &[], &[scalar]);
            self.b.func.insts[i].results[0]
        } else {
            args.push(self.real(1.0));
            let mut tys = vec![scalar];
            tys.extend(shared);
            let tangents: Vec<Type> = tys.iter().map(Type::tangent).collect();
            let results = tys.len();
            tys.extend(tangents);
            let kind = DeriveKind::Jvp;
            let op = ControlOp::Derive { func, kind, wrt };
            let i = self.b.raw(op, &args, &[], &tys);
            self.b.func.insts[i].results[results]
        };
        self.b.unary(UnaryOp::Tanh, d)
    }
}

/// `sin(x a[1])` twice, each with a rule: a jvp, a vjp. Four functions, the first of which has the number `first`.
pub(super) fn rules(first: u32, float: DType) -> Vec<Func> {
    let t = Types(float);
    let primals = [t.scalar(), t.array()];
    let function = |name: &str, extra: &[Type]| {
        let tys: Vec<Type> = primals.iter().chain(extra).cloned().collect();
        Builder::new(name, &tys)
    };
    let second = |b: &mut Builder, a: Value| {
        let one = b.scalar(1i64);
        b.get(a, vec![Step::Index], &[one])
    };
    // The value and the cosine, the element.
    let value = |b: &mut Builder| {
        let ps = b.params();
        let e = second(b, ps[1]);
        let p = b.mul(ps[0], e);
        (b.unary(UnaryOp::Sin, p), b.unary(UnaryOp::Cos, p), e)
    };
    let mut out = vec![];
    for k in 0..2 {
        let mut b = function(&format!("rule{k}"), &[]);
        let (y, _, _) = value(&mut b);
        let mut f = b.finish(&[y]).expect("well typed");
        let rule = FuncId(first + 2 * k + 1);
        f.rule = Some(if k == 0 {
            CustomRule::Jvp(rule)
        } else {
            CustomRule::Vjp(rule)
        });
        out.push(f);
        if k == 0 {
            let mut b = function("rule0_jvp", &primals);
            let (y, c, e) = value(&mut b);
            let ps = b.params();
            let de = second(&mut b, ps[3]);
            let l = b.mul(ps[2], e);
            let r = b.mul(ps[0], de);
            let s = b.add(l, r);
            let dy = b.mul(c, s);
            out.push(b.finish(&[y, dy]).expect("well typed"));
        } else {
            let mut b = function("rule1_vjp", &[t.scalar()]);
            let (_, c, e) = value(&mut b);
            let ps = b.params();
            let g = b.mul(ps[2], c);
            let dx = b.mul(g, e);
            let da = b.mul(g, ps[0]);
            let zero = b.default(t.array());
            let one = b.scalar(1i64);
            let da = b.update(zero, da, vec![Step::Index], &[one]);
            out.push(b.finish(&[dx, da]).expect("well typed"));
        }
    }
    out
}
