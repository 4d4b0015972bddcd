//! The ways to get a derivative: Cotangent on one of its executors, or by hand.

use super::derivative::{CompressedRows, Derivative};
use super::error::Error;
use super::hand::{self, POSE};
use super::instance::{GmmInput, HandInput, Instance, LstmInput};
use super::lstm::{self, Parameters};
use super::{ba, gmm, hand_jacobian, reference};
use cotangent::Options;

/// Who computes the derivative.
#[derive(Clone, Debug, PartialEq)]
pub enum Executor {
    /// Cotangent, running its programs on the executor of that name.
    Cotangent(String),
    /// Derivatives derived and written by hand: what the others are checked against.
    Reference,
}

impl Executor {
    /// All executors, the default first.
    pub fn all() -> Vec<Executor> {
        let mut all: Vec<Executor> = cotangent::list_executors()
            .into_iter()
            .map(|name| Executor::Cotangent(name.to_string()))
            .collect();
        all.push(Executor::Reference);
        all
    }

    /// The executor of that name on the command line.
    pub fn from_name(name: &str) -> Result<Executor, String> {
        if let Some(own) = Executor::all().into_iter().find(|e| e.name() == name) {
            return Ok(own);
        }
        // Those that need a plugin are in no list.
        match cotangent::executor(name) {
            Ok(found) => Ok(Executor::Cotangent(found.name().to_string())),
            Err(e) => Err(format!("{e}; or `reference`")),
        }
    }

    /// The name on the command line.
    pub fn name(&self) -> &str {
        match self {
            Executor::Cotangent(name) => name,
            Executor::Reference => "reference",
        }
    }

    /// The objective, as this executor computes it: one number (gmm, lstm) or all residuals.
    pub fn objective(&self, instance: &Instance) -> Result<Vec<f64>, Error> {
        match self {
            Executor::Cotangent(name) => evaluated(instance, &Options::new().executor(name))
                .map_err(|e| Error::Derivative(e.to_string())),
            Executor::Reference => Ok(objective_by_hand(instance)),
        }
    }

    /// The derivative of an objective at its parameters.
    pub fn derivative(&self, instance: &Instance) -> Result<Derivative, Error> {
        match self {
            Executor::Cotangent(name) => differentiated(instance, &Options::new().executor(name))
                .map_err(|e| Error::Derivative(e.to_string())),
            Executor::Reference => Ok(by_hand(instance)),
        }
    }
}

fn evaluated(instance: &Instance, options: &Options) -> cotangent::Result<Vec<f64>> {
    match instance {
        Instance::Gmm(GmmInput {
            mixture,
            points,
            prior,
        }) => {
            let run = gmm::log_posterior::with(options);
            Ok(vec![run.call((mixture, points, prior))?])
        }
        Instance::Lstm(LstmInput {
            parameters,
            state,
            text,
            bits,
        }) => {
            let run = lstm::loss::with(options);
            Ok(vec![run.call((parameters, state, text, *bits))?])
        }
        Instance::Ba(scene) => {
            let n = scene.weights.len();
            let run = ba::residuals::with(options);
            let (reprojection, weight) = run.call((scene, &vec![[0.0; 2]; n], &vec![0.0; n]))?;
            let mut all = reprojection.into_flattened();
            all.extend(weight);
            Ok(all)
        }
        Instance::Hand(HandInput {
            pose,
            us: None,
            model,
            correspondences,
            points,
        }) => {
            let run = hand::simple_residuals::with(options);
            run.call((pose, model, correspondences, points))
        }
        Instance::Hand(HandInput {
            pose,
            us: Some(us),
            model,
            correspondences,
            points,
        }) => {
            let run = hand::complicated_residuals::with(options);
            run.call((pose, us, model, correspondences, points))
        }
    }
}

