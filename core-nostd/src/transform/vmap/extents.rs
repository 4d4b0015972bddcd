//! Which arrays have equal extents: storing into an array keeps them, so an array that a loop or a branch only stores into is
//! of the extents it had before.
//!
//! Each value has a *root*, another value (or itself) whose extents it has whenever both exist.

use crate::entity::{Region, SecondaryMap, Value};
use crate::ir::{
    ArrayOp, ControlOp, Func, InstData, Op, PlaceOp, TangentOp, TernaryOp, Type, WindowOp,
};
use alloc::vec::Vec;

/// The roots of a function's values.
pub(super) struct Extents {
    roots: SecondaryMap<Value, Option<Value>>,
}

impl Extents {
    pub(super) fn of(f: &Func) -> Extents {
        let mut e = Extents {
            roots: SecondaryMap::new(),
        };
        // Carried values of which it was found that their extents change.
        let mut changing: SecondaryMap<Value, bool> = SecondaryMap::new();
        while e.region(f, f.body, &mut changing) {
            e.roots = SecondaryMap::new();
        }
        e
    }
    /// The value whose extents `v` has.
    pub(super) fn root(&self, v: Value) -> Value {
        self.roots[v].unwrap_or(v)
    }
    /// Whether all have equal extents.
    pub(super) fn equal(&self, vs: &[Value]) -> bool {
        vs.windows(2).all(|w| self.root(w[0]) == self.root(w[1]))
    }

    /// Whether some carried value was found to change, so that all is to be done again.
    fn region(&mut self, f: &Func, r: Region, changing: &mut SecondaryMap<Value, bool>) -> bool {
        let mut again = false;
        for &i in &f.regions[r].insts {
            again |= self.inst(f, &f.insts[i], changing);
        }
        again
    }

    fn inst(&mut self, f: &Func, d: &InstData, changing: &mut SecondaryMap<Value, bool>) -> bool {
        let mut again = false;
        let plain = |e: &mut Self| {
            if let (Some(a), [v]) = (keeps(f, d), &d.results[..]) {
                e.roots[*v] = Some(e.root(a));
            }
        };
        let Op::Control(c) = &d.op else {
            plain(self);
            return false;
        };
        match c {
            ControlOp::If | ControlOp::Switch => {
                for &r in &d.regions {
                    again |= self.region(f, r, changing);
                }
                for (k, &v) in d.results.iter().enumerate() {
                    let ys: Vec<Value> =
                        d.regions.iter().map(|&r| f.regions[r].yields[k]).collect();
                    if self.equal(&ys) {
                        self.roots[v] = Some(self.root(ys[0]));
                    }
                }
            }
            ControlOp::For | ControlOp::While => {
                let is_for = matches!(c, ControlOp::For);
                let init = &d.args[if is_for { 2 } else { 0 }..];
                let skip = usize::from(is_for);
                for &r in &d.regions {
                    for (k, &p) in f.regions[r].params[skip..].iter().enumerate() {
                        if !changing[d.results[k]] {
                            self.roots[p] = Some(self.root(init[k]));
                        }
                    }
                    again |= self.region(f, r, changing);
                }
                let body = d.regions[d.regions.len() - 1];
                for (k, &v) in d.results.iter().enumerate() {
                    if changing[v] {
                        continue;
                    }
                    let root = self.root(init[k]);
                    if self.root(f.regions[body].yields[k]) == root {
                        self.roots[v] = Some(root);
                    } else {
                        changing[v] = true;
                        again = true;
                    }
                }
            }
            ControlOp::Map | ControlOp::Call(_) | ControlOp::Derive { .. } => plain(self),
        }
        again
    }
}

/// The operand whose extents the result has.
fn keeps(f: &Func, d: &InstData) -> Option<Value> {
    let rank = |v: Value| f.ty(v).as_tensor().map(|t| t.shape.len());
    let whole = |v: Value| (rank(v).is_some() && rank(v) == rank(*d.results.first()?)).then_some(v);
    match &d.op {
        Op::Place(PlaceOp::Update(path) | PlaceOp::AddAt(path)) => {
            let stores = !path.is_empty() && matches!(f.ty(d.args[0]), Type::Tensor(_));
            stores.then(|| d.args[0])
        }
        Op::Array(ArrayOp::UpdateSlice | ArrayOp::AddSlice) => whole(d.args[0]),
        Op::Unary(_) | Op::Convert(_) | Op::Binary(_) => whole(d.args[0]),
        Op::Ternary(TernaryOp::Select) => whole(d.args[1]),
        Op::Ternary(TernaryOp::Clamp | TernaryOp::Fma) => whole(d.args[0]),
        Op::Tangent(TangentOp::ZerosLike | TangentOp::Accumulate) => whole(d.args[0]),
        Op::Control(ControlOp::Map) => whole(d.args[0]),
        Op::Window(WindowOp::SelectAndScatter(..)) => whole(d.args[0]),
        Op::Tangent(TangentOp::CustomLinear { .. })
        | Op::Const(_)
        | Op::Compare(_)
        | Op::Place(PlaceOp::Record | PlaceOp::Get(_))
        | Op::Array(
            ArrayOp::Slice
            | ArrayOp::Len
            | ArrayOp::Dim(_)
            | ArrayOp::Fill
            | ArrayOp::Array
            | ArrayOp::Push
            | ArrayOp::Pop,
        )
        | Op::Shape(_)
        | Op::Index(_)
        | Op::Reduce(_)
        | Op::Sort(_)
        | Op::Dot(_)
        | Op::Random(_)
        | Op::Linalg(_)
        | Op::Fft(_)
        | Op::Window(_)
        | Op::Control(
            ControlOp::If
            | ControlOp::Switch
            | ControlOp::While
            | ControlOp::For
            | ControlOp::Call(_)
            | ControlOp::Derive { .. },
        )
        | Op::Effect(_)
        | Op::Slot(_) => None,
    }
}
