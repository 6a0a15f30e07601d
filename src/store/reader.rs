//! Reads the database beside its writer, or while there is none; can change nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::tz::TimeZone;
use rusqlite::{Connection, OpenFlags};

use crate::history::call_filter::CallFilter;
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::history::conversation::conversation::{Conversation, ConversationFile};
use crate::history::conversation::filter::ConversationFilter;
use crate::history::conversation::lead::Lead;
use crate::history::conversation_id::ConversationId;
use crate::history::figures::agent_figures::{AgentFigures, AgentSpan};
use crate::history::figures::figures::{CallFigures, Figures, FiguresFilter};
use crate::history::figures::hours_filter::HoursFilter;
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::hours_switch::HoursVersion;
use crate::history::office_change::OfficeChange;
use crate::history::recorded_call::RecordedCall;
use crate::history::remembered::Remembered;
use crate::office::hours::hours::HoursName;
use crate::office::library::HeldSound;
use crate::office::number_document::{HeldDocument, NumberDocument};
use crate::office::phone_number::PhoneNumber;
use crate::office::recording::SoundHash;
use crate::office::snapshot::Office;
use crate::office::target::Target;
use crate::store::connection::{BUSY, connect_immutable};
use crate::store::error::StoreError;
use crate::store::file::FILE;
use crate::store::table::agent_figures;
use crate::store::table::calls;
use crate::store::table::cases;
use crate::store::table::conversations;
use crate::store::table::customers;
use crate::store::table::figures;
use crate::store::table::hours;
use crate::store::table::number_documents;
use crate::store::table::office;
use crate::store::table::office_changes;
use crate::store::table::sounds;
use crate::store::table::sounds::Samples;
use crate::store::table::walks;
use crate::store::table::{targets, zone};
use crate::store::{remembered, schema};

#[derive(Debug)]
pub struct Reader {
    pub(crate) connection: Connection,
    /// The disk took nothing when it was opened; it never sees what is written later.
    is_frozen: bool,
}

impl Reader {
    /// Opens the database of a data folder.
    ///
    /// # Errors
    /// When there is no database, or it is damaged, or newer or older than this program.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let reader = Self::open_file(&data_dir.join(FILE))?;
        if schema::version(&reader.connection)? < schema::known() {
            return Err(StoreError::Older);
        }
        Ok(reader)
    }

    pub(crate) fn open_file(file: &Path) -> Result<Self, StoreError> {
        if !file.exists() {
            return Err(StoreError::NoDatabase(file.display().to_string()));
        }
        match connect(file) {
            Err(StoreError::ReadOnly(_) | StoreError::DiskFull) => {
                Ok(Self { connection: connect_immutable(file)?, is_frozen: true })
            }
            connected => Ok(Self { connection: connected?, is_frozen: false }),
        }
    }

    /// Whether it may be kept for the next question.
    pub(crate) fn is_lasting(&self) -> bool {
        !self.is_frozen
    }

    /// What calls of a span come to for each target.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(
        &self,
        span: (i64, i64),
        targets: &[Target],
    ) -> Result<Vec<(Target, CallFigures)>, StoreError> {
        targets::count(&self.connection, span, targets)
    }

    /// On whose calendar days are counted.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn zone(&self) -> Result<TimeZone, StoreError> {
        zone::zone(&self.connection)
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn office(&self) -> Result<Office, StoreError> {
        office::load(&self.connection)
    }

    /// One page, newest first, without trails.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn calls(&self, filter: &CallFilter) -> Result<Vec<CallRecord>, StoreError> {
        calls::list(&self.connection, filter)
    }

    /// Changes of the office before the one with that number, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn changes(&self, before: Option<u64>, rows: u32) -> Result<Vec<OfficeChange>, StoreError> {
        office_changes::list(&self.connection, before, rows)
    }

    /// Every version that was ever run, by workflow, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn workflows(&self) -> Result<Vec<WorkflowFigures>, StoreError> {
        walks::figures(&self.connection)
    }

    /// What a span of days comes to.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn figures(&self, filter: &FiguresFilter) -> Result<Figures, StoreError> {
        figures::figures(&self.connection, filter)
    }

    /// What a span of days comes to for each agent, by extension.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn agent_figures(
        &self,
        span: AgentSpan,
        hours: Option<&HoursFilter>,
    ) -> Result<BTreeMap<String, AgentFigures>, StoreError> {
        agent_figures::figures(&self.connection, span, hours)
    }

    /// One page, the one that something happened in last first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn conversations(
        &self,
        filter: &ConversationFilter,
    ) -> Result<Vec<Conversation>, StoreError> {
        conversations::list(&self.connection, filter)
    }

    /// One page, the one that was opened last first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cases(&self, filter: &CaseFilter) -> Result<Vec<CaseRecord>, StoreError> {
        cases::list(&self.connection, filter)
    }

    /// One conversation with its cases, its newest calls and what happened in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<ConversationFile>, StoreError> {
        let Some(conversation) = conversations::load(&self.connection, id)? else {
            return Ok(None);
        };
        let of_it = CallFilter { conversation: Some(id), ..CallFilter::default() };
        Ok(Some(ConversationFile {
            conversation,
            cases: conversations::load_cases(&self.connection, id)?,
            calls: calls::list(&self.connection, &of_it)?,
            log: conversations::load_log(&self.connection, id)?,
        }))
    }

    /// Leads whose number or name holds `part`, the last met first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn leads(&self, part: &str, rows: u32) -> Result<Vec<Lead>, StoreError> {
        customers::list_leads(&self.connection, part, rows)
    }

    /// How a set of hours was defined, oldest first (C9).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn hours_versions(&self, name: &HoursName) -> Result<Vec<HoursVersion>, StoreError> {
        hours::versions(&self.connection, name)
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn remembered(&self) -> Result<Remembered, StoreError> {
        remembered::load(&self.connection)
    }

    /// Every sound by its names.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sounds(&self) -> Result<Vec<HeldSound>, StoreError> {
        sounds::list(&self.connection)
    }

    /// Those of the sounds that are there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn samples(&self, wanted: &BTreeSet<SoundHash>) -> Result<Vec<Samples>, StoreError> {
        sounds::samples(&self.connection, wanted)
    }

    /// A sound file as it came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sound_file(&self, sha256: &SoundHash) -> Result<Option<Vec<u8>>, StoreError> {
        sounds::file(&self.connection, sha256)
    }

    /// Every document, also of numbers that were given back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn documents(&self) -> Result<Vec<HeldDocument>, StoreError> {
        number_documents::list(&self.connection)
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn document(&self, number: &PhoneNumber) -> Result<Option<NumberDocument>, StoreError> {
        number_documents::read(&self.connection, number)
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn recorded(&self, ids: &[CallId]) -> Result<BTreeMap<CallId, RecordedCall>, StoreError> {
        calls::recorded(&self.connection, ids)
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn call(&self, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        calls::load(&self.connection, id)
    }
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    schema::version(&connection)?;
    Ok(connection)
}
