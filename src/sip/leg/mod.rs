//! One leg from its INVITE to its BYE.

pub mod arrived;
pub mod branch;
pub mod call_leg;
pub mod caller;
pub mod hangup;
pub mod incoming;
pub mod info;
pub mod legs;
pub mod means;
pub mod media;
pub mod negotiation;
pub mod outgoing;
pub mod refresh;
pub mod reliable;
pub mod session;
pub mod session_timer;
pub mod straggler;
pub mod unanswered;
