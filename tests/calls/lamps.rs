//! Message lamps: phones that subscribe, phones that do not, and phones that want to hear nothing
//! (RFC 3842, RFC 6665).

use std::sync::Arc;
use std::time::Duration;

use naru::leg::MessageCount;
use naru::office::device::{DigestAlgorithm, Username};
use naru::office::snapshot::Office;
use naru::sip::handle::SipRequest;
use naru::sip::registrar::digest::{HexHash, ha1};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request, Response};
use naru::sip::syntax::method::Method;

use crate::bench::{Bench, bound, office};

const PHONE: u16 = 7101;
const OTHER: u16 = 7102;

/// What a phone of 101 sends, with the digest that it is asked for.
struct Phone {
    bench: Bench,
    port: u16,
    cseq: u32,
    call_id: String,
}

impl Phone {
    fn new() -> Self {
        Self::with(Bench::new())
    }

    fn with(mut bench: Bench) -> Self {
        bench.add_side(5060, office(Vec::new()), Vec::new());
        bench.add_peer(PHONE);
        bench.add_peer(OTHER);
        Self { bench, port: PHONE, cseq: 0, call_id: "first".to_owned() }
    }

    fn request(&mut self, method: &Method, uri: &str, lines: &[(Name, &str)]) -> Request {
        self.cseq += 1;
        let (port, cseq) = (self.port, self.cseq);
        let mut request = Request::new(method.clone(), uri);
        let headers = &mut request.headers;
        let via = format!("SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK{port}-{cseq}");
        headers.push(Name::Via, via);
        headers.push(Name::MaxForwards, "70");
        headers.push(Name::From, "<sip:101@127.0.0.1>;tag=phone");
        if !lines.iter().any(|(name, _)| *name == Name::To) {
            headers.push(Name::To, "<sip:101@127.0.0.1>");
        }
        headers.push(Name::CallId, self.call_id.as_str());
        headers.push(Name::CSeq, format!("{cseq} {method}"));
        headers.push(Name::Contact, format!("<sip:101@127.0.0.1:{port}>"));
        lines.iter().for_each(|(name, value)| headers.push(name.clone(), *value));
        request
    }

    /// The final answer, after the challenge.
    fn asks(&mut self, method: &Method, uri: &str, lines: &[(Name, &str)]) -> Response {
        let request = self.request(method, uri, lines);
        self.bench.say(self.port, &Message::Request(request));
        let challenge = self.bench.response(self.port, 401);
        let mut request = self.request(method, uri, lines);
        request.headers.push(Name::Authorization, signature(&request, &challenge));
        self.bench.say(self.port, &Message::Request(request));
        let port = self.port;
        self.bench.answered(port)
    }

    fn registers(&mut self) {
        let response = self.asks(&Method::Register, "sip:127.0.0.1", &[(Name::Expires, "600")]);
        assert_eq!(response.status, 200);
    }

    fn subscribes(&mut self, lines: &[(Name, &str)]) -> Response {
        let event = [(Name::Event, "message-summary;id=9")];
        self.asks(&Method::Subscribe, "sip:101@127.0.0.1", &[&event, lines].concat())
    }

    /// Takes a subscription for ten minutes and hears how it stands.
    fn listens(&mut self) -> (Response, String) {
        let granted = self.subscribes(&[(Name::Expires, "600")]);
        assert_eq!(granted.status, 200);
        (granted, self.is_told())
    }

    /// The next NOTIFY, answered well; what it says.
    fn is_told(&mut self) -> String {
        let notify = self.bench.request_within(self.port, &Method::Notify, 10);
        self.answers(&notify, 200);
        String::from_utf8(notify.body.to_vec()).unwrap()
    }

    fn answers(&mut self, notify: &Request, status: u16) {
        let answer = notify.tagged_response(status, "told");
        self.bench.say(self.port, &Message::Response(answer));
    }

    fn hears_nothing(&mut self, seconds: u64) {
        let is_notify = |message: &Message| matches!(message, Message::Request(request) if request.method == Method::Notify);
        let time = Duration::from_secs(seconds);
        assert_eq!(self.bench.count(self.port, time, is_notify), 0);
    }

    fn waiting(&mut self, new: usize, old: usize) {
        let device = Username::parse("101").unwrap();
        self.bench.ask(SipRequest::Lamp { device, count: MessageCount { new, old } });
    }
}

