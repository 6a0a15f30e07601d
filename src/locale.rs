//! The language that whoever sits at a terminal reads, and the words of closed lists in it.

use std::env;

use crate::duty::Activity;
use crate::history::agent_log::AgentStatus;
use crate::history::call_record::{Direction, Outcome};
use crate::history::conversation::conversation::State;
use crate::history::conversation::log::{ByTurn, Happening};
use crate::history::leg_quality::LegQuality;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::Chosen;
use crate::live::{AgentState, Alert, AlertKind, Unanswered};
use crate::office::closed_words;
use crate::office::priority::Priority;
use crate::words::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    Korean,
    English,
}

impl Speech {
    /// As POSIX says: `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
    #[must_use]
    pub fn of_environment() -> Self {
        let set =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| env::var(name).ok());
        Self::of_locale(set.into_iter().find(|value| !value.is_empty()).as_deref())
    }

    fn of_locale(locale: Option<&str>) -> Self {
        match locale {
            Some(name) if name == "ko" || name.starts_with("ko_") || name.starts_with("ko.") => {
                Self::Korean
            }
            Some(_) | None => Self::English,
        }
    }

    #[must_use]
    pub fn pick<'a>(self, ko: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Korean => ko,
            Self::English => en,
        }
    }

    #[must_use]
    pub fn say(self, message: &Words) -> &str {
        self.pick(&message.ko, &message.en)
    }

    /// How a team's rule has found whose a conversation is.
    fn by_turn(self, because: ByTurn) -> &'static str {
        match because {
            ByTurn::Kept => self.pick("새 팀에도 있어 그대로", "is in the new team, too"),
            ByTurn::Chosen(Chosen::TalkedBefore) => {
                self.pick("이 고객과 통화했던 매니저", "has talked with this customer before")
            }
            ByTurn::Chosen(Chosen::FewestInProgress) => {
                self.pick("진행 중인 상담이 가장 적음", "has the fewest in progress")
            }
            ByTurn::Chosen(Chosen::LongestIdle) => {
                self.pick("배정된 지 가장 오래됨", "was given one longest ago")
            }
            ByTurn::NobodyFree => self.pick("지금 배정받을 사람 없음", "nobody there is free"),
        }
    }

    /// A customer who was missed, or waits, in a line.
    #[must_use]
    pub fn alert(self, alert: &Alert) -> String {
        let what = match alert.kind {
            AlertKind::Missed => self.pick("부재중 전화:", "missed call:"),
            AlertKind::Unanswered => {
                self.pick("10분째 응답 없는 고객:", "nobody has answered for 10 min:")
            }
        };
        let who = |one: &Unanswered| {
            let number = one.customer.as_ref().map(ToString::to_string);
            let number = number.unwrap_or_else(|| self.pick("번호 숨김", "withheld").to_owned());
            let said = self.pick("상담", "conversation");
            format!("{} {number} ({said} {})", one.name, one.conversation).trim().to_owned()
        };
        let who: Vec<String> = alert.customers.iter().take(3).map(who).collect();
        let more = match alert.customers.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" +{more}"),
        };
        format!("{what} {}{more}", who.join(", "))
    }

    #[must_use]
    pub fn direction(self, direction: Direction) -> &'static str {
        match direction {
            Direction::Inbound => self.pick("수신", "inbound"),
            Direction::Outbound => self.pick("발신", "outbound"),
            Direction::Internal => self.pick("내선", "internal"),
        }
    }

    #[must_use]
    pub fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Answered => self.pick("통화", "answered"),
            Outcome::Missed => self.pick("부재중", "missed"),
            Outcome::NotEntered => self.pick("자동 안내에서 끝남", "ended in the menu"),
            Outcome::NoAnswer => self.pick("응답 없음", "no answer"),
            Outcome::Busy => self.pick("통화 중", "busy"),
            Outcome::Cancelled => self.pick("취소", "cancelled"),
            Outcome::Failed => self.pick("실패", "failed"),
            Outcome::Interrupted => self.pick("중단됨", "interrupted"),
        }
    }

    #[must_use]
    pub fn standing(self, state: State) -> String {
        match state {
            State::Initial => self.pick("준비 중", "initial").to_owned(),
            State::Queued => self.pick("대기열", "queued").to_owned(),
            State::Opened => self.pick("진행 중", "open").to_owned(),
            State::Snoozed { .. } => self.pick("보류 중", "snoozed").to_owned(),
            State::Missed { reason, .. } => {
                format!("{} ({})", self.pick("부재중", "missed"), self.missed(reason))
            }
            State::Closed { reason: None, .. } => self.pick("종료됨", "closed").to_owned(),
            State::Closed { reason: Some(reason), .. } => {
                format!("{} ({})", self.pick("종료됨", "closed"), self.missed(reason))
            }
        }
    }

    /// `clock` tells a moment as the reader's clock shows it.
    #[must_use]
    pub fn happening(self, what: &Happening, clock: impl Fn(i64) -> String) -> String {
        match what {
            Happening::Opened => self.pick("열림", "opened").to_owned(),
            Happening::Reopened => self.pick("다시 열림", "opened again").to_owned(),
            Happening::Queued => self.pick("대기열에 들어감", "waits in the queue").to_owned(),
            Happening::Snoozed { until } => {
                format!("{} {}", self.pick("보류:", "snoozed until"), clock(*until))
            }
            Happening::Woke => self.pick("보류가 끝남", "the snooze is over").to_owned(),
            Happening::Missed { reason } => {
                format!("{} ({})", self.pick("부재중", "missed"), self.missed(*reason))
            }
            Happening::Closed => self.pick("종료됨", "closed").to_owned(),
            Happening::Note { text } => format!("{} {text}", self.pick("메모:", "note:")),
            Happening::Tagged { tags } => {
                let tags: Vec<&str> = tags.iter().map(|tag| tag.as_str()).collect();
                format!("{} {}", self.pick("태그:", "tags:"), tags.join(", "))
            }
            Happening::Described => self.pick("설명이 바뀜", "described").to_owned(),
            Happening::Followed { agents } => {
                let agents: Vec<&str> = agents.iter().map(|agent| agent.as_str()).collect();
                format!("{} {}", self.pick("팔로워:", "followed by"), agents.join(", "))
            }
            Happening::Reminded { agents } => {
                let agents: Vec<&str> = agents.iter().map(|agent| agent.as_str()).collect();
                let what =
                    self.pick("10분째 응답이 없어 알림:", "nobody has answered for 10 min; told:");
                format!("{what} {}", agents.join(", "))
            }
            Happening::Prioritised { priority } => {
                format!("{} {}", self.pick("우선순위:", "priority"), self.priority(*priority))
            }
            Happening::CustomerTagged { tags } => {
                let tags: Vec<&str> = tags.iter().map(|tag| tag.as_str()).collect();
                format!("{} {}", self.pick("고객 태그:", "the customer's tags:"), tags.join(", "))
            }
            Happening::Assigned { agent, team, because } => {
                let who = agent.iter().map(ToString::to_string);
                let who: Vec<String> = who.chain(team.iter().map(ToString::to_string)).collect();
                let because = because.map(|because| format!(" ({})", self.by_turn(because)));
                let label = self.pick("담당:", "assigned to");
                format!("{label} {}{}", who.join(", "), because.unwrap_or_default())
            }
            Happening::Called { call, direction } => {
                format!("{} {call} ({})", self.pick("통화", "call"), self.direction(*direction))
            }
            Happening::Answered { call, agent } => {
                format!("{} {call}: {agent}", self.pick("통화 받음", "answered call"))
            }
            Happening::CallbackPromised { number } => {
                format!("{} {number}", self.pick("차례가 되면 콜백:", "to be called in turn:"))
            }
            Happening::CallbackEnded { answered: true } => {
                self.pick("콜백 약속을 마침", "no call back is needed any more").to_owned()
            }
            Happening::CallbackEnded { answered: false } => {
                self.pick("콜백이 닿지 않음", "the call back did not get through").to_owned()
            }
            Happening::CallbackCancelled => {
                self.pick("콜백을 취소함", "the call back was cancelled").to_owned()
            }
            Happening::CalledBack { agent } => {
                format!("{} {agent}", self.pick("콜백:", "called back by"))
            }
        }
    }

    #[must_use]
    pub fn priority(self, priority: Priority) -> &'static str {
        match priority {
            Priority::High => self.pick("높음", "high"),
            Priority::Medium => self.pick("보통", "medium"),
            Priority::Low => self.pick("낮음", "low"),
        }
    }

    /// Milliseconds as people say them (L167): below a day h m s, then days and hours.
    #[must_use]
    pub fn time_span(self, millis: i64) -> String {
        let seconds = millis.max(0) / 1_000;
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
        let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
        let (d, h, m, s) = match self {
            Self::Korean => ("일", "시간", "분", "초"),
            Self::English => ("d", "h", "m", "s"),
        };
        match (days, hours, minutes) {
            (0, 0, 0) => format!("{rest}{s}"),
            (0, 0, _) => format!("{minutes}{m} {rest}{s}"),
            (0, _, _) => format!("{hours}{h} {minutes}{m} {rest}{s}"),
            _ => format!("{days}{d} {hours}{h}"),
        }
    }

    /// How a leg sounded, in one line (P30).
    #[must_use]
    pub fn quality(self, quality: &LegQuality) -> String {
        let tenths = |permille: u64| format!("{}.{}%", permille / 10, permille % 10);
        let lost = quality.lost_permille().map_or_else(|| "–".to_owned(), tenths);
        let unknown = || "–".to_owned();
        let trip = quality.round_trip_ms.map_or_else(unknown, |trip| format!("{trip} ms"));
        let mos = quality.mos().unwrap_or_else(unknown);
        let (jitter, delay) = (quality.jitter_ms, quality.delay_ms);
        let named = |ko, en, value: &str| format!("{} {value}", self.pick(ko, en));
        [
            named("손실", "lost", &lost),
            named("지터", "jitter", &format!("{jitter} ms")),
            named("지연", "delay", &format!("{delay} ms")),
            named("왕복", "round trip", &trip),
            format!("MOS {mos}"),
        ]
        .join("  ")
    }

    /// A day of the week by its word in documents, such as `mon`.
    #[must_use]
    pub fn weekday(self, word: &str) -> String {
        let Words { ko, en } = closed_words::day(word);
        self.pick(&ko, &en).to_owned()
    }

    #[must_use]
    pub fn missed(self, reason: MissedReason) -> &'static str {
        match reason {
            MissedReason::NotInOperation => self.pick("운영 시간 아님", "closed"),
            MissedReason::UserLeftInIvr => self.pick("메뉴 중에 끊음", "caller left in the menu"),
            MissedReason::UserLeftInIvrWithoutInput => {
                self.pick("메뉴에서 누르지 않고 끊음", "left the menu without a key")
            }
            MissedReason::UserLeftInQueued => {
                self.pick("대기 중에 끊음", "caller left in the queue")
            }
            MissedReason::UserLeftInWaitingManager => {
                self.pick("연결 중에 끊음", "caller left while it rang")
            }
            MissedReason::ManagerLeft => self.pick("매니저가 나감", "the agent left"),
            MissedReason::NoFallbackClient => self.pick("받을 전화기 없음", "no phone to take it"),
            MissedReason::ExceededQueue => self.pick("대기열이 가득 참", "the queue was full"),
            MissedReason::AbandonedInQueue => {
                self.pick("대기 시간 초과", "waited too long in the queue")
            }
            MissedReason::Workflow | MissedReason::WfEndCall => {
                self.pick("워크플로우가 종료", "ended by a workflow")
            }
            MissedReason::WfInputTimeout => self.pick("입력 없음", "no key was pressed"),
            MissedReason::WfVoiceMail => self.pick("음성 메시지", "voice message"),
            MissedReason::InboundRateLimit => self.pick("너무 잦은 전화", "called too often"),
            MissedReason::BlockedUser => self.pick("차단된 고객", "blocked customer"),
            MissedReason::UserLeft => self.pick("고객이 끊음", "caller left"),
            MissedReason::UserLeftInGreeting => {
                self.pick("인사말 중에 끊음", "caller left in the greeting")
            }
            MissedReason::RingTimeOver => self.pick("연결 시간 초과", "ring time over"),
            MissedReason::NoOperator => self.pick("받을 사람 없음", "nobody to answer"),
            MissedReason::RejectedByOperator => self.pick("매니저가 거절", "rejected"),
            MissedReason::PreservedNumber => self.pick("보존된 번호", "preserved number"),
            MissedReason::UnregisteredNumber => self.pick("등록되지 않은 번호", "unknown number"),
            MissedReason::ConcurrencyLimit => self.pick("동시 통화 한도", "too many calls"),
        }
    }
}

