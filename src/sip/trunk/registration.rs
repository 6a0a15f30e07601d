//! Our registration at a provider: it never stops trying (RFC 3261 10.2).

use std::time::{Duration, Instant, SystemTime};

use tracing::{info, warn};

use crate::office::trunk::{TrunkAccount, TrunkName};
use crate::sip::registrar::contact_uri::is_same_uri;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::method::Method;
use crate::sip::syntax::text::{Address, split_outside, without_controls};
use crate::sip::syntax::token::Tokens;
use crate::sip::trunk::credentials::TrunkCredentials;
use crate::sip::trunk::trunk::escaped;
use crate::time::Moment;

/// What we ask for; the provider grants what it likes.
const ASKED: Duration = Duration::from_secs(3600);
/// Waits double from the first to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// A provider that refuses us is asked less often, lest it bans our address.
const LONGEST_REFUSED: Duration = Duration::from_secs(600);
/// The longest `Retry-After` or `Min-Expires` that is believed.
const LONGEST_BELIEVED: Duration = Duration::from_secs(24 * 3600);
/// Longer than timer F: a result that never came is a failure.
const PATIENCE: Duration = Duration::from_secs(40);
/// A provider that closes each connection is registered at no more often.
const BETWEEN_CONNECTIONS: Duration = Duration::from_secs(30);
/// field.md 2.2: an operator is told when it takes longer.
const ALARM: Duration = Duration::from_secs(180);

/// What lists show of a trunk's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkStatus {
    pub trunk: TrunkName,
    /// `None` while it is not registered.
    pub registered_until: Option<SystemTime>,
    /// Of the last try, if it failed; for a person to read.
    pub last_error: Option<String>,
    /// `None` while an answer is awaited, and after `stop`.
    pub next_try: Option<SystemTime>,
}

/// The machine. After every input `poll_request` is to be drained; each request ends in exactly
/// one of `handle_response` (final) and `handle_failure`.
#[derive(Clone)]
pub struct TrunkRegistration {
    trunk: TrunkName,
    account: TrunkAccount,
    credentials: TrunkCredentials,
    tokens: Tokens,
    call_id: String,
    from_tag: String,
    cseq: u32,
    asked: Duration,
    aim: Aim,
    state: State,
    registered_until: Option<Instant>,
    /// When it last succeeded.
    registered_at: Option<Instant>,
    /// Failures in a row.
    failures: u32,
    last_error: Option<String>,
    lost: Option<Lost>,
}

/// Since when calls cannot come in, and whether that was told.
#[derive(Clone, Copy)]
struct Lost {
    since: Instant,
    is_told: bool,
}

#[derive(Clone)]
enum State {
    /// A request is to be made as soon as somebody takes it.
    Due,
    /// This request is to be sent (it answers a challenge).
    ToSend(Box<Request>),
    Asked {
        request: Box<Request>,
        give_up: Instant,
    },
    Waiting {
        until: Instant,
    },
    /// Nothing more is wanted.
    Left,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Registered,
    /// The daemon stops or the trunk was taken out of the office.
    Gone,
}

impl TrunkRegistration {
    /// Registers at once.
    #[must_use]
    pub fn new(trunk: TrunkName, account: TrunkAccount, mut tokens: Tokens, now: Moment) -> Self {
        Self {
            credentials: TrunkCredentials::new(account.clone()),
            call_id: tokens.next_token(),
            from_tag: tokens.next_token(),
            trunk,
            account,
            tokens,
            cseq: 0,
            asked: ASKED,
            aim: Aim::Registered,
            state: State::Due,
            registered_until: None,
            registered_at: None,
            failures: 0,
            last_error: None,
            lost: Some(Lost { since: now.ticks, is_told: false }),
        }
    }

