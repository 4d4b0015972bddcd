//! Random programs as Rust source, for testing the front end.
//!
//! [`to_rust`] prints a program as functions with `#[differentiable]`, [`project`] a package of many with a `main` that checks each: the
//! plain call gives what the staged program gives, and the gradient agrees with finite differences of the plain call. The same
//! program means the same here and in slot IR, up to the last bits of `tanh` and its like; what Rust has no word for is written with
//! what it has (complex numbers by their parts).

use crate::program::{Bool, Float, Function, Int, LEN, Program, Stmt};
use std::fmt::Write;

/// The entry is `p{number}`, its helpers `p{number}_1`, …; the entry takes `(f64, f64, i64, [f64; LEN])` and returns one number.
pub fn to_rust(p: &Program, number: u64) -> String {
    let mut out = String::new();
    for (k, f) in p.functions.iter().enumerate() {
        let mut r = Rust {
            program: p,
            number,
            own: k,
            out: String::new(),
            indent: 1,
            fresh: 0,
            labels: vec![],
            elem: None,
        };
        r.function(f);
        out.push_str(&r.out);
    }
    out
}

fn name(number: u64, f: usize) -> String {
    if f == 0 {
        format!("p{number}")
    } else {
        format!("p{number}_{f}")
    }
}

/// The variables a helper may share, with their types and first values.
const SHARED: [(&str, &str, &str); 4] = [
    ("a0", "[f64; 4]", "[0.0; 4]"),
    ("r", "(i64, [f64; 4])", "(0, [0.0; 4])"),
    ("v", "Vec<f64>", "Vec::new()"),
    ("nodes", "Vec<(f64, i64, [f64; 4])>", "Vec::new()"),
];

/// What leaves a block of the slot IR.
#[derive(Clone)]
enum Leave {
    /// The function.
    Return,
    /// `break` with that label.
    Break(usize),
    /// `continue` with that label.
    Continue(usize),
}

struct Rust<'p> {
    program: &'p Program,
    number: u64,
    own: usize,
    out: String,
    indent: usize,
    fresh: usize,
    labels: Vec<Leave>,
    /// The name of the element inside a map.
    elem: Option<String>,
}

