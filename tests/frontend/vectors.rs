//! Vectors of vectors, whose literals know more of the lengths than the types do: everywhere the same value, gradient, second derivative and batch.

use cotangent::check::Check;
use cotangent::{Matrix, Options, checkpoint, differentiable, each, list_executors};

#[differentiable]
fn more_rows(x: f64) -> f64 {
    let mut rows = vec![vec![x, 2.0]];
    rows.push(vec![1.0; 3]);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn row_repeated(x: f64) -> f64 {
    let mut row = vec![x, 2.0];
    row[0] = 3.0 * x;
    let mut rows = vec![row; 3];
    rows.push(vec![1.0]);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn repeated(x: f64) -> f64 {
    let mut rows = vec![vec![x, 2.0]; 2];
    rows.push(vec![x]);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn pushed(x: f64) -> f64 {
    let row = vec![x, 2.0];
    let mut rows = Vec::new();
    rows.push(row);
    rows.push(vec![x]);
    rows[0] = vec![x, x, x];
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn array_of_rows(x: f64) -> f64 {
    let mut rows = [vec![x, 2.0], vec![x, x]];
    rows[1].push(x);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn rows_of_one_length(x: f64) -> f64 {
    let rows = vec![vec![x, 2.0], vec![x, x]];
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn rows_of_pairs(x: f64) -> f64 {
    let mut rows = vec![vec![[x, 2.0]], vec![[x, x], [1.0, x]]];
    rows[0].push([x, x]);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v[0] * v[1];
        }
    }
    s
}
#[differentiable]
fn matrices(x: f64) -> f64 {
    let ms = vec![Matrix::from([[x, 1.0], [2.0, x]]), Matrix::from([[x]])];
    let mut s = 0.0;
    for m in &ms {
        s += m[(0, 0)] * x;
    }
    s
}
#[differentiable]
fn records(x: f64) -> f64 {
    let mut o = vec![(vec![x, 1.0], 2.0), (vec![x], x)];
    o[0].0.push(x);
    let mut s = 0.0;
    for p in &o {
        s += p.0[p.0.len() - 1] * p.1;
    }
    s
}
#[differentiable]
fn array_repeated(x: f64) -> f64 {
    let mut o = [vec![x, 1.0]; 1];
    o[0].push(x);
    let mut s = 0.0;
    for p in &o {
        s += p[p.len() - 1] * p[0];
    }
    s
}
#[differentiable]
fn collected(x: f64) -> f64 {
    let rows: Vec<Vec<f64>> = (0..3).map(|i| vec![x, i as f64]).collect();
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn three_deep(x: f64) -> f64 {
    let mut q = vec![vec![vec![x, 1.0]], vec![]];
    q[1].push(vec![x]);
    let mut s = 0.0;
    for r in &q {
        for v in r {
            for z in v {
                s += z * z;
            }
        }
    }
    s
}
#[differentiable]
fn of_options(x: f64) -> f64 {
    let mut o: Option<Vec<f64>> = Some(vec![x, 1.0]);
    if x > 0.0 {
        o = Some(vec![x]);
    }
    let r = o.unwrap();
    let mut rows = vec![r, vec![x, x]];
    rows.push(vec![]);
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn many(x: f64, n: usize) -> f64 {
    let mut rows = vec![vec![x; 2]; n];
    rows[0] = vec![x; 3];
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s
}
#[differentiable]
fn record_pushed(x: f64) -> f64 {
    let mut o = vec![(vec![x, 1.0], 2.0)];
    o.push((vec![x], x));
    let mut s = 0.0;
    for p in &o {
        s += p.0[p.0.len() - 1] * p.1;
    }
    s
}
#[differentiable]
fn grows_in_while(x: f64) -> f64 {
    let mut v = vec![x];
    let mut k = 0.0;
    while k < 5.0 {
        checkpoint::slots(2);
        v.push(v[v.len() - 1].sin() * x);
        k += 1.0;
    }
    let mut s = 0.0;
    for y in v {
        s += y * y;
    }
    s
}
#[differentiable]
fn grows_in_for(x: f64) -> f64 {
    let mut v = vec![x];
    for _ in 0..5 {
        checkpoint::slots(2);
        v.push(v[v.len() - 1].sin() * x);
    }
    let mut s = 0.0;
    for y in v {
        s += y * y;
    }
    s
}
#[differentiable]
fn grows_or_not(x: f64) -> f64 {
    let mut v = vec![x, 2.0];
    if x > 1.0 {
        v.push(x);
    }
    let mut rows = vec![v; 2];
    if x > 0.0 {
        rows[1] = vec![x];
    }
    let mut s = 0.0;
    for r in &rows {
        for y in r {
            s += y * y;
        }
    }
    s
}
#[differentiable]
fn grow(v: Vec<f64>, n: u64) -> Vec<f64> {
    if n == 0 {
        v
    } else {
        let mut w = v;
        w.push(1.5);
        grow(w, n - 1)
    }
}
#[differentiable]
fn grown_by_recursion(x: f64) -> f64 {
    let v = grow(vec![x, 2.0], 3);
    let mut rows = [v, vec![x]];
    rows[0] = vec![1.0];
    let mut s = 0.0;
    for r in &rows {
        for y in r {
            s += y * y;
        }
    }
    s
}
#[differentiable]
fn rows_replaced(x: f64) -> f64 {
    let mut t: Vec<Vec<f64>> = vec![Vec::new(); 3];
    t[1] = vec![x, x];
    t[2].push(x);
    let u = t.clone();
    let mut s = 0.0;
    for r in &u {
        for y in r {
            s += y * y;
        }
    }
    s
}
#[differentiable]
fn options(x: f64) -> f64 {
    let mut t = [[0.0; 2]; 3];
    t[1] = [x, x];
    let mut o: [Option<Vec<f64>>; 2] = [None, Some(vec![x, x])];
    o[0] = Some(vec![x]);
    let mut s = t[1][0];
    for r in &o {
        match r {
            Some(v) => {
                s += v[0];
            }
            None => {}
        }
    }
    s
}

macro_rules! everywhere {
    ($($f:ident)*) => {$(
        for name in list_executors() {
            let f = $f::with(&Options::new().executor(name));
            let told = |e: cotangent::Error| format!("{} on {name}: {e}", stringify!($f));
            for x in [1.5, 0.5, -1.0] {
                assert_eq!(f.call((x,)).map_err(told), Ok($f(x)), "{} on {name}", stringify!($f));
            }
            f.gradient((1.5,)).map_err(told).unwrap();
        }
        // Away from where it branches.
        let how = Check { order: 2, ..Check::default() };
        $f::with(&Options::new()).check_gradients((1.5,), &how).unwrap();
        let lanes = $f::vmap_gradient(each(&[1.5, 0.5, -1.0])).unwrap();
        for (x, g) in [1.5, 0.5, -1.0].into_iter().zip(lanes) {
            let want = $f::gradient(x).unwrap();
            assert!((g - want).abs() <= 1e-12 * want.abs(), "{}: {g} and {want}", stringify!($f));
        }
    )*};
}

#[test]
fn literals() {
    everywhere!(more_rows row_repeated repeated pushed array_of_rows rows_of_one_length rows_of_pairs);
}

#[test]
fn of_other_data() {
    everywhere!(matrices records record_pushed three_deep of_options options);
}

#[test]
fn repeated_and_collected() {
    everywhere!(array_repeated collected rows_replaced);
    assert_eq!(many::call(1.5, 3), Ok(many(1.5, 3)));
    let e = many::call(1.5, 0).unwrap_err().to_string();
    assert!(e.contains("index 0 out of range for length 0"), "{e}");
    let e = many::call(1.5, 1 << 60).unwrap_err().to_string();
    assert!(e.contains("exceeds the memory limit"), "{e}");
}

#[test]
fn that_grow() {
    everywhere!(grows_in_while grows_in_for grows_or_not grown_by_recursion);
}
