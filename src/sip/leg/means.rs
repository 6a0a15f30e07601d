//! What a leg needs to act: transactions, media, names, and who waits for which answer.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::leg::{HangupCause, LegEvent, LegId, Origin};
use crate::media::handle::MediaHandle;
use crate::office::snapshot::Office;
use crate::office::srtp::SrtpPolicy;
use crate::office::transport::Transport;
use crate::office::trunk::TrunkName;
use crate::sip::dialog::Dialog;
use crate::sip::flow::Flow;
use crate::sip::lamps::Notice;
use crate::sip::leg::hangup;
use crate::sip::leg::negotiation::Security;
use crate::sip::leg::straggler::{Straggler, Stragglers};
use crate::sip::registrar::registrar::ProbeId;
use crate::sip::screen::{ALLOW, PRODUCT, SUPPORTED};
use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::sdes::OwnKeys;
use crate::sip::syntax::token::{Tokens, seed};
use crate::sip::transaction::key::{ClientKey, ServerKey};
use crate::sip::transaction::transactions::Transactions;
use crate::sip::trunk::question::Question;
use crate::sip::trunk::trunks::Trunks;
use crate::time::Moment;

/// Who waits for the answer to a request of ours.
#[derive(Debug)]
pub enum Owner {
    Leg(LegId),
    /// An INVITE nobody wants any more.
    Straggler,
    /// A BYE, a PRACK or whatever no leg waits for; kept so that a trunk's challenge can be met.
    Farewell(Box<Farewell>),
    /// A question to a phone.
    Probe(ProbeId),
    Registration(TrunkName),
    /// The OPTIONS of a trunk's test.
    TrunkTest(Box<Question>),
    /// A NOTIFY of messages that wait.
    Notice(Box<Notice>),
    Nobody,
}

/// A request that ends something, after its leg is forgotten.
#[derive(Debug)]
pub struct Farewell {
    account: Origin,
    request: Request,
    flow: Flow,
}

/// Handed to whatever a leg does. It decides nothing about legs.
pub struct Means {
    pub transactions: Transactions,
    pub media: MediaHandle,
    pub trunks: Trunks,
    pub stragglers: Stragglers,
    tokens: Tokens,
    external: Option<IpAddr>,
    domain: Option<String>,
    office: Arc<Office>,
    owners: HashMap<ClientKey, Owner>,
    events: VecDeque<LegEvent>,
}

impl Means {
    #[must_use]
    pub fn new(
        transactions: Transactions,
        media: MediaHandle,
        tokens: Tokens,
        external: Option<IpAddr>,
        domain: Option<String>,
    ) -> Self {
        Self {
            transactions,
            media,
            trunks: Trunks::default(),
            stragglers: Stragglers::default(),
            tokens,
            external,
            domain,
            office: Arc::default(),
            owners: HashMap::new(),
            events: VecDeque::new(),
        }
    }

    pub fn office_changed(&mut self, office: &Arc<Office>, now: Moment) {
        self.office = Arc::clone(office);
        self.trunks.office_changed(office, &mut self.tokens, now);
    }

    pub fn tell(&mut self, event: LegEvent) {
        self.events.push_back(event);
    }

    pub fn poll_event(&mut self) -> Option<LegEvent> {
        self.events.pop_front()
    }

    pub fn token(&mut self) -> String {
        self.tokens.next_token()
    }

    /// What is wanted of the encryption of an account's sound, and keys for one leg of it.
    pub fn security(&mut self, account: &Origin) -> Security {
        let policy = match account {
            Origin::Device(device) => self.office.device(device).map(|(_, device)| device.srtp),
            Origin::Trunk(trunk) => self.office.trunks.get(trunk).map(|trunk| trunk.srtp),
        };
        let policy = policy.unwrap_or(SrtpPolicy::Off);
        Security { policy, keys: OwnKeys::new(seed(&mut self.tokens)) }
    }

    /// A wait that is different each time, from `least` on and below `least + spread`.
    pub fn jitter(&mut self, least: Duration, spread: Duration) -> Duration {
        let token = self.tokens.next_token();
        let random = u32::from_str_radix(token.get(..4).unwrap_or_default(), 16).unwrap_or(0);
        least + spread * random / 0x1_0000
    }

    /// The address of ours that the far end of `flow` is told, in Contact and in every session
    /// description: the one it reaches us by, or the outer one for those beyond our own networks.
    #[must_use]
    pub fn advertised(&self, flow: &Flow) -> IpAddr {
        let local = flow.local.ip().to_canonical();
        match self.external {
            Some(external)
                if is_private(local)
                    && !is_private(flow.remote.ip().to_canonical())
                    && external.is_ipv4() == local.is_ipv4() =>
            {
                external
            }
            Some(_) | None => local,
        }
    }

    /// Our Contact towards the far end of `flow`.
    #[must_use]
    pub fn contact(&self, flow: &Flow) -> String {
        let host = bracketed(self.advertised(flow));
        let port = flow.local.port();
        match flow.transport {
            Transport::Udp => format!("<sip:naru@{host}:{port}>"),
            Transport::Tcp | Transport::Tls => {
                format!("<sip:naru@{host}:{port};transport={}>", flow.transport)
            }
        }
    }

