//! All trunks: where they are, whether they know us, and as whom we call through them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::leg::Origin;
use crate::office::snapshot::Office;
use crate::office::transport::Transport;
use crate::office::trunk::{TrunkAccount, TrunkName};
use crate::sip::flow::Flow;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::token::{Tokens, seed};
use crate::sip::trunk::credentials::TrunkCredentials;
use crate::sip::trunk::registration::{TrunkRegistration, TrunkStatus};
use crate::sip::trunk::server_name::{ServerName, TrunkTarget};
use crate::sip::trunk::trunk::TrunkLine;
use crate::time::Moment;

/// How often a provider's name is looked up again, and how soon after a failure.
const LOOKED_UP_EVERY: Duration = Duration::from_secs(300);
const LOOKED_UP_AGAIN: Duration = Duration::from_secs(15);

/// The trunks of the office. `poll_lookup` and `poll_register` are to be drained after each input.
#[derive(Default)]
pub struct Trunks {
    all: BTreeMap<TrunkName, Known>,
    /// Taken out of the office; they still say farewell to their provider.
    leaving: BTreeMap<TrunkName, Known>,
}

struct Known {
    line: TrunkLine,
    account: Option<TrunkAccount>,
    peer: Option<SocketAddr>,
    transport: Transport,
    place: Place,
    /// Why its last connection failed, until something comes of it.
    trouble: Option<String>,
    registration: Option<TrunkRegistration>,
}

/// Where the server's name leads.
#[derive(Clone, Debug)]
struct Place {
    addresses: Vec<SocketAddr>,
    /// When to look the name up; `None` for an address and while it is being looked up.
    look_up_at: Option<Instant>,
}

impl Trunks {
    pub fn office_changed(&mut self, office: &Arc<Office>, tokens: &mut Tokens, now: Moment) {
        let mut before = std::mem::take(&mut self.all);
        for trunk in office.trunks.values() {
            let line = TrunkLine::new(trunk, &office.dial_out.home);
            let (account, peer, transport) = (trunk.register.clone(), trunk.peer, trunk.transport);
            let old = before.remove(&trunk.name).map(|known| {
                if known.account == account && known.transport == transport {
                    return Some(known);
                }
                self.leave(trunk.name.clone(), known);
                None
            });
            let known = match old.flatten() {
                Some(known) => Known { line, account, peer, ..known },
                None => {
                    let server = account.as_ref().map(|account| account.server.clone());
                    let name = server.map(|server| ServerName { server, transport });
                    let place = Place::of(name.as_ref(), now);
                    let registration = account.clone().map(|account| {
                        let tokens = Tokens::new(seed(tokens));
                        TrunkRegistration::new(trunk.name.clone(), account, tokens, now)
                    });
                    let trouble = None;
                    Known { line, account, peer, transport, place, trouble, registration }
                }
            };
            self.all.insert(trunk.name.clone(), known);
        }
        for (name, known) in before {
            self.leave(name, known);
        }
    }

    fn leave(&mut self, name: TrunkName, mut known: Known) {
        if let Some(registration) = &mut known.registration {
            registration.stop();
            if !registration.has_left() {
                self.leaving.insert(name, known);
            }
        }
    }

    /// Says farewell to every provider.
    pub fn stop(&mut self) {
        for (name, known) in std::mem::take(&mut self.all) {
            self.leave(name, known);
        }
    }

    /// Whether every farewell is over.
    #[must_use]
    pub fn have_left(&self) -> bool {
        self.leaving.is_empty()
    }

    /// How a call goes out through the trunk.
    #[must_use]
    pub fn line(&self, trunk: &TrunkName) -> Option<&TrunkLine> {
        self.all.get(trunk).map(|known| &known.line)
    }

    /// Where its calls are sent: its peer address, else where its server's name leads.
    #[must_use]
    pub fn target(&self, trunk: &TrunkName) -> Option<TrunkTarget> {
        self.call_targets(trunk).into_iter().next()
    }

    /// Every address to try for a call, the best first.
    #[must_use]
    pub fn call_targets(&self, trunk: &TrunkName) -> Vec<TrunkTarget> {
        let Some(known) = self.all.get(trunk) else { return Vec::new() };
        let addresses = known.peer.map_or_else(|| known.place.addresses.clone(), |peer| vec![peer]);
        addresses.into_iter().map(|address| known.target(address)).collect()
    }

    /// The addresses before this one did not answer: what comes next begins with it.
    pub fn lead_with(&mut self, account: &Origin, address: SocketAddr) {
        let name = match account {
            Origin::Trunk(name) => name,
            Origin::Device(_) => return,
        };
        let Some(known) = self.all.get_mut(name) else { return };
        let addresses = &mut known.place.addresses;
        if let Some(at) = addresses.iter().position(|other| *other == address) {
            addresses.rotate_left(at);
        }
    }

