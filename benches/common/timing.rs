//! Interleaved timing: the candidates take turns, so that what else the machine does hits all of them alike.
//!
//! A sample calls a candidate so often that it lasts at least [`SAMPLE`]; how often is found in a warm-up, which also compiles what
//! is compiled at the first call. Then rounds of one sample each are taken until the time is up, and the median counts. Start at
//! [`measure`].

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The least duration of a sample.
pub const SAMPLE: Duration = Duration::from_millis(2);
/// Rounds at least, but for what takes longer than [`SLOW`] in all, and at most.
const ROUNDS: std::ops::RangeInclusive<usize> = 3..=200;
/// Seconds after which one sample must do.
const SLOW: f64 = 3.0;

/// Something to be timed.
pub struct Candidate<'a> {
    name: String,
    /// Runs the work that often.
    work: Box<dyn FnMut(u64) + 'a>,
    /// Runs before each sample, outside the time.
    before: Option<Box<dyn Fn() + 'a>>,
    repeats: u64,
    samples: Vec<f64>,
}

impl<'a> Candidate<'a> {
    /// Work to be called many times. What it returns is computed, whatever is done with it.
    pub fn new<T>(name: impl Into<String>, mut work: impl FnMut() -> T + 'a) -> Candidate<'a> {
        Candidate {
            name: name.into(),
            work: Box::new(move |n| {
                for _ in 0..n {
                    black_box(work());
                }
            }),
            before: None,
            repeats: 0,
            samples: Vec::new(),
        }
    }
    /// Something to do before each sample, outside the time.
    pub fn before(mut self, f: impl Fn() + 'a) -> Self {
        self.before = Some(Box::new(f));
        self
    }
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Finds how often it must be called for a sample.
    fn warm_up(&mut self) {
        self.prepare();
        self.repeats = 1;
        // The first call may compile.
        let mut took = time(|| (self.work)(1));
        if took.as_secs_f64() < SLOW {
            took = time(|| (self.work)(1));
        }
        while took < SAMPLE {
            // From what was measured, but at most tenfold, as short times are not to be trusted.
            let factor = SAMPLE.as_secs_f64() / took.as_secs_f64().max(1e-9) * 1.1;
            self.repeats = (self.repeats as f64 * factor.clamp(1.1, 10.0)).ceil() as u64;
            took = time(|| (self.work)(self.repeats));
        }
    }
    fn prepare(&self) {
        if let Some(before) = &self.before {
            before();
        }
    }
    /// Takes one sample.
    pub fn sample(&mut self) {
        if self.repeats == 0 {
            self.warm_up();
        }
        self.prepare();
        let took = time(|| (self.work)(self.repeats));
        self.samples.push(took.as_secs_f64() / self.repeats as f64);
    }
    /// Seconds per call, the median of the samples; infinite if there are none.
    pub fn median(&self) -> f64 {
        let mut all = self.samples.clone();
        all.sort_by(f64::total_cmp);
        match all.len() {
            0 => f64::INFINITY,
            n if n % 2 == 1 => all[n / 2],
            n => (all[n / 2 - 1] + all[n / 2]) / 2.0,
        }
    }
    /// Seconds per call, the fastest sample; infinite if there are none.
    pub fn fastest(&self) -> f64 {
        self.samples.iter().copied().fold(f64::INFINITY, f64::min)
    }
    /// Seconds per call: the median, or the fastest sample where that is asked for.
    pub fn seconds(&self, fastest: bool) -> f64 {
        if fastest {
            self.fastest()
        } else {
            self.median()
        }
    }
    /// How long the samples took in all.
    fn cost(&self) -> f64 {
        self.samples.iter().sum::<f64>() * self.repeats as f64
    }
}

fn time(f: impl FnOnce()) -> Duration {
    let start = Instant::now();
    f();
    start.elapsed()
}

/// Takes samples of all candidates in turn until each has had `budget` (or the rounds are enough). A candidate whose samples are long
/// sits rounds out once its budget is used up.
pub fn measure(candidates: &mut [Candidate<'_>], budget: Duration) {
    for c in candidates.iter_mut() {
        c.warm_up();
    }
    for round in 0..*ROUNDS.end() {
        let mut more = false;
        for c in candidates.iter_mut() {
            let few = round < *ROUNDS.start() && c.cost() < SLOW;
            if round == 0 || few || c.cost() < budget.as_secs_f64() {
                c.sample();
                more = true;
            }
        }
        if !more {
            break;
        }
    }
}

/// A time for people: three digits and a unit.
pub fn show(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "-".into();
    }
    let (x, unit) = match seconds {
        s if s < 999.5e-9 => (s * 1e9, "ns"),
        s if s < 999.5e-6 => (s * 1e6, "us"),
        s if s < 999.5e-3 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let digits = match x {
        x if x < 9.995 => 2,
        x if x < 99.95 => 1,
        _ => 0,
    };
    format!("{x:.digits$} {unit}")
}

/// A ratio of times for people.
pub fn ratio(a: f64, b: f64) -> String {
    let r = a / b;
    if !r.is_finite() || b <= 0.0 {
        return "-".into();
    }
    match r {
        r if r < 9.995 => format!("{r:.2}"),
        r if r < 99.95 => format!("{r:.1}"),
        r => format!("{r:.0}"),
    }
}
