//! The largest or least element that a loop finds, read again at the place where it was found.
//!
//! ```text
//! m = for i in lo..hi (p = z) {           m0, w, open = for i in lo..hi (p = z, w = lo, open = true) {
//!   x = get a[i]                             x = get a[i]
//!   y = fmax p, x                    =>      y = fmax p, x
//!   yield y                                  yield y, (i if x > p, else w), (false if x > p, true unless x < p, else open)
//! }                                       }
//!                                         m = if open { the loop again } else { get a[w] }
//! ```
//!
//! Reverse mode then need not walk the loop back: the cotangent goes to one element. While `open`, no single element is known to be the
//! extreme: none was larger than the start, two are alike (they share the cotangent), or something is no number. Then it is the loop itself
//! that is differentiated, so what the derivative is in these cases is said in one place, the rule of the operation.
//!
//! A value that a condition selects, `if c { x } else { p }`, is treated in the same way; if none was selected, it is what the loop
//! started with. Only values that can be read again for next to nothing ([`Element`]) are.

use crate::entity::{Inst, PrimaryMap, Value};
use crate::ir::{
    BinaryOp, Builder, CompareOp, ControlOp, DType, Func, Op, TernaryOp, Type, ValueData, ValueDef,
};
use crate::pass::fills::Element;
use crate::pass::layout::{Layout, Use};
use crate::pass::subst::Subst;
use alloc::vec;
use alloc::vec::Vec;

/// Rewrites the loops of a function that is to be differentiated.
pub(super) fn func(f: &mut Func) {
    let mut loops: Vec<Inst> = Vec::new();
    f.visit(f.body, &mut |i, d| {
        if d.op == Op::Control(ControlOp::For) {
            loops.push(i);
        }
    });
    let mut layout = None;
    for at in loops {
        for k in 0..f.insts[at].results.len() {
            if !may_be(f, at, k) {
                continue;
            }
            let known = layout.get_or_insert_with(|| Layout::of(f));
            if let Some(found) = Found::of(f, known, at, k) {
                found.replace(f, known);
                layout = None;
            }
        }
    }
}

/// Whether a result of a loop is worth a look.
fn may_be(f: &Func, at: Inst, k: usize) -> bool {
    let body = f.insts[at].regions[0];
    let y = f.regions[body].yields[k];
    let float = f.ty(y).is_scalar() && f.ty(y).dtype().is_some_and(DType::is_float);
    float
        && f.def_inst(y).is_some_and(|i| {
            matches!(
                f.insts[i].op,
                Op::Binary(BinaryOp::Max | BinaryOp::Min | BinaryOp::FMax | BinaryOp::FMin)
                    | Op::Ternary(TernaryOp::Select)
                    | Op::Control(ControlOp::If)
            )
        })
}

/// How an iteration's value takes the place of the one before.
enum How {
    /// By that operation, with the value as its second operand or as its first.
    Extreme(BinaryOp, bool),
    /// If that is so.
    Selected(Value),
}

/// A result of a loop that is one of its iterations' values.
struct Found {
    at: Inst,
    k: usize,
    how: How,
    value: Value,
    element: Element,
}

impl Found {
    fn of(f: &Func, layout: &Layout, at: Inst, k: usize) -> Option<Found> {
        let d = &f.insts[at];
        let body = d.regions[0];
        let (p, y) = (f.regions[body].params[k + 1], f.regions[body].yields[k]);
        let i = f.def_inst(y).filter(|&i| layout.home[i] == Some(body))?;
        if layout.uses[d.results[k]].is_empty() || layout.uses[y].len() != 1 {
            return None;
        }
        let (how, value) = match (&f.insts[i].op, &f.insts[i].args[..]) {
            (Op::Binary(op), &[a, b]) => {
                let second = a == p;
                let alone = layout.uses[p].len() == 1 && (second || b == p);
                alone.then_some((How::Extreme(*op, second), if second { b } else { a }))?
            }
            _ => {
                let (c, yes, no) = selected(f, i)?;
                // It is compared, and kept or not; nothing else is done with it.
                let plain = |u: &Use| match *u {
                    Use::Arg(j, _) => j == i || matches!(f.insts[j].op, Op::Compare(_)),
                    Use::Yield(r, _) => f.insts[i].regions.contains(&r),
                };
                let alone = no == p && yes != p && layout.uses[p].iter().all(plain);
                alone.then_some((How::Selected(c), yes))?
            }
        };
        Some(Found {
            at,
            k,
            how,
            value,
            element: Element::of(f, layout, at, value)?,
        })
    }

