//! How a call goes out through a trunk: whom it is sent to and as whom it shows.

use crate::office::number_form::NumberForm;
use crate::office::phone_number::PhoneNumber;
use crate::office::trunk::{Trunk, TrunkAccount};
use crate::sip::syntax::text::quoted;
use crate::sip::syntax::uri::host_and_port;

/// One trunk as outgoing calls see it. Names are resolved elsewhere and never on a call's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkLine {
    /// Host, or host:port, that Request-URIs name; `None` if the trunk has neither peer nor server.
    server: Option<String>,
    account: Option<TrunkAccount>,
    number_form: NumberForm,
    /// Calling code of the office's country, such as `82`.
    home: String,
}

/// The headers that say who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// From, without its tag.
    pub from: String,
    /// P-Asserted-Identity (RFC 3325 9.1); `None` when the number is hidden.
    pub asserted: Option<String>,
    /// Privacy (RFC 3323 4.2).
    pub privacy: Option<&'static str>,
}

impl TrunkLine {
    #[must_use]
    pub fn new(trunk: &Trunk, home: &str) -> Self {
        let peer = trunk.peer.map(|peer| peer.to_string());
        let server = trunk.register.as_ref().map(|account| account.server.clone());
        Self {
            server: server.or(peer),
            account: trunk.register.clone(),
            number_form: trunk.number_form.clone(),
            home: home.to_owned(),
        }
    }

    /// What digest challenges are answered with.
    #[must_use]
    pub fn account(&self) -> Option<&TrunkAccount> {
        self.account.as_ref()
    }

    /// Host or host:port whose address calls go to when the trunk has no peer address.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The Request-URI for what is dialled, which is in the trunk's form already.
    #[must_use]
    pub fn request_uri(&self, dialled: &str) -> Option<String> {
        Some(format!("sip:{}@{}", escaped(dialled), self.server()?))
    }

    /// Who calls, as the provider wants it written. `number` is E.164 or short; empty hides it.
    /// `local` is our host as the provider knows it; trunks with an account live in their domain.
    #[must_use]
    pub fn identity(&self, number: &str, name: &str, local: &str) -> Identity {
        if number.is_empty() {
            return Identity {
                from: "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned(),
                asserted: None,
                privacy: Some("id"),
            };
        }
        let domain = self
            .account
            .as_ref()
            .and_then(|account| host_and_port(&account.server))
            .map_or(local, |(host, _)| host);
        let uri = format!("<sip:{}@{domain}>", escaped(&self.rendered(number)));
        let name = name.trim();
        let from = if name.is_empty() { uri } else { format!("{} {uri}", quoted(name)) };
        Identity { asserted: Some(from.clone()), from, privacy: None }
    }

    fn rendered(&self, number: &str) -> String {
        let Ok(e164) = PhoneNumber::parse(number) else { return number.to_owned() };
        self.number_form.shown(&e164, &self.home)
    }
}

/// Characters that a user part cannot hold become escapes (RFC 3261 25.1); `#` is one of them.
#[must_use]
pub fn escaped(user: &str) -> String {
    let mut text = String::with_capacity(user.len());
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::device::Secret;
    use crate::office::number_form::NumberFormat;
    use crate::office::srtp::SrtpPolicy;
    use crate::office::trunk::{BeforeAnswer, TrunkName};

    fn trunk(format: NumberFormat, server: Option<&str>) -> TrunkLine {
        let register = server.map(|server| TrunkAccount {
            server: server.to_owned(),
            username: "u".to_owned(),
            password: Secret::new("p".to_owned()),
        });
        let trunk = Trunk {
            name: TrunkName("carrier".to_owned()),
            peer: Some("192.0.2.10:5060".parse().unwrap()),
            register,
            label: String::new(),
            blocks: Vec::new(),
            presentable: Vec::new(),
            number_form: NumberForm::of(format),
            transport: crate::office::transport::Transport::default(),
            ringback: BeforeAnswer::default(),
            srtp: SrtpPolicy::Off,
            countries: None,
        };
        TrunkLine::new(&trunk, "82")
    }

    #[test]
    fn the_number_is_written_as_the_provider_wants_it() {
        let line = trunk(NumberFormat::National, None);
        let identity = line.identity("+827012345678", "나루 \"x\"", "198.51.100.1");
        assert_eq!(identity.from, r#""나루 \"x\"" <sip:07012345678@198.51.100.1>"#);
        assert_eq!(identity.asserted.as_ref(), Some(&identity.from));
        let line = trunk(NumberFormat::E164, Some("sip.carrier.example:5070"));
        let identity = line.identity("+827012345678", "", "198.51.100.1");
        assert_eq!(identity.from, "<sip:+827012345678@sip.carrier.example>");
        let uri = line.request_uri("+81*3#").unwrap();
        assert_eq!(uri, "sip:+81*3%23@sip.carrier.example:5070");
    }

    #[test]
    fn a_hidden_number_leaves_no_trace() {
        let identity = trunk(NumberFormat::E164, None).identity("", "Kim", "h");
        assert!(!format!("{identity:?}").contains("Kim"));
        assert_eq!((identity.asserted, identity.privacy), (None, Some("id")));
    }

    #[test]
    fn no_name_breaks_out_of_its_header() {
        let identity =
            trunk(NumberFormat::E164, None).identity("1\r\nX: y@z>", "a\r\nVia: b\"", "h");
        assert!(!identity.from.contains(['\r', '\n']));
        assert_eq!(identity.from.matches('>').count(), 1);
    }
}
