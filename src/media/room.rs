//! A room in which many legs hear each other.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::audio::converter::Converter;
use crate::audio::mixer::Mixer;
use crate::audio::tone::chime;
use crate::leg::LegId;
use crate::media::line::Line;
use crate::media::neurons::Neurons;
use crate::media::outbox::Outbox;
use crate::media::voice::{Form, PAYLOAD, Voice};
use crate::time::Moment;

/// How many are heard at once. More are a noise, and each costs an encoding of its own.
const SPEAKERS: usize = 4;
/// The loudest are taken by a level that falls by a tenth a frame, so that a pause between two
/// words changes nothing; who speaks already counts double.
const FALL: f32 = 0.9;
const IN_POSSESSION: f32 = 2.0;
/// Mean power of a frame that is no silence: -60 dB.
const AUDIBLE: f32 = 1_000.0;
/// Wide enough for every voice; Opus could carry more, at twice the cost for everybody.
const WIDE: u32 = 16_000;
const NARROW: u32 = 8_000;
/// Of the notes that tell of coming and going.
const NOTE: Duration = Duration::from_millis(140);
const LOW_NOTE: f64 = 523.25;
const HIGH_NOTE: f64 = 783.99;

#[derive(Debug)]
pub struct Room {
    rate: u32,
    members: BTreeMap<LegId, Member>,
    mixer: Mixer,
    shared: Vec<Shared>,
    /// What is left of the notes being heard.
    notes: Vec<i16>,
    frame: Vec<i16>,
    keys_to: Option<LegId>,
}

#[derive(Debug, Default)]
struct Member {
    muted: bool,
    announced: bool,
    level: f32,
    speaks: bool,
    /// What it says, at its own rate; empty if nothing.
    said: Vec<i16>,
    converter: Option<(u32, Converter)>,
    /// The same at the room's rate, if it is one of the speakers.
    own: Vec<i16>,
}

/// One encoding for all who hear the same in the same form.
#[derive(Debug)]
struct Shared {
    form: Form,
    loss: u8,
    voice: Voice,
    payload: [u8; PAYLOAD],
    used: bool,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            rate: NARROW,
            members: BTreeMap::new(),
            mixer: Mixer::default(),
            shared: Vec::new(),
            notes: Vec::new(),
            frame: Vec::new(),
            keys_to: None,
        }
    }
}

