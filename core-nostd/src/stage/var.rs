//! Places: what a mutable variable, a `&mut` reference, `p.x`, `a[i]` and `a[lo..hi]` are in the twin.
//!
//! A place is, leaf by leaf, a slot and a path into it. Index values are frozen when the place is made, as Rust's are when
//! it borrows. The table of places lives in the [`Stager`], so that a [`Var`] is `Copy`.

use super::staged::{Staged, leaves, types};
use super::stager::B;
use crate::entity::{Slot, Value};
use crate::ir::{ArrayOp, CompareOp, Dim, EffectOp, Path, ShapeOp, Step, Type};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Where one leaf of a place is.
#[derive(Clone, Debug)]
pub(super) struct LeafPlace {
    slot: Slot,
    path: Path,
    idx: Vec<Value>,
    /// Of an array at the path, only the elements from the first value on, as many as the second.
    window: Option<(Value, Value)>,
}

/// What a [`Var`] names.
#[derive(Clone, Debug)]
pub(super) struct PlaceData {
    leaves: Vec<LeafPlace>,
}

/// A place that holds a `P`.
pub struct Var<'b, P> {
    b: B<'b>,
    id: u32,
    of: PhantomData<P>,
}

impl<P> Copy for Var<'_, P> {}
impl<P> Clone for Var<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> core::fmt::Debug for Var<'_, P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "place {}", self.id)
    }
}

/// The places of the fields of a `P`.
pub type Refs<'b, P> = <P as Staged<'b>>::Refs;

/// A mutable variable with an initial value: `let mut x = v`.
pub fn var<'b, P: Staged<'b>>(b: B<'b>, v: P) -> Var<'b, P> {
    let x = Var::uninit(b);
    wr(x, v);
    x
}

/// Reads a place.
pub fn rd<'b, P: Staged<'b>>(x: Var<'b, P>) -> P {
    x.read()
}

/// Writes a place.
pub fn wr<'b, P: Staged<'b>>(x: Var<'b, P>, v: P) {
    x.write(&v);
}

/// The places of the fields.
pub fn refs<'b, P: Staged<'b>>(x: Var<'b, P>) -> P::Refs {
    P::refs(x)
}

/// Hands out the places of the fields of a variable, in order.
#[derive(Debug)]
pub struct Split<'b> {
    b: B<'b>,
    leaves: Vec<LeafPlace>,
    next: usize,
}

impl<'b> Split<'b> {
    /// The place of the next field, which is a `Q`.
    pub fn field<Q: Staged<'b>>(&mut self) -> Var<'b, Q> {
        let n = types::<Q>().len();
        let part = self.leaves[self.next..self.next + n].to_vec();
        self.next += n;
        Var::of(self.b, part)
    }
}

impl<'b, P> Var<'b, P> {
    fn of(b: B<'b>, leaves: Vec<LeafPlace>) -> Self {
        let mut places = b.places.borrow_mut();
        places.push(PlaceData { leaves });
        Var {
            b,
            id: places.len() as u32 - 1,
            of: PhantomData,
        }
    }
    fn leaves(self) -> Vec<LeafPlace> {
        self.b.places.borrow()[self.id as usize].leaves.clone()
    }
    /// What it is staged into.
    pub fn b(self) -> B<'b> {
        self.b
    }
    /// The same place seen as holding a `Q` of the same leaves (`&mut [T; N]` as `&mut [T]`).
    pub(super) fn retype<Q>(self) -> Var<'b, Q> {
        Var {
            b: self.b,
            id: self.id,
            of: PhantomData,
        }
    }
}

impl<'b, P: Staged<'b>> Var<'b, P> {
    /// A mutable variable without a value yet: `let x;`.
    pub fn uninit(b: B<'b>) -> Self {
        let leaves = b
            .slots::<P>("")
            .into_iter()
            .map(|slot| LeafPlace {
                slot,
                path: Vec::new(),
                idx: Vec::new(),
                window: None,
            })
            .collect();
        Var::of(b, leaves)
    }
    /// The places of the fields, to be asked for in order.
    pub fn split(self) -> Split<'b> {
        Split {
            b: self.b,
            leaves: self.leaves(),
            next: 0,
        }
    }
    /// Reads it.
    pub fn read(self) -> P {
        let vs: Vec<Value> = self.leaves().iter().map(|l| l.get(self.b)).collect();
        P::take(self.b, &mut vs.iter())
    }
    /// Writes it.
    pub fn write(self, v: &P) {
        for (l, v) in self.leaves().iter().zip(leaves(v)) {
            l.set(self.b, v);
        }
    }
    /// Writes what a method changed: the leaves of `new` that differ from those of `old`.
    pub fn write_changed(self, old: &P, new: &P) {
        let old = leaves(old);
        for (k, (l, v)) in self.leaves().iter().zip(leaves(new)).enumerate() {
            if old.get(k) != Some(&v) {
                l.set(self.b, v);
            }
        }
    }
    /// The place of element `i` of a container (one leaf) of `Q`.
    pub(super) fn element<Q: Staged<'b>>(self, i: Value) -> Var<'b, Q> {
        let b = self.b;
        let mut base = self.leaves().remove(0);
        let i = match base.window.take() {
            None => i,
            Some((lo, len)) => {
                let i = b.ir().convert(crate::ir::DType::U64, i);
                let ok = b.op(CompareOp::Lt, &[i, len]);
                let msg = "index out of range of the slice";
                b.ops(EffectOp::Assert(msg.into()), &[ok]);
                b.ir().add(lo, i)
            }
        };
        base.path.push(Step::Index);
        base.idx.push(i);
        let n = types::<Q>().len();
        let parts = match n {
            1 => alloc::vec![base],
            _ => (0..n as u32)
                .map(|k| {
                    let mut l = base.clone();
                    l.path.push(Step::Field(k));
                    l
                })
                .collect(),
        };
        Var::of(b, parts)
    }
    /// The place of the elements `lo..hi` of a container, as a `Q` (a sequence).
    pub(super) fn window<Q: Staged<'b>>(self, lo: Value, hi: Value) -> Var<'b, Q> {
        let b = self.b;
        let mut base = self.leaves().remove(0);
        // The slice itself is read once so that a range that is out of bounds traps here.
        let whole = base.get(b);
        let n = b.op(ArrayOp::Len, &[whole]);
        let le = |x, y| {
            let ok = b.op(CompareOp::Le, &[x, y]);
            let msg = "range out of range of the slice";
            b.ops(EffectOp::Assert(msg.into()), &[ok]);
        };
        le(lo, hi);
        le(hi, n);
        let len = b.ir().sub(hi, lo);
        let lo = match base.window {
            None => lo,
            Some((start, _)) => b.ir().add(start, lo),
        };
        base.window = Some((lo, len));
        Var::of(b, alloc::vec![base])
    }
}

