//! Announcements and ringbacks, as a document tells them.

use std::collections::BTreeMap;

use crate::office::announcement::{Situation, Voice, Voices};
use crate::office::document::keys::Errors;
use crate::office::language::Language;
use crate::office::library::Library;
use crate::office::number::Ringback;
use crate::office::recording::{Recording, SoundHash, SoundName};
use crate::office::spoken::{Spoken, SpokenText};
use crate::words::Words;
use crate::yaml::{Node, Part, Value};

const LANGUAGES: [&str; 5] = ["ko", "en", "ja", "zh", "es"];

/// A sound file that a document names, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    pub line: u64,
    pub field: String,
    pub name: SoundName,
}

/// The sound files that a document names, wherever it does; what is no YAML names none.
#[must_use]
pub fn files_named(text: &str) -> Vec<NamedFile> {
    let mut found = Vec::new();
    if let Ok(tree) = Node::parse(text) {
        look_into(&Part::whole(&tree), &mut found);
    }
    found
}

fn look_into(part: &Part<'_>, found: &mut Vec<NamedFile>) {
    match part.value() {
        Value::Empty | Value::Word(_) => {}
        Value::List(_) => part.each().iter().for_each(|item| look_into(item, found)),
        Value::Section(_) => {
            for (key, inner) in part.entries() {
                match inner.value() {
                    Value::Word(word) if key.name() == "file" => {
                        let (line, field) = inner.place();
                        let name = SoundName::parse(word).ok();
                        found.extend(name.map(|name| NamedFile { line, field, name }));
                    }
                    Value::Empty | Value::Word(_) | Value::List(_) | Value::Section(_) => {
                        look_into(&inner, found);
                    }
                }
            }
        }
    }
}

