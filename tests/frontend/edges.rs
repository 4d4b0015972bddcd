//! Combinations that are easy to get wrong: nested places and patterns, escapes in odd positions, shadowing, element types.

use crate::check;
use cotangent::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct P {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct View<'a> {
    data: &'a [f64],
    k: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Unit;

#[differentiable]
fn element_types(
    n: usize,
) -> (
    Vec<(f64, Vec<f64>)>,
    Vec<Option<f64>>,
    [(usize, [f64; 2]); 2],
) {
    let mut a = vec![(1.0, vec![]); n];
    let mut b = vec![None; n];
    let mut c = [(0, [0.0; 2]); 2];
    for i in 0..n {
        a[i].0 += i as f64;
        a[i].1.push(2.0 * i as f64);
        if i % 2 == 0 {
            b[i] = Some(a[i].0);
        }
        c[i % 2].0 += i;
        c[i % 2].1[1] += a[i].1[0];
    }
    for (x, v) in a.iter_mut() {
        *x *= 2.0;
        v.push(*x);
    }
    for o in b.iter_mut() {
        if let Some(x) = o {
            *x += 0.5;
        } else {
            *o = Some(-1.0);
        }
    }
    (a, b, c)
}

#[differentiable]
fn destructuring(ps: &[P], pairs: &[(f64, f64)]) -> (Vec<P>, f64) {
    let mut ps = ps.to_vec();
    let mut s = 0.0;
    for P { x, y } in ps.iter_mut() {
        *x += *y;
        s += *x;
    }
    for &(a, b) in pairs {
        s += a * b;
    }
    for (i, (a, b)) in pairs.iter().enumerate() {
        s -= a * i as f64 + b;
    }
    for (p, (a, _)) in ps.iter_mut().zip(pairs) {
        p.x = *a;
        p.y -= 1.0;
    }
    let mut t = ((1.0, 2.0), [3.0, 4.0]);
    t.0.1 += 10.0;
    t.1[0] = t.0.0;
    let ((a, b), [c, d]) = t;
    let [first, ..] = [s, 1.0, 2.0];
    if let Some(p) = ps.get_mut(1) {
        p.x = first;
    }
    if let [p, q] = &mut ps[..] {
        p.x = q.y;
        q.x += 1.0;
    }
    (ps, a + b + c + d)
}

#[differentiable]
fn view(v: View<'_>) -> f64 {
    let w = View { k: 2.0, ..v };
    let mut s = 0.0;
    for x in w.data {
        s += x * w.k;
    }
    s + v.k + v.data[0]
}

#[differentiable]
fn views(x: f64) -> f64 {
    let a = vec![x, 2.0];
    view(View { data: &a, k: x })
}

#[differentiable]
fn odd_escapes(n: i32) -> i32 {
    let mut i = 0;
    let mut s = 0;
    'w: while {
        i += 1;
        if i == 17 {
            break 'w;
        }
        i < n
    } {
        s += if i % 3 == 0 { continue } else { i };
        let k = match i {
            5 => continue,
            11 if n > 15 => break,
            k => k,
        };
        s += k;
    }
    let f = |m: i32| {
        let mut t = 0;
        'a: for i in 0..m {
            for j in 0..m {
                if i * j > 10 {
                    break 'a;
                }
                if j > i {
                    continue 'a;
                }
                t += j;
            }
        }
        t
    };
    s * 100 + f(n)
}

#[differentiable]
fn helper(x: f64) -> f64 {
    x * 3.0
}

#[differentiable]
fn names(x: f64) -> f64 {
    let y = helper(x);
    let helper = |a: f64| a + 1.0;
    let z = helper(y);
    #[allow(non_snake_case, reason = "local bindings win over constants")]
    let N = 2.0;
    let len = z * N;
    let r#type = len + 1.0;
    let __v = r#type * 2.0;
    let _unused = Unit;
    let u = Unit;
    if u == Unit { __v } else { 0.0 }
}

#[differentiable]
fn optional(a: Option<Option<f64>>, p: Option<P>) -> f64 {
    let x = match a {
        Some(Some(v)) => v,
        Some(None) => 1.0,
        None => 2.0,
    };
    let mut p = p;
    if let Some(q) = p.as_mut() {
        q.x += x;
    }
    if let Some(P { y, .. }) = &mut p {
        *y *= 2.0;
    }
    let q = p.unwrap_or(P { x: -1.0, y: -2.0 });
    q.x * q.y
}

#[differentiable]
fn let_else(xs: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..5 {
        let Some(x) = xs.get(i) else { continue };
        let Some(y) = xs.get(i + 1) else {
            s *= 2.0;
            break;
        };
        s += x * y;
    }
    s
}

#[differentiable]
fn sized<const N: usize>(a: [f64; N]) -> [f64; N] {
    let mut out = [0.0; N];
    for i in 0..N {
        out[N - 1 - i] = a[i] * N as f64;
    }
    out
}

#[differentiable]
fn uses_sized(x: f64) -> f64 {
    let a = sized([x, 1.0, 2.0]);
    let b = sized::<1>([x]);
    a[0] + a[2] + b[0]
}

#[differentiable]
fn evaluation_order(n: usize) -> (Vec<usize>, usize) {
    let mut v = vec![0; 3];
    let mut i = 0;
    let mut next = || {
        i += 1;
        i
    };
    v[0] = next();
    v[1] += next() * 10;
    let a = next() - next().min(1);
    let (b, c) = (next(), next());
    v.push(a);
    v.push(b * 100 + c);
    let k = v.len();
    v[k - 1] += {
        v[0] = n;
        1
    };
    v.push(v.len());
    (v, i)
}

#[differentiable]
fn aliasing(x: f64) -> f64 {
    let mut a = [x, 2.0, 3.0];
    let mut i = 0;
    let r = &mut a[i];
    i += 1;
    *r += 100.0;
    let b = a;
    a[i] = b[0];
    let old = a[1];
    a[1] = 0.0;
    let [p, q, _] = &mut a;
    std::mem::swap(p, q);
    a[0] + a[1] * 10.0 + old + b[1]
}

#[differentiable]
fn deep(x: f64, n: i32) -> f64 {
    if n == 0 {
        x
    } else if n == 1 {
        x + 1.0
    } else if n == 2 {
        x + 2.0
    } else if n == 3 {
        x * 3.0
    } else if n == 4 {
        x - 4.0
    } else if n == 5 {
        -x
    } else if n == 6 {
        x * x
    } else if n == 7 {
        1.0 / x
    } else if n == 8 {
        let y = { x };
        y
    } else {
        if n > 100 {
            if x > 0.0 { 1.0 } else { 2.0 }
        } else {
            0.0
        }
    }
}

#[test]
fn all() {
    check!(element_types(4));
    check!(element_types(0));
    let ps = [P { x: 1.0, y: 2.0 }, P { x: -1.0, y: 0.5 }];
    check!(destructuring(&ps, &[(1.0, 2.0), (3.0, 4.0)]));
    check!(destructuring(&[], &[]));
    check!(views(1.5));
    for n in [0, 4, 10, 14, 30] {
        check!(odd_escapes(n));
        check!(deep(1.5, n));
    }
    check!(names(0.5));
    for a in [None, Some(None), Some(Some(3.0))] {
        check!(optional(a, None));
        check!(optional(a, Some(P { x: 1.0, y: 2.0 })));
    }
    check!(let_else(&[1.0, 2.0, 3.0]));
    check!(let_else(&[1.0; 8]));
    check!(uses_sized(0.5));
    check!(evaluation_order(7));
    check!(aliasing(1.0));
}
