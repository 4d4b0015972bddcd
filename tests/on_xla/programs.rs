//! The examples, and programs with loops that data ends.

use crate::agree::{ON, backwards, forwards, gradient, gradient_on};
use crate::*;
use cotangent::solve::ode::{self, Adaptive};
use cotangent::{Wrt, differentiable};
use cotangent_models::Key;

#[test]
fn trebuchet_shots() {
    with_plugin("programs::trebuchet_shots", || {
        let shot = trebuchet::simulator::Shot {
            wind: 2.0,
            angle: 35.0,
            weight: 210.0,
        };
        gradient_on::<trebuchet::simulator::distance>(
            "trebuchet",
            &(&shot,),
            &Wrt::All,
            1e-9,
            &ON[..1],
        );
    });
}

#[test]
fn a_quantum_circuit() {
    with_plugin("programs::a_quantum_circuit", || {
        let angles = vqe::random_angles(4);
        gradient::<vqe::energy>("vqe", &(&angles[..],), 1e-9);
    });
}

#[test]
fn bonds() {
    with_plugin("programs::bonds", || {
        let (rates, bonds) = (
            key_rate_durations::par_rates(),
            key_rate_durations::portfolio(),
        );
        let args = (&key_rate_durations::MATURITIES[..], &rates[..], &bonds[..]);
        forwards::<key_rate_durations::prices>("key rates", &args, 1e-9, &ON);
        backwards::<key_rate_durations::prices>("key rates", &args, 1e-9, &ON);
    });
}

#[test]
fn a_truncated_decomposition() {
    with_plugin("programs::a_truncated_decomposition", || {
        let (a, start) = (truncated_svd::picture(7), truncated_svd::start(7));
        let args = (&a, &start[..], 2, 2);
        gradient_on::<truncated_svd::leading_sum>(
            "truncated svd",
            &args,
            &Wrt::Argument(0),
            1e-8,
            &ON[..1],
        );
    });
}

/// Layers whose arrays have lengths of their own, in a vector.
#[test]
fn networks() {
    with_plugin("programs::networks", || {
        let mut random = pendulum::random::Random(2);
        let network = pendulum::random_controller(&mut random);
        let starts = [pendulum::random_start(&mut random)];
        let args = (&network, &starts[..], 3);
        gradient_on::<pendulum::cost>("pendulum", &args, &Wrt::Argument(0), 1e-9, &ON);
        let network = neural_ode::untrained(3);
        let times = [0.2, 0.5];
        let seen = neural_ode::observations(&times);
        let args = (&network, &times[..], &seen[..]);
        gradient_on::<neural_ode::loss>("neural ode", &args, &Wrt::Argument(0), 1e-9, &ON);
        let network = neural_sde::untrained(3);
        let path = neural_sde::path(5, 2);
        let seen = [neural_sde::START, [1.8, 0.4], [1.5, 0.9]];
        let args = (&network, &path.moves[..], &path.areas[..], &seen[..]);
        gradient_on::<neural_sde::loss>("neural sde", &args, &Wrt::Argument(0), 1e-9, &ON);
    });
}

/// A recursion that a number ends, which is known.
#[test]
fn a_ray_tracer() {
    with_plugin("programs::a_ray_tracer", || {
        let (scene, target) = (
            inverse_graphics::guess(),
            inverse_graphics::tracer::render(&inverse_graphics::truth(), 3),
        );
        let args = (&scene, &target[..], 3);
        gradient_on::<inverse_graphics::tracer::unlike>(
            "ray tracer",
            &args,
            &Wrt::Argument(0),
            1e-9,
            &ON,
        );
    });
}

