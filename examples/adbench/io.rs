//! Reads ADBench's input files.
//!
//! All formats are numbers with white space (hand models: colons) between them. A reader never trusts a count:
//! it takes values one by one, so a wrong header ends in an error that names the line, not in a huge allocation.

use super::ba::Scene;
use super::error::Error;
use super::gmm::{Mixture, Wishart};
use super::hand::POSE;
use super::hand_model::read_hand_model;
use super::instance::{GmmInput, HandInput, Instance, LstmInput, camera_from_numbers};
use super::lstm::Parameters;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// More cameras, points or observations than this are taken for a damaged header: these are replicated from
/// one entry of the file, so the file's length says nothing about them.
const REPLICATION_LIMIT: usize = 50_000_000;

/// Reads a whole file.
pub fn read_text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_path_buf(),
        source,
    })
}

/// The values of a file one after the other, with their lines.
pub struct Tokens<'a> {
    path: PathBuf,
    items: std::vec::IntoIter<(usize, &'a str)>,
    line: usize,
}

impl<'a> Tokens<'a> {
    /// Splits `text`, which was read from `path`.
    pub fn new(path: &Path, text: &'a str) -> Self {
        let items: Vec<_> = text
            .lines()
            .enumerate()
            .flat_map(|(number, line)| line.split_whitespace().map(move |item| (number + 1, item)))
            .collect();
        Tokens {
            path: path.to_path_buf(),
            items: items.into_iter(),
            line: 1,
        }
    }

    /// How many values are left.
    pub fn left(&self) -> usize {
        self.items.len()
    }

    /// An error at the line of the last value taken.
    pub fn error(&self, message: String) -> Error {
        Error::Format {
            path: self.path.clone(),
            line: self.line,
            message,
        }
    }

    fn take<T: FromStr>(&mut self, what: &str, kind: &str) -> Result<T, Error> {
        let Some((line, item)) = self.items.next() else {
            return Err(self.error(format!("the file ends here, but {what} should follow")));
        };
        self.line = line;
        item.parse()
            .map_err(|_| self.error(format!("{what} should be {kind}, not `{item}`")))
    }

    /// A finite number.
    pub fn number(&mut self, what: &str) -> Result<f64, Error> {
        let value: f64 = self.take(what, "a number")?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(self.error(format!("{what} is not finite: {value}")))
        }
    }

    /// A whole number of at least `least`.
    pub fn count(&mut self, what: &str, least: usize) -> Result<usize, Error> {
        let value: usize = self.take(what, "a whole number")?;
        if value >= least {
            Ok(value)
        } else {
            Err(self.error(format!("{what} should be at least {least}, not {value}")))
        }
    }

    /// `count` finite numbers.
    pub fn numbers(&mut self, what: &str, count: Option<usize>) -> Result<Vec<f64>, Error> {
        let count = count
            .ok_or_else(|| self.error(format!("there cannot be that many numbers of {what}")))?;
        let left = self.left();
        if count > left {
            // Run to the end, so that a bad value before it is reported first, and at its own line.
            for _ in 0..left {
                self.number(what)?;
            }
            return Err(self.error(format!(
                "the file ends here after {left} of the {count} numbers of {what} that its first line promises"
            )));
        }
        (0..count).map(|_| self.number(what)).collect()
    }

    /// A fixed number of finite numbers.
    pub fn array<const N: usize>(&mut self, what: &str) -> Result<[f64; N], Error> {
        let mut out = [0.0; N];
        for slot in &mut out {
            *slot = self.number(what)?;
        }
        Ok(out)
    }

    /// Nothing may follow.
    pub fn end(mut self) -> Result<(), Error> {
        match self.items.next() {
            None => Ok(()),
            Some((line, item)) => {
                self.line = line;
                let more = self.items.len();
                Err(self.error(format!(
                    "the file should end before `{item}` ({more} more values follow)"
                )))
            }
        }
    }
}

/// Reads a mixture-model file. Where the file has a single point, every point is that point.
pub fn read_gmm(path: &Path) -> Result<Instance, Error> {
    let text = read_text(path)?;
    let mut tokens = Tokens::new(path, &text);
    let d = tokens.count("the dimension D", 1)?;
    let k = tokens.count("the number of components k", 1)?;
    let n = tokens.count("the number of points n", 1)?;
    let factor_len = d
        .checked_add(1)
        .and_then(|e| e.checked_mul(d))
        .map(|e| e / 2);
    let alphas = tokens.numbers("the weights (alpha)", Some(k))?;
    let means = tokens.numbers("the means", k.checked_mul(d))?;
    let factors = tokens.numbers(
        "the covariance factors",
        factor_len.and_then(|len| len.checked_mul(k)),
    )?;
    let replicated = n > 1 && tokens.left() == d + 2;
    if replicated && n.checked_mul(d).is_none_or(|len| len > REPLICATION_LIMIT) {
        return Err(tokens.error(format!(
            "{n} copies of the point are more than this program takes"
        )));
    }
    let points = if replicated {
        tokens.numbers("the point", Some(d))?.repeat(n)
    } else {
        tokens.numbers("the points", n.checked_mul(d))?
    };
    let gamma = tokens.number("the prior's gamma")?;
    if gamma <= 0.0 {
        return Err(tokens.error(format!("the prior's gamma should be positive, not {gamma}")));
    }
    let m: i64 = tokens.take("the prior's m", "a whole number")?;
    if m < -1 {
        return Err(tokens.error(format!("the prior's m should be at least -1, not {m}")));
    }
    tokens.end()?;
    Ok(Instance::Gmm(GmmInput {
        mixture: Mixture {
            alphas,
            means,
            factors,
        },
        points,
        prior: Wishart { gamma, m },
    }))
}

