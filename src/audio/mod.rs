//! Samples, pure: what is heard, how it is coded, and how a tone is made or recognised.

mod amr;
pub mod builtin;
pub mod clip;
mod container;
pub mod detect;
pub mod g711;
pub mod import;
pub mod import_error;
mod level;
mod pieces;
pub mod resample;
pub mod say;
pub mod tone;
pub mod wav;
