//! A network written for one image, batched by `vmap`, against the same network with the batch written by hand.
//!
//! ```text
//! cargo bench --bench vmap
//! ```

#[path = "common/mod.rs"]
mod common;
#[path = "common/network.rs"]
mod network;

use common::table::Table;
use common::timing::{Candidate, measure, ratio, show};
use cotangent::Options;
use network::Data;
use std::hint::black_box;
use std::time::Duration;

fn main() -> Result<(), cotangent::Error> {
    let data = Data::new(160);
    let head = [
        "two convolutions, 160 images",
        "by hand",
        "vmap",
        "vmap / by hand",
        "plain Rust",
    ];
    let mut table = Table::new(1, head);
    for name in common::executors(&[]).unwrap_or_default() {
        let o = Options::new().executor(name).threads(1);
        assert_eq!(data.batch(&o)?, data.by_hand(&o)?);
        let mut all = [
            Candidate::new("by hand", || black_box(&data).by_hand(&o)),
            Candidate::new("vmap", || black_box(&data).batch(&o)),
            Candidate::new("plain", || -> Vec<f64> {
                data.images.iter().map(|i| data.of(black_box(i))).collect()
            }),
        ];
        measure(&mut all, Duration::from_secs(2));
        let [hand, batch, plain] = all.each_ref().map(Candidate::fastest);
        table.row([
            name.into(),
            show(hand),
            show(batch),
            ratio(batch, hand),
            show(plain),
        ]);
    }
    print!("{table}");
    Ok(())
}
