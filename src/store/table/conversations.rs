//! Conversations, their cases and what happened in them, as rows.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::history::conversation::conversation::{
    Case, Conversation, HeldConversation, Memory, Shelved, State,
};
use crate::history::conversation::filter::{ConversationFilter, StateName};
use crate::history::conversation::log::LogEntry;
use crate::history::conversation_id::ConversationId;
use crate::history::missed_reason::MissedReason;
use crate::office::team::TeamName;
use crate::store::error::StoreError;
use crate::store::table::customers::{json, set};
use crate::store::table::narrowing::Narrowing;
use crate::store::table::parties;
use crate::store::table::search::{Searched, Side, WALKED};
use crate::store::word::{from_word, optional_word, to_word, word};

/// A customer who never came in is forgotten after 31 days (L26).
const INITIAL_KEPT_MS: i64 = 31 * 86_400_000;

const UPSERT: &str = "
    INSERT INTO conversations (id, customer, name, number, direction, created, state, since, until,
        reason, closed, team, assignee, followers, tags, description, last_call, last_note, active,
        handled, seq, priority, reminded)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
        ?20, ?21, ?22, ?23)
    ON CONFLICT (id) DO UPDATE SET customer = ?2, name = ?3, number = ?4, direction = ?5,
        created = ?6, state = ?7, since = ?8, until = ?9, reason = ?10, closed = ?11, team = ?12,
        assignee = ?13, followers = ?14, tags = ?15, description = ?16, last_call = ?17,
        last_note = ?18, active = ?19, handled = ?20, seq = ?21, priority = ?22,
        reminded = ?23";

pub(crate) const SEARCHED: Searched = Searched {
    table: "conversations",
    order: "active",
    walked: WALKED,
    sides: &[Side { number: "customer", name: Some("name"), index: "conversations_by_customer" }],
};

/// Writes a conversation and its present case, over what was known of them.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save(connection: &Connection, kept: &HeldConversation) -> Result<(), StoreError> {
    let mut kept = kept.clone();
    if !kept.whole
        && let Some(before) = load(connection, kept.conversation.id)?
    {
        kept.complete_from(&before);
    }
    let one = kept.conversation;
    let (since, until, closed) = match one.state {
        State::Initial | State::Queued | State::Opened => (None, None, None),
        State::Snoozed { since, until } => (Some(since), Some(until), None),
        State::Missed { since, .. } => (Some(since), None, None),
        State::Closed { at, .. } => (None, None, Some(at)),
    };
    let reason = one.state.missed_reason().map(|reason| to_word(&reason)).transpose()?;
    connection.prepare_cached(UPSERT)?.execute(params![
        row_id(one.id),
        one.customer.as_ref().map(|customer| customer.as_str()),
        one.name,
        one.number.as_ref().map(|number| number.as_str()),
        to_word(&one.direction)?,
        one.created,
        one.state.name(),
        since,
        until,
        reason,
        closed,
        one.team.as_ref().map(|team| team.0.as_str()),
        one.assignee.as_ref().map(|agent| agent.as_str()),
        json(&one.followers)?,
        json(&one.tags)?,
        one.description,
        one.last_call,
        one.last_note,
        one.active(),
        one.handled,
        one.case.seq,
        one.priority.word(),
        one.reminded
    ])?;
    if let Some(customer) = &one.customer {
        parties::remember(connection, customer.as_str(), &one.name)?;
    }
    save_case(connection, &one)
}

fn save_case(connection: &Connection, one: &Conversation) -> Result<(), StoreError> {
    let case = &one.case;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO cases
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                 ?15)",
        )?
        .execute(params![
            row_id(one.id),
            case.seq,
            case.opened,
            case.queued,
            case.answered,
            case.closed,
            case.snoozed_ms,
            case.snoozed,
            case.missed,
            json(&case.tags)?,
            one.number.as_ref().map(|number| number.as_str()),
            one.team.as_ref().map(|team| team.0.as_str()),
            one.assignee.as_ref().map(|agent| agent.as_str()),
            case.called_back,
            case.first_assignee.as_ref().map(|agent| agent.as_str())
        ])?;
    Ok(())
}

/// # Errors
/// When the disk fails.
pub(crate) fn save_entry(connection: &Connection, entry: &LogEntry) -> Result<(), StoreError> {
    let what = serde_json::to_string(&entry.what)
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT INTO conversation_log (conversation, at, who, what) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![row_id(entry.conversation), entry.at, entry.who, what])?;
    Ok(())
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn load(
    connection: &Connection,
    id: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let mut question = connection.prepare_cached("SELECT * FROM conversations WHERE id = ?1")?;
    let mut rows = question.query([row_id(id)])?;
    rows.next()?.map(|row| read(connection, row)).transpose()
}

