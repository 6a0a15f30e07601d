//! A phone that has lost its mind, beside others behind the same address.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use naru::clock;
use serde_json::Value;

use crate::baresip::{Baresip, Plan};
use crate::office::of_two;
use crate::raw::{Raw, challenge};
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

/// A phone that subscribes to its lamp for ever anew, some 3,000 times a second, and never listens
/// to what it is asked, as baresip 1.0 does when its lamps' module walks through its own list.
struct Crazed {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    sent: Arc<AtomicU32>,
    answered: Arc<AtomicU32>,
    since: Instant,
    thread: Option<JoinHandle<()>>,
}

impl Crazed {
    fn start(server: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let ends = Arc::<AtomicBool>::default();
        let (sent, answered) = (Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
        let shared = (Arc::clone(&ends), Arc::clone(&sent), Arc::clone(&answered));
        let thread = thread::spawn(move || Self::rave(&socket, server, &shared));
        Self { address, ends, sent, answered, since: clock::now().ticks, thread: Some(thread) }
    }

    fn rave(
        socket: &UdpSocket,
        server: SocketAddr,
        (ends, sent, answered): &(Arc<AtomicBool>, Arc<AtomicU32>, Arc<AtomicU32>),
    ) {
        let local = socket.local_addr().unwrap();
        // Waiting a moment for an answer gives the flood its pace.
        socket.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut buffer = [0; 2_048];
        while !ends.load(Ordering::Relaxed) {
            for _ in 0..4 {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                let subscribe = format!(
                    "SUBSCRIBE sip:102@{server} SIP/2.0\r\n\
                     Via: SIP/2.0/UDP {local};rport;branch=z9hG4bKcrazed{number}\r\n\
                     Max-Forwards: 70\r\nFrom: <sip:102@{server}>;tag=crazed{number}\r\n\
                     To: <sip:102@{server}>\r\nCall-ID: crazed-{number}\r\nCSeq: 1 SUBSCRIBE\r\n\
                     Contact: <sip:102@{local}>\r\nEvent: message-summary\r\nExpires: 600\r\n\
                     Content-Length: 0\r\n\r\n"
                );
                socket.send_to(subscribe.as_bytes(), server).unwrap();
            }
            while let Ok(length) = socket.recv(&mut buffer) {
                let is_challenge = buffer[..length].starts_with(b"SIP/2.0 401 ");
                answered.fetch_add(u32::from(is_challenge), Ordering::Relaxed);
                if ends.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }

    fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    /// How many requests it has sent, how many were answered, and in which time.
    fn end(mut self) -> (u32, u32, Duration) {
        self.ends.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        let lasted = clock::now().ticks.duration_since(self.since);
        (self.sent(), self.answered.load(Ordering::Relaxed), lasted)
    }
}

fn bans(site: &Site) -> Vec<Value> {
    serde_json::from_str(&site.naru(&["api", "GET", "/v1/bans"])).unwrap()
}

/// S6: the others are behind the same address; what the first costs is bounded, and told.
#[test]
fn a_phone_that_subscribes_without_end_costs_the_others_nothing() {
    let site = Site::open(of_two);
    let server = site.network.server();
    let crazed = Crazed::start(server);
    let address = crazed.address;
    wait_for("the flood is turned away", SOON, || (!bans(&site).is_empty()).then_some(()));

    let plan = |username, tone| Plan { registers: true, tone, ..Plan::of(username, server) };
    let mut callee = Baresip::start(&Plan { answers: true, ..plan("102", 700) });
    let mut caller = Baresip::start(&plan("101", 500));
    assert_eq!(caller.address().ip(), address.ip());
    let asked = clock::now().ticks;
    caller.dial("102");
    caller.wait_for("CALL_ESTABLISHED");
    let taken = clock::now().ticks.duration_since(asked);
    assert!(taken < Duration::from_secs(2), "the call took {taken:?} to be answered");
    caller.wait_to_hear(700.0, 3.0);
    callee.wait_to_hear(500.0, 3.0);
    let so_far = crazed.sent();
    wait_for("the flood goes on", SOON, || (crazed.sent() > so_far + 1_000).then_some(()));
    caller.hang_up();
    callee.wait_for("CALL_CLOSED");

    let (sent, answered, lasted) = crazed.end();
    let most = 500 + 10 * (lasted.as_secs() + 1);
    assert!(u64::from(answered) <= most, "{answered} of {sent} were answered in {lasted:?}");
    assert!(sent > 2 * answered, "{answered} of {sent} were answered in {lasted:?}");
    told(&site, address);

    // Once it is mended, or an admin says so, it is a phone as any other.
    site.naru(&["api", "DELETE", &format!("/v1/bans/{}", address.ip())]);
    let mut mended = Raw::new(address, server);
    let asked = challenge(&mended.register("102", 300, None));
    assert_eq!(mended.register("102", 300, Some((&asked, 1))).status(), Some(200));
}

/// Once in the log, in the list of addresses and by the doctor.
fn told(site: &Site, crazed: SocketAddr) {
    let log = std::fs::read_to_string(site.path("log")).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("asks without end")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    for part in [crazed.to_string().as_str(), "SUBSCRIBE", "sip:102@"] {
        assert!(lines[0].contains(part), "{} lacks {part}", lines[0]);
    }
    let bans = bans(site);
    assert_eq!(bans.len(), 1, "{bans:?}");
    assert_eq!(bans[0]["address"], crazed.ip().to_string());
    assert!(bans[0]["dropped"].as_u64().unwrap() > 1_000, "{bans:?}");
    let found = site.command(&["doctor"]);
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(found.contains(&crazed.ip().to_string()), "{found}");
}
