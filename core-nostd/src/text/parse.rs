//! The parser: modules, functions, regions. Operations are in `parse_op`.
//!
//! Invariants: regions are kept on an explicit stack, so deep nesting costs no host stack; the entities of a parsed module exist, and each
//! value is defined once. Everything else (types, scopes, signatures) is the verifier's.

use super::cursor::{Cursor, Result, name_of, nearest};
use super::lex::{Kind, Token};
use super::names::prototypes;
use super::parse_op::Header;
use crate::entity::{Entity, FileId, FuncId, Inst, Label, Region, Slot, Value};
use crate::ir::{CustomRule, Func, Module, Op, RegionData, SlotData, Span, Type};
use crate::ops::mnemonic;
use crate::verify::MAX_REGION_DEPTH;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Reads a module in the text form.
///
/// # Errors
/// The first place where the text is not of that form. The module still has to be verified.
pub fn parse(source: &str) -> Result<Module> {
    Ok(parse_with_places(source)?.0)
}

/// As [`parse`], and where in the text functions and instructions are, for messages about them.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_places(source: &str) -> Result<(Module, Places)> {
    let mut places = Places::default();
    let mut c = Cursor::new(source)?;
    header(&mut c)?;
    let mut m = Module::new();
    while c.is("file") {
        c.next();
        let t = c.peek();
        let n: usize = c.int("the file's number")?;
        if n != m.files.len() {
            let message = format!(
                "files are numbered in order; this is file {}",
                m.files.len()
            );
            return Err(t.error(message));
        }
        m.files.push(c.string()?);
    }
    let names = func_names(&c)?;
    let ops = Ops::new();
    while c.is("func") {
        c.next();
        let files = m.files.len();
        let p = FuncParser::new(&mut c, &names, &ops, files)?;
        let (f, p) = p.func()?;
        m.funcs.push(f);
        places.funcs.push(p);
    }
    match c.peek().kind {
        Kind::Eof => Ok((m, places)),
        _ => Err(c.expected("`func`")),
    }
}

/// Where in a text the functions and instructions of a module are, in bytes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Places {
    funcs: Vec<FuncPlaces>,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct FuncPlaces {
    name: Range<usize>,
    insts: Vec<Range<usize>>,
}

impl Places {
    /// The name of a function where it is defined.
    pub fn func(&self, f: FuncId) -> Option<Range<usize>> {
        Some(self.funcs.get(f.index())?.name.clone())
    }
    /// The op of an instruction.
    pub fn inst(&self, f: FuncId, i: Inst) -> Option<Range<usize>> {
        let f = self.funcs.get(f.index())?;
        f.insts.get(i.index()).cloned()
    }
}

fn header(c: &mut Cursor<'_>) -> Result<()> {
    if !c.eat("cotangent") {
        return Err(c.expected("`cotangent 1` as the first line"));
    }
    let t = c.peek();
    match c.int::<u32>("the version of the text form")? {
        1 => Ok(()),
        n => Err(t.error(format!(
            "version {n} of the text form is not known; this reader knows version 1"
        ))),
    }
}

/// The functions of the text by name: they may be called before they are defined.
fn func_names(c: &Cursor<'_>) -> Result<BTreeMap<String, FuncId>> {
    let mut names = BTreeMap::new();
    for pair in c.tokens().windows(2) {
        if pair[0].text == "func" && pair[1].kind == Kind::Func {
            let (t, name) = (pair[1], name_of(&pair[1])?);
            let id = FuncId::from_index(names.len());
            if names.insert(name, id).is_some() {
                return Err(t.error(format!("function `{}` is defined twice", t.text)));
            }
        }
    }
    Ok(names)
}

/// Ops by name.
pub(super) struct Ops {
    by_name: BTreeMap<&'static str, Op>,
}

impl Ops {
    fn new() -> Ops {
        let by_name = prototypes().into_iter().map(|o| (mnemonic(&o), o));
        Ops {
            by_name: by_name.collect(),
        }
    }
    fn find(&self, t: &Token<'_>) -> Result<Op> {
        self.by_name.get(t.text).cloned().ok_or_else(|| {
            let near = nearest(t.text, self.by_name.keys().copied());
            t.error(format!("unknown op {}{near}", t.describe()))
        })
    }
}

/// What may follow the closing brace of a region.
#[derive(Copy, Clone)]
enum Next {
    Nothing,
    Else,
    Do,
    /// `case` with that number, or the end.
    Case(u32),
}

