//! Trunks and their tests.

pub mod test;
pub mod trunk;
pub mod trunks;
