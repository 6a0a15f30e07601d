//! How often a source is asked for its password that does not give it (goal S6).

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use crate::sip::recent::{Recent, network};

/// What one socket may leave open. A phone has one or two at a time; this is a whole office that
/// starts anew behind one port.
const SOCKET: Allowance = Allowance { at_once: 500, each: Duration::from_millis(100) };
/// What one address may: 200 phones behind one NAT register and ask for their lamps at once after
/// a power cut, and say everything twice because the line is slow.
const NETWORK: Allowance = Allowance { at_once: 2_000, each: Duration::from_millis(10) };

/// Sockets and addresses watched; beyond, those that were quiet for longest are let go.
const SOCKETS: usize = 8_192;
const NETWORKS: usize = 4_096;
/// A socket that was quiet for so long owes nothing.
const SETTLED: Duration = Duration::from_secs(60);
/// A source that was quiet for so long starts anew.
const FORGIVEN: Duration = Duration::from_secs(3_600);

/// So many at once, and then one for each of these.
struct Allowance {
    at_once: u32,
    each: Duration,
}

/// Challenges that nobody has met yet: a token bucket, kept as the time at which it is full again.
#[derive(Clone, Copy, Debug)]
struct Open {
    full: Instant,
}

/// An address that goes on asking.
#[derive(Clone, Copy, Debug)]
struct Source {
    open: Open,
    dropped: u32,
}

/// Counts the challenges that are open, by socket and by address. A challenge that is met with the
/// right password is taken back, so that phones cost one another nothing, however many there are
/// behind one address; a phone that loops is stopped by its own socket before its neighbours notice.
#[derive(Debug)]
pub struct Challenges {
    sockets: Recent<SocketAddr, Open>,
    networks: Recent<IpAddr, Source>,
}

impl Default for Challenges {
    fn default() -> Self {
        Self { sockets: Recent::new(SOCKETS, SETTLED), networks: Recent::new(NETWORKS, FORGIVEN) }
    }
}

impl Challenges {
    /// Whether `source` is not to be asked any more for now.
    #[must_use]
    pub fn are_spent(&self, source: SocketAddr, now: Instant) -> bool {
        let socket = self.sockets.get(&source);
        socket.is_some_and(|open| open.is_spent(&SOCKET, now))
            || self
                .networks
                .get(&network(source.ip()))
                .is_some_and(|known| known.open.is_spent(&NETWORK, now))
    }

    /// `source` is asked for its password.
    pub fn asked(&mut self, source: SocketAddr, now: Instant) {
        self.sockets.heard(source, now, || Open { full: now }).add(&SOCKET, now);
        self.network(source, now).open.add(&NETWORK, now);
    }

    /// `source` has given the right password to a challenge.
    pub fn met(&mut self, source: SocketAddr, now: Instant) {
        if let Some(open) = self.sockets.get_mut(&source) {
            open.take_back(&SOCKET, now);
        }
        if let Some(known) = self.networks.get_mut(&network(source.ip())) {
            known.open.take_back(&NETWORK, now);
        }
    }

    /// A request of `source` is dropped since its challenges are spent; says whether that is the
    /// first since it was last forgiven.
    pub fn dropped(&mut self, source: SocketAddr, now: Instant) -> bool {
        let known = self.network(source, now);
        known.dropped = known.dropped.saturating_add(1);
        known.dropped == 1
    }

    /// The addresses whose requests were dropped, how many, and when last; the latest last.
    pub fn held(&self) -> impl Iterator<Item = (IpAddr, u32, Instant)> {
        let held = self.networks.iter().filter(|(_, _, source)| source.dropped > 0);
        held.map(|(address, last, source)| (address, source.dropped, last))
    }

    /// Starts an address anew, with all its sockets.
    pub fn pardon(&mut self, address: IpAddr) {
        let address = network(address);
        self.networks.remove(&address);
        let of_it = |(socket, _, _): (SocketAddr, Instant, &Open)| {
            (network(socket.ip()) == address).then_some(socket)
        };
        let sockets: Vec<SocketAddr> = self.sockets.iter().filter_map(of_it).collect();
        for socket in sockets {
            self.sockets.remove(&socket);
        }
    }

