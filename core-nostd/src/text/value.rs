//! Values as text: arguments and results of runs.
//!
//! A scalar is a literal (floats in decimal, shortest that reads back to the same bits), a tensor nested lists, a record `{a, b}`, a sequence or stack
//! `[a, b]`. A tensor of rank 2 or more without elements is `empty[0, 3]`, as lists would not say its extents.

use super::cursor::{Cursor, Result};
use super::lex::ParseError;
use super::number::write_scalar;
use crate::ir::{Dim, TensorType, Type};
use crate::value::{Data, Scalar, Tensor, Val, elements};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

/// Reads a value of a type.
///
/// # Errors
/// The first place where the text is not a value of that type.
pub fn parse_value(source: &str, ty: &Type) -> Result<Val> {
    let mut c = Cursor::new(source)?;
    let v = value(&mut c, ty)?;
    c.end()?;
    Ok(v)
}

/// Reads values of those types, separated by commas.
///
/// # Errors
/// As [`parse_value`]; too few or too many.
pub fn parse_values(source: &str, types: &[Type]) -> Result<Vec<Val>> {
    let mut c = Cursor::new(source)?;
    let mut out = Vec::new();
    for (i, ty) in types.iter().enumerate() {
        if i > 0 {
            c.expect(",")?;
        }
        out.push(value(&mut c, ty)?);
    }
    c.end()?;
    Ok(out)
}

fn value(c: &mut Cursor<'_>, ty: &Type) -> Result<Val> {
    match ty {
        Type::Tensor(t) if t.shape.is_empty() => Ok(Val::Scalar(c.scalar(t.dtype)?)),
        Type::Tensor(t) => tensor(c, t).map(Val::tensor),
        Type::Record(fields) => {
            c.expect("{")?;
            let mut out = Vec::new();
            for (i, ty) in fields.iter().enumerate() {
                if i > 0 {
                    c.expect(",")?;
                }
                out.push(value(c, ty)?);
            }
            c.expect("}")?;
            Ok(Val::record(out))
        }
        Type::Seq(e) => Ok(Val::Seq(Arc::new(c.brackets(|c| value(c, e))?))),
        Type::Stack(e) => Ok(Val::stack(c.brackets(|c| value(c, e))?)),
    }
}

fn tensor(c: &mut Cursor<'_>, t: &TensorType) -> Result<Tensor> {
    let start = c.peek();
    if c.eat("empty") {
        let shape = c.brackets(|c| c.int::<usize>("an extent"))?;
        let fits = shape.len() == t.shape.len()
            && shape
                .iter()
                .zip(&t.shape)
                .all(|(&n, d)| Dim::Known(n as u64).fits(*d));
        let data = Data::with_capacity(t.dtype, 0);
        return match data.and_then(|d| Tensor::new(shape, d)) {
            Some(tensor) if fits => Ok(tensor),
            _ => Err(start.error(format!(
                "not the extents of a {} without elements",
                Type::Tensor(t.clone())
            ))),
        };
    }
    let Some(mut data) = Data::with_capacity(t.dtype, 0) else {
        return Err(start.error("out of memory"));
    };
    let mut shape: Vec<Option<usize>> = vec![None; t.shape.len()];
    level(c, t, 0, &mut shape, &mut data)?;
    // Where an outer list is empty the inner extents are those of the type, or 0.
    let shape: Option<Vec<usize>> = shape
        .iter()
        .zip(&t.shape)
        .map(|(n, d)| n.or_else(|| usize::try_from(d.known().unwrap_or(0)).ok()))
        .collect();
    let tensor = shape.and_then(|s| Tensor::new(s, data));
    tensor.ok_or_else(|| start.error("the elements do not fill the tensor's extents"))
}

fn level(
    c: &mut Cursor<'_>,
    t: &TensorType,
    axis: usize,
    shape: &mut Vec<Option<usize>>,
    data: &mut Data,
) -> Result<()> {
    let start = c.expect("[")?;
    let before = data.len();
    let n = if axis + 1 == t.shape.len() {
        c.elements(t.dtype, data)?;
        data.len() - before
    } else {
        c.list("]", |c| level(c, t, axis + 1, shape, data))?.len()
    };
    let bad = |want: &str| {
        let ty = Type::Tensor(t.clone());
        Err::<(), ParseError>(start.error(format!("a list of {n}, but {want} ({ty}, axis {axis})")))
    };
    match (t.shape[axis], shape[axis]) {
        (Dim::Known(k), _) if k != n as u64 => bad(&format!("the type has {k}"))?,
        (_, Some(k)) if k != n => bad(&format!("the list before has {k}"))?,
        _ => {}
    }
    shape[axis] = Some(n);
    Ok(())
}

/// A value as text.
pub fn print_value(v: &Val) -> String {
    let mut out = String::new();
    write_value(&mut out, v);
    out
}

/// Values as text, separated by commas.
pub fn print_values(vs: &[Val]) -> String {
    let mut out = String::new();
    write_all(&mut out, vs);
    out
}

fn write_all(out: &mut String, vs: &[Val]) {
    for (i, v) in vs.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_value(out, v);
    }
}

