//! Branches, loops, `map` and calls.
//!
//! A loop is `stablehlo.while` over what it carries. What an array that grows needs of room ([`rooms`]) is found by writing the body once with the arrays as
//! they are on entry, and again once it is seen how much an iteration adds.
//! Values of enclosing regions are used where they are.
//!
//! [`rooms`]: super::rooms

use super::Frame;
use super::error::{Result, Unsupported};
use super::twins;
use super::value::{Fact, Layout, Name, Sym, Tensor, TensorLayout};
use super::writer::{Block, Cx, compare};
use cotangent_core::entity::{Inst, Region, Value};
use cotangent_core::ir::{ArrayOp, CompareOp, ConstOp, ControlOp, DType, Func, InstData, Op};
use cotangent_core::pass::loops;
use cotangent_core::value::Scalar;

/// How often a loop's body may be written until what it carries keeps its layout.
const ROUNDS: usize = 16;

/// Loops of so few iterations are written one after another.
const UNROLLED: i128 = 1;

/// A region in its own text, not yet closed: what it yields, and the trap after it.
struct Arm {
    text: String,
    yields: Vec<Sym>,
    trap: Option<Tensor>,
}

/// How often a loop runs.
#[derive(Copy, Clone, Debug)]
pub(super) enum Trips {
    /// So often.
    Exactly(u64),
    /// So often at most.
    AtMost(u64),
    /// Nothing is known.
    Unknown,
}

impl<'m> Cx<'m> {
    /// Writes a control operation.
    pub(super) fn control(
        &mut self,
        frame: &mut Frame,
        i: Inst,
        op: &ControlOp,
    ) -> Result<Vec<Sym>> {
        self.path.push((frame.func, i));
        let out = self.control_here(frame, i, op);
        self.path.pop();
        out
    }
    fn control_here(&mut self, frame: &mut Frame, i: Inst, op: &ControlOp) -> Result<Vec<Sym>> {
        let f: &'m Func = &self.module.funcs[frame.func];
        let d = &f.insts[i];
        let args: Vec<Sym> = d.args.iter().map(|&v| frame.get(v)).collect();
        match op {
            ControlOp::If => self.branch(frame, f, d, "if"),
            ControlOp::Switch => self.branch(frame, f, d, "case"),
            ControlOp::While => self.repeat(frame, f, i, args),
            ControlOp::For => self.count(frame, f, d.regions[0], args),
            ControlOp::Map => self.map(frame, f, d.regions[0], &args),
            ControlOp::Call(g) => self.call(*g, args),
            ControlOp::Derive { .. } => Err(Unsupported::new(
                "a call of a derivative",
                "lower the program first",
            )),
        }
    }

