//! Announcements and ringbacks, as a document tells them.

use std::collections::BTreeMap;

use crate::office::announcement::{Situation, Voice, Voices};
use crate::office::document_field::not_yet;
use crate::office::document_keys::Errors;
use crate::office::language::Language;
use crate::office::library::Library;
use crate::office::number::Ringback;
use crate::office::recording::{Recording, SoundHash, SoundName};
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
    let keys = part.keys(&["greeting", "all_busy", "closed"], errors)?;
    let mut announcements = BTreeMap::new();
    for (key, situation) in [
        ("greeting", Situation::Greeting),
        ("all_busy", Situation::AllBusy),
        ("closed", Situation::Closed),
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
        voices.extend(read_voice(part, library, errors).map(|voice| (language, voice)));
    }
    Some(voices)
}

fn read_voice(part: &Part<'_>, library: &Library, errors: &mut Errors) -> Option<Voice> {
    let expected =
        Words::new("built-in 또는 {file: 파일}로 적습니다", "write built-in or {file: FILE}");
    if !part.is_section() {
        return part.parsed(&expected, errors, |text| match text {
            "built-in" => Ok(Voice::BuiltIn),
            _ => Err(()),
        });
    }
    let keys = part.keys(&["file", "sha256", "text"], errors)?;
    if let Some(text) = keys.get("text") {
        text.refuse(not_yet(), errors);
        return None;
    }
    let Some(file) = keys.get("file") else {
        part.refuse(expected, errors);
        return None;
    };
    read_file(file, keys.get("sha256"), library, errors).map(Voice::File)
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
