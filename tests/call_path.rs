//! How typed calls reach an executor: scalar functions as words, arrays lent, everything as values where that is not to be had.
//!
//! The executor here wraps the interpreter and notes which way each call came; what the calls return is compared with the interpreter's.

use cotangent::core::error::Trap;
use cotangent::core::ir::{FuncId, Module, Type};
use cotangent::core::value::{Lent, Scalar, Val};
use cotangent::{
    Differentiable, Executor, Interpreter, Limits, Options, Prepared, differentiable,
    register_executor,
};
use num_complex::Complex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug, Default)]
struct Counts {
    flat: AtomicUsize,
    lent: AtomicUsize,
    arrays: AtomicUsize,
    values: AtomicUsize,
}

impl Counts {
    /// Flat calls, lent calls, arrays in these, calls with values; since the last time.
    fn take(&self) -> [usize; 4] {
        [&self.flat, &self.lent, &self.arrays, &self.values].map(|n| n.swap(0, Ordering::SeqCst))
    }
}

#[derive(Debug)]
struct Noting {
    name: &'static str,
    counts: Arc<Counts>,
}

#[derive(Debug)]
struct Noted {
    module: Module,
    inner: Arc<dyn Prepared>,
    counts: Arc<Counts>,
}

impl Executor for Noting {
    fn name(&self) -> &'static str {
        self.name
    }
    fn prepare(&self, module: &Module) -> cotangent::Result<Arc<dyn Prepared>> {
        Ok(Arc::new(Noted {
            module: module.clone(),
            inner: Interpreter.prepare(module)?,
            counts: self.counts.clone(),
        }))
    }
}

/// Reads a value of words, as the contract of `run_flat` says.
fn from_words(ty: &Type, words: &mut dyn Iterator<Item = u64>) -> Option<Val> {
    let tensor = match ty {
        Type::Record(fs) => {
            let fields = fs.iter().map(|f| from_words(f, words));
            return fields.collect::<Option<Vec<_>>>().map(Val::record);
        }
        Type::Tensor(t) if t.shape.is_empty() => t,
        _ => return None,
    };
    let w = words.next()?;
    use cotangent::core::ir::DType;
    Some(Val::Scalar(match tensor.dtype {
        DType::Bool => Scalar::Bool(w & 1 == 1),
        DType::I8 => Scalar::I8(w as i8),
        DType::I16 => Scalar::I16(w as i16),
        DType::I32 => Scalar::I32(w as i32),
        DType::I64 => Scalar::I64(w as i64),
        DType::U8 => Scalar::U8(w as u8),
        DType::U16 => Scalar::U16(w as u16),
        DType::U32 => Scalar::U32(w as u32),
        DType::U64 => Scalar::U64(w),
        DType::F32 => Scalar::F32(f32::from_bits(w as u32)),
        DType::F64 => Scalar::F64(f64::from_bits(w)),
        DType::C64 => {
            let im = f32::from_bits(words.next()? as u32);
            Scalar::C64(Complex::new(f32::from_bits(w as u32), im))
        }
        DType::C128 => {
            let im = f64::from_bits(words.next()?);
            Scalar::C128(Complex::new(f64::from_bits(w), im))
        }
    }))
}

/// Writes a value's words, with rubbish in the bits that the type does not use.
fn to_words(v: &Val, out: &mut Vec<u64>) -> Option<()> {
    const RUBBISH: u64 = 0xdead_beef_0bad_f00d;
    let low = |bits: u64, n: u32| bits & ((1 << n) - 1) | RUBBISH << n;
    match v {
        Val::Unit => {}
        Val::Record(vs) => {
            for v in vs.iter() {
                to_words(v, out)?;
            }
        }
        Val::Scalar(s) => match *s {
            Scalar::Bool(x) => out.push(low(u64::from(x), 1)),
            Scalar::I8(x) => out.push(low(x as u64, 8)),
            Scalar::I16(x) => out.push(low(x as u64, 16)),
            Scalar::I32(x) => out.push(low(x as u64, 32)),
            Scalar::I64(x) => out.push(x as u64),
            Scalar::U8(x) => out.push(low(x.into(), 8)),
            Scalar::U16(x) => out.push(low(x.into(), 16)),
            Scalar::U32(x) => out.push(low(x.into(), 32)),
            Scalar::U64(x) => out.push(x),
            Scalar::F32(x) => out.push(low(x.to_bits().into(), 32)),
            Scalar::F64(x) => out.push(x.to_bits()),
            Scalar::C64(x) => out.extend([x.re, x.im].map(|x| low(x.to_bits().into(), 32))),
            Scalar::C128(x) => out.extend([x.re, x.im].map(f64::to_bits)),
        },
        Val::Tensor(_) | Val::Seq(_) | Val::Stack(_) => return None,
    }
    Some(())
}

