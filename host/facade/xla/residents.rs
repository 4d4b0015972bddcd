//! Functions of values that stay on devices, one or many.

use super::{Xla, error, unsupported};
use crate::error::{Error, Result};
use crate::executor::Limits;
use crate::held::{Feed, Held, Recipe, Residents, Spread, foreign};
use cotangent_core::ir::{FuncId, Module, Type};
use cotangent_core::pass;
use cotangent_core::value::{Lent, Val};
use cotangent_xla::emit::Cut;
use cotangent_xla::executor::{self, Failure};
use cotangent_xla::held;
use cotangent_xla::pjrt::{Client, ClientOptions};
use std::sync::{Arc, PoisonError};

impl Xla {
    /// A client with so many devices: of a CPU virtual ones, if need be.
    fn with_devices(&self, n: u32) -> Result<Client> {
        let enough = |c: &Client| c.devices().len() >= n as usize;
        if enough(&self.client) {
            return Ok(self.client.clone());
        }
        let mut wide = self.wide.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = wide.as_ref().filter(|c| enough(c)) {
            return Ok(found.clone());
        }
        if !self.client.platform().is_ok_and(|p| p == "cpu") {
            let have = self.client.devices().len();
            return Err(Error::Unsupported {
                what: format!("{n} devices: the plugin has {have}"),
            });
        }
        let made = ClientOptions::new()
            .cpu_devices(n)
            .and_then(|o| self.client.plugin().client(&o))
            .map_err(|e| unsupported(&e))?;
        *wide = Some(made.clone());
        Ok(made)
    }
    /// See [`Executor::prepare_recipe`](crate::Executor::prepare_recipe).
    pub(super) fn residents(
        &self,
        recipe: Arc<dyn Recipe>,
        spread: &Spread,
    ) -> Result<Arc<dyn Residents>> {
        let axes = spread.mesh.as_ref().map_or(&[][..], |m| m.axes());
        let mut to = held::Spread {
            mesh: axes.to_vec(),
            ..held::Spread::default()
        };
        for (&place, cut) in &spread.cuts {
            let along = axes.iter().position(|(name, _)| *name == cut.along);
            let along = along.ok_or_else(|| Error::Unsupported {
                what: format!("a cut along `{}`, an axis that the mesh has not", cut.along),
            })?;
            let axis = cut.axis;
            to.cuts.insert(place, Cut { axis, along });
        }
        let client = self.with_devices(spread.devices())?;
        let own = Box::new(Own(recipe));
        let made = held::Residents::new(client, self.options, to, executor::SLOTS, own);
        Ok(Arc::new(OnDevice(made)))
    }
}

/// A recipe of this crate as one of the other.
struct Own(Arc<dyn Recipe>);

impl held::Recipe for Own {
    fn source(&self) -> (&Module, FuncId) {
        self.0.source()
    }
    fn params(&self, function: usize) -> &[Type] {
        self.0.params().get(function).map_or(&[], Vec::as_slice)
    }
    fn source_types(&self, function: usize, types: &[Type]) -> Vec<Type> {
        self.0.source_types(function, types)
    }
    fn make(
        &self,
        function: usize,
        m: Module,
        source: FuncId,
    ) -> Result<(Module, FuncId), Failure> {
        let how = executor::DERIVATIVES;
        let one = || {
            let (mut m, all) = self.0.make(m, source, how)?;
            let lost = || Error::Internal(format!("no function {function}"));
            let f = *all.get(function).ok_or_else(lost)?;
            let f = pass::prune::prune(&mut m, &[f])[f].ok_or_else(lost)?;
            Ok((m, f))
        };
        one().map_err(|e: Error| Arc::new(e) as Failure)
    }
}

#[derive(Debug)]
struct OnDevice(held::Residents);

fn resident(h: &Held) -> Result<&held::Resident> {
    h.get().ok_or_else(|| foreign().into())
}

impl Residents for OnDevice {
    fn hold(&self, function: usize, param: usize, v: &Lent<'_>) -> Result<Held> {
        let made = self.0.hold(function, param, &v.to_val());
        made.map(Held::new).map_err(error)
    }
    fn run(&self, function: usize, args: Vec<Feed<'_>>, _: &Limits) -> Result<Vec<Held>> {
        let args = args
            .into_iter()
            .map(|a| {
                Ok(match a {
                    Feed::Keep(h) => held::Feed::Keep(resident(h)?),
                    Feed::Give(h) => held::Feed::Give(h.take().ok_or_else(foreign)?),
                    Feed::Lend(l) => held::Feed::Lend(l.to_val()),
                })
            })
            .collect::<Result<_>>()?;
        let out = self.0.run(function, args).map_err(error)?;
        Ok(out.into_iter().map(Held::new).collect())
    }
    fn fetch(&self, h: &Held) -> Result<Val> {
        self.0.fetch(resident(h)?).map_err(error)
    }
}
