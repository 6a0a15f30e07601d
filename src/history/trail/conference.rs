//! Who came to a call, who left it and who was put on hold, in plain words.

use crate::history::trail::english;
use crate::history::trail::korean;
use crate::history::trail::trail::{ConferenceStory, Unwilling};
use crate::words::Words;

impl Unwilling {
    /// Part of a sentence.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::NobodyTalks => Words::new(
                "아직 통화 중이 아니거나 이미 끝난 통화입니다",
                "nobody talks on this call yet, or any more",
            ),
            Self::UnknownExtension => Words::new("없는 내선입니다", "there is no such extension"),
            Self::HereAlready => Words::new(
                "이미 이 통화에 있거나 벨이 울리고 있습니다",
                "they are on this call already",
            ),
            Self::NotHere => {
                Words::new("이 통화에 없는 매니저입니다", "that agent is not on this call")
            }
            Self::NothingToHold => Words::new(
                "이 통화에는 보류할 상대가 없습니다",
                "this call has no side that could be put on hold",
            ),
            Self::Full => Words::new(
                "한 통화에는 고객 1명과 매니저 9명까지 10명이 함께할 수 있습니다",
                "a call has room for ten: a customer and nine agents",
            ),
            Self::Skipped(because) => Words::new(korean::skip(because), english::skip(because)),
        }
    }
}

impl ConferenceStory {
    #[must_use]
    pub(crate) fn words(&self) -> Words {
        let ko = korean::person;
        let en = english::person;
        match self {
            Self::Invited { agent, by: Some(by) } => Words::new(
                format!("{}이 {}을 통화에 초대해 전화기가 울립니다.", ko(by), ko(agent)),
                format!("{} invites {} to the call; their phone rings.", en(by), en(agent)),
            ),
            Self::Invited { agent, by: None } => Words::new(
                format!("{}을 통화에 초대해 전화기가 울립니다.", ko(agent)),
                format!("{} is invited to the call; their phone rings.", en(agent)),
            ),
            Self::NotInvited { extension, because } => {
                let because = because.words();
                Words::new(
                    format!("내선 {extension} 번을 초대하지 못했습니다: {}.", because.ko),
                    format!("Extension {extension} is not invited: {}.", because.en),
                )
            }
            Self::DidNotCome { agent, cause } => Words::new(
                format!("{}은 오지 않았습니다({}).", ko(agent), korean::reason(*cause)),
                format!("{} did not come ({}).", en(agent), english::reason(*cause)),
            ),
            Self::Came { agent, talking } => Words::new(
                format!("{}이 들어와 {talking}명이 함께 통화합니다.", ko(agent)),
                format!("{} has come; {talking} talk now.", en(agent)),
            ),
            Self::Left { agent: Some(agent), party: _ } => Words::new(
                format!("{}이 나갔고 통화는 이어집니다.", ko(agent)),
                format!("{} has left; the call goes on.", en(agent)),
            ),
            Self::Left { agent: None, party } => Words::new(
                format!("{party} 쪽이 나갔고 통화는 이어집니다."),
                format!("{party} has left; the call goes on."),
            ),
            Self::Muted { agent, muted: true } => Words::new(
                format!("{}의 목소리를 껐습니다.", ko(agent)),
                format!("{} is muted.", en(agent)),
            ),
            Self::Muted { agent, muted: false } => Words::new(
                format!("{}의 목소리를 다시 켰습니다.", ko(agent)),
                format!("{} can be heard again.", en(agent)),
            ),
            Self::Held { by } => Words::new(
                by.as_ref().map_or(
                    "보류했습니다. 상대는 대기 음악을 듣습니다.".to_owned(),
                    |by| format!("{}이 보류했습니다. 상대는 대기 음악을 듣습니다.", ko(by)),
                ),
                by.as_ref().map_or(
                    "The call is put on hold; the other side hears music.".to_owned(),
                    |by| format!("{} puts the call on hold; the other side hears music.", en(by)),
                ),
            ),
            Self::TakenBack { by } => Words::new(
                by.as_ref().map_or("보류를 풀었습니다.".to_owned(), |by| {
                    format!("{}이 보류를 풀었습니다.", ko(by))
                }),
                by.as_ref().map_or("The call is taken back from hold.".to_owned(), |by| {
                    format!("{} takes the call back from hold.", en(by))
                }),
            ),
        }
    }
}
