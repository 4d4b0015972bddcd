//! What a compiled program costs and consists of, for people and for tests.
//!
//! Time is estimated here, from operations and bytes and what the chip can do at most: XLA's own estimate can be negative.

use crate::chips::Chip;
use crate::pjrt::{Code, Compiled, Memory, Result, Value};
use std::collections::BTreeMap;
use std::fmt;

/// What a compiled program costs and consists of, on each device.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Floating-point operations, where the plugin counts them.
    pub flops: Option<f64>,
    /// Bytes read and written, where the plugin counts them.
    pub bytes: Option<f64>,
    /// XLA's estimate of the seconds, where it gives one.
    pub estimate: Option<f64>,
    /// The memory it needs, where the plugin tells.
    pub memory: Option<Memory>,
    /// Bytes of the executable as a file.
    pub serialized: Option<usize>,
    /// How many operations of each kind the program had before XLA changed it, if that was [told](Self::of_text).
    pub written: BTreeMap<String, usize>,
    /// How many instructions of each kind, also those inside of fusions.
    pub instructions: BTreeMap<String, usize>,
    /// How many of them are launched one by one, not inside of fusions.
    pub launched: usize,
    /// How many fusions.
    pub fusions: usize,
    /// How many instructions move data between devices, by kind.
    pub collectives: BTreeMap<String, usize>,
    /// How many instructions move data to or from the host; none if all is in one executable.
    pub host_transfers: usize,
    /// What the device can do at most, if it is known.
    pub chip: Option<Chip>,
}

/// Some if the plugin has that function.
fn told<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(x) => Ok(Some(x)),
        Err(e) if e.code() == Some(Code::Unimplemented) => Ok(None),
        Err(e) => Err(e),
    }
}

impl Report {
    /// About a compiled program, for devices that can do `chip` at most.
    pub fn new(compiled: &Compiled, chip: Option<Chip>) -> Result<Report> {
        let cost = told(compiled.cost())?.unwrap_or_default();
        let find = |name: &str| {
            cost.iter().find_map(|(n, v)| match v {
                Value::Float(x) if n == name => Some(f64::from(*x)),
                Value::Int(x) if n == name => Some(*x as f64),
                _ => None,
            })
        };
        let hlo = compiled.optimized()?;
        let owned = |counts: BTreeMap<&str, usize>| {
            counts
                .into_iter()
                .map(|(k, n)| (k.to_string(), n))
                .collect()
        };
        Ok(Report {
            flops: find("flops"),
            bytes: find("bytes accessed"),
            estimate: find("optimal_seconds"),
            memory: told(compiled.memory())?,
            serialized: told(compiled.serialize())?.map(|b| b.len()),
            written: BTreeMap::new(),
            instructions: owned(hlo.counts()),
            launched: hlo.launched(),
            fusions: hlo.fusions(),
            collectives: owned(hlo.collectives()),
            host_transfers: hlo.host_transfers(),
            chip,
        })
    }
    /// With the StableHLO text that was compiled, whose operations are counted.
    ///
    /// ```
    /// # use cotangent_xla::report::operations;
    /// let text = "%0 = stablehlo.add %a, %b : tensor<f64>\n%1 = \"stablehlo.sort\"(%0) ({ stablehlo.return %c : tensor<i1> })";
    /// assert_eq!(operations(text).into_iter().collect::<Vec<_>>(), [("add".into(), 1), ("sort".into(), 1)]);
    /// ```
    #[must_use]
    pub fn of_text(mut self, text: &str) -> Report {
        self.written = operations(text);
        self
    }
    /// All instructions.
    pub fn instruction_count(&self) -> usize {
        self.instructions.values().sum()
    }
    /// Seconds that operations and bytes take at least, at the chip's peak; the larger one bounds the time from below.
    pub fn roofline(&self) -> Option<(f64, f64)> {
        let chip = self.chip?;
        Some((self.flops? / chip.flops, self.bytes? / chip.bandwidth))
    }
}

/// How many operations of each kind there are in a StableHLO text; ends of regions and functions are none.
pub fn operations(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for dialect in ["stablehlo.", "chlo."] {
        for (at, _) in text.match_indices(dialect) {
            // Attributes and types have a mark before the dialect's name; `chlo` is the end of the other name.
            if !text[..at].ends_with([' ', '"', '\n']) {
                continue;
            }
            let rest = &text[at + dialect.len()..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            if name != "return" {
                *counts.entry(name.to_string()).or_default() += 1;
            }
        }
    }
    counts
}

/// A number of bytes with a unit.
fn size(bytes: f64) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"];
    let mut x = bytes;
    let mut unit = 0;
    while x.abs() >= 1000.0 && unit + 1 < units.len() {
        x /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{x} B")
    } else {
        format!("{x:.2} {}", units[unit])
    }
}

