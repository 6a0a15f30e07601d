//! The sockets under SIP, on loopback.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod names;
mod secure;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use naru::office::transport::Transport;
use naru::sip::flow::Flow;
use naru::sip::transport::connections::TlsSetup;
use naru::sip::transport::wire::{Wire, WireEvent};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);
const MESSAGE: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\nabc";

fn wire(transport: Transport, address: &str) -> (Wire, SocketAddr) {
    let wire = Wire::bind(&[(transport, address.parse().unwrap())], TlsSetup::default()).unwrap();
    let (_, bound) = wire.listening()[0];
    (wire, bound)
}

async fn next(wire: &mut Wire) -> WireEvent {
    timeout(PATIENCE, wire.recv()).await.expect("an event")
}

async fn message(wire: &mut Wire) -> (Bytes, Flow) {
    match next(wire).await {
        WireEvent::Message { bytes, flow } => (bytes, flow),
        WireEvent::Closed { flow, .. } => panic!("{flow:?} closed"),
    }
}

async fn closed(wire: &mut Wire) -> Flow {
    match next(wire).await {
        WireEvent::Closed { flow, .. } => flow,
        WireEvent::Message { bytes, .. } => panic!("{bytes:?}"),
    }
}

fn loopback(bound: SocketAddr) -> SocketAddr {
    SocketAddr::new("127.0.0.1".parse().unwrap(), bound.port())
}

#[tokio::test]
async fn a_datagram_is_answered_the_way_it_came() {
    let (mut wire, bound) = wire(Transport::Udp, "0.0.0.0:0");
    let phone = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    phone.connect(loopback(bound)).await.unwrap();
    for _ in 0..200 {
        phone.send(MESSAGE).await.unwrap();
    }
    for _ in 0..200 {
        let (bytes, flow) = message(&mut wire).await;
        assert_eq!(&bytes[..], MESSAGE);
        assert_eq!(flow.local, loopback(bound));
        assert_eq!(flow.remote, phone.local_addr().unwrap());
        wire.send(flow, Bytes::from_static(b"answer"));
        let mut buffer = [0; 100];
        let length = timeout(PATIENCE, phone.recv(&mut buffer)).await.unwrap().unwrap();
        assert_eq!(&buffer[..length], b"answer");
    }
    let flow = wire.local_for(phone.local_addr().unwrap(), Transport::Udp).unwrap();
    assert_eq!((flow.local, flow.connection), (loopback(bound), None));
    assert_eq!(wire.local_for(phone.local_addr().unwrap(), Transport::Tcp), None);
    assert_eq!(wire.local_for("[::1]:5060".parse().unwrap(), Transport::Udp), None);
}

#[tokio::test]
async fn ipv6_works_alike() {
    let Ok(phone) = UdpSocket::bind("[::1]:0").await else { return };
    let (mut wire, bound) = wire(Transport::Udp, "[::]:0");
    phone.send_to(MESSAGE, ("::1", bound.port())).await.unwrap();
    let (_, flow) = message(&mut wire).await;
    assert_eq!(flow.local.to_string(), format!("[::1]:{}", bound.port()));
}

