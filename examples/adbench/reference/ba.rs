//! The reprojection block in dual numbers with 15 tangents, by the rotation matrix instead of Rodrigues' formula.

use super::super::ba::Camera;
use super::dual::Dual;

type D = Dual<15>;

/// Both residuals of an observation, and their derivatives with respect to the camera (rotation, centre, focal
/// length, principal point, radial terms), the point and the weight.
pub fn value_and_block(
    camera: &Camera,
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
) -> ([f64; 2], [[f64; 15]; 2]) {
    let flat = camera_and_rest(camera, point, weight);
    let v: [D; 15] = std::array::from_fn(|i| D::variable(flat[i], i));
    let ray = [v[11] - v[3], v[12] - v[4], v[13] - v[5]];
    let rotation = rotation_matrix([v[0], v[1], v[2]]);
    let seen = rotation.map(|row| row[0] * ray[0] + row[1] * ray[1] + row[2] * ray[2]);
    let (x, y) = (seen[0] / seen[2], seen[1] / seen[2]);
    let r2 = x * x + y * y;
    let scale = (v[9] + v[10] * r2) * r2 + 1.0;
    let errors = [
        v[14] * (x * scale * v[6] + v[7] + -feature[0]),
        v[14] * (y * scale * v[6] + v[8] + -feature[1]),
    ];
    (errors.map(|e| e.value), errors.map(|e| e.tangent))
}

fn camera_and_rest(camera: &Camera, point: &[f64; 3], weight: f64) -> [f64; 15] {
    let [a, b, c] = camera.rotation;
    let [d, e, f] = camera.centre;
    let [u, v] = camera.principal;
    let [k1, k2] = camera.radial;
    [
        a,
        b,
        c,
        d,
        e,
        f,
        camera.focal,
        u,
        v,
        k1,
        k2,
        point[0],
        point[1],
        point[2],
        weight,
    ]
}

/// `I + sin(t)/t [r] + (1 - cos(t))/t^2 [r]^2`, where `[r]` is the matrix of the vector product with `r`.
fn rotation_matrix(r: [D; 3]) -> [[D; 3]; 3] {
    let zero = D::constant(0.0);
    let hat = [
        [zero, -r[2], r[1]],
        [r[2], zero, -r[0]],
        [-r[1], r[0], zero],
    ];
    let t2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    // At no rotation both factors have slope zero, and the second one does not matter to first order.
    let (first, second) = if t2.value == 0.0 {
        (D::constant(1.0), D::constant(0.5))
    } else {
        let t = t2.sqrt();
        (t.sin() / t, (-t.cos() + 1.0) / t2)
    };
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let square = hat[i][0] * hat[0][j] + hat[i][1] * hat[1][j] + hat[i][2] * hat[2][j];
            first * hat[i][j] + second * square + if i == j { 1.0 } else { 0.0 }
        })
    })
}
