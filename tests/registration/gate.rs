//! Goals S2, S3, S4, S8 and I2 at the gate.

use naru::clock;
use naru::office::transport::Transport;
use naru::office::trunk::TrunkName;
use naru::sip::flow::Flow;
use naru::sip::gate::Verdict;
use naru::sip::syntax::header::Name;
use naru::sip::syntax::method::Method;

use crate::phone::{Phone, challenge, flow, gate, let_in, office, seconds, user};

const HOME: &str = "198.51.100.7:5060";

fn is_stale(verdict: Verdict) -> bool {
    challenge(verdict).headers.get(&Name::WwwAuthenticate).unwrap().contains("stale=true")
}

fn status(verdict: Verdict) -> u16 {
    let Verdict::Answer(response) = verdict else { panic!("no answer: {verdict:?}") };
    response.status
}

#[test]
fn the_right_password_lets_in_by_either_hash() {
    let (mut gate, now) = (gate(), clock::now());
    let verdict = let_in(&mut gate, &mut Phone::new("101"), HOME, now);
    assert_eq!(verdict, Verdict::Device(user("101")));
    let verdict = let_in(&mut gate, &mut Phone::new("desk"), HOME, now);
    assert_eq!(verdict, Verdict::Device(user("desk")));
    // A phone whose address is its extension learns of SHA-256 at the second challenge.
    let mut phone = Phone { user: "103".to_owned(), ..Phone::new("desk") };
    let second = challenge(let_in(&mut gate, &mut phone, HOME, now));
    let mut request = phone.register();
    phone.sign(&mut request, &second);
    assert_eq!(gate.check(&request, &flow(HOME), now), Verdict::Device(user("desk")));
}

#[test]
fn a_phone_gets_one_challenge_and_it_is_md5_unless_set_otherwise_i2() {
    let (mut gate, now) = (gate(), clock::now());
    for (name, algorithm) in [("101", "MD5"), ("nobody", "MD5"), ("desk", "SHA-256")] {
        let request = Phone::new(name).register();
        let response = challenge(gate.check(&request, &flow(HOME), now));
        let lines: Vec<_> = response.headers.all(&Name::WwwAuthenticate).collect();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains(&format!("algorithm={algorithm},")), "{}", lines[0]);
        assert!(lines[0].contains("realm=\"naru\"") && !lines[0].contains("stale"));
    }
}

#[test]
fn known_and_unknown_users_hear_the_same_s2() {
    let (mut gate, now) = (gate(), clock::now());
    let plain = |verdict| {
        let response = challenge(verdict);
        let names: Vec<_> = response.headers.iter().map(|(name, _)| name.clone()).collect();
        let line = response.headers.get(&Name::WwwAuthenticate).unwrap();
        let (before, nonce) = line.split_once("nonce=\"").unwrap();
        (names, before.to_owned(), nonce[40..].to_owned())
    };
    let mut known = Phone { password: "wrong".to_owned(), ..Phone::new("101") };
    let mut unknown = Phone { password: "wrong".to_owned(), ..Phone::new("nobody") };
    let (one, other) = (known.register(), unknown.register());
    assert_eq!(
        plain(gate.check(&one, &flow(HOME), now)),
        plain(gate.check(&other, &flow(HOME), now))
    );
    let one = let_in(&mut gate, &mut known, HOME, now);
    let other = let_in(&mut gate, &mut unknown, HOME, now);
    assert_eq!(plain(one), plain(other));
}

#[test]
fn copies_of_a_request_get_the_same_tag() {
    let (mut gate, now) = (gate(), clock::now());
    let request = Phone::new("101").register();
    let one = challenge(gate.check(&request, &flow(HOME), now));
    let other = challenge(gate.check(&request, &flow(HOME), now));
    assert_eq!(one.to().tag(), other.to().tag());
    assert_eq!(one.to().tag().unwrap().len(), 24);
}

