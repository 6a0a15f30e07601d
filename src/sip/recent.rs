//! What is remembered of sources: those heard of lately, and no more than fit.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// A bounded memory. Who has been quiet for `lasting` is forgotten, and who has been quiet for
/// longest gives way when it is full.
#[derive(Debug)]
pub struct Recent<K, V> {
    most: usize,
    lasting: Duration,
    known: BTreeMap<K, (Instant, V)>,
    by_age: BTreeSet<(Instant, K)>,
}

impl<K: Copy + Ord, V> Recent<K, V> {
    #[must_use]
    pub fn new(most: usize, lasting: Duration) -> Self {
        Self { most, lasting, known: BTreeMap::new(), by_age: BTreeSet::new() }
    }

    /// What is known of `key`, which is heard of now; `new` when nothing is.
    pub fn heard(&mut self, key: K, now: Instant, new: impl FnOnce() -> V) -> &mut V {
        self.forget(now);
        if let Some((last, _)) = self.known.get(&key) {
            self.by_age.remove(&(*last, key));
        } else if self.known.len() >= self.most
            && let Some((_, quietest)) = self.by_age.pop_first()
        {
            self.known.remove(&quietest);
        }
        self.by_age.insert((now, key));
        let (last, value) = self.known.entry(key).or_insert_with(|| (now, new()));
        *last = now;
        value
    }

    /// What is known of `key`, without its being heard of.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.known.get(key).map(|(_, value)| value)
    }

    /// As [`Self::get`], to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.known.get_mut(key).map(|(_, value)| value)
    }

    pub fn remove(&mut self, key: &K) {
        if let Some((last, _)) = self.known.remove(key) {
            self.by_age.remove(&(last, *key));
        }
    }

    /// All, with when they were heard of last, the latest last.
    pub fn iter(&self) -> impl Iterator<Item = (K, Instant, &V)> {
        self.by_age.iter().filter_map(|(last, key)| Some((*key, *last, self.get(key)?)))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    fn forget(&mut self, now: Instant) {
        while let Some((last, key)) = self.by_age.first().copied() {
            if now.saturating_duration_since(last) < self.lasting {
                return;
            }
            self.by_age.pop_first();
            self.known.remove(&key);
        }
    }
}

/// Who one customer of a provider is: an address, or a whole /64 of IPv6.
#[must_use]
pub fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from(u128::from(v6) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn the_quietest_gives_way_and_time_forgets() {
        let (mut recent, start) = (Recent::new(2, Duration::from_secs(10)), clock::now().ticks);
        let at = |seconds| start + Duration::from_secs(seconds);
        *recent.heard('a', at(0), || 0) += 1;
        recent.heard('b', at(1), || 0);
        *recent.heard('a', at(2), || 0) += 1;
        recent.heard('c', at(3), || 7);
        let all: Vec<_> = recent.iter().map(|(key, _, value)| (key, *value)).collect();
        assert_eq!(all, [('a', 2), ('c', 7)]);
        recent.heard('d', at(12), || 0);
        assert_eq!((recent.get(&'a'), recent.get(&'c')), (None, Some(&7)));
        recent.remove(&'c');
        assert_eq!(recent.len(), 1);
    }

    #[test]
    fn a_network_is_one_source() {
        let one = network("2001:db8::1".parse().unwrap());
        assert_eq!(one, network("2001:db8::ffff:1".parse().unwrap()));
        assert_ne!(one, network("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }
}
