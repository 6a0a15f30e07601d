//! The console: a room to sit in, over SSH, in a terminal of 80 by 24 and up. A client of the API.
//!
//! Every key, tick and report of the daemon comes over one channel, so all that happens has one
//! order. Screens change on events only, draw from the model, and answer a key with an action.

pub mod action;
pub mod cases;
pub mod choices;
pub mod desk;
pub mod difference;
pub mod document;
pub mod edit;
pub mod editor;
pub mod event;
pub mod export;
pub mod fetch;
pub mod keymap;
pub mod names;
pub mod pages;
pub mod report;
pub mod secret;
pub mod setup;
pub mod statistics;
pub mod tapes;
pub mod text;
pub mod theme;
pub mod ticket;
pub mod workflow_text;

pub mod model;
pub mod screen;
pub mod screens;
pub mod view;
pub mod widgets;

pub mod app;
pub mod ask;
pub mod bar;
pub mod footer;
pub mod frame;
pub mod link;
pub mod overlay;
pub mod places;
pub mod run;
pub mod setup_places;
pub mod terminal;
