//! A call played through a copy of the engine: no phone rings, and time is wound.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::time::{Duration, Instant, SystemTime};

use crate::engine::call_engine::CallEngine;
use crate::engine::command::{Command, KeepCommand, LegCommand, RecordCommand, SoundCommand};
use crate::engine::input::Input;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::recording_name::{Kept, RecordingName};
use crate::history::webhook::{Posting, Told};
use crate::history::webhook_end::WebhookEnd;
use crate::leg::{
    Arrival, HangupCause, LegEvent, LegId, Origin, PlayId, RecordingEnd, RecordingId,
};
use crate::office::call_recording::Format;
use crate::office::trunk::TrunkName;
use crate::time::Moment;

/// How long an announcement is taken to last; what it really lasts is known where it is played.
pub const CLIP: Duration = Duration::from_secs(5);
/// A caller needs a moment to press the next key.
const KEY: Duration = Duration::from_secs(1);
/// Who is asked to leave word says so much and stays silent then.
const MESSAGE: Duration = Duration::from_secs(15);
/// Longer than any call that nobody answers: an hour in the queue, and what comes around it.
const LONGEST: Duration = Duration::from_secs(4 * 3600);
/// Inputs of one rehearsal; ends one that would go round for ever.
const MOST: usize = 100_000;

/// One key that the caller presses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keystroke {
    pub digit: char,
    /// Steps of workflows where the caller pressed nothing before it, once for each time.
    pub silent_at: Vec<String>,
}

impl From<char> for Keystroke {
    /// As soon as something is asked.
    fn from(digit: char) -> Self {
        Self { digit, silent_at: Vec::new() }
    }
}

/// The call to be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    pub trunk: TrunkName,
    pub caller: String,
    pub dialled: String,
    /// Pressed one after the other, each when an announcement is over and nothing follows.
    pub keys: Vec<Keystroke>,
    /// What the clock on the wall shall show.
    pub at: SystemTime,
}

impl CallEngine {
    /// What would become of that call just now if every phone rang and nobody answered: its record,
    /// with every decision. The same code decides as for a real call, over the office, the phones
    /// and the calls there are. `None`: it would not be over within hours.
    #[must_use]
    pub fn rehearse(&self, call: &Rehearsed, now: Moment) -> Option<CallRecord> {
        let mut stage = Stage {
            engine: self.clone(),
            now: Moment { wall: call.at, ..now },
            caller: LegId::arrived(u64::MAX / 4),
            id: None,
            plays: BTreeMap::new(),
            speaks: None,
            answered_with: 0,
            silent_for: None,
            record: None,
        };
        stage.engine.forget_commands();
        stage.play(call)
    }
}

struct Stage {
    engine: CallEngine,
    now: Moment,
    caller: LegId,
    /// The call, once it is one.
    id: Option<CallId>,
    /// What the caller hears, and when it is over.
    plays: BTreeMap<PlayId, Instant>,
    /// The message that the caller leaves, and what it is kept of.
    speaks: Option<(RecordingId, CallId)>,
    /// Commands that concerned the caller since the last input.
    answered_with: usize,
    /// By how many steps the call has come, when the caller chose to press nothing there.
    silent_for: Option<usize>,
    record: Option<CallRecord>,
}

impl Stage {
    fn play(mut self, call: &Rehearsed) -> Option<CallRecord> {
        let end = self.now.ticks + LONGEST;
        let mut keys = call.keys.iter().cloned().peekable();
        self.tell(Input::Leg(LegEvent::Arrived(Arrival {
            leg: self.caller,
            origin: Origin::Trunk(call.trunk.clone()),
            dialled: call.dialled.clone(),
            caller_number: call.caller.clone(),
            caller_name: String::new(),
        })));
        for _ in 0..MOST {
            if self.record.is_some() || self.now.ticks > end {
                break;
            }
            if let Some((recording, call)) = self.speaks.take() {
                self.wind(self.now.ticks + MESSAGE);
                let (end, length, spoken) = (RecordingEnd::Silence, MESSAGE, MESSAGE);
                self.tell(Input::RecordingEnded { recording, call, end, length, spoken });
                continue;
            }
            match self.next_end() {
                Some((play, at)) => {
                    self.wind(at);
                    self.plays.remove(&play);
                    self.tell(Input::PlayEnded { leg: self.caller, play });
                    if self.answered_with > 0 || self.record.is_some() {
                        continue;
                    }
                    self.type_on(&mut keys);
                }
                None => {
                    let (due, _) = self.engine.poll_timeout()?;
                    self.wind(due);
                    self.answered_with = 0;
                    self.engine.handle_timeout(self.now);
                    self.perform();
                }
            }
        }
        self.record
    }

