//! Memory layout of the PJRT C interface: handles, constants, one argument structure for each function, and the function's slot in the table.
//!
//! The interface is a header of 40 bytes (`Header`) followed by an array of function pointers that only grows. Every function takes one
//! structure that starts with its own size and an extension pointer, and gives a null pointer or an error. Structures only grow too: they
//! are declared here in the newest known layout (0.114) and zeroed, and a plugin reads as much as it knows. Sizes are asserted; they and the
//! slots are those of the public header `pjrt_c_api.h`.
//!
//! Start with the table at the end, in `functions!`: it is the whole interface as far as this crate uses it.

use std::ffi::{c_char, c_int, c_void};
use std::marker::PhantomData;

/// Oldest minor version whose structures are beginnings of the ones declared here.
pub const OLDEST_MINOR: c_int = 54;
/// The major version declared here.
pub const MAJOR: c_int = 0;
/// The newest minor version whose layouts were compared with the ones declared here.
pub const NEWEST_MINOR: c_int = 114;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
        }
    )*};
}

handles! {
    /// An error, owned by whoever got it.
    RawError,
    /// Something that finishes later.
    RawEvent,
    /// A running instance of a plugin.
    RawClient,
    /// A device; owned by its client.
    RawDevice,
    /// What is known of a device; owned by its device or topology.
    RawDescription,
    /// One of the memories of a device.
    RawMemory,
    /// An array on a device.
    RawBuffer,
    /// A compiled program.
    RawExecutable,
    /// A compiled program on the devices of a client.
    RawLoaded,
    /// Devices by name, present or not.
    RawTopology,
    /// What owns the bytes of a serialised executable.
    RawSerialized,
    /// State of one execution; unused here.
    RawContext,
    /// Extension structures; unused here.
    Extension,
}

/// The first 40 bytes of the interface; the slots follow.
#[repr(C)]
pub struct Header {
    /// Bytes of the whole table, this header included: how many slots there are.
    pub struct_size: usize,
    /// Unused.
    pub extension: *mut Extension,
    /// Bytes of the version part.
    pub version_size: usize,
    /// Unused.
    pub version_extension: *mut Extension,
    /// Changes that break callers.
    pub major: c_int,
    /// Changes that add.
    pub minor: c_int,
}

/// Any function of the table but the first two.
pub type Function = unsafe extern "C" fn(*mut c_void) -> *mut RawError;

/// A function of the table: where it is and what it takes.
pub struct Slot<A> {
    /// Index into the table.
    pub index: usize,
    /// The C name, for messages.
    pub name: &'static str,
    args: PhantomData<fn(A)>,
}

/// Argument structures: all bytes zero is a value, and `struct_size` is the first field.
///
/// # Safety
/// Implemented by the macro below for structures of sizes, integers, floats, raw pointers, and optional functions only.
pub unsafe trait Args: Sized {
    /// All zero but for the size.
    fn new() -> Self;
}

macro_rules! structure {
    ($(#[$doc:meta])* $name:ident = $size:literal { $($field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[repr(C)]
        #[allow(missing_docs, reason = "the fields have the names of the public header")]
        pub struct $name {
            pub struct_size: usize,
            pub extension: *mut Extension,
            $(pub $field: $ty,)*
        }
        #[cfg(target_pointer_width = "64")]
        const _: () = assert!(size_of::<$name>() == $size);
        // SAFETY: every field is an integer, a float, a bool, a raw pointer, an optional function or a structure of those.
        unsafe impl Args for $name {
            fn new() -> Self {
                // SAFETY: see above: all bytes zero is a value of each field.
                let mut args: Self = unsafe { std::mem::zeroed() };
                args.struct_size = size_of::<Self>();
                args
            }
        }
    };
}

macro_rules! functions {
    ($($index:literal $slot:ident $cname:literal $name:ident = $size:literal { $($field:ident: $ty:ty),* $(,)? })*) => {
        $(
            structure! {
                #[doc = concat!("Arguments of `", $cname, "`.")]
                $name = $size { $($field: $ty),* }
            }
            #[doc = concat!("`", $cname, "`.")]
            pub const $slot: Slot<$name> = Slot { index: $index, name: $cname, args: PhantomData };
        )*
        /// Every function of the table that this crate knows: its slot, its name, and the bytes of its arguments.
        pub const FUNCTIONS: &[(usize, &str, usize)] = &[$(($index, $cname, $size)),*];
    };
}

structure! {
    /// A name and a value of one of five types.
    NamedValue = 56 { name: *const c_char, name_size: usize, kind: c_int, value: NamedPayload, value_size: usize }
}

/// The value of a [`NamedValue`].
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "named as the kinds below")]
pub union NamedPayload {
    pub string: *const c_char,
    pub int: i64,
    pub ints: *const i64,
    pub float: f32,
    pub bool: bool,
}

