//! Writes operations: names, types, attributes, regions, source places. Knows nothing of the program.
//!
//! Everything is in MLIR's generic form, `%3 = "stablehlo.add"(%1, %2) <{…}> : (tensor<f32>, tensor<f32>) -> tensor<f32>`, which has one
//! syntax for all operations and is read by every version of the parser. Start with [`Cx::op`].

use super::value::{Fact, Layout, Name, Sym, Tensor, TensorLayout};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::{DType, Module, Span};
use cotangent_core::value::{self, Scalar};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::rc::Rc;

/// How a program is written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    /// Whether traps are found: the module then has one more result, the number of the trap that happened first. Without, an index out of range
    /// is clamped, integers wrap, and a failed assertion is nothing.
    pub checked: bool,
    /// Whether loops stay loops. Else they become array operations where they can be, whose lengths must be known or have a bound.
    pub keep_loops: bool,
    /// The precision of products of matrices and convolutions of single-precision floats, on hardware that has several.
    pub precision: Precision,
    /// For how many items there is room in an array whose length only the run decides: one that grows in a loop without bound, say. A program that has
    /// such arrays says when one of them outgrew its room; it is to be written again with more. 0: such programs are refused.
    pub room: u64,
    /// Whether such programs are refused first, as something else may be better: to know the values of integers ([`Help::Room`](super::error::Help)).
    pub exact: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            checked: false,
            keep_loops: false,
            precision: Precision::default(),
            room: ROOM,
            exact: false,
        }
    }
}

/// The room of arrays whose length only the run decides, where nobody says.
pub const ROOM: u64 = 256;

impl Options {
    /// Whether loops become array operations where they can be. A program that finds traps keeps its loops, whose traps come in their order.
    pub fn rewrites_loops(self) -> bool {
        !self.checked && !self.keep_loops
    }
}

/// How precise products of matrices and convolutions are where hardware has a choice; others compute as their type says.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Precision {
    /// As the type says.
    #[default]
    Highest,
    /// About half of that.
    High,
    /// What the plugin takes if nothing is asked of it: on a TPU, factors rounded to `bf16`.
    Default,
}

/// A place where a checked program may trap, or where an array may outgrow its room.
#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    /// What happens there. What depends on the run (the index) is not known: 0 stands for it.
    pub kind: TrapKind,
    /// Whether it is no fault of the program: an array has more items than there is room for ([`Options::room`]).
    pub outgrown: bool,
    /// The function.
    pub func: String,
    /// The source file, or empty.
    pub file: String,
    /// The line, 0 if unknown.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A module being written.
#[derive(Debug)]
pub struct Cx<'m> {
    /// The program.
    pub module: &'m Module,
    /// How it is written.
    pub options: Options,
    /// Whether the program runs on several devices.
    pub(super) spread: bool,
    pub(super) text: String,
    pub(super) indent: usize,
    /// The place of the instruction being written.
    pub(super) span: Span,
    /// The name of the function being written, innermost of the inlined ones.
    pub(super) calls: Vec<(cotangent_core::ir::FuncId, Span)>,
    next: u32,
    /// The constants, which stand before the text.
    pub(super) prologue: Vec<(Name, String)>,
    constants: HashMap<(String, TensorLayout), Tensor>,
    /// The elements of vectors that were made of scalars: so extents that went through an array stay known.
    pub(super) elements: HashMap<Name, Vec<Tensor>>,
    /// What was pushed, one after another, onto arrays of known length, by the first tensor of their items: popped again it is itself. So a recursion whose depth is
    /// known ends backwards too.
    pub(super) pushed: HashMap<Name, Vec<Sym>>,
    /// How many items at most conditions let arrays have before one is added, as seen in the loop being written.
    pub(super) limits: BTreeSet<u64>,
    /// The control operations that are being written, innermost last.
    pub(super) path: Path,
    /// How a loop carried its values when it was written the last time: as it will again, most likely.
    pub(super) guesses: HashMap<(Path, Vec<Layout>), (Vec<Layout>, Vec<usize>)>,
    /// Whether an array needs a room that it may outgrow, but the program does not say so: it is to be written again, with a result that does.
    pub(super) wants_room: bool,
    /// In a checked program, or one with arrays that may outgrow their room, the number of the trap so far, `i32`; 0 is none.
    pub(super) trap: Option<Tensor>,
    /// Where it may trap; number `n` is the element before it.
    pub(super) sites: Vec<Site>,
    /// While operations go over all the room of an array: its length.
    pub(super) live: Option<Tensor>,
    /// What lengths that are not known are at most.
    pub(super) bounds: HashMap<Name, u64>,
    /// For each function written so far, [where what follows a convolution ends](super::epilogue).
    pub(super) ends:
        HashMap<cotangent_core::ir::FuncId, Rc<HashSet<cotangent_core::entity::Value>>>,
    /// How many operations of the program were looked at.
    pub(super) looked: u64,
    /// How many calls were written.
    pub(super) called: u64,
    /// The bytes of the largest tensor so far.
    pub(super) largest: u64,
}

