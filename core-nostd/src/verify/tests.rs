//! Broken modules that the text form cannot express. The others are in `tests/filetests/verify`.

use super::{MAX_ERRORS, verify, verify_lowered};
use crate::entity::{FileId, FuncId, Inst, Label, Region, Slot, Value};
use crate::ir::{
    ConstOp, ControlOp, DType, Func, Module, Op, RegionData, SlotOp, Span, Type, ValueDef,
};
use crate::text::parse;
use crate::value::{Data, Tensor};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// `f(x: f64) { block l { br l } return x }`.
fn sound() -> Module {
    let m = parse(
        "cotangent 1
        file 0 \"a.rs\"
        func @f(x: f64) -> (f64) {
            slot s: f64
            block l { br l }
            return x
        }",
    )
    .unwrap();
    verify(&m).unwrap();
    m
}

/// What is said about the sound module after a change.
fn broken(change: impl FnOnce(&mut Func)) -> String {
    let mut m = sound();
    change(m.funcs.values_mut().next().unwrap());
    let errors = verify(&m).unwrap_err();
    errors.iter().map(|e| format!("{e}\n")).collect()
}

#[track_caller]
fn says(text: &str, want: &str) {
    assert!(text.starts_with(want), "{text}\nshould start with {want}");
}

#[test]
fn v1_entities_exist() {
    let br = Inst(1);
    says(
        &broken(|f| f.regions[Region(0)].yields[0] = Value(9)),
        "V1: a yielded value does not exist (in @f)\nfunc @f(v0: f64) -> (f64) {",
    );
    says(
        &broken(|f| f.regions[Region(0)].insts.push(Inst(7))),
        "V1: instruction inst7 does not exist",
    );
    says(
        &broken(|f| f.insts[Inst(0)].regions[0] = Region(5)),
        "V1: region r5 does not exist",
    );
    says(
        &broken(|f| f.insts[br].results.push(Value(5))),
        "V1: value v5 does not exist",
    );
    says(
        &broken(|f| f.insts[br].op = SlotOp::Br(Label(4)).into()),
        "V1: label l4 does not exist",
    );
    says(
        &broken(|f| f.insts[br].op = SlotOp::Get(Slot(3), vec![]).into()),
        "V1: slot s3 does not exist",
    );
    says(
        &broken(|f| f.insts[br].op = ControlOp::Call(FuncId(3)).into()),
        "V1: function 3 does not exist",
    );
    let span = Span {
        file: FileId(2),
        line: 1,
        col: 1,
    };
    says(
        &broken(|f| f.insts[br].span = span),
        "V1: source file 2 does not exist",
    );
    says(
        &broken(|f| f.body = Region(8)),
        "V1: region r8 does not exist",
    );
}

#[test]
fn v2_regions_are_a_tree() {
    says(
        &broken(|f| f.insts[Inst(1)].regions.push(Region(0))),
        "V2: region r0 is used twice",
    );
    says(
        &broken(|f| f.regions[Region(0)].insts.push(Inst(0))),
        "V2: instruction inst0 is listed twice",
    );
}

#[test]
fn v3_one_definition() {
    says(
        &broken(|f| f.regions[Region(1)].params.push(Value(0))),
        "V3: value v0 is defined twice",
    );
    says(
        &broken(|f| f.values[Value(0)].def = ValueDef::Param(Region(1), 0)),
        "V3: value v0 is recorded as Param(r1, 0), it is Param(r0, 0)",
    );
}

#[test]
fn v5_and_v6_bounded_nesting() {
    let deep = (0..65).fold(Type::unit(), |t, _| Type::seq(t));
    says(
        &broken(|f| f.values[Value(0)].ty = deep),
        "V5: a type nests deeper than 64 or has more than 64 axes (in @f)\n",
    );
    let wide = Type::known(DType::F64, &[1; 65]);
    says(&broken(|f| f.slots[Slot(0)].ty = wide), "V5: ");
    let nest = |n: usize| {
        move |f: &mut Func| {
            let mut inner = Region(1);
            for _ in 0..n {
                let r = f.regions.push(RegionData::default());
                let l = Label(f.labels);
                f.labels += 1;
                let i = f.make_inst(SlotOp::Block(l).into(), vec![], vec![r], &[], Span::NONE);
                f.regions[inner].insts.insert(0, i);
                inner = r;
            }
        }
    };
    says(&broken(nest(200)), "V6: regions nest deeper than 200");
    says(&broken(nest(100_000)), "V6: regions nest deeper than 200");
    let mut m = sound();
    nest(199)(m.funcs.values_mut().next().unwrap());
    verify(&m).unwrap();
}

#[test]
fn v17_and_v18_names_and_constants() {
    let mut m = sound();
    let f = m.funcs.values().next().unwrap().clone();
    m.funcs.push(f);
    says(
        &verify(&m).unwrap_err()[0].to_string(),
        "V17: function 0 has the same name",
    );
    says(&broken(|f| f.name.clear()), "V17: the function has no name");
    for shape in [vec![], vec![3], vec![usize::MAX, 2]] {
        let t = Tensor {
            shape,
            data: Data::F64(vec![1.0, 2.0]),
        };
        says(
            &broken(|f| f.insts[Inst(1)].op = ConstOp::Tensor(Arc::new(t)).into()),
            "V18: a tensor constant of extents",
        );
    }
}

#[test]
fn v19_lowered() {
    let rules: Vec<u16> = verify_lowered(&sound())
        .unwrap_err()
        .iter()
        .map(|e| e.rule)
        .collect();
    assert_eq!(rules, [19, 19, 19], "block, br and the slot table");
}

#[test]
fn errors_are_bounded_and_point_at_the_line() {
    let mut m = sound();
    let f = m.funcs.values_mut().next().unwrap();
    f.insts[Inst(1)].span = Span {
        file: FileId(0),
        line: 3,
        col: 9,
    };
    f.insts[Inst(1)].args = vec![Value(77); 1000];
    let errors = verify(&m).unwrap_err();
    assert_eq!(errors.len(), MAX_ERRORS);
    assert_eq!(
        errors[0].to_string(),
        "V1: an operand does not exist (in @f at a.rs:3:9)
func @f(v0: f64) -> (f64) {
  slot s0: f64
  block l0 {
    br !(BAD) @3:9
    ; ^ V1: an operand does not exist
  }
  return v0
}
"
        .replace("BAD", &["bad77"; 1000].join(", "))
    );
}

#[test]
fn v9_an_op_without_regions_has_none() {
    // An op that takes no regions but has some is printed and reported, not followed blindly.
    let text = broken(|f| {
        let r = f.regions.push(RegionData::default());
        f.insts[Inst(1)].regions.push(r);
    });
    says(&text, "V9: `br` takes no regions");
    assert!(matches!(
        sound().funcs.values().next().unwrap().insts[Inst(1)].op,
        Op::Slot(SlotOp::Br(_))
    ));
}
