//! How different two colours look: CIEDE2000, from red, green and blue.
//!
//! Straight from the standards: sRGB (IEC 61966-2-1) to CIE XYZ to CIE L*a*b* to the difference (CIE 142-2001, in the notation of Sharma, Wu and
//! Dalal, 2005). Start at [`difference`].

use cotangent::{Differentiable, differentiable};

/// Red, green and blue, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Rgb {
    /// Red.
    pub r: f64,
    /// Green.
    pub g: f64,
    /// Blue.
    pub b: f64,
}

/// Lightness, red against green, yellow against blue.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Lab {
    /// Lightness.
    pub l: f64,
    /// Red against green.
    pub a: f64,
    /// Yellow against blue.
    pub b: f64,
}

/// The light that a number of an sRGB colour stands for.
#[differentiable]
pub fn linear(x: f64) -> f64 {
    if x <= 0.04045 {
        x / 12.92
    } else {
        ((x + 0.055) / 1.055).powf(2.4)
    }
}

/// A cube root, straight near zero.
#[differentiable]
fn compressed(t: f64) -> f64 {
    let d: f64 = 6.0 / 29.0;
    if t > d * d * d {
        t.cbrt()
    } else {
        t / (3.0 * d * d) + 4.0 / 29.0
    }
}

/// A colour as it looks in daylight (D65).
#[differentiable]
pub fn lab(c: Rgb) -> Lab {
    let (r, g, b) = (linear(c.r), linear(c.g), linear(c.b));
    let x = compressed((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    let y = compressed(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    let z = compressed((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    Lab {
        l: 116.0 * y - 16.0,
        a: 500.0 * (x - y),
        b: 200.0 * (y - z),
    }
}

/// The angle of a hue, in degrees from 0 to 360.
#[differentiable]
fn hue(a: f64, b: f64) -> f64 {
    let angle = b.atan2(a).to_degrees();
    if angle < 0.0 { angle + 360.0 } else { angle }
}

#[differentiable]
fn cos_degrees(x: f64) -> f64 {
    x.to_radians().cos()
}

/// How much of the blue region a chroma is in, from 0 to 1.
#[differentiable]
fn saturation(chroma: f64) -> f64 {
    let power = chroma.powi(7);
    (power / (power + 25f64.powi(7))).sqrt()
}

/// The difference of two colours; about 1 can just be seen. Where the colours are the same it is 0 and has no derivative.
#[differentiable]
pub fn lab_difference(p: Lab, q: Lab) -> f64 {
    let mean_chroma = 0.5 * (p.a.hypot(p.b) + q.a.hypot(q.b));
    let stretch = 1.0 + 0.5 * (1.0 - saturation(mean_chroma));
    let (pa, qa) = (p.a * stretch, q.a * stretch);
    let (pc, qc) = (pa.hypot(p.b), qa.hypot(q.b));
    let (ph, qh) = (hue(pa, p.b), hue(qa, q.b));

    let grey = pc * qc == 0.0;
    let mut turn = qh - ph;
    if grey {
        turn = 0.0;
    } else if turn > 180.0 {
        turn -= 360.0;
    } else if turn < -180.0 {
        turn += 360.0;
    }
    let lighter = q.l - p.l;
    let stronger = qc - pc;
    let around = 2.0 * (pc * qc).sqrt() * (0.5 * turn).to_radians().sin();

    let l = 0.5 * (p.l + q.l);
    let c = 0.5 * (pc + qc);
    let mut h = ph + qh;
    if !grey {
        if (ph - qh).abs() > 180.0 {
            h += if h < 360.0 { 360.0 } else { -360.0 };
        }
        h *= 0.5;
    }
    let t = 1.0 - 0.17 * cos_degrees(h - 30.0)
        + 0.24 * cos_degrees(2.0 * h)
        + 0.32 * cos_degrees(3.0 * h + 6.0)
        - 0.20 * cos_degrees(4.0 * h - 63.0);
    let from_middle = (l - 50.0) * (l - 50.0);
    let by_lightness = lighter / (1.0 + 0.015 * from_middle / (20.0 + from_middle).sqrt());
    let by_chroma = stronger / (1.0 + 0.045 * c);
    let by_hue = around / (1.0 + 0.015 * c * t);
    let blue = 60.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rotation = -2.0 * saturation(c) * blue.to_radians().sin();
    (by_lightness * by_lightness
        + by_chroma * by_chroma
        + by_hue * by_hue
        + rotation * by_chroma * by_hue)
        .sqrt()
}

/// The difference of two colours as they look.
#[differentiable]
pub fn difference(a: Rgb, b: Rgb) -> f64 {
    lab_difference(lab(a), lab(b))
}
