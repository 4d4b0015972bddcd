//! The posed hand in dual numbers: one tangent per pose parameter and two for a point's own coordinates.
//!
//! Rotations are written out entry by entry, and every vertex walks its bones' chain of frames by vectors; the
//! objective multiplies matrices.

use super::super::hand::{Matrix, Model, POSE};
use super::dual::Dual;

/// Tangents: the pose, then the two coordinates of the point at hand.
pub const TANGENTS: usize = POSE + 2;

type D = Dual<TANGENTS>;

/// Residuals and their derivatives for points on vertices.
pub fn simple(pose: &[f64], model: &Model, vertex_of: &[usize], points: &[[f64; 3]]) -> Vec<D> {
    let vertices = posed_vertices(pose, model);
    let mut out = Vec::new();
    for (point, &v) in points.iter().zip(vertex_of) {
        for j in 0..3 {
            out.push(-vertices[v][j] + point[j]);
        }
    }
    out
}

/// Residuals and their derivatives for points in triangles.
pub fn complicated(
    pose: &[f64],
    us: &[[f64; 2]],
    model: &Model,
    triangle_of: &[usize],
    points: &[[f64; 3]],
) -> Vec<D> {
    let vertices = posed_vertices(pose, model);
    let mut out = Vec::new();
    for ((point, &triangle), uv) in points.iter().zip(triangle_of).zip(us) {
        let [a, b, c] = model.triangles[triangle].map(|v| vertices[v]);
        let u = D::variable(uv[0], POSE);
        let v = D::variable(uv[1], POSE + 1);
        for j in 0..3 {
            // The corner c plus steps towards a and b.
            let place = c[j] + u * (a[j] - c[j]) + v * (b[j] - c[j]);
            out.push(-place + point[j]);
        }
    }
    out
}

fn posed_vertices(pose: &[f64], model: &Model) -> Vec<[D; 3]> {
    let theta: [D; POSE] = std::array::from_fn(|i| D::variable(pose[i], i));
    let turns: Vec<[[D; 3]; 3]> = (0..model.parents.len())
        .map(|bone| bone_turn(&theta, bone))
        .collect();
    let global = global_turn(&theta);
    let mut out = Vec::new();
    for (v, rest) in model.vertices.iter().enumerate() {
        let mut blended = [D::constant(0.0); 3];
        for w in model.weight_starts[v]..model.weight_starts[v + 1] {
            let bone = model.weight_bones[w];
            let mut x = fixed(&model.inverse_absolutes[bone], &rest.map(D::constant));
            let mut at = bone as i32;
            // From the bone's frame outwards to the world.
            while at >= 0 {
                x = fixed(
                    &model.relatives[at as usize],
                    &turn(&turns[at as usize], &x),
                );
                at = model.parents[at as usize];
            }
            for i in 0..3 {
                blended[i] = blended[i] + x[i] * model.weights[w];
            }
        }
        let turned = turn(&global, &blended);
        out.push([
            turned[0] + theta[3],
            turned[1] + theta[4],
            turned[2] + theta[5],
        ]);
    }
    out
}

fn fixed(m: &Matrix, x: &[D; 3]) -> [D; 3] {
    std::array::from_fn(|i| x[0] * m[i][0] + x[1] * m[i][1] + x[2] * m[i][2] + m[i][3])
}

fn turn(m: &[[D; 3]; 3], x: &[D; 3]) -> [D; 3] {
    std::array::from_fn(|i| m[i][0] * x[0] + m[i][1] * x[1] + m[i][2] * x[2])
}

/// Flexion about x, then abduction about z; bones without parameters stay as they are.
fn bone_turn(theta: &[D; POSE], bone: usize) -> [[D; 3]; 3] {
    let zero = D::constant(0.0);
    let (mut flexion, mut abduction) = (zero, zero);
    if (1..21).contains(&bone) {
        let (finger, joint) = ((bone - 1) / 4, (bone - 1) % 4);
        match joint {
            1 => (flexion, abduction) = (theta[6 + 4 * finger], theta[7 + 4 * finger]),
            2 | 3 => flexion = theta[6 + 4 * finger + joint],
            _ => {}
        }
    }
    let (sx, cx, sz, cz) = (
        flexion.sin(),
        flexion.cos(),
        abduction.sin(),
        abduction.cos(),
    );
    [
        [cz, -(sz * cx), sz * sx],
        [sz, cz * cx, -(cz * sx)],
        [zero, sx, cx],
    ]
}

fn global_turn(theta: &[D; POSE]) -> [[D; 3]; 3] {
    let r = [theta[0], theta[1], theta[2]];
    let (zero, one) = (D::constant(0.0), D::constant(1.0));
    let squared = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    // ADBench's objective is flat below this angle, so its derivative is zero there.
    if squared.value.sqrt() < 0.0001 {
        return [[one, zero, zero], [zero, one, zero], [zero, zero, one]];
    }
    let angle = squared.sqrt();
    let (first, second) = (angle.sin() / angle, (-angle.cos() + 1.0) / squared);
    let hat = [
        [zero, -r[2], r[1]],
        [r[2], zero, -r[0]],
        [-r[1], r[0], zero],
    ];
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let square = hat[i][0] * hat[0][j] + hat[i][1] * hat[1][j] + hat[i][2] * hat[2][j];
            first * hat[i][j] + second * square + if i == j { 1.0 } else { 0.0 }
        })
    })
}
