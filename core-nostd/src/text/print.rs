//! The printer.
//!
//! Prints any module, also one that breaks the verifier's rules: what has no place in the text form (a region count that does not suit
//! the op) is marked with `!`, an entity that does not exist prints as `bad`, and a region is printed once.

use super::names::{derive_kind, transpose_word};
use super::number::{decimal, write_data, write_scalar};
use super::order::{MAX_DEPTH, Order};
use crate::entity::{Entity, FuncId, Inst, Label, Region, SecondaryMap, Slot, Value};
use crate::ir::{
    ArrayOp, ConstOp, ControlOp, ConvertOp, CustomRule, EffectOp, FftOp, Func, IndexOp, InstData,
    LinalgOp, Module, Op, PlaceOp, Reduction, ShapeOp, SlotOp, Span, Step, TangentOp, Type,
};
use crate::ops::mnemonic;
use alloc::string::String;
use core::fmt::{self, Write};

/// A module in the text form.
pub fn print(m: &Module) -> String {
    let mut out = String::from("cotangent 1\n");
    for (id, name) in m.files.iter() {
        let _ = write!(out, "file {} ", id.index());
        write_string(&mut out, name);
        out.push('\n');
    }
    for f in m.funcs.values() {
        out.push('\n');
        Printer::new(f, Some(m), &mut out).func();
    }
    out
}

/// One function of a module in the text form.
pub fn print_func(m: &Module, f: FuncId) -> String {
    let mut out = String::new();
    match m.funcs.get(f) {
        Some(f) => Printer::new(f, Some(m), &mut out).func(),
        None => func_name(&mut out, Some(m), f),
    }
    out
}

/// One function with a comment under the line of an instruction, or under its first line.
pub(crate) fn print_noted(m: &Module, f: FuncId, at: Option<Inst>, note: &str) -> String {
    let mut out = String::new();
    let mut p = Printer::new(&m.funcs[f], Some(m), &mut out);
    p.note = Some((at, note));
    p.func();
    out
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// Other functions appear by number (`@fn3`), as their names are the module's: see [`print_func`].
impl fmt::Display for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        Printer::new(self, None, &mut out).func();
        f.write_str(&out)
    }
}

/// Appends a string literal.
pub(super) fn write_string(out: &mut String, s: &str) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether a function's name needs no quotes.
pub(super) fn is_plain_name(s: &str) -> bool {
    let ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '$');
    s.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && s.chars().all(ok)
}

fn write_func_name(out: &mut String, name: &str) {
    out.push('@');
    if is_plain_name(name) {
        out.push_str(name);
    } else {
        write_string(out, name);
    }
}

fn func_name(out: &mut String, m: Option<&Module>, f: FuncId) {
    match m.map(|m| m.funcs.get(f)) {
        Some(Some(g)) => write_func_name(out, &g.name),
        Some(None) => {
            let _ = write!(out, "@!bad{}", f.0);
        }
        None => {
            let _ = write!(out, "@{f}");
        }
    }
}

struct Printer<'a> {
    out: &'a mut String,
    f: &'a Func,
    m: Option<&'a Module>,
    order: Order,
    /// A comment for an instruction, or for the function.
    note: Option<(Option<Inst>, &'a str)>,
}

/// Items separated by commas.
macro_rules! commas {
    ($p:expr, $items:expr, $x:pat => $body:expr) => {
        for (i, $x) in $items.into_iter().enumerate() {
            if i != 0 {
                $p.out.push_str(", ");
            }
            $body;
        }
    };
}

