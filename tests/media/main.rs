//! Stories of the media part: the patchbay on a wound clock, and the thread on real sockets.

#![expect(clippy::unwrap_used, reason = "test code")]

mod bench;
mod clips;
mod conference;
mod encrypted;
mod hostile;
mod keys;
mod lines;
mod network;
mod paging;
mod pressed;
mod quiet;
mod recording;
mod relay;
mod reports;
mod rooms;
mod sources;
mod thread;
mod troubles;
