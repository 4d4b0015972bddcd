//! Transformations of functions other than derivatives: [`vmap`](mod@vmap), which makes one function of a batch, and [`vectorize`], which makes array
//! operations of loops by it, [`orient`], which chooses the order of axes.

pub mod items;
pub mod orient;
pub mod specialise;
pub mod vectorize;
pub mod vmap;
