//! One leg's end of the patchbay: what comes from it, what goes to it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tracing::warn;

use crate::audio::dtmf::Detector;
use crate::leg::{LegId, RoomId, SoundTrouble};
use crate::media::codec::Codec;
use crate::media::dialing::{Dialing, Step};
use crate::media::ear::{Ear, Figures, Pulled};
use crate::media::extended::{ExtendedTerms, Speech};
use crate::media::handle::Tuning;
use crate::media::jitter::{Arrival, Content};
use crate::media::neurons::Neurons;
use crate::media::outbox::{Channel, Outbox};
use crate::media::packet::{HEADER, LARGEST, Packet};
use crate::media::playback::Playback;
use crate::media::presses::{Presses, Way};
use crate::media::quality::Quality;
use crate::media::reception::Reception;
use crate::media::rtcp::{Reports, write_goodbye};
use crate::media::score::{self, Mos};
use crate::media::source::Source;
use crate::media::srtp::{Refusal, Srtp};
use crate::media::star::Star;
use crate::media::stream::{Stamp, Stream};
use crate::media::tap::Tap;
use crate::media::tape::TapeWriter;
use crate::media::telephone_event::{Finger, Keypad};
use crate::media::trouble::Troubles;
use crate::media::voice::{Form, PAYLOAD, Spoken, Voice};
use crate::media::watch::Watch;
use crate::time::Moment;

/// Keys' tones are made at this rate; all of them lie below its half.
const TONE_RATE: u32 = 8_000;
/// RFC 3389 4.
const COMFORT_NOISE: u8 = 13;

