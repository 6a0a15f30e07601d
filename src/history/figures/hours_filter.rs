//! Only what began within certain hours, or only what did not (L160, L168, L175).

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::hours::week::Week;
use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoursFilter {
    /// `{"then": name}`, `{"today": name}` or `{"daily": "09:00-12:00"}`.
    #[schema(value_type = serde_json::Value)]
    pub within: HoursMeant,
    /// What began outside of them instead.
    pub outside: bool,
}

/// Which hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoursMeant {
    /// A set of hours as it stood at that time, hands on its switch included (L175). Where there
    /// was no such set yet, or none any more, the office was open.
    Then(HoursName),
    /// A set as it is defined today, whatever stood then; hands on its switch do not count (L168).
    Today(HoursName),
    /// The same hours of every day, on the office's clock (L160).
    Daily(DayRange),
}

impl HoursFilter {
    /// From what was typed or asked for; nothing at all narrows nothing.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn asked(
        (hours, as_today): (Option<&str>, bool),
        time: Option<&str>,
        outside: bool,
    ) -> Result<Option<Self>, Words> {
        let within = match (hours, time) {
            (None, None) if outside || as_today => {
                return Err(Words::new(
                    "outside와 as_today는 hours나 time과 함께 씁니다",
                    "outside and as_today go together with hours or time",
                ));
            }
            (None, None) => return Ok(None),
            (Some(name), None) if as_today => HoursMeant::Today(HoursName(name.to_owned())),
            (Some(name), None) => HoursMeant::Then(HoursName(name.to_owned())),
            (None, Some(range)) if !as_today => HoursMeant::Daily(daily(range)?),
            (Some(_) | None, Some(_)) => {
                return Err(Words::new(
                    "time은 hours, as_today와 함께 쓸 수 없습니다",
                    "time does not go together with hours or as_today",
                ));
            }
        };
        Ok(Some(Self { within, outside }))
    }

    /// In a few words, as a table's head says it.
    #[must_use]
    pub fn words(&self) -> Words {
        let (name, of_today) = match &self.within {
            HoursMeant::Then(name) => (name.0.clone(), false),
            HoursMeant::Today(name) => (name.0.clone(), true),
            HoursMeant::Daily(range) => (range.to_string(), false),
        };
        let (ko, en) = if of_today { (" (지금 정의로)", " (as of today)") } else { ("", "") };
        if self.outside {
            Words::new(format!("{name} 밖{ko}"), format!("outside {name}{en}"))
        } else {
            Words::new(format!("{name} 안{ko}"), format!("within {name}{en}"))
        }
    }
}

impl HoursMeant {
    /// Whose history is looked up.
    #[must_use]
    pub fn name(&self) -> Option<&HoursName> {
        match self {
            Self::Then(name) | Self::Today(name) => Some(name),
            Self::Daily(_) => None,
        }
    }
}

/// As hours that every day has.
#[must_use]
pub fn every_day(range: DayRange, timezone: TimeZone) -> Hours {
    Hours {
        name: HoursName(range.to_string()),
        timezone,
        week: Some(Week::new(std::array::from_fn(|_| vec![range]))),
        holidays: Vec::new(),
        public_holidays: None,
    }
}

fn daily(text: &str) -> Result<DayRange, Words> {
    DayRange::parse(text).map_err(|error| {
        Words::new(
            format!("time: '{text}'을(를) 읽을 수 없습니다. 09:00-18:00처럼 쓰세요"),
            format!("time: '{text}': {error}"),
        )
    })
}
