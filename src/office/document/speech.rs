//! What a workflow says, as a document tells it.

use crate::office::announcement::{Situation, Voice};
use crate::office::document::keys::Errors;
use crate::office::document::phrases::{is_figure, named, read_phrase, read_phrases};
use crate::office::document::sounds::read_voices;
use crate::office::library::Library;
use crate::office::workflow::speech::Speech;
use crate::words::Words;
use crate::yaml::{Part, Value};

/// A sentence of the built-in voice by its name, or the office's own words by language.
pub(crate) fn read_speech(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Speech> {
    if matches!(part.value(), Value::List(_)) {
        return read_phrases(part, errors).map(Speech::Phrases);
    }
    if part.is_section() && is_figure(part) {
        return read_phrase(part, errors).map(|phrase| Speech::Phrases(vec![phrase]));
    }
    if part.is_section() {
        let voices = read_voices(part, library, errors)?;
        if voices.is_empty() || voices.values().any(|voice| *voice == Voice::BuiltIn) {
            let message = Words::new(
                "언어마다 {file: 파일}로 적습니다. 기본 음성은 greeting, all_busy, closed처럼 이름으로 씁니다",
                "write {file: FILE} for each language; the built-in voice goes by name, such as greeting, all_busy and closed",
            );
            part.refuse(message, errors);
            return None;
        }
        return Some(Speech::Own(voices));
    }
    let expected = Words::new(
        "greeting, all_busy, closed, queue_wait 같은 기본 음성의 이름, place, wait, time, date, 또는 언어별 음성입니다",
        "write the name of a built-in sentence, such as greeting, all_busy, closed and queue_wait, or place, wait, time, date, or words by language",
    );
    part.parsed(&expected, errors, |text| match text {
        "greeting" => Ok(Speech::BuiltIn(Situation::Greeting)),
        "all_busy" => Ok(Speech::BuiltIn(Situation::AllBusy)),
        "closed" => Ok(Speech::BuiltIn(Situation::Closed)),
        "recording" => Ok(Speech::BuiltIn(Situation::Recording)),
        name => match named(name) {
            Some(phrase) => Ok(Speech::Phrases(vec![phrase])),
            None => name.parse().map(Speech::Prompt),
        },
    })
}
