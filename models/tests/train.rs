//! Training: steps as programs against gradients and steps taken apart, epochs against steps, parameters of all kinds, errors.

use cotangent::{Differentiable, Options, Tensor, differentiable, list_executors};
use cotangent_models::layers::*;
use cotangent_models::{Adam, Chain, Descent, Key, Momentum, Optimiser, Steps, Trainer, loss};
use cotangent_xla::plugins::{self, Kind};

/// The executors there are, XLA's CPU plugin among them.
fn executors() -> Vec<&'static str> {
    plugins::for_tests(Kind::Cpu).unwrap();
    let mut all = list_executors();
    all.push("xla");
    all
}

/// Parameters of all kinds: numbers, arrays, records in a list, and some that are no floating-point numbers.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Mixed {
    scale: f64,
    shift: [f64; 2],
    hidden: Vec<Unit>,
    rows: Vec<[f64; 2]>,
    power: i32,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Unit {
    weights: [f64; 3],
    on: bool,
    bias: f64,
}

fn mixed() -> Mixed {
    let unit = |k: f64, on| Unit {
        weights: [0.3 * k, -0.2, 0.1 + k],
        on,
        bias: 0.5 - k,
    };
    Mixed {
        scale: 0.5,
        shift: [0.25, -0.5],
        hidden: vec![unit(0.1, true), unit(-0.4, false), unit(0.7, true)],
        rows: vec![[1.0, 0.3], [0.5, -1.0]],
        power: 3,
    }
}

#[differentiable]
fn mixed_loss(m: &Mixed, x: &[f64], y: f64) -> f64 {
    let mut sum = m.shift[0];
    for u in &m.hidden {
        let w = &u.weights;
        let a = u.bias + w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
        if u.on {
            sum += a.tanh();
        } else {
            sum += 0.5 * a;
        }
    }
    for r in &m.rows {
        sum += r[0] * r[1] * m.shift[1];
    }
    let e = m.scale * sum.powi(m.power) - y;
    e * e
}

fn all(m: &Mixed) -> Vec<f64> {
    let mut out = vec![m.scale];
    out.extend(m.shift);
    m.hidden.iter().for_each(|u| {
        out.extend(u.weights);
        out.push(u.bias);
    });
    m.rows.iter().for_each(|r| out.extend(r));
    out
}

fn close(a: &Mixed, b: &Mixed, what: &str) {
    let (x, y) = (all(a), all(b));
    assert_eq!(x.len(), y.len());
    for (p, q) in x.iter().zip(&y) {
        assert!((p - q).abs() <= 1e-12 * (1.0 + p.abs()), "{what}: {p} {q}");
    }
    assert_eq!((a.power, a.hidden[1].on), (3, false), "{what}");
}

/// Steps of a trainer are gradients and steps taken apart.
fn agree<O: Optimiser + Copy>(optimiser: O, executor: &str) {
    let o = Options::new().executor(executor);
    let data: Vec<(Vec<f64>, f64)> = (0..4)
        .map(|i| (vec![0.1 * f64::from(i), -0.2, 0.4], 0.3 * f64::from(i)))
        .collect();
    let mut trainer = Trainer::new(mixed_loss {}, optimiser, &mixed(), &o).unwrap();
    let mut apart = Steps::new(optimiser);
    let mut net = mixed();
    let mut losses = Vec::new();
    for (x, y) in &data {
        let (want, (g, ..)) = mixed_loss::value_and_gradient(&net, x, *y).unwrap();
        net = apart.step(&net, &g).unwrap();
        let got = trainer.step((x, *y)).unwrap();
        assert!((got - want).abs() < 1e-12, "{executor}: {got} {want}");
        close(&trainer.net().unwrap(), &net, executor);
        losses.push(got);
    }
    // The same as one epoch, twice from the same start, and as steps that overlap.
    let mut epochs = Trainer::new(mixed_loss {}, optimiser, &mixed(), &o).unwrap();
    let loaded = epochs.load(data.iter().map(|(x, y)| (x, *y))).unwrap();
    assert_eq!(loaded.len(), 4);
    let got = epochs.epoch(&loaded).unwrap();
    assert_eq!(got.len(), 4);
    for (a, b) in got.iter().zip(&losses) {
        assert!((a - b).abs() < 1e-12, "{executor}: {got:?} {losses:?}");
    }
    close(&epochs.net().unwrap(), &net, executor);
    let again = epochs.epoch(&loaded).unwrap();
    let mut overlapped = Vec::new();
    trainer
        .fit(data.iter().map(|(x, y)| (x, *y)), |i, l| {
            assert_eq!(i, overlapped.len());
            overlapped.push(l);
        })
        .unwrap();
    for (a, b) in again.iter().zip(&overlapped) {
        assert!(
            (a - b).abs() < 1e-12,
            "{executor}: {again:?} {overlapped:?}"
        );
    }
}

#[test]
fn a_step_is_a_gradient_and_a_step() {
    for executor in executors() {
        agree(Descent::new(1e-4), executor);
        agree(Momentum::new(1e-4, 0.9), executor);
        agree(Adam::new(1e-3), executor);
    }
}

