//! The swing and the flights, as a picture (SVG).

use super::aiming::Target;
use super::simulator::{
    FLIGHT_STEP, Flight, HANGER, LONG, PIVOT, SHORT, SLING, SWING_STEP, Shot, Swing, above,
    at_rest, flying, kilograms, on_ground, slide, step, stone, swing, swinging, throw,
};
use std::fmt::Write;

/// The states of a stage, from its start to its end.
fn states<const N: usize>(
    change: impl Fn([f64; N]) -> [f64; N],
    left: impl Fn([f64; N]) -> f64,
    start: [f64; N],
    end: [f64; N],
    h: f64,
) -> Vec<[f64; N]> {
    let mut all = vec![start];
    let mut state = start;
    loop {
        let next = step(&change, state, h);
        if left(state) > 0.0 && left(next) <= 0.0 {
            all.push(end);
            return all;
        }
        all.push(next);
        state = next;
    }
}

/// The swing and the flight of a shot that flies.
fn trace(shot: &Shot) -> Option<(Vec<Swing>, Vec<Flight>)> {
    let weight = kilograms(shot.weight);
    let lifted = slide(weight)?;
    let opened = swing(lifted, weight, shot.angle)?;
    let mut swung = states(
        |s| swinging(s, weight, true),
        |s| on_ground(s, weight),
        at_rest(),
        lifted,
        SWING_STEP,
    );
    swung.extend(states(
        |s| swinging(s, weight, false),
        |s| above(s, shot.angle),
        lifted,
        opened,
        SWING_STEP,
    ));
    let flown = states(
        |s| flying(s, shot.wind),
        |s| s[1] + PIVOT,
        stone(opened),
        throw(shot)?,
        FLIGHT_STEP,
    );
    Some((swung, flown))
}

/// A line through points.
fn line(points: impl Iterator<Item = (f64, f64)>, style: &str) -> String {
    let points: Vec<String> = points.map(|(x, y)| format!("{x:.2},{y:.2}")).collect();
    format!(
        "<polyline points=\"{}\" fill=\"none\" {style}/>\n",
        points.join(" ")
    )
}

const COLOURS: [&str; 6] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];

/// Shots at targets: above the flights, and below them the swing of the first one. Nothing is drawn of a shot that does not fly.
pub fn draw(shots: &[(Target, Shot)]) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1080 760\" width=\"1080\" height=\"760\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"1080\" height=\"760\" fill=\"#fff\"/>\n",
    );
    // Metres to the picture.
    let far = |x: f64, y: f64| (60.0 + 9.0 * x, 240.0 - 9.0 * (y + PIVOT));
    let near = |x: f64, y: f64| (380.0 + 75.0 * x, 740.0 - 75.0 * (y + PIVOT));
    svg += &line(
        [far(-5.0, -PIVOT), far(110.0, -PIVOT)].into_iter(),
        "stroke=\"#888\"",
    );
    for metres in (0..=110).step_by(10) {
        let (x, y) = far(f64::from(metres), -PIVOT);
        // Writing to a string does not fail.
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#666\">{metres} m</text>",
            y + 30.0
        );
    }
    for (i, (target, shot)) in shots.iter().enumerate() {
        let Some((swung, flown)) = trace(shot) else {
            continue;
        };
        let colour = COLOURS[i % COLOURS.len()];
        let style = format!("stroke=\"{colour}\" stroke-width=\"2\"");
        svg += &line(flown.iter().map(|s| far(s[0], s[1])), &style);
        let (x, y) = far(target.distance, -PIVOT);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {y:.1} l-6 12 h12 z\" fill=\"{colour}\"/>\n<text x=\"800\" y=\"{}\" fill=\"{colour}\">{:.0} m, wind {:+.0} m/s: {:.1}°, {:.0} lb</text>",
            30 + 20 * i,
            target.distance,
            target.wind,
            shot.angle,
            shot.weight
        );
        if i > 0 {
            continue;
        }
        svg += &line(
            [near(-4.5, -PIVOT), near(7.5, -PIVOT)].into_iter(),
            "stroke=\"#888\"",
        );
        svg += &line(
            [near(0.0, 0.0), near(0.0, -PIVOT)].into_iter(),
            "stroke=\"#888\" stroke-width=\"4\"",
        );
        for (k, s) in swung.iter().enumerate() {
            let last = k + 1 == swung.len();
            if k % 8 != 0 && !last {
                continue;
            }
            let shade = if last { "#222" } else { "#bbb" };
            let [arm, hanger, sling, ..] = *s;
            let end = (-LONG * arm.sin(), LONG * arm.cos());
            let short = (SHORT * arm.sin(), -SHORT * arm.cos());
            let weight = (
                short.0 + HANGER * hanger.sin(),
                short.1 - HANGER * hanger.cos(),
            );
            let held = (end.0 - SLING * sling.sin(), end.1 + SLING * sling.cos());
            let at = |(x, y): (f64, f64)| near(x, y);
            svg += &line(
                [end, short].map(at).into_iter(),
                &format!("stroke=\"{shade}\" stroke-width=\"4\""),
            );
            svg += &line(
                [short, weight].map(at).into_iter(),
                &format!("stroke=\"{shade}\" stroke-width=\"2\""),
            );
            svg += &line(
                [end, held].map(at).into_iter(),
                &format!("stroke=\"{shade}\""),
            );
            let (x, y) = at(weight);
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"12\" fill=\"{shade}\"/>"
            );
        }
        let stones = swung.iter().map(|s| stone(*s)).chain(flown.iter().copied());
        let shown = stones.take_while(|s| s[0] < 6.0).map(|s| near(s[0], s[1]));
        svg += &line(shown, &style);
    }
    svg + "</svg>\n"
}
