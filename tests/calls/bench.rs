//! A wire with delay and loss, offices on it, and peers that say what a test tells them.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use bytes::Bytes;
use naru::binding::Binding;
use naru::clock;
use naru::leg::{HangupCause, LegEvent, LegId, RingRequest, Target};
use naru::media::handle::{MediaCommand, MediaHandle, Tuning};
use naru::media::ports::Ports;
use naru::office::agent::Agent;
use naru::office::device::{Device, DigestAlgorithm, Secret, Username};
use naru::office::extension::Extension;
use naru::office::language::Language;
use naru::office::number_form::NumberForm;
use naru::office::snapshot::Office;
use naru::office::srtp::SrtpPolicy;
use naru::office::transport::Transport;
use naru::office::trunk::{BeforeAnswer, Trunk, TrunkAccount, TrunkName};
use naru::sip::endpoint::{Endpoint, Setup};
use naru::sip::flow::Flow;
use naru::sip::handle::{SipEvent, SipRequest};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Message, Request, Response};
use naru::sip::syntax::method::Method;
use naru::sip::trunk::server_name::{Found, ServerName};
use naru::sip::trunk::trunks::Routes;
use naru::time::Moment;
use naru::watcher::{Watcher, WatcherChange};

/// One way.
const DELAY: Duration = Duration::from_millis(2);

pub(crate) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                       m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

/// One endpoint with what it has told.
pub(crate) struct Side {
    pub(crate) endpoint: Endpoint,
    pub(crate) address: SocketAddr,
    pub(crate) media: mpsc::Receiver<MediaCommand>,
    /// Names that the background shall look up.
    pub(crate) lookups: VecDeque<ServerName>,
    /// Told and not yet looked at.
    pub(crate) events: VecDeque<SipEvent>,
    /// Every leg that has ended, in order.
    pub(crate) ended: Vec<(LegId, HangupCause)>,
}

/// What comes from the wire for a scripted peer.
#[derive(Default)]
pub(crate) struct Peer {
    pub(crate) inbox: VecDeque<Message>,
}

pub(crate) struct Bench {
    pub(crate) now: Moment,
    pub(crate) sides: Vec<Side>,
    pub(crate) peers: BTreeMap<SocketAddr, Peer>,
    air: BTreeMap<(Instant, u64), (SocketAddr, SocketAddr, Bytes)>,
    count: u64,
    /// Of a hundred datagrams.
    pub(crate) loss: u64,
    random: u64,
    /// Whether peers leave OPTIONS to the test.
    pub(crate) hears_options: bool,
    /// The branch of the next request a peer makes.
    branches: u64,
}

struct Local(SocketAddr);

impl Routes for Local {
    fn local_for(&mut self, remote: SocketAddr, transport: Transport) -> Option<Flow> {
        Some(Flow { transport, local: self.0, remote, connection: None })
    }
}

pub(crate) fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

pub(crate) fn trunk(name: &str, port: u16) -> Trunk {
    Trunk {
        name: TrunkName(name.to_owned()),
        peer: Some(address(port)),
        register: None,
        label: String::new(),
        blocks: Vec::new(),
        presentable: Vec::new(),
        number_form: NumberForm::default(),
        transport: Transport::default(),
        ringback: BeforeAnswer::default(),
        srtp: SrtpPolicy::Off,
        countries: None,
    }
}

pub(crate) fn account(port: u16) -> TrunkAccount {
    TrunkAccount {
        server: format!("127.0.0.1:{port}"),
        username: "u".to_owned(),
        password: Secret::new("p".to_owned()),
    }
}

pub(crate) fn office(trunks: Vec<Trunk>) -> Arc<Office> {
    let device = |name: &str| Device {
        username: Username::parse(name).unwrap(),
        password: Secret::new(format!("secret-{name}")),
        digest: DigestAlgorithm::Md5,
        srtp: SrtpPolicy::Off,
        rings: true,
    };
    let agent = |extension: &str| Agent {
        extension: Extension::parse(extension).unwrap(),
        name: extension.to_owned(),
        language: Language::default(),
        phone_calls: true,
        unassigned_calls: false,
        call_waiting: true,
        missed_alerts: true,
        devices: vec![device(extension)],
    };
    let mut office = Office::default();
    for extension in ["101", "102"] {
        let agent = agent(extension);
        office.agents.insert(agent.extension.clone(), agent);
    }
    for trunk in trunks {
        office.trunks.insert(trunk.name.clone(), trunk);
    }
    Arc::new(office)
}

