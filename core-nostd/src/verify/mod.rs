//! The verifier: what holds for every module that passes run on, derivatives are taken of, and executors run.
//!
//! Start with [`verify`]. `structure` checks what the tree of regions is made of (V1 to V6), iteratively; only if that holds does
//! `types` look at operations (V7 and up), for which entities can then be followed blindly. Time is about linear in the size of the
//! module, and no module, however malformed, makes it panic or overflow the stack.
//!
//! # Invariants
//!
//! | | |
//! |---|---|
//! | V1 | Every region, instruction, value, slot, label, function and source file that is named exists. |
//! | V2 | The regions are a tree: each belongs to one instruction (or is the body), each instruction is in one region, once. |
//! | V3 | A value is defined once, and its [`ValueDef`](crate::ir::ValueDef) says where. |
//! | V4 | A value is used after its definition only, in the region that defines it or one nested in that. |
//! | V5 | Records, sequences and stacks nest [`MAX_TYPE_DEPTH`] deep at most; a tensor has at most [`MAX_RANK`] axes. |
//! | V6 | Regions nest [`MAX_REGION_DEPTH`] deep at most. |
//! | V7 | The operands suit the op ([`ops::infer`](crate::ops::infer)). |
//! | V8 | The results are as many as the op has, and the types it gives fit ([`Type::fits`]) those recorded. |
//! | V9 | An op that takes no regions has none; what regions take and yield suits the op ([`infer_regions`](crate::ops::control::infer_regions)). |
//! | V10 | What the body returns fits the function's result types. |
//! | V11 | The operands of a call fit the function's parameters, its results are the function's. |
//! | V12 | A derivative call chooses existing parameters with a tangent space, ascending; operands and results suit [`DeriveKind`](crate::ir::DeriveKind). |
//! | V13 | The transpose of a `custom_linear` takes the residuals and a cotangent for each result, and returns one for each tangent. |
//! | V14 | The path of a slot access leads to a place in the slot, its indices are integer scalars, and what is written fits the place. |
//! | V15 | A `br` is inside the block of its label; a block has no parameters, yields or results, and no block inside it has its label. |
//! | V16 | A function with a derivative rule and the rule's function have signatures that suit each other ([`CustomRule`](crate::ir::CustomRule)). |
//! | V17 | Functions have names, each its own. |
//! | V18 | A tensor constant has at least one axis, and as many elements as its extents say. |
//! | V19 | A lowered module ([`verify_lowered`]) has no slots, blocks or derivative calls. |

mod signature;
mod structure;
#[cfg(test)]
mod tests;
mod types;

use crate::entity::{Entity, FuncId, Inst, PrimaryMap, Region, Value};
use crate::ir::{DeriveKind, Func, Module, Span, Type};
use crate::text::print_noted;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How deeply regions may nest.
pub const MAX_REGION_DEPTH: usize = 200;
/// How deeply records, sequences and stacks may nest in a type.
pub const MAX_TYPE_DEPTH: usize = 64;
/// How many axes a tensor may have.
pub const MAX_RANK: usize = 64;
/// How many errors are reported at most.
pub const MAX_ERRORS: usize = 20;

/// What an error is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum At {
    /// The function as a whole.
    Func,
    /// A region.
    Region(Region),
    /// An instruction.
    Inst(Inst),
    /// A value, and the instruction that defines or uses it, if one does.
    Value(Value, Option<Inst>),
}

impl At {
    fn inst(self) -> Option<Inst> {
        match self {
            At::Inst(i) => Some(i),
            At::Value(_, i) => i,
            At::Func | At::Region(_) => None,
        }
    }
}

/// A rule that a module breaks.
#[derive(Clone, PartialEq, Debug)]
pub struct VerifyError {
    /// The function.
    pub func: FuncId,
    /// Its name.
    pub name: String,
    /// Where in it.
    pub at: At,
    /// The number of the invariant: 7 is V7.
    pub rule: u16,
    /// What is wrong.
    pub message: String,
    /// The source place, if known.
    pub span: Span,
    /// The source place as `file:line:col`, or empty.
    pub place: String,
    /// The lines of the function around the error, with the message under the line it is about.
    pub context: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V{}: {} (in @{}", self.rule, self.message, self.name)?;
        if !self.place.is_empty() {
            write!(f, " at {}", self.place)?;
        }
        f.write_str(")")?;
        if !self.context.is_empty() {
            write!(f, "\n{}", self.context)?;
        }
        Ok(())
    }
}

