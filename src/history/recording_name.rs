//! What a recording's file is called: by its call, so that it is found by it.

use std::fmt;
use std::str::FromStr;

use crate::history::call_id::CallId;
use crate::office::call_recording::Format;

/// `call-12-1.opus`: the first recording of call 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordingName {
    pub call: CallId,
    pub kept: Kept,
    /// From 1; a call may be recorded in several pieces.
    pub part: u32,
    pub format: Format,
}

/// What it is a recording of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// Two sides that talk, each on a channel of its own.
    Conversation,
    /// One side that leaves word, on one channel.
    Message,
}

impl Kept {
    #[must_use]
    pub fn channels(self) -> u8 {
        match self {
            Self::Conversation => 2,
            Self::Message => 1,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Conversation => "call",
            Self::Message => "message",
        }
    }
}

/// The text is no name that a recording can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("recordings are called like call-12-1.opus")]
pub struct NotARecording;

impl fmt::Display for RecordingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, kept, part, format } = self;
        write!(f, "{}-{call}-{part}.{}", kept.word(), format.extension())
    }
}

impl FromStr for RecordingName {
    type Err = NotARecording;

    fn from_str(text: &str) -> Result<Self, NotARecording> {
        let (stem, extension) = text.rsplit_once('.').ok_or(NotARecording)?;
        let mut words = stem.split('-');
        let kept = match words.next() {
            Some("call") => Kept::Conversation,
            Some("message") => Kept::Message,
            Some(_) | None => return Err(NotARecording),
        };
        let mut number = || words.next()?.parse::<u64>().ok();
        let (call, part) = (number().ok_or(NotARecording)?, number().ok_or(NotARecording)?);
        let name = Self {
            call: CallId(call),
            kept,
            part: u32::try_from(part).map_err(|_| NotARecording)?,
            format: Format::of_extension(extension).ok_or(NotARecording)?,
        };
        // One spelling a file: `call-012-1.opus` names none.
        if name.to_string() == text { Ok(name) } else { Err(NotARecording) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for text in ["call-12-1.opus", "message-1-30.wav"] {
            assert_eq!(text.parse::<RecordingName>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_a_name() {
        for text in [
            "",
            "call-1.opus",
            "call-1-1",
            "call-01-1.opus",
            "../call-1-1.wav",
            "call-1-1.wav/x",
            "call-1-1-1.wav",
            "call-+1-1.wav",
            "note-1-1.wav",
            "call-1-99999999999.wav",
        ] {
            assert_eq!(text.parse::<RecordingName>(), Err(NotARecording), "{text}");
        }
    }
}