#[test]
fn an_old_nonce_is_stale_and_the_phone_comes_in_with_the_next() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    let later = now.after(seconds(301));
    let mut request = phone.register();
    phone.sign(&mut request, &first);
    let verdict = gate.check(&request, &flow(HOME), later);
    assert!(is_stale(verdict.clone()));
    let mut request = phone.register();
    phone.count = 0;
    phone.sign(&mut request, &challenge(verdict));
    assert_eq!(gate.check(&request, &flow(HOME), later), Verdict::Device(user("101")));
    let mut wrong = Phone { password: "x".to_owned(), ..phone };
    let mut request = wrong.register();
    wrong.sign(&mut request, &first);
    assert!(!is_stale(gate.check(&request, &flow(HOME), later)), "stale is for right answers only");
}

#[test]
fn a_nonce_serves_many_requests_in_order() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    for n in 0..20 {
        let mut request = phone.register();
        phone.sign(&mut request, &first);
        let verdict = gate.check(&request, &flow(HOME), now.after(seconds(n)));
        assert_eq!(verdict, Verdict::Device(user("101")));
    }
}

#[test]
fn a_replay_is_stale_and_a_retransmission_is_not_s4() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    let mut request = phone.request(Method::Invite, "sip:102@naru");
    phone.sign(&mut request, &first);
    let home = flow(HOME);
    assert_eq!(gate.check(&request, &home, now), Verdict::Device(user("101")));
    assert_eq!(gate.check(&request, &home, now.after(seconds(20))), Verdict::Device(user("101")));
    assert!(is_stale(gate.check(&request, &flow("198.51.100.8:5060"), now)), "another source");
    for name in [Name::CallId, Name::CSeq, Name::Via, Name::From] {
        let mut replay = request.clone();
        let value = format!("9{}", request.headers.get(&name).unwrap());
        replay.headers.set(name.clone(), value);
        assert!(is_stale(gate.check(&replay, &home, now)), "another {name}");
    }
    let mut replay = request.clone();
    replay.uri = "sip:+8270999@naru".to_owned();
    assert!(is_stale(gate.check(&replay, &home, now)), "another Request-URI");
    replay.method = Method::Register;
    assert!(!matches!(gate.check(&replay, &home, now), Verdict::Device(_)), "another method");
    assert!(is_stale(gate.check(&request, &home, now.after(seconds(40)))), "long after");
}

#[test]
fn an_answer_made_for_another_uri_is_refused_s4() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    for (count, meant, asked, expected) in [
        (1, "sip:102@naru", "sip:+8270999@naru", None),
        (2, "sip:102@elsewhere", "sip:102@naru", None),
        (3, "nonsense", "sip:102@naru", None),
        (4, "sip:102@NARU:5060;transport=udp", "sip:102@naru", Some("101")),
        (5, "sip:192.0.2.1:5060", "sip:102@naru", Some("101")),
        (6, "sip:::1:5060", "sip:102@[::1]:5060", Some("101")),
        (7, "sip:::2:5060", "sip:102@[::1]:5060", None),
    ] {
        let mut request = phone.request(Method::Invite, asked);
        let line = phone.signature(&request, &first, meant, Some(count));
        request.headers.set(Name::Authorization, line);
        let verdict = gate.check(&request, &flow(HOME), now);
        match expected {
            Some(name) => assert_eq!(verdict, Verdict::Device(user(name)), "{meant}"),
            None => assert_eq!(status(verdict), 403, "{meant}"),
        }
    }
}

#[test]
fn an_old_phone_without_qop_gets_one_request_a_nonce() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    let mut request = phone.register();
    request.headers.set(Name::Authorization, phone.signature(&request, &first, "sip:naru", None));
    assert_eq!(gate.check(&request, &flow(HOME), now), Verdict::Device(user("101")));
    let mut request = phone.register();
    request.headers.set(Name::Authorization, phone.signature(&request, &first, "sip:naru", None));
    assert!(is_stale(gate.check(&request, &flow(HOME), now)));
}

