//! What accelerators can do at most, and programs named for them: `tpu:v5e:2x2`, `cuda:h100`.
//!
//! Numbers are of one chip, as its maker publishes them: Google's pages on system architectures of Cloud TPU (cloud.google.com/tpu/docs/v5e and
//! the others) and NVIDIA's data sheet of the H100 SXM.

use crate::pjrt::{ClientOptions, CompileOptions, Flag, Plugin, Result, Topology, Value};
use crate::plugins::Kind;
use std::str::FromStr;

/// What a chip can do at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chip {
    /// Its name: `v5e`.
    pub name: &'static str,
    /// Operations a second in matrix products of `bf16`, sums in `f32`.
    pub flops: f64,
    /// Bytes a second from and to its memory.
    pub bandwidth: f64,
    /// Bytes of memory.
    pub memory: f64,
}

const fn chip(name: &'static str, teraflops: f64, gigabytes: f64, memory: f64) -> Chip {
    Chip {
        name,
        flops: teraflops * 1e12,
        bandwidth: gigabytes * 1e9,
        memory: memory * (1u64 << 30) as f64,
    }
}

/// The chips that are known.
pub const CHIPS: [Chip; 8] = [
    chip("v2", 46.0, 700.0, 16.0),
    chip("v3", 123.0, 900.0, 32.0),
    chip("v4", 275.0, 1200.0, 32.0),
    chip("v5e", 197.0, 819.0, 16.0),
    chip("v5p", 459.0, 2765.0, 95.0),
    chip("v6e", 918.0, 1640.0, 32.0),
    chip("tpu7x", 2307.0, 7380.0, 192.0),
    chip("h100", 989.0, 3350.0, 80.0),
];

/// Where a program is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of plugin.
    pub kind: Kind,
    /// The name after it, empty for the devices that are there: `v5e:2x2`, `h100`.
    pub topology: String,
}

impl FromStr for Target {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Target, String> {
        let (kind, topology) = s.split_once(':').unwrap_or((s, ""));
        let kind: Kind = kind.parse()?;
        let target = Target {
            kind,
            topology: topology.into(),
        };
        match kind {
            Kind::Cpu if !topology.is_empty() => Err(format!("{s}: a cpu has no topology")),
            Kind::Cuda if !topology.is_empty() && topology != "h100" => {
                Err(format!("{s}: ahead of time there is cuda:h100 only"))
            }
            Kind::Tpu if !topology.is_empty() && target.shape().is_none() => {
                Err(format!("{s}: a topology is like v5e:2x2 or v5p:2x2x1"))
            }
            Kind::Cpu | Kind::Cuda | Kind::Tpu => Ok(target),
        }
    }
}

impl Target {
    /// The extents of a TPU's topology.
    fn shape(&self) -> Option<Vec<u64>> {
        let (_, shape) = self.topology.split_once(':')?;
        shape
            .split('x')
            .map(|n| n.parse().ok().filter(|n| *n > 0))
            .collect()
    }
    /// What one of the devices of a topology can do at most: a chip, or, where the plugin shows each core as a device, its share of one.
    pub fn device(&self, devices: usize) -> Option<Chip> {
        let name = self.topology.split(':').next()?;
        let chip = *CHIPS.iter().find(|c| c.name == name)?;
        let chips = self.shape().map_or(1, |s| s.iter().product::<u64>());
        let share = chips as f64 / devices.max(1) as f64;
        Some(Chip {
            name: chip.name,
            flops: chip.flops * share,
            bandwidth: chip.bandwidth * share,
            memory: chip.memory * share,
        })
    }
    /// Options of a compilation for it: XLA's GPU compiler is told where the CUDA files are that were installed with the plugin.
    pub fn compile_options(&self, plugin: &Plugin) -> CompileOptions {
        let options = CompileOptions::new();
        let cuda = plugin
            .path()
            .ancestors()
            .nth(3)
            .map(|p| p.join("nvidia/cu13"));
        match (self.kind, cuda) {
            (Kind::Cuda, Some(cuda)) if cuda.is_dir() => {
                let cuda = Flag::Text(cuda.display().to_string());
                options.flag("xla_gpu_cuda_data_dir", cuda)
            }
            _ => options,
        }
    }
    /// The devices of that name, from the plugin of that kind. No hardware is needed.
    pub fn open(&self, plugin: &Plugin) -> Result<Topology> {
        match self.kind {
            Kind::Cpu | Kind::Tpu => plugin.topology(&self.topology, &ClientOptions::new()),
            Kind::Cuda => {
                let options = ClientOptions::new()
                    .set("target_config", Value::Text(H100.into()))?
                    .set("topology", Value::Text("1x1x1".into()))?;
                plugin.topology(&self.topology, &options)
            }
        }
    }
}

/// The H100 SXM as XLA wants to be told of a GPU that is not there: a `GpuTargetConfigProto`.
const H100: &str = r#"
gpu_device_info {
  threads_per_block_limit: 1024
  threads_per_warp: 32
  shared_memory_per_block: 49152
  shared_memory_per_core: 233472
  threads_per_core_limit: 2048
  core_count: 132
  fpus_per_core: 128
  block_dim_limit_x: 2147483647
  block_dim_limit_y: 65535
  block_dim_limit_z: 65535
  memory_bandwidth: 3352320000000
  l2_cache_size: 52428800
  clock_rate_ghz: 1.98
  device_memory_size: 84978434048
  shared_memory_per_block_optin: 232448
  cuda_compute_capability { major: 9 minor: 0 }
  registers_per_core_limit: 65536
  registers_per_block_limit: 65536
}
platform_name: "CUDA"
dnn_version_info { major: 9 minor: 8 }
device_description_str: "NVIDIA H100 80GB HBM3"
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        let t: Target = "tpu:v2:2x2".parse().unwrap();
        assert_eq!((t.kind, t.topology.as_str()), (Kind::Tpu, "v2:2x2"));
        // Two cores a chip, each a device.
        assert_eq!(t.device(8).unwrap().flops, 23e12);
        assert_eq!(t.device(4).unwrap().bandwidth, 700e9);
        assert!("cpu".parse::<Target>().unwrap().device(1).is_none());
        for bad in [
            "gpu",
            "tpu:v5e",
            "tpu:v5e:2y2",
            "tpu:v5e:0x1",
            "cpu:x",
            "cuda:a100",
            "",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
        assert!("cuda:h100".parse::<Target>().unwrap().device(1).is_some());
    }
}
