//! Key rate durations: how the prices of bonds change with each of the rates from which the yield curve is made.
//!
//! ```text
//! cargo run --release --example key_rate_durations
//! ```
//!
//! The curve is made rate by rate: the next forward rate is the one at which a bond paying the next par rate costs 1. Newton's method finds it, with
//! a slope by reverse mode ([`bootstrap`]); the durations are forward mode through all of that ([`durations`]). A derivative inside a
//! derivative, over a `loop` that ends when it has converged.

#[path = "common/options.rs"]
mod options;

use clap::Parser;
use cotangent::{Differentiable, differentiable};
use options::Options;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

/// When the key rates' bonds end, in months.
pub const MATURITIES: [i64; 12] = [1, 2, 3, 6, 12, 24, 36, 60, 84, 120, 240, 360];
/// The key rates, in percent per year: at which a bond with a coupon every half year costs what it repays.
pub const PAR_RATES: [f64; 12] = [
    2.45, 2.43, 2.43, 2.51, 2.53, 2.50, 2.48, 2.48, 2.56, 2.66, 2.85, 3.01,
];
/// Months between two coupons of the key rates' bonds.
pub const HALF_YEAR: i64 = 6;
/// The months between coupons, the coupon, and the months to the end, of each bond.
const PORTFOLIO: [(i64, f64, i64); 10] = [
    (3, 0.05, 1),
    (3, 0.05, 2),
    (3, 0.05, 4),
    (3, 0.05, 12),
    (6, 0.03, 14),
    (6, 0.04, 19),
    (6, 0.02, 28),
    (6, 0.035, 54),
    (6, 0.04, 220),
    (6, 0.03, 356),
];

/// A bond that repays 1 at its end.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Bond {
    /// Months between two coupons.
    pub every: i64,
    /// What each coupon pays.
    pub coupon: f64,
    /// Months to the end.
    pub end: i64,
}

/// A yield curve: between two of its months the forward rate is constant, so the logarithm of the discount is linear.
#[derive(Clone, Debug, Differentiable)]
pub struct Curve {
    /// The months, from 0.
    pub months: Vec<i64>,
    /// Minus the logarithm of the discount at each month.
    pub logs: Vec<f64>,
    /// The forward rate from each month to the next: one less than there are months.
    pub rates: Vec<f64>,
}

#[differentiable]
fn years(months: i64) -> f64 {
    months as f64 / 12.0
}

/// What 1 paid in some months is worth now; beyond the end of the curve the rate is `beyond`.
#[differentiable]
pub fn discount(curve: &Curve, month: i64, beyond: f64) -> f64 {
    let mut i = curve.months.len() - 1;
    while curve.months[i] > month {
        i -= 1;
    }
    let rate = if i < curve.rates.len() {
        curve.rates[i]
    } else {
        beyond
    };
    (-(curve.logs[i] + rate * years(month - curve.months[i]))).exp()
}

/// What a buyer pays for a bond: the value of all its payments.
#[differentiable]
pub fn price(curve: &Curve, bond: &Bond, beyond: f64) -> f64 {
    let mut month = bond.end;
    let mut sum = (1.0 + bond.coupon) * discount(curve, month, beyond);
    loop {
        month -= bond.every;
        if month <= 0 {
            return sum;
        }
        sum += bond.coupon * discount(curve, month, beyond);
    }
}

/// The price without the part of the next coupon that the time since the last one has earned.
#[differentiable]
pub fn clean_price(curve: &Curve, bond: &Bond, beyond: f64) -> f64 {
    let next = (bond.end - 1) % bond.every + 1;
    let earned = years(bond.every - next) / years(bond.every);
    price(curve, bond, beyond) - bond.coupon * earned
}

/// The forward rate beyond the end of the curve at which a bond costs 1, by Newton's method.
#[differentiable]
pub fn rate_at_par(curve: &Curve, bond: &Bond, guess: f64) -> f64 {
    let mut rate = guess;
    loop {
        let (price, (_, _, slope)) = clean_price::value_and_gradient(curve, bond, rate).unwrap();
        let next = rate - (price - 1.0) / slope;
        if (next - rate).abs() < 1e-8 {
            return next;
        }
        rate = next;
    }
}

/// The curve from rates at par, which are in parts of 1.
#[differentiable]
pub fn bootstrap(maturities: &[i64], par_rates: &[f64]) -> Curve {
    let mut curve = Curve {
        months: vec![0],
        logs: vec![0.0],
        rates: Vec::new(),
    };
    for (&end, &par) in maturities.iter().zip(par_rates) {
        let bond = Bond {
            every: HALF_YEAR,
            coupon: par * years(HALF_YEAR),
            end,
        };
        let rate = rate_at_par(&curve, &bond, par);
        let last = curve.rates.len();
        let log = curve.logs[last] + rate * years(end - curve.months[last]);
        curve.months.push(end);
        curve.logs.push(log);
        curve.rates.push(rate);
    }
    curve
}

