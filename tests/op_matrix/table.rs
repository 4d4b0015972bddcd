//! The table of what every op can do: as markdown for the documentation, and with the measured errors for the terminal.

use super::batch;
use super::row::{Derive, Row};
use super::run::Found;
use std::fmt::Write;

/// What was measured, one line for each op.
pub fn measured(rows: &[Row], found: &[Found]) -> String {
    let mut out = String::new();
    for (r, f) in rows.iter().zip(found) {
        let _ = writeln!(
            out,
            "{:8} {:28} value {:4} ({:7.1e})  types {:4}  jvp {:4} ({:7.1e})  vjp ({:7.1e})  order 2 {:4}  limits {}",
            r.family,
            r.name,
            f.values,
            f.value_error,
            f.types,
            f.jvp,
            f.jvp_error,
            f.vjp_error,
            f.order2,
            r.limits.len()
        );
    }
    out
}

const HEAD: &str = "\
# The operations

One row for each operation of the IR, rendered from the op matrix (`tests/op_matrix.rs`), which tries each of them as the columns say;
`BLESS=1 cargo test --test op_matrix` rewrites this page.

* value: compared with an independent formula, through the interpreter, for the element types listed, with known extents and with `?`;
  the inferred type is that of the value; simplification and folding keep every bit; text and binary forms round-trip.
* jvp, vjp: compared with fourth-order finite differences, and with each other by inner products, at random points, by all operands at once
  and by each alone.
* order 2: the same of the vjp function.
* batch: batched by all operands and by each alone, compared lane by lane; how it runs when all are: at once, or lane by lane (`shared`: it
  has no operands).
* domain: where the random operands come from, away from kinks.
";

/// The page.
pub fn markdown(families: &[Vec<Row>]) -> String {
    let mut out = String::from(HEAD);
    for rows in families {
        let _ = writeln!(out, "\n## {}\n", rows[0].family);
        out.push_str(
            "| op | meaning | types | domain | value | jvp | vjp | order 2 | batch | limits |\n",
        );
        out.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
        for r in rows {
            let has = |f: fn(&Derive) -> bool| r.cases.iter().any(|c| f(&c.derive));
            let mark = |b: bool| if b { "yes" } else { "-" };
            let derived = has(|d| matches!(d, Derive::Check(_)));
            let reverse = derived || has(|d| matches!(d, Derive::ReverseOnly));
            let limits: Vec<String> = r.limits.iter().map(|l| l.text()).collect();
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                r.name,
                r.doc.replace('|', "\\|"),
                r.types,
                r.domain,
                mark(!r.cases.is_empty()),
                mark(derived),
                mark(reverse),
                mark(derived),
                batch::how(r),
                limits.join("; ")
            );
        }
    }
    out
}
