//! The functions of the table.

use crate::abi::{self, Args, Function, NamedValue, RawDevice, RawError, RawEvent, Slot};
use crate::objects::{
    self, Buffer, Bytes, Client, Event, Executable, Later, Loaded, get, make, take,
};
use crate::program::{Plan, Type};
use crate::wishes::{self, count};
use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::{mem, ptr, slice};

type Answer = Result<(), (i32, String)>;

const DEAD: &str = "no living object";

fn dead() -> (i32, String) {
    (13, DEAD.into())
}

/// A new event's handle.
fn event(later: &Arc<Later>) -> *mut RawEvent {
    make(Event(later.clone()))
}

/// Counts a call, and fails it if the test wishes so.
fn enter<A>(slot: &Slot<A>, size: usize) -> Answer {
    let calls = count(format!("calls {}", slot.name), 1) as u64;
    if size < mem::size_of::<A>() {
        return Err((3, format!("{} bytes of arguments", size)));
    }
    let wish = wishes::get()
        .fail
        .iter()
        .find(|f| f.slot == slot.index && (f.nth == 0 || f.nth == calls));
    wish.map_or(Ok(()), |f| Err((f.code, f.message.clone())))
}

macro_rules! functions {
    ($($slot:ident $args:ident |$a:ident| $body:block)*) => {
        /// All but the functions on errors, with their slots.
        fn most() -> Vec<(usize, Function)> {
            let mut list: Vec<(usize, Function)> = Vec::new();
            $({
                fn body($a: &mut abi::$args) -> Answer {
                    enter(&abi::$slot, $a.struct_size)?;
                    $body
                }
                unsafe extern "C" fn f(raw: *mut c_void) -> *mut RawError {
                    // SAFETY: the caller gives the structure of this slot.
                    match body(unsafe { &mut *raw.cast() }) {
                        Ok(()) => ptr::null_mut(),
                        Err((code, message)) => objects::error(code, &message),
                    }
                }
                list.push((abi::$slot.index, f));
            })*
            list
        }
    };
}

/// Every function with its slot.
pub fn all() -> Vec<(usize, Function)> {
    let mut list = most();
    // SAFETY: these two give nothing, which callers of these slots know; function pointers have one size.
    unsafe {
        let quiet = |f: unsafe extern "C" fn(*mut c_void)| {
            mem::transmute::<unsafe extern "C" fn(*mut c_void), Function>(f)
        };
        list.push((abi::ERROR_DESTROY.index, quiet(error_destroy)));
        list.push((abi::ERROR_MESSAGE.index, quiet(error_message)));
    }
    list
}

unsafe extern "C" fn error_destroy(raw: *mut c_void) {
    // SAFETY: the caller gives the structure of this slot.
    let a = unsafe { &*raw.cast::<abi::ErrorDestroy>() };
    take::<objects::Error, _>(a.error);
}

unsafe extern "C" fn error_message(raw: *mut c_void) {
    // SAFETY: the caller gives the structure of this slot.
    let a = unsafe { &mut *raw.cast::<abi::ErrorMessage>() };
    if let Some(e) = get::<objects::Error, _>(a.error) {
        (a.message, a.message_size) = text(&e.message);
    }
}

fn text(s: &str) -> (*const c_char, usize) {
    (s.as_ptr().cast(), s.len())
}

/// Values that live as long as the process.
fn values(list: Vec<(String, i64)>) -> (*const NamedValue, usize) {
    let list: Vec<NamedValue> = list
        .into_iter()
        .map(|(name, n)| {
            let mut v = NamedValue::new();
            (v.name, v.name_size) = text(String::leak(name));
            (v.kind, v.value.int, v.value_size) = (abi::KIND_INT, n, 1);
            v
        })
        .collect();
    let list = Vec::leak(list);
    (list.as_ptr(), list.len())
}

/// A slice that the caller gave.
///
/// # Safety
/// That many values are there.
unsafe fn given<'a, T>(start: *const T, n: usize) -> &'a [T] {
    if n == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(start, n) }
}

