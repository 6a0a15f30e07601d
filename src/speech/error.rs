//! Why a text could not be spoken.

use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// Nothing is set up, or not for this language: what to do is in the words.
    #[error("{}", .0.en)]
    NoVoice(Words),
    #[error("{program} cannot be started: {why}")]
    NoProgram { program: String, why: String },
    #[error("{0} did not finish in time; see speech.seconds in config.yaml")]
    TooSlow(String),
    #[error("{who} failed: {why}")]
    Failed { who: String, why: String },
    #[error("{0} gave more than a sound may have")]
    TooMuch(String),
}

impl SpeechError {
    #[must_use]
    pub fn words(&self) -> Words {
        let ko = match self {
            Self::NoVoice(words) => words.ko.clone(),
            Self::NoProgram { program, why } => {
                format!("{program}을(를) 실행할 수 없습니다: {why}")
            }
            Self::TooSlow(who) => {
                format!("{who}이(가) 제때 끝나지 않았습니다. config.yaml의 speech.seconds를 보세요")
            }
            Self::Failed { who, why } => format!("{who}이(가) 실패했습니다: {why}"),
            Self::TooMuch(who) => format!("{who}이(가) 너무 긴 소리를 만들었습니다"),
        };
        Words::new(ko, self.to_string())
    }
}
