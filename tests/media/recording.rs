//! What is kept of a call: from the patchbay by its tapes to the file.

use std::path::Path;
use std::time::Duration;

use naru::audio::detect::{level, share};
use naru::audio::tone::sine;
use naru::history::call_id::CallId;
use naru::history::recording_name::Kept;
use naru::leg::{RecordingEnd, RecordingId, Side};
use naru::media::codec::Codec::{self, G722, Opus, Pcma, Pcmu};
use naru::media::handle::Tuning;
use naru::media::tape::tape;
use naru::office::call_recording::{Format, RecordingRules};
use naru::recording::handle::{RecordingCommand, RecordingEvent};
use naru::recording::recorder::Recorder;
use naru::recording::take::Limits;
use opus::{Channels, Decoder};
use tempfile::TempDir;

use crate::bench::{ALICE, BOB, Bench, TICK, leg, spoken, tuning};
use crate::network;

const RATE: u32 = 16_000;
const ID: RecordingId = RecordingId(1);
const HOUR: Duration = Duration::from_secs(3_600);

/// Alice and Bob, who are recorded while they talk.
struct Studio {
    bench: Bench,
    recorder: Recorder,
    folder: TempDir,
    said: [Vec<Vec<u8>>; 2],
    codecs: [Codec; 2],
    count: u16,
}

impl Studio {
    fn open(codecs: [Codec; 2], format: Format) -> Self {
        let rules = RecordingRules { format, free_disk: 0, ..RecordingRules::default() };
        let folder = tempfile::tempdir().unwrap();
        let [alice, bob] = codecs;
        let tone = |codec: Codec, hz: f64| {
            let rate = if codec == Opus { RATE } else { codec.rate() };
            network::spoken(codec, 0.0, &sine(rate, hz, -12.0, Duration::from_secs(8)))
        };
        Self {
            bench: Bench::joined(alice, bob),
            recorder: Recorder::new(folder.path().join("kept"), rules),
            folder,
            said: [tone(alice, 500.0), tone(bob, 1_000.0)],
            codecs,
            count: 0,
        }
    }

    fn begin(&mut self, kept: Kept, limits: Limits, legs: &[(u64, Side)]) {
        let at = self.bench.now.ticks;
        self.tell(RecordingCommand::Begin { recording: ID, call: CallId(12), kept, limits, at });
        for &(name, side) in legs {
            let (writer, tape) = tape(64 * 1024, at);
            self.tell(RecordingCommand::Add { recording: ID, leg: leg(name), side, tape });
            self.bench.patchbay.record(leg(name), writer);
        }
    }

    fn begin_call(&mut self) {
        let limits = Limits { length: HOUR, silence: None };
        self.begin(Kept::Conversation, limits, &[(ALICE, Side::Customer), (BOB, Side::Office)]);
    }

    fn tell(&mut self, command: RecordingCommand) {
        self.recorder.handle(command, self.bench.now);
    }

    fn talk(&mut self, time: Duration) {
        self.talk_of(time, &[ALICE, BOB]);
    }

    fn talk_of(&mut self, time: Duration, who: &[u64]) {
        for _ in 0..time.as_millis() / 20 {
            let number = usize::from(self.count);
            for (at, name) in [ALICE, BOB].into_iter().enumerate() {
                if who.contains(&name) {
                    let payload = &self.said[at][number % self.said[at].len()];
                    let codec = self.codecs[at];
                    let ticks = codec.clock() / 50 * u32::from(self.count);
                    let mut packet = spoken(codec, self.count, payload);
                    packet.timestamp = ticks;
                    self.bench.say(name, &packet);
                }
            }
            self.count += 1;
            self.bench.wait(TICK);
            self.recorder.advance(self.bench.now);
        }
    }

    fn end(&mut self) -> Vec<RecordingEvent> {
        let at = self.bench.now.ticks;
        self.tell(RecordingCommand::End { recording: ID, at });
        std::iter::from_fn(|| self.recorder.poll_event()).collect()
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join("kept").join(name)).unwrap()
    }
}

/// The channels of an Ogg file, by its pages.
fn opus_channels(file: &[u8], channels: usize) -> Vec<Vec<i16>> {
    let layout = if channels == 2 { Channels::Stereo } else { Channels::Mono };
    let mut decoder = Decoder::new(RATE, layout).unwrap();
    let mut heard = Vec::new();
    // The first two tell what follows.
    for packet in &ogg_packets(file)[2..] {
        let mut sound = vec![0; 5_760 * channels];
        let count = decoder.decode(packet, &mut sound, false).unwrap();
        heard.extend_from_slice(&sound[..count * channels]);
    }
    let channel = |at| heard.iter().skip(at).step_by(channels).copied().collect();
    (0..channels).map(channel).collect()
}