    /// Nothing follows: whoever is on the line is expected to do something, and goes on typing until
    /// something does follow.
    fn type_on(&mut self, keys: &mut Peekable<impl Iterator<Item = Keystroke>>) {
        while self.answered_with == 0 && self.record.is_none() && self.has_time() {
            if keys.peek_mut().is_none_or(|next| self.stays_silent(next)) {
                break;
            }
            let Some(Keystroke { digit, .. }) = keys.next() else { break };
            self.wind(self.now.ticks + KEY);
            self.tell(Input::Digit { leg: self.caller, digit });
        }
    }

    /// Whether nothing was pressed where the call stands, before the key that comes next.
    fn stays_silent(&mut self, next: &mut Keystroke) -> bool {
        if next.silent_at.is_empty() && self.silent_for.is_none() {
            return false;
        }
        let Some(so_far) = self.id.and_then(|id| self.engine.call_so_far(id)) else { return false };
        let mut steps = so_far.trail.iter().filter_map(|entry| entry.decision.step());
        let Some(step) = steps.next_back().map(str::to_owned) else { return false };
        let visits = steps.count() + 1;
        if self.silent_for == Some(visits) {
            return true;
        }
        let known = next.silent_at.iter().position(|silent| *silent == step);
        let Some(place) = known else { return false };
        next.silent_at.remove(place);
        self.silent_for = Some(visits);
        true
    }

    /// Whether a key may be pressed before the engine wants to be called.
    fn has_time(&self) -> bool {
        self.engine.poll_timeout().is_none_or(|(due, _)| due > self.now.ticks + KEY)
    }

    /// The announcement that is over before the engine wants to be called.
    fn next_end(&self) -> Option<(PlayId, Instant)> {
        let (play, at) = self.plays.iter().min_by_key(|(_, at)| **at)?;
        let due = self.engine.poll_timeout().map(|(due, _)| due);
        due.is_none_or(|due| *at <= due).then_some((*play, *at))
    }

    fn wind(&mut self, to: Instant) {
        self.now = self.now.after(to.saturating_duration_since(self.now.ticks));
    }

    fn tell(&mut self, input: Input) {
        self.answered_with = 0;
        self.engine.handle(input, self.now);
        self.perform();
    }

    fn perform(&mut self) {
        while let Some(command) = self.engine.poll_command() {
            match command {
                Command::Sound(SoundCommand::Play { leg, play, repeat, .. })
                    if leg == self.caller =>
                {
                    self.answered_with += 1;
                    // In the place of what was heard before.
                    self.plays.clear();
                    if !repeat {
                        self.plays.insert(play, self.now.ticks + CLIP);
                    }
                }
                Command::Record(RecordCommand::Begin {
                    recording,
                    call,
                    kept: Kept::Message,
                    ..
                }) => {
                    self.answered_with += 1;
                    self.speaks = Some((recording, call));
                    let (kept, format) = (Kept::Message, Format::default());
                    let name = RecordingName { call, kept, part: 1, format };
                    self.engine.handle(Input::RecordingBegan { recording, name }, self.now);
                }
                Command::Leg(LegCommand::Ring(request)) => {
                    self.answered_with += 1;
                    let rings = LegEvent::Ringing { leg: request.leg };
                    self.engine.handle(Input::Leg(rings), self.now);
                }
                Command::Post(posting) => self.posts(*posting),
                Command::Leg(LegCommand::HangUp { leg, cause }) => self.ends(leg, cause),
                Command::Keep(KeepCommand::CallStarted(record)) => {
                    if record.legs.iter().any(|leg| leg.leg == self.caller) {
                        self.id = Some(record.id);
                    }
                }
                Command::Keep(KeepCommand::CallEnded(record)) if Some(record.id) == self.id => {
                    self.record = Some(*record);
                }
                Command::Sound(_)
                | Command::Keep(_)
                | Command::Leg(_)
                | Command::Conference(_)
                | Command::Record(_)
                | Command::RoomSound(_)
                | Command::CountToday(_)
                | Command::Lamp { .. }
                | Command::Publish(_) => {}
            }
        }
    }

    /// Nobody is told anything: the answer is taken for a good one.
    fn posts(&mut self, posting: Posting) {
        let Told::Call(told) = posting.told else { return };
        if posting.waits {
            self.answered_with += 1;
            let (id, end) = (posting.id, WebhookEnd::Taken { tries: 1 });
            let answered = Input::WebhookEnded { id, call: told.call, step: told.step, end };
            self.engine.handle(answered, self.now);
        }
    }

    fn ends(&mut self, leg: LegId, cause: HangupCause) {
        self.engine.handle(Input::Leg(LegEvent::Ended { leg, cause }), self.now);
    }
}
