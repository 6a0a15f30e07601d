//! The legs of all calls: whose each is, what it reports, and when it is forgotten.

use std::time::{Duration, Instant};

use tracing::{debug, warn};

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand, LegCommand};
use crate::history::conversation::log::Happening;
use crate::leg::{Arrival, LegEvent, LegId, Origin};
use crate::time::Moment;

/// A leg that was told to end is gone within 32 s (RFC 3261 timers B, F, H) even if its far end is
/// dead. After twice that we stop waiting for the word, so that no agent stays reserved by a leg
/// that SIP has forgotten.
const LONGEST_ENDING: Duration = Duration::from_secs(64);

impl CallEngine {
    pub(crate) fn leg_event(&mut self, event: LegEvent, now: Moment) {
        match event {
            LegEvent::Arrived(arrival) => self.arrived(&arrival, now),
            LegEvent::Ringing { leg } => {
                self.leg_told(leg, now, |call, desk| call.leg_rang(leg, desk));
            }
            LegEvent::EarlyMedia { leg } => {
                self.leg_told(leg, now, |call, desk| call.leg_sounds(leg, desk));
            }
            LegEvent::Answered { leg } => {
                if !self.ending.contains_key(&leg) {
                    self.presence.answered(leg);
                }
                self.leg_told(leg, now, |call, desk| call.leg_answered(leg, desk));
            }
            LegEvent::Held { leg } => {
                self.leg_told(leg, now, |call, desk| call.leg_held(leg, true, desk));
            }
            LegEvent::Resumed { leg } => {
                self.leg_told(leg, now, |call, desk| call.leg_held(leg, false, desk));
            }
            LegEvent::Encrypted { leg, encrypted } => {
                self.leg_told(leg, now, |call, desk| call.leg_encrypted(leg, encrypted, desk.now));
            }
            LegEvent::Ended { leg, cause } => {
                let call = self.legs.get(&leg).copied();
                self.forget_leg(leg);
                match call {
                    Some(call) => {
                        self.call_told(call, now, |call, desk| call.leg_ended(leg, cause, desk));
                    }
                    None => debug!(%leg, ?cause, "the end of a leg that is not known"),
                }
            }
        }
    }

    fn arrived(&mut self, arrival: &Arrival, now: Moment) {
        if self.legs.contains_key(&arrival.leg) {
            debug_assert!(false, "{} arrived twice", arrival.leg);
            warn!(leg = %arrival.leg, "a leg arrived twice");
            return;
        }
        if let Origin::Device(device) = &arrival.origin
            && self.picks_up(arrival, device, now)
        {
            return;
        }
        let id = self.next_call_id();
        self.legs.insert(arrival.leg, id);
        let desk = self.desk(now);
        let call = match &arrival.origin {
            Origin::Device(device) => Call::from_device(id, arrival, device, &desk),
            Origin::Trunk(trunk) => Call::from_trunk(id, arrival, trunk, &desk),
        };
        let emergency = self.office.dial_out.is_emergency(&arrival.dialled);
        let calling = call.draft.agent(arrival.leg).cloned();
        self.begin(call, emergency, now);
        if let (Some(agent), true) = (calling, self.calls.contains_key(&id)) {
            self.presence.calls(arrival.leg, agent);
        }
    }

    /// Tells the leg's call, unless both are gone: inputs race.
    pub(crate) fn leg_told(
        &mut self,
        leg: LegId,
        now: Moment,
        tell: impl FnOnce(&mut Call, &mut Desk<'_>) -> Vec<Command>,
    ) {
        match self.legs.get(&leg) {
            Some(call) => self.call_told(*call, now, tell),
            None => debug!(%leg, "news of a leg that is not known"),
        }
    }

    /// Keeps the tables of legs and leases in step with a command.
    pub(crate) fn account_for(&mut self, command: &Command, call: &Call, now: Moment) {
        match command {
            Command::Leg(LegCommand::Ring(request)) => {
                self.legs.insert(request.leg, call.record().id);
                if let Some(agent) = call.draft.agent(request.leg) {
                    self.presence.rings(request.leg, agent.clone());
                }
            }
            Command::Keep(KeepCommand::Callback(callback)) => {
                let what = Happening::CallbackPromised { number: callback.number.to_string() };
                self.conversations.log(callback.conversation, None, what, now);
            }
            Command::Leg(LegCommand::HangUp { leg, .. }) => {
                self.ending.insert(*leg, now.ticks + LONGEST_ENDING);
            }
            Command::Leg(_)
            | Command::Sound(_)
            | Command::Conference(_)
            | Command::Keep(_)
            | Command::Record(_)
            | Command::RoomSound(_)
            | Command::Post(_)
            | Command::CountToday(_)
            | Command::Lamp { .. }
            | Command::Publish(_) => {}
        }
    }

    /// Those that were told to end long ago and never said that they have.
    pub(crate) fn forget_overdue_legs(&mut self, now: Moment) {
        let is_overdue = |until: &Instant| *until <= now.ticks;
        let overdue: Vec<LegId> = self
            .ending
            .iter()
            .filter(|(_, until)| is_overdue(until))
            .map(|(leg, _)| *leg)
            .collect();
        for leg in overdue {
            warn!(%leg, "a leg was told to end and never said that it has");
            self.forget_leg(leg);
        }
    }

    fn forget_leg(&mut self, leg: LegId) {
        self.legs.remove(&leg);
        self.ending.remove(&leg);
        self.presence.leg_ended(leg);
    }
}
