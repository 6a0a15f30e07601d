//! The contacts of one device, and the rules by which they come and go (RFC 3261 10.3).

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use crate::binding::{Binding, BindingChange};
use crate::office::device::Username;
use crate::office::transport::Transport;
use crate::sip::flow::{ConnectionId, Flow};
use crate::sip::qualify::{BEHIND_NAT, NEARBY, Qualify};
use crate::sip::registrar::contact_uri::{is_same_uri, literal_address};
use crate::sip::registrar::registration::{
    Contact, LONGEST, MOST_CONTACTS, Refusal, Registration, Wish,
};
use crate::sip::syntax::uri::Uri;
use crate::time::Moment;

/// A copy of a REGISTER can come so late (64*T1, RFC 3261 17.1.2.2). A lower CSeq after that is
/// a phone that has started anew with its old Call-ID: the digest has shown that it is no replay.
const COPIES: Duration = Duration::from_secs(32);

/// One live contact.
#[derive(Clone, Debug)]
pub struct Bound {
    pub binding: Binding,
    /// When it ends; the wall clock in `binding` is for the store and for people.
    pub until: Instant,
    /// Where its requests go. `local` is unspecified for a restored one until it registers again.
    pub flow: Flow,
    pub q: Option<String>,
    pub registration_id: Option<u32>,
    pub qualify: Qualify,
    registered: Instant,
    /// Another contact looks like this phone after a restart.
    is_doubtful: bool,
}

/// A removed contact, remembered so that a late copy does not bring it back.
#[derive(Clone, Debug)]
struct Gone {
    contact: String,
    call_id: String,
    cseq: u32,
    at: Instant,
}

/// All contacts of one device.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    live: Vec<Bound>,
    gone: VecDeque<Gone>,
}

/// What has become of the bindings, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub list: Vec<BindingChange>,
    /// Something is new, gone or has moved; otherwise all are mere refreshes.
    pub is_urgent: bool,
}

impl Changes {
    fn bound(&mut self, binding: &Binding, is_urgent: bool) {
        self.list.push(BindingChange::Bound(binding.clone()));
        self.is_urgent |= is_urgent;
    }

    fn unbound(&mut self, binding: &Binding) {
        let (device, contact) = (binding.device.clone(), binding.contact.clone());
        self.list.push(BindingChange::Unbound { device, contact });
        self.is_urgent = true;
    }

    /// Puts `later` behind.
    pub fn extend(&mut self, later: Self) {
        self.list.extend(later.list);
        self.is_urgent |= later.is_urgent;
    }
}

/// How a REGISTER stands to what is known of its Call-ID.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    New,
    Copy,
    Old,
}

impl Bindings {
    /// Oldest first.
    #[must_use]
    pub fn live(&self) -> &[Bound] {
        &self.live
    }

    pub fn live_mut(&mut self) -> &mut [Bound] {
        &mut self.live
    }

    /// Takes back a binding of the last run, its wall expiry turned into ticks once. It is watched
    /// as if it had registered at `first`.
    pub fn restore(&mut self, binding: Binding, first: Instant, now: Moment) {
        // The wall clock may have been set in between: never longer than a registration can be.
        let left = binding.expires.duration_since(now.wall).unwrap_or_default().min(LONGEST);
        if left.is_zero() || self.live.len() >= MOST_CONTACTS {
            return;
        }
        let flow = Flow {
            transport: binding.transport,
            local: unspecified_like(binding.source),
            remote: target(&binding, binding.source),
            connection: None,
        };
        let qualify = watched(&binding, first);
        self.live.push(Bound {
            until: now.ticks + left,
            flow,
            q: None,
            registration_id: None,
            qualify,
            registered: now.ticks,
            is_doubtful: false,
            binding: Binding { expires: now.wall + left, ..binding },
        });
    }