    /// `if` and `switch`: the arms yield values of one layout.
    fn branch(
        &mut self,
        frame: &mut Frame,
        f: &Func,
        d: &InstData,
        name: &str,
    ) -> Result<Vec<Sym>> {
        let (arms, cond) = (&d.regions, d.args.first().copied());
        let on = self.fixed(&frame.get(d.args[0]), name)?;
        let is_if = name == "if";
        if let Some(known) = on.constant() {
            let k = match known {
                Scalar::Bool(b) => usize::from(!b),
                other => usize::try_from(other.as_int().unwrap_or(-1)).unwrap_or(usize::MAX),
            };
            return self.region(frame, arms[k.min(arms.len() - 1)]);
        }
        let before = self.trap.clone();
        let mut written = Vec::with_capacity(arms.len());
        for (k, &r) in arms.iter().enumerate() {
            self.trap = before.clone();
            // In the first arm of an `if`, what the condition says of lengths holds.
            let looser = match (is_if && k == 0, cond) {
                (true, Some(cond)) => self.refine(frame, f, cond, &|v| v),
                _ => Vec::new(),
            };
            let (text, yields) = self.apart(|cx| cx.region(frame, r));
            frame.values.extend(looser);
            written.push(Arm {
                text,
                yields: yields?,
                trap: self.trap.clone(),
            });
        }
        self.trap = before;
        let mut layouts: Vec<Layout> = written[0].yields.iter().map(Sym::layout).collect();
        for arm in &written[1..] {
            for (l, y) in layouts.iter_mut().zip(&arm.yields) {
                *l = l.join(&y.layout())?;
            }
        }
        let ways: Vec<&[Sym]> = written.iter().map(|arm| &arm.yields[..]).collect();
        let alike = twins::of(&ways);
        let mut blocks = Vec::with_capacity(written.len());
        for arm in written {
            blocks.push(self.close(arm, &layouts)?);
        }
        let on = if is_if { on } else { self.case_index(&on) };
        let types = blocks[0].results.iter().map(|t| t.ty.clone()).collect();
        let mut out = self.op_with_blocks(name, &[&on], "", types, &blocks);
        for (k, t) in out.iter_mut().enumerate() {
            let mosts = blocks.iter().map(|b| self.bound(&b.results[k]));
            // The largest of what the arms can give.
            let most = mosts.reduce(|a, b| Some(a?.max(b?)));
            if t.ty.shape.is_empty() && t.ty.dtype.is_int() {
                t.most = most.flatten();
            }
        }
        let mut out = self.regroup(&layouts, out);
        twins::unite(&mut out, &alike);
        Ok(out)
    }
    /// The index of a case: negative and large ones take the last, as XLA does with any `i32` out of range.
    fn case_index(&mut self, on: &Tensor) -> Tensor {
        let limit = Scalar::from_int(on.ty.dtype, i128::from(i8::MAX)).map(|s| self.constant(s));
        let narrow = on.ty.dtype.bytes() < 4 || on.ty.dtype == DType::I32;
        let on = match limit {
            Some(limit) if !narrow => {
                let kind = if on.ty.dtype.is_signed() {
                    "SIGNED"
                } else {
                    "UNSIGNED"
                };
                let zero = self.zeros(on.ty.clone());
                let bool = TensorLayout::scalar(DType::Bool);
                let low = self.op("compare", &[on, &zero], &compare("LT", kind), bool.clone());
                let high = self.op("compare", &[on, &limit], &compare("GT", kind), bool.clone());
                let out = self.op("or", &[&low, &high], "", bool);
                self.op("select", &[&out, &limit, on], "", on.ty.clone())
            }
            _ => on.clone(),
        };
        let ty = on.ty.with(DType::I32);
        self.op("convert", &[&on], "", ty)
    }
    /// The region of an arm, with its yields in those layouts.
    fn close(&mut self, arm: Arm, layouts: &[Layout]) -> Result<Block> {
        let (more, results) = self.apart(|cx| -> Result<Vec<Tensor>> {
            let mut out = Vec::new();
            for (y, l) in arm.yields.iter().zip(layouts) {
                out.extend(cx.coerce(y, l)?.leaves());
            }
            out.extend(arm.trap);
            Ok(out)
        });
        Ok(Block {
            params: Vec::new(),
            text: arm.text + &more,
            results: results?,
        })
    }
    /// Results of an operation as values, the trap taken off.
    fn regroup(&mut self, layouts: &[Layout], mut out: Vec<Tensor>) -> Vec<Sym> {
        if self.trap.is_some() {
            self.trap = out.pop();
        }
        let mut out = out.into_iter();
        layouts
            .iter()
            .map_while(|l| Sym::from_leaves(l, &mut out))
            .collect()
    }

