//! The office this second, as those see it who ask the call engine.

use std::time::SystemTime;

use crate::engine::call::call::Call;
use crate::engine::call_engine::CallEngine;
use crate::engine::mailbox::is_of;
use crate::engine::opening::opening;
use crate::engine::routing::own_phones_of;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, LegRecord};
use crate::history::hours_switch::HoursSwitch;
use crate::history::recording_name::RecordingName;
use crate::history::trail::trail::{Skip, Unwilling};
use crate::history::voice_message::VoiceMessage;
use crate::leg::{ConferenceWish, LegId};
use crate::live::Live;
use crate::office::extension::Extension;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::hours::opening::Opening;

impl CallEngine {
    /// The office this second.
    #[must_use]
    pub fn live(&self) -> Live {
        let calls = self.calls.values().map(Call::live).collect();
        Live {
            calls,
            agents: self.live_agents(),
            callbacks: self.live_callbacks(),
            warnings: self.targets.warnings(),
        }
    }

    /// What is written down of a call in progress so far; none: it is over, or never was.
    #[must_use]
    pub fn call_so_far(&self, call: CallId) -> Option<CallRecord> {
        self.calls.get(&call).map(|call| call.record().clone())
    }

    /// The legs of a call in progress so far, and whose they are.
    #[must_use]
    pub fn legs_of(&self, call: CallId) -> Vec<LegRecord> {
        self.calls.get(&call).map(Call::legs).unwrap_or_default()
    }

    /// Whether the agent's own phones can ring for something they asked for, or why not; `None` if
    /// there is no such agent.
    #[must_use]
    pub fn own_phones(&self, agent: &Extension) -> Option<Result<(), Skip>> {
        let agent = self.office.agents.get(agent)?;
        Some(own_phones_of(agent, &self.presence).map(drop))
    }

    /// Whether the call would do that now, or why not; `None` if there is no such call.
    #[must_use]
    pub fn willing(&self, call: CallId, wish: &ConferenceWish) -> Option<Result<(), Unwilling>> {
        Some(self.calls.get(&call)?.willing(wish, &self.office, &self.presence))
    }

    /// What callers have said, the oldest call first.
    #[must_use]
    pub fn messages(&self) -> Vec<VoiceMessage> {
        self.mailbox.all().filter(|message| message.seconds.is_some()).cloned().collect()
    }

    /// Those that an agent hears at `*97`; `None`: there is no such agent.
    #[must_use]
    pub fn messages_of(&self, agent: &Extension) -> Option<Vec<VoiceMessage>> {
        let agent = self.office.agents.get(agent)?;
        let mut all = self.messages();
        all.retain(|message| is_of(message, agent, &self.office));
        Some(all)
    }

    #[must_use]
    pub fn message(&self, name: &RecordingName) -> Option<&VoiceMessage> {
        self.mailbox.get(name)
    }

    /// Whether hours are open, why, and until when.
    #[must_use]
    pub fn opening(&self, hours: &Hours, now: SystemTime) -> Opening {
        opening(hours, &self.switches, now)
    }

    /// The hand that decides over hours at the moment.
    #[must_use]
    pub fn switched(&self, hours: &HoursName, now: SystemTime) -> Option<&HoursSwitch> {
        self.switches.now(hours, now)
    }

    /// Legs that hold a reservation of an agent without being known; always empty.
    #[must_use]
    pub fn stray_leases(&self) -> Vec<LegId> {
        self.presence.leased_legs().filter(|leg| !self.legs.contains_key(leg)).collect()
    }
}
