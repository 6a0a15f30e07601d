//! What is asked of and learnt from the daemon for the screens that set the office up: hours,
//! numbers, sounds, workflows.

use serde_json::Value;

use crate::api::agent_schema::PresenceBody;
use crate::api::refusal::Refusal;
use crate::api::schema::ban::BanLine;
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::hours::HoursState;
use crate::api::schema::number::DocumentLine;
use crate::api::schema::schema::SoundLine;
use crate::api::schema::trunk::TrunkTest;
use crate::api::schema::workflow::WorkflowList;
use crate::console::edit::Edit;
use crate::words::Words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupRequest {
    /// Open or close hours by hand; none: by the schedule again.
    Switch {
        hours: String,
        open: Option<bool>,
    },
    /// What edits would have done to yesterday's calls.
    Compare {
        edits: Vec<Edit>,
        ticket: u64,
    },
    /// The days of this calendar file become holidays of these hours.
    ImportHolidays {
        hours: String,
        file: String,
    },
    /// How an agent is present; for them, by an admin.
    Presence {
        extension: String,
        body: PresenceBody,
    },
    /// The sound files.
    Sounds,
    RemoveSound(String),
    /// Ring this agent's phones and let them hear it; `language` is that of a built-in voice.
    Play {
        sound: String,
        extension: String,
        language: Option<String>,
    },
    /// What the office keeps of a number beside its document, and the sound files.
    OfNumber(String),
    /// Something with the document of this number.
    Document {
        number: String,
        deed: DocumentDeed,
    },
    Workflows,
    /// What the office should look at.
    Warnings,
    /// Addresses that guess passwords.
    Bans,
    Pardon(String),
    /// The text of this workflow.
    WorkflowText(String),
    TryWorkflow(WorkflowTry),
    /// Try this trunk out.
    TestTrunk(String),
}

impl SetupRequest {
    /// Whether it changes anything.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Switch { .. }
            | Self::ImportHolidays { .. }
            | Self::Presence { .. }
            | Self::RemoveSound(_)
            | Self::Play { .. }
            | Self::Pardon(_) => true,
            Self::TryWorkflow(wanted) => wanted.saves,
            Self::Document { deed, .. } => match deed {
                DocumentDeed::Keep(_) | DocumentDeed::Remove => true,
                DocumentDeed::Write(_) => false,
            },
            Self::Compare { .. }
            | Self::Sounds
            | Self::OfNumber(_)
            | Self::Workflows
            | Self::Warnings
            | Self::WorkflowText(_)
            | Self::TestTrunk(_)
            | Self::Bans => false,
        }
    }
}

/// What becomes of a document; files are those of the console's machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentDeed {
    /// This file is kept with the number.
    Keep(String),
    /// What is kept is written to this file.
    Write(String),
    Remove,
}

/// The text of a workflow that is tried, or saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowTry {
    /// None: it is a new one.
    pub name: Option<String>,
    pub text: String,
    pub saves: bool,
    pub ticket: u64,
}

/// What such a text changes.
#[derive(Clone, Debug)]
pub struct Tried {
    pub changes: Vec<Words>,
    /// None: it was not said, or not soon enough.
    pub compared: Option<OfficeComparison>,
}

#[derive(Clone, Debug)]
pub enum SetupReport {
    Hours(Vec<HoursState>),
    /// None: it could not be said, or not soon enough.
    Compared {
        ticket: u64,
        told: Option<OfficeComparison>,
    },
    Sounds(Vec<SoundLine>),
    OfNumber {
        number: String,
        document: Option<DocumentLine>,
    },
    Workflows(Box<WorkflowList>),
    /// Those that stand beside wrap-up (S27, S28).
    Warnings(Vec<Words>),
    Bans(Vec<BanLine>),
    WorkflowText {
        name: String,
        text: String,
    },
    /// Faults are told by the lines of the text.
    WorkflowTried {
        ticket: u64,
        told: Result<Tried, Refusal>,
    },
    /// What was written in the editor, or why nothing was.
    Written {
        ticket: u64,
        told: Result<String, Words>,
    },
    /// What the test of this trunk has found, or why it was not tried.
    Tested {
        name: String,
        told: Result<Box<TrunkTest>, Words>,
    },
}

/// Screens that open above another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupPlace {
    NewHours,
    /// The week of this set.
    Week(String),
    /// The form of this set; its cursor on a day such as `wed`, or none.
    HoursForm(String, &'static str),
    Holidays(String),
    NewHoliday(String),
    /// A calendar file for this set's holidays.
    HolidayFile(String),
    /// How this agent is present.
    Presence(String),
    /// The form of a number; its cursor on this field.
    NumberForm(String, String),
    /// What a number says in a situation.
    Voices(String, &'static str),
    /// The same in one language.
    Voice(String, &'static str, &'static str),
    /// The steps of a workflow.
    Workflow(String),
    /// The form of the rules; its cursor on this field.
    Policies(String),
    /// The form of this phone, of an agent.
    Device(String, String),
    /// This workflow in the editor; none: a new one.
    WorkflowEdit(Option<String>),
    /// The test of this trunk.
    TrunkTest(String),
    /// What is done with this number's document.
    NumberDocument(String),
    NewBell,
    NewTarget,
    /// By all that it says: a target has no name.
    Target(Value),
    /// The form of this bell, as the document has it.
    Bell(Value),
}