impl Prepared for Noted {
    fn run(&self, func: FuncId, args: Vec<Val>, limits: &Limits) -> Result<Vec<Val>, Trap> {
        self.counts.values.fetch_add(1, Ordering::SeqCst);
        self.inner.run(func, args, limits)
    }
    fn run_lent(&self, func: FuncId, args: &[Lent<'_>], limits: &Limits) -> Result<Vec<Val>, Trap> {
        let arrays = args.iter().filter(|a| matches!(a, Lent::Array(_))).count();
        self.counts.lent.fetch_add(1, Ordering::SeqCst);
        self.counts.arrays.fetch_add(arrays, Ordering::SeqCst);
        for (a, ty) in args.iter().zip(self.module.funcs[func].param_types()) {
            assert!(a.is_of(&ty), "{a:?} is not of type {ty}");
        }
        self.inner
            .run(func, args.iter().map(Lent::to_val).collect(), limits)
    }
    fn run_flat(
        &self,
        func: FuncId,
        args: &[u64],
        results: &mut [u64],
        limits: &Limits,
    ) -> Option<Result<(), Trap>> {
        let mut words = args.iter().copied();
        let params = self.module.funcs[func].param_types();
        let vals = params.iter().map(|ty| from_words(ty, &mut words));
        let vals = vals.collect::<Option<Vec<_>>>()?;
        assert!(words.next().is_none(), "more words than parameters");
        let out = match self.inner.run(func, vals, limits) {
            Ok(out) => out,
            Err(trap) => return Some(Err(trap)),
        };
        let mut words = Vec::new();
        for v in &out {
            to_words(v, &mut words)?;
        }
        results.copy_from_slice(&words);
        self.counts.flat.fetch_add(1, Ordering::SeqCst);
        Some(Ok(()))
    }
}

/// Registers a noting executor of that name.
fn noting(name: &'static str) -> (Arc<Counts>, Options) {
    let counts = Arc::new(Counts::default());
    register_executor(Arc::new(Noting {
        name,
        counts: counts.clone(),
    }));
    (counts, Options::new().executor(name))
}

#[derive(Clone, Copy, PartialEq, Debug, Differentiable)]
struct Lens {
    id: i16,
    focal: f32,
    on: bool,
    bend: (f64, u8),
}

#[differentiable]
fn through(lens: Lens, x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y * f64::from(lens.focal) + lens.bend.0;
    }
    if lens.on { y * f64::from(lens.id) } else { x }
}

#[differentiable]
fn turn(z: Complex<f64>, w: Complex<f32>, k: f64) -> (Complex<f64>, f64, i64) {
    let w = Complex::new(f64::from(w.re), f64::from(w.im));
    (z * w * k, z.norm_sqr(), -3)
}

#[differentiable]
fn generic<T: cotangent::Real>(x: T, y: T) -> T {
    x * x * y
}

#[test]
fn scalar_functions_travel_as_words() {
    let (counts, o) = noting("words");
    let i = Options::new().executor("interpreter");
    let lens = Lens {
        id: -5,
        focal: 1.5,
        on: true,
        bend: (0.25, 200),
    };
    let args = (lens, 2.0, 3);
    let run = through::with(&o);
    let g = run.gradient(args).unwrap();
    assert_eq!(g, through::with(&i).gradient(args).unwrap());
    assert_eq!((g.0.id, g.0.on, g.0.bend.1), (-5, true, 200));
    assert_eq!(
        run.call(args).unwrap().to_bits(),
        through(lens, 2.0, 3).to_bits()
    );
    let want = through::with(&i).value_and_gradient(args).unwrap();
    assert_eq!(run.value_and_gradient(args).unwrap(), want);
    let (y, g) = run.value_and_gradient_wrt::<0>(args).unwrap();
    assert_eq!((y, g), (want.0, want.1.0));
    assert_eq!(run.gradient_wrt::<1>(args).unwrap(), want.1.1);
    let dt = (Lens { focal: 0.5, ..lens }, 1.0, ());
    let want = through::with(&i).jvp(args, dt).unwrap();
    assert_eq!(run.jvp(args, dt).unwrap(), want);
    assert_eq!(counts.take(), [6, 0, 0, 0]);
    // Nothing to differentiate with respect to: the value is still computed, for its traps.
    run.gradient_wrt::<2>(args).unwrap();
    assert_eq!(counts.take()[0], 0);
}

