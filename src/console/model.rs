//! What the console knows of the office.

use std::collections::BTreeMap;

use crate::api::request::{Health, TrunkLink, TrunkState};
use crate::api::schema::hours::HoursState;
use crate::api::schema::schema::{Registration, SoundLine};
use crate::api::schema::stats::Stats;
use crate::console::action::Request;
use crate::console::document::{Document, word, words};
use crate::console::report::Report;
use crate::console::setup::SetupReport;
use crate::history::call_id::CallId;
use crate::history::figures::target_alarm::TargetWarning;
use crate::live::{Live, LiveAgent, LiveCall, Update};
use crate::words::Words;

/// Whether we hear the daemon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not tried yet.
    #[default]
    Trying,
    Up,
    /// What is shown is what was last known.
    Down(Words),
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub connection: Connection,
    pub calls: BTreeMap<CallId, LiveCall>,
    pub agents: BTreeMap<String, LiveAgent>,
    pub health: Option<Health>,
    pub registrations: Vec<Registration>,
    pub trunks: Vec<TrunkState>,
    pub office: Option<Document>,
    pub hours: Vec<HoursState>,
    /// The sound files, as far as somebody wanted to know them.
    pub sounds: Vec<SoundLine>,
    /// Of today, as the daemon counts; none until it has said.
    pub figures: Option<Stats>,
    /// Figures of today that are below their targets.
    pub below_target: Vec<TargetWarning>,
    /// The extension of whoever sits here, once they have said so.
    pub me: Option<String>,
}

