//! Holidays out of an iCalendar file (RFC 5545), whoever wrote it.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::office::hours::holiday::Holiday;

/// A calendar of a country's holidays is some tens of kilobytes.
pub const LONGEST: usize = 1024 * 1024;
/// Holidays of one file: more than a decade's.
const MOST: usize = 2_000;
/// How far a yearly event is written out.
const YEARS: i16 = 5;
const LONGEST_NAME: usize = 64;
/// Longer than any holiday; a longer event is a mistake.
const LONGEST_DAYS: i32 = 366;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub holidays: Vec<Holiday>,
    /// Events that are over.
    pub past: usize,
    /// Events without a readable date, called off, or too long.
    pub skipped: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACalendar {
    #[error("this is no iCalendar file: it has no BEGIN:VCALENDAR")]
    NoCalendar,
    #[error("the file is longer than 1 MB")]
    TooLong,
    #[error("the file has more than 2000 holidays")]
    TooMany,
}

/// Every event of whole days that is not over on `today`. One at a time of day counts as its day.
///
/// # Errors
/// When the text is no calendar or holds more than anybody has holidays.
pub fn holidays(text: &str, today: Date) -> Result<Imported, NotACalendar> {
    if text.len() > LONGEST {
        return Err(NotACalendar::TooLong);
    }
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with("BEGIN:VCALENDAR") {
        return Err(NotACalendar::NoCalendar);
    }
    let mut imported = Imported::default();
    let mut event: Option<Event> = None;
    // Parts of an event, such as its alarms, have properties of the same names.
    let mut depth = 0_usize;
    for line in unfolded(text) {
        let Some((name, parameters, value)) = property(&line) else { continue };
        match (name.as_str(), value.trim()) {
            ("BEGIN", "VEVENT") if event.is_none() => event = Some(Event::default()),
            ("END", "VEVENT") if depth == 0 => {
                if let Some(event) = event.take() {
                    event.take_into(&mut imported, today);
                }
                if imported.holidays.len() > MOST {
                    return Err(NotACalendar::TooMany);
                }
            }
            ("BEGIN", _) if event.is_some() => depth += 1,
            ("END", _) if event.is_some() => depth = depth.saturating_sub(1),
            (name, value) if depth == 0 => {
                if let Some(event) = &mut event {
                    event.learn(name, &parameters, value);
                }
            }
            (_, _) => {}
        }
    }
    imported.holidays.sort_by_key(|holiday| (holiday.from, holiday.to));
    imported.holidays.dedup();
    Ok(imported)
}

/// RFC 5545 3.1: a line that begins with a blank goes on with the line before it.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            (Some(_) | None, _) => lines.push(line.to_owned()),
        }
    }
    lines
}

/// Name, parameters and value; a colon between quotation marks belongs to a parameter.
fn property(line: &str) -> Option<(String, String, String)> {
    let mut is_quoted = false;
    let colon = line.find(|c| {
        is_quoted ^= c == '"';
        c == ':' && !is_quoted
    })?;
    let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some((name.to_ascii_uppercase(), parameters.to_ascii_uppercase(), value.to_owned()))
}

#[derive(Debug, Default)]
struct Event {
    start: Option<Date>,
    /// The first day after it (RFC 5545 3.6.1).
    end: Option<Date>,
    days: Option<i32>,
    name: String,
    yearly: Option<Yearly>,
    called_off: bool,
    /// Repeats in a way that is not a year's.
    repeats_otherwise: bool,
}

#[derive(Clone, Copy, Debug)]
struct Yearly {
    count: Option<i16>,
    until: Option<Date>,
}

impl Event {
    fn learn(&mut self, name: &str, parameters: &str, value: &str) {
        match name {
            "DTSTART" => self.start = date(value),
            // A time of day on the last day still belongs to that day.
            "DTEND" => {
                let timed = !parameters.contains("VALUE=DATE") && value.contains('T');
                let end = date(value);
                let after = value.get(9..15).is_some_and(|time| time != "000000");
                self.end =
                    if timed && after { end.and_then(|day| day.tomorrow().ok()) } else { end };
            }
            "DURATION" => self.days = days(value),
            "SUMMARY" => self.name = unescaped(value),
            "STATUS" => self.called_off = value.eq_ignore_ascii_case("CANCELLED"),
            "RRULE" => match yearly(value) {
                Some(yearly) => self.yearly = Some(yearly),
                None => self.repeats_otherwise = true,
            },
            _ => {}
        }
    }

    fn take_into(self, imported: &mut Imported, today: Date) {
        let Some(start) = self.start.filter(|_| !self.called_off && !self.repeats_otherwise) else {
            imported.skipped += 1;
            return;
        };
        let long = match (self.end, self.days) {
            (Some(end), _) => start.until(end).map_or(0, |span| span.get_days()) - 1,
            (None, Some(days)) => days - 1,
            (None, None) => 0,
        };
        if !(-1..LONGEST_DAYS).contains(&long) {
            imported.skipped += 1;
            return;
        }
        let long: Span = long.max(0).days();
        let Some(yearly) = self.yearly else {
            keep(imported, start, long, &self.name, today);
            return;
        };
        let last = yearly.count.map_or(i16::MAX, |count| start.year().saturating_add(count - 1));
        let first = start.year().max(today.year());
        for year in first..=last.min(today.year().saturating_add(YEARS - 1)) {
            // 29 February comes in leap years only.
            let Ok(day) = Date::new(year, start.month(), start.day()) else { continue };
            if yearly.until.is_none_or(|until| day <= until) {
                keep(imported, day, long, &self.name, today);
            }
        }
    }
}

