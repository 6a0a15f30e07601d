//! Why a file cannot become a clip, and what limits a clip has.

use std::time::Duration;

/// The largest file taken: half an hour of MP3, four minutes of uncompressed stereo.
pub const MAX_BYTES: usize = 40 * 1024 * 1024;
/// The longest sound: music on hold repeats, announcements are seconds.
pub const MAX_LENGTH: Duration = Duration::from_secs(600);

/// Why a file is no sound of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is larger than {} MB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("the sound is longer than {} minutes", MAX_LENGTH.as_secs() / 60)]
    TooLong,
    #[error("this is no sound file; mp4, m4a, mp3, amr, flac, wav, ogg and opus are read")]
    NotSound,
    #[error("the file holds no sound track")]
    NoTrack,
    #[error("its sound is coded as {0}, which is not read; save it as WAV, MP3 or M4A")]
    Unsupported(String),
    #[error("the file is damaged: {0}")]
    Damaged(String),
    #[error("nothing can be heard in it")]
    Silent,
}

impl ImportError {
    /// The same reason in Korean.
    #[must_use]
    pub fn korean(&self) -> String {
        match self {
            Self::Empty => "파일이 비어 있습니다".to_owned(),
            Self::TooLarge => {
                format!("파일이 {} MB보다 큽니다", MAX_BYTES / 1024 / 1024)
            }
            Self::TooLong => format!("소리가 {}분보다 깁니다", MAX_LENGTH.as_secs() / 60),
            Self::NotSound => {
                "소리 파일이 아닙니다. mp4, m4a, mp3, amr, flac, wav, ogg, opus를 읽을 수 있습니다"
                    .to_owned()
            }
            Self::NoTrack => "파일에 소리가 들어 있지 않습니다".to_owned(),
            Self::Unsupported(codec) => {
                format!("읽을 수 없는 소리 형식({codec})입니다. WAV, MP3, M4A로 저장해 주세요")
            }
            Self::Damaged(why) => format!("파일이 손상되었습니다: {why}"),
            Self::Silent => "들리는 소리가 없습니다".to_owned(),
        }
    }
}
