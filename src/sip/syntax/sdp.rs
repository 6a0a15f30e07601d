//! Session descriptions as far as a phone call needs them, read leniently (RFC 8866, RFC 3264).

use std::net::{IpAddr, SocketAddr};

use ezk_sdp_types::{
    Connection, Direction, MediaDescription, Rtcp, SessionDescription, TaggedAddress,
};

use crate::media::codec::{Codec, OpusTerms};
use crate::media::report::extended::ExtendedTerms;
use crate::office::srtp::SrtpPolicy;
use crate::sip::syntax::sdes::Crypto;

/// More media lines than any phone writes.
const MAX_MEDIA_LINES: usize = 16;

/// What a session description says: every `m=` line in order, and the one we can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdp {
    pub media: Vec<MediaLine>,
    pub audio: Audio,
    /// Which of `media` is `audio`.
    pub audio_at: usize,
}

/// An `m=` line as written, kept to be refused in its place (RFC 3264 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaLine {
    pub kind: String,
    pub port: u16,
    pub protocol: String,
    pub formats: String,
}

/// The stream of speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    pub remote: SocketAddr,
    /// From `a=rtcp` (RFC 3605); `None` is the port above.
    pub remote_rtcp: Option<SocketAddr>,
    /// The codecs we know with their payload types, in the order written.
    pub codecs: Vec<(Codec, u8)>,
    /// What its writer asks of Opus.
    pub opus: OpusTerms,
    /// The payload types of `telephone-event` with their clocks.
    pub events: Vec<(u8, u32)>,
    /// Milliseconds a packet; 20 unless 10 to 60 is asked for.
    pub ptime: u8,
    /// Which extended reports its writer asks for (RFC 3611 5).
    pub extended: ExtendedTerms,
    /// Whether its writer will send.
    pub sends: bool,
    /// Whether its writer wants to hear us.
    pub hears: bool,
    /// Keys that it may be encrypted with, the preferred first; none is sound in clear.
    pub crypto: Vec<Crypto>,
    /// What `a=` said, before `c=0.0.0.0` was taken into account.
    pub direction: (bool, bool),
}

/// Why a description is of no use; all but `Malformed` are answered 488.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    #[error("the session description cannot be read")]
    Malformed,
    #[error("there is no audio over RTP")]
    NoAudio,
    #[error("one side wants the sound encrypted, the other does not")]
    Encryption,
    #[error("the audio has no IP address")]
    NoAddress,
    #[error("no codec is known to both sides")]
    NoCodec,
}

impl Sdp {
    /// Chooses the stream by what is wanted of its encryption: one that can be encrypted before
    /// one that cannot.
    ///
    /// # Errors
    /// See [`SdpError`]. Lines that mean nothing to us are skipped, whatever is in them.
    pub fn parse(body: &[u8], policy: SrtpPolicy) -> Result<Self, SdpError> {
        let text = String::from_utf8_lossy(body);
        let (head, sections) = sections(&text);
        if !head.iter().any(|line| line.starts_with("v=")) || sections.len() > MAX_MEDIA_LINES {
            return Err(SdpError::Malformed);
        }
        let media = sections
            .iter()
            .map(|section| MediaLine::parse(section[0]).ok_or(SdpError::Malformed))
            .collect::<Result<Vec<_>, _>>()?;
        let (audio_at, crypto) = chosen(&media, &sections, policy)?;
        let audio = Audio::parse(&head, &media[audio_at], &sections[audio_at], crypto)?;
        Ok(Self { media, audio, audio_at })
    }
}

