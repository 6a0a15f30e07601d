//! Whom and what a request names: numbers and agents, read as people write them.

use crate::api::answer::unreadable;
use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::tag::Tag;

/// A number as it stands in an address or is written at home.
pub(crate) async fn office_number(api: &Api, text: &str) -> Result<PhoneNumber, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    number_of(text, &office)
}

/// A number of the office; not found is a refusal.
pub(crate) async fn own_number(api: &Api, text: &str) -> Result<PhoneNumber, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(text, &office)?;
    if office.numbers.contains_key(&number) { Ok(number) } else { Err(Refusal::not_found()) }
}

/// The same, by whoever has the office at hand.
pub(crate) fn number_of(text: &str, office: &Office) -> Result<PhoneNumber, Refusal> {
    // In an address `+` means a blank.
    let text = text.strip_prefix(' ').map_or(text.to_owned(), |digits| format!("+{digits}"));
    let number = PhoneNumber::normalise(&text, &office.dial_out.home);
    number.map_err(|_| unreadable("number", &text))
}

/// A tag of conversations and customers.
pub(crate) fn tag(text: &str) -> Result<Tag, Refusal> {
    Tag::parse(text).map_err(|_| unreadable("tag", text))
}

/// An agent by their extension.
pub(crate) fn agent(text: &str) -> Result<Extension, Refusal> {
    Extension::parse(text).map_err(|_| unreadable("agent", text))
}
