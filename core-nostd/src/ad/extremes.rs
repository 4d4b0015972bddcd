//! The largest or least element that a loop finds, read again at the place where it was found.
//!
//! ```text
//! m = for i in lo..hi (p = z) {           m0 = for i in lo..hi (p = z) { x = get a[i]; y = fmax p, x; yield y }
//!   x = get a[i]                          n, w = for i in lo..hi (n = 0, w = 0) {
//!   y = fmax p, x                    =>     x = get a[i]
//!   yield y                                 yield (n if x < m0, else n + 1), (w if x < m0, else w + i)
//! }                                       }
//!                                         m = if m0 > z and n = 1 { get a[w] } else { the loop again }
//! ```
//!
//! Reverse mode then need not walk the loop back: the cotangent goes to one element. Otherwise no single element is known to be the
//! extreme: none was larger than the start, two are alike (they share the cotangent), or something is no number. Then it is the loop itself
//! that is differentiated, so what the derivative is in these cases is said in one place, the rule of the operation. The place is sought in a loop
//! of its own, as both loops are vector code then: an extreme may be found in any order, and so may sums of integers.
//!
//! A value that a condition selects, `if c { x } else { p }`, is read again at the place where it was selected last, which the loop remembers;
//! if none was selected, it is what the loop started with. Only values that can be read again for next to nothing ([`Element`]) are.

use crate::entity::{Inst, PrimaryMap, Value};
use crate::ir::{
    BinaryOp, Builder, CompareOp, ControlOp, DType, Func, Op, TernaryOp, Type, ValueData, ValueDef,
};
use crate::pass::fills::Element;
use crate::pass::layout::{Layout, Use};
use crate::pass::subst::Subst;
use crate::value::Scalar;
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
            element: Element::of(f, layout, at, value)?,
        })
    }

    fn replace(self, f: &mut Func, layout: &Layout) {
        let mut b = Builder::on(core::mem::replace(f, Func::new("", &[], &[])));
        let d = b.func.insts[self.at].clone();
        let (lo, hi, start) = (d.args[0], d.args[1], d.args[2 + self.k]);
        let body = d.regions[0];
        let index = b.func.regions[body].params[0];
        b.set_span(d.span);
        let home = layout.home[self.at].expect("a loop that is there");
        let after = {
            let insts = &mut b.func.regions[home].insts;
            let place = insts.iter().position(|&i| i == self.at);
            let mut after = insts.split_off(place.expect("a loop is where it is"));
            after.remove(0);
            after
        };

        let element = |b: &mut Builder, index: Value| {
            let (new, v) = self.element.again(&mut b.func, index, d.span);
            let r = b.region();
            b.func.regions[r].insts.extend(new);
            v
        };
        let outer = b.func.regions[home].yields.clone();
        b.open_at(home);
        let (found, kept) = match self.how {
            How::Selected(c) => {
                // Before the loop, in it, after it.
                let yes = b.scalar(true);
                let index_type = b.ty(index).clone();
                let place = b.func.add_param(body, index_type.clone());
                let open = b.func.add_param(body, DType::Bool.into());
                let mut yields = b.func.regions[body].yields.clone();
                b.open_at(body);
                let no = b.scalar(false);
                yields.push(b.select(c, index, place));
                yields.push(b.select(c, no, open));
                b.close(&yields);
                b.func.insts[self.at].args.extend([lo, yes]);
                let place = result(&mut b.func, self.at, index_type);
                let open = result(&mut b.func, self.at, DType::Bool.into());
                b.func.regions[home].insts.push(self.at);
                let found = b.if_(open, |_| vec![start], |b| vec![element(b, place)]);
                (found[0], Vec::new())
            }
            How::Extreme(op, second) => {
                b.func.regions[home].insts.push(self.at);
                let (beyond, below) = if matches!(op, BinaryOp::Min | BinaryOp::FMin) {
                    (CompareOp::Lt, CompareOp::Gt)
                } else {
                    (CompareOp::Gt, CompareOp::Lt)
                };
                let extreme = d.results[self.k];
                let mut compared = Vec::new();
                let index_type = b.ty(index).dtype().unwrap_or(DType::U64);
                let none = b.scalar(Scalar::zero(index_type));
                let one = Scalar::from_int(index_type, 1).unwrap_or(Scalar::zero(index_type));
                let one = b.scalar(one);
                let sums = b.for_(lo, hi, &[none, none], |b, i, sums| {
                    let x = element(b, i);
                    let less = b.compare(below, x, extreme);
                    compared.push(less);
                    let (more, there) = (b.select(less, none, one), b.select(less, none, i));
                    vec![
                        b.binary(BinaryOp::WrappingAdd, sums[0], more),
                        b.binary(BinaryOp::WrappingAdd, sums[1], there),
                    ]
                });
                let single = b.compare(CompareOp::Eq, sums[0], one);
                let larger = b.compare(beyond, extreme, start);
                compared.push(larger);
                let known = b.binary(BinaryOp::And, single, larger);
                let found = b.if_(
                    known,
                    |b| vec![element(b, sums[1])],
                    |b| {
                        b.for_(lo, hi, &[start], |b, index, carried| {
                            let x = element(b, index);
                            let (a, c) = if second {
                                (carried[0], x)
                            } else {
                                (x, carried[0])
                            };
                            vec![b.binary(op, a, c)]
                        })
                    },
                );
                (found[0], compared)
            }
        };
        b.func.regions[home].insts.extend(after);
        b.close(&outer);
        *f = b.func;
        let mut subst = Subst::new();
        subst.set(d.results[self.k], found);
        subst.apply(f);
        // What it was found by is still the loop's own result.
        for v in kept {
            let Some(i) = f.def_inst(v) else { continue };
            for a in &mut f.insts[i].args {
                if *a == found {
                    *a = d.results[self.k];
                }
            }
        }
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
