//! SIP without sockets: endpoints and scripted peers on a wound clock and a lossy wire.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a helper cannot do fails the test")]
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else comes fails the test")]

mod arrived;
mod bench;
mod encrypted;
mod hostile;
mod lamps;
mod lossy;
mod placed;
mod running;
mod timers;
mod trunk_tests;
mod trunks;
