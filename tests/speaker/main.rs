//! The speaker against the real alsa-lib, playing to a sound card made for the tests.

#![expect(clippy::unwrap_used, reason = "test code")]

mod absent;
mod daemon;
mod lab;
mod playing;
mod trouble;
