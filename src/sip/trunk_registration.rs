//! Our registration at a provider: it never stops trying (RFC 3261 10.2).

use std::time::{Duration, Instant, SystemTime};

use tracing::{info, warn};

use crate::office::trunk::{TrunkAccount, TrunkName};
use crate::sip::bindings::is_same_uri;
use crate::sip::header::Name;
use crate::sip::message::{Request, Response};
use crate::sip::method::Method;
use crate::sip::text::{Address, split_outside, without_controls};
use crate::sip::token::Tokens;
use crate::sip::trunk::escaped;
use crate::sip::trunk_credentials::TrunkCredentials;
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

    /// The network has changed: tries at once.
    pub fn hurry(&mut self) {
        if let State::Waiting { .. } = self.state {
            self.state = State::Due;
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
        self.registered_until = Some(now.ticks + granted);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::office::device::Secret;

    const CONTACT: &str = "sip:u@192.0.2.1:5060";

    fn start() -> (TrunkRegistration, Moment) {
        let now = clock::now();
        let account = TrunkAccount {
            server: "carrier.example".to_owned(),
            username: "u".to_owned(),
            password: Secret::new("p".to_owned()),
        };
        let name = TrunkName("carrier".to_owned());
        (TrunkRegistration::new(name, account, Tokens::new([1; 32]), now), now)
    }

    fn challenged(machine: &mut TrunkRegistration, now: Moment) -> Request {
        let request = machine.poll_request(CONTACT, now).unwrap();
        let challenge = request
            .response(401)
            .with(Name::WwwAuthenticate, r#"Digest realm="r", nonce="n", qop="auth""#);
        machine.handle_response(&challenge, now);
        request
    }

    fn ok(request: &Request, contact: &str) -> Response {
        request.response(200).with(Name::Contact, contact)
    }

    fn registered(machine: &mut TrunkRegistration, seconds: u64, now: Moment) {
        challenged(machine, now);
        let request = machine.poll_request(CONTACT, now).unwrap();
        let contact = format!("<{CONTACT}>;expires={seconds}");
        machine.handle_response(&ok(&request, &contact), now);
    }

    /// Lets the machine sleep until it wants to send.
    fn until_due(machine: &mut TrunkRegistration, mut now: Moment) -> Moment {
        for _ in 0..10 {
            if machine.has_request() {
                return now;
            }
            let (at, _) = machine.poll_timeout().unwrap();
            now = now.after(at.saturating_duration_since(now.ticks));
            machine.handle_timeout(now);
        }
        panic!("it sleeps for ever");
    }

    #[test]
    fn it_registers_and_refreshes_by_the_granted_time() {
        let (mut machine, now) = start();
        let first = challenged(&mut machine, now);
        let second = machine.poll_request(CONTACT, now).unwrap();
        assert_eq!((first.cseq(), second.cseq()), (Some(1), Some(2)));
        assert_eq!(first.call_id(), second.call_id());
        assert!(second.headers.get(&Name::Authorization).is_some());
        let other = "<sip:x@198.51.100.9>;expires=9999";
        let response = ok(&second, &format!("{other}, <{CONTACT}>;expires=120"));
        machine.handle_response(&response, now);
        let status = machine.status(now);
        assert_eq!(status.registered_until, Some(now.after(Duration::from_secs(120)).wall));
        let wait = status.next_try.unwrap().duration_since(now.wall).unwrap().as_secs();
        assert!((78..=90).contains(&wait), "{wait}");
        let later = until_due(&mut machine, now);
        assert!(machine.status(later).registered_until.is_some(), "refreshed in time");
    }

    #[test]
    fn it_never_stops_trying_and_waits_longer_each_time() {
        let (mut machine, mut now) = start();
        let mut waits = Vec::new();
        for _ in 0..40 {
            assert!(machine.poll_request(CONTACT, now).is_some());
            machine.handle_failure("no answer", now);
            let due = until_due(&mut machine, now);
            waits.push(due.ticks.duration_since(now.ticks).as_secs_f64());
            now = due;
        }
        assert!((3.7..6.3).contains(&waits[0]), "{waits:?}");
        assert!(waits[5..].iter().all(|wait| (89.0..151.0).contains(wait)), "{waits:?}");
        assert!(waits[10..].windows(2).any(|two| two[0] != two[1]), "jitter");
        registered(&mut machine, 60, now);
        let status = machine.status(now);
        assert_eq!((status.last_error, status.registered_until.is_some()), (None, true));
    }

    #[test]
    fn a_wrong_password_is_shown_twice_and_then_tried_later() {
        let (mut machine, now) = start();
        challenged(&mut machine, now);
        challenged(&mut machine, now);
        let last = machine.poll_request(CONTACT, now).unwrap();
        let challenge =
            last.response(401).with(Name::WwwAuthenticate, r#"Digest realm="r", nonce="m""#);
        machine.handle_response(&challenge, now);
        assert!(!machine.has_request());
        assert!(machine.status(now).last_error.unwrap().contains("does not accept"));
        let later = until_due(&mut machine, now);
        registered(&mut machine, 60, later);
        assert!(machine.status(later).registered_until.is_some());
    }

    #[test]
    fn the_providers_wishes_for_time_are_heeded() {
        let (mut machine, now) = start();
        let request = machine.poll_request(CONTACT, now).unwrap();
        machine.handle_response(&request.response(423).with(Name::MinExpires, "7200"), now);
        let request = machine.poll_request(CONTACT, now).unwrap();
        assert_eq!(request.headers.get(&Name::Expires), Some("7200"));
        machine.handle_response(&request.response(503).with(Name::RetryAfter, "77 (busy)"), now);
        let wait = machine.status(now).next_try.unwrap().duration_since(now.wall).unwrap();
        assert_eq!(wait.as_secs(), 77);
        let later = until_due(&mut machine, now);
        let request = machine.poll_request(CONTACT, later).unwrap();
        machine.handle_response(&request.response(423).with(Name::MinExpires, "5"), later);
        assert!(!machine.has_request(), "no endless haggling");
    }

    #[test]
    fn a_lost_registration_is_seen_and_an_answer_that_never_comes_too() {
        let (mut machine, now) = start();
        registered(&mut machine, 60, now);
        let mut at = until_due(&mut machine, now);
        assert!(machine.poll_request(CONTACT, at).is_some());
        for _ in 0..8 {
            let (due, _) = machine.poll_timeout().unwrap();
            at = at.after(due.saturating_duration_since(at.ticks));
            machine.handle_timeout(at);
            machine.poll_request(CONTACT, at);
        }
        let status = machine.status(at);
        assert_eq!(status.registered_until, None);
        assert_eq!(status.last_error.as_deref(), Some("no answer"));
    }

    #[test]
    fn it_says_farewell_even_when_challenged() {
        let (mut machine, now) = start();
        registered(&mut machine, 60, now);
        machine.stop();
        let farewell = challenged(&mut machine, now);
        assert_eq!(farewell.headers.get(&Name::Expires), Some("0"));
        let again = machine.poll_request(CONTACT, now).unwrap();
        assert_eq!(again.headers.get(&Name::Expires), Some("0"));
        assert!(!machine.has_left());
        machine.handle_response(&again.response(200), now);
        assert!(machine.has_left() && machine.poll_timeout().is_none());
    }

    #[test]
    fn late_foreign_and_provisional_responses_change_nothing() {
        let (mut machine, now) = start();
        let request = machine.poll_request(CONTACT, now).unwrap();
        machine.handle_response(&request.response(100), now);
        let mut other = request.clone();
        other.headers.set(Name::CSeq, "9 REGISTER");
        machine.handle_response(&other.response(200), now);
        assert_eq!(machine.status(now).registered_until, None);
        machine.handle_response(&request.response(200), now);
        machine.handle_response(&request.response(403), now);
        assert!(machine.status(now).registered_until.is_some());
    }
}
