//! Random rows of loops: merged, with what nobody reads taken away, they compute the same numbers or trap alike, and have the same gradient.

use cotangent_core::ad::check::{Check, check_derivatives};
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{ControlOp, FuncId, Module, Op};
use cotangent_core::pass;
use cotangent_core::text::{parse, print};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_core::verify::verify;
use std::fmt::Write;

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % n
    }
    fn one<'a>(&mut self, of: &'a [String]) -> &'a str {
        &of[self.below(of.len())]
    }
}

/// Some loops over arrays of one length, and one that is another; each reads what there is and makes an array or a sum.
fn program(rng: &mut Rng) -> String {
    let mut out = String::from(
        "cotangent 1
func @f(x: f64[?], y: f64[?], c: f64) -> (f64) {
  zero = const u64 0
  one = const u64 1
  z = const f64 0
  n = len x : u64
  last = wrapping_sub n, one : u64
",
    );
    let name = |s: &str| s.to_string();
    let (mut arrays, mut numbers) = (vec![name("x"), name("y")], vec![name("c"), name("z")]);
    for l in 0..2 + rng.below(4) {
        let mut body = String::new();
        let _ = writeln!(body, "    j{l} = wrapping_sub last, i{l} : u64");
        // An array that is stored into may be one that there is: in place, or beside it.
        let own = match rng.below(3) {
            0 => {
                let _ = writeln!(out, "  a{l} = fill z, n : f64[?]");
                format!("a{l}")
            }
            _ => rng.one(&arrays).to_string(),
        };
        let (mut at, mut values) = (format!("p{l}"), vec![format!("t{l}")]);
        let own_at = [name("i"), name("i"), name("j")][rng.below(3)].clone();
        for k in 0..1 + rng.below(4) {
            // Mostly at the iteration's own place.
            let index = match rng.below(8) {
                0 => name("zero"),
                1 => format!("j{l}"),
                2 => format!("i{l}"),
                _ => format!("{own_at}{l}"),
            };
            match rng.below(4) {
                0 => {
                    let v = rng.one(&values);
                    let op = ["update", "add_at"][rng.below(2)];
                    let sign = ["=", "+="][usize::from(op == "add_at")];
                    let _ = writeln!(
                        body,
                        "    q{l}_{k} = {op} {at}[{index}] {sign} {v} : f64[?]"
                    );
                    at = format!("q{l}_{k}");
                }
                1 => {
                    let _ = writeln!(body, "    v{l}_{k} = get {at}[{index}] : f64");
                    values.push(format!("v{l}_{k}"));
                }
                2 => {
                    let array = rng.one(&arrays);
                    let _ = writeln!(body, "    v{l}_{k} = get {array}[{index}] : f64");
                    values.push(format!("v{l}_{k}"));
                }
                _ => {
                    let (v, w) = (rng.one(&values), rng.one(&numbers));
                    let _ = writeln!(body, "    w{l}_{k} = multiply {v}, {w} : f64");
                    let _ = writeln!(body, "    v{l}_{k} = add w{l}_{k}, {w} : f64");
                    values.push(format!("v{l}_{k}"));
                }
            }
        }
        let sum = rng.one(&values);
        let _ = writeln!(
            out,
            "  b{l}, s{l} = for i{l}: u64 in zero..n (p{l} = {own}: f64[?], t{l} = {}: f64) {{\n{body}    yield {at}, {sum}\n  }}",
            rng.one(&numbers)
        );
        if rng.below(3) > 0 {
            arrays.push(format!("b{l}"));
        }
        if rng.below(3) > 0 {
            numbers.push(format!("s{l}"));
        }
        if rng.below(4) == 0 {
            let (a, v) = (rng.one(&arrays), rng.one(&numbers));
            let _ = writeln!(
                out,
                "  g{l} = get {a}[zero] : f64\n  h{l} = multiply g{l}, {v} : f64"
            );
            numbers.push(format!("h{l}"));
        }
    }
    // All that is left is added up.
    let mut sum = numbers.pop().unwrap();
    for (k, a) in arrays.iter().enumerate() {
        let _ = writeln!(
            out,
            "  e{k} = get {a}[zero] : f64\n  f{k} = add {sum}, e{k} : f64"
        );
        sum = format!("f{k}");
    }
    let _ = writeln!(out, "  return {sum}\n}}");
    out
}

fn loops(m: &Module) -> usize {
    let f = &m.funcs[FuncId(0)];
    let mut n = 0;
    f.visit(f.body, &mut |_, d| {
        n += usize::from(d.op == Op::Control(ControlOp::For))
    });
    n
}

fn array(rng: &mut Rng, n: usize) -> Val {
    let data = (0..n)
        .map(|_| rng.below(1000) as f64 / 500.0 - 1.0)
        .collect();
    Val::Tensor(Tensor::new(vec![n], Data::F64(data)).unwrap().into())
}

/// Bits of the result, or the trap and where it is.
fn run(m: &Module, args: &[Val]) -> Result<u64, String> {
    let out = Program::new(m).run(FuncId(0), args.to_vec(), &Limits::default());
    match out {
        Ok(v) => match v[..] {
            [Val::Scalar(Scalar::F64(x))] => Ok(x.to_bits()),
            ref v => panic!("{v:?}"),
        },
        Err(trap) => Err(trap.to_string()),
    }
}

#[test]
fn random_rows_of_loops() {
    let mut rng = Rng(0x1234_5678_9abc_def1);
    let (mut merged, mut unread, mut trapped, mut ran) = (0, 0, 0, 0);
    for _ in 0..4000 {
        let text = program(&mut rng);
        let m = parse(&text).unwrap_or_else(|e| panic!("{}\n{text}", e.render(&text)));
        verify(&m).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
        let mut clean = m.clone();
        pass::optimize(&mut clean);
        let mut new = clean.clone();
        pass::merge::run(&mut new);
        verify(&new).unwrap_or_else(|e| panic!("{}\n{text}\n{}", e[0], print(&new)));
        merged += loops(&clean) - loops(&new);
        pass::optimize(&mut new);
        let size = new.funcs[FuncId(0)].size();
        pass::unread::run(&mut new);
        pass::optimize(&mut new);
        verify(&new).unwrap_or_else(|e| panic!("{}\n{text}\n{}", e[0], print(&new)));
        unread += usize::from(new.funcs[FuncId(0)].size() < size);
        for (n, other) in [(3, 3), (4, 2), (0, 0), (2, 5)] {
            let args = [
                array(&mut rng, n),
                array(&mut rng, other),
                Val::Scalar(Scalar::F64(0.5)),
            ];
            let (want, have) = (run(&m, &args), run(&new, &args));
            let alike = match (&want, &have) {
                (Ok(a), Ok(b)) => {
                    let (a, b) = (f64::from_bits(*a), f64::from_bits(*b));
                    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
                }
                (a, b) => a == b,
            };
            assert!(alike, "{want:?} {have:?}\n{text}\n{}", print(&new));
            trapped += usize::from(want.is_err());
            ran += usize::from(want.is_ok());
        }
    }
    println!("{merged} merged, {unread} unread, {ran} ran, {trapped} trapped");
    assert!(merged > 1000 && unread > 100 && ran > 4000 && trapped > 1000);
}

#[test]
fn their_gradients() {
    let mut rng = Rng(0xfeed_5678_9abc_def1);
    for _ in 0..300 {
        let text = program(&mut rng);
        let mut m = parse(&text).unwrap_or_else(|e| panic!("{}\n{text}", e.render(&text)));
        let args = [
            array(&mut rng, 3),
            array(&mut rng, 3),
            Val::Scalar(Scalar::F64(0.5)),
        ];
        check_derivatives(&mut m, FuncId(0), &args, &Check::default())
            .unwrap_or_else(|e| panic!("{e}\n{text}"));
    }
}
