//! What a REGISTER asks for (RFC 3261 10.3).

use std::time::Duration;

use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::Request;
use crate::sip::syntax::text::{Address, split_outside, without_controls};
use crate::sip::syntax::uri::Uri;

/// Contract row L189: phones are set to register anew every 10 seconds.
pub const SHORTEST: Duration = Duration::from_secs(10);
/// RFC 3261 10.2.1.1: what is meant when nothing is said.
pub const USUAL: Duration = Duration::from_secs(3600);
/// A phone that dies without a word is forgotten after this at the latest.
pub const LONGEST: Duration = Duration::from_secs(7200);
/// Contacts of one device, and of one REGISTER.
pub const MOST_CONTACTS: usize = 10;
/// Longer contacts, paths or instances are an attack on our memory, not a phone's.
const MOST_TEXT: usize = 512;
/// What `Require` may name.
const EXTENSIONS: [&str; 2] = ["path", "outbound"];

/// One REGISTER, read and found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub call_id: String,
    pub cseq: u32,
    /// Free of control characters, cut at 128.
    pub user_agent: String,
    /// Outermost first (RFC 3327).
    pub path: Vec<String>,
    /// Names of `Supported`, lower case.
    pub supported: Vec<String>,
    pub wish: Wish,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// No Contact: what is bound?
    List,
    /// `Contact: *` with `Expires: 0`.
    RemoveAll,
    Contacts(Vec<Contact>),
}

/// One Contact value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub uri: String,
    /// Zero removes; otherwise `SHORTEST` to `LONGEST`.
    pub expires: Duration,
    /// Given back as it was, otherwise ignored: all contacts ring at once.
    pub q: Option<String>,
    /// `+sip.instance`, quotes off.
    pub instance: Option<String>,
    /// `reg-id` (RFC 5626 4.2).
    pub registration_id: Option<u32>,
}

/// Why a REGISTER is refused; nothing of it has been done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400.
    #[error("{0}")]
    Malformed(&'static str),
    /// 416.
    #[error("the contact is no sip URI")]
    Scheme,
    /// 420 with these.
    #[error("extensions that are not supported: {0}")]
    Extensions(String),
    /// 423.
    #[error("registrations last at least 10 seconds")]
    TooBrief,
    /// 500: a later REGISTER of the same phone came first (RFC 3261 10.3 step 7).
    #[error("a later registration has come first")]
    OutOfOrder,
}

impl Registration {
    /// # Errors
    /// See [`Refusal`].
    pub fn parse(request: &Request) -> Result<Self, Refusal> {
        let headers = &request.headers;
        let foreign: Vec<_> = values(request, &Name::Require)
            .chain(values(request, &Name::ProxyRequire))
            .filter(|name| !EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .collect();
        if !foreign.is_empty() {
            return Err(Refusal::Extensions(foreign.join(", ")));
        }
        let call_id = request.call_id();
        if call_id.is_empty() || call_id.len() > MOST_TEXT {
            return Err(Refusal::Malformed("Call-ID is missing or too long"));
        }
        let cseq = request.cseq().ok_or(Refusal::Malformed("CSeq is missing or no number"))?;
        let user_agent = without_controls(headers.get(&Name::UserAgent).unwrap_or_default());
        let path: Vec<_> = values(request, &Name::Path).map(str::to_owned).collect();
        if path.len() > MOST_CONTACTS || path.iter().any(|hop| hop.len() > MOST_TEXT) {
            return Err(Refusal::Malformed("Path is too long"));
        }
        Ok(Self {
            call_id: call_id.to_owned(),
            cseq,
            user_agent: user_agent.chars().take(128).collect(),
            path,
            supported: values(request, &Name::Supported).map(str::to_ascii_lowercase).collect(),
            wish: Wish::parse(request)?,
        })
    }

    #[must_use]
    pub fn supports(&self, extension: &str) -> bool {
        self.supported.iter().any(|name| name == extension)
    }
}

impl Wish {
    fn parse(request: &Request) -> Result<Self, Refusal> {
        let contacts: Vec<_> = values(request, &Name::Contact).collect();
        let general = request.headers.get(&Name::Expires).map(str::trim);
        if contacts.is_empty() {
            return Ok(Self::List);
        }
        if contacts.iter().any(|contact| contact.starts_with('*')) {
            let is_alone = contacts.len() == 1 && contacts[0] == "*";
            let is_zero = general.and_then(|text| text.parse::<u32>().ok()) == Some(0);
            return if is_alone && is_zero {
                Ok(Self::RemoveAll)
            } else {
                Err(Refusal::Malformed("Contact * stands alone and with Expires 0"))
            };
        }
        if contacts.len() > MOST_CONTACTS {
            return Err(Refusal::Malformed("more than 10 contacts"));
        }
        let contacts = contacts.into_iter().map(|text| Contact::parse(text, general));
        Ok(Self::Contacts(contacts.collect::<Result<_, _>>()?))
    }
}

impl Contact {
    fn parse(text: &str, general: Option<&str>) -> Result<Self, Refusal> {
        let address = Address::parse(text);
        if address.uri.len() > MOST_TEXT || address.uri.contains(['<', '>', '"', ' ', '\t']) {
            return Err(Refusal::Malformed("a contact is no URI"));
        }
        let uri = Uri::parse(address.uri).ok_or(Refusal::Malformed("a contact is no URI"))?;
        if !uri.scheme.eq_ignore_ascii_case("sip") {
            return Err(Refusal::Scheme);
        }
        let instance = address.parameter("+sip.instance").filter(|text| !text.is_empty());
        if instance.is_some_and(|text| text.len() > MOST_TEXT || text.contains('"')) {
            return Err(Refusal::Malformed("+sip.instance is too long"));
        }
        let q = address.parameter("q").filter(|q| q.len() <= 5 && q.parse::<f32>().is_ok());
        Ok(Self {
            uri: address.uri.to_owned(),
            expires: granted(address.parameter("expires").or(general))?,
            q: q.map(str::to_owned),
            instance: instance.map(str::to_owned),
            registration_id: address.parameter("reg-id").and_then(|text| text.parse().ok()),
        })
    }

    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.expires.is_zero()
    }
}

/// What is no number counts as not said (RFC 3261 10.2.1.1); what is too large is cut.
fn granted(asked: Option<&str>) -> Result<Duration, Refusal> {
    let Some(asked) = asked.filter(|text| text.bytes().all(|b| b.is_ascii_digit())) else {
        return Ok(USUAL);
    };
    if asked.is_empty() {
        return Ok(USUAL);
    }
    let asked = Duration::from_secs(asked.parse().unwrap_or(u64::MAX));
    if !asked.is_zero() && asked < SHORTEST {
        return Err(Refusal::TooBrief);
    }
    Ok(asked.min(LONGEST))
}

/// The values of all lines under `name`, split at commas.
fn values<'a>(request: &'a Request, name: &'a Name) -> impl Iterator<Item = &'a str> {
    request.headers.all(name).flat_map(|line| split_outside(line, ',')).filter(|v| !v.is_empty())
}
