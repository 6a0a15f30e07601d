//! SIP, sans-IO but for `transport` and `run`.

pub mod flow;
pub mod framer;
pub mod handle;
pub mod header;
pub mod message;
pub mod method;
pub mod prescan;
pub mod text;
pub mod token;
pub mod transaction;
pub mod transport;
pub mod uri;
pub mod via;
