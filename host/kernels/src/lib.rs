//! Vector mathematical functions and block kernels, with SIMD chosen at run time.
