//! Encrypted sound.

pub mod keys;
pub mod srtp;
pub mod window;
