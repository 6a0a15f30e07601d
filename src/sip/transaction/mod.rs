//! Transactions (RFC 3261 17, RFC 6026): requests and their answers over a lossy wire.

pub mod check;
pub mod client;
pub mod event;
pub mod key;
pub mod refuse;
pub mod server;
pub mod table;
pub mod timer;
pub mod transactions;
