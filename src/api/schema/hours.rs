//! What the API says of operating hours.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::history::hours_switch::HoursSwitch;
use crate::words::Words;

/// A set of hours as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoursState {
    pub name: String,
    pub timezone: String,
    pub open: bool,
    pub why: Words,
    /// When it is the other way round, in milliseconds since 1970; none: not within a year.
    pub until: Option<i64>,
    /// The hand that decides at the moment, if one does.
    pub switched: Option<HoursSwitch>,
    /// The date where the hours are kept.
    pub today: String,
    /// Numbers and teams that follow them.
    pub used_by: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchBody {
    /// true: open, false: closed, each until the schedule next turns the other way; null: by the
    /// schedule again.
    pub open: Option<bool>,
}

/// What a calendar has brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedHolidays {
    pub added: usize,
    /// Were there already.
    pub known: usize,
    /// Are over.
    pub past: usize,
    /// Lie further ahead than the 50 days that a set may have (L147): the nearest were taken.
    #[serde(default)]
    pub beyond: usize,
    /// Were called off, had no readable date, or repeat in a way that is not a year's.
    pub skipped: usize,
}

impl ImportedHolidays {
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { added, known, past, beyond, skipped } = self;
        let (ko, en) = match beyond {
            0 => (String::new(), String::new()),
            _ => (
                format!(", 50일이 넘어 뺀 것 {beyond}"),
                format!(", {beyond} beyond the 50 days of a set"),
            ),
        };
        Words::new(
            format!(
                "휴일 {added}개를 추가했습니다(이미 있던 것 {known}, 지난 것 {past}, 읽을 수 없어 뺀 것 {skipped}{ko})"
            ),
            format!(
                "{added} holidays added ({known} were there, {past} are over, {skipped} left out{en})"
            ),
        )
    }
}
