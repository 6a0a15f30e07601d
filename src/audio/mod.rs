//! Samples, pure: what is heard, how it is coded, and how a tone is made or recognised.

mod amr;
mod bridge;
pub mod builtin;
pub mod clip;
mod container;
pub mod converter;
pub mod detect;
pub mod dtmf;
pub mod g711;
pub mod g722;
pub mod import;
pub mod import_error;
mod level;
pub mod mixer;
pub mod noise;
pub mod ogg;
pub mod opus;
mod pieces;
pub mod pipe;
pub mod pitch;
pub mod plc;
pub mod resample;
pub mod resampler;
pub mod say;
pub mod stretch;
pub mod tone;
pub mod wav;