fn signature(request: &Request, challenge: &Response) -> String {
    let line = challenge.headers.get(&Name::WwwAuthenticate).unwrap();
    let part = |name: &str| {
        let after = line.split_once(&format!("{name}=\"")).unwrap().1;
        after.split_once('"').unwrap().0.to_owned()
    };
    let (realm, nonce, uri) = (part("realm"), part("nonce"), request.uri.as_str());
    let md5 = DigestAlgorithm::Md5;
    let ha1 = ha1(md5, "101", &realm, "secret-101");
    let ha2 = HexHash::of(md5, &[request.method.as_str().as_bytes(), uri.as_bytes()]);
    let parts = [ha1.as_bytes(), nonce.as_bytes(), b"00000001", b"c", b"auth", ha2.as_bytes()];
    let response = HexHash::of(md5, &parts);
    let response = std::str::from_utf8(response.as_bytes()).unwrap();
    format!(
        "Digest username=\"101\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
         response=\"{response}\", algorithm=MD5, qop=auth, cnonce=\"c\", nc=00000001"
    )
}

fn body(lamp: &str, counts: &str) -> String {
    format!(
        "Messages-Waiting: {lamp}\r\nMessage-Account: sip:*97@127.0.0.1\r\nVoice-Message: {counts} (0/0)\r\n"
    )
}

#[test]
fn a_phone_that_subscribes_is_told_at_once_and_with_every_change() {
    let mut phone = Phone::new();
    phone.registers();
    let granted = phone.subscribes(&[(Name::Expires, "600")]);
    assert_eq!((granted.status, granted.headers.get(&Name::Expires)), (200, Some("600")));
    assert_eq!(granted.headers.get(&Name::Contact), Some("<sip:naru@127.0.0.1:5060>"));
    let notify = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!(notify.uri, "sip:101@127.0.0.1:7101");
    assert_eq!(notify.call_id(), "first");
    assert_eq!((notify.from().tag(), notify.to().tag()), (granted.to().tag(), Some("phone")));
    for (name, value) in [
        (Name::Event, "message-summary;id=9"),
        (Name::SubscriptionState, "active;expires=600"),
        (Name::ContentType, "application/simple-message-summary"),
        (Name::CSeq, "1 NOTIFY"),
        (Name::Contact, "<sip:naru@127.0.0.1:5060>"),
    ] {
        assert_eq!(notify.headers.get(&name), Some(value));
    }
    assert_eq!(&notify.body[..], body("no", "0/0").as_bytes());
    phone.answers(&notify, 200);

    for (new, old, lamp, counts) in [(1, 0, "yes", "1/0"), (0, 1, "no", "0/1"), (0, 0, "no", "0/0")]
    {
        phone.waiting(new, old);
        assert_eq!(phone.is_told(), body(lamp, counts));
    }
    phone.hears_nothing(300);
}

/// None overtakes another: while one is unanswered the next waits, and then tells the latest.
#[test]
fn one_notify_is_on_its_way_at_a_time() {
    let mut phone = Phone::new();
    phone.listens();
    phone.waiting(1, 0);
    let first = phone.bench.request(PHONE, &Method::Notify);
    phone.waiting(2, 0);
    phone.waiting(3, 0);
    // Only the first is sent again.
    let other = |message: &Message| match message {
        Message::Request(request) => request.headers.get(&Name::CSeq) != Some("2 NOTIFY"),
        Message::Response(_) => true,
    };
    assert_eq!(phone.bench.count(PHONE, Duration::from_secs(5), other), 0);
    phone.answers(&first, 200);
    let last = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!(last.headers.get(&Name::CSeq), Some("3 NOTIFY"));
    assert_eq!(&last.body[..], body("yes", "3/0").as_bytes());
}

#[test]
fn a_subscription_is_renewed_ended_and_runs_out() {
    let mut phone = Phone::new();
    let (granted, _) = phone.listens();
    let to = granted.headers.get(&Name::To).unwrap().to_owned();
    let within = [(Name::To, to.as_str()), (Name::Event, "message-summary;id=9")];
    let again = |phone: &mut Phone, seconds: &str| {
        let lines = [&within[..], &[(Name::Expires, seconds)]].concat();
        phone.asks(&Method::Subscribe, "sip:naru@127.0.0.1:5060", &lines)
    };
    phone.bench.pass_seconds(590);
    assert_eq!(again(&mut phone, "600").status, 200);
    phone.is_told();
    assert_eq!(again(&mut phone, "30").status, 423, "RFC 6665 4.2.1.1");
    phone.bench.pass_seconds(300);
    phone.waiting(1, 0);
    assert_eq!(phone.is_told(), body("yes", "1/0"));
    // Nothing more was heard of the phone.
    let over = phone.bench.request_within(PHONE, &Method::Notify, 301);
    assert_eq!(over.headers.get(&Name::SubscriptionState), Some("terminated;reason=timeout"));
    phone.answers(&over, 200);
    phone.bench.pass_seconds(1);
    assert_eq!(again(&mut phone, "600").status, 481);

    phone.call_id = "second".to_owned();
    let (granted, _) = phone.listens();
    let to = granted.headers.get(&Name::To).unwrap().to_owned();
    let lines = [(Name::To, to.as_str()), (Name::Event, "message-summary"), (Name::Expires, "0")];
    assert_eq!(phone.asks(&Method::Subscribe, "sip:naru@127.0.0.1:5060", &lines).status, 200);
    let over = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!(over.headers.get(&Name::SubscriptionState), Some("terminated;reason=timeout"));
    phone.answers(&over, 200);
    phone.waiting(2, 0);
    phone.hears_nothing(60);
}

