//! Random data and programs for property tests with the `quickcheck` crate. Feature `quickcheck`.
//!
//! A property is a function that should hold for all its arguments; `quickcheck` tries random ones, and makes those that fail smaller. What may be
//! such an argument, besides what `quickcheck` knows itself (`f64` is any number there, also NaN):
//!
//! * [`Finite`]: a moderate number, for derivatives; [`Special`]: any `f64`, often one at the edge: zeros of both signs, subnormal, infinite, NaN
//! * [`Rows`]: vectors of one length
//! * [`AnyTensor`], [`AnyVal`]: run-time values of any element type, shape and structure, with special numbers among them
//! * [`AnyProgram`]: a program with loops, branches, recursion and mutation, and arguments for it; its first result is a smooth function
//!
//! ```
//! use cotangent::differentiable;
//! use cotangent::quickcheck::{Finite, TestResult, quickcheck};
//!
//! #[differentiable]
//! fn softplus_sum(xs: &[f64]) -> f64 {
//!     let mut s = 0.0;
//!     for x in xs {
//!         s += x.exp().ln_1p();
//!     }
//!     s
//! }
//!
//! fn gradients_are_right(xs: Vec<Finite>) -> TestResult {
//!     let xs: Vec<f64> = xs.iter().map(|x| x.0 / 100.0).collect();
//!     match softplus_sum::check_gradients(&xs) {
//!         Ok(_) => TestResult::passed(),
//!         Err(e) => TestResult::error(e.to_string()),
//!     }
//! }
//! quickcheck(gradients_are_right as fn(Vec<Finite>) -> TestResult);
//! ```

use crate::function::Function;
use cotangent_core::error::Trap;
use cotangent_core::interp::Limits;
use cotangent_core::ir::{DType, Dim, FuncId, Module, Type};
use cotangent_core::text::{print, print_values};
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_progen::agree::{Runner, check_agrees};
use cotangent_progen::check::{Derivatives, Failure, Outcome, arguments, check_program};
use cotangent_progen::emit::module;
use cotangent_progen::{Options, Program, Rng, generate, shrink};
use num_complex::Complex;
use std::sync::Arc;

pub use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult, Testable, quickcheck};

/// A number below `n`, which is not 0.
fn below(g: &mut Gen, n: usize) -> usize {
    usize::arbitrary(g) % n
}

/// A finite number of at most a thousand, often a small whole one. Shrinks towards 0, and from fractions to whole numbers but not back.
#[derive(Copy, Clone, PartialEq, PartialOrd, Debug, Default)]
pub struct Finite(pub f64);

impl Arbitrary for Finite {
    fn arbitrary(g: &mut Gen) -> Finite {
        let unit = u32::arbitrary(g) as f64 / f64::from(u32::MAX) * 2.0 - 1.0;
        Finite(match below(g, 8) {
            0 => (unit * 10.0).round(),
            1 => unit * 1e3,
            2 => unit * 1e-3,
            _ => unit * 10.0,
        })
    }
    fn shrink(&self) -> Box<dyn Iterator<Item = Finite>> {
        let x = self.0;
        // Whole numbers are simpler than others, then small ones: each step goes down, so there are not infinitely many.
        let size = |x: f64| (x.fract() != 0.0, x.abs());
        let simpler = [0.0, 1.0, x.trunc(), (x / 2.0).trunc(), x / 2.0];
        Box::new(
            simpler
                .into_iter()
                .filter(move |y| y.is_finite() && size(*y) < size(x))
                .map(Finite),
        )
    }
}

/// The numbers at the edges of `f64`.
const EDGES: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f64::EPSILON,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    9_007_199_254_740_993.0,
];

/// Any `f64`: half of them at an edge of the type. Shrinks to what is not special.
#[derive(Copy, Clone, PartialEq, PartialOrd, Debug, Default)]
pub struct Special(pub f64);

