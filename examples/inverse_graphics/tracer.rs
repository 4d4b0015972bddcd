//! A small ray tracer: spheres, triangles, a floor, one lamp, soft shadows and mirrors. Start at [`pixel`].

use cotangent::{Differentiable, differentiable};
use std::ops::{Add, Mul, Neg, Sub};

/// A place, a direction, or a colour (red, green and blue light).
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Vector {
    /// To the right.
    pub x: f64,
    /// Up.
    pub y: f64,
    /// Away from the camera.
    pub z: f64,
}

#[differentiable]
impl Add for Vector {
    type Output = Vector;
    fn add(self, other: Vector) -> Vector {
        vector(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

#[differentiable]
impl Sub for Vector {
    type Output = Vector;
    fn sub(self, other: Vector) -> Vector {
        vector(self.x - other.x, self.y - other.y, self.z - other.z)
    }
}

#[differentiable]
impl Neg for Vector {
    type Output = Vector;
    fn neg(self) -> Vector {
        vector(-self.x, -self.y, -self.z)
    }
}

#[differentiable]
impl Mul<f64> for Vector {
    type Output = Vector;
    fn mul(self, by: f64) -> Vector {
        vector(self.x * by, self.y * by, self.z * by)
    }
}

#[differentiable]
impl Vector {
    /// The inner product.
    pub fn dot(self, other: Vector) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    /// The outer product.
    pub fn cross(self, other: Vector) -> Vector {
        vector(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    /// The direction.
    pub fn unit(self) -> Vector {
        self * (1.0 / self.dot(self).sqrt())
    }

    /// Light of this colour on a thing of that colour.
    pub fn on(self, other: Vector) -> Vector {
        vector(self.x * other.x, self.y * other.y, self.z * other.z)
    }
}

/// A vector.
#[differentiable]
pub fn vector(x: f64, y: f64, z: f64) -> Vector {
    Vector { x, y, z }
}

/// What can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub enum Shape {
    /// A sphere.
    Sphere {
        /// Its middle.
        centre: Vector,
        /// Its radius.
        radius: f64,
    },
    /// A triangle.
    Triangle {
        /// A corner.
        a: Vector,
        /// A corner.
        b: Vector,
        /// A corner.
        c: Vector,
    },
    /// A plane of squares, as far as can be seen.
    Floor {
        /// Its height.
        height: f64,
    },
}

/// A thing in the scene.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Body {
    /// Its shape.
    pub shape: Shape,
    /// Its colour.
    pub colour: Vector,
    /// How much of what is seen in it is reflected, from 0 to 1.
    pub mirror: f64,
}

/// What is pictured.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Scene {
    /// Things.
    pub bodies: Vec<Body>,
    /// Where the lamp is.
    pub lamp: Vector,
    /// How bright it is.
    pub brightness: f64,
}

/// A ray of sight or of light.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Ray {
    /// Where it starts.
    pub from: Vector,
    /// Its direction.
    pub towards: Vector,
}

/// Nearer than this a ray does not hit what it starts from.
const NEAREST: f64 = 1e-6;
/// Light that comes from everywhere.
const AMBIENT: f64 = 0.12;
/// How wide the edges of shadows are: as if the lamp were not a point.
const EDGE: f64 = 0.3;
/// How often a ray is reflected.
const REFLECTIONS: usize = 2;

/// Where a ray meets the plane of a triangle: how far along the ray, and how far inside the triangle; below zero is outside.
#[differentiable]
fn meet(ray: &Ray, a: Vector, b: Vector, c: Vector) -> Option<(f64, f64)> {
    let (u, v) = (b - a, c - a);
    let p = ray.towards.cross(v);
    let area = u.dot(p);
    if area.abs() < 1e-12 {
        return None;
    }
    let to = ray.from - a;
    let s = to.dot(p) / area;
    let q = to.cross(u);
    let t = ray.towards.dot(q) / area;
    Some((v.dot(q) / area, s.min(t).min(1.0 - s - t)))
}

/// How much light passes an edge at that distance: none, and then more and more.
#[differentiable]
fn passing(beside: f64) -> f64 {
    let u = (0.5 + beside / EDGE).clamp(0.0, 1.0);
    u * u * (3.0 - 2.0 * u)
}

#[differentiable]
impl Shape {
    /// How much of the light that comes from so far along a ray passes.
    fn passed(&self, ray: &Ray, distance: f64) -> f64 {
        match *self {
            Shape::Sphere { centre, radius } => {
                let to = centre - ray.from;
                let middle = to.dot(ray.towards);
                if middle <= 0.0 || middle >= distance {
                    return 1.0;
                }
                passing((to.dot(to) - middle * middle).sqrt() - radius)
            }
            Shape::Triangle { a, b, c } => match meet(ray, a, b, c) {
                Some((far, inside)) if far > NEAREST && far < distance => passing(-inside),
                _ => 1.0,
            },
            Shape::Floor { .. } => 1.0,
        }
    }

