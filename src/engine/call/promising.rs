//! A caller who waits and would rather be called (L74, L88).

use std::sync::Arc;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::inbound::LONGEST_CLIP;
use crate::engine::call::phase::{Inbound, Phase};
use crate::engine::command::Command;
use crate::engine::outbound::{Named, passage};
use crate::engine::workflow::command::WalkInput;
use crate::history::callback::Callback as Ticket;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Decision;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::walk_record::WalkEnd;
use crate::leg::HangupCause;
use crate::office::phone_number::PhoneNumber;
use crate::office::workflow::action::Callback;

impl Call {
    /// Promises the call, if the office may make it; else the workflow goes on elsewhere.
    pub(crate) fn walk_calls_back(
        &mut self,
        typed: Option<&str>,
        callback: &Callback,
        inbound: &Arc<Inbound>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let ticket = match self.ticket(typed, callback, inbound, desk) {
            Ok(ticket) => ticket,
            Err(trail) => {
                self.draft.notes(trail, desk.now);
                self.tell(WorkflowStory::CallbackImpossible, desk.now);
                let facts = self.facts(inbound, desk);
                if let Some(walking) = self.walking() {
                    walking.walk.handle(WalkInput::Unavailable, &facts);
                }
                return Vec::new();
            }
        };
        let number = ticket.number.to_string();
        self.tell(WorkflowStory::CallbackPromised { number }, desk.now);
        let mut commands = self.leave_queue(WalkEnd::Callback, desk.now);
        commands.extend(desk.callbacks.promise(ticket));
        let (play, said) = self.speak_to_caller(&callback.thanks, desk);
        commands.extend(said);
        let until = desk.now.ticks + LONGEST_CLIP;
        // On the list of whom to call, until somebody has got through.
        let ending = Ending::missed(MissedReason::WfEndCall, HangupCause::Normal);
        self.enter(Phase::Farewell { play, until, ending }, desk.now);
        commands
    }

    /// S8: only to where an agent of the team could call by themselves.
    fn ticket(
        &self,
        typed: Option<&str>,
        callback: &Callback,
        inbound: &Inbound,
        desk: &Desk<'_>,
    ) -> Result<Ticket, Vec<Decision>> {
        let record = self.record();
        let Phase::Queued { team, .. } = &self.phase else { return Err(Vec::new()) };
        let home = &desk.office.dial_out.home;
        let number = match typed {
            Some(digits) => PhoneNumber::normalise(digits, home),
            None => PhoneNumber::parse(&record.from),
        };
        let (Ok(number), Some(conversation)) = (number, record.conversation) else {
            return Err(Vec::new());
        };
        let shown = inbound.number.number.clone();
        let found = desk.office.teams.get(team);
        let Some(member) = found.and_then(|team| team.members.first()) else {
            return Err(Vec::new());
        };
        let named = Named { by_customer: Some(&shown), by_agent: None };
        passage(&number, member, named, desk.office)?;
        Ok(Ticket {
            call: record.id,
            conversation,
            number,
            shown,
            team: team.clone(),
            priority: self.priority(inbound),
            since: record.first_waiting.unwrap_or_default(),
            promised: desk.now.unix_millis(),
            left: callback.tries,
            pause: callback.pause.as_secs(),
            next: None,
        })
    }
}
