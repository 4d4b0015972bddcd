//! Comparisons. `a < b` is rewritten to `lt(a, b)`, since Rust's comparison traits return a plain `bool`.

use super::expr::{Expr, lit};
use super::scalar::{Real, Scalar};
use super::seq::{Arr, Seq};
use super::staged::{Leaves, Staged};
use super::stager::B;
use super::var::{Var, rd, var, wr};
use crate::entity::Value;
use crate::ir::{BinaryOp, CompareOp, Type};
use alloc::vec::Vec;

/// A proxy whose plain type has `==`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `==` in a `#[differentiable]` function",
    note = "derive Differentiable on a type that derives PartialEq"
)]
pub trait StagedEq<'b, Rhs = Self>: Copy {
    /// `self == other`.
    fn equal(self, b: B<'b>, other: Rhs) -> Expr<'b, bool>;
}

/// A proxy whose plain type has `<`, as lexicographic order.
#[diagnostic::on_unimplemented(message = "`{Self}` has no `<` in a `#[differentiable]` function")]
pub trait StagedOrd<'b>: StagedEq<'b> {
    /// `self < other`.
    fn less(self, b: B<'b>, other: Self) -> Expr<'b, bool>;
    /// `self <= other`.
    fn less_eq(self, b: B<'b>, other: Self) -> Expr<'b, bool>;
}

/// `a == b`.
pub fn eq<'b, R, P: StagedEq<'b, R>>(b: B<'b>, x: P, y: R) -> Expr<'b, bool> {
    x.equal(b, y)
}
/// `a != b`.
pub fn ne<'b, R, P: StagedEq<'b, R>>(b: B<'b>, x: P, y: R) -> Expr<'b, bool> {
    !x.equal(b, y)
}
/// `a < b`.
pub fn lt<'b, P: StagedOrd<'b>>(b: B<'b>, x: P, y: P) -> Expr<'b, bool> {
    x.less(b, y)
}
/// `a <= b`.
pub fn le<'b, P: StagedOrd<'b>>(b: B<'b>, x: P, y: P) -> Expr<'b, bool> {
    x.less_eq(b, y)
}
/// `a > b`.
pub fn gt<'b, P: StagedOrd<'b>>(b: B<'b>, x: P, y: P) -> Expr<'b, bool> {
    y.less(b, x)
}
/// `a >= b`.
pub fn ge<'b, P: StagedOrd<'b>>(b: B<'b>, x: P, y: P) -> Expr<'b, bool> {
    y.less_eq(b, x)
}

fn compare<'b, T>(op: CompareOp, x: Expr<'b, T>, y: Expr<'b, T>) -> Expr<'b, bool> {
    Expr::of(x.b(), x.b().op(op, &[x.v(), y.v()]))
}

impl<'b, T: Scalar> StagedEq<'b> for Expr<'b, T> {
    fn equal(self, _: B<'b>, other: Self) -> Expr<'b, bool> {
        compare(CompareOp::Eq, self, other)
    }
}
impl<'b, T: Real> StagedOrd<'b> for Expr<'b, T> {
    fn less(self, _: B<'b>, other: Self) -> Expr<'b, bool> {
        compare(CompareOp::Lt, self, other)
    }
    fn less_eq(self, _: B<'b>, other: Self) -> Expr<'b, bool> {
        compare(CompareOp::Le, self, other)
    }
}

macro_rules! tuples {
    ($($T:ident $i:tt),*) => {
        impl<'b, $($T: StagedEq<'b>),*> StagedEq<'b> for ($($T,)*) {
            fn equal(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
                let all = lit(b, true);
                $(let all: Expr<'b, bool> = all.binary(BinaryOp::And, self.$i.equal(b, other.$i));)*
                all
            }
        }
        impl<'b, $($T: StagedOrd<'b>),*> StagedOrd<'b> for ($($T,)*) {
            fn less(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
                self.lexical(b, other, lit(b, false))
            }
            fn less_eq(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
                self.lexical(b, other, lit(b, true))
            }
        }
        impl<'b, $($T: StagedOrd<'b>),*> Lexical<'b> for ($($T,)*) {
            fn lexical(self, b: B<'b>, other: Self, end: Expr<'b, bool>) -> Expr<'b, bool> {
                // The first field that differs decides.
                let decided = lit(b, false);
                let result = end;
                $(
                    let (x, y) = (self.$i, other.$i);
                    let here: Expr<'b, bool> = (!decided).binary(BinaryOp::And, !x.equal(b, y));
                    let result: Expr<'b, bool> = here.select(x.less(b, y), result);
                    let decided: Expr<'b, bool> = decided.binary(BinaryOp::Or, here);
                )*
                let _ = decided;
                result
            }
        }
    };
}
/// Lexicographic order of tuples.
trait Lexical<'b>: Copy {
    fn lexical(self, b: B<'b>, other: Self, end: Expr<'b, bool>) -> Expr<'b, bool>;
}
tuples!(P0 0);
tuples!(P0 0, P1 1);
tuples!(P0 0, P1 1, P2 2);
tuples!(P0 0, P1 1, P2 2, P3 3);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4);
tuples!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5);

