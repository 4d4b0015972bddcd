//! Every op at a few points.
