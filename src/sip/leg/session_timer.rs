//! The session timer: a call whose far end died without a word is ended (RFC 4028).

use std::time::{Duration, Instant};

use crate::sip::syntax::header::{Headers, Name};
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::text::{parameter, split_outside};

/// The interval we ask for, in seconds.
pub const SESSION_EXPIRES: u32 = 1800;

/// RFC 4028 4: nobody has to accept less, in seconds.
pub const MIN_SE: u32 = 90;

/// Longer intervals than a day are cut, so that no sum overflows.
const LONGEST: u32 = 86_400;

/// What both sides have agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Seconds.
    pub interval: u32,
    pub we_refresh: bool,
    /// Whether the far end knows the timer; without it only we refresh.
    pub peer_knows: bool,
}

/// The interval asked for is below [`MIN_SE`]: 422 with Min-SE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSmall;

impl Terms {
    /// What we answer to an INVITE or UPDATE of the far end.
    ///
    /// # Errors
    /// When its interval is too small and it knows what 422 means.
    pub fn accept(request: &Request) -> Result<Self, TooSmall> {
        let headers = &request.headers;
        let peer_knows = has_option(headers, &Name::Supported, "timer")
            || has_option(headers, &Name::Require, "timer");
        let asked = headers.get(&Name::SessionExpires);
        let seconds = asked.and_then(delta_seconds);
        if peer_knows && seconds.is_some_and(|seconds| seconds < MIN_SE) {
            return Err(TooSmall);
        }
        let least = headers.get(&Name::MinSe).and_then(delta_seconds).unwrap_or(MIN_SE);
        let interval = seconds.unwrap_or(SESSION_EXPIRES).min(SESSION_EXPIRES);
        let interval = interval.max(least).clamp(MIN_SE, LONGEST);
        // RFC 4028 table 2: the caller's choice stands, else the answerer chooses.
        let caller = asked.and_then(|value| parameter(value, "refresher"));
        let they = peer_knows && caller.is_some_and(|who| who.eq_ignore_ascii_case("uac"));
        Ok(Self { interval, we_refresh: !they, peer_knows })
    }

    /// Writes them into our 2xx.
    pub fn write_answer(self, response: &mut Response) {
        let who = if self.we_refresh { "uas" } else { "uac" };
        let value = format!("{};refresher={who}", self.interval);
        response.headers.push(Name::SessionExpires, value);
        if self.peer_knows {
            response.headers.push(Name::Require, "timer");
        }
    }

    /// What the 2xx to our request says. `asked` is the interval we had asked for.
    #[must_use]
    pub fn answered(response: &Response, asked: u32) -> Self {
        let Some(value) = response.headers.get(&Name::SessionExpires) else {
            return Self { interval: asked, we_refresh: true, peer_knows: false };
        };
        let interval = delta_seconds(value).unwrap_or(asked).clamp(MIN_SE, LONGEST);
        let they = parameter(value, "refresher").is_some_and(|who| who.eq_ignore_ascii_case("uas"));
        Self { interval, we_refresh: !they, peer_knows: true }
    }
}

/// Writes our wish into a request: the first INVITE leaves the refresher open.
pub fn write_wish(headers: &mut Headers, interval: u32, role: Option<bool>) {
    let value = match role {
        None => interval.to_string(),
        Some(true) => format!("{interval};refresher=uac"),
        Some(false) => format!("{interval};refresher=uas"),
    };
    headers.set(Name::SessionExpires, value);
    headers.set(Name::MinSe, MIN_SE.to_string());
}

/// The interval a 422 wants; `None` when it names none that we had not offered already.
#[must_use]
pub fn wanted_by_422(response: &Response, asked: u32) -> Option<u32> {
    let least = response.headers.get(&Name::MinSe).and_then(delta_seconds)?;
    (asked < least && least <= LONGEST).then_some(least)
}

/// Whether the option stands in a comma list of `name`.
#[must_use]
pub fn has_option(headers: &Headers, name: &Name, option: &str) -> bool {
    headers
        .all(name)
        .flat_map(|line| split_outside(line, ','))
        .any(|word| word.eq_ignore_ascii_case(option))
}

fn delta_seconds(value: &str) -> Option<u32> {
    value.split(';').next()?.trim().parse().ok()
}

/// What the time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Send a refresh now.
    Refresh,
    /// The far end is gone: BYE.
    Expired,
}

/// One confirmed dialog's timer.
#[derive(Clone, Debug)]
pub struct SessionTimer {
    terms: Terms,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Our refresh is to go out.
    Waiting {
        at: Instant,
        retry: bool,
    },
    /// Our refresh is out.
    Refreshing {
        retry: bool,
    },
    /// Theirs must come before.
    Watching {
        until: Instant,
    },
    Over {
        since: Instant,
    },
}

impl SessionTimer {
    #[must_use]
    pub fn start(terms: Terms, now: Instant) -> Self {
        Self { terms, state: first_state(terms, now) }
    }

    #[must_use]
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// A refresh by either side has succeeded on these terms.
    pub fn refreshed(&mut self, terms: Terms, now: Instant) {
        *self = Self::start(terms, now);
    }

