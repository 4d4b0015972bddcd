//! The ways to get a derivative.

use super::ba;
use super::derivative::Derivative;
use super::error::Error;
use super::instance::{GmmInput, HandInput, Instance, LstmInput};
use super::lstm::Parameters;
use super::reference;
use clap::ValueEnum;

/// Who computes the derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Executor {
    /// Derivatives derived and written by hand, without automatic differentiation: what the others are checked against.
    Reference,
}

impl Executor {
    /// The name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value()
            .map(|v| v.get_name().to_string())
            .unwrap_or_default()
    }

    /// The derivative of an objective at its parameters.
    pub fn derivative(self, instance: &Instance) -> Result<Derivative, Error> {
        match self {
            Executor::Reference => Ok(by_hand(instance)),
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
