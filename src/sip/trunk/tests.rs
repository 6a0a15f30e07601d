//! Tests of trunks that are going on. They only watch and wait; the endpoint sends for them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tracing::debug;

use crate::office::trunk::TrunkName;
use crate::sip::flow::Flow;
use crate::sip::syntax::message::Response;
use crate::sip::syntax::prescan::Scan;
use crate::sip::syntax::text::without_controls;
use crate::sip::trunk::report::{
    Check, CheckedMessage, CheckedStep, Finding, TrunkReport, shown_head,
};
use crate::sip::trunk::server_name::{Found, ServerName};
use crate::time::Moment;

/// How long a name may take, and the whole test: an admin waits for it (goal R12: 6 s).
const NAME_PATIENCE: Duration = Duration::from_millis(2_000);
const PATIENCE: Duration = Duration::from_millis(5_500);
/// Messages that are shown, and admins who may wait for one test.
const MOST_MESSAGES: usize = 24;
const MOST_WAITING: usize = 8;
/// Letters of a connection's trouble that are shown.
const LONGEST_TROUBLE: usize = 200;

/// Who waits for a report.
pub type ReportReply = oneshot::Sender<Option<TrunkReport>>;

#[derive(Default)]
pub struct TrunkTests {
    running: BTreeMap<TrunkName, Test>,
}

struct Test {
    waiting: Vec<ReportReply>,
    begun: Instant,
    server: Option<ServerName>,
    name: Course,
    /// Why its connection has failed.
    trouble: Option<String>,
    options: Course,
    registration: Course,
    /// Call-IDs whose messages are its own.
    watched: Vec<String>,
    messages: Vec<CheckedMessage>,
}

/// Where one check stands.
enum Course {
    /// Waits for the one before.
    Later,
    Since(Instant),
    Done(Finding, Duration),
}

impl Course {
    fn finish(&mut self, finding: Finding, now: Instant) {
        match self {
            Self::Later => *self = Self::Done(finding, Duration::ZERO),
            Self::Since(since) => {
                let took = now.saturating_duration_since(*since);
                *self = Self::Done(finding, took);
            }
            Self::Done(..) => {}
        }
    }

    fn is_open(&self) -> bool {
        !matches!(self, Self::Done(..))
    }

    fn report(self, check: Check) -> CheckedStep {
        let (finding, took) = match self {
            Self::Done(finding, took) => (finding, took),
            Self::Later | Self::Since(_) => (Finding::NotTried, Duration::ZERO),
        };
        CheckedStep { check, finding, took }
    }
}

impl TrunkTests {
    /// `false` when a test of the trunk is under way already; its report goes to this asker, too.
    /// `server` is the name that is being looked up for it.
    pub fn begin(
        &mut self,
        trunk: TrunkName,
        server: Option<ServerName>,
        reply: ReportReply,
        now: Instant,
    ) -> bool {
        if let Some(test) = self.running.get_mut(&trunk) {
            if test.waiting.len() < MOST_WAITING {
                test.waiting.push(reply);
            }
            return false;
        }
        let name = match server {
            Some(_) => Course::Since(now),
            None => Course::Done(Finding::NotNeeded, Duration::ZERO),
        };
        let test = Test {
            waiting: vec![reply],
            begun: now,
            server,
            name,
            trouble: None,
            options: Course::Later,
            registration: Course::Later,
            watched: Vec::new(),
            messages: Vec::new(),
        };
        self.running.insert(trunk, test);
        true
    }

    /// A name has been looked up; an empty list is a failure.
    pub fn looked_up(&mut self, name: &ServerName, found: &Found, now: Instant) {
        for test in self.running.values_mut() {
            if test.server.as_ref() == Some(name) {
                let finding = match found.addresses.as_slice() {
                    [] => Finding::NotFound,
                    _ => Finding::Leads(found.clone()),
                };
                test.name.finish(finding, now);
            }
        }
    }

    /// A trunk whose name is settled and whose server is to be asked now.
    #[must_use]
    pub fn ready(&self) -> Option<TrunkName> {
        let ready = |test: &Test| !test.name.is_open() && matches!(test.options, Course::Later);
        self.running.iter().find(|(_, test)| ready(test)).map(|(name, _)| name.clone())
    }