    /// Does all that a REGISTER asks, or nothing of it. A copy changes nothing and is no error.
    ///
    /// # Errors
    /// `OutOfOrder` when a later REGISTER with the same Call-ID has been done already.
    pub fn register(
        &mut self,
        device: &Username,
        registration: &Registration,
        flow: &Flow,
        now: Moment,
    ) -> Result<Changes, Refusal> {
        match self.order(registration, now.ticks) {
            Order::New => {}
            Order::Copy => return Ok(Changes::default()),
            Order::Old => return Err(Refusal::OutOfOrder),
        }
        let mut changes = Changes::default();
        match &registration.wish {
            Wish::List => {}
            Wish::RemoveAll => {
                while let Some(bound) = self.live.pop() {
                    changes.unbound(&bound.binding);
                    self.bury(bound.binding, registration, now.ticks);
                }
            }
            Wish::Contacts(contacts) => {
                let is_several =
                    contacts.iter().filter(|contact| !contact.is_removal()).count() > 1;
                let mut done = Vec::new();
                for contact in contacts {
                    let flow = if is_several { own_flow(contact, flow) } else { *flow };
                    if contact.is_removal() {
                        self.remove(contact, registration, now.ticks, &mut changes);
                        continue;
                    }
                    let bound = bound(device, contact, registration, &flow, now);
                    done.push(contact.uri.as_str());
                    self.bind(bound, &done, &mut changes);
                }
            }
        }
        Ok(changes)
    }

    /// Ends what has run out and what three questions could not find again; both go for good.
    pub fn expire(&mut self, now: Instant) -> Changes {
        let mut changes = Changes::default();
        self.live.retain(|bound| {
            let is_over = bound.until <= now || (bound.is_doubtful && bound.qualify.is_silent());
            if is_over {
                changes.unbound(&bound.binding);
            }
            !is_over
        });
        self.forget_gone(now);
        changes
    }

    /// When something of this device is next to be done.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let next = |bound: &Bound| Some(bound.until.min(bound.qualify.poll_timeout()?));
        self.live.iter().map(|bound| next(bound).unwrap_or(bound.until)).min()
    }

    /// From now on a connection is made to the contact itself.
    pub fn connection_closed(&mut self, connection: ConnectionId) {
        for bound in self.live.iter_mut().filter(|bound| bound.flow.connection == Some(connection))
        {
            bound.flow.connection = None;
            bound.flow.remote = target(&bound.binding, bound.flow.remote);
        }
    }

    fn order(&self, registration: &Registration, now: Instant) -> Order {
        let concerns = |contact: &str| match &registration.wish {
            Wish::List => false,
            Wish::RemoveAll => true,
            Wish::Contacts(contacts) => contacts.iter().any(|it| is_same_uri(&it.uri, contact)),
        };
        let live = self.live.iter().map(|bound| {
            (&bound.binding.contact, &bound.binding.call_id, bound.binding.cseq, bound.registered)
        });
        let gone = self.gone.iter().map(|gone| (&gone.contact, &gone.call_id, gone.cseq, gone.at));
        let latest = live
            .chain(gone)
            .filter(|(contact, call_id, _, at)| {
                **call_id == registration.call_id
                    && now.saturating_duration_since(*at) <= COPIES
                    && concerns(contact)
            })
            .map(|(_, _, cseq, _)| cseq)
            .max();
        match latest {
            Some(cseq) if registration.cseq < cseq => Order::Old,
            Some(cseq) if registration.cseq == cseq => Order::Copy,
            _ => Order::New,
        }
    }

    fn bind(&mut self, mut new: Bound, done: &[&str], changes: &mut Changes) {
        if let Some(at) = self.successor_of(&new, done) {
            let old = &mut self.live[at];
            if old.binding.contact != new.binding.contact {
                changes.unbound(&old.binding);
            }
            old.qualify.registered(&new.qualify);
            std::mem::swap(&mut new.qualify, &mut old.qualify);
            changes.bound(&new.binding, old.binding.source != new.binding.source);
            *old = new;
            return;
        }
        for old in self.live.iter_mut().filter(|old| is_restarted(&new.binding, &old.binding)) {
            old.is_doubtful = true;
            old.qualify.hurry(new.registered + Duration::from_secs(1));
        }
        if self.live.len() >= MOST_CONTACTS
            && let Some(oldest) = self.oldest(done)
        {
            changes.unbound(&self.live.remove(oldest).binding);
        }
        changes.bound(&new.binding, true);
        self.live.push(new);
    }

    /// The contact that `new` takes the place of: the same URI, else the same instance and flow
    /// (RFC 5626 6) unless this REGISTER has just bound it.
    fn successor_of(&self, new: &Bound, done: &[&str]) -> Option<usize> {
        let same_uri = self
            .live
            .iter()
            .position(|old| is_same_uri(&old.binding.contact, &new.binding.contact));
        let same_instance = || {
            self.live.iter().position(|old| {
                new.binding.instance.is_some()
                    && old.binding.instance == new.binding.instance
                    && old.registration_id == new.registration_id
                    && !done.iter().any(|uri| is_same_uri(uri, &old.binding.contact))
            })
        };
        same_uri.or_else(same_instance)
    }

    fn oldest(&self, done: &[&str]) -> Option<usize> {
        let old =
            self.live.iter().enumerate().filter(|(_, bound)| {
                !done.iter().any(|uri| is_same_uri(uri, &bound.binding.contact))
            });
        old.min_by_key(|(_, bound)| bound.registered).map(|(at, _)| at)
    }

    fn remove(
        &mut self,
        contact: &Contact,
        registration: &Registration,
        now: Instant,
        changes: &mut Changes,
    ) {
        let is_it = |bound: &Bound| is_same_uri(&bound.binding.contact, &contact.uri);
        if let Some(at) = self.live.iter().position(is_it) {
            let bound = self.live.remove(at);
            changes.unbound(&bound.binding);
            self.bury(bound.binding, registration, now);
        }
    }

    fn bury(&mut self, binding: Binding, registration: &Registration, now: Instant) {
        self.forget_gone(now);
        if self.gone.len() == MOST_CONTACTS {
            self.gone.pop_front();
        }
        self.gone.push_back(Gone {
            contact: binding.contact,
            call_id: registration.call_id.clone(),
            cseq: registration.cseq,
            at: now,
        });
    }

    fn forget_gone(&mut self, now: Instant) {
        self.gone.retain(|gone| now.saturating_duration_since(gone.at) <= COPIES);
    }
}

