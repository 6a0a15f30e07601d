//! naru: a phone system for a small office.
//!
//! Read ARCHITECTURE.md first; the modules below stand in reading order, lowest layer first.

pub mod api;
pub mod audio;
pub mod binding;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod daemon;
pub mod doctor;
pub mod duty;
pub mod engine;
pub mod escape;
pub mod fields;
pub mod history;
pub mod leg;
pub mod live;
pub mod locale;
pub mod logging;
pub mod media;
pub mod office;
pub mod pages;
pub mod recording;
pub mod sheet;
pub mod sip;
pub mod speaker;
pub mod speech;
pub mod store;
pub mod switchboard;
pub mod testphone;
pub mod time;
pub mod tls;
pub mod watcher;
pub mod web;
pub mod webhook;
pub mod words;
pub mod yaml;
