//! Messages that go out again until the other side has reacted.

use std::time::{Duration, Instant};

/// RFC 3261 17.1.1.1: the estimate of a round trip.
const T1: Duration = Duration::from_millis(500);
/// RFC 3261 17.1.2.2: the longest pause between two copies.
const T2: Duration = Duration::from_secs(4);
/// RFC 3261 17.1.1.2: timers B, F and H.
const GIVE_UP: Duration = Duration::from_secs(32);

#[derive(Clone, Debug)]
struct Resend {
    key: String,
    bytes: Vec<u8>,
    due: Instant,
    pause: Duration,
    until: Instant,
}

/// What is waiting for a reaction.
#[derive(Clone, Debug, Default)]
pub struct Resends(Vec<Resend>);

impl Resends {
    /// `bytes` have been sent at `now`; they go out again until [`Self::stop`].
    pub fn add(&mut self, key: &str, bytes: Vec<u8>, now: Instant) {
        self.0.push(Resend {
            key: key.to_owned(),
            bytes,
            due: now + T1,
            pause: T1,
            until: now + GIVE_UP,
        });
    }

    /// True if something was waiting under that key.
    pub fn stop(&mut self, key: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|resend| resend.key != key);
        self.0.len() != before
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.0.iter().map(|resend| resend.due).min()
    }

    /// The copies to send now, and the keys of those that nobody ever reacted to.
    pub fn handle_timeout(&mut self, now: Instant) -> (Vec<Vec<u8>>, Vec<String>) {
        let mut copies = Vec::new();
        let mut lost = Vec::new();
        self.0.retain_mut(|resend| {
            if resend.due > now {
                return true;
            }
            if resend.until <= now {
                lost.push(resend.key.clone());
                return false;
            }
            copies.push(resend.bytes.clone());
            resend.pause = (resend.pause * 2).min(T2);
            resend.due = now + resend.pause;
            true
        });
        (copies, lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn copies_thin_out_and_end() {
        let start = clock::now().ticks;
        let mut resends = Resends::default();
        resends.add("a", b"x".to_vec(), start);
        let mut sent = Vec::new();
        let mut lost = Vec::new();
        while let Some(due) = resends.poll_timeout() {
            let (copies, gone) = resends.handle_timeout(due);
            if !copies.is_empty() {
                sent.push((due - start).as_millis());
            }
            lost.extend(gone);
        }
        assert_eq!(sent[..5], [500, 1500, 3500, 7500, 11500]);
        assert_eq!(lost, ["a"]);
    }

    #[test]
    fn a_reaction_ends_them() {
        let now = clock::now().ticks;
        let mut resends = Resends::default();
        resends.add("a", Vec::new(), now);
        assert!(resends.stop("a"));
        assert_eq!(resends.poll_timeout(), None);
        assert!(!resends.stop("a"));
    }
}