/// Reads a bundle-adjustment file: one camera, point, weight and feature, which are replicated.
pub fn read_ba(path: &Path) -> Result<Instance, Error> {
    let text = read_text(path)?;
    let mut tokens = Tokens::new(path, &text);
    let mut count = |what| {
        let value = tokens.count(what, 1)?;
        if value > REPLICATION_LIMIT {
            return Err(tokens.error(format!("{what} is {value}: more than this program takes")));
        }
        Ok(value)
    };
    let n = count("the number of cameras n")?;
    let m = count("the number of points m")?;
    let p = count("the number of observations p")?;
    let camera = camera_from_numbers(&tokens.array("the camera")?);
    let point = tokens.array("the point")?;
    let weight = tokens.number("the weight")?;
    let feature = tokens.array("the feature")?;
    tokens.end()?;
    Ok(Instance::Ba(Scene {
        cameras: vec![camera; n],
        points: vec![point; m],
        weights: vec![weight; p],
        features: vec![feature; p],
        camera_of: (0..p).map(|i| i % n).collect(),
        point_of: (0..p).map(|i| i % m).collect(),
    }))
}

/// Reads an LSTM file.
pub fn read_lstm(path: &Path) -> Result<Instance, Error> {
    let text = read_text(path)?;
    let mut tokens = Tokens::new(path, &text);
    let layers = tokens.count("the number of layers l", 1)?;
    let characters = tokens.count("the number of characters c", 2)?;
    let bits = tokens.count("the number of bits b", 1)?;
    let state_len = layers.checked_mul(2).and_then(|v| v.checked_mul(bits));
    let main = tokens.numbers(
        "the main parameters",
        state_len.and_then(|v| v.checked_mul(4)),
    )?;
    let extra = tokens.numbers("the extra parameters", bits.checked_mul(3))?;
    let state = tokens.numbers("the state", state_len)?;
    let text_values = tokens.numbers("the text", characters.checked_mul(bits))?;
    tokens.end()?;
    Ok(Instance::Lstm(LstmInput {
        parameters: Parameters { main, extra },
        state,
        text: text_values,
        bits,
    }))
}

/// Reads a hand file and the model in `model/` beside it. The number of values in the file says whether it is
/// the simple or the complicated problem.
pub fn read_hand(path: &Path) -> Result<Instance, Error> {
    let text = read_text(path)?;
    let mut tokens = Tokens::new(path, &text);
    let n = tokens.count("the number of points", 1)?;
    let parameters = tokens.count("the number of pose parameters", 1)?;
    if parameters != POSE {
        return Err(tokens.error(format!("a pose has {POSE} parameters, not {parameters}")));
    }
    let model = read_hand_model(&path.with_file_name("model"))?;
    let expected = |per_point: usize| n.checked_mul(per_point).and_then(|v| v.checked_add(POSE));
    let left = Some(tokens.left());
    let complicated = left == expected(6);
    if !complicated && left != expected(4) {
        return Err(tokens.error(format!(
            "{n} points need 4 values each (simple) or 6 (complicated) and {POSE} pose parameters, but {} values follow",
            tokens.left()
        )));
    }
    let (kind, limit) = if complicated {
        ("triangle", model.triangles.len())
    } else {
        ("vertex", model.vertices.len())
    };
    let mut correspondences = Vec::with_capacity(n);
    let mut points = Vec::with_capacity(n);
    for _ in 0..n {
        let index = tokens.count("a point's index", 0)?;
        if index >= limit {
            return Err(tokens.error(format!("there is no {kind} {index}: the model has {limit}")));
        }
        correspondences.push(index);
        points.push(tokens.array("a point")?);
    }
    let us = if complicated {
        let mut us = Vec::with_capacity(n);
        for _ in 0..n {
            us.push(tokens.array("a point's coordinates in its triangle")?);
        }
        Some(us)
    } else {
        None
    };
    let pose = tokens.numbers("the pose", Some(POSE))?;
    tokens.end()?;
    Ok(Instance::Hand(HandInput {
        pose,
        us,
        model,
        correspondences,
        points,
    }))
}
