//! One call from its first leg to its record.

use std::collections::BTreeMap;

use crate::engine::agent::assigned::Assigned;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Draft;
use crate::engine::call::gathering::Gathering;
use crate::engine::call::phase::{Background, Line, Phase, Purpose};
use crate::engine::call::recording_state::Recording;
use crate::engine::call::room::RoomCue;
use crate::engine::call::search::Search;
use crate::engine::call::typed::Typed;
use crate::engine::command::Command;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Clocks, LegRecord, Outcome};
use crate::history::conversation::conversation::Conversation;
use crate::history::trail::trail::Decision;
use crate::leg::{HangupCause, LegId, PlayId};
use crate::live::{LiveCall, LiveQueue, Stage};
use crate::office::workflow::chore::Chore;
use crate::office::workflow::name::WorkflowName;
use crate::time::Moment;

#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) draft: Draft,
    pub(crate) line: Line,
    pub(crate) phase: Phase,
    pub(crate) purpose: Purpose,
    /// How the room rings for it while phones do.
    pub(crate) room: Option<RoomCue>,
    /// The conversation that it is made from; the customer sees the number they know (L44, S54).
    pub(crate) back: Option<Box<Conversation>>,
    /// The call in which this one was promised.
    pub(crate) callback: Option<CallId>,
    /// Whom a customer's call has tried so far.
    pub(crate) search: Search,
    /// Where it stood in the queue when that was last told.
    place: Option<LiveQueue>,
    /// What a customer has pressed who does not talk yet (S70).
    pub(crate) keys: String,
    /// Whom a workflow has given it to.
    pub(crate) assigned: Assigned,
    pub(crate) background: Background,
    pub(crate) recording: Recording,
    /// Who talks beside the two, and who is on hold.
    pub(crate) gathering: Gathering,
    /// What agents have begun to press that may be a code.
    pub(crate) typing: BTreeMap<LegId, Typed>,
    /// What workflows have done to the call's conversation, and it does not know yet.
    pub(crate) errands: Vec<(WorkflowName, Chore)>,
    /// What the caller has typed into forms.
    pub(crate) fields: BTreeMap<String, String>,
    stage_since: i64,
}

impl Call {
    pub(crate) fn new(draft: Draft, line: Line, purpose: Purpose) -> Self {
        let stage_since = draft.record().started;
        let (phase, keys) = (Phase::Starting, String::new());
        Self {
            draft,
            line,
            phase,
            purpose,
            room: None,
            back: None,
            callback: None,
            search: Search::default(),
            place: None,
            keys,
            assigned: Assigned::default(),
            background: Background::Due,
            recording: Recording::Off,
            gathering: Gathering::default(),
            typing: BTreeMap::new(),
            errands: Vec::new(),
            fields: BTreeMap::new(),
            stage_since,
        }
    }

    /// The first steps, once the call is written down.
    pub(crate) fn begin(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        match (self.purpose.clone(), self.line) {
            (Purpose::Inbound(inbound), _) => self.meet(&inbound, desk),
            (Purpose::Outgoing { agent, meant }, Line::Absent) => self.summon(&agent, &meant, desk),
            (Purpose::Outgoing { agent, meant }, _) => self.place(&agent, &meant, desk),
            (Purpose::Refused(ending), _) => self.refuse(ending, desk.now),
        }
    }

    pub(crate) fn record(&self) -> &CallRecord {
        self.draft.record()
    }

    pub(crate) fn is_new(&self) -> bool {
        matches!(self.phase, Phase::Starting)
    }

