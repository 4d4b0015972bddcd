//! Layers, losses and optimisers: derivatives against differences, training on every executor, steps and layers against formulas by hand.

use cotangent::core::stage::data::flatten;
use cotangent::core::value::Val;
use cotangent::{Options, Tensor, differentiable, list_executors};
use cotangent_models::layers::*;
use cotangent_models::optimise::count;
use cotangent_models::zoo::{vgg19, vgg19_extents};
use cotangent_models::{Adam, Chain, Descent, Key, Momentum, Steps, Trainer, chain, loss};

type Small = Chain![Conv<1, 1>, Tanh, MeanPool<2>, Conv<2, 0>, Sigmoid, Flatten, Dense];

#[differentiable]
fn small(net: &Small, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

fn small_net(key: Key) -> Small {
    chain![
        Conv::new(3, 2, 3, key.split(0)),
        Tanh::new(),
        MeanPool::default(),
        Conv::new(2, 3, 4, key.split(1)),
        Sigmoid::new(),
        Flatten::default(),
        Dense::new(4, 3, key.split(2)),
    ]
}

fn noise<const N: usize>(shape: [usize; N], key: Key) -> Tensor<f32, N> {
    let mut i = 0;
    Tensor::from_fn(shape, |_| {
        i += 1;
        key.normal(i) as f32
    })
}

#[test]
fn derivatives_of_a_small_net() {
    let key = Key::new(5);
    let x = noise([2, 4, 4, 2], key.split(9));
    let net = small_net(key);
    let labels = [2usize, 0];
    let reference = small::value_and_gradient(&net, &x, &labels).unwrap();
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let (y, (g, dx, _)) = small::with(&o)
            .value_and_gradient((&net, &x, &labels))
            .unwrap();
        assert!((y - reference.0).abs() < 1e-5, "{executor}");
        // Central differences along the gradient, which is where the slope is its square.
        let h = 1e-2f32;
        let mut moved = [net.clone(), net.clone()];
        let all = |p: &mut Small, k: f32| {
            let step =
                |p: &mut [f32], g: &[f32]| p.iter_mut().zip(g).for_each(|(p, g)| *p += k * g);
            step(p.first.kernel.as_mut_slice(), g.first.kernel.as_slice());
            let (q, d) = (&mut p.rest.rest.rest, &g.rest.rest.rest);
            step(q.first.kernel.as_mut_slice(), d.first.kernel.as_slice());
            step(&mut q.first.bias, &d.first.bias);
            let (q, d) = (&mut q.rest.rest.rest, &d.rest.rest.rest);
            step(q.weights.as_mut_slice(), d.weights.as_slice());
            step(&mut q.bias, &d.bias);
        };
        all(&mut moved[0], h);
        all(&mut moved[1], -h);
        let slope = (small(&moved[0], &x, &labels) - small(&moved[1], &x, &labels)) / (2.0 * h);
        let square = |g: &[f32]| g.iter().map(|x| x * x).sum::<f32>();
        let (b, c) = (&g.rest.rest.rest, &g.rest.rest.rest.rest.rest.rest);
        let want = square(g.first.kernel.as_slice())
            + square(b.first.kernel.as_slice())
            + square(&b.first.bias)
            + square(c.weights.as_slice())
            + square(&c.bias);
        assert!(
            (slope - want).abs() < 2e-2 * want,
            "{executor}: {slope} {want}"
        );
        assert_eq!(dx.shape(), x.shape());
    }
}

#[differentiable]
fn wide(x: &Tensor<f64, 4>, k: &Tensor<f64, 4>) -> f64 {
    let y = x.conv(k, 1, 1).max_pool(2, 2).mean_pool(3, 2);
    y.square().sum()
}

#[test]
fn results_of_many_blocks_do_not_depend_on_threads_or_executors() {
    let key = Key::new(8);
    let mut i = 0;
    let mut next = |shape: [usize; 4]| {
        Tensor::from_fn(shape, |_| {
            i += 1;
            key.uniform(i) - 0.5
        })
    };
    let (x, k) = (next([2, 30, 26, 17]), next([3, 3, 17, 70]));
    let o = Options::new().executor("interpreter");
    let want = wide::with(&o).gradient((&x, &k)).unwrap();
    for executor in list_executors().into_iter().filter(|e| *e != "interpreter") {
        let of = |threads| {
            let o = Options::new().executor(executor).threads(threads);
            wide::with(&o).gradient((&x, &k)).unwrap()
        };
        let (one, more) = (of(1), of(3));
        assert!(one == more, "{executor}");
        let close = |a: &Tensor<f64, 4>, b: &Tensor<f64, 4>| {
            let mut both = a.as_slice().iter().zip(b.as_slice());
            assert_eq!(a.shape(), b.shape());
            assert!(both.all(|(a, b)| (a - b).abs() < 1e-9), "{executor}");
        };
        close(&one.0, &want.0);
        close(&one.1, &want.1);
    }
}

