//! What each address of the API does.

pub mod agent;
pub mod ban;
pub mod call;
pub mod case;
pub mod change;
pub mod closing;
pub mod comparison;
pub mod conference;
pub mod conversation;
pub mod customer;
pub mod document;
pub mod hours;
pub mod number;
pub mod office;
pub mod queue;
pub mod recording;
pub mod sound;
pub mod speaker;
pub mod stats;
pub mod system;
pub mod trunk;
pub mod voicemail;
pub mod workflow;
