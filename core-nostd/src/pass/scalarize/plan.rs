//! Which arrays are taken apart: webs of values that flow into each other, and what is done with them.

use super::small;
use crate::entity::{Region, SecondaryMap, Value};
use crate::ir::{
    BinaryOp, ConstOp, ControlOp, Func, InstData, Op, PlaceOp, ReduceOp, Reduction, ShapeOp, Step,
    TangentOp, Type,
};
use crate::ops;
use crate::pass::facts::int_constant;
use crate::value::Scalar;
use alloc::vec::Vec;

/// What is known of each web, and of the values in it.
pub(super) struct Plan {
    /// Towards the web's representative; a value outside all webs is its own.
    parent: SecondaryMap<Value, Option<Value>>,
    /// By representative: some access has an index that is not constant.
    varying: SecondaryMap<Value, bool>,
    /// By representative: some access becomes cheaper.
    pays: SecondaryMap<Value, bool>,
    /// By value: it is needed whole somewhere.
    whole: SecondaryMap<Value, bool>,
    any: bool,
}

/// How an instruction without regions is dealt with if its arrays are taken apart.
pub(super) enum Kind {
    /// Element by element; scalar operands go to every element.
    Elementwise,
    /// A read at a place within a small array: the positions read, one if it is a scalar.
    Read(core::ops::Range<usize>),
    /// A write (or sum) at a place within a small array: the positions written.
    Write(core::ops::Range<usize>),
    /// A small array read from a larger value.
    ReadRow,
    /// A small array written (or added) into a larger value.
    WriteRow,
    /// Constants, and arrays of scalars or small arrays: the elements are known.
    Elements,
    /// The same elements in another order: for each element of the result, the operand's.
    Moved(Vec<usize>),
    /// All elements combined to a scalar, in order, from a start.
    Reduced(BinaryOp, Scalar),
    /// An access to a small array that cannot be resolved.
    Varying,
    /// Anything else: needs its operands whole, gives its results whole.
    Opaque,
}

impl Plan {
    pub(super) fn of(f: &Func) -> Plan {
        let mut plan = Plan {
            parent: SecondaryMap::new(),
            varying: SecondaryMap::new(),
            pays: SecondaryMap::new(),
            whole: SecondaryMap::new(),
            any: false,
        };
        plan.region(f, f.body);
        for &y in &f.regions[f.body].yields {
            plan.whole[y] = true;
        }
        for v in f.values.keys() {
            plan.any |= small(f.ty(v)).is_some() && plan.apart(v);
        }
        plan
    }
    /// Whether there is anything to do.
    pub(super) fn any(&self) -> bool {
        self.any
    }
    /// Whether the value is taken apart.
    pub(super) fn apart(&self, v: Value) -> bool {
        let root = self.root(v);
        self.pays[root] && !self.varying[root]
    }
    /// Whether the value is needed whole somewhere.
    pub(super) fn whole(&self, v: Value) -> bool {
        self.whole[v]
    }
    fn root(&self, v: Value) -> Value {
        let mut at = v;
        while let Some(up) = self.parent[at] {
            at = up;
        }
        at
    }
    fn join(&mut self, f: &Func, a: Value, b: Value) {
        if small(f.ty(a)).is_none() || small(f.ty(b)).is_none() {
            // The one that is small flows into, or comes from, one that is not.
            self.whole[a] = true;
            self.whole[b] = true;
            return;
        }
        let (ra, rb) = (self.root(a), self.root(b));
        // Paths stay short.
        for (v, r) in [(a, ra), (b, rb)] {
            if v != r {
                self.parent[v] = Some(r);
            }
        }
        if ra != rb {
            self.parent[ra] = Some(rb);
            self.varying[rb] |= self.varying[ra];
            self.pays[rb] |= self.pays[ra];
        }
    }
    fn mark_varying(&mut self, v: Value) {
        let r = self.root(v);
        self.varying[r] = true;
    }
    fn mark_pays(&mut self, v: Value) {
        let r = self.root(v);
        self.pays[r] = true;
    }
    fn region(&mut self, f: &Func, r: Region) {
        for &i in &f.regions[r].insts {
            let d = &f.insts[i];
            for &q in &d.regions {
                self.region(f, q);
            }
            match &d.op {
                Op::Control(op) => self.control(f, d, op),
                _ => self.plain(f, d),
            }
        }
    }
    fn control(&mut self, f: &Func, d: &InstData, op: &ControlOp) {
        match op {
            ControlOp::If | ControlOp::Switch => {
                for &r in &d.regions {
                    for (&y, &v) in f.regions[r].yields.iter().zip(&d.results) {
                        self.join(f, y, v);
                    }
                }
            }
            ControlOp::For | ControlOp::While => {
                let bounds = if *op == ControlOp::For { 2 } else { 0 };
                for (k, &v) in d.results.iter().enumerate() {
                    self.join(f, d.args[k + bounds], v);
                    for &r in &d.regions {
                        self.join(f, f.regions[r].params[k + bounds.min(1)], v);
                    }
                    if let Some(&body) = d.regions.last() {
                        self.join(f, f.regions[body].yields[k], v);
                    }
                }
            }
            ControlOp::Map | ControlOp::Call(_) | ControlOp::Derive { .. } => self.opaque(d),
        }
    }
    fn opaque(&mut self, d: &InstData) {
        for &v in d.args.iter().chain(&d.results) {
            self.whole[v] = true;
        }
    }
    fn plain(&mut self, f: &Func, d: &InstData) {
        match kind(f, d) {
            Kind::Elementwise => {
                for &v in d.args.iter().filter(|&&v| small(f.ty(v)).is_some()) {
                    self.join(f, v, d.results[0]);
                }
            }
            Kind::Read(_) | Kind::Reduced(..) => self.mark_pays(d.args[0]),
            Kind::Write(_) => {
                self.join(f, d.args[0], d.results[0]);
                self.mark_pays(d.results[0]);
            }
            Kind::ReadRow | Kind::WriteRow => {}
            Kind::Elements => {
                if matches!(d.op, Op::Array(_)) {
                    self.mark_pays(d.results[0]);
                }
            }
            Kind::Moved(_) => {
                if small(f.ty(d.args[0])).is_some() {
                    self.join(f, d.args[0], d.results[0]);
                }
            }
            Kind::Varying => {
                self.mark_varying(d.args[0]);
                self.opaque(d);
            }
            Kind::Opaque => self.opaque(d),
        }
    }
}

