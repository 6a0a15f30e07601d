//! Where the name of a trunk's server leads, asked of a name server of our own.

use std::net::SocketAddr;

use naru::office::transport::Transport;
use naru::sip::transport::names::look_up;
use naru::sip::trunk::server_name::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// An SRV record in the answer to the question at offset 12 (RFC 1035 4.1, RFC 2782).
fn record(priority: u16, port: u16, host: &str) -> Vec<u8> {
    let mut target: Vec<u8> = Vec::new();
    for label in host.split('.') {
        target.push(u8::try_from(label.len()).unwrap());
        target.extend(label.as_bytes());
    }
    target.push(0);
    let mut bytes = vec![0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60];
    bytes.extend(u16::try_from(6 + target.len()).unwrap().to_be_bytes());
    for number in [priority, 0, port] {
        bytes.extend(number.to_be_bytes());
    }
    [bytes, target].concat()
}

fn answer(query: &[u8], flags: u16, records: &[Vec<u8>]) -> Vec<u8> {
    let count = u16::try_from(records.len()).unwrap().to_be_bytes();
    let head = [&query[..2], &flags.to_be_bytes(), &[0, 1], &count, &[0; 4]].concat();
    [head, query[12..].to_vec(), records.concat()].concat()
}

fn name(transport: Transport) -> ServerName {
    ServerName { server: "carrier.invalid".to_owned(), transport }
}

const WELL: u16 = 0x8180;
const CUT: u16 = 0x8380;

/// Answers each question once heard, after one that is not meant for the asker.
async fn serve(socket: UdpSocket, flags: u16, records: Vec<Vec<u8>>) {
    let mut query = [0; 512];
    loop {
        let (length, asker) = socket.recv_from(&mut query).await.unwrap();
        let query = &query[..length];
        let mut forged = answer(query, WELL, &[record(0, 6666, "localhost")]);
        forged[0] ^= 0xff;
        socket.send_to(&forged, asker).await.unwrap();
        socket.send_to(&answer(query, flags, &records), asker).await.unwrap();
    }
}

async fn silent() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

#[tokio::test]
async fn the_servers_of_a_service_are_tried_in_their_order() {
    let (_silent, dead) = silent().await;
    let (socket, server) = silent().await;
    let records = vec![record(20, 7002, "localhost"), record(10, 7001, "localhost")];
    tokio::spawn(serve(socket, WELL, records));
    // The first name server never answers; the second does.
    let found = look_up(&name(Transport::Tls), &[dead, server]).await;
    assert_eq!(found.service.as_deref(), Some("_sips._tcp.carrier.invalid"));
    let four: Vec<u16> =
        found.addresses.iter().filter(|one| one.is_ipv4()).map(SocketAddr::port).collect();
    assert_eq!(four, [7001, 7002]);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_over_tcp() {
    let (socket, server) = silent().await;
    let listener = TcpListener::bind(server).await.unwrap();
    tokio::spawn(serve(socket, CUT, Vec::new()));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let length = stream.read_u16().await.unwrap();
        let mut query = vec![0; usize::from(length)];
        stream.read_exact(&mut query).await.unwrap();
        let answer = answer(&query, WELL, &[record(0, 7003, "localhost")]);
        stream.write_u16(u16::try_from(answer.len()).unwrap()).await.unwrap();
        stream.write_all(&answer).await.unwrap();
    });
    let found = look_up(&name(Transport::Udp), &[server]).await;
    assert_eq!(found.service.as_deref(), Some("_sip._udp.carrier.invalid"));
    assert!(found.addresses.iter().all(|one| one.port() == 7003), "{found:?}");
    assert!(!found.addresses.is_empty());
}

#[tokio::test]
async fn a_port_that_is_written_asks_for_no_service() {
    let (socket, server) = silent().await;
    let written = ServerName { server: "localhost:7004".to_owned(), transport: Transport::Tcp };
    let found = look_up(&written, &[server]).await;
    assert_eq!(found.service, None);
    assert!(found.addresses.contains(&"127.0.0.1:7004".parse().unwrap()), "{found:?}");
    assert!(socket.try_recv(&mut [0; 16]).is_err(), "nobody has asked");
}
