//! How the values that the lanes of a batch have for one value of the program are held.
//!
//! Invariants: what holds no array is [`Form::Same`] or a record of such; a tensor with known extents is never
//! [`Form::Each`]; a record is never `Stacked` or `Each` itself, only its fields are; `Fields` has some field that is
//! not `Same`.

use crate::ir::{Dim, Type};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How the values of all lanes are held; a lattice, [`Form::Same`] its least element.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Form {
    /// One value, the same in all lanes.
    Same,
    /// Tensors of one shape, one after another along a new leading axis.
    Stacked,
    /// A sequence of the lanes' values: tensors whose extents may differ, sequences, stacks.
    Each,
    /// A record, by field.
    Fields(Arc<[Form]>),
}

impl Form {
    /// The form of a record by that of its fields.
    pub(crate) fn fields(fields: Vec<Form>) -> Form {
        if fields.iter().all(Form::is_same) {
            Form::Same
        } else {
            Form::Fields(fields.into())
        }
    }
    /// Whether all lanes share one value.
    pub(crate) fn is_same(&self) -> bool {
        matches!(self, Form::Same)
    }
    /// Whether something in it is held lane by lane.
    pub(crate) fn has_each(&self) -> bool {
        match self {
            Form::Each => true,
            Form::Same | Form::Stacked => false,
            Form::Fields(fs) => fs.iter().any(Form::has_each),
        }
    }
    /// The form of a field of a record of this form.
    pub(crate) fn field(&self, k: usize) -> Form {
        match self {
            Form::Fields(fs) => fs.get(k).cloned().unwrap_or(Form::Same),
            Form::Same | Form::Stacked | Form::Each => Form::Same,
        }
    }
    /// The form of values of that type that differ between the lanes, but have equal extents: tensors are stacked.
    pub(crate) fn stacked(ty: &Type) -> Form {
        match ty {
            Type::Tensor(_) => Form::Stacked,
            Type::Record(ts) => Form::fields(ts.iter().map(Form::stacked).collect()),
            Type::Seq(_) | Type::Stack(_) => Form::Each,
        }
    }
    /// The form of values of that type of which nothing is known: only what has a known size is stacked.
    pub(crate) fn ragged(ty: &Type) -> Form {
        match ty {
            Type::Tensor(_) if ty.is_static() => Form::Stacked,
            Type::Record(ts) => Form::fields(ts.iter().map(Form::ragged).collect()),
            Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => Form::Each,
        }
    }
    /// The least form that can hold what either holds, of a value of that type.
    pub(crate) fn join(&self, other: &Form, ty: &Type) -> Form {
        match (self, other) {
            (Form::Same, f) | (f, Form::Same) => f.clone(),
            (Form::Stacked, Form::Stacked) => Form::Stacked,
            (Form::Fields(_), _) | (_, Form::Fields(_)) => match ty {
                Type::Record(ts) => Form::fields(
                    ts.iter()
                        .enumerate()
                        .map(|(k, t)| self.field(k).join(&other.field(k), t))
                        .collect(),
                ),
                Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => Form::ragged(ty),
            },
            (Form::Each, _) | (_, Form::Each) => Form::Each,
        }
    }
    /// The type of what holds values of type `ty` in this form, of a batch with that many lanes.
    pub(crate) fn ty(&self, ty: &Type, lanes: Dim) -> Type {
        match (self, ty) {
            (Form::Same, _) => ty.clone(),
            (Form::Stacked, Type::Tensor(t)) => Type::tensor(
                t.dtype,
                core::iter::once(lanes).chain(t.shape.iter().copied()),
            ),
            (Form::Fields(fs), Type::Record(ts)) => {
                Type::record(fs.iter().zip(ts.iter()).map(|(f, t)| f.ty(t, lanes)))
            }
            (Form::Each | Form::Stacked | Form::Fields(_), _) => Type::seq(ty.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::DType;
    use alloc::vec;

    #[test]
    fn forms_by_type() {
        let open = Type::tensor(DType::F64, [Dim::Dynamic]);
        let three = Type::known(DType::F64, &[3]);
        let seq = Type::seq(open.clone());
        let rec = Type::record([three.clone(), open.clone(), seq.clone(), Type::unit()]);
        assert_eq!(Form::stacked(&open), Form::Stacked);
        assert_eq!(Form::ragged(&open), Form::Each);
        assert_eq!(Form::ragged(&three), Form::Stacked);
        assert_eq!(Form::stacked(&Type::unit()), Form::Same);
        let f = Form::stacked(&rec);
        assert_eq!(
            f,
            Form::fields(vec![Form::Stacked, Form::Stacked, Form::Each, Form::Same])
        );
        assert_eq!(
            f.ty(&rec, Dim::Known(2)),
            Type::record([
                Type::known(DType::F64, &[2, 3]),
                Type::tensor(DType::F64, [Dim::Known(2), Dim::Dynamic]),
                Type::seq(seq),
                Type::unit(),
            ])
        );
        let g = Form::fields(vec![Form::Same, Form::Each, Form::Same, Form::Same]);
        assert_eq!(f.join(&g, &rec).field(1), Form::Each);
        assert_eq!(f.join(&Form::Same, &rec), f);
        assert_eq!(Form::Same.join(&f, &rec), f);
    }
}
