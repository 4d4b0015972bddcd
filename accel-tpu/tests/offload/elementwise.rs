//! Elementwise ops of every element type they take, at the edges of the types: all combinations of edge values as one tensor, and what traps by itself.
//!
//! Numbers too small to be normal are left out: XLA's CPU plugin takes them for zero.

use crate::agree::Nearness;
use crate::batch::{Batch, Outcome, Task};
use crate::op_matrix::types::all_ops;
use crate::op_matrix::values::{number, scalar};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{
    BinaryOp, Builder, ConstOp, DType, FuncId, Module, Op, TernaryOp, Type, UnaryOp,
};
use cotangent_core::ops::{self, Args, EvalCx};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use num_complex::Complex64;
use std::mem::discriminant;

/// Values of a type where something changes.
fn edges(d: DType) -> Vec<Scalar> {
    if d == DType::Bool {
        return vec![Scalar::Bool(false), Scalar::Bool(true)];
    }
    if d.is_int() {
        let bits = 8 * d.bytes() as u32;
        let (least, most) = if d.is_signed() {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            (0, (1i128 << bits) - 1)
        };
        let bits = i128::from(bits);
        let mut many = vec![
            least,
            least + 1,
            least / 2,
            -7,
            -2,
            -1,
            0,
            1,
            2,
            3,
            7,
            10,
            bits - 1,
            bits,
            most / 2,
            most / 2 + 1,
            most - 1,
            most,
        ];
        many.retain(|n| (least..=most).contains(n));
        many.sort_unstable();
        many.dedup();
        return many
            .into_iter()
            .filter_map(|n| Scalar::from_int(d, n))
            .collect();
    }
    let single = d.bytes() == 4 || d == DType::C64;
    let (least, most) = if single {
        (f64::from(f32::MIN_POSITIVE), f64::from(f32::MAX))
    } else {
        (f64::MIN_POSITIVE, f64::MAX)
    };
    if d.is_complex() {
        let parts = [0.0, -0.0, 1.0, -1.5, 0.25, 8.0];
        let all = parts.iter().flat_map(|&re| {
            let of = move |&im: &f64| scalar(d, Complex64::new(re, im));
            parts.iter().map(of)
        });
        return all.collect();
    }
    let many = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.5,
        -2.5,
        3.0,
        -7.0,
        1.25,
        1e-10,
        100.5,
        -129.0,
        255.5,
        3e9,
        -3e9,
        1e19,
        4.0 * least,
        most,
        -most,
    ];
    many.iter()
        .filter_map(|&x| Scalar::from_f64(d, x))
        .collect()
}

/// What the op gives for scalars.
fn eval(op: &Op, args: &[Scalar], results: &[Type]) -> Result<Scalar, TrapKind> {
    let mut regs: Vec<Val> = args.iter().map(|s| Val::Scalar(*s)).collect();
    let places: Vec<(u32, bool)> = (0..args.len() as u32).map(|i| (i, true)).collect();
    let cx = EvalCx {
        max_bytes: 64,
        results,
    };
    let mut out = Vec::new();
    ops::eval(op, &mut Args::new(&mut regs, &places), &mut out, &cx)?;
    match out.pop() {
        Some(Val::Scalar(s)) => Ok(s),
        other => panic!("{op:?} of scalars gives {other:?}"),
    }
}

/// Whether the result is the correctly rounded one on every executor, so that all its bits count.
fn is_exact(op: &Op, d: DType) -> bool {
    use {BinaryOp as B, UnaryOp as U};
    if d.is_complex() {
        return matches!(op, Op::Compare(_) | Op::Convert(_));
    }
    match op {
        Op::Unary(op) => matches!(
            op,
            U::Neg
                | U::Abs
                | U::Sign
                | U::Floor
                | U::Ceil
                | U::Round
                | U::RoundEven
                | U::Trunc
                | U::Sqrt
                | U::Recip
                | U::Square
                | U::Real
                | U::Conj
                | U::StopGradient
        ),
        Op::Binary(op) => matches!(
            op,
            B::Add
                | B::Sub
                | B::Mul
                | B::Div
                | B::Rem
                | B::Min
                | B::Max
                | B::FMin
                | B::FMax
                | B::RemEuclid
                | B::Copysign
                | B::Complex
        ),
        Op::Ternary(op) => matches!(op, TernaryOp::Select | TernaryOp::Clamp | TernaryOp::Fma),
        Op::Compare(_) | Op::Convert(_) => true,
        _ => false,
    }
}

