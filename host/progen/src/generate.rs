//! Random programs.

use crate::program::{
    ARRAYS, BINARY, Bool, COMPLEX, FLOATS, Float, Function, INTS, Int, NODE, PARTS, Program,
    REDUCE, ROW, Stmt, UNARY, VECTOR, WHOLE,
};
use crate::rng::Rng;

/// What to generate.
#[derive(Copy, Clone, Debug)]
pub struct Options {
    /// Comparisons of floats: results are then not everywhere differentiable.
    pub float_compare: bool,
    /// Indices that may be out of range, assertions that may fail.
    pub traps: bool,
    /// `map` over arrays.
    pub map: bool,
    /// Calls of derivatives: such programs run only after lowering.
    pub derive: bool,
    /// `stop_gradient`: derivatives are then not those of the function computed.
    pub stop: bool,
    /// Functions with a rule for reverse mode only.
    pub vjp_rules: bool,
    /// About how many statements.
    pub size: u64,
}

impl Options {
    /// Smooth programs of everything else there is.
    pub const SMOOTH: Options = Options {
        float_compare: false,
        traps: false,
        map: true,
        derive: true,
        stop: false,
        vjp_rules: false,
        size: 40,
    };
}

/// A random program.
pub fn generate(rng: &mut Rng, options: &Options) -> Program {
    let functions = 1 + rng.below(3) as usize;
    let mut program = Program { functions: vec![] };
    for f in 0..functions {
        let leaf = f > 0 && f + 1 == functions && rng.chance(60);
        let mut shares = [false; 4];
        for s in &mut shares {
            *s = f > 0 && rng.chance(30);
        }
        let mut g = Gen {
            rng,
            options,
            functions: functions as u8,
            calls: if leaf {
                0
            } else if f == 0 {
                3
            } else {
                2
            },
            budget: options.size as i64,
            loops: 0,
        };
        let body = g.stmts(4);
        program.functions.push(Function { shares, leaf, body });
    }
    // A sum is what reverse mode takes by ranges only outside loops, so some programs start with one.
    if rng.chance(30) {
        let mut g = Gen {
            rng,
            options,
            functions: functions as u8,
            calls: 0,
            budget: 0,
            loops: 0,
        };
        let sum = Stmt::Sum(g.pick(FLOATS), 17 + g.pick(6), g.float(3));
        program.functions[0].body.insert(0, sum);
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
        if self.rng.chance(35) {
            return self.collection();
        }
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
    /// A statement on collections, the complex variable, or a call that changes them.
    fn collection(&mut self) -> Stmt {
        match self.rng.below(11) {
            0 => Stmt::Swap(self.pick(FLOATS), self.pick(FLOATS)),
            1 => Stmt::SwapArrays,
            2 | 3 => Stmt::Node(self.pick(NODE), self.int(1), self.float(2)),
            4 | 5 => Stmt::Row(self.pick(ROW), self.int(1), self.int(1), self.float(2)),
            6 => Stmt::Vector(self.pick(VECTOR), self.int(1), self.float(2)),
            7 => {
                let (op, k) = (self.pick(WHOLE), self.pick(ARRAYS));
                Stmt::Arrays(op, k, self.int(1), self.float(2))
            }
            8 => Stmt::Complex(self.pick(COMPLEX), self.float(2)),
            _ if self.calls > 0 && self.functions > 1 && self.loops < 3 => {
                self.calls -= 1;
                Stmt::Call {
                    f: self.pick(self.functions - 1),
                    to: self.pick(FLOATS),
                    x: self.float(1),
                    n: self.pick(4),
                    array: self.pick(ARRAYS),
                }
            }
            _ => Stmt::Push(self.float(2)),
        }
    }
    fn float(&mut self, depth: u32) -> Float {
        if self.rng.chance(25) {
            return self.wide(depth);
        }
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
                let f = self.pick(self.functions - 1);
                Float::Call(f, Box::new(self.float(depth - 1)), self.pick(4))
            }
            _ => Float::Binary(
                self.pick(BINARY),
                Box::new(self.float(depth - 1)),
                Box::new(self.float(depth - 1)),
            ),
        }
    }
    /// A float of a collection, or of something rarer than arithmetic.
    fn wide(&mut self, depth: u32) -> Float {
        let inner = |g: &mut Self| Box::new(g.float(depth.saturating_sub(1)));
        match self.rng.below(if depth == 0 { 5 } else { 9 }) {
            0 => Float::Node(Box::new(self.int(1))),
            1 => Float::NodeArray(Box::new(self.int(1)), Box::new(self.int(1))),
            2 => Float::Row(Box::new(self.int(1)), Box::new(self.int(1))),
            3 => Float::Reduce(self.pick(REDUCE)),
            4 => Float::Complex(self.pick(PARTS)),
            5 => {
                let c = Box::new(self.bool(1));
                Float::Select(c, inner(self), inner(self))
            }
            6 => {
                let rules = if self.options.vjp_rules { 2 } else { 1 };
                Float::Rule(self.pick(rules), inner(self))
            }
            7 if self.options.derive && self.calls > 0 && self.functions > 1 && self.loops < 2 => {
                self.calls -= 1;
                let f = self.pick(self.functions - 1);
                Float::Derive(f, inner(self), self.pick(3))
            }
            8 if self.options.stop => Float::Stop(inner(self)),
            _ => Float::Unary(self.pick(UNARY), inner(self)),
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