/// [`NamedValue::kind`]: a string, not ended by zero.
pub const KIND_STRING: c_int = 0;
/// [`NamedValue::kind`]: an integer.
pub const KIND_INT: c_int = 1;
/// [`NamedValue::kind`]: a list of integers.
pub const KIND_INTS: c_int = 2;
/// [`NamedValue::kind`]: a float.
pub const KIND_FLOAT: c_int = 3;
/// [`NamedValue::kind`]: true or false.
pub const KIND_BOOL: c_int = 4;

structure! {
    /// A program in some format.
    Program = 48 { code: *mut c_char, code_size: usize, format: *const c_char, format_size: usize }
}

structure! {
    /// A layout by tiles; with no tile, the order of the axes.
    TiledLayout = 56 {
        minor_to_major: *const i64, minor_to_major_size: usize, tile_dims: *const i64, tile_dim_sizes: *const usize, num_tiles: usize,
    }
}

structure! {
    /// A layout; `kind` is [`TILED`], the only one used here. (The other one is smaller.)
    MemoryLayout = 80 { tiled: TiledLayout, kind: c_int }
}

/// [`MemoryLayout::kind`]: the order of the axes, and tiles.
pub const TILED: c_int = 0;

structure! {
    /// Options of one execution.
    ExecuteOptions = 144 {
        send_callbacks: *mut c_void, recv_callbacks: *mut c_void, num_send_ops: usize, num_recv_ops: usize, launch_id: c_int,
        non_donatable_input_indices: *const i64, num_non_donatable_input_indices: usize, context: *mut RawContext,
        call_location: *const c_char, num_tasks: usize, task_ids: *mut c_int, incarnation_ids: *mut i64,
        multi_slice_config: *mut c_void, use_major_to_minor_data_layout_for_callbacks: bool,
        hlo_output_callbacks: *mut c_void, num_hlo_output_callbacks: usize,
    }
}

/// How long the plugin may read host memory given to it: during the call only.
pub const ONLY_DURING_CALL: c_int = 0;
/// Until the event fires, after which the plugin has its own copy.
pub const UNTIL_TRANSFER_COMPLETES: c_int = 1;
/// As long as the buffer lives; nobody writes.
pub const ZERO_COPY: c_int = 2;

/// Called by a plugin when an event is ready; owns the error.
pub type OnReady = unsafe extern "C" fn(*mut RawError, *mut c_void);

