//! The console: a room to sit in, over SSH, in a terminal of 80 by 24 and up. A client of the API.
//!
//! Every key, tick and report of the daemon comes over one channel, so all that happens has one
//! order. Screens change on events only, draw from the model, and answer a key with an action.

pub mod action;
pub mod app;
pub mod day;
pub mod document;
pub mod edit;
pub mod keymap;
pub mod link;
pub mod model;
pub mod report;
pub mod run;
pub mod screen;
pub mod screens;
pub mod text;
pub mod theme;
pub mod widgets;