/// The square root by Newton's iteration, which ends when it is good enough.
#[differentiable]
fn root(a: f64) -> f64 {
    let mut x = 1.0;
    while (x * x - a).abs() > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

/// The number whose cosine it is, by Newton's method, every step of which takes a root.
#[differentiable]
fn fixed(a: f64) -> f64 {
    let mut x = 1.0;
    loop {
        let by = (x * root(1.0 + x * x) - a) / root(1.0 + 4.0 * x * x);
        x -= by;
        if by.abs() < 1e-12 {
            return x;
        }
    }
}

/// Halves until little is left, and how much was taken: one array of a length that the data decide, another as long as it.
#[differentiable]
fn halves(x: f64, least: f64) -> (Vec<f64>, f64) {
    let mut taken = Vec::new();
    let mut left = x;
    while left > least {
        taken.push(0.5 * left);
        left *= 0.5;
    }
    let mut sum = 0.0;
    for (i, t) in taken.iter().enumerate() {
        sum += t * t * (i as f64 + x);
    }
    (taken, sum)
}

/// What is left after a time, by steps whose number the errors decide.
#[differentiable]
fn left(rate: f64, most: f64) -> f64 {
    let growth = |_, y: [f64; 1]| [rate * y[0] * (most - y[0])];
    let end = ode::tsit5(growth, [0.1], 0.0, 2.0, Adaptive::default());
    end.unwrap().y[0]
}

#[test]
fn loops_that_data_ends() {
    with_plugin("programs::loops_that_data_ends", || {
        gradient::<root>("root", &(2.5,), 1e-9);
        gradient::<fixed>("roots in roots", &(0.7,), 1e-9);
        gradient::<left>("adaptive steps", &(1.5, 1.25), 1e-7);
        gradient::<lorenz::by_checkpoints>("lorenz", &(lorenz::NUMBERS, 1.0, 20), 1e-9);
    });
}

/// Both halves run there, residuals in between: arrays, stacks of loops, states of loops without bound.
#[test]
fn pullbacks() {
    with_plugin("programs::pullbacks", || {
        backwards::<root>("root", &(2.5,), 1e-9, &ON);
        backwards::<recurrence>("recurrence", &(&[0.5, 0.25, -1.0, 2.0][..], 0.3), 1e-9, &ON);
        backwards::<halted>("halted", &(&[0.5, 0.25, -1.0, 2.0][..], 1.3), 1e-9, &ON);
        backwards::<moved>("moved", &(&[0.5, 0.25, -1.0][..], 0.3), 1e-9, &ON);
    });
}

/// Every element waits for the one before.
#[differentiable]
fn recurrence(xs: &[f64], k: f64) -> Vec<f64> {
    let mut out = Vec::new();
    let mut last = 0.0;
    for x in xs {
        last = (last * k + x).sin();
        out.push(last);
    }
    out
}

/// Ends early when it is large; what it keeps is a stack, so the second half runs it again.
#[differentiable]
fn halted(xs: &[f64], k: f64) -> f64 {
    let mut i = 0;
    let mut s = 1.0;
    while i < xs.len() && s < 1.5 {
        s = s * k + xs[i].sin();
        i += 1;
    }
    s
}

/// No element waits for another.
#[differentiable]
fn moved(xs: &[f64], k: f64) -> (Vec<f64>, f64) {
    let mut out = xs.to_vec();
    let mut sum = 0.0;
    for i in 0..out.len() {
        out[i] = (out[i] * k).exp();
        sum += out[i] * xs[i];
    }
    (out, sum)
}

/// What stays on other executors, and what is said of it.
#[test]
fn a_reader_of_letters() {
    with_plugin("programs::a_reader_of_letters", || {
        let text = char_rnn::Text::new(char_rnn::SONNETS).unwrap();
        let reader = char_rnn::Reader::random(text.letters(), 5, Key::new(3));
        let (letters, next) = text.passages(3, 4, &mut char_rnn::random::Random(1));
        let args = (&reader, &letters[..], &next[..]);
        gradient_on::<char_rnn::surprise>("char rnn", &args, &Wrt::Argument(0), 1e-5, &ON);
        // A CPU has one kind of products, a TPU faster ones.
        let on = ["xla-fast"];
        gradient_on::<char_rnn::surprise>("char rnn", &args, &Wrt::Argument(0), 1e-5, &on);
    });
}

/// A solution between steps: as many pieces are kept as there are steps, which the data decide.
#[test]
fn a_stiff_reaction() {
    with_plugin("programs::a_stiff_reaction", || {
        let times = [1e-4, 1e-2];
        let seen = rober::concentrations(rober::truth(), &times);
        let args = (rober::guess(), &times[..], &seen[..]);
        gradient_on::<rober::loss>("rober", &args, &Wrt::Argument(0), 1e-7, &ON);
    });
}

/// More items than there is room for at first: it is written with more, and runs again.
#[test]
fn arrays_that_grow() {
    with_plugin("programs::arrays_that_grow", || {
        backwards::<halves>("halves", &(3.0, 1e-3), 1e-9, &ON);
        // Some 400 of them.
        backwards::<halves>("many halves", &(1e60, 1e-60), 1e-9, &ON);
    });
}
