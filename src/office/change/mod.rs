//! What is different between two offices, told in words and taken back.

pub mod changes;
pub mod facts;
pub mod facts_of_calls;
pub mod facts_of_office;
pub mod revert;
