//! What must outlive the daemon: the office, its calls and where its phones are, in SQLite.
//!
//! One writer thread owns the database and commits in groups; lists go over a second connection.

pub mod archived;
pub mod backup;
pub mod connection;
pub mod copies;
pub mod copying;
pub mod error;
pub mod file;
pub mod group;
pub mod handle;
pub mod large;
pub mod lists;
pub mod open;
pub mod reader;
pub mod remembered;
pub mod renumbered;
pub mod request;
pub mod restoring;
pub mod rows;
pub mod run;
pub mod schema;
pub mod table;
#[cfg(test)]
mod trial;
pub mod waiting;
pub mod whole;
pub mod word;
pub mod writer;
