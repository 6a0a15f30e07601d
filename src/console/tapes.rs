//! What a console asks and hears of recordings and of messages that callers have left.

use crate::api::schema::schema::RecordingFile;
use crate::api::schema::voicemail::MessageLine;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TapeRequest {
    Recordings,
    DeleteRecording(String),
    Messages,
    /// Whether somebody has heard it.
    Hear {
        name: String,
        heard: bool,
    },
    DeleteMessage(String),
    /// Ring the agent's phones and play it to them.
    Play {
        name: String,
        agent: String,
    },
}

impl TapeRequest {
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Recordings | Self::Messages => false,
            Self::DeleteRecording(_)
            | Self::Hear { .. }
            | Self::DeleteMessage(_)
            | Self::Play { .. } => true,
        }
    }
}

#[derive(Clone, Debug)]
pub enum TapeReport {
    /// The newest first.
    Recordings(Vec<RecordingFile>),
    Messages(Vec<MessageLine>),
    /// One is gone, or heard.
    Changed,
}
