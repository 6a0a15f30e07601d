//! What stands on the wire: messages and their parts, read leniently, written strictly.

pub mod framer;
pub mod header;
pub mod message;
pub mod method;
pub mod prescan;
pub mod sdes;
pub mod sdp;
pub mod text;
pub mod token;
pub mod uri;
pub mod via;
