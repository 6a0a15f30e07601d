//! The commands: each a client of the daemon's API, or of the store while the daemon is down.

pub mod api;
pub mod arguments;
pub mod backup;
pub mod calls;
pub mod check;
pub mod daemon_or_store;
pub mod demo;
pub mod doctor;
pub mod failure;
pub mod generate;
pub mod office;
pub mod run;
pub mod table;
pub mod terminal;
