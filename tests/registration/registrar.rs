//! RFC 3261 10.3 and what phones really do.

use std::time::Duration;

use naru::binding::{Binding, BindingChange};
use naru::clock;
use naru::office::transport::Transport;
use naru::sip::flow::{ConnectionId, Flow};
use naru::sip::registrar::registrar::{Reach, Registrar, RegistrarEvent};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Request, Response};
use naru::sip::syntax::token::Tokens;
use naru::time::Moment;

use crate::phone::{Phone, flow, office, seconds, user};

const HOME: &str = "198.51.100.7:5060";

struct Desk {
    registrar: Registrar,
    phone: Phone,
    now: Moment,
}

impl Desk {
    fn new() -> Self {
        Self::restored(Vec::new())
    }

    fn restored(bindings: Vec<Binding>) -> Self {
        let now = clock::now();
        let registrar = Registrar::new(bindings, Tokens::new([5; 32]), now);
        Self { registrar, phone: Phone::new("101"), now }
    }

    fn request(&mut self, headers: &[(Name, &str)]) -> Request {
        let mut request = self.phone.register();
        for (name, value) in headers {
            request.headers.push(name.clone(), *value);
        }
        request
    }

    fn give(&mut self, request: &Request, flow: &Flow) -> Response {
        self.registrar.handle_register(&user("101"), request, flow, self.now)
    }

    fn register(&mut self, headers: &[(Name, &str)]) -> Response {
        let request = self.request(headers);
        self.give(&request, &flow(HOME))
    }

    fn bind(&mut self, contact: &str) -> Response {
        let response = self.register(&[(Name::Contact, contact)]);
        assert_eq!(response.status, 200, "{contact}");
        response
    }

    fn reaches(&self) -> Vec<Reach> {
        self.registrar.contacts(&user("101"), self.now)
    }

    fn contacts(&self) -> Vec<String> {
        let mut all: Vec<_> = self.reaches().into_iter().map(|reach| reach.uri).collect();
        all.sort();
        all
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now.after(time);
        self.registrar.handle_timeout(self.now);
    }

    fn events(&mut self) -> Vec<RegistrarEvent> {
        std::iter::from_fn(|| self.registrar.poll_event()).collect()
    }

    /// Runs to the next question and says whether it is answered.
    fn probed(&mut self, answered: bool) -> Request {
        for _ in 0..50 {
            if let Some(probe) = self.registrar.poll_probe() {
                self.registrar.handle_probe(probe.id, answered, self.now);
                return probe.request;
            }
            let (at, _) = self.registrar.poll_timeout().unwrap();
            self.wait(at.saturating_duration_since(self.now.ticks));
        }
        panic!("no question is asked");
    }
}

fn listed(response: &Response) -> Vec<&str> {
    response.headers.all(&Name::Contact).collect()
}

#[test]
fn the_answer_lists_every_contact_with_the_time_left() {
    let mut desk = Desk::new();
    desk.bind("<sip:101@10.0.0.1;ob>;expires=60;q=0.5;+sip.instance=\"<urn:uuid:1>\";reg-id=1");
    desk.wait(seconds(20));
    let response =
        desk.register(&[(Name::Contact, "sip:101@10.0.0.2;expires=300"), (Name::Expires, "100")]);
    assert_eq!(
        listed(&response),
        [
            "<sip:101@10.0.0.1;ob>;expires=40;q=0.5;+sip.instance=\"<urn:uuid:1>\";reg-id=1",
            "<sip:101@10.0.0.2>;expires=300",
        ]
    );
    assert!(response.headers.get(&Name::Date).unwrap().ends_with(" GMT"));
    assert!(response.to().tag().is_some());
    let query = desk.register(&[]);
    assert_eq!(listed(&query), listed(&response));
}

#[test]
fn the_time_granted_is_asked_default_or_cut() {
    for (contact, general, granted) in [
        ("<sip:a@h>", None, 3600),
        ("<sip:a@h>", Some("120"), 120),
        ("<sip:a@h>;expires=10", Some("120"), 10),
        ("<sip:a@h>;EXPIRES=\"90\"", None, 90),
        ("<sip:a@h>;expires=99999999999999999999999", None, 7200),
        ("<sip:a@h>;expires=soon", None, 3600),
        ("<sip:a@h>;expires=-1", None, 3600),
    ] {
        let mut desk = Desk::new();
        let mut headers = vec![(Name::Contact, contact)];
        headers.extend(general.map(|general| (Name::Expires, general)));
        let response = desk.register(&headers);
        assert!(listed(&response)[0].ends_with(&format!(";expires={granted}")), "{contact}");
    }
}

