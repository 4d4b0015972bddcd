//! Bundle adjustment: how far the projections of points into cameras are from the observed image features.
//!
//! Start at [`residuals`]. A camera turns a point about its centre, divides by depth, bends the ray by two
//! radial terms, and scales and shifts it into pixels.

#![allow(
    clippy::needless_range_loop,
    reason = "index loops are what this example is about"
)]

use cotangent::{Differentiable, differentiable};

/// A camera: eleven numbers.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Camera {
    /// Rotation, as an axis times an angle.
    pub rotation: [f64; 3],
    /// Where the camera stands.
    pub centre: [f64; 3],
    /// Focal length in pixels.
    pub focal: f64,
    /// The pixel straight ahead.
    pub principal: [f64; 2],
    /// Radial distortion, second and fourth order.
    pub radial: [f64; 2],
}

/// Cameras, points, and what was seen of them.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Scene {
    /// The cameras.
    pub cameras: Vec<Camera>,
    /// The points.
    pub points: Vec<[f64; 3]>,
    /// One weight per observation.
    pub weights: Vec<f64>,
    /// The pixel of each observation.
    pub features: Vec<[f64; 2]>,
    /// The camera of each observation.
    pub camera_of: Vec<usize>,
    /// The point of each observation.
    pub point_of: Vec<usize>,
}

/// Fills the two reprojection errors and the one weight error of each observation.
#[differentiable]
pub fn residuals(scene: &Scene, reprojection: &mut [[f64; 2]], weight: &mut [f64]) {
    for i in 0..scene.weights.len() {
        let camera = &scene.cameras[scene.camera_of[i]];
        let point = &scene.points[scene.point_of[i]];
        reprojection[i] = reprojection_error(camera, point, scene.weights[i], &scene.features[i]);
        weight[i] = weight_error(scene.weights[i]);
    }
}

/// Numbers that one reprojection error depends on: camera, point and weight.
pub const BLOCK: usize = 15;

/// The numbers of the sparse Jacobian of [`residuals`], row by row: for each observation both reprojection errors by camera, point and
/// weight, then each weight error by its weight. All of them come from one call, which takes the derivative of one observation after
/// the other.
#[differentiable]
pub fn jacobian_values(scene: &Scene) -> Vec<f64> {
    let n = scene.weights.len();
    let mut out = vec![0.0; (2 * BLOCK + 1) * n];
    for i in 0..n {
        let camera = &scene.cameras[scene.camera_of[i]];
        let point = &scene.points[scene.point_of[i]];
        let (weight, feature) = (scene.weights[i], &scene.features[i]);
        let at = 2 * BLOCK * i;
        let (dcamera, dpoint, dweight, _) =
            horizontal_error::gradient(camera, point, weight, feature).unwrap();
        fill_row(&mut out[at..at + BLOCK], &dcamera, &dpoint, dweight);
        let (dcamera, dpoint, dweight, _) =
            vertical_error::gradient(camera, point, weight, feature).unwrap();
        fill_row(
            &mut out[at + BLOCK..at + 2 * BLOCK],
            &dcamera,
            &dpoint,
            dweight,
        );
        out[2 * BLOCK * n + i] = weight_error::gradient(weight).unwrap();
    }
    out
}

/// The first reprojection error.
#[differentiable]
pub fn horizontal_error(camera: &Camera, point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> f64 {
    reprojection_error(camera, point, weight, feature)[0]
}

/// The second reprojection error.
#[differentiable]
pub fn vertical_error(camera: &Camera, point: &[f64; 3], weight: f64, feature: &[f64; 2]) -> f64 {
    reprojection_error(camera, point, weight, feature)[1]
}

/// Puts the derivatives of one error in order.
#[differentiable]
pub fn fill_row(row: &mut [f64], camera: &Camera, point: &[f64; 3], weight: f64) {
    row[..3].copy_from_slice(&camera.rotation);
    row[3..6].copy_from_slice(&camera.centre);
    row[6] = camera.focal;
    row[7..9].copy_from_slice(&camera.principal);
    row[9..11].copy_from_slice(&camera.radial);
    row[11..14].copy_from_slice(point);
    row[14] = weight;
}

/// Weighted distance between a point's projection and the observed feature.
#[differentiable]
pub fn reprojection_error(
    camera: &Camera,
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
) -> [f64; 2] {
    let pixel = project(camera, point);
    [
        weight * (pixel[0] - feature[0]),
        weight * (pixel[1] - feature[1]),
    ]
}

/// How far a weight is from one (or minus one).
#[differentiable]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// The pixel at which a camera sees a point.
#[differentiable]
pub fn project(camera: &Camera, point: &[f64; 3]) -> [f64; 2] {
    let mut ray = [0.0; 3];
    for i in 0..3 {
        ray[i] = point[i] - camera.centre[i];
    }
    let seen = rotate(&camera.rotation, &ray);
    let mut pixel = [seen[0] / seen[2], seen[1] / seen[2]];
    distort(&camera.radial, &mut pixel);
    for i in 0..2 {
        pixel[i] = pixel[i] * camera.focal + camera.principal[i];
    }
    pixel
}

/// Rodrigues' formula: turns `x` about the axis `rotation` by its length.
#[differentiable]
pub fn rotate(rotation: &[f64; 3], x: &[f64; 3]) -> [f64; 3] {
    let mut squared_angle = 0.0;
    for r in rotation {
        squared_angle += r * r;
    }
    let mut out = [0.0; 3];
    if squared_angle != 0.0 {
        let angle = squared_angle.sqrt();
        let (sin, cos) = (angle.sin(), angle.cos());
        let mut axis = [0.0; 3];
        for i in 0..3 {
            axis[i] = rotation[i] / angle;
        }
        let along = (axis[0] * x[0] + axis[1] * x[1] + axis[2] * x[2]) * (1.0 - cos);
        let across = cross(&axis, x);
        for i in 0..3 {
            out[i] = x[i] * cos + across[i] * sin + axis[i] * along;
        }
    } else {
        // First order in the rotation, so that its derivative at zero is right too.
        let across = cross(rotation, x);
        for i in 0..3 {
            out[i] = x[i] + across[i];
        }
    }
    out
}

/// Bends a ray outwards or inwards, in place.
#[differentiable]
pub fn distort(radial: &[f64; 2], ray: &mut [f64; 2]) {
    let r2 = ray[0] * ray[0] + ray[1] * ray[1];
    let scale = 1.0 + radial[0] * r2 + radial[1] * r2 * r2;
    ray[0] *= scale;
    ray[1] *= scale;
}

/// The vector product.
#[differentiable]
pub fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}
