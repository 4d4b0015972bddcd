//! A problem with its data, whichever of the four it is: its objective as a vector, its parameters as a vector.

use super::ba::{self, Camera, Scene};
use super::gmm::{self, Mixture, Wishart};
use super::hand::{self, Model};
use super::lstm::{self, Parameters};

/// Data of the mixture model.
#[derive(Clone, Debug)]
pub struct GmmInput {
    /// The parameters.
    pub mixture: Mixture,
    /// The points, flat.
    pub points: Vec<f64>,
    /// The prior.
    pub prior: Wishart,
}

/// Data of the LSTM.
#[derive(Clone, Debug)]
pub struct LstmInput {
    /// The parameters.
    pub parameters: Parameters,
    /// The state before the first character.
    pub state: Vec<f64>,
    /// The characters, flat.
    pub text: Vec<f64>,
    /// Numbers per character.
    pub bits: usize,
}

/// Data of the hand.
#[derive(Clone, Debug)]
pub struct HandInput {
    /// The pose.
    pub pose: Vec<f64>,
    /// Coordinates of each point in its triangle: only in the complicated problem.
    pub us: Option<Vec<[f64; 2]>>,
    /// The hand.
    pub model: Model,
    /// The vertex (simple) or triangle (complicated) of each point.
    pub correspondences: Vec<usize>,
    /// The measured points.
    pub points: Vec<[f64; 3]>,
}

/// One of the four problems.
#[derive(Clone, Debug)]
pub enum Instance {
    /// Gaussian mixture model.
    Gmm(GmmInput),
    /// Bundle adjustment.
    Ba(Scene),
    /// Diagonal LSTM.
    Lstm(LstmInput),
    /// Hand tracking, simple or complicated.
    Hand(HandInput),
}

impl Instance {
    /// The objective: one number (gmm, lstm) or all residuals.
    pub fn objective(&self) -> Vec<f64> {
        match self {
            Instance::Gmm(input) => vec![gmm::log_posterior(
                &input.mixture,
                &input.points,
                &input.prior,
            )],
            Instance::Lstm(input) => {
                vec![lstm::loss(
                    &input.parameters,
                    &input.state,
                    &input.text,
                    input.bits,
                )]
            }
            Instance::Ba(scene) => {
                let mut reprojection = vec![[0.0; 2]; scene.weights.len()];
                let mut weight = vec![0.0; scene.weights.len()];
                ba::residuals(scene, &mut reprojection, &mut weight);
                let mut all = reprojection.into_flattened();
                all.append(&mut weight);
                all
            }
            Instance::Hand(input) => match &input.us {
                None => hand::simple_residuals(
                    &input.pose,
                    &input.model,
                    &input.correspondences,
                    &input.points,
                ),
                Some(us) => hand::complicated_residuals(
                    &input.pose,
                    us,
                    &input.model,
                    &input.correspondences,
                    &input.points,
                ),
            },
        }
    }

    /// The objective as one number: itself, or the sum of squared residuals.
    pub fn objective_summary(&self) -> f64 {
        let all = self.objective();
        match self {
            Instance::Gmm(_) | Instance::Lstm(_) => all[0],
            Instance::Ba(_) | Instance::Hand(_) => all.iter().map(|r| r * r).sum(),
        }
    }

    /// What the derivative is taken with respect to, flat. gmm: alphas, means, factors; lstm: main, extra; ba:
    /// cameras, points, weights; hand: point coordinates (if any), pose.
    pub fn parameters(&self) -> Vec<f64> {
        match self {
            Instance::Gmm(GmmInput { mixture, .. }) => {
                [&mixture.alphas[..], &mixture.means, &mixture.factors].concat()
            }
            Instance::Lstm(input) => [&input.parameters.main[..], &input.parameters.extra].concat(),
            Instance::Ba(scene) => {
                let mut all = Vec::new();
                for camera in &scene.cameras {
                    all.extend(camera_numbers(camera));
                }
                all.extend(scene.points.iter().flatten());
                all.extend(&scene.weights);
                all
            }
            Instance::Hand(input) => {
                let mut all: Vec<f64> = input.us.iter().flatten().flatten().copied().collect();
                all.extend(&input.pose);
                all
            }
        }
    }

    /// The same problem at other parameters, in the order of [`Instance::parameters`].
    pub fn at(&self, parameters: &[f64]) -> Instance {
        let mut rest = parameters.iter().copied();
        let mut fill = |out: &mut [f64]| {
            for (slot, value) in out.iter_mut().zip(&mut rest) {
                *slot = value;
            }
        };
        let mut moved = self.clone();
        match &mut moved {
            Instance::Gmm(GmmInput { mixture, .. }) => {
                fill(&mut mixture.alphas);
                fill(&mut mixture.means);
                fill(&mut mixture.factors);
            }
            Instance::Lstm(input) => {
                fill(&mut input.parameters.main);
                fill(&mut input.parameters.extra);
            }
            Instance::Ba(scene) => {
                for camera in &mut scene.cameras {
                    let mut numbers = [0.0; 11];
                    fill(&mut numbers);
                    *camera = camera_from_numbers(&numbers);
                }
                fill(scene.points.as_flattened_mut());
                fill(&mut scene.weights);
            }
            Instance::Hand(input) => {
                if let Some(us) = &mut input.us {
                    fill(us.as_flattened_mut());
                }
                fill(&mut input.pose);
            }
        }
        moved
    }
}

/// The numbers of a camera in the order of the file.
pub fn camera_numbers(camera: &Camera) -> [f64; 11] {
    let [r1, r2, r3] = camera.rotation;
    let [c1, c2, c3] = camera.centre;
    let [u, v] = camera.principal;
    let [k1, k2] = camera.radial;
    [r1, r2, r3, c1, c2, c3, camera.focal, u, v, k1, k2]
}

/// A camera from its numbers in the order of the file.
pub fn camera_from_numbers(&[r1, r2, r3, c1, c2, c3, focal, u, v, k1, k2]: &[f64; 11]) -> Camera {
    Camera {
        rotation: [r1, r2, r3],
        centre: [c1, c2, c3],
        focal,
        principal: [u, v],
        radial: [k1, k2],
    }
}
