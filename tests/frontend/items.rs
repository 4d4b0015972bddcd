//! Items: constants, statics, nested functions, modules, imports, generics.

use crate::check;
use cotangent::{Float, Scalar, differentiable};

const GRAVITY: f64 = 9.81;
const WEIGHTS: [f64; 3] = [0.25, 0.5, 0.25];
const TABLE: [[i32; 2]; 2] = [[1, 2], [3, 4]];
const N: usize = 3;
static OFFSETS: &[f64] = &[1.0, -1.0];

#[differentiable]
fn constants(t: f64) -> f64 {
    const LOCAL: f64 = 0.5;
    let mut s = 0.0;
    for i in 0..N {
        s += WEIGHTS[i] * t;
    }
    let a = [t; N];
    LOCAL * GRAVITY * t * t + s + a[N - 1] + OFFSETS[1] + TABLE[1][0] as f64 + inner::SCALE
}

mod inner {
    use cotangent::differentiable;
    pub const SCALE: f64 = 4.0;
    #[differentiable]
    pub fn double(x: f64) -> f64 {
        x * 2.0
    }
    pub mod deep {
        use cotangent::differentiable;
        #[differentiable]
        pub fn quad(x: f64) -> f64 {
            super::double(super::double(x))
        }
    }
}
use inner::deep::quad as fourfold;
use inner::*;

#[differentiable]
fn modules(x: f64) -> f64 {
    inner::deep::quad(x) + fourfold(1.0) + double(x) + self::double(3.0)
}

#[differentiable]
fn nested(x: f64, n: u32) -> f64 {
    fn power(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { x * power(x, n - 1) }
    }
    power(x, n) + power(2.0, 3)
}

#[differentiable]
fn lerp<T: Float>(a: T, b: T, t: T) -> T {
    a + (b - a) * t
}

#[differentiable]
fn total<T: Scalar + std::ops::Add<Output = T>>(xs: &[T], zero: T) -> T
where
    T: cotangent::Num,
{
    let mut s = zero;
    for x in xs {
        s = s + *x;
    }
    s
}

#[differentiable]
fn trace<const K: usize>(m: [[f64; K]; K]) -> f64 {
    let mut s = 0.0;
    for i in 0..K {
        s += m[i][i];
    }
    s
}

#[differentiable]
fn generic(x: f64) -> f64 {
    let a = lerp(x, 2.0, 0.5);
    let b = lerp::<f64>(1.0, x, 0.25);
    let c = total(&[x, 1.0], 0.0) + total(&[1i64, 2, 3], 0) as f64;
    let d = lerp(1.0f32, 2.0, 0.5) as f64;
    a + b + c + d + trace([[x, 1.0], [2.0, x]]) + trace::<1>([[5.0]])
}

#[differentiable]
fn unit(_: f64) {}

#[differentiable]
fn shadowing(x: f64) -> f64 {
    let x = x + 1.0;
    let mut x = x * 2.0;
    x += 1.0;
    {
        let x = 100.0;
        let _ = x;
    }
    let y;
    if x > 3.0 {
        y = 1.0;
    } else {
        y = 2.0;
    }
    unit(y);
    let x = {
        let z = x;
        z * z
    };
    x + y
}

macro_rules! make {
    ($name:ident, $k:expr) => {
        #[differentiable]
        fn $name(x: f64) -> f64 {
            let mut y = x;
            for i in 0..3 {
                y = y * $k + i as f64;
            }
            y
        }
    };
}
make!(by_macro, 1.0 + 0.5);

#[test]
fn all() {
    for x in [-1.0, 0.5, 2.0] {
        check!(constants(x));
        check!(modules(x));
        check!(nested(x, 4));
        check!(generic(x));
        check!(shadowing(x));
        check!(by_macro(x));
    }
}