fn differentiated(instance: &Instance, options: &Options) -> cotangent::Result<Derivative> {
    match instance {
        Instance::Gmm(GmmInput {
            mixture,
            points,
            prior,
        }) => {
            let run = gmm::log_posterior::with(options);
            let gradient = run.gradient_wrt::<0>((mixture, points, prior))?;
            Ok(Derivative::Gradient(
                [gradient.alphas, gradient.means, gradient.factors].concat(),
            ))
        }
        Instance::Lstm(LstmInput {
            parameters,
            state,
            text,
            bits,
        }) => {
            let run = lstm::loss::with(options);
            let gradient = run.gradient_wrt::<0>((parameters, state, text, *bits))?;
            Ok(Derivative::Gradient(
                [gradient.main, gradient.extra].concat(),
            ))
        }
        Instance::Ba(scene) => {
            let values = ba::jacobian_values::with(options).call((scene,))?;
            Ok(Derivative::Sparse(CompressedRows::of_scene(scene, values)))
        }
        Instance::Hand(HandInput {
            pose,
            us: None,
            model,
            correspondences,
            ..
        }) => {
            let run = hand_jacobian::simple_jacobian::with(options);
            Ok(Derivative::Dense {
                columns: POSE,
                values: run.call((pose, model, correspondences))?,
            })
        }
        Instance::Hand(HandInput {
            pose,
            us: Some(us),
            model,
            correspondences,
            ..
        }) => {
            let run = hand_jacobian::complicated_jacobian::with(options);
            Ok(Derivative::Dense {
                columns: POSE + 2,
                values: run.call((pose, us, model, correspondences))?,
            })
        }
    }
}

fn by_hand(instance: &Instance) -> Derivative {
    match instance {
        Instance::Gmm(GmmInput {
            mixture,
            points,
            prior,
        }) => {
            let (_, gradient) = reference::gmm::value_and_gradient(mixture, points, prior);
            Derivative::Gradient([gradient.alphas, gradient.means, gradient.factors].concat())
        }
        Instance::Lstm(LstmInput {
            parameters: Parameters { main, extra },
            state,
            text,
            bits,
        }) => {
            let (_, main, extra) =
                reference::lstm::value_and_gradient(main, extra, state, text, *bits);
            Derivative::Gradient([main, extra].concat())
        }
        Instance::Ba(scene) => {
            let block = |i: usize| {
                let camera = &scene.cameras[scene.camera_of[i]];
                let point = &scene.points[scene.point_of[i]];
                reference::ba::value_and_block(camera, point, scene.weights[i], &scene.features[i])
                    .1
            };
            let blocks = (0..scene.weights.len()).flat_map(block);
            let mut values: Vec<f64> = blocks.flatten().collect();
            values.extend(scene.weights.iter().map(|w| -2.0 * w));
            Derivative::Sparse(CompressedRows::of_scene(scene, values))
        }
        Instance::Hand(HandInput {
            pose,
            us,
            model,
            correspondences,
            points,
        }) => {
            let (rows, own) = match us {
                None => (
                    reference::hand::simple(pose, model, correspondences, points),
                    0,
                ),
                Some(us) => (
                    reference::hand::complicated(pose, us, model, correspondences, points),
                    2,
                ),
            };
            let values = rows
                .iter()
                .flat_map(|row| {
                    let (pose, uv) = row.tangent.split_at(POSE);
                    uv[..own].iter().chain(pose).copied().collect::<Vec<f64>>()
                })
                .collect();
            Derivative::Dense {
                columns: own + POSE,
                values,
            }
        }
    }
}

/// The objective as the hand-written derivations compute it along the way: a second opinion on its value.
pub fn objective_by_hand(instance: &Instance) -> Vec<f64> {
    match instance {
        Instance::Gmm(GmmInput {
            mixture,
            points,
            prior,
        }) => {
            vec![reference::gmm::value_and_gradient(mixture, points, prior).0]
        }
        Instance::Lstm(LstmInput {
            parameters: Parameters { main, extra },
            state,
            text,
            bits,
        }) => {
            vec![reference::lstm::value_and_gradient(main, extra, state, text, *bits).0]
        }
        Instance::Ba(scene) => {
            let mut out: Vec<f64> = Vec::new();
            for (i, &weight) in scene.weights.iter().enumerate() {
                let camera: &ba::Camera = &scene.cameras[scene.camera_of[i]];
                let point = &scene.points[scene.point_of[i]];
                out.extend(
                    reference::ba::value_and_block(camera, point, weight, &scene.features[i]).0,
                );
            }
            out.extend(scene.weights.iter().map(|w| (1.0 - w) * (1.0 + w)));
            out
        }
        Instance::Hand(HandInput {
            pose,
            us,
            model,
            correspondences,
            points,
        }) => {
            let rows = match us {
                None => reference::hand::simple(pose, model, correspondences, points),
                Some(us) => reference::hand::complicated(pose, us, model, correspondences, points),
            };
            rows.iter().map(|row| row.value).collect()
        }
    }
}
