//! Finds the samples of a sound that the engine has named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tracing::warn;

use crate::audio::builtin::{Prompt, beep, looping_ringback, phrase, prompt, room_chime};
use crate::audio::clip::{Clip, MASTER_RATE};
use crate::audio::g711::RATE;
use crate::audio::say;
use crate::audio::say::time;
use crate::audio::tone::{Signal, by_calling_code};
use crate::office::announcement::{Situation, Sound};
use crate::office::language::Language;
use crate::office::library::sounds;
use crate::office::recording::SoundHash;
use crate::office::saying::Saying;
use crate::office::snapshot::Office;
use crate::switchboard::zone::zone_of;

/// Sounds of the office's own, ready to be played.
pub type Clips = BTreeMap<SoundHash, Arc<Clip>>;

/// Every sound is made once and shared by all who hear it.
#[derive(Debug)]
pub struct Sounds {
    ringbacks: BTreeMap<String, Arc<Clip>>,
    recorded: Clips,
    /// Of the office in force: of those before it, calls in progress may still play the last.
    wanted: BTreeSet<SoundHash>,
    lent: Vec<Loan>,
    /// On whose clock times are told.
    zone: TimeZone,
}

/// A sound that somebody hears once on their phone.
#[derive(Debug)]
struct Loan {
    sha256: SoundHash,
    clip: Arc<Clip>,
    /// Until when it waits for the phone to be picked up.
    until: Instant,
}

/// Sound that may be held for phones that ring or listen, all of it together.
const MOST_LENT: Duration = Duration::from_secs(3_600);
/// A phone is picked up sooner, or not at all.
const LOAN: Duration = Duration::from_secs(120);

impl Sounds {
    #[must_use]
    pub fn new(office: &Office, clips: Clips) -> Self {
        Self {
            ringbacks: BTreeMap::new(),
            recorded: clips,
            wanted: wanted(office),
            lent: Vec::new(),
            zone: zone_of(office),
        }
    }

    /// The sounds of `office` that are not ready yet.
    #[must_use]
    pub fn missing(&self, office: &Office) -> BTreeSet<SoundHash> {
        let mut missing = wanted(office);
        missing.retain(|sha256| !self.recorded.contains_key(sha256));
        missing
    }

    /// New calls hear the sounds of `office` from here on.
    pub fn adopt(&mut self, office: &Office, clips: Clips) {
        self.zone = zone_of(office);
        let before = std::mem::replace(&mut self.wanted, wanted(office));
        self.recorded.extend(clips);
        self.recorded.retain(|sha256, _| self.wanted.contains(sha256) || before.contains(sha256));
    }

    /// Keeps a sound until a phone has been picked up; false if too much is kept already.
    pub fn lend(&mut self, sha256: SoundHash, clip: Arc<Clip>, now: Instant) -> bool {
        // Whoever still hears one holds it too.
        self.lent.retain(|loan| loan.until > now || Arc::strong_count(&loan.clip) > 1);
        let length: Duration = self.lent.iter().map(|loan| loan.clip.duration()).sum();
        if length + clip.duration() > MOST_LENT {
            return false;
        }
        self.lent.push(Loan { sha256, clip, until: now + LOAN });
        true
    }

    #[must_use]
    pub fn clip(&mut self, sound: &Sound) -> Arc<Clip> {
        match sound {
            Sound::BuiltIn { situation, language } => prompt(spoken(*situation), language.code()),
            Sound::Recorded(sha256) => self.recorded(sha256),
            Sound::LoopingRingback => looping_ringback(),
            Sound::NationalRingback { country } => self.ringback(country),
            Sound::Chime => room_chime(),
            Sound::Beep => beep(),
            Sound::Prompt { prompt: name, language } => prompt(*name, language.code()),
            Sound::Said { sayings, language } => Arc::new(said(sayings, *language, &self.zone)),
            Sound::Time { at, language } => time_of_day(*at, *language, &self.zone),
        }
    }

    /// One that is gone is over as soon as it is played: the call goes on.
    fn recorded(&self, sha256: &SoundHash) -> Arc<Clip> {
        let lent = || self.lent.iter().find(|loan| loan.sha256 == *sha256);
        let found = self.recorded.get(sha256).or_else(|| lent().map(|loan| &loan.clip));
        found.cloned().unwrap_or_else(|| {
            warn!(?sha256, "a sound of the office is not there");
            Arc::new(Clip::new(RATE, Vec::new()))
        })
    }

    fn ringback(&mut self, country: &str) -> Arc<Clip> {
        let made = self
            .ringbacks
            .entry(country.to_owned())
            .or_insert_with(|| Arc::new(by_calling_code(country).tone(Signal::Ringback).clip()));
        Arc::clone(made)
    }
}

/// The sounds of its own that the office plays.
#[must_use]
pub fn wanted(office: &Office) -> BTreeSet<SoundHash> {
    sounds(office)
}

/// Composed anew each time: no two calls ask at the same minute.
fn time_of_day(at: i64, language: Language, here: &TimeZone) -> Arc<Clip> {
    let clock = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(here.clone());
    let (hour, minute) = (clock.hour().unsigned_abs(), clock.minute().unsigned_abs());
    let pieces = time(hour.into(), minute.into(), language.code());
    // A test has every minute said in every language.
    let said = phrase(&pieces, language.code());
    Arc::new(said.unwrap_or_else(|| Clip::new(RATE, Vec::new())))
}

