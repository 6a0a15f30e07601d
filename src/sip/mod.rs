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

pub mod digest;
pub mod gate;
pub mod guard;
pub mod nonce;

pub mod bindings;
pub mod contact_uri;
pub mod qualify;
pub mod registrar;
pub mod registration;
pub mod registration_answer;

pub mod trunk;
pub mod trunk_credentials;
pub mod trunk_registration;
pub mod via;
