//! More than two on a call: who is invited, comes and goes (L31–L34).

use crate::engine::agent::presence::Presence;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::gathering::{Beep, Invitation, LAST_NOTE, LONGEST_BEEP, MOST};
use crate::engine::call::internal::COLLEAGUE_RINGS;
use crate::engine::call::phase::{Line, Phase};
use crate::engine::call::recording_state::Recording;
use crate::engine::call::ringing::LegGone;
use crate::engine::call::wrap_up::rule_after;
use crate::engine::command::{Command, ConferenceCommand, SoundCommand};
use crate::engine::routing::{Phone, phones_of, undisturbed};
use crate::history::call_record::Direction;
use crate::history::trail::trail::{ConferenceStory, Decision, Person, Unwilling};
use crate::leg::{ConferenceWish, HangupCause, LegId, PlayId, RoomId};
use crate::live::Participant;
use crate::office::announcement::Sound;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::time::Moment;

impl Call {
    /// Whether the call would do that now, or why not.
    pub(crate) fn willing(
        &self,
        wish: &ConferenceWish,
        office: &Office,
        presence: &Presence,
    ) -> Result<(), Unwilling> {
        if self.talkers().is_empty() {
            return Err(Unwilling::NobodyTalks);
        }
        match wish {
            ConferenceWish::Invite(agent) => self.may_invite(agent, office, presence).map(drop),
            ConferenceWish::Mute { agent, muted: _ } => {
                self.leg_of(agent).map(drop).ok_or(Unwilling::NotHere)
            }
            ConferenceWish::Hold(true) => {
                self.side_to_hold(None).map(drop).ok_or(Unwilling::NothingToHold)
            }
            ConferenceWish::Hold(false) => Ok(()),
        }
    }

    pub(crate) fn conference_wished(
        &mut self,
        wish: &ConferenceWish,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        match wish {
            ConferenceWish::Invite(agent) => self.invite(agent, None, desk),
            ConferenceWish::Mute { agent, muted } => self.mute(agent, *muted, desk),
            ConferenceWish::Hold(true) => self.hold(None, desk),
            ConferenceWish::Hold(false) => self.take_back(None, desk),
        }
    }

    /// Everybody who talks; nobody while nobody does.
    pub(crate) fn talkers(&self) -> Vec<LegId> {
        match (&self.phase, self.line.leg()) {
            (Phase::Talking { other }, Some(leg)) if self.gathering.room.is_none() => {
                vec![leg, *other]
            }
            (Phase::Talking { .. }, Some(_)) => self.gathering.members.clone(),
            (
                Phase::Talking { .. }
                | Phase::Starting
                | Phase::Greeting { .. }
                | Phase::Queued { .. }
                | Phase::Walking(_)
                | Phase::Summoning(_)
                | Phase::Ringing(_)
                | Phase::Echo
                | Phase::Paging
                | Phase::Message(_)
                | Phase::Listening(_)
                | Phase::Farewell { .. }
                | Phase::Over,
                _,
            ) => Vec::new(),
        }
    }

    /// Whoever talks and is none of the office.
    pub(crate) fn outside_leg(&self) -> Option<LegId> {
        self.talkers().into_iter().find(|leg| self.draft.agent(*leg).is_none())
    }

    pub(crate) fn person_on(&self, leg: LegId, office: &Office) -> Option<Person> {
        let agent = self.draft.agent(leg)?;
        Some(
            office.agents.get(agent).map_or_else(
                || Person { extension: agent.clone(), name: String::new() },
                Person::from,
            ),
        )
    }

    /// Everybody who talks or is asked to, as a console may see it.
    pub(crate) fn participants(&self) -> Vec<Participant> {
        let talks = |leg: LegId| Participant {
            party: self.draft.party(leg),
            agent: self.draft.agent(leg).cloned(),
            talks: true,
            muted: self.gathering.muted.contains(&leg),
            hears_music: self.gathering.holds(leg),
        };
        let rings = |one: &Invitation| Participant {
            party: one.agent.extension.to_string(),
            agent: Some(one.agent.extension.clone()),
            talks: false,
            muted: false,
            hears_music: false,
        };
        let talkers = self.talkers().into_iter().map(talks);
        talkers.chain(self.gathering.invitations.iter().map(rings)).collect()
    }