/// What most phones ask for beside the usual reports.
const NOTHING: ExtendedTerms = ExtendedTerms { round_trip: false, speech: false };

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

    /// Takes a report in.
    pub fn hear_report(
        &mut self,
        from: SocketAddr,
        datagram: &[u8],
        silence: Duration,
        now: Moment,
    ) {
        let Some(tuning) = self.tuning else { return };
        let (host, theirs) = match self.source.locked() {
            Some((address, ssrc)) => (address.ip(), Some(ssrc)),
            None => (tuning.remote.ip().to_canonical(), None),
        };
        let ours = self.stream.sent(now.ticks).ssrc;
        if from.ip().to_canonical() != host || !self.reports.read(datagram, (ours, theirs), now) {
            self.strangers += 1;
            return;
        }
        self.watch.heard(silence, now.ticks);
        self.troubles.heard();
        if theirs.is_some() {
            self.reports_from = Some(from);
        }
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

    fn utter(&mut self, (frame, rate): (&[i16], u32), now: Instant, outbox: &mut Outbox) {
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

    /// What a packet of the leg's says of its keys: a press that is news, and what its finger does.
    pub fn finger(&mut self, heard: &Heard<'_>, now: Instant) -> (Option<char>, Option<Finger>) {
        match heard.kind {
            Kind::Event => {
                let finger = self.keypad.read(&heard.packet, now);
                let key = match finger {
                    Some(Finger::Down(key) | Finger::Tapped(key)) => Some(key),
                    Some(Finger::Up) | None => None,
                };
                (key.filter(|&key| self.presses.is_new(key, Way::Event, now)), finger)
            }
            Kind::Speech(codec) => {
                let Some(law) = codec.law().filter(|_| self.may_dial_by_tones()) else {
                    return (None, None);
                };
                let key = self.tones.hear_coded(law, heard.packet.payload);
                (key.filter(|&key| self.presses.is_new(key, Way::Tone, now)), None)
            }
            Kind::Comfort => (None, None),
        }
    }

    /// Towards another phone tones are simply heard; listening to each packet of a call for them
    /// would cost a third of its relay, and phones with events do not send tones.
    fn may_dial_by_tones(&self) -> bool {
        let events = self.tuning.is_some_and(|tuning| tuning.telephone_event.is_some());
        !(events && matches!(self.hears, Hears::Leg(_)))
    }

    /// Sends what is due of the keys pressed towards the leg.
    pub fn tick_keys(&mut self, now: Instant, outbox: &mut Outbox) {
        if !self.dialing.is_busy() {
            return;
        }
        let Some(tuning) = self.tuning else { return };
        let clock = tuning.telephone_event.map(|_| tuning.event_clock);
        let mut frame = Vec::new();
        while let Some(step) = self.dialing.step(clock, TONE_RATE, &mut frame, now) {
            match step {
                Step::Event { event, first } => {
                    let (Some((tuning, to)), Some(payload)) = (self.open(), event.write()) else {
                        continue;
                    };
                    let Some(payload_type) = tuning.telephone_event else { continue };
                    let stamp = self.stream.press(first, now);
                    self.stream.count(payload.len());
                    outbox.push(
                        (self.leg, Channel::Rtp),
                        to,
                        self.srtp.as_deref_mut(),
                        |datagram| stamped(stamp, payload_type, &payload).write(datagram),
                    );
                }
                Step::Tone => self.utter((&frame, TONE_RATE), now, outbox),
                Step::Pause => {}
            }
        }
        if !self.dialing.is_busy() {
            self.stream.begin();
        }
    }

    /// When keys pressed towards the leg, or its own, want attention.
    #[must_use]
    pub fn keys_due(&self) -> Option<Instant> {
        self.dialing.due().into_iter().chain(self.keypad.poll_timeout()).min()
    }

    /// Sends the report that is due.
    pub fn report(&mut self, lot: u64, now: Moment, outbox: &mut Outbox) {
        let figures = (self.stream.sent(now.ticks), self.reception.account());
        let mut datagram = [0; LARGEST];
        let ssrcs = (figures.0.ssrc, figures.1.map(|account| account.ssrc));
        let length = self.reports.write(figures, lot, now, &mut datagram);
        let length = match self.tuning.map(|tuning| tuning.extended).unwrap_or_default() {
            NOTHING => length,
            terms => {
                let speech = ssrcs.1.map(|theirs| self.speech(theirs));
                self.reports.extend(terms, ssrcs, speech, (length, now), &mut datagram)
            }
        };
        let Some(to) = self.reports_to() else { return };
        outbox.push((self.leg, Channel::Rtcp), to, self.srtp.as_deref_mut(), |out| {
            out[..length].copy_from_slice(&datagram[..length]);
            length
        });
    }

    /// How its sound reaches us, for its extended report.
    fn speech(&self, theirs: u32) -> Speech {
        let quality = self.quality();
        let heard = quality.heard;
        let late = quality.decoded.late;
        let of_256 = |part: u64| {
            (part * 256).checked_div(heard.packets + heard.lost).unwrap_or_default().min(255) as u8
        };
        let (density, packet) = self.reception.bursts();
        let millis = |span: Duration| span.as_millis().min(u16::MAX.into()) as u16;
        let codec = self.tuning.map_or(Codec::Pcmu, |tuning| tuning.codec);
        let counts = (heard.packets, heard.lost + late);
        let one_way = quality.told.round_trip.unwrap_or_default() / 2 + quality.delay;
        Speech {
            ssrc: theirs,
            lost: of_256(heard.lost),
            discarded: of_256(late),
            density,
            packet,
            round_trip: quality.told.round_trip.map(millis).unwrap_or_default(),
            delay: self.ear.as_ref().map(|_| millis(quality.delay)),
            rating: score::rating(codec, counts, one_way).map(|rating| rating.round() as u8),
            listening: Mos::estimate(codec, counts, Duration::ZERO).map(Mos::tenths),
            conversing: quality.mos.map(Mos::tenths),
        }
    }

    /// Tells the far end, if it has heard us, that it will hear no more.
    pub fn say_goodbye(&mut self, now: Instant, outbox: &mut Outbox) {
        let sent = self.stream.sent(now);
        if let Some(to) = self.reports_to().filter(|_| sent.packets > 0) {
            let srtp = self.srtp.as_deref_mut();
            outbox.push((self.leg, Channel::Rtcp), to, srtp, |out| write_goodbye(sent, out));
        }
    }

    /// What all its ears together have done.
    #[must_use]
    pub fn decoded_so_far(&self) -> Figures {
        let now = self.ear.as_ref().map(|ear| ear.figures()).unwrap_or_default();
        let Figures { frames, concealed, late } = self.decoded;
        Figures {
            frames: frames + now.frames,
            concealed: concealed + now.concealed,
            late: late + now.late,
        }
    }

    #[must_use]
    pub fn quality(&self) -> Quality {
        let (heard, told, decoded) =
            (self.reception.heard(), self.reports.told(), self.decoded_so_far());
        let delay = self.ear.as_ref().map(|ear| ear.delay()).unwrap_or_default();
        let one_way = told.round_trip.unwrap_or_default() / 2 + delay;
        let mos = self.tuning.and_then(|tuning| {
            Mos::estimate(tuning.codec, (heard.packets, heard.lost + decoded.late), one_way)
        });
        let (strangers, malformed) = (self.strangers, self.malformed);
        let (forged, replayed) = (self.forged, self.replayed);
        Quality { heard, told, decoded, delay, mos, strangers, malformed, forged, replayed }
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

    /// The described address, unless the leg is behind NAT: then only where its reports come from.
    fn reports_to(&self) -> Option<SocketAddr> {
        let tuning = self.tuning?;
        let sound = self.source.destination()?;
        if self.reports_from.is_some() {
            return self.reports_from;
        }
        let above = || Some(SocketAddr::new(sound.ip(), tuning.remote.port().checked_add(1)?));
        let described = tuning.remote_rtcp.or_else(above)?;
        (described.ip().to_canonical() == sound.ip() && described.port() != 0).then_some(described)
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
fn stamped(stamp: Stamp, payload_type: u8, payload: &[u8]) -> Packet<'_> {
    Packet {
        marker: stamp.marker,
        payload_type,
        sequence: stamp.sequence,
        timestamp: stamp.timestamp,
        ssrc: stamp.ssrc,
        payload,
    }
}