impl<'a> Printer<'a> {
    fn new(f: &'a Func, m: Option<&'a Module>, out: &'a mut String) -> Printer<'a> {
        Printer {
            out,
            f,
            m,
            order: Order::new(f),
            note: None,
        }
    }

    // Pieces.

    fn value(&mut self, v: Value) {
        let _ = match self.order.value(v) {
            Some(n) => write!(self.out, "v{n}"),
            None => write!(self.out, "bad{}", v.0),
        };
    }
    fn opt(&mut self, v: Option<&Value>) {
        match v {
            Some(&v) => self.value(v),
            None => self.out.push('?'),
        }
    }
    fn values(&mut self, vs: &[Value]) {
        commas!(self, vs, &v => self.value(v));
    }
    fn ty(&mut self, t: &Type) {
        let _ = write!(self.out, "{t}");
    }
    fn ty_of(&mut self, v: Value) {
        match self.f.values.get(v) {
            Some(d) => self.ty(&d.ty),
            None => self.out.push('?'),
        }
    }
    fn types(&mut self, vs: &[Value]) {
        commas!(self, vs, &v => self.ty_of(v));
    }
    fn span(&mut self, s: Span) {
        if s.is_known() {
            let _ = match s.file.0 {
                0 => write!(self.out, " @{}:{}", s.line, s.col),
                f => write!(self.out, " @{f}:{}:{}", s.line, s.col),
            };
        }
    }
    fn path(&mut self, path: &[Step], indices: &[Value]) {
        let mut rest = indices.iter();
        for s in path {
            match s {
                Step::Field(k) => {
                    let _ = write!(self.out, ".{k}");
                }
                Step::Index => {
                    self.out.push('[');
                    self.opt(rest.next());
                    self.out.push(']');
                }
            }
        }
        for &v in rest {
            self.out.push_str(" !");
            self.value(v);
        }
    }
    fn label(&mut self, l: Label) {
        let _ = match self.order.label(l.0) {
            Some(n) => write!(self.out, "l{n}"),
            None => write!(self.out, "bad{}", l.0),
        };
    }
    fn slot(&mut self, s: Slot) {
        let _ = match self.f.slots.get(s) {
            Some(_) => write!(self.out, "{s}"),
            None => write!(self.out, "bad{}", s.0),
        };
    }
    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }
    fn list<T: fmt::Display>(&mut self, items: &[T]) {
        self.out.push('[');
        commas!(self, items, x => { let _ = write!(self.out, "{x}"); });
        self.out.push(']');
    }

    // Functions, regions, instructions.

    fn func(&mut self) {
        let f = self.f;
        self.out.push_str("func ");
        write_func_name(self.out, &f.name);
        let params: &[Value] = f.regions.get(f.body).map_or(&[], |r| &r.params);
        self.params(params);
        self.out.push_str(" -> (");
        commas!(self, &f.results, t => self.ty(t));
        self.out.push(')');
        if let Some(rule) = &f.rule {
            self.out.push_str(match rule {
                CustomRule::Jvp(_) => " rule jvp ",
                CustomRule::Vjp(_) => " rule vjp ",
                CustomRule::Forward => " rule forward",
            });
            if let Some(g) = rule.func() {
                func_name(self.out, self.m, g);
            }
        }
        if f.apart {
            self.out.push_str(" apart");
        }
        self.span(f.span);
        self.out.push_str(" {\n");
        self.note(None, 1);
        for (s, d) in f.slots.iter() {
            let _ = write!(self.out, "  slot {s}: {}", d.ty);
            if !d.name.is_empty() {
                self.out.push(' ');
                write_string(self.out, &d.name);
            }
            self.out.push('\n');
        }
        self.body(f.body, 0, "return", &mut SecondaryMap::new());
        self.out.push_str("}\n");
    }

    fn params(&mut self, vs: &[Value]) {
        self.out.push('(');
        commas!(self, vs, &v => {
            self.value(v);
            self.out.push_str(": ");
            self.ty_of(v);
        });
        self.out.push(')');
    }

    /// The lines of a region, one deeper than `depth`.
    fn body(&mut self, r: Region, depth: usize, end: &str, seen: &mut SecondaryMap<Region, bool>) {
        let f = self.f;
        let Some(data) = f.regions.get(r) else {
            let _ = writeln!(self.out, "!bad{}", r.0);
            return;
        };
        if depth > MAX_DEPTH || core::mem::replace(&mut seen[r], true) {
            self.out.push_str("!again\n");
            return;
        }
        for &i in &data.insts {
            self.indent(depth + 1);
            self.inst(i, depth + 1, seen);
        }
        if !data.yields.is_empty() || end == "return" {
            self.indent(depth + 1);
            self.out.push_str(end);
            if !data.yields.is_empty() {
                self.out.push(' ');
                self.values(&data.yields);
            }
            self.out.push('\n');
        }
    }

