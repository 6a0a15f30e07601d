//! The other side waits with music while the agents may talk (L38–L42).

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::gathering::Hold;
use crate::engine::call::recording_state::Recording;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::voices::hold_music;
use crate::history::trail::trail::ConferenceStory;
use crate::leg::LegId;

impl Call {
    /// A phone has put us on hold, or takes us back. Only an agent's counts: what a customer's own
    /// exchange plays meanwhile is to be heard.
    pub(crate) fn leg_held(&mut self, leg: LegId, held: bool, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.draft.agent(leg).is_none() || !self.talkers().contains(&leg) {
            return Vec::new();
        }
        if held { self.hold(Some(leg), desk) } else { self.take_back(Some(leg), desk) }
    }

    /// Who hears music: whoever is outside, or of two colleagues the other one.
    pub(crate) fn side_to_hold(&self, by: Option<LegId>) -> Option<LegId> {
        if let Some(outside) = self.outside_leg() {
            return Some(outside);
        }
        let talkers = self.talkers();
        let by = by.filter(|_| talkers.len() == 2)?;
        talkers.into_iter().find(|leg| *leg != by)
    }

    pub(crate) fn hold(&mut self, by: Option<LegId>, desk: &mut Desk<'_>) -> Vec<Command> {
        let (None, Some(leg)) = (&self.gathering.hold, self.side_to_hold(by)) else {
            return Vec::new();
        };
        let by = by.and_then(|by| self.person_on(by, desk.office));
        self.conferred(ConferenceStory::Held { by: by.clone() }, desk.now);
        self.gathering.hold = Some(Hold { leg, by });
        // Whoever is being told that the call is recorded is told so to the end.
        if matches!(self.recording, Recording::Announced { leg: told, .. } if told == leg) {
            return Vec::new();
        }
        let part =
            self.gathering.room.is_none().then_some(Command::Sound(SoundCommand::Part { leg }));
        part.into_iter().chain([self.music(leg, desk)]).collect()
    }

    pub(crate) fn take_back(&mut self, by: Option<LegId>, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(Hold { leg, .. }) = self.gathering.hold.take() else { return Vec::new() };
        let by = by.and_then(|by| self.person_on(by, desk.office));
        self.conferred(ConferenceStory::TakenBack { by }, desk.now);
        self.let_back(leg, desk)
    }

    pub(crate) fn music(&self, leg: LegId, desk: &mut Desk<'_>) -> Command {
        let number = self.record().number.as_ref();
        let number = number.and_then(|number| desk.office.numbers.get(number));
        Command::Sound(SoundCommand::Play {
            leg,
            play: desk.ids.play(),
            sound: hold_music(number),
            repeat: true,
        })
    }
}
