//! Whom a call is with, outside of the office.

use crate::engine::call::call::Call;
use crate::history::call_record::Direction;
use crate::history::conversation::lead::Lead;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;

/// The number at the outer end of a call; none when it is withheld or the call stays inside.
pub(crate) fn outer_number(call: &Call) -> Option<PhoneNumber> {
    let record = call.record();
    match record.direction {
        Direction::Inbound => {
            record.number.as_ref()?;
            PhoneNumber::parse(&record.from).ok()
        }
        Direction::Outbound => PhoneNumber::parse(&record.to).ok(),
        Direction::Internal => None,
    }
}

/// A number without a profile is kept as a lead (L21, L43).
pub(crate) fn lead_of(call: &Call, office: &Office) -> Option<Lead> {
    let number = outer_number(call)?;
    if office.customer(&number).is_some() {
        return None;
    }
    let record = call.record();
    let name = match record.direction {
        Direction::Inbound => record.from_name.clone(),
        Direction::Outbound | Direction::Internal => String::new(),
    };
    Some(Lead { number, name, first_met: record.started, last_met: record.started })
}