    fn inst(&mut self, i: Inst, depth: usize, seen: &mut SecondaryMap<Region, bool>) {
        let f = self.f;
        let Some(d) = f.insts.get(i) else {
            let _ = writeln!(self.out, "!bad{}", i.0);
            return;
        };
        if !d.results.is_empty() {
            self.values(&d.results);
            self.out.push_str(" = ");
        }
        self.out.push_str(mnemonic(&d.op));
        let regular = self.is_regular(d);
        if regular {
            self.operands(d);
        } else {
            self.out.push_str(" !(");
            self.values(&d.args);
            self.out.push(')');
        }
        let implied = d.results.is_empty() || regular && self.types_follow(d);
        if !implied {
            self.out.push_str(" : ");
            self.types(&d.results);
        }
        self.span(d.span);
        if let Op::Const(ConstOp::Scalar(s)) = d.op
            && let Some(x) = decimal(s)
        {
            let _ = write!(self.out, " ; {x}");
        }
        for (k, &r) in d.regions.iter().enumerate() {
            match (&d.op, k) {
                (Op::Control(ControlOp::Switch), _) => {
                    let _ = write!(self.out, " case {k}");
                }
                (Op::Control(ControlOp::If), 1) => self.out.push_str(" else"),
                (Op::Control(ControlOp::While), 1) => self.out.push_str(" do"),
                _ => {}
            }
            let listed = !regular || (k == 1 && matches!(d.op, Op::Control(ControlOp::While)));
            if listed && let Some(q) = f.regions.get(r) {
                self.out.push(' ');
                self.params(&q.params);
            }
            self.out.push_str(" {\n");
            if k == 0 {
                self.note(Some(i), depth + 1);
            }
            self.body(r, depth, "yield", seen);
            self.indent(depth);
            self.out.push('}');
        }
        self.out.push('\n');
        if d.regions.is_empty() {
            self.note(Some(i), depth);
        }
    }

    fn note(&mut self, at: Option<Inst>, depth: usize) {
        if let Some((i, text)) = self.note
            && i == at
        {
            self.indent(depth);
            let _ = writeln!(self.out, "; {text}");
        }
    }

    /// Whether the counts of operands, regions and parameters are such that the op's own notation can be used.
    fn is_regular(&self, d: &InstData) -> bool {
        let params = |k: usize| {
            let r = d.regions.get(k)?;
            Some(self.f.regions.get(*r)?.params.as_slice())
        };
        let (args, regions) = (d.args.len(), d.regions.len());
        let bare = (0..regions).all(|k| params(k).is_some_and(<[Value]>::is_empty));
        match &d.op {
            Op::Control(ControlOp::If) => args == 1 && regions == 2 && bare,
            Op::Control(ControlOp::Switch) => args == 1 && regions >= 1 && bare,
            Op::Control(ControlOp::While) => {
                regions == 2 && params(0).is_some_and(|p| p.len() == args) && params(1).is_some()
            }
            Op::Control(ControlOp::For) => {
                regions == 1 && args >= 2 && params(0).is_some_and(|p| p.len() + 1 == args)
            }
            Op::Control(ControlOp::Map) => {
                regions == 1 && params(0).is_some_and(|p| p.len() == args)
            }
            Op::Slot(SlotOp::Block(_)) => args == 0 && regions == 1 && bare,
            Op::Slot(SlotOp::Br(_)) => args == 0 && regions == 0,
            Op::Slot(SlotOp::Get(_, p)) => args == indices(p) && regions == 0,
            Op::Slot(SlotOp::Set(_, p)) => args == 1 + indices(p) && regions == 0,
            Op::Place(PlaceOp::Get(p)) => args == 1 + indices(p) && regions == 0,
            Op::Place(PlaceOp::Update(p) | PlaceOp::AddAt(p)) => {
                args == 2 + indices(p) && regions == 0
            }
            Op::Effect(EffectOp::Assert(_)) => args == 1 && regions == 0,
            Op::Effect(EffectOp::Panic(_)) => args == 0 && regions == 0,
            Op::Effect(EffectOp::Checkpoint(_)) => args == 1 && regions == 0,
            Op::Effect(EffectOp::CheckIndex) => args == 2 && regions == 0,
            Op::Effect(EffectOp::CheckRange) => args == 3 && regions == 0,
            Op::Effect(EffectOp::Host(_)) => regions == 0,
            Op::Const(_) => args == 0 && regions == 0,
            Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Place(PlaceOp::Record)
            | Op::Array(_)
            | Op::Shape(_)
            | Op::Index(_)
            | Op::Reduce(_)
            | Op::Sort(_)
            | Op::Dot(_)
            | Op::Random(_)
            | Op::Linalg(_)
            | Op::Fft(_)
            | Op::Window(_)
            | Op::Tangent(_)
            | Op::Control(ControlOp::Call(_) | ControlOp::Derive { .. }) => regions == 0,
        }
    }

