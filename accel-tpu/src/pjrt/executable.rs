//! Programs that are compiled for the devices of a client: running them.
//!
//! Plugins do not check the types of arguments: a wrong one is read as if it were right. So they are checked here, against what XLA's own
//! optimised program takes; that also holds for programs that are spread over devices, and for executables from a file.

use super::abi::{self, Args, RawBuffer, RawEvent, RawLoaded};
use super::api::list;
use super::buffer::{self, Buffer};
use super::client::ClientInner;
use super::compiled::Compiled;
use super::device::Device;
use super::error::{Error, Result};
use super::event::Event;
use super::hlo::Signature;
use super::host::HostArray;
use std::fmt;
use std::ptr;
use std::sync::Arc;

/// A program on the devices of a client. Cheap to clone; run it from any thread.
#[derive(Clone)]
pub struct Executable {
    inner: Arc<Inner>,
}

struct Inner {
    loaded: Loaded,
    compiled: Compiled,
    devices: Vec<Device>,
    signature: Signature,
    output_count: usize,
}

struct Loaded {
    client: Arc<ClientInner>,
    raw: *mut RawLoaded,
}

// SAFETY: the functions on executables may be called from any thread.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

impl Drop for Loaded {
    fn drop(&mut self) {
        let mut args = abi::LoadedDestroy::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive and ours.
        unsafe {
            let api = &self.client.api;
            api.call_quietly(&abi::LOADED_DESTROY, &mut args);
        }
    }
}

/// An argument of an execution: kept by the caller, or given away.
///
/// A program may overwrite an argument with a result ([`Signature::donated`]). It does so with arguments that are given away, and works on a
/// copy of those that are kept.
pub enum Arg<'a> {
    /// It stays as it is.
    Keep(&'a Buffer),
    /// Its memory may be used for results.
    Give(Buffer),
}

impl Arg<'_> {
    fn buffer(&self) -> &Buffer {
        match self {
            Arg::Keep(b) => b,
            Arg::Give(b) => b,
        }
    }
}

impl<'a> From<&'a Buffer> for Arg<'a> {
    fn from(b: &'a Buffer) -> Arg<'a> {
        Arg::Keep(b)
    }
}

impl From<Buffer> for Arg<'_> {
    fn from(b: Buffer) -> Self {
        Arg::Give(b)
    }
}

