//! A ringing call taken at another phone, in plain words.

use crate::history::trail::english;
use crate::history::trail::korean;
use crate::history::trail::trail::{Person, PickupStory};
use crate::words::Words;

impl PickupStory {
    #[must_use]
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Taken { by, phone, rang } => {
                let all = |said: fn(&Person) -> String| {
                    rang.iter().map(said).collect::<Vec<_>>().join(", ")
                };
                Words::new(
                    format!(
                        "{} 전화기에서 울리던 전화를 {}이 '{phone}' 전화기로 당겨 받습니다.",
                        all(korean::person),
                        korean::person(by)
                    ),
                    format!(
                        "{} picks the call up at '{phone}' while it rings at {}.",
                        english::person(by),
                        all(english::person)
                    ),
                )
            }
            Self::NothingRings { dialled } => Words::new(
                format!("{dialled} 번으로 당겨 받을 전화가 울리고 있지 않습니다."),
                format!("Nothing rings just now that {dialled} could pick up."),
            ),
            Self::NoSeat { by } => Words::new(
                format!(
                    "{}은 상담 자리(seat)를 비웠으므로 울리는 전화를 당겨 받을 수 없습니다.",
                    korean::person(by)
                ),
                format!(
                    "{} is not in their seat, and who is not may not pick up a ringing call.",
                    english::person(by)
                ),
            ),
        }
    }
}
