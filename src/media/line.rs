//! One leg's end of the patchbay: what comes from it, what goes to it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tracing::warn;

use crate::audio::dtmf::Detector;
use crate::leg::{LegId, RoomId, SoundTrouble};
use crate::media::clip::playback::Playback;
use crate::media::codec::Codec;
use crate::media::dialing::Dialing;
use crate::media::ear::{Ear, Figures, Pulled};
use crate::media::handle::Tuning;
use crate::media::jitter::{Arrival, Content};
use crate::media::neurons::Neurons;
use crate::media::outbox::{Channel, Outbox};
use crate::media::packet::{HEADER, Packet};
use crate::media::presses::Presses;
use crate::media::report::reception::Reception;
use crate::media::report::rtcp::Reports;
use crate::media::report::watch::Watch;
use crate::media::source::Source;
use crate::media::srtp::srtp::{Refusal, Srtp};
use crate::media::star::Star;
use crate::media::stream::{Stamp, Stream};
use crate::media::tap::Tap;
use crate::media::tape::TapeWriter;
use crate::media::telephone_event::Keypad;
use crate::media::trouble::Troubles;
use crate::media::voice::{Form, PAYLOAD, Spoken, Voice};

/// RFC 3389 4.
const COMFORT_NOISE: u8 = 13;

#[derive(Debug)]
pub struct Line {
    pub leg: LegId,
    pub tuning: Option<Tuning>,
    pub source: Source,
    pub stream: Stream,
    pub reception: Reception,
    pub reports: Reports,
    /// Where its reports come from, once one of its own has come.
    pub reports_from: Option<SocketAddr>,
    pub hears: Hears,
    pub heard_by: Option<LegId>,
    /// Where what it says goes as samples, for the room.
    pub pages: Option<Tap>,
    /// Where what it says goes as packets, for its recording.
    pub tape: Option<TapeWriter>,
    pub watch: Watch,
    pub troubles: Troubles,
    /// How it is heard, where its packets cannot simply be sent on.
    pub ear: Option<Box<Ear>>,
    /// What earlier ears of it have done.
    pub decoded: Figures,
    /// When the ear is to be asked for its next frame.
    pub ear_due: Option<Instant>,
    /// How it is spoken to, where somebody's packets cannot simply be sent on.
    pub voice: Option<Box<Voice>>,
    /// Keys that it presses, and keys pressed towards it.
    pub keypad: Keypad,
    pub tones: Detector,
    pub presses: Presses,
    pub dialing: Dialing,
    /// Its keys, while its sound is encrypted.
    pub srtp: Option<Box<Srtp>>,
    /// Keys of its own that are not sent on yet.
    pub star: Star,
    /// Datagrams that were not its own, and those that were no RTP.
    pub strangers: u64,
    pub malformed: u64,
    /// Encrypted ones whose seal did not fit, and copies of earlier ones.
    pub forged: u64,
    pub replayed: u64,
}

/// What is sent to a leg.
#[derive(Debug)]
pub enum Hears {
    Nothing,
    Itself,
    Leg(LegId),
    Room(RoomId),
    Clip(Playback),
}

/// A packet of the leg's own that someone may hear.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    pub packet: Packet<'a>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Speech(Codec),
    /// RFC 3389.
    Comfort,
    /// RFC 4733.
    Event,
}

impl Line {
    /// Offer and answer are settled, or settled anew.
    pub fn tune(&mut self, tuning: Tuning, silence: Duration, now: Instant) {
        self.source.tuned(tuning.remote, tuning.signalling);
        let before = self.tuning.replace(tuning);
        if before.is_none_or(|before| before.send != tuning.send || before.codec != tuning.codec) {
            self.stream.begin();
        }
        self.stream.tuned(tuning.codec.clock());
        self.reception.tuned(tuning.codec.clock());
        if before.is_some_and(|before| before.remote_rtcp != tuning.remote_rtcp) {
            self.reports_from = None;
        }
        match (tuning.srtp, &mut self.srtp) {
            (Some(terms), Some(srtp)) => srtp.tuned(terms),
            (Some(terms), None) => self.srtp = Some(Box::new(Srtp::new(terms))),
            (None, _) => self.srtp = None,
        }
        let watched = tuning.answered && tuning.send && tuning.receive;
        self.watch.tuned(watched, silence, now);
        self.troubles.tuned(watched, now);
    }

