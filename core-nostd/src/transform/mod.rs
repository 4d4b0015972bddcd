//! Transformations of functions other than derivatives: [`vmap`](mod@vmap), which makes one function of a batch.

pub mod vmap;
