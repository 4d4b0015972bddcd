//! The Jacobian of hand tracking, from derivatives in few directions.
//!
//! What is not linear in the pose are the bones' transforms and the global rotation: their derivatives are Cotangent's (`jvp`). A finger's
//! parameters move its own bones only, so one direction moves all five fingers at once, and four directions give the derivative with
//! respect to all twenty. Vertices are linear in the transforms, and so are their derivatives, with the same weights. Start at
//! [`simple_jacobian`]; the functions are annotated, so that all of it is one program.

#![allow(
    clippy::needless_range_loop,
    reason = "index loops are what this example is about"
)]

use super::hand::{Matrix, Model, POSE, axis_angle_rotation, bone_transforms};
use cotangent::{differentiable, stop_gradient};

/// Parameters of a finger, and so directions.
pub const DIRECTIONS: usize = 4;
/// Parameters of all fingers.
pub const FINGERS: usize = 20;
/// Numbers of a vertex before the global rotation: its place, and its derivative by each finger parameter.
const SLOTS: usize = 3 + 3 * FINGERS;

/// The Jacobian of [`simple_residuals`](super::hand::simple_residuals) by the pose: three rows of [`POSE`] numbers for each point.
#[differentiable]
pub fn simple_jacobian(pose: &[f64], model: &Model, vertex_of: &[usize]) -> Vec<f64> {
    let vertices = blended_vertices(pose, model);
    let turns = global_turns(pose);
    let mut out = vec![0.0; 3 * POSE * vertex_of.len()];
    for i in 0..vertex_of.len() {
        let v = SLOTS * vertex_of[i];
        let rows = &mut out[3 * POSE * i..3 * POSE * (i + 1)];
        pose_columns(&turns, &vertices[v..v + SLOTS], 0, POSE, rows);
    }
    out
}

/// The Jacobian of [`complicated_residuals`](super::hand::complicated_residuals): three rows for each point, of two numbers by its own
/// coordinates and [`POSE`] by the pose.
#[differentiable]
pub fn complicated_jacobian(
    pose: &[f64],
    us: &[[f64; 2]],
    model: &Model,
    triangle_of: &[usize],
) -> Vec<f64> {
    let vertices = blended_vertices(pose, model);
    let turns = global_turns(pose);
    let columns = POSE + 2;
    let mut out = vec![0.0; 3 * columns * triangle_of.len()];
    let mut place = vec![0.0; SLOTS];
    for i in 0..triangle_of.len() {
        let [a, b, c] = model.triangles[triangle_of[i]];
        let [u, v] = us[i];
        let (a, b, c) = (SLOTS * a, SLOTS * b, SLOTS * c);
        for j in 0..SLOTS {
            place[j] = u * vertices[a + j] + v * vertices[b + j] + (1.0 - u - v) * vertices[c + j];
        }
        let rows = &mut out[3 * columns * i..3 * columns * (i + 1)];
        pose_columns(&turns, &place, 2, columns, rows);
        // The place is linear in its coordinates: their columns are the differences of the corners, turned.
        for r in 0..3 {
            for k in 0..3 {
                let turn = turns[0][r][k];
                rows[r * columns] -= turn * (vertices[a + k] - vertices[c + k]);
                rows[r * columns + 1] -= turn * (vertices[b + k] - vertices[c + k]);
            }
        }
    }
    out
}

/// Minus the derivative of a turned and moved place by the pose: three rows of `columns`, the pose from column `first` on.
#[differentiable]
pub fn pose_columns(
    turns: &[[[f64; 3]; 3]; 4],
    place: &[f64],
    first: usize,
    columns: usize,
    rows: &mut [f64],
) {
    for r in 0..3 {
        let at = r * columns + first;
        for k in 0..3 {
            let mut sum = 0.0;
            for j in 0..3 {
                sum += turns[1 + k][r][j] * place[j];
            }
            rows[at + k] = -sum;
        }
        rows[at + 3 + r] = -1.0;
        let (x, y, z) = (turns[0][r][0], turns[0][r][1], turns[0][r][2]);
        for k in 0..FINGERS {
            let d = 3 + 3 * k;
            rows[at + 6 + k] = -(x * place[d] + y * place[d + 1] + z * place[d + 2]);
        }
    }
}

/// The global rotation, and its derivatives by its three parameters.
#[differentiable]
pub fn global_turns(pose: &[f64]) -> [[[f64; 3]; 3]; 4] {
    let axis = (pose[0], pose[1], pose[2]);
    let (turn, x) = axis_angle_rotation::jvp(axis, (1.0, 0.0, 0.0)).unwrap();
    let (_, y) = axis_angle_rotation::jvp(axis, (0.0, 1.0, 0.0)).unwrap();
    let (_, z) = axis_angle_rotation::jvp(axis, (0.0, 0.0, 1.0)).unwrap();
    [turn, x, y, z]
}

/// The bones' transforms, which depend on the pose only as far as derivatives go.
#[differentiable]
pub fn transforms_by_pose(pose: &[f64], model: &Model) -> Vec<Matrix> {
    bone_transforms(pose, stop_gradient(model))
}

/// For each vertex its place before the global rotation, and its derivatives by the fingers' parameters: [`SLOTS`] numbers.
#[differentiable]
pub fn blended_vertices(pose: &[f64], model: &Model) -> Vec<f64> {
    let mut out = vec![0.0; SLOTS * model.vertices.len()];
    for direction in 0..DIRECTIONS {
        let mut tangent = vec![0.0; pose.len()];
        for finger in 0..FINGERS / DIRECTIONS {
            tangent[6 + DIRECTIONS * finger + direction] = 1.0;
        }
        // The model has no derivative there, so any tangent of it will do.
        let (transforms, moves) =
            transforms_by_pose::jvp((pose, model), (&tangent, model)).unwrap();
        for v in 0..model.vertices.len() {
            let rest = model.vertices[v];
            for w in model.weight_starts[v]..model.weight_starts[v + 1] {
                let (bone, weight) = (model.weight_bones[w], model.weights[w]);
                if direction == 0 {
                    add_moved(&mut out, SLOTS * v, weight, &transforms[bone], &rest);
                }
                // Bone 0 is the wrist, bones after the fingers are the arm's.
                if (1..=FINGERS).contains(&bone) {
                    let parameter = (bone - 1) / DIRECTIONS * DIRECTIONS + direction;
                    let at = SLOTS * v + 3 + 3 * parameter;
                    add_moved(&mut out, at, weight, &moves[bone], &rest);
                }
            }
        }
    }
    out
}

/// Adds `weight` times what a transform makes of a point.
#[differentiable]
pub fn add_moved(out: &mut [f64], at: usize, weight: f64, t: &Matrix, rest: &[f64; 3]) {
    for i in 0..3 {
        let moved = t[i][0] * rest[0] + t[i][1] * rest[1] + t[i][2] * rest[2] + t[i][3];
        out[at + i] += weight * moved;
    }
}