fn ogg_packets(file: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = vec![Vec::new()];
    let mut rest = file;
    while !rest.is_empty() {
        assert_eq!(&rest[..4], b"OggS");
        let (lengths, mut body) = rest[27..].split_at(usize::from(rest[26]));
        for &length in lengths {
            let (segment, after) = body.split_at(usize::from(length));
            packets.last_mut().unwrap().extend_from_slice(segment);
            body = after;
            if length < 255 {
                packets.push(Vec::new());
            }
        }
        rest = body;
    }
    packets.pop();
    packets
}

fn wav_channels(file: &[u8]) -> Vec<Vec<i16>> {
    assert_eq!((&file[..4], &file[36..40]), (b"RIFF".as_slice(), b"data".as_slice()));
    let told = u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize;
    let samples: Vec<i16> =
        file[44..44 + told].chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    vec![
        samples.iter().step_by(2).copied().collect(),
        samples.iter().skip(1).step_by(2).copied().collect(),
    ]
}

fn middle(sound: &[i16]) -> &[i16] {
    let cut = RATE as usize / 2;
    let length = (sound.len() - 2 * cut) / 1_600 * 1_600;
    &sound[cut..cut + length]
}

#[test]
fn each_side_is_on_a_channel_of_its_own_in_every_codec() {
    for codecs in [[Pcmu, Pcma], [G722, Opus], [Opus, Pcmu]] {
        for format in [Format::Opus, Format::Wav] {
            let mut studio = Studio::open(codecs, format);
            studio.begin_call();
            studio.talk(Duration::from_secs(4));
            let events = studio.end();
            let name = format!("call-12-1.{}", format.extension());
            assert!(
                matches!(events[..], [
                    RecordingEvent::Began { name: begun, .. },
                    RecordingEvent::Ended { end: RecordingEnd::Asked, .. },
                ] if begun.to_string() == name),
                "{events:?}"
            );
            let file = studio.file(&name);
            let sides = match format {
                Format::Opus => opus_channels(&file, 2),
                Format::Wav => wav_channels(&file),
            };
            for (side, (own, other)) in sides.iter().zip([(500.0, 1_000.0), (1_000.0, 500.0)]) {
                let length = side.len() as f64 / f64::from(RATE);
                assert!((3.9..=4.1).contains(&length), "{codecs:?} {format:?}: {length} s");
                let heard = middle(side);
                assert!(share(heard, RATE, own) > 0.95, "{codecs:?} {format:?} {own}");
                let leaks = level(heard, RATE, other) - level(heard, RATE, own);
                assert!(leaks < -30.0, "{codecs:?} {format:?} {own}: {leaks} dB of the other");
            }
        }
    }
}

/// The patchbay goes on sending while nobody empties the tapes.
#[test]
fn a_slow_disk_costs_recording_and_never_sound() {
    let mut studio = Studio::open([Pcmu, Pcmu], Format::Wav);
    studio.begin_call();
    studio.talk(Duration::from_secs(1));
    let sent = studio.bench.got(BOB).len();
    let recorder = std::mem::replace(
        &mut studio.recorder,
        Recorder::new(studio.folder.path().to_owned(), RecordingRules::default()),
    );
    studio.talk(Duration::from_secs(20));
    assert_eq!(studio.bench.got(BOB).len() - sent, 1_000);
    studio.recorder = recorder;
    studio.recorder.advance(studio.bench.now);
    studio.talk(Duration::from_secs(1));
    studio.end();
    let [left, _] = &wav_channels(&studio.file("call-12-1.wav"))[..] else { unreachable!("two") };
    let seconds = left.len() as f64 / f64::from(RATE);
    assert!((21.8..22.1).contains(&seconds), "time goes on: {seconds}");
    let lost = &left[RATE as usize * 12..RATE as usize * 20];
    assert!(lost.iter().all(|sample| sample.abs() < 2_000), "what the tape had no room for");
    let last = &left[left.len() - RATE as usize / 2..][..RATE as usize / 4];
    assert!(share(last, RATE, 500.0) > 0.9);
}

#[test]
fn what_is_said_in_a_pause_is_left_out_with_its_time() {
    let mut studio = Studio::open([Pcmu, Pcmu], Format::Wav);
    studio.begin_call();
    studio.talk(Duration::from_secs(2));
    let at = studio.bench.now.ticks;
    studio.tell(RecordingCommand::Pause { recording: ID, at });
    studio.talk_of(Duration::from_secs(3), &[BOB]);
    let at = studio.bench.now.ticks;
    studio.tell(RecordingCommand::Resume { recording: ID, at });
    studio.talk_of(Duration::from_secs(2), &[ALICE]);
    studio.end();
    let sides = wav_channels(&studio.file("call-12-1.wav"));
    let seconds = sides[0].len() as f64 / f64::from(RATE);
    assert!((3.9..4.1).contains(&seconds), "{seconds}");
    let after = RATE as usize * 5 / 2..RATE as usize * 7 / 2;
    assert!(share(&sides[0][after.clone()], RATE, 500.0) > 0.95);
    assert!(level(&sides[1][after], RATE, 1_000.0) < -60.0, "Bob spoke in the pause alone");
}

