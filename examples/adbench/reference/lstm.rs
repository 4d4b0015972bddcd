//! Back-propagation through time of the diagonal LSTM, by hand.
//!
//! Going forward, every gate of every layer and character is recorded; going backward, the cotangents of
//! hidden and cell values are carried from character to character.

/// What one bit of one layer computed for one character.
#[derive(Clone, Copy, Default)]
struct Record {
    input: f64,
    hidden_before: f64,
    cell_before: f64,
    forget: f64,
    ingate: f64,
    outgate: f64,
    change: f64,
    cell_tanh: f64,
    hidden: f64,
}

/// The objective, and its gradient with respect to the main and the extra parameters.
pub fn value_and_gradient(
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    text: &[f64],
    bits: usize,
) -> (f64, Vec<f64>, Vec<f64>) {
    let layers = state.len() / (2 * bits);
    let steps = text.len() / bits - 1;
    let count = (bits * steps) as f64;
    let logistic = |x: f64| 0.5 * (1.0 + (0.5 * x).tanh());

    let mut records = vec![Record::default(); steps * layers * bits];
    let mut outputs = vec![0.0; steps * bits];
    let mut value = 0.0;
    for t in 0..steps {
        for i in 0..bits {
            let mut signal = text[t * bits + i] * extra[i];
            for layer in 0..layers {
                let p = |gate: usize| main[layer * 8 * bits + gate * bits + i];
                let (hidden_before, cell_before) = if t == 0 {
                    (
                        state[layer * 2 * bits + i],
                        state[layer * 2 * bits + bits + i],
                    )
                } else {
                    let before = records[((t - 1) * layers + layer) * bits + i];
                    (
                        before.hidden,
                        before.cell_before * before.forget + before.ingate * before.change,
                    )
                };
                let forget = logistic(signal * p(0) + p(4));
                let ingate = logistic(hidden_before * p(1) + p(5));
                let outgate = logistic(signal * p(2) + p(6));
                let change = (hidden_before * p(3) + p(7)).tanh();
                let cell_tanh = (cell_before * forget + ingate * change).tanh();
                let hidden = outgate * cell_tanh;
                records[(t * layers + layer) * bits + i] = Record {
                    input: signal,
                    hidden_before,
                    cell_before,
                    forget,
                    ingate,
                    outgate,
                    change,
                    cell_tanh,
                    hidden,
                };
                signal = hidden;
            }
            outputs[t * bits + i] = signal * extra[bits + i] + extra[2 * bits + i];
        }
        let y = &outputs[t * bits..(t + 1) * bits];
        let norm = (2.0 + y.iter().map(|v| v.exp()).sum::<f64>()).ln();
        value -= y
            .iter()
            .zip(&text[(t + 1) * bits..])
            .map(|(y, gold)| gold * (y - norm))
            .sum::<f64>()
            / count;
    }

    let mut d_main = vec![0.0; main.len()];
    let mut d_extra = vec![0.0; extra.len()];
    let mut d_hidden = vec![0.0; layers * bits];
    let mut d_cell = vec![0.0; layers * bits];
    for t in (0..steps).rev() {
        let y = &outputs[t * bits..(t + 1) * bits];
        let gold = &text[(t + 1) * bits..(t + 2) * bits];
        let partition = 2.0 + y.iter().map(|v| v.exp()).sum::<f64>();
        let gold_sum: f64 = gold.iter().sum();
        for i in 0..bits {
            let d_output = (gold_sum * y[i].exp() / partition - gold[i]) / count;
            let last = records[(t * layers + layers - 1) * bits + i];
            d_extra[bits + i] += d_output * last.hidden;
            d_extra[2 * bits + i] += d_output;
            let mut d_signal = d_output * extra[bits + i];
            for layer in (0..layers).rev() {
                let r = records[(t * layers + layer) * bits + i];
                let at = layer * bits + i;
                let base = layer * 8 * bits + i;
                let d_h = d_hidden[at] + d_signal;
                let d_c = d_cell[at] + d_h * r.outgate * (1.0 - r.cell_tanh * r.cell_tanh);
                let a_forget = d_c * r.cell_before * r.forget * (1.0 - r.forget);
                let a_ingate = d_c * r.change * r.ingate * (1.0 - r.ingate);
                let a_outgate = d_h * r.cell_tanh * r.outgate * (1.0 - r.outgate);
                let a_change = d_c * r.ingate * (1.0 - r.change * r.change);
                for (gate, (a, x)) in [
                    (a_forget, r.input),
                    (a_ingate, r.hidden_before),
                    (a_outgate, r.input),
                    (a_change, r.hidden_before),
                ]
                .into_iter()
                .enumerate()
                {
                    d_main[base + gate * bits] += a * x;
                    d_main[base + (4 + gate) * bits] += a;
                }
                d_cell[at] = d_c * r.forget;
                d_hidden[at] = a_ingate * main[base + bits] + a_change * main[base + 3 * bits];
                d_signal = a_forget * main[base] + a_outgate * main[base + 2 * bits];
            }
            d_extra[i] += d_signal * text[t * bits + i];
        }
    }
    (value, d_main, d_extra)
}