#[differentiable]
fn ragged(rows: &Vec<Vec<f64>>, y: f64) -> f64 {
    let mut sum = -y;
    for r in rows {
        for &v in r {
            sum += v * v;
        }
    }
    sum * sum
}

#[test]
fn rows_of_lengths_of_their_own() {
    // On XLA extents are the program's, so this is for the others.
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let mut net = vec![vec![1.0], vec![0.5, -1.0], vec![]];
        let mut t = Trainer::new(ragged {}, Adam::new(0.1), &net, &o).unwrap();
        let mut apart = Steps::new(Adam::new(0.1));
        for _ in 0..3 {
            let g = ragged::gradient_wrt::<0>(&net, 1.0).unwrap();
            net = apart.step(&net, &g).unwrap();
            t.step((1.0,)).unwrap();
        }
        let got = t.net().unwrap().concat();
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(
            got.iter().zip(&net.concat()).all(close),
            "{executor}: {got:?} {net:?}"
        );
    }
}

#[differentiable]
fn objective(net: &Dense, x: &Tensor<f32, 4>, y: &Tensor<f32, 4>) -> f32 {
    loss::mse(&net.apply(x), y)
}

fn examples(n: usize, from: usize) -> (Tensor<f32, 4>, Tensor<f32, 4>) {
    let at = |i: usize| (from + i) as f32 / 10.0;
    let x = Tensor::from_fn([n, 1, 1, 2], |[i, _, _, j]| at(i) * (j as f32 - 0.5));
    let y = Tensor::from_fn([n, 1, 1, 1], |[i, ..]| 2.0 * at(i) - 1.0);
    (x, y)
}

#[test]
fn batches_of_several_sizes_in_an_epoch() {
    let net = Dense::new(2, 1, Key::new(1));
    let batches = [examples(3, 0), examples(3, 3), examples(2, 6)];
    for executor in executors() {
        let o = Options::new().executor(executor);
        let mut a = Trainer::new(objective {}, Adam::new(0.05), &net, &o).unwrap();
        let mut b = Trainer::new(objective {}, Adam::new(0.05), &net, &o).unwrap();
        let loaded = a.load(batches.iter().map(|(x, y)| (x, y))).unwrap();
        let got = a.epoch(&loaded).unwrap();
        let want: Vec<f32> = batches
            .iter()
            .map(|(x, y)| b.step((x, y)).unwrap())
            .collect();
        assert_eq!(got, want, "{executor}");
        assert_eq!(a.net().unwrap(), b.net().unwrap(), "{executor}");
        // Another rate needs no other program.
        a.optimiser.rate = 0.0;
        let before = a.net().unwrap();
        a.epoch(&loaded).unwrap();
        assert_eq!(a.net().unwrap(), before, "{executor}");
        let none = a.load(std::iter::empty::<(&Tensor<f32, 4>, &Tensor<f32, 4>)>());
        assert!(none.unwrap().is_empty());
    }
}

#[test]
fn what_is_wrong_is_an_error() {
    let net = Dense::new(2, 1, Key::new(1));
    let (x, y) = examples(3, 0);
    for executor in executors() {
        let o = Options::new().executor(executor);
        let mut t = Trainer::new(objective {}, Descent::new(0.1), &net, &o).unwrap();
        let e = t.step((&x,)).unwrap_err().to_string();
        assert!(e.contains("a batch of (f32[?,?,?,?], f32[?,?,?,?])"), "{e}");
        assert!(t.load([(1.0f32, 2.0f32)]).is_err());
        // Still there: nothing was run.
        assert!(t.step((&x, &y)).is_ok());
        let (_, other) = examples(4, 0);
        assert!(t.step((&x, &other)).is_err(), "{executor}");
        let e = t.step((&x, &y)).unwrap_err().to_string();
        assert!(e.contains("lost"), "{executor}: {e}");
    }
    let o = Options::new().executor("no such");
    assert!(Trainer::new(objective {}, Descent::new(0.1), &net, &o).is_err());
    let mesh = cotangent::Mesh::data(2);
    let o = Options::new();
    let e = Trainer::over(
        mesh,
        &|_, _| None,
        objective {},
        Descent::new(0.1),
        &net,
        &o,
    );
    assert!(e.unwrap_err().to_string().contains("one device"));
}

type Dropped = Chain<Dropout, Dense>;

#[differentiable]
fn dropped(net: &Dropped, x: &Tensor<f32, 4>) -> f32 {
    net.apply(x).sum()
}

#[test]
fn what_is_no_number_can_be_set() {
    let dense = Dense::new(50, 1, Key::new(1));
    let of = |seed| Chain {
        first: Dropout::new(50, Key::new(seed)),
        rest: dense.clone(),
    };
    let x = Tensor::from_fn([1, 1, 1, 50], |_| 1.0f32);
    let still = Descent::new(0.0);
    let mut t = Trainer::new(dropped {}, still, &of(1), &Options::new()).unwrap();
    let a = t.step((&x,)).unwrap();
    assert_eq!(t.step((&x,)).unwrap(), a);
    t.set_others(&of(2)).unwrap();
    assert_ne!(t.step((&x,)).unwrap(), a);
    assert_eq!(t.net().unwrap(), of(2));
}
