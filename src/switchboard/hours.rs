//! Operating hours at the API: as they are now, and switched by hand.

use jiff::Timestamp;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::api::schema::hours::HoursState;
use crate::clock;
use crate::engine::input::Input;
use crate::engine::opening::told;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::snapshot::Office;
use crate::switchboard::answering::answer;
use crate::switchboard::run::Switchboard;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn hours(&self) -> Vec<HoursState> {
        self.office.hours.values().map(|hours| self.hours_now(hours)).collect()
    }

    pub(crate) fn switch_hours(
        &mut self,
        name: &HoursName,
        open: Option<bool>,
        who: String,
        reply: Reply<HoursState>,
    ) {
        if !self.office.hours.contains_key(name) {
            return answer(reply, Err(Refusal::not_found()));
        }
        self.tell(Input::SwitchHours { hours: name.clone(), open, who });
        let now = self.office.hours.get(name).map(|hours| self.hours_now(hours));
        answer(reply, now.ok_or_else(Refusal::not_found));
    }

    fn hours_now(&self, hours: &Hours) -> HoursState {
        let now = clock::now().wall;
        let opening = self.engine.opening(hours, now);
        let (open, until) = (opening.is_open, opening.until.map(Timestamp::as_millisecond));
        let told = told(hours, None, opening, now);
        HoursState {
            name: hours.name.to_string(),
            timezone: hours.timezone.iana_name().unwrap_or_default().to_owned(),
            open,
            today: told.at.date().to_string(),
            why: Words::new(told.korean(), told.english()),
            until,
            switched: self.engine.switched(&hours.name, now).cloned(),
            used_by: used_by(&self.office, &hours.name),
        }
    }
}

fn used_by(office: &Office, hours: &HoursName) -> Vec<String> {
    let follows = |own: &Option<HoursName>| own.as_ref() == Some(hours);
    let numbers = office.numbers.values().filter(|number| follows(&number.hours));
    let teams = office.teams.values().filter(|team| follows(&team.hours));
    let numbers = numbers.map(|number| number.number.to_string());
    numbers.chain(teams.map(|team| team.name.to_string())).collect()
}
