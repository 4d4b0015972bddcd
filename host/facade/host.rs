//! Functions of the host that programs call: those of `#[differentiable(opaque)]`, and others by name.
//!
//! A program holds the function it calls; only its name is in the text form. [`register_host_function`] says what a name in a program read
//! from text means. A panic of such a function ends the run as a trap.

use cotangent_core::ir::{HostFn, Module};
use cotangent_core::value::Val;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{LazyLock, PoisonError, RwLock};

/// The functions known by name.
static FUNCTIONS: LazyLock<RwLock<HashMap<String, HostFn>>> = LazyLock::new(RwLock::default);

/// Gives a name to a function of the host, for programs made with the builder or read from text: `y = host "name" -> (f64) x : f64` calls it. A
/// later function of the same name replaces it for programs read after that.
///
/// ```
/// use cotangent::{Function, Options, core::value::{Scalar, Val}, register_host_function};
/// register_host_function("double", |args| match args[0] {
///     Val::Scalar(Scalar::F64(x)) => Ok(vec![Val::from(2.0 * x)]),
///     _ => Err("takes a number".into()),
/// });
/// let f = Function::parse("cotangent 1\nfunc @f(x: f64) -> (f64) { y = host \"double\" -> (f64) x : f64 return y }", "f")?;
/// assert_eq!(f.call(vec![Val::from(4.0)], &Options::new())?[0].as_scalar(), Some(8.0.into()));
/// # Ok::<(), cotangent::Error>(())
/// ```
pub fn register_host_function(
    name: impl Into<String>,
    f: impl Fn(&[Val]) -> Result<Vec<Val>, String> + Send + Sync + 'static,
) {
    let f = caught(f);
    FUNCTIONS
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(name.into(), f);
}

/// Binds the calls of a module to the functions that have their names.
pub(crate) fn bind(module: &mut Module) {
    let all = FUNCTIONS.read().unwrap_or_else(PoisonError::into_inner);
    module.bind_host(|name| all.get(name).cloned());
}

/// A function whose panics are errors.
fn caught(f: impl Fn(&[Val]) -> Result<Vec<Val>, String> + Send + Sync + 'static) -> HostFn {
    HostFn::new(move |args| {
        catch_unwind(AssertUnwindSafe(|| f(args))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or(panic.downcast_ref::<String>().map(String::as_str));
            Err(match text {
                Some(text) => format!("it panicked: {text}"),
                None => String::from("it panicked"),
            })
        })
    })
}

/// What an opaque function is called through. Known by its name from when it was first staged.
#[doc(hidden)]
pub fn __host(
    name: &'static str,
    f: impl Fn(&[Val]) -> Result<Vec<Val>, String> + Send + Sync + 'static,
) -> HostFn {
    let f = caught(f);
    let mut all = FUNCTIONS.write().unwrap_or_else(PoisonError::into_inner);
    all.entry(name.into()).or_insert(f).clone()
}
