//! Values of the matrix: random ones, naive tensors for independent formulas, comparison within a tolerance.

use cotangent_core::ir::{DType, Dim, Type};
use cotangent_core::value::{Data, Scalar, Stack, Tensor, Val};
use num_complex::Complex64;
use std::sync::Arc;

/// splitmix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
    pub fn real(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }
    /// A number of one of the ranges.
    pub fn of(&mut self, ranges: &[(f64, f64)]) -> f64 {
        let (lo, hi) = ranges[self.below(ranges.len() as u64) as usize];
        self.real(lo, hi)
    }
}

/// A scalar of any type from a complex number: rounded, saturated, the imaginary part dropped.
pub fn scalar(d: DType, z: Complex64) -> Scalar {
    match d {
        DType::Bool => Scalar::Bool(z.re != 0.0),
        DType::C64 | DType::C128 => complex(d, z),
        _ if d.is_float() => Scalar::from_f64(d, z.re).unwrap(),
        _ => Scalar::from_int(d, z.re as i128).unwrap_or(Scalar::zero(d)),
    }
}

fn complex(d: DType, z: Complex64) -> Scalar {
    if d == DType::C64 {
        Scalar::C64(num_complex::Complex::new(z.re as f32, z.im as f32))
    } else {
        Scalar::C128(z)
    }
}

/// As a complex number (exact but for integers beyond 2^53).
pub fn number(s: Scalar) -> Complex64 {
    let re = |x: f64| Complex64::new(x, 0.0);
    match s {
        Scalar::Bool(b) => re(f64::from(u8::from(b))),
        Scalar::F32(x) => re(x.into()),
        Scalar::F64(x) => re(x),
        Scalar::C64(z) => Complex64::new(z.re.into(), z.im.into()),
        Scalar::C128(z) => z,
        int => re(int.as_int().unwrap() as f64),
    }
}

/// A random scalar: small integers, floats in [-2, 2].
pub fn any_scalar(rng: &mut Rng, d: DType) -> Scalar {
    match d {
        DType::Bool => Scalar::Bool(rng.below(2) == 1),
        _ if d.is_differentiable() => {
            let (re, im) = (rng.real(-2.0, 2.0), rng.real(-2.0, 2.0));
            scalar(d, Complex64::new(re, im))
        }
        _ => {
            let n = rng.below(7) as i128 - if d.is_signed() { 3 } else { 0 };
            Scalar::from_int(d, n).unwrap()
        }
    }
}

/// A tensor with elements made one by one in row-major order; a scalar if the shape is empty.
pub fn tensor(d: DType, shape: &[usize], mut f: impl FnMut(&[usize]) -> Scalar) -> Val {
    let n: usize = shape.iter().product();
    let mut data = Data::with_capacity(d, n).unwrap();
    let mut index = vec![0; shape.len()];
    for _ in 0..n {
        assert!(data.push(f(&index)), "an element of another type than {d}");
        for k in (0..shape.len()).rev() {
            index[k] += 1;
            if index[k] < shape[k] {
                break;
            }
            index[k] = 0;
        }
    }
    Val::tensor(Tensor::new(shape.to_vec(), data).unwrap())
}

/// A random tensor.
pub fn any(rng: &mut Rng, d: DType, shape: &[usize]) -> Val {
    tensor(d, shape, |_| any_scalar(rng, d))
}

/// A random tensor of floats from ranges (both parts, if complex; integers are rounded towards zero).
pub fn from(rng: &mut Rng, d: DType, shape: &[usize], ranges: &[(f64, f64)]) -> Val {
    tensor(d, shape, |_| {
        let (re, im) = (rng.of(ranges), rng.of(ranges));
        scalar(d, Complex64::new(re, im))
    })
}

pub fn seq(vs: Vec<Val>) -> Val {
    Val::Seq(Arc::new(vs))
}

/// The elements of a stack, the top last.
pub fn stacked(s: &Stack) -> Vec<Val> {
    s.to_vec()
}

/// The extents; empty for anything but a tensor.
pub fn shape(v: &Val) -> Vec<usize> {
    match v {
        Val::Tensor(t) => t.shape.clone(),
        _ => vec![],
    }
}

pub fn dtype(v: &Val) -> DType {
    match v {
        Val::Scalar(s) => s.dtype(),
        Val::Tensor(t) => t.dtype(),
        other => panic!("no tensor: {other:?}"),
    }
}