/// An open region.
struct Frame<'s> {
    region: Region,
    /// The instruction that owns it; none for the body of the function.
    owner: Option<Inst>,
    next: Next,
    opened: Token<'s>,
}

/// A value's name: where it was first seen, and the value once it is defined.
struct Name<'s> {
    first: Token<'s>,
    value: Option<Value>,
}

/// Reads one function. Operands are numbers of names until the function ends: values may be used above their definition, which only the verifier
/// minds.
pub(super) struct FuncParser<'a, 's> {
    pub(super) c: &'a mut Cursor<'s>,
    funcs: &'a BTreeMap<String, FuncId>,
    ops: &'a Ops,
    files: usize,
    f: Func,
    numbers: BTreeMap<&'s str, u32>,
    names: Vec<Name<'s>>,
    slots: BTreeMap<&'s str, Slot>,
    labels: BTreeMap<&'s str, Label>,
    frames: Vec<Frame<'s>>,
    places: FuncPlaces,
}

impl<'a, 's> FuncParser<'a, 's> {
    fn new(
        c: &'a mut Cursor<'s>,
        funcs: &'a BTreeMap<String, FuncId>,
        ops: &'a Ops,
        files: usize,
    ) -> Result<Self> {
        let (at, name) = c.func_name()?;
        Ok(FuncParser {
            c,
            funcs,
            ops,
            files,
            f: Func::new(name, &[], &[]),
            numbers: BTreeMap::new(),
            names: Vec::new(),
            slots: BTreeMap::new(),
            labels: BTreeMap::new(),
            frames: Vec::new(),
            places: FuncPlaces {
                name: at.range(),
                insts: Vec::new(),
            },
        })
    }

    fn func(mut self) -> Result<(Func, FuncPlaces)> {
        let params = self.params()?;
        self.define_params(self.f.body, params)?;
        self.c.expect("->")?;
        self.c.expect("(")?;
        self.f.results = self.c.list(")", Cursor::ty)?;
        if self.c.eat("rule") {
            self.f.rule = Some(if self.c.eat("jvp") {
                CustomRule::Jvp(self.callee()?)
            } else if self.c.eat("vjp") {
                CustomRule::Vjp(self.callee()?)
            } else if self.c.eat("forward") {
                CustomRule::Forward
            } else {
                return Err(self.c.expected("`jvp`, `vjp` or `forward`"));
            });
        }
        self.f.apart = self.c.eat("apart");
        self.f.span = self.span()?;
        let opened = self.c.expect("{")?;
        self.frames.push(Frame {
            region: self.f.body,
            owner: None,
            next: Next::Nothing,
            opened,
        });
        while let Some(frame) = self.frames.last() {
            let t = self.c.peek();
            if t.kind == Kind::Eof {
                return Err(t.error(format!(
                    "expected `}}` for the `{{` of line {}, found the end of the text",
                    frame.opened.line
                )));
            }
            if self.c.is("}") {
                self.close()?;
            } else {
                self.statement()?;
            }
        }
        self.resolve()
    }

    // Names.

