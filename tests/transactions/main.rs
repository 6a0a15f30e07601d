//! The transaction layer on a wound clock: RFC 3261 17, RFC 6026, and what other stacks got wrong.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "test code"
)]

mod client;
mod defects;
mod loss;
mod server;
mod side;
