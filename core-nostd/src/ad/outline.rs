//! A loop made a function: what it uses of its surroundings, as what is handed to the function and what the function computes itself from that.
//! Start at [`Needs::of`]; whoever makes a function for the loop calls [`Needs::given`].

use crate::entity::{Inst, Value};
use crate::ir::{ArrayOp, Builder, ConstOp, Copier, DType, Func, Op};
use alloc::vec::Vec;
use hashbrown::HashSet;

/// How long chains of operations are that are computed again.
const DEPTH: usize = 16;

/// What is computed again.
#[derive(Copy, Clone, PartialEq)]
pub(super) enum Again {
    /// Constants: for functions that are called for every iteration.
    Constants,
    /// Also integers computed from others and from extents, and arrays that are one number over and over: then the functions know as much of
    /// extents and indices as is known where the loop is.
    Sizes,
}

/// What a loop uses of its surroundings.
pub(super) struct Needs {
    /// What is handed over.
    pub(super) captured: Vec<Value>,
    /// What is computed again, in order.
    again: Vec<Inst>,
}

impl Needs {
    /// Of a loop, which needs these values as well.
    pub(super) fn of(f: &Func, at: Inst, more: &[Value], how: Again) -> Needs {
        let captured = f.captured(at);
        let arrays = captured.iter().filter(|&&v| !f.ty(v).is_scalar());
        let arrays: HashSet<Value> = arrays.copied().collect();
        let mut needs = Needs {
            captured: Vec::new(),
            again: Vec::new(),
        };
        for &v in captured.iter().chain(more) {
            needs.see(f, &arrays, v, how, DEPTH);
        }
        needs
    }

    /// `arrays` are handed over in any case.
    fn see(&mut self, f: &Func, arrays: &HashSet<Value>, v: Value, how: Again, depth: usize) {
        let def = f.def_inst(v).filter(|_| depth > 0);
        let is_integer =
            |v: Value| f.ty(v).is_scalar() && f.ty(v).dtype().is_some_and(DType::is_int);
        let Some(i) = def.filter(|&i| {
            let d = &f.insts[i];
            let sizes = how == Again::Sizes;
            match &d.op {
                Op::Const(ConstOp::Scalar(_)) => true,
                Op::Binary(_) | Op::Convert(_) => {
                    sizes && is_integer(v) && d.args.iter().all(|&a| is_integer(a))
                }
                Op::Array(ArrayOp::Len | ArrayOp::Dim(_)) => sizes && arrays.contains(&d.args[0]),
                Op::Array(ArrayOp::Fill) => sizes && f.ty(d.args[0]).is_scalar(),
                _ => false,
            }
        }) else {
            if !self.captured.contains(&v) {
                self.captured.push(v);
            }
            return;
        };
        if self.again.contains(&i) {
            return;
        }
        for &a in &f.insts[i].args {
            self.see(f, arrays, a, how, depth - 1);
        }
        if !self.again.contains(&i) {
            self.again.push(i);
        }
    }

    /// In a function that is made, to which these values were given for what is captured: computes the rest again. Knows what everything is called.
    pub(super) fn given(&self, b: &mut Builder, f: &Func, values: &[Value]) -> Copier {
        let mut copier = Copier::new();
        copier.map_all(&self.captured, values);
        for &i in &self.again {
            copier.inst(b, Some(f), i);
        }
        copier
    }
}