    /// Host or host:port to resolve and send to.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.account.server
    }

    /// The REGISTER to send now, without Via. `contact` is our URI as the provider reaches it, such
    /// as `sip:user@192.0.2.1:5060`.
    pub fn poll_request(&mut self, contact: &str, now: Moment) -> Option<Request> {
        let request = match std::mem::replace(&mut self.state, State::Left) {
            State::Due => match self.aim {
                Aim::Registered => self.request(contact, self.asked),
                Aim::Gone => self.request(contact, Duration::ZERO),
            },
            State::ToSend(request) => *request,
            other @ (State::Asked { .. } | State::Waiting { .. } | State::Left) => {
                self.state = other;
                return None;
            }
        };
        let give_up = now.ticks + PATIENCE;
        self.state = State::Asked { request: Box::new(request.clone()), give_up };
        Some(request)
    }

    /// Whether `poll_request` would give something.
    #[must_use]
    pub fn has_request(&self) -> bool {
        matches!(self.state, State::Due | State::ToSend(_))
    }

    /// A response to the request asked last. Provisional ones and late ones are passed over.
    pub fn handle_response(&mut self, response: &Response, now: Moment) {
        let State::Asked { request, .. } = &self.state else { return };
        if response.is_provisional() || response.cseq() != Some((self.cseq, Method::Register)) {
            return;
        }
        match response.status {
            200..=299 if self.aim == Aim::Gone => self.left(),
            200..=299 => {
                let granted = granted(request, response).unwrap_or(self.asked);
                self.succeeded(granted, now);
            }
            401 | 407 => match self.credentials.answer(request, response) {
                Ok(next) => {
                    self.cseq += 1;
                    self.state = State::ToSend(Box::new(next));
                }
                Err(give_up) => {
                    self.credentials.accepted();
                    self.refused(give_up.to_string(), None, now);
                }
            },
            423 => self.too_brief(response, now),
            status => {
                let reason = without_controls(&response.reason);
                let error = format!("{status} {reason}");
                let wait = seconds(response.headers.get(&Name::RetryAfter));
                if (400..500).contains(&status) && !matches!(status, 408 | 480) {
                    self.refused(error, wait, now);
                } else {
                    self.failed(error, wait, LONGEST_WAIT, now);
                }
            }
        }
    }

    /// Nobody answered, the transport failed, or the server's name could not be resolved.
    pub fn handle_failure(&mut self, why: &str, now: Moment) {
        match self.state {
            State::Due | State::ToSend(_) | State::Asked { .. } => {
                self.failed(why.to_owned(), None, LONGEST_WAIT, now);
            }
            State::Waiting { .. } | State::Left => {}
        }
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        if self.registered_until.is_some_and(|until| until <= now.ticks) {
            self.registered_until = None;
            if self.aim == Aim::Gone {
                return self.left();
            }
            self.lost = Some(Lost { since: now.ticks, is_told: false });
            info!(trunk = %self.trunk, "trunk registration has run out");
        }
        match &self.state {
            State::Waiting { until } if *until <= now.ticks => self.state = State::Due,
            State::Asked { give_up, .. } if *give_up <= now.ticks => {
                self.failed("no answer".to_owned(), None, LONGEST_WAIT, now);
            }
            State::Due
            | State::ToSend(_)
            | State::Asked { .. }
            | State::Waiting { .. }
            | State::Left => {}
        }
        self.tell(now);
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let state = match &self.state {
            State::Waiting { until } => Some((*until, "a trunk registers")),
            State::Asked { give_up, .. } => Some((*give_up, "a trunk has not answered")),
            State::Due | State::ToSend(_) | State::Left => None,
        };
        let until = self.registered_until.map(|until| (until, "a trunk registration runs out"));
        let alarm = self.lost.filter(|lost| !lost.is_told);
        let alarm = alarm.map(|lost| (lost.since + ALARM, "a trunk stays away"));
        state.into_iter().chain(until).chain(alarm).min()
    }

    /// Under which all its REGISTERs go (RFC 3261 10.2.4).
    #[must_use]
    pub fn call_id(&self) -> &str {
        &self.call_id
    }

    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, State::Due | State::ToSend(_) | State::Asked { .. })
    }

    /// The network has changed: tries at once.
    pub fn hurry(&mut self) {
        if let State::Waiting { .. } = self.state {
            self.state = State::Due;
        }
    }

    /// The connection by which the provider reaches us is gone: another is opened by registering,
    /// at once unless the provider closes each after a moment.
    pub fn connection_lost(&mut self, now: Moment) {
        if self.registered_until.is_none() || self.aim == Aim::Gone {
            return;
        }
        if let State::Waiting { until } = self.state {
            let earliest = self.registered_at.map_or(now.ticks, |at| at + BETWEEN_CONNECTIONS);
            self.state = State::Waiting { until: until.min(earliest.max(now.ticks)) };
        }
    }

    /// Says farewell to the provider if it knows us, once, and rests.
    pub fn stop(&mut self) {
        self.lost = None;
        self.aim = Aim::Gone;
        self.state = match self.registered_until {
            Some(_) => State::Due,
            None => State::Left,
        };
    }

    /// Whether the farewell is over.
    #[must_use]
    pub fn has_left(&self) -> bool {
        matches!(self.state, State::Left)
    }

    #[must_use]
    pub fn status(&self, now: Moment) -> TrunkStatus {
        let wall = |at: Instant| now.wall + at.saturating_duration_since(now.ticks);
        TrunkStatus {
            trunk: self.trunk.clone(),
            registered_until: self.registered_until.filter(|at| *at > now.ticks).map(wall),
            last_error: self.last_error.clone(),
            next_try: match &self.state {
                State::Due | State::ToSend(_) => Some(now.wall),
                State::Waiting { until } => Some(wall(*until)),
                State::Asked { .. } | State::Left => None,
            },
        }
    }

    fn request(&mut self, contact: &str, expires: Duration) -> Request {
        self.cseq += 1;
        let account = &self.account;
        let aor = format!("<sip:{}@{}>", escaped(&account.username), account.server);
        let mut request = Request::new(Method::Register, format!("sip:{}", account.server));
        let headers = &mut request.headers;
        headers.push(Name::From, format!("{aor};tag={}", self.from_tag));
        headers.push(Name::To, aor);
        headers.push(Name::CallId, self.call_id.as_str());
        headers.push(Name::CSeq, format!("{} REGISTER", self.cseq));
        headers.push(Name::Contact, format!("<{contact}>"));
        headers.push(Name::Expires, expires.as_secs().to_string());
        request
    }

    fn succeeded(&mut self, granted: Duration, now: Moment) {
        if self.lost.take().is_some() {
            info!(trunk = %self.trunk, seconds = granted.as_secs(), "trunk registered");
        }
        self.credentials.accepted();
        self.failures = 0;
        self.last_error = None;
        (self.registered_until, self.registered_at) = (Some(now.ticks + granted), Some(now.ticks));
        // Three quarters leave time to try again; a jitter of a tenth keeps trunks apart.
        let wait = granted.mul_f64(0.75 - 0.1 * self.chance()).max(Duration::from_secs(1));
        self.state = State::Waiting { until: now.ticks + wait };
    }

    fn too_brief(&mut self, response: &Response, now: Moment) {
        match seconds(response.headers.get(&Name::MinExpires)) {
            Some(least) if least > self.asked => {
                self.asked = least;
                self.state = State::Due;
            }
            Some(_) | None => self.refused("423 without a longer time".to_owned(), None, now),
        }
    }

    fn refused(&mut self, error: String, wait: Option<Duration>, now: Moment) {
        self.failed(error, wait, LONGEST_REFUSED, now);
    }

    fn left(&mut self) {
        self.registered_until = None;
        self.state = State::Left;
    }

    fn failed(&mut self, error: String, wait: Option<Duration>, longest: Duration, now: Moment) {
        if self.aim == Aim::Gone {
            self.left();
            return;
        }
        let doubled = FIRST_WAIT.saturating_mul(1 << self.failures.min(10)).min(longest);
        let jittered = doubled.mul_f64(0.75 + 0.5 * self.chance());
        let wait = wait.map_or(jittered, |wait| wait.max(FIRST_WAIT));
        self.failures = self.failures.saturating_add(1);
        info!(trunk = %self.trunk, error, seconds = wait.as_secs(), "trunk did not register");
        self.last_error = Some(error);
        self.state = State::Waiting { until: now.ticks + wait };
        self.tell(now);
    }

    fn tell(&mut self, now: Moment) {
        let error = self.last_error.as_deref().unwrap_or("no answer yet");
        if let Some(lost) = &mut self.lost
            && !lost.is_told
            && now.ticks.saturating_duration_since(lost.since) >= ALARM
        {
            lost.is_told = true;
            warn!(trunk = %self.trunk, error, "trunk has not been registered for three minutes");
        }
    }

    /// 0 to 1, from the seed.
    fn chance(&mut self) -> f64 {
        let token = self.tokens.next_token();
        let number = token.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        f64::from(number.unwrap_or_default()) / f64::from(u32::MAX)
    }
}

/// What the provider grants: on our contact, else in general (RFC 3261 10.2.4).
fn granted(request: &Request, response: &Response) -> Option<Duration> {
    let ours = Address::parse(request.headers.get(&Name::Contact)?).uri;
    let contacts: Vec<_> = response
        .headers
        .all(&Name::Contact)
        .flat_map(|line| split_outside(line, ','))
        .map(Address::parse)
        .collect();
    let own = contacts.iter().find(|contact| is_same_uri(contact.uri, ours));
    // A provider behind NAT help writes our contact in its own way.
    let only = if contacts.len() == 1 { contacts.first() } else { None };
    let said = own.or(only).and_then(|contact| contact.parameter("expires"));
    let said = seconds(said).or_else(|| seconds(response.headers.get(&Name::Expires)));
    said.filter(|granted| !granted.is_zero())
}

/// The leading digits of a value, as much as is believed.
fn seconds(text: Option<&str>) -> Option<Duration> {
    let text = text?.trim();
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let seconds = text.get(..end).filter(|digits| !digits.is_empty())?;
    Some(Duration::from_secs(seconds.parse().unwrap_or(u64::MAX)).min(LONGEST_BELIEVED))
}
