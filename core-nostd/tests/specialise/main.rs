//! Versions for known arguments: short sequences of unlike items become records, recursion that a known number ends becomes straight code; values and
//! gradients stay. Programs for which that cannot be are refused, or left as they are, and soon.

mod random;

use cotangent_core::ad::derive;
use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{DType, DeriveKind, FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::pass::callgraph::CallGraph;
use cotangent_core::text::{parse, parse_value, print};
use cotangent_core::transform::specialise::specialise;
use cotangent_core::value::{Data, Scalar, Tensor, Val};
use cotangent_core::verify::verify_lowered;

fn module(body: &str) -> (Module, FuncId) {
    let mut m = parse(&format!("cotangent 1\n{body}")).unwrap_or_else(|e| panic!("{e}\n{body}"));
    pass::lower(&mut m).unwrap();
    let f = m.find("f").unwrap();
    (m, f)
}

/// The type of a value, with records for sequences whose items differ.
fn apart(v: &Val, ty: &Type) -> Type {
    match (v, ty) {
        (Val::Tensor(t), Type::Tensor(_)) => {
            let shape: Vec<u64> = t.shape.iter().map(|&n| n as u64).collect();
            Type::known(t.dtype(), &shape)
        }
        (Val::Record(vs), Type::Record(ts)) => {
            Type::record(vs.iter().zip(ts.iter()).map(|(v, t)| apart(v, t)))
        }
        (Val::Seq(vs), Type::Seq(t)) => {
            let items: Vec<Type> = vs.iter().map(|v| apart(v, t)).collect();
            match items.windows(2).any(|w| w[0] != w[1]) {
                true => Type::record(items),
                false => items.first().map_or(ty.clone(), |t| Type::seq(t.clone())),
            }
        }
        _ => ty.clone(),
    }
}

fn as_fields(v: &Val, ty: &Type) -> Val {
    match (v, ty) {
        (Val::Seq(vs) | Val::Record(vs), Type::Record(ts)) => Val::record(
            vs.iter()
                .zip(ts.iter())
                .map(|(v, t)| as_fields(v, t))
                .collect(),
        ),
        _ => v.clone(),
    }
}

fn numbers(v: &Val, out: &mut Vec<f64>) {
    match v {
        Val::Unit => {}
        Val::Scalar(Scalar::F64(x)) => out.push(*x),
        Val::Scalar(s) => out.push(s.as_int().unwrap() as f64),
        Val::Tensor(t) => (0..t.data.len()).for_each(|i| numbers(&Val::Scalar(t.data.get(i)), out)),
        Val::Record(vs) | Val::Seq(vs) => vs.iter().for_each(|v| numbers(v, out)),
        Val::Stack(_) => panic!("a stack is no result"),
    }
}

fn run(m: &Module, f: FuncId, args: &[Val]) -> Vec<f64> {
    let out = Program::new(m).run(f, args.to_vec(), &Limits::default());
    let mut all = Vec::new();
    out.unwrap_or_else(|e| panic!("{e}\n{}", print(m)))
        .iter()
        .for_each(|v| numbers(v, &mut all));
    all
}

fn same(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).abs() <= 1e-12 * (1.0 + x.abs()), "{a:?} and {b:?}");
    }
}

/// The version for these arguments gives the same, its gradient too. Returns it, and whether sequences are left in it.
fn check(body: &str, args: &[Val], known: &[Option<Scalar>], gradient: bool) -> (Module, FuncId) {
    let (m, f) = module(body);
    let own = m.funcs[f].param_types();
    let types: Vec<Type> = args.iter().zip(&own).map(|(v, t)| apart(v, t)).collect();
    let fields: Vec<Val> = args
        .iter()
        .zip(&types)
        .map(|(v, t)| as_fields(v, t))
        .collect();
    let mut v = m.clone();
    let g = specialise(&mut v, f, &types, known).unwrap_or_else(|e| panic!("{}", e.why));
    verify_lowered(&v).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(&v)));
    same(&run(&m, f, args), &run(&v, g, &fields));
    if gradient {
        let (mut m, mut v) = (m, v.clone());
        let a = derive(&mut m, f, DeriveKind::ValueAndGradient, &[0]).unwrap();
        let b = derive(&mut v, g, DeriveKind::ValueAndGradient, &[0]).unwrap();
        same(&run(&m, a, args), &run(&v, b, &fields));
    }
    let kept = pass::prune::prune(&mut v, &[g]);
    (v, kept[g].unwrap())
}

