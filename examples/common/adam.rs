//! Adam (Kingma and Ba, 2015): gradient descent whose step in each direction is scaled by how large the gradient there has been.

/// An Adam optimiser for some number of parameters.
#[derive(Clone, Debug)]
pub struct Adam {
    rate: f64,
    /// Decaying averages of the gradient and of its square.
    mean: Vec<f64>,
    square: Vec<f64>,
    /// The powers of the two decay factors, which the averages are divided by as they start at zero.
    powers: (f64, f64),
}

impl Adam {
    const DECAY: (f64, f64) = (0.9, 0.999);

    /// An optimiser of `n` parameters with that learning rate.
    pub fn new(rate: f64, n: usize) -> Adam {
        Adam {
            rate,
            mean: vec![0.0; n],
            square: vec![0.0; n],
            powers: (1.0, 1.0),
        }
    }

    /// Changes the learning rate.
    #[allow(dead_code, reason = "not every example does")]
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }

    /// Moves the parameters one step against the gradient.
    pub fn step(&mut self, parameters: &mut [f64], gradient: &[f64]) {
        let (a, b) = Adam::DECAY;
        self.powers.0 *= a;
        self.powers.1 *= b;
        for (i, (p, g)) in parameters.iter_mut().zip(gradient).enumerate() {
            self.mean[i] = a * self.mean[i] + (1.0 - a) * g;
            self.square[i] = b * self.square[i] + (1.0 - b) * g * g;
            let mean = self.mean[i] / (1.0 - self.powers.0);
            let square = self.square[i] / (1.0 - self.powers.1);
            *p -= self.rate * mean / (square.sqrt() + 1e-8);
        }
    }
}
