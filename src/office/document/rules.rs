//! Rules of waiting and of after-call work, as a document tells them.

use crate::office::conference::ConferenceRules;
use crate::office::document::keys::{Errors, Keys};
use crate::office::duration;
use crate::office::priority::Priority;
use crate::office::wrap_up::{WrapUpLimit, WrapUpRule};
use crate::words::Words;
use crate::yaml::Part;

/// `wrap_up` of a number or a team; without it the office's rule holds.
pub(crate) fn read_own_wrap_up(keys: &Keys<'_>, errors: &mut Errors) -> Option<WrapUpRule> {
    keys.get("wrap_up").and_then(|part| read_wrap_up(part, errors))
}

/// S16: whether there is after-call work, and its limit.
pub(crate) fn read_wrap_up(part: &Part<'_>, errors: &mut Errors) -> Option<WrapUpRule> {
    let keys = part.keys(&["enabled", "limit"], errors)?;
    let is_enabled = match keys.get("enabled") {
        Some(part) => part.truth(errors)?,
        None => true,
    };
    let expected = Words::new(
        "후처리 제한 시간은 10s에서 60m 사이이거나, 제한이 없으면 none입니다",
        "a wrap-up limit is from 10s to 60m, or none",
    );
    let limit = match keys.get("limit") {
        Some(part) => part.parsed(&expected, errors, |text| match text {
            "none" => Ok(None),
            text => duration::parse(text)
                .map_err(|_| ())
                .and_then(|limit| WrapUpLimit::new(limit).map_err(|_| ()))
                .map(Some),
        })?,
        None => Some(WrapUpLimit::default()),
    };
    Some(if is_enabled { WrapUpRule::On { limit } } else { WrapUpRule::Off })
}

/// How more than two talk on one call.
pub(crate) fn read_conference(part: &Part<'_>, errors: &mut Errors) -> ConferenceRules {
    let mut rules = ConferenceRules::default();
    let keys = part.keys(&["tones"], errors);
    if let Some(tones) = keys.and_then(|keys| keys.get("tones")?.truth(errors)) {
        rules.tones = tones;
    }
    rules
}

pub(crate) fn read_priority(keys: &Keys<'_>, errors: &mut Errors) -> Priority {
    let expected = Words::new(
        "priority는 high, medium, low 가운데 하나입니다",
        "a priority is high, medium or low",
    );
    let all = [Priority::High, Priority::Medium, Priority::Low];
    let read = |text: &str| all.into_iter().find(|priority| priority.word() == text).ok_or(());
    let read = keys.get("priority").and_then(|part| part.parsed(&expected, errors, read));
    read.unwrap_or_default()
}
