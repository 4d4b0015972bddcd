//! Transformations of functions other than derivatives.
