//! What the office expects of the call engine, told as scenarios.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::panic, reason = "a test that cannot go on stops")]

mod bounds;
mod inbound;
mod internal;
mod invariants;
mod originate;
mod outbound;
mod presence;
mod simulation;
mod trail;