/// Everything in double precision, so that differences say something.
#[differentiable]
fn tensors(x: &Tensor<f64, 4>, k: &Tensor<f64, 4>, b: &[f64]) -> f64 {
    let y = x.conv(k, 2, 1).add_bias(b).tanh();
    let z = y.max_pool(2, 1).minus(&y.mean_pool(2, 1));
    let rows = z.rows();
    let p = rows.softmax().matmul(&rows.log_softmax().transposed());
    p.sum() + z.square().mean() + y.relu().scale(0.3).sigmoid().sum() + x.exp().times(x).sum()
}

/// Attention with two heads, and what stands around it.
#[differentiable]
fn attention(x: &Tensor<f64, 3>, w: &Tensor<f64, 2>, g: &[f64]) -> f64 {
    let (batch, time, width) = (x.extent(0), x.extent(1), x.extent(2));
    let y = x.normalized(1e-3).scale_features(g);
    let all = y.reshape([batch * time, width]).matmul(w);
    let q = all
        .part(0, 3)
        .reshape([batch, time, 2, width / 2])
        .swap_axes(1, 2);
    let k = all
        .part(1, 3)
        .reshape([batch, time, 2, width / 2])
        .swap_axes(1, 2);
    let v = all
        .part(2, 3)
        .reshape([batch, time, 2, width / 2])
        .swap_axes(1, 2);
    let weights = q.matmul(&k.swap_axes(2, 3)).scale(0.7).causal().softmax();
    let y = weights
        .matmul(&v)
        .swap_axes(1, 2)
        .reshape([batch, time, width]);
    x.plus(&y.gelu()).square().mean()
}

#[differentiable]
fn vectors(x: &Tensor<f64, 1>) -> f64 {
    x.matmul(x).sum()
}

#[test]
fn attention_and_its_derivatives() {
    let key = Key::new(5);
    let mut i = 0;
    let mut next = || {
        i += 1;
        key.normal(i)
    };
    let x = Tensor::from_fn([2, 3, 4], |_| next());
    let w = Tensor::from_fn([4, 12], |_| next());
    let g: Vec<f64> = (0..4).map(|_| next()).collect();
    let report = attention::check_gradients(&x, &w, &g).unwrap();
    assert!(report.forward && report.reverse, "{report:?}");
    let plain = attention(&x, &w, &g);
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let y = attention::with(&o).call((&x, &w, &g)).unwrap();
        assert!((y - plain).abs() < 1e-10, "{executor}: {y} {plain}");
    }
    // A row does not see what comes after it, and a head only its part.
    let mut other = x.clone();
    other[[0, 2, 0]] += 1.0;
    let by_row = |x: &Tensor<f64, 3>| x.matmul(&x.swap_axes(1, 2)).causal().softmax();
    let (a, b) = (by_row(&x), by_row(&other));
    assert_eq!(a.as_slice()[..6], b.as_slice()[..6]);
    assert_eq!((a[[0, 0, 0]], a[[0, 0, 1]]), (1.0, 0.0));
    // 0.5 x (1 + erf(x/sqrt 2)) at 1 is 0.841345; the approximation's error is below 1e-3.
    let one = Tensor::from_fn([1], |_| 1.0f64).gelu()[[0]];
    assert!((one - 0.841345).abs() < 1e-3, "{one}");
    let t = Tensor::from_fn([6], |[i]| i as f64);
    assert_eq!(t.part(2, 3).as_slice(), [4.0, 5.0]);
    for (k, of) in [(3, 3), (0, 4), (0, 0)] {
        assert!(std::panic::catch_unwind(|| t.part(k, of)).is_err());
    }
    // Vectors are no matrices, an axis that is not there is none; of nothing there is nothing.
    assert!(std::panic::catch_unwind(|| t.matmul(&t)).is_err());
    assert!(std::panic::catch_unwind(|| t.swap_axes(0, 1)).is_err());
    let why = vectors::with(&Options::new()).call((&t,)).unwrap_err();
    assert!(why.to_string().contains("two axes"), "{why}");
    let none = Tensor::<f64, 3>::zeros([2, 0, 3]);
    assert_eq!(none.matmul(&none.swap_axes(1, 2)).shape(), [2, 0, 0]);
    assert!(none.normalized(1e-3).causal().gelu().is_empty());
    let one = Tensor::from_fn([1, 1], |_| 3.0f64);
    assert_eq!(one.normalized(1e-3).as_slice(), [0.0]);
    let nan = Tensor::from_fn([1, 2], |[_, j]| if j == 0 { f64::NAN } else { 1.0 });
    assert!(nan.normalized(1e-3).as_slice().iter().all(|x| x.is_nan()));
}

