//! A customer looks for somebody who answers: all phones at once, or one member of an automatic
//! team after the other, and the queue while none is free.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::engine::agent::assigned::Assigned;
use crate::engine::agent::assignment::choose;
use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::{Inbound, Line, Phase, Purpose};
use crate::engine::call::ringing::Ringing;
use crate::engine::call::room::room_ring;
use crate::engine::call::standing::{agent_before, standings};
use crate::engine::command::{Command, SoundCommand};
use crate::engine::opening::{hours_of, opening, told};
use crate::engine::queue::queue::{LONGEST_WAIT, MOST_WAITING, Place};
use crate::engine::routing::{Candidates, Phone, Way, candidates, customer_way};
use crate::engine::voices::ringback;
use crate::history::missed_reason::MissedReason;
use crate::history::trail::trail::{Decision, Person, Silence, Skip};
use crate::history::walk_record::WalkEnd;
use crate::leg::HangupCause;
use crate::office::agent::Agent;
use crate::office::extension::Extension;
use crate::office::priority::Priority;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::team::{Team, TeamName};

/// The wall clock may be set: it is looked at no less often.
const LOOK: Duration = Duration::from_secs(60);
/// And no more often.
const SHORTEST_LOOK: Duration = Duration::from_millis(1);
/// One member of several rings for no less (S33: the shortest ring time of a number).
const SHORTEST_OFFER: Duration = Duration::from_secs(10);
/// Less ring time than this is none.
const SHORTEST_RING: Duration = Duration::from_secs(1);

/// The members of a team, as far as they may be given the call.
#[derive(Debug, Default)]
struct Free<'a> {
    members: Vec<(&'a Agent, Way)>,
    trail: Vec<Decision>,
    /// Somebody may become free who has not been tried yet.
    is_hopeful: bool,
    /// How many are on duty, free or busy, and have not been tried yet.
    takers: u32,
}

impl Call {
    /// The caller is let through to whoever answers for `route`.
    pub(crate) fn connect(
        &mut self,
        inbound: &Arc<Inbound>,
        route: Route,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        self.draft.record_mut().first_waiting.get_or_insert(desk.now.unix_millis());
        self.search.team = match &route {
            Route::Team(team) => Some(team.clone()),
            Route::Agent(_) => self.assigned.team().cloned(),
            Route::Workflow(_) | Route::Off => None,
        };
        self.search.route = route;
        match automatic_team(&self.search.route, desk.office) {
            Some(team) => {
                let routed = Decision::RoutedToTeam { team: team.name.clone() };
                self.draft.note(routed, desk.now);
                self.give(inbound, team, None, desk)
            }
            None => self.ring_all(inbound, desk),
        }
    }

    /// L106, L111: whether a call would ring or queue there; else what keeps it from that.
    pub(crate) fn can_connect(&self, route: &Route, desk: &Desk<'_>) -> Result<(), Vec<Decision>> {
        let (is_open, trail) = match automatic_team(route, desk.office) {
            Some(team) if desk.queues.length(&team.name) >= MOST_WAITING => {
                (false, vec![Decision::QueueFull { limit: MOST_WAITING }])
            }
            Some(team) => {
                let Free { members, trail, is_hopeful, .. } = self.free_members(team, desk);
                (is_hopeful || !members.is_empty(), trail)
            }
            None => {
                let Candidates { phones, silent, trail } =
                    candidates(route, desk.office, desk.presence);
                (!phones.is_empty() || !silent.is_empty(), trail)
            }
        };
        if is_open { Ok(()) } else { Err(trail) }
    }

    fn ring_all(&mut self, inbound: &Arc<Inbound>, desk: &mut Desk<'_>) -> Vec<Command> {
        let found = candidates(&self.search.route, desk.office, desk.presence);
        let refusal = if found.is_busy() { HangupCause::Busy } else { HangupCause::NoAnswer };
        let Candidates { mut phones, mut silent, trail } = found;
        self.draft.notes(trail, desk.now);
        let is_new = |who: &Person| self.search.passed_on.as_ref() != Some(&who.extension);
        phones.retain(|phone| is_new(&phone.agent));
        silent.retain(is_new);
        self.search.given = match &self.search.route {
            Route::Agent(agent) => Some(agent.clone()),
            Route::Team(_) | Route::Workflow(_) | Route::Off => None,
        };
        let limit = self.ring_time_left(inbound);
        if !phones.is_empty() {
            return self.ring_for(inbound, phones, limit, desk);
        }
        if !silent.is_empty() {
            return self.wait_silently(inbound, silent, limit, desk);
        }
        self.draft.note(Decision::NobodyFree, desk.now);
        self.say_all_busy(inbound, MissedReason::NoOperator, refusal, desk)
    }

