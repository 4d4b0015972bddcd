//! The problems of the table: ADBench's files, or data of the same sizes.

use super::adbench::gmm::{Mixture, Wishart};
use super::adbench::instance::{GmmInput, Instance, LstmInput};
use super::adbench::lstm::Parameters;
use super::adbench::{Problem, read};
use std::path::Path;

/// A problem of the table.
#[derive(Clone, Copy)]
pub struct Named {
    /// As in `benches/peers.json`.
    pub name: &'static str,
    pub problem: Problem,
    /// Below the folder of the data.
    pub file: &'static str,
    /// Whether it is measured without `--full`.
    pub small: bool,
    /// Sizes to make up data of, where the file is not there: of a mixture dimension, components, points; of a text layers,
    /// characters, bits.
    pub sizes: Option<[usize; 3]>,
}

const fn gmm(name: &'static str, file: &'static str, sizes: [usize; 3], small: bool) -> Named {
    Named {
        name,
        problem: Problem::Gmm,
        file,
        small,
        sizes: Some(sizes),
    }
}

const fn lstm(name: &'static str, file: &'static str, sizes: [usize; 3], small: bool) -> Named {
    Named {
        name,
        problem: Problem::Lstm,
        file,
        small,
        sizes: Some(sizes),
    }
}

const fn file(name: &'static str, problem: Problem, file: &'static str, small: bool) -> Named {
    Named {
        name,
        problem,
        file,
        small,
        sizes: None,
    }
}

/// All problems.
pub const PROBLEMS: [Named; 16] = [
    gmm("gmm d2 K5", "gmm/1k/gmm_d2_K5.txt", [2, 5, 1000], true),
    gmm(
        "gmm d10 K10",
        "gmm/1k/gmm_d10_K10.txt",
        [10, 10, 1000],
        false,
    ),
    gmm(
        "gmm d10 K25",
        "gmm/1k/gmm_d10_K25.txt",
        [10, 25, 1000],
        true,
    ),
    gmm(
        "gmm d20 K25",
        "gmm/1k/gmm_d20_K25.txt",
        [20, 25, 1000],
        false,
    ),
    gmm(
        "gmm d32 K25",
        "gmm/1k/gmm_d32_K25.txt",
        [32, 25, 1000],
        true,
    ),
    gmm(
        "gmm d64 K50",
        "gmm/1k/gmm_d64_K50.txt",
        [64, 50, 1000],
        false,
    ),
    gmm(
        "gmm 10k d10 K25",
        "gmm/10k/gmm_d10_K25.txt",
        [10, 25, 10_000],
        false,
    ),
    file("ba1", Problem::Ba, "ba/ba1_n49_m7776_p31843.txt", true),
    file("ba5", Problem::Ba, "ba/ba5_n257_m65132_p225911.txt", false),
    lstm(
        "lstm l2 c1024",
        "lstm/lstm_l2_c1024.txt",
        [2, 1024, 14],
        true,
    ),
    lstm(
        "lstm l4 c1024",
        "lstm/lstm_l4_c1024.txt",
        [4, 1024, 14],
        false,
    ),
    lstm(
        "lstm l2 c4096",
        "lstm/lstm_l2_c4096.txt",
        [2, 4096, 14],
        false,
    ),
    file(
        "hand simple c100",
        Problem::Hand,
        "hand/simple_small/hand1_t26_c100.txt",
        true,
    ),
    file(
        "hand simple c800",
        Problem::Hand,
        "hand/simple_small/hand5_t26_c800.txt",
        false,
    ),
    file(
        "hand complicated c100",
        Problem::Hand,
        "hand/complicated_small/hand1_t26_c100.txt",
        true,
    ),
    file(
        "hand complicated c800",
        Problem::Hand,
        "hand/complicated_small/hand5_t26_c800.txt",
        false,
    ),
];

/// The problem's file, or made-up data; `None` if there is neither.
///
/// # Errors
/// If the file is there but cannot be read.
pub fn load(
    named: &Named,
    data: &Path,
    notes: &mut Vec<String>,
) -> Result<Option<Instance>, String> {
    let path = data.join(named.file);
    if path.exists() {
        return read(named.problem, &path)
            .map(Some)
            .map_err(|e| e.to_string());
    }
    let made = match (named.problem, named.sizes) {
        (Problem::Gmm, Some([d, k, n])) => Some(mixture(d, k, n)),
        (Problem::Lstm, Some([l, c, b])) => Some(text(l, c, b)),
        (Problem::Gmm | Problem::Lstm | Problem::Ba | Problem::Hand, _) => None,
    };
    notes.push(match made {
        Some(_) => format!("{}: no file, made-up data of its size", named.name),
        None => format!("{}: no file ({})", named.name, path.display()),
    });
    Ok(made)
}

/// Numbers between -1 and 1 that look random and are the same everywhere.
fn numbers(n: usize, seed: f64) -> Vec<f64> {
    (0..n)
        .map(|i| ((i as f64 + 1.0) * (1.37 + seed)).sin())
        .collect()
}

fn mixture(d: usize, k: usize, n: usize) -> Instance {
    Instance::Gmm(GmmInput {
        mixture: Mixture {
            alphas: numbers(k, 0.1),
            means: numbers(k * d, 0.2),
            factors: numbers(k * d * (d + 1) / 2, 0.3),
        },
        points: numbers(n * d, 0.4),
        prior: Wishart { gamma: 1.0, m: 0 },
    })
}

fn text(layers: usize, characters: usize, bits: usize) -> Instance {
    Instance::Lstm(LstmInput {
        parameters: Parameters {
            main: numbers(8 * layers * bits, 0.1),
            extra: numbers(3 * bits, 0.2),
        },
        state: numbers(2 * layers * bits, 0.3),
        text: (0..characters * bits)
            .map(|i| f64::from(u8::from(i * i % 7 < 3)))
            .collect(),
        bits,
    })
}