    /// The user part under which the provider knows us.
    #[must_use]
    pub fn own_name(&self, trunk: &TrunkName) -> Option<&str> {
        self.all.get(trunk)?.account.as_ref().map(|account| account.username.as_str())
    }

    /// Puts our answer to a 401 or 407 into `request` and raises its CSeq. `false` when there is
    /// none to give, or when it was refused already.
    pub fn authorize(&self, account: &Origin, request: &mut Request, response: &Response) -> bool {
        let name = match (account, response.status) {
            (Origin::Trunk(name), 401 | 407) => name,
            (Origin::Trunk(_) | Origin::Device(_), _) => return false,
        };
        let header =
            if response.status == 407 { Name::ProxyAuthorization } else { Name::Authorization };
        let Some(account) = self.all.get(name).and_then(|known| known.account.clone()) else {
            return false;
        };
        if request.headers.get(&header).is_some() {
            return false;
        }
        match TrunkCredentials::new(account).answer(request, response) {
            Ok(next) => {
                *request = next;
                true
            }
            Err(error) => {
                tracing::warn!(trunk = %name, %error, "a challenge cannot be answered");
                false
            }
        }
    }

    /// Has the name of a trunk's server looked up anew, and tells it; `None` for an address.
    pub fn look_up_again(&mut self, trunk: &TrunkName, now: Instant) -> Option<ServerName> {
        let known = self.all.get_mut(trunk)?;
        let name = known.server_name().filter(|name| name.address().is_none())?;
        known.place.look_up_at = Some(now);
        Some(name)
    }

    /// Has a trunk register now, not when it would; tells by which Call-ID. `None`: it does not.
    pub fn register_again(&mut self, trunk: &TrunkName) -> Option<String> {
        let registration = self.all.get_mut(trunk)?.registration.as_mut()?;
        registration.hurry();
        Some(registration.call_id().to_owned())
    }

    /// Whether a REGISTER of the trunk is under way or about to be sent.
    #[must_use]
    pub fn is_registering(&self, trunk: &TrunkName) -> bool {
        let registration = self.all.get(trunk).and_then(|known| known.registration.as_ref());
        registration.is_some_and(TrunkRegistration::is_under_way)
    }

    /// A server whose name is to be looked up now, in the background.
    pub fn poll_lookup(&mut self, now: Instant) -> Option<ServerName> {
        let known = self
            .all
            .values_mut()
            .find(|known| known.place.look_up_at.is_some_and(|at| at <= now))?;
        known.place.look_up_at = None;
        known.server_name()
    }

    /// Where a name leads; an empty list is a failed look-up, after which older addresses stay.
    /// Returns the trunks behind it.
    pub fn looked_up(
        &mut self,
        name: &ServerName,
        addresses: &[SocketAddr],
        now: Instant,
    ) -> Vec<TrunkName> {
        let mut names = Vec::new();
        for (trunk, known) in &mut self.all {
            if known.server_name().as_ref() == Some(name) {
                let again = if addresses.is_empty() { LOOKED_UP_AGAIN } else { LOOKED_UP_EVERY };
                known.place.look_up_at = Some(now + again);
                if !addresses.is_empty() {
                    known.place.take(addresses);
                    names.push(trunk.clone());
                }
            }
        }
        names
    }

    /// Every address that a trunk's server is known to have.
    #[must_use]
    pub fn addresses(&self, trunk: &TrunkName) -> Vec<SocketAddr> {
        self.all.get(trunk).map(|known| known.place.addresses.clone()).unwrap_or_default()
    }

    pub fn names(&self) -> impl Iterator<Item = &TrunkName> {
        self.all.keys()
    }

    /// The next trunk that wants to register, and where.
    #[must_use]
    pub fn wants_register(&self) -> Option<(TrunkName, TrunkTarget)> {
        self.all.iter().chain(&self.leaving).find_map(|(name, known)| {
            let wants = known.registration.as_ref().is_some_and(TrunkRegistration::has_request);
            let address = known.place.addresses.first().or(known.peer.as_ref())?;
            wants.then(|| (name.clone(), known.target(*address)))
        })
    }

    /// Its REGISTER, with `contact` as our URI.
    pub fn register(&mut self, trunk: &TrunkName, contact: &str, now: Moment) -> Option<Request> {
        self.registration(trunk)?.poll_request(contact, now)
    }