fn write_value(out: &mut String, v: &Val) {
    match v {
        Val::Unit => out.push_str("{}"),
        Val::Scalar(s) => write_decimal(out, *s),
        Val::Tensor(t) if t.shape.len() > 1 && t.data.is_empty() => {
            let _ = write!(out, "empty{:?}", t.shape);
        }
        Val::Tensor(t) => write_tensor(out, t, 0, 0),
        Val::Record(fs) => {
            out.push('{');
            write_all(out, fs);
            out.push('}');
        }
        Val::Seq(vs) => {
            out.push('[');
            write_all(out, vs);
            out.push(']');
        }
        Val::Stack(s) => {
            out.push('[');
            write_all(out, &s.to_vec());
            out.push(']');
        }
    }
}

/// The part of a tensor from element `at` along `axis` and the axes after it.
fn write_tensor(out: &mut String, t: &Tensor, axis: usize, at: usize) {
    let step = elements(&t.shape[axis + 1..]).unwrap_or(0);
    out.push('[');
    for i in 0..t.shape[axis] {
        if i > 0 {
            out.push_str(", ");
        }
        if axis + 1 == t.shape.len() {
            write_decimal(out, t.data.get(at + i));
        } else {
            write_tensor(out, t, axis + 1, at + i * step);
        }
    }
    out.push(']');
}

/// A scalar with floats in decimal; what decimal cannot say (a NaN's bits) as in programs.
fn write_decimal(out: &mut String, s: Scalar) {
    let _ = match s {
        Scalar::F32(x) if x.is_finite() => write!(out, "{x:?}"),
        Scalar::F64(x) if x.is_finite() => write!(out, "{x:?}"),
        Scalar::C64(z) => return write_parts(out, Scalar::F32(z.re), Scalar::F32(z.im)),
        Scalar::C128(z) => return write_parts(out, Scalar::F64(z.re), Scalar::F64(z.im)),
        other => return write_scalar(out, other),
    };
}

fn write_parts(out: &mut String, re: Scalar, im: Scalar) {
    out.push('(');
    write_decimal(out, re);
    out.push_str(", ");
    write_decimal(out, im);
    out.push(')');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse;

    fn ty(text: &str) -> Type {
        let m = parse(&format!("cotangent 1 func @f() -> ({text}) {{ }}")).unwrap();
        m.funcs.values().next().unwrap().results[0].clone()
    }

    #[test]
    fn values_round_trip() {
        for (t, text) in [
            ("f64", "0.1"),
            ("f64", "-0.0"),
            ("f64", "1e300"),
            ("f32", "0.1"),
            ("f64", "nan"),
            ("f32", "-nan:0x1"),
            ("f64", "-inf"),
            ("i8", "-128"),
            ("bool", "true"),
            ("c128", "(1.0, inf)"),
            ("f64[?]", "[1.0, 2.5]"),
            ("f64[?]", "[]"),
            ("f64[2,?]", "[[1.0], [2.0]]"),
            ("f64[?,3]", "empty[0, 3]"),
            ("f64[2,?]", "empty[2, 0]"),
            ("u64[1,2,1]", "[[[1], [2]]]"),
            ("{f64, {}, bool[1]}", "{1.0, {}, [false]}"),
            ("seq<f64[?]>", "[[1.0], []]"),
            ("stack<{i64, f64}>", "[{1, 2.0}]"),
        ] {
            let ty = ty(t);
            let v = parse_value(text, &ty).unwrap_or_else(|e| panic!("{t}: {}", e.render(text)));
            assert!(v.is_of(&ty), "{text}");
            assert_eq!(print_value(&v), text);
        }
        let (a, b) = (
            parse_value("[]", &ty("f64[?,3]")),
            parse_value("0x1.8p0", &ty("f64")),
        );
        assert_eq!(print_value(&a.unwrap()), "empty[0, 3]");
        assert_eq!(print_value(&b.unwrap()), "1.5");
    }

    #[test]
    fn wrong_values_are_errors() {
        for (t, text, want) in [
            (
                "f64[?,?]",
                "[[1], [1, 2]]",
                "1:7: a list of 2, but the list before has 1",
            ),
            ("f64[3]", "[1]", "1:1: a list of 1, but the type has 3"),
            ("{f64, f64}", "{1}", "1:3: expected `,`, found `}`"),
            ("u8", "300", "1:1: 300 is out of the range of u8"),
            ("f64", "1 2", "1:3: expected the end of the text, found `2`"),
            (
                "f64[?]",
                "[1, true]",
                "1:5: expected a number, found `true`",
            ),
            ("f64[?,2]", "empty[1, 2]", "1:1: not the extents of"),
            ("f64[?,18446744073709551615]", "[]", ""),
        ] {
            let e = parse_value(text, &ty(t)).map(|v| print_value(&v));
            match (want, e) {
                ("", Ok(v)) => assert_eq!(v, "empty[0, 18446744073709551615]"),
                (_, Ok(v)) => panic!("{text} gave {v}"),
                (_, Err(e)) => {
                    let e = format!("{e}");
                    assert!(e.starts_with(want), "{e}");
                }
            }
        }
        assert!(parse_values("1, 2", &[ty("f64"), ty("i8")]).is_ok());
        assert!(parse_values("1", &[ty("f64"), ty("i8")]).is_err());
    }
}
