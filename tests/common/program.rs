//! Random programs: a small language with everything the slot stage has, its generator and its shrinker.
//!
//! A [`Program`] is a tree; `emit` turns it into slot IR. Any tree is a well-typed program that ends (loops count, recursion
//! has a decreasing counter, indices are taken modulo the length unless [`Stmt::SetRaw`] says otherwise, labels modulo
//! the enclosing blocks), so shrinking may drop whatever it likes. Floats stay bounded and every float operation is smooth;
//! branches depend on integers, unless [`Options::float_compare`].

/// A source of random numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    /// A float in -1..1, away from 0.
    pub fn unit(&mut self) -> f64 {
        let x = (self.below(1800) as f64 + 100.0) / 2000.0;
        if self.chance(50) { x } else { -x }
    }
}

/// How many variables of each kind a function has.
pub const FLOATS: u8 = 3;
pub const INTS: u8 = 3;
pub const ARRAYS: u8 = 2;
/// The length of the arrays.
pub const LEN: u64 = 4;

/// What to generate.
#[derive(Copy, Clone, Debug)]
pub struct Options {
    /// Comparisons of floats: results are then not everywhere differentiable.
    pub float_compare: bool,
    /// Indices that may be out of range, assertions that may fail.
    pub traps: bool,
    /// `map` over arrays.
    pub map: bool,
    /// About how many statements.
    pub size: u64,
}

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

/// A random program.
pub fn generate(rng: &mut Rng, options: &Options) -> Program {
    let functions = 1 + rng.below(3) as usize;
    let mut program = Program { functions: vec![] };
    for f in 0..functions {
        let mut g = Gen {
            rng,
            options,
            functions: functions as u8,
            calls: if f == 0 { 3 } else { 2 },
            budget: options.size as i64,
            loops: 0,
        };
        let body = g.stmts(4);
        program.functions.push(Function { body });
    }
    program
}

struct Gen<'a> {
    rng: &'a mut Rng,
    options: &'a Options,
    functions: u8,
    /// Calls that may still be made: bounds the tree of calls.
    calls: u32,
    budget: i64,
    loops: u32,
}