    /// OPTIONS has left under this Call-ID; the registration goes by that one, if there is one.
    pub fn asked(
        &mut self,
        trunk: &TrunkName,
        options: &str,
        registration: Option<String>,
        now: Instant,
    ) {
        let Some(test) = self.running.get_mut(trunk) else { return };
        test.options = Course::Since(now);
        test.watched.push(options.to_owned());
        match registration {
            Some(call_id) => {
                test.registration = Course::Since(now);
                test.watched.push(call_id);
            }
            None => test.registration.finish(Finding::NotNeeded, now),
        }
    }

    /// There is nowhere to ask.
    pub fn not_asked(
        &mut self,
        trunk: &TrunkName,
        finding: Finding,
        registers: bool,
        now: Instant,
    ) {
        let Some(test) = self.running.get_mut(trunk) else { return };
        let registration = if registers { Finding::NotTried } else { Finding::NotNeeded };
        test.options.finish(finding, now);
        test.registration.finish(registration, now);
        self.settle(trunk);
    }

    /// The last answer to OPTIONS; `None`: there is none.
    pub fn options_done(&mut self, trunk: &TrunkName, response: Option<&Response>, now: Instant) {
        if let Some(test) = self.running.get_mut(trunk) {
            test.options.finish(test.outcome(response), now);
            self.settle(trunk);
        }
    }

    /// The last answer to a REGISTER.
    pub fn registration_done(
        &mut self,
        trunk: &TrunkName,
        response: Option<&Response>,
        now: Instant,
    ) {
        if let Some(test) = self.running.get_mut(trunk)
            && matches!(test.registration, Course::Since(_))
        {
            test.registration.finish(test.outcome(response), now);
            self.settle(trunk);
        }
    }

    /// The connection to a trunk's server has failed.
    pub fn connection_lost(&mut self, trunk: &TrunkName, why: &str) {
        if let Some(test) = self.running.get_mut(trunk) {
            test.trouble = Some(without_controls(why).chars().take(LONGEST_TROUBLE).collect());
        }
    }

    /// A message has come, or has left.
    pub fn note(&mut self, bytes: &[u8], flow: &Flow, sent: bool, now: Moment) {
        if self.running.is_empty() {
            return;
        }
        let Some(scan) = Scan::of(bytes) else { return };
        let is_its = |test: &&mut Test| {
            test.watched.iter().any(|call_id| call_id.as_bytes() == scan.call_id)
        };
        let Some(test) = self.running.values_mut().find(is_its) else { return };
        if test.messages.len() < MOST_MESSAGES {
            let after = now.ticks.saturating_duration_since(test.begun);
            let lines = shown_head(bytes);
            test.messages.push(CheckedMessage { after, sent, peer: flow.remote, lines });
        }
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        let mut over = Vec::new();
        for (trunk, test) in &mut self.running {
            if test.begun + NAME_PATIENCE <= now {
                test.name.finish(Finding::NotFound, now);
            }
            if test.begun + PATIENCE <= now {
                test.options.finish(test.outcome(None), now);
                test.registration.finish(test.outcome(None), now);
                over.push(trunk.clone());
            }
        }
        for trunk in over {
            self.settle(&trunk);
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let due = self
            .running
            .values()
            .map(|test| test.begun + if test.name.is_open() { NAME_PATIENCE } else { PATIENCE });
        due.min().map(|at| (at, "a trunk is tested"))
    }

    /// Hands the report over when there is nothing left to wait for.
    fn settle(&mut self, trunk: &TrunkName) {
        let open = |test: &Test| test.options.is_open() || test.registration.is_open();
        if self.running.get(trunk).is_none_or(open) {
            return;
        }
        let Some(test) = self.running.remove(trunk) else { return };
        let steps = vec![
            test.name.report(Check::Name),
            test.options.report(Check::Options),
            test.registration.report(Check::Registration),
        ];
        let report = TrunkReport {
            server: test.server.map(|name| name.server),
            steps,
            messages: test.messages,
        };
        for reply in test.waiting {
            if reply.send(Some(report.clone())).is_err() {
                debug!(%trunk, "nobody waits for the report any more");
            }
        }
    }
}

impl Test {
    fn outcome(&self, response: Option<&Response>) -> Finding {
        match (response, &self.trouble) {
            (Some(response), _) => Finding::Answered {
                status: response.status,
                reason: without_controls(&response.reason).chars().take(64).collect(),
            },
            (None, Some(why)) => Finding::NotConnected(why.clone()),
            (None, None) => Finding::NoAnswer,
        }
    }
}
