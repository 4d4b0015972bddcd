//! Bindings to PJRT, the C interface that every XLA plugin exports (`GetPjrtApi`): from StableHLO text to results on devices.
//!
//! ```no_run
//! use cotangent_xla::pjrt::{ClientOptions, CompileOptions, HostArray, Plugin};
//!
//! let plugin = Plugin::load("pjrt_c_api_cpu_plugin.so")?;
//! let client = plugin.client(&ClientOptions::new())?;
//! let text = "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
//!     %b = stablehlo.add %a, %a : tensor<2xf32>
//!     return %b : tensor<2xf32>
//! }";
//! let exe = client.compile(text, &CompileOptions::new())?;
//! let results = exe.run(&[HostArray::new(&[1.0f32, 2.0], &[2])?])?;
//! assert_eq!(results[0].to_vec::<f32>()?, [2.0, 4.0]);
//! # Ok::<(), cotangent_xla::pjrt::Error>(())
//! ```
//!
//! Data that stays on the device: [`Client::upload`] or [`Client::share`] make a [`Buffer`], [`Executable::execute`] takes and gives buffers
//! ([`Arg::Keep`] or [`Arg::Give`]), [`Buffer::download`] gets one back. Arguments are checked against [`Executable::signature`] first, because
//! plugins do not.
//!
//! Where to start: [`Plugin`] and [`Client`]. `abi` has the memory layout, `api` calls through it, each other file has one kind of object.
//! Objects keep alive what they were made by; all may be used from any thread.
//!
//! What would end the process inside of a plugin cannot be said here: options have types, programs end in a zero byte, have known extents,
//! at least one replica and one partition, and files that are no whole shared libraries are not loaded.

#[doc(hidden)]
pub mod abi;
mod api;
mod buffer;
mod cache;
mod client;
mod compiled;
mod device;
mod element;
mod elf;
mod environment;
mod error;
mod event;
mod executable;
mod hlo;
mod host;
mod options;
mod program;
mod proto;
mod topology;

pub use api::Plugin;
pub use buffer::{Buffer, Download};
pub use cache::{Cache, Origin};
pub use client::Client;
pub use compiled::{Compiled, Memory};
pub use device::{Description, Device, DeviceMemory};
pub use element::{ArrayType, ElementType};
pub use error::{Code, Error, Result};
pub use event::{Event, Refused, Then};
pub use executable::{Arg, Executable};
pub use hlo::{Computation, Hlo, Instruction, Signature};
pub use host::{BrainFloat, Element, Half, HostArray};
pub use options::{ClientOptions, CompileOptions, Flag, MOST_CPU_DEVICES, Value};
pub use topology::Topology;
