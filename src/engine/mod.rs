//! What to do with every call, pure: told what happened and when, it answers with commands.

pub mod command;
pub mod input;

pub mod assigned;
pub mod assignment;
pub mod dialling;
pub mod duties;
pub mod ledger;
pub mod mailbox;
pub mod opening;
pub mod outbound;
pub mod phase;
pub mod phrases;
pub mod posting;
pub mod presence;
pub mod promises;
pub mod queue;
pub mod recording;
pub mod recording_state;
pub mod ringing;
pub mod routing;
pub mod voices;
pub mod walk;
pub mod walk_command;
pub mod walk_facts;
pub mod walk_path;
pub mod wrap_up;

pub mod desk;
pub mod draft;
pub mod room;
pub mod search;
pub mod statuses;
pub mod turns;

pub mod gathering;
pub mod leaving_word;
pub mod listener;
pub mod typed;

pub mod background;
pub mod bells;
pub mod call;
pub mod call_endings;
pub mod call_keys;
pub mod call_legs;
pub mod callbacks;
pub mod conference;
pub mod connecting;
pub mod conversations;
pub mod customers;
pub mod holding;
pub mod inbound;
pub mod internal;
pub mod listening;
pub mod outgoing;
pub mod promising;
pub mod voicemail;
pub mod waiting;
pub mod walking;
pub mod wishes;

pub mod attendance;
pub mod by_hand;
pub mod call_engine;
pub mod comparison;
pub mod conversing;
pub mod follow_ups;
pub mod following_up;
pub mod rehearsal;
