//! Samples, pure: what is heard, how it is coded, and how a tone is made or recognised.

pub mod builtin;
pub mod clip;
pub mod detect;
pub mod g711;
pub mod pipe;
pub mod resample;
pub mod resampler;
pub mod tone;
pub mod wav;
