//! Small systems of linear equations, which the solvers use: solutions, the rule, and that it is used.

use crate::support::{close, everywhere};
use cotangent::check::Check;
use cotangent::differentiable;
use cotangent::linalg::small::{lu, solve, solve_through};

#[differentiable]
fn by_rule(a: [[f64; 4]; 4], b: [f64; 4]) -> f64 {
    let x = solve(a, b);
    x[0] * x[1] + x[2].sin() - x[3]
}
#[differentiable]
fn by_elimination(a: [[f64; 4]; 4], b: [f64; 4]) -> f64 {
    let x = solve_through(a, b);
    x[0] * x[1] + x[2].sin() - x[3]
}

/// Needs rows exchanged: the first pivot is zero.
const A: [[f64; 4]; 4] = [
    [0.0, 2.0, 1.0, 0.5],
    [3.0, 1.0, -1.0, 0.0],
    [1.0, 4.0, 2.0, 1.0],
    [-1.0, 0.5, 0.25, 5.0],
];
const B: [f64; 4] = [1.0, -2.0, 0.5, 3.0];

#[test]
fn solutions_satisfy_the_system() {
    let x = solve(A, B);
    for i in 0..4 {
        let row: f64 = (0..4).map(|j| A[i][j] * x[j]).sum();
        close(row, B[i], 1e-14);
    }
    assert!(!lu(A).singular);
    assert!(lu([[1.0, 2.0], [2.0, 4.0]]).singular);
    assert!(lu([[f64::NAN, 2.0], [2.0, 4.0]]).singular);
    let x = solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0]);
    assert!(!x[1].is_finite());
}

#[test]
fn rule_and_elimination_have_the_same_derivatives() {
    everywhere::<by_rule>(|f, name| {
        let (ga, gb) = f.gradient((A, B)).unwrap();
        let (ea, eb) = by_elimination::gradient(A, B).unwrap();
        for i in 0..4 {
            close(gb[i], eb[i], 1e-13);
            for j in 0..4 {
                close(ga[i][j], ea[i][j], 1e-13);
            }
        }
        let how = Check {
            order: 2,
            ..Check::default()
        };
        let report = f.check_gradients((A, B), &how).unwrap();
        assert!(report.forward && report.reverse, "{name}");
    });
}

#[differentiable]
fn large(a: [[f64; 24]; 24], b: [f64; 24]) -> f64 {
    solve(a, b)[0]
}
#[differentiable]
fn large_through(a: [[f64; 24]; 24], b: [f64; 24]) -> f64 {
    solve_through(a, b)[0]
}

/// How deep the loops nest in which a program saves anything.
fn depth_of_saving(ir: &str) -> usize {
    let pushes = ir.lines().filter(|l| l.contains("= push "));
    pushes
        .map(|l| l.len() - l.trim_start().len())
        .max()
        .unwrap_or(0)
        / 2
}

#[test]
fn the_rule_saves_nothing_of_the_elimination() {
    // Its products are of the order of n³ numbers; what two substitutions need is of the order of n².
    let (rule, through) = (
        large::gradient_ir().unwrap(),
        large_through::gradient_ir().unwrap(),
    );
    assert_eq!(depth_of_saving(&rule) + 1, depth_of_saving(&through));
}
