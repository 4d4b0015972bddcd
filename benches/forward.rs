//! Does forward mode inside reverse mode pay? Three gradients, each as reverse mode makes it and in another way:
//!
//! * `map`: of the sum of a `map` with a scalar region, straight code. Reverse mode sees a counted loop (`ad/unmap.rs`) whose products of derivatives are
//!   one coefficient (`ad/fuse.rs`); beside it, written by hand, a `map` that computes value and both partial derivatives at once (forward mode,
//!   fused with the primal), and the sums.
//! * `newton`: a region that iterates. What each iteration computes is saved; `forward` saves one number.
//! * `thrown`: a simulation of two numbers in a hundred steps.
//!
//! ```text
//! cargo bench --bench forward
//! ```

#[path = "common/mod.rs"]
mod common;

use common::table::Table;
use common::timing::{Candidate, measure, ratio, show};
use cotangent::core::value::Val;
use cotangent::{Function, Options, Wrt, differentiable};
use std::hint::black_box;
use std::time::Duration;

const N: usize = 100_000;

/// `sum over x of sin(exp(-x c)) x`.
const MAP: &str = "cotangent 1
func @f(a: f64[?], c: f64) -> (f64) {
  b = map (x = a: f64) : f64[?] { p = multiply x, c : f64 n = negate p : f64 e = exponential n : f64 s = sine e : f64 y = multiply s, x : f64 yield y }
  r = reduce_sum[0] b : f64
  return r
}";
/// Its value and both derivatives, forward. The cotangent of the sum is 1 everywhere.
const FUSED: &str = "cotangent 1
func @f(a: f64[?], c: f64) -> (f64, f64[?], f64) {
  b, dx, dc = map (x = a: f64) : f64[?], f64[?], f64[?] {
    p = multiply x, c : f64 n = negate p : f64 e = exponential n : f64 s = sine e : f64 y = multiply s, x : f64
    o = cosine e : f64 k = multiply o, e : f64 m = multiply k, x : f64 l = multiply m, c : f64 g = subtract s, l : f64
    q = multiply m, x : f64 h = negate q : f64
    yield y, g, h
  }
  r = reduce_sum[0] b : f64
  t = reduce_sum[0] dc : f64
  return r, dx, t
}";

macro_rules! newton {
    ($root:ident, $sum:ident $(, $forward:ident)?) => {
        #[differentiable$(($forward))?]
        fn $root(a: f64) -> f64 {
            let mut x = 1.0;
            for _ in 0..20 {
                x -= (x * x * x - a) / (3.0 * x * x);
            }
            x
        }
        #[differentiable]
        fn $sum(xs: &[f64]) -> f64 {
            let mut s = 0.0;
            for i in 0..xs.len() {
                s += $root(xs[i] * xs[i] + 1.0);
            }
            s
        }
    };
}
newton!(root, roots);
newton!(root_forward, roots_forward, forward);

macro_rules! thrown {
    ($thrown:ident, $aim:ident $(, $forward:ident)?) => {
        #[differentiable$(($forward))?]
        fn $thrown(v: f64, angle: f64) -> f64 {
            let (mut x, mut vx, mut vy) = (0.0, v * angle.cos(), v * angle.sin());
            for _ in 0..100 {
                let drag = 0.01 * 0.05 * (vx * vx + vy * vy).sqrt();
                vx -= drag * vx;
                vy -= drag * vy + 0.01 * 9.81;
                x += 0.01 * vx;
            }
            x
        }
        #[differentiable]
        fn $aim(xs: &[f64]) -> f64 {
            let mut s = 0.0;
            for i in 1..xs.len() {
                let miss = $thrown(xs[i] + 5.0, xs[i - 1]) - 3.0;
                s += miss * miss;
            }
            s
        }
    };
}
thrown!(thrown, aim);
thrown!(thrown_forward, aim_forward, forward);

fn main() -> Result<(), cotangent::Error> {
    let data: Vec<f64> = (0..N).map(|i| (i as f64 * 0.37).sin()).collect();
    let few = &data[..N / 10];
    let (map, fused) = (Function::parse(MAP, "f")?, Function::parse(FUSED, "f")?);
    let args = || vec![Val::vector(data.clone()), Val::from(0.7)];
    let mut table = Table::new(
        2,
        [
            "gradient",
            "executor",
            "reverse",
            "forward",
            "reverse / forward",
        ],
    );
    for name in common::executors(&[]).unwrap_or_default() {
        let o = Options::new().executor(name).threads(1);
        // The same numbers first.
        let g = map.gradient(args(), &Wrt::All, &o)?;
        let by_hand = fused.call(args(), &o)?;
        let close = cotangent::core::text::print_value(&g[1])[..8]
            == cotangent::core::text::print_value(&by_hand[2])[..8];
        assert!(close, "{:?} {:?}", g[1], by_hand[2]);
        let mut pairs = [
            (
                "map",
                [
                    Candidate::new("reverse", || {
                        map.value_and_gradient(black_box(args()), &Wrt::All, &o)
                    }),
                    Candidate::new("forward", || fused.call(black_box(args()), &o)),
                ],
            ),
            (
                "newton",
                [
                    Candidate::new("reverse", || roots::with(&o).gradient((black_box(few),))),
                    Candidate::new("forward", || {
                        roots_forward::with(&o).gradient((black_box(few),))
                    }),
                ],
            ),
            (
                "thrown",
                [
                    Candidate::new("reverse", || aim::with(&o).gradient((black_box(few),))),
                    Candidate::new("forward", || {
                        aim_forward::with(&o).gradient((black_box(few),))
                    }),
                ],
            ),
        ];
        for (what, pair) in &mut pairs {
            measure(pair, Duration::from_millis(800));
            let [r, f] = [pair[0].fastest(), pair[1].fastest()];
            table.row([what.to_string(), name.into(), show(r), show(f), ratio(r, f)]);
        }
    }
    print!("{table}");
    Ok(())
}
