//! What elementwise operations have in common: operands of one shape, and arrays of unknown length.

use super::error::{Result, Unsupported};
use super::value::{Array, Sym, Tensor, TensorLayout};
use super::writer::Cx;

impl<'m> Cx<'m> {
    /// An operation with one result on operands of one shape. A scalar stands for all elements where another operand has a shape (in a
    /// `map`). Of arrays whose length is not known, all that there is room for takes part.
    pub(super) fn elementwise(
        &mut self,
        op: &str,
        args: &[Sym],
        write: impl FnOnce(&mut Cx<'m>, &[Tensor]) -> Result<Tensor>,
    ) -> Result<Vec<Sym>> {
        let mut array: Option<Array> = None;
        let mut tensors = Vec::with_capacity(args.len());
        for s in args {
            match s {
                Sym::Tensor(t) => tensors.push(t.clone()),
                Sym::Array(a) => {
                    let Sym::Tensor(t) = &*a.items else {
                        return Err(Unsupported::new(format!("`{op}`"), "it takes tensors"));
                    };
                    tensors.push(t.clone());
                    array = Some(a.clone());
                }
                Sym::Record(_) => {
                    return Err(Unsupported::new(
                        format!("`{op}` of a record"),
                        "it takes tensors",
                    ));
                }
            }
        }
        // The shape: of an operand of known length, if there is one.
        let known = args.iter().find_map(|s| match s {
            Sym::Tensor(t) if !t.ty.shape.is_empty() => Some(t.ty.shape.clone()),
            _ => None,
        });
        let shape = match (&known, &array) {
            (Some(shape), _) => shape.clone(),
            (None, Some(_)) => {
                let room = |t: &Tensor| t.ty.shape.first().copied();
                let least = tensors.iter().filter_map(room).min().unwrap_or(0);
                let mut shape = tensors
                    .iter()
                    .find(|t| !t.ty.shape.is_empty())
                    .map(|t| t.ty.shape.clone())
                    .unwrap_or_default();
                if let Some(n) = shape.first_mut() {
                    *n = least;
                }
                shape
            }
            (None, None) => Vec::new(),
        };
        for (t, s) in tensors.iter_mut().zip(args) {
            let want = TensorLayout::new(t.ty.dtype, shape.iter().copied());
            if let (Sym::Array(a), Some(&n)) = (s, shape.first()) {
                // Of as many as the others: those of known length, or the array that the result takes its length from.
                let others = match (&known, &array) {
                    (None, Some(array)) => array.len.clone(),
                    (Some(_), _) | (None, None) => self.u64(n),
                };
                self.check_same(op, &a.len, &others);
                if t.ty.shape[0] < n {
                    let Sym::Tensor(padded) = self.with_room(&Sym::Tensor(t.clone()), 0, n)? else {
                        continue;
                    };
                    *t = padded;
                } else {
                    *t = self.head(t, 0, n);
                }
            } else if t.ty.shape.is_empty() {
                *t = self.broadcast(t, want.clone());
            }
            if t.ty != want {
                let why = format!("its operands are {} and {want}", t.ty);
                return Err(Unsupported::mismatch(op, why));
            }
        }
        self.live = match (&known, &array) {
            (None, Some(a)) if a.len.ty.shape.is_empty() => Some(a.len.clone()),
            _ => None,
        };
        let out = write(self, &tensors);
        self.live = None;
        let out = out?;
        Ok(vec![match (known, array) {
            (None, Some(a)) => {
                let room = out.ty.shape.first().copied().unwrap_or(0);
                Sym::Array(Array {
                    items: Box::new(out.into()),
                    room,
                    most: a.most.min(room),
                    len: a.len,
                })
            }
            _ => out.into(),
        }])
    }
}
