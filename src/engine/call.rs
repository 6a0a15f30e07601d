//! One call from its first leg to its record.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::engine::assigned::Assigned;
use crate::engine::command::{Command, LegCommand, SoundCommand};
use crate::engine::desk::Desk;
use crate::engine::dialling::Meant;
use crate::engine::draft::{Draft, Ending};
use crate::engine::gathering::Gathering;
use crate::engine::phase::{Background, Line, Phase, Purpose};
use crate::engine::recording_state::Recording;
use crate::engine::ringing::LegGone;
use crate::engine::room::RoomCue;
use crate::engine::search::Search;
use crate::engine::typed::Typed;
use crate::history::call_id::CallId;
use crate::history::call_record::{CallRecord, Clocks, LegRecord, Outcome};
use crate::history::conversation::Conversation;
use crate::history::trail::{Decision, Person};
use crate::leg::{HangupCause, LegId, PlayId};
use crate::live::{LiveCall, LiveQueue, Stage};
use crate::office::workflow_chore::Chore;
use crate::office::workflow_name::WorkflowName;
use crate::time::Moment;

/// Keys that a call keeps to be looked at; the oldest give way.
const MOST_KEYS: usize = 64;

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
    keys: String,
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

    /// Only a customer's keys are kept, and only until somebody talks with them: what is typed
    /// later is meant for the other's ears alone.
    pub(crate) fn digit_pressed(
        &mut self,
        leg: LegId,
        digit: char,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if self.line.leg() == Some(leg) && matches!(self.purpose, Purpose::Inbound(_)) {
            self.keep_key(digit);
        }
        match &self.phase {
            Phase::Walking(_) | Phase::Queued { walking: Some(_), .. }
                if self.line.leg() == Some(leg) =>
            {
                self.walk_digit(digit, desk)
            }
            Phase::Message(_) if self.line.leg() == Some(leg) => self.message_digit(digit, desk),
            Phase::Listening(_) if self.line.leg() == Some(leg) => {
                self.listening_digit(digit, desk)
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
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => self.talk_key(leg, digit, desk),
        }
    }

    fn keep_key(&mut self, digit: char) {
        match &self.phase {
            Phase::Talking { .. } | Phase::Over => return,
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Summoning(_)
            | Phase::Ringing(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. } => {}
        }
        if self.keys.len() >= MOST_KEYS {
            self.keys.remove(0);
        }
        self.keys.push(digit);
    }

    pub(crate) fn has_pressed(&self) -> bool {
        !self.keys.is_empty()
    }

    pub(crate) fn leg_rang(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        let now = desk.now;
        if !self.draft.leg_rang(leg, now) {
            return Vec::new();
        }
        self.draft.note(Decision::PartyRang { party: self.draft.party(leg) }, now);
        match &mut self.phase {
            Phase::Ringing(ringing) => {
                ringing.leg_rang(now);
                self.alert_caller(desk)
            }
            Phase::Summoning(ringing) => {
                ringing.leg_rang(now);
                Vec::new()
            }
            Phase::Talking { .. } => {
                self.guest_rang(leg, now);
                Vec::new()
            }
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// Only the sound of the one far end of an outside call is passed on; a phone that sends some
    /// merely rings.
    pub(crate) fn leg_sounds(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.live_leg(leg).is_none() || !self.goes_outside() {
            return self.leg_rang(leg, desk);
        }
        let now = desk.now;
        let Phase::Ringing(ringing) = &mut self.phase else { return Vec::new() };
        let Some(caller) = self.line.leg() else { return Vec::new() };
        if !ringing.leg_sounds(now) {
            return Vec::new();
        }
        self.draft.leg_rang(leg, now);
        self.draft.note(Decision::EarlySound { party: self.draft.party(leg) }, now);
        let mut commands = Vec::new();
        match self.line {
            Line::Waiting(_) | Line::Alerted(_) => {
                self.line = Line::Early(caller);
                commands
                    .push(Command::Leg(LegCommand::EarlyMedia { leg: caller, like: Some(leg) }));
            }
            Line::Absent | Line::Early(_) | Line::Open(_) => {}
        }
        commands.push(Command::Sound(SoundCommand::Join { one: caller, other: leg }));
        commands
    }

    pub(crate) fn leg_answered(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.live_leg(leg).is_none() || self.line.leg() == Some(leg) {
            return Vec::new();
        }
        match &self.phase {
            Phase::Ringing(ringing) => {
                let losers: Vec<LegId> = ringing.legs().filter(|other| *other != leg).collect();
                self.join_winner(leg, &losers, desk)
            }
            Phase::Summoning(ringing) => {
                let losers: Vec<LegId> = ringing.legs().filter(|other| *other != leg).collect();
                self.caller_came(leg, &losers, desk)
            }
            Phase::Talking { .. } => self.guest_came(leg, desk),
            Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Queued { .. }
            | Phase::Walking(_)
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => Vec::new(),
        }
    }

    /// The first to answer has the call; the others stop only when the two hear each other.
    fn join_winner(
        &mut self,
        winner: LegId,
        losers: &[LegId],
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Some(caller) = self.line.leg() else { return Vec::new() };
        self.draft.leg_answered(winner, desk.now);
        let answering = self.draft.agent(winner).and_then(|agent| desk.office.agents.get(agent));
        let who = answering.map(Person::from).or_else(|| self.calling_agent(winner));
        if let (Some(agent), Purpose::Inbound(_)) = (&who, &self.purpose) {
            desk.ledger.talked(&self.draft.record().from, &agent.extension);
        }
        self.draft.engaged(who, winner, desk.now);
        let mut commands: Vec<Command> =
            self.open_caller(Some(winner), desk.now).into_iter().collect();
        commands.push(Command::Sound(SoundCommand::Join { one: caller, other: winner }));
        commands.extend(self.hang_up_all(losers, HangupCause::AnsweredElsewhere, desk.now));
        self.enter(Phase::Talking { other: winner }, desk.now);
        let agents = [caller, winner].into_iter().filter(|leg| self.draft.agent(*leg).is_some());
        commands.extend(agents.map(|leg| Command::Sound(SoundCommand::HoldBackStar { leg })));
        commands.extend(self.record_talk(desk));
        commands
    }

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

    pub(crate) fn leg_encrypted(
        &mut self,
        leg: LegId,
        encrypted: bool,
        now: Moment,
    ) -> Vec<Command> {
        let party = self.draft.party(leg);
        let said =
            if encrypted { Decision::Encrypted { party } } else { Decision::InClear { party } };
        self.draft.note(said, now);
        Vec::new()
    }

    fn goes_outside(&self) -> bool {
        match &self.purpose {
            Purpose::Outgoing { meant: Meant::Emergency(_) | Meant::Outside(_), .. } => {
                !matches!(self.phase, Phase::Summoning(_))
            }
            Purpose::Outgoing {
                meant: Meant::Colleague(_) | Meant::Feature(_) | Meant::Sound(_) | Meant::Nothing,
                ..
            }
            | Purpose::Inbound(_)
            | Purpose::Refused(_) => false,
        }
    }

    /// Who talks when a far end answers a call to the outside.
    fn calling_agent(&self, winner: LegId) -> Option<Person> {
        match &self.purpose {
            Purpose::Outgoing { agent, .. } if self.draft.agent(winner).is_none() => {
                Some(agent.clone())
            }
            Purpose::Outgoing { .. } | Purpose::Inbound(_) | Purpose::Refused(_) => None,
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
