//! Where phones and trunks come in: whether something answers there, and whether it is naru.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use crate::doctor::finding::Finding;
use crate::office::transport::Transport;
use crate::words::Words;

/// The daemon answers within a millisecond; this only bounds the wait for one that never will.
const PATIENCE: Duration = Duration::from_secs(2);

/// With the daemon up: a request at each door must be answered.
pub(crate) fn answering(listen: &[(Transport, SocketAddr)]) -> Vec<Finding> {
    let datagram = listen.iter().filter(|(transport, _)| *transport == Transport::Udp);
    datagram.map(|(_, address)| answers(*address)).collect()
}

fn answers(address: SocketAddr) -> Finding {
    match options(reached_at(address)) {
        Ok(server) => Finding::good(Words::new(
            format!("SIP udp {address}: 답합니다({server})"),
            format!("SIP udp {address}: answers ({server})"),
        )),
        Err(error) => Finding::bad(
            Words::new(
                format!("SIP udp {address}: 답이 없습니다({error})"),
                format!("SIP udp {address}: no answer ({error})"),
            ),
            Words::new(
                "데몬을 다시 시작하고 기록을 보세요: journalctl -u naru",
                "restart the daemon and read its log: journalctl -u naru",
            ),
        ),
    }
}

/// Asks with OPTIONS (RFC 3261 11) and returns the first line of the answer.
fn options(address: SocketAddr) -> std::io::Result<String> {
    let any: IpAddr =
        if address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let own = socket.local_addr()?;
    let request = format!(
        "OPTIONS sip:{address} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKdoctor{port};rport\r\n\
         Max-Forwards: 1\r\nFrom: <sip:doctor@{own}>;tag=doctor\r\nTo: <sip:{address}>\r\n\
         Call-ID: doctor-{port}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
        port = own.port()
    );
    socket.send(request.as_bytes())?;
    let mut answer = [0; 2048];
    let length = socket.recv(&mut answer)?;
    let text = String::from_utf8_lossy(&answer[..length]);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// "Every address" is reached at the machine's own.
fn reached_at(address: SocketAddr) -> SocketAddr {
    let mut reached = address;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => reached.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => reached.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    reached
}

/// With the daemon down: whether it could open its doors.
pub(crate) fn free(listen: &[(Transport, SocketAddr)]) -> Vec<Finding> {
    listen.iter().map(|(transport, address)| is_free(*transport, *address)).collect()
}

fn is_free(transport: Transport, address: SocketAddr) -> Finding {
    let (tried, kind) = match transport {
        Transport::Udp => (UdpSocket::bind(address).map(drop), "udp"),
        Transport::Tcp | Transport::Tls => (TcpListener::bind(address).map(drop), transport.name()),
    };
    let Err(error) = tried else {
        return Finding::good(Words::new(
            format!("{kind} {address}: 비어 있습니다"),
            format!("{kind} {address}: free"),
        ));
    };
    let listing = if transport == Transport::Udp { "ss -lunp" } else { "ss -ltnp" };
    Finding::bad(
        Words::new(
            format!("{kind} {address}: 열 수 없습니다({error})"),
            format!("{kind} {address}: cannot be opened ({error})"),
        ),
        Words::new(
            format!("다른 프로그램이 쓰는지 보세요: {listing} 'sport = :{}'", address.port()),
            format!("see which program has it: {listing} 'sport = :{}'", address.port()),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn a_taken_door_is_told() {
        let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let listen = [(Transport::Udp, address)];
        assert_eq!(free(&listen)[0].state, State::Bad);
        drop(taken);
        assert_eq!(free(&listen)[0].state, State::Good);
    }

    #[test]
    fn a_door_that_answers_says_with_what() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let asked = std::thread::spawn(move || options(address).unwrap());
        let mut request = [0; 2048];
        let (length, from) = server.recv_from(&mut request).unwrap();
        assert!(request[..length].starts_with(b"OPTIONS sip:127.0.0.1"));
        server.send_to(b"SIP/2.0 200 OK\r\n\r\n", from).unwrap();
        assert_eq!(asked.join().unwrap(), "SIP/2.0 200 OK");
    }
}