/// A number among options.
///
/// # Safety
/// That many options are there.
unsafe fn option(start: *const NamedValue, n: usize, name: &str) -> Option<i64> {
    // SAFETY: the caller's promise.
    unsafe {
        given(start, n)
            .iter()
            .find(|v| {
                v.kind == abi::KIND_INT
                    && given(v.name.cast::<u8>(), v.name_size) == name.as_bytes()
            })
            .map(|v| v.value.int)
    }
}

/// The program in a structure. Plugins read past its end when it is wrong: the byte there has to be zero.
///
/// # Safety
/// The program is one.
unsafe fn plan(program: *const abi::Program) -> Result<Arc<Plan>, (i32, String)> {
    // SAFETY: the caller's promise, and the zero byte that callers of this crate put there.
    let (code, end) = unsafe {
        let p = &*program;
        let code = given(p.code.cast::<u8>(), p.code_size);
        (code, *p.code.add(p.code_size))
    };
    if end != 0 {
        return Err((13, "the program does not end in a zero byte".into()));
    }
    let text = String::from_utf8_lossy(code);
    Plan::parse(&text).map(Arc::new).map_err(|e| (3, e))
}

/// How many devices options of a compilation ask for: the number of replicas, which these tests keep in one byte.
fn replicas(options: &[u8]) -> usize {
    let at = options.windows(2).position(|w| w[0] == 32);
    at.map_or(1, |i| options[i + 1] as usize)
}

fn load(
    client: &Client,
    plan: Arc<Plan>,
    count: usize,
) -> Result<*mut abi::RawLoaded, (i32, String)> {
    let devices: Vec<*mut RawDevice> = client.devices.iter().copied().take(count).collect();
    if devices.len() < count {
        return Err((3, format!("{count} devices are not there")));
    }
    Ok(make(Loaded { plan, devices }))
}

fn describe(id: i32) -> *mut abi::RawDescription {
    make(objects::Description { id })
}

