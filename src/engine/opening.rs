//! Whether hours are open now: the hand that has switched them, else their schedule.

use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::history::hours_switch::HoursSwitch;
use crate::history::trail::hours::HoursLookedAt;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::hours::opening::{Opening, Rule};
use crate::office::number::Number;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::team::TeamName;
use crate::time::unix_millis;

/// What was switched by hand. One that is over lies here until the next; it decides nothing.
#[derive(Clone, Debug, Default)]
pub struct Switches(BTreeMap<HoursName, HoursSwitch>);

impl Switches {
    pub(crate) fn remember(&mut self, switches: Vec<HoursSwitch>) {
        self.0 = switches.into_iter().map(|switch| (switch.hours.clone(), switch)).collect();
    }

    /// L146: holds until the schedule next turns to the other state by itself.
    pub(crate) fn switch(
        &mut self,
        hours: &Hours,
        open: Option<bool>,
        who: &str,
        now: SystemTime,
    ) -> HoursSwitch {
        let until = open.zip(timestamp(now)).and_then(|(open, now)| hours.next_time(!open, now));
        let switch = HoursSwitch {
            hours: hours.name.clone(),
            open,
            at: unix_millis(now),
            until: until.map(Timestamp::as_millisecond),
            who: who.to_owned(),
        };
        self.0.insert(switch.hours.clone(), switch.clone());
        switch
    }

    /// The hand that decides at the moment.
    #[must_use]
    pub fn now(&self, hours: &HoursName, now: SystemTime) -> Option<&HoursSwitch> {
        let holds = |switch: &&HoursSwitch| {
            switch.open.is_some() && switch.until.is_none_or(|until| unix_millis(now) < until)
        };
        self.0.get(hours).filter(holds)
    }
}

/// Whether `hours` are open now, why, and until when.
#[must_use]
pub fn opening(hours: &Hours, switches: &Switches, now: SystemTime) -> Opening {
    let switched = switches.now(&hours.name, now);
    if let Some((switch, is_open)) = switched.and_then(|switch| Some((switch, switch.open?))) {
        let until = switch.until.and_then(|until| Timestamp::from_millisecond(until).ok());
        return Opening { is_open, rule: Rule::Switched, until };
    }
    match timestamp(now) {
        Some(now) => hours.scheduled(now),
        // No calendar reaches there.
        None => Opening { is_open: true, rule: Rule::Always, until: None },
    }
}

/// The hours that decide for a number's calls: those of the team they go to (S87), else its own.
#[must_use]
pub fn hours_of<'a>(number: &Number, office: &'a Office) -> Option<(&'a Hours, Option<TeamName>)> {
    let of_team = match &number.route {
        Route::Team(name) => {
            let hours = office.teams.get(name).and_then(|team| team.hours.as_ref());
            hours.map(|hours| (hours, Some(name.clone())))
        }
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    };
    let (name, team) = of_team.or_else(|| Some((number.hours.as_ref()?, None)))?;
    Some((office.hours.get(name)?, team))
}

/// The opening as the trail tells it, by the clock of the hours' own place.
#[must_use]
pub fn told(
    hours: &Hours,
    team: Option<TeamName>,
    opening: Opening,
    now: SystemTime,
) -> HoursLookedAt {
    let clock = |at: Timestamp| hours.timezone.to_datetime(at);
    HoursLookedAt {
        hours: hours.name.clone(),
        team,
        at: timestamp(now).map_or(DateTime::MIN, clock),
        is_open: opening.is_open,
        rule: opening.rule,
        until: opening.until.map(clock),
    }
}

fn timestamp(at: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(at).ok()
}
