//! Where plugins come from: found on this machine ([`find`]), or installed from the Python package index ([`install`]).
//!
//! Plugins are wheels with one shared library; nothing of Python is used but pip, which downloads, checks and unpacks. `packages` pins
//! what is installed, `home` says where to, `discover` finds what is there.

mod discover;
mod home;
mod install;
mod packages;

pub use discover::{Found, Source, find, find_anywhere, load};
pub use home::Home;
pub use install::{Installed, Phase, Progress, Request, ensure, for_tests, install, installed};
pub use packages::{Kind, PACKAGES, Package, Wheel};
