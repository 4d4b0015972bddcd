//! A loaded plugin: its table of functions, calls through it, and its errors as values.
//!
//! A plugin stays loaded until the process ends: it has threads and registries of its own. Loading the same file again gives the same
//! plugin.
//!
//! Invariant: a function is called only through [`Api::call`], with the argument structure that belongs to its slot.

use super::abi::{self, Args, Function, Header, RawError, Slot};
use super::elf;
use super::environment;
use super::error::{Code, Error, Result};
use super::options::Value;
use libloading::Library;
use std::ffi::{c_char, c_void};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A PJRT plugin: a shared library that exports `GetPjrtApi`. Cheap to clone; use it from any thread.
#[derive(Clone)]
pub struct Plugin {
    pub(super) api: Arc<Api>,
}

pub(super) struct Api {
    header: *const Header,
    path: PathBuf,
    /// Version of the interface.
    version: (i32, i32),
}

// SAFETY: the table is never written after it is given out, and the functions may be called from any thread (the interface says so).
unsafe impl Send for Api {}
// SAFETY: as above.
unsafe impl Sync for Api {}

/// Every plugin that this process loaded.
static LOADED: Mutex<Vec<Plugin>> = Mutex::new(Vec::new());

impl Plugin {
    /// Loads a plugin. Where the user has not, this sets variables of the environment that plugins read: less chatter, and for libtpu that there is no
    /// TPU where there is none.
    pub fn load(path: impl AsRef<Path>) -> Result<Plugin> {
        let path = path.as_ref();
        let fail = |reason: String| Error::Load {
            path: path.into(),
            reason,
        };
        let path = path.canonicalize().map_err(|e| fail(e.to_string()))?;
        // Held until the end, so that a plugin is initialised once, and the environment is not set by two threads.
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plugin) = loaded.iter().find(|p| p.api.path == path) {
            return Ok(plugin.clone());
        }
        if let Some(problem) = elf::problem(&path) {
            return Err(fail(problem));
        }
        environment::prepare(&path);
        // SAFETY: this runs the library's constructors, which is what loading a plugin means; the user chose the file.
        let library = unsafe { Library::new(&path) }.map_err(|e| fail(e.to_string()))?;
        // SAFETY: that is the type of the function in the public header.
        let get =
            unsafe { library.get::<unsafe extern "C" fn() -> *const Header>(b"GetPjrtApi\0") }
                .map_err(|_| {
                    fail("it is a shared library, but no PJRT plugin: it has no GetPjrtApi".into())
                })?;
        // SAFETY: it takes nothing.
        let header = unsafe { get() };
        // Never unloaded: its threads and registries outlive any owner here.
        std::mem::forget(library);
        let api = Api::new(header, path)?;
        let plugin = Plugin { api: Arc::new(api) };
        let mut args = abi::PluginInitialize::new();
        // SAFETY: the structure holds no pointers.
        unsafe { plugin.api.call(&abi::PLUGIN_INITIALIZE, &mut args) }?;
        loaded.push(plugin.clone());
        Ok(plugin)
    }
    /// The file it was loaded from.
    pub fn path(&self) -> &Path {
        &self.api.path
    }
    /// Version of the PJRT interface.
    pub fn api_version(&self) -> (i32, i32) {
        self.api.version
    }
    /// What the plugin tells about itself, by name.
    pub fn attributes(&self) -> Result<Vec<(String, Value)>> {
        let mut args = abi::PluginAttributes::new();
        // SAFETY: the structure holds only what the plugin writes.
        unsafe {
            self.api.call(&abi::PLUGIN_ATTRIBUTES, &mut args)?;
            Ok(named_values(args.attributes, args.num_attributes))
        }
    }
    /// The newest and the oldest version of StableHLO that the plugin reads, where it tells.
    pub fn stablehlo_versions(&self) -> Result<(Option<Vec<i64>>, Option<Vec<i64>>)> {
        let attributes = self.attributes()?;
        let find = |name: &str| {
            attributes.iter().find_map(|(n, v)| match v {
                Value::Ints(v) if n == name => Some(v.clone()),
                _ => None,
            })
        };
        Ok((
            find("stablehlo_current_version"),
            find("stablehlo_minimum_version"),
        ))
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.api.version;
        write!(
            f,
            "Plugin({}, PJRT {major}.{minor})",
            self.api.path.display()
        )
    }
}

