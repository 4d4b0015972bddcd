//! Measures as ADBench does: runs often enough for the clock, several times, and takes the shortest.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// A sample takes at least this long.
    pub sample: Duration,
    /// At most this many samples.
    pub runs: usize,
    /// No new sample is started after this time.
    pub limit: Duration,
}

/// Seconds per call.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The shortest sample.
    pub min: f64,
    /// The median sample.
    pub median: f64,
    /// Calls per sample.
    pub repeats: u32,
    /// Number of samples.
    pub samples: usize,
}

/// Measures `work`, which is called many times. Its first error ends the measurement.
pub fn measure<T, E>(effort: &Effort, mut work: impl FnMut() -> Result<T, E>) -> Result<Timing, E> {
    let mut sample = |repeats: u32| -> Result<Duration, E> {
        let start = Instant::now();
        for _ in 0..repeats {
            black_box(work()?);
        }
        Ok(start.elapsed())
    };
    let mut repeats = 1;
    let mut took = sample(repeats)?;
    while took < effort.sample && repeats < 1 << 30 {
        repeats *= 2;
        took = sample(repeats)?;
    }
    let mut samples = vec![took.as_secs_f64() / f64::from(repeats)];
    let start = Instant::now();
    for _ in 0..effort.runs {
        if start.elapsed() >= effort.limit {
            break;
        }
        samples.push(sample(repeats)?.as_secs_f64() / f64::from(repeats));
    }
    samples.sort_by(f64::total_cmp);
    Ok(Timing {
        min: samples[0],
        median: samples[samples.len() / 2],
        repeats,
        samples: samples.len(),
    })
}