impl MediaLine {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("m=")?.split_ascii_whitespace();
        let (kind, port, protocol) = (words.next()?, words.next()?, words.next()?);
        let port = port.split('/').next()?.parse().ok()?;
        let formats = words.collect::<Vec<_>>().join(" ");
        let clean = |text: &str| text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        let fits = clean(kind) && clean(protocol) && clean(&formats) && !formats.is_empty();
        fits.then(|| Self { kind: kind.to_owned(), port, protocol: protocol.to_owned(), formats })
    }

    fn is_audio(&self) -> bool {
        self.kind == "audio" && self.port != 0 && (self.is_secure() || self.is_plain())
    }

    fn is_plain(&self) -> bool {
        matches!(&*self.protocol, "RTP/AVP" | "RTP/AVPF")
    }

    fn is_secure(&self) -> bool {
        matches!(&*self.protocol, "RTP/SAVP" | "RTP/SAVPF")
    }
}

/// Which stream to use, and the keys it brings. Keys under the plain profile are an offer that may
/// be left; under the secure one they must be taken (RFC 4568 7.1.1).
fn chosen(
    media: &[MediaLine],
    sections: &[Vec<&str>],
    policy: SrtpPolicy,
) -> Result<(usize, Vec<Crypto>), SdpError> {
    let mut audio = false;
    let mut usable: Option<(usize, Vec<Crypto>)> = None;
    for (at, (line, section)) in media.iter().zip(sections).enumerate() {
        if !line.is_audio() {
            continue;
        }
        audio = true;
        let crypto = match policy {
            SrtpPolicy::Off => Vec::new(),
            SrtpPolicy::Optional | SrtpPolicy::Required => Crypto::all(section),
        };
        if !crypto.is_empty() {
            return Ok((at, crypto));
        }
        if line.is_plain() && policy != SrtpPolicy::Required && usable.is_none() {
            usable = Some((at, crypto));
        }
    }
    usable.ok_or(if audio { SdpError::Encryption } else { SdpError::NoAudio })
}

impl Audio {
    fn parse(
        head: &[&str],
        line: &MediaLine,
        section: &[&str],
        crypto: Vec<Crypto>,
    ) -> Result<Self, SdpError> {
        let session =
            SessionDescription::parse(&cleaned(head, line, section).into()).map_err(|error| {
                tracing::debug!(%error, "session description refused");
                SdpError::Malformed
            })?;
        let media = session.media_descriptions.first().ok_or(SdpError::Malformed)?;
        let ip = media.connection.as_ref().or(session.connection.as_ref()).and_then(ip_of);
        let ip = ip.ok_or(SdpError::NoAddress)?;
        let codecs = codecs(line, media);
        if codecs.is_empty() {
            return Err(SdpError::NoCodec);
        }
        let opus = codecs.iter().find(|(codec, _)| *codec == Codec::Opus);
        let opus = opus.and_then(|(_, payload)| fmtp(section, *payload));
        let direction = match media.direction {
            Direction::SendRecv => (true, true),
            Direction::SendOnly => (true, false),
            Direction::RecvOnly => (false, true),
            Direction::Inactive => (false, false),
        };
        Ok(Self {
            remote: SocketAddr::new(ip, line.port),
            remote_rtcp: media.rtcp.as_ref().and_then(|rtcp| rtcp_address(rtcp, ip)),
            codecs,
            opus: opus.map(OpusTerms::read).unwrap_or_default(),
            events: events(line, media),
            ptime: ptime(section),
            extended: extended(head, section),
            sends: direction.0,
            // RFC 2543 hold.
            hears: direction.1 && !ip.is_unspecified(),
            crypto,
            direction,
        })
    }

    /// The telephone events to use beside `codec`: those of its clock (RFC 4733 2.1), else any.
    #[must_use]
    pub fn events_beside(&self, codec: Codec) -> Option<(u8, u32)> {
        let alike = self.events.iter().find(|(_, clock)| *clock == codec.clock());
        alike.or_else(|| self.events.first()).copied()
    }

    /// Whether its writer has put us on hold.
    #[must_use]
    pub fn is_hold(&self) -> bool {
        !self.hears
    }
}

impl MediaLine {
    fn payload_types(&self) -> impl Iterator<Item = u8> {
        self.formats.split(' ').filter_map(|format| format.parse().ok())
    }
}

