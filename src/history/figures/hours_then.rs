//! When a set of hours was open: its definitions one after the other, and the hands on its switch.

use jiff::Timestamp;

use crate::history::figures::moments::Moments;
use crate::history::hours_switch::HoursSwitch;
use crate::office::hours::hours::Hours;

/// All that is known of a set (C9).
#[derive(Clone, Debug, Default)]
pub struct HoursThen {
    /// From when on it was what, in the order of time; none: there was no such set.
    pub versions: Vec<(i64, Option<Hours>)>,
    /// Every hand, in the order of time (L146).
    pub switches: Vec<HoursSwitch>,
}

impl HoursThen {
    /// Where there was no set, nothing was closed.
    #[must_use]
    pub fn open(&self, span: (i64, i64)) -> Moments {
        Moments::new(self.pieces(span).into_iter().flat_map(|piece| self.open_in(piece)))
    }

    /// Between two of these moments neither definition nor hand changes.
    fn pieces(&self, (from, to): (i64, i64)) -> Vec<(i64, i64)> {
        let defined = self.versions.iter().map(|(since, _)| *since);
        let switched = self.switches.iter().flat_map(|hand| [Some(hand.at), hand.until]).flatten();
        let mut cuts: Vec<i64> = defined
            .chain(switched)
            .filter(|at| (from..to).contains(at))
            .chain([from, to])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.iter().copied().zip(cuts.iter().skip(1).copied()).collect()
    }

    fn open_in(&self, piece: (i64, i64)) -> Vec<(i64, i64)> {
        let at = piece.0;
        let defined = self.versions.iter().rev().find(|(since, _)| *since <= at);
        let Some(hours) = defined.and_then(|(_, hours)| hours.as_ref()) else { return vec![piece] };
        let hand = self.switches.iter().rev().find(|hand| hand.at <= at);
        let hand = hand.filter(|hand| hand.until.is_none_or(|until| at < until));
        match hand.and_then(|hand| hand.open) {
            Some(true) => vec![piece],
            Some(false) => Vec::new(),
            None => scheduled(hours, piece),
        }
    }
}

/// When the schedule alone is open.
#[must_use]
pub fn scheduled(hours: &Hours, (from, to): (i64, i64)) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let opening = Timestamp::from_millisecond(at).map(|moment| hours.scheduled(moment));
        let (is_open, until) = match opening {
            Ok(opening) => (opening.is_open, opening.until),
            // No calendar reaches there.
            Err(_) => (true, None),
        };
        let until = until.map(Timestamp::as_millisecond).filter(|until| *until > at);
        let end = until.unwrap_or(to).min(to);
        if is_open {
            found.push((at, end));
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::office::hours::day_range::DayRange;
    use crate::office::hours::hours::HoursName;
    use crate::office::hours::week::Week;

    const HOUR: i64 = 3_600_000;
    /// 2026-11-23, a Monday, at midnight UTC.
    const MONDAY: i64 = 1_795_392_000_000;

    fn hours(range: &str) -> Hours {
        let range = DayRange::parse(range).unwrap();
        Hours {
            name: HoursName("office".to_owned()),
            timezone: TimeZone::UTC,
            week: Some(Week::new(std::array::from_fn(|_| vec![range]))),
            holidays: Vec::new(),
            public_holidays: None,
        }
    }

    fn hand(open: Option<bool>, at: i64, until: Option<i64>) -> HoursSwitch {
        let (hours, who) = (HoursName("office".to_owned()), "admin".to_owned());
        HoursSwitch { hours, open, at, until, who }
    }

    /// C9, L146, L175: what stood at that time counts, a hand before the schedule.
    #[test]
    fn each_day_has_the_hours_that_stood_on_it() {
        let day = |day: i64, hour: i64| MONDAY + day * 24 * HOUR + hour * HOUR;
        let then = HoursThen {
            versions: vec![
                (day(1, 0), Some(hours("09:00-18:00"))),
                (day(2, 12), Some(hours("13:00-15:00"))),
                (day(5, 0), None),
            ],
            switches: vec![
                hand(Some(false), day(1, 10), Some(day(1, 18))),
                hand(None, day(1, 11), None),
                hand(Some(true), day(3, 20), Some(day(3, 21))),
            ],
        };
        let open = then.open((MONDAY, day(6, 0)));
        let expected = Moments::new([
            (MONDAY, day(1, 0)),
            (day(1, 9), day(1, 10)),
            (day(1, 11), day(1, 18)),
            (day(2, 9), day(2, 12)),
            (day(2, 13), day(2, 15)),
            (day(3, 13), day(3, 15)),
            (day(3, 20), day(3, 21)),
            (day(4, 13), day(4, 15)),
            (day(5, 0), day(6, 0)),
        ]);
        assert_eq!(open, expected);
        assert_eq!(then.open((day(0, 3), day(0, 3))), Moments::new([]));
        let beyond = then.open((i64::MAX - 1, i64::MAX));
        assert!(beyond.hold(i64::MAX - 1), "no calendar reaches there");
    }
}
