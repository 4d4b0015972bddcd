//! Writes a package of random Rust programs that checks itself.
//!
//! `cargo run -p cotangent-progen --bin rust_programs -- --programs 500 --seed 1 --out DIR && cargo run --manifest-path DIR/Cargo.toml`

use cotangent_core::text::print_values;
use cotangent_progen::check::{arguments, run};
use cotangent_progen::emit::module;
use cotangent_progen::rust::project;
use cotangent_progen::{Options, Rng, generate};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

const USAGE: &str = "usage: rust_programs [--programs N] [--seed N] [--start N] --out FOLDER";

struct Args {
    programs: u64,
    seed: u64,
    start: u64,
    out: PathBuf,
}

fn args() -> Result<Args, String> {
    let (mut programs, mut seed, mut start, mut out) = (500, 1, 0, None);
    let mut given = env::args().skip(1);
    while let Some(name) = given.next() {
        let value = given.next().ok_or(USAGE)?;
        let number = || {
            value
                .parse::<u64>()
                .map_err(|e| format!("{name} {value}: {e}"))
        };
        match name.as_str() {
            "--programs" => programs = number()?,
            "--seed" => seed = number()?,
            "--start" => start = number()?,
            "--out" => out = Some(PathBuf::from(&value)),
            _ => return Err(USAGE.into()),
        }
    }
    let out = out.ok_or(USAGE)?;
    Ok(Args {
        programs,
        seed,
        start,
        out,
    })
}

fn main() -> ExitCode {
    match args().and_then(|a| write(&a).map_err(|e| format!("{}: {e}", a.out.display()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn write(args: &Args) -> io::Result<()> {
    let options = Options {
        derive: false,
        size: 16,
        ..Options::SMOOTH
    };
    let mut programs = vec![];
    let (mut number, mut skipped) = (args.start, 0u64);
    while (programs.len() as u64) < args.programs {
        let mut rng = Rng(args.seed.wrapping_mul(0x1_0000_0000).wrapping_add(number));
        let p = generate(&mut rng, &options);
        let at = arguments(&mut rng);
        // Programs that run for long are left out: the plain call has no fuel.
        if matches!(run(&module(&p), &at), Some(Ok(_))) {
            programs.push((number, p, format!("({})", print_values(&at))));
        } else {
            skipped += 1;
        }
        number += 1;
    }
    fs::create_dir_all(args.out.join("src"))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"rust-programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\ncotangent = {{ path = {:?}, default-features = false }}\n\n[profile.dev]\ndebug = 0\n",
        fs::canonicalize(root)?
    );
    fs::write(args.out.join("Cargo.toml"), manifest)?;
    fs::write(args.out.join("src/main.rs"), project(&programs, args.seed))?;
    println!(
        "{} programs, seed {}, numbers {} to {}, {skipped} skipped because they run long; now: cargo run --manifest-path {}",
        programs.len(),
        args.seed,
        args.start,
        number.saturating_sub(1),
        args.out.join("Cargo.toml").display()
    );
    Ok(())
}