impl core::error::Error for VerifyError {}

/// Checks a module of either stage.
///
/// # Errors
/// The first [`MAX_ERRORS`] broken rules.
pub fn verify(m: &Module) -> Result<(), Vec<VerifyError>> {
    run(m, false)
}

/// Checks a module that has been lowered: [`verify`], and V19.
///
/// # Errors
/// The first [`MAX_ERRORS`] broken rules.
pub fn verify_lowered(m: &Module) -> Result<(), Vec<VerifyError>> {
    run(m, true)
}

/// The types of what a derivative gives of a function with these parameters and results.
///
/// # Errors
/// Why there is none.
pub fn derived(
    params: &[Type],
    results: &[Type],
    kind: DeriveKind,
    wrt: &[u32],
) -> Result<Vec<Type>, String> {
    let own = Signature {
        params: params.to_vec(),
        results: results.to_vec(),
    };
    signature::derivative(&own, kind, wrt).map(|s| s.results)
}

fn run(m: &Module, lowered: bool) -> Result<(), Vec<VerifyError>> {
    let mut errors = Vec::new();
    // What callers and rules see of a function; none if its structure is broken.
    let mut signatures: PrimaryMap<FuncId, Option<Signature>> = PrimaryMap::new();
    let mut by_name: BTreeMap<&str, FuncId> = BTreeMap::new();
    for (id, f) in m.funcs.iter() {
        let mut report = Report::new(m, id, &mut errors);
        let sound = structure::check(&mut report, f);
        signatures.push(sound.then(|| Signature {
            params: f.param_types(),
            results: f.results.clone(),
        }));
        if f.name.is_empty() {
            report.error(At::Func, 17, "the function has no name".into());
        }
        if let Some(first) = by_name.insert(&f.name, id) {
            let message = format!("function {} has the same name", first.index());
            report.error(At::Func, 17, message);
        }
    }
    for (id, f) in m.funcs.iter() {
        if signatures[id].is_some() {
            types::check(
                &mut Report::new(m, id, &mut errors),
                f,
                &signatures,
                lowered,
            );
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// The types of a function's parameters and results.
struct Signature {
    params: Vec<Type>,
    results: Vec<Type>,
}

type Signatures = PrimaryMap<FuncId, Option<Signature>>;

/// Where errors of one function go.
struct Report<'a> {
    m: &'a Module,
    func: FuncId,
    errors: &'a mut Vec<VerifyError>,
}

impl<'a> Report<'a> {
    fn new(m: &'a Module, func: FuncId, errors: &'a mut Vec<VerifyError>) -> Report<'a> {
        Report { m, func, errors }
    }
    fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }
    fn error(&mut self, at: At, rule: u16, message: String) {
        if self.is_full() {
            return;
        }
        let f: &Func = &self.m.funcs[self.func];
        let inst = at.inst();
        let span = match inst.and_then(|i| f.insts.get(i)) {
            Some(d) => d.span,
            None => f.span,
        };
        let place = match self.m.files.get(span.file) {
            Some(file) if span.is_known() => format!("{file}:{}:{}", span.line, span.col),
            _ => String::new(),
        };
        // A type that is too deep cannot be printed without recursing as deep.
        let context = if rule == 5 {
            String::new()
        } else {
            let note = format!("^ V{rule}: {message}");
            excerpt(&print_noted(self.m, self.func, inst, &note), &note)
        };
        self.errors.push(VerifyError {
            func: self.func,
            name: f.name.clone(),
            at,
            rule,
            message,
            span,
            place,
            context,
        });
    }
}

/// The lines around the one that has the note, and the function's first line.
fn excerpt(text: &str, note: &str) -> String {
    const AROUND: usize = 6;
    let at = text
        .lines()
        .position(|l| l.trim_start().starts_with("; ^") && l.contains(note));
    let at = at.unwrap_or(0);
    let from = at.saturating_sub(AROUND);
    let mut out = String::new();
    if from > 0 {
        out.push_str(text.lines().next().unwrap_or(""));
        out.push('\n');
    }
    if from > 1 {
        out.push_str("  …\n");
    }
    for line in text.lines().skip(from).take(at - from + AROUND) {
        out.push_str(line);
        out.push('\n');
    }
    if text.lines().nth(at + AROUND).is_some() {
        out.push_str("  …\n");
    }
    out
}
