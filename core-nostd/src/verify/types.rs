//! V7 to V19: operations. The structure has been checked, so every entity can be followed and regions nest to a bound.

use super::signature::{derivative, rule};
use super::{At, Report, Signature, Signatures};
use crate::entity::{Inst, Label, Region, Value};
use crate::error::Why;
use crate::ir::{
    ConstOp, ControlOp, DType, Func, InstData, Op, Path, SlotOp, Step, TangentOp, Type,
};
use crate::ops;
use crate::value::elements;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

struct Checker<'a, 'r> {
    report: &'a mut Report<'r>,
    f: &'a Func,
    signatures: &'a Signatures,
    lowered: bool,
    /// The labels of the enclosing blocks.
    blocks: Vec<Label>,
}

/// Reports what breaks V7 to V19 in a function whose structure is sound.
pub(super) fn check(report: &mut Report<'_>, f: &Func, signatures: &Signatures, lowered: bool) {
    let mut c = Checker {
        report,
        f,
        signatures,
        lowered,
        blocks: Vec::new(),
    };
    c.region(f.body);
    let returned = types_of(f, &f.regions[f.body].yields);
    if let Some(why) = misfit(&returned, &f.results) {
        let message = format!("what is returned does not suit the function: {why}");
        c.report.error(At::Func, 10, message);
    }
    if lowered && !f.slots.is_empty() {
        c.report
            .error(At::Func, 19, "a lowered function has slots".into());
    }
    c.rule();
}

fn types_of<'f>(f: &'f Func, vs: &[Value]) -> Vec<&'f Type> {
    vs.iter().map(|&v| f.ty(v)).collect()
}

/// How types differ from those wanted, if they do not fit.
fn misfit(have: &[&Type], want: &[Type]) -> Option<String> {
    if have.len() != want.len() {
        return Some(format!("{} value(s) for {}", have.len(), want.len()));
    }
    let k = have.iter().zip(want).position(|(a, b)| !a.fits(b))?;
    Some(format!(
        "number {k} is {}, it should be {}",
        have[k], want[k]
    ))
}

impl Checker<'_, '_> {
    fn error(&mut self, i: Inst, rule: u16, message: String) {
        self.report.error(At::Inst(i), rule, message);
    }

    fn region(&mut self, r: Region) {
        let f = self.f;
        for &i in &f.regions[r].insts {
            if self.report.is_full() {
                return;
            }
            let d = &f.insts[i];
            self.inst(i, d);
            let block = match d.op {
                Op::Slot(SlotOp::Block(l)) => Some(l),
                _ => None,
            };
            self.blocks.extend(block);
            for &q in &d.regions {
                self.region(q);
            }
            if block.is_some() {
                self.blocks.pop();
            }
        }
    }

