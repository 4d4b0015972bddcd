//! The truncated singular value decomposition: its values, its vectors, its gradient.

use super::truncated_svd::{
    approximation, by_eigenvectors, lanczos, leading_sum, picture, run, singular_values, start,
};
use super::{number, printed};
use cotangent::check::Check;
use cotangent::{Options, list_executors};

#[test]
fn truncated_svd_finds_the_leading_values_and_their_gradient() {
    let (text, result) = printed(|out| run(24, 14, 4, out));
    assert!(text.contains('█') && text.contains("rank 4"), "{text}");
    assert!(number(&result, "value_error") < 1e-10, "{result}");
    assert!(number(&result, "gradient_error") < 1e-8, "{result}");
    let (lost, least) = (
        number(&result, "approximation_error"),
        number(&result, "least_error"),
    );
    assert!((lost - least).abs() < 1e-10 && least > 0.01, "{result}");
}

#[test]
fn truncated_svd_is_differentiated_as_it_is_also_where_it_has_not_converged() {
    // Few steps: the values are not those of the matrix, and the gradient is that of what was computed.
    let (a, start) = (picture(7), start(7));
    let (exact, product) = by_eigenvectors(&a, 2);
    assert!((singular_values(&a, &start, 2, 2)[1] - exact[1]).abs() > 1e-4);
    for name in list_executors() {
        let options = Options::new().executor(name);
        leading_sum::with(&options)
            .check_gradients((&a, &start, 2, 2), &Check::default())
            .unwrap();
        let (g, ..) = leading_sum::with(&options)
            .gradient((&a, &start, 6, 2))
            .unwrap();
        for (x, y) in g.as_slice().iter().zip(product.as_slice()) {
            assert!((x - y).abs() < 1e-6, "{name}: {x} {y}");
        }
        let near = approximation::with(&options)
            .call((&a, &start, 6, 2))
            .unwrap();
        let plain = approximation(&a, &start, 6, 2);
        for (x, y) in near.as_slice().iter().zip(plain.as_slice()) {
            assert!((x - y).abs() < 1e-9, "{name}: {x} {y}");
        }
    }
    // The vectors are orthonormal, also after many steps.
    let b = lanczos(&picture(24), &super::truncated_svd::start(24), 20);
    let gram = b.right.dot(&b.right.transposed());
    for i in 0..20 {
        for j in 0..20 {
            let want = if i == j { 1.0 } else { 0.0 };
            assert!((gram[(i, j)] - want).abs() < 1e-12);
        }
    }
}
