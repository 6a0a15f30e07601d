//! Where a leg's sound comes from, and so where ours goes (symmetric RTP, RFC 4961).
//!
//! Sound is first sent to the address of the session description. The real address is learned
//! only from the hosts that description or signalling name, and then locked with its SSRC, so
//! that a stranger neither hears nor is heard.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use crate::media::packet::Packet;

/// How long after the first packet the described address may still take the place of a learned one.
const WINDOW: Duration = Duration::from_secs(2);
/// A phone behind NAT: packets in a row before it is believed (RFC 3550 A.1 asks for two).
const PROOF: u32 = 3;
/// Another port of the described host may be another program there: it must last, with nothing
/// from the described port meanwhile.
const LONG_PROOF: (u32, Duration) = (10, Duration::from_millis(200));
/// A new SSRC from the locked address is believed once the old one has been quiet this long.
const QUIET_SSRC: Duration = Duration::from_millis(60);
/// A new port with the locked SSRC (a NAT that forgot) is believed after this long.
const QUIET_PORT: Duration = Duration::from_secs(1);
/// Sequence numbers this near follow each other (RFC 3550 A.1 MAX_DROPOUT).
const NEAR: u16 = 3_000;

#[derive(Debug, Default)]
pub struct Source {
    /// The last address that can be sent to.
    described: Option<SocketAddr>,
    /// The far end has taken its address back (RFC 3264 8.4) and will give it again.
    withdrawn: bool,
    signalling: Option<IpAddr>,
    lock: Option<Lock>,
    challenger: Option<Challenger>,
}

#[derive(Clone, Copy, Debug)]
struct Lock {
    address: SocketAddr,
    ssrc: u32,
    sequence: u16,
    since: Instant,
    heard: Instant,
}

/// Someone who may become the source, if it goes on.
#[derive(Clone, Copy, Debug)]
struct Challenger {
    address: SocketAddr,
    ssrc: u32,
    sequence: u16,
    packets: u32,
    since: Instant,
}

impl Source {
    /// Offer and answer have named an address. What was learned for another one is forgotten.
    pub fn tuned(&mut self, described: SocketAddr, signalling: IpAddr) {
        self.signalling = Some(signalling.to_canonical());
        self.withdrawn = !usable(described);
        let described = canonical(described);
        if self.withdrawn || self.described == Some(described) {
            return;
        }
        self.described = Some(described);
        self.lock = self.lock.filter(|lock| lock.address == described);
        self.challenger = None;
    }

    /// Where sound is sent; `None` while nobody may hear us.
    #[must_use]
    pub fn destination(&self) -> Option<SocketAddr> {
        let described = self.described.filter(|_| !self.withdrawn)?;
        Some(self.lock.map_or(described, |lock| lock.address))
    }

    /// Where the leg's sound should come from, and where it does come from.
    #[must_use]
    pub fn places(&self) -> Option<(SocketAddr, SocketAddr)> {
        Some((self.described?, self.lock?.address))
    }

    /// The host and SSRC that the leg's reports must have.
    #[must_use]
    pub fn locked(&self) -> Option<(SocketAddr, u32)> {
        self.lock.map(|lock| (lock.address, lock.ssrc))
    }

    /// Whether the packet is the leg's own.
    pub fn admit(&mut self, from: SocketAddr, packet: &Packet<'_>, now: Instant) -> bool {
        let from = canonical(from);
        let believed = match self.lock {
            Some(lock) if (lock.address, lock.ssrc) == (from, packet.ssrc) => true,
            Some(lock) => self.displaces(lock, from, packet, now),
            None => self.is_first(from, packet, now),
        };
        if believed {
            let since = self.lock.map_or(now, |lock| lock.since);
            let (ssrc, sequence) = (packet.ssrc, packet.sequence);
            self.lock = Some(Lock { address: from, ssrc, sequence, since, heard: now });
            self.challenger = None;
        }
        believed
    }

    fn is_first(&mut self, from: SocketAddr, packet: &Packet<'_>, now: Instant) -> bool {
        let Some(described) = self.described else { return false };
        if from == described {
            return true;
        }
        if from.ip() == described.ip() {
            return self.proves(from, packet, LONG_PROOF, now);
        }
        Some(from.ip()) == self.signalling
            && self.proves(from, packet, (PROOF, Duration::ZERO), now)
    }

    fn displaces(
        &mut self,
        lock: Lock,
        from: SocketAddr,
        packet: &Packet<'_>,
        now: Instant,
    ) -> bool {
        let quiet = now.saturating_duration_since(lock.heard);
        let open = now.saturating_duration_since(lock.since) <= WINDOW;
        if open && Some(from) == self.described && from != lock.address {
            return true;
        }
        let follows = packet.sequence.wrapping_sub(lock.sequence) < NEAR;
        let same_voice = from.ip() == lock.address.ip() && packet.ssrc == lock.ssrc && follows;
        let may = if from == lock.address {
            quiet >= QUIET_SSRC
        } else {
            same_voice && (open || quiet >= QUIET_PORT)
        };
        may && self.proves(from, packet, (2, Duration::ZERO), now)
    }

    /// Counts the packets of one challenger that follow each other; another one starts anew.
    fn proves(
        &mut self,
        from: SocketAddr,
        packet: &Packet<'_>,
        (packets, duration): (u32, Duration),
        now: Instant,
    ) -> bool {
        let (ssrc, sequence) = (packet.ssrc, packet.sequence);
        let goes_on = |known: &Challenger| {
            (known.address, known.ssrc) == (from, ssrc)
                && (1..=5).contains(&sequence.wrapping_sub(known.sequence))
        };
        let challenger = match self.challenger.filter(goes_on) {
            Some(known) => Challenger { sequence, packets: known.packets + 1, ..known },
            None => Challenger { address: from, ssrc, sequence, packets: 1, since: now },
        };
        self.challenger = Some(challenger);
        challenger.packets >= packets && now.saturating_duration_since(challenger.since) >= duration
    }
}

