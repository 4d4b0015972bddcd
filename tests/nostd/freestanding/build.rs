//! Links the program against the C library's start-up code and nothing of Rust's `std`.

fn main() {
    println!("cargo:rustc-link-arg-bins=-lc");
    println!("cargo:rerun-if-changed=build.rs");
}
