//! Who a request is from: a phone by its digest, a trunk by its address (goals S2, S3, S4, I2).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tracing::{debug, warn};

use crate::office::device::{DigestAlgorithm, Username};
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::office::trunk::TrunkName;
use crate::sip::challenges::Challenges;
use crate::sip::flow::Flow;
use crate::sip::guard::{Ban, Guard};
use crate::sip::registrar::digest::{Credentials, HexHash, ha1};
use crate::sip::registrar::nonce::Nonces;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Message, Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::prescan::{Scan, Start};
use crate::sip::syntax::text::quoted;
use crate::sip::syntax::token::hex;
use crate::sip::syntax::uri::Uri;
use crate::sip::trunk_addresses::{Known, TrunkAddresses};
use crate::time::Moment;

/// The realm of an office without a domain of its own.
const REALM: &str = "naru";

/// What the gate says of a request outside of any dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A phone that gave the right digest. Whatever its From says, the call is this phone's.
    Device(Username),
    /// A trunk, by its address. It has no right to dial out (goal S8).
    Trunk(TrunkName),
    /// To be sent without keeping state.
    Answer(Response),
    /// To be left without an answer.
    Drop,
}

/// Challenges and checks. Challenges are 401 for every method: we end the calls ourselves and so
/// are a user agent server, no proxy (RFC 3261 22.2). One challenge a request: MD5, or SHA-256 for
/// the devices set to it, since common phones fail at a second one (goal I2).
///
/// Requests inside a dialog are not for the gate; their dialog knows its source (goal S10). Nor are
/// ACK and CANCEL, which cannot be challenged (RFC 3261 22.1).
pub struct Gate {
    secret: [u8; 32],
    realm: String,
    nonces: Nonces,
    guard: Guard,
    challenges: Challenges,
    accounts: HashMap<String, Account>,
    /// Whose a user part is: user names of devices and extensions.
    users: HashMap<String, Extension>,
    trunks: TrunkAddresses,
    /// What unknown users are checked against, so that they take the same time.
    nobody: HexHash,
}

struct Account {
    username: Username,
    agent: Extension,
    algorithm: DigestAlgorithm,
    ha1: HexHash,
}

impl Gate {
    /// `secret` must be new at each start. Without `domain` the realm is "naru".
    #[must_use]
    pub fn new(secret: [u8; 32], domain: Option<String>) -> Self {
        let realm = domain.unwrap_or_else(|| REALM.to_owned());
        Self {
            nonces: Nonces::new(&secret),
            nobody: HexHash::of(DigestAlgorithm::Md5, &[&secret]),
            secret,
            realm,
            guard: Guard::default(),
            challenges: Challenges::default(),
            accounts: HashMap::new(),
            users: HashMap::new(),
            trunks: TrunkAddresses::default(),
        }
    }

    /// Takes over accounts and trunks; a changed password counts from the next request on.
    pub fn office_changed(&mut self, office: &Arc<Office>) {
        self.accounts.clear();
        self.users.clear();
        for agent in office.agents.values() {
            self.users.insert(agent.extension.as_str().to_owned(), agent.extension.clone());
        }
        for (agent, device) in office
            .agents
            .values()
            .flat_map(|agent| agent.devices.iter().map(move |device| (agent, device)))
        {
            let name = device.username.as_str();
            let ha1 = ha1(device.digest, name, &self.realm, device.password.reveal());
            let account = Account {
                username: device.username.clone(),
                agent: agent.extension.clone(),
                algorithm: device.digest,
                ha1,
            };
            self.accounts.insert(name.to_owned(), account);
            self.users.insert(name.to_owned(), agent.extension.clone());
        }
        self.trunks.office_changed(office);
    }

    /// The addresses behind a trunk's registration server, as DNS gives them. Replaces earlier ones.
    pub fn trunk_resolved(&mut self, trunk: &TrunkName, addresses: Vec<SocketAddr>) {
        self.trunks.resolved(trunk, addresses);
    }

    /// Decides. A REGISTER, and whatever carries credentials for our realm, is a phone's; other
    /// requests from a trunk's address are the trunk's; all else is challenged.
    pub fn check(&mut self, request: &Request, flow: &Flow, now: Moment) -> Verdict {
        if matches!(request.method, Method::Ack | Method::Cancel) {
            return Verdict::Drop;
        }
        if let Some(credentials) = self.credentials(request) {
            return self.check_digest(request, &credentials, flow, now);
        }
        if request.method != Method::Register
            && let Some(trunk) = self.trunk(request, flow)
        {
            return Verdict::Trunk(trunk.clone());
        }
        let algorithm = self.account_claimed(request).map(|account| account.algorithm);
        self.challenge(request, algorithm.unwrap_or_default(), false, (flow, now))
    }

