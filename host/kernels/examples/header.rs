//! Prints the C header of all mathematical functions: `cargo run -p cotangent-kernels --example header > cotangent_math.h`.

fn main() {
    print!("{}", cotangent_kernels::c_header());
}