    fn leg_of(&self, agent: &Extension) -> Option<LegId> {
        self.talkers().into_iter().find(|leg| self.draft.agent(*leg) == Some(agent))
    }

    fn may_invite(
        &self,
        extension: &Extension,
        office: &Office,
        presence: &Presence,
    ) -> Result<Vec<Phone>, Unwilling> {
        let talkers = self.talkers();
        if talkers.is_empty() {
            return Err(Unwilling::NobodyTalks);
        }
        let agent = office.agents.get(extension).ok_or(Unwilling::UnknownExtension)?;
        let invitations = &self.gathering.invitations;
        let is_asked = invitations.iter().any(|one| one.agent.extension == *extension);
        if is_asked || self.leg_of(extension).is_some() {
            return Err(Unwilling::HereAlready);
        }
        if talkers.len() + invitations.len() >= MOST {
            return Err(Unwilling::Full);
        }
        undisturbed(agent, presence)
            .and_then(|()| phones_of(agent, presence, None))
            .map_err(Unwilling::Skipped)
    }

    /// Their phones ring while the others go on talking.
    pub(crate) fn invite(
        &mut self,
        extension: &Extension,
        by: Option<Person>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let phones = match self.may_invite(extension, desk.office, desk.presence) {
            Ok(phones) => phones,
            Err(because) => {
                let extension = extension.to_string();
                self.conferred(ConferenceStory::NotInvited { extension, because }, desk.now);
                return Vec::new();
            }
        };
        let Some(agent) = phones.first().map(|phone| phone.agent.clone()) else {
            return Vec::new();
        };
        self.conferred(ConferenceStory::Invited { agent: agent.clone(), by }, desk.now);
        let record = self.record();
        let (number, name) = match record.direction {
            Direction::Inbound | Direction::Internal => {
                (record.from.clone(), record.from_name.clone())
            }
            Direction::Outbound => (record.to.clone(), String::new()),
        };
        let (ringing, commands) = self.ring_phones(phones, (&number, &name), COLLEAGUE_RINGS, desk);
        self.gathering.invitations.push(Invitation { agent, ringing });
        commands
    }

    pub(crate) fn guest_rang(&mut self, leg: LegId, now: Moment) {
        if let Some(at) = self.gathering.invitation_of(leg) {
            self.gathering.invitations[at].ringing.leg_rang(now);
        }
    }

    /// An invited phone is picked up: from here on they hear each other in a room.
    pub(crate) fn guest_came(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(at) = self.gathering.invitation_of(leg) else { return Vec::new() };
        let Invitation { agent, ringing } = self.gathering.invitations.remove(at);
        let losers: Vec<LegId> = ringing.legs().filter(|other| *other != leg).collect();
        self.draft.leg_answered(leg, desk.now);
        let (room, mut commands) = self.open_room(desk);
        self.gathering.members.push(leg);
        self.gathering.closes = None;
        let talking = self.gathering.members.len();
        self.conferred(ConferenceStory::Came { agent, talking }, desk.now);
        let announced = desk.office.conference.tones;
        commands.push(Command::Conference(ConferenceCommand::Join { room, leg, announced }));
        commands.push(Command::Sound(SoundCommand::HoldBackStar { leg }));
        commands.extend(self.record_guest(leg));
        commands.extend(self.hang_up_all(&losers, HangupCause::AnsweredElsewhere, desk.now));
        commands
    }

    /// Whoever hears a notice or music just now comes in when that is over.
    fn open_room(&mut self, desk: &mut Desk<'_>) -> (RoomId, Vec<Command>) {
        if let Some(room) = self.gathering.room {
            return (room, Vec::new());
        }
        let (room, two) = (desk.ids.room(), self.talkers());
        let mut commands = vec![Command::Conference(ConferenceCommand::Open {
            room,
            keys_to: self.outside_leg(),
        })];
        let hearing = two.iter().filter(|leg| !self.hears_sound(**leg));
        let join = |leg: &LegId| {
            Command::Conference(ConferenceCommand::Join { room, leg: *leg, announced: false })
        };
        commands.extend(hearing.map(join));
        self.gathering.room = Some(room);
        self.gathering.members = two;
        (room, commands)
    }

