//! What an agent has said of themselves, and the work a call has left them: kept by the engine,
//! saved by the store.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::history::call_id::CallId;
use crate::office::duration;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::words::Words;

/// What an agent does, by their own word (behaviour.md 2.14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Takes calls.
    #[default]
    Available,
    Eat,
    Rest,
    InMeeting,
    Education,
    OtherWork,
    /// Gone home; as with `Vacation`, the time is nobody's to count.
    Off,
    Vacation,
}

impl Activity {
    pub const ALL: [Self; 8] = [
        Self::Available,
        Self::Eat,
        Self::Rest,
        Self::InMeeting,
        Self::Education,
        Self::OtherWork,
        Self::Off,
        Self::Vacation,
    ];

    /// As documents and the API write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Eat => "eat",
            Self::Rest => "rest",
            Self::InMeeting => "in_meeting",
            Self::Education => "education",
            Self::OtherWork => "other_work",
            Self::Off => "off",
            Self::Vacation => "vacation",
        }
    }
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an activity is available, eat, rest, in_meeting, education, other_work, off or vacation")]
pub struct NoActivity;

impl FromStr for Activity {
    type Err = NoActivity;

    fn from_str(text: &str) -> Result<Self, NoActivity> {
        Self::ALL.into_iter().find(|activity| activity.word() == text).ok_or(NoActivity)
    }
}

/// After-call work (S19–S25). Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WrapUp {
    #[schema(value_type = u64)]
    pub call: CallId,
    pub since: i64,
    /// None: until the agent ends it (S25).
    pub until: Option<i64>,
}

/// One agent's own part of whether they are rung. It outlives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub agent: Extension,
    /// Whether they may be given customers' calls at all.
    pub seat: bool,
    pub activity: Activity,
    /// Calls may be given to them, but their phones stay silent (L3, C12).
    pub do_not_disturb: bool,
    /// When that ends by itself, in milliseconds since 1970; none: when it is switched off.
    #[serde(default)]
    pub do_not_disturb_until: Option<i64>,
    /// When seat or activity last changed.
    pub since: i64,
    pub wrap_up: Option<WrapUp>,
    /// The number that they picked last for calls to the outside (L44).
    #[serde(default)]
    pub shown: Option<PhoneNumber>,
}

impl Duty {
    /// As everybody begins: in their seat and available.
    #[must_use]
    pub fn new(agent: Extension) -> Self {
        Self {
            agent,
            seat: true,
            activity: Activity::Available,
            do_not_disturb: false,
            do_not_disturb_until: None,
            since: 0,
            wrap_up: None,
            shown: None,
        }
    }
}

/// L3: an agent may keep their phones silent for so long at most, if they say for how long.
pub const LONGEST_SILENCE: Duration = Duration::from_secs(90 * 86_400);

/// A change that an agent, or an admin for them, wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyWish {
    Seat(bool),
    Activity(Activity),
    /// On until it is switched off.
    DoNotDisturb(bool),
    /// On until this moment, in milliseconds since 1970 (L3).
    DoNotDisturbUntil(i64),
    /// On for so long from now (L3).
    DoNotDisturbFor(Duration),
    EndWrapUp,
    /// This number for calls to the outside; none: as the numbers' routes say.
    Show(Option<PhoneNumber>),
}

impl DutyWish {
    /// Whether it can be granted at `now`, in milliseconds since 1970.
    ///
    /// # Errors
    /// When a silence would be over already, or be longer than [`LONGEST_SILENCE`] (L3).
    pub fn check(&self, now: i64) -> Result<(), Words> {
        let (over, too_long) = match self {
            Self::DoNotDisturbUntil(until) => {
                (*until <= now, until.saturating_sub(now) > longest())
            }
            Self::DoNotDisturbFor(time) => (time.is_zero(), *time > LONGEST_SILENCE),
            Self::Seat(_)
            | Self::Activity(_)
            | Self::DoNotDisturb(_)
            | Self::EndWrapUp
            | Self::Show(_) => (false, false),
        };
        if over {
            return Err(Words::new(
                "방해 금지가 끝나는 때는 지금보다 뒤여야 합니다",
                "do not disturb must end later than now",
            ));
        }
        if too_long {
            return Err(Words::new(
                "방해 금지는 길어야 90일입니다. 끝낼 때까지 켜 두려면 끝나는 때를 적지 마세요",
                "do not disturb lasts 90 days at most; without an end it is on until switched off",
            ));
        }
        Ok(())
    }
}