impl Api {
    fn new(header: *const Header, path: PathBuf) -> Result<Api> {
        if header.is_null() {
            return Err(Error::Load {
                path,
                reason: "its GetPjrtApi gives nothing".into(),
            });
        }
        // SAFETY: not null, and every version of the interface starts with the header.
        let (size, major, minor) =
            unsafe { ((*header).struct_size, (*header).major, (*header).minor) };
        let version = (major, minor);
        let oldest = (abi::MAJOR, abi::OLDEST_MINOR);
        if major != abi::MAJOR || minor < abi::OLDEST_MINOR {
            return Err(Error::Version {
                path,
                found: version,
                oldest,
            });
        }
        if size < size_of::<Header>() {
            return Err(Error::Load {
                path,
                reason: format!("its table has {size} bytes"),
            });
        }
        Ok(Api {
            header,
            path,
            version,
        })
    }
    /// The function in a slot, if the table is that long and the slot is not empty.
    fn function<A>(&self, slot: &Slot<A>) -> Option<Function> {
        // SAFETY: the header was checked by `new`.
        let size = unsafe { (*self.header).struct_size };
        let count = (size - size_of::<Header>()) / size_of::<usize>();
        if slot.index >= count {
            return None;
        }
        // SAFETY: the slots follow the header, there are `count` of them, each a function pointer or null.
        unsafe {
            self.header
                .add(1)
                .cast::<Option<Function>>()
                .add(slot.index)
                .read()
        }
    }
    /// That this plugin has no such function.
    fn missing<A>(&self, slot: &Slot<A>) -> Error {
        Error::Missing {
            function: slot.name,
            path: self.path.clone(),
            version: self.version,
        }
    }
    /// Calls a function of the table.
    ///
    /// # Safety
    /// Pointers and handles in `args` are valid for that function.
    pub(super) unsafe fn call<A: Args>(&self, slot: &Slot<A>, args: &mut A) -> Result<()> {
        let function = self.function(slot).ok_or_else(|| self.missing(slot))?;
        // SAFETY: the structure is the one of the slot; the caller answers for what is in it.
        let error = unsafe { function((args as *mut A).cast()) };
        self.check(error, slot.name)
    }
    /// As `call`, for what cannot be told to anyone: destructors.
    ///
    /// # Safety
    /// As for `call`.
    pub(super) unsafe fn call_quietly<A: Args>(&self, slot: &Slot<A>, args: &mut A) {
        // SAFETY: as for `call`. Nothing can be done about a failed destructor.
        let _ = unsafe { self.call(slot, args) };
    }
    /// An error of the plugin, if it is one, as a value; the plugin's is destroyed.
    pub(super) fn check(&self, error: *mut RawError, function: &'static str) -> Result<()> {
        if error.is_null() {
            return Ok(());
        }
        let mut code = abi::ErrorGetCode::new();
        code.error = error;
        // SAFETY: the error is alive. An error about the error would say nothing more, so that one is only destroyed.
        let known = self.function(&abi::ERROR_GET_CODE).is_some_and(|f| unsafe {
            let second = f((&raw mut code).cast());
            self.destroy(second);
            second.is_null()
        });
        let code = if known {
            Code::from_number(code.code)
        } else {
            Code::Unknown
        };
        let mut text = abi::ErrorMessage::new();
        text.error = error;
        let message = self.function(&abi::ERROR_MESSAGE).map(|f| {
            // SAFETY: the error is alive; the text lives as long as it does.
            unsafe {
                without_result(f)((&raw mut text).cast());
                string(text.message, text.message_size)
            }
        });
        // SAFETY: the error is alive and ours.
        unsafe { self.destroy(error) };
        let message = message
            .map(|m| m.trim().to_string())
            .filter(|m| !m.is_empty())
            .unwrap_or_else(|| "the plugin gives no message".into());
        Err(Error::Plugin {
            function,
            code,
            message,
        })
    }
    /// # Safety
    /// The error is null, or alive and the caller's.
    unsafe fn destroy(&self, error: *mut RawError) {
        if error.is_null() {
            return;
        }
        let mut args = abi::ErrorDestroy::new();
        args.error = error;
        if let Some(f) = self.function(&abi::ERROR_DESTROY) {
            // SAFETY: the caller gives the error away.
            unsafe { without_result(f)((&raw mut args).cast()) };
        }
    }
}

/// One of the first two functions, which give nothing.
///
/// # Safety
/// The function is one of these.
unsafe fn without_result(f: Function) -> unsafe extern "C" fn(*mut c_void) {
    // SAFETY: the caller's promise; function pointers have one size.
    unsafe { std::mem::transmute(f) }
}

/// The text that a plugin gave as a pointer and a length.
///
/// # Safety
/// The pointer is null, or points to that many bytes.
pub(super) unsafe fn string(text: *const c_char, size: usize) -> String {
    // SAFETY: the caller's promise.
    String::from_utf8_lossy(unsafe { bytes(text, size) }).into_owned()
}

/// The bytes that a plugin gave as a pointer and a length.
///
/// # Safety
/// The pointer is null, or points to that many bytes, which live as long as the result is used.
pub(super) unsafe fn bytes<'a>(start: *const c_char, size: usize) -> &'a [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(start.cast(), size) }
}

/// A list that a plugin gave as a pointer and a length.
///
/// # Safety
/// The pointer is null, or points to that many values, which live as long as the result is used.
pub(super) unsafe fn list<'a, T>(start: *const T, count: usize) -> &'a [T] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(start, count) }
}

/// Named values that a plugin gave; those of unknown kinds are left out.
///
/// # Safety
/// The pointer is null, or points to that many values.
pub(super) unsafe fn named_values(
    start: *const abi::NamedValue,
    count: usize,
) -> Vec<(String, Value)> {
    // SAFETY: the caller's promise, here and for the texts and lists in the values.
    unsafe {
        list(start, count)
            .iter()
            .filter_map(|v| {
                let value = match v.kind {
                    abi::KIND_STRING => Value::Text(string(v.value.string, v.value_size)),
                    abi::KIND_INT => Value::Int(v.value.int),
                    abi::KIND_INTS => Value::Ints(list(v.value.ints, v.value_size).to_vec()),
                    abi::KIND_FLOAT => Value::Float(v.value.float),
                    abi::KIND_BOOL => Value::Bool(v.value.bool),
                    _ => return None,
                };
                Some((string(v.name, v.name_size), value))
            })
            .collect()
    }
}