    /// Where a condition holds, arrays of which it says `len(a) < n` have fewer than `n` items. Returns what they were. `name` says by which
    /// value the array is known where that holds.
    fn refine(
        &mut self,
        frame: &mut Frame,
        f: &Func,
        cond: Value,
        name: &dyn Fn(Value) -> Value,
    ) -> Vec<(Value, Sym)> {
        let mut before = Vec::new();
        for v in loops::conjuncts(f, cond) {
            let Some(d) = f.def_inst(v).map(|i| &f.insts[i]) else {
                continue;
            };
            let (len, limit) = match (&d.op, &d.args[..]) {
                (Op::Compare(CompareOp::Lt), &[len, limit]) => (len, limit),
                (Op::Compare(CompareOp::Gt), &[limit, len]) => (len, limit),
                _ => continue,
            };
            let Some(q) = f.def_inst(len).map(|i| &f.insts[i]) else {
                continue;
            };
            if q.op != Op::Array(ArrayOp::Len) {
                continue;
            }
            let of = name(q.args[0]);
            let limit = match frame.values.get(&limit) {
                Some(Sym::Tensor(t)) => t.bound(),
                _ => constant(f, limit).and_then(|n| u64::try_from(n).ok()),
            };
            if let (Some(Sym::Array(a)), Some(n)) = (frame.values.get(&of), limit)
                && n > 0
            {
                self.limits.insert(n);
                if a.most < n {
                    continue;
                }
                let named = Sym::Array(a.clone());
                for (&v, s) in &mut frame.values {
                    let also = v == of || twins::are(s, &named);
                    if let Sym::Array(a) = s
                        && also
                        && a.most > n - 1
                    {
                        before.push((v, Sym::Array(a.clone())));
                        a.most = n - 1;
                    }
                }
            }
        }
        before
    }

    /// `for`: the index is the first thing it carries.
    fn count(
        &mut self,
        frame: &mut Frame,
        f: &'m Func,
        body: Region,
        mut args: Vec<Sym>,
    ) -> Result<Vec<Sym>> {
        let init = args.split_off(2);
        let (lo, hi) = (self.fixed(&args[0], "for")?, self.fixed(&args[1], "for")?);
        let params = &f.regions[body].params;
        let trips = match hi.minus(&lo) {
            Some(n) => Trips::Exactly(u64::try_from(n).unwrap_or(0)),
            None => match hi.bound() {
                Some(n) if lo.ty.dtype.is_unsigned() || lo.int().is_some_and(|a| a >= 0) => {
                    Trips::AtMost(n)
                }
                _ => Trips::Unknown,
            },
        };
        if let (Some(a), Some(b)) = (lo.int(), hi.int())
            && b - a <= UNROLLED
        {
            let mut values = init;
            for k in a..b {
                let k = Scalar::from_int(lo.ty.dtype, k).expect("it lies between two of its type");
                frame.values.insert(params[0], self.constant(k).into());
                frame.values.extend(params[1..].iter().copied().zip(values));
                values = self.region(frame, body)?;
            }
            return Ok(values);
        }
        let mut carried = vec![Sym::Tensor(lo)];
        carried.extend(init);
        let kind = if hi.ty.dtype.is_signed() {
            "SIGNED"
        } else {
            "UNSIGNED"
        };
        let bool = TensorLayout::scalar(DType::Bool);
        let mut out = self.iterate(
            frame,
            carried,
            trips,
            |cx, _, now| {
                let i = cx.fixed(&now[0], "for")?;
                Ok(cx.op("compare", &[&i, &hi], &compare("LT", kind), bool.clone()))
            },
            |cx, frame, now| {
                let i = cx.fixed(&now[0], "for")?;
                frame
                    .values
                    .extend(params.iter().copied().zip(now.iter().cloned()));
                let mut next = cx.region(frame, body)?;
                next.insert(0, cx.plus(&i, 1).into());
                Ok(next)
            },
        )?;
        out.remove(0);
        Ok(out)
    }

