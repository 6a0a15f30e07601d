//! How the sound comes over, counted and told.

pub mod bursts;
pub mod extended;
pub mod quality;
pub mod reception;
pub mod rtcp;
pub mod score;
pub mod watch;
