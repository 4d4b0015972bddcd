//! Compiles programs for devices that need not be here, and prints what they cost.

use cotangent::core::entity::FuncId;
use cotangent::core::ir::{Module, Type};
use cotangent::core::stage::data::{Arg, DiffFn};
use cotangent::{Function, RealScalar};
use cotangent_models::Optimiser;
use cotangent_models::train::Ahead;
use cotangent_xla::chips::Target;
use cotangent_xla::emit::{Boundary, Cut, Layout, Options, Plan, Precision, emit, marshal};
use cotangent_xla::executor::{self, Making};
use cotangent_xla::pjrt::Plugin;
use cotangent_xla::plugins;
use cotangent_xla::report::Report;
use std::error::Error;
use std::num::NonZeroU32;
use std::time::Instant;

/// Where programs are to go, and how they are written.
pub struct To {
    target: Target,
    plugin: Plugin,
    options: Options,
    devices: u32,
}

impl To {
    /// Over so many of the target's devices.
    pub fn new(target: &Target, fast: bool, devices: u32) -> Result<To, Box<dyn Error>> {
        let precision = if fast {
            Precision::Default
        } else {
            Precision::Highest
        };
        Ok(To {
            target: target.clone(),
            plugin: plugins::load(target.kind, None).map_err(|e| e.with_help())?,
            options: Options {
                precision,
                ..Options::default()
            },
            devices,
        })
    }
    /// A function for arguments of those types; the last of which is cut, where there are several devices.
    pub fn forward(&self, f: &Function, args: &[Type]) -> Result<(), Box<dyn Error>> {
        let (module, id) = f.module();
        let (module, id) = executor::version_of(module, id, args, self.making(None))?;
        let last = args.len() - 1;
        self.compile(&module, id, args, &|_| false, &|i| i == last)
    }
    /// A step of training: see [`Ahead`].
    pub fn step<F: DiffFn, O: Optimiser>(
        &self,
        loss: F,
        optimiser: &O,
        net: &[Type],
        batch: &[Type],
    ) -> Result<(), Box<dyn Error>>
    where
        F::Args<'static>: Arg<0>,
        F::Output: RealScalar,
    {
        let version = |m: &Module, f, types: &[Type]| {
            // A loss takes no derivatives itself, so a version of it can be made; else it stays as it is.
            executor::version_of(m, f, types, self.making(Some(32)))
                .unwrap_or_else(|_| (m.clone(), f))
        };
        let a = Ahead::new(loss, optimiser, net, batch, &version)?;
        let (given, cut) = (|i| a.state.contains(&i), |i| a.batch.contains(&i));
        self.compile(&a.module, a.step, &a.arguments, &given, &cut)
    }
    fn making(&self, slots: Option<u64>) -> Making<'static> {
        Making {
            slots,
            options: self.options,
            ..Making::default()
        }
    }
    fn compile(
        &self,
        module: &Module,
        func: FuncId,
        args: &[Type],
        given: &dyn Fn(usize) -> bool,
        cut: &dyn Fn(usize) -> bool,
    ) -> Result<(), Box<dyn Error>> {
        let layouts: Vec<Layout> = args
            .iter()
            .map(|t| marshal::layout_of_type(t).ok_or("an extent that is not known"))
            .collect::<Result<_, _>>()?;
        let all = 0..layouts.len();
        let mut boundary = Boundary {
            given: all.clone().map(given).collect(),
            ..Boundary::default()
        };
        let mut how = self.target.compile_options(&self.plugin);
        if let Some(n) = NonZeroU32::new(self.devices).filter(|n| n.get() > 1) {
            boundary.mesh = vec![("data".into(), n.get())];
            let of = |i| cut(i).then_some(Cut { axis: 0, along: 0 });
            boundary.cuts = all.map(of).collect();
            how = how.partitions(n);
        }
        let start = Instant::now();
        let module = executor::prepared(module, self.options);
        let plan = Plan {
            args: &layouts,
            boundary: Some(&boundary),
            options: self.options,
            ..Plan::default()
        };
        let text = emit(&module, func, plan)?.text;
        let written = start.elapsed().as_secs_f64();
        let topology = self.target.open(&self.plugin)?;
        let devices = topology.devices()?.len();
        let start = Instant::now();
        let compiled = topology.compile(&text, &how)?;
        let report = Report::new(&compiled, self.target.device(devices))?.of_text(&text);
        println!(
            "StableHLO      {} lines, written in {written:.1} s, compiled in {:.1} s",
            text.lines().count(),
            start.elapsed().as_secs_f64()
        );
        print!("{report}");
        Ok(())
    }
}
