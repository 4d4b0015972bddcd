//! Colours: the formula by published values, its gradient, the descent, and samples against counting.

use super::colours::appearance::{Lab, Rgb, difference, lab, lab_difference};
use super::colours::posterior::{SEEN, SPREAD, log_density};
use super::colours::run;
use super::{number, printed, scratch};
use cotangent::check::Check;
use cotangent::{Options, list_executors};

#[test]
fn colours_differ_as_published() {
    // Of the test data of Sharma, Wu and Dalal (2005): each finds a different mistake.
    let published = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        (
            (60.2574, -34.0099, 36.2677),
            (60.4626, -34.1751, 39.4387),
            1.2644,
        ),
    ];
    let of = |(l, a, b)| Lab { l, a, b };
    for (p, q, want) in published {
        let found = lab_difference(of(p), of(q));
        assert!((found - want).abs() < 5e-5, "{p:?} {q:?}: {found}");
        assert!((lab_difference(of(q), of(p)) - found).abs() < 1e-9);
    }
    let white = lab(Rgb {
        r: 1.0,
        g: 1.0,
        b: 1.0,
    });
    assert!((white.l - 100.0).abs() < 1e-3 && white.a.abs() < 0.01 && white.b.abs() < 0.02);
}

#[test]
fn colours_have_gradients() {
    let near_red = Rgb {
        r: 0.8,
        g: 0.2,
        b: 0.1,
    };
    let blue = Rgb {
        r: 0.03,
        g: 0.2,
        b: 0.9,
    };
    for name in list_executors() {
        let options = Options::new().executor(name);
        let how = Check::default();
        let runner = difference::with(&options);
        runner.check_gradients((near_red, blue), &how).unwrap();
        let runner = log_density::with(&options);
        let at = Rgb {
            r: 0.48,
            g: 0.03,
            b: 0.02,
        };
        // Those seen are where the formula has a case of its own, whose difference quotients are one-sided.
        let seen = [near_red, blue];
        runner.check_gradients((at, &seen, SPREAD), &how).unwrap();
        assert_eq!(
            runner.call((at, &SEEN, SPREAD)).unwrap().signum(),
            -1.0,
            "{name}"
        );
    }
}

#[test]
fn colours_are_reached_and_sampled() {
    let picture = scratch("colours").join("colours.svg");
    let (text, result) = printed(|out| run(5000, 1, &picture, out));
    assert!(number(&result, "difference") < 1.0, "{text}");
    for i in 0..3 {
        let of = |key: &str| result[key][i].as_f64().unwrap();
        let (exact, deviation) = (of("exact_mean"), of("exact_deviation"));
        assert!((of("mean") - exact).abs() < 0.1 * deviation, "{text}");
        assert!((of("deviation") / deviation - 1.0).abs() < 0.05, "{text}");
    }
    assert!(number(&result, "accepted") > 0.5, "{text}");
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert_eq!(svg.matches("<polyline").count(), 3);
    assert!(svg.matches("<rect").count() > 150);
}