/// Equality of two sequences: lengths, then elements up to the first that differs.
fn sequences<'b, P: Staged<'b> + StagedEq<'b>>(
    b: B<'b>,
    x: Seq<'b, P>,
    y: Seq<'b, P>,
) -> Expr<'b, bool> {
    let same = var(b, eq(b, x.len(), y.len()));
    b.open_if(rd(same).v());
    let i = super::flow::for_range(lit(b, 0usize), x.len());
    let here = x.get_unchecked(i).equal(b, y.get_unchecked(i));
    wr(same, rd(same).binary(BinaryOp::And, here));
    b.close();
    b.close();
    rd(same)
}

impl<'b, P: Staged<'b> + StagedEq<'b>> StagedEq<'b> for Seq<'b, P> {
    fn equal(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
        sequences(b, self, other)
    }
}
impl<'b, P: Staged<'b> + StagedEq<'b>, const N: usize> StagedEq<'b, Arr<'b, P, N>> for Seq<'b, P> {
    fn equal(self, b: B<'b>, other: Arr<'b, P, N>) -> Expr<'b, bool> {
        sequences(b, self, other.seq())
    }
}
impl<'b, P: Staged<'b> + StagedEq<'b>, const N: usize> StagedEq<'b> for Arr<'b, P, N> {
    fn equal(self, b: B<'b>, other: Self) -> Expr<'b, bool> {
        sequences(b, self.seq(), other.seq())
    }
}

/// The proxy of `Ordering`: -1, 0 or 1.
#[derive(Copy, Clone, Debug)]
pub struct Order<'b> {
    n: Expr<'b, i8>,
}

impl<'b> Staged<'b> for Order<'b> {
    type Refs = ();
    fn types(out: &mut Vec<Type>) {
        <Expr<'b, i8>>::types(out);
    }
    fn put(&self, out: &mut Vec<Value>) {
        self.n.put(out);
    }
    fn take(b: B<'b>, from: &mut Leaves<'_>) -> Self {
        Order {
            n: Expr::take(b, from),
        }
    }
    fn refs(_: Var<'b, Self>) {}
}

#[allow(non_snake_case, missing_docs, reason = "named after the variants")]
impl<'b> Order<'b> {
    pub fn __is_Less(self) -> Expr<'b, bool> {
        self.test(CompareOp::Lt)
    }
    pub fn __is_Equal(self) -> Expr<'b, bool> {
        self.test(CompareOp::Eq)
    }
    pub fn __is_Greater(self) -> Expr<'b, bool> {
        self.test(CompareOp::Gt)
    }
}

impl<'b> Order<'b> {
    pub(super) fn of(less: Expr<'b, bool>, greater: Expr<'b, bool>) -> Self {
        let b = less.b();
        let up = greater.select(lit(b, 1i8), lit(b, 0i8));
        Order {
            n: less.select(lit(b, -1i8), up),
        }
    }
    fn test(self, op: CompareOp) -> Expr<'b, bool> {
        compare(op, self.n, lit(self.n.b(), 0i8))
    }
    /// `o.is_lt()`.
    pub fn is_lt(self) -> Expr<'b, bool> {
        self.test(CompareOp::Lt)
    }
    /// `o.is_le()`.
    pub fn is_le(self) -> Expr<'b, bool> {
        self.test(CompareOp::Le)
    }
    /// `o.is_gt()`.
    pub fn is_gt(self) -> Expr<'b, bool> {
        self.test(CompareOp::Gt)
    }
    /// `o.is_ge()`.
    pub fn is_ge(self) -> Expr<'b, bool> {
        self.test(CompareOp::Ge)
    }
    /// `o.is_eq()`.
    pub fn is_eq(self) -> Expr<'b, bool> {
        self.test(CompareOp::Eq)
    }
    /// `o.is_ne()`.
    pub fn is_ne(self) -> Expr<'b, bool> {
        self.test(CompareOp::Ne)
    }
    /// `o.reverse()`.
    pub fn reverse(self) -> Self {
        Order { n: -self.n }
    }
    /// `o.then(p)`.
    pub fn then(self, other: Self) -> Self {
        Order {
            n: self.is_eq().select(other.n, self.n),
        }
    }
}
impl<'b> StagedEq<'b> for Order<'b> {
    fn equal(self, _: B<'b>, other: Self) -> Expr<'b, bool> {
        compare(CompareOp::Eq, self.n, other.n)
    }
}
