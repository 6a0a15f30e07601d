//! Which rule of after-call work holds for a call, and for whom.

use crate::history::call_record::{CallRecord, Direction, LegRecord};
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::wrap_up::WrapUpRule;

/// By which rule work goes on after this call: the number's own, else that of the team behind it,
/// else the office's (S18; the two overrides are ours). Only calls with customers leave work.
pub(crate) fn rule_after(record: &CallRecord, office: &Office) -> Option<WrapUpRule> {
    match record.direction {
        Direction::Internal => return None,
        Direction::Inbound | Direction::Outbound => {}
    }
    record.engaged?;
    if record.direction == Direction::Outbound && office.dial_out.is_emergency(&record.to) {
        return None;
    }
    let number = record.number.as_ref().and_then(|number| office.numbers.get(number));
    let team = number.and_then(|number| match &number.route {
        Route::Team(name) => office.teams.get(name),
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    });
    let own = number.and_then(|number| number.wrap_up);
    Some(own.or_else(|| team.and_then(|team| team.wrap_up)).unwrap_or(office.wrap_up))
}

/// Whose work it is: everybody who talked to the end. Who has left before was given theirs then.
pub(crate) fn talked_to_the_end(record: &CallRecord) -> impl Iterator<Item = &Extension> {
    let stayed = |leg: &&LegRecord| leg.answered.is_some() && leg.ended == record.ended;
    record.legs.iter().filter(stayed).filter_map(|leg| leg.agent.as_ref())
}
