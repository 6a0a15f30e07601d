//! What the office knows beside its settings, and must know again after a restart.

use std::collections::BTreeSet;

use crate::history::callback::Callback;
use crate::history::conversation::conversation::Memory;
use crate::history::figures::target_alarm::TargetAlarm;
use crate::history::follow_up::FollowUp;
use crate::history::hours_switch::HoursSwitch;
use crate::history::voice_message::VoiceMessage;
use crate::office::phone_number::PhoneNumber;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The last word on each set of hours that was switched by hand.
    pub switches: Vec<HoursSwitch>,
    /// Numbers that were the office's and have been given back (P3).
    pub released: BTreeSet<PhoneNumber>,
    /// Which conversations a call may continue.
    pub conversations: Memory,
    /// Customers who are to be called when their turn comes.
    pub callbacks: Vec<Callback>,
    /// Workflows that wait for their time after a call.
    pub follow_ups: Vec<FollowUp>,
    /// What callers have said.
    pub messages: Vec<VoiceMessage>,
    /// Figures of today that are below their targets, and when that was told.
    pub alarms: Vec<TargetAlarm>,
}
