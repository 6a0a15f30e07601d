//! The office as a document: what is read, what is refused, and what is printed again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::panic, reason = "a test that cannot go on stops")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for the one kind it means")]

mod document;
mod holidays;
mod hours;
mod recipes;
mod round_trip;
mod warnings;
mod workflows;