    /// `while`.
    fn repeat(
        &mut self,
        frame: &mut Frame,
        f: &'m Func,
        at: Inst,
        init: Vec<Sym>,
    ) -> Result<Vec<Sym>> {
        let (cond, body) = (f.insts[at].regions[0], f.insts[at].regions[1]);
        let (asked, params) = (&f.regions[cond].params, &f.regions[body].params);
        let trips = self.while_bound(frame, f, at, &init);
        // An array that the condition asks about has a parameter of its own in the body.
        let inside = |v: Value| match asked.iter().position(|&p| p == v) {
            Some(k) => params[k],
            None => v,
        };
        self.iterate(
            frame,
            init,
            trips,
            |cx, frame, now| {
                frame
                    .values
                    .extend(asked.iter().copied().zip(now.iter().cloned()));
                let go = cx.region(frame, cond)?;
                cx.fixed(&go[0], "while")
            },
            |cx, frame, now| {
                frame
                    .values
                    .extend(params.iter().copied().zip(now.iter().cloned()));
                // In an iteration the condition holds.
                let looser = cx.refine(frame, f, f.regions[cond].yields[0], &inside);
                let out = cx.region(frame, body);
                frame.values.extend(looser);
                out
            },
        )
    }
    /// How often a `while` may run: it has counters with limits.
    fn while_bound(&self, frame: &Frame, f: &Func, at: Inst, init: &[Sym]) -> Trips {
        let known = |s: Option<&Sym>| match s {
            Some(Sym::Tensor(t)) => t.int(),
            _ => None,
        };
        let limit = |v: Value| known(frame.values.get(&v)).or_else(|| constant(f, v));
        let trips = loops::counters(f, at).into_iter().filter_map(|c| {
            let start = match c.length {
                // There may be more at the beginning.
                true => 0,
                false => known(init.get(c.k))?,
            };
            c.trips(start, limit(c.limit)?)
        });
        trips.min().map_or(Trips::Unknown, Trips::AtMost)
    }

