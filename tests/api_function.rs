//! The untyped API: functions made with the builder, on run-time values.

use cotangent::core::error::{AdError, TrapKind};
use cotangent::core::ir::{BinaryOp, Builder, DType, Dim, EffectOp, Module, Type, UnaryOp};
use cotangent::core::value::{Scalar, Val};
use cotangent::{Error, Function, Options, Wrt, list_executors};

fn function(b: Builder, results: &[cotangent::core::ir::Value]) -> Function {
    let mut m = Module::new();
    let id = m.funcs.push(b.finish(results).unwrap());
    Function::new(m, id).unwrap()
}

fn f64_(v: &Val) -> f64 {
    match v.as_scalar() {
        Some(Scalar::F64(x)) => x,
        other => panic!("not an f64: {other:?}"),
    }
}

/// `x^2 y + n`, with an integer parameter in between.
fn polynomial() -> Function {
    let ty = Type::scalar(DType::F64);
    let mut b = Builder::new("polynomial", &[ty.clone(), DType::I64.into(), ty]);
    let p = b.params();
    let sq = b.mul(p[0], p[0]);
    let t = b.mul(sq, p[2]);
    let n = b.convert(DType::F64, p[1]);
    let y = b.add(t, n);
    function(b, &[y])
}

fn at(x: f64, n: i64, y: f64) -> Vec<Val> {
    vec![Val::from(x), Val::from(n), Val::from(y)]
}

#[test]
fn value_gradient_and_choice_of_parameters() {
    let (f, o) = (polynomial(), Options::new());
    assert_eq!(f64_(&f.call(at(3.0, 5, 2.0), &o).unwrap()[0]), 23.0);
    let g = f.gradient(at(3.0, 5, 2.0), &Wrt::All, &o).unwrap();
    assert_eq!(g.iter().map(f64_).collect::<Vec<_>>(), [12.0, 9.0]);
    assert_eq!(f.params_of(&Wrt::All), [0, 2]);
    let g = f.gradient(at(3.0, 5, 2.0), &Wrt::Argument(2), &o).unwrap();
    assert_eq!(g.iter().map(f64_).collect::<Vec<_>>(), [9.0]);
    let (y, g) = f
        .value_and_gradient(at(3.0, 5, 2.0), &Wrt::Params(vec![0]), &o)
        .unwrap();
    assert_eq!((f64_(&y[0]), f64_(&g[0]), g.len()), (23.0, 12.0, 1));
    let none = f.gradient(at(3.0, 5, 2.0), &Wrt::Argument(1), &o).unwrap();
    assert!(none.is_empty());
}

#[test]
fn jvp_pullback_and_second_order() {
    let (f, o) = (polynomial(), Options::new());
    let args = at(3.0, 5, 2.0);
    let ts = vec![Val::from(0.5), Val::from(-1.0)];
    let (y, dy) = f.jvp(args.clone(), ts.clone(), &Wrt::All, &o).unwrap();
    assert_eq!((f64_(&y[0]), f64_(&dy[0])), (23.0, 0.5 * 12.0 - 9.0));
    let (y, pull) = f.pullback(args.clone(), &Wrt::All, &o).unwrap();
    assert_eq!(f64_(&y[0]), 23.0);
    for ct in [1.0, -2.0] {
        let g = pull.call(vec![Val::from(ct)]).unwrap();
        assert_eq!(
            g.iter().map(f64_).collect::<Vec<_>>(),
            [12.0 * ct, 9.0 * ct]
        );
    }
    let (g, hv) = f.hessian_vector(args.clone(), ts, &Wrt::All, &o).unwrap();
    assert_eq!(g.iter().map(f64_).collect::<Vec<_>>(), [12.0, 9.0]);
    // H = [[2y, 2x], [2x, 0]].
    assert_eq!(
        hv.iter().map(f64_).collect::<Vec<_>>(),
        [4.0 * 0.5 - 6.0, 6.0 * 0.5]
    );
    let h = f.hessian(args, &Wrt::All, &o).unwrap();
    assert_eq!(h.to_rows(), [[4.0, 6.0], [6.0, 0.0]]);
}

