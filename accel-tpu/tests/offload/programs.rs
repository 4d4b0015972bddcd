//! Random programs, their derivatives, and traps.

use crate::batch::client;
use cotangent_core::error::Trap;
use cotangent_core::interp::{self, Limits};
use cotangent_core::ir::{FuncId, Module};
use cotangent_core::value::Val;
use cotangent_progen::agree::Runner;
use cotangent_progen::fuzz::{Case, Counts, Ended};
use cotangent_xla::emit::Options;
use cotangent_xla::executor::{Error, Program};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Runs on the device what can be; counts by reason what cannot.
#[derive(Default)]
struct Device(Mutex<(usize, BTreeMap<String, usize>)>);

impl Runner for Device {
    fn name(&self) -> &str {
        "xla-checked"
    }
    fn run(
        &self,
        m: &Module,
        f: FuncId,
        args: &[Val],
        limits: &Limits,
    ) -> Result<Result<Vec<Val>, Trap>, String> {
        // Without fuel a device does not stop.
        let alone = interp::Program::new(m).run(f, args.to_vec(), limits);
        if limits.fuel.is_some() {
            return Ok(alone);
        }
        let options = Options {
            checked: true,
            ..Options::default()
        };
        let mut counts = self.0.lock().unwrap();
        match Program::new(client().clone(), m, options).run(f, args) {
            Ok(out) => {
                counts.0 += 1;
                Ok(Ok(out))
            }
            // What depends on the run is not carried out of the device: a trap of the same kind is the same.
            Err(Error::Trap(t)) => {
                counts.0 += 1;
                match alone {
                    Err(own) if crate::agree::same_trap(&t.kind, &own.kind) => Ok(Err(own)),
                    _ => Ok(Err(t)),
                }
            }
            Err(Error::Unsupported(e)) => {
                *counts.1.entry(e.what).or_default() += 1;
                Ok(alone)
            }
            Err(e) => Err(e.to_string()),
        }
    }
}

#[test]
fn random_programs() {
    let cases: u64 = std::env::var("COTANGENT_CASES")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(12);
    let device = Device::default();
    let mut counts = Counts::default();
    for number in 0..cases {
        let case = Case::new(1, number);
        match case.check(Some(&device)) {
            Ok(outcome) => counts.add(case.kind, outcome),
            Err(failure) => panic!("{failure}\n{}", case.file(&failure)),
        }
    }
    let (ran, refused) = &*device.0.lock().unwrap();
    println!("{cases} programs: {ran} runs\n{}", counts.table());
    for (why, n) in refused {
        println!("  not offloadable, {n} times: {why}");
    }
    let checked = counts.ended(Ended::Passed) + counts.ended(Ended::Trapped);
    assert!(checked * 10 > cases * 8 && *ran as u64 >= cases);
}