/// The phone notices nothing: it is told in the dialog it has, with a number it has not heard.
#[test]
fn a_phone_that_has_subscribed_is_told_after_a_restart_without_asking() {
    let mut phone = Phone::new();
    phone.registers();
    let (granted, _) = phone.listens();
    phone.waiting(1, 0);
    assert_eq!(phone.is_told(), body("yes", "1/0"));
    phone.bench.pass_seconds(60);
    phone.bench.restarts(office(Vec::new()));
    // What waits is known a moment after the start.
    phone.waiting(1, 0);
    let notify = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!((notify.from().tag(), notify.call_id()), (granted.to().tag(), "first"));
    let state = notify.headers.get(&Name::SubscriptionState).unwrap();
    assert!(["active;expires=539", "active;expires=540"].contains(&state), "{state}");
    assert!(notify.cseq().unwrap() > 2, "{notify:?}");
    assert_eq!(&notify.body[..], body("yes", "1/0").as_bytes());
    phone.answers(&notify, 200);
    phone.hears_nothing(30);
    phone.waiting(2, 0);
    assert_eq!(phone.is_told(), body("yes", "2/0"));

    // The box was emptied and nobody heard of it: its lamp is put out unasked, too.
    phone.bench.restarts(office(Vec::new()));
    let last = phone.bench.request_within(PHONE, &Method::Notify, 10);
    assert!(last.cseq() > notify.cseq());
    assert_eq!(&last.body[..], body("no", "0/0").as_bytes());
    phone.answers(&last, 200);

    // It is renewed as if nothing had happened, and ends as any other.
    let to = granted.headers.get(&Name::To).unwrap().to_owned();
    let within = |seconds| {
        [(Name::To, to.as_str()), (Name::Event, "message-summary;id=9"), (Name::Expires, seconds)]
    };
    let renewed = phone.asks(&Method::Subscribe, "sip:naru@127.0.0.1:5060", &within("600"));
    assert_eq!(renewed.status, 200);
    assert_eq!(phone.is_told(), body("no", "0/0"));
    phone.asks(&Method::Subscribe, "sip:naru@127.0.0.1:5060", &within("0"));
    phone.is_told();
    phone.bench.restarts(office(Vec::new()));
    phone.hears_nothing(60);
}

#[test]
fn what_cannot_be_subscribed_to_is_refused() {
    let mut phone = Phone::new();
    let event = (Name::Event, "message-summary");
    for (uri, lines, status) in [
        // A colleague's box is nobody's business.
        ("sip:102@127.0.0.1", vec![event.clone()], 403),
        ("sip:101@127.0.0.1", vec![event.clone(), (Name::Accept, "text/plain")], 406),
        ("sip:101@127.0.0.1", vec![event.clone(), (Name::Expires, "59")], 423),
        ("sip:*97@127.0.0.1", vec![event.clone(), (Name::Expires, "99999")], 200),
    ] {
        let response = phone.asks(&Method::Subscribe, uri, &lines);
        assert_eq!(response.status, status, "{uri} {lines:?}");
        let expires = response.headers.get(&Name::Expires);
        assert_eq!(expires, (status == 200).then_some("3600"), "no longer than an hour");
    }
    let other = phone.request(&Method::Subscribe, "sip:101@127.0.0.1", &[(Name::Event, "dialog")]);
    phone.bench.say(PHONE, &Message::Request(other));
    let refused = phone.bench.response(PHONE, 489);
    assert_eq!(refused.headers.get(&Name::AllowEvents), Some("message-summary"));
}