    /// Whether the result types are those that the rest of the line says.
    fn types_follow(&self, d: &InstData) -> bool {
        let is = |k: usize, t: &Type| {
            let v = d.results.get(k).and_then(|&v| self.f.values.get(v));
            v.is_some_and(|v| v.ty == *t)
        };
        let carried = |skip: usize| {
            let Some(&r) = d.regions.first() else {
                return false;
            };
            let ps = self.f.regions.get(r).map_or(&[][..], |r| &r.params);
            ps.len() == d.results.len() + skip
                && ps[skip.min(ps.len())..]
                    .iter()
                    .enumerate()
                    .all(|(k, &p)| self.f.values.get(p).is_some_and(|p| is(k, &p.ty)))
        };
        match &d.op {
            Op::Const(c) => {
                let own = match c {
                    ConstOp::Scalar(s) => Type::scalar(s.dtype()),
                    ConstOp::Tensor(t) => t.ty(),
                    ConstOp::Default(t) => t.clone(),
                };
                d.results.len() == 1 && is(0, &own)
            }
            Op::Control(ControlOp::For) => carried(1),
            Op::Control(ControlOp::While) => carried(0),
            _ => false,
        }
    }

    /// The initial values of a loop beside the parameters they go to.
    fn carried(&mut self, params: &[Value], args: &[Value]) {
        self.out.push('(');
        commas!(self, params.iter().zip(args), (&p, &a) => {
            self.value(p);
            self.out.push_str(" = ");
            self.value(a);
            self.out.push_str(": ");
            self.ty_of(p);
        });
        self.out.push(')');
    }

    fn spaced_values(&mut self, vs: &[Value]) {
        if !vs.is_empty() {
            self.out.push(' ');
            self.values(vs);
        }
    }

