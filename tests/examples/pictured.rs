//! Inverse graphics: the ray tracer by known pictures, its gradient, and the lamp that is found.

use super::inverse_graphics::tracer::{
    Body, Ray, Scene, Shape, pixel, render, seen, unlike, vector,
};
use super::inverse_graphics::{guess, run, truth};
use super::{number, printed, scratch};
use cotangent::check::Check;
use cotangent::{Options, list_executors};
use std::path::Path;

#[test]
fn inverse_graphics_traces_light() {
    // A ball seen along the axis, lit from where it is looked at: 4 away, at right angles.
    let ball = Body {
        shape: Shape::Sphere {
            centre: vector(0.0, 0.0, 0.0),
            radius: 1.0,
        },
        colour: vector(1.0, 0.5, 0.25),
        mirror: 0.0,
    };
    let scene = Scene {
        bodies: vec![ball],
        lamp: vector(0.0, 0.0, -5.0),
        brightness: 8.0,
    };
    let light = 0.12 + 8.0 / 16.0;
    let found = pixel(&scene, 0.0, 0.0);
    let want = vector(light, 0.5 * light, 0.25 * light);
    assert!((found - want).dot(found - want) < 1e-24, "{found:?}");
    // From beside it there is only the sky, and in a mirror the sky is seen in the mirror's colour.
    let up = Ray {
        from: vector(0.0, 0.0, -5.0),
        towards: vector(0.0, 1.0, 0.0),
    };
    assert_eq!(seen(&scene, &up, 2), vector(0.25, 0.35, 0.5));
    let mut mirror = scene.clone();
    mirror.bodies[0].mirror = 1.0;
    let reflected = pixel(&mirror, 0.0, 0.0);
    assert!((reflected.x - 0.125).abs() < 1e-12 && (reflected.z - 0.0625).abs() < 1e-12);
    // The same picture twice.
    assert_eq!(unlike(&truth(), &render(&truth(), 8), 8), 0.0);
}

#[test]
fn inverse_graphics_gradient_is_that_of_the_picture() {
    // Without the floor, whose squares have edges everywhere, and all mirrors: where nothing is reflected a branch leaves that out.
    let size = 7;
    let mirrors = |mut scene: Scene| {
        scene.bodies.truncate(3);
        for body in &mut scene.bodies {
            body.mirror = 0.3;
        }
        scene
    };
    let target = render(&mirrors(truth()), size);
    let scene = mirrors(guess());
    let how = Check {
        elements: 200,
        ..Check::default()
    };
    let mut lamps = Vec::new();
    for name in list_executors() {
        let runner = unlike::with(&Options::new().executor(name));
        let args = (&scene, &target[..], size);
        let report = runner.check_gradients(args, &how).unwrap();
        assert!(report.elements > 50);
        let (scene, ..) = runner.gradient(args).unwrap();
        lamps.push(scene.lamp);
    }
    for lamp in &lamps {
        let off = *lamp - lamps[0];
        assert!(off.dot(off) < 1e-20, "{lamps:?}");
        assert!(lamp.dot(*lamp) > 1e-4);
    }
}

#[test]
fn inverse_graphics_finds_the_lamp() {
    let folder = scratch("inverse_graphics");
    let (text, result) = printed(|out| run(64, 80, &folder, out));
    assert!(number(&result, "lamp_error") < 0.01, "{text}");
    assert!(number(&result, "colour_error") < 0.01, "{text}");
    assert!(
        number(&result, "after") < 1e-5 * number(&result, "before"),
        "{text}"
    );
    let [target, before, after] =
        ["target", "before", "after"].map(|name| pixels(&folder.join(name).with_extension("png")));
    let apart = |a: &[u8], b: &[u8]| {
        let apart = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b)));
        apart.sum::<u64>() as f64 / a.len() as f64
    };
    assert_eq!(target.len(), 3 * 64 * 64);
    assert!(apart(&before, &target) > 20.0);
    assert!(apart(&after, &target) < 1.0);
}

/// The bytes of a picture.
fn pixels(path: &Path) -> Vec<u8> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    bytes.truncate(info.buffer_size());
    bytes
}
