//! What screens are made of: lists, pages to fill in, papers to read.

pub mod comparing;
pub mod list;
pub mod page;
pub mod paper;
pub mod saving;
pub mod slip;
pub mod tabs;
