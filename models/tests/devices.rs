//! Training on several devices: the same as on one; what they tell each other.

use cotangent::core::ir::{DType, Type};
use cotangent::{Mesh, Options, Tensor, differentiable};
use cotangent_models::layers::*;
use cotangent_models::train::Ahead;
use cotangent_models::{Adam, Chain, Descent, Key, Momentum, Trainer, chain, loss};
use cotangent_xla::emit::{Boundary, Cut, Options as Writing, Plan, emit, marshal};
use cotangent_xla::executor::{self, Making};
use cotangent_xla::pjrt::{ClientOptions, CompileOptions};
use cotangent_xla::plugins::{self, Kind};
use cotangent_xla::report::Report;
use std::num::NonZeroU32;

type Net = Chain![Conv<1, 1>, Relu, MaxPool<2>, Dense, Tanh, Dense];

#[differentiable]
fn classify(net: &Net, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

fn net() -> Net {
    let key = Key::new(4);
    chain![
        Conv::new(3, 1, 4, key.split(1)),
        Relu::new(),
        MaxPool::default(),
        Dense::new(36, 16, key.split(2)),
        Tanh::new(),
        Dense::new(16, 2, key.split(3)),
    ]
}

fn batches() -> Vec<(Tensor<f32, 4>, Vec<usize>)> {
    let of = |seed: u64| {
        let key = Key::new(seed);
        let mut i = 0;
        let x = Tensor::from_fn([16, 6, 6, 1], |_| {
            i += 1;
            key.normal(i) as f32
        });
        (x, (0..16).map(|n| (n + seed as usize) % 2).collect())
    };
    (0..3).map(of).collect()
}

/// The dense matrices by their columns, and their biases.
fn columns(_: usize, shape: &[usize]) -> Option<usize> {
    match shape {
        [36, 16] => Some(1),
        [16] => Some(0),
        _ => None,
    }
}

#[test]
fn eight_devices_do_as_one_does() {
    plugins::for_tests(Kind::Cpu).unwrap();
    let o = Options::new().executor("xla");
    let batches = batches();
    let each = || batches.iter().map(|(x, l)| (x, l));
    let mut one = Trainer::new(classify {}, Momentum::new(0.05, 0.9), &net(), &o).unwrap();
    let mut losses = Vec::new();
    one.fit(each(), |_, l| losses.push(l)).unwrap();
    let last = one.net().unwrap();
    for mesh in [
        Mesh::data(8),
        Mesh::data(4).and_model(2),
        Mesh::data(1).and_model(4),
    ] {
        let many = || {
            let start = Momentum::new(0.05, 0.9);
            Trainer::over(mesh.clone(), &columns, classify {}, start, &net(), &o).unwrap()
        };
        let mut steps = many();
        let mut epochs = many();
        let loaded = epochs.load(each()).unwrap();
        let in_epoch = epochs.epoch(&loaded).unwrap();
        for (k, ((x, l), want)) in batches.iter().zip(&losses).enumerate() {
            let got = steps.step((x, l)).unwrap();
            assert!((got - want).abs() < 1e-5, "{mesh:?}: {got} {want}");
            assert!((got - in_epoch[k]).abs() < 1e-5, "{mesh:?}");
        }
        for t in [steps, epochs] {
            let got = t.net().unwrap();
            let near = |a: &[f32], b: &[f32]| {
                assert_eq!(a.len(), b.len());
                let far = a.iter().zip(b).find(|(a, b)| (**a - **b).abs() > 1e-5);
                assert!(far.is_none(), "{mesh:?}: {far:?}");
            };
            near(got.first.kernel.as_slice(), last.first.kernel.as_slice());
            let (a, b) = (&got.rest.rest.rest, &last.rest.rest.rest);
            near(a.first.weights.as_slice(), b.first.weights.as_slice());
            near(&a.first.bias, &b.first.bias);
            let (a, b) = (&a.rest.rest, &b.rest.rest);
            near(a.weights.as_slice(), b.weights.as_slice());
        }
    }
    // A batch that cannot be cut in eight.
    let mut t = Trainer::over(
        Mesh::data(8),
        &columns,
        classify {},
        Adam::new(0.1),
        &net(),
        &o,
    );
    let x = Tensor::from_fn([12, 6, 6, 1], |_| 0.0f32);
    let e = t
        .as_mut()
        .unwrap()
        .step((&x, &vec![0usize; 12]))
        .unwrap_err();
    assert!(e.to_string().contains("no multiple of 8"), "{e}");
}

#[test]
fn gradients_are_added_once_a_step_and_the_state_is_replaced_in_place() {
    let writing = Writing::default();
    let smooth: Vec<Type> = [&[3, 3, 1, 4][..], &[4], &[36, 16], &[16], &[16, 2], &[2]]
        .iter()
        .map(|s| Type::known(DType::F32, s))
        .collect();
    let batch = [
        Type::known(DType::F32, &[16, 6, 6, 1]),
        Type::known(DType::U64, &[16]),
    ];
    let how = Making {
        slots: Some(32),
        options: writing,
        ..Making::default()
    };
    let version = |m: &_, f, t: &[Type]| executor::version_of(m, f, t, how).unwrap();
    let a = Ahead::new(classify {}, &Descent::new(0.1), &smooth, &batch, &version).unwrap();
    let layouts: Vec<_> = a
        .arguments
        .iter()
        .map(|t| marshal::layout_of_type(t).unwrap())
        .collect();
    let of = |i| a.batch.contains(&i).then_some(Cut { axis: 0, along: 0 });
    let boundary = Boundary {
        mesh: vec![("data".into(), 8)],
        given: (0..layouts.len()).map(|i| a.state.contains(&i)).collect(),
        cuts: (0..layouts.len()).map(of).collect(),
    };
    let module = executor::prepared(&a.module, writing);
    let plan = Plan {
        args: &layouts,
        boundary: Some(&boundary),
        options: writing,
        ..Plan::default()
    };
    let text = emit(&module, a.step, plan).unwrap();
    let plugin = plugins::for_tests(Kind::Cpu).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(8).unwrap());
    let options = CompileOptions::new().partitions(NonZeroU32::new(8).unwrap());
    let exe = client.unwrap().compile(&text.text, &options).unwrap();
    let report = Report::new(exe.compiled(), None).unwrap();
    println!("{report}");
    assert_eq!(exe.signature().donated.len(), a.state.len());
    assert_eq!(report.host_transfers, 0);
    let sums = report.collectives.get("all-reduce").copied();
    assert_eq!(sums, Some(1), "{report}");
    // Labels and logits are brought together to pick the labels', images are not.
    let gathered = report.collectives.get("all-gather").copied();
    assert!(gathered.unwrap_or(0) <= 2, "{report}");
}

#[test]
fn traps_of_a_step_are_found_where_they_are_looked_for() {
    plugins::for_tests(Kind::Cpu).unwrap();
    let (x, mut labels) = batches().swap_remove(0);
    labels[3] = 7;
    let of = |executor: &str| {
        let o = Options::new().executor(executor);
        Trainer::new(classify {}, Descent::new(0.1), &net(), &o).unwrap()
    };
    let mut t = of("xla-checked");
    let e = t.step((&x, &labels)).unwrap_err().to_string();
    assert!(
        e.contains("assert") || e.contains("out of range") || e.contains("label"),
        "{e}"
    );
    assert!(t.net().is_err());
    labels[3] = 1;
    let a = of("xla-checked").step((&x, &labels)).unwrap();
    let b = of("xla").step((&x, &labels)).unwrap();
    assert!((a - b).abs() < 1e-6, "{a} {b}");
}
