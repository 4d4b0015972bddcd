//! The adbench example: readers, writers, objectives, and every derivative against two independent ones.
//!
//! The files used are in `tests/data/adbench`. Where a folder `../shared/data/adbench` exists beside the
//! repository, its smaller files are checked too (the test prints which).

#[allow(
    dead_code,
    reason = "the example's main function, and what only its command uses"
)]
#[path = "../examples/adbench/main.rs"]
mod adbench;

use adbench::check::{
    FINITE_DIFFERENCE_LIMIT, REFERENCE_LIMIT, finite_difference_error, relative_error,
};
use adbench::derivative::Derivative;
use adbench::executor::{Executor, objective_by_hand};
use adbench::instance::{HandInput, Instance};
use adbench::{Arguments, Problem, hand_model, read, run};
use clap::Parser;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/adbench")
        .join(name)
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/adbench")
        .join(name);
    path.exists().then_some(path)
}

fn load(problem: Problem, path: &Path) -> Instance {
    read(problem, path).unwrap_or_else(|error| panic!("{error}"))
}

/// A folder of its own for a test's files.
fn scratch(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn assert_close(found: &[f64], expected: &[f64], limit: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(
            (a - b).abs() <= limit * b.abs().max(1.0),
            "{what}, value {i}: {a} instead of {b}"
        );
    }
}

/// Objective against the second formula; every executor against finite differences and the derivation by hand.
fn check_file(problem: Problem, path: &Path) {
    let instance = load(problem, path);
    let name = path.display().to_string();
    assert_close(
        &instance.objective(),
        &objective_by_hand(&instance),
        1e-12,
        &name,
    );
    let by_hand = Executor::Reference.derivative(&instance).unwrap();
    for executor in Executor::all() {
        let objective = executor.objective(&instance).unwrap();
        assert_close(&objective, &instance.objective(), 1e-12, &name);
        let derivative = executor
            .derivative(&instance)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let error = finite_difference_error(&instance, &derivative, 3, 11);
        assert!(
            error < FINITE_DIFFERENCE_LIMIT,
            "{name}, {executor:?}: {error:e} from finite differences"
        );
        let error = relative_error(&derivative, &by_hand);
        assert!(
            error < REFERENCE_LIMIT,
            "{name}, {executor:?}: {error:e} from the derivation by hand"
        );
    }
}

#[test]
fn mixture_files() {
    for name in ["gmm_published.txt", "gmm_d4_K3.txt", "gmm_replicated.txt"] {
        check_file(Problem::Gmm, &data(name));
    }
}

#[test]
fn lstm_files() {
    check_file(Problem::Lstm, &data("lstm_l2_c6.txt"));
}

#[test]
fn bundle_files() {
    for name in ["ba_n3_m5_p11.txt", "ba_no_rotation.txt"] {
        check_file(Problem::Ba, &data(name));
    }
}

#[test]
fn hand_files() {
    for name in ["hand/simple_c7.txt", "hand/complicated_c5.txt"] {
        check_file(Problem::Hand, &data(name));
    }
}

/// Below an angle of 1e-4 ADBench's hand does not turn at all: the derivative of that is zero, and a finite
/// difference that steps over the edge would see something else.
#[test]
fn hand_without_rotation_has_no_rotation_derivative() {
    let instance = load(Problem::Hand, &data("hand/simple_no_rotation.txt"));
    let by_hand = Executor::Reference.derivative(&instance).unwrap();
    for executor in Executor::all() {
        let derivative = executor.derivative(&instance).unwrap();
        assert!(
            relative_error(&derivative, &by_hand) < REFERENCE_LIMIT,
            "{executor:?}"
        );
        let Derivative::Dense { columns, values } = derivative else {
            panic!("not dense")
        };
        for row in values.chunks(columns) {
            assert_eq!(row[..3], [0.0; 3], "{executor:?}");
            assert!(row[3..].iter().any(|v| *v != 0.0), "{executor:?}");
        }
    }
}

#[test]
fn shared_files() {
    let files = [
        (Problem::Gmm, "gmm/1k/gmm_d2_K5.txt"),
        (Problem::Lstm, "lstm/lstm_l2_c1024.txt"),
        (Problem::Hand, "hand/simple_small/hand1_t26_c100.txt"),
        (Problem::Hand, "hand/complicated_small/hand1_t26_c100.txt"),
    ];
    for (problem, name) in files {
        match shared(name) {
            Some(path) => {
                check_file(problem, &path);
                println!("checked {name}");
            }
            None => println!("not here: {name}"),
        }
    }
}

