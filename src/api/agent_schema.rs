//! What the API takes about agents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::answer::{bad_request, unreadable};
use crate::api::refusal::Refusal;
use crate::duty::{Activity, DutyWish};
use crate::office::duration;

/// What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceBody {
    /// Whether customers' calls may be given to the agent at all.
    pub seat: Option<bool>,
    pub activity: Option<Activity>,
    /// Calls may be theirs, but their phones stay silent; on until switched off, unless one of the
    /// next two says otherwise.
    pub do_not_disturb: Option<bool>,
    /// Switches it on until this moment, in milliseconds since 1970: at most 90 days from now (L3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_disturb_until: Option<i64>,
    /// Switches it on for so long, such as `45m`, `2h` or `90d`, which is the most (L3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_disturb_for: Option<String>,
    /// The work after the last call is done.
    #[serde(default)]
    pub end_wrap_up: bool,
    /// The office's number that their calls to the outside show; empty: by the numbers' routes.
    pub number: Option<String>,
}

impl PresenceBody {
    /// What is wanted of do-not-disturb.
    ///
    /// # Errors
    /// 400 when a time cannot be read, or two ends are given, or an end for what is switched off.
    pub(crate) fn silence(&self) -> Result<Option<DutyWish>, Refusal> {
        let time = self.do_not_disturb_for.as_deref();
        let end = match (self.do_not_disturb_until, time) {
            (Some(_), Some(_)) => return Err(two_ends()),
            (Some(until), None) => Some(DutyWish::DoNotDisturbUntil(until)),
            (None, Some(time)) => {
                let length =
                    duration::parse(time).map_err(|_| unreadable("do_not_disturb_for", time))?;
                Some(DutyWish::DoNotDisturbFor(length))
            }
            (None, None) => None,
        };
        match (end, self.do_not_disturb) {
            (Some(_), Some(false)) => Err(off_with_an_end()),
            (Some(end), Some(true) | None) => Ok(Some(end)),
            (None, silent) => Ok(silent.map(DutyWish::DoNotDisturb)),
        }
    }

    /// The other way round: a body that says this of do-not-disturb.
    #[must_use]
    pub fn with_silence(mut self, wish: &DutyWish) -> Self {
        match wish {
            DutyWish::DoNotDisturb(silent) => self.do_not_disturb = Some(*silent),
            DutyWish::DoNotDisturbUntil(until) => self.do_not_disturb_until = Some(*until),
            DutyWish::DoNotDisturbFor(time) => {
                self.do_not_disturb_for = Some(duration::print(*time));
            }
            DutyWish::Seat(_) | DutyWish::Activity(_) | DutyWish::EndWrapUp | DutyWish::Show(_) => {
            }
        }
        self
    }
}

fn two_ends() -> Refusal {
    bad_request(
        "do_not_disturb_until과 do_not_disturb_for 가운데 하나만 적으세요".to_owned(),
        "give do_not_disturb_until or do_not_disturb_for, not both".to_owned(),
    )
}

fn off_with_an_end() -> Refusal {
    bad_request(
        "방해 금지를 끄면서 끝나는 때를 적을 수 없습니다".to_owned(),
        "do not disturb that is switched off has no end".to_owned(),
    )
}
