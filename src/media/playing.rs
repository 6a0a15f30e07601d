//! What a leg hears of a clip, and when.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::audio::g711::Law;
use crate::leg::PlayId;
use crate::media::clip::playback::Step;
use crate::media::clip::pressings::Pressings;
use crate::media::cuts::Cuts;
use crate::media::line::{Hears, Line};
use crate::media::outbox::Outbox;
use crate::media::voice::{Form, PAYLOAD, Spoken, Voice};

/// Samples a millisecond of either law.
const PER_MILLISECOND: usize = 8;

impl Line {
    /// Sends what is due of a clip; returns the playing that has come to its end.
    pub fn tick(
        &mut self,
        now: Instant,
        pressings: &mut Pressings,
        outbox: &mut Outbox,
    ) -> Option<PlayId> {
        let tuning = self.tuning?;
        let form = Form::of(&tuning);
        while let Hears::Clip(playback) = &self.hears
            && playback.due().is_some_and(|due| due <= now)
        {
            let play = playback.play;
            let step = match tuning.codec.law() {
                Some(law) => self.tick_law(law, form.ptime, now, outbox),
                None => self.tick_wide(form, pressings, now, outbox),
            };
            if step == Step::Ended {
                self.hears = Hears::Nothing;
                return Some(play);
            }
        }
        None
    }

    fn tick_law(&mut self, law: Law, ptime: u8, now: Instant, outbox: &mut Outbox) -> Step {
        let mut codes = [0; PAYLOAD];
        let codes = &mut codes[..usize::from(ptime) * PER_MILLISECOND];
        let open = self.may_hear();
        let Hears::Clip(playback) = &mut self.hears else { return Step::Ended };
        let skipped = playback.advance(Duration::from_millis(ptime.into()), now);
        if playback.fill(law, codes) == Step::Ended {
            return Step::Ended;
        }
        // A leg on hold does not hear it, yet the clip ends when it should.
        if open {
            let spoken = Spoken { length: codes.len(), ticks: codes.len() as u32, silent: skipped };
            self.send(spoken, codes, now, outbox);
        }
        Step::Sounds
    }

    /// A packet that was coded for all who hear the clip, or one of the leg's own voice.
    fn tick_wide(
        &mut self,
        form: Form,
        pressings: &mut Pressings,
        now: Instant,
        outbox: &mut Outbox,
    ) -> Step {
        let (open, loss) = (self.may_hear(), self.reports.told().percent_to_lose());
        let Hears::Clip(playback) = &mut self.hears else { return Step::Ended };
        let skipped = playback.advance(Duration::from_millis(form.ptime.into()), now);
        playback.silent = playback.silent.saturating_add(skipped);
        let Some((cuts, index)) = playback.packet(form) else { return playback.nothing() };
        if index == cuts.count() {
            return Step::Ended;
        }
        playback.pass((cuts, index));
        if !open {
            playback.left_out();
            return Step::Sounds;
        }
        let what = (playback.clip(), cuts, index);
        let Some(payload) = pressings.packet(what, (form, form.shared_loss(loss)), now) else {
            self.tick_live(form, (cuts, index), now, outbox);
            return Step::Sounds;
        };
        if payload.is_empty() {
            playback.left_out();
            return Step::Sounds;
        }
        let ticks = form.codec.clock() / 1_000 * u32::from(form.ptime);
        let spoken =
            Spoken { length: payload.len(), ticks, silent: mem::take(&mut playback.silent) };
        // What its own voice has not sent yet is older than this.
        (playback.live, self.voice) = (false, None);
        self.send(spoken, payload, now, outbox);
        Step::Sounds
    }

    fn tick_live(
        &mut self,
        form: Form,
        (cuts, index): (Cuts, usize),
        now: Instant,
        outbox: &mut Outbox,
    ) {
        let Hears::Clip(playback) = &mut self.hears else { return };
        let clip = Arc::clone(playback.clip());
        let mut packet = mem::take(&mut playback.frame);
        if mem::take(&mut playback.silent) > 0 {
            self.stream.begin();
        }
        if !mem::replace(&mut playback.live, true) {
            self.voice = Voice::within(form, (&clip, cuts, index)).map(Box::new);
        }
        let (rate, samples) = clip.linear();
        packet.clear();
        cuts.take(samples, index, &mut packet);
        self.speak((&packet, rate), now, outbox);
        if let Hears::Clip(playback) = &mut self.hears {
            playback.frame = packet;
        }
    }

    fn may_hear(&self) -> bool {
        self.open().is_some() && !self.dialing.is_busy()
    }

    #[must_use]
    pub fn clip_due(&self) -> Option<Instant> {
        self.tuning?;
        match &self.hears {
            Hears::Clip(playback) => playback.due(),
            Hears::Nothing | Hears::Itself | Hears::Leg(_) | Hears::Room(_) => None,
        }
    }
}