pub(crate) fn bound(device: &str, port: u16, now: Moment) -> Binding {
    Binding {
        device: Username::parse(device).unwrap(),
        contact: format!("sip:{device}@127.0.0.1:{port}"),
        path: Vec::new(),
        source: address(port),
        transport: Transport::Udp,
        instance: None,
        call_id: format!("r{port}"),
        cseq: 1,
        user_agent: String::new(),
        expires: now.after(Duration::from_secs(7200)).wall,
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            now: clock::now(),
            sides: Vec::new(),
            peers: BTreeMap::new(),
            air: BTreeMap::new(),
            count: 0,
            loss: 0,
            random: 1,
            hears_options: false,
            branches: 0,
        }
    }

    /// An office at 5060 with phones 101 and 102 at no port and a trunk "peer" at 7000, which is
    /// the usual scripted peer.
    pub(crate) fn usual() -> Self {
        let mut bench = Self::new();
        bench.add_side(5060, office(vec![trunk("peer", 7000)]), Vec::new());
        bench.add_peer(7000);
        bench
    }

    pub(crate) fn add_side(&mut self, port: u16, office: Arc<Office>, bindings: Vec<Binding>) {
        self.add_side_with_ports(port, office, bindings, 20000..=29999);
    }

    pub(crate) fn add_side_with_ports(
        &mut self,
        port: u16,
        office: Arc<Office>,
        bindings: Vec<Binding>,
        ports: RangeInclusive<u16>,
    ) {
        let side = self.side(port, office, (bindings, Vec::new()), ports);
        self.sides.push(side);
        self.drain(self.sides.len() - 1);
    }

    fn side(
        &self,
        port: u16,
        office: Arc<Office>,
        (bindings, watchers): (Vec<Binding>, Vec<Watcher>),
        ports: RangeInclusive<u16>,
    ) -> Side {
        let (media, commands) = MediaHandle::channel(4096, Ports::new(ports));
        let setup = Setup {
            secret: [u8::try_from(port % 251).unwrap(); 64],
            domain: None,
            external_address: None,
            office,
            bindings,
            watchers,
            media,
        };
        Side {
            endpoint: Endpoint::new(setup, self.now),
            address: address(port),
            media: commands,
            lookups: VecDeque::new(),
            events: VecDeque::new(),
            ended: Vec::new(),
        }
    }

    /// The first office is killed and starts again with the subscriptions it has had written down.
    pub(crate) fn restarts(&mut self, office: Arc<Office>) {
        let mut kept = BTreeMap::new();
        let told = self.sides[0].events.iter().filter_map(|event| match event {
            SipEvent::Watchers(changes) => Some(changes),
            SipEvent::Leg(_) | SipEvent::Registered { .. } | SipEvent::Bindings(_) => None,
        });
        for change in told.flatten() {
            match change {
                WatcherChange::Watches(it) => drop(kept.insert(it.tag.clone(), (**it).clone())),
                WatcherChange::Gone { tag } => drop(kept.remove(tag)),
            }
        }
        let port = self.sides[0].address.port();
        let kept = (Vec::new(), kept.into_values().collect());
        self.sides[0] = self.side(port, office, kept, 20000..=29999);
        self.drain(0);
    }

    pub(crate) fn add_peer(&mut self, port: u16) {
        self.peers.insert(address(port), Peer::default());
    }

    /// Another course of luck.
    pub(crate) fn shuffle(&mut self, seed: u64) {
        self.random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    /// A peer sends to the first office.
    pub(crate) fn say(&mut self, port: u16, message: &Message) {
        self.send(address(port), self.sides[0].address, message.to_bytes());
    }

    /// The background has looked a name up for the first office.
    pub(crate) fn looked_up(&mut self, name: &ServerName, addresses: &[SocketAddr]) {
        let now = self.now;
        let one = &mut self.sides[0];
        let found = Found { addresses: addresses.to_vec(), service: None };
        one.endpoint.handle_lookup(name, &found, &mut Local(one.address), now);
        self.drain(0);
    }

    pub(crate) fn say_bytes(&mut self, port: u16, bytes: Bytes) {
        self.send(address(port), self.sides[0].address, bytes);
    }

    fn send(&mut self, from: SocketAddr, to: SocketAddr, bytes: Bytes) {
        // Knuth's MMIX constants.
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        if (self.random >> 33) % 100 < self.loss {
            return;
        }
        self.count += 1;
        self.air.insert((self.now.ticks + DELAY, self.count), (from, to, bytes));
    }

    /// Asks the first office for something.
    pub(crate) fn ask(&mut self, request: SipRequest) {
        self.ask_side(0, request);
    }

    pub(crate) fn ask_side(&mut self, side: usize, request: SipRequest) {
        let now = self.now;
        let one = &mut self.sides[side];
        one.endpoint.handle_request(request, &mut Local(one.address), now);
        self.drain(side);
    }

    fn drain(&mut self, side: usize) {
        let from = self.sides[side].address;
        while let Some((flow, bytes)) = self.sides[side].endpoint.poll_transmit() {
            self.send(from, flow.remote, bytes);
        }
        let one = &mut self.sides[side];
        while let Some(server) = one.endpoint.poll_lookup(self.now) {
            one.lookups.push_back(server);
        }
        while let Some(event) = one.endpoint.poll_event() {
            if let SipEvent::Leg(LegEvent::Ended { leg, cause }) = &event {
                assert!(one.ended.iter().all(|(other, _)| other != leg), "{leg} ended twice");
                one.ended.push((*leg, *cause));
            }
            one.events.push_back(event);
        }
    }

    /// To the next thing that happens, but not beyond `limit`. `false` when nothing does.
    pub(crate) fn step(&mut self, limit: Instant) -> bool {
        let air = self.air.keys().next().map(|(at, _)| *at);
        let timers = self.sides.iter().filter_map(|side| side.endpoint.poll_timeout());
        let next = timers.map(|(at, _)| at).chain(air).min();
        let Some(next) = next.filter(|next| *next <= limit) else { return false };
        self.now = self.now.after(next.saturating_duration_since(self.now.ticks));
        let now = self.now;
        while let Some(((at, count), _)) = self.air.iter().next()
            && *at <= now.ticks
        {
            let key = (*at, *count);
            let (from, to, bytes) = self.air.remove(&key).unwrap();
            self.deliver(from, to, &bytes);
        }
        for side in 0..self.sides.len() {
            let one = &mut self.sides[side];
            if one.endpoint.poll_timeout().is_some_and(|(at, _)| at <= now.ticks) {
                one.endpoint.handle_timeout(&mut Local(one.address), now);
                self.drain(side);
            }
        }
        true
    }

    fn deliver(&mut self, from: SocketAddr, to: SocketAddr, bytes: &Bytes) {
        if let Some(side) = self.sides.iter().position(|side| side.address == to) {
            let flow =
                Flow { transport: Transport::Udp, local: to, remote: from, connection: None };
            let now = self.now;
            self.sides[side].endpoint.handle_bytes(bytes, flow, &mut Local(to), now);
            self.drain(side);
        } else if let Some(peer) = self.peers.get_mut(&to) {
            // Answers to damaged requests may carry the damage back.
            let Ok(message) = Message::parse(bytes) else { return };
            // The registrar's questions are not what tests are about.
            match &message {
                Message::Request(request)
                    if request.method == Method::Options && !self.hears_options =>
                {
                    let answer = request.tagged_response(200, "o").to_bytes();
                    self.send(to, from, answer);
                }
                Message::Request(_) | Message::Response(_) => peer.inbox.push_back(message),
            }
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, time: Duration) {
        let until = self.now.ticks + time;
        while self.step(until) {}
        self.now = self.now.after(until.saturating_duration_since(self.now.ticks));
    }

    pub(crate) fn pass_seconds(&mut self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    /// The next request with this method for the peer, skipping all before it.
    pub(crate) fn request(&mut self, port: u16, method: &Method) -> Request {
        self.request_within(port, method, 5)
    }

    pub(crate) fn request_within(&mut self, port: u16, method: &Method, seconds: u64) -> Request {
        self.wait(port, seconds, |message| match message {
            Message::Request(request) if request.method == *method => Some(request.clone()),
            Message::Request(_) | Message::Response(_) => None,
        })
    }

    /// The next response with this status for the peer, skipping all before it.
    pub(crate) fn response(&mut self, port: u16, status: u16) -> Response {
        self.wait(port, 5, |message| match message {
            Message::Response(response) if response.status == status => Some(response.clone()),
            Message::Request(_) | Message::Response(_) => None,
        })
    }

    /// The next final response for the peer, skipping all before it.
    pub(crate) fn answered(&mut self, port: u16) -> Response {
        self.wait(port, 5, |message| match message {
            Message::Response(response) if response.status >= 200 => Some(response.clone()),
            Message::Request(_) | Message::Response(_) => None,
        })
    }

    fn wait<T>(&mut self, port: u16, seconds: u64, wanted: impl Fn(&Message) -> Option<T>) -> T {
        let until = self.now.ticks + Duration::from_secs(seconds);
        let mut skipped = Vec::new();
        loop {
            while let Some(message) = self.peers.get_mut(&address(port)).unwrap().inbox.pop_front()
            {
                if let Some(found) = wanted(&message) {
                    return found;
                }
                skipped.push(message.to_bytes());
            }
            assert!(self.step(until), "never came; instead {skipped:?}");
        }
    }

    /// How many messages that fit wait for the peer after letting `time` pass.
    pub(crate) fn count(
        &mut self,
        port: u16,
        time: Duration,
        fits: impl Fn(&Message) -> bool,
    ) -> usize {
        self.pass(time);
        let inbox = std::mem::take(&mut self.peers.get_mut(&address(port)).unwrap().inbox);
        inbox.iter().filter(|message| fits(message)).count()
    }

    /// The next leg event of the first office.
    pub(crate) fn event(&mut self) -> LegEvent {
        self.event_of(0)
    }

    pub(crate) fn event_of(&mut self, side: usize) -> LegEvent {
        let until = self.now.ticks + Duration::from_secs(40);
        loop {
            while let Some(event) = self.sides[side].events.pop_front() {
                if let SipEvent::Leg(event) = event {
                    return event;
                }
            }
            assert!(self.step(until), "no event came");
        }
    }

    /// The leg of the next event, which must be an arrival.
    pub(crate) fn arrival(&mut self) -> LegId {
        match self.event() {
            LegEvent::Arrived(arrival) => arrival.leg,
            other => panic!("{other:?} instead of an arrival"),
        }
    }

    /// The last tuning of a leg of the first office.
    pub(crate) fn tuning(&self, wanted: LegId) -> Option<Tuning> {
        let commands = self.sides[0].media.try_iter();
        let tunings = commands.filter_map(|command| match command {
            MediaCommand::Tune { leg, tuning } if leg == wanted => Some(tuning),
            _ => None,
        });
        tunings.last()
    }

    fn via(&mut self, port: u16) -> String {
        self.branches += 1;
        format!("SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bKt{}", self.branches)
    }

    /// An INVITE as the peer writes it; tests change it before it is said.
    pub(crate) fn invite(&mut self, port: u16, sdp: &str) -> Request {
        let mut request = Request::new(Method::Invite, "sip:+827012345678@127.0.0.1:5060");
        let via = self.via(port);
        let number = self.branches;
        let headers = &mut request.headers;
        headers.push(Name::Via, via);
        headers.push(Name::MaxForwards, "70");
        headers.push(Name::From, format!("<sip:+8225551234@127.0.0.1>;tag=f{number}"));
        headers.push(Name::To, "<sip:+827012345678@127.0.0.1>");
        headers.push(Name::CallId, format!("call-{port}-{number}"));
        headers.push(Name::CSeq, "1 INVITE");
        headers.push(Name::Contact, format!("<sip:peer@127.0.0.1:{port}>"));
        if !sdp.is_empty() {
            headers.push(Name::ContentType, "application/sdp");
            request.body = Bytes::copy_from_slice(sdp.as_bytes());
        }
        request
    }

    /// A request of the peer in the dialog that `response` to its `invite` made.
    pub(crate) fn within(
        &mut self,
        port: u16,
        (invite, response): (&Request, &Response),
        method: &Method,
        cseq: u32,
    ) -> Request {
        let contact = response.headers.get(&Name::Contact).unwrap_or("<sip:127.0.0.1:5060>");
        let uri = contact.trim_matches(['<', '>']).to_owned();
        let mut request = Request::new(method.clone(), uri);
        request.headers.push(Name::Via, self.via(port));
        for (name, from) in [
            (Name::From, &invite.headers),
            (Name::To, &response.headers),
            (Name::CallId, &invite.headers),
        ] {
            request.headers.push(name.clone(), from.get(&name).unwrap());
        }
        request.headers.push(Name::CSeq, format!("{cseq} {method}"));
        request
    }

    /// A request of the peer in the dialog that its answer to our `invite` made.
    pub(crate) fn back(
        &mut self,
        port: u16,
        invite: &Request,
        tag: &str,
        method: &Method,
    ) -> Request {
        let contact = invite.headers.get(&Name::Contact).unwrap();
        let mut request = Request::new(method.clone(), contact.trim_matches(['<', '>']));
        request.headers.push(Name::Via, self.via(port));
        let to = invite.headers.get(&Name::To).unwrap();
        request.headers.push(Name::From, format!("{to};tag={tag}"));
        request.headers.push(Name::To, invite.headers.get(&Name::From).unwrap());
        request.headers.push(Name::CallId, invite.call_id());
        self.branches += 1;
        request.headers.push(Name::CSeq, format!("{} {method}", self.branches + 100));
        request
    }

    /// The peer answers our INVITE.
    pub(crate) fn answer(
        &mut self,
        port: u16,
        invite: &Request,
        status: u16,
        tag: &str,
        sdp: &str,
    ) {
        let response = answered(port, invite, status, tag, sdp);
        self.say(port, &Message::Response(response));
    }

    /// A call from the peer that is up: its INVITE, our 200, the leg.
    pub(crate) fn call_up(&mut self, invite: &Request) -> (Response, LegId) {
        self.say(7000, &Message::Request(invite.clone()));
        let leg = self.arrival();
        self.ask(SipRequest::Answer { leg, like: None });
        let response = self.response(7000, 200);
        let mut ack = self.within(7000, (invite, &response), &Method::Ack, 1);
        if invite.body.is_empty() {
            ack.headers.push(Name::ContentType, "application/sdp");
            ack.body = Bytes::from_static(SDP.as_bytes());
        }
        self.say(7000, &Message::Request(ack));
        assert_eq!(self.event(), LegEvent::Answered { leg });
        (response, leg)
    }

    /// Rings the trunk "peer" and gives the INVITE it gets.
    pub(crate) fn ring_peer(&mut self, count: u64) -> (LegId, Request) {
        let leg = LegId::placed(count);
        self.ask(SipRequest::Ring(ring_trunk(leg)));
        (leg, self.request(7000, &Method::Invite))
    }

    pub(crate) fn ended(&mut self) -> (LegId, HangupCause) {
        match self.event() {
            LegEvent::Ended { leg, cause } => (leg, cause),
            other => panic!("{other:?} instead of an end"),
        }
    }
}

pub(crate) fn answered(port: u16, invite: &Request, status: u16, tag: &str, sdp: &str) -> Response {
    let mut response = invite
        .tagged_response(status, tag)
        .with(Name::Contact, format!("<sip:{tag}@127.0.0.1:{port}>"));
    if !sdp.is_empty() {
        response.headers.push(Name::ContentType, "application/sdp");
        response.body = Bytes::copy_from_slice(sdp.as_bytes());
    }
    response
}

pub(crate) fn ring_trunk(leg: LegId) -> RingRequest {
    RingRequest {
        leg,
        target: Target::Trunk {
            trunk: TrunkName("peer".to_owned()),
            dialled: "+8225551234".to_owned(),
        },
        caller_number: "+827012345678".to_owned(),
        caller_name: String::new(),
        like: None,
        picks_up: false,
    }
}

pub(crate) fn ring_device(leg: LegId, device: &str) -> RingRequest {
    RingRequest { target: Target::Device(Username::parse(device).unwrap()), ..ring_trunk(leg) }
}
