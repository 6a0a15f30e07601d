//! What the fixed office's daemon answers to the screens that set it up.

use jiff::Timestamp;
use naru::api::hours_schema::HoursState;
use naru::console::report::Report;
use naru::console::setup::{SetupReport, SetupRequest};
use naru::engine::opening::told;
use naru::history::hours_switch::HoursSwitch;
use naru::office::hours::{Hours, HoursName};
use naru::office::snapshot::Office;
use naru::time::from_unix_millis;
use naru::words::Words;

use crate::world::NOW;

#[derive(Debug, Default)]
pub(crate) struct Setup {
    /// Switched by hand.
    switched: Option<(String, bool)>,
}

impl Setup {
    pub(crate) fn answer(&mut self, office: &Office, request: SetupRequest) -> Vec<Report> {
        match request {
            SetupRequest::Switch { hours, open } => {
                let words = Words::new(format!("{hours} 바꿈"), format!("{hours} switched"));
                self.switched = open.map(|open| (hours, open));
                vec![self.hours(office), Report::Done(words)]
            }
        }
    }

    /// As the office's own code reads them at the fixed moment.
    pub(crate) fn hours(&self, office: &Office) -> Report {
        let states = office.hours.values().map(|hours| self.state(office, hours));
        Report::Setup(SetupReport::Hours(states.collect()))
    }

    fn state(&self, office: &Office, hours: &Hours) -> HoursState {
        let now = Timestamp::from_millisecond(NOW).unwrap();
        let scheduled = hours.scheduled(now);
        let until = scheduled.until.map(Timestamp::as_millisecond);
        let by_hand = self.switched.as_ref().filter(|(name, _)| *name == hours.name.0);
        let switched = by_hand.map(|(name, open)| HoursSwitch {
            hours: HoursName(name.clone()),
            open: Some(*open),
            at: NOW,
            until,
            who: "admin".to_owned(),
        });
        let open = by_hand.map_or(scheduled.is_open, |(_, open)| *open);
        let words = told(hours, None, scheduled, from_unix_millis(NOW));
        let follows = |own: &Option<HoursName>| own.as_ref() == Some(&hours.name);
        let numbers = office.numbers.values().filter(|number| follows(&number.hours));
        let teams = office.teams.values().filter(|team| follows(&team.hours));
        let numbers = numbers.map(|number| number.number.to_string());
        HoursState {
            name: hours.name.to_string(),
            timezone: hours.timezone.iana_name().unwrap_or_default().to_owned(),
            open,
            why: Words::new(words.korean(), words.english()),
            until,
            switched,
            today: words.at.date().to_string(),
            used_by: numbers.chain(teams.map(|team| team.name.to_string())).collect(),
        }
    }
}
