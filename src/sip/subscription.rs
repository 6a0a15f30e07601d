//! One phone that has asked to be told (RFC 6665 4.2), and how far it has been.

use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::leg::MessageCount;
use crate::office::device::Username;
use crate::office::transport::Transport;
use crate::sip::dialog::Dialog;
use crate::sip::flow::Flow;
use crate::sip::message_summary::{BODY, summary};
use crate::sip::screen::PRODUCT;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::Request;
use crate::sip::syntax::method::Method;
use crate::time::Moment;
use crate::watcher::Watcher;

/// RFC 3842 3.4: what is meant when nothing is said, and no longer.
pub const LONGEST: Duration = Duration::from_secs(3_600);
/// More often is no use to a lamp.
pub const SHORTEST: Duration = Duration::from_secs(60);

/// How long a SUBSCRIBE wants to be told; zero: once. Nothing when it would come again too soon: 423
/// with Min-Expires.
#[must_use]
pub fn wanted(request: &Request) -> Option<Duration> {
    let text = request.headers.get(&Name::Expires).unwrap_or_default().trim();
    let seconds =
        text.parse::<u32>().map_or(LONGEST, |seconds| Duration::from_secs(seconds.into()));
    (seconds.is_zero() || seconds >= SHORTEST).then_some(seconds.min(LONGEST))
}

/// Why nothing more is told (RFC 6665 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It was not renewed, or not wanted any longer.
    Timeout,
    /// The phone is no longer in the office.
    NoResource,
}

#[derive(Clone, Debug)]
pub struct Subscription {
    pub device: Username,
    pub dialog: Dialog,
    pub until: Instant,
    pub over: Option<Over>,
    /// What the phone wants to hear again, with its `id`.
    event: String,
    host: String,
    /// The phone is to be told how it stands now.
    pub is_due: bool,
    /// A NOTIFY has no answer yet; the next waits for it, so that none overtakes another.
    pub is_told: bool,
}

impl Subscription {
    /// `request` is a SUBSCRIBE that was let in; it is told at once how it stands.
    #[must_use]
    pub fn new(
        device: Username,
        request: &Request,
        (dialog, host): (Dialog, String),
        now: Instant,
    ) -> Self {
        let event = request.headers.get(&Name::Event).unwrap_or_default().to_owned();
        Self { device, dialog, until: now, over: None, event, host, is_due: true, is_told: false }
    }

    /// What was kept of one, if its time is not over; the phone is to be told how it stands.
    #[must_use]
    pub fn restored(kept: Watcher, now: Moment) -> Option<Self> {
        let left = kept.until.duration_since(now.wall).ok().filter(|left| *left <= LONGEST)?;
        let (transport, connection) = (Transport::Udp, None);
        let flow = Flow { transport, local: kept.local, remote: kept.remote, connection };
        Some(Self {
            device: kept.device,
            dialog: Dialog::restored(&kept.tag, kept.dialog, flow),
            until: now.ticks + left,
            over: None,
            event: kept.event,
            host: kept.host,
            is_due: true,
            is_told: false,
        })
    }

    /// What is kept of it: nothing of what is over, or ends with its connection.
    #[must_use]
    pub fn kept(&self, now: Moment) -> Option<Watcher> {
        let flow = self.dialog.flow;
        let lasts = self.over.is_none() && flow.transport == Transport::Udp;
        lasts.then(|| Watcher {
            tag: self.dialog.local_tag.clone(),
            device: self.device.clone(),
            local: flow.local,
            remote: flow.remote,
            until: now.wall + self.until.saturating_duration_since(now.ticks),
            event: self.event.clone(),
            host: self.host.clone(),
            dialog: self.dialog.kept(),
        })
    }

    /// Asked for, once more, or ended.
    pub fn renew(&mut self, length: Duration, now: Instant) {
        self.until = now + length;
        self.is_due = true;
        self.over = length.is_zero().then_some(Over::Timeout);
    }

    /// The NOTIFY that is due.
    pub fn notify(&mut self, count: MessageCount, now: Instant) -> (Request, Flow) {
        (self.is_due, self.is_told) = (false, true);
        let state = match self.over {
            None => {
                let left = self.until.saturating_duration_since(now).as_secs();
                format!("active;expires={left}")
            }
            Some(Over::Timeout) => "terminated;reason=timeout".to_owned(),
            Some(Over::NoResource) => "terminated;reason=noresource".to_owned(),
        };
        let mut request = self.dialog.request(Method::Notify);
        describe(&mut request, &self.event, &state, (count, &self.host));
        (request, self.dialog.flow)
    }
}

/// What every NOTIFY of a box says, in a dialog or without one.
pub fn describe(
    request: &mut Request,
    event: &str,
    state: &str,
    (count, host): (MessageCount, &str),
) {
    request.headers.push(Name::Event, event);
    request.headers.push(Name::SubscriptionState, state);
    request.headers.push(Name::UserAgent, PRODUCT);
    request.headers.push(Name::ContentType, BODY);
    request.body = Bytes::from(summary(count, host));
}
