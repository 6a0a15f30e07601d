//! The public holidays of a country, shipped as data.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::office::hours::holiday::parse_date;
use crate::words::Words;

/// A country whose public holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Country {
    /// Korea.
    #[serde(rename = "KR")]
    Kr,
    /// Japan.
    #[serde(rename = "JP")]
    Jp,
}

static KOREA: LazyLock<BTreeMap<Date, Words>> =
    LazyLock::new(|| read(include_str!("../../../assets/holidays/KR.csv")));

static JAPAN: LazyLock<BTreeMap<Date, Words>> =
    LazyLock::new(|| read(include_str!("../../../assets/holidays/JP.csv")));

impl Country {
    pub const ALL: [Self; 2] = [Self::Kr, Self::Jp];

    /// ISO 3166-1, as documents name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kr => "KR",
            Self::Jp => "JP",
        }
    }

    /// The holiday on `day`. Years that the data does not reach have none.
    #[must_use]
    pub fn holiday(self, day: Date) -> Option<&'static Words> {
        self.days().get(&day)
    }

    /// The last day that the data speaks of.
    #[must_use]
    pub fn known_until(self) -> Option<Date> {
        self.days().last_key_value().map(|(last, _)| last.last_of_year())
    }

    fn days(self) -> &'static BTreeMap<Date, Words> {
        match self {
            Self::Kr => &KOREA,
            Self::Jp => &JAPAN,
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

fn read(text: &str) -> BTreeMap<Date, Words> {
    let line = |line: &str| {
        let (date, names) = line.split_once(',')?;
        let (ko, en) = names.split_once(',')?;
        Some((parse_date(date)?, Words::new(ko, en)))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::{Weekday, date};

    use super::*;

    /// When the lunar days fall, as the calendar of the Korea Astronomy and Space Science Institute
    /// has it: New Year, Buddha's birthday, Chuseok.
    const LUNAR: [(Date, Date, Date); 5] = [
        (date(2026, 2, 17), date(2026, 5, 24), date(2026, 9, 25)),
        (date(2027, 2, 7), date(2027, 5, 13), date(2027, 9, 15)),
        (date(2028, 1, 27), date(2028, 5, 2), date(2028, 10, 3)),
        (date(2029, 2, 13), date(2029, 5, 20), date(2029, 9, 22)),
        (date(2030, 2, 3), date(2030, 5, 9), date(2030, 9, 12)),
    ];
    const ELECTIONS: [Date; 4] =
        [date(2026, 6, 3), date(2028, 4, 12), date(2030, 3, 27), date(2030, 6, 12)];

    fn around(day: Date) -> [Date; 3] {
        [day.yesterday().unwrap(), day, day.tomorrow().unwrap()]
    }

    /// The days of a year by the law: those that no rule moves, and those that get a substitute
    /// when they meet a Sunday, another holiday or, but for the two feasts, a Saturday.
    fn by_the_rules(new_year: Date, buddha: Date, chuseok: Date) -> Vec<Date> {
        let year = new_year.year();
        let feasts = [around(new_year), around(chuseok)].concat();
        let moving: Vec<Date> =
            [(3, 1), (5, 1), (5, 5), (7, 17), (8, 15), (10, 3), (10, 9), (12, 25)]
                .map(|(month, day)| date(year, month, day))
                .into_iter()
                .chain([buddha])
                .collect();
        let mut days = vec![date(year, 1, 1), date(year, 6, 6)];
        days.extend(ELECTIONS.into_iter().filter(|day| day.year() == year));
        days.extend(feasts.iter().chain(&moving));
        let named = days.clone();
        let meets = |day: Date| named.iter().filter(|other| **other == day).count() > 1;
        let mut substitute = |last: Date| {
            let mut free = last.tomorrow().unwrap();
            while days.contains(&free)
                || matches!(free.weekday(), Weekday::Saturday | Weekday::Sunday)
            {
                free = free.checked_add(1.day()).unwrap();
            }
            days.push(free);
        };
        for feast in [around(new_year), around(chuseok)] {
            if feast.iter().any(|day| day.weekday() == Weekday::Sunday || meets(*day)) {
                substitute(feast[2]);
            }
        }
        for day in moving {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            // What meets a feast has moved it already.
            if weekend && !feasts.contains(&day) {
                substitute(day);
            }
        }
        days.sort();
        days.dedup();
        days
    }

    #[test]
    fn the_shipped_days_are_those_of_the_law() {
        let mut expected = Vec::new();
        for (new_year, buddha, chuseok) in LUNAR {
            expected.extend(by_the_rules(new_year, buddha, chuseok));
        }
        assert_eq!(KOREA.keys().copied().collect::<Vec<_>>(), expected);
        for (new_year, buddha, chuseok) in LUNAR {
            assert_eq!(Country::Kr.holiday(new_year).unwrap().ko, "설날");
            assert_eq!(Country::Kr.holiday(buddha).unwrap().ko, "부처님오신날");
            assert!(Country::Kr.holiday(chuseok).unwrap().ko.starts_with("추석"));
        }
        assert_eq!(Country::Kr.known_until(), Some(date(2030, 12, 31)));
    }

    #[test]
    fn every_line_is_read() {
        let korea = include_str!("../../../assets/holidays/KR.csv").lines();
        let japan = include_str!("../../../assets/holidays/JP.csv").lines();
        assert_eq!(korea.filter(|line| !line.starts_with('#')).count(), KOREA.len());
        assert_eq!(japan.filter(|line| !line.starts_with('#')).count(), JAPAN.len());
        for country in Country::ALL {
            assert_eq!(country.holiday(date(2031, 1, 1)), None);
            assert_eq!(country.known_until(), Some(date(2030, 12, 31)));
        }
    }

    /// The Monday of that week of the month.
    fn monday(year: i16, month: i8, week: i8) -> Date {
        date(year, month, 1).nth_weekday_of_month(week, Weekday::Monday).unwrap()
    }

    /// Article 2 of the Japanese law; the equinoxes are those of the almanac.
    fn named_in_japan(year: i16, spring: i8, autumn: i8) -> Vec<Date> {
        let fixed = [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3)];
        let fixed = fixed.into_iter().chain([(11, 23), (3, spring), (9, autumn)]);
        let mondays = [(1, 2), (7, 3), (9, 3), (10, 2)];
        fixed
            .map(|(month, day)| date(year, month, day))
            .chain(mondays.into_iter().map(|(month, week)| monday(year, month, week)))
            .collect()
    }

    /// Article 3: the day that is free after this one because it is a Sunday, or one between two.
    fn follows(day: Date, named: &[Date]) -> Option<Date> {
        let next = day.tomorrow().unwrap();
        if day.weekday() != Weekday::Sunday {
            return named.contains(&next.tomorrow().unwrap()).then_some(next);
        }
        next.series(1.day()).find(|day| !named.contains(day))
    }

    #[test]
    fn the_days_of_japan_are_those_of_its_law() {
        let mut expected = Vec::new();
        for (year, spring, autumn) in
            [(2026, 20, 23), (2027, 21, 23), (2028, 20, 22), (2029, 20, 23), (2030, 20, 23)]
        {
            let named = named_in_japan(year, spring, autumn);
            expected.extend(named.iter().filter_map(|day| follows(*day, &named)));
            expected.extend(named);
        }
        expected.sort();
        expected.dedup();
        assert_eq!(JAPAN.keys().copied().collect::<Vec<_>>(), expected);
        let between = Country::Jp.holiday(date(2026, 9, 22)).unwrap();
        assert_eq!(between.en, "Citizens' holiday");
    }
}
