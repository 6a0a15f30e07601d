//! The work that calls have left in their conversations, and who does it (S19).

use crate::engine::conversation::conversations::Conversations;
use crate::engine::conversation::stage::Work;
use crate::history::call_id::CallId;
use crate::history::conversation::conversation::State;
use crate::history::conversation_id::ConversationId;
use crate::office::extension::Extension;
use crate::time::Moment;

impl Conversations {
    pub(crate) fn is_worked_on(&self, id: ConversationId) -> bool {
        self.work.values().any(|work| work.id == id)
    }

    /// Who works on which call that is over.
    pub(crate) fn workers(&self) -> Vec<(Extension, CallId)> {
        self.work.iter().map(|(call, work)| (work.agent.clone(), *call)).collect()
    }

    pub(crate) fn workers_on(&self, id: ConversationId) -> Vec<(Extension, CallId)> {
        let on_it = self.work.iter().filter(|(_, work)| work.id == id);
        on_it.map(|(call, work)| (work.agent.clone(), *call)).collect()
    }

    /// After a restart: the work is that of the newest call which the agent has answered.
    pub(crate) fn resume_work(&mut self, agent: Extension, call: CallId) {
        let all = self.held.values().map(|held| &held.conversation);
        let theirs =
            all.filter(|one| one.assignee.as_ref() == Some(&agent) && one.state == State::Opened);
        if let Some(id) = theirs.max_by_key(|one| one.last_call).map(|one| one.id) {
            self.work.entry(call).or_insert(Work { agent, id });
        }
    }

    /// The work after a call is done; a conversation that is still open is closed with it.
    pub(crate) fn work_ended(&mut self, call: CallId, now: Moment) {
        let Some(work) = self.work.remove(&call) else { return };
        let has_call = self.calls.values().any(|bound| bound.id == work.id);
        let is_open = self.state(work.id) == Some(State::Opened);
        if is_open && !has_call && !self.is_worked_on(work.id) {
            self.close(work.id, None, now);
        }
    }
}
