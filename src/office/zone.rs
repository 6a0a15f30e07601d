//! The clock of the office: on whose days its figures are counted, and its times are told.

use jiff::tz::TimeZone;

use crate::office::snapshot::Office;

impl Office {
    /// What `policies.timezone` says, else the zone that all sets of hours share (L156). None: it is
    /// the machine's, which an office does not know.
    #[must_use]
    pub fn zone(&self) -> Option<&TimeZone> {
        self.timezone.as_ref().or_else(|| self.common_zone())
    }

    /// None: there are no hours, or they are kept in several places.
    fn common_zone(&self) -> Option<&TimeZone> {
        let mut all = self.hours.values().map(|hours| &hours.timezone);
        let first = all.next();
        first.filter(|first| all.all(|zone| zone == *first))
    }
}

/// How a zone is called; a machine's own may have no name.
#[must_use]
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or_default().to_owned()
}

/// The zone of that name, if there is one.
#[must_use]
pub fn zone_named(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::change::changes::changes;
    use crate::office::document::document::parse;
    use crate::office::document::print::print;

    /// L156: what is said counts, else what all hours say.
    #[test]
    fn the_offices_clock_is_its_own_or_that_of_its_hours() {
        let zone = |text: &str| parse(text, None).unwrap().zone().map(zone_name);
        let both = "hours:\n  - {name: a, timezone: Asia/Tokyo}\n";
        assert_eq!(zone(both).as_deref(), Some("Asia/Tokyo"));
        let told = format!("{both}policies: {{timezone: America/New_York}}\n");
        assert_eq!(zone(&told).as_deref(), Some("America/New_York"));
        let office = parse(&told, None).unwrap();
        assert_eq!(parse(&print(&office, true), None).unwrap(), office);
        let changed = changes(&parse(both, None).unwrap(), &office);
        assert_eq!(changed[0].words.en, "figures, time zone: none → America/New_York");
        let parted = format!("{both}  - {{name: b, timezone: Asia/Seoul}}\n");
        assert_eq!(zone(&parted), None, "the machine's");
        assert_eq!(zone(""), None);
        let wrong = parse("policies:\n  timezone: Seoul\n", None).unwrap_err();
        assert_eq!((wrong[0].line, wrong[0].field.as_str()), (2, "policies.timezone"));
    }
}
