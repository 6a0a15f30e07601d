//! The decisions of one call, and how they are told.

pub mod chores;
pub mod conference;
pub mod english;
pub mod hours;
pub mod korean;
pub mod pickup;
pub mod sentence;
pub mod sound;
pub mod trail;
pub mod voicemail;
pub mod workflow;
