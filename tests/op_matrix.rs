//! The op matrix: every op of the IR has a row of cases, and each case is tried for its value against an independent formula, its types,
//! its derivatives (both modes, order 2), simplification and round trips, with known extents and with `?`.
//!
//! Start with `row` (what a row is) and `run` (what is done with it). One module for each family has its rows; a family whose list of
//! rows lacks an op fails. `types` tries every op with operands of every type; `edges` states the edge policies. The table in
//! `core-nostd/docs/ops.md` is rendered from the rows: `BLESS=1 cargo test --test op_matrix` rewrites it.
//! `cargo test --test op_matrix -- --nocapture` prints what was measured.

mod op_matrix {
    pub mod binary;
    pub mod elementwise;
    pub mod reference;
    pub mod row;
    pub mod run;
    pub mod table;
    pub mod unary;
    pub mod values;
}

use op_matrix::row::Row;
use op_matrix::{binary, run, table, unary};

fn check(rows: &[Row]) {
    let found = run::run(rows);
    print!("{}", table::measured(rows, &found));
}

#[test]
fn unary_ops() {
    check(&unary::rows());
}

#[test]
fn binary_ops() {
    check(&binary::rows());
}