    /// Our refresh got no answer: it is tried once more, then the call is over.
    pub fn refresh_failed(&mut self, now: Instant) {
        self.state = match self.state {
            State::Refreshing { retry: false } => State::Waiting { at: now, retry: true },
            State::Refreshing { retry: true } => State::Over { since: now },
            State::Waiting { .. } | State::Watching { .. } | State::Over { .. } => return,
        };
    }

    /// Our refresh met one of theirs (491): again after `wait`, and no failure.
    pub fn refresh_later(&mut self, wait: Duration, now: Instant) {
        if let State::Refreshing { retry } = self.state {
            self.state = State::Waiting { at: now + wait, retry };
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { at, retry: _ }
            | State::Watching { until: at }
            | State::Over { since: at } => Some(at),
            State::Refreshing { .. } => None,
        }
    }

    pub fn handle_timeout(&mut self, now: Instant) -> Option<Due> {
        match self.state {
            State::Waiting { at, retry } if at <= now => {
                self.state = State::Refreshing { retry };
                Some(Due::Refresh)
            }
            State::Watching { until } if until <= now => Some(Due::Expired),
            State::Over { .. } => Some(Due::Expired),
            State::Waiting { .. } | State::Watching { .. } | State::Refreshing { .. } => None,
        }
    }
}

fn first_state(terms: Terms, now: Instant) -> State {
    let interval = Duration::from_secs(terms.interval.into());
    if terms.we_refresh {
        // RFC 4028 7.2: at half of it.
        State::Waiting { at: now + interval / 2, retry: false }
    } else {
        // RFC 4028 10: the lesser of 32 s and a third before the end.
        State::Watching { until: now + interval - (interval / 3).min(Duration::from_secs(32)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::syntax::method::Method;

    fn invite(lines: &[(Name, &str)]) -> Request {
        let mut request = Request::new(Method::Invite, "sip:x@y");
        for (name, value) in lines {
            request.headers.push(name.clone(), *value);
        }
        request
    }

    #[expect(clippy::disallowed_methods, reason = "some instant to count from")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn the_callers_wish_is_followed_within_limits() {
        let knows = (Name::Supported, "100rel, timer");
        for (lines, interval, we_refresh, peer_knows) in [
            (vec![], 1800, true, false),
            (vec![knows.clone()], 1800, true, true),
            (vec![knows.clone(), (Name::SessionExpires, "600;Refresher=uac")], 600, false, true),
            (vec![knows.clone(), (Name::SessionExpires, "7200;refresher=uas")], 1800, true, true),
            (vec![knows.clone(), (Name::MinSe, "3600")], 3600, true, true),
            (vec![(Name::SessionExpires, "30;refresher=uac")], 90, true, false),
        ] {
            let terms = Terms::accept(&invite(&lines)).unwrap();
            assert_eq!(terms, Terms { interval, we_refresh, peer_knows }, "{lines:?}");
        }
        let small = invite(&[knows, (Name::SessionExpires, "89")]);
        assert_eq!(Terms::accept(&small), Err(TooSmall));
    }

    #[test]
    fn the_answer_to_our_wish_is_read() {
        let response = |value: &str| invite(&[]).response(200).with(Name::SessionExpires, value);
        let terms = Terms::answered(&response("600;refresher=uas"), 1800);
        assert_eq!(terms, Terms { interval: 600, we_refresh: false, peer_knows: true });
        assert!(Terms::answered(&response("600"), 1800).we_refresh);
        assert!(!Terms::answered(&invite(&[]).response(200), 1800).peer_knows);
        let refused = invite(&[]).response(422).with(Name::MinSe, "3600");
        assert_eq!(wanted_by_422(&refused, 1800), Some(3600));
        assert_eq!(wanted_by_422(&refused, 3600), None);
    }

    #[test]
    fn a_failed_refresh_is_tried_once_more() {
        let now = start();
        let terms = Terms { interval: 1800, we_refresh: true, peer_knows: true };
        let mut timer = SessionTimer::start(terms, now);
        let half = now + Duration::from_secs(900);
        assert_eq!(timer.poll_timeout(), Some(half));
        assert_eq!(timer.handle_timeout(half), Some(Due::Refresh));
        timer.refresh_failed(half + Duration::from_secs(32));
        assert_eq!(timer.handle_timeout(half + Duration::from_secs(32)), Some(Due::Refresh));
        timer.refresh_failed(half + Duration::from_secs(64));
        assert_eq!(timer.handle_timeout(half + Duration::from_secs(64)), Some(Due::Expired));
    }

    #[test]
    fn a_refresher_that_falls_silent_ends_the_call_before_the_interval_is_over() {
        let now = start();
        let terms = Terms { interval: 90, we_refresh: false, peer_knows: true };
        let mut timer = SessionTimer::start(terms, now);
        assert_eq!(timer.poll_timeout(), Some(now + Duration::from_secs(60)));
        timer.refreshed(terms, now + Duration::from_secs(50));
        assert_eq!(timer.handle_timeout(now + Duration::from_secs(60)), None);
        assert_eq!(timer.handle_timeout(now + Duration::from_secs(110)), Some(Due::Expired));
    }
}
