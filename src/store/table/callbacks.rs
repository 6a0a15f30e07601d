//! Customers who are to be called when their turn comes, as rows.

use rusqlite::{Connection, Row, params};

use crate::history::call_id::CallId;
use crate::history::callback::Callback;
use crate::history::conversation_id::ConversationId;
use crate::office::team::TeamName;
use crate::store::error::StoreError;
use crate::store::word::{to_word, word};

/// Writes what was promised; without it, forgets it.
///
/// # Errors
/// When the disk fails.
pub(crate) fn save(
    connection: &Connection,
    call: CallId,
    callback: Option<&Callback>,
) -> Result<(), StoreError> {
    let Some(callback) = callback else {
        let mut delete = connection.prepare_cached("DELETE FROM callbacks WHERE call = ?1")?;
        delete.execute([whole(call.0)])?;
        return Ok(());
    };
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO callbacks (call, conversation, number, shown, team, priority, since,
             promised, left, pause, next)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        whole(callback.call.0),
        whole(callback.conversation.0),
        callback.number.as_str(),
        callback.shown.as_str(),
        callback.team.0,
        to_word(&callback.priority)?,
        callback.since,
        callback.promised,
        callback.left,
        whole(callback.pause),
        callback.next
    ])?;
    Ok(())
}

/// # Errors
/// When the file cannot be read.
pub(crate) fn load(connection: &Connection) -> Result<Vec<Callback>, StoreError> {
    let mut question = connection.prepare("SELECT * FROM callbacks ORDER BY since, call")?;
    let mut rows = question.query([])?;
    let mut callbacks = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(callback) => callbacks.push(callback),
            // The customer is on the missed list all the same.
            Err(error) => tracing::warn!(%error, "a promised call cannot be read"),
        }
    }
    Ok(callbacks)
}

fn read(row: &Row<'_>) -> Result<Callback, StoreError> {
    let number = |column: &str| row.get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(Callback {
        call: CallId(number("call")?),
        conversation: ConversationId(number("conversation")?),
        number: word(row, "number")?,
        shown: word(row, "shown")?,
        team: TeamName(row.get("team")?),
        priority: word(row, "priority")?,
        since: row.get("since")?,
        promised: row.get("promised")?,
        left: u8::try_from(number("left")?).unwrap_or(u8::MAX),
        pause: number("pause")?,
        next: row.get("next")?,
    })
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::phone_number::PhoneNumber;
    use crate::office::priority::Priority;
    use crate::store::schema;

    #[test]
    fn a_promise_comes_back_as_it_was_kept() {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        let callback = Callback {
            call: CallId(12),
            conversation: ConversationId(3),
            number: PhoneNumber::parse("+821098765432").unwrap(),
            shown: PhoneNumber::parse("+827012345678").unwrap(),
            team: TeamName("support".to_owned()),
            priority: Priority::High,
            since: 1_000,
            promised: 2_000,
            left: 2,
            pause: 300,
            next: None,
        };
        save(&connection, callback.call, Some(&callback)).unwrap();
        let later = Callback { left: 1, next: Some(5_000), ..callback };
        save(&connection, later.call, Some(&later)).unwrap();
        assert_eq!(load(&connection).unwrap(), std::slice::from_ref(&later));
        save(&connection, later.call, None).unwrap();
        assert_eq!(load(&connection).unwrap(), []);
    }
}
