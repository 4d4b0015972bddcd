//! Stochastic equations: the path, strong orders, derivatives with the path held fixed.

use crate::support::{close, everywhere, order};
use cotangent::check::Check;
use cotangent::differentiable;
use cotangent::solve::sde::{Brownian, euler_maruyama, sri};

#[differentiable]
fn euler(p: &[f64], moves: &[[f64; 2]], h: f64) -> [f64; 2] {
    let drift = |_, y: [f64; 2]| [p[0] * y[0], -p[0] * y[1]];
    let noise = |_, y: [f64; 2]| [p[1] * y[0], 0.5 * p[1] * y[1]];
    *euler_maruyama(drift, noise, [1.0, 2.0], 0.0, h, moves)
        .last()
        .unwrap()
}
#[differentiable]
fn better(p: &[f64], moves: &[[f64; 2]], areas: &[[f64; 2]], h: f64) -> [f64; 2] {
    let drift = |_, y: [f64; 2]| [p[0] * y[0], -p[0] * y[1]];
    let noise = |_, y: [f64; 2]| [p[1] * y[0], 0.5 * p[1] * y[1]];
    *sri(drift, noise, [1.0, 2.0], 0.0, h, moves, areas)
        .last()
        .unwrap()
}
/// The geometric Brownian motions that those solve.
fn exact(p: &[f64], path: &Brownian<2>) -> [f64; 2] {
    let w = path.end();
    let b = 0.5 * p[1];
    [
        (p[0] - 0.5 * p[1] * p[1] + p[1] * w[0]).exp(),
        2.0 * (-p[0] - 0.5 * b * b + b * w[1]).exp(),
    ]
}
/// The same noise for both components, which it moves together; the time counts.
#[differentiable]
fn spun(k: f64, moves: &[[f64; 2]], areas: &[[f64; 2]], h: f64) -> [f64; 2] {
    let drift = |t: f64, y: [f64; 2]| [-y[1] + 0.3 * t, y[0].sin()];
    let noise = |t: f64, y: [f64; 2]| [k * y[1] + 0.1 * t, -k * y[0]];
    *sri(drift, noise, [1.0, 0.0], 0.0, h, moves, areas)
        .last()
        .unwrap()
}
/// Noise that does not depend on the state.
#[differentiable]
fn shaken(k: f64, moves: &[[f64; 1]], h: f64) -> f64 {
    let drift = |_, y: [f64; 1]| [-y[0] * y[0] * y[0]];
    let path = euler_maruyama(drift, |t: f64, _| [k * (1.0 + t)], [1.0], 0.0, h, moves);
    path.last().unwrap()[0]
}

const P: [f64; 2] = [0.7, 0.8];
const PATHS: u64 = 300;

fn distance<const N: usize>(a: [f64; N], b: [f64; N]) -> f64 {
    a.iter().zip(&b).map(|(x, y)| (x - y).abs()).sum()
}

#[test]
fn a_path_is_the_same_when_it_is_coarser() {
    let path = Brownian::<2>::new(3, 1e-3, 1024);
    assert_eq!(path, Brownian::new(3, 1e-3, 1024));
    assert_ne!(path, Brownian::new(4, 1e-3, 1024));
    let coarse = path.coarser().coarser();
    assert_eq!(coarse.steps(), 256);
    for i in 0..2 {
        close(coarse.end()[i], path.end()[i], 1e-12);
    }
    // Variances and covariance of moves and areas, from many steps.
    let many = Brownian::<1>::new(5, 1.0, 200_000);
    for path in [many.clone(), many.coarser()] {
        let h = path.h;
        let n = path.steps() as f64;
        let mean = |f: &dyn Fn(f64, f64) -> f64| {
            let pairs = path.moves.iter().zip(&path.areas);
            pairs.map(|(m, a)| f(m[0], a[0])).sum::<f64>() / n
        };
        assert!(mean(&|m, _| m).abs() < 0.01 * h);
        assert!((mean(&|m, _| m * m) / h - 1.0).abs() < 0.02);
        assert!((mean(&|_, a| a * a) / (h * h * h / 3.0) - 1.0).abs() < 0.02);
        assert!((mean(&|m, a| m * a) / (h * h / 2.0) - 1.0).abs() < 0.02);
    }
    let one = Brownian::<3>::scalar(1, 0.1, 5);
    assert!(one.moves.iter().all(|m| m[0] == m[1] && m[1] == m[2]));
}

