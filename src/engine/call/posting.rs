//! What workflows tell other systems of a call, and what came of it (P18).

use crate::engine::call::call::Call;
use crate::engine::call::desk::Desk;
use crate::engine::call::phase::Purpose;
use crate::engine::command::Command;
use crate::engine::workflow::command::WalkInput;
use crate::engine::workflow::facts::Facts;
use crate::history::call_id::CallId;
use crate::history::trail::workflow::WorkflowStory;
use crate::history::webhook::{CallTold, Posting, Told, WebhookId};
use crate::history::webhook_end::WebhookEnd;
use crate::office::route::Route;
use crate::office::snapshot::Office;
use crate::office::web_address::WebAddress;
use crate::office::workflow::workflow::Workflow;

/// The step that wants something told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Teller<'a> {
    pub(crate) workflow: &'a Workflow,
    pub(crate) step: &'a str,
    pub(crate) url: &'a WebAddress,
    /// Whether a caller is kept waiting for the answer.
    pub(crate) waits: bool,
}

impl Teller<'_> {
    /// What is told of a call, as far as its facts say it.
    pub(crate) fn told(
        &self,
        id: WebhookId,
        call: CallId,
        facts: &Facts,
        office: &Office,
    ) -> CallTold {
        let at = facts.now.unix_millis();
        let profile = facts.customer.as_ref().and_then(|number| office.customer(number));
        CallTold {
            id: format!("{call}-{at}-{}", id.0),
            event: self.workflow.trigger.word(),
            at,
            workflow: self.workflow.name.to_string(),
            step: self.step.to_owned(),
            call,
            conversation: None,
            customer: facts.customer.clone(),
            name: profile.map(|profile| profile.name.clone()).filter(|name| !name.is_empty()),
            language: facts.language,
            number: facts.number.clone(),
            team: None,
            agent: None,
            tags: facts.tags.clone(),
            customer_tags: facts.customer_tags.clone(),
            fields: facts.fields.clone(),
            outcome: None,
            missed_reason: None,
        }
    }

    /// The command that sends it.
    pub(crate) fn posting(&self, id: WebhookId, told: CallTold) -> Command {
        let (url, told) = (self.url.clone(), Told::Call(Box::new(told)));
        Command::Post(Box::new(Posting { id, url, told, waits: self.waits }))
    }

    /// How the trail tells it.
    pub(crate) fn story(&self) -> WorkflowStory {
        WorkflowStory::Tells { step: self.step.to_owned(), server: self.url.authority().to_owned() }
    }
}

impl Call {
    /// Never waits: what comes of it is told later.
    pub(crate) fn post(&mut self, teller: Teller<'_>, desk: &mut Desk<'_>) -> (WebhookId, Command) {
        let inbound = match &self.purpose {
            Purpose::Inbound(inbound) => Some(inbound.as_ref()),
            Purpose::Outgoing { .. } | Purpose::Refused(_) => None,
        };
        let facts = self.facts_of(inbound, desk);
        let id = desk.ids.webhook();
        let record = self.record();
        let mut told = teller.told(id, record.id, &facts, desk.office);
        told.conversation = record.conversation;
        match self.assigned.route() {
            Route::Agent(agent) => told.agent = Some(agent),
            Route::Team(team) => told.team = Some(team),
            Route::Workflow(_) | Route::Off => {}
        }
        self.tell(teller.story(), desk.now);
        (id, teller.posting(id, told))
    }

    /// Something that was told has come to its end.
    pub(crate) fn posted(
        &mut self,
        id: WebhookId,
        step: String,
        end: WebhookEnd,
        desk: &mut Desk<'_>,
    ) -> Vec<Command> {
        let well = end.is_well();
        self.tell(WorkflowStory::Told { step, end }, desk.now);
        if self.walking().is_some_and(|walking| walking.post == Some(id)) {
            return self.walk_told(WalkInput::Answered { well }, desk);
        }
        Vec::new()
    }
}
