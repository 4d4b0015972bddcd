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
    /// A constant.
    Const(f64),
    /// A variable.
    Var(u8),
    /// The float parameter.
    Param(u8),
    /// The element inside a map; a constant elsewhere.
    Elem,
    /// An element of an array.
    Array(u8, Box<Int>),
    /// Field `.1[i]` of the record.
    Record(Box<Int>),
    /// Element of the growing vector, a constant if it is empty.
    Vector(Box<Int>),
    /// A sixteenth of an integer.
    FromInt(Box<Int>),
    /// Smooth and bounded: see `emit`.
    Unary(u8, Box<Float>),
    /// Smooth and bounded: see `emit`.
    Binary(u8, Box<Float>, Box<Float>),
    /// An `if` that yields.
    If(Box<Bool>, Box<Float>, Box<Float>),
    /// A call; what the function changes of its arguments is dropped.
    Call(u8, Box<Float>, u8),
    /// `.0` of an element of the sequence of records, a constant if it is empty.
    Node(Box<Int>),
    /// `.2[j]` of an element of the sequence of records.
    NodeArray(Box<Int>, Box<Int>),
    /// Element of the ragged rows.
    Row(Box<Int>, Box<Int>),
    /// Of a whole array: see `emit`.
    Reduce(u8),
    /// A real number of the complex variable.
    Complex(u8),
    /// Both evaluated.
    Select(Box<Bool>, Box<Float>, Box<Float>),
    /// `stop_gradient`.
    Stop(Box<Float>),
    /// The derivative of a function by its number.
    Derive(u8, Box<Float>, u8),
    /// A function with a derivative rule of its own.
    Rule(u8, Box<Float>),
}

/// Integer expressions; small numbers.
#[derive(Clone, PartialEq, Debug)]
pub enum Int {
    /// A constant.
    Const(i64),
    /// A variable.
    Var(u8),
    /// The integer parameter.
    Param,
    /// A sum, reduced.
    Add(Box<Int>, Box<Int>),
    /// A product, reduced.
    Mul(Box<Int>, Box<Int>),
    /// The length of the growing vector.
    Len,
}

/// Conditions.
#[derive(Clone, PartialEq, Debug)]
pub enum Bool {
    /// Of integers.
    Less(Int, Int),
    /// Of integers.
    Equal(Int, Int),
    /// Of a float and a constant.
    FloatLess(Float, f64),
    /// Short-circuit, through a slot.
    And(Box<Bool>, Box<Bool>),
    /// Negation.
    Not(Box<Bool>),
}

/// Statements.
#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    /// Assigns a variable.
    SetFloat(u8, Float),
    /// Assigns a variable.
    SetInt(u8, Int),
    /// Assigns an element.
    SetArray(u8, Int, Float),
    /// As `SetArray`, the index not taken modulo the length.
    SetRaw(u8, Int, Float),
    /// Assigns an array (the second to the first).
    CopyArray(u8, u8),
    /// Assigns `.1[i]` of the record.
    SetRecord(Int, Float),
    /// Appends to the vector.
    Push(Float),
    /// Moves the last element of the vector to a variable, if there is one.
    Pop(u8),
    /// Replaces the elements of an array.
    Map(u8, Float),
    /// Exchanges two float variables.
    Swap(u8, u8),
    /// Exchanges the arrays.
    SwapArrays,
    /// On the sequence of records: push, pop, write a field, write an element of a field's array.
    Node(u8, Int, Float),
    /// On the ragged rows: push the vector, pop to the vector, append to a row, write an element.
    Row(u8, Int, Int, Float),
    /// On the vector as a whole: slices, concatenation, fill, elementwise.
    Vector(u8, Int, Float),
    /// On the arrays as a whole: the operation, the array that changes, a position, a number.
    Arrays(u8, u8, Int, Float),
    /// On the complex variable.
    Complex(u8, Float),
    /// A call that changes what the function shares.
    Call {
        /// The function.
        f: u8,
        /// The variable that its result goes to.
        to: u8,
        /// The number it is given.
        x: Float,
        /// The counter of the recursion, where one starts.
        n: u8,
        /// Which array is shared.
        array: u8,
    },
    /// Traps unless the condition holds.
    Assert(Bool),
    /// Two arms.
    If(Bool, Vec<Stmt>, Vec<Stmt>),
    /// Arms by number, the last for all others.
    Switch(Int, Vec<Vec<Stmt>>),
    /// Trips, variable that gets the index, body.
    For(u8, u8, Vec<Stmt>),
    /// The variable becomes the sine of a sum of so many terms, of which each may use a sixteenth of its number as the element.
    Sum(u8, u8, Float),
    /// A loop with a condition.
    While {
        /// Trips at most.
        trips: u8,
        /// Goes on while this holds.
        cond: Bool,
        /// Whether the condition counts the trips.
        counts: bool,
        /// What is repeated.
        body: Vec<Stmt>,
    },
    /// A block that can be left.
    Block(Vec<Stmt>),
    /// Leaves the n-th enclosing block (loops are inside two: for `break` and for `continue`); the outermost returns.
    Br(u8),
    /// Leaves the function with that result.
    Return(Float),
}

/// A function `(f64, f64, i64, f64[LEN]) -> (f64, f64[LEN], i64)` (the first), or `(f64, i64, shared…) -> (f64, shared…)`, recursive
/// in the integer.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Function {
    /// Which variables a helper takes from its caller and gives back: an array, the record, the vector, the records.
    pub shares: [bool; 4],
    /// Whether it calls nothing, so that any other function may call its derivative.
    pub leaf: bool,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// A program; the first function is the entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    /// The functions.
    pub functions: Vec<Function>,
}

impl Program {
    /// Whether a function with a rule of its own is called.
    pub fn uses_rules(&self) -> bool {
        self.has(&|x| matches!(x, Float::Rule(..)))
    }
    /// The helper that a number means in function `own`, if it may call one.
    pub fn callee(&self, own: usize, f: u8) -> Option<usize> {
        let helpers = self.functions.len() - 1;
        (helpers > 0 && !self.functions[own].leaf).then(|| 1 + usize::from(f) % helpers)
    }
    /// Whether a derivative is called.
    pub fn uses_derivatives(&self) -> bool {
        self.has(&|x| matches!(x, Float::Derive(..)))
    }
    fn has(&self, what: &dyn Fn(&Float) -> bool) -> bool {
        let mut found = false;
        for f in &self.functions {
            crate::walk::stmts(&f.body, &mut |x| found |= what(x));
        }
        found
    }
}

/// How many float operations of one operand there are.
pub const UNARY: u8 = 6;
/// How many float operations of two operands there are.
pub const BINARY: u8 = 4;
/// How many operations there are on the sequence of records.
pub const NODE: u8 = 4;
/// How many operations there are on the ragged rows.
pub const ROW: u8 = 4;
/// How many operations there are on the vector as a whole.
pub const VECTOR: u8 = 9;
/// How many operations there are on the arrays as a whole.
pub const WHOLE: u8 = 6;
/// How many operations there are on the complex variable.
pub const COMPLEX: u8 = 5;
/// How many numbers there are of a whole array.
pub const REDUCE: u8 = 6;
/// How many real numbers there are of the complex variable.
pub const PARTS: u8 = 4;