/// The mean error over many paths, for four sizes of steps on the same paths.
fn errors<const N: usize>(
    path: impl Fn(u64) -> Brownian<N>,
    error: impl Fn(&Brownian<N>, &Brownian<N>) -> f64,
) -> Vec<f64> {
    let mut sums = vec![0.0; 4];
    for seed in 0..PATHS {
        let finest = path(seed);
        let mut coarse = finest.clone();
        while coarse.steps() > 128 {
            coarse = coarse.coarser();
        }
        for sum in sums.iter_mut().rev() {
            *sum += error(&finest, &coarse) / PATHS as f64;
            coarse = coarse.coarser();
        }
    }
    sums
}

#[test]
fn strong_orders() {
    let gbm = |seed| Brownian::<2>::new(seed, 1.0 / 128.0, 128);
    let em = order(&errors(gbm, |fine, c| {
        distance(euler(&P, &c.moves, c.h), exact(&P, fine))
    }));
    let sri = order(&errors(gbm, |fine, c| {
        distance(better(&P, &c.moves, &c.areas, c.h), exact(&P, fine))
    }));
    // No solution is known: the same path in fine steps.
    let scalar = order(&errors(
        |seed| Brownian::<2>::scalar(seed, 1.0 / 4096.0, 4096),
        |fine, c| {
            distance(
                spun(0.6, &c.moves, &c.areas, c.h),
                spun(0.6, &fine.moves, &fine.areas, fine.h),
            )
        },
    ));
    let additive = order(&errors(
        |seed| Brownian::<1>::new(seed, 1.0 / 4096.0, 4096),
        |fine, c| (shaken(0.6, &c.moves, c.h) - shaken(0.6, &fine.moves, fine.h)).abs(),
    ));
    println!("Euler-Maruyama {em:.3}, additive {additive:.3}, SRI {sri:.3}, scalar {scalar:.3}");
    assert!((em - 0.5).abs() < 0.15, "{em}");
    assert!((additive - 1.0).abs() < 0.2, "{additive}");
    assert!((sri - 1.5).abs() < 0.2, "{sri}");
    assert!((scalar - 1.5).abs() < 0.2, "{scalar}");
}

#[test]
fn derivatives_along_a_fixed_path() {
    let path = Brownian::<2>::new(7, 0.05, 20);
    let how = Check::default();
    everywhere::<euler>(|f, _| {
        f.check_gradients((&P, &path.moves, path.h), &how).unwrap();
    });
    let path = Brownian::<2>::scalar(7, 0.05, 20);
    everywhere::<spun>(|f, name| {
        let args = (0.6, &path.moves[..], &path.areas[..], path.h);
        let report = f.check_gradients(args, &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
        let plain = spun(0.6, &path.moves, &path.areas, path.h);
        let run = f.call(args).unwrap();
        close(run[0], plain[0], 1e-13);
        close(run[1], plain[1], 1e-13);
    });
    // A motion whose terms with areas cancel: both modes still agree by the parameters.
    everywhere::<better>(|f, _| {
        let args = (&P[..], &path.moves[..], &path.areas[..], path.h);
        let (_, pull) = f.pullback(args).unwrap();
        let by = pull.call([1.0, 0.0]).unwrap().0;
        let zero = vec![[0.0; 2]; path.steps()];
        for i in 0..2 {
            let mut direction = [0.0; 2];
            direction[i] = 1.0;
            let (_, change) = f.jvp(args, (&direction, &zero, &zero, 0.0)).unwrap();
            close(change[0], by[i], 1e-13);
        }
    });
}
