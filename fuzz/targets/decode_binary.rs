//! Any bytes, given the right checksum: the reader gives an error or a module that prints and encodes without panicking; one that
//! verifies also parses back.
#![no_main]

use cotangent_core::text::{decode, encode, parse, print, seal};
use cotangent_core::verify::verify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let mut bytes = b"COTG\x01".to_vec();
    bytes.extend_from_slice(body);
    bytes.extend([0; 8]);
    seal(&mut bytes);
    if let Ok(m) = decode(&bytes) {
        let text = print(&m);
        assert_eq!(print(&decode(&encode(&m)).unwrap()), text);
        if verify(&m).is_ok() {
            assert_eq!(print(&parse(&text).unwrap()), text);
        }
    }
});
