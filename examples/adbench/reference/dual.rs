//! Dual numbers with `N` tangents: the smallest possible forward mode.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number and its derivatives in `N` directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const N: usize> {
    /// The value.
    pub value: f64,
    /// The derivatives.
    pub tangent: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// A number that does not depend on anything.
    pub fn constant(value: f64) -> Self {
        Dual {
            value,
            tangent: [0.0; N],
        }
    }

    /// The variable of direction `index`.
    pub fn variable(value: f64, index: usize) -> Self {
        let mut tangent = [0.0; N];
        tangent[index] = 1.0;
        Dual { value, tangent }
    }

    /// A function of one number, from its value and slope here.
    fn chain(self, value: f64, slope: f64) -> Self {
        Dual {
            value,
            tangent: self.tangent.map(|t| slope * t),
        }
    }

    /// Square root.
    pub fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }

    /// Sine.
    pub fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    /// Cosine.
    pub fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    /// Both tangents, each with its factor.
    fn combine(self, a: f64, other: Self, b: f64, value: f64) -> Self {
        let tangent = std::array::from_fn(|i| a * self.tangent[i] + b * other.tangent[i]);
        Dual { value, tangent }
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.combine(1.0, other, 1.0, self.value + other.value)
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.combine(1.0, other, -1.0, self.value - other.value)
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.combine(other.value, other, self.value, self.value * other.value)
    }
}

impl<const N: usize> Div for Dual<N> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        self.combine(1.0 / other.value, other, -value / other.value, value)
    }
}

impl<const N: usize> Neg for Dual<N> {
    type Output = Self;
    fn neg(self) -> Self {
        self.chain(-self.value, -1.0)
    }
}

impl<const N: usize> Mul<f64> for Dual<N> {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        self.chain(self.value * factor, factor)
    }
}

impl<const N: usize> Add<f64> for Dual<N> {
    type Output = Self;
    fn add(self, term: f64) -> Self {
        self.chain(self.value + term, 1.0)
    }
}
