//! Samples, pure.

pub mod clip;
