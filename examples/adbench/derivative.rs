//! A derivative of any of the four problems: as a linear map, as numbers to compare, as ADBench's output file.

use super::ba::{BLOCK, Scene};
use super::error::Error;
use super::hand::POSE;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A gradient or Jacobian.
#[derive(Clone, Debug)]
pub enum Derivative {
    /// The gradient of gmm or lstm, in the order of [`Instance::parameters`].
    Gradient(Vec<f64>),
    /// The sparse Jacobian of ba: both rows of each observation, then the slope of each weight error.
    Sparse(CompressedRows),
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
            Derivative::Sparse(rows) => rows.values.clone(),
        }
    }

    /// The derivative of the objective in a direction of parameter space.
    pub fn apply(&self, direction: &[f64]) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        match self {
            Derivative::Gradient(gradient) => vec![dot(gradient, direction)],
            Derivative::Sparse(rows) => {
                let row = |range: &[u32]| {
                    let range = range[0] as usize..range[1] as usize;
                    let columns = rows.columns[range.clone()].iter();
                    let values = rows.values[range].iter();
                    columns
                        .zip(values)
                        .map(|(&c, v)| v * direction[c as usize])
                        .sum()
                };
                rows.starts.windows(2).map(row).collect()
            }
            Derivative::Dense { columns, values } => {
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
        }
    }

    /// Writes ADBench's output file.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let io = |source| Error::Io {
            path: path.to_path_buf(),
            source,
        };
        let mut out = BufWriter::new(std::fs::File::create(path).map_err(io)?);
        self.write_to(&mut out)
            .and_then(|()| out.flush())
            .map_err(io)
    }

    fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        match self {
            Derivative::Gradient(values) => write_row(out, values, " "),
            Derivative::Dense { columns, values } => values
                .chunks(*columns)
                .try_for_each(|row| write_row(out, row, "\t")),
            Derivative::Sparse(rows) => rows.write_to(out),
        }
    }
}

/// A sparse matrix by rows.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    /// The number of columns.
    pub width: usize,
    /// Where each row starts in the other two; one more entry for the end.
    pub starts: Vec<u32>,
    /// The column of each number.
    pub columns: Vec<u32>,
    /// The numbers.
    pub values: Vec<f64>,
}

impl CompressedRows {
    /// The Jacobian of bundle adjustment with these numbers: see [`ba::jacobian_values`](super::ba::jacobian_values).
    pub fn of_scene(scene: &Scene, values: Vec<f64>) -> CompressedRows {
        let observations = scene.weights.len();
        let points_at = 11 * scene.cameras.len();
        let weights_at = points_at + 3 * scene.points.len();
        let mut starts = Vec::with_capacity(3 * observations + 1);
        starts.extend((0..=2 * observations).map(|row| (BLOCK * row) as u32));
        starts.extend((1..=observations).map(|row| (2 * BLOCK * observations + row) as u32));
        let mut columns = Vec::with_capacity(values.len());
        for i in 0..observations {
            let camera = (11 * scene.camera_of[i]) as u32;
            let point = (points_at + 3 * scene.point_of[i]) as u32;
            for _ in 0..2 {
                columns.extend(camera..camera + 11);
                columns.extend(point..point + 3);
                columns.push((weights_at + i) as u32);
            }
        }
        columns.extend((0..observations).map(|i| (weights_at + i) as u32));
        CompressedRows {
            width: weights_at + observations,
            starts,
            columns,
            values,
        }
    }

    /// Size, start of each row, column of each number, numbers.
    fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "{} {}", self.starts.len() - 1, self.width)?;
        writeln!(out, "{}", self.starts.len())?;
        for start in &self.starts {
            write!(out, "{start} ")?;
        }
        writeln!(out, "\n{}", self.columns.len())?;
        for column in &self.columns {
            write!(out, "{column} ")?;
        }
        writeln!(out)?;
        for value in &self.values {
            write!(out, "{value:e} ")?;
        }
        writeln!(out)
    }
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
