//! Which days are counted, on the office's calendar.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What is counted: calls that began at or after `from` and before `to`, in milliseconds since
/// 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
    /// Seconds.
    pub target: u32,
}

impl Span {
    /// The one it is compared with: by whole days of `zone` earlier, so that the same hours of the
    /// day meet, and as many that the two do not overlap (L157, L166).
    #[must_use]
    pub fn before(self, zone: &TimeZone) -> Self {
        let days = self.days(zone);
        let earlier = |millis| days_earlier(millis, days, zone);
        Self { from: earlier(self.from), to: earlier(self.to), ..self }
    }

    /// How many days of the calendar it takes at least; a day on which clocks are changed is one.
    fn days(self, zone: &TimeZone) -> i64 {
        let length = self.to.saturating_sub(self.from).max(1);
        let days = length.saturating_add(DAY - 1) / DAY;
        let fewer = days - 1;
        // A day of 25 hours is longer than 24 and one all the same.
        if fewer > 0 && days_earlier(self.to, fewer, zone) <= self.from {
            return fewer;
        }
        // One of 23 hours less than 24, and the next is begun.
        if days_earlier(self.to, days, zone) > self.from { days + 1 } else { days }
    }
}

/// In milliseconds; days on which clocks are changed are longer or shorter.
const DAY: i64 = 86_400_000;

/// The same time of the day on the calendar of `zone`.
fn days_earlier(millis: i64, days: i64, zone: &TimeZone) -> i64 {
    let plain = millis.saturating_sub(days.saturating_mul(DAY));
    Timestamp::from_millisecond(millis)
        .map(|moment| moment.to_zoned(zone.clone()))
        .and_then(|moment| moment.checked_sub(jiff::Span::new().try_days(days)?))
        .map_or(plain, |moment| moment.timestamp().as_millisecond())
}

/// The first moment of the day that `millis` lies in, on the calendar of `zone`.
#[must_use]
pub fn midnight(millis: i64, zone: &TimeZone) -> i64 {
    let day = Timestamp::from_millisecond(millis)
        .map(|moment| moment.to_zoned(zone.clone()))
        .and_then(|moment| moment.start_of_day());
    day.map_or(0, |day| day.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::figures::figures::TARGET;

    const HOUR: i64 = 3_600_000;

    fn span(from: i64, to: i64) -> Span {
        Span { from, to, target: TARGET }
    }

    fn at(text: &str, zone: &TimeZone) -> i64 {
        let wall: jiff::civil::DateTime = text.parse().unwrap();
        wall.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond()
    }

    /// L157, L166: today is compared with yesterday until now, a week with the week before.
    #[test]
    fn spans_are_compared_with_the_same_hours_of_earlier_days() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let noon = midnight(1_795_583_000_000, &seoul) + DAY / 2;
        let today = span(noon - DAY / 2, noon).before(&seoul);
        assert_eq!((today.from, today.to), (noon - DAY / 2 - DAY, noon - DAY));
        let week = span(noon - 7 * DAY, noon).before(&seoul);
        assert_eq!((week.from, week.to), (noon - 14 * DAY, noon - 7 * DAY));
        let nothing = span(noon, noon).before(&seoul);
        assert_eq!((nothing.from, nothing.to), (noon - DAY, noon - DAY));
        let endless = span(i64::MIN, i64::MAX).before(&seoul);
        assert_eq!(endless.target, TARGET, "nonsense is no fault");
    }

    /// L156: a day is the office's, of 23 or 25 hours when its clocks are changed.
    #[test]
    fn a_day_begins_at_the_offices_midnight_also_when_clocks_are_changed() {
        let (seoul, york) =
            (TimeZone::get("Asia/Seoul").unwrap(), TimeZone::get("America/New_York").unwrap());
        let moment = at("2026-11-25T08:30", &seoul);
        assert_eq!(midnight(moment, &seoul), at("2026-11-25T00:00", &seoul));
        assert_eq!(midnight(moment, &TimeZone::UTC), at("2026-11-24T00:00", &TimeZone::UTC));
        for (day, next, hours) in
            [("2026-03-08", "2026-03-09", 23), ("2026-11-01", "2026-11-02", 25)]
        {
            let begins = at(&format!("{day}T00:00"), &york);
            let ends = at(&format!("{next}T00:00"), &york);
            assert_eq!(ends - begins, hours * HOUR);
            assert_eq!(midnight(ends - 1, &york), begins, "{day}: its last moment");
            let whole = span(begins, ends).before(&york);
            assert_eq!((whole.to - whole.from, whole.to), (24 * HOUR, begins), "{day}: one day");
            let next_day = span(ends, ends + 24 * HOUR).before(&york);
            assert_eq!((next_day.from, next_day.to), (begins, ends), "after {day}");
        }
    }
}