    /// The loop itself: carries `init` through `body` while `cond`.
    fn iterate(
        &mut self,
        frame: &mut Frame,
        init: Vec<Sym>,
        trips: Trips,
        mut cond: impl FnMut(&mut Cx<'m>, &mut Frame, &[Sym]) -> Result<Tensor>,
        mut body: impl FnMut(&mut Cx<'m>, &mut Frame, Vec<Sym>) -> Result<Vec<Sym>>,
    ) -> Result<Vec<Sym>> {
        let start: Vec<Layout> = init.iter().map(|s| s.layout().carried()).collect();
        let before = self.trap.clone();
        let sites = self.sites.len();
        let mut limits = std::mem::take(&mut self.limits);
        let key = (self.path.clone(), start.clone());
        // With them, arrays that stay as long as one another.
        let (mut layouts, mut alike) = match self.guesses.get(&key) {
            Some((layouts, alike)) => (layouts.clone(), twins::kept(alike, &init)),
            None => (start.clone(), twins::of(&[&init])),
        };
        for round in 0..ROUNDS {
            self.limits.clear();
            self.sites.truncate(sites);
            let params: Vec<TensorLayout> = layouts
                .iter()
                .flat_map(Layout::leaves)
                .chain(before.iter().map(|t| t.ty.clone()))
                .collect();
            let mut entry = Vec::new();
            let mut yields = Vec::new();
            let written = self.block(&params, |cx, params| {
                let mut now = cx.regroup(&layouts, params.to_vec());
                twins::unite(&mut now, &alike);
                entry = now.clone();
                yields = body(cx, frame, now)?;
                Ok::<_, Unsupported>(Vec::new())
            });
            let mut block = written?;
            let mut wider = Vec::with_capacity(layouts.len());
            for ((l, y), s) in layouts.iter().zip(&yields).zip(&start) {
                wider.push(self.widened(l, &y.layout(), s, trips, round)?);
            }
            let still = twins::kept(&alike, &yields);
            if wider != layouts || still != alike {
                (layouts, alike) = (wider, still);
                self.trap.clone_from(&before);
                continue;
            }
            // What the iterations add to integers, while the facts are there.
            let steps = offsets(&entry, &yields);
            let (more, held) = self.apart(|cx| {
                let each = yields.into_iter().zip(&layouts).zip(&start);
                each.map(|((y, l), s)| cx.held_to(y, l, s, trips))
                    .collect::<Result<Vec<_>>>()
            });
            let yields = held?;
            block.text += &more;
            let trap = std::mem::replace(&mut self.trap, before.clone());
            limits.append(&mut self.limits);
            self.limits = limits;
            self.guesses.insert(key, (layouts.clone(), alike.clone()));
            let closed = self.close(
                Arm {
                    text: block.text,
                    yields,
                    trap,
                },
                &layouts,
            )?;
            block.text = closed.text;
            block.results = closed.results;
            let asked = self.block(&params, |cx, params| {
                let now = cx.regroup(&layouts, params.to_vec());
                let mut go = cond(cx, frame, &now)?;
                if let Some(trap) = cx.trap.clone() {
                    let none = cx.zeros(trap.ty.clone());
                    let fine = cx.op(
                        "compare",
                        &[&trap, &none],
                        &compare("EQ", "SIGNED"),
                        go.ty.clone(),
                    );
                    go = cx.op("and", &[&go, &fine], "", go.ty.clone());
                }
                Ok::<_, Unsupported>(vec![go])
            })?;
            self.trap = before.clone();
            let mut first = Vec::with_capacity(init.len());
            for (s, l) in init.iter().zip(&layouts) {
                first.push(self.coerce(s, l)?);
            }
            let mut operands: Vec<Tensor> = first.iter().flat_map(Sym::leaves).collect();
            operands.extend(before.clone());
            let operands: Vec<&Tensor> = operands.iter().collect();
            let out = self.op_with_blocks("while", &operands, "", params, &[asked, block]);
            let mut out = self.regroup(&layouts, out);
            if let Trips::Exactly(n) = trips {
                let mut steps = steps.into_iter();
                for (o, s) in out.iter_mut().zip(&first) {
                    *o = advance(o, s, n, &mut steps);
                }
            }
            for o in &mut out {
                fill_up(o);
            }
            twins::unite(&mut out, &alike);
            return Ok(out);
        }
        Err(Unsupported::new(
            "a loop",
            "what it carries has another shape after every iteration: arrays in an array cannot grow there; make each whole before it is stored",
        ))
    }

    /// `map`: where its operations are elementwise, they are those of whole tensors, and values from outside stand for all elements; else a loop.
    fn map(
        &mut self,
        frame: &mut Frame,
        f: &'m Func,
        body: Region,
        args: &[Sym],
    ) -> Result<Vec<Sym>> {
        let mut tensors = Vec::with_capacity(args.len());
        for a in args {
            tensors.push(self.fixed(a, "map")?);
        }
        let shape = tensors[0].ty.shape.clone();
        let params = &f.regions[body].params;
        let yields = &f.regions[body].yields;
        let whole = |t: TensorLayout| TensorLayout::new(t.dtype, shape.iter().copied());
        if f.regions[body]
            .insts
            .iter()
            .all(|&i| is_elementwise(&f.insts[i].op))
        {
            let values = tensors.into_iter().map(Sym::Tensor);
            frame.values.extend(params.iter().copied().zip(values));
            let mut out = Vec::with_capacity(yields.len());
            for s in self.region(frame, body)? {
                let t = self.fixed(&s, "map")?;
                let ty = whole(t.ty.clone());
                out.push(self.broadcast(&t, ty).into());
            }
            return Ok(out);
        }
        let n = tensors[0].ty.elements();
        let mut flat = Vec::with_capacity(tensors.len());
        for t in &tensors {
            flat.push(self.reshape(t, TensorLayout::new(t.ty.dtype, [n])));
        }
        let mut carried = vec![self.u64(0).into()];
        for &y in yields {
            let dtype = f.ty(y).dtype().unwrap_or(DType::F64);
            carried.push(self.zeros(TensorLayout::new(dtype, [n])).into());
        }
        let end = self.u64(n);
        let out = self.iterate(
            frame,
            carried,
            Trips::Exactly(n),
            |cx, _, now| {
                let i = cx.fixed(&now[0], "map")?;
                let ty = TensorLayout::scalar(DType::Bool);
                Ok(cx.op("compare", &[&i, &end], &compare("LT", "UNSIGNED"), ty))
            },
            |cx, frame, now| {
                let i = cx.fixed(&now[0], "map")?;
                let at = [cx.index(&i)];
                for (&p, t) in params.iter().zip(&flat) {
                    let x = cx.element(t, &at);
                    frame.values.insert(p, x.into());
                }
                let made = cx.region(frame, body)?;
                let mut next = vec![cx.plus(&i, 1).into()];
                for (a, x) in now[1..].iter().zip(&made) {
                    let (a, x) = (cx.fixed(a, "map")?, cx.fixed(x, "map")?);
                    next.push(cx.set_element(&a, &x, &at).into());
                }
                Ok(next)
            },
        )?;
        let mut results = Vec::with_capacity(yields.len());
        for s in &out[1..] {
            let t = self.fixed(s, "map")?;
            let ty = whole(t.ty.clone());
            results.push(self.reshape(&t, ty).into());
        }
        Ok(results)
    }
}

/// Whether an operation of scalars, done with tensors, is done with every element.
pub(super) fn is_elementwise(op: &Op) -> bool {
    match op {
        Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) | Op::Compare(_) | Op::Convert(_) => true,
        Op::Const(c) => matches!(c, ConstOp::Scalar(_)),
        Op::Place(_)
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
        | Op::Control(_)
        | Op::Effect(_)
        | Op::Slot(_) => false,
    }
}

/// The integer that a constant instruction gives; `false` is 0.
fn constant(f: &Func, v: Value) -> Option<i128> {
    let d = &f.insts[f.def_inst(v)?];
    match &d.op {
        Op::Const(ConstOp::Scalar(Scalar::Bool(b))) => Some(i128::from(*b)),
        Op::Const(ConstOp::Scalar(s)) => s.as_int(),
        _ => None,
    }
}

/// For every integer scalar that is carried, lengths of arrays too, what an iteration adds to it.
fn offsets(entry: &[Sym], yields: &[Sym]) -> Vec<Option<i64>> {
    let leaves = |s: &[Sym]| -> Vec<Tensor> { s.iter().flat_map(Sym::leaves).collect() };
    let at = |t: &Tensor| -> (Name, i64) { t.offset() };
    leaves(entry)
        .iter()
        .zip(leaves(yields))
        .map(|(a, b)| {
            let (base, k) = at(&b);
            (a.ty.shape.is_empty() && a.ty.dtype.is_int() && base == a.name).then_some(k)
        })
        .collect()
}

/// After a loop an array may have as many items as there is room for; within, room was left for what an iteration adds.
fn fill_up(s: &mut Sym) {
    match s {
        Sym::Tensor(_) => {}
        Sym::Record(fields) => fields.iter_mut().for_each(fill_up),
        Sym::Array(a) => {
            a.most = a.room;
            fill_up(&mut a.items);
        }
    }
}

/// Notes what integers are after `n` iterations that add a constant each.
fn advance(out: &Sym, init: &Sym, n: u64, steps: &mut impl Iterator<Item = Option<i64>>) -> Sym {
    let mut init = init.leaves().into_iter();
    let after = out.map(&mut |t| {
        let mut t = t.clone();
        let (Some(a), Some(Some(step))) = (init.next(), steps.next()) else {
            return Ok::<_, ()>(t);
        };
        let total = i64::try_from(n).ok().and_then(|n| step.checked_mul(n));
        if let Some(total) = total {
            let (base, k) = a.offset();
            t.fact = match a.int() {
                Some(a) => Scalar::from_int(t.ty.dtype, a + i128::from(total))
                    .map_or(Fact::None, Fact::Const),
                None => k
                    .checked_add(total)
                    .map_or(Fact::None, |k| Fact::Offset(base, k)),
            };
        }
        Ok(t)
    });
    after.unwrap_or_else(|()| out.clone())
}
