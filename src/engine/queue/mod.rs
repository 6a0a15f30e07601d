//! Who waits for whom, and who is to be called back in their place.

pub mod promises;
pub mod queue;
pub mod turns;