impl Speech {
    #[must_use]
    pub fn state(self, state: AgentState) -> &'static str {
        match state {
            AgentState::Offline => self.pick("전화기 없음", "offline"),
            AgentState::Waiting => self.pick("대기 중", "waiting"),
            AgentState::Ringing => self.pick("벨 울림", "ringing"),
            AgentState::Talking => self.pick("통화 중", "talking"),
            AgentState::WrappingUp => self.pick("후처리 중", "wrapping up"),
            AgentState::Away => self.pick("자리 비움", "away"),
            AgentState::OffDuty => self.pick("근무 종료", "off duty"),
            AgentState::SeatEmpty => self.pick("상담 자리 비움", "seat empty"),
        }
    }

    /// What the figures of agents count time as.
    #[must_use]
    pub fn status(self, status: AgentStatus) -> &'static str {
        match status {
            AgentStatus::Talking => self.state(AgentState::Talking),
            AgentStatus::WrappingUp => self.state(AgentState::WrappingUp),
            AgentStatus::SeatEmpty => self.state(AgentState::SeatEmpty),
            AgentStatus::OffDuty => self.state(AgentState::OffDuty),
            AgentStatus::Eat => self.activity(Activity::Eat),
            AgentStatus::Rest => self.activity(Activity::Rest),
            AgentStatus::InMeeting => self.activity(Activity::InMeeting),
            AgentStatus::Education => self.activity(Activity::Education),
            AgentStatus::OtherWork => self.activity(Activity::OtherWork),
            AgentStatus::Waiting => self.state(AgentState::Waiting),
            AgentStatus::Offline => self.state(AgentState::Offline),
        }
    }

    #[must_use]
    pub fn activity(self, activity: Activity) -> &'static str {
        match activity {
            Activity::Available => self.pick("근무 중", "available"),
            Activity::Eat => self.pick("식사", "eating"),
            Activity::Rest => self.pick("휴식", "break"),
            Activity::InMeeting => self.pick("회의", "in a meeting"),
            Activity::Education => self.pick("교육", "training"),
            Activity::OtherWork => self.pick("다른 업무", "other work"),
            Activity::Off => self.pick("퇴근", "gone home"),
            Activity::Vacation => self.pick("휴가", "on vacation"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L167
    #[test]
    fn a_time_span_is_said_as_people_say_it() {
        for (millis, ko, en) in [
            (999, "0초", "0s"),
            (61_999, "1분 1초", "1m 1s"),
            (3_600_000, "1시간 0분 0초", "1h 0m 0s"),
            (90_000_000, "1일 1시간", "1d 1h"),
        ] {
            let said = [Speech::Korean, Speech::English].map(|speech| speech.time_span(millis));
            assert_eq!(said, [ko, en]);
        }
    }

    #[test]
    fn the_locale_chooses() {
        for (locale, speech) in [
            (Some("ko_KR.UTF-8"), Speech::Korean),
            (Some("ko"), Speech::Korean),
            (Some("kok_IN"), Speech::English),
            (Some("C.UTF-8"), Speech::English),
            (None, Speech::English),
        ] {
            assert_eq!(Speech::of_locale(locale), speech, "{locale:?}");
        }
    }
}