impl Arbitrary for Special {
    fn arbitrary(g: &mut Gen) -> Special {
        Special(match below(g, 4) {
            0 | 1 => EDGES[below(g, EDGES.len())],
            2 => f64::from_bits(u64::arbitrary(g)),
            _ => Finite::arbitrary(g).0,
        })
    }
    fn shrink(&self) -> Box<dyn Iterator<Item = Special>> {
        if self.0.is_finite() && self.0.abs() <= 1e3 {
            return Box::new(Finite(self.0).shrink().map(|x| Special(x.0)));
        }
        Box::new([0.0, 1.0, -1.0].into_iter().map(Special))
    }
}

/// Vectors of one length.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rows<T>(pub Vec<Vec<T>>);

impl<T: Arbitrary> Arbitrary for Rows<T> {
    fn arbitrary(g: &mut Gen) -> Rows<T> {
        let most = g.size().clamp(1, 8);
        let (n, width) = (below(g, most + 1), below(g, most + 1));
        Rows(
            (0..n)
                .map(|_| (0..width).map(|_| T::arbitrary(g)).collect())
                .collect(),
        )
    }
    fn shrink(&self) -> Box<dyn Iterator<Item = Rows<T>>> {
        let rows = self.0.clone();
        let width = rows.first().map_or(0, Vec::len);
        let fewer = (0..rows.len()).map({
            let rows = rows.clone();
            move |k| [&rows[..k], &rows[k + 1..]].concat()
        });
        let narrower = (0..width).map(move |k| {
            let without = |r: &Vec<T>| [&r[..k], &r[k + 1..]].concat();
            rows.iter().map(without).collect()
        });
        Box::new(fewer.chain(narrower).map(Rows))
    }
}

/// A tensor of any element type and shape, of rank up to 3 and some of its extents 0.
#[derive(Clone, PartialEq, Debug)]
pub struct AnyTensor(pub Tensor);

impl AnyTensor {
    /// A tensor of that element type and shape.
    pub fn of(dtype: DType, shape: &[usize], g: &mut Gen) -> AnyTensor {
        let n = shape.iter().product();
        let mut data = empty(dtype);
        for _ in 0..n {
            data.push(scalar(dtype, g));
        }
        AnyTensor(Tensor {
            shape: shape.to_vec(),
            data,
        })
    }
    /// As a value; of rank 0 a scalar.
    pub fn val(&self) -> Val {
        match self.0.shape.is_empty() {
            true => Val::Scalar(self.0.data.get(0)),
            false => Val::tensor(self.0.clone()),
        }
    }
    /// Its type, all extents known.
    pub fn ty(&self) -> Type {
        self.0.ty()
    }
    /// The elements of an axis but one.
    fn without(&self, axis: usize, at: usize) -> AnyTensor {
        let old = &self.0;
        let inner: usize = old.shape[axis + 1..].iter().product();
        let extent = old.shape[axis];
        let mut data = empty(old.data.dtype());
        for k in 0..old.data.len() {
            if (k / inner) % extent != at {
                data.push(old.data.get(k));
            }
        }
        let mut shape = old.shape.clone();
        shape[axis] -= 1;
        AnyTensor(Tensor { shape, data })
    }
}

impl Arbitrary for AnyTensor {
    fn arbitrary(g: &mut Gen) -> AnyTensor {
        let dtype = DType::ALL[below(g, DType::ALL.len())];
        let most = g.size().clamp(1, 5);
        let shape: Vec<usize> = (0..below(g, 4)).map(|_| below(g, most + 1)).collect();
        AnyTensor::of(dtype, &shape, g)
    }
    fn shrink(&self) -> Box<dyn Iterator<Item = AnyTensor>> {
        let t = self.clone();
        let smaller: Vec<(usize, usize)> = (0..t.0.shape.len())
            .flat_map(|axis| (0..t.0.shape[axis]).map(move |at| (axis, at)))
            .collect();
        let zero = Scalar::zero(t.0.data.dtype());
        let plain = (0..t.0.data.len()).filter({
            let t = t.clone();
            move |&k| !t.0.data.get(k).same_bits(zero)
        });
        let plain = plain.map({
            let t = t.clone();
            move |k| {
                let mut t = t.clone();
                t.0.data.set(k, zero);
                t
            }
        });
        Box::new(
            smaller
                .into_iter()
                .map(move |(axis, at)| t.without(axis, at))
                .chain(plain),
        )
    }
}