/// Whether the result is the same on every executor: nothing on the way is too small to be normal, and no complex product overflows, whose parts are
/// NaN here and infinite there.
fn is_told(op: &Op, row: &[Scalar], result: Scalar) -> bool {
    let d = result.dtype();
    if !d.is_differentiable() {
        return true;
    }
    let least = match d.real() {
        DType::F32 => f64::from(f32::MIN_POSITIVE),
        _ => f64::MIN_POSITIVE,
    };
    let z = number(result);
    let normal = |x: f64| x == 0.0 || x.abs() >= least;
    if !normal(z.re) || !normal(z.im) {
        return false;
    }
    if d.is_complex() && !z.is_finite() {
        return !matches!(op, Op::Binary(BinaryOp::Pow | BinaryOp::Powi));
    }
    if matches!(op, Op::Binary(BinaryOp::Polygamma)) {
        // Factorials beyond it are infinite.
        return number(row[0]).re <= if d == DType::F32 { 33.0 } else { 169.0 };
    }
    if matches!(op, Op::Binary(BinaryOp::Powi)) {
        let n = number(row[1]).re;
        let inverse = z.norm().recip();
        return if d.is_complex() {
            n.abs() <= 16.0
        } else {
            n >= 0.0 || inverse == 0.0 || inverse >= least
        };
    }
    true
}

/// One op with operands of some types.
struct Combination {
    op: Op,
    types: Vec<DType>,
    /// Operands that give a value.
    good: Vec<Vec<Scalar>>,
    /// Operands that trap, two for each way to trap.
    bad: Vec<(TrapKind, Vec<Scalar>)>,
}

impl Combination {
    /// None if the op does not take them.
    fn new(op: &Op, types: &[DType]) -> Option<Combination> {
        let tys: Vec<Type> = types.iter().map(|&d| d.into()).collect();
        let results = ops::infer(op, &tys).ok()?;
        let mut out = Combination {
            op: op.clone(),
            types: types.to_vec(),
            good: Vec::new(),
            bad: Vec::new(),
        };
        let mut rows: Vec<Vec<Scalar>> = vec![Vec::new()];
        for &d in types {
            let step = if types.len() == 3 { 3 } else { 1 };
            let all: Vec<Scalar> = edges(d).into_iter().step_by(step).collect();
            rows = rows
                .iter()
                .flat_map(|r| {
                    let with = |&s: &Scalar| [r.as_slice(), &[s]].concat();
                    all.iter().map(with).collect::<Vec<_>>()
                })
                .collect();
        }
        for row in rows {
            match eval(op, &row, &results) {
                Ok(s) if is_told(op, &row, s) => out.good.push(row),
                Ok(_) => {}
                Err(t) => {
                    let like =
                        |b: &&(TrapKind, Vec<Scalar>)| discriminant(&b.0) == discriminant(&t);
                    if out.bad.iter().filter(like).count() < 2 {
                        out.bad.push((t, row));
                    }
                }
            }
        }
        Some(out)
    }
    fn name(&self, what: &str) -> String {
        let list: Vec<String> = self.types.iter().map(ToString::to_string).collect();
        format!("{:?} of ({}){what}", self.op, list.join(", "))
    }
    /// The op on tensors with an element for each of the rows.
    fn of_rows(&self, rows: &[&[Scalar]], what: &str) -> Option<Task> {
        let tys: Vec<Type> = self
            .types
            .iter()
            .map(|&d| Type::known(d, &[rows.len() as u64]))
            .collect();
        let mut b = Builder::new("f", &tys);
        let params = b.params();
        let out = b.inst1(self.op.clone(), &params);
        let (m, f) = whole(b, &[out])?;
        let args = self.types.iter().enumerate().map(|(k, &d)| {
            let mut data = Data::with_capacity(d, rows.len()).unwrap();
            assert!(rows.iter().all(|r| data.push(r[k])));
            Val::tensor(Tensor::new(vec![rows.len()], data).unwrap())
        });
        Some(self.task(&m, f, args.collect(), what))
    }
    /// The op on scalars, the last of which is a constant of the program.
    fn of_constant(&self, row: &[Scalar]) -> Option<Task> {
        let (last, first) = row.split_last()?;
        let tys: Vec<Type> = first.iter().map(|s| s.dtype().into()).collect();
        let mut b = Builder::new("f", &tys);
        let mut operands = b.params();
        operands.push(b.inst1(ConstOp::Scalar(*last), &[]));
        let out = b.inst1(self.op.clone(), &operands);
        let (m, f) = whole(b, &[out])?;
        let args = first.iter().map(|s| Val::Scalar(*s)).collect();
        Some(self.task(&m, f, args, &format!(" by the constant {last:?}")))
    }
    fn task(&self, m: &Module, f: FuncId, args: Vec<Val>, what: &str) -> Task {
        let task = Task::new(self.name(what), m, f, args);
        if is_exact(&self.op, self.types[0]) {
            return task.with(Nearness::Exact);
        }
        task
    }
    /// What is to be tried of it.
    fn tasks(&self, checked: bool) -> Vec<Task> {
        let mut out = Vec::new();
        let good: Vec<&[Scalar]> = self.good.iter().map(Vec::as_slice).collect();
        if !good.is_empty() {
            out.extend(self.of_rows(&good, ""));
        }
        if self.types.len() == 2 {
            // Every 13th: all values of either operand take part.
            let some = self.good.iter().step_by(13).filter(|_| !checked);
            out.extend(some.take(6).filter_map(|r| self.of_constant(r)));
        }
        for (kind, row) in self.bad.iter().filter(|_| checked) {
            let rows: Vec<&[Scalar]> = self.good.first().map(Vec::as_slice).into_iter().collect();
            let rows = [rows, vec![row.as_slice()]].concat();
            let task = self.of_rows(&rows, " that trap");
            let wanted: Option<Outcome> = Some(Err(kind.clone()));
            out.extend(task.map(|t| Task { wanted, ..t }));
            out.extend(self.of_constant(row).filter(|_| self.types.len() == 2));
        }
        out
    }
}