impl Rust<'_> {
    fn line(&mut self, s: impl AsRef<str>) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        self.out.push_str(s.as_ref());
        self.out.push('\n');
    }
    fn open(&mut self, s: impl AsRef<str>) {
        self.line(s);
        self.indent += 1;
    }
    fn close(&mut self, s: &str) {
        self.indent -= 1;
        self.line(s);
    }
    fn fresh(&mut self) -> usize {
        self.fresh += 1;
        self.fresh
    }

    fn function(&mut self, f: &Function) {
        let _ = writeln!(self.out, "#[differentiable]");
        let name = name(self.number, self.own);
        let mut params = if self.own == 0 {
            "q0: f64, q1: f64, n: i64, b: [f64; 4]".to_string()
        } else {
            "q0: f64, n: i64".to_string()
        };
        for ((v, ty, _), s) in SHARED.iter().zip(f.shares) {
            if s {
                let _ = write!(params, ", {v}: &mut {ty}");
            }
        }
        let _ = writeln!(self.out, "fn {name}({params}) -> f64 {{");
        for (k, (v, ty, init)) in SHARED.iter().enumerate() {
            if !f.shares[k] {
                let entry = self.own == 0 && k == 0;
                let init = if entry { "b" } else { init };
                self.line(format!("let mut {v}: {ty} = {init};"));
            }
        }
        self.line("let mut rows: Vec<Vec<f64>> = Vec::new();");
        self.line("let mut a1 = [0.0f64; 4];");
        self.line("let (mut x0, mut x1, mut x2) = (q0, 0.0f64, 0.0f64);");
        self.line("let (mut i0, mut i1, mut i2) = (0i64, 0i64, 0i64);");
        self.line("let (mut re, mut im) = (0.0f64, 0.0f64);");
        self.labels.push(Leave::Return);
        if self.own != 0 {
            self.open("if n <= 0 {");
            self.line("return q0.tanh();");
            self.close("}");
        }
        self.stmts(&f.body);
        let all = self.result("x0 + x1");
        self.line(all);
        self.close("}");
        self.indent = 1;
        self.out.push('\n');
    }
    /// The function's result, where the slot IR's first is that.
    fn result(&self, first: &str) -> String {
        if self.own == 0 {
            format!(
                "({first}) + 0.5 * a0[0] - 0.25 * a0[1] + 0.75 * a0[2] + a0[3] + 0.0625 * (i0 as f64)"
            )
        } else {
            first.to_string()
        }
    }

    /// Whether a variable is a `&mut` parameter here.
    fn is_ref(&self, var: &str) -> bool {
        let shares = self.program.functions[self.own].shares;
        SHARED
            .iter()
            .zip(shares)
            .any(|((v, _, _), s)| *v == var && s)
    }
    /// The variable as a whole, to read (if it can be copied) or assign.
    fn whole(&self, var: &str) -> String {
        if self.is_ref(var) {
            format!("*{var}")
        } else {
            var.to_string()
        }
    }
    fn by_mut(&self, var: &str) -> String {
        if self.is_ref(var) {
            var.to_string()
        } else {
            format!("&mut {var}")
        }
    }

    fn stmts(&mut self, list: &[Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }
    fn leave(&mut self, n: u8) {
        let k = self.labels.len() - 1 - usize::from(n) % self.labels.len();
        let s = match self.labels[k].clone() {
            Leave::Return => format!("return {};", self.result("0.0f64")),
            Leave::Break(l) => format!("break 'l{l};"),
            Leave::Continue(l) => format!("continue 'l{l};"),
        };
        self.line(s);
    }

    fn stmt(&mut self, s: &Stmt) {
        match s {
            Stmt::SetFloat(k, x) => {
                let x = self.float(x);
                self.line(format!("x{k} = {x};"));
            }
            Stmt::SetInt(k, i) => {
                let i = self.int(i);
                self.line(format!("i{k} = {i};"));
            }
            Stmt::SetArray(k, i, x) | Stmt::SetRaw(k, i, x) => {
                let (i, x) = (self.index(i), self.float(x));
                self.line(format!("a{k}[{i}] = {x};"));
            }
            Stmt::CopyArray(to, from) if to != from => {
                let (to, from) = (
                    self.whole(&format!("a{to}")),
                    self.whole(&format!("a{from}")),
                );
                self.line(format!("{to} = {from};"));
            }
            Stmt::CopyArray(..) => {}
            Stmt::SetRecord(i, x) => {
                let (i, x) = (self.index(i), self.float(x));
                self.line(format!("r.1[{i}] = {x};"));
            }
            Stmt::Push(x) => {
                let x = self.float(x);
                let t = self.let_(&x);
                self.line(format!("v.push({t});"));
            }
            Stmt::Pop(k) => self.line(format!("if let Some(t) = v.pop() {{ x{k} = t; }}")),
            Stmt::Swap(a, b) if a != b => {
                self.line(format!("std::mem::swap(&mut x{a}, &mut x{b});"));
            }
            Stmt::Swap(..) => {}
            Stmt::SwapArrays => {
                let a = self.by_mut("a0");
                self.line(format!("std::mem::swap({a}, &mut a1);"));
            }
            Stmt::Map(k, x) => {
                let (t, e) = (self.fresh(), self.fresh());
                self.line(format!("let mut t{t} = [0.0f64; 4];"));
                self.open(format!("for k{t} in 0..4 {{"));
                self.line(format!("let e{e} = a{k}[k{t}];"));
                let outer = self.elem.replace(format!("e{e}"));
                let x = self.float(x);
                self.elem = outer;
                self.line(format!("t{t}[k{t}] = {x};"));
                self.close("}");
                let a = self.whole(&format!("a{k}"));
                self.line(format!("{a} = t{t};"));
            }
            Stmt::Sum(v, n, x) => {
                let (t, e) = (self.fresh(), self.fresh());
                self.line(format!("let mut t{t} = 0.0f64;"));
                self.open(format!("for k{t} in 1..{}i64 {{", n + 1));
                self.line(format!("let e{e} = k{t} as f64 * 0.0625;"));
                let outer = self.elem.replace(format!("e{e}"));
                let x = self.float(x);
                self.elem = outer;
                self.line(format!("t{t} += {x};"));
                self.close("}");
                self.line(format!("x{v} = t{t}.sin();"));
            }
            Stmt::Node(op, i, x) => self.node(*op, i, x),
            Stmt::Row(op, i, j, x) => self.row(*op, i, j, x),
            Stmt::Vector(op, i, x) => self.vector(*op, i, x),
            Stmt::Arrays(op, k, i, x) => self.arrays(*op, *k, i, x),
            Stmt::Complex(op, x) => self.complex(*op, x),
            Stmt::Call { f, to, x, n, array } => {
                let x = self.float(x);
                let Some(f) = self.callee(*f) else { return };
                let mut args = format!("{x}, {}", self.counter(*n));
                for (k, (v, _, _)) in SHARED.iter().enumerate() {
                    if self.program.functions[f].shares[k] {
                        let v = if k == 0 && *array == 1 {
                            "&mut a1".into()
                        } else {
                            self.by_mut(v)
                        };
                        let _ = write!(args, ", {v}");
                    }
                }
                let f = name(self.number, f);
                self.line(format!("x{to} = {f}({args});"));
            }
            Stmt::Assert(c) => {
                let c = self.bool(c);
                self.line(format!("assert!({c});"));
            }
            Stmt::If(c, a, b) => {
                let c = self.bool(c);
                self.open(format!("if {c} {{"));
                self.stmts(a);
                if b.is_empty() {
                    self.close("}");
                } else {
                    self.close("} else {");
                    self.indent += 1;
                    self.stmts(b);
                    self.close("}");
                }
            }
            Stmt::Switch(i, arms) => {
                let i = self.int(i);
                self.open(format!("match {i} {{"));
                for (k, a) in arms.iter().enumerate() {
                    let last = k + 1 == arms.len();
                    let pattern = if last { "_".into() } else { k.to_string() };
                    self.open(format!("{pattern} => {{"));
                    self.stmts(a);
                    self.close("}");
                }
                self.close("}");
            }
            Stmt::For(trips, var, body) => {
                let l = self.fresh();
                self.open(format!("'l{l}: for k{l} in 1..{}i64 {{", trips + 1));
                self.line(format!("i{var} = k{l};"));
                self.inside(l, body);
                self.close("}");
            }
            Stmt::While {
                trips,
                cond,
                counts,
                body,
            } => {
                let l = self.fresh();
                self.line(format!("let mut left{l} = {trips}i64;"));
                let c = self.bool(cond);
                if *counts {
                    self.open(format!("'l{l}: loop {{"));
                    self.line(format!("left{l} -= 1;"));
                    self.line(format!("if !(left{l} > 0 && {c}) {{ break; }}"));
                } else {
                    self.open(format!("'l{l}: while left{l} > 0 && {c} {{"));
                    self.line(format!("left{l} -= 1;"));
                }
                self.inside(l, body);
                self.close("}");
            }
            Stmt::Block(body) => {
                let l = self.fresh();
                self.open(format!("'l{l}: {{"));
                self.labels.push(Leave::Break(l));
                self.stmts(body);
                self.labels.pop();
                self.close("}");
            }
            Stmt::Br(n) => self.leave(*n),
            Stmt::Return(x) => {
                let x = self.float(x);
                let all = self.result(&x);
                self.line(format!("return {all};"));
            }
        }
    }
    fn inside(&mut self, l: usize, body: &[Stmt]) {
        self.labels.extend([Leave::Break(l), Leave::Continue(l)]);
        self.stmts(body);
        self.labels.truncate(self.labels.len() - 2);
    }
    /// A variable with that value: evaluated now, where Rust would not let it be inside a change of something.
    fn let_(&mut self, x: &str) -> String {
        let t = self.fresh();
        self.line(format!("let t{t} = {x};"));
        format!("t{t}")
    }

    fn node(&mut self, op: u8, i: &Int, x: &Float) {
        match op % 4 {
            0 => {
                let (x, i) = (self.float(x), self.int(i));
                let a = self.whole("a0");
                let t = self.let_(&format!("({x}, {i}, {a})"));
                self.line(format!("nodes.push({t});"));
            }
            1 => {
                let a = "a1 = t.2;";
                self.line(format!("if let Some(t) = nodes.pop() {{ x0 = t.0; {a} }}"));
            }
            k => {
                self.open("if !nodes.is_empty() {");
                let x = self.float(x);
                let x = self.let_(&x);
                let i = self.modulo(i, "nodes.len() as i64");
                let i = self.let_(&i);
                let place = if k == 2 { "0" } else { "2[2]" };
                self.line(format!("nodes[{i}].{place} = {x};"));
                self.close("}");
            }
        }
    }
    fn row(&mut self, op: u8, i: &Int, j: &Int, x: &Float) {
        match op % 4 {
            0 => self.line("rows.push(v.clone());"),
            1 => {
                let v = self.whole("v");
                self.line(format!("if let Some(t) = rows.pop() {{ {v} = t; }}"));
            }
            k => {
                self.open("if !rows.is_empty() {");
                let x = self.float(x);
                let x = self.let_(&x);
                let i = self.modulo(i, "rows.len() as i64");
                let i = self.let_(&i);
                if k == 2 {
                    self.line(format!("rows[{i}].push({x});"));
                } else {
                    self.open(format!("if !rows[{i}].is_empty() {{"));
                    let j = self.modulo(j, &format!("rows[{i}].len() as i64"));
                    let j = self.let_(&j);
                    self.line(format!("rows[{i}][{j}] = {x};"));
                    self.close("}");
                }
                self.close("}");
            }
        }
    }
    fn vector(&mut self, op: u8, i: &Int, x: &Float) {
        let v = self.whole("v");
        match op % 9 {
            k @ (0 | 1) => {
                let at = self.modulo(i, "v.len() as i64 + 1");
                let at = self.let_(&at);
                let range = if k == 0 {
                    format!("{at}..")
                } else {
                    format!("..{at}")
                };
                self.line(format!("{v} = v[{range}].to_vec();"));
            }
            k @ (2 | 3) => {
                if k == 2 {
                    self.line("v.extend_from_slice(&a1);");
                } else {
                    let t = self.let_("v.clone()");
                    self.line(format!("v.extend_from_slice(&{t});"));
                }
                self.open("if v.len() > 12 {");
                let at = self.let_("v.len() - 12");
                self.line(format!("{v} = v[{at}..].to_vec();"));
                self.close("}");
            }
            4 => {
                let x = self.float(x);
                let n = self.modulo(i, "5");
                self.line(format!("{v} = vec![{x}; {n}];"));
            }
            5 => {
                let h = self.let_("v.len() / 2");
                let k = self.fresh();
                self.line(format!("for k{k} in 0..{h} {{ v[{h} + k{k}] = v[k{k}]; }}"));
            }
            6 => {
                let x = self.float(x);
                let t = self.let_(&x);
                self.line(format!(
                    "for e in v.iter_mut() {{ *e = (*e * {t}).sin(); }}"
                ));
            }
            7 => self.line("v.reverse();"),
            _ => self.cumsum("v", "v.len()"),
        }
    }
    /// `tanh` of the running sum, in place.
    fn cumsum(&mut self, var: &str, len: &str) {
        let t = self.fresh();
        self.line(format!("let mut s{t} = 0.0f64;"));
        self.open(format!("for k{t} in 0..{len} {{"));
        self.line(format!("s{t} += {var}[k{t}];"));
        self.line(format!("{var}[k{t}] = s{t}.tanh();"));
        self.close("}");
    }
    fn arrays(&mut self, op: u8, k: u8, i: &Int, x: &Float) {
        let (a, b) = (format!("a{}", k % 2), format!("a{}", 1 - k % 2));
        let t = self.fresh();
        let every = |r: &mut Self, body: String| {
            r.line(format!("for k{t} in 0..4 {{ {body} }}"));
        };
        match op % 6 {
            0 => every(self, format!("{a}[k{t}] = ({a}[k{t}] - {b}[k{t}]).sin();")),
            1 => every(self, format!("{a}[k{t}] = ({a}[k{t}] * {b}[k{t}]).tanh();")),
            2 => {
                let lo = self.modulo(i, "3");
                let lo = self.let_(&lo);
                self.line(format!("{a}[1] = {b}[{lo}];"));
                self.line(format!("{a}[2] = {b}[{lo} + 1];"));
            }
            3 => every(self, format!("{a}[k{t}] = {b}[3 - k{t}];")),
            4 => {
                let x = self.float(x);
                let x = self.let_(&x);
                every(self, format!("{a}[k{t}] = {x} * {b}[k{t}];"));
                self.cumsum(&a, "4");
            }
            _ => {
                self.open(format!("for k{t} in 0..4 {{"));
                self.line(format!("let mut s{t} = 0.0f64;"));
                self.line(format!(
                    "for j{t} in 0..4 {{ s{t} += ({a}[k{t}] * {b}[j{t}]).tanh() * {b}[j{t}]; }}"
                ));
                self.line(format!("{a}[k{t}] = s{t} * 0.25;"));
                self.close("}");
            }
        }
    }
    fn complex(&mut self, op: u8, x: &Float) {
        let d = |r: &mut Self| r.let_("1.0 + (re * re + im * im)");
        match op % 5 {
            0 => {
                let x = self.float(x);
                self.line(format!("re = {x};"));
                self.line("im = x1;");
            }
            1 => {
                let d = d(self);
                self.line(format!(
                    "(re, im) = ((re * re - im * im) / {d}, (re * im + im * re) / {d});"
                ));
            }
            2 => self.line("im = -im;"),
            3 => {
                let d = d(self);
                let e = self.let_(&format!("(re / {d}).exp()"));
                self.line(format!(
                    "(re, im) = ({e} * (im / {d}).cos(), {e} * (im / {d}).sin());"
                ));
            }
            _ => {
                let d = d(self);
                let x = self.float(x);
                let w = self.let_(&format!("({x}).tanh()"));
                self.line(format!(
                    "(re, im) = (({w} * re - 0.5 * im) / {d}, ({w} * im + 0.5 * re) / {d});"
                ));
            }
        }
    }

    fn callee(&self, f: u8) -> Option<usize> {
        self.program.callee(self.own, f)
    }
    fn counter(&self, n: u8) -> String {
        if self.own == 0 {
            format!("{}i64", n % 4)
        } else {
            "n - 1".into()
        }
    }
    /// An index into something of that length.
    fn modulo(&mut self, i: &Int, len: &str) -> String {
        let i = self.int(i);
        format!("{i}.rem_euclid({len}) as usize")
    }
    fn index(&mut self, i: &Int) -> String {
        self.modulo(i, &LEN.to_string())
    }

    fn float(&mut self, x: &Float) -> String {
        match x {
            Float::Const(c) => format!("({c:?}f64)"),
            Float::Var(k) => format!("x{k}"),
            Float::Param(k) if self.own == 0 => format!("q{k}"),
            Float::Param(_) => "q0".into(),
            Float::Elem => self.elem.clone().unwrap_or_else(|| "0.25f64".into()),
            Float::Array(k, i) => format!("a{k}[{}]", self.index(i)),
            Float::Record(i) => format!("r.1[{}]", self.index(i)),
            Float::Vector(i) => {
                let i = self.modulo(i, "v.len() as i64");
                format!("(if v.is_empty() {{ 0.125f64 }} else {{ v[{i}] }})")
            }
            Float::FromInt(i) => format!("({} as f64 * 0.0625)", self.int(i)),
            Float::Unary(op, x) => {
                let x = self.float(x);
                match op {
                    0 => format!("({x}).sin()"),
                    1 => format!("({x}).tanh()"),
                    2 => format!("({x} * 0.5)"),
                    3 => {
                        let (l, r) = (x.clone(), x);
                        format!("(1.0 + {l} * {r}).sqrt()")
                    }
                    4 => format!("(-{x})"),
                    _ => format!("({x}).cos().exp()"),
                }
            }
            Float::Binary(op, x, y) => {
                let (x, y) = (self.float(x), self.float(y));
                match op {
                    0 => format!("(({x} + {y}) * 0.5)"),
                    1 => format!("({x} * {y}).tanh()"),
                    2 => format!("({x} - {y}).sin()"),
                    _ => format!("({x} / (1.5 + {y} * {y}))"),
                }
            }
            Float::If(c, x, y) | Float::Select(c, x, y) => {
                let (c, x, y) = (self.bool(c), self.float(x), self.float(y));
                format!("(if {c} {{ {x} }} else {{ {y} }})")
            }
            Float::Call(f, x, n) => {
                let x = self.float(x);
                let Some(f) = self.callee(*f) else { return x };
                let mut before = String::new();
                let mut args = format!("{x}, {}", self.counter(*n));
                for (k, (v, _, _)) in SHARED.iter().enumerate() {
                    if self.program.functions[f].shares[k] {
                        let t = self.fresh();
                        let copy = if k < 2 {
                            self.whole(v)
                        } else {
                            format!("{v}.clone()")
                        };
                        let _ = write!(before, "let mut c{t} = {copy}; ");
                        let _ = write!(args, ", &mut c{t}");
                    }
                }
                format!("({{ {before}{}({args}) }})", name(self.number, f))
            }
            Float::Node(i) => {
                let i = self.modulo(i, "nodes.len() as i64");
                format!("(if nodes.is_empty() {{ 0.125f64 }} else {{ nodes[{i}].0 }})")
            }
            Float::NodeArray(i, j) => {
                let (i, j) = (self.modulo(i, "nodes.len() as i64"), self.index(j));
                format!("(if nodes.is_empty() {{ 0.125f64 }} else {{ nodes[{i}].2[{j}] }})")
            }
            Float::Row(i, j) => {
                let i = self.modulo(i, "rows.len() as i64");
                let t = self.fresh();
                let j = self.modulo(j, &format!("rows[t{t}].len() as i64"));
                format!(
                    "(if rows.is_empty() {{ 0.125f64 }} else {{ let t{t} = {i}; if rows[t{t}].is_empty() {{ 0.125f64 }} else {{ rows[t{t}][{j}] }} }})"
                )
            }
            Float::Reduce(r) => {
                let v = if r.is_multiple_of(2) { "v" } else { "a0" };
                match r / 2 % 3 {
                    0 => format!("{v}.iter().sum::<f64>().tanh()"),
                    1 => format!("{v}.iter().map(|e| e.cos()).product::<f64>().tanh()"),
                    _ => format!("{v}.iter().map(|e| e * e).sum::<f64>().tanh()"),
                }
            }
            Float::Complex(part) => match part % 4 {
                0 => "re".into(),
                1 => "im".into(),
                2 => "(1.0 + (re * re + im * im)).sqrt()".into(),
                _ => {
                    let d = "(1.0 + (re * re + im * im))";
                    format!("(re / {d} + 3.0).hypot(im / {d})")
                }
            },
            Float::Rule(_, x) => format!("({} * a0[1]).sin()", self.float(x)),
            // Not generated for Rust.
            Float::Stop(x) | Float::Derive(_, x, _) => self.float(x),
        }
    }
    fn int(&mut self, i: &Int) -> String {
        match i {
            Int::Const(c) => format!("({c}i64)"),
            Int::Var(k) => format!("i{k}"),
            Int::Param => "(n % 11)".into(),
            Int::Len => "(v.len() as i64)".into(),
            Int::Add(a, b) => format!("(({} + {}) % 23)", self.int(a), self.int(b)),
            Int::Mul(a, b) => format!("(({} * {}) % 19)", self.int(a), self.int(b)),
        }
    }
    fn bool(&mut self, c: &Bool) -> String {
        match c {
            Bool::Less(a, b) => format!("({} < {})", self.int(a), self.int(b)),
            Bool::Equal(a, b) => format!("({} == {})", self.int(a), self.int(b)),
            Bool::FloatLess(x, c) => format!("({} < {c:?})", self.float(x)),
            Bool::Not(a) => format!("!{}", self.bool(a)),
            Bool::And(a, b) => format!("({} && {})", self.bool(a), self.bool(b)),
        }
    }
}

/// The file of a package that checks many programs: each with its number and a point `(f64, f64, i64, [f64; LEN])`.
pub fn project(programs: &[(u64, Program, String)], seed: u64) -> String {
    let mut out = format!(
        "//! {} random programs of seed {seed}: plain call against staged program, gradient against finite differences.\n\
         #![allow(warnings, clippy::all, reason = \"generated\")]\n\nuse cotangent::differentiable;\n\n",
        programs.len()
    );
    out.push_str(SUPPORT);
    for (number, p, _) in programs {
        out.push_str(&to_rust(p, *number));
    }
    out.push_str("fn main() {\n    let mut t = Tally::new();\n");
    for (number, _, point) in programs {
        let _ = writeln!(out, "    check!(t, p{number}, {point});");
    }
    let _ = writeln!(out, "    t.report({seed});\n}}");
    out
}

const SUPPORT: &str = include_str!("rust_support.txt");