/// No elements.
fn empty(dtype: DType) -> Data {
    let mut data = Data::splat(Scalar::zero(dtype), 1).unwrap_or(Data::F64(Vec::new()));
    data.truncate(0);
    data
}

/// A scalar of that type, often a special one.
fn scalar(dtype: DType, g: &mut Gen) -> Scalar {
    let float = |g: &mut Gen| Special::arbitrary(g).0;
    match dtype {
        DType::Bool => Scalar::Bool(bool::arbitrary(g)),
        DType::I8 => Scalar::I8(i8::arbitrary(g)),
        DType::I16 => Scalar::I16(i16::arbitrary(g)),
        DType::I32 => Scalar::I32(i32::arbitrary(g)),
        DType::I64 => Scalar::I64(i64::arbitrary(g)),
        DType::U8 => Scalar::U8(u8::arbitrary(g)),
        DType::U16 => Scalar::U16(u16::arbitrary(g)),
        DType::U32 => Scalar::U32(u32::arbitrary(g)),
        DType::U64 => Scalar::U64(u64::arbitrary(g)),
        DType::F32 => Scalar::F32(float(g) as f32),
        DType::F64 => Scalar::F64(float(g)),
        DType::C64 => Scalar::C64(Complex::new(float(g) as f32, float(g) as f32)),
        DType::C128 => Scalar::C128(Complex::new(float(g), float(g))),
    }
}

/// A value of any type: tensors, records and sequences, nested to depth three.
#[derive(Clone, Debug)]
pub struct AnyVal {
    /// Its type; some extents are not known.
    pub ty: Type,
    /// The value.
    pub val: Val,
}

impl AnyVal {
    /// A value of that type.
    pub fn of(ty: &Type, g: &mut Gen) -> AnyVal {
        AnyVal {
            ty: ty.clone(),
            val: value(ty, g),
        }
    }
}

fn any_type(g: &mut Gen, depth: usize) -> Type {
    match below(g, if depth == 0 { 2 } else { 4 }) {
        0 | 1 => {
            let dtype = DType::ALL[below(g, DType::ALL.len())];
            let dim = |g: &mut Gen| match below(g, 5) {
                0 => Dim::Dynamic,
                n => Dim::Known(n as u64 - 1),
            };
            let rank = below(g, 3);
            Type::tensor(dtype, (0..rank).map(|_| dim(g)).collect::<Vec<Dim>>())
        }
        2 => {
            let n = below(g, 4);
            Type::record(
                (0..n)
                    .map(|_| any_type(g, depth - 1))
                    .collect::<Vec<Type>>(),
            )
        }
        _ => Type::seq(any_type(g, depth - 1)),
    }
}

fn value(ty: &Type, g: &mut Gen) -> Val {
    match ty {
        Type::Tensor(t) => {
            let extents = t.shape.iter().map(|d| match d {
                Dim::Known(n) => *n as usize,
                Dim::Dynamic => below(g, 4),
            });
            let shape: Vec<usize> = extents.collect();
            AnyTensor::of(t.dtype, &shape, g).val()
        }
        Type::Record(ts) => Val::record(ts.iter().map(|t| value(t, g)).collect()),
        Type::Seq(t) => Val::Seq(Arc::new((0..below(g, 4)).map(|_| value(t, g)).collect())),
        Type::Stack(t) => Val::stack((0..below(g, 4)).map(|_| value(t, g)).collect::<Vec<Val>>()),
    }
}

