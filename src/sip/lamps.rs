//! The message lamps of phones: who has asked to be told (RFC 6665, RFC 3842), who is told without
//! asking, and what each was told last.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use tracing::debug;

use crate::binding::Binding;
use crate::leg::MessageCount;
use crate::office::device::Username;
use crate::office::snapshot::Office;
use crate::sip::flow::Flow;
use crate::sip::subscription::{Over, Subscription};
use crate::sip::syntax::message::Request;
use crate::time::Moment;
use crate::watcher::{Watcher, WatcherChange};

/// A phone that asks does so right after it has registered; it is not told before.
const COURTESY: Duration = Duration::from_secs(3);
/// Subscriptions of one device: as many as it may have places, and the oldest gives way.
const MOST: usize = 10;

/// Whose NOTIFY it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// By our tag of the dialog.
    Asked(String),
    /// By the contact of the phone.
    Unasked(Username, String),
}

/// One contact that has not asked.
#[derive(Clone, Debug)]
struct Place {
    /// It changes when the phone has started anew, and its lamp is dark.
    call_id: String,
    told: MessageCount,
    state: Hearing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hearing {
    Open,
    /// A NOTIFY has no answer yet.
    Told,
    /// It has said that it does not understand, and is left in peace.
    Deaf,
}

#[derive(Debug, Default)]
pub struct Lamps {
    counts: BTreeMap<Username, MessageCount>,
    subscriptions: BTreeMap<String, Subscription>,
    /// Those that are to be told how it stands.
    due: VecDeque<String>,
    /// Not after any subscription's end.
    ends: Option<Instant>,
    places: BTreeMap<Username, BTreeMap<String, Place>>,
    /// What the store does not know yet.
    changes: Vec<WatcherChange>,
    /// Subscriptions of the last run that are to be told how it stands, and when at the latest.
    restored: Option<(Instant, Vec<String>)>,
    /// Devices whose places are to be looked at, and when.
    looks: BTreeMap<Username, Instant>,
}

impl Lamps {
    /// What waits for a device's agent has changed.
    pub fn count(&mut self, device: Username, count: MessageCount, now: Instant) {
        let live = self.subscriptions.iter_mut().filter(|(_, one)| one.over.is_none());
        for (tag, one) in live.filter(|(_, one)| one.device == device) {
            one.is_due = true;
            self.due.push_back(tag.clone());
        }
        self.looks.insert(device.clone(), now);
        if count == MessageCount::default() {
            self.counts.remove(&device);
        } else {
            self.counts.insert(device, count);
        }
    }

    #[must_use]
    pub fn count_of(&self, device: &Username) -> MessageCount {
        self.counts.get(device).copied().unwrap_or_default()
    }

    /// A phone of the device has registered; `bindings` are all it has.
    pub fn registered(&mut self, device: &Username, bindings: &[&Binding], now: Instant) {
        self.places_are(device, bindings);
        if self.places.contains_key(device) {
            self.looks.entry(device.clone()).or_insert(now + COURTESY);
        }
    }

    /// Where the device can be reached now.
    pub fn places_are(&mut self, device: &Username, bindings: &[&Binding]) {
        let places = self.places.entry(device.clone()).or_default();
        places.retain(|contact, place| {
            bindings.iter().any(|it| it.contact == *contact && it.call_id == place.call_id)
        });
        for binding in bindings {
            places.entry(binding.contact.clone()).or_insert_with(|| Place {
                call_id: binding.call_id.clone(),
                told: MessageCount::default(),
                state: Hearing::Open,
            });
        }
        if places.is_empty() {
            self.places.remove(device);
        }
    }

    /// Who had asked before the start. What they were told is not known, so all are told once more
    /// when it is known what waits for them.
    pub fn restore(&mut self, watchers: Vec<Watcher>, now: Moment) {
        let mut tags = Vec::new();
        for watcher in watchers {
            let tag = watcher.tag.clone();
            if let Some(one) = Subscription::restored(watcher, now) {
                let until = one.until;
                self.subscriptions.insert(tag.clone(), one);
                self.ends = Some(self.ends.map_or(until, |ends| ends.min(until)));
                tags.push(tag.clone());
            }
            self.keep(&tag, now);
        }
        self.restored = (!tags.is_empty()).then(|| (now.ticks + COURTESY, tags));
    }

    /// For the store, in this order.
    pub fn take_changes(&mut self) -> Vec<WatcherChange> {
        std::mem::take(&mut self.changes)
    }

    fn keep(&mut self, tag: &str, now: Moment) {
        let kept = self.subscriptions.get(tag).and_then(|one| one.kept(now));
        self.changes.push(match kept {
            Some(watcher) => WatcherChange::Watches(Box::new(watcher)),
            None => WatcherChange::Gone { tag: tag.to_owned() },
        });
    }

    fn remove(&mut self, tag: &str) {
        if self.subscriptions.remove(tag).is_some() {
            self.changes.push(WatcherChange::Gone { tag: tag.to_owned() });
        }
    }

    /// A phone has asked.
    pub fn subscribe(&mut self, subscription: Subscription, now: Moment) {
        let of_device =
            || self.subscriptions.values().filter(|it| it.device == subscription.device);
        if of_device().count() >= MOST {
            let oldest = of_device().min_by_key(|it| it.until);
            let oldest = oldest.map(|it| it.dialog.local_tag.clone());
            oldest.into_iter().for_each(|tag| self.remove(&tag));
        }
        let (tag, until) = (subscription.dialog.local_tag.clone(), subscription.until);
        self.subscriptions.insert(tag.clone(), subscription);
        self.keep(&tag, now);
        self.is_renewed(tag, until);
    }

