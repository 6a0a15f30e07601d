//! What became of a caller who was asked to leave word, and what an agent did with messages.

use serde::{Deserialize, Serialize};

use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStory {
    /// The caller is asked to speak after the tone (L98).
    Asked,
    /// The tone has sounded.
    Speaks {
        seconds: u64,
    },
    Kept {
        name: String,
        seconds: u64,
    },
    /// Thrown away.
    TooShort,
    /// It was not kept: the disk takes no more.
    NoRoom,
    /// An agent asks for the messages that are theirs.
    Collected {
        new: usize,
    },
    Played {
        name: String,
    },
    Deleted {
        name: String,
    },
}

impl MessageStory {
    #[must_use]
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Asked => Words::new(
                "고객에게 음성 사서함에 메시지를 남기도록 안내합니다.",
                "The caller is asked to leave a message.",
            ),
            Self::Speaks { seconds } => Words::new(
                format!("삐 소리가 났습니다. 최대 {seconds}초까지 녹음합니다."),
                format!("The tone has sounded; up to {seconds} seconds are kept."),
            ),
            Self::Kept { name, seconds } => Words::new(
                format!("{seconds}초 길이의 메시지를 남겼습니다: {name}"),
                format!("A message of {seconds} seconds was left: {name}."),
            ),
            Self::TooShort => Words::new(
                "메시지가 너무 짧아 남기지 않습니다.",
                "The message was too short and is not kept.",
            ),
            Self::NoRoom => Words::new(
                "디스크에 자리가 없어 메시지를 남기지 못했습니다.",
                "The message could not be kept: the disk takes no more.",
            ),
            Self::Collected { new } => Words::new(
                format!("음성 사서함을 들었습니다. 새 메시지는 {new}개입니다."),
                format!("The voicemail was called; new messages: {new}."),
            ),
            Self::Played { name } => Words::new(
                format!("메시지를 들려주었습니다: {name}"),
                format!("A message was played: {name}."),
            ),
            Self::Deleted { name } => Words::new(
                format!("메시지를 지웠습니다: {name}"),
                format!("A message was deleted: {name}."),
            ),
        }
    }
}
