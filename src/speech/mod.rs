//! Text made into sound by a program or a server of the office's choice, when a document is applied
//! and never while somebody calls.

pub mod command;
pub mod engine;
pub mod error;
pub mod http;
pub mod key;