    /// The number of a name, which stands for its value until the end.
    fn number(&mut self, t: Token<'s>) -> u32 {
        let n = self.names.len() as u32;
        let k = *self.numbers.entry(t.text).or_insert(n);
        if k == n {
            self.names.push(Name {
                first: t,
                value: None,
            });
        }
        k
    }
    fn define(&mut self, t: Token<'s>, v: Value) -> Result<()> {
        let k = self.number(t);
        match self.names[k as usize].value.replace(v) {
            None => Ok(()),
            Some(_) => Err(t.error(format!("value `{}` is defined twice", t.text))),
        }
    }
    fn define_params(&mut self, r: Region, params: Vec<(Token<'s>, Type)>) -> Result<()> {
        for (t, ty) in params {
            let v = self.f.add_param(r, ty);
            self.define(t, v)?;
        }
        Ok(())
    }
    /// Replaces the numbers of names by their values.
    fn resolve(mut self) -> Result<(Func, FuncPlaces)> {
        if let Some(n) = self.names.iter().find(|n| n.value.is_none()) {
            let known = self
                .names
                .iter()
                .filter(|n| n.value.is_some())
                .map(|n| n.first.text);
            let near = nearest(n.first.text, known);
            let message = format!("value {} is not defined{near}", n.first.describe());
            return Err(n.first.error(message));
        }
        let value = |v: &mut Value| {
            if let Some(x) = self.names[v.index()].value {
                *v = x;
            }
        };
        self.f
            .insts
            .values_mut()
            .for_each(|d| d.args.iter_mut().for_each(value));
        self.f
            .regions
            .values_mut()
            .for_each(|r| r.yields.iter_mut().for_each(value));
        self.f.labels = self.labels.len() as u32;
        Ok((self.f, self.places))
    }

    // Pieces that operations are made of.

    pub(super) fn value(&mut self) -> Result<Value> {
        let t = self.c.kind(Kind::Ident, "a value")?;
        Ok(Value(self.number(t)))
    }
    /// Values separated by commas, from the same line; none if no word is next.
    pub(super) fn operands(&mut self) -> Result<Vec<Value>> {
        let mut out = Vec::new();
        if self.c.peek().kind == Kind::Ident && self.c.same_line() {
            out.push(self.value()?);
            while self.c.eat(",") {
                out.push(self.value()?);
            }
        }
        Ok(out)
    }
    pub(super) fn callee(&mut self) -> Result<FuncId> {
        let (t, name) = self.c.func_name()?;
        self.funcs.get(&name).copied().ok_or_else(|| {
            let near = nearest(&name, self.funcs.keys().map(String::as_str));
            t.error(format!("function {} is not defined{near}", t.describe()))
        })
    }
    pub(super) fn slot(&mut self) -> Result<Slot> {
        let t = self.c.kind(Kind::Ident, "a slot")?;
        self.slots.get(t.text).copied().ok_or_else(|| {
            let near = nearest(t.text, self.slots.keys().copied());
            t.error(format!("slot {} is not declared{near}", t.describe()))
        })
    }
    pub(super) fn label(&mut self) -> Result<Label> {
        let t = self.c.kind(Kind::Ident, "a label")?;
        let next = Label(self.labels.len() as u32);
        Ok(*self.labels.entry(t.text).or_insert(next))
    }
    /// `name: type`.
    pub(super) fn param(&mut self) -> Result<(Token<'s>, Type)> {
        let t = self.c.kind(Kind::Ident, "a parameter's name")?;
        self.c.expect(":")?;
        Ok((t, self.c.ty()?))
    }
    fn params(&mut self) -> Result<Vec<(Token<'s>, Type)>> {
        self.c.expect("(")?;
        let mut out = Vec::new();
        while !self.c.eat(")") {
            if !out.is_empty() && !self.c.eat(",") {
                return Err(self.c.expected("`,` or `)`"));
            }
            out.push(self.param()?);
        }
        Ok(out)
    }
    /// `@line:col` or `@file:line:col`, or nothing.
    fn span(&mut self) -> Result<Span> {
        if !self.c.is("@") {
            return Ok(Span::NONE);
        }
        let at = self.c.next();
        let a: u32 = self.c.int("a line number")?;
        self.c.expect(":")?;
        let b: u32 = self.c.int("a column number")?;
        let (file, line, col) = if self.c.eat(":") {
            (a, b, self.c.int("a column number")?)
        } else {
            (0, a, b)
        };
        if line == 0 {
            return Err(at.error("lines count from 1"));
        }
        if file as usize >= self.files {
            return Err(at.error(format!("file {file} is not in the file table")));
        }
        Ok(Span {
            file: FileId(file),
            line,
            col,
        })
    }

    // Statements and regions.

    fn statement(&mut self) -> Result<()> {
        let after = self.c.ahead(1);
        let names = matches!(after.text, "," | "=") && after.kind == Kind::Punct;
        if !names && (self.c.is("yield") || self.c.is("return")) {
            return self.yields();
        }
        if !names && self.c.is("slot") && self.c.ahead(2).text == ":" {
            return self.slot_declaration();
        }
        let mut results = Vec::new();
        if names {
            loop {
                results.push(self.c.kind(Kind::Ident, "a name for a result")?);
                if self.c.eat("=") {
                    break;
                }
                if !self.c.eat(",") {
                    return Err(self.c.expected("`,` or `=`"));
                }
            }
        }
        self.instruction(results)
    }

    fn slot_declaration(&mut self) -> Result<()> {
        if self.frames.len() > 1 {
            let message = "slots are declared at the top of the function";
            return Err(self.c.peek().error(message));
        }
        self.c.next();
        let t = self.c.kind(Kind::Ident, "a slot's name")?;
        self.c.expect(":")?;
        let ty = self.c.ty()?;
        let name = if self.c.peek().kind == Kind::Str {
            self.c.string()?
        } else {
            String::new()
        };
        let s = self.f.slots.push(SlotData { ty, name });
        match self.slots.insert(t.text, s) {
            None => Ok(()),
            Some(_) => Err(t.error(format!("slot `{}` is declared twice", t.text))),
        }
    }

    fn yields(&mut self) -> Result<()> {
        let want = if self.frames.len() == 1 {
            "return"
        } else {
            "yield"
        };
        if !self.c.is(want) {
            return Err(self.c.expected(&format!("`{want}`")));
        }
        self.c.next();
        let values = self.operands()?;
        if let Some(frame) = self.frames.last() {
            self.f.regions[frame.region].yields = values;
        }
        if self.c.is("}") {
            Ok(())
        } else {
            Err(self.c.expected(&format!("`}}` (nothing follows `{want}`)")))
        }
    }

    fn instruction(&mut self, results: Vec<Token<'s>>) -> Result<()> {
        let op_token = self.c.kind(Kind::Ident, "an op")?;
        let proto = self.ops.find(&op_token)?;
        let Header {
            op,
            args,
            params,
            implied,
            regions,
        } = self.header(proto)?;
        let types = if self.c.eat(":") {
            let mut types = alloc::vec![self.c.ty()?];
            while self.c.eat(",") {
                types.push(self.c.ty()?);
            }
            types
        } else if let Some(types) = implied {
            types
        } else if results.is_empty() {
            Vec::new()
        } else {
            return Err(self.c.expected("`:` and the types of the results"));
        };
        if types.len() != results.len() {
            let t = results.first().unwrap_or(&op_token);
            return Err(t.error(format!(
                "{} result(s) named for {} type(s)",
                results.len(),
                types.len()
            )));
        }
        let span = self.span()?;
        let i = self.f.make_inst(op, args, Vec::new(), &types, span);
        self.places.insts.push(op_token.range());
        for (k, t) in results.into_iter().enumerate() {
            let v = self.f.insts[i].results[k];
            self.define(t, v)?;
        }
        if let Some(frame) = self.frames.last() {
            self.f.regions[frame.region].insts.push(i);
        }
        let next = match regions {
            Regions::None => return Ok(()),
            Regions::One => Next::Nothing,
            Regions::Else => Next::Else,
            Regions::Do => Next::Do,
            Regions::Cases => {
                self.case(0)?;
                Next::Case(1)
            }
        };
        self.open(i, params, next)
    }

    fn case(&mut self, want: u32) -> Result<()> {
        self.c.expect("case")?;
        let t = self.c.peek();
        if self.c.int::<u32>("the number of the case")? != want {
            return Err(t.error(format!("cases are numbered in order; this is case {want}")));
        }
        Ok(())
    }

    fn open(&mut self, owner: Inst, params: Vec<(Token<'s>, Type)>, next: Next) -> Result<()> {
        let opened = self.c.expect("{")?;
        if self.frames.len() > MAX_REGION_DEPTH {
            return Err(opened.error(format!("regions nest deeper than {MAX_REGION_DEPTH}")));
        }
        let region = self.f.regions.push(RegionData::default());
        self.f.insts[owner].regions.push(region);
        self.define_params(region, params)?;
        self.frames.push(Frame {
            region,
            owner: Some(owner),
            next,
            opened,
        });
        Ok(())
    }

    /// The closing brace of the innermost region, and what opens the next region of the same instruction.
    fn close(&mut self) -> Result<()> {
        self.c.expect("}")?;
        let Some(Frame {
            owner: Some(owner),
            next,
            ..
        }) = self.frames.pop()
        else {
            return Ok(());
        };
        match next {
            Next::Nothing => Ok(()),
            Next::Else => {
                self.c.expect("else")?;
                self.open(owner, Vec::new(), Next::Nothing)
            }
            Next::Do => {
                self.c.expect("do")?;
                let params = self.params()?;
                self.open(owner, params, Next::Nothing)
            }
            Next::Case(n) => {
                if !(self.c.is("case") && self.c.ahead(1).kind == Kind::Number) {
                    return Ok(());
                }
                self.case(n)?;
                self.open(owner, Vec::new(), Next::Case(n + 1))
            }
        }
    }
}

/// Which regions an instruction opens.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Regions {
    None,
    One,
    Else,
    Do,
    Cases,
}
