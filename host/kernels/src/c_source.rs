//! The mathematical functions as portable C99: `static inline` functions without branches, which a C compiler widens to vectors
//! in loops that call them.
//!
//! They are printed from the same recipes that run here, so C and Rust agree bit for bit where both fuse multiplications and
//! additions, or neither does. A product that goes into a sum is
//! written so that no compiler fuses the two, so `-ffp-contract` makes no difference.
//! For vector code gcc wants `-O3 -march=native -fno-math-errno -fno-trapping-math`; no flag changes a result.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::math::{Fn1, Fn2};
use crate::record::{Id, Node, Recipe, recipe_sincos, recipe1, recipe2};

/// What all the functions need; first in every text.
const PRELUDE: &str = include_str!("../c/prelude.h");

/// A function to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CFunction {
    /// `double ct_exp(double x)` and so on.
    Of1(Fn1, Precision),
    /// `double ct_pow(double x, double y)`.
    Of2(Fn2, Precision),
    /// `void ct_sincos(double x, double *sin, double *cos)`.
    SinCos(Precision),
}

/// The type of arguments and results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// `double`.
    Double,
    /// `float`, with an `f` after the name.
    Single,
}

impl CFunction {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for p in [Precision::Double, Precision::Single] {
            all.extend(Fn1::ALL.iter().map(|&f| Self::Of1(f, p)));
            all.extend(Fn2::ALL.iter().map(|&f| Self::Of2(f, p)));
            all.push(Self::SinCos(p));
        }
        all
    }

    /// Its name in C.
    pub fn name(self) -> String {
        let (name, p) = match self {
            Self::Of1(f, p) => (f.c_name(), p),
            Self::Of2(f, p) => (f.c_name(), p),
            Self::SinCos(p) => ("ct_sincos", p),
        };
        format!("{name}{}", if p == Precision::Single { "f" } else { "" })
    }

    fn recipe(self) -> Recipe {
        match self {
            Self::Of1(f, p) => recipe1(f, p == Precision::Single),
            Self::Of2(f, p) => recipe2(f, p == Precision::Single),
            Self::SinCos(p) => recipe_sincos(p == Precision::Single),
        }
    }

    fn comment(self) -> String {
        match self {
            Self::Of1(f, Precision::Double) => {
                format!("{}: error at most {} ulp.", f.name(), f.bound())
            }
            Self::Of2(f, Precision::Double) => {
                format!("{}: error at most {} ulp.", f.name(), f.bound())
            }
            Self::SinCos(Precision::Double) => "sine and cosine: error at most 1 ulp.".into(),
            Self::Of1(f, Precision::Single) => {
                format!("{}, single precision: error below 1 ulp.", f.name())
            }
            Self::Of2(f, Precision::Single) => {
                format!("{}, single precision: error below 1 ulp.", f.name())
            }
            Self::SinCos(Precision::Single) => {
                "sine and cosine, single precision: error below 1 ulp.".into()
            }
        }
    }
}

/// The text of all functions: a header that needs nothing but `math.h`, `stdint.h` and `string.h`.
pub fn c_header() -> String {
    c_source(&CFunction::all())
}

/// The text of the prelude and these functions, each once, in a fixed order, with the tables they need.
pub fn c_source(functions: &[CFunction]) -> String {
    let functions: BTreeSet<CFunction> = functions.iter().copied().collect();
    let mut out = String::from(PRELUDE);
    let mut printed = BTreeSet::new();
    for f in functions {
        let recipe = f.recipe();
        for t in &recipe.tables {
            if printed.insert(t.name) {
                let _ = write!(
                    out,
                    "\nstatic const double {}[{}] = {{",
                    t.name,
                    t.values.len()
                );
                for (i, v) in t.values.iter().enumerate() {
                    let _ = write!(
                        out,
                        "{}{},",
                        if i % 4 == 0 { "\n    " } else { " " },
                        number(v.to_bits())
                    );
                }
                out.push_str("\n};\n");
            }
        }
        let _ = write!(out, "\n/* {} */\n", f.comment());
        function(&mut out, &f.name(), &recipe);
    }
    out.push_str("\n#endif\n");
    out
}

