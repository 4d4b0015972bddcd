//! Which elementwise operations on tensors become one loop.
//!
//! An operation is *fused* into a later one, its root, if all its uses are the root or operations fused into the same root. It then has no
//! loop and no memory: the root's loop computes its elements ([`super::elementwise`]). Its checks of shapes stay where it stands, so
//! traps keep their order; operations whose elements may trap are never fused, and may be roots.
//!
//! Invariant: between a fused operation and its root nothing gives up a tensor that it reads, for that might be written in place; what
//! dies at the fused operation itself is held until the root.
//!
//! Functions with a kernel for vectors (`exp` and its like) are roots but not fused further: the kernel is faster than what fusing saves.

use super::live::taken_from;
use super::scalar::{Elementwise, function};
use super::shape::RANK;
use crate::lir::Math1;
use cotangent_core::entity::{Inst, SecondaryMap, Value};
use cotangent_core::ir::{
    ArrayOp, BinaryOp, DType, Func, Op, ReduceOp, Reduction, Region, ShapeOp, Type, UnaryOp,
};
use cotangent_core::ops::{self, Effects};
use hashbrown::{HashMap, HashSet};

/// What is fused in a function.
#[derive(Debug, Default)]
pub(crate) struct Fusion {
    /// For a fused operation, its root.
    pub(crate) root: SecondaryMap<Inst, Option<Inst>>,
    /// For a root, what is fused into it, in program order.
    pub(crate) groups: HashMap<Inst, Vec<Inst>>,
}

/// Fewer elements than this are computed one after another, without a kernel.
pub(super) const KERNEL: u64 = 8;

/// Instructions further from their root than this are not fused, so that the search takes little time.
const FAR: usize = 256;

/// The most operations in a group: code grows with each, and registers run out.
const MOST: usize = 48;

impl Fusion {
    /// Analyses a function. `dying` are the operands that die at each instruction.
    pub(crate) fn of(f: &Func, dying: &SecondaryMap<Inst, Vec<Value>>) -> Fusion {
        let mut a = Analysis {
            f,
            dying,
            users: SecondaryMap::new(),
            escapes: SecondaryMap::new(),
            source: HashMap::new(),
            out: Fusion::default(),
        };
        let mut regions = vec![f.body];
        for (i, d) in f.insts.iter() {
            regions.extend(&d.regions);
            for &v in &d.args {
                a.users[v].push(i);
            }
            if let Some((v, Some(array), _)) = taken_from(f, d) {
                a.source.insert(v, array);
            }
        }
        for &r in &regions {
            for &v in &f.regions[r].yields {
                a.escapes[v] = true;
            }
        }
        for r in regions {
            a.region(r);
        }
        a.out
    }
    /// Values that fused operations make own nothing, so none of them dies.
    pub(crate) fn forget(&self, f: &Func, dying: &mut SecondaryMap<Inst, Vec<Value>>) {
        let fused: HashSet<Value> = self
            .groups
            .values()
            .flatten()
            .map(|&i| f.insts[i].results[0])
            .collect();
        if fused.is_empty() {
            return;
        }
        for i in f.insts.keys() {
            dying[i].retain(|v| !fused.contains(v));
        }
    }
}

struct Analysis<'f> {
    f: &'f Func,
    dying: &'f SecondaryMap<Inst, Vec<Value>>,
    users: SecondaryMap<Value, Vec<Inst>>,
    escapes: SecondaryMap<Value, bool>,
    /// What values that may be lent were taken from.
    source: HashMap<Value, Value>,
    out: Fusion,
}

impl Analysis<'_> {
    fn region(&mut self, r: Region) {
        let insts = &self.f.regions[r].insts;
        let position: HashMap<Inst, usize> =
            insts.iter().enumerate().map(|(k, &i)| (i, k)).collect();
        for (k, &i) in insts.iter().enumerate().rev() {
            if let Some(root) = self.root_of(k, i, insts, &position) {
                self.out.root[i] = Some(root);
                self.out.groups.entry(root).or_default().push(i);
            }
        }
        for &i in insts {
            if let Some(g) = self.out.groups.get_mut(&i) {
                g.reverse();
            }
        }
    }
    /// The root that instruction `k` of the list is fused into, if it is.
    fn root_of(
        &self,
        k: usize,
        i: Inst,
        insts: &[Inst],
        position: &HashMap<Inst, usize>,
    ) -> Option<Inst> {
        let d = &self.f.insts[i];
        if !fusible(self.f, i) {
            return None;
        }
        let v = d.results[0];
        let users = &self.users[v];
        if self.escapes[v] || users.is_empty() {
            return None;
        }
        let mut root = None;
        for &u in users {
            // A user in an inner region has no position here.
            position.get(&u)?;
            if asks_extents(&self.f.insts[u].op) {
                continue;
            }
            let of = match self.out.root[u] {
                Some(r) => r,
                None if absorbs(self.f, u) => u,
                None => return None,
            };
            if *root.get_or_insert(of) != of {
                return None;
            }
        }
        let root = root?;
        if self.out.groups.get(&root).is_some_and(|g| g.len() >= MOST) {
            return None;
        }
        let reads: Vec<Value> = d
            .args
            .iter()
            .copied()
            .filter(|&a| !self.f.ty(a).is_scalar())
            .collect();
        let mut sources: Vec<Value> = Vec::new();
        for &v in &reads {
            let mut v = v;
            while let Some(&array) = self.source.get(&v) {
                sources.push(array);
                v = array;
            }
        }
        let end = position[&root];
        if end - k > FAR {
            return None;
        }
        let ends = |j: Inst, list: &[Value]| self.dying[j].iter().any(|v| list.contains(v));
        let kept = insts[k + 1..end].iter().all(|&j| {
            self.out.root[j] == Some(root)
                || (self.f.insts[j].regions.is_empty() && !ends(j, &reads))
        });
        // What an operand was taken from must not be written before the root is done, not even by it.
        let lent = insts[k + 1..=end].iter().any(|&j| ends(j, &sources));
        (kept && !lent).then_some(root)
    }
}

