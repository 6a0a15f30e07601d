//! A ringing call that another phone takes by a code: `**EXT` and `*8`.

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::phase::{Phase, Purpose};
use crate::engine::command::{Command, LegCommand};
use crate::history::trail::trail::{Decision, Person, PickupStory};
use crate::leg::{HangupCause, LegId};
use crate::office::device::Username;
use crate::office::extension::Extension;

impl Call {
    /// Whether it rings just now at one of `agents`, or is given to one whose phones stay silent.
    pub(crate) fn rings_at(&self, is_one: impl Fn(&Extension) -> bool) -> bool {
        let Phase::Ringing(ringing) = &self.phase else { return false };
        ringing.legs().any(|leg| self.draft.agent(leg).is_some_and(&is_one))
            || self.silent_agent().is_some_and(is_one)
    }

    /// Whether a customer, or anybody but `agent` themselves, waits to be answered.
    pub(crate) fn may_be_picked_up_by(&self, agent: &Extension, has_seat: bool) -> bool {
        let is_own = self.line.leg().is_some_and(|leg| self.draft.agent(leg) == Some(agent));
        match self.purpose {
            Purpose::Inbound(_) => has_seat,
            Purpose::Outgoing { .. } => !is_own,
            Purpose::Refused(_) => false,
        }
    }

    /// `leg`, on which the code was dialled, has the call as if it had been rung and was the first.
    pub(crate) fn picked_up(
        &mut self,
        leg: LegId,
        (by, phone): (Person, &Username),
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Phase::Ringing(ringing) = &self.phase else { return Vec::new() };
        let rung: Vec<LegId> = ringing.legs().collect();
        let agents = rung.iter().filter_map(|leg| self.draft.agent(*leg));
        let agents = agents.chain(self.silent_agent()).filter_map(|it| desk.office.agents.get(it));
        let mut rang: Vec<Person> = agents.map(Person::from).collect();
        rang.dedup();
        let phone = phone.to_string();
        self.draft.leg_added(leg, phone.clone(), Some(by.extension.clone()), desk.now);
        let story = PickupStory::Taken { by, phone, rang };
        self.draft.note(Decision::Pickup { story }, desk.now);
        let answer = Command::Leg(LegCommand::Answer { leg, like: self.line.leg() });
        std::iter::once(answer).chain(self.join_winner(leg, &rung, desk)).collect()
    }

    /// The code was dialled, and there is no call that could be meant.
    pub(crate) fn nothing_to_pick_up(&mut self, agent: &Person, desk: &Desk<'_>) -> Vec<Command> {
        let story = if desk.presence.duties.of(&agent.extension).seat {
            PickupStory::NothingRings { dialled: self.record().to.clone() }
        } else {
            PickupStory::NoSeat { by: agent.clone() }
        };
        self.draft.note(Decision::Pickup { story }, desk.now);
        self.refuse(Ending::failed(HangupCause::NotFound), desk.now)
    }
}
