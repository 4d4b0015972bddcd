//! The mathematical functions as data: straight-line programs in single assignment, for other code generators.
//!
//! [`Sym`] is a [`Lane`] that computes nothing and records every operation. Running a function on it once gives its [`Recipe`]:
//! nodes in order, each naming earlier ones, common ones shared and useless ones dropped. C source is printed from it
//! ([`crate::c_source`]); a code generator with vectors of its own can build the function inline. Because the recipe comes from
//! the very code that runs here, it gives the same bits.
//!
//! Invariant: a node names only nodes before it, of the kind (number, bits, mask) that its operation takes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

use crate::lane::{Lane, Table};
use crate::math::{Fn1, Fn2, Function1, Function2, Visit1, Visit2, double, single};

/// The place of a node in its recipe.
pub type Id = u32;

/// An operation. Numbers are double precision, bits are 64, masks are truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the operations of `Lane`, by the same names")]
pub enum Node {
    /// An argument.
    Argument(u32),
    /// A number, by its bits.
    Constant(u64),
    Add(Id, Id),
    Sub(Id, Id),
    Mul(Id, Id),
    Div(Id, Id),
    Neg(Id),
    MulAdd(Id, Id, Id),
    MulAddExact(Id, Id, Id),
    ProductError(Id, Id, Id),
    Sqrt(Id),
    ToBits(Id),
    FromBits(Id),
    /// Constant bits.
    Bits(u64),
    BitsAdd(Id, Id),
    BitsSub(Id, Id),
    BitsAnd(Id, Id),
    BitsOr(Id, Id),
    BitsXor(Id, Id),
    Shl(Id, u32),
    Shr(Id, u32),
    Lt(Id, Id),
    Le(Id, Id),
    Eq(Id, Id),
    Any(Id),
    MaskAnd(Id, Id),
    MaskOr(Id, Id),
    MaskNot(Id),
    Select(Id, Id, Id),
    /// A table of [`Recipe::tables`] at bits modulo its length.
    Lookup(u32, Id),
}

impl Node {
    /// The nodes it names; the rest of the array is `None`.
    pub fn operands(self) -> [Option<Id>; 3] {
        match self {
            Self::Argument(_) | Self::Constant(_) | Self::Bits(_) => [None; 3],
            Self::Neg(a)
            | Self::Sqrt(a)
            | Self::ToBits(a)
            | Self::FromBits(a)
            | Self::Any(a)
            | Self::MaskNot(a)
            | Self::Shl(a, _)
            | Self::Shr(a, _)
            | Self::Lookup(_, a) => [Some(a), None, None],
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::BitsAdd(a, b)
            | Self::BitsSub(a, b)
            | Self::BitsAnd(a, b)
            | Self::BitsOr(a, b)
            | Self::BitsXor(a, b)
            | Self::Lt(a, b)
            | Self::Le(a, b)
            | Self::Eq(a, b)
            | Self::MaskAnd(a, b)
            | Self::MaskOr(a, b) => [Some(a), Some(b), None],
            Self::MulAdd(a, b, c)
            | Self::MulAddExact(a, b, c)
            | Self::ProductError(a, b, c)
            | Self::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        }
    }

    /// The same operation on other nodes.
    fn renamed(self, to: impl Fn(Id) -> Id) -> Self {
        match self {
            Self::Argument(_) | Self::Constant(_) | Self::Bits(_) => self,
            Self::Neg(a) => Self::Neg(to(a)),
            Self::Sqrt(a) => Self::Sqrt(to(a)),
            Self::ToBits(a) => Self::ToBits(to(a)),
            Self::FromBits(a) => Self::FromBits(to(a)),
            Self::Any(a) => Self::Any(to(a)),
            Self::MaskNot(a) => Self::MaskNot(to(a)),
            Self::Shl(a, n) => Self::Shl(to(a), n),
            Self::Shr(a, n) => Self::Shr(to(a), n),
            Self::Lookup(t, a) => Self::Lookup(t, to(a)),
            Self::Add(a, b) => Self::Add(to(a), to(b)),
            Self::Sub(a, b) => Self::Sub(to(a), to(b)),
            Self::Mul(a, b) => Self::Mul(to(a), to(b)),
            Self::Div(a, b) => Self::Div(to(a), to(b)),
            Self::BitsAdd(a, b) => Self::BitsAdd(to(a), to(b)),
            Self::BitsSub(a, b) => Self::BitsSub(to(a), to(b)),
            Self::BitsAnd(a, b) => Self::BitsAnd(to(a), to(b)),
            Self::BitsOr(a, b) => Self::BitsOr(to(a), to(b)),
            Self::BitsXor(a, b) => Self::BitsXor(to(a), to(b)),
            Self::Lt(a, b) => Self::Lt(to(a), to(b)),
            Self::Le(a, b) => Self::Le(to(a), to(b)),
            Self::Eq(a, b) => Self::Eq(to(a), to(b)),
            Self::MaskAnd(a, b) => Self::MaskAnd(to(a), to(b)),
            Self::MaskOr(a, b) => Self::MaskOr(to(a), to(b)),
            Self::MulAdd(a, b, c) => Self::MulAdd(to(a), to(b), to(c)),
            Self::MulAddExact(a, b, c) => Self::MulAddExact(to(a), to(b), to(c)),
            Self::ProductError(a, b, c) => Self::ProductError(to(a), to(b), to(c)),
            Self::Select(a, b, c) => Self::Select(to(a), to(b), to(c)),
        }
    }
}

