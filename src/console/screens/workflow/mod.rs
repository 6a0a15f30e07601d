//! Workflows: as trees, with their figures, and as text.

pub mod edit;
pub mod tree;
pub mod workflow;
pub mod workflows;