/// Every case of a conversation, the first first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load_cases(
    connection: &Connection,
    id: ConversationId,
) -> Result<Vec<Case>, StoreError> {
    let mut question =
        connection.prepare_cached("SELECT * FROM cases WHERE conversation = ?1 ORDER BY seq")?;
    let mut rows = question.query([row_id(id)])?;
    let mut cases = Vec::new();
    while let Some(row) = rows.next()? {
        cases.push(read_case(row)?);
    }
    Ok(cases)
}

/// What happened, the first first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn load_log(
    connection: &Connection,
    id: ConversationId,
) -> Result<Vec<LogEntry>, StoreError> {
    let mut question = connection
        .prepare_cached("SELECT * FROM conversation_log WHERE conversation = ?1 ORDER BY id")?;
    let mut rows = question.query([row_id(id)])?;
    let mut log = Vec::new();
    while let Some(row) = rows.next()? {
        let what: String = row.get("what")?;
        log.push(LogEntry {
            conversation: id,
            at: row.get("at")?,
            who: row.get("who")?,
            what: serde_json::from_str(&what)
                .map_err(|error| StoreError::Damaged(format!("log of {id}: {error}")))?,
        });
    }
    Ok(log)
}

/// One page, the one that something happened in last first.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn list(
    connection: &Connection,
    filter: &ConversationFilter,
) -> Result<Vec<Conversation>, StoreError> {
    let narrowed = narrowed(filter)?;
    let rows = filter.rows() as usize;
    let ids = match filter.party.as_deref().filter(|party| !party.is_empty()) {
        Some(party) => SEARCHED.find(connection, &narrowed, party, rows)?,
        None => SEARCHED.newest(connection, &narrowed, rows)?,
    };
    let mut found = Vec::new();
    for id in ids {
        found.extend(load(connection, ConversationId(id.unsigned_abs()))?);
    }
    Ok(found)
}

pub(crate) fn narrowed(filter: &ConversationFilter) -> Result<Narrowing, StoreError> {
    let mut narrowed = Narrowing::default();
    let state = filter.state.map(|state| state.as_str().to_owned());
    // Nearly all are closed: anything else says more.
    if let Some(state) = state.clone().filter(|_| filter.state != Some(StateName::Closed)) {
        narrowed.by_column("state", state);
    }
    if let Some(agent) = &filter.assignee {
        narrowed.by_column("assignee", agent.as_str().to_owned());
    }
    if let Some(number) = &filter.number {
        narrowed.by_column("number", number.as_str().to_owned());
    }
    if let Some(team) = &filter.team {
        narrowed.by_column("team", team.0.clone());
    }
    if let Some(state) = state.filter(|_| filter.state == Some(StateName::Closed)) {
        narrowed.by_column("state", state);
    }
    if let Some(tag) = &filter.tag {
        // A list of tags holds each as it is written alone, in its quotes.
        let tag = serde_json::to_string(tag).map_err(|e| StoreError::Refused(e.to_string()))?;
        narrowed.by("tags <> '[]' AND instr(tags, ?)", tag);
    }
    if let Some(place) = filter.before {
        narrowed.after("active", (place.active, row_id(place.id)));
    }
    Ok(narrowed)
}

fn read(connection: &Connection, row: &Row<'_>) -> Result<Conversation, StoreError> {
    let id = row.get::<_, i64>("id")?;
    let seq: u32 = row.get("seq")?;
    let mut question =
        connection.prepare_cached("SELECT * FROM cases WHERE conversation = ?1 AND seq = ?2")?;
    let mut rows = question.query(params![id, seq])?;
    let case = rows.next()?.map(read_case).transpose()?;
    Ok(Conversation {
        id: ConversationId(id.unsigned_abs()),
        customer: optional_word(row, "customer")?,
        name: row.get("name")?,
        number: optional_word(row, "number")?,
        direction: word(row, "direction")?,
        created: row.get("created")?,
        state: read_state(row)?,
        team: row.get::<_, Option<String>>("team")?.map(TeamName),
        assignee: optional_word(row, "assignee")?,
        followers: set(row, "followers")?,
        tags: set(row, "tags")?,
        description: row.get("description")?,
        priority: word(row, "priority")?,
        last_call: row.get("last_call")?,
        last_note: row.get("last_note")?,
        handled: row.get("handled")?,
        reminded: row.get("reminded")?,
        case: case.unwrap_or(Case { seq, ..Case::default() }),
    })
}

