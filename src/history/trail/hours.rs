//! What the operating hours said to a call.

use jiff::civil::{DateTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::HoursName;
use crate::office::hours::opening::Rule;
use crate::office::team::TeamName;

/// Whether the hours let the call through, and why (S87, S99).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursLookedAt {
    pub hours: HoursName,
    /// Whose they are; none: the number's own.
    pub team: Option<TeamName>,
    /// What the clock shows where the hours are kept.
    pub at: DateTime,
    pub is_open: bool,
    pub rule: Rule,
    /// When it is the other way round.
    pub until: Option<DateTime>,
}

impl HoursLookedAt {
    /// One sentence.
    #[must_use]
    pub fn english(&self) -> String {
        let Self { hours, team, at, is_open, rule, until } = self;
        let whose = team.as_ref().map(|team| format!(" of team '{team}'")).unwrap_or_default();
        let (state, turns) = if *is_open { ("open", "closes") } else { ("closed", "opens") };
        let clock = |at: DateTime| at.strftime("%A %Y-%m-%d %H:%M").to_string();
        let next = until.map(|until| format!("; {turns} {}", clock(until))).unwrap_or_default();
        let why = match rule {
            Rule::Always => "there is no schedule".to_owned(),
            Rule::Week(ranges) if ranges.is_empty() => "no hours on that day".to_owned(),
            Rule::Week(ranges) => joined(ranges),
            Rule::Holiday(name, ranges) if ranges.is_empty() => format!("holiday {name}"),
            Rule::Holiday(name, ranges) => format!("special day {name}, {}", joined(ranges)),
            Rule::PublicHoliday(_, name) => format!("public holiday, {name}"),
            Rule::Switched => "switched by hand".to_owned(),
        };
        format!("{}: hours '{hours}'{whose} are {state} ({why}){next}.", clock(*at))
    }

    /// One sentence.
    #[must_use]
    pub fn korean(&self) -> String {
        let Self { hours, team, at, is_open, rule, until } = self;
        let whose = team.as_ref().map(|team| format!("'{team}' 팀의 ")).unwrap_or_default();
        let (state, turns) = if *is_open {
            ("운영 중", "에 닫습니다")
        } else {
            ("운영 시간 아님", "에 엽니다")
        };
        let next =
            until.map(|until| format!(" {}{turns}.", korean_clock(until))).unwrap_or_default();
        let why = match rule {
            Rule::Always => "정해진 시간표 없음".to_owned(),
            Rule::Week(ranges) if ranges.is_empty() => "이 요일은 운영하지 않음".to_owned(),
            Rule::Week(ranges) => joined(ranges),
            Rule::Holiday(name, ranges) if ranges.is_empty() => format!("휴일 {name}"),
            Rule::Holiday(name, ranges) => format!("특별 운영일 {name}, {}", joined(ranges)),
            Rule::PublicHoliday(name, _) => format!("공휴일 {name}"),
            Rule::Switched => "수동 전환".to_owned(),
        };
        format!("{}, {whose}운영시간 '{hours}': {state} ({why}).{next}", korean_clock(*at))
    }
}

fn korean_clock(at: DateTime) -> String {
    let day = match at.weekday() {
        Weekday::Monday => '월',
        Weekday::Tuesday => '화',
        Weekday::Wednesday => '수',
        Weekday::Thursday => '목',
        Weekday::Friday => '금',
        Weekday::Saturday => '토',
        Weekday::Sunday => '일',
    };
    format!("{}({day}) {}", at.date(), at.strftime("%H:%M"))
}

fn joined(ranges: &[DayRange]) -> String {
    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
