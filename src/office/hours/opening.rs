//! Whether a set of hours is open at a moment, why, and until when.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::Hours;
use crate::office::hours::week::Week;

/// How far ahead the next change is looked for: a year and its holidays.
const HORIZON: usize = 400;

/// What decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// There is no schedule (L145).
    Always,
    /// The ranges of the weekday; when a range of the day before still goes on, that one.
    Week(Vec<DayRange>),
    /// One of the office's own days, and its hours.
    Holiday(String, Vec<DayRange>),
    /// A public holiday, by its names in Korean and English.
    PublicHoliday(String, String),
    /// Somebody has switched it by hand (L146).
    Switched,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub is_open: bool,
    pub rule: Rule,
    /// When it is the other way round; `None`: not within a year.
    pub until: Option<Timestamp>,
}

/// One date and its hours, on the clock of the place where they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub rule: Rule,
    /// Open minutes, 0 to 1440, in their order; true: a range of the day before goes on.
    pub open: Vec<(u16, u16, bool)>,
}

impl Hours {
    /// What the schedule says of a date, as a calendar shows it.
    #[must_use]
    pub fn day(&self, day: Date) -> Day {
        const MIDNIGHT: u16 = 24 * 60;
        if self.week.is_none() {
            return Day { rule: Rule::Always, open: vec![(0, MIDNIGHT, false)] };
        }
        let (rule, ranges) = self.rule(day);
        // A holiday owns its date: a night that leads into it ends at midnight.
        let before = day.yesterday().ok().filter(|_| !self.is_holiday(day));
        let before = before.map(|day| self.rule(day).1).unwrap_or_default();
        let carried = before.into_iter().filter(|range| range.ends_tomorrow() && range.to() > 0);
        let carried = carried.map(|range| (0, range.to(), true));
        let own = ranges.iter().map(|range| {
            (range.from(), if range.ends_tomorrow() { MIDNIGHT } else { range.to() }, false)
        });
        Day { rule, open: carried.chain(own).collect() }
    }

    /// What the schedule says, whatever has been switched by hand.
    #[must_use]
    pub fn scheduled(&self, now: Timestamp) -> Opening {
        if self.week.is_none() {
            return Opening { is_open: true, rule: Rule::Always, until: None };
        }
        let today = self.timezone.to_datetime(now).date();
        let goes_on =
            |day: Date| self.spans(day).into_iter().find(|(span, _)| span.0 <= now && now < span.1);
        let yesterday = today.yesterday().ok().and_then(goes_on);
        match yesterday.or_else(|| goes_on(today)) {
            Some((span, range)) => {
                let rule = match yesterday {
                    Some(_) => Rule::Week(vec![range]),
                    None => self.rule(today).0,
                };
                Opening { is_open: true, rule, until: self.closes(span.1, today) }
            }
            None => {
                Opening { is_open: false, rule: self.rule(today).0, until: self.opens(now, today) }
            }
        }
    }

    /// When the schedule next turns to that state by itself (L146).
    #[must_use]
    pub fn next_time(&self, open: bool, now: Timestamp) -> Option<Timestamp> {
        let scheduled = self.scheduled(now);
        if scheduled.is_open != open {
            return scheduled.until;
        }
        self.scheduled(scheduled.until?).until
    }

    /// The rule of a day, and its ranges.
    fn rule(&self, day: Date) -> (Rule, Vec<DayRange>) {
        if let Some(holiday) = self.holidays.iter().find(|holiday| holiday.contains(day)) {
            let rule = Rule::Holiday(holiday.name.clone(), holiday.open.clone());
            return (rule, holiday.open.clone());
        }
        if let Some(name) = self.public_holidays.and_then(|country| country.holiday(day)) {
            return (Rule::PublicHoliday(name.ko.clone(), name.en.clone()), Vec::new());
        }
        let ranges = self.week.as_ref().map(|week| week.on(day.weekday()).to_vec());
        let ranges = ranges.unwrap_or_default();
        (Rule::Week(ranges.clone()), ranges)
    }

    fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holiday| holiday.contains(day))
            || self.public_holidays.is_some_and(|country| country.holiday(day).is_some())
    }

    /// When the ranges that begin on a day are open. A holiday owns its date from midnight to
    /// midnight: a night that leads into one ends there (L145, L147).
    fn spans(&self, day: Date) -> Vec<((Timestamp, Timestamp), DayRange)> {
        let tomorrow = day.tomorrow().ok();
        let cut = tomorrow.is_some_and(|day| self.is_holiday(day));
        let span = |range: &DayRange| {
            let from = instant(&self.timezone, day, range.from())?;
            let to = if !range.ends_tomorrow() {
                instant(&self.timezone, day, range.to())?
            } else if cut {
                instant(&self.timezone, tomorrow?, 0)?
            } else {
                instant(&self.timezone, tomorrow?, range.to())?
            };
            (from < to).then_some(((from, to), *range))
        };
        self.rule(day).1.iter().filter_map(span).collect()
    }

    /// The end of what is open until `end` at least, and goes on without a gap.
    fn closes(&self, mut end: Timestamp, today: Date) -> Option<Timestamp> {
        let mut day = today.yesterday().ok()?;
        for _ in 0..HORIZON {
            for ((from, to), _) in self.spans(day) {
                if from <= end && to > end {
                    end = to;
                } else if from > end {
                    return Some(end);
                }
            }
            // Nothing of a later day begins before its midnight.
            if instant(&self.timezone, day.tomorrow().ok()?, 0)? > end {
                return Some(end);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn opens(&self, now: Timestamp, today: Date) -> Option<Timestamp> {
        let never = self.week.as_ref().is_none_or(Week::is_empty)
            && self.holidays.iter().all(|holiday| holiday.open.is_empty());
        if never {
            return None;
        }
        let mut day = today;
        for _ in 0..HORIZON {
            let begins = self.spans(day).into_iter().map(|((from, _), _)| from);
            if let Some(from) = begins.filter(|from| *from > now).min() {
                return Some(from);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}

/// When a clock on the wall shows that time. A time that summer time skips is when the clock jumps
/// over it; of one that comes twice, the first.
fn instant(timezone: &TimeZone, day: Date, minutes: u16) -> Option<Timestamp> {
    let (day, minutes) =
        if minutes >= 24 * 60 { (day.tomorrow().ok()?, 0) } else { (day, minutes) };
    let hour = i8::try_from(minutes / 60).ok()?;
    let minute = i8::try_from(minutes % 60).ok()?;
    let clock: DateTime = day.at(hour, minute, 0, 0);
    let zoned = timezone.to_ambiguous_timestamp(clock);
    if !zoned.is_ambiguous() {
        return zoned.compatible().ok();
    }
    let early = zoned.earlier().ok()?;
    if timezone.to_datetime(early) == clock {
        return Some(early);
    }
    timezone.following(early).next().map(|transition| transition.timestamp())
}
