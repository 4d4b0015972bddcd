//! The packages that plugins come in, with the versions and checksums that this release was tried with: the one place to change them.

use std::fmt;
use std::str::FromStr;

/// What a plugin drives.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The processor.
    Cpu,
    /// Google's TPUs; compiles for them also where there is none.
    Tpu,
    /// NVIDIA's GPUs.
    Cuda,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Cpu, Kind::Tpu, Kind::Cuda];
    /// The name: `cpu`, `tpu`, `cuda`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Cpu => "cpu",
            Kind::Tpu => "tpu",
            Kind::Cuda => "cuda",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(s: &str) -> Result<Kind, String> {
        let found = Kind::ALL.into_iter().find(|k| k.name() == s);
        found.ok_or_else(|| format!("{s}: there are cpu, tpu and cuda"))
    }
}

/// A file of the package index.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// The package.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of the file.
    pub sha256: &'static str,
    /// Bytes of the file.
    pub bytes: u64,
}

/// A plugin as a package.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it drives.
    pub kind: Kind,
    /// The file that has the plugin.
    pub wheel: Wheel,
    /// The shared library in it.
    pub library: &'static str,
    /// The version of Python in the file's name, if it names one. (Nothing of Python is used.)
    pub python: Option<&'static str>,
    /// The platform in the file's name.
    pub platform: &'static str,
    /// What the plugin needs besides: the assembler and the mathematical library of CUDA.
    pub extra: &'static [Wheel],
    /// One line about it.
    pub about: &'static str,
}

/// The packages, the preferred one of each kind first.
pub const PACKAGES: &[Package] = &[
    Package {
        kind: Kind::Cpu,
        wheel: Wheel {
            name: "lammps-jax-pjrt-cpu",
            version: "0.11.2",
            sha256: "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1",
            bytes: 62_711_338,
        },
        library: "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
        python: None,
        platform: "manylinux_2_27_x86_64",
        extra: &[],
        about: "XLA for CPUs; follows the releases of JAX",
    },
    Package {
        kind: Kind::Cpu,
        wheel: Wheel {
            name: "xla-cpu-pjrt",
            version: "0.0.1",
            sha256: "55837b6b7b47daa717f2d9a5a03563ea0ceaa338d06a81a1e2d3f060d960decc",
            bytes: 63_461_052,
        },
        library: "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
        python: None,
        platform: "manylinux_2_27_x86_64",
        extra: &[],
        about: "XLA for CPUs, older; also tells what a program costs",
    },
    Package {
        kind: Kind::Tpu,
        wheel: Wheel {
            name: "libtpu",
            version: "0.0.52",
            sha256: "f5e2e596eaea9357fbb5a6755a7a9007c6ab75bfde4a55191b03eff402971140",
            bytes: 137_064_406,
        },
        library: "libtpu/libtpu.so",
        python: Some("3.11"),
        platform: "manylinux_2_31_x86_64",
        extra: &[],
        about: "XLA for TPUs; compiles ahead of time on any machine",
    },
    Package {
        kind: Kind::Cuda,
        wheel: Wheel {
            name: "jax-cuda13-pjrt",
            version: "0.12.0.1",
            sha256: "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90",
            bytes: 134_922_808,
        },
        library: "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
        python: None,
        platform: "manylinux_2_27_x86_64",
        extra: &[
            Wheel {
                name: "nvidia-cuda-nvcc",
                version: "13.5.37",
                sha256: "f5c4f7ead5d964fb4af42bbf1e6d3ec3c1e6e9d83b53749f691d387e7fcaa3a7",
                bytes: 47_028_279,
            },
            Wheel {
                name: "nvidia-nvvm",
                version: "13.5.37",
                sha256: "c41bfa362e407405163f103c2229f0765f8cc2ed7d148b754dc77f228bf7e070",
                bytes: 75_141_406,
            },
        ],
        about: "XLA for NVIDIA GPUs, CUDA 13; compiles ahead of time on any machine",
    },
];

impl Package {
    /// The package of that name, or the preferred one of the kind.
    pub fn find(kind: Kind, name: Option<&str>) -> Option<&'static Package> {
        PACKAGES
            .iter()
            .find(|p| p.kind == kind && name.is_none_or(|n| n == p.wheel.name))
    }
    /// Bytes to download.
    pub fn bytes(&self) -> u64 {
        self.extra.iter().fold(self.wheel.bytes, |n, w| n + w.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_package_and_every_checksum_is_one() {
        for kind in Kind::ALL {
            assert!(Package::find(kind, None).is_some());
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("gpu".parse::<Kind>().is_err());
        for p in PACKAGES {
            for w in p.extra.iter().chain([&p.wheel]) {
                assert_eq!(w.sha256.len(), 64, "{}", w.name);
                assert!(w.sha256.bytes().all(|b| b.is_ascii_hexdigit()));
            }
            assert_eq!(Package::find(p.kind, Some(p.wheel.name)), Some(p));
        }
        assert_eq!(Package::find(Kind::Tpu, Some("xla-cpu-pjrt")), None);
    }
}
