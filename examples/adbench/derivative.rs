//! A derivative of any of the four problems: as a linear map, as numbers to compare, as ADBench's output file.

use super::ba::Scene;
use super::error::Error;
use super::hand::POSE;
use super::instance::Instance;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Columns of a reprojection block: camera, point, weight.
pub const BLOCK: usize = 15;

/// A gradient or Jacobian.
#[derive(Clone, Debug)]
pub enum Derivative {
    /// The gradient of gmm or lstm, in the order of [`Instance::parameters`].
    Gradient(Vec<f64>),
    /// The sparse Jacobian of ba: both rows of each observation, then the slope of its weight error.
    Blocks {
        /// For each observation two rows of [`BLOCK`] numbers.
        blocks: Vec<[[f64; BLOCK]; 2]>,
        /// For each observation one number.
        weights: Vec<f64>,
    },
    /// The Jacobian of hand, row by row: two columns for the point's own coordinates (complicated), then the pose.
    Dense {
        /// Numbers per row.
        columns: usize,
        /// All rows.
        values: Vec<f64>,
    },
}

impl Derivative {
    /// All numbers, in a fixed order.
    pub fn values(&self) -> Vec<f64> {
        match self {
            Derivative::Gradient(values) | Derivative::Dense { values, .. } => values.clone(),
            Derivative::Blocks { blocks, weights } => {
                let mut all: Vec<f64> = blocks.iter().flatten().flatten().copied().collect();
                all.extend(weights);
                all
            }
        }
    }

    /// The derivative of the objective in a direction of parameter space.
    pub fn apply(&self, instance: &Instance, direction: &[f64]) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        match (self, instance) {
            (Derivative::Gradient(gradient), _) => vec![dot(gradient, direction)],
            (Derivative::Blocks { blocks, weights }, Instance::Ba(scene)) => {
                let mut out = Vec::new();
                for (i, block) in blocks.iter().enumerate() {
                    let local = block_columns(scene, i).map(|column| direction[column]);
                    out.extend(block.map(|row| dot(&row, &local)));
                }
                let first = direction.len() - weights.len();
                out.extend(weights.iter().zip(&direction[first..]).map(|(a, b)| a * b));
                out
            }
            (Derivative::Dense { columns, values }, _) => {
                let own = columns - POSE;
                let pose = &direction[direction.len() - POSE..];
                let rows = values.chunks(*columns).enumerate();
                rows.map(|(row, values)| {
                    let point = row / 3;
                    dot(&values[..own], &direction[own * point..own * (point + 1)])
                        + dot(&values[own..], pose)
                })
                .collect()
            }
            (Derivative::Blocks { .. }, _) => Vec::new(),
        }
    }

    /// Writes ADBench's output file.
    pub fn write(&self, instance: &Instance, path: &Path) -> Result<(), Error> {
        let io = |source| Error::Io {
            path: path.to_path_buf(),
            source,
        };
        let mut out = BufWriter::new(std::fs::File::create(path).map_err(io)?);
        self.write_to(instance, &mut out)
            .and_then(|()| out.flush())
            .map_err(io)
    }

    fn write_to(&self, instance: &Instance, out: &mut impl Write) -> std::io::Result<()> {
        match (self, instance) {
            (Derivative::Gradient(values), _) => write_row(out, values, " "),
            (Derivative::Dense { columns, values }, _) => values
                .chunks(*columns)
                .try_for_each(|row| write_row(out, row, "\t")),
            (Derivative::Blocks { blocks, weights }, Instance::Ba(scene)) => {
                write_sparse(out, scene, blocks, weights)
            }
            (Derivative::Blocks { .. }, _) => Ok(()),
        }
    }
}

/// The columns of an observation's block in the whole Jacobian.
fn block_columns(scene: &Scene, observation: usize) -> [usize; BLOCK] {
    let points_at = 11 * scene.cameras.len();
    let weights_at = points_at + 3 * scene.points.len();
    std::array::from_fn(|i| match i {
        0..11 => 11 * scene.camera_of[observation] + i,
        11..14 => points_at + 3 * scene.point_of[observation] + i - 11,
        _ => weights_at + observation,
    })
}

fn write_row(out: &mut impl Write, values: &[f64], separator: &str) -> std::io::Result<()> {
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            write!(out, "{separator}")?;
        }
        // The sum turns -0 into 0.
        write!(out, "{:e}", value + 0.0)?;
    }
    writeln!(out)
}

/// Compressed rows: size, start of each row, column of each value, values.
fn write_sparse(
    out: &mut impl Write,
    scene: &Scene,
    blocks: &[[[f64; BLOCK]; 2]],
    weights: &[f64],
) -> std::io::Result<()> {
    let observations = weights.len();
    let weights_at = 11 * scene.cameras.len() + 3 * scene.points.len();
    writeln!(out, "{} {}", 3 * observations, weights_at + observations)?;
    writeln!(out, "{}", 3 * observations + 1)?;
    for row in 0..=2 * observations {
        write!(out, "{} ", BLOCK * row)?;
    }
    for row in 1..=observations {
        write!(out, "{} ", 2 * BLOCK * observations + row)?;
    }
    writeln!(out, "\n{}", 2 * BLOCK * observations + observations)?;
    for observation in 0..observations {
        let columns = block_columns(scene, observation);
        for column in columns.iter().chain(&columns) {
            write!(out, "{column} ")?;
        }
    }
    for observation in 0..observations {
        write!(out, "{} ", weights_at + observation)?;
    }
    writeln!(out)?;
    for value in blocks.iter().flatten().flatten().chain(weights) {
        write!(out, "{value:e} ")?;
    }
    writeln!(out)
}