    /// Writes an encrypted datagram in clear; `false` when it is dropped, and counted.
    pub fn decrypt(&mut self, channel: Channel, datagram: &[u8], clear: &mut Vec<u8>) -> bool {
        let Some(srtp) = &mut self.srtp else { return false };
        let opened = match channel {
            Channel::Rtp => srtp.open_sound(datagram, clear),
            Channel::Rtcp => srtp.open_report(datagram, clear),
        };
        match opened {
            Ok(()) => return true,
            Err(Refusal::Malformed) => self.malformed += 1,
            Err(Refusal::Forged) => self.forged += 1,
            Err(Refusal::Replayed) => self.replayed += 1,
        }
        false
    }

    /// Takes a datagram in; returns it if it is the leg's own, sound, and wanted.
    pub fn hear<'a>(
        &mut self,
        from: SocketAddr,
        datagram: &'a [u8],
        silence: Duration,
        now: Instant,
    ) -> Option<Heard<'a>> {
        let Ok(packet) = Packet::parse(datagram) else {
            self.malformed += 1;
            return None;
        };
        let tuning = self.tuning?;
        // RFC 5761 4: these types would be reports, and reports have their own port here.
        if (64..96).contains(&packet.payload_type) {
            self.malformed += 1;
            return None;
        }
        if !self.source.admit(from, &packet, now) {
            self.strangers += 1;
            self.troubles.stranger(from);
            return None;
        }
        self.reception.packet(&packet, now);
        self.watch.heard(silence, now);
        self.troubles.heard();
        let kind = kind(&tuning, packet.payload_type)?;
        (tuning.receive && !packet.payload.is_empty()).then_some(Heard { packet, kind })
    }

    /// What is odd about where its sound comes from, when it has just come.
    pub fn comes_from(&mut self) -> Option<SoundTrouble> {
        let (described, from) = self.source.places()?;
        self.troubles.comes_from(described, from)
    }

    /// What is odd about its sound, when none has come.
    pub fn missed(&mut self, now: Instant) -> Option<SoundTrouble> {
        self.troubles.handle_timeout(self.tuning?.remote, now)
    }

    /// Sends on what another leg, or this one, has said.
    pub fn pass(&mut self, heard: &Heard<'_>, now: Instant, outbox: &mut Outbox) {
        let Some((tuning, to)) = self.open() else { return };
        if self.dialing.is_busy() {
            return self.stream.skip(&heard.packet, now);
        }
        let payload_type = match (heard.kind, tuning.telephone_event) {
            (Kind::Speech(_), _) => tuning.payload_type,
            (Kind::Event, Some(event)) => event,
            (Kind::Event | Kind::Comfort, _) => return self.stream.skip(&heard.packet, now),
        };
        let Some(stamp) = self.stream.relay(&heard.packet, now) else { return };
        self.stream.count(heard.packet.payload.len());
        outbox.push((self.leg, Channel::Rtp), to, self.srtp.as_deref_mut(), |datagram| {
            let length = stamped(stamp, payload_type, heard.packet.payload).write(datagram);
            if let Kind::Speech(codec) = heard.kind
                && let (Some(law), Some(ours)) = (codec.law(), tuning.codec.law())
            {
                law.transcode(ours, &mut datagram[HEADER..length]);
            }
            length
        });
    }

    /// Takes a packet in that must be decoded to be heard, Opus at `rate`. Returns when a frame of
    /// it is due, if that is news.
    pub fn listen(&mut self, heard: &Heard<'_>, rate: u32, now: Instant) -> Option<Instant> {
        let (codec, content) = match heard.kind {
            Kind::Speech(codec) => (codec, Content::Speech),
            Kind::Comfort => (self.ear.as_ref()?.codec(), Content::Comfort),
            Kind::Event => return None,
        };
        let wanted = if codec == Codec::Opus { rate } else { codec.rate() };
        let fits = |ear: &Ear| ear.codec() == codec && ear.rate() == wanted;
        if !self.ear.as_deref().is_some_and(fits) {
            self.decoded = self.decoded_so_far();
            self.ear = match Ear::new(codec, wanted, now) {
                Ok(ear) => Some(Box::new(ear)),
                Err(error) => {
                    warn!(leg = %self.leg, %error, "a leg cannot be heard");
                    None
                }
            };
        }
        self.ear.as_mut()?.put(arrival(&heard.packet, content), now)
    }

    /// Writes what it says on its tape. A far end that will not hear us holds: what it sends is the
    /// music of its own hold, and no part of the conversation (L42).
    pub fn keep(&mut self, heard: &Heard<'_>, now: Instant) {
        let Some(tape) = &mut self.tape else { return };
        if self.tuning.is_some_and(|tuning| !tuning.send) {
            return;
        }
        let (codec, kind) = match heard.kind {
            Kind::Speech(codec) => (codec, Content::Speech),
            Kind::Comfort => (self.tuning.map_or(Codec::Pcmu, |t| t.codec), Content::Comfort),
            Kind::Event => return,
        };
        let kept = tape.write(codec, arrival(&heard.packet, kind), now);
        if !kept && tape.is_abandoned() {
            self.tape = None;
        }
    }

    /// The next 20 ms of what the leg says, and their rate.
    pub fn pull(
        &mut self,
        now: Instant,
        neurons: &mut Neurons,
        frame: &mut Vec<i16>,
    ) -> Option<u32> {
        let ear = self.ear.as_mut()?;
        (ear.pull(now, neurons, frame) == Pulled::Frame).then(|| ear.rate())
    }

    /// Says 20 ms of sound to the leg, unless it hears keys.
    pub fn speak(&mut self, sound: (&[i16], u32), now: Instant, outbox: &mut Outbox) {
        if !self.dialing.is_busy() {
            self.utter(sound, now, outbox);
        }
    }

    pub(in crate::media) fn utter(
        &mut self,
        (frame, rate): (&[i16], u32),
        now: Instant,
        outbox: &mut Outbox,
    ) {
        let Some((tuning, to)) = self.open() else { return };
        let form = Form::of(&tuning);
        if !self.voice.as_ref().is_some_and(|voice| voice.fits(form, rate)) {
            self.voice = Voice::new(form, rate).map(Box::new);
        }
        let loss = self.reports.told().percent_to_lose();
        let Some(voice) = &mut self.voice else { return };
        voice.say(frame);
        let mut payload = [0; PAYLOAD];
        while let Some(spoken) = voice.next(loss, &mut payload) {
            let stamp = self.stream.produce(spoken.ticks, spoken.silent, now);
            self.stream.count(spoken.length);
            outbox.push((self.leg, Channel::Rtp), to, self.srtp.as_deref_mut(), |datagram| {
                stamped(stamp, tuning.payload_type, &payload[..spoken.length]).write(datagram)
            });
        }
    }

    /// How the leg wants to be spoken to, if it may be.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        self.open().map(|(tuning, _)| Form::of(&tuning))
    }

    /// Sends a packet that was coded for several legs at once; `None` where nobody speaks.
    pub fn speak_coded(
        &mut self,
        spoken: Option<Spoken>,
        payload: &[u8; PAYLOAD],
        now: Instant,
        outbox: &mut Outbox,
    ) {
        if self.dialing.is_busy() {
            return;
        }
        match spoken {
            Some(spoken) => self.send(Spoken { silent: 0, ..spoken }, payload, now, outbox),
            None => self.stream.begin(),
        }
    }

    /// Sends a packet of our own sound.
    pub fn send(&mut self, spoken: Spoken, payload: &[u8], now: Instant, outbox: &mut Outbox) {
        let Some((tuning, to)) = self.open() else { return };
        let stamp = self.stream.produce(spoken.ticks, spoken.silent, now);
        self.stream.count(spoken.length);
        outbox.push((self.leg, Channel::Rtp), to, self.srtp.as_deref_mut(), |datagram| {
            stamped(stamp, tuning.payload_type, &payload[..spoken.length]).write(datagram)
        });
    }

    /// Where sound may be sent now, and how.
    pub(in crate::media) fn open(&self) -> Option<(Tuning, SocketAddr)> {
        let tuning = self.tuning.filter(|tuning| tuning.send)?;
        Some((tuning, self.source.destination()?))
    }
}

