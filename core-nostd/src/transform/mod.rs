//! Transformations of functions other than derivatives: [`vmap`](mod@vmap), which makes one function of a batch, and [`vectorize`], which makes array
//! operations of loops by it.

pub mod items;
pub mod specialise;
pub mod vectorize;
pub mod vmap;