#[test]
fn what_is_wrong_is_refused_whole() {
    let long = format!("<sip:{}@h>", "a".repeat(600));
    let many = (0..11).map(|n| format!("<sip:a{n}@h>")).collect::<Vec<_>>().join(",");
    for (headers, status) in [
        (vec![(Name::Contact, "<sip:new@h>;expires=9")], 423),
        (vec![(Name::Contact, "<sip:new@h>, <sip:other@h>;expires=1")], 423),
        (vec![(Name::Contact, "*")], 400),
        (vec![(Name::Contact, "*"), (Name::Expires, "60")], 400),
        (vec![(Name::Contact, "*"), (Name::Contact, "<sip:new@h>"), (Name::Expires, "0")], 400),
        (vec![(Name::Contact, "<sip:new@h>, nonsense")], 400),
        (vec![(Name::Contact, "<tel:+8270>")], 416),
        (vec![(Name::Contact, "<sips:a@h>")], 416),
        (vec![(Name::Contact, long.as_str())], 400),
        (vec![(Name::Contact, many.as_str())], 400),
        (vec![(Name::Contact, "<sip:new@h>"), (Name::Require, "path, gruu")], 420),
    ] {
        let mut desk = Desk::new();
        desk.bind("<sip:old@h>");
        let response = desk.register(&headers);
        assert_eq!(response.status, status, "{headers:?}");
        assert_eq!(desk.contacts(), ["sip:old@h"], "{headers:?}");
        match status {
            423 => assert_eq!(response.headers.get(&Name::MinExpires), Some("10")),
            420 => assert_eq!(response.headers.get(&Name::Unsupported), Some("gruu")),
            _ => {}
        }
    }
}

#[test]
fn contacts_go_one_by_one_or_all_at_once() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h>, <sip:2@h>");
    desk.bind("\"Kim, M\" <sip:3@h;transport=udp>");
    desk.bind("<sip:1@H>;expires=0");
    assert_eq!(desk.contacts(), ["sip:2@h", "sip:3@h;transport=udp"]);
    desk.register(&[(Name::Contact, "<sip:2@h>"), (Name::Expires, "0")]);
    assert_eq!(desk.contacts(), ["sip:3@h;transport=udp"]);
    let response = desk.register(&[(Name::Contact, "*"), (Name::Expires, "0")]);
    assert_eq!((response.status, listed(&response).len()), (200, 0));
    assert!(desk.contacts().is_empty());
}

#[test]
fn copies_change_nothing_and_late_ones_are_refused() {
    let mut desk = Desk::new();
    let first = desk.request(&[(Name::Contact, "<sip:1@h>;expires=600")]);
    let second = desk.request(&[(Name::Contact, "<sip:1@h>;expires=100")]);
    let home = flow(HOME);
    assert_eq!(listed(&desk.give(&second, &home)), ["<sip:1@h>;expires=100"]);
    assert_eq!(listed(&desk.give(&second, &home)), ["<sip:1@h>;expires=100"]);
    assert_eq!(desk.give(&first, &home).status, 500);
    let bye = desk.request(&[(Name::Contact, "*"), (Name::Expires, "0")]);
    desk.give(&bye, &home);
    assert_eq!(desk.give(&second, &home).status, 500, "a late copy brings nothing back");
    assert_eq!(desk.give(&bye, &home).status, 200);
    assert!(desk.contacts().is_empty());
}

#[test]
fn a_phone_that_starts_anew_with_its_old_call_id_gets_in() {
    let mut desk = Desk::new();
    desk.phone.cseq = 100;
    desk.bind("<sip:1@h>");
    desk.phone.cseq = 0;
    assert_eq!(desk.register(&[(Name::Contact, "<sip:1@h>")]).status, 500);
    desk.wait(seconds(33));
    desk.bind("<sip:1@h>;expires=600");
    desk.phone.call_id = "another".to_owned();
    desk.phone.cseq = 0;
    desk.bind("<sip:1@h>");
}

#[test]
fn the_eleventh_contact_takes_the_place_of_the_oldest() {
    let mut desk = Desk::new();
    for n in 0..10 {
        desk.bind(&format!("<sip:{n}@h>"));
        desk.wait(seconds(1));
    }
    desk.bind("<sip:0@h>");
    desk.bind("<sip:new@h>");
    let contacts = desk.contacts();
    assert_eq!(contacts.len(), 10);
    assert!(contacts.contains(&"sip:0@h".to_owned()) && !contacts.contains(&"sip:1@h".to_owned()));
}

