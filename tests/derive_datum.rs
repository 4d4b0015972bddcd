//! `derive(Differentiable)`: structs and enums cross into programs and back, and have gradients.

#![allow(non_snake_case, reason = "generated names")]

use cotangent::core::stage::data::{flatten, restore_discrete, types_of, unflatten_gradient};
use cotangent::{Datum, Differentiable, Gradient};

#[derive(Differentiable, Clone, PartialEq, Debug)]
struct Layer {
    w: Vec<[f64; 2]>,
    b: Vec<f64>,
    units: usize,
}
#[derive(Differentiable, Clone, PartialEq, Debug)]
struct Model {
    layers: Vec<Layer>,
    scale: f64,
    tags: (bool, Option<f32>),
}
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Pair(f64, i32);
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Metres(f64);
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Nothing;
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Dual<T> {
    v: T,
    d: T,
}
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
struct Grid<T, const N: usize> {
    cells: [T; N],
}
#[derive(Differentiable)]
struct View<'a> {
    xs: &'a [f64],
    n: usize,
}
#[derive(Differentiable, Clone, PartialEq, Debug)]
enum Shape {
    Empty,
    Disc(f64),
    Rect { w: f64, h: f64, filled: bool },
    Poly(Vec<[f64; 2]>),
}
#[derive(Differentiable, Clone, Copy, PartialEq, Debug)]
enum Kind {
    A,
    B = 7,
}

fn shown<T: Datum>() -> String {
    let ts: Vec<_> = types_of::<T>().iter().map(|t| t.to_string()).collect();
    ts.join(" ")
}
fn round<T: Datum>(x: T) -> T::Owned {
    let vals = flatten(&x);
    for (v, t) in vals.iter().zip(types_of::<T>()) {
        assert!(v.is_of(&t), "{v:?} is not of type {t}");
    }
    let mut vals = vals.into_iter();
    let y = T::unflatten(&mut vals).unwrap();
    assert!(vals.next().is_none());
    y
}
fn model() -> Model {
    Model {
        layers: vec![
            Layer {
                w: vec![[1.0, 2.0], [3.0, 4.0]],
                b: vec![0.5, 0.25],
                units: 2,
            },
            Layer {
                w: vec![[5.0, 6.0]],
                b: vec![],
                units: 1,
            },
        ],
        scale: 2.5,
        tags: (true, Some(1.5)),
    }
}

#[test]
fn leaves_are_those_of_the_fields() {
    assert_eq!(shown::<Layer>(), "f64[?,2] f64[?] u64");
    assert_eq!(
        shown::<Model>(),
        "seq<{f64[?,2], f64[?], u64}> f64 bool bool f32"
    );
    assert_eq!(shown::<Vec<Metres>>(), "f64[?]");
    assert_eq!(shown::<Nothing>(), "");
    assert_eq!(shown::<Dual<f32>>(), "f32 f32");
    assert_eq!(shown::<Grid<f64, 3>>(), "f64[3]");
    assert_eq!(shown::<Vec<Grid<f64, 3>>>(), "f64[?,3]");
    assert_eq!(shown::<View<'_>>(), "f64[?] u64");
    assert_eq!(shown::<Shape>(), "u32 f64 f64 f64 bool f64[?,2]");
    assert_eq!(shown::<Vec<Kind>>(), "u32[?]");
}

#[test]
fn structs_and_enums_come_back() {
    assert_eq!(round(model()), model());
    assert_eq!(round(&model()), model());
    assert_eq!(
        round(vec![Pair(1.0, 2), Pair(3.0, 4)]),
        vec![Pair(1.0, 2), Pair(3.0, 4)]
    );
    assert_eq!(
        round(vec![Metres(1.0), Metres(2.0)]),
        vec![Metres(1.0), Metres(2.0)]
    );
    assert_eq!(round([Nothing; 2]), [Nothing; 2]);
    assert_eq!(round(Dual { v: 1.0f32, d: 2.0 }), Dual { v: 1.0, d: 2.0 });
    assert_eq!(
        round(vec![Grid { cells: [1.0, 2.0] }]),
        vec![Grid { cells: [1.0, 2.0] }]
    );
    assert_eq!(
        round(View {
            xs: &[1.0, 2.0],
            n: 3
        }),
        (vec![1.0, 2.0], 3)
    );
    let shapes = vec![
        Shape::Empty,
        Shape::Disc(2.0),
        Shape::Rect {
            w: 3.0,
            h: 4.0,
            filled: true,
        },
        Shape::Poly(vec![[0.0, 1.0]]),
    ];
    assert_eq!(round(shapes.clone()), shapes);
    assert_eq!(round([Kind::A, Kind::B]), [Kind::A, Kind::B]);
}

#[test]
fn a_tag_that_is_none_is_refused() {
    let mut vals = vec![cotangent::core::value::Val::from(9u32)];
    vals.extend(flatten(&Shape::Empty).split_off(1));
    assert!(Shape::unflatten(&mut vals.into_iter()).is_none());
}

#[test]
fn gradient_types_and_values() {
    let m = model();
    let mut d = model();
    d.scale = -1.0;
    d.layers[0].units = 99;
    d.tags.0 = false;
    let mut cts = Vec::new();
    cotangent::core::stage::data::flatten_tangent::<Model>(&d, &mut cts);
    let leaves = flatten(&m).into_iter().zip(cts).zip(types_of::<Model>());
    let mut leaves = leaves.map(|((p, c), ty)| restore_discrete(&p, c, &ty));
    let g: Gradient<Model> = unflatten_gradient::<Model>(&mut leaves).unwrap();
    // Numbers from the cotangent, counts and flags from the model itself.
    let want = Model {
        scale: -1.0,
        ..model()
    };
    assert_eq!(g, want);
    let (): Gradient<Kind> = ();
    let (): Gradient<Nothing> = ();
    let _: Gradient<View<'_>> = (vec![1.0], 2);
    let _: Gradient<Dual<f64>> = Dual { v: 1.0, d: 1.0 };
}
