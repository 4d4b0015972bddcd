//! What the compiler says where a function cannot be differentiated: `tests/ui/*.rs` with the expected messages beside
//! them. `TRYBUILD=overwrite` writes them anew.

#[test]
fn messages() {
    // rustc's wording changes with its version; the expectations are those of the toolchain in use when they were written.
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
