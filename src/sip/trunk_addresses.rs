//! Which trunk calls from where (goals S2, S8).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use crate::office::snapshot::Office;
use crate::office::transport::Transport;
use crate::office::trunk::TrunkName;
use crate::sip::flow::Flow;

/// By what a trunk is told from phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    ByPort,
    ByAddress,
}

#[derive(Debug, Default)]
pub struct TrunkAddresses {
    at: BTreeMap<IpAddr, Vec<(SocketAddr, TrunkName)>>,
    configured: Vec<(SocketAddr, TrunkName)>,
    /// Those that call over TLS or not at all.
    secure: BTreeSet<TrunkName>,
    resolved: BTreeMap<TrunkName, Vec<SocketAddr>>,
    /// Addresses that phones have proved themselves from.
    phones: BTreeSet<IpAddr>,
}

impl TrunkAddresses {
    pub fn office_changed(&mut self, office: &Office) {
        let peers =
            office.trunks.values().filter_map(|trunk| Some((trunk.peer?, trunk.name.clone())));
        self.configured = peers.collect();
        let secure = office.trunks.values().filter(|trunk| trunk.transport == Transport::Tls);
        self.secure = secure.map(|trunk| trunk.name.clone()).collect();
        self.resolved.retain(|name, _| office.trunks.contains_key(name));
        self.index();
    }

    /// The addresses behind a trunk's registration server, as DNS gives them. Replaces earlier ones.
    pub fn resolved(&mut self, trunk: &TrunkName, addresses: Vec<SocketAddr>) {
        self.resolved.insert(trunk.clone(), addresses);
        self.index();
    }

    /// A phone has proved itself from here.
    pub fn phone_is_at(&mut self, address: IpAddr) {
        /// Only the addresses of trunks matter, and those are few.
        const MOST: usize = 4096;
        let address = address.to_canonical();
        if self.phones.len() < MOST && self.at.contains_key(&address) {
            self.phones.insert(address);
        }
    }

    /// Trunks call from any port of theirs, but where phones are at the same address (and on the
    /// loopback, where everybody is) the port must be the trunk's.
    #[must_use]
    pub fn trunk(&self, flow: &Flow) -> Option<(&TrunkName, Known)> {
        let address = flow.remote.ip().to_canonical();
        let peers = self.at.get(&address)?;
        // Anybody can write another's address on a datagram; who wants TLS wants that ruled out.
        let fits = |trunk| flow.transport == Transport::Tls || !self.secure.contains(trunk);
        let mut peers = peers.iter().filter(|(_, trunk)| fits(trunk)).peekable();
        let first = peers.peek().map(|(_, trunk)| trunk);
        if let Some((_, trunk)) = peers.find(|(peer, _)| peer.port() == flow.remote.port()) {
            return Some((trunk, Known::ByPort));
        }
        let is_shared = address.is_loopback() || self.phones.contains(&address);
        first.filter(|_| !is_shared).map(|trunk| (trunk, Known::ByAddress))
    }

    fn index(&mut self) {
        self.at.clear();
        let resolved = self.resolved.iter().flat_map(|(name, addresses)| {
            addresses.iter().map(move |address| (*address, name.clone()))
        });
        for (address, name) in self.configured.iter().cloned().chain(resolved) {
            self.at.entry(address.ip().to_canonical()).or_default().push((address, name));
        }
    }
}
