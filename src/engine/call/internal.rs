//! A colleague's extension: all their phones ring.

use std::time::Duration;

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::draft::Ending;
use crate::engine::call::phase::{Line, Phase};
use crate::engine::call::room::room_ring;
use crate::engine::command::{Command, SoundCommand};
use crate::engine::routing::{phones_of, reachable_phones_of, refusal, undisturbed};
use crate::history::trail::trail::{Decision, Person};
use crate::leg::{HangupCause, LegId};
use crate::office::announcement::Sound;
use crate::office::extension::Extension;

/// How long a colleague's phones ring: the office's default ring time (SA1).
pub(crate) const COLLEAGUE_RINGS: Duration = Duration::from_secs(30);

impl Call {
    pub(crate) fn ring_colleague(
        &mut self,
        from: &Person,
        to: &Extension,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Some(colleague) = desk.office.agents.get(to) else {
            self.draft.note(Decision::AgentUnknown { agent: to.clone() }, desk.now);
            return self.refuse(Ending::failed(HangupCause::NotFound), desk.now);
        };
        let person = Person::from(colleague);
        let own = from.extension == *to;
        self.draft.note(
            if own {
                Decision::OwnExtensionDialled
            } else {
                Decision::ColleagueDialled { agent: person.clone() }
            },
            desk.now,
        );
        let caller = self.line.leg();
        let found = if own {
            phones_of(colleague, desk.presence, caller)
        } else {
            undisturbed(colleague, desk.presence).and_then(|()| {
                if colleague.call_waiting {
                    reachable_phones_of(colleague, desk.presence)
                } else {
                    phones_of(colleague, desk.presence, None)
                }
            })
        };
        let mut phones = match found {
            Ok(phones) => phones,
            Err(because) => {
                self.draft.note(Decision::Skipped { agent: person, because }, desk.now);
                return self.refuse(Ending::failed(refusal(because)), desk.now);
            }
        };
        if let Some(caller) = caller.filter(|_| own) {
            let dialled_on = self.draft.party(caller);
            phones.retain(|phone| phone.device.as_str() != dialled_on);
            if phones.is_empty() {
                return self.refuse(Ending::failed(HangupCause::Busy), desk.now);
            }
        }
        self.room = room_ring(None, &phones, desk);
        let shown = (from.extension.as_str(), from.name.as_str());
        let (ringing, mut commands) = self.ring_phones(phones, shown, COLLEAGUE_RINGS, desk);
        commands.extend(self.ringback_from_home(desk));
        self.enter(Phase::Ringing(ringing), desk.now);
        commands
    }

    /// A caller who has been answered already, because the call was asked for elsewhere, cannot be
    /// told by signalling that it rings.
    pub(crate) fn ringback_from_home(&self, desk: &mut Desk<'_>) -> Option<Command> {
        let leg: LegId = match self.line {
            Line::Open(leg) => leg,
            Line::Absent | Line::Waiting(_) | Line::Alerted(_) | Line::Early(_) => return None,
        };
        let sound = Sound::NationalRingback { country: desk.office.dial_out.home.clone() };
        Some(Command::Sound(SoundCommand::Play { leg, play: desk.ids.play(), sound, repeat: true }))
    }
}
