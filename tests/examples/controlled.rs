//! The pendulum: its physics, the gradient through them, and a network that swings it up.

use super::pendulum::random::Random;
use super::pendulum::{SOLVED, cost, push, pushed, random_controller, random_start, run};
use super::{number, printed};
use cotangent::check::Check;
use cotangent::{Options, list_executors};
use std::f64::consts::TAU;

#[test]
fn pendulum_is_swung_up() {
    let (text, result) = printed(|out| run(1, out));
    assert!(number(&result, "cost") <= SOLVED, "{text}");
    assert!(number(&result, "before") > 1000.0, "{text}");
    assert!(number(&result, "updates") <= 300.0, "{text}");
    assert!(number(&result, "upright") > 0.95, "{text}");
}

#[test]
fn pendulum_gradient_is_that_of_its_steps() {
    // By hand: 3/2 g sin(angle) + 3 u, the speed first.
    let [angle, speed] = pushed([0.5, 1.0], -2.0);
    let want = 1.0 + 0.05 * (15.0 * 0.5f64.sin() - 6.0);
    assert!((speed - want).abs() < 1e-15 && (angle - 0.5 - 0.05 * want).abs() < 1e-15);
    let network = random_controller(&mut Random(2));
    let turned = push(&network, [0.4 + TAU, 1.0]);
    assert!((turned - push(&network, [0.4, 1.0])).abs() < 1e-12);

    let mut random = Random(4);
    let starts = [random_start(&mut random), random_start(&mut random)];
    let mut gradients = Vec::new();
    for name in list_executors() {
        let options = Options::new().executor(name);
        let args = (&network, &starts[..], 10);
        let runner = cost::with(&options);
        runner.check_gradients(args, &Check::default()).unwrap();
        let (by_network, by_starts, ()) = runner.gradient(args).unwrap();
        gradients.push((name, by_network.layers[0].weights[0], by_starts[1][0]));
    }
    assert!(gradients.len() >= 2 && gradients[0].1 != 0.0);
    for g in &gradients {
        assert!((g.1 - gradients[0].1).abs() < 1e-9, "{gradients:?}");
        assert!(
            (g.2 - gradients[0].2).abs() < 1e-9 * g.2.abs().max(1.0),
            "{gradients:?}"
        );
    }
}
