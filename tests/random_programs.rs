//! Random programs, checked: round trips, passes, derivatives. See `cotangent_progen::check` for what must hold.
//!
//! `cargo run --release -- fuzz --programs 20000 --seed 1` runs many; `COTANGENT_CASES` and `COTANGENT_SEED` choose here.

use cotangent_progen::fuzz::{Case, Counts, Ended};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(default)
}

#[test]
fn random_programs_keep_their_meaning_and_have_right_derivatives() {
    let (cases, seed) = (number("COTANGENT_CASES", 240), number("COTANGENT_SEED", 1));
    let mut counts = Counts::default();
    for number in 0..cases {
        let case = Case::new(seed, number);
        match case.check() {
            Ok(outcome) => counts.add(case.kind, outcome),
            Err(failure) => {
                let (small, failure) = case.shrunk(&failure);
                panic!("{failure}\n{}", small.file(&failure));
            }
        }
    }
    println!("{cases} programs, seed {seed}\n{}", counts.table());
    let checked = counts.ended(Ended::Passed);
    assert!(
        checked * 10 > cases * 9,
        "only {checked} of {cases} were checked fully"
    );
}

#[test]
fn the_same_seed_gives_the_same_program() {
    for number in 0..20 {
        let (a, b) = (Case::new(3, number), Case::new(3, number));
        assert_eq!(a.program, b.program);
        assert!(a.args.iter().zip(&b.args).all(|(x, y)| x.same_bits(y)));
    }
}