#[test]
fn an_instance_has_one_contact_a_flow() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h:1000>;+sip.instance=\"<urn:uuid:a>\"");
    desk.bind("<sip:1@h:2000>;+sip.instance=\"<urn:uuid:a>\"");
    assert_eq!(desk.contacts(), ["sip:1@h:2000"]);
    desk.bind("<sip:1@h:3000>;+sip.instance=\"<urn:uuid:b>\";reg-id=1");
    desk.bind("<sip:1@h:4000>;+sip.instance=\"<urn:uuid:b>\";reg-id=2");
    assert_eq!(desk.contacts().len(), 3);
}

#[test]
fn requests_go_the_way_the_register_came() {
    let mut desk = Desk::new();
    desk.bind("<sip:101@10.0.0.1:5060>");
    assert_eq!(desk.reaches()[0].flow, flow(HOME));
    let mut desk = Desk::new();
    let tcp = Flow {
        transport: Transport::Tcp,
        connection: Some(ConnectionId(4)),
        ..flow("198.51.100.7:40001")
    };
    let request = desk.request(&[(Name::Contact, "<sip:101@10.0.0.1:5062;transport=tcp>")]);
    desk.give(&request, &tcp);
    assert_eq!(desk.reaches()[0].flow, tcp);
    assert!(desk.registrar.is_source_of(&user("101"), &tcp, desk.now));
    desk.registrar.connection_closed(ConnectionId(5));
    assert_eq!(desk.reaches()[0].flow, tcp);
    desk.registrar.connection_closed(ConnectionId(4));
    let flow = desk.reaches()[0].flow;
    assert_eq!((flow.connection, flow.remote), (None, "10.0.0.1:5062".parse().unwrap()));
}

#[test]
fn a_path_is_kept_and_told_back_rfc_3327() {
    let mut desk = Desk::new();
    let path = [
        (Name::Contact, "<sip:101@10.0.0.1>"),
        (Name::Path, "<sip:p1@edge;lr>, <sip:p2@edge;lr>"),
        (Name::Supported, "PATH, outbound"),
    ];
    let response = desk.register(&path);
    let told: Vec<_> = response.headers.all(&Name::Path).collect();
    assert_eq!(told, ["<sip:p1@edge;lr>", "<sip:p2@edge;lr>"]);
    assert_eq!(desk.reaches()[0].route, told);
    let response = desk.register(&path[..2]);
    assert_eq!((response.status, response.headers.get(&Name::Path)), (200, None));
}

#[test]
fn a_binding_ends_on_time_and_that_is_told() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h>;expires=60");
    let device = user("101");
    let events = desk.events();
    assert!(matches!(&events[0], RegistrarEvent::Changed(list) if list.len() == 1));
    let registered = |registered| RegistrarEvent::Registered { device: user("101"), registered };
    assert_eq!(events[1], registered(true));
    desk.wait(seconds(59));
    assert_eq!(desk.contacts(), ["sip:1@h"]);
    desk.wait(seconds(1));
    assert!(desk.contacts().is_empty() && desk.registrar.bindings().is_empty());
    let unbound = BindingChange::Unbound { device, contact: "sip:1@h".to_owned() };
    assert_eq!(desk.events(), [RegistrarEvent::Changed(vec![unbound]), registered(false)]);
    assert_eq!(desk.registrar.poll_timeout(), None);
}

#[test]
fn mere_refreshes_are_told_once_a_second() {
    let mut desk = Desk::new();
    for n in 0..5 {
        desk.bind(&format!("<sip:{n}@h>"));
    }
    desk.events();
    for n in (0..5).chain(0..5) {
        desk.bind(&format!("<sip:{n}@h>"));
    }
    assert!(desk.events().is_empty());
    desk.wait(seconds(1));
    let events = desk.events();
    assert!(matches!(&events[..], [RegistrarEvent::Changed(list)] if list.len() == 5));
}

#[test]
fn a_clock_that_is_set_changes_no_registration_r15() {
    for (set_to, ahead) in [(Some(86_400), true), (Some(172_800), false), (None, false)] {
        let mut desk = Desk::new();
        desk.bind("<sip:1@h>;expires=600");
        desk.events();
        let wall = desk.now.wall;
        desk.now.wall = match (set_to, ahead) {
            (Some(by), true) => wall + seconds(by),
            (Some(by), false) => wall - seconds(by),
            (None, _) => std::time::UNIX_EPOCH,
        };
        desk.wait(seconds(599));
        assert_eq!(desk.contacts(), ["sip:1@h"]);
        let expires = desk.registrar.bindings()[0].expires;
        assert_eq!(expires, desk.now.after(seconds(1)).wall, "the store is put right");
        assert!(matches!(desk.events()[0], RegistrarEvent::Changed(_)));
        desk.wait(seconds(1));
        assert!(desk.contacts().is_empty());
    }
}