    fn replace(self, f: &mut Func, layout: &Layout) {
        let mut b = Builder::on(core::mem::replace(f, Func::new("", &[], &[])));
        let d = b.func.insts[self.at].clone();
        let (lo, hi, start) = (d.args[0], d.args[1], d.args[2 + self.k]);
        let body = d.regions[0];
        let (index, p) = {
            let params = &b.func.regions[body].params;
            (params[0], params[1 + self.k])
        };
        b.set_span(d.span);
        let home = layout.home[self.at].expect("a loop that is there");
        let after = {
            let insts = &mut b.func.regions[home].insts;
            let place = insts.iter().position(|&i| i == self.at);
            insts.split_off(place.expect("a loop is where it is"))
        };

        // Before the loop, in it, after it.
        let outer = b.func.regions[home].yields.clone();
        b.open_at(home);
        let yes = b.scalar(true);
        let index_type = b.ty(index).clone();
        let place = b.func.add_param(body, index_type.clone());
        let open = b.func.add_param(body, DType::Bool.into());
        let mut yields = b.func.regions[body].yields.clone();
        b.open_at(body);
        let no = b.scalar(false);
        let (takes, still) = match self.how {
            How::Selected(c) => (c, open),
            How::Extreme(op, _) => {
                let (takes, stays) = if matches!(op, BinaryOp::Min | BinaryOp::FMin) {
                    (CompareOp::Lt, CompareOp::Gt)
                } else {
                    (CompareOp::Gt, CompareOp::Lt)
                };
                let stays = b.compare(stays, self.value, p);
                let still = b.select(stays, open, yes);
                (b.compare(takes, self.value, p), still)
            }
        };
        yields.push(b.select(takes, index, place));
        yields.push(b.select(takes, no, still));
        b.close(&yields);
        b.func.insts[self.at].args.extend([lo, yes]);
        let place = result(&mut b.func, self.at, index_type);
        let open = result(&mut b.func, self.at, DType::Bool.into());
        let mut after = after.into_iter();
        b.func.regions[home].insts.extend(after.next());
        let element = |b: &mut Builder, index: Value| {
            let (new, v) = self.element.again(&mut b.func, index, d.span);
            let r = b.region();
            b.func.regions[r].insts.extend(new);
            v
        };
        let found = b.if_(
            open,
            |b| match self.how {
                How::Selected(_) => vec![start],
                How::Extreme(op, second) => b.for_(lo, hi, &[start], |b, index, carried| {
                    let x = element(b, index);
                    let (a, c) = if second {
                        (carried[0], x)
                    } else {
                        (x, carried[0])
                    };
                    vec![b.binary(op, a, c)]
                }),
            },
            |b| vec![element(b, place)],
        );
        b.func.regions[home].insts.extend(after);
        b.close(&outer);
        *f = b.func;
        let mut subst = Subst::new();
        subst.set(d.results[self.k], found[0]);
        subst.apply(f);
    }
}

/// One more result of an instruction.
fn result(f: &mut Func, i: Inst, ty: Type) -> Value {
    let k = f.insts[i].results.len() as u32;
    let def = ValueDef::Result(i, k);
    let v = PrimaryMap::push(&mut f.values, ValueData { ty, def });
    f.insts[i].results.push(v);
    v
}

/// `if c { x } else { y }` where the arms do nothing else: what decides, and the two.
pub(crate) fn selected(f: &Func, i: Inst) -> Option<(Value, Value, Value)> {
    let d = &f.insts[i];
    match (&d.op, &d.regions[..]) {
        (Op::Control(ControlOp::If), &[a, b]) if d.results.len() == 1 => {
            let plain = f.regions[a].insts.is_empty() && f.regions[b].insts.is_empty();
            plain.then(|| (d.args[0], f.regions[a].yields[0], f.regions[b].yields[0]))
        }
        (Op::Ternary(TernaryOp::Select), _) => Some((d.args[0], d.args[1], d.args[2])),
        _ => None,
    }
}
