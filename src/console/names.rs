//! What states are called in an office, and how they look.

use crate::api::request::TrunkLink;
use crate::console::model::Model;
use crate::console::theme::Tone;
use crate::history::call_record::{CallRecord, Outcome};
use crate::history::leg_quality::LegQuality;
use crate::live::{AgentState, LiveAgent, Stage};
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

/// Who is free but wants no disturbance is not rung, so it is that which counts (L3).
#[must_use]
pub fn agent(agent: &LiveAgent, speech: Speech) -> (&'static str, Tone) {
    if agent.do_not_disturb && agent.state == AgentState::Waiting {
        return (speech.pick("방해 금지", "do not disturb"), Tone::Dim);
    }
    let tone = match agent.state {
        AgentState::Waiting => Tone::Good,
        AgentState::Ringing | AgentState::Talking | AgentState::WrappingUp => Tone::Warn,
        AgentState::Offline | AgentState::Away | AgentState::OffDuty | AgentState::SeatEmpty => {
            Tone::Dim
        }
    };
    (speech.state(agent.state), tone)
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

/// How a leg sounded; a score below 3.6 is what most listeners mind (ITU-T G.107 annex B).
#[must_use]
pub fn quality(quality: &LegQuality, speech: Speech) -> (String, Tone) {
    if quality.packets == 0 {
        let said = speech.pick("소리가 오지 않았습니다", "no sound came from it");
        return (said.to_owned(), Tone::Bad);
    }
    let tone = match quality.mos_hundredths {
        Some(mos) if mos < 310 => Tone::Bad,
        Some(mos) if mos < 360 => Tone::Warn,
        Some(_) | None => Tone::Dim,
    };
    (speech.quality(quality), tone)
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

/// An agent as colleagues know them: extension and name.
#[must_use]
pub fn person(model: &Model, extension: &str) -> String {
    match model.agents.get(extension).map(|agent| agent.name.as_str()) {
        Some(name) if !name.is_empty() => format!("{extension} {name}"),
        Some(_) | None => extension.to_owned(),
    }
}

/// An agent in few columns: the name, else the extension.
#[must_use]
pub fn first_name(model: &Model, extension: &str) -> String {
    let name = model.agents.get(extension).map_or("", |agent| agent.name.as_str());
    if name.is_empty() { extension.to_owned() } else { name.to_owned() }
}

/// How long ago, in the two greatest units: `12m`, `3h 20m`, `2d 4h`.
#[must_use]
pub fn age(speech: Speech, millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let (d, h, m) = match speech {
        Speech::Korean => ("일", "시간", "분"),
        Speech::English => ("d", "h", "m"),
    };
    match (days, hours) {
        (0, 0) => format!("{minutes}{m}"),
        (0, hours) => format!("{hours}{h} {minutes}{m}"),
        (days, hours) => format!("{days}{d} {hours}{h}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_age_has_two_units_at_most() {
        let minute = 60_000;
        for (millis, ko, en) in [
            (-5, "0분", "0m"),
            (59_999, "0분", "0m"),
            (72 * minute, "1시간 12분", "1h 12m"),
            (2 * 1_440 * minute + 300 * minute, "2일 5시간", "2d 5h"),
        ] {
            assert_eq!(age(Speech::Korean, millis), ko);
            assert_eq!(age(Speech::English, millis), en);
        }
    }

    /// L3: they are not rung, so they are not shown as free; who talks is shown to talk.
    #[test]
    fn who_wants_no_disturbance_is_not_shown_as_free() {
        let shown = |state: &str, silent: bool| {
            let agent = json!({
                "extension": "101", "name": "김민지", "state": state, "since": 0, "seat": true,
                "activity": "available", "do_not_disturb": silent, "wrap_up": null,
            });
            let agent: LiveAgent = serde_json::from_value(agent).unwrap();
            (super::agent(&agent, Speech::English).0, super::agent(&agent, Speech::Korean).0)
        };
        assert_eq!(shown("waiting", true), ("do not disturb", "방해 금지"));
        assert_ne!(shown("waiting", false), shown("waiting", true));
        assert_eq!(shown("talking", true), shown("talking", false));
    }
}
