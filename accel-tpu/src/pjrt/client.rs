//! A running instance of a plugin: its devices, uploading to them, compiling for them.

use super::abi::{self, Args, RawClient};
use super::api::{Api, Plugin, list, string};
use super::buffer::{self, Buffer};
use super::device::Device;
use super::error::{Error, Result};
use super::executable::Executable;
use super::host::HostArray;
use super::options::{ClientOptions, CompileOptions, NamedValues};
use super::program::Text;
use std::fmt;
use std::sync::Arc;

/// A running instance of a plugin. Cheap to clone; use it from any thread. It ends when it and everything made by it are gone.
#[derive(Clone)]
pub struct Client {
    inner: Arc<ClientInner>,
    devices: Arc<[Device]>,
}

pub(super) struct ClientInner {
    pub(super) api: Arc<Api>,
    pub(super) raw: *mut RawClient,
    /// The plugin, for messages.
    pub(super) plugin: Plugin,
    /// Whether the memory of its devices is this process's.
    pub(super) on_host: bool,
}

// SAFETY: the functions on clients may be called from any thread.
unsafe impl Send for ClientInner {}
// SAFETY: as above.
unsafe impl Sync for ClientInner {}

impl ClientInner {
    fn platform(&self) -> Result<String> {
        let mut args = abi::ClientPlatformName::new();
        args.client = self.raw;
        // SAFETY: the client is alive, and the text as long as it.
        unsafe {
            self.api.call(&abi::CLIENT_PLATFORM_NAME, &mut args)?;
            Ok(string(args.text, args.text_size))
        }
    }
}

impl Drop for ClientInner {
    fn drop(&mut self) {
        let mut args = abi::ClientDestroy::new();
        args.client = self.raw;
        // SAFETY: the client is alive, and nothing made by it is: all of that holds a reference to this.
        unsafe { self.api.call_quietly(&abi::CLIENT_DESTROY, &mut args) };
    }
}

impl Plugin {
    /// Starts an instance. Without hardware that the plugin can drive this is an error; compiling ahead of time needs no client.
    pub fn client(&self, options: &ClientOptions) -> Result<Client> {
        let values = NamedValues::new(&options.values);
        let mut args = abi::ClientCreate::new();
        args.create_options = values.as_ptr();
        args.num_options = values.len();
        // SAFETY: the options live until the end of this function.
        unsafe { self.api.call(&abi::CLIENT_CREATE, &mut args) }?;
        if args.client.is_null() {
            return Err(Error::Nonsense {
                function: abi::CLIENT_CREATE.name,
                what: "no client".into(),
            });
        }
        let mut inner = ClientInner {
            api: self.api.clone(),
            raw: args.client,
            plugin: self.clone(),
            on_host: false,
        };
        inner.on_host = inner.platform()? == "cpu";
        let inner = Arc::new(inner);
        let mut args = abi::ClientAddressableDevices::new();
        args.client = inner.raw;
        // SAFETY: the client is alive, and its list of devices as long as it.
        let raw = unsafe {
            self.api.call(&abi::CLIENT_ADDRESSABLE_DEVICES, &mut args)?;
            list(args.devices, args.num_devices)
        };
        // SAFETY: these are the client's devices.
        let devices = raw
            .iter()
            .map(|d| unsafe { Device::new(inner.clone(), *d) })
            .collect::<Result<Vec<_>>>()?;
        if devices.is_empty() {
            return Err(Error::Nonsense {
                function: abi::CLIENT_ADDRESSABLE_DEVICES.name,
                what: "no devices".into(),
            });
        }
        Ok(Client {
            inner,
            devices: devices.into(),
        })
    }
}

impl Client {
    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        &self.inner.plugin
    }
    /// The devices of this process; there is at least one.
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }
    /// What it is: `cpu`, `tpu`, `cuda`.
    pub fn platform(&self) -> Result<String> {
        self.inner.platform()
    }
    /// Version of what is below the plugin.
    pub fn platform_version(&self) -> Result<String> {
        let mut args = abi::ClientPlatformVersion::new();
        args.client = self.inner.raw;
        // SAFETY: the client is alive, and the text as long as it.
        unsafe {
            let api = &self.inner.api;
            api.call(&abi::CLIENT_PLATFORM_VERSION, &mut args)?;
            Ok(string(args.text, args.text_size))
        }
    }
    /// Compiles a module of StableHLO text whose function is `@main`.
    pub fn compile(&self, stablehlo: &str, options: &CompileOptions) -> Result<Executable> {
        let text = Text::new(stablehlo)?;
        let program = text.program();
        let options = options.encode()?;
        let mut args = abi::ClientCompile::new();
        args.client = self.inner.raw;
        args.program = &program.raw;
        args.compile_options = options.as_ptr().cast();
        args.compile_options_size = options.len();
        // SAFETY: the client is alive; program and options live until the end of this function.
        unsafe {
            self.inner.api.call(&abi::CLIENT_COMPILE, &mut args)?;
            Executable::new(self.inner.clone(), args.executable, &self.devices)
        }
    }
    /// An executable from the bytes that [`Executable::serialize`] gave, with the same plugin on the same kind of machine.
    pub fn deserialize(&self, bytes: &[u8]) -> Result<Executable> {
        let mut args = abi::DeserializeAndLoad::new();
        args.client = self.inner.raw;
        args.bytes = bytes.as_ptr().cast();
        args.bytes_size = bytes.len();
        // SAFETY: the client is alive; the bytes live until the end of this function.
        unsafe {
            self.inner.api.call(&abi::DESERIALIZE_AND_LOAD, &mut args)?;
            Executable::new(self.inner.clone(), args.loaded, &self.devices)
        }
    }
    /// Copies an array to a device of this client. The host's array is not needed any more afterwards.
    pub fn upload(&self, array: &HostArray, device: &Device) -> Result<Buffer> {
        self.owns(device)?;
        buffer::copied(array, device)
    }
    /// An array on a device of this client that uses the host's memory itself where the device can, and else copies from it in the
    /// background. The memory is kept until the device is done with it.
    pub fn share(&self, array: Arc<HostArray>, device: &Device) -> Result<Buffer> {
        self.owns(device)?;
        buffer::shared(array, device)
    }
    fn owns(&self, device: &Device) -> Result<()> {
        if Arc::ptr_eq(&device.client, &self.inner) {
            return Ok(());
        }
        Err(Error::Options {
            name: "device".into(),
            problem: format!("{device} is of another client"),
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.devices.len();
        write!(f, "Client({:?}, {n} devices)", self.inner.plugin)
    }
}
