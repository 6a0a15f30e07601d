//! Real phones against the built binary: sipp, baresip and the built-in test phones on loopback.
//!
//! Every test has a daemon, a data folder and a loopback network of its own, so all run at once.
//! `packaging/test` installs sipp and baresip; without them the tests fail and say so.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "test code")]

mod after;
mod baresip;
mod busy;
mod callback;
mod calling;
mod conference;
mod console;
mod console_admin;
mod console_workflows;
mod desk;
mod documents;
mod encrypted;
mod flood;
mod hand;
mod hearing;
mod hours;
mod ladder;
mod listening;
mod menus;
mod network;
mod office;
mod people;
mod pickup;
mod queueing;
mod raw;
mod recording;
mod registering;
mod restarting;
mod ringback;
mod ringing;
mod screen;
mod secure;
mod secure_trunks;
mod sipp;
mod site;
mod tools;
mod trunks;
mod voicemail;
mod waiting;
mod wav;
