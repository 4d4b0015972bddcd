//! What the elementwise families share: which element types an op takes, shape agreement, and loops over elements.
//!
//! Invariants: operands of one instruction have one shape (nothing broadcasts but the scalar operands that an op's doc
//! names); a tensor that nobody else holds is updated in place; an element function may fault, and then the instruction
//! traps. Start with [`Domain`] and [`zip`].

use super::{Args, EvalCx, Simplified, SimplifyCx};
use crate::entity::Value;
use crate::error::{TrapKind, Why};
use crate::ir::{ConstOp, DType, Dim, Shape, TensorType, Type};
use crate::value::{Data, Element, Scalar, Tensor, Val};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A set of element types: those an op takes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Domain(u8);

impl Domain {
    /// `bool`.
    pub const BOOL: Domain = Domain(1);
    /// Signed integers.
    pub const SIGNED: Domain = Domain(2);
    /// Unsigned integers.
    pub const UNSIGNED: Domain = Domain(4);
    /// Real floating point.
    pub const FLOAT: Domain = Domain(8);
    /// Complex floating point.
    pub const COMPLEX: Domain = Domain(16);
    /// Integers.
    pub const INT: Domain = Domain::SIGNED.or(Domain::UNSIGNED);
    /// Real and complex floating point.
    pub const FIELD: Domain = Domain::FLOAT.or(Domain::COMPLEX);
    /// All numbers.
    pub const NUMBER: Domain = Domain::INT.or(Domain::FIELD);
    /// All element types that have an order.
    pub const REAL: Domain = Domain::BOOL.or(Domain::INT).or(Domain::FLOAT);
    /// All element types.
    pub const ANY: Domain = Domain::NUMBER.or(Domain::BOOL);

    /// The union of two sets.
    pub const fn or(self, other: Domain) -> Domain {
        Domain(self.0 | other.0)
    }
    /// Whether an element type is in the set.
    pub const fn admits(self, d: DType) -> bool {
        let bit = if matches!(d, DType::Bool) {
            Domain::BOOL
        } else if d.is_signed() {
            Domain::SIGNED
        } else if d.is_unsigned() {
            Domain::UNSIGNED
        } else if d.is_float() {
            Domain::FLOAT
        } else {
            Domain::COMPLEX
        };
        self.0 & bit.0 != 0
    }
    /// The set in words, for messages.
    pub fn want(self) -> &'static str {
        const NAMES: [(Domain, &str); 11] = [
            (Domain::BOOL, "a bool tensor"),
            (Domain::INT, "an integer tensor"),
            (Domain::BOOL.or(Domain::INT), "a bool or integer tensor"),
            (Domain::FLOAT, "a float tensor"),
            (Domain::FIELD, "a float or complex tensor"),
            (Domain::INT.or(Domain::FLOAT), "an integer or float tensor"),
            (
                Domain::SIGNED.or(Domain::FIELD),
                "a signed integer, float or complex tensor",
            ),
            (Domain::NUMBER, "a tensor of numbers"),
            (Domain::REAL, "a bool, integer or float tensor"),
            (Domain::COMPLEX, "a complex tensor"),
            (Domain::ANY, "a tensor"),
        ];
        NAMES
            .iter()
            .find(|(d, _)| *d == self)
            .map_or("a tensor of another element type", |(_, s)| s)
    }
}

// Type rules.

/// The operands, if there are `N` of them.
pub(super) fn operands<'a, const N: usize>(
    tys: &'a [Type],
    want: &'static str,
) -> Result<&'a [Type; N], Why> {
    tys.try_into().map_err(|_| Why::Arity { want })
}

/// Operand `i` as a tensor with an element type of that set.
pub(super) fn tensor(tys: &[Type], i: usize, d: Domain) -> Result<&TensorType, Why> {
    let bad = Why::Kind {
        operand: i,
        want: d.want(),
    };
    match &tys[i] {
        Type::Tensor(t) if d.admits(t.dtype) => Ok(t),
        Type::Tensor(_) | Type::Record(_) | Type::Seq(_) | Type::Stack(_) => Err(bad),
    }
}

