//! Our side of offer and answer (RFC 3264): what we say and what has been agreed.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

use crate::media::codec::Codec;
use crate::media::handle::Tuning;
use crate::media::report::extended::ExtendedTerms;
use crate::media::srtp::keys::SrtpTerms;
use crate::office::srtp::SrtpPolicy;
use crate::sip::syntax::sdes::{Crypto, OwnKeys};
use crate::sip::syntax::sdp::{Audio, MediaLine, Sdp, SdpError};

/// The payload types of telephone events in our own offers, with their clocks; the second goes
/// with Opus (RFC 4733 2.1).
const TELEPHONE_EVENTS: [(u8, u32); 2] = [(101, 8_000), (110, 48_000)];
/// What we can do with Opus: its repair is heard, its silences are filled (RFC 7587 6.1).
const OPUS: &str = "useinbandfec=1;usedtx=1";

/// One leg's description of itself over the life of its dialog.
#[derive(Clone)]
pub struct Negotiation {
    session: u64,
    version: u64,
    /// The RTP address we advertise, the same in every description.
    advertised: SocketAddr,
    /// All codecs, the preferred first.
    preference: Vec<Codec>,
    /// All after the `o=` line of what was said last; empty before.
    said: String,
    /// Media lines refused so far: their places must never be lost (RFC 3264 8).
    layout: Vec<Slot>,
    tuning: Option<Tuning>,
    security: Security,
    /// The profile of a stream that has been agreed to be encrypted.
    profile: Option<String>,
    /// The far end has refused keys that it could have left.
    wants_plain: bool,
}

/// What is wanted of a leg's encryption, and the keys for it.
#[derive(Clone, Debug)]
pub struct Security {
    pub policy: SrtpPolicy,
    pub keys: OwnKeys,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Slot {
    Audio,
    Refused(MediaLine),
}

/// One stream as we are about to describe it.
struct Stream<'a> {
    codecs: &'a [(Codec, u8)],
    events: &'a [(u8, u32)],
    ptime: u8,
    /// Whether round trips are measured by reference times: both sides must say so (RFC 3611 5.2).
    round_trip: bool,
    direction: &'static str,
    protocol: &'a str,
    crypto: &'a [Crypto],
}

impl Negotiation {
    /// `first` is the codec of the leg this one will be joined to.
    #[must_use]
    pub fn new(
        session: u64,
        advertised: SocketAddr,
        first: Option<Codec>,
        security: Security,
    ) -> Self {
        // A wideband leg would rather keep its sound than its exact codec.
        let like = first.filter(|codec| codec.law().is_none());
        let wide = [Codec::Opus, Codec::G722].into_iter().filter(|_| like.is_some());
        let mut preference = Vec::new();
        for codec in first.into_iter().chain(wide).chain(Codec::ALL) {
            if !preference.contains(&codec) {
                preference.push(codec);
            }
        }
        Self {
            session,
            version: 0,
            advertised,
            preference,
            said: String::new(),
            layout: vec![Slot::Audio],
            tuning: None,
            security,
            profile: None,
            wants_plain: false,
        }
    }

    #[must_use]
    pub fn policy(&self) -> SrtpPolicy {
        self.security.policy
    }

    #[must_use]
    pub fn tuning(&self) -> Option<&Tuning> {
        self.tuning.as_ref()
    }

    /// What we offer: all we can, what is in use first.
    pub fn offer(&mut self) -> Bytes {
        let crypto = match self.security.policy {
            SrtpPolicy::Optional if !self.wants_plain => self.security.keys.lines(),
            SrtpPolicy::Required => self.security.keys.lines(),
            SrtpPolicy::Off | SrtpPolicy::Optional => Vec::new(),
        };
        self.offer_with(&crypto)
    }

    /// The same in clear, for a far end that has refused keys it could have left.
    pub fn plain_offer(&mut self) -> Bytes {
        self.wants_plain = true;
        self.offer_with(&[])
    }

