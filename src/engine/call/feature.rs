//! What an agent dials to use the house itself, or to say something of themselves.

use std::time::Duration;

use crate::duty::DutyWish;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::{Ending, shortened};
use crate::engine::call::inbound::LONGEST_CLIP;
use crate::engine::call::phase::Phase;
use crate::engine::command::{Command, RoomSoundCommand, SoundCommand};
use crate::engine::dialling::WantedSound;
use crate::history::trail::trail::{Decision, Person};
use crate::leg::HangupCause;
use crate::office::announcement::Sound;
use crate::office::feature_code::Feature;
use crate::office::language::Language;

impl Call {
    pub(crate) fn use_feature(
        &mut self,
        agent: &Person,
        feature: Feature,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let wish = match feature {
            Feature::Echo => return self.echo(desk),
            Feature::Page => return self.page(desk),
            Feature::Time => return self.say_the_time(agent, desk),
            Feature::Voicemail => return self.listen(agent, desk),
            Feature::DoNotDisturb { on } => DutyWish::DoNotDisturb(on),
            Feature::Seat { on } => DutyWish::Seat(on),
            Feature::EndWrapUp => DutyWish::EndWrapUp,
        };
        self.say_of_oneself(agent, feature, wish, desk)
    }

    fn echo(&mut self, desk: &Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        self.draft.note(Decision::FeatureDialled { feature: Feature::Echo }, desk.now);
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        commands.push(Command::Sound(SoundCommand::Echo { leg }));
        self.draft.record_mut().engaged = Some(desk.now.unix_millis());
        self.enter(Phase::Echo, desk.now);
        commands
    }

    /// The room hears the caller until they hang up.
    fn page(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        self.draft.note(Decision::FeatureDialled { feature: Feature::Page }, desk.now);
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        commands.push(Command::RoomSound(RoomSoundCommand::Page { leg, play: desk.ids.play() }));
        self.draft.record_mut().engaged = Some(desk.now.unix_millis());
        self.enter(Phase::Paging, desk.now);
        commands
    }

    /// The agent says by their phone how they want to be called; two notes say that it is done.
    fn say_of_oneself(
        &mut self,
        agent: &Person,
        feature: Feature,
        wish: DutyWish,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        desk.presence.set(&agent.extension, wish, desk.now);
        self.tell_caller(feature, Sound::Chime, desk)
    }

    /// The time of the day in the agent's own language.
    fn say_the_time(&mut self, agent: &Person, desk: &mut Desk<'_>) -> Vec<Command> {
        let told = desk.office.agents.get(&agent.extension);
        let language = told.map_or(Language::En, |agent| agent.language);
        let sound = Sound::Time { at: desk.now.unix_millis(), language };
        self.tell_caller(Feature::Time, sound, desk)
    }

    pub(crate) fn let_hear(
        &mut self,
        listening: &WantedSound,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let name = shortened(&listening.name);
        self.draft.note(Decision::SoundPlayed { name }, desk.now);
        self.play_out(listening.sound.clone(), listening.length + LONGEST_CLIP, desk)
    }

    pub(crate) fn tell_caller(
        &mut self,
        feature: Feature,
        sound: Sound,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        self.draft.note(Decision::FeatureDialled { feature }, desk.now);
        self.play_out(sound, LONGEST_CLIP, desk)
    }

    /// One sound, and the call is over; `longest` is for a sound whose end nobody tells.
    fn play_out(&mut self, sound: Sound, longest: Duration, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.line.leg() else { return Vec::new() };
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        let play = desk.ids.play();
        commands.push(Command::Sound(SoundCommand::Play { leg, play, sound, repeat: false }));
        self.draft.record_mut().engaged = Some(desk.now.unix_millis());
        let (until, ending) = (desk.now.ticks + longest, Ending::answered(HangupCause::Normal));
        self.enter(Phase::Farewell { play, until, ending }, desk.now);
        commands
    }
}
