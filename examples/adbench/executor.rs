//! The ways to get a derivative: Cotangent on one of its executors, or by hand.

use super::ba::{self, Camera, Scene};
use super::derivative::Derivative;
use super::error::Error;
use super::hand::{self, POSE};
use super::instance::{GmmInput, HandInput, Instance, LstmInput, camera_numbers};
use super::lstm::{self, Parameters};
use super::{gmm, reference};
use cotangent::Options;

/// Observations per reverse pass of bundle adjustment: enough to hide the cost of a call, few enough to stay in memory.
const OBSERVATIONS_AT_ONCE: usize = 2048;

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
        let all = Executor::all();
        let known: Vec<&str> = all.iter().map(Executor::name).collect();
        all.iter()
            .find(|executor| executor.name() == name)
            .cloned()
            .ok_or_else(|| {
                format!(
                    "there is no executor `{name}`; there are {}",
                    known.join(", ")
                )
            })
    }

    /// The name on the command line.
    pub fn name(&self) -> &str {
        match self {
            Executor::Cotangent(name) => name,
            Executor::Reference => "reference",
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
        Instance::Ba(scene) => blocks(scene, options),
        Instance::Hand(HandInput {
            pose,
            us: None,
            model,
            correspondences,
            points,
        }) => {
            let run = hand::simple_residuals::with(options);
            let jacobian = run.jacobian_wrt::<0>((pose, model, correspondences, points))?;
            Ok(Derivative::Dense {
                columns: POSE,
                values: jacobian.as_slice().to_vec(),
            })
        }
        Instance::Hand(HandInput {
            pose,
            us: Some(us),
            model,
            correspondences,
            points,
        }) => {
            let pose_and_step = [&pose[..], &[0.0, 0.0]].concat();
            let run = hand::moved_residuals::with(options);
            let jacobian =
                run.jacobian_wrt::<0>((&pose_and_step, us, model, correspondences, points))?;
            let rows = (0..jacobian.rows()).map(|row| jacobian.row(row).split_at(POSE));
            let values = rows
                .flat_map(|(pose, own)| own.iter().chain(pose).copied())
                .collect();
            Ok(Derivative::Dense {
                columns: POSE + 2,
                values,
            })
        }
    }
}

/// Two reverse passes give both rows of many blocks, as every observation has a camera and a point of its own here.
fn blocks(scene: &Scene, options: &Options) -> cotangent::Result<Derivative> {
    let mut blocks = Vec::with_capacity(scene.weights.len());
    let observations: Vec<usize> = (0..scene.weights.len()).collect();
    for some in observations.chunks(OBSERVATIONS_AT_ONCE) {
        let cameras: Vec<Camera> = some
            .iter()
            .map(|&i| scene.cameras[scene.camera_of[i]])
            .collect();
        let points: Vec<[f64; 3]> = some
            .iter()
            .map(|&i| scene.points[scene.point_of[i]])
            .collect();
        let weights = &scene.weights[some[0]..some[0] + some.len()];
        let features = &scene.features[some[0]..some[0] + some.len()];
        let run = ba::separate_errors::with(options);
        let (_, pullback) = run.pullback((&cameras, &points, weights, features))?;
        let rows = |seed: [f64; 2]| -> cotangent::Result<Vec<[f64; 15]>> {
            let (cameras, points, weights, _) = pullback.call(&vec![seed; some.len()])?;
            let row = |((camera, point), weight): ((&Camera, &[f64; 3]), &f64)| {
                let mut row = [0.0; 15];
                row[..11].copy_from_slice(&camera_numbers(camera));
                row[11..14].copy_from_slice(point);
                row[14] = *weight;
                row
            };
            Ok(cameras.iter().zip(&points).zip(&weights).map(row).collect())
        };
        blocks.extend(
            rows([1.0, 0.0])?
                .into_iter()
                .zip(rows([0.0, 1.0])?)
                .map(|(x, y)| [x, y]),
        );
    }
    let (_, pullback) = ba::weight_errors::with(options).pullback((&scene.weights,))?;
    let weights = pullback.call(&vec![1.0; scene.weights.len()])?;
    Ok(Derivative::Blocks { blocks, weights })
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
            Derivative::Blocks {
                blocks: (0..scene.weights.len()).map(block).collect(),
                weights: scene.weights.iter().map(|w| -2.0 * w).collect(),
            }
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
            let pose_len = super::hand::POSE;
            let values = rows
                .iter()
                .flat_map(|row| {
                    let (pose, uv) = row.tangent.split_at(pose_len);
                    uv[..own].iter().chain(pose).copied().collect::<Vec<f64>>()
                })
                .collect();
            Derivative::Dense {
                columns: own + pose_len,
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
