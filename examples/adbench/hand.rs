//! Hand tracking: how far measured points are from a posed hand.
//!
//! Start at [`simple_residuals`] and [`complicated_residuals`]. A pose is 26 numbers: a global rotation (axis
//! times angle), a global translation, and for each of five fingers the flexion and abduction of its second
//! bone and the flexion of its third and fourth. Bones form a tree; a vertex follows several bones, each with a
//! weight (linear blend skinning). The caller makes sure that indices are in range (the file reader does).

#![allow(
    clippy::needless_range_loop,
    reason = "index loops are what this example is about"
)]

use cotangent::{Differentiable, differentiable};

/// A 4 by 4 matrix of rows.
pub type Matrix = [[f64; 4]; 4];

/// Number of pose parameters.
pub const POSE: usize = 26;
/// The bones before the forearm: the wrist and five fingers of four.
pub const FINGER_BONES: usize = 21;

/// The hand: bones, and a mesh that follows them.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Model {
    /// The parent of each bone, or -1; a parent comes before its children.
    pub parents: Vec<i32>,
    /// Each bone in the frame of its parent, at rest.
    pub relatives: Vec<Matrix>,
    /// From the world into the frame of each bone, at rest.
    pub inverse_absolutes: Vec<Matrix>,
    /// Vertices of the mesh, at rest.
    pub vertices: Vec<[f64; 3]>,
    /// Where the weights of each vertex start in `weight_bones` and `weights`; one more entry for the end.
    pub weight_starts: Vec<usize>,
    /// Bones that vertices follow.
    pub weight_bones: Vec<usize>,
    /// How strongly they follow them.
    pub weights: Vec<f64>,
    /// Triangles of the mesh.
    pub triangles: Vec<[usize; 3]>,
}

/// Residuals of points that correspond to vertices: three per point.
#[differentiable]
pub fn simple_residuals(
    pose: &[f64],
    model: &Model,
    vertex_of: &[usize],
    points: &[[f64; 3]],
) -> Vec<f64> {
    let vertices = posed_vertices(pose, model);
    let mut out = vec![0.0; 3 * points.len()];
    for i in 0..points.len() {
        for j in 0..3 {
            out[3 * i + j] = points[i][j] - vertices[vertex_of[i]][j];
        }
    }
    out
}

/// Residuals of points that correspond to places inside triangles: three per point. `us` has two barycentric
/// coordinates per point.
#[differentiable]
pub fn complicated_residuals(
    pose: &[f64],
    us: &[[f64; 2]],
    model: &Model,
    triangle_of: &[usize],
    points: &[[f64; 3]],
) -> Vec<f64> {
    let vertices = posed_vertices(pose, model);
    let mut out = vec![0.0; 3 * points.len()];
    for i in 0..points.len() {
        let [a, b, c] = model.triangles[triangle_of[i]];
        let [u, v] = us[i];
        for j in 0..3 {
            let place = u * vertices[a][j] + v * vertices[b][j] + (1.0 - u - v) * vertices[c][j];
            out[3 * i + j] = points[i][j] - place;
        }
    }
    out
}

/// The vertices of the mesh in a pose.
#[differentiable]
pub fn posed_vertices(pose: &[f64], model: &Model) -> Vec<[f64; 3]> {
    let transforms = bone_transforms(pose, model);
    let global = axis_angle_rotation(pose[0], pose[1], pose[2]);
    let mut out = vec![[0.0; 3]; model.vertices.len()];
    for v in 0..model.vertices.len() {
        let rest = model.vertices[v];
        let mut blended = [0.0; 3];
        for w in model.weight_starts[v]..model.weight_starts[v + 1] {
            let t = &transforms[model.weight_bones[w]];
            for i in 0..3 {
                let moved = t[i][0] * rest[0] + t[i][1] * rest[1] + t[i][2] * rest[2] + t[i][3];
                blended[i] += model.weights[w] * moved;
            }
        }
        for i in 0..3 {
            let turned =
                global[i][0] * blended[0] + global[i][1] * blended[1] + global[i][2] * blended[2];
            out[v][i] = turned + pose[3 + i];
        }
    }
    out
}

/// What each bone does to points given at rest.
#[differentiable]
pub fn bone_transforms(pose: &[f64], model: &Model) -> Vec<Matrix> {
    let angles = finger_angles(pose, model.parents.len());
    let mut absolutes: Vec<Matrix> = Vec::new();
    for bone in 0..model.parents.len() {
        let turned = multiply(&model.relatives[bone], &euler_rotation(&angles[bone]));
        if model.parents[bone] < 0 {
            absolutes.push(turned);
        } else {
            let parent = absolutes[model.parents[bone] as usize];
            absolutes.push(multiply(&parent, &turned));
        }
    }
    let mut out: Vec<Matrix> = Vec::new();
    for bone in 0..absolutes.len() {
        out.push(multiply(&absolutes[bone], &model.inverse_absolutes[bone]));
    }
    out
}

/// Flexion, abduction and twist of each bone. Bone 0 is the wrist, then come four bones of each finger, of
/// which the first stays at rest.
#[differentiable]
pub fn finger_angles(pose: &[f64], bones: usize) -> Vec<[f64; 3]> {
    let mut angles = vec![[0.0; 3]; bones];
    let mut next = 6;
    for finger in 0..5 {
        let first = 1 + 4 * finger;
        angles[first + 1][0] = pose[next];
        angles[first + 1][1] = pose[next + 1];
        angles[first + 2][0] = pose[next + 2];
        angles[first + 3][0] = pose[next + 3];
        next += 4;
    }
    angles
}

/// The rotation of a bone: flexion about x, then twist about y, then abduction about z.
#[differentiable]
pub fn euler_rotation(angles: &[f64; 3]) -> Matrix {
    let (sx, cx) = (angles[0].sin(), angles[0].cos());
    let (sz, cz) = (angles[1].sin(), angles[1].cos());
    let (sy, cy) = (angles[2].sin(), angles[2].cos());
    let x = [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, cx, -sx, 0.0],
        [0.0, sx, cx, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let y = [
        [cy, 0.0, sy, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [-sy, 0.0, cy, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let z = [
        [cz, -sz, 0.0, 0.0],
        [sz, cz, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    multiply(&multiply(&z, &y), &x)
}

/// The rotation about an axis by its length; no rotation where that is tiny.
#[differentiable]
pub fn axis_angle_rotation(x: f64, y: f64, z: f64) -> [[f64; 3]; 3] {
    let squared_angle = x * x + y * y + z * z;
    if squared_angle < 0.0001 * 0.0001 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    let angle = squared_angle.sqrt();
    let axis = [x / angle, y / angle, z / angle];
    let (sin, cos) = (angle.sin(), angle.cos());
    let mut out = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            out[i][j] = axis[i] * axis[j] * (1.0 - cos);
        }
        out[i][i] += cos;
    }
    out[0][1] -= axis[2] * sin;
    out[0][2] += axis[1] * sin;
    out[1][0] += axis[2] * sin;
    out[1][2] -= axis[0] * sin;
    out[2][0] -= axis[1] * sin;
    out[2][1] += axis[0] * sin;
    out
}

/// The product of two matrices.
#[differentiable]
pub fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let mut out = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..4 {
            for k in 0..4 {
                out[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    out
}
