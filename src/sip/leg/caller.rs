//! Who calls whom, as headers tell it: read from arrived INVITEs, written into placed ones.

use crate::leg::Origin;
use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::Request;
use crate::sip::syntax::text::{Address, quoted, split_outside, without_controls};
use crate::sip::syntax::uri::Uri;
use crate::sip::trunk::trunk::{Identity, escaped};

/// Longer names and numbers are cut.
const LONGEST: usize = 128;

/// The calling party. Both parts are free of control characters and often empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    pub number: String,
    pub name: String,
}

impl Caller {
    /// A trunk asserts its callers (RFC 3325); a phone is only believed its From.
    #[must_use]
    pub fn of(request: &Request, account: &Origin) -> Self {
        let from = request.headers.get(&Name::From).unwrap_or_default();
        match account {
            Origin::Device(_) => Self::read(from),
            Origin::Trunk(_) => {
                let is_withheld = request
                    .headers
                    .get(&Name::Privacy)
                    .is_some_and(|privacy| privacy.split(';').any(|word| word.trim() == "id"));
                if is_withheld {
                    return Self::default();
                }
                Self::read(asserted(&request.headers).unwrap_or(from))
            }
        }
    }

    fn read(text: &str) -> Self {
        let address = Address::parse(text);
        let number = Uri::parse(address.uri).map(|uri| uri.user_text()).unwrap_or_default();
        let number = if number.eq_ignore_ascii_case("anonymous") { String::new() } else { number };
        let cut = |text: &str| text.chars().take(LONGEST).collect();
        Self { number: cut(&without_controls(&number)), name: cut(&address.display_name()) }
    }

    /// Writes From (with `tag`) and, for a caller who is not hidden, P-Asserted-Identity.
    pub fn write(&self, headers: &mut Headers, host: &str, tag: &str) {
        if self.number.is_empty() {
            let from = format!("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag={tag}");
            headers.push(Name::From, from);
            headers.push(Name::Privacy, "id");
            return;
        }
        let name = without_controls(&self.name);
        let name = if name.is_empty() { String::new() } else { format!("{} ", quoted(&name)) };
        let address = format!("{name}<sip:{}@{host}>", escaped(&self.number));
        headers.push(Name::From, format!("{address};tag={tag}"));
        headers.push(Name::PAssertedIdentity, address);
    }
}

/// Writes the caller as a trunk wants it.
pub fn write_identity(headers: &mut Headers, identity: Identity, tag: &str) {
    headers.push(Name::From, format!("{};tag={tag}", identity.from));
    if let Some(asserted) = identity.asserted {
        headers.push(Name::PAssertedIdentity, asserted);
    }
    if let Some(privacy) = identity.privacy {
        headers.push(Name::Privacy, privacy);
    }
}

/// The asserted identity that has a number, else the first.
fn asserted(headers: &Headers) -> Option<&str> {
    let identities =
        || headers.all(&Name::PAssertedIdentity).flat_map(|line| split_outside(line, ','));
    let is_number = |text: &&str| {
        let uri = Uri::parse(Address::parse(text).uri);
        uri.is_some_and(|uri| uri.user.starts_with(|c: char| c.is_ascii_digit() || c == '+'))
    };
    identities()
        .find(is_number)
        .or_else(|| identities().next())
        .or_else(|| headers.get(&Name::RemotePartyId))
        .filter(|text| !text.is_empty())
}

/// What was dialled. `names` are our own names at a trunk: a Request-URI that says only those
/// leaves it to To and P-Called-Party-ID to say which number was meant.
#[must_use]
pub fn dialled(request: &Request, account: &Origin, names: &[&str]) -> String {
    let user = |uri: &str| {
        let user = Uri::parse(uri).map(|uri| uri.user_text()).unwrap_or_default();
        without_controls(&user).chars().take(LONGEST).collect::<String>()
    };
    let first = user(&request.uri);
    let is_number = !first.is_empty() && !names.contains(&first.as_str());
    match account {
        Origin::Device(_) => first,
        Origin::Trunk(_) if is_number => first,
        Origin::Trunk(_) => {
            let called = Name::parse("P-Called-Party-ID");
            let called = request.headers.get(&called).map(|text| Address::parse(text).uri);
            [Some(request.to().uri), called]
                .into_iter()
                .flatten()
                .map(user)
                .find(|user| !user.is_empty() && !names.contains(&user.as_str()))
                .unwrap_or(first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::device::Username;
    use crate::office::trunk::TrunkName;
    use crate::sip::syntax::method::Method;

    fn invite(uri: &str, lines: &[(Name, &str)]) -> Request {
        let mut request = Request::new(Method::Invite, uri);
        for (name, value) in lines {
            request.headers.push(name.clone(), *value);
        }
        request
    }

    fn trunk() -> Origin {
        Origin::Trunk(TrunkName("carrier".into()))
    }

    fn phone() -> Origin {
        Origin::Device(Username::parse("101").unwrap())
    }

    #[test]
    fn only_a_trunk_may_assert_an_identity() {
        let request = invite(
            "sip:1@x",
            &[
                (Name::From, "\"Ki\u{7}m\" <sip:%2B1@x>;tag=1"),
                (Name::PAssertedIdentity, "\"B\" <sip:boss@x>, <tel:+8225551234>"),
            ],
        );
        let asserted = Caller::of(&request, &trunk());
        assert_eq!(asserted.number, "+8225551234");
        let own = Caller::of(&request, &phone());
        assert_eq!((own.number.as_str(), own.name.as_str()), ("+1", "Kim"));
        let hidden = invite("sip:1@x", &[(Name::From, "<sip:2@x>"), (Name::Privacy, "user;id")]);
        assert_eq!(Caller::of(&hidden, &trunk()), Caller::default());
    }

    #[test]
    fn the_number_of_a_trunk_call_may_stand_in_to() {
        let to = [(Name::To, "<sip:+827012345678@x>")];
        assert_eq!(dialled(&invite("sip:naru@x", &to), &trunk(), &["naru"]), "+827012345678");
        assert_eq!(dialled(&invite("sip:5678@x", &to), &trunk(), &["naru"]), "5678");
        assert_eq!(dialled(&invite("sip:naru@x", &to), &phone(), &["naru"]), "naru");
        assert_eq!(dialled(&invite("sip:%2A97%00@x", &to), &phone(), &[]), "*97");
    }

    #[test]
    fn a_written_caller_reads_back() {
        let caller = Caller { number: "*97#1 한".into(), name: "Kim \"x\" \\ 민지".into() };
        let mut headers = Headers::new();
        caller.write(&mut headers, "192.0.2.1", "t");
        let request = Request { headers, ..invite("sip:1@x", &[]) };
        assert_eq!(Caller::of(&request, &phone()), caller);
        assert_eq!(request.from().tag(), Some("t"));
        let mut headers = Headers::new();
        Caller::default().write(&mut headers, "192.0.2.1", "t");
        assert_eq!(headers.get(&Name::Privacy), Some("id"));
    }
}