/// What is being recorded on this thread.
#[derive(Default)]
struct Recorder {
    nodes: Vec<Node>,
    known: HashMap<Node, Id>,
    tables: Vec<&'static Table>,
}

thread_local! {
    static RECORDER: RefCell<Recorder> = RefCell::default();
}

/// The node's place, that of an equal one if there is one.
fn record(node: Node) -> Id {
    RECORDER.with_borrow_mut(|r| {
        let next = r.nodes.len() as Id;
        let id = *r.known.entry(node).or_insert(next);
        if id == next {
            r.nodes.push(node);
        }
        id
    })
}

/// A number that is recorded rather than computed.
#[derive(Debug, Clone, Copy)]
pub struct Sym(Id);
/// Recorded bits.
#[derive(Debug, Clone, Copy)]
pub struct SymBits(Id);
/// A recorded mask.
#[derive(Debug, Clone, Copy)]
pub struct SymMask(Id);

macro_rules! recorded {
    ($($ty:ident: $tr:ident $f:ident $node:ident;)+) => {$(
        impl $tr for $ty {
            type Output = Self;
            fn $f(self, other: Self) -> Self {
                Self(record(Node::$node(self.0, other.0)))
            }
        }
    )+};
}
recorded! {
    Sym: Add add Add;
    Sym: Sub sub Sub;
    Sym: Mul mul Mul;
    Sym: Div div Div;
    SymBits: Add add BitsAdd;
    SymBits: Sub sub BitsSub;
    SymBits: BitAnd bitand BitsAnd;
    SymBits: BitOr bitor BitsOr;
    SymBits: BitXor bitxor BitsXor;
    SymMask: BitAnd bitand MaskAnd;
    SymMask: BitOr bitor MaskOr;
}

impl Neg for Sym {
    type Output = Self;
    fn neg(self) -> Self {
        Self(record(Node::Neg(self.0)))
    }
}

impl Not for SymMask {
    type Output = Self;
    fn not(self) -> Self {
        Self(record(Node::MaskNot(self.0)))
    }
}

impl Lane for Sym {
    type Bits = SymBits;
    type Mask = SymMask;

    fn c(value: f64) -> Self {
        Self(record(Node::Constant(value.to_bits())))
    }
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(record(Node::MulAdd(self.0, a.0, b.0)))
    }
    fn mul_add_exact(self, a: Self, b: Self) -> Self {
        Self(record(Node::MulAddExact(self.0, a.0, b.0)))
    }
    fn product_error(self, a: Self, p: Self) -> Self {
        Self(record(Node::ProductError(self.0, a.0, p.0)))
    }
    fn sqrt(self) -> Self {
        Self(record(Node::Sqrt(self.0)))
    }
    fn to_bits(self) -> SymBits {
        SymBits(record(Node::ToBits(self.0)))
    }
    fn from_bits(bits: SymBits) -> Self {
        Self(record(Node::FromBits(bits.0)))
    }
    fn bits(value: u64) -> SymBits {
        SymBits(record(Node::Bits(value)))
    }
    fn shl(bits: SymBits, by: u32) -> SymBits {
        SymBits(record(Node::Shl(bits.0, by)))
    }
    fn shr(bits: SymBits, by: u32) -> SymBits {
        SymBits(record(Node::Shr(bits.0, by)))
    }
    fn lt(self, other: Self) -> SymMask {
        SymMask(record(Node::Lt(self.0, other.0)))
    }
    fn le(self, other: Self) -> SymMask {
        SymMask(record(Node::Le(self.0, other.0)))
    }
    fn is(self, other: Self) -> SymMask {
        SymMask(record(Node::Eq(self.0, other.0)))
    }
    fn any(bits: SymBits) -> SymMask {
        SymMask(record(Node::Any(bits.0)))
    }
    fn select(mask: SymMask, a: Self, b: Self) -> Self {
        Self(record(Node::Select(mask.0, a.0, b.0)))
    }
    fn lookup(table: &'static Table, index: SymBits) -> Self {
        let place = RECORDER.with_borrow_mut(|r| {
            let known = r.tables.iter().position(|t| t.name == table.name);
            known.unwrap_or_else(|| {
                r.tables.push(table);
                r.tables.len() - 1
            })
        });
        Self(record(Node::Lookup(place as u32, index.0)))
    }
}