fn arrival<'a>(packet: &Packet<'a>, kind: Content) -> Arrival<'a> {
    let &Packet { ssrc, sequence, timestamp, payload, .. } = packet;
    Arrival { ssrc, sequence, timestamp, kind, payload }
}

fn kind(tuning: &Tuning, payload_type: u8) -> Option<Kind> {
    if payload_type == tuning.payload_type {
        return Some(Kind::Speech(tuning.codec));
    }
    if Some(payload_type) == tuning.telephone_event {
        return Some(Kind::Event);
    }
    if payload_type == COMFORT_NOISE && tuning.codec != Codec::Opus {
        return Some(Kind::Comfort);
    }
    // RFC 3264 7: the far end may use any codec of the answer; the static types are never others.
    let same = |codec: &Codec| codec.is_static() && codec.payload_type() == payload_type;
    Codec::ALL.into_iter().find(same).map(Kind::Speech)
}

/// A packet of ours under the numbers it goes out with.
pub(in crate::media) fn stamped(stamp: Stamp, payload_type: u8, payload: &[u8]) -> Packet<'_> {
    Packet {
        marker: stamp.marker,
        payload_type,
        sequence: stamp.sequence,
        timestamp: stamp.timestamp,
        ssrc: stamp.ssrc,
        payload,
    }
}