#[test]
fn bindings_of_the_last_run_ring_at_once_r2() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h>;expires=600;+sip.instance=\"<urn:uuid:a>\"");
    let mut bindings = desk.registrar.bindings();
    let now = desk.now.wall;
    let changed = |contact: &str, expires| Binding {
        contact: contact.to_owned(),
        expires,
        ..bindings[0].clone()
    };
    let over = changed("sip:over@h", now - seconds(1));
    let far = changed("sip:far@h", now + seconds(9_999_999));
    bindings.extend([over, far]);
    let mut desk = Desk::restored(bindings);
    assert_eq!(desk.contacts(), ["sip:1@h", "sip:far@h"]);
    let reach = &desk.reaches()[0];
    assert_eq!(reach.flow.remote, HOME.parse().unwrap());
    assert!(reach.flow.local.ip().is_unspecified());
    assert!(matches!(desk.events()[..], [RegistrarEvent::Registered { registered: true, .. }]));
    desk.bind("<sip:1@h:7000>;+sip.instance=\"<urn:uuid:a>\"");
    assert_eq!(desk.contacts(), ["sip:1@h:7000", "sip:far@h"]);
    desk.phone.call_id = "late".to_owned();
    desk.wait(seconds(7201));
    assert!(desk.contacts().is_empty(), "no clock makes a registration longer");
}

#[test]
fn a_deleted_device_is_gone_at_once() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h>");
    desk.events();
    let mut changed = (*office()).clone();
    desk.registrar.office_changed(&office(), desk.now);
    assert!(desk.events().is_empty());
    changed.agents.retain(|extension, _| extension.as_str() != "101");
    desk.registrar.office_changed(&changed.into(), desk.now);
    assert!(desk.contacts().is_empty());
    assert_eq!(desk.events().len(), 2);
    assert_eq!(desk.registrar.poll_timeout(), None);
}

#[test]
fn a_silent_phone_is_not_rung_and_comes_back_by_itself() {
    let mut desk = Desk::new();
    desk.bind("<sip:1@h>");
    let question = desk.probed(true);
    assert_eq!(question.uri, "sip:1@h");
    assert!(question.headers.get(&Name::Via).is_none());
    desk.events();
    for _ in 0..3 {
        assert_eq!(desk.contacts(), ["sip:1@h"]);
        desk.probed(false);
    }
    assert!(desk.contacts().is_empty());
    assert_eq!(desk.registrar.bindings().len(), 1, "it is still registered");
    assert!(matches!(desk.events()[..], [RegistrarEvent::Registered { registered: false, .. }]));
    desk.probed(true);
    assert_eq!(desk.contacts(), ["sip:1@h"]);
    assert!(matches!(desk.events()[..], [RegistrarEvent::Registered { registered: true, .. }]));
}

#[test]
fn a_phone_that_registers_often_is_not_asked() {
    let mut desk = Desk::new();
    for _ in 0..100 {
        desk.bind("<sip:1@h>;expires=20");
        desk.wait(seconds(10));
        assert!(desk.registrar.poll_probe().is_none());
    }
}

#[test]
fn a_restarted_phone_does_not_pile_up() {
    let mut desk = Desk::new();
    let agent = (Name::UserAgent, "Desk 1.0");
    for (n, source) in ["198.51.100.7:1001", "198.51.100.7:1002"].into_iter().enumerate() {
        desk.phone.call_id = format!("boot-{n}");
        let contact = format!("<sip:101@10.0.0.1:{}>", 1001 + n);
        let request = desk.request(&[(Name::Contact, &contact), agent.clone()]);
        assert_eq!(desk.give(&request, &flow(source)).status, 200);
    }
    assert_eq!(desk.contacts().len(), 2, "two programs on one machine look the same");
    for _ in 0..20 {
        let mut due = None;
        while due.is_none() {
            due = desk.registrar.poll_probe();
            let wait = desk.registrar.poll_timeout().unwrap().0;
            desk.wait(wait.saturating_duration_since(desk.now.ticks));
        }
        let probe = due.unwrap();
        let answered = probe.flow.remote.port() == 1002;
        desk.registrar.handle_probe(probe.id, answered, desk.now);
    }
    assert_eq!(desk.contacts(), ["sip:101@10.0.0.1:1002"]);
}