/// Whether an instruction makes a tensor whose elements cost little to compute where they are used, and cannot trap.
fn fusible(f: &Func, i: Inst) -> bool {
    let d = &f.insts[i];
    let tensor = |v: Value| f.ty(v).as_tensor().is_some_and(|t| !t.shape.is_empty());
    if d.results.len() != 1 || !tensor(d.results[0]) {
        return false;
    }
    let rank = f.ty(d.results[0]).as_tensor().map_or(0, |t| t.shape.len());
    if rank > RANK {
        return false;
    }
    if splat(f, i) {
        return true;
    }
    let Some(op) = Elementwise::of(&d.op) else {
        return false;
    };
    if passes(op, f, i) || kernel(op, f, i).is_some() && !small(f.ty(d.results[0])) {
        return false;
    }
    let scalars: Vec<Type> = d
        .args
        .iter()
        .map(|&v| f.ty(v).dtype().map_or(Type::unit(), Type::scalar))
        .collect();
    // A power by a loop is no small thing to repeat.
    let loops = matches!(op, Elementwise::Binary(BinaryOp::Powi | BinaryOp::Pow));
    !loops && ops::effects(&d.op, &scalars.iter().collect::<Vec<_>>()) == Effects::Pure
}

/// Whether an operation looks at nothing but its operand's extents, which are known where the operand is fused.
fn asks_extents(op: &Op) -> bool {
    matches!(op, Op::Array(ArrayOp::Dim(_) | ArrayOp::Len))
}

/// Whether an instruction is a scalar repeated to a tensor.
pub(super) fn splat(f: &Func, i: Inst) -> bool {
    let d = &f.insts[i];
    matches!(d.op, Op::Shape(ShapeOp::Broadcast { .. })) && f.ty(d.args[0]).is_scalar()
}

/// Whether an instruction computes the elements of its operands in its own loop.
fn absorbs(f: &Func, i: Inst) -> bool {
    let d = &f.insts[i];
    match &d.op {
        Op::Reduce(Reduction::Axes(op, axes)) => {
            let all = f
                .ty(d.args[0])
                .as_tensor()
                .is_some_and(|t| t.shape.len() == axes.len());
            // Reductions that may trap would do so before the operand's memory is asked for, which is fine; their order is kept.
            all && match op {
                ReduceOp::Sum
                | ReduceOp::Prod
                | ReduceOp::Min
                | ReduceOp::Max
                | ReduceOp::Any
                | ReduceOp::All => true,
            }
        }
        op => match Elementwise::of(op) {
            Some(e) => !f.ty(d.results[0]).is_scalar() && !passes(e, f, i),
            None => false,
        },
    }
}

/// Whether the operation gives its operand itself.
pub(super) fn passes(op: Elementwise, f: &Func, i: Inst) -> bool {
    let from = f.ty(f.insts[i].args[0]).dtype();
    let same = from == f.ty(f.insts[i].results[0]).dtype();
    match op {
        Elementwise::Unary(UnaryOp::StopGradient) => true,
        Elementwise::Unary(UnaryOp::Real | UnaryOp::Conj) => from.is_some_and(|d| !d.is_complex()),
        Elementwise::Convert(_) => same,
        Elementwise::Unary(_)
        | Elementwise::Binary(_)
        | Elementwise::Ternary(_)
        | Elementwise::Compare(_) => false,
    }
}

/// Whether a type has few elements, known.
pub(super) fn small(ty: &Type) -> bool {
    ty.as_tensor().is_some_and(|t| {
        let n = t
            .shape
            .iter()
            .try_fold(1u64, |n, d| n.checked_mul(d.known()?));
        n.is_some_and(|n| n < KERNEL)
    })
}

/// The function of a vector of floats that an instruction is.
pub(super) fn kernel(op: Elementwise, f: &Func, i: Inst) -> Option<Math1> {
    let float = f
        .ty(f.insts[i].results[0])
        .dtype()
        .is_some_and(DType::is_float);
    match op {
        Elementwise::Unary(op) if float => function(op),
        Elementwise::Unary(_)
        | Elementwise::Binary(_)
        | Elementwise::Ternary(_)
        | Elementwise::Compare(_)
        | Elementwise::Convert(_) => None,
    }
}
