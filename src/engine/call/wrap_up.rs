//! Which rule of after-call work holds for a call, and for whom.

use crate::engine::call::call::Call;
use crate::history::call_record::{CallRecord, Direction, LegRecord};
use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::wrap_up::WrapUpRule;

/// By which rule work goes on after this call: the number's own, else that of the team whose call it
/// was, by the number's route, a workflow or a hand, else the office's (S18; the two overrides are
/// ours). Only calls with customers leave work.
pub(crate) fn rule_after(call: &Call, office: &Office) -> Option<WrapUpRule> {
    let record = call.record();
    record.engaged?;
    let number = record.number.as_ref().and_then(|number| office.numbers.get(number));
    let team = match record.direction {
        Direction::Internal => return None,
        Direction::Outbound if office.dial_out.is_emergency(&record.to) => return None,
        Direction::Outbound => number.and_then(|number| match &number.route {
            Route::Team(team) => Some(team),
            Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
        }),
        Direction::Inbound => call.search.team.as_ref(),
    };
    let of_team = team.and_then(|team| office.teams.get(team)).and_then(|team| team.wrap_up);
    Some(number.and_then(|number| number.wrap_up).or(of_team).unwrap_or(office.wrap_up))
}

/// Whose work it is: everybody who talked to the end. Who has left before was given theirs then.
pub(crate) fn talked_to_the_end(record: &CallRecord) -> impl Iterator<Item = &Extension> {
    let stayed = |leg: &&LegRecord| leg.answered.is_some() && leg.ended == record.ended;
    record.legs.iter().filter(stayed).filter_map(|leg| leg.agent.as_ref())
}
