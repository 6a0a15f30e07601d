//! An admin tries a trunk out: what is found, and how soon.

use std::time::Duration;

use naru::leg::LegEvent;
use naru::office::trunk::{TrunkAccount, TrunkName};
use naru::sip::handle::SipRequest;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request};
use naru::sip::syntax::method::Method;
use naru::sip::trunk::report::{Finding, TrunkReport};
use naru::sip::trunk::server_name::Found;
use tokio::sync::oneshot::{self, Receiver, error::TryRecvError};

use crate::bench::{Bench, SDP, account, address, answered, office, trunk};
use crate::trunks::{carrier, registered};

fn begin(bench: &mut Bench, name: &str) -> Receiver<Option<TrunkReport>> {
    let (reply, report) = oneshot::channel();
    bench.ask(SipRequest::TestTrunk { trunk: TrunkName(name.to_owned()), reply });
    report
}

fn report(bench: &mut Bench, report: &mut Receiver<Option<TrunkReport>>) -> TrunkReport {
    let until = bench.now.ticks + Duration::from_secs(6);
    loop {
        match report.try_recv() {
            Ok(report) => return report.unwrap(),
            Err(TryRecvError::Empty) => assert!(bench.step(until), "no report within 6 s"),
            Err(TryRecvError::Closed) => panic!("the report was dropped"),
        }
    }
}

fn findings(report: &TrunkReport) -> Vec<Finding> {
    report.steps.iter().map(|step| step.finding.clone()).collect()
}

fn said(status: u16, reason: &str) -> Finding {
    Finding::Answered { status, reason: reason.to_owned() }
}

fn challenge(bench: &mut Bench, request: &Request) {
    let challenge = answered(7000, request, 401, "x", "")
        .with(Name::WwwAuthenticate, "Digest realm=\"c\", nonce=\"n0nce\", qop=\"auth\"");
    bench.say(7000, &Message::Response(challenge));
}

#[test]
fn a_trunk_that_is_known_by_its_address_is_asked_with_options() {
    let mut bench = Bench::usual();
    let mut asked = begin(&mut bench, "peer");
    let report = report(&mut bench, &mut asked);
    assert_eq!(findings(&report), [Finding::NotNeeded, said(200, "OK"), Finding::NotNeeded]);
    let sent: Vec<(bool, &str)> =
        report.messages.iter().map(|one| (one.sent, one.lines[0].as_str())).collect();
    assert_eq!(sent, [(true, "OPTIONS sip:127.0.0.1:7000 SIP/2.0"), (false, "SIP/2.0 200 OK")]);
    assert!(report.messages[0].lines.iter().any(|line| line.starts_with("Via: ")));
    assert_eq!(report.messages[0].peer, address(7000));
}

#[test]
fn name_answer_and_password_are_each_looked_at() {
    let named = TrunkAccount { server: "sip.carrier.example:7000".to_owned(), ..account(7000) };
    let mut bench = Bench::new();
    bench.hears_options = true;
    bench.add_peer(7000);
    bench.add_side(5060, office(vec![carrier(named)]), Vec::new());
    bench.sides[0].lookups.clear();
    let mut asked = begin(&mut bench, "peer");
    let server = bench.sides[0].lookups.pop_front().unwrap();
    bench.pass(Duration::from_millis(70));
    bench.looked_up(&server, &[address(7000)]);
    let register = bench.request(7000, &Method::Register);
    challenge(&mut bench, &register);
    let register = bench.request(7000, &Method::Register);
    assert!(register.headers.get(&Name::Authorization).is_some());
    bench.answer(7000, &register, 403, "x", "");
    let report = report_after_options(&mut bench, &mut asked);
    assert_eq!(
        findings(&report),
        [
            Finding::Leads(Found { addresses: vec![address(7000)], service: None }),
            said(200, "OK"),
            said(403, "Forbidden")
        ]
    );
    assert_eq!(report.steps[0].took, Duration::from_millis(70));
    let shown = report.messages.iter().flat_map(|message| &message.lines);
    let text: Vec<&String> = shown.collect();
    assert!(text.iter().any(|line| line.contains("Authorization: Digest username=\"u\"")));
    assert!(text.iter().all(|line| !line.contains("n0nce")), "{text:?}");
    assert!(text.iter().any(|line| line.contains("response=***")), "{text:?}");
}

/// The peer challenges OPTIONS, too, and is content with the answer.
fn report_after_options(
    bench: &mut Bench,
    asked: &mut Receiver<Option<TrunkReport>>,
) -> TrunkReport {
    // The bench has skipped the first while it waited; it comes again by timer E.
    let options = bench.request(7000, &Method::Options);
    challenge(bench, &options);
    let options = bench.request(7000, &Method::Options);
    assert!(options.headers.get(&Name::Authorization).is_some());
    bench.answer(7000, &options, 200, "x", "");
    report(bench, asked)
}

#[test]
fn a_trunk_that_is_registered_registers_anew_at_once() {
    let (mut bench, first) = registered();
    bench.pass_seconds(1);
    let mut asked = begin(&mut bench, "peer");
    let again = bench.request(7000, &Method::Register);
    assert_eq!(again.call_id(), first.call_id());
    let contact = again.headers.get(&Name::Contact).unwrap().to_owned();
    let mut ok = again.tagged_response(200, "x");
    ok.headers.push(Name::Contact, format!("{contact};expires=600"));
    bench.say(7000, &Message::Response(ok));
    let report = report(&mut bench, &mut asked);
    assert_eq!(findings(&report), [Finding::NotNeeded, said(200, "OK"), said(200, "OK")]);
}

#[test]
fn silence_is_told_within_six_seconds_and_calls_go_on_meanwhile() {
    let mut bench = Bench::new();
    let silent = trunk("silent", 7001);
    bench.add_side(5060, office(vec![trunk("peer", 7000), silent]), Vec::new());
    bench.add_peer(7000);
    let mut asked = begin(&mut bench, "silent");
    let mut also = begin(&mut bench, "silent");
    let invite = bench.invite(7000, SDP);
    bench.say(7000, &Message::Request(invite));
    assert!(matches!(bench.event(), LegEvent::Arrived(_)));
    let told = report(&mut bench, &mut asked);
    assert_eq!(findings(&told), [Finding::NotNeeded, Finding::NoAnswer, Finding::NotNeeded]);
    assert_eq!(also.try_recv().unwrap(), Some(told), "one test serves all who wait");
    let mut again = begin(&mut bench, "silent");
    assert_eq!(again.try_recv(), Err(TryRecvError::Empty), "and the next is a new one");
}

#[test]
fn a_name_that_leads_nowhere_is_told_at_once() {
    let named = TrunkAccount { server: "sip.nowhere.example".to_owned(), ..account(7000) };
    let mut bench = Bench::new();
    bench.add_side(5060, office(vec![carrier(named)]), Vec::new());
    let mut asked = begin(&mut bench, "peer");
    let server = bench.sides[0].lookups.pop_back().unwrap();
    bench.looked_up(&server, &[]);
    let told = asked.try_recv().unwrap().unwrap();
    assert_eq!(findings(&told), [Finding::NotFound, Finding::NotTried, Finding::NotTried]);
    let mut asked = begin(&mut bench, "peer");
    let began = bench.now.ticks;
    let told = report(&mut bench, &mut asked);
    assert_eq!(findings(&told)[0], Finding::NotFound, "a resolver that does not answer");
    assert!(bench.now.ticks - began < Duration::from_secs(3));
    let mut unknown = begin(&mut bench, "other");
    assert_eq!(unknown.try_recv().unwrap(), None);
}