/// How an instruction without regions is dealt with.
pub(super) fn kind(f: &Func, d: &InstData) -> Kind {
    let result = d.results.first().map(|&v| f.ty(v));
    let result_small = result.and_then(small);
    match &d.op {
        Op::Unary(_)
        | Op::Binary(_)
        | Op::Ternary(_)
        | Op::Compare(_)
        | Op::Convert(_)
        | Op::Tangent(TangentOp::Accumulate) => match result_small {
            Some((t, _)) if d.args.iter().all(|&v| is_scalar_or(f.ty(v), &t.shape)) => {
                Kind::Elementwise
            }
            _ => Kind::Opaque,
        },
        Op::Const(ConstOp::Tensor(_) | ConstOp::Default(_)) if result_small.is_some() => {
            Kind::Elements
        }
        Op::Const(_) => Kind::Opaque,
        Op::Place(PlaceOp::Record) => Kind::Opaque,
        Op::Place(PlaceOp::Get(path)) => match small(f.ty(d.args[0])) {
            Some(_) => match span(f, f.ty(d.args[0]), path, &d.args[1..]) {
                Some(at) => Kind::Read(at),
                None => Kind::Varying,
            },
            None if result_small.is_some() => Kind::ReadRow,
            None => Kind::Opaque,
        },
        Op::Place(op @ (PlaceOp::Update(path) | PlaceOp::AddAt(path))) => {
            // Sums of integers trap under another name.
            let sums = !matches!(op, PlaceOp::AddAt(_))
                || f.ty(d.args[1])
                    .dtype()
                    .is_some_and(|t| t.is_differentiable());
            let exact = sums
                && ops::place_type(f.ty(d.args[0]), path)
                    .is_ok_and(|place| place == *f.ty(d.args[1]));
            match small(f.ty(d.args[0])) {
                Some(_) => match span(f, f.ty(d.args[0]), path, &d.args[2..]) {
                    Some(at) if exact => Kind::Write(at),
                    _ => Kind::Varying,
                },
                None if exact && small(f.ty(d.args[1])).is_some() => Kind::WriteRow,
                None => Kind::Opaque,
            }
        }
        Op::Array(crate::ir::ArrayOp::Array) => match result_small {
            Some((t, _)) if d.args.iter().all(|&v| is_scalar_or(f.ty(v), &t.shape[1..])) => {
                Kind::Elements
            }
            _ => Kind::Opaque,
        },
        Op::Shape(op) => shape_kind(f, d, op),
        Op::Reduce(Reduction::Axes(op, axes)) => {
            let ty = f.ty(d.args[0]);
            let all = ty.as_tensor().is_some_and(|t| t.shape.len() == axes.len());
            match fold(*op, ty) {
                Some((op, start)) if all && small(ty).is_some() => Kind::Reduced(op, start),
                _ => Kind::Opaque,
            }
        }
        Op::Array(_)
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
        | Op::Slot(_) => Kind::Opaque,
    }
}

