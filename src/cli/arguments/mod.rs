//! The command line: what can be typed after `naru`, a file for each family of commands.

pub mod call_verbs;
pub mod calls;
pub mod command;
pub mod conversations;
pub mod customers;
pub mod hours;
pub mod numbers;
pub mod office;
pub mod people;
pub mod prompts;
pub mod system;
pub mod trunks;
pub mod voicemail;
pub mod webhooks;