/// The shape of two operands that must have one shape; a known extent wins over `?`.
pub(super) fn meet(i: usize, a: &Shape, j: usize, b: &Shape) -> Result<Shape, Why> {
    let bad = Why::Mismatch {
        a: i,
        b: j,
        what: "shape",
    };
    if a.len() != b.len() {
        return Err(bad);
    }
    a.iter()
        .zip(b)
        .map(|(x, y)| x.meet(*y))
        .collect::<Option<Vec<_>>>()
        .ok_or(bad)
}

/// Element type and shape of operands that must agree in both, from operand `from` on.
pub(super) fn same(tys: &[Type], from: usize, d: Domain) -> Result<TensorType, Why> {
    let mut t = tensor(tys, from, d)?.clone();
    for i in from + 1..tys.len() {
        let u = tensor(tys, i, d)?;
        if u.dtype != t.dtype {
            return Err(Why::Mismatch {
                a: from,
                b: i,
                what: "element type",
            });
        }
        t.shape = meet(from, &t.shape, i, &u.shape)?;
    }
    Ok(t)
}

/// Whether operands of types that passed the type rule can still disagree in shape at run time.
pub(super) fn shapes_may_differ(tys: &[&Type]) -> bool {
    tys.len() > 1
        && tys.iter().any(|t| {
            t.as_tensor()
                .is_some_and(|t| t.shape.contains(&Dim::Dynamic))
        })
}

// Evaluation.

/// What an element function can run into.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    Overflow,
    DivisionByZero,
    Shift(i128),
}

impl Fault {
    fn trap(self, op: &'static str) -> TrapKind {
        match self {
            Fault::Overflow => TrapKind::IntegerOverflow { op },
            Fault::DivisionByZero => TrapKind::DivisionByZero,
            Fault::Shift(amount) => TrapKind::ShiftOutOfRange { amount },
        }
    }
}

/// The trap of a value that is not of the type its instruction says.
pub(super) fn confusion(op: &'static str) -> TrapKind {
    TrapKind::TypeConfusion {
        op: String::from(op),
    }
}

/// The trap of two operands whose extents differ.
pub(super) fn mismatch(op: &'static str, a: &Val, b: &Val) -> TrapKind {
    TrapKind::ShapeMismatch {
        op: String::from(op),
        a: extents(a).to_vec(),
        b: extents(b).to_vec(),
    }
}

fn extents(v: &Val) -> &[usize] {
    match v {
        Val::Tensor(t) => &t.shape,
        Val::Unit | Val::Scalar(_) | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => &[],
    }
}

/// The element type of a tensor value.
pub(super) fn dtype(op: &'static str, v: &Val) -> Result<DType, TrapKind> {
    match v {
        Val::Scalar(s) => Ok(s.dtype()),
        Val::Tensor(t) => Ok(t.dtype()),
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => Err(confusion(op)),
    }
}

/// An element of the type `T`.
pub(super) fn typed<T: Element>(op: &'static str, s: Scalar) -> Result<T, TrapKind> {
    T::from_scalar(s).ok_or_else(|| confusion(op))
}

/// The elements of the type `T`.
pub(super) fn slice<'a, T: Element>(op: &'static str, t: &'a Tensor) -> Result<&'a [T], TrapKind> {
    T::slice(&t.data).ok_or_else(|| confusion(op))
}

/// The elements of the type `T`, to be written.
fn slice_mut<'a, T: Element>(
    op: &'static str,
    t: &'a mut Arc<Tensor>,
) -> Result<&'a mut Vec<T>, TrapKind> {
    T::vec_mut(&mut Tensor::unique(t)?.data).ok_or_else(|| confusion(op))
}

/// Room for a new tensor's elements.
pub(super) fn room<T: Element>(cx: &EvalCx, n: usize) -> Result<Vec<T>, TrapKind> {
    cx.reserve(n, size_of::<T>())?;
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| TrapKind::OutOfMemory {
        bytes: (n as u64).saturating_mul(size_of::<T>() as u64),
    })?;
    Ok(v)
}

/// `f` of each element of operand 0.
pub(super) fn map<T: Element>(
    op: &'static str,
    args: &mut Args<'_>,
    f: impl Fn(T) -> Result<T, Fault>,
) -> Result<Val, TrapKind> {
    if let Val::Scalar(s) = args.get(0) {
        let y = f(typed(op, *s)?).map_err(|e| e.trap(op))?;
        return Ok(Val::Scalar(y.scalar()));
    }
    let Val::Tensor(mut t) = args.take(0) else {
        return Err(confusion(op));
    };
    for x in slice_mut::<T>(op, &mut t)? {
        *x = f(*x).map_err(|e| e.trap(op))?;
    }
    Ok(Val::Tensor(t))
}

