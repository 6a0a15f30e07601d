//! How many may begin to speak TLS with us: a handshake takes as much of the processor as a call.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

const SPAN: Duration = Duration::from_secs(1);

/// In one second, of everybody: about a tenth of a core.
const ALL: u32 = 128;

/// In one second, from one address: a branch office that comes back is there within seconds.
const FROM_ONE: u32 = 64;

/// Counts by the second; knows no more addresses than [`ALL`].
#[derive(Debug, Default)]
pub struct Handshakes {
    since: Option<Instant>,
    all: u32,
    from: BTreeMap<IpAddr, u32>,
}

impl Handshakes {
    /// Whether `source` may begin one now.
    pub fn admit(&mut self, now: Instant, source: IpAddr) -> bool {
        if self.since.is_none_or(|since| now >= since + SPAN) {
            *self = Self { since: Some(now), ..Self::default() };
        }
        let own = self.from.get(&source).copied().unwrap_or(0);
        if self.all >= ALL || own >= FROM_ONE {
            return false;
        }
        self.all += 1;
        self.from.insert(source, own + 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal S9: whoever knocks without end keeps nobody else out, nor the calls waiting.
    #[test]
    fn one_address_takes_no_more_than_its_share_and_all_no_more_than_there_is() {
        let mut handshakes = Handshakes::default();
        let begin = crate::clock::now().ticks;
        let mut admitted = |second: u64, host: u8| {
            let now = begin + Duration::from_secs(second);
            let address = IpAddr::from([192, 0, 2, host]);
            (0..200).filter(|_| handshakes.admit(now, address)).count()
        };
        assert_eq!(admitted(1, 1), 64);
        assert_eq!([admitted(1, 2), admitted(1, 3)], [64, 0]);
        assert_eq!([admitted(2, 3), admitted(2, 1)], [64, 64]);
    }
}
