//! A hand that reaches into the queue: raises a caller, or puts one through to an agent (L119, L122).

use std::sync::Arc;

use crate::engine::agent::assigned::Assigned;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Inbound, Phase, Purpose};
use crate::engine::call_engine::CallEngine;
use crate::engine::command::Command;
use crate::engine::routing::{Way, way_by_hand};
use crate::history::call_id::CallId;
use crate::history::conversation::wish::ConversationWish;
use crate::history::queue_wish::QueueWish;
use crate::history::trail::trail::{Decision, Person, Skip};
use crate::history::walk_record::WalkEnd;
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::team::TeamName;
use crate::time::Moment;

/// Why a wish of somebody cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandRefused {
    /// The call is over, or never was.
    NoCall,
    /// It waits in no queue: it rings already, is talked on, or still hears a menu.
    NotWaiting,
    NoAgent,
    /// The agent's phones may not ring now.
    AgentCannot(Skip),
}

impl CallEngine {
    /// What [`crate::engine::input::Input::Queue`] could not do just now.
    ///
    /// # Errors
    /// With the reason.
    pub fn may_wish(&self, call: CallId, wish: &QueueWish) -> Result<(), HandRefused> {
        let call = self.calls.get(&call).ok_or(HandRefused::NoCall)?;
        if call.waits_for().is_none() {
            return Err(HandRefused::NotWaiting);
        }
        match wish {
            QueueWish::Place(_) => Ok(()),
            QueueWish::Give(agent) => {
                let agent = self.office.agents.get(agent).ok_or(HandRefused::NoAgent)?;
                way_by_hand(agent, &self.presence).map(drop).map_err(HandRefused::AgentCannot)
            }
        }
    }

    /// Whether an agent may do so to a conversation (L29).
    ///
    /// # Errors
    /// With the reason.
    pub fn may_tend(&self, agent: &Extension, wish: &ConversationWish) -> Result<(), HandRefused> {
        if !self.office.agents.contains_key(agent) {
            return Err(HandRefused::NoAgent);
        }
        let has_seat = self.presence.duties.of(agent).seat;
        if wish.needs_a_seat() && !has_seat {
            return Err(HandRefused::AgentCannot(Skip::SeatEmpty));
        }
        Ok(())
    }

    pub(crate) fn queue_wished(&mut self, id: CallId, wish: QueueWish, who: &str, now: Moment) {
        if self.may_wish(id, &wish).is_err() {
            return;
        }
        match wish {
            QueueWish::Place(priority) => self.call_told(id, now, |call, desk| {
                call.search.priority = Some(priority);
                let placed = Decision::PlacedByHand { priority, who: who.to_owned() };
                call.draft.note(placed, desk.now);
                Vec::new()
            }),
            QueueWish::Give(agent) => {
                self.call_told(id, now, |call, desk| call.given_by_hand(&agent, who, desk));
                if let Some(file) = self.conversations.of_call(id).cloned() {
                    let (agent, team) = (Some(agent), file.team.clone());
                    let wish = ConversationWish::Assign { agent, team };
                    self.conversations.wished(file, wish, who, now);
                }
            }
        }
    }
}

impl Call {
    /// The caller leaves the queue for good: who is not answered now does not come back to it
    /// (L121).
    fn given_by_hand(&mut self, agent: &Extension, who: &str, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let Some(agent) = desk.office.agents.get(agent) else { return Vec::new() };
        let Ok(way) = way_by_hand(agent, desk.presence) else { return Vec::new() };
        let (person, extension) = (Person::from(agent), agent.extension.clone());
        let mut commands = self.leave_queue(WalkEnd::Connected, desk.now);
        let given = Decision::GivenByHand { agent: person.clone(), who: who.to_owned() };
        self.draft.note(given, desk.now);
        desk.ledger.given(&extension, desk.now);
        self.search.given = Some(extension.clone());
        self.search.by_hand = true;
        self.search.route = Route::Agent(extension);
        self.assigned = Assigned::of(&self.search.route);
        let inbound = self.follow_assignment().unwrap_or(inbound);
        let limit = self.ring_time_left(&inbound);
        commands.extend(match way {
            Way::Phones(phones) => self.ring_for(&inbound, phones, limit, desk),
            Way::Silent => self.wait_silently(&inbound, vec![person], limit, desk),
        });
        commands
    }

    /// The caller leaves one queue and comes to another team, with the time they have waited.
    pub(crate) fn moved_by_hand(
        &mut self,
        team: &TeamName,
        who: &str,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let mut commands = self.leave_queue(WalkEnd::Connected, desk.now);
        let moved = Decision::MovedByHand { team: team.clone(), who: who.to_owned() };
        self.draft.note(moved, desk.now);
        let route = Route::Team(team.clone());
        self.assigned = Assigned::of(&route);
        let inbound = self.follow_assignment().unwrap_or(inbound);
        commands.extend(self.connect(&inbound, route, desk));
        commands
    }

    /// The one to whom the caller was given by hand does not take the call: it is nobody's, and all
    /// who take such calls ring for what is left of the ring time (L121). `None`: it was not given
    /// by hand.
    pub(crate) fn nobodys(
        &mut self,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Option<Vec<Command>> {
        if !std::mem::take(&mut self.search.by_hand) || !matches!(self.phase, Phase::Ringing(_)) {
            return None;
        }
        self.search.passed_on = self.search.given.take();
        self.assigned = Assigned::default();
        let inbound = self.follow_assignment().unwrap_or_else(|| Arc::clone(inbound));
        Some(self.connect(&inbound, Route::Off, desk))
    }
}
