//! In which language a caller is spoken to, and with which of a number's sounds.

use crate::engine::workflow::phrases::Known;
use crate::history::trail::trail::Decision;
use crate::office::announcement::{Situation, Sound, Voice, Voices};
use crate::office::calling_code::calling_code;
use crate::office::customer::Customer;
use crate::office::language::Language;
use crate::office::number::{Number, Ringback};
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::RoomSound;
use crate::office::workflow::speech::Speech;

/// The language of a caller: of the profile (S104), else of the number's country (S103, S105),
/// else of the office's own.
pub(crate) fn language_of(
    caller: Option<&PhoneNumber>,
    customer: Option<&Customer>,
    home: &str,
) -> (Language, Decision) {
    if let Some(language) = customer.and_then(|customer| customer.language) {
        return (language, Decision::LanguageByProfile { language });
    }
    match caller {
        Some(number) => {
            let code = calling_code(number).to_owned();
            let language = spoken_in(&code);
            (language, Decision::LanguageByCallingCode { code, language })
        }
        None => {
            let language = spoken_in(home);
            (language, Decision::LanguageOfOffice { language })
        }
    }
}

/// ITU-T E.164 calling codes of the countries where the office's other languages are official.
pub(crate) fn spoken_in(code: &str) -> Language {
    match code {
        "82" => Language::Ko,
        "81" => Language::Ja,
        "86" | "852" | "853" | "886" => Language::Zh,
        "34" | "51" | "52" | "53" | "54" | "56" | "57" | "58" | "240" | "502" | "503" | "504"
        | "505" | "506" | "507" | "591" | "593" | "595" | "598" => Language::Es,
        _ => Language::En,
    }
}

/// What a number says in a situation to a caller who wants `wanted`: that language, else English,
/// else the base language, else whatever there is.
pub(crate) fn said(
    number: &Number,
    situation: Situation,
    wanted: Language,
) -> Option<(Sound, Language)> {
    match number.announcements.get(&situation) {
        Some(voices) => chosen(voices, situation, wanted),
        None => unsaid(situation, wanted),
    }
}

/// S101, S103: of several languages, the one that serves best.
fn chosen(voices: &Voices, situation: Situation, wanted: Language) -> Option<(Sound, Language)> {
    let language = [wanted, Language::En, Language::Ko]
        .into_iter()
        .chain(Language::ALL)
        .find(|language| voices.contains_key(language))?;
    let sound = match voices.get(&language)? {
        Voice::BuiltIn => Sound::BuiltIn { situation, language },
        Voice::File(recording) => Sound::Recorded(recording.sha256),
        Voice::Text(spoken) => Sound::Recorded(spoken.sha256(language)),
    };
    Some((sound, language))
}

/// A workflow's words in the caller's language; none if nothing of them is known just now.
pub(crate) fn spoken_by(words: &Speech, language: Language, known: Known<'_>) -> Option<Sound> {
    match words {
        Speech::BuiltIn(situation) => Some(Sound::BuiltIn { situation: *situation, language }),
        Speech::Prompt(prompt) => Some(Sound::Prompt { prompt: *prompt, language }),
        Speech::Phrases(phrases) => {
            let sayings = known.sayings(phrases);
            (!sayings.is_empty()).then_some(Sound::Said { sayings, language })
        }
        // No workflow has a built-in voice of its own; the situation does not matter.
        Speech::Own(voices) => {
            chosen(voices, Situation::Greeting, language).map(|(sound, _)| sound)
        }
    }
}

/// What is said before a recording: the number's own words, else the built-in voice's. Whoever is
/// recorded is always told.
pub(crate) fn recording_notice(number: Option<&Number>, wanted: Language) -> (Sound, Language) {
    let situation = Situation::Recording;
    number
        .and_then(|number| said(number, situation, wanted))
        .unwrap_or((Sound::BuiltIn { situation, language: wanted }, wanted))
}

/// A number that says nothing about a situation: the office is closed or busy all the same, and the
/// caller is told so by the built-in voice (S31, S97, S99, S106).
fn unsaid(situation: Situation, language: Language) -> Option<(Sound, Language)> {
    match situation {
        Situation::AllBusy | Situation::Closed | Situation::Recording => {
            Some((Sound::BuiltIn { situation, language }, language))
        }
        Situation::Greeting => None,
    }
}

/// What an answered caller hears while phones ring (S37–S41).
pub(crate) fn ringback(number: &Number) -> Sound {
    match &number.ringback {
        Ringback::Looping => Sound::LoopingRingback,
        Ringback::National => {
            Sound::NationalRingback { country: calling_code(&number.number).to_owned() }
        }
        Ringback::File(recording) => Sound::Recorded(recording.sha256),
    }
}

/// What the other side hears on hold: the office's own ringback file, else the looping one.
pub(crate) fn hold_music(number: Option<&Number>) -> Sound {
    match number.map(|number| &number.ringback) {
        Some(Ringback::File(recording)) => Sound::Recorded(recording.sha256),
        // A ringing tone would sound as if nobody had answered yet.
        Some(Ringback::Looping | Ringback::National) | None => Sound::LoopingRingback,
    }
}

/// A sound of the room; `home` is the calling code of the office's country.
pub(crate) fn room_sound(sound: RoomSound, home: &str) -> Sound {
    match sound {
        RoomSound::Looping => Sound::LoopingRingback,
        RoomSound::National => Sound::NationalRingback { country: home.to_owned() },
        RoomSound::Chime => Sound::Chime,
    }
}
