//! Differential equations: stiff, chaotic, with a network for a right-hand side, and with noise.

use super::{lorenz, neural_ode, neural_sde, number, printed, rober, scratch};
use cotangent::check::Check;
use cotangent::{Options, differentiable, list_executors};

/// What an adaptive solver gives has jumps of the size of its errors, which difference quotients see.
const ADAPTIVE: Check = Check {
    step: Some(1e-2),
    tolerance: Some(1e-3),
    floor: 1e-3,
    order: 1,
    elements: 12,
    directions: 2,
    seed: 1,
};

#[test]
fn rober_rates_are_found_and_only_rodas_arrives() {
    let picture = scratch("rober").join("rober.svg");
    let (text, result) = printed(|out| rober::run(12, &picture, out));
    for (i, rate) in rober::RATES.iter().enumerate() {
        let found = result["rates"][i].as_f64().unwrap();
        assert!((found / rate - 1.0).abs() < 1e-4, "{text}");
        assert!((rober::guess()[i] - rober::truth()[i]).abs() > 0.5);
    }
    assert!(number(&result, "steps") < 2000.0, "{text}");
    assert_eq!(result["explicit_arrives"], false, "{text}");
    let svg = std::fs::read_to_string(picture).unwrap();
    assert!(svg.matches("<circle").count() == 72 && svg.ends_with("</svg>\n"));

    let seen = rober::concentrations(rober::truth(), &TIMES);
    // Nothing is lost in the reaction.
    assert!(
        seen.iter()
            .all(|y| (y.iter().sum::<f64>() - 1.0).abs() < 1e-6)
    );
    for name in list_executors() {
        let runner = misfit::with(&Options::new().executor(name));
        let report = runner.check_gradients((rober::guess(), &seen), &ADAPTIVE);
        let report = report.unwrap();
        assert!(report.forward && report.reverse, "{name}");
    }
}

const TIMES: [f64; 6] = [1e-4, 1e-2, 1.0, 1e2, 1e4, 1e5];

/// The loss, at times that no difference quotient moves.
#[differentiable]
fn misfit(logs: [f64; 3], seen: &[[f64; 3]]) -> f64 {
    rober::loss(logs, &TIMES, seen)
}

#[test]
fn lorenz_backwards_is_wrong_and_checkpoints_are_right() {
    let picture = scratch("lorenz").join("lorenz.svg");
    let (text, result) = printed(|out| lorenz::run(&picture, out));
    assert!(number(&result, "error_checkpoints") < 1e-6, "{text}");
    let back = result["error_backwards"].as_f64().unwrap_or(f64::INFINITY);
    assert!(back > 17.0, "{text}");
    assert!(picture.exists());

    // For a short time both are right.
    let steps = lorenz::steps_until(0.5);
    let right = lorenz::forward(0.5).unwrap();
    let back = lorenz::by_reversal::gradient(lorenz::NUMBERS, 0.5, steps).unwrap();
    assert!(lorenz::error(back.0, right) < 1e-4, "{text}");
    for name in list_executors() {
        let runner = lorenz::by_checkpoints::with(&Options::new().executor(name));
        let report = runner.check_gradients((lorenz::NUMBERS, 1.0, 100), &Check::default());
        assert!(report.unwrap().reverse, "{name}");
    }
}

#[test]
fn neural_ode_learns_the_spiral() {
    let picture = scratch("neural_ode").join("spiral.svg");
    let (text, result) = printed(|out| neural_ode::run(400, 1, &picture, out));
    assert!(number(&result, "first_loss") > 0.5, "{text}");
    assert!(number(&result, "loss") < 0.1, "{text}");
    assert!(picture.exists());

    let network = neural_ode::untrained(3);
    let times = [0.2, 0.5];
    let seen = neural_ode::observations(&times);
    for name in list_executors() {
        let runner = neural_ode::loss::with(&Options::new().executor(name));
        let args = (&network, &times[..], &seen[..]);
        // The times are what steps end at, and are not differentiated by in the example.
        let (y, _) = runner.value_and_gradient_wrt::<0>(args).unwrap();
        assert!((y - neural_ode::loss(&network, &times, &seen)).abs() < 1e-9 * y);
        let report = runner.check_gradients(args, &ADAPTIVE).unwrap();
        assert!(report.forward && report.reverse, "{name}");
    }
}

#[test]
fn neural_sde_learns_the_drift_from_single_trajectories() {
    let picture = scratch("neural_sde").join("bands.svg");
    let (text, result) = printed(|out| neural_sde::run(300, 60, 1, &picture, out));
    assert!(number(&result, "before") > 1.0, "{text}");
    assert!(number(&result, "after") < 0.1, "{text}");
    assert!(number(&result, "inside") > 0.9, "{text}");
    let svg = std::fs::read_to_string(picture).unwrap();
    assert_eq!(svg.matches("<polygon").count(), 2);

    let network = neural_sde::untrained(3);
    let path = neural_sde::path(5, 2);
    let seen = [neural_sde::START, [1.8, 0.4], [1.5, 0.9]];
    let how = Check {
        elements: 20,
        ..Check::default()
    };
    for name in list_executors() {
        let runner = neural_sde::loss::with(&Options::new().executor(name));
        let args = (&network, &path.moves[..], &path.areas[..], &seen[..]);
        let report = runner.check_gradients(args, &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
    }
}
