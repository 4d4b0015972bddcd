//! Every op with operands of every type, as machine code: what the interpreter gives, trap for trap.
//!
//! The functions of an op are compiled together. Functions of a float and sums may differ in the last digits; nothing else.

use super::types::{all_ops, palette, value_of};
use super::values::{Rng, error};
use cotangent_core::entity::FuncId;
use cotangent_core::error::TrapKind;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{Builder, DType, Module, Op, TangentOp, Type};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::{ops, verify};
use num_complex::Complex;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Tries of each function.
const TRIES: usize = 4;

/// Whether the op runs by itself.
fn runs(op: &Op) -> bool {
    match op {
        Op::Control(_) | Op::Slot(_) | Op::Tangent(TangentOp::CustomLinear { .. }) => false,
        Op::Const(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Compare(_)
        | Op::Convert(_)
        | Op::Place(_)
        | Op::Array(_)
        | Op::Shape(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Tangent(_)
        | Op::Effect(_) => true,
    }
}

fn function(op: &Op, tys: &[Type]) -> Option<cotangent_core::ir::Func> {
    ops::infer(op, tys).ok()?;
    let mut b = Builder::new("f", tys);
    let ps = b.params();
    let out = b.inst(op.clone(), &ps);
    b.finish(&out).ok()
}

/// The largest difference allowed.
fn tolerance(results: &[Type]) -> f64 {
    let single = |t: &Type| matches!(t.dtype(), Some(DType::F32 | DType::C64));
    if results.iter().any(single) {
        1e-5
    } else {
        1e-12
    }
}

/// A value with some of its scalars replaced by extreme ones.
fn spiced(rng: &mut Rng, v: Val) -> Val {
    match v {
        Val::Scalar(s) => Val::Scalar(edge(rng, s)),
        Val::Tensor(t) => {
            let mut t = (*t).clone();
            for i in 0..t.data.len() {
                let s = edge(rng, t.data.get(i));
                t.data.set(i, s);
            }
            Val::tensor(t)
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => v,
    }
}

fn edge(rng: &mut Rng, s: Scalar) -> Scalar {
    if rng.below(3) > 0 {
        return s;
    }
    let d = s.dtype();
    if d == DType::Bool {
        return s;
    }
    if d.is_int() {
        let bits = 8 * d.bytes() as u32;
        let (least, most) = if d.is_signed() {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            (0, (1i128 << bits) - 1)
        };
        let many = [
            least,
            least + 1,
            -1,
            0,
            1,
            2,
            7,
            i128::from(bits) - 1,
            i128::from(bits),
            most / 2,
            most - 1,
            most,
        ];
        let n = many[rng.below(many.len() as u64) as usize].clamp(least, most);
        return Scalar::from_int(d, n).unwrap();
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
        2.5,
        -2.5,
        1e-310,
        3e9,
        -3e9,
        1e20,
        1e300,
        -129.0,
        255.5,
    ];
    let mut x = || many[rng.below(many.len() as u64) as usize];
    let (re, im) = (x(), x());
    match d {
        DType::C64 => Scalar::C64(Complex::new(re as f32, im as f32)),
        DType::C128 => Scalar::C128(Complex::new(re, im)),
        _ => Scalar::from_f64(d, re).unwrap(),
    }
}

/// What differs between the two executors.
fn differs(
    got: &Result<Vec<Val>, TrapKind>,
    want: &Result<Vec<Val>, TrapKind>,
    tolerance: f64,
) -> Option<String> {
    match (got, want) {
        (Err(TrapKind::OutOfMemory { .. }), Err(TrapKind::OutOfMemory { .. })) => None,
        // An end beyond 64 bits is reported in 64.
        (
            Err(TrapKind::RangeOutOfRange { lo: a, len: b, .. }),
            Err(TrapKind::RangeOutOfRange { lo: c, len: d, .. }),
        ) if (a, b) == (c, d) => None,
        (Err(a), Err(b)) => (a != b).then(|| format!("traps with {a}, not {b}")),
        (Ok(a), Ok(b)) => {
            for (x, y) in a.iter().zip(b) {
                match error(x, y) {
                    Ok(e) if e <= tolerance => {}
                    Ok(e) => return Some(format!("{x:?}, not {y:?}: error {e:e}")),
                    Err(e) => return Some(format!("{x:?}, not {y:?}: {e}")),
                }
            }
            (a.len() != b.len()).then(|| "number of results".into())
        }
        (a, b) => Some(format!("{a:?}, not {b:?}")),
    }
}

/// Compiles and tries functions of one op; gives what differs, and how often something was compared.
fn attempt(op: &Op, types: &[Vec<Type>], rng: &mut Rng, wrong: &mut Vec<String>) -> usize {
    let mut m = Module::new();
    let mut all: Vec<(FuncId, &Vec<Type>)> = Vec::new();
    for tys in types {
        if let Some(f) = function(op, tys) {
            let mut f = f;
            f.name = format!("f{}", all.len());
            all.push((m.funcs.push(f), tys));
        }
    }
    if let Err(e) = verify::verify(&m) {
        wrong.push(format!("{op:?}: {}", e[0]));
        return 0;
    }
    let code = match cotangent::executor("jit").and_then(|e| e.prepare(&m)) {
        Ok(code) => code,
        Err(e) => {
            wrong.push(format!("{op:?}: {e}"));
            return 0;
        }
    };
    let program = Program::new(&m);
    let limits = Limits {
        max_bytes: 1 << 24,
        ..Limits::default()
    };
    let (mut compared, mut found) = (0, 0);
    for (f, tys) in all {
        let results = &m.funcs[f].results;
        for k in 0..TRIES {
            let args: Vec<Val> = tys
                .iter()
                .map(|t| {
                    let v = value_of(rng, t);
                    if k == 0 { v } else { spiced(rng, v) }
                })
                .collect();
            let want = program.run(f, args.clone(), &limits).map_err(|t| t.kind);
            let got = code.run(f, args.clone(), &limits).map_err(|t| t.kind);
            compared += 1;
            if let Some(what) = differs(&got, &want, tolerance(results)) {
                found += 1;
                if found <= 3 {
                    let tys: Vec<String> = tys.iter().map(ToString::to_string).collect();
                    wrong.push(format!("{op:?} of ({}) {args:?}: {what}", tys.join(", ")));
                }
            }
        }
    }
    compared
}

#[test]
fn every_op_compiled() {
    let (full, few) = (palette(true), palette(false));
    let mut types: Vec<Vec<Type>> = vec![Vec::new()];
    for a in &full {
        types.push(vec![a.clone()]);
        types.extend(full.iter().map(|b| vec![a.clone(), b.clone()]));
    }
    for a in &few {
        for b in &few {
            types.extend(few.iter().map(|c| vec![a.clone(), b.clone(), c.clone()]));
            types.push(vec![
                a.clone(),
                b.clone(),
                DType::U64.into(),
                DType::I32.into(),
            ]);
        }
    }
    let mut rng = Rng(3);
    let mut wrong = Vec::new();
    let compared: usize = all_ops()
        .iter()
        .filter(|op| runs(op))
        .map(|op| {
            let tried = catch_unwind(AssertUnwindSafe(|| {
                attempt(op, &types, &mut rng, &mut wrong)
            }));
            tried.unwrap_or_else(|_| {
                wrong.push(format!("{op:?}: panics"));
                0
            })
        })
        .sum();
    println!("compiled: {compared} comparisons");
    assert!(compared > 10_000, "{compared}");
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
