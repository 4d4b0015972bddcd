//! Orders of axes: what programs give stays what it is for every order, and what is chosen transposes less.

use cotangent_core::interp::{Limits, Program};
use cotangent_core::ir::{FuncId, Module, Op, ShapeOp};
use cotangent_core::pass;
use cotangent_core::text::{parse, parse_value, print};
use cotangent_core::transform::{orient, vectorize};
use cotangent_core::value::Val;
use cotangent_core::verify::verify_lowered;

fn module(body: &str) -> (Module, FuncId) {
    let mut m = parse(&format!("cotangent 1\n{body}")).unwrap_or_else(|e| panic!("{e}\n{body}"));
    pass::lower(&mut m).unwrap();
    let f = m.find("f").unwrap();
    (m, f)
}

fn count(m: &Module, f: FuncId, is: impl Fn(&Op) -> bool) -> usize {
    let f = &m.funcs[f];
    let mut n = 0;
    f.visit(f.body, &mut |_, d| n += usize::from(is(&d.op)));
    n
}

fn turns(m: &Module, f: FuncId) -> usize {
    count(m, f, |op| matches!(op, Op::Shape(ShapeOp::Transpose(_))))
}

/// What it gives, as text; all numbers in these tests are exact.
fn run(m: &Module, f: FuncId, args: &[Val]) -> String {
    verify_lowered(m).unwrap_or_else(|e| panic!("{}\n{}", e[0], print(m)));
    let program = Program::new(m);
    let out = program.run(f, args.to_vec(), &Limits::default());
    let out = out.unwrap_or_else(|e| panic!("{e:?}\n{}", print(m)));
    format!("{out:?}").replace("-0.0", "0.0")
}

fn values(m: &Module, f: FuncId, args: &[&str]) -> Vec<Val> {
    let tys = m.funcs[f].param_types();
    let args = args.iter().zip(&tys);
    args.map(|(s, t)| parse_value(s, t).unwrap()).collect()
}

/// The function with many orders of its values, chosen one after another, and with those that are best.
fn check(body: &str, args: &[&str]) -> (Module, FuncId) {
    let (m, f) = module(body);
    let args = values(&m, f, args);
    let want = run(&m, f, &args);
    let mut state = 1u64;
    for _ in 0..60 {
        let mut v = m.clone();
        let mut choose = |rank: usize| {
            let mut left: Vec<u32> = (0..rank as u32).collect();
            let mut order = Vec::new();
            while !left.is_empty() {
                state = state
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                order.push(left.remove((state >> 33) as usize % left.len()));
            }
            order
        };
        assert!(orient::arrange(&mut v.funcs[f], &mut choose));
        assert_eq!(run(&v, f, &args), want, "{}", print(&v));
        pass::optimize(&mut v);
        assert_eq!(run(&v, f, &args), want, "{}", print(&v));
    }
    let mut best = m;
    orient::run(&mut best);
    assert_eq!(run(&best, f, &args), want, "{}", print(&best));
    pass::optimize(&mut best);
    assert_eq!(run(&best, f, &args), want, "{}", print(&best));
    (best, f)
}

const MATRIX: &str = "[[1.0, -2.0, 3.0], [0.5, 7.0, -4.0]]";

#[test]
fn elementwise_operations_and_those_along_axes() {
    check(
        "func @f(a: f64[2,3]) -> (f64[5,3], f64[2,3], f64[2,3], bool[2,3], f64[2,3]) {
  b = negate a : f64[2,3]
  c = concatenate[0] a, b : f64[4,3]
  zero = const f64 0.0
  p = pad[(0, 1, 0), (0, 0, 0)] c, zero : f64[5,3]
  s = strided_slice[(0, 2, 1), (0, 3, 2)] a : f64[2,2]
  q = pad[(0, 0, 0), (0, 0, 1)] s, zero : f64[2,3]
  r = reverse[1] q : f64[2,3]
  w = cumsum[1] a : f64[2,3]
  i = iota[1] f64[2,3] : f64[2,3]
  g = gt w, i : bool[2,3]
  x = select g, r, w : f64[2,3]
  y, z = sort[1] x, a : f64[2,3], f64[2,3]
  return p, y, z, g, x
}",
        &[MATRIX],
    );
}

#[test]
fn reductions_broadcasts_and_transpositions() {
    check(
        "func @f(a: f64[2,3], v: f64[3]) -> (f64[4,2], u64[2,4], f64[3,4,2], f64) {
  b = broadcast_in_dim[2, 3, 4] dims[0, 1] a : f64[2,3,4]
  c = broadcast_in_dim[2, 3, 4] dims[1] v : f64[2,3,4]
  k = iota[2] f64[2,3,4] : f64[2,3,4]
  d = multiply b, k : f64[2,3,4]
  e = add c, d : f64[2,3,4]
  s = reduce_sum[1] e : f64[2,4]
  t = transpose[1, 0] s : f64[4,2]
  m = argmax[1] e : u64[2,4]
  p = transpose[1, 2, 0] e : f64[3,4,2]
  i = const u64 1
  row = get a[i] : f64[3]
  all = reduce_sum[0] row : f64
  return t, m, p, all
}",
        &[MATRIX, "[2.0, -1.0, 5.0]"],
    );
}