#[test]
fn a_phone_speaks_for_itself_only() {
    let (mut gate, now) = (gate(), clock::now());
    for (claimed, invited, registered) in
        [("101", true, true), ("102", false, false), ("103", false, false), ("kim", true, false)]
    {
        for (method, is_let_in) in [(Method::Invite, invited), (Method::Register, registered)] {
            let mut phone = Phone { user: claimed.to_owned(), ..Phone::new("101") };
            let request = phone.request(method.clone(), "sip:naru");
            let first = challenge(gate.check(&request, &flow(HOME), now));
            let mut request = phone.request(method, "sip:naru");
            phone.sign(&mut request, &first);
            let verdict = gate.check(&request, &flow(HOME), now);
            if is_let_in {
                assert_eq!(verdict, Verdict::Device(user("101")), "{claimed}");
            } else {
                assert_eq!(status(verdict), 403, "{claimed}");
            }
        }
    }
}

#[test]
fn guessing_is_slowed_and_the_right_password_still_works_s3() {
    let (mut gate, now) = (gate(), clock::now());
    let answered = (0..600)
        .filter(|n| {
            let mut guesser = Phone { password: format!("guess-{n}"), ..Phone::new("101") };
            let now = now.after(seconds(*n) / 10);
            matches!(let_in(&mut gate, &mut guesser, HOME, now), Verdict::Answer(_))
        })
        .count();
    assert_eq!(answered, 15);
    assert_eq!(gate.bans().len(), 1);
    for name in ["101", "102"] {
        let verdict = let_in(&mut gate, &mut Phone::new(name), HOME, now.after(seconds(60)));
        assert_eq!(verdict, Verdict::Device(user(name)), "from the same address");
    }
    let mut other = Phone { password: "typo".to_owned(), ..Phone::new("101") };
    let verdict = let_in(&mut gate, &mut other, "198.51.100.8:5060", now);
    assert!(matches!(verdict, Verdict::Answer(_)), "another source is answered");
    gate.pardon("198.51.100.7".parse().unwrap());
    assert!(gate.bans().is_empty());
}

#[test]
fn requests_without_credentials_are_no_failures() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    for _ in 0..500 {
        challenge(gate.check(&phone.register(), &flow(HOME), now));
    }
    assert!(gate.bans().is_empty());
}

#[test]
fn a_trunk_is_known_by_its_address() {
    let (mut gate, now) = (gate(), clock::now());
    let carrier = Verdict::Trunk(TrunkName("carrier".to_owned()));
    let mut caller = Phone::new("+821012345678");
    let mut invite = || caller.request(Method::Invite, "sip:+827012345678@naru");
    assert_eq!(gate.check(&invite(), &flow("192.0.2.10:5060"), now), carrier);
    assert_eq!(gate.check(&invite(), &flow("[::ffff:192.0.2.10]:5060"), now), carrier);
    assert_eq!(gate.check(&invite(), &flow("192.0.2.10:40000"), now), carrier, "any port of its");
    challenge(gate.check(&invite(), &flow("192.0.2.11:5060"), now));
    let register = caller.register();
    challenge(gate.check(&register, &flow("192.0.2.10:5060"), now));
}

#[test]
fn a_phone_beside_the_trunk_is_still_a_phone() {
    let (mut gate, now) = (gate(), clock::now());
    let beside = "192.0.2.10:5070";
    challenge(gate.check(
        &Phone::new("101").request(Method::Invite, "sip:102@naru"),
        &flow(beside),
        now,
    ));
    let verdict = let_in(&mut gate, &mut Phone::new("101"), beside, now);
    assert_eq!(verdict, Verdict::Device(user("101")));
    let stranger = Phone::new("x").request(Method::Invite, "sip:102@naru");
    challenge(gate.check(&stranger, &flow("192.0.2.10:5071"), now));
    let verdict = gate.check(&stranger, &flow("192.0.2.10:5060"), now);
    assert!(matches!(verdict, Verdict::Trunk(_)), "the trunk's own port");
}

