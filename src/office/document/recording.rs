//! Which calls are recorded and how recordings are kept, as a document tells it.

use std::time::Duration;

use crate::office::call_recording::{Format, RecordingRules};
use crate::office::document::field::read_name;
use crate::office::document::keys::Errors;
use crate::office::duration;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::words::Words;
use crate::yaml::Part;

const RULE_KEYS: [&str; 4] = ["format", "keep", "free_disk", "limit"];
/// A recording that may be longer fills the disk with a forgotten call.
const LONGEST: Duration = Duration::from_secs(12 * 3_600);

/// The `recording` keys of numbers, whose other keys have been read.
pub(crate) fn read_recorded_numbers(
    numbers: &[Part<'_>],
    office: &mut Office,
    errors: &mut Errors,
) {
    // Which number it is has been read, and its mistakes noted, once already.
    let unsaid = &mut Errors::new();
    for item in numbers {
        let Some(part) = item.under("recording") else { continue };
        let expected = Words::new("on 또는 off로 적습니다", "write on or off");
        let recorded = part.parsed(&expected, errors, |text| match text {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(()),
        });
        let name = item.under("number").and_then(|part| read_name(&part, unsaid));
        let home = &office.dial_out.home;
        let number = name.and_then(|name| PhoneNumber::normalise(&name, home).ok());
        if let (Some(true), Some(number)) = (recorded, number) {
            office.recording.numbers.insert(number);
        }
    }
}

/// `policies.recording`.
pub(crate) fn read_recording_rules(part: &Part<'_>, errors: &mut Errors) -> RecordingRules {
    let mut rules = RecordingRules::default();
    let Some(keys) = part.keys(&RULE_KEYS, errors) else { return rules };
    if let Some(part) = keys.get("format") {
        let expected = Words::new("opus 또는 wav로 적습니다", "write opus or wav");
        let format = part.parsed(&expected, errors, |text| Format::of_extension(text).ok_or(()));
        rules.format = format.unwrap_or_default();
    }
    if let Some(part) = keys.get("keep") {
        let expected = Words::new(
            "90d처럼 하루 이상의 기간, 또는 forever로 적습니다",
            "write a day or more such as 90d, or forever",
        );
        let keep = part.parsed(&expected, errors, |text| match duration::parse(text) {
            _ if text == "forever" => Ok(None),
            Ok(keep) if keep >= Duration::from_secs(24 * 3_600) => Ok(Some(keep)),
            Ok(_) | Err(_) => Err(()),
        });
        rules.keep = keep.unwrap_or(rules.keep);
    }
    if let Some(part) = keys.get("free_disk") {
        let expected = Words::new(
            "녹음이 남겨 두는 디스크 공간을 500MB 또는 2GB처럼 적습니다",
            "write the disk space that recordings leave free, such as 500MB or 2GB",
        );
        let free = part.parsed(&expected, errors, |text| parse_megabytes(text).ok_or(()));
        rules.free_disk = free.unwrap_or(rules.free_disk);
    }
    if let Some(part) = keys.get("limit") {
        let expected = Words::new(
            "녹음 한 건의 길이는 1m~12h로 적습니다",
            "write the longest recording, from 1m to 12h",
        );
        let limit = part.parsed(&expected, errors, |text| match duration::parse(text) {
            Ok(limit) if (Duration::from_secs(60)..=LONGEST).contains(&limit) => Ok(limit),
            Ok(_) | Err(_) => Err(()),
        });
        rules.limit = limit.unwrap_or(rules.limit);
    }
    rules
}

fn parse_megabytes(text: &str) -> Option<u64> {
    let (digits, unit) = match (text.strip_suffix("MB"), text.strip_suffix("GB")) {
        (Some(digits), _) => (digits, 1),
        (None, Some(digits)) => (digits, 1_000),
        (None, None) => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|megabytes| *megabytes <= 1_000_000_000)
}

/// The inverse of what is read.
pub(crate) fn print_megabytes(megabytes: u64) -> String {
    if megabytes > 0 && megabytes.is_multiple_of(1_000) {
        format!("{}GB", megabytes / 1_000)
    } else {
        format!("{megabytes}MB")
    }
}
