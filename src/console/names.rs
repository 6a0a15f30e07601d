//! What states are called in an office, and how they look.

use crate::api::request::TrunkLink;
use crate::console::theme::Tone;
use crate::history::call_record::{CallRecord, Outcome};
use crate::live::{AgentState, Stage};
use crate::locale::Speech;

#[must_use]
pub fn stage(stage: Stage, speech: Speech) -> (&'static str, Tone) {
    match stage {
        Stage::Greeting => (speech.pick("안내 중", "greeting"), Tone::Plain),
        Stage::Queued => (speech.pick("대기열", "waiting"), Tone::Warn),
        Stage::Workflow => (speech.pick("자동 안내", "in the menu"), Tone::Plain),
        Stage::Ringing => (speech.pick("벨 울림", "ringing"), Tone::Warn),
        Stage::Talking => (speech.pick("통화 중", "talking"), Tone::Good),
        Stage::Voicemail => (speech.pick("음성 사서함", "voicemail"), Tone::Plain),
        Stage::Playing => (speech.pick("안내 중", "message"), Tone::Plain),
        Stage::Ending => (speech.pick("끝나는 중", "ending"), Tone::Dim),
    }
}

#[must_use]
pub fn agent(state: AgentState, speech: Speech) -> (&'static str, Tone) {
    let tone = match state {
        AgentState::Waiting => Tone::Good,
        AgentState::Ringing | AgentState::Talking | AgentState::WrappingUp => Tone::Warn,
        AgentState::Offline | AgentState::Away | AgentState::OffDuty | AgentState::SeatEmpty => {
            Tone::Dim
        }
    };
    (speech.state(state), tone)
}

#[must_use]
pub fn link(link: TrunkLink, speech: Speech) -> (&'static str, Tone) {
    match link {
        TrunkLink::Address => (speech.pick("주소로 연결", "by address"), Tone::Plain),
        TrunkLink::Registering => (speech.pick("접속 중", "signing in"), Tone::Warn),
        TrunkLink::Registered => (speech.pick("접속됨", "signed in"), Tone::Good),
        TrunkLink::Failed => (speech.pick("접속 실패", "failed"), Tone::Bad),
    }
}

/// How a call ended, and why if nobody answered.
#[must_use]
pub fn outcome(call: &CallRecord, speech: Speech) -> (String, Tone) {
    let Some(outcome) = call.outcome else {
        return (speech.pick("진행 중", "in progress").to_owned(), Tone::Plain);
    };
    let tone = match outcome {
        Outcome::Answered => Tone::Good,
        Outcome::Missed | Outcome::Failed | Outcome::Interrupted => Tone::Bad,
        Outcome::NoAnswer | Outcome::Busy => Tone::Warn,
        Outcome::Cancelled | Outcome::NotEntered => Tone::Dim,
    };
    let said = speech.outcome(outcome);
    let said = match call.missed_reason {
        Some(reason) => format!("{said}: {}", speech.missed(reason)),
        None => said.to_owned(),
    };
    (said, tone)
}

/// Who calls: the name, the number, or both.
#[must_use]
pub fn caller(name: &str, number: &str, speech: Speech) -> String {
    match (name, number) {
        ("", "") => speech.pick("번호 숨김", "number withheld").to_owned(),
        ("", number) => number.to_owned(),
        (name, "") => name.to_owned(),
        (name, number) => format!("{number} {name}"),
    }
}