impl Bound {
    /// Whether a call shall ring here.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.qualify.is_reachable()
    }
}

fn bound(
    device: &Username,
    contact: &Contact,
    registration: &Registration,
    flow: &Flow,
    now: Moment,
) -> Bound {
    let binding = Binding {
        device: device.clone(),
        contact: contact.uri.clone(),
        path: registration.path.clone(),
        source: flow.remote,
        transport: flow.transport,
        instance: contact.instance.clone(),
        call_id: registration.call_id.clone(),
        cseq: registration.cseq,
        user_agent: registration.user_agent.clone(),
        expires: now.wall + contact.expires,
    };
    let qualify = watched(&binding, now.ticks);
    Bound {
        binding,
        until: now.ticks + contact.expires,
        flow: *flow,
        q: contact.q.clone(),
        registration_id: contact.registration_id,
        qualify,
        registered: now.ticks,
        is_doubtful: false,
    }
}

/// The watch over a binding that is known to live at `from`.
fn watched(binding: &Binding, from: Instant) -> Qualify {
    let is_nearby = literal_address(&binding.contact) == Some(binding.source);
    match binding.transport {
        Transport::Udp if is_nearby => Qualify::new(from + NEARBY, NEARBY),
        Transport::Udp => Qualify::new(from + BEHIND_NAT, BEHIND_NAT),
        Transport::Tcp | Transport::Tls => Qualify::never(),
    }
}

/// The same phone as far as can be told without an instance, on another port. Two phones behind
/// one address differ in the host of their contact; two programs on one machine do not, so this
/// is a doubt to be settled by asking and not yet an end.
fn is_restarted(new: &Binding, old: &Binding) -> bool {
    let host = |uri| Uri::parse(uri).map(|uri| (uri.user_text(), uri.host.to_ascii_lowercase()));
    new.instance.is_none()
        && old.instance.is_none()
        && !new.user_agent.is_empty()
        && new.user_agent == old.user_agent
        && new.transport == old.transport
        && new.source.ip() == old.source.ip()
        && new.source != old.source
        && new.call_id != old.call_id
        && host(&new.contact) == host(&old.contact)
}

/// Where one of several contacts of a REGISTER is: they cannot all be at its source.
fn own_flow(contact: &Contact, flow: &Flow) -> Flow {
    let Some(remote) = literal_address(&contact.uri) else { return *flow };
    if remote == flow.remote {
        return *flow;
    }
    let transport = Uri::parse(&contact.uri).and_then(|uri| uri.parameter("transport"));
    let transport = match transport {
        Some(text) => text.to_ascii_lowercase().parse().unwrap_or(flow.transport),
        None => flow.transport,
    };
    Flow { transport, remote, local: flow.local, connection: None }
}

/// TCP without its connection: the contact, if it is an address. UDP: always the source.
fn target(binding: &Binding, source: SocketAddr) -> SocketAddr {
    match binding.transport {
        Transport::Udp => source,
        Transport::Tcp | Transport::Tls => literal_address(&binding.contact).unwrap_or(source),
    }
}

fn unspecified_like(address: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match address {
        SocketAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(ip, 0)
}
