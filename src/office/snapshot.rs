//! The whole office in one immutable value.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::office::agent::Agent;
use crate::office::call_recording::CallRecording;
use crate::office::conference::ConferenceRules;
use crate::office::customer::Customer;
use crate::office::device::{Device, Username};
use crate::office::dial_out::DialOut;
use crate::office::extension::Extension;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::number::Number;
use crate::office::phone_number::PhoneNumber;
use crate::office::speaker::Speaker;
use crate::office::target::Target;
use crate::office::team::{Team, TeamName};
use crate::office::trunk::{Trunk, TrunkName};
use crate::office::workflow::name::WorkflowName;
use crate::office::workflow::workflow::Workflow;
use crate::office::wrap_up::WrapUpRule;

/// What the admins have set up. Built by `office/document/document.rs`, which refuses what does not fit
/// together; shared as `Arc<Office>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    pub agents: BTreeMap<Extension, Agent>,
    pub teams: BTreeMap<TeamName, Team>,
    pub hours: BTreeMap<HoursName, Hours>,
    pub trunks: BTreeMap<TrunkName, Trunk>,
    pub numbers: BTreeMap<PhoneNumber, Number>,
    /// By the number that names them.
    pub customers: BTreeMap<PhoneNumber, Customer>,
    pub dial_out: DialOut,
    /// After-call work of everybody, unless a number or team has its own rule (S16, S18).
    pub wrap_up: WrapUpRule,
    pub speaker: Speaker,
    /// In the order in which they are asked (L84).
    pub workflows: Vec<Arc<Workflow>>,
    pub recording: CallRecording,
    pub conference: ConferenceRules,
    /// On whose calendar days are counted; none: see [`Office::zone`].
    pub timezone: Option<TimeZone>,
    /// What today's figures shall reach, in the order of the document (L161).
    pub targets: Vec<Target>,
}

impl Office {
    /// The agent and phone behind a user name.
    #[must_use]
    pub fn device(&self, username: &Username) -> Option<(&Agent, &Device)> {
        self.agents.values().find_map(|agent| {
            let device = agent.devices.iter().find(|device| device.username == *username)?;
            Some((agent, device))
        })
    }

    #[must_use]
    pub fn workflow(&self, name: &WorkflowName) -> Option<&Arc<Workflow>> {
        self.workflows.iter().find(|workflow| workflow.name == *name)
    }

    /// Whoever is behind a customer's number, the main one or another.
    #[must_use]
    pub fn customer(&self, number: &PhoneNumber) -> Option<&Customer> {
        let main = self.customers.get(number);
        main.or_else(|| self.customers.values().find(|customer| customer.has(number)))
    }

    /// The number shown by agents to whom none is routed (S80).
    #[must_use]
    pub fn default_number(&self) -> Option<&Number> {
        self.numbers.values().find(|number| number.is_default)
    }
}