    /// Gives the call to one member, or lets it wait (L117). `before` is how the last one to whom
    /// it was given did not take it.
    fn give(
        &mut self,
        inbound: &Arc<Inbound>,
        team: &Team,
        before: Option<HangupCause>,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let Free { mut members, trail, is_hopeful, takers } = self.free_members(team, desk);
        self.draft.notes(trail, desk.now);
        let standings =
            standings(members.iter().map(|(agent, _)| *agent), self.record().conversation, desk);
        let known = agent_before(&self.record().from, desk);
        let chosen = choose(team.assignment, &standings, known, desk.now.unix_millis());
        let chosen = chosen.and_then(|(extension, because)| {
            let at = members.iter().position(|(agent, _)| agent.extension == extension)?;
            Some((members.swap_remove(at), because))
        });
        let Some(((agent, way), because)) = chosen else {
            if is_hopeful {
                return self.queue_up(inbound, team, desk);
            }
            if let Some(cause) = before {
                return self.nobody_answered(inbound, cause, desk);
            }
            self.draft.note(Decision::NobodyFree, desk.now);
            return self.say_all_busy(inbound, MissedReason::NoOperator, HangupCause::Busy, desk);
        };
        let person = Person::from(agent);
        self.draft.note(Decision::GivenTo { agent: person.clone(), because }, desk.now);
        desk.ledger.given(&agent.extension, desk.now);
        self.search.given = Some(agent.extension.clone());
        let limit = share(self.ring_time_left(inbound), takers);
        match way {
            Way::Phones(phones) => self.ring_for(inbound, phones, limit, desk),
            Way::Silent => self.wait_silently(inbound, vec![person], limit, desk),
        }
    }

