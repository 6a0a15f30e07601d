//! Which agents may be rung: their registered phones, and the leases that calls hold on them.

use std::collections::{BTreeMap, BTreeSet};

use crate::duty::{Activity, DutyWish};
use crate::engine::agent::duties::Duties;
use crate::engine::agent::statuses::Statuses;
use crate::history::agent_log::AgentStatus;
use crate::history::call_id::CallId;
use crate::leg::LegId;
use crate::live::AgentState;
use crate::office::agent::Agent;
use crate::office::device::{Device, Username};
use crate::office::extension::Extension;
use crate::time::Moment;

/// What a leg does with its agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lease {
    Rung,
    Talks,
}

/// Every registration and every lease. A lease belongs to one leg and dies with it, so no agent can
/// stay busy without a leg.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    registered: BTreeSet<Username>,
    holders: BTreeMap<LegId, Extension>,
    leases: BTreeMap<Extension, BTreeMap<LegId, Lease>>,
    /// Calls given to an agent whose phones stay silent (C12).
    silent: BTreeMap<CallId, Extension>,
    pub(crate) duties: Duties,
    pub(crate) statuses: Statuses,
    changed: BTreeSet<Extension>,
}

impl Presence {
    pub(crate) fn registered(&mut self, device: Username, registered: bool) {
        if registered {
            self.registered.insert(device);
        } else {
            self.registered.remove(&device);
        }
    }

    /// The agent's phones that can ring now.
    pub(crate) fn phones<'a>(&'a self, agent: &'a Agent) -> impl Iterator<Item = &'a Device> {
        self.connected(agent).filter(|device| device.rings)
    }

    /// The agent's phones that are registered, whether they are to ring or not.
    pub(crate) fn connected<'a>(&'a self, agent: &'a Agent) -> impl Iterator<Item = &'a Device> {
        agent.devices.iter().filter(|device| self.registered.contains(&device.username))
    }

    /// Whether they have a phone, as those have who want none of theirs to ring (L6).
    fn has_phone(&self, agent: &Agent) -> bool {
        let mut phones = self.connected(agent);
        phones.any(|device| device.rings || agent.rings_nowhere())
    }

    /// `leg` rings one of the agent's phones.
    pub(crate) fn rings(&mut self, leg: LegId, agent: Extension) {
        self.lease(leg, agent, Lease::Rung);
    }

    /// The agent is the caller on `leg`.
    pub(crate) fn calls(&mut self, leg: LegId, agent: Extension) {
        self.lease(leg, agent, Lease::Talks);
    }

    /// The agent answered on `leg`.
    pub(crate) fn answered(&mut self, leg: LegId) {
        if let Some(agent) = self.holders.get(&leg).cloned() {
            self.lease(leg, agent, Lease::Talks);
        }
    }

    /// `leg` is gone, and its lease with it.
    pub(crate) fn leg_ended(&mut self, leg: LegId) {
        let Some(agent) = self.holders.remove(&leg) else { return };
        if let Some(leases) = self.leases.get_mut(&agent) {
            leases.remove(&leg);
            if leases.is_empty() {
                self.leases.remove(&agent);
            }
        }
        self.changed.insert(agent);
    }

    /// To whom `call` is given without a ring; nobody: it is not, or no longer.
    pub(crate) fn waits_silently(&mut self, call: CallId, agent: Option<&Extension>) {
        if self.silent.get(&call) == agent {
            return;
        }
        let before = match agent {
            Some(agent) => self.silent.insert(call, agent.clone()),
            None => self.silent.remove(&call),
        };
        self.changed.extend(before.into_iter().chain(agent.cloned()));
    }

    /// Whether a call waits for the agent without ringing.
    pub(crate) fn has_silent_call(&self, agent: &Extension) -> bool {
        self.silent.values().any(|other| other == agent)
    }

    /// An agent's wish about themselves.
    pub(crate) fn set(&mut self, agent: &Extension, wish: DutyWish, now: Moment) {
        if self.duties.set(agent, wish, now) {
            self.touch(agent.clone());
        }
    }

    /// How many calls ring at the agent or are talked on.
    pub(crate) fn calls_of(&self, agent: &Extension) -> usize {
        self.leases.get(agent).map(BTreeMap::len).unwrap_or_default()
    }

    fn lease(&mut self, leg: LegId, agent: Extension, lease: Lease) {
        self.holders.insert(leg, agent.clone());
        self.leases.entry(agent.clone()).or_default().insert(leg, lease);
        self.changed.insert(agent);
    }

    /// What keeps the agent from being rung, not counting their own leg `but`.
    pub(crate) fn busy(&self, agent: &Extension, but: Option<LegId>) -> Option<AgentState> {
        let leases = self.leases.get(agent)?;
        let mut state = None;
        for (_, lease) in leases.iter().filter(|(leg, _)| Some(**leg) != but) {
            match lease {
                Lease::Talks => return Some(AgentState::Talking),
                Lease::Rung => state = Some(AgentState::Ringing),
            }
        }
        state
    }

    pub(crate) fn state(&self, agent: &Agent) -> AgentState {
        if let Some(busy) = self.busy(&agent.extension, None) {
            return busy;
        }
        let duty = self.duties.of(&agent.extension);
        if duty.wrap_up.is_some() {
            return AgentState::WrappingUp;
        }
        if !duty.seat {
            return AgentState::SeatEmpty;
        }
        match duty.activity {
            Activity::Off | Activity::Vacation => AgentState::OffDuty,
            Activity::Eat
            | Activity::Rest
            | Activity::InMeeting
            | Activity::Education
            | Activity::OtherWork => AgentState::Away,
            Activity::Available if self.has_phone(agent) => AgentState::Waiting,
            Activity::Available => AgentState::Offline,
        }
    }

    /// What the log of agents calls it: a ring alone makes nobody another (L136).
    pub(crate) fn status(&self, agent: &Agent) -> AgentStatus {
        if self.busy(&agent.extension, None) == Some(AgentState::Talking) {
            return AgentStatus::Talking;
        }
        let duty = self.duties.of(&agent.extension);
        if duty.wrap_up.is_some() {
            return AgentStatus::WrappingUp;
        }
        if !duty.seat {
            return AgentStatus::SeatEmpty;
        }
        match duty.activity {
            Activity::Off | Activity::Vacation => AgentStatus::OffDuty,
            Activity::Eat => AgentStatus::Eat,
            Activity::Rest => AgentStatus::Rest,
            Activity::InMeeting => AgentStatus::InMeeting,
            Activity::Education => AgentStatus::Education,
            Activity::OtherWork => AgentStatus::OtherWork,
            Activity::Available if self.has_phone(agent) => AgentStatus::Waiting,
            Activity::Available => AgentStatus::Offline,
        }
    }

    /// The agent's state may be another than last time.
    pub(crate) fn touch(&mut self, agent: Extension) {
        self.changed.insert(agent);
    }

    /// Whose state may have changed since the last time this was asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<Extension> {
        std::mem::take(&mut self.changed)
    }

    /// The legs that hold a lease; for the check that each of them lives.
    pub(crate) fn leased_legs(&self) -> impl Iterator<Item = LegId> {
        self.holders.keys().copied()
    }
}
