//! What the daemon says of itself, its trunks and its phones.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use crate::api::request::{Health, TrunkLink, TrunkState};
use crate::api::schema::ban::BanLine;
use crate::doctor::finding::Finding;
use crate::live::{AgentState, LiveAgent};
use crate::words::Words;

pub(crate) fn store(health: &Health) -> Finding {
    if health.store.writable {
        return Finding::good(Words::new("기록이 저장되고 있습니다", "records are being kept"));
    }
    Finding::bad(
        Words::new(
            format!("기록을 저장할 수 없어 {}건이 메모리에서 기다립니다", health.store.waiting),
            format!("records cannot be kept; {} wait in memory", health.store.waiting),
        ),
        Words::new(
            "디스크가 찼거나 고장났는지 보세요. 자리가 나면 스스로 이어집니다",
            "see whether the disk is full or broken; it goes on by itself when there is room",
        ),
    )
}

pub(crate) fn trunks(trunks: &[TrunkState]) -> Vec<Finding> {
    if trunks.is_empty() {
        return vec![Finding::doubtful(
            Words::new(
                "회선이 없어 바깥 전화를 주고받을 수 없습니다",
                "no trunk: no calls to and from outside",
            ),
            Words::new(
                "사무실 파일의 trunks에 통신사를 적으세요",
                "write your provider under trunks in the office file",
            ),
        )];
    }
    trunks.iter().map(trunk).collect()
}

fn trunk(trunk: &TrunkState) -> Finding {
    let name = &trunk.name;
    match trunk.link {
        TrunkLink::Address => Finding::good(Words::new(
            format!("회선 {name}: 주소로 서로 압니다"),
            format!("trunk {name}: known by address"),
        )),
        TrunkLink::Registered => Finding::good(Words::new(
            format!("회선 {name}: 등록되었습니다"),
            format!("trunk {name}: registered"),
        )),
        TrunkLink::Registering => Finding::doubtful(
            Words::new(
                format!("회선 {name}: 아직 등록 중입니다"),
                format!("trunk {name}: still registering"),
            ),
            Words::new("잠시 뒤 다시 확인하세요", "look again in a moment"),
        ),
        TrunkLink::Failed => Finding::bad(
            Words::new(
                format!("회선 {name}: 통신사가 거절하거나 답하지 않습니다"),
                format!("trunk {name}: the provider refuses or does not answer"),
            ),
            Words::new(
                "서버 이름, 사용자 이름, 비밀번호와 방화벽을 확인하세요",
                "check server, user name, password and firewall",
            ),
        ),
    }
}

pub(crate) fn phones(agents: &[LiveAgent]) -> Finding {
    let offline: Vec<String> = agents
        .iter()
        .filter(|agent| agent.state == AgentState::Offline)
        .map(|agent| agent.extension.to_string())
        .collect();
    if offline.is_empty() {
        return Finding::good(Words::new(
            format!("매니저 {}명 모두 전화기가 등록되어 있습니다", agents.len()),
            format!("all {} agents have a registered phone", agents.len()),
        ));
    }
    let list = offline.join(", ");
    Finding::doubtful(
        Words::new(
            format!("전화기가 등록되지 않은 내선: {list}"),
            format!("no phone is registered for: {list}"),
        ),
        Words::new(
            "전화기에 이 서버의 주소, 사용자 이름, 비밀번호를 넣고 전화기를 다시 켜세요",
            "give the phone this server's address, user name and password, and restart it",
        ),
    )
}

/// A phone that has lost its mind costs the box its time, and nobody sees it by its calls.
pub(crate) fn restless(bans: &[BanLine]) -> Option<Finding> {
    let restless: Vec<&BanLine> = bans.iter().filter(|ban| ban.dropped > 0).collect();
    let dropped: u64 = restless.iter().map(|ban| u64::from(ban.dropped)).sum();
    let list: Vec<&str> = restless.iter().map(|ban| ban.address.as_str()).collect();
    let list = list.join(", ");
    (!restless.is_empty()).then(|| {
        Finding::doubtful(
            Words::new(
                format!(
                    "{list}의 전화기가 비밀번호 없이 끝없이 요청하여 {dropped}건을 읽지 않고 버렸습니다"
                ),
                format!(
                    "a phone at {list} asks without end and never gives its password; {dropped} of its \
                     requests were dropped unread"
                ),
            ),
            Words::new(
                "그 전화기를 다시 켜세요. 모르는 주소면 방화벽에서 막으세요",
                "restart that phone; if nobody knows the address, shut it out at the firewall",
            ),
        )
    })
}

