//! Where names lead: the servers of a service (RFC 2782, RFC 3263 4.2), and the addresses of hosts.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use simple_dns::rdata::{RData, SRV};
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::sip::trunk::server_name::{Found, ServerName};

/// One name server may be silent for so long before the next is asked.
const ONE_SERVER: Duration = Duration::from_millis(800);

/// All of them together, for the servers of a service.
const SERVICE_PATIENCE: Duration = Duration::from_millis(2_500);

/// A name that is not resolved by then is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Addresses that are kept of one name: more than a call could try.
const MOST: usize = 16;

/// As resolv.conf(5) has it.
const MOST_NAME_SERVERS: usize = 3;
const DNS_PORT: u16 = 53;

/// A server of a service, as DNS tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    priority: u16,
    weight: u16,
    host: String,
    port: u16,
}

/// The machine's name servers, as resolv.conf(5) lists them.
#[must_use]
pub fn name_servers() -> Vec<SocketAddr> {
    listed(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default())
}

/// Where a trunk's server is: the servers of its service, else the host itself. Both are asked at
/// once, so that a name server that knows no services delays nothing.
pub async fn look_up(name: &ServerName, name_servers: &[SocketAddr]) -> Found {
    let by_service = async {
        let service = name.service()?;
        let asked = timeout(SERVICE_PATIENCE, addresses_of(&service, name_servers)).await;
        let addresses = asked.unwrap_or_default();
        (!addresses.is_empty()).then_some(Found { addresses, service: Some(service) })
    };
    let by_host = timeout(PATIENCE, lookup_host((name.host(), name.port())));
    tokio::pin!(by_host);
    let mut plain = None;
    tokio::pin!(by_service);
    let found = loop {
        tokio::select! {
            biased;
            found = &mut by_service => break found,
            host = &mut by_host, if plain.is_none() => plain = Some(host),
        }
    };
    if let Some(found) = found {
        return found;
    }
    let plain = match plain {
        Some(plain) => plain,
        None => by_host.await,
    };
    match plain {
        Ok(Ok(addresses)) => Found { addresses: addresses.take(MOST).collect(), service: None },
        Ok(Err(error)) => {
            warn!(server = name.server, %error, "a trunk's name cannot be looked up");
            Found::default()
        }
        Err(_) => {
            warn!(server = name.server, "no name server answers");
            Found::default()
        }
    }
}