    /// Whether the leg hears a notice or music in the place of the others.
    fn hears_sound(&self, leg: LegId) -> bool {
        self.gathering.holds(leg)
            || self.gathering.beeps(leg)
            || matches!(self.recording, Recording::Announced { leg: told, .. } if told == leg)
    }

    /// What the leg was told is over: it hears the others, unless it has to wait for something else.
    pub(crate) fn let_back(&self, leg: LegId, desk: &mut Desk<'_>) -> Vec<Command> {
        if self.gathering.holds(leg) {
            return vec![self.music(leg, desk)];
        }
        if self.hears_sound(leg) {
            return Vec::new();
        }
        let Some(room) = self.gathering.room else { return self.join_two() };
        let mut commands =
            vec![Command::Conference(ConferenceCommand::Join { room, leg, announced: false })];
        if self.gathering.muted.contains(&leg) {
            commands.push(Command::Conference(ConferenceCommand::Mute { leg, muted: true }));
        }
        commands
    }

    fn join_two(&self) -> Vec<Command> {
        match (&self.phase, self.line.leg()) {
            (Phase::Talking { other }, Some(one))
                if !self.hears_sound(one) && !self.hears_sound(*other) =>
            {
                vec![Command::Sound(SoundCommand::Join { one, other: *other })]
            }
            (_, Some(_) | None) => Vec::new(),
        }
    }

    /// A leg is gone. `None`: that ends the call as the end of one of two does, or it concerns
    /// nobody here.
    pub(crate) fn without(
        &mut self,
        leg: LegId,
        cause: HangupCause,
        desk: &mut Desk<'_>,
    ) -> Option<Vec<Command>> {
        if let Some(at) = self.gathering.invitation_of(leg) {
            let one = &mut self.gathering.invitations[at];
            match one.ringing.leg_ended(leg, cause) {
                LegGone::OthersRing => {}
                LegGone::NobodyLeft(cause) => {
                    let agent = self.gathering.invitations.remove(at).agent;
                    self.conferred(ConferenceStory::DidNotCome { agent, cause }, desk.now);
                }
            }
            return Some(Vec::new());
        }
        if !self.gathering.members.contains(&leg) {
            return None;
        }
        self.gathering.members.retain(|member| *member != leg);
        self.gathering.muted.remove(&leg);
        let agent = self.person_on(leg, desk.office);
        let is_outside = agent.is_none();
        // L33: a customer's call is over without the customer, and any call with one who is left.
        if is_outside || self.gathering.members.len() < 2 {
            return None;
        }
        if self.gathering.holds(leg) {
            self.gathering.hold = None;
        }
        if self.gathering.beeps(leg) {
            self.gathering.beep = None;
        }
        // Whoever was being told of the recording is no longer there to be recorded.
        if matches!(self.recording, Recording::Announced { leg: told, .. } if told == leg) {
            self.recording = Recording::Off;
        }
        self.leave_work(leg, desk);
        self.conferred(ConferenceStory::Left { party: self.draft.party(leg), agent }, desk.now);
        self.hand_on(leg);
        Some(self.two_are_left(desk))
    }

    /// Whoever is left takes the place of one of the two that a call always has.
    fn hand_on(&mut self, gone: LegId) {
        let Phase::Talking { other } = &mut self.phase else { return };
        let (kept, takes_line) = match self.line.leg() {
            Some(line) if line == gone => (*other, true),
            Some(line) if *other == gone => (line, false),
            Some(_) | None => return,
        };
        let members = self.gathering.members.iter().copied();
        let Some(next) = members.into_iter().find(|member| *member != kept) else { return };
        if takes_line {
            self.line = Line::Open(next);
        } else {
            *other = next;
        }
    }

    fn two_are_left(&mut self, desk: &Desk<'_>) -> Vec<Command> {
        if self.gathering.members.len() != 2 || !self.gathering.muted.is_empty() {
            return Vec::new();
        }
        if desk.office.conference.tones {
            self.gathering.closes = Some(desk.now.ticks + LAST_NOTE);
            return Vec::new();
        }
        self.close_room()
    }

