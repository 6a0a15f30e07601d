//! What a screen answers to a key: only the app acts.

use crate::console::cases::CasesFilter;
use crate::console::desk::WishKind;
use crate::console::desk::{ConversationFilter, CustomerFilter, DeskRequest};
use crate::console::edit::Edit;
use crate::console::editor::Draft;
use crate::console::secret::Secret;
use crate::console::setup::{SetupPlace, SetupRequest};
use crate::console::statistics::StatsFilter;
use crate::console::tapes::TapeRequest;
use crate::locale::Speech;
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
    /// Give the terminal to an editor; what is written comes back as a report.
    Write(Draft),
    /// Shown once, and gone with the next key.
    Show(Secret),
    /// Back to the list, of which only what fits this is wanted.
    Narrow(Narrowing),
    /// Back: whoever sits here has said who they are, and goes on with what they wanted.
    Become(String, Errand),
    /// Each of them.
    Several(Vec<Self>),
}

/// What a list shall show, and of what kind of list it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrowing {
    Calls(HistoryFilter),
    Conversations(ConversationFilter),
    Cases(CasesFilter),
    Customers(CustomerFilter),
    Stats(StatsFilter),
}

/// What somebody wants that their own phone takes part in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    Nothing,
    /// Call the customer of this conversation.
    CallBack(u64),
    /// See what they take care of.
    Mine,
    /// Hear a sound by phone; `language` is that of a built-in voice.
    Hear {
        sound: String,
        language: Option<String>,
    },
    /// Hear the recording or message of this name.
    Play(String),
}

impl Errand {
    /// Does it if it is known who sits here, else asks.
    #[must_use]
    pub fn begin(self, me: Option<&str>) -> Action {
        match (self, me) {
            (errand, None) => Action::Open(Place::Myself(errand)),
            (Self::Nothing, Some(_)) => Action::Redraw,
            (Self::CallBack(conversation), Some(me)) => {
                let (agent, again) = (me.to_owned(), false);
                Action::Ask(Request::Desk(DeskRequest::CallBack { conversation, agent, again }))
            }
            (Self::Hear { sound, language }, Some(me)) => {
                let extension = me.to_owned();
                Action::Ask(Request::Setup(SetupRequest::Play { sound, extension, language }))
            }
            (Self::Play(name), Some(me)) => {
                let agent = me.to_owned();
                Action::Ask(Request::Tapes(TapeRequest::Play { name, agent }))
            }
            (Self::Mine, Some(me)) => {
                let filter =
                    ConversationFilter { assignee: me.to_owned(), ..ConversationFilter::default() };
                Action::Narrow(Narrowing::Conversations(filter))
            }
        }
    }
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
    Dial(String),
    Call(u64),
    Change(u64),
    Filter(HistoryFilter),
    Conversation(u64),
    /// What happened in a conversation at that place of its log.
    Note(u64, usize),
    /// A form about these conversations.
    Wish(Vec<u64>, WishKind),
    ConversationFilter(ConversationFilter),
    /// Whose phone is it?
    Myself(Errand),
    Customer(String),
    /// The profile of this number.
    Profile(String),
    /// Leads, one of which is to become this customer's.
    Merge(String),
    CustomerFilter(CustomerFilter),
    CasesFilter(CasesFilter),
    StatsFilter(StatsFilter),
    /// The SIP messages of this call.
    Ladder(u64),
    Setup(SetupPlace),
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
    CallSip(u64),
    Desk(DeskRequest),
    Tapes(TapeRequest),
    Stats(StatsFilter),
    ExportStats {
        filter: StatsFilter,
        /// In which the table's heads are written.
        speech: Speech,
    },
    Setup(SetupRequest),
}

impl Request {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Save { .. } | Self::Revert { .. } | Self::HangUp(_) | Self::Originate { .. } => {
                true
            }
            Self::Desk(request) => request.writes(),
            Self::Tapes(request) => request.writes(),
            Self::Setup(request) => request.writes(),
            Self::States
            | Self::CallSip(_)
            | Self::Stats(_)
            | Self::ExportStats { .. }
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
