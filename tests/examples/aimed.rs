//! The trebuchet: its mechanics by laws of conservation, its gradient, and a network that aims.

use super::trebuchet::aiming::{Target, aim, aim_directly, beginner, missed};
use super::trebuchet::random::Random;
use super::trebuchet::simulator::{
    HANGER, LONG, PIVOT, SHORT, SWING_STEP, Shot, above, at_rest, distance, kilograms, on_ground,
    slide, stone, swing, swinging, throw,
};
use super::trebuchet::{run, run_shot};
use super::{number, printed, scratch};
use cotangent::Options;
use cotangent::check::{Check, check_gradients};

const GRAVITY: f64 = 9.80665;

/// Kinetic and potential energy, from the places and speeds of the parts and not from the equations of motion.
fn energy(s: [f64; 6], weight: f64) -> f64 {
    let [arm, hanger, _, arm_speed, hanger_speed, _] = s;
    let (beam, length) = (kilograms(10.65), LONG + SHORT);
    let centre = 0.5 * (LONG - SHORT);
    let [_, height, vx, vy] = stone(s);
    let along = SHORT * arm.cos() * arm_speed + HANGER * hanger.cos() * hanger_speed;
    let up = SHORT * arm.sin() * arm_speed + HANGER * hanger.sin() * hanger_speed;
    let turning = 0.5 * kilograms(0.3048 * 0.3048) * arm_speed.powi(2)
        + 0.5 * beam * length.powi(2) / 12.0 * hanger_speed.powi(2);
    let moving = 0.5 * kilograms(0.328) * (vx * vx + vy * vy)
        + 0.5 * beam * (centre * arm_speed).powi(2)
        + 0.5 * weight * (along * along + up * up);
    let heights = kilograms(0.328) * height + beam * centre * arm.cos()
        - weight * (SHORT * arm.cos() + HANGER * hanger.cos());
    turning + moving + GRAVITY * heights
}

#[test]
fn trebuchet_keeps_its_energy_and_ends_stages_at_their_events() {
    let weight = kilograms(200.0);
    let lifted = slide(weight).unwrap();
    let opened = swing(lifted, weight, 40.0).unwrap();
    let scale = weight * GRAVITY;
    let start = energy(at_rest(), weight);
    let changed = [lifted, opened].map(|s| (energy(s, weight) - start) / scale);
    assert!(changed.iter().all(|c| c.abs() < 5e-5), "{changed:?}");
    assert!(energy(opened, weight * 1.01) != start);
    // The stone has not left the ground while it slid, is lifted when nothing carries it, and leaves at the angle.
    let [_, height, along, up] = stone(lifted);
    assert!((height + PIVOT).abs() < 1e-7 && up.abs() < 1e-6 && along < -1.0);
    assert!(on_ground(lifted, weight).abs() < 1e-9);
    assert!(above(opened, 40.0).abs() < 1e-9);
    let [_, _, along, up] = stone(opened);
    assert!((up.atan2(along).to_degrees() - 40.0).abs() < 1e-9);
    // Smaller steps do not change much.
    let mut state = lifted;
    for _ in 0..10 {
        state = super::trebuchet::simulator::step(
            &|s| swinging(s, weight, false),
            state,
            0.1 * SWING_STEP,
        );
    }
    let whole =
        super::trebuchet::simulator::step(&|s| swinging(s, weight, false), lifted, SWING_STEP);
    assert!((state[0] - whole[0]).abs() < 1e-8);
    let shot = Shot {
        wind: 1.0,
        angle: 40.0,
        weight: 200.0,
    };
    let [_, height, ..] = throw(&shot).unwrap();
    assert!((height + PIVOT).abs() < 1e-9);
    // Too light to be thrown.
    let light = Shot {
        weight: 5.0,
        ..shot
    };
    assert_eq!(distance(&light), 0.0);
    assert_eq!(distance::call(&light).unwrap(), 0.0);
    assert!(run_shot(&light, &mut Vec::new()).is_err());
}

#[test]
fn trebuchet_gradient_goes_through_events() {
    for (wind, angle, weight) in [(0.0, 45.0, 200.0), (-3.0, 70.0, 120.0), (8.0, 10.0, 300.0)] {
        let shot = Shot {
            wind,
            angle,
            weight,
        };
        check_gradients::<distance>((&shot,), &Check::default()).unwrap();
    }
    let network = beginner(&mut Random(3));
    missed::check_gradients(&network, &[(3.0, 70.0), (-2.0, 35.0)]).unwrap();
    let shot = Shot {
        wind: 2.0,
        angle: 35.0,
        weight: 210.0,
    };
    let (_, result) = printed(|out| run_shot(&shot, out));
    assert!((number(&result, "distance") - distance(&shot)).abs() < 1e-9);
    let interpreter = Options::new().executor("interpreter");
    let by = distance::with(&interpreter).gradient((&shot,)).unwrap();
    for (i, g) in [by.wind, by.angle, by.weight].iter().enumerate() {
        let found = result["gradient"][i].as_f64().unwrap();
        assert!((found - g).abs() < 1e-9 * g.abs(), "{i}: {found} {g}");
    }
}

#[test]
fn trebuchet_network_aims_faster_than_a_search() {
    let picture = scratch("trebuchet").join("shots.svg");
    let (text, result) = printed(|out| run(1, 40_000, &picture, out));
    assert!(number(&result, "distance_error") < 0.5, "{text}");
    assert!(number(&result, "speed_up") > 20.0, "{text}");
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    assert!(svg.matches("<polyline").count() > 30);
    // The search does find the target, and a network without training does not.
    let target = Target {
        wind: 1.0,
        distance: 55.0,
    };
    let (shot, steps) = aim_directly(target).unwrap();
    assert!((distance(&shot) - 55.0).abs() < 0.01 && steps < 20);
    let first = aim(&beginner(&mut Random(1)), 1.0, 55.0);
    assert!((distance(&first) - 55.0).abs() > 2.0);
}
