//! What several parts of the document have in common.

use jiff::tz::TimeZone;

use crate::office::document::keys::{Errors, Keys};
use crate::office::srtp::SrtpPolicy;
use crate::words::Words;
use crate::yaml::Part;

/// Names of people, teams and trunks: 1 to 64 characters, no control characters.
pub(crate) fn read_name(part: &Part<'_>, errors: &mut Errors) -> Option<String> {
    let expected = Words::new(
        "이름은 제어 문자 없이 1~64자로 적습니다",
        "a name has 1 to 64 characters, none of them a control character",
    );
    part.parsed(&expected, errors, |text| {
        let fits = (1..=64).contains(&text.chars().count())
            && !text.chars().any(char::is_control)
            && text.trim() == text;
        if fits { Ok(text.to_owned()) } else { Err(()) }
    })
}

/// Whether sound is encrypted, under `srtp`.
pub(crate) fn read_srtp(
    keys: &Keys<'_>,
    unless_said: SrtpPolicy,
    errors: &mut Errors,
) -> SrtpPolicy {
    let Some(part) = keys.get("srtp") else { return unless_said };
    let expected =
        Words::new("off, optional 또는 required로 적습니다", "write off, optional or required");
    let read = part.parsed(&expected, errors, |text| {
        SrtpPolicy::ALL.into_iter().find(|policy| policy.name() == text).ok_or(())
    });
    read.unwrap_or(unless_said)
}

/// By the name that the tz database has for it.
pub(crate) fn read_zone(part: &Part<'_>, errors: &mut Errors) -> Option<TimeZone> {
    let expected =
        Words::new("Asia/Seoul 같은 시간대 이름입니다", "a time zone is named Asia/Seoul");
    part.parsed(&expected, errors, TimeZone::get)
}

/// Something of which the office may have one only is there twice.
pub(crate) fn twice(what: &str) -> Words {
    Words::new(
        format!("'{what}' 값이 두 번 나옵니다. 사무실 전체에서 하나뿐이어야 합니다"),
        format!("'{what}' is used twice; it must be unique in the office"),
    )
}