/// Session lines, and the lines of each media section from its `m=` on.
fn sections(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut head = Vec::new();
    let mut sections: Vec<Vec<&str>> = Vec::new();
    for line in text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("m=") {
            sections.push(vec![line]);
        } else {
            sections.last_mut().unwrap_or(&mut head).push(line);
        }
    }
    (head, sections)
}

/// Only what the typed reader needs and cannot stumble over.
fn cleaned(head: &[&str], line: &MediaLine, section: &[&str]) -> String {
    let payloads: Vec<String> = line.payload_types().map(|payload| payload.to_string()).collect();
    let mut text = String::from("v=0\no=- 0 0 IN IP4 0.0.0.0\ns=-\nt=0 0\n");
    let wanted = |line: &&&str| line.starts_with("c=IN ") || is_direction(line);
    for line in head.iter().filter(wanted) {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&format!("m=audio {} RTP/AVP {}\n", line.port, payloads.join(" ")));
    let wanted = |line: &&&str| {
        line.starts_with("c=IN ")
            || is_direction(line)
            || line.starts_with("a=rtpmap:") && is_rtpmap(line)
            || line.starts_with("a=rtcp:") && line.len() < 100
    };
    for line in section[1..].iter().filter(wanted) {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn is_direction(line: &str) -> bool {
    matches!(line, "a=sendrecv" | "a=sendonly" | "a=recvonly" | "a=inactive")
}

/// `a=rtpmap:<0..255> name/rate…`: one that is not so would cost the whole description.
fn is_rtpmap(line: &str) -> bool {
    let rest = line.trim_start_matches("a=rtpmap:");
    let Some((payload, encoding)) = rest.split_once(' ') else { return false };
    let mut parts = encoding.trim().split('/');
    payload.parse::<u8>().is_ok()
        && parts.next().is_some_and(|name| !name.is_empty())
        && parts.next().is_some_and(|rate| rate.parse::<u32>().is_ok())
}

fn codecs(line: &MediaLine, media: &MediaDescription) -> Vec<(Codec, u8)> {
    let mut codecs: Vec<(Codec, u8)> = Vec::new();
    for payload in line.payload_types() {
        let map = media.rtpmap.iter().find(|map| map.payload == payload);
        let codec = Codec::ALL.into_iter().find(|codec| match map {
            Some(map) => {
                map.encoding.eq_ignore_ascii_case(codec.name()) && map.clock_rate == codec.clock()
            }
            None => codec.is_static() && codec.payload_type() == payload,
        });
        if let Some(codec) = codec.filter(|codec| codecs.iter().all(|(other, _)| other != codec)) {
            codecs.push((codec, payload));
        }
    }
    codecs
}

fn events(line: &MediaLine, media: &MediaDescription) -> Vec<(u8, u32)> {
    let clock = |payload: u8| {
        let map = media.rtpmap.iter().find(|map| map.payload == payload)?;
        let known = map.encoding.eq_ignore_ascii_case("telephone-event")
            && matches!(map.clock_rate, 8_000 | 48_000);
        known.then_some((payload, map.clock_rate))
    };
    line.payload_types().filter_map(clock).collect()
}

/// The parameters of `a=fmtp` for one payload type.
fn fmtp<'a>(section: &[&'a str], payload: u8) -> Option<&'a str> {
    section.iter().find_map(|line| {
        let (format, parameters) = line.strip_prefix("a=fmtp:")?.split_once(' ')?;
        (format.parse() == Ok(payload)).then_some(parameters)
    })
}

fn ip_of(connection: &Connection) -> Option<IpAddr> {
    tagged_ip(&connection.address)
}

fn tagged_ip(address: &TaggedAddress) -> Option<IpAddr> {
    match address {
        TaggedAddress::IP4(ip) => Some(IpAddr::V4(*ip)),
        TaggedAddress::IP6(ip) => Some(IpAddr::V6(*ip)),
        TaggedAddress::IP4FQDN(name) | TaggedAddress::IP6FQDN(name) => name.parse().ok(),
    }
}

