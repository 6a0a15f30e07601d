//! How a call goes on without a leg, and how it ends that its caller, an admin or the daemon cuts
//! off.

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::phase::{Line, Phase, Purpose};
use crate::engine::call::ringing::LegGone;
use crate::engine::command::Command;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Decision;
use crate::leg::{HangupCause, LegId, SoundTrouble};

impl Call {
    pub(crate) fn leg_ended(
        &mut self,
        leg: LegId,
        cause: HangupCause,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if !self.draft.leg_ended(leg, cause, desk.now) {
            return Vec::new();
        }
        self.typing.remove(&leg);
        if let Some(commands) = self.without(leg, cause, desk) {
            return commands;
        }
        if self.line.leg() == Some(leg) {
            self.draft.note(Decision::CallerLeft { cause }, desk.now);
            if matches!(self.phase, Phase::Message(_)) {
                return self.message_left(cause, desk);
            }
            let (ending, others) = self.ending_without_caller(cause);
            return self.finish(ending, cause, others, desk.now);
        }
        let party = self.draft.party(leg);
        match &mut self.phase {
            Phase::Ringing(ringing) | Phase::Summoning(ringing) => {
                let gone = ringing.leg_ended(leg, cause);
                self.draft.note(Decision::PartyGone { party, cause }, desk.now);
                match gone {
                    LegGone::OthersRing => Vec::new(),
                    LegGone::NobodyLeft(cause) => self.nobody_left(cause, desk),
                }
            }
            Phase::Talking { other } if *other == leg => {
                self.draft.note(Decision::OtherLeft { party, cause }, desk.now);
                let normal = HangupCause::Normal;
                self.finish(Ending::answered(cause), normal, normal, desk.now)
            }
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// How the call ends when its caller is gone, and what the other legs are told.
    pub(crate) fn ending_without_caller(&self, cause: HangupCause) -> (Ending, HangupCause) {
        let cancelled = HangupCause::Cancelled;
        match (&self.phase, &self.purpose) {
            (Phase::Greeting { .. }, _) => {
                (Ending::missed(MissedReason::UserLeftInGreeting, cause), cancelled)
            }
            (Phase::Walking(_), _) => {
                (Ending::not_entered(Some(self.left_in_workflow()), cause), cancelled)
            }
            (Phase::Ringing(_), Purpose::Inbound(_)) => {
                (Ending::missed(MissedReason::UserLeft, cause), cancelled)
            }
            (Phase::Queued { .. }, _) => {
                (Ending::missed(MissedReason::UserLeftInQueued, cause), cancelled)
            }
            (Phase::Message(_), _) => (self.ending_without_message(cause), cancelled),
            (Phase::Talking { .. } | Phase::Echo | Phase::Paging | Phase::Listening(_), _) => {
                (Ending::answered(cause), HangupCause::Normal)
            }
            (Phase::Farewell { ending, .. }, _) => (*ending, cancelled),
            (
                Phase::Ringing(_) | Phase::Starting | Phase::Summoning(_) | Phase::Over,
                Purpose::Inbound(_) | Purpose::Outgoing { .. } | Purpose::Refused(_),
            ) => (Ending::cancelled(cause), cancelled),
        }
    }

    /// Somebody may hear nothing of the other: said in the trail, and nothing else done about it.
    pub(crate) fn sounds_odd(
        &mut self,
        leg: LegId,
        trouble: SoundTrouble,
        desk: &Desk<'_>,
    ) -> Vec<Command> {
        if self.draft.live_leg(leg).is_some() {
            let party = self.draft.speaker(leg);
            self.draft.note(Decision::SoundOdd { party, trouble }, desk.now);
        }
        Vec::new()
    }

    /// Of several who talk, the one who is lost leaves.
    pub(crate) fn media_lost(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.live_leg(leg).is_none() {
            return Vec::new();
        }
        self.draft.note(Decision::SoundLost { party: self.draft.speaker(leg) }, desk.now);
        let cause = HangupCause::MediaLost;
        if matches!(self.phase, Phase::Message(_)) {
            return self.message_left(cause, desk);
        }
        if self.gathering.members.len() > 2 && self.draft.agent(leg).is_some() {
            let mut commands = self.hang_up_all(&[leg], cause, desk.now);
            self.typing.remove(&leg);
            commands.extend(self.without(leg, cause, desk).unwrap_or_default());
            return commands;
        }
        let (ending, _) = self.ending_without_caller(cause);
        self.finish(ending, cause, cause, desk.now)
    }

    /// An admin ends the call.
    pub(crate) fn ended_by_admin(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        self.draft.note(Decision::EndedByAdmin, desk.now);
        let cause = match self.line {
            Line::Open(_) => HangupCause::Normal,
            Line::Absent | Line::Waiting(_) | Line::Alerted(_) | Line::Early(_) => {
                HangupCause::Declined
            }
        };
        let (mut commands, ending) =
            self.ending_from_inside(MissedReason::RejectedByOperator, cause, desk);
        commands.extend(self.finish(ending, cause, HangupCause::Normal, desk.now));
        commands
    }

    /// The daemon is being stopped.
    pub(crate) fn stopped(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        self.draft.note(Decision::Stopped, desk.now);
        let cause = HangupCause::Stopping;
        let (mut commands, ending) = self.ending_from_inside(MissedReason::NoOperator, cause, desk);
        commands.extend(self.finish(ending, cause, cause, desk.now));
        commands
    }

    fn ending_from_inside(
        &mut self,
        missed: MissedReason,
        cause: HangupCause,
        desk: &mut Desk<'_>,
    ) -> (Vec<Command>, Ending) {
        let ending = match (&self.phase, &self.purpose) {
            (Phase::Talking { .. } | Phase::Echo | Phase::Paging | Phase::Listening(_), _) => {
                Ending::answered(cause)
            }
            (Phase::Message(_), _) => return self.message_cut(cause, desk),
            (Phase::Farewell { ending, .. }, _) => *ending,
            (_, Purpose::Inbound(_)) => Ending::missed(missed, cause),
            (_, Purpose::Outgoing { .. } | Purpose::Refused(_)) => Ending::failed(cause),
        };
        (Vec::new(), ending)
    }
}
