//! Minimisation with gradients: the method of Broyden, Fletcher, Goldfarb and Shanno, which learns from the gradients how the valley bends.

/// A point, the value there and the gradient.
#[derive(Clone, Copy, Debug)]
pub struct Point<const N: usize> {
    /// Where.
    pub x: [f64; N],
    /// The value.
    pub value: f64,
    /// The gradient.
    pub gradient: [f64; N],
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Steps are halved at most so often; then there is nothing below.
const HALVINGS: usize = 30;

/// The method: where it is, and what it has learnt.
#[derive(Clone, Debug)]
pub struct Descent<const N: usize> {
    /// Where it is.
    pub here: Point<N>,
    /// About the inverse of the second derivatives.
    inverse: [[f64; N]; N],
}

impl<const N: usize> Descent<N> {
    /// Starts at a point, with a first step of that length.
    pub fn new(here: Point<N>, length: f64) -> Descent<N> {
        let scale = length / dot(&here.gradient, &here.gradient).sqrt().max(1e-300);
        let mut inverse = [[0.0; N]; N];
        for (i, row) in inverse.iter_mut().enumerate() {
            row[i] = scale;
        }
        Descent { here, inverse }
    }

    /// Goes to a lower point; `false` if none was found.
    pub fn step<E>(
        &mut self,
        mut f: impl FnMut([f64; N]) -> Result<Point<N>, E>,
    ) -> Result<bool, E> {
        let old = self.here;
        let direction = self.inverse.map(|row| -dot(&row, &old.gradient));
        let slope = dot(&direction, &old.gradient);
        let mut part = 1.0;
        for _ in 0..HALVINGS {
            let new = f(std::array::from_fn(|i| old.x[i] + part * direction[i]))?;
            if new.value < old.value + 1e-4 * part * slope {
                self.learn(&old, &new);
                self.here = new;
                return Ok(true);
            }
            part *= 0.5;
        }
        Ok(false)
    }

    /// After this the inverse takes the change of the gradient to the change of the place.
    fn learn(&mut self, old: &Point<N>, new: &Point<N>) {
        let moved: [f64; N] = std::array::from_fn(|i| new.x[i] - old.x[i]);
        let turned: [f64; N] = std::array::from_fn(|i| new.gradient[i] - old.gradient[i]);
        let bend = dot(&moved, &turned);
        // A valley that bends down says nothing about where its bottom is.
        if bend <= 0.0 {
            return;
        }
        let back = self.inverse.map(|row| dot(&row, &turned));
        let both = (1.0 + dot(&turned, &back) / bend) / bend;
        for i in 0..N {
            for j in 0..N {
                self.inverse[i][j] +=
                    both * moved[i] * moved[j] - (back[i] * moved[j] + moved[i] * back[j]) / bend;
            }
        }
    }
}