    fn offer_with(&mut self, crypto: &[Crypto]) -> Bytes {
        let current = self.tuning.as_ref();
        let mut codecs: Vec<(Codec, u8)> =
            current.map(|tuning| (tuning.codec, tuning.payload_type)).into_iter().collect();
        for codec in &self.preference {
            let taken = codecs
                .iter()
                .any(|(other, payload)| other == codec || *payload == codec.payload_type());
            if !taken {
                codecs.push((*codec, codec.payload_type()));
            }
        }
        let agreed = current.and_then(|tuning| Some((tuning.telephone_event?, tuning.event_clock)));
        let mut events: Vec<(u8, u32)> = agreed.into_iter().collect();
        for (payload, clock) in TELEPHONE_EVENTS {
            let used = |payload: u8| {
                let other = events.iter().map(|(other, _)| other);
                other.chain(codecs.iter().map(|(_, other)| other)).any(|&other| other == payload)
            };
            let free = (payload..128).find(|&payload| !used(payload));
            let speaks = codecs.iter().any(|(codec, _)| codec.clock() == clock);
            let new = events.iter().all(|&(_, other)| other != clock);
            events.extend(free.filter(|_| speaks && new).map(|payload| (payload, clock)));
        }
        let ptime = current.map_or(20, |tuning| tuning.ptime);
        let protocol = match (self.profile.clone(), self.security.policy) {
            (Some(agreed), _) => agreed,
            (None, SrtpPolicy::Required) => "RTP/SAVP".to_owned(),
            (None, SrtpPolicy::Off | SrtpPolicy::Optional) => "RTP/AVP".to_owned(),
        };
        self.say(&Stream {
            codecs: &codecs,
            events: &events,
            ptime,
            round_trip: false,
            direction: "sendrecv",
            protocol: &protocol,
            crypto,
        })
    }

    /// The same description again, for a refresh (RFC 4028 7.4); `None` before there was one.
    #[must_use]
    pub fn repeated(&self) -> Option<Bytes> {
        (!self.said.is_empty()).then(|| self.printed())
    }

    /// Answers an offer with one codec: the present one, else `like`, else the offerer's first.
    ///
    /// # Errors
    /// When nothing is in common; what was agreed before stays.
    pub fn answer(
        &mut self,
        offer: &Sdp,
        like: Option<Codec>,
    ) -> Result<(Bytes, Tuning), SdpError> {
        let audio = &offer.audio;
        let wanted = [self.tuning.as_ref().map(|tuning| tuning.codec), like];
        let codec = wanted
            .into_iter()
            .flatten()
            .find_map(|wanted| audio.codecs.iter().find(|(codec, _)| *codec == wanted))
            .or_else(|| audio.codecs.first())
            .copied()
            .ok_or(SdpError::NoCodec)?;
        let own = audio.crypto.first().map(|theirs| Crypto {
            tag: theirs.tag,
            suite: theirs.suite,
            key: self.security.keys.of(theirs.suite),
            mki: 0,
        });
        let srtp = own.zip(audio.crypto.first()).map(|(own, theirs)| terms(&own, theirs));
        let tuning = Tuning { srtp, ..tuning(audio, codec) };
        self.layout = offer
            .media
            .iter()
            .enumerate()
            .map(
                |(at, line)| {
                    if at == offer.audio_at { Slot::Audio } else { Slot::Refused(line.clone()) }
                },
            )
            .collect();
        let direction = match audio.direction {
            (true, true) => "sendrecv",
            (true, false) => "recvonly",
            (false, true) => "sendonly",
            (false, false) => "inactive",
        };
        let body = self.say(&Stream {
            codecs: &[codec],
            events: &Vec::from_iter(audio.events_beside(codec.0)),
            ptime: audio.ptime,
            round_trip: audio.extended.round_trip,
            direction,
            protocol: &offer.media[offer.audio_at].protocol,
            crypto: own.as_slice(),
        });
        self.agree(tuning, &offer.media[offer.audio_at].protocol);
        Ok((body, tuning))
    }

    /// Takes the answer to our offer.
    ///
    /// # Errors
    /// When it holds no codec, or keys for nothing we offered; what was agreed before stays.
    pub fn answered(&mut self, answer: &Sdp) -> Result<Tuning, SdpError> {
        let codec = *answer.audio.codecs.first().ok_or(SdpError::NoCodec)?;
        let srtp = match answer.audio.crypto.first() {
            Some(theirs) => {
                let lines = self.security.keys.lines();
                // What we say last may repeat an answer of ours, under a tag of theirs.
                let own = lines.iter().find(|own| own.suite == theirs.suite);
                Some(terms(own.ok_or(SdpError::Encryption)?, theirs))
            }
            None => None,
        };
        // We have not asked for what both sides must do.
        let extended = ExtendedTerms { round_trip: false, ..answer.audio.extended };
        let tuning = Tuning { srtp, extended, ..tuning(&answer.audio, codec) };
        self.agree(tuning, &answer.media[answer.audio_at].protocol);
        Ok(tuning)
    }

