//! What to do with every call, pure: told what happened and when, it answers with commands.

pub mod command;
pub mod input;
