//! Reads and stores of tensors at indices, and the small changes of shape that all families use.

use super::error::{Result, out_of_range};
use super::value::{Fact, Sym, Tensor, TensorLayout};
use super::writer::{Cx, compare, i64s};
use cotangent_core::error::TrapKind;
use cotangent_core::ir::DType;
use cotangent_core::value::Scalar;

impl Cx<'_> {
    /// The same elements in another shape.
    pub fn reshape(&mut self, t: &Tensor, ty: TensorLayout) -> Tensor {
        if t.ty == ty {
            return t.clone();
        }
        self.op("reshape", &[t], "", ty)
    }
    /// A scalar as a tensor of that shape; a tensor of it as it is.
    pub fn broadcast(&mut self, t: &Tensor, ty: TensorLayout) -> Tensor {
        if t.ty == ty {
            return t.clone();
        }
        if let Some(s) = t.constant() {
            return self.splat(s, ty);
        }
        self.op(
            "broadcast_in_dim",
            &[t],
            &format!("broadcast_dimensions = {}", i64s([])),
            ty,
        )
    }
    /// A leading axis of `n` copies.
    pub fn copies(&mut self, t: &Tensor, n: u64) -> Tensor {
        let shape = [n].into_iter().chain(t.ty.shape.iter().copied());
        let ty = TensorLayout::new(t.ty.dtype, shape);
        let dims = i64s(1..ty.shape.len() as i64);
        if t.ty.shape.is_empty() {
            return self.broadcast(t, ty);
        }
        self.op(
            "broadcast_in_dim",
            &[t],
            &format!("broadcast_dimensions = {dims}"),
            ty,
        )
    }
    /// An integer scalar and so much more.
    pub fn plus(&mut self, t: &Tensor, k: i64) -> Tensor {
        if k == 0 {
            return t.clone();
        }
        if let Some(n) = t.int()
            && let Some(s) = Scalar::from_int(t.ty.dtype, n + i128::from(k))
        {
            return self.constant(s);
        }
        let (name, by) = if k < 0 {
            ("subtract", k.unsigned_abs())
        } else {
            ("add", k as u64)
        };
        let by = Scalar::from_int(t.ty.dtype, i128::from(by)).unwrap_or(Scalar::zero(t.ty.dtype));
        let by = self.constant(by);
        let (base, have) = t.offset();
        let mut out = self.op(name, &[t, &by], "", t.ty.clone());
        out.fact = have
            .checked_add(k)
            .map_or(Fact::None, |k| Fact::Offset(base, k));
        out
    }
    /// The start indices of an access to the leading axes: `at`, then zeros.
    fn starts(&mut self, rank: usize, at: &[Tensor]) -> Vec<Tensor> {
        let zero = self.constant(Scalar::I64(0));
        let mut out = at.to_vec();
        out.resize(rank, zero);
        out
    }
    /// `n` elements along the axis after those that `at` (`i64` scalars) says, of which there is one each.
    pub fn window(&mut self, t: &Tensor, at: &[Tensor], sizes: &[u64]) -> Tensor {
        // Of nothing there is only nothing to read; a checked program has trapped.
        if t.ty.shape.iter().zip(sizes).any(|(have, n)| have < n) {
            return self.zeros(TensorLayout::new(t.ty.dtype, sizes.iter().copied()));
        }
        let starts = self.starts(t.ty.shape.len(), at);
        let args: Vec<&Tensor> = std::iter::once(t).chain(&starts).collect();
        let attribute = format!("slice_sizes = {}", i64s(sizes.iter().map(|&n| n as i64)));
        let ty = TensorLayout::new(t.ty.dtype, sizes.iter().copied());
        self.op("dynamic_slice", &args, &attribute, ty)
    }
    /// What is at those indices of the leading axes.
    pub fn element(&mut self, t: &Tensor, at: &[Tensor]) -> Tensor {
        if at.is_empty() {
            return t.clone();
        }
        let rest = t.ty.shape[at.len()..].to_vec();
        let sizes: Vec<u64> = vec![1; at.len()]
            .into_iter()
            .chain(rest.iter().copied())
            .collect();
        let w = self.window(t, at, &sizes);
        self.reshape(&w, TensorLayout::new(t.ty.dtype, rest))
    }
    /// With `x` from those indices on.
    pub fn set_window(&mut self, t: &Tensor, x: &Tensor, at: &[Tensor]) -> Tensor {
        if t.ty.shape.iter().zip(&x.ty.shape).any(|(have, n)| have < n) {
            return t.clone();
        }
        let starts = self.starts(t.ty.shape.len(), at);
        let args: Vec<&Tensor> = [t, x].into_iter().chain(&starts).collect();
        self.op("dynamic_update_slice", &args, "", t.ty.clone())
    }
    /// With `x` at those indices of the leading axes.
    pub fn set_element(&mut self, t: &Tensor, x: &Tensor, at: &[Tensor]) -> Tensor {
        if at.is_empty() {
            return x.clone();
        }
        let shape = vec![1; at.len()]
            .into_iter()
            .chain(x.ty.shape.iter().copied());
        let x = self.reshape(x, TensorLayout::new(x.ty.dtype, shape));
        self.set_window(t, &x, at)
    }
    /// A comparison of two tensors of one type.
    pub fn compared(&mut self, direction: &str, a: &Tensor, b: &Tensor) -> Tensor {
        let d = a.ty.dtype;
        let kind = if d.is_float() || d.is_complex() {
            "FLOAT"
        } else if d.is_signed() {
            "SIGNED"
        } else {
            "UNSIGNED"
        };
        self.op(
            "compare",
            &[a, b],
            &compare(direction, kind),
            a.ty.with(DType::Bool),
        )
    }
    /// In a checked program, traps unless `0 <= i < n`. `n` is `u64`.
    pub fn check_index(&mut self, i: &Tensor, n: &Tensor) {
        if !self.is_checked() {
            return;
        }
        if let (Some(i), Some(n)) = (i.int(), n.int())
            && (0..n).contains(&i)
        {
            return;
        }
        // A negative index is a huge one.
        let wide = self.op("convert", &[i], "", n.ty.clone());
        let fits = self.compared("LT", &wide, n);
        self.check(&fits, TrapKind::IndexOutOfRange { index: 0, len: 0 });
    }
    /// In a checked program, traps unless `lo <= hi <= n`. `n` is `u64`.
    pub fn check_range(&mut self, lo: &Tensor, hi: &Tensor, n: &Tensor) {
        if !self.is_checked() {
            return;
        }
        if let (Some(lo), Some(hi), Some(n)) = (lo.int(), hi.int(), n.int())
            && 0 <= lo
            && lo <= hi
            && hi <= n
        {
            return;
        }
        let lo = self.op("convert", &[lo], "", n.ty.clone());
        let hi = self.op("convert", &[hi], "", n.ty.clone());
        let a = self.compared("LE", &lo, &hi);
        let b = self.compared("LE", &hi, n);
        let both = self.op("and", &[&a, &b], "", a.ty.clone());
        self.check(&both, out_of_range());
    }
    /// How many items there are along the leading axis of what is inside `at` arrays.
    pub fn length(&mut self, s: &Sym, at: &[Tensor]) -> Result<Tensor> {
        match s {
            Sym::Array(a) => {
                let len = a.len.clone();
                let len = self.element(&len, at);
                self.bounds.insert(len.name, a.most);
                Ok(len)
            }
            Sym::Tensor(t) => Ok(self.u64(t.ty.shape[at.len()])),
            Sym::Record(_) => Err(super::Unsupported::new(
                "an index into a record",
                "records have fields",
            )),
        }
    }
    /// The most that an integer scalar is, if that is known.
    pub fn bound(&self, t: &Tensor) -> Option<u64> {
        match t.int() {
            Some(n) => u64::try_from(n).ok(),
            None => self.bounds.get(&t.name).copied().or(t.most),
        }
    }
    /// An integer scalar as a length, `u64`.
    pub(super) fn as_length(&mut self, t: &Tensor) -> Tensor {
        let out = self.cast(t, DType::U64);
        if let Some(n) = self.bound(t) {
            self.bounds.insert(out.name, n);
        }
        out
    }
}