    /// Attributes and operands of a regular instruction.
    fn operands(&mut self, d: &InstData) {
        let args = d.args.as_slice();
        match &d.op {
            Op::Const(ConstOp::Scalar(s)) => {
                let _ = write!(self.out, " {} ", s.dtype());
                write_scalar(self.out, *s);
            }
            Op::Const(ConstOp::Tensor(t)) => {
                let _ = write!(self.out, " {} ", t.ty());
                write_data(self.out, &t.data);
            }
            Op::Const(ConstOp::Default(t)) => {
                let _ = write!(self.out, " {t}");
            }
            Op::Place(PlaceOp::Get(p)) => {
                self.out.push(' ');
                self.value(args[0]);
                self.path(p, &args[1..]);
            }
            Op::Place(PlaceOp::Update(p)) => self.store(args, p, " = "),
            Op::Place(PlaceOp::AddAt(p)) => self.store(args, p, " += "),
            Op::Slot(SlotOp::Get(s, p)) => {
                self.out.push(' ');
                self.slot(*s);
                self.path(p, args);
            }
            Op::Slot(SlotOp::Set(s, p)) => {
                self.out.push(' ');
                self.slot(*s);
                self.path(p, &args[1..]);
                self.out.push_str(" = ");
                self.value(args[0]);
            }
            Op::Slot(SlotOp::Block(l) | SlotOp::Br(l)) => {
                self.out.push(' ');
                self.label(*l);
            }
            Op::Effect(EffectOp::Assert(message)) => {
                self.out.push(' ');
                self.value(args[0]);
                self.out.push_str(", ");
                write_string(self.out, message);
            }
            Op::Effect(EffectOp::Panic(message)) => {
                self.out.push(' ');
                write_string(self.out, message);
            }
            Op::Effect(EffectOp::CheckIndex | EffectOp::CheckRange | EffectOp::Checkpoint(_)) => {
                self.spaced_values(args)
            }
            Op::Effect(EffectOp::Host(h)) => {
                self.out.push(' ');
                write_string(self.out, &h.name);
                self.out.push_str(" -> (");
                commas!(self, &h.results, t => self.ty(t));
                self.out.push(')');
                self.spaced_values(args);
            }
            Op::Control(c) => self.control(c, d),
            Op::Convert(ConvertOp::To(t) | ConvertOp::Bitcast(t)) => {
                let _ = write!(self.out, " {t}");
                self.spaced_values(args);
            }
            Op::Tangent(TangentOp::CustomLinear {
                transpose,
                tangents,
                results,
            }) => {
                let _ = write!(self.out, "[{tangents}] ");
                func_name(self.out, self.m, *transpose);
                self.out.push_str(" -> (");
                commas!(self, results, t => self.ty(t));
                self.out.push(')');
                self.spaced_values(args);
            }
            Op::Array(ArrayOp::Dim(k))
            | Op::Shape(ShapeOp::Concat(k))
            | Op::Index(IndexOp::Gather(k) | IndexOp::ScatterAdd(k))
            | Op::Reduce(Reduction::Arg(_, k))
            | Op::Sort(k) => {
                self.list(&[*k]);
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::Transpose(axes) | ShapeOp::Reverse(axes))
            | Op::Reduce(Reduction::Axes(_, axes)) => {
                self.list(axes);
                self.spaced_values(args);
            }
            Op::Reduce(Reduction::Cumulative { axis, reverse, .. }) => {
                let _ = match reverse {
                    true => write!(self.out, "[{axis}, reverse]"),
                    false => write!(self.out, "[{axis}]"),
                };
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::Reshape(shape)) => {
                self.list(shape);
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::Broadcast { shape, dims }) => {
                self.list(shape);
                if !dims.is_empty() {
                    self.out.push_str(" dims");
                    self.list(dims);
                }
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::Pad(axes)) => {
                self.triples(axes.iter().map(|(a, b, c)| (*a, *b, *c)));
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::StridedSlice(axes)) => {
                self.triples(axes.iter().map(|(a, b, c)| (*a, *b, *c)));
                self.spaced_values(args);
            }
            Op::Shape(ShapeOp::Iota { dtype, shape, axis }) => {
                let _ = write!(
                    self.out,
                    "[{axis}] {}",
                    Type::tensor(*dtype, shape.iter().copied())
                );
                self.spaced_values(args);
            }
            Op::Random(r) => {
                let _ = write!(
                    self.out,
                    " {}",
                    Type::tensor(r.dtype, r.shape.iter().copied())
                );
                self.spaced_values(args);
            }
            Op::Linalg(LinalgOp::TriangularSolve(t)) => {
                let side = if t.left { "left" } else { "right" };
                let half = if t.lower { "lower" } else { "upper" };
                let _ = write!(self.out, "[{side}, {half}");
                let unit = t.unit.then_some("unit");
                for word in transpose_word(t.transpose).into_iter().chain(unit) {
                    let _ = write!(self.out, ", {word}");
                }
                self.out.push(']');
                self.spaced_values(args);
            }
            Op::Linalg(LinalgOp::LuSolve(t)) => {
                if let Some(word) = transpose_word(*t) {
                    let _ = write!(self.out, "[{word}]");
                }
                self.spaced_values(args);
            }
            Op::Window(o) => {
                super::window::write(self.out, o);
                self.spaced_values(args);
            }
            Op::Fft(FftOp::Irfft(n)) => {
                self.list(&[*n]);
                self.spaced_values(args);
            }
            Op::Dot(dims) => {
                let mut sep = " ";
                for (name, a, b) in [
                    ("batch", &dims.lhs_batch, &dims.rhs_batch),
                    ("contract", &dims.lhs_contract, &dims.rhs_contract),
                ] {
                    if !(a.is_empty() && b.is_empty()) {
                        self.out.push_str(sep);
                        self.out.push_str(name);
                        self.list(a);
                        self.list(b);
                        sep = " ";
                    }
                }
                self.spaced_values(args);
            }
            Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Place(PlaceOp::Record)
            | Op::Linalg(LinalgOp::Cholesky | LinalgOp::Lu | LinalgOp::Qr | LinalgOp::Eigh)
            | Op::Fft(FftOp::Fft | FftOp::Ifft | FftOp::Rfft)
            | Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate)
            | Op::Array(
                ArrayOp::Slice
                | ArrayOp::UpdateSlice
                | ArrayOp::AddSlice
                | ArrayOp::Len
                | ArrayOp::Fill
                | ArrayOp::Array
                | ArrayOp::Push
                | ArrayOp::Pop,
            ) => self.spaced_values(args),
        }
    }

    fn store(&mut self, args: &[Value], path: &[Step], sign: &str) {
        self.out.push(' ');
        self.value(args[0]);
        self.path(path, &args[2..]);
        self.out.push_str(sign);
        self.value(args[1]);
    }

    fn triples<A: fmt::Display>(&mut self, axes: impl Iterator<Item = (A, A, u64)>) {
        self.out.push('[');
        commas!(self, axes, (a, b, c) => { let _ = write!(self.out, "({a}, {b}, {c})"); });
        self.out.push(']');
    }

    fn control(&mut self, c: &ControlOp, d: &InstData) {
        let f = self.f;
        let args = d.args.as_slice();
        let params = d.regions.first().and_then(|&r| f.regions.get(r));
        let params: &[Value] = params.map_or(&[], |r| &r.params);
        match c {
            ControlOp::If | ControlOp::Switch => self.spaced_values(args),
            ControlOp::While | ControlOp::Map => {
                self.out.push(' ');
                self.carried(params, args);
            }
            ControlOp::For => {
                self.out.push(' ');
                self.value(params[0]);
                self.out.push_str(": ");
                self.ty_of(params[0]);
                self.out.push_str(" in ");
                self.value(args[0]);
                self.out.push_str("..");
                self.value(args[1]);
                if params.len() > 1 {
                    self.out.push(' ');
                    self.carried(&params[1..], &args[2..]);
                }
            }
            ControlOp::Call(g) => {
                self.out.push(' ');
                func_name(self.out, self.m, *g);
                self.out.push('(');
                self.values(args);
                self.out.push(')');
            }
            ControlOp::Derive { func, kind, wrt } => {
                let _ = write!(self.out, " {} ", derive_kind(*kind));
                func_name(self.out, self.m, *func);
                self.out.push_str(" wrt");
                self.list(wrt);
                self.out.push('(');
                self.values(args);
                self.out.push(')');
            }
        }
    }
}

/// How many index operands a path takes.
fn indices(path: &[Step]) -> usize {
    path.iter().filter(|s| matches!(s, Step::Index)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{BinaryOp, Builder, DType, Type};

    #[test]
    fn prints_numbers_in_order_of_appearance() {
        let mut b = Builder::new("f", &[Type::scalar(DType::F64), DType::U64.into()]);
        let (x, n) = (b.params()[0], b.params()[1]);
        let lo = b.raw(ConstOp::Scalar(0u64.into()), &[], &[], &[DType::U64.into()]);
        let lo = b.func.insts[lo].results[0];
        let r = b.for_(lo, n, &[x], |b, _, c| {
            let i = b.raw(BinaryOp::Mul, &[c[0], x], &[], &[DType::F64.into()]);
            b.func.insts[i].results.clone()
        });
        let mut m = Module::new();
        m.funcs.push(b.finish(&r).unwrap());
        let want = "cotangent 1

func @f(v0: f64, v1: u64) -> (f64) {
  v2 = const u64 0
  v3 = for v4: u64 in v2..v1 (v5 = v0: f64) {
    v6 = multiply v5, v0 : f64
    yield v6
  }
  return v3
}
";
        assert_eq!(print(&m), want);
    }
}