/// What somebody types for do-not-disturb: `on`, `off`, how long, such as `2h`, or until when, such
/// as `2026-12-24 18:00` on the clock of `zone`.
///
/// # Errors
/// When it is none of these.
pub fn silence(text: &str, zone: &TimeZone) -> Result<DutyWish, Words> {
    match text {
        "on" => return Ok(DutyWish::DoNotDisturb(true)),
        "off" => return Ok(DutyWish::DoNotDisturb(false)),
        _ => {}
    }
    if let Ok(time) = duration::parse(text) {
        return Ok(DutyWish::DoNotDisturbFor(time));
    }
    let until = text.parse::<DateTime>().ok().and_then(|clock| zone.to_timestamp(clock).ok());
    let until = until.ok_or_else(|| {
        Words::new(
            format!("방해 금지 '{text}': on, off, 2h 같은 시간, 2026-12-24 18:00 같은 때를 적으세요"),
            format!("do not disturb '{text}': write on, off, a time like 2h or an end like 2026-12-24 18:00"),
        )
    })?;
    Ok(DutyWish::DoNotDisturbUntil(until.as_millisecond()))
}

fn longest() -> i64 {
    i64::try_from(LONGEST_SILENCE.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L3
    #[test]
    fn a_silence_that_ends_ends_later_than_now_and_within_ninety_days() {
        let now = 1_800_000_000_000;
        let day = 86_400_000;
        let said = |wish: DutyWish| wish.check(now).map_err(|words| words.en);
        let is_later = Err("do not disturb must end later than now".to_owned());
        assert_eq!(said(DutyWish::DoNotDisturbUntil(now)), is_later);
        assert_eq!(said(DutyWish::DoNotDisturbFor(Duration::ZERO)), is_later);
        assert_eq!(said(DutyWish::DoNotDisturbUntil(now + 1)), Ok(()));
        assert_eq!(said(DutyWish::DoNotDisturbUntil(now + 90 * day)), Ok(()));
        assert!(said(DutyWish::DoNotDisturbUntil(now + 90 * day + 1)).unwrap_err().contains("90"));
        assert_eq!(said(DutyWish::DoNotDisturbFor(LONGEST_SILENCE)), Ok(()));
        let longer = LONGEST_SILENCE + Duration::from_secs(1);
        assert!(said(DutyWish::DoNotDisturbFor(longer)).unwrap_err().contains("90"));
        assert_eq!(said(DutyWish::DoNotDisturb(true)), Ok(()), "until it is switched off");
    }

    /// L3
    #[test]
    fn a_silence_is_typed_as_a_switch_a_time_or_an_end() {
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let typed = |text| silence(text, &zone);
        assert_eq!(typed("on"), Ok(DutyWish::DoNotDisturb(true)));
        assert_eq!(typed("off"), Ok(DutyWish::DoNotDisturb(false)));
        assert_eq!(typed("2h"), Ok(DutyWish::DoNotDisturbFor(Duration::from_secs(7200))));
        let until = Ok(DutyWish::DoNotDisturbUntil(1_798_102_800_000));
        assert_eq!(typed("2026-12-24 18:00"), until);
        assert_eq!(typed("2026-12-24T18:00:00"), until);
        for wrong in ["", "2", "tomorrow", "18:00", "2026-13-01 10:00"] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_activity_is_read_as_it_is_written() {
        for activity in Activity::ALL {
            assert_eq!(activity.word().parse(), Ok(activity));
            assert_eq!(serde_json::to_value(activity).unwrap(), activity.word());
        }
        assert_eq!("lunch".parse::<Activity>(), Err(NoActivity));
    }
}