/// Points before components: `y[n,c,r] = sum over k of a[c,r,k] x[n,c,k]`, twice, and back.
const PRODUCTS: &str = "func @f(p: f64[7,2], q: f64[3,2], a: f64[3,2,2]) -> (f64[7], f64[3,2,2]) {
  b = broadcast_in_dim[7, 3, 2] dims[0, 2] p : f64[7,3,2]
  c = broadcast_in_dim[7, 3, 2] dims[1, 2] q : f64[7,3,2]
  x = subtract b, c : f64[7,3,2]
  d = dot_general batch[0][1] contract[2][2] a, x : f64[3,2,7]
  y = transpose[2, 0, 1] d : f64[7,3,2]
  z = multiply y, y : f64[7,3,2]
  s = reduce_sum[1, 2] z : f64[7]
  t = transpose[1, 2, 0] y : f64[3,2,7]
  g = dot_general batch[0][1] contract[2][0] t, x : f64[3,2,2]
  return s, g
}";

const POINTS: [&str; 3] = [
    "[[1.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]]",
    "[[1.0, 0.0], [2.0, -2.0], [4.0, 3.0]]",
    "[[[1.0, 2.0], [3.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]], [[-1.0, 2.0], [5.0, 7.0]]]",
];

#[test]
fn products_want_their_batch_in_front() {
    let (m, f) = check(PRODUCTS, &POINTS);
    assert_eq!(turns(&m, f), 0, "{}", print(&m));
    let of = &m.funcs[f];
    of.visit(of.body, &mut |_, d| {
        if let Op::Dot(dims) = &d.op {
            assert_eq!(
                (&dims.lhs_batch[..], &dims.rhs_batch[..]),
                (&[0][..], &[0][..])
            );
        }
    });
}

#[test]
fn what_crosses_loops_stays_as_it_is() {
    let (m, f) = check(
        "func @f(a: f64[2,3], n: u64) -> (f64[2,3], f64[3,2]) {
  zero = const u64 0
  b = add a, a : f64[2,3]
  r = for i: u64 in zero..n (t = b: f64[2,3]) {
    u = transpose[1, 0] t : f64[3,2]
    w = multiply u, u : f64[3,2]
    k = transpose[1, 0] w : f64[2,3]
    o = subtract k, b : f64[2,3]
    yield o
  }
  q = transpose[1, 0] b : f64[3,2]
  return r, q
}",
        &[MATRIX, "3"],
    );
    // Within the loop nothing has to be transposed.
    assert_eq!(turns(&m, f), 1, "{}", print(&m));
}

#[test]
fn orders_that_are_none_are_refused() {
    let (mut m, f) = module(PRODUCTS);
    let before = print(&m);
    assert!(!orient::arrange(&mut m.funcs[f], &mut |n| vec![0; n]));
    assert!(!orient::arrange(&mut m.funcs[f], &mut |_| Vec::new()));
    assert_eq!(print(&m), before);
}

#[test]
fn a_diagonal_is_a_part_of_the_matrix() {
    let body = |first: &str, diagonal: &str| {
        format!(
            "func @f(x: f64[3,7,2], a: f64[3,2,2], d: f64[3,2]) -> (f64[3,7,2]) {{
  w = {diagonal}
  p = multiply {first} : f64[3,7,2]
  y = dot_general batch[0][0] contract[2][2] x, a : f64[3,7,2]
  s = add y, p : f64[3,7,2]
  return s
}}"
        )
    };
    let diagonal = "broadcast_in_dim[3, 7, 2] dims[0, 2] d : f64[3,7,2]";
    let full = "multiply x, x : f64[3,7,2]";
    let x = "[[[1.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]], [[2.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]], [[3.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]]]";
    for (first, w, left) in [
        ("x, w", diagonal, 0),
        ("w, x", diagonal, 0),
        ("w, x", full, 1),
    ] {
        let (m, f) = module(&body(first, w));
        let args = values(&m, f, &[x, POINTS[2], POINTS[1]]);
        let mut v = m.clone();
        vectorize::run(&mut v);
        pass::optimize(&mut v);
        let want = run(&m, f, &args);
        assert_eq!(run(&v, f, &args), want, "{}", print(&v));
        let adds = count(&v, f, |op| {
            matches!(op, Op::Binary(cotangent_core::ir::BinaryOp::Mul))
        });
        assert_eq!(adds.min(1), left, "{}", print(&v));
    }
}

#[test]
fn sums_are_drawn_into_products() {
    let (m, f) = module(
        "func @f(x: f64[3,7,2], a: f64[3,2,2]) -> (f64[2,3], f64[7]) {
  y = dot_general batch[0][0] contract[2][2] x, a : f64[3,7,2]
  t = transpose[2, 1, 0] y : f64[2,7,3]
  n = negate t : f64[2,7,3]
  s = reduce_sum[1] n : f64[2,3]
  z = dot_general batch[0][0] contract[2][1] x, a : f64[3,7,2]
  b = reduce_sum[0, 2] z : f64[7]
  return s, b
}",
    );
    let x = "[[[1.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]], [[2.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]], [[3.0, 2.0], [3.0, 4.0], [-1.0, 2.0], [0.0, 5.0], [2.0, -3.0], [8.0, 0.0], [1.0, 1.0]]]";
    let args = values(&m, f, &[x, POINTS[2]]);
    let mut v = m.clone();
    vectorize::run(&mut v);
    pass::optimize(&mut v);
    assert_eq!(run(&v, f, &args), run(&m, f, &args), "{}", print(&v));
    let shapes = |m: &Module| {
        let mut out = Vec::new();
        let of = &m.funcs[f];
        of.visit(of.body, &mut |_, d| {
            if let Op::Dot(_) = d.op {
                out.push(of.ty(d.results[0]).as_tensor().unwrap().shape.len());
            }
        });
        out
    };
    // A batch that is summed over stays.
    assert_eq!(shapes(&v), [2, 3], "{}", print(&v));
}