/// `f` of each element of operand 0, of another element type.
pub(super) fn map_to<T: Element, R: Element>(
    op: &'static str,
    args: &Args<'_>,
    cx: &EvalCx,
    f: impl Fn(T) -> R,
) -> Result<Val, TrapKind> {
    match args.get(0) {
        Val::Scalar(s) => Ok(Val::Scalar(f(typed(op, *s)?).scalar())),
        Val::Tensor(t) => {
            let xs = slice::<T>(op, t)?;
            let mut ys = room::<R>(cx, xs.len())?;
            ys.extend(xs.iter().map(|&x| f(x)));
            Ok(Val::Tensor(Arc::new(Tensor {
                shape: t.shape.clone(),
                data: R::data(ys),
            })))
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => Err(confusion(op)),
    }
}

/// `f` of each pair of elements of operands 0 and 1.
pub(super) fn zip<T: Element>(
    op: &'static str,
    args: &mut Args<'_>,
    f: impl Fn(T, T) -> Result<T, Fault>,
) -> Result<Val, TrapKind> {
    if let (Val::Scalar(a), Val::Scalar(b)) = (args.get(0), args.get(1)) {
        let y = f(typed(op, *a)?, typed(op, *b)?).map_err(|e| e.trap(op))?;
        return Ok(Val::Scalar(y.scalar()));
    }
    if extents(args.get(0)) != extents(args.get(1)) {
        return Err(mismatch(op, args.get(0), args.get(1)));
    }
    let (Val::Tensor(mut a), Val::Tensor(mut b)) = (args.take(0), args.take(1)) else {
        return Err(confusion(op));
    };
    if Arc::get_mut(&mut a).is_none() && Arc::get_mut(&mut b).is_some() {
        let xs = slice::<T>(op, &a)?;
        for (y, x) in slice_mut::<T>(op, &mut b)?.iter_mut().zip(xs) {
            *y = f(*x, *y).map_err(|e| e.trap(op))?;
        }
        return Ok(Val::Tensor(b));
    }
    let ys = slice::<T>(op, &b)?;
    for (x, y) in slice_mut::<T>(op, &mut a)?.iter_mut().zip(ys) {
        *x = f(*x, *y).map_err(|e| e.trap(op))?;
    }
    Ok(Val::Tensor(a))
}

/// `f` of each pair of elements of operands 0 and 1, of another element type.
pub(super) fn zip_to<T: Element, R: Element>(
    op: &'static str,
    args: &Args<'_>,
    cx: &EvalCx,
    f: impl Fn(T, T) -> R,
) -> Result<Val, TrapKind> {
    match (args.get(0), args.get(1)) {
        (Val::Scalar(a), Val::Scalar(b)) => {
            Ok(Val::Scalar(f(typed(op, *a)?, typed(op, *b)?).scalar()))
        }
        (Val::Tensor(a), Val::Tensor(b)) if a.shape == b.shape => {
            let (xs, ys) = (slice::<T>(op, a)?, slice::<T>(op, b)?);
            let mut zs = room::<R>(cx, xs.len())?;
            zs.extend(xs.iter().zip(ys).map(|(&x, &y)| f(x, y)));
            Ok(Val::Tensor(Arc::new(Tensor {
                shape: a.shape.clone(),
                data: R::data(zs),
            })))
        }
        (a, b) => Err(mismatch(op, a, b)),
    }
}

/// `f` of each element of operand 0 with the integer of operand 1, which has any integer type, and operand 0's shape or is a
/// scalar.
pub(super) fn zip_int<T: Element>(
    op: &'static str,
    args: &mut Args<'_>,
    f: impl Fn(T, i128) -> Result<T, Fault>,
) -> Result<Val, TrapKind> {
    match args.get(1).clone() {
        Val::Scalar(n) => {
            let n = n.as_int().ok_or_else(|| confusion(op))?;
            map(op, args, |x| f(x, n))
        }
        Val::Tensor(ns) => {
            if args.get(0).as_scalar().is_some() || extents(args.get(0)) != ns.shape {
                return Err(mismatch(op, args.get(0), args.get(1)));
            }
            let Val::Tensor(mut t) = args.take(0) else {
                return Err(confusion(op));
            };
            for (i, x) in slice_mut::<T>(op, &mut t)?.iter_mut().enumerate() {
                let n = ns.data.get(i).as_int().ok_or_else(|| confusion(op))?;
                *x = f(*x, n).map_err(|e| e.trap(op))?;
            }
            Ok(Val::Tensor(t))
        }
        Val::Unit | Val::Record(_) | Val::Seq(_) | Val::Stack(_) => Err(confusion(op)),
    }
}

/// `f` of each triple of elements of three operands of one type.
pub(super) fn zip3<T: Element>(
    op: &'static str,
    args: &mut Args<'_>,
    f: impl Fn(T, T, T) -> T,
) -> Result<Val, TrapKind> {
    if let (Val::Scalar(a), Val::Scalar(b), Val::Scalar(c)) =
        (args.get(0), args.get(1), args.get(2))
    {
        let y = f(typed(op, *a)?, typed(op, *b)?, typed(op, *c)?);
        return Ok(Val::Scalar(y.scalar()));
    }
    for i in 1..3 {
        if extents(args.get(0)) != extents(args.get(i)) {
            return Err(mismatch(op, args.get(0), args.get(i)));
        }
    }
    let (Val::Tensor(mut a), Val::Tensor(b), Val::Tensor(c)) =
        (args.take(0), args.take(1), args.take(2))
    else {
        return Err(confusion(op));
    };
    let (ys, zs) = (slice::<T>(op, &b)?, slice::<T>(op, &c)?);
    for (x, (y, z)) in slice_mut::<T>(op, &mut a)?
        .iter_mut()
        .zip(ys.iter().zip(zs))
    {
        *x = f(*x, *y, *z);
    }
    Ok(Val::Tensor(a))
}

/// The elements where `p` holds replaced by those of `b`, for `select`.
pub(super) fn merge(op: &'static str, p: &Tensor, a: Val, b: Val) -> Result<Val, TrapKind> {
    fn go<T: Copy>(p: &[bool], a: &[T], b: &mut [T]) {
        for ((p, x), y) in p.iter().zip(a).zip(b) {
            if *p {
                *y = *x;
            }
        }
    }
    let (Val::Tensor(a), Val::Tensor(mut b)) = (a, b) else {
        return Err(confusion(op));
    };
    let p = slice::<bool>(op, p)?;
    macro_rules! arms {
        ($($variant:ident)*) => {
            match (&a.data, &mut Tensor::unique(&mut b)?.data) {
                $((Data::$variant(x), Data::$variant(y)) => go(p, x, y),)*
                _ => return Err(confusion(op)),
            }
        };
    }
    arms!(Bool I8 I16 I32 I64 U8 U16 U32 U64 F32 F64 C64 C128);
    Ok(Val::Tensor(b))
}

// Simplification.

impl SimplifyCx<'_> {
    /// The type of the single result.
    pub(super) fn result(&self) -> Option<&Type> {
        self.data().results.first().map(|&v| self.func.ty(v))
    }
    /// The result is `v`, if that has the result's type (extents may be known in one and not in the other).
    pub(super) fn keep(&self, v: Value) -> Option<Simplified> {
        (Some(self.func.ty(v)) == self.result()).then(|| Simplified::Values(alloc::vec![v]))
    }
    /// The result is zero (`false`), if its size is known.
    pub(super) fn zero(&self) -> Option<Simplified> {
        let ty = self.result()?;
        ty.is_static()
            .then(|| Simplified::Inst(ConstOp::Default(ty.clone()).into(), Vec::new()))
    }
    /// The result is this constant, if it is a scalar.
    pub(super) fn scalar(&self, s: Scalar) -> Option<Simplified> {
        self.result()?
            .is_scalar()
            .then(|| Simplified::Inst(ConstOp::Scalar(s).into(), Vec::new()))
    }
    /// Whether `v` is the constant `n` of its number type (of a float: with the sign of zero).
    pub(super) fn is(&self, v: Value, n: i8) -> bool {
        self.constant(v).is_some_and(|s| {
            let want = Scalar::from_f64(s.dtype(), f64::from(n))
                .or_else(|| Scalar::from_int(s.dtype(), n.into()));
            want.is_some_and(|w| s.same_bits(w))
        })
    }
}