#[test]
fn a_phone_that_knows_no_subscription_any_more_is_told_no_more() {
    for status in [481, 489, 500] {
        let mut phone = Phone::new();
        phone.listens();
        phone.waiting(1, 0);
        let notify = phone.bench.request(PHONE, &Method::Notify);
        phone.answers(&notify, status);
        phone.bench.pass_seconds(1);
        phone.waiting(2, 0);
        phone.hears_nothing(40);
    }
    // Or one that is simply gone.
    let mut phone = Phone::new();
    phone.listens();
    phone.waiting(1, 0);
    phone.bench.pass_seconds(40);
    let _copies = phone.bench.count(PHONE, Duration::ZERO, |_| true);
    phone.waiting(2, 0);
    phone.hears_nothing(40);
}

#[test]
fn a_phone_that_does_not_subscribe_is_told_after_it_registers_and_with_every_change() {
    let mut phone = Phone::new();
    phone.waiting(2, 1);
    phone.registers();
    let notify = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!(notify.uri, "sip:101@127.0.0.1:7101");
    assert_eq!(notify.to().tag(), None, "in no dialog");
    assert_eq!(notify.headers.get(&Name::SubscriptionState), Some("terminated"));
    assert_eq!(&notify.body[..], body("yes", "2/1").as_bytes());
    phone.answers(&notify, 200);
    // It knows: nothing more, also when it registers again.
    phone.registers();
    phone.hears_nothing(60);
    phone.waiting(0, 3);
    assert_eq!(phone.is_told(), body("no", "0/3"));
    // A phone that has started anew has forgotten all.
    phone.call_id = "after a power cut".to_owned();
    phone.registers();
    assert_eq!(phone.is_told(), body("no", "0/3"));
}

#[test]
fn a_phone_without_messages_is_left_in_peace() {
    let mut phone = Phone::new();
    phone.registers();
    phone.hears_nothing(600);
}

#[test]
fn a_phone_that_subscribes_is_not_told_twice_and_one_that_does_not_understand_is_not_told_again() {
    let mut phone = Phone::new();
    phone.waiting(1, 0);
    phone.registers();
    let (_, told) = phone.listens();
    assert_eq!(told, body("yes", "1/0"));
    phone.hears_nothing(30);

    for status in [405, 481, 489, 501] {
        let mut phone = Phone::new();
        phone.waiting(1, 0);
        phone.registers();
        let notify = phone.bench.request(PHONE, &Method::Notify);
        phone.answers(&notify, status);
        phone.bench.pass_seconds(1);
        phone.waiting(2, 0);
        phone.registers();
        phone.hears_nothing(60);
    }
}

/// Of two phones of one agent each is told in its own way.
#[test]
fn two_phones_of_one_device_are_told_each() {
    let mut phone = Phone::new();
    phone.registers();
    phone.listens();
    (phone.port, phone.call_id) = (OTHER, "other".to_owned());
    phone.registers();
    phone.waiting(1, 0);
    assert_eq!(phone.is_told(), body("yes", "1/0"));
    phone.port = PHONE;
    assert_eq!(phone.is_told(), body("yes", "1/0"));
    phone.hears_nothing(30);
}

#[test]
fn phones_known_from_the_last_run_are_told_what_has_come_since() {
    let mut bench = Bench::new();
    let now = bench.now;
    bench.add_side(5060, office(Vec::new()), vec![bound("101", PHONE, now)]);
    bench.add_peer(PHONE);
    let mut phone = Phone { bench, port: PHONE, cseq: 0, call_id: String::new() };
    phone.waiting(1, 0);
    assert_eq!(phone.is_told(), body("yes", "1/0"));
}

#[test]
fn a_phone_that_leaves_the_office_is_told_so() {
    let mut phone = Phone::new();
    phone.registers();
    phone.listens();
    phone.bench.ask(SipRequest::OfficeChanged(Arc::new(Office::default())));
    let over = phone.bench.request(PHONE, &Method::Notify);
    assert_eq!(over.headers.get(&Name::SubscriptionState), Some("terminated;reason=noresource"));
    phone.answers(&over, 200);
    phone.hears_nothing(60);
}

#[test]
fn subscriptions_of_one_device_do_not_grow_without_end() {
    let mut phone = Phone::new();
    for count in 0..15 {
        phone.call_id = format!("call-{count}");
        phone.listens();
    }
    phone.waiting(1, 0);
    let is_notify = |message: &Message| matches!(message, Message::Request(request) if request.method == Method::Notify);
    assert_eq!(phone.bench.count(PHONE, Duration::from_millis(100), is_notify), 10);
}