/// The prices of bonds, from rates at par.
#[differentiable]
pub fn prices(maturities: &[i64], par_rates: &[f64], bonds: &[Bond]) -> Vec<f64> {
    let curve = bootstrap(maturities, par_rates);
    bonds.iter().map(|bond| price(&curve, bond, 0.0)).collect()
}

/// By how much each bond's price (row) falls, as a part of it, with each key rate (column): a run of forward mode gives a column.
pub fn durations(par_rates: &[f64], bonds: &[Bond]) -> cotangent::Result<Vec<Vec<f64>>> {
    let fixed: Vec<Bond> = bonds.iter().map(|b| Bond { coupon: 0.0, ..*b }).collect();
    let mut rows = vec![Vec::new(); bonds.len()];
    for i in 0..par_rates.len() {
        let mut direction = vec![0.0; par_rates.len()];
        direction[i] = 1.0;
        let (prices, changes) =
            prices::jvp((&MATURITIES, par_rates, bonds), ((), &direction, &fixed))?;
        for (row, (price, change)) in rows.iter_mut().zip(prices.iter().zip(changes)) {
            // The zero turns -0 into 0.
            row.push(0.0 - change / price);
        }
    }
    Ok(rows)
}

/// The key rates, in parts of 1.
pub fn par_rates() -> Vec<f64> {
    PAR_RATES.iter().map(|percent| percent / 100.0).collect()
}

/// The ten bonds of the example.
pub fn portfolio() -> Vec<Bond> {
    PORTFOLIO
        .iter()
        .map(|&(every, coupon, end)| Bond { every, coupon, end })
        .collect()
}

/// The bonds that the key rates are the rates of: each depends on its own rate alone.
pub fn par_bonds() -> Vec<Bond> {
    MATURITIES
        .iter()
        .zip(par_rates())
        .map(|(&end, par)| Bond {
            every: HALF_YEAR,
            coupon: par * years(HALF_YEAR),
            end,
        })
        .collect()
}

/// The largest entry off the diagonal.
pub fn off_diagonal(rows: &[Vec<f64>]) -> f64 {
    let others = rows
        .iter()
        .enumerate()
        .flat_map(|(i, row)| row.iter().enumerate().filter(move |(j, _)| i != *j));
    others.fold(0.0, |most, (_, x)| most.max(x.abs()))
}

/// Key rate durations: forward mode through Newton's method, which uses reverse mode.
#[derive(Parser, Debug)]
#[command(name = "key_rate_durations")]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<(), Box<dyn Error>> {
    Arguments::parse().options.start(run)
}

/// Prints the curve and the matrices.
pub fn run(out: &mut dyn Write) -> Result<serde_json::Value, Box<dyn Error>> {
    let par = par_rates();
    let curve = bootstrap::call(&MATURITIES, &par)?;
    writeln!(out, "months    par rate   forward rate      discount")?;
    for (i, month) in MATURITIES.iter().enumerate() {
        writeln!(
            out,
            "{month:>6} {:>10.2}% {:>13.6}% {:>13.9}",
            PAR_RATES[i],
            100.0 * curve.rates[i],
            (-curve.logs[i + 1]).exp()
        )?;
    }

    let bonds = portfolio();
    let first = Instant::now();
    let rows = durations(&par, &bonds)?;
    let first = first.elapsed();
    let again = Instant::now();
    let repeated = durations(&par, &bonds)?;
    let again = again.elapsed();
    assert_eq!(rows, repeated);
    writeln!(out, "\nDurations of ten bonds, by key rate (months)")?;
    print_matrix(out, &bonds, &rows)?;

    let own = durations(&par, &par_bonds())?;
    writeln!(out, "\nDurations of the bonds that the key rates belong to")?;
    print_matrix(out, &par_bonds(), &own)?;
    let off = off_diagonal(&own);
    writeln!(
        out,
        "\nlargest off the diagonal: {off:.1e}\n10x12 matrix: {:.3} ms with compilation, {:.3} ms then",
        first.as_secs_f64() * 1e3,
        again.as_secs_f64() * 1e3
    )?;
    Ok(json!({
        "forward_rates": curve.rates, "durations": rows, "off_diagonal": off, "seconds": again.as_secs_f64(),
    }))
}

fn print_matrix(out: &mut dyn Write, bonds: &[Bond], rows: &[Vec<f64>]) -> std::io::Result<()> {
    write!(out, "{:>18}", "bond")?;
    for month in MATURITIES {
        write!(out, "{month:>8}")?;
    }
    writeln!(out)?;
    for (bond, row) in bonds.iter().zip(rows) {
        let name = format!(
            "{:.3}% /{} to {}",
            100.0 * bond.coupon,
            bond.every,
            bond.end
        );
        write!(out, "{name:>18}")?;
        for x in row {
            if x.abs() < 5e-5 {
                write!(out, "{:>8}", "·")?;
            } else {
                write!(out, "{x:>8.4}")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
