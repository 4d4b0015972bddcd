//! The op matrix: every op of the IR has a row of cases, and each case is tried for its value against an independent formula, its types,
//! its derivatives (both modes, order 2), simplification and round trips, with known extents and with `?`.
//!
//! Start with `row` (what a row is) and `run` (what is done with it). One module for each family has its rows; a family whose list of
//! rows lacks an op fails. `types` tries every op with operands of every type; `edges` states the edge policies. The table in
//! `core-nostd/docs/ops.md` is rendered from the rows: `BLESS=1 cargo test --test op_matrix` rewrites it.
//! `cargo test --test op_matrix -- --nocapture` prints what was measured.

mod op_matrix {
    pub mod arrays;
    pub mod batch;
    pub mod binary;
    mod compiled;
    pub mod contractions;
    pub mod control;
    mod edges;
    pub mod elementwise;
    pub mod fourier;
    pub mod linalg;
    pub mod places;
    pub mod reductions;
    pub mod reference;
    pub mod row;
    pub mod run;
    pub mod select;
    pub mod shapes;
    pub mod special;
    pub mod table;
    mod types;
    pub mod unary;
    pub mod values;
    pub mod windows;
}

use op_matrix::row::Row;
use op_matrix::{
    arrays, batch, binary, contractions, control, fourier, linalg, places, reductions, run, select,
    shapes, special, table, unary, windows,
};

fn check(rows: &[Row]) {
    let found = run::run(rows);
    print!("{}", table::measured(rows, &found));
}

/// As [`check`], for a family of variants with data: each must have a row.
fn check_variants(rows: &[Row], names: &[&str]) {
    for name in names {
        assert!(rows.iter().any(|r| r.name == *name), "`{name}` has no row");
    }
    check(rows);
}

#[test]
fn unary_ops() {
    check(&unary::rows());
}

#[test]
fn binary_ops() {
    check(&binary::rows());
}

#[test]
fn ternary_ops() {
    check(&select::ternary());
}

#[test]
fn comparisons() {
    check(&select::compare());
}

#[test]
fn conversions() {
    check_variants(&select::convert(), select::NAMES);
}

#[test]
fn shape_changes() {
    check_variants(&shapes::rows(), shapes::NAMES);
}

#[test]
fn records_and_paths() {
    check_variants(&places::rows(), places::NAMES);
}

#[test]
fn lists() {
    check_variants(&arrays::array_rows(), arrays::lists::NAMES);
}

#[test]
fn indexed() {
    check_variants(&arrays::index_rows(), arrays::indexed::NAMES);
}

#[test]
fn reductions() {
    check(&reductions::reduce_rows());
}

#[test]
fn sort_and_dot() {
    check(&contractions::rows());
}

#[test]
fn linear_algebra() {
    check_variants(&linalg::rows(), linalg::factors::NAMES);
}

#[test]
fn fourier_transforms() {
    check_variants(&fourier::rows(), fourier::transforms::NAMES);
}

#[test]
fn windows_and_convolutions() {
    check_variants(&windows::rows(), windows::ops::NAMES);
}

#[test]
fn constants() {
    check_variants(&special::const_rows(), special::constants::NAMES);
}

#[test]
fn random_bits() {
    check(&special::random_rows());
}

#[test]
fn tangent_ops() {
    check_variants(&special::tangent_rows(), special::tangents::NAMES);
}

#[test]
fn control_flow() {
    check_variants(&control::control_rows(), control::controls::NAMES);
}

#[test]
fn traps() {
    check_variants(&control::effect_rows(), control::effects::NAMES);
}

/// All rows, by family.
fn families() -> [Vec<Row>; 19] {
    [
        unary::rows(),
        binary::rows(),
        select::ternary(),
        select::compare(),
        select::convert(),
        places::rows(),
        arrays::array_rows(),
        shapes::rows(),
        arrays::index_rows(),
        reductions::reduce_rows(),
        contractions::rows(),
        linalg::rows(),
        fourier::rows(),
        windows::rows(),
        special::const_rows(),
        special::random_rows(),
        special::tangent_rows(),
        control::control_rows(),
        control::effect_rows(),
    ]
}

#[test]
fn batches() {
    for rows in families() {
        let n = batch::run(&rows);
        println!("{:8} {n} batches", rows[0].family);
    }
}

/// The page of all rows is up to date; `BLESS=1` rewrites it.
#[test]
fn the_page_is_up_to_date() {
    let page = table::markdown(&families());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/core-nostd/docs/ops.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let have = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        have == page,
        "{path} is out of date; run again with BLESS=1"
    );
}
