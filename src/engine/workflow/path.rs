//! Where a way through a workflow has led so far, and what is counted of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::history::walk_record::{StepCount, StepId, WalkEnd, WalkRecord};
use crate::office::snapshot::Office;
use crate::office::workflow::action::Action;
use crate::office::workflow::name::{Next, StepName, WorkflowName};
use crate::office::workflow::workflow::{Step, Workflow};
use crate::time::Moment;

/// Far more than any caller wants to go, and an end for one who presses keys without end.
const MOST_STEPS: u32 = 1_000;

/// The workflow as it was when the call met it, with the modules it calls.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    workflow: Arc<Workflow>,
    modules: BTreeMap<WorkflowName, Arc<Workflow>>,
    /// The module that is being run, and where its caller goes on.
    inside: Option<(Arc<Workflow>, Next)>,
    at: Option<StepName>,
    steps: u32,
    /// Steps that have tried to connect: once a call (L113).
    tried: BTreeSet<StepId>,
    counts: BTreeMap<StepId, StepCount>,
    began: i64,
}

/// Where a way leads.
#[derive(Debug)]
pub(crate) enum Arrived {
    At(Box<Step>),
    /// Past the last step.
    Out,
    /// Enough is enough.
    TooFar,
    /// A step or module is missing: the office has let something through.
    Lost(String),
}

impl Path {
    pub(crate) fn new(workflow: &Arc<Workflow>, office: &Office, now: Moment) -> Self {
        let called = |step: &Step| match &step.action {
            Action::Module(name) => office.workflow(name).map(|m| (name.clone(), Arc::clone(m))),
            Action::Say(_)
            | Action::Menu(_)
            | Action::Digits(_)
            | Action::Branch { .. }
            | Action::Quick(_)
            | Action::Do(_)
            | Action::Connect { .. }
            | Action::HangUp(_)
            | Action::Callback(_)
            | Action::Webhook(_)
            | Action::Voicemail(_) => None,
        };
        Self {
            workflow: Arc::clone(workflow),
            modules: workflow.steps.iter().filter_map(called).collect(),
            inside: None,
            at: None,
            steps: 0,
            tried: BTreeSet::new(),
            counts: BTreeMap::new(),
            began: now.unix_millis(),
        }
    }

    pub(crate) fn workflow(&self) -> &Arc<Workflow> {
        &self.workflow
    }

    fn current(&self) -> &Arc<Workflow> {
        self.inside.as_ref().map_or(&self.workflow, |(module, _)| module)
    }

    /// To the first step of what is being run.
    pub(crate) fn start(&mut self) -> Arrived {
        match self.current().steps.first().map(|step| step.name.clone()) {
            Some(first) => self.go(&Next::Step(first)),
            None => Arrived::Lost(self.current().name.to_string()),
        }
    }

    pub(crate) fn go(&mut self, next: &Next) -> Arrived {
        match next {
            Next::Step(name) => self.arrive(name),
            Next::End => match self.inside.take() {
                Some((_, after)) => self.go(&after),
                None => Arrived::Out,
            },
        }
    }

    fn arrive(&mut self, name: &StepName) -> Arrived {
        let Some(step) = self.current().step(name).cloned() else {
            return Arrived::Lost(name.to_string());
        };
        self.at = Some(name.clone());
        if !self.may_go_on() {
            return Arrived::TooFar;
        }
        if let Some(count) = self.count() {
            count.views += 1;
        }
        Arrived::At(Box::new(step))
    }

    /// Counts one more thing that the caller was given.
    pub(crate) fn may_go_on(&mut self) -> bool {
        self.steps += 1;
        self.steps <= MOST_STEPS
    }

    /// Into a module; `after` is where the step goes on.
    pub(crate) fn enter(&mut self, name: &WorkflowName, after: &Next) -> Arrived {
        match (self.modules.get(name), &self.inside) {
            (Some(module), None) => {
                self.inside = Some((Arc::clone(module), after.clone()));
                self.start()
            }
            (None, _) | (_, Some(_)) => Arrived::Lost(name.to_string()),
        }
    }

    /// Whether this step tries to connect for the first time.
    pub(crate) fn tries(&mut self) -> bool {
        self.id().is_some_and(|id| self.tried.insert(id))
    }

    pub(crate) fn pressed(&mut self, key: char) {
        if let Some(count) = self.count() {
            *count.keys.entry(key).or_default() += 1;
        }
    }

    fn id(&self) -> Option<StepId> {
        let workflow = self.current();
        Some(StepId {
            workflow: workflow.name.to_string(),
            version: workflow.version(),
            step: self.at.as_ref()?.to_string(),
        })
    }

    fn count(&mut self) -> Option<&mut StepCount> {
        let id = self.id()?;
        Some(self.counts.entry(id).or_default())
    }

    /// What is to be counted, now that it is over.
    pub(crate) fn record(&mut self, end: WalkEnd) -> WalkRecord {
        if end == WalkEnd::CallerLeft
            && let Some(count) = self.count()
        {
            count.left += 1;
        }
        WalkRecord {
            workflow: self.workflow.name.to_string(),
            version: self.workflow.version(),
            began: self.began,
            end,
            steps: std::mem::take(&mut self.counts),
        }
    }
}
