//! What must outlive the daemon: the office, its calls and where its phones are, in SQLite.
//!
//! One writer thread owns the database and commits in groups; lists go over a second connection.

pub mod agent_figures;
pub mod agent_log;
pub mod archived;
pub mod backup;
pub mod bindings;
pub mod callbacks;
pub mod calls;
pub mod cases;
pub mod connection;
pub mod conversations;
pub mod copies;
pub mod copying;
pub mod customers;
pub mod duties;
pub mod error;
pub mod figures;
pub mod file;
pub mod follow_ups;
pub mod group;
pub mod handle;
pub mod hours;
pub mod hours_filter;
pub mod large;
pub mod lists;
pub mod messages;
pub mod narrowing;
pub mod number_documents;
pub mod office;
pub mod office_changes;
pub mod open;
pub mod parties;
pub mod qualities;
pub mod reader;
pub mod recording;
pub mod released;
pub mod remembered;
pub mod renumbered;
pub mod request;
pub mod restoring;
pub mod rows;
pub mod run;
pub mod schema;
pub mod search;
pub mod sounds;
pub mod speaker;
pub mod targets;
#[cfg(test)]
mod trial;
pub mod waiting;
pub mod walks;
pub mod whole;
pub mod word;
pub mod workflows;
pub mod writer;
pub mod zone;
