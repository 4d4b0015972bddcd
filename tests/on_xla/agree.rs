//! Comparison of a function on the device with the interpreter.

use cotangent::core::ir::Type;
use cotangent::core::stage::data::{Args, DiffFn};
use cotangent::core::value::{Data, Scalar, Tensor, Val};
use cotangent::{Function, Options, Wrt};

pub const ON: [&str; 2] = ["xla", "xla-checked"];

fn numbers(v: &Val, out: &mut Vec<f64>) {
    let mut add = |s: Scalar| match s {
        Scalar::F64(x) => out.push(x),
        Scalar::F32(x) => out.push(f64::from(x)),
        Scalar::C128(z) => out.extend([z.re, z.im]),
        Scalar::C64(z) => out.extend([f64::from(z.re), f64::from(z.im)]),
        Scalar::Bool(b) => out.push(f64::from(u8::from(b))),
        other => out.push(other.as_int().map_or(f64::NAN, |n| n as f64)),
    };
    match v {
        Val::Unit => {}
        Val::Scalar(s) => add(*s),
        Val::Tensor(t) => (0..t.data.len()).for_each(|i| add(t.data.get(i))),
        Val::Record(vs) | Val::Seq(vs) => vs.iter().for_each(|v| numbers(v, out)),
        Val::Stack(_) => panic!("a stack is no result"),
    }
}

fn all(vs: &[Val]) -> Vec<f64> {
    let mut out = Vec::new();
    vs.iter().for_each(|v| numbers(v, &mut out));
    out
}

/// Whether numbers agree, relative to the largest of them.
pub fn close(got: &[Val], want: &[Val], tolerance: f64, what: &str) {
    let (got, want) = (all(got), all(want));
    assert_eq!(got.len(), want.len(), "{what}");
    let scale = want
        .iter()
        .filter(|x| x.is_finite())
        .fold(1.0_f64, |m, x| m.max(x.abs()));
    for (i, (x, y)) in got.iter().zip(&want).enumerate() {
        let same = (x - y).abs() <= tolerance * scale || x == y || x.is_nan() && y.is_nan();
        assert!(same, "{what}, number {i}: {x}, not {y}");
    }
}

pub fn leaves<A: Args>(args: &A) -> Vec<Val> {
    let mut out = Vec::new();
    args.flatten(&mut out);
    out
}

pub fn on(name: &str) -> Options {
    Options::new().executor(name)
}

/// A value like this one, whose numbers are some that differ.
fn direction(v: &Val, ty: &Type, next: &mut f64) -> Val {
    if !ty.has_tangent() {
        return Val::Unit;
    }
    let mut some = |d: Scalar| {
        *next = (*next * 1.7 + 0.3) % 1.0;
        match d {
            Scalar::F32(_) => Scalar::F32(*next as f32),
            _ => Scalar::F64(*next),
        }
    };
    match (v, ty) {
        (Val::Scalar(s), _) => Val::Scalar(some(*s)),
        (Val::Tensor(t), _) => {
            let mut data: Data = t.data.clone();
            for i in 0..data.len() {
                data.set(i, some(t.data.get(i)));
            }
            Val::tensor(Tensor::new(t.shape.to_vec(), data).unwrap())
        }
        (Val::Record(vs), Type::Record(ts)) => Val::record(
            vs.iter()
                .zip(ts.iter())
                .map(|(v, t)| direction(v, t, next))
                .collect::<Vec<_>>(),
        ),
        (Val::Seq(vs), Type::Seq(t)) => Val::Seq(
            vs.iter()
                .map(|v| direction(v, t, next))
                .collect::<Vec<_>>()
                .into(),
        ),
        _ => panic!("{v:?} of type {ty}"),
    }
}

/// The value and the gradient are those of the interpreter, on all these executors.
pub fn gradient_on<F: DiffFn>(
    name: &str,
    args: &F::Args<'_>,
    wrt: &Wrt,
    tolerance: f64,
    on: &[&str],
) {
    let f: Function = cotangent::function::<F>().unwrap();
    let args = leaves(args);
    let (y, g) = f
        .value_and_gradient(args.clone(), wrt, &self::on("interpreter"))
        .unwrap();
    for e in on {
        let found = f.value_and_gradient(args.clone(), wrt, &self::on(e));
        let (v, d) = found.unwrap_or_else(|why| panic!("{name} on {e}: {why}"));
        close(&v, &y, tolerance, &format!("{name} on {e}"));
        close(&d, &g, tolerance, &format!("gradient of {name} on {e}"));
        let v = f.call(args.clone(), &self::on(e)).unwrap();
        close(&v, &y, tolerance, &format!("{name} alone on {e}"));
    }
}

pub fn gradient<F: DiffFn>(name: &str, args: &F::Args<'_>, tolerance: f64) {
    gradient_on::<F>(name, args, &Wrt::All, tolerance, &ON);
}

/// Directions of the arguments that have a tangent space.
fn tangents(f: &Function, args: &[Val], next: &mut f64) -> Vec<Val> {
    let chosen = f.params_of(&Wrt::All);
    chosen
        .iter()
        .map(|&k| direction(&args[k as usize], &f.params()[k as usize], next))
        .collect()
}

/// The value and a product forwards are those of the interpreter.
pub fn forwards<F: DiffFn>(name: &str, args: &F::Args<'_>, tolerance: f64, on: &[&str]) {
    let f: Function = cotangent::function::<F>().unwrap();
    let args = leaves(args);
    let tangents = tangents(&f, &args, &mut 0.1);
    let how = self::on("interpreter");
    let (y, dy) = f
        .jvp(args.clone(), tangents.clone(), &Wrt::All, &how)
        .unwrap();
    for e in on {
        let found = f.jvp(args.clone(), tangents.clone(), &Wrt::All, &self::on(e));
        let (v, dv) = found.unwrap_or_else(|why| panic!("jvp of {name} on {e}: {why}"));
        close(&v, &y, tolerance, &format!("{name} on {e}"));
        close(&dv, &dy, tolerance, &format!("jvp of {name} on {e}"));
    }
}

/// The value and products backwards, several of one run forwards, are those of the interpreter.
pub fn backwards<F: DiffFn>(name: &str, args: &F::Args<'_>, tolerance: f64, on: &[&str]) {
    let f: Function = cotangent::function::<F>().unwrap();
    let args = leaves(args);
    let how = self::on("interpreter");
    let (y, pull) = f.pullback(args.clone(), &Wrt::All, &how).unwrap();
    let mut next = 0.1;
    let cotangents: Vec<Vec<Val>> = (0..2)
        .map(|_| {
            let results = y.iter().zip(f.results());
            let smooth = results.filter(|(_, t)| t.has_tangent());
            smooth.map(|(v, t)| direction(v, t, &mut next)).collect()
        })
        .collect();
    for e in on {
        let found = f.pullback(args.clone(), &Wrt::All, &self::on(e));
        let (v, found) = found.unwrap_or_else(|why| panic!("pullback of {name} on {e}: {why}"));
        close(&v, &y, tolerance, &format!("{name} on {e}"));
        for ct in &cotangents {
            let want = pull.call(ct.clone()).unwrap();
            let got = found.call(ct.clone());
            let got = got.unwrap_or_else(|why| panic!("pullback of {name} on {e}: {why}"));
            close(
                &got,
                &want,
                tolerance,
                &format!("pullback of {name} on {e}"),
            );
        }
    }
}
