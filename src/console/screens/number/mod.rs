//! Numbers, and what callers of one hear.

pub mod claim;
pub mod copy;
pub mod document;
pub mod number;
pub mod numbers;
pub mod page;
pub mod voices;