#[test]
fn on_the_loopback_a_stranger_is_no_trunk_s2() {
    let (mut gate, now) = (gate(), clock::now());
    let mut office = (*office()).clone();
    for trunk in office.trunks.values_mut() {
        trunk.peer = Some("127.0.0.1:5080".parse().unwrap());
    }
    gate.office_changed(&office.into());
    let invite = Phone::new("+821012345678").request(Method::Invite, "sip:+827012345678@naru");
    challenge(gate.check(&invite, &flow("127.0.0.1:9999"), now));
    assert!(matches!(gate.check(&invite, &flow("127.0.0.1:5080"), now), Verdict::Trunk(_)));
}

/// Anybody can write another's address on a datagram.
#[test]
fn a_trunk_over_tls_is_known_by_nothing_else() {
    let (mut gate, now) = (gate(), clock::now());
    let mut office = (*office()).clone();
    for trunk in office.trunks.values_mut() {
        trunk.transport = Transport::Tls;
    }
    gate.office_changed(&office.into());
    let invite = Phone::new("+821012345678").request(Method::Invite, "sip:+827012345678@naru");
    let at = |transport| Flow { transport, ..flow("192.0.2.10:5060") };
    for transport in [Transport::Udp, Transport::Tcp] {
        challenge(gate.check(&invite, &at(transport), now));
    }
    assert!(matches!(gate.check(&invite, &at(Transport::Tls), now), Verdict::Trunk(_)));
}

#[test]
fn a_registered_trunk_is_known_by_what_its_name_resolves_to() {
    let (mut gate, now) = (gate(), clock::now());
    let carrier = TrunkName("carrier".to_owned());
    gate.trunk_resolved(&carrier, vec!["203.0.113.5:5060".parse().unwrap()]);
    let invite = Phone::new("1").request(Method::Invite, "sip:2@naru");
    let verdict = gate.check(&invite, &flow("203.0.113.5:5060"), now);
    assert_eq!(verdict, Verdict::Trunk(carrier.clone()));
    gate.trunk_resolved(&carrier, vec!["203.0.113.6:5060".parse().unwrap()]);
    challenge(gate.check(&invite, &flow("203.0.113.5:5060"), now));
}

#[test]
fn a_deleted_phone_is_out_at_once_and_so_is_an_old_password() {
    let (mut gate, now) = (gate(), clock::now());
    let mut changed = (*office()).clone();
    for agent in changed.agents.values_mut() {
        agent.devices.retain(|device| device.username != user("102"));
        for device in &mut agent.devices {
            device.password = naru::office::device::Secret::new("new".to_owned());
        }
    }
    gate.office_changed(&changed.into());
    challenge(let_in(&mut gate, &mut Phone::new("102"), HOME, now));
    challenge(let_in(&mut gate, &mut Phone::new("101"), HOME, now));
    let mut phone = Phone { password: "new".to_owned(), ..Phone::new("101") };
    assert_eq!(let_in(&mut gate, &mut phone, HOME, now), Verdict::Device(user("101")));
}

#[test]
fn credentials_for_others_are_passed_over_and_ack_is_never_challenged() {
    let (mut gate, now) = (gate(), clock::now());
    let mut phone = Phone::new("101");
    let first = challenge(gate.check(&phone.register(), &flow(HOME), now));
    let mut request = phone.request(Method::Invite, "sip:102@naru");
    request.headers.push(Name::ProxyAuthorization, "Digest realm=\"other\", nonce=x");
    let line = phone.signature(&request, &first, "sip:102@naru", Some(1));
    request.headers.push(Name::ProxyAuthorization, line);
    assert_eq!(gate.check(&request, &flow(HOME), now), Verdict::Device(user("101")));
    for method in [Method::Ack, Method::Cancel] {
        let request = phone.request(method, "sip:102@naru");
        assert_eq!(gate.check(&request, &flow(HOME), now), Verdict::Drop);
    }
}
