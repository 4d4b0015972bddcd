//! Measures one problem on all executors beside what rustc makes of it and its gradient by hand, and collects rows of the table.

use crate::common::peers::Peers;
use crate::common::table::Table;
use crate::common::timing::{Candidate, measure, ratio, show};
use cotangent::Datum;
use cotangent::core::stage::data::flatten;
use cotangent::core::value::{Data, Scalar, Val};
use std::time::Duration;

/// The peers that have columns of their own, as they are called in the file and in the head.
const PEERS: [(&str, &str); 6] = [
    ("cpp-hand", "C++ by hand"),
    ("jax-jit", "JAX"),
    ("enzyme (JAX cpp_call)", "Enzyme"),
    ("casadi-SX-C", "CasADi C"),
    ("adol-c replay", "ADOL-C"),
    ("torch-eager", "PyTorch"),
];

/// How far results may be from those by hand, relative to the largest number.
const TOLERANCE: f64 = 1e-9;
/// The same for `f32`.
const TOLERANCE_F32: f64 = 1e-4;

/// The table, and what is to be said below it.
pub struct Report {
    executors: Vec<&'static str>,
    budget: Duration,
    /// Whether the fastest sample counts.
    fastest: bool,
    peers: Peers,
    only: Vec<String>,
    pub table: Table,
    pub notes: Vec<String>,
}

/// Seconds of one executor on one problem.
pub struct Times {
    pub executor: &'static str,
    pub value: f64,
    pub gradient: f64,
}

impl Report {
    pub fn new(
        executors: Vec<&'static str>,
        budget: Duration,
        fastest: bool,
        only: Vec<String>,
        peers: Peers,
    ) -> Report {
        let head = [
            "problem",
            "executor",
            "rustc -O",
            "value",
            "/ rustc",
            "by hand",
            "value+grad",
            "/ by hand",
            "/ value",
        ];
        let head = head.into_iter().chain(PEERS.map(|(_, title)| title));
        Report {
            executors,
            budget,
            fastest,
            peers,
            only,
            table: Table::new(2, head),
            notes: Vec::new(),
        }
    }
    /// Measures a problem. `plain` is the function itself, `by_hand` fills its buffer with value and gradient; `value` and `gradient` are
    /// typed calls on the default executor. `by_name` says where the peers are found.
    pub fn problem<P, V, G: Datum>(
        &mut self,
        name: &str,
        by_name: &str,
        plain: impl Fn() -> P,
        (n, by_hand): (usize, &mut dyn FnMut(&mut [f64])),
        value: impl Fn() -> cotangent::Result<V> + Copy,
        gradient: impl Fn() -> cotangent::Result<G> + Copy,
    ) -> Vec<Times> {
        if !self.only.is_empty() && !self.only.iter().any(|o| name.contains(o.as_str())) {
            return Vec::new();
        }
        let mut runs = Vec::new();
        let mut out = vec![0.0; n];
        by_hand(&mut out);
        let expected = out.clone();
        for &executor in &self.executors {
            match self.check(executor, &expected, value, gradient) {
                Ok(()) => runs.push(executor),
                Err(e) => self.notes.push(format!("{name} on {executor}: {e}")),
            }
        }
        let mut all = vec![Candidate::new("plain", plain)];
        all.push(Candidate::new("by hand", || by_hand(&mut out)));
        for &executor in &runs {
            let choose = move || {
                // It was found before.
                let _ = cotangent::set_default_executor(executor);
            };
            // Used as a user does: what an error would take is not copied along.
            let value = move || value().expect("it was checked before");
            let gradient = move || gradient().expect("it was checked before");
            all.push(Candidate::new(executor, value).before(choose));
            all.push(Candidate::new(executor, gradient).before(choose));
        }
        measure(&mut all, self.budget);
        let seconds = |c: &Candidate<'_>| c.seconds(self.fastest);
        let plain = seconds(&all[0]);
        let by_hand = seconds(&all[1]);
        let mut times = Vec::new();
        self.table.group();
        for (&executor, pair) in runs.iter().zip(all[2..].chunks(2)) {
            let (value, gradient) = (seconds(&pair[0]), seconds(&pair[1]));
            let mut row = vec![
                name.to_string(),
                executor.to_string(),
                show(plain),
                show(value),
                ratio(value, plain),
                show(by_hand),
                show(gradient),
                ratio(gradient, by_hand),
                ratio(gradient, value),
            ];
            row.extend(PEERS.map(|(peer, _)| {
                let seconds = self.peers.gradient(by_name, peer);
                seconds.map_or("-".into(), show)
            }));
            self.table.row(row);
            times.push(Times {
                executor,
                value,
                gradient,
            });
        }
        times
    }
    /// Compiles for an executor, and compares what it gives with what was computed by hand.
    fn check<V, G: Datum>(
        &self,
        executor: &str,
        want: &[f64],
        value: impl Fn() -> cotangent::Result<V>,
        gradient: impl Fn() -> cotangent::Result<G>,
    ) -> Result<(), String> {
        cotangent::set_default_executor(executor).map_err(|e| e.to_string())?;
        value().map_err(|e| e.to_string())?;
        let (got, single) = numbers(&gradient().map_err(|e| e.to_string())?);
        let scale = want.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let tolerance = if single { TOLERANCE_F32 } else { TOLERANCE };
        let worst = got.iter().zip(want).map(|(a, b)| (a - b).abs());
        let worst = worst.fold(0.0, f64::max) / scale;
        if got.len() != want.len() || worst.is_nan() || worst > tolerance {
            return Err(format!(
                "WRONG: {} numbers for {}, relative error {worst:e}",
                got.len(),
                want.len()
            ));
        }
        Ok(())
    }
}

/// The real numbers of data, in order, and whether some are `f32`.
fn numbers(x: &impl Datum) -> (Vec<f64>, bool) {
    let (mut out, mut single) = (Vec::new(), false);
    for v in flatten(x) {
        read(&v, &mut out, &mut single);
    }
    (out, single)
}

fn read(v: &Val, out: &mut Vec<f64>, single: &mut bool) {
    match v {
        Val::Scalar(Scalar::F64(x)) => out.push(*x),
        Val::Scalar(Scalar::F32(x)) => {
            out.push((*x).into());
            *single = true;
        }
        Val::Tensor(t) => match &t.data {
            Data::F64(xs) => out.extend_from_slice(xs),
            Data::F32(xs) => {
                out.extend(xs.iter().map(|&x| f64::from(x)));
                *single = true;
            }
            _ => {}
        },
        Val::Record(vs) | Val::Seq(vs) => vs.iter().for_each(|v| read(v, out, single)),
        Val::Unit | Val::Scalar(_) | Val::Stack(_) => {}
    }
}
