//! A call asked about, not made: played through a copy of the engine.

use tracing::warn;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{Reply, Simulation};
use crate::clock;
use crate::engine::rehearsal::Rehearsed;
use crate::history::call_record::CallRecord;
use crate::office::phone_number::PhoneNumber;
use crate::switchboard::answering::answer;
use crate::switchboard::run::Switchboard;
use crate::time::from_unix_millis;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn simulate(&self, call: Simulation, reply: Reply<CallRecord>) {
        let now = clock::now();
        let number = PhoneNumber::normalise(&call.number, &self.office.dial_out.home).ok();
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
            keys: call.keys,
            at: call.at.map_or(now.wall, from_unix_millis),
        };
        let record = self.engine.rehearse(&rehearsed, now);
        if record.is_none() {
            warn!(number = rehearsed.dialled, "a rehearsed call does not come to its end");
        }
        answer(reply, record.ok_or_else(Refusal::unavailable));
    }
}