    fn free_members<'a>(&self, team: &Team, desk: &Desk<'a>) -> Free<'a> {
        let office: &'a Office = desk.office;
        let mut free = Free::default();
        for agent in team.members.iter().filter_map(|member| office.agents.get(member)) {
            let way = if self.search.tried.contains(&agent.extension) {
                Err(Skip::DidNotTake)
            } else {
                // Nothing has rung there: they are asked when they hear again.
                let kept_silent = self.search.kept_silent.contains(&agent.extension);
                free.is_hopeful |= agent.phone_calls && !kept_silent;
                match customer_way(agent, desk.presence) {
                    Ok(Way::Silent) if kept_silent => Err(Skip::DidNotTake),
                    way => way,
                }
            };
            match way {
                Ok(way) => {
                    free.takers += 1;
                    free.members.push((agent, way));
                }
                Err(because) => {
                    free.takers += u32::from(because.is_busy());
                    free.trail.push(Decision::Skipped { agent: Person::from(agent), because });
                }
            }
        }
        free
    }

    pub(crate) fn ring_for(
        &mut self,
        inbound: &Arc<Inbound>,
        phones: Vec<Phone>,
        limit: Duration,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let (from, name) = (self.record().from.clone(), self.shown_name());
        self.room = room_ring(Some(&inbound.number), &phones, desk);
        let (ringing, mut commands) = self.ring_phones(phones, (&from, &name), limit, desk);
        commands.extend(self.play_ringback(inbound, desk));
        self.enter(Phase::Ringing(ringing), desk.now);
        commands
    }

    /// C12: theirs, but nothing rings until the time is over.
    pub(crate) fn wait_silently(
        &mut self,
        inbound: &Arc<Inbound>,
        agents: Vec<Person>,
        limit: Duration,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let told = |agent: &Person| {
            let silence = silence_of(&agent.extension, desk)?;
            Some((agent.extension.clone(), silence))
        };
        let silence = agents.iter().filter_map(told).collect();
        let silent = Decision::GivenSilently { agents, seconds: limit.as_secs(), silence };
        self.draft.note(silent, desk.now);
        self.room = None;
        let mut commands = self.alert_caller(desk);
        commands.extend(self.play_ringback(inbound, desk));
        self.enter(Phase::Ringing(Ringing::start(BTreeSet::new(), limit, desk.now)), desk.now);
        commands
    }

    /// Goes on sounding while one phone after the other rings.
    fn play_ringback(&self, inbound: &Inbound, desk: &mut Desk<'_>) -> Option<Command> {
        let Line::Open(leg) = self.line else { return None };
        if matches!(self.phase, Phase::Ringing(_)) {
            return None;
        }
        let (play, sound) = (desk.ids.play(), ringback(&inbound.number));
        Some(Command::Sound(SoundCommand::Play { leg, play, sound, repeat: true }))
    }

    pub(crate) fn ring_time_left(&self, inbound: &Inbound) -> Duration {
        inbound.number.ring_time.get().saturating_sub(self.search.ring_time_used)
    }

    /// The last phone that rang is gone. In an automatic team the next member is given the call, as
    /// long as there is ring time left.
    pub(crate) fn nobody_left(&mut self, cause: HangupCause, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else {
            return self.nobody_took(cause, desk);
        };
        let Phase::Ringing(ringing) = &self.phase else { return self.nobody_took(cause, desk) };
        self.search.ring_time_used += ringing.used(desk.now);
        let has_time = self.ring_time_left(&inbound) >= SHORTEST_RING;
        if let Some(commands) = has_time.then(|| self.nobodys(&inbound, desk)).flatten() {
            return commands;
        }
        let Some(team) = automatic_team(&self.search.route, desk.office) else {
            return self.nobody_took(cause, desk);
        };
        self.search.tried.extend(self.search.given.take());
        if !has_time {
            return self.nobody_answered(&inbound, HangupCause::NoAnswer, desk);
        }
        self.give(&inbound, team, Some(cause), desk)
    }

    /// Nobody has answered in time. A member of an automatic team has had their share of the ring
    /// time, and the next is given the call; else the ring time itself is over (SA2).
    pub(crate) fn offer_over(&mut self, time: Duration, desk: &mut Desk<'_>) -> Vec<Command> {
        let silence = HangupCause::NoAnswer;
        let (Purpose::Inbound(inbound), Phase::Ringing(ringing)) =
            (self.purpose.clone(), &self.phase)
        else {
            return self.nobody_took(silence, desk);
        };
        let has_rung = ringing.legs().next().is_some();
        self.search.ring_time_used += time;
        match automatic_team(&self.search.route, desk.office) {
            Some(team) if self.ring_time_left(&inbound) >= SHORTEST_RING => {
                let asked = self.search.given.take();
                let search = &mut self.search;
                if has_rung { &mut search.tried } else { &mut search.kept_silent }.extend(asked);
                self.give(&inbound, team, Some(silence), desk)
            }
            Some(_) | None => self.nobody_took(silence, desk),
        }
    }

    /// L117, L118: nobody's phone rings, the caller hears that the line is alive.
    fn queue_up(
        &mut self,
        inbound: &Arc<Inbound>,
        team: &Team,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        if desk.queues.length(&team.name) >= MOST_WAITING {
            self.draft.note(Decision::QueueFull { limit: MOST_WAITING }, desk.now);
            let reason = MissedReason::ExceededQueue;
            return self.say_all_busy(inbound, reason, HangupCause::Busy, desk);
        }
        if self.line.leg().is_none() {
            return Vec::new();
        }
        let since = self.record().first_waiting.unwrap_or_default();
        let place = (self.priority(inbound), since);
        let position = desk.queues.ahead(&team.name, place) + 1;
        let queued = Decision::Queued { team: team.name.clone(), position };
        self.draft.note(queued, desk.now);
        self.room = None;
        let mut commands: Vec<Command> = self.open_caller(None, desk.now).into_iter().collect();
        commands.extend(self.play_waiting(desk));
        self.assigned = Assigned::of(&self.search.route);
        self.plan_turns(inbound, desk);
        let until = desk.now.ticks + LONGEST_WAIT;
        let look = next_look(inbound, desk);
        let team = team.name.clone();
        self.enter(Phase::Queued { team, until, look, walking: None }, desk.now);
        commands
    }

    /// L120, C14: who still waits when the hours end hears so.
    pub(crate) fn look_at_hours(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let next = next_look(&inbound, desk);
        let Phase::Queued { look, .. } = &mut self.phase else { return Vec::new() };
        *look = next;
        if let Some((hours, team)) = hours_of(&inbound.number, desk.office) {
            let opening = opening(hours, desk.switches, desk.now.wall);
            if !opening.is_open {
                let mut commands = self.leave_queue(WalkEnd::Finished, desk.now);
                let told = told(hours, team, opening, desk.now.wall);
                self.draft.note(Decision::HoursLookedAt(told), desk.now);
                commands.extend(self.say_closed(&inbound, desk));
                return commands;
            }
        }
        Vec::new()
    }

    /// Somebody may have become free, or the office is another: looks again.
    pub(crate) fn look_again(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let (Phase::Queued { team, .. }, Purpose::Inbound(inbound)) = (&self.phase, &self.purpose)
        else {
            return Vec::new();
        };
        let (inbound, team) = (Arc::clone(inbound), team.clone());
        let closing = self.look_at_hours(desk);
        if !closing.is_empty() || self.is_over() {
            return closing;
        }
        let Some(team) = desk.office.teams.get(&team) else {
            let mut commands = self.leave_queue(WalkEnd::Finished, desk.now);
            self.draft.note(Decision::RouteLeadsNowhere, desk.now);
            let reason = MissedReason::NoOperator;
            commands.extend(self.say_all_busy(&inbound, reason, HangupCause::NoAnswer, desk));
            return commands;
        };
        if !team.assignment.is_automatic() {
            let mut commands = self.leave_queue(WalkEnd::Connected, desk.now);
            commands.extend(self.ring_all(&inbound, desk));
            return commands;
        }
        let free = self.free_members(team, desk);
        if free.members.is_empty() && free.is_hopeful {
            return Vec::new();
        }
        let mut commands = self.leave_queue(WalkEnd::Connected, desk.now);
        commands.extend(self.give(&inbound, team, None, desk));
        commands
    }

    /// L120, C7: the longest wait is over.
    pub(crate) fn queue_time_over(&mut self, desk: &mut Desk<'_>) -> Vec<Command> {
        let Purpose::Inbound(inbound) = self.purpose.clone() else { return Vec::new() };
        let over = Decision::QueueTimeOver { seconds: LONGEST_WAIT.as_secs() };
        self.draft.note(over, desk.now);
        let mut commands = self.end_walk(WalkEnd::Finished, desk.now);
        let reason = MissedReason::AbandonedInQueue;
        commands.extend(self.say_all_busy(&inbound, reason, HangupCause::NoAnswer, desk));
        commands
    }

    /// L122: what a workflow has made it, else the number's.
    pub(crate) fn priority(&self, inbound: &Inbound) -> Priority {
        self.search.priority.unwrap_or(inbound.number.priority)
    }

    /// For which team the call waits.
    pub(crate) fn waits_for(&self) -> Option<(&TeamName, Place)> {
        match (&self.phase, &self.purpose) {
            (Phase::Queued { team, .. }, Purpose::Inbound(inbound)) => {
                let since = self.record().first_waiting.unwrap_or_default();
                Some((team, (self.priority(inbound), since)))
            }
            (_, Purpose::Inbound(_) | Purpose::Outgoing { .. } | Purpose::Refused(_)) => None,
        }
    }

    /// The one agent for whom it waits without a ring.
    pub(crate) fn silent_agent(&self) -> Option<&Extension> {
        match &self.phase {
            Phase::Ringing(ringing) if ringing.legs().next().is_none() => {
                self.search.given.as_ref()
            }
            Phase::Ringing(_)
            | Phase::Starting
            | Phase::Greeting { .. }
            | Phase::Walking(_)
            | Phase::Queued { .. }
            | Phase::Summoning(_)
            | Phase::Talking { .. }
            | Phase::Echo
            | Phase::Paging
            | Phase::Message(_)
            | Phase::Listening(_)
            | Phase::Farewell { .. }
            | Phase::Over => None,
        }
    }
}