/// The objective and gradient that ADBench's own tests expect.
#[test]
fn published_mixture_values() {
    let instance = load(Problem::Gmm, &data("gmm_published.txt"));
    assert_close(
        &instance.objective(),
        &[8.073804080049758],
        1e-12,
        "objective",
    );
    let expected = [
        0.10866285550865246,
        -0.7412700395238985,
        0.6326071840152461,
        1.1169257653278701,
        0.16333301355145527,
        -0.021998982407119314,
        0.2277782922542361,
        1.2096302561283219,
        -0.060637592073395634,
        2.5852999405116224,
        0.11263269452421379,
        0.3857443098496118,
        0.07351805731823055,
        5.418363627155952,
        -0.32149440967744647,
        1.7189230977500494,
        0.8600910907908669,
        -0.9946409304663228,
    ];
    for executor in Executor::all() {
        let found = executor.derivative(&instance).unwrap().values();
        assert_close(&found, &expected, 1e-9, &format!("{executor:?}"));
    }
}

/// The residuals that ADBench's own tests expect of its hand model, in a pose of theirs.
#[test]
fn published_hand_values() {
    let Some(folder) = shared("hand/simple_small/model") else {
        println!("not here: hand/simple_small/model");
        return;
    };
    let pose = vec![
        -0.521279, 0.574219, -2.325136, 0.662708, -1.038322, -1.499699, -0.242741, -1.718485,
        -0.662177, 0.946201, 0.398853, 0.815052, -0.109405, 1.285804, 0.036427, -0.658684,
        0.635663, -1.363394, -0.533928, -0.133218, -0.698012, -0.933770, 0.398038, 2.107471,
        -1.058233, 0.204648,
    ];
    let instance = Instance::Hand(HandInput {
        pose,
        us: None,
        model: hand_model::read_hand_model(&folder).unwrap(),
        correspondences: vec![309, 387],
        points: vec![
            [0.889192, -1.224224, -1.372331],
            [0.599599, -1.148071, -1.730528],
        ],
    });
    let expected = [
        0.16519314794161155,
        -0.1745427692727426,
        0.15475116162225344,
        -0.1256517497317936,
        -0.042510293535507504,
        -0.13066578113234018,
    ];
    assert_close(&instance.objective(), &expected, 1e-8, "residuals");
    for executor in Executor::all() {
        let found = executor.derivative(&instance).unwrap().values();
        // First row: rotation, translation, four parameters of a finger.
        let first = [
            -0.019551295934128275,
            0.011842131973643704,
            -0.010814004345036671,
            -1.0,
            0.0,
            0.0,
        ];
        assert_close(&found[..6], &first, 1e-6, &format!("{executor:?}"));
        let last = [
            -0.022153729917985532,
            0.02980232943547148,
            -0.008897183847208388,
            -0.0022488788791669876,
        ];
        assert_close(&found[22..26], &last, 1e-6, &format!("{executor:?}"));
    }
}

#[test]
fn replicated_point_is_copied() {
    let Instance::Gmm(input) = load(Problem::Gmm, &data("gmm_replicated.txt")) else {
        panic!("not a mixture")
    };
    assert_eq!(input.points.len(), 9 * 3);
    assert!(
        input
            .points
            .chunks(3)
            .all(|point| point == &input.points[..3])
    );
}

#[test]
fn a_wrong_derivative_is_noticed() {
    let instance = load(Problem::Lstm, &data("lstm_l2_c6.txt"));
    let by_hand = Executor::Reference.derivative(&instance).unwrap();
    let Derivative::Gradient(values) = &by_hand else {
        panic!("not a gradient")
    };
    let mut wrong = values.clone();
    wrong[5] *= 1.001;
    let wrong = Derivative::Gradient(wrong);
    assert!(finite_difference_error(&instance, &wrong, 3, 11) > FINITE_DIFFERENCE_LIMIT);
    assert!(relative_error(&wrong, &by_hand) > REFERENCE_LIMIT);
    let missing = Derivative::Gradient(values.iter().map(|_| f64::NAN).collect());
    assert!(relative_error(&missing, &by_hand).is_nan());
}

