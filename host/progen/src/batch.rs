//! Whether a batched program does in every lane what the program does there, and so do its derivatives.
//!
//! Results are compared to the last bit: batching changes no arithmetic of a lane. If a lane traps, the batch must trap as
//! one of the lanes that do.

use crate::agree::{Runner, check_function, distance};
use crate::check::{Failure, Outcome, arguments};
use crate::emit::module;
use crate::program::Program;
use crate::rng::Rng;
use cotangent_core::ad::derive;
use cotangent_core::error::{Trap, TrapKind};
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{DType, DeriveKind, Dim, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::text::print;
use cotangent_core::transform::vmap::{Axes, Spec, Strategy, join_lanes, split_lanes, vmap};
use cotangent_core::value::{Scalar, Val};
use cotangent_core::verify::verify_lowered;

/// Which arguments are batched and how, and what they are in each lane.
#[derive(Clone, Debug)]
pub struct Batch {
    /// For each argument of a program (see [`arguments`]).
    pub axes: Vec<Axes>,
    /// Whether the number of lanes is known when the program is built.
    pub known: bool,
    /// The arguments, by lane.
    pub lanes: Vec<Vec<Val>>,
}

impl Batch {
    /// A random batch; what is not batched is the first lane's.
    pub fn new(rng: &mut Rng) -> Batch {
        let n = 1 + rng.below(4);
        let mut axes: Vec<Axes> = (0..4)
            .map(|k| match rng.below(4) {
                0 => Axes::Same,
                1 => Axes::Rows,
                2 if k == 3 => Axes::At(1),
                _ => Axes::At(0),
            })
            .collect();
        if axes.iter().all(Axes::is_same) {
            axes[rng.below(4) as usize] = Axes::At(0);
        }
        let first = arguments(rng);
        let lane = |rng: &mut Rng| {
            let own = arguments(rng).into_iter().zip(&first).zip(&axes);
            own.map(|((v, f), a)| if a.is_same() { f.clone() } else { v })
                .collect()
        };
        Batch {
            known: rng.chance(50),
            lanes: (0..n).map(|_| lane(rng)).collect(),
            axes,
        }
    }

    fn spec(&self, strategy: Strategy, more: &[Axes]) -> Spec {
        Spec {
            args: [&self.axes[..], more].concat(),
            out: Axes::Rows,
            lanes: if self.known {
                Dim::Known(self.lanes.len() as u64)
            } else {
                Dim::Dynamic
            },
            strategy,
            guard: true,
        }
    }
}

fn failure<T>(property: &'static str, detail: impl std::fmt::Display) -> Result<T, Failure> {
    let detail = detail.to_string();
    Err(Failure { property, detail })
}

/// The bounds on a run of one lane, and of a batch.
const FUEL: [u64; 2] = [300_000, 60_000_000];

fn run(m: &Module, f: FuncId, args: Vec<Val>, fuel: u64) -> Result<Vec<Val>, TrapKind> {
    let limits = Limits {
        fuel: Some(fuel),
        ..Limits::default()
    };
    let out: Result<Vec<Val>, Trap> = interp::Program::new(m).run(f, args, &limits);
    out.map_err(|t| t.kind)
}

fn joined(lanes: &[Vec<Val>], tys: &[Type], spec: &Spec) -> Option<Vec<Val>> {
    (0..tys.len())
        .map(|k| {
            let column: Vec<Val> = lanes.iter().map(|a| a[k].clone()).collect();
            join_lanes(&column, &tys[k], &spec.args[k])
        })
        .collect()
}

/// A program and its derivatives in both modes, batched both ways; on another executor, if one is given.
///
/// # Errors
/// The first property that does not hold.
pub fn check_batched(
    p: &Program,
    batch: &Batch,
    with: Option<&dyn Runner>,
) -> Result<Outcome, Failure> {
    let mut m = module(p);
    if let Err(e) = pass::lower(&mut m) {
        return failure("lowering", e);
    }
    let mut outcome = Outcome::Passed(0);
    for strategy in [Strategy::Lockstep, Strategy::LaneByLane] {
        let spec = batch.spec(strategy, &[]);
        match check_lanes(&m, FuncId(0), &spec, &batch.lanes, with)? {
            Outcome::Passed(_) => {}
            other => outcome = other,
        }
    }
    if outcome != Outcome::Passed(0) {
        return Ok(outcome);
    }
    for (kind, more) in [(DeriveKind::Vjp, 2), (DeriveKind::Jvp, 3)] {
        let mut m = m.clone();
        // What has no derivative in a mode is checked elsewhere.
        let Ok(d) = derive(&mut m, FuncId(0), kind, &[0, 1, 3]) else {
            continue;
        };
        // Cotangents of the number and the array, or tangents of two numbers and the array.
        let lanes: Vec<Vec<Val>> = (0..batch.lanes.len())
            .map(|l| {
                let a = &batch.lanes[l];
                let mut all = a.clone();
                let k = l as f64 * 0.25 + 0.5;
                all.extend((1..more).map(|j| Val::from(k * f64::from(j))));
                all.push(a[3].clone());
                all
            })
            .collect();
        let mut axes = vec![Axes::At(0); more as usize - 1];
        axes.push(batch.axes[3].clone());
        let spec = batch.spec(Strategy::Lockstep, &axes);
        match check_lanes(&m, d, &spec, &lanes, with)? {
            Outcome::Passed(_) => outcome = Outcome::Passed(1),
            _ => return Ok(Outcome::DerivativeOutOfFuel(1)),
        }
    }
    if with.is_none() {
        gradient_of_batch(&m, batch)?;
    }
    Ok(outcome)
}

/// A function of a lowered module.
fn check_lanes(
    m: &Module,
    f: FuncId,
    spec: &Spec,
    lanes: &[Vec<Val>],
    with: Option<&dyn Runner>,
) -> Result<Outcome, Failure> {
    let mut want = Vec::new();
    for a in lanes {
        let y = run(m, f, a.clone(), FUEL[0]);
        if matches!(y, Err(TrapKind::OutOfFuel { .. })) {
            return Ok(Outcome::OutOfFuel);
        }
        want.push(y);
    }
    let (tys, results) = (m.funcs[f].param_types(), m.funcs[f].results.clone());
    let mut m = m.clone();
    let g = match vmap(&mut m, f, spec) {
        Ok(g) => g,
        Err(e) => return failure("batching", e),
    };
    if let Err(e) = verify_lowered(&m) {
        return failure("the batched program is valid", &e[0]);
    }
    let Some(args) = joined(lanes, &tys, spec) else {
        return failure("batching", "the arguments cannot be joined");
    };
    if let Some(with) = with {
        return check_function(&m, g, &args, with);
    }
    let got = run(&m, g, args, FUEL[1]);
    let traps: Vec<&TrapKind> = want.iter().flat_map(|w| w.as_ref().err()).collect();
    let what = |why: &str| {
        let text = print(&m);
        let at = text.rfind("\nfunc @").unwrap_or(0);
        failure(
            "every lane of a batch does what it does alone",
            format!(
                "{why} {spec:?}\ngot {got:?}\nwant {want:?}\n{}",
                &text[at.min(text.len())..]
            ),
        )
    };
    match &got {
        Err(TrapKind::OutOfFuel { .. }) => Ok(Outcome::OutOfFuel),
        Err(t) if traps.iter().any(|w| alike(w, t)) => Ok(Outcome::Trapped),
        Err(_) => what("traps"),
        Ok(_) if !traps.is_empty() => what("does not trap"),
        Ok(ys) => {
            for (k, (y, ty)) in ys.iter().zip(&results).enumerate() {
                let Some(split) = split_lanes(y, ty, &spec.out, lanes.len()) else {
                    return what("holds no lanes");
                };
                let same = |(v, w): (&Val, &Result<Vec<Val>, TrapKind>)| {
                    w.as_ref().is_ok_and(|w| v.same_bits(&w[k]))
                };
                if !split.iter().zip(&want).all(same) {
                    return what("differs");
                }
            }
            Ok(Outcome::Passed(0))
        }
    }
}

/// Whether two traps are of one kind, of one message where there is one.
fn alike(a: &TrapKind, b: &TrapKind) -> bool {
    match (a, b) {
        (TrapKind::Panic(x), TrapKind::Panic(y)) => x == y,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// The gradient of a batch is that of each lane; of what the lanes share, the sum.
fn gradient_of_batch(m: &Module, batch: &Batch) -> Result<(), Failure> {
    let wrt = [0, 1, 3];
    let cts = [Val::from(1.0), Val::vector(vec![0.5, -1.0, 0.25, 2.0])];
    let mut alone = m.clone();
    let Ok(d) = derive(&mut alone, FuncId(0), DeriveKind::Vjp, &wrt) else {
        return Ok(());
    };
    let results = m.funcs[FuncId(0)].results.len();
    let mut want: Vec<Vec<Val>> = vec![Vec::new(); wrt.len()];
    for a in &batch.lanes {
        let Ok(y) = run(&alone, d, [&a[..], &cts].concat(), FUEL[0]) else {
            return Ok(());
        };
        for (w, v) in want.iter_mut().zip(&y[results..]) {
            w.push(v.clone());
        }
    }
    let spec = batch.spec(Strategy::Lockstep, &[]);
    let mut b = m.clone();
    let Ok(g) = vmap(&mut b, FuncId(0), &spec) else {
        return failure("batching", "the function cannot be batched");
    };
    let d = match derive(&mut b, g, DeriveKind::Vjp, &wrt) {
        Ok(d) => d,
        Err(e) => return failure("derivatives of batches", e),
    };
    if let Err(e) = verify_lowered(&b) {
        return failure("the derivative of a batch is valid", &e[0]);
    }
    let tys = m.funcs[FuncId(0)].param_types();
    let n = batch.lanes.len();
    let Some(mut args) = joined(&batch.lanes, &tys, &spec) else {
        return failure("batching", "the arguments cannot be joined");
    };
    for (ct, ty) in cts.iter().zip([&tys[0], &tys[3]]) {
        args.extend(join_lanes(&vec![ct.clone(); n], ty, &Axes::Rows));
    }
    let y = match run(&b, d, args, FUEL[1]) {
        Ok(y) => y,
        Err(TrapKind::OutOfFuel { .. }) => return Ok(()),
        Err(t) => return failure("derivatives of batches", t),
    };
    for ((&k, got), want) in wrt.iter().zip(&y[results..]).zip(&want) {
        let k = k as usize;
        let want = match &batch.axes[k] {
            Axes::Same => sum(want),
            axes => join_lanes(want, &tys[k], axes),
        };
        let (got, want) = ([got.clone()], [want.unwrap_or_default()]);
        if distance(&got, &want).is_none_or(|d| d > 1e-9) {
            return failure(
                "the gradient of a batch is that of its lanes",
                format!("argument {k}: {got:?} and not {want:?}; {:?}", batch.axes),
            );
        }
    }
    Ok(())
}

/// The sum of numbers or of arrays.
fn sum(vs: &[Val]) -> Option<Val> {
    let one = |v: &Val| match v {
        Val::Scalar(Scalar::F64(x)) => Some(*x),
        _ => None,
    };
    if let Some(xs) = vs.iter().map(one).collect::<Option<Vec<f64>>>() {
        return Some(Val::from(xs.iter().sum::<f64>()));
    }
    let ty = Type::tensor(DType::F64, [Dim::Dynamic]);
    let n = match vs.first()? {
        Val::Tensor(t) => t.data.len(),
        _ => return None,
    };
    let all: Option<Vec<f64>> = (0..n)
        .map(|i| {
            let column: Option<Vec<f64>> = vs
                .iter()
                .filter(|v| v.is_of(&ty))
                .map(|v| match v {
                    Val::Tensor(t) => one(&Val::Scalar(t.data.get(i))),
                    _ => None,
                })
                .collect();
            column.map(|c| c.iter().sum())
        })
        .collect();
    all.map(Val::vector)
}

#[cfg(test)]
mod tests {
    use crate::fuzz::Case;

    #[test]
    fn lanes_do_what_they_do_alone() {
        let number = |name: &str, default: u64| {
            let given = std::env::var(name).ok().and_then(|s| s.parse().ok());
            given.unwrap_or(default)
        };
        let (cases, seed) = (number("COTANGENT_CASES", 10), number("COTANGENT_SEED", 1));
        for number in 0..cases {
            let case = Case::new(seed, number);
            if let Err(failure) = case.check_batched(None) {
                let (small, failure) = case.shrunk_batched(&failure, None);
                panic!("{failure}\n{}", small.file(&failure));
            }
        }
    }
}
