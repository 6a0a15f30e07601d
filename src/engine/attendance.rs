//! What follows when agents come, go or become free: who is told, and who of the queue is next.

use std::time::Duration;

use crate::duty::{Duty, DutyWish};
use crate::engine::call::call::Call;
use crate::engine::call::expected_wait::on_duty;
use crate::engine::call::phase::Purpose;
use crate::engine::call::wrap_up::{rule_after, talked_to_the_end};
use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand};
use crate::history::agent_log::AgentLog;
use crate::history::handled::Handled;
use crate::live::{AgentState, LiveAgent, Update};
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::time::Moment;

impl CallEngine {
    /// Takes back what was saved before a restart.
    pub fn recall(&mut self, duties: Vec<Duty>, handled: &[Handled], now: Moment) {
        for duty in &duties {
            self.presence.touch(duty.agent.clone());
        }
        self.presence.duties.recall(duties, now);
        self.presence.duties.office_changed(&self.office);
        self.ledger.recall(handled);
    }

    pub(crate) fn agent_wishes(&mut self, agent: &Extension, wish: DutyWish, now: Moment) {
        if self.office.agents.contains_key(agent) {
            self.presence.set(agent, wish, now);
        }
    }

    /// The work that a call leaves to its agent, and what it teaches about the next ones.
    pub(crate) fn call_leaves_work(&mut self, call: &Call, now: Moment) {
        let record = call.record();
        if let Some(rule) = rule_after(call, &self.office) {
            for agent in talked_to_the_end(record) {
                self.presence.duties.wrap_up(agent, record.id, rule, now);
                self.presence.touch(agent.clone());
            }
        }
        // Where the number leads, or a workflow has given the call.
        let Purpose::Inbound(inbound) = &call.purpose else { return };
        let Route::Team(team) = &inbound.number.route else { return };
        if let (Some(engaged), Some(ended)) = (record.engaged, record.ended) {
            let talked = u64::try_from(ended - engaged).unwrap_or_default();
            self.queues.took(team, Duration::from_millis(talked));
        }
    }

    /// Whatever has changed with agents is told and written down, and whoever waits for them is
    /// looked after, in their order, until nothing changes any more.
    pub(crate) fn settle(&mut self, now: Moment) {
        loop {
            let changed = self.presence.take_changed();
            if changed.is_empty() {
                break;
            }
            for duty in self.presence.duties.take_changed() {
                self.commands.push_back(Command::Keep(KeepCommand::Duty(Box::new(duty))));
            }
            for done in self.presence.duties.take_done() {
                self.log_agent(AgentLog::WrapUp(done));
            }
            for ticket in self.queues.in_order() {
                if self.callbacks.is_promised(ticket.call) {
                    self.callback_turn(ticket.call, now);
                } else {
                    self.call_told(ticket.call, now, Call::look_again);
                }
            }
            for agent in changed {
                self.announce(&agent, now);
            }
        }
        self.tell_places();
    }

    fn log_agent(&mut self, entry: AgentLog) {
        self.commands.push_back(Command::Keep(KeepCommand::AgentLog(Box::new(entry))));
    }

    /// After all that may have changed somebody: what has just been written down says as much.
    pub(crate) fn mark_agent_log(&mut self, now: Moment) {
        if let Some(still) = self.presence.statuses.handle_timeout(now) {
            self.log_agent(still);
        }
    }

    fn announce(&mut self, extension: &Extension, now: Moment) {
        let agent = self.office.agents.get(extension);
        let status = agent.map(|agent| self.presence.status(agent));
        if let Some(change) = self.presence.statuses.note(extension, status, now) {
            self.log_agent(AgentLog::Status(change));
        }
        let Some(agent) = self.office.agents.get(extension) else {
            self.announced.remove(extension);
            return;
        };
        let agent = self.live_agent(agent, now.unix_millis());
        let before = self.announced.insert(extension.clone(), agent.clone());
        let is_news = before.map_or_else(|| !is_plain(&agent), |before| before != agent);
        if is_news {
            self.commands.push_back(Command::Publish(Update::Agent { agent }));
        }
    }

    /// `now` is when a state began that nobody has heard of yet.
    pub(crate) fn live_agent(&self, agent: &Agent, now: i64) -> LiveAgent {
        let duty = self.presence.duties.of(&agent.extension);
        let state = self.presence.state(agent);
        let told = self.announced.get(&agent.extension).filter(|told| told.state == state);
        let told = told.map_or(now, |told| told.since);
        let since = match state {
            AgentState::WrappingUp => duty.wrap_up.map_or(now, |wrap_up| wrap_up.since),
            AgentState::Away | AgentState::OffDuty | AgentState::SeatEmpty => duty.since,
            AgentState::Offline
            | AgentState::Waiting
            | AgentState::Ringing
            | AgentState::Talking => told,
        };
        LiveAgent {
            extension: agent.extension.clone(),
            name: agent.name.clone(),
            state,
            since,
            seat: duty.seat,
            activity: duty.activity,
            do_not_disturb: duty.do_not_disturb,
            do_not_disturb_until: duty.do_not_disturb_until,
            wrap_up: duty.wrap_up,
            shown: duty.shown,
        }
    }

    /// Everybody who waits learns where they stand now.
    fn tell_places(&mut self) {
        if self.queues.is_empty() {
            return;
        }
        let places = self.queues.places(|team| on_duty(team, &self.office, &self.presence));
        for (id, place) in places {
            let Some(call) = self.calls.get_mut(&id) else { continue };
            if call.stands_at(place) {
                let call = Box::new(call.live());
                self.commands.push_back(Command::Publish(Update::Call { call }));
            }
        }
    }

    /// The office this second, as far as its agents go.
    pub(crate) fn live_agents(&self) -> Vec<LiveAgent> {
        let start = self.announced.values().map(|agent| agent.since).max().unwrap_or_default();
        self.office.agents.values().map(|agent| self.live_agent(agent, start)).collect()
    }
}

/// As every agent is before anything is known of them.
fn is_plain(agent: &LiveAgent) -> bool {
    let duty = Duty::new(agent.extension.clone());
    agent.state == AgentState::Offline
        && agent.do_not_disturb == duty.do_not_disturb
        && agent.do_not_disturb_until == duty.do_not_disturb_until
        && agent.shown == duty.shown
        && (agent.seat, agent.activity) == (duty.seat, duty.activity)
}