fn rtcp_address(rtcp: &Rtcp, ip: IpAddr) -> Option<SocketAddr> {
    let ip = rtcp.address.as_ref().and_then(tagged_ip).unwrap_or(ip);
    (rtcp.port != 0).then(|| SocketAddr::new(ip, rtcp.port))
}

/// Of the stream, else of the whole session.
fn extended(head: &[&str], section: &[&str]) -> ExtendedTerms {
    let said = |lines: &[&str]| {
        let word = lines.iter().find_map(|line| line.strip_prefix("a=rtcp-xr:"));
        word.map(ExtendedTerms::read)
    };
    said(section).or_else(|| said(head)).unwrap_or_default()
}

fn ptime(section: &[&str]) -> u8 {
    section
        .iter()
        .find_map(|line| line.strip_prefix("a=ptime:")?.trim().parse().ok())
        .filter(|ptime| (10..=60).contains(ptime) && ptime % 10 == 0)
        .unwrap_or(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n";

    fn parse(rest: &str) -> Result<Sdp, SdpError> {
        Sdp::parse(format!("{PHONE}{rest}").as_bytes(), SrtpPolicy::Optional)
    }

    #[test]
    fn extended_reports_are_asked_for_by_the_stream_or_the_session() {
        let audio = |rest: &str| parse(rest).unwrap().audio.extended;
        let asked = audio("m=audio 4000 RTP/AVP 0\r\na=rtcp-xr:rcvr-rtt=all voip-metrics\r\n");
        assert_eq!(asked, ExtendedTerms { round_trip: true, speech: true });
        let session = audio("a=rtcp-xr:voip-metrics\r\nm=audio 4000 RTP/AVP 0\r\n");
        assert_eq!(session, ExtendedTerms { round_trip: false, speech: true });
        let own = audio("a=rtcp-xr:voip-metrics\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp-xr:\r\n");
        assert_eq!(own, ExtendedTerms::default());
    }

    #[test]
    fn an_everyday_offer_is_read() {
        let sdp = parse(
            "m=audio 4000 RTP/AVP 9 8 0 101\r\na=rtpmap:8 pcma/8000\r\na=rtpmap:101 \
             telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:30\r\na=rtcp:4009\r\n",
        )
        .unwrap();
        let audio = &sdp.audio;
        assert_eq!(audio.remote, "192.0.2.7:4000".parse().unwrap());
        assert_eq!(audio.remote_rtcp, Some("192.0.2.7:4009".parse().unwrap()));
        assert_eq!(audio.codecs, [(Codec::G722, 9), (Codec::Pcma, 8), (Codec::Pcmu, 0)]);
        assert_eq!((audio.events_beside(Codec::Pcma), audio.ptime), (Some((101, 8_000)), 30));
        assert!(audio.sends && audio.hears);
    }

    #[test]
    fn opus_is_read_with_its_wishes_and_its_own_events() {
        let sdp = parse(
            "m=audio 4000 RTP/AVP 96 9 0 101 110\r\na=rtpmap:96 OPUS/48000/2\r\na=fmtp:96 \
             useinbandfec=1;maxaveragebitrate=30000\r\na=rtpmap:101 telephone-event/8000\r\n\
             a=rtpmap:110 telephone-event/48000\r\n",
        )
        .unwrap();
        let audio = &sdp.audio;
        assert_eq!(audio.codecs, [(Codec::Opus, 96), (Codec::G722, 9), (Codec::Pcmu, 0)]);
        assert_eq!(audio.opus, OpusTerms { fec: true, dtx: false, most: 30_000 });
        assert_eq!(audio.events_beside(Codec::Opus), Some((110, 48_000)));
        assert_eq!(audio.events_beside(Codec::G722), Some((101, 8_000)));
        let dynamic = parse("m=audio 4000 RTP/AVP 111 0\r\n").unwrap();
        assert_eq!(dynamic.audio.codecs, [(Codec::Pcmu, 0)], "a dynamic type needs its name");
    }

    #[test]
    fn lines_of_other_kinds_do_no_harm() {
        let sdp = Sdp::parse(
            b"v=0\no=x\nc=IN IP6 2001:db8::1\nt=\na=group:LS\na=fingerprint:broken\n\
              m=image 5000 udptl t38\na=T38FaxVersion:0\nm=audio 4000 RTP/AVPF 96\n\
              a=rtpmap:96 PCMU/8000/1\na=rtpmap:x\na=crypto:1\na=rtcp-fb:* ccm \xff\nb=AS:9\n",
            SrtpPolicy::Optional,
        )
        .unwrap();
        assert_eq!(sdp.audio.remote, "[2001:db8::1]:4000".parse().unwrap());
        assert_eq!(sdp.audio.codecs, [(Codec::Pcmu, 96)]);
        assert_eq!((sdp.media.len(), sdp.audio_at), (2, 1));
        assert_eq!(sdp.media[0].formats, "t38");
    }

    #[test]
    fn hold_is_known_in_each_of_its_forms() {
        for (lines, sends, hears) in [
            ("a=sendonly\r\n", true, false),
            ("a=inactive\r\n", false, false),
            ("c=IN IP4 0.0.0.0\r\n", true, false),
            ("a=recvonly\r\n", false, true),
        ] {
            let sdp = parse(&format!("m=audio 4000 RTP/AVP 0\r\n{lines}")).unwrap();
            assert_eq!((sdp.audio.sends, sdp.audio.hears), (sends, hears), "{lines}");
        }
    }

    #[test]
    fn what_we_cannot_speak_is_refused() {
        for (rest, error) in [
            ("m=audio 4000 RTP/SAVP 0\r\n", SdpError::Encryption),
            ("m=audio 4000 UDP/TLS/RTP/SAVP 0\r\n", SdpError::NoAudio),
            ("m=audio 0 RTP/AVP 0\r\n", SdpError::NoAudio),
            ("m=video 4000 RTP/AVP 0\r\n", SdpError::NoAudio),
            ("", SdpError::NoAudio),
            ("m=audio 4000 RTP/AVP 18 97\r\n", SdpError::NoCodec),
            ("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 phone.example\r\n", SdpError::NoAddress),
            ("m=audio x RTP/AVP 0\r\n", SdpError::Malformed),
            ("m=audio 4000\r\n", SdpError::Malformed),
        ] {
            assert_eq!(parse(rest).unwrap_err(), error, "{rest}");
        }
        for nothing in [&b""[..], b"\xff\xfe"] {
            let refused = Sdp::parse(nothing, SrtpPolicy::Optional).unwrap_err();
            assert_eq!(refused, SdpError::Malformed);
        }
    }

    #[test]
    fn the_stream_is_chosen_by_what_is_wanted_of_its_encryption() {
        use SrtpPolicy::{Off, Optional, Required};
        const KEYS: &str = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 \
                            inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
        let (plain, secure) = ("m=audio 4000 RTP/AVP 0\r\n", "m=audio 4002 RTP/SAVP 0\r\n");
        let both = format!("{plain}{secure}{KEYS}");
        let willing = format!("{plain}{KEYS}");
        let strict = format!("{secure}{KEYS}");
        for (offer, policy, expected) in [
            (&both, Off, Ok((0, 0))),
            (&both, Optional, Ok((1, 1))),
            (&both, Required, Ok((1, 1))),
            (&willing, Off, Ok((0, 0))),
            (&willing, Required, Ok((0, 1))),
            (&strict, Off, Err(SdpError::Encryption)),
            (&strict, Optional, Ok((0, 1))),
            (&plain.to_owned(), Required, Err(SdpError::Encryption)),
            (&plain.to_owned(), Optional, Ok((0, 0))),
        ] {
            let read = Sdp::parse(format!("{PHONE}{offer}").as_bytes(), policy);
            let told = read.map(|sdp| (sdp.audio_at, sdp.audio.crypto.len()));
            assert_eq!(told, expected, "{policy:?} {offer}");
        }
    }
}
