//! VGG19 on a batch of random images: forward, then forward, backward and a step of gradient descent as one program, with times; on a device the parameters
//! stay there. Or compiled for a TPU that is not here, with what it costs there.
//!
//! ```sh
//! cargo run --release --example vgg19 -- --executor xla --batch 2 --size 64 --compare jit
//! cargo run --release --example vgg19 -- --compile-for tpu:v5e:2x2 --batch 100 --fast
//! cargo run --release --example vgg19 -- --executor xla --devices 8 --batch 1 --size 32 --scaling
//! ```

#[path = "common/ahead.rs"]
mod ahead;

use clap::Parser;
use cotangent::core::ir::{DType, Type};
use cotangent::core::stage::data::flatten;
use cotangent::{Mesh, Options, Tensor, differentiable};
use cotangent_models::layers::*;
use cotangent_models::zoo::{Vgg19, vgg19, vgg19_extents};
use cotangent_models::{Descent, Key, Trainer, loss, optimise};
use cotangent_xla::chips::Target;
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
#[command(about = "VGG19 on a batch of random images")]
struct Arguments {
    /// What runs it: jit, c, interpreter or xla.
    #[arg(long, default_value = "jit")]
    executor: String,
    /// Another executor that does the same; how far results differ is shown.
    #[arg(long)]
    compare: Option<String>,
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
    /// Devices over which a batch is spread (xla; on a CPU virtual ones).
    #[arg(long, default_value_t = 1)]
    devices: u32,
    /// Time steps on one device, two, four, … up to --devices, with --batch images on each.
    #[arg(long)]
    scaling: bool,
    /// Compile for that target instead, and say what it costs there: tpu:v5e:1x1, cuda:h100.
    #[arg(long, value_name = "TARGET")]
    compile_for: Option<Target>,
    /// With --compile-for: products as fast as the hardware has them (of bf16 on a TPU), not as precise as f32.
    #[arg(long)]
    fast: bool,
}

#[differentiable]
fn forward(net: &Vgg19, x: &Tensor<f32, 4>) -> Tensor<f32, 4> {
    net.apply(x)
}

#[differentiable]
fn objective(net: &Vgg19, x: &Tensor<f32, 4>, labels: &[usize]) -> f32 {
    loss::cross_entropy(&net.apply(x), labels)
}

const RATE: f64 = 1e-3;

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

/// What a run found: the forward pass's output, the losses, the parameters after the steps.
struct Found {
    output: Vec<f32>,
    losses: Vec<f32>,
    net: Vgg19,
}

fn run(
    a: &Arguments,
    executor: &str,
    net: &Vgg19,
    x: &Tensor<f32, 4>,
    labels: &[usize],
) -> Result<Found, Box<dyn Error>> {
    let mut options = Options::new().executor(executor);
    if let Some(n) = a.threads {
        options = options.threads(n);
    }
    let flops = operations(a.size, a.classes) * a.batch as f64;
    println!("on {executor}");
    let forward = forward::with(&options);
    let mut output = Vec::new();
    for k in 0..=a.runs {
        let start = Instant::now();
        let y = forward.call((net, x))?;
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
        output = y.as_slice().to_vec();
    }
    let start = Instant::now();
    let descent = Descent::new(RATE);
    let mut trainer = match a.devices {
        1 => Trainer::new(objective {}, descent, net, &options)?,
        n => Trainer::over(
            Mesh::data(n),
            &|_, _| None,
            objective {},
            descent,
            net,
            &options,
        )?,
    };
    println!(
        "{:>24}: {:8.3} s",
        "parameters moved",
        start.elapsed().as_secs_f64()
    );
    let mut losses = Vec::new();
    for k in 0..=a.runs {
        let start = Instant::now();
        let loss = trainer.step((x, labels))?;
        let t = start.elapsed().as_secs_f64();
        let what = if k == 0 {
            "compiled and run"
        } else {
            "forward, backward, step"
        };
        println!(
            "{what:>24}: {t:8.3} s, {:6.1} GFLOP/s, loss {loss:.6}",
            3.0 * flops / t * 1e-9
        );
        losses.push(loss);
    }
    let net = trainer.net()?;
    Ok(Found {
        output,
        losses,
        net,
    })
}

/// The largest difference between two lists, relative to the largest number.
fn apart(a: &[f32], b: &[f32]) -> f64 {
    let most = |x: &mut dyn Iterator<Item = f32>| x.fold(0f32, |m, v| m.max(v.abs()));
    let size = most(&mut a.iter().copied()).max(f32::MIN_POSITIVE);
    f64::from(most(&mut a.iter().zip(b).map(|(a, b)| a - b)) / size)
}

