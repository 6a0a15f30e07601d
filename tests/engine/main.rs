//! What the office expects of the call engine, told as scenarios.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::panic, reason = "a test that cannot go on stops")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for the one kind it means")]

mod after_call;
mod agents;
mod alerts;
mod bounds;
mod by_hand;
mod callbacks;
mod closing;
mod compare;
mod conference;
mod conversations;
mod customers;
mod devices;
mod dice;
mod expected;
mod holding;
mod hours;
mod inbound;
mod internal;
mod invariants;
mod keys;
mod lamps;
mod leaving;
mod leaving_kinds;
mod listening;
mod numbers;
mod originate;
mod outbound;
mod pickup;
mod presence;
mod queue;
mod queued;
mod reassigning;
mod recording;
mod room;
mod silence;
mod simulate;
mod simulation;
mod standing;
mod targets;
mod trail;
mod unanswered;
mod voicemail;
mod walks;
mod webhooks;
mod weeks;
mod weeks_hours;
mod workflows;
mod wrap_up;
