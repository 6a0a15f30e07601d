//! The one loop that joins the parts: event in, engine, commands out.

pub mod administer;
pub mod answering;
pub mod bans;
pub mod compare;
pub mod conferring;
pub mod conversing;
pub mod documents;
pub mod event;
pub mod hours;
pub mod library;
pub mod listening;
pub mod perform;
pub mod qualities;
pub mod queue;
pub mod recordings;
pub mod run;
pub mod simulate;
pub mod sip_messages;
pub mod sounds;
pub mod stats;
pub mod tagged;
pub mod tagging;
pub mod trunk_tests;
pub mod voicemail;
pub mod zone;