    fn agree(&mut self, tuning: Tuning, protocol: &str) {
        if tuning.srtp.is_none() && self.profile.take().is_some() {
            self.security.keys.renew();
        }
        if tuning.srtp.is_some() {
            self.profile = Some(protocol.to_owned());
        }
        self.tuning = Some(tuning);
    }

    fn say(&mut self, stream: &Stream<'_>) -> Bytes {
        let text = self.described(stream);
        if text != self.said {
            // The version rises only with a change (RFC 3264 8).
            self.version += 1;
            self.said = text;
        }
        self.printed()
    }

    fn printed(&self) -> Bytes {
        let (session, version) = (self.session, self.version);
        let address = tagged(self.advertised.ip());
        Bytes::from(format!("v=0\r\no=- {session} {version} IN {address}\r\n{}", self.said))
    }

    fn described(&self, stream: &Stream<'_>) -> String {
        let mut text = String::with_capacity(400);
        text.push_str(&format!("s=-\r\nc=IN {}\r\nt=0 0\r\n", tagged(self.advertised.ip())));
        for slot in &self.layout {
            match slot {
                Slot::Audio => self.describe_audio(&mut text, stream),
                Slot::Refused(line) => {
                    let MediaLine { kind, protocol, formats, port: _ } = line;
                    text.push_str(&format!("m={kind} 0 {protocol} {formats}\r\n"));
                }
            }
        }
        text
    }

    fn describe_audio(&self, text: &mut String, stream: &Stream<'_>) {
        text.push_str(&format!("m=audio {} {}", self.advertised.port(), stream.protocol));
        for (_, payload) in stream.codecs {
            text.push_str(&format!(" {payload}"));
        }
        for (payload, _) in stream.events {
            text.push_str(&format!(" {payload}"));
        }
        text.push_str("\r\n");
        for (codec, payload) in stream.codecs {
            let (name, clock) = (codec.name(), codec.clock());
            // RFC 7587 7: two channels in the name, whatever is sent.
            let channels = if *codec == Codec::Opus { "/2" } else { "" };
            text.push_str(&format!("a=rtpmap:{payload} {name}/{clock}{channels}\r\n"));
            if *codec == Codec::Opus {
                text.push_str(&format!("a=fmtp:{payload} {OPUS}\r\n"));
            }
        }
        for (event, clock) in stream.events {
            text.push_str(&format!(
                "a=rtpmap:{event} telephone-event/{clock}\r\na=fmtp:{event} 0-16\r\n"
            ));
        }
        text.push_str(&format!("a=ptime:{}\r\na={}\r\n", stream.ptime, stream.direction));
        if stream.round_trip {
            text.push_str("a=rtcp-xr:rcvr-rtt=all\r\n");
        }
        for crypto in stream.crypto {
            text.push_str(&crypto.print());
        }
    }
}

/// What the two descriptions settle; who signals, and whether the call is answered, `LegMedia` adds.
fn tuning(audio: &Audio, (codec, payload_type): (Codec, u8)) -> Tuning {
    let events = audio.events_beside(codec);
    Tuning {
        signalling: audio.remote.ip(),
        answered: false,
        remote: audio.remote,
        remote_rtcp: audio.remote_rtcp,
        codec,
        payload_type,
        opus: audio.opus,
        telephone_event: events.map(|(payload, _)| payload),
        event_clock: events.map_or(codec.clock(), |(_, clock)| clock),
        ptime: audio.ptime,
        send: audio.hears,
        receive: audio.sends,
        extended: audio.extended,
        srtp: None,
    }
}

fn terms(own: &Crypto, theirs: &Crypto) -> SrtpTerms {
    SrtpTerms { suite: theirs.suite, ours: own.key, theirs: theirs.key, mki: theirs.mki }
}

/// Without what was said: keys are in it.
impl fmt::Debug for Negotiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { session, version, advertised, tuning, .. } = self;
        f.debug_struct("Negotiation")
            .field("session", session)
            .field("version", version)
            .field("advertised", advertised)
            .field("tuning", tuning)
            .finish_non_exhaustive()
    }
}

fn tagged(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => format!("IP4 {ip}"),
        IpAddr::V6(ip) => format!("IP6 {ip}"),
    }
}

