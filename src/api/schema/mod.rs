//! The bodies of requests and answers that are no values of the office's own.

pub mod ban;
pub mod comparison;
pub mod hours;
pub mod number;
pub mod schema;
pub mod sip;
pub mod stats;
pub mod trunk;
pub mod voicemail;
pub mod workflow;