    /// The two hear each other without a room again.
    fn close_room(&mut self) -> Vec<Command> {
        let Some(room) = self.gathering.room.take() else { return Vec::new() };
        self.gathering.members.clear();
        self.gathering.closes = None;
        let mut commands = vec![Command::Conference(ConferenceCommand::Close { room })];
        commands.extend(self.join_two());
        commands
    }

    /// The call is over.
    pub(crate) fn disperse(&mut self) -> Option<Command> {
        let room = std::mem::take(&mut self.gathering).room;
        self.typing.clear();
        room.map(|room| Command::Conference(ConferenceCommand::Close { room }))
    }

    fn mute(&mut self, agent: &Extension, muted: bool, desk: &mut Desk<'_>) -> Vec<Command> {
        let Some(leg) = self.leg_of(agent) else { return Vec::new() };
        if self.gathering.muted.contains(&leg) == muted {
            return Vec::new();
        }
        if let Some(agent) = self.person_on(leg, desk.office) {
            self.conferred(ConferenceStory::Muted { agent, muted }, desk.now);
        }
        // Two who simply hear each other have no place where one could be silenced.
        let (_, mut commands) = self.open_room(desk);
        commands.push(Command::Conference(ConferenceCommand::Mute { leg, muted }));
        if muted {
            self.gathering.muted.insert(leg);
            self.gathering.closes = None;
        } else {
            self.gathering.muted.remove(&leg);
            if self.gathering.members.len() == 2 && self.gathering.muted.is_empty() {
                commands.extend(self.close_room());
            }
        }
        commands
    }

    /// What was to come while people talk is due.
    pub(crate) fn talk_due(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let now = desk.now.ticks;
        let mut commands = Vec::new();
        if self.recording.poll_timeout().is_some_and(|due| due <= now) {
            commands.extend(self.notice_over(desk));
        }
        while let Some(at) =
            self.gathering.invitations.iter().position(|one| one.ringing.poll_timeout() <= now)
        {
            let Invitation { agent, ringing } = self.gathering.invitations.remove(at);
            let legs: Vec<LegId> = ringing.legs().collect();
            let cause = HangupCause::NoAnswer;
            self.conferred(ConferenceStory::DidNotCome { agent, cause }, desk.now);
            commands.extend(self.hang_up_all(&legs, cause, desk.now));
        }
        if self.gathering.closes.is_some_and(|due| due <= now) {
            commands.extend(self.close_room());
        }
        if let Some(beep) = self.gathering.beep.filter(|beep| beep.until <= now) {
            commands.extend(self.beep_ended(beep.leg, beep.play, desk).unwrap_or_default());
        }
        commands.extend(self.keys_due(desk.now));
        commands
    }

    /// An agent who asked by keys for what cannot be hears so; who hears something else just now is
    /// left in peace.
    pub(crate) fn beep(&mut self, leg: LegId, desk: &mut Desk<'_>) -> Option<Command> {
        if self.hears_sound(leg) || self.gathering.beep.is_some() {
            return None;
        }
        let play = desk.ids.play();
        self.gathering.beep = Some(Beep { leg, play, until: desk.now.ticks + LONGEST_BEEP });
        Some(Command::Sound(SoundCommand::Play { leg, play, sound: Sound::Beep, repeat: false }))
    }

    pub(crate) fn beep_ended(
        &mut self,
        leg: LegId,
        played: PlayId,
        desk: &mut Desk<'_>,
    ) -> Option<Vec<Command>> {
        self.gathering.beep.take_if(|beep| (beep.leg, beep.play) == (leg, played))?;
        Some(self.let_back(leg, desk))
    }

    /// S19: their part of a customer's call is over, and their work after it begins.
    fn leave_work(&self, leg: LegId, desk: &mut Desk<'_>) {
        let rule = rule_after(self, desk.office);
        let (Some(agent), Some(rule)) = (self.draft.agent(leg), rule) else { return };
        desk.presence.duties.wrap_up(agent, self.record().id, rule, desk.now);
        desk.presence.touch(agent.clone());
    }

    pub(crate) fn conferred(&mut self, story: ConferenceStory, now: Moment) {
        self.draft.note(Decision::Conference { story }, now);
    }
}
