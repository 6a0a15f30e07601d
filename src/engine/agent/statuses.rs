//! What the log of agents was last told of each of them, and that they still are.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::history::agent_log::{AgentLog, AgentStatus, StatusChange};
use crate::office::extension::Extension;
use crate::time::Moment;

/// After so long without a word the log is told that all are what they were: a crash in a quiet
/// office takes no more of anybody's time.
const MARK: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, Default)]
pub struct Statuses {
    known: BTreeMap<Extension, AgentStatus>,
    /// None while nobody is there: their absence needs no proof.
    mark: Option<Instant>,
}

impl Statuses {
    /// What is to be written down, if the agent is another than before; no status: they are no
    /// longer in the office.
    pub(crate) fn note(
        &mut self,
        agent: &Extension,
        status: Option<AgentStatus>,
        now: Moment,
    ) -> Option<StatusChange> {
        let before = match status {
            Some(status) => self.known.insert(agent.clone(), status),
            None => self.known.remove(agent),
        };
        if before == status {
            return None;
        }
        let is_anybody_there = self.known.values().any(|status| is_there(*status));
        self.mark = is_anybody_there.then_some(now.ticks + MARK);
        Some(StatusChange { agent: agent.clone(), status, at: now.unix_millis() })
    }

    /// When [`Self::handle_timeout`] wants to be called.
    pub(crate) fn mark(&self) -> Option<Instant> {
        self.mark
    }

    /// What is to be written down when nothing has changed for a while.
    pub(crate) fn handle_timeout(&mut self, now: Moment) -> Option<AgentLog> {
        self.mark.filter(|due| *due <= now.ticks)?;
        self.mark = Some(now.ticks + MARK);
        Some(AgentLog::Still { at: now.unix_millis() })
    }
}

fn is_there(status: AgentStatus) -> bool {
    match status {
        AgentStatus::Offline | AgentStatus::OffDuty => false,
        AgentStatus::Talking
        | AgentStatus::WrappingUp
        | AgentStatus::SeatEmpty
        | AgentStatus::Eat
        | AgentStatus::Rest
        | AgentStatus::InMeeting
        | AgentStatus::Education
        | AgentStatus::OtherWork
        | AgentStatus::Waiting => true,
    }
}
