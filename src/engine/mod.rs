//! What to do with every call, pure: told what happened and when, it answers with commands.

pub mod command;
pub mod input;

pub mod agent;
pub mod call;
pub mod dialling;
pub mod lamps;
pub mod mailbox;
pub mod opening;
pub mod outbound;
pub mod queue;
pub mod routing;
pub mod targets;
pub mod voices;
pub mod workflow;

pub mod conversation;

pub mod bells;
pub mod callbacks;

pub mod alerts;
pub mod attendance;
pub mod by_hand;
pub mod call_engine;
pub mod comparison;
pub mod conversing;
pub mod following_up;
pub mod holding_to_targets;
pub mod legs;
pub mod overview;
pub mod pickup;
pub mod posting_after;
pub mod reassigning;
pub mod rehearsal;
pub mod room_sounds;
