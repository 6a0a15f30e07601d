//! What a workflow did in a call, in plain words.

use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::history::trail::chores::done;
use crate::history::webhook_end::WebhookEnd;
use crate::office::tag::CONVERSATION_TAGS;
use crate::office::workflow::action::Leave;
use crate::office::workflow::chore::Chore;
use crate::office::workflow::name::WorkflowName;
use crate::words::Words;

/// One thing a workflow did, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowStory {
    /// It is the number's own (S89).
    Connected(WorkflowName),
    /// It is the topmost that this call fits (L84).
    Topmost(WorkflowName),
    /// Its filters or hours do not fit this call.
    DoesNotFit(WorkflowName),
    /// It works in the background (L203).
    Background(WorkflowName),
    /// It comes round to a caller who waits (L74).
    WhileWaiting(WorkflowName),
    /// It is over, and the caller keeps their place in the queue.
    WaitsOn,
    /// It works after the end of the call (L76).
    AfterCall(WorkflowName),
    Step(String),
    Pressed {
        key: char,
        step: String,
    },
    Kept {
        field: String,
        digits: String,
    },
    Did(Chore),
    TriesToConnect,
    Unavailable,
    /// L83
    NoInput,
    /// L86
    LastWord,
    HangsUp(Leave),
    /// L98
    Voicemail,
    /// L88: the caller hangs up and keeps their place.
    CallbackPromised {
        number: String,
    },
    /// The number is withheld, is none, or may not be called.
    CallbackImpossible,
    /// The turn of whoever was promised a call in that call has come.
    CallbackTurn {
        call: CallId,
        left: u8,
    },
    Finished,
    /// Not all tags fit (L30).
    TagsFull,
    /// The customer is on the line again: the conversation is left as it is.
    ConversationBusy,
    /// Another system is told (P18).
    Tells {
        step: String,
        server: String,
    },
    Told {
        step: String,
        end: WebhookEnd,
    },
    /// P24
    Failed {
        missing: String,
    },
}

impl WorkflowStory {
    #[must_use]
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Connected(name) => Words::new(
                format!("이 번호의 전화는 '{name}' 워크플로우가 먼저 받습니다."),
                format!("The number's calls are met by the workflow '{name}'."),
            ),
            Self::Topmost(name) => Words::new(
                format!("맞는 워크플로우 가운데 목록 맨 위에 있는 '{name}'이(가) 받습니다."),
                format!("The workflow '{name}' is the topmost that fits, so it meets the call."),
            ),
            Self::DoesNotFit(name) => Words::new(
                format!("'{name}' 워크플로우는 이 전화의 조건이나 시간에 맞지 않아 건너뜁니다."),
                format!(
                    "The workflow '{name}' does not fit this call or this time and is left out."
                ),
            ),
            Self::Background(name) => Words::new(
                format!("'{name}' 워크플로우가 함께 실행됩니다."),
                format!("The workflow '{name}' works in the background."),
            ),
            Self::WhileWaiting(name) => Words::new(
                format!("기다리는 고객에게 '{name}' 워크플로우가 안내합니다."),
                format!("The workflow '{name}' speaks with the caller who waits."),
            ),
            Self::WaitsOn => Words::new("고객이 계속 기다립니다.", "The caller goes on waiting."),
            Self::AfterCall(name) => Words::new(
                format!("통화가 끝나고 '{name}' 워크플로우가 실행됩니다."),
                format!("The workflow '{name}' works after the call."),
            ),
            Self::Step(step) => {
                Words::new(format!("'{step}' 단계로 갑니다."), format!("On to the step '{step}'."))
            }
            Self::Pressed { key, step } => Words::new(
                format!("고객이 '{step}' 단계에서 {key} 키를 눌렀습니다."),
                format!("The caller pressed {key} at '{step}'."),
            ),
            Self::Kept { field, digits } => Words::new(
                format!("고객이 입력한 {digits}을(를) '{field}'에 적어 둡니다."),
                format!("The caller typed {digits}, kept as '{field}'."),
            ),
            Self::Did(chore) => done(chore),
            Self::TriesToConnect => Words::new(
                "받을 사람이 있는지 확인하고 연결해 봅니다.",
                "It looks whether somebody can take the call.",
            ),
            Self::Unavailable => Words::new(
                "지금 받을 수 있는 사람이 없어 다음 길로 갑니다.",
                "Nobody can take it now, so it goes on elsewhere.",
            ),
            Self::NoInput => Words::new(
                "안내를 여러 번 들려주었지만 고른 것이 없어 전화를 끊습니다.",
                "Nothing was chosen however often it was asked, so the call is ended.",
            ),
            Self::LastWord => Words::new(
                "마지막 안내를 들려주고 전화를 끊습니다.",
                "The last words are said, so the call is ended.",
            ),
            Self::HangsUp(leave) => hangs_up(*leave),
            Self::Voicemail => Words::new(
                "고객이 음성 사서함에 메시지를 남깁니다.",
                "The caller may leave a message.",
            ),
            Self::CallbackPromised { number } => promised(number),
            Self::CallbackImpossible => impossible(),
            Self::CallbackTurn { call, left } => turn(*call, *left),
            Self::Finished => Words::new("워크플로우가 끝났습니다.", "The workflow is over."),
            Self::TagsFull => tags_full(),
            Self::ConversationBusy => Words::new(
                "고객이 다시 통화하고 있어 상담을 그대로 둡니다.",
                "The customer is on the line again, so the conversation stays as it is.",
            ),
            Self::Tells { step, server } => Words::new(
                format!("'{step}' 단계에서 {server}에 알립니다."),
                format!("At '{step}' the server {server} is told."),
            ),
            Self::Told { step, end } => end.words(step),
            Self::Failed { missing } => failed(missing),
        }
    }
}

fn hangs_up(leave: Leave) -> Words {
    match leave {
        Leave::Missed => Words::new(
            "워크플로우가 전화를 끊고 부재중으로 남깁니다.",
            "The workflow ends the call and leaves it on the missed list.",
        ),
        Leave::Done => Words::new(
            "워크플로우가 전화를 끊고 후속 조치 없이 마칩니다.",
            "The workflow ends the call with nothing left to do.",
        ),
    }
}

fn tags_full() -> Words {
    Words::new(
        format!("상담 태그는 {CONVERSATION_TAGS}개까지라 다 달지 못했습니다."),
        format!("A conversation has at most {CONVERSATION_TAGS} tags, so some are left out."),
    )
}

fn failed(missing: &str) -> Words {
    Words::new(
        format!(
            "워크플로우에 '{missing}'이(가) 없어 더 진행할 수 없습니다. 라우팅을 쓰지 않는 번호처럼 연결합니다."
        ),
        format!(
            "The workflow lacks '{missing}' and cannot go on; the call goes on as if the number had no route."
        ),
    )
}

fn promised(number: &str) -> Words {
    Words::new(
        format!("고객이 전화를 끊고 순서를 지킵니다. 차례가 되면 {number}로 겁니다."),
        format!("The caller hangs up and keeps their place; {number} is called in turn."),
    )
}

fn impossible() -> Words {
    Words::new(
        "고객에게 다시 걸 번호가 없거나 그 번호로는 걸 수 없습니다.",
        "There is no number to call the customer back at, or it may not be called.",
    )
}

fn turn(call: CallId, left: u8) -> Words {
    Words::new(
        format!("{call}번 통화에서 약속한 콜백의 차례입니다. 이번을 포함해 {left}번 남았습니다."),
        format!(
            "It is the turn of the call back promised in call {call}; tries left, with this one: {left}."
        ),
    )
}
