//! The examples.

use crate::agree::{ON, gradient, gradient_on, products};
use crate::*;
use cotangent::Wrt;

#[test]
fn trebuchet_shots() {
    with_plugin("programs::trebuchet_shots", || {
        let shot = trebuchet::simulator::Shot {
            wind: 2.0,
            angle: 35.0,
            weight: 210.0,
        };
        gradient::<trebuchet::simulator::distance>("trebuchet", &(&shot,), 1e-9);
    });
}

#[test]
fn neural_differential_equations() {
    with_plugin("programs::neural_differential_equations", || {
        let network = neural_ode::untrained(3);
        let times = [0.2, 0.5];
        let seen = neural_ode::observations(&times);
        let args = (&network, &times[..], &seen[..]);
        gradient_on::<neural_ode::loss>("neural_ode", &args, &Wrt::Argument(0), 1e-9, &ON);
        let network = neural_sde::untrained(3);
        let path = neural_sde::path(5, 2);
        let seen = [neural_sde::START, [1.8, 0.4], [1.5, 0.9]];
        let args = (&network, &path.moves[..], &path.areas[..], &seen[..]);
        gradient::<neural_sde::loss>("neural_sde", &args, 1e-9);
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

#[test]
fn bonds() {
    with_plugin("programs::bonds", || {
        let (rates, bonds) = (
            key_rate_durations::par_rates(),
            key_rate_durations::portfolio(),
        );
        let args = (&key_rate_durations::MATURITIES[..], &rates[..], &bonds[..]);
        products::<key_rate_durations::prices>("key rates", &args, 1e-9, &ON);
    });
}

#[test]
fn a_truncated_decomposition() {
    with_plugin("programs::a_truncated_decomposition", || {
        let (a, start) = (truncated_svd::picture(7), truncated_svd::start(7));
        let args = (&a, &start[..], 2, 2);
        gradient::<truncated_svd::leading_sum>("truncated svd", &args, 1e-8);
    });
}

#[test]
fn solvers() {
    with_plugin("programs::solvers", || {
        gradient_on::<lorenz::by_checkpoints>(
            "lorenz",
            &(lorenz::NUMBERS, 1.0, 20),
            &Wrt::All,
            1e-9,
            &ON,
        );
        let times = [1e-4, 1e-2];
        let seen = rober::concentrations(rober::truth(), &times);
        let args = (rober::guess(), &times[..], &seen[..]);
        gradient_on::<rober::loss>("rober", &args, &Wrt::Argument(0), 1e-7, &ON);
    });
}

#[test]
fn controllers_and_trees() {
    with_plugin("programs::controllers_and_trees", || {
        let mut random = pendulum::random::Random(2);
        let network = pendulum::random_controller(&mut random);
        let starts = [pendulum::random_start(&mut random)];
        gradient::<pendulum::cost>("pendulum", &(&network, &starts[..], 3), 1e-9);
    });
}
