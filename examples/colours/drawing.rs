//! The way to a colour, and the samples of one beside what is exact, as a picture (SVG).

use super::appearance::Rgb;
use super::posterior::BOX;
use std::fmt::Write;

fn style(c: Rgb) -> String {
    let [r, g, b] = [c.r, c.g, c.b].map(|x| (255.0 * x).round().clamp(0.0, 255.0) as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Bars of a histogram.
const BARS: usize = 40;

/// The colours of the descent as a strip, and for each number of the sampled colours a histogram with the exact density as a line.
pub fn draw(descent: &[Rgb], samples: &[Rgb], exact: &[Vec<f64>; 3]) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 420\" width=\"1000\" height=\"420\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"1000\" height=\"420\" fill=\"#fff\"/>\n",
    );
    let width = 940.0 / descent.len() as f64;
    for (i, c) in descent.iter().enumerate() {
        // Writing to a string does not fail. A little wider, so that no gap is seen.
        let _ = writeln!(
            svg,
            "<rect x=\"{:.2}\" y=\"30\" width=\"{:.2}\" height=\"60\" fill=\"{}\"/>",
            30.0 + width * i as f64,
            width + 0.5,
            style(*c)
        );
    }
    let parts: [(&str, &str, fn(&Rgb) -> f64); 3] = [
        ("red", "#c33", |c| c.r),
        ("green", "#2a2", |c| c.g),
        ("blue", "#36c", |c| c.b),
    ];
    for (i, (name, colour, part)) in parts.into_iter().enumerate() {
        let (from, to) = BOX[i];
        let left = 30.0 + 320.0 * i as f64;
        let mut bars = [0.0; BARS];
        for c in samples {
            let at = (part(c) - from) / (to - from) * BARS as f64;
            if at >= 0.0 && at < BARS as f64 {
                bars[at as usize] += 1.0 / samples.len() as f64;
            }
        }
        // The exact parts are as many as they are; heights are densities.
        let scale = exact[i].len() as f64 / BARS as f64;
        let top = exact[i].iter().fold(0.0f64, |m, x| m.max(x * scale));
        let height = |share: f64| 200.0 * share / top;
        for (k, share) in bars.iter().enumerate() {
            let _ = writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"6.5\" height=\"{:.1}\" fill=\"{colour}\" fill-opacity=\"0.5\"/>",
                left + 7.0 * k as f64,
                360.0 - height(*share),
                height(*share)
            );
        }
        let step = 280.0 / exact[i].len() as f64;
        let points: Vec<String> = exact[i]
            .iter()
            .enumerate()
            .map(|(k, x)| {
                let y = 360.0 - height(x * scale);
                format!("{:.1},{y:.1}", left + step * (k as f64 + 0.5))
            })
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#222\" stroke-width=\"2\"/>\n\
             <text x=\"{left}\" y=\"380\">{from}</text><text x=\"{:.0}\" y=\"380\" text-anchor=\"end\">{to}</text>\n\
             <text x=\"{:.0}\" y=\"400\" text-anchor=\"middle\">{name}</text>",
            points.join(" "),
            left + 280.0,
            left + 140.0
        );
    }
    svg + "</svg>\n"
}