impl Arbitrary for AnyVal {
    fn arbitrary(g: &mut Gen) -> AnyVal {
        let ty = any_type(g, 3);
        AnyVal::of(&ty, g)
    }
    /// Parts of it.
    fn shrink(&self) -> Box<dyn Iterator<Item = AnyVal>> {
        let parts: Vec<(Type, Val)> = match (&self.ty, &self.val) {
            (Type::Record(ts), Val::Record(vs)) => {
                ts.iter().cloned().zip(vs.iter().cloned()).collect()
            }
            (Type::Seq(t), Val::Seq(vs)) => vs.iter().map(|v| ((**t).clone(), v.clone())).collect(),
            (Type::Tensor(_), Val::Tensor(t)) => AnyTensor((**t).clone())
                .shrink()
                .filter(|s| s.val().is_of(&self.ty))
                .map(|s| (self.ty.clone(), s.val()))
                .collect(),
            _ => Vec::new(),
        };
        Box::new(parts.into_iter().map(|(ty, val)| AnyVal { ty, val }))
    }
}

/// A random program and arguments for it. It takes two numbers, an integer and four numbers, and returns a number, an array and an integer; it always
/// ends, and where it branches on floats (it does not here) or stores out of range it would say so. Shrinks by dropping statements.
#[derive(Clone, Debug)]
pub struct AnyProgram {
    /// The program, as a tree.
    pub program: Program,
    /// The arguments.
    pub args: Vec<Val>,
}

impl AnyProgram {
    /// The program as a function to be run and differentiated.
    ///
    /// # Panics
    /// If the program is not valid: a bug of the generator.
    pub fn function(&self) -> Function {
        match Function::new(module(&self.program), FuncId(0)) {
            Ok(f) => f,
            Err(e) => panic!("{e}\n{}", self.text()),
        }
    }
    /// Whether an executor does with it, and with its derivatives, what the interpreter does, as far as rounding allows.
    ///
    /// # Errors
    /// What differs, and the program.
    pub fn check_executor(&self, name: &str) -> Result<(), String> {
        let on = On(name.into());
        self.told(check_agrees(&self.program, &self.args, &on))
    }
    /// Whether its derivatives are those of differences, forward and reverse mode agree, no pass changes a bit of what it computes, and the text and binary
    /// forms give it back.
    ///
    /// # Errors
    /// What is wrong, and the program.
    pub fn check(&self) -> Result<(), String> {
        let derivatives = Derivatives {
            order: 1,
            differences: true,
        };
        self.told(check_program(&self.program, &self.args, &derivatives))
    }
    fn told(&self, outcome: Result<Outcome, Failure>) -> Result<(), String> {
        match outcome {
            Ok(_) => Ok(()),
            Err(e) => Err(format!(
                "{e}\narguments: {}\n{}",
                print_values(&self.args),
                self.text()
            )),
        }
    }
    /// The program as text.
    pub fn text(&self) -> String {
        print(&module(&self.program))
    }
}

/// The executor of that name.
struct On(String);

impl Runner for On {
    fn name(&self) -> &str {
        &self.0
    }
    fn run(
        &self,
        m: &Module,
        f: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String> {
        let prepared = crate::executor(&self.0).and_then(|e| e.prepare(m));
        let prepared = prepared.map_err(|e| e.to_string())?;
        Ok(prepared.run(f, args.to_vec(), limits))
    }
}

impl Arbitrary for AnyProgram {
    fn arbitrary(g: &mut Gen) -> AnyProgram {
        let mut rng = Rng(u64::arbitrary(g));
        let options = Options {
            size: g.size().clamp(1, 60) as u64,
            ..Options::SMOOTH
        };
        AnyProgram {
            program: generate(&mut rng, &options),
            args: arguments(&mut rng),
        }
    }
    fn shrink(&self) -> Box<dyn Iterator<Item = AnyProgram>> {
        let args = self.args.clone();
        let smaller = shrink::smaller(&self.program).into_iter();
        Box::new(smaller.map(move |program| AnyProgram {
            program,
            args: args.clone(),
        }))
    }
}