/// L42: a phone that holds sends its own music and wants to hear nothing.
#[test]
fn the_music_of_a_phone_that_holds_is_left_out() {
    let mut studio = Studio::open([Pcmu, Pcmu], Format::Wav);
    studio.begin_call();
    studio.talk(Duration::from_secs(1));
    let holds = Tuning { send: false, ..tuning(BOB, Pcmu) };
    studio.bench.patchbay.tune(leg(BOB), holds, studio.bench.now);
    studio.talk(Duration::from_secs(3));
    studio.end();
    let sides = wav_channels(&studio.file("call-12-1.wav"));
    let held = RATE as usize * 2..RATE as usize * 7 / 2;
    assert!(level(&sides[1][held.clone()], RATE, 1_000.0) < -60.0);
    assert!(share(&sides[0][held], RATE, 500.0) > 0.95, "the other side is kept (L42)");
}

#[test]
fn a_message_ends_when_nobody_speaks_or_it_is_long_enough() {
    let ends = |limits: Limits, speaks: u64| {
        let mut studio = Studio::open([Pcma, Pcma], Format::Opus);
        studio.begin(Kept::Message, limits, &[(ALICE, Side::Customer)]);
        studio.talk_of(Duration::from_secs(speaks), &[ALICE]);
        studio.talk_of(Duration::from_secs(6 - speaks), &[]);
        let mut events = std::iter::from_fn(|| studio.recorder.poll_event());
        let ended = events.find_map(|event| match event {
            RecordingEvent::Ended { end, length, spoken, .. } => {
                Some((end, length.as_secs_f64(), spoken.as_secs_f64()))
            }
            RecordingEvent::Began { .. } | RecordingEvent::Expired { .. } => None,
        });
        let heard = opus_channels(&studio.file("message-12-1.opus"), 1);
        assert!(share(middle(&heard[0][..RATE as usize * 2]), RATE, 500.0) > 0.95);
        ended
    };
    let silence = Some(Duration::from_secs(2));
    let (end, length, spoken) = ends(Limits { length: HOUR, silence }, 3).unwrap();
    assert_eq!(end, RecordingEnd::Silence);
    assert!((4.9..5.6).contains(&length), "{length}");
    assert!((2.9..3.4).contains(&spoken), "{spoken}");
    let limits = Limits { length: Duration::from_secs(4), silence };
    assert_eq!(ends(limits, 6), Some((RecordingEnd::TooLong, 4.0, 4.0)));
    assert_eq!(ends(Limits { length: HOUR, silence: None }, 3), None);
}

/// A crash in the middle leaves a file that can be played.
#[test]
fn a_file_that_was_never_closed_can_be_played() {
    for format in [Format::Opus, Format::Wav] {
        let mut studio = Studio::open([Pcmu, Pcmu], format);
        studio.begin_call();
        studio.talk(Duration::from_secs(5));
        let file = studio.file(&format!("call-12-1.{}", format.extension()));
        let clip = naru::audio::import::import(&file).unwrap();
        let seconds = clip.duration().as_secs_f64();
        assert!((3.5..5.0).contains(&seconds), "{format:?}: {seconds}");
    }
}

#[test]
fn a_disk_that_cannot_be_written_ends_the_recording_and_nothing_else() {
    let mut studio = Studio::open([Pcmu, Pcmu], Format::Opus);
    std::fs::write(studio.folder.path().join("kept"), "in the way").unwrap();
    studio.begin_call();
    studio.talk(Duration::from_secs(1));
    let events = studio.end();
    let [RecordingEvent::Ended { end, length, .. }] = events[..] else {
        unreachable!("{events:?}")
    };
    assert_eq!((end, length), (RecordingEnd::NoDisk, Duration::ZERO));
    assert_eq!(studio.bench.got(BOB).len(), 50);
}

#[test]
fn several_recordings_of_a_call_are_found_by_it_and_deleted_by_name() {
    let mut studio = Studio::open([Pcmu, Pcmu], Format::Opus);
    for _ in 0..2 {
        studio.begin_call();
        studio.talk(Duration::from_secs(1));
        studio.end();
    }
    studio.begin_call();
    studio.end();
    let list = |studio: &mut Studio, call| {
        let (reply, mut answer) = tokio::sync::oneshot::channel();
        studio.tell(RecordingCommand::List { call: Some(CallId(call)), reply });
        let found = answer.try_recv().unwrap().unwrap();
        found.iter().map(|found| found.name.to_string()).collect::<Vec<_>>()
    };
    let kept = list(&mut studio, 12);
    assert_eq!(kept, ["call-12-1.opus", "call-12-2.opus"], "an empty one leaves nothing");
    assert_eq!(list(&mut studio, 1), [""; 0]);
    let (reply, mut answer) = tokio::sync::oneshot::channel();
    let name = kept[0].parse().unwrap();
    studio.tell(RecordingCommand::Delete { name, reply });
    answer.try_recv().unwrap().unwrap();
    assert_eq!(list(&mut studio, 12), ["call-12-2.opus"]);
    assert!(!Path::exists(&studio.folder.path().join("kept/call-12-1.opus")));
}
