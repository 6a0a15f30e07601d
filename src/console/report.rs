//! What the console learns of the daemon.

use crate::api::refusal::Refusal;
use crate::api::request::{Health, TrunkState};
use crate::api::schema::schema::{
    CallPage, CallWithTrail, ChangeDocuments, ChangePage, OfficeChanges, Registration,
};
use crate::api::schema::sip::CallSip;
use crate::api::schema::stats::{AgentStats, Stats};
use crate::console::action::Request;
use crate::console::desk::DeskReport;
use crate::console::document::Document;
use crate::console::setup::SetupReport;
use crate::console::statistics::StatsFilter;
use crate::console::tapes::TapeReport;
use crate::live::{Live, Update};
use crate::words::Words;

#[derive(Clone, Debug)]
pub enum Report {
    /// The stream stands, and this is the office now.
    Up(Live),
    /// The daemon is gone, and why.
    Down(Words),
    Update(Update),
    Health(Health),
    Registrations(Vec<Registration>),
    Trunks(Vec<TrunkState>),
    Office(Document),
    /// What today has come to.
    Figures(Box<Stats>),
    Calls {
        page: CallPage,
        is_first: bool,
    },
    Call(Box<CallWithTrail>),
    Changes {
        page: ChangePage,
        is_first: bool,
    },
    Change(Box<ChangeDocuments>),
    /// What edits would change; `place` is where faults of the last one are found.
    Checked {
        ticket: u64,
        place: String,
        verdict: Result<OfficeChanges, Refusal>,
    },
    /// Edits are made, or not.
    Saved {
        ticket: u64,
        place: String,
        verdict: Result<OfficeChanges, Refusal>,
    },
    CallSip {
        call: u64,
        sip: Box<CallSip>,
    },
    Desk(DeskReport),
    Tapes(TapeReport),
    Stats {
        filter: StatsFilter,
        stats: Box<Stats>,
    },
    /// What the same span has come to for each agent.
    AgentStats {
        filter: StatsFilter,
        agents: Box<AgentStats>,
    },
    Setup(SetupReport),
    /// It is done only if the person still wants it.
    Doubt {
        question: Words,
        request: Box<Request>,
    },
    /// Something was done, and what to say of it.
    Done(Words),
    Refused(Words),
}

impl Report {
    /// What is to be said of something that was done.
    #[must_use]
    pub fn done(&self) -> Option<Words> {
        if let Self::Done(words) = self { Some(words.clone()) } else { None }
    }

    /// Whether the edits of this ticket are made.
    #[must_use]
    pub fn saved(&self, mine: Option<u64>) -> Option<&Result<OfficeChanges, Refusal>> {
        if let Self::Saved { ticket, verdict, .. } = self
            && Some(*ticket) == mine
        {
            return Some(verdict);
        }
        None
    }
}

/// It is done, and can be undone.
#[must_use]
pub fn saved() -> Words {
    Words::new(
        "저장했습니다. 실행 취소 화면에서 되돌릴 수 있습니다",
        "saved; the Undo screen takes it back",
    )
}

/// What a person is told when edits have been tried.
#[must_use]
pub fn outcome(verdict: &Result<OfficeChanges, Refusal>) -> Words {
    match verdict {
        Ok(_) => saved(),
        Err(refusal) => {
            let first = refusal.errors.first().map(|fault| &fault.message);
            first.unwrap_or(&refusal.message).clone()
        }
    }
}