    fn inst(&mut self, i: Inst, d: &InstData) {
        match &d.op {
            Op::Control(c) => self.control(i, d, c),
            Op::Slot(s) => self.slot(i, d, s),
            Op::Const(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Ternary(_)
            | Op::Compare(_)
            | Op::Convert(_)
            | Op::Place(_)
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
            | Op::Effect(_) => self.simple(i, d),
        }
    }

    fn no_regions(&mut self, i: Inst, d: &InstData) {
        if !d.regions.is_empty() {
            let message = format!("`{}` takes no regions", ops::name(&d.op));
            self.error(i, 9, message);
        }
    }

    /// Compares the types an op gives with those recorded.
    fn results(&mut self, i: Inst, d: &InstData, given: &[Type]) {
        let recorded = types_of(self.f, &d.results);
        if recorded.len() != given.len() {
            let (n, k) = (given.len(), recorded.len());
            return self.error(i, 8, format!("the op has {n} result(s), {k} are recorded"));
        }
        if let Some(k) = (0..given.len()).find(|&k| !given[k].fits(recorded[k])) {
            let message = format!(
                "result {k} is recorded as {}, the op gives {}",
                recorded[k], given[k]
            );
            self.error(i, 8, message);
        }
    }

    /// Whether these types fit those recorded for the results.
    fn recorded(&self, d: &InstData, given: &[Type]) -> bool {
        let recorded = types_of(self.f, &d.results);
        recorded.len() == given.len() && given.iter().zip(recorded).all(|(g, r)| g.fits(r))
    }

    fn simple(&mut self, i: Inst, d: &InstData) {
        self.no_regions(i, d);
        if let Op::Const(ConstOp::Tensor(t)) = &d.op
            && (t.shape.is_empty() || elements(&t.shape) != Some(t.data.len()))
        {
            let message = format!(
                "a tensor constant of extents {:?} with {} element(s)",
                t.shape,
                t.data.len()
            );
            return self.error(i, 18, message);
        }
        let operands: Vec<Type> = types_of(self.f, &d.args).into_iter().cloned().collect();
        match ops::infer(&d.op, &operands) {
            Ok(given) => self.results(i, d, &given),
            Err(e) => {
                // Operands whose extents differ trap at run time, if the types recorded leave that open.
                let loose: Vec<Type> = operands.iter().map(Type::loosest).collect();
                let open = matches!(e.why, Why::Mismatch { .. })
                    && ops::infer(&d.op, &loose).is_ok_and(|given| self.recorded(d, &given));
                if !open {
                    return self.error(i, 7, e.to_string());
                }
            }
        }
        if let Op::Tangent(TangentOp::CustomLinear {
            transpose,
            tangents,
            results,
        }) = &d.op
        {
            // `infer` has checked that there are that many operands.
            let residuals = operands.len().saturating_sub(*tangents as usize);
            let (before, after) = operands.split_at(residuals);
            let want = Signature {
                params: before.iter().chain(results).cloned().collect(),
                results: after.to_vec(),
            };
            let Some(Some(g)) = self.signatures.get(*transpose) else {
                return;
            };
            if let Some(why) = unsuited(g, &want) {
                self.error(i, 13, format!("the transpose does not suit: {why}"));
            }
        }
    }

    fn control(&mut self, i: Inst, d: &InstData, c: &ControlOp) {
        let callee = match c {
            ControlOp::Call(g) => {
                self.no_regions(i, d);
                let Some(Some(g)) = self.signatures.get(*g) else {
                    return;
                };
                Ok((11, g.params.clone(), g.results.clone()))
            }
            ControlOp::Derive { func, kind, wrt } => {
                self.no_regions(i, d);
                if self.lowered {
                    let message = "a derivative call in a lowered function";
                    self.error(i, 19, message.into());
                }
                let Some(Some(g)) = self.signatures.get(*func) else {
                    return;
                };
                derivative(g, *kind, wrt).map(|s| (12, s.params, s.results))
            }
            ControlOp::If
            | ControlOp::Switch
            | ControlOp::While
            | ControlOp::For
            | ControlOp::Map => {
                return match ops::control::infer_regions(self.f, c, &d.args, &d.regions) {
                    Ok(given) => self.results(i, d, &given),
                    Err(e) => {
                        let rule = match e.why {
                            Why::Region(_) => 9,
                            Why::Arity { .. }
                            | Why::Kind { .. }
                            | Why::Mismatch { .. }
                            | Why::Axis { .. }
                            | Why::Path { .. }
                            | Why::Attribute(_) => 7,
                        };
                        self.error(i, rule, e.to_string());
                    }
                };
            }
        };
        match callee {
            Ok((rule, params, results)) => {
                if let Some(why) = misfit(&types_of(self.f, &d.args), &params) {
                    self.error(i, rule, format!("the arguments do not suit: {why}"));
                }
                let recorded = types_of(self.f, &d.results);
                let given: Vec<&Type> = results.iter().collect();
                let recorded: Vec<Type> = recorded.into_iter().cloned().collect();
                if let Some(why) = misfit(&given, &recorded) {
                    self.error(i, rule, format!("the results do not suit: {why}"));
                }
            }
            Err(why) => self.error(i, 12, why),
        }
    }

    fn slot(&mut self, i: Inst, d: &InstData, s: &SlotOp) {
        if self.lowered {
            let message = format!("`{}` in a lowered function", ops::name(&d.op));
            return self.error(i, 19, message);
        }
        match s {
            SlotOp::Get(s, path) => {
                self.no_regions(i, d);
                let base = &self.f.slots[*s].ty;
                if let Some(ty) = self.place(i, base, path, &d.args) {
                    self.results(i, d, &[ty]);
                }
            }
            SlotOp::Set(s, path) => {
                self.no_regions(i, d);
                let base = &self.f.slots[*s].ty;
                let Some((&x, indices)) = d.args.split_first() else {
                    return self.error(i, 14, "no value is written".into());
                };
                if let Some(ty) = self.place(i, base, path, indices) {
                    let have = self.f.ty(x);
                    if !have.fits(&ty) {
                        self.error(
                            i,
                            14,
                            format!("a {have} is written to a place of type {ty}"),
                        );
                    }
                    self.results(i, d, &[]);
                }
            }
            SlotOp::Block(l) => {
                let bare = d.regions.len() == 1 && {
                    let r = &self.f.regions[d.regions[0]];
                    r.params.is_empty() && r.yields.is_empty()
                };
                if !(bare && d.args.is_empty() && d.results.is_empty()) {
                    let message = "a block has one region, without parameters, yields or results";
                    self.error(i, 15, message.into());
                }
                if self.blocks.contains(l) {
                    let message = "a block inside a block of the same label";
                    self.error(i, 15, message.into());
                }
            }
            SlotOp::Br(l) => {
                self.no_regions(i, d);
                if !(d.args.is_empty() && d.results.is_empty()) {
                    self.error(i, 15, "`br` takes and gives nothing".into());
                }
                if !self.blocks.contains(l) {
                    self.error(i, 15, "`br` is outside the block of its label".into());
                }
            }
        }
    }

    /// The type of a place in a slot; none if an error was reported.
    fn place(&mut self, i: Inst, base: &Type, path: &Path, indices: &[Value]) -> Option<Type> {
        let n = path.iter().filter(|s| matches!(s, Step::Index)).count();
        if n != indices.len() {
            let message = format!("the path takes {n} index operand(s), got {}", indices.len());
            self.error(i, 14, message);
            return None;
        }
        let is_int = |t: &Type| t.is_scalar() && t.dtype().is_some_and(DType::is_int);
        if let Some(t) = types_of(self.f, indices).into_iter().find(|t| !is_int(t)) {
            self.error(
                i,
                14,
                format!("an index is a {t}, it must be an integer scalar"),
            );
            return None;
        }
        match ops::place_type(base, path) {
            Ok(t) => Some(t),
            Err(step) => {
                self.error(
                    i,
                    14,
                    format!("step {step} of the path leaves the type {base}"),
                );
                None
            }
        }
    }

    fn rule(&mut self) {
        let Some(kind) = &self.f.rule else { return };
        let Some(g) = kind.func() else { return };
        let (Some(Some(own)), Some(Some(g))) = (
            self.signatures.get(self.report.func),
            self.signatures.get(g),
        ) else {
            return;
        };
        if let Some(why) = unsuited(g, &rule(own, kind)) {
            let message = format!("the derivative rule does not suit: {why}");
            self.report.error(At::Func, 16, message);
        }
    }
}

/// How a function's signature differs from the one wanted, if it takes and returns something else.
fn unsuited(have: &Signature, want: &Signature) -> Option<String> {
    let given: Vec<&Type> = want.params.iter().collect();
    let returned: Vec<&Type> = have.results.iter().collect();
    [
        ("parameters", misfit(&given, &have.params)),
        ("results", misfit(&returned, &want.results)),
    ]
    .into_iter()
    .find_map(|(what, why)| why.map(|w| format!("{what}: {w}")))
}
