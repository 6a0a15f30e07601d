//! The screens, those of the bar first.

pub mod bans;
pub mod bells;
pub mod call;
pub mod change;
pub mod changes;
pub mod conversation;
pub mod encryption;
pub mod form;
pub mod hours;
pub mod myself;
pub mod number;
pub mod people;
pub mod policies;
pub mod recordings;
pub mod room;
pub mod sounds;
pub mod statistics;
pub mod targets;
pub mod trunk;
pub mod voicemail;
pub mod workflow;
pub mod wrap_up;
