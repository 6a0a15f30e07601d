//! The box's own sound card: rings in the room, announces, pages. Missing, busy or unplugged, it
//! disturbs nobody and comes back by itself.

pub mod alsa;
pub mod card;
pub mod handle;
pub mod run;
pub mod score;
