//! What a customer's call has tried while it looks for somebody who answers.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::engine::queue::turns::Turn;
use crate::office::extension::Extension;
use crate::office::priority::Priority;
use crate::office::route::Route;
use crate::office::team::TeamName;
use crate::office::workflow::name::WorkflowName;

/// What the call has tried so far. One ring time lasts for the whole call, whoever is rung; in an
/// automatic team those who may take the call have equal shares of it (SA2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) route: Route,
    /// The team whose call it is: that of the route, or the one in which an agent was given it.
    pub(crate) team: Option<TeamName>,
    /// Who was given the call and did not take it.
    pub(crate) tried: BTreeSet<Extension>,
    /// Whose it was while they did not want to be disturbed.
    pub(crate) kept_silent: BTreeSet<Extension>,
    pub(crate) ring_time_used: Duration,
    /// Who is given the call just now, if it is one person.
    pub(crate) given: Option<Extension>,
    /// Somebody has given it to them, out of the queue.
    pub(crate) by_hand: bool,
    /// Who was given it by hand and did not take it.
    pub(crate) passed_on: Option<Extension>,
    /// What a workflow or a hand has made it.
    pub(crate) priority: Option<Priority>,
    /// The workflow that gave the call to whom it looks for.
    pub(crate) assigned_by: Option<WorkflowName>,
    /// It was given to somebody else while it waited, and the conversation does not know yet.
    pub(crate) handed_on: bool,
    /// What comes round while it waits in a queue; none: it has not waited yet.
    pub(crate) turns: Option<Vec<Turn>>,
}