/// A pause between two things that are said.
const PAUSE: Duration = Duration::from_millis(250);

fn said(sayings: &[Saying], language: Language, here: &TimeZone) -> Clip {
    let mut samples: Vec<i16> = Vec::new();
    for saying in sayings {
        if !samples.is_empty() {
            let pause = u128::from(MASTER_RATE) * PAUSE.as_millis() / 1_000;
            samples.resize(samples.len() + usize::try_from(pause).unwrap_or_default(), 0);
        }
        // A test has every number, time and date said in every language.
        let piece = phrase(&pieces(saying, language.code(), here), language.code());
        samples.extend(piece.iter().flat_map(|clip| clip.samples()));
    }
    Clip::new(MASTER_RATE, samples)
}

fn pieces(saying: &Saying, language: &str, here: &TimeZone) -> Vec<String> {
    let clock = |at: i64| {
        Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(here.clone()).datetime()
    };
    match saying {
        Saying::Prompt(prompt) => vec![prompt.name().to_owned()],
        Saying::Count(count) => say::number(*count, language),
        Saying::Digits(digits) => say::digits(digits, language),
        Saying::Caller(number) => say::number_is(number, language),
        Saying::NewMessages(count) => say::new_messages(*count, language),
        Saying::Place(place) => say::place_in_queue(*place, language),
        Saying::Wait { minutes } => say::wait_in_queue(*minutes, language),
        Saying::Time { at } => {
            let clock = clock(*at);
            let (hour, minute) = (clock.hour().unsigned_abs(), clock.minute().unsigned_abs());
            time(hour.into(), minute.into(), language)
        }
        Saying::Date { at } => {
            let clock = clock(*at);
            let (month, day) = (clock.month().unsigned_abs(), clock.day().unsigned_abs());
            let weekday = clock.weekday().to_monday_one_offset().unsigned_abs();
            say::date(month.into(), day.into(), weekday.into(), language)
        }
    }
}

fn spoken(situation: Situation) -> Prompt {
    match situation {
        Situation::Greeting => Prompt::Greeting,
        Situation::AllBusy => Prompt::AllBusy,
        Situation::Closed => Prompt::Closed,
        Situation::Recording => Prompt::Recording,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::builtin::piece;

    #[test]
    fn a_lent_sound_is_kept_while_it_may_be_heard_and_never_too_much() {
        let mut sounds = Sounds::new(&Office::default(), Clips::new());
        let half = || Arc::new(Clip::new(1, vec![7; 1_800]));
        let (one, other, third) = (SoundHash::of(b"1"), SoundHash::of(b"2"), SoundHash::of(b"3"));
        let now = crate::clock::now().ticks;
        assert!(sounds.lend(one, half(), now) && sounds.lend(other, half(), now));
        assert!(!sounds.lend(third, half(), now), "an hour is on loan");
        let heard = sounds.clip(&Sound::Recorded(one));
        assert_eq!(heard.samples().len(), 1_800);
        let later = now + LOAN;
        assert!(sounds.lend(third, half(), later), "nobody has picked up for the other");
        assert_eq!(sounds.clip(&Sound::Recorded(one)).samples().len(), 1_800, "still heard");
        assert!(sounds.clip(&Sound::Recorded(other)).samples().is_empty());
        drop(heard);
    }

    /// `*60` and whatever a workflow says of the time: also on a machine that keeps UTC.
    #[test]
    fn times_are_told_on_the_offices_clock() {
        let at = 1_772_431_500_000;
        let of = |zone: &str| Office {
            timezone: Some(TimeZone::get(zone).unwrap()),
            ..Office::default()
        };
        let mut sounds = Sounds::new(&of("Asia/Seoul"), Clips::new());
        let time = Sound::Time { at, language: Language::Ko };
        let [seoul, new_york] = ["Asia/Seoul", "America/New_York"]
            .map(|zone| time_of_day(at, Language::Ko, &TimeZone::get(zone).unwrap()));
        assert_eq!(sounds.clip(&time).samples(), seoul.samples());
        sounds.adopt(&of("America/New_York"), Clips::new());
        assert_eq!(sounds.clip(&time).samples(), new_york.samples());
        assert_ne!(seoul.samples(), new_york.samples());
    }

    #[test]
    fn the_time_is_told_by_the_clock_of_the_place() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        // 2026-03-02 06:05 UTC is five past three in the afternoon in Seoul.
        let clip = time_of_day(1_772_431_500_000, Language::Ko, &seoul);
        let mut said = Vec::new();
        for name in ["pm", "hour3", "n5", "minutes"] {
            said.extend_from_slice(piece(name, "ko").unwrap().samples());
        }
        assert_eq!(clip.samples(), said);
        let english = time_of_day(1_772_431_500_000, Language::En, &TimeZone::UTC);
        assert_eq!(
            english.samples().len(),
            ["n6", "oh", "n5", "am"]
                .iter()
                .map(|name| piece(name, "en").unwrap().samples().len())
                .sum::<usize>()
        );
    }
}
