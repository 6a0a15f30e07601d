//! RTP: one thread that owns every stream; sans-IO but for `run`.

pub mod codec;
pub mod handle;
pub mod ports;
