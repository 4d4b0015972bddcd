//! The sine, key rate durations, the quantum eigensolver, predators and prey, the cart.

use super::{
    cartpole, check_gradient, key_rate_durations, lotka_volterra, number, printed, taylor, vqe,
};

#[test]
fn taylor_both_modes_differentiate_the_series() {
    let (text, result) = printed(|out| taylor::run(1.0, out));
    assert!(text.contains("[1, 3, 5, 7, 9, 11]"), "{text}");
    for (key, published) in [
        ("value", 0.841470984648068),
        ("forward", 0.540302303791887),
        ("reverse", 0.5403023037918872),
    ] {
        assert!((number(&result, key) - published).abs() < 1e-15, "{result}");
    }
    // Its own derivative, not the cosine.
    assert!((number(&result, "reverse") - 1f64.cos()).abs() > 1e-9);
    let gradient = taylor::sine::gradient(0.7).unwrap();
    check_gradient(|x| taylor::sine(x[0]), &[0.7], &[gradient], 1e-10);
    assert_eq!(taylor::series::call(3.0).unwrap(), taylor::series(3.0));
}

#[test]
fn key_rate_durations_are_published_ones() {
    use key_rate_durations::*;
    let (text, result) = printed(key_rate_durations::run);
    assert!(text.contains("off the diagonal"), "{text}");
    // The curve in the notebook that comes with the paper.
    let published = [
        0.02422794864916324,
        0.023884973123122107,
        0.024128993942734576,
        0.025806967409608302,
        0.02534132434837121,
        0.02454129806270865,
        0.024237561743211625,
        0.0246474993776639,
        0.0275976737636397,
        0.029062875210125152,
        0.030805883622529572,
        0.034992200290318,
    ];
    for (i, rate) in published.iter().enumerate() {
        let found = result["forward_rates"][i].as_f64().unwrap();
        assert!((found - rate).abs() < 1e-13, "{i}: {found}");
    }
    let rows = result["durations"].as_array().unwrap();
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|r| r.as_array().unwrap().len() == 12));

    // A bond at par depends on its own rate alone.
    let (par, own) = (par_rates(), par_bonds());
    let matrix = durations(&par, &own).unwrap();
    assert!(
        off_diagonal(&matrix) < 1e-12 * matrix[11][11],
        "{}",
        off_diagonal(&matrix)
    );
    for (i, row) in matrix.iter().enumerate() {
        // That of a bond with yearly rate r at par for n years is about (1 - exp(-r n)) / r.
        let (r, n) = (par[i], MATURITIES[i] as f64 / 12.0);
        let rough = (1.0 - (-r * n).exp()) / r;
        assert!(
            (row[i] / rough - 1.0).abs() < 0.05,
            "{i}: {} {rough}",
            row[i]
        );
    }

    // The plain function by differences, in hundredths so that the steps are small.
    let bonds = portfolio();
    let rows = durations(&par, &bonds).unwrap();
    for (i, row) in rows.iter().enumerate() {
        let at: Vec<f64> = par.iter().map(|p| p * 100.0).collect();
        let f = |x: &[f64]| {
            let rates: Vec<f64> = x.iter().map(|p| p / 100.0).collect();
            prices(&MATURITIES, &rates, &bonds)[i]
        };
        let gradient: Vec<f64> = row.iter().map(|d| -d * f(&at) / 100.0).collect();
        check_gradient(f, &at, &gradient, 1e-9);
    }
}

#[test]
fn vqe_reaches_the_ground_state() {
    let (_, result) = printed(|out| vqe::run(5, 200, out));
    let energy = number(&result, "energy_per_site");
    assert!((energy + 2.0).abs() < 1e-3, "{energy}");
    let angles = vqe::random_angles(1);
    let gradient = vqe::energy::gradient(&angles).unwrap();
    check_gradient(vqe::energy, &angles, &gradient, 1e-9);
    assert!(gradient.iter().any(|g| g.abs() > 0.1));
    // Gates keep the norm.
    let norm: f64 = vqe::circuit(&angles).iter().map(|a| a.norm_sqr()).sum();
    assert!((norm - 1.0).abs() < 1e-12);
}

#[test]
fn lotka_volterra_finds_the_rates() {
    use lotka_volterra::{GUESS, TRUTH, loss, observations};
    let (text, result) = printed(|out| lotka_volterra::run(600, out));
    assert_eq!(text.matches('|').count(), observations().len(), "{text}");
    for (i, truth) in TRUTH.iter().enumerate() {
        let found = result["rates"][i].as_f64().unwrap();
        assert!((found - truth).abs() < 1e-3, "{i}: {found}");
        assert!((GUESS[i] - truth).abs() > 0.1);
    }
    assert!(number(&result, "loss") < 1e-6, "{result}");
    let observed = observations();
    let (gradient, _) = loss::gradient(&GUESS, &observed).unwrap();
    let plain = |x: &[f64]| loss(&x.try_into().unwrap(), &observed);
    check_gradient(plain, &GUESS, &gradient, 1e-6);
    assert!(gradient.iter().all(|g| g.abs() > 0.1), "{gradient:?}");
}

#[test]
fn cartpole_is_solved_in_a_few_episodes() {
    use cartpole::{SOLVED, decide, lost, pushed, random_policy};
    let (text, result) = printed(|out| cartpole::run(1, out));
    assert!(number(&result, "score") >= SOLVED, "{text}");
    assert!(number(&result, "before") < 100.0, "{text}");
    assert!(number(&result, "episodes") <= 20.0, "{text}");

    // The network by differences of its first biases.
    let policy = random_policy(&mut cartpole::random::Random(2));
    let cart = [1.0, -0.7, 0.5, 0.8];
    let (gradient, _) = decide::gradient(&policy, cart).unwrap();
    let moved = |bias: &[f64]| {
        let mut policy = policy.clone();
        policy.layers[0].bias = bias.to_vec();
        decide(&policy, cart)
    };
    let at = &policy.layers[0].bias;
    check_gradient(moved, at, &gradient.layers[0].bias, 1e-6);

    // The sign's derivative is passed on: where the network's would be lost there is one.
    let near = [0.3, -0.2, 0.05, 0.1];
    let push = cartpole::sign(decide(&policy, near));
    let missing = |cart: [f64; 4]| {
        2.4 * 12f64.to_radians() - (2.4 - cart[0].abs()) * (12f64.to_radians() - cart[2].abs())
    };
    assert!((lost(&policy, near, 1) - missing(pushed(near, push)).powi(2)).abs() < 1e-12);
    let through = lost::gradient_wrt::<0>(&policy, near, 2).unwrap();
    assert!(through.layers[2].bias[0].abs() > 0.0);
}