impl LeafPlace {
    fn get(&self, b: B<'_>) -> Value {
        let v = b.ir().slot_get(self.slot, self.path.clone(), &self.idx);
        match self.window {
            None => v,
            Some((lo, len)) => {
                let hi = b.ir().add(lo, len);
                b.op(ArrayOp::Slice, &[v, lo, hi])
            }
        }
    }
    fn set(&self, b: B<'_>, v: Value) {
        let v = match self.window {
            None => v,
            Some((lo, _)) => {
                let whole = b.ir().slot_get(self.slot, self.path.clone(), &self.idx);
                b.op(ArrayOp::UpdateSlice, &[whole, v, lo])
            }
        };
        let base = b.ir().func.slots[self.slot].ty.clone();
        let v = match crate::ops::place_type(&base, &self.path) {
            Ok(want) => fit(b, v, &want),
            Err(_) => v,
        };
        b.ir().slot_set(self.slot, v, self.path.clone(), &self.idx);
    }
}

/// `v`, checked at run time to have the known extents of `want` where its own are unknown.
pub(super) fn fit(b: B<'_>, v: Value, want: &Type) -> Value {
    let have = b.ty(v);
    match (&have, want) {
        (Type::Tensor(h), Type::Tensor(w)) if h.shape.len() == w.shape.len() => {
            let unknown = |(h, w): (&Dim, &Dim)| *h == Dim::Dynamic && *w != Dim::Dynamic;
            if !have.fits(want) && h.shape.iter().zip(&w.shape).any(unknown) {
                return b.op(ShapeOp::Reshape(w.shape.clone()), &[v]);
            }
            v
        }
        _ => v,
    }
}

/// The place that a call gave (a `&mut`), or a fresh one that holds the value it gave.
pub trait ToPlace<'b> {
    /// What it holds.
    type Of;
    /// The place.
    fn to_place(self, b: B<'b>) -> Var<'b, Self::Of>;
}
impl<'b, P> ToPlace<'b> for Var<'b, P> {
    type Of = P;
    fn to_place(self, _: B<'b>) -> Var<'b, P> {
        self
    }
}
impl<'b, P: Staged<'b>> ToPlace<'b> for P {
    type Of = P;
    fn to_place(self, b: B<'b>) -> Var<'b, P> {
        var(b, self)
    }
}
/// See [`ToPlace`].
pub fn place<'b, T: ToPlace<'b>>(b: B<'b>, x: T) -> Var<'b, T::Of> {
    x.to_place(b)
}

/// `mem::swap(x, y)`.
pub fn swap<'b, P: Staged<'b>>(_: B<'b>, x: Var<'b, P>, y: Var<'b, P>) {
    let (a, b) = (rd(x), rd(y));
    wr(x, b);
    wr(y, a);
}
/// `mem::replace(x, v)`.
pub fn replace<'b, P: Staged<'b>>(_: B<'b>, x: Var<'b, P>, v: P) -> P {
    let old = rd(x);
    wr(x, v);
    old
}
/// `mem::take(x)`.
pub fn take<'b, P: StagedDefault<'b>>(b: B<'b>, x: Var<'b, P>) -> P {
    replace(b, x, P::staged_default(b))
}

/// A proxy whose plain type has `Default`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `default()` in a `#[differentiable]` function"
)]
pub trait StagedDefault<'b>: Staged<'b> {
    /// The default.
    fn staged_default(b: B<'b>) -> Self;
}
/// `P::default()`.
pub fn default<'b, P: StagedDefault<'b>>(b: B<'b>) -> P {
    P::staged_default(b)
}
/// Of the types of the core, the default is the zero of the IR.
macro_rules! zero_defaults {
    ($([$($g:tt)*] $t:ty;)*) => {$(
        impl<'b, $($g)*> StagedDefault<'b> for $t {
            fn staged_default(b: B<'b>) -> Self {
                super::flow::diverge(b)
            }
        }
    )*};
}
zero_defaults! {
    [T: super::Scalar] super::Expr<'b, T>;
    [P: Staged<'b>] super::Seq<'b, P>;
    [P: StagedDefault<'b>, const N: usize] super::Arr<'b, P, N>;
    [P: Staged<'b>] super::Opt<'b, P>;
    [] ();
    [P: StagedDefault<'b>, Q: StagedDefault<'b>] (P, Q);
    [P: StagedDefault<'b>, Q: StagedDefault<'b>, R: StagedDefault<'b>] (P, Q, R);
}
