//! Arrays on devices: uploading, downloading, copying.
//!
//! Invariants: a buffer keeps its client alive; it is destroyed once; it is never deleted while it can be reached, because giving it away
//! (see [`super::executable::Arg`]) takes the Rust value. Host memory that a plugin reads or writes lives until the event says that it is done.

use super::abi::{self, Args, RawBuffer, RawEvent};
use super::api::list;
use super::device::Device;
use super::element::{ArrayType, ElementType};
use super::error::{Error, Result};
use super::event::Event;
use super::host::HostArray;
use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;

/// An array on a device. It may still be computed: reading waits for it, and gives the error if that failed.
pub struct Buffer {
    pub(super) raw: *mut RawBuffer,
    device: Device,
    ty: ArrayType,
}

// SAFETY: the functions on buffers may be called from any thread.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// Buffers that the plugin made.
    ///
    /// # Safety
    /// The buffers are null, or alive, on that device, and given to the result.
    pub(super) unsafe fn adopt(
        device: &Device,
        raw: &[*mut RawBuffer],
        by: &'static str,
    ) -> Result<Vec<Buffer>> {
        // All first, so that all are destroyed when one of them is wrong.
        let mut buffers: Vec<Buffer> = raw
            .iter()
            .filter(|raw| !raw.is_null())
            .map(|raw| Buffer {
                raw: *raw,
                device: device.clone(),
                ty: ArrayType::new(ElementType::Pred, []),
            })
            .collect();
        if buffers.len() < raw.len() {
            return Err(Error::Nonsense {
                function: by,
                what: "no buffer".into(),
            });
        }
        for buffer in &mut buffers {
            buffer.ty = buffer.ask_type()?;
        }
        Ok(buffers)
    }
    /// One buffer that the plugin made.
    ///
    /// # Safety
    /// As for `adopt`.
    unsafe fn adopt_one(device: &Device, raw: *mut RawBuffer, by: &'static str) -> Result<Buffer> {
        // SAFETY: the caller's promise.
        let mut list = unsafe { Buffer::adopt(device, &[raw], by) }?;
        list.pop().ok_or_else(|| Error::Nonsense {
            function: by,
            what: "no buffer".into(),
        })
    }
    fn ask_type(&self) -> Result<ArrayType> {
        let api = &self.device.client.api;
        let mut element = abi::BufferElementType::new();
        element.buffer = self.raw;
        let mut dims = abi::BufferDimensions::new();
        dims.buffer = self.raw;
        // SAFETY: the buffer is alive, and its list of extents as long as it.
        let dims = unsafe {
            api.call(&abi::BUFFER_ELEMENT_TYPE, &mut element)?;
            api.call(&abi::BUFFER_DIMENSIONS, &mut dims)?;
            list(dims.dims, dims.num_dims)
        };
        let nonsense = |function, what: String| Error::Nonsense { function, what };
        let Some(element) = ElementType::from_number(element.element) else {
            let what = format!("element type {}", element.element);
            return Err(nonsense(abi::BUFFER_ELEMENT_TYPE.name, what));
        };
        let dims: std::result::Result<Vec<usize>, _> =
            dims.iter().map(|d| usize::try_from(*d)).collect();
        match dims {
            Ok(dims) => Ok(ArrayType::new(element, dims)),
            Err(_) => Err(nonsense(
                abi::BUFFER_DIMENSIONS.name,
                "a negative extent".into(),
            )),
        }
    }
    /// Its type.
    pub fn ty(&self) -> &ArrayType {
        &self.ty
    }
    /// Where it is.
    pub fn device(&self) -> &Device {
        &self.device
    }
    /// Bytes that it takes on its device.
    pub fn bytes_on_device(&self) -> Result<usize> {
        let mut args = abi::BufferSize::new();
        args.buffer = self.raw;
        // SAFETY: the buffer is alive.
        unsafe { self.device.client.api.call(&abi::BUFFER_SIZE, &mut args) }?;
        Ok(args.bytes)
    }
    /// When it is computed or copied, or that it failed.
    pub fn ready(&self) -> Result<Event> {
        let api = &self.device.client.api;
        let mut args = abi::BufferReady::new();
        args.buffer = self.raw;
        // SAFETY: the buffer is alive; the event is ours.
        unsafe {
            api.call(&abi::BUFFER_READY, &mut args)?;
            Ok(Event::new(api.clone(), args.event))
        }
    }
    /// Waits until it is computed or copied.
    pub fn wait(&self) -> Result<()> {
        self.ready()?.wait()
    }
    /// Copies it to the host.
    pub fn download(&self) -> Result<HostArray> {
        self.start_download_where(true)?.wait()
    }
    /// Copies them to the host: from other memory than the host's all at the same time.
    pub fn download_all(buffers: &[Buffer]) -> Result<Vec<HostArray>> {
        let started = buffers
            .iter()
            .map(|b| b.start_download_where(true))
            .collect::<Result<Vec<_>>>()?;
        started.into_iter().map(Download::wait).collect()
    }
    /// Starts copying it to the host. What is there already and in this process's memory is copied at once, without the plugin's threads.
    pub fn start_download(&self) -> Result<Download> {
        self.start_download_where(false)
    }
    /// Starts copying it to the host. Where this process can read the memory itself it does so, if it is computed or this may wait for that.
    pub(crate) fn start_download_where(&self, may_wait: bool) -> Result<Download> {
        let api = &self.device.client.api;
        let mut array = HostArray::zeros(self.ty.clone())?;
        if self.device.client.on_host {
            let ready = self.ready()?;
            if may_wait || ready.is_ready()? {
                ready.wait()?;
                if self.read(&mut array)? {
                    return Ok(Download {
                        event: None,
                        array: Some(array),
                    });
                }
            }
        }
        let order: Vec<i64> = (0..self.ty.dims.len() as i64).rev().collect();
        let mut layout = row_major(&order);
        let mut args = abi::BufferToHost::new();
        args.buffer = self.raw;
        args.host_layout = &mut layout;
        let target = array.raw_mut();
        args.dst_size = target.len();
        // A null pointer asks for the size: an array of no bytes needs another one.
        args.dst = match target {
            [] => std::ptr::NonNull::<u64>::dangling().as_ptr().cast(),
            bytes => bytes.as_mut_ptr().cast(),
        };
        // SAFETY: the buffer is alive; the target has that many bytes and lives in `Download` until the event is done.
        let event = unsafe {
            api.call(&abi::BUFFER_TO_HOST, &mut args)?;
            Event::new(api.clone(), args.event)
        };
        Ok(Download {
            event: Some(event),
            array: Some(array),
        })
    }
    /// Copies it out of this process's memory, if it lies there as on the host. It is computed, and the client is on the host.
    fn read(&self, array: &mut HostArray) -> Result<bool> {
        let target = array.raw_mut();
        if self.bytes_on_device()? != target.len() || !self.is_row_major()? {
            return Ok(false);
        }
        if !target.is_empty() {
            let source = self.pointer()?.cast::<u8>();
            if source.is_null() {
                return Ok(false);
            }
            // SAFETY: the client's devices are the host, so this is memory of this process, as long as was asked above. The buffer is alive and
            // computed; nobody writes it, as it is borrowed here and giving it away takes it. The target is no memory of the plugin.
            let source = unsafe { std::slice::from_raw_parts(source, target.len()) };
            target.copy_from_slice(source);
        }
        Ok(true)
    }
    /// Does the last axis change fastest, without tiles?
    fn is_row_major(&self) -> Result<bool> {
        if self.ty.dims.len() < 2 {
            return Ok(true);
        }
        let mut args = abi::BufferLayout::new();
        args.buffer = self.raw;
        // SAFETY: the buffer is alive, and the list as long as it.
        let order = unsafe {
            self.device
                .client
                .api
                .call(&abi::BUFFER_LAYOUT, &mut args)?;
            let tiled = &args.layout.tiled;
            list(tiled.minor_to_major, tiled.minor_to_major_size)
        };
        let axes = self.ty.dims.len() as i64;
        Ok(args.layout.kind == abi::TILED
            && args.layout.tiled.num_tiles == 0
            && order.iter().copied().eq((0..axes).rev()))
    }
    /// A copy on another device of the same client.
    pub fn copy_to(&self, device: &Device) -> Result<Buffer> {
        if !Arc::ptr_eq(&self.device.client, &device.client) {
            return Err(Error::Options {
                name: "device".into(),
                problem: format!("{device} is of another client"),
            });
        }
        let mut args = abi::BufferCopyToDevice::new();
        args.buffer = self.raw;
        args.device = device.raw;
        // SAFETY: buffer and device are alive, of one client; the copy is ours.
        unsafe {
            let api = &self.device.client.api;
            api.call(&abi::BUFFER_COPY_TO_DEVICE, &mut args)?;
            Buffer::adopt_one(device, args.copy, abi::BUFFER_COPY_TO_DEVICE.name)
        }
    }
    /// Where it is in the device's memory; for a CPU that is host memory. Only good for comparing.
    pub fn address(&self) -> Result<usize> {
        Ok(self.pointer()? as usize)
    }
    fn pointer(&self) -> Result<*mut c_void> {
        let mut args = abi::BufferPointer::new();
        args.buffer = self.raw;
        // SAFETY: the buffer is alive.
        unsafe { self.device.client.api.call(&abi::BUFFER_POINTER, &mut args) }?;
        Ok(args.pointer)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut args = abi::BufferDestroy::new();
        args.buffer = self.raw;
        // SAFETY: the buffer is alive and ours.
        unsafe {
            let api = &self.device.client.api;
            api.call_quietly(&abi::BUFFER_DESTROY, &mut args);
        }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} on {})", self.ty, self.device)
    }
}