#[tokio::test]
async fn a_phone_that_is_gone_is_noticed() {
    let (mut wire, _) = wire(Transport::Udp, "127.0.0.1:0");
    let gone = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let flow = wire.local_for(gone, Transport::Udp).unwrap();
    wire.send(flow, Bytes::from_static(MESSAGE));
    assert_eq!(closed(&mut wire).await, flow);
    // And the socket still receives and sends.
    let phone = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    phone.send_to(MESSAGE, flow.local).await.unwrap();
    let (_, flow) = message(&mut wire).await;
    wire.send(flow, Bytes::from_static(b"answer"));
    let mut buffer = [0; 100];
    timeout(PATIENCE, phone.recv(&mut buffer)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stream_carries_messages_pings_and_answers() {
    let (mut wire, bound) = wire(Transport::Tcp, "0.0.0.0:0");
    let mut phone = TcpStream::connect(loopback(bound)).await.unwrap();
    phone.write_all(&[MESSAGE, b"\r\n\r\n", &MESSAGE[..20]].concat()).await.unwrap();
    let (bytes, flow) = message(&mut wire).await;
    assert_eq!(&bytes[..], MESSAGE);
    assert_eq!(flow.local, loopback(bound));
    let mut pong = [0; 2];
    timeout(PATIENCE, phone.read_exact(&mut pong)).await.unwrap().unwrap();
    assert_eq!(&pong, b"\r\n");
    phone.write_all(&MESSAGE[20..]).await.unwrap();
    let (bytes, again) = message(&mut wire).await;
    assert_eq!((&bytes[..], again), (MESSAGE, flow));
    wire.send(flow, Bytes::from_static(b"answer"));
    let mut answer = [0; 6];
    timeout(PATIENCE, phone.read_exact(&mut answer)).await.unwrap().unwrap();
    // Without a connection named, the one to that address is used.
    wire.send(Flow { connection: None, ..flow }, Bytes::from_static(b"second"));
    timeout(PATIENCE, phone.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"second");
    drop(phone);
    assert_eq!(closed(&mut wire).await, flow);
    assert_eq!(wire.connections(), 0);
    wire.send(flow, Bytes::from_static(b"late"));
    assert_eq!(closed(&mut wire).await, flow);
}

#[tokio::test]
async fn a_length_that_lies_is_shown_and_can_still_be_answered() {
    let (mut wire, bound) = wire(Transport::Tcp, "127.0.0.1:0");
    let mut phone = TcpStream::connect(bound).await.unwrap();
    let lie = b"BYE sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n";
    phone.write_all(lie).await.unwrap();
    let (bytes, flow) = message(&mut wire).await;
    assert_eq!(&bytes[..], lie);
    wire.send(flow, Bytes::from_static(b"400"));
    let mut all = Vec::new();
    timeout(PATIENCE, phone.read_to_end(&mut all)).await.unwrap().unwrap();
    assert_eq!(all, b"400");
    assert_eq!(closed(&mut wire).await, flow);
}

#[tokio::test]
async fn noise_on_a_stream_closes_it_at_once() {
    let (mut wire, bound) = wire(Transport::Tcp, "127.0.0.1:0");
    for noise in [&b"\x16\x03\x01\x02"[..], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stranger = TcpStream::connect(bound).await.unwrap();
        stranger.write_all(noise).await.unwrap();
        closed(&mut wire).await;
        let mut all = Vec::new();
        let ended = timeout(PATIENCE, stranger.read_to_end(&mut all)).await.unwrap();
        assert!(ended.is_err() || all.is_empty());
    }
}

#[tokio::test]
async fn a_connection_is_opened_once_and_its_failure_is_said() {
    let (mut wire, _) = wire(Transport::Tcp, "127.0.0.1:0");
    let trunk = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = trunk.local_addr().unwrap();
    let flow = wire.local_for(remote, Transport::Tcp).unwrap();
    wire.send(flow, Bytes::from_static(b"one"));
    wire.send(flow, Bytes::from_static(b"two"));
    let (mut stream, _) = timeout(PATIENCE, trunk.accept()).await.unwrap().unwrap();
    let mut both = [0; 6];
    timeout(PATIENCE, stream.read_exact(&mut both)).await.unwrap().unwrap();
    assert_eq!(&both, b"onetwo");
    assert_eq!(wire.connections(), 1);
    stream.write_all(MESSAGE).await.unwrap();
    let (_, back) = message(&mut wire).await;
    assert_eq!((back.local, back.remote), (flow.local, remote));
    drop((stream, trunk));
    assert_eq!(closed(&mut wire).await, back);
    wire.send(flow, Bytes::from_static(b"three"));
    let refused = closed(&mut wire).await;
    assert_eq!(refused.remote, remote);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn one_address_gets_only_so_many_connections() {
    let (mut wire, bound) = wire(Transport::Tcp, "127.0.0.1:0");
    let mut phones = Vec::new();
    for count in 0..200_usize {
        let mut phone = TcpStream::connect(bound).await.unwrap();
        // The last ones are closed before or while they write.
        let written = phone.write_all(MESSAGE).await;
        if count < 128 {
            written.unwrap();
            message(&mut wire).await;
        }
        phones.push(phone);
    }
    // Others still get theirs, and whoever came before was refused by then.
    let other = TcpSocket::new_v4().unwrap();
    other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = other.connect(bound).await.unwrap();
    other.write_all(MESSAGE).await.unwrap();
    let (_, flow) = message(&mut wire).await;
    assert_eq!(flow.remote, other.local_addr().unwrap());
    assert_eq!(wire.connections(), 129);
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_holder() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let (_wire, bound) = wire(transport, "127.0.0.1:0");
        let error =
            format!("{:#}", Wire::bind(&[(transport, bound)], TlsSetup::default()).unwrap_err());
        assert!(error.contains(&format!("{transport}://{bound}")), "{error}");
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
    }
}