/// A function as a straight-line program.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// How many arguments it has.
    pub arguments: u32,
    /// Whether arguments are converted from single precision, and results rounded to it.
    pub single: bool,
    /// The operations in order.
    pub nodes: Vec<Node>,
    /// The results.
    pub results: Vec<Id>,
    /// The tables that are looked up in.
    pub tables: Vec<&'static Table>,
}

/// Records what `f` does with that many arguments.
fn recipe(arguments: u32, single: bool, f: impl FnOnce(&[Sym]) -> Vec<Sym>) -> Recipe {
    RECORDER.take();
    let inputs: Vec<Sym> = (0..arguments)
        .map(|i| Sym(record(Node::Argument(i))))
        .collect();
    let results = f(&inputs);
    let Recorder { nodes, tables, .. } = RECORDER.take();
    // Only what the results need, and the arguments.
    let mut needed = vec![false; nodes.len()];
    needed[..arguments as usize].fill(true);
    for r in &results {
        needed[r.0 as usize] = true;
    }
    for (i, node) in nodes.iter().enumerate().rev() {
        if needed[i] {
            for a in node.operands().into_iter().flatten() {
                needed[a as usize] = true;
            }
        }
    }
    let mut places = vec![0; nodes.len()];
    let mut kept = Vec::new();
    for (i, node) in nodes.iter().enumerate() {
        if needed[i] {
            places[i] = kept.len() as Id;
            kept.push(node.renamed(|a| places[a as usize]));
        }
    }
    Recipe {
        arguments,
        single,
        nodes: kept,
        results: results.iter().map(|r| places[r.0 as usize]).collect(),
        tables,
    }
}

struct Record {
    single: bool,
    full: bool,
}

impl Visit1 for Record {
    type Out = Recipe;
    fn visit<F: Function1>(self) -> Recipe {
        recipe(1, self.single, |x| {
            vec![match (self.single, self.full) {
                (false, true) => F::double::<true, Sym>(x[0]),
                (false, false) => F::double::<false, Sym>(x[0]),
                (true, true) => F::single::<true, Sym>(x[0]),
                (true, false) => F::single::<false, Sym>(x[0]),
            }]
        })
    }
}

impl Visit2 for Record {
    type Out = Recipe;
    fn visit<F: Function2>(self) -> Recipe {
        recipe(2, self.single, |x| {
            vec![if self.single {
                F::single::<Sym>(x[0], x[1])
            } else {
                F::double::<Sym>(x[0], x[1])
            }]
        })
    }
}

/// The recipe of a function of one number, in double or single precision, for its whole domain.
pub fn recipe1(f: Fn1, single: bool) -> Recipe {
    f.visit(Record { single, full: true })
}

/// The shorter recipe of a function for magnitudes up to [`Fn1::small`]; the same bits there.
pub fn recipe1_small(f: Fn1, single: bool) -> Recipe {
    f.visit(Record {
        single,
        full: false,
    })
}

/// The recipe of a function of two numbers.
pub fn recipe2(f: Fn2, single: bool) -> Recipe {
    f.visit(Record { single, full: true })
}

/// The recipe of sine and cosine, in this order.
pub fn recipe_sincos(single: bool) -> Recipe {
    recipe(1, single, |x| {
        let (s, c) = if single {
            single::sincos::<true, Sym>(x[0])
        } else {
            double::trig::sincos::<true, Sym>(x[0])
        };
        vec![s, c]
    })
}