    /// Whether a customer's call has come in: it is past the menu, if there is one (L81).
    pub(crate) fn has_entered(&self) -> bool {
        match (&self.purpose, &self.phase) {
            (Purpose::Inbound(_), Phase::Over) => self.record().outcome == Some(Outcome::Missed),
            (Purpose::Inbound(_), Phase::Starting | Phase::Walking(_)) => false,
            (Purpose::Inbound(_), Phase::Farewell { ending, .. }) => {
                ending.outcome == Outcome::Missed
            }
            (
                Purpose::Inbound(_),
                Phase::Greeting { .. }
                | Phase::Summoning(_)
                | Phase::Queued { .. }
                | Phase::Ringing(_)
                | Phase::Talking { .. }
                | Phase::Echo
                | Phase::Paging
                | Phase::Listening(_),
            ) => true,
            (Purpose::Inbound(_), Phase::Message(message)) => message.has_entered(),
            (Purpose::Outgoing { .. } | Purpose::Refused(_), _) => false,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    pub(crate) fn stage(&self) -> Stage {
        match self.phase {
            Phase::Greeting { .. } => Stage::Greeting,
            Phase::Queued { .. } => Stage::Queued,
            Phase::Walking(_) => Stage::Workflow,
            Phase::Starting | Phase::Summoning(_) | Phase::Ringing(_) => Stage::Ringing,
            Phase::Talking { .. } => Stage::Talking,
            Phase::Message(_) => Stage::Voicemail,
            Phase::Echo | Phase::Paging | Phase::Listening(_) | Phase::Farewell { .. } => {
                Stage::Playing
            }
            Phase::Over => Stage::Ending,
        }
    }

    pub(crate) fn legs(&self) -> Vec<LegRecord> {
        self.draft.record().legs.clone()
    }

    pub(crate) fn live(&self) -> LiveCall {
        let record = self.draft.record();
        LiveCall {
            id: record.id,
            direction: record.direction,
            from: record.from.clone(),
            from_name: record.from_name.clone(),
            to: record.to.clone(),
            stage: self.stage(),
            started: record.started,
            stage_since: self.stage_since,
            agent: record.agent.clone(),
            keys: self.keys.clone(),
            queue: self.standing(),
            recorded: self.recording.live(),
            held: self.gathering.hold.is_some(),
            held_by: self
                .gathering
                .hold
                .as_ref()
                .and_then(|hold| hold.by.as_ref().map(|by| by.extension.clone())),
            participants: self.participants(),
        }
    }

    /// What the room hears of this call just now.
    pub(crate) fn room(&self) -> Option<&RoomCue> {
        match self.phase {
            Phase::Ringing(_) => self.room.as_ref(),
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Summoning(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => None,
        }
    }

    pub(crate) fn play_ended(
        &mut self,
        leg: LegId,
        played: PlayId,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if let Some(commands) = self.notice_ended(leg, played, desk) {
            return commands;
        }
        if let Some(commands) = self.beep_ended(leg, played, desk) {
            return commands;
        }
        if self.line.leg() != Some(leg) {
            return Vec::new();
        }
        match &self.phase {
            Phase::Greeting { play, .. } if *play == played => self.greeting_ended(desk),
            Phase::Walking(walking) | Phase::Queued { walking: Some(walking), .. }
                if walking.plays(played) =>
            {
                self.walk_spoken(desk)
            }
            Phase::Message(_) => self.message_spoken(played, desk),
            Phase::Listening(_) => self.listening_heard(played, desk),
            Phase::Farewell { play, ending, .. } if *play == played => {
                let ending = *ending;
                self.finish(ending, HangupCause::Normal, HangupCause::Normal, desk.now)
            }
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Summoning(_)
            | Phase::Ringing(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// Where it stands in the queue, while it does.
    pub(crate) fn standing(&self) -> Option<LiveQueue> {
        self.place.clone().filter(|_| matches!(self.phase, Phase::Queued { .. }))
    }

    /// Whether that is news.
    pub(crate) fn stands_at(&mut self, place: LiveQueue) -> bool {
        let is_news = self.place.as_ref() != Some(&place);
        self.place = Some(place);
        is_news
    }

    /// How long the call has been where it stands, in whole seconds.
    pub(crate) fn stage_seconds(&self, now: Moment) -> u64 {
        seconds(now.unix_millis().saturating_sub(self.stage_since))
    }

    pub(crate) fn enter(&mut self, phase: Phase, now: Moment) {
        let passed = now.unix_millis().saturating_sub(self.stage_since).max(0);
        let clocks = &mut self.draft.record_mut().clocks;
        match (&self.phase, &self.purpose) {
            (Phase::Greeting { .. }, _) => clocks.greeting += passed,
            (Phase::Queued { .. }, _) => clocks.queue += passed,
            (Phase::Ringing(_), Purpose::Inbound(_)) => clocks.ringing += passed,
            (Phase::Ringing(_), Purpose::Outgoing { .. } | Purpose::Refused(_))
            | (
                Phase::Starting
                | Phase::Walking(_)
                | Phase::Summoning(_)
                | Phase::Talking { .. }
                | Phase::Echo
                | Phase::Paging
                | Phase::Message(_)
                | Phase::Listening(_)
                | Phase::Farewell { .. }
                | Phase::Over,
                _,
            ) => {}
        }
        if matches!(phase, Phase::Over) && self.draft.record().first_waiting.is_some() {
            let Clocks { greeting, queue, ringing } = self.draft.record().clocks;
            let (greeting, queue) = (seconds(greeting), seconds(queue));
            let waited = Decision::Waited { greeting, queue, ringing: seconds(ringing) };
            self.draft.note(waited, now);
        }
        self.phase = phase;
        self.stage_since = now.unix_millis();
    }
}

fn seconds(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or_default() / 1_000
}