/// The element at an index.
pub fn at(v: &Val, index: &[usize]) -> Scalar {
    match v {
        Val::Scalar(s) => {
            assert!(index.is_empty());
            *s
        }
        Val::Tensor(t) => {
            assert_eq!(index.len(), t.shape.len());
            let mut flat = 0;
            for (i, n) in index.iter().zip(&t.shape) {
                assert!(i < n, "{index:?} of {:?}", t.shape);
                flat = flat * n + i;
            }
            t.data.get(flat)
        }
        other => panic!("no tensor: {other:?}"),
    }
}

/// All elements, row-major.
pub fn elements(v: &Val) -> Vec<Scalar> {
    match v {
        Val::Scalar(s) => vec![*s],
        Val::Tensor(t) => (0..t.data.len()).map(|i| t.data.get(i)).collect(),
        other => panic!("no tensor: {other:?}"),
    }
}

/// The type of a value with every extent known. Sequences must not be empty.
pub fn type_of(v: &Val) -> Type {
    let fields = |vs: &[Val]| -> Vec<Type> { vs.iter().map(type_of).collect() };
    let element = |vs: &[Val]| -> Type {
        fields(vs)
            .into_iter()
            .reduce(|a, b| a.join(&b).expect("elements of one type"))
            .expect("an element that tells the type")
    };
    match v {
        Val::Unit => Type::unit(),
        Val::Scalar(s) => Type::scalar(s.dtype()),
        Val::Tensor(t) => t.ty(),
        Val::Record(fs) => Type::record(fields(fs)),
        Val::Seq(vs) => Type::seq(element(vs)),
        Val::Stack(s) => Type::stack(element(&stacked(s))),
    }
}

/// The type with every extent `?`.
pub fn opened(t: &Type) -> Type {
    match t {
        Type::Tensor(t) => Type::tensor(t.dtype, t.shape.iter().map(|_| Dim::Dynamic)),
        Type::Record(fs) => Type::record(fs.iter().map(opened)),
        Type::Seq(e) => Type::seq(opened(e)),
        Type::Stack(e) => Type::stack(opened(e)),
    }
}

/// The greatest error between two values, relative to magnitude (absolute below 1), or how they differ in structure. Equal bits, NaN with NaN
/// and equal numbers have error 0.
pub fn error(got: &Val, want: &Val) -> Result<f64, String> {
    let all = |a: &[Val], b: &[Val]| -> Result<f64, String> {
        if a.len() != b.len() {
            return Err(format!("{} fields or elements, not {}", a.len(), b.len()));
        }
        a.iter()
            .zip(b)
            .try_fold(0.0, |m: f64, (x, y)| Ok(m.max(error(x, y)?)))
    };
    match (got, want) {
        (Val::Unit, Val::Unit) => Ok(0.0),
        (Val::Scalar(a), Val::Scalar(b)) => scalar_error(*a, *b),
        (Val::Tensor(a), Val::Tensor(b)) => {
            if a.shape != b.shape {
                return Err(format!("shape {:?}, not {:?}", a.shape, b.shape));
            }
            (0..a.data.len()).try_fold(0.0, |m: f64, i| {
                Ok(m.max(scalar_error(a.data.get(i), b.data.get(i))?))
            })
        }
        (Val::Record(a), Val::Record(b)) | (Val::Seq(a), Val::Seq(b)) => all(a, b),
        (Val::Stack(a), Val::Stack(b)) => all(&stacked(a), &stacked(b)),
        _ => Err(format!("{got:?}, not {want:?}")),
    }
}

fn scalar_error(a: Scalar, b: Scalar) -> Result<f64, String> {
    if a.dtype() != b.dtype() {
        return Err(format!("element type {}, not {}", a.dtype(), b.dtype()));
    }
    if a.same_bits(b) {
        return Ok(0.0);
    }
    if !a.dtype().is_differentiable() {
        return Err(format!("{a:?}, not {b:?}"));
    }
    let (x, y) = (number(a), number(b));
    // Infinities and NaN must match part by part.
    let parts = [(x.re, y.re), (x.im, y.im)];
    for (p, q) in parts {
        let same = p == q || p.is_nan() && q.is_nan();
        let finite = p.is_finite() && q.is_finite();
        if !(same || finite) {
            return Ok(f64::INFINITY);
        }
    }
    let finite = |z: Complex64| {
        let f = |x: f64| if x.is_finite() { x } else { 0.0 };
        Complex64::new(f(z.re), f(z.im))
    };
    let (x, y) = (finite(x), finite(y));
    Ok((x - y).norm() / y.norm().max(1.0))
}