fn whole(b: Builder, out: &[cotangent_core::entity::Value]) -> Option<(Module, FuncId)> {
    let mut m = Module::new();
    let f = m.funcs.push(b.finish(out).ok()?);
    cotangent_core::verify::verify(&m).ok()?;
    Some((m, f))
}

fn combinations(filter: impl Fn(&Op) -> bool) -> Vec<Combination> {
    let only = std::env::var("COTANGENT_ROW").unwrap_or_default();
    let mut out = Vec::new();
    for op in all_ops().iter().filter(|op| filter(op)) {
        if !only.is_empty() && !format!("{op:?}").contains(&only) {
            continue;
        }
        for a in DType::ALL {
            out.extend(Combination::new(op, &[a]));
            for b in DType::ALL {
                out.extend(Combination::new(op, &[a, b]));
                out.extend(Combination::new(op, &[a, b, b]));
            }
        }
    }
    out
}

fn check(title: &str, least: usize, filter: impl Fn(&Op) -> bool) {
    let all = combinations(filter);
    for checked in [false, true] {
        let mut batch = Batch::new(checked);
        for c in &all {
            for task in c.tasks(checked) {
                batch.add(task);
            }
        }
        batch.flush();
        let how = if checked { "xla-checked" } else { "xla" };
        batch.found.report(&format!("{title}, {how}"));
        let only = std::env::var_os("COTANGENT_ROW").is_some();
        assert!(only || batch.found.compared >= least);
    }
}

#[test]
fn unary_ops_at_the_edges() {
    check("edges of unary ops", 150, |op| matches!(op, Op::Unary(_)));
}

#[test]
fn binary_ops_at_the_edges() {
    check("edges of binary ops", 300, |op| matches!(op, Op::Binary(_)));
}

#[test]
fn other_elementwise_ops_at_the_edges() {
    check(
        "edges of ternary ops, comparisons and conversions",
        200,
        |op| matches!(op, Op::Ternary(_) | Op::Compare(_) | Op::Convert(_)),
    );
}
