//! VGG19 on a batch of random images: forward, then forward, backward and a step of gradient descent, with times.
//!
//! `cargo run --release --example vgg19 -- --executor jit --batch 2 --size 64`

use clap::Parser;
use cotangent::{Options, Tensor, differentiable};
use cotangent_models::layers::*;
use cotangent_models::zoo::{Vgg19, vgg19};
use cotangent_models::{Descent, Key, Optimiser, loss, optimise};
use std::time::Instant;

#[derive(Parser)]
#[command(about = "VGG19 on a batch of random images")]
struct Arguments {
    /// What runs it: jit, c, interpreter or xla.
    #[arg(long, default_value = "jit")]
    executor: String,
    /// Images at once.
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Pixels along a side; at least 32.
    #[arg(long, default_value_t = 224)]
    size: usize,
    /// Classes.
    #[arg(long, default_value_t = 1000)]
    classes: usize,
    /// How often each is run after the first time.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Threads; all, if not said.
    #[arg(long)]
    threads: Option<u32>,
}

#[differentiable]
fn forward(net: &Vgg19, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
    net.apply(x)
}

#[differentiable]
fn objective(net: &Vgg19, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

/// Multiplications and additions of a forward pass over one image.
fn operations(size: usize, classes: usize) -> f64 {
    let mut total = 0.0;
    let (mut side, mut from) = (size, 3);
    for (count, to) in [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)] {
        for _ in 0..count {
            total += 2.0 * (side * side * 9 * from * to) as f64;
            from = to;
        }
        side /= 2;
    }
    let flat = side * side * 512;
    total + 2.0 * (flat * 4096 + 4096 * 4096 + 4096 * classes) as f64
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let a = Arguments::parse();
    if a.size < 32 || a.batch == 0 || a.classes == 0 {
        return Err(
            "an image has 32 pixels a side at least, a batch one image, and there is a class"
                .into(),
        );
    }
    let key = Key::new(19);
    let start = Instant::now();
    let mut net = vgg19(a.classes, a.size, key);
    println!(
        "{} parameters, made in {:.1} s",
        optimise::count(&net),
        start.elapsed().as_secs_f64()
    );
    let noise = key.split(1000);
    let mut i = 0;
    let x = Tensor::from_fn([a.batch, a.size, a.size, 3], |_| {
        i += 1;
        noise.uniform(i) as f32 - 0.5
    });
    let labels: Vec<usize> = (0..a.batch).map(|n| n % a.classes).collect();
    let mut options = Options::new().executor(&a.executor);
    if let Some(n) = a.threads {
        options = options.threads(n);
    }
    let flops = operations(a.size, a.classes) * a.batch as f64;

    let run = forward::with(&options);
    for k in 0..=a.runs {
        let start = Instant::now();
        let y = run.call((&net, &x))?;
        let t = start.elapsed().as_secs_f64();
        let what = if k == 0 {
            "compiled and run"
        } else {
            "forward"
        };
        println!(
            "{what:>24}: {t:8.3} s, {:6.1} GFLOP/s, first output {:.6}",
            flops / t * 1e-9,
            y.as_slice()[0]
        );
    }
    let run = objective::with(&options);
    let mut descent = Descent::new(1e-3);
    for k in 0..=a.runs {
        let start = Instant::now();
        let (loss, g) = run.value_and_gradient_wrt::<0>((&net, &x, &labels))?;
        let t = start.elapsed().as_secs_f64();
        net = descent.step(&net, &g);
        let all = start.elapsed().as_secs_f64();
        let what = if k == 0 {
            "compiled and run"
        } else {
            "forward, backward, step"
        };
        println!(
            "{what:>24}: {all:8.3} s ({t:.3} s without the step), {:6.1} GFLOP/s, loss {loss:.6}",
            3.0 * flops / t * 1e-9
        );
    }
    Ok(())
}
