//! A call asked about, not made: played through a copy of the engine.

use jiff::tz::TimeZone;
use tracing::warn;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{Reply, Simulation, When};
use crate::clock;
use crate::engine::opening::hours_of;
use crate::engine::rehearsal::{Keystroke, Rehearsed};
use crate::history::call_record::CallRecord;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::switchboard::answering::answer;
use crate::switchboard::run::Switchboard;
use crate::switchboard::zone::zone_of;
use crate::time::from_unix_millis;
use crate::words::Words;

/// The time zone of the number's place: that of the hours it keeps, else the office's.
fn place_of(number: Option<&PhoneNumber>, office: &Office) -> TimeZone {
    let kept = number.and_then(|number| office.numbers.get(number));
    let kept = kept.and_then(|number| hours_of(number, office)).map(|(hours, _)| &hours.timezone);
    kept.cloned().unwrap_or_else(|| zone_of(office))
}

impl Switchboard {
    pub(crate) fn simulate(&self, call: Simulation, reply: Reply<CallRecord>) {
        let now = clock::now();
        let number = PhoneNumber::normalise(&call.number, &self.office.dial_out.home).ok();
        let at = match call.at {
            None => now.wall,
            Some(When::Exact(millis)) => from_unix_millis(millis),
            Some(When::Local(local)) => {
                let zone = place_of(number.as_ref(), &self.office);
                let Ok(there) = local.to_zoned(zone) else {
                    return answer(reply, Err(Refusal::not_found()));
                };
                from_unix_millis(there.timestamp().as_millisecond())
            }
        };
        let brings = number
            .and_then(|number| self.office.trunks.values().find(|trunk| trunk.brings(&number)));
        let Some(trunk) = brings.or_else(|| self.office.trunks.values().next()) else {
            let message = Words::new(
                "회선이 없어 밖에서 전화가 올 수 없습니다",
                "there is no trunk by which a call could come in",
            );
            return answer(reply, Err(Refusal::new(RefusalKind::Conflict, message)));
        };
        let rehearsed = Rehearsed {
            trunk: trunk.name.clone(),
            caller: call.caller,
            dialled: call.number,
            keys: call.keys.into_iter().map(Keystroke::from).collect(),
            at,
        };
        let record = self.engine.rehearse(&rehearsed, now);
        if record.is_none() {
            warn!(number = rehearsed.dialled, "a rehearsed call does not come to its end");
        }
        answer(reply, record.ok_or_else(Refusal::unavailable));
    }
}
