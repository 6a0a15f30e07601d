//! SIP, sans-IO but for `transport` and `run`.

pub mod bindings;
pub mod dialog;
pub mod digest;
pub mod flow;
pub mod gate;
pub mod guard;
pub mod handle;
pub mod hangup;
pub mod header;
pub mod message;
pub mod method;
pub mod negotiation;
pub mod nonce;
pub mod prescan;
pub mod qualify;
pub mod registrar;
pub mod registration;
pub mod registration_answer;
pub mod reliable;
pub mod sdp;
pub mod session_timer;
pub mod text;
pub mod token;
pub mod transaction;
pub mod uri;
pub mod via;
