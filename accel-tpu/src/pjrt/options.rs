//! Options of clients and of compilations, checked before a plugin sees them: some values end the process inside of a plugin.

use super::abi::{self, Args, NamedValue};
use super::error::{Error, Result};
use super::proto::Writer;
use std::num::NonZeroU32;

/// A value of one of the five types that options and attributes have.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each name says all")]
pub enum Value {
    Text(String),
    Int(i64),
    Ints(Vec<i64>),
    Float(f32),
    Bool(bool),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Int(_) => "an integer",
            Value::Ints(_) => "a list of integers",
            Value::Float(_) => "a float",
            Value::Bool(_) => "true or false",
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(x) => write!(f, "{x}"),
            Value::Int(x) => write!(f, "{x}"),
            Value::Ints(x) => {
                let x: Vec<String> = x.iter().map(i64::to_string).collect();
                write!(f, "{}", x.join("."))
            }
            Value::Float(x) => write!(f, "{x}"),
            Value::Bool(x) => write!(f, "{x}"),
        }
    }
}

/// Named values as a plugin takes them, alive as long as this.
pub(super) struct NamedValues<'a> {
    list: Vec<NamedValue>,
    values: std::marker::PhantomData<&'a [(String, Value)]>,
}

impl<'a> NamedValues<'a> {
    pub(super) fn new(values: &'a [(String, Value)]) -> NamedValues<'a> {
        let list = values
            .iter()
            .map(|(name, value)| {
                let mut v = NamedValue::new();
                v.name = name.as_ptr().cast();
                v.name_size = name.len();
                v.value_size = 1;
                match value {
                    Value::Text(x) => {
                        v.kind = abi::KIND_STRING;
                        v.value.string = x.as_ptr().cast();
                        v.value_size = x.len();
                    }
                    Value::Int(x) => {
                        v.kind = abi::KIND_INT;
                        v.value.int = *x;
                    }
                    Value::Ints(x) => {
                        v.kind = abi::KIND_INTS;
                        v.value.ints = x.as_ptr();
                        v.value_size = x.len();
                    }
                    Value::Float(x) => {
                        v.kind = abi::KIND_FLOAT;
                        v.value.float = *x;
                    }
                    Value::Bool(x) => {
                        v.kind = abi::KIND_BOOL;
                        v.value.bool = *x;
                    }
                }
                v
            })
            .collect();
        NamedValues {
            list,
            values: std::marker::PhantomData,
        }
    }
    pub(super) fn as_ptr(&self) -> *const NamedValue {
        self.list.as_ptr()
    }
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}

/// Options of a client or a topology whose type is known. A plugin may end the process over one of another type.
const TYPES: &[(&str, Value)] = &[
    ("cpu_device_count", Value::Int(0)),
    ("visible_devices", Value::Ints(Vec::new())),
    ("memory_fraction", Value::Float(0.0)),
    ("preallocate", Value::Bool(false)),
    ("allocator", Value::Text(String::new())),
    ("node_id", Value::Int(0)),
    ("num_nodes", Value::Int(0)),
    ("chips_per_host_bounds", Value::Ints(Vec::new())),
    ("target_config", Value::Text(String::new())),
    ("topology", Value::Text(String::new())),
];

/// Most virtual devices of a CPU client: each takes threads.
pub const MOST_CPU_DEVICES: u32 = 1024;

/// What a client is made with.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    pub(super) values: Vec<(String, Value)>,
}

impl ClientOptions {
    /// The plugin's own choices. How many devices a CPU has differs between plugins.
    pub fn new() -> ClientOptions {
        ClientOptions::default()
    }
    /// So many virtual devices on a CPU, from 1 to [`MOST_CPU_DEVICES`].
    pub fn cpu_devices(self, count: u32) -> Result<ClientOptions> {
        self.set("cpu_device_count", Value::Int(count.into()))
    }
    /// Any option of the plugin, by name. Those of known names must have the right type.
    pub fn set(mut self, name: &str, value: Value) -> Result<ClientOptions> {
        check_option(name, &value)?;
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.into(), value));
        Ok(self)
    }
}

/// Is the value right for the option of that name?
pub(super) fn check_option(name: &str, value: &Value) -> Result<()> {
    let wrong = |problem: String| {
        Err(Error::Options {
            name: name.into(),
            problem,
        })
    };
    if let Some((_, known)) = TYPES.iter().find(|(n, _)| *n == name)
        && known.kind() != value.kind()
    {
        return wrong(format!("it takes {}, not {}", known.kind(), value.kind()));
    }
    if let ("cpu_device_count", Value::Int(n)) = (name, value)
        && !(1..=i64::from(MOST_CPU_DEVICES)).contains(n)
    {
        return wrong(format!("{n} is not from 1 to {MOST_CPU_DEVICES}"));
    }
    Ok(())
}