/// The operation that a reduction repeats, and its start. Sums of integers trap under another name.
fn fold(op: ReduceOp, ty: &Type) -> Option<(BinaryOp, Scalar)> {
    let dtype = ty.dtype()?;
    let real = |op, x| {
        let start = dtype.is_float().then(|| Scalar::from_f64(dtype, x))??;
        Some((op, start))
    };
    match op {
        ReduceOp::Sum => real(BinaryOp::Add, 0.0),
        ReduceOp::Prod => real(BinaryOp::Mul, 1.0),
        ReduceOp::Any => Some((BinaryOp::Or, Scalar::Bool(false))),
        ReduceOp::All => Some((BinaryOp::And, Scalar::Bool(true))),
        ReduceOp::Min | ReduceOp::Max => None,
    }
}

fn is_scalar_or(ty: &Type, shape: &[crate::ir::Dim]) -> bool {
    ty.as_tensor()
        .is_some_and(|t| t.shape.is_empty() || t.shape == shape)
}

/// The positions, in order of the elements, that constant indices reach in a tensor of known extents.
fn span(f: &Func, ty: &Type, path: &[Step], indices: &[Value]) -> Option<core::ops::Range<usize>> {
    let t = ty.as_tensor()?;
    let mut at = 0;
    let mut dims = t.shape.iter();
    for (step, &v) in path.iter().zip(indices) {
        if *step != Step::Index {
            return None;
        }
        let n = i128::from(dims.next()?.known()?);
        let i = int_constant(f, v)?;
        if !(0..n).contains(&i) {
            return None;
        }
        at = at * n as usize + i as usize;
    }
    let len = dims.try_fold(1usize, |n, d| Some(n * d.known()? as usize))?;
    Some(at * len..(at + 1) * len)
}

/// The extents, if all are known.
fn extents(ty: &Type) -> Option<Vec<usize>> {
    let t = ty.as_tensor()?;
    t.shape
        .iter()
        .map(|d| Some(d.known()? as usize))
        .collect::<Option<Vec<_>>>()
}

fn shape_kind(f: &Func, d: &InstData, op: &ShapeOp) -> Kind {
    let go = || {
        let to = extents(f.ty(d.results[0]))?;
        small(f.ty(d.results[0]))?;
        let from = extents(f.ty(*d.args.first()?))?;
        let n: usize = to.iter().product();
        // For each result element, the operand's, given how each operand axis follows from the result's position.
        let axes = |of: &dyn Fn(usize, &[usize]) -> usize| {
            let at = |k: usize| {
                let mut rest = k;
                let mut position = alloc::vec![0; to.len()];
                for (axis, &len) in to.iter().enumerate().rev() {
                    position[axis] = rest % len;
                    rest /= len;
                }
                (0..from.len()).fold(0, |at, axis| at * from[axis] + of(axis, &position))
            };
            (0..n).map(at).collect::<Vec<usize>>()
        };
        match op {
            ShapeOp::Reshape(_) => Some((0..n).collect()),
            ShapeOp::Transpose(perm) => Some(axes(&|axis, position| {
                let to = perm.iter().position(|&p| p as usize == axis);
                to.map_or(0, |to| position[to])
            })),
            ShapeOp::Broadcast { dims, .. } => Some(axes(&|axis, position| {
                if from[axis] == 1 {
                    0
                } else {
                    position[dims[axis] as usize]
                }
            })),
            ShapeOp::Reverse(axes_) => Some(axes(&|axis, position| {
                if axes_.contains(&(axis as u32)) {
                    from[axis] - 1 - position[axis]
                } else {
                    position[axis]
                }
            })),
            ShapeOp::Concat(_)
            | ShapeOp::Pad(_)
            | ShapeOp::StridedSlice(_)
            | ShapeOp::Iota { .. } => None,
        }
    };
    match go() {
        Some(from) => Kind::Moved(from),
        None => Kind::Opaque,
    }
}