/// Runs the command and returns what it printed.
fn command(arguments: &[&str]) -> Result<String, String> {
    let quick = ["adbench", "--sample", "0", "--runs", "1", "--limit", "1"];
    let parsed = Arguments::try_parse_from(quick.iter().chain(arguments))
        .map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    run(&parsed, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn json_is_the_last_line() {
    let path = data("gmm_published.txt");
    let printed = command(&["gmm", path.to_str().unwrap(), "--json", "--check"]).unwrap();
    let last = printed.lines().last().unwrap();
    assert!(last.starts_with('{') && last.ends_with('}'), "{last}");
    let value = |key: &str| -> f64 {
        let rest = last
            .split(&format!("\"{key}\":"))
            .nth(1)
            .unwrap_or_else(|| panic!("no {key} in {last}"));
        rest.split([',', '}']).next().unwrap().parse().unwrap()
    };
    assert!((value("objective") - 8.073804080049758).abs() < 1e-9);
    assert!(value("objective_s") > 0.0 && value("gradient_s") > 0.0);
    assert!(value("finite_difference_error") < FINITE_DIFFERENCE_LIMIT);
    let human = command(&["gmm", path.to_str().unwrap()]).unwrap();
    for word in ["objective", "gradient", "ratio", "median"] {
        assert!(human.contains(word), "{human}");
    }
}

#[test]
fn gradient_files_are_one_line() {
    let out = scratch("gradient").join("j.txt");
    let input = data("gmm_d4_K3.txt");
    command(&[
        "gmm",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ])
    .unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().count(), 1);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|v| v.parse().unwrap())
        .collect();
    assert_eq!(
        numbers,
        Executor::all()[0]
            .derivative(&load(Problem::Gmm, &input))
            .unwrap()
            .values()
    );
}