#[test]
fn complex_numbers_are_two_words() {
    let (counts, o) = noting("complex words");
    let i = Options::new().executor("interpreter");
    let args = (Complex::new(1.0, -2.0), Complex::new(0.5f32, 3.0), 0.25);
    let run = turn::with(&o);
    assert_eq!(run.call(args).unwrap(), turn::with(&i).call(args).unwrap());
    let dt = (Complex::new(0.5, 1.0), Complex::new(1.0f32, 0.0), 2.0);
    assert_eq!(
        run.jvp(args, dt).unwrap(),
        turn::with(&i).jvp(args, dt).unwrap()
    );
    assert_eq!(counts.take(), [2, 0, 0, 0]);
}

#[test]
fn functions_with_type_parameters_do_so_too() {
    let (counts, o) = noting("generic words");
    assert_eq!(
        generic::with::<f64>(&o).gradient((3.0, 2.0)),
        Ok((12.0, 9.0))
    );
    assert_eq!(
        generic::with::<f32>(&o).gradient((3.0, 2.0)),
        Ok((12.0, 9.0))
    );
    assert_eq!(counts.take(), [2, 0, 0, 0]);
}

#[derive(Clone, PartialEq, Debug, Differentiable)]
struct Net {
    weights: Vec<f64>,
    shape: [usize; 2],
    layers: Vec<Vec<f64>>,
    rows: Vec<[f32; 3]>,
    mask: Option<f64>,
}

#[differentiable]
fn net(m: &Net, xs: &mut [f64], which: &[usize]) -> f64 {
    let mut sum = 0.0;
    for (i, x) in xs.iter_mut().enumerate() {
        *x += m.weights[which[i % m.shape[0]]] * f64::from(m.rows[i][1]);
        sum += *x * m.layers[i][0];
    }
    sum * m.mask.unwrap_or(1.0)
}

#[differentiable]
fn weighed(m: &Net, xs: &[f64], which: &[usize]) -> f64 {
    let mut xs = xs.to_vec();
    net(m, &mut xs, which)
}