/// Why nothing rings at the agent, if not because they want no disturbance until they say so.
fn silence_of(agent: &Extension, desk: &Desk<'_>) -> Option<Silence> {
    if desk.office.agents.get(agent).is_some_and(Agent::rings_nowhere) {
        return Some(Silence::PhonesOff);
    }
    let left = desk.presence.duties.silence_left(agent, desk.now)?;
    Some(Silence::EndsIn(left.as_secs()))
}

/// How long one member rings when so many may take the call: the same for each, but never so short
/// that nobody could reach for the phone.
fn share(left: Duration, takers: u32) -> Duration {
    let equal = (left / takers.max(1)).max(SHORTEST_OFFER);
    if left.saturating_sub(equal) < SHORTEST_OFFER { left } else { equal }
}

/// Hours end by the wall clock, which may be set: it is looked at every minute.
fn next_look(inbound: &Inbound, desk: &Desk<'_>) -> Option<Instant> {
    let (hours, _) = hours_of(&inbound.number, desk.office)?;
    let until = opening(hours, desk.switches, desk.now.wall).until.map(SystemTime::from);
    let left = until.map(|until| until.duration_since(desk.now.wall).unwrap_or_default());
    Some(desk.now.ticks + left.unwrap_or(LOOK).clamp(SHORTEST_LOOK, LOOK))
}

fn automatic_team<'a>(route: &Route, office: &'a Office) -> Option<&'a Team> {
    match route {
        Route::Team(name) => office.teams.get(name).filter(|team| team.assignment.is_automatic()),
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    }
}
