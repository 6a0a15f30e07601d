//! RTP: one thread that owns every stream; sans-IO but for `ports`, `handle` and `run`.

pub mod codec;
pub mod decoder;
pub mod delays;
pub mod dialing;
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
pub mod presses;
pub mod quality;
pub mod reception;
pub mod rtcp;
pub mod run;
pub mod score;
pub mod source;
pub mod stream;
pub mod telephone_event;
pub mod voice;
pub mod watch;