/// A number as a hexadecimal C constant.
fn number(bits: u64) -> String {
    let x = f64::from_bits(bits);
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_nan() {
        return "(double)NAN".into();
    }
    if x.is_infinite() {
        return format!("{sign}(double)INFINITY");
    }
    let mantissa = bits & 0x000f_ffff_ffff_ffff;
    let exponent = (bits >> 52) & 0x7ff;
    if exponent == 0 && mantissa == 0 {
        return format!("{sign}0.0");
    }
    let (lead, exponent) = if exponent == 0 {
        (0, -1022)
    } else {
        (1, exponent as i64 - 1023)
    };
    let digits = format!("{mantissa:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("{sign}0x{lead}{point}{digits}p{exponent}")
}

const ARGUMENTS: [&str; 2] = ["x", "y"];

/// Prints one function.
fn function(out: &mut String, name: &str, r: &Recipe) {
    let ty = if r.single { "float" } else { "double" };
    let outputs = if r.results.len() == 2 {
        &["sin", "cos"][..]
    } else {
        &[]
    };
    let mut parameters: Vec<String> = ARGUMENTS[..r.arguments as usize]
        .iter()
        .map(|a| format!("{ty} {a}"))
        .collect();
    parameters.extend(outputs.iter().map(|o| format!("{ty} *{o}_out")));
    let returns = if outputs.is_empty() { ty } else { "void" };
    let _ = writeln!(
        out,
        "static inline {returns} {name}({}) {{",
        parameters.join(", ")
    );
    let summed = summed(r);
    for (i, node) in r.nodes.iter().enumerate() {
        if let Some((ty, text)) = statement(r, *node, summed[i]) {
            let _ = writeln!(out, "    const {ty} t{i} = {text};");
        }
    }
    let result = |id: Id| {
        let v = operand(r, id);
        if r.single { format!("(float){v}") } else { v }
    };
    if outputs.is_empty() {
        let _ = writeln!(out, "    return {};\n}}", result(r.results[0]));
    } else {
        for (o, &id) in outputs.iter().zip(&r.results) {
            let _ = writeln!(out, "    *{o}_out = {};", result(id));
        }
        out.push_str("}\n");
    }
}

/// Which nodes go into sums, or into negations that may.
fn summed(r: &Recipe) -> Vec<bool> {
    let mut summed = vec![false; r.nodes.len()];
    for node in &r.nodes {
        if matches!(node, Node::Add(..) | Node::Sub(..) | Node::Neg(..)) {
            for a in node.operands().into_iter().flatten() {
                summed[a as usize] = true;
            }
        }
    }
    summed
}

/// A node where it is used: constants and masks are written there.
fn operand(r: &Recipe, id: Id) -> String {
    match r.nodes[id as usize] {
        Node::Argument(i) if !r.single => ARGUMENTS[i as usize].into(),
        Node::Constant(bits) => {
            let n = number(bits);
            if n.starts_with('-') {
                format!("({n})")
            } else {
                n
            }
        }
        Node::Bits(b) if b < 10_000 => format!("UINT64_C({b})"),
        Node::Bits(b) => format!("UINT64_C(0x{b:x})"),
        _ => format!("t{id}"),
    }
}

/// The type and the text of a node's statement (`summed`: it goes into a sum); none for what is written where it is used.
fn statement(r: &Recipe, node: Node, summed: bool) -> Option<(&'static str, String)> {
    let o = |id: Id| operand(r, id);
    let (d, u, m) = ("double", "uint64_t", "ct_mask");
    Some(match node {
        Node::Argument(i) if r.single => (d, ARGUMENTS[i as usize].into()),
        Node::Argument(_) | Node::Constant(_) | Node::Bits(_) => return None,
        Node::Add(a, b) => (d, format!("{} + {}", o(a), o(b))),
        Node::Sub(a, b) => (d, format!("{} - {}", o(a), o(b))),
        Node::Mul(a, b) if summed => (d, format!("ct_mul({}, {})", o(a), o(b))),
        Node::Mul(a, b) => (d, format!("{} * {}", o(a), o(b))),
        Node::Div(a, b) => (d, format!("{} / {}", o(a), o(b))),
        Node::Neg(a) => (d, format!("-{}", o(a))),
        Node::MulAdd(a, b, c) => (d, format!("ct_mul_add({}, {}, {})", o(a), o(b), o(c))),
        Node::MulAddExact(a, b, c) => {
            (d, format!("ct_mul_add_exact({}, {}, {})", o(a), o(b), o(c)))
        }
        Node::ProductError(a, b, c) => {
            (d, format!("ct_product_error({}, {}, {})", o(a), o(b), o(c)))
        }
        Node::Sqrt(a) => (d, format!("sqrt({})", o(a))),
        Node::ToBits(a) => (u, format!("ct_bits({})", o(a))),
        Node::FromBits(a) => (d, format!("ct_from_bits({})", o(a))),
        Node::BitsAdd(a, b) => (u, format!("{} + {}", o(a), o(b))),
        Node::BitsSub(a, b) => (u, format!("{} - {}", o(a), o(b))),
        Node::BitsAnd(a, b) => (u, format!("{} & {}", o(a), o(b))),
        Node::BitsOr(a, b) => (u, format!("{} | {}", o(a), o(b))),
        Node::BitsXor(a, b) => (u, format!("{} ^ {}", o(a), o(b))),
        Node::Shl(a, n) => (u, format!("{} << {n}", o(a))),
        Node::Shr(a, n) => (u, format!("{} >> {n}", o(a))),
        Node::Lt(a, b) => (m, format!("ct_lt({}, {})", o(a), o(b))),
        Node::Le(a, b) => (m, format!("ct_le({}, {})", o(a), o(b))),
        Node::Eq(a, b) => (m, format!("ct_eq({}, {})", o(a), o(b))),
        Node::Any(a) => (m, format!("ct_any({})", o(a))),
        Node::MaskAnd(a, b) => (m, format!("{} & {}", o(a), o(b))),
        Node::MaskOr(a, b) => (m, format!("{} | {}", o(a), o(b))),
        Node::MaskNot(a) => (m, format!("ct_not({})", o(a))),
        Node::Select(a, b, c) => (d, format!("ct_select({}, {}, {})", o(a), o(b), o(c))),
        Node::Lookup(t, i) => {
            let table = r.tables[t as usize];
            (
                d,
                format!(
                    "{}[{} & UINT64_C({})]",
                    table.name,
                    o(i),
                    table.values.len() - 1
                ),
            )
        }
    })
}
