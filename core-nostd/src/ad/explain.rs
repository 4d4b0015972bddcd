//! What reverse mode saves and what it computes again, loop by loop: data for people who look after memory.

use super::backward::Back;
use super::demand::Key;
use super::{Ad, Options, check, prepare, through_a_call};
use crate::entity::{FuncId, Inst, Value};
use crate::error::AdError;
use crate::ir::{ControlOp, DeriveKind, Module, Op, Span, Type, ValueDef};
use crate::ops;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A residual, or a value that takes the place of one.
#[derive(Clone, PartialEq, Debug)]
pub struct Residual {
    /// What it is: the operation that computes it, or in words.
    pub what: String,
    /// Its type.
    pub ty: Type,
    /// Its size, if it is a number or a record of numbers.
    pub bytes: Option<u64>,
    /// Where in the source it is computed.
    pub span: Span,
}

/// What the derivative of a loop needs of the loop.
#[derive(Clone, PartialEq, Debug)]
pub struct LoopResiduals {
    /// The function that the loop is in after calls were inlined.
    pub func: String,
    /// Where the loop is.
    pub span: Span,
    /// How many loops of the function are around it.
    pub depth: usize,
    /// What every iteration saves.
    pub saved: Vec<Residual>,
    /// What the backward pass computes again in every iteration.
    pub recomputed: Vec<Residual>,
}

impl LoopResiduals {
    /// How many bytes an iteration saves; `None` if that depends on the sizes of arrays.
    pub fn bytes(&self) -> Option<u64> {
        self.saved.iter().map(|r| r.bytes).sum()
    }

    /// As text: a line for the loop, and one for each value.
    pub fn render(&self, m: &Module) -> String {
        let margin = "  ".repeat(self.depth);
        let bytes = match self.bytes() {
            Some(0) => "nothing saved".into(),
            Some(n) => format!("{} saved per iteration", counted(n)),
            None => String::from("saved per iteration, of sizes known when it runs"),
        };
        let at = place(m, self.span);
        let mut out = format!("{margin}loop{at} in @{}: {bytes}\n", self.func);
        let lists = [("saved", &self.saved), ("computed again", &self.recomputed)];
        for (title, list) in lists {
            for r in list {
                let bytes = r
                    .bytes
                    .map_or(String::new(), |n| format!(", {}", counted(n)));
                let at = place(m, r.span);
                out += &format!("{margin}  {title}: {} : {}{bytes}{at}\n", r.what, r.ty);
            }
        }
        out
    }
}

/// Says for each loop of the derivative [`derive`](super::derive()) would make what an iteration saves for the backward
/// pass, in the order of the source, outer loops first. Forward mode saves nothing.
///
/// # Errors
/// As for [`derive`](super::derive()).
pub fn explain(
    m: &Module,
    f: FuncId,
    kind: DeriveKind,
    wrt: &[u32],
) -> Result<Vec<LoopResiduals>, AdError> {
    let mask = check(m, f, kind, wrt)?;
    if matches!(kind, DeriveKind::Jvp | DeriveKind::Batch) {
        return Ok(Vec::new());
    }
    let mut m = m.clone();
    let f = through_a_call(&mut m, f);
    let (f, ranges) = prepare::prepare(&mut m, f, &mask, Options::default())?;
    let mut ad = Ad::new(&mut m, Options::default());
    ad.report = Some(Vec::new());
    ad.wrap_reverse(f, kind, mask)?;
    let mut report = ad.report.unwrap_or_default();
    report.sort_by_key(|(position, _)| *position);
    let mut report: Vec<LoopResiduals> = report.into_iter().map(|(_, r)| r).collect();
    for r in ranges {
        report.extend(explain(&m, r.func, DeriveKind::Vjp, &r.wrt)?);
    }
    Ok(report)
}

fn counted(bytes: u64) -> String {
    let s = if bytes == 1 { "" } else { "s" };
    format!("{bytes} byte{s}")
}

/// Where in the source, if known.
fn place(m: &Module, span: Span) -> String {
    if span.line == 0 {
        return String::new();
    }
    let file = m.files.get(span.file).map_or("", String::as_str);
    format!(" at {file}:{}:{}", span.line, span.col)
}

/// The size of a value that has one.
pub(super) fn size(t: &Type) -> Option<u64> {
    match t {
        Type::Tensor(t) => {
            let n = t
                .shape
                .iter()
                .try_fold(1u64, |n, d| n.checked_mul(d.known()?))?;
            n.checked_mul(t.dtype.bytes() as u64)
        }
        Type::Record(fields) => fields.iter().map(size).sum(),
        Type::Seq(_) | Type::Stack(_) => None,
    }
}

impl Back<'_, '_> {
    /// Notes what a loop saves and what is computed again.
    pub(super) fn note(&mut self, l: Inst, saved: &[(Key, Type)], again: &[Value]) {
        if self.ad.report.is_none() {
            return;
        }
        let mut path = 0;
        let mut r = self.marks.inst_home[l];
        while let Some(i) = self.facts.extents.owner[r] {
            let op = &self.src.insts[i].op;
            path += usize::from(matches!(op, Op::Control(ControlOp::For | ControlOp::While)));
            r = self.marks.inst_home[i];
        }
        let (mut at, mut found) = (0, 0);
        self.src.visit(self.src.body, &mut |i, _| {
            at += 1;
            if i == l {
                found = at;
            }
        });
        let saved = saved.iter().map(|(k, ty)| self.describe(*k, ty, l));
        let mut again: Vec<Value> = again.to_vec();
        again.sort_unstable();
        let again = again
            .iter()
            .map(|&v| self.describe(Key::Value(v), self.src.ty(v), l));
        let name = &self.src.name;
        let residuals = LoopResiduals {
            func: name.strip_suffix(".jvp").unwrap_or(name).into(),
            span: self.src.insts[l].span,
            depth: path,
            saved: saved.collect(),
            recomputed: again.collect(),
        };
        let order = self.ad.report_order();
        if let Some(report) = &mut self.ad.report {
            report.push(((order, found), residuals));
        }
    }

    fn describe(&self, key: Key, ty: &Type, l: Inst) -> Residual {
        let span = |i: Inst| self.src.insts[i].span;
        let value = |v: Value| match self.src.values[v].def {
            ValueDef::Result(i, _) => (ops::name(&self.src.insts[i].op), span(i)),
            ValueDef::Param(..) => ("carried value".into(), span(l)),
        };
        let (what, span) = match key {
            Key::Value(v) => value(v),
            Key::Last(v, i) => (
                format!("{}, the same throughout an inner loop", value(v).0),
                span(i),
            ),
            Key::Dim(v, _) => (format!("extent of {}", value(v).0), value(v).1),
            Key::Zeros(v) => (format!("extents of {}", value(v).0), value(v).1),
            Key::Extra(i, _) => ("value of a branch".into(), span(i)),
            Key::Callee(i, _) => ("residual of a call".into(), span(i)),
            Key::Stack(i) => ("stack of a loop".into(), span(i)),
            Key::Count(i) => ("number of iterations".into(), span(i)),
        };
        Residual {
            what,
            bytes: size(ty),
            ty: ty.clone(),
            span,
        }
    }
}

impl Ad<'_> {
    /// The order of a function's report: callers after callees are made, so the last made comes first.
    fn report_order(&self) -> core::cmp::Reverse<usize> {
        core::cmp::Reverse(self.pairs.count())
    }
}