    /// Whether a message is dropped unread: one more request without a password, outside of any
    /// dialog, of a source that has been asked for it without end. A look-up tells all others.
    pub fn drops(&mut self, bytes: &Bytes, flow: &Flow, now: Moment) -> bool {
        let drops = self.challenges.are_spent(flow.remote, now.ticks)
            && Scan::of(bytes).is_some_and(|scan| self.would_be_asked(&scan, flow));
        if drops && self.challenges.dropped(flow.remote, now.ticks) {
            // The first is read after all, to be told.
            match Message::parse(bytes) {
                Ok(Message::Request(request)) => {
                    warn_of(request.method.as_str(), request.from().uri, flow);
                }
                Ok(Message::Response(_)) | Err(_) => warn_of("", "", flow),
            }
        }
        drops
    }

    /// Whether the user part of a URI names somebody else than the device's own agent.
    #[must_use]
    pub fn names_another(&self, device: &Username, uri: &str) -> bool {
        let user = Uri::parse(uri).map(|uri| uri.user_text()).unwrap_or_default();
        let own = self.accounts.get(device.as_str()).map(|account| &account.agent);
        self.users.get(&user).is_some_and(|owner| Some(owner) != own)
    }

    /// The sources that are no longer answered all they ask, the latest last.
    #[must_use]
    pub fn bans(&self) -> Vec<Ban> {
        let mut bans = self.guard.bans();
        for (source, dropped, last) in self.challenges.held() {
            if let Some(ban) = bans.iter_mut().find(|ban| ban.source == source) {
                (ban.dropped, ban.last) = (dropped, ban.last.max(last));
            } else {
                bans.push(Ban { source, wrong: 0, unanswered: 0, dropped, last });
            }
        }
        bans.sort_by_key(|ban| ban.last);
        bans
    }

    /// Answers a source again.
    pub fn pardon(&mut self, source: IpAddr) {
        self.guard.pardon(source);
        self.challenges.pardon(source);
    }

    fn would_be_asked(&self, scan: &Scan<'_>, flow: &Flow) -> bool {
        let is_asked = match scan.start {
            Start::Request(b"INVITE") => self.trunks.trunk(flow).is_none(),
            Start::Request(method) => matches!(method, b"REGISTER" | b"SUBSCRIBE"),
            Start::Status(_) => false,
        };
        is_asked && !scan.has_to_tag && !scan.has_credentials
    }

