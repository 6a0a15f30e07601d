//! SIP, sans-IO but for `transport` and `run`.

pub mod dialog;
pub mod flow;
pub mod handle;
pub mod hangup;
pub mod header;
pub mod message;
pub mod method;
pub mod negotiation;
pub mod prescan;
pub mod reliable;
pub mod sdp;
pub mod session_timer;
pub mod text;
pub mod token;
pub mod transaction;
pub mod uri;
pub mod via;