pub(crate) fn read_case(row: &Row<'_>) -> Result<Case, StoreError> {
    Ok(Case {
        seq: row.get("seq")?,
        opened: row.get("opened")?,
        queued: row.get("queued")?,
        answered: row.get("answered")?,
        closed: row.get("closed")?,
        snoozed_ms: row.get("snoozed_ms")?,
        snoozed: row.get("snoozed")?,
        missed: row.get("missed")?,
        called_back: row.get("called_back")?,
        first_assignee: optional_word(row, "first_assignee")?,
        tags: set(row, "tags")?,
    })
}

fn read_state(row: &Row<'_>) -> Result<State, StoreError> {
    let name: String = row.get("state")?;
    let at = |column: &str| -> Result<i64, StoreError> {
        Ok(row.get::<_, Option<i64>>(column)?.unwrap_or_default())
    };
    match name.as_str() {
        "initial" => Ok(State::Initial),
        "queued" => Ok(State::Queued),
        "opened" => Ok(State::Opened),
        "snoozed" => Ok(State::Snoozed { since: at("since")?, until: at("until")? }),
        "missed" => {
            let reason: String = row.get("reason")?;
            let reason: MissedReason = from_word(&reason)?;
            Ok(State::Missed { since: at("since")?, reason })
        }
        "closed" => Ok(State::Closed { at: at("closed")?, reason: optional_word(row, "reason")? }),
        _ => Err(StoreError::Damaged(format!("'{name}' is no state of a conversation"))),
    }
}

/// What is open, what is closed last of each customer, and whom a crash has cut off.
pub(crate) const AT_START: &[&str; 4] = &[
    "SELECT * FROM conversations WHERE state IN ('queued', 'opened', 'snoozed', 'missed')",
    // SQLite: beside max() the other columns are of the row that has it.
    "SELECT customer, id, closed, max(active) AS active, seq
     FROM conversations INDEXED BY conversations_shelved WHERE state = 'closed' AND customer IS NOT NULL GROUP BY customer",
    "SELECT id FROM conversations WHERE state IN ('opened', 'queued') AND
         (SELECT direction = 'inbound' AND outcome = 'interrupted' AND engaged IS NULL FROM calls
          WHERE conversation = conversations.id ORDER BY started DESC, id DESC LIMIT 1)",
    "SELECT * FROM conversations WHERE state = 'initial'
     AND id IN (SELECT conversation FROM voice_messages WHERE seconds IS NULL)",
];

/// What the engine must know at the start.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn memory(connection: &Connection) -> Result<Memory, StoreError> {
    let mut memory = Memory { next: next_id(connection)?, ..Memory::default() };
    let [open, shelved, cut, speaking] = AT_START;
    let mut question = connection.prepare(open)?;
    let mut rows = question.query([])?;
    while let Some(row) = rows.next()? {
        memory.open.push(read(connection, row)?);
    }
    let mut question = connection.prepare(shelved)?;
    let mut rows = question.query([])?;
    while let Some(row) = rows.next()? {
        memory.shelved.push(Shelved {
            customer: word(row, "customer")?,
            id: ConversationId(row.get::<_, i64>("id")?.unsigned_abs()),
            closed: row.get("closed")?,
            active: row.get("active")?,
            cases: row.get("seq")?,
        });
    }
    let mut question = connection.prepare(cut)?;
    let mut rows = question.query([])?;
    while let Some(row) = rows.next()? {
        memory.cut.push(ConversationId(row.get::<_, i64>(0)?.unsigned_abs()));
    }
    let mut question = connection.prepare(speaking)?;
    let mut rows = question.query([])?;
    while let Some(row) = rows.next()? {
        let conversation = read(connection, row)?;
        memory.speaking.push(conversation.id);
        memory.open.push(conversation);
    }
    Ok(memory)
}

/// # Errors
/// When the disk fails.
pub(crate) fn forget_initial(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM conversations WHERE state = 'initial'
         AND created < (SELECT max(created) FROM conversations) - ?1",
        [INITIAL_KEPT_MS],
    )?;
    Ok(())
}

fn next_id(connection: &Connection) -> Result<ConversationId, StoreError> {
    let used = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'conversations'", [], |row| {
            row.get::<_, i64>(0)
        })
        .optional()?;
    Ok(ConversationId(used.unwrap_or(0).unsigned_abs() + 1))
}

pub(crate) fn row_id(id: ConversationId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}
