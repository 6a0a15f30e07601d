//! Requests of the console, as the API takes them.

pub mod ask;
pub mod cases;
pub mod desk;
pub mod document;
pub mod hours;
pub mod presence;
pub mod setup;
pub mod stats;
pub mod tape;
pub mod workflow;
pub mod zone;
