//! The language of random programs.
//!
//! A [`Program`] is a tree; `emit` turns it into slot IR. Any tree is a well-typed program that ends (loops count, recursion
//! has a decreasing counter, indices are taken modulo the length unless [`Stmt::SetRaw`] says otherwise, labels modulo
//! the enclosing blocks), so shrinking may drop whatever it likes. Floats stay bounded and every float operation is smooth;
//! branches depend on integers, unless [`Options::float_compare`](crate::Options).

/// How many float variables a function has.
pub const FLOATS: u8 = 3;
/// How many integer variables a function has.
pub const INTS: u8 = 3;
/// How many array variables a function has.
pub const ARRAYS: u8 = 2;
/// The length of the arrays.
pub const LEN: u64 = 4;

/// Float expressions.
#[derive(Clone, PartialEq, Debug)]
pub enum Float {
    Const(f64),
    Var(u8),
    /// The float parameter.
    Param(u8),
    /// The element inside a map; a constant elsewhere.
    Elem,
    Array(u8, Box<Int>),
    /// Field `.1[i]` of the record.
    Record(Box<Int>),
    /// Element of the growing vector, a constant if it is empty.
    Vector(Box<Int>),
    FromInt(Box<Int>),
    Unary(u8, Box<Float>),
    Binary(u8, Box<Float>, Box<Float>),
    /// An `if` that yields.
    If(Box<Bool>, Box<Float>, Box<Float>),
    Call(u8, Box<Float>, u8),
}

/// Integer expressions; small numbers.
#[derive(Clone, PartialEq, Debug)]
pub enum Int {
    Const(i64),
    Var(u8),
    Param,
    Add(Box<Int>, Box<Int>),
    Mul(Box<Int>, Box<Int>),
    /// The length of the growing vector.
    Len,
}

/// Conditions.
#[derive(Clone, PartialEq, Debug)]
pub enum Bool {
    Less(Int, Int),
    Equal(Int, Int),
    FloatLess(Float, f64),
    /// Short-circuit, through a slot.
    And(Box<Bool>, Box<Bool>),
    Not(Box<Bool>),
}

/// Statements.
#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    SetFloat(u8, Float),
    SetInt(u8, Int),
    SetArray(u8, Int, Float),
    /// As `SetArray`, the index not taken modulo the length.
    SetRaw(u8, Int, Float),
    CopyArray(u8, u8),
    SetRecord(Int, Float),
    Push(Float),
    /// Moves the last element of the vector to a variable, if there is one.
    Pop(u8),
    Map(u8, Float),
    Assert(Bool),
    If(Bool, Vec<Stmt>, Vec<Stmt>),
    Switch(Int, Vec<Vec<Stmt>>),
    /// Trips, variable that gets the index, body.
    For(u8, u8, Vec<Stmt>),
    /// Trips at most, condition, body. The counter is decremented in the condition if `counts`.
    While {
        trips: u8,
        cond: Bool,
        counts: bool,
        body: Vec<Stmt>,
    },
    Block(Vec<Stmt>),
    /// Leaves the n-th enclosing block (loops are inside two: for `break` and for `continue`); the outermost returns.
    Br(u8),
    Return(Float),
}

/// A function `(f64, f64, i64, f64[LEN]) -> (f64, f64[LEN], i64)` (the first), or `(f64, i64) -> f64`, recursive in the integer.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    pub body: Vec<Stmt>,
}

/// A program; the first function is the entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    pub functions: Vec<Function>,
}

/// How many float operations of one operand there are.
pub const UNARY: u8 = 6;
/// How many float operations of two operands there are.
pub const BINARY: u8 = 4;