/// A trunk out in the world, and we behind a router without saying our public address: callers
/// would hear nothing.
pub(crate) fn address(trunks: &[TrunkState], external: Option<IpAddr>) -> Option<Finding> {
    let peers = trunks.iter().filter_map(|trunk| trunk.peer.as_ref().or(trunk.server.as_ref()));
    let public = peers
        .filter_map(|peer| peer.parse::<SocketAddr>().ok())
        .find(|peer| is_public(peer.ip()))?;
    let own = own_address(public)?;
    if is_public(own) || external.is_some() {
        return None;
    }
    Some(Finding::doubtful(
        Words::new(
            format!("회선 {public}은(는) 인터넷에 있고 이 기계는 {own}입니다"),
            format!("the trunk {public} is on the internet, and this machine is {own}"),
        ),
        Words::new(
            "한쪽 소리가 안 들리면 config.yaml의 sip.external_address에 공인 주소를 적으세요",
            "if one side hears nothing, write your public address into sip.external_address",
        ),
    ))
}

/// From which address the kernel would send there; nothing is sent.
fn own_address(to: SocketAddr) -> Option<IpAddr> {
    let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(to).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared)
        }
        IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;
    use crate::duty::Activity;
    use crate::office::extension::Extension;
    use crate::office::transport::Transport;

    fn state(link: TrunkLink, peer: &str) -> TrunkState {
        let (name, label) = ("carrier".to_owned(), String::new());
        TrunkState {
            name,
            label,
            peer: Some(peer.to_owned()),
            server: None,
            transport: Transport::Udp,
            link,
        }
    }

    #[test]
    fn a_trunk_that_does_not_register_is_bad() {
        assert_eq!(trunks(&[])[0].state, State::Doubtful);
        for (link, expected) in [
            (TrunkLink::Address, State::Good),
            (TrunkLink::Registered, State::Good),
            (TrunkLink::Registering, State::Doubtful),
            (TrunkLink::Failed, State::Bad),
        ] {
            assert_eq!(trunk(&state(link, "192.0.2.1:5060")).state, expected);
        }
    }

    #[test]
    fn a_phone_that_asks_without_end_is_told_with_its_address() {
        let ban = |address: &str, dropped| BanLine {
            address: address.to_owned(),
            wrong: 0,
            unanswered: 0,
            dropped,
            last: 0,
        };
        assert_eq!(restless(&[ban("192.0.2.1", 0)]), None);
        let found = restless(&[ban("192.0.2.1", 0), ban("192.0.2.7", 9)]).unwrap();
        assert_eq!(found.state, State::Doubtful);
        for text in [&found.what.ko, &found.what.en] {
            assert!(
                text.contains("192.0.2.7") && !text.contains("192.0.2.1") && text.contains('9')
            );
        }
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for private in
            ["10.1.2.3", "192.168.0.1", "172.16.0.9", "100.64.0.1", "127.0.0.1", "fd00::1"]
        {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "100.128.0.1", "2001:db8::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        let near = [state(TrunkLink::Address, "10.0.0.2:5060")];
        assert_eq!(address(&near, None), None);
    }

    #[test]
    fn agents_without_a_phone_are_named() {
        let agent = |extension: &str, state| LiveAgent {
            extension: Extension::parse(extension).unwrap(),
            name: extension.to_owned(),
            state,
            since: 0,
            seat: true,
            activity: Activity::Available,
            do_not_disturb: false,
            do_not_disturb_until: None,
            wrap_up: None,
            shown: None,
        };
        let agents = [agent("101", AgentState::Waiting), agent("102", AgentState::Offline)];
        let found = phones(&agents);
        assert_eq!(found.state, State::Doubtful);
        assert!(found.what.en.ends_with("102") && !found.what.en.contains("101"));
        assert_eq!(phones(&agents[..1]).state, State::Good);
    }
}
