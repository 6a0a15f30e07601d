//! The transactions there are, and when each wants to be woken.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use crate::sip::flow::Flow;
use crate::sip::transaction::client::ClientTransaction;
use crate::sip::transaction::key::TransactionId;
use crate::sip::transaction::server::ServerTransaction;

/// Below this many transactions memory is not worth giving back.
const SMALL: usize = 512;

/// Which of the two tables an id belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Server,
    Client,
}

/// Both tables. Every change goes through `update_*`, which keeps the alarms right.
#[derive(Debug, Default)]
pub struct Table {
    /// Looked up only, never walked.
    servers: HashMap<TransactionId, ServerTransaction>,
    clients: BTreeMap<TransactionId, ClientTransaction>,
    /// INVITEs by what all their copies share.
    merged: HashMap<TransactionId, TransactionId>,
    /// Those that only wait for copies, oldest first; they may go early when room is needed.
    finished: VecDeque<TransactionId>,
    alarms: BTreeSet<(Instant, Side, TransactionId)>,
}

impl Table {
    #[must_use]
    pub fn server(&self, id: TransactionId) -> Option<&ServerTransaction> {
        self.servers.get(&id)
    }

    #[must_use]
    pub fn client(&self, id: TransactionId) -> Option<&ClientTransaction> {
        self.clients.get(&id)
    }

    /// The INVITE that another copy of the same has already started.
    #[must_use]
    pub fn has_merged(&self, merged: TransactionId) -> bool {
        self.merged.contains_key(&merged)
    }

    #[must_use]
    pub fn servers(&self) -> usize {
        self.servers.len()
    }

    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Makes room by forgetting the transaction that was finished longest ago. `false` if none is.
    pub fn forget_finished(&mut self) -> bool {
        while let Some(id) = self.finished.pop_front() {
            if self.servers.get(&id).is_some_and(ServerTransaction::is_finished) {
                self.remove_server(id);
                return true;
            }
        }
        false
    }

    pub fn insert_server(&mut self, id: TransactionId, server: ServerTransaction) {
        self.remove_server(id);
        self.alarms.insert((server.due().0, Side::Server, id));
        if let Some(merged) = server.merged {
            self.merged.insert(merged, id);
        }
        self.servers.insert(id, server);
    }

    pub fn insert_client(&mut self, id: TransactionId, client: ClientTransaction) {
        self.remove_client(id);
        self.alarms.insert((client.due().0, Side::Client, id));
        self.clients.insert(id, client);
    }

    pub fn update_server<T>(
        &mut self,
        id: TransactionId,
        change: impl FnOnce(&mut ServerTransaction) -> T,
    ) -> Option<T> {
        let server = self.servers.get_mut(&id)?;
        let (before, was_finished) = (server.due(), server.is_finished());
        let outcome = change(server);
        let after = server.due();
        if server.is_finished() && !was_finished {
            self.finished.push_back(id);
        }
        if before.0 != after.0 {
            self.alarms.remove(&(before.0, Side::Server, id));
            self.alarms.insert((after.0, Side::Server, id));
        }
        Some(outcome)
    }

    pub fn update_client<T>(
        &mut self,
        id: TransactionId,
        change: impl FnOnce(&mut ClientTransaction) -> T,
    ) -> Option<T> {
        let client = self.clients.get_mut(&id)?;
        let (before, _) = client.due();
        let outcome = change(client);
        let (after, _) = client.due();
        if before != after {
            self.alarms.remove(&(before, Side::Client, id));
            self.alarms.insert((after, Side::Client, id));
        }
        Some(outcome)
    }

    pub fn remove_server(&mut self, id: TransactionId) {
        let Some(server) = self.servers.remove(&id) else { return };
        self.alarms.remove(&(server.due().0, Side::Server, id));
        if let Some(merged) = server.merged {
            self.merged.remove(&merged);
        }
        while self.finished.front().is_some_and(|oldest| !self.servers.contains_key(oldest)) {
            self.finished.pop_front();
        }
        self.give_back();
    }

    /// A burst must not keep its memory when it is over.
    fn give_back(&mut self) {
        let used = self.servers.len().max(SMALL);
        if self.servers.capacity() > 8 * used {
            self.servers.shrink_to(2 * used);
            self.merged.shrink_to(2 * used);
            self.finished.shrink_to(2 * used);
        }
    }

    pub fn remove_client(&mut self, id: TransactionId) {
        if let Some(client) = self.clients.remove(&id) {
            self.alarms.remove(&(client.due().0, Side::Client, id));
        }
    }

    /// The requests that end with `flow`, or with any connection to its far end where one of the
    /// two names none.
    #[must_use]
    pub fn fallen_with(&self, flow: Flow) -> Vec<TransactionId> {
        let same_way = |other: Flow| match (other.connection, flow.connection) {
            (Some(one), Some(other)) => one == other,
            (None, _) | (_, None) => {
                other.transport == flow.transport && other.remote == flow.remote
            }
        };
        self.clients
            .iter()
            .filter(|(_, client)| client.falls_with_its_flow() && same_way(client.flow))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The next alarm and its reason.
    #[must_use]
    pub fn next_alarm(&self) -> Option<(Instant, &'static str)> {
        let (at, side, id) = self.alarms.first()?;
        let reason = match side {
            Side::Server => self.servers.get(id)?.due().1,
            Side::Client => self.clients.get(id)?.due().1,
        };
        Some((*at, reason))
    }

    /// Who must be woken at `now`; ask until `None`.
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<(Side, TransactionId)> {
        self.alarms.first().filter(|(at, _, _)| *at <= now).map(|(_, side, id)| (*side, *id))
    }
}
