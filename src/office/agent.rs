//! A person who answers.

use crate::office::device::Device;
use crate::office::extension::Extension;
use crate::office::language::Language;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub extension: Extension,
    /// As colleagues see it; any script, 1 to 64 characters, no control characters.
    pub name: String,
    pub language: Language,
    /// Whether customers' calls may be given to them at all (L2).
    pub phone_calls: bool,
    /// Rings for calls that no route gives to anybody (S92).
    pub unassigned_calls: bool,
    /// A colleague's call rings here even during a call, and the phone decides what to do with it;
    /// without it the colleague hears busy. Customers' calls never ring a busy agent (L9, L13).
    pub call_waiting: bool,
    /// Whether consoles and scripts are told for them when a call of theirs is missed (L17).
    pub missed_alerts: bool,
    /// Those that ring do so at once (L6).
    pub devices: Vec<Device>,
}

impl Agent {
    /// L6: none of their phones is to ring, so calls may be theirs (L12) but never reach them.
    #[must_use]
    pub fn rings_nowhere(&self) -> bool {
        !self.devices.is_empty() && self.devices.iter().all(|device| !device.rings)
    }
}
