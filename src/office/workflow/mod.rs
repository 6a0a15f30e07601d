//! Scripts that a trigger starts.

pub mod action;
pub mod check;
pub mod chore;
pub mod condition;
pub mod name;
pub mod phrase;
pub mod speech;
pub mod webhook;
pub mod workflow;