/// How far parameters moved, and how far two executors' are apart, relative to that.
fn compare(first: &Found, second: &Found, start: &Vgg19) {
    let floats = |net: &Vgg19| {
        let leaves = flatten(net).into_iter();
        leaves.flat_map(|v| {
            let mut out = Vec::new();
            v.each_float(&mut |x, _| out.push(x));
            out
        })
    };
    let (mut moved, mut differ) = (0f64, 0f64);
    let pairs = floats(&first.net).zip(floats(&second.net));
    for ((a, b), s) in pairs.zip(floats(start)) {
        moved = moved.max((a - s).abs());
        differ = differ.max((a - b).abs());
    }
    println!("differences, relative to the largest number");
    println!(
        "  outputs                {:.1e}",
        apart(&first.output, &second.output)
    );
    println!(
        "  losses                 {:.1e}",
        apart(&first.losses, &second.losses)
    );
    println!("  steps of parameters    {:.1e}", differ / moved);
}

/// Compiles both programs for devices that need not be here. Nothing is made but extents.
fn compile_for(a: &Arguments, target: &Target) -> Result<(), Box<dyn Error>> {
    let known = |d, extents: &[usize]| {
        let extents: Vec<u64> = extents.iter().map(|&n| n as u64).collect();
        Type::known(d, &extents)
    };
    let net: Vec<Type> = vgg19_extents(a.classes, a.size)
        .iter()
        .map(|e| known(DType::F32, e))
        .collect();
    let x = known(DType::F32, &[a.batch, a.size, a.size, 3]);
    let labels = known(DType::U64, &[a.batch]);
    let to = ahead::To::new(target, a.fast, a.devices)?;
    println!("forward, batch {}", a.batch);
    let mut args = net.clone();
    args.push(x.clone());
    to.forward(&cotangent::function::<forward>()?, &args)?;
    println!("forward, backward and step, batch {}", a.batch);
    to.step(objective {}, &Descent::new(RATE), &net, &[x, labels])
}

/// A batch of random images, and labels.
fn batch(a: &Arguments, images: usize) -> (Tensor<f32, 4>, Vec<usize>) {
    let noise = Key::new(19).split(1000);
    let mut i = 0;
    let x = Tensor::from_fn([images, a.size, a.size, 3], |_| {
        i += 1;
        noise.uniform(i) as f32 - 0.5
    });
    (x, (0..images).map(|n| n % a.classes).collect())
}

/// Weak scaling: as many images for each device, on more and more devices. Were each a device of its own, the time would stay.
fn scaling(a: &Arguments, net: &Vgg19) -> Result<(), Box<dyn Error>> {
    let options = Options::new().executor(&a.executor);
    let mut first = None;
    let mut n = 1;
    while n <= a.devices {
        let (x, labels) = batch(a, a.batch * n as usize);
        let (mesh, descent) = (Mesh::data(n), Descent::new(RATE));
        let mut trainer = Trainer::over(mesh, &|_, _| None, objective {}, descent, net, &options)?;
        trainer.step((&x, &labels))?;
        let mut best = f64::INFINITY;
        for _ in 0..a.runs.max(1) {
            let start = Instant::now();
            trainer.step((&x, &labels))?;
            best = best.min(start.elapsed().as_secs_f64());
        }
        let one = *first.get_or_insert(best);
        println!(
            "{n:4} devices, {:4} images: {best:8.3} s a step, {:6.2} times that of one device, {:6.2} images a second",
            labels.len(),
            best / one,
            labels.len() as f64 / best
        );
        n *= 2;
    }
    Ok(())
}

fn main() -> ExitCode {
    match go(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn go(a: &Arguments) -> Result<(), Box<dyn Error>> {
    if a.size < 32 || a.batch == 0 || a.classes == 0 {
        return Err(
            "an image has 32 pixels a side at least, a batch one image, and there is a class"
                .into(),
        );
    }
    if let Some(target) = &a.compile_for {
        return compile_for(a, target);
    }
    let key = Key::new(19);
    let start = Instant::now();
    let net = vgg19(a.classes, a.size, key);
    println!(
        "{} parameters, made in {:.1} s",
        optimise::count(&net),
        start.elapsed().as_secs_f64()
    );
    if a.scaling {
        return scaling(a, &net);
    }
    let (x, labels) = batch(a, a.batch);
    let found = run(a, &a.executor, &net, &x, &labels)?;
    if let Some(other) = &a.compare {
        let one = Arguments {
            devices: 1,
            ..Arguments::parse()
        };
        let second = run(&one, other, &net, &x, &labels)?;
        compare(&found, &second, &net);
    }
    Ok(())
}
