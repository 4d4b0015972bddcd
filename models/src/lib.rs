//! Neural networks in plain Rust: layers are structs whose fields are their parameters, models are structs of layers, and the gradient of a
//! model is a model of the same type.
//!
//! * [`layers`]: dense, convolution, pooling, dropout, activations, and [`Chain`] of them
//! * [`recurrent`]: layers with a memory
//! * [`loss`]: what is made small
//! * [`optimise`]: steps that make it small: [`Descent`], [`Momentum`], [`Adam`], or your own
//! * [`train`]: a [`Trainer`] runs loss, derivatives and step as one program, on any executor
//! * [`init`]: first parameters, random by a [`Key`]
//! * [`zoo`]: whole models
//!
//! Values between layers are images, `[batch, height, width, features]`; a vector is an image of one pixel.
//!
//! ```
//! use cotangent::{Options, Tensor, differentiable};
//! use cotangent_models::layers::{Dense, Layer, Layer__Staged, Tanh};
//! use cotangent_models::{Chain, Descent, Key, Trainer, chain, loss};
//!
//! type Net = Chain<Dense, Chain<Tanh, Dense>>;
//!
//! #[differentiable]
//! fn objective(net: &Net, x: &Tensor<f32, 4>, y: &Tensor<f32, 4>) -> f32 {
//!     loss::mse(&net.apply(x), y)
//! }
//!
//! let key = Key::new(1);
//! let net = chain![Dense::new(1, 8, key.split(0)), Tanh::new(), Dense::new(8, 1, key.split(1))];
//! let x = Tensor::from_fn([16, 1, 1, 1], |[i, ..]| i as f32 / 8.0 - 1.0);
//! let y = Tensor::from_fn([16, 1, 1, 1], |[i, ..]| (i as f32 / 8.0 - 1.0).powi(2));
//! let mut trainer = Trainer::new(objective {}, Descent::new(0.1), &net, &Options::new())?;
//! for _ in 0..50 {
//!     trainer.step((&x, &y))?;
//! }
//! assert!(objective(&trainer.net()?, &x, &y) < 0.5 * objective(&net, &x, &y));
//! # Ok::<(), cotangent::Error>(())
//! ```

pub mod init;
pub mod layers;
pub mod loss;
pub mod optimise;
pub mod recurrent;
mod step;
pub mod train;
pub mod zoo;

pub use init::Key;
pub use layers::Chain;
pub use optimise::{Adam, Descent, Momentum, Optimiser, Steps};
pub use recurrent::{Lstm, Memory};
pub use train::Trainer;