impl Room {
    /// Samples a second of the mix.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub fn members(&self) -> impl Iterator<Item = LegId> {
        self.members.keys().copied()
    }

    /// Lets a leg in; `announced` if the others shall hear it come and go.
    pub fn join(&mut self, leg: LegId, announced: bool) {
        self.members.insert(leg, Member { announced, ..Member::default() });
        if announced {
            self.ring(LOW_NOTE, HIGH_NOTE);
        }
    }

    pub fn leave(&mut self, leg: LegId) {
        if self.members.remove(&leg).is_some_and(|member| member.announced) {
            self.ring(HIGH_NOTE, LOW_NOTE);
        }
    }

    pub fn mute(&mut self, leg: LegId, muted: bool) {
        if let Some(member) = self.members.get_mut(&leg) {
            member.muted = muted;
        }
    }

    #[must_use]
    pub fn is_muted(&self, leg: LegId) -> bool {
        self.members.get(&leg).is_some_and(|member| member.muted)
    }

    /// What others press goes to `leg`: a machine at the far end may wait for it.
    pub fn send_keys_to(&mut self, leg: LegId) {
        self.keys_to = Some(leg);
    }

    #[must_use]
    pub fn keys_go_to(&self) -> Option<LegId> {
        self.keys_to
    }

    /// Hears everybody's next 20 ms and says to each what the others said.
    pub fn tick(
        &mut self,
        lines: &mut BTreeMap<LegId, Line>,
        now: Moment,
        neurons: &mut Neurons,
        outbox: &mut Outbox,
    ) {
        self.settle_rate(lines);
        self.hear(lines, now, neurons);
        self.choose();
        self.mix();
        self.say(lines, now, outbox);
    }

    /// The room is as wide as the widest who is in it.
    fn settle_rate(&mut self, lines: &BTreeMap<LegId, Line>) {
        let tunings = self.members.keys().filter_map(|leg| lines.get(leg)?.tuning);
        let widest = tunings.map(|tuning| tuning.codec.rate()).max().unwrap_or(NARROW);
        let rate = if widest > NARROW { WIDE } else { NARROW };
        if rate != self.rate {
            self.rate = rate;
            self.notes.clear();
            self.shared.clear();
        }
    }

    fn hear(&mut self, lines: &mut BTreeMap<LegId, Line>, now: Moment, neurons: &mut Neurons) {
        for (leg, member) in &mut self.members {
            member.said.clear();
            member.level *= FALL;
            let Some(line) = lines.get_mut(leg) else { continue };
            let said = line.pull(now.ticks, neurons, &mut member.said);
            let Some(rate) = said else { continue };
            if member.muted {
                member.said.clear();
                continue;
            }
            let power: f32 = member.said.iter().map(|&s| f32::from(s).powi(2)).sum();
            member.level = member.level.max(power / member.said.len().max(1) as f32);
            if member.converter.as_ref().is_none_or(|(from, _)| *from != rate) {
                member.converter = Converter::new(rate, self.rate).map(|made| (rate, made));
            }
        }
    }

    fn choose(&mut self) {
        let mut levels = [0.0; SPEAKERS];
        let rank = |member: &Member| {
            let level = if member.speaks { member.level * IN_POSSESSION } else { member.level };
            if member.said.is_empty() || level < AUDIBLE { 0.0 } else { level }
        };
        for level in self.members.values().map(rank) {
            if let Some(at) = levels.iter().position(|&taken| level > taken) {
                levels[at..].rotate_right(1);
                levels[at] = level;
            }
        }
        let least = levels[SPEAKERS - 1];
        let mut places = SPEAKERS;
        for member in self.members.values_mut() {
            let level = rank(member);
            member.speaks = level > 0.0 && level >= least && places > 0;
            places -= usize::from(member.speaks);
        }
    }

    fn mix(&mut self) {
        let length = self.rate as usize / 50;
        self.mixer.begin(length);
        for member in self.members.values_mut().filter(|member| member.speaks) {
            member.own.clear();
            match &mut member.converter {
                Some((_, converter)) => converter.convert(&member.said, &mut member.own),
                None => member.own.extend_from_slice(&member.said),
            }
            self.mixer.add(&member.own);
        }
        self.mixer.add(&self.notes[..length.min(self.notes.len())]);
        self.notes.drain(..length.min(self.notes.len()));
        self.mixer.level();
    }

    fn say(&mut self, lines: &mut BTreeMap<LegId, Line>, now: Moment, outbox: &mut Outbox) {
        for (leg, member) in self.members.iter().filter(|(_, member)| member.speaks) {
            let Some(line) = lines.get_mut(leg) else { continue };
            self.mixer.without(&member.own, &mut self.frame);
            line.speak((&self.frame, self.rate), now.ticks, outbox);
        }
        self.mixer.whole(&mut self.frame);
        self.gather(lines);
        for shared in &mut self.shared {
            shared.voice.say(&self.frame);
            let spoken = shared.voice.next(shared.loss, &mut shared.payload);
            for (leg, _) in self.members.iter().filter(|(_, member)| !member.speaks) {
                let Some(line) = lines.get_mut(leg) else { continue };
                if line.form().is_some_and(|form| form == shared.form) {
                    line.speak_coded(spoken, &shared.payload, now.ticks, outbox);
                }
            }
        }
        for (leg, _) in self.members.iter().filter(|(_, member)| !member.speaks) {
            let Some(line) = lines.get_mut(leg) else { continue };
            if line.form().is_some_and(|form| !can_share(form)) {
                line.speak((&self.frame, self.rate), now.ticks, outbox);
            }
        }
    }

    /// The forms in which the whole mix is wanted, each with an encoder that is kept.
    fn gather(&mut self, lines: &BTreeMap<LegId, Line>) {
        self.shared.iter_mut().for_each(|shared| (shared.used, shared.loss) = (false, 0));
        for (leg, _) in self.members.iter().filter(|(_, member)| !member.speaks) {
            let Some(line) = lines.get(leg) else { continue };
            let Some(form) = line.form().filter(|form| can_share(*form)) else { continue };
            let loss = line.reports.told().percent_to_lose();
            if let Some(shared) = self.shared.iter_mut().find(|shared| shared.form == form) {
                (shared.used, shared.loss) = (true, shared.loss.max(loss));
            } else if let Some(voice) = Voice::new(form, self.rate) {
                self.shared.push(Shared { form, loss, voice, payload: [0; PAYLOAD], used: true });
            }
        }
        self.shared.retain(|shared| shared.used);
    }

    fn ring(&mut self, first: f64, second: f64) {
        self.notes = [chime(self.rate, first, NOTE), chime(self.rate, second, NOTE)].concat();
    }
}

/// A packet a frame: then whoever begins or ceases to speak changes the encoder without a seam.
fn can_share(form: Form) -> bool {
    form.ptime == 20
}
