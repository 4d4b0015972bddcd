//! The greater of a value and a constant, where it was said by a comparison.
//!
//! ```text
//! select(x <= c, c, x)   becomes   max(x, c)
//! ```
//!
//! Both are NaN where `x` is, `c` otherwise where it is not below. So `c` may not be NaN, nor the zero that the other zero is equal to and above. The two
//! have derivatives of their own where `x` is `c`: this is for programs of which none are taken any more, on machines that have an instruction for
//! the second. Reverse mode still has the comparison then, and what is saved of it is saved where it is used.

use super::facts::constant;
use crate::ir::{BinaryOp, CompareOp, Func, Module, Op, ShapeOp, TernaryOp};
use crate::{entity::Value, value::Scalar};

/// Replaces those of all functions; says how many there were.
pub fn run(m: &mut Module) -> usize {
    m.funcs.values_mut().map(func).sum()
}

fn func(f: &mut Func) -> usize {
    let mut count = 0;
    for i in f.insts.keys().collect::<alloc::vec::Vec<_>>() {
        let d = &f.insts[i];
        let (&Op::Ternary(TernaryOp::Select), &[p, c, x]) = (&d.op, &d.args[..]) else {
            continue;
        };
        let Some(cond) = f.def_inst(p) else { continue };
        let cond = &f.insts[cond];
        if cond.op == Op::Compare(CompareOp::Le)
            && cond.args[..] == [x, c]
            && f.ty(x) == f.ty(c)
            && everywhere(f, c).is_some_and(is_plain)
        {
            f.insts[i].op = BinaryOp::Max.into();
            f.insts[i].args = alloc::vec![x, c];
            count += 1;
        }
    }
    count
}

/// The constant that all elements of a value are.
fn everywhere(f: &Func, v: Value) -> Option<Scalar> {
    let d = &f.insts[f.def_inst(v)?];
    match (&d.op, &d.args[..]) {
        (Op::Shape(ShapeOp::Broadcast { .. }), [s, ..]) => constant(f, *s),
        _ => constant(f, v),
    }
}

/// Whether it is a floating-point number that is only equal to itself.
fn is_plain(s: Scalar) -> bool {
    match s {
        Scalar::F32(x) => !x.is_nan() && x.to_bits() != (-0.0f32).to_bits(),
        Scalar::F64(x) => !x.is_nan() && x.to_bits() != (-0.0f64).to_bits(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{parse, print};
    use alloc::format;

    fn text(compare: &str, constant: &str, chosen: &str) -> alloc::string::String {
        format!(
            "cotangent 1\n\nfunc @f(x: f64[3]) -> (f64[3]) {{
  s = const f64 {constant}
  c = broadcast_in_dim[3] s : f64[3]
  p = {compare} x, c : bool[3]
  y = select p, {chosen} : f64[3]
  return y
}}\n"
        )
    }
    fn replaced(text: &str) -> usize {
        let mut m = parse(text).unwrap();
        let n = run(&mut m);
        assert!(print(&m).contains("maximum") == (n == 1), "{}", print(&m));
        n
    }

    #[test]
    fn what_is_a_maximum() {
        assert_eq!(replaced(&text("le", "0.0", "c, x")), 1);
        assert_eq!(replaced(&text("le", "2.5", "c, x")), 1);
        // Zeros of both signs, and NaN: the results would differ.
        assert_eq!(replaced(&text("le", "-0.0", "c, x")), 0);
        assert_eq!(replaced(&text("le", "nan", "c, x")), 0);
        // Others have 0 where x is NaN, or are the smaller one.
        assert_eq!(replaced(&text("gt", "0.0", "x, c")), 0);
        assert_eq!(replaced(&text("le", "0.0", "x, c")), 0);
    }
}