#[test]
fn jacobians_both_ways() {
    // (sum of squares, product with the scalar): from n + 1 numbers to n, or to 1.
    let vec = Type::tensor(DType::F64, [Dim::Dynamic]);
    let mut b = Builder::new("scaled", &[vec, DType::F64.into()]);
    let p = b.params();
    let s = b.splat_like(p[1], p[0]);
    let y = b.mul(p[0], s);
    let f = function(b, &[y]);
    let (o, xs) = (Options::new(), Val::vector(vec![1.0, 2.0, 3.0]));
    let j = f
        .jacobian(vec![xs.clone(), Val::from(7.0)], &Wrt::All, &o)
        .unwrap();
    assert_eq!(
        j.to_rows(),
        [
            [7.0, 0.0, 0.0, 1.0],
            [0.0, 7.0, 0.0, 2.0],
            [0.0, 0.0, 7.0, 3.0]
        ]
    );
    // More rows than columns: forward.
    let j = f
        .jacobian(vec![xs, Val::from(7.0)], &Wrt::Argument(1), &o)
        .unwrap();
    assert_eq!(j.to_rows(), [[1.0], [2.0], [3.0]]);
}

#[test]
fn mistakes_are_errors() {
    let (f, o) = (polynomial(), Options::new());
    assert!(matches!(
        f.call(vec![Val::from(1.0)], &o),
        Err(Error::Count {
            want: 3,
            got: 1,
            ..
        })
    ));
    let e = f.call(vec![Val::from(1.0), Val::from(1.0), Val::from(1.0)], &o);
    assert_eq!(
        e.unwrap_err().to_string(),
        "`polynomial`: argument 1 must be i64, it is f64"
    );
    let e = f.jvp(at(1.0, 1, 1.0), vec![Val::from(1.0)], &Wrt::All, &o);
    assert!(matches!(
        e,
        Err(Error::Count {
            role: "tangent",
            ..
        })
    ));
    let e = f.call(at(1.0, 1, 1.0), &Options::new().executor("abacus"));
    assert_eq!(
        e.unwrap_err().to_string(),
        format!(
            "no executor is called `abacus`; there are: {}, xla, xla-checked, xla-fast",
            list_executors().join(", ")
        )
    );
    let e = f.gradient(at(1.0, 1, 1.0), &Wrt::Params(vec![1]), &o);
    assert!(
        matches!(e, Err(Error::Ad(AdError::Parameter { .. }))),
        "{e:?}"
    );
}

#[test]
fn a_wrong_tangent_or_cotangent_length_names_the_argument() {
    let vec = Type::tensor(DType::F64, [Dim::Dynamic]);
    let mut b = Builder::new("doubled", &[vec]);
    let x = b.params()[0];
    let y = b.add(x, x);
    let f = function(b, &[y]);
    let o = Options::new();
    let xs = || vec![Val::vector(vec![1.0, 2.0, 3.0])];
    let short = || vec![Val::vector(vec![1.0, 2.0])];
    let e = f.jvp(xs(), short(), &Wrt::All, &o).unwrap_err();
    assert_eq!(
        e.to_string(),
        "`doubled`: tangent 0 must be f64[3], it is f64[2]"
    );
    let (_, pull) = f.pullback(xs(), &Wrt::All, &o).unwrap();
    let e = pull.call(short()).unwrap_err();
    assert_eq!(
        e.to_string(),
        "`doubled`: cotangent 0 must be f64[3], it is f64[2]"
    );
    let e = f.gradient(xs(), &Wrt::All, &o).unwrap_err();
    assert!(matches!(e, Error::Ad(AdError::NotScalar { .. })), "{e}");
}

#[test]
fn traps_come_back() {
    let mut b = Builder::new("broken", &[DType::F64.into()]);
    let x = b.params()[0];
    b.raw(EffectOp::Panic("no".into()), &[], &[], &[]);
    let y = b.unary(UnaryOp::Sin, x);
    let y = b.binary(BinaryOp::Mul, y, x);
    let f = function(b, &[y]);
    for r in [
        f.call(vec![Val::from(1.0)], &Options::new()),
        f.gradient(vec![Val::from(1.0)], &Wrt::All, &Options::new()),
    ] {
        match r {
            Err(Error::Trap(t)) => assert_eq!(t.kind, TrapKind::Panic("no".into())),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn text_in_and_out() {
    let f = polynomial();
    let again = Function::parse(&f.ir(), "polynomial").unwrap();
    let o = Options::new();
    assert_eq!(f64_(&again.call(at(3.0, 5, 2.0), &o).unwrap()[0]), 23.0);
    let ir = f
        .derivative_ir(cotangent::core::ir::DeriveKind::Gradient, &Wrt::All)
        .unwrap();
    assert!(ir.contains("@polynomial.gradient"), "{ir}");
    let e = Function::parse(&f.ir(), "nothing").unwrap_err();
    assert_eq!(e.to_string(), "the module has no function `nothing`");
    let broken = f.ir().replace("multiply", "multipli");
    let e = Function::parse(&broken, "polynomial").unwrap_err();
    assert!(matches!(e, Error::Invalid(_)), "{e}");
}
