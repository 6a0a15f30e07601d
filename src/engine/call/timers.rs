//! When a call wants to be woken, and what it does then.

use std::time::Instant;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::Phase;
use crate::engine::command::Command;
use crate::history::trail::trail::Decision;
use crate::leg::{HangupCause, LegId};

impl Call {
    /// When [`Self::handle_timeout`] wants to be called, and why.
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        match &self.phase {
            Phase::Greeting { until, .. } => Some((*until, "greeting")),
            Phase::Farewell { until, .. } => Some((*until, "last announcement")),
            Phase::Queued { .. } => self.queue_due().map(|due| (due, "queue")),
            Phase::Walking(walking) => walking.poll_timeout().map(|due| (due, "a workflow")),
            Phase::Summoning(ringing) => Some((ringing.poll_timeout(), "own phones")),
            Phase::Ringing(ringing) => Some((ringing.poll_timeout(), "ring time")),
            Phase::Talking { .. } => {
                let notice = self.recording.poll_timeout().map(|at| (at, "recording's notice"));
                let keys = self.keys_timeout().map(|at| (at, "keys"));
                let due = notice.into_iter().chain(self.gathering.poll_timeout()).chain(keys);
                due.min_by_key(|(at, _)| *at)
            }
            Phase::Message(message) => Some((message.poll_timeout(), "a message")),
            Phase::Listening(listening) => Some((listening.poll_timeout(), "voicemail")),
            Phase::Starting | Phase::Echo | Phase::Paging | Phase::Over => None,
        }
    }

    pub(crate) fn handle_timeout(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.poll_timeout().is_none_or(|(due, _)| due > desk.now.ticks) {
            return Vec::new();
        }
        match &self.phase {
            Phase::Greeting { .. } => self.greeting_never_ended(desk),
            Phase::Queued { .. } => self.queue_told(desk),
            Phase::Walking(_) => self.walk_due(desk),
            Phase::Farewell { ending, .. } => {
                let ending = *ending;
                self.farewell_never_ended(ending, desk.now)
            }
            Phase::Summoning(ringing) | Phase::Ringing(ringing) => {
                let time = ringing.limit();
                let seconds = time.as_secs();
                let legs: Vec<LegId> = ringing.legs().collect();
                self.draft.note(Decision::RingTimeOver { seconds }, desk.now);
                let mut commands = self.hang_up_all(&legs, HangupCause::NoAnswer, desk.now);
                commands.extend(self.offer_over(time, desk));
                commands
            }
            Phase::Talking { .. } => self.talk_due(desk),
            Phase::Message(_) => self.message_due(desk),
            Phase::Listening(_) => self.listening_due(desk),
            Phase::Starting | Phase::Echo | Phase::Paging | Phase::Over => Vec::new(),
        }
    }
}
