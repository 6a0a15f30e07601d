//! What to do with every call, pure: told what happened and when, it answers with commands.

pub mod command;
pub mod input;

pub mod dialling;
pub mod opening;
pub mod outbound;
pub mod phase;
pub mod presence;
pub mod recording;
pub mod recording_state;
pub mod ringing;
pub mod routing;
pub mod voices;

pub mod desk;
pub mod draft;
pub mod room;

pub mod bells;
pub mod call;
pub mod call_legs;
pub mod customers;
pub mod inbound;
pub mod internal;
pub mod outgoing;

pub mod call_engine;
pub mod rehearsal;
