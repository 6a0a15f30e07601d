//! What the log of agents was last told of each of them.

use std::collections::BTreeMap;

use crate::history::agent_log::{AgentStatus, StatusChange};
use crate::office::extension::Extension;
use crate::time::Moment;

#[derive(Clone, Debug, Default)]
pub struct Statuses(BTreeMap<Extension, AgentStatus>);

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
            Some(status) => self.0.insert(agent.clone(), status),
            None => self.0.remove(agent),
        };
        let change = || StatusChange { agent: agent.clone(), status, at: now.unix_millis() };
        (before != status).then(change)
    }
}