functions! {
    ERROR_GET_CODE ErrorGetCode |a| {
        a.code = get::<objects::Error, _>(a.error).ok_or_else(dead)?.code;
        Ok(())
    }
    PLUGIN_INITIALIZE PluginInitialize |_a| { Ok(()) }
    PLUGIN_ATTRIBUTES PluginAttributes |a| {
        (a.attributes, a.num_attributes) = values(wishes::counts().into_iter().collect());
        Ok(())
    }
    EVENT_DESTROY EventDestroy |a| {
        take::<Event, _>(a.event).map(drop).ok_or_else(dead)
    }
    EVENT_IS_READY EventIsReady |a| {
        a.is_ready = get::<Event, _>(a.event).ok_or_else(dead)?.0.is_done();
        Ok(())
    }
    EVENT_AWAIT EventAwait |a| {
        let later = get::<Event, _>(a.event).ok_or_else(dead)?.0.clone();
        later.wait()
    }
    EVENT_ON_READY EventOnReady |a| {
        let later = get::<Event, _>(a.event).ok_or_else(dead)?.0.clone();
        let callback = a.callback.ok_or((3, "no call back".to_string()))?;
        later.then(callback, a.user_arg);
        Ok(())
    }
    CLIENT_CREATE ClientCreate |a| {
        // SAFETY: the caller says how many options there are.
        let asked = unsafe { option(a.create_options, a.num_options, "cpu_device_count") };
        let n = asked.map_or(wishes::get().devices, |n| n as usize);
        let device = |id| make(objects::Device { description: describe(id) });
        a.client = make(Client { devices: (0..n as i32).map(device).collect() });
        Ok(())
    }
    CLIENT_DESTROY ClientDestroy |a| {
        take::<Client, _>(a.client).map(drop).ok_or_else(dead)
    }
    CLIENT_PLATFORM_NAME ClientPlatformName |a| {
        get::<Client, _>(a.client).ok_or_else(dead)?;
        let name = if wishes::get().cpu { "cpu" } else { "mock" };
        (a.text, a.text_size) = text(name);
        Ok(())
    }
    CLIENT_PLATFORM_VERSION ClientPlatformVersion |a| {
        get::<Client, _>(a.client).ok_or_else(dead)?;
        (a.text, a.text_size) = text("mock 1");
        Ok(())
    }
    CLIENT_ADDRESSABLE_DEVICES ClientAddressableDevices |a| {
        let c = get::<Client, _>(a.client).ok_or_else(dead)?;
        (a.devices, a.num_devices) = (c.devices.as_ptr(), c.devices.len());
        Ok(())
    }
    CLIENT_COMPILE ClientCompile |a| {
        let c = get::<Client, _>(a.client).ok_or_else(dead)?;
        // SAFETY: the caller gives a program and that many bytes of options.
        let (plan, options) = unsafe {
            (plan(a.program)?, given(a.compile_options.cast::<u8>(), a.compile_options_size))
        };
        a.executable = load(c, plan, replicas(options))?;
        Ok(())
    }
    BUFFER_FROM_HOST BufferFromHost |a| {
        get::<Client, _>(a.client).ok_or_else(dead)?;
        get::<objects::Device, _>(a.device).ok_or_else(dead)?;
        // SAFETY: the caller gives that many extents.
        let dims = unsafe { given(a.dims, a.num_dims) };
        let ty = Type::of(a.element, dims).ok_or((12, "no such element type".to_string()))?;
        // SAFETY: the data has the size of its type.
        let data = unsafe { given(a.data.cast::<u8>(), ty.bytes()) };
        let (bytes, done) = if a.semantics == abi::ZERO_COPY {
            let done = Arc::new(Later::default());
            (Bytes::Hosts(data.as_ptr(), data.len(), done.clone()), done)
        } else {
            (Bytes::Own(data.to_vec()), Later::done(Ok(())))
        };
        a.done_with_host_buffer = event(&done);
        let dims = dims.to_vec();
        a.buffer = make(Buffer { ty, dims, bytes, ready: Later::done(Ok(())) });
        Ok(())
    }
    DESCRIPTION_ID DescriptionId |a| {
        a.id = get::<objects::Description, _>(a.description).ok_or_else(dead)?.id;
        Ok(())
    }
    DESCRIPTION_PROCESS DescriptionProcess |a| {
        get::<objects::Description, _>(a.description).ok_or_else(dead)?;
        Ok(())
    }
    DESCRIPTION_ATTRIBUTES DescriptionAttributes |a| {
        get::<objects::Description, _>(a.description).ok_or_else(dead)?;
        (a.attributes, a.num_attributes) = values(vec![("core".into(), 0)]);
        Ok(())
    }
    DESCRIPTION_KIND DescriptionKind |a| {
        get::<objects::Description, _>(a.description).ok_or_else(dead)?;
        (a.text, a.text_size) = text("mock device");
        Ok(())
    }
    DEVICE_DESCRIPTION DeviceDescription |a| {
        a.description = get::<objects::Device, _>(a.device).ok_or_else(dead)?.description;
        Ok(())
    }
    DEVICE_MEMORY_STATS DeviceMemoryStats |a| {
        get::<objects::Device, _>(a.device).ok_or_else(dead)?;
        (a.bytes_in_use, a.bytes_limit, a.bytes_limit_is_set) = (10, 1000, true);
        Ok(())
    }
    EXECUTABLE_DESTROY ExecutableDestroy |a| {
        take::<Executable, _>(a.executable).map(drop).ok_or_else(dead)
    }
    EXECUTABLE_NAME ExecutableName |a| {
        get::<Executable, _>(a.executable).ok_or_else(dead)?;
        (a.text, a.text_size) = text("mock");
        Ok(())
    }
    EXECUTABLE_NUM_OUTPUTS ExecutableNumOutputs |a| {
        let plan = &get::<Executable, _>(a.executable).ok_or_else(dead)?.0;
        a.count = plan.outputs.len() - usize::from(wishes::get().few);
        Ok(())
    }
    EXECUTABLE_CODE_SIZE ExecutableCodeSize |a| {
        get::<Executable, _>(a.executable).ok_or_else(dead)?;
        a.bytes = 17;
        Ok(())
    }
    EXECUTABLE_COST ExecutableCost |a| {
        get::<Executable, _>(a.executable).ok_or_else(dead)?;
        (a.properties, a.num_properties) = values(vec![("flops".into(), 12)]);
        Ok(())
    }
    EXECUTABLE_OPTIMIZED ExecutableOptimized |a| {
        let hlo = get::<Executable, _>(a.executable).ok_or_else(dead)?.0.hlo();
        // SAFETY: the caller gives a structure, whose buffer is null, or has the size that the first call told.
        unsafe {
            let p = &mut *a.program;
            if !p.code.is_null() {
                if p.code_size < hlo.len() {
                    return Err((3, "too small".into()));
                }
                ptr::copy_nonoverlapping(hlo.as_ptr(), p.code.cast(), hlo.len());
            }
            p.code_size = hlo.len();
            (p.format, p.format_size) = text("hlo_with_config");
        }
        Ok(())
    }
    EXECUTABLE_SERIALIZE ExecutableSerialize |a| {
        let plan = &get::<Executable, _>(a.executable).ok_or_else(dead)?.0;
        unsafe extern "C" fn delete(owner: *mut abi::RawSerialized) {
            take::<objects::Serialized, _>(owner);
        }
        a.owner = make(objects::Serialized(plan.text.clone()));
        let kept = get::<objects::Serialized, _>(a.owner).ok_or_else(dead)?;
        (a.bytes, a.bytes_size) = text(&kept.0);
        a.deleter = Some(delete);
        Ok(())
    }
    LOADED_DESTROY LoadedDestroy |a| {
        take::<Loaded, _>(a.executable).map(drop).ok_or_else(dead)
    }
    LOADED_EXECUTABLE LoadedExecutable |a| {
        let plan = get::<Loaded, _>(a.loaded).ok_or_else(dead)?.plan.clone();
        a.executable = make(Executable(plan));
        Ok(())
    }
    LOADED_DEVICES LoadedDevices |a| {
        let devices = &get::<Loaded, _>(a.executable).ok_or_else(dead)?.devices;
        (a.devices, a.num_devices) = (devices.as_ptr(), devices.len());
        Ok(())
    }
    LOADED_EXECUTE LoadedExecute |a| {
        let exe = get::<Loaded, _>(a.executable).ok_or_else(dead)?;
        if a.num_args != exe.plan.inputs.len() || a.num_devices != exe.devices.len() {
            return Err((3, "wrong number of arguments or devices".into()));
        }
        let wishes = wishes::get();
        let outcome = wishes.event.clone().map_or(Ok(()), Err);
        for d in 0..a.num_devices {
            // SAFETY: there is a list of arguments and one of results for each device, and an event if any.
            let (arguments, results) = unsafe {
                let arguments = given(*a.argument_lists.add(d), a.num_args);
                if !a.device_complete_events.is_null() {
                    *a.device_complete_events.add(d) = event(&Later::done(outcome.clone()));
                }
                (arguments, *a.output_lists.add(d))
            };
            let buffers: Option<Vec<&Buffer>> = arguments.iter().map(|b| get(*b)).collect();
            let buffers = buffers.ok_or_else(dead)?;
            for (i, ty) in exe.plan.outputs.iter().enumerate() {
                let mut ty = ty.clone();
                let bytes = match buffers.get(i) {
                    Some(b) if b.bytes().len() == ty.bytes() => b.bytes().to_vec(),
                    Some(_) | None => vec![0; ty.bytes()],
                };
                if wishes.strange {
                    ty.element = 99;
                }
                let dims = ty.dims.clone();
                let ready = Later::done(outcome.clone());
                let b = make(Buffer { ty, dims, bytes: Bytes::Own(bytes), ready });
                // SAFETY: there is room for all results.
                unsafe { *results.add(i) = b };
            }
        }
        Ok(())
    }
    DESERIALIZE_AND_LOAD DeserializeAndLoad |a| {
        let c = get::<Client, _>(a.client).ok_or_else(dead)?;
        // SAFETY: the caller gives that many bytes.
        let bytes = unsafe { given(a.bytes.cast::<u8>(), a.bytes_size) };
        let plan = Plan::parse(&String::from_utf8_lossy(bytes)).map_err(|e| (3, e))?;
        a.loaded = load(c, Arc::new(plan), 1)?;
        Ok(())
    }
    BUFFER_DESTROY BufferDestroy |a| {
        take::<Buffer, _>(a.buffer).map(drop).ok_or_else(dead)
    }
    BUFFER_ELEMENT_TYPE BufferElementType |a| {
        a.element = get::<Buffer, _>(a.buffer).ok_or_else(dead)?.ty.element;
        Ok(())
    }
    BUFFER_DIMENSIONS BufferDimensions |a| {
        let dims = &get::<Buffer, _>(a.buffer).ok_or_else(dead)?.dims;
        (a.dims, a.num_dims) = (dims.as_ptr(), dims.len());
        Ok(())
    }
    BUFFER_LAYOUT BufferLayout |a| {
        const DOWN: [i64; 4] = [3, 2, 1, 0];
        const UP: [i64; 4] = [0, 1, 2, 3];
        let axes = get::<Buffer, _>(a.buffer).ok_or_else(dead)?.dims.len();
        let order: &'static [i64] = match wishes::get().columns {
            true => &UP[..axes],
            false => &DOWN[4 - axes..],
        };
        let tiled = &mut a.layout.tiled;
        (tiled.minor_to_major, tiled.minor_to_major_size) = (order.as_ptr(), order.len());
        Ok(())
    }
    BUFFER_SIZE BufferSize |a| {
        a.bytes = get::<Buffer, _>(a.buffer).ok_or_else(dead)?.bytes().len();
        Ok(())
    }
    BUFFER_COPY_TO_DEVICE BufferCopyToDevice |a| {
        let b = get::<Buffer, _>(a.buffer).ok_or_else(dead)?;
        get::<objects::Device, _>(a.device).ok_or_else(dead)?;
        let bytes = Bytes::Own(b.bytes().to_vec());
        let (ty, dims, ready) = (b.ty.clone(), b.dims.clone(), b.ready.clone());
        a.copy = make(Buffer { ty, dims, bytes, ready });
        Ok(())
    }
    BUFFER_TO_HOST BufferToHost |a| {
        let b = get::<Buffer, _>(a.buffer).ok_or_else(dead)?;
        if a.dst_size < b.bytes().len() {
            return Err((3, "too small".into()));
        }
        // SAFETY: the target has that size, and is not the buffer.
        unsafe { ptr::copy_nonoverlapping(b.bytes().as_ptr(), a.dst.cast(), b.bytes().len()) };
        a.event = event(&b.ready);
        Ok(())
    }
    BUFFER_READY BufferReady |a| {
        a.event = event(&get::<Buffer, _>(a.buffer).ok_or_else(dead)?.ready);
        Ok(())
    }
    BUFFER_POINTER BufferPointer |a| {
        let b = get::<Buffer, _>(a.buffer).ok_or_else(dead)?;
        a.pointer = b.bytes().as_ptr().cast_mut().cast();
        Ok(())
    }
    TOPOLOGY_CREATE TopologyCreate |a| {
        // SAFETY: the caller gives that many bytes.
        let name = unsafe { given(a.name.cast::<u8>(), a.name_size) };
        if name != b"two" {
            return Err((3, "the only topology is called two".into()));
        }
        a.topology = make(objects::Topology { devices: vec![describe(0), describe(1)] });
        Ok(())
    }
    TOPOLOGY_DESTROY TopologyDestroy |a| {
        take::<objects::Topology, _>(a.topology).map(drop).ok_or_else(dead)
    }
    TOPOLOGY_PLATFORM_NAME TopologyPlatformName |a| {
        get::<objects::Topology, _>(a.topology).ok_or_else(dead)?;
        (a.text, a.text_size) = text("mock");
        Ok(())
    }
    TOPOLOGY_DEVICES TopologyDevices |a| {
        let devices = &get::<objects::Topology, _>(a.topology).ok_or_else(dead)?.devices;
        (a.descriptions, a.num_descriptions) = (devices.as_ptr(), devices.len());
        Ok(())
    }
    COMPILE Compile |a| {
        get::<objects::Topology, _>(a.topology).ok_or_else(dead)?;
        // SAFETY: the caller gives a program.
        a.executable = make(Executable(unsafe { plan(a.program) }?));
        Ok(())
    }
    EXECUTABLE_MEMORY ExecutableMemory |a| {
        let plan = &get::<Executable, _>(a.executable).ok_or_else(dead)?.0;
        let sum = |list: &[Type]| list.iter().map(|t| t.bytes() as i64).sum();
        (a.arguments, a.outputs) = (sum(&plan.inputs), sum(&plan.outputs));
        Ok(())
    }
}
