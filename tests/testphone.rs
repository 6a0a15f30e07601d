//! The SIP of a test phone, told as calls between two of them with nothing between.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use naru::audio::g711::Law;
use naru::clock;
use naru::testphone::digest::Challenge;
use naru::testphone::event::{Ending, Event};
use naru::testphone::message::Message;
use naru::testphone::profile::{Profile, WhenCalled};
use naru::testphone::user_agent::UserAgent;

fn phone(name: &str, port: u16, when_called: WhenCalled) -> UserAgent {
    let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let profile = Profile {
        username: name.to_owned(),
        password: "secret".to_owned(),
        laws: vec![Law::A, Law::Mu],
        when_called,
    };
    UserAgent::new(profile, at(port), at(port + 1), at(5060), u64::from(port))
}

/// Carries datagrams between two phones until both are silent.
fn drive(one: &mut UserAgent, other: &mut UserAgent, now: Instant) {
    loop {
        let (to_other, to_one) = (one.poll_transmit(), other.poll_transmit());
        if to_other.is_none() && to_one.is_none() {
            return;
        }
        to_other.iter().for_each(|bytes| other.handle_datagram(bytes, now));
        to_one.iter().for_each(|bytes| one.handle_datagram(bytes, now));
    }
}

fn events(phone: &mut UserAgent) -> Vec<Event> {
    std::iter::from_fn(|| phone.poll_event()).collect()
}

fn sent(phone: &mut UserAgent) -> Message {
    Message::parse(&phone.poll_transmit().unwrap()).unwrap()
}

#[test]
fn a_call_is_answered_and_ended() {
    let now = clock::now().ticks;
    let mut a = phone("a", 4000, WhenCalled::RingOnly);
    let mut b = phone("b", 4010, WhenCalled::AnswerAfter(Duration::from_secs(1)));
    a.dial("b", now);
    drive(&mut a, &mut b, now);
    assert_eq!(events(&mut a), [Event::Progress { status: 180 }]);
    assert_eq!(events(&mut b), [Event::Offered { caller: "a".to_owned() }]);
    let later = now + Duration::from_secs(1);
    b.handle_timeout(later);
    drive(&mut a, &mut b, later);
    assert_eq!((events(&mut a), events(&mut b)), (vec![Event::Answered], vec![Event::Answered]));
    assert_eq!(a.session().unwrap().remote.port(), 4011);
    assert_eq!(b.session().unwrap().remote.port(), 4001);
    a.hang_up(later);
    drive(&mut a, &mut b, later);
    assert_eq!(events(&mut a), [Event::Ended(Ending::WeHungUp)]);
    assert_eq!(events(&mut b), [Event::Ended(Ending::TheyHungUp)]);
    assert_eq!((a.poll_timeout(), b.poll_timeout()), (None, None));
}

#[test]
fn a_caller_who_gives_up_cancels() {
    let now = clock::now().ticks;
    let mut a = phone("a", 4000, WhenCalled::RingOnly);
    let mut b = phone("b", 4010, WhenCalled::RingOnly);
    a.dial("b", now);
    drive(&mut a, &mut b, now);
    a.hang_up(now);
    drive(&mut a, &mut b, now);
    assert_eq!(events(&mut a)[1..], [Event::Ended(Ending::Refused { status: 487 })]);
    assert_eq!(events(&mut b)[1..], [Event::Ended(Ending::Cancelled { reason: None })]);
    assert_eq!((a.poll_timeout(), b.poll_timeout()), (None, None));
}

#[test]
fn a_second_caller_finds_the_phone_busy() {
    let now = clock::now().ticks;
    let mut b = phone("b", 4010, WhenCalled::RingOnly);
    for (port, ending) in
        [(4000, None), (4020, Some(Event::Ended(Ending::Refused { status: 486 })))]
    {
        let mut caller = phone("a", port, WhenCalled::RingOnly);
        caller.dial("b", now);
        drive(&mut caller, &mut b, now);
        let seen = events(&mut caller);
        assert_eq!(seen.contains(&Event::Ended(Ending::Refused { status: 486 })), ending.is_some());
    }
}

#[test]
fn a_challenge_is_answered_once_and_a_refusal_believed() {
    let now = clock::now().ticks;
    let mut a = phone("a", 4000, WhenCalled::RingOnly);
    a.register(60, now);
    for (wanted, stale) in [(None, ""), (Some("n1"), ", stale=true"), (Some("n2"), "")] {
        let request = sent(&mut a);
        let credentials = request.header("Authorization").map(Challenge::parse);
        assert_eq!(credentials.map(|given| given.unwrap().nonce).as_deref(), wanted);
        let nonce = wanted.map_or("n1", |_| "n2");
        let challenge = format!("Digest realm=\"r\", nonce=\"{nonce}\"{stale}");
        let refusal = Message::answer(&request, 401, "Unauthorized");
        let refusal = refusal.with("WWW-Authenticate", &challenge);
        a.handle_datagram(&refusal.to_bytes(), now);
    }
    assert_eq!(a.poll_transmit(), None);
    assert_eq!(events(&mut a), [Event::RegistrationRefused { status: 401 }]);
}

#[test]
fn a_dead_server_is_given_up() {
    let now = clock::now().ticks;
    let mut a = phone("a", 4000, WhenCalled::RingOnly);
    a.dial("b", now);
    while let Some(due) = a.poll_timeout() {
        a.handle_timeout(due);
    }
    assert_eq!(events(&mut a), [Event::Ended(Ending::NoReply)]);
}

#[test]
fn a_repeated_request_gets_the_same_answer() {
    let now = clock::now().ticks;
    let mut a = phone("a", 4000, WhenCalled::RingOnly);
    let mut b = phone("b", 4010, WhenCalled::RingOnly);
    a.dial("b", now);
    let invite = a.poll_transmit().unwrap();
    b.handle_datagram(&invite, now);
    let first = b.poll_transmit().unwrap();
    b.handle_datagram(&invite, now);
    assert_eq!(b.poll_transmit(), Some(first));
    assert_eq!(events(&mut b).len(), 1);
}