/// Layers of those sizes, with numbers that differ.
fn network(sizes: &[usize]) -> Val {
    let mut x = 0.3_f64;
    let mut vector = |n: usize| {
        let data: Vec<f64> = (0..n)
            .map(|_| {
                x = (x * 1.7 + 0.31) % 1.0;
                x - 0.5
            })
            .collect();
        Val::tensor(Tensor::new(vec![n], Data::F64(data)).unwrap())
    };
    let layers = sizes.windows(2);
    let layers = layers.map(|w| Val::record(vec![vector(w[0] * w[1]), vector(w[1])]));
    Val::Seq(layers.collect::<Vec<_>>().into())
}

const DENSE: &str = "func @dense(w: f64[?], b: f64[?], x: f64[?]) -> (f64[?]) {
  z = const u64 0
  n = len b : u64
  m = len x : u64
  out = for i: u64 in z..n (s = b: f64[?]) {
    u = for j: u64 in z..m (t = s: f64[?]) {
      r = multiply i, m : u64
      k = add r, j : u64
      a = get w[k] : f64
      c = get x[j] : f64
      p = multiply a, c : f64
      q = add_at t[i] += p : f64[?]
      yield q
    }
    y = get u[i] : f64
    h = tanh y : f64
    v = update u[i] = h : f64[?]
    yield v
  }
  return out
}
";

/// A network whose layers a loop goes over, by a call in it.
const NETWORK: &str = "func @f(net: seq<{f64[?], f64[?]}>, x: f64[?]) -> (f64) {
  z = const u64 0
  n = len net : u64
  out = for i: u64 in z..n (s = x: f64[?]) {
    w = get net[i].0 : f64[?]
    b = get net[i].1 : f64[?]
    t = call @dense(w, b, s) : f64[?]
    yield t
  }
  y = reduce_sum[0] out : f64
  return y
}
";

#[test]
fn layers_of_unlike_sizes_are_records() {
    let x = parse_value(
        "[0.25, -0.5, 1.0]",
        &Type::tensor(DType::F64, [cotangent_core::ir::Dim::Dynamic]),
    )
    .unwrap();
    for sizes in [
        &[3, 4, 2][..],
        &[3, 1, 5, 2],
        &[3, 7, 7, 1],
        &[3, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1],
    ] {
        let args = [network(sizes), x.clone()];
        let (m, _) = check(&format!("{NETWORK}{DENSE}"), &args, &[], true);
        assert!(!print(&m).contains("seq<"), "{}", print(&m));
    }
}

/// A function that stays a function gets a version; a recursive one too, which ends by a number.
#[test]
fn functions_that_take_layers() {
    let text = "func @f(net: seq<{f64[?], f64[?]}>, x: f64[?]) -> (f64) {
  z = const u64 0
  y = call @from(net, x, z) : f64
  return y
}
func @from(net: seq<{f64[?], f64[?]}>, x: f64[?], i: u64) -> (f64) {
  n = len net : u64
  more = lt i, n : bool
  y = if more : f64 {
    one = const u64 1
    w = get net[i].0 : f64[?]
    b = get net[i].1 : f64[?]
    t = call @dense(w, b, x) : f64[?]
    k = add i, one : u64
    r = call @from(net, t, k) : f64
    yield r
  } else {
    s = reduce_sum[0] x : f64
    yield s
  }
  return y
}
";
    let (m, f) = module(&format!("{text}{DENSE}"));
    let x = Type::known(DType::F64, &[3]);
    let own = m.funcs[f].param_types();
    let net = network(&[3, 4, 2]);
    let mut v = m.clone();
    // Its index is an argument of the recursion, so it is not known in the version that is made first.
    let e = specialise(&mut v, f, &[apart(&net, &own[0]), x], &[]).unwrap_err();
    assert!(e.why.contains("known only when it runs"), "{}", e.why);
}

/// A step of descent: a loop changes every layer, and the layers are given back.
#[test]
fn layers_that_change() {
    let text = "func @f(net: seq<{f64[?], f64[?]}>) -> (seq<{f64[?], f64[?]}>) {
  z = const u64 0
  n = len net : u64
  out = for i: u64 in z..n (s = net: seq<{f64[?], f64[?]}>) {
    w = get s[i].0 : f64[?]
    m = len w : u64
    t = for j: u64 in z..m (u = s: seq<{f64[?], f64[?]}>) {
      h = const f64 0.5
      a = get u[i].0[j] : f64
      b = multiply a, h : f64
      c = update u[i].0[j] = b : seq<{f64[?], f64[?]}>
      yield c
    }
    yield t
  }
  return out
}
";
    let (m, f) = check(text, &[network(&[3, 4, 2, 2])], &[], false);
    assert!(matches!(&m.funcs[f].results[0], Type::Record(items) if items.len() == 3));
}

