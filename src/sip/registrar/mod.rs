//! Which phones can be reached, and how they prove who they are.

pub mod answer;
pub mod bindings;
pub mod contact_uri;
pub mod digest;
pub mod nonce;
pub mod registrar;
pub mod registration;
