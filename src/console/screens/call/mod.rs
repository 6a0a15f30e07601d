//! Calls that are and calls that were.

pub mod call;
pub mod dial;
pub mod filter;
pub mod history;
pub mod ladder;
pub mod now;
