//! The session description of a test phone: one audio stream in G.711.

use std::net::{IpAddr, SocketAddr};

use crate::audio::g711::Law;

/// Where the far end wants its sound, and in which law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub remote: SocketAddr,
    pub law: Law,
    /// Whether the far end wants to hear us at all (`sendrecv` or `recvonly`).
    pub wants_sound: bool,
}

impl Session {
    /// Reads an offer or an answer; `None` when it holds no G.711 audio.
    #[must_use]
    pub fn parse(description: &str) -> Option<Self> {
        let mut address: Option<IpAddr> = None;
        let mut audio: Option<(u16, Law)> = None;
        let mut wants_sound = true;
        for line in description.lines() {
            if let Some(rest) = line.strip_prefix("c=IN ") {
                address = rest.split(' ').nth(1).and_then(|text| text.trim().parse().ok());
            } else if let Some(rest) = line.strip_prefix("m=audio ") {
                let mut words = rest.split(' ');
                let port = words.next()?.parse().ok()?;
                let law = words.filter_map(|word| word.trim().parse().ok());
                audio = law.filter_map(law_of).next().map(|law| (port, law));
            } else if matches!(line.trim(), "a=sendonly" | "a=inactive") {
                wants_sound = false;
            }
        }
        let (port, law) = audio?;
        (port != 0).then_some(())?;
        Some(Self { remote: SocketAddr::new(address?, port), law, wants_sound })
    }
}

/// Our own description: `laws` in the order we like them.
#[must_use]
pub fn describe(local: SocketAddr, laws: &[Law]) -> String {
    let family = if local.is_ipv4() { "IP4" } else { "IP6" };
    let (ip, port) = (local.ip(), local.port());
    let numbers: Vec<String> = laws.iter().map(|law| payload_type(*law).to_string()).collect();
    let maps: String = laws
        .iter()
        .map(|law| format!("a=rtpmap:{} {}\r\n", payload_type(*law), rtpmap(*law)))
        .collect();
    format!(
        "v=0\r\no=- {port} 1 IN {family} {ip}\r\ns=naru test phone\r\nc=IN {family} {ip}\r\n\
         t=0 0\r\nm=audio {port} RTP/AVP {}\r\n{maps}a=ptime:20\r\na=sendrecv\r\n",
        numbers.join(" ")
    )
}

/// RFC 3551 table 4.
#[must_use]
pub fn payload_type(law: Law) -> u8 {
    match law {
        Law::Mu => 0,
        Law::A => 8,
    }
}

/// The inverse of [`payload_type`].
#[must_use]
pub fn law_of(payload_type: u8) -> Option<Law> {
    match payload_type {
        0 => Some(Law::Mu),
        8 => Some(Law::A),
        _ => None,
    }
}

fn rtpmap(law: Law) -> &'static str {
    match law {
        Law::Mu => "PCMU/8000",
        Law::A => "PCMA/8000",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_describe_is_what_we_read() {
        let local: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let read = Session::parse(&describe(local, &[Law::A, Law::Mu])).unwrap();
        assert_eq!(read, Session { remote: local, law: Law::A, wants_sound: true });
    }

    #[test]
    fn a_stream_refused_or_without_g711_is_no_session() {
        let head = "v=0\r\nc=IN IP4 127.0.0.1\r\n";
        assert_eq!(Session::parse(&format!("{head}m=audio 0 RTP/AVP 0\r\n")), None);
        assert_eq!(Session::parse(&format!("{head}m=audio 4000 RTP/AVP 111\r\n")), None);
        assert_eq!(Session::parse("m=audio 4000 RTP/AVP 0\r\n"), None);
    }
}
