//! Voices and sound files as the YAML that names them.

use crate::office::announcement::{Voice, Voices};
use crate::office::document::print_text::quoted;
use crate::office::recording::Recording;

/// One voice a language.
pub(crate) fn print_voices(voices: &Voices, exact: bool) -> String {
    let voices: Vec<String> = voices
        .iter()
        .map(|(language, voice)| match voice {
            Voice::BuiltIn => format!("{language}: built-in"),
            Voice::Text(spoken) => {
                let (text, voice) = (quoted(spoken.text.as_str()), quoted(&spoken.voice));
                format!("{language}: {{text: {text}, voice: {voice}}}")
            }
            Voice::File(recording) => format!("{language}: {}", print_recording(recording, exact)),
        })
        .collect();
    format!("{{{}}}", voices.join(", "))
}

/// `exact`: says which sound it is; else the name alone, and whatever it means then.
pub(crate) fn print_recording(recording: &Recording, exact: bool) -> String {
    let name = serde_json::Value::from(recording.name.as_str()).to_string();
    if exact {
        format!("{{file: {name}, sha256: \"{}\"}}", recording.sha256)
    } else {
        format!("{{file: {name}}}")
    }
}
