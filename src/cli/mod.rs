//! The commands: each a client of the daemon's API, or of the store while the daemon is down.

pub mod agents;
pub mod api;
pub mod arguments;
pub mod backup;
pub mod beside;
pub mod calls;
pub mod check;
pub mod conversations;
pub mod customers;
pub mod daemon_or_store;
pub mod demo;
pub mod doctor;
pub mod documents;
pub mod failure;
pub mod generate;
pub mod hours;
pub mod ladder;
pub mod numbers;
pub mod office;
pub mod prompts;
pub mod run;
pub mod stats;
pub mod table;
pub mod terminal;
pub mod voicemail;
pub mod workflows;