fn keep(imported: &mut Imported, from: Date, long: Span, name: &str, today: Date) {
    match from.checked_add(long) {
        Ok(to) if to >= today => {
            let name = name.to_owned();
            imported.holidays.push(Holiday { from, to, name, open: Vec::new() });
        }
        Ok(_) => imported.past += 1,
        Err(_) => imported.skipped += 1,
    }
}

/// `20270101`, also at the head of `20270101T090000Z`.
fn date(value: &str) -> Option<Date> {
    let digits = value.get(..8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let month = i8::try_from(number(4, 6)?).ok()?;
    let day = i8::try_from(number(6, 8)?).ok()?;
    Date::new(number(0, 4)?, month, day).ok()
}

/// `P1D` or `P2W`; anything finer is one day.
fn days(value: &str) -> Option<i32> {
    let rest = value.trim_start_matches('+').strip_prefix('P')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let count: i32 = digits.parse().ok().unwrap_or(1);
    match rest.get(digits.len()..)?.chars().next()? {
        'W' => count.checked_mul(7),
        'D' => Some(count),
        _ => Some(1),
    }
}

fn yearly(rule: &str) -> Option<Yearly> {
    let mut found = Yearly { count: None, until: None };
    let mut is_yearly = false;
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        match part.split_once('=')? {
            ("FREQ", "YEARLY") => is_yearly = true,
            ("COUNT", count) => found.count = Some(count.parse().ok().filter(|count| *count > 0)?),
            ("UNTIL", until) => found.until = Some(date(until)?),
            ("INTERVAL", "1") | ("WKST" | "BYMONTH" | "BYMONTHDAY", _) => {}
            (_, _) => return None,
        }
    }
    is_yearly.then_some(found)
}

/// RFC 5545 3.3.11, as one line that a document can hold.
fn unescaped(value: &str) -> String {
    let mut name = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let c = if c == '\\' { chars.next().unwrap_or(' ') } else { c };
        name.push(if c.is_control() { ' ' } else { c });
    }
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    name.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;

    use super::*;

    fn found(events: &str) -> Imported {
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
        holidays(&text, day(2026, 11, 25)).unwrap()
    }

    fn told(imported: &Imported) -> Vec<String> {
        let one = |day: &Holiday| format!("{} {} {}", day.from, day.to, day.name);
        imported.holidays.iter().map(one).collect()
    }

    #[test]
    fn days_and_ranges_are_taken_and_the_end_is_the_day_after() {
        let imported = found(
            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270207\r\nDTEND;VALUE=DATE:20270210\r\n\
             SUMMARY:설날\\, 연\r\n 휴\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nDTSTART:x\r\nEND:VALARM\r\n\
             END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:성탄절\r\n\
             END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20270105T000000Z\r\nDURATION:P2D\r\n\
             SUMMARY:two\r\nEND:VEVENT\r\n",
        );
        assert_eq!(
            told(&imported),
            [
                "2026-12-25 2026-12-25 성탄절",
                "2027-01-05 2027-01-06 two",
                "2027-02-07 2027-02-09 설날, 연휴"
            ]
        );
    }

    #[test]
    fn what_is_over_called_off_or_unreadable_is_counted_and_left_out() {
        let event = |lines: &str| format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n");
        let events = [
            event("DTSTART;VALUE=DATE:20251225\r\n"),
            event("DTSTART;VALUE=DATE:20271225\r\nSTATUS:CANCELLED\r\n"),
            event("DTSTART;VALUE=DATE:20271340\r\n"),
            event("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20990101\r\n"),
            event("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=WEEKLY\r\n"),
            event(""),
        ];
        let imported = found(&events.concat());
        assert_eq!((imported.past, imported.skipped, imported.holidays.len()), (1, 5, 0));
    }

    #[test]
    fn a_yearly_day_is_written_out() {
        let yearly = |rule: &str| {
            let lines = format!("DTSTART;VALUE=DATE:20200229\r\n{rule}\r\nSUMMARY:leap\r\n");
            told(&found(&format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")))
        };
        assert_eq!(yearly("RRULE:FREQ=YEARLY"), ["2028-02-29 2028-02-29 leap"]);
        assert!(yearly("RRULE:FREQ=YEARLY;COUNT=3").is_empty());
        assert!(yearly("RRULE:FREQ=YEARLY;UNTIL=20270101T000000Z").is_empty());
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        let today = day(2026, 1, 1);
        assert_eq!(holidays("hello", today), Err(NotACalendar::NoCalendar));
        assert_eq!(holidays(&"x".repeat(LONGEST + 1), today), Err(NotACalendar::TooLong));
        let many: String = (0..=MOST)
            .map(|n| format!("BEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:{n}\nEND:VEVENT\n"))
            .collect();
        let many = format!("BEGIN:VCALENDAR\n{many}");
        assert_eq!(holidays(&many, today), Err(NotACalendar::TooMany));
    }

    proptest! {
        #[test]
        fn hostile_calendars_cannot_break_it(
            lines in prop::collection::vec(
                "(BEGIN:VEVENT|END:VEVENT|BEGIN:X|DTSTART[;:]|DTEND:|RRULE:|DURATION:P?|SUMMARY:)?\\PC{0,24}",
                0..40,
            )
        ) {
            let text = format!("BEGIN:VCALENDAR\n{}", lines.join("\n"));
            let found = holidays(&text, day(2026, 11, 25)).unwrap();
            prop_assert!(found.holidays.iter().all(|day| day.from <= day.to));
        }
    }
}