impl Executable {
    /// # Safety
    /// The executable is null, or alive, of that client, and given to the result. `devices` are the client's.
    pub(super) unsafe fn new(
        client: Arc<ClientInner>,
        raw: *mut RawLoaded,
        devices: &[Device],
    ) -> Result<Executable> {
        let nonsense = |function, what: &str| Error::Nonsense {
            function,
            what: what.into(),
        };
        if raw.is_null() {
            return Err(nonsense(abi::CLIENT_COMPILE.name, "no executable"));
        }
        let api = client.api.clone();
        let loaded = Loaded { client, raw };
        let mut inner = abi::LoadedExecutable::new();
        inner.loaded = raw;
        let mut on = abi::LoadedDevices::new();
        on.executable = raw;
        // SAFETY: the executable is alive; the inner one is ours; the list of devices lives as long as the executable.
        let (compiled, on) = unsafe {
            api.call(&abi::LOADED_EXECUTABLE, &mut inner)?;
            let compiled = Compiled::new(api.clone(), inner.executable);
            api.call(&abi::LOADED_DEVICES, &mut on)?;
            (compiled, list(on.devices, on.num_devices))
        };
        let devices: Vec<Device> = on
            .iter()
            .filter_map(|raw| devices.iter().find(|d| d.raw == *raw).cloned())
            .collect();
        if devices.is_empty() || devices.len() != on.len() {
            return Err(nonsense(
                abi::LOADED_DEVICES.name,
                "devices that the client has not",
            ));
        }
        let signature = compiled.optimized()?.signature()?;
        let output_count = compiled.outputs()?;
        if signature.outputs.len() != output_count {
            return Err(nonsense(
                abi::EXECUTABLE_OPTIMIZED.name,
                "a program with another number of results than the executable",
            ));
        }
        let inner = Inner {
            loaded,
            compiled,
            devices,
            signature,
            output_count,
        };
        Ok(Executable {
            inner: Arc::new(inner),
        })
    }
    /// Types of arguments and results on each device.
    pub fn signature(&self) -> &Signature {
        &self.inner.signature
    }
    /// Where it runs; the first device unless the options of its compilation say otherwise.
    pub fn devices(&self) -> &[Device] {
        &self.inner.devices
    }
    /// What it costs, and what became of the program.
    pub fn compiled(&self) -> &Compiled {
        &self.inner.compiled
    }
    /// As bytes for [`super::Client::deserialize`].
    pub fn serialize(&self) -> Result<Vec<u8>> {
        self.inner.compiled.serialize()
    }
    /// Are these arguments right for the device of that number? `execute` asks this itself.
    pub fn check(&self, args: &[Arg<'_>], device: usize) -> Result<()> {
        let inputs = &self.inner.signature.inputs;
        if args.len() != inputs.len() {
            return Err(Error::ArgumentCount {
                expected: inputs.len(),
                found: args.len(),
            });
        }
        let device = &self.inner.devices[device];
        for (index, (arg, expected)) in args.iter().zip(inputs).enumerate() {
            let buffer = arg.buffer();
            if buffer.ty() != expected {
                return Err(Error::ArgumentType {
                    index,
                    expected: expected.clone(),
                    found: buffer.ty().clone(),
                });
            }
            if buffer.device() != device {
                let other = !Arc::ptr_eq(&buffer.device().client, &device.client);
                let of = if other { " of another client" } else { "" };
                return Err(Error::ArgumentDevice {
                    index,
                    expected: device.to_string(),
                    found: format!("{}{of}", buffer.device()),
                });
            }
        }
        Ok(())
    }
    /// Runs on one device. The results may still be computed when this returns; reading them waits. Arguments that are given away are gone
    /// also when this fails.
    pub fn execute(&self, args: Vec<Arg<'_>>) -> Result<Vec<Buffer>> {
        let mut results = self.execute_on_all(vec![args])?;
        Ok(results.pop().unwrap_or_default())
    }
    /// Runs on all its devices at once: a list of arguments for each, in the order of [`Executable::devices`]; results likewise. An argument is
    /// given away only if it is on every device.
    pub fn execute_on_all(&self, args: Vec<Vec<Arg<'_>>>) -> Result<Vec<Vec<Buffer>>> {
        let inner = &*self.inner;
        if args.len() != inner.devices.len() {
            return Err(Error::DeviceCount {
                expected: inner.devices.len(),
                found: args.len(),
            });
        }
        for (i, list) in args.iter().enumerate() {
            self.check(list, i)?;
        }
        let kept: Vec<i64> = inner
            .signature
            .donated
            .iter()
            .filter(|i| {
                args.iter()
                    .any(|list| matches!(list.get(**i), Some(Arg::Keep(_))))
            })
            .map(|i| *i as i64)
            .collect();
        let raw: Vec<Vec<*mut RawBuffer>> = args
            .iter()
            .map(|list| list.iter().map(|a| a.buffer().raw).collect())
            .collect();
        let raw: Vec<*const *mut RawBuffer> = raw.iter().map(|list| list.as_ptr()).collect();
        let mut outputs = vec![vec![ptr::null_mut(); inner.output_count]; args.len()];
        let lists: Vec<*mut *mut RawBuffer> =
            outputs.iter_mut().map(|list| list.as_mut_ptr()).collect();
        // Results carry their own errors; without any the events do.
        let mut events: Vec<*mut RawEvent> = match inner.output_count {
            0 => vec![ptr::null_mut(); args.len()],
            _ => Vec::new(),
        };
        let mut options = abi::ExecuteOptions::new();
        options.non_donatable_input_indices = kept.as_ptr();
        options.num_non_donatable_input_indices = kept.len();
        let mut call = abi::LoadedExecute::new();
        call.executable = inner.loaded.raw;
        call.options = &mut options;
        call.argument_lists = raw.as_ptr();
        call.num_devices = args.len();
        call.num_args = inner.signature.inputs.len();
        call.output_lists = lists.as_ptr();
        if !events.is_empty() {
            call.device_complete_events = events.as_mut_ptr();
        }
        let api = &inner.loaded.client.api;
        // SAFETY: executable and buffers are alive, of one client; arguments were checked; each list of results has room for all of them;
        // everything pointed to lives until the end of this function.
        let called = unsafe { api.call(&abi::LOADED_EXECUTE, &mut call) };
        let events: Vec<Event> = events
            .into_iter()
            // SAFETY: the plugin gave these events to us, or left them null.
            .map(|raw| unsafe { Event::new(api.clone(), raw) })
            .collect();
        called?;
        // SAFETY: the plugin gave these buffers to us, on the device of the list.
        let results: Vec<Result<Vec<Buffer>>> = outputs
            .iter()
            .zip(&inner.devices)
            .map(|(raw, device)| unsafe { Buffer::adopt(device, raw, abi::LOADED_EXECUTE.name) })
            .collect();
        for event in &events {
            event.wait()?;
        }
        results.into_iter().collect()
    }
    /// Uploads, runs on one device, and downloads.
    pub fn run(&self, args: &[HostArray]) -> Result<Vec<HostArray>> {
        let device = &self.inner.devices[0];
        let args = args
            .iter()
            .map(|a| buffer::copied(a, device).map(Arg::Give))
            .collect::<Result<Vec<_>>>()?;
        Buffer::download_all(&self.execute(args)?)
    }
}

impl fmt::Debug for Executable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = &self.inner.signature;
        let (n, m) = (s.inputs.len(), s.outputs.len());
        let d = self.inner.devices.len();
        write!(f, "Executable({n} arguments, {m} results, {d} devices)")
    }
}
