//! The operations, with the axes of their values in the orders that were chosen.

use super::groups::{Groups, Role};
use super::step::Step;
use super::{Order, inverse, is_identity};
use crate::entity::{Inst, SecondaryMap, Value};
use crate::ir::{Func, ShapeOp, Type, ValueData, ValueDef};
use crate::pass::layout::{Change, Layout, place};
use alloc::vec;
use alloc::vec::Vec;

/// Rewrites a function. The groups are those of the function as it is.
pub(super) fn apply(f: &mut Func, groups: &Groups, orders: &[Order]) {
    let layout = Layout::of(f);
    let mut all = Vec::new();
    f.visit(f.body, &mut |i, _| all.push(i));
    let steps = all
        .iter()
        .filter_map(|&i| Some((i, Step::of(f, groups, orders, i)?)));
    let steps: Vec<(Inst, Step)> = steps.collect();
    let mut r = Rewrite {
        turned: SecondaryMap::new(),
        plain: SecondaryMap::new(),
        before: SecondaryMap::new(),
        after: SecondaryMap::new(),
        groups,
        orders,
        f,
    };
    let mut heads = Vec::new();
    for v in r.f.values.keys().collect::<Vec<_>>() {
        let order = groups.order(r.f, orders, v);
        if is_identity(&order) {
            continue;
        }
        let (plain, turned) = groups.uses(&layout, v);
        match (groups.is_made_plain(r.f, v), r.f.values[v].def) {
            (true, def) if turned => {
                let i = r.turn(v, order);
                r.turned[v] = Some(r.f.insts[i].results[0]);
                match def {
                    ValueDef::Result(at, _) => r.after[at].push(i),
                    ValueDef::Param(region, _) => heads.push((region, i)),
                }
            }
            (false, ValueDef::Result(at, _)) => {
                r.f.values[v].ty = permuted(r.f.ty(v), &order);
                if plain {
                    let i = r.turn(v, inverse(&order));
                    r.plain[v] = Some(r.f.insts[i].results[0]);
                    r.after[at].push(i);
                }
            }
            (_, _) => {}
        }
    }
    for &i in &all {
        let plain = groups.roles[i].is_none_or(Role::makes_plain);
        let form = if plain { &r.plain } else { &r.turned };
        let args = r.f.insts[i].args.iter().map(|&v| form[v].unwrap_or(v));
        let args = args.collect();
        r.f.insts[i].args = args;
    }
    for (i, step) in steps {
        r.write(i, step);
    }
    let (mut before, mut after, plain) = (r.before, r.after, r.plain);
    for region in f.regions.values_mut() {
        for v in &mut region.yields {
            *v = plain[*v].unwrap_or(*v);
        }
    }
    let mut changes = Vec::new();
    for &i in &all {
        changes.push(Change::before(i, core::mem::take(&mut before[i])));
        changes.push(Change::after(i, core::mem::take(&mut after[i])));
    }
    place(f, changes);
    for (region, i) in heads {
        f.regions[region].insts.insert(0, i);
    }
}

struct Rewrite<'a> {
    /// Of what is made with its axes as its type says: the value in the order of its group.
    turned: SecondaryMap<Value, Option<Value>>,
    /// Of what is made in the order of its group: the value with its axes as its type said.
    plain: SecondaryMap<Value, Option<Value>>,
    before: SecondaryMap<Inst, Vec<Inst>>,
    after: SecondaryMap<Inst, Vec<Inst>>,
    groups: &'a Groups,
    orders: &'a [Order],
    f: &'a mut Func,
}

/// A tensor type with its axes in another order.
fn permuted(ty: &Type, order: &[u32]) -> Type {
    match ty.as_tensor() {
        Some(t) => Type::tensor(t.dtype, order.iter().map(|&k| t.shape[k as usize])),
        None => ty.clone(),
    }
}

impl Rewrite<'_> {
    /// An instruction that transposes a value as it is.
    fn turn(&mut self, v: Value, order: Order) -> Inst {
        let ty = permuted(self.f.ty(v), &order);
        let span = match self.f.values[v].def {
            ValueDef::Result(i, _) => self.f.insts[i].span,
            ValueDef::Param(..) => self.f.span,
        };
        let op = ShapeOp::Transpose(order).into();
        self.f.make_inst(op, vec![v], vec![], &[ty], span)
    }
    /// Writes an operation whose operands have their forms.
    fn write(&mut self, i: Inst, step: Step) {
        let d = &mut self.f.insts[i];
        d.op = step.op;
        if step.swap {
            d.args.swap(0, 1);
        }
        let (arg, result) = (d.args.first().copied(), d.results.first().copied());
        if let (Some(order), Some(arg)) = (step.first, arg) {
            let turn = self.turn(arg, order);
            self.f.insts[i].args[0] = self.f.insts[turn].results[0];
            self.before[i].push(turn);
        }
        let (Some(made), Some(v)) = (step.made, result) else {
            return;
        };
        // Another value is made, and the result of it.
        let order = self.groups.order(self.f, self.orders, v);
        let (at, made_at) = (inverse(&order), inverse(&made));
        let of = |order: &[u32], at: &[u32]| order.iter().map(|&k| at[k as usize]).collect();
        let (there, back): (Order, Order) = (of(&made, &at), of(&order, &made_at));
        let new = self.f.values.push(ValueData {
            ty: permuted(self.f.ty(v), &there),
            def: ValueDef::Result(i, 0),
        });
        self.f.insts[i].results[0] = new;
        let turn = self.turn(new, back);
        self.f.insts[turn].results[0] = v;
        self.f.values[v].def = ValueDef::Result(turn, 0);
        self.after[i].insert(0, turn);
    }
}
