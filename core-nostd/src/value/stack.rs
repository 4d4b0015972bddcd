//! Stacks of residuals, stored by column.
//!
//! The elements of a stack are all of one type. Scalars lie in a typed vector, and so does each scalar field of a record:
//! 8 bytes for an `f64`, and no allocation per element. Residuals are most of what a reverse pass keeps, so this is what its
//! memory and its speed at large sizes come from. Executors with a layout of their own read and make whole [`Column`]s.

use super::{Data, Val};
use crate::ir::Type;
use alloc::vec::Vec;

/// The elements of a [`Val::Stack`]; the last one is the top.
///
/// Invariant: each column has `len` entries. Without a record, there is one column.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    len: usize,
    record: bool,
    columns: Vec<Column>,
}

/// One field of all elements, or the elements themselves where they are no records.
#[derive(Clone, Debug)]
pub enum Column {
    /// Scalars of one type.
    Scalars(Data),
    /// Anything else.
    Values(Vec<Val>),
}

impl Column {
    /// An empty column for values like `v`.
    fn like(v: &Val) -> Column {
        match v {
            Val::Scalar(s) => match Data::with_capacity(s.dtype(), 0) {
                Some(d) => Column::Scalars(d),
                None => Column::Values(Vec::new()),
            },
            Val::Unit | Val::Tensor(_) | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => {
                Column::Values(Vec::new())
            }
        }
    }
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Column::Scalars(d) => d.len(),
            Column::Values(vs) => vs.len(),
        }
    }
    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn takes(&self, v: &Val) -> bool {
        match (self, v) {
            (Column::Scalars(d), Val::Scalar(s)) => d.dtype() == s.dtype(),
            (Column::Scalars(_), _) => false,
            (Column::Values(_), _) => true,
        }
    }
    fn push(&mut self, v: Val) {
        match (self, v) {
            (Column::Scalars(d), Val::Scalar(s)) => {
                let pushed = d.push(s);
                debug_assert!(pushed, "checked by `takes`");
            }
            (Column::Scalars(_), _) => unreachable!("checked by `takes`"),
            (Column::Values(vs), v) => vs.push(v),
        }
    }
    fn get(&self, i: usize) -> Val {
        match self {
            Column::Scalars(d) => Val::Scalar(d.get(i)),
            Column::Values(vs) => vs[i].clone(),
        }
    }
    fn pop(&mut self) -> Val {
        match self {
            Column::Scalars(d) => {
                let last = d.get(d.len() - 1);
                d.truncate(d.len() - 1);
                Val::Scalar(last)
            }
            Column::Values(vs) => vs.pop().unwrap_or_default(),
        }
    }
}

impl Stack {
    /// An empty stack.
    pub fn new() -> Stack {
        Stack::default()
    }
    /// A stack of `len` elements from its columns: the fields of records if `record`, else one. `None` if their lengths differ.
    pub fn from_columns(len: usize, record: bool, columns: Vec<Column>) -> Option<Stack> {
        let suits = (record || columns.len() == 1) && columns.iter().all(|c| c.len() == len);
        suits.then_some(Stack {
            len,
            record,
            columns,
        })
    }
    /// The columns: the fields of the elements if they are records, else the elements. An empty stack may have none.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
    /// Whether the elements are of that type.
    pub(super) fn holds(&self, element: &Type) -> bool {
        let fields = match element {
            Type::Record(fs) => fs,
            Type::Tensor(_) | Type::Seq(_) | Type::Stack(_) => core::slice::from_ref(element),
        };
        let suits = |(c, ty): (&Column, &Type)| match c {
            Column::Scalars(d) => *ty == Type::scalar(d.dtype()),
            Column::Values(vs) => vs.iter().all(|v| v.is_of(ty)),
        };
        self.len == 0
            || self.record == matches!(element, Type::Record(_))
                && self.columns.len() == fields.len()
                && self.columns.iter().zip(fields).all(suits)
    }
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Adds an element on top. An element unlike those before is given back: the elements of a stack are of one type.
    pub fn push(&mut self, v: Val) -> Result<(), Val> {
        let fields: &[Val] = match &v {
            Val::Record(fs) => fs,
            Val::Unit => &[],
            Val::Scalar(_) | Val::Tensor(_) | Val::Seq(_) | Val::Stack(_) => {
                core::slice::from_ref(&v)
            }
        };
        let record = matches!(v, Val::Record(_) | Val::Unit);
        let suits = |s: &Stack| {
            s.record == record
                && s.columns.len() == fields.len()
                && s.columns.iter().zip(fields).all(|(c, f)| c.takes(f))
        };
        if !suits(self) {
            if self.len != 0 {
                return Err(v);
            }
            *self = Stack {
                len: 0,
                record,
                columns: fields.iter().map(Column::like).collect(),
            };
        }
        if record {
            for (c, f) in self.columns.iter_mut().zip(fields) {
                c.push(f.clone());
            }
        } else {
            self.columns[0].push(v);
        }
        self.len += 1;
        Ok(())
    }
    /// The elements in a vector, bottom first.
    pub fn to_vec(&self) -> Vec<Val> {
        self.iter().collect()
    }
    /// Takes the top element off.
    pub fn pop(&mut self) -> Option<Val> {
        self.len = self.len.checked_sub(1)?;
        if !self.record {
            return Some(self.columns[0].pop());
        }
        Some(Val::record(
            self.columns.iter_mut().map(Column::pop).collect(),
        ))
    }
    /// The elements, bottom first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Val> + '_ {
        (0..self.len).map(|i| {
            if self.record {
                Val::record(self.columns.iter().map(|c| c.get(i)).collect())
            } else {
                self.columns[0].get(i)
            }
        })
    }
}

