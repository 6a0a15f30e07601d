//! A caller's way through a workflow, step by step and without a call around it.

pub mod command;
pub mod facts;
pub mod follow_ups;
pub mod path;
pub mod phrases;
pub mod walk;
