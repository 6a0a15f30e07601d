//! Which rule of after-call work holds for a call.

use crate::history::call_record::{CallRecord, Direction};
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::wrap_up::WrapUpRule;

/// Whose work goes on after this call, and by which rule: the number's own, else that of the team
/// behind it, else the office's (S18; the two overrides are ours). Only calls with customers leave
/// work.
pub(crate) fn wrap_up_of<'a>(
    record: &'a CallRecord,
    office: &Office,
) -> Option<(&'a Extension, WrapUpRule)> {
    match record.direction {
        Direction::Internal => return None,
        Direction::Inbound | Direction::Outbound => {}
    }
    let agent = record.agent.as_ref().filter(|_| record.engaged.is_some())?;
    if record.direction == Direction::Outbound && office.dial_out.is_emergency(&record.to) {
        return None;
    }
    let number = record.number.as_ref().and_then(|number| office.numbers.get(number));
    let team = number.and_then(|number| match &number.route {
        Route::Team(name) => office.teams.get(name),
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    });
    let own = number.and_then(|number| number.wrap_up);
    let rule = own.or_else(|| team.and_then(|team| team.wrap_up)).unwrap_or(office.wrap_up);
    Some((agent, rule))
}