impl Model {
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.connection == Connection::Up
    }

    /// Learns, and says what has to be asked because of it.
    pub fn learn(&mut self, report: &Report) -> Vec<Request> {
        match report {
            Report::Up(live) => return self.connected(live),
            Report::Down(why) => {
                self.connection = Connection::Down(why.clone());
                // They go on or not, but nobody can say what they do.
                self.calls.clear();
            }
            Report::Update(update) => return self.update(update),
            Report::Health(health) => self.health = Some(health.clone()),
            Report::Registrations(found) => self.registrations.clone_from(found),
            Report::Trunks(found) => self.trunks.clone_from(found),
            Report::Setup(SetupReport::Hours(found)) => self.hours.clone_from(found),
            Report::Setup(SetupReport::Sounds(found)) => self.sounds.clone_from(found),
            Report::Setup(
                SetupReport::Compared { .. }
                | SetupReport::OfNumber { .. }
                | SetupReport::Workflows(_)
                | SetupReport::Warnings(_)
                | SetupReport::Tested { .. }
                | SetupReport::WorkflowText { .. }
                | SetupReport::WorkflowTried { .. }
                | SetupReport::Written { .. }
                | SetupReport::Bans(_),
            ) => {}
            Report::Office(office) => self.office = Some(office.clone()),
            Report::Figures(figures) => self.figures = Some((**figures).clone()),
            Report::Calls { .. }
            | Report::Call(_)
            | Report::Changes { .. }
            | Report::Change(_)
            | Report::Checked { .. }
            | Report::Saved { .. }
            | Report::CallSip { .. }
            | Report::Desk(_)
            | Report::Tapes(_)
            | Report::Stats { .. }
            | Report::AgentStats { .. }
            | Report::Doubt { .. }
            | Report::Done(_)
            | Report::Refused(_) => {}
        }
        Vec::new()
    }

    fn connected(&mut self, live: &Live) -> Vec<Request> {
        self.connection = Connection::Up;
        self.calls = live.calls.iter().map(|call| (call.id, call.clone())).collect();
        self.set_agents(&live.agents);
        self.below_target.clone_from(&live.warnings);
        vec![Request::Office, Request::States]
    }

    fn set_agents(&mut self, agents: &[LiveAgent]) {
        let entry = |agent: &LiveAgent| (agent.extension.to_string(), agent.clone());
        self.agents = agents.iter().map(entry).collect();
    }

    fn update(&mut self, update: &Update) -> Vec<Request> {
        match update {
            Update::Call { call } => {
                self.calls.insert(call.id, LiveCall::clone(call));
            }
            Update::CallEnded { id } => {
                self.calls.remove(id);
                return vec![Request::Figures];
            }
            Update::Agent { agent } => {
                self.agents.insert(agent.extension.to_string(), agent.clone());
            }
            Update::OfficeChanged | Update::HoursSwitched { .. } => {
                return vec![Request::Office, Request::States];
            }
            Update::Warnings { warnings } => self.below_target.clone_from(warnings),
            Update::Registration { .. } => return vec![Request::States],
            Update::Conversation { .. } | Update::Alert { .. } => {}
        }
        Vec::new()
    }

    /// Agents of the office in the order of their extensions, gone ones left out.
    #[must_use]
    pub fn present_agents(&self) -> Vec<&LiveAgent> {
        let is_there = |agent: &&LiveAgent| {
            let extension = agent.extension.to_string();
            self.office
                .as_ref()
                .is_none_or(|office| office.item("agents", "extension", &extension).is_some())
        };
        self.agents.values().filter(is_there).collect()
    }

    /// Phones of the office, and how many of them are registered.
    #[must_use]
    pub fn phones(&self) -> (usize, usize) {
        let Some(office) = &self.office else { return (0, 0) };
        let all: Vec<String> = office
            .items("agents")
            .iter()
            .flat_map(|agent| agent.get("devices").and_then(|list| list.as_array()))
            .flatten()
            .map(|device| word(device, "username"))
            .collect();
        (all.len(), all.iter().filter(|device| self.is_registered(device)).count())
    }

    #[must_use]
    pub fn is_registered(&self, device: &str) -> bool {
        self.registrations.iter().any(|registration| registration.device == device)
    }

    /// What somebody has to look at, worst first.
    #[must_use]
    pub fn warnings(&self) -> Vec<Words> {
        let mut warnings = Vec::new();
        if let Some(health) = &self.health
            && !health.store.writable
        {
            warnings.push(Words::new(
                format!(
                    "디스크에 쓸 수 없습니다: 기록 {}건이 메모리에서 기다립니다",
                    health.store.waiting
                ),
                format!("the disk takes nothing: {} records wait in memory", health.store.waiting),
            ));
        }
        for trunk in self.trunks.iter().filter(|trunk| trunk.link == TrunkLink::Failed) {
            let name = &trunk.name;
            warnings.push(Words::new(
                format!("회선 {name}: 통신사가 거절하거나 답하지 않습니다"),
                format!("trunk {name}: the provider refuses or does not answer"),
            ));
        }
        warnings.extend(self.unattended());
        warnings.extend(self.below_target.iter().map(TargetWarning::words));
        warnings
    }

    /// Numbers whose calls reach nobody now.
    fn unattended(&self) -> Vec<Words> {
        let Some(office) = &self.office else { return Vec::new() };
        let mut lonely = Vec::new();
        for number in office.items("numbers") {
            let (agent, team) = (word(number, "route.agent"), word(number, "route.team"));
            let people = if team.is_empty() {
                vec![agent]
            } else {
                office.item("teams", "name", &team).map_or_else(Vec::new, |t| words(t, "members"))
            };
            let has_route = number.get("route").is_some_and(serde_json::Value::is_object);
            if has_route && word(number, "route.workflow").is_empty() && !self.has_phone(&people) {
                lonely.push(word(number, "number"));
            }
        }
        if lonely.is_empty() {
            return Vec::new();
        }
        let all = lonely.join(", ");
        vec![Words::new(
            format!("{all}: 받을 사람의 전화기가 하나도 켜져 있지 않습니다"),
            format!("{all}: no phone of those who answer it is on"),
        )]
    }

    fn has_phone(&self, people: &[String]) -> bool {
        let Some(office) = &self.office else { return false };
        people.iter().filter_map(|person| office.item("agents", "extension", person)).any(|agent| {
            let devices = agent.get("devices").and_then(serde_json::Value::as_array);
            devices.into_iter().flatten().any(|d| self.is_registered(&word(d, "username")))
        })
    }
}
