//! The threads that calls and notes with a customer join.

pub mod case_record;
pub mod conversation;
pub mod filter;
pub mod lead;
pub mod log;
pub mod wish;
