//! Our own registration at a provider.

use std::time::Duration;

use naru::clock;
use naru::office::device::Secret;
use naru::office::trunk::{TrunkAccount, TrunkName};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Request, Response};
use naru::sip::syntax::token::Tokens;
use naru::sip::trunk::registration::TrunkRegistration;
use naru::time::Moment;

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