/// A copy to the host that is under way. Dropping it waits: the plugin writes into its memory.
pub struct Download {
    /// None if it is there.
    event: Option<Event>,
    array: Option<HostArray>,
}

impl Download {
    /// Is it there?
    pub fn is_ready(&self) -> Result<bool> {
        self.event.as_ref().map_or(Ok(true), Event::is_ready)
    }
    /// Waits for it.
    pub fn wait(mut self) -> Result<HostArray> {
        if let Some(event) = &self.event {
            event.wait()?;
        }
        let Some(mut array) = self.array.take() else {
            return Err(Error::Host("downloaded before".into()));
        };
        array.normalise();
        Ok(array)
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if let (Some(_), Some(event)) = (&self.array, &self.event) {
            // Well or with an error: afterwards nobody writes.
            let _ = event.wait();
        }
    }
}

/// The layout in which the last axis is fastest, given the axes from the last to the first.
fn row_major(order: &[i64]) -> abi::MemoryLayout {
    let mut layout = abi::MemoryLayout::new();
    layout.tiled.struct_size = size_of::<abi::TiledLayout>();
    layout.tiled.minor_to_major = order.as_ptr();
    layout.tiled.minor_to_major_size = order.len();
    layout
}

/// Gives host memory to the plugin: the buffer, and the event after which the plugin does not read the memory any more.
fn give(array: &HostArray, device: &Device, semantics: i32) -> Result<(Buffer, Event)> {
    let client = &device.client;
    let ty = array.ty();
    let dims: Vec<i64> = ty.dims.iter().map(|d| *d as i64).collect();
    let mut args = abi::BufferFromHost::new();
    args.client = client.raw;
    args.data = array.bytes().as_ptr().cast::<c_void>();
    args.element = ty.element.number();
    args.dims = dims.as_ptr();
    args.num_dims = dims.len();
    args.semantics = semantics;
    args.device = device.raw;
    // SAFETY: client and device are alive; the data is as long as its type says, and the callers keep it as long as the semantics need.
    unsafe {
        client.api.call(&abi::BUFFER_FROM_HOST, &mut args)?;
        let done: *mut RawEvent = args.done_with_host_buffer;
        let done = Event::new(client.api.clone(), done);
        let buffer = Buffer::adopt_one(device, args.buffer, abi::BUFFER_FROM_HOST.name)?;
        Ok((buffer, done))
    }
}

/// A buffer with a copy of the host's array.
pub(super) fn copied(array: &HostArray, device: &Device) -> Result<Buffer> {
    let (buffer, done) = give(array, device, abi::ONLY_DURING_CALL)?;
    drop(done);
    Ok(buffer)
}

/// A buffer that may use the host's memory.
pub(super) fn shared(array: Arc<HostArray>, device: &Device) -> Result<Buffer> {
    let (buffer, done) = give(&array, device, abi::ZERO_COPY)?;
    // The closure owns the memory until the plugin is done with it.
    let Err(refused) = done.on_ready(Box::new(move |_| drop(array))) else {
        return Ok(buffer);
    };
    // In this order: without the buffer the plugin comes to be done, and then nobody reads the memory.
    drop(buffer);
    let _ = refused.event.wait();
    drop(refused.then);
    Err(refused.error)
}