impl Gen<'_> {
    fn stmts(&mut self, depth: u32) -> Vec<Stmt> {
        let n = 1 + self.rng.below(6);
        let mut out = vec![];
        for _ in 0..n {
            if self.budget <= 0 {
                break;
            }
            self.budget -= 1;
            let s = self.stmt(depth);
            out.push(s);
        }
        out
    }
    fn pick(&mut self, n: u8) -> u8 {
        self.rng.below(n.into()) as u8
    }
    fn stmt(&mut self, depth: u32) -> Stmt {
        let last = if depth == 0 { 11 } else { 20 };
        match self.rng.below(last) {
            0 | 1 => Stmt::SetFloat(self.pick(FLOATS), self.float(3)),
            2 => Stmt::SetInt(self.pick(INTS), self.int(2)),
            3 => Stmt::SetArray(self.pick(ARRAYS), self.int(1), self.float(2)),
            4 => Stmt::CopyArray(self.pick(ARRAYS), self.pick(ARRAYS)),
            5 => Stmt::SetRecord(self.int(1), self.float(2)),
            6 => Stmt::Push(self.float(2)),
            7 => Stmt::Pop(self.pick(FLOATS)),
            8 if self.options.map => {
                let calls = core::mem::take(&mut self.calls);
                let s = Stmt::Map(self.pick(ARRAYS), self.float(2));
                self.calls = calls;
                s
            }
            9 if self.rng.chance(40) => {
                if self.rng.chance(60) {
                    Stmt::Br(self.pick(4))
                } else {
                    Stmt::Return(self.float(2))
                }
            }
            10 if self.options.traps && self.rng.chance(20) => {
                if self.rng.chance(50) {
                    Stmt::Assert(self.bool(1))
                } else {
                    Stmt::SetRaw(self.pick(ARRAYS), self.int(1), self.float(1))
                }
            }
            8..=10 => Stmt::SetFloat(self.pick(FLOATS), self.float(2)),
            11..=13 => Stmt::If(self.bool(2), self.stmts(depth - 1), self.stmts(depth - 1)),
            14 => {
                let i = self.int(1);
                let arms = 1 + self.rng.below(3);
                Stmt::Switch(i, (0..arms).map(|_| self.stmts(depth - 1)).collect())
            }
            15 | 16 if self.loops < 3 => {
                self.loops += 1;
                let (trips, var) = (self.pick(4), self.pick(INTS));
                let body = self.stmts(depth - 1);
                self.loops -= 1;
                Stmt::For(trips, var, body)
            }
            17 | 18 if self.loops < 3 => {
                self.loops += 1;
                let s = Stmt::While {
                    trips: self.pick(5),
                    cond: self.bool(2),
                    counts: self.rng.chance(50),
                    body: self.stmts(depth - 1),
                };
                self.loops -= 1;
                s
            }
            _ => Stmt::Block(self.stmts(depth - 1)),
        }
    }
    fn float(&mut self, depth: u32) -> Float {
        let last = if depth == 0 { 4 } else { 13 };
        match self.rng.below(last) {
            0 => Float::Const(self.rng.unit()),
            1 => Float::Var(self.pick(FLOATS)),
            2 => Float::Param(self.pick(2)),
            3 => Float::Elem,
            4 => Float::Array(self.pick(ARRAYS), Box::new(self.int(1))),
            5 => Float::Record(Box::new(self.int(1))),
            6 => Float::Vector(Box::new(self.int(1))),
            7 => Float::FromInt(Box::new(self.int(1))),
            8 | 9 => Float::Unary(self.pick(UNARY), Box::new(self.float(depth - 1))),
            10 => Float::If(
                Box::new(self.bool(1)),
                Box::new(self.float(depth - 1)),
                Box::new(self.float(depth - 1)),
            ),
            11 if self.calls > 0 && self.functions > 1 && self.loops < 2 => {
                self.calls -= 1;
                let f = 1 + self.pick(self.functions - 1);
                Float::Call(f, Box::new(self.float(depth - 1)), self.pick(4))
            }
            _ => Float::Binary(
                self.pick(BINARY),
                Box::new(self.float(depth - 1)),
                Box::new(self.float(depth - 1)),
            ),
        }
    }
    fn int(&mut self, depth: u32) -> Int {
        let last = if depth == 0 { 4 } else { 7 };
        match self.rng.below(last) {
            0 => Int::Const(self.rng.below(7) as i64 - 2),
            1 | 2 => Int::Var(self.pick(INTS)),
            3 => Int::Param,
            4 => Int::Len,
            5 => Int::Add(Box::new(self.int(depth - 1)), Box::new(self.int(depth - 1))),
            _ => Int::Mul(Box::new(self.int(depth - 1)), Box::new(self.int(depth - 1))),
        }
    }
    fn bool(&mut self, depth: u32) -> Bool {
        let last = if depth == 0 { 4 } else { 6 };
        match self.rng.below(last) {
            0 | 1 => Bool::Less(self.int(1), self.int(1)),
            2 => Bool::Equal(self.int(1), self.int(1)),
            3 if self.options.float_compare => Bool::FloatLess(self.float(1), self.rng.unit()),
            3 => Bool::Less(self.int(1), self.int(0)),
            4 => Bool::And(
                Box::new(self.bool(depth - 1)),
                Box::new(self.bool(depth - 1)),
            ),
            _ => Bool::Not(Box::new(self.bool(depth - 1))),
        }
    }
}

/// How many float operations `emit` knows.
pub const UNARY: u8 = 6;
pub const BINARY: u8 = 4;

/// The smallest program found for which `fails` still holds, by dropping statements and opening up control flow.
pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let mut best = program.clone();
    loop {
        let smaller = candidates(&best).into_iter().find(|p| fails(p));
        match smaller {
            Some(p) => best = p,
            None => return best,
        }
    }
}

fn candidates(p: &Program) -> Vec<Program> {
    let mut out = vec![];
    for f in 0..p.functions.len() {
        for body in smaller_list(&p.functions[f].body) {
            let mut q = p.clone();
            q.functions[f].body = body;
            out.push(q);
        }
    }
    out
}

