//! Operating hours, as a document tells them.

use jiff::tz::TimeZone;

use crate::office::document::field::{read_name, read_zone, twice};
use crate::office::document::keys::{Errors, Keys};
use crate::office::hours::day_range::DayRange;
use crate::office::hours::holiday::{Holiday, parse_date};
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::hours::public_holidays::Country;
use crate::office::hours::week::Week;
use crate::office::snapshot::Office;
use crate::words::Words;
use crate::yaml::Part;

const HOURS_KEYS: [&str; 5] = ["name", "timezone", "week", "holidays", "public_holidays"];
const HOLIDAY_KEYS: [&str; 5] = ["date", "from", "to", "name", "open"];
/// L144: one by default and 30 more.
pub const MOST_SETS: usize = 31;
/// Where an office is unless it says otherwise.
const HOME: &str = "Asia/Seoul";

pub(crate) fn read_hours(items: &[Part<'_>], office: &mut Office, errors: &mut Errors) {
    for item in items {
        let Some(hours) = read_set(item, errors) else { continue };
        if office.hours.contains_key(&hours.name) {
            item.refuse(twice(&hours.name.0), errors);
        } else if office.hours.len() >= MOST_SETS {
            item.refuse(too_many_sets(), errors);
        } else {
            office.hours.insert(hours.name.clone(), hours);
        }
    }
}

fn too_many_sets() -> Words {
    Words::new(
        format!("운영시간은 기본 1개와 추가 30개, 모두 {MOST_SETS}개까지입니다"),
        format!("an office has at most {MOST_SETS} sets of hours: one and 30 more"),
    )
}

/// The hours that a number or team names; they must be in the office.
pub(crate) fn read_hours_name(
    keys: &Keys<'_>,
    key: &str,
    office: &Office,
    errors: &mut Errors,
) -> Option<HoursName> {
    let part = keys.get(key)?;
    let name = HoursName(read_name(part, errors)?);
    if !office.hours.contains_key(&name) {
        let message = Words::new(
            format!("'{name}' 운영시간이 hours에 없습니다"),
            format!("there are no hours '{name}' under hours"),
        );
        part.refuse(message, errors);
    }
    Some(name)
}

fn read_set(item: &Part<'_>, errors: &mut Errors) -> Option<Hours> {
    let keys = item.keys(&HOURS_KEYS, errors)?;
    let name = keys.need("name", errors).and_then(|part| read_name(part, errors)).map(HoursName);
    let timezone = match keys.get("timezone") {
        Some(part) => read_zone(part, errors),
        None => TimeZone::get(HOME).ok(),
    };
    let week = keys.get("week").map(|part| read_week(part, errors));
    let mut holidays: Vec<Holiday> = Vec::new();
    for part in keys.items("holidays", errors) {
        holidays.extend(read_holiday(&part, errors));
    }
    holidays.sort_by_key(|holiday| (holiday.from, holiday.to));
    let public_holidays =
        keys.get("public_holidays").and_then(|part| read_public_holidays(part, errors));
    // L147: holidays are exceptions of a schedule.
    if week.is_none()
        && let Some(part) = keys.get("holidays").or_else(|| keys.get("public_holidays"))
        && (public_holidays.is_some() || !holidays.is_empty())
    {
        let message = Words::new(
            "휴일을 쓰려면 week(요일별 운영시간)가 있어야 합니다. week가 없으면 항상 운영 중입니다",
            "holidays need a week; without one the hours are always open",
        );
        part.refuse(message, errors);
    }
    Some(Hours { name: name?, timezone: timezone?, week, holidays, public_holidays })
}

fn read_week(part: &Part<'_>, errors: &mut Errors) -> Week {
    let mut days: [Vec<DayRange>; 7] = Default::default();
    let Some(keys) = part.keys(&Week::DAYS, errors) else { return Week::default() };
    for (name, ranges) in Week::DAYS.into_iter().zip(&mut days) {
        if let Some(part) = keys.get(name) {
            *ranges = read_ranges(part, errors);
        }
    }
    Week::new(days)
}

/// Several ranges of one day (L145), none of which share a minute.
fn read_ranges(part: &Part<'_>, errors: &mut Errors) -> Vec<DayRange> {
    let expected = Words::new(
        "시간은 \"09:00-18:00\"처럼 적습니다. \"22:00-06:00\"은 다음 날 아침까지이고, 자정은 24:00입니다",
        "write hours like \"09:00-18:00\"; \"22:00-06:00\" ends the next morning, midnight is 24:00",
    );
    let mut ranges: Vec<DayRange> = Vec::new();
    for item in part.items(errors) {
        let Some(range) = item.parsed(&expected, errors, DayRange::parse) else { continue };
        if let Some(other) = ranges.iter().find(|other| other.overlaps(range)) {
            let message = Words::new(
                format!("{range}이(가) 같은 날의 {other}과(와) 겹칩니다"),
                format!("{range} overlaps {other} of the same day"),
            );
            item.refuse(message, errors);
        }
        ranges.push(range);
    }
    ranges.sort();
    ranges
}

fn read_holiday(item: &Part<'_>, errors: &mut Errors) -> Option<Holiday> {
    let keys = item.keys(&HOLIDAY_KEYS, errors)?;
    let expected = Words::new("날짜는 2027-01-01처럼 적습니다", "write a date like 2027-01-01");
    let mut date = |key: &str| {
        keys.get(key).map(|part| part.parsed(&expected, errors, |text| parse_date(text).ok_or(())))
    };
    let (day, from, to) = (date("date"), date("from"), date("to"));
    let open = keys.get("open").map(|part| read_ranges(part, errors)).unwrap_or_default();
    let name = keys.get("name").map(|part| read_name(part, errors));
    let (from, to) = match (day, from, to) {
        (Some(day), None, None) => (day?, day?),
        (None, Some(from), Some(to)) => (from?, to?),
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            let message = Words::new(
                "휴일은 date: 2027-01-01 하루로, 또는 from과 to로 적습니다",
                "a holiday has a date, or a from and a to",
            );
            item.refuse(message, errors);
            return None;
        }
    };
    if to < from {
        let message =
            Words::new("휴일의 끝이 시작보다 앞섭니다", "the holiday ends before it begins");
        item.refuse(message, errors);
        return None;
    }
    Some(Holiday { from, to, name: name.unwrap_or_else(|| Some(String::new()))?, open })
}

fn read_public_holidays(part: &Part<'_>, errors: &mut Errors) -> Option<Country> {
    let expected = Words::new(
        "KR(대한민국 공휴일), JP(일본 공휴일) 또는 off로 적습니다",
        "write KR or JP for the public holidays of Korea or Japan, or off",
    );
    part.parsed(&expected, errors, |text| match text {
        "off" => Ok(None),
        _ => {
            let known = Country::ALL.into_iter().find(|country| country.code() == text);
            known.map(Some).ok_or(())
        }
    })?
}