    /// Our Contact towards one who is named, or names us, by `uri`: all of the way is to be
    /// encrypted if that one says so (RFC 3261 8.1.1.8, 12.1.1).
    #[must_use]
    pub fn contact_like(&self, flow: &Flow, uri: &str) -> String {
        let contact = self.contact(flow);
        let is_secure = uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sips:"));
        if is_secure && flow.transport == Transport::Tls {
            contact.replacen("<sip:", "<sips:", 1).replacen(";transport=tls", "", 1)
        } else {
            contact
        }
    }

    /// The host part of our own names towards the far end of `flow`.
    #[must_use]
    pub fn own_host(&self, flow: &Flow) -> String {
        self.domain.clone().unwrap_or_else(|| bracketed(self.advertised(flow)))
    }

    /// Sends a request and remembers who waits.
    pub fn send(&mut self, request: Request, flow: Flow, owner: Owner, now: Instant) -> ClientKey {
        let key = self.transactions.send_request(request, flow, now);
        self.owners.insert(key, owner);
        key
    }

    /// Sends a request that no leg waits for.
    pub fn send_farewell(&mut self, request: Request, flow: Flow, account: &Origin, now: Instant) {
        let copy = Farewell { account: account.clone(), request: request.clone(), flow };
        self.send(request, flow, Owner::Farewell(Box::new(copy)), now);
    }

    /// Ends a confirmed dialog.
    pub fn send_bye(
        &mut self,
        dialog: &mut Dialog,
        account: &Origin,
        cause: HangupCause,
        now: Instant,
    ) {
        let mut bye = dialog.request(Method::Bye);
        bye.headers.push(Name::UserAgent, PRODUCT);
        if let Some(reason) = hangup::reason(cause) {
            bye.headers.push(Name::Reason, reason);
        }
        self.send_farewell(bye, dialog.flow, account, now);
    }

    pub fn respond(&mut self, key: &ServerKey, mut response: Response, now: Instant) {
        response.headers.push(Name::Server, PRODUCT);
        self.transactions.respond(key, &response, now);
    }

    /// Answers with a status and nothing more.
    pub fn refuse(&mut self, key: &ServerKey, request: &Request, status: u16, now: Instant) {
        let tag = self.token();
        self.respond(key, request.tagged_response(status, &tag), now);
    }

    /// Gives an INVITE away that its leg no longer waits for.
    pub fn let_straggle(&mut self, key: ClientKey, straggler: Straggler, now: Instant) {
        self.owners.insert(key, Owner::Straggler);
        self.stragglers.insert(key, straggler, now);
    }

    #[must_use]
    pub fn owner(&self, key: &ClientKey) -> Option<&Owner> {
        self.owners.get(key)
    }

    pub fn forget(&mut self, key: &ClientKey) -> Option<Owner> {
        self.owners.remove(key)
    }

    /// Whether nothing of ours that ends a call waits for its answer.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        !self.owners.values().any(|owner| matches!(owner, Owner::Farewell(_)))
            && !self.stragglers.has_unanswered()
    }

    /// The answer to a farewell: done, or a trunk's challenge to be met once.
    pub fn farewell_answered(&mut self, farewell: Farewell, response: &Response, now: Moment) {
        let Farewell { account, mut request, flow } = farewell;
        if self.trunks.authorize(&account, &mut request, response) {
            self.send(request, flow, Owner::Nobody, now.ticks);
        }
    }

    /// The answer to a straggler's INVITE: a 2xx is acknowledged and ended at once.
    pub fn straggler_answered(&mut self, key: ClientKey, response: &Response, now: Instant) {
        let Some(mut straggler) = self.stragglers.take(&key) else { return };
        if response.is_provisional() {
            self.stragglers.put_back(key, straggler);
            return;
        }
        if !response.is_success() {
            self.owners.remove(&key);
            return;
        }
        if let Some(ack) = straggler.repeated_ack(response) {
            self.transactions.send_ack(ack, straggler.flow);
        } else {
            let (mut dialog, ack) = straggler.confirm(response);
            self.transactions.send_ack(ack, straggler.flow);
            let mut bye = dialog.request(Method::Bye);
            bye.headers.push(Name::UserAgent, PRODUCT);
            if let Some(reason) = straggler.reason {
                bye.headers.push(Name::Reason, reason);
            }
            self.send_farewell(bye, dialog.flow, &straggler.account, now);
        }
        self.stragglers.put_back(key, straggler);
    }

    /// A straggler's INVITE will get no answer.
    pub fn straggler_failed(&mut self, key: ClientKey) {
        self.owners.remove(&key);
        self.stragglers.take(&key);
    }

    /// Forgets stragglers whose time is over.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(key) = self.stragglers.expire(now) {
            self.owners.remove(&key);
        }
    }
}

/// Writes what every INVITE, UPDATE and 2xx of ours says of us.
pub fn write_capabilities(headers: &mut Headers) {
    headers.push(Name::Allow, ALLOW);
    headers.push(Name::Supported, SUPPORTED);
}

/// Puts a session description into a message.
pub fn write_description(headers: &mut Headers, slot: &mut Bytes, body: Bytes) {
    headers.set(Name::ContentType, "application/sdp");
    *slot = body;
}

fn bracketed(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// Networks that end at a NAT or at the machine.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}
