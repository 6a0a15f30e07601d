//! What days have come to.

pub mod agents;
pub mod cases;
pub mod filter;
pub mod lines;
pub mod statistics;
pub mod traffic;
