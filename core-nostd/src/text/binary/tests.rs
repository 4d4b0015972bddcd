//! The binary form: same text after a round trip, fixed codes, damaged and hostile bytes.

use super::{checksum, decode, encode, seal};
use crate::entity::{Inst, Region, Value};
use crate::ir::{ArgReduceOp, BinaryOp, CompareOp, CumOp, DType, ReduceOp, TernaryOp, UnaryOp};
use crate::text::tests::{EVERY, LATER};
use crate::text::{parse, print};
use alloc::vec::Vec;

#[test]
fn every_notation_round_trips() {
    for text in [EVERY, LATER] {
        let m = parse(text).unwrap();
        let bytes = encode(&m);
        let back = decode(&bytes).unwrap();
        assert_eq!(print(&back), text);
        assert_eq!(encode(&back), bytes);
        assert!(bytes.len() < text.len());
    }
}

/// Fails when a code changed: bytes written before would be read as another program.
#[test]
fn codes_are_stable() {
    // `every_op.ct` holds all notations; a new op goes to the end of its list and into another test, so that this file stays.
    let bytes = encode(&parse(EVERY).unwrap());
    assert_eq!(
        (bytes.len(), checksum(&bytes)),
        (1562, 14285683839510838636)
    );
    // The lists may grow at the end only.
    let first = |names: Vec<&str>, n: usize| checksum(names[..n].join(",").as_bytes());
    macro_rules! names {
        ($list:ident, $n:literal) => {
            first($list::ALL.iter().map(|o| o.name()).collect(), $n)
        };
    }
    let lists = [
        names!(UnaryOp, 48),
        names!(BinaryOp, 26),
        names!(TernaryOp, 3),
        names!(CompareOp, 6),
        names!(ReduceOp, 6),
        names!(ArgReduceOp, 2),
        names!(CumOp, 4),
        names!(DType, 13),
    ];
    assert_eq!(lists, LISTS);
}

const LISTS: [u64; 8] = [
    4049958346245848105,
    7650751093276044970,
    5000423864254633790,
    4345115596783704126,
    8119517775781059750,
    13281634936800801001,
    11099964562048973113,
    16975032976320113625,
];

#[test]
fn damage_is_found() {
    let bytes = encode(&parse(EVERY).unwrap());
    for i in 0..bytes.len() {
        let mut b = bytes.clone();
        b[i] ^= 0x10;
        assert!(decode(&b).is_err(), "byte {i}");
        assert!(decode(&bytes[..i]).is_err(), "cut at {i}");
    }
    assert_eq!(decode(b"COTG\x02 12345678").unwrap_err().offset, 5);
}

#[test]
fn hostile_bytes_with_a_right_checksum_give_a_module_or_an_error() {
    let bytes = encode(&parse(EVERY).unwrap());
    let mut decoded = 0;
    for i in 5..bytes.len() - 8 {
        for change in [0u8, 1, 0x7f, 0x80, 0xff] {
            let mut b = bytes.clone();
            b[i] ^= change;
            seal(&mut b);
            if let Ok(m) = decode(&b) {
                decoded += 1;
                // What was read can be printed and written again.
                let again = encode(&m);
                assert_eq!(print(&decode(&again).unwrap()), print(&m));
            }
        }
        let mut cut: Vec<u8> = bytes[..i].into();
        cut.extend([0; 8]);
        seal(&mut cut);
        assert!(decode(&cut).is_err());
    }
    assert!(decoded > bytes.len() / 4, "{decoded}");
    // A length of 2^60 items in a few bytes.
    let mut b: Vec<u8> = b"COTG\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\x0f00000000".into();
    seal(&mut b);
    assert_eq!(
        decode(&b).unwrap_err().message,
        "more items than bytes are left"
    );
}

#[test]
fn broken_structure_does_not_decode() {
    let m = parse(EVERY).unwrap();
    let changes: [fn(&mut crate::ir::Func); 5] = [
        |f| f.regions[Region(0)].yields[0] = Value(9999),
        |f| f.regions[Region(0)].insts.push(Inst(9999)),
        |f| f.regions[Region(1)].insts.push(Inst(0)),
        |f| f.insts[Inst(0)].regions.push(Region(0)),
        |f| f.insts[Inst(0)].regions.push(Region(9999)),
    ];
    for change in changes {
        let mut m = m.clone();
        change(m.funcs.values_mut().next().unwrap());
        assert!(decode(&encode(&m)).is_err());
    }
}