fn smaller_list(list: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut out = vec![];
    let put = |k: usize, with: &[Stmt]| [&list[..k], with, &list[k + 1..]].concat();
    if list.len() > 3 {
        out.push(list[..list.len() / 2].to_vec());
        out.push(list[list.len() / 2..].to_vec());
    }
    for (k, s) in list.iter().enumerate() {
        out.push(put(k, &[]));
        let bodies: Vec<&Vec<Stmt>> = match s {
            Stmt::If(_, a, b) => vec![a, b],
            Stmt::Switch(_, arms) => arms.iter().collect(),
            Stmt::For(_, _, body) | Stmt::While { body, .. } | Stmt::Block(body) => vec![body],
            _ => vec![],
        };
        for b in bodies {
            out.push(put(k, b));
        }
        for s in smaller_stmt(s) {
            out.push(put(k, &[s]));
        }
    }
    out
}

fn smaller_stmt(s: &Stmt) -> Vec<Stmt> {
    let float = |x: &Float, make: &dyn Fn(Float) -> Stmt| -> Vec<Stmt> {
        smaller_float(x).into_iter().map(make).collect()
    };
    match s {
        Stmt::SetFloat(v, x) => float(x, &|x| Stmt::SetFloat(*v, x)),
        Stmt::SetArray(v, i, x) => float(x, &|x| Stmt::SetArray(*v, i.clone(), x)),
        Stmt::SetRaw(v, i, x) => float(x, &|x| Stmt::SetRaw(*v, i.clone(), x)),
        Stmt::SetRecord(i, x) => float(x, &|x| Stmt::SetRecord(i.clone(), x)),
        Stmt::Push(x) => float(x, &Stmt::Push),
        Stmt::Map(v, x) => float(x, &|x| Stmt::Map(*v, x)),
        Stmt::Return(x) => float(x, &Stmt::Return),
        Stmt::If(c, a, b) => {
            let mut out: Vec<Stmt> = smaller_bool(c)
                .into_iter()
                .map(|c| Stmt::If(c, a.clone(), b.clone()))
                .collect();
            out.extend(
                smaller_list(a)
                    .into_iter()
                    .map(|a| Stmt::If(c.clone(), a, b.clone())),
            );
            out.extend(
                smaller_list(b)
                    .into_iter()
                    .map(|b| Stmt::If(c.clone(), a.clone(), b)),
            );
            out
        }
        Stmt::Switch(i, arms) => {
            let mut out = vec![];
            for k in 0..arms.len() {
                for a in smaller_list(&arms[k]) {
                    let mut arms = arms.clone();
                    arms[k] = a;
                    out.push(Stmt::Switch(i.clone(), arms));
                }
            }
            out
        }
        Stmt::For(n, v, body) => smaller_list(body)
            .into_iter()
            .map(|b| Stmt::For(*n, *v, b))
            .collect(),
        Stmt::While {
            trips,
            cond,
            counts,
            body,
        } => {
            let make = |cond: Bool, body: Vec<Stmt>| Stmt::While {
                trips: *trips,
                cond,
                counts: *counts,
                body,
            };
            let mut out: Vec<Stmt> = smaller_bool(cond)
                .into_iter()
                .map(|c| make(c, body.clone()))
                .collect();
            out.extend(
                smaller_list(body)
                    .into_iter()
                    .map(|b| make(cond.clone(), b)),
            );
            out
        }
        Stmt::Block(body) => smaller_list(body).into_iter().map(Stmt::Block).collect(),
        Stmt::SetInt(..) | Stmt::CopyArray(..) | Stmt::Pop(_) | Stmt::Assert(_) | Stmt::Br(_) => {
            vec![]
        }
    }
}

fn smaller_float(x: &Float) -> Vec<Float> {
    match x {
        Float::Const(_) => vec![],
        Float::Unary(_, a) | Float::Call(_, a, _) => vec![(**a).clone()],
        Float::Binary(_, a, b) | Float::If(_, a, b) => vec![(**a).clone(), (**b).clone()],
        _ => vec![Float::Const(0.5)],
    }
}

fn smaller_bool(c: &Bool) -> Vec<Bool> {
    match c {
        Bool::And(a, b) => vec![(**a).clone(), (**b).clone()],
        Bool::Not(a) => vec![(**a).clone()],
        Bool::Equal(Int::Const(0), Int::Const(_)) => vec![],
        _ => vec![
            Bool::Equal(Int::Const(0), Int::Const(0)),
            Bool::Equal(Int::Const(0), Int::Const(1)),
        ],
    }
}
