//! Which ringing call a phone means that dials `**EXT` or `*8`.

use crate::engine::call_engine::CallEngine;
use crate::engine::dialling::{Meant, meant};
use crate::history::call_id::CallId;
use crate::history::trail::trail::Person;
use crate::leg::Arrival;
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::feature_code::Pickup;
use crate::time::Moment;

impl CallEngine {
    /// Whether the arrived leg takes a ringing call. It is a leg of that call then: one call, one
    /// record. Otherwise it is a call of its own, which says that nothing rings.
    pub(crate) fn picks_up(&mut self, arrival: &Arrival, device: &Username, now: Moment) -> bool {
        let Meant::Pickup(pickup) = meant(&arrival.dialled, &self.office) else { return false };
        let Some((agent, _)) = self.office.device(device) else { return false };
        let by = Person::from(agent);
        let Some(call) = self.ringing_for(&pickup, &by.extension) else { return false };
        self.legs.insert(arrival.leg, call);
        self.presence.calls(arrival.leg, by.extension.clone());
        self.call_told(call, now, |call, desk| call.picked_up(arrival.leg, (by, device), desk));
        true
    }

    /// Of several that ring, the one that came first.
    fn ringing_for(&self, pickup: &Pickup, by: &Extension) -> Option<CallId> {
        let is_meant = |agent: &Extension| match pickup {
            Pickup::Of(extension) => agent == extension,
            Pickup::Team => {
                let mut teams = self.office.teams.values();
                teams.any(|team| team.members.contains(by) && team.members.contains(agent))
            }
        };
        let has_seat = self.presence.duties.of(by).seat;
        let mut calls = self.calls.iter();
        let found = calls
            .find(|(_, call)| call.rings_at(is_meant) && call.may_be_picked_up_by(by, has_seat));
        found.map(|(id, _)| *id)
    }
}
