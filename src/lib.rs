//! naru: a phone system for a small office.
//!
//! Read ARCHITECTURE.md first; the modules below stand in reading order, lowest layer first.

pub mod audio;
pub mod binding;
pub mod clock;
pub mod engine;
pub mod history;
pub mod leg;
pub mod live;
pub mod media;
pub mod office;
pub mod sip;
pub mod testphone;
pub mod time;