/// Seconds with a unit.
fn time(seconds: f64) -> String {
    match seconds.abs() {
        s if s >= 1.0 => format!("{seconds:.3} s"),
        s if s >= 1e-3 => format!("{:.3} ms", seconds * 1e3),
        _ => format!("{:.3} us", seconds * 1e6),
    }
}

fn counted(counts: &BTreeMap<String, usize>, most: usize) -> String {
    let mut list: Vec<_> = counts.iter().collect();
    list.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), *name));
    let rest = list.len().saturating_sub(most);
    list.truncate(most);
    let mut parts: Vec<String> = list.iter().map(|(name, n)| format!("{n} {name}")).collect();
    if rest > 0 {
        parts.push(format!("{rest} other kinds"));
    }
    parts.join(", ")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = || "not told by the plugin".to_string();
        let flops = self.flops.map_or_else(unknown, |x| format!("{x:.3e}"));
        writeln!(f, "operations     {flops}")?;
        let bytes = self
            .bytes
            .map_or_else(unknown, |x| format!("{x:.3e} ({})", size(x)));
        writeln!(f, "bytes moved    {bytes}")?;
        match &self.memory {
            None => writeln!(f, "memory         {}", unknown())?,
            Some(m) => {
                writeln!(
                    f,
                    "memory         arguments {}, results {} ({} in place), temporaries {}",
                    size(m.arguments as f64),
                    size(m.outputs as f64),
                    size(m.aliased as f64),
                    size(m.temporaries as f64)
                )?;
                if m.peak > 0 {
                    writeln!(f, "peak           {}", size(m.peak as f64))?;
                }
                if m.code > 0 {
                    writeln!(f, "machine code   {}", size(m.code as f64))?;
                }
            }
        }
        if let Some(n) = self.serialized {
            writeln!(f, "as a file      {}", size(n as f64))?;
        }
        if !self.written.is_empty() {
            let n: usize = self.written.values().sum();
            writeln!(f, "as written     {n} operations")?;
            writeln!(f, "               {}", counted(&self.written, 8))?;
        }
        let all = if self.host_transfers == 0 {
            "all in one executable".to_string()
        } else {
            format!("{} exchanges with the host", self.host_transfers)
        };
        writeln!(
            f,
            "instructions   {}, of which {} launched, {} fusions; {all}",
            self.instruction_count(),
            self.launched,
            self.fusions
        )?;
        writeln!(f, "               {}", counted(&self.instructions, 8))?;
        if !self.collectives.is_empty() {
            writeln!(f, "collectives    {}", counted(&self.collectives, 8))?;
        }
        if let (Some((compute, memory)), Some(chip)) = (self.roofline(), self.chip) {
            writeln!(
                f,
                "at least       {} on {}: {} of arithmetic in bf16, {} of memory traffic",
                time(compute.max(memory)),
                chip.name,
                time(compute),
                time(memory)
            )?;
        }
        match self.estimate {
            Some(s) if s < 0.0 => {
                writeln!(f, "XLA's estimate {s:.3} s: negative, so not to be used")
            }
            Some(s) => writeln!(f, "XLA's estimate {}", time(s)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chips::Target;

    #[test]
    fn numbers_are_shown_with_units() {
        let target: Target = "tpu:v5e:1x1".parse().unwrap();
        let report = Report {
            flops: Some(3.94e14),
            bytes: Some(8.19e8),
            estimate: Some(-0.99),
            memory: None,
            serialized: Some(1500),
            written: [("dot_general".to_string(), 2)].into(),
            instructions: [("add".to_string(), 3), ("dot".to_string(), 2)].into(),
            launched: 4,
            fusions: 0,
            collectives: [("all-reduce".to_string(), 1)].into(),
            host_transfers: 0,
            chip: target.device(1),
        };
        assert_eq!(report.roofline(), Some((2.0, 0.001)));
        let text = report.to_string();
        for part in [
            "3.940e14",
            "819.00 MB",
            "negative",
            "1.50 KB",
            "2 operations",
            "2 dot_general",
            "3 add, 2 dot",
            "all in one executable",
            "2.000 s on v5e",
            "1.000 ms of memory",
            "1 all-reduce",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