#[test]
fn arrays_are_lent() {
    let (counts, o) = noting("lent");
    let i = Options::new().executor("interpreter");
    let m = Net {
        weights: vec![1.0, 2.0, 3.0],
        shape: [2, 7],
        layers: vec![vec![1.0], vec![2.0, 0.0], vec![-1.0]],
        rows: vec![[1.0, 2.0, 3.0]; 3],
        mask: Some(0.5),
    };
    let (mut xs, which) = (vec![0.5, 1.5, 2.5], [2, 0]);
    let run = net::with(&o);
    let out = run.call((&m, &xs, &which)).unwrap();
    assert_eq!(out, net::with(&i).call((&m, &xs, &which)).unwrap());
    // weights, shape, rows, xs, which; `layers` is a sequence and no array.
    assert_eq!(counts.take(), [0, 1, 5, 0]);
    let args = (&m, &xs[..], &which[..]);
    let want = weighed::with(&i).value_and_gradient(args).unwrap();
    let run = weighed::with(&o);
    assert_eq!(run.value_and_gradient(args).unwrap(), want);
    assert_eq!(run.gradient(args).unwrap(), want.1);
    assert_eq!(run.gradient_wrt::<0>(args).unwrap(), want.1.0);
    assert_eq!(run.value_and_gradient_wrt::<1>(args).unwrap().1, want.1.1);
    assert_eq!(want.1.0.shape, [2, 7]);
    let (y, pull) = run.pullback(args).unwrap();
    assert_eq!((y, pull.call(1.0).unwrap()), want);
    // The last is the backward half, on values.
    assert_eq!(counts.take(), [0, 5, 25, 1]);
    assert_eq!(net(&m, &mut xs, &which), out.0);
    assert_eq!(xs, out.1);
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[test]
fn an_executor_that_replaces_another_compiles_anew() {
    let (old, o) = noting("replaced");
    let run = square::with(&o);
    assert_eq!(run.gradient((3.0,)), Ok(6.0));
    let (new, _) = noting("replaced");
    assert_eq!(run.gradient((4.0,)), Ok(8.0));
    assert_eq!(run.gradient((5.0,)), Ok(10.0));
    assert_eq!((old.take(), new.take()), ([1, 0, 0, 0], [2, 0, 0, 0]));
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[test]
fn a_change_of_the_default_is_seen_at_the_next_call() {
    // Its own functions only, as other tests run at the same time; what they see is the same whatever the default is.
    let first = cotangent::default_executor().name();
    assert_eq!(cube::gradient(1.0), Ok(3.0));
    let (counts, _) = noting("for a while");
    cotangent::set_default_executor("for a while").unwrap();
    assert_eq!(cotangent::list_executors()[0], "for a while");
    let before = counts.take()[0];
    assert_eq!(cube::gradient(2.0), Ok(12.0));
    assert!(counts.take()[0] > before);
    cotangent::set_default_executor(first).unwrap();
    assert_eq!(cube::gradient(3.0), Ok(27.0));
    assert!(cotangent::set_default_executor("abacus").is_err());
    assert_eq!(cotangent::default_executor().name(), first);
}

#[differentiable]
fn root_of_index(x: f64, i: usize) -> f64 {
    let table = [1.0, 2.0];
    table[i] * x
}

#[test]
fn traps_come_back_from_every_path() {
    let (_, o) = noting("trapping");
    let e = root_of_index::with(&o).gradient((1.0, 2)).unwrap_err();
    assert!(matches!(e, cotangent::Error::Trap(_)), "{e}");
    let e = weighed::with(&o)
        .gradient((
            &Net {
                weights: vec![],
                shape: [1, 1],
                layers: vec![],
                rows: vec![],
                mask: None,
            },
            &[1.0],
            &[0],
        ))
        .unwrap_err();
    assert!(matches!(e, cotangent::Error::Trap(_)), "{e}");
}

/// Without anything in it.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Marker;
/// Of parts without anything in them.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Hollow {
    none: (),
    empty: [f64; 0],
    marker: Marker,
}
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Weighed {
    x: f64,
    n: i32,
}
#[differentiable]
fn counted(markers: &[Marker], hollow: &[Hollow], empty: &[[f64; 0]], k: f64) -> f64 {
    (markers.len() + 10 * hollow.len() + 100 * empty.len()) as f64 * k
}
#[differentiable]
fn scaled(rows: &[Weighed], k: f64) -> Vec<Weighed> {
    let mut out = Vec::new();
    for r in rows {
        out.push(Weighed { x: r.x * k, n: r.n });
    }
    out
}

/// Elements of no size, and no elements: lengths arrive, gradients have them.
#[test]
fn rows_of_nothing() {
    let hollow = Hollow {
        none: (),
        empty: [],
        marker: Marker,
    };
    for name in cotangent::list_executors() {
        let o = Options::new().executor(name);
        for n in [0, 1, 3] {
            let (markers, hollows, empty) = (vec![Marker; n], vec![hollow.clone(); n], vec![[]; n]);
            let (y, g) = counted::with(&o)
                .value_and_gradient((&markers, &hollows, &empty, 2.0))
                .unwrap();
            assert_eq!(
                (y, g.1.len(), g.2.len(), g.3),
                (222.0 * n as f64, n, n, 111.0 * n as f64)
            );
            let rows = vec![Weighed { x: 1.5, n: 3 }; n];
            let run = scaled::with(&o);
            assert_eq!(
                run.call((&rows, 2.0)).unwrap(),
                scaled(&rows, 2.0),
                "{name}"
            );
            let (y, pull) = run.pullback((&rows, 2.0)).unwrap();
            let (by_rows, by_k) = pull.call(y).unwrap();
            assert_eq!((by_rows.len(), by_k), (n, 4.5 * n as f64));
            let j = run.jacobian((&rows, 2.0)).unwrap();
            assert_eq!((j.rows(), j.columns()), (n, n + 1));
        }
    }
}
