//! Clips on their way to those who hear them.

pub mod playback;
pub mod pressing;
pub mod pressings;
