//! `sip::run` on real sockets, driven by a phone that is a few lines of text.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test")]

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use naru::leg::{HangupCause, LegEvent};
use naru::media::handle::{MediaCommand, MediaHandle};
use naru::media::ports::Ports;
use naru::office::agent::Agent;
use naru::office::device::{Device, DigestAlgorithm, Secret, Username};
use naru::office::extension::Extension;
use naru::office::language::Language;
use naru::office::number_form::NumberForm;
use naru::office::snapshot::Office;
use naru::office::srtp::SrtpPolicy;
use naru::office::transport::Transport;
use naru::office::trunk::{BeforeAnswer, Trunk, TrunkName};
use naru::sip::endpoint::Setup;
use naru::sip::handle::{SipEvent, SipHandle, SipRequest};
use naru::sip::run::run;
use naru::sip::transport::connections::TlsSetup;
use naru::sip::transport::wire::Wire;
use tokio::net::UdpSocket;
use tokio::time::timeout;

const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                   m=audio 40000 RTP/AVP 8 0 101\r\n";

fn office(trunk_at: SocketAddr) -> Arc<Office> {
    let mut office = Office::default();
    for number in 100..200 {
        let extension = Extension::parse(&number.to_string()).unwrap();
        let device = Device {
            username: Username::parse(&number.to_string()).unwrap(),
            password: Secret::new(format!("secret-{number}")),
            digest: DigestAlgorithm::Md5,
            srtp: SrtpPolicy::Off,
            rings: true,
        };
        let agent = Agent {
            extension: extension.clone(),
            name: number.to_string(),
            language: Language::default(),
            phone_calls: true,
            unassigned_calls: false,
            call_waiting: true,
            missed_alerts: true,
            devices: vec![device],
        };
        office.agents.insert(extension, agent);
    }
    let trunk = Trunk {
        name: TrunkName("peer".to_owned()),
        peer: Some(trunk_at),
        register: None,
        label: String::new(),
        blocks: Vec::new(),
        presentable: Vec::new(),
        number_form: NumberForm::default(),
        transport: Transport::default(),
        ringback: BeforeAnswer::default(),
        srtp: SrtpPolicy::Off,
        countries: None,
    };
    office.trunks.insert(trunk.name.clone(), trunk);
    Arc::new(office)
}

fn setup(trunk_at: SocketAddr) -> (Setup, mpsc::Receiver<MediaCommand>) {
    let (media, commands) = MediaHandle::channel(4096, Ports::new(30000..=39999));
    let setup = Setup {
        secret: [7; 64],
        domain: None,
        external_address: None,
        office: office(trunk_at),
        bindings: Vec::new(),
        watchers: Vec::new(),
        media,
    };
    (setup, commands)
}

async fn hear(phone: &UdpSocket, first: &str) -> String {
    let mut buffer = vec![0; 4096];
    loop {
        let received = timeout(Duration::from_secs(5), phone.recv(&mut buffer)).await;
        let length = received.unwrap().unwrap();
        let text = String::from_utf8(buffer[..length].to_vec()).unwrap();
        if text.starts_with(first) {
            return text;
        }
    }
}

fn line<'a>(text: &'a str, name: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(name)).unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_runs_over_real_sockets_and_stop_ends_it() {
    let wire = Wire::bind(&[(Transport::Udp, "127.0.0.1:0".parse().unwrap())], TlsSetup::default())
        .unwrap();
    let server = wire.listening()[0].1;
    let phone = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    phone.connect(server).await.unwrap();
    let own = phone.local_addr().unwrap();
    let (setup, _commands) = setup(own);
    let (handle, requests) = SipHandle::channel(64);
    let (events, mut told) = tokio::sync::mpsc::channel(64);
    let service = tokio::spawn(run(wire, setup, requests, events));

    let invite = |method: &str, branch: u32, to: &str, cseq: u32, body: &str| {
        format!(
            "{method} sip:100@{server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{branch}\r\n\
             From: <sip:1@x>;tag=a\r\n{to}\r\nCall-ID: c\r\nCSeq: {cseq} {method}\r\n\
             Contact: <sip:1@{own}>\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    phone.send(invite("INVITE", 1, "To: <sip:100@x>", 1, SDP).as_bytes()).await.unwrap();
    hear(&phone, "SIP/2.0 100").await;
    let Some(SipEvent::Leg(LegEvent::Arrived(arrival))) = told.recv().await else {
        unreachable!("the first event is the arrival")
    };
    let leg = arrival.leg;
    handle.send(SipRequest::Ringing { leg });
    hear(&phone, "SIP/2.0 180").await;
    handle.send(SipRequest::Answer { leg, like: None });
    let ok = hear(&phone, "SIP/2.0 200").await;
    phone.send(invite("ACK", 2, line(&ok, "To"), 1, "").as_bytes()).await.unwrap();
    assert_eq!(told.recv().await, Some(SipEvent::Leg(LegEvent::Answered { leg })));
    phone.send(b"\xff\x00 not SIP at all").await.unwrap();
    handle.send(SipRequest::Stop);
    let bye = hear(&phone, "BYE").await;
    let cause = HangupCause::Stopping;
    assert_eq!(told.recv().await, Some(SipEvent::Leg(LegEvent::Ended { leg, cause })));
    let answer: Vec<&str> =
        ["Via", "From", "To", "Call-ID", "CSeq"].iter().map(|name| line(&bye, name)).collect();
    let answer = format!("SIP/2.0 200 OK\r\n{}\r\nContent-Length: 0\r\n\r\n", answer.join("\r\n"));
    phone.send(answer.as_bytes()).await.unwrap();
    timeout(Duration::from_secs(2), service).await.unwrap().unwrap();
}