    /// The first digest answer for our realm; those for other realms are for others.
    fn credentials<'a>(&self, request: &'a Request) -> Option<Credentials<'a>> {
        request
            .headers
            .iter()
            .filter(|(name, _)| matches!(name, Name::Authorization | Name::ProxyAuthorization))
            .filter_map(|(_, value)| Credentials::parse(value).ok())
            .find(|credentials| credentials.realm == self.realm)
    }

    fn check_digest(
        &mut self,
        request: &Request,
        credentials: &Credentials<'_>,
        flow: &Flow,
        now: Moment,
    ) -> Verdict {
        let account = self.accounts.get(credentials.username);
        let algorithm = account.map_or(DigestAlgorithm::Md5, |account| account.algorithm);
        if account.is_some() && algorithm != credentials.algorithm {
            // Answered the challenge of an unknown user, having another name in its From.
            return self.challenge(request, algorithm, false, (flow, now));
        }
        let ha1 = account.map_or(self.nobody, |account| account.ha1);
        let is_right = credentials.is_right(&ha1, request.method.as_str());
        let nonce = self.nonces.read(credentials.nonce, now.ticks);
        let Some(account) = account.filter(|_| is_right) else {
            if self.guard.wrong(flow.remote.ip(), credentials.response, now.ticks) {
                debug!(source = %flow.remote, user = credentials.username, "wrong password");
                return self.challenge(request, algorithm, false, (flow, now));
            }
            return Verdict::Drop;
        };
        let count = credentials.protection.map_or(0, |protection| protection.count);
        let is_fresh = nonce
            .is_some_and(|id| self.nonces.claim(id, count, fingerprint(request, flow), now.ticks));
        if !is_fresh {
            return self.challenge(request, algorithm, true, (flow, now));
        }
        if !is_meant(credentials.uri, &request.uri) || !self.may_speak(account, request) {
            warn!(
                source = %flow.remote, device = %account.username, from = request.from().uri,
                "a phone gave itself out for another, or its digest was made for another address"
            );
            return Verdict::Answer(self.tagged(request, 403));
        }
        let username = account.username.clone();
        // Later counts have met no challenge of their own.
        if count <= 1 {
            self.challenges.met(flow.remote, now.ticks);
        }
        self.trunks.phone_is_at(flow.remote.ip());
        Verdict::Device(username)
    }

    /// A phone may call itself by its user name, its agent's extension or by what means nobody
    /// here (RFC 3261 10.3 step 4 for REGISTER); by a colleague's name never.
    fn may_speak(&self, account: &Account, request: &Request) -> bool {
        let user = claimed_user(request);
        match self.users.get(&user) {
            Some(owner) => *owner == account.agent,
            None => request.method != Method::Register,
        }
    }

    fn account_claimed(&self, request: &Request) -> Option<&Account> {
        self.accounts.get(&claimed_user(request))
    }

    /// Where only the address speaks for a trunk, a phone's name speaks against it.
    fn trunk(&self, request: &Request, flow: &Flow) -> Option<&TrunkName> {
        let (trunk, known) = self.trunks.trunk(flow)?;
        (known == Known::ByPort || self.account_claimed(request).is_none()).then_some(trunk)
    }

    fn challenge(
        &mut self,
        request: &Request,
        algorithm: DigestAlgorithm,
        is_stale: bool,
        (flow, now): (&Flow, Moment),
    ) -> Verdict {
        if self.challenges.are_spent(flow.remote, now.ticks) {
            if self.challenges.dropped(flow.remote, now.ticks) {
                warn_of(request.method.as_str(), request.from().uri, flow);
            }
            return Verdict::Drop;
        }
        self.challenges.asked(flow.remote, now.ticks);
        let algorithm = match algorithm {
            DigestAlgorithm::Md5 => "MD5",
            DigestAlgorithm::Sha256 => "SHA-256",
        };
        let nonce = self.nonces.give(now.ticks);
        let stale = if is_stale { ", stale=true" } else { "" };
        let realm = quoted(&self.realm);
        let challenge = format!(
            "Digest realm={realm}, nonce=\"{nonce}\", algorithm={algorithm}, qop=\"auth\"{stale}"
        );
        Verdict::Answer(self.tagged(request, 401).with(Name::WwwAuthenticate, challenge))
    }

    /// Copies of a request get the same tag though nothing is kept (RFC 3261 8.2.7).
    fn tagged(&self, request: &Request, status: u16) -> Response {
        let mut hash = Sha256::new().chain_update(self.secret);
        for name in [Name::CallId, Name::CSeq, Name::From] {
            hash.update(request.headers.get(&name).unwrap_or_default());
        }
        request.tagged_response(status, &hex(&hash.finalize()[..12]))
    }
}

fn warn_of(method: &str, from: &str, flow: &Flow) {
    warn!(
        source = %flow.remote, method, from,
        "a phone asks without end and never gives its password; but for a few a second, its \
         requests are dropped: restart it, or see what it is"
    );
}

/// The user that To (of a REGISTER) or From names.
fn claimed_user(request: &Request) -> String {
    let address = match request.method == Method::Register {
        true => request.to(),
        false => request.from(),
    };
    Uri::parse(address.uri).map(|uri| uri.user_text()).unwrap_or_default()
}

/// Whether a digest-uri was made for this Request-URI (RFC 3261 22.4). Some clients name only the
/// server, so a digest-uri without a user part is taken; the nonce count still binds it.
fn is_meant(digest_uri: &str, request_uri: &str) -> bool {
    if digest_uri == request_uri {
        return true;
    }
    let Some(request) = Uri::parse(request_uri) else { return false };
    let Some(digest) = Uri::parse(digest_uri) else {
        // sipp writes an IPv6 host without its brackets, and then no user.
        let host = request_uri.rsplit_once('@').map_or(request_uri, |(_, host)| host);
        let host = host.trim_start_matches("sip:").replace(['[', ']'], "");
        return !host.is_empty() && digest_uri.strip_prefix("sip:") == Some(host.as_str());
    };
    digest.user.is_empty()
        || (digest.user_text() == request.user_text()
            && digest.host.eq_ignore_ascii_case(request.host))
}

/// Tells a retransmission from a replay: same request, same branch, same source.
fn fingerprint(request: &Request, flow: &Flow) -> u64 {
    let mut hasher = DefaultHasher::new();
    (request.method.as_str(), &request.uri, flow.remote).hash(&mut hasher);
    for name in [Name::Via, Name::CallId, Name::CSeq, Name::From] {
        request.headers.get(&name).hash(&mut hasher);
    }
    hasher.finish()
}
