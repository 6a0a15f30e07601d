//! What a screen answers to a key: only the app acts.

use crate::console::edit::Edit;
use crate::console::secret::Secret;
use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The key means nothing here.
    Ignored,
    /// Something on the screen has changed.
    Redraw,
    Open(Place),
    /// In place of this screen.
    Replace(Place),
    Back,
    /// Back, and say so.
    Leave(Words),
    Ask(Request),
    /// Ask the daemon when the person has said yes.
    Confirm {
        question: Words,
        request: Request,
    },
    Say(Words),
    /// Shown once, and gone with the next key.
    Show(Secret),
    /// Calls that fit this are wanted.
    Narrow(HistoryFilter),
}

/// Screens that open above another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Claim,
    NewNumber(String),
    Number(String),
    /// Copy the settings of this number.
    CopyNumber(String),
    NewAgent,
    Agent(String),
    Devices(String),
    NewTeam,
    Team(String),
    NewTrunk,
    Trunk(String),
    Policies,
    Dial(String),
    Call(u64),
    Change(u64),
    Filter(HistoryFilter),
}

/// Which calls a history page shows; texts as they were typed, empty: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    pub party: String,
    pub number: String,
    pub agent: String,
    pub direction: String,
    pub outcome: String,
    /// `2026-11-25`, first and last day.
    pub from: String,
    pub to: String,
}

/// What the daemon is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Health, phones, trunks, and what the day has come to.
    States,
    Figures,
    Office,
    Calls {
        filter: HistoryFilter,
        before: Option<u64>,
    },
    Export {
        filter: HistoryFilter,
    },
    Call(u64),
    Changes {
        before: Option<u64>,
    },
    Change(u64),
    /// Say what edits would change, and what is wrong with them.
    Check {
        edits: Vec<Edit>,
        ticket: u64,
    },
    Save {
        edits: Vec<Edit>,
        ticket: u64,
    },
    Revert {
        change: u64,
    },
    HangUp(u64),
    Originate {
        agent: String,
        to: String,
    },
}

impl Request {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Save { .. } | Self::Revert { .. } | Self::HangUp(_) | Self::Originate { .. } => {
                true
            }
            Self::States
            | Self::Office
            | Self::Figures
            | Self::Calls { .. }
            | Self::Export { .. }
            | Self::Call(_)
            | Self::Changes { .. }
            | Self::Change(_)
            | Self::Check { .. } => false,
        }
    }
}