    /// The outcome of a REGISTER: a final response, or none at all.
    pub fn registered(&mut self, trunk: &TrunkName, response: Option<&Response>, now: Moment) {
        let silent = response.is_none_or(|response| response.status == 503);
        if let Some(known) = self.all.get_mut(trunk).filter(|_| silent) {
            // RFC 3263 4.3: the next try goes to the next address.
            let addresses = &mut known.place.addresses;
            if !addresses.is_empty() {
                addresses.rotate_left(1);
            }
        }
        let trouble = self.all.get_mut(trunk).and_then(|known| known.trouble.take());
        if let Some(registration) = self.registration(trunk) {
            match response {
                Some(response) => registration.handle_response(response, now),
                None => {
                    let why = trouble.as_deref().unwrap_or("no answer");
                    registration.handle_failure(why, now);
                }
            }
        }
        self.forget_left();
    }

    /// A connection to a provider has ended, and why if somebody can do something about it: the
    /// trunks behind it, which register anew.
    pub fn connection_lost(
        &mut self,
        flow: &Flow,
        why: Option<&str>,
        now: Moment,
    ) -> Vec<TrunkName> {
        let mut lost = Vec::new();
        for (trunk, known) in &mut self.all {
            let is_its = known.transport == flow.transport
                && (known.peer == Some(flow.remote)
                    || known.place.addresses.contains(&flow.remote));
            if !is_its {
                continue;
            }
            known.trouble = why.map(str::to_owned);
            if let Some(registration) = &mut known.registration {
                registration.connection_lost(now);
            }
            lost.push(trunk.clone());
        }
        lost
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        for known in self.all.values_mut().chain(self.leaving.values_mut()) {
            if let Some(registration) = &mut known.registration {
                registration.handle_timeout(now);
            }
        }
        self.forget_left();
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let look_ups = self
            .all
            .values()
            .filter_map(|known| known.place.look_up_at)
            .map(|at| (at, "a trunk's name is looked up"));
        self.all
            .values()
            .chain(self.leaving.values())
            .filter_map(|known| known.registration.as_ref()?.poll_timeout())
            .chain(look_ups)
            .min()
    }

    #[must_use]
    pub fn statuses(&self, now: Moment) -> Vec<TrunkStatus> {
        let registrations = self.all.values().filter_map(|known| known.registration.as_ref());
        registrations.map(|registration| registration.status(now)).collect()
    }

    fn registration(&mut self, trunk: &TrunkName) -> Option<&mut TrunkRegistration> {
        let wants = |known: &Known| {
            known.registration.as_ref().is_some_and(|registration| !registration.has_left())
        };
        // One that leaves is done first, so that a changed account registers after its farewell.
        if self.leaving.get(trunk).is_some_and(wants) {
            return self.leaving.get_mut(trunk)?.registration.as_mut();
        }
        self.all.get_mut(trunk)?.registration.as_mut()
    }

    fn forget_left(&mut self) {
        self.leaving.retain(|_, known| {
            known.registration.as_ref().is_some_and(|registration| !registration.has_left())
        });
    }
}

impl Known {
    fn server_name(&self) -> Option<ServerName> {
        let account = self.account.as_ref()?;
        Some(ServerName { server: account.server.clone(), transport: self.transport })
    }

    /// RFC 5922 7.1: what the office wrote down is what has to be proved, whatever DNS said.
    fn target(&self, address: SocketAddr) -> TrunkTarget {
        let host = self.server_name().map(|name| name.host().to_owned());
        let host = host.unwrap_or_else(|| address.ip().to_string());
        TrunkTarget { address, transport: self.transport, host }
    }
}

impl Place {
    /// The order in which addresses have proved themselves outlives a look-up that brings the same.
    fn take(&mut self, addresses: &[SocketAddr]) {
        let same = addresses.len() == self.addresses.len()
            && addresses.iter().all(|address| self.addresses.contains(address));
        if !same {
            self.addresses = addresses.to_vec();
        }
    }

    fn of(name: Option<&ServerName>, now: Moment) -> Self {
        let unknown = Self { addresses: Vec::new(), look_up_at: None };
        let Some(name) = name else { return unknown };
        match name.address() {
            Some(address) => Self { addresses: vec![address], look_up_at: None },
            None => Self { look_up_at: Some(now.ticks), ..unknown },
        }
    }
}

/// Which of our sockets reaches an address. Asked of the wire; a test answers itself.
pub trait Routes {
    /// The flow to `remote`, its `local` filled in; `None` when we have no such socket.
    fn local_for(&mut self, remote: SocketAddr, transport: Transport) -> Option<Flow>;

    /// The flow to a provider, over a connection of its own where there are any.
    fn way_to(&mut self, target: &TrunkTarget) -> Option<Flow> {
        self.local_for(target.address, target.transport)
    }
}

/// `flow` with its own address known.
#[must_use]
pub fn routed(flow: Flow, routes: &mut dyn Routes) -> Option<Flow> {
    if !flow.local.ip().is_unspecified() && flow.local.port() != 0 {
        return Some(flow);
    }
    let found = routes.local_for(flow.remote, flow.transport)?;
    Some(Flow { local: found.local, ..flow })
}
