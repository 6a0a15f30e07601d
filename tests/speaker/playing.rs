//! What a card is given: pitch, pace, volume, order.

use std::time::Duration;

use naru::audio::detect::{level, share};
use naru::audio::pipe::pipe;
use naru::audio::tone::sine;
use naru::speaker::card::CardState;
use naru::speaker::handle::CardNames;
use naru::speaker::run;
use naru::speaker::score::{Cue, CueId, Purpose, Sound, Volume};

use crate::lab::{cue, in_lab, sounding, tone};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_tone_is_that_tone_on_every_card_and_lasts_as_long() {
    in_lab("playing::a_tone_is_that_tone_on_every_card_and_lasts_as_long", |lab| {
        let cards = [("mono", 48_000), ("stereo", 48_000), ("slow", 16_000), ("odd", 44_100)];
        let speakers = cards.map(|(card, _)| lab.speaker(card));
        for clip_rate in [8_000, 22_050, 48_000] {
            let before = cards.map(|(card, _)| lab.heard(card).len());
            for speaker in &speakers {
                speaker.start(cue(1, Purpose::Announce, tone(clip_rate, 1_000.0, SECOND)));
            }
            for (((card, rate), speaker), before) in cards.iter().zip(&speakers).zip(before) {
                lab.wait(12 * SECOND, "the end", || {
                    speaker.state(Purpose::Announce) == Some(CardState::Idle)
                        && lab.heard(card).len() > before
                });
                let heard = lab.heard(card).split_off(before);
                let heard = sounding(&heard);
                let second = *rate as usize;
                let off = heard.len().abs_diff(second);
                assert!(off < second / 200, "{card} {clip_rate}: {}", heard.len());
                let middle = &heard[second / 10..second * 9 / 10];
                assert!(share(middle, *rate, 1_000.0) > 0.999, "{card} {clip_rate}");
                assert!((level(middle, *rate, 1_000.0) + 12.0).abs() < 0.5, "{card} {clip_rate}");
            }
        }
    });
}

#[test]
fn the_card_sets_the_pace() {
    in_lab("playing::the_card_sets_the_pace", |lab| {
        let speaker = lab.speaker("mono");
        let start = lab.now();
        speaker.start(cue(1, Purpose::Announce, tone(8_000, 1_000.0, 3 * SECOND)));
        lab.wait(8 * SECOND, "the end of the tone", || {
            lab.heard("mono").len() > 4_800 && sounding(&lab.heard("mono")).len() >= 143_000
        });
        let took = (lab.now() - start).as_secs_f64();
        assert!((2.8..3.6).contains(&took), "three seconds took {took}");
    });
}

#[test]
fn a_ring_goes_on_until_it_is_stopped_and_makes_way_for_words() {
    in_lab("playing::a_ring_goes_on_until_it_is_stopped_and_makes_way_for_words", |lab| {
        let speaker = lab.speaker("mono");
        speaker.start(cue(1, Purpose::Ring, tone(8_000, 500.0, SECOND)));
        lab.pause(1_500 * SECOND / 1_000);
        speaker.start(cue(2, Purpose::Announce, tone(8_000, 2_000.0, SECOND)));
        lab.pause(2 * SECOND);
        speaker.stop(CueId(1));
        lab.wait(8 * SECOND, "silence", || speaker.state(Purpose::Ring) == Some(CardState::Idle));
        let heard = lab.heard("mono");
        let ring = |part: &[i16]| level(part, 48_000, 500.0);
        let words = |part: &[i16]| level(part, 48_000, 2_000.0);
        let parts: Vec<&[i16]> = heard.chunks(2_400).collect();
        let spoken: Vec<_> = parts.iter().filter(|part| words(part) > -13.0).collect();
        assert!((17..=20).contains(&spoken.len()), "a second of words: {}", spoken.len());
        for part in &spoken[2..spoken.len() - 2] {
            assert!((ring(part) + 30.0).abs() < 1.0, "ducked by 18 dB: {}", ring(part));
        }
        let full = parts.iter().filter(|part| ring(part) > -13.0).count();
        assert!((40..=60).contains(&full), "the ring before and after: {full}");
        assert!(ring(parts[parts.len() - 2]) < -80.0, "stopped");
    });
}

#[test]
fn each_purpose_has_its_card() {
    in_lab("playing::each_purpose_has_its_card", |lab| {
        let names: CardNames =
            [(Purpose::Ring, "mono".to_owned()), (Purpose::Announce, "odd".to_owned())].into();
        let speaker = run::run(&names).unwrap();
        assert_eq!(speaker.states().count(), 2);
        speaker.start(cue(1, Purpose::Ring, tone(8_000, 500.0, SECOND)));
        speaker.start(cue(2, Purpose::Announce, tone(8_000, 1_000.0, SECOND / 2)));
        speaker.start(cue(3, Purpose::Page, tone(8_000, 2_000.0, SECOND / 2)));
        lab.wait(5 * SECOND, "both cards", || {
            sounding(&lab.heard("mono")).len() > 20_000
                && sounding(&lab.heard("odd")).len() > 20_000
        });
        assert!(share(&sounding(&lab.heard("mono"))[2_400..19_200], 48_000, 500.0) > 0.99);
        assert!(share(&sounding(&lab.heard("odd"))[2_205..17_640], 44_100, 1_000.0) > 0.99);
    });
}

#[test]
fn whoever_pages_is_heard_as_he_speaks() {
    in_lab("playing::whoever_pages_is_heard_as_he_speaks", |lab| {
        let speaker = lab.speaker("mono");
        let (mut writer, reader) = pipe(8_000);
        let sound = Sound::Live { reader, rate: 8_000 };
        speaker.start(Cue {
            id: CueId(1),
            purpose: Purpose::Page,
            sound,
            volume: Volume::percent(100),
        });
        let mut speech = sine(8_000, 1_000.0, -12.0, 2 * SECOND).into_iter();
        let start = lab.now();
        for packet in 1..=100_u32 {
            writer.write(speech.by_ref().take(160));
            let due = start + packet * Duration::from_millis(20);
            lab.pause(due.saturating_duration_since(lab.now()));
        }
        drop(writer);
        lab.wait(6 * SECOND, "silence", || speaker.state(Purpose::Page) == Some(CardState::Idle));
        let heard = lab.heard("mono");
        let heard = sounding(&heard);
        let seconds = heard.len() as f64 / 48_000.0;
        assert!((1.9..2.5).contains(&seconds), "two seconds of speech became {seconds}");
        assert!(share(&heard[4_800..81_600], 48_000, 1_000.0) > 0.9);
    });
}
