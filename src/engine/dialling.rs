//! What the digits dialled on an agent's phone mean.

use std::time::Duration;

use crate::office::announcement::Sound;
use crate::office::extension::Extension;
use crate::office::feature_code::{Feature, Pickup};
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;

/// The country whose numbering plan the rules below know best.
const KOREA: &str = "82";

/// Shortest number that may be dialled without a leading 0 or +.
const SHORTEST_LOCAL: usize = 7;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    Emergency(String),
    Colleague(Extension),
    Feature(Feature),
    Pickup(Pickup),
    Outside(PhoneNumber),
    /// Nothing is dialled: a sound shall be heard.
    Sound(Box<WantedSound>),
    Nothing,
}

/// A sound that an agent wants to hear on their phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSound {
    pub sound: Sound,
    /// As people call it.
    pub name: String,
    pub length: Duration,
}

/// Emergency numbers stand before every rule an admin can write, then the office's own digits, then
/// the world.
pub(crate) fn meant(dialled: &str, office: &Office) -> Meant {
    if office.dial_out.is_emergency(dialled) {
        return Meant::Emergency(dialled.to_owned());
    }
    if let Ok(extension) = Extension::parse(dialled)
        && office.agents.contains_key(&extension)
    {
        return Meant::Colleague(extension);
    }
    if let Some(feature) = Feature::dialled(dialled) {
        return Meant::Feature(feature);
    }
    if let Some(pickup) = Pickup::dialled(dialled) {
        return Meant::Pickup(pickup);
    }
    outside(dialled, &office.dial_out.home).map_or(Meant::Nothing, Meant::Outside)
}

/// A number of North America has ten digits after its 1. What a carrier's prefix such as 001 makes of
/// another country's number has not, and would reach nobody there (L47).
fn is_whole(number: &PhoneNumber) -> bool {
    !number.digits().starts_with('1') || number.digits().len() == 11
}

fn outside(dialled: &str, home: &str) -> Option<PhoneNumber> {
    let digits: String = dialled.chars().filter(char::is_ascii_digit).collect();
    if !dialled.starts_with(['+', '0']) {
        if digits.len() < SHORTEST_LOCAL {
            return None;
        }
        // A Korean number without its area code would reach somebody else; only the nationwide
        // 15xx, 16xx and 18xx numbers have none.
        if home == KOREA && !(digits.len() == 8 && digits.starts_with('1')) {
            return None;
        }
    }
    PhoneNumber::normalise(dialled, home).ok().filter(is_whole)
}
