//! What is kept of calls: a thread of its own puts what legs say back into its time and writes it
//! to the disk. A slow disk drops recording, never sound.

pub mod folder;
pub mod handle;
pub mod recorder;
pub mod run;
pub mod sheet;
pub mod take;
pub mod track;