/// How a program is compiled: for how many devices, and flags of XLA.
#[derive(Clone, Debug, PartialEq)]
pub struct CompileOptions {
    replicas: NonZeroU32,
    partitions: NonZeroU32,
    shardy: bool,
    devices: Option<Vec<u32>>,
    flags: Vec<(String, Flag)>,
}

/// The value of a flag of XLA.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each name says all")]
pub enum Flag {
    Text(String),
    Bool(bool),
    Int(i64),
    Float(f64),
}

impl Default for CompileOptions {
    fn default() -> CompileOptions {
        CompileOptions {
            replicas: NonZeroU32::MIN,
            partitions: NonZeroU32::MIN,
            shardy: true,
            devices: None,
            flags: Vec::new(),
        }
    }
}

impl CompileOptions {
    /// For one device.
    pub fn new() -> CompileOptions {
        CompileOptions::default()
    }
    /// So many copies of the program, each with its own arguments.
    pub fn replicas(mut self, n: NonZeroU32) -> CompileOptions {
        self.replicas = n;
        self
    }
    /// One program spread over so many devices as its sharding annotations say.
    pub fn partitions(mut self, n: NonZeroU32) -> CompileOptions {
        self.partitions = n;
        self
    }
    /// Whether sharding annotations are Shardy's (`sdy.sharding`, the default) or GSPMD's (`mhlo.sharding`).
    pub fn shardy(mut self, shardy: bool) -> CompileOptions {
        self.shardy = shardy;
        self
    }
    /// The ids of the devices: for each partition, one for each replica. Without this the plugin chooses.
    pub fn devices(mut self, ids: impl Into<Vec<u32>>) -> CompileOptions {
        self.devices = Some(ids.into());
        self
    }
    /// A flag of XLA for this program: `xla_cpu_enable_fast_math`, say. Plugins refuse names that they do not know.
    pub fn flag(mut self, name: &str, value: Flag) -> CompileOptions {
        self.flags.retain(|(n, _)| n != name);
        self.flags.push((name.into(), value));
        self
    }
    /// How many devices the executable runs on.
    pub fn device_count(&self) -> u64 {
        u64::from(self.replicas.get()) * u64::from(self.partitions.get())
    }
    /// As the C interface takes them: a `CompileOptionsProto`.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        if let Some(ids) = &self.devices {
            let wrong = |problem: String| {
                Err(Error::Options {
                    name: "devices".into(),
                    problem,
                })
            };
            if ids.len() as u64 != self.device_count() {
                let (n, m) = (ids.len(), self.device_count());
                return wrong(format!("{n} ids for {m} devices"));
            }
            let mut sorted = ids.clone();
            sorted.sort_unstable();
            if let Some(pair) = sorted.windows(2).find(|w| w[0] == w[1]) {
                return wrong(format!("{} is named twice", pair[0]));
            }
        }
        let mut w = Writer::default();
        w.message(3, |build| {
            build
                .int(1, -1)
                .int(4, self.replicas.get().into())
                .int(5, self.partitions.get().into());
            if self.partitions.get() > 1 {
                build.int(6, 1);
                if self.shardy {
                    build.int(19, 1);
                }
            }
            if let Some(ids) = &self.devices {
                build.message(9, |assignment| {
                    assignment
                        .int(1, self.replicas.get().into())
                        .int(2, self.partitions.get().into());
                    for partition in ids.chunks(self.replicas.get() as usize) {
                        assignment.message(3, |computation| {
                            for id in partition {
                                computation.int(1, (*id).into());
                            }
                        });
                    }
                });
            }
        });
        for (name, value) in &self.flags {
            w.message(7, |entry| {
                entry.bytes(1, name.as_bytes()).message(2, |v| {
                    match value {
                        Flag::Text(x) => v.bytes(1, x.as_bytes()),
                        Flag::Bool(x) => v.int(2, (*x).into()),
                        Flag::Int(x) => v.int(3, *x),
                        Flag::Float(x) => v.double(4, *x),
                    };
                });
            });
        }
        Ok(w.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_end_processes_are_refused() {
        assert!(ClientOptions::new().cpu_devices(8).is_ok());
        assert!(ClientOptions::new().cpu_devices(0).is_err());
        assert!(ClientOptions::new().cpu_devices(1 << 20).is_err());
        for value in [Value::Int(-3), Value::Text("8".into()), Value::Float(8.0)] {
            let e = ClientOptions::new().set("cpu_device_count", value);
            assert!(matches!(e, Err(Error::Options { .. })));
        }
        let n = NonZeroU32::new(2).unwrap();
        let twice = CompileOptions::new().replicas(n).devices([1, 1]);
        assert!(twice.encode().unwrap_err().to_string().contains("twice"));
        let few = CompileOptions::new().replicas(n).devices([1]);
        assert!(few.encode().is_err());
    }

    #[test]
    fn one_replica_and_one_partition_are_always_written() {
        let bytes = CompileOptions::new().encode().unwrap();
        let minus_one = [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        assert_eq!(bytes, [&[26, 15][..], &minus_one, &[32, 1, 40, 1]].concat());
    }
}
