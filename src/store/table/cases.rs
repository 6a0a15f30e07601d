//! Lists of cases, with what their conversations say of them.

use rusqlite::{Connection, Row, params_from_iter};

use crate::history::conversation::case_record::{CaseFilter, CaseRecord};
use crate::history::conversation_id::ConversationId;
use crate::history::trail::trail::{Decision, TrailEntry};
use crate::history::trail::workflow::WorkflowStory;
use crate::office::team::TeamName;
use crate::store::error::StoreError;
use crate::store::table::conversations::{read_case, row_id};
use crate::store::table::customers::set;
use crate::store::table::narrowing::Narrowing;
use crate::store::word::{optional_word, word};

/// A workflow that receives calls is met by the first of a conversation; so many are looked at.
const FIRST_CALLS: u32 = 8;

/// One page, the one that was opened last first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list(
    connection: &Connection,
    filter: &CaseFilter,
) -> Result<Vec<CaseRecord>, StoreError> {
    let narrowed = narrowed(filter)?;
    let mut question = connection.prepare_cached(&listing(&narrowed, filter.rows()))?;
    let mut rows = question.query(params_from_iter(narrowed.values()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(connection, row)?);
    }
    Ok(found)
}

/// The question of [`list`].
pub(crate) fn listing(narrowed: &Narrowing, rows: u32) -> String {
    format!(
        "SELECT cases.*, customer, name, direction, priority, followers
         FROM cases CROSS JOIN conversations ON conversations.id = cases.conversation
         WHERE {} AND state <> 'initial'
         ORDER BY opened DESC, conversation DESC, cases.seq DESC LIMIT {rows}",
        narrowed.text()
    )
}

pub(crate) fn narrowed(filter: &CaseFilter) -> Result<Narrowing, StoreError> {
    let mut narrowed = Narrowing::default();
    if let Some(from) = filter.from {
        narrowed.by("opened >= ?", from);
    }
    if let Some(to) = filter.to {
        narrowed.by("opened < ?", to);
    }
    if let Some(number) = &filter.number {
        narrowed.by("cases.number = ?", number.as_str().to_owned());
    }
    if let Some(agent) = &filter.assignee {
        narrowed.by("cases.assignee = ?", agent.as_str().to_owned());
    }
    if let Some(team) = &filter.team {
        narrowed.by("cases.team = ?", team.0.clone());
    }
    if let Some(tag) = &filter.tag {
        // A list of tags holds each as it is written alone, in its quotes.
        let tag = serde_json::to_string(tag).map_err(|e| StoreError::Refused(e.to_string()))?;
        narrowed.by("cases.tags <> '[]' AND instr(cases.tags, ?)", tag);
    }
    if let Some(place) = filter.before {
        let (opened, id, seq) = (place.opened, row_id(place.conversation), place.seq);
        narrowed.by(&format!("(opened, conversation, cases.seq) < (?, {id}, {seq})"), opened);
    }
    Ok(narrowed)
}

fn read(connection: &Connection, row: &Row<'_>) -> Result<CaseRecord, StoreError> {
    let id: i64 = row.get("conversation")?;
    Ok(CaseRecord {
        conversation: ConversationId(id.unsigned_abs()),
        case: read_case(row)?,
        customer: optional_word(row, "customer")?,
        name: row.get("name")?,
        number: optional_word(row, "number")?,
        direction: word(row, "direction")?,
        priority: word(row, "priority")?,
        workflow: first_workflow(connection, id)?,
        team: row.get::<_, Option<String>>("team")?.map(TeamName),
        assignee: optional_word(row, "assignee")?,
        followers: set(row, "followers")?,
    })
}

fn first_workflow(connection: &Connection, id: i64) -> Result<Option<String>, StoreError> {
    let mut question = connection.prepare_cached(&format!(
        "SELECT trail FROM calls WHERE conversation = ?1 ORDER BY started LIMIT {FIRST_CALLS}"
    ))?;
    let mut rows = question.query([id])?;
    while let Some(row) = rows.next()? {
        let trail: Vec<TrailEntry> = serde_json::from_str(&row.get::<_, String>("trail")?)
            .map_err(|error| StoreError::Damaged(format!("a trail of {id}: {error}")))?;
        if let Some(name) = trail.iter().find_map(receives) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The workflow that a call has come to.
fn receives(entry: &TrailEntry) -> Option<String> {
    let Decision::Workflow { story } = &entry.decision else { return None };
    if let WorkflowStory::Connected(name) | WorkflowStory::Topmost(name) = story {
        return Some(name.to_string());
    }
    None
}
