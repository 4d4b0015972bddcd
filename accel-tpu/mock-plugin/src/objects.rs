//! Objects behind handles. Each is registered while it lives, so that a handle of a dead one, or one of another kind, is seen and counted.

use crate::abi::{OnReady, RawError};
use crate::program::{Plan, Type};
use crate::wishes::count;
use std::any::TypeId;
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Living objects by address.
static LIVING: Mutex<Option<HashMap<usize, TypeId>>> = Mutex::new(None);

/// Kinds of objects that are handed out.
pub trait Object: 'static {
    const NAME: &'static str;
}

/// A new object's handle.
pub fn make<O: Object, H>(object: O) -> *mut H {
    let handle = Box::into_raw(Box::new(object));
    let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    living
        .get_or_insert_default()
        .insert(handle as usize, TypeId::of::<O>());
    count(format!("live {}", O::NAME), 1);
    handle.cast()
}

fn lives<O: Object>(address: usize) -> bool {
    let living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    let found = living.as_ref().and_then(|l| l.get(&address));
    let right = found == Some(&TypeId::of::<O>());
    if !right {
        count("misuse", 1);
    }
    right
}

/// The object of a handle, if it lives.
pub fn get<'a, O: Object, H>(handle: *const H) -> Option<&'a O> {
    if !lives::<O>(handle as usize) {
        return None;
    }
    // SAFETY: it was registered as an object of that type and not yet taken; the caller of the plugin answers for races.
    Some(unsafe { &*handle.cast::<O>() })
}

/// Takes the object of a handle out of the world.
pub fn take<O: Object, H>(handle: *mut H) -> Option<O> {
    if !lives::<O>(handle as usize) {
        return None;
    }
    let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    living.get_or_insert_default().remove(&(handle as usize));
    count(format!("live {}", O::NAME), -1);
    // SAFETY: made by `make`, and registered until just now.
    Some(*unsafe { Box::from_raw(handle.cast::<O>()) })
}

pub struct Error {
    pub code: i32,
    pub message: String,
}

impl Object for Error {
    const NAME: &'static str = "error";
}

/// A new error's handle.
pub fn error(code: i32, message: &str) -> *mut RawError {
    make(Error {
        code,
        message: message.into(),
    })
}

pub type Outcome = Result<(), (i32, String)>;

fn raw(outcome: &Outcome) -> *mut RawError {
    match outcome {
        Ok(()) => ptr::null_mut(),
        Err((code, message)) => error(*code, message),
    }
}

/// Something that finishes later. Handles and those who finish it share it.
#[derive(Default)]
pub struct Later {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    outcome: Option<Outcome>,
    waiting: Vec<(OnReady, usize)>,
}

impl Later {
    pub fn done(outcome: Outcome) -> Arc<Later> {
        let later = Arc::new(Later::default());
        later.finish(outcome);
        later
    }
    pub fn finish(&self, outcome: Outcome) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.outcome = Some(outcome.clone());
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        self.changed.notify_all();
        for (callback, argument) in waiting {
            // SAFETY: the caller gave function and argument for this.
            unsafe { callback(raw(&outcome), argument as *mut c_void) };
        }
    }
    pub fn is_done(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.outcome.is_some()
    }
    pub fn wait(&self) -> Outcome {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(outcome) = &state.outcome {
                return outcome.clone();
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
    pub fn then(&self, callback: OnReady, argument: *mut c_void) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.outcome.clone() {
            None => state.waiting.push((callback, argument as usize)),
            Some(outcome) => {
                drop(state);
                // SAFETY: as in `finish`.
                unsafe { callback(raw(&outcome), argument) };
            }
        }
    }
}

pub struct Event(pub Arc<Later>);

impl Object for Event {
    const NAME: &'static str = "event";
}

pub struct Description {
    pub id: i32,
}

impl Object for Description {
    const NAME: &'static str = "description";
}

pub struct Device {
    pub description: *mut crate::abi::RawDescription,
}

impl Object for Device {
    const NAME: &'static str = "device";
}

pub struct Client {
    pub devices: Vec<*mut crate::abi::RawDevice>,
}

impl Object for Client {
    const NAME: &'static str = "client";
}

impl Drop for Client {
    fn drop(&mut self) {
        for device in &self.devices {
            if let Some(device) = take::<Device, _>(*device) {
                take::<Description, _>(device.description);
            }
        }
    }
}

pub struct Topology {
    pub devices: Vec<*mut crate::abi::RawDescription>,
}

impl Object for Topology {
    const NAME: &'static str = "topology";
}

impl Drop for Topology {
    fn drop(&mut self) {
        for device in &self.devices {
            take::<Description, _>(*device);
        }
    }
}

pub struct Loaded {
    pub plan: Arc<Plan>,
    pub devices: Vec<*mut crate::abi::RawDevice>,
}

impl Object for Loaded {
    const NAME: &'static str = "loaded executable";
}

pub struct Executable(pub Arc<Plan>);

impl Object for Executable {
    const NAME: &'static str = "executable";
}

pub struct Serialized(pub String);

impl Object for Serialized {
    const NAME: &'static str = "serialized";
}

/// Where the bytes of a buffer are.
pub enum Bytes {
    Own(Vec<u8>),
    /// The host's, and what is told when they are not needed any more.
    Hosts(*const u8, usize, Arc<Later>),
}

pub struct Buffer {
    pub ty: Type,
    pub dims: Vec<i64>,
    pub bytes: Bytes,
    pub ready: Arc<Later>,
}

impl Object for Buffer {
    const NAME: &'static str = "buffer";
}

impl Buffer {
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Own(v) => v,
            // SAFETY: the host promised to keep them until `Later` is done, which is when the buffer goes.
            Bytes::Hosts(start, n, _) => unsafe { std::slice::from_raw_parts(*start, *n) },
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Bytes::Hosts(_, _, done) = &self.bytes {
            done.finish(Ok(()));
        }
    }
}
