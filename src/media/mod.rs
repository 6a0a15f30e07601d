//! RTP: one thread that owns every stream; sans-IO but for `ports`, `handle` and `run`.

pub mod codec;
pub mod decoder;
pub mod delays;
pub mod ear;
pub mod handle;
pub mod identity;
pub mod jitter;
pub mod line;
pub mod outbox;
pub mod packet;
pub mod patchbay;
pub mod playback;
pub mod ports;
pub mod reception;
pub mod rtcp;
pub mod run;
pub mod source;
pub mod stream;
pub mod voice;
pub mod watch;
