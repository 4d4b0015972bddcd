//! Pictures of curves: SVG, written by hand.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const MARGIN: f64 = 50.0;

/// A picture of curves over two axes.
#[derive(Clone, Debug)]
pub struct Plot {
    x: [f64; 2],
    y: [f64; 2],
    marks: String,
    names: Vec<(String, String)>,
}

#[allow(dead_code, reason = "not every example draws every kind")]
impl Plot {
    /// An empty picture of that range.
    pub fn new(x: [f64; 2], y: [f64; 2]) -> Plot {
        Plot {
            x,
            y,
            marks: String::new(),
            names: Vec::new(),
        }
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let part = |v: f64, [low, high]: [f64; 2]| (v - low) / (high - low);
        // What is far outside stays finite, and is cut off.
        let keep = |v: f64| {
            if v.is_finite() {
                v.clamp(-9e3, 9e3)
            } else {
                9e3
            }
        };
        (
            keep(MARGIN + part(x, self.x) * (WIDTH - 2.0 * MARGIN)),
            keep(HEIGHT - MARGIN - part(y, self.y) * (HEIGHT - 2.0 * MARGIN)),
        )
    }

    fn points(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut out = String::new();
        for (x, y) in points {
            let (x, y) = self.place(x, y);
            let _ = write!(out, "{x:.2},{y:.2} ");
        }
        out
    }

    fn name(&mut self, name: &str, colour: &str) {
        if !name.is_empty() {
            self.names.push((name.into(), colour.into()));
        }
    }

    /// A curve through points; without a name it is not in the legend.
    pub fn line(&mut self, name: &str, colour: &str, points: impl IntoIterator<Item = (f64, f64)>) {
        let points = self.points(points);
        let _ = writeln!(
            self.marks,
            r#"<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{points}"/>"#
        );
        self.name(name, colour);
    }

    /// Points.
    pub fn dots(&mut self, name: &str, colour: &str, points: impl IntoIterator<Item = (f64, f64)>) {
        for (x, y) in points {
            let (x, y) = self.place(x, y);
            let _ = writeln!(
                self.marks,
                r#"<circle cx="{x:.2}" cy="{y:.2}" r="2.8" fill="{colour}"/>"#
            );
        }
        self.name(name, colour);
    }

    /// The area between two curves over the same places.
    pub fn band(&mut self, name: &str, colour: &str, x: &[f64], low: &[f64], high: &[f64]) {
        let up = x.iter().copied().zip(high.iter().copied());
        let down = x.iter().copied().zip(low.iter().copied()).rev();
        let points = self.points(up.chain(down));
        let _ = writeln!(
            self.marks,
            r#"<polygon fill="{colour}" fill-opacity="0.22" points="{points}"/>"#
        );
        self.name(name, colour);
    }

    /// The picture.
    pub fn svg(&self, title: &str) -> String {
        let (right, bottom) = (WIDTH - MARGIN, HEIGHT - MARGIN);
        let mut out = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>
<clipPath id="inside"><rect x="{MARGIN}" y="{MARGIN}" width="{}" height="{}"/></clipPath>
<text x="{MARGIN}" y="28" font-size="15">{title}</text>
<path d="M{MARGIN} {MARGIN}V{bottom}H{right}" fill="none" stroke="#888"/>
"##,
            right - MARGIN,
            bottom - MARGIN
        );
        for k in 0..=5 {
            let part = f64::from(k) / 5.0;
            let (x, y) = (
                self.x[0] + part * (self.x[1] - self.x[0]),
                self.y[0] + part * (self.y[1] - self.y[0]),
            );
            let (at, _) = self.place(x, self.y[0]);
            let (_, down) = self.place(self.x[0], y);
            let _ = writeln!(
                out,
                r#"<text x="{at:.1}" y="{:.1}" text-anchor="middle">{x:.3}</text><text x="{:.1}" y="{:.1}" text-anchor="end">{y:.3}</text>"#,
                bottom + 18.0,
                MARGIN - 6.0,
                down + 4.0
            );
        }
        let _ = writeln!(out, r#"<g clip-path="url(#inside)">{}</g>"#, self.marks);
        for (k, (name, colour)) in self.names.iter().enumerate() {
            let y = MARGIN + 16.0 * k as f64;
            let _ = writeln!(
                out,
                r#"<rect x="{:.1}" y="{:.1}" width="12" height="4" fill="{colour}"/><text x="{:.1}" y="{y:.1}">{name}</text>"#,
                right - 150.0,
                y - 6.0,
                right - 132.0
            );
        }
        out.push_str("</svg>\n");
        out
    }
}