    fn network(&mut self, source: SocketAddr, now: Instant) -> &mut Source {
        let new = || Source { open: Open { full: now }, dropped: 0 };
        self.networks.heard(network(source.ip()), now, new)
    }
}

impl Open {
    fn is_spent(&self, allowance: &Allowance, now: Instant) -> bool {
        let owed = self.full.saturating_duration_since(now);
        owed + allowance.each > allowance.each * allowance.at_once
    }

    fn add(&mut self, allowance: &Allowance, now: Instant) {
        self.full = self.full.max(now) + allowance.each;
    }

    fn take_back(&mut self, allowance: &Allowance, now: Instant) {
        self.full = self.full.checked_sub(allowance.each).unwrap_or(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn socket(last: u8, port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], port))
    }

    /// Sends `count` requests without a password in so much time, evenly; says how many are asked.
    fn storm(
        challenges: &mut Challenges,
        source: SocketAddr,
        (count, lasting): (u32, Duration),
        from: Instant,
    ) -> u32 {
        let asked = |n: &u32| {
            let now = from + lasting * *n / count;
            let is_asked = !challenges.are_spent(source, now);
            match is_asked {
                true => challenges.asked(source, now),
                false => drop(challenges.dropped(source, now)),
            }
            is_asked
        };
        (0..count).filter(asked).count().try_into().unwrap()
    }

    /// S6
    #[test]
    fn a_phone_that_loops_is_asked_ten_times_a_second_and_its_neighbours_as_ever() {
        let (mut challenges, start) = (Challenges::default(), clock::now().ticks);
        let minute = Duration::from_secs(60);
        let asked = storm(&mut challenges, socket(1, 5060), (162_000, minute), start);
        assert!((1_090..=1_101).contains(&asked), "{asked}");
        let later = start + minute;
        assert!(!challenges.are_spent(socket(1, 5062), later), "another phone behind the NAT");
        assert!(!challenges.are_spent(socket(2, 5060), later), "another address");
        let held: Vec<_> = challenges.held().collect();
        assert_eq!(held.len(), 1);
        assert_eq!((held[0].0, held[0].1), (socket(1, 0).ip(), 162_000 - asked));
        assert!(!challenges.are_spent(socket(1, 5060), later + minute), "it has calmed down");
    }

    /// Each asks twice, since the first answer came late, and then gives the password.
    #[test]
    fn two_hundred_phones_behind_one_address_start_at_once_as_often_as_they_like() {
        let (mut challenges, now) = (Challenges::default(), clock::now().ticks);
        for cut in 0..50 {
            for port in 10_000..10_200 {
                let source = socket(1, port);
                for request in 0..4 {
                    assert!(!challenges.are_spent(source, now), "{cut} {port} {request}");
                    challenges.asked(source, now);
                }
            }
            for port in 10_000..10_200 {
                for _ in 0..4 {
                    challenges.met(socket(1, port), now);
                }
            }
        }
        assert_eq!(challenges.held().count(), 0);
    }

    #[test]
    fn many_sockets_of_one_address_share_a_bound_and_memory_has_one() {
        let (mut challenges, now) = (Challenges::default(), clock::now().ticks);
        let ports = 1_024..61_024;
        let asked = ports.filter(|port| {
            let source = socket(1, *port);
            let is_asked = !challenges.are_spent(source, now);
            match is_asked {
                true => challenges.asked(source, now),
                false => drop(challenges.dropped(source, now)),
            }
            is_asked
        });
        assert_eq!(asked.count(), 2_000);
        for n in 0..20_000_u32 {
            challenges.asked(SocketAddr::from((n.to_be_bytes(), 5060)), now);
        }
        assert_eq!((challenges.sockets.len(), challenges.networks.len()), (SOCKETS, NETWORKS));
    }

    #[test]
    fn the_first_drop_is_told_and_an_admin_forgives() {
        let (mut challenges, now) = (Challenges::default(), clock::now().ticks);
        let source = socket(1, 5060);
        storm(&mut challenges, source, (500, Duration::ZERO), now);
        assert!(challenges.are_spent(source, now));
        assert!(challenges.dropped(source, now));
        assert!(!challenges.dropped(source, now));
        challenges.pardon(source.ip());
        assert!(!challenges.are_spent(source, now));
        assert_eq!(challenges.held().count(), 0);
        assert!(challenges.dropped(source, now), "it is told anew");
    }
}