    /// How far along a ray it is hit.
    fn hit(&self, ray: &Ray) -> Option<f64> {
        let far = match *self {
            Shape::Sphere { centre, radius } => {
                let to = centre - ray.from;
                let middle = to.dot(ray.towards);
                let beside = radius * radius - to.dot(to) + middle * middle;
                if beside <= 0.0 {
                    return None;
                }
                let half = beside.sqrt();
                if middle > half {
                    middle - half
                } else {
                    middle + half
                }
            }
            Shape::Triangle { a, b, c } => {
                let (far, inside) = meet(ray, a, b, c)?;
                if inside < 0.0 {
                    return None;
                }
                far
            }
            Shape::Floor { height } => {
                if ray.towards.y == 0.0 {
                    return None;
                }
                (height - ray.from.y) / ray.towards.y
            }
        };
        if far > NEAREST { Some(far) } else { None }
    }

    /// The direction in which its surface looks there, towards whom sees it.
    fn normal(&self, at: Vector, ray: &Ray) -> Vector {
        let normal = match *self {
            Shape::Sphere { centre, .. } => (at - centre).unit(),
            Shape::Triangle { a, b, c } => (b - a).cross(c - a).unit(),
            Shape::Floor { .. } => vector(0.0, 1.0, 0.0),
        };
        if normal.dot(ray.towards) > 0.0 {
            -normal
        } else {
            normal
        }
    }
}

/// The first thing that a ray hits. As that is no number but a choice, nothing of the search is kept for the derivative.
#[differentiable]
fn nearest(scene: &Scene, ray: &Ray) -> Option<usize> {
    let mut first = None;
    let mut best = f64::INFINITY;
    for (i, body) in scene.bodies.iter().enumerate() {
        if let Some(far) = body.shape.hit(ray)
            && far < best
        {
            best = far;
            first = Some(i);
        }
    }
    first
}

/// The light that the lamp throws on a place of a surface.
#[differentiable]
fn lit(scene: &Scene, at: Vector, normal: Vector) -> f64 {
    let to = scene.lamp - at;
    let square = to.dot(to);
    let distance = square.sqrt();
    let ray = Ray {
        from: at,
        towards: to * (1.0 / distance),
    };
    let slope = normal.dot(ray.towards);
    if slope <= 0.0 {
        return AMBIENT;
    }
    let mut light = scene.brightness * slope / square;
    for body in &scene.bodies {
        light *= body.shape.passed(&ray, distance);
    }
    AMBIENT + light
}

/// The light from where there is nothing.
#[differentiable]
fn sky(ray: &Ray) -> Vector {
    vector(0.25, 0.35, 0.5) * (0.5 + 0.5 * ray.towards.y)
}

/// The light that comes along a ray, against its direction.
#[differentiable]
pub fn seen(scene: &Scene, ray: &Ray, reflections: usize) -> Vector {
    let Some(i) = nearest(scene, ray) else {
        return sky(ray);
    };
    let body = scene.bodies[i];
    let Some(far) = body.shape.hit(ray) else {
        return sky(ray);
    };
    let at = ray.from + ray.towards * far;
    let normal = body.shape.normal(at, ray);
    let mut colour = body.colour;
    if matches!(body.shape, Shape::Floor { .. }) {
        let dark = (at.x.floor() + at.z.floor()) as i64 % 2 == 0;
        if dark {
            colour = colour * 0.5;
        }
    }
    let own = colour * lit(scene, at, normal);
    if body.mirror == 0.0 || reflections == 0 {
        return own;
    }
    let back = Ray {
        from: at,
        towards: ray.towards - normal * (2.0 * normal.dot(ray.towards)),
    };
    let other = seen(scene, &back, reflections - 1);
    own * (1.0 - body.mirror) + colour.on(other) * body.mirror
}

/// The light that a point of the picture shows: x to the right and y up, from -1 to 1. The camera is 5 before the middle, and sees 45 degrees.
#[differentiable]
pub fn pixel(scene: &Scene, x: f64, y: f64) -> Vector {
    let wide = 0.41421356237309503;
    let ray = Ray {
        from: vector(0.0, 0.0, -5.0),
        towards: vector(wide * x, wide * y, 1.0).unit(),
    };
    seen(scene, &ray, REFLECTIONS)
}

/// Where the middle of the pixel there is, of so many.
#[differentiable]
fn middle(i: usize, size: usize) -> f64 {
    (2.0 * i as f64 + 1.0) / size as f64 - 1.0
}

/// A picture, row by row from above.
#[differentiable]
pub fn render(scene: &Scene, size: usize) -> Vec<Vector> {
    let mut picture = Vec::new();
    for row in 0..size {
        for column in 0..size {
            picture.push(pixel(scene, middle(column, size), -middle(row, size)));
        }
    }
    picture
}

/// How far a picture of the scene is from another: the mean square over pixels.
#[differentiable]
pub fn unlike(scene: &Scene, picture: &[Vector], size: usize) -> f64 {
    let mut sum = 0.0;
    for row in 0..size {
        for column in 0..size {
            let light = pixel(scene, middle(column, size), -middle(row, size));
            let off = light - picture[row * size + column];
            sum += off.dot(off);
        }
    }
    sum / (size * size) as f64
}