    #[must_use]
    pub fn subscription(&self, tag: &str) -> Option<&Subscription> {
        self.subscriptions.get(tag)
    }

    /// A SUBSCRIBE inside the dialog was let in.
    pub fn renew(&mut self, tag: &str, renew: impl FnOnce(&mut Subscription), now: Moment) {
        let Some(one) = self.subscriptions.get_mut(tag) else { return };
        renew(one);
        let until = one.until;
        self.keep(tag, now);
        self.is_renewed(tag.to_owned(), until);
    }

    fn is_renewed(&mut self, tag: String, until: Instant) {
        self.due.push_back(tag);
        self.ends = Some(self.ends.map_or(until, |ends| ends.min(until)));
    }

    /// Devices that are gone are told so.
    pub fn office_changed(&mut self, office: &Office) {
        self.end(Over::NoResource, |one| office.device(&one.device).is_none());
        self.places.retain(|device, _| office.device(device).is_some());
        self.looks.retain(|device, _| office.device(device).is_some());
        self.counts.retain(|device, _| office.device(device).is_some());
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some((_, tags)) = self.restored.take_if(|(at, _)| *at <= now) {
            self.due.extend(tags);
        }
        if self.ends.is_some_and(|ends| ends <= now) {
            self.end(Over::Timeout, |one| one.until <= now);
            let live = self.subscriptions.values().filter(|one| one.over.is_none());
            self.ends = live.map(|one| one.until).min();
        }
    }

    fn end(&mut self, over: Over, is_meant: impl Fn(&Subscription) -> bool) {
        let live = self.subscriptions.iter_mut().filter(|(_, one)| one.over.is_none());
        for (tag, one) in live.filter(|(_, one)| is_meant(one)) {
            (one.over, one.is_due) = (Some(over), true);
            self.due.push_back(tag.clone());
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let ends = self.ends.map(|at| (at, "a subscription ends"));
        let look = self.looks.values().min().map(|at| (*at, "a lamp is to be lit"));
        let restored = self.restored.as_ref().map(|(at, _)| (*at, "lamps of before the start"));
        ends.into_iter().chain(look).chain(restored).min()
    }

    /// A subscription that is to be told now, and its NOTIFY.
    pub fn poll_asked(&mut self, now: Instant) -> Option<(Notice, Request, Flow)> {
        while let Some(tag) = self.due.pop_front() {
            let Some(one) = self.subscriptions.get_mut(&tag) else { continue };
            if one.is_due && !one.is_told {
                let count = self.counts.get(&one.device).copied().unwrap_or_default();
                let (request, flow) = one.notify(count, now);
                return Some((Notice::Asked(tag), request, flow));
            }
        }
        None
    }

    /// A device whose places may have to be told now.
    pub fn poll_look(&mut self, now: Instant) -> Option<Username> {
        let (device, _) = self.looks.iter().find(|(_, at)| **at <= now)?;
        let device = device.clone();
        self.looks.remove(&device);
        Some(device)
    }

    /// Whether the device's phone at this contact, to which `flow` leads, is to be told. One that
    /// has asked from there is not, for it is told as it has asked.
    pub fn tells(&mut self, device: &Username, contact: &str, flow: &Flow) -> bool {
        let count = self.count_of(device);
        let mut asked = self.subscriptions.values().filter(|it| it.device == *device);
        let has_asked = asked.any(|it| {
            let own = it.dialog.flow;
            (own.transport, own.remote) == (flow.transport, flow.remote)
        });
        let place = self.places.get_mut(device).and_then(|places| places.get_mut(contact));
        let wants = |place: &&mut Place| place.state == Hearing::Open && place.told != count;
        let Some(place) = place.filter(wants).filter(|_| !has_asked) else { return false };
        (place.told, place.state) = (count, Hearing::Told);
        true
    }

    /// What came of a NOTIFY; nothing: no answer.
    pub fn answered(&mut self, notice: &Notice, status: Option<u16>, now: Instant) {
        let is_well = status.is_some_and(|status| (200..300).contains(&status));
        match notice {
            Notice::Asked(tag) => {
                let Some(one) = self.subscriptions.get_mut(tag) else { return };
                one.is_told = false;
                // RFC 6665 4.2.2: whoever does not know it, or is not there, is told no more.
                if !is_well || (one.over.is_some() && !one.is_due) {
                    debug!(device = %one.device, ?status, "a subscription is over");
                    self.remove(tag);
                } else if one.is_due {
                    self.due.push_back(tag.clone());
                }
            }
            Notice::Unasked(device, contact) => {
                let count = self.count_of(device);
                let places = self.places.get_mut(device);
                let Some(place) = places.and_then(|places| places.get_mut(contact)) else { return };
                place.state = Hearing::Open;
                match status {
                    Some(_) if is_well => {
                        if place.told != count {
                            self.looks.insert(device.clone(), now);
                        }
                    }
                    Some(status) => {
                        debug!(%device, contact, status, "the phone knows nothing of messages");
                        place.state = Hearing::Deaf;
                    }
                    // It is told when it comes back, or when there is news.
                    None => place.told = MessageCount::default(),
                }
            }
        }
    }
}
