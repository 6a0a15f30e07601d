//! The threads that calls join, and the work that is left in them.

pub mod calls;
pub mod conversations;
pub mod joining;
pub mod shelf;
pub mod stage;
pub mod unanswered;
pub mod wishes;
pub mod work;