async fn addresses_of(service: &str, name_servers: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut addresses = Vec::new();
    for Target { host, port, .. } in ordered(ask_in_turn(service, name_servers).await) {
        let found = match lookup_host((host.as_str(), port)).await {
            Ok(found) => found,
            Err(error) => {
                debug!(service, host, %error, "a server of the service has no address");
                continue;
            }
        };
        for address in found {
            if addresses.len() < MOST && !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    addresses
}

async fn ask_in_turn(service: &str, name_servers: &[SocketAddr]) -> Vec<Target> {
    for server in name_servers.iter().take(MOST_NAME_SERVERS) {
        match timeout(ONE_SERVER, ask(service, *server)).await {
            Ok(Ok(targets)) => return targets,
            Ok(Err(error)) => debug!(%server, service, %error, "a name server does not help"),
            Err(_) => debug!(%server, service, "a name server is silent"),
        }
    }
    Vec::new()
}

/// From a port of its own and with a number of its own, so that nobody can guess the answer.
async fn ask(service: &str, server: SocketAddr) -> io::Result<Vec<Target>> {
    let mut id = [0; 2];
    getrandom::fill(&mut id).map_err(|error| io::Error::other(error.to_string()))?;
    let id = u16::from_be_bytes(id);
    let name = Name::new(service).map_err(io::Error::other)?;
    let mut query = Packet::new_query(id);
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    query.questions.push(Question::new(name, TYPE::SRV.into(), CLASS::IN.into(), false));
    let query = query.build_bytes_vec().map_err(io::Error::other)?;
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(&query).await?;
    let mut buffer = vec![0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        match read(&buffer[..length], id, service) {
            Some(Answer::Targets(targets)) => return Ok(targets),
            Some(Answer::TooLong) => {
                let whole = ask_over_tcp(&query, server).await?;
                return match read(&whole, id, service) {
                    Some(Answer::Targets(targets)) => Ok(targets),
                    Some(Answer::TooLong | Answer::Trouble) | None => {
                        Err(io::ErrorKind::InvalidData.into())
                    }
                };
            }
            Some(Answer::Trouble) => return Err(io::Error::other("it is in trouble")),
            // Somebody else's.
            None => {}
        }
    }
}

/// RFC 7766: what does not fit into a datagram is asked for again.
async fn ask_over_tcp(query: &[u8], server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes()[..], query].concat()).await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

#[derive(Debug)]
enum Answer {
    /// None: there is no such service.
    Targets(Vec<Target>),
    TooLong,
    Trouble,
}

/// `None`: no answer to this question.
fn read(bytes: &[u8], id: u16, service: &str) -> Option<Answer> {
    let answer = Packet::parse(bytes).ok()?;
    let question = answer.questions.first()?;
    let is_ours = answer.id() == id
        && answer.has_flags(PacketFlag::RESPONSE)
        && question.qname.to_string().eq_ignore_ascii_case(service);
    if !is_ours {
        return None;
    }
    if answer.has_flags(PacketFlag::TRUNCATION) {
        return Some(Answer::TooLong);
    }
    if !matches!(answer.rcode(), RCODE::NoError | RCODE::NameError) {
        return Some(Answer::Trouble);
    }
    let records = answer.answers.iter();
    Some(Answer::Targets(records.filter_map(|record| target(&record.rdata)).collect()))
}

/// A target of nothing but the root means that there is no such service (RFC 2782).
fn target(data: &RData<'_>) -> Option<Target> {
    let RData::SRV(SRV { priority, weight, port, target }) = data else { return None };
    let host = target.to_string().trim_end_matches('.').to_owned();
    let (priority, weight, port) = (*priority, *weight, *port);
    (!host.is_empty() && port != 0).then_some(Target { priority, weight, host, port })
}

/// RFC 2782: by priority, and among equals by chance in the measure of their weights.
fn ordered(mut left: Vec<Target>) -> Vec<Target> {
    left.sort_by_key(|target| (target.priority, target.weight));
    let mut order = Vec::new();
    while let Some(first) = left.first() {
        let equals = left.iter().take_while(|other| other.priority == first.priority).count();
        let total: u32 = left[..equals].iter().map(|target| u32::from(target.weight)).sum();
        let mut chance = [0; 4];
        // Without chance the lightest comes first, which is an order too.
        getrandom::fill(&mut chance).unwrap_or_default();
        let drawn = u32::from_be_bytes(chance) % (total + 1);
        let mut sum = 0;
        let at = left[..equals].iter().position(|target| {
            sum += u32::from(target.weight);
            sum >= drawn
        });
        order.push(left.remove(at.unwrap_or(0)));
    }
    order
}

fn listed(text: &str) -> Vec<SocketAddr> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let addresses = lines.filter_map(|rest| rest.trim().parse::<IpAddr>().ok());
    let mut servers: Vec<SocketAddr> =
        addresses.map(|address| SocketAddr::new(address, DNS_PORT)).collect();
    if servers.is_empty() {
        servers.push(SocketAddr::from((Ipv4Addr::LOCALHOST, DNS_PORT)));
    }
    servers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(priority: u16, weight: u16, port: u16) -> Target {
        Target { priority, weight, host: "h".to_owned(), port }
    }

    #[test]
    fn priority_comes_before_weight_and_weight_is_a_measure() {
        let all = [target_of(20, 0, 3), target_of(10, 1, 2), target_of(10, 999, 1)];
        let mut heavy_first = 0;
        for _ in 0..200 {
            let order = ordered(all.to_vec());
            assert_eq!(order[2].port, 3);
            heavy_first += usize::from(order[0].port == 1);
        }
        assert!(heavy_first > 150, "{heavy_first}");
    }

    #[test]
    fn name_servers_are_read_and_a_machine_without_any_asks_itself() {
        let text = "search x\nnameserver 192.0.2.1\n# nameserver 9.9.9.9\nnameserver ::1\n\
                    nameserver fe80::1%eth0\n";
        let read: Vec<String> = listed(text).iter().map(ToString::to_string).collect();
        assert_eq!(read, ["192.0.2.1:53", "[::1]:53"]);
        assert_eq!(listed(""), ["127.0.0.1:53".parse().unwrap()]);
    }

    #[test]
    fn what_is_no_answer_is_passed_over() {
        for bytes in [&b""[..], &[0; 12], &[0xff; 512], b"\x00\x07\x81\x80\x00\x01"] {
            assert!(read(bytes, 7, "_sip._udp.a.example").is_none());
        }
    }
}