#[test]
fn hand_files_are_dense_rows_with_own_columns_first() {
    let out = scratch("hand").join("j.txt");
    let input = data("hand/complicated_c5.txt");
    command(&[
        "hand",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ])
    .unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .map(|line| line.split('\t').map(|v| v.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 15);
    assert!(rows.iter().all(|row| row.len() == 28));
    // Translation: columns 5, 6, 7 are minus the identity.
    assert_eq!(rows[0][5..8], [-1.0, 0.0, 0.0]);
    assert_eq!(rows[1][5..8], [0.0, -1.0, 0.0]);
}

#[test]
fn sparse_files_are_compressed_rows() {
    let out = scratch("ba").join("j.txt");
    let input = data("ba_n3_m5_p11.txt");
    command(&[
        "ba",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ])
    .unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    let lines: Vec<Vec<f64>> = text
        .lines()
        .map(|line| {
            line.split_whitespace()
                .map(|v| v.parse().unwrap())
                .collect()
        })
        .collect();
    let (rows, columns) = (3 * 11, 11 * 3 + 3 * 5 + 11);
    assert_eq!(lines[0], [rows as f64, columns as f64]);
    assert_eq!(lines[1], [rows as f64 + 1.0]);
    assert_eq!(lines[2].len(), rows + 1);
    assert_eq!(lines[3], [31.0 * 11.0]);
    assert_eq!(lines[4].len(), 31 * 11);
    assert_eq!(lines[5].len(), 31 * 11);
    assert_eq!(*lines[2].last().unwrap(), 31.0 * 11.0);
    // The whole matrix times a direction is the derivative times that direction.
    let instance = load(Problem::Ba, &input);
    let direction: Vec<f64> = (0..columns).map(|i| (i as f64 * 0.7).sin()).collect();
    let product: Vec<f64> = (0..rows)
        .map(|row| {
            let range = lines[2][row] as usize..lines[2][row + 1] as usize;
            range
                .map(|at| lines[5][at] * direction[lines[4][at] as usize])
                .sum()
        })
        .collect();
    let derivative = Executor::Reference.derivative(&instance).unwrap();
    assert_close(&product, &derivative.apply(&direction), 1e-12, "product");
}

/// Writes a damaged copy of a file and returns the message the reader gives.
fn damaged(problem: Problem, name: &str, test: &str, damage: impl Fn(String) -> String) -> String {
    let source = data(name);
    let copy = scratch(test).join("input.txt");
    std::fs::write(&copy, damage(std::fs::read_to_string(source).unwrap())).unwrap();
    read(problem, &copy)
        .map(|_| ())
        .expect_err("the damage was not noticed")
        .to_string()
}

#[test]
fn bad_files_are_errors_with_lines() {
    let cut =
        |lines: usize| move |text: String| text.lines().take(lines).collect::<Vec<_>>().join("\n");
    let swap =
        |from: &'static str, to: &'static str| move |text: String| text.replacen(from, to, 1);

    let message = damaged(Problem::Gmm, "gmm_d4_K3.txt", "cut", cut(9));
    assert!(
        message.contains("input.txt:9") && message.contains("covariance factors"),
        "{message}"
    );
    let message = damaged(
        Problem::Gmm,
        "gmm_d4_K3.txt",
        "word",
        swap("4 3 12", "4 three 12"),
    );
    assert!(
        message.contains(":1: ") && message.contains("`three`"),
        "{message}"
    );
    let message = damaged(
        Problem::Gmm,
        "gmm_d4_K3.txt",
        "huge",
        swap("4 3 12", "4 99999999999999 12"),
    );
    assert!(
        message.contains("promises") || message.contains("number"),
        "{message}"
    );
    let message = damaged(
        Problem::Gmm,
        "gmm_d4_K3.txt",
        "overflow",
        swap("4 3 12", "18446744073709551615 3 12"),
    );
    assert!(message.contains("means"), "{message}");
    let message = damaged(Problem::Gmm, "gmm_d4_K3.txt", "nan", |text| {
        text.lines()
            .enumerate()
            .map(|(i, l)| {
                if i == 2 {
                    "NaN\n".into()
                } else {
                    format!("{l}\n")
                }
            })
            .collect()
    });
    assert!(
        message.contains(":3: ") && message.contains("not finite"),
        "{message}"
    );
    let message = damaged(Problem::Gmm, "gmm_d4_K3.txt", "more", |text| {
        text + "1 2 3\n"
    });
    assert!(message.contains("should end before `1`"), "{message}");
    let message = damaged(
        Problem::Gmm,
        "gmm_published.txt",
        "gamma",
        swap("1.000000 0", "-1.0 0"),
    );
    assert!(message.contains("gamma should be positive"), "{message}");

    let message = damaged(
        Problem::Ba,
        "ba_n3_m5_p11.txt",
        "ba",
        swap("3 5 11", "3 5 11000000000000"),
    );
    assert!(
        message.contains(":1: ") && message.contains("observations"),
        "{message}"
    );
    let message = damaged(
        Problem::Ba,
        "ba_n3_m5_p11.txt",
        "ba0",
        swap("3 5 11", "0 5 11"),
    );
    assert!(message.contains("at least 1"), "{message}");
    let message = damaged(
        Problem::Lstm,
        "lstm_l2_c6.txt",
        "lstm",
        swap("2 6 3", "2 1 3"),
    );
    assert!(
        message.contains("characters") && message.contains("at least 2"),
        "{message}"
    );
    let message = read(Problem::Gmm, &data("no such file"))
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(message.contains("no such file"), "{message}");
}

#[test]
fn bad_hands_are_errors_with_lines() {
    let folder = scratch("bad_hand");
    std::fs::create_dir_all(folder.join("model")).unwrap();
    let files = [
        "simple_c7.txt",
        "model/bones.txt",
        "model/vertices.txt",
        "model/triangles.txt",
    ];
    // Each case: which file, what is replaced in its second line, by what, and words of the message.
    let cases = [
        (0, " ", " 77 ", "values follow"),
        (0, "", "99", "there is no vertex"),
        (1, ":0:", ":5:", "earlier bone"),
        (1, ":0:", ":0:x", "finite number"),
        (2, ":", ":nan:", "finite number"),
        (3, ":", ":1234:", "below 30"),
    ];
    for (which, from, to, words) in cases {
        for name in files {
            std::fs::copy(data("hand").join(name), folder.join(name)).unwrap();
        }
        let path = folder.join(files[which]);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().enumerate();
        let broken: Vec<String> = lines
            .map(|(i, line)| {
                if i == 1 {
                    line.replacen(from, to, 1)
                } else {
                    line.to_string()
                }
            })
            .collect();
        std::fs::write(&path, broken.join("\n")).unwrap();
        let message = read(Problem::Hand, &folder.join(files[0]))
            .map(|_| ())
            .expect_err(words)
            .to_string();
        assert!(message.contains(words), "{message} should mention {words}");
        assert!(which == 0 || message.contains(":2: "), "{message}");
    }
    // A model that ends early.
    for name in files {
        std::fs::copy(data("hand").join(name), folder.join(name)).unwrap();
    }
    let bones = std::fs::read_to_string(folder.join(files[1])).unwrap();
    std::fs::write(
        folder.join(files[1]),
        bones.lines().take(9).collect::<Vec<_>>().join("\n"),
    )
    .unwrap();
    let message = read(Problem::Hand, &folder.join(files[0]))
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(message.contains("at least 21 bones"), "{message}");
}