/// The codec a description prefers among those we know.
#[must_use]
pub fn preferred(body: &[u8]) -> Option<Codec> {
    Sdp::parse(body, SrtpPolicy::Optional)
        .ok()
        .and_then(|sdp| sdp.audio.codecs.first().map(|(codec, _)| *codec))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdp(rest: &str) -> Sdp {
        let body = format!("v=0\r\nc=IN IP4 192.0.2.7\r\n{rest}");
        Sdp::parse(body.as_bytes(), SrtpPolicy::Optional).unwrap()
    }

    fn negotiation(first: Option<Codec>) -> Negotiation {
        secured(first, SrtpPolicy::Off)
    }

    fn secured(first: Option<Codec>, policy: SrtpPolicy) -> Negotiation {
        let security = Security { policy, keys: OwnKeys::new([3; 32]) };
        Negotiation::new(7, "198.51.100.1:5000".parse().unwrap(), first, security)
    }

    fn text(bytes: &Bytes) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn other_media_are_refused_in_their_place() {
        let offer = sdp("m=video 6000 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 8 0 100\r\n\
                         a=rtpmap:100 telephone-event/8000\r\nm=image 7000 udptl t38\r\n");
        let (answer, tuning) = negotiation(None).answer(&offer, None).unwrap();
        let lines: Vec<&str> =
            text(&answer).lines().filter(|line| line.starts_with("m=")).collect();
        assert_eq!(
            lines,
            ["m=video 0 RTP/AVP 96", "m=audio 5000 RTP/AVP 8 100", "m=image 0 udptl t38"]
        );
        assert_eq!((tuning.codec, tuning.telephone_event), (Codec::Pcma, Some(100)));
    }

    #[test]
    fn the_version_rises_only_with_a_change() {
        let mut negotiation = negotiation(None);
        let talk = sdp("m=audio 4000 RTP/AVP 0\r\n");
        let hold = sdp("m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n");
        let version = |bytes: &Bytes| text(bytes).split(' ').nth(2).unwrap().to_owned();
        let (first, _) = negotiation.answer(&talk, None).unwrap();
        let (again, _) = negotiation.answer(&talk, None).unwrap();
        assert_eq!(first, again);
        assert_eq!(negotiation.repeated(), Some(again));
        let (held, tuning) = negotiation.answer(&hold, None).unwrap();
        assert_eq!((version(&first).as_str(), version(&held).as_str()), ("1", "2"));
        assert!(text(&held).contains("a=recvonly") && !tuning.send && tuning.receive);
    }

    #[test]
    fn the_other_legs_codec_comes_first() {
        let offer = sdp("m=audio 4000 RTP/AVP 0 8\r\n");
        let (_, tuning) = negotiation(None).answer(&offer, Some(Codec::Pcma)).unwrap();
        assert_eq!(tuning.codec, Codec::Pcma);
        let mut placed = negotiation(Some(Codec::Pcma));
        assert!(text(&placed.offer()).contains("m=audio 5000 RTP/AVP 8 0 9 111 101 110\r\n"));
        let tuning = placed.answered(&sdp("m=audio 4000 RTP/AVP 0 8 101\r\n")).unwrap();
        assert_eq!(tuning.codec, Codec::Pcmu);
    }

    #[test]
    fn opus_keeps_the_payload_types_it_was_offered_with() {
        let offer = sdp("m=audio 4000 RTP/AVP 101 0 110 96\r\na=rtpmap:101 opus/48000/2\r\n\
                         a=fmtp:101 useinbandfec=1\r\na=rtpmap:110 telephone-event/48000\r\n\
                         a=rtpmap:96 telephone-event/8000\r\n");
        let mut negotiation = negotiation(None);
        let (answer, tuning) = negotiation.answer(&offer, None).unwrap();
        let answer = text(&answer);
        assert!(answer.contains("m=audio 5000 RTP/AVP 101 110\r\na=rtpmap:101 opus/48000/2\r\n"));
        assert_eq!((tuning.codec, tuning.payload_type), (Codec::Opus, 101));
        assert_eq!((tuning.telephone_event, tuning.event_clock), (Some(110), 48_000));
        assert!(tuning.opus.fec && !tuning.opus.dtx);
        let again = negotiation.offer();
        let again = text(&again);
        assert!(again.contains("RTP/AVP 101 0 8 9 110 102\r\n"), "{again}");
    }

    #[test]
    fn round_trips_by_reference_time_are_measured_where_they_are_offered() {
        let asks = "m=audio 4000 RTP/AVP 0\r\na=rtcp-xr:rcvr-rtt=all voip-metrics\r\n";
        let (answer, tuning) = negotiation(None).answer(&sdp(asks), None).unwrap();
        assert!(text(&answer).contains("a=rtcp-xr:rcvr-rtt=all\r\n"));
        assert_eq!(tuning.extended, ExtendedTerms { round_trip: true, speech: true });
        let plain = sdp("m=audio 4000 RTP/AVP 0\r\n");
        let (answer, _) = negotiation(None).answer(&plain, None).unwrap();
        assert!(!text(&answer).contains("rtcp-xr"));
        let mut placed = negotiation(None);
        assert!(!text(&placed.offer()).contains("rtcp-xr"));
        let tuning = placed.answered(&sdp(asks)).unwrap();
        assert_eq!(tuning.extended, ExtendedTerms { round_trip: false, speech: true });
    }

    #[test]
    fn a_wideband_leg_is_offered_wideband_first() {
        let mut placed = negotiation(Some(Codec::G722));
        assert!(text(&placed.offer()).contains("RTP/AVP 9 111 0 8 101 110\r\n"));
    }

    #[test]
    fn an_own_offer_reads_back() {
        let mut negotiation = negotiation(None);
        negotiation.advertised = "[2001:db8::1]:5000".parse().unwrap();
        let sdp = Sdp::parse(&negotiation.offer(), SrtpPolicy::Off).unwrap();
        assert_eq!(sdp.audio.remote, "[2001:db8::1]:5000".parse().unwrap());
        assert_eq!(sdp.audio.events, [(101, 8_000), (110, 48_000)]);
        let names: Vec<Codec> = sdp.audio.codecs.iter().map(|(codec, _)| *codec).collect();
        assert_eq!(names, Codec::ALL);
        assert!(sdp.audio.opus.fec && sdp.audio.opus.dtx);
    }

    const THEIR_KEYS: &str = "a=crypto:4 AES_CM_128_HMAC_SHA1_32 \
                              inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n\
                              a=crypto:5 AES_CM_128_HMAC_SHA1_80 \
                              inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";

    fn crypto_lines(body: &Bytes) -> Vec<&str> {
        text(body).lines().filter(|line| line.starts_with("a=crypto:")).collect()
    }

    #[test]
    fn an_answer_takes_the_first_key_it_can_and_names_it() {
        let offer = sdp(&format!("m=audio 4000 RTP/SAVP 0\r\n{THEIR_KEYS}"));
        let mut negotiation = secured(None, SrtpPolicy::Optional);
        let (answer, tuning) = negotiation.answer(&offer, None).unwrap();
        assert!(text(&answer).contains("m=audio 5000 RTP/SAVP 0\r\n"));
        let lines = crypto_lines(&answer);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("a=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:"));
        let terms = tuning.srtp.unwrap();
        assert_eq!(terms.theirs, offer.audio.crypto[0].key);
        assert!(text(&answer).contains(
            Crypto { key: terms.ours, mki: 0, ..offer.audio.crypto[0] }.print().trim_end()
        ));
        // The same again keeps the key; in clear and back again draws another.
        let (_, again) = negotiation.answer(&offer, None).unwrap();
        assert_eq!(again.srtp, Some(terms));
        negotiation.answer(&sdp("m=audio 4000 RTP/AVP 0\r\n"), None).unwrap();
        let (_, later) = negotiation.answer(&offer, None).unwrap();
        assert_ne!(later.srtp.unwrap().ours, terms.ours);
    }

    #[test]
    fn an_offer_asks_for_what_is_wanted() {
        let mut willing = secured(None, SrtpPolicy::Optional);
        let offer = willing.offer();
        assert!(text(&offer).contains("m=audio 5000 RTP/AVP "));
        let names: Vec<&str> =
            crypto_lines(&offer).iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
        assert_eq!(names, ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"]);
        assert_eq!(willing.answered(&sdp("m=audio 4000 RTP/AVP 0\r\n")).unwrap().srtp, None);
        assert!(crypto_lines(&willing.plain_offer()).is_empty());
        let mut strict = secured(None, SrtpPolicy::Required);
        assert!(text(&strict.offer()).contains("m=audio 5000 RTP/SAVP "));
        let answer = sdp(&format!("m=audio 4000 RTP/SAVP 0\r\n{}", THEIR_KEYS.replace(":5", ":1")));
        let terms = strict.answered(&answer).unwrap().srtp.unwrap();
        assert!(text(&strict.offer()).contains("RTP/SAVP"));
        assert_eq!(strict.answered(&answer).unwrap().srtp, Some(terms));
        assert!(crypto_lines(&secured(None, SrtpPolicy::Off).offer()).is_empty());
    }

    #[test]
    fn what_holds_keys_does_not_print_them() {
        let mut negotiation = secured(None, SrtpPolicy::Optional);
        negotiation.offer();
        let printed = format!("{negotiation:?}");
        assert!(!printed.contains("crypto") && !printed.contains("inline"), "{printed}");
    }
}
