//! Any text: the parser gives an error or a module that prints, encodes and verifies (or not) without panicking, and that
//! round-trips.
#![no_main]

use cotangent_core::text::{decode, encode, parse, print};
use cotangent_core::verify::verify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    if let Ok(m) = parse(source) {
        let text = print(&m);
        assert_eq!(print(&parse(&text).unwrap()), text);
        assert_eq!(print(&decode(&encode(&m)).unwrap()), text);
        let _ = verify(&m);
    }
});
