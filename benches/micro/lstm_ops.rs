//! How many operations the adjoint of the stacked LSTM is.

use super::problems::{Cell, lstm};
use cotangent::core::ad;
use cotangent::core::error::TrapKind;
use cotangent::core::interp::{Limits, Program};
use cotangent::core::stage::data::Datum;
use cotangent::core::value::Val;
use cotangent::{Error, Options, Result};

/// Adjoint operations as published for Zygote, on whole matrices: 1, 2 and 3 layers.
pub const ZYGOTE: [usize; 3] = [255, 491, 727];

/// How many instructions the backward half runs for these arguments, on scalars mostly. Counted by the interpreter: the least fuel with
/// which the run ends.
pub fn count(cells: &[Cell], x: &[f64; 4]) -> Result<u64> {
    let function = lstm::with(&Options::new()).function()?;
    let (module, id) = function.module();
    let mut module = module.clone();
    let halves = ad::vjp(&mut module, id, &[0, 1])?;
    let program = Program::new(&module);
    let mut args = Vec::new();
    cells.flatten(&mut args);
    x.flatten(&mut args);
    let mut out = program.run(halves.forward, args, &Limits::default())?;
    let mut back = vec![Val::from(1.0)];
    back.extend(out.split_off(1));
    let enough = |fuel: u64| -> Result<bool> {
        let limits = Limits {
            fuel: Some(fuel),
            ..Limits::default()
        };
        match program.run(halves.backward, back.clone(), &limits) {
            Ok(_) => Ok(true),
            Err(t) if matches!(t.kind, TrapKind::OutOfFuel { .. }) => Ok(false),
            Err(t) => Err(Error::Trap(t)),
        }
    };
    let (mut low, mut high) = (0, 1);
    while !enough(high)? {
        (low, high) = (high, 2 * high);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}