#[test]
fn derivatives_of_every_operation_on_tensors() {
    let key = Key::new(3);
    let mut i = 0;
    let mut next = |shape: [usize; 4]| {
        Tensor::from_fn(shape, |_| {
            i += 1;
            0.5 * key.normal(i)
        })
    };
    let (x, k) = (next([2, 5, 5, 2]), next([3, 3, 2, 2]));
    let report = tensors::check_gradients(&x, &k, &[0.1, -0.2]).unwrap();
    assert!(report.forward && report.reverse, "{report:?}");
    let plain = tensors(&x, &k, &[0.1, -0.2]);
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let y = tensors::with(&o).call((&x, &k, &[0.1, -0.2])).unwrap();
        assert!((y - plain).abs() < 1e-10, "{executor}: {y} {plain}");
    }
}

type Classifier = Chain![Conv<1, 1>, Relu, MaxPool<2>, Dense];

#[differentiable]
fn classify(net: &Classifier, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

#[test]
fn training_goes_down_on_every_executor() {
    // Images with a bright bar, lying or standing.
    let x = Tensor::from_fn([8, 6, 6, 1], |[n, i, j, _]| {
        let at = if n % 2 == 0 { i } else { j };
        f32::from(u8::from(at == 1 + n / 2))
    });
    let labels: Vec<usize> = (0..8).map(|n| n % 2).collect();
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let key = Key::new(7);
        let net: Classifier = chain![
            Conv::new(3, 1, 4, key.split(1)),
            Relu::new(),
            MaxPool::default(),
            Dense::new(36, 2, key.split(2)),
        ];
        let mut trainer = Trainer::new(classify {}, Adam::new(0.02), &net, &o).unwrap();
        let losses: Vec<f32> = (0..30)
            .map(|_| trainer.step((&x, &labels)).unwrap())
            .collect();
        let (first, last) = (losses[0], losses[29]);
        assert!(last < 0.2 * first, "{executor}: {losses:?}");
    }
}

#[differentiable]
fn rectified(x: &Tensor<f64, 1>) -> Tensor<f64, 1> {
    x.relu()
}

#[differentiable]
fn above(x: &Tensor<f64, 1>) -> f64 {
    x.relu().sum()
}

#[test]
fn what_is_not_a_number_stays_so_in_relu() {
    let x = Tensor::from_fn([5], |[i]| [f64::NAN, -1.0, 2.0, 0.0, -0.0][i]);
    for executor in list_executors() {
        let f = rectified::with(&Options::new().executor(executor));
        let y = f.call((&x,)).unwrap();
        assert!(y.as_slice()[0].is_nan(), "{executor}");
        assert_eq!(y.as_slice()[1..], [0.0, 2.0, 0.0, 0.0], "{executor}");
        let g = above::with(&Options::new().executor(executor)).gradient((&x,));
        let g = g.unwrap();
        assert_eq!(g.as_slice(), [1.0, 0.0, 1.0, 0.0, 0.0], "{executor}");
    }
}

#[differentiable]
fn dropped(d: &Dropout, x: &Tensor<f32, 4>) -> f32 {
    d.apply(x).sum()
}

#[test]
fn dropout_keeps_the_mean_and_nothing_when_it_is_off() {
    let x = Tensor::from_fn([1, 50, 50, 4], |_| 1.0f32);
    let mut d = Dropout::new(30, Key::new(1));
    let y = d.apply(&x);
    let zeros = y.as_slice().iter().filter(|y| **y == 0.0).count() as f64 / 1e4;
    assert!((zeros - 0.3).abs() < 0.02, "{zeros}");
    assert!(
        y.as_slice()
            .iter()
            .all(|y| *y == 0.0 || (*y - 1.0 / 0.7).abs() < 1e-6)
    );
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let (_, g) = dropped::with(&o).gradient((&d, &x)).unwrap();
        assert_eq!(g, y, "{executor}");
    }
    let other = Dropout::new(30, Key::new(2)).apply(&x);
    let same = other
        .as_slice()
        .iter()
        .zip(y.as_slice())
        .filter(|(a, b)| a == b)
        .count();
    assert!((same as f64 / 1e4 - 0.58).abs() < 0.03, "{same}");
    d.active = false;
    assert_eq!(d.apply(&x), x);
}

