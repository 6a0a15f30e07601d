//! What is wrong with a file of certificates or keys.

use std::path::Path;

use crate::words::Words;

/// Names the file, says what is wrong and what would be right; never shows a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TlsFault(pub Words);

impl TlsFault {
    pub(crate) fn of(file: &Path, ko: &str, en: &str) -> Self {
        let file = file.display();
        Self(Words::new(format!("{file}: {ko}"), format!("{file}: {en}")))
    }

    pub(crate) fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Self::of(
            file,
            &format!("읽을 수 없습니다({error}). naru를 실행하는 사용자가 읽을 수 있어야 합니다"),
            &format!("cannot be read ({error}); the user naru runs as must be able to"),
        )
    }
}
