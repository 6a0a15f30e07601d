//! Which leg a dialog belongs to, by our own tags, which nobody can guess.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::leg::LegId;
use crate::sip::transaction::key::ServerKey;

/// A crossed or repeated BYE may come as long after the end as its sender repeats it
/// (RFC 3261 17.1.2.2, timer F).
const REMEMBERED: Duration = Duration::from_secs(32);

/// All dialogs there are, and those that have just ended.
#[derive(Debug, Default)]
pub struct Dialogs {
    /// Looked up only, never walked.
    by_tag: HashMap<String, LegId>,
    by_invite: HashMap<ServerKey, LegId>,
    of_leg: BTreeMap<LegId, Names>,
    ended: HashMap<String, Instant>,
    ends: VecDeque<(Instant, String)>,
}

#[derive(Debug, Default)]
struct Names {
    tags: Vec<String>,
    invites: Vec<ServerKey>,
}

impl Dialogs {
    pub fn add_tag(&mut self, leg: LegId, tag: &str) {
        self.by_tag.insert(tag.to_owned(), leg);
        self.of_leg.entry(leg).or_default().tags.push(tag.to_owned());
    }

    pub fn add_invite(&mut self, leg: LegId, key: ServerKey) {
        self.by_invite.insert(key, leg);
        self.of_leg.entry(leg).or_default().invites.push(key);
    }

    #[must_use]
    pub fn of_tag(&self, tag: &str) -> Option<LegId> {
        self.by_tag.get(tag).copied()
    }

    #[must_use]
    pub fn of_invite(&self, key: &ServerKey) -> Option<LegId> {
        self.by_invite.get(key).copied()
    }

    /// Whether the tag was ours until a moment ago.
    #[must_use]
    pub fn has_ended(&self, tag: &str) -> bool {
        self.ended.contains_key(tag)
    }

    pub fn ended(&mut self, leg: LegId, now: Instant) {
        let Some(names) = self.of_leg.remove(&leg) else { return };
        for key in names.invites {
            self.by_invite.remove(&key);
        }
        for tag in names.tags {
            self.by_tag.remove(&tag);
            self.ended.insert(tag.clone(), now);
            self.ends.push_back((now + REMEMBERED, tag));
        }
        self.forget(now);
    }

    /// Every leg that has a name.
    pub fn legs(&self) -> impl Iterator<Item = LegId> {
        self.of_leg.keys().copied()
    }

    fn forget(&mut self, now: Instant) {
        while self.ends.front().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, tag)) = self.ends.pop_front() {
                self.ended.remove(&tag);
            }
        }
    }
}
