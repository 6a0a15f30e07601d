//! Nonces that carry their own age, and the counts used with them (RFC 7616 3.3, 5.4).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::sip::syntax::token::hex;

/// How long a nonce may be used. A phone that comes later is told `stale=true` and comes again.
pub const LIFETIME: Duration = Duration::from_secs(300);

/// How long a copy of a request passes as its retransmission: 64*T1 (RFC 3261 17.1.1.2).
const RETRANSMISSION: Duration = Duration::from_secs(32);

/// Nonces whose counts we remember. With more in use the oldest go stale before their time.
const REMEMBERED: usize = 65_536;

/// Counts remembered a nonce: so far requests may overtake each other.
const WINDOW: u32 = 8;

/// One nonce, in the order they were given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NonceId {
    /// Whole seconds since the first nonce.
    second: u32,
    count: u32,
}

/// Gives out nonces without remembering them, and remembers the counts of those in use.
pub struct Nonces {
    key: Hmac<Sha256>,
    start: Option<Instant>,
    given: u32,
    used: BTreeMap<NonceId, Vec<Use>>,
    /// Nonces up to this one have been forgotten and are stale.
    forgotten: Option<NonceId>,
}

struct Use {
    count: u32,
    second: u32,
    request: u64,
}

impl Nonces {
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        let key = <Hmac<Sha256> as Mac>::new(&block.into());
        Self { key, start: None, given: 0, used: BTreeMap::new(), forgotten: None }
    }

    /// A new nonce: 40 hex digits.
    pub fn give(&mut self, now: Instant) -> String {
        self.given = self.given.wrapping_add(1);
        let id = NonceId { second: self.second(now), count: self.given };
        self.text(id)
    }

    /// The nonce behind `text`, if it is ours, young enough and not forgotten.
    pub fn read(&mut self, text: &str, now: Instant) -> Option<NonceId> {
        let number = |digits: Option<&str>| u32::from_str_radix(digits?, 16).ok();
        let id = NonceId { second: number(text.get(..8))?, count: number(text.get(8..16))? };
        let age = self.second(now).checked_sub(id.second)?;
        let is_young = u64::from(age) <= LIFETIME.as_secs();
        let is_known = self.forgotten.is_none_or(|forgotten| forgotten < id);
        (is_young && is_known && self.text(id) == text).then_some(id)
    }

    /// Uses up `count` (0 for a phone of RFC 2069, which so gets one request a nonce) for a
    /// request with this fingerprint. Says no when the count is too old or was used for another
    /// request; a retransmission may use it again.
    pub fn claim(&mut self, id: NonceId, count: u32, request: u64, now: Instant) -> bool {
        let second = self.second(now);
        self.forget(second);
        let uses = self.used.entry(id).or_insert_with(|| Vec::with_capacity(1));
        if let Some(earlier) = uses.iter().find(|earlier| earlier.count == count) {
            let age = u64::from(second.saturating_sub(earlier.second));
            return earlier.request == request && age <= RETRANSMISSION.as_secs();
        }
        let highest = uses.iter().map(|earlier| earlier.count).max().unwrap_or(0);
        if highest.saturating_sub(count) >= WINDOW || (count == 0 && !uses.is_empty()) {
            return false;
        }
        let oldest = highest.max(count).saturating_sub(WINDOW - 1);
        uses.retain(|earlier| earlier.count >= oldest);
        uses.push(Use { count, second, request });
        true
    }

    /// How many nonces are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.used.len()
    }

    fn forget(&mut self, second: u32) {
        while let Some(first) = self.used.first_entry() {
            let id = *first.key();
            let age = u64::from(second.saturating_sub(id.second));
            if age <= LIFETIME.as_secs() && self.used.len() < REMEMBERED {
                return;
            }
            self.used.pop_first();
            self.forgotten = self.forgotten.max(Some(id));
        }
    }

    /// Ticks, not the wall clock: a clock that is set makes no nonce stale (goal R15).
    fn second(&mut self, now: Instant) -> u32 {
        let start = *self.start.get_or_insert(now);
        u32::try_from(now.saturating_duration_since(start).as_secs()).unwrap_or(u32::MAX)
    }

    fn text(&self, id: NonceId) -> String {
        let number = (u64::from(id.second) << 32 | u64::from(id.count)).to_be_bytes();
        let tag = self.key.clone().chain_update(number).finalize().into_bytes();
        let mut text = hex(&number);
        text.push_str(&hex(&tag[..12]));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn nonces() -> (Nonces, Instant) {
        (Nonces::new(&[7; 32]), clock::now().ticks)
    }

    #[test]
    fn a_nonce_is_ours_for_its_lifetime() {
        let (mut nonces, now) = nonces();
        let text = nonces.give(now);
        assert!(nonces.read(&text, now + LIFETIME).is_some());
        assert!(nonces.read(&text, now + LIFETIME + Duration::from_secs(1)).is_none());
        assert_ne!(nonces.give(now), text);
    }

    #[test]
    fn a_nonce_of_others_is_not_ours() {
        let (mut nonces, now) = nonces();
        let text = nonces.give(now);
        let foreign = Nonces::new(&[8; 32]).give(now);
        for other in ["", "é", &text[..39], &text.to_uppercase(), &foreign, &format!("{text}0")] {
            assert!(nonces.read(other, now).is_none() || *other == text, "{other}");
        }
        let later = format!("{}{}", "00000001", &text[8..]);
        assert!(nonces.read(&later, now + Duration::from_secs(5)).is_none());
    }

    #[test]
    fn a_count_serves_one_request_and_its_retransmissions() {
        let (mut nonces, now) = nonces();
        let text = nonces.give(now);
        let id = nonces.read(&text, now).unwrap();
        assert!(nonces.claim(id, 1, 11, now));
        assert!(nonces.claim(id, 1, 11, now + Duration::from_secs(32)));
        assert!(!nonces.claim(id, 1, 11, now + Duration::from_secs(33)));
        assert!(!nonces.claim(id, 1, 12, now));
        assert!(nonces.claim(id, 2, 12, now));
    }

    #[test]
    fn requests_may_overtake_each_other_a_little() {
        let (mut nonces, now) = nonces();
        let text = nonces.give(now);
        let id = nonces.read(&text, now).unwrap();
        assert!(nonces.claim(id, 9, 9, now));
        assert!(nonces.claim(id, 2, 2, now));
        assert!(!nonces.claim(id, 1, 1, now), "too old to be told from a replay");
        assert!(!nonces.claim(id, 2, 3, now));
    }

    #[test]
    fn without_a_count_a_nonce_serves_one_request() {
        let (mut nonces, now) = nonces();
        let text = nonces.give(now);
        let id = nonces.read(&text, now).unwrap();
        assert!(nonces.claim(id, 0, 1, now) && nonces.claim(id, 0, 1, now));
        assert!(!nonces.claim(id, 0, 2, now));
    }

    #[test]
    fn what_was_forgotten_is_stale_and_memory_is_bounded() {
        let (mut nonces, now) = nonces();
        let first = nonces.give(now);
        let id = nonces.read(&first, now).unwrap();
        assert!(nonces.claim(id, 1, 1, now));
        for request in 0..REMEMBERED as u64 {
            let text = nonces.give(now);
            let id = nonces.read(&text, now).unwrap();
            assert!(nonces.claim(id, 1, request, now));
        }
        assert!(nonces.remembered() <= REMEMBERED);
        assert!(nonces.read(&first, now).is_none());
        let later = now + LIFETIME + Duration::from_secs(1);
        let text = nonces.give(later);
        let id = nonces.read(&text, later).unwrap();
        assert!(nonces.claim(id, 1, 1, later));
        assert_eq!(nonces.remembered(), 1);
    }
}