#[test]
fn what_cannot_be_taken_apart() {
    let net = "net: seq<{f64[?], f64[?]}>";
    let cases = [
        (
            "k: u64",
            "b = get net[k].1 : f64[?] @0:7:3\n  y = reduce_sum[0] b : f64",
            "known only when it runs",
        ),
        (
            "k: f64[?]",
            "l = record k, k : {f64[?], f64[?]}\n  s = push net, l : seq<{f64[?], f64[?]}> @0:7:3\n  n = len s : u64\n  y = convert f64 n : f64",
            "whole",
        ),
        (
            "k: f64[?]",
            "z = const u64 9\n  b = get net[z].1 : f64[?] @0:7:3\n  y = reduce_sum[0] b : f64",
            "no such item",
        ),
        (
            "k: f64[?]",
            "z = const u64 0\n  o = const u64 1\n  l = get net[o] : {f64[?], f64[?]}\n  s = update net[z] = l : seq<{f64[?], f64[?]}> @0:7:3\n  b = get s[z].1 : f64[?]\n  y = reduce_sum[0] b : f64",
            "another item",
        ),
    ];
    for (param, body, why) in cases {
        let text = format!(
            "file 0 \"model.rs\"\nfunc @f({net}, {param}) -> (f64) {{\n  {body}\n  return y\n}}\n"
        );
        let (m, f) = module(&text);
        let own = m.funcs[f].param_types();
        let types = [apart(&network(&[3, 4, 2]), &own[0]), own[1].clone()];
        let e = specialise(&mut m.clone(), f, &types, &[]).unwrap_err();
        assert!(e.why.contains(why), "{}: {text}", e.why);
        assert_eq!(e.span.line, 7, "{}", e.why);
    }
}

/// `sin(a sin(a … x))`, so often as a number says; the call is guarded by more than that number.
const RECURSION: &str = "func @f(x: f64, n: u64) -> (f64) {
  y = call @g(x, n) : f64
  return y
}
func @g(x: f64, n: u64) -> (f64) {
  z = const u64 0
  big = const f64 100.0
  far = gt x, big : bool
  stop = if far : bool {
    t = const bool true
    yield t
  } else {
    last = eq n, z : bool
    yield last
  }
  y = if stop : f64 {
    yield x
  } else {
    one = const u64 1
    a = const f64 1.5
    m = subtract n, one : u64
    u = call @g(x, m) : f64
    v = multiply a, u : f64
    w = sine v : f64
    yield w
  }
  return y
}
";

fn recursive(m: &Module) -> bool {
    CallGraph::of(m).recursive.values().any(|&r| r)
}

#[test]
fn recursion_that_a_known_number_ends() {
    for n in [0, 1, 7, 40] {
        let args = [Val::from(0.3), Val::from(n)];
        let (m, _) = check(RECURSION, &args, &[None, Some(Scalar::U64(n))], true);
        assert!(!recursive(&m), "{}", print(&m));
        let (m, _) = check(RECURSION, &args, &[], true);
        assert!(recursive(&m));
    }
}

/// So deep a recursion stays one, and so does one that passes the same number on.
#[test]
fn recursion_without_an_end_in_sight() {
    let (m, f) = module(RECURSION);
    let mut v = m.clone();
    let types = m.funcs[f].param_types();
    specialise(&mut v, f, &types, &[None, Some(Scalar::U64(u64::MAX))]).unwrap();
    assert!(recursive(&v));
    assert!(v.funcs.len() < 100, "{} functions", v.funcs.len());
    let text = "func @f(x: f64) -> (f64) {
  n = const u64 3
  y = call @g(x, n) : f64
  return y
}
func @g(x: f64, n: u64) -> (f64) {
  big = const f64 100.0
  far = gt x, big : bool
  y = if far : f64 {
    yield x
  } else {
    k = convert f64 n : f64
    u = multiply x, k : f64
    w = call @g(u, n) : f64
    yield w
  }
  return y
}
";
    let (m, _) = check(text, &[Val::from(0.7)], &[], true);
    assert!(m.funcs.len() < 6, "{}", print(&m));
}