functions! {
    0 ERROR_DESTROY "PJRT_Error_Destroy" ErrorDestroy = 24 { error: *mut RawError }
    1 ERROR_MESSAGE "PJRT_Error_Message" ErrorMessage = 40 { error: *const RawError, message: *const c_char, message_size: usize }
    2 ERROR_GET_CODE "PJRT_Error_GetCode" ErrorGetCode = 32 { error: *const RawError, code: c_int }
    3 PLUGIN_INITIALIZE "PJRT_Plugin_Initialize" PluginInitialize = 16 {}
    4 PLUGIN_ATTRIBUTES "PJRT_Plugin_Attributes" PluginAttributes = 32 { attributes: *const NamedValue, num_attributes: usize }
    5 EVENT_DESTROY "PJRT_Event_Destroy" EventDestroy = 24 { event: *mut RawEvent }
    6 EVENT_IS_READY "PJRT_Event_IsReady" EventIsReady = 32 { event: *mut RawEvent, is_ready: bool }
    8 EVENT_AWAIT "PJRT_Event_Await" EventAwait = 24 { event: *mut RawEvent }
    9 EVENT_ON_READY "PJRT_Event_OnReady" EventOnReady = 40 { event: *mut RawEvent, callback: Option<OnReady>, user_arg: *mut c_void }
    10 CLIENT_CREATE "PJRT_Client_Create" ClientCreate = 88 {
        create_options: *const NamedValue, num_options: usize, kv_get_callback: *mut c_void, kv_get_user_arg: *mut c_void,
        kv_put_callback: *mut c_void, kv_put_user_arg: *mut c_void, client: *mut RawClient, kv_try_get_callback: *mut c_void,
        kv_try_get_user_arg: *mut c_void,
    }
    11 CLIENT_DESTROY "PJRT_Client_Destroy" ClientDestroy = 24 { client: *mut RawClient }
    12 CLIENT_PLATFORM_NAME "PJRT_Client_PlatformName" ClientPlatformName = 40 { client: *mut RawClient, text: *const c_char, text_size: usize }
    14 CLIENT_PLATFORM_VERSION "PJRT_Client_PlatformVersion" ClientPlatformVersion = 40 { client: *mut RawClient, text: *const c_char, text_size: usize }
    16 CLIENT_ADDRESSABLE_DEVICES "PJRT_Client_AddressableDevices" ClientAddressableDevices = 40 {
        client: *mut RawClient, devices: *const *mut RawDevice, num_devices: usize,
    }
    20 CLIENT_COMPILE "PJRT_Client_Compile" ClientCompile = 56 {
        client: *mut RawClient, program: *const Program, compile_options: *const c_char, compile_options_size: usize, executable: *mut RawLoaded,
    }
    22 BUFFER_FROM_HOST "PJRT_Client_BufferFromHostBuffer" BufferFromHost = 120 {
        client: *mut RawClient, data: *const c_void, element: c_int, dims: *const i64, num_dims: usize, byte_strides: *const i64,
        num_byte_strides: usize, semantics: c_int, device: *mut RawDevice, memory: *mut RawMemory, device_layout: *mut MemoryLayout,
        done_with_host_buffer: *mut RawEvent, buffer: *mut RawBuffer,
    }
    23 DESCRIPTION_ID "PJRT_DeviceDescription_Id" DescriptionId = 32 { description: *mut RawDescription, id: c_int }
    24 DESCRIPTION_PROCESS "PJRT_DeviceDescription_ProcessIndex" DescriptionProcess = 32 { description: *mut RawDescription, process_index: c_int }
    25 DESCRIPTION_ATTRIBUTES "PJRT_DeviceDescription_Attributes" DescriptionAttributes = 40 {
        description: *mut RawDescription, num_attributes: usize, attributes: *const NamedValue,
    }
    26 DESCRIPTION_KIND "PJRT_DeviceDescription_Kind" DescriptionKind = 40 { description: *mut RawDescription, text: *const c_char, text_size: usize }
    29 DEVICE_DESCRIPTION "PJRT_Device_GetDescription" DeviceDescription = 32 { device: *mut RawDevice, description: *mut RawDescription }
    34 DEVICE_MEMORY_STATS "PJRT_Device_MemoryStats" DeviceMemoryStats = 208 {
        device: *mut RawDevice, bytes_in_use: i64, peak_bytes_in_use: i64, peak_bytes_in_use_is_set: bool, num_allocs: i64, num_allocs_is_set: bool,
        largest_alloc_size: i64, largest_alloc_size_is_set: bool, bytes_limit: i64, bytes_limit_is_set: bool, bytes_reserved: i64,
        bytes_reserved_is_set: bool, peak_bytes_reserved: i64, peak_bytes_reserved_is_set: bool, bytes_reservable_limit: i64,
        bytes_reservable_limit_is_set: bool, largest_free_block_bytes: i64, largest_free_block_bytes_is_set: bool, pool_bytes: i64,
        pool_bytes_is_set: bool, peak_pool_bytes: i64, peak_pool_bytes_is_set: bool, peak_allocated_bytes: i64, peak_allocated_bytes_is_set: bool,
    }
    40 EXECUTABLE_DESTROY "PJRT_Executable_Destroy" ExecutableDestroy = 24 { executable: *mut RawExecutable }
    41 EXECUTABLE_NAME "PJRT_Executable_Name" ExecutableName = 40 { executable: *mut RawExecutable, text: *const c_char, text_size: usize }
    44 EXECUTABLE_NUM_OUTPUTS "PJRT_Executable_NumOutputs" ExecutableNumOutputs = 32 { executable: *mut RawExecutable, count: usize }
    45 EXECUTABLE_CODE_SIZE "PJRT_Executable_SizeOfGeneratedCodeInBytes" ExecutableCodeSize = 32 { executable: *mut RawExecutable, bytes: i64 }
    46 EXECUTABLE_COST "PJRT_Executable_GetCostAnalysis" ExecutableCost = 40 {
        executable: *mut RawExecutable, num_properties: usize, properties: *const NamedValue,
    }
    48 EXECUTABLE_OPTIMIZED "PJRT_Executable_OptimizedProgram" ExecutableOptimized = 32 { executable: *mut RawExecutable, program: *mut Program }
    49 EXECUTABLE_SERIALIZE "PJRT_Executable_Serialize" ExecutableSerialize = 56 {
        executable: *const RawExecutable, bytes: *const c_char, bytes_size: usize, owner: *mut RawSerialized,
        deleter: Option<unsafe extern "C" fn(*mut RawSerialized)>,
    }
    50 LOADED_DESTROY "PJRT_LoadedExecutable_Destroy" LoadedDestroy = 24 { executable: *mut RawLoaded }
    51 LOADED_EXECUTABLE "PJRT_LoadedExecutable_GetExecutable" LoadedExecutable = 32 { loaded: *mut RawLoaded, executable: *mut RawExecutable }
    52 LOADED_DEVICES "PJRT_LoadedExecutable_AddressableDevices" LoadedDevices = 40 {
        executable: *mut RawLoaded, devices: *const *mut RawDevice, num_devices: usize,
    }
    55 LOADED_EXECUTE "PJRT_LoadedExecutable_Execute" LoadedExecute = 80 {
        executable: *mut RawLoaded, options: *mut ExecuteOptions, argument_lists: *const *const *mut RawBuffer, num_devices: usize, num_args: usize,
        output_lists: *const *mut *mut RawBuffer, device_complete_events: *mut *mut RawEvent, execute_device: *mut RawDevice,
    }
    56 DESERIALIZE_AND_LOAD "PJRT_Executable_DeserializeAndLoad" DeserializeAndLoad = 72 {
        client: *mut RawClient, bytes: *const c_char, bytes_size: usize, loaded: *mut RawLoaded, overridden_options: *const c_char,
        overridden_options_size: usize, load_options: *mut c_void,
    }
    58 BUFFER_DESTROY "PJRT_Buffer_Destroy" BufferDestroy = 24 { buffer: *mut RawBuffer }
    59 BUFFER_ELEMENT_TYPE "PJRT_Buffer_ElementType" BufferElementType = 32 { buffer: *mut RawBuffer, element: c_int }
    60 BUFFER_DIMENSIONS "PJRT_Buffer_Dimensions" BufferDimensions = 40 { buffer: *mut RawBuffer, dims: *const i64, num_dims: usize }
    63 BUFFER_LAYOUT "PJRT_Buffer_GetMemoryLayout" BufferLayout = 104 { buffer: *mut RawBuffer, layout: MemoryLayout }
    64 BUFFER_SIZE "PJRT_Buffer_OnDeviceSizeInBytes" BufferSize = 32 { buffer: *mut RawBuffer, bytes: usize }
    69 BUFFER_COPY_TO_DEVICE "PJRT_Buffer_CopyToDevice" BufferCopyToDevice = 40 { buffer: *mut RawBuffer, device: *mut RawDevice, copy: *mut RawBuffer }
    70 BUFFER_TO_HOST "PJRT_Buffer_ToHostBuffer" BufferToHost = 56 {
        buffer: *mut RawBuffer, host_layout: *mut MemoryLayout, dst: *mut c_void, dst_size: usize, event: *mut RawEvent,
    }
    72 BUFFER_READY "PJRT_Buffer_ReadyEvent" BufferReady = 32 { buffer: *mut RawBuffer, event: *mut RawEvent }
    76 BUFFER_POINTER "PJRT_Buffer_OpaqueDeviceMemoryDataPointer" BufferPointer = 32 { buffer: *mut RawBuffer, pointer: *mut c_void }
    82 TOPOLOGY_CREATE "PJRT_TopologyDescription_Create" TopologyCreate = 56 {
        name: *const c_char, name_size: usize, create_options: *const NamedValue, num_options: usize, topology: *mut RawTopology,
    }
    83 TOPOLOGY_DESTROY "PJRT_TopologyDescription_Destroy" TopologyDestroy = 24 { topology: *mut RawTopology }
    84 TOPOLOGY_PLATFORM_NAME "PJRT_TopologyDescription_PlatformName" TopologyPlatformName = 40 {
        topology: *mut RawTopology, text: *const c_char, text_size: usize,
    }
    86 TOPOLOGY_DEVICES "PJRT_TopologyDescription_GetDeviceDescriptions" TopologyDevices = 40 {
        topology: *mut RawTopology, descriptions: *const *mut RawDescription, num_descriptions: usize,
    }
    89 COMPILE "PJRT_Compile" Compile = 64 {
        topology: *const RawTopology, program: *const Program, compile_options: *const c_char, compile_options_size: usize, client: *mut RawClient,
        executable: *mut RawExecutable,
    }
    96 EXECUTABLE_MEMORY "PJRT_Executable_GetCompiledMemoryStats" ExecutableMemory = 144 {
        executable: *mut RawExecutable, generated_code: i64, arguments: i64, outputs: i64, aliased: i64, temporaries: i64, host_generated_code: i64,
        host_arguments: i64, host_outputs: i64, host_aliased: i64, host_temporaries: i64, peak: i64, total: i64, total_allocation: i64,
        indefinite_allocations: i64, peak_unpadded_heap: i64,
    }
}
