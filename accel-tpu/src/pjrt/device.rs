//! Devices of a client, and what is known of devices.

use super::abi::{self, Args, RawDescription, RawDevice};
use super::api::{Api, named_values, string};
use super::client::ClientInner;
use super::error::Result;
use super::options::Value;
use std::fmt;
use std::sync::Arc;

/// A device of a client. Cheap to clone.
#[derive(Clone)]
pub struct Device {
    pub(super) client: Arc<ClientInner>,
    pub(super) raw: *mut RawDevice,
    id: i32,
}

// SAFETY: a device is not changed after its client was made, and lives as long as it.
unsafe impl Send for Device {}
// SAFETY: as above.
unsafe impl Sync for Device {}

/// What is known of a device, present or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Its number among the devices of all processes.
    pub id: i32,
    /// The process that it belongs to.
    pub process: i32,
    /// What it is: `cpu`, `TPU v5 lite`, `NVIDIA H100`.
    pub kind: String,
    /// More, by name: coordinates, for example.
    pub attributes: Vec<(String, Value)>,
}

/// Memory of a device at this moment, as far as the plugin tells.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DeviceMemory {
    /// Bytes that are taken.
    pub in_use: i64,
    /// Most bytes that were ever taken.
    pub peak: Option<i64>,
    /// So many there are.
    pub limit: Option<i64>,
}

impl Device {
    /// # Safety
    /// The device is one of the client's.
    pub(super) unsafe fn new(client: Arc<ClientInner>, raw: *mut RawDevice) -> Result<Device> {
        let mut device = Device { client, raw, id: 0 };
        let mut args = abi::DescriptionId::new();
        args.description = device.raw_description()?;
        // SAFETY: the description is the device's.
        unsafe { device.client.api.call(&abi::DESCRIPTION_ID, &mut args) }?;
        device.id = args.id;
        Ok(device)
    }
    fn raw_description(&self) -> Result<*mut RawDescription> {
        let mut args = abi::DeviceDescription::new();
        args.device = self.raw;
        // SAFETY: the device is its client's, which is alive.
        unsafe { self.client.api.call(&abi::DEVICE_DESCRIPTION, &mut args) }?;
        Ok(args.description)
    }
    /// Its number among the devices of all processes.
    pub fn id(&self) -> i32 {
        self.id
    }
    /// What is known of it.
    pub fn description(&self) -> Result<Description> {
        // SAFETY: the description is the device's.
        unsafe { describe(&self.client.api, self.raw_description()?) }
    }
    /// How much of its memory is in use; plugins for CPUs do not tell.
    pub fn memory(&self) -> Result<DeviceMemory> {
        let mut args = abi::DeviceMemoryStats::new();
        args.device = self.raw;
        // SAFETY: the device is its client's, which is alive.
        unsafe { self.client.api.call(&abi::DEVICE_MEMORY_STATS, &mut args) }?;
        Ok(DeviceMemory {
            in_use: args.bytes_in_use,
            peak: args
                .peak_bytes_in_use_is_set
                .then_some(args.peak_bytes_in_use),
            limit: args.bytes_limit_is_set.then_some(args.bytes_limit),
        })
    }
}

impl PartialEq for Device {
    fn eq(&self, other: &Device) -> bool {
        self.raw == other.raw
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "device {}", self.id)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({})", self.id)
    }
}

/// What the plugin says of a device.
///
/// # Safety
/// The description is alive.
pub(super) unsafe fn describe(api: &Api, raw: *mut RawDescription) -> Result<Description> {
    let mut id = abi::DescriptionId::new();
    id.description = raw;
    let mut process = abi::DescriptionProcess::new();
    process.description = raw;
    let mut kind = abi::DescriptionKind::new();
    kind.description = raw;
    let mut attributes = abi::DescriptionAttributes::new();
    attributes.description = raw;
    // SAFETY: the description is alive, and so is what the plugin gives about it.
    unsafe {
        api.call(&abi::DESCRIPTION_ID, &mut id)?;
        api.call(&abi::DESCRIPTION_PROCESS, &mut process)?;
        api.call(&abi::DESCRIPTION_KIND, &mut kind)?;
        api.call(&abi::DESCRIPTION_ATTRIBUTES, &mut attributes)?;
        Ok(Description {
            id: id.id,
            process: process.process_index,
            kind: string(kind.text, kind.text_size),
            attributes: named_values(attributes.attributes, attributes.num_attributes),
        })
    }
}