/// Control operations inside one another, by function and place in it.
pub(super) type Path = Vec<(cotangent_core::ir::FuncId, cotangent_core::entity::Inst)>;

/// A region, written.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its parameters.
    pub params: Vec<Tensor>,
    /// Its operations.
    pub text: String,
    /// What it returns.
    pub results: Vec<Tensor>,
}

impl<'m> Cx<'m> {
    /// Nothing written yet.
    pub(super) fn new(module: &'m Module, options: Options) -> Cx<'m> {
        Cx {
            module,
            options,
            spread: false,
            text: String::new(),
            indent: 2,
            span: Span::NONE,
            calls: Vec::new(),
            next: 0,
            prologue: Vec::new(),
            constants: HashMap::new(),
            elements: HashMap::new(),
            pushed: HashMap::new(),
            limits: BTreeSet::new(),
            path: Path::new(),
            guesses: HashMap::new(),
            wants_room: false,
            trap: None,
            sites: Vec::new(),
            live: None,
            bounds: HashMap::new(),
            ends: HashMap::new(),
            looked: 0,
            called: 0,
            largest: 0,
        }
    }
    /// A name not used yet, for a tensor of that type.
    pub fn fresh(&mut self, ty: TensorLayout) -> Tensor {
        let name = Name(self.next);
        self.next += 1;
        Tensor {
            name,
            ty,
            fact: Fact::None,
            most: None,
        }
    }
    /// What `f` writes, apart from the text so far, one level further in.
    pub(super) fn apart<R>(&mut self, f: impl FnOnce(&mut Cx<'m>) -> R) -> (String, R) {
        let outer = std::mem::take(&mut self.text);
        self.indent += 1;
        let out = f(self);
        self.indent -= 1;
        (std::mem::replace(&mut self.text, outer), out)
    }
    /// A region that computes `results` of `params` by what `f` writes.
    pub fn block<E>(
        &mut self,
        params: &[TensorLayout],
        f: impl FnOnce(&mut Cx<'m>, &[Tensor]) -> Result<Vec<Tensor>, E>,
    ) -> Result<Block, E> {
        let params: Vec<Tensor> = params.iter().map(|t| self.fresh(t.clone())).collect();
        let (text, results) = self.apart(|cx| f(cx, &params));
        Ok(Block {
            params,
            text,
            results: results?,
        })
    }
    fn line(&mut self, s: &str) {
        self.spaces();
        self.text.push_str(s);
        self.text.push('\n');
    }
    fn spaces(&mut self) {
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
    }

    /// An operation with one result. `name` is without the dialect if that is StableHLO (`add`, but `chlo.erf`), `attributes` without brackets (`dimension = 0 : i64`).
    pub fn op(
        &mut self,
        name: &str,
        args: &[&Tensor],
        attributes: &str,
        ty: TensorLayout,
    ) -> Tensor {
        let mut out = self.ops(name, args, attributes, vec![ty]);
        out.pop().expect("one result was asked for")
    }
    /// An operation with any number of results.
    pub fn ops(
        &mut self,
        name: &str,
        args: &[&Tensor],
        attributes: &str,
        types: Vec<TensorLayout>,
    ) -> Vec<Tensor> {
        self.op_with_blocks(name, args, attributes, types, &[])
    }
    /// An operation with regions.
    pub fn op_with_blocks(
        &mut self,
        name: &str,
        args: &[&Tensor],
        attributes: &str,
        types: Vec<TensorLayout>,
        blocks: &[Block],
    ) -> Vec<Tensor> {
        let results: Vec<Tensor> = types.into_iter().map(|t| self.fresh(t)).collect();
        self.spaces();
        if !results.is_empty() {
            self.text.push_str(&names(&results));
            self.text.push_str(" = ");
        }
        let operands: Vec<String> = args.iter().map(|t| t.name.to_string()).collect();
        let dialect = if name.contains('.') { "" } else { "stablehlo." };
        let _ = write!(self.text, "\"{dialect}{name}\"({})", operands.join(", "));
        if !attributes.is_empty() {
            let _ = write!(self.text, " <{{{attributes}}}>");
        }
        for (i, b) in blocks.iter().enumerate() {
            self.text.push_str(if i == 0 { " ({\n" } else { ", {\n" });
            self.braced(b);
        }
        if !blocks.is_empty() {
            self.text.push(')');
        }
        let operands: Vec<String> = args.iter().map(|t| t.ty.to_string()).collect();
        let _ = write!(self.text, " : ({}) -> ", operands.join(", "));
        match &results[..] {
            [one] => {
                let _ = write!(self.text, "{}", one.ty);
            }
            all => {
                let _ = write!(self.text, "({})", types_of(all));
            }
        }
        let place = self.place();
        self.text.push_str(&place);
        self.text.push('\n');
        results
    }
    /// A region, from behind its opening brace to its closing one.
    fn braced(&mut self, b: &Block) {
        if !b.params.is_empty() {
            let list: Vec<String> = b
                .params
                .iter()
                .map(|t| format!("{}: {}", t.name, t.ty))
                .collect();
            self.line(&format!("^bb0({}):", list.join(", ")));
        }
        self.text.push_str(&b.text);
        self.indent += 1;
        let (values, types) = (names(&b.results), types_of(&b.results));
        self.line(&format!("\"stablehlo.return\"({values}) : ({types}) -> ()"));
        self.indent -= 1;
        self.spaces();
        self.text.push('}');
    }
    /// The source place, as MLIR writes it.
    fn place(&self) -> String {
        if !self.span.is_known() {
            return String::new();
        }
        format!(
            " loc({}:{}:{})",
            quoted(&self.module.files[self.span.file]),
            self.span.line,
            self.span.col
        )
    }

    /// A scalar constant.
    pub fn constant(&mut self, s: Scalar) -> Tensor {
        self.splat(s, TensorLayout::scalar(s.dtype()))
    }
    /// A tensor of copies of a scalar, whose element type is the scalar's. Constants stand at the head of the function, each once.
    pub fn splat(&mut self, s: Scalar, ty: TensorLayout) -> Tensor {
        let key = (literal(s), ty);
        if let Some(t) = self.constants.get(&key) {
            return t.clone();
        }
        let (value, ty) = key.clone();
        let mut t = self.fresh(ty.clone());
        if ty.shape.is_empty() {
            t.fact = Fact::Const(s);
        }
        let line = format!(
            "    {} = \"stablehlo.constant\"() <{{value = dense<{value}> : {ty}}}> : () -> {ty}\n",
            t.name
        );
        self.prologue.push((t.name, line));
        self.constants.insert(key, t.clone());
        t
    }
    /// Writes the constants that the text or the results use: those of rounds of a loop that were thrown away are not.
    pub(super) fn constants_used(&self, results: &[Tensor], out: &mut String) {
        let mut used: HashSet<u32> = results.iter().map(|t| t.name.0).collect();
        for part in self.text.split('%').skip(1) {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            used.extend(part[..digits].parse::<u32>());
        }
        for (name, line) in &self.prologue {
            if used.contains(&name.0) {
                out.push_str(line);
            }
        }
    }
    /// A tensor constant.
    pub fn tensor(&mut self, t: &value::Tensor) -> Tensor {
        let ty = TensorLayout::new(t.dtype(), t.shape.iter().map(|&n| n as u64));
        let mut s = String::new();
        let mut next = 0;
        elements(&t.data, &t.shape, &mut next, &mut s);
        if ty.elements() == 0 {
            s.clear();
        }
        let attribute = format!("value = dense<{s}> : {ty}");
        self.op("constant", &[], &attribute, ty)
    }
    /// A `u64` constant.
    pub fn u64(&mut self, n: u64) -> Tensor {
        self.constant(Scalar::U64(n))
    }
    /// The zero of a type.
    pub fn zeros(&mut self, ty: TensorLayout) -> Tensor {
        self.splat(Scalar::zero(ty.dtype), ty)
    }
    /// In a checked program, traps there unless the `bool` scalar holds.
    pub fn check(&mut self, holds: &Tensor, kind: TrapKind) {
        if self.is_checked() {
            self.stop_unless(holds, kind, false);
        }
    }
    /// Stops the program unless the `bool` scalar holds, where it says why it stopped.
    pub(super) fn stop_unless(&mut self, holds: &Tensor, kind: TrapKind, outgrown: bool) {
        if holds.constant() == Some(Scalar::Bool(true)) {
            return;
        }
        let Some(trap) = self.trap.clone() else {
            return;
        };
        let func = self
            .calls
            .last()
            .map_or_else(String::new, |(f, _)| self.module.funcs[*f].name.clone());
        let at = self.span;
        let file = match at.is_known() {
            true => self.module.files[at.file].clone(),
            false => String::new(),
        };
        self.sites.push(Site {
            kind,
            outgrown,
            func,
            file,
            line: at.line,
            column: at.col,
        });
        let number = self.constant(Scalar::I32(self.sites.len() as i32));
        let none = self.constant(Scalar::I32(0));
        let bool = TensorLayout::scalar(DType::Bool);
        let is_first = self.op(
            "compare",
            &[&trap, &none],
            &compare("EQ", "SIGNED"),
            bool.clone(),
        );
        let fails = self.op("not", &[holds], "", bool.clone());
        let now = self.op("and", &[&is_first, &fails], "", bool);
        self.trap = Some(self.op("select", &[&now, &number, &trap], "", trap.ty.clone()));
    }
    /// Whether traps are found.
    pub fn is_checked(&self) -> bool {
        self.options.checked
    }
}

/// The attributes of a comparison.
pub fn compare(direction: &str, kind: &str) -> String {
    format!(
        "comparison_direction = #stablehlo<comparison_direction {direction}>, compare_type = #stablehlo<comparison_type {kind}>"
    )
}

/// A list of `i64`s as an attribute.
pub fn i64s(of: impl IntoIterator<Item = i64>) -> String {
    let list: Vec<String> = of.into_iter().map(|n| n.to_string()).collect();
    if list.is_empty() {
        return "array<i64>".into();
    }
    format!("array<i64: {}>", list.join(", "))
}

fn names(of: &[Tensor]) -> String {
    let list: Vec<String> = of.iter().map(|t| t.name.to_string()).collect();
    list.join(", ")
}

fn types_of(of: &[Tensor]) -> String {
    let list: Vec<String> = of.iter().map(|t| t.ty.to_string()).collect();
    list.join(", ")
}

/// Nested brackets around the elements of a constant.
fn elements(data: &value::Data, shape: &[usize], next: &mut usize, out: &mut String) {
    let Some((&n, inner)) = shape.split_first() else {
        out.push_str(&literal(data.get(*next)));
        *next += 1;
        return;
    };
    out.push('[');
    for i in 0..n {
        if i > 0 {
            out.push_str(", ");
        }
        elements(data, inner, next, out);
    }
    out.push(']');
}

/// An element as MLIR writes it: floats by their bits, so none is lost.
pub fn literal(s: Scalar) -> String {
    match s {
        Scalar::Bool(b) => b.to_string(),
        Scalar::I8(v) => v.to_string(),
        Scalar::I16(v) => v.to_string(),
        Scalar::I32(v) => v.to_string(),
        Scalar::I64(v) => v.to_string(),
        Scalar::U8(v) => v.to_string(),
        Scalar::U16(v) => v.to_string(),
        Scalar::U32(v) => v.to_string(),
        Scalar::U64(v) => v.to_string(),
        Scalar::F32(v) => float32(v),
        Scalar::F64(v) => float64(v),
        Scalar::C64(v) => format!("({}, {})", float32(v.re), float32(v.im)),
        Scalar::C128(v) => format!("({}, {})", float64(v.re), float64(v.im)),
    }
}

/// In decimals where that reads well and loses nothing.
fn float32(v: f32) -> String {
    let s = format!("{v:e}");
    if v.is_finite() && s.len() < 12 {
        return decimal(&s);
    }
    format!("0x{:08X}", v.to_bits())
}

fn float64(v: f64) -> String {
    let s = format!("{v:e}");
    if v.is_finite() && s.len() < 12 {
        return decimal(&s);
    }
    format!("0x{:016X}", v.to_bits())
}

/// MLIR wants a point in a float: `1e0` is `1.0e0`.
fn decimal(s: &str) -> String {
    match s.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => s.to_string(),
    }
}

/// A string with what MLIR reads specially escaped.
pub fn quoted(s: &str) -> String {
    let mut out = String::from("\"");
    for b in s.bytes() {
        match b {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(b as char);
            }
            0x20..0x7f => out.push(b as char),
            _ => {
                let _ = write!(out, "\\{b:02X}");
            }
        }
    }
    out.push('"');
    out
}
