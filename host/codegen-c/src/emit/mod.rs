//! LIR as C99: one `static` function for each function, and one exported entry for each.
//!
//! Deterministic: the same program gives the same text. The code calls the runtime through the table in the context, so what is
//! compiled depends on nothing but C's own library.

mod expr;
mod func;
mod fused;
mod loops;
mod scope;

use cotangent_core::entity::Entity;
use cotangent_lower::abi::Callback;
use cotangent_lower::lir::Program;
use func::{Writer, entry, prototype, results_struct};
use std::collections::BTreeSet;

const PRELUDE: &str = include_str!("prelude.h");

/// The C99 source of a program.
pub fn source(program: &Program) -> String {
    let callbacks = Callback::all();
    let mut used = BTreeSet::new();
    let mut bodies = String::new();
    for id in program.funcs.keys() {
        let (text, functions) = Writer::new(program, id, &callbacks).function(id);
        bodies.push('\n');
        bodies.push_str(&text);
        used.extend(functions);
    }
    let mut out = String::from("/* Written by Cotangent. */\n");
    out.push_str(PRELUDE);
    if !used.is_empty() {
        let used: Vec<_> = used.into_iter().collect();
        out.push('\n');
        out.push_str(&cotangent_kernels::c_source(&used));
    }
    out.push_str(
        "\n#ifdef _WIN32\n#define CT_EXPORT __declspec(dllexport)\n#else\n#define CT_EXPORT\n#endif\n\n",
    );
    for id in program.funcs.keys() {
        results_struct(program, id, &mut out);
    }
    out.push('\n');
    for id in program.funcs.keys() {
        out.push_str(&prototype(program, id));
        out.push_str(";\n");
    }
    out.push_str(&bodies);
    for id in program.funcs.keys() {
        out.push('\n');
        entry(program, id, &mut out);
    }
    out
}

/// The name of the entry of the function with that number.
pub fn entry_name(id: cotangent_lower::lir::FnId) -> String {
    format!("ct_entry_{}", id.index())
}
