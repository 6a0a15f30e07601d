//! The box's own sound card: rings in the room, announces, pages.

pub mod score;
