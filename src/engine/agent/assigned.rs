//! Whom a call has been given to on its way.

use crate::office::extension::Extension;
use crate::office::route::Route;
use crate::office::team::TeamName;
use crate::office::workflow::chore::{Cleared, Target};

/// An agent goes before a team: to get from one to the other, the first is cleared (L114).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assigned {
    team: Option<TeamName>,
    agent: Option<Extension>,
}

impl Assigned {
    pub(crate) fn of(route: &Route) -> Self {
        match route {
            Route::Agent(agent) => Self { team: None, agent: Some(agent.clone()) },
            Route::Team(team) => Self { team: Some(team.clone()), agent: None },
            Route::Workflow(_) | Route::Off => Self::default(),
        }
    }

    /// Also while an agent of it goes before it.
    pub(crate) fn team(&self) -> Option<&TeamName> {
        self.team.as_ref()
    }

    pub(crate) fn assign(&mut self, target: &Target) {
        match target {
            Target::Team(team) => self.team = Some(team.clone()),
            Target::Agent(agent) => self.agent = Some(agent.clone()),
        }
    }

    pub(crate) fn clear(&mut self, cleared: Cleared) {
        match cleared {
            Cleared::Team => self.team = None,
            Cleared::Agent => self.agent = None,
            Cleared::Both => *self = Self::default(),
        }
    }

    /// L107: nobody assigned means everybody who takes unassigned calls.
    pub(crate) fn route(&self) -> Route {
        match (&self.agent, &self.team) {
            (Some(agent), _) => Route::Agent(agent.clone()),
            (None, Some(team)) => Route::Team(team.clone()),
            (None, None) => Route::Off,
        }
    }
}