pub(crate) fn read_ringback(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Ringback> {
    if part.is_section() {
        let keys = part.keys(&["file", "sha256"], errors)?;
        let file = keys.need("file", errors)?;
        return read_file(file, keys.get("sha256"), library, errors).map(Ringback::File);
    }
    let expected = Words::new(
        "looping, national 또는 {file: 파일}로 적습니다",
        "write looping, national or {file: FILE}",
    );
    part.parsed(&expected, errors, |text| match text {
        "looping" => Ok(Ringback::Looping),
        "national" => Ok(Ringback::National),
        _ => Err(()),
    })
}

pub(crate) fn read_announcements(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<BTreeMap<Situation, Voices>> {
    let keys = part.keys(&["greeting", "all_busy", "closed", "recording"], errors)?;
    let mut announcements = BTreeMap::new();
    for (key, situation) in [
        ("greeting", Situation::Greeting),
        ("all_busy", Situation::AllBusy),
        ("closed", Situation::Closed),
        ("recording", Situation::Recording),
    ] {
        if let Some(part) = keys.get(key) {
            announcements.insert(situation, read_voices(part, library, errors)?);
        }
    }
    Some(announcements)
}

/// One voice a language (S101, S102).
pub(crate) fn read_voices(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Voices> {
    let keys = part.keys(&LANGUAGES, errors)?;
    let mut voices = Voices::new();
    for language in Language::ALL {
        let Some(part) = keys.get(language.code()) else { continue };
        voices.extend(read_voice(part, language, library, errors).map(|voice| (language, voice)));
    }
    Some(voices)
}

fn read_voice(
    part: &Part<'_>,
    language: Language,
    library: &Library,
    errors: &mut Errors,
) -> Option<Voice> {
    let expected = Words::new(
        "built-in, {file: 파일} 또는 {text: 글}로 적습니다",
        "write built-in, {file: FILE} or {text: WORDS}",
    );
    if !part.is_section() {
        return part.parsed(&expected, errors, |text| match text {
            "built-in" => Ok(Voice::BuiltIn),
            _ => Err(()),
        });
    }
    let keys = part.keys(&["file", "sha256", "text", "voice"], errors)?;
    match (keys.get("file"), keys.get("text")) {
        (Some(file), None) => read_file(file, keys.get("sha256"), library, errors).map(Voice::File),
        (None, Some(text)) => {
            read_text(text, (keys.get("voice"), language), library, errors).map(Voice::Text)
        }
        (Some(_), Some(_)) | (None, None) => {
            part.refuse(expected, errors);
            None
        }
    }
}

/// A text that is spoken already needs nobody to speak it.
fn read_text(
    part: &Part<'_>,
    (voice, language): (Option<&Part<'_>>, Language),
    library: &Library,
    errors: &mut Errors,
) -> Option<Spoken> {
    let expected = Words::new("글은 1~1000자로 적습니다", "write a text of 1 to 1,000 characters");
    let text = part.parsed(&expected, errors, SpokenText::parse)?;
    let voice = match (voice, library.speakers.voices.get(&language)) {
        (Some(voice), _) => {
            let expected = Words::new("목소리 이름을 적습니다", "write the name of a voice");
            voice.text(&expected, errors)?
        }
        (None, Some(Ok(voice))) => voice.clone(),
        (None, Some(Err(why))) => {
            part.refuse(why.clone(), errors);
            return None;
        }
        (None, None) => {
            part.refuse(Words::new("voice가 빠졌습니다", "the key 'voice' is missing"), errors);
            return None;
        }
    };
    let spoken = Spoken { text, voice };
    if !library.holds(&spoken.sha256(language))
        && let Err(why) = &library.speakers.engine
    {
        part.refuse(why.clone(), errors);
    }
    Some(spoken)
}

/// Where a document says this text, in this language.
#[must_use]
pub fn place_of_text(document: &str, language: Language, text: &SpokenText) -> (u64, String) {
    let tree = Node::parse(document).ok();
    let found = tree.as_ref().and_then(|tree| find_text(&Part::whole(tree), language, text));
    found.unwrap_or((1, String::new()))
}

fn find_text(part: &Part<'_>, language: Language, text: &SpokenText) -> Option<(u64, String)> {
    let inner = part.entries().into_iter().find_map(|(key, inner)| {
        let said = inner.under("text").filter(|_| key.name() == language.code());
        let says = |said: &Part<'_>| match said.value() {
            Value::Word(word) => SpokenText::parse(word).as_ref() == Ok(text),
            Value::Empty | Value::List(_) | Value::Section(_) => false,
        };
        let here = said.filter(says).map(|said| said.place());
        here.or_else(|| find_text(&inner, language, text))
    });
    let items = || match part.value() {
        Value::List(_) => part.each().iter().find_map(|item| find_text(item, language, text)),
        Value::Empty | Value::Word(_) | Value::Section(_) => None,
    };
    inner.or_else(items)
}

/// A file that lies beside the document wins, then the one the document means by its SHA-256, then
/// the one that was last called so.
fn read_file(
    file: &Part<'_>,
    sha256: Option<&Part<'_>>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Recording> {
    let expected = Words::new(
        "이 문서가 있는 폴더 아래의 파일 경로를 200자까지 적습니다",
        "write the path of a file below the folder of this document, up to 200 characters",
    );
    let name = file.parsed(&expected, errors, SoundName::parse)?;
    let meant = match sha256 {
        Some(part) => Some(read_hash(part, errors)?),
        None => None,
    };
    let found = library.beside.get(&name).copied().or(meant);
    let found = found.or_else(|| library.named.get(&name).copied());
    let Some(sha256) = found.filter(|hash| library.holds(hash)) else {
        file.refuse(not_here(&name), errors);
        return None;
    };
    Some(Recording { name, sha256 })
}

fn read_hash(part: &Part<'_>, errors: &mut Errors) -> Option<SoundHash> {
    let expected =
        Words::new("16진수 64자리로 적거나 지우세요", "write 64 hexadecimal digits or remove it");
    part.parsed(&expected, errors, str::parse)
}

fn not_here(name: &SoundName) -> Words {
    Words::new(
        format!(
            "'{name}' 소리 파일이 없습니다. 이 문서와 같은 폴더에 두거나 naru prompts import로 넣으세요"
        ),
        format!(
            "there is no sound file '{name}'; put it beside this document or bring it in with naru prompts import"
        ),
    )
}
