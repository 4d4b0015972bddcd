//! Things that finish later: waiting for them, and running something when they are done.

use super::abi::{self, Args, RawError, RawEvent};
use super::api::Api;
use super::error::{Error, Result};
use std::ffi::c_void;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a thread that waits asks before it sleeps. To be woken takes longer than small programs run.
const ASKS: Duration = Duration::from_micros(50);

/// Something that finishes later, well or with an error.
pub struct Event {
    api: Arc<Api>,
    raw: *mut RawEvent,
}

// SAFETY: the functions on events may be called from any thread.
unsafe impl Send for Event {}
// SAFETY: as above.
unsafe impl Sync for Event {}

impl Event {
    /// # Safety
    /// The event is alive and given to the result, or null: ready at once.
    pub(super) unsafe fn new(api: Arc<Api>, raw: *mut RawEvent) -> Event {
        Event { api, raw }
    }
    /// Waits until it is done.
    pub fn wait(&self) -> Result<()> {
        if self.raw.is_null() {
            return Ok(());
        }
        let began = Instant::now();
        while began.elapsed() < ASKS {
            if self.is_ready()? {
                break;
            }
            std::hint::spin_loop();
        }
        let mut args = abi::EventAwait::new();
        args.event = self.raw;
        // SAFETY: the event is alive.
        unsafe { self.api.call(&abi::EVENT_AWAIT, &mut args) }
    }
    /// Is it done?
    pub fn is_ready(&self) -> Result<bool> {
        if self.raw.is_null() {
            return Ok(true);
        }
        let mut args = abi::EventIsReady::new();
        args.event = self.raw;
        // SAFETY: the event is alive.
        unsafe { self.api.call(&abi::EVENT_IS_READY, &mut args) }?;
        Ok(args.is_ready)
    }
    /// Runs something once when it is done, on a thread of the plugin or on this one. When the plugin refuses, nothing was run: the event
    /// and what was to be run come back with the error.
    pub fn on_ready(self, then: Then) -> std::result::Result<(), Refused> {
        if self.raw.is_null() {
            then(Ok(()));
            return Ok(());
        }
        let mut args = abi::EventOnReady::new();
        args.event = self.raw;
        args.callback = Some(call_back);
        let api = self.api.clone();
        // The event lives until the call back has run: it is destroyed there.
        let boxed = Box::new(CallBack { event: self, then });
        args.user_arg = Box::into_raw(boxed).cast();
        // SAFETY: the event is alive; the argument is the one that `call_back` takes.
        let result = unsafe { api.call(&abi::EVENT_ON_READY, &mut args) };
        result.map_err(|error| {
            // SAFETY: the plugin refused, so nobody else has the box.
            let boxed = unsafe { Box::from_raw(args.user_arg.cast::<CallBack>()) };
            let CallBack { event, then } = *boxed;
            Refused { error, event, then }
        })
    }
}

/// What runs when an event is done.
pub type Then = Box<dyn FnOnce(Result<()>) + Send>;

/// A plugin would not promise to tell when an event is done.
pub struct Refused {
    /// Why.
    pub error: Error,
    /// The event.
    pub event: Event,
    /// What was to be run.
    pub then: Then,
}

struct CallBack {
    event: Event,
    then: Then,
}

/// Called by the plugin, once.
unsafe extern "C" fn call_back(error: *mut RawError, argument: *mut c_void) {
    // SAFETY: `on_ready` gave this box to the plugin, which calls once.
    let boxed = unsafe { Box::from_raw(argument.cast::<CallBack>()) };
    let CallBack { event, then } = *boxed;
    let result = event.api.check(error, abi::EVENT_ON_READY.name);
    // A panic must not run through the plugin's frames.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| then(result)));
    drop(event);
}

impl Drop for Event {
    fn drop(&mut self) {
        if self.raw.is_null() {
            return;
        }
        let mut args = abi::EventDestroy::new();
        args.event = self.raw;
        // SAFETY: the event is alive and ours.
        unsafe { self.api.call_quietly(&abi::EVENT_DESTROY, &mut args) };
    }
}
