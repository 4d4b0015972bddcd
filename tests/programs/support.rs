//! The checks every program gets: the plain call, the interpreted program, and both modes of differentiation against finite
//! differences of the program.

use cotangent::core::value::{Data, Scalar, Tensor, Val};
use cotangent::{Args, DiffFn, Function, Options, Runner, Wrt};
use std::sync::Arc;

/// The real numbers of values, in order.
fn reals(vals: &[Val]) -> Vec<f64> {
    let mut out = Vec::new();
    for v in vals {
        match v {
            Val::Scalar(Scalar::F64(x)) => out.push(*x),
            Val::Tensor(t) => match &t.data {
                Data::F64(xs) => out.extend(xs),
                Data::C128(xs) => out.extend(xs.iter().flat_map(|z| [z.re, z.im])),
                _ => {}
            },
            Val::Scalar(Scalar::C128(z)) => out.extend([z.re, z.im]),
            Val::Record(vs) | Val::Seq(vs) => out.extend(reals(vs)),
            _ => {}
        }
    }
    out
}

/// The values with a number added to each real number.
fn moved(vals: &[Val], by: &mut dyn Iterator<Item = f64>) -> Vec<Val> {
    let mut next = || by.next().unwrap();
    let mut out = Vec::new();
    for v in vals {
        out.push(match v {
            Val::Scalar(Scalar::F64(x)) => Val::from(x + next()),
            Val::Scalar(Scalar::C128(z)) => {
                let d = num_complex::Complex::new(next(), next());
                Val::Scalar(Scalar::C128(z + d))
            }
            Val::Tensor(t) => {
                let mut data = t.data.clone();
                match &mut data {
                    Data::F64(xs) => xs.iter_mut().for_each(|x| *x += next()),
                    Data::C128(xs) => xs.iter_mut().for_each(|z| {
                        z.re += next();
                        z.im += next();
                    }),
                    _ => {}
                }
                let shape = t.shape.clone();
                Val::Tensor(Arc::new(Tensor { shape, data }))
            }
            Val::Record(vs) => Val::record(moved(vs, &mut next_of(&mut next))),
            Val::Seq(vs) => Val::Seq(Arc::new(moved(vs, &mut next_of(&mut next)))),
            other => other.clone(),
        });
    }
    out
}

fn next_of<'a>(next: &'a mut dyn FnMut() -> f64) -> impl Iterator<Item = f64> + 'a {
    std::iter::from_fn(move || Some(next()))
}

#[track_caller]
fn near(what: &str, a: f64, b: f64, tol: f64) {
    let scale = a.abs().max(b.abs()).max(1.0);
    assert!((a - b).abs() <= tol * scale, "{what}: {a} and {b}");
}

/// `plain` is what the plain function returned: the program returns the same, the gradient is that of central differences,
/// and the derivative in a direction is its product with the gradient.
#[track_caller]
fn agrees(f: &Function, plain: f64, args: &[Val]) {
    let (o, name) = (Options::new(), f.name());
    let value = |args: Vec<Val>| match f.call(args, &o) {
        Ok(y) => reals(&y)[0],
        Err(e) => panic!("{name}: {e}\n{}", f.ir()),
    };
    near("value", value(args.to_vec()), plain, 1e-12);
    let g = match f.gradient(args.to_vec(), &Wrt::All, &o) {
        Ok(g) => reals(&g),
        Err(e) => panic!("{name}: gradient: {e}\n{}", f.ir()),
    };
    let n = reals(args).len();
    assert_eq!(g.len(), n, "{name}: a gradient of another length");
    let at = |k: usize, h: f64| {
        let mut by = (0..).map(|i| if i == k { h } else { 0.0 });
        value(moved(args, &mut by))
    };
    for (k, x) in reals(args).into_iter().enumerate() {
        // Fourth order: what is left is rounding.
        let h = 1e-3 * x.abs().max(1.0);
        let (d1, d2) = (at(k, h) - at(k, -h), at(k, 2.0 * h) - at(k, -2.0 * h));
        let slope = (8.0 * d1 - d2) / (12.0 * h);
        near(&format!("{name}: derivative {k}"), g[k], slope, 1e-7);
    }
    let direction: Vec<f64> = (0..n).map(|i| 0.5 + ((i * 7 + 3) % 5) as f64).collect();
    let zero: Vec<Val> = {
        let mut minus = reals(args).into_iter().map(|x| -x);
        moved(args, &mut minus)
    };
    let tangent = moved(&zero, &mut direction.iter().copied());
    let chosen: Vec<Val> = tangent
        .into_iter()
        .zip(f.params())
        .filter(|(_, ty)| ty.has_tangent())
        .map(|(t, ty)| cotangent::core::stage::data::strip_discrete(t, ty))
        .collect();
    let (_, dy) = match f.jvp(args.to_vec(), chosen, &Wrt::All, &o) {
        Ok(r) => r,
        Err(e) => panic!("{name}: jvp: {e}"),
    };
    let product: f64 = g.iter().zip(&direction).map(|(a, b)| a * b).sum();
    near("jvp", reals(&dy)[0], product, 1e-9);
}

/// `check!(f(args))`: see [`agrees`].
#[macro_export]
macro_rules! check {
    ($f:ident ($($arg:expr),* $(,)?)) => {{
        let plain: f64 = $f($($arg),*);
        $crate::support::checked($f::with(&cotangent::Options::new()), plain, ($($arg,)*));
        // The typed way too: what it returns has the arguments' shape.
        assert!($f::gradient($($arg),*).is_ok());
    }};
}

#[track_caller]
pub fn checked<F: DiffFn>(r: Runner<F>, plain: f64, args: F::Args<'_>) {
    let mut leaves = Vec::new();
    args.flatten(&mut leaves);
    match r.function() {
        Ok(f) => agrees(&f, plain, &leaves),
        Err(e) => panic!("{e}"),
    }
}
