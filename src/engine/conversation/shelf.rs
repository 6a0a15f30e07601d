//! The newest closed conversation of each customer, kept small since there are many.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::call_record::Direction;
use crate::history::conversation::conversation::{Case, Conversation, Shelved, State};
use crate::history::conversation_id::ConversationId;
use crate::office::phone_number::PhoneNumber;
use crate::office::priority::Priority;

/// The newest closed one of a customer.
#[derive(Clone, Copy, Debug)]
struct Place {
    id: ConversationId,
    closed: i64,
    active: i64,
    cases: u32,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    /// By the digits of the customer's number.
    places: BTreeMap<u64, Place>,
}

impl Shelf {
    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }

    pub(crate) fn put(&mut self, one: &Shelved) {
        let Some(key) = key(&one.customer) else { return };
        let Shelved { id, closed, active, cases, .. } = *one;
        let newest = self.places.get(&key).is_none_or(|old| old.id == id || old.active <= active);
        if newest {
            self.places.insert(key, Place { id, closed, active, cases });
        }
    }

    /// Of a customer with several numbers, the one that was active last, and when it was closed (ms).
    pub(crate) fn newest(&self, numbers: &[PhoneNumber]) -> Option<(Conversation, i64)> {
        let places =
            numbers.iter().filter_map(|number| Some((number, self.places.get(&key(number)?)?)));
        let (number, place) = places.max_by_key(|(_, place)| place.active)?;
        Some((taken_down(number.clone(), *place), place.closed))
    }
}

/// What the shelf knows of it; the store completes the rest.
fn taken_down(customer: PhoneNumber, place: Place) -> Conversation {
    Conversation {
        id: place.id,
        customer: Some(customer),
        name: String::new(),
        number: None,
        direction: Direction::Inbound,
        created: place.closed,
        state: State::Closed { at: place.closed, reason: None },
        team: None,
        assignee: None,
        followers: BTreeSet::new(),
        tags: BTreeSet::new(),
        description: String::new(),
        priority: Priority::default(),
        last_call: place.active,
        last_note: None,
        handled: None,
        reminded: None,
        case: Case {
            seq: place.cases,
            opened: place.closed,
            closed: Some(place.closed),
            ..Case::default()
        },
    }
}

/// E.164 has at most 15 digits.
fn key(number: &PhoneNumber) -> Option<u64> {
    number.digits().parse().ok()
}