/// Elements bottom first. Elements unlike the first are left out: the elements of a stack are of one type.
impl FromIterator<Val> for Stack {
    fn from_iter<I: IntoIterator<Item = Val>>(vs: I) -> Stack {
        let mut s = Stack::new();
        for v in vs {
            if s.push(v).is_err() {
                break;
            }
        }
        s
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::DType;
    use crate::value::Scalar;

    #[test]
    fn last_in_first_out_of_scalars_records_and_units() {
        let record = |x: f64, n: u64| Val::record(alloc::vec![Val::from(x), Val::from(n)]);
        for elems in [
            alloc::vec![Val::from(1.0), Val::from(2.0)],
            alloc::vec![record(1.0, 2), record(3.0, 4)],
            alloc::vec![Val::Unit, Val::Unit],
            alloc::vec![
                Val::vector(alloc::vec![1u8]),
                Val::vector(alloc::vec![2u8, 3])
            ],
        ] {
            let mut s: Stack = elems.iter().cloned().collect();
            assert_eq!(s.len(), 2);
            assert!(s.iter().zip(&elems).all(|(a, b)| a.same_bits(b)));
            assert!(s.pop().is_some_and(|v| v.same_bits(&elems[1])));
            assert!(s.pop().is_some_and(|v| v.same_bits(&elems[0])));
            assert!(s.pop().is_none());
        }
    }

    #[test]
    fn columns_are_the_fields() {
        let record = |x: f64, n: u64| Val::record(alloc::vec![Val::from(x), Val::from(n)]);
        let s: Stack = [record(1.0, 2), record(3.0, 4)].into_iter().collect();
        let [Column::Scalars(xs), Column::Scalars(ns)] = s.columns() else {
            panic!("{s:?}");
        };
        assert_eq!(
            (xs, ns),
            (
                &Data::F64(alloc::vec![1.0, 3.0]),
                &Data::U64(alloc::vec![2, 4])
            )
        );
        let again = Stack::from_columns(2, true, s.columns().to_vec()).unwrap();
        assert!(s.iter().zip(again.iter()).all(|(a, b)| a.same_bits(&b)));
        let (f, n) = (Type::from(DType::F64), Type::from(DType::U64));
        assert!(s.holds(&Type::record([f.clone(), n.clone()])));
        assert!(!s.holds(&Type::record([f.clone(), f.clone()])));
        assert!(!s.holds(&Type::record([f.clone()])) && !s.holds(&f));
        assert!(Stack::new().holds(&n));
        assert!(Stack::from_columns(3, true, s.columns().to_vec()).is_none());
        assert!(Stack::from_columns(2, false, s.columns().to_vec()).is_none());
        assert_eq!(
            Stack::from_columns(4, true, Vec::new()).map(|s| s.to_vec().len()),
            Some(4)
        );
    }

    #[test]
    fn elements_are_of_one_type_until_it_is_empty() {
        let mut s = Stack::new();
        s.push(Val::from(1.0)).expect("the first decides");
        assert!(s.push(Val::Scalar(Scalar::Bool(true))).is_err());
        s.pop();
        s.push(Val::Scalar(Scalar::Bool(true)))
            .expect("empty again");
    }
}
