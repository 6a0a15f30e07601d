//! What every agent has said of themselves, and who is in wrap-up until when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::duty::{Duty, DutyWish, LONGEST_SILENCE, WrapUp};
use crate::history::agent_log::WrapUpDone;
use crate::history::call_id::CallId;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::office::wrap_up::WrapUpRule;
use crate::time::Moment;

/// The wall clock may be set: who rings again at a certain time is looked at no less often.
const LOOK: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, Default)]
pub struct Duties {
    of: BTreeMap<Extension, Duty>,
    /// When the wrap-ups that have a limit end; timers follow ticks, not the wall.
    limits: BTreeMap<Extension, Instant>,
    /// When to look whether somebody's do-not-disturb is over (L3).
    looks: BTreeMap<Extension, Instant>,
    /// Yet to be written down.
    changed: BTreeSet<Extension>,
    /// After-call work that is over and yet to be written down.
    done: Vec<WrapUpDone>,
}

impl Duties {
    /// Takes back what was saved before a restart; the wall has told how long that took.
    pub(crate) fn recall(&mut self, duties: Vec<Duty>, now: Moment) {
        for duty in duties {
            if let Some(until) = duty.wrap_up.and_then(|wrap_up| wrap_up.until) {
                let left = u64::try_from(until.saturating_sub(now.unix_millis())).unwrap_or(0);
                self.limits.insert(duty.agent.clone(), now.ticks + Duration::from_millis(left));
            }
            self.look_at(&duty, now);
            self.of.insert(duty.agent.clone(), duty);
        }
    }

    /// Agents who are no longer in the office leave nothing behind.
    pub(crate) fn office_changed(&mut self, office: &Office) {
        self.of.retain(|agent, _| office.agents.contains_key(agent));
        self.limits.retain(|agent, _| office.agents.contains_key(agent));
        self.looks.retain(|agent, _| office.agents.contains_key(agent));
        self.changed.retain(|agent| office.agents.contains_key(agent));
    }

    pub(crate) fn of(&self, agent: &Extension) -> Duty {
        self.of.get(agent).cloned().unwrap_or_else(|| Duty::new(agent.clone()))
    }

    /// Whether the wish changed anything.
    pub(crate) fn set(&mut self, agent: &Extension, wish: DutyWish, now: Moment) -> bool {
        let before = self.of(agent);
        let mut duty = before.clone();
        match wish {
            DutyWish::Seat(seat) => duty.seat = seat,
            DutyWish::Activity(activity) => duty.activity = activity,
            DutyWish::DoNotDisturb(silent) => {
                (duty.do_not_disturb, duty.do_not_disturb_until) = (silent, None);
            }
            DutyWish::DoNotDisturbUntil(until) => {
                (duty.do_not_disturb, duty.do_not_disturb_until) = (true, Some(until));
            }
            DutyWish::DoNotDisturbFor(time) => {
                let until = now.after(time.min(LONGEST_SILENCE)).unix_millis();
                (duty.do_not_disturb, duty.do_not_disturb_until) = (true, Some(until));
            }
            DutyWish::EndWrapUp => {
                duty.wrap_up = None;
                self.limits.remove(agent);
            }
            DutyWish::Show(number) => duty.shown = number,
        }
        if (duty.seat, duty.activity) != (before.seat, before.activity) {
            duty.since = now.unix_millis();
        }
        self.look_at(&duty, now);
        self.keep(&before, duty, now)
    }

    /// S19: a customer's call is over, and the work after it begins.
    pub(crate) fn wrap_up(
        &mut self,
        agent: &Extension,
        call: CallId,
        rule: WrapUpRule,
        now: Moment,
    ) {
        let WrapUpRule::On { limit } = rule else { return };
        let before = self.of(agent);
        let mut duty = before.clone();
        let until = limit.map(|limit| now.after(limit.get()));
        duty.wrap_up =
            Some(WrapUp { call, since: now.unix_millis(), until: until.map(Moment::unix_millis) });
        match until {
            Some(until) => self.limits.insert(agent.clone(), until.ticks),
            None => self.limits.remove(agent),
        };
        self.keep(&before, duty, now);
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.limits.values().chain(self.looks.values()).min().copied()
    }

    /// S21: wrap-ups whose limit has come are over. L3: and so is a silence that has its end.
    pub(crate) fn handle_timeout(&mut self, now: Moment) -> Vec<Extension> {
        let mut over = due(&self.limits, now);
        for agent in &over {
            self.set(agent, DutyWish::EndWrapUp, now);
        }
        for agent in due(&self.looks, now) {
            let duty = self.of(&agent);
            if duty.do_not_disturb_until.is_some_and(|until| until > now.unix_millis()) {
                self.look_at(&duty, now);
            } else {
                self.set(&agent, DutyWish::DoNotDisturb(false), now);
                over.push(agent);
            }
        }
        over
    }

    /// How long the agent's phones stay silent, if that ends by itself.
    pub(crate) fn silence_left(&self, agent: &Extension, now: Moment) -> Option<Duration> {
        let until = self.of.get(agent)?.do_not_disturb_until?;
        let left = until.saturating_sub(now.unix_millis());
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }

    /// Plans the next look at an agent whose silence ends by itself.
    fn look_at(&mut self, duty: &Duty, now: Moment) {
        let Some(until) = duty.do_not_disturb_until else {
            self.looks.remove(&duty.agent);
            return;
        };
        let left = u64::try_from(until.saturating_sub(now.unix_millis())).unwrap_or(0);
        let next = now.ticks + Duration::from_millis(left).min(LOOK);
        self.looks.insert(duty.agent.clone(), next);
    }

    /// Who works on which call that is over.
    pub(crate) fn wrapping(&self) -> Vec<(Extension, CallId)> {
        let work = |duty: &Duty| duty.wrap_up.map(|wrap_up| (duty.agent.clone(), wrap_up.call));
        self.of.values().filter_map(work).collect()
    }

    /// What is to be written down since the last time this was asked.
    pub(crate) fn take_changed(&mut self) -> Vec<Duty> {
        std::mem::take(&mut self.changed).iter().map(|agent| self.of(agent)).collect()
    }

    /// After-call work that has come to its end since the last time this was asked.
    pub(crate) fn take_done(&mut self) -> Vec<WrapUpDone> {
        std::mem::take(&mut self.done)
    }

    fn keep(&mut self, before: &Duty, duty: Duty, now: Moment) -> bool {
        let is_new = *before != duty;
        let call = duty.wrap_up.map(|wrap_up| wrap_up.call);
        if let Some(WrapUp { call, since, until }) =
            before.wrap_up.filter(|before| Some(before.call) != call)
        {
            // A limit that came while naru was down ended it then.
            let end = now.unix_millis().min(until.unwrap_or(i64::MAX)).max(since);
            self.done.push(WrapUpDone { agent: duty.agent.clone(), call, since, until: end });
        }
        if is_new {
            self.changed.insert(duty.agent.clone());
            self.of.insert(duty.agent.clone(), duty);
        }
        is_new
    }
}

fn due(timers: &BTreeMap<Extension, Instant>, now: Moment) -> Vec<Extension> {
    timers.iter().filter(|(_, due)| **due <= now.ticks).map(|(agent, _)| agent.clone()).collect()
}
