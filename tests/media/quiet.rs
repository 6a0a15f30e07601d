//! Phones that send nothing while nobody speaks: what they leave out is no loss, and is not filled
//! with anything that was not there.

use std::time::Duration;

use naru::audio::builtin::{self, Prompt};
use naru::audio::detect::{loudness, share};
use naru::audio::g722::G722Decoder;
use naru::audio::opus::{Effort, OpusDecoder, OpusEncoder};
use naru::audio::resample::resample;
use naru::audio::tone::sine;
use naru::media::codec::Codec::{self, G722, Opus, Pcmu};
use naru::media::packet::Packet;

use crate::bench::{ALICE, BOB, Bench, Got, TICK, leg};
use crate::network::spoken;

/// A phone that leaves packets out: sequence numbers go on, timestamps keep time.
struct Quiet {
    codec: Codec,
    count: u32,
    sequence: u16,
    sent_last: bool,
}

impl Quiet {
    fn new(codec: Codec) -> Self {
        Self { codec, count: 0, sequence: 500, sent_last: false }
    }

    /// 20 ms; nothing is sent if there is nothing to say.
    fn tick(&mut self, bench: &mut Bench, said: Option<(u8, &[u8])>) {
        if let Some((payload_type, payload)) = said {
            self.sequence = self.sequence.wrapping_add(1);
            let marker = !self.sent_last;
            let timestamp = 70_000 + self.count * (self.codec.clock() / 50);
            let (sequence, ssrc) = (self.sequence, 0xa11ce);
            bench.say(ALICE, &Packet { marker, payload_type, sequence, timestamp, ssrc, payload });
        }
        self.sent_last = said.is_some();
        self.count += 1;
        bench.wait(TICK);
    }
}

fn heard(got: &[Got]) -> Vec<i16> {
    let (mut decoder, mut sound) = (G722Decoder::default(), Vec::new());
    got.iter().for_each(|got| decoder.decode(&got.payload, &mut sound));
    sound
}

fn speech() -> Vec<Vec<u8>> {
    spoken(Pcmu, 0.0, &sine(8_000, 1_000.0, -10.0, Duration::from_secs(1)))
}

#[test]
fn comfort_noise_is_as_loud_as_the_phone_says_and_is_no_loss() {
    let mut bench = Bench::joined(Pcmu, G722);
    let mut phone = Quiet::new(Pcmu);
    let tone = speech();
    for _ in 0..2 {
        tone.iter().for_each(|payload| phone.tick(&mut bench, Some((0, payload))));
        // RFC 3389: one packet says how loud the line is, again now and then.
        for at in 0..150 {
            phone.tick(&mut bench, (at % 50 == 0).then_some((13, [45].as_slice())));
        }
    }
    let quality = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!((quality.heard.lost, quality.decoded.concealed, quality.decoded.late), (0, 0, 0));
    let got = bench.got(BOB);
    assert!((395..=400).contains(&got.len()), "{}", got.len());
    let sound = heard(got);
    for start in [60, 260] {
        let rush = &sound[start * 320..(start + 130) * 320];
        for part in rush.chunks(1_600) {
            assert!((loudness(part) + 42.0).abs() < 2.0, "{}", loudness(part));
            assert!(share(part, 16_000, 1_000.0) < 0.2, "nothing of the tone goes on");
        }
    }
    assert!(share(&sound[205 * 320..245 * 320], 16_000, 1_000.0) > 0.999, "the tone is back");
}

#[test]
fn silence_left_out_without_a_word_is_silence() {
    let mut bench = Bench::joined(Pcmu, G722);
    let mut phone = Quiet::new(Pcmu);
    // A second of speech that ends in silence, as it does when a phone stops sending.
    let mut tone = speech();
    tone.extend(vec![vec![0xff; 160]; 5]);
    for pause in [15, 25, 10] {
        tone.iter().for_each(|payload| phone.tick(&mut bench, Some((0, payload))));
        (0..pause).for_each(|_| phone.tick(&mut bench, None));
    }
    tone.iter().for_each(|payload| phone.tick(&mut bench, Some((0, payload))));
    let quality = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!((quality.heard.lost, quality.decoded.concealed, quality.decoded.late), (0, 0, 0));
    assert!(quality.delay <= Duration::from_millis(20), "{:?}", quality.delay);
    let sound = heard(bench.got(BOB));
    let first_pause = &sound[53 * 320..(55 + 13) * 320];
    assert!(loudness(first_pause) < -70.0, "{}", loudness(first_pause));
}

#[test]
fn opus_that_leaves_silence_out_is_no_loss_and_makes_no_noise() {
    let clip = builtin::prompt(Prompt::AllBusy, "en");
    let speech = resample(clip.samples(), clip.rate(), 16_000);
    let speech = &speech[..16_000 * 2];
    let silence = vec![0; 16_000 * 4];
    let mut encoder = OpusEncoder::new(16_000).unwrap();
    encoder.set(Effort { bitrate: 24_000, complexity: 5, loss: 0, dtx: true });
    let mut bench = Bench::joined(Opus, G722);
    let mut phone = Quiet::new(Opus);
    let (mut packet, mut left_out) = ([0; 400], 0);
    for part in [speech, &silence, speech, &silence] {
        for frame in part.chunks_exact(320) {
            let length = encoder.encode(frame, &mut packet);
            // libopus says by so short a packet that it need not be sent.
            let said = (length > 2).then_some((111, &packet[..length]));
            left_out += usize::from(said.is_none());
            phone.tick(&mut bench, said);
        }
    }
    assert!(left_out > 200, "silence was left out: {left_out}");
    let quality = bench.patchbay.quality(leg(ALICE)).unwrap();
    assert_eq!((quality.heard.lost, quality.decoded.concealed, quality.decoded.late), (0, 0, 0));
    assert!(quality.delay <= Duration::from_millis(20), "{:?}", quality.delay);
    let sound = heard(bench.got(BOB));
    assert!(sound.len().abs_diff(12 * 16_000) < 16_000 / 5, "{}", sound.len());
    let quiet = &sound[16_000 * 5 / 2..16_000 * 11 / 2];
    assert!(loudness(quiet) < -65.0, "{}", loudness(quiet));
    let again = &sound[16_000 * 6..16_000 * 8];
    let alone = decoded_alone(speech);
    assert!((loudness(again) - loudness(&alone)).abs() < 1.0, "speech is back");
}

fn decoded_alone(speech: &[i16]) -> Vec<i16> {
    let mut encoder = OpusEncoder::new(16_000).unwrap();
    encoder.set(Effort { bitrate: 24_000, complexity: 5, loss: 0, dtx: false });
    let mut decoder = OpusDecoder::new(16_000).unwrap();
    let (mut packet, mut sound) = ([0; 400], Vec::new());
    for frame in speech.chunks_exact(320) {
        let length = encoder.encode(frame, &mut packet);
        decoder.decode(&packet[..length], &mut sound);
    }
    sound
}