/// `0.0.0.0` is the old way to hold (RFC 3264 8.4); port 0 is a refused stream.
fn usable(described: SocketAddr) -> bool {
    !described.ip().is_unspecified() && described.port() != 0
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const PHONE: &str = "192.0.2.7:4000";
    const NEIGHBOUR: &str = "192.0.2.7:9000";
    const STRANGER: &str = "198.51.100.66:4000";
    const NAT: &str = "203.0.113.5:31000";

    struct Bench {
        source: Source,
        now: Instant,
    }

    impl Bench {
        fn new(described: &str, signalling: &str) -> Self {
            let mut source = Source::default();
            source.tuned(described.parse().unwrap(), signalling.parse().unwrap());
            Self { source, now: clock::now().ticks }
        }

        /// How many of `count` packets, 20 ms apart, are admitted.
        fn hear(&mut self, from: &str, ssrc: u32, first: u16, count: u16) -> usize {
            let from = from.parse().unwrap();
            let admitted = (0..count).filter(|&at| {
                self.now += Duration::from_millis(20);
                let packet = Packet {
                    marker: false,
                    payload_type: 8,
                    sequence: first.wrapping_add(at),
                    timestamp: 0,
                    ssrc,
                    payload: &[],
                };
                self.source.admit(from, &packet, self.now)
            });
            admitted.count()
        }

        fn sends_to(&self) -> String {
            self.source.destination().unwrap().to_string()
        }
    }

    #[test]
    fn the_described_address_is_believed_at_once_and_nobody_else() {
        let mut bench = Bench::new(PHONE, "192.0.2.7");
        assert_eq!(bench.sends_to(), PHONE);
        assert_eq!(bench.hear(STRANGER, 6, 1, 100), 0);
        assert_eq!(bench.hear(NEIGHBOUR, 6, 1, 9), 0);
        assert_eq!(bench.hear(PHONE, 1, 65_530, 10), 10);
        assert_eq!(bench.hear(STRANGER, 1, 4, 100), 0);
        assert_eq!(bench.hear(NEIGHBOUR, 6, 1, 400), 0);
        assert_eq!(bench.sends_to(), PHONE);
    }

    #[test]
    fn a_phone_behind_nat_is_learned_from_its_signalling_host_only() {
        let mut bench = Bench::new("10.0.0.7:4000", "203.0.113.5");
        assert_eq!(bench.hear(STRANGER, 6, 1, 50), 0);
        assert_eq!(bench.hear(NAT, 1, 1, 10), 8);
        assert_eq!(bench.sends_to(), NAT);
        assert_eq!(bench.hear("203.0.113.5:31002", 6, 1, 100), 0);
    }

    #[test]
    fn another_port_of_the_host_gives_way_to_the_described_one() {
        let mut bench = Bench::new(PHONE, "192.0.2.7");
        assert_eq!(bench.hear(NEIGHBOUR, 6, 1, 20), 10);
        assert_eq!(bench.sends_to(), NEIGHBOUR);
        assert_eq!(bench.hear(PHONE, 1, 1, 5), 5);
        assert_eq!(bench.sends_to(), PHONE);
        assert_eq!(bench.hear(NEIGHBOUR, 6, 21, 100), 0);
    }

    #[test]
    fn after_the_window_the_lock_holds() {
        let mut bench = Bench::new(PHONE, "192.0.2.7");
        assert_eq!(bench.hear(NEIGHBOUR, 6, 1, 200), 190);
        assert_eq!(bench.hear(PHONE, 1, 1, 200), 0);
    }

    #[test]
    fn a_new_ssrc_needs_the_old_one_quiet() {
        let mut bench = Bench::new(PHONE, "192.0.2.7");
        bench.hear(PHONE, 1, 1, 150);
        assert_eq!(bench.hear(PHONE, 2, 500, 10), 7);
        for at in 0..50 {
            assert_eq!(bench.hear(PHONE, 2, 510 + at, 1), 1);
            assert_eq!(bench.hear(PHONE, 3, at, 1), 0);
        }
    }

    #[test]
    fn a_nat_that_forgot_is_followed_by_voice_and_host() {
        let mut bench = Bench::new("10.0.0.7:4000", "203.0.113.5");
        bench.hear(NAT, 1, 1, 200);
        assert_eq!(bench.hear("203.0.113.5:40000", 1, 201, 100), 50);
        assert_eq!(bench.sends_to(), "203.0.113.5:40000");
    }

    #[test]
    fn a_new_description_is_followed_and_the_same_keeps_the_lock() {
        let mut bench = Bench::new("10.0.0.7:4000", "203.0.113.5");
        bench.hear(NAT, 1, 1, 10);
        bench
            .source
            .tuned("0.0.0.0:4000".parse().unwrap(), NAT.parse::<SocketAddr>().unwrap().ip());
        assert_eq!(bench.source.destination(), None);
        bench.source.tuned("10.0.0.7:4000".parse().unwrap(), "203.0.113.5".parse().unwrap());
        assert_eq!(bench.sends_to(), NAT);
        bench.source.tuned(PHONE.parse().unwrap(), "192.0.2.7".parse().unwrap());
        assert_eq!(bench.sends_to(), PHONE);
    }
}