#[test]
fn steps_by_hand() {
    let (p, g) = (vec![1.0f64, -2.0], vec![0.5, 4.0]);
    for executor in list_executors() {
        let o = Options::new().executor(executor);
        let mut descent = Steps::with(Descent::new(0.1), &o);
        assert_eq!(descent.step(&p, &g).unwrap(), [1.0 - 0.05, -2.0 - 0.4]);
        descent.optimiser.rate = 0.2;
        assert_eq!(descent.step(&p, &g).unwrap(), [1.0 - 0.1, -2.0 - 0.8]);
        let mut m = Steps::with(Momentum::new(0.1, 0.5), &o);
        let a = m.step(&p, &g).unwrap();
        assert_eq!(a, [0.95, -2.4]);
        // The velocity is half of the last plus the gradient: 0.75 and 6.
        let b = m.step(&a, &g).unwrap();
        assert!((b[0] - (0.95 - 0.075)).abs() < 1e-12 && (b[1] - (-2.4 - 0.6)).abs() < 1e-12);
        let mut adam = Steps::with(Adam::new(0.01), &o);
        let a = adam.step(&p, &g).unwrap();
        // The first step is as long as the rate, whatever the gradient.
        assert!(
            (a[0] - 0.99).abs() < 1e-6 && (a[1] + 2.01).abs() < 1e-6,
            "{a:?}"
        );
        let b = adam.step(&a, &vec![-0.5, 4.0]).unwrap();
        let mean = (0.9 * 0.05 + 0.1 * -0.5) / (1.0 - 0.81);
        let square = (0.999 * 0.00025 + 0.001 * 0.25f64) / (1.0 - 0.999f64.powi(2));
        assert!((b[0] - (a[0] - 0.01 * mean / square.sqrt())).abs() < 1e-6);
        // Another number of parameters than before: what is kept does not suit.
        assert!(adam.step(&vec![1.0], &vec![1.0]).is_err());
        assert!(adam.step(&vec![1.0], &vec![1.0]).is_ok());
    }
}

#[test]
fn losses_by_hand() {
    let x = Tensor::new([2, 1, 1, 2], vec![1.0f32, 3.0, 0.0, 0.0]).unwrap();
    let y = Tensor::new([2, 1, 1, 2], vec![1.0f32, 1.0, 0.0, 2.0]).unwrap();
    assert_eq!(loss::mse(&x, &y), 2.0);
    let want = ((1.0 + 2f32.exp()).ln() + 2f32.ln()) / 2.0;
    assert!((loss::cross_entropy(&x, &[0, 1]) - want).abs() < 1e-6);
    assert!(loss::cross_entropy::call(&x, &[0, 2]).is_err());
    assert!(loss::cross_entropy::call(&x, &[0]).is_err());
}

#[test]
fn vgg19_has_as_many_parameters_as_the_paper_says() {
    // Without making them: 143 million random numbers take a while.
    let small = vgg19(10, 32, Key::new(1));
    let dense = |from: usize, to: usize| (from + 1) * to;
    let ours = count(&small);
    let extents: Vec<Vec<usize>> = flatten(&small)
        .iter()
        .filter_map(|v| match v {
            Val::Tensor(t) => Some(t.shape.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(vgg19_extents(10, 32), extents);
    let head = dense(512, 4096) + dense(4096, 4096) + dense(4096, 10);
    let theirs = dense(512 * 49, 4096) + dense(4096, 4096) + dense(4096, 1000);
    assert_eq!(ours - head + theirs, 143_667_240);
}

#[test]
fn keys_give_numbers_of_the_right_kind() {
    let key = Key::new(42);
    let n = 20_000;
    let mean = |f: &dyn Fn(u64) -> f64| (0..n).map(f).sum::<f64>() / n as f64;
    assert!((mean(&|i| key.uniform(i)) - 0.5).abs() < 0.01);
    assert!(mean(&|i| key.normal(i)).abs() < 0.03);
    assert!((mean(&|i| key.normal(i).powi(2)) - 1.0).abs() < 0.04);
    assert_eq!(key.split(3), Key::new(42).split(3));
    assert_ne!(key.split(3), key.split(4));
}
